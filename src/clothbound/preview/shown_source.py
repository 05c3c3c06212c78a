"""The source of a preview: how its posts are read again, and which files are watched."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec

from ..filters import FilterFile
from ..media.fetch import Fetcher, default_cache
from ..model.collection import Collection
from ..run import Run
from ..writers.epub import Epub
from ..writers.html import Html
from ..writers.pdf import Pdf
from ..writers.pdf.theme_listing import list_theme_files


class ShownFormats(msgspec.Struct, frozen=True, kw_only=True):
    """The options of the three products that a preview shows."""

    page: Html = Html()
    chapter: Epub = Epub()
    print: Pdf = Pdf()
    checks_store: bool = False
    """Whether a post is also held against what the destination of ``chapter`` refuses."""

    def style_files(self) -> tuple[Path, ...]:
        """Returns the files of which themes of one's own are made now, and the style sheets besides."""
        shown = (self.page, self.chapter, self.print)
        themes = sorted({each.theme for each in shown if isinstance(each.theme, Path)})
        sheets = sorted({each.css for each in shown if each.css is not None})
        return (*(file for theme in themes for file in list_theme_files(theme)), *sheets)

    def style_states(self) -> tuple[tuple[str, int, int], ...]:
        """Returns what tells the files of themes and style sheets from what they were before."""
        found = []
        for path in self.style_files():
            with contextlib.suppress(OSError):
                status = path.stat()
                found.append((str(path), status.st_size, status.st_mtime_ns))
        return tuple(found)


class RunSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What a Run is made of. It is picklable, so that another process can make the same Run."""

    fetch: bool = False
    """Whether pictures on the network are downloaded."""
    images: Path | None = None
    """A folder in which pictures on the network are looked for by their file names."""
    downloads: Path | None = None
    """The folder that keeps downloads; None is the system's."""
    converted: Path | None = None
    """The folder that keeps converted pictures for this preview."""

    filters: tuple[str | FilterFile, ...] = ()
    """Files of filters; those given by their paths are read again for each conversion."""

    def run(self) -> Run:
        fetcher = None
        if self.fetch or self.images:
            cache = (self.downloads or default_cache()) if self.fetch else None
            fetcher = Fetcher(network=self.fetch, images=self.images, cache=cache)
        return Run(fetch=fetcher, cache=self.converted, filters=self.filters)


class Watched(NamedTuple):
    """What is watched for changes."""

    folders: tuple[Path, ...]
    """Folders, with everything below them."""
    files: tuple[Path, ...]
    """Files; what else lies in their folders is not watched."""


class ShownPosts(msgspec.Struct, frozen=True, kw_only=True):
    """Posts as a source holds them at one moment, and how they are shown then."""

    collection: Collection
    formats: ShownFormats = ShownFormats()
    run_settings: RunSettings = RunSettings()
    folders: tuple[Path, ...] = ()
    """Folders that are watched with everything below them."""
    files: tuple[Path, ...] = ()
    """Files that are watched; what else lies in their folders is not."""
    root: Path | None = None
    """The folder to which the sources of posts are relative; None for an archive."""

    def watched(self) -> Watched:
        """Returns the folders, and the files, of which the source and its looks are made now."""
        return Watched(self.folders, (*self.files, *self.formats.style_files()))


class ShownSource(msgspec.Struct, frozen=True, kw_only=True):
    """A source of posts that is read again whenever one of its files changes."""

    name: str
    """The source as the page names it."""
    read: Callable[[], ShownPosts]
    """Reads all posts. Raises ClothboundError if there are none to read."""
