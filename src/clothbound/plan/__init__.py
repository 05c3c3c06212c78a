"""A book planned in a file: ``book.toml`` is drafted, updated, read, and made a book of.

The file is the author's. Whatever is done to it here puts lines in between; none is changed, moved
or taken away.
"""

from .drafting import draft
from .estimate import plan, plan_lines
from .filters import nothing_left
from .making import make_book, read_posts, settings_of
from .reading import parse_manifest, read_manifest
from .schema import Manifest, PostFields
from .updating import add_edit, put, update

__all__ = [
    "Manifest",
    "PostFields",
    "add_edit",
    "draft",
    "make_book",
    "nothing_left",
    "parse_manifest",
    "plan",
    "plan_lines",
    "put",
    "read_manifest",
    "read_posts",
    "settings_of",
    "update",
]
