"""posts.csv from an archive to an archive: ids, columns, dates and order are the author's."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import msgspec
import pytest

from clothbound import api
from clothbound.diagnostics import Diagnostic, DiagnosticCode
from clothbound.model.blocks import Paragraph
from clothbound.model.inlines import Text
from clothbound.model.post import Metadata, Post
from clothbound.writers.substack.archive import SubstackArchive
from substack_dom import HEADER, archive_of

ROW = "{},2024-01-02T03:04:05.006Z,true,,,newsletter,everyone,{},,\n"


def archive(table: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("posts.csv", table)
        for row in csv.DictReader(io.StringIO(table)):
            made.writestr(f"posts/{next(iter(row.values()))}.html", "<p>x</p>")
    return stream.getvalue()


def again(
    table: str, options: SubstackArchive | None = None
) -> tuple[str, set[str], list[Diagnostic]]:
    made = api.write(api.read(archive(table)), options or SubstackArchive())
    with zipfile.ZipFile(io.BytesIO(made.to_bytes())) as opened:
        names = set(opened.namelist()) - {"posts.csv"}
        return opened.read("posts.csv").decode(), names, list(made.report.diagnostics)


IDS = ["12345678901.a", "555.b", "555.c", "777.caf\u00e9", "888.a.b", "999", "abc.d", "1.A B"]


def test_ids_of_any_form_are_kept() -> None:
    table = HEADER + "".join(ROW.format(name, "T") for name in IDS)
    text, names, _ = again(table)
    assert text == table
    assert names == {f"posts/{name}.html" for name in IDS}


def test_an_importer_that_takes_no_other_ids_gets_its_own_and_each_is_named() -> None:
    table = HEADER + "".join(ROW.format(name, "T") for name in IDS)
    text, names, found = again(table, SubstackArchive(destination="ghost"))
    ids = [row["post_id"] for row in csv.DictReader(io.StringIO(text))]
    assert {f"posts/{name}.html" for name in ids} == names
    assert ids[1:6] == ["555.b", "555.c", "777.cafe", "888.a-b", "999.t"]
    changed = [d.message for d in found if d.code is DiagnosticCode.ARCHIVE_ROW]
    assert len(changed) == 5
    assert "777.caf\u00e9" in changed[1]
    assert "777.cafe" in changed[1]


def test_a_number_that_a_later_post_has_is_not_taken() -> None:
    first = Post(Metadata(id="7.a", title="A"), (Paragraph((Text("a"),)),))
    same = msgspec.structs.replace(first, metadata=Metadata(id="7.a", title="B", source="b.md"))
    last = msgspec.structs.replace(first, metadata=Metadata(id="8.c", title="C", source="c.md"))
    made = api.write([first, same, last], "substack")
    with zipfile.ZipFile(io.BytesIO(made.to_bytes())) as opened:
        names = set(opened.namelist()) - {"posts.csv"}
    assert names == {"posts/7.a.html", "posts/8.c.html", "posts/9.a.html"}
    assert any("9.a" in d.message and d.source == "b.md" for d in made.report.diagnostics)


@pytest.mark.parametrize("head", ["Author Note", "LIKES", "ref"])
def test_columns_of_any_name_keep_their_values(head: str) -> None:
    table = HEADER.replace("\n", f",{head}\n") + ROW.format("1.a", "T").replace("\n", ",keep me\n")
    assert again(table)[0] == table


def test_names_of_columns_are_written_as_they_stood() -> None:
    head = HEADER.replace("post_id", "Post_ID").replace("title", "TITLE", 1)
    table = head + ROW.format("1.a", "T")
    assert again(table)[0] == table


def test_a_column_that_stands_twice_is_told() -> None:
    table = HEADER.replace("\n", ",note,note\n") + ROW.format("1.a", "T").replace("\n", ",x,y\n")
    found = [d.message for d in api.read(archive(table)).diagnostics]
    assert any("duplicate columns" in message and "note" in message for message in found)


@pytest.mark.parametrize("date", ["2024-01-02", "2024-01-02T10:00:00+02:00", "Jan 2, 2024", ""])
def test_dates_stay_as_they_were_written(date: str) -> None:
    quoted = f'"{date}"' if "," in date else date
    table = HEADER + f"1.a,{quoted},true,,,,,T,,\n"
    assert again(table)[0] == table


def test_fields_without_a_column_are_told() -> None:
    text = b"---\ntitle: X\ncustom: keepme\nupdated: 2024-01-02\npodcast_url: u\n---\n\nhi\n"
    made = api.write(api.read(text, format="markdown"), "substack")
    made.to_bytes()
    (found,) = (d.message for d in made.report.diagnostics if "no place for" in d.message)
    assert "custom (1)" in found
    assert "a date of change (1)" in found
    assert "podcast_url" not in found


def test_fields_beyond_the_columns_are_told() -> None:
    table = HEADER + ROW.format("1.a", "T").replace("\n", ",over\n")
    assert any("column_11 (1)" in d.message for d in again(table)[2])


def unpacked(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def test_a_folder_in_the_folder_that_was_unpacked(tmp_path: Path) -> None:
    files = {"posts.csv": HEADER + ROW.format("1.a", "T"), "posts/1.a.html": "<p>x</p>"}
    unpacked(tmp_path / "out" / "export", files)
    (tmp_path / "out" / ".DS_Store").write_text("")
    (tmp_path / "out" / "__MACOSX").mkdir()
    posts = api.read(tmp_path / "out")
    assert [post.metadata.id for post in posts.posts] == ["1.a"]


def test_a_folder_of_texts_with_an_export_in_it_is_one_of_texts(tmp_path: Path) -> None:
    unpacked(tmp_path / "export", {"posts.csv": HEADER, "posts/1.a.html": "<p>x</p>"})
    (tmp_path / "a.md").write_text("Words.\n")
    assert [post.metadata.source for post in api.read(tmp_path).posts] == ["a.md"]


def test_what_a_system_puts_beside_a_post_is_no_post() -> None:
    stream = io.BytesIO(archive(HEADER + ROW.format("1.a", "T")))
    with zipfile.ZipFile(stream, "a") as made:
        made.writestr("posts/._1.a.html", b"\x00\x05\x16\x07\x00\x02")
    posts = api.read(stream.getvalue())
    assert [post.metadata.id for post in posts.posts] == ["1.a"]


def test_a_quotation_mark_that_is_not_closed_is_told() -> None:
    rows = ROW.format("1.a", '"Salt') + ROW.format("2.b", "B") + ROW.format("3.c", "C")
    found = api.read(archive_of({"9.z": ""}, HEADER + rows)).diagnostics
    (told,) = (d for d in found if "quotation mark" in d.message)
    assert told.source == "posts.csv"
    assert told.line == 2
    assert "1.a" in told.message


def test_a_field_without_an_end_is_told() -> None:
    rows = ROW.format("1.a", '"Salt') + ROW.format("2.b", "B") * 3000
    found = api.read(archive_of({"9.z": ""}, HEADER + rows)).diagnostics
    (told,) = (d for d in found if "quotation mark" in d.message)
    assert (told.source, told.line) == ("posts.csv", 2)
