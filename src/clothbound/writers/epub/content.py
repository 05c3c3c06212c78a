"""Writes content documents: a chapter for each post.

Sources: EPUB 3.3, sections 6.1 (XHTML) and 6.3 (epub:type); DPUB-ARIA 1.1; EPUB Structural Semantics
Vocabulary 1.1.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import unescape

import msgspec

from ... import epub_names as names
from ...context import Context
from ...destinations import Destination
from ...diagnostics import DiagnosticCode, Severity
from ...escape import attribute, escape
from ...html.write.highlight import highlight
from ...html.write.marked_scripts import mark_runs
from ...html.write.render import Renderer
from ...html.write.sanitize import clean
from ...html.write.target import FOLLOWED_MARK, MathMarkup, Picture, Target
from ...language.direction import direction, mark_direction
from ...language.words import marks_of_own_words, wording
from ...language.writing_systems import script_rules
from ...lazy_pattern import lazy_pattern
from ...matter import ChapterHead, ChapterPlace, Matter, chapter_head
from ...model.addresses import is_on_web
from ...model.blocks import Heading, MathBlock, Paragraph
from ...model.book_links import split_book_address
from ...model.collection import Role
from ...model.default_alts import lacks_words
from ...model.index import NAMESPACE, anchors_of
from ...model.inlines import Image
from ...model.inlines import Math as InlineMath
from ...model.plain_text import plain_text
from ...model.post import Footnote, Metadata, Post, Timestamp
from ...model.publication import Verdict
from ...model.walk import lines_of_addresses, walk, walk_lines
from ...page_list import PageStart
from ...subject_index import FoundTerm, SubjectIndex
from ...title_text import plain_title, title_of_heading
from ...web.addresses import absolute_url
from .fitting import fit_post
from .packed_files import PackedFile, pack_text
from .page_breaks import ChapterBreaks, page_id

STYLE = "style.css"

_KEY = lazy_pattern(r"[a-z0-9][a-z0-9-]{0,99}\Z")
# Matches an image without alternative text that does not say that it is decorative. Quotation marks of authors are
# character references in markup.
_UNDESCRIBED = lazy_pattern(r'(<img\b[^>]*? alt=)""(?![^>]* role="presentation")')
_MILLISECONDS = lazy_pattern(r"\.0+(?=[+-])")
# Matches a link in sanitised raw HTML, which has names in lower case and values in double quotes.
_RAW_LINK = lazy_pattern(r'(<a(?:\s(?!href=)[a-z-]+="[^"]*")*)\shref="([^"]*)"')


@dataclass(frozen=True, slots=True)
class _Kind:
    """The semantics of a document in the vocabularies of EPUB and ARIA."""

    type: str
    role: str
    matter: str
    """The type of the body element."""


_CHAPTER = _Kind("chapter", "doc-chapter", "bodymatter")
_KINDS: dict[Role, _Kind] = {
    "dedication": _Kind("dedication", "doc-dedication", "frontmatter"),
    "epigraph": _Kind("epigraph", "doc-epigraph", "frontmatter"),
    "foreword": _Kind("foreword", "doc-foreword", "frontmatter"),
    "preface": _Kind("preface", "doc-preface", "frontmatter"),
    "introduction": _Kind("introduction", "doc-introduction", "frontmatter"),
    "afterword": _Kind("afterword", "doc-afterword", "backmatter"),
    "appendix": _Kind("appendix", "doc-appendix", "backmatter"),
    "acknowledgments": _Kind("acknowledgments", "doc-acknowledgments", "backmatter"),
    # Neither vocabulary has a term for it.
    "about-the-author": _Kind("", "", "backmatter"),
    "colophon": _Kind("colophon", "doc-colophon", "backmatter"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BookSetting:
    """The data of a book on which its chapters depend."""

    matter: Matter
    destination: Destination
    formula: Callable[[str, bool], MathMarkup]
    subjects: SubjectIndex
    """Finds the terms of the index."""


class ChapterDocument(msgspec.Struct, frozen=True):
    """A rendered post with the facts that the book needs."""

    key: str
    file: str
    title: str
    language: str
    markup: PackedFile
    headings: tuple[tuple[int, str, str], ...]
    """The headings outside other blocks: (level, text, id in the file)."""
    has_math: bool
    has_svg: bool
    words: int
    pictures: int
    alts_missing: bool
    pages: tuple[str, ...] = ()
    """The labels of the printed pages whose beginnings are marked in the chapter."""
    order: tuple[str, ...] = ()
    """The ids of these beginnings and of the headings in the order of the text."""
    terms: tuple[FoundTerm, ...] = ()
    """Where terms of the index stand."""


def file_key(key: str) -> str:
    """Returns ``key`` if it is a valid file name on every system, else its UUIDv5."""
    return key if _KEY.match(key) else str(uuid.uuid5(NAMESPACE, f"key:{key}"))


def chapter_file(key: str) -> str:
    """Returns the file name of a post's chapter."""
    # Names of the other documents contain an underscore, and keys do not.
    return f"{file_key(key)}{names.CHAPTER_END}"


def anchor(key: str, node_id: str, kind: str = "") -> str:
    """Returns the id of a node in a chapter, ``KEY--ID``; with a ``kind``, ``KEY-KIND--ID``."""
    return names.node_anchor(file_key(key), node_id, kind)


def write_document(title: str, body: str, language: str, *, body_type: str, head: str = "") -> str:
    """Returns a complete XHTML document."""
    tag = attribute(language)
    rtl = ' dir="rtl"' if direction(language) == "rtl" else ""
    upright = ' class="upright"' if script_rules(language) else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
        f' lang="{tag}" xml:lang="{tag}"{rtl}{upright}>\n<head>\n<meta charset="utf-8"/>\n'
        f"<title>{escape(title) or wording(language).untitled}</title>\n"
        f'<link rel="stylesheet" type="text/css" href="{STYLE}"/>\n{head}</head>\n'
        f'<body epub:type="{body_type}">\n{body}</body>\n</html>\n'
    )


class EpubTarget(Target):
    """The target of a chapter in an EPUB. It counts the pictures and formulas that the chapter shows."""

    xhtml = True
    rows = True

    def __init__(
        self,
        post: Post,
        context: Context,
        show: Callable[[Post, Image], Picture | None],
        set_formula: Callable[[str, bool], MathMarkup],
    ) -> None:
        self._post = post
        self._context = context
        self._show = show
        self._set_formula = set_formula
        self.pictures = 0
        self.formulas = 0

    def picture(self, image: Image) -> Picture | None:
        found = self._show(self._post, image)
        self.pictures += found is not None
        return found

    def href(self, address: str) -> str | None:
        own_key = self._post.metadata.key
        place = split_book_address(address)
        if place is not None:
            key, fragment = place
            if key == own_key and fragment:
                return f"#{anchor(key, fragment)}"
            return f"{chapter_file(key)}#{anchor(key, fragment)}" if fragment else chapter_file(key)
        if address.startswith("#"):
            return f"#{anchor(own_key, address[1:])}" if len(address) > 1 else None
        # Relative addresses must lead to files of the book (EPUB 3.3, section 4.2.5).
        url = absolute_url(address)
        if url is None:
            self._context.warn(
                DiagnosticCode.LINK_UNRESOLVED,
                f"a link to {address[:120]!r} leads nowhere from a book; its text is kept",
                self._post,
                self._lines.get(address, 0),
            )
        return url

    @cached_property
    def _lines(self) -> Mapping[str, int]:
        return lines_of_addresses(self._post)

    def anchor(self, name: str) -> str:
        return anchor(self._post.metadata.key, name)

    def note_mark(self, note: Footnote, number: int, nth: int, is_followed: bool) -> str:
        way = mark_direction(self._post.metadata.language)
        kind = f' class="{FOLLOWED_MARK}"' if is_followed else ""
        return (
            f'<sup{kind}{way}><a epub:type="noteref" role="doc-noteref" id="{self.mark_id(note, nth)}"'
            f' href="#{self.note_id(note)}">{number}</a></sup>'
        )

    def mark_id(self, note: Footnote, nth: int) -> str:
        return anchor(self._post.metadata.key, note.id, "mark" if nth == 1 else f"mark{nth}")

    def note_id(self, note: Footnote) -> str:
        return anchor(self._post.metadata.key, note.id, "note")

    def math(self, node: InlineMath | MathBlock) -> MathMarkup:
        found = self._set_formula(node.tex, type(node) is MathBlock)
        self.formulas += found.markup is not None
        return found

    def code(self, code: str, language: str) -> str | None:
        return highlight(code, language)

    def raw(self, markup: str, report_text_alone: Callable[[], None]) -> str:
        cleaned = clean(markup, xhtml=True, report_text_alone=report_text_alone)
        return _RAW_LINK.sub(self._raw_link, cleaned)

    def _raw_link(self, match: re.Match[str]) -> str:
        address = unescape(match[2])
        # Raw markup keeps no ids, so a fragment can lead to a node only.
        leads_nowhere = address[:1] == "#" and address[1:] not in anchors_of(self._post)
        found = None if leads_nowhere else self.href(address)
        return f'{match[1]} href="{attribute(found)}"' if found else match[1]


def own_words_tag(language: str) -> str:
    """Returns the attributes of the book's own words on a page in another language."""
    return "".join(
        f' lang="{value}" xml:lang="{value}"' if name == "lang" else f' {name}="{value}"'
        for name, value in marks_of_own_words(language)
    )


def render_chapter(
    post: Post,
    context: Context,
    show: Callable[[Post, Image], Picture | None],
    book: BookSetting,
    pages: Sequence[PageStart] = (),
) -> ChapterDocument:
    """Renders a post as a content document.

    ``pages`` are those of the printed edition that begin in the post.
    """
    post, terms = book.subjects.find(post, context.census(post))
    metadata = post.metadata
    key = metadata.key
    place = book.matter.chapters[key]
    head = chapter_head(metadata, book.matter)
    post_as_fitted = fit_post(post, book.destination, context)
    target = EpubTarget(post, context, show, book.formula)
    breaks = ChapterBreaks(pages)
    content = _write_content(post_as_fitted, target, breaks, context)
    markup = _write_section(place, head, content, breaks)
    if book.destination.needs_alt:
        words = attribute(wording(head.language).undescribed)
        markup = _UNDESCRIBED.sub(rf'\1"{words}"', markup)
    if target.formulas and not book.destination.mathml:
        _account_for_drawn(post, target.formulas, context)
    kind = _KINDS[place.role] if place.role else _CHAPTER
    account = context.report.accounts.get(key)
    headings = _list_headings(post, key)
    ids = [*map(page_id, breaks.placed), *(heading[2] for heading in headings)]
    document = write_document(
        head.title,
        markup,
        head.language,
        body_type=kind.matter,
        head=_write_head(metadata, head, place, context.verdict_of_copy(post)),
    )
    return ChapterDocument(
        key=key,
        file=chapter_file(key),
        title=head.title,
        language=head.language,
        markup=pack_text(document),
        headings=headings,
        has_math="<math" in markup,
        has_svg="<svg" in markup,
        words=account.read.words if account else len(plain_text(post).split()),
        pictures=target.pictures,
        alts_missing=target.pictures > 0 and _lacks_alt(post),
        pages=tuple(breaks.placed),
        order=tuple(sorted(ids, key=lambda one: document.find(f'id="{one}"'))),
        terms=terms,
    )


def _write_content(post: Post, target: EpubTarget, breaks: ChapterBreaks, context: Context) -> str:
    """Writes the text and the notes of a chapter."""
    renderer = Renderer(post, target, context)
    blocks = (breaks.block(n, renderer.block(b)) + "\n" for n, b in enumerate(post.body))
    body = "".join(blocks)
    return f"{body}{breaks.after(len(post.body))}{_write_notes(renderer, target, breaks)}"


def _lacks_alt(post: Post) -> bool:
    """Whether a picture has no alternative text."""
    return any(lacks_words(node) for node in walk(post, Image))


def _account_for_drawn(post: Post, count: int, context: Context) -> None:
    """Reports formulas that the destination shows as pictures, at the line of the first."""
    kinds = (InlineMath, MathBlock)
    line = next((line for node, line in walk_lines(post) if isinstance(node, kinds)), 0)
    message = f"formulas were written as pictures with their TeX as text: {count}"
    context.warn(DiagnosticCode.NODE_SIMPLIFIED, message, post, line, Severity.INFO)


def _write_section(
    place: ChapterPlace, head: ChapterHead, content: str, breaks: ChapterBreaks
) -> str:
    kind = _KINDS[place.role] if place.role else _CHAPTER
    terms = f' epub:type="{kind.type}" role="{kind.role}"' if kind.type else ""
    if place.role:
        terms += f' class="{place.role}"'
    if not place.is_listed:
        return f"<section{terms}>\n{breaks.opener()}{content}</section>\n"
    title_id = names.title_anchor(file_key(place.key))
    opener = _write_opener(head, title_id)
    label = f'aria-labelledby="{title_id}"'
    return f"<section{terms} {label}>\n{breaks.opener()}{opener}{content}</section>\n"


def _write_opener(head: ChapterHead, title_id: str) -> str:
    lines = []
    if head.date:
        day = escape(head.date)
        # A time element needs a date that machines can read.
        stamp = f'<time datetime="{head.day}">{day}</time>' if head.day else day
        lines.append(f'<p class="date">{stamp}</p>')
    parts = head.title_parts or ((head.title, False),)
    title = "".join(
        f"<code>{escape(text)}</code>" if is_code else mark_runs(text, head.language)
        for text, is_code in parts
    )
    lines.append(f'<h1 id="{title_id}" epub:type="title">{title}</h1>')
    if head.subtitle:
        lines.append(
            f'<p class="{names.SUBTITLE}" epub:type="subtitle" role="doc-subtitle">'
            f"{mark_runs(head.subtitle, head.language)}</p>"
        )
    if head.byline:
        lines.append(f'<p class="byline">{escape(head.byline)}</p>')
    return (
        f'<header class="{names.OPENER}">\n{"".join(line + chr(10) for line in lines)}</header>\n'
    )


def _write_head(
    metadata: Metadata,
    head: ChapterHead,
    place: ChapterPlace,
    verdict: Verdict,
) -> str:
    """Returns the metadata of the post, from which ``readers/epub`` and other tools that take a book apart read them.

    What the opener says is repeated only where typography changed it.
    """
    lines: list[tuple[str, str]] = []
    if metadata.title != head.title:
        lines.append((names.TITLE, metadata.title))
    if metadata.subtitle and (metadata.subtitle != head.subtitle or not place.is_listed):
        lines.append((names.ALTERNATIVE, metadata.subtitle))
    lines += [(names.CREATOR, author) for author in metadata.authors]
    for name, stamp in ((names.ISSUED, metadata.published), (names.MODIFIED, metadata.updated)):
        if stamp is not None:
            lines.append((name, _machine_date(stamp)))
    lines += [(names.SUBJECT, tag) for tag in metadata.tags]
    has_cover = is_on_web(metadata.cover)
    for name, field in names.TEXT_FIELDS.items():
        value = getattr(metadata, field)
        if field.startswith("cover") and not has_cover:
            continue
        if value:
            lines.append((name, value))
    if verdict.is_secret:
        lines.append((names.ACCESS_RIGHTS, names.DRAFT))
    elif not verdict.is_for_everyone:
        lines += [(names.ACCESS_RIGHTS, audience) for audience in verdict.audiences]
    if verdict.is_unlisted and not verdict.is_secret:
        lines.append((names.ACCESS_RIGHTS, names.UNLISTED))
    return "".join(f'<meta name="{n}" content="{attribute(v)}"/>\n' for n, v in lines)


def _machine_date(stamp: Timestamp) -> str:
    """Returns a date in ISO 8601, to its precision: as it was given, where that says the same."""
    if stamp.value is None:
        return stamp.text
    if not stamp.has_time:
        return stamp.day
    text = stamp.value.isoformat(timespec="minutes" if stamp.precision == "minute" else "auto")
    given = _MILLISECONDS.sub("", stamp.text.replace("Z", "+00:00").replace(" ", "T", 1))
    return stamp.text if given == text else text


def _write_notes(renderer: Renderer, target: EpubTarget, breaks: ChapterBreaks) -> str:
    """Renders the notes. Each begins with its back-link, since Kindle runs notes together otherwise."""
    notes = renderer.post.footnotes
    if not notes:
        return ""
    # Notes contain marks too, so all are rendered before it is known which notes have a mark.
    contents = [_write_note(renderer, note) for note in notes]
    parts = []
    for note, (first, rest) in zip(notes, contents, strict=True):
        number = f"{renderer.numbers[note.id]}."
        if renderer.marks.get(note.id):
            number = (
                f'<a epub:type="backlink" role="doc-backlink" href="#{target.mark_id(note, 1)}">'
                f"{number}</a>"
            )
        aside = (
            f'<aside epub:type="footnote" role="doc-footnote" id="{target.note_id(note)}">\n'
            f"<p>{number}{' ' if first else ''}{first}</p>\n{rest}</aside>\n"
        )
        parts.append(breaks.note(note, aside))
    return f'<section epub:type="footnotes" class="notes">\n{"".join(parts)}</section>\n'


def _write_note(renderer: Renderer, note: Footnote) -> tuple[str, str]:
    """Renders the first paragraph, which follows the number on its line, and the other blocks."""
    blocks = note.children
    if blocks and type(blocks[0]) is Paragraph:
        return renderer.inlines(blocks[0].children), renderer.blocks(blocks[1:])
    return "", renderer.blocks(blocks)


def _list_headings(post: Post, key: str) -> tuple[tuple[int, str, str], ...]:
    return tuple(
        (node.level, text, anchor(key, node.id))
        for node in post.body
        if type(node) is Heading
        and node.id
        and (text := plain_title(title_of_heading(node.children)))
    )
