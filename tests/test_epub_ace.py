"""Checks the example letters with DAISY Ace, which must find no accessibility problem."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from chromium_browser import browser
from clothbound.anthology.order import Order
from clothbound.api import book, read, write
from clothbound.writers.epub import Epub
from clothbound.writers.pdf import Pdf
from epub_samples import opened

ROOT = Path(__file__).resolve().parents[1]
ACE = ROOT / ".venv" / "ace" / "node_modules" / ".bin" / "ace-cli"


def violations(epub: Path, folder: Path) -> list[str]:
    """Where, how bad, which rule."""
    if not ACE.exists():
        pytest.skip("DAISY Ace is not in .venv/ace; scripts/test.sh puts it there where npm is")
    subprocess.run(
        [str(ACE), "--force", "--silent", "--outdir", str(folder / "ace"), str(epub)],
        env=os.environ
        | {
            "PUPPETEER_EXECUTABLE_PATH": browser(),
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
            # It looks for what it keeps between runs, and for newer releases of itself.
            "NO_UPDATE_NOTIFIER": "1",
        },
        check=True,
        capture_output=True,
        timeout=300,
    )
    report: dict[str, Any] = json.loads((folder / "ace" / "report.json").read_text("utf-8"))
    assert len(report["assertions"]) >= 1
    return [
        f"{document['earl:testSubject']['url']}: {found['earl:test']['earl:impact']}: "
        f"{found['earl:test']['dct:title']}"
        for document in report["assertions"]
        for found in document["assertions"]
    ]


def test_the_letters(tmp_path: Path) -> None:
    # This year has notes, code, formulas, tables, a poem, a gallery, cards and a letter in Arabic.
    letters = book(
        read(ROOT / "examples" / "letters"), year=2021, title="Letters", order=Order(parts="months")
    )
    pdf = write(letters, Pdf(engine="weasyprint"))
    pdf.to_bytes()
    path = tmp_path / "letters.epub"
    write(letters, Epub(pages=pdf.pages)).save(path)
    assert b"page-list" in opened(path.read_bytes())["contents_page.xhtml"]
    assert violations(path, tmp_path) == []
