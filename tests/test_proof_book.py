"""The small books of ``proof_book/`` before the proof-reader: no error, and no advice that is not expected.

Each book is read here by one engine in one theme; the whole, by both engines in all themes, is slow.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest

import clothbound
from clothbound import api
from clothbound.proof import CHECKS, FindingKind
from clothbound.writers.pdf import Pdf
from clothbound.writers.pdf.fonts import SCRIPT_FACES
from printed_books import LOOKS, Engine, has_faces

FOLDER = Path(__file__).parent / "proof_book"
EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text("utf-8"))
BOOKS = sorted(path.stem for path in FOLDER.glob("*.md"))
FURTHER = sorted(path.stem for path in (FOLDER / "second").glob("*.md"))
OF_CJK = frozenset(("ja", "ko", "zh-Hans", "zh-Hant"))
OF_PACKAGES = frozenset(("ar", "fa", "he", "hi", "th"))


def edition_of(name: str) -> tuple[Engine, str]:
    """Returns the engine and the theme in which a book is always read: neighbours have others."""
    return LOOKS[BOOKS.index(name) % len(LOOKS)]  # type: ignore[return-value]


def unexpected(name: str, engine: Engine, theme: str, folder: Path) -> list[str]:
    """Returns the findings of each check that has more of them in a book than expected."""
    if name in OF_CJK and not has_faces():
        pytest.skip("Noto CJK is not installed")
    if name in OF_PACKAGES and not all(face.is_installed for face in SCRIPT_FACES):
        pytest.skip("the extra 'scripts' is missing")
    made = api.proof_read(
        clothbound.read(FOLDER / f"{name}.md"),
        Pdf(engine=engine, theme=theme),  # type: ignore[arg-type]
        cut_outs=folder / f"{name}-{engine}-{theme}",
    )
    assert made.pages > 1
    counted = Counter(one.check for one in made.findings)
    more = {check for check, number in counted.items() if number > most_of(check, name)}
    return [
        f"{name} by {engine} in {theme}, page {one.page + 1}: {one.message} ({one.check})"
        for one in made.findings
        if one.check in more
    ]


def most_of(check: str, name: str) -> int:
    return int(EXPECTED.get(check, {}).get(name, 0))


@pytest.mark.parametrize("name", BOOKS)
def test_a_book_has_no_error_and_no_other_advice(name: str, tmp_path: Path) -> None:
    engine, theme = edition_of(name)
    assert unexpected(name, engine, theme, tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", BOOKS)
def test_a_book_has_none_by_either_engine_in_any_theme(name: str, tmp_path: Path) -> None:
    found = [one for edition in LOOKS for one in unexpected(name, *edition, tmp_path)]  # type: ignore[arg-type]
    assert found == []


@pytest.mark.slow
@pytest.mark.parametrize("name", FURTHER)
def test_a_book_with_the_further_texts_of_its_script_has_no_error(
    name: str, engine: Engine
) -> None:
    files = [FOLDER / place / f"{name}.md" for place in ("", "second", "third")]
    posts = [post for file in files for post in clothbound.read(file).posts]
    if name in OF_CJK and not has_faces():
        pytest.skip("Noto CJK is not installed")
    made = api.proof_read(posts, Pdf(engine=engine))
    assert made.pages > 9
    wrong = [f for f in made.findings if f.kind is FindingKind.ERROR or f.check == "no paragraphs"]
    assert [one.message for one in wrong] == []


def test_numbers_of_contents_on_the_left_are_within_the_text_of_a_short_book() -> None:
    """Its left pages have few lines, all of which begin on the right and end early."""
    if not all(face.is_installed for face in SCRIPT_FACES):
        pytest.skip("the extra 'scripts' is missing")
    files = [FOLDER / place / "he.md" for place in ("second", "third")]
    posts = [post for file in files for post in clothbound.read(file).posts]
    made = api.proof_read(posts, Pdf(engine="weasyprint"))
    assert [one.message for one in made.findings if one.kind is FindingKind.ERROR] == []


def test_numbers_of_contents_stand_on_the_lines_of_chinese_titles() -> None:
    """Faces of Han make a line higher than those of figures do."""
    if not has_faces():
        pytest.skip("Noto CJK is not installed")
    files = [FOLDER / place / "zh-Hans.md" for place in ("second", "third")]
    posts = [post for file in files for post in clothbound.read(file).posts]
    made = api.proof_read(posts, Pdf(engine="weasyprint", theme="manual"))
    assert [one.message for one in made.findings if one.kind is FindingKind.ERROR] == []


def test_what_is_expected_names_checks_and_books_and_gives_a_reason() -> None:
    assert set(EXPECTED) <= set(CHECKS)
    for check, row in EXPECTED.items():
        assert len(row["reason"]) > 40, check
        assert set(row) - {"reason"} <= set(BOOKS), check
    errors = [check for check in EXPECTED if CHECKS[check].kind is FindingKind.ERROR]
    assert errors == []
