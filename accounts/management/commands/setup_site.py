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


class Command(BaseCommand):
    help = "Make the first administrator, who also manages and may write for the first organisation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--organisation", required=True, help="Name of the library.")
        parser.add_argument("--slug", required=True, help="Its short name in addresses, for example riverbend.")
        parser.add_argument("--password", help="Asked for when left out and somebody sits at the terminal.")

    def handle(self, *args: Any, **options: Any) -> None:
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
