"""Tests posts that are made on demand."""

from __future__ import annotations

import pickle
from functools import partial

import pytest

from clothbound.model.collection import LazyPosts
from clothbound.model.post import Metadata, Post


def make(titles: tuple[str, ...], position: int) -> Post:
    return Post(Metadata(title=titles[position]))


POSTS = LazyPosts(partial(make, ("a", "b", "c")), range(3))


def titles(posts: object) -> list[str]:
    return [post.metadata.title for post in posts]  # type: ignore[attr-defined]


def test_it_is_a_sequence_that_iterates_again() -> None:
    assert titles(POSTS) == titles(POSTS) == ["a", "b", "c"]
    assert len(POSTS) == 3
    assert POSTS[-1].metadata.title == "c"
    assert titles(POSTS[1:]) == ["b", "c"]
    assert titles(LazyPosts(POSTS.load, (2, 0))) == ["c", "a"]
    with pytest.raises(IndexError):
        POSTS[3]


def test_it_crosses_to_another_process() -> None:
    assert titles(pickle.loads(pickle.dumps(POSTS))) == ["a", "b", "c"]


def test_a_fault_in_making_a_post_is_not_the_end_of_the_posts() -> None:
    broken = LazyPosts(partial(make, ("a",)), range(2))
    with pytest.raises(IndexError):
        list(broken)
