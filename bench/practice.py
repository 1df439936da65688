"""Practice beside what it is compared with: a move beside saving a quiz answer, a world beside one bare page.

    python bench/practice.py [sqlite|postgres] [--rounds 200]

Fills an empty database of its own, plays both in turns through the whole stack of a request, and prints ratios of
medians. Goals: a move within 2 times a saved answer; generating a world within 50 times one bare page.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.analysis import BENCH, database

MOVE_GOAL, WORLD_GOAL = 2.0, 50.0


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("vendor", nargs="?", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=200)
    options = parser.parse_args()
    with database(options.vendor) as env:
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=BENCH.parent, env=env, check=True)
        command = [sys.executable, str(BENCH / "practice_inside.py"), str(options.rounds)]
        printed = subprocess.run(command, cwd=BENCH.parent, env=env, check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(printed.stdout.splitlines()[-1])
    saved, bare = found["save_ms"], found["bare_ms"]
    print(f"{options.vendor}: {options.rounds} rounds; a saved answer {saved:.2f} ms, a bare page {bare:.2f} ms")
    worst_move = worst_world = 0.0
    for name, each in sorted(found["engines"].items()):
        move, world = each["move_ms"] / saved, each["world_ms"] / bare
        worst_move, worst_world = max(worst_move, move), max(worst_world, world)
        print(
            f"  {name:14} move {each['move_ms']:6.2f} ms = {move:4.2f} x   world {each['world_ms']:6.2f} ms = {world:5.1f} x"
        )
    print(f"worst: move {worst_move:.2f} x (goal {MOVE_GOAL:g}), world {worst_world:.1f} x (goal {WORLD_GOAL:g})")
    return int(worst_move > MOVE_GOAL or worst_world > WORLD_GOAL)


if __name__ == "__main__":
    sys.exit(main())
