"""Names posts in a ``book.toml``, and resolves these names."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from ..errors import did_you_mean
from ..model.index import make_key, uuid_of
from ..model.post import Metadata
from ..model.slugs import post_slug


def listed_name(metadata: Metadata) -> str:
    """Returns the name under which ``init`` lists a post: its key if a person can read it, or else its file.

    A key derived from the path of the file (a UUID) means nothing to a person, and neither does a key with a
    suffix that tells it from the same key of another post.
    """
    own_key = make_key(metadata)
    readable = own_key == metadata.key and own_key != str(uuid_of(metadata.source))
    return metadata.key if readable or not metadata.source else metadata.source


class Names:
    """Resolves the names that an author may give a post: its key, file, ``post_id`` or slug."""

    def __init__(self, posts: Iterable[Metadata]) -> None:
        self._keys: dict[str, str] = {}
        known = list(posts)
        self._shown = [listed_name(metadata) for metadata in known]
        for names in (
            [(m.key, m) for m in known],
            [(m.source, m) for m in known],
            [(str(PurePosixPath(m.source).with_suffix("")), m) for m in known if m.source],
            [(m.id, m) for m in known],
            [(post_slug(m), m) for m in known],
        ):
            for name, metadata in names:
                if name:
                    self._keys.setdefault(name, metadata.key)

    def __contains__(self, name: str) -> bool:
        return name in self._keys

    def __getitem__(self, name: str) -> str:
        """Returns the key of the post with this name. Raises KeyError if there is none."""
        return self._keys[name]

    def near(self, name: str) -> str:
        """Returns ``; did you mean 'x'?`` for a similar name, or an empty string."""
        return did_you_mean(name, self._shown) or did_you_mean(name, self._keys)
