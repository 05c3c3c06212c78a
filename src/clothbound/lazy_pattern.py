"""Regular expressions that compile when they are first used, so that importing costs nothing."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, AnyStr, cast

METHODS = ("match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer")
ATTRIBUTES = ("pattern", "flags", "groups", "groupindex")


def lazy_pattern(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Returns a pattern with the methods and attributes of ``re.Pattern``, which compiles when the first is asked for.

    It is no ``re.Pattern`` for ``isinstance``. A fault in ``pattern`` is raised as ``re.error`` at
    the first use.
    """
    return cast("re.Pattern[AnyStr]", _Uncompiled(pattern, flags))


@contextmanager
def compiled_late(package: str) -> Iterator[None]:
    """Makes the patterns lazy that ``package`` compiles while it is imported. Those of all other packages, in other threads
    too, are compiled as ever.
    """
    compile_now: Any = re.compile

    def compile_late(pattern: Any, flags: Any = 0) -> Any:
        caller = sys._getframe(1).f_globals.get("__name__", "")
        is_late = caller.partition(".")[0] == package
        return (lazy_pattern if is_late else compile_now)(pattern, flags)

    re.compile = compile_late
    try:
        yield
    finally:
        re.compile = compile_now


class _Compiled:
    """Holds the bound methods and the attributes of a compiled pattern, which makes a call as fast as on the pattern.

    A class with ``__getattr__`` would be slower, also where the attribute exists.
    """

    __slots__ = ("_flags", "_pattern", *METHODS, *ATTRIBUTES)


class _Uncompiled(_Compiled):
    """A pattern before its first use.

    Threads that meet here at once bind the members of equal patterns, and each is bound
    before the class changes, so that none is missed.
    """

    __slots__ = ()

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self._pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        if name not in METHODS and name not in ATTRIBUTES:
            raise AttributeError(f"a lazy pattern has no attribute {name!r}")
        compiled = re.compile(self._pattern, self._flags)
        for member in (*METHODS, *ATTRIBUTES):
            setattr(self, member, getattr(compiled, member))
        self.__class__ = _Compiled  # type: ignore[assignment]
        return getattr(compiled, name)
