"""How people sign in. Who is signed in is asked at every request, so that statement is written out once."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend

from accounts.models import User
from core.compiled import Compiled

PERSON = Compiled(lambda *, person: User.objects.filter(pk=person), "person")


class KnownByKey(ModelBackend):
    """The person of a session, as Django's own backend finds them."""

    def get_user(self, user_id: int) -> User | None:
        person: User | None = PERSON.first(person=user_id)
        return person if person is not None and self.user_can_authenticate(person) else None


class PasswordBackend(KnownByKey):
    """E-mail address and password."""


class SignInBackend(KnownByKey, AuthenticationBackend):
    """The ways of the sign-in package: links, codes, passkeys."""
