"""The labels of drawn covers: titles, subtitles and names of any length and script have room there."""

from __future__ import annotations

import pytest

from clothbound.covers.drawing import draw_cover
from clothbound.covers.fonts import line
from clothbound.covers.label import MARGIN, LaidLabel, SetLine, lay_label
from clothbound.language.capitals import in_capitals
from clothbound.media.own_fonts import ARABIC, DEVANAGARI, HEBREW, THAI

WIDTH, TILE = 1280, 160
LONG = "Being the letters of five years, selected, arranged and improved by their author"
MANY = "Ines Okafor, Marta Lindqvist, Ada Brook and many others"


def label_of(title: str, subtitle: str = "", names: str = "") -> LaidLabel:
    return lay_label(line(title), line(subtitle, italic=True), line(names), WIDTH, TILE)


def texts(label: LaidLabel) -> str:
    return " ".join(one.text for one in label.lines)


def box(one: SetLine) -> tuple[float, float]:
    """Returns the upper and the lower edge of a line's ink."""
    _, top, _, bottom = one.font.getbbox(one.text, anchor="ls")
    return one.baseline + top, one.baseline + bottom


@pytest.mark.parametrize(
    ("title", "subtitle", "names"),
    [
        ("X", "", ""),
        ("X", "2023", "Ines"),
        ("Letters from the Quay", "2023", "Ines Okafor"),
        ("Letters from the Quay", LONG, MANY),
        (LONG, LONG, MANY),
        (f"{LONG}, {LONG}", f"{LONG}; {LONG}", MANY),
        ("", LONG, ""),
        ("", "", MANY),
        ("Письма с набережной", "Избранное за двенадцать лет переписки с соседями", "Инес Окафор"),
        ("नदी और झाड़ू", "2023 के पत्र", "इनेस ओकाफ़ोर"),
        ("แม่น้ำกับไม้กวาด", "จดหมายปี 2023", "อิเนส"),
        ("النهر والمكنسة", "رسائل عام 2023", "إيناس أوكافور"),
        ("Донаудампфшиффартсгезельшафтскапитен", "Geschichten", "Müller"),
    ],
)
def test_what_stands_on_a_label_has_room_there(title: str, subtitle: str, names: str) -> None:
    label = label_of(title, subtitle, names)
    assert label.lines
    assert label.height % TILE == 0
    assert label.height <= 13 * TILE
    assert max(one.width for one in label.lines) <= WIDTH - 2 * MARGIN
    assert min(box(one)[0] for one in label.lines) >= 60
    assert max(box(one)[1] for one in label.lines) <= label.height - 60
    assert not label.is_cut
    for above, below in zip(label.lines, label.lines[1:], strict=False):
        assert box(above)[1] < box(below)[0], (above.text, below.text)


def test_a_long_subtitle_and_many_names_are_whole() -> None:
    label = label_of("Letters", LONG, MANY)
    assert texts(label) == f"Letters {LONG} {MANY.upper()}"
    assert min(one.font.size for one in label.lines) >= 44


def test_a_subtitle_without_end_is_cut_which_is_said() -> None:
    label = label_of("Letters", f"{LONG} " * 5)
    assert label.is_cut
    assert label.lines[-1].text.endswith("…")
    assert draw_cover("Letters", f"{LONG} " * 5, (), ()).is_cut


@pytest.mark.parametrize(
    ("text", "font"),
    [
        ("הנהר 2023", HEBREW),
        ("النهر 2023", ARABIC),
        ("नदी 2023", DEVANAGARI),
        ("แม่น้ำ 2023", THAI),
    ],
)
def test_the_faces_of_the_extra_set_their_scripts(
    text: str, font: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(font, type(HEBREW))
    if not font.is_installed:
        pytest.skip("the extra is not installed")
    monkeypatch.setenv("PATH", "")  # no fontconfig to ask for a font of the system's
    found = line(text)
    assert found.text == text
    assert found.face.path == font.path
    assert not draw_cover(text, "", (), ()).depends_on_system


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("河与扫帚：码头来信", ["河与扫帚：", "码头来信"]),
        ("川と箒、岸壁からの手紙", ["川と箒、", "岸壁からの手紙"]),
        ("Tides — a Naïve History", None),
        ("港町（みなとまち）のちょっとした手紙", None),
    ],
)
def test_a_title_breaks_behind_its_marks(title: str, lines: list[str] | None) -> None:
    found = [one.text for one in label_of(title).lines]
    assert lines in (None, found)
    assert not any(one[0] in "—：、）ょっ" or one[-1] == "（" for one in found), found


LONG_WORDS = [
    ("de", "Donaudampfschifffahrtsgesellschaftskapitän"),
    ("de", "Rechtsschutzversicherungsgesellschaften"),
    ("ru", "Человеконенавистничество"),
    ("en", "https://letters.example.org/archive/2019/11/every-long-address"),
]


def sizes_of_title(title: str, language: str) -> tuple[int, list[str]]:
    head = line(title, language=language)
    label = lay_label(head, line(""), line(""), WIDTH, TILE)
    return int(label.lines[0].font.size), [one.text for one in label.lines]


@pytest.mark.parametrize(("language", "word"), LONG_WORDS)
def test_a_long_word_breaks_and_stays_large(language: str, word: str) -> None:
    size, lines = sizes_of_title(word, language)
    assert size > 100
    assert 1 < len(lines) <= 4
    assert "".join(one.removesuffix("-") for one in lines) == word.replace(
        "every-long-", "everylong"
    ) or ("".join(one.removesuffix("-") for one in lines).replace("-", "") == word.replace("-", ""))
    assert all(len(one) > 4 for one in lines)


@pytest.mark.parametrize("language", ["", "tlh", "de", "en"])
@pytest.mark.parametrize("title", ["Letters", "Letters from the Quay", "Herbstlaub und Schnee"])
def test_a_title_of_short_words_breaks_between_them(title: str, language: str) -> None:
    _, lines = sizes_of_title(title, language)
    assert " ".join(lines) == title


def test_a_language_without_patterns_breaks_no_word() -> None:
    word = LONG_WORDS[0][1]
    assert sizes_of_title(word, "tlh")[1] == sizes_of_title(word, "")[1] == [word]


@pytest.mark.parametrize(
    ("language", "capitals"),
    [("tr", "İNCİ IŞIK"), ("tr-TR", "İNCİ IŞIK"), ("az", "İNCİ IŞIK"), ("en", "INCI IŞIK")],
)
def test_names_have_the_capitals_of_the_book_s_language(language: str, capitals: str) -> None:
    names = line("inci ışık", language=language)
    label = lay_label(line("Mektuplar"), line(""), names, WIDTH, TILE)
    assert label.lines[-1].text == capitals


@pytest.mark.parametrize(
    ("text", "capitals"),
    [
        ("Ίνες Οκαφόρ", "ΙΝΕΣ ΟΚΑΦΟΡ"),
        ("Μάιος και Ταΰγετος", "ΜΑΪΟΣ ΚΑΙ ΤΑΫΓΕΤΟΣ"),
        ("ζωή ή θάνατος", "ΖΩΗ Ή ΘΑΝΑΤΟΣ"),
        ("ᾠδή", "ΩΔΗ"),
        ("Ødegård, Straße", "ØDEGÅRD, STRASSE"),
        ("Renée à Αθήνα", "RENÉE À ΑΘΗΝΑ"),
    ],
)
def test_greek_capitals_have_no_accents(text: str, capitals: str) -> None:
    assert in_capitals(text) == capitals
