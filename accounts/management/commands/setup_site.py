"""``manage.py setup_site``: the first administrator and library of a new site (D20)."""

import getpass
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email, validate_slug

from accounts import setup_code
from accounts.models import User
from accounts.services import setting_up
from core.errors import DomainError

ASKED = {
    "email": "Address of the administrator.",
    "name": "Name of the administrator.",
    "organisation": "Name of the library.",
    "slug": "Short name of the library in addresses, for example riverbend.",
}


class Command(BaseCommand):
    help = "Make the first administrator, who also manages and may write for the first organisation."

    def add_arguments(self, parser: CommandParser) -> None:
        for name, meaning in ASKED.items():
            parser.add_argument(f"--{name}", help=f"{meaning} Asked for at a terminal when left out.")
        parser.add_argument("--password", help="Asked for at a terminal when left out.")

    def handle(self, *args: Any, **options: Any) -> None:
        for name, meaning in ASKED.items():
            options[name] = options[name] or self._ask(name, meaning)
        password = options["password"]
        if password is None and sys.stdin.isatty():
            password = getpass.getpass("Password: ")
        try:
            validate_email(options["email"])
            validate_slug(options["slug"])
            if password:
                validate_password(password, user=User(email=options["email"], name=options["name"]))
            person = setting_up.set_up(
                email=options["email"],
                name=options["name"],
                password=password,
                organisation=options["organisation"],
                slug=options["slug"],
            )
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from None
        except DomainError as problem:
            raise CommandError(problem.message) from None
        setup_code.forget()
        self.stdout.write(f"{person.email} is the administrator of this site and manages {options['organisation']}.")
        if not password:
            self.stdout.write("No password was set: use 'Forgot the password?' on the sign-in page.")

    def _ask(self, name: str, meaning: str) -> str:
        if not sys.stdin.isatty():
            raise CommandError(f"--{name} is missing: {meaning}")
        return input(f"{meaning} ").strip()
