"""Reads the posts of a site in Markdown as its generator shows them: Hugo, Jekyll, Zola and others, and vaults.

What the configuration says is read by ``sites/``; the text of the posts is Markdown.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from ..fields import Field
from ..formats import ArchiveFiles, ReaderOptions, reader_extensions
from .markdown.parser import Dialect
from .post_files import Exclude

if TYPE_CHECKING:
    from ..context import Context
    from ..formats import Source
    from ..model.collection import Collection
    from ..run import Run


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

    def accepts_place(self, path: Path) -> bool:
        """Accepts a post in the folder of a site whose configuration is known."""
        from .post_files import is_readme
        from .sites.site_folder import SiteFolder

        site = SiteFolder.of(path.parent)
        return site.is_configured and not is_readme(path.name) and site.holds(path.name)

    def accepts_files(self, files: ArchiveFiles) -> bool:
        """Accepts a ZIP with posts in Markdown and, at its top, the configuration of a site."""
        from .markdown import READER as MARKDOWN
        from .zipped_folder import holds_site

        return MARKDOWN.accepts_files(files) and holds_site(files)

    def read(self, source: Source, options: SiteInput, context: Context) -> Collection:
        """Reads the posts of a folder, or of the ZIP of one; a single file as one of the site in which it stands."""
        from .source_bytes import is_zip

        if is_zip(source):
            from .zipped_folder import read_zip

            return read_zip(source, partial(_read_site, options), context.run)
        return _read_site(options, source, context.run)


def _read_site(options: SiteInput, source: Source, run: Run) -> Collection:
    from .markdown import read_markdown
    from .markdown.options import MarkdownInput
    from .sites.site_folder import SiteFolder
    from .text_files import SiteReading

    path = Path(source) if isinstance(source, (str, Path)) else None
    site = None
    if path is not None:
        site = SiteFolder.of(path if path.is_dir() else path.parent)
    markdown = MarkdownInput(
        dialect=options.dialect,
        wikilinks=site is not None and site.vault is not None,
        breaks=site is not None and site.facts.breaks_lines,
        outline=site is not None and site.is_outline,
        exclude=options.exclude,
    )
    return read_markdown(source, markdown, run, SiteReading(pages=options.pages))


READER = SiteReader()
