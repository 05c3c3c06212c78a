"""Collects the log messages and warnings of Pillow, to report them with the picture that they concern."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from logging import LogRecord

_heard: ContextVar[list[str] | None] = ContextVar("clothbound.pillow_lines", default=None)
"""The list that collects messages in this thread; None leaves them to the program's log."""
_LONGEST = 200


@contextmanager
def hearing() -> Iterator[list[str]]:
    """Collects Pillow's messages in this thread in a list and keeps them from the program's log.

    Messages from other threads and other code are not affected.
    """
    lines: list[str] = []
    token = _heard.set(lines)
    try:
        yield lines
    finally:
        _heard.reset(token)


def listen() -> None:
    """Adds the filter to the loggers of all Pillow modules that are loaded by now."""
    import logging

    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == "PIL":
            logging.getLogger(name).addFilter(_is_for_others)


def hear_warnings() -> None:
    """Collects warnings of Pillow too. This changes the whole process, so only programs that own it
    may call it.
    """
    warnings.filterwarnings("always", module="PIL")
    show = warnings.showwarning

    def show_others(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        lines = _heard.get()
        if lines is not None:
            lines.append(_one_line(str(message)))
        elif "/PIL/" not in filename.replace("\\", "/"):
            show(message, category, filename, lineno, file, line)

    warnings.showwarning = show_others


def _is_for_others(record: LogRecord) -> bool:
    """Filters loggers: keeps a record from the log if a list collects it."""
    lines = _heard.get()
    if lines is None:
        return True
    if record.levelname in _TOLD:
        lines.append(_one_line(record.getMessage()))
    return False


_TOLD = frozenset({"WARNING", "ERROR", "CRITICAL"})


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]
