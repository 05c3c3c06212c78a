"""Posts that a program has made become a collection: keys, bounds, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from clothbound.errors import LimitError, UsageError
from clothbound.limits import Limits
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.check import max_depth
from clothbound.model.collection import Collection, LazyPosts
from clothbound.model.index import Index
from clothbound.model.post import Footnote, Metadata, Post
from clothbound.model.posts_at_hand import as_collection

WORDS = b.Paragraph((i.Text("Words."),))


def letter(slug: str) -> Post:
    return Post(Metadata(slug=slug), (WORDS,))


def nested(levels: int) -> b.Block:
    tree: b.Block = WORDS
    for _ in range(levels):
        tree = b.Quote((tree,))
    return tree


def test_posts_get_the_keys_of_the_index_that_is_made_of_them() -> None:
    made = as_collection([letter("a"), letter("a"), Post(), Post()])
    keys = [metadata.key for metadata in made.index]
    assert len(set(keys)) == 4
    assert [post.metadata.key for post in made] == keys
    assert as_collection(made) is made
    (alone,) = as_collection(letter("a")).index
    assert alone.slug == "a"


def test_posts_of_a_collection_by_hand_get_the_keys_of_its_index() -> None:
    given = (letter("a"), letter("b"))
    index = Index.of(given)
    made = as_collection(Collection(posts=given, index=index))
    assert [post.metadata.key for post in made.posts] == [metadata.key for metadata in index]
    assert all(post.metadata.key for post in made.posts)
    half = Collection(posts=(made.posts[0], given[1]), index=index)
    assert as_collection(half).posts == made.posts


def test_lazy_posts_are_not_read() -> None:
    def load(position: int) -> Post:
        raise AssertionError(position)

    index = Index.of((letter("a"),))
    lazy = Collection(posts=LazyPosts(load, range(1)), index=index)
    assert as_collection(lazy) is lazy


def test_an_index_of_other_posts_is_refused() -> None:
    made = as_collection([letter("a"), letter("b")])
    with pytest.raises(UsageError, match="has 2 posts, and the collection has 1") as caught:
        as_collection(replace(made, posts=made.posts[:1]))
    assert "Index.of(posts)" in caught.value.hint


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ("a.md", "str"),
        (b"words", "bytes"),
        (Path("a.md"), type(Path("a.md")).__name__),
        ([letter("a"), "b.md"], "str"),
        (3, "int"),
    ],
)
def test_what_is_not_posts_is_refused_by_its_kind(given: Any, kind: str) -> None:
    with pytest.raises(UsageError, match=f"posts are needed, not {kind}") as caught:
        as_collection(given)
    assert caught.value.hint == "clothbound.read() returns them"


def test_a_post_may_be_as_deep_as_the_limit_and_no_deeper() -> None:
    most = Limits().depth
    levels = most - max_depth(Post(body=(nested(0),)))
    as_collection(Post(body=(nested(levels),)))
    too_deep = (nested(levels + 1),)
    called = Metadata(source="a.md")
    for post in (Post(called, too_deep), Post(called, footnotes=(Footnote("1", too_deep),))):
        with pytest.raises(LimitError, match=f"a.md: .* deeper than {most} levels"):
            as_collection(post)
