"""The pages that are made from the source are up to date."""

from __future__ import annotations

import runpy
from pathlib import Path

from clothbound.diagnostics import Code

DOCS = Path(__file__).resolve().parents[1] / "docs"


def test_diagnostics_page_has_every_code() -> None:
    made = runpy.run_path(str(DOCS / "make_diagnostics.py"))
    assert [code for code, _ in made["codes"]()] == [code.value for code in Code]
    written = (DOCS / "diagnostics.md").read_text(encoding="utf-8")
    assert written == made["page"](), "run: python docs/make_diagnostics.py"
