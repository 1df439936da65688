"""Fill a bench database through the product's own doors: course folders, services. Prints one JSON line of facts.

    python bench/seed.py FOLDER      (DATABASE_URL, REDIS_URL, VAR_DIR and so on from the environment)

FOLDER gets ``ours.cookies`` (16 signed-in learners) and ``file/range.bin`` (what nginx alone serves).
"""

import json
import shutil
import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.cached_db import SessionStore

from accounts.models import User
from courses.models import Course, MediaFile
from courses.services import enrolling, importing, publishing

STARTER = Path(__file__).resolve().parent.parent / "media" / "courses" / "ill-borrowing-101"
PASSWORD = "bench-learner-password"
LEARNERS = 1000
CROWD = 201  # 200 people who sit a quiz at once, and one who sits it alone
TOPICS = ("borrowing", "lending", "copyright", "citations", "international", "care", "systems", "leading")
PARAGRAPH = "A request goes from desk to desk, and each desk leaves it a little more certain than before. " * 6


def write_course(folder: Path, *, slug: str, lessons: int, topic: str, video: bool = False) -> list[str]:
    """A course folder of ``lessons`` text lessons in parts of ten; the uids in order."""
    (folder / "lessons").mkdir(parents=True)
    uids = [f"lesson-{number:03d}" for number in range(1, lessons + 1)]
    for uid in uids:
        text = f"---\nkind: text\ntitle: About {uid}\nminutes: 5\n---\n{PARAGRAPH}\n\n## In short\n\n{PARAGRAPH}\n"
        (folder / "lessons" / f"{uid}.md").write_text(text)
    if video:
        uids[1] = "film"
        (folder / "lessons" / "lesson-002.md").unlink()
        (folder / "media").mkdir()
        padded_film(folder / "media" / "film.mp4")
        shutil.copy(next((STARTER / "media").glob("*.en.vtt")), folder / "media" / "film.en.vtt")
        (folder / "lessons" / "film.md").write_text(
            "---\nkind: video\ntitle: A film\nminutes: 3\n"
            "video: {file: media/film.mp4, captions: media/film.en.vtt}\n---\nKey points.\n"
        )
    parts = [uids[start : start + 10] for start in range(0, lessons, 10)]
    modules = "".join(
        f"  - uid: part-{number}\n    title: {{en: Part {number}}}\n    lessons: [{', '.join(part)}]\n"
        for number, part in enumerate(parts, start=1)
    )
    (folder / "course.yaml").write_text(
        f"format: 1\nslug: {slug}\ncode: BEN {slug[-3:].upper()}\nlanguages: [en]\naudience: public\ntopic: {topic}\n"
        "level: basic\nlicence: CC-BY-4.0\ntexts:\n  en:\n"
        f"    title: Bench {slug}\n    summary: A course to measure with.\n    for_whom: Nobody.\n"
        f"    objectives: [measure]\nmodules:\n{modules}"
    )
    return uids


def write_quiz(folder: Path, *, slug: str, questions: int) -> None:
    """A course folder with one quiz of ``questions`` single choices."""
    (folder / "lessons").mkdir(parents=True)
    asked = "".join(
        f"  - uid: Q-{number}\n    type: single\n    stem: What comes after step {number} of a request?\n    options:\n"
        + "".join(
            f"      - {{id: {each}, text: Step {each} of {number}, right: {str(each == 'b').lower()}, feedback: Why {each}.}}\n"
            for each in "abcd"
        )
        for number in range(1, questions + 1)
    )
    (folder / "lessons" / "quiz.yaml").write_text(
        f"kind: quiz\ntitle: The quiz\nminutes: 10\nintro: Some questions.\nquestions:\n{asked}"
    )
    (folder / "course.yaml").write_text(
        f"format: 1\nslug: {slug}\ncode: BEN {slug[-3:].upper()}\nlanguages: [en]\naudience: unlisted\ntopic: lending\n"
        "level: basic\nlicence: CC-BY-4.0\ntexts:\n  en:\n"
        f"    title: Bench {slug}\n    summary: A quiz to measure with.\n    for_whom: Nobody.\n"
        "    objectives: [measure]\nmodules:\n  - uid: part-1\n    title: {en: Part 1}\n    lessons: [quiz]\n"
    )


def padded_film(target: Path) -> None:
    """A real film with a free box behind it, so that a range of 1 MiB exists."""
    source = next((STARTER / "media").glob("*.mp4")).read_bytes()
    padding = 3 * 1024 * 1024
    target.write_bytes(source + struct.pack(">I4s", padding, b"free") + bytes(padding - 8))


def signed_in(user: User) -> str:
    """The cookies of a session for ``user``."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "accounts.backends.PasswordBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"sessionid={session.session_key}; csrftoken={'b' * 32}"


def main(folder: Path) -> None:
    author = User.objects.create_user("author@example.org", None, name="Bench Author")
    hashed = make_password(PASSWORD)
    User.objects.bulk_create(
        User(email=f"bench{number:05d}@example.org", name=f"Learner {number}", password=hashed)
        for number in range(1, LEARNERS + 1)
    )
    learners = list(User.objects.filter(email__startswith="bench").order_by("email"))

    def publish(slug: str, *, lessons: int, topic: str, video: bool = False) -> tuple[Course, list[str]]:
        path = folder / "courses" / slug
        uids = write_course(path, slug=slug, lessons=lessons, topic=topic, video=video)
        course = importing.import_folder(path=path, actor=author).course
        publishing.publish(course=course, kind="minor", note="Bench", actor=author)
        course.refresh_from_db()
        return course, uids

    for number in range(1, 49):
        publish(f"bench-{number:03d}", lessons=5, topic=TOPICS[number % len(TOPICS)])
    course, _ = publish("bench-050", lessons=50, topic="borrowing", video=True)
    publish("bench-500", lessons=500, topic="lending")
    for learner in learners[:40]:
        enrolling.open_enrolment(learner=learner, course=course)
    for slug, questions in (("bench-quiz", 10), ("bench-save", 10), ("bench-crowd", 20)):
        path = folder / "courses" / slug
        write_quiz(path, slug=slug, questions=questions)
        quiz = importing.import_folder(path=path, actor=author).course
        publishing.publish(course=quiz, kind="minor", note="Bench", actor=author)

    film = MediaFile.objects.get(type="video/mp4")
    (folder / "file").mkdir()
    (folder / "file" / "range.bin").write_bytes(bytes(4 * 1024 * 1024))
    (folder / "ours.cookies").write_text("\n".join(signed_in(learner) for learner in learners[:16]))
    (folder / "crowd.cookies").write_text("\n".join(signed_in(learner) for learner in learners[100 : 100 + CROWD]))
    facts = {
        "course50": "bench-050",
        "course500": "bench-500",
        "text_lesson": "lesson-001",
        "video_lesson": "film",
        "media": f"/courses/bench-050/media/{film.sha256}/film.mp4",
        "password": PASSWORD,
    }
    print(json.dumps(facts))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
