"""A cover that was given for a book, and that its PDF does not show."""

from __future__ import annotations

import dataclasses

import msgspec
import pytest

from clothbound.diagnostics import Code
from clothbound.writers.pdf import Pdf
from test_pdf import book, make, p, post


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_a_cover_that_is_not_shown_is_named(engine: str) -> None:
    options = Pdf(engine=engine)  # type: ignore[arg-type]
    plain = book(post("one", "One", p("Words.")))
    covered = dataclasses.replace(
        plain, info=msgspec.structs.replace(plain.info, cover="covers/sea.jpg")
    )
    told = [d.message for d in make(covered, options)[1].diagnostics if d.code is Code.COVER_UNUSED]
    assert len(told) == 1
    assert "covers/sea.jpg" in told[0]
    assert all(d.code is not Code.COVER_UNUSED for d in make(plain, options)[1].diagnostics)
