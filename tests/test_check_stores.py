"""Tests the check of books by stores' rules: posts by line, finished files by file and line."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import clothbound
from clothbound.api import write
from clothbound.destinations import DESTINATIONS, KINDLE, KOBO, Destination
from clothbound.diagnostics import Diagnostic, DiagnosticCode, Severity
from clothbound.errors import ReadError, UnknownFormatError, UsageError
from clothbound.limits import Limits
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Asset, Footnote, Metadata, Post
from clothbound.model.posts_at_hand import as_collection
from clothbound.preflight import SourcePost, check_epub
from clothbound.writers.epub import Epub
from epub_samples import letters, picture, text

Change = Callable[[bytes], bytes]


def changed(book: bytes, name: str, change: Change) -> bytes:
    """Returns ``book`` with the file ``name`` changed by ``change``."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(stream, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(entry.filename, change(data) if entry.filename == name else data)
    return stream.getvalue()


def replaced(old: str, new: str) -> Change:
    def change(data: bytes) -> bytes:
        assert re.search(old.encode(), data), old
        return re.sub(old.encode(), new.encode(), data, count=1)

    return change


def messages(data: bytes, destination: Destination = KINDLE) -> list[str]:
    return [str(d) for d in check_epub(data, "b.epub", destination, Limits())]


@pytest.fixture(scope="module")
def plain() -> bytes:
    """Returns a book that Kindle accepts."""
    post = Post(
        Metadata(key="k", title="T", language="en"),
        (b.Figure(i.Image("x.png", "a field")), *text("words")),
        (),
        (Asset("x.png", picture("PNG")),),
    )
    return write(as_collection(post), Epub(destination="kindle")).to_bytes()


@pytest.mark.parametrize("name", DESTINATIONS)
def test_our_own_books_keep_the_rules_that_they_are_made_for(name: str) -> None:
    options = Epub(destination=name)  # type: ignore[arg-type]
    book = write(letters(), options).to_bytes()
    assert check_epub(book, "b.epub", DESTINATIONS[name], Limits()) == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("content.opf", "<dc:language>en</dc:language>", "", "has no language"),
        ("content.opf", "<dc:language>en<", "<dc:language>xx<", "language 'xx' is unknown"),
        ("content.opf", 'name="cover"', 'name="x"', "is not marked as EPUB 2 does"),
        ("content.opf", ' properties="nav"', "", "no navigation document"),
        (
            "toc.ncx",
            'name="dtb:uid" content="',
            'name="dtb:uid" content="x',
            "have different identifiers",
        ),
        ("toc.ncx", 'playOrder="1"', 'playOrder="9"', "not in reading order"),
        ("toc.ncx", 'playOrder="1"', f'playOrder="{"9" * 5000}"', "not in reading order"),
        ("toc.ncx", 'src="k.xhtml', 'src="no.xhtml', r"ncx:\d+: error: .*not in the book: 'no.x"),
        (
            "toc.ncx",
            'src="k.xhtml',
            'src="k.xhtml#no',
            r"ncx:\d+: error: .* does not have: 'k.xhtml#no'",
        ),
        ("toc.ncx", 'src="k.xhtml', 'src="" x="', r"ncx:\d+: error: .*NCX links to no file"),
        ("k.xhtml", "<p>words</p>", "<!-- a -- b --><p/>", r"k\.xhtml:\d+: error: .*well-formed"),
        ("k.xhtml", 'alt="a field"', 'alt=""', "has no alternative text"),
        ("k.xhtml", r"images/\w+\.png", "images/gone.png", "not in the book"),
        (
            "k.xhtml",
            "<p>words</p>",
            '<p style="display: flex">w</p>',
            "breaks some reading systems",
        ),
        ("k.xhtml", "</head>", "<style>p {}</style></head>", "the document contains a style sheet"),
        ("k.xhtml", "<p>words</p>", "<script>1</script>", "<script> does nothing"),
        (
            "k.xhtml",
            "<p>words</p>",
            "<table><tr><td colspan='5'>x</td></tr></table>",
            "a table has 5 columns, of which 4",
        ),
        (
            "k.xhtml",
            "<p>words</p>",
            f"<table><tr><td colspan='²'/><td colspan='{'9' * 5000}'/></tr></table>",
            "a table has 1001 columns, of which 4",
        ),
        (
            "k.xhtml",
            "<p>words</p>",
            '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math>',
            "a formula is in MathML, which is not shown",
        ),
        ("content.opf", "<dc:title[^/]*/dc:title>", "", "has no title"),
        ("content.opf", 'unique-identifier="', 'unique-identifier="x', "no unique identifier"),
        (
            "k.xhtml",
            "words",
            "<a href='no.xhtml'>w</a>",
            r"k\.xhtml:\d+: error: .*in the book: 'no.x",
        ),
        (
            "k.xhtml",
            "words",
            "<a href='#no'>w</a>",
            r"k\.xhtml:\d+: error: .* does not have: '#no'",
        ),
        (
            "k.xhtml",
            "words",
            "<a href='toc.ncx#x'>w</a><a href='file:///c:/z'>z</a>",
            "file:///c:/z",
        ),
        ("style.css", r"\Z", "\na { --x: 1; color: var(--x) }", r"style\.css:\d{2,}: error"),
        (
            "content.opf",
            "<itemref[^>]*idref=.p-k.[^>]*/>",
            "",
            r"k\.xhtml: error: .*is not in the reading order",
        ),
        (
            "content.opf",
            'idref="p-k"',
            'idref="no"',
            r"opf:\d+: error: .*reading order names a file that is not listed: 'no'",
        ),
        (
            "content.opf",
            'idref="p-k"',
            'idref="cover_picture"',
            r"opf:\d+: error: .*reading order names a file that is not a document: 'EPUB/images/cover",
        ),
        (
            "content.opf",
            "(?s)<itemref.*<itemref[^>]*>(</itemref>)?",
            "",
            r"opf:\d+: error: .*reading order is empty",
        ),
        (
            "content.opf",
            "</manifest>",
            "<item id='f' href='f.ttf' media-type='font/ttf'/></manifest>",
            r"EPUB/f\.ttf: error: .*the file is listed, but is not in the EPUB",
        ),
        (
            "k.xhtml",
            "words",
            "<svg xmlns='http://www.w3.org/2000/svg' xmlns:l='http://www.w3.org/1999/xlink'>"
            "<image l:href='images/no.png'/></svg>",
            r"k\.xhtml:\d+: error: .*a picture is not in the book: 'images/no\.png'",
        ),
        (
            "k.xhtml",
            "<img ",
            "<img srcset='images/a,b.png 1x, images/c.png 2x' ",
            r"k\.xhtml:\d+: error: .*a picture is not in the book: 'images/a,b\.png'",
        ),
        (
            "k.xhtml",
            "words",
            "<picture><source srcset='x.webp'/></picture>",
            r"k\.xhtml:\d+: error: .*a picture is not in the book: 'x\.webp'",
        ),
        (
            "k.xhtml",
            "</head>",
            "<link rel='stylesheet' href='no.css'/></head>",
            r"k\.xhtml:\d+: error: .*a style sheet is not in the book: 'no\.css'",
        ),
        (
            "k.xhtml",
            "</head>",
            "<link rel='stylesheet' href='https://x.example/a.css'/></head>",
            r"k\.xhtml:\d+: error: .*a style sheet is on the network .*: 'https://x\.example/a\.css'",
        ),
        (
            "style.css",
            r"\A",
            "/* 1\n */ @import 'no.css';",
            r"style\.css:2: error: .*a style sheet is not in the book: 'no\.css'",
        ),
        (
            "style.css",
            r"\Z",
            "\n@font-face { font-family: X; src: url( 'no.ttf' ) }",
            r"style\.css:\d{2,}: error: .*a file is not in the book: 'no\.ttf'",
        ),
        (
            "style.css",
            r"\Z",
            "\np { background: url(//x.example/a.png) }",
            r"style\.css:\d{2,}: error: .*a file is on the network .*: '//x\.example/a\.png'",
        ),
        (
            "k.xhtml",
            "<p>words</p>",
            "<p style='background: url(no.png)'>words</p>",
            r"k\.xhtml:\d+: error: .*a file is not in the book: 'no\.png'",
        ),
    ],
)
def test_a_finished_book_is_told_what_is_wrong_with_it(
    plain: bytes, file: str, old: str, new: str, told: str
) -> None:
    assert messages(plain) == []
    found = messages(changed(plain, f"EPUB/{file}", replaced(old, new)))
    assert any(re.search(told, message) for message in found), found
    assert all(re.search(r"Hint: .+ \[store-rule\]\Z", message) for message in found)


def test_what_a_book_has_or_carries_with_it_is_not_missed(plain: bytes) -> None:
    shape = "<svg xmlns='http://www.w3.org/2000/svg'><g id='g'/><use href='#g'/></svg>"
    book = changed(plain, "EPUB/k.xhtml", replaced("words", shape))
    book = changed(book, "EPUB/k.xhtml", replaced("</head>", "<link rel='next' href='n'/></head>"))
    style = "\np { background: url(images/cover.jpg); mask: url(#m); filter: url(data:x,y) }"
    assert messages(changed(book, "EPUB/style.css", replaced(r"\Z", style))) == []


def test_drawings_take_in_nothing_that_is_not_in_the_book() -> None:
    book = write(letters(), Epub()).to_bytes()
    assert messages(book, DESTINATIONS["safe"]) == []
    data = (
        b"<svg xmlns='http://www.w3.org/2000/svg'>\n<image href='no.png'/>\n"
        b"<style>@import 'https://x.example/a.css';</style></svg>"
    )
    told = messages(swapped(book, r"images/.*\.svg", data), DESTINATIONS["safe"])
    assert [re.sub(r".*\.svg:", "", message).partition(" Hint")[0] for message in told] == [
        "2: error: all stores: a picture is not in the book: 'no.png'.",
        "3: error: all stores: a style sheet is on the network and would not be fetched:"
        " 'https://x.example/a.css'.",
    ]
    assert any(
        "error: all stores: the drawing is not well-formed" in m
        for m in messages(
            swapped(book, r"images/.*\.svg", b"<svg xmlns='http://www.w3.org/2000/svg'>"),
            DESTINATIONS["safe"],
        )
    )


def with_fonts(book: bytes, **fonts: bytes) -> bytes:
    """``book`` in faces of its own, the files of which have the names of ``fonts``."""
    listed = "".join(
        f"<item id='{n}' href='{n}.ttf' media-type='font/ttf'/></manifest>" for n in fonts
    )
    faces = "".join(f"@font-face {{ font-family: '{n}'; src: url({n}.ttf) }}\n" for n in fonts)
    book = changed(book, "EPUB/content.opf", replaced("</manifest>", listed))
    book = changed(book, "EPUB/style.css", replaced(r"\A", faces))
    stream = io.BytesIO(book)
    with zipfile.ZipFile(stream, "a") as archive:
        for name, data in fonts.items():
            archive.writestr(f"EPUB/{name}.ttf", data)
    return stream.getvalue()


APPLE_DISPLAY = "META-INF/com.apple.ibooks.display-options.xml"


def test_fonts_are_looked_at_as_kobo_and_apple_take_them() -> None:
    apple, kobo = DESTINATIONS["apple"], DESTINATIONS["kobo"]
    plain = write(letters(), Epub(destination="kobo")).to_bytes()
    book = with_fonts(plain, garamond=b"\0\1\0\0")
    assert messages(book, kobo) == []
    (woff2,) = messages(with_fonts(plain, garamond=b"wOF2"), kobo)
    assert (
        "EPUB/garamond.ttf: error: Kobo: the font is in the format WOFF 2, which is not accepted"
        in woff2
    )
    assert messages(with_fonts(plain, garamond=b"wOF2"), DESTINATIONS["google"]) == []

    style = "\n@media print { p { font: bold 1em/1.2 GARAMOND, 'Comic Sans MS', serif } }"
    (named,) = messages(changed(book, "EPUB/style.css", replaced(r"\Z", style)), kobo)
    assert re.search(
        r"style\.css:\d+: warning: Kobo: .*'Comic Sans MS', which is not in the book", named
    )

    (unmarked,) = (m for m in messages(book, apple) if "font" in m)
    assert "warning: Apple Books: the fonts in the book are not used" in unmarked
    assert "specified-fonts" in unmarked
    stream = io.BytesIO(book)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(
            APPLE_DISPLAY,
            "<display_options><platform name='*'><option name='specified-fonts'>true</option>"
            "</platform></display_options>",
        )
    assert not [m for m in messages(stream.getvalue(), apple) if "font" in m]
    meta = "<meta property='ibooks:specified-fonts'>true</meta></metadata>"
    marked = changed(book, "EPUB/content.opf", replaced("</metadata>", meta))
    assert not [m for m in messages(marked, apple) if "font" in m]


def repacked(book: bytes, names: Callable[[list[str]], list[str]]) -> bytes:
    """``book`` with the entries ``names`` of it, in their order."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in names(old.namelist()):
            new.writestr(name, old.read(name))
    return stream.getvalue()


def test_a_book_without_its_mimetype_in_the_first_place_is_refused(plain: bytes) -> None:
    bad = [
        repacked(plain, lambda names: names[1:]),
        repacked(plain, lambda names: [*names[1:], names[0]]),
        changed(plain, "mimetype", lambda _: b"application/zip"),
    ]
    for book in bad:
        (found,) = messages(book)
        assert "error: Kindle: the archive does not begin with the entry mimetype" in found


ENCRYPTION = """<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"
    xmlns:enc="http://www.w3.org/2001/04/xmlenc#">
  <enc:EncryptedData>
    <enc:EncryptionMethod Algorithm="{}"/>
    <enc:CipherData><enc:CipherReference URI="EPUB/{}"/></enc:CipherData>
  </enc:EncryptedData>
</encryption>"""


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (
            ENCRYPTION.format("http://www.w3.org/2001/04/xmlenc#aes256-cbc", "k%20a.xhtml"),
            r"encryption\.xml: error: Kindle: files are encrypted, as by copy protection: EPUB/k a\.xhtml",
        ),
        (
            ENCRYPTION.format("http://www.idpf.org/2008/embedding", "a.otf"),
            r"encryption\.xml: warning: Kindle: fonts are obfuscated, .*: EPUB/a\.otf",
        ),
        (
            "<encryption>",
            r"encryption\.xml: error: Kindle: the list of encrypted files is not well-formed",
        ),
    ],
    ids=["protection", "fonts", "broken"],
)
def test_what_is_encrypted_is_named(plain: bytes, data: str, told: str) -> None:
    stream = io.BytesIO(plain)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("META-INF/encryption.xml", data)
    (found,) = messages(stream.getvalue())
    assert re.search(told, found), found
    assert "Hint: " in found


def swapped(book: bytes, pattern: str, data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        (name,) = [n for n in archive.namelist() if re.search(pattern, n)]
    return changed(book, name, lambda _: data)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (picture("WEBP"), "pictures of type image/webp are not shown"),
        (picture("JPEG"), "the picture is image/jpeg, but is listed as image/png"),
        (picture("PNG", size=(2400, 20)), "more than the 2000 on a side that are accepted"),
        (b"no picture", "are not shown"),
        (picture("PNG")[:50], "not a picture"),
    ],
    ids=["webp", "misnamed", "large", "none", "cut off"],
)
def test_pictures_are_looked_at_and_the_chapter_that_shows_them_is_named(
    plain: bytes, data: bytes, told: str
) -> None:
    found = messages(swapped(plain, r"images/[0-9a-f]{16}\.png", data))
    assert any(re.match(r"b\.epub/EPUB/k\.xhtml: .*" + told, m) for m in found), found


def test_transparency_animations_and_ink_are_named(plain: bytes) -> None:
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(stream, "PNG")
    assert any(
        "transparency" in m for m in messages(swapped(plain, r"/[0-9a-f]{16}", stream.getvalue()))
    )
    stream = io.BytesIO()
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "white")]
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:])
    assert any(
        "is animated" in m for m in messages(swapped(plain, r"/[0-9a-f]{16}", stream.getvalue()))
    )
    stream = io.BytesIO()
    Image.new("CMYK", (9, 9)).save(stream, "JPEG")
    found = messages(swapped(plain, r"/[0-9a-f]{16}", stream.getvalue()))
    assert any("printing ink" in m for m in found)


def test_covers_that_are_small_or_heavy_are_named(plain: bytes) -> None:
    small = messages(swapped(plain, r"cover\.jpg", picture("JPEG", size=(300, 400))))
    assert any("300 x 400 pixels, fewer than the required 625 x 1000" in m for m in small)
    heavy = picture("JPEG", size=(1600, 2560)) + b"\0" * 3_100_000
    assert any("the cover has 3." in m for m in messages(swapped(plain, "cover.jpg", heavy), KOBO))


def test_a_book_that_is_too_large_names_its_heaviest_files(plain: bytes) -> None:
    from msgspec.structs import replace

    (found,) = messages(plain, replace(KINDLE, file_bytes=1000))
    assert "more than the 0.0 MB that are accepted" in found
    assert "the heaviest: EPUB/images/cover.jpg" in found


def test_what_is_no_book_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "b.epub"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
    for data in (b"", b"no book", stream.getvalue()):
        path.write_bytes(data)
        with pytest.raises(ReadError, match="not an EPUB"):
            clothbound.check(path, "kindle")
    with pytest.raises(ReadError, match=r"opened: There is no item named 'META-INF/container.xml'"):
        clothbound.check(path, "kindle")
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("META-INF/container.xml", "<container/>")
    path.write_bytes(stream.getvalue())
    with pytest.raises(ReadError, match=r"container\.xml names no package document"):
        clothbound.check(path, "kindle")
    with pytest.raises(ReadError, match="cannot be read"):
        clothbound.check(tmp_path / "gone.epub")
    with pytest.raises(UsageError, match="'html' is not one"):
        clothbound.check(path, "html")


def test_a_book_that_is_packed_too_well_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("EPUB/big.xhtml", b" " * 60_000_000)
    with pytest.raises(ReadError, match="times its compressed size"):
        check_epub(stream.getvalue(), "b.epub", KINDLE, Limits())


# posts


def test_posts_are_named_with_their_lines() -> None:
    wide = b.Table((), (tuple(b.Cell((i.Text(str(n)),)) for n in range(6)),), line=9)
    post = Post(
        Metadata(key="k", title="T", language="en", source="2023/k.md"),
        (wide, b.Figure(i.Image("x.png", line=12))),
        (),
        (Asset("x.png", picture("PNG")),),
    )
    found = clothbound.check(post, "kindle")
    places = {(d.code, d.source, d.line) for d in found}
    assert (DiagnosticCode.NODE_SIMPLIFIED, "2023/k.md", 9) in places
    assert (DiagnosticCode.ALT_MISSING, "2023/k.md", 12) in places
    assert not [d for d in found if d.code is DiagnosticCode.STORE_RULE], (
        "what was mended is refused no more"
    )


def test_links_formulas_and_pictures_of_galleries_are_named_with_the_lines_around_them() -> None:
    buy = i.Link((i.Text("buy"),), "https://www.amazon.com/dp/1")
    post = Post(
        Metadata(key="k", title="T", language="en", source="k.md"),
        (
            b.Paragraph((i.Text("words"),), line=4),
            b.Paragraph((buy, i.Math("a^2")), line=6),
            b.Gallery((b.Figure(i.Image("x.png")), b.Figure(i.Image("x.png", line=9))), line=8),
        ),
        (),
        (Asset("x.png", picture("PNG")),),
    )
    found = [*clothbound.check(post, "kindle"), *clothbound.check(post, "apple")]
    assert [d.line for d in found if "a link leads to www.amazon.com" in d.message] == [6]
    assert [d.line for d in found if "formulas were written as pictures" in d.message] == [6]
    assert {d.line for d in found if d.code is DiagnosticCode.ALT_MISSING} == {8, 9}


def test_a_picture_that_would_still_be_refused_names_the_line_that_shows_it() -> None:
    from msgspec.structs import replace

    note = Footnote("a", (b.Figure(i.Image("n.png", "a note"), line=9),))
    post = Post(
        Metadata(key="k", title="T", language="en", source="k.md"),
        (
            b.Figure(i.Image("x.png", "a field"), line=3),
            b.Paragraph((i.Text("a formula "), i.Math(r"\frac{a}{b}"), i.NoteRef("a")), line=5),
            b.Gallery(
                (b.Figure(i.Image("x.png", "again")), b.Figure(i.Image("y.png", "b", line=8)))
            ),
        ),
        (note,),
        tuple(Asset(f"{n}.png", picture("PNG", size=(60 + ord(n), 9))) for n in "nxy"),
    )
    book = write(as_collection(post), Epub(destination="kindle")).to_bytes()
    strict = replace(KINDLE, pictures=replace(KINDLE.pictures, max_bytes=20))
    found = check_epub(book, "T", strict, Limits(), {"k.xhtml": SourcePost.of(post)})
    lines = [(d.source, d.line) for d in found if "the picture has 0.0 MB" in d.message]
    # The picture of the formula is another's doing.
    assert [where for where in lines if where[1]] == [("k.md", 3), ("k.md", 8), ("k.md", 9)]
    # A chapter that does not show what its post has tells no line.
    less = replace(post, body=post.body[1:])
    other = check_epub(book, "T", strict, Limits(), {"k.xhtml": SourcePost.of(less)})
    assert {d.line for d in other} == {0}


def test_a_book_of_posts_that_is_too_large_names_posts_and_lines() -> None:
    from msgspec.structs import replace

    post = Post(
        Metadata(key="k", title="T", language="en", source="k.md"),
        (b.Paragraph((i.Text("words " * 20_000),)), b.Figure(i.Image("x.png", "a"), line=7)),
        (),
        (Asset("x.png", picture("PNG", size=(1200, 900))),),
    )
    book = write(as_collection(post), Epub(destination="kindle")).to_bytes()
    small = replace(KINDLE, file_bytes=1000)
    (found,) = check_epub(book, "T", small, Limits(), {"k.xhtml": SourcePost.of(post)})
    assert str(found).startswith("clothbound: error: Kindle: the book has "), found
    assert re.search(r"\bk\.md:7 \(\d\.\d MB\)", found.message), found
    assert re.search(r"\bk\.md \(\d\.\d MB\)", found.message), found
    assert not re.search(r"EPUB/|[0-9a-f]{16}", found.message), found


def test_what_the_book_would_still_be_refused_for_names_the_post() -> None:
    post = Post(
        Metadata(key="k", title="T", language="en", source="shop.md"),
        (b.Paragraph((i.Link((i.Text("buy"),), "https://www.amazon.com/dp/1"),)),),
    )
    (found,) = [d for d in clothbound.check(post, "apple") if d.code is DiagnosticCode.STORE_RULE]
    assert isinstance(found, Diagnostic)
    assert found.source == "shop.md"
    assert found.severity is Severity.WARNING
    assert "Apple Books: a link leads to www.amazon.com" in found.message


def test_an_unknown_target_suggests_a_near_one() -> None:
    with pytest.raises(UnknownFormatError, match="did you mean 'kindle'"):
        clothbound.check(Post(), "kimdle")


# the command


def command(*arguments: str) -> int:
    from clothbound.cli import main

    with pytest.raises(SystemExit) as left:
        main(arguments)
    return int(left.value.code or 0)


def test_the_command_checks_posts_for_several_stores_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "letter.md"
    path.write_text(
        "---\ntitle: T\nlang: en\n---\n\n[buy](https://amzn.to/x)\n\n$$a^2$$\n", "utf-8"
    )
    assert command("check", str(path), "--for", "kindle, apple,kindle") == 0
    told = capsys.readouterr().err
    assert "letter.md:6: warning: Apple Books: a link leads to amzn.to" in told
    assert "1 post: 0 errors, 1 warning\n" in told
    assert [p.name for p in tmp_path.iterdir()] == ["letter.md"]


def test_the_command_checks_a_finished_book_and_fails_where_it_would_be_refused(
    plain: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "b.epub"
    path.write_bytes(plain)
    assert command("check", str(path), "--for", "kindle") == 0
    bad = changed(plain, "EPUB/k.xhtml", replaced('alt="a field"', 'alt=""'))
    path.write_bytes(bad)
    assert command("check", str(path), "--for", "kindle,kobo") == 1
    told = capsys.readouterr().err
    assert re.search(r"b\.epub/EPUB/k\.xhtml:\d+: error: Kindle: a picture has no", told)
    assert "Kobo" not in told
    assert command("check", str(path)) == 0
    assert command("check", str(path), "--for", "pdf") == 2
