"""The rules of scripts in print, in the small books of ``proof_book/``, by both engines."""

from __future__ import annotations

import re
import statistics
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import fromstring, tostring

import pymupdf
import pypdf
import pytest
from fontTools.ttLib import TTFont
from msgspec import structs

from book_info import with_info
from clothbound import api
from clothbound.diagnostics import DiagnosticCode, Severity
from clothbound.language.quotes import Typesetter
from clothbound.language.writing_systems import is_han, script_language, script_rules
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Metadata
from clothbound.writers.pdf import Pdf
from clothbound.writers.pdf.engine_choice import BETTER_BY_TYPST, engine_for, has_typst
from clothbound.writers.pdf.fonts import OWN_FONTS, SCRIPT_FACES, cjk_families
from clothbound.writers.pdf.kept_words import keep_words
from clothbound.writers.pdf.page_format import PAGES
from clothbound.writers.pdf.theme import THEMES, mirrored
from clothbound.writers.pdf.typst.faces import with_equivalents
from printed_books import Engine, book, by, has_faces, make, p, post

BOOKS = Path(__file__).parent / "proof_book"
needs_cjk = pytest.mark.skipif(not has_faces(), reason="Noto CJK is not installed")
needs_scripts = pytest.mark.skipif(
    not all(face.is_installed for face in SCRIPT_FACES), reason="the extra 'scripts' is missing"
)
SIZE = 10.4


@cache
def printed(name: str, engine: Engine) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    """The PDF of a small book, and severity and message of what is said of its faces."""
    artifact = api.write(api.read(BOOKS / f"{name}.md"), Pdf(engine=engine))
    data = artifact.to_bytes()
    found = [d for d in artifact.report.diagnostics if d.code is DiagnosticCode.FACE]
    return data, tuple((d.severity, d.message) for d in found)


def spans(name: str, engine: Engine) -> list[tuple[str, str, float, float]]:
    """Text, font, left side and baseline of each run."""
    found = []
    with pymupdf.open(stream=printed(name, engine)[0]) as document:
        for page in document:
            for block in page.get_text("dict")["blocks"]:
                for line in block.get("lines", ()):
                    for span in line["spans"]:
                        x, y = span["origin"]
                        found.append((span["text"], span["font"], x, y + 1000 * page.number))
    return found


def lines(name: str, engine: Engine) -> list[str]:
    """The lines of a book in their order."""
    pages = pypdf.PdfReader(BytesIO(printed(name, engine)[0])).pages
    text = "\n".join(page.extract_text() for page in pages)
    return [line.strip() for line in text.splitlines() if line.strip()]


@needs_cjk
@pytest.mark.parametrize(("name", "first", "second"), [("zh-Hans", "去年春天", "我带去的是"), ("ja", "岬の灯台に", "荷物は少な"), ("ko", "우리", "우리")])  # fmt: skip
def test_paragraphs_have_the_indent_of_their_script_also_the_first(
    name: str, first: str, second: str, engine: Engine
) -> None:
    rules = script_rules(name)
    assert rules is not None
    found = spans(name, engine)
    left = min(x for _, _, x, y in found if y < 1000)
    for beginning in (first, second):
        begins = next(x for text, _, x, _ in found if text.strip().startswith(beginning))
        assert begins - left == pytest.approx(rules.indent * SIZE, abs=1.2), beginning


@needs_cjk
@pytest.mark.parametrize(("name", "words"), [("zh-Hans", "从头读"), ("ja", "鉛筆の")])
def test_emphasis_has_a_dot_by_each_letter_or_is_bold(
    name: str, words: str, engine: Engine
) -> None:
    if engine == "weasyprint":
        fonts = {font for text, font, *_ in spans(name, engine) if words in text}
        assert fonts
        assert all("Bold" in font for font in fonts), fonts
        return
    assert any(words in line for line in lines(name, engine))
    rules = script_rules(name)
    assert rules is not None
    with pymupdf.open(stream=printed(name, engine)[0]) as document:
        page = next(page for page in document if page.search_for(words))
        boxes = [page.search_for(letter, clip=page.search_for(words)[0])[0] for letter in words]
        rows = [stroke["rect"] for stroke in page.get_drawings() if 1 < (stroke["width"] or 0) < 2]
    for box in boxes:
        # A dot is drawn as the beginning of a line that is as wide as its letter.
        y = next(
            row.y0 for row in rows if abs(row.x0 - box.x0) < 0.5 and abs(row.x1 - box.x1) < 0.5
        )
        middle = (box.y0 + box.y1) / 2
        distance = (y - middle) if rules.emphasis == "under" else (middle - y)
        assert 0.5 * SIZE < distance < 0.75 * SIZE


def test_dots_leave_out_latin_words_and_letters_with_readings() -> None:
    reading = (i.Text("潮騒"), i.Span((i.Text("(しおさい)"),), attributes=(("element", "rt"),)))
    ruby = i.Span(reading, attributes=(("element", "ruby"),))
    body = b.Paragraph(
        (i.Emphasis((i.Text("岬の logbook"),)), i.Text("、"), i.Emphasis((ruby,)), i.Text("。"))
    )
    one = structs.replace(post("ja", "岬", body), metadata=Metadata(key="ja", title="岬", language="ja"))  # fmt: skip
    with pymupdf.open(stream=make(with_info(book(one), language="ja"), "typst")[0]) as document:
        page = next(page for page in document if page.search_for("logbook"))
        dots = [stroke for stroke in page.get_drawings() if 1 < (stroke["width"] or 0) < 2]
        fonts = {
            span["text"].strip(): span["font"]
            for block in page.get_text("dict")["blocks"]
            for line in block.get("lines", ())
            for span in line["spans"]
        }
    assert len(dots) == len("岬の")
    assert "SemiBol" in fonts["logbook"]
    assert "Bold" in next(font for text, font in fonts.items() if "潮騒" in text)


def fonts_of_characters(data: bytes) -> dict[str, set[str]]:
    """The fonts in which each character of a book is set."""
    found: dict[str, set[str]] = {}
    with pymupdf.open(stream=data) as document:
        for page in document:
            for block in page.get_text("dict")["blocks"]:
                for line in block.get("lines", ()):
                    for span in line["spans"]:
                        for character in span["text"]:
                            found.setdefault(character, set()).add(span["font"])
    return found


@needs_cjk
@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "ja", "ko"])
def test_marks_are_in_the_face_of_han(language: str, engine: Engine) -> None:
    words = {"ko": "책을 폈다", "ja": "本を読む"}.get(language, "讀書")
    text = f"{words}——“{words}”……‘{words}’·{words} *“{words}”*\n\n## {words}—{words}"
    document = f"---\ntitle: {words}“{words}”\nlang: {language}\n---\n{text}"
    data = api.write(api.read(document, format="markdown"), Pdf(engine=engine)).to_bytes()
    found = fonts_of_characters(data)
    for mark in "—…“”‘’·":
        fonts = found[mark]
        assert fonts
        assert all(("CJK" in font) is (language != "ko") for font in fonts), (mark, fonts)


@needs_cjk
def test_marks_within_latin_words_are_in_the_face_of_the_words(engine: Engine) -> None:
    posts = [
        structs.replace(one, metadata=structs.replace(one.metadata, language=language))
        for one, language in (
            (post("zh", "她说", p("她说 don’t，第 41—46 页。")), "zh"),
            (post("en", "Words", p("“Don’t wait — go,” she said.")), "en"),
        )
    ]
    fonts = fonts_of_characters(make(with_info(book(*posts), language="zh"), engine)[0])
    for mark in "“”’—":
        assert not [font for font in fonts[mark] if "CJK" in font], (mark, fonts[mark])


@needs_cjk
def test_words_with_marks_in_a_book_of_another_script_have_the_faces_of_their_own(
    engine: Engine,
) -> None:
    """A title's are those of titles, and a Korean word with a full stop keeps its serif."""
    posts = [
        structs.replace(one, metadata=structs.replace(one.metadata, language=language))
        for one, language in (
            (post("he", "ספר", p("מילים")), "he"),
            (post("en", "Xenon: Qubits", p("Words.")), "en"),
            (post("ko", "글", p("쓴 글입니다. 그 글")), "ko"),
        )
    ]
    fonts = fonts_of_characters(make(with_info(book(*posts), language="he"), engine)[0])
    assert all("Serif" in font for font in fonts["입"]), fonts["입"]
    first, second = ({font.split("-Of-")[0] for font in fonts[letter]} for letter in "XQ")
    assert first == second


def test_lines_with_words_in_another_face_end_at_the_margin(engine: Engine) -> None:
    """The spaces between them are as wide as they were when the line was measured."""
    words = (
        "Some words यह एक और शब्द है जो कि हम ने कल भी पढ़ा था then more of them, and all of it again. "
    )
    data = make(book(post("one", "One", p(words * 12))), engine)[0]
    ends: dict[int, float] = {}
    with pymupdf.open(stream=data) as document:
        page = next(page for page in document if "Some words" in page.get_text())
        for _, _, right, low, *_ in page.get_text("words"):
            ends[round(low / 4)] = max(ends.get(round(low / 4), 0), right)
    full = sorted(ends.values())[-10:]
    assert full[-1] - full[0] < 0.4, ends


def test_numbers_of_contents_from_right_to_left_stand_before_the_titles(engine: Engine) -> None:
    text = "---\ntitle: ספר\nlang: he\n---\nמילים\n\n## פרק\n\nמילים"
    one = api.read(text, format="markdown")[0]
    more = structs.replace(one, metadata=structs.replace(one.metadata, key="more"))
    posts = with_info(book(one, more), language="he")
    data = api.write(posts, Pdf(engine=engine, theme="manual")).to_bytes()
    with pymupdf.open(stream=data) as document:
        page = next(page for page in document if "1.1" in page.get_text())
        number = next(word for word in page.get_text("words") if word[4].strip(".") == "1.1")
        assert number[0] > page.rect.width / 2


@needs_scripts
@pytest.mark.parametrize(("language", "words"), [("he", "ספר"), ("ar", "كتاب"), ("hi", "किताब")])
def test_figures_are_in_the_face_of_the_script(language: str, words: str, engine: Engine) -> None:
    text = f"---\ntitle: {words}\nlang: {language}\n---\n{words} 2024, {words}. don’t {words}[^1]\n\n[^1]: {words}"
    data = api.write(api.read(text, format="markdown"), Pdf(engine=engine)).to_bytes()
    fonts = fonts_of_characters(data)
    own = fonts[words[0]]
    for character in "04,.":
        assert fonts[character] <= own | {"Clothbound-Display"}, (character, fonts[character])
    assert all("Serif" in font for font in fonts["’"])


@needs_cjk
@pytest.mark.parametrize(("name", "verse"), [("second/zh-Hans", ("顺纹弯", "读书人")), ("second/ja", ("目に沿えば", "逆らえば"))])  # fmt: skip
def test_lines_of_verse_in_a_quotation_begin_below_each_other(
    name: str, verse: tuple[str, str], engine: Engine
) -> None:
    begins = [
        next(x for text, _, x, _ in spans(name, engine) if text.strip().startswith(line))
        for line in verse
    ]
    assert begins[0] == pytest.approx(begins[1], abs=0.5)


def test_stanzas_in_a_quotation_are_parted(engine: Engine) -> None:
    text = "> One line,\\\n> another.\n>\n> A third line,\\\n> a fourth."
    data = api.write(api.read(text, format="markdown"), Pdf(engine=engine)).to_bytes()
    with pymupdf.open(stream=data) as document:
        found = [(box[1], box[0]) for page in document if "fourth" in page.get_text()
                 for line in ("One line", "another", "A third", "a fourth") for box in page.search_for(line)]  # fmt: skip
    assert len({round(x) for _, x in found}) == 1
    steps = [below - above for (above, _), (below, _) in pairwise(found)]
    assert steps[0] == pytest.approx(steps[2], abs=0.1)
    assert steps[1] == pytest.approx(2 * steps[0], rel=0.15)


def ink_height(page: pymupdf.Page, character: str, beside: str) -> float:
    """The height of a character's ink, in em, in the first run that has it and text ``beside``."""
    for block in page.get_text("rawdict")["blocks"]:
        for line in block.get("lines", ()):
            characters = [c for span in line["spans"] for c in span["chars"]]
            if beside in "".join(c["c"] for c in characters):
                span, one = next(
                    (s, c) for s in line["spans"] for c in s["chars"] if c["c"] == character
                )
                picture = page.get_pixmap(dpi=720, clip=one["bbox"], colorspace="gray")
                dark = [
                    row for row in range(picture.height)
                    if min(picture.samples[row * picture.stride : (row + 1) * picture.stride]) < 128
                ]  # fmt: skip
                return float((dark[-1] - dark[0]) / 10 / span["size"])
    raise AssertionError(beside)


@needs_cjk
@pytest.mark.parametrize("name", ["zh-Hans", "ja"])
def test_figures_of_dates_are_as_high_as_letters(name: str, engine: Engine) -> None:
    with pymupdf.open(stream=printed(name, engine)[0]) as document:
        page = next(page for page in document if "月" in page.get_text())
        assert ink_height(page, "2", "月") > 0.55


FORMS = {"ja": "JP", "ko": "KR", "zh-Hans": "SC", "zh-Hant": "TC"}


@needs_cjk
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", FORMS)
def test_letters_have_the_forms_of_their_language_in_all_faces(
    name: str, theme: str, engine: Engine
) -> None:
    text = f"---\ntitle: 骨直令述\nlang: {name}\n---\n骨 **直** *令* `述`\n\n## 骨直\n\n> 令述\n\n| 骨 | 直 |\n|--|--|\n| 令 | 述 |"
    data = api.write(api.read(text, format="markdown"), Pdf(engine=engine, theme=theme)).to_bytes()  # type: ignore[arg-type]
    with pymupdf.open(stream=data) as document:
        fonts = {font[3].partition("+")[2] for page in document for font in page.get_fonts()}
    regions = {found[1].upper() for font in fonts if (found := re.search(r"CJK-?(\w\w)", font))}
    assert regions == {FORMS[name]}


@needs_cjk
def test_a_chapter_in_chinese_of_one_kind_has_its_forms_in_a_book_of_another(
    engine: Engine,
) -> None:
    chapters = [
        api.read(f"---\ntitle: 書\nlang: {name}\n---\n骨骨骨骨", format="markdown")
        for name in FORMS
    ]
    posts = [
        structs.replace(one[0], metadata=structs.replace(one[0].metadata, key=name))
        for one, name in zip(chapters, FORMS, strict=True)
    ]
    drawn = []
    with pymupdf.open(stream=make(book(*posts), engine)[0]) as document:
        for page in document:
            for box in page.search_for("骨骨骨骨"):
                clip = pymupdf.Rect(box.x0, box.y0, box.x0 + box.width / 4, box.y1)
                drawn.append(page.get_pixmap(dpi=200, clip=clip).samples)
    assert len(drawn) == len(FORMS)
    assert len(set(drawn)) > 2  # of Japan and Korea, simplified, traditional


@needs_cjk
def test_no_line_ends_within_a_korean_word(engine: Engine) -> None:
    text = re.sub(r"[*\[\]]|\(http\S+\)", "", (BOOKS / "ko.md").read_text()) + " 8일"
    ends = [line.split()[-1] for line in lines("ko", engine) if re.search("[가-힣]$", line)]
    assert len(ends) > 12
    assert not [end for end in ends if not re.search(rf"{re.escape(end)}(?![가-힣])", text)]


def test_words_stay_whole_at_the_seams_of_elements() -> None:
    tree = fromstring(
        "<section><p>글 <b>세 가지</b>를 <i>나는</i></p><pre>한국어 둘</pre></section>"
    )
    keep_words(tree)
    text = tostring(tree, encoding="unicode")
    assert text.count('class="word"') == 2
    assert "가지</span></b>\u2060" not in text  # a syllable alone is no word to be kept
    assert "<pre>한국어 둘</pre>" in text
    assert "".join(tree.itertext()).replace("\u2060", "") == "글 세 가지를 나는한국어 둘"


@needs_scripts
@pytest.mark.parametrize(
    ("name", "face"), [("he", "Frank Ruhl Li"), ("ar", "Amiri"), ("fa", "Amiri")]
)
def test_a_face_for_books_sets_the_script_and_the_report_names_it(
    name: str, face: str, engine: Engine
) -> None:
    fonts = {font.replace("-", " ") for _, font, *_ in spans(name, engine)}
    assert any(face in font for font in fonts), fonts
    assert [(severity, face in message) for severity, message in printed(name, engine)[1]] == [
        (Severity.INFO, True)
    ]


@needs_scripts
def test_a_script_without_a_face_for_books_is_a_warning(engine: Engine) -> None:
    ((severity, message),) = printed("th", engine)[1]
    assert severity is Severity.WARNING or "Noto Serif Thai" in message
    assert "Thai" in message


def test_fonts_have_the_parts_of_the_vowel_am_of_thai() -> None:
    assert "\u0e4d" in with_equivalents("น้ำ")
    assert "\u0e4d" not in with_equivalents("น้า")


def test_paragraphs_from_right_to_left_are_parted(engine: Engine) -> None:
    rows = sorted(
        {round(y, 1) for text, _, _, y in spans("he", engine) if y < 500 and len(text) > 3}
    )
    steps = {round(b - a) for a, b in pairwise(rows)}
    # WeasyPrint parts two paragraphs by less than half a line, Typst by an indent.
    assert (18 in steps or 19 in steps) is (engine == "weasyprint"), steps


@needs_scripts
@pytest.mark.parametrize("name", ["ar", "th"])
def test_lines_are_as_far_apart_as_the_letters_of_the_script_ask_for(
    name: str, engine: Engine
) -> None:
    rules = script_rules(name)
    assert rules is not None
    rows = sorted({round(y, 1) for text, _, _, y in spans(name, engine) if len(text) > 3})
    steps = [step for a, b in pairwise(rows) if (step := b - a) < 40]
    assert statistics.mode(map(round, steps)) == round(rules.leading * SIZE)


@needs_scripts
def test_a_chapter_of_another_script_has_the_lines_of_its_own(engine: Engine) -> None:
    latin = post("latin", "A house", p("The old house stood on the hill. " * 30))
    arabic = post("arabic", "البيت", p("كان البيت القديم على التل. " * 30))
    own = structs.replace(arabic.metadata, language="ar")
    collection = book(latin, structs.replace(arabic, metadata=own))
    with pymupdf.open(stream=make(collection, engine)[0]) as document:
        text = [page.get_text("dict") for page in document]
    steps = {}
    for number, page in enumerate(text):
        rows = sorted(
            {
                round(s["origin"][1], 1)
                for b in page["blocks"]
                for line in b.get("lines", ())
                for s in line["spans"]
                if s["text"].strip() and 9 < s["size"] < 11
            }
        )
        if len(rows) > 5:
            steps[number] = round(statistics.median(b - a for a, b in pairwise(rows)), 1)
    assert sorted(steps.values()) == pytest.approx([14, 1.62 * SIZE], abs=0.1)


@pytest.mark.parametrize("theme", THEMES)
def test_the_type_of_a_theme_is_led_by_the_script_of_the_book(theme: str) -> None:
    page = PAGES["A4"]
    own = THEMES[theme]
    assert own.set_for("de", page) is own
    assert own.set_for("hi", page) is own
    wider = own.set_for("ur", page)
    set_page = wider.page(page)
    assert set_page.leading / set_page.size == pytest.approx(1.62)
    assert wider.note.leading > own.note.leading
    assert wider.titles["chapter-title"].leading > own.titles["chapter-title"].leading
    assert wider.code == own.code


def test_marks_of_abbreviations_stay_straight() -> None:
    post = api.read(BOOKS / "he.md")[0]
    assert 'צה"ל' in str(post.body)
    assert "”" not in str(post.body)
    assert Typesetter("en").plain('The צה"ל said "yes"') == 'The צה"ל said “yes”'


def test_engines_are_taken_by_script(tmp_path: Path) -> None:
    if not has_typst():
        pytest.skip("Typst is not installed")
    by_typst = ("he", "fa", "zh-Hant", "ja", "ko", "th", "el", "ru-RU", "uk", "sr", "uz-Cyrl")
    assert {engine_for(name) for name in by_typst} == {"typst"}
    assert {engine_for(name) for name in ("en", "hi", "sr-Latn", "")} == {"weasyprint"}
    artifact = api.write(api.read(BOOKS / "he.md"), "pdf")
    assert b"Typst" in artifact.to_bytes()
    told = [d.message for d in artifact.report.diagnostics if d.code is DiagnosticCode.ENGINE]
    assert any(BETTER_BY_TYPST["Hebrew"] in message for message in told)
    sheet = tmp_path / "own.css"
    sheet.write_text("p { color: black; }")
    styled = api.write(api.read(BOOKS / "he.md"), Pdf(css=sheet))
    assert b"Typst" not in styled.to_bytes()
    told = [d.message for d in styled.report.diagnostics if d.code is DiagnosticCode.ENGINE]
    assert any("Typst has no style sheets" in message for message in told)


def test_languages_share_the_rules_of_their_script() -> None:
    assert script_language("fa-IR") == "ar"
    assert script_language("zh-Hant-TW") == "zh"
    assert script_rules("de") is None
    assert cjk_families("zh-Hant")["serif"].endswith("TC")


def test_heads_of_a_book_from_right_to_left_are_mirrored() -> None:
    css = mirrored(
        "@page chapter:left { @top-left { content: counter(page); } } p { text-align: left; }"
    )
    assert (
        css
        == "@page chapter:right { @top-right { content: counter(page); } } p { text-align: left; }"
    )
    page = PAGES["6x9"]
    sheet = THEMES["essay"].style_sheets(page, "rtl")[1]
    assert mirrored(sheet) == THEMES["essay"].style_sheets(page)[1]


@pytest.mark.parametrize("language", ["he", "zh"])
def test_a_title_page_is_centred(language: str, engine: Engine) -> None:
    posts = [post(f"{n}", "1", p("1")) for n in "ab"]
    made = make(with_info(book(*posts), language=language, title="2024"), engine)[0]
    with pymupdf.open(stream=made) as document:
        title = next(word for word in document[0].get_text("words") if word[4] == "2024")
        assert (title[0] + title[2]) / 2 == pytest.approx(document[0].rect.width / 2, abs=8)


READINGS = {
    "ja": (("潮騒", "しおさい"), ("鷗", "かもめ"), ("東", "とう"), ("雲", "うん")),
    "zh-Hans": (("饕餮", "tāo tiè"), ("耄", "mào"), ("耋", "dié")),
    "zh-Hant": (("蚵", "ㄎㄜˊ"), ("仔", "ㄗㄞˇ"), ("獅潭", "Shītán")),
    "ko": (("春", "춘"), ("夢", "몽"), ("閑談", "한담")),
}


@needs_cjk
@pytest.mark.parametrize("name", READINGS)
def test_readings_stand_above_their_letters(name: str, engine: Engine) -> None:
    with pymupdf.open(stream=printed(name, engine)[0]) as document:
        found = [
            (page.number, span["text"].strip(), span["size"], span["bbox"], span["origin"][1])
            for page in document
            for block in page.get_text("dict")["blocks"]
            for line in block.get("lines", ())
            for span in line["spans"]
        ]
    copied = "".join("".join(lines(name, engine)).split())
    for letters, reading in READINGS[name]:
        plain = reading.replace(" ", "")
        if engine == "weasyprint":
            assert f"{letters}({plain})" in copied
            continue
        # Some faces part a reading: bopomofo and its tone.
        number, _, size, box, base = next(one for one in found if one[1] and one[1] in reading and one[2] < 6)  # fmt: skip
        assert size == pytest.approx(SIZE / 2, abs=0.1)
        assert any(
            other == number
            and SIZE * 0.8 < below - base < SIZE
            and left < box[2]
            and box[0] < right
            for other, text, _, (left, _, right, _), below in found
            if any(letter in text for letter in letters)
        ), reading
        assert f"{letters}{plain}" in copied


@needs_cjk
@by("typst")
def test_lines_of_a_chapter_with_readings_leave_room(engine: Engine) -> None:
    """Also the lines without a reading, so that all stand the same distance apart."""
    word = i.Span((i.Text("潮騒"), i.Span((i.Text("(しおさい)"),), attributes=(("element", "rt"),))), attributes=(("element", "ruby"),))  # fmt: skip
    distances = []
    for inlines in (
        (i.Text("岬の名前は難しい。" * 20),),
        (word, i.Text("の浜。岬の名前は難しい。" * 20)),
    ):
        one = structs.replace(post("ja", "岬", b.Paragraph(inlines)), metadata=Metadata(key="ja", title="岬", language="ja"))  # fmt: skip
        with pymupdf.open(stream=make(with_info(book(one), language="ja"), engine)[0]) as document:
            bases = {
                round(span["origin"][1], 2)
                for page in document
                for block in page.get_text("dict")["blocks"]
                for line in block.get("lines", ())
                for span in line["spans"]
                if "岬の名前" in span["text"] or "名前は" in span["text"]
            }
        distances.append({round(after - before, 1) for before, after in pairwise(sorted(bases))})
    rules = script_rules("ja")
    assert rules is not None
    plain, with_readings = (min(found) for found in distances)
    assert with_readings == pytest.approx(rules.ruby_leading * SIZE, abs=0.1)
    assert with_readings > plain
    assert len([d for d in distances[1] if d < 2 * plain]) == 1


def test_letters_of_other_scripts_have_their_reading_behind_them() -> None:
    assert is_han("潮騒") and is_han("々")
    assert not is_han("しお") and not is_han("tide") and not is_han("")


@pytest.mark.parametrize("language", ["en", "ar", "he", "hi", "th", "ja"])
def test_whole_fonts_of_a_printer_number_their_glyphs_as_the_pages_do(language: str) -> None:
    for face in OWN_FONTS.faces(language):
        laid_out, embedded = (
            TTFont(BytesIO(data)) for data in (face.data(), face.without_layout())
        )
        assert embedded["maxp"].numGlyphs == laid_out["maxp"].numGlyphs
        numbers = [
            {code: font.getGlyphID(name) for code, name in font.getBestCmap().items()}
            for font in (laid_out, embedded)
        ]
        assert numbers[0] == numbers[1]
