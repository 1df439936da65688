"""Queries that were written out once, and the watcher of queries in a loop."""

from collections.abc import Iterator
from typing import Any

import pytest
from zeal.listeners import n_plus_one_listener
from zeal.patch import get_instance_key

from core.compiled import Compiled


@pytest.fixture(autouse=True, scope="session")
def _one_at_a_time() -> Iterator[None]:
    """What is asked of an instance that came alone is no loop; of the site's own ``first`` the watcher must be told."""
    first = Compiled.first

    def told(self: Compiled, *shape: Any, **values: Any) -> Any:
        found = first(self, *shape, **values)
        if found is not None:
            n_plus_one_listener.ignore(get_instance_key(found))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Compiled, "first", told)
        yield
