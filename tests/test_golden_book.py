"""One small book with a little of everything, compared whole with text that a person can read.

``CLOTHBOUND_UPDATE=1`` writes the texts anew, for a change that is meant: read the difference before you commit it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from clothbound.cli import main
from clothbound.doctor import has_pdf_engine
from readable_products import epub_as_text, pdf_as_text

GOLDEN = Path(__file__).parent / "cases" / "golden"


@pytest.mark.parametrize(
    ("name", "options", "read"),
    [
        ("epub", (), epub_as_text),
        ("weasyprint.pdf", ("-O", "engine=weasyprint"), pdf_as_text),
        ("typst.pdf", ("-O", "engine=typst"), pdf_as_text),
    ],
)
def test_the_golden_book(
    name: str, options: tuple[str, ...], read: Callable[[bytes], str], tmp_path: Path
) -> None:
    if name.endswith("pdf") and not has_pdf_engine():
        pytest.skip("no PDF engine is installed")
    made = tmp_path / f"book.{name}"
    with pytest.raises(SystemExit, match=r"^0$"):
        main(["book", str(GOLDEN / "book.toml"), "-o", str(made), *options])
    found = read(made.read_bytes())
    expected = GOLDEN / f"{name}.txt"
    if os.environ.get("CLOTHBOUND_UPDATE"):
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")
