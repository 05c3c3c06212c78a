"""Makes small books, prints them with both engines, and reads the PDFs."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

import pymupdf
import pytest
from PIL import Image
from pypdf import PdfReader

from clothbound import api
from clothbound.diagnostics import DiagnosticCode, LossReport
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.book_info import BookInfo
from clothbound.model.collection import Collection, Part
from clothbound.model.index import Index
from clothbound.model.post import Asset, Footnote, Metadata, Post, Timestamp
from clothbound.writers.pdf import Pdf
from clothbound.writers.pdf.fonts import cjk_families
from clothbound.writers.pdf.page_format import PAGES, ThemeName
from sample_nodes import paragraph as p

Engine: TypeAlias = Literal["weasyprint", "typst"]

WORDS = (
    "The pilot boat wants a logbook that can be dropped overboard and read again afterwards. "
    "Nobody had asked for one before the storm, though everybody needed it during the night. "
)
LONG_TITLE = "On the many things that one may say about a harbour, a loft and a cat in one breath"
PAGE = PAGES["6x9"]
needs_poppler = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="poppler's pdftotext is not installed"
)


TYPST = Pdf(engine="typst")
# No engine draws a picture without size.
NOTHING = Asset(
    "a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="0" height="0"/>', "image/svg+xml"
)


# books


def post(key: str, title: str, *body: b.Block, notes: dict[str, str] | None = None) -> Post:
    number = sum(map(ord, key))
    stamp = Timestamp("", datetime(2023, 1 + number % 12, 1 + number % 28, tzinfo=UTC), "day")
    metadata = Metadata(
        key=key, title=title, published=Timestamp(f"{stamp.value:%Y-%m-%d}", stamp.value, "day"),
        language="en", source=f"{key}.md",
    )  # fmt: skip
    footnotes = tuple(Footnote(k, (p(v),)) for k, v in (notes or {}).items())
    return Post(metadata, tuple(body), footnotes)


def book(*posts: Post, parts: tuple[Part, ...] = ()) -> Collection:
    return Collection(posts=posts, index=Index.of(posts), parts=parts, info=BookInfo(title="Letters 2023", authors=("A. Writer",), language="en", rights="© 2023 A. Writer", identifier="urn:uuid:1"))  # fmt: skip


def with_pictures(one: Post, **sizes: tuple[int, int]) -> Post:
    """``one`` with a picture ``a.png`` of so many pixels for each ``a=...``."""
    assets = []
    for name, size in sizes.items():
        stream = io.BytesIO()
        Image.new("RGB", size, "teal").save(stream, "PNG")
        assets.append(Asset(f"{name}.png", stream.getvalue(), "image/png"))
    return Post(one.metadata, one.body, one.footnotes, tuple(assets))


def everything() -> Post:
    """A post of nearly every block, with nested and unused notes."""
    nested = b.List((b.ListItem((p("item"), b.List((b.ListItem((p("inner"),)),)))),), ordered=True)
    body: tuple[b.Block, ...] = (
        p(WORDS),
        b.Quote((p("quoted words"),)),
        b.PullQuote((p("pulled words"),)),
        nested,
        b.CodeBlock("x = " + " + ".join(f"name{n}" for n in range(40)), "python"),
        b.CodeBlock("y" * 300),
        b.Table(
            head=(tuple(b.Cell((i.Text(f"h{n}"),)) for n in range(9)),),
            rows=tuple(
                tuple(b.Cell((i.Text(f"r{r}c{n}"),)) for n in range(9)) for r in range(60)
            ),
        ),
        b.Verse((i.Text("first line"), i.LineBreak(), i.Text("   second line"))),
        b.MathBlock(r"\frac{a}{b}"),
        b.MathBlock(r"\nosuchcommand"),
        p("inline ", i.Math("x^2"), " and ", i.Code("code"), " ", i.Strong((i.Text("bold"),))),
        b.Figure(i.Image("gone.png", "a gone picture"), (i.Text("its caption"),)),
        b.Figure(i.Image("https://x.example/far.png", "a far picture")),
        b.Embed("tweet", "https://twitter.com/a/status/1", "Twitter", "", "tweeted words", "Someone"),
        b.Callout((p("called out"),), (i.Text("mind"),), "note"),
        b.DefinitionList((b.DefinitionItem((i.Text("term"),), ((p("meaning"),),)),)),
        b.RawBlock("html", "<p>raw <b>words</b><script>evil()</script><p>unclosed"),
        p("nested mark", i.NoteRef("outer"), " after"),
    )  # fmt: skip
    notes = (
        Footnote("outer", (p("outer note", i.NoteRef("inner"), " goes on"), p("its second part"))),
        Footnote("inner", (p("inner note"),)),
        Footnote("unused", (p("unused note"),)),
    )
    return Post(Metadata(key="all", title="Everything", language="en"), body, notes)


# products


def make(collection: Collection, engine: Engine, **options: Any) -> tuple[bytes, LossReport]:
    """Returns the PDF and its report; ``options`` are those of Pdf."""
    artifact = api.write(collection, Pdf(engine=engine, **options))
    return artifact.to_bytes(), artifact.report


def engine_messages(report: LossReport) -> list[str]:
    return [d.message for d in report.diagnostics if d.code is DiagnosticCode.ENGINE]


@cache
def sample(engine: Engine) -> tuple[bytes, LossReport]:
    """A book of two parts, with notes, links and long titles; made once."""
    first = post(
        "one",
        "A beginning",
        p(WORDS * 2),
        b.Heading((i.Text("A heading"),), 2, id="a-heading"),
        p("Here is a mark", i.NoteRef("s"), " and a second", i.NoteRef("s"), " to the same."),
        *[p(WORDS * 6) for _ in range(4)],
        b.ThematicBreak(),
        notes={"s": "Shortnote stands at the foot."},
    )
    second = post(
        "two",
        LONG_TITLE,
        p("A short one", i.NoteRef("t"), " and a long one", i.NoteRef("l"), "."),
        *[p(WORDS * 6) for _ in range(4)],
        p(i.Link((i.Text("the first letter"),), "one.md#a-heading"), " and ",
          i.Link((i.Text("elsewhere"),), "https://elsewhere.example/")),
        notes={"t": "Secondnote.", "l": "Longnote. " + WORDS * 14},
    )  # fmt: skip
    parts = (Part("January", ("one",)), Part("February", ("two",)))
    return make(book(first, second, parts=parts), engine)


# what is read back


def pages(data: bytes) -> list[str]:
    """The text of each page, top to bottom, hyphenated words joined."""
    found = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()
    return [re.sub(r"[-\u2010\u00ad]\n(?! *\n)\s*", "", page) for page in found.split("\f")[:-1]]


def printed(data: bytes) -> str:
    """All text, in the order in which it is drawn."""
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", unicodedata.normalize("NFKC", text).lower()))


def outline(reader: PdfReader) -> Iterator[tuple[int, str, int]]:
    """Level, title and page number of each bookmark."""

    def walk_entries(entries: list[object], level: int) -> Iterator[tuple[int, str, int]]:
        for entry in entries:
            if isinstance(entry, list):
                yield from walk_entries(entry, level + 1)
            else:
                number = reader.get_destination_page_number(entry)
                yield level, entry.title, number + 1

    yield from walk_entries(reader.outline, 1)


def spans(data: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    """Page number and span of all text, top to bottom."""
    with pymupdf.open(stream=data) as document:
        for page in document:
            for block in page.get_text("dict")["blocks"]:
                for line in block.get("lines", ()):
                    yield from ((page.number, span) for span in line["spans"])


def words_of(data: bytes) -> list[tuple[Any, ...]]:
    """Page number, x0, y0, x1, y1, word."""
    with pymupdf.open(stream=data) as document:
        return [(page.number, *word[:5]) for page in document for word in page.get_text("words")]


def placed(data: bytes) -> list[tuple[int, pymupdf.Rect]]:
    """Page number and place of each picture, in the order in which they are drawn."""
    with pymupdf.open(stream=data) as document:
        return [
            (page.number, pymupdf.Rect(place))
            for page in document
            for kind, place in page.get_bboxlog()
            if kind == "fill-image"
        ]


def structure_tags(data: bytes) -> Counter[str]:
    """Counts each kind of structure element."""
    return Counter(str(element["/S"]) for element in _structure(data))


def alternative_texts(data: bytes, tag: str) -> list[str]:
    """The alternative texts of the structure elements of one kind."""
    return [str(e["/Alt"]) for e in _structure(data) if e["/S"] == tag and "/Alt" in e]


def _structure(data: bytes) -> Iterator[Any]:
    stack = [PdfReader(io.BytesIO(data)).trailer["/Root"]["/StructTreeRoot"]]
    while stack:
        at = stack.pop()
        at = at.get_object() if hasattr(at, "get_object") else at
        if isinstance(at, list):
            stack.extend(at)
        elif isinstance(at, dict):
            if "/S" in at:
                yield at
            if "/K" in at:
                stack.append(at["/K"])


def accessibility_errors(path: Path) -> list[str]:
    """Returns the errors that two checkers of PDF/UA-1 report."""
    import outloud
    import pdfua

    # Rules on what a picture's words say are the author's; these are the product's.
    found = outloud.check(str(path))
    told = [f"{f.rule} {f.message}" for f in found.findings if f.severity == "error"]
    report = pdfua.validate(path)
    return told + [str(f) for f in report.findings if f.severity.name == "ERROR"]


# which engines a test is for


def by(*engines: Engine) -> pytest.MarkDecorator:
    """Runs a test only with these engines."""
    return pytest.mark.parametrize("engine", engines)


LOOKS = (
    *(("weasyprint", theme) for theme in get_args(ThemeName)),
    *(("typst", theme) for theme in get_args(ThemeName)),
)
in_every_look = pytest.mark.parametrize(("engine", "theme"), LOOKS)


def has_faces() -> bool:
    """Whether Noto CJK is installed, in all its kinds."""
    found = subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, check=False)
    return all(f in found.stdout for f in cjk_families("zh").values())
