"""PDF documents set by typst: tagged, with title and language, their fonts with them."""

import io
import json
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import fontpkg_atkinson_hyperlegible
import segno
import typst

HERE = Path(__file__).parent
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="4" y="6" width="7" height="22" rx="1.5" '
    'fill="#1d5c4c"/><rect x="12" y="3" width="8" height="25" rx="1.5" fill="#2b4a7d"/><rect x="21" y="8" width="7" '
    'height="20" rx="1.5" fill="#7f2d52"/><path d="M2.5 17.5c5 2.6 22 2.6 27 0v4.3c-5 2.6-22 2.6-27 0z" '
    'fill="#f3b73f"/></svg>'
)
# The cloths of the site's light theme: paper has no dark one.
CLOTHS = {
    "borrow": "#1d5c4c",
    "lend": "#2b4a7d",
    "copyright": "#7f2d52",
    "find": "#4f5a1b",
    "world": "#14606f",
    "care": "#93402a",
    "systems": "#48505f",
    "lead": "#5b4386",
}

_one_at_a_time = threading.Lock()  # a compiler is reused, and is not made for two threads


@cache
def _compiler(template: str) -> typst.Compiler:
    fonts = Path(fontpkg_atkinson_hyperlegible.__path__[0]) / "files"
    return typst.Compiler(str(HERE / template), root=str(HERE), font_paths=[str(fonts)], ignore_system_fonts=True)


def pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """``template`` (a file beside this one) filled with ``data``, as an accessible PDF (PDF/UA-1)."""
    with _one_at_a_time:
        made: bytes = _compiler(template).compile(
            format="pdf", sys_inputs={"data": json.dumps(data)}, pdf_standards=["ua-1"]
        )
    return made


def qr(text: str) -> str:
    """A QR code of ``text`` as SVG."""
    drawn = io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="svg", border=1, dark="#17231f", xmldecl=False, omitsize=True)
    return drawn.getvalue().decode()
