"""Names that people give to things: a link, a heading or a button that is called so must have something to be read."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Letters and signs by their category that are drawn as nothing: fillers of Hangul, the empty cell of Braille.
DRAWN_EMPTY = "\u115f\u1160\u2800\u3164\uffa0"


def is_blank(text: str) -> bool:
    """Is there nothing to see in ``text``? ``str.strip`` leaves joiners, marks of direction and spaces of no width."""
    return all(each in DRAWN_EMPTY or unicodedata.category(each)[0] in "CZ" for each in text)


def not_blank(text: str) -> None:
    """For the field of a form. Raises ``ValidationError``."""
    if is_blank(text):
        raise ValidationError(_("Give it a title that can be seen."), code="blank")
