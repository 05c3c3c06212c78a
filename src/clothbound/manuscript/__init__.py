"""A living manuscript: an archive's posts as Markdown, merged with newer archives as they come."""

from .importing import import_archive
from .report import LAYOUTS, Change, FolderLayout, ImportReport

__all__ = ["LAYOUTS", "Change", "ImportReport", "FolderLayout", "import_archive"]
