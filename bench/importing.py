"""Importing questions as the jobs do: how long 5,000 take, and whether memory grows with their number.

    make bench ARGS="importing [gift|moodlexml|yaml|csv] [--questions 5000]"

A database of its own in a folder of its own; each size in a process of its own, so that its peak is its own.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("format", nargs="?", choices=("gift", "moodlexml", "yaml", "csv"), default="gift")
    parser.add_argument("--questions", type=int, default=5000)
    parser.add_argument("--inside", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        print(json.dumps(inside(options.format, options.inside)))
        return
    few, many = (outside(options.format, count) for count in (options.questions // 10, options.questions))
    growth = (many["peak_mib"] - few["peak_mib"]) / few["peak_mib"]
    print(
        f"{options.format}: {options.questions} questions read in {many['read_s']:.1f} s, taken in {many['take_s']:.1f} s"
    )
    print(f"  peak of memory {few['peak_mib']:.0f} MiB for a tenth, {many['peak_mib']:.0f} MiB for all: {growth:+.0%}")
    print(f"  progress was written {many['beats']} times")


def outside(name: str, count: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="lendcraft-bench-") as folder:
        env = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "VAR_DIR": folder,
            "SECRET_KEY": "bench " * 12,
            "DEBUG": "1",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "LOG_LEVEL": "ERROR",
        }
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=ROOT, env=env, check=True)
        command = [sys.executable, __file__, name, "--inside", str(count)]
        printed = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(printed.stdout.splitlines()[-1])
    return found


def inside(name: str, count: int) -> dict[str, float]:
    import django

    django.setup()
    from django.conf import settings
    from django.core.files import File

    from quizzes.exchange.registry import formats
    from quizzes.models import Bank
    from quizzes.services import importing

    settings.DEBUG = False
    bank = Bank.objects.create(slug="bench", title="Bench")
    beats = 0

    def beat() -> None:
        nonlocal beats
        beats += 1

    path = Path(settings.VAR_DIR) / f"questions{formats[name].suffixes[0]}"
    path.write_bytes(written(name, count))
    with path.open("rb") as file:
        source = importing.accept(bank=bank, file=File(file), name=path.name, format=name, by=None, held=True)
    began = time.perf_counter()
    importing.read_items(source, beat=beat)
    read = time.perf_counter()
    if source.refused or source.read != count:
        sys.exit(f"{source.read} read, {source.refused} refused: {source.fault}")
    importing.want(source, held=True)
    importing.take(source, beat=beat)
    taken = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"read_s": read - began, "take_s": taken - read, "peak_mib": peak, "beats": beats}


def written(name: str, count: int) -> bytes:
    """A file of ``count`` single choices, written line by line so that making it costs no memory to speak of."""
    import io

    from quizzes.exchange.registry import formats
    from quizzes.exchange.values import Exported, Meta
    from quizzes.registry import types

    def questions():
        for number in range(count):
            options = [
                {
                    "id": each,
                    "text": f"Step {each} of request {number}",
                    "right": each == "b",
                    "feedback": f"Why {each}.",
                }
                for each in "abcd"
            ]
            content = {"uid": f"q-{number}", "type": "single", "stem": f"What follows {number}?", "options": options}
            yield Exported(types["single"].snapshot(content), Meta(name=f"Question {number}"))

    out = io.BytesIO()
    formats[name].write(questions(), out)
    return out.getvalue()


if __name__ == "__main__":
    main()
