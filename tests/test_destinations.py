"""Tests the rules of stores and devices, all of which the default destination obeys."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from clothbound.destinations import DESTINATIONS, SAFE, Destination, DestinationName
from clothbound.writers.epub import Epub
from docs_pages import all_words

STORES = [each for each in DESTINATIONS.values() if each is not SAFE]


def within(bound: int, other: int) -> bool:
    """Whether what keeps ``bound`` keeps ``other``; 0 is no bound."""
    return not other or 0 < bound <= other


@pytest.mark.parametrize("store", STORES, ids=lambda store: store.name)
def test_the_default_keeps_the_rules_of_all(store: Destination) -> None:
    safe, theirs = SAFE.pictures, store.pictures
    assert within(safe.longest_side, theirs.longest_side)
    assert within(safe.longest_side**2, theirs.max_pixels)
    assert within(safe.max_bytes, theirs.max_bytes)
    assert theirs.alpha or not safe.alpha
    assert within(SAFE.file_bytes, store.file_bytes)
    assert within(SAFE.document_bytes, store.document_bytes)
    assert within(SAFE.contents_levels, store.contents_levels)
    assert within(SAFE.cover.max_bytes, store.cover.max_bytes)
    assert within(SAFE.cover.longest_side, store.cover.longest_side)
    assert SAFE.cover.least >= store.cover.least


@pytest.mark.parametrize("each", DESTINATIONS.values(), ids=lambda each: each.name)
def test_each_says_when_and_where_it_was_looked_up(each: Destination) -> None:
    assert date.fromisoformat(each.checked)
    assert each.sources
    assert "image/webp" not in each.pictures.accepted
    assert "image/jpeg" in each.pictures.accepted


def test_the_type_and_the_docs_name_all_of_them() -> None:
    assert get_args(DestinationName) == tuple(DESTINATIONS)
    *first, last = (f"`{name}`" for name in DESTINATIONS)
    assert f"`--for` takes {', '.join(first)} and {last}." in all_words()
    assert Epub().destination == SAFE.name
