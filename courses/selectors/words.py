"""What a reader's library calls things (D18)."""

from accounts.models import LocalWord, User
from courses.local_words import LOCAL_WORDS


def words_for(user: User) -> dict[str, str]:
    """The local words of the reader's organisation over the defaults, by key (D18). At most one query."""
    words = {word.key: str(word.default) for word in LOCAL_WORDS}
    if user.is_authenticated:
        own = LocalWord.objects.filter(
            organisation__memberships__person=user, organisation__memberships__is_primary=True
        )
        words.update(own.values_list("key", "value"))
    return words
