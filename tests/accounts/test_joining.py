"""Invitations and join codes, from both sides."""

import re
from smtplib import SMTPServerDisconnected

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail

from accounts import jobs
from accounts.models import Invitation, JoinCode, Membership, TeamMembership, User
from accounts.services import inviting
from core.errors import InvalidInput
from tests.factories.accounts import PASSWORD, InvitationFactory, JoinCodeFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


def address_of(invitation):
    return f"/invitations/{inviting.token_of(invitation)}/"


@pytest.fixture
def invitation(library, team, supervisor):
    return InvitationFactory(organisation=library, team=team, invited_by=supervisor, email="dev.patel@example.org")


def test_an_invitation_goes_out_once_and_its_link_opens_the_page(library, team, supervisor, client):
    inviting.invite(organisation=library, emails=["Dev.Patel@example.org"], invited_by=supervisor, team=team)
    assert jobs.send_waiting_invitations()["invitations"] == 1
    assert jobs.send_waiting_invitations()["invitations"] == 0
    [message] = mail.outbox
    assert message.to == ["dev.patel@example.org"]
    assert message.reply_to == [supervisor.email]
    there = re.search(r"http://[^/]+(/invitations/\S+)", message.body).group(1)
    assert "Borrowing desk" in client.get(there).content.decode()


def test_the_link_is_not_in_the_database(library, supervisor):
    [invitation] = inviting.invite(organisation=library, emails=["dev@example.org"], invited_by=supervisor)
    token = inviting.token_of(invitation)
    assert token not in {str(value) for value in Invitation.objects.values_list().get()}


def test_an_invitation_that_could_not_be_sent_waits(library, supervisor, monkeypatch):
    inviting.invite(organisation=library, emails=["dev@example.org"], invited_by=supervisor)

    def broken(**message):
        raise SMTPServerDisconnected("gone")

    with monkeypatch.context() as patch:
        patch.setattr("accounts.jobs.invitations.send_invitation", broken)
        assert jobs.send_waiting_invitations()["invitations_failed"] == 1
    assert jobs.send_waiting_invitations()["invitations"] == 1


def test_who_accepts_joins_library_and_team_in_the_role_offered(invitation, client_of, library, team):
    invitation.role = TeamMembership.Role.SUPERVISOR
    invitation.save()
    person = UserFactory(email="dev.patel@example.org")
    EmailAddress.objects.update(verified=False)
    response = client_of(person).post(address_of(invitation))
    assert EmailAddress.objects.get(user=person).verified
    assert response["Location"] == "/home/"
    assert Membership.objects.get(person=person).organisation == library
    place = TeamMembership.objects.get(person=person)
    assert (place.team, place.role) == (team, "supervisor")


def test_a_new_person_signs_up_and_comes_back_to_their_place(invitation, client):
    page = client.get(address_of(invitation)).content.decode()
    there = re.search(r'href="(/accounts/signup/[^"]+)"', page).group(1).replace("&amp;", "&")
    form = client.get(there)
    assert form.context["form"].initial["email"] == "dev.patel@example.org"
    data = {
        "name": "Dev Patel",
        "email": "dev.patel@example.org",
        "password1": "quiet shelf lantern",
        "next": address_of(invitation),
    }
    assert client.post("/accounts/signup/", data)["Location"] == address_of(invitation)
    client.post(address_of(invitation))
    assert User.objects.get(email="dev.patel@example.org").memberships.exists()


def test_a_get_accepts_nothing(invitation, client_of):
    client_of(UserFactory()).get(address_of(invitation))
    assert Invitation.objects.open().count() == 1


def test_a_visitors_post_accepts_nothing(invitation, client):
    assert client.post(address_of(invitation)).status_code == 200
    assert Invitation.objects.open().count() == 1


def test_another_account_is_told_whose_invitation_it_is(invitation, client_of):
    page = client_of(UserFactory(email="other@example.org")).get(address_of(invitation)).content.decode()
    assert "You are signed in as other@example.org; the invitation went to dev.patel@example.org" in page
    same = client_of(UserFactory(email="dev.patel@example.org")).get(address_of(invitation)).content.decode()
    assert "the invitation went to" not in same


def test_an_invitation_works_once(invitation, client_of):
    client_of(UserFactory()).post(address_of(invitation))
    late = client_of(UserFactory()).post(address_of(invitation))
    assert late.status_code == 410
    assert "has been used" in late.content.decode()
    assert (
        Membership.objects.filter(organisation=invitation.organisation, person__name__startswith="Person").count() == 1
    )


def test_accepting_twice_is_harmless(invitation):
    person = UserFactory()
    first = inviting.accept(invitation=invitation, person=person)
    assert inviting.accept(invitation=invitation, person=person) == first


@pytest.mark.parametrize(("trait", "sentence"), [("expired", "has run out"), ("withdrawn", "was taken back")])
def test_a_link_that_no_longer_works_says_why(client_of, trait, sentence, library, supervisor):
    invitation = InvitationFactory(organisation=library, invited_by=supervisor, **{trait: True})
    person = UserFactory()
    for response in (client_of(person).get(address_of(invitation)), client_of(person).post(address_of(invitation))):
        assert response.status_code == 410
        assert sentence in response.content.decode()
    assert not person.memberships.exists()


def test_an_unknown_link_is_404(client, db):
    response = client.get("/invitations/nonsense/")
    assert response.status_code == 404
    assert "We do not know this invitation" in response.content.decode()


def test_sending_again_makes_a_new_link_and_the_old_one_stops(invitation, client, client_of, manager):
    old = address_of(invitation)
    with time_machine.travel(invitation.created_at, tick=True):
        client_of(manager).post(f"/organisation/invitations/{invitation.pk}/again/")
    invitation.refresh_from_db()
    assert address_of(invitation) != old
    assert client.get(old).status_code == 404
    assert client.get(address_of(invitation)).status_code == 200
    assert jobs.send_waiting_invitations()["invitations"] == 1


def test_inviting_the_same_address_again_keeps_one_open_invitation(library, supervisor, invitation):
    inviting.invite(organisation=library, emails=["DEV.patel@example.org"], invited_by=supervisor)
    assert Invitation.objects.count() == 1


def test_a_used_invitation_cannot_be_sent_again(invitation, client_of, manager):
    inviting.accept(invitation=invitation, person=UserFactory())
    page = client_of(manager).post(f"/organisation/invitations/{invitation.pk}/again/", follow=True).content.decode()
    assert "This invitation has been used." in page


def test_withdrawing_closes_the_link(invitation, client_of, manager, client):
    client_of(manager).post(f"/organisation/invitations/{invitation.pk}/withdraw/")
    assert client.get(address_of(invitation)).status_code == 410


def test_only_managers_and_its_supervisors_reach_an_invitation(invitation, client_of, stranger, trainee, supervisor):
    for person, status in ((stranger, 404), (trainee, 404), (supervisor, 302)):
        assert client_of(person).post(f"/organisation/invitations/{invitation.pk}/withdraw/").status_code == status


def test_a_supervisor_invites_to_the_team_they_lead_and_to_no_other(client_of, supervisor, trainee, team, library):
    other = TeamFactory(organisation=library)
    data = {"addresses": "dev@example.org", "team": team.pk, "role": "trainee", "step": "invite"}
    client = client_of(supervisor)
    assert client.get(f"/team/{team.pk}/invite/").status_code == 200
    assert client.post(f"/team/{team.pk}/invite/", data).status_code == 302
    assert client.post(f"/team/{team.pk}/invite/", data | {"team": other.pk}).status_code == 422
    assert client.get(f"/team/{other.pk}/invite/").status_code == 404
    assert client_of(trainee).post(f"/team/{team.pk}/invite/", data).status_code == 404
    assert [invitation.team for invitation in Invitation.objects.all()] == [team]


LIST = """Dev Patel <dev.patel@example.org>
not an address
ROSA.DELGADO@example.org

priya@example.org; dev.patel@example.org"""


def test_a_pasted_list_is_looked_through_line_by_line_before_anything_is_sent(client_of, manager, trainee, library):
    data = {"addresses": LIST, "role": "trainee", "step": "look"}
    response = client_of(manager).post("/organisation/riverbend/people/add/", data)
    assert response.status_code == 200
    assert not Invitation.objects.exists()
    form = response.context["form"]
    assert form.good() == ["dev.patel@example.org", "priya@example.org"]
    assert [(line.number, line.text) for line in form.faults()] == [
        (2, "not an address"),
        (3, "ROSA.DELGADO@example.org"),
        (5, "dev.patel@example.org"),
    ]
    page = response.content.decode()
    assert "belongs to the organisation already" in page
    assert "The same address as in line 1." in page


def test_the_good_lines_are_invited_after_the_look(client_of, manager, trainee, library):
    data = {"addresses": LIST, "role": "trainee", "step": "invite"}
    assert client_of(manager).post("/organisation/riverbend/people/add/", data).status_code == 302
    assert set(Invitation.objects.values_list("email", flat=True)) == {"dev.patel@example.org", "priya@example.org"}


@pytest.mark.parametrize(
    "data",
    [
        {"addresses": "", "role": "trainee"},
        {"addresses": "only nonsense", "role": "trainee", "step": "invite"},
        {"addresses": "a@example.org", "role": "king"},
        {"addresses": "\n".join(f"p{n}@example.org" for n in range(501)), "role": "trainee", "step": "invite"},
    ],
)
def test_a_list_that_cannot_be_sent_is_422(client_of, manager, data):
    assert client_of(manager).post("/organisation/riverbend/people/add/", data).status_code == 422
    assert not Invitation.objects.exists()


def test_a_code_lets_a_signed_in_person_in(client_of, library, team):
    code = JoinCodeFactory(organisation=library, team=team, uses_left=2)
    person = UserFactory()
    client_of(person).post("/join/", {"code": f" {code.code[:4].lower()}-{code.code[4:]} "})
    assert person.memberships.get().organisation == library
    assert person.team_memberships.get().role == "trainee"
    code.refresh_from_db()
    assert code.uses_left == 1


def test_joining_twice_uses_one_place(library, team):
    code = JoinCodeFactory(organisation=library, team=team, uses_left=2)
    person = UserFactory()
    assert inviting.join(code=code.code, person=person) == inviting.join(code=code.code, person=person)
    code.refresh_from_db()
    assert code.uses_left == 1


def test_the_last_place_goes_once(library):
    code = JoinCodeFactory(organisation=library, uses_left=1)
    inviting.join(code=code.code, person=UserFactory())
    with pytest.raises(InvalidInput):
        inviting.join(code=code.code, person=UserFactory())


@pytest.mark.parametrize("trait", [{"expired": True}, {"closed": True}, {"uses_left": 0}, {"code": "OTHER234"}])
def test_a_code_that_does_not_work_is_422_with_one_answer_for_all(client_of, library, trait):
    JoinCodeFactory(organisation=library, **({"code": "K7MQ4PXD"} | trait))
    person = UserFactory()
    response = client_of(person).post("/join/", {"code": "K7MQ4PXD"})
    assert response.status_code == 422
    assert "We do not know this code, or it is closed." in response.content.decode()
    assert not person.memberships.exists()


def test_a_visitor_with_a_code_goes_to_sign_up_with_it(client, library):
    code = JoinCodeFactory(organisation=library)
    there = client.post("/join/", {"code": code.code})["Location"]
    assert there == f"/accounts/signup/?join_code={code.code}"
    assert f'value="{code.code}"' in client.get(there).content.decode()
    assert client.post("/join/", {"code": "NOTACODE"}).status_code == 422


def test_a_manager_makes_and_closes_codes(client_of, manager, library, team):
    client = client_of(manager)
    client.post("/organisation/riverbend/codes/", {"team": team.pk, "days": 7, "uses": 5})
    code = JoinCode.objects.get()
    assert f"{code.code[:4]}-{code.code[4:]}" in client.get("/organisation/riverbend/codes/").content.decode()
    assert not set(code.code) & set("01OIL")
    client.post(f"/organisation/codes/{code.pk}/close/")
    assert not JoinCode.objects.open().exists()
    assert client.post("/organisation/riverbend/codes/", {"days": 0, "uses": 5}).status_code == 422


def test_nobody_else_closes_a_code(client_of, library, stranger, trainee, supervisor):
    code = JoinCodeFactory(organisation=library)
    for person in (stranger, trainee, supervisor):
        assert client_of(person).post(f"/organisation/codes/{code.pk}/close/").status_code == 404
    assert JoinCode.objects.open().exists()


def test_a_sign_in_page_leads_back_to_the_invitation(invitation, client, trainee):
    response = client.post(
        "/accounts/login/", {"login": trainee.email, "password": PASSWORD, "next": address_of(invitation)}
    )
    assert response["Location"] == address_of(invitation)
