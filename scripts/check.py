"""``make check``: everything a machine can judge without running the tests. Each step is timed; all faults are shown.

python scripts/check.py [NAME ...]      only the named steps
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CODE = ["accounts", "config", "core", "courses", "progress", "quizzes"]
# What a library would set: the deployment check must pass with it.
SAFE = {
    "SECRET_KEY": "only-for-the-check-" + "0123456789abcdef" * 4,
    "ALLOWED_HOSTS": "learn.example.org",
    "SITE_URL": "https://learn.example.org",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "EMAIL_URL": "smtp+tls://user:secret@mail.example.org:587",
    "BEHIND_PROXY": "1",
}


def manage(*arguments: str) -> list[str]:
    return [sys.executable, "manage.py", *arguments]


def script(name: str, *arguments: str) -> list[str]:
    return [sys.executable, f"scripts/{name}.py", *arguments]


def tool(name: str, *arguments: str) -> list[str]:
    return [str(BIN / name), *arguments]


STEPS: list[tuple[str, list[str]]] = [
    ("lint", tool("ruff", "check", "--quiet", "--output-format", "concise")),
    ("format", tool("ruff", "format", "--check", "--output-format", "concise")),
    ("types", tool("mypy", "--no-error-summary", *CODE)),
    ("imports", tool("lint-imports", "--no-cache")),
    ("dead code", tool("vulture")),
    ("security", tool("bandit", "-q", "-r", "-lll", *CODE)),
    ("migrations", manage("makemigrations", "--check", "--dry-run")),
    ("system", manage("check", "--fail-level", "WARNING")),
    ("deployment", manage("check", "--deploy", "--fail-level", "WARNING")),
    ("templates", tool("djlint", "templates", "--lint", "--quiet")),
    ("content policy", script("check_templates")),
    ("contrast", script("check_contrast")),
    ("messages", script("check_messages")),
    ("repository", script("check_repository")),
    ("compose", script("check_compose")),
]


def main() -> int:
    chosen = set(sys.argv[1:])
    if unknown := chosen - {name for name, _ in STEPS}:
        print(f"No such step: {', '.join(sorted(unknown))}. There are: {', '.join(name for name, _ in STEPS)}")
        return 2
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    failed = []
    for name, command in STEPS:
        if chosen and name not in chosen:
            continue
        started = time.monotonic()
        ended = subprocess.run(
            command,
            cwd=ROOT,
            env={**env, **SAFE} if name == "deployment" else env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        print(
            f"{'ok  ' if ended.returncode == 0 else 'FAIL'} {name:<16} {time.monotonic() - started:5.1f} s", flush=True
        )
        if ended.returncode:
            print(ended.stdout.rstrip(), flush=True)
            failed.append(name)
    print(f"\ncheck: {'all is well' if not failed else 'failed: ' + ', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
