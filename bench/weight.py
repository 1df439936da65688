"""Row 19: what the course page of 50 lessons weighs: raw, compressed, and cold with everything that it asks for."""

import gzip
import re
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

FONT = re.compile(r'url\("?([^")]+\.woff2)')
PARTS = re.compile(r'<(?:link[^>]+href|script[^>]+src|img[^>]+src)="(/static/[^"]+)"')
IMPORT = re.compile(r"""(?:from|import) ["'](\./[\w./-]+\.js)["']""")  # not what a script asks for when it needs it


def fetch(url: str, *, cookie: str = "") -> tuple[bytes, int]:
    """The content of ``url`` and the bytes that travelled."""
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip", "Cookie": cookie})
    with urllib.request.urlopen(request, timeout=30) as answer:
        body = answer.read()
        packed = answer.headers.get("Content-Encoding") == "gzip"
    return gzip.decompress(body) if packed else body, len(body)


def print_weight(base: str, facts: dict[str, Any], cookies: Path) -> None:
    """For a visitor and for a learner. All fonts are counted, though a browser fetches only those that it shows."""
    page = f"{base}/courses/{facts['course50']}/"
    for who, cookie in (("visitor", ""), ("learner", cookies.read_text().splitlines()[0])):
        raw, travelled = fetch(page, cookie=cookie)
        text = raw.decode()
        sizes = {page: travelled}
        waiting = [urljoin(page, path) for path in PARTS.findall(text)]
        while waiting:
            url = waiting.pop()
            if url in sizes:
                continue
            content, sizes[url] = fetch(url)
            pattern = {"css": FONT, "js": IMPORT}.get(url.rpartition(".")[2])
            waiting += [urljoin(url, path) for path in pattern.findall(content.decode())] if pattern else []
        fonts = [url for url in sizes if url.endswith(".woff2")]
        print(
            f"19 weight, {who}: {len(raw)} B raw, {len(gzip.compress(raw, 6))} B compressed ({travelled} B sent), "
            f"{len(re.findall('<[a-zA-Z]', text))} nodes; cold {len(sizes)} requests, {sum(sizes.values())} B, "
            f"of that {len(fonts)} fonts with {sum(sizes[url] for url in fonts)} B"
        )
