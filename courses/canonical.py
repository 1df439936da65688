"""Canonical JSON and its SHA-256: the identity of parts and editions (D2)."""

import hashlib
import json
from typing import Any


def canonical(value: Any) -> str:
    """``value`` as JSON with sorted keys and no spaces; text stays as it is.

    Raises ``TypeError`` for anything whose form differs between machines: floats, keys that are not text,
    other types than JSON has.
    """
    _check(value, "")
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(text: str) -> str:
    """SHA-256 of ``text`` in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _check(value: Any, path: str) -> None:
    if value is None or isinstance(value, str | bool | int):
        return
    if isinstance(value, list | tuple):
        for index, each in enumerate(value):
            _check(each, f"{path}[{index}]")
    elif isinstance(value, dict):
        for key, each in value.items():
            if not isinstance(key, str):
                raise TypeError(f"{path}: the key {key!r} is not text")
            _check(each, f"{path}.{key}")
    else:
        raise TypeError(f"{path}: {type(value).__name__} has no canonical form")
