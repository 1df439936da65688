"""What is slow to make is kept by the digest of all that went into it; the least recently used goes first."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any


def digest(parts: Mapping[str, Any]) -> str:
    """SHA-256 over plain values."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


class Kept:
    """Folders by digest below ``root``, together at most ``limit`` bytes (an entry in use is never the oldest)."""

    def __init__(self, root: Path, *, limit: int) -> None:
        self.root = root
        self.limit = limit

    def get(self, key: str) -> Path | None:
        """The folder of ``key``, marked as used now."""
        path = self.root / key
        try:
            os.utime(path)
        except FileNotFoundError:
            return None
        return path

    def make(self, key: str, fill: Callable[[Path], None]) -> Path:
        """The folder of ``key``; ``fill`` writes into a new one. It appears whole or not at all, whoever is killed."""
        if (found := self.get(key)) is not None:
            return found
        self.root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="new-", dir=self.root) as place:
            fresh = Path(place) / key
            fresh.mkdir()
            fill(fresh)
            try:
                fresh.rename(self.root / key)
            except OSError:  # somebody else made it in this moment
                if not (self.root / key).is_dir():
                    raise
        self.prune()
        return self.root / key

    def prune(self) -> None:
        """Let go of the least recently used until what is left fits."""
        rows = []
        for path in self.root.iterdir():
            try:
                used = path.stat().st_mtime
                rows.append((used, path, sum(each.stat().st_size for each in path.rglob("*") if each.is_file())))
            except FileNotFoundError:
                continue
        total = sum(size for _used, _path, size in rows)
        for _used, path, size in sorted(rows)[:-1]:
            if total <= self.limit:
                break
            shutil.rmtree(path, ignore_errors=True)
            total -= size
