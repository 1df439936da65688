"""What a person says about themselves, and what a library says about its days and words."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from rest_framework.authtoken.models import Token

from accounts import local_word_registry
from accounts.models import LocalWord, Membership, Organisation, User
from accounts.signals import zone_changed
from core import clock
from core.errors import InvalidInput

FIELDS = ("name", "certificate_name", "time_zone", "language", "letter_keys", "theme")
THEMES = ("light", "dark", "")


@transaction.atomic
def change_profile(*, person: User, **values: str | bool) -> User:
    """Change some of ``FIELDS``; sends ``zone_changed`` when the zone is another one.

    Raises ``InvalidInput`` for an unknown time zone.
    """
    changed = [name for name in FIELDS if name in values and getattr(person, name) != values[name]]
    if "time_zone" in changed and values["time_zone"]:
        _check_zone(str(values["time_zone"]))
    for name in changed:
        setattr(person, name, values[name])
    if changed:
        person.save(update_fields=changed)
    if "time_zone" in changed:
        zone_changed.send(sender=User, people=User.objects.filter(pk=person.pk))
    return person


def choose_theme(*, person: User, theme: str) -> User:
    """Light, dark or (empty, and anything unknown) as the system says."""
    return change_profile(person=person, theme=theme if theme in THEMES else "")


@transaction.atomic
def change_organisation(
    *, organisation: Organisation, name: str, time_zone: str, working_days: list[int]
) -> Organisation:
    """Change name, zone and working days (ISO weekdays, at least one).

    A new zone moves the days of all members who chose none themselves: ``zone_changed`` names them.
    Raises ``InvalidInput``.
    """
    _check_zone(time_zone)
    if not working_days or not set(working_days) <= set(range(1, 8)):
        message = _("Choose at least one day of the week.")
        raise InvalidInput(message, fields={"working_days": message})
    zone_is_new = organisation.time_zone != time_zone
    organisation.name = name
    organisation.time_zone = time_zone
    organisation.working_days = sorted(set(working_days))
    organisation.save(update_fields=["name", "time_zone", "working_days"])
    if zone_is_new:
        primary = Membership.objects.filter(organisation=organisation, is_primary=True).values("person")
        zone_changed.send(sender=User, people=User.objects.filter(Q(pk__in=primary), time_zone=""))
    return organisation


@transaction.atomic
def change_local_words(*, organisation: Organisation, words: Mapping[str, str]) -> None:
    """Fill in words by key; an empty word, or one equal to the default, falls back to the default."""
    defaults = {row.key: str(row.default) for row in local_word_registry.all_words()}
    kept = {
        key: value.strip()
        for key, value in words.items()
        if key in defaults and value.strip() and value.strip() != defaults[key]
    }
    LocalWord.objects.filter(organisation=organisation).exclude(key__in=kept).delete()
    LocalWord.objects.bulk_create(
        [LocalWord(organisation=organisation, key=key, value=value) for key, value in kept.items()],
        update_conflicts=True,
        unique_fields=["organisation", "key"],
        update_fields=["value"],
    )


@transaction.atomic
def new_token(*, person: User) -> str:
    """Make a key for the API and return it; an older one stops working."""
    Token.objects.filter(user=person).delete()
    key: str = Token.objects.create(user=person).key
    return key


def revoke_token(*, person: User) -> None:
    """The person's key for the API stops working."""
    Token.objects.filter(user=person).delete()


def _check_zone(name: str) -> None:
    try:
        clock.validate_zone(name)
    except ValidationError as problem:
        raise InvalidInput(problem.messages[0], fields={"time_zone": problem.messages[0]}) from None
