"""Tells which files in a folder of posts are copies that clothbound has made of the others.

It knows the form of ``.clothbound-files.json``, and that the report of a conversion names these files as made.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

_LIST = ".clothbound-files.json"
_MOST_BYTES = 100_000_000


def without_copies(folder: Path, names: Iterable[str]) -> list[str]:
    """Returns the names of files, relative to ``folder``, that are not copies of others among them."""
    every = list(names)
    places = {str(place) for name in every for place in PurePosixPath(name).parents}
    copies: set[str] = set()
    for place in sorted(places - {"."}):
        products = _made_in(folder / place)
        if not products:
            continue
        others = [name for name in every if not name.startswith(f"{place}/")]
        stems: dict[str, list[str]] = {}
        for name in others:
            stems.setdefault(PurePosixPath(name).stem, []).append(name)
        for made, digests in products:
            tried = stems.get(PurePosixPath(made).stem) or others
            if any(_digest(made, source) in digests for source in tried):
                copies.add(f"{place}/{made}")
    return [name for name in every if name not in copies]


def _made_in(folder: Path) -> list[tuple[str, list[str]]]:
    """Returns the files of products in a folder, each with the digests of the sources that it was made of."""
    path = folder / _LIST
    try:
        if path.stat().st_size > _MOST_BYTES:
            return []
        products = json.loads(path.read_bytes())["products"]
        return [
            (name, record.get("posts", []))
            for files in products.values()
            for name, record in files.items()
        ]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return []


def _digest(made: str, source: str) -> str:
    return hashlib.sha256(f"{made}\0{source}".encode("utf-8", "replace")).hexdigest()[:16]
