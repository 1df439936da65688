"""Password hashing."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class TunedArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id at 19 MiB, two passes, one lane: the OWASP password storage minimum, about 25 ms a sign-in."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
