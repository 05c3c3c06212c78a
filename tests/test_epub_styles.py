"""Tests what is read of the style sheets of books: emphasis and alignment, as the documents that name them have it."""

from __future__ import annotations

from random import Random

import pytest

import clothbound
from clothbound.readers.epub import READER
from stranger_books import BARE_METADATA, CONTAINER, XHTML, package, packed, page


def read(*documents: tuple[str, str], sheets: dict[str, str] | None = None) -> list[str]:
    """Returns the HTML of the chapters of documents, given as the content of their heads and bodies."""
    names = {f"{number}.xhtml": document for number, document in enumerate(documents)}
    styles = sheets or {}
    kinds = dict.fromkeys(names, XHTML) | dict.fromkeys(styles, "text/css")
    posts = clothbound.read(
        packed(
            {
                "META-INF/container.xml": CONTAINER.format(package="c.opf"),
                "c.opf": package(BARE_METADATA, kinds, " ".join(names)),
                **styles,
                **{name: page(body, head=head) for name, (head, body) in names.items()},
            }
        ),
        READER.options_type.format,
    )
    told = [d.message for d in posts.diagnostics]
    return [clothbound.to_html(post, title=False).strip() for post in posts] + told


def link(name: str) -> str:
    return f'<link rel="stylesheet" href="{name}"/>'


def test_one_class_means_what_the_sheet_of_its_document_says() -> None:
    body = '<p>Wet <span class="c3">rope</span></p>'
    sheets = {"a.css": ".c3 { font-style: italic }", "b.css": "span.c3 { font-weight: 600 }"}
    assert read((link("a.css"), body), (link("b.css"), body), ("", body), sheets=sheets) == [
        "<p>Wet <em>rope</em></p>",
        "<p>Wet <strong>rope</strong></p>",
        "<p>Wet rope</p>",
    ]


def test_a_sheet_in_the_head_and_an_imported_one_are_read() -> None:
    sheets = {"a.css": '@import "b.css"; .x { color: red }', "b.css": "@import url(a.css); .c { font: italic bold 1em serif }"}  # fmt: skip
    own = "<style>.d { text-decoration: underline line-through }</style>"
    body = '<p>A <span class="c">wet</span> <span class="d">rope</span></p>'
    assert read((own + link("a.css"), body), sheets=sheets) == [
        "<p>A <em><strong>wet</strong></em> <u><s>rope</s></u></p>"
    ]


def test_a_sheet_speaks_of_what_the_book_says_that_a_passage_is() -> None:
    sheets = {"a.css": "@namespace epub 'x'; span[epub|type~='z3998:bridge'] { font-weight: bold } [epub|type=\"aside\"] { font-style: italic }"}  # fmt: skip
    body = '<p><span epub:type="bridge">Wet.</span> A <span epub:type="z3998:aside">rope</span></p>'
    assert read((link("a.css"), body), sheets=sheets) == [
        "<p><strong>Wet.</strong> A <em>rope</em></p>"
    ]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            '<div class="poem"><span class="l">Wet <i>rope</i>,</span> <span class="l">dry</span> <span class="l">sail</span></div>',
            '<div class="verse"><p>Wet <em>rope</em>,<br>dry<br>sail</p></div>',
        ),
        ('<p>Salt<span class="l">of the sea</span></p>', "<p>Salt<br>of the sea</p>"),
        (
            '<p><span class="l">Salt</span>of <b>the</b></p>',
            "<p>Salt<br>of <strong>the</strong></p>",
        ),
        ('<p><span class="l">Salt</span></p><p>of</p>', "<p>Salt</p>\n<p>of</p>"),
        ('<p><span class="l">Salt</span><br/>of</p>', "<p>Salt<br>of</p>"),
    ],
)
def test_a_span_that_is_a_line_stands_on_its_own(markup: str, expected: str) -> None:
    assert read((link("a.css"), markup), sheets={"a.css": ".l { display: block }"}) == [expected]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ('<span style="font-style: italic">rope</span>', "<em>rope</em>"),
        ('<span style="FONT-WEIGHT:bold;color:red">rope</span>', "<strong>rope</strong>"),
        ('<span style="vertical-align: super; font-size: 8pt">2</span>', "<sup>2</sup>"),
        ('<b style="font-weight: normal">rope</b>', "rope"),
        ('<span style="color: red">rope</span>', "rope"),
    ],
)
def test_the_styles_of_an_element_are_read(markup: str, expected: str) -> None:
    assert read(("", f"<p>A wet {markup} here</p>")) == [f"<p>A wet {expected} here</p>"]


def test_what_a_book_hides_is_left_out_and_named() -> None:
    body = '<p>Seen</p><p hidden="hidden">One</p><div style="display: none"><p>Two</p></div>'
    post = clothbound.read(
        packed(
            {
                "META-INF/container.xml": CONTAINER.format(package="c.opf"),
                "c.opf": package(BARE_METADATA, {"a.xhtml": XHTML}, "a.xhtml"),
                "a.xhtml": page(body),
            }
        )
    )[0]
    assert clothbound.to_html(post, title=False).strip() == "<p>Seen</p>"
    assert [(d.message, d.text) for d in post.diagnostics] == [("a passage that the book hides left out", "One Two")]  # fmt: skip


def test_style_sheets_beyond_the_limit_are_named() -> None:
    sheets = {"a.css": ".c { font-style: italic }" + f"/* {Random(1).randbytes(500_000).hex()} */"}
    made = read((link("a.css"), '<p>A <span class="c">rope</span></p>'), sheets=sheets)
    assert made == ["<p>A rope</p>", "not read: style sheets of more than 1000000 bytes"]


def test_a_line_that_is_the_title_and_a_number_stands_once() -> None:
    from stranger_books import NCX, NCX_TYPE, point

    post = clothbound.read(
        packed(
            {
                "META-INF/container.xml": CONTAINER.format(package="c.opf"),
                "c.opf": package(BARE_METADATA, {"a.xhtml": XHTML, "t.ncx": NCX_TYPE}, "a.xhtml"),
                "t.ncx": NCX.format(points=point("Two", "a.xhtml")),
                "a.xhtml": page("<p><b>Two</b></p><p>Words.</p>"),
            }
        )
    )[0]
    assert (post.title, clothbound.to_html(post, title=False).strip()) == ("Two", "<p>Words.</p>")
