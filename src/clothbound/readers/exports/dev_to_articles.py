"""Reads the articles of DEV's archive, whose texts are Markdown with a header and tags of Liquid.

Where the archive and the API name a field differently, the archive's name is asked first.
"""

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
from ...xml_beginning import as_utf8
from ..entries import Entries, EntryText
from ..feed_text import repeats_beginning
from ..front_matter import Header, read_header
from ..html_post import post_of
from ..json_bytes import UNDECODABLE, decode_json
from ..markdown import make_markdown_post
from ..markdown.options import MarkdownInput
from ..publication_state import publication_of
from ..timestamps import read_timestamp

_SITE = "https://dev.to"
_HTML = "html"
_TEXTS = ("body_markdown", "processed_html", "body_html")


def read_articles(data: bytes, name: str, findings: Sequence[Diagnostic], run: Run) -> Collection:
    """Returns the articles of a file. Raises ReadError if it holds none, or none with its text."""
    data = as_utf8(data)
    is_one = data.lstrip()[:1] == b"{"
    whole = b"[%b]" % data if is_one else data
    decoded = decode_json(whole, list[msgspec.Raw], name, what="an archive of DEV")
    found = list(findings)
    found += [
        Diagnostic(DiagnosticCode.ENCODING_REPAIRED, message, name) for message in decoded.repairs
    ]
    rows: list[tuple[bool, str, msgspec.Raw]] = []
    has_texts = is_of_api = False
    for number, raw in enumerate(counted(decoded.value, READING, run.progress), 1):
        try:
            article = msgspec.json.decode(raw, type=dict[str, Any])
        except UNDECODABLE:
            message = f"article {number} left out: it is not an object, or is nested too deeply"
            code = DiagnosticCode.POST_UNREADABLE
            found.append(Diagnostic(code, message, name, 0, Severity.ERROR))
            continue
        published = _text(article, "published_at")
        rows.append((not published, published or _text(article, "created_at"), raw))
        has_texts = has_texts or not article.keys().isdisjoint(_TEXTS)
        is_of_api = is_of_api or _is_of_api(article)
    if is_of_api and not has_texts:
        message = "lists articles of DEV without their texts. Hint: ask its API for /api/articles/me/all, or for each article by its id"
        raise ReadError(message, source=name)
    if not has_texts or (is_one and not is_of_api):
        raise ReadError("holds no articles of DEV", source=name)
    entries, authors, hosts = Entries(), Counter[str](), {hostname_of(_SITE)}
    for number, (_, _, raw) in enumerate(sorted(rows, key=itemgetter(0, 1)), 1):
        # Decoded once more, since the articles of all rows at once would take twice the file's size.
        article = msgspec.json.decode(raw, type=dict[str, Any])
        markdown = _text(article, "body_markdown").replace("\r\n", "\n")
        header = read_header(markdown, run.limits) if markdown.startswith("---") else Header()
        text = (header.body or markdown) if markdown else _text(article, *_TEXTS[1:])
        metadata = _metadata(article, header.fields, text, f"article-{number}")
        authors.update(metadata.authors)
        hosts.add(hostname_of(_text(article, "url")))
        missing = [] if text.strip() else [_without_text(metadata.source)]
        entries.add(metadata, EntryText(text, "" if markdown else _HTML, findings=tuple(missing)))
    info = BookInfo(authors=tuple(author for author, _ in authors.most_common(1)))
    return entries.collection(
        partial(make_article, run.limits),
        info,
        own_hosts=sorted(filter(None, hosts)),
        diagnostics=found,
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
    path, user = _text(article, "path"), article.get("user")
    own = _text(article, "url") or (f"{_SITE}{path}" if path.startswith("/") else "")
    canonical = _text(article, "canonical_url") or own
    author = _text(article, "cached_user_name", "cached_user_username")
    if not author and isinstance(user, dict):
        author = _text(user, "name", "username")
    description = _text(article, "description")
    published = _text(article, "published_at", "crossposted_at")
    updated = _text(article, "edited_at")
    return Metadata(
        title=_text(article, "title"),
        slug=_text(article, "slug"),
        published=read_timestamp(published) if published else None,
        updated=read_timestamp(updated) if updated else None,
        authors=(author,) if author else (),
        tags=tuple(dict.fromkeys(_tags(article))),
        language=language_tag(_text(article, "language")),
        canonical_url=canonical,
        cover=_text(article, "main_image", "cover_image"),
        description="" if repeats_beginning(description, text) else description,
        publication=_publication(article, header),
        source=own or source,
        extra={"aliases": [own]} if own and own != canonical else {},
    )


def _tags(article: dict[str, Any]) -> list[str]:
    """Returns the tags: a text with commas, or a list."""
    lists = [article.get("tag_list"), article.get("tags")]
    tags = next((tags for tags in lists if isinstance(tags, list)), None)
    if tags is None:
        tags = _text(article, "cached_tag_list", "tag_list").split(",")
    return [tag.strip() for tag in tags if isinstance(tag, str) and tag.strip()]


def _publication(article: dict[str, Any], header: dict[str, Any]) -> Publication | None:
    """Returns who may see an article: what its row and the header of its text say; a row that says nothing is a draft.

    The API says ``published`` to the author alone: whoever else asks gets published articles only.
    """
    day = _text(article, "published_at")
    unsaid = bool(day) and _is_of_api(article)
    stated = {"published": article.get("published", unsaid) or False, "publishdate": day}
    return merge_publications(
        publication_of(stated, with_typed=True), publication_of(header, with_typed=True)
    )


def _is_of_api(article: dict[str, Any]) -> bool:
    return article.get("type_of") == "article"


def _text(article: dict[str, Any], *names: str) -> str:
    """Returns the first of these fields that has a text."""
    values = (article.get(name) for name in names)
    return next((v.strip() for v in values if isinstance(v, str) and v.strip()), "")
