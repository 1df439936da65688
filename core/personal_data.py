"""Registry of what each app keeps about a person, for the download at ``/me/privacy/``.

An app registers one export in ``AppConfig.ready()``::

    personal_data.register("courses", export_enrolments)

``export(person)`` returns plain JSON values (dates as ISO strings), only what belongs to that person, in a bounded
number of queries. ``describe`` says in one sentence what is kept and why; the page lists it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Export = Callable[[Any], Any]


@dataclass(frozen=True)
class Part:
    name: str
    export: Export
    describe: Any = ""


_parts: dict[str, Part] = {}


def register(name: str, export: Export, describe: Any = "") -> None:
    """Add one app's part; a second registration under the same name takes the first one's place."""
    _parts[name] = Part(name=name, export=export, describe=describe)


def parts() -> list[Part]:
    """Every part, in the order of registration."""
    return list(_parts.values())


def export_of(person: Any) -> dict[str, Any]:
    """Everything kept about ``person``, by part."""
    return {part.name: part.export(person) for part in _parts.values()}
