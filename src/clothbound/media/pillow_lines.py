"""Collects what Pillow logs and warns of, to report it with the picture that it concerns."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from logging import LogRecord

_heard: ContextVar[list[str] | None] = ContextVar("clothbound.pillow_lines", default=None)
"""Where lines go in this thread; None: they are somebody else's."""
_LONGEST = 200


@contextmanager
def hearing() -> Iterator[list[str]]:
    """Gathers in a list what Pillow logs in this thread, which then stands in no log of the program.

    Lines that other threads and other code cause are left alone.
    """
    lines: list[str] = []
    token = _heard.set(lines)
    try:
        yield lines
    finally:
        _heard.reset(token)


def listen() -> None:
    """Has the loggers of Pillow's modules that are loaded by now ask who hears them."""
    import logging

    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == "PIL":
            logging.getLogger(name).addFilter(_is_for_others)


def hear_warnings() -> None:
    """Has warnings of Pillow heard, too. They are a matter of the whole process: for a program that
    owns it.
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
    """A filter of loggers: keeps a record from the log where somebody hears it."""
    lines = _heard.get()
    if lines is None:
        return True
    if record.levelname in _TOLD:
        lines.append(_one_line(record.getMessage()))
    return False


_TOLD = frozenset({"WARNING", "ERROR", "CRITICAL"})


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]
