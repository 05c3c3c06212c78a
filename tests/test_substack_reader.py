"""The reader of exports: real and made archives to posts."""

from __future__ import annotations

import html
import io
import json
import pickle
import unicodedata
import zipfile
from collections import Counter
from pathlib import Path

import lxml.html
import pytest

from clothbound import api
from clothbound.diagnostics import DiagnosticCode
from clothbound.errors import ReadError, UsageError
from clothbound.format_detection import reader_for
from clothbound.model.blocks import Group, Media, Paragraph
from clothbound.model.check import problems
from clothbound.model.collection import Collection
from clothbound.model.inlines import Text
from clothbound.model.plain_text import plain_text
from clothbound.model.walk import walk
from export_archive import DAY, HEAD, archive, export, row


def told(collection: Collection) -> list[tuple[DiagnosticCode, str]]:
    return [(d.code, d.source) for d in collection.diagnostics]


def test_a_row_becomes_metadata() -> None:
    data = export(
        row(
            "12.ebb",
            "Ebb & flow",
            subtitle="On tides",
            type="podcast",
            audience="only_paid",
            email_sent_at=DAY,
            podcast_url="https://a.example/1.mp3",
        ),
        row("13.b68", "", is_published="false", post_date=""),
        p12_ebb="<p>Low.</p>",
        p13_b68="<p>A draft.</p>",
    )
    collection = api.read(data)
    first, draft = collection
    metadata = first.metadata
    assert (metadata.key, metadata.id, metadata.slug) == ("12", "12.ebb", "ebb")
    assert (metadata.title, metadata.subtitle) == ("Ebb & flow", "On tides")
    assert (metadata.kind, metadata.audience) == ("podcast", "only_paid")
    assert metadata.published is not None
    assert metadata.published.text == DAY
    assert metadata.extra == {"email_sent_at": DAY, "podcast_url": "https://a.example/1.mp3"}
    assert first.body == (
        Media("audio", "https://a.example/1.mp3"),
        Paragraph((Text("Low."),)),
    )
    assert draft.metadata.is_draft
    assert draft.metadata.published is None
    assert collection.extra == {"columns": HEAD.split(","), "order": ["12.ebb", "13.b68"]}
    assert collection.diagnostics == ()


def test_bytes_stream_path_and_folder_give_the_same(tmp_path: Path) -> None:
    data = export(row("1.a"), p1_a="<p>x</p>")
    path = tmp_path / "letters.zip"
    path.write_bytes(data)
    folder = tmp_path / "letters"
    zipfile.ZipFile(path).extractall(folder)
    posts = [list(api.read(s)) for s in (data, path, folder, str(path))]
    posts.append(list(api.read(io.BytesIO(data))))
    assert all(found == posts[0] for found in posts)
    assert api.read(path).info.title == api.read(folder).info.title == "Letters"


def test_an_archive_is_known_by_its_content(tmp_path: Path) -> None:
    data = export(row("1.a"), p1_a="<p>x</p>")
    assert reader_for("download", data[:4096]) == "substack"
    (tmp_path / "notes.md").write_text("# A folder of Markdown")
    assert reader_for(str(tmp_path), b"") == "markdown"
    (tmp_path / "posts.csv").write_text(HEAD)
    assert reader_for(str(tmp_path), b"") == "substack"


def test_posts_cross_to_another_process_and_can_be_read_again() -> None:
    collection = api.read(export(row("1.a"), row("2.b"), p1_a="<p>x</p>", p2_b="<p>y</p>"))
    again = pickle.loads(pickle.dumps(collection.posts))
    assert list(again) == list(collection.posts) == list(again)
    assert list(again[1:]) == list(again)[1:]


def test_what_does_not_fit_is_read_or_named() -> None:
    data = export(
        row("1.lost", "No file"),
        row("2.new", "Renamed"),
        row("3.whole", "Whole"),
        row("3.whole", "Again"),
        row("", "Nameless"),
        p2_x3b="<p>older</p>",
        p3_whole="<p>w</p>",
        p3_9f1="<p>stale</p>",
        p4_alone="<p>rowless</p>",
    )
    collection = api.read(data)
    found = {post.metadata.title: plain_text(post) for post in collection}
    assert found == {"No file": "", "Renamed": "older", "Whole": "w", "Alone": "rowless"}
    assert collection.index["4"].is_draft
    assert sorted(told(collection)) == [
        (DiagnosticCode.ARCHIVE_ROW, "posts.csv"),
        (DiagnosticCode.ARCHIVE_ROW, "posts.csv"),
        (DiagnosticCode.ARCHIVE_ROW, "posts/3.9f1.html"),
        (DiagnosticCode.ARCHIVE_ROW, "posts/4.alone.html"),
        (DiagnosticCode.TEXT_MISSING, "posts/1.lost.html"),
        (DiagnosticCode.TEXT_MISSING, "posts/2.new.html"),
    ]


@pytest.mark.parametrize(("listed", "stored"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_a_file_is_found_in_either_form_of_unicode(listed: str, stored: str) -> None:
    name = "7.caf\u00e9"
    table = HEAD + "\n" + row(unicodedata.normalize(listed, name))
    posts = api.read(
        archive(
            {
                "posts.csv": table,
                f"posts/{unicodedata.normalize(stored, name)}.html": "<p>Words</p>",
            }
        )
    )
    (post,) = posts
    assert plain_text(post.body[0]) == "Words"
    assert [d for d in told(posts) if d[0] is not DiagnosticCode.INFERRED] == []


def test_a_folder_in_the_archive_is_no_matter() -> None:
    collection = api.read(export(row("1.a"), prefix="my export/", p1_a="<p>x</p>"))
    assert [plain_text(post) for post in collection] == ["x"]
    assert collection.diagnostics == ()


def test_subscribers_data_is_seen_and_never_read() -> None:
    private = {
        "email_list.tide.csv": b"\xff secret",
        "posts/1.opens.csv": b"secret",
        "posts/1.delivers.csv": b"secret",
    }
    data = archive(
        {"posts.csv": f"{HEAD}\n{row('1.a')}\n", "posts/1.a.html": "<p>x</p>", **private}
    )
    collection = api.read(data)
    assert told(collection) == [(DiagnosticCode.PRIVATE_FILE, "email_list.tide.csv")]
    assert collection.info.title == "Tide"
    assert "tide.substack.com" in collection.index.sites
    for name in ("substack", "json", "markdown", "epub", "site"):
        assert b"secret" not in api.write(collection, name).to_bytes()


def digest(names: list[str], host: str = "tide.example") -> str:
    data = {
        "title": "S",
        "canonical_url": f"https://{host}/p/a",
        "publication_name": "Tide Notes",
        "publishedBylines": [{"name": name} for name in names],
    }
    return f'<div class="digest-post-embed" data-attrs="{html.escape(json.dumps(data))}"></div>'


def test_title_and_author_are_what_shown_posts_say() -> None:
    link = "".join(f'<p><a href="https://tide.example/p/{slug}">{slug}</a></p>' for slug in "ab")
    data = export(row("1.a"), row("2.b"), p1_a=link, p2_b=link + digest(["Ada Quay"]))
    collection = api.read(data)
    assert collection.info.title == "Tide Notes"
    assert collection.info.authors == ("Ada Quay",)
    assert [d.code for d in collection.diagnostics] == [DiagnosticCode.INFERRED]
    other = digest(["Bo"])
    mixed = export(row("1.a"), row("2.b"), p1_a=link + other, p2_b=link + digest(["Ada Quay"]))
    assert api.read(mixed).info.authors == ()
    foreign = export(row("1.a"), row("2.b"), p1_a=link, p2_b=link + digest(["C"], "else.example"))
    assert api.read(foreign).info.authors == ()


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("night-letters", "Night letters"),
        ("Yxsu4a0WSw_xlwDFbNCI2A", ""),
        ("export", ""),
        ("export (2)", ""),
    ],
)
def test_the_archives_name_is_a_title_unless_it_is_a_token(
    name: str, title: str, tmp_path: Path
) -> None:
    folder = tmp_path / "downloads"
    folder.mkdir()
    path = folder / f"{name}.zip"
    path.write_bytes(export(row("1.a"), p1_a="<p>x</p>"))
    assert api.read(path).info.title == title


@pytest.mark.parametrize(
    ("name", "top", "title"),
    [
        ("harbour-letters", "", "Harbour letters"),
        ("harbour-letters", "harbour-letters", "Harbour letters"),
        ("harbour-letters", "export", "Harbour letters"),
        ("export", "harbour-letters", "Harbour letters"),
        ("Qx3-kD9fPzL_7wVbNm2t", "", ""),
        ("Qx3-kD9fPzL_7wVbNm2t", "Qx3-kD9fPzL_7wVbNm2t", ""),
        ("export", "Qx3-kD9fPzL_7wVbNm2t", ""),
    ],
)
def test_an_export_has_one_title_packed_or_not(
    name: str, top: str, title: str, tmp_path: Path
) -> None:
    files = {
        "posts.csv": "post_id,post_date,is_published,title\n1.a,,true,A\n",
        "posts/1.a.html": "<p>Words.</p>",
    }
    inner = f"{top}/" if top else ""
    archive = tmp_path / "Downloads" / f"{name}.zip"
    archive.parent.mkdir()
    with zipfile.ZipFile(archive, "w") as made:
        for file, text in files.items():
            made.writestr(inner + file, text)
    folder = tmp_path / "Desktop" / name
    for file, text in files.items():
        (folder / inner / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / inner / file).write_text(text)
    assert api.read(archive).info.title == title
    assert api.read(folder).info.title == title
    if top:
        assert api.read(folder / top).info.title == (
            title if name == "export" or top != "export" else ""
        )


def test_bad_posts_are_named_before_any_writer_starts() -> None:
    data = bytearray(export(row("1.a"), row("2.b"), p1_a="<p>whole</p>", p2_b="<p>x</p>" * 9))
    at = data.index(b"posts/2.b.html") + len("posts/2.b.html") + 3
    data[at] ^= 0xFF
    with pytest.raises(ReadError, match="unpacked"):
        api.read(bytes(data))
    collection = api.read(bytes(data), on_error="collect")
    assert [plain_text(post) for post in collection] == ["whole"]
    assert told(collection) == [(DiagnosticCode.POST_UNREADABLE, "posts/2.b.html")]


def test_a_stream_without_a_format_is_a_usage_error() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    data = export(row("1.a"), p1_a="<p>x</p>")
    with pytest.raises(UsageError):
        api.read(Pipe(data))
    assert len(api.read(Pipe(data), "substack")) == 1


CHROME = ("image-link-expand", "fake-input-wrapper", "hide-text", "footnote-number", "tweet-ufi")


def words_of(markup: str) -> Counter[str]:
    tree = lxml.html.fragment_fromstring(markup, create_parent="div")
    for token in CHROME:
        for element in tree.find_class(token):
            element.drop_tree()
    for anchor in tree.find_class("footnote-anchor"):
        anchor.text = ""
    return Counter(word for text in tree.itertext() for word in text.split())


@pytest.mark.corpus
def test_no_word_of_the_real_export_is_lost(shared: Path) -> None:
    folder = shared / "corpus" / "substack-export" / "inturious"
    collection = api.read(folder)
    assert len(collection) == 42
    for post in collection:
        assert list(problems(post)) == []
        groups = [n for n in walk(post) if isinstance(n, Group)]
        assert all("captioned-button-wrap" in group.classes for group in groups)
        read = "".join(plain_text(post).split())
        for word in words_of((folder / post.metadata.source).read_text()):
            assert word in read, (post.metadata.source, word)


@pytest.mark.corpus
def test_zip_and_folder_of_the_real_export_are_the_same(shared: Path) -> None:
    base = shared / "corpus" / "substack-export"
    packed, folder = api.read(base / "inturious.zip"), api.read(base / "inturious")
    assert list(packed) == list(folder)
    assert packed.info.title == "Inturious"
    assert packed.extra == folder.extra
