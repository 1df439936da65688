"""First run: administrator, library, instructor (D20)."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.services.people import add_member, create_person
from core.errors import Conflict, InvalidInput


def is_set_up() -> bool:
    """Whether there is an administrator."""
    return User.objects.filter(is_superuser=True, is_active=True).exists()


@transaction.atomic
def set_up(*, email: str, name: str, password: str | None, organisation: str, slug: str) -> User:
    """Make the first administrator, who manages and may write for the first organisation.

    Raises ``Conflict`` when there is an administrator, ``InvalidInput`` for a name or address that is taken.
    """
    if is_set_up():
        raise Conflict(_("This site has an administrator already."))
    try:
        with transaction.atomic():
            place = Organisation.objects.create(name=organisation, slug=slug)
    except IntegrityError:
        message = _("There is an organisation of this short name.")
        raise InvalidInput(message, fields={"slug": message}) from None
    person = create_person(
        email=email, name=name, password=password, email_verified=True, is_staff=True, is_superuser=True
    )
    add_member(person=person, organisation=place, is_manager=True, is_instructor=True)
    return person
