"""What fontconfig knows of the faces of books is kept for the next book, and no book sees those of another."""

from __future__ import annotations

import io
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

import clothbound
from clothbound.context import Context
from clothbound.diagnostics import DiagnosticCode
from clothbound.doctor import has_pdf_engine
from clothbound.media import own_fonts
from clothbound.writers.pdf import weasyprint
from clothbound.writers.pdf.font_tables import table_of, with_table
from clothbound.writers.pdf.fonts import OWN_FONTS, StaticFont, face_rules
from clothbound.writers.pdf.theme_fonts import read_font
from clothbound.writers.pdf.typst.faces import subset, with_equivalents
from clothbound.writers.pdf.weasyprint_internals import kept_fonts

pytestmark = pytest.mark.skipif(not has_pdf_engine(), reason="Pango is not installed")

FACES = OWN_FONTS.faces()[:2]
RULE = '@font-face { font-family: "Knot"; src: url("clothbound:knot") }'


@pytest.fixture(autouse=True)
def _nothing_is_kept() -> Iterator[None]:
    weasyprint.load()
    kept_fonts._kept.clear()
    yield
    kept_fonts._kept.clear()


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The families that WeasyPrint makes known to fontconfig."""
    from weasyprint.text.fonts import FontConfiguration

    families = []
    add = FontConfiguration.add_font_face

    def watched(fonts: Any, rule: Any, fetcher: Any) -> Any:
        families.append(rule["font_family"])
        return add(fonts, rule, fetcher)

    monkeypatch.setattr(FontConfiguration, "add_font_face", watched)
    return families


def fonts_of(faces: Any = FACES, *, counts: Iterator[int] | None = None) -> Any:
    fetcher = weasyprint._make_fetcher({}, faces, {})
    heard = counts or iter(lambda: 0, None)
    return kept_fonts.make_fonts(faces, face_rules(faces), fetcher, lambda: next(heard))


def number_of_faces(fonts: Any) -> int:
    from weasyprint.text.ffi import fontconfig

    found = fontconfig.FcConfigGetFonts(fonts._config, fontconfig.FcSetApplication)
    return int(found.nfont)


def add_knot(fonts: Any) -> None:
    """Gives a book a face of its own, as a style sheet or a picture does."""
    import weasyprint as engine

    files = {"clothbound:knot": (FACES[0].data(), "font/ttf")}
    engine.CSS(
        string=RULE, font_config=fonts, url_fetcher=weasyprint._make_fetcher(files, FACES, {})
    )


def pdf_of(text: str, **options: Any) -> bytes:
    post = clothbound.read(text.encode(), "markdown")
    return clothbound.write(post, clothbound.Pdf(engine="weasyprint", **options)).to_bytes()


def test_a_second_book_makes_no_face_known_again(added: list[str]) -> None:
    first = pdf_of("# Knots\n\nWords[^1], `code`.\n\n[^1]: A note.\n")
    assert sorted(added) == sorted(face.family for face in OWN_FONTS.faces())
    added.clear()
    assert pdf_of("# Knots\n\nWords[^1], `code`.\n\n[^1]: A note.\n") == first
    assert added == []


def test_a_face_of_one_book_is_not_in_another() -> None:
    book, other = fonts_of(), fonts_of()
    assert book._config == other._config
    add_knot(book)
    assert book._config != other._config
    assert number_of_faces(book) == len(FACES) + 1
    assert number_of_faces(other) == number_of_faces(fonts_of()) == len(FACES)
    add_knot(other)
    assert other._config != book._config
    assert number_of_faces(other) == len(FACES) + 1


def test_a_book_keeps_its_own_faces_when_it_gets_one_more(added: list[str]) -> None:
    book = fonts_of()
    added.clear()
    add_knot(book)
    assert added == [*(face.family for face in FACES), "Knot"]


def test_a_book_with_a_rule_of_its_own_leaves_the_next_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text(
        f'@font-face {{ font-family: "{FACES[0].family}"; src: url(x.ttf) }} p {{ color: red }}'
    )
    made = [pdf_of("# Knots\n\nWords.\n", css=css) for css in (None, tmp_path / "a.css", None)]
    assert made[0] == made[2] != made[1]


def test_faces_about_which_the_engine_says_something_are_not_kept() -> None:
    faces = (FACES[0],)
    assert fonts_of(faces, counts=iter((4, 5)))._config != fonts_of(faces)._config
    assert len(kept_fonts._kept) == 1


def test_a_broken_face_is_reported_by_each_book() -> None:
    from xml.etree import ElementTree

    tree = "<html lang='en'><body><p>Words.</p></body></html>"
    told = []
    for _ in range(2):
        context = Context()
        sheet = RULE.replace("knot", "nowhere")
        weasyprint.lay_out(ElementTree.fromstring(tree), [sheet], {}, context)
        told.append([d for d in context.diagnostics if d.code is DiagnosticCode.ENGINE])
    assert [len(messages) for messages in told] == [1, 1]


def test_faces_of_the_last_books_alone_are_kept() -> None:
    first = fonts_of(FACES[:1])
    folder = Path(next(iter(kept_fonts._kept.values())).configuration._folder)
    for face in OWN_FONTS.faces()[2:6]:
        fonts_of((face,))
    assert len(kept_fonts._kept) == 4
    assert folder.is_dir(), "a book that uses the files is there"
    del first
    assert not folder.exists()


def test_pictures_of_a_book_are_not_kept(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>')
    (tmp_path / "a.md").write_text("# Knots\n\n![A knot](a.svg)\n")
    post = clothbound.read(tmp_path / "a.md")
    clothbound.write(post, clothbound.Pdf(engine="weasyprint")).to_bytes()
    (known,) = kept_fonts._kept.values()
    assert known.fetcher.described == {}


def test_a_font_that_was_installed_meanwhile_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fontconfig compares times in whole seconds."""
    folder = tmp_path / "fonts"
    folder.mkdir()
    settings = tmp_path / "fonts.conf"
    settings.write_text(
        f"<fontconfig><dir>{folder}</dir><cachedir>{tmp_path}/cache</cachedir></fontconfig>"
    )
    monkeypatch.setenv("FONTCONFIG_FILE", str(settings))
    assert not kept_fonts.has_system_fonts(fonts_of())
    shutil.copy(own_fonts.MONO.path, folder / "knot.ttf")
    for _ in range(100):
        os.utime(folder)
        if kept_fonts.has_system_fonts(fonts_of()):
            return
        threading.Event().wait(0.05)
    pytest.fail("a new font of the system was not found")


def test_books_in_several_threads_share_what_is_known() -> None:
    alone = pdf_of("# Knots\n\nWords, *more*.\n")
    made: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: made.append(pdf_of("# Knots\n\nWords, *more*.\n")))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [alone] * 4


def test_a_table_is_put_into_a_font_that_stays_whole() -> None:
    data = FACES[0].data()
    made = with_table(data, "head", table_of(data, "head")[:-1] + b"\7")
    font = TTFont(io.BytesIO(made), checkChecksums=2)
    assert font["head"].glyphDataFormat == 7
    assert [made_of for made_of in font.reader.tables if table_of(made, made_of) != table_of(data, made_of)] == ["head"]  # fmt: skip
    assert table_of(made, "none") == b""


def test_a_face_for_the_same_characters_is_made_once() -> None:
    words, more = with_equivalents("Knots"), with_equivalents("Knots, æ")
    assert subset(FACES[0], words) is subset(FACES[0], with_equivalents("tokSn"))
    assert subset(FACES[0], words) != subset(FACES[0], more) != subset(FACES[1], more)
    name = TTFont(io.BytesIO(subset(FACES[1], words)))["name"]
    assert name.getDebugName(16) == FACES[1].family


def test_a_font_of_a_theme_that_is_replaced_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "own.ttf"
    made = []
    for source in (own_fonts.SANS, own_fonts.SERIF):
        file.write_bytes(source.read())
        font = StaticFont("Own", read_font(file, "Own"), 400)
        made.append((font, subset(font, frozenset("rye")), font.data(frozenset("rye"))))
    (before, first, _), (after, second, _) = made
    assert before != after
    assert first != second
    assert made[0][2] != made[1][2]
