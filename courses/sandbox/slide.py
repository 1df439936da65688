"""One page of a deck as PNG, set by typst; in the limited process because drawings and pictures are a stranger's."""

import json
from pathlib import Path
from typing import Any

import typst

from courses.sandbox.errors import TaskRefused

TEMPLATES = Path(__file__).resolve().parents[1] / "narration"


def run(source: Path, out: Path, *, fonts: str) -> dict[str, Any]:
    """``source`` is the page as JSON; ``picture`` in it is the path of a picture. Gives the name of the PNG."""
    page = json.loads(source.read_text("utf-8"))
    try:
        content = paint(page, fonts)
    except typst.TypstError as problem:
        raise TaskRefused("drawing") from problem
    (out / "page.png").write_bytes(content)
    return {"page": "page.png"}


def paint(page: dict[str, Any], fonts: str) -> bytes:
    """1280 by 720 pixels. A page that is not the first stands after an empty one: the first has a larger heading."""
    deck = {key: page[key] for key in ("title", "cloth", "label")}
    if page.get("picture"):
        sent = {"slide": json.dumps(page["slide"] | {"cloth": page["cloth"]}), "picture": page["picture"]}
        compiler = typst.Compiler(str(TEMPLATES / "deck.typ"), root="/", font_paths=[fonts], sys_inputs=sent)
    else:
        empty = {"heading": "", "items": [], "ordered": False, "picture": None}
        slides = [page["slide"]] if page["first"] else [empty, page["slide"]]
        sent = {"slides": json.dumps(deck | {"slides": slides}, ensure_ascii=False)}
        compiler = typst.Compiler(str(TEMPLATES / "slides.typ"), font_paths=[fonts], sys_inputs=sent)
    made = compiler.compile(format="png", ppi=72)
    pages = made if isinstance(made, list) else [made]
    return bytes(pages[-1] or b"")
