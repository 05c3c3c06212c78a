"""Reads texts of many marks, and of marks without an end, at n and at 4n, and names those whose time grows with the square.

    python benchmarks/text_growth.py

``growth.py`` counts lines of Python, which a regular expression and a search in a text do not run, and
``pattern_growth.py`` tries each expression alone. Here functions that use several of both read what once took them the
square. Ends with 1 if one of them is steep.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import clothbound
from clothbound.lazy_pattern import lazy_pattern
from clothbound.readers.markdown import erb, franklin, grav, hakyll, roam, zine
from clothbound.readers.markdown.item_fences import indent_code_of_items
from clothbound.readers.sites.outside_code import rewrite_words
from clothbound.verify.directives import without_directives
from clothbound.verify.ikiwiki import without_marks_of_ikiwiki
from clothbound.verify.markup import without_open_frames
from clothbound.verify.template_marks import without_template_marks
from clothbound.web.missing_ends import end_elements

SHORTEST = 30_000
"""Characters that are repeated first; then four times as many are."""
LEAST = 0.05
"""Seconds below which the time of a text says nothing."""
MOST = 8.0
"""Times as long for four times the text. n log n makes 4.9, n squared 16."""
FRAME = '<iframe src="https://tide.example/frame">'


def _read(text: str) -> object:
    return list(clothbound.read(text.encode(), "markdown"))


def _read_backticks(runs: str) -> None:
    erb.as_markdown(f"<% {runs}", 1)
    franklin.as_markdown(f"\\a {runs} @@", 1)
    grav.as_markdown(f"[kbd {runs}")
    without_directives(f"\\toc\n[/x] ~~~\n{runs}")
    without_marks_of_ikiwiki(f"[[!x]]{runs}")
    roam.as_markdown(f"- {{{{[[ {runs}")
    zine.as_markdown(f"{runs} ](")
    rewrite_words(runs, lazy_pattern("x"), lambda found: found[0])


def _read_grav(marks: str) -> None:
    grav.as_markdown(marks)
    without_directives(f"[/x] {marks}")


def _read_templates(marks: str) -> None:
    erb.as_markdown(marks, 1)
    hakyll.is_page(marks)
    without_template_marks(marks)


CASES: Mapping[str, tuple[Callable[[str], object], Sequence[str]]] = {
    "runs of backticks": (_read_backticks, ("`", "` `` ", "`a ``b ")),
    "marks of Grav": (_read_grav, ("[kbd=", "[ui-tab a=", "[/a] ")),
    "marks of templates": (
        _read_templates,
        (
            "<%= ",
            "<% a %",
            "<% a\n",
            "[x](<%= ",
            "$if(a)$ ",
            "$a",
            "READMORE\n",
            "<pre>",
            "<code>a",
        ),
    ),
    "fences of items": (lambda text: indent_code_of_items(f"- ```\n{text}"), ("```a\n",)),
    "lines of fences": (lambda text: _read(f"```js:{text}=\nknot()\n```\n"), (".", "a/a")),
    "titles of code": (lambda text: _read(f'```js title="{text} x"\nknot()\n```\n'), (".",)),
    "elements without an end": (
        end_elements,
        ("<svg>", "<iframe x>", "<video>", "<script>", '<script src="a">', "<rp>", "<!--", "<?x"),
    ),
    "elements before an end": (
        lambda text: end_elements(f"{text}</script>"),
        ("<svg>", "<rp>", "<!--"),
    ),
    "tags without an end": (
        end_elements,
        (
            '<a href="x>',
            "<a href='x>",
            "<a ",
            "<a =",
            '<a ="',
            "<a =' \\",
            '<a =">" ',
            '<a ="><="z ',
        ),
    ),
    "tags behind a quotation mark": (
        lambda text: end_elements(f'"{text}'),
        ('<a href="x>', "<a ", '<a ="'),
    ),
    "a value of signs": (lambda text: end_elements(f'<img alt="{text}"> "'), ("a > b < c = d ",)),
    "declarations without an end": (_read, ("<!KNOT\n",)),
    "frames without an end": (without_open_frames, (f"{FRAME}\n",)),
    "expressions of Liquid": (
        lambda text: _read(f"{{{{ {text} }}}}\n"),
        ("a.", "a|", "'", '"a" | b: ', "a[0]", "a b "),
    ),
}


class Time(NamedTuple):
    """How long four times a text takes."""

    name: str
    token: str
    times: float
    seconds: float

    @property
    def is_steep(self) -> bool:
        return self.seconds > LEAST and self.times > MOST

    def __str__(self) -> str:
        return f"{self.name:30}{self.token!r:30} time x{self.times:.1f} ({self.seconds:.2f} s)"


def _seconds(action: Callable[[str], object], text: str) -> float:
    start = time.process_time()
    action(text)
    return time.process_time() - start


def measure(name: str, action: Callable[[str], object], token: str) -> Time:
    """Returns the time of four times a text, beside the shorter of two runs over the text."""
    text = token * (SHORTEST // len(token))
    shorter = min(_seconds(action, text) for _ in range(2))
    longer = _seconds(action, text * 4)
    return Time(name, token, longer / max(shorter, 1e-5), longer)


def main() -> int:
    measured = [
        measure(name, action, token) for name, (action, tokens) in CASES.items() for token in tokens
    ]
    steep = [one for one in measured if one.is_steep]
    for one in steep:
        print(one)
    slowest = max(measured, key=lambda one: one.seconds)
    print(f"{len(measured)} texts, {len(steep)} grow faster than n log n; the slowest: {slowest}")
    return 1 if steep else 0


if __name__ == "__main__":
    sys.exit(main())
