"""The admin of accounts: every page opens, and its writes go through the services."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.urls import reverse

from accounts.models import Invitation, Membership, User
from accounts.signals import membership_changed
from tests.factories.accounts import InvitationFactory, JoinCodeFactory, NoticeFactory

pytestmark = pytest.mark.django_db
MODELS = [model for model in admin.site._registry if model._meta.app_label == "accounts"]


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_changelist_opens_and_searches(model, client_of, site_admin, trainee):
    InvitationFactory()
    JoinCodeFactory()
    NoticeFactory()
    there = reverse(f"admin:accounts_{model._meta.model_name}_changelist")
    client = client_of(site_admin)
    assert client.get(there).status_code == 200
    assert client.get(f"{there}?q=rosa").status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_a_row_opens(model, client_of, site_admin, trainee):
    InvitationFactory()
    JoinCodeFactory()
    NoticeFactory()
    row = model.objects.first()
    if row is not None:
        there = reverse(f"admin:accounts_{model._meta.model_name}_change", args=[row.pk])
        assert client_of(site_admin).get(there).status_code == 200


FORMSET = {
    f"memberships-{name}": value
    for name, value in {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0", "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": "1000"}.items()
}


def test_a_person_added_there_can_be_found_by_sign_in(client_of, site_admin):
    data = {"email": "new@example.org", "name": "New", "is_active": "on", **FORMSET}
    response = client_of(site_admin).post(reverse("admin:accounts_user_add"), data)
    assert response.status_code == 302
    person = User.objects.get(email="new@example.org")
    assert EmailAddress.objects.get(user=person).primary
    assert not person.has_usable_password()


def test_a_membership_added_there_is_told_upwards(client_of, site_admin, trainee, library):
    Membership.objects.filter(person=trainee).delete()
    heard = []

    def on_change(sender, person, **kwargs):
        heard.append(person)

    membership_changed.connect(on_change)
    data = {"email": trainee.email, "name": trainee.name, "is_active": "on", **FORMSET}
    data |= {"memberships-TOTAL_FORMS": "1", "memberships-0-organisation": library.pk, "memberships-0-is_primary": "on"}
    client_of(site_admin).post(reverse("admin:accounts_user_change", args=[trainee.pk]), data)
    membership_changed.disconnect(on_change)
    assert heard == [trainee]
    assert Membership.objects.filter(person=trainee).exists()


def test_invitations_are_taken_back_there(client_of, site_admin):
    invitation = InvitationFactory()
    data = {"action": "withdraw", "_selected_action": [invitation.pk]}
    client_of(site_admin).post(reverse("admin:accounts_invitation_changelist"), data)
    assert not Invitation.objects.open().exists()


@pytest.mark.parametrize("who", ["trainee", "manager", "supervisor", "instructor"])
def test_nobody_but_staff_gets_in(client_of, who, request):
    response = client_of(request.getfixturevalue(who)).get("/admin/")
    assert response.status_code == 302
