"""Questions and their versions, filed when a quiz is published (D9)."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Max

from courses import markup
from courses.canonical import canonical, digest
from courses.models import Course, MediaFile
from courses.registry import Parts
from quizzes.models import Bank, PartQuestion, Question, QuestionFile, QuestionVersion
from quizzes.registry import types
from quizzes.rendering import rendered, used_media

Content = Mapping[str, Any]
Identity = tuple[str, str]  # uid and hash
Wording = tuple[Content, str]  # and its language
ASIDE = ("feedback:", "hint:", "general")


def question_hash(content: Content, media: Mapping[str, str]) -> str:
    """The identity of a question's wording: SHA-256 over its canonical JSON and the files it shows."""
    used = used_media(content)
    return digest(canonical({"content": dict(content), "media": {name: media[name] for name in used if name in media}}))


def words_of(content: Content, name: str = "") -> str:
    """Name and stem as plain text, for search and lists."""
    return f"{name} {markup.plain(rendered(content, content['stem'], {}))}".strip()


def fingerprint_of(content: Content) -> str:
    """Equal for questions that ask the same with the same parts, whatever their order, case, replies and key."""
    texts = types[content["type"]].texts(content)
    said = sorted(
        markup.plain(rendered(content, text, {})).casefold()
        for key, text in texts.items()
        if text and not key.startswith(ASIDE)
    )
    return digest(canonical(said))


def bank_of(course: Course) -> Bank:
    """The bank of ``course``, made when it is first needed."""
    found = Bank.objects.filter(course=course).first()
    if found is not None:
        return found
    make_course_banks([course])
    return Bank.objects.get(course=course)


def make_course_banks(courses: Iterable[Course]) -> None:
    """Make the banks of ``courses`` that have none yet; three statements at most.

    A bank is called after its course. A course that was renamed leaves its old name to its bank, so the next course of
    that name has a bank called by its number.
    """
    wanted = {each.pk: each for each in courses}
    have = set(Bank.objects.filter(course__in=wanted).values_list("course", flat=True))
    missing = [each for pk, each in wanted.items() if pk not in have]
    if not missing:
        return
    slugs = {each.pk: f"course-{each.slug}" for each in missing}
    taken = set(Bank.objects.filter(slug__in=slugs.values()).values_list("slug", flat=True))
    Bank.objects.bulk_create(
        [
            Bank(
                course=each,
                slug=f"course-no-{each.pk}" if slugs[each.pk] in taken else slugs[each.pk],
                title=each.code,
                organisation_id=each.organisation_id,
            )
            for each in missing
        ],
        ignore_conflicts=True,
    )


def file_questions(*, parts: Parts, course: Course) -> None:
    """File the questions of ``parts`` for ``course``: a version for every wording that is new, and the order asked.

    A wording that a bank within reach of the course has already (the same uid and hash) is used from there. Runs in the
    publishing transaction, whose lock on the course row keeps version numbers apart. A second call changes nothing. A
    bounded number of statements, whatever the number of parts and questions.
    """
    given = [part.hash for part, _source in parts]
    filed = set(PartQuestion.objects.filter(part__in=given, course=course).order_by().values_list("part", flat=True))
    sources = {part.hash: source for part, source in parts if part.hash not in filed}
    if not sources:
        return
    orders = {key: _hashes(source) for key, source in sources.items()}
    wordings: dict[Identity, Wording] = {}
    for key, source in sources.items():
        for each in source["questions"]:
            wordings.setdefault((each["uid"], orders[key][each["uid"]]), (each, str(source.get("language", ""))))
    bank = bank_of(course)
    known = _known(wordings, course, bank)
    known |= _file({key: wording for key, wording in wordings.items() if key not in known}, bank)
    _say(wordings, known, bank, course)
    PartQuestion.objects.bulk_create(
        [row for key, source in sources.items() for row in _asked(key, source, orders[key], known, course)],
        ignore_conflicts=True,
    )
    _hold_files(sources, orders, known)


def _hold_files(
    sources: Mapping[str, Content], orders: Mapping[str, Mapping[str, str]], known: Mapping[Identity, QuestionVersion]
) -> None:
    """Hold what each version shows: review, corrections and exports show it apart from its part. Two statements at most."""
    shown = {
        (known[each["uid"], orders[key][each["uid"]]].pk, name): source["media"][name]
        for key, source in sources.items()
        for each in source["questions"]
        for name in used_media(each)
        if name in source.get("media", {})
    }
    if not shown:
        return
    media = dict(MediaFile.objects.filter(sha256__in=set(shown.values())).values_list("sha256", "pk"))
    QuestionFile.objects.bulk_create(
        [QuestionFile(version_id=pk, name=name, media_id=media[sha]) for (pk, name), sha in shown.items()],
        ignore_conflicts=True,
    )


def _hashes(source: Content) -> dict[str, str]:
    """The identity of each wording, by the uid of its question, in the order asked."""
    media = source.get("media", {})
    return {each["uid"]: question_hash(each, media) for each in source["questions"]}


def _asked(
    part: str, source: Content, hashes: Mapping[str, str], known: Mapping[Identity, QuestionVersion], course: Course
) -> list[PartQuestion]:
    """The questions of the part with that hash, as it asks them."""
    pools = {uid: number for number, pool in enumerate(source.get("pools", ()), start=1) for uid in pool["of"]}
    return [
        PartQuestion(part_id=part, course=course, position=position, version=known[uid, found], pool=pools.get(uid))
        for position, (uid, found) in enumerate(hashes.items(), start=1)
    ]


def _known(wordings: Collection[Identity], course: Course, bank: Bank) -> dict[Identity, QuestionVersion]:
    """The ready versions that say the same; the course's own bank comes first."""
    found = QuestionVersion.objects.filter(
        state=QuestionVersion.State.READY,
        question__uid__in={uid for uid, _hash in wordings},
        hash__in={found for _uid, found in wordings},
        question__bank__in=Bank.objects.usable_by(course),
    ).select_related("question")
    others_first = sorted(found, key=lambda each: each.question.bank_id == bank.pk)
    return {(each.question.uid, each.hash): each for each in others_first}


def _file(wordings: Mapping[Identity, Wording], bank: Bank) -> dict[Identity, QuestionVersion]:
    """New versions in ``bank`` of questions that are there or are made.

    Wordings of one question (its languages) are numbered in their order.
    """
    if not wordings:
        return {}
    Question.objects.bulk_create(
        [
            Question(bank=bank, uid=uid, type=each["type"], language=language)
            for (uid, _hash), (each, language) in wordings.items()
        ],
        ignore_conflicts=True,
    )
    uids = {uid for uid, _hash in wordings}
    questions = {each.uid: each for each in Question.objects.filter(bank=bank, uid__in=uids)}
    latest = Counter(
        dict(
            QuestionVersion.objects.filter(question__in=questions.values())
            .values_list("question_id")
            .annotate(Max("number"))
        )
    )
    rows = []
    for (uid, found), (each, language) in wordings.items():
        question = questions[uid]
        latest[question.pk] += 1
        rows.append(
            QuestionVersion(
                question=question,
                number=latest[question.pk],
                hash=found,
                type=each["type"],
                language=language,
                content=dict(each),
            )
        )
    QuestionVersion.objects.bulk_create(rows, ignore_conflicts=True)
    stored = QuestionVersion.objects.filter(
        question__in=questions.values(), hash__in={found for _uid, found in wordings}
    ).select_related("question")
    return {(each.question.uid, each.hash): each for each in stored}


def _say(wordings: Collection[Identity], known: Mapping[Identity, QuestionVersion], bank: Bank, course: Course) -> None:
    """Say on the questions of ``bank`` what the course asks from now on, each in its own language.

    The bank's form edits one wording: in another language it would overwrite the draft of its own. A question whose
    language the course gave up goes over to one that it has. Two statements at most.
    """
    newest: dict[int, QuestionVersion] = {}
    moved = []
    for version in (known[each] for each in wordings):
        question = version.question
        given_up = bool(question.language) and question.language not in course.languages
        fits = given_up or version.language in ("", question.language) or not question.language
        if question.bank_id == bank.pk and (fits or (question.ready_id is None and question.pk not in newest)):
            newest[question.pk] = version
            if given_up and version.language in course.languages:
                question.language = version.language
                moved.append(question)
    describe([each for each in newest.values() if each.question.ready_id != each.pk])
    Question.objects.bulk_update(moved, ["language"])


def describe(versions: Iterable[QuestionVersion]) -> None:
    """Say on each question what its newest ready version says. One statement."""
    changed = []
    for version in versions:
        question = version.question
        question.ready, question.type = version, version.type
        question.words = words_of(version.content, question.name)
        question.fingerprint = fingerprint_of(version.content)
        changed.append(question)
    Question.objects.bulk_update(changed, ["ready", "type", "words", "fingerprint"])


def keep_files(version: QuestionVersion, files: Mapping[str, int]) -> None:
    """Hold the files of ``version``: name to key of its media file."""
    QuestionFile.objects.bulk_create(
        [QuestionFile(version=version, name=name, media_id=pk) for name, pk in files.items()], ignore_conflicts=True
    )
