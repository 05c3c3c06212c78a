"""Reads the export of Write.as, and of other sites by WriteFreely: the JSON of an account, with its blogs and its drafts.

Sources: WriteFreely's code of the export and of its pages, what its makers plan for an import, and an export that a writer
has described. The other exports, a table and a ZIP of texts, do not say who may see a post.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ...formats import ArchiveFiles, ReaderOptions
from ...lazy_pattern import lazy_pattern
from ..file_beginnings import begins_with, files_that_begin

if TYPE_CHECKING:
    from ...context import Context
    from ...formats import Source
    from ...model.collection import Collection

_FILE = lazy_pattern(r"(?:[^/]+/)?[^/]+\.json")
_BEGINNING = lazy_pattern(
    rb'\s*\{\s*"username"\s*:[^{}\[\]]{0,400}?"created"\s*:[^{}\[\]]{0,200}?"(?:collections|posts)"\s*:\s*(?:\[|null)'
)


class WriteAsInput(ReaderOptions, frozen=True, kw_only=True):
    """Options for reading an export of Write.as. There are none."""

    format: ClassVar[str] = "write-as"


class WriteAsReader:
    """Reads exports of Write.as; see the module."""

    extensions = ()
    options_type = WriteAsInput

    def accepts(self, head: bytes, name: str) -> bool:  # noqa: ARG002
        """Accepts JSON that begins with the fields of an account."""
        return _is_account(head)

    def accepts_files(self, files: ArchiveFiles) -> bool:
        """Accepts such a file at the top, or in a folder there."""
        return bool(_accounts(files))

    def read(self, source: Source, options: WriteAsInput, context: Context) -> Collection:  # noqa: ARG002
        """Returns the posts of each blog in the order of their dates, then what is in no blog.

        Raises ReadError if the source is not such an export, LimitError if it is too large.
        """
        from ..export_files import open_export
        from .write_as_posts import read_account

        limits = context.run.limits
        most = limits.resource_bytes
        export = open_export(source, _accounts, "holds no export of Write.as", limits, most=most)
        part = export.parts[0]
        return read_account(part.read(most), part.name, export.findings, context.run)


def _accounts(files: ArchiveFiles) -> list[str]:
    return files_that_begin(files, _FILE, _is_account)


def _is_account(head: bytes) -> bool:
    return begins_with(_BEGINNING, head)


READER = WriteAsReader()
