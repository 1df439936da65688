"""Row 19: what the course page of 50 lessons weighs, raw, compressed and cold with everything it needs."""

import gzip
import re
import urllib.request
from typing import Any


def fetch(url: str, *, compressed: bool = False) -> bytes:
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"} if compressed else {})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read()


def print_weight(base: str, facts: dict[str, Any]) -> None:
    """Bytes of the page, and bytes and number of requests of a cold visit as a browser makes it."""
    page = f"{base}/courses/{facts['course50']}/"
    raw = fetch(page)
    text = raw.decode()
    needed = set(re.findall(r'<(?:link[^>]+href|script[^>]+src)="(/static/[^"]+)"', text))
    styles = [path for path in needed if path.endswith(".css")]
    total = len(gzip.compress(raw))
    for path in needed:
        total += len(fetch(base + path, compressed=True))
    fonts = set()
    for path in styles:
        for name in re.findall(r'url\("?([^")]+\.woff2)', fetch(base + path).decode()):
            fonts.add(name.rsplit("/", 1)[-1])
    print(
        f"weight of the course page of 50 lessons: {len(raw)} B raw, {len(gzip.compress(raw, 6))} B compressed, "
        f"{len(re.findall('<[a-zA-Z]', text))} nodes; cold: {1 + len(needed)} requests and {total} B before fonts, "
        f"{len(fonts)} font files on demand"
    )
