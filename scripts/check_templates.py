"""The strict content policy needs templates without inline style and script (D21); only mail may have them."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RULES = [
    (re.compile(r"<[^>]*\sstyle\s*=", re.S), "a style attribute: use a class"),
    (re.compile(r"<style\b"), "a <style> element: use static/css/"),
    (re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']", re.S), "an event handler attribute: use a module in static/js/"),
    (
        re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*type=[\"']application/(?:json|ld\+json)[\"'])[^>]*>"),
        "an inline script",
    ),
    (re.compile(r"(?:href|action|src)\s*=\s*[\"']\s*javascript:", re.I), "a javascript: address"),
]
COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment\s*%\}.*?\{%\s*endcomment\s*%\}", re.S)


def faults(text: str) -> list[tuple[int, str]]:
    """(line, what is wrong) for one template."""
    code = COMMENT.sub(lambda found: "\n" * found.group().count("\n"), text)
    return [
        (code.count("\n", 0, found.start()) + 1, meaning) for rule, meaning in RULES for found in rule.finditer(code)
    ]


def main() -> int:
    found = 0
    for path in sorted([*(ROOT / "templates").rglob("*.html"), *(ROOT / "deploy" / "pages").glob("*.html")]):
        if "mail" in path.relative_to(ROOT).parts:
            continue
        for line, meaning in faults(path.read_text(encoding="utf-8")):
            print(f"{path.relative_to(ROOT)}:{line}: {meaning}")
            found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
