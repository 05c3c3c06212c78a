"""Code within a line, as the readers of other programs' marks find it without parsing."""

from __future__ import annotations

import re
import time

import pytest

from clothbound.lazy_pattern import lazy_pattern
from clothbound.readers.fences import CODE_SPAN
from clothbound.readers.markdown import erb, franklin, grav, roam, zine
from clothbound.readers.sites.outside_code import rewrite_words
from clothbound.verify.directives import without_directives
from clothbound.verify.ikiwiki import without_marks_of_ikiwiki


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


@pytest.mark.parametrize("runs", ["`" * 20_000, "` `` " * 5_000, "`a ``b " * 5_000])
def test_many_backticks_take_no_long(runs: str) -> None:
    begun = time.process_time()
    erb.as_markdown(f"<% {runs}", 1)
    franklin.as_markdown(f"\\a {runs} @@", 1)
    grav.as_markdown(f"[kbd {runs}")
    without_directives(f"\\toc\n[/x] ~~~\n{runs}")
    without_marks_of_ikiwiki(f"[[!x]]{runs}")
    roam.as_markdown(f"- {{{{[[ {runs}")
    zine.as_markdown(f"{runs} ](")
    rewrite_words(runs, lazy_pattern("x"), lambda found: found[0])
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("mark", ["[kbd=", "[ui-tab a=", "[/a] "])
def test_many_marks_of_grav_take_no_long(mark: str) -> None:
    begun = time.process_time()
    grav.as_markdown(mark * 20_000)
    without_directives(f"[/x] {mark * 20_000}")
    assert time.process_time() - begun < 5
