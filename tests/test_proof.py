"""Tests the proof-reader: planted faults are found on their pages, and their sound twins have none."""

from __future__ import annotations

import ctypes
import gc
import json
import sys
from functools import cache
from pathlib import Path

import pymupdf
import pytest
from PIL import Image as Picture

import clothbound
from clothbound import api
from clothbound.cli import main
from clothbound.errors import MissingEngineError, ReadError
from clothbound.math import tex_to_mathml, ziamath_tree
from clothbound.model.blocks import Paragraph
from clothbound.model.inlines import Image, Text
from clothbound.model.post import Metadata, Post
from clothbound.page_list import PageStart, PrintedPages
from clothbound.proof import (
    CHECKS,
    Expected,
    Finding,
    FindingKind,
    expected_of,
    extra,
    place_findings,
    proof_read,
    thresholds,
)
from clothbound.proof.printed_pages import PrintedBook
from clothbound.proof.reading_order import SourceLine, SourceTexts
from clothbound.proof.scripts import reading_order, script_of
from clothbound.proof.thresholds import THRESHOLDS, Threshold
from clothbound.writers.pdf import EngineName, Pdf
from planted_faults import PLANTED, Planted, folder, set_book, source_of


def run(*arguments: str) -> int:
    """Runs the command and returns its exit code."""
    with pytest.raises(SystemExit) as ended:
        main([*arguments])
    return int(ended.value.code or 0)


LETTERS = Path(__file__).parents[1] / "examples" / "letters"

by_name = pytest.mark.parametrize("planted", PLANTED, ids=[one.name for one in PLANTED])


@cache
def read(source: str, said: str = "") -> tuple[tuple[Finding, ...], int]:
    """Returns what is found in a book, and the index of the page on which its passage begins. ``said`` is what its post
    says there.
    """
    data, page = set_book(source)
    expected = Expected(backward=SourceTexts((SourceLine((said,), "rtl"),) if said else ()))
    found, _ = proof_read(data, expected=expected)
    return found, page


@by_name
def test_a_planted_fault_is_found_on_its_page(planted: Planted) -> None:
    found, page = read(source_of(planted, is_faulty=True), planted.source)
    wanted = {1} if planted.in_contents else {page + number for number in planted.pages}
    assert wanted & {one.page for one in found if one.check == planted.check}


@by_name
def test_its_sound_twin_has_no_finding(planted: Planted) -> None:
    found, _ = read(source_of(planted, is_faulty=False), planted.source)
    wrong = [one for one in found if one.check == planted.check or one.kind is FindingKind.ERROR]
    assert wrong == []


def test_each_bitmap_of_a_picture_is_freed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    # A bitmap that is freed twice ends the process, seldom and somewhere else.
    from pypdfium2 import raw

    taken: list[int] = []
    freed: list[int] = []
    take, free = raw.FPDFImageObj_GetBitmap, raw.FPDFBitmap_Destroy

    def address(handle: object) -> int:
        return ctypes.cast(handle, ctypes.c_void_p).value or 0

    def note_taken(picture: object) -> object:
        bitmap = take(picture)
        taken.append(address(bitmap))
        return bitmap

    def note_freed(bitmap: object) -> None:
        freed.append(address(bitmap))
        free(bitmap)

    monkeypatch.setattr(raw, "FPDFImageObj_GetBitmap", note_taken)
    monkeypatch.setattr(raw, "FPDFBitmap_Destroy", note_freed)
    planted = next(one for one in PLANTED if "photo.png" in one.sound)
    data, _ = set_book(source_of(planted, is_faulty=False))
    with PrintedBook(data) as book:
        for page in book.pages():
            kept = [page.picture_pixels(picture) for picture in page.pictures]
            assert all(pixels and pixels.size > (1, 1) for pixels in kept)
    gc.collect()
    assert taken
    assert [freed.count(bitmap) for bitmap in taken] == [taken.count(bitmap) for bitmap in taken]


def test_every_check_has_a_planted_fault() -> None:
    assert {one.check for one in PLANTED} == set(CHECKS)


def test_every_number_belongs_to_a_check() -> None:
    assert {one.check for one in THRESHOLDS} <= set(CHECKS)


NUMBERS = {
    name: number for name, number in vars(thresholds).items() if isinstance(number, Threshold)
}
LOOSER_IF_SMALLER = frozenset(
    (
        "TOUCH",
        "ROWS",
        "SMALL",
        "READING",
        "SHORT_PAGE",
        "PRESSED",
        "LAST_LINE",
        "RESOLUTION",
        "FACE_SHARE",
        "SAME_BOX",
        "LIKENESS",
    )
)


def loosen(monkeypatch: pytest.MonkeyPatch, name: str, by: float = 2.0) -> None:
    """Makes the proof-reader decide by a number that lets more pass."""
    number = NUMBERS[name]
    value = number.value / by if name in LOOSER_IF_SMALLER else number.value * by
    for module, own in sys.modules.copy().items():
        if module.startswith("clothbound.proof.") and getattr(own, name, None) is number:
            monkeypatch.setattr(own, name, number._replace(value=value))


def test_all_numbers_are_listed() -> None:
    assert {*NUMBERS.values()} == {*THRESHOLDS}


@pytest.mark.parametrize("name", sorted({*NUMBERS} - {"SAME_BOX", "LIKENESS"}))
def test_a_number_twice_as_loose_misses_a_fault(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    loosen(monkeypatch, name)
    of_check = [one for one in reversed(PLANTED) if one.check == NUMBERS[name].check]
    read_again = read.__wrapped__
    for planted in of_check:
        found, page = read_again(source_of(planted, is_faulty=True), planted.source)
        wanted = {page + number for number in planted.pages}
        if not wanted & {one.page for one in found if one.check == planted.check}:
            return
    pytest.fail("every planted fault is found still")


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    wide = next(one for one in PLANTED if one.name == "a long line of code")
    path = tmp_path_factory.mktemp("proof") / "pier.pdf"
    path.write_bytes(set_book(source_of(wide, is_faulty=True))[0])
    return path


def test_the_command_names_page_and_place(
    faulty: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, report = tmp_path / "faults", tmp_path / "report.json"
    code = run("check", str(faulty), "--pictures", str(folder), "--report", str(report))
    assert code == 1
    told = capsys.readouterr().err
    assert "page 5, in 'The press': 'harbour.open(key," in told
    assert "6 pages, 1 error," in told
    listed = json.loads((folder / "findings.json").read_bytes())
    assert listed[0]["check"] == "outside the text block"
    assert (folder / listed[0]["picture"]).stat().st_size > 1000
    assert (folder / "contact-sheet.png").stat().st_size > 1000
    kinds = [one["code"] for one in json.loads(report.read_bytes())[0]["diagnostics"]]
    assert "page-fault" in kinds


def test_advice_alone_changes_no_exit_code(tmp_path: Path) -> None:
    white = next(one for one in PLANTED if one.name == "white within a chapter")
    path = tmp_path / "pier.pdf"
    path.write_bytes(set_book(source_of(white, is_faulty=True))[0])
    assert run("check", str(path), "-q") == 0


def test_check_returns_diagnostics(faulty: Path) -> None:
    found = clothbound.check(faulty)
    assert [one.source for one in found if one.code == "page-fault"] == [str(faulty)]


def test_a_finding_names_the_post_and_the_line(tmp_path: Path) -> None:
    post = tmp_path / "pier.md"
    post.write_text(
        "---\ntitle: The pier\n---\n\nOne line.\n\nAnother line.\n\nA word of Georgian: გამარჯობა.\n",
        encoding="utf-8",
    )
    found = clothbound.check(clothbound.read(post), proof=True, cut_outs=tmp_path / "faults")
    (told,) = [one for one in found if "Georgian" in one.message and one.code == "page-advice"]
    assert (Path(told.source).name, told.line) == ("pier.md", 9)


def test_on_a_page_of_several_posts_each_finding_is_of_the_post_with_its_words() -> None:
    posts = {
        key: Post(
            metadata=Metadata(key=key, title=key, source=f"{key}.md"),
            body=(
                Paragraph((Text(f"The {key} was cheap."),), line=3),
                Paragraph((Image("a.png"),), line=5),
            ),
        )
        for key in ("oil", "salt", "bread")
    }
    starts = (
        PageStart(label="7", place="post", key="oil", block=1),
        PageStart(label="8", place="post", key="bread", block=1),
    )
    found = [
        Finding(check="stretched", page=6, label="7", box=(0, 0, 1, 1), message="", text=text)
        for text in ("The salt was cheap.", "The bread was cheap.", "Nobody wrote this.")
    ]
    found.append(Finding(check="resolution", page=7, label="8", box=(0, 0, 1, 1), message=""))
    placed = list(place_findings(found, PrintedPages("", starts), list(posts), posts.get))
    assert [(one.source, one.line) for one in placed] == [
        ("salt.md", 3), ("bread.md", 3), ("oil.md", 5), ("bread.md", 5),
    ]  # fmt: skip


def test_a_family_without_italics_is_upright_whatever_it_is_called(tmp_path: Path) -> None:
    post = tmp_path / "pier.md"
    post.write_text("---\ntitle: The pier\nlang: ar\n---\n\nكلمة *مائلة* هنا.\n", encoding="utf-8")
    found = clothbound.check(clothbound.read(post), proof=True)
    assert [one for one in found if one.code == "page-fault"] == []


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_a_box_in_the_place_of_a_letter_is_found_whatever_the_text_of_the_file_says(
    engine: EngineName, tmp_path: Path
) -> None:
    post = tmp_path / "pier.md"
    post.write_text("# The pier\n\nThe sign \U00010940 over the door.\n\nA door.\n", "utf-8")
    found = api.proof_read(clothbound.read(post), Pdf(engine=engine)).findings
    (told,) = [one for one in found if one.kind is FindingKind.ERROR]
    assert (told.check, told.line) == ("missing glyph", 3)


@pytest.mark.parametrize(("gap", "name", "faults"), [("0em", "x", 2), ("0.3em", "y", 0)])
def test_rows_of_a_formula_meet_where_their_tall_parts_stand_beside_one_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gap: str, name: str, faults: int
) -> None:
    """Formulas are drawn as outlines here, without their characters. A formula is remembered with its gaps, so that each
    has a name of its own.
    """
    for module in (tex_to_mathml, ziamath_tree):
        monkeypatch.setattr(module, "_ROW_GAP", gap)
    post = tmp_path / "pier.md"
    rows = r"N &= \frac{\frac{a}{b}}{c} \\ \frac{\frac{a}{b}}{c} &= N \\ z &= w + \sum_{i=1}^{n} i".replace(
        "N", name
    )
    post.write_text(
        f"# The pier\n\n$$\n\\begin{{aligned}}\n{rows}\n\\end{{aligned}}\n$$\n", "utf-8"
    )
    found = api.proof_read(clothbound.read(post), Pdf(engine="weasyprint")).findings
    errors = [one.message for one in found if one.kind is FindingKind.ERROR]
    assert errors == ["two rows of a formula run together"] * faults


def test_a_box_of_another_size_is_a_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loosen(monkeypatch, "SAME_BOX", 4)
    post = tmp_path / "pier.md"
    post.write_text("# The pier\n\nThe sign \U00010940 over the door.\n", "utf-8")
    found = api.proof_read(clothbound.read(post), Pdf(engine="weasyprint")).findings
    assert [one for one in found if one.kind is FindingKind.ERROR] == []


def test_names_of_several_scripts_in_one_line_are_no_fault() -> None:
    names = "Ada Brandt, \u05e0\u05e2\u05de\u05d4 \u05d1\u05e8\u05e7, \u05d9\u05e2\u05dc \u05d0\u05d3\u05e8\u05d9 \u05dc\u05d5\u05d9"
    data, _ = set_book(f"#context [#metadata(here().page()) <fault>]\n#align(center)[{names}]")
    assert [one for one in proof_read(data)[0] if one.kind is FindingKind.ERROR] == []


def test_an_outline_that_leads_to_another_page_is_found_where_the_chapter_begins() -> None:
    data, _ = set_book(source_of(PLANTED[0], is_faulty=False))
    with pymupdf.open(stream=data) as document:
        right = document.get_toc()
        document.set_toc(
            [[level, title, 1 if title == "The press" else at] for level, title, at in right]
        )
        wrong = document.tobytes()
    assert [one for one in proof_read(data)[0] if one.check == "false link"] == []
    told = [one for one in proof_read(wrong)[0] if one.check == "false link"]
    (begins,) = [at - 1 for _, title, at in right if title == "The press"]
    assert {one.page for one in told} == {1, begins}


@pytest.mark.parametrize(("orientation", "faults"), [(1, 0), (3, 1), (6, 1), (2, 1)])
def test_a_picture_that_its_file_turns_is_not_printed_as_its_pixels_lie(
    tmp_path: Path, orientation: int, faults: int
) -> None:
    with Picture.open(folder() / "photo.png") as photo:
        exif = photo.getexif()
        exif[0x0112] = orientation
        photo.convert("RGB").save(tmp_path / "pier.jpg", exif=exif)
    post = tmp_path / "pier.md"
    post.write_text("# The pier\n\n![A pier](pier.jpg)\n", "utf-8")
    expected = expected_of(clothbound.read(post).posts)
    mark = "#context [#metadata(here().page()) <fault>]"
    data, page = set_book(f'{mark} #image("photo.png", width: 100pt)')
    found = [one for one in proof_read(data, expected=expected)[0] if one.check == "upside down"]
    assert [one.page for one in found] == [page] * faults
    product = api.proof_read(clothbound.read(post), Pdf(engine="typst"))
    assert [one for one in product.findings if one.kind is FindingKind.ERROR] == []


def test_a_picture_that_is_less_like_its_source_than_its_number_is_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Picture.open(folder() / "photo.png") as photo:
        exif = photo.getexif()
        exif[0x0112] = 3
        photo.point(lambda shade: shade * 24 // 25).convert("RGB").save(
            tmp_path / "pier.jpg", exif=exif
        )
    post = tmp_path / "pier.md"
    post.write_text("# The pier\n\n![A pier](pier.jpg)\n", "utf-8")
    expected = expected_of(clothbound.read(post).posts)
    data, _ = set_book(
        '#context [#metadata(here().page()) <fault>] #image("photo.png", width: 100pt)'
    )
    assert "upside down" in {one.check for one in proof_read(data, expected=expected)[0]}
    loosen(monkeypatch, "LIKENESS")
    assert "upside down" not in {one.check for one in proof_read(data, expected=expected)[0]}


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_signs_off_a_page_of_any_boxes_are_read(turn: int) -> None:
    shalom = "(\u05e9\u05dc\u05d5\u05dd)"
    data, page = set_book(
        "#context [#metadata(here().page()) <fault>]\n"
        f"#place(top + left, dx: -90pt)[{shalom}] #place(bottom + right, dx: 90pt)[{shalom}] {shalom}"
    )
    with pymupdf.open(stream=data) as document:
        document[page].set_rotation(turn)
        width, height = document[page].mediabox.width, document[page].mediabox.height
        cropped = document.tobytes()
    for box in (f"[0 0 {width / 2} {height / 2}]", f"[-9 -9 {2 * width} {2 * height}]"):
        with pymupdf.open(stream=cropped) as document:
            document.xref_set_key(document[page].xref, "CropBox", box)
            found, _ = proof_read(document.tobytes())
        assert "turned bracket" not in {one.check for one in found}


def test_code_in_a_face_without_a_name_may_be_monospaced() -> None:
    planted = next(one for one in PLANTED if one.check == "code face")
    data, _ = set_book(source_of(planted, is_faulty=True))
    with pymupdf.open(stream=data) as document:
        for number in range(1, document.xref_length()):
            for key in ("BaseFont", "FontName"):
                if document.xref_get_key(number, key)[0] == "name":
                    document.xref_set_key(number, key, "null")
        data = document.tobytes()
    assert [one.message for one in proof_read(data)[0] if one.check == "code face"] == []


def test_what_a_post_says_is_compared_with_its_pages(tmp_path: Path) -> None:
    post = tmp_path / "pier.md"
    post.write_text(
        "---\ntitle: The pier\nlang: he\n---\n\n\u05d4\u05e1\u05e4\u05e8 Quire \u05e0\u05d3\u05e4\u05e1 \u05e9\u05d5\u05d1 (2014\u20132023).\n",
        "utf-8",
    )
    said = expected_of([clothbound.read(post).posts[0]]).backward
    printed = (
        "\u05e9\u05d5\u05d1"[::-1]
        + "\u05e0\u05d3\u05e4\u05e1"[::-1]
        + "quire"
        + "\u05d4\u05e1\u05e4\u05e8"[::-1]
    )
    assert printed in set(said.orders(printed))


def test_an_arabic_line_whose_file_tells_a_letter_twice_is_compared_with_its_other_signs() -> None:
    line = "الحرف المتصل (Quire) هنا وهناك"
    said = SourceTexts((SourceLine((f"{line} ويوم السبت أيضا",), "rtl"),))
    printed = "".join(line.split())[::-1].replace("eriuQ", "quire").replace(")", "(")
    assert list(said.orders(printed.replace("ن", "نن", 1)))
    assert not list(said.orders(printed.replace("quire", "quires")))


def test_the_small_texts_of_a_post_are_compared(tmp_path: Path) -> None:
    post = tmp_path / "pier.md"
    post.write_text(
        "---\ntitle: שלום\nsubtitle: מכתב קצר\nauthor: נעמה ברק\ndate: 2025-05-06\nlang: he\n---\n\nWords.\n",
        "utf-8",
    )
    said = expected_of([clothbound.read(post).posts[0]]).backward
    for text in ("מכתבקצר", "נעמהברק", "במאי"):
        assert list(said.orders(text[::-1])), text


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_the_letters_have_no_error(engine: EngineName) -> None:
    made = proof_of_letters(engine)
    assert [one.message for one in made if one.kind is FindingKind.ERROR] == []


def proof_of_letters(engine: EngineName) -> tuple[Finding, ...]:
    book = clothbound.book(clothbound.read(LETTERS))
    return api.proof_read(book, Pdf(engine=engine)).findings


def test_the_extra_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(MissingEngineError, match="pypdfium2") as caught:
        extra.require()
    assert "extra 'proof'" in caught.value.hint


def test_a_damaged_pdf_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.7\nnothing more")
    with pytest.raises(ReadError, match="not a PDF that can be read"):
        clothbound.check(path)


def test_pictures_are_for_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    post = tmp_path / "pier.md"
    post.write_text("One line.\n", encoding="utf-8")
    assert run("check", str(post), "--pictures", str(tmp_path / "faults")) == 2
    assert "--pictures is for pages" in capsys.readouterr().err


def test_scripts_are_told() -> None:
    told = {script_of(char) for char in "aжאب紙かカ한ก"}
    assert told == {"Latin", "Cyrillic", "Hebrew", "Arabic", "Han", "Kana", "Hangul", "Thai"}
    assert not any(script_of(char) for char in "1. \u0301𝑥ª")


def test_a_line_from_right_to_left_is_told_in_reading_order() -> None:
    assert reading_order("Quire הפס לכל םולש") == "שלום לכל ספה Quire"
    assert reading_order("plain (text)") == "plain (text)"


def test_the_pages_of_a_source_are_not_there_to_be_looked_at(tmp_path: Path) -> None:
    post = tmp_path / "post.md"
    post.write_text("# Tide\n\nWords.\n", encoding="utf-8")
    with pytest.raises(ReadError, match=r"is not a PDF.*read its posts, and give those"):
        clothbound.check(post, proof=True)
