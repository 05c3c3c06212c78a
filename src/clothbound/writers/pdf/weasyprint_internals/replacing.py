"""Gives functions of WeasyPrint another function to call."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from importlib import import_module
from types import FunctionType
from typing import Any


def with_names(function: Any, **names: Any) -> Any:
    """Returns a copy of ``function`` for which names of its module mean something else."""
    return FunctionType(
        function.__code__,
        {**function.__globals__, **names},
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )


def replace_everywhere(module: str, name: str, make: Callable[[Any], Any]) -> None:
    """Replaces a function of a module of WeasyPrint, or a method (``Class.method``), by what ``make`` makes of it.

    The new function must give the same results: it is that of all in this process who use WeasyPrint. A second
    call has no effect.
    """
    *owners, attribute = name.split(".")
    holder: Any = import_module(module)
    for owner in owners:
        holder = getattr(holder, owner)
    old = getattr(holder, attribute)
    if hasattr(old, "__wrapped__"):
        return
    new = functools.wraps(old)(make(old))
    setattr(holder, attribute, new)
    for other, loaded in list(sys.modules.items()):
        if other.startswith("weasyprint."):
            for known, value in list(vars(loaded).items()):
                if value is old:
                    setattr(loaded, known, new)
