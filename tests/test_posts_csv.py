"""posts.csv as Substack writes it, and as spreadsheet programs leave it."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import clothbound
from clothbound.cli import main
from clothbound.diagnostics import DiagnosticCode
from clothbound.errors import LimitError, OptionError, ReadError
from clothbound.model.post import Metadata
from clothbound.model.publication import Publication, Reason
from clothbound.readers.substack import SubstackInput
from clothbound.substack.csv_encoding import decode_table
from clothbound.substack.csv_records import read_records
from clothbound.substack.posts_csv import COLUMNS, audience_of, is_true, load

HEAD = ",".join(COLUMNS)
ROW = "1.a,2023-06-01T10:00:00.000Z,true,,,newsletter,everyone,Títle,Sub,"


def rows(text: str | bytes) -> list[dict[str, str]]:
    data = text.encode() if isinstance(text, str) else text
    return [row for _, row in load(data, most=100).rows]


LOCKED = Publication((Reason("restricted", "password", "password"),))
EXPECTED = dict(zip(COLUMNS, ROW.split(","), strict=True))


@pytest.mark.parametrize(
    "data",
    [
        f"{HEAD}\n{ROW}\n".encode(),
        f"{HEAD}\r\n{ROW}\r\n".encode(),
        f"{HEAD}\n{ROW}".encode("utf-8-sig"),
        f"{HEAD}\n{ROW}\n".encode("utf-16"),
        f"{HEAD}\n{ROW}\n".encode("utf-16-le"),
        f"{HEAD}\n{ROW}\n".encode("utf-16-be"),
        f"{HEAD}\n\n{ROW}\n,,,,,,,,,\n".encode(),
        f"{HEAD}\n{ROW}\n".replace(",", ";").encode(),
        f"{HEAD}\n{ROW}\n".replace(",", "\t").encode(),
        f"{ROW}\n".encode(),
    ],
    ids=[
        "lf",
        "crlf",
        "bom",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "blank",
        "semicolon",
        "tab",
        "no header",
    ],
)
def test_every_dialect_gives_the_same_row(data: bytes) -> None:
    assert rows(data) == [EXPECTED]


def test_what_is_not_substacks_own_dialect_is_said() -> None:
    assert load(f"{HEAD}\n{ROW}\n".encode(), most=9).repairs == ()
    assert "UTF-16" in load(f"{HEAD}\n{ROW}\n".encode("utf-16"), most=9).repairs[0][1]
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [("true", True), ("TRUE", True), ("1", True), ("FALSE", False), ("", False), ("maybe", None)],
)
def test_published_or_not(text: str, expected: bool | None) -> None:
    assert is_true(text) is expected


# fields and records


@example('"a\n', ",")
@given(st.text(alphabet='ab",;\r\n\t é\x00', max_size=60), st.sampled_from(",;\t"))
def test_records_are_those_of_pythons_own_reader(text: str, delimiter: str) -> None:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    assert list(read_records(text, delimiter)) == [(reader.line_num, fields) for fields in reader]


def test_a_field_of_any_length_is_read_and_no_bound_of_the_process_is_moved() -> None:
    bound = csv.field_size_limit()
    long = "x" * 1_000_000
    assert (
        rows(f'{HEAD}\n1.a,,,,,,,T,"{long}\n""{long}",\n{ROW}\n')[0]["subtitle"]
        == f'{long}\n"{long}'
    )
    assert rows(f"{HEAD}\n1.a,,,,,,,{long},,\n{ROW}\n")[1] == EXPECTED
    assert csv.field_size_limit() == bound


# encodings

TITLES = {
    "shift_jis": "港からの手紙、第一号",
    "euc_jp": "港からの手紙、第一号",
    "cp1251": "Письмо из старой гавани",
    "koi8_r": "Письмо из старой гавани",
    "gb18030": "港口的来信,第一封",
    "big5": "港口的來信,第一封",
    "cp949": "항구에서 온 첫 편지",
    "cp1252": "Le café d’été – où?",
    "cp1250": "Příliš žluťoučký kůň",
    "mac_roman": "Le café d’été – où?",
}


def table(title: str) -> str:
    plain = "1.first,2023-06-01T10:00:00.000Z,true,,,newsletter,everyone,Plain,Sub,"
    return f"{HEAD}\n{plain}\n{plain.replace('1.first', '2.next').replace('Plain', f'{chr(34)}{title}{chr(34)}')}\n"


@pytest.mark.parametrize("encoding", TITLES)
def test_what_is_not_unicode_is_an_error_with_the_first_title_as_each_encoding_reads_it(
    encoding: str,
) -> None:
    data = table(TITLES[encoding]).encode(encoding)
    with pytest.raises(ReadError) as raised:
        load(data, most=9)
    said = str(raised.value)
    assert f"{TITLES[encoding]!r} in " in said
    assert "encoding=" in said
    found = load(data, most=9, encoding=encoding)
    assert [row["title"] for _, row in found.rows] == ["Plain", TITLES[encoding]]
    assert [code for code, _ in found.repairs] == [DiagnosticCode.ENCODING_REPAIRED]
    assert encoding.replace("_", "-") in found.repairs[0][1].replace("_", "-")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (table("Ä" * 9).encode("utf-16")[:-1], "UTF-16"),
        (table("Ä" * 9).encode("utf-16-le").replace(b"\xc4\0", b"\0\xd8", 1), "UTF-16"),
        (table("Ä" * 9).encode().replace("Ä".encode(), b"\xc3", 1), "UTF-8"),
    ],
)
def test_a_damaged_file_is_an_error_until_its_encoding_is_named(data: bytes, says: str) -> None:
    with pytest.raises(ReadError) as raised:
        load(data, most=9)
    assert says.lower() in str(raised.value).lower()
    found = load(data, most=9, encoding=says)
    assert "ÄÄÄÄ" in list(found.rows)[1][1]["title"]
    assert "replaced" in found.repairs[0][1]


def test_the_first_title_is_found_behind_a_byte_order_mark() -> None:
    rows = "title,subtitle\nPlain,Übrig\nTítle,\n" + "Plain,Plain\n" * 9
    with pytest.raises(ReadError) as raised:
        load(rows.encode("utf-8-sig") + b"Dam\xffaged,\n", most=99)
    assert "'Títle' in utf-8" in str(raised.value)


def test_utf_16_that_does_not_look_like_it_is_read_when_it_is_named() -> None:
    text, remarks = decode_table("ÄÄ\n".encode("utf-16")[2:], "utf-16", "posts.csv")
    assert text == "ÄÄ\n"
    assert remarks[0][1] == "it was read as utf-16, as requested"


def test_damaged_utf_16_is_not_to_be_read_as_another_encoding() -> None:
    data = table("Ä").encode("utf-16")
    with pytest.raises(ReadError) as raised:
        load(data[:41] + data[42:], most=9)
    assert "'' in" not in str(raised.value), "no title is there to be shown"
    assert "--encoding utf-16" in raised.value.for_command
    assert "windows" not in raised.value.hint


@pytest.mark.parametrize(
    ("metadata", "audience"),
    [
        (Metadata(), "everyone"),
        (Metadata(audience="everyone"), "everyone"),
        (Metadata(audience="only_free"), "only_free"),
        (Metadata(audience="founding"), "founding"),
        (Metadata(visibility="founding"), "founding"),
        (Metadata(visibility="paid"), "only_paid"),
        (Metadata(visibility="members"), "only_paid"),
        (Metadata(visibility="founding", publication=LOCKED), "only_paid"),
    ],
)
def test_an_audience_never_becomes_wider(metadata: Metadata, audience: str) -> None:
    assert audience_of(metadata) == audience


def test_an_encoding_that_there_is_not() -> None:
    for name in ("windows-12510", "base64", "nul\0"):
        with pytest.raises(OptionError, match="is not a known encoding"):
            load(table("x").encode(), most=9, encoding=name)


def test_the_command_names_the_encoding_and_then_it_decides(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with zipfile.ZipFile("export.zip", "w") as archive:
        archive.writestr("posts.csv", table(TITLES["cp1251"]).encode("cp1251"))
        for name in ("1.first", "2.next"):
            archive.writestr(f"posts/{name}.html", "<p>Слова.</p>".encode())

    def run(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as left:
            main(arguments)
        return int(left.value.code or 0), capfd.readouterr().err

    for command in (
        ["convert", "-o", "a.json"],
        ["book", "--all", "-o", "a.json"],
        ["import", "kept"],
    ):
        arguments = [command[0], "export.zip", *command[1:]]
        code, told = run(*arguments)
        assert (code, "Traceback" in told) == (1, False)
        assert "'Письмо из старой гавани' in windows-1251" in told
        code, told = run(*arguments, "--encoding", "windows-1251")
        assert code == 0, told
        if command[0] != "import":
            assert "Письмо из старой гавани" in (tmp_path / "a.json").read_text()
    assert run("init", "export.zip", "--encoding", "windows-1251")[0] == 0
    assert 'encoding = "windows-1251"' in (tmp_path / "book.toml").read_text()
    assert run("update", "book.toml")[0] == 0
    assert run("book", "book.toml", "-o", "b.json")[0] == 0
    found = clothbound.read("export.zip", SubstackInput(encoding="windows-1251"))
    assert [m.title for m in found.index] == ["Plain", TITLES["cp1251"]]
