"""Reads the articles of DEV's archive, whose texts are Markdown with a header and tags of Liquid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from operator import itemgetter
from typing import Any

import msgspec

from ...diagnostics import Diagnostic, DiagnosticCode, Severity
from ...errors import ReadError
from ...limits import Limits
from ...model.book_info import BookInfo
from ...model.collection import Collection
from ...model.language_tags import language_tag
from ...model.post import Metadata, Post
from ...model.publication import Publication, merge_publications
from ...progress import READING, counted
from ...run import Run
from ...web.addresses import hostname_of
from ..entries import Entries, EntryText
from ..feed_text import repeats_beginning
from ..front_matter import Header, read_header
from ..html_post import post_of
from ..json_bytes import decode_json
from ..markdown import MarkdownInput, make_markdown_post
from ..publication_state import publication_of
from ..timestamps import read_timestamp

_SITE = "https://dev.to"
_HTML = "html"


def read_articles(data: bytes, name: str, findings: Sequence[Diagnostic], run: Run) -> Collection:
    """Returns the articles of a file. Raises ReadError if it is not a list of them."""
    decoded = decode_json(data, list[msgspec.Raw], name, what="an archive of DEV")
    found = list(findings)
    found += [
        Diagnostic(DiagnosticCode.ENCODING_REPAIRED, message, name) for message in decoded.repairs
    ]
    rows: list[tuple[bool, str, msgspec.Raw]] = []
    has_texts = False
    for number, raw in enumerate(counted(decoded.value, READING, run.progress), 1):
        try:
            article = msgspec.json.decode(raw, type=dict[str, Any])
        except (msgspec.DecodeError, RecursionError):
            message = f"article {number} left out: it is not an object, or is nested too deeply"
            code = DiagnosticCode.POST_UNREADABLE
            found.append(Diagnostic(code, message, name, 0, Severity.ERROR))
            continue
        published = _text(article, "published_at")
        rows.append((not published, published or _text(article, "created_at"), raw))
        has_texts = has_texts or "body_markdown" in article
    if not has_texts:
        raise ReadError("holds no articles of DEV", source=name)
    entries, authors = Entries(), Counter[str]()
    for number, (_, _, raw) in enumerate(sorted(rows, key=itemgetter(0, 1)), 1):
        # Decoded once more, since the articles of all rows at once would take twice the file's size.
        article = msgspec.json.decode(raw, type=dict[str, Any])
        markdown = _text(article, "body_markdown").replace("\r\n", "\n")
        header = read_header(markdown, run.limits) if markdown.startswith("---") else Header()
        text = (header.body or markdown) if markdown else _text(article, "processed_html")
        metadata = _metadata(article, header.fields, text, f"article-{number}")
        authors.update(metadata.authors)
        missing = [] if text.strip() else [_without_text(metadata.source)]
        entries.add(metadata, EntryText(text, "" if markdown else _HTML, findings=tuple(missing)))
    info = BookInfo(authors=tuple(author for author, _ in authors.most_common(1)))
    return entries.collection(
        partial(make_article, run.limits), info, own_hosts=[hostname_of(_SITE)], diagnostics=found
    )


def make_article(limits: Limits, text: EntryText, metadata: Metadata) -> Post:
    """Converts the text of an article, in which the end of a line is a break."""
    if text.form == _HTML:
        return post_of(text.content, metadata, findings=text.findings)
    options = MarkdownInput(dialect="gfm", breaks=True)
    post = make_markdown_post(text.content, metadata, options, limits)
    return msgspec.structs.replace(post, diagnostics=(*text.findings, *post.diagnostics))


def _without_text(source: str) -> Diagnostic:
    message = "the archive has no text of this article"
    return Diagnostic(DiagnosticCode.TEXT_MISSING, message, source)


def _metadata(article: dict[str, Any], header: dict[str, Any], text: str, source: str) -> Metadata:
    path = _text(article, "path")
    own = f"{_SITE}{path}" if path.startswith("/") else ""
    canonical = _text(article, "canonical_url") or own
    author = _text(article, "cached_user_name") or _text(article, "cached_user_username")
    description = _text(article, "description")
    published = _text(article, "published_at") or _text(article, "crossposted_at")
    updated = _text(article, "edited_at")
    tags = [tag.strip() for tag in _text(article, "cached_tag_list").split(",")]
    return Metadata(
        title=_text(article, "title"),
        slug=_text(article, "slug"),
        published=read_timestamp(published) if published else None,
        updated=read_timestamp(updated) if updated else None,
        authors=(author,) if author else (),
        tags=tuple(dict.fromkeys(filter(None, tags))),
        language=language_tag(_text(article, "language")),
        canonical_url=canonical,
        cover=_text(article, "main_image"),
        description="" if repeats_beginning(description, text) else description,
        publication=_publication(article, header),
        source=own or source,
        extra={"aliases": [own]} if own and own != canonical else {},
    )


def _publication(article: dict[str, Any], header: dict[str, Any]) -> Publication | None:
    """Returns who may see an article: what its row and the header of its text say; a row that says nothing is a draft."""
    stated = {
        "published": article.get("published") or False,
        "publishdate": _text(article, "published_at"),
    }
    return merge_publications(
        publication_of(stated, with_typed=True), publication_of(header, with_typed=True)
    )


def _text(article: dict[str, Any], name: str) -> str:
    value = article.get(name)
    return value.strip() if isinstance(value, str) else ""
