"""Headings of a text, each with an id of its own."""

from django.utils.text import slugify


class Headings(list[dict[str, str]]):
    """``{"id", "text"}`` each, in order. Adding one costs the same however many there are, also of the same words."""

    def __init__(self) -> None:
        super().__init__()
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}  # by words: the number that was given last

    def add(self, text: str) -> str:
        """Put a heading that reads ``text`` behind the others; gives its id, which no other of them has."""
        base = f"s-{slugify(text) or 'heading'}"
        count = self._last.get(base, 0) + 1
        while (unique := base if count == 1 else f"{base}-{count}") in self._taken:
            count += 1
        self._last[base] = count
        self._taken.add(unique)
        self.append({"id": unique, "text": text})
        return unique
