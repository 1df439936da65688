"""The studio: what authors wait for, and what readers notice of them (row 16).

    python bench/studio.py [sqlite|postgres] [--lessons 200] [--people 10000] [--rounds 20] [--blocks 3] [--only readers ...]

Fills an empty database of its own. ``inside`` are statements and ratios within one process; ``readers`` are eight people
who read through a server with two workers, in alternating blocks with and without an author who saves each second,
reorders the outline and publishes a refresh edition; ``films`` is the memory of the process that transcodes a short film
and one ten times as long, ffmpeg not counted. Fails when a ceiling of statements is broken.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.analysis import BENCH, database

PARTS = ("inside", "readers", "films")
CEILINGS = {"outline": 12, "autosave": 6, "first": 99, "next": 99}
GOAL = 2.0


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("vendor", nargs="?", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--lessons", type=int, default=200)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--blocks", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    options = parser.parse_args()
    broken = 0
    for part in options.only:
        found = measured(part, options)
        print(f"{options.vendor}, {part}:")
        for name, value in found.items():
            print(f"  {name:40} {value}")
        broken += sum(found.get(f"{name}: statements", 0) > most for name, most in CEILINGS.items())
    return int(broken > 0)


def measured(part: str, options: argparse.Namespace) -> dict[str, float]:
    """What ``studio_inside.py`` found in a database of its own."""
    numbers = [str(each) for each in (options.lessons, options.people, options.rounds, options.blocks)]
    with database(options.vendor) as env:
        env |= {"LENDCRAFT_DEMO": "1"}
        if options.vendor == "postgres":
            env |= {"REDIS_URL": os.environ.get("BENCH_REDIS_URL", "redis://127.0.0.1:6379/13")}
        else:
            env |= {"DATABASE_URL": f"sqlite:///{env['VAR_DIR']}/bench.sqlite3"}
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=BENCH.parent, env=env, check=True)
        command = [sys.executable, str(BENCH / "studio_inside.py"), part, *numbers]
        printed = subprocess.run(command, cwd=BENCH.parent, env=env, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(printed.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    sys.exit(main())
