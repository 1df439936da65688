"""The pages of the bank, as a browser without script meets them: its list, acts on many at once, banks."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from quizzes.models import Bank, Question
from quizzes.services import arranging, commenting
from tests.factories.accounts import MembershipFactory
from tests.factories.questions import library_bank, question_in
from tests.factories.quizzes import publish_quiz, single
from tests.quizzes.bank.browsing import words
from tests.support import count_queries

pytestmark = pytest.mark.django_db


# The list


def test_the_list_finds_sorts_and_says_where_a_question_is_asked(hana, bank):
    question_in(
        bank, single("Z-1", stem="Who may lend a zebra?"), topic="Lending", tags=("animals",), difficulty="hard"
    )
    page = words(hana.get("/author/questions/"))
    assert "Who may lend a zebra?" in page
    assert "LENDING: What you know now" in page
    assert "Draft" in page
    for query in ("q=zebra", "topic=Lending", "tag=animals", "difficulty=hard", "state=draft", "q=Z-1"):
        found = words(hana.get(f"/author/questions/?{query}"))
        assert "zebra" in found, query
        assert "What about Q-1?" not in found, query
    assert "What about Q-1?" in words(hana.get(f"/author/questions/?bank={bank.slug}&kind=single&language=en"))
    assert "zebra" not in words(hana.get("/author/questions/?kind=tf"))
    by_name = words(hana.get("/author/questions/?sort=-name"))
    assert by_name.index("zebra") < by_name.index("What about Q-1?")


def test_what_wants_a_look_is_found(hana, bank, instructor):
    due = question_in(bank, single("D-1", stem="Is it due?"), review_by=timezone.localdate() - dt.timedelta(days=1))
    talked = question_in(bank, single("D-2", stem="Is it right?"))
    question_in(bank, single("D-3", stem="Later on?"), review_by=timezone.localdate() + dt.timedelta(days=1))
    comment = commenting.comment(question=talked, author=instructor, text="Option b is old.")
    page = words(hana.get("/author/questions/?state=look"))
    assert "Is it due?" in page
    assert "Is it right?" in page
    assert "1 open comment" in page
    assert "Later on?" not in page
    assert "2 want a look" in page
    commenting.settle(comment=comment, actor=instructor)
    arranging.retire([due])
    assert "No question is like that" in words(hana.get("/author/questions/?state=look"))


def test_an_empty_list_says_what_to_do(client_of, instructor):
    person = MembershipFactory(instructor=True).person
    page = words(client_of(person).get("/author/questions/"))
    assert "No questions yet" in page
    assert "/author/banks/new/" in page
    assert "Nothing for “zebra”" in words(client_of(person).get("/author/questions/?q=zebra"))


@pytest.mark.parametrize(
    "query", ["page=99", "page=x", "sort=up", "state=odd", "bank=none", "kind=<b>", "q=" + "x" * 3000]
)
def test_odd_addresses_show_a_list(hana, bank, query):
    assert hana.get(f"/author/questions/?{query}").status_code == 200


def test_queries_do_not_grow_with_questions(hana, bank, instructor, course):
    other = question_in(bank, single("N-0"), tags=("a",))
    commenting.comment(question=other, author=instructor, text="Hm.")
    pages = ["/author/questions/", "/author/banks/", f"/author/questions/duplicates/?bank={bank.slug}"]
    pages += [f"/author/questions/{other.pk}/", f"/author/questions/{other.pk}/history/"]
    for page in pages:
        hana.get(page)
    few = [count_queries(lambda page=page: hana.get(page)) for page in pages]
    Question.objects.bulk_create(
        Question(bank=bank, uid=f"many-{number}", type="single", words=f"words of number {number} and no other")
        for number in range(200)
    )
    for number in range(4):
        publish_quiz(slug=f"more-{number}", owner=instructor, questions=[single(f"M-{number}")])
    assert [count_queries(lambda page=page: hana.get(page)) for page in pages] == few
    assert max(few) <= 25


def test_nobody_sees_what_is_not_theirs(course, client_of, trainee):
    other = MembershipFactory(instructor=True).person
    assert "What about Q-1?" not in words(client_of(other).get("/author/questions/"))
    question = Question.objects.get(uid="Q-1")
    for address in ("", "preview/", "history/", "comments/"):
        assert client_of(other).get(f"/author/questions/{question.pk}/{address}").status_code == 404
    assert client_of(trainee).get("/author/questions/").status_code == 403
    Bank.objects.update(audience="public")
    assert client_of(other).get(f"/author/questions/{question.pk}/").status_code == 200
    assert client_of(other).post(f"/author/questions/{question.pk}/", {}).status_code == 403
    for verb in ("retire", "bring-back", "discard"):
        assert client_of(other).post(f"/author/questions/{question.pk}/do/{verb}/").status_code == 403


# Many at once


def do(client: Client, act: str, questions: list[Question], **more: Any) -> str:
    data = {"act": act, "question": [each.pk for each in questions], **more}
    return words(client.post("/author/questions/do/", data, follow=True))


def undo(client: Client, page: str) -> str:
    record = page.split('name="record" value="')[1].split('"')[0]
    return words(client.post("/author/questions/undo/", {"record": record}, follow=True))


def test_many_are_tagged_retired_moved_and_all_of_it_is_taken_back(hana, bank, instructor):
    home = library_bank(instructor.memberships.get().organisation)
    three = [question_in(bank, single(f"B-{number}"), tags=("old",) if number == 1 else ()) for number in range(3)]
    page = do(hana, "tag", three, tags="old, new")
    assert "3 questions have new tags." in page
    assert set(three[0].tags.values_list("name", flat=True)) == {"old", "new"}
    assert "3 questions are as they were." in undo(hana, page)
    assert list(three[1].tags.values_list("name", flat=True)) == ["old"]
    assert list(three[0].tags.all()) == []

    page = do(hana, "retire", three[:2])
    assert "2 questions are retired." in page
    assert Question.objects.filter(retired_at=None, uid__startswith="B-").count() == 1
    undo(hana, page)
    assert Question.objects.filter(retired_at=None, uid__startswith="B-").count() == 3

    page = do(hana, "topic", three, topic="Loans")
    assert set(Question.objects.filter(uid__startswith="B-").values_list("topic", flat=True)) == {"Loans"}
    undo(hana, page)
    assert set(Question.objects.filter(uid__startswith="B-").values_list("topic", flat=True)) == {""}

    question_in(home, single("B-2"))
    page = do(hana, "move", three, bank=home.slug)
    assert "2 questions are now in “Lending”." in page
    assert "the same uid: B-2" in page
    assert home.questions.count() == 3
    undo(hana, page)
    assert home.questions.count() == 1


def test_what_is_chosen_must_be_ones_own_and_what_is_asked_must_be_said(hana, bank, client_of):
    mine, theirs = (
        question_in(bank, single("B-1")),
        question_in(library_bank(MembershipFactory().organisation), single("B-2")),
    )
    page = do(hana, "retire", [mine, theirs])
    assert "1 question is retired." in page
    assert "1 was left alone" in page
    theirs.refresh_from_db()
    assert theirs.retired_at is None
    assert "Choose questions first" in do(hana, "retire", [])
    assert "Write the tag" in do(hana, "tag", [mine])
    assert "Choose the bank" in do(hana, "move", [mine])
    assert "Select a valid choice" in do(hana, "explode", [mine])
    assert "Select a valid choice" in do(hana, "move", [mine], bank=theirs.bank.slug)
    assert "at most 60 characters" in do(hana, "tag", [mine], tags="x" * 61)
    assert hana.post("/author/questions/do/", {"act": "retire", "question": ["x", "9" * 40]}).status_code == 302


def test_a_record_that_was_tampered_with_takes_nothing_back(hana, bank):
    question = question_in(bank, single("B-1"))
    arranging.retire([question])
    assert "too long ago" in words(hana.post("/author/questions/undo/", {"record": "eyJh:x:y"}, follow=True))
    question.refresh_from_db()
    assert question.retired_at is not None


@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example", "/accounts/logout/", "javascript:alert(1)"]
)
def test_one_comes_back_to_the_list_and_nowhere_else(hana, bank, there):
    assert hana.post("/author/questions/do/", {"act": "retire", "back": there}).url == "/author/questions/"


# Banks, duplicates


def test_banks_are_made_renamed_and_shared(hana, instructor, client_of):
    library = instructor.memberships.get().organisation
    colleague = MembershipFactory(organisation=library, instructor=True).person
    assert hana.post("/author/banks/new/", {"title": "", "audience": "odd"}).status_code == 422
    made = hana.post(
        "/author/banks/new/", {"title": "Loans & copies", "organisation": library.pk, "audience": "organisation"}
    )
    assert made.url == "/author/banks/loans-copies/"
    assert "Loans &amp; copies" in words(client_of(colleague).get("/author/banks/"))
    hana.post("/author/banks/loans-copies/", {"title": "Loans", "audience": "public"})
    bank = Bank.objects.get(slug="loans-copies")
    assert (bank.title, bank.audience) == ("Loans", "public")
    stranger = MembershipFactory(instructor=True).person
    assert "Loans" in words(client_of(stranger).get("/author/banks/"))
    assert client_of(stranger).get("/author/banks/loans-copies/").status_code == 403
    foreign = MembershipFactory(instructor=True).organisation
    assert (
        hana.post("/author/banks/new/", {"title": "X", "organisation": foreign.pk, "audience": "public"}).status_code
        == 422
    )


@pytest.mark.parametrize("title", ["New", "Loans"])
def test_a_bank_whose_name_is_taken_gets_an_address_of_its_own(hana, instructor, title):
    library = instructor.memberships.get().organisation
    given = {"title": title, "organisation": library.pk, "audience": "organisation"}
    for _time in range(2):
        made = hana.post("/author/banks/new/", given)
        assert f'value="{title}"' in hana.get(made.url).content.decode()

    assert len(set(Bank.objects.filter(title=title).values_list("slug", flat=True)) - {"new"}) == 2


def test_questions_that_look_alike_are_settled(hana, bank):
    stem = "A patron asks for the sixth article of a journal in one year, what is a sound next step for you?"
    first = question_in(bank, single("A-1", stem=stem))
    same = question_in(bank, single("A-2", stem=stem.upper()))
    near = question_in(bank, single("A-3", stem=stem.replace("sound", "good")))
    here = f"/author/questions/duplicates/?bank={bank.slug}"
    page = words(hana.get(here))
    assert "They say the same" in page
    assert f"Keep {first.pk}, retire {same.pk}" in page
    settle = "/author/questions/duplicates/settle/"
    hana.post(settle, {"first": first.pk, "second": near.pk})
    hana.post(settle, {"first": same.pk, "second": near.pk})
    hana.post(settle, {"first": first.pk, "second": same.pk, "keep": first.pk})
    same.refresh_from_db()
    assert same.retired_at is not None
    assert "None look alike" in words(hana.get(here))
    assert hana.post(settle, {"first": "x", "second": "9" * 30}).status_code == 404


def test_the_author_menu_leads_to_the_bank(hana, course):
    page = words(hana.get("/author/"))
    assert 'href="/author/questions/"' in page
    assert 'href="/author/questions/" aria-current="page"' in words(hana.get("/author/questions/"))
