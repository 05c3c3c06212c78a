"""The source of a preview: how its posts are read again, and which files are watched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from ..filters import FilterFile
from ..media.fetch import Fetcher, default_cache
from ..model.collection import Collection
from ..run import Run
from ..writers.epub import Epub
from ..writers.html import Html
from ..writers.pdf import Pdf


class ShownFormats(msgspec.Struct, frozen=True, kw_only=True):
    """The options of the three products that a preview shows."""

    page: Html = Html()
    chapter: Epub = Epub()
    print: Pdf = Pdf()
    checks_store: bool = False
    """Whether a post is also held against what the destination of ``chapter`` refuses."""


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

    @property
    def watched(self) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
        return self.folders, self.files


class ShownSource(msgspec.Struct, frozen=True, kw_only=True):
    """A source of posts that is read again whenever one of its files changes."""

    name: str
    """The source as the page names it."""
    read: Callable[[], ShownPosts]
    """Reads all posts. Raises ClothboundError if there are none to read."""
