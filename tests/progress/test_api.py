"""``/api/v1/progress/`` and ``/api/v1/certificates/``."""

import pytest

from progress.services.certifying import revoke
from tests.factories.progress import certificate_of, did, finished, opened_enrolment
from tests.support import count_queries

pytestmark = pytest.mark.django_db

PROGRESS, CERTIFICATES = "/api/v1/progress/", "/api/v1/certificates/"


def rows(client, address, **filters):
    return client.get(address, filters).json()["results"]


def test_progress_says_where_a_person_stands_and_what_is_missing(trainee, client_of):
    enrolment = opened_enrolment(learner=trainee)
    did(enrolment, "checking")
    row = client_of(trainee).get(f"{PROGRESS}{enrolment.pk}/").json()
    assert (row["person"], row["course"], row["edition"]) == (str(trainee.uuid), enrolment.course.slug, 1)
    assert (row["percent"], row["completed_at"], row["certificate"]) == (30, None, None)
    assert [entry["uid"] for entry in row["unmet"]] == ["reading", "sending"]
    assert row["unmet"][0]["why"]


def test_an_enrolment_in_which_nothing_happened(trainee, client_of):
    opened_enrolment(learner=trainee)
    [row] = rows(client_of(trainee), PROGRESS)
    assert (row["percent"], row["unmet"], row["score"]) == (0, [], None)


def test_filters(trainee, supervisor, client_of):
    done, begun = finished(learner=trainee), opened_enrolment(learner=trainee)
    client = client_of(supervisor)
    assert [row["id"] for row in rows(client, PROGRESS, completed="true")] == [done.pk]
    assert [row["id"] for row in rows(client, PROGRESS, completed="false")] == [begun.pk]
    assert [row["id"] for row in rows(client, PROGRESS, course=begun.course.slug)] == [begun.pk]
    assert len(rows(client, PROGRESS, person=str(trainee.uuid))) == 2
    assert [row["course"] for row in rows(client, CERTIFICATES, course=done.course.slug)] == [done.course.slug]
    assert rows(client, CERTIFICATES, person=str(supervisor.uuid)) == []


def test_certificates_say_what_the_public_page_says(trainee, supervisor, client_of):
    row = certificate_of(finished(learner=trainee))
    revoke(certificate=row, reason="Wrong account.", actor=supervisor)
    shown = client_of(trainee).get(f"{CERTIFICATES}{row.code}/").json()
    assert (shown["state"], shown["revoked_reason"], shown["ready"]) == ("revoked", "Wrong account.", False)


@pytest.mark.parametrize(
    ("who", "seen"),
    [("trainee", 1), ("supervisor", 1), ("manager", 1), ("site_admin", 1), ("instructor", 0), ("stranger", 0)],
)
def test_only_those_who_may_open_the_record_see_its_rows(trainee, client_of, request, who, seen):
    enrolment = finished(learner=trainee)
    client = client_of(request.getfixturevalue(who))
    assert (len(rows(client, PROGRESS)), len(rows(client, CERTIFICATES))) == (seen, seen)
    found = 200 if seen else 404
    assert client.get(f"{PROGRESS}{enrolment.pk}/").status_code == found
    assert client.get(f"{CERTIFICATES}{certificate_of(enrolment).code}/").status_code == found


@pytest.mark.parametrize("address", [PROGRESS, CERTIFICATES])
def test_a_visitor_gets_a_problem_document_and_nothing_can_be_written(client, trainee, client_of, address):
    answer = client.get(address)
    assert answer.status_code in (401, 403)
    assert answer["Content-Type"] == "application/problem+json"
    assert client_of(trainee).post(address, {}).status_code == 405


@pytest.mark.parametrize("address", [PROGRESS, CERTIFICATES])
def test_lists_cost_the_same_for_many(trainee, client_of, address):
    client = client_of(trainee)
    finished(learner=trainee)
    few = count_queries(lambda: client.get(address))
    for _each in range(3):
        finished(learner=trainee)
    assert count_queries(lambda: client.get(address)) == few
