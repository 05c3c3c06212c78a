"""The options of the readers of Markdown and of Obsidian's vaults."""

from __future__ import annotations

from typing import Annotated, ClassVar

from ...fields import Field
from ...formats import ReaderOptions
from ..post_files import Exclude
from .parser import Dialect


class MarkdownInput(ReaderOptions, frozen=True, kw_only=True):
    """Options for reading Markdown."""

    format: ClassVar[str] = "markdown"
    dialect: Annotated[Dialect, Field(help="``pandoc``, ``gfm`` or ``commonmark``.")] = "pandoc"
    wikilinks: Annotated[
        bool,
        Field(help="Read ``[[Post]]`` as a link to the post of that title, slug, alias or file."),
    ] = False
    breaks: Annotated[
        bool, Field(help="Read the end of a line as a break, as Obsidian does unless it is strict.")
    ] = False
    outline: Annotated[
        bool,
        Field(help="Read outlines of Logseq as text: their first level becomes paragraphs."),
    ] = False
    exclude: Exclude = ()


class ObsidianInput(ReaderOptions, frozen=True, kw_only=True):
    """Options for reading a vault of Obsidian."""

    format: ClassVar[str] = "obsidian"
    exclude: Annotated[
        tuple[str, ...], Field(help="Patterns of files and folders to leave out of the vault.")
    ] = ()
