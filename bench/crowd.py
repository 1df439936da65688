"""Row 17: 200 people start a quiz within five seconds, then answer 20 questions and hand in at once. Nothing is lost.

make bench ARGS=--crowd
"""

import json
import re
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from driver import Session

HERE = "/courses/bench-crowd/quiz/"
QUESTIONS = 20
WITHIN = 5.0
ALONE = 20  # starts of one person alone, of which the median is the measure
GOAL = 40


class Person:
    """One learner with a connection of their own; counts what the server acknowledged."""

    def __init__(self, base: str, cookie: str) -> None:
        self.session = Session(base, cookie)
        self.token = {"X-CSRFToken": self.session.jar["csrftoken"], "Referer": f"{base}/"}
        self.token["Content-Type"] = "application/x-www-form-urlencoded"
        self.attempt = ""
        self.took = 0.0
        self.saved = 0
        self.faults: list[str] = []

    def post(self, path: str, body: str, expect: int) -> None:
        answer = self.session.request("POST", HERE + path, body.encode(), self.token)
        if answer.status != expect:
            self.faults.append(f"{path}: {answer.status} {answer.text[:100]}")

    def start(self) -> None:
        began = time.perf_counter()
        self.post("do/start/", "", 302)
        self.took = time.perf_counter() - began

    def find(self) -> None:
        page = self.session.request("GET", f"{HERE}quiz/1/").text
        self.attempt = re.search(r'data-attempt="(\d+)"', page)[1]

    def sit(self) -> None:
        for position in range(1, QUESTIONS + 1):
            before = len(self.faults)
            body = f"attempt={self.attempt}&answer=b&client_id=crowd&seq={position}&ms=1000"
            self.post(f"quiz/{position}/save/", body, 200)
            self.saved += len(self.faults) == before
        self.post("quiz/review/", "", 302)


def together(people: list[Person], act: str, *, within: float = 0.0) -> None:
    """Everybody does ``act``, each in a thread, begun evenly over ``within`` seconds."""

    def run(person: Person, wait: float) -> None:
        time.sleep(wait)
        try:
            getattr(person, act)()
        except (OSError, AssertionError, TypeError) as problem:
            person.faults.append(f"{act}: {problem}")

    threads = [
        threading.Thread(target=run, args=(person, within * number / len(people)))
        for number, person in enumerate(people)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def asked(plan: dict[str, Any], sql: str) -> int:
    command = [*plan["psql"][:-1], plan["targets"]["ours"]["database"], "-Atc", sql]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main(plan_file: str, folder: str) -> None:
    plan = json.loads(Path(plan_file).read_text())
    base = plan["targets"]["ours"]["base"]
    cookies = (Path(folder) / "crowd.cookies").read_text().splitlines()
    alone, *people = [Person(base, cookie) for cookie in cookies]
    single = []
    for _number in range(ALONE):
        alone.start()
        single.append(alone.took)
        alone.post("quiz/review/", "", 302)
    one = statistics.median(single)
    together(people, "start", within=WITHIN)
    p95 = statistics.quantiles([person.took for person in people], n=20)[18]
    for person in people:
        person.find()
    began = time.perf_counter()
    together(people, "sit")
    took = time.perf_counter() - began
    faults = [fault for person in people for fault in person.faults]
    pks = ",".join(person.attempt for person in people)
    saved = sum(person.saved for person in people)
    kept = asked(
        plan,
        f"select count(*) from quizzes_step s join quizzes_slot l on l.id = s.slot_id where l.attempt_id in ({pks})",
    )
    graded = asked(plan, f"select count(*) from quizzes_result where percent = 100 and attempt_id in ({pks})")
    print(
        f"17 start, 200 within 5 s: one alone {one * 1000:.1f} ms, p95 {p95 * 1000:.1f} ms, {p95 / one:.1f} x (goal {GOAL})"
    )
    print(
        f"   handing in at once: {len(people)} people, {saved} answers acknowledged, {kept} kept, {graded} graded 100 %,"
    )
    print(f"   in {took:.1f} s; errors {len(faults)}")
    for fault in faults[:10]:
        print(f"   {fault}")
    if faults or kept != saved or graded != len(people):
        sys.exit("Something was lost.")


if __name__ == "__main__":
    main(*sys.argv[1:])
