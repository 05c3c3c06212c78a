"""`clothbound import`: an export becomes a folder of Markdown, and newer exports are merged into it."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import clothbound
from clothbound.errors import ClothboundError, ReadError, UsageError, WriteError
from clothbound.manuscript import Change, import_archive
from clothbound.media.fetch import Fetcher
from clothbound.model.plain_text import plain_text
from clothbound.naming import is_file_name
from clothbound.readers import export_files
from clothbound.run import Run
from imported_exports import (
    DRAFT,
    LEDGER,
    PICTURE,
    POSTS,
    TIDE,
    URL,
    Desk,
    Row,
    downloads,
    edit,
    export,
    told,
    tree,
)
from substack_dom import dom, files_of, with_edges_out, written

ENTRY = (sys.executable, "-m", "clothbound")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


# --- the first time -----------------------------------------------------------------------------


def test_every_post_gets_a_file_with_all_its_fields(desk: Desk) -> None:
    names = ["11.the-tide.md", "12.the-ledger.md", "13.e5c.md"]
    assert desk.first.changes == dict.fromkeys(names, Change.NEW)
    assert sorted(path.name for path in desk.folder.glob("*.md")) == names
    assert desk.tide.read_text() == (
        "---\ntitle: The tide\nsubtitle: About it\ndate: 2023-06-01T14:25:14.153Z\n"
        "slug: the-tide\npost_id: 11.the-tide\ntype: newsletter\naudience: everyone\n---\n\n"
        "First paragraph.\n\nSecond paragraph.\n\nThird paragraph.\n"
    )
    assert "draft: true\n" in (desk.folder / "13.e5c.md").read_text()


def test_the_folder_is_read_back_as_the_same_posts(desk: Desk) -> None:
    before = clothbound.read(desk.place / "a.zip")
    after = clothbound.read(desk.folder)
    assert [(p.metadata.id, p.metadata.title, plain_text(p)) for p in after] == [
        (p.metadata.id, p.metadata.title, plain_text(p)) for p in before
    ]


def test_a_folder_for_each_year_is_remembered(tmp_path: Path) -> None:
    folder = tmp_path / "posts"
    import_archive(export(tmp_path / "a.zip", TIDE, DRAFT), folder, layout="year")
    report = import_archive(export(tmp_path / "b.zip", *POSTS), folder)
    assert sorted(report.changes) == [
        "2022/12.the-ledger.md",
        "2023/11.the-tide.md",
        "undated/13.e5c.md",
    ]
    assert set(report.changes) == {
        str(path.relative_to(folder)) for path in folder.glob("*/*.md")
    } - {".clothbound"}


def test_a_new_post_never_takes_the_name_of_a_file_that_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "posts"
    folder.mkdir()
    (folder / "11.The-Tide.md").write_text("Mine, about tides.\n")
    report = import_archive(export(tmp_path / "a.zip", TIDE), folder)
    assert (folder / "11.The-Tide.md").read_text() == "Mine, about tides.\n"
    assert report.changes == {"11.the-tide-11.md": Change.NEW}


def test_importing_the_same_again_changes_nothing(desk: Desk) -> None:
    before = tree(desk.folder)
    report = desk.again()
    assert set(report.changes.values()) == {Change.UNCHANGED}
    assert tree(desk.folder) == before


def test_a_title_and_a_paragraph_that_were_edited_are_all_that_differs_in_an_archive(
    desk: Desk,
) -> None:
    def archive(name: str) -> dict[str, bytes]:
        clothbound.convert(desk.folder, desk.place / name, writer="substack")
        with zipfile.ZipFile(desk.place / name) as made:
            return {entry: made.read(entry) for entry in made.namelist()}

    before = archive("before.zip")
    edit(desk.tide, "title: The tide", "title: My tide")
    edit(desk.tide, "Second paragraph.", "My second paragraph.")
    after = archive("after.zip")
    assert before.keys() == after.keys()
    assert after.pop("posts.csv") == before.pop("posts.csv").replace(b"The tide", b"My tide")
    name = "posts/11.the-tide.html"
    assert after.pop(name) == before.pop(name).replace(b"Second", b"My second")
    assert after == before


# --- changes on one side ------------------------------------------------------------------------


def test_what_the_author_changed_stays(desk: Desk) -> None:
    edit(desk.tide, "Second paragraph.", "My second paragraph.")
    before = tree(desk.folder)
    assert desk.again().changes["11.the-tide.md"] is Change.UNCHANGED
    assert tree(desk.folder) == before


def test_what_the_export_changed_is_taken(desk: Desk) -> None:
    report = desk.again(
        replace(
            TIDE, title="High tide", body=("First.", "Second paragraph."), audience="only_paid"
        ),
        LEDGER,
        DRAFT,
    )
    assert report.count == {Change.UPDATED: 1, Change.UNCHANGED: 2}
    text = desk.tide.read_text()
    assert text.startswith("---\ntitle: High tide\nsubtitle: About it\n")
    assert "audience: only_paid\n" in text
    assert text.endswith("---\n\nFirst.\n\nSecond paragraph.\n")


def test_changes_of_both_sides_at_different_places_are_merged(desk: Desk) -> None:
    edit(desk.tide, "title: The tide\n", "title: My tide\ntags: [sea]\n")
    edit(desk.tide, "Third paragraph.", "My third paragraph.")
    report = desk.again(replace(TIDE, subtitle="Of the sea", body=("First.", *TIDE.body[1:])))
    assert report.changes["11.the-tide.md"] is Change.MERGED
    assert told(report)[0].startswith("12.the-ledger.md: warning: is no longer in the export")
    text = desk.tide.read_text()
    assert text.startswith("---\ntitle: My tide\ntags: [sea]\nsubtitle: Of the sea\ndate:")
    assert text.endswith("---\n\nFirst.\n\nSecond paragraph.\n\nMy third paragraph.\n")


def test_different_sentences_of_one_paragraph_are_merged(desk: Desk) -> None:
    desk.again(replace(TIDE, body=("One came in. Two went out. Three stayed.",)))
    edit(desk.tide, "One came in.", "One came in late.")
    desk.again(replace(TIDE, body=("One came in. Two went out. Three left.",)))
    assert desk.tide.read_text().endswith("\n\nOne came in late. Two went out. Three left.\n")


def test_the_same_change_on_both_sides_is_one(desk: Desk) -> None:
    edit(desk.tide, "Second paragraph.", "Another second paragraph.")
    report = desk.again(
        replace(TIDE, body=(TIDE.body[0], "Another second paragraph.", TIDE.body[2]))
    )
    assert report.changes["11.the-tide.md"] is Change.UNCHANGED
    assert desk.tide.read_text().count("Another second paragraph.") == 1
    assert "<<<<" not in desk.tide.read_text()


def test_a_draft_is_published_under_the_name_that_its_file_has(desk: Desk) -> None:
    draft = desk.folder / "13.e5c.md"
    edit(draft, "First paragraph.", "My first paragraph.")
    done = Row("13.an-idea", "A better idea", date="2023-07-01T10:00:00.000Z")
    report = desk.again(TIDE, LEDGER, done)
    assert report.changes["13.e5c.md"] is Change.MERGED
    text = draft.read_text()
    assert "draft:" not in text
    for line in (
        "title: A better idea",
        "post_id: 13.an-idea",
        "slug: an-idea",
        "date: 2023-07-01T10:00:00.000Z",
        "My first paragraph.",
    ):
        assert f"{line}\n" in text
    assert len(list(desk.folder.glob("*.md"))) == 3
    assert set(desk.again(TIDE, LEDGER, done).changes.values()) == {Change.UNCHANGED}


def test_a_new_post_is_added(desk: Desk) -> None:
    report = desk.again(Row("14.new", "New"), *POSTS)
    assert report.count == {Change.NEW: 1, Change.UNCHANGED: 3}
    assert "title: New\n" in (desk.folder / "14.new.md").read_text()


def test_fields_that_the_author_took_out_stay_out(desk: Desk) -> None:
    edit(desk.tide, "subtitle: About it\n", "")
    desk.again(replace(TIDE, title="High tide"), LEDGER, DRAFT)
    assert desk.tide.read_text().startswith("---\ntitle: High tide\ndate:")


def test_line_ends_and_byte_order_mark_stay_as_the_author_has_them(desk: Desk) -> None:
    text = desk.tide.read_text().replace("Third", "My third")
    desk.tide.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    report = desk.again(replace(TIDE, title="High tide"), LEDGER, DRAFT)
    assert report.changes["11.the-tide.md"] is Change.MERGED
    merged = text.replace("The tide", "High tide").replace("\n", "\r\n")
    assert desk.tide.read_bytes() == b"\xef\xbb\xbf" + merged.encode()


# --- conflicts ----------------------------------------------------------------------------------


def test_a_paragraph_that_both_changed_is_marked_and_named(desk: Desk) -> None:
    edit(desk.tide, "Second paragraph.", "Mine.")
    report = desk.again(
        replace(TIDE, title="High tide", body=(TIDE.body[0], "Theirs.", TIDE.body[2])),
        LEDGER,
        DRAFT,
    )
    assert report.changes["11.the-tide.md"] is Change.CONFLICT
    text = desk.tide.read_text()
    assert "title: High tide\n" in text
    marked = "<<<<<<< yours\nMine.\n=======\nTheirs.\n>>>>>>> export\n"
    assert text.endswith(f"\n\nFirst paragraph.\n\n{marked}\nThird paragraph.\n")
    line = text.split("\n").index("<<<<<<< yours") + 1
    assert told(report) == [
        f"11.the-tide.md:{line}: error: the text was changed here and in the export; "
        "the file holds both, marked [merge-conflict]"
    ]


def test_a_field_that_both_changed_is_marked_and_named(desk: Desk) -> None:
    edit(desk.tide, "title: The tide", "title: My tide")
    report = desk.again(replace(TIDE, title="Their tide"), LEDGER, DRAFT)
    assert desk.tide.read_text().startswith(
        "---\n<<<<<<< yours\ntitle: My tide\n=======\ntitle: Their tide\n>>>>>>> export\nsubtitle:"
    )
    assert told(report) == [
        "11.the-tide.md:2: error: the field 'title' was changed here and in the export; "
        "the file holds both, marked [merge-conflict]"
    ]


def test_what_one_side_changed_and_the_other_took_out_is_a_conflict(desk: Desk) -> None:
    edit(desk.tide, "Second paragraph.\n\n", "")
    report = desk.again(replace(TIDE, body=(TIDE.body[0], "Theirs.", TIDE.body[2])), LEDGER, DRAFT)
    assert report.changes["11.the-tide.md"] is Change.CONFLICT
    assert "Theirs." in desk.tide.read_text()


def test_a_file_with_an_open_conflict_waits(desk: Desk) -> None:
    edit(desk.tide, "Second paragraph.", "Mine.")
    theirs = replace(TIDE, body=(TIDE.body[0], "Theirs.", TIDE.body[2]))
    desk.again(theirs, LEDGER, DRAFT)
    before = tree(desk.folder)
    newer = replace(theirs, title="High tide")
    report = desk.again(newer, LEDGER, DRAFT)
    assert report.changes["11.the-tide.md"] is Change.REFUSED
    assert "11.the-tide.md:13: error: left unchanged: it still holds a conflict" in told(report)[0]
    assert tree(desk.folder) == before
    marked = "<<<<<<< yours\nMine.\n=======\nTheirs.\n>>>>>>> export\n"
    edit(desk.tide, marked, "Mine and theirs.\n")
    assert desk.again(newer, LEDGER, DRAFT).changes["11.the-tide.md"] is Change.MERGED
    assert "Mine and theirs.\n" in desk.tide.read_text()
    assert "title: High tide\n" in desk.tide.read_text()


CONFLICT = "<<<<<<< yours\nMine.\n=======\nTheirs.\n>>>>>>> export\n"


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_a_post_with_an_open_conflict_is_bad_for_all_but_import(desk: Desk, eol: str) -> None:
    edit(desk.tide, "Second paragraph.\n", CONFLICT)
    desk.tide.write_bytes(desk.tide.read_bytes().replace(b"\n", eol.encode()))
    said = "it still holds a conflict of `clothbound import`; remove the marks"
    collection = clothbound.read(desk.folder, on_error="collect")
    assert [post.metadata.title for post in collection] == ["The ledger", "An idea"]
    (bad,) = collection.diagnostics
    assert (bad.code, bad.source, bad.line) == ("post-unreadable", "11.the-tide.md", 13)
    assert said in bad.message
    with pytest.raises(ReadError, match=r"11.the-tide.md:13: the post still holds a conflict"):
        clothbound.read(desk.tide)
    with pytest.raises(ReadError):
        clothbound.read(desk.tide.read_bytes())


@pytest.mark.parametrize("command", [("book", "--all"), ("init",), ("check", "--min-words", "1")])
def test_an_open_conflict_is_named_where_no_book_is_left(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    """All that could be read is a draft: nothing is left, and the other post is not forgotten."""
    (tmp_path / "posts").mkdir()
    marked = "# A\n\n<<<<<<< yours\nNoon.\n=======\nLate.\n>>>>>>> export\n"
    (tmp_path / "posts" / "a.md").write_text(marked, encoding="utf-8")
    draft = "---\ntitle: D\ndraft: true\n---\n\nD.\n"
    (tmp_path / "posts" / "d.md").write_text(draft, encoding="utf-8")
    name, *options = command
    done = subprocess.run(
        [sys.executable, "-m", "clothbound", name, "posts", *options],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert b"a.md:3: error: post left out: it still holds a conflict" in done.stderr
    assert b"it is a draft. Hint: --drafts takes it" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("convert", "posts", "-o", "a.epub"),
        ("convert", "posts", "-t", "site", "-o", "site"),
        ("book", "posts", "--all", "-o", "a.epub"),
        ("check", "posts"),
        ("init", "posts", "-o", "a.toml"),
    ],
    ids=" ".join,
)
def test_every_command_but_import_names_an_open_conflict(
    desk: Desk, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk.place)
    edit(desk.tide, "title: The tide\n", CONFLICT)
    done = subprocess.run([*ENTRY, *arguments], capture_output=True, check=False, timeout=60)
    assert done.returncode != 0
    assert b"11.the-tide.md:2: error: post left out: it still holds a conflict" in done.stderr
    for path in desk.place.rglob("*"):
        if path.is_file() and path.suffix in (".html", ".epub", ".toml", ".xml"):
            data = path.read_bytes()
            assert b"Theirs." not in data
            assert b"The tide" not in data


def test_a_conflict_behind_code_within_a_line_is_one() -> None:
    with pytest.raises(ReadError, match="<bytes>:4: the post still holds a conflict"):
        clothbound.read(f"```git``` is meant\n\nhere:\n{CONFLICT}".encode())


@pytest.mark.parametrize(
    "text",
    [
        f"So it looks:\n\n```\n{CONFLICT}```\n",
        f"- in a list:\n\n  ~~~~\n{CONFLICT}  ~~~~\n",
        "".join(f"    {line}\n" for line in CONFLICT.splitlines()),
        CONFLICT.replace("yours", "HEAD").replace("export", "topic"),
        "The marks are `<<<<<<< yours`, ======= and >>>>>>> export.\n",
        "<<<<<<< yours\n",
    ],
    ids=["fence", "fence in a list", "indented", "git", "prose", "one mark"],
)
def test_what_only_looks_like_a_conflict_is_text(text: str) -> None:
    (post,) = clothbound.read(text.encode())
    assert "<<<<<<<" in plain_text(post)


# --- files moved, deleted, copied, spoilt -------------------------------------------------------


def test_a_file_that_was_moved_and_renamed_is_found(desk: Desk) -> None:
    moved = desk.folder / "sea" / "tides.md"
    moved.parent.mkdir()
    desk.tide.rename(moved)
    edit(moved, "Third", "My third")
    report = desk.again(replace(TIDE, title="High tide"), LEDGER, DRAFT)
    assert report.changes["sea/tides.md"] is Change.MERGED
    assert "title: High tide\n" in moved.read_text()
    assert "My third" in moved.read_text()
    assert not desk.tide.exists()
    report = desk.again(replace(TIDE, title="Higher tide"), LEDGER, DRAFT)
    assert report.changes["sea/tides.md"] is Change.MERGED


def test_a_deleted_file_stays_deleted_and_that_is_said_once(desk: Desk) -> None:
    desk.tide.unlink()
    report = desk.again(replace(TIDE, title="High tide"), LEDGER, DRAFT)
    assert report.changes["11.the-tide.md"] is Change.DELETED
    assert told(report) == [
        "11.the-tide.md: warning: was deleted in this folder and is not written again. Hint: to restore it, "
        "delete .clothbound/deleted/11.the-tide.md and import again [post-deleted]"
    ]
    assert told(desk.again()) == []
    assert not desk.tide.exists()
    (desk.folder / ".clothbound/deleted/11.the-tide.md").unlink()
    assert desk.again().changes["11.the-tide.md"] is Change.NEW


def test_a_deleted_file_that_comes_back_is_merged_again(desk: Desk) -> None:
    text = desk.tide.read_text().replace("Third", "My third")
    desk.tide.unlink()
    desk.again()
    desk.tide.write_text(text)
    report = desk.again(replace(TIDE, title="High tide"), LEDGER, DRAFT)
    assert report.changes["11.the-tide.md"] is Change.MERGED
    assert desk.tide.read_text() == text.replace("The tide", "High tide")
    assert not (desk.folder / ".clothbound/deleted/11.the-tide.md").exists()


def test_a_post_that_the_export_lacks_is_kept(desk: Desk) -> None:
    before = desk.tide.read_bytes()
    report = desk.again(LEDGER, DRAFT)
    assert told(report) == [
        "11.the-tide.md: warning: is no longer in the export; its file is kept [post-gone]"
    ]
    assert desk.tide.read_bytes() == before
    assert desk.again().count == {Change.UNCHANGED: 3}


def test_a_post_that_the_export_has_but_cannot_be_read_is_not_gone(desk: Desk) -> None:
    path = export(desk.place / "b.zip", LEDGER, DRAFT)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("posts/11.the-tide.html", "<p>x</p>" * 200_000)
    limits = clothbound.Limits(post_bytes=100_000)
    report = import_archive(path, desk.folder, run=Run(limits=limits))
    assert [bad.source for bad in report.loss.bad] == ["posts/11.the-tide.html"]
    assert told(report) == []


def test_two_files_of_one_post(desk: Desk) -> None:
    copy = desk.folder / "copy.md"
    shutil.copy(desk.tide, copy)
    newer = (replace(TIDE, title="High tide"), LEDGER, DRAFT)
    assert desk.again(*newer).changes["11.the-tide.md"] is Change.UPDATED
    assert "title: The tide\n" in copy.read_text()
    desk.tide.rename(desk.folder / "other.md")
    before = tree(desk.folder)
    report = desk.again(replace(TIDE, title="Low tide"), LEDGER, DRAFT)
    assert report.changes["copy.md"] is Change.REFUSED
    assert "several files hold its post: copy.md, other.md; keep one of them" in told(report)[0]
    assert tree(desk.folder) == before


def test_a_file_that_lost_its_id_is_left_alone(desk: Desk) -> None:
    desk.tide.write_text("Only this.\n")
    report = desk.again(replace(TIDE, title="High tide"), LEDGER, DRAFT)
    assert report.changes["11.the-tide.md"] is Change.REFUSED
    assert "put it back: post_id: 11.the-tide" in told(report)[0]
    assert desk.tide.read_text() == "Only this.\n"


@pytest.mark.parametrize(
    "header",
    [
        "---\ntitle: a: b: [\npost_id: 11.the-tide\n---\n",
        "---\ntitle: never closed\npost_id: 11.the-tide\n",
        '+++\npost_id = "11.the-tide"\n+++\n',
        '{\n  "post_id": "11.the-tide"\n}\n',
        '---\npost_id: "11\\u002ethe-tide"\n---\n',
    ],
    ids=["broken YAML", "open", "TOML", "JSON", "escaped"],
)
def test_a_post_is_known_by_its_id_however_its_header_is_written(desk: Desk, header: str) -> None:
    desk.tide.unlink()
    mine = desk.folder / "mine.md"
    mine.write_text(f"{header}\nFirst paragraph.\n\nMy second paragraph.\n\nThird paragraph.\n")
    report = desk.again(replace(TIDE, body=(*TIDE.body, "Fourth.")), LEDGER, DRAFT)
    assert report.changes["mine.md"] in (Change.MERGED, Change.CONFLICT)
    assert "My second paragraph." in mine.read_text()
    assert "Fourth." in mine.read_text()


def test_a_header_in_another_form_stays_and_the_text_is_merged(desk: Desk) -> None:
    header = '+++\npost_id = "11.the-tide"\ntitle = "The tide"\n+++\n'
    desk.tide.write_text(f"{header}\nFirst paragraph.\n\nMine.\n\nThird paragraph.\n")
    newer = replace(TIDE, title="High tide", body=(*TIDE.body[:2], "Theirs."))
    report = desk.again(newer, LEDGER, DRAFT)
    assert report.changes["11.the-tide.md"] is Change.MERGED
    assert desk.tide.read_text() == f"{header}\nFirst paragraph.\n\nMine.\n\nTheirs.\n"
    assert "not merged into its header" in told(report)[0]


@pytest.mark.parametrize("data", ["utf-16", "cr"])
def test_a_file_in_another_encoding_is_called_that(desk: Desk, data: str) -> None:
    text = desk.tide.read_text()
    saved = text.encode("utf-16") if data == "utf-16" else text.replace("\n", "\r").encode()
    desk.tide.write_bytes(saved)
    report = desk.again(replace(TIDE, title="High tide"), LEDGER, DRAFT)
    assert report.changes["11.the-tide.md"] is Change.REFUSED
    assert "put back" not in told(report)[0]
    assert desk.tide.read_bytes() == saved


# --- what the export lacks ----------------------------------------------------------------------


@pytest.mark.parametrize("twin", [False, True])
def test_a_post_whose_text_the_export_lacks_keeps_its_own(desk: Desk, twin: bool) -> None:
    newer = export(desk.place / "b.zip", replace(TIDE, title="High tide"), LEDGER, DRAFT)
    thinner = desk.place / "c.zip"
    with zipfile.ZipFile(newer) as whole, zipfile.ZipFile(thinner, "w") as archive:
        for name in whole.namelist():
            if name != "posts/11.the-tide.html":
                archive.writestr(name, whole.read(name))
        if twin:
            archive.writestr("posts/11.3b3.html", "<p>A draft of it.</p>")
    before = tree(desk.folder)
    report = import_archive(thinner, desk.folder)
    assert report.changes["11.the-tide.md"] is Change.UNCHANGED
    assert any("left unchanged: the export has no text" in str(d) for d in report.diagnostics)
    assert tree(desk.folder) == before
    assert desk.again(replace(TIDE, title="High tide")).changes["11.the-tide.md"] is Change.UPDATED


@pytest.mark.parametrize("data", [b"---\npost_id: 11.the-tide\n---\n\nCaf\xe9\n", None])
def test_a_file_that_cannot_be_read_is_left_alone(desk: Desk, data: bytes | None) -> None:
    if data is None:
        desk.tide.rename(desk.place / "outside.md")
        desk.tide.symlink_to(desk.place / "outside.md")
    else:
        desk.tide.write_bytes(data)
    before = desk.tide.read_bytes()
    report = desk.again(replace(TIDE, title="High tide"), LEDGER, DRAFT)
    assert report.changes["11.the-tide.md"] is Change.REFUSED
    assert desk.tide.read_bytes() == before
    assert "12.the-ledger.md" in report.changes


def test_a_folder_that_convert_made_is_taken_over(tmp_path: Path) -> None:
    archive = export(tmp_path / "a.zip", *POSTS)
    folder = tmp_path / "posts"
    clothbound.convert(archive, folder, writer="markdown")
    tide = folder / "11.the-tide.md"
    edit(tide, "Third", "My third")
    report = import_archive(archive, folder)
    assert set(report.changes.values()) == {Change.UNCHANGED}
    assert [line.partition(":")[0] for line in told(report)] == ["11.the-tide.md"]
    newer = export(tmp_path / "b.zip", replace(TIDE, title="High tide"), LEDGER, DRAFT)
    assert import_archive(newer, folder).changes["11.the-tide.md"] is Change.MERGED
    assert "My third" in tide.read_text()


def test_a_base_that_was_lost_or_spoilt_costs_no_text(desk: Desk) -> None:
    edit(desk.tide, "Third", "My third")
    before = desk.tide.read_bytes()
    (desk.folder / ".clothbound/base/11.the-tide.md").write_bytes(b"")
    (desk.folder / ".clothbound/pending.json").write_bytes(b'{"file": "11.')
    (desk.folder / ".clothbound/layout").write_bytes(b"\xff\xfe")
    report = desk.again()
    assert desk.tide.read_bytes() == before
    assert report.changes["11.the-tide.md"] is Change.UNCHANGED
    assert "there is no record" in told(report)[0]
    newer = replace(TIDE, title="High tide")
    assert desk.again(newer, LEDGER, DRAFT).changes["11.the-tide.md"] is Change.MERGED


def test_a_journal_without_a_version_is_of_the_first(desk: Desk) -> None:
    base = desk.folder / ".clothbound/base/11.the-tide.md"
    left = {"digest": "0" * 64, "base": "11.the-tide.md", "text": base.read_text()}
    base.unlink()
    (desk.folder / ".clothbound/pending.json").write_text(json.dumps(left))
    assert desk.again().changes["11.the-tide.md"] is Change.UNCHANGED
    assert base.read_text() == left["text"]
    assert not (desk.folder / ".clothbound/pending.json").exists()


def test_the_journal_of_a_newer_version_is_refused_and_stays(desk: Desk) -> None:
    journal = desk.folder / ".clothbound/pending.json"
    journal.write_text('{"version": 2, "steps": []}')
    with pytest.raises(
        WriteError, match=r"version 2 of the import journal; this .* reads version 1"
    ):
        desk.again()
    assert journal.read_text() == '{"version": 2, "steps": []}'


def test_a_base_with_damaged_bytes_costs_no_text(desk: Desk) -> None:
    base = desk.folder / ".clothbound/base/11.the-tide.md"
    base.write_bytes(base.read_bytes().replace(b"Second", b"\xff\xfe"))
    edit(desk.tide, "Third", "My third")
    report = desk.again(replace(TIDE, title="High tide"), LEDGER, DRAFT)
    assert report.changes["11.the-tide.md"] is Change.MERGED
    for words in ("title: High tide", "Second paragraph.", "My third paragraph."):
        assert words in desk.tide.read_text()


def test_the_base_of_another_post_is_never_taken(desk: Desk) -> None:
    """A file that is new to us stands under the name that another post's file once had."""
    desk.tide.rename(desk.folder / "renamed.md")
    text = (desk.folder / "renamed.md").read_text()
    desk.tide.write_text(text.replace("11.the-tide", "14.new"))
    report = desk.again(*POSTS, Row("14.new", "New"))
    assert report.count == {Change.UNCHANGED: 4}
    newer = replace(TIDE, title="High tide")
    assert desk.again(newer, LEDGER, DRAFT).changes["renamed.md"] is Change.UPDATED


def test_posts_of_a_source_without_ids_get_some(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "one.md").write_text("---\ntitle: One\n---\n\nText.\n")
    for name in ("a.md", "b.md"):
        (source / name).write_text(f"---\ntitle: {name}\npost_id: same\n---\n\nText.\n")
    report = import_archive(source, tmp_path / "posts")
    assert len(report.changes) == 3
    again = import_archive(source, tmp_path / "posts")
    assert again.changes == dict.fromkeys(report.changes, Change.UNCHANGED)


def test_nothing_is_written_through_a_link_that_leads_out(tmp_path: Path) -> None:
    folder, outside = tmp_path / "posts", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (folder / "2023").symlink_to(outside)
    with pytest.raises(WriteError, match="leads out"):
        import_archive(export(tmp_path / "a.zip", TIDE), folder, layout="year")
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize(
    "post_id",
    ["11.%2e%2e", f"11.{'a' * 240}", "CON", "aux.x", "11.é ", "a  b", "true", "0x1f", "1e3"],
)
def test_a_post_is_found_again_whatever_its_id(tmp_path: Path, post_id: str) -> None:
    archive = export(tmp_path / "a.zip", replace(TIDE, post_id=post_id))
    (name,) = import_archive(archive, tmp_path / "posts").changes
    assert is_file_name(name.removesuffix(".md"))
    assert not re.match(r"\.|(?i:con|aux)\.", name)
    assert import_archive(archive, tmp_path / "posts").changes == {name: Change.UNCHANGED}


@pytest.mark.corpus
@pytest.mark.parametrize("folder", ["zip", "substack-export"])
def test_archives_of_strangers_are_imported_twice_or_refused(
    shared: Path, tmp_path: Path, folder: str
) -> None:
    below = "hostile" if folder == "zip" else "corpus"
    archives = sorted((shared / below / folder).glob("*.zip"))
    assert archives
    for archive in archives:
        place = tmp_path / archive.stem
        try:
            first = import_archive(archive, place / "posts", "substack")
        except ClothboundError as error:
            assert archive.name != "inturious.zip", error
            continue
        again = import_archive(archive, place / "posts", "substack")
        assert again.changes == dict.fromkeys(first.changes, Change.UNCHANGED), archive.name
        assert [path.name for path in place.iterdir()] == ["posts"]
        assert not [path for path in place.rglob("*") if path.is_symlink()]


@pytest.mark.corpus
@pytest.mark.parametrize("form", ["zip", "folder", "alone"])
def test_tables_of_strangers_are_imported_twice_or_refused(
    shared: Path, tmp_path: Path, form: str
) -> None:
    tables = sorted((shared / "hostile" / "csv").glob("*.csv"))
    assert len(tables) == 9
    refused = {}
    for table in tables:
        place = tmp_path / table.stem
        place.mkdir()
        files = {"posts.csv": table.read_bytes(), "posts/100001.hello.html": b"<p>Words.</p>"}
        source = table
        if form == "folder":
            source = tmp_path / f"{table.stem}-export"
            (source / "posts").mkdir(parents=True)
            for name, data in files.items():
                (source / name).write_bytes(data)
        elif form == "zip":
            source = tmp_path / f"{table.stem}.zip"
            with zipfile.ZipFile(source, "w") as made:
                for name, data in files.items():
                    made.writestr(name, data)
        try:
            first = import_archive(source, place / "posts")
        except ClothboundError as error:
            refused[table.stem] = str(error)
            assert list(place.iterdir()) == []
            continue
        assert len(first.changes) > 0
        assert "Words." in "".join(p.read_text() for p in (place / "posts").glob("*.md")) or (
            form == "alone"
        )
        again = import_archive(source, place / "posts")
        assert again.changes == dict.fromkeys(first.changes, Change.UNCHANGED), table.name
        assert [path.name for path in place.iterdir()] == ["posts"]
    if form == "alone":
        assert sum("without the posts" in message for message in refused.values()) >= 6
    else:
        assert list(refused) == ["empty", "latin1"]
        assert "no column post_id" in refused["empty"]


def test_wrong_places(tmp_path: Path) -> None:
    archive = export(tmp_path / "a.zip", TIDE)
    (tmp_path / "file").write_text("mine")
    with pytest.raises(WriteError, match="is a file"):
        import_archive(archive, tmp_path / "file")
    with pytest.raises(UsageError, match="into itself"):
        import_archive(tmp_path, tmp_path)
    with pytest.raises(UsageError, match="unknown layout"):
        import_archive(tmp_path, tmp_path / "x", layout="month")  # type: ignore[arg-type]


# --- pictures -----------------------------------------------------------------------------------


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    return downloads(tmp_path)


@pytest.mark.parametrize("layout", ["flat", "year"])
def test_pictures_lie_beside_their_posts(tmp_path: Path, picture: Path, layout: str) -> None:
    row = replace(TIDE, body=("Text.", PICTURE, "More."))
    archive = export(tmp_path / "a.zip", row)
    folder = tmp_path / "posts"
    fetch = Fetcher(network=False, images=picture)
    report = import_archive(archive, folder, layout=layout, run=Run(fetch=fetch))  # type: ignore[arg-type]
    place = folder / next(iter(report.changes))
    (link,) = re.findall(r"!\[\]\((images/[0-9a-f]{20}\.png)\)", place.read_text())
    assert (place.parent / link).read_bytes() == (picture / "a1b2c3_640x480.png").read_bytes()
    before = tree(folder)
    again = import_archive(archive, folder)
    assert set(again.changes.values()) == {Change.UNCHANGED}, "remembered without --images"
    assert tree(folder) == before
    (post,) = clothbound.read(folder)
    assert "A chart" in clothbound.to_html(post)
    assert not [d for d in clothbound.check(post, "epub") if d.code == "image-missing"]


def test_pictures_get_their_addresses_back_on_the_way_to_substack(
    tmp_path: Path, picture: Path
) -> None:
    archive = export(tmp_path / "a.zip", replace(TIDE, body=("Text.", PICTURE)))
    folder = tmp_path / "posts"
    import_archive(archive, folder, run=Run(fetch=Fetcher(network=False, images=picture)))
    clothbound.convert(folder, tmp_path / "back.zip", writer="substack")
    body = body_in(tmp_path / "back.zip")
    assert f'<img src="{URL}"' in body
    assert f"&quot;src&quot;:&quot;{URL}&quot;" in body
    assert not re.search(r"images/[0-9a-f]{20}", body)
    place = folder / "11.the-tide.md"
    place.write_text(re.sub(r"\(images/.*?\)", "(images/mine.png)", place.read_text()))
    clothbound.convert(folder, tmp_path / "mine.zip", writer="substack")
    assert 'src="images/mine.png"' in body_in(tmp_path / "mine.zip")


INLINE = f'Words <img src="{URL}" alt="An icon"> and words.'
GALLERY = (
    '<div class="image-gallery-embed" data-attrs="{&quot;gallery&quot;:{&quot;images&quot;:[{&quot;'
    f'type&quot;:&quot;image/png&quot;,&quot;src&quot;:&quot;{URL}&quot;}}]}}}}"></div>'
)


@pytest.mark.parametrize("body", [PICTURE, INLINE, GALLERY, f'<p><img src="{URL}"></p>'])
@pytest.mark.parametrize("target", ["substack", "substack-paste", "substack-editor", "rss"])
def test_every_way_to_substack_gives_pictures_their_addresses_back(
    tmp_path: Path, picture: Path, body: str, target: str
) -> None:
    archive = export(tmp_path / "a.zip", replace(TIDE, body=("Text.", body)))
    folder = tmp_path / "posts"
    import_archive(archive, folder, run=Run(fetch=Fetcher(network=False, images=picture)))
    assert "images/" in (folder / "11.the-tide.md").read_text()
    data = clothbound.write(clothbound.read(folder), target).to_bytes()
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as made:
            data = b"".join(made.read(name) for name in made.namelist())
    assert URL.encode() in data
    assert not re.search(rb"images/[0-9a-f]{20}", data)


def test_a_picture_in_a_line_comes_back_as_it_was(tmp_path: Path, picture: Path) -> None:
    archive = export(tmp_path / "a.zip", replace(TIDE, body=(INLINE,)))
    import_archive(
        archive, tmp_path / "posts", run=Run(fetch=Fetcher(network=False, images=picture))
    )
    clothbound.convert(tmp_path / "posts", tmp_path / "back.zip", writer="substack")
    assert body_in(tmp_path / "back.zip") == body_in(archive)


def body_in(archive: Path) -> str:
    return zipfile.ZipFile(archive).read("posts/11.the-tide.html").decode()


def test_the_pictures_of_a_moved_post_follow_it(tmp_path: Path, picture: Path) -> None:
    row = replace(TIDE, body=("Text.", PICTURE))
    folder = tmp_path / "posts"
    archive = export(tmp_path / "a.zip", row)
    import_archive(archive, folder, run=Run(fetch=Fetcher(network=False, images=picture)))
    (folder / "sea").mkdir()
    (folder / "11.the-tide.md").rename(folder / "sea/tide.md")
    import_archive(archive, folder)
    assert len(list((folder / "sea/images").iterdir())) == 1


def test_without_pictures_their_addresses_stay(tmp_path: Path) -> None:
    archive = export(tmp_path / "a.zip", replace(TIDE, body=(PICTURE,)))
    report = import_archive(archive, tmp_path / "posts")
    assert f"]({URL})" in (tmp_path / "posts/11.the-tide.md").read_text()
    assert [d.code for d in report.diagnostics if d.code == "image-remote"] == ["image-remote"]


# --- and back to Substack -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "<h1>A heading</h1><p>Words.</p>",
        "<h1><strong>A heading</strong></h1><p>Words.</p>",
        "<h2>A heading</h2><p>Words.</p>",
        '<p>A <a href="https://e.example/" title="">link</a>.</p>',
        '<p>A <a href="https://e.example/" title="Its title">link</a>.</p>',
        "<p>x</p><div></div><p>y</p>",
        "<p>x</p><div><div></div></div>",
        '<p>x</p><figure class="lazy"><div class="loading"></div></figure><p>y</p>',
        "<figure></figure><p>y</p>",
        '<p>x</p><div class="new-wrap" data-component-name="NewToDOM"></div><p>y</p>',
        '<p>x</p><div class="youtube-wrap" data-component-name="Youtube2ToDOM"></div><p>y</p>',
        '<p>x <span data-component-name="NewToDOM"></span> y</p>',
    ],
)
def test_an_untitled_draft_comes_back_as_it_was(tmp_path: Path, body: str) -> None:
    row = replace(TIDE, title="", body=(f"<!---->{body}",), date="", published=False)
    archive = export(tmp_path / "a.zip", row)
    import_archive(archive, tmp_path / "posts")
    (post,) = clothbound.read(tmp_path / "posts")
    assert post.metadata.title == ""
    clothbound.convert(tmp_path / "posts", tmp_path / "back.zip", writer="substack")
    assert body_in(tmp_path / "back.zip") == body
    (made,) = csv.DictReader(
        io.StringIO(zipfile.ZipFile(tmp_path / "back.zip").read("posts.csv").decode())
    )
    assert (made["title"], made["is_published"]) == ("", "false")


@pytest.mark.corpus
def test_a_real_export_comes_back_but_for_blanks(shared: Path, tmp_path: Path) -> None:
    """Blank paragraphs, and blanks at the edges of paragraphs, are nothing in Markdown; blanks at the
    edges of marks move out of them.
    """
    folder = shared / "corpus" / "substack-export" / "inturious"
    import_archive(folder, tmp_path / "posts", "substack")
    again = written(clothbound.read(tmp_path / "posts"))
    for name, data in files_of(folder).items():
        if name != "posts.csv":
            made, was = (without_blanks(dom(text.decode())) for text in (again[name], data))
            assert made == was, name


def without_blanks(nodes: list[Any]) -> list[Any]:
    result: list[Any] = []
    for node in nodes:
        if isinstance(node, str):
            result += [re.sub(r"\s+", " ", node)] if node.strip() else []
            continue
        name, attributes, children = node
        inner = without_blanks(with_edges_out(children))
        if name in ("p", "h1", "h2", "h3", "h4"):
            if inner and isinstance(inner[0], str):
                inner[0] = inner[0].lstrip()
            if inner and isinstance(inner[-1], str):
                inner[-1] = inner[-1].rstrip()
        if inner or name != "p":
            result.append((name, attributes, inner))
    return result


# --- the command --------------------------------------------------------------------------------


def run(*arguments: str | Path) -> tuple[int, str]:
    done = subprocess.run(
        [*ENTRY, "import", *map(str, arguments)], capture_output=True, check=False, timeout=60
    )
    assert done.stdout == b""
    return done.returncode, done.stderr.decode()


def test_the_command_says_what_it_did_and_fails_on_conflicts(tmp_path: Path) -> None:
    folder = tmp_path / "posts"
    archive = export(tmp_path / "a.zip", *POSTS)
    assert run(archive, folder) == (0, f"{folder}: 3 new\n")
    edit(folder / "11.the-tide.md", "Second paragraph.", "Mine.")
    newer = export(tmp_path / "b.zip", replace(TIDE, body=("First paragraph.", "Theirs.")))
    code, said = run(newer, folder)
    assert code == 1
    assert "11.the-tide.md:13: error: the text was changed here and in the export" in said
    assert said.endswith(f"{folder}: 1 conflict, 2 gone\n")
    code, said = run(newer, folder, "--quiet")
    assert code == 1
    assert said.splitlines() == [
        "11.the-tide.md:13: error: left unchanged: it still holds a conflict; "
        "resolve it and import again [merge-refused]"
    ]


def test_the_command_names_posts_that_could_not_be_read(tmp_path: Path) -> None:
    path = export(tmp_path / "a.zip", TIDE)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("posts/16.bad.html", b"<p>" + b"x" * 21_000_000)
    code, said = run(path, tmp_path / "posts")
    assert code == 4
    assert "posts/16.bad.html" in said
    assert (tmp_path / "posts/11.the-tide.md").exists()


MOVED = ("One is here.", "Two is here.", "Three is here.", "Four is here.", "Five is here.")


@pytest.mark.parametrize(
    ("ours", "theirs", "said"),
    [
        (
            "13425",
            "13452",
            "that was moved here and in the export is in lines 17, 21: Two is here.",
        ),
        (
            "1345",
            "13452",
            "a paragraph that one side moved, and the other changed or removed",
        ),
        (
            "13452",
            "1345",
            "a paragraph that one side moved, and the other changed or removed",
        ),
    ],
    ids=["both moved", "the export moved what the author took out", "and the other way"],
)
def test_a_paragraph_that_one_side_did_not_want_there_is_told(
    desk: Desk, ours: str, theirs: str, said: str
) -> None:
    def text(order: str) -> tuple[str, ...]:
        return tuple(MOVED[int(n) - 1] for n in order)

    desk.again(replace(TIDE, body=MOVED), LEDGER, DRAFT)
    edit(desk.tide, "\n\n".join(MOVED), "\n\n".join(text(ours)))
    report = desk.again(replace(TIDE, body=text(theirs)), LEDGER, DRAFT)
    (found,) = [d for d in report.diagnostics if d.code == "merge-moved"]
    assert said in found.message
    assert desk.tide.read_text().split("\n")[found.line - 1] == "Two is here."


# --- size ---------------------------------------------------------------------------------------


def test_memory_does_not_grow_with_the_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Files of a ZIP are kept unpacked up to a bound, which both archives reach so.
    monkeypatch.setattr(export_files, "IN_MEMORY", 100_000)
    body = tuple(f"Paragraph {n} of a letter that goes on for a while." for n in range(200))
    peaks = []
    for count in (30, 120):
        rows = [Row(f"{100 + n}.post", f"Post {n}", body) for n in range(count)]
        archive = export(tmp_path / f"{count}.zip", *rows)
        tracemalloc.start()
        import_archive(archive, tmp_path / str(count))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    # A post's Markdown alone is 11 kB, its nodes ten times that.
    assert peaks[1] - peaks[0] < 90 * 11_000
