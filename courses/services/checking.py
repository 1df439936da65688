"""Is a course sound enough to be kept and published? Every fault at once."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from core.errors import InvalidInput
from courses.checks import CourseFault


def refuse(faults: Sequence[CourseFault]) -> None:
    """Raise ``InvalidInput`` naming every one of ``faults``."""
    if faults:
        lines = "; ".join(map(_line, faults))
        raise InvalidInput(_("The draft cannot be published: %(faults)s") % {"faults": lines})


def _line(fault: CourseFault) -> str:
    """Of the course itself the sentence says enough; a lesson is named."""
    sentence = fault.sentence.removesuffix(".")
    return f"{fault.place}: {sentence}" if fault.place.uid else sentence
