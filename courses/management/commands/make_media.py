"""``manage.py make_media PATH``: render the narrated videos of a course folder, or hear them back."""

import logging
from argparse import ArgumentParser
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from courses.narration.lock import record_hearing, refresh
from courses.narration.pronounce import Pronunciations, load_pronunciations
from courses.narration.script import ScriptError


class Command(BaseCommand):
    """Render what changed; with ``--check`` listen to every video and fail when one cannot be understood."""

    help = "Render the narrated videos of a course folder whose sources changed (needs the media extra: make media)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the course folder")
        parser.add_argument("--force", action="store_true", help="render all, changed or not")
        parser.add_argument("--check", action="store_true", help="hear them back: word error rate and caption times")

    def handle(self, *args: Any, path: Path, force: bool, check: bool, **options: Any) -> None:
        if not (path / "narration").is_dir():
            raise CommandError(f"{path} has no folder 'narration'; name a course folder.")
        for chatty in ("fontTools", "faster_whisper"):
            logging.getLogger(chatty).setLevel(logging.WARNING)
        pronunciations = load_pronunciations()
        self._render(path, pronunciations=pronunciations, force=force)
        if check:
            self._check(path, pronunciations=pronunciations)

    def _render(self, path: Path, *, pronunciations: Pronunciations, force: bool) -> None:
        fonts = Path(settings.BASE_DIR) / "static" / "fonts"

        def render(uid: str, source: str) -> Mapping[str, bytes]:
            self.stdout.write(f"{uid} ...")
            make_video = _load("make").make_video
            try:
                made: Mapping[str, bytes] = make_video(source, pronunciations=pronunciations, font_folder=fonts)
            except ScriptError as problem:
                raise CommandError(f"narration/{uid}.en.md: {problem}") from problem
            return made

        rendered = refresh(path, pronunciations=pronunciations, render=render, force=force)
        self.stdout.write(f"Rendered: {', '.join(rendered)}" if rendered else "Nothing has changed.")

    def _check(self, path: Path, *, pronunciations: Pronunciations) -> None:
        reports = _load("check").check_folder(path, pronunciations=pronunciations)
        for report in reports:
            self.stdout.write(str(report))
        record_hearing(path, {report.name: report.heard for report in reports})
        if not all(report.passed for report in reports):
            raise CommandError("A video cannot be understood, or a caption comes at the wrong time.")


def _load(name: str) -> Any:
    """Import a part of the engine that needs the media extra, which the site does without. CommandError without it."""
    try:
        return import_module(f"courses.narration.{name}")
    except ModuleNotFoundError as problem:
        raise CommandError(f"The media extra is not installed ({problem.name} is missing): make media") from problem
