"""Tests that everything which a public signature names can be imported from a public module."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import typing
from collections.abc import Iterator
from functools import cache
from types import FunctionType
from typing import Any

import pytest

import clothbound
from clothbound import errors, formats, options
from public_modules import MODULES

PUBLIC = {
    (module, name): getattr(importlib.import_module(module), name)
    for module in MODULES
    for name in importlib.import_module(module).__all__
}
BY_HAND = ("__init__", "__call__", "__getitem__", "__contains__", "__iter__")
"""The special methods that a caller uses. Only clothbound calls the constructor of a Context."""

Place = tuple[str, str]
"""A module and a name in it."""


@cache
def tree_of(module: str) -> ast.Module:
    return ast.parse(inspect.getsource(importlib.import_module(module)))


@cache
def definition(module: str, name: str) -> Place | None:
    """Where a name that ``module`` uses is defined; None if that is outside the package."""
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if name == (alias.asname or alias.name):
                    return imported(module, node, alias.name)
        elif isinstance(node, ast.ClassDef) and node.name == name:
            return module, name
        elif isinstance(node, ast.AnnAssign | ast.Assign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                return module, name
    return None


def imported(module: str, statement: ast.ImportFrom, name: str) -> Place | None:
    spec = importlib.util.find_spec(module)
    assert spec is not None
    package = module if spec.submodule_search_locations else module.rpartition(".")[0]
    dotted = "." * statement.level + (statement.module or "")
    source = importlib.util.resolve_name(dotted, package)
    if not source.startswith("clothbound"):
        return None
    if importlib.util.find_spec(source).submodule_search_locations and importlib.util.find_spec(
        f"{source}.{name}"
    ):
        return f"{source}.{name}", ""
    return definition(source, name) or (source, name)


def names_in(annotation: ast.expr) -> Iterator[tuple[str, str]]:
    """The names in an annotation, with the attribute that is taken of each, if there is one."""
    match annotation:
        case ast.Subscript(ast.Name("Annotated"), ast.Tuple([inner, *_])):
            yield from names_in(inner)
        case ast.Subscript(ast.Name("Literal")):
            return
        case ast.Attribute(ast.Name(name), attribute):
            yield name, attribute
        case ast.Name(name):
            yield name, ""
        case ast.Constant(str(text)):
            yield from names_in(ast.parse(text, mode="eval").body)
        case _:
            for child in ast.iter_child_nodes(annotation):
                if isinstance(child, ast.expr):
                    yield from names_in(child)


def signatures(thing: Any) -> Iterator[tuple[str, str, str]]:
    """Yields each annotation of a public thing: what has it, the module that it stands in, its text."""
    if isinstance(thing, FunctionType):
        overloads = typing.get_overloads(thing) or [thing]
        for one in overloads:
            for parameter, annotation in one.__annotations__.items():
                yield f"{thing.__qualname__}({parameter})", thing.__module__, str(annotation)
    if not inspect.isclass(thing):
        return
    for base in thing.__mro__:
        if not base.__module__.startswith("clothbound."):
            continue
        for name, annotation in vars(base).get("__annotations__", {}).items():
            if not name.startswith("_"):
                yield f"{base.__name__}.{name}", base.__module__, str(annotation)
        for name, member in vars(base).items():
            function = getattr(member, "fget", None) or getattr(member, "__func__", member)
            is_called = not name.startswith("_") or name in BY_HAND
            is_ours = isinstance(function, FunctionType) and name in function.__qualname__
            if is_called and is_ours and (base.__name__, name) != ("Context", "__init__"):
                yield from signatures(function)


def unexported(thing: Any) -> Iterator[tuple[str, Place]]:
    for where, module, annotation in signatures(thing):
        for name, attribute in names_in(ast.parse(annotation, mode="eval").body):
            place = definition(module, name)
            if place is not None and attribute:
                place = definition(place[0], attribute)
            if place is None or not place[1]:
                continue
            value = getattr(importlib.import_module(place[0]), place[1])
            # Fields of options share what they mean, in an Annotated, which the reference shows.
            is_inner = isinstance(value, typing.TypeVar)
            if is_inner or typing.get_origin(value) is typing.Annotated:
                continue
            if not any(p == place[1] and v is value for (_, p), v in PUBLIC.items()):
                yield where, place


@pytest.mark.parametrize("module", MODULES)
def test_every_name_of_a_public_module_is_there_and_sorted(module: str) -> None:
    names = importlib.import_module(module).__all__
    assert names == sorted(set(names))
    assert len(names) > 3
    assert set(names) <= set(dir(importlib.import_module(module)))


def test_every_name_in_a_public_signature_is_public() -> None:
    walked = [where for thing in PUBLIC.values() for where, *_ in signatures(thing)]
    assert {"read(source)", "Fetcher.__call__(url)", "Post.slug(return)", "Pdf.page"} <= set(walked)
    assert len(walked) > 500
    found = {place: where for thing in PUBLIC.values() for where, place in unexported(thing)}
    assert found == {}


def test_the_walk_sees_a_name_that_is_not_public() -> None:
    from clothbound.context import Context  # its constructor is not public, for these two

    hidden = {
        definition("clothbound.context", name)
        for annotation in Context.__init__.__annotations__.values()
        for name, _ in names_in(ast.parse(annotation, mode="eval").body)
    }
    assert ("clothbound.media.resources", "Resources") in hidden
    assert all(
        value is not importlib.import_module("clothbound.media.resources").Resources
        for value in PUBLIC.values()
    )


def test_names_that_are_loaded_late_are_known_to_type_checkers() -> None:
    for name in ("clothbound", "clothbound.options"):
        module = importlib.import_module(name)
        (checked,) = (n for n in tree_of(name).body if isinstance(n, ast.If))
        imports = [n for n in checked.body if isinstance(n, ast.ImportFrom)]
        typed = {alias.name: each.module for each in imports for alias in each.names}
        assert typed == module._MODULES
        assert typed.keys() <= set(module.__all__)
        with pytest.raises(AttributeError, match="no attribute 'Epubb'"):
            module.Epubb  # noqa: B018


def test_one_tree_has_all_errors() -> None:
    """What ``except ClothboundError`` catches is defined in one module, and no public name is another exception."""
    ours = {
        name: thing
        for name, thing in vars(errors).items()
        if inspect.isclass(thing) and issubclass(thing, Exception)
    }
    assert set(errors.__all__) == ours.keys()
    assert all(issubclass(kind, errors.ClothboundError) for kind in ours.values())
    listed = [
        line.split()[0]
        for line in (errors.__doc__ or "").splitlines()
        if "Error" in line and line.startswith("    ")
    ]
    assert sorted(listed) == sorted(ours)
    kinds = list(ours.values())
    while kinds:
        for kind in kinds.pop().__subclasses__():
            private = kind.__name__.startswith("_")
            assert private or kind.__module__ == "clothbound.errors", kind
    exceptions = {v for v in PUBLIC.values() if inspect.isclass(v) and issubclass(v, BaseException)}
    assert exceptions == set(ours.values())


def test_the_options_of_every_format_are_public_and_of_their_kind() -> None:
    for names, find, base in (
        (formats.READERS, formats.reader, options.ReaderOptions),
        (formats.WRITERS, formats.writer, options.WriterOptions),
    ):
        kinds = {name: find(name).options_type for name in names}
        assert len(kinds) > 5
        for name, kind in kinds.items():
            assert issubclass(kind, base), name
            assert getattr(clothbound, kind.__name__) is getattr(options, kind.__name__) is kind
            assert kind.format == name
