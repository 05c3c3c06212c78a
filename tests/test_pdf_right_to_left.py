"""Tests right-to-left text in print."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from pathlib import Path
from typing import Literal

import msgspec
import pymupdf
import pytest

import clothbound
from book_info import with_info
from clothbound import api
from clothbound.context import Context
from clothbound.media.picture_limits import PictureRules
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Footnote, Metadata, Post
from clothbound.writers.pdf import Pdf
from clothbound.writers.pdf.book_html import BookMaker
from clothbound.writers.pdf.page_format import PAGES
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
    spans,
    words_of,
)


@needs_poppler
def test_a_right_to_left_book_is_set_so(engine: Engine) -> None:
    posts = (post("one", "مرحبا", p(WORDS)), post("two", "سلام", p(WORDS)))
    collection = with_info(book(*posts), language="ar", title="رسائل")
    with pymupdf.open(stream=make(collection, engine)[0]) as document:
        contents = next(page for page in document if page.number == 4)
        words = contents.get_text("words")
    numbers = [word for word in words if re.fullmatch(r"[\s.]*[0-9]+", word[4])]
    assert numbers
    assert all(word[0] < PAGES["6x9"].width / 3 for word in numbers if word[3] < 500)
    # Its first page is a left-hand one, with the binding on the right.
    tree = (
        BookMaker(collection, Context(), PAGES["6x9"], THEMES["essay"], rules=PictureRules())
        .make()
        .tree
    )
    assert tree.get("dir") == "rtl"
    assert {chapter.get("dir") for chapter in tree.iter("section") if chapter.get("id")} == {"ltr"}


def test_right_to_left_and_runs(engine: Engine) -> None:
    source = Post(
        Metadata(key="ar", title="رسالة", language="ar"),
        (p("كتب المجلد رسالة طويلة إلى المدينة."),),
    )
    english = p("The word ", i.Span((i.Text("שלום"),), attributes=(("lang", "he"),)), " is Hebrew.")
    data, report = make(book(source, post("two", "Two", english)), engine)
    text = re.sub("[\u202a-\u202e]", "", unicodedata.normalize("NFKC", " ".join(pages(data))))
    assert "المدينة" in text
    assert "שלום" in text
    assert not engine_messages(report)


def test_letters_with_marks_can_be_copied(engine: Engine) -> None:
    hebrew = Post(
        Metadata(key="he", title="מכתב", language="he"), (p("בְּרֵאשִׁית בָּרָא אֱלֹהִים אֵת הַשָּׁמַיִם."),)
    )
    data, _ = make(with_info(book(hebrew), language="he"), engine)
    text = unicodedata.normalize("NFKD", "".join(pages(data)))
    letters = "".join(letter for letter in text if not unicodedata.combining(letter))
    assert letters.count("ב") == 2 + letters.count("מכתב")
    assert letters.count("ש") == 2


@in_every_look
def test_lines_that_are_read_from_the_right_begin_below_each_other(
    engine: Engine, theme: Literal["essay"]
) -> None:
    words = (
        "كتب المجلد رسالة طويلة، وأنا أتعلّم في مرسى صغير، ثم عاد إلى بيته في الليل وقال: هنا. " * 5
    )
    source = Post(Metadata(key="ar", title="رسالة", language="ar"), (p(words), p(words)))
    data, _ = make(book(source), engine, theme=theme)
    with pymupdf.open(stream=data) as document:
        words_by_line: dict[int, list[float]] = {}
        for left, _, right, foot, *_ in document[0].get_text("words"):
            words_by_line.setdefault(round(foot / 3), []).extend((left, right))
    edges = [max(line) for line in words_by_line.values() if max(line) - min(line) > 200]
    assert len(edges) > 6
    # But for the first line of the second paragraph, where it is indented.
    assert sum(right < max(edges) - 1 for right in edges) <= 1, edges


def test_letters_that_are_joined_are_not_spaced(engine: Engine) -> None:
    """Lines of Arabic are filled by their spaces alone."""
    text = "كتب المجلد رسالة طويلة إلى المدينة ثم عاد إلى بيته في الميناء " * 12
    metadata = msgspec.structs.replace(post("ar", "رسالة").metadata, language="ar")
    data, _ = make(book(Post(metadata, (p(text),)), post("two", "Two", p("x"))), engine)
    widths = [w[3] - w[1] for w in words_of(data) if w[5] == "المدينة"]
    assert len(widths) > 5
    assert max(widths) - min(widths) < 0.01


def test_a_head_in_another_direction_is_not_taken_apart(engine: Engine) -> None:
    title = "إعداد Raspberry Pi 5 من الصفر"
    arabic = post("ar", title, *[p("سطر " * 300) for _ in range(3)])
    arabic = Post(msgspec.structs.replace(arabic.metadata, language="ar"), arabic.body)
    data, _ = make(book(arabic, post("two", "Two", p("x"))), engine)
    for page, top in ((4, 200), (5, 200), (6, 60)):
        words = {w[5]: w for w in words_of(data) if w[0] == page and w[2] < top}
        # From the right: its first word, the Latin ones, its last.
        assert words["إعداد"][1] > words["Raspberry"][1] > words["الصفر"][1]
        assert words["الصفر"][1] < PAGE.inside + 20 if page == 6 else True


def test_a_latin_title_in_a_line_from_the_right_keeps_its_order(engine: Engine) -> None:
    """A line must not part its last words."""
    arabic = post("ar", "Raspberry Pi 5", p("سطر " * 30))
    arabic = Post(msgspec.structs.replace(arabic.metadata, language="ar"), arabic.body)
    one = book(arabic, post("two", "Two", p("x")))
    for source in (one, with_info(one, language="ar")):
        data, _ = make(source, engine)  # type: ignore[arg-type]
        for page in (4, 5):
            words = {w[5]: w for w in words_of(data) if w[0] == page and w[2] < 200}
            assert words["Raspberry"][1] < words["Pi"][1]


def test_code_of_a_post_from_right_to_left_begins_at_the_left(engine: Engine) -> None:
    code = b.CodeBlock("sudo usermod -aG docker $USER", "sh")
    arabic = post("ar", "رسالة", p("سطر " * 30), code)
    arabic = Post(msgspec.structs.replace(arabic.metadata, language="ar"), arabic.body)
    data, _ = make(book(arabic), engine)
    words = {w[5]: w for w in words_of(data)}
    assert words["sudo"][1] < words["usermod"][1] < words["$USER"][1]
    assert words["sudo"][1] < 72


def test_code_of_a_book_from_right_to_left_begins_at_the_left(engine: Engine) -> None:
    """The book says its language, its posts do not."""
    one = post("one", "رسالة", p("سطر " * 30), b.CodeBlock("usermod -aG docker $USER", "sh"))
    source = with_info(book(one, post("two", "Two", p("x"))), language="ar")
    data, _ = make(source, engine)  # type: ignore[arg-type]
    words = {w[5]: w for w in words_of(data)}
    assert words["usermod"][1] < words["docker"][1] < words["$USER"][1]
    assert words["usermod"][1] < 72


def test_a_quotation_in_latin_letters_begins_at_the_left(engine: Engine) -> None:
    quotation = b.Quote((p("Gallia est omnis divisa in partes tres."),))
    row = tuple(b.Cell((i.Text(word),)) for word in ("liber", "terra"))
    hebrew = post("he", "מכתב", p("שלום " * 30), quotation, b.Table(rows=(row,)))
    hebrew = Post(msgspec.structs.replace(hebrew.metadata, language="he"), hebrew.body)
    data, _ = make(book(hebrew, post("two", "Two", p("x"))), engine)
    words = {w[5]: w for w in words_of(data)}
    assert words["Gallia"][1] < 90
    # Its full stop stands behind the last word.
    assert words["tres."][1] > words["partes"][3]
    assert words["liber"][3] < words["terra"][1]


def test_a_list_from_the_right_stays_within_the_lines_of_an_english_letter(engine: Engine) -> None:
    items = tuple(b.ListItem((p(text),)) for text in ("אחת, שתיים.", "שלוש!"))
    numbers = b.List(items, ordered=True)
    one = post("one", "A letter", p(WORDS), p("שאלתי את הספרנית אם."), b.List(items), numbers)
    data, _ = make(book(one), engine)
    with pymupdf.open(stream=data) as document:
        words = [word for page in document for word in page.get_text("words")]
    lines = max(word[2] for word in words if word[4] in WORDS.split())
    right = [word for word in words if any("א" <= sign <= "ת" for sign in word[4])]
    assert max(word[2] for word in right) == pytest.approx(lines, abs=16)
    assert max(word[2] for word in words) < lines + 2


def test_code_that_is_a_whole_line_from_the_right_ends_there(engine: Engine) -> None:
    short = p(i.Strong((i.Code("9.9.9.10"),)))
    items = tuple(b.ListItem((line,)) for line in (p(i.Code("tls://dns.quad9.net")), short))
    arabic = post("ar", "رسالة", p("سطر " * 30), b.List(items), p(i.Code("ls")))
    arabic = Post(msgspec.structs.replace(arabic.metadata, language="ar"), arabic.body)
    data, _ = make(book(arabic, post("two", "Two", p("x"))), engine)
    right = {w[5]: w[3] for w in words_of(data)}
    assert abs(right["9.9.9.10"] - right["tls://dns.quad9.net"]) < 1
    assert right["ls"] > right["9.9.9.10"] + 5


@pytest.mark.parametrize("language", ["ar", "en"])
def test_code_of_words_from_the_right_keeps_their_order(language: str, engine: Engine) -> None:
    line = p(i.Text("Port "), i.Code("الإعدادات ثم DNS"), i.Text(" x "), i.Code("ls -l docker"))
    one = post("one", "Harbour", line, p("سطر " * 30))
    one = Post(msgspec.structs.replace(one.metadata, language=language), one.body)
    data, _ = make(with_info(book(one, post("two", "Two", p("x"))), language=language), engine)  # type: ignore[arg-type]
    words = {w[5]: w for w in words_of(data)}
    assert words["الإعدادات"][1] > words["ثم"][1] > words["DNS"][1]
    assert words["ls"][1] < words["-l"][1] < words["docker"][1]
    # What stands beside the code runs as its line does.
    assert (words["Port"][1] > words["الإعدادات"][1]) is (language == "ar")


def test_a_note_of_a_post_from_right_to_left_begins_at_the_right(engine: Engine) -> None:
    arabic = post("ar", "رسالة", p("سطر", i.NoteRef("n")), notes={"n": "كان يعرف " * 30})
    arabic = Post(
        msgspec.structs.replace(arabic.metadata, language="ar"), arabic.body, arabic.footnotes
    )
    data, _ = make(book(arabic, post("two", "Two", p("x"))), engine)
    (number,) = [w for w in words_of(data) if w[5].strip(".\u2002") == "1" and 400 < w[2] < 580]
    assert number[1] > PAGE.width / 2


def test_a_face_for_code_is_no_text_face_of_another_script(engine: Engine) -> None:
    arabic = post("ar", "رسالة", p("كتب المجلد رسالة طويلة إلى المدينة."))
    data, _ = make(book(arabic, post("two", "Two", p("x"))), engine)
    fonts = {
        font for _, span in spans(data) if "المدينة" in span["text"] for font in [span["font"]]
    }
    assert not any("Mono" in font for font in fonts), fonts


def test_code_in_a_list_from_right_to_left_has_the_whole_line(engine: Engine) -> None:
    """Where it needs the room, it takes back the indent of the list, which is on the right, and of the quotation."""
    rest = "a" * 57
    code = b.CodeBlock(f"usermod {rest}", "sh")
    quoted = b.Quote((p("سطر " * 30), b.CodeBlock(f"groupadd {rest}", "sh")))
    items = b.List((b.ListItem((p("سطر " * 30), code)),))
    arabic = post("ar", "رسالة", p("سطر " * 30), items, quoted)
    arabic = Post(msgspec.structs.replace(arabic.metadata, language="ar"), arabic.body)
    data, _ = make(book(arabic), engine)
    words = {w[5]: w for w in words_of(data)}
    for first in ("usermod", "groupadd"):
        assert words[first][1] == pytest.approx(PAGE.inside, abs=1)


def test_a_sign_beside_a_marked_run_follows_its_line(engine: Engine) -> None:
    """Both neighbours are written from left to right, and the line is not."""
    english = (("lang", "en"), ("dir", "ltr"))
    line = b.Paragraph(
        (
            i.Text("שלום "),
            i.Span((i.Text("harbour"),), attributes=english),
            i.Text(": "),
            i.Span((i.Text("lantern"),), attributes=english),
        )
    )
    source = msgspec.structs.replace(
        post("one", "נמל", line), metadata=Metadata(key="one", title="נמל", language="he")
    )
    with pymupdf.open(stream=make(with_info(book(source), language="he"), engine)[0]) as document:
        blocks = [block for page in document for block in page.get_text("rawdict")["blocks"]]
    letters = [
        (letter["c"], letter["bbox"][0])
        for block in blocks
        for row in block.get("lines", ())
        for span in row["spans"]
        for letter in span["chars"]
    ]
    text = "".join(letter for letter, _ in letters)
    assert "harbour" in text and "lantern" in text
    colon = next(x for letter, x in letters if letter == ":")
    assert letters[text.index("lantern")][1] < colon <= letters[text.index("harbour")][1]


def test_a_mark_behind_a_number_and_a_full_stop_is_no_part_of_the_number(engine: Engine) -> None:
    """Unicode reads 2024.1 as one number, from left to right."""
    line = b.Paragraph((i.Text("הכול קרה בשנת 2024."), i.NoteRef("n")))
    note = Footnote("n", (b.Paragraph((i.Text("הערה"),)),))
    metadata = Metadata(key="one", title="נמל", language="he")
    source = Post(metadata, (line,), (note,))
    with pymupdf.open(stream=make(with_info(book(source), language="he"), engine)[0]) as document:
        rows = [
            [(letter["c"], letter["bbox"]) for span in row["spans"] for letter in span["chars"]]
            for page in document
            for block in page.get_text("rawdict")["blocks"]
            for row in block.get("lines", ())
        ]
    letters = [one for row in rows for one in row]
    year = letters["".join(letter for letter, _ in letters).index("2024")][1]
    stop = next(box for letter, box in letters if letter == "." and abs(box[3] - year[3]) < 4)
    assert stop[0] < year[0]
    assert '<sup dir="ltr">' in clothbound.to_html(source)


@pytest.mark.parametrize(("language", "words"), [("he", "harbour lantern."), ("en", "שלום עולם")])
@pytest.mark.parametrize("place", ["foot", "chapter"])
def test_the_number_of_a_note_in_letters_of_the_other_direction_stands_before_it(
    engine: Engine, language: str, words: str, place: Literal["foot", "chapter"]
) -> None:
    """By Typst it stood alone in a line, at the other side of the page."""
    line = b.Paragraph((i.Text("שלום רב" if language == "he" else "Dear all"), i.NoteRef("n")))
    source = Post(
        Metadata(key="one", title="נמל", language=language),
        (line,),
        (Footnote("n", (b.Paragraph((i.Text(words),)),)),),
    )
    collection = with_info(book(source), language=language)
    with pymupdf.open(stream=make(collection, engine, notes=place)[0]) as document:
        found = [word for page in document for word in page.get_text("words")]
    first = next(word for word in found if words.split(maxsplit=1)[0] in word[4])
    line_of_note = sorted(word for word in found if abs(word[3] - first[3]) < 3)
    assert "1" in line_of_note[0 if language == "he" else -1][4]
    assert (first[0] < 100) == (language == "he")


def test_a_note_has_not_the_direction_of_the_paragraph_with_its_mark(engine: Engine) -> None:
    line = b.Paragraph((i.Text("A harbour with lanterns."), i.NoteRef("n")))
    source = Post(
        Metadata(key="one", title="נמל", language="he"),
        (line,),
        (Footnote("n", (b.Paragraph((i.Text("שלום עולם"),)),)),),
    )
    with pymupdf.open(stream=make(with_info(book(source), language="he"), engine)[0]) as document:
        found = [word for page in document for word in page.get_text("words")]
    first = next(word for word in found if word[4] == "שלום")
    number = next(word for word in found if "1" in word[4] and abs(word[3] - first[3]) < 3)
    assert number[0] > first[0] > PAGES["6x9"].width / 2


def test_a_language_alone_changes_no_direction(engine: Engine) -> None:
    marked = i.Span((i.Text("harbour: "),), attributes=(("lang", "en"),))
    line = b.Paragraph((i.Text("שלום "), marked, i.Text("עולם")))
    source = msgspec.structs.replace(
        post("one", "נמל", line), metadata=Metadata(key="one", title="נמל", language="he")
    )
    with pymupdf.open(stream=make(with_info(book(source), language="he"), engine)[0]) as document:
        letters = [
            (letter["c"], letter["bbox"][0])
            for page in document
            for block in page.get_text("rawdict")["blocks"]
            for row in block.get("lines", ())
            for span in row["spans"]
            for letter in span["chars"]
        ]
    colon = next(x for letter, x in letters if letter == ":")
    text = "".join(letter for letter, _ in letters)
    assert colon < letters[text.index("harbour")][1]


PROOF_BOOK = Path(__file__).parent / "proof_book"
READERS = "pdfium", "poppler"
# A mark on a hamza, which pdfium takes for a line of its own, with the words behind it.
PARTED = ("pdfium", "third", "ar")
ARABIC_WORDS = "لكل من قرأ الكتب، لكنه سِمت بكل حرف."


@needs_poppler
@pytest.mark.parametrize("words", [ARABIC_WORDS, " ".join(reversed(ARABIC_WORDS.split()))])
def test_letters_in_a_cluster_with_a_join_are_copied_once(words: str) -> None:
    """Amiri sets a join of its own between lam and kaf, in the cluster of the lam."""
    source = Post(Metadata(key="ar", title="رسالة", language="ar"), (p(words),))
    data, _ = make(book(source), "weasyprint")
    for text in extracted(data):
        letters = letters_of(text)
        assert letters_of(words) in letters, text
        assert not re.search("[\u0700-\u074f\u1100-\u1cff]", text), "the number of a glyph"


@needs_poppler
@pytest.mark.parametrize("path", sorted(PROOF_BOOK.rglob("[afh][rae].md")), ids=lambda p: f"{p.parent.name}-{p.stem}")  # fmt: skip
def test_lines_from_right_to_left_are_copied_in_the_order_of_reading(
    path: Path, tmp_path: Path
) -> None:
    api.convert(path, tmp_path / "book.pdf", writer=Pdf(engine="weasyprint"))
    source = letters_of(path.read_text("utf-8"))
    for reader, text in zip(READERS, extracted((tmp_path / "book.pdf").read_bytes()), strict=True):
        lines = [letters for line in text.splitlines() if len(letters := letters_of(line)) > 8]
        assert len(lines) > 10
        wrong = [line for line in lines if line not in source]
        assert len(wrong) == ((reader, path.parent.name, path.stem) == PARTED), wrong


def extracted(data: bytes) -> tuple[str, str]:
    """Returns the text of a PDF as pdfium and as poppler copy it."""
    pypdfium2 = pytest.importorskip("pypdfium2")
    document = pypdfium2.PdfDocument(data)
    by_pdfium = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    by_poppler = subprocess.run(
        ["pdftotext", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()
    return by_pdfium, by_poppler


def letters_of(text: str) -> str:
    """Returns the Hebrew and Arabic letters of a text, without marks, which readers may set apart by a space."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(re.findall("[\u05d0-\u05ea\u0620-\u063f\u0641-\u064a\u0671-\u06d3]", plain))


@pytest.mark.parametrize(
    ("language", "words"), [("ar", "كتب المجلد "), ("hi", "उसने लिखा "), ("th", "เขาเขียน ")]
)
def test_latin_words_are_emphasised_by_italics(engine: Engine, language: str, words: str) -> None:
    """They were bold, as words of scripts without italics are."""
    source = Post(
        Metadata(key="k", title=words, language=language),
        (p(words, i.Emphasis((i.Text("carpe diem"),)), " " + words, i.Emphasis((i.Text(words),))),),
    )
    data, _ = make(with_info(book(source), language=language), engine)
    with pymupdf.open(stream=data) as document:
        looks = [
            span["flags"] & (pymupdf.TEXT_FONT_ITALIC | pymupdf.TEXT_FONT_BOLD)
            for page in document
            for block in page.get_text("dict")["blocks"]
            for line in block.get("lines", ())
            for span in line["spans"]
            if "carpe" in span["text"]
        ]
    assert looks == [pymupdf.TEXT_FONT_ITALIC]
