"""What an organisation asks for before its courses are published, and how often they are looked at again."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from core import clock
from core.errors import InvalidInput
from courses.models import ReviewPolicy
from courses.upkeep import MONTHS_MAX

APPROVALS_MAX = 9
REQUIRED_MAX = 20


@transaction.atomic
def set_policy(
    *, organisation: Organisation, approvals: int, required: Collection[User], review_months: int
) -> ReviewPolicy:
    """Keep what ``organisation`` asks for. It holds from now on, for editions to come.

    Raises ``InvalidInput`` for numbers outside of their range, and when somebody required can no longer sign in or does
    not belong to the organisation.
    """
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    _refuse_beyond("approvals", approvals, APPROVALS_MAX)
    _refuse_beyond("review_months", review_months, MONTHS_MAX)
    members = User.objects.active().of_organisation(organisation).filter(pk__in=[person.pk for person in required])
    if len(required) > REQUIRED_MAX or members.count() != len({person.pk for person in required}):
        message = _("Choose up to %(most)d people of your library.") % {"most": REQUIRED_MAX}
        raise InvalidInput(message, fields={"required": message})
    values = {"approvals": approvals, "review_months": review_months, "changed_at": clock.now()}
    policy, _created = ReviewPolicy.objects.update_or_create(organisation=organisation, defaults=values)
    policy.required.set(required)
    return policy


def _refuse_beyond(name: str, number: int, most: int) -> None:
    if not 0 <= number <= most:
        message = _("Choose a number from 0 to %(most)d.") % {"most": most}
        raise InvalidInput(message, fields={name: message})
