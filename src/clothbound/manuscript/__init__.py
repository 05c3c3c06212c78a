"""A living manuscript: an archive's posts as Markdown, merged with newer archives as they come."""

from .import_report import LAYOUTS, Change, FolderLayout, ImportReport
from .importing import import_archive

__all__ = ["LAYOUTS", "Change", "FolderLayout", "ImportReport", "import_archive"]
