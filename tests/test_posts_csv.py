"""posts.csv as Substack writes it, and as spreadsheet programs leave it."""

from __future__ import annotations

import pytest

from clothbound.errors import LimitError, ReadError
from clothbound.substack.posts_csv import COLUMNS, is_true, load

HEAD = ",".join(COLUMNS)
ROW = "1.a,2023-06-01T10:00:00.000Z,true,,,newsletter,everyone,Títle,Sub,"


def rows(text: str | bytes) -> list[dict[str, str]]:
    data = text.encode() if isinstance(text, str) else text
    return [row for _, row in load(data, most=100).rows]


EXPECTED = dict(zip(COLUMNS, ROW.split(","), strict=True))


@pytest.mark.parametrize(
    "data",
    [
        f"{HEAD}\n{ROW}\n".encode(),
        f"{HEAD}\r\n{ROW}\r\n".encode(),
        f"{HEAD}\n{ROW}".encode("utf-8-sig"),
        f"{HEAD}\n{ROW}\n".encode("utf-16"),
        f"{HEAD}\n{ROW}\n".encode("cp1252"),
        f"{HEAD}\n\n{ROW}\n,,,,,,,,,\n".encode(),
        f"{HEAD}\n{ROW}\n".replace(",", ";").encode(),
        f"{HEAD}\n{ROW}\n".replace(",", "\t").encode(),
        f"{ROW}\n".encode(),
    ],
    ids=["lf", "crlf", "bom", "utf-16", "cp1252", "blank", "semicolon", "tab", "no header"],
)
def test_every_dialect_gives_the_same_row(data: bytes) -> None:
    assert rows(data) == [EXPECTED]


def test_what_is_not_substacks_own_dialect_is_said() -> None:
    assert load(f"{HEAD}\n{ROW}\n".encode(), most=9).repairs == ()
    assert "Windows-1252" in load(f"{HEAD}\n{ROW}\n".encode("cp1252"), most=9).repairs[0][1]
    assert "';'" in load(HEAD.replace(",", ";").encode(), most=9).repairs[0][1]


def test_old_exports_have_nine_columns() -> None:
    head = HEAD.replace("inbox_sent_at,", "")
    found = load(f"{head}\n1.a,,true,,newsletter,everyone,T,S,u\n".encode(), most=9)
    assert len(found.columns) == 9
    assert next(found.rows)[1]["podcast_url"] == "u"


def test_quoted_line_ends_and_unknown_columns_are_kept() -> None:
    found = load(f'{HEAD},likes\n1.a,,,,,,,"Two\nlines, ""so""",,,7,extra\n'.encode(), most=9)
    line, row = next(found.rows)
    assert (line, row["title"], row["likes"]) == (3, 'Two\nlines, "so"', "7")
    assert row["column_12"] == "extra"
    assert found.columns[-1] == "likes"


@pytest.mark.parametrize("text", ["", "\n\n", "a,b\n1,2\n", "<html>"])
def test_what_is_no_list_of_posts_is_refused(text: str) -> None:
    with pytest.raises(ReadError, match="no column post_id"):
        load(text.encode(), most=9)


def test_bounds() -> None:
    with pytest.raises(LimitError):
        rows(f"{HEAD}\n" + f"{ROW}\n" * 101)
    with pytest.raises(ReadError, match="field larger"):
        rows(f"{HEAD}\n{'x' * 200_000}\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("true", True), ("TRUE", True), ("1", True), ("FALSE", False), ("", False), ("maybe", None)],
)
def test_published_or_not(text: str, expected: bool | None) -> None:
    assert is_true(text) is expected
