"""A lesson in a further language takes over from the first language's file what its own does not name, and back.

A name with nothing behind it takes away what the first language has: a film without the poster of the other one.
"""

from collections.abc import Mapping
from typing import Any

from courses.spec import Content


def over(first: Mapping[str, Any], own: Mapping[str, Any]) -> Content:
    """What a translation whose file says ``own`` holds; of a map within it each name counts by itself."""
    deeper = {name: _laid(first[name], value) for name, value in own.items() if _both_maps(value, first.get(name))}
    return _laid(first, {**own, **deeper})


def _laid(above: Mapping[str, Any], said: Mapping[str, Any]) -> Content:
    return {name: value for name, value in {**above, **said}.items() if value is not None or name not in above}


def apart(first: Mapping[str, Any], own: Mapping[str, Any]) -> Content:
    """What the file of a translation that holds ``own`` has to say, so that ``over`` gives exactly that back."""
    deeper = {name: _named(first[name], value) for name, value in own.items() if _both_maps(value, first.get(name))}
    return _named(first, {**own, **deeper})


def _named(above: Mapping[str, Any], said: Mapping[str, Any]) -> Content:
    return {**said, **dict.fromkeys(name for name in above if name not in said)}


def _both_maps(one: Any, other: Any) -> bool:
    return isinstance(one, dict) and isinstance(other, dict)
