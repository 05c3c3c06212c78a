"""Tests which fields of a run decide about products, and so about keys of conversions and of parts that are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import clothbound
from clothbound.batch.conversion_key import key_of_settings
from clothbound.errors import UsageError
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


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Run(limits={"depth": 3}), "limits are Limits, not dict"),  # type: ignore[arg-type]
        (lambda: Run(jobs="2"), "jobs is a number of processes from 1, not '2'"),  # type: ignore[arg-type]
        (lambda: Run(fetch=True), "fetch is a function, not True"),  # type: ignore[arg-type]
        (lambda: Run(progress="bar"), "progress is a function, not 'bar'"),  # type: ignore[arg-type]
        (lambda: Limits(post_bytes="1"), "post_bytes is a number from 0, not '1'"),  # type: ignore[arg-type]
        (lambda: Limits(fetch_seconds=-1), "fetch_seconds is a number from 0, not -1"),
    ],
)
def test_a_value_that_a_run_cannot_have_is_refused(make: Any, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        make()


@pytest.mark.parametrize(
    "call",
    [
        lambda run, path: clothbound.read(path, run=run),
        lambda run, path: clothbound.write(clothbound.read(path), "html", run=run),
        lambda run, path: clothbound.convert(path, path.with_suffix(".html"), run=run),
        lambda run, path: clothbound.check(clothbound.read(path), run=run),
        lambda run, path: clothbound.convert_many([path], to="html", folder="out", run=run),
        lambda run, path: clothbound.import_archive(path, path.parent / "mine", run=run),
    ],
)
def test_what_is_no_run_is_refused_by_each_function(call: Any, tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text("Words.\n")
    with pytest.raises(UsageError, match=r"run is a Run, not Limits.*clothbound.Run\(") as error:
        call(Limits(), tmp_path / "post.md")
    assert error.value.hint


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("select", r"select is a Select, not str.*select=clothbound.Select\("),
        ("order", r"order is an Order, not str.*order=clothbound.Order\("),
        ("info", r"info is a BookInfo, not str"),
    ],
)
def test_what_chooses_posts_is_told_from_something_else(name: str, message: str) -> None:
    given: Any = {name: "2021"}
    posts = clothbound.read("# A\n\nWords.\n")
    with pytest.raises(UsageError, match=message):
        clothbound.book(posts, **given)
    if name != "info":
        with pytest.raises(UsageError, match=message):
            clothbound.convert_many([], to="epub", folder="x", **given)
