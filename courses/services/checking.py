"""Is a course sound enough to be kept and published? Every fault at once."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from core.errors import InvalidInput
from courses import checks
from courses.spec import CourseSpec


def refuse_faults(spec: CourseSpec, media: Mapping[str, str]) -> None:
    """Raise ``InvalidInput`` naming every fault of the draft ``spec``; ``media`` maps its files to sha256."""
    faults = checks.faults(spec, set(media))
    if faults:
        lines = "; ".join(f"{fault.place}: {fault.sentence}" for fault in faults)
        raise InvalidInput(_("The draft cannot be published: %(faults)s") % {"faults": lines})
