"""Write docs/reference/diagnostics.md from the codes of clothbound.diagnostics and their comments."""

from __future__ import annotations

import ast
from pathlib import Path

REFERENCE = Path(__file__).parent / "reference"
SOURCE = Path(__file__).parents[1] / "src" / "clothbound" / "diagnostics.py"
INTRODUCTION = """\
# Diagnostics

What clothbound repaired, could not do, or left out, it says as a diagnostic:

    2021-03-19-waterproof.md:2: warning: field 'title' was not valid YAML; ... [header-repaired]

The word in brackets is the code. Codes are stable: a script may rely on them, and `--report FILE`
writes every diagnostic with its code as JSON. This page is made from the source by
`python docs/make_diagnostics.py`.

| code | what it means |
|:-----|:--------------|
"""


def codes() -> list[tuple[str, str]]:
    """Each code with the comment that follows it; a comment is no part of the running program."""
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"))
    enum = next(
        node
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.name == "DiagnosticCode"
    )
    rows = []
    for member, comment in zip(enum.body, enum.body[1:], strict=False):
        match member, comment:
            case ast.Assign(value=ast.Constant(value=str(code))), ast.Expr(
                value=ast.Constant(value=str(text))
            ):
                rows.append((code, " ".join(text.split())))
    return rows


def page() -> str:
    return INTRODUCTION + "".join(f"| `{code}` | {text} |\n" for code, text in codes())


if __name__ == "__main__":
    (REFERENCE / "diagnostics.md").write_text(page(), encoding="utf-8")
