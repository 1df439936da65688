"""Real processes on the database of the test."""

import os
import subprocess
import sys

from django.db import connection

START = "import sys, django\ndjango.setup()\n"


def start(code: str, *arguments: object) -> "subprocess.Popen[str]":
    """A Python process that runs ``code`` on this test's PostgreSQL database, with Django set up."""
    params = connection.get_connection_params()
    where = f"{params['host']}:{params.get('port') or 5432}/{connection.settings_dict['NAME']}"
    return subprocess.Popen(
        [sys.executable, "-c", START + code, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DATABASE_URL": f"postgres://{params['user']}:{params.get('password') or ''}@{where}",
        },
    )
