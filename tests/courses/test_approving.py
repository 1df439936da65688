"""What an organisation asks for before its courses are published."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import Membership
from core import clock
from courses.models import Review, ReviewPolicy, ReviewVerdict
from courses.selectors.reviewing import required_by
from courses.services.approving import refusals
from courses.services.publishing import publish_preview
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.courses import draft_course, publish_course
from tests.support import count_statements

PEOPLE = range(4)  # the first asks for the reviews
words = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(["approved", "changes"])), max_size=6)


class World:
    """A course of a library with a policy, and its draft frozen."""

    def __init__(self, *, approvals: int = 0, required: tuple[int, ...] = ()) -> None:
        self.people = [UserFactory(name=f"Person {number}") for number in PEOPLE]
        self.library = OrganisationFactory()
        for person in self.people:
            MembershipFactory(person=person, organisation=self.library)
        self.course = draft_course(owner=self.people[0], organisation=self.library)
        self.frozen = publish_preview(course=self.course, actor=self.people[0])
        self.said = 0
        policy = ReviewPolicy.objects.create(organisation=self.library, approvals=approvals)
        policy.required.set([self.people[each] for each in required])

    def review(self, edition=None):
        return Review.objects.create(
            course=self.course, edition=edition or self.frozen, asked_by=self.people[0], closed_at=clock.now()
        )

    def say(self, person: int, verdict: str, *, edition=None) -> None:
        """In a review of its own, as if somebody asked again and again."""
        self.said += 1
        ReviewVerdict.objects.create(
            review=self.review(edition),
            person=self.people[person],
            verdict=verdict,
            given_at=clock.now() + dt.timedelta(seconds=self.said),
        )

    def asks(self, actor=None) -> list[str]:
        return refusals(course=self.course, hash=self.frozen.hash, actor=actor)


class Rules(TestCase):
    @given(words, st.integers(0, 4), st.sets(st.sampled_from(PEOPLE[1:])))
    def test_the_last_word_of_each_counts_and_nobody_approves_their_own(self, said, approvals, required):
        world = World(approvals=approvals, required=tuple(required))
        for person, verdict in said:
            world.say(person, verdict)
        last = dict(said)
        standing = {person for person, verdict in last.items() if verdict == "approved" and person != 0}
        missing = approvals - len(standing)
        assert len(world.asks()) == (missing > 0) + len(required - standing)

    @given(words, st.sampled_from(PEOPLE), st.integers(0, 4), st.sets(st.sampled_from(PEOPLE)))
    def test_another_approval_never_refuses_more(self, said, person, approvals, required):
        world = World(approvals=approvals, required=tuple(required))
        for each, verdict in said:
            world.say(each, verdict)
        before = len(world.asks())
        world.say(person, "approved")
        assert len(world.asks()) <= before

    @given(words)
    def test_what_is_said_of_another_draft_never_counts(self, said):
        world = World(approvals=1)
        draft_course(slug=world.course.slug, title="Another title")
        other = publish_preview(course=world.course, actor=world.people[0])
        for person, verdict in said:
            world.say(person, verdict, edition=other)
        assert world.asks() == ["Another person has to approve exactly this draft."]


pytestmark = pytest.mark.django_db


def test_each_thing_that_is_asked_is_a_sentence():
    world = World(approvals=2, required=(0, 3))
    assert world.asks(world.people[0]) == [
        "2 more people have to approve exactly this draft.",
        "Your own approval is asked for: let somebody else ask for a review, then approve it.",
        "Person 3 has to approve exactly this draft.",
    ]


def test_a_review_that_is_still_open_counts_as_soon_as_the_word_is_given():
    world = World(approvals=1)
    review = Review.objects.create(course=world.course, edition=world.frozen, asked_by=world.people[0])
    verdict = ReviewVerdict.objects.create(review=review, person=world.people[1])
    assert world.asks()
    verdict.verdict, verdict.given_at = "approved", clock.now()
    verdict.save()
    assert world.asks() == []


def test_somebody_who_left_is_not_waited_for():
    world = World(required=(3,))
    world.people[3].is_active = False
    world.people[3].save()
    assert world.asks() == []


def test_somebody_who_went_to_another_library_is_neither_waited_for_nor_offered_the_draft():
    world = World(required=(2, 3))
    Membership.objects.filter(person=world.people[3]).update(organisation=OrganisationFactory())
    assert world.asks() == ["Person 2 has to approve exactly this draft."]
    assert list(required_by(world.course)) == [world.people[2]]


def test_the_same_words_in_another_course_are_another_matter():
    world = World(approvals=1)
    twin = draft_course(slug="twin", code=world.course.slug.upper()[:20], title=f"Course {world.course.slug}")
    edition = publish_preview(course=twin, actor=world.people[0])
    assert edition.hash == world.frozen.hash
    review = Review.objects.create(course=twin, edition=edition, asked_by=world.people[0])
    ReviewVerdict.objects.create(review=review, person=world.people[1], verdict="approved", given_at=clock.now())
    assert world.asks()


@pytest.mark.parametrize("organisation", [None, "without a policy"])
def test_nothing_is_asked_without_a_policy(organisation):
    owner = OrganisationFactory() if organisation else None
    course = draft_course(organisation=owner)
    assert refusals(course=course, hash="0" * 64, actor=None) == []


def test_what_learners_read_before_may_come_back_at_once():
    library = OrganisationFactory()
    course = publish_course(slug="back", organisation=library)
    first = course.current_edition
    ReviewPolicy.objects.create(organisation=library, approvals=1)
    assert refusals(course=course, hash=first.hash, actor=None) == []
    draft_course(slug="back", title="Other")
    assert refusals(course=course, hash=publish_preview(course=course, actor=UserFactory()).hash, actor=None)


def test_asking_costs_the_same_however_many_have_spoken():
    world = World(approvals=1, required=(1, 2, 3))
    assert count_statements(world.asks) == 4
    for person in (1, 2, 3):
        world.say(person, "approved")
    assert count_statements(world.asks) == 4
