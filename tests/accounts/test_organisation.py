"""The pages of a library's managers, and who may open them."""

import pytest

from accounts import local_word_registry
from accounts.models import LocalWord, Membership, Notice, Organisation, Team, TeamMembership, User
from accounts.services import people
from accounts.signals import membership_changed, zone_changed
from core.errors import InvalidInput
from tests.factories.accounts import (
    InvitationFactory,
    JoinCodeFactory,
    MembershipFactory,
    OrganisationFactory,
    TeamFactory,
    TeamMembershipFactory,
    UserFactory,
)
from tests.support import count_queries

pytestmark = pytest.mark.django_db
HERE = "/organisation/riverbend/"
PAGES = ["", "people/", "people/add/", "teams/", "invitations/", "codes/", "words/", "settings/"]


@pytest.fixture
def heard():
    """What the signals said: ``membership`` names the people, ``zone`` the sets of people."""
    said = {"membership": [], "zone": []}

    def on_membership(sender, person, **kwargs):
        said["membership"].append(person)

    def on_zone(sender, people, **kwargs):
        said["zone"].append(set(people))

    membership_changed.connect(on_membership)
    zone_changed.connect(on_zone)
    yield said
    membership_changed.disconnect(on_membership)
    zone_changed.disconnect(on_zone)


@pytest.mark.parametrize("page", PAGES)
def test_managers_and_administrators_open_it_members_may_not_and_strangers_see_nothing(
    page, client_of, client, manager, trainee, supervisor, instructor, stranger, site_admin
):
    assert client_of(manager).get(HERE + page).status_code == 200
    assert client_of(site_admin).get(HERE + page).status_code == 200
    for person in (trainee, supervisor, instructor):
        assert client_of(person).get(HERE + page).status_code == 403
    assert client_of(stranger).get(HERE + page).status_code == 404
    assert client.get(HERE + page)["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("page", ["people/{uuid}/", "people/{uuid}/remove/", "teams/{team}/", "teams/{team}/delete/"])
def test_a_manager_of_another_library_reaches_nobody_here(page, client_of, stranger, manager, trainee, team):
    Membership.objects.filter(person=stranger).update(is_manager=True)
    path = page.format(uuid=trainee.uuid, team=team.pk)
    assert client_of(manager).get(HERE + path).status_code == 200
    assert client_of(stranger).get(HERE + path).status_code == 404
    assert client_of(stranger).get(f"/organisation/elsewhere/{path}").status_code == 404


def test_the_short_address_opens_ones_own_library(client_of, manager, trainee, db):
    assert "Riverbend University Library" in client_of(manager).get("/organisation/").content.decode()
    assert client_of(trainee).get("/organisation/").status_code == 403
    assert client_of(UserFactory()).get("/organisation/").status_code == 404


def test_the_menu_shows_the_organisation_to_its_managers_alone(client_of, manager, trainee):
    assert 'href="/organisation/"' in client_of(manager).get("/help/").content.decode()
    assert 'href="/organisation/"' not in client_of(trainee).get("/help/").content.decode()


def test_people_are_found_sorted_and_paged(client_of, manager, trainee, library):
    for number in range(25):
        MembershipFactory(organisation=library, person__name=f"Aaron {number:02d}")
    client = client_of(manager)
    first = client.get(HERE + "people/")
    assert next(row.person.name for row in first.context["page"]) == "Aaron 00"
    assert first.context["page"].paginator.num_pages == 2
    found = client.get(HERE + "people/?q=delgado%20rosa").context["page"]
    assert [row.person for row in found] == [trainee]
    back = client.get(HERE + "people/?sort=-name").context["page"]
    assert next(row.person.name for row in back) == "Rosa Delgado"
    assert "Nobody for “xyz”" in client.get(HERE + "people/?q=xyz").content.decode()
    assert client.get(HERE + "people/?sort=password&page=999").status_code == 200


@pytest.mark.parametrize("where", ["teams/", "teams/{team}/", "invitations/", "codes/"])
def test_lists_that_grew_are_paged_and_searched(client_of, manager, library, team, where):
    client, address = client_of(manager), HERE + where.format(team=team.pk)
    assert 'id="q"' not in client.get(address).content.decode()
    for number in range(25):
        name = f"zora{number:02d}"
        JoinCodeFactory(organisation=library, team=TeamFactory(organisation=library, name=name), created_by=manager)
        TeamMembershipFactory(team=team, person__name=name)
        InvitationFactory(organisation=library, email=f"{name}@example.org", invited_by=manager)
    assert client.get(address).context["page"].paginator.num_pages == 2
    found = client.get(f"{address}?q=zora17")
    assert found.context["page"].paginator.count == 1
    assert "zora17" in found.content.decode()
    assert "Nothing for “xyz”" in client.get(f"{address}?q=xyz").content.decode()


def test_queries_of_the_people_page_do_not_grow(client_of, manager, library, team):
    client = client_of(manager)
    client.get(HERE + "people/")
    few = count_queries(lambda: client.get(HERE + "people/"))
    for _number in range(15):
        person = MembershipFactory(organisation=library).person
        TeamMembershipFactory(team=team, person=person)
    assert count_queries(lambda: client.get(HERE + "people/")) == few


def test_queries_of_the_teams_page_do_not_grow(client_of, manager, library, team):
    client = client_of(manager)
    TeamMembershipFactory(team=team, supervisor=True)
    few = count_queries(lambda: client.get(HERE + "teams/"))
    for _number in range(10):
        TeamMembershipFactory(team__organisation=library, supervisor=True)
    assert count_queries(lambda: client.get(HERE + "teams/")) == few


def test_a_manager_gives_and_takes_roles(client_of, manager, trainee, heard):
    client = client_of(manager)
    client.post(f"{HERE}people/{trainee.uuid}/", {"is_instructor": "on"})
    membership = Membership.objects.get(person=trainee)
    assert (membership.is_manager, membership.is_instructor) == (False, True)
    assert heard["membership"] == [trainee]


def test_the_last_manager_stays(client_of, manager):
    client = client_of(manager)
    assert client.post(f"{HERE}people/{manager.uuid}/", {}).status_code == 422
    gone = client.post(f"{HERE}people/{manager.uuid}/remove/")
    assert gone.status_code == 422
    assert "An organisation needs a manager" in gone.content.decode()
    assert Membership.objects.get(person=manager).is_manager


def test_who_leaves_leaves_the_teams_too_and_keeps_another_library(client_of, manager, trainee, library, heard):
    second = MembershipFactory(person=trainee, secondary=True)
    client_of(manager).post(f"{HERE}people/{trainee.uuid}/remove/")
    second.refresh_from_db()
    assert second.is_primary
    assert not TeamMembership.objects.filter(person=trainee).exists()
    assert User.objects.filter(pk=trainee.pk, is_active=True).exists()
    assert heard["membership"] == [trainee]


def test_a_team_is_opened_renamed_filled_emptied_and_closed(client_of, manager, trainee, library, heard):
    client = client_of(manager)
    there = client.post(HERE + "teams/", {"name": "Lending desk"})["Location"]
    team = Team.objects.get(name="Lending desk")
    client.post(there, {"name": "Lending"})
    for role in ("trainee", "supervisor"):
        client.post(f"{there}add/", {"person": trainee.uuid, "role": role})
    client.post(f"{there}add/", {"person": manager.uuid, "role": "supervisor"})
    team.refresh_from_db()
    assert team.name == "Lending"
    assert set(team.memberships.values_list("person", "role")) == {
        (trainee.pk, "trainee"),
        (trainee.pk, "supervisor"),
        (manager.pk, "supervisor"),
    }
    place = team.memberships.get(person=trainee, role="trainee")
    client.post(f"{there}places/{place.pk}/remove/")
    assert set(team.memberships.filter(person=trainee).values_list("role", flat=True)) == {"supervisor"}
    assert client.get(f"{there}delete/").status_code == 200
    assert Team.objects.filter(pk=team.pk).exists()
    client.post(f"{there}delete/")
    assert not Team.objects.filter(pk=team.pk).exists()
    assert heard["membership"].count(trainee) == 4
    assert heard["membership"].count(manager) == 2


def test_who_is_put_into_a_team_by_somebody_else_is_told(client_of, manager, trainee, library):
    team = TeamFactory(organisation=library, name="Lending desk")
    client = client_of(manager)
    for _twice in range(2):
        client.post(f"{HERE}teams/{team.pk}/add/", {"person": trainee.uuid, "role": "trainee"})
    client.post(f"{HERE}teams/{team.pk}/add/", {"person": manager.uuid, "role": "supervisor"})
    [notice] = Notice.objects.all()
    assert (notice.person, notice.title) == (trainee, "You are in the team Lending desk")
    assert notice.reply_to == manager.email


def test_two_teams_of_one_library_have_different_names(client_of, manager, team, library):
    client = client_of(manager)
    assert client.post(HERE + "teams/", {"name": team.name.upper()}).status_code == 422
    other = TeamFactory(organisation=library)
    assert client.post(f"{HERE}teams/{other.pk}/", {"name": team.name}).status_code == 422
    assert client.post(HERE + "teams/", {"name": ""}).status_code == 422
    assert Team.objects.filter(organisation=library).count() == 2


def test_a_code_is_found_as_it_is_written(client_of, manager, library):
    JoinCodeFactory(organisation=library, code="K7MQ4PXD", created_by=manager)
    JoinCodeFactory(organisation=library, created_by=manager)
    [found] = client_of(manager).get(HERE + "codes/?q=k7mq-4pxd").context["page"]
    assert found.code == "K7MQ4PXD"


def test_whom_to_add_is_looked_for_and_few_are_shown(client_of, manager, stranger, library, team):
    client, address = client_of(manager), f"{HERE}teams/{team.pk}/"
    for number in range(3):
        MembershipFactory(organisation=library, person__name=f"Aaron {number:02d}")
    few = count_queries(lambda: client.get(address + "?person=aaron"))
    for number in range(3, 30):
        MembershipFactory(organisation=library, person__name=f"Aaron {number:02d}")
    assert count_queries(lambda: client.get(address + "?person=aaron")) == few
    assert "Aaron" not in client.get(address).content.decode()
    page = client.get(address + "?person=aaron").content.decode()
    assert page.count("Add as trainee") == 10
    assert "There are more. Type more of the name." in page
    MembershipFactory(organisation=library, person__name="Aaron Lodge")
    piece = client.get(address + "?person=aaron+lodge", headers={"HX-Request": "true"}).content.decode()
    assert "<h1>" not in piece
    assert piece.count("Add as supervisor") == 1
    assert "Nobody of your library" in client.get(f"{address}?person={stranger.email}").content.decode()


def test_who_is_in_the_team_is_not_offered_the_same_place_again(client_of, manager, library, team):
    person = MembershipFactory(organisation=library, person__name="Aaron Pike").person
    client, address = client_of(manager), f"{HERE}teams/{team.pk}/"
    client.post(address + "add/", {"person": person.uuid, "role": "trainee"})
    page = client.get(address + "?person=pike").content.decode()
    assert "is a trainee of this team" in page
    assert "Add as trainee" not in page
    assert "Add as supervisor" in page


def test_only_members_can_be_put_into_a_team(client_of, manager, stranger, team):
    response = client_of(manager).post(f"{HERE}teams/{team.pk}/add/", {"person": stranger.uuid, "role": "trainee"})
    assert response.status_code == 422
    assert "Look for somebody else." in response.content.decode()
    assert not team.memberships.filter(person=stranger).exists()


def test_a_new_zone_moves_the_days_of_those_who_chose_none(client_of, manager, trainee, library, heard):
    User.objects.filter(pk=manager.pk).update(time_zone="Europe/Oslo")
    data = {"name": "Riverbend", "time_zone": "Pacific/Honolulu", "working_days": ["1", "2", "6"]}
    assert client_of(manager).post(HERE + "settings/", data).status_code == 302
    library.refresh_from_db()
    assert (library.name, library.time_zone, library.working_days) == ("Riverbend", "Pacific/Honolulu", [1, 2, 6])
    assert heard["zone"] == [{trainee}]
    client_of(manager).post(HERE + "settings/", data)
    assert len(heard["zone"]) == 1


@pytest.mark.parametrize(
    "wrong", [{"time_zone": "Mars/Olympus"}, {"working_days": []}, {"working_days": ["9"]}, {"name": ""}]
)
def test_wrong_settings_are_422_and_change_nothing(client_of, manager, library, wrong):
    data = {"name": "X", "time_zone": "UTC", "working_days": ["1"]} | wrong
    assert client_of(manager).post(HERE + "settings/", data).status_code == 422
    assert Organisation.objects.get(pk=library.pk).name == "Riverbend University Library"


class Word:
    def __init__(self, key, default):
        self.key, self.label, self.default, self.help = key, key.title(), default, ""


@pytest.fixture
def words(monkeypatch):
    monkeypatch.setattr(local_word_registry, "_rows", {})
    local_word_registry.register([Word("max_cost", "the amount in your policy"), Word("chapter_code", "CCG")])


def test_local_words_are_kept_where_they_differ_from_the_default(client_of, manager, library, words):
    client = client_of(manager)
    client.post(HERE + "words/", {"max_cost": " 20 US dollars ", "chapter_code": "CCG"})
    assert list(LocalWord.objects.values_list("key", "value")) == [("max_cost", "20 US dollars")]
    client.post(HERE + "words/", {"max_cost": "", "chapter_code": "CCL"})
    assert list(LocalWord.objects.values_list("key", "value")) == [("chapter_code", "CCL")]
    assert client.post(HERE + "words/", {"max_cost": "x" * 301}).status_code == 422


def test_one_library_per_person_is_the_primary_one(library):
    person = UserFactory()
    first = people.add_member(person=person, organisation=library)
    second = people.add_member(person=person, organisation=OrganisationFactory())
    assert (first.is_primary, second.is_primary) == (True, False)
    again = people.add_member(person=person, organisation=library, is_manager=True)
    assert again.pk == first.pk
    assert again.is_manager


def test_adding_a_member_again_is_not_told_again(library, heard):
    person = UserFactory()
    for role in (False, False, True, True):
        people.add_member(person=person, organisation=library, is_instructor=role)
    assert heard["membership"] == [person, person]


def test_an_address_belongs_to_one_person_whatever_its_case(trainee):
    with pytest.raises(InvalidInput) as refusal:
        people.create_person(email="ROSA.delgado@example.org", name="Another Rosa")
    assert "email" in refusal.value.fields
