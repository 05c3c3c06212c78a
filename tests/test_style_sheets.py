"""A style sheet that a user names: read the same way by every writer that takes one."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from clothbound import api
from clothbound.cli import main
from clothbound.errors import WriteError
from clothbound.style_sheets import picture_of_style, read_css, take_files_out, take_imports_out
from clothbound.writers.epub import Epub
from clothbound.writers.html import Html
from clothbound.writers.pdf import Pdf


def test_a_byte_order_mark_is_no_part_of_a_style_sheet(tmp_path: Path) -> None:
    sheet = tmp_path / "own.css"
    sheet.write_bytes(b"\xef\xbb\xbfp { color: red }")
    assert read_css(sheet) == "p { color: red }"
    assert read_css(None) == ""


@pytest.mark.parametrize("writer", ["html", "site", "epub", "pdf", "kdp"])
@pytest.mark.parametrize("data", [b"p { content: '\xe9' }", None])
def test_every_writer_names_the_file_that_it_cannot_read(
    writer: str, data: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One in Latin-1, and one that is missing."""
    sheet, post = tmp_path / "own.css", tmp_path / "post.md"
    post.write_text("# T\n\nText.\n")
    if data is not None:
        sheet.write_bytes(data)
    target = str(tmp_path / "made")
    with pytest.raises(SystemExit) as stopped:
        main(["convert", str(post), "-t", writer, "-O", f"css={sheet}", "-o", target])
    told = capsys.readouterr().err
    assert stopped.value.code == 2
    assert f"{sheet}: the style sheet cannot be read" in told
    assert "UTF-8" in told


@pytest.mark.parametrize("rule", ["'other.css'", "url(other.css)", 'url("other.css") screen'])
def test_a_pdf_reads_no_other_style_sheet_and_says_so(rule: str, tmp_path: Path) -> None:
    (tmp_path / "other.css").write_text("p { color: red }")
    sheet = tmp_path / "own.css"
    sheet.write_text(f"/* Mine. */\n@import {rule};\n@page {{ size: 300pt 400pt }}\n")
    made = api.write(api.read(b"Text.\n", "markdown"), Pdf(css=sheet, engine="weasyprint"))
    pages = PdfReader(io.BytesIO(made.to_bytes())).pages
    assert float(pages[0].mediabox.width) == 300
    told = [found.message for found in made.report.diagnostics if "@import" in found.message]
    assert told == [
        "the @import in line 2 of the style sheet (css=) was left out: in a PDF it reads no other. "
        "Hint: put all rules into one style sheet"
    ]


LOADING = """\
@namespace epub url(http://www.idpf.org/2007/ops);
@import "other.css";
p { color: red; background: URL( "a.png" ); margin: 0 }
@media print { .x { background: url(b.png) 0 0; color: blue } }
@font-face { font-family: X; src: url(x.woff) }
/* Kept. */ .y { background: url(data:image/png;base64,AAAA); clip-path: url(#own) }
.z { background: image-set("c.png" 1x, url(d.png) 2x); color: green }
.e { background: u\\72l(e.png) }
"""
LOADED_IN = (2, 3, 4, 5, 7, 8)


def test_what_loads_files_is_taken_out() -> None:
    rest, lines = take_files_out(LOADING)
    assert lines == LOADED_IN
    assert (
        rest.split()
        == (
            "@namespace epub url(http://www.idpf.org/2007/ops); p { color: red; margin: 0 }"
            " @media print { .x { color: blue } } /* Kept. */ .y {"
            " background: url(data:image/png;base64,AAAA); clip-path: url(#own) }"
            " .z { color: green } .e {}"
        ).split()
    )
    plain = "p { color: red } /* url(a.png) */"
    assert take_files_out(plain) == (plain, ())


def test_an_epub_loads_no_file_of_a_style_sheet_and_says_so(tmp_path: Path) -> None:
    sheet = tmp_path / "own.css"
    sheet.write_text(LOADING)
    made = api.write(api.read(b"Text.\n", "markdown"), Epub(css=sheet))
    book = tmp_path / "made.epub"
    book.write_bytes(made.to_bytes())
    told = [found.message for found in made.report.diagnostics if "was left out" in found.message]
    assert [int(message.split()[2]) for message in told] == list(LOADED_IN)
    assert [found for found in api.check(book) if "style" in found.message] == []


def test_only_rules_that_import_are_taken_out() -> None:
    css = "/* @import 'a.css'; */ p::before { content: '@import' }"
    assert take_imports_out(css) == (css, ())
    rest, lines = take_imports_out(f"{css}\n@IMPORT 'a.css';")
    assert lines == (2,)
    assert "@IMPORT" not in rest
    assert "p::before { content: " in rest


@pytest.mark.parametrize(
    "css",
    [
        "a{" * 20_000,
        "p{color:" + "(" * 20_000 + "}",
        "@media all{" * 5000,
        "p" + ":not(" * 3000 + "p" + ")" * 3000 + "{color:red}",
        "@import 'own.css';",
        "p { font-size: 1e30px; margin: 1e30em; column-count: 999999999 } @page { size: 1e9px 1e9px }",
        "@import url(own.css); p { background: url(file:///etc/hostname) }",
        r'@import url(own.css); p::before { content: "x\8 y" }',
    ],
    ids=[
        "rules",
        "brackets",
        "media",
        "selectors",
        "import of itself",
        "sizes",
        "import by url",
        "control",
    ],
)
def test_a_style_sheet_of_a_stranger_makes_no_error_of_a_library(css: str, tmp_path: Path) -> None:
    sheet = tmp_path / "own.css"
    sheet.write_text(css)
    post = api.read(b"# T\n\nText.\n", "markdown")
    for options in (Html(css=sheet), Epub(css=sheet)):
        assert api.write(post, options).to_bytes()
    try:
        assert api.write(post, Pdf(css=sheet, engine="weasyprint")).to_bytes()
    except WriteError as error:
        assert "style sheet" in f"{error} {error.hint}"


@pytest.mark.parametrize(
    ("style", "address"),
    [
        ("background-image:url(https://a.example/b.jpg);color:red", "https://a.example/b.jpg"),
        ("background-image: url( 'https://a.example/b(1).jpg' )", "https://a.example/b(1).jpg"),
        ('color:red;background:URL("b\\"c.jpg") no-repeat', 'b"c.jpg'),
        ("background:url(),url(b.jpg)", "b.jpg"),
        ("/* url(a.jpg) */ color: red", ""),
        ("background:url(a b.jpg)", ""),
        ("color:red", ""),
        ("(" * 100_000 + "url(b.jpg)", ""),
    ],
)
def test_the_picture_of_an_attribute(style: str, address: str) -> None:
    assert picture_of_style(style) == address
