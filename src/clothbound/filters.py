"""Filters: functions that change what posts hold, and functions that render nodes in a way of their own.

The annotation of a filter says what it visits::

    from clothbound.model import Poll

    def no_polls(poll: Poll) -> None: ...

The annotation is a class of nodes, a union of them, or ``Post``. A filter returns the node itself, another,
several (a tuple or a list), or None, which takes the node out. It sees a node after its children, and not the nodes
that it has returned. A filter for ``Post`` returns a post. With ``@render`` a function returns markup for a node
instead::

    @render("html")
    def poll(node: Poll, default: Default) -> str:
        return f'<aside class="poll">{default(node)}</aside>'

A file of filters is Python; its filters are the public functions that it defines with one annotated parameter, in
their order. It is run afresh for each product.
"""

from __future__ import annotations

import functools
import hashlib
import inspect
import os
import sys
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias, TypeVar, Union

import msgspec

from .errors import FilterError, ReadError, UsageError, did_you_mean, reason_of
from .model.blocks import Cell, DefinitionItem, ListItem
from .model.node import Node
from .model.post import Post
from .model.walk import CHILD_FIELDS

__all__ = ["Default", "Filter", "FilterFile", "render"]

F = TypeVar("F", bound=Callable[..., str])

_MARK = "__clothbound_render__"
"""The attribute by which ``render`` marks a function."""
MEDIA: Final = ("html", "web", "epub", "pdf")
"""What ``render`` takes: all that is made of HTML, pages and feeds, e-books, and print."""
_IN_OTHERS = frozenset({Cell, DefinitionItem, ListItem})
"""Nodes that the node around them renders."""


class FilterFile(msgspec.Struct, frozen=True):
    """A file of filters that was read. It may be sent to other processes, which need not have the file."""

    path: str
    """The file as messages name it."""
    code: bytes

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> FilterFile:
        """Raises ReadError if the file cannot be read. Nothing in it is run."""
        try:
            return cls(os.fspath(path), Path(path).read_bytes())
        except (OSError, ValueError) as error:
            reason = reason_of(error)
            raise ReadError(
                f"the file of filters cannot be read: {reason}", source=os.fspath(path)
            ) from error

    @property
    def digest(self) -> str:
        """The SHA-256 of its bytes."""
        return hashlib.sha256(self.code).hexdigest()


Filter: TypeAlias = Union[Callable[..., Any], str, "os.PathLike[str]", FilterFile]
"""A function, or a file of functions."""


class Default(Protocol):
    """Renders as if the function that got it were not there: the second argument of ``@render``."""

    def __call__(self, content: Node | Iterable[Node], /) -> str:
        """Returns the markup of a node, or of several. What stands in it is rendered as usual."""
        ...


def render(*products: str) -> Callable[[F], F]:
    """Makes a function render the nodes that its annotation names.

    It gets the node and, as a second argument if it takes one, a ``Default``; it returns markup, which is cleaned like
    raw HTML of a post, apart from what ``default`` returned. ``products`` are ``"html"`` (all that is made of HTML),
    or ``"web"`` (pages and feeds), ``"epub"`` and ``"pdf"``. Of two functions for a node, the later one is asked, and
    its default is the earlier one. Raises UsageError for other products.
    """
    for product in products:
        if product not in MEDIA:
            shown = repr(product) if isinstance(product, str) else "a function"
            near = did_you_mean(product, MEDIA) if isinstance(product, str) else ""
            raise UsageError(
                f"@render does not know {shown}{near}", hint='write @render("html"), for example'
            )
    if not products:
        raise UsageError("@render needs a product", hint='write @render("html"), for example')

    def mark(function: F) -> F:
        setattr(function, _MARK, products)
        return function

    return mark


class NamedFunction(msgspec.Struct, frozen=True):
    """A function of the user, and how messages name it."""

    name: str
    call: Callable[..., Any]
    source: str
    """The file in which it is defined; empty if unknown."""
    line: int

    @classmethod
    def of(cls, function: Callable[..., Any]) -> NamedFunction:
        plain = _plain(function)
        name = getattr(plain, "__name__", type(function).__name__)
        code = getattr(plain, "__code__", None)
        if code is None:
            return cls(name, function, "", 0)
        return cls(name, function, code.co_filename, code.co_firstlineno)

    def wrong(self, message: str, hint: str = "") -> UsageError:
        """Returns the error for a function that is not a filter."""
        return UsageError(
            f"the filter {self.name!r} {message}", source=self.source, line=self.line, hint=hint
        )

    def failed(
        self, message: str, hint: str = "", error: BaseException | None = None
    ) -> FilterError:
        """Returns the error for a filter that did what it must not; ``error`` is what it raised."""
        line = _line_in(self.source, error) or self.line
        return FilterError(
            f"the filter {self.name!r} {message}", source=self.source, line=line, hint=hint
        )

    def raised(self, error: Exception, place: str) -> FilterError:
        """Returns the error for a filter that raised ``error`` at a node of a post."""
        return self.failed(f"raised {_said(error)}, at {place}", error=error)


class Visitor(msgspec.Struct, frozen=True):
    """A filter that changes nodes, or posts if ``kinds`` is None."""

    function: NamedFunction
    kinds: frozenset[type[Node]] | None


class Override(msgspec.Struct, frozen=True):
    """A function that renders nodes of some kinds."""

    function: NamedFunction
    kinds: frozenset[type[Node]]
    media: tuple[str, ...]
    takes_default: bool

    def is_for(self, medium: str) -> bool:
        return "html" in self.media or medium in self.media


class Filters(msgspec.Struct, frozen=True):
    """The filters of a conversion, checked."""

    visitors: tuple[Visitor, ...] = ()
    overrides: tuple[Override, ...] = ()

    @classmethod
    def of(cls, given: Iterable[Filter]) -> Filters:
        """Runs files of filters. Raises UsageError for what is not a filter, ReadError for a file."""
        visitors: list[Visitor] = []
        overrides: list[Override] = []
        for function in _functions(given):
            made = _checked(function)
            if isinstance(made, Visitor):
                visitors.append(made)
            else:
                overrides.append(made)
        return cls(tuple(visitors), tuple(overrides))

    @property
    def has_posts(self) -> bool:
        """Whether a filter gets posts, and may change their metadata."""
        return any(visitor.kinds is None for visitor in self.visitors)

    def overrides_for(self, medium: str) -> dict[type[Node], tuple[Override, ...]]:
        """Returns what renders each kind of node in a medium, the last one last."""
        found: dict[type[Node], tuple[Override, ...]] = {}
        for override in self.overrides:
            if override.is_for(medium):
                for kind in override.kinds:
                    found[kind] = (*found.get(kind, ()), override)
        return found


def as_files(given: Iterable[Filter]) -> tuple[Filter, ...]:
    """Returns filters with their files read, so that they can be sent to other processes."""
    return tuple(
        FilterFile.read(one) if isinstance(one, (str, os.PathLike)) else one for one in given
    )


def as_tuple(given: Filter | Iterable[Filter] | None) -> tuple[Filter, ...]:
    """Returns the filters that were given, one by itself too. Raises UsageError for what is none."""
    if given is None:
        return ()
    if isinstance(given, (str, os.PathLike, FilterFile)) or callable(given):
        return (given,)
    if not isinstance(given, Iterable):
        raise _not_a_filter(given)
    return tuple(given)


def _not_a_filter(given: object) -> UsageError:
    return UsageError(
        f"a filter is a function or the path of a file, not {given!r:.80}",
        hint="def no_polls(poll: Poll): return None",
    )


def refuse_unsendable(given: Iterable[Filter]) -> None:
    """Raises UsageError for a function that cannot be sent to another process."""
    import pickle

    for one in given:
        if isinstance(one, FilterFile):
            continue
        try:
            pickle.dumps(one)
        except Exception as error:  # Depending on the object, pickle raises almost anything.
            function = NamedFunction.of(typing.cast("Callable[..., Any]", one))
            raise function.wrong(
                "cannot be sent to the processes of a pool",
                "define it with def at the top of a module, or name its file: filters=['filters.py']",
            ) from error


def _functions(given: Iterable[Filter]) -> Iterator[Callable[..., Any]]:
    for one in given:
        if isinstance(one, (str, os.PathLike)):
            yield from _of_file(FilterFile.read(one))
        elif isinstance(one, FilterFile):
            yield from _of_file(one)
        elif callable(one) and not isinstance(one, type):
            yield one
        else:
            raise _not_a_filter(one)


def _of_file(file: FilterFile) -> Sequence[Callable[..., Any]]:
    """Runs a file and returns its filters in order."""
    module = _run(file)
    public = [
        value
        for name, value in vars(module).items()
        if not name.startswith("_")
        and inspect.isfunction(value)
        and inspect.unwrap(value).__globals__ is vars(module)
    ]
    found = [value for value in dict.fromkeys(public) if _looks_like_a_filter(value)]
    if not found:
        reasons = ", ".join(f"{one.__name__!r} has {_what_no_filter_has(one)}" for one in public)
        raise UsageError(
            "the file has no filter" + (f" ({reasons})" if reasons else ""),
            source=file.path,
            hint="a filter is a function whose parameter is annotated: def no_polls(poll: Poll)",
        )
    return found


def _run(file: FilterFile) -> types.ModuleType:
    # Dataclasses look their module up while they are made; nothing of it is kept afterwards.
    name = f"_clothbound_filters_{file.digest[:12]}"
    module = types.ModuleType(name)
    module.__file__ = file.path
    module.__name__ = f"{name}_{id(module):x}"
    try:
        code = compile(file.code, file.path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        reason = getattr(error, "msg", None) or error
        raise UsageError(
            f"the file of filters is not valid Python: {reason}", source=file.path, line=line
        ) from error
    sys.modules[module.__name__] = module
    try:
        exec(code, module.__dict__)  # noqa: S102 - the user has named the file
    except (Exception, SystemExit) as error:
        if isinstance(error, UsageError):
            raise UsageError(
                error.message, source=file.path, line=_line_in(file.path, error), hint=error.hint
            ) from error
        raise UsageError(
            f"the file of filters cannot be run: {_said(error)}",
            source=file.path,
            line=_line_in(file.path, error),
        ) from error
    finally:
        del sys.modules[module.__name__]
    return module


def _looks_like_a_filter(function: Callable[..., Any]) -> bool:
    if hasattr(function, _MARK):
        return True
    parameters = _parameters(function)
    required = [p for p in parameters if p.default is p.empty]
    first = parameters[0] if parameters else None
    return len(required) == 1 and first in required and first.annotation is not first.empty


def _what_no_filter_has(function: Callable[..., Any]) -> str:
    required = sum(p.default is p.empty for p in _parameters(function))
    return "no annotation" if required == 1 else f"{required} parameters without a default"


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """Returns the parameters that may be given by position."""
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    signature = inspect.signature(function)
    return [p for p in signature.parameters.values() if p.kind in kinds]


def _checked(function: Callable[..., Any]) -> Visitor | Override:
    """Raises UsageError for a function that is not a filter."""
    named = NamedFunction.of(function)
    media: tuple[str, ...] = getattr(_plain(function), _MARK, ())
    try:
        parameters = _parameters(function)
    except (TypeError, ValueError, NameError) as error:
        raise named.wrong(f"has no signature that can be read: {error}") from error
    most = 2 if media else 1
    required = sum(p.default is p.empty for p in parameters)
    if not parameters or required > most:
        takes = "the node and the default" if media else "the node"
        raise named.wrong(
            f"has {len(parameters)} parameters, but it gets {takes}",
            "give further parameters a default, or begin the name of a helper with _",
        )
    kinds = _kinds(named, function, parameters[0])
    if not media:
        return Visitor(named, kinds)
    if kinds is None:
        raise named.wrong("renders a Post, but @render is for nodes", "annotate it with a node")
    if kinds <= _IN_OTHERS:
        names = ", ".join(sorted(kind.__name__ for kind in kinds))
        raise named.wrong(
            f"renders {names}, which the node around it renders", "render the List or the Table"
        )
    return Override(named, kinds, media, takes_default=len(parameters) > 1)


def _kinds(
    named: NamedFunction, function: Callable[..., Any], parameter: inspect.Parameter
) -> frozenset[type[Node]] | None:
    """Returns the kinds of nodes that an annotation names; None for ``Post``."""
    annotation = parameter.annotation
    hint = "annotate it with a class of clothbound.model, several joined by |, or Post"
    if annotation is parameter.empty:
        shown = "a lambda" if named.name == "<lambda>" else f"its parameter {parameter.name!r}"
        raise named.wrong(
            f"does not say what it visits: {shown} has no annotation", f"{hint}: def f(poll: Poll)"
        )
    if isinstance(annotation, str):
        try:
            annotation = eval(annotation, *_names(function))  # noqa: S307 - the user's own code
        except Exception as error:
            raise named.wrong(
                f"has the annotation {parameter.annotation!r}, which is not known there: {error}",
                "import the name at the top of the file, outside of TYPE_CHECKING",
            ) from error
    if annotation is Post:
        return None
    is_union = typing.get_origin(annotation) in (Union, types.UnionType)
    members = typing.get_args(annotation) if is_union else (annotation,)
    kinds: set[type[Node]] = set()
    for member in members:
        if not (isinstance(member, type) and issubclass(member, Node)):
            shown = getattr(member, "__name__", None) or repr(member)
            raise named.wrong(f"has the annotation {shown}, which is not a node", hint)
        kinds.update(kind for kind in CHILD_FIELDS if issubclass(kind, member))
    return frozenset(kinds)


def _plain(function: Callable[..., Any]) -> Any:
    """Returns the function of a partial one, a wrapped one, a method or an object that can be called."""
    found: Any = function
    while isinstance(found, functools.partial):
        found = found.func
    found = inspect.unwrap(found)
    if not hasattr(found, "__code__") and not hasattr(found, "__func__"):
        found = getattr(type(found), "__call__", found)  # noqa: B004 - its function is wanted
    return getattr(found, "__func__", found)


def _names(function: Callable[..., Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Returns the global names of a function, and those of the functions around it."""
    plain = _plain(function)
    around = {}
    cells = zip(plain.__code__.co_freevars, plain.__closure__ or (), strict=False)
    for name, cell in cells:
        try:
            around[name] = cell.cell_contents
        except ValueError:  # It has no value yet.
            continue
    return plain.__globals__, around


def _said(error: BaseException) -> str:
    """Returns what Python prints of an error, on one line."""
    words = " ".join(str(error).split())
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def _line_in(source: str, error: BaseException | None) -> int:
    """Returns the last line of a file that led to an error; 0 if none did."""
    import traceback

    if error is None or not source:
        return 0
    frames = traceback.walk_tb(error.__traceback__)
    lines = [line for frame, line in frames if frame.f_code.co_filename == source]
    return lines[-1] if lines else 0
