"""The pages of practice: the gallery, an engine, the desk, the debrief, the replay."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from courses.jobs import sweep_moves
from courses.services.publishing import publish_preview
from quizzes import exports
from quizzes.models import PracticeCase, PracticeRun
from quizzes.services.practising import act, begin_free, end, hint
from tests.factories.accounts import UserFactory
from tests.factories.practice import LESSON, begin, errands, play_all, publish_practice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_engines")]


@pytest.fixture
def rosa(trainee: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(trainee)


def page(client: Client, address: str, **data: str) -> str:
    answer = client.get(address, data)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_the_gallery_shows_what_there_is_and_what_one_has_done(rosa: Client, trainee: User):
    publish_practice()
    before = page(rosa, "/practice/")
    assert "Run errands" in before
    assert "2 written cases" in before
    assert "Your skills so far" not in before

    play_all(begin_free(learner=trainee, engine="errands"), "lend", "lend")
    run = begin_free(learner=trainee, engine="sums")
    after = page(rosa, "/practice/")
    assert f"Best {PracticeRun.objects.finished().get().percent}%, 1 try" in after
    assert "Your skills so far" in after
    assert "On your desk" in after
    assert f"/practice/runs/{run.pk}/" in after


def test_the_gallery_is_searched_and_filtered(rosa: Client):
    assert "Add up</a>" not in page(rosa, "/practice/", q="errands")
    assert "Run errands</a>" not in page(rosa, "/practice/", skill="leading", time="5")
    nothing = page(rosa, "/practice/", q="zebra")
    assert "Nothing for “zebra”" in nothing
    assert 'href="/practice/"' in nothing
    page(rosa, "/practice/", skill="nonsense", time="-1")


def test_a_new_world_is_made_from_the_side_of_the_desk_that_was_chosen(rosa: Client, trainee: User):
    assert 'name="side"' in page(rosa, "/practice/workflow/")
    assert 'name="side"' not in page(rosa, "/practice/errands/")
    rosa.post("/practice/workflow/start/", {"side": "lend", "level": "basic"})
    run = PracticeRun.objects.get()
    assert (run.case["side"], run.case["level"]) == ("lend", "basic")
    end(run=run, turn=0)
    after = page(rosa, f"/practice/runs/{run.pk}/debrief/")
    assert 'name="side" value="lend"' in after
    assert 'name="level" value="basic"' in after
    rosa.post("/practice/workflow/start/", {"side": "sideways"})
    assert "side" not in PracticeRun.objects.open().get().case


def test_a_lesson_says_from_which_side_its_new_worlds_are(trainee: User):
    course = publish_practice(engine="workflow", generated=True, side="lend")
    assert begin(trainee, course).case["side"] == "lend"


def test_a_desk_with_two_sides_is_found_under_the_topic_of_each(rosa: Client):
    assert "Run a day at the desk</a>" in page(rosa, "/practice/", skill="borrowing")
    lending = page(rosa, "/practice/", skill="lending")
    assert "Run a day at the desk</a>" in lending
    assert lending.count('name="side" value="lend"') == 1
    assert "Run a day at the desk</a>" not in page(rosa, "/practice/", skill="copyright")


def test_visitors_look_and_are_asked_to_sign_in_to_play(client: Client):
    publish_practice()
    assert "Sign in to start" in page(client, "/practice/errands/")
    assert "/accounts/login/" in client.post("/practice/errands/start/").url


def test_cases_are_found_by_words_level_and_order(rosa: Client):
    cases = [
        errands("case-1", title="Zebra", level="advanced"),
        errands("case-2", title="Aardvark", level="basic", brief="About **ants**."),
    ]
    publish_practice(cases=cases)
    by_title = page(rosa, "/practice/errands/", sort="title")
    assert by_title.index("Aardvark") < by_title.index("Zebra")
    assert "Zebra" not in page(rosa, "/practice/errands/", q="ants")
    assert "Aardvark" not in page(rosa, "/practice/errands/", level="advanced")
    assert "No case fits" in page(rosa, "/practice/errands/", q="unicorn")


def test_a_new_world_can_be_asked_for_while_a_run_of_a_course_is_open(rosa: Client, trainee: User):
    run = begin(trainee, publish_practice())
    both = page(rosa, "/practice/errands/")
    assert f'href="/practice/runs/{run.pk}/"' in both
    assert 'action="/practice/errands/start/"' in both
    rosa.post("/practice/errands/start/")
    assert 'action="/practice/errands/start/"' not in page(rosa, "/practice/errands/")


def test_a_case_of_a_course_is_played_in_free_practice(rosa: Client, trainee: User):
    course = publish_practice()
    case = PracticeCase.objects.get(uid="case-2")
    answer = rosa.post(f"/practice/cases/{case.pk}/start/", {"mode": "exam"})
    run = PracticeRun.objects.get()
    assert answer.url == f"/practice/runs/{run.pk}/"
    assert (run.enrolment, run.course, run.mode, run.purpose) == (None, course, "exam", "practice")
    play_all(run, "borrow", "recall")
    assert "Best 100%, 1 try" in page(rosa, "/practice/errands/")


def test_two_lessons_may_each_have_a_case_of_one_uid(rosa: Client, trainee: User):
    twin = {"engine": "errands", "title": "A copy", "cases": [errands("case-1", "renew", "recall")]}
    publish_practice(cases=[errands("case-1")], lessons=[("practice", "copied", twin)])
    for case in PracticeCase.objects.order_by("pk"):
        rosa.post(f"/practice/cases/{case.pk}/start/")
    first, second = PracticeRun.objects.order_by("pk")
    assert first.case["errands"] != second.case["errands"]
    end(run=play_all(first, "lend", "renew"), turn=2)
    assert page(rosa, "/practice/errands/").count("Best 100%") == 1


def test_a_new_edition_leaves_one_case_of_each_uid(rosa: Client):
    course = publish_practice()
    publish_practice(slug="another", cases=[errands("other")])
    assert page(rosa, "/practice/errands/").count("Errands of case-1") == 2  # its name, and the name of its button
    course.archived_at = course.created_at
    course.save()
    assert "Errands of case-1" not in page(rosa, "/practice/errands/")


def test_bad_input_is_said_beside_the_field_and_changes_nothing(rosa: Client, trainee: User):
    run = begin_free(learner=trainee, engine="errands")
    desk = f"/practice/runs/{run.pk}/do/"
    answer = rosa.post(desk, {"verb": "errand", "word": "fly", "turn": "0"})
    assert answer.status_code == 422
    assert "Choose an errand." in answer.content.decode()
    for nonsense in [{}, {"verb": "x" * 500}, {"verb": "errand", "turn": "-1"}, {"verb": "undo", "turn": "9" * 30}]:
        answer = rosa.post(desk, nonsense)
        assert answer.status_code in (409, 422)
        assert "Errand 1 of 2." in answer.content.decode()
    run.refresh_from_db()
    assert (run.turn, run.state["done"]) == (0, [])


def test_world_and_state_are_the_servers(rosa: Client, trainee: User):
    run = begin_free(learner=trainee, engine="sums")
    lies = {"seed": "1", "state": '{"over": true}', "case": "{}", "percent": "100", "generated": "1"}
    rosa.post(f"/practice/runs/{run.pk}/do/", {"verb": "finish", "turn": "0", "sum": "nonsense", **lies})
    after = PracticeRun.objects.get()
    assert (after.seed, after.case, after.percent) == (run.seed, run.case, 0)


def test_another_tab_is_told_where_it_stands(rosa: Client, trainee: User):
    run = begin_free(learner=trainee, engine="errands")
    act(run=run, turn=0, move={"verb": "errand", "word": "lend"})
    answer = rosa.post(f"/practice/runs/{run.pk}/do/", {"verb": "errand", "word": "renew", "turn": "0"})
    assert answer.status_code == 409
    assert "in another tab" in answer.content.decode()
    assert "Done: lend." in answer.content.decode()


def test_the_key_is_not_on_the_desk(rosa: Client, trainee: User):
    course = publish_practice(cases=[errands("case-1", "renew", "recall", brief="Two errands.")])
    run = begin(trainee, course)
    said = page(rosa, f"/practice/runs/{run.pk}/")
    assert "The note says so." not in said
    hint(run=run, turn=0)
    assert "It begins with r." in page(rosa, f"/practice/runs/{run.pk}/")


def test_the_debrief_says_why_and_leads_to_the_lesson_that_explains_it(rosa: Client, trainee: User):
    course = publish_practice(
        cases=[errands("case-1", back_to={"errand": "read-this"})], lessons=[("text", "read-this", {"title": "Read"})]
    )
    run = play_all(begin(trainee, course), "recall", "renew")
    said = page(rosa, f"/practice/runs/{run.pk}/debrief/")
    assert "this would do harm" in said
    assert f'href="/courses/{course.slug}/read-this/"' in said
    assert said.index("Worth another look") < said.index("Errand 1") < said.index("What held")
    assert "An expert" in said
    assert rosa.get(f"/practice/runs/{run.pk}/").url == f"/practice/runs/{run.pk}/debrief/"


def test_a_run_that_outlived_its_lesson_says_that_it_does_not_count(rosa: Client, trainee: User):
    more = {"slug": "asked-anew", "lessons": [("text", "read-this", {})]}
    run = begin(trainee, publish_practice(**more))
    publish_practice(**more, kind="refresh", note="New", cases=[errands("case-1", "renew", "lend")])
    said = "has been asked anew since you began"
    play_all(run, "lend", "renew")
    assert said not in page(rosa, f"/practice/runs/{run.pk}/debrief/")
    sweep_moves()
    assert said in page(rosa, f"/practice/runs/{run.pk}/debrief/")


def test_a_lesson_of_another_course_is_linked_only_for_those_who_find_it(rosa: Client, trainee: User):
    other = publish_practice(slug="elsewhere", audience="unlisted", lessons=[("text", "read-this", {"title": "Read"})])
    hidden = publish_practice(slug="hidden", audience="organisation", lessons=[("text", "read-this", {})])
    refs = {"errand.0": f"{other.slug}/read-this", "errand.1": f"{hidden.slug}/read-this"}
    run = play_all(begin(trainee, publish_practice(cases=[errands("case-1", back_to=refs)])), "borrow", "borrow")
    said = page(rosa, f"/practice/runs/{run.pk}/debrief/")
    assert "/courses/elsewhere/read-this/" in said
    assert "/courses/hidden/" not in said


def test_a_run_is_replayed_step_by_step(rosa: Client, trainee: User):
    run = play_all(begin(trainee, publish_practice()), "lend", "borrow")
    first = page(rosa, f"/practice/runs/{run.pk}/replay/")
    assert "Step 0 of 2" in first
    assert "Done: nothing." in first
    last = page(rosa, f"/practice/runs/{run.pk}/replay/", step="99")
    assert "Step 2 of 2" in last
    assert "Done: lend, borrow." in last
    assert "<button" not in last.split("<main")[1].split("</main>")[0]


def test_the_same_world_again_begins_where_it_began(rosa: Client, trainee: User):
    run = play_all(begin_free(learner=trainee, engine="errands"), "lend", "lend")
    answer = rosa.post(f"/practice/runs/{run.pk}/again/")
    twin = PracticeRun.objects.open().get()
    assert answer.url == f"/practice/runs/{twin.pk}/"
    assert (twin.case, twin.seed, twin.state["done"]) == (run.case, run.seed, [])


def test_a_run_that_its_engine_left_behind_is_said_and_closed(rosa: Client, trainee: User):
    run = begin_free(learner=trainee, engine="errands")
    PracticeRun.objects.update(engine_version=7)
    answer = rosa.get(f"/practice/runs/{run.pk}/")
    assert answer.status_code == 409
    assert "has changed since you began" in answer.content.decode()
    rosa.post(f"/practice/runs/{run.pk}/do/", {"verb": "end", "turn": "0"})
    assert PracticeRun.objects.get().finished_at is not None
    closed = page(rosa, f"/practice/runs/{run.pk}/debrief/")
    assert "It could not be judged any more" in closed
    assert "All of it holds" not in closed
    assert "had met this world" not in closed
    assert "A new one" in closed
    assert "The same world again" not in closed


def test_htmx_gets_the_desk_alone_and_is_sent_to_the_debrief(rosa: Client, trainee: User):
    run = begin_free(learner=trainee, engine="errands")
    desk = f"/practice/runs/{run.pk}/do/"
    step = rosa.post(desk, {"verb": "errand", "word": "lend", "turn": "0"}, headers={"hx-request": "true"})
    assert "<html" not in step.content.decode()
    assert 'id="desk"' in step.content.decode()
    over = rosa.post(desk, {"verb": "errand", "word": "lend", "turn": "1"}, headers={"hx-request": "true"})
    assert over.headers["HX-Redirect"] == f"/practice/runs/{run.pk}/debrief/"


def test_pages_ask_the_database_no_more_often_when_there_is_more(
    trainee: User, client_of: Callable[[User], Client], django_assert_max_num_queries: Callable
):
    cases = [errands(f"case-{number}") for number in range(30)]
    course = publish_practice(cases=cases)
    for learner in [trainee, UserFactory()]:
        for number in range(4):
            end(run=begin(learner, course, f"case-{number}"), turn=0)
            end(run=begin_free(learner=learner, engine="errands"), turn=0)
    begin_free(learner=trainee, engine="errands")
    finished = PracticeRun.objects.finished().filter(learner=trainee).first()
    rosa = client_of(trainee)
    rosa.get("/practice/")
    for address, most in [
        ("/practice/", 8),
        ("/practice/errands/", 10),
        (f"/courses/{course.slug}/{LESSON}/", 10),
        (f"/practice/runs/{finished.pk}/debrief/", 8),
        (f"/practice/runs/{PracticeRun.objects.open().first().pk}/", 5),
    ]:
        with django_assert_max_num_queries(most):
            assert rosa.get(address).status_code == 200


def test_what_one_practised_is_part_of_ones_data(trainee: User):
    play_all(begin(trainee, publish_practice()), "lend", "borrow")
    [run] = exports.practice_for(trainee)
    assert run["percent"] == 50
    assert [each["word"] for each in run["moves"]] == ["lend", "borrow"]
    assert run["decisions"][1] == {"label": "Errand 2", "did": "borrow", "fraction": "0"}


def test_a_run_in_a_preview_leads_back_into_the_preview(instructor: User, client_of: Callable[[User], Client]):
    course = publish_practice(owner=instructor)
    token = publish_preview(course=course, actor=instructor).token
    hana = client_of(instructor)
    here = f"/courses/{course.slug}/{LESSON}/"
    answer = hana.post(f"{here}do/start/?preview={token}")
    assert f'href="{here}?preview={token}"' in page(hana, answer.url)
    run = PracticeRun.objects.get()
    assert (run.purpose, run.enrolment) == ("preview", None)
    assert f'href="{here}?preview={token}"' in page(hana, end(run=run, turn=0) and f"{answer.url}debrief/")


def test_asking_for_a_hint_keeps_what_was_filled_in(rosa: Client, trainee: User):
    run = begin_free(learner=trainee, engine="sums")
    desk, do = f"/practice/runs/{run.pk}/", f"/practice/runs/{run.pk}/do/"
    assert 'name="filled"' in page(rosa, desk)
    rosa.post(do, {"verb": "hint", "turn": "0", "filled": "1", "sum": "12", "difference": ""})
    run.refresh_from_db()
    assert (run.hinted, run.state["answers"], run.turn) == (["sum"], {"sum": "12"}, 1)
    assert 'value="12"' in page(rosa, desk)
    rosa.post(do, {"verb": "hint", "turn": "1"})  # from no form: what is there stays
    run.refresh_from_db()
    assert (run.hinted, run.state["answers"]) == (["sum", "difference"], {"sum": "12"})


def test_leaving_saves_what_was_filled_in_without_scripts_too(rosa: Client, trainee: User):
    run = begin_free(learner=trainee, engine="sums")
    assert 'form="desk-form" name="verb" value="leave"' in page(rosa, f"/practice/runs/{run.pk}/")
    said = {"verb": "leave", "turn": "0", "filled": "1", "sum": "12"}
    assert rosa.post(f"/practice/runs/{run.pk}/do/", said)["Location"] == "/practice/sums/"
    assert PracticeRun.objects.get().state["answers"] == {"sum": "12"}


def test_ending_it_counts_what_was_filled_in(rosa: Client, trainee: User):
    run = begin_free(learner=trainee, engine="sums")
    do = f"/practice/runs/{run.pk}/do/"
    right = {"sum": str(run.case["a"] + run.case["b"]), "difference": ""}
    rosa.post(do, {"verb": "end", "turn": "0", "filled": "1", **right})
    run.refresh_from_db()
    assert (run.percent, run.state["answers"]["sum"]) == (50, right["sum"])


def test_the_replay_of_what_was_ended_early_shows_what_was_filled_in_and_says_what_was_not(rosa: Client, trainee: User):
    run = begin_free(learner=trainee, engine="sums")
    act(run=run, turn=0, move={"verb": "check", "answers": {"sum": "1"}})
    right = {"sum": str(run.case["a"] + run.case["b"]), "difference": ""}
    rosa.post(f"/practice/runs/{run.pk}/do/", {"verb": "end", "turn": "1", "filled": "1", **right})
    saved = page(rosa, f"/practice/runs/{run.pk}/replay/", step="1")
    assert "Step 1 of 2" in saved
    assert "Check my work" in saved
    assert 'value="1"' in saved
    last = page(rosa, f"/practice/runs/{run.pk}/replay/", step="2")
    assert f'value="{right["sum"]}"' in last
    assert "You ended it here." in last
    assert "Not decided: Difference." in last
    debrief = page(rosa, f"/practice/runs/{run.pk}/debrief/")
    assert "<strong>You:</strong> Not decided." in debrief
    assert f"Sum: {right['sum']}" in debrief
    assert "Not decided: Difference." in debrief


def test_the_replay_of_steps_ends_where_they_were_given_up(rosa: Client, trainee: User):
    run = begin_free(learner=trainee, engine="errands")
    act(run=run, turn=0, move={"verb": "errand", "word": run.case["errands"][0]})
    end(run=run, turn=1)
    last = page(rosa, f"/practice/runs/{run.pk}/replay/", step="2")
    assert "Step 2 of 2" in last
    assert "Not decided: Errand 2." in last


def test_ending_it_on_an_old_page_ends_what_there_is_now(rosa: Client, trainee: User):
    run = begin_free(learner=trainee, engine="sums")
    act(run=run, turn=0, move={"verb": "keep", "answers": {"sum": "12"}})
    rosa.post(f"/practice/runs/{run.pk}/do/", {"verb": "end", "turn": "0", "filled": "1", "sum": "13"})
    run.refresh_from_db()
    assert run.finished_at is not None
    assert run.state["answers"] == {"sum": "12"}
