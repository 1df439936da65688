"""Words as they are compared: how one typed them does not matter, only what they say."""

import re
import unicodedata

SIGNS = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    }
)
# Signs that people leave out of the same word: accents of Latin, Greek and Cyrillic letters, the points of Hebrew, the
# vowels of Arabic. Elsewhere a sign that stands on a letter spells another word (Thai and Indian vowels, Japanese voicing).
LEFT_OUT = re.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670]"
)
STAR, ANYTHING = "\\*", "\ue000"  # a private character: no typed text is compared with it


def folded(text: str, *, case: bool = False, accents: bool = False) -> str:
    """``text`` in the form in which answers are compared.

    Compatibility characters (Unicode NFKC), quotes, dashes, invisible characters and spaces become plain; capitals
    and accents only count when ``case`` or ``accents`` ask for them.
    """
    plain = _visible(unicodedata.normalize("NFKC", text.translate(SIGNS)).translate(SIGNS))
    if not accents:
        plain = _without_accents(plain)
    if not case:
        plain = plain.casefold()
        plain = plain if accents else _without_accents(plain)
    return " ".join(unicodedata.normalize("NFKC", plain).split())


def _visible(text: str) -> str:
    """Without what takes no room: soft hyphens, joiners, marks of direction."""
    return "".join(each for each in text if unicodedata.category(each) != "Cf")


def _without_accents(text: str) -> str:
    return unicodedata.normalize("NFC", LEFT_OUT.sub("", unicodedata.normalize("NFKD", text)))


def fits(pattern: str, text: str, *, case: bool = False, accents: bool = False) -> bool:
    r"""Does ``text`` fit ``pattern``, in which ``*`` is any run of characters and ``\*`` a star?

    The pieces between stars are looked for from left to right, each once: a long answer cannot make it slow.
    """
    first, *rest = _pieces(pattern, case=case, accents=accents)
    typed = folded(text.replace(ANYTHING, ""), case=case, accents=accents)
    if not rest:
        return typed == first
    last = rest.pop()
    if not typed.startswith(first) or not typed.endswith(last) or len(typed) < len(first) + len(last):
        return False
    return _in_order(rest, typed[len(first) : len(typed) - len(last)])


def _pieces(pattern: str, *, case: bool, accents: bool) -> list[str]:
    clean = pattern.replace(ANYTHING, "")
    marked = re.sub(r"\\\*|\*", lambda found: "*" if found[0] == STAR else ANYTHING, clean)
    return folded(marked, case=case, accents=accents).split(ANYTHING)


def _in_order(pieces: list[str], text: str) -> bool:
    at = 0
    for piece in pieces:
        found = text.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def shown(pattern: str) -> str:
    """A pattern as people read it: three dots where anything may stand."""
    return re.sub(r"\\\*|\*", lambda found: "*" if found[0] == STAR else "…", pattern)
