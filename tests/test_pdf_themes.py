"""Tests the themes of the printed book, and posts that are not chapters."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import pymupdf
import pytest
from msgspec import structs
from pypdf import PdfReader

from clothbound import api
from clothbound.diagnostics import DiagnosticCode
from clothbound.matter import ChapterHead, fill_matter
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.book_info import BookInfo
from clothbound.model.collection import Collection, Part
from clothbound.model.index import Index
from clothbound.model.post import Asset, Footnote, Metadata, Post, Timestamp
from clothbound.writers.pdf import Pdf, theme
from clothbound.writers.pdf.fonts import Measure
from clothbound.writers.pdf.page_format import PAGES, SMALLEST_TYPE, PageName, ThemeName
from clothbound.writers.pdf.titles import RunningHeads
from docs_pages import all_words

WORDS = (
    "The pilot boat wants a logbook that can be dropped overboard and read again afterwards. "
    "Nobody had asked for one before the storm, though everybody needed it during the night. "
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="40"><rect width="90" height="40"/></svg>'
LONG_NAME = "https://example.org/" + "/".join(f"part{n}_of_an_address" for n in range(9))


def p(*children: i.Inline | str) -> b.Paragraph:
    return b.Paragraph(tuple(i.Text(c) if isinstance(c, str) else c for c in children))


def post(key: str, title: str, *body: b.Block, dated: bool = True, language: str = "en") -> Post:
    day = datetime(2023, 5, 3, tzinfo=UTC)
    published = Timestamp("2023-05-03", day, "day") if dated else None
    metadata = Metadata(key=key, title=title, published=published, language=language, source=key)
    notes = (Footnote("n", (p("A note with ", i.Emphasis((i.Text("emphasis"),))),)),)
    marked = any("mark" in str(block) for block in body)
    asset = (Asset("a.svg", SVG, "image/svg+xml"),)
    return Post(metadata, body, notes if marked else (), assets=asset)


def sample() -> Collection:
    table = b.Table(
        head=((b.Cell((i.Text("Day"),)), b.Cell((i.Text("Tide"),))),),
        rows=((b.Cell((i.Text("Monday"),)), b.Cell((i.Text("low"),))),),
    )
    posts = (
        post("for", "For Quire", p("For Quire, who sat on it"), dated=False),
        post("fore", "A foreword", p(WORDS * 2), dated=False),
        post(
            "one",
            "The first of all",
            p(WORDS * 3),
            b.Heading((i.Text("Of tides"),), 2),
            p("Here is a mark", i.NoteRef("n"), "."),
            table,
            b.List((b.ListItem((p("item"), b.List((b.ListItem((p("inner"),)),)))),)),
            b.Figure(i.Image("a.svg", "")),
            b.MathBlock(r"\frac{a}{b}"),
            p(i.Link((i.Text(LONG_NAME),), LONG_NAME)),
            b.ThematicBreak(),
            p("x"),
        ),
        post("two", "رسالة", p("كتب المجلد رسالة طويلة."), language="ar"),
        post("after", "About the author", p(WORDS), dated=False),
    )
    return Collection(
        posts=posts,
        index=Index.of(posts),
        info=BookInfo(
            title="Letters 2023",
            authors=("A. Writer",),
            editors=("E. Ditor",),
            language="en",
            rights="© 2023 A. Writer",
            publisher="Net Loft Press",
            isbn="978-3-16-148410-0",
        ),
        parts=(Part("Spring", ("one", "two")),),
        roles={"for": "dedication", "fore": "foreword", "after": "about-the-author"},
    )


@cache
def made(theme: str, engine: str = "weasyprint") -> bytes:
    artifact = api.write(sample(), Pdf(theme=theme, engine=engine))  # type: ignore[arg-type]
    data = artifact.to_bytes()
    assert not [d for d in artifact.report.diagnostics if d.code is DiagnosticCode.ENGINE]
    return data


@cache
def texts(theme: str, engine: str = "weasyprint") -> list[str]:
    with pymupdf.open(stream=made(theme, engine)) as document:
        return [" ".join(page.get_text().split()) for page in document]


THEMES = get_args(ThemeName)


in_each_engine = pytest.mark.parametrize("engine", ["weasyprint", "typst"])


@in_each_engine
@pytest.mark.parametrize("theme", THEMES)
def test_a_dedication_stands_alone_before_the_contents(theme: str, engine: str) -> None:
    found = texts(theme, engine)
    number = found.index("For Quire, who sat on it")
    assert number % 2 == 0
    contents = next(n for n, text in enumerate(found) if text.startswith("Contents"))
    assert contents > number
    assert "Quire" not in found[contents]


@in_each_engine
@pytest.mark.parametrize("theme", THEMES)
def test_a_foreword_follows_the_contents_and_has_no_date(theme: str, engine: str) -> None:
    found = texts(theme, engine)
    contents = next(n for n, text in enumerate(found) if text.startswith("Contents"))
    start = next(n for n, text in enumerate(found) if n > contents and "A foreword" in text)
    assert f"A foreword {start + 1}" in re.sub(r"[\s.]+", " ", found[contents])
    assert "2023" not in found[start].replace("Letters 2023", "")
    assert "About the author" in found[contents]
    order = [found[contents].index(t) for t in ("A foreword", "The first of all", "About the")]
    assert order == sorted(order)


def test_the_copyright_page_says_whose_it_is() -> None:
    found = texts("essay")[3]
    for words in ("© 2023 A. Writer", "Edited by E. Ditor", "Net Loft Press",
                  "ISBN 978-3-16-148410-0", "Made from 2 posts"):  # fmt: skip
        assert words in found


@in_each_engine
def test_a_novel_has_no_dates_and_an_essay_has(engine: str) -> None:
    assert "may 3, 2023" in " ".join(texts("essay", engine)[4:]).lower()
    assert "may 3, 2023" not in " ".join(texts("novel", engine)[4:]).lower()


@in_each_engine
def test_a_manual_numbers_chapters_and_sections_and_lists_them(engine: str) -> None:
    found = texts("manual", engine)
    contents = next(text for text in found if text.startswith("Contents"))
    assert "Of tides" in contents
    assert "1.1" in contents
    assert any("1.1 Of tides" in text for text in found if text is not contents)
    assert "Of tides" not in next(t for t in texts("essay", engine) if t.startswith("Contents"))


@in_each_engine
@pytest.mark.parametrize("count", [2, 40])
def test_a_novel_begins_on_a_right_hand_page(count: int, engine: Literal["typst"]) -> None:
    """After contents of one page and of two."""
    posts = [post(f"k{n}", f"Chapter {n}", p(f"Words of {n}.")) for n in range(count)]
    collection = Collection(
        posts=posts, index=Index.of(posts), info=BookInfo(title="Two", language="en")
    )
    data = api.write(collection, Pdf(theme="novel", engine=engine)).to_bytes()
    with pymupdf.open(stream=data) as document:
        found = [n for n, page in enumerate(document, 1) if "ords of " in page.get_text()]
    assert found[0] % 2 == 1
    assert found == list(range(found[0], found[0] + count))


@pytest.mark.parametrize("theme", THEMES)
def test_an_item_in_bold_is_no_heading(theme: str) -> None:
    """Its words stood in the middle of the line, far below the item's bullet."""
    strong = b.Paragraph((i.Strong((i.Text("Every word of this is bold"),)),))
    items = tuple(b.ListItem((block,)) for block in (strong, p("Some of it is not")))
    one = post("one", "One", p(WORDS), b.List(items, tight=False))
    collection = Collection(
        posts=[one], index=Index.of([one]), info=BookInfo(title="One", language="en")
    )
    data = api.write(collection, Pdf(theme=theme)).to_bytes()
    with pymupdf.open(stream=data) as document:
        (bold,) = document[0].search_for("Every word of this is bold")
        (plain,) = document[0].search_for("Some of it is not")
    assert bold.x0 == pytest.approx(plain.x0, abs=0.5)
    assert plain.y0 - bold.y0 < 20


@in_each_engine
def test_a_novel_opens_with_a_large_letter(engine: str) -> None:
    with pymupdf.open(stream=made("novel", engine)) as document:
        sizes = [
            span["size"]
            for page in document
            for block in page.get_text("dict")["blocks"]
            for line in block.get("lines", ())
            for span in line["spans"]
            if span["text"].strip() == "T"
        ]
    assert sizes
    assert min(sizes) > 25


@in_each_engine
@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("page", ["5x8", "6x9"])
def test_nothing_runs_into_the_margin(name: str, page: str, engine: str) -> None:
    options = Pdf(theme=name, page=page, engine=engine)  # type: ignore[arg-type]
    # Typst lets commas and hyphens at the ends of lines hang.
    hanging = 2.5 if engine == "typst" else 0.5
    margin = theme.THEMES[name].page(PAGES[page]).outside - hanging
    data = api.write(sample(), options).to_bytes()
    with pymupdf.open(stream=data) as document:
        for sheet in document:
            for word in sheet.get_text("words"):
                assert word[0] > margin
                assert word[2] < sheet.rect.width - margin


def test_a_name_in_a_link_in_italics_is_not_broken_at_any_letter() -> None:
    name = i.Emphasis(
        (i.Text("with a friend, "), i.Link((i.Text("Bartholomew"),), "https://x.example/"))
    )
    bodies = [p("word " * n, name) for n in range(1, 40)]
    options = Pdf(theme="manual", engine="weasyprint")
    data = api.write([post("a", "A", *bodies)], options).to_bytes()
    with pymupdf.open(stream=data) as document:
        lines = [line.strip() for page in document for line in page.get_text().split("\n")]
    ends = {line.split()[-1] for line in lines if line}
    broken = {e for e in ends if "Bartholomew".startswith(e) and e != "Bartholomew"}
    assert not broken


@pytest.mark.parametrize(
    ("title", "head"),
    [
        ("A short one", "A short one"),
        ("Glue, Paste, Thread, Linen, Board, Cloth, Leather, Gold and Ink",
         "Glue, Paste, Thread, Linen, Board, Cloth, Leather, Gold and Ink"),
        ("Glue, Paste, Thread, Linen, Board, Cloth, Leather, Gold, Ink, Paper, Vellum, Needles, Bone, Wax and Starch",
         None),
        ("Three seasons of learning: metaphor, tool, and framework for all of us who bind and fold",
         "Three seasons of learning"),
        ("Is it emphasis? Of labels and spines, and of what they say to those who walk past",
         "Is it emphasis?"),
        ("The sound of a book (with a recording)", "The sound of a book (with a recording)"),
        ("The sound of a good old book in the loft (with a recording)", "The sound of a good old book…"),
        ("Folding a sheet in half, and in half, and in half", "Folding a sheet in half, and in half…"),
    ],
)  # fmt: skip
def test_a_running_head_is_cut_by_its_width(title: str, head: str | None) -> None:
    essay, page = theme.THEMES["essay"], PAGES["6x9"]
    heads = RunningHeads(fill_matter(sample(), "print"), essay, page)
    found = heads.fit_chapter(ChapterHead(language="en", title=title))
    if head is not None:
        assert found == head
    else:
        assert title.startswith(found.removesuffix("…"))
        assert len(found) > len(title) / 2
    assert Measure(essay.right_head.font, essay.right_head.size).width(found) <= page.measure


@in_each_engine
@pytest.mark.parametrize("theme", THEMES)
def test_a_title_of_two_lines_ends_one_after_its_colon(
    theme: ThemeName, engine: Literal["typst"]
) -> None:
    title = "The harbour and the net loft: what the keeper of the light remembers, Part 2"
    name = "The harbour loft: a keeper remembers, Part 2"
    posts = [post("one", title, p(WORDS)), post("two", "Short: a title", p(WORDS))]
    collection = Collection(
        posts=posts, index=Index.of(posts), info=BookInfo(title=name, language="en")
    )
    data = api.write(collection, Pdf(theme=theme, engine=engine)).to_bytes()
    with pymupdf.open(stream=data) as document:
        assert [entry[1] for entry in document.get_toc()] == [title, "Short: a title"]
        large = [
            [
                line
                for block in page.get_text("dict")["blocks"]
                for line in ("".join(s["text"] for s in o["spans"]).strip() for o in block.get("lines", ())
                             if o["spans"][0]["size"] > 15)
            ]
            for page in document
        ]  # fmt: skip
    titles = [lines for lines in large if any("harbour" in line for line in lines)]
    assert len(titles) == 2
    for lines in titles:
        assert any(line.endswith("loft:") for line in lines)
        assert any("Part 2" in line.replace("\xa0", " ") for line in lines)
    assert any("Short: a title" in lines for lines in large)


@in_each_engine
@pytest.mark.parametrize("theme", THEMES)
def test_the_lines_of_a_title_are_about_as_long_as_each_other(
    theme: ThemeName, engine: Literal["typst"]
) -> None:
    """The last was one short word, as is usual where lines are filled one after the other."""
    titles = (
        "A small program for imposing the pages",
        "Letter to a mathematician, aged only ten and a half",
        "Folding a sheet in half, and in half, and in half",
        "The sound of a good old book (with a recording)",
        "Closed-shelf versus Open-shelf libraries and the data-moat",
    )
    subtitle = "A visit to Tobias, who has kept it since it stopped needing a very good keeper"
    posts = [post(f"k{n}", title, p(WORDS)) for n, title in enumerate(titles)]
    posts = [
        structs.replace(m, metadata=structs.replace(m.metadata, subtitle=subtitle)) for m in posts
    ]
    collection = Collection(
        posts=posts,
        index=Index.of(posts),
        info=BookInfo(
            title="What we did in the loft by the old harbour",
            language="en",
            identifier="urn:uuid:1",
        ),
    )
    data = api.write(collection, Pdf(theme=theme, engine=engine)).to_bytes()
    lines: dict[str, list[float]] = {}
    compounds = set()
    with pymupdf.open(stream=data) as document:
        titles_in_outline = [title for _, title, _ in document.get_toc()]
        for page in document:
            for block in page.get_text("dict")["blocks"]:
                for line in block.get("lines", ()):
                    text = "".join(span["text"] for span in line["spans"]).strip()
                    size = line["spans"][0]["size"]
                    for whole in (*titles, subtitle, collection.info.title):
                        if len(text) > 1 and text in whole and size > 11:
                            width = line["bbox"][2] - line["bbox"][0]
                            lines.setdefault(f"{page.number} {whole}", []).append(width)
                            compounds |= {word for word in text.split() if "-" in word}
    several = [widths for widths in lines.values() if len(widths) > 1]
    assert len(several) > len(titles)
    assert all(min(widths) > 0.5 * max(widths) for widths in several), lines
    assert compounds == {"Closed-shelf", "Open-shelf", "data-moat"}
    assert titles_in_outline == list(titles)


# what a screen reader meets


@in_each_engine
@pytest.mark.parametrize("theme", THEMES)
def test_pdf_ua_by_two_checkers(theme: str, engine: str, tmp_path: Path) -> None:
    path = tmp_path / "book.pdf"
    path.write_bytes(made(theme, engine))
    tools = Path(sys.executable).parent
    done = subprocess.run(
        [tools / "pdfua", "check", path], capture_output=True, text=True, check=False
    )
    assert "errors=0" in done.stdout, done.stdout
    report = tmp_path / "report.json"
    subprocess.run([tools / "outloud", path, "--json", report], capture_output=True, check=False)
    assert '"severity": "error"' not in json.dumps(json.loads(report.read_text()))


def test_tags_tell_what_things_are() -> None:
    reader = PdfReader(io.BytesIO(made("essay")))
    found: list[tuple[str, str, str]] = []

    def look(item: object) -> None:
        entry = item.get_object()  # type: ignore[attr-defined]
        if "/S" not in entry:
            return
        found.append((entry["/S"], str(entry.get("/Alt", "")), str(entry.get("/Lang", ""))))
        kids = entry.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            if not isinstance(kid, int):
                look(kid)

    look(reader.trailer["/Root"]["/StructTreeRoot"]["/K"][0])
    kinds = [kind for kind, _, _ in found]
    assert {"/TOC", "/TOCI", "/Note", "/Formula", "/LBody", "/TH"} <= set(kinds)
    assert ("/Formula", r"\frac{a}{b}", "") in found
    assert ("/Figure", "Picture without a description", "") in found
    assert "ar" in {language for _, _, language in found}


def test_an_engine_with_other_tags_is_told_of() -> None:
    """As after an update of WeasyPrint, a walk that does not match its tags changes none of
    them.
    """
    from clothbound.writers.pdf.pdf_finish import complete_tags

    class Document:
        pages = ()

    import pydyf

    pdf = pydyf.PDF()
    pdf.add_object(pydyf.Dictionary({"Type": "/StructElem", "S": "/Sect", "K": pydyf.Array()}))
    assert not complete_tags(Document(), pdf)
    assert pdf.objects[-1]["S"] == "/Sect"


def test_types_and_docs_have_the_names_of_their_tables() -> None:
    assert set(get_args(ThemeName)) == set(theme.THEMES)
    assert set(get_args(PageName)) == set(PAGES)
    assert f"| themes | {', '.join(get_args(ThemeName))} |" in all_words()


@pytest.mark.parametrize("name", THEMES)
def test_style_sheets_use_the_numbers_of_their_theme_and_no_others(name: str) -> None:
    one = theme.THEMES[name]
    used = set(re.findall(r"var\((--[\w-]+)\)", "".join(one.style_sheets(PAGES["6x9"]))))
    given = set(re.findall(r"(--[\w-]+):", one.css(PAGES["6x9"])))
    of_book = {"--cjk-serif", "--cjk-sans", "--cjk-mono", "--script-faces", "--contents-scale"}
    of_lists = {"--number-indent"}
    assert used - given == of_book | of_lists
    assert given <= used


@pytest.mark.parametrize("name", THEMES)
def test_typst_uses_the_lengths_of_its_theme(name: str) -> None:
    one = theme.THEMES[name]
    source = "".join(one.typst_files().values())
    used = set(re.findall(r"theme\.([a-z-]+)", re.sub("//.*", "", source)))
    given = {
        *one.lengths(),
        *one.types(PAGES["6x9"]),
        "head",
        "head-gap",
        "notes-space",
        "notes-rule",
        "quote-sides",
    }
    # Lengths of the shared style sheet that the theme's own replaces.
    replaced = {"essay": set(), "novel": {"contents-numbers"}, "manual": {"card-padding"}}
    assert used == given - replaced[name]


@pytest.mark.parametrize("page", sorted(PAGES))
def test_no_table_is_set_in_type_too_small_for_presses(page: str) -> None:
    for one in theme.THEMES.values():
        set_page = one.page(PAGES[page])
        kind = one.wide_table_type(set_page)
        assert kind.size * set_page.size >= SMALLEST_TYPE - 0.001
        assert kind.leading > kind.size
