"""Typst's pages as a reader sees them, measured with pymupdf."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pymupdf
import pytest
from PIL import Image

from book_info import with_info
from clothbound.diagnostics import Code
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.book_info import BookInfo
from clothbound.model.collection import Collection, Part, Role
from clothbound.model.index import Index
from clothbound.model.post import Asset, Footnote, Post
from clothbound.writers.pdf import Pdf
from clothbound.writers.pdf.fonts import SERIF_ROMAN, Measure
from clothbound.writers.pdf.opening_line import LEAD_SPACING, opening_line
from clothbound.writers.pdf.page import PAGES
from clothbound.writers.pdf.typst.source import breakable_title
from test_pdf import WORDS, book, p, post
from test_typst import engine_messages, make

PAGE = PAGES["6x9"]


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


def with_pictures(one: Post, **sizes: tuple[int, int]) -> Post:
    """``one`` with a picture ``a.png`` of so many pixels for each ``a=...``."""
    assets = []
    for name, size in sizes.items():
        stream = io.BytesIO()
        Image.new("RGB", size, "teal").save(stream, "PNG")
        assets.append(Asset(f"{name}.png", stream.getvalue(), "image/png"))
    return Post(one.metadata, one.body, one.footnotes, tuple(assets))


def matter() -> Collection:
    roles: dict[str, Role] = {"fore": "foreword", "after": "afterword"}
    posts = (
        post("fore", "Foreword", p("x")),
        post("one", "One", p("x")),
        post("two", "Two", p("x")),
        post("after", "Afterword", p("x")),
    )
    return Collection(
        posts=posts,
        index=Index.of(posts),
        info=BookInfo(title="Letters", language="en"),
        roles=roles,
        parts=(Part("Spring", ("one", "two")),),
    )


def test_the_words_of_an_opening_line_stand_no_further_apart_than_others() -> None:
    title = "Internationalisation misunderstandings notwithstanding, we go on and on. " + WORDS
    data, _ = make(book(post("one", "T", p(title))))
    found = words_of(data)
    first = next(w for w in found if w[5].lower() == "internationalisation")
    line = sorted((w for w in found if abs(w[2] - first[2]) < 3), key=lambda w: w[1])
    assert len(line) > 2
    gaps = [after[1] - before[3] for before, after in itertools.pairwise(line)]
    assert max(gaps) < 0.75 * PAGE.size


@pytest.mark.parametrize("engine", ["typst", "weasyprint"])
def test_an_opening_line_ends_before_the_last_word_of_its_paragraph(engine: str) -> None:
    measure = Measure(SERIF_ROMAN, PAGE.size)
    words = "The pilot boat wants a logbook that can be dropped overboard and read again".split()
    fitting = max(
        n
        for n in range(len(words))
        if measure.small_caps_width(" ".join(words[:n]) + " ", LEAD_SPACING) <= PAGE.measure
    )
    text = " ".join(words[: fitting + 1])
    options = Pdf(engine=engine)
    data, _ = make(book(post("one", "T", p(text), p(WORDS))), options)
    heights = {word[5]: round(word[2]) for word in reversed(words_of(data))}
    assert text.split()[-1] in heights
    assert heights[text.split()[-1]] > heights["The"] + PAGE.leading / 2
    assert opening_line(text, measure, PAGE.measure, complete=False) is None


def test_front_and_back_matter_are_no_parts_in_the_contents() -> None:
    measure = Measure(SERIF_ROMAN, PAGE.size)
    listed = {
        word[5]: (word[3] - word[1], word[2])
        for word in words_of(make(matter())[0])
        if word[0] == 2
    }
    for title in ("Foreword", "One", "Two", "Afterword"):
        assert listed[title][0] == pytest.approx(measure.width(title), rel=0.03)
    assert listed["Spring"][0] != pytest.approx(measure.width("Spring"), rel=0.03)
    # What follows the parts stands apart, as the part itself does.
    step = listed["Two"][1] - listed["One"][1]
    assert listed["Afterword"][1] - listed["Two"][1] > step * 1.2
    assert listed["Spring"][1] - listed["Foreword"][1] > step * 1.2


def test_the_pictures_of_a_gallery_stand_in_rows_of_one_height() -> None:
    names = ("a", "b", "c", "d", "e")
    gallery = b.Gallery(
        tuple(b.Figure(i.Image(f"{name}.png", name)) for name in names),
        (i.Text("The caption of all."),),
    )
    source = with_pictures(
        post("one", "T", p(WORDS), gallery, p("after")),
        a=(300, 200), b=(200, 300), c=(400, 200), d=(90, 90), e=(600, 200),
    )  # fmt: skip
    data, report = make(book(source))
    assert not engine_messages(report)
    (_, a), (_, b_), (_, c), (_, d), (_page, e) = placed(data)
    for row in ((a, b_, c), (d, e)):
        assert max(r.height for r in row) - min(r.height for r in row) < 1
        assert max(r.y1 for r in row) - min(r.y1 for r in row) < 1
        assert row[0].x0 == pytest.approx(PAGE.inside, abs=1)
        assert PAGE.measure - 6 < row[-1].x1 - PAGE.inside <= PAGE.measure
    assert d.y0 - a.y1 < PAGE.size
    caption = next(s for _, s in spans(data) if "The caption" in s["text"])
    assert 0 < caption["bbox"][1] - e.y1 < PAGE.size


def test_the_caption_of_a_gallery_stays_with_its_last_row() -> None:
    figures = tuple(b.Figure(i.Image(f"{name}.png", name)) for name in "ab")
    gallery = b.Gallery(figures, (i.Text("The caption of all."),))
    for lines in range(16, 30):
        filling = p(*[part for n in range(lines) for part in (f"line {n}", i.LineBreak())])
        source = with_pictures(post("one", "T", filling, gallery), a=(300, 200), b=(300, 200))
        data, _ = make(book(source))
        caption = next(page for page, s in spans(data) if "The caption" in s["text"])
        assert {page for page, _ in placed(data)} == {caption}


def test_pictures_that_a_paragraph_is_made_of_are_no_smaller_than_others() -> None:
    alone = p(i.Image("a.png", "x"), " ", i.Image("a.png", "x"))
    among = p("words ", i.Image("a.png", "x"), " words")
    data, _ = make(book(with_pictures(post("one", "T", alone, among), a=(600, 300))))
    first, second, third = (round(place.width) for _, place in placed(data))
    assert first == second == 216
    assert third < 100


def test_pictures_alone_in_cells_are_no_smaller_and_stay_on_the_page() -> None:
    def cell(*nodes: i.Inline) -> b.Cell:
        return b.Cell(nodes)

    small, large = i.Image("a.png", "x"), i.Image("b.png", "x")
    rows = ((cell(small), cell(small)), (cell(large), cell(large)),
            (b.Cell((large,), colspan=2),), (cell(i.Text("words "), small), cell()))  # fmt: skip
    for head in ((), ((cell(i.Text("one")), cell(i.Text("two"))),)):
        source = post("one", "T", b.Table(head, rows), b.Table(head, rows[1:2]))
        data, _ = make(book(with_pictures(source, a=(300, 200), b=(1600, 900))))
        places = [place for _, place in placed(data)]
        assert [round(place.width) for place in places[:2]] == [108, 108]
        assert min(place.width for place in places[2:4]) > PAGE.measure * 0.45
        assert places[4].width > PAGE.measure * 0.95
        assert places[5].width < 70
        assert max(place.x1 for place in places) <= PAGE.inside + PAGE.measure + 0.1


def test_quotations_in_quotations_are_not_set_smaller_and_smaller() -> None:
    block: b.Block = p("level 6")
    for level in range(5, -1, -1):
        block = b.Quote((p(f"level {level}"), block))
    one = post("one", "T", b.Quote((block,)), p("text", i.NoteRef("n")))
    note = Footnote("n", (p("noted"), b.Quote((p("quoted below"),))))
    one = Post(one.metadata, one.body, (note,))
    data, _ = make(book(one))
    sizes = {s["text"].strip(): s["size"] for _, s in spans(data)}
    quoted = {round(sizes[f"level {level}"], 2) for level in range(7)}
    assert quoted == {round(PAGE.size * 0.942, 2)}
    assert sizes["quoted below"] == sizes["noted"]


def test_what_is_centred_or_at_the_right_is_set_so() -> None:
    body = (
        p(WORDS),
        p("before"),
        b.Group((p("one line"), p("and another")), classes=("align-center",)),
        b.Paragraph((i.Text("to the right"),), classes=("align-right",)),
        b.Heading((i.Text("Headed"),), 2, classes=("align-center",)),
        p("after"),
    )
    data, _ = make(book(post("one", "T", *body)))
    places = {s["text"].strip(): s["bbox"] for _, s in spans(data)}
    middle = PAGE.inside + PAGE.measure / 2
    for words in ("one line", "and another", "Headed"):
        assert (places[words][0] + places[words][2]) / 2 == pytest.approx(middle, abs=2)
    assert places["to the right"][2] == pytest.approx(PAGE.inside + PAGE.measure, abs=2)
    assert places["after"][0] == pytest.approx(PAGE.inside, abs=2)


def test_the_rule_above_notes_does_not_touch_them() -> None:
    one = post("one", "T", p("text", i.NoteRef("n")), notes={"n": "Noted."})
    data, _ = make(book(one))
    with pymupdf.open(stream=data) as document:
        rule = max(drawing["rect"].y1 for drawing in document[0].get_drawings())
        noted = next(word for word in document[0].get_text("words") if word[4] == "Noted.")
    # The height of a capital stands about three tenths of an em below the upper edge of its line.
    assert noted[1] + 0.3 * 8.4 - rule > 6


def test_headings_without_words_are_none_and_accounted_for() -> None:
    body = (
        b.Heading((), 2, line=3),
        b.Heading((i.LineBreak(),), 2, line=4),
        b.Heading((i.Text(" "),), 2, line=5),
        b.Heading((i.RawInline("html", "<br><!-- x -->"),), 2, line=6),
        b.Heading((i.Image("a.png", "a picture"),), 2, line=7),
        b.Heading((i.Math(r"\boxed{x}"),), 2, line=8),
        b.Heading((i.RawInline("html", "<b>bold</b>"),), 2, line=9),
        b.Heading((i.NoteRef("n"),), 2, line=10),
        p("its words"),
    )
    source = with_pictures(post("one", "T", *body, notes={"n": "a note"}), a=(90, 90))
    data, report = make(book(source, post("two", "Two", p("x"))))
    assert not engine_messages(report)
    told = {d.line: d.code for d in report.diagnostics if "heading without words" in d.message}
    assert [line for line, code in told.items() if code is Code.NODE_CHROME] == [3, 4, 5, 6]
    assert [line for line, code in told.items() if code is Code.NODE_SIMPLIFIED] == [7, 8, 10]
    text = " ".join(span["text"] for _, span in spans(data))
    assert "bold" in text
    assert "a note" in text
    assert len(placed(data)) >= 1


def test_a_heading_below_the_opener_has_no_more_room_than_text() -> None:
    starts = []
    for first in (p("The start."), b.Heading((i.Text("The start"),), 2)):
        data, _ = make(book(post("one", "T", first, p(WORDS))))
        starts.append(next(s["origin"][1] for _, s in spans(data) if "The start" in s["text"]))
    assert starts[0] == pytest.approx(starts[1], abs=2)


def test_lines_of_a_meaning_are_indented_alike() -> None:
    item = b.DefinitionItem((i.Text("Term"),), ((p("First. " + WORDS), p("More.")), (p("Last."),)))
    data, _ = make(book(post("one", "T", b.DefinitionList((item,)))))
    found = words_of(data)
    by_word = {w[5]: w for w in found}
    top = by_word["Term"][2]
    edges: dict[int, float] = {}
    for word in found:
        if word[2] > top + 5 and word[0] == by_word["Term"][0] and word[2] < 550:
            edges[round(word[2])] = min(word[1], edges.get(round(word[2]), 999))
    assert len(edges) > 3
    assert max(edges.values()) - min(edges.values()) < 1
    assert min(edges.values()) > by_word["Term"][1] + PAGE.size


def test_a_table_s_head_is_bold() -> None:
    table = b.Table(((b.Cell((i.Text("head"),)),),), ((b.Cell((i.Text("body"),)),),))
    data, _ = make(book(post("one", "T", table)))
    fonts = {s["text"].strip(): s["font"] for _, s in spans(data)}
    assert "SemiBol" in fonts["head"]
    assert "SemiBol" not in fonts["body"]


def test_addresses_are_small_and_not_stretched() -> None:
    links = [
        p(i.Link((i.Text(f"word{n} here"),), f"https://x.example/{'part/' * 11}{n}"))
        for n in range(9)
    ]
    options = Pdf(engine="typst", links="endnotes")
    data, _ = make(book(post("one", "T", *links)), options)
    listed = [s for _, s in spans(data) if "example" in s["text"]]
    assert len(listed) == 9
    assert all(s["size"] < 0.85 * PAGE.size for s in listed)


def test_titles_break_where_their_lines_are_alike() -> None:
    title = "Letter to a mathematician, aged ten"
    data, _ = make(book(post("one", title, p(WORDS))))
    lines = [s for _, s in spans(data) if s["size"] > 20]
    assert [s["text"].strip() for s in lines] == ["Letter to a", "mathematician, aged ten"]


def test_the_subtitle_of_a_book_too() -> None:
    subtitle = "Letters of a bindery by the harbour, in the order in which they went out"
    source = with_info(
        book(post("one", "T", p("x")), post("two", "Two", p("x"))), subtitle=subtitle
    )
    data, _ = make(source)
    told = [s for page, s in spans(data) if page == 0 and 12.5 < s["size"] < 14]
    told = [s for s in told if s["text"].strip() != "2023"]
    assert " ".join(s["text"].strip() for s in told) == subtitle
    widths = [s["bbox"][2] - s["bbox"][0] for s in told]
    assert len(widths) == 2
    assert min(widths) > 0.7 * max(widths)


@pytest.mark.parametrize("word", ["mathematician,", "(counterclockwise)", "“neighbourhoods”?"])
def test_words_of_titles_are_not_cut_for_the_signs_round_them(word: str) -> None:
    assert breakable_title(word) == word
    address = re.sub("\u200b", "", breakable_title("netloft.example/p/what-there-is"))
    assert address == "netloft.example/p/what-there-is"


def test_second_lines_of_tasks_are_indented_as_the_first() -> None:
    item = b.ListItem((p("start " + WORDS * 2),), checked=False)
    data, _ = make(book(post("one", "T", b.List((item,)))))
    with pymupdf.open(stream=data) as document:
        (start,) = document[0].search_for("start")
    below = [word[1] for word in words_of(data) if start.y1 - 3 < word[2] < 550]
    assert len(below) > 20
    assert min(below) == pytest.approx(start.x0, abs=1)


def test_a_head_in_another_direction_is_not_taken_apart() -> None:
    title = "إعداد Raspberry Pi 5 من الصفر"
    arabic = post("ar", title, *[p("سطر " * 300) for _ in range(3)])
    arabic = Post(msgspec.structs.replace(arabic.metadata, language="ar"), arabic.body)
    data, _ = make(book(arabic, post("two", "Two", p("x"))))
    for page, top in ((4, 60), (2, 200)):
        words = {w[5]: w for w in words_of(data) if w[0] == page and w[2] < top}
        # From the right: its first word, the Latin ones, its last.
        assert words["إعداد"][1] > words["Raspberry"][1] > words["الصفر"][1]
        assert words["الصفر"][1] < PAGE.inside + 20 if page == 4 else True


def test_code_of_a_post_from_right_to_left_begins_at_the_left() -> None:
    code = b.CodeBlock("sudo usermod -aG docker $USER", "sh")
    arabic = post("ar", "رسالة", p("سطر " * 30), code)
    arabic = Post(msgspec.structs.replace(arabic.metadata, language="ar"), arabic.body)
    data, _ = make(book(arabic))
    words = {w[5]: w for w in words_of(data)}
    assert words["sudo"][1] < words["usermod"][1] < words["$USER"][1]
    assert words["sudo"][1] < 72


def test_signs_of_code_are_printed_as_they_are() -> None:
    """The face has ligatures of them, by contextual alternates."""
    data, _ = make(book(post("one", "T", b.CodeBlock("a === b"), p(i.Code("c === d")))))
    with pymupdf.open(stream=data) as document:
        page = document[0]
        signs = page.search_for("===")
        assert len(signs) == 2
        for three in signs:
            width = three.width / 3
            for place in (three.x0 + width, three.x0 + 2 * width):
                # White between two of them.
                between = pymupdf.Rect(place - 0.1, three.y0, place + 0.1, three.y1)
                assert page.get_pixmap(dpi=700, clip=between).is_unicolor


def test_a_note_of_a_post_from_right_to_left_begins_at_the_right() -> None:
    arabic = post("ar", "رسالة", p("سطر", i.NoteRef("n")), notes={"n": "كان يعرف " * 30})
    arabic = Post(
        msgspec.structs.replace(arabic.metadata, language="ar"), arabic.body, arabic.footnotes
    )
    data, _ = make(book(arabic, post("two", "Two", p("x"))))
    (number,) = [w for w in words_of(data) if w[5].strip(".") == "1" and 400 < w[2] < 580]
    assert number[1] > PAGE.width / 2


def test_a_face_for_code_is_no_text_face_of_another_script() -> None:
    arabic = post("ar", "رسالة", p("كتب المجلد رسالة طويلة إلى المدينة."))
    data, _ = make(book(arabic, post("two", "Two", p("x"))))
    fonts = {
        font for _, span in spans(data) if "المدينة" in span["text"] for font in [span["font"]]
    }
    assert not any("Mono" in font for font in fonts), fonts


def test_letters_that_are_joined_are_not_spaced() -> None:
    """Lines of Arabic are filled by their spaces alone."""
    text = "كتب المجلد رسالة طويلة إلى المدينة ثم عاد إلى بيته في الميناء " * 12
    metadata = msgspec.structs.replace(post("ar", "رسالة").metadata, language="ar")
    data, _ = make(book(Post(metadata, (p(text),)), post("two", "Two", p("x"))))
    widths = [w[3] - w[1] for w in words_of(data) if w[5] == "المدينة"]
    assert len(widths) > 5
    assert max(widths) - min(widths) < 0.01


def test_a_long_number_does_not_stretch_the_line_before_it() -> None:
    key = "1F3E2341AABC0CFBA5901371A0AEEE4F4A5E3A01"
    data, _ = make(
        book(post("one", "T", p(f"{WORDS} Your GPG long identifier is {key}, and so on.")))
    )
    lines: dict[int, list[tuple[float, float]]] = {}
    for word in words_of(data):
        if 150 < word[2] < 550:
            lines.setdefault(round(word[2]), []).append((word[1], word[3]))
    gaps = [
        after[0] - before[1]
        for line in lines.values()
        for before, after in itertools.pairwise(sorted(line))
    ]
    assert max(gaps) < PAGE.size


@pytest.mark.parametrize("engine", ["typst", "weasyprint"])
def test_code_of_a_book_from_right_to_left_begins_at_the_left(engine: str) -> None:
    """The book says its language, its posts do not."""
    one = post("one", "رسالة", p("سطر " * 30), b.CodeBlock("usermod -aG docker $USER", "sh"))
    source = with_info(book(one, post("two", "Two", p("x"))), language="ar")
    data, _ = make(source, Pdf(engine=engine))  # type: ignore[arg-type]
    words = {w[5]: w for w in words_of(data)}
    assert words["usermod"][1] < words["docker"][1] < words["$USER"][1]
    assert words["usermod"][1] < 72


def test_each_line_of_a_verse_begins_where_it_stands() -> None:
    lines = ("first", "second", "  third", "fourth " + WORDS)
    broken = [part for line in lines for part in (i.Text(line), i.LineBreak())]
    verse = b.Verse((*broken, i.LineBreak(), i.Text("stanza"), i.LineBreak(), i.Text("end")))
    data, report = make(book(post("one", "T", p("before"), verse)))
    assert not engine_messages(report)
    at = {w[5]: w for w in words_of(data)}
    for word in ("second", "fourth", "stanza", "end"):
        assert at[word][1] == pytest.approx(at["first"][1], abs=0.5), word
    assert at["third"][1] > at["first"][1] + 3
    step = at["second"][2] - at["first"][2]
    assert step == pytest.approx(PAGE.leading, abs=0.2)
    assert at["third"][2] - at["second"][2] == pytest.approx(step, abs=0.2)
    assert at["end"][2] - at["stanza"][2] == pytest.approx(step, abs=0.2)
    turned = [w for w in words_of(data) if at["fourth"][2] + 3 < w[2] < at["stanza"][2] - 3]
    assert min(w[1] for w in turned) > at["first"][1] + PAGE.size
    assert at["stanza"][2] - max(w[2] for w in turned) == pytest.approx(2 * step, abs=0.3)


def test_headings_that_follow_each_other_stand_close() -> None:
    heads = [b.Heading((i.Text(text),), level) for text, level in (("Upper", 2), ("Lower", 3))]
    data, _ = make(book(post("one", "T", p(WORDS), *heads, p("Between."), heads[0])))
    uppers = [s["origin"][1] for _, s in spans(data) if s["text"].strip() == "Upper"]
    lower, between = (
        next(s["origin"][1] for _, s in spans(data) if text in s["text"])
        for text in ("Lower", "Between")
    )
    assert lower - uppers[0] < 0.75 * (uppers[1] - between)


def test_marks_of_two_notes_are_two_numbers() -> None:
    one = post("one", "T", p("word", i.NoteRef("a"), i.NoteRef("b")), notes={"a": "x", "b": "y"})
    data, _ = make(book(one))
    text = "".join(span["text"] for _, span in spans(data))
    assert "word1,2" in text


def test_a_small_gallery_is_not_parted() -> None:
    figures = tuple(b.Figure(i.Image("a.png", str(n))) for n in range(5))
    for lines in range(18, 30):
        filling = p(*[part for n in range(lines) for part in (f"line {n}", i.LineBreak())])
        source = with_pictures(post("one", "T", filling, b.Gallery(figures)), a=(300, 200))
        assert len({page for page, _ in placed(make(book(source))[0])}) == 1


def test_headings_that_follow_each_other_stay_with_their_text() -> None:
    heads = [b.Heading((i.Text(text),), level) for text, level in (("Upper", 2), ("Lower", 3))]
    parted = 0
    for lines in range(20, 30):
        filling = p(*[part for n in range(lines) for part in (f"line {n}", i.LineBreak())])
        data, _ = make(book(post("one", "T", filling, *heads, p("Below. " + WORDS))))
        numbers = {
            page
            for page, s in spans(data)
            if s["text"].strip() in ("Upper", "Lower") or "Below" in s["text"]
        }
        assert len(numbers) == 1
        parted += numbers == {1}
    assert 0 < parted < 10
