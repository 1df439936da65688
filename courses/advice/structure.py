"""How a text is built: tables, pictures, link words, and what its kind says of it."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.advice.registry import Finding, View
from courses.registry import kinds

# Words that say nothing about where a link goes, in the languages that courses here are written in.
ENGLISH = {
    "click here",
    "here",
    "click",
    "this",
    "this link",
    "link",
    "more",
    "read more",
    "learn more",
    "see here",
    "this page",
}
SPANISH = {
    "aquí",
    "haga clic aquí",
    "haz clic aquí",
    "clic aquí",
    "este enlace",
    "enlace",
    "más",
    "leer más",
    "ver más",
}
EMPTY_WORDS = ENGLISH | SPANISH


def link_words(view: View) -> Iterator[Finding]:
    """Links whose words do not say where they go; screen readers list links without what stands around them."""
    said: dict[str, list[str]] = {}
    for each in view.root.walk():
        if each.tag == "a" and each.get("href")[:1] != "#":
            said.setdefault(" ".join(each.text.split()), []).append(each.get("href"))
    for words, targets in said.items():
        if re.sub(r"[\s.…!:>»→]+\Z", "", words).casefold() in EMPTY_WORDS:
            sentence = _("A link reads “%(words)s”; let its words say where it goes.")
            yield Finding("link-words", sentence % {"words": words}, about="\n".join([words, *targets]))


def table_heads(view: View) -> Iterator[Finding]:
    """Tables whose first row names no columns."""
    bare = []
    for table in view.root.walk():
        if table.tag == "table":
            heads = [each for each in table.walk() if each.tag == "th"]
            if not any(each.text.strip() for each in heads):
                bare.append(table.text)
    if bare:
        sentence = ngettext(
            "A table has no header row; name its columns in the first row.",
            "%(number)d tables have no header row; name their columns in the first row.",
            len(bare),
        )
        yield Finding("table-heads", sentence % {"number": len(bare)}, about="\n".join(bare))


def pictures(view: View) -> Iterator[Finding]:
    """Markdown pictures without a description: they count as decoration, which may be meant. Rich text has to say so."""
    if view.content.get("source_format") == "html":
        return
    silent = [each.get("src") for each in view.root.walk() if each.tag == "img" and not each.get("alt").strip()]
    if silent:
        sentence = ngettext(
            "A picture has no description; leave it so only if it merely adorns.",
            "%(number)d pictures have no description; leave it so only if they merely adorn.",
            len(silent),
        )
        yield Finding("picture", sentence % {"number": len(silent)}, about="\n".join(silent))


def own_words_of_the_kind(view: View) -> Iterator[Finding]:
    """What the kind itself warns of in sound content: headings that leave a level out, options without a reply."""
    if view.sound:
        for sentence in dict.fromkeys(said for _path, said in kinds[view.kind].warnings(view.content)):
            yield Finding("kind", sentence[:1].upper() + sentence[1:])
