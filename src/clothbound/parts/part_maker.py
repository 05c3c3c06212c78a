"""Makes the parts of a product, one for each post: here, in other processes, or from those that were kept.

A writer whose product has a part for each post makes these parts by a function that changes nothing but the report
of the context it is given. So a part may be made in any order and in any process.
"""

from __future__ import annotations

import json
from array import array
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec
from msgspec import structs

from ..context import Context, apart
from ..diagnostics import DiagnosticCode, Severity
from ..errors import ResourceError
from ..media.converter import Key as ConversionKey
from ..model.collection import Collection
from ..model.index import begin_sharing
from ..model.post import Metadata, Post
from ..progress import WRITING
from .post_parts import HasFiles, PartFacts, PostPart, ShownFile

if TYPE_CHECKING:
    from .kept_parts import KeptParts

T = TypeVar("T")

PAYING_POSTS = 300
"""The number of posts from which several processes pay, since each takes a moment to begin."""
_MOST_JOBS = 8
_POSTS_AHEAD = 8
"""The most posts that are loaded while pictures of those that follow are converted."""
_KEPT_POSTS = 16
"""The number of posts from which it pays to keep parts: to find out what decides about them takes a moment."""


class _Loaded(msgspec.Struct, frozen=True):
    """A post with the context in which it was loaded."""

    context: Context
    post: Post | Exception
    """The error that is to be raised in its turn, if it could not be loaded."""
    begun: Sequence[ConversionKey]
    """Its pictures that are converted already."""


class PartMaker(Generic[T]):
    """Makes the parts of one product, one for each post, in the order of the collection."""

    def __init__(
        self,
        collection: Collection,
        context: Context,
        make: Callable[[Post, Context], T],
        kind: type[T],
        facts: PartFacts,
        begin: Callable[[Post, Context], Sequence[ConversionKey]] | None = None,
    ) -> None:
        """``make`` makes the part of a post, and reports to the context that it is given, which is the post's own.

        ``kind`` is the type of the parts. ``begin`` begins to convert the pictures of a post before its part is made.
        """
        self._collection = collection
        self._facts = facts
        self._given: set[str] = set()
        """The names of files whose bytes a part has had."""
        self._context = context
        self._make = make
        self._begin = begin
        self._files: set[str] = set()
        """The files of which the report says already what is to be said."""
        self._kind: Any = kind

    @cached_property
    def _decode_one(self) -> Callable[[bytes], PostPart[T]]:
        one: Any = PostPart[self._kind]  # type: ignore[name-defined]
        return msgspec.msgpack.Decoder(one, dec_hook=_count).decode

    @cached_property
    def _decode_many(self) -> Callable[[bytes], list[PostPart[T]]]:
        one: Any = PostPart[self._kind]  # type: ignore[name-defined]
        return msgspec.msgpack.Decoder(list[one], dec_hook=_count).decode

    def __len__(self) -> int:
        return len(self._collection.index)

    def __iter__(self) -> Iterator[T]:
        """Yields the parts in order, and adds what is said of each to the report of the product."""
        kept = self._kept_parts()
        is_kept = bytes(len(self)) if kept is None else kept.find()
        others = array("q", (n for n in range(len(self)) if not is_kept[n]))
        with closing(self._make_all(others)) as made:
            for position in range(len(self)):
                self._context.show_progress(WRITING, position, len(self))
                part = None
                if kept is not None and is_kept[position]:
                    part = self._take_kept(kept, position)
                if part is None:
                    part = self.make(position) if is_kept[position] else next(made)
                    if kept is not None:
                        kept.keep(position, part)
                yield self.take(part)
        if kept is not None:
            kept.finish()

    @property
    def _keeps(self) -> bool:
        """Whether parts are kept for the next run: where there is a cache, and nothing is fetched."""
        run = self._context.run
        return run.cache is not None and run.fetch is None and len(self) >= _KEPT_POSTS

    def _kept_parts(self) -> KeptParts | None:
        if not self._keeps:
            return None
        from .kept_parts import KeptParts

        return KeptParts.of(self._collection, self._context, self._facts)

    def _take_kept(self, kept: KeptParts, position: int) -> PostPart[T] | None:
        """Returns a part that was kept, with the bytes of files that no part before has had."""
        data = kept.load(position)
        if data is None:
            return None
        part: PostPart[T] = self._decode_one(data)
        if not isinstance(part.content, HasFiles):
            return part
        content: Any = part.content
        post = Post(self._metadata(position), base=part.base)
        try:
            files = tuple(self._with_bytes(file, post) for file in content.files)
        except ResourceError:
            return None
        changed: Any = structs.replace(content, files=files)
        return structs.replace(part, content=changed)

    def _with_bytes(self, file: ShownFile, post: Post) -> ShownFile:
        if not file.src or file.name in self._given:
            return file
        context = self._context
        from ..questions import open_again

        resource = open_again(context.resources, post, file.src)
        converted = context.converter.convert(resource, self._facts.rules())
        return structs.replace(file, data=converted.data, media_type=converted.media_type)

    def _make_all(self, positions: Sequence[int]) -> Generator[PostPart[T]]:
        taken = 0
        for part in self._in_processes(positions):
            taken += 1
            yield part
        yield from self._here(positions[taken:])

    def _here(self, positions: Sequence[int]) -> Iterator[PostPart[T]]:
        """Makes parts in this process, while the pictures of posts that follow are converted."""
        loaded: deque[_Loaded] = deque()
        converter = self._context.converter
        try:
            for number, position in enumerate(positions):
                most = number + _POSTS_AHEAD if self._begin is not None else 0
                ahead = min(most, len(positions))
                while not loaded or (number + len(loaded) < ahead and converter.begins_more):
                    loaded.append(self._load(positions[number + len(loaded)]))
                one = loaded.popleft()
                yield self._finish(position, one)
                converter.forget(one.begun)
        finally:
            converter.end()

    def _load(self, position: int) -> _Loaded:
        """Loads a post before its turn, and begins to convert its pictures."""
        own = self._own_context(position)
        try:
            post = self._context.load_post(position, own)
        except Exception as error:
            return _Loaded(own, error, ())
        return _Loaded(own, post, self._begin(post, own) if self._begin is not None else ())

    def _in_processes(self, positions: Sequence[int]) -> Iterator[PostPart[T]]:
        """Yields the parts that other processes make: all, none, or those before a post that raises an error."""
        context, run = self._context, self._context.run
        asked = run.jobs if run.jobs is not None else jobs_that_pay(len(positions))
        # Which pictures are within the bounds of the function that fetches them depends on the order of all.
        if min(asked, len(positions)) < 2 or run.fetch is not None or context.write_again is None:
            return
        from ..isolated import JobFailedError, NoProcessError
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
        is_begun = False
        try:
            begin_sharing(self._collection.index)
            begin = as_message(context.write_again(own_run))
            for batch in make_in_processes(
                begin, positions, asked, self._name, context.waiting_workers
            ):
                is_begun = True
                yield from self._decoded(batch)
        except (UnsendableError, NoProcessError, JobFailedError) as error:
            # A post that raises an error is made here, and raises it.
            if run.jobs is not None and not is_begun:
                message = f"one process made it, since others could not begin: {error}"
                context.warn(DiagnosticCode.JOBS, message, severity=Severity.INFO)

    def _name(self, position: int) -> str:
        metadata = self._metadata(position)
        return metadata.source or metadata.key

    def _metadata(self, position: int) -> Metadata:
        return self._collection.index.entries[position].metadata

    def make(self, position: int) -> PostPart[T]:
        """Makes the part of the post at ``position``; the report of the product stays as it is."""
        own = self._own_context(position)
        return self._finish(position, _Loaded(own, self._context.load_post(position, own), ()))

    def _own_context(self, position: int) -> Context:
        """Returns a context for one post, which collects its questions if its part may be kept."""
        context, metadata = self._context, self._metadata(position)
        # What is not for everyone is not kept anywhere.
        if not self._keeps or metadata.verdict(context.moment).reasons:
            return apart(context)
        from ..questions import Questions

        return apart(context, Questions(context.moment))

    def _finish(self, position: int, loaded: _Loaded) -> PostPart[T]:
        own = loaded.context
        if isinstance(loaded.post, Exception):
            raise loaded.post
        content = self._make(loaded.post, own)
        account = own.report.accounts.get(self._metadata(position).key)
        reported = tuple(own.report.diagnostics)
        part = PostPart(content, account, reported, tuple(own.file_reports))
        questions = own.questions
        if questions is None or not questions.are_complete:
            return part
        return structs.replace(part, questions=questions.all(), base=questions.base)

    def take(self, part: PostPart[T]) -> T:
        """Adds what is said of a part to the report of the product, and returns the part."""
        report = self._context.report
        if part.account is not None:
            report.finish(part.account)
        known = {
            number
            for file in part.files
            if file.digest in self._files
            for number in range(file.first, file.end)
        }
        report.diagnostics.extend(
            found for number, found in enumerate(part.diagnostics) if number not in known
        )
        self._files.update(file.digest for file in part.files)
        content: Any = part.content
        if isinstance(content, HasFiles):
            self._given.update(file.name for file in content.files if file.data)
        return part.content

    def encoded(self, positions: Sequence[int]) -> bytes:
        """Makes the parts of some posts for another process, with what is said of each."""
        parts = list(self._here(positions))
        try:
            return msgspec.msgpack.encode(parts)
        except UnicodeEncodeError:  # Names of files may have undecodable bytes, which json escapes.
            return json.dumps(msgspec.to_builtins(parts)).encode()

    def _decoded(self, batch: bytes) -> list[PostPart[T]]:
        if not batch.startswith(b"["):  # No list of MessagePack begins so.
            return self._decode_many(batch)
        many: Any = list[PostPart[self._kind]]  # type: ignore[name-defined]
        found: list[PostPart[T]] = msgspec.convert(
            json.loads(batch), many, dec_hook=_count, str_keys=True
        )
        return found

    def one(self, position: int) -> T:
        """Makes the part of one post, and adds what is said of it to the report."""
        return self.take(self.make(position))


def jobs_that_pay(posts: int) -> int:
    """Returns the number of processes that make so many posts soonest: one for few, and never more than cores."""
    if posts < PAYING_POSTS:
        return 1
    from ..isolated import usable_cores

    return min(usable_cores(), _MOST_JOBS)


def _count(kind: type, value: Any) -> Any:
    """Makes the counters in an account, which msgspec writes as dictionaries."""
    return kind(value)
