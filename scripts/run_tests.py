"""Run the tests: on SQLite with the embedded defaults, then on PostgreSQL and Redis.

    python scripts/run_tests.py [sqlite] [postgres] [-m EXPRESSION] [arguments for pytest]

Where both are run, browser journeys, the walk through all doors and what needs PostgreSQL run there only; what asks no
database, or only stands beside it while films and documents are made, on SQLite only; everything else runs on both.
TEST_DATABASE_URL and TEST_REDIS_URL name the servers. By hand a server that does not answer is said and left out;
with REQUIRE_ALL=1 that is a failure.
"""

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import redis

ROOT = Path(__file__).resolve().parent.parent
DATABASE_URL = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/0")
LEGS = ("sqlite", "postgres")
# What each leg leaves to the other where both are run.
ONLY = {"sqlite": "not postgres and not journey and not doors", "postgres": "not pure and not bystander"}
NO_TESTS_COLLECTED = 5


def servers_missing() -> str:
    """Why the PostgreSQL leg cannot run; empty if it can."""
    try:
        psycopg.connect(DATABASE_URL, connect_timeout=3).close()
    except psycopg.Error as problem:
        return f"PostgreSQL does not answer at {DATABASE_URL} ({str(problem).splitlines()[0]})"
    try:
        redis.Redis.from_url(REDIS_URL, socket_timeout=3, socket_connect_timeout=3).ping()
    except redis.RedisError as problem:
        return f"Redis does not answer at {REDIS_URL} ({problem})"
    return ""


def run(leg: str, expression: str, arguments: list[str]) -> tuple[int, dict[str, int]]:
    env = {**os.environ}
    for name in ("DATABASE_URL", "REDIS_URL"):
        env.pop(name, None)
    if leg == "postgres":
        env |= {"DATABASE_URL": DATABASE_URL, "REDIS_URL": REDIS_URL}
        if env.get("HYPOTHESIS_PROFILE") == "same":  # the rules themselves ask no database; SQLite saw all examples
            env["HYPOTHESIS_PROFILE"] = "few"
    command = [sys.executable, "-m", "pytest", "-q", "-n", os.environ.get("TEST_PROCESSES", "2"), "-m", expression]
    print(f"\n== tests on {leg} (-m '{expression}')", flush=True)
    process = subprocess.Popen([*command, *arguments], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    closing = ""
    for line in process.stdout or ():
        print(line, end="", flush=True)
        if re.search(r"\d+ (passed|failed|error|skipped)", line):
            closing = line
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error|skipped)", closing)}
    return process.wait(), counts


def main() -> int:
    legs = [word for word in sys.argv[1:] if word in LEGS] or list(LEGS)
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("-m", dest="expression", default="")
    options, arguments = parser.parse_known_args([word for word in sys.argv[1:] if word not in LEGS])

    missing = servers_missing() if "postgres" in legs else ""
    if missing and os.environ.get("REQUIRE_ALL") == "1":
        print(f"REQUIRE_ALL=1, but {missing}.")
        return 1
    if missing:
        legs = [leg for leg in legs if leg != "postgres"]

    code, totals = 0, {}
    for leg in legs:
        both = len(legs) == len(LEGS)
        wanted = [f"({options.expression})"] if options.expression else ["not media"]
        wanted += [ONLY[leg]] if both else []
        ended, counts = run(leg, " and ".join(wanted), arguments)
        code = code or (0 if ended == NO_TESTS_COLLECTED and options.expression else ended)
        for word, number in counts.items():
            totals[word] = totals.get(word, 0) + number
    if missing:
        print(f"\nskipped: every test on PostgreSQL and Redis. {missing}.")
        print("To run them: start both servers, or set TEST_DATABASE_URL and TEST_REDIS_URL.")
    failed = totals.get("failed", 0) + totals.get("error", 0)
    skipped = f", {totals['skipped']} skipped" if "skipped" in totals else ""
    print(f"\n{totals.get('passed', 0)} passed, {failed} failed{skipped}")
    return code or bool(failed)


if __name__ == "__main__":
    sys.exit(main())
