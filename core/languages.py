"""Words in another language than the page: what a browser must know to read them aloud, hyphenate and spell them."""

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_bidi, get_language_info


def language_attributes(code: str) -> dict[str, str]:
    """``lang``, and ``dir`` where the language ``code`` runs the other way than the page; none when the page is in it."""
    if not code or code == get_language():
        return {}
    try:
        leftwards = bool(get_language_info(code)["bidi"])
    except KeyError:
        return {"lang": code}
    if leftwards == get_language_bidi():
        return {"lang": code}
    return {"lang": code, "dir": "rtl" if leftwards else "ltr"}


def said_in(code: str) -> SafeString:
    """``language_attributes`` for a tag in a template: ``<h1{{ lesson.language|said_in }}>``."""
    return format_html_join("", ' {}="{}"', language_attributes(code).items())
