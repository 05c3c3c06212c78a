"""Loads modules and public names when they are first used, so that what imports them stays light."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def load_late(module: str, places: Mapping[str, str], name: str) -> object:
    """Returns the public name ``name`` of ``module`` from its place, a module of this package.

    Raises AttributeError if ``places`` lacks the name.
    """
    if name not in places:
        raise AttributeError(f"module {module!r} has no attribute {name!r}")
    return load_name(f"clothbound.{places[name]}", name)


def load_module(name: str) -> object:
    """Returns a module of this package, which is imported if it was not."""
    return import_module(name)


def load_name(module: str, name: str) -> Any:
    """Returns what ``name`` is in ``module``, which is imported if it was not."""
    return getattr(import_module(module), name)


def late_module(name: str) -> Any:
    """Returns what has the names of the module ``name``, which is imported when the first of them is asked for.

    A module that few posts need is written twice, so that types and layers are checked::

        if TYPE_CHECKING:
            from . import kramdown
        else:
            kramdown = late_module("clothbound.readers.markdown.kramdown")
    """
    return _LateModule(name)


def late_function(module: str, name: str) -> Callable[..., Any]:
    """Returns a function that calls ``name`` of ``module``, which is imported at the first call.

    A function that is handed on, and that few runs call, is written twice, as with ``late_module``.
    """

    def call(*arguments: Any, **named: Any) -> Any:
        return load_name(module, name)(*arguments, **named)

    return call


class _LateModule:
    """Keeps each name that was asked for, which makes asking again as fast as asking a module."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        found = load_name(self._module, name)
        setattr(self, name, found)
        return found
