"""Reads the archive that Medium gives its authors: a ZIP, or the folder to which it unpacks.

Sources: archives of 2018 to 2024, and the tests of another reader of them. An archive holds a page of HTML for each
story, and for each response to the stories of others. What it does not say: whether a story is unlisted, or for members
only. Medium's other files (profile, bookmarks, claps, sessions ...) are about the account and its readers, so they are
neither read nor copied.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from ...console_text import format_count, list_some
from ...diagnostics import Diagnostic, DiagnosticCode, Severity
from ...errors import ReadError
from ...formats import ArchiveFiles, ReaderOptions
from ...lazy_pattern import lazy_pattern
from ...model.book_info import BookInfo
from ...progress import READING, counted
from ..text_files import BadPostError, bad_post

if TYPE_CHECKING:
    from ...context import Context
    from ...formats import Source
    from ...model.collection import Collection

_STORY = lazy_pattern(
    r"(?:[^/]+/)?posts/(?:draft|(?P<day>\d{4}-\d\d-\d\d))?_.*?-+(?P<id>[0-9a-f]{8,16})\.html"
)
"""Matches the file of a story, also below the folder that a file manager makes."""
_PAGES = lazy_pattern(r"(?:[^/]+/)?posts/[^/]+\.html")
_DRAFT = "draft"
"""The beginning of the name of a draft's file."""
_MARK = b'class="h-entry"'
_SEEN = 3
"""The number of pages without the name of a story in which its mark is searched for."""


class MediumInput(ReaderOptions, frozen=True, kw_only=True):
    """Options for reading an archive of Medium. There are none."""

    format: ClassVar[str] = "medium"


class MediumReader:
    """Reads archives of Medium; see the module."""

    extensions = ()
    options_type = MediumInput

    def accepts(self, head: bytes, name: str) -> bool:  # noqa: ARG002
        """Declines, since the first file of such an archive may be any; ``accepts_files`` decides."""
        return False

    def accepts_files(self, files: ArchiveFiles) -> bool:
        """Accepts a folder ``posts`` of pages with the names or the mark of stories."""
        if any(map(_STORY.fullmatch, files.names)):
            return True
        pages = [name for name in files.names if _PAGES.fullmatch(name)]
        return any(_is_story(files, page) for page in pages[:_SEEN])

    def read(self, source: Source, options: MediumInput, context: Context) -> Collection:  # noqa: ARG002
        """Returns the stories in the order of their dates, drafts last.

        Unreadable stories are left out and reported in ``diagnostics``. Raises ReadError if there is none,
        LimitError if the archive is too large.
        """
        from ..entries import Entries
        from ..export_files import open_files, report_account_files
        from ..html_post import decode_html
        from .medium_story import make_story, read_story

        files = open_files(source, context.run.limits)
        pages = sorted(_pages_of_stories(files.names), key=_in_order)
        if not pages:
            raise ReadError(
                "holds no stories of Medium",
                source=files.name,
                hint="give the ZIP that Medium sends by e-mail: Settings > Security and apps > Download your information",
            )
        entries, found = (
            Entries(),
            [*files.findings, *report_account_files(_other_files(files.names))],
        )
        responses: list[str] = []
        authors: list[str] = []
        for name in counted(pages, READING, context.run.progress):
            try:
                text, repaired = decode_html(files.read(name))
            except BadPostError as error:
                found.append(bad_post(name, error))
                continue
            if repaired:
                found.append(Diagnostic(DiagnosticCode.ENCODING_REPAIRED, repaired, name))
            file = _STORY.fullmatch(name)
            is_draft = name.rpartition("/")[2].lower().startswith(_DRAFT)
            story = read_story(text, name, file["id"] if file else "", named_draft=is_draft)
            if story.may_be_response:
                responses.append(name)
            authors += story.metadata.authors
            entries.add(story.metadata, story.text)
        if responses:
            found.append(_response_finding(responses))
        return entries.collection(make_story, _info(authors), diagnostics=found)


def _pages_of_stories(names: Iterable[str]) -> list[str]:
    """Returns the pages in folders that have stories by their names; all pages where none has such a name."""
    pages = [name for name in names if _PAGES.fullmatch(name)]
    folders = {posixpath.dirname(name) for name in pages if _STORY.fullmatch(name)}
    return [name for name in pages if posixpath.dirname(name) in folders] or pages


def _is_story(files: ArchiveFiles, name: str) -> bool:
    try:
        page = files.read(name)
    except BadPostError:
        return False
    return _MARK in page and b"medium.com" in page


def _in_order(name: str) -> tuple[bool, str]:
    """Returns the key by which pages are sorted: by their dates, those without one last."""
    found = _STORY.fullmatch(name)
    return not (found and found["day"]), name


def _other_files(names: Iterable[str]) -> list[str]:
    """Returns the files about the account."""
    return [name for name in names if not _PAGES.fullmatch(name) and name.endswith(".html")]


def _response_finding(names: list[str]) -> Diagnostic:
    message = (
        f"{format_count(len(names), 'story')} may be responses to the stories of others, which nothing in the "
        f"archive marks: {list_some(names)}. They are read; `clothbound init` lists all, to leave some out"
    )
    return Diagnostic(DiagnosticCode.ARCHIVE_FILE, message, names[0], severity=Severity.INFO)


def _info(authors: Iterable[str]) -> BookInfo:
    """Returns the author of most stories; an archive has no title of its own."""
    count = Counter(authors)
    return BookInfo(authors=tuple(name for name, _ in count.most_common(1)))


READER = MediumReader()
