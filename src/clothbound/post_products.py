"""The product of one post as data: what it adds to a product, and what the report says of it.

A writer whose product has a part for each post makes these parts by a function that changes nothing but the report
of the context it is given. So a part may be made in any order and in any process.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec
from msgspec import structs

from .context import Context
from .diagnostics import Diagnostic, DiagnosticCode, FileReport, PostAccount, Severity
from .media.converter import Key as ConversionKey
from .model.collection import Collection
from .model.post import Post
from .progress import WRITING

T = TypeVar("T")

_PAYING_POSTS = 300
"""The number of posts from which several processes pay, since each takes a moment to begin."""
_MOST_JOBS = 8
_POSTS_AHEAD = 8
"""The most posts that are loaded while pictures of those that follow are converted."""


class PostProduct(msgspec.Struct, Generic[T], frozen=True):
    """All that one post gives to a product."""

    content: T
    """The part of the product, as the writer defines it."""
    account: PostAccount | None
    """The account of the post; None for a text that has none, such as a list of links."""
    diagnostics: tuple[Diagnostic, ...]
    """What was reported while it was made, in order."""
    files: tuple[FileReport, ...] = ()
    """Which diagnostics are about a file, and said of the first post alone that shows it."""


class _Loaded(NamedTuple):
    """A post with the context in which it was loaded."""

    context: Context
    post: Post | Exception
    """The error that is to be raised in its turn, if it could not be loaded."""
    begun: Sequence[ConversionKey]
    """Its pictures that are converted already."""


class PostProducts(Generic[T]):
    """The parts of one product, one for each post, in the order of the collection."""

    def __init__(
        self,
        collection: Collection,
        context: Context,
        make: Callable[[Post, Context], T],
        kind: type[T],
        begin: Callable[[Post, Context], Sequence[ConversionKey]] | None = None,
    ) -> None:
        """``begin`` begins to convert the pictures of a post before it is made. ``make`` makes the part of a post, and reports to the context that it is given, which is the post's own. ``kind`` is the type of the parts."""
        self._keys = tuple(metadata.key for metadata in collection.index)
        self._sources = tuple(metadata.source for metadata in collection.index)
        self._context = context
        self._make = make
        self._begin = begin
        self._files: set[str] = set()
        """The files of which the report says already what is to be said."""
        self._decoder = msgspec.msgpack.Decoder(list[PostProduct[kind]], dec_hook=_count)  # type: ignore[valid-type]

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[T]:
        """Yields the parts in order, and adds what is said of each to the report of the product."""
        taken = 0
        for product in self._in_processes():
            self._context.show_progress(WRITING, taken, len(self))
            taken += 1
            yield self.take(product)
        for product in self._here(taken):
            yield self.take(product)

    def _here(self, first: int) -> Iterator[PostProduct[T]]:
        """Makes the parts from the post at ``first`` on in this process, while the pictures of posts that follow are
        converted.
        """
        loaded: deque[_Loaded] = deque()
        converter = self._context.converter
        try:
            for position in range(first, len(self)):
                self._context.show_progress(WRITING, position, len(self))
                most = min(position + _POSTS_AHEAD, len(self)) if self._begin is not None else 0
                while not loaded or (position + len(loaded) < most and converter.begins_more):
                    loaded.append(self._load(position + len(loaded)))
                one = loaded.popleft()
                yield self._finish(position, one)
                converter.forget(one.begun)
        finally:
            converter.end()

    def _load(self, position: int) -> _Loaded:
        """Loads a post before its turn, and begins to convert its pictures."""
        own = self._context.apart()
        try:
            post = self._context.load_post(position, own)
        except Exception as error:
            return _Loaded(own, error, ())
        return _Loaded(own, post, self._begin(post, own) if self._begin is not None else ())

    def _in_processes(self) -> Iterator[PostProduct[T]]:
        """Yields the parts that other processes make: all, none, or those before a post that raises an error."""
        context, run = self._context, self._context.run
        asked = run.jobs if run.jobs is not None else _jobs_that_pay(len(self))
        # Which pictures are within the bounds of the function that fetches them depends on the order of all.
        if min(asked, len(self)) < 2 or run.fetch is not None or context.write_again is None:
            return
        from .isolated import JobFailedError, NoProcessError
        from .post_pool import UnsendableError, as_message, make_in_processes

        room = max(1, run.limits.pixels_at_once // asked)
        own_run = structs.replace(
            run,
            limits=structs.replace(run.limits, pixels_at_once=room),
            executor=None,
            progress=None,
            diagnostics=None,
            jobs=1,
        )
        try:
            begin = as_message(partial(context.write_again, run=own_run))
        except UnsendableError as error:
            if run.jobs is not None:
                message = f"one process made it: something cannot be sent to others: {error}"
                context.warn(DiagnosticCode.JOBS, message, severity=Severity.INFO)
            return
        made = make_in_processes(begin, range(len(self)), asked, self._name)
        # Such a post is made here, and raises its error.
        with suppress(NoProcessError, JobFailedError):
            for batch in made:
                yield from self._decoder.decode(batch)

    def _name(self, position: int) -> str:
        return self._sources[position] or self._keys[position]

    def make(self, position: int) -> PostProduct[T]:
        """Makes the part of the post at ``position``; the report of the product stays as it is."""
        own = self._context.apart()
        return self._finish(position, _Loaded(own, self._context.load_post(position, own), ()))

    def _finish(self, position: int, loaded: _Loaded) -> PostProduct[T]:
        own = loaded.context
        if isinstance(loaded.post, Exception):
            raise loaded.post
        content = self._make(loaded.post, own)
        account = own.report.accounts.get(self._keys[position])
        reported = tuple(own.report.diagnostics)
        return PostProduct(content, account, reported, tuple(own.file_reports))

    def take(self, product: PostProduct[T]) -> T:
        """Adds what is said of a part to the report of the product, and returns the part."""
        report = self._context.report
        if product.account is not None:
            report.accounts[product.account.key] = product.account
        known = {
            number
            for file in product.files
            if file.digest in self._files
            for number in range(file.first, file.end)
        }
        report.diagnostics.extend(
            found for number, found in enumerate(product.diagnostics) if number not in known
        )
        self._files.update(file.digest for file in product.files)
        return product.content

    def encoded(self, positions: Sequence[int]) -> bytes:
        """Makes the parts of some posts for another process, with what is said of each."""
        return msgspec.msgpack.encode([self.make(position) for position in positions])

    def one(self, position: int) -> T:
        """Makes the part of one post, and adds what is said of it to the report."""
        return self.take(self.make(position))


def _jobs_that_pay(posts: int) -> int:
    """Returns the number of processes that make so many posts soonest: one for few, and never more than cores."""
    if posts < _PAYING_POSTS:
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(cores or 1, _MOST_JOBS)


def _count(kind: type, value: Any) -> Any:
    """Makes the counters in an account, which msgspec writes as dictionaries."""
    return kind(value)
