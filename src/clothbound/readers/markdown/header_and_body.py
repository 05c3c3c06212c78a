"""Takes a text in Markdown apart: into the fields of its header, what the statements of MDX say, and the body."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from ...late_names import late_module
from ...lazy_pattern import lazy_pattern
from ...limits import Limits
from ...model.post import Metadata
from ...model.slugs import MDX_FILE, RST_FILES
from ...title_text import title_of_heading
from ..front_matter import Header
from ..post_metadata import read_metadata, report_invalid, title_from_path
from ..publication_state import apply_unread_restrictions
from ..sites.generator import SiteTexts
from .attributes import split_heading
from .comments import KRAMDOWN, CommentMarks, hide_comments
from .comments import MDX as MDX_COMMENTS
from .comments import OBSIDIAN as OBSIDIAN_COMMENTS
from .options import MarkdownInput
from .own_headers import read_own_header
from .text_nodes import parse_markdown

if TYPE_CHECKING:
    from . import mdx_script, obsidian, restructured_text
    from .mdx_script import Script
else:
    # What a sign in the text, the name of its file or an option asks for.
    mdx_script = late_module("clothbound.readers.markdown.mdx_script")
    obsidian = late_module("clothbound.readers.markdown.obsidian")
    restructured_text = late_module("clothbound.readers.markdown.restructured_text")

_HEADING = lazy_pattern(
    r"\s*(?:(?:<!--(?:(?!-->).)*-->|\[(?:TOC|toc)\]|^\([^()\s][^()\n]*\)=[ \t]*$)\s*)*?(?P<whole>^ {0,3}(?:"
    r"#[ \t]+(?P<atx>[^\n]*?)(?:[ \t]+#+)?[ \t]*$"
    r"|(?P<setext>(?!\$\$|```|~~~|:::)[^\s>#*+-][^\n]*)\n {0,3}=+[ \t]*$))",
    re.M | re.S,
)
_SPACES = lazy_pattern(r"\s+")


def read_metadata_in_site(
    text: str, source: str, options: MarkdownInput, limits: Limits, site: SiteTexts
) -> Metadata:
    if source.lower().endswith(RST_FILES):
        return restructured_text.read_rst_metadata(text, source, site.generator)
    is_mdx = site.are_mdx or is_mdx_file(source)
    header, _ = _take_apart(text, source, options, limits, site.generator, is_mdx=is_mdx)
    return _take_metadata(header, text, source, options, site.generator)


def split_post(
    text: str,
    source: str,
    options: MarkdownInput,
    limits: Limits,
    generator: str = "",
    *,
    is_mdx: bool = False,
) -> tuple[Header, Script | None]:
    """Returns the header of a post whose metadata is known, and what the statements of MDX say, if it is such a text. The
    body lacks the heading of which the title was made.
    """
    header, script = _take_apart(text, source, options, limits, generator, is_mdx=is_mdx)
    if header.fields:
        report_invalid(header, source, generator)
    else:
        _take_metadata(header, text, source, options, generator)
    return header, script


def is_mdx_file(source: str) -> bool:
    return source.lower().endswith(MDX_FILE)


def _take_apart(
    text: str,
    source: str,
    options: MarkdownInput,
    limits: Limits,
    generator: str,
    *,
    is_mdx: bool,
) -> tuple[Header, Script | None]:
    """Returns the header with the body, and what the statements of MDX say."""
    header = read_own_header(text, source, limits, generator, is_outline=options.outline)
    script = _take_statements(header) if is_mdx and options.dialect != "commonmark" else None
    _hide_comments(header, KRAMDOWN if script is None else MDX_COMMENTS, options)
    if options.wikilinks:
        header.body = obsidian.admonitions_as_callouts(header.body)
        header.fields = {
            name: obsidian.without_links(value) for name, value in header.fields.items()
        }
    return header, script


def _take_metadata(
    header: Header, text: str, source: str, options: MarkdownInput, generator: str
) -> Metadata:
    """Returns a post's metadata, and takes the heading of which the title was made out of the body."""
    found = _find_heading(header.body)
    heading = _heading_text(found, options) if found else ""
    metadata = read_metadata(header, source, heading, generator)
    if options.wikilinks:
        metadata = _complete_from_note(metadata, header.body, has_heading=bool(heading))
    if not header.fields or header.is_unsure:
        metadata = apply_unread_restrictions(metadata, text)
    if found and not header.fields and heading and _same(heading, metadata.title):
        header.body = _blank_out(header.body, *found.span("whole"))
    return metadata


def _take_statements(header: Header) -> Script | None:
    """Takes the statements of MDX out of a body and returns what they say; None for a text that is plain Markdown."""
    if _is_plain(header):
        return None
    header.body, script = mdx_script.take_statements(header.body)
    header.fields = header.fields or script.fields
    return script


def _is_plain(header: Header) -> bool:
    """Whether the header of a post says that its text is Markdown, and no MDX, as Docusaurus has it."""
    settings = header.fields.get("mdx")
    return isinstance(settings, dict) and settings.get("format") == "md"


def _hide_comments(header: Header, kind: CommentMarks, options: MarkdownInput) -> None:
    for each in (OBSIDIAN_COMMENTS, kind) if options.wikilinks else (kind,):
        header.body, hidden = hide_comments(header.body, header.body_line, each)
        header.findings.extend(hidden)


def _find_heading(body: str) -> re.Match[str] | None:
    """Returns the heading with which a body begins."""
    beginning = body[:5000]
    may_be_heading = "#" in beginning or "=" in beginning
    return _HEADING.match(beginning) if may_be_heading else None


def _heading_text(found: re.Match[str], options: MarkdownInput) -> str:
    source = found["atx"] or found["setext"] or ""
    if options.dialect == "pandoc":
        source, _ = split_heading(source)
    if not re.search(r"[\\`*_\[\]<&'\"~^$!-]", source):
        return source.strip()
    body, _, _ = parse_markdown(source, options.dialect, wikilinks=options.wikilinks)
    return title_of_heading(body) or source.strip()


def _complete_from_note(metadata: Metadata, body: str, *, has_heading: bool) -> Metadata:
    """Returns metadata with what Obsidian takes from a note's text and from its name."""
    metadata = obsidian.read_note_metadata(metadata, body)
    if metadata.title == title_from_path(metadata.source) and not has_heading:
        title = obsidian.title_of_note(metadata.source) or metadata.title
        return msgspec.structs.replace(metadata, title=title)
    return metadata


def _blank_out(text: str, start: int, end: int) -> str:
    """Returns a text with blank lines in place of a part, so that the lines below keep their numbers."""
    return text[:start] + "\n" * text.count("\n", start, end) + text[end:]


def _same(one: str, other: str) -> bool:
    return _SPACES.sub(" ", one).casefold() == _SPACES.sub(" ", other).casefold()
