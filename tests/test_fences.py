"""Code within a line, as the readers of other programs' marks find it without parsing."""

from __future__ import annotations

import re

import pytest

from clothbound.readers.fences import CODE_SPAN


@pytest.mark.parametrize(
    ("line", "spans"),
    [
        ("a `b` c `d`", ["`b`", "`d`"]),
        ("``a`b`` `c`", ["``a`b``", "`c`"]),
        ("```a` b``` `c", ["```a` b```"]),
        ("`a`` b` ``", ["`a`` b`"]),
        ("`` ` ``", ["`` ` ``"]),
        ("`a\nb`", []),
    ],
)
def test_a_run_of_backticks_ends_at_one_as_long(line: str, spans: list[str]) -> None:
    assert [found[0] for found in re.finditer(CODE_SPAN, line)] == spans
