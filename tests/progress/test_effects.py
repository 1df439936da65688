"""What is announced before publishing is exactly what happens after it."""

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from courses import jobs
from courses.models import Enrolment
from courses.services.effects import effects_of
from courses.services.enrolling import leave
from courses.services.publishing import composition_of, publish
from courses.standing import Outlook
from progress.models import Completion, LessonState
from progress.selectors.rules import forget_rules
from progress.services.resetting import reset
from tests.factories.accounts import UserFactory
from tests.factories.courses import draft_course, publish_course
from tests.factories.progress import did, finished, graded, opened_enrolment
from tests.factories.quizzes import single
from tests.support import count_statements

UIDS = ("reading", "checking", "test", "sending")
KINDS = ("minor", "refresh", "redo")


def lessons(course):
    """``course``: by uid the wording (0 to 2) and the pass mark of the quiz; a lesson that is not named is not there."""
    found = []
    for uid in UIDS:
        if uid in course["says"]:
            words = course["says"][uid]
            if uid == "test":
                rule = {"pass_mark": course["mark"]}
                found.append(("quiz", uid, {"questions": [single("Q-1", stem=f"Words {words}?")], "rule": rule}))
            else:
                found.append(("text", uid, {"title": uid.capitalize(), "body": f"Words {words}.\n"}))
    return found


says = st.dictionaries(st.sampled_from(UIDS), st.integers(0, 2), min_size=1)
courses = st.fixed_dictionaries({"says": says, "mark": st.sampled_from([50, 80])})
deeds = st.lists(st.tuples(st.sampled_from(UIDS), st.sampled_from(["opened", "done", 60, 90, "reset"])), max_size=7)
people = st.lists(st.tuples(deeds, deeds), min_size=1, max_size=3)


def happen(enrolment, story):
    there = set(enrolment.edition.lessons.values_list("uid", flat=True))
    for number, (uid, what) in enumerate(story, start=1):
        if what == "reset":
            reset(enrolment=enrolment, reason="Anew", actor=enrolment.learner)
        elif uid not in there:
            continue
        elif isinstance(what, int):
            if uid == "test":
                key = f"graded:{enrolment.pk}:{enrolment.edition_id}:{number}"
                graded(enrolment, uid, what, attempt=enrolment.edition_id * 10 + number, key=key)
        elif what == "opened" or uid != "test":
            did(enrolment, uid, what)


def look():
    states = {(row.enrolment_id, row.uid): row.state for row in LessonState.objects.all()}
    return states, set(Completion.objects.values_list("enrolment_id", flat=True))


def happened(course, edition, before, moved_from) -> Outlook:
    """What publishing ``edition`` did to everybody, read from the rows."""
    (was, had), (states, have) = before, look()
    live = Enrolment.objects.live().opened().filter(course=course)
    movers = [row.pk for row in live if moved_from[row.pk] != row.edition_id]
    repeats, restarts = Counter(), Counter()
    hit, lost = set(), set()
    for uid in edition.lessons.values_list("uid", flat=True):
        for pk in movers:
            then, now = was.get((pk, uid)), states.get((pk, uid))
            if then == "done" and now != "done":
                repeats[uid] += 1
                lost.add(pk)
            elif then == "started" and now is None:
                restarts[uid] += 1
                hit.add(pk)
    return Outlook(
        finished=len(had),
        moving=len(movers),
        staying=len(live) - len(had) - len(movers),
        untouched=len(set(movers) - hit - lost),
        repeating=len(lost),
        completing=len(have - had),
        repeats=dict(repeats),
        restarts=dict(restarts),
    )


class TestAnnounced(TestCase):
    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(courses, min_size=2, max_size=3), people, st.sampled_from(KINDS), st.sampled_from(KINDS))
    def test_what_is_announced_is_what_happens(self, versions, stories, step, kind):
        forget_rules()
        course = publish_course(slug="announced", lessons=lessons(versions[0]))
        for early, _late in stories:
            happen(opened_enrolment(learner=UserFactory(), course=course), early)
        for version in versions[1:-1]:
            course = self.publish_all(version, step) or course
            for (_early, late), enrolment in zip(stories, course.enrolments.order_by("pk"), strict=True):
                happen(enrolment, late)
        draft_course(slug="announced", lessons=lessons(versions[-1]))
        composition = composition_of(course)
        if composition.hash == course.current_edition.hash:
            return
        announced = effects_of(course, composition, kinds=(kind,))[kind].outlook
        before, editions = look(), dict(course.enrolments.values_list("pk", "edition"))
        edition = publish(course=course, kind=kind, note="x", actor=None)
        jobs.move_enrolments(edition.pk)
        assert announced == happened(course, edition, before, editions)

    def publish_all(self, version, kind):
        course = draft_course(slug="announced", lessons=lessons(version))
        if composition_of(course).hash == course.current_edition.hash:
            return None
        edition = publish(course=course, kind=kind, note="x", actor=None)
        jobs.move_enrolments(edition.pk)
        course.refresh_from_db()
        return course


def three_learners():
    course = publish_course(slug="three", lessons=[("text", uid, {"title": uid.title()}) for uid in UIDS[:3]])
    far, near, _fresh = (opened_enrolment(learner=UserFactory(), course=course) for _ in range(3))
    did(far, "reading")
    did(near, "reading", "opened")
    finished(learner=UserFactory(), course=course)
    draft_course(
        slug="three",
        lessons=[
            ("text", uid, {"title": uid.title(), "body": "New.\n"} if uid == "reading" else {}) for uid in UIDS[:3]
        ],
    )
    return course


def test_the_effect_is_said_in_sentences(db):
    course = three_learners()
    effects = effects_of(course, composition_of(course))
    assert effects["minor"].sentences == [
        "3 continue untouched",
        "1 has finished, and keeps edition and certificate",
    ]
    assert not effects["minor"].costs
    assert effects["refresh"].sentences == [
        "1 continues untouched",
        "1 must repeat “Reading”",
        "1 has begun “Reading” and begins it anew",
        "1 has finished, and keeps edition and certificate",
    ]
    assert effects["redo"].sentences == [
        "3 are asked: keep the edition they have, or move and begin every lesson again",
        "1 has finished, and keeps edition and certificate",
    ]
    assert effects["redo"].costs


def test_nobody_there_is_said_too(db):
    course = draft_course(slug="nobody")
    assert effects_of(course, composition_of(course))["minor"].sentences == ["Nobody has this course open now."]


def test_whoever_left_is_not_counted(db):
    course = three_learners()
    leave(enrolment=course.enrolments.first())
    assert effects_of(course, composition_of(course))["minor"].learners == 3


def test_statements_do_not_depend_on_people_or_lessons(db):
    def statements(number: int) -> int:
        slug = f"many-{number}"
        made = [("text", f"l-{each}", {}) for each in range(number)]
        course = publish_course(slug=slug, lessons=made)
        for _ in range(number):
            did(opened_enrolment(learner=UserFactory(), course=course), "l-0")
        draft_course(slug=slug, lessons=[("text", "l-0", {"body": "New.\n"}), *made[1:-1], ("text", "new", {})])
        composition = composition_of(course)
        return count_statements(lambda: effects_of(course, composition))

    few, many = statements(3), statements(12)
    assert many == few
    assert many <= 32


def test_an_edition_before_the_last_redo_keeps_its_readers(db):
    course = publish_course(slug="kept", lessons=[("text", "reading", {})])
    opened_enrolment(learner=UserFactory(), course=course)
    publish_course(slug="kept", kind="redo", lessons=[("text", "reading", {"body": "New.\n"})])
    draft_course(slug="kept", lessons=[("text", "reading", {"body": "Newer.\n"})])
    course.refresh_from_db()
    effect = effects_of(course, composition_of(course))["refresh"]
    assert effect.sentences == ["1 stays on an older edition, since they have not chosen to leave it"]
    assert not effect.costs
