"""Blogger's exports, the file of the settings page and Google's archive: tests/cases/blogger, with what is read of it."""

from __future__ import annotations

import io
import pickle
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

import clothbound
from clothbound import format_detection, formats
from clothbound.diagnostics import DiagnosticCode
from clothbound.errors import ClothboundError, ReadError
from clothbound.model.post import Base
from clothbound.readers.exports.blogger import READER
from clothbound.testing import check_reader
from expected_files import expected_text

CASE = Path(__file__).parent / "cases" / "blogger"
OLD = CASE / "blog-06-01-2024.xml"
TAKEOUT = CASE / "Takeout"
FEED = TAKEOUT / "Blogger" / "Blogs" / "Slow Letters" / "feed.atom"
OTHER = Path(__file__).parents[2] / "shared" / "corpus" / "other"
NOW = datetime(2024, 6, 1, tzinfo=UTC)
PRIVATE = ("-SECRET", "COMMENT", "TEMPLATE-TEXT", "ACCOUNT-ADDRESS")


def packed(folder: Path) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder.parent).as_posix())
    return made.getvalue()


def states(source: object) -> dict[str, str]:
    found = {}
    for metadata in clothbound.read(source).index:  # type: ignore[arg-type]
        names = [reason.name for reason in metadata.verdict(NOW).reasons]
        found[metadata.title] = names[0] if names else "public"
    return found


def entry(title: str, *lines: str, published: str = "2021-03-04T05:06:07Z", body: str = "") -> str:
    return (
        f"<entry><id>tag:blogger.com,1999:blog-7.post-{title}</id><title>{title}</title>"
        f"<published>{published}</published><content type='html'>"
        f"{body or '&lt;p>Body&lt;/p>'}</content>{''.join(lines)}</entry>"
    )


def blogger(*entries: str) -> bytes:
    return (
        "<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom' "
        "xmlns:blogger='http://schemas.google.com/blogger/2018' "
        "xmlns:app='http://purl.org/atom/app#'><title>B</title>" + "".join(entries) + "</feed>"
    ).encode()


POST = "<blogger:type>POST</blogger:type>"
LIVE = "<blogger:status>LIVE</blogger:status>"
KIND = "<category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#{}'/>"


@pytest.mark.parametrize("source", [OLD, TAKEOUT], ids=["settings page", "takeout"])
def test_an_export_is_read_as_the_file_beside_it_says(source: Path, tmp_path: Path) -> None:
    clothbound.write(clothbound.read(source), "markdown").save(tmp_path / "made")
    posts = sorted((tmp_path / "made").glob("*.md"))
    made = "\n".join(f"# {post.name}\n\n{post.read_text(encoding='utf-8')}" for post in posts)
    assert made == expected_text(CASE / f"{source.stem}.md", made)


@pytest.mark.parametrize("form", ["file", "bytes", "stream", "zip", "zip in memory", "folder"])
def test_an_export_is_recognised_in_every_form(form: str, tmp_path: Path) -> None:
    source: object = {
        "file": FEED,
        "bytes": FEED.read_bytes(),
        "stream": io.BytesIO(FEED.read_bytes()),
        "zip in memory": packed(TAKEOUT),
        "folder": TAKEOUT,
    }.get(form)
    if form == "zip":
        source = tmp_path / "takeout-20240601.zip"
        source.write_bytes(packed(TAKEOUT))
    named = "blogger" if form == "stream" else None
    posts = clothbound.read(source, named)  # type: ignore[arg-type]
    assert [m.title for m in posts.index][:2] == ["A new address", "Second"]
    assert posts.index.sites == ("letters.example", "slowletters.blogspot.com")


def test_status_trash_and_date_decide_in_the_newer_export() -> None:
    assert states(FEED) == {
        "A new address": "public",
        "Second": "public",
        "Draft": "draft",
        "Trashed": "trash",
        "Gone": "trash",
        "Odd": "unknown",
        "Later": "scheduled",
        "About": "public",
    }


def test_drafts_and_settings_decide_in_the_older_export() -> None:
    setting = "<entry><id>tag:blogger.com,1999:blog-7.settings.BLOG_READ_ACCESS_MODE</id>{}<content>{}</content></entry>"
    posts = [
        entry("live", KIND.format("post"), "<category scheme='x' term='sea'/>"),
        entry(
            "draft", KIND.format("post"), "<app:control><app:draft>yes</app:draft></app:control>"
        ),
        entry("template", KIND.format("template")),
        entry("comment", KIND.format("comment")),
        entry("new", KIND.format("poll")),
    ]
    public = setting.format(KIND.format("settings"), "PUBLIC")
    closed = setting.format(KIND.format("settings"), "READERS")
    assert states(blogger(*posts, public)) == {"live": "public", "draft": "draft"}
    assert states(blogger(*posts, closed)) == {"live": "members", "draft": "draft"}
    collection = clothbound.read(blogger(*posts))
    assert collection.index.entries[0].metadata.tags == ("sea",)
    told = [(d.message, d.severity.value) for d in collection.diagnostics]
    assert told == [
        ("left out, since they are not posts: 1 comment, 1 template", "info"),
        ("left out, since they are not posts: 1 poll", "warning"),
    ]


def test_a_table_of_settings_beside_the_file_counts(tmp_path: Path) -> None:
    folder = tmp_path / "Blogs" / "B"
    folder.mkdir(parents=True)
    (folder / "feed.atom").write_bytes(blogger(entry("live", POST, LIVE)))
    for table in (
        "blog_read_access_mode,READERS\nblog_locale,iw\n",
        "blog_name,blog_read_access_mode,blog_locale\nB,READERS,iw\n",
    ):
        (folder / "settings.csv").write_text(table)
        assert states(tmp_path) == {"live": "members"}
        assert clothbound.read(tmp_path).info.language == "he"


@pytest.mark.parametrize("name", ["site", "rss", "epub", "jsonl", "markdown"])
@pytest.mark.parametrize("source", [OLD, TAKEOUT], ids=["settings page", "takeout"])
def test_nothing_private_goes_out(name: str, source: Path, tmp_path: Path) -> None:
    collection = clothbound.read(source)
    sources = [collection] if formats.writer(name).public else []
    for number, posts in enumerate((clothbound.book(collection, title="T"), *sources)):
        artifact = clothbound.write(posts, name)
        artifact.save(tmp_path / str(number))
        made = tmp_path / str(number)
        data = b"".join(f.read_bytes() for f in made.rglob("*") if f.is_file())
        data += made.read_bytes() if made.is_file() else b""
        if name == "epub":
            with zipfile.ZipFile(made) as book:
                data = b"".join(book.read(part) for part in book.namelist())
        assert b"About" in data
        told = "\n".join(map(str, artifact.report.diagnostics))
        for mark in PRIVATE:
            assert mark.encode() not in data, mark
            assert mark not in told


def test_line_breaks_stay_where_the_blog_does_not_part_paragraphs_by_them() -> None:
    setting = "<entry><id>tag:blogger.com,1999:blog-7.settings.BLOG_CONVERT_LINE_BREAKS</id>{}<content>{}</content></entry>"
    post = entry("live", KIND.format("post"), body="a&lt;br>&lt;br>b")
    on, off = (
        clothbound.read(blogger(setting.format(KIND.format("settings"), value), post))
        for value in ("true", "false")
    )
    assert [len(c.posts[0].body) for c in (on, off)] == [2, 1]
    assert "line_breaks" not in str(off.posts[0].metadata.extra)


def test_a_picture_of_the_albums_is_found_in_the_archive(tmp_path: Path) -> None:
    path = tmp_path / "takeout.zip"
    path.write_bytes(packed(TAKEOUT))
    post = clothbound.read(path).posts[0]
    assert post.base == Base("archive", str(path), "")
    book = clothbound.write(clothbound.read(path), "epub")
    with zipfile.ZipFile(io.BytesIO(book.to_bytes())) as archive:
        assert [n for n in archive.namelist() if n.endswith(".png")]


def test_links_lead_inside_the_book_from_every_country() -> None:
    posts = clothbound.read(OLD)
    keys = {m.title: m.key for m in posts.index}
    links = posts.index.links()[keys["The press & its case"]]
    assert [key for _, key in links if key] == [keys["Glue"], keys["About"]]
    links = clothbound.read(FEED).index.links()["new-address"]
    assert [key for _, key in links] == ["second", "second", ""]


def test_posts_are_picklable_and_read_alike_twice() -> None:
    posts = clothbound.read(OLD)
    again = pickle.loads(pickle.dumps(posts))
    assert list(again.posts) == list(posts.posts) == list(clothbound.read(OLD).posts)


def test_a_public_feed_of_blogger_is_a_feed() -> None:
    feed = OLD.read_bytes().replace(b"blog-42.archive", b"blog-42")
    feed = feed.replace(b"http://schemas.google.com/blogger/2008/kind#", b"x")
    assert format_detection.reader_for("feed.atom", feed[:1000]) == "rss"
    with pytest.raises(ReadError, match="is an export of Blogger, not a feed"):
        clothbound.read(OLD, "rss")


def test_the_reader_keeps_the_contract() -> None:
    samples = [packed(TAKEOUT), OLD.read_bytes(), FEED.read_bytes()]
    check_reader(READER, samples, broken=[b"PK\x03\x04", b"<feed", b""])


@pytest.mark.parametrize("place", range(0, 3000, 300))
def test_a_cut_off_file_gives_its_first_posts_or_an_answer(place: int) -> None:
    data = FEED.read_bytes()[: 400 + place]
    try:
        posts = clothbound.read(data, "blogger")
    except ClothboundError:
        return
    assert len(posts) <= 8
    if len(posts):
        assert DiagnosticCode.MARKUP_REPAIRED in {d.code for d in posts.diagnostics}


def test_hostile_exports_get_an_answer(tmp_path: Path) -> None:
    bomb = blogger(entry("live", POST, LIVE, body="&a;")).replace(
        b"<feed", b'<!DOCTYPE feed [<!ENTITY a SYSTEM "file:///etc/passwd">]><feed', 1
    )
    posts = clothbound.read(bomb, "blogger")
    assert "root:" not in str(list(posts.posts))
    deep = blogger(entry("live", POST, LIVE, body="&lt;div>" * 5000 + "Deep" + "&lt;br>&lt;br>x"))
    assert "Deep" in str(clothbound.read(deep).posts[0])
    wrong = FEED.read_bytes().replace(b"First line", b"First \xff\x00 line")
    assert len(clothbound.read(wrong)) == 8
    with pytest.raises(ReadError, match="holds no export of Blogger"):
        clothbound.read(tmp_path, "blogger")


@pytest.mark.corpus
@pytest.mark.skipif(not OTHER.exists(), reason="../shared is absent")
def test_the_exports_of_the_corpus() -> None:
    old = clothbound.read(OTHER / "blogger" / "bloggerexport.xml")
    assert [m.kind for m in old.index].count("page") == 2
    assert old.info.authors == ("Mikhail Afanasyevich Bulgakov",)
    new = clothbound.read(OTHER / "constructed" / "blogger-takeout-feed.atom")
    book = clothbound.write(clothbound.book(new), "jsonl").to_text()
    assert "SECRET" not in book
    assert "A comment" not in book
    assert all(word in book for word in ("LIVE text", "After more", "new paragraph", "Page"))
