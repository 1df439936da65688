"""An empty place has a drawing, says what would stand there, and leads on: never just “nothing”."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"
EMPTY = re.compile(r'<div class="empty\b[^"]*">(.*?)</div>', re.S)


def test_every_empty_place_leads_on():
    places = [
        (path.relative_to(TEMPLATES), place)
        for path in TEMPLATES.rglob("*.html")
        for place in EMPTY.findall(path.read_text())
    ]
    dead_ends = [str(path) for path, place in places if not re.search(r"<(a|button)\b", place)]
    bare = [str(path) for path, place in places if "<svg" not in place and "shelf.svg" not in place]

    assert len(places) > 70
    assert (dead_ends, bare) == ([], [])
