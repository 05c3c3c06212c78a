"""How a ``book.toml`` calls a post, and which post a name means."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from ..errors import did_you_mean
from ..model.index import make_key, post_slug, uuid_of
from ..model.post import Metadata


def listed_name(metadata: Metadata) -> str:
    """The name under which ``init`` lists a post: its key, or its file where the key is no word.

    A key that was made from the file's path says nothing to a person; nor does one that had to be
    told from another's.
    """
    made = make_key(metadata)
    readable = made == metadata.key and made != str(uuid_of(metadata.source))
    return metadata.key if readable or not metadata.source else metadata.source


class Names:
    """Finds posts by what an author may call them: key, file, ``post_id`` or slug."""

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
        """The key of the post with this name; KeyError if there is none."""
        return self._keys[name]

    def near(self, name: str) -> str:
        """``; did you mean 'x'?``, or nothing."""
        return did_you_mean(name, self._shown) or did_you_mean(name, self._keys)
