"""PDF pages as pictures with their words; run in the limited process only."""

import struct
import zlib
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as raw

from courses.sandbox.errors import TaskRefused

WIDTH, HEIGHT = 1280, 720
TEXT_MAX = 20_000


def run(source: Path, out: Path, *, pages_max: int) -> dict[str, Any]:
    """Each page as a PNG of at most 1280 by 720 on white, with its words; annotations and forms are left out."""
    with source.open("rb") as file:
        if not file.read(1024).lstrip().startswith(b"%PDF-"):
            raise TaskRefused("not-pdf")
    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as problem:
        raise TaskRefused("locked" if "password" in str(problem).lower() else "not-pdf") from problem
    if not 0 < len(document) <= pages_max:
        raise TaskRefused("pages" if len(document) else "empty")
    return {"pages": [_page(document[number], out / f"page-{number + 1:03}.png") for number in range(len(document))]}


def _page(page: Any, path: Path) -> dict[str, Any]:
    width, height = page.get_size()
    if width <= 0 or height <= 0:
        raise TaskRefused("unreadable")
    scale = min(WIDTH / width, HEIGHT / height)
    bitmap = page.render(scale=scale, may_draw_forms=False, draw_annots=False, fill_color=(255, 255, 255, 255))
    path.write_bytes(_png(bitmap))
    text_page = page.get_textpage()
    words = text_page.get_text_bounded()[:TEXT_MAX]
    return {"picture": path.name, "words": words, "annotations": _annotations(page), "wide": width >= height}


def _annotations(page: Any) -> int:
    return int(raw.FPDFPage_GetAnnotCount(page))


def _png(bitmap: Any) -> bytes:
    """PNG by hand: the picture is in memory, and no picture library is installed with the site."""
    data, stride, width, height, channels = bytes(bitmap.buffer), bitmap.stride, bitmap.width, bitmap.height, 3
    rows = bytearray()
    for row in range(height):
        line = data[row * stride : row * stride + width * bitmap.n_channels]
        pixels = bytearray(width * channels)
        for to, place in ((0, 2), (1, 1), (2, 0)):  # stored as blue, green, red
            pixels[to::channels] = line[place :: bitmap.n_channels] if bitmap.n_channels >= 3 else line
        rows += b"\x00" + pixels

    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = kind + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(rows), 6))
        + chunk(b"IEND", b"")
    )
