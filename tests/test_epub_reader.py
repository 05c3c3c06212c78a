"""Tests that a book of our own comes back as its posts, and what is read of the books of other programs."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

import clothbound
import stranger_books as strangers
import stranger_layouts
from clothbound import Run, epub_names
from clothbound.cli import main
from clothbound.diagnostics import DiagnosticCode
from clothbound.errors import ClothboundError, LimitError, ReadError
from clothbound.limits import Limits
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.collection import Collection
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Asset, Footnote, Metadata, Post, Timestamp
from clothbound.model.posts_at_hand import as_collection
from clothbound.model.walk import walk
from clothbound.testing import every_node
from clothbound.writers.epub.content import chapter_file
from epub_samples import ROLES, matter
from expected_files import expected_text
from sample_nodes import day

LETTERS = Path(__file__).parents[1] / "examples" / "letters"
PICTURE = Asset("picture.gif", strangers.PIXEL)
META = '<dc:identifier id="id">x</dc:identifier><dc:title>A book</dc:title><dc:language>en</dc:language>'


def again(posts: Collection | Post, folder: Path) -> Collection:
    """Returns what is read of the EPUB of these posts."""
    path = folder / "again.epub"
    clothbound.write(posts, "epub").save(path)
    return clothbound.read(path)


def files_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pictures_of(data: bytes) -> dict[str, bytes]:
    """Returns the pictures of a book but for its cover."""
    return {
        name: picture
        for name, picture in files_of(data).items()
        if name.startswith("EPUB/images/") and "cover" not in name
    }


def body_of(post: Post, folder: Path) -> tuple[b.Block, ...]:
    return again(post, folder)[0].body


# books of our own


def test_the_book_of_a_read_book_is_the_same_byte_by_byte(tmp_path: Path) -> None:
    book = clothbound.book(clothbound.read(LETTERS), year=2023)
    made = clothbound.write(book, "epub").to_bytes()
    path = tmp_path / "letters.epub"
    path.write_bytes(made)
    assert clothbound.write(clothbound.read(path), "epub").to_bytes() == made


def test_metadata_parts_and_own_texts_come_back(tmp_path: Path) -> None:
    book = matter(ROLES)
    read = again(book, tmp_path)
    assert replace(read.info, identifier="") == book.info
    assert (read.parts, read.roles) == (book.parts, book.roles)
    assert clothbound.write(read, "epub").to_bytes() == clothbound.write(book, "epub").to_bytes()


def test_the_metadata_of_a_post_come_back_whatever_the_language_of_labels(tmp_path: Path) -> None:
    metadata = Metadata(
        key="12",
        title='Of "quotation" marks',
        subtitle="A 'second' line",
        slug="of-marks",
        id="12",
        published=Timestamp.of("2023-05-01T10:00:00+02:00"),
        updated=Timestamp.of("2023-05-02"),
        authors=("Ann Sea", "Bo, Lund"),
        language="de-AT",
        tags=("Meer, Wind", "Netz"),
        kind="newsletter",
        audience="only_paid",
        canonical_url="https://a.example/p/of-marks",
        cover="https://a.example/a.png",
        description="What it is about.",
    )
    found = again(Post(metadata, every_node().body[:1]), tmp_path)[0].metadata
    assert asdict(replace(found, source="")) == asdict(metadata)


def test_what_stands_behind_a_paywall_stays_there(tmp_path: Path) -> None:
    body = (b.Paragraph((i.Text("Before."),)), b.PaywallBreak(), b.Paragraph((i.Text("Behind."),)))
    read = again(Post(Metadata(key="k", title="T"), body), tmp_path)
    assert [m.audiences for m in read.index] == [("only_paid",)]
    draft = again(Post(Metadata(key="k", title="T", is_draft=True), body[:1]), tmp_path)
    assert draft[0].metadata.is_draft


def test_every_node_comes_back_or_its_loss_has_a_name(tmp_path: Path) -> None:
    post = replace(every_node(), assets=(PICTURE,))
    read = again(post, tmp_path)[0]
    (shown,) = pictures_of((tmp_path / "again.epub").read_bytes())
    # A book has no forms and buttons of a web page and no TeX, as its report says; raw HTML is read as nodes.
    wanted = [
        _as_in_a_book(block, shown.removeprefix("EPUB/"))
        for block in post.body
        if not (
            isinstance(block, b.SubscribeForm | b.PaywallBreak)
            or (isinstance(block, b.Button) and block.action)
            or (isinstance(block, b.RawBlock) and block.format != "html")
        )
    ]
    assert len(wanted) == len(read.body)
    for expected, block in zip(wanted, read.body, strict=True):
        if not isinstance(expected, b.Paragraph):
            assert block == expected
    assert read.footnotes == post.footnotes
    kinds = {i.Mention: i.Link, i.RawInline: i.Code}
    inlines = [kinds.get(type(node), type(node)) for node in walk(wanted[1])]  # type: ignore[call-overload]
    assert [type(node) for node in walk(read.body[1]) if not isinstance(node, i.Text)] == [
        kind for kind in inlines if kind is not i.Text
    ]
    assert [plain_text(block) for block in read.body[2:]] == [plain_text(b) for b in wanted[2:]]


def _as_in_a_book(block: b.Block, picture: str) -> b.Block:
    def placed(figure: b.Figure) -> b.Figure:
        return replace(figure, image=replace(figure.image, src=picture))

    match block:
        case b.Figure():
            return placed(block)
        case b.Gallery(figures):
            return replace(block, figures=tuple(map(placed, figures)))
        case b.Extension(_, _, fallback):
            return fallback[0]
        case b.Conditional():
            # A book does not name the audience, but a public product leaves the content out all the same.
            return replace(block, audiences=())
        case b.RawBlock():
            return b.Paragraph((i.Text("w054"),))
    return block


WIDTH = (("width", "30px"),)


@pytest.mark.parametrize(
    "block",
    [
        b.Verse((i.Text("  In at the door,"), i.LineBreak(), i.Text("along"), i.LineBreak(), i.LineBreak(), i.Text("b"))),
        b.Callout((b.Paragraph((i.Text("Words."),)),), (), ""),
        b.Callout((b.Paragraph((i.Text("Words."),)),), (), "aside"),
        b.Figure(i.Image("picture.gif", "A picture", attributes=(("width", "40%"),))),
        b.Figure(i.Image("picture.gif", "A picture", attributes=WIDTH), (i.Text("A caption"),)),
        b.Figure(i.Image("https://a.example/a.png", "A picture")),
        b.Paragraph((i.Text("A "), i.Image("https://a.example/a.png", "a mesh"), i.Text(" here"))),
        b.Gallery(tuple(b.Figure(i.Image("picture.gif", word)) for word in ("One", "Two")), ()),
        b.Conditional((b.Paragraph((i.Text("For some."),)),)),
        b.Paragraph((i.Strong((i.Text("As a heading"),)),)),
        b.MathBlock("a" + " + b_{12} \\cdot c^{34}" * 12),
        b.Paragraph((i.Math("a" + " + b_{12} \\cdot c^{34}" * 12), i.Text("."))),
        b.Table(rows=tuple((b.Cell((i.Text("x" * 90),)),) * 6 for _ in "ab")),
        b.Embed("post", "https://a.example/p/one", "Letters", title="One", author="Ann"),
        b.Heading((i.Text("H"),), 2, id="ein_übel"),
    ],
    ids=lambda block: type(block).__name__,
)  # fmt: skip
def test_a_block_comes_back_as_it_was(block: b.Block, tmp_path: Path) -> None:
    post = Post(Metadata(key="k", title="T"), (block,), assets=(PICTURE,))
    read = body_of(post, tmp_path)
    for node in walk(read):
        if isinstance(node, i.Image) and node.src.startswith("images/"):
            read = _with_source(read, node.src)
    assert read == (block,)


def _with_source(blocks: tuple[b.Block, ...], name: str) -> tuple[b.Block, ...]:
    from clothbound.model.walk import rewrite

    def visit(node: object) -> object:
        return (
            replace(node, src="picture.gif")
            if isinstance(node, i.Image) and node.src == name
            else node
        )

    found: tuple[b.Block, ...] = rewrite(blocks, visit)  # type: ignore[arg-type]
    return found


def test_notes_come_back_with_their_ids_and_in_their_order(tmp_path: Path) -> None:
    notes = (
        Footnote("b", (b.Paragraph((i.Text("12 monkeys."),)), b.Paragraph((i.Text("More"),)))),
        Footnote("1", (b.List((b.ListItem((b.Paragraph((i.Text("x"), i.NoteRef("c"))),)),)),)),
        Footnote("c", (b.Paragraph((i.Text("Deep."),)),)),
        Footnote("unused", (b.Paragraph((i.Text("Nobody leads here."),)),)),
    )
    body = (
        b.Paragraph((i.Text("a"), i.NoteRef("b"), i.Text(" "), i.NoteRef("1"), i.NoteRef("b"))),
        b.Heading((i.Text("b"),), 2, id="b"),
    )
    read = again(Post(Metadata(key="k", title="T"), body, notes), tmp_path)[0]
    assert read.footnotes == notes
    assert read.body == body


def test_links_between_chapters_lead_on(tmp_path: Path) -> None:
    one = Post(
        Metadata(key="1", title="One", slug="one", published=day("2023-01-01")),
        (b.Paragraph((i.Link((i.Text("two"),), "https://a.example/p/two#deep"),)),),
    )
    two = Post(Metadata(key="2", title="Two", slug="two", published=day("2023-01-02")), (b.Heading((i.Text("Deep"),), 2, id="deep"), b.Paragraph((i.Link((i.Text("one"),), "https://a.example/p/one"),))))  # fmt: skip
    read = again(as_collection([one, two]), tmp_path)
    links = [node.href for post in read for node in walk(post) if isinstance(node, i.Link)]
    assert links == ["2.xhtml#deep", "1.xhtml"]
    found = [read.index.resolve(href, "EPUB/1.xhtml") for href in links]
    assert found == [("2", "deep"), ("1", "")]


@given(st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True), st.text(min_size=1), st.sampled_from(["", "note", "mark", "mark2"]))  # fmt: skip
def test_the_id_of_a_node_is_read_back_from_the_id_in_a_chapter(
    key: str, node_id: str, kind: str
) -> None:
    assert epub_names.node_id_of(key, epub_names.node_anchor(key, node_id, kind)) == node_id
    assert epub_names.file_key_of(f"EPUB/{chapter_file(key)}") == key


def test_a_link_to_a_heading_that_is_called_a_title_leads_there(tmp_path: Path) -> None:
    body = (
        b.Paragraph((i.Link((i.Text("down"),), "#the-title"),)),
        b.Heading((i.Text("Down"),), 2, id="the-title"),
    )
    assert body_of(Post(Metadata(key="k", title="T"), body), tmp_path) == body


def test_a_given_cover_is_taken_along_and_a_drawn_one_is_drawn_again(tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (900, 1200), "teal").save(tmp_path / "mine.jpg")
    post = Post(Metadata(key="k", title="T"), every_node().body[:1])
    given = replace(
        as_collection(post),
        info=replace(as_collection(post).info, cover=str(tmp_path / "mine.jpg")),
    )
    read = again(given, tmp_path)
    assert read.info.cover == f"{tmp_path / 'again.epub'}/EPUB/images/cover.jpg"
    made = files_of(clothbound.write(read, "epub").to_bytes())
    assert (
        made["EPUB/images/cover.jpg"]
        == files_of((tmp_path / "again.epub").read_bytes())["EPUB/images/cover.jpg"]
    )
    assert again(post, tmp_path).info.cover == ""


def test_a_book_without_a_file_brings_its_pictures_along() -> None:
    post = replace(every_node(), assets=(PICTURE,))
    made = clothbound.write(post, "epub").to_bytes()
    (asset,) = clothbound.read(made)[0].assets
    assert {f"EPUB/{asset.href}": asset.data} == pictures_of(made)


def test_a_book_of_a_book_keeps_parts_and_order(tmp_path: Path) -> None:
    book = clothbound.book(again(matter(ROLES), tmp_path))
    assert [part.title for part in book.parts] == ["First", "Second"]
    assert set(book.roles.values()) == set(ROLES.values())


def test_nothing_is_missing_from_products_of_a_book(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "letters.epub"
    clothbound.write(clothbound.book(clothbound.read(LETTERS), year=2023), "epub").save(source)
    clothbound.write(clothbound.read(source), "markdown").save(tmp_path / "md")
    clothbound.write(clothbound.read(source), "epub").save(tmp_path / "again.epub")
    with pytest.raises(SystemExit) as left:
        main(["check", str(source), str(tmp_path / "again.epub")])
    told = capsys.readouterr().err
    assert left.value.code == 0, told
    assert "nothing is missing" in told
    (tmp_path / "md" / "31003004.md").write_text("# The missing volume\n", encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        main(["check", str(source), str(tmp_path / "md"), "--year", "2023"])
    assert left.value.code == 3


# books of others


BOOKS = strangers.BOOKS | stranger_layouts.LAYOUTS


def read_stranger(name: str, folder: Path) -> Collection:
    path = folder / f"{name}.epub"
    path.write_bytes(BOOKS[name]())
    return clothbound.read(path)


def as_text(books: Collection) -> str:
    """Returns what a document test compares: the metadata, the parts, the posts as Markdown, and the findings."""
    info = {k: v for k, v in asdict(books.info).items() if v and k != "cover"}
    lines = [f"{name}: {value}" for name, value in info.items()]
    lines += [f"cover: {Path(books.info.cover).name}"] if books.info.cover else []
    lines += [f"{name}: {value}" for name, value in books.extra.items()]
    for part in books.parts:
        lines.append(f"part: {part.title}: {', '.join(part.keys)}")
    lines += [f"role: {key}: {role}" for key, role in books.roles.items()]
    lines += [f"{d.source}: {d.message} [{d.code}]" for d in books.diagnostics]
    for post in books:
        lines += ["", f"=== {post.metadata.key}: {post.title} ({post.metadata.source})", ""]
        lines.append(clothbound.to_html(replace(post, assets=(), base=None), title=False).strip())
        lines += [f"{d.message} [{d.code}]" for d in post.diagnostics]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", BOOKS)
def test_a_book_of_another_program_is_read_as_the_file_says(name: str, tmp_path: Path) -> None:
    """``CLOTHBOUND_UPDATE=1`` writes the files anew: read the difference before you commit it."""
    made = as_text(read_stranger(name, tmp_path))
    assert made == expected_text(Path(__file__).parent / "cases" / "epub" / f"{name}.txt", made)


def lacks(source: Path, product: Path) -> object:
    """Returns the exit code of ``check SOURCE PRODUCT``: 0 if nothing is missing, 3 if something is."""
    with pytest.raises(SystemExit) as left:
        main(["check", str(source), str(product), "-q"])
    return left.value.code


@pytest.mark.parametrize("name", BOOKS)
def test_nothing_is_missing_from_products_of_a_book_of_another_program(
    name: str, tmp_path: Path
) -> None:
    read = read_stranger(name, tmp_path)
    source = tmp_path / f"{name}.epub"
    for writer, product in (("epub", "made.epub"), ("markdown", "made.md"), ("site", "site")):
        clothbound.write(read, writer).save(tmp_path / product)
        assert lacks(source, tmp_path / product) == 0, writer


@pytest.mark.parametrize("lost", ["Wet", "shrinks", "mesh", "under", "knot</a>"])
def test_a_lost_word_of_a_book_of_another_program_is_missed(lost: str, tmp_path: Path) -> None:
    read = read_stranger("standard-ebooks", tmp_path)
    made = tmp_path / "made.epub"
    clothbound.write(read, "epub").save(made)
    files = files_of(made.read_bytes())
    before = b"".join(files.values())
    kept = {
        name: data.replace(lost.encode(), b"") for name, data in files.items() if name != "mimetype"
    }
    assert b"".join(kept.values()) not in before
    made.write_bytes(strangers.packed(kept))
    assert lacks(tmp_path / "standard-ebooks.epub", made) == 3


def test_other_readers_leave_a_book_and_this_one_leaves_other_archives(tmp_path: Path) -> None:
    from clothbound.format_detection import reader_for
    from clothbound.readers.epub import READER

    data = strangers.sigil()
    for name in ("book.epub", "book.zip", "book", ""):
        assert reader_for(name, data[:4096]) == "epub"
    assert not READER.accepts(
        strangers.packed({"posts.csv": "a"}, with_mimetype=False)[:4096], "a.zip"
    )
    late = strangers.packed({"META-INF/container.xml": "<container/>"}, with_mimetype=False)
    (tmp_path / "late.zip").write_bytes(late)
    with pytest.raises(ReadError, match="lacks a package document"):
        clothbound.read(tmp_path / "late.zip")


def test_an_unpacked_book_is_read_from_its_folder(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(strangers.sigil())) as archive:
        archive.extractall(tmp_path / "book")
    read = clothbound.read(tmp_path / "book")
    assert [post.title for post in read] == ["1. Oil & soot", "2. The roller", "3. Rag"]
    assert read[1].base is not None
    assert read[1].base.kind == "folder"


# bad books


def book_of(body: str, **more: str | bytes) -> bytes:
    return strangers.packed(
        {
            "META-INF/container.xml": strangers.CONTAINER.format(package="c.opf"),
            "c.opf": strangers.package(META, {"a.xhtml": strangers.XHTML}, "a.xhtml"),
            "a.xhtml": body,
            **more,
        }
    )


ENCRYPTED = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#">'
    '<enc:EncryptedData><enc:EncryptionMethod Algorithm="{algorithm}"/><enc:CipherData>'
    '<enc:CipherReference URI="{name}"/></enc:CipherData></enc:EncryptedData></encryption>'
)
LAUGHS = '<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'


def test_no_entity_of_a_book_is_expanded_and_those_of_html_are() -> None:
    markup = (
        LAUGHS
        + '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>&b; &x; &eacute;&nbsp;&#233;</p></body></html>'
    )
    assert plain_text(clothbound.read(book_of(markup))[0]) == "&b; &x; é\N{NO-BREAK SPACE}é"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (book_of("", **{"META-INF/encryption.xml": ENCRYPTED.format(algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc", name="a.xhtml")}), "encrypted"),
        (strangers.sigil()[:1500], "not a ZIP"),
        (strangers.packed({"a.xhtml": "<p/>"}), "lacks a package document"),
        (strangers.packed({"META-INF/container.xml": strangers.CONTAINER.format(package="c.opf")}), "lacks its package document c.opf"),
        (strangers.packed({"META-INF/container.xml": strangers.CONTAINER.format(package="c.opf"), "c.opf": "<package/>"}), "no document in its reading order"),
        (book_of("<p>" + "<div>" * 3000), "nested too deeply"),
        (book_of(""), "empty"),
        (book_of("<p>a</p>" * 3_000_000), "longer than"),
    ],
    ids=["encrypted", "cut-off", "no-package", "package-missing", "no-spine", "deep", "empty", "bomb"],
)  # fmt: skip
def test_a_book_that_cannot_be_read_gets_an_answer(data: bytes, message: str) -> None:
    with pytest.raises(ClothboundError, match=message):
        clothbound.read(data, "epub")


def test_an_archive_over_a_limit_is_refused() -> None:
    with pytest.raises(LimitError):
        clothbound.read(strangers.sigil(), run=Run(limits=Limits(archive_bytes=100)))


def test_obfuscated_fonts_do_not_matter() -> None:
    hidden = ENCRYPTED.format(algorithm="http://www.idpf.org/2008/embedding", name="f.otf")
    read = clothbound.read(
        book_of(strangers.page("<p>x</p>"), **{"META-INF/encryption.xml": hidden})
    )
    assert plain_text(read[0]) == "x"
    assert "obfuscated" in read.diagnostics[0].message


def test_what_a_reading_order_names_wrongly_is_named() -> None:
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata/><manifest>'
        '<item id="a" href="a.pdf" media-type="application/pdf" fallback="b"/>'
        '<item id="b" href="b.pdf" media-type="application/pdf" fallback="a"/>'
        '<item id="c" href="c.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="d" href="../../d.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="e" href="gone.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="a"/><itemref idref="c"/><itemref idref="c"/><itemref idref="d"/><itemref idref="e"/>'
        '<itemref idref="nothing"/></spine></package>'
    )
    data = strangers.packed(
        {
            "META-INF/container.xml": strangers.CONTAINER.format(package="c.opf"),
            "c.opf": package,
            "c.xhtml": strangers.page('<h1>C</h1><p onclick="x()">c <img src="../../../etc/passwd" alt=""/></p><script>x()</script>'),
        }
    )  # fmt: skip
    read = clothbound.read(data)
    assert [post.title for post in read] == ["C"]
    assert "script" not in clothbound.to_html(read[0])
    assert [d.code for d in read.diagnostics] == [DiagnosticCode.ARCHIVE_FILE] * 4


def test_a_column_of_numbers_is_no_number_of_a_chapter() -> None:
    post = clothbound.read(book_of(strangers.page("<p>1</p>" * 20_000)))[0]
    assert len(post.body) == 20_000


def test_several_notes_in_one_paragraph_stay_its_text() -> None:
    markup = strangers.page(
        '<p>Flax<a id="r1" href="#n1">1</a> and hemp<a id="r2" href="#n2">2</a> grow.</p>'
        '<p><a id="n1" href="#r1">1</a> Blue.<br/><a id="n2" href="#r2">2</a> Green.</p>'
    )
    post = clothbound.read(book_of(markup))[0]
    assert not post.footnotes
    assert plain_text(post).split() == "Flax1 and hemp2 grow. 1 Blue. 2 Green.".split()


def test_notes_that_lead_to_each_other_end() -> None:
    markup = strangers.page(
        '<p>a<a epub:type="noteref" href="#n1">1</a></p><aside epub:type="footnote" id="n1"><p>n'
        '<a epub:type="noteref" href="#n2">2</a></p></aside><aside epub:type="footnote" id="n2"><p>m'
        '<a epub:type="noteref" href="#n1">1</a></p></aside>'
    )
    notes = clothbound.read(book_of(markup))[0].footnotes
    assert [note.id for note in notes] == ["n1", "n2"]


@pytest.mark.parametrize(
    ("name", "caption"),
    [
        *((name, "caption") for name in ("figure", "img", "image-center", "illus", "photo1")),
        ("float", "figcaption"),
        ("figure", "title"),
        ("figure", "h6"),
    ],
)
def test_a_division_of_a_picture_and_its_caption_is_a_figure(name: str, caption: str) -> None:
    line = f'<p class="{caption}">The farm</p>' if caption != "h6" else "<h6>The farm</h6>"
    body = f'<div class="{name}"><div><img src="a.gif" alt="farm"/></div>{line}</div>'
    (figure,) = clothbound.read(book_of(f"<h1>One</h1><p>Words.</p>{body}"))[0].body[1:]
    assert isinstance(figure, b.Figure)
    assert figure.caption == (i.Text("The farm"),)


@pytest.mark.parametrize(
    "code",
    [
        '<pre class="programlisting" data-code-language="Python">x = 1</pre>',
        '<pre class="src src-python">x = 1</pre>',
        '<pre class="sourceCode python"><code class="sourceCode python">x = 1</code></pre>',
    ],
)
def test_the_language_of_code_is_read_as_programs_name_it(code: str) -> None:
    (block,) = clothbound.read(book_of(strangers.page(code)))[0].body
    assert block == b.CodeBlock("x = 1", "python")


def test_the_title_of_a_section_that_its_heading_says_is_left_out() -> None:
    body = "<h1>One</h1><section title='Knots'><h2>Knots</h2><p>Wet.</p></section>"
    assert "title" not in clothbound.to_html(
        clothbound.read(book_of(strangers.page(body)))[0], title=False
    )


def test_prefixes_that_nobody_declared_do_no_harm() -> None:
    markup = (
        '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>a<a epub:type="noteref" href="#n">1</a></p><mbp:pagebreak/>'
        '<p><a id="x"/>b <![CDATA[<c>]]></p><aside epub:type="footnote" id="n"><p>d</p></aside></body></html>'
    )
    posts = clothbound.read(book_of(markup))
    assert not posts.diagnostics
    assert plain_text(posts[0]).split() == ["a", "b", "<c>", "d"]
    assert len(posts[0].footnotes) == 1


def test_a_passage_that_technical_books_set_off_is_a_callout() -> None:
    bodies = (
        '<div class="warning"><h3 class="title">Wet</h3><p>Slips.</p></div>',
        '<aside data-type="warning"><h6>Wet</h6><p>Slips.</p></aside>',
    )
    for body in bodies:
        markup = strangers.page(f"<h1>One</h1><p>Words.</p>{body}")
        block = clothbound.read(book_of(markup))[0].body[1]
        assert isinstance(block, b.Callout)
        assert (block.kind, plain_text(block)) == ("warning", "Wet\n\nSlips.")


def test_a_picture_in_code_is_its_words() -> None:
    body = '<pre data-lang="js">let x <a href="#c"><img src="1.png" alt="1"/></a>\nlet y</pre><p width="0">a</p>'
    code, text = clothbound.read(book_of(strangers.page(body)))[0].body
    assert code == b.CodeBlock("let x (1)\nlet y", "js")
    assert text == b.Paragraph((i.Text("a"),))


@pytest.mark.parametrize(
    "chapter",
    [
        '<h1 x"y="1">Glue</h1><p>Words.</p>',
        '<p"><h1>Glue</h1><p">Words.</p>',
        '<html {mlns="a" {}="b"><h1>Glue</h1><p {a}="c">Words.</p></html>',
    ],
)
def test_names_that_xml_cannot_write_cost_no_words(chapter: str) -> None:
    (post,) = clothbound.read(strangers.bare_book({"a.xhtml": chapter}, "a.xhtml"), "epub")
    assert "Words." in plain_text(post)
