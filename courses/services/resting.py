"""What an import laid to rest or replaced, and where its author finds it again."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.selectors.languages import language_name

NAMED_MOST = 5


@dataclass(frozen=True)
class Rested:
    """What a folder did not have any more. ``texts`` are titles of lessons that stayed, each with the language that went;
    ``replaced`` those of lessons that somebody else had written in."""

    lessons: int = 0
    texts: list[tuple[str, str]] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)

    def sentences(self) -> list[str]:
        """In words: how much rests or was replaced, and where it is brought back; empty when nothing was."""
        said = [_lessons(self.lessons)] if self.lessons else []
        said += [_texts(self.texts)] if self.texts else []
        said += [_replaced(self.replaced)] if self.replaced else []
        return said + [_language(each) for each in self.languages]


def _lessons(count: int) -> str:
    return ngettext(
        "%(n)d lesson that the folder no longer has is in the archive now. “Archived lessons and parts” in the outline"
        " brings it back.",
        "%(n)d lessons that the folder no longer has are in the archive now. “Archived lessons and parts” in the outline"
        " brings them back.",
        count,
    ) % {"n": count}


def _named(names: list[str]) -> str:
    """The first of ``names``, how many more there are, and the end of the sentence."""
    more = len(names) - NAMED_MOST
    rest = " " + _("and %(n)d more.") % {"n": more} if more > 0 else "."
    return ", ".join(names[:NAMED_MOST]) + rest


def _texts(texts: list[tuple[str, str]]) -> str:
    which = _named([f"{title} ({language_name(language)})" for title, language in texts])
    return ngettext(
        "%(n)d translation that the folder no longer has rests now, with its history. The page of its lesson puts it"
        " back: %(which)s",
        "%(n)d translations that the folder no longer has rest now, with their history. The pages of their lessons put"
        " them back: %(which)s",
        len(texts),
    ) % {"n": len(texts), "which": which}


def _replaced(titles: list[str]) -> str:
    which = _named([f"“{title}”" for title in titles])
    return ngettext(
        "The folder took the place of what somebody else wrote in %(n)d lesson; its history has that: %(which)s",
        "The folder took the place of what others wrote in %(n)d lessons; their histories have that: %(which)s",
        len(titles),
    ) % {"n": len(titles), "which": which}


def _language(code: str) -> str:
    sentence = _("The course no longer speaks %(language)s. What was written in it rests; “Details” puts it back.")
    return sentence % {"language": language_name(code)}
