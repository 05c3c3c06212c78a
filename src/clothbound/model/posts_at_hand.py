"""Makes a collection of the posts that a program has at hand, as those make one that a reader returns."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence

from msgspec import structs

from ..errors import LimitError, UsageError
from ..limits import Limits
from .check import max_depth, misfit
from .collection import Collection
from .index import Index
from .post import Metadata, Post


def as_collection(posts: Collection | Post | Sequence[Post]) -> Collection:
    """Returns posts at hand as a collection whose posts have the keys of its index.

    A collection whose posts are a list or a tuple may come from a program, and takes its keys from its
    index. Any other sequence may be lazy and is not read here: its reader has made the keys. Raises
    LimitError for a post at hand that is too deep, and UsageError for one in which something stands where it cannot, for
    an index of other posts and for what is not posts.
    """
    if isinstance(posts, Collection):
        if not isinstance(posts.posts, list | tuple):
            return posts
        keyed = _with_keys(posts.posts, posts.index)
        is_keyed = all(map(operator.is_, keyed, posts.posts))
        return posts if is_keyed else structs.replace(posts, posts=keyed)
    given = (posts,) if isinstance(posts, Post) else _posts_in(posts)
    _refuse_malformed(given)
    index = Index.of(given)
    return Collection(posts=_with_keys(given, index), index=index)


def _posts_in(posts: Iterable[object]) -> tuple[Post, ...]:
    """Returns a sequence of posts as a tuple. Raises UsageError for anything else, such as the path of a post."""
    found = tuple(posts) if isinstance(posts, Iterable) and not isinstance(posts, str) else (posts,)
    wrong = next((one for one in found if not isinstance(one, Post)), None)
    if wrong is not None:
        kind = type(posts if isinstance(posts, (str, bytes)) else wrong).__name__
        raise UsageError(f"posts are needed, not {kind}", hint="clothbound.read() returns them")
    return tuple(post for post in found if isinstance(post, Post))


def _with_keys(posts: Sequence[Post], index: Index) -> tuple[Post, ...]:
    if len(posts) != len(index):
        raise UsageError(
            f"the index of the collection has {len(index)} posts, and the collection has {len(posts)}",
            hint="make it of the same posts: Index.of(posts)",
        )
    return tuple(
        post if post.metadata.key == metadata.key else _with_key(post, metadata.key)
        for post, metadata in zip(posts, index, strict=True)
    )


def _refuse_malformed(posts: Iterable[Post]) -> None:
    most = Limits().depth
    for post in posts:
        if wrong := misfit(post):
            raise UsageError(
                f"the post cannot be: {wrong}",
                source=post.metadata.source if isinstance(post.metadata, Metadata) else "",
                hint="what holds nodes is a tuple of them: Paragraph((Text('words'),))",
            )
        if max_depth(post) > most:
            raise LimitError(
                f"the post is nested deeper than {most} levels", source=post.metadata.source
            )


def _with_key(post: Post, key: str) -> Post:
    return structs.replace(post, metadata=structs.replace(post.metadata, key=key))
