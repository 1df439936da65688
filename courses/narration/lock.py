"""``media.lock``: what was made from what, so that only what changed is rendered again."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from courses.narration.pronounce import Pronunciations, used_in

ENGINE = 2  # raise it when voice, film or captions would come out differently

NAME = "media.lock"
TEMPLATES = tuple(Path(__file__).with_name(name) for name in ("slides.typ", "pictures.typ"))


@dataclass(frozen=True, slots=True)
class Heard:
    """How a video sounded when it was heard back: misunderstood words of a thousand, worst caption in milliseconds."""

    wrong_per_mille: int
    offset_ms: int


@dataclass(frozen=True, slots=True)
class Made:
    """One video: the digest of all that went in, the SHA-256 of every file that came out, and how these were heard."""

    input: str
    outputs: Mapping[str, str]
    heard: Heard | None = None


def input_digest(source: str, pronunciations: Pronunciations) -> str:
    """SHA-256 over the source, the pronunciations it uses, the slide template and the engine's number."""
    said = used_in(source, pronunciations)
    parts = {
        "engine": ENGINE,
        "source": source,
        "templates": [path.read_text("utf-8") for path in TEMPLATES],
        "pronunciations": {word: [entry.phonemes, entry.spoken] for word, entry in said.items()},
    }
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def digest(content: bytes) -> str:
    """SHA-256 of a file's content."""
    return hashlib.sha256(content).hexdigest()


def read_lock(folder: Path) -> dict[str, Made]:
    """The lock of a course folder; empty when there is none."""
    path = folder / NAME
    rows = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return {uid: _made(row) for uid, row in rows.items()}


def _made(row: Mapping[str, Any]) -> Made:
    return Made(row["input"], row["outputs"], Heard(**row["heard"]) if row["heard"] else None)


def write_lock(folder: Path, made: Mapping[str, Made]) -> None:
    """Write the lock, sorted, so that it diffs well."""
    rows = {uid: asdict(row) for uid, row in made.items()}
    (folder / NAME).write_text(json.dumps(rows, indent=2, sort_keys=True) + "\n", "utf-8")


def record_hearing(folder: Path, heard: Mapping[str, Heard]) -> None:
    """Note how the videos sounded. A video that is rendered again loses its note."""
    made = read_lock(folder)
    write_lock(folder, made | {uid: replace(made[uid], heard=each) for uid, each in heard.items() if uid in made})


def is_current(folder: Path, known: Made | None, wanted: str) -> bool:
    """Whether the files were made from this input and are still as they were made."""
    if known is None or known.input != wanted:
        return False
    return all(_matches(folder / "media" / name, sha) for name, sha in known.outputs.items())


def refresh(
    folder: Path,
    *,
    pronunciations: Pronunciations,
    render: Callable[[str, str], Mapping[str, bytes]],
    force: bool = False,
) -> list[str]:
    """Render what changed in a course folder; ``render`` turns uid and source into files by ending.

    The lock is written after each video, so a run that is stopped loses one at most. Sources that are gone leave it.
    """
    sources = {path.name.removesuffix(".en.md"): path for path in sorted((folder / "narration").glob("*.en.md"))}
    made = {uid: row for uid, row in read_lock(folder).items() if uid in sources}
    rendered: list[str] = []
    for uid, path in sources.items():
        source = path.read_text("utf-8")
        wanted = input_digest(source, pronunciations)
        if not force and is_current(folder, made.get(uid), wanted):
            continue
        files = {f"{uid}{ending}": content for ending, content in render(uid, source).items()}
        (folder / "media").mkdir(exist_ok=True)
        for name, content in files.items():
            (folder / "media" / name).write_bytes(content)
        made[uid] = Made(wanted, {name: digest(content) for name, content in files.items()})
        write_lock(folder, made)
        rendered.append(uid)
    write_lock(folder, made)
    return rendered


def _matches(path: Path, sha: str) -> bool:
    return path.is_file() and digest(path.read_bytes()) == sha
