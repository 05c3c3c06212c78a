"""The items of sources and of a product as numbers: two items that compare as equal have the same number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from .content import Item, Kind, address_of
from .products import ProductContent
from .sources import SourceText


class NumberedTexts:
    """The posts of the sources and all items of a product, in the order of its documents."""

    def __init__(self, sources: Sequence[SourceText], product: ProductContent) -> None:
        self._numbers: dict[str, int] = {}
        self.sources = sources
        self.is_paged = product.is_paged
        self.inside = self._number(Item(Kind.LINK, "", 0))
        """The number of every link that leads into the publication."""
        self.posts = [[self._number(item) for item in source.items] for source in sources]
        self.items: list[Item] = []
        """The items of the product."""
        self.documents: list[range] = []
        """The places of each document in ``items``."""
        self.addresses = {address_of(document.name) for document in product.documents}
        """The addresses on the web of a feed's entries, to which it leads the links between its posts."""
        for document in product.documents:
            first = len(self.items)
            self.items += document.items
            self.documents.append(range(first, len(self.items)))
        self.product = [self._number(item) for item in self.items]

    def _number(self, item: Item) -> int:
        return self._numbers.setdefault(item.key, len(self._numbers))

    def words_of_post(self, post: int) -> list[int]:
        """Returns the numbers of the words of a post, without its pictures, links and notes."""
        return _words(self.posts[post], self.sources[post].items)

    @cached_property
    def words_of_product(self) -> list[int]:
        """The numbers of the words of the product."""
        return _words(self.product, self.items)


def _words(numbers: Sequence[int], items: Sequence[Item]) -> list[int]:
    pairs = zip(numbers, items, strict=True)
    return [number for number, item in pairs if item.kind is Kind.WORD]


def run_hashes(numbers: Sequence[int], length: int) -> Iterable[int]:
    """Returns the hash of each run of ``length`` numbers, in order."""
    return map(hash, zip(*(numbers[offset:] for offset in range(length)), strict=False))
