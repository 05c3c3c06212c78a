"""``Run``: the limits, resources and callbacks that every function of the library takes."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from .limits import Limits

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from .diagnostics import Diagnostic
    from .media.resources import Fetch
    from .model.node import Node

Progress: TypeAlias = Callable[[int, int, str], None]
"""Called with the number of posts done, the number of all posts, and the title of the next."""
Overrides: TypeAlias = "Mapping[type[Node], Callable[[Any], str]]"
"""The functions that render nodes as HTML, by the type of node."""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """Limits, resources and settings that apply to every conversion with this Run.

    A Run keeps no state, so many conversions may use the same one, even at the same time. For an executor of
    processes, its functions must be picklable.
    """

    limits: Limits = Limits()
    """Limits against hostile or broken input."""
    fetch: Fetch | None = None
    """Fetches pictures from the network (``clothbound.Fetcher``); without it they are not downloaded."""
    cache: str | os.PathLike[str] | None = None
    """The folder that keeps converted pictures between runs; None keeps none."""
    executor: Executor | None = None
    """Converts pictures instead of the library's own threads."""
    progress: Progress | None = None
    """Called before each post is written."""
    diagnostics: Callable[[Diagnostic], None] | None = None
    """Called with each diagnostic when it enters a product's report."""
    overrides: Overrides = {}
    """Renders nodes of single types in HTML-based formats."""
    audiences: Collection[str] | None = None
    """The audiences whose posts and paid parts a public product (``site``, ``rss``) contains; None means only
    those for everyone."""
    states: Collection[str] = ()
    """The states of posts that are not public and that a public product contains nevertheless: ``draft``,
    ``scheduled``, ``private`` and others, or names of reasons."""
    now: datetime | None = None
    """The moment that decides what is public. None means SOURCE_DATE_EPOCH, if it is set, or else the time at
    which a conversion begins."""
