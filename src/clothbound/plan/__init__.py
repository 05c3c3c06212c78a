"""Drafts, updates and reads a ``book.toml``, and makes the book that it plans.

The file belongs to its author: the functions of this room only insert lines, and never change, move or
remove one.
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
