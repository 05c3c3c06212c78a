"""Merges the batches of one book that Typst compiled into one PDF, while others are still compiled."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, TypeAlias

from ....lazy_pattern import lazy_pattern
from .merge_tags import MergedTags, leave_out_tags

_LAST_NUMBER = lazy_pattern(r"\d+$")
_PAGES_TOLD = lazy_pattern(rb"(<xmpTPg:NPages>)\d+")
BATCH_SCHEME = "clothbound:"
"""The scheme of addresses that represent places in other batches until they are merged."""


@dataclass(frozen=True, slots=True)
class LinkDestination:
    """The target of a link: the number of a batch, a page's position in it, and the distance in
    points from that page's left and top.
    """

    batch: int
    page: int
    x: float
    y: float


Target: TypeAlias = LinkDestination | str
"""The target of a link, or the temporary address of one in another batch."""


@dataclass(frozen=True, slots=True)
class CompiledBatch:
    """A batch as a PDF of ``pages`` pages, not counting the ``blank`` ones before them and the
    stubs after them.
    """

    path: Path
    blank: int
    pages: int
    has_title: bool = False
    """Whether a title on the blank pages is removed with them."""


class BookMerge:
    """Merges the batches of one book.

    Those with text are copied in their order. The first batch has the page numbers of all others, so it is copied last, and its
    catalog, with metadata, outline and root of tags, is that of the book.
    """

    def __init__(self) -> None:
        import pikepdf

        self._book = pikepdf.new()
        self._parts: list[list[Any]] = []
        """The pages of each batch that was copied."""
        self._links: list[tuple[Any, Target]] = []
        self._tags = MergedTags()

    @property
    def copied(self) -> int:
        """The number of batches that were copied."""
        return len(self._parts)

    def append(self, batch: CompiledBatch) -> None:
        """Copies the next batch with text."""
        import pikepdf

        number = self.copied + 1
        with pikepdf.open(batch.path) as pdf:
            pages = _pages(pdf)
            targets = _take_targets(_inner_links(pages), pdf, pages, number, batch.blank)
            leave_out_tags(pdf.Root, pages[: batch.blank], has_title=batch.has_title)
            copied = self._copy_pages(pages[batch.blank :])
            tree = pdf.Root.get("/StructTreeRoot")
            if tree is not None:
                self._tags.add_part(self._book.copy_foreign(tree), number)
        self._links.extend(zip(_inner_links(copied), targets, strict=True))
        self._parts.append(copied)

    def finish(
        self,
        first: CompiledBatch,
        places: Mapping[str, LinkDestination],
        stubs: Sequence[LinkDestination],
    ) -> bytes:
        """Copies the first batch, and returns the merged PDF.

        ``places`` are link targets by their temporary addresses; ``stubs`` are those that the last
        pages of the first batch represent.
        """
        import pikepdf

        book = self._book
        with pikepdf.open(first.path) as pdf:
            pages = _pages(pdf)
            own = pages[: first.pages]
            items = (*_inner_links(own), *_outline(pdf.Root.get("/Outlines")))
            targets = _take_targets(items, pdf, pages, 0, 0)
            copied = self._copy_pages(own)
            self._take_catalog(pdf)
            version = pdf.pdf_version
        self._tags.add_to(book.Root.StructTreeRoot)
        items = (*_inner_links(copied), *_outline(book.Root.get("/Outlines")))
        resolved = (_resolve_stub(target, first, stubs) for target in targets)
        links = list(zip(items, resolved, strict=True))
        parts = [copied, *self._parts]
        _set_pages(book, parts)
        _set_targets([*links, *self._links], places, parts, in_front=len(links))
        _set_page_count(book)
        output = io.BytesIO()
        # Tags are most of the objects, and take half the room in streams.
        streams = pikepdf.ObjectStreamMode.generate
        book.save(output, min_version=version, deterministic_id=True, object_stream_mode=streams)
        return output.getvalue()

    def _copy_pages(self, pages: Sequence[Any]) -> list[Any]:
        # To append to `book.pages` would take four times as long.
        copied = [self._book.copy_foreign(page) for page in pages]
        for page in copied:
            _number_anew(page, self._tags.next_key)
        return copied

    def _take_catalog(self, pdf: Any) -> None:
        """Makes the catalog of ``pdf``, whose pages were copied, that of the book."""
        import pikepdf

        taken = pikepdf.Dictionary(Root=pdf.Root, Info=pdf.trailer.Info, ID=pdf.trailer.ID)
        # The pages would be copied as empty objects, and links contain the places that names stand for.
        for name in ("/Pages", "/Names"):
            if name in pdf.Root:
                del pdf.Root[name]
        tree = self._book.Root.Pages
        for name, value in self._book.copy_foreign(pdf.make_indirect(taken)).items():
            self._book.trailer[name] = value
        self._book.Root.Pages = tree


def _pages(pdf: Any) -> list[Any]:
    """Returns the pages in order. A slice of ``pdf.pages`` takes time that is quadratic in their number."""
    return [page.obj for page in pdf.pages]


def _set_pages(book: Any, parts: Sequence[Sequence[Any]]) -> None:
    """Makes the tree of pages, with a node for the pages of each batch."""
    import pikepdf

    root = book.Root.Pages
    nodes = []
    for pages in parts:
        node = book.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Pages,
                Parent=root,
                Kids=pikepdf.Array(pages),
                Count=len(pages),
            )
        )
        for page in pages:
            page.Parent = node
        nodes.append(node)
    root.Kids = pikepdf.Array(nodes)
    root.Count = sum(map(len, parts))


def _set_page_count(book: Any) -> None:
    """Replaces the first batch's number of pages by that of the book."""
    metadata = book.Root.get("/Metadata")
    if metadata is not None:
        updated = _PAGES_TOLD.sub(rb"\g<1>%d" % book.Root.Pages.Count, metadata.read_bytes())
        metadata.write(updated)


def _number_anew(page: Any, offset: int) -> None:
    if "/StructParents" in page:
        page.StructParents = int(page.StructParents) + offset
    for annotation in page.get("/Annots", ()):
        if "/StructParent" in annotation:
            annotation.StructParent = int(annotation.StructParent) + offset


# links


def _set_targets(
    links: Sequence[tuple[Any, Target]],
    places: Mapping[str, LinkDestination],
    parts: Sequence[Sequence[Any]],
    *,
    in_front: int,
) -> None:
    """Sets the targets of links and outline items.

    ``parts`` are the pages of each batch; ``in_front`` is the number of ``links`` in the first batch.
    """
    import pikepdf

    starts = [0, *accumulate(map(len, parts))]

    # The text before a page number in the book's language, as Typst wrote it in the contents.
    before = ""
    for number, (item, target) in enumerate(links):
        place = places[target] if isinstance(target, str) else target
        page = parts[place.batch][place.page]
        printed = starts[place.batch] + place.page + 1
        top = float(page.MediaBox[3]) - place.y
        item.Dest = pikepdf.Array([page, pikepdf.Name.XYZ, place.x, top, 0])
        if isinstance(target, str):
            del item["/A"]
            item.Contents = f"{before}{printed}"
        elif number < in_front and place.batch and "/Contents" in item:
            # Typst wrote the number of the page that represented this target.
            text = _LAST_NUMBER.sub("", str(item.Contents))
            before = before or text.rpartition(", ")[2]
            item.Contents = f"{text}{printed}"


def _inner_links(pages: Iterable[Any]) -> Iterator[Any]:
    """Yields the annotations of pages that lead to places in the book."""
    for page in pages:
        for annotation in page.get("/Annots", ()):
            if "/Dest" in annotation or str(annotation.get("/A", {}).get("/URI", "")).startswith(
                BATCH_SCHEME
            ):
                yield annotation


def _take_targets(
    items: Iterable[Any], pdf: Any, pages: Sequence[Any], batch: int, blank: int
) -> list[Target]:
    """Returns the targets of links and outline items in a batch, which lose them."""
    positions = {page.objgen: position for position, page in enumerate(pages)}
    targets = []
    for item in items:
        targets.append(_target(item, pdf, positions, batch, blank))
        if "/Dest" in item:
            # If the item were copied with its destination, the page would be copied too.
            item.Dest = ""
    return targets


def _target(
    item: Any, pdf: Any, positions: Mapping[tuple[int, int], int], batch: int, blank: int
) -> Target:
    import pikepdf

    target = item.get("/Dest")
    if target is None:
        return str(item.A.URI)
    if isinstance(target, pikepdf.String):
        target = pikepdf.NameTree(pdf.Root.Names.Dests)[str(target)]
    page, _, x, top, _ = target
    return LinkDestination(
        batch, positions[page.objgen] - blank, float(x), float(page.MediaBox[3]) - float(top)
    )


def _resolve_stub(target: Target, first: CompiledBatch, stubs: Sequence[LinkDestination]) -> Target:
    if isinstance(target, LinkDestination) and target.page >= first.pages:
        return stubs[target.page - first.pages]
    return target


def _outline(parent: Any) -> Iterator[Any]:
    item = parent.get("/First") if parent is not None else None
    while item is not None:
        yield item
        yield from _outline(item)
        item = item.get("/Next")
