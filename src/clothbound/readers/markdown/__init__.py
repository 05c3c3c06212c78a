"""Reads Markdown from files, folders, ZIPs of folders, bytes and streams.

Dialects: ``pandoc`` (the default: CommonMark with Pandoc's divs, spans, attributes, notes, smart
punctuation ...), ``gfm`` and ``commonmark``. A folder is indexed in one pass that opens each file
once and parses no Markdown; its posts are parsed on demand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ...diagnostics import LineDiagnostic, locate
from ...formats import ArchiveFiles, post_extensions, reader_extensions
from ...late_names import late_module
from ...lazy_pattern import lazy_pattern
from ...limits import Limits
from ...model.collection import Collection
from ...model.post import Metadata, Post
from ...model.slugs import (
    MARKDOWN_FILES,
    MDX_FILE,
    NOTEBOOK_FILES,
    RST_FILES,
    RUN_FILES,
    SUPERMD_FILE,
    WRITTEN_FILES,
)
from ...moment import moment_of_run
from ...repeated_head import WHOLE_TEXT, without_repeated_head
from ...run import Run
from ...web.summary_end import SUMMARY_END
from ..conflict_marks import BETWEEN, OURS, THEIRS, find_unresolved
from ..front_matter import Header
from ..post_files import is_readme
from ..sites.generator import OwnText, SiteTexts, TextsOfSource
from ..sites.link_targets import resolve_definitions
from ..sites.settings_files import is_quarto_root
from ..source_bytes import is_zip
from ..text_files import (
    BadPostError,
    DecodedText,
    SiteReading,
    TextFormat,
    decode,
    read_site_files,
    repairs_of,
    site_of_text,
)
from .header_and_body import is_mdx_file, read_metadata_in_site, split_post
from .multimarkdown import with_base_level
from .options import MarkdownInput, ObsidianInput
from .text_nodes import parse_nodes, replace_html, type_components

if TYPE_CHECKING:
    from ...context import Context
    from ...formats import Source
    from ...model import recordings
    from .. import code_titles
    from ..sites import emoji_names, own_pictures, rst_labels, unread_pages
    from ..sites.site_folder import SiteFolder
    from . import chunks as quarto_chunks
    from . import (
        ikiwiki,
        imported_texts,
        item_fences,
        named_files,
        notebook,
        obsidian,
        page_marks,
        quarto_source,
        restructured_text,
    )
    from .chunks import Chunks
    from .mdx_script import Script
else:
    # What a sign in the text, the name of its file or an option asks for.
    recordings = late_module("clothbound.model.recordings")
    code_titles = late_module("clothbound.readers.code_titles")
    restructured_text = late_module("clothbound.readers.markdown.restructured_text")
    emoji_names = late_module("clothbound.readers.sites.emoji_names")
    own_pictures = late_module("clothbound.readers.sites.own_pictures")
    rst_labels = late_module("clothbound.readers.sites.rst_labels")
    unread_pages = late_module("clothbound.readers.sites.unread_pages")
    quarto_chunks = late_module("clothbound.readers.markdown.chunks")
    item_fences = late_module("clothbound.readers.markdown.item_fences")
    ikiwiki = late_module("clothbound.readers.markdown.ikiwiki")
    imported_texts = late_module("clothbound.readers.markdown.imported_texts")
    named_files = late_module("clothbound.readers.markdown.named_files")
    notebook = late_module("clothbound.readers.markdown.notebook")
    obsidian = late_module("clothbound.readers.markdown.obsidian")
    page_marks = late_module("clothbound.readers.markdown.page_marks")
    quarto_source = late_module("clothbound.readers.markdown.quarto_source")

EXTENSIONS = post_extensions("markdown")

_OF_PROGRAMS = ("{{[[", "((", "@@", "\n\\", "<%", SUMMARY_END)
_FIELD_OF_TEMPLATE = lazy_pattern(r"\$[a-z]+[($]")
"""Matches what a page has whose marks may be those of Hakyll's templates; ``_OF_PROGRAMS``, those of another program."""


class MarkdownReader:
    """Reads Markdown; see the module."""

    extensions = reader_extensions("markdown")
    options_type = MarkdownInput

    def accepts(self, head: bytes, name: str) -> bool:
        """Accepts a folder, and any text that is not HTML, XML or JSON."""
        if not head:
            return bool(name) and Path(name).is_dir()
        if b"\0" in head:
            return False
        try:
            text = head.decode("utf-8-sig", "strict").lstrip()
        except UnicodeDecodeError as error:
            # The head may end within a character.
            if error.start < len(head) - 4:
                return False
            text = head[: error.start].decode("utf-8-sig").lstrip()
        return not re.match(r"<!doctype|<html|<\?xml|[\[]\s*[{\[\"]", text, re.I)

    def read(self, source: Source, options: MarkdownInput, context: Context) -> Collection:
        """Reads the posts of a file, a folder, bytes or a stream.

        Unreadable posts of a folder are left out and reported in ``diagnostics``; a single one
        raises ReadError.
        """
        return read_markdown(source, options, context.run)

    def accepts_files(self, files: ArchiveFiles) -> bool:
        """Accepts files of which one is a post in Markdown. Readers of exports are asked before."""
        return any(
            name.lower().endswith(WRITTEN_FILES)
            and not is_readme(name)
            and not any(part.startswith(".") for part in name.split("/"))
            for name in files.names
        )


class ObsidianReader:
    """Reads a folder of Obsidian: Markdown with wikilinks. A folder that is no vault is never detected, only asked for."""

    extensions = reader_extensions("obsidian")
    options_type = ObsidianInput

    def accepts(self, head: bytes, name: str) -> bool:
        return False

    def read(self, source: Source, options: ObsidianInput, context: Context) -> Collection:
        """Reads like MarkdownReader."""
        markdown = MarkdownInput(wikilinks=True, exclude=options.exclude)
        return read_markdown(source, markdown, context.run, SiteReading())


def read_markdown(
    source: Source, options: MarkdownInput, run: Run, reading: SiteReading | None = None
) -> Collection:
    """Reads a file, a folder, bytes or a stream; a ZIP as the folder that was packed."""
    if is_zip(source):
        from ..zipped_folder import read_zip

        return read_zip(source, partial(_read_folder, options, reading), run)
    return read_site_files(
        source, _form_of_source(options, run), options, run, options.exclude, reading
    )


def _read_folder(
    options: MarkdownInput, reading: SiteReading | None, folder: Path, run: Run
) -> Collection:
    return read_site_files(
        folder, _form_of_source(options, run), options, run, options.exclude, reading
    )


def _decode(data: bytes) -> tuple[str, str]:
    """Decodes like ``text_files.decode``; a notebook becomes Markdown.

    Also raises BadPostError if a conflict of ``import`` is unresolved, since only one of its two
    texts is the post's.
    """
    if data.lstrip().startswith(b"{") and notebook.is_notebook(data):
        try:
            return notebook.notebook_text(data), ""
        except notebook.NotebookError as error:
            raise BadPostError(str(error)) from error
    text, repaired = decode(data)
    if line := find_unresolved(text):
        raise BadPostError(
            f"still holds a conflict of `clothbound import`; remove the marks {OURS!r}, {BETWEEN!r}, "
            f"{THEIRS!r} and the text that should not stay between them",
            line,
        )
    return text, repaired


def _metadata(text: str, source: str, options: MarkdownInput, limits: Limits) -> Metadata:
    return read_metadata_in_site(text, source, options, limits, SiteTexts())


def _metadata_of_other(
    options: MarkdownInput, limits: Limits, text: str, file: str, site: SiteTexts
) -> Metadata:
    """Returns the metadata of a text that a post names, as if it were read, too."""
    return read_metadata_in_site(text, file, options, limits, site)


def _make_post(
    source: TextsOfSource,
    text: DecodedText,
    metadata: Metadata,
    options: MarkdownInput,
    limits: Limits,
) -> Post:
    if metadata.source.lower().endswith(RST_FILES):
        return _make_rst_post(source, text, metadata, limits)
    is_run = metadata.source.lower().endswith(RUN_FILES)
    if is_run or (text.base is not None and is_quarto_root(text.base.root or text.base.path)):
        return _make_quarto_post(source, text, metadata, options, limits, is_run=is_run)
    site = site_of_text(text, source)
    is_mdx = is_mdx_file(metadata.source) or (site is not None and site.facts.is_mdx)
    header, script = split_post(text.content, metadata.source, options, limits, is_mdx=is_mdx)
    own = OwnText(header.body, header.fields, metadata, source, header.body_line)
    if site is not None and site.generator is not None and script is not None and script.files:
        own = imported_texts.with_imported_texts(own, script, site)
    if site is not None:
        own = site.as_markdown(own)
    if text.base is not None and (":include" in own.text or "$code." in own.text):
        own = named_files.with_named_files(
            own, text.base, site.texts if site is not None else SiteTexts()
        )
    is_marked = "[[" in text.content and not options.wikilinks
    of_ikiwiki = is_marked and ikiwiki.is_page(text.content, metadata.source)
    if of_ikiwiki:
        own = msgspec.structs.replace(own, text=ikiwiki.as_markdown(own.text))
    if of_ikiwiki or (is_marked and site is not None and site.facts.has_wikilinks):
        options = msgspec.structs.replace(options, wikilinks=True)
    body = emoji_names.with_emoji(own.text) if options.dialect == "gfm" else own.text
    post = make_markdown_post(
        body,
        metadata,
        options,
        limits,
        header.body_line,
        script=script,
    )
    post = with_base_level(post, header.fields)
    post = _without_repeated_head(post, header, body)
    if options.outline:
        post = quarto_source.with_lines_of_source(post, [], header.body_line)
    elif own.numbers:
        post = quarto_source.with_lines_of_source(post, list(own.numbers), header.body_line)
    if text.base is not None and text.base.site:
        post = own_pictures.with_own_pictures(post, text.base, body)
    post = _with_pages_on_network(post, site, source, text, body)
    return _with_findings(post, text, (*header.findings, *repairs_of(text), *own.findings))


def _make_rst_post(
    source: TextsOfSource, text: DecodedText, metadata: Metadata, limits: Limits
) -> Post:
    site = site_of_text(text, source)
    texts = site.texts if site is not None else SiteTexts()
    find = rst_labels.place_finder(source, text.base, texts)
    post = restructured_text.make_rst_post(text, metadata, limits, find)
    # A role ``:doc:`` names a file without its extension, so each text may name one.
    return _with_pages_on_network(post, site, source, text, RST_FILES[0])


def _make_quarto_post(
    source: TextsOfSource,
    text: DecodedText,
    metadata: Metadata,
    options: MarkdownInput,
    limits: Limits,
    *,
    is_run: bool,
) -> Post:
    """Returns a post of Quarto's or R Markdown's: with the results that are kept of its code, and what it includes."""
    is_mdx = is_mdx_file(metadata.source)
    header, script = split_post(
        text.content, metadata.source, options, limits, "Quarto", is_mdx=is_mdx
    )
    project = quarto_source.QuartoSource(text.base, metadata.source, limits, source)
    above = project.fields_above()
    fields = quarto_source.merge_fields(above, header.fields)
    is_notebook = metadata.source.lower().endswith(NOTEBOOK_FILES)
    frozen = project.read_frozen(text.content) if is_run and not is_notebook else ""
    if frozen:
        kept, script = split_post(frozen, metadata.source, options, limits)
        body, first_line = kept.body, kept.body_line
        chunks = quarto_chunks.Chunks(fields, runs=False)
    else:
        body, first_line = quarto_chunks.indent_chunks(header.body), header.body_line
        files = () if is_notebook else quarto_chunks.find_figures(text.folder, metadata.source)
        chunks = quarto_chunks.Chunks(fields, files, runs=is_run, has_results=is_notebook)
    own = project.include(OwnText(body, header.fields, metadata, source, first_line))
    numbers = list(own.numbers)
    body = project.fill(own.text, header.fields, above)
    own = OwnText(body, header.fields, metadata, source, first_line, findings=own.findings)
    site = site_of_text(text, source)
    if is_notebook and site is not None:
        own = site.as_markdown(own)
        body = own.text
    post = make_markdown_post(
        body, metadata, options, limits, first_line, chunks=chunks, script=script
    )
    post = _without_repeated_head(post, header, body)
    if frozen or numbers or is_notebook:
        known = [] if frozen or is_notebook else numbers
        post = quarto_source.with_lines_of_source(post, known, first_line)
    post = _with_pages_on_network(post, site, source, text, body)
    told = (*header.findings, *repairs_of(text), *project.findings, *own.findings)
    return _with_findings(post, text, told)


def _without_repeated_head(post: Post, header: Header, body: str) -> Post:
    """Returns ``post`` without the beginning that repeats its header, unless its text says that it is whole."""
    is_whole = not header.fields or body.lstrip().startswith(WHOLE_TEXT)
    return post if is_whole else without_repeated_head(post)


def _with_pages_on_network(
    post: Post, site: SiteFolder | None, source: TextsOfSource, text: DecodedText, words: str
) -> Post:
    """Returns ``post`` with the addresses of the pages of its site that ``words`` may name by their files."""
    if site is None or text.folder is None or not site.host:
        return post
    return unread_pages.with_pages_on_network(post, site, source, text.folder, words)


def _with_findings(post: Post, text: DecodedText, findings: Sequence[LineDiagnostic]) -> Post:
    """Returns ``post`` with the place of its file, and what was found before its text was parsed."""
    told = (*locate(findings, post.metadata.source), *post.diagnostics)
    return msgspec.structs.replace(post, base=text.base, diagnostics=told)


def make_markdown_post(
    text: str,
    metadata: Metadata,
    options: MarkdownInput,
    limits: Limits,
    first_line: int = 1,
    *,
    chunks: Chunks | None = None,
    script: Script | None = None,
) -> Post:
    """Returns the post whose text is Markdown without a header."""
    written, wikilinks = text, options.wikilinks
    told: tuple[LineDiagnostic, ...] = ()
    if _may_be_of_program(text) or metadata.source.endswith(SUPERMD_FILE):
        page = page_marks.as_markdown(text, metadata, first_line, is_note=options.wikilinks)
        text, told = page.text, page.findings
        wikilinks = wikilinks or page.has_wikilinks
    if options.dialect == "pandoc" and "```" in text:
        text = item_fences.indent_code_of_items(text)
    nodes = parse_nodes(
        text if options.dialect == "commonmark" else resolve_definitions(text),
        options.dialect,
        limits,
        first_line,
        wikilinks=wikilinks,
        breaks=options.breaks,
        language=metadata.language,
        chunks=chunks,
        script=script,
    )
    source = metadata.source
    nodes, of_html = replace_html(nodes, text, source)
    nodes = type_components(nodes)
    found = [*told, *nodes.findings]
    if wikilinks:
        found += obsidian.name_computed(written, first_line)
    if chunks is not None:
        found += quarto_chunks.list_unread(chunks, text, first_line)
    diagnostics = (*locate(found, source), *of_html)
    post = Post(metadata, nodes.body, nodes.footnotes, diagnostics=diagnostics)
    if "```" in text or "~~~" in text:
        post = code_titles.show_code_titles(post)
    # A recording has a field of its own, which a header seldom has.
    return recordings.with_recording(post) if metadata.extra else post


def _may_be_of_program(text: str) -> bool:
    """Whether a page has marks that may be those of one program alone."""
    return any(map(text.__contains__, _OF_PROGRAMS)) or bool(_FIELD_OF_TEMPLATE.search(text))


def _form_of_source(options: MarkdownInput, run: Run) -> TextFormat[MarkdownInput]:
    """Returns how the texts of one source are read."""
    metadata_of = partial(_metadata_of_other, options, run.limits)
    texts = TextsOfSource(metadata_of, moment_of_run(run.now))
    make_post = partial(_make_post, texts)
    return TextFormat(EXTENSIONS, _decode, _metadata, make_post, _ALONE, read_metadata_in_site)


_ALONE = tuple(name for name in MARKDOWN_FILES if name not in (*RUN_FILES, MDX_FILE))
READER = MarkdownReader()
OBSIDIAN = ObsidianReader()
