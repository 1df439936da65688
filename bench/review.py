"""Spaced review at size: the queue of a million cards, and a year of reviews of a thousand people.

    python bench/review.py [--cards 1000000] [--people 1000] [--deck 30]

Needs PostgreSQL; fills an empty database of its own. Prints the plan of the queue, its median and slowest twentieth in
milliseconds, and how long the year took through the real scheduler with rows written in bulk. Fails when the plan is not
an index alone.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.analysis import BENCH, database


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cards", type=int, default=1_000_000)
    parser.add_argument("--people", type=int, default=1_000)
    parser.add_argument("--deck", type=int, default=30)
    options = parser.parse_args()
    with database("postgres") as env:
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=BENCH.parent, env=env, check=True)
        numbers = [str(options.cards), str(options.people), str(options.deck)]
        command = [sys.executable, str(BENCH / "review_inside.py"), *numbers]
        printed = subprocess.run(command, cwd=BENCH.parent, env=env, check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(printed.stdout.splitlines()[-1])
    print(f"The queue of {options.cards} cards ({found['fill_s']:.0f} s to fill):\n{found['plan']}")
    print(
        f"  median {found['median_ms']:.2f} ms, slowest twentieth {found['slow_ms']:.2f} ms, badge {found['badge_ms']:.2f} ms"
    )
    print(f"A year of {options.people} people with {options.deck} cards each: {found['ratings']} ratings in")
    print(f"  {found['year_s']:.0f} s, of which the scheduler {found['schedule_s']:.0f} s")
    return int("Index Only Scan using quizzes_card_due" not in found["plan"])


if __name__ == "__main__":
    sys.exit(main())
