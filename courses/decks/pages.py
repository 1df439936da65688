"""What a slide looks like: its page as PNG, made on demand and kept."""

import json
import tempfile
import threading
from dataclasses import asdict, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import fontpkg_atkinson_hyperlegible
from django.conf import settings

from courses.decks.kept import Kept, digest
from courses.decks.source import SlideSource
from courses.narration import script
from courses.narration.lock import TEMPLATES
from courses.sandbox.running import Limits, run_limited
from courses.sandbox.slide import paint

PAGES_LIMIT = 200 << 20
LIMITS = Limits(seconds=30, cpu_seconds=20, memory_mb=1536, file_mb=32)
PAGE = "page.png"
FONTS_VERSION = 1
_one_at_a_time = threading.Lock()


def page_of(slide: SlideSource, *, first: bool, title: str, cloth: str, label: str, picture: Path | None) -> Path:
    """The PNG of one slide (1280 by 720). Raises ``Refused`` when its drawing or picture cannot be drawn.

    A picture without a list fills the frame; with one it stands beside it.
    """
    shown = _shown(slide)
    page: dict[str, Any] = {"title": title, "cloth": cloth, "label": label, "slide": shown, "first": first}
    set_in = fonts()  # without the media extra headings look otherwise: such a page must not get into a video
    key = digest({**page, "picture": slide.picture, "templates": _templates(), "fonts": set_in.name})

    def fill(folder: Path) -> None:
        page["picture"] = str(picture) if picture else ""
        if picture or shown["picture"]:
            _limited(page, folder, set_in)
        else:
            with _one_at_a_time:
                (folder / PAGE).write_bytes(paint(page, str(set_in)))

    return pages().make(key, fill) / PAGE


def pages() -> Kept:
    """Where pages are kept."""
    return Kept(Path(settings.WORK_DIR) / "pages", limit=PAGES_LIMIT)


def _limited(page: dict[str, Any], folder: Path, set_in: Path) -> None:
    with tempfile.TemporaryDirectory() as place:
        order = Path(place) / "page.json"
        order.write_text(json.dumps(page), "utf-8")
        run_limited("slide", order, folder, options={"fonts": str(set_in)}, limits=LIMITS)
    (folder / "result.json").unlink()


def _shown(slide: SlideSource) -> dict[str, Any]:
    """The slide as the templates want it."""
    parsed = script.parse_script(f"---\ntitle: T\n---\n## H\n\n{slide.items}\n\nWords.\n").slides[0]
    parsed = replace(parsed, heading=slide.heading)
    drawing = {"kind": parsed.picture.kind, **parsed.picture.data} if parsed.picture else None
    items = [[asdict(run) for run in item] for item in parsed.items]
    return {"heading": parsed.heading, "items": items, "ordered": parsed.ordered, "picture": drawing}


@cache
def _templates() -> str:
    files = [*TEMPLATES, TEMPLATES[0].with_name("deck.typ")]
    return digest({path.name: path.read_text("utf-8") for path in files})


def fonts() -> Path:
    """The site's fonts as static files, which is what typst reads; without the media extra, the nearest that is there."""
    if not find_spec("fontTools"):
        return Path(fontpkg_atkinson_hyperlegible.__path__[0]) / "files"
    kept = Kept(Path(settings.WORK_DIR) / "fonts", limit=PAGES_LIMIT)

    def fill(folder: Path) -> None:
        from courses.narration.slides import write_static_fonts  # noqa: PLC0415  (needs the media extra)

        write_static_fonts(Path(settings.BASE_DIR) / "static" / "fonts", folder)

    return kept.make(f"fonts-{FONTS_VERSION}", fill)
