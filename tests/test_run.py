"""Tests which fields of a run decide about products, and so about keys of conversions and of parts that are kept."""

from __future__ import annotations

from typing import Any

import pytest

from clothbound.batch.conversion_key import key_of_settings
from clothbound.limits import Limits
from clothbound.media.fetch import Fetcher
from clothbound.part_digests import digest_of, run_facts
from clothbound.run import Run

DECIDING: dict[str, Any] = {
    "limits": Limits(pixels=7),
    "fetch": Fetcher(),
    "audiences": ["everyone"],
    "states": ["draft"],
}
IDLE: dict[str, Any] = {
    "limits": Limits(pixels_at_once=7),
    "cache": "folder",
    "executor": object(),
    "jobs": 3,
    "progress": print,
    "diagnostics": print,
}
APART = {"filters", "now"}
"""Keys of conversions and of parts have these too, each in its own way: a part answers for its moment itself."""


def keys(run: Run) -> tuple[str, str]:
    return key_of_settings(None, "html", run, strict=False), digest_of(run_facts(run))


def test_every_field_decides_or_does_not() -> None:
    assert {*DECIDING, *IDLE, *APART} == set(Run.__struct_fields__)


@pytest.mark.parametrize("name", DECIDING)
def test_a_field_that_decides_changes_both_keys(name: str) -> None:
    pairs = zip(keys(Run()), keys(Run(**{name: DECIDING[name]})), strict=True)
    assert all(before != after for before, after in pairs)


@pytest.mark.parametrize("name", IDLE)
def test_any_other_field_changes_neither(name: str) -> None:
    assert keys(Run()) == keys(Run(**{name: IDLE[name]}))


def test_the_order_of_states_and_audiences_does_not_count() -> None:
    one, other = (Run(states=s, audiences=s) for s in (["draft", "private"], ["private", "draft"]))
    assert keys(one) == keys(other)
