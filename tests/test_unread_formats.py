"""Tests that a source in a format that nothing reads is named, with the program that converts it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

import clothbound
from clothbound.errors import ReadError, UnknownFormatError
from clothbound.source import refuse_empty

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
WRITE_AS = b"id,slug,blog,url,created,title,body\n1,a,b,c,d,e,f\n"
MASTODON = b'{"@context":"https://www.w3.org/ns/activitystreams","id":"outbox.json","type":"OrderedCollection","orderedItems":[]}'
STANDARD_NOTES = b'{\n  "version": "004",\n  "items": [\n    {"uuid": "u", "content_type": "Note", "content": {"text": "x"}}]}'
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
        ("ada-posts.csv", WRITE_AS, "an export of Write.as", "export it again as JSON"),
        ("posts.json", b'{"data":[{"attributes":{"content":"<p>A</p>","is_paid":true,"title":"A"},"id":"1","type":"post"}]}', "an answer of Patreon", "not everybody may see"),
        ("posts.zip", zipped("sea/first-tide_abc1xyz7qp.txt", "abc4xyz7qpw2.txt"), "an export of Write.as", "export it again as JSON"),
        ("wix.csv", b"Author,Title,Plain Content,Rich Content\n", "a blog at Wix", "blog-feed.xml"),
        ("kit.json", b'{"broadcasts":[{"id":1}]}', "an answer of Kit (ConvertKit)", "--from html"),
        ("outbox.json", MASTODON, "an archive of Mastodon", "https://SERVER/@NAME.rss"),
        ("archive.zip", zipped("outbox.json", "actor.json"), "an archive of Mastodon", "feed of the account"),
        ("roam.json", b'[{"title":"A","create-time":1,"children":[{"string":"x","uid":"a"}]}]', "an export of Roam", "Export All > Markdown"),
        ("Backup.txt", STANDARD_NOTES, "a backup of Standard Notes", "leave out those whose trashed is true"),
        ("b.zip", zipped("Standard Notes Backup and Import File.txt", "Items/Note/a.txt"), "a backup of Standard Notes", "as text"),
        ("2023-04.xml", b'<?xml version="1.0"?>\n<livejournal><entry/></livejournal>', "an export of LiveJournal", "WordPress"),
        ("nodes.json", b'{"jsonapi":{"version":"1.0"},"data":[]}', "an answer of a site by Drupal", "https://SITE/rss.xml"),
        ("result.json", b'{\n "name": "Sea",\n "type": "public_channel",\n "id": 1,\n "messages": []}', "an export of Telegram", "messages.html"),
        ("result.json", b'{\n "about": "Here is the data",\n "personal_information": {}}', "an export of Telegram", "messages.html"),
        ("a.zip", zipped("sea/messages.html", "sea/photos/a.jpg"), "an export of Telegram", "messages.html"),
        ("d.json", b'{"content":{"body":"Malt","timestamp":1640995200,"title":"Rye"},"digest":"x"}', "a post of Mirror", "'body' as Markdown"),
        ("a.zip", zipped("user.json", "project/oast/posts/published/1-malt/post.json"), "an archive of Cohost", "post.json"),
        ("a.zip", zipped("content/site.txt", "content/1_blog/20230102_first/article.txt"), "a site of Kirby", "feed of the site"),
        ("articles.json", b'{"posts":[{"_id":"1","contentMarkdown":"x"}]}', "an export of Hashnode", "a repository of GitHub"),
        ("raw.zip", zipped(f"{'0a' * 16}.md", f"{'1b' * 16}.md", f"resources/{'2c' * 16}.png"), "an export of Joplin", "MD - Markdown + Front Matter"),
        ("m.zip", zipped("campaigns.csv", "campaigns_content/1_a.html"), "an export of Mailchimp", "campaigns_content with --from html"),
        ("a.tar.gz", b"\x1f\x8b\x08\0", "a packed archive of another kind than ZIP", "unpack it"),
        ("a.sqlite", b"SQLite format 3\0", "a database", "Tools > Export"),
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


@pytest.mark.parametrize(
    ("files", "message", "hint"),
    [
        ({"ada.csv": WRITE_AS, "b.png": b""}, "is a folder with ada.csv, an export of Write.as", "as JSON"),
        ({"outbox.json": MASTODON, "actor.json": b"{}"}, "is an archive of Mastodon", "feed of the account"),
        ({"takeout-1.zip": b"PK", "b.png": b""}, "is a folder without posts", "give what it holds by itself: takeout-1.zip"),
        ({"notes.jex": b"a"}, "is a folder with notes.jex, an export of Joplin", "Front Matter"),
        ({f"{'0a' * 16}.md": b"A\n\nid: x\ntype_: 1", "resources/a.png": b"", ".DS_Store": b""}, "is an export of Joplin", "Front"),
    ],
)  # fmt: skip
def test_a_folder_that_holds_no_posts_says_what_it_holds(
    files: dict[str, bytes], message: str, hint: str, tmp_path: Path
) -> None:
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    with pytest.raises(UnknownFormatError) as raised:
        clothbound.read(tmp_path)
    assert message in str(raised.value)
    assert hint in raised.value.hint


@pytest.mark.parametrize("name", ["letter.docx", "old/dump.sql", "data/ada.csv"])
def test_a_folder_is_not_called_by_a_document_or_by_what_lies_deeper(
    name: str, tmp_path: Path
) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(WRITE_AS)
    posts = clothbound.read(tmp_path)
    assert len(posts) == 0
    assert [("letter.docx" in d.message) for d in posts.diagnostics] == [True] * (name[0] == "l")


@pytest.mark.parametrize("name", ["files.zip", "paper.pdf", "notes.jex"])
def test_a_folder_of_pages_is_told_which_reader_takes_them(name: str, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>Words</p>")
    (tmp_path / name).write_bytes(b"PK")
    with pytest.raises(ReadError, match=r"-f html\) reads \.html alone"):
        refuse_empty(clothbound.read(tmp_path), "it")


@pytest.mark.parametrize(
    "data", [b'[{"uid": 1, "title": "A", "tags": []}]', b'{"username": "ada", "posts": [1]}', b'{"items": [1]}']
)  # fmt: skip
def test_data_of_others_is_not_called_an_export(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(data)
    with pytest.raises(UnknownFormatError, match="cannot detect the format"):
        clothbound.read(tmp_path / "a.json")


def test_posts_beside_an_export_that_nothing_reads_are_read(tmp_path: Path) -> None:
    (tmp_path / "ada.csv").write_bytes(WRITE_AS)
    (tmp_path / "tide.md").write_text("# Tide\n\nWords.\n")
    assert [m.title for m in clothbound.read(tmp_path).index] == ["Tide"]
