"""Keeps an archive's posts as Markdown in a folder, and merges newer archives into it."""

from .import_report import LAYOUTS, Change, FolderLayout, ImportReport
from .importing import import_archive

__all__ = ["LAYOUTS", "Change", "FolderLayout", "ImportReport", "import_archive"]
