"""Lines of the printed book: their words, their beginnings, and the space in them."""

from __future__ import annotations

import itertools
import re
import subprocess
import unicodedata
from pathlib import Path
from typing import Literal
from xml.etree.ElementTree import fromstring, tostring

import msgspec
import pymupdf
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from book_info import with_info
from clothbound.diagnostics import DiagnosticCode
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.book_info import BookInfo
from clothbound.model.collection import Collection, Part
from clothbound.model.index import Index
from clothbound.model.post import Footnote, Metadata, Post
from clothbound.opened_pdf import opened_pdf
from clothbound.writers.pdf import chapter_tree
from clothbound.writers.pdf.chapter_openings import opening_line, set_drop_cap, set_opening_line
from clothbound.writers.pdf.chapter_tree import break_words
from clothbound.writers.pdf.chapters import parse_markup
from clothbound.writers.pdf.code_lines import OUTDENT, wrap_chapter_code
from clothbound.writers.pdf.fonts import SERIF_ROMAN, Measure
from clothbound.writers.pdf.kept_dashes import hold_dashes, join_dashes, keep_dashes
from clothbound.writers.pdf.page_format import PAGES, ThemeName
from clothbound.writers.pdf.theme import THEMES
from printed_books import (
    PAGE,
    WORDS,
    Engine,
    book,
    engine_messages,
    in_every_look,
    make,
    needs_poppler,
    p,
    pages,
    post,
    printed,
    spans,
    words_of,
)


def widest_gaps(data: bytes) -> dict[str, float]:
    """The first word of each line, and the widest space between two words of the line, in points."""
    gaps: dict[str, float] = {}
    with pymupdf.open(stream=data) as document:
        for page in document:
            lines: dict[int, list[tuple[float, float, str]]] = {}
            for left, _, right, low, word, *_ in page.get_text("words"):
                lines.setdefault(round(low), []).append((left, right, word))
            for line in lines.values():
                line.sort()
                between = [b[0] - a[1] for a, b in itertools.pairwise(line)]
                gaps[line[0][2]] = max(between, default=0.0)
    return gaps


@needs_poppler
@pytest.mark.parametrize("word", ["Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbau" * 2])
def test_a_long_word_in_a_title_stays_on_the_page(engine: Engine, word: str) -> None:
    title = f"Of {word}"
    data, _ = make(book(post("one", title, p(WORDS)), post("two", "Two", p(WORDS))), engine)
    with pymupdf.open(stream=data) as document:
        for page in document:
            for block in page.get_text("blocks"):
                assert block[2] <= PAGES["6x9"].width - 30
    joined = re.sub(r"[\s\u200b]", "", "".join(pages(data)))
    assert joined.count(word) >= 2


def test_long_words_of_titles_stay_on_the_page(engine: Engine) -> None:
    import pymupdf

    long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    posts = (post("one", long, p("x")), post("two", f"A {long}{long}", p("x")))
    source = Collection(posts=posts, index=Index.of(posts), parts=(Part(long, ("one", "two")),), info=BookInfo(title=long, subtitle=long, publisher=long, authors=(long,), language="de"))  # fmt: skip
    with pymupdf.open(stream=make(source, engine)[0]) as document:
        for page in document:
            for block in page.get_text("blocks"):
                assert block[0] > 36
                assert block[2] < page.rect.width - 36, (page.number, block)


@needs_poppler
def test_short_words_of_titles_are_not_hyphenated(engine: Engine) -> None:
    title = "the window beside the harbour " * 5
    texts = pages(make(book(post("one", title, p("x")), post("two", "Two", p("x"))), engine)[0])
    assert not re.search(r"[-\u2010]\s*\n", "".join(texts))


def test_a_word_longer_than_the_line_of_a_title_is_hyphenated(engine: Engine) -> None:
    word = "Schifffahrtsgesellschaftsverwaltungsgebäudeschlüssel"
    one = post("one", f"{word} und Leuchtturmwärter", p("x"))
    one = Post(msgspec.structs.replace(one.metadata, language="de"), one.body)
    data, _ = make(with_info(book(one, post("two", "Two", p("x"))), language="de"), engine)
    lines = [s["text"].strip() for page, s in spans(data) if s["size"] > 20 and page > 4]
    first, second = lines[0], lines[1]
    assert first[-1] in "-\u2010\xad"
    assert (first[:-1] + second).startswith(word)
    assert not any(line[-1] in "-\u2010\xad" for line in lines[1:])


@pytest.mark.parametrize("theme", ["essay", "novel"])
def test_lines_of_the_title_of_a_part_stand_in_the_middle(
    engine: Engine, theme: Literal["essay", "novel"]
) -> None:
    title = "Of the many things that one may say in a breath"
    posts = (post("one", "One", p("x")), post("two", "Two", p("x")))
    data, _ = make(book(*posts, parts=(Part(title, ("one", "two")),)), engine, theme=theme)
    lines = [s["bbox"] for page, s in spans(data) if page > 4 and s["text"].strip() in title]
    lines = [box for box in lines if box[3] - box[1] > 20]
    assert len(lines) == 2
    middle = (PAGE.inside + PAGE.width - PAGE.outside) / 2
    for left, _, right, _ in lines:
        assert (left + right) / 2 == pytest.approx(middle, abs=3)


@needs_poppler
@pytest.mark.parametrize("title", ["항구와 다락방과 고양이 한 마리에 대해 한숨에 말할 수 있는 수많은 이야기", "부두 끝의 등대"])  # fmt: skip
def test_lines_of_a_korean_title_end_between_words(engine: Engine, title: str) -> None:
    one = post("one", title, p("본문"))
    one = Post(msgspec.structs.replace(one.metadata, language="ko"), one.body)
    data, _ = make(with_info(book(one, post("two", "Two", p("x"))), language="ko"), engine)
    lines = [re.sub(r"[\s.\d]+$", "", line) for text in pages(data) for line in text.split("\n")]
    of_title = [line.split() for line in lines if line and line.split()[0] in title]
    assert len(of_title) > 1
    for words in of_title:
        assert set(words) <= set(title.split())


@pytest.mark.parametrize(
    ("language", "title"),
    [
        (
            "ja",
            "港と屋根裏部屋と一匹の猫について一息で言えるたくさんのことと、だれもそれを言わない理由",
        ),
        (
            "zh-Hans",
            "关于一座港口、一间阁楼和一只猫，人们一口气能说出的许许多多的话——以及 2024 年的事",
        ),
    ],
)
def test_lines_of_a_title_in_han_are_alike(engine: Engine, language: str, title: str) -> None:
    one = post("one", title, p("本文"))
    one = Post(msgspec.structs.replace(one.metadata, language=language), one.body)
    data, _ = make(with_info(book(one, post("two", "Two", p("x"))), language=language), engine)
    lines: dict[int, list[float]] = {}
    for page, span in spans(data):
        if page == 5 and span["size"] > 20:
            left, _, right, low = span["bbox"]
            lines.setdefault(round(low / 8), []).extend((left, right))
    widths = [max(line) - min(line) for line in lines.values()]
    assert len(widths) in (3, 4)
    assert min(widths) > 0.75 * max(widths)


def test_titles_break_where_their_lines_are_alike(engine: Engine) -> None:
    title = "Letter to a mathematician, aged ten"
    data, _ = make(book(post("one", title, p(WORDS))), engine)
    lines = [s for _, s in spans(data) if s["size"] > 20]
    assert [s["text"].strip() for s in lines] == ["Letter to a", "mathematician, aged ten"]


def test_the_subtitle_of_a_book_too(engine: Engine) -> None:
    subtitle = "Letters of a bindery by the harbour, in the order in which they went out"
    source = with_info(
        book(post("one", "T", p("x")), post("two", "Two", p("x"))), subtitle=subtitle
    )
    data, _ = make(source, engine)
    told = [s for page, s in spans(data) if page == 2 and 12.5 < s["size"] < 14]
    told = [s for s in told if s["text"].strip() != "2023"]
    assert " ".join(s["text"].strip() for s in told) == subtitle
    widths = [s["bbox"][2] - s["bbox"][0] for s in told]
    assert len(widths) == 2
    assert min(widths) > 0.7 * max(widths)


def test_a_title_longer_than_a_page_begins_on_the_page_of_its_date(engine: Engine) -> None:
    title = "On the harbour, the loft and the cat, and what one may say of them in a breath " * 14
    data, _ = make(book(post("one", title, p(WORDS))), engine)
    with pymupdf.open(stream=data) as document:
        first = document[0].get_text()
    assert "2023" in first and "On the harbour" in first


def test_the_words_of_an_opening_line_stand_no_further_apart_than_others(engine: Engine) -> None:
    title = "Internationalisation misunderstandings notwithstanding, we go on and on. " + WORDS
    data, _ = make(book(post("one", "T", p(title))), engine)
    found = words_of(data)
    first = next(w for w in found if w[5].lower() == "internationalisation")
    line = sorted((w for w in found if abs(w[2] - first[2]) < 3), key=lambda w: w[1])
    assert len(line) > 2
    gaps = [after[1] - before[3] for before, after in itertools.pairwise(line)]
    assert max(gaps) < 0.75 * PAGE.size


@needs_poppler
def test_the_opening_line_of_large_type_fits(engine: Engine, tmp_path: Path) -> None:
    """Its face is drawn for text of the usual size, and wider than one that is drawn for larger text."""
    theme = tmp_path / "large.toml"
    theme.write_text('base = "essay"\n[page]\ntype = "16pt"\nleading = "21pt"\n', "utf-8")
    one = post("one", "T", p(f"Der letzte Leuchtturmwärter war ein Mann. {WORDS}"))
    data, _ = make(book(one, post("two", "Two", p("x"))), engine, theme=theme)
    (opening,) = (line for text in pages(data) for line in text.split("\n") if "letzte" in line)
    assert opening.strip() == "Der letzte Leuchtturmwärter war"


def test_a_word_longer_than_the_line_of_a_heading_is_hyphenated(
    engine: Engine, tmp_path: Path
) -> None:
    word = "Rindfleischetikettierungsüberwachungstabellen"
    theme = tmp_path / "large.toml"
    theme.write_text('base = "essay"\n[page]\ntype = "16pt"\nleading = "21pt"\n', "utf-8")
    one = post("one", word, b.Heading((i.Text(word),), 2), p("x"))
    one = Post(msgspec.structs.replace(one.metadata, language="de"), one.body)
    data, _ = make(
        with_info(book(one, post("two", "Two", p("x"))), language="de"), engine, theme=theme
    )
    begins = [s for _, s in spans(data) if s["text"].startswith("Rindfleisch")]
    # In the contents, as a title, as a heading and in the head of a page it may be whole.
    assert len(begins) >= 3
    for span in begins:
        assert span["text"].strip() == word or span["text"].strip()[-1] in "-\u2010\xad"
        assert span["bbox"][2] < PAGE.width - PAGE.outside + 8


def test_an_opening_line_ends_before_the_last_word_of_its_paragraph(engine: Engine) -> None:
    measure = Measure(SERIF_ROMAN, PAGE.size)
    words = "The pilot boat wants a logbook that can be dropped overboard and read again".split()
    fitting = max(
        n
        for n in range(len(words))
        if measure.small_caps_width(" ".join(words[:n]) + " ", THEMES["essay"].lead_spacing)
        <= PAGE.measure
    )
    text = " ".join(words[: fitting + 1])
    data, _ = make(book(post("one", "T", p(text), p(WORDS))), engine)
    heights = {word[5]: round(word[2]) for word in reversed(words_of(data))}
    assert text.split()[-1] in heights
    assert heights[text.split()[-1]] > heights["The"] + PAGE.leading / 2
    assert opening_line(text, measure, PAGE.measure, 0.06, complete=False) is None


def test_a_heading_below_the_opener_has_no_more_room_than_text(engine: Engine) -> None:
    starts = []
    for first in (p("The start."), b.Heading((i.Text("The start"),), 2)):
        data, _ = make(book(post("one", "T", first, p(WORDS))), engine)
        starts.append(next(s["origin"][1] for _, s in spans(data) if "The start" in s["text"]))
    assert starts[0] == pytest.approx(starts[1], abs=2)


def test_headings_that_follow_each_other_stand_close(engine: Engine) -> None:
    heads = [b.Heading((i.Text(text),), level) for text, level in (("Upper", 2), ("Lower", 3))]
    data, _ = make(book(post("one", "T", p(WORDS), *heads, p("Between."), heads[0])), engine)
    uppers = [s["origin"][1] for _, s in spans(data) if s["text"].strip() == "Upper"]
    lower, between = (
        next(s["origin"][1] for _, s in spans(data) if text in s["text"])
        for text in ("Lower", "Between")
    )
    assert lower - uppers[0] < 0.75 * (uppers[1] - between)


def test_headings_that_follow_each_other_stay_with_their_text(engine: Engine) -> None:
    def letter(n: int) -> Post:
        filling = p(*[part for line in range(n) for part in (f"{n} line {line}", i.LineBreak())])
        heads = (b.Heading((i.Text(f"Upper{n}"),), 2), b.Heading((i.Text(f"Lower{n}"),), 3))
        return post(f"k{n}", f"Title{n}", filling, *heads, p(f"Below{n}. {WORDS}"))

    data, _ = make(book(*map(letter, range(20, 30))), engine)
    place = {text["text"].strip(): number for number, text in spans(data)}
    below = {
        n: number for n in range(20, 30) for text, number in place.items() if f"Below{n}." in text
    }
    parted = 0
    for n, number in below.items():
        assert place[f"Upper{n}"] == place[f"Lower{n}"] == number
        parted += place[f"{n} line 1"] != number
    assert len(below) == 10
    assert 0 < parted < 10


@in_every_look
def test_few_words_in_a_line_are_not_spread_over_it(
    engine: Engine, theme: Literal["essay"]
) -> None:
    """As beside a word or an address that does not fit into the line."""
    long = "incomprehensibilities" * 2
    address = "https://example.org/a-very-long-address/which_goes_on/and_on/without-an-end"
    first = post("one", "One", p(f"Notwithstanding obstacles, {long} remain. {WORDS}"))
    second = post(
        "two",
        "Two",
        p(f"Soft. {WORDS} Seen {address} at last. {WORDS}"),
        p("Two", i.LineBreak(), WORDS),
    )
    data, _ = make(book(first, second), engine, theme=theme)
    gaps = widest_gaps(data)
    assert max(gaps[word] for word in gaps if word not in ("Letters", "One", "Two")) < 10, gaps


def test_lines_beside_a_compound_that_is_hyphenated_are_filled(engine: Engine) -> None:
    words = "Der Wärter las die Anzeige der Windgeschwindigkeitsmessgeräteanzeige, und zwar jeden Abend. "
    one = post("one", "T", p("Vorher."), p(words * 6))
    one = Post(msgspec.structs.replace(one.metadata, language="de"), one.body)
    data, _ = make(with_info(book(one, post("two", "Two", p("x"))), language="de"), engine)
    ends: dict[int, float] = {}
    for word in words_of(data):
        if word[0] == 5 and 150 < word[2] < 550:
            ends[round(word[4])] = max(word[3], ends.get(round(word[4]), 0))
    *full, _ = [ends[high] for high in sorted(ends)][1:]
    assert len(full) > 4
    # Typst sets hyphens into the margin.
    assert min(full) > PAGE.width - PAGE.inside - 1
    assert max(full) < PAGE.width - PAGE.inside + 6


def test_a_long_number_does_not_stretch_the_line_before_it(engine: Engine) -> None:
    key = "1F3E2341AABC0CFBA5901371A0AEEE4F4A5E3A01"
    data, _ = make(
        book(post("one", "T", p(f"{WORDS} Your GPG long identifier is {key}, and so on."))), engine
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


def test_what_is_centred_or_at_the_right_is_set_so(engine: Engine) -> None:
    body = (
        p(WORDS),
        p("before"),
        b.Group((p("one line"), p("and another")), classes=("align-center",)),
        b.Paragraph((i.Text("to the right"),), classes=("align-right",)),
        b.Heading((i.Text("Headed"),), 2, classes=("align-center",)),
        p("after"),
    )
    data, _ = make(book(post("one", "T", *body)), engine)
    places = {s["text"].strip(): s["bbox"] for _, s in spans(data)}
    middle = PAGE.inside + PAGE.measure / 2
    for words in ("one line", "and another", "Headed"):
        assert (places[words][0] + places[words][2]) / 2 == pytest.approx(middle, abs=2)
    assert places["to the right"][2] == pytest.approx(PAGE.inside + PAGE.measure, abs=2)
    assert places["after"][0] == pytest.approx(PAGE.inside, abs=2)


def test_lines_of_a_meaning_are_indented_alike(engine: Engine) -> None:
    item = b.DefinitionItem((i.Text("Term"),), ((p("First. " + WORDS),), (p("Last."),)))
    data, _ = make(book(post("one", "T", b.DefinitionList((item,)))), engine)
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


def test_second_lines_of_tasks_are_indented_as_the_first(engine: Engine) -> None:
    item = b.ListItem((p("start " + WORDS * 2),), checked=False)
    data, _ = make(book(post("one", "T", b.List((item,)))), engine)
    with pymupdf.open(stream=data) as document:
        (start,) = document[0].search_for("start")
    below = [word[1] for word in words_of(data) if start.y1 - 3 < word[2] < 550]
    assert len(below) > 20
    assert min(below) == pytest.approx(start.x0, abs=1)


@needs_poppler
def test_items_too_deep_to_be_set_apart_have_lines_of_their_own(engine: Engine) -> None:
    items: b.Block = b.List((b.ListItem((p("level 11"),)),))
    for level in range(10, -1, -1):
        items = b.List((b.ListItem((p(f"level {level}"), items)), b.ListItem((p("next"),))))
    data, _ = make(book(post("one", "One", items)), engine)
    lines = [line for text in pages(data) for line in text.split("\n") if "level" in line]
    assert [line.strip("\u2022 ") for line in lines] == [f"level {level}" for level in range(12)]


def test_quotations_in_quotations_are_not_set_smaller_and_smaller(engine: Engine) -> None:
    block: b.Block = p("level 6")
    for level in range(5, -1, -1):
        block = b.Quote((p(f"level {level}"), block))
    one = post("one", "T", b.Quote((block,)), p("text", i.NoteRef("n")))
    note = Footnote("n", (p("noted"), b.Quote((p("quoted below"),))))
    one = Post(one.metadata, one.body, (note,))
    data, _ = make(book(one), engine)
    sizes = {s["text"].rpartition("\u2002")[2].strip(): s["size"] for _, s in spans(data)}
    quoted = {round(sizes[f"level {level}"], 2) for level in range(7)}
    assert quoted == {round(PAGE.size * 0.942, 2)}
    assert sizes["quoted below"] == sizes["noted"]


def test_each_line_of_a_verse_begins_where_it_stands(engine: Engine) -> None:
    lines = ("first", "second", "  third", "fourth " + WORDS)
    broken = [part for line in lines for part in (i.Text(line), i.LineBreak())]
    verse = b.Verse((*broken, i.LineBreak(), i.Text("stanza"), i.LineBreak(), i.Text("end")))
    data, report = make(book(post("one", "T", p("before"), verse)), engine)
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


@needs_poppler
@needs_poppler
def test_letters_in_pieces_are_set_as_those_in_one(engine: Engine) -> None:
    text = "Café in Việt Nam, façade, naïve, ångström. "

    def set_words(form: Literal["NFC", "NFD"]) -> list[str]:
        data, _ = make(book(post("one", "T", p(unicodedata.normalize(form, text)))), engine)
        boxes = subprocess.run(
            ["pdftotext", "-bbox", "-", "-"], input=data, capture_output=True, check=True
        )
        return re.findall(r"<word.*", unicodedata.normalize("NFC", boxes.stdout.decode()))

    assert set_words("NFD") == set_words("NFC") != []


@in_every_look
def test_a_line_of_code_that_fits_is_not_cut(engine: Engine, theme: Literal["essay"]) -> None:
    """Places to break in its long words were counted as columns."""
    command = "curl -fsSL https://get.example.org/install/stable.sh | sudo bash"
    data, _ = make(
        book(post("one", "L", b.CodeBlock(f"{command}\n{command}"))), engine, theme=theme
    )
    text = printed(data)
    assert text.count(command) == 2
    assert "»" not in text


@in_every_look
def test_a_line_of_code_in_a_list_within_lists_is_cut_once(
    engine: Engine, theme: Literal["essay"]
) -> None:
    """Where it is cut, what goes on has a mark; the engine would break it again without one."""
    code = " ".join(f"word{n:02}" for n in range(30))
    nested: b.Block = b.CodeBlock(code)
    for wrap in (None, b.Quote, None, None, None):
        nested = b.List((b.ListItem((p("Item"), nested)),)) if wrap is None else wrap((nested,))
    data, _ = make(book(post("one", "L", nested)), engine, theme=theme)
    with pymupdf.open(stream=data) as document:
        text = "\n".join(page.get_text() for page in document)
    begun = [line for line in text.splitlines() if "word" in line]
    assert begun[0].startswith("word00")
    assert [line for line in begun[1:] if not line.startswith("»")] == []


def test_signs_of_code_are_printed_as_they_are(engine: Engine) -> None:
    """The face has ligatures of them, by contextual alternates."""
    data, _ = make(book(post("one", "T", b.CodeBlock("a === b"), p(i.Code("c === d")))), engine)
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


def test_an_address_can_be_copied_and_no_hyphen_is_put_into_it(
    engine: Engine,
) -> None:
    words = "interconnectedness/internationalization/responsibilities/misunderstandings"
    hrefs = [f"https://{'x' * n}.example/{words}" for n in range(1, 13)]
    shown = [i.Link((i.Text(href),), href) for href in hrefs]
    told = [i.Link((i.Text("there"),), href.replace("https", "http")) for href in hrefs]
    notes = tuple(
        Footnote(href, (p("See ", link),)) for href, link in zip(hrefs, shown, strict=True)
    )
    body = [p(*pair, i.NoteRef(h)) for *pair, h in zip(shown, told, hrefs, strict=True)]
    read = Post(Metadata(key="k", title="T", language="en"), tuple(body), notes)
    data, _ = make(book(read), engine, links="footnotes")
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()
    assert re.findall(r"\S+[-\u2010\u00ad]$", text, re.M) == []
    copied = re.sub(r"\s+", "", text)
    for href in hrefs:
        assert copied.count(href.partition("://")[2]) >= 3, href


def test_the_number_of_an_address_does_not_begin_a_line(engine: Engine) -> None:
    links = [i.Link((i.Text("ext2"),), f"https://a.example/{n}") for n in range(12)]
    paragraphs = [
        p("a " * n, *(part for link in links for part in (link, ". "))) for n in range(12)
    ]
    data, _ = make(book(post("k", "T", *paragraphs)), engine, links="endnotes")
    with pymupdf.open(stream=data) as document:
        text = "\n".join(page.get_text() for page in document)
    lines = [line.strip("\u2060\u200b ") for line in text.partition("Links")[0].splitlines()]
    assert any("[12]" in line for line in lines)
    assert [line for line in lines if re.match(r"\[\d+\]", line)] == []


def test_addresses_are_small_and_not_stretched(engine: Engine) -> None:
    links = [
        p(i.Link((i.Text(f"word{n} here"),), f"https://x.example/{'part/' * 11}{n}"))
        for n in range(9)
    ]
    data, _ = make(book(post("one", "T", *links)), engine, links="endnotes")
    listed = [s for _, s in spans(data) if "example" in s["text"]]
    assert len(listed) == 9
    assert all(s["size"] < 0.85 * PAGE.size for s in listed)


@needs_poppler
def test_the_title_of_a_box_stays_with_its_text(engine: Engine) -> None:
    body = p("Body " + "of the box that has several lines " * 8)
    posts = [
        post(
            f"k{n}",
            f"Post {n}",
            *(p(f"Line {n}.") for _ in range(n)),
            b.Callout((body,), (i.Text(f"Title{n}"),), "note"),
        )
        for n in range(16, 32)
    ]
    texts = pages(make(book(*posts), engine)[0])
    for n in range(16, 32):
        page = next(text for text in texts if f"Title{n}" in text)
        assert "Body" in page.partition(f"Title{n}")[2], n


@pytest.mark.parametrize("theme", ["essay", "manual"])
def test_no_leaders_stand_alone_below_a_title_that_fills_its_line(
    engine: Engine, theme: ThemeName
) -> None:
    begin = "A marbling harbour paper bookbindery leaf tide cat"
    source = book(*[post(f"k{n}", f"{begin} {'i' * n}", p("text")) for n in range(1, 16)])
    data, _ = make(source, engine, theme=theme)
    for text in pages(data)[4:6]:
        assert "i" in text
        assert not [
            line for line in text.splitlines() if "." in line and not re.search("[a-z]", line)
        ]


@pytest.mark.parametrize("theme", ["essay", "novel"])
def test_a_title_of_two_lines_ends_one_after_its_colon_in_the_contents(
    engine: Engine, theme: ThemeName
) -> None:
    titles = {
        "The harbour and the net loft: what the keeper of the light remembers, Part 2": 2,
        "Short: a title": 1,
        "So: a first part that is too short to have a line of its own in these contents": 2,
        "A first part of middle length: a second part that would take two lines of the contents alone": 2,
    }  # fmt: skip
    posts = [post(f"k{n}", title, p(WORDS)) for n, title in enumerate(titles)]
    data, _ = make(book(*posts), engine, theme=theme)
    contents = next(text for text in pages(data) if "Short: a title" in text)
    ends = [line.strip() for line in contents.splitlines() if line.strip().endswith(":")]
    assert ends == ["The harbour and the net loft:"]


def test_a_long_last_word_is_held_with_its_leaders() -> None:
    begin = "A marbling harbour paper leaf"
    source = book(
        *[post(f"k{n}", f"{begin} {'i' * n} harbourmastersfolios", p("text")) for n in range(1, 16)]
    )
    data, _ = make(source, "weasyprint")
    for text in pages(data)[4:6]:
        assert "harbourmastersfolios" in text
        assert not [
            line for line in text.splitlines() if "." in line and not re.search("[a-z]", line)
        ]


def test_no_line_ends_behind_the_first_signs_of_code(engine: Engine) -> None:
    """Options and paths were parted behind their hyphens and their slash."""
    words = [("--no-verify", "--"), ("/etc/tides.conf", "/"), ("--port", "--")]
    texts = [
        p("x" * length, *(part for code, _ in words * 9 for part in (" ", i.Code(code))), " end")
        for length in range(1, 40, 2)
    ]
    data, _ = make(book(post("one", "L", *texts)), engine)
    with pymupdf.open(stream=data) as document:
        ends = {word[4] for page in document for word in page.get_text("words")}
    assert {"--port", "--no-verify"} <= ends
    assert ends.isdisjoint(sign for _, sign in words)


def test_no_line_begins_with_a_dash(engine: Engine) -> None:
    text = " ".join(["a quay—two boats – and"] * 90 + ["the ferry — late"] * 60)
    end = i.Text(" — end, an end—" * 99)
    one = post("one", "T", p(text), b.Paragraph((i.Emphasis((i.Text("quay"),)), end)))
    data, _ = make(book(one, post("two", "Two", p("x"))), engine)
    with pymupdf.open(stream=data) as document:
        lines = [line for page in document for line in page.get_text().splitlines()]
    assert sum("—" in line or "–" in line for line in lines) > 30
    assert [line for line in lines if line.strip("\u2060 ")[:1] in ("—", "–")] == []
    assert any(line.rstrip().endswith(("—", "–")) for line in lines)


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("a—b – c — d", "a~—b_– c_— d"),
        ("a  — b\n– c", "a_— b_– c"),
        ("<em>a</em>—b", "a~—b"),
        ("<em>a</em> – b", "a_– b"),
        ("— spoken — words", "— spoken_— words"),
        ("10–20 and -5", "10–20 and -5"),
        ("one<br/>— two", "one— two"),
        ("<code>a — b</code> —— c", "a — b —— c"),
    ],
)
def test_a_dash_is_joined_to_the_word_before_it(markup: str, shown: str) -> None:
    tree = parse_markup(f"<section><p>{markup}</p></section>")
    keep_dashes(tree)
    join_dashes(tree)
    assert "".join(tree.itertext()).replace("\u2060", "~").replace("\xa0", "_") == shown


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("so it was—not late", "so it [was—]not late"),
        ("a b—c—d e", "a [b—][c—]d e"),
        ("is “told”—not", "is [“told”—]not"),
        ("was—first", "was—first"),
        ("un<em>told</em>ness—and then—so", "un<em>told</em>ness—and [then—]so"),
        ("a harbourmastership—is", "a harbourmastership—is"),
        ("a b—— c – d — e", "a b—— c – d — e"),
        ("a <code>b c—d</code> e", "a <code>b c—d</code> e"),
        ("a <em>of b—c</em>", "a <em>of [b—]c</em>"),
    ],
)
def test_a_dash_is_held_by_a_short_word(markup: str, shown: str) -> None:
    tree = parse_markup(f"<section><p>{markup}</p></section>")
    hold_dashes(tree)
    held = re.sub('<span class="word">([^<]*)</span>', r"[\1]", tostring(tree[0], "unicode"))
    assert held == f"<p>{shown}</p>"


def test_words_around_dashes_are_found_in_a_page(engine: Engine) -> None:
    data, _ = make(
        book(post("one", "T", p(f"{WORDS} and then—so; but — as – if. {WORDS}"))), engine
    )
    with opened_pdf(data) as document:
        texts = [document[number].get_textpage() for number in range(len(document))]
        for words in ("then—so", "but — as – if"):
            assert any(text.search(words).get_next() for text in texts), words


@pytest.mark.parametrize("begins", ["https://n.example/Watch and more", "letters.example is where"])
def test_an_address_is_not_set_in_small_capitals(begins: str) -> None:
    measure = Measure(SERIF_ROMAN, PAGE.size)
    paragraph = parse_markup(f'<p><a href="x">{begins}</a> {WORDS}</p>')
    set_opening_line(paragraph, measure, PAGE.measure, 0.05)
    assert (paragraph.find(".//span") is None) is begins.startswith("https")
    paragraph = parse_markup(f"<p>{begins} {WORDS}</p>")
    set_drop_cap(paragraph, measure, PAGE.measure, 2)
    assert paragraph.find(".//span") is None


def test_a_heading_in_bold_stands_in_the_middle_of_a_novel_s_line(engine: Engine) -> None:
    heading = b.Paragraph((i.Strong((i.Text("Whydoyouask"),)),))
    one = post("one", "T", p("Above."), heading, p(WORDS))
    data, _ = make(book(one, post("two", "Two", p("x"))), engine, theme="novel")
    page, span = next(pair for pair in spans(data) if "Whydoyouask" in pair[1]["text"])
    left, _, right, _ = span["bbox"]
    text = [s["bbox"] for p, s in spans(data) if p == page and s["bbox"][2] - s["bbox"][0] > 200]
    assert left + right == pytest.approx(text[0][0] + text[0][2], abs=6)


SPACES = "".join(c for c in map(chr, range(0x3001)) if c.isspace())


@example("a" * 12 + "\u200b" + "b" * 12 + ".")
@example(f"{'a/' * 12}\x1c{'b/' * 13}")
@given(st.text(st.sampled_from(f"aaaaaaaa/.-é漢\u200b{SPACES}"), max_size=200))
def test_texts_without_a_long_word_are_told_from_others(text: str) -> None:
    assert break_words(text) == chapter_tree._LONG_WORD.sub(chapter_tree._with_breaks, text)


@given(st.permutations("The binder's knife, paste & 12 sheets of paper: Ωμέγα, 漢字 and ünder"))
def test_a_width_does_not_depend_on_the_order_of_letters(letters: list[str]) -> None:
    measure = Measure(SERIF_ROMAN, 10.7)
    ordered = sorted(letters)
    assert measure.width("".join(letters)) == measure.width("".join(ordered))
    small = [measure.small_caps_width("".join(order), 0.05) for order in (letters, ordered)]
    assert small[0] == small[1]


def test_only_code_that_is_too_wide_or_has_tabs_is_wrapped() -> None:
    narrow = 'a <span class="s">&lt;b&gt;</span>'
    markup = f"<section><pre><code>{narrow}</code></pre><pre><code>\tc</code></pre></section>"
    chapter = fromstring(markup)
    kept, tabbed = (block[0] for block in chapter)
    wrap_chapter_code(chapter, 30, THEMES["essay"])
    assert chapter[0][0] is kept
    assert tostring(kept, encoding="unicode") == f"<code>{narrow}</code>"
    assert chapter[1][0] is not tabbed
    assert chapter[1][0].text == "        c"


@pytest.mark.parametrize("theme", ["essay", "novel"])
def test_an_opening_line_does_not_end_before_a_dash(engine: Engine, theme: ThemeName) -> None:
    letters = [
        post(f"l{n}", f"Letter {n}", p(f"{WORDS[:n]}he said — and {WORDS}"))
        for n in range(20, 60, 2)
    ]
    data, report = make(book(*letters), engine, theme=theme)
    assert DiagnosticCode.GLYPH_MISSING not in {found.code for found in report.diagnostics}
    with pymupdf.open(stream=data) as document:
        text = "".join(page.get_text() for page in document)
    assert text.count("—") == len(letters)
    assert "\ufffd" not in text


def test_a_character_that_only_joins_has_no_width() -> None:
    measure = Measure(SERIF_ROMAN, 10)
    assert measure.width("a\u2060—") == measure.width("a—")
    assert measure.small_caps_width("a\u2060—", 0) == measure.small_caps_width("a—", 0)


@pytest.mark.parametrize(("around", "kind"), [("ul", "list"), ("blockquote", "quote")])
def test_code_stands_below_the_words_of_its_item_unless_it_needs_the_room(
    around: str, kind: str
) -> None:
    theme = THEMES["essay"]
    room = 20 - theme.indents()[around]
    columns = int(room / theme.code_column)
    code = [f"<pre><code>{'x' * count}\n</code></pre>" for count in (columns, columns + 1)]
    inner = "".join(code)
    tabs = "<pre><code>\tx\n</code></pre>"
    text = f"<li>{inner}{tabs}</li>" if around == "ul" else inner + tabs
    chapter = fromstring(f"<section><{around}>{text}</{around}></section>")
    wrap_chapter_code(chapter, 20, theme)
    assert [block.get(OUTDENT) for block in chapter.iter("pre")] == [None, kind, None]
    assert "".join(chapter.itertext()).count("\n") == 3
