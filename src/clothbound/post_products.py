"""The product of one post as data: what it adds to a product, and what the report says of it.

A writer whose product has a part for each post makes these parts by a function that changes nothing but the report
of the context it is given. So a part may be made in any order and in any process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar

import msgspec

from .context import Context
from .diagnostics import Diagnostic, FileReport, PostAccount
from .model.collection import Collection
from .model.post import Post
from .progress import WRITING

T = TypeVar("T")


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


class PostProducts(Generic[T]):
    """The parts of one product, one for each post, in the order of the collection."""

    def __init__(
        self,
        collection: Collection,
        context: Context,
        make: Callable[[Post, Context], T],
        kind: type[T],
    ) -> None:
        """``make`` makes the part of a post, and reports to the context that it is given, which is the post's own. ``kind`` is the type of the parts."""
        self._keys = tuple(metadata.key for metadata in collection.index)
        self._context = context
        self._make = make
        self._files: set[str] = set()
        """The files of which the report says already what is to be said."""
        self._decoder = msgspec.msgpack.Decoder(list[PostProduct[kind]], dec_hook=_count)  # type: ignore[valid-type]

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[T]:
        """Yields the parts in order, and adds what is said of each to the report of the product."""
        for position in range(len(self)):
            self._context.show_progress(WRITING, position, len(self))
            yield self.take(self.make(position))

    def make(self, position: int) -> PostProduct[T]:
        """Makes the part of the post at ``position``; the report of the product stays as it is."""
        own = self._context.apart()
        content = self._make(self._context.load_post(position, own), own)
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

    def decoded(self, data: bytes) -> list[PostProduct[T]]:
        """Returns what ``encoded`` has made in another process."""
        found: list[PostProduct[T]] = self._decoder.decode(data)
        return found

    def one(self, position: int) -> T:
        """Makes the part of one post, and adds what is said of it to the report."""
        return self.take(self.make(position))


def _count(kind: type, value: Any) -> Any:
    """Makes the counters in an account, which msgspec writes as dictionaries."""
    return kind(value)
