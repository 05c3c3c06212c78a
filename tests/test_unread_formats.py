"""Tests that a source in a format that nothing reads is named, with the program that converts it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

import clothbound
from clothbound.errors import UnknownFormatError

MOBI = b"My_Book".ljust(60, b"\0") + b"BOOKMOBI" + b"\0" * 40


def zipped(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return stream.getvalue()


DAY_ONE = '{"metadata": {"version": "1.0"}, "entries": [{"creationDate": "2024-01-01T00:00:00Z", "text": "Tide"}]}'
DAY_ONE_ZIP = io.BytesIO()
with zipfile.ZipFile(DAY_ONE_ZIP, "w") as journal:
    journal.writestr("Sea.json", DAY_ONE)
    journal.writestr("photos/a.jpeg", b"")
ENEX = b'<?xml version="1.0"?>\n<!DOCTYPE en-export SYSTEM "http://x.test/e.dtd">\n<en-export><note/></en-export>'
MBOX = b"From ida@x.test Mon Jan  1 00:00:00 2024\nSubject: Tide\n\nWords.\n"
DOCX = zipped("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("name", "data", "message", "hint"),
    [
        ("a.mobi", MOBI, "a.mobi is a Kindle book", "ebook-convert a.mobi a.epub"),
        ("a.azw3", b"\0\1\2", "a.azw3 is a Kindle book", "digital rights management"),
        ("book", MOBI, "book is a Kindle book", "calibre"),
        ("my book.pdf", b"%PDF-1.7\n\xe2", "is a PDF", 'ebook-convert "my book.pdf" "my book.epub"'),
        ("a.fb2", b"<FictionBook/>", "another format than EPUB", "calibre"),
        ("a.docx", DOCX, "a document of Word", "pandoc --extract-media=pictures -t json -o a.json a.docx"),
        ("a.zip", DOCX, "a document of Word", "pandoc"),
        ("a.zip", zipped("one.zip", "__MACOSX/._a"), "a ZIP of other ZIPs", "unpack it, and give what is in it: one.zip"),
        ("a.zip", zipped(f"ExportBlock-{'0' * 8}-1234-1234-1234-{'a' * 12}-Part-1.zip"), "a ZIP of other ZIPs", "unpack it"),
        ("a.zip", zipped(f"Our pages {'0a' * 16}.html", "index.html"), "an export of Notion as HTML", "Markdown & CSV"),
        ("a.odt", zipped("content.xml", "styles.xml"), "an OpenDocument text", "pandoc"),
        ("a.pages", zipped("Index/Document.iwa"), "a document of Pages", "export it"),
        ("a.doc", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 99, "an old Word", "save it as .docx"),
        ("a.enex", ENEX, "an export of notes from Evernote", "export the notes as Markdown"),
        ("a.xml", ENEX[21:], "an export of notes from Evernote", "Joplin"),
        ("a.mbox", MBOX, "a mailbox or a letter", "--from html"),
        ("Inbox", MBOX, "a mailbox or a letter", "--from html"),
        ("Sea.json", DAY_ONE.encode(), "an export of Day One", "whose field 'text' is Markdown"),
        ("Sea.zip", DAY_ONE_ZIP.getvalue(), "an export of Day One", "make a file of each"),
        ("a.rtf", b"{\\rtf1 x}", "markup of another program", "pandoc"),
        ("a.tex", b"\\documentclass{book}", "markup of another program", "pandoc"),
    ],
)  # fmt: skip
def test_a_format_that_nothing_reads_is_named_with_what_converts_it(
    name: str, data: bytes, message: str, hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes(data)
    with pytest.raises(UnknownFormatError) as raised:
        clothbound.read(Path(name))
    assert message in str(raised.value)
    assert hint in raised.value.hint
    if not name.endswith((".azw3", ".fb2")):
        with pytest.raises(UnknownFormatError, match="the input is"):
            clothbound.read(data)
