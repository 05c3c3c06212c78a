"""Merges the trees of tags of a book's batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class MergedTags:
    """The tags of the batches of one book, without a root until the last batch brings one."""

    def __init__(self) -> None:
        import pikepdf

        self._parts: list[Any] = []
        self._parents = pikepdf.Array()
        self._roles: dict[str, Any] = {}
        self._names: dict[str, Any] = {}
        """Elements by their ids."""
        self.next_key = 0
        """The key by which the next page or annotation finds its tags."""

    def add_part(self, tree: Any, number: int) -> None:
        """Adds the tags of batch ``number``, which were copied with their root ``tree``, as a part of the document."""
        import pikepdf

        part = _document(tree)
        part.S = pikepdf.Name.Part
        self._parts.append(part)
        self._add(tree)
        if "/IDTree" in tree:
            self._names |= _rename(tree, number)

    def add_to(self, root: Any) -> None:
        """Adds the parts to the document that ``root`` describes, behind what it has."""
        import pikepdf

        self._add(root)
        document = _document(root)
        for part in self._parts:
            part.P = document
        document.K.extend(self._parts)
        root.ParentTree.Nums = self._parents
        root.ParentTreeNextKey = self.next_key
        for name, meaning in self._roles.items():
            root.RoleMap[name] = meaning
        if self._names:
            own = pikepdf.NameTree(root.IDTree).items() if "/IDTree" in root else ()
            known = {**dict(own), **self._names}
            names = [part for name in sorted(known) for part in (name, known[name])]
            root.IDTree = pikepdf.Dictionary(Names=pikepdf.Array(names))

    def _add(self, tree: Any) -> None:
        """Adds the elements to which pages and annotations belong."""
        import pikepdf

        entries: list[Any] = []
        for key, value in pikepdf.NumberTree(tree.ParentTree).items():
            entries += (key + self.next_key, value)
        self._parents.extend(entries)
        self.next_key += int(tree.ParentTreeNextKey)
        self._roles |= dict(tree.get("/RoleMap", {}).items())


def leave_out_tags(root: Any, pages: Sequence[Any], *, has_title: bool) -> None:
    """Leaves out the tags of the blank ``pages`` before a batch, whose catalog is ``root``, and of the title there."""
    import pikepdf

    tree = root.get("/StructTreeRoot")
    if tree is None:
        return
    if has_title:
        del _document(tree).K[0]
    parents = pikepdf.NumberTree(tree.ParentTree)
    for page in pages:
        if "/StructParents" in page:
            del parents[int(page.StructParents)]


def _document(tree: Any) -> Any:
    import pikepdf

    return tree.K[0] if isinstance(tree.K, pikepdf.Array) else tree.K


def _rename(tree: Any, number: int) -> dict[str, Any]:
    """Makes the ids of elements unique in the document, and returns the elements by them."""
    import pikepdf

    names = {}
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
    return names


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
