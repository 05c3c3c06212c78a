"""``Run``: the limits, resources and callbacks that every function of the library takes."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from .errors import UsageError
from .fields import given_as, make_tuples
from .limits import Limits
from .progress import HearProgress

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from .diagnostics import Diagnostic
    from .filters import Filter
    from .media.resources import Fetch


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """Limits, resources and settings that apply to every conversion with this Run.

    A Run keeps no state, so many conversions may use the same one, even at the same time. For an executor of
    processes, its functions must be picklable.
    """

    limits: Limits = Limits()
    """Limits against hostile or broken input."""
    fetch: Fetch | None = None
    """Fetches pictures from the network, and a source that is an address (``clothbound.Fetcher``); without it nothing
    is downloaded."""
    cache: str | os.PathLike[str] | None = None
    """The folder that keeps converted pictures between runs and, of 16 posts and more, pages and chapters; None keeps
    none."""
    executor: Executor | None = None
    """Converts pictures instead of the library's own threads."""
    jobs: int | None = None
    """The number of processes that make pages and chapters, or compile a large book with Typst; None means as many as
    pay: one for fewer than 300 posts, at most two that compile, and never more than cores. The product is the same with any
    number."""
    progress: HearProgress | None = None
    """Called with each ``Progress``: what the run is doing, and how far it is."""
    diagnostics: Callable[[Diagnostic], None] | None = None
    """Called with each diagnostic when it enters a product's report."""
    filters: Sequence[Filter] = ()
    """Functions, and files of functions, that change posts or render nodes (``clothbound.filters``). Each product
    applies them to each post, in order, before anything of its own."""
    audiences: Collection[str] | None = None
    """The audiences that a product is for: it contains their posts, of a post what they may read of it, and no more.
    None means everyone for a public product (``site``, ``rss``), and its author for any other, unless
    ``Select.audiences`` chose the posts."""
    states: Collection[str] = ()
    """The states of posts that are not public and that a public product contains nevertheless: ``draft``,
    ``scheduled``, ``private`` and others, or names of reasons."""
    now: datetime | None = None
    """The moment that decides what is public. None means SOURCE_DATE_EPOCH, if it is set, or else the time at
    which a conversion begins."""

    def __post_init__(self) -> None:
        make_tuples(self, "audiences", "states")
        if not isinstance(self.limits, Limits):
            kind = type(self.limits).__name__
            raise UsageError(f"limits are Limits, not {kind}", hint="limits=clothbound.Limits(...)")
        if self.jobs is not None and (not isinstance(self.jobs, int) or self.jobs < 1):
            raise UsageError(f"jobs is a number of processes from 1, not {self.jobs!r}")
        for name in ("fetch", "progress", "diagnostics"):
            function = getattr(self, name)
            if function is not None and not callable(function):
                hint = "fetch=clothbound.Fetcher()" if name == "fetch" else f"{name}=print"
                raise UsageError(f"{name} is a function, not {function!r}", hint=hint)
        if not isinstance(self.filters, tuple):
            from .filters import as_tuple

            msgspec.structs.force_setattr(self, "filters", as_tuple(self.filters))


def run_of(given: Run | None) -> Run:
    """Returns the run that a function was given, or one with the defaults. Raises UsageError for what is no Run."""
    return given_as(Run, "run", given)


def deciding_values(run: Run) -> tuple[object, ...]:
    """Returns what of a run decides about products, besides its filters and its moment, as values in a fixed order."""
    limits = msgspec.structs.replace(run.limits, pixels_at_once=0)  # It decides how fast, not what.
    audiences = None if run.audiences is None else sorted(run.audiences)
    fetch = None if run.fetch is None else type(run.fetch).__qualname__
    return (limits, audiences, sorted(run.states), fetch)


def with_filters(run: Run | None, filters: Filter | Iterable[Filter]) -> Run:
    """Returns the run with ``filters``. Raises TypeError if it has filters too."""
    run = run_of(run)
    if filters == ():
        return run
    from .filters import as_tuple

    own = as_tuple(filters)
    if own and run.filters:
        raise TypeError("filters is given twice: as a keyword and in Run")
    return msgspec.structs.replace(run, filters=own) if own else run
