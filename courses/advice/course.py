"""What concerns a course as a whole."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.advice.registry import DETAILS, FILES, FileFacts, Finding

FACTS_DAYS = 365
NAMED = 3


def facts_checked(checked_on: dt.date | None, today: dt.date) -> Iterator[Finding]:
    """Facts that nobody has checked for a year."""
    if checked_on is not None and (today - checked_on).days > FACTS_DAYS:
        sentence = _("The facts were last checked over a year ago; check them and set the day.")
        yield Finding("facts", sentence, DETAILS, checked_on.isoformat())


def unsourced(files: Mapping[str, FileFacts], used: Iterable[str]) -> Iterator[Finding]:
    """Files of lessons that say neither a licence nor where they come from; captions are the course's own words."""
    bare = [name for name in sorted(used) if name in files and not (files[name].licence or files[name].source)]
    bare = [name for name in bare if not name.endswith(".vtt")]
    if bare:
        sentence = ngettext(
            "%(number)d file says neither its licence nor its source: %(names)s",
            "%(number)d files say neither their licence nor their source: %(names)s",
            len(bare),
        )
        names = ", ".join(bare[:NAMED]) + (", …" if len(bare) > NAMED else "")
        yield Finding("source", sentence % {"number": len(bare), "names": names}, FILES, "\n".join(bare))
