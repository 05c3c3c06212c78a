"""Reads the posts in Bear Blog's table: their fields, and their Markdown without what the blog fills in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from ...console_text import format_count, list_some
from ...diagnostics import Diagnostic, DiagnosticCode, Severity
from ...formats import ArchiveFiles
from ...lazy_pattern import lazy_pattern
from ...model.book_info import BookInfo
from ...model.language_tags import language_tag
from ...model.post import Metadata, Post
from ..csv_rows import read_rows
from ..entries import Entries, EntryText
from ..export_files import open_export
from ..json_bytes import UNDECODABLE
from ..markdown import make_markdown_post
from ..markdown.options import MarkdownInput
from ..publication_state import publication_of
from ..sites.outside_code import rewrite_words
from ..sites.pymdown import mark_words
from ..timestamps import read_timestamp

if TYPE_CHECKING:
    from ...formats import Source
    from ...limits import Limits
    from ...model.collection import Collection

_FIELD = lazy_pattern(r"\{\{[ \t]*(posts\b[^{}]*|email-signup|(?:blog|post)_[a-z_]+)[ \t]*\}\}")
"""Matches what the blog fills in; it shows all else in braces as it is."""
_PAGE = "page"


def read_table(
    source: Source,
    limits: Limits,
    show_progress: Callable[[int], None],
    find_tables: Callable[[ArchiveFiles], list[str]],
    *,
    with_pages: bool,
) -> Collection:
    """Reads the table; see ``BearBlogReader.read``. ``find_tables`` returns the tables in an archive."""
    entries, found, pages = Entries(), list[Diagnostic](), 0
    part, *_ = open_export(
        source, find_tables, "holds no table of Bear Blog", limits, most=limits.archive_bytes
    ).parts
    lacking = "is not Bear Blog's table of posts"
    for number, row in enumerate(read_rows(part, limits, "content", lacking, found), 1):
        show_progress(len(entries))
        fields = {name.replace("_", " "): text.strip() for name, text in row.fields.items()}
        if fields.get("is page", "").lower() == "true" and not with_pages:
            pages += 1
            continue
        entries.add(_metadata(fields, f"row-{number}"), EntryText(row.fields["content"]))
    if pages:
        message = f"not posts: {format_count(pages, 'page')}; -I pages=true reads pages too"
        code = DiagnosticCode.FILES_PASSED_OVER
        found.append(Diagnostic(code, message, part.name, 0, Severity.INFO))
    return entries.collection(partial(make_post, limits), BookInfo(), diagnostics=found)


def _metadata(fields: Mapping[str, str], source: str) -> Metadata:
    def field(*names: str) -> str:
        return next((text for name in names if (text := fields.get(name, ""))), "")

    date, slug, alias = field("published date", "first published at"), field("slug"), field("alias")
    # A row that is cut off does not say who may see its post.
    stated = {"publish": field("publish") or False, "publishdate": date}
    return Metadata(
        title=field("title"),
        slug=slug,
        published=read_timestamp(date) if date else None,
        language=language_tag(field("lang")),
        tags=_tags(field("all tags")),
        kind=_PAGE if field("is page").lower() == "true" else "",
        canonical_url=field("canonical url"),
        cover=field("meta image"),
        description=field("meta description"),
        publication=publication_of(stated),
        source=slug or field("uid") or source,
        extra={"aliases": [f"/{alias.strip('/')}/"]} if alias else {},
    )


def _tags(text: str) -> tuple[str, ...]:
    """Returns the tags: a list in JSON, in older tables one without quotation marks."""
    try:
        tags = msgspec.json.decode(text, type=list[str])
    except UNDECODABLE:
        tags = [tag.strip(" \"'") for tag in text.strip("[]").split(",")]
    return tuple(dict.fromkeys(filter(None, map(str.strip, tags))))


def make_post(limits: Limits, text: EntryText, metadata: Metadata) -> Post:
    """Converts the Markdown of a post, which may have marked words and fields of the blog's template."""
    taken: Counter[str] = Counter()
    known = {"post_title": metadata.title, "post_description": metadata.description}

    def fill(found: re.Match[str]) -> str:
        name = found[1].strip()
        if name not in known:
            taken[found[0]] += 1
        return known.get(name, "")

    content = text.content.replace("\r\n", "\n")
    content = rewrite_words(content, _FIELD, fill) if "{{" in content else content
    content = mark_words(content) if "==" in content else content
    post = make_markdown_post(content, metadata, MarkdownInput(), limits)
    findings = (*text.findings, *_report(taken, metadata.source))
    return msgspec.structs.replace(post, diagnostics=(*findings, *post.diagnostics))


def _report(taken: Counter[str], source: str) -> list[Diagnostic]:
    if not taken:
        return []
    message = f"{format_count(taken.total(), 'field')} that the blog fills in left out: {list_some(list(taken))}"
    return [Diagnostic(DiagnosticCode.NODE_CHROME, message, source, 0, Severity.INFO)]
