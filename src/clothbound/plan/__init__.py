"""Books that a ``book.toml`` plans, and what a book will hold, told before it is made.

::

    manifest = read_manifest("best.toml")
    best = make_book(manifest, read_posts(manifest))
    for line in estimate_lines(estimate_book(best)):
        print(line)
    clothbound.write(best, "epub").save("best.epub")

The file belongs to its author: the functions of this room only insert lines, and never change, move or
remove one.
"""

from ..anthology.wishes import Wishes
from .estimate import BookEstimate, PostEstimate, estimate_book, estimate_lines
from .making import make_book, read_posts
from .reading import read_manifest
from .schema import (
    BookFields,
    ChapterLine,
    IndexLine,
    Manifest,
    Output,
    PartLines,
    PictureLine,
    PostFields,
    Removal,
    RepeatedLine,
    Replacement,
)

__all__ = [
    "BookEstimate",
    "BookFields",
    "ChapterLine",
    "IndexLine",
    "Manifest",
    "Output",
    "PartLines",
    "PictureLine",
    "PostEstimate",
    "PostFields",
    "Removal",
    "RepeatedLine",
    "Replacement",
    "Wishes",
    "estimate_book",
    "estimate_lines",
    "make_book",
    "read_manifest",
    "read_posts",
]
