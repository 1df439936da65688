"""Films, recordings and links: what is known of them beside the text."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.advice.registry import FILM, Around, Finding

CHAPTERS_FROM_MS = 5 * 60_000
# What `courses.link_asking` says, in words.
SAID = {
    "closed": gettext_lazy("it leads into a closed network, where learners are not."),
    "unknown": gettext_lazy("nobody knows a site of that name."),
    "silent": gettext_lazy("the site did not answer."),
    "certificate": gettext_lazy("the site’s certificate is not valid, and browsers warn of it."),
    "circles": gettext_lazy("it is sent on and on and never arrives."),
    "odd": gettext_lazy("this is no address that a browser opens."),
}


def chapters(around: Around) -> Iterator[Finding]:
    """A film or recording over five minutes without chapters."""
    length = around.film_ms
    if length and length > CHAPTERS_FROM_MS and not around.film.get("chapters"):
        sentence = _("It plays for %(minutes)d minutes without chapters; with some, people find a place again.")
        about = f"{around.film.get('file')}, {length}"
        yield Finding("chapters", sentence % {"minutes": length // 60_000}, FILM, about)


def dead_links(around: Around) -> Iterator[Finding]:
    """Outside addresses that did not answer when they were last asked for."""
    for address in around.read.links:
        facts = around.links.get(address)
        if facts is not None and facts.ok is False:
            sentence = _("The link to %(address)s does not work: %(said)s")
            yield Finding("dead-link", sentence % {"address": address, "said": _said(facts.said)}, about=address)


def _said(code: str) -> str:
    status = code.removeprefix("status-")
    if status in ("404", "410"):
        return _("the page is not there (%(status)s).") % {"status": status}
    return str(SAID.get(code) or _("the site answered with an error (%(status)s).") % {"status": status})
