"""Rendering kept parts again after a change of the sanitiser or the markup; hashes stay (D2)."""

from courses.composing import OUTLINE, decode, render_lesson, render_outline
from courses.markup import RENDER_VERSION
from courses.models import EditionPart

BATCH = 100


def rerender(*, everything: bool = False) -> int:
    """Render parts of an older render version again (or all of them); gives their number. Safe to run twice."""
    parts = EditionPart.objects.all()
    if not everything:
        parts = parts.exclude(render_version=RENDER_VERSION)
    hashes = list(parts.order_by("hash").values_list("hash", flat=True))
    for start in range(0, len(hashes), BATCH):
        batch = list(EditionPart.objects.filter(hash__in=hashes[start : start + BATCH]))
        _render(batch)
        EditionPart.objects.bulk_update(batch, ["rendered", "render_version"])
    return len(hashes)


def _render(batch: list[EditionPart]) -> None:
    sources = {part.hash: decode(part.source) for part in batch}
    named = {
        entry["part"]
        for source in sources.values()
        if source["kind"] == OUTLINE
        for entry in source["lessons"]
        if "part" in entry
    }
    lessons = {key: decode(part.source) for key, part in EditionPart.objects.in_bulk(named).items()}
    for part in batch:
        source = sources[part.hash]
        outline = source["kind"] == OUTLINE
        part.rendered = render_outline(source, lessons) if outline else render_lesson(source)
        part.render_version = RENDER_VERSION
