"""The migrations, run for real: unit tests build their tables from the models."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def scratch_database(tmp_path):
    """The address of an empty database on the engine that is tested."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'scratch.sqlite3'}"
        return
    given = settings.DATABASES["default"]
    server = {
        "host": given["HOST"],
        "port": given["PORT"] or 5432,
        "user": given["USER"],
        "password": given["PASSWORD"],
    }
    name = f"lendcraft_migrations_{os.getpid()}"
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as link:
        link.execute(f'DROP DATABASE IF EXISTS "{name}"')
        link.execute(f'CREATE DATABASE "{name}"')
        login = f"{given['USER']}:{given['PASSWORD']}" if given["PASSWORD"] else given["USER"]
        yield f"postgres://{login}@{given['HOST']}:{given['PORT'] or 5432}/{name}"
        link.execute(f'DROP DATABASE "{name}"')


def manage(*arguments: str, database: str, var: Path) -> str:
    env = {**os.environ, "DATABASE_URL": database, "VAR_DIR": str(var)}
    ended = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.mark.bystander  # the site of the journeys migrates on PostgreSQL, too
def test_migrations_run_from_nothing_and_match_the_models(scratch_database, tmp_path):
    manage("migrate", "--verbosity", "0", database=scratch_database, var=tmp_path)
    manage("migrate", "--check", database=scratch_database, var=tmp_path)
    manage("makemigrations", "--check", "--dry-run", database=scratch_database, var=tmp_path)


def test_every_app_with_models_has_migrations(scratch_database, tmp_path):
    listed = manage("showmigrations", "--plan", database=scratch_database, var=tmp_path)
    planned = {line.split()[-1].partition(".")[0] for line in listed.splitlines() if line.strip()}
    assert {"accounts", "courses", "quizzes", "progress"} <= planned
