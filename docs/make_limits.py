"""Write the table of bounds in docs/explanation/safety.md from the fields of clothbound.limits and their docstrings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from clothbound import limits

PAGE = Path(__file__).parent / "explanation" / "safety.md"
SOURCE = Path(limits.__file__)
HEADING = "### Each bound, and its default\n"
INTRODUCTION = """
`clothbound.Run(limits=clothbound.Limits(post_bytes=1_000_000))` sets a bound for all that runs with it; the command has no
option for them, and keeps the defaults. Sizes are bytes, times seconds. This table is made from the source by
`python docs/make_limits.py`.

| bound | default | what it holds |
|:--|--:|:--|
"""


def page() -> str:
    """Returns the whole page, with the table as it should be."""
    before, after = PAGE.read_text(encoding="utf-8").split(HEADING)
    rest = after[after.index("\n## ") :]
    rows = "".join(f"| `{name}` | {value} | {text} |\n" for name, value, text in _bounds())
    return f"{before}{HEADING}{INTRODUCTION}{rows}{rest}"


def _bounds() -> Iterator[tuple[str, str, str]]:
    """Each field of ``Limits``, then the bounds that no field sets; a docstring of a field is no part of the program."""
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"))
    fields = next(node for node in tree.body if isinstance(node, ast.ClassDef))
    default = limits.Limits()
    for name, text in _documented(fields.body):
        yield name, _number(getattr(default, name)), text
    for name, text in _documented(tree.body):
        yield name, _number(getattr(limits, name)), text


def _documented(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for statement, after in pairwise(body):
        match statement, after:
            case (
                ast.AnnAssign(target=ast.Name(name)) | ast.Assign(targets=[ast.Name(name)]),
                ast.Expr(ast.Constant(str(text))),
            ):
                yield name, re.sub(r"``(.+?)``", r"`\1`", " ".join(text.split()))


def _number(value: float) -> str:
    return f"{value:,g}" if isinstance(value, float) else f"{value:,}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
