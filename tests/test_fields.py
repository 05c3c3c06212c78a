"""The fields that a person can set: read from structs, made of texts and of TOML."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import pytest

from clothbound.errors import OptionError, UsageError, did_you_mean
from clothbound.fields import (
    REQUIRED,
    Field,
    WrongTypeError,
    find,
    from_text,
    from_toml,
    given,
    make_struct,
    settings,
)


def shouted(text: str) -> str:
    if not text:
        raise UsageError("empty")
    return text.upper()


class Shelf(msgspec.Struct, frozen=True):
    name: Annotated[str, Field(flag="--shelf", toml="shelf", help="The shelf.")]
    place: Annotated[str, Field(flag="--place", toml="place")] = ""


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    title: Annotated[str, Field(flag="--title", toml="title", help="A title.", check=shouted)] = ""
    tags: Annotated[Collection[str], Field(toml="tags", check=shouted)] = ()
    min_words: Annotated[int, Field(toml="min-words")] = 0
    size: Annotated[float, Field()] = 10.5
    day: Annotated[date | datetime | None, Field(toml="day")] = None
    page: Annotated[Literal["A5", "6x9"], Field(toml="page")] = "A5"
    drafts: Annotated[bool, Field(toml="drafts")] = False
    css: Annotated[Path | None, Field()] = None
    options: Annotated[dict[str, Any], Field(toml="options")] = {}
    shelf: Shelf | None = None
    chapters: tuple[str, ...] | None = None


class Place(msgspec.Struct, frozen=True, kw_only=True):
    path: Annotated[str, Field(toml="path")]


KNOWN = {setting.name: setting for setting in settings(Wishes)}


def test_settings_stand_in_order_and_nested_ones_in_their_place() -> None:
    assert [s.name for s in settings(Wishes)] == [
        *("title", "tags", "min_words", "size", "day", "page", "drafts", "css", "options"),
        *("shelf_name", "shelf_place"),
    ]
    title, place = KNOWN["title"], KNOWN["shelf_place"]
    assert (title.flag, title.toml, title.help) == ("--title", "title", "A title.")
    assert (place.path, place.flag, place.default) == (("shelf", "place"), "--place", "")
    assert KNOWN["shelf_name"].default is REQUIRED
    assert KNOWN["options"].default == {}
    assert KNOWN["min_words"].key == "min-words"


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("title", str, "str"),
        ("min_words", int, "int"),
        ("size", float, "float"),
        ("day", date, "date | datetime | None"),
        ("page", str, '"A5" | "6x9"'),
        ("drafts", bool, "bool"),
        ("css", Path, "Path | None"),
        ("options", dict, "dict[str, typing.Any]"),
    ],
)
def test_a_type(name: str, kind: type, shown: str) -> None:
    assert KNOWN[name].kind is kind
    assert KNOWN[name].type_name == shown
    assert not KNOWN[name].is_many


def test_choices_and_several() -> None:
    assert KNOWN["page"].choices == ("A5", "6x9")
    assert KNOWN["title"].choices == ()
    assert KNOWN["tags"].is_many


def test_a_struct_is_made_of_values_and_gives_them_back() -> None:
    values = {"title": "x", "min_words": 3, "shelf_name": "a", "shelf_place": "b"}
    made = make_struct(Wishes, values)
    assert made == Wishes(title="x", min_words=3, shelf=Shelf("a", "b"))
    assert given(made) == values
    assert given(Wishes()) == {}
    assert make_struct(Wishes, {}).shelf is None


def test_what_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="Wishes has no chapters, depth"):
        make_struct(Wishes, {"depth": 3, "chapters": ()})
    with pytest.raises(TypeError, match="name"):
        make_struct(Wishes, {"shelf_place": "b"})
    with pytest.raises(TypeError, match="path"):
        make_struct(Place, {})


def test_a_check_sees_each_of_several() -> None:
    assert KNOWN["title"].checked("x") == "X"
    assert KNOWN["tags"].checked(["a", "b"]) == ("A", "B")
    assert KNOWN["min_words"].checked(3) == 3
    with pytest.raises(UsageError, match="empty"):
        KNOWN["tags"].checked(["a", ""])


def test_a_key_is_found_and_a_near_one_told() -> None:
    assert find(Wishes, "min-words") == find(Wishes, "min_words") == settings(Wishes)[2]
    with pytest.raises(
        OptionError, match=r"Wishes has no option 'min-word'; did you mean 'min-words'\?"
    ):
        find(Wishes, "min-word")
    with pytest.raises(OptionError, match="options here: none"):
        find(msgspec.defstruct("Empty", []), "depth")


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("title", "a, b", "a, b"),
        ("tags", "a, b,", ("a", "b")),
        ("min_words", "3", 3),
        ("size", "2.5", 2.5),
        ("day", "2023-03-01", datetime(2023, 3, 1)),
        ("page", "6x9", "6x9"),
        ("drafts", "Yes", True),
        ("drafts", "", True),
        ("drafts", "off", False),
        ("css", "a.css", Path("a.css")),
    ],
)
def test_a_value_of_a_text(name: str, text: str, value: object) -> None:
    assert from_text(KNOWN[name], text) == value


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("min_words", "many", "min-words is a int, not 'many'"),
        ("day", "May", "day is a date, not 'May'"),
        ("drafts", "perhaps", "drafts must be true or false, not 'perhaps'"),
        ("page", "a5", r"page cannot be 'a5'; did you mean 'A5'\? Hint: one of A5, 6x9"),
    ],
)
def test_a_text_that_is_no_value(name: str, text: str, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        from_text(KNOWN[name], text)


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("title", "x", "x"),
        ("title", 1984, "1984"),
        ("tags", "one", ("one",)),
        ("tags", [" a ", 2], ("a", "2")),
        ("min_words", 3, 3),
        ("day", date(2023, 3, 1), date(2023, 3, 1)),
        ("day", "2023-03-01T10:00Z", datetime(2023, 3, 1, 10, tzinfo=UTC)),
        ("page", "6x9", "6x9"),
        ("drafts", False, False),
        ("options", {"page": "A5"}, {"page": "A5"}),
    ],
)
def test_a_value_of_toml(name: str, written: object, value: object) -> None:
    assert from_toml(KNOWN[name], written) == value


@pytest.mark.parametrize(
    ("name", "written", "wanted"),
    [
        ("title", ["x"], "a single text"),
        ("title", True, "a single text"),
        ("tags", [["x"]], "a single text, or a list of texts"),
        ("min_words", "3", "a number, without quotation marks"),
        ("min_words", True, "a number, without quotation marks"),
        ("day", 2023, "a date"),
        ("day", "May", "a date"),
        ("page", "a5", "one of A5, 6x9, not 'a5'; did you mean 'A5'?"),
        ("drafts", "true", "true or false, without quotation marks"),
        ("options", "A5", "a table in curly brackets"),
    ],
)
def test_toml_of_another_type(name: str, written: object, wanted: str) -> None:
    with pytest.raises(WrongTypeError) as caught:
        from_toml(KNOWN[name], written)
    assert caught.value.wanted == wanted
    assert caught.value.example


def test_an_empty_one_of_several_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        from_toml(KNOWN["tags"], ["a", " "])


def test_the_nearest_name() -> None:
    assert did_you_mean("EPUP", ("epub", "pdf")) == "; did you mean 'epub'?"
    assert did_you_mean("xyz", ("epub", "pdf")) == ""


def test_declaring_a_field_evaluates_nothing() -> None:
    script = """
from __future__ import annotations
import sys
from typing import Annotated
import msgspec
from clothbound.fields import Field
class Wishes(msgspec.Struct):
    depth: Annotated[int, Field(check=print("evaluated"))] = 1
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, timeout=60
    )
    assert done.stdout == b""
