"""Reads HTML files: whole pages, of which only the article is taken, and fragments."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import msgspec

from ..console_text import format_count
from ..diagnostics import Diagnostic, DiagnosticCode, Severity
from ..fields import Field
from ..formats import ReaderOptions, post_extensions, reader_extensions
from ..lazy_pattern import lazy_pattern
from ..limits import Limits
from ..model.blocks import Heading
from ..model.collection import Collection
from ..model.plain_text import letters_and_digits, plain_text
from ..model.post import Metadata, Post
from ..web.addresses import is_data
from ..web.html_elements import PHRASING
from .article_search import PageWords
from .html_metadata import read_page_metadata, tree_of
from .html_post import decode_html, post_of
from .page_opener import is_credit, repeated_lines
from .page_templates import without_template
from .post_files import Exclude
from .text_files import DecodedText, TextFormat, read_text_files

if TYPE_CHECKING:
    from ..context import Context
    from ..formats import Source

EXTENSIONS = post_extensions("html")
_PAGE = lazy_pattern(r"<(?:!doctype\s+html|html|head|body)[\s>]", re.I)
_HTML = lazy_pattern(
    rb"\s*(?><!--.{0,2000}?-->\s*)*+<(?:!doctype\s+html|html|head|body)[\s>]", re.I | re.S
)
_SPACES = lazy_pattern(r"\s+")
_TOKENS = frozenset({"e-content", "entry-content", "post-content", "article-content"})
# Paths of elements that contain a post's text, the most reliable first.
_CONTENTS = (
    lambda tag: "articlebody" in tag.get("itemprop", "").lower(),
    lambda tag: {"body", "markup"} <= {*_tokens(tag)},
    lambda tag: not _TOKENS.isdisjoint(_tokens(tag)),
    lambda tag: tag.tag == "article",
    lambda tag: tag.tag == "main" or tag.get("role", "") == "main",
)
_SILENT = frozenset({"script", "style", "template"})
_WITHIN_LINES = PHRASING | {"a", "time"}
_SHOWN = 120
"""The most characters of an address in a message."""
_SUBTITLES = frozenset(
    "subtitle dek standfirst deck pw-subtitle-paragraph gh-article-excerpt article-excerpt".split()
)


class HtmlInput(ReaderOptions, frozen=True, kw_only=True):
    """Options for reading pages of HTML."""

    format: ClassVar[str] = "html"
    whole: Annotated[bool, Field(help="Take the whole body of a page, not only its article.")] = (
        False
    )
    exclude: Exclude = ()


def begins_page(head: bytes) -> bool:
    """Returns whether the first bytes of a file are those of a page of HTML."""
    return _HTML.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


class HtmlReader:
    """Reads HTML; see the module."""

    extensions = reader_extensions("html")
    options_type = HtmlInput

    def accepts(self, head: bytes, name: str) -> bool:  # noqa: ARG002
        """Accepts a file that begins like a page."""
        return begins_page(head)

    def read(self, source: Source, options: HtmlInput, context: Context) -> Collection:
        """Reads the posts of a file, a folder, bytes or a stream.

        Unreadable posts of a folder are left out and reported in ``diagnostics``; a single one
        raises ReadError.
        """
        return read_text_files(source, _PAGES, options, context.run, options.exclude)


def _metadata(text: str, source: str, options: HtmlInput, limits: Limits) -> Metadata:  # noqa: ARG001
    return read_page_metadata(text, source)


def _make_post(text: DecodedText, metadata: Metadata, options: HtmlInput, limits: Limits) -> Post:  # noqa: ARG001
    source = metadata.source
    base = text.base
    found = (
        [Diagnostic(DiagnosticCode.ENCODING_REPAIRED, text.repaired, source)]
        if text.repaired
        else []
    )
    tree = tree_of(text.content) if _PAGE.search(text.content) is not None else None
    body = tree.find("body") if tree is not None else None
    if body is None:
        return _without_title(post_of(text.content, metadata, base=base, findings=tuple(found)))
    words = _words(body)
    addresses = [] if options.whole else list(_addresses(body))
    opener, around = 0, ""
    linked: list[str] = []
    repeated: list[str] = []
    if options.whole:
        content = body
    else:
        beside = _subtitle_beside(body, metadata.title)
        linked = _links_of_credits(body, metadata)
        content, around = _find_content(body)
        opener = _words(content)
        subtitle, header = _remove_opener(content, metadata.title)
        repeated += filter(None, [header])
        for line in list(repeated_lines(content, metadata)):
            repeated.append(_text(line))
            linked += [link.get("href", "") for link in line.iter("a")]
            _remove(line)
        opener -= _words(content)
        metadata = _with_subtitle(metadata, subtitle or beside)
    left_out = words - _words(content) - opener
    if left_out > 0:
        message = (
            f"{format_count(left_out, 'word')} of the page around the article left out; "
            "-I whole=true takes them too"
        )
        kept = set(_addresses(content))
        gone = dict.fromkeys(one for one in addresses if one not in kept)
        found.append(_left_out(message, source, "\n".join((around, *gone))))
    if repeated:
        message = "lines above the text that repeat title, day or authors left out"
        found.append(_left_out(message, source, "\n".join(repeated)))
    markup = _markup(content)
    if not options.whole:
        cleaned = without_template(markup, source)
        markup = cleaned.markup
        found += cleaned.findings
    for href in dict.fromkeys(filter(None, linked)):
        if html.escape(href) not in markup:
            message = f"a link of the title, the day or an author left out: {href[:_SHOWN]}"
            found.append(_left_out(message, source, ""))
    return _without_title(post_of(markup, metadata, base=base, findings=tuple(found)))


def _subtitle_beside(body: Any, title: str) -> str:
    """Returns the subtitle that a class marks in a page, of the heading with the title before it; empty if there is none."""
    heading = ""
    for element in body.iter("p", "div", "h1", "h2", "h3"):
        if element.tag == "h1":
            heading = _text(element)
        elif title and _is_title(heading, title) and not _SUBTITLES.isdisjoint(_tokens(element)):
            return _text(element)
    return ""


def _addresses(element: Any) -> Iterator[str]:
    """Yields the addresses of the links and pictures in an element."""
    for each in element.iter("a", "img"):
        address = each.get("href") or each.get("src")
        if address and not is_data(address):
            yield address


def _links_of_credits(body: Any, metadata: Metadata) -> list[str]:
    """Returns the addresses of links whose words are the title, the day or an author, which a product has without them."""
    about = {*metadata.authors, metadata.title}
    return [
        link.get("href", "")
        for link in body.iter("a")
        if (words := _text(link)) in about or (len(words) < _SHOWN and is_credit(words, metadata))
    ]


def _is_title(words: str, title: str) -> bool:
    """Whether a heading has the words of the title; marks of quotation and dashes may be others."""
    return letters_and_digits(words) == letters_and_digits(title)


def _with_subtitle(metadata: Metadata, subtitle: str) -> Metadata:
    """Returns the metadata with a subtitle, which a description that says the same repeats."""
    description = metadata.description if metadata.description != subtitle else ""
    return msgspec.structs.replace(metadata, subtitle=subtitle, description=description)


def _left_out(message: str, source: str, text: str) -> Diagnostic:
    return Diagnostic(DiagnosticCode.NODE_CHROME, message, source, 0, Severity.INFO, text)


def _find_content(body: Any) -> tuple[Any, str]:
    """Returns the element that contains the post: of the most reliable kind found, the one with
    most words. Without any, it is found by its paragraphs. Returns the text around it, too.
    """
    words = PageWords(body)
    for is_content in _CONTENTS:
        found = [element for element in body.iter() if is_content(element)]
        if found:
            chosen = max(found, key=_words)
            break
    else:
        chosen = words.prose_root()
    left_out = list(_texts_around(body, chosen))
    for around in list(words.parts_around(chosen)):
        left_out.append(_shown_text(around))
        _remove(around)
    for around in [element for element in chosen.iter("nav", "template") if element is not chosen]:
        left_out.append(_shown_text(around))
        _remove(around)
    return chosen, "\n".join(filter(None, left_out))


def _texts_around(body: Any, chosen: Any) -> Iterator[str]:
    """Yields the texts of a page outside an element."""
    inside = chosen
    while inside is not body:
        outside = inside.getparent()
        yield _text_of(outside.text)
        for child in outside:
            yield _shown_text(child) if child is not inside else ""
            yield _text_of(child.tail)
        inside = outside


def _shown_text(element: Any) -> str:
    """Returns the text of an element that readers see."""
    from lxml import etree

    parts = []
    for event, each in etree.iterwalk(element, events=("start", "end")):
        edge = "" if each.tag in _WITHIN_LINES else " "
        if event == "start":
            parts += [edge, (each.text or "") if each.tag not in _SILENT else ""]
            parts += [" ", each.get("alt", ""), " "] if each.tag == "img" else []
        else:
            parts += [edge, (each.tail or "") if each is not element else ""]
    return _text_of("".join(parts))


def _text_of(text: str | None) -> str:
    return " ".join(text.split()) if text else ""


def _remove_opener(content: Any, title: str) -> tuple[str, str]:
    """Removes the header with title, date and byline, which are metadata; returns its subtitle and its text."""
    header = next(content.iter("header"), None)
    heading = next(header.iter("h1"), None) if header is not None else None
    if header is None or heading is None or not _is_title(_text(heading), title):
        return "", ""
    subtitle = next(
        (e for e in header.iter("p", "h2", "h3", "div") if not _SUBTITLES.isdisjoint(_tokens(e))),
        None,
    )
    words = _shown_text(header)
    _remove(header)
    return (_text(subtitle) if subtitle is not None else ""), words


def _remove(element: Any) -> None:
    """Removes an element, but not the text after it."""
    parent, before = element.getparent(), element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _markup(element: Any) -> str:
    """Returns the content of an element as HTML."""
    from lxml import etree

    inner = [etree.tostring(child, encoding="unicode", method="html") for child in element]
    return html.escape(element.text or "", quote=False) + "".join(inner)


def _tokens(element: Any) -> list[str]:
    written: str = element.get("class") or ""
    return written.split()


def _text(element: Any) -> str:
    return _SPACES.sub(" ", "".join(element.itertext())).strip()


def _words(element: Any) -> int:
    return sum(
        len((e.text or "").split() if e.tag not in _SILENT else ()) + len((e.tail or "").split())
        for e in element.iter()
    )


def _without_title(post: Post) -> Post:
    """Returns ``post`` without a heading at its top that repeats its title."""
    first = post.body[0] if post.body else None
    title = post.metadata.title
    if isinstance(first, Heading) and _is_title(plain_text(first), title):
        return msgspec.structs.replace(post, body=post.body[1:])
    return post


_PAGES = TextFormat(EXTENSIONS, decode_html, _metadata, _make_post)
READER = HtmlReader()
