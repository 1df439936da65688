"""Files of a lesson that some people cannot take in: pictures without words, films and recordings without captions. Pure."""

from typing import Any

from courses import bodies, checks, markup, markup_html
from courses.registry import Content


def undescribed(content: Content) -> set[str]:
    """Names (without ``media/``) of such files in ``content``.

    A picture of rich text that is marked as decorative is none; Markdown has no such mark, so an empty description
    counts. Captions that a machine drafted are captions.
    """
    rich = bodies.format_of(content) == bodies.HTML
    found = _films(content)
    for path, words in checks.texts_in(content):
        if "media/" in words:
            found |= _pictures(words, rich=rich and path == "body")
    return found


def _pictures(words: str, *, rich: bool) -> set[str]:
    silent = [] if rich else [address for address, said in markup.pictures(words) if not said]
    if rich or "<img" in words:  # a question may be HTML, as a body may
        silent += markup_html.silent_pictures(words)
    return {each.removeprefix("media/") for each in silent if each.startswith("media/")}


def _films(content: Content) -> set[str]:
    held: list[Any] = [content.get("video"), content.get("audio")]
    return {
        str(film["file"]).removeprefix("media/")
        for film in held
        if isinstance(film, dict) and film.get("file") and not film.get("captions")
    }
