"""Tests how the files of a book of another program are found: by odd names, outside the reading order, as covers."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from pathlib import Path

import pytest

import clothbound
import stranger_books as strangers
from clothbound.cli import main
from clothbound.epub_names import CONTENTS_PAGE, COVER_PAGE, IMPRINT_PAGE, TITLE_PAGE
from clothbound.format_detection import reader_for
from clothbound.model import inlines as i
from clothbound.model.collection import Collection
from clothbound.model.plain_text import plain_text
from clothbound.model.walk import walk
from epub_samples import every_node, letters, second
from stranger_books import bare_book

DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/>'
    "<text>Low water</text></svg>"
)


def read(data: bytes, folder: Path) -> Collection:
    path = folder / "book.epub"
    path.write_bytes(data)
    return clothbound.read(path)


def lacks(source: Path, read_again: Collection) -> object:
    """Returns what ``check`` says of an EPUB made of what was read: 0 if nothing is missing."""
    product = source.with_name("made.epub")
    clothbound.write(read_again, "epub").save(product)
    with pytest.raises(SystemExit) as left:
        main(["check", str(source), str(product), "-q"])
    return left.value.code


def hrefs(posts: Collection) -> list[str]:
    return [node.href for post in posts for node in walk(post) if isinstance(node, i.Link)]


def test_documents_outside_the_reading_order_are_read_if_a_link_leads_to_them(
    tmp_path: Path,
) -> None:
    data = bare_book(
        {
            "a.xhtml": '<h1>A</h1><p>Knots of wet hemp hold longer than those of dry hemp or flax<sup><a id="r1" href="notes.xhtml#n1">1</a></sup>, see <a href="map.xhtml">a map</a>.</p>'
            '<iframe src="tide.xhtml" title="The tide"></iframe>',
            "notes.xhtml": '<h1>Notes</h1><p id="n1"><a href="a.xhtml#r1">1</a> Wet ones.</p>',
            "map.xhtml": "<h1>Map</h1><p>The bay.</p>",
            "tide.xhtml": "<h1>Tide</h1><p>High at six.</p>",
            "lost.xhtml": "<p>Nobody leads here.</p>",
        },
        "a.xhtml",
    )
    posts = read(data, tmp_path)
    assert [post.title for post in posts] == ["A", "Map", "Tide"]
    assert [plain_text(note.children[0]) for note in posts[0].footnotes] == ["Wet ones."]
    assert hrefs(posts) == ["map.xhtml", "tide.xhtml"]
    told = {d.source: d.message for d in posts.diagnostics}
    assert "no link leads to it" in told["OPS/lost.xhtml"]
    assert "OPS/a.xhtml links to it" in told["OPS/map.xhtml"]
    assert lacks(tmp_path / "book.epub", posts) == 0


def test_check_misses_the_words_of_a_document_outside_the_reading_order(tmp_path: Path) -> None:
    def data(words: str) -> bytes:
        body = '<h1>A</h1><p>Of a <a href="b.xhtml">b</a>.</p>'
        return bare_book({"a.xhtml": body, "b.xhtml": f"<h1>B</h1><p>{words}</p>"}, "a.xhtml")

    posts = read(data("Far away it lies."), tmp_path)
    (tmp_path / "book.epub").write_bytes(data("Far away it surely lies."))
    assert lacks(tmp_path / "book.epub", posts) == 3


def test_files_are_found_by_names_in_another_case_and_unicode_form(tmp_path: Path) -> None:
    data = bare_book(
        {
            "\N{LATIN SMALL LETTER E WITH ACUTE}t\N{LATIN SMALL LETTER E WITH ACUTE}.xhtml": '<h1>One</h1><p><a href="Two.xhtml">two</a></p>'
            '<p><img src="images/A%20Knot.GIF" alt="A knot"/></p>',
            "two.xhtml": unicodedata.normalize("NFD", '<h1>Two</h1><p><a href="été.xhtml">one</a></p>')
            + '<p><a href="/OPS/two.xhtml#x">here</a><i id="x"/></p>',
            "images/a knot.gif": strangers.PIXEL,
        },
        "été.xhtml two.xhtml",
    )  # fmt: skip
    posts = read(data, tmp_path)
    assert not posts.diagnostics
    assert hrefs(posts)[:2] == ["two.xhtml", "%C3%A9t%C3%A9.xhtml"]
    assert [n.src for n in walk(posts[0]) if isinstance(n, i.Image)] == ["images/a%20knot.gif"]
    assert lacks(tmp_path / "book.epub", posts) == 0


def test_a_book_whose_folder_was_packed_is_read(tmp_path: Path) -> None:
    data = bare_book({"a.xhtml": "<h1>A</h1><p>x</p>"}, "a.xhtml", folder="My book/")
    posts = read(data, tmp_path)
    assert [m.source for m in posts.index] == ["My book/OPS/a.xhtml"]
    assert not posts.diagnostics
    (tmp_path / "book.zip").write_bytes(data)
    assert [post.title for post in clothbound.read(tmp_path / "book.zip")] == ["A"]
    assert reader_for("book.epub", data[:4096]) == "epub"
    assert lacks(tmp_path / "book.epub", posts) == 0


@pytest.mark.parametrize("names", [["x/META-INF/container.xml", "y/a.md"], ["a/b/META-INF/container.xml"], []])  # fmt: skip
def test_a_folder_with_a_book_somewhere_in_it_is_not_a_book(names: list[str]) -> None:
    from clothbound.readers.epub.container import folder_of_book

    assert folder_of_book(names) is None


def test_pictures_and_drawings_in_the_reading_order_are_pages(tmp_path: Path) -> None:
    data = bare_book(
        {
            "a.xhtml": "<h1>A</h1><p>x</p>",
            "chart.svg": DRAWING,
            "b.gif": strangers.PIXEL,
            "n.smil": "<smil/>",
        },
        "a.xhtml chart.svg b.gif",
    )
    posts = read(data, tmp_path)
    pictures = [(n.src, n.alt) for post in posts for n in walk(post) if isinstance(n, i.Image)]
    assert pictures == [("chart.svg", "Low water"), ("b.gif", "")]
    assert [d.source for d in posts.diagnostics] == ["OPS/n.smil"]
    assert lacks(tmp_path / "book.epub", posts) == 0


@pytest.mark.parametrize(
    ("meta", "more", "properties"),
    [
        ("", "", {"i/f.gif": "cover-image"}),
        ('<meta name="cover" content="i_f.gif"/>', "", {}),
        ('<meta name="cover" content="i/f.gif"/>', "", {}),
        ('<meta name="cover" content="c.xhtml"/>', "", {}),
        ("", '<guide><reference type="cover" href="c.xhtml"/></guide>', {}),
        ("", "", {}),
    ],
    ids=["property", "id", "address", "document", "guide", "first-page"],
)
@pytest.mark.parametrize("spine", ["c.xhtml a.xhtml", "a.xhtml"])
def test_the_picture_of_the_cover_is_found(
    meta: str, more: str, properties: dict[str, str], spine: str, tmp_path: Path
) -> None:
    files = {"c.xhtml": '<div><img src="i/f.gif" alt="Cover"/></div>', "a.xhtml": "<h1>A</h1><p>x</p>", "i/f.gif": strangers.PIXEL}  # fmt: skip
    posts = read(bare_book(files, spine, meta=meta, more=more, properties=properties), tmp_path)
    is_told = spine != "a.xhtml" or meta or more or properties
    assert posts.info.cover == (f"{tmp_path / 'book.epub'}/OPS/i/f.gif" if is_told else "")
    assert [post.title for post in posts] == ["A"]


def test_a_first_page_that_the_navigation_lists_is_not_the_cover(tmp_path: Path) -> None:
    line = '<nav epub:type="toc"><ol><li><a href="a.xhtml">A map</a></li></ol></nav>'
    files = {
        "nav.xhtml": line,
        "a.xhtml": '<p><img src="f.gif" alt="The bay"/></p>',
        "f.gif": strangers.PIXEL,
    }
    posts = read(bare_book(files, "a.xhtml", properties={"nav.xhtml": "nav"}), tmp_path)
    assert [post.title for post in posts] == ["A map"]
    assert not posts.info.cover


def test_entities_that_nobody_declared_are_read_in_navigation_and_metadata(tmp_path: Path) -> None:
    data = strangers.packed(
        {
            "META-INF/container.xml": strangers.CONTAINER.format(package="c.opf"),
            "c.opf": strangers.package(
                strangers.BARE_METADATA.replace("A book", "Caf&eacute;&mdash;bar"),
                {"a.xhtml": strangers.XHTML, "t.ncx": strangers.NCX_TYPE},
                "a.xhtml",
            ),
            "t.ncx": strangers.NCX.format(points=strangers.point("Th&eacute;&nbsp;vert", "a.xhtml")),
            "a.xhtml": strangers.page("<p>x</p>"),
        }
    )  # fmt: skip
    posts = read(data, tmp_path)
    assert posts.info.title == "Café\N{EM DASH}bar"
    assert posts[0].title == "Thé vert"


def test_second_values_of_metadata_are_named_and_others_kept(tmp_path: Path) -> None:
    meta = (
        "<dc:title>Another</dc:title><dc:publisher>Net Loft</dc:publisher><dc:publisher>Quay</dc:publisher>"
        "<dc:rights>Ours</dc:rights><dc:rights>Theirs</dc:rights><dc:language>fr</dc:language>"
        "<dc:source>A log</dc:source><dc:type>Text</dc:type>"
        '<meta property="belongs-to-collection" id="s">Bay</meta><meta property="belongs-to-collection">Set</meta>'
    )
    posts = read(bare_book({"a.xhtml": "<h1>A</h1><p>x</p>"}, "a.xhtml", meta=meta), tmp_path)
    assert (posts.info.publisher, posts.info.rights, posts.info.language) == ("Net Loft", "Ours", "en")  # fmt: skip
    assert posts.info.series is not None
    assert posts.info.series.name == "Bay"
    assert posts.extra == {"source": ["A log"], "type": ["Text"]}
    assert [d.message.partition(" of the book left out: ")[::2] for d in posts.diagnostics] == [
        ("1 further title", "Another"),
        ("1 further language", "fr"),
        ("1 further publisher", "Quay"),
        ("1 further copyright line", "Theirs"),
        ("1 further collection", "Set"),
    ]


def test_the_reading_of_a_title_is_named(tmp_path: Path) -> None:
    body = "<h1><ruby>海<rt>umi</rt></ruby></h1><p>x</p>"
    (post,) = read(bare_book({"a.xhtml": body}, "a.xhtml"), tmp_path)
    assert post.title == "海"
    assert [d.text for d in post.diagnostics] == ["umi"]


def test_check_reads_an_unpacked_book(tmp_path: Path) -> None:
    for name, text in (("book", "Wet rope"), ("other", "Wet rope slips")):
        data = bare_book({"a.xhtml": f"<h1>A</h1><p>{text} at low tide.</p>"}, "a.xhtml")
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            archive.extractall(tmp_path / name)
    posts = clothbound.read(tmp_path / "book")
    assert lacks(tmp_path / "book", posts) == 0
    assert lacks(tmp_path / "other", posts) == 3


def test_a_cover_page_that_cannot_be_read_is_no_cover(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.xhtml": "<h1>A</h1><p>x</p>",
        "cover.xhtml": b'<?xml version="1.0"?>\n',
        "mine.gif": strangers.PIXEL,
    }
    guide = '<guide><reference type="cover" title="Cover" href="cover.xhtml"/></guide>'
    posts = read(bare_book(files, "a.xhtml", more=guide), tmp_path)
    assert [post.metadata.title for post in posts] == ["A"]
    assert posts.info.cover == ""
    named = [
        found.source for found in posts.diagnostics if "not in the reading order" in found.message
    ]
    assert named == ["OPS/cover.xhtml"]


@pytest.mark.parametrize("name", [TITLE_PAGE, IMPRINT_PAGE, COVER_PAGE, CONTENTS_PAGE])
def test_a_page_around_the_chapters_that_cannot_be_read_is_named(name: str) -> None:
    data = clothbound.write(letters(every_node(), second()), "epub").to_bytes()
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        place = next(one for one in old.namelist() if one.endswith(f"/{name}"))
        for one in old.namelist():
            new.writestr(one, b"" if one == place else old.read(one))
    posts = clothbound.read(stream.getvalue(), on_error="collect")
    assert len(posts) == 2
    assert {bad.source for bad in posts.diagnostics if "is empty" in bad.message} == {place}
