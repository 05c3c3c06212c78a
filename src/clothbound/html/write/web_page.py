"""Writes the parts that a single page and the pages of a site share: shell, head, policy, title
block, notes.

Sources: WHATWG HTML, section 4.2 (the head); CSP level 3; the Open Graph protocol; schema.org's
BlogPosting as JSON-LD 1.1; DPUB-ARIA 1.1.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import cached_property
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ...context import Context
from ...diagnostics import DiagnosticCode
from ...escape import attribute, escape
from ...language.dates import long_date
from ...language.direction import direction, mark_direction
from ...language.reading_time import reading_time
from ...language.words import marks_of_own_words, wording
from ...late_names import late_module
from ...lazy_pattern import lazy_pattern
from ...model.blocks import List, MathBlock, Paragraph, Quote
from ...model.book_links import split_book_address
from ...model.index import hrefs_of
from ...model.inlines import Image, Math
from ...model.plain_text import cut_at_word, plain_text
from ...model.post import Footnote, Metadata, Post, Timestamp
from ...model.publication import Reason, Verdict
from ...model.walk import lines_of_addresses
from ...style_sheets import theme_file, within_element, without_comments
from ...title_text import plain_title, title_parts, typeset_title
from ...web.addresses import absolute_url, relative_url, web_address
from .render import Renderer
from .target import FOLLOWED_MARK, MathMarkup, Picture, Target

if TYPE_CHECKING:
    from . import figures
else:
    # What few posts need.
    figures = late_module("clothbound.html.write.figures")


SHEET_OF_SCRIPTS = "page-scripts.css"
_ROOM_OF_FORMULAS = 26
"""The width in em of a line on paper (``main`` in page.css) without the numbers of equations on its sides."""
_TENTHS, _LEAST_TENTHS = 10, 3
SHEETS_OF_FORMULAS = ("page-math.css", "math.css")
SHEETS = ("page.css", SHEET_OF_SCRIPTS, *SHEETS_OF_FORMULAS)
"""The style sheets of a page that may hold anything."""
_INDENT = lazy_pattern(r"\n\s*")
_END_OF_RULE = lazy_pattern(r"(?:;|(?<!\s))\s*+\}")
_SPACE = lazy_pattern(r"\s+")
# Matches characters that could end the element around the data, or that JavaScript or UTF-8 cannot
# hold.
_NOT_IN_SCRIPT = lazy_pattern("[<>&\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
# Links and pictures in sanitised markup, in which every value has double quotes.
_RAW_PICTURE = lazy_pattern(r'<img((?: [a-z]+="[^"]*")*)>')
_RAW_LINK = lazy_pattern(r'<a((?: [a-z]+="[^"]*")*?) href="([^"]*)"')
_RAW_VALUE = lazy_pattern(r' ([a-z]+)="([^"]*)"')
_PICTURE_IN_STYLE = lazy_pattern(r"""url\(\s*["']?data:image/""", re.I)
_DESCRIPTION = 200


# style and policy


def style_sheet(*names: str, css: str = "") -> str:
    """Returns our style sheets without comments and what else they do not need, followed by the caller's."""
    return within_element("\n".join([*(_shorten(theme_file(name)) for name in names), css]))


def _shorten(sheet: str) -> str:
    lines = _INDENT.sub("\n", without_comments(sheet)).strip()
    return _END_OF_RULE.sub("}", lines).replace(" { ", "{")


def style_source(style: str) -> str:
    """Returns the source expression that allows one inline style sheet or script (CSP 3, 6.7.3.3)."""
    return f"'sha256-{b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"


def policy(style: str, images: str, script: str = "") -> str:
    """Returns the Content-Security-Policy, which allows only the style, the pictures and the
    script.

    ``style``, ``images`` and ``script`` are source expressions.
    """
    pictures = f"; img-src {images}" if images else ""
    scripts = f"; script-src {script}" if script else ""
    return (
        f"default-src 'none'; style-src {style}{pictures}{scripts}; base-uri 'none'; "
        "form-action 'none'"
    )


def image_sources(markup: str, own: str, style: str = "") -> str:
    """Returns the source expressions of the pictures in a page; ``own`` is that of local ones, and ``style`` the style
    sheet of the user's own, which may have pictures in its addresses.
    """
    found = []
    if "<img " in markup:
        found = [own] if own else []
        found += [scheme for scheme in ("https:", "http:") if f'src="{scheme}' in markup]
    if _PICTURE_IN_STYLE.search(style) and "data:" not in found:
        found.append("data:")
    return " ".join(found)


# the page

DOCUMENT_END = "</body>\n</html>\n"


def document(*, language: str, head: str, body: str, content_policy: str) -> str:
    """Returns a whole page. ``head`` begins with the title; ``body`` is the body's content."""
    start = document_start(language=language, head=head, content_policy=content_policy)
    return f"{start}{body}{DOCUMENT_END}"


def document_start(*, language: str, head: str, content_policy: str) -> str:
    """Returns a page up to the content of its body, which ``DOCUMENT_END`` follows."""
    return (
        "<!DOCTYPE html>\n"
        f'<html lang="{attribute(language)}" dir="{direction(language)}">\n'
        '<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{attribute(content_policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="generator" content="clothbound">\n'
        f"{head}</head>\n<body>\n"
    )


def post_title(metadata: Metadata, language: str) -> str:
    """Returns the title, or the name of an untitled post in ``language``."""
    return _line(metadata.title) or wording(language).untitled


def typeset_line(text: str, language: str) -> str:
    """Returns a title or a subtitle in one line, with the typographic marks of ``language``."""
    return typeset_title(_line(text), language)


def post_head(
    post: Post,
    language: str,
    *,
    site: str = "",
    authors: tuple[str, ...] = (),
    kind: str = "BlogPosting",
) -> str:
    """Returns title, description, address, Open Graph and JSON-LD of a post's page; ``kind`` is the
    JSON-LD type.
    """
    metadata = post.metadata
    title = plain_title(post_title(metadata, language))
    description = describe(post)
    people = metadata.authors or authors
    url = web_address(metadata.canonical_url)
    picture = web_address(metadata.cover)
    shown = typeset_line(post_title(metadata, language), language)
    lines = [f"<title>{escape(f'{shown} · {site}' if site else shown)}</title>"]
    if description:
        lines.append(_meta("name", "description", description))
    if people:
        lines.append(_meta("name", "author", ", ".join(people)))
    if url:
        lines.append(f'<link rel="canonical" href="{attribute(url)}">')
    properties = [
        ("og:type", "article"),
        ("og:title", title),
        ("og:description", description),
        ("og:url", url),
        ("og:site_name", site),
        ("og:image", picture),
        ("og:image:alt", metadata.cover_alt if picture else ""),
        ("og:locale", language.replace("-", "_")),
        ("article:published_time", _machine_date(metadata.published)),
        ("article:modified_time", _machine_date(metadata.updated)),
        *(("article:tag", tag) for tag in metadata.tags),
    ]
    lines.extend(_meta("property", name, value) for name, value in properties if value)
    data = {
        "@context": "https://schema.org",
        "@type": kind,
        "headline": title,
        "alternativeHeadline": _line(plain_title(metadata.subtitle)),
        "description": description,
        "author": [{"@type": "Person", "name": name} for name in people],
        "datePublished": _machine_date(metadata.published),
        "dateModified": _machine_date(metadata.updated),
        "inLanguage": language,
        "keywords": list(metadata.tags),
        "url": url,
        "image": picture,
        "isPartOf": {"@type": "Blog", "name": site} if site else None,
    }
    lines.append(_json_ld({name: value for name, value in data.items() if value}))
    return "\n".join(lines) + "\n"


def restriction_tags(verdict: Verdict) -> str:
    """Returns what the head of a page says on who may see it: elements ``meta`` that ``readers/html_metadata`` reads."""
    return "".join(dict.fromkeys(map(_restriction_tag, verdict.reasons)))


def _restriction_tag(reason: Reason) -> str:
    # What is unlisted is said to search engines, too.
    field, value = ("robots", "noindex") if reason.state == "unlisted" else reason.in_copy
    return f"{_meta('name', field, value)}\n"


def opener(
    metadata: Metadata,
    language: str,
    authors: tuple[str, ...] = (),
    *,
    words: int = 0,
    names_untitled: bool = True,
) -> str:
    """Returns the title block: day and reading time, title, subtitle, authors; empty if it has
    nothing to show.

    ``words`` is the number of words of the post. With ``names_untitled``, a post without a title is
    called untitled.
    """
    lines = []
    date = metadata.published
    if date is not None and (date.value is not None or date.text.strip()):
        time = reading_time(words, language)
        if time:
            own = "".join(f' {name}="{value}"' for name, value in marks_of_own_words(language))
            time = f' <span class="reading-time"{own}>{escape(time)}</span>'
        lines.append(f'<p class="date">{time_element(date, language)}{time}</p>')
    if names_untitled or _line(metadata.title):
        parts = title_parts(post_title(metadata, language), language)
        title = "".join(f"<code>{escape(t)}</code>" if code else escape(t) for t, code in parts)
        lines.append(f"<h1>{title}</h1>")
    if metadata.subtitle:
        lines.append(f'<p class="subtitle">{escape(typeset_line(metadata.subtitle, language))}</p>')
    people = metadata.authors or authors
    if people:
        lines.append(f'<p class="byline">{escape(wording(language).comma.join(people))}</p>')
    content = "\n".join(lines)
    return f'<header class="opener">\n{content}\n</header>\n' if lines else ""


def time_element(date: Timestamp, language: str) -> str:
    """Returns a date written out; the original text if it was not understood."""
    text = escape(long_date(date, language))
    return text if date.value is None else f'<time datetime="{date.day}">{text}</time>'


class PageTarget(Target):
    """The hooks for a post on a web page. Libraries for formulas, code and raw HTML are loaded only
    for posts that need them.
    """

    scrolls = True

    def __init__(
        self,
        post: Post,
        context: Context,
        *,
        show: Callable[[Image], Picture | None],
        page_of: Callable[[str], str | None],
        id_of: Callable[[str], str] | None = None,
        locate: Callable[[str], str | None] | None = None,
    ) -> None:
        """Prepares the target of one page.

        ``show`` is used as ``picture``. ``page_of`` returns the page of a post by its key; an empty
        string means this page. ``id_of`` converts an id of the post to one of the page, for pages
        with several posts. ``locate`` makes an address absolute; it returns None for an address
        that leads nowhere, and an empty string for a post that is not for readers. Without it, the
        post's links must be resolved, relative links are kept, and those that lead nowhere are
        reported.
        """
        self._post = post
        self._context = context
        self._show = show
        self._page_of = page_of
        self._id_of = id_of or html_id
        self._locate = locate

    def picture(self, image: Image) -> Picture | None:
        return self._show(image)

    def href(self, address: str) -> str | None:
        place = split_book_address(address)
        if place is not None:
            key, fragment = place
            page = "" if key == self._post.metadata.key else self._page_of(key)
            if page is None or not fragment:
                return page if page != "" else "#"
            return f"{page}#{quote(html_id(fragment) if page else self._id_of(fragment))}"
        if address.startswith("#"):
            return f"#{quote(self._id_of(address[1:]))}"
        url = absolute_url(address) if self._locate is None else self._locate(address)
        if url:
            return url
        relative = relative_url(address) if url is None else None
        if relative is None or address not in self._resolved:
            more = "" if relative else "; its text is kept"
            self._context.warn(
                DiagnosticCode.LINK_UNRESOLVED,
                f"a link to {address[:120]!r} leads nowhere from this page{more}",
                self._post,
                self._lines.get(address, 0),
            )
        return relative

    @cached_property
    def _lines(self) -> Mapping[str, int]:
        return lines_of_addresses(self._post)

    @cached_property
    def _resolved(self) -> frozenset[str]:
        return frozenset(href for _, href in hrefs_of(self._post) if not self._locate)

    def anchor(self, name: str) -> str:
        return self._id_of(name)

    def note_mark(self, note: Footnote, number: int, nth: int, is_followed: bool) -> str:  # noqa: ARG002
        mark, target = self.mark_id(number, nth), self.note_id(number)
        way = mark_direction(self._post.metadata.language)
        kind = f' class="{FOLLOWED_MARK}"' if is_followed else ""
        return f'<sup{kind}{way}><a class="mark" id="{mark}" href="#{target}" role="doc-noteref">{number}</a></sup>'

    def mark_id(self, number: int, nth: int) -> str:
        """Returns the id of a mark as an attribute's value, by its note's number."""
        return attribute(self._id_of(f"fnref:{number}" if nth == 1 else f"fnref:{number}:{nth}"))

    def note_id(self, number: int) -> str:
        """Returns the id of a note as an attribute's value."""
        return attribute(self._id_of(f"fn:{number}"))

    def math(self, node: Math | MathBlock) -> MathMarkup:
        from ...math.tex_to_mathml import to_mathml

        mathml = to_mathml(node.tex, type(node) is MathBlock)
        return MathMarkup(_fit_on_paper(mathml) if mathml and type(node) is MathBlock else mathml)

    def code(self, code: str, language: str) -> str | None:
        if not language.strip():
            return None
        from .highlight import highlight

        return highlight(code, language)

    def raw(self, markup: str, report_text_alone: Callable[[], None]) -> str:
        from .sanitize import clean

        cleaned = clean(markup, xhtml=False, report_text_alone=report_text_alone)
        if "<img" in cleaned:
            cleaned = _RAW_PICTURE.sub(self._raw_picture, cleaned)
        return _RAW_LINK.sub(self._raw_link, cleaned) if "<a" in cleaned else cleaned

    def _raw_link(self, match: re.Match[str]) -> str:
        target = self.href(unescape(match[2]))
        return f'<a{match[1]} href="{attribute(target)}"' if target else f"<a{match[1]}"

    def _raw_picture(self, match: re.Match[str]) -> str:
        values = {name: unescape(value) for name, value in _RAW_VALUE.findall(match[1])}
        image = Image(values.get("src", ""), values.get("alt", ""), values.get("title", ""))
        return figures.render_image(Renderer(self._post, self, self._context), image)


def html_id(name: str) -> str:
    """Returns an id that is valid in HTML: any text without white space."""
    return _SPACE.sub("-", name)


def article(
    post: Post,
    target: PageTarget,
    context: Context,
    language: str,
    authors: tuple[str, ...] = (),
    *,
    title: bool = True,
    names_untitled: bool = True,
) -> str:
    """Returns the title block, text and notes of a post."""
    renderer = Renderer(post, target, context)
    block = ""
    if title:
        words = context.census(post).tally.words
        block = opener(post.metadata, language, authors, words=words, names_untitled=names_untitled)
    body = renderer.blocks(post.body)
    return block + body + _notes(renderer, target, language)


def _notes(renderer: Renderer, target: PageTarget, language: str) -> str:
    notes = renderer.post.footnotes
    if not notes:
        return ""
    words = wording(language)
    # Notes may contain marks too, so all are written before it is known which marks lead to which.
    contents = [_note_parts(renderer, note) for note in notes]
    items = []
    for number, (note, (words_of_note, rest)) in enumerate(zip(notes, contents, strict=True), 1):
        links = []
        for mark in range(1, renderer.marks.get(note.id, 0) + 1):
            which = f"<sup>{mark}</sup>" if mark > 1 else ""
            links.append(
                f'<a href="#{target.mark_id(number, mark)}" role="doc-backlink" '
                f'aria-label="{attribute(words.back)}">\u21a9\ufe0e{which}</a>'
            )
        text = _with_way_back(words_of_note, rest, "".join(links))
        items.append(f'<li id="{target.note_id(number)}"><div>{text}</div></li>\n')
    return (
        f'<section class="notes" role="doc-endnotes" aria-label="{attribute(words.notes)}">\n'
        f"<ol>\n{''.join(items)}</ol>\n</section>\n"
    )


_ENDS = lazy_pattern(r"(?:</(?:p|li|ul|ol|blockquote)>\s*)+\Z")
"""Matches the ends of the elements that end with the words of a note."""
_BLOCK = lazy_pattern(r"</(?:pre|div|table|figure|details|p|[ou]l|dl)>\s*\Z")
_WORDS = (Paragraph, List, Quote)


def _note_parts(renderer: Renderer, note: Footnote) -> tuple[str, str]:
    """Renders a note up to its last block of words, and what follows that, such as code."""
    place = len(note.children)
    while place and type(note.children[place - 1]) not in _WORDS:
        place -= 1
    return renderer.blocks(note.children[:place]), renderer.blocks(note.children[place:])


def _with_way_back(words: str, rest: str, links: str) -> str:
    """Returns a note with its links behind its last words, if it has a line for them there."""
    words, rest = words.rstrip(), rest.rstrip()
    ends = _ENDS.search(words)
    if links and ends and not _BLOCK.search(words[: ends.start()]):
        words, links = f"{words[: ends.start()]} {links}{ends[0]}", ""
    return "\n".join(filter(None, (words, rest, f"<p>{links}</p>" if links else "")))


# the head's values


def _line(text: str) -> str:
    return " ".join(text.split())


def describe(post: Post) -> str:
    """Returns the description of a post for search engines and feed readers, in one line; it may be
    empty.
    """
    metadata = post.metadata
    said = metadata.description or plain_title(metadata.subtitle)
    return _line(said) or _first_words(post)


def _first_words(post: Post) -> str:
    """Returns the beginning of a post as one line, to replace a missing description."""
    for block in post.body:
        if type(block) is Paragraph:
            text = _line(plain_text(block))
            if len(text) > 20:
                return cut_at_word(text, _DESCRIPTION)
    return ""


def _meta(kind: str, name: str, value: str) -> str:
    return f'<meta {kind}="{name}" content="{attribute(value)}">'


def _machine_date(date: Timestamp | None) -> str:
    if date is None or date.value is None:
        return ""
    return date.value.isoformat() if date.has_time else date.day


def _json_ld(data: dict[str, Any]) -> str:
    text = json.dumps(data, ensure_ascii=False)
    if not text.isprintable() or any(sign in text for sign in "<>&"):
        text = _NOT_IN_SCRIPT.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return f'<script type="application/ld+json">{text}</script>'


def _fit_on_paper(mathml: str) -> str:
    """Says to what tenth of its size a displayed formula shrinks on paper, where nothing scrolls (page-math.css).

    A class says so, since pages allow no style of an element.
    """
    from ...math.width import width_of

    tenths = int(10 * _ROOM_OF_FORMULAS / max(width_of(mathml), 1))
    if tenths >= _TENTHS:
        return mathml
    return mathml.replace("<math", f'<math class="paper-{max(tenths, _LEAST_TENTHS)}"', 1)
