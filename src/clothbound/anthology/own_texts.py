"""Adds the book's own texts, which are not chapters: a foreword, a dedication, a colophon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import PurePosixPath

import msgspec

from ..language.words import wording
from ..model.collection import FRONT_ROLES, Collection, LazyPosts, Role, content_digest
from ..model.index import Index, IndexEntry
from ..model.post import Post
from ..readers.post_metadata import title_from_path


def with_texts(collection: Collection, texts: Mapping[Role, Post]) -> Collection:
    """Returns the book with its own texts: those of the front matter first, the others last."""
    keys = {role: _text_key(role, collection.index) for role in texts}
    own_texts = {
        role: _as_text(role, keys[role], post, collection.info.language)
        for role, post in texts.items()
    }
    front = [own_texts[role] for role in FRONT_ROLES if role in own_texts]
    back = [post for role, post in own_texts.items() if role not in FRONT_ROLES]
    entries = (
        *(IndexEntry(post.metadata) for post in front),
        *collection.index.entries,
        *(IndexEntry(post.metadata) for post in back),
    )
    load = partial(_one_of, tuple(front), collection.posts, tuple(back))
    digest = partial(_digest_of_one, len(front), collection.posts)
    posts = LazyPosts(load, range(len(entries)), digest)
    return msgspec.structs.replace(
        collection,
        posts=posts,
        index=collection.index.rebuilt(entries, load=posts.__getitem__, texts=keys.values()),
        roles={**collection.roles, **{key: role for role, key in keys.items()}},
    )


def _text_key(role: Role, posts: Index) -> str:
    # The bare name of the role may be the slug of a post, or a file that a writer makes itself.
    key = f"text-{role}"
    while key in posts or key in posts.whole:
        key += "-"
    return key


def _as_text(role: Role, key: str, post: Post, language: str) -> Post:
    title = "" if _is_named_by_its_file(role, post) else post.metadata.title
    title = title or wording(language).roles[role]
    metadata = msgspec.structs.replace(post.metadata, key=key, title=title, published=None)
    return msgspec.structs.replace(post, metadata=metadata)


def _is_named_by_its_file(role: Role, post: Post) -> bool:
    """Whether the title of a text is the name of its file (``foreword.md``), which begins with its words: a header or a
    heading would be above them.
    """
    source = post.metadata.source
    is_of_role = PurePosixPath(source).stem.casefold() == role
    first = post.body[0].line if post.body else 0
    return is_of_role and post.metadata.title == title_from_path(source) and first == 1


def _one_of(
    front: Sequence[Post], posts: Sequence[Post], back: Sequence[Post], position: int
) -> Post:
    if position < len(front):
        return front[position]
    position -= len(front)
    return posts[position] if position < len(posts) else back[position - len(posts)]


def _digest_of_one(front: int, posts: Sequence[Post], position: int) -> str:
    """Returns the digest of a post; that of the book's own texts is not known."""
    inside = front <= position < front + len(posts)
    return content_digest(posts, position - front) if inside else ""
