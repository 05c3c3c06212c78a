"""Reads the content of exports that have the Markdown of all posts in one file: DEV's, Bear Blog's and Write.as's.

Written from what the platforms say of their exports, and from their files.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any

from ..lazy_pattern import lazy_pattern
from .content import Item, words_of, words_of_title
from .markdown import strip_markdown
from .markup import strip_html

Posts = Iterator[tuple[str, list[Item]]]

_DEV_TO = lazy_pattern(
    rb'(?:\xef\xbb\xbf)?\s*(?:\[\s*\{[^{}]{0,300}?"body_markdown"|\[?\s*\{\s*"type_of"\s*:\s*"article"\s*,\s*"id")\s*:'
)
_BEAR_BLOG = lazy_pattern(
    rb"(?:\xef\xbb\xbf)?(?=[^\n]*\bslug\b)(?=[^\n]*\bpublished[ _]date\b)(?=[^\n]*\bcontent\b)\"?uid\b"
)
_WRITE_AS = lazy_pattern(
    rb'(?:\xef\xbb\xbf)?\s*\{\s*"username"\s*:[^{}\[\]]*?"(?:collections|posts)"\s*:\s*(?:\[|null)'
)
_TUMBLR = lazy_pattern(
    rb'(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{(?=.{0,2000}?"(?:reblog_key|is_blocks_post_format|response)"\s*:)(?=.{0,2000}?"blog(?:_name)?"\s*:)',
    re.S,
)
_LARGEST = 1 << 28
_SPOKEN = (
    "question",
    "title",
    "text",
    "description",
    "author",
    "site_name",
    "artist",
    "album",
    "caption",
)
_MARKED_UP = "body caption text source description excerpt question answer".split()
"""The fields of Tumblr's older posts that are HTML."""
_CODE = lazy_pattern(r"(```|~~~).*?\1|`[^`\n]+`", re.S)
_OF_BEAR = lazy_pattern(r"\{\{[ \t]*(?:posts\b[^{}]*|email-signup|(?:blog|post)_[a-z_]+)[ \t]*\}\}")
_MARKED = lazy_pattern(r"==(?=[^\s=])([^\n=]+)(?<!\s)==(?!=)")


def is_text_export(head: bytes) -> bool:
    """Returns whether a file that begins so is such an export."""
    return any(pattern.match(head) for pattern in (_DEV_TO, _BEAR_BLOG, _WRITE_AS, _TUMBLR))


def read_text_export(data: bytes) -> Posts:
    """Yields the posts of such an export with their names in reports."""
    text = data.decode("utf-8-sig", "replace")
    if _DEV_TO.match(data):
        return _dev_to(text)
    if _TUMBLR.match(data):
        return _tumblr(json.loads(text))
    return _write_as(text) if _WRITE_AS.match(data) else _bear_blog(text)


def _dev_to(text: str) -> Posts:
    """DEV's articles: ``body_markdown``, whose header is that of the editor, or HTML."""
    rows = json.loads(text)
    for number, row in enumerate(_objects(rows if isinstance(rows, list) else [rows]), 1):
        written = str(row.get("body_markdown") or "").replace("\r\n", "\n").strip()
        header = re.match(r"---[ \t]*\n.*?^---[ \t]*$", written, re.S | re.M)
        body = strip_markdown(written[header.end() :] if header else written)
        if not written:
            body = strip_html(str(row.get("processed_html") or row.get("body_html") or ""))
        path = f"https://dev.to{row['path']}" if row.get("path") else f"article-{number}"
        name = str(row.get("url") or path)
        yield name, [*words_of_title(str(row.get("title") or ""), 1), *body]


def _write_as(text: str) -> Posts:
    """Write.as's blogs, ``collections``, and below ``posts`` what is in none; a text there may be code."""
    account = json.loads(text)
    for blog in (*_objects(account.get("collections")), {"posts": account.get("posts")}):
        for post in _objects(blog.get("posts")):
            body = str(post.get("body") or "")
            is_code = "alias" not in blog and post.get("appearance") == "code"
            items = words_of(body) if is_code else strip_markdown(body)
            path = f"{blog.get('alias')}/{post.get('slug')}" if post.get("slug") else ""
            name = path if path and "alias" in blog else str(post.get("id"))
            yield name, [*words_of_title(str(post.get("title") or ""), 1), *items]


def _tumblr(answer: Any) -> Posts:
    """Posts of blocks of Tumblr's: the words in their fields, their pictures, and the links of texts and blocks."""
    while isinstance(answer, dict) and isinstance(answer.get("response"), (dict, list)):
        answer = answer["response"]
    posts = answer.get("posts", [answer]) if isinstance(answer, dict) else answer
    for number, post in enumerate(_objects(posts), 1):
        name = str(post.get("id_string") or post.get("id") or f"post-{number}")
        if not isinstance(post.get("content"), list):
            yield name, _typed_post(post)
            continue
        parts = [*_objects(post.get("trail")), post]
        html = "".join(
            _block_html(block) for part in parts for block in _objects(part.get("content"))
        )
        yield name, strip_html(html)


def _typed_post(post: dict[str, Any]) -> list[Item]:
    """The content of a post of Tumblr's older types: fields of HTML, others without, and its pictures."""
    plain = [
        post.get(name) for name in ("link_author", "publisher", "track_name", "artist", "album")
    ]
    plain += [
        one.get(name) for one in _objects(post.get("dialogue")) for name in ("label", "phrase")
    ]
    plain += [post.get("asking_name")] if post.get("type") == "answer" else []
    html = "".join(f"<p>{escape(one)}</p>" for one in plain if isinstance(one, str))
    marked = [post.get(name) for name in _MARKED_UP if name != "body" or not post.get("dialogue")]
    marked += [one.get("caption") for one in _objects(post.get("photos"))]
    html += "".join(f"<div>{one}</div>" for one in marked if isinstance(one, str))
    for photo in _objects(post.get("photos")):
        sizes = [*_objects(photo.get("alt_sizes")), *_objects([photo.get("original_size")])]
        largest = max(sizes, key=lambda size: size.get("width") or 0, default={})
        html += f'<img src="{escape(str(largest.get("url") or ""))}" alt="">'
    if post.get("type") == "link":
        html += f'<a href="{escape(str(post.get("url") or ""))}"></a>'
    return [*words_of_title(str(post.get("title") or "")), *strip_html(html)]


def _block_html(block: dict[str, Any]) -> str:
    """The words of a block, and where it and its parts lead."""
    spoken = [block.get(name) for name in _SPOKEN]
    spoken += [one.get("answer_text") for one in _objects(block.get("answers"))]
    words = "".join(f"<p>{escape(one)}</p>" for one in spoken if isinstance(one, str))
    if block.get("type") in ("image", "link", "audio"):
        sizes = list(_objects(block.get("media" if block["type"] == "image" else "poster")))
        largest = max(sizes, key=lambda size: size.get("width") or 0, default={})
        if largest.get("url"):
            words += f'<img src="{escape(str(largest["url"]))}" alt="{escape(str(block.get("alt_text") or ""))}">'
    if block.get("type") in ("image", "audio", "video"):
        words += f"<p>{escape(_credited(block.get('attribution')))}</p>"
    urls = [one.get("url") for one in _objects(block.get("formatting"))]
    urls += [block.get("url")] if block.get("type") == "link" else []
    return words + "".join(f'<a href="{escape(one)}"></a>' for one in urls if isinstance(one, str))


def _credited(attribution: Any) -> str:
    """The blog or the program that a block names as its origin."""
    fields = attribution if isinstance(attribution, dict) else {}
    blog = fields.get("blog")
    fields = {**(blog if isinstance(blog, dict) else {}), **fields}
    named = (fields.get(name) for name in ("display_text", "name", "app_name"))
    return next((one for one in named if isinstance(one, str) and one), "")


def _objects(rows: Any) -> Iterator[dict[str, Any]]:
    """Yields the rows that are posts; what else stands among them, the readers report."""
    yield from (row for row in (rows if isinstance(rows, list) else ()) if isinstance(row, dict))


def _bear_blog(text: str) -> Posts:
    """Bear Blog's rows: ``content`` is Markdown, with fields that the blog fills in and words between ``==``."""
    csv.field_size_limit(_LARGEST)
    for number, row in enumerate(csv.DictReader(io.StringIO(text, newline="")), 1):
        fields = {k.strip().lower(): (v or "").strip() for k, v in row.items() if k}
        body = fields.get("content", "").replace("\r\n", "\n")
        body = _outside_code(body.replace("{{ post_title }}", fields.get("title", "")))
        name = fields.get("slug") or fields.get("uid") or f"row-{number}"
        yield name, [*words_of_title(fields.get("title", ""), 1), *strip_markdown(body)]


def _outside_code(text: str) -> str:
    made, end = [], 0
    for code in _CODE.finditer(text):
        made += [_without_marks(text[end : code.start()]), code[0]]
        end = code.end()
    return "".join([*made, _without_marks(text[end:])])


def _without_marks(text: str) -> str:
    return _MARKED.sub(r"\1", _OF_BEAR.sub("", text))
