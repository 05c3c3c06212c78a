"""Reads the blogs and the drafts of an account at Write.as, whose texts are Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import msgspec

from ...diagnostics import Diagnostic, DiagnosticCode, Severity
from ...errors import ReadError
from ...limits import Limits
from ...model.blocks import CodeBlock
from ...model.book_info import BookInfo
from ...model.collection import Collection
from ...model.language_tags import language_tag
from ...model.post import Metadata, Post
from ...model.publication import Publication, Reason, merge_publications
from ...progress import READING, counted
from ...run import Run
from ...substack.component_markup import PAYWALL
from ...web.addresses import hostname_of
from ..entries import Entries, EntryText
from ..fences import with_code
from ..json_bytes import UNDECODABLE, decode_json
from ..markdown import make_markdown_post
from ..markdown.options import MarkdownInput
from ..publication_state import publication_of
from ..timestamps import read_timestamp

_CODE = "code"
"""The appearance of a text that the site shows as code, outside its blogs."""

_PAID = "<!--paid-->"
"""The sign above what paying readers alone see (WriteFreely's ``shortCodePaid``). Whether readers pay on a blog, the export
does not say."""


class _Post(msgspec.Struct):
    id: str = ""
    slug: str | None = None
    appearance: str | None = None
    language: str | None = None
    created: str | None = None
    updated: str | None = None
    title: str | None = None
    body: str | None = None
    tags: list[str] | None = None


class _Blog(msgspec.Struct):
    alias: str = ""
    title: str | None = None
    description: str | None = None
    url: str | None = None
    public: bool | None = None
    posts: list[msgspec.Raw] | None = None


class _Account(msgspec.Struct):
    collections: list[_Blog] | None = None
    posts: list[msgspec.Raw] | None = None


def read_account(data: bytes, name: str, findings: Sequence[Diagnostic], run: Run) -> Collection:
    """Returns the posts of an account. Raises ReadError if the file holds none."""
    decoded = decode_json(data, _Account, name, what="an export of Write.as")
    found = list(findings)
    found += [
        Diagnostic(DiagnosticCode.ENCODING_REPAIRED, message, name) for message in decoded.repairs
    ]
    account = decoded.value
    blogs = [blog for blog in account.collections or () if blog.posts]
    entries = Entries()
    for blog in (*blogs, None):
        rows = (blog.posts if blog is not None else account.posts) or ()
        posts = [_decode(row, found, name) for row in counted(rows, READING, run.progress)]
        for post in sorted(filter(None, posts), key=lambda post: post.created or ""):
            form = _CODE if blog is None and post.appearance == _CODE else ""
            entries.add(_metadata(post, blog), EntryText(post.body or "", form))
    if not len(entries):
        raise ReadError("holds no posts of Write.as", source=name)
    only = blogs[0] if len(blogs) == 1 else _Blog()
    info = BookInfo(title=only.title or "", description=only.description or "")
    hosts = sorted({host for blog in blogs if (host := hostname_of(blog.url or ""))})
    return entries.collection(
        partial(make_post, run.limits), info, own_hosts=hosts, diagnostics=found
    )


def _decode(row: msgspec.Raw, found: list[Diagnostic], name: str) -> _Post | None:
    try:
        return msgspec.json.decode(row, type=_Post)
    except UNDECODABLE as error:
        message = f"a post was left out: {error}"
        code = DiagnosticCode.POST_UNREADABLE
        found.append(Diagnostic(code, message, name, 0, Severity.ERROR))
        return None


def _metadata(post: _Post, blog: _Blog | None) -> Metadata:
    slug, created, updated = post.slug or "", post.created or "", post.updated or ""
    address = blog.url.rstrip("/") if blog is not None and blog.url else ""
    path = f"/{blog.alias}/{slug}" if blog is not None and slug else ""
    return Metadata(
        title=post.title or "",
        slug=slug,
        id=post.id,
        published=read_timestamp(created) if created else None,
        updated=read_timestamp(updated) if updated and updated != created else None,
        tags=tuple(dict.fromkeys(post.tags or ())),
        language=language_tag(post.language or ""),
        canonical_url=f"{address}/{slug}" if address and slug else "",
        publication=_publication(blog, created),
        source=path.lstrip("/") or post.id,
        extra={"aliases": [path]} if path else {},
    )


def _publication(blog: _Blog | None, created: str) -> Publication | None:
    """Returns who may see a post. Of a blog that is not public the export does not say whether it is unlisted, private or
    behind a password.
    """
    if blog is None:
        stated = Publication((Reason("secret", "draft", "posts", "in no blog"),))
    else:
        stated = publication_of({"public": bool(blog.public)}) or Publication()
    return merge_publications(stated, publication_of({"publishdate": created}))


def make_post(limits: Limits, text: EntryText, metadata: Metadata) -> Post:
    """Converts the text of a post."""
    if text.form == _CODE:
        return Post(metadata, (CodeBlock(text.content),), diagnostics=text.findings)
    post = make_markdown_post(_with_paywall(text.content), metadata, MarkdownInput(), limits)
    return msgspec.structs.replace(post, diagnostics=(*text.findings, *post.diagnostics))


def _with_paywall(text: str) -> str:
    """Replaces the first sign outside code by the element that the reader of Markdown knows."""
    if _PAID not in text:
        return text
    lines = text.split("\n")
    for number, (line, is_code) in enumerate(with_code(lines)):
        if _PAID in line and not is_code:
            lines[number] = line.replace(_PAID, f"\n\n{PAYWALL}\n\n", 1)
            break
    return "\n".join(lines)
