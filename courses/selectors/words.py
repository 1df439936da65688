"""What a reader's library calls things (D18)."""

import json
import re
from typing import Any

from accounts.models import LocalWord, User
from courses.local_words import LOCAL_WORDS
from courses.markup import resolve


def words_for(user: User) -> dict[str, str]:
    """The local words of the reader's organisation over the defaults, by key (D18). At most one query."""
    words = {word.key: str(word.default) for word in LOCAL_WORDS}
    if user.is_authenticated:
        own = LocalWord.objects.filter(
            organisation__memberships__person=user, organisation__memberships__is_primary=True
        )
        words.update(own.values_list("key", "value"))
    return words


def _with_token(text: str, slug: str, token: str) -> str:
    """Keep the preview's token on every address of its course inside ``text`` (JSON)."""
    if not token:
        return text
    return re.sub(rf'(/courses/{re.escape(slug)}/[^"\\#?\s]*)', rf"\1?preview={token}", text)


def resolved(rendered: Any, *, user: User, slug: str, token: str = "") -> Any:
    """What a kind rendered, with its tokens resolved for ``user``, one string at a time."""
    words = words_for(user) if "{{local." in json.dumps(rendered) else {}

    def walk(value: Any) -> Any:
        if isinstance(value, str):
            return _with_token(resolve(value, course_slug=slug, words=words), slug, token)
        if isinstance(value, list):
            return [walk(each) for each in value]
        if isinstance(value, dict):
            return {key: walk(each) for key, each in value.items()}
        return value

    return walk(rendered)
