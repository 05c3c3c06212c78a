"""Reads posts as Tumblr's API answers with them, of blocks or of its older types: one post, a list of them, or an answer that
names the blog.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from ...diagnostics import Diagnostic, DiagnosticCode, Severity
from ...errors import ReadError
from ...model.book_info import BookInfo
from ...model.collection import Collection
from ...model.post import Metadata, Post, Timestamp
from ...model.publication import Publication, Reason, status_reason
from ...progress import READING, counted
from ...run import Run
from ...web.addresses import host_of
from ..entries import Entries, EntryText
from ..export_files import OpenedExport
from ..html_post import post_of
from ..json_bytes import UNDECODABLE, decode_json
from ..timestamps import read_timestamp
from .tumblr_blocks import Block, BlockLayout, NamedBlog, quote, write_blocks
from .tumblr_typed import TYPES, TypedText, write_typed

_HINT = "ask Tumblr's API for the posts with npf=true, or give the ZIP that Tumblr makes of a blog (Settings > Export)"


class _Part(msgspec.Struct):
    """What another blog has written of a post that was passed on."""

    content: list[Block] = []
    layout: list[BlockLayout] = []
    blog: NamedBlog = NamedBlog()
    broken_blog_name: str = ""


class _Published(msgspec.Struct):
    """What the API says of any post."""

    id: int | str = ""
    id_string: str = ""
    post_url: str = ""
    slug: str = ""
    date: str = ""
    state: str = "published"
    tags: list[str] = []


class _OfBlocks(msgspec.Struct):
    """What a post of blocks shows."""

    content: list[Block]
    layout: list[BlockLayout] = []
    trail: list[_Part] = []


def read_answers(export: OpenedExport, run: Run) -> Collection:
    """Returns the posts of one or several answers, each once. Raises ReadError if there is none."""
    found = list(export.findings)
    entries, infos, hosts, known = Entries(), list[BookInfo](), list[str](), set[str]()
    for part in export.parts:
        decoded = decode_json(
            part.read(run.limits.resource_bytes), msgspec.Raw, part.name, what="an answer of Tumblr"
        )
        found += [
            Diagnostic(DiagnosticCode.ENCODING_REPAIRED, message, part.name)
            for message in decoded.repairs
        ]
        rows, blog = _open_answer(msgspec.json.decode(decoded.value))
        if blog:
            infos.append(BookInfo(title=_text(blog, "title") or _text(blog, "name")))
        for number, row in enumerate(counted(rows, READING, run.progress), 1):
            try:
                fields = _without_nulls(row)
                post = msgspec.convert(fields, _Published)
                shown = _read_content(fields)
            except UNDECODABLE as error:
                found.append(_unread(part.name, number, error))
                continue
            name = post.id_string or str(post.id) or f"{part.name}-{number}"
            if name not in known:
                known.add(name)
                hosts.append(host_of(post.post_url))
                entries.add(*_entry(post, shown, name))
    if not known:
        raise ReadError("holds no posts of Tumblr's", source=export.parts[0].name, hint=_HINT)
    own = sorted({host for host in hosts if host.endswith(".tumblr.com")})
    info = infos[0] if infos else BookInfo()
    return entries.collection(make_answer, info, own_hosts=own, diagnostics=found)


def make_answer(text: EntryText, metadata: Metadata) -> Post:
    """Converts the text of a post."""
    return post_of(text.content, metadata, findings=text.findings)


def _open_answer(answer: Any) -> tuple[list[Any], dict[str, Any]]:
    """Returns the posts of an answer, and what it says of the blog."""
    if isinstance(answer, list):
        return answer, {}
    fields = answer if isinstance(answer, dict) else {}
    inner = fields.get("response")
    if isinstance(inner, (dict, list)):
        return _open_answer(inner)
    posts, blog = fields.get("posts"), fields.get("blog")
    if isinstance(posts, list):
        return posts, blog if isinstance(blog, dict) else {}
    return [fields], {}


def _without_nulls(value: Any) -> Any:
    """Returns a value of JSON without the fields that are null, which say as much as those that are not there."""
    if isinstance(value, dict):
        return {name: _without_nulls(one) for name, one in value.items() if one is not None}
    return [_without_nulls(one) for one in value] if isinstance(value, list) else value


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    return value.strip() if isinstance(value, str) else ""


def _unread(source: str, number: int, error: Exception) -> Diagnostic:
    message = f"post {number} was left out: it is no post of Tumblr's ({error}). Hint: {_HINT}"
    return Diagnostic(DiagnosticCode.POST_UNREADABLE, message, source, 0, Severity.ERROR)


def _read_content(fields: Any) -> TypedText | _OfBlocks:
    """Reads what a post shows, of one of the older types or of blocks. Raises what msgspec raises."""
    if isinstance(fields, dict) and "content" not in fields and fields.get("type") in TYPES:
        return msgspec.convert(fields, TypedText)
    return msgspec.convert(fields, _OfBlocks)


def _entry(post: _Published, shown: TypedText | _OfBlocks, name: str) -> tuple[Metadata, EntryText]:
    """Returns the metadata and the text of a post."""
    findings: list[Diagnostic] = []
    if isinstance(shown, _OfBlocks):
        title, html, unknown = _write_parts(shown)
        findings = [_unknown_block(kind, name) for kind in unknown]
    else:
        title, html = ("" if shown.type == "link" else shown.title), write_typed(shown)
    metadata = Metadata(
        title=" ".join(title.split()),
        id=name,
        slug=post.slug,
        published=_read_date(post.date),
        tags=tuple(dict.fromkeys(tag.strip() for tag in post.tags if tag.strip())),
        canonical_url=post.post_url,
        publication=_publication(post.state, shown),
        source=name,
    )
    return metadata, EntryText(html, findings=tuple(findings))


def _write_parts(shown: _OfBlocks) -> tuple[str, str, tuple[str, ...]]:
    """Returns the title, the HTML and the unknown types of a post of blocks; a large heading at its top is its title."""
    content, layout, title = shown.content, shown.layout, ""
    first = content[0] if content else Block()
    if first.subtype == "heading1" and not first.formatting and not shown.trail and not layout:
        content, title = content[1:], first.text
    unknown: list[str] = []
    parts: list[str] = []
    for part in shown.trail:
        html, others = write_blocks(part.content, part.layout)
        parts.append(quote(part.blog if part.blog.name else NamedBlog(part.broken_blog_name), html))
        unknown += others
    html, others = write_blocks(content, layout)
    return title, "".join((*parts, html)), tuple(dict.fromkeys((*unknown, *others)))


def _unknown_block(kind: str, source: str) -> Diagnostic:
    message = f"a block of the type {kind[:40]!r} is not known; its words were kept"
    return Diagnostic(DiagnosticCode.NODE_DROPPED, message, source)


def _read_date(text: str) -> Timestamp | None:
    return read_timestamp(text.replace(" GMT", "+00:00")) if text else None


def _publication(state: str, shown: TypedText | _OfBlocks) -> Publication | None:
    """Returns who may see a post: the one of a queue or in review is a draft, and one with a paywall is for those who pay."""
    reasons: list[Reason] = []
    if state != "published":
        word = "draft" if state in ("queued", "submission") else state
        reasons.append(status_reason(word, "state"))
    if isinstance(shown, _OfBlocks):
        parts: Iterable[list[Block]] = (shown.content, *(part.content for part in shown.trail))
        if any(block.type == "paywall" for blocks in parts for block in blocks):
            reasons.append(Reason("restricted", "paid", "paywall"))
    return Publication(tuple(reasons)) if reasons else None
