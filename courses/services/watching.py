"""A course folder that an author has open in an editor: its draft follows the files."""

import json
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import Error as DatabaseError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import organisation_of
from accounts.models import User
from core.errors import DomainError
from courses.folder.faults import FolderFaults
from courses.folder.tree import Stamps, stamps
from courses.models import Course
from courses.services import comparing
from courses.services.importing import Draft, ImportResult, draft_of, import_folder
from courses.services.publishing import publish_preview

logger = logging.getLogger(__name__)
NO_FILES: Stamps = ()


@dataclass
class Watch:
    """Looks at ``path`` again and again; what is to be said goes to ``say`` line by line.

    ``actor`` imports (``None``: the site itself); ``settle`` is how many seconds nothing may change before the folder is
    read, so that a file is not read while an editor writes it. A draft that was changed elsewhere since this watch last
    read or wrote it is left alone unless ``overwrite`` is set. Nothing is ever published.
    """

    path: Path
    say: Callable[[str], None]
    actor: User | None = None
    settle: float = 0.3
    overwrite: bool = False
    _seen: Stamps | None = None
    _since: float = 0.0
    _done: Stamps | None = None
    _left: Draft | None = None

    def look(self) -> None:
        """One look: import if the folder is another than last time and has come to rest. Raises nothing but an interrupt."""
        now = time.monotonic()
        found = stamps(self.path)
        if found != self._seen:
            self._seen, self._since = found, now
        if found == self._done or now - self._since < self.settle:
            return
        self._done = found
        if found == NO_FILES:
            self.say(_("There is nothing to read in %(path)s. Waiting for it.") % {"path": self.path})
            return
        self.take()

    def take(self) -> bool:
        """Import the folder as it stands and say what became of it; False when it could not be imported."""
        try:
            self._import()
        except FolderFaults as problem:
            for fault in problem.faults:
                self.say(str(fault))
            number = len(problem.faults)
            sentence = ngettext(
                "%(number)d fault; the draft is as it was.", "%(number)d faults; the draft is as it was.", number
            )
            self.say(sentence % {"number": number})
        except DomainError as problem:
            self.say(str(problem))
        except (OSError, DatabaseError) as problem:
            self._done = None  # the files may come back without being touched, and so may the database
            self.say(_("Not now: %(problem)s") % {"problem": problem})
        except Exception:
            # A watch that ends at one bad save would be no watch: the author is told, and the log has the reason.
            logger.exception("the folder %s could not be imported", self.path)
            self.say(_("Something went wrong that should not; the draft is as it was."))
        else:
            return True
        return False

    def _import(self) -> None:
        before: list[Draft] = []

        def look_first(course: Course) -> None:
            before.append(draft_of(course))
            if self._left and before[0] != self._left and not self.overwrite:
                raise ChangedElsewhere(_elsewhere(self._left, before[0]))

        organisation = organisation_of(self.actor) if self.actor else None
        result = import_folder(path=self.path, actor=self.actor, organisation=organisation, before=look_first)
        self._left = draft_of(result.course)
        self._tell(result, before[0] if before else None)

    def _tell(self, result: ImportResult, before: Draft | None) -> None:
        for warning in result.warnings:
            self.say(str(warning))
        if not result.changed:
            self.say(_("%(course)s: the draft says this already.") % {"course": result.course.slug})
        elif before is None or self._left is None:
            self.say(_("%(course)s: imported, a new course.") % {"course": result.course.slug})
        else:
            self.say(_("%(course)s: imported.") % {"course": result.course.slug})
            for sentence in changes(before, self._left):
                self.say(f"  {sentence}")
        for sentence in result.rested.sentences():
            self.say(f"  {sentence}")
        edition = publish_preview(course=result.course, actor=self.actor)
        address = reverse("courses:course", args=[result.course.slug])
        preview = f"{settings.SITE_URL}{address}?preview={edition.token}"
        self.say(_("Preview: %(address)s") % {"address": preview})


class ChangedElsewhere(DomainError):
    """The draft is no longer what this watch made of it."""

    status = 409


def _elsewhere(left: Draft, now: Draft) -> str:
    sentence = _(
        "The draft was changed in the browser meanwhile, so the folder was not imported. Download the draft, or start"
        " again with --overwrite."
    )
    return "\n".join([sentence, *(f"  {each}" for each in changes(left, now))])


def changes(before: Draft, after: Draft) -> Iterator[str]:
    """What the draft ``after`` says other than ``before``, a sentence each."""
    yield from comparing.changes(_side(before), _side(after))
    if before.credited != after.credited:
        yield _("Licences or sources of files have changed.")
    names = sorted(name for name in {*before.media, *after.media} if before.media.get(name) != after.media.get(name))
    if names:
        yield _("Files: %(names)s") % {"names": ", ".join(names)}


def _side(draft: Draft) -> comparing.Side:
    """Told apart by what the source says: a draft need not be sound for that."""
    hashes = {
        (lesson.uid, language): json.dumps(text.content, sort_keys=True)
        for lesson in draft.spec.lessons
        for language, text in lesson.texts.items()
    }
    return comparing.Side(draft.spec, hashes, draft.media, read=lambda _wanted: {})
