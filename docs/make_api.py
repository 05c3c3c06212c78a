"""Write docs/reference/api.md and the pages in docs/reference/api from the public names of clothbound, their docstrings and their fields."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import importlib.util
import inspect
import re
import textwrap
import typing
from collections.abc import Iterator
from enum import Enum
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

import clothbound
from clothbound.errors import ClothboundError
from clothbound.fields import settings
from clothbound.model import Node
from clothbound.options import ReaderOptions, WriterOptions

DOCS = Path(__file__).parent
REFERENCE = DOCS / "reference"
EXAMPLES = DOCS / "api_examples.txt"
MODULES = (
    "clothbound",
    "clothbound.model",
    "clothbound.options",
    "clothbound.plan",
    "clothbound.filters",
    "clothbound.errors",
    "clothbound.plugins",
    "clothbound.testing",
)
PRELUDE = """\
import clothbound
from clothbound.model import *


def html(*nodes: Node) -> None:
    print(clothbound.to_html(Post(Metadata(), nodes), title=False).strip())
"""
INTRODUCTION = """\
# The library

The public modules are `clothbound`, `clothbound.model` (posts and their nodes), `clothbound.options`
(everything that one hands to a function), `clothbound.plan` (books that a book.toml plans), `clothbound.filters` (functions
that change posts), `clothbound.errors`, `clothbound.plugins` and `clothbound.testing` (for plug-ins, of which
[examples/plugin](../../examples/plugin) is one). Everything that their signatures name can be imported from one of them,
and is described here once, with an example.

All other modules are not public: they may be renamed and changed at any time, and so may names that begin with `_`.

Fields of a struct are keywords unless the page shows them in the order of a call:
`clothbound.Pdf(page="A5")`, `Heading((Text("Morning"),), 2)`. A struct is never changed; `replace` returns a copy with
other values.

The examples run as they stand, after these lines:

```python
import clothbound
from clothbound.model import *


def html(*nodes: Node) -> None:
    print(clothbound.to_html(Post(Metadata(), nodes), title=False).strip())
```

[The page on Python](../how-to/library.md) shows how to use the names.

"""
TOPICS = {
    "functions": ("Functions", "What most programs need, and what these functions return."),
    "posts": ("Posts and collections", "A post, its metadata, and what holds many of them."),
    "blocks": (
        "Blocks",
        "The nodes of which a post consists. [Nodes](../nodes.md) shows them in every format.",
    ),
    "inlines": (
        "Nodes in a line",
        "The nodes within a block. [Nodes](../nodes.md) shows them in every format.",
    ),
    "trees": ("Functions for trees", "To go through nodes, to change them, and to count them."),
    "readers": (
        "Options of readers",
        "The second argument of `read`. [Options](../options.md) has them for the command line.",
    ),
    "writers": (
        "Options of writers",
        "The second argument of `write`. [Options](../options.md) has them for the command line.",
    ),
    "books": (
        "Options of books",
        "What `book` selects, how it orders that, and what it calls the book.",
    ),
    "plans": (
        "Plans of books",
        "Books that [a book.toml](../book-toml.md) plans, and what a book will hold, told before it is made.",
    ),
    "runs": (
        "Runs, limits, the network",
        "What applies to a whole conversion, whatever its formats.",
    ),
    "reports": ("Reports and diagnostics", "The account of what became of each post."),
    "publication": (
        "Who may see a post",
        "What a source says on it, and what follows at a moment.",
    ),
    "filters": (
        "Filters",
        "For functions that change posts, which [a page of its own](../../how-to/filter.md) explains.",
    ),
    "errors": ("Errors", "`except ClothboundError` catches each of them."),
    "plugins": (
        "For plug-ins",
        "What readers and writers of [plug-ins](../../how-to/plug-in.md) are made of.",
    ),
    "testing": ("Tests of plug-ins", "Tests for plug-ins, and the protocols that these implement."),
    "types": (
        "Types",
        "Names of values that several signatures take; they have no example of their own.",
    ),
}
"""Page to title and introduction, in the order of the index."""
PLACES = {
    "functions": "Artifact Change Comparison ContentCounts Costs ImportReport Result",
    "publication": "Moment Publication Reason Verdict",
    "reports": "Diagnostic DiagnosticCode Diagnostics LossReport Outcome PostAccount PostLink Severity Tally",
    "books": "BookInfo Order Select Series",
}
"""The page of names that do not follow from module and kind."""
MODULE_PAGES = {
    "clothbound": "posts",
    "clothbound.model": "posts",
    "clothbound.options": "runs",
    "clothbound.plan": "plans",
    "clothbound.filters": "filters",
    "clothbound.errors": "errors",
    "clothbound.plugins": "plugins",
    "clothbound.testing": "testing",
}
GROUP_PAGES = {
    "Options of readers": "readers",
    "Options of writers": "writers",
    "Blocks": "blocks",
    "Nodes in a line": "inlines",
    "Types": "types",
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


@cache
def places() -> dict[str, str]:
    """Returns the page of each public name, in the order of the pages."""
    found = {
        name: _page_of(module, name) for module, names in public_names().items() for name in names
    }
    return dict(
        sorted(found.items(), key=lambda item: (list(TOPICS).index(item[1]), item[0][0].isupper()))
    )


def _page_of(module: str, name: str) -> str:
    for page, names in PLACES.items():
        if name in names.split():
            return page
    group = group_of(module, name)
    if group == "Functions" and module in ("clothbound", "clothbound.model"):
        return "functions" if module == "clothbound" else "trees"
    return GROUP_PAGES.get(group, MODULE_PAGES[module])


def pages() -> dict[str, str]:
    """Returns the text of each page by its path below docs/reference."""
    found = {f"api/{page}.md": "".join(_page(page)) for page in TOPICS}
    found["api.md"] = INTRODUCTION + "".join(_index())
    return found


def _index() -> Iterator[str]:
    yield "| page | names |\n|:--|:--|\n"
    for page, (title, _) in TOPICS.items():
        names = [name for name, place in places().items() if place == page]
        links = ", ".join(f"[`{name}`](api/{page}.md#{name.lower()})" for name in names)
        yield f"| [{title}](api/{page}.md) | {links} |\n"


def _page(page: str) -> Iterator[str]:
    title, about = TOPICS[page]
    yield f"# {title}\n\n{about}\n"
    for name, place in places().items():
        if place == page:
            text = "".join(_entry(home_of(name), name))
            yield text.replace("\n\n\n", "\n\n")


def _entry(module: str, name: str) -> Iterator[str]:
    thing = getattr(importlib.import_module(module), name)
    yield f"\n## {name}\n"
    if group_of(module, name) == "Types":
        yield f"\n`{module}.{name}`: {_text(_value(module, name, thing))}\n"
        return
    also = "clothbound." if name in clothbound.__all__ and module != "clothbound" else ""
    yield f"\n`{also or f'{module}.'}{name}`{_format(thing)}\n"
    if inspect.isfunction(thing):
        for signature in _signatures(thing):
            yield f"\n```py\n{signature}\n```\n"
    yield f"\n{_markdown(inspect.getdoc(thing) or '')}\n"
    if inspect.isclass(thing) and issubclass(thing, Enum):
        yield "\nValues: " + ", ".join(f"`{member.value}`" for member in thing) + ".\n"
    if inspect.isclass(thing) and issubclass(thing, ClothboundError):
        yield "".join(_error(thing))
    elif inspect.isclass(thing):
        rows = [*_fields(thing), *_members(thing)]
        if rows:
            yield "\n| name | meaning |\n|:--|:--|\n"
            yield from (f"| {_cell(name)} | {_cell(meaning)} |\n" for name, meaning in rows)
    if name in examples():
        yield f"\n```pycon\n{examples()[name]}\n```\n"


def _error(thing: type[ClothboundError]) -> Iterator[str]:
    bases = [base for base in thing.__bases__ if base is not Exception]
    if bases:
        yield f"\nA {' and a '.join(f'`{base.__name__}`' for base in bases)}. "
    else:
        yield "\nIts attributes are `message`, `source`, `line`, `hint` and `exit_code`. "
    yield f"The command ends with status {thing.exit_code}.\n"


def _format(thing: Any) -> str:
    found = getattr(thing, "format", None)
    return f", of the format `{found}`" if isinstance(found, str) and inspect.isclass(thing) else ""


@cache
def examples() -> dict[str, str]:
    """Returns the example of each name that has one, as doctest reads it."""
    text = EXAMPLES.read_text(encoding="utf-8")
    parts = re.split(r"^# (\w+)$", text, flags=re.M)[1:]
    return {name: body.strip() for name, body in zip(parts[::2], parts[1::2], strict=True)}


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
    if dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            if not field.name.startswith("_"):
                kind, meaning = _declared(thing, field.name)
                yield f"`{field.name}: {kind}`", meaning
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
            shown = f"{path}: {kind}{_default(thing, name)}" if not nested else path
            yield f"`{shown}`{mark}", text


def _default(thing: Any, name: str) -> str:
    """Returns ``= value`` for a number, a text or a switch that a field is unless it is given."""
    names, values = thing.__struct_fields__, thing.__struct_defaults__
    known = dict(zip(reversed(names), reversed(values), strict=False))
    shown = known.get(name, msgspec.NODEFAULT)
    return f" = {shown!r}" if shown is None or isinstance(shown, int | float | str) else ""


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
            is_property = isinstance(member, property | cached_property)
            own = [getattr(member, part, None) for part in ("fget", "func", "__func__")]
            function = next(filter(None, own), member)
            if name.startswith("_") or not inspect.isfunction(function):
                continue
            documented = " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())
            returns = str(function.__annotations__.get("return", ""))
            shown = f"{name}: {returns}" if is_property else _call(function)
            yield f"`{shown}`", documented


def _call(function: Any) -> str:
    """Returns a method as its caller writes it, with the types of its parameters and of its result."""
    (definition,) = (
        node
        for node in ast.walk(_tree(function.__module__))
        if isinstance(node, ast.FunctionDef)
        and node.name == function.__name__
        and function.__code__.co_firstlineno <= node.lineno <= function.__code__.co_firstlineno + 4
    )
    arguments = definition.args
    arguments.args = [one for one in arguments.args if one.arg not in ("self", "cls")]
    returns = ast.unparse(definition.returns) if definition.returns else "None"
    return f"{definition.name}({ast.unparse(arguments)}) -> {returns}"


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


def _text(text: str) -> str:
    return " ".join(_markdown(text).split())


def _cell(text: str) -> str:
    return " ".join(_markdown(text).split()).replace("|", "\\|")


if __name__ == "__main__":
    (REFERENCE / "api").mkdir(exist_ok=True)
    for path, text in pages().items():
        (REFERENCE / path).write_text(text, encoding="utf-8")
