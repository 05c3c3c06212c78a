"""Write docs/reference/api.md from the public names of clothbound, their docstrings and their fields."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import re
import textwrap
import typing
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

import clothbound
from clothbound.errors import ClothboundError
from clothbound.fields import settings
from clothbound.model import Node
from clothbound.options import ReaderOptions, WriterOptions

REFERENCE = Path(__file__).parent / "reference"
MODULES = (
    "clothbound",
    "clothbound.model",
    "clothbound.options",
    "clothbound.plan",
    "clothbound.filters",
    "clothbound.errors",
    "clothbound.testing",
)
INTRODUCTION = """\
# Public names

The public modules are `clothbound`, `clothbound.model` (posts and their nodes), `clothbound.options`
(everything that one hands to a function), `clothbound.plan` (books that a book.toml plans), `clothbound.filters` (functions that change posts), `clothbound.errors` and
`clothbound.testing` (for plug-ins).
Everything that their signatures name can be imported from one of them, and is listed here once. Names from
`clothbound.options` that are marked * can be imported from `clothbound` too.

All other modules are not public: they may be renamed and changed at any time, and so may names that begin with
`_`. A plug-in that needs one of them ([examples/plugin](../../examples/plugin)) depends on one version of clothbound.

[The guide](../guide.md#as-a-library) shows how to use the names. `python docs/make_api.py` generates this page from
the source. Fields of a struct are keywords unless the page shows them in the order of a call:
`clothbound.Pdf(page="A5")`, `Heading((Text("Morning"),), 2)`.
"""
INTENTS = {
    "clothbound": "What most programs need.",
    "clothbound.model": "Posts, their nodes, and the account of what became of them.",
    "clothbound.options": "Options of formats, of books and of runs, and the values that they take.",
    "clothbound.plan": "Books that a book.toml plans, and what a book will hold, told before it is made.",
    "clothbound.filters": "For filters, which [a page of its own](../how-to/filter.md) explains.",
    "clothbound.errors": "All errors. `except ClothboundError` catches each of them.",
    "clothbound.testing": "For the tests of plug-ins, with the protocols that these implement.",
}


def public_names() -> dict[str, list[str]]:
    """Returns the names that the page lists below each module: each name once."""
    listed: dict[str, list[str]] = {}
    for module in MODULES:
        found = importlib.import_module(module)
        listed[module] = [name for name in found.__all__ if home_of(name) == module]
    return listed


def home_of(name: str) -> str:
    """Returns the public module below which the page has a name."""
    holders = [m for m in MODULES if name in importlib.import_module(m).__all__]
    for preferred in ("clothbound.options", "clothbound.errors"):
        if preferred in holders:
            return preferred
    return holders[0]


def group_of(module: str, name: str) -> str:
    """Returns the heading under which the page has a name of a module."""
    thing = getattr(importlib.import_module(module), name)
    if inspect.isfunction(thing):
        return "Functions"
    if not inspect.isclass(thing):
        return "Types"
    if issubclass(thing, ClothboundError):
        return "Errors"
    if issubclass(thing, ReaderOptions):
        return "Options of readers"
    if issubclass(thing, WriterOptions):
        return "Options of writers"
    if issubclass(thing, Node) and thing is not Node:
        from clothbound.model.inlines import INLINE

        return "Nodes in a line" if thing in INLINE else "Blocks"
    return "Classes"


GROUPS = (
    "Functions",
    "Options of readers",
    "Options of writers",
    "Classes",
    "Blocks",
    "Nodes in a line",
    "Types",
    "Errors",
)


def page() -> str:
    """Returns the whole page."""
    text = INTRODUCTION
    for module, names in public_names().items():
        text += f"\n## {module}\n\n{INTENTS[module]}\n"
        groups = {name: group_of(module, name) for name in names}
        for group in GROUPS:
            members = [name for name in names if groups[name] == group]
            if members and len(set(groups.values())) > 1:
                text += f"\n### {group}\n"
            if group == "Types":
                text += "\n" + "".join(_type_entry(module, name) for name in members)
                continue
            for name in members:
                text += "".join(_entry(module, name))
    return text.replace("\n\n\n", "\n\n")


def _entry(module: str, name: str) -> Iterator[str]:
    thing = getattr(importlib.import_module(module), name)
    star = "*" if module == "clothbound.options" and name in clothbound.__all__ else ""
    yield f"\n#### {name}{star and ' *'}\n"
    if inspect.isfunction(thing):
        for signature in _signatures(thing):
            yield f"\n```python\n{signature}\n```\n"
    elif isinstance(getattr(thing, "format", None), str):
        yield f"\nFormat `{thing.format}`.\n"
    yield f"\n{_markdown(inspect.getdoc(thing) or '')}\n"
    if inspect.isclass(thing) and not issubclass(thing, ClothboundError):
        rows = [*_fields(thing), *_members(thing)]
        if rows:
            yield "\n| name | meaning |\n|:--|:--|\n"
            yield from (f"| {_cell(name)} | {_cell(meaning)} |\n" for name, meaning in rows)


def _type_entry(module: str, name: str) -> str:
    value = getattr(importlib.import_module(module), name)
    return f"- `{name}`: {_cell(_value(module, name, value))}\n"


def _value(module: str, name: str, value: Any) -> str:
    if typing.get_origin(value) is typing.Literal:
        return ", ".join(f"`{choice}`" for choice in typing.get_args(value))
    text = _assigned(module, name)
    meaning = _docs(_defining_module(module, name)).get(("", name), "")
    return f"`{text}`. {meaning}".strip() if meaning else f"`{text}`"


def _defining_module(module: str, name: str) -> str:
    """Returns the module in which a public type is assigned."""
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.ImportFrom) and any(name == alias.name for alias in node.names):
            package = module if _is_package(module) else module.rpartition(".")[0]
            dotted = "." * node.level + (node.module or "")
            return _defining_module(importlib.util.resolve_name(dotted, package), name)
    return module


def _assigned(module: str, name: str) -> str:
    for node in _tree(_defining_module(module, name)).body:
        target = node.target if isinstance(node, ast.AnnAssign) else None
        if isinstance(target, ast.Name) and target.id == name and isinstance(node, ast.AnnAssign):
            assert node.value is not None
            value = node.value
            text = value.value if isinstance(value, ast.Constant) else ast.unparse(value)
            return " ".join(str(text).split())
    return name


def _fields(thing: Any) -> Iterator[tuple[str, str]]:
    """Yields the fields of a struct, or the members of an enumeration, and what they mean."""
    if not issubclass(thing, msgspec.Struct):
        return
    found = settings(thing) if _has_help(thing) else ()
    helps = {".".join(setting.path): setting.help for setting in found}
    order = {name: place for place, name in enumerate(thing.__match_args__)}
    common = set(Node.__struct_fields__) if issubclass(thing, Node) and thing is not Node else set()
    for name in thing.__struct_fields__:
        if name.startswith("_") or name in common:
            continue
        kind, meaning = _declared(thing, name)
        nested = [path for path in helps if path.startswith(f"{name}.")]
        for path in nested or [name]:
            text = helps.get(path) or meaning
            mark = "" if not order or name in order else " (keyword)"
            yield f"`{path}: {kind}`{mark}" if not nested else f"`{path}`", text


def _has_help(thing: Any) -> bool:
    """Whether a person can set fields of a struct, which then say what they mean."""
    return any("Annotated" in str(kind) for kind in getattr(thing, "__annotations__", {}).values())


def _declared(thing: Any, field: str) -> tuple[str, str]:
    """Returns the type of a field as its source has it, without ``Annotated``, and its docstring."""
    for base in thing.__mro__:
        annotation = vars(base).get("__annotations__", {}).get(field)
        if annotation is None:
            continue
        tree = ast.parse(str(annotation), mode="eval").body
        if isinstance(tree, ast.Subscript) and ast.unparse(tree.value) == "Annotated":
            inner = tree.slice
            tree = inner.elts[0] if isinstance(inner, ast.Tuple) else inner
        return ast.unparse(tree), _docs(base.__module__).get((base.__name__, field), "")
    return "", ""


def _members(thing: Any) -> Iterator[tuple[str, str]]:
    """Yields the public methods and properties of a class, and the first paragraph on each."""
    for base in thing.__mro__:
        if not base.__module__.startswith("clothbound.") or (base is Node and thing is not Node):
            continue
        for name, member in vars(base).items():
            function = getattr(member, "fget", None) or getattr(member, "__func__", member)
            if name.startswith("_") or not inspect.isfunction(function):
                continue
            documented = " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())
            returns = str(function.__annotations__.get("return", ""))
            shown = f"{name}: {returns}" if isinstance(member, property) else f"{name}()"
            yield f"`{shown}`", documented


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(inspect.getsource(importlib.import_module(module)))


def _is_package(module: str) -> bool:
    return hasattr(importlib.import_module(module), "__path__")


@cache
def _docs(module: str) -> dict[tuple[str, str], str]:
    """Returns the docstrings below the fields and names of a module, by class (or empty) and name."""
    found: dict[tuple[str, str], str] = {}
    tree = _tree(module)
    holders: list[tuple[str, list[ast.stmt]]] = [("", tree.body)]
    holders += [(n.name, n.body) for n in tree.body if isinstance(n, ast.ClassDef)]
    for holder, body in holders:
        for statement, after in pairwise(body):
            is_named = isinstance(statement, ast.AnnAssign) and isinstance(
                statement.target, ast.Name
            )
            if is_named and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                found[holder, statement.target.id] = " ".join(str(after.value.value).split())
    return found


def _signatures(function: Any) -> Iterator[str]:
    """Yields the signature of a function, or those of its overloads."""
    module = _tree(function.__module__)
    same = [
        n for n in module.body if isinstance(n, ast.FunctionDef) and n.name == function.__name__
    ]
    overloads = [n for n in same if any(ast.unparse(d) == "overload" for d in n.decorator_list)]
    if not same:  # of a library, such as msgspec
        yield f"{function.__name__}{inspect.signature(function)}"
        return
    for definition in overloads or same:
        assert definition.returns is not None
        returns = ast.unparse(definition.returns)
        signature = f"{definition.name}({_parameters(definition.args)}) -> {returns}"
        yield signature.replace("formats.", "")


def _parameters(arguments: ast.arguments) -> str:
    """Returns the parameters, one to a line where there are several."""
    parts = re.split(r", (?=\w+: |\*|/)", ast.unparse(arguments))
    parts = [part.replace("=", " = ", 1) for part in parts]
    lines = "\n".join(f"{part}," for part in parts)
    return f"\n{textwrap.indent(lines, '    ')}\n" if len(parts) > 1 else parts[0]


def _markdown(docstring: str) -> str:
    return docstring.replace("``", "`")


def _cell(text: str) -> str:
    return " ".join(_markdown(text).split()).replace("|", "\\|")


if __name__ == "__main__":
    (REFERENCE / "api.md").write_text(page(), encoding="utf-8")
