"""Merges the batches of one book that Typst compiled into one PDF with one tree of tags."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ....lazy_pattern import lazy_pattern

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


def merge_batches(
    batches: Sequence[CompiledBatch],
    places: Mapping[str, LinkDestination],
    stubs: Sequence[LinkDestination],
) -> bytes:
    """Returns the merged PDF, with the metadata and the outline of the first batch.

    ``places`` are link targets by their temporary addresses; ``stubs`` are those that the last
    pages of the first batch represent.
    """
    import pikepdf

    first = batches[0]
    book = pikepdf.open(first.path)
    pages = _pages(book)
    links: list[tuple[Any, LinkDestination | str]] = []
    for annotation, target in _links(book, pages, 0, 0):
        links.append((annotation, _resolve_stub(target, first, stubs)))
    positions = _positions(pages)
    for item in _outline(book.Root.get("/Outlines")):
        links.append((item, _resolve_stub(_target(item, book, positions, 0, 0), first, stubs)))
    in_front = len(links)
    _forget_names(book)
    parts = [pages[: first.pages]]
    names: dict[str, Any] = {}
    starts = [0]
    for number, batch in enumerate(batches[1:], 1):
        starts.append(starts[-1] + len(parts[-1]))
        copied, more = _append(book, batch, number, names)
        parts.append(copied)
        links.extend(more)
    _set_names(book, names)
    _set_pages(book, parts)
    pages = [page for part in parts for page in part]
    _set_targets(links, places, starts, pages, in_front)
    _set_page_count(book, len(pages))
    output = io.BytesIO()
    # Tags are most of the objects, and take half the room in streams.
    streams = pikepdf.ObjectStreamMode.generate
    book.save(output, deterministic_id=True, object_stream_mode=streams)
    return output.getvalue()


def _pages(pdf: Any) -> list[Any]:
    """Returns the pages in order. A slice of ``pdf.pages`` takes time that is quadratic in their number."""
    return [page.obj for page in pdf.pages]


def _append(
    book: Any, batch: CompiledBatch, number: int, names: dict[str, Any]
) -> tuple[list[Any], list[tuple[Any, LinkDestination | str]]]:
    """Copies the pages and tags of a batch to the book.

    Returns the pages, and the links on them with their targets. The ids of tags are added to ``names``.
    """
    import pikepdf

    with pikepdf.open(batch.path) as pdf:
        pages = _pages(pdf)
        targets = [target for _, target in _links(pdf, pages, number, batch.blank)]
        _forget_names(pdf)
        left_out = {
            int(page.StructParents) for page in pages[: batch.blank] if "/StructParents" in page
        }
        # To append to `book.pages` would take four times as long.
        copied = [book.copy_foreign(page) for page in pages[batch.blank :]]
        tree = pdf.Root.get("/StructTreeRoot")
        if tree is not None:
            offset = int(book.Root.StructTreeRoot.ParentTreeNextKey)
            if batch.has_title:
                del _document(tree).K[0]
            for key in left_out:
                del pikepdf.NumberTree(tree.ParentTree)[key]
            _add_tags(book.Root.StructTreeRoot, book.copy_foreign(tree), number, names)
            for page in copied:
                _number_anew(page, offset)
    annotations = (a for page in copied for a in _inner_links(page))
    return copied, list(zip(annotations, targets, strict=True))


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


def _set_page_count(book: Any, count: int) -> None:
    """Replaces the first batch's number of pages by that of the book."""
    metadata = book.Root.get("/Metadata")
    if metadata is not None:
        updated = _PAGES_TOLD.sub(rb"\g<1>%d" % count, metadata.read_bytes())
        metadata.write(updated)


# links


def _set_targets(
    links: Sequence[tuple[Any, LinkDestination | str]],
    places: Mapping[str, LinkDestination],
    starts: Sequence[int],
    pages: Sequence[Any],
    in_front: int,
) -> None:
    """Sets the targets of links and outline items.

    ``starts`` are the first pages of the batches in ``pages``; ``in_front`` is the number of ``links`` in the
    first batch.
    """
    import pikepdf

    # The text before a page number in the book's language, as Typst wrote it in the contents.
    before = ""
    for number, (item, target) in enumerate(links):
        place = places[target] if isinstance(target, str) else target
        position = starts[place.batch] + place.page
        top = float(pages[position].MediaBox[3]) - place.y
        item.Dest = pikepdf.Array([pages[position], pikepdf.Name.XYZ, place.x, top, 0])
        if isinstance(target, str):
            del item["/A"]
            item.Contents = f"{before}{position + 1}"
        elif number < in_front and place.batch and "/Contents" in item:
            # Typst wrote the number of the page that represented this target.
            text = _LAST_NUMBER.sub("", str(item.Contents))
            before = before or text.rpartition(", ")[2]
            item.Contents = f"{text}{position + 1}"


def _inner_links(page: Any) -> Iterator[Any]:
    """Yields the annotations of a page that lead to places in the book."""
    for annotation in page.get("/Annots", ()):
        if "/Dest" in annotation or str(annotation.get("/A", {}).get("/URI", "")).startswith(
            BATCH_SCHEME
        ):
            yield annotation


def _links(
    pdf: Any, pages: Sequence[Any], batch: int, blank: int
) -> list[tuple[Any, LinkDestination | str]]:
    positions = _positions(pages)
    links = []
    for page in pages:
        for annotation in _inner_links(page):
            links.append((annotation, _target(annotation, pdf, positions, batch, blank)))
            if "/Dest" in annotation:
                # If the annotation were copied with its destination, the page would be copied too.
                annotation.Dest = ""
    return links


def _positions(pages: Sequence[Any]) -> dict[tuple[int, int], int]:
    return {page.objgen: position for position, page in enumerate(pages)}


def _target(
    item: Any, pdf: Any, positions: Mapping[tuple[int, int], int], batch: int, blank: int
) -> LinkDestination | str:
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


def _forget_names(pdf: Any) -> None:
    """Deletes the names of places, since links now contain the places themselves."""
    if "/Names" in pdf.Root:
        del pdf.Root["/Names"]


def _resolve_stub(
    target: LinkDestination | str, first: CompiledBatch, stubs: Sequence[LinkDestination]
) -> LinkDestination | str:
    if isinstance(target, LinkDestination) and target.page >= first.pages:
        return stubs[target.page - first.pages]
    return target


def _outline(parent: Any) -> Iterator[Any]:
    item = parent.get("/First") if parent is not None else None
    while item is not None:
        yield item
        yield from _outline(item)
        item = item.get("/Next")


# tags


def _add_tags(root: Any, tree: Any, number: int, names: dict[str, Any]) -> None:
    """Adds the tags of batch ``number`` as one part of the document that ``root`` describes, and their ids to
    ``names``.
    """
    import pikepdf

    document, part = _document(root), _document(tree)
    part.S = pikepdf.Name.Part
    part.P = document
    document.K.append(part)
    offset = int(root.ParentTreeNextKey)
    parents = pikepdf.NumberTree(tree.ParentTree).items()
    root.ParentTree.Nums.extend([part for key, value in parents for part in (key + offset, value)])
    root.ParentTreeNextKey = offset + int(tree.ParentTreeNextKey)
    for name, meaning in tree.get("/RoleMap", {}).items():
        root.RoleMap[name] = meaning
    if "/IDTree" in tree:
        _add_names(tree, number, names)


def _number_anew(page: Any, offset: int) -> None:
    if "/StructParents" in page:
        page.StructParents = int(page.StructParents) + offset
    for annotation in page.get("/Annots", ()):
        if "/StructParent" in annotation:
            annotation.StructParent = int(annotation.StructParent) + offset


def _document(tree: Any) -> Any:
    import pikepdf

    return tree.K[0] if isinstance(tree.K, pikepdf.Array) else tree.K


def _add_names(tree: Any, number: int, names: dict[str, Any]) -> None:
    """Makes the ids of elements unique in the document, and adds them to ``names``."""
    import pikepdf

    tables = {}
    for name, element in pikepdf.NameTree(tree.IDTree).items():
        unique = f"{name} ({number})"
        element.ID = unique
        names[unique] = element
        if element.S == pikepdf.Name.TH:
            table = element
            while pikepdf.Name.Table != table.S:
                table = table.P
            tables[table.objgen] = table
    for table in tables.values():
        _rename_heads(table, number)


def _set_names(book: Any, names: Mapping[str, Any]) -> None:
    """Adds ``names`` to the ids of the first batch."""
    import pikepdf

    if names:
        root = book.Root.StructTreeRoot
        first = pikepdf.NameTree(root.IDTree).items() if "/IDTree" in root else ()
        known = {**dict(first), **names}
        root.IDTree = pikepdf.Dictionary(
            Names=pikepdf.Array([part for name in sorted(known) for part in (name, known[name])])
        )


def _rename_heads(element: Any, number: int) -> None:
    import pikepdf

    for attributes in element.get("/A", ()):
        if "/Headers" in attributes:
            renamed = [pikepdf.String(f"{name} ({number})") for name in attributes.Headers]
            attributes.Headers = pikepdf.Array(renamed)
    if element.S in (pikepdf.Name.TH, pikepdf.Name.TD):
        return
    for child in element.get("/K", ()):
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            _rename_heads(child, number)
