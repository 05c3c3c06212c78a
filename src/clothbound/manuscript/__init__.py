"""A living manuscript: an archive's posts as Markdown, merged with newer archives as they come."""

from .importing import LAYOUTS, Change, ImportReport, Layout, import_archive

__all__ = ["LAYOUTS", "Change", "ImportReport", "Layout", "import_archive"]
