"""Planned editions: what is frozen goes live at its moment, once, or fails with a reason."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.conf import settings
from django.db import connection

from accounts.models import Notice
from core import clock
from core.errors import Conflict, InvalidInput
from courses import jobs, jobs_publishing
from courses.models import CourseEditor, Edition, PublishPlan, ReviewPolicy
from courses.services import planning
from courses.services.publishing import publish
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.courses import draft_course, publish_course

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
NEW = [("text", "first-lesson", {"body": "As planned.\n"})]


def planned(owner, *, organisation=None, due=HOUR):
    course = publish_course(slug="planned", owner=owner, organisation=organisation)
    draft_course(slug="planned", owner=owner, lessons=NEW)
    moment = clock.now() + due
    return planning.plan(course=course, kind="refresh", note="From Monday on", due_at=moment, actor=owner)


def sweep(after=2 * HOUR):
    with time_machine.travel(clock.now() + after, tick=False):
        return jobs_publishing.sweep_plans()


def test_what_is_planned_goes_live_at_its_moment_and_later_edits_do_not_slip_in():
    owner = UserFactory()
    plan = planned(owner)
    draft_course(slug="planned", owner=owner, lessons=[("text", "first-lesson", {"body": "Written later.\n"})])
    assert jobs_publishing.sweep_plans() == 0
    assert sweep() == 1
    assert sweep() == 0
    plan.refresh_from_db()
    edition = plan.edition
    assert (plan.state, edition.number, edition.kind, edition.note) == ("done", 2, "refresh", "From Monday on")
    assert (edition.hash, edition.published_by) == (plan.frozen.hash, owner)
    assert plan.course.current_edition == edition
    assert Notice.objects.get(person=owner).title == f"Edition 2 of {plan.course.code} is live"


def test_one_plan_at_a_time():
    owner = UserFactory()
    plan = planned(owner)
    with pytest.raises(Conflict, match="planned already"):
        planning.plan(course=plan.course, kind="minor", note="x", due_at=clock.now() + HOUR, actor=owner)
    planning.cancel(plan=plan, actor=owner)
    assert planning.plan(course=plan.course, kind="minor", note="x", due_at=clock.now() + HOUR, actor=owner)


@pytest.mark.parametrize("due", [-HOUR, dt.timedelta(0), dt.timedelta(days=400)])
def test_a_moment_that_makes_no_sense_is_refused(due):
    with pytest.raises(InvalidInput, match="Choose a moment"):
        planned(UserFactory(), due=due)
    assert not PublishPlan.objects.exists()


def test_a_draft_that_is_not_ready_is_not_planned():
    course = draft_course()
    course.lessons.update(ready=False)
    with pytest.raises(InvalidInput, match="Not ready yet"):
        planning.plan(course=course, kind="minor", note="x", due_at=clock.now() + HOUR, actor=UserFactory())
    assert not Edition.objects.exists()


def test_a_plan_is_changed_until_it_is_taken_back():
    owner = UserFactory()
    plan = planned(owner)
    later = clock.now() + 5 * HOUR
    planning.change(plan=plan, kind="minor", note="Later", due_at=later)
    assert (plan.kind, plan.note, plan.due_at) == ("minor", "Later", later)
    assert sweep() == 0
    planning.cancel(plan=plan, actor=owner)
    assert (plan.state, plan.said) == ("cancelled", f"Taken back by {owner}.")
    with pytest.raises(Conflict):
        planning.cancel(plan=plan, actor=owner)
    with pytest.raises(Conflict):
        planning.change(plan=plan, kind="minor", note="Later", due_at=later)
    assert sweep(6 * HOUR) == 0
    assert not Notice.objects.exists()


def failed(plan, **notices):
    assert sweep() == 0
    plan.refresh_from_db()
    assert plan.state == "failed"
    assert Edition.objects.published().filter(note="From Monday on").count() == 0
    return plan.said


def test_a_draft_published_meanwhile_fails_the_plan_and_tells_the_owner():
    owner = UserFactory()
    plan = planned(owner)
    publish(course=plan.course, kind="minor", note="By hand", actor=None)
    assert failed(plan).startswith("Edition 2 was published after this was planned.")
    notice = Notice.objects.get(person=owner)
    assert notice.title == f"A planned edition of {plan.course.code} could not be published"
    assert notice.body == plan.said
    assert notice.url == "/author/courses/planned/editions/"


def test_a_policy_that_is_not_met_fails_the_plan():
    library = OrganisationFactory()
    ReviewPolicy.objects.create(organisation=library, approvals=1)
    plan = planned_past_the_policy(UserFactory(), library)
    assert failed(plan) == "Another person has to approve exactly this draft."


def planned_past_the_policy(owner, library):
    course = draft_course(slug="planned", owner=owner, organisation=library)
    publish(course=course, kind="minor", note="By command", actor=None)
    draft_course(slug="planned", owner=owner, lessons=NEW)
    return planning.plan(course=course, kind="minor", note="From Monday on", due_at=clock.now() + HOUR, actor=owner)


def test_whoever_may_no_longer_publish_has_no_plan_carried_out():
    owner, editor = UserFactory(), UserFactory()
    course = publish_course(slug="planned", owner=owner)
    CourseEditor.objects.create(course=course, person=editor)
    draft_course(slug="planned", lessons=NEW)
    moment = clock.now() + HOUR
    plan = planning.plan(course=course, kind="minor", note="From Monday on", due_at=moment, actor=editor)
    CourseEditor.objects.filter(person=editor).delete()
    assert failed(plan) == "Whoever planned it may no longer publish this course. Plan it again."
    assert {notice.person for notice in Notice.objects.all()} == {owner, editor}


def test_a_worker_killed_between_claim_and_publishing_leaves_it_to_the_next(monkeypatch):
    plan = planned(UserFactory())

    class Killed(BaseException):
        pass

    def die(**given):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(planning, "publish", die)
        with time_machine.travel(clock.now() + 2 * HOUR, tick=False), pytest.raises(Killed):
            jobs_publishing.publish_due(plan.pk)
    plan.refresh_from_db()
    assert (plan.state, plan.claimed_at is not None) == ("planned", True)
    assert sweep() == 0  # its lease has not passed
    assert sweep(2 * HOUR + settings.CLAIM_LEASE + dt.timedelta(seconds=1)) == 1
    assert Edition.objects.published().count() == 2


def test_what_nobody_foresaw_is_tried_again_for_a_day(monkeypatch, caplog):
    plan = planned(UserFactory())

    def break_down(**given):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(planning, "publish", break_down)
    assert sweep() == 0
    plan.refresh_from_db()
    assert plan.state == "planned"
    assert "the disk is full" in caplog.text
    assert sweep(dt.timedelta(days=2)) == 0
    plan.refresh_from_db()
    assert (plan.state, plan.said) == ("failed", "Something went wrong that should not. Plan it again.")


def test_the_frozen_draft_outlives_its_preview(monkeypatch):
    plan = planned(UserFactory())
    with time_machine.travel(clock.now() + dt.timedelta(days=2), tick=False):
        jobs.collect_media()
    assert Edition.objects.filter(pk=plan.frozen_id).exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_publish_it_once():
    plan = planned(UserFactory())
    PublishPlan.objects.update(due_at=clock.now() - HOUR)

    def work(number):
        try:
            if number % 2:  # as if the other's lease had passed already
                return planning.carry_out(plan_id=plan.pk) is not None
            return jobs_publishing.publish_due(plan.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(work, range(4)))
    assert sum(answers) == 1
    assert Edition.objects.published().count() == 2
    plan.refresh_from_db()
    assert (plan.state, plan.edition.number) == ("done", 2)


def form(**given):
    return {"kind": "refresh", "note": "Planned words", "when": "later", "day": "2027-03-01", "time": "07:30", **given}


@pytest.fixture
def waiting(instructor):
    course = publish_course(slug="paged", owner=instructor)
    draft_course(slug="paged", owner=instructor, lessons=NEW)
    return course


def test_the_moment_is_meant_where_the_author_is(instructor, client_of, waiting):
    instructor.time_zone = "America/Phoenix"
    instructor.save()
    with time_machine.travel(dt.datetime(2027, 2, 1, tzinfo=dt.UTC), tick=False):
        answer = client_of(instructor).post("/author/courses/paged/publish/", form())
        assert answer.status_code == 302
    assert PublishPlan.objects.get().due_at == dt.datetime(2027, 3, 1, 14, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize("given", [{"day": ""}, {"time": ""}, {"day": "2020-01-01"}, {"day": "soon"}])
def test_a_moment_is_asked_for_beside_its_field(instructor, client_of, waiting, given):
    answer = client_of(instructor).post("/author/courses/paged/publish/", form(**given))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"time" if given.get("time") == "" else "day"}
    assert "Planned words" in answer.content.decode()


def test_the_pages_of_a_plan(instructor, client_of, waiting):
    client = client_of(instructor)
    assert client.get("/author/courses/paged/editions/plan/").status_code == 404
    due = clock.now() + dt.timedelta(days=3)
    plan = planning.plan(course=waiting, kind="minor", note="Planned words", due_at=due, actor=instructor)
    for address in ("publish/", "editions/"):
        page = client.get(f"/author/courses/paged/{address}").content.decode()
        assert "What goes live is the draft as of" in page
        assert f"?from=p{plan.frozen_id}&amp;to=draft" in page
    compared = client.get(f"/author/courses/paged/editions/compare/?from=p{plan.frozen_id}&to=draft")
    assert "They say the same." in compared.content.decode()
    day = (due + dt.timedelta(days=1)).date().isoformat()
    given = {"kind": "redo", "note": "Other words", "day": day, "time": "09:00"}
    assert client.post("/author/courses/paged/editions/plan/", given).status_code == 302
    plan.refresh_from_db()
    assert (plan.kind, plan.note) == ("redo", "Other words")
    assert client.post("/author/courses/paged/editions/plan/", given | {"day": "2020-01-01"}).status_code == 422
    assert client.get("/author/courses/paged/editions/plan/cancel/").status_code == 200
    client.post("/author/courses/paged/editions/plan/cancel/")
    plan.refresh_from_db()
    assert plan.state == "cancelled"
    assert "Taken back by" in client.get("/author/courses/paged/editions/").content.decode()


def test_a_plan_meets_the_policy_whoever_planned_it():
    admin, library = UserFactory(is_superuser=True), OrganisationFactory()
    plan = planned(admin, organisation=library)
    ReviewPolicy.objects.create(organisation=library, approvals=1)
    assert sweep() == 0
    plan.refresh_from_db()
    assert plan.state == "failed"
    assert "approve exactly this draft" in plan.said
