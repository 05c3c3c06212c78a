"""Shows on a terminal what the command is doing, and says at the end how long it took."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..artifact import size_of
from ..console_text import format_count, format_megabytes, printable
from ..progress import DOWNLOADING, FETCHING, PAGES, PICTURES, HearProgress, Progress

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.live import Live

    from .outputs import OutputTarget

_PRINTED = ("pdf", "kdp")
"""Formats whose pages take most of the time. How many there are is not known before they are set."""
_WITHIN = (FETCHING, PICTURES)
"""Phases within another phase."""
_SLOW = (DOWNLOADING, FETCHING, PAGES)
"""Phases in which a long time may pass before anything more is heard."""
_DISPLAY = "clothbound.progress"
_SECONDS = "clothbound.seconds"

_AFTER = 0.5
"""Seconds before anything is shown. Short runs need neither a display nor its import."""
_LONG = 5
"""Seconds from which on a command says at its end how long it took."""
_NAMED = 3
"""The most products that this line names."""
_BAR = 24
"""The columns of the bar, which is shown where there is room for it."""
_LEAST_NAME = 10
"""The columns that a shortened name needs at least, to be of use."""
_GAPS = 6
"""The columns of the spinner and of the spaces between the parts of a line."""


@contextmanager
def following(target: OutputTarget, *, quiet: bool) -> Iterator[HearProgress | None]:
    """Shows the progress of one output. See ``watching``."""
    name = "" if target.path == "-" else target.path
    with watching(name, quiet=quiet, is_last=target.format not in _PRINTED) as hear:
        yield hear


@contextmanager
def watching(name: str = "", *, quiet: bool, is_last: bool = True) -> Iterator[HearProgress | None]:
    """Gives what hears the progress of a piece of work on ``name``; None if there is no terminal to show it on.

    ``is_last`` says that the posts take nearly all of its time, so that their number tells how much is left.
    The time is added to that of the command.
    """
    meta = click.get_current_context().meta
    begun = time.monotonic()
    try:
        if quiet or not _has_terminal():
            yield None
            return
        display = Display(name, is_last=is_last)
        meta[_DISPLAY] = display
        try:
            yield display.hear
        finally:
            display.hide()
            del meta[_DISPLAY]
    finally:
        meta[_SECONDS] = meta.get(_SECONDS, 0.0) + time.monotonic() - begun


@contextmanager
def paused() -> Iterator[None]:
    """Hides what is shown while the user is asked a question, whose time does not count."""
    meta = click.get_current_context().meta
    begun = time.monotonic()
    if _DISPLAY in meta:
        meta[_DISPLAY].hide()
    try:
        yield
    finally:
        meta[_SECONDS] = meta.get(_SECONDS, 0.0) - (time.monotonic() - begun)


def _has_terminal() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


class Display:
    """One line on a terminal: the product, the phase, how far it is, and since when it is being made."""

    def __init__(
        self,
        name: str,
        *,
        is_last: bool,
        console: Console | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``is_last`` as in ``watching``. ``clock`` returns seconds."""
        self._name = printable(name)
        self._is_last = is_last
        self._console = console
        self._clock = clock
        self._begun = self._phase_begun = clock()
        self._outer = Progress("")
        self._inner: Progress | None = None
        self._live: Live | None = None

    def hear(self, progress: Progress) -> None:
        """Takes what is being done. The line appears when the work takes longer than a moment."""
        if progress.phase in _WITHIN:
            self._inner = progress
        else:
            if progress.phase != self._outer.phase:
                self._phase_begun = self._clock()
            self._outer, self._inner = progress, None
        is_due = progress.phase in _SLOW or self._clock() - self._begun >= _AFTER
        if self._live is None and is_due:
            self._show()

    def hide(self) -> None:
        """Removes the line, which appears again with the next progress."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _show(self) -> None:
        from rich.console import Console
        from rich.live import Live

        console = self._console or Console(stderr=True)
        self._live = Live(
            console=console,
            transient=True,
            refresh_per_second=10,
            get_renderable=lambda: self.line(console.width),
            redirect_stdout=False,
        )
        self._live.start(refresh=True)

    def line(self, width: int) -> RenderableType:
        """Returns the line for a terminal of ``width`` columns."""
        from rich.progress_bar import ProgressBar
        from rich.spinner import Spinner
        from rich.table import Table
        from rich.text import Text

        now = self._clock()
        words, ending, outer = self._words(), self._ending(now), self._outer
        room = max(width - len(words) - len(ending) - _GAPS, 0)
        name = (
            self._name
            if len(self._name) <= room
            else f"…{self._name[len(self._name) + 1 - room :]}"
        )
        cells: list[Any] = [Spinner("dots", style="cyan")]
        if self._name and room >= _LEAST_NAME:
            cells.append(Text(name, style="bold", no_wrap=True))
        cells.append(Text(words, no_wrap=True, overflow="ellipsis"))
        if self._is_last and outer.total and room - len(name) > _BAR:
            cells.append(ProgressBar(outer.total, outer.done, width=_BAR))
        cells.append(Text(ending, style="dim", no_wrap=True))
        grid = Table.grid(padding=(0, 1))
        for _ in cells:
            grid.add_column(no_wrap=True)
        grid.add_row(*cells)
        return grid

    def _words(self) -> str:
        phases = (self._outer, self._inner)
        return ", ".join(_phase(phase) for phase in phases if phase is not None and phase.phase)

    def _ending(self, now: float) -> str:
        """Returns for how long this has been going on, and how long it will take, if that is known."""
        passed, left = _duration(now - self._begun), self._left(now)
        return passed if left is None else f"{passed}, about {_duration(left)} left"

    def _left(self, now: float) -> float | None:
        """Returns the seconds that are left; None where they cannot be known yet, or at all."""
        done, total = self._outer.done, self._outer.total
        elapsed = now - self._phase_begun
        if not (self._is_last and total and done * 20 >= total and elapsed >= 2):
            return None
        return elapsed / done * (total - done)


def _phase(progress: Progress) -> str:
    """Returns a phase in words: ``reading posts 3 of 120``, ``setting pages 140``, ``packing``."""
    if progress.total:
        return f"{progress.phase} {progress.done:,} of {progress.total:,}"
    return f"{progress.phase} {progress.done:,}" if progress.done else progress.phase


def say_time(paths: Sequence[str]) -> None:
    """Prints on a terminal what a command that took long has made, how long it took, and how large it is."""
    seconds = click.get_current_context().meta.get(_SECONDS, 0.0)
    if _has_terminal() and seconds >= _LONG:
        click.echo(f"clothbound: {closing_line(paths, seconds)}", err=True)


def closing_line(paths: Sequence[str], seconds: float) -> str:
    """Returns what was made, how large it is, and how long it took."""
    made = [path for path in paths if path != "-"]
    sizes = [size_of(Path(path)) for path in made]
    if not made:
        return f"done in {_duration(seconds)}"
    if len(made) > _NAMED:
        what = f"{format_count(len(made), 'product')} ({format_megabytes(sum(sizes))})"
    else:
        each = [
            f"{printable(path)} ({format_megabytes(size)})"
            for path, size in zip(made, sizes, strict=True)
        ]
        what = " and ".join(filter(None, (", ".join(each[:-1]), each[-1])))
    return f"made {what} in {_duration(seconds)}"


def _duration(seconds: float) -> str:
    """``4 s``, ``1 min 12 s``, ``2 h 5 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
