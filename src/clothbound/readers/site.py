"""Reads the posts of a site in Markdown as its generator shows them: Hugo, Jekyll, Zola and others, and vaults.

What the configuration says is read by ``sites/``; the text of the posts is Markdown.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from ..fields import Field
from ..formats import ReaderOptions, reader_extensions
from .markdown.parser import Dialect
from .post_files import Exclude

if TYPE_CHECKING:
    from ..context import Context
    from ..formats import Source
    from ..model.collection import Collection


class SiteInput(ReaderOptions, frozen=True, kw_only=True):
    """Options for reading the folder of a site, or a folder in one."""

    format: ClassVar[str] = "site"
    pages: Annotated[
        bool, Field(help="Read the pages of the site too, such as that about its author.")
    ] = False
    dialect: Annotated[Dialect, Field(help="``pandoc``, ``gfm`` or ``commonmark``.")] = "pandoc"
    exclude: Exclude = ()


class SiteReader:
    """Reads sites; see the module."""

    extensions = reader_extensions("site")
    options_type = SiteInput

    def accepts(self, head: bytes, name: str) -> bool:
        """Accepts a folder in a site whose configuration is known."""
        from .sites.site_folder import SiteFolder

        is_folder = not head and bool(name) and Path(name).is_dir()
        return is_folder and SiteFolder.of(Path(name)).is_configured

    def read(self, source: Source, options: SiteInput, context: Context) -> Collection:
        """Reads the posts of a folder; what is not a folder is read as Markdown."""
        from .markdown import MarkdownInput, read_markdown
        from .sites.site_folder import SiteFolder
        from .text_files import SiteReading

        path = Path(source) if isinstance(source, (str, Path)) else None
        is_vault = path is not None and path.is_dir() and SiteFolder.of(path).vault is not None
        markdown = MarkdownInput(
            dialect=options.dialect, wikilinks=is_vault, exclude=options.exclude
        )
        reading = SiteReading(pages=options.pages)
        return read_markdown(source, markdown, context.run, reading)


READER = SiteReader()
