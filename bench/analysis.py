"""Item analysis beside one bare grouped query over the same rows.

    python bench/analysis.py [sqlite|postgres] [--attempts 10000] [--questions 40] [--pairs 5]

Fills an empty database of its own (SQLite in a folder of its own, or a new database on the server that
TEST_DATABASE_URL names), runs the analysis and the bare query in turns, and prints the ratio of the medians. The goal is
5 times at most, and memory that does not grow: the peak of what Python holds is measured at a tenth of the attempts and
at all of them.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

BENCH = Path(__file__).resolve().parent
SERVER = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
DATABASE = "lendcraft_bench_analysis"
GOAL = 5.0


@contextmanager
def database(vendor: str) -> Iterator[dict[str, str]]:
    """The environment of a process with an empty database, which goes again."""
    with tempfile.TemporaryDirectory(prefix="lendcraft-bench-") as folder:
        env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        env |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "ERROR"}
        env |= {"SECRET_KEY": "bench " * 12}
        if vendor == "sqlite":
            yield env
            return
        on_server(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)', f'CREATE DATABASE "{DATABASE}"')
        try:
            yield env | {"DATABASE_URL": urlunsplit(urlsplit(SERVER)._replace(path=f"/{DATABASE}"))}
        finally:
            on_server(f'DROP DATABASE "{DATABASE}" WITH (FORCE)')


def on_server(*statements: str) -> None:
    with psycopg.connect(SERVER, autocommit=True) as link:
        for statement in statements:
            link.execute(statement)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("vendor", nargs="?", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--attempts", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=40)
    parser.add_argument("--pairs", type=int, default=5)
    options = parser.parse_args()
    numbers = [str(options.attempts), str(options.questions), str(options.pairs)]
    with database(options.vendor) as env:
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=BENCH.parent, env=env, check=True)
        command = [sys.executable, str(BENCH / "analysis_inside.py"), *numbers]
        printed = subprocess.run(command, cwd=BENCH.parent, env=env, check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(printed.stdout.splitlines()[-1])
    ratio = found["ours_s"] / found["bare_s"]
    print(f"{options.vendor}: {options.attempts} attempts, {options.questions} questions")
    print(f"  bare query {found['bare_s']:.3f} s, analysis {found['ours_s']:.3f} s: {ratio:.2f} times (goal: {GOAL:g})")
    print(f"  memory at the peak: {found['small'] // 1024} KiB at a tenth, {found['large'] // 1024} KiB at all")
    return int(ratio > GOAL)


if __name__ == "__main__":
    sys.exit(main())
