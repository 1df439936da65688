"""A query that is written out once still answers for whoever asks."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.db.models import Case, F, IntegerField, OuterRef, Subquery, When

from accounts.models import Membership, User
from core.compiled import Compiled, forget
from tests.factories.accounts import ConsortiumFactory, MembershipFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db


def _query(names: tuple[str, ...], *, person: int):
    me = Subquery(User.objects.filter(pk=OuterRef("pk"), id=person).values("name")[:1])
    first = Case(When(pk=person, then=1), default=0, output_field=IntegerField())
    return User.objects.filter(name__in=names).order_by("name").values_list("name", "letter_keys", me, first)


def test_each_caller_gets_rows_of_their_own():
    rosa, gwen = UserFactory(name="Rosa"), UserFactory(name="Gwen")
    query = Compiled(_query, "person")
    for person in (rosa, gwen, rosa):
        rows = query.rows(("Rosa", "Gwen"), person=person.pk)
        assert rows == list(_query(("Rosa", "Gwen"), person=person.pk))
        assert {type(row[1]) for row in rows} == {bool}


def test_a_shape_is_a_query_of_its_own(django_assert_num_queries):
    UserFactory(name="Rosa"), UserFactory(name="Gwen")
    query = Compiled(_query, "person")
    with django_assert_num_queries(2):
        assert [row[0] for row in query.rows(("Rosa",), person=0)] == ["Rosa"]
        assert [row[0] for row in query.rows(("Gwen",), person=0)] == ["Gwen"]


def test_a_text_may_be_a_value_too(django_assert_num_queries):
    UserFactory(name="Rosa"), UserFactory(name="Gwen")
    named = Compiled(lambda *, name: User.objects.filter(name=name).values_list("name"), texts=("name",))
    with django_assert_num_queries(3):
        assert [named.rows(name=name) for name in ("Rosa", "Gwen", "")] == [[("Rosa",)], [("Gwen",)], []]
    assert len(named.local.kept) == 1


def test_a_moment_may_be_a_value_too():
    now = dt.datetime(2026, 11, 24, 15, 0, tzinfo=dt.UTC)
    UserFactory(name="Rosa", date_joined=now)
    since = Compiled(
        lambda *, first: User.objects.filter(date_joined__gte=first).values_list("name"), moments=("first",)
    )

    assert since.rows(first=now) == [("Rosa",)]
    assert since.rows(first=now + dt.timedelta(seconds=1)) == []
    assert len(since.local.kept) == 1


def test_a_constant_may_hold_whatever_a_text_holds():
    odd = "50 %s off, it’s O'Brien’s %% \\ {}"
    UserFactory(name=odd)
    query = Compiled(
        lambda *, name: User.objects.filter(name=odd).exclude(name=name).values_list("name"), texts=("name",)
    )

    assert query.rows(name="Rosa") == [(odd,)]
    assert query.rows(name=odd) == []


@pytest.mark.postgres
def test_what_is_asked_often_is_planned_once():
    rosa = UserFactory(name="Rosa")
    query = Compiled(lambda *, person: User.objects.filter(pk=person).values_list("name"), "person")
    for person in (rosa.pk, 1, 40_000, 2**40, 7, rosa.pk):  # numbers of each size are one statement
        query.rows(person=person)

    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE statement LIKE %s", ["%accounts_user%"])
        assert len(cursor.fetchall()) == 1
    assert query.rows(person=rosa.pk) == [("Rosa",)]


def test_a_value_without_a_place_is_refused():
    with pytest.raises(KeyError):
        Compiled(_query, "person").rows(("Rosa",), person=1, somebody=1)


def test_a_value_that_is_missing_is_refused():
    with pytest.raises(KeyError):
        Compiled(_query, "person").rows(("Rosa",))


def _members(*, library: int):
    here = Membership.objects.filter(organisation=library)
    return here.select_related("person", "organisation__consortium").annotate(called=F("person__name")).order_by("pk")


def test_instances_come_as_the_queryset_makes_them(django_assert_num_queries):
    libraries = [OrganisationFactory(consortium=None), OrganisationFactory(consortium=ConsortiumFactory())]
    for library in libraries:
        MembershipFactory.create_batch(2, organisation=library)
    query = Compiled(_members, "library")
    for library in libraries:
        plain = list(_members(library=library.pk))
        with django_assert_num_queries(1):
            made = query.rows(library=library.pk)
            assert [(each.person.name, each.organisation.consortium) for each in made] == [
                (each.called, library.consortium) for each in made
            ]
        assert [_said(each) for each in made] == [_said(each) for each in plain]
    assert query.first(library=0) is None


def _said(row: Membership) -> list[dict[str, object]]:
    """Every column of a membership and of what came with it, and whether it is known as a row of the database."""
    loaded = [row, row.person, row.organisation, row.organisation.consortium]
    return [
        each.__dict__ | {"_state": (each._state.adding, each._state.db, sorted(each._state.fields_cache))}
        for each in loaded
        if each is not None
    ]


def test_a_rule_that_was_changed_is_written_out_again():
    rosa = UserFactory(name="Rosa")
    named = {"name": "Rosa"}
    query = Compiled(lambda: User.objects.filter(**named).values_list("pk"))
    assert query.rows() == [(rosa.pk,)]
    named["name"] = "Gwen"
    assert query.rows() == [(rosa.pk,)]
    forget()
    assert query.rows() == []


def test_threads_share_nothing():
    query = Compiled(_query, "person")
    query.rows(("Rosa",), person=0)
    seen: list[bool] = []
    other = threading.Thread(target=lambda: seen.append(hasattr(query.local, "kept")))
    other.start()
    other.join()
    assert seen == [False]
