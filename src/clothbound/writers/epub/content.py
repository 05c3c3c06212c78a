"""Content documents: a chapter for each post, and the pages before and behind them.

Sources: EPUB 3.3, sections 6.1 (XHTML) and 6.3 (epub:type); DPUB-ARIA 1.1; EPUB Structural Semantics
Vocabulary 1.1.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

from ...context import Context
from ...diagnostics import Code
from ...html.address import absolute_url
from ...html.escape import attribute, escape
from ...html.highlight import highlight
from ...html.language import direction, language_tag, long_date
from ...html.math import to_mathml
from ...html.render import Renderer
from ...html.sanitize import clean
from ...html.target import Math, Picture, Target
from ...html.typeset import Typesetter
from ...model.blocks import Heading, Paragraph
from ...model.index import NAMESPACE, anchors_of
from ...model.inlines import Image
from ...model.post import Footnote, Metadata, Post
from ...model.walk import plain_text, walk

STYLE = "style.css"

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,99}\Z")
_NOT_NAME = re.compile(r"[^\w.-]")
# A link of sanitised raw HTML: names in lower case, values in double quotes.
_RAW_LINK = re.compile(r'(<a(?:\s(?!href=)[a-z-]+="[^"]*")*)\shref="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Chapter:
    """A rendered post, and what the book must know of it."""

    key: str
    file: str
    title: str
    language: str
    markup: str
    headings: tuple[tuple[int, str, str], ...]
    """(level, text, id in the file) of the headings that stand in no other block."""
    has_math: bool
    has_svg: bool
    pictures: int
    alts_missing: bool


def file_key(key: str) -> str:
    """``key`` if it can be a file's name everywhere, else the UUIDv5 of it."""
    return key if _KEY.match(key) else str(uuid.uuid5(NAMESPACE, f"key:{key}"))


def chapter_file(key: str) -> str:
    # The other documents have an underscore in their names, which no key has.
    return f"{file_key(key)}.xhtml"


def anchor(key: str, node_id: str, kind: str = "") -> str:
    """The id of a node in a chapter: ``KEY--ID``; of a note ``KEY-note--ID``, of a mark likewise."""
    name = _NOT_NAME.sub(lambda match: f"_{ord(match[0]):x}_", node_id)
    return f"{file_key(key)}{'-' if kind else ''}{kind}--{name}"


def document(title: str, body: str, language: str, *, body_type: str, head: str = "") -> str:
    """A whole XHTML document."""
    tag = attribute(language)
    rtl = ' dir="rtl"' if direction(language) == "rtl" else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
        f' lang="{tag}" xml:lang="{tag}"{rtl}>\n<head>\n<meta charset="utf-8"/>\n'
        f"<title>{escape(title) or 'Untitled'}</title>\n"
        f'<link rel="stylesheet" type="text/css" href="{STYLE}"/>\n{head}</head>\n'
        f'<body epub:type="{body_type}">\n{body}</body>\n</html>\n'
    )


def render_chapter(
    post: Post,
    context: Context,
    picture: Callable[[Post, Image], Picture | None],
    *,
    book_language: str,
    book_authors: tuple[str, ...],
) -> Chapter:
    """One post as a content document."""
    metadata = post.metadata
    key = metadata.key
    language = language_tag(metadata.language, book_language)
    shown = 0

    def counted(where: Post, image: Image) -> Picture | None:
        nonlocal shown
        found = picture(where, image)
        shown += found is not None
        return found

    def href(address: str) -> str | None:
        return _href(address, post, context)

    def raw_href(address: str) -> str | None:
        # Raw markup keeps no ids, so a fragment can only lead to a node.
        if address.startswith("#") and address[1:] not in anchors_of(post):
            return None
        return href(address)

    def note_mark(_: Renderer, note: Footnote, number: int, mark: int) -> str:
        return (
            f'<sup><a epub:type="noteref" role="doc-noteref" id="{_mark_id(key, note, mark)}"'
            f' href="#{anchor(key, note.id, "note")}">{number}</a></sup>'
        )

    def raw_link(match: re.Match[str]) -> str:
        found = raw_href(unescape(match[2]))
        return f'{match[1]} href="{attribute(found)}"' if found else match[1]

    target = Target(
        picture=counted,
        href=href,
        anchor=lambda _, node_id: anchor(key, node_id),
        note_mark=note_mark,
        math=lambda tex, display: Math(to_mathml(tex, display)),
        code=highlight,
        raw=lambda html: _RAW_LINK.sub(raw_link, clean(html, xhtml=True)),
        xhtml=True,
    )
    renderer = Renderer(post, target, context)
    setter = Typesetter(language)
    title = setter.plain(metadata.title) or "Untitled"
    body = renderer.blocks(post.body)
    notes = _notes(renderer, key)
    markup = (
        f'<section epub:type="chapter" role="doc-chapter" aria-labelledby="{file_key(key)}-title">\n'
        f"{_opener(metadata, setter, language, book_authors)}{body}{notes}</section>\n"
    )
    return Chapter(
        key=key,
        file=chapter_file(key),
        title=title,
        language=language,
        markup=document(title, markup, language, body_type="bodymatter"),
        headings=_headings(post, key),
        has_math="<math" in markup,
        has_svg="<svg" in markup,
        pictures=shown,
        alts_missing=shown > 0
        and any(isinstance(node, Image) and not node.alt.strip() for node in walk(post)),
    )


def _opener(
    metadata: Metadata, setter: Typesetter, language: str, book_authors: tuple[str, ...]
) -> str:
    title = setter.plain(metadata.title) or "Untitled"
    lines = []
    if metadata.published is not None:
        lines.append(f'<p class="date">{escape(long_date(metadata.published, language))}</p>')
    lines.append(f'<h1 id="{file_key(metadata.key)}-title" epub:type="title">{escape(title)}</h1>')
    if metadata.subtitle:
        lines.append(
            f'<p class="subtitle" epub:type="subtitle" role="doc-subtitle">'
            f"{escape(setter.plain(metadata.subtitle))}</p>"
        )
    if metadata.authors and metadata.authors != book_authors:
        lines.append(f'<p class="byline">{escape(", ".join(metadata.authors))}</p>')
    return f'<header class="opener">\n{"".join(line + chr(10) for line in lines)}</header>\n'


def _mark_id(key: str, note: Footnote, mark: int) -> str:
    return anchor(key, note.id, "mark" if mark == 1 else f"mark{mark}")


def _notes(renderer: Renderer, key: str) -> str:
    """The notes of a chapter. The back-link stands first, as Kindle runs notes together otherwise."""
    notes = renderer.post.footnotes
    if not notes:
        return ""
    # Notes have marks too: all are written before it is known which note has one to lead back to.
    contents = [_note_content(renderer, note) for note in notes]
    parts = []
    for note, (first, rest) in zip(notes, contents, strict=True):
        number = f"{renderer.numbers[note.id]}."
        if renderer.marks.get(note.id):
            number = (
                f'<a epub:type="backlink" role="doc-backlink" href="#{_mark_id(key, note, 1)}">'
                f"{number}</a>"
            )
        parts.append(
            f'<aside epub:type="footnote" role="doc-footnote" id="{anchor(key, note.id, "note")}">\n'
            f"<p>{number}{' ' if first else ''}{first}</p>\n{rest}</aside>\n"
        )
    return f'<section epub:type="footnotes" class="notes">\n{"".join(parts)}</section>\n'


def _note_content(renderer: Renderer, note: Footnote) -> tuple[str, str]:
    """The content of the first paragraph, which runs on after the number, and the other blocks."""
    blocks = note.children
    if blocks and type(blocks[0]) is Paragraph:
        return renderer.inlines(blocks[0].children), renderer.blocks(blocks[1:])
    return "", renderer.blocks(blocks)


def _headings(post: Post, key: str) -> tuple[tuple[int, str, str], ...]:
    return tuple(
        (node.level, text, anchor(key, node.id))
        for node in post.body
        if type(node) is Heading and node.id and (text := plain_text(node.children))
    )


def _href(address: str, post: Post, context: Context) -> str | None:
    """An address as a content document may have it; None, with a diagnostic, if it may not."""
    if address.startswith("clothbound:"):
        key, _, fragment = address.removeprefix("clothbound:").partition("#")
        if key == post.metadata.key and fragment:
            return f"#{anchor(key, fragment)}"
        return f"{chapter_file(key)}#{anchor(key, fragment)}" if fragment else chapter_file(key)
    if address.startswith("#"):
        return f"#{anchor(post.metadata.key, address[1:])}" if len(address) > 1 else None
    # Relative addresses would have to lead to a file of the book (EPUB 3.3, section 4.2.5).
    url = absolute_url(address)
    if url is None:
        context.warn(
            Code.LINK_UNRESOLVED,
            f"link to {address[:120]!r}, which leads nowhere from a book; its text stays",
            post,
        )
    return url
