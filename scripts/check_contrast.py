"""Contrast of the colour pairs that the stylesheet uses, light and dark, against WCAG 2.2 AA.

python scripts/check_contrast.py [--markdown]
"""

import re
import sys
from pathlib import Path

CSS = Path(__file__).resolve().parent.parent / "static/css/tokens.css"
TEXT, UI = 4.5, 3.0  # WCAG 1.4.3 (text) and 1.4.11 (parts of controls)

PAIRS = [
    # foreground, background, minimum
    *[
        ("ink", bg, TEXT)
        for bg in (
            "canvas",
            "surface",
            "raised",
            "sunken",
            "spruce-tint",
            "gilt-tint",
            "stamp-tint",
            "ok-tint",
            "warn-tint",
            "bad-tint",
            "info-tint",
        )
    ],
    *[
        ("ink-2", bg, TEXT)
        for bg in (
            "canvas",
            "surface",
            "raised",
            "sunken",
            "spruce-tint",
            "gilt-tint",
            "stamp-tint",
            "ok-tint",
            "bad-tint",
            "info-tint",
        )
    ],
    *[("ink-3", bg, TEXT) for bg in ("canvas", "surface", "raised", "sunken")],
    *[
        ("link", bg, TEXT)
        for bg in (
            "canvas",
            "surface",
            "raised",
            "sunken",
            "spruce-tint",
            "gilt-tint",
            "ok-tint",
            "bad-tint",
            "info-tint",
        )
    ],
    ("on-spruce", "spruce", TEXT),
    ("on-spruce", "spruce-hover", TEXT),
    ("spruce", "spruce-tint", TEXT),
    ("spruce", "surface", TEXT),
    ("spruce", "canvas", TEXT),
    ("spruce", "sunken", UI),
    *[("stamp", bg, TEXT) for bg in ("canvas", "surface", "stamp-tint", "sunken")],
    ("on-gilt", "gilt", TEXT),
    ("warn", "gilt-tint", TEXT),
    *[(t, bg, TEXT) for t in ("ok", "warn", "bad", "info") for bg in (f"{t}-tint", "surface", "canvas")],
    *[("line-strong", bg, UI) for bg in ("surface", "canvas", "raised", "sunken")],
    *[("focus", bg, UI) for bg in ("canvas", "surface", "raised", "sunken", "spruce-tint")],
    *[
        (fg, f"cloth-{c}", TEXT)
        for fg in ("on-cloth", "on-cloth-2")
        for c in ("borrow", "lend", "copyright", "find", "world", "care", "systems", "lead")
    ],
    *[("gilt", f"cloth-{c}", UI) for c in ("borrow", "lend", "copyright", "find", "world", "care", "systems", "lead")],
    ("on-label", "label", TEXT),
    ("canvas", "ink", TEXT),
]


def tokens() -> dict[str, tuple[str, str]]:
    """Each colour token with its light and its dark value."""
    found = re.findall(r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)", CSS.read_text())
    return {name: (light, dark) for name, light, dark in found}


def luminance(hex_colour: str) -> float:
    parts = [int(hex_colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def ratio(a: str, b: str) -> float:
    hi, lo = sorted((luminance(a), luminance(b)), reverse=True)
    return (hi + 0.05) / (lo + 0.05)


def main() -> int:
    table, failed = tokens(), 0
    markdown = "--markdown" in sys.argv
    if markdown:
        print("| Foreground | Background | Needs | Light | Dark |\n| --- | --- | ---: | ---: | ---: |")
    for fg, bg, need in PAIRS:
        light, dark = (ratio(table[fg][i], table[bg][i]) for i in (0, 1))
        bad = light < need or dark < need
        failed += bad
        if markdown:
            print(f"| `{fg}` | `{bg}` | {need} | {light:.2f} | {dark:.2f} |")
        elif bad:
            print(f"FAIL {fg:>12} on {bg:<16} needs {need}  light {light:5.2f}  dark {dark:5.2f}")
    if not markdown:
        print(f"{len(PAIRS)} pairs in two themes, {failed} failing")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
