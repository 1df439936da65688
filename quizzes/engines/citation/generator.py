"""Citations from a seed: a record, damaged in one to three ways, or one put together from two records."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.engines.citation.cases import CHANGED, NOT_VERIFIABLE, VERIFIED
from quizzes.engines.citation.matching import page_range
from quizzes.engines.citation.records import FIELDS, Record, catalogue, container_of, words_of
from quizzes.engines.dice import Dice

CATALOGUE = "m2"
COUNT = {"basic": 1, "working": 2, "advanced": 3}
INVENTED = {"basic": 8, "working": 4, "advanced": 3}  # one in so many
YEAR_SHIFTS = (-9, -1, 1, 10)
LONG_WORD = 5
DAMAGES = (  # the fixed order in which they are done
    "year_shift", "swap_vol_issue", "abbr_title", "page_cut", "typo", "author_order", "event_year", "wrong_genre",
)  # fmt: skip
SHOWN: Mapping[str, Sequence[str]] = {
    "article": ("authors", "title", "container", "year", "volume", "issue", "pages"),
    "bookitem": ("authors", "title", "container", "editor", "year", "pages"),
    "book": ("authors", "title", "year"),
    "proceeding": ("authors", "title", "container", "year", "pages"),
    "thesis": ("authors", "title", "school", "year"),
    "report": ("title", "number", "school", "year"),
}
STYLES = {
    "article": "{authors} {title}. {container} {year};{volume}({issue}):{pages}.",
    "bookitem": "{authors} ({year}). {title}. In: {container}, ed. {editor}, {pages}.",
    "book": "{authors} ({year}). {title}.",
    "proceeding": "{authors}: {title}. In: {container}, {year}, {pages}.",
    "thesis": "{authors} {title}. Thesis, {school}, {year}.",
    "report": "{title}. {number}. {school}, {year}.",
    "wrong_genre": "{authors} ({year}). {title} [book].",
}
SOURCES = (
    gettext_lazy("a photo of a reference list"),
    gettext_lazy("a note on a lecture handout"),
    gettext_lazy("the request form on the web"),
    gettext_lazy("a reading list from last year"),
)
OTHER_TITLES = (
    "A ledger without an owner",
    "What the weigh-house kept",
    "Lanterns for the lower road",
    "Counting the winter",
)
OTHER_NAMES = ("Larch, W.", "Moss, D.", "Nettle, C.")


def generate(version: int, seed: int, level: str) -> dict[str, Any]:
    """One case: something invented every now and then, something sound now and then, mostly something to mend."""
    dice = Dice("citation", version, level, seed)
    invented = dice.chance(1, INVENTED[level])
    case = _invented(dice) if invented else _damaged(dice, COUNT[level])
    head = {
        "uid": f"seed-{seed}",
        "title": _("A citation to check"),
        "level": level,
        "brief": _("A reader asks for this item. Find what is behind the citation, and mend no more than you must."),
        "facts": ["F-140", "F-141", "F-142"],
        "source": str(dice.choice(SOURCES)),
        "catalogue": CATALOGUE,
    }
    return head | case


def _damaged(dice: Dice, most: int) -> dict[str, Any]:
    record = dice.choice([each for each in catalogue(CATALOGUE) if each["genre"] in SHOWN and each["genre"] != "book"])
    given = {name: str(record[name]) for name in SHOWN[record["genre"]]}
    count = 0 if most == 1 and dice.chance(1, 6) else dice.whole(max(1, most - 1), most)
    chosen = dice.sample([name for name in DAMAGES if _applies(name, record)], count)
    done = [name for name in DAMAGES if name in chosen and not (name == "event_year" and "year_shift" in chosen)]
    for name in done:
        _damage(dice, name, record, given)
    changed = [name for name in FIELDS if given.get(name) != _shown(record, name)]
    style = "wrong_genre" if "wrong_genre" in done else record["genre"]
    rows = [_row(name, given, record, graded=name in (changed if done else given)) for name in FIELDS]
    return {
        "citation": STYLES[style].format(**given),
        "records": _near_misses(dice, record),
        "target": record["id"],
        "verdict": CHANGED if done else VERIFIED,
        "fields": [row for row in rows if row.get("given") or row.get("graded")],
        **_note(changed if done else []),
    }


def _shown(record: Record, name: str) -> str | None:
    """What a citation of ``record`` says in full, and the number that it never has and a request needs."""
    if name in SHOWN[record["genre"]]:
        return str(record[name])
    if name == "issn" and record["genre"] == "article":
        journal = container_of(catalogue(CATALOGUE), record["container"])
        return str(journal["issn"]) if journal else None
    return str(record["isbn"]) if name == "isbn" and record["genre"] == "bookitem" else None


def _row(name: str, given: Mapping[str, str], record: Record, *, graded: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"id": name}
    if name in given:
        row["given"] = given[name]
    if graded:
        row["graded"] = True
    if name == "pages" and graded:
        row["close"] = str(record["pages"]).split("–")[0]
    return row


def _applies(name: str, record: Record) -> bool:
    """Can ``record`` be damaged in this way?"""
    genre = record["genre"]
    tests = {
        "year_shift": True,
        "swap_vol_issue": genre == "article" and record.get("volume") != record.get("issue"),
        "abbr_title": genre == "article",
        "page_cut": "–" in record.get("pages", ""),
        "typo": bool(_typos(record["title"])),
        "author_order": ";" in record.get("authors", ""),
        "event_year": record.get("event_year", record["year"]) != record["year"],
        "wrong_genre": genre == "bookitem",
    }
    return bool(tests[name])


def _typos(title: str) -> list[int]:
    """Where two different small letters within a word of five letters or more can be exchanged."""
    found, start = [], 0
    for word in title.split(" "):
        if len(word) >= LONG_WORD and word.isalpha():
            found += [start + at for at in range(1, len(word) - 2) if word[at] != word[at + 1]]
        start += len(word) + 1
    return found


def _damage(dice: Dice, name: str, record: Record, given: dict[str, str]) -> None:
    """Do one damage to ``given``; what an earlier one took away stays away."""
    if name == "year_shift":
        given["year"] = str(int(given["year"]) + dice.choice(YEAR_SHIFTS))
    elif name == "swap_vol_issue":
        given["volume"], given["issue"] = given["issue"], given["volume"]
    elif name == "abbr_title":
        journal = container_of(catalogue(CATALOGUE), given["container"])
        given["container"] = str(journal["abbr"]) if journal else given["container"]
    elif name == "page_cut":
        given["pages"] = given["pages"].split("–")[0]
    elif name == "typo":
        at = dice.choice(_typos(given["title"]))
        title = given["title"]
        given["title"] = title[:at] + title[at + 1] + title[at] + title[at + 2 :]
    elif name == "author_order":
        given["authors"] = "; ".join(reversed(given["authors"].split("; ")))
    elif name == "event_year":
        given["year"] = str(record["event_year"])
    else:
        for each in ("container", "editor", "pages"):
            given.pop(each, None)


def _near_misses(dice: Dice, record: Record) -> list[dict[str, Any]]:
    """Two records that look like it: one by the same author, one in the same volume, or of the same year and kind."""
    titles, first = dice.sample(OTHER_TITLES, 2), page_range(record.get("pages", ""))
    author = str(record.get("authors", dice.choice(OTHER_NAMES))).split("; ")[0]
    year = str(int(record["year"]) + dice.choice((-2, 2, 3)))
    mine = {"id": "N1", "genre": "book", "authors": author, "title": titles[0], "year": year}
    other: dict[str, Any] = {
        "id": "N2",
        "genre": record["genre"],
        "authors": dice.choice(OTHER_NAMES),
        "title": titles[1],
    }
    kept = {
        name: record[name] for name in ("container", "editor", "school", "year", "volume", "issue") if record.get(name)
    }
    if first:
        kept["pages"] = f"{first[1] + 301}–{first[1] + 315}"
    return [mine, other | kept]


def _invented(dice: Dice) -> dict[str, Any]:
    """An author of X and one of Y, the journal of Y, pages that run from Y into the article after it, a title of both."""
    records = [each for each in catalogue(CATALOGUE) if each["genre"] == "article"]
    pairs = [(one, two) for one in records for two in records if _follows(one, two)]
    before, after = dice.choice(pairs)
    strangers = [each for each in records if each["container"] != before["container"]]
    other = dice.choice([each for each in strangers if _apart(records, each, before)])
    words = [[word for word in words_of(each["title"]) if len(word) >= LONG_WORD] for each in (other, before)]
    start, after_it = page_range(before["pages"]) or (1, 3), page_range(after["pages"]) or (4, 6)
    given = {
        "authors": f"{_first(other)}; {_first(before)}",
        "title": f"{dice.choice(words[0]).capitalize()} and {dice.choice(words[1])}",
        "container": str(before["container"]),
        "year": str(before["year"]),
        "volume": str(before["volume"]),
        "issue": str(before["issue"]),
        "pages": f"{dice.whole(start[0] + 1, start[1] - 1)}–{dice.whole(after_it[0] + 1, after_it[1] - 1)}",
    }
    return {
        "citation": STYLES["article"].format(**given),
        "verdict": NOT_VERIFIABLE,
        "genre": "article",
        "fields": [{"id": name, "given": given[name]} for name in FIELDS if name in given],
        "near": [{"id": before["id"], "share": 0}, {"id": after["id"], "share": 0}],
        **_note([]),
    }


def _first(record: Record) -> str:
    return str(record["authors"]).split("; ")[0]


def _follows(one: Record, two: Record) -> bool:
    first, second = page_range(one["pages"]), page_range(two["pages"])
    if first is None or second is None or one["container"] != two["container"]:
        return False
    return first[1] + 1 == second[0]


def _apart(records: Sequence[Record], one: Record, two: Record) -> bool:
    """Have the first authors of both nothing together?"""
    names = {_first(one), _first(two)}
    return len(names) > 1 and not any(names <= set(str(each["authors"]).split("; ")) for each in records)


def _note(changed: Sequence[str]) -> dict[str, Any]:
    """What the note is looked through for, and one that has it all."""
    doubt = _("differ; verif; confirm; wrong; not found; no such; could not find; changed; corrected")
    source = _("where did you; where you; source; reference list; have you seen; saw it; found it")
    rows = [
        {"id": "doubt", "label": _("what is in doubt or was changed"), "phrases": doubt},
        {"id": "source", "label": _("where the reader saw it"), "phrases": source},
    ]
    if not changed:
        return {"note": rows, "note_sample": _("I looked whether I can confirm this item. Where did you see it?")}
    sample = _("I changed what differs from the record: %(what)s. Where did you see the citation?")
    return {"note": rows, "note_sample": sample % {"what": ", ".join(str(FIELDS[name]) for name in changed)}}
