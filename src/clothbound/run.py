"""What a caller allows and asks for beside the posts and the format: one ``Run`` for every verb."""

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
"""From a type of node to a function that renders a node of it as HTML."""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds, access and wishes that hold for each conversion it is given to.

    A Run keeps no state, so one may serve many conversions, also at the same time. For an executor of
    processes its functions must be picklable.
    """

    limits: Limits = Limits()
    """Bounds against hostile or broken input."""
    fetch: Fetch | None = None
    """Gets pictures from the network (``clothbound.Fetcher``); without it they stay there."""
    cache: str | os.PathLike[str] | None = None
    """The folder that keeps converted pictures between runs; None keeps none."""
    executor: Executor | None = None
    """Converts pictures in place of our own threads."""
    progress: Progress | None = None
    """Called before each post is written."""
    diagnostics: Callable[[Diagnostic], None] | None = None
    """Called with each diagnostic when it enters a product's report."""
    overrides: Overrides = {}
    """Renders single kinds of nodes in HTML-based formats."""
    audiences: Collection[str] | None = None
    """Whose posts and paid parts a public product (``site``, ``rss``) may hold; None: everyone's alone."""
    states: Collection[str] = ()
    """Posts that are not public and that a public product takes nevertheless: ``draft``, ``scheduled``,
    ``private`` and other states, or names of reasons."""
    now: datetime | None = None
    """The moment at which it is decided what is public. None: SOURCE_DATE_EPOCH where that is set, else
    the clock, asked when a conversion begins."""
