"""Slides as PNG: the script's pictures and words, set by typst in the site's own fonts."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typst
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from courses.narration.script import Script, Slide

HERE = Path(__file__).parent
TEMPLATES = (HERE / "slides.typ", HERE / "pictures.typ")
FONTS = (
    ("besley-latin-wght-normal.woff2", (600,)),
    ("atkinson-hyperlegible-next-latin-wght-normal.woff2", (400, 700)),
    ("atkinson-hyperlegible-mono-latin-wght-normal.woff2", (400, 700)),
)


def render_slides(script: Script, *, font_folder: Path) -> list[bytes]:
    """One PNG of 1280 by 720 pixels for each slide; ``font_folder`` holds the site's WOFF2 files.

    Raises typst.TypstError when a picture's data does not fit its kind.
    """
    with tempfile.TemporaryDirectory() as place:
        write_static_fonts(font_folder, Path(place))
        compiler = typst.Compiler(
            TEMPLATES[0], font_paths=[place], sys_inputs={"slides": json.dumps(_deck(script), ensure_ascii=False)}
        )
        pages = compiler.compile(format="png", ppi=72)
    return pages if isinstance(pages, list) else [pages]


def write_static_fonts(source: Path, target: Path) -> None:
    """Unpack the site's variable WOFF2 fonts into static TTF files, which is what typst reads."""
    for name, weights in FONTS:
        for weight in weights:
            font = TTFont(source / name)
            static = instantiateVariableFont(font, {"wght": weight}, inplace=True)
            static.flavor = None
            static["OS/2"].usWeightClass = weight
            static.save(target / f"{Path(name).stem}-{weight}.ttf")


def _deck(script: Script) -> dict[str, Any]:
    return {
        "title": script.title,
        "cloth": script.cloth,
        "label": script.label,
        "slides": [_slide(slide) for slide in script.slides],
    }


def _slide(slide: Slide) -> dict[str, Any]:
    items: Sequence[list[dict[str, Any]]] = [[asdict(run) for run in item] for item in slide.items]
    picture = {"kind": slide.picture.kind, **slide.picture.data} if slide.picture else None
    return {"heading": slide.heading, "items": items, "ordered": slide.ordered, "picture": picture}
