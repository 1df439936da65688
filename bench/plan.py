"""The workloads of a run: rows 1-6, 14 and 18 of docs/performance.md, each with its control."""

from pathlib import Path
from typing import Any


def build_plan(
    *, base: str, control: str, folder: Path, facts: dict[str, Any], pids: dict[str, Path], port: int
) -> dict[str, Any]:
    """The driver's plan as plain data. ``facts`` are slugs and uids that ``seed.py`` made."""
    psql = ["psql", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres", "-d", "postgres"]
    cpu = {"app": [str(pids["ours"])], "db": [str(pids["database"])], "web": [str(pids["nginx"])]}
    course, long_course = facts["course50"], facts["course500"]
    lesson = f"/courses/{course}/{facts['text_lesson']}/"
    video = f"/courses/{course}/{facts['video_lesson']}/"
    token = {"X-CSRFToken": "{cookie_csrftoken}", "Referer": f"{base}/"}

    def get(path: str, **more: Any) -> dict[str, Any]:
        return {"get": path, "label": "page", **more}

    def work(name: str, controls: list[str], steps: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
        return {
            "name": name,
            "target": "ours",
            "who": "learner",
            "controls": controls,
            "steps": steps,
            "seconds": 2,
            **more,
        }

    def save(slug: str, position: int) -> dict[str, Any]:
        return {
            "post": f"/courses/{slug}/quiz/quiz/{position}/save/",
            "label": "save",
            "headers": token,
            "form": {"attempt": "{attempt}", "answer": "b", "client_id": "bench{i}", "seq": "{ms}", "ms": "{ms}"},
        }

    def question(slug: str, position: int, **more: Any) -> dict[str, Any]:
        return {"get": f"/courses/{slug}/quiz/quiz/{position}/", "contains": "after step", **more}

    quiz = "/courses/bench-quiz/quiz/"
    attempt = {"extract": {"attempt": r'data-attempt="(\d+)"'}}
    sitting = [
        {"post": f"{quiz}do/start/", "headers": token, "form": {}, "label": "start", "expect": 302},
        question("bench-quiz", 1, label="page", **attempt),
        save("bench-quiz", 1),
    ]
    for position in range(2, 11):
        sitting += [question("bench-quiz", position, label="page"), save("bench-quiz", position)]
    finish = {"post": f"{quiz}quiz/review/", "headers": token, "form": {}, "label": "finish", "expect": 302}
    begun = {"post": "/courses/bench-save/quiz/do/start/", "headers": token, "form": {}, "expect": 302}
    saving = [begun, question("bench-save", 1, **attempt), *(save("bench-save", position) for position in range(1, 11))]
    beat = {
        "post": f"{video}do/beat/",
        "label": "beat",
        "headers": {**token, "Accept": "application/json"},
        # The whole account of a session, as the player sends it: what has been seen grows with the clock.
        "json": {"session": "bench-session-{i}", "seq": "{n}", "spans": [[0, "{ms}"]], "position_ms": "{ms}"},
        "expect": [200, 204],
    }
    return {
        "psql": psql,
        "targets": {
            "ours": {
                "base": base,
                "database": "lendcraft",
                "sessions": {
                    "learner": {"cookies_file": str(folder / "ours.cookies")},
                    "visitor": {},
                },
                "cpu": cpu,
            },
            "control": {
                "base": control,
                "database": "control",
                "sessions": {"learner": {"cookies_file": str(folder / "control.cookies")}, "visitor": {}},
                "cpu": {**cpu, "app": [str(pids["control"])]},
            },
        },
        "controls": {
            name: {"target": "control", "n": 10 if name == "login" else 60, "steps": steps}
            for name, steps in {
                "bare": [get("/bare/")],
                "auth": [get("/auth/")],
                "course": [get("/course/")],
                "lesson": [get("/lesson/7/")],
                "answer": [{"post": "/answer/", "form": {"q": "1", "a": "b"}, "label": "page"}],
                "login": [{"post": "/login/", "form": {"u": "learner00001", "p": "Learner.1"}, "label": "page"}],
                "nginx": [get("/file/range.bin", headers={"Range": "bytes=0-1048575"}, expect=206)],
            }.items()
        },
        "workloads": [
            work("1 catalogue", ["auth", "bare"], [get("/courses/", contains="Bench")]),
            work("1 catalogue, visitor", ["bare"], [get("/courses/", contains="Bench")], who="visitor"),
            work("2 course page, 50 lessons", ["course", "bare"], [get(f"/courses/{course}/")]),
            work("2 course page, 500 lessons", ["course"], [get(f"/courses/{long_course}/")], n=8),
            work(
                "3 lesson page and recording it",
                ["lesson", "bare"],
                [
                    get(lesson),
                    # Each visit of the page has a key of its own.
                    {
                        "post": f"{lesson}do/opened/",
                        "form": {"key": "bench-{n}-{ms}"},
                        "headers": token,
                        "label": "record",
                        "expect": [200, 204],
                    },
                ],
            ),
            work("4 progress beat", ["answer"], [beat]),
            # Twenty-two requests a pass: divide by requests_per_pass.
            work("5 quiz of 10 questions, start to end", ["answer"], [*sitting, finish], n=5),
            # Ten timed requests a pass, and two that find the attempt.
            work("5 quiz, saving", ["answer"], saving, n=8),
            work(
                "6 video range of 1 MiB",
                ["nginx"],
                [get(facts["media"], headers={"Range": "bytes=0-1048575"}, expect=206)],
            ),
            work(
                "14 sign-in",
                ["login"],
                [
                    {"get": "/accounts/login/", "fresh": True},
                    {
                        "post": "/accounts/login/",
                        "form": {
                            "login": "bench{i5}@example.org",
                            "password": facts["password"],
                            "csrfmiddlewaretoken": "{cookie_csrftoken}",
                        },
                        "headers": token,
                        "label": "sign-in",
                        "expect": 302,
                    },
                ],
                who="visitor",
                c=1,
                n=10,
            ),
        ],
    }
