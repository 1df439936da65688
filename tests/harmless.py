"""HTML looked at by another parser than the one that made it safe."""

from html.parser import HTMLParser

from courses import markup


class Parts(HTMLParser):
    """Every tag and attribute of a piece of HTML, read by another parser than the sanitiser's."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.values: list[tuple[str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add((tag, name))
            self.values.append((name, value or ""))


def assert_harmless(html: str) -> None:
    found = Parts(html)
    assert found.tags <= markup.TAGS | {"svg", "use"}
    for name, value in found.values:
        assert not name.startswith("on")
        assert name not in ("style", "srcset", "action", "formaction", "xlink:href", "background")
        if name in ("href", "src"):
            assert value.startswith(("#", "http://", "https://", "mailto:", "media:", "lesson:")), value
