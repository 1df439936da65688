"""The pronunciation list: what the voice is told to say for words that it would read wrongly."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

LIST = Path(__file__).with_name("pronunciations.yaml")


@dataclass(frozen=True, slots=True)
class Pronunciation:
    """How one word is said (``phonemes``, else ``spoken``), and how a listener may spell it (``heard``)."""

    phonemes: str = ""
    spoken: str = ""
    heard: tuple[str, ...] = ()


Pronunciations = Mapping[str, Pronunciation]


def load_pronunciations(path: Path = LIST) -> dict[str, Pronunciation]:
    """Read the list. Raises ValueError for an entry without phonemes and spoken words, or an unquoted yes or no."""
    entries: dict[str, Pronunciation] = {}
    for word, row in (yaml.safe_load(path.read_text("utf-8")) or {}).items():
        if not isinstance(word, str):
            raise ValueError(f"{path.name}: put '{word}' in quotation marks")
        entry = Pronunciation(row.get("phonemes", ""), row.get("spoken", ""), tuple(row.get("heard", ())))
        if not entry.phonemes and not entry.spoken:
            raise ValueError(f"{path.name}: '{word}' needs 'phonemes' or 'spoken'")
        entries[word] = entry
    return entries


def used_in(text: str, entries: Pronunciations) -> dict[str, Pronunciation]:
    """The entries whose word stands in ``text``."""
    return {word: entry for word, entry in entries.items() if _whole(word).search(text)}


def for_voice(text: str, entries: Pronunciations) -> str:
    """``text`` with listed words in the voice's own notation, and without quotation marks, which it cannot say."""
    plain = re.sub(r"[“”\"‘]|’(?!\w)", "", text)
    for word, entry in used_in(plain, entries).items():
        said = f"[{word}](/{entry.phonemes}/)" if entry.phonemes else entry.spoken
        plain = _whole(word).sub(lambda _, said=said: said, plain)
    return plain


def _whole(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w\[]){re.escape(word)}(?!\w)")
