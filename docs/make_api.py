"""Write docs/api.md from the public names of clothbound and their docstrings."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import clothbound
from clothbound.errors import ClothboundError
from clothbound.fields import settings

HERE = Path(__file__).parent
INTRODUCTION = """\
# Public names

These are the names of `import clothbound`; [the guide](guide.md#as-a-library) shows how to use them.
`python docs/make_api.py` generates this page from the source. Fields of a struct are keywords:
`clothbound.Pdf(page="A5")`.
"""


def group_of(name: str) -> str:
    """Returns the heading under which the page has a public name."""
    thing = getattr(clothbound, name)
    if inspect.isfunction(thing):
        return "Functions"
    if issubclass(thing, ClothboundError):
        return "Errors"
    if isinstance(getattr(thing, "format", None), str):
        is_input = thing.__module__.startswith("clothbound.readers.")
        return "Options of readers" if is_input else "Options of writers"
    return "Data"


def page() -> str:
    """Returns the whole page."""
    text = INTRODUCTION
    for group in ("Functions", "Options of readers", "Options of writers", "Data", "Errors"):
        text += f"\n## {group}\n"
        for name in clothbound.__all__:
            if group_of(name) == group:
                text += "".join(_entry(name, getattr(clothbound, name)))
    return text


def _entry(name: str, thing: Any) -> Iterator[str]:
    yield f"\n### {name}\n"
    if inspect.isfunction(thing):
        (definition,) = ast.parse(inspect.getsource(thing)).body
        assert isinstance(definition, ast.FunctionDef)
        assert definition.returns is not None
        returns = ast.unparse(definition.returns)
        yield f"\n```python\n{name}({_parameters(definition.args)}) -> {returns}\n```\n"
    elif isinstance(getattr(thing, "format", None), str):
        yield f"\nFormat `{thing.format}`.\n"
    yield f"\n{_markdown(inspect.getdoc(thing) or '')}\n"
    fields = [setting for setting in settings(thing) if setting.help] if _has_help(thing) else []
    if fields:
        yield "\n| field | meaning |\n|:--|:--|\n"
        for field in fields:
            yield f"| `{'.'.join(field.path)}` | {_markdown(field.help)} |\n"


def _has_help(thing: Any) -> bool:
    """Whether a person can set fields of a struct, which then say what they mean."""
    return any("Annotated" in str(kind) for kind in getattr(thing, "__annotations__", {}).values())


def _parameters(arguments: ast.arguments) -> str:
    """Returns the parameters, one to a line where there are several."""
    parts = re.split(r", (?=\w+: |\*)", ast.unparse(arguments))
    parts = [part.replace("=", " = ", 1) for part in parts]
    return "".join(f"\n    {part}," for part in parts) + "\n" if len(parts) > 1 else parts[0]


def _markdown(docstring: str) -> str:
    return docstring.replace("``", "`")


if __name__ == "__main__":
    (HERE / "api.md").write_text(page(), encoding="utf-8")
