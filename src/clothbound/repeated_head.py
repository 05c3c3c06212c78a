"""Tells the beginning of a text from its header. What repeats the header, as scrapers write it, is taken out: title,
subtitle, date and authors. Our own Markdown marks a text that begins with such words, or like a header, by intent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from .diagnostics import Diagnostic, DiagnosticCode, Severity
from .lazy_pattern import lazy_pattern
from .model.blocks import Block, Figure, Heading, Paragraph, Quote, ThematicBreak
from .model.characters import BACKSLASH_ESCAPE
from .model.inlines import Image, Link, NoteRef
from .model.plain_text import plain_text
from .model.post import Metadata, Post, Timestamp
from .model.walk import walk

WHOLE_TEXT = "[]{}"
"""An empty span above a text in Markdown, which is not displayed: the text repeats nothing of its header."""
UNFENCED_HEADER = lazy_pattern(
    r"%[ \t\n]|(?:<!--[ \t]*\n?)?\.\. [A-Za-z]|[A-Za-z0-9][\w \t-]*:(?:[ \t]|$)"
    r"|#[ \t][^\n]*\n-[^\n]*\n-[^\n]*\n-[ \t]*\d{4}[/-]|%\{|\{:[a-z]|@def |/\*[ \t]*\n|###[ \t]*\n|<!--[a-z]+ | {4}[A-Z]\w*: |\[\[!(?:meta|tag) |[A-Za-z][\w.-]*=|---[ \t]*\n[ \t]*(?:\{[ \t]*\n[ \t]*)?\.[a-z]",
    re.M,
)
"""The beginning of what may be a header without fences, as of MultiMarkdown, Nikola, pandoc, or in another
program's language. Such a header begins on
the first line of a file: below a blank line, the same words are text.
"""
_TITLE_LINE = lazy_pattern(r"(?P<title>[^\W_](?:[^\n]{0,148}[^\s.,:;])?)[ \t]*\n[ \t]*\n")
_CLOSING_TAGS = lazy_pattern(r"\nTags:[ \t]+(?P<tags>[^\s,#\[\]]+(?:,[ \t]*[^\s,#\[\]]+)*)\s*\Z")
"""The first line and the last one of a post of Bashblog, whose tags have no spaces."""
_MOST = 8
"""The most blocks of a text that may belong to its head."""
_LONGEST = 400
_TITLES = 2
"""How often a title may be repeated: as a heading of the page, and of the text."""
_SIGNS = {
    **dict.fromkeys("\u2018\u2019\u201a\u2039\u203a`", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014", "-"),
    "\u2026": "...",
    "*": "",
    "_": "",
}
_DASHES = lazy_pattern(r"-{2,3}")
_SITE = lazy_pattern(r"(?P<sign> [|\u00b7\u2022:] | :: | - )(?P<name>.{1,60})")
_PARTS = lazy_pattern(r"[|\u00b7\u2022\n]| - ")
_BY = lazy_pattern(r"(?:written |words |text )?(?:by|von|par|por|di|de|av|af|door|por)[: ]\s*")
_ON = lazy_pattern(r"(?:(?:first )?(?:published|posted|updated)|date)(?: on)?:? ")
_AND = lazy_pattern(r",? (?:and|und|et|y|e|og|och|en|&) |, ")
_SERVICES = frozenset({"substack", "medium", "wordpress", "ghost", "blogger", "linkedin"})


def title_and_tags(text: str) -> tuple[re.Match[str], re.Match[str]] | None:
    """Returns the line at the beginning of a text that is its title, and that at its end with its tags, as Bashblog has
    them; None if it lacks one of them.
    """
    place = text.rfind("\nTags:")
    tags = _CLOSING_TAGS.match(text, place) if place >= 0 else None
    title = _TITLE_LINE.match(text) if tags is not None else None
    return (title, tags) if title is not None and tags is not None else None


def has_repeated_head(post: Post) -> bool:
    """Whether a reader would take the beginning of ``post``'s text as a repetition of its header."""
    return without_repeated_head(post) is not post


def without_repeated_head(post: Post) -> Post:
    """Returns ``post`` without blocks at the top of its text that only repeat its title or subtitle, and, behind
    these, its date and its authors.

    A level 1 heading may have the name of the site behind the title. What goes beside the words of title and subtitle
    is reported. A rule that parted the head from the text goes with it. One picture may stand above any of these.
    """
    metadata = post.metadata
    seen: set[str] = set()
    titles = 0
    has_picture = False
    gone: set[int] = set()
    found: list[Diagnostic] = []
    for place, block in enumerate(post.body[:_MOST]):
        if isinstance(block, Figure) and not has_picture:
            has_picture = True
            continue
        if isinstance(block, ThematicBreak) and place and place - 1 in gone:
            gone.add(place)
            continue
        text = _text_of(block)
        # A paragraph that leads elsewhere is text; a heading leads to the post itself.
        is_text = isinstance(block, Paragraph) and any(isinstance(n, Link) for n in walk(block))
        words = "" if is_text else _plain(text)
        is_title = words == _plain(metadata.title) and not isinstance(block, Quote)
        if words and is_title and titles < _TITLES:
            titles += 1
        elif words and words == _plain(metadata.subtitle) and "subtitle" not in seen:
            seen.add("subtitle")
        elif not titles and _is_title_of_site(block, words, metadata):
            titles += 1
            found.append(_left_out(post, block, text, "the name of a site behind the title"))
        elif (titles or seen) and _is_date_or_byline(text, metadata):
            seen.add("byline")
            found.append(_left_out(post, block, text, "a date or authors that the header has"))
        else:
            break
        found.extend(
            _left_out(post, block, text, f"the link of a repeated title, {link.href},")
            for link in walk(block, Link)
            if "byline" not in seen
        )
        gone.add(place)
    if not gone:
        return post
    body = tuple(block for place, block in enumerate(post.body) if place not in gone)
    return msgspec.structs.replace(post, body=body, diagnostics=(*post.diagnostics, *found))


def _left_out(post: Post, block: Block, text: str, what: str) -> Diagnostic:
    message = f"{what} was left out: {text!r}"
    source = post.metadata.source
    return Diagnostic(DiagnosticCode.NODE_CHROME, message, source, block.line, Severity.INFO, text)


def _text_of(block: Block) -> str:
    """Returns the text of a block that may belong to a head; empty for any other."""
    if isinstance(block, Quote):
        return _text_of(block.children[0]) if len(block.children) == 1 else ""
    if not isinstance(block, (Heading, Paragraph)):
        return ""
    if any(isinstance(node, (Image, NoteRef)) for node in walk(block)):
        return ""
    text = plain_text(block)
    return text if len(text) <= _LONGEST else ""


def _plain(text: str) -> str:
    """Returns a text without marks, with straight quotation marks and one kind of dash, in lower case."""
    straight = BACKSLASH_ESCAPE.sub(r"\1", text)
    # To ask for each sign takes a fifth of ``str.translate``, which looks up each character.
    for sign, plain in _SIGNS.items():
        straight = straight.replace(sign, plain)
    return " ".join(_DASHES.sub("-", straight).casefold().split())


def _is_title_of_site(block: Block, words: str, metadata: Metadata) -> bool:
    title = _plain(metadata.title)
    if not isinstance(block, Heading) or block.level > 1 or not title:
        return False
    if not words.startswith(title):
        return False
    found = _SITE.fullmatch(words[len(title) :])
    if found is None:
        return False
    if found["sign"].strip() in ("|", "\u00b7", "\u2022", "::"):
        return True
    # Behind a dash or a colon there may be the rest of a longer heading.
    name = found["name"].replace(" ", "")
    host = metadata.canonical_url.casefold().partition("://")[2].partition("/")[0]
    parts = {part for part in host.split(".") if part not in ("www", "com")}
    authors = {_plain(author).replace(" ", "") for author in metadata.authors}
    return name in parts | authors | _SERVICES


def _is_date_or_byline(text: str, metadata: Metadata) -> bool:
    parts = [_plain(part) for part in _PARTS.split(text.strip()) if part.strip()]
    if not parts:
        return False
    authors = {_plain(author) for author in metadata.authors}
    dates = frozenset(_dates(metadata.published, metadata.language))
    return all(_names_all(part, authors) or _ON.sub("", part, count=1) in dates for part in parts)


def _names_all(words: str, authors: set[str]) -> bool:
    named = _AND.split(_BY.sub("", words, count=1))
    return bool(authors) and set(named) <= authors


def _dates(published: Timestamp | None, language: str) -> Iterator[str]:
    """Yields the forms in which pages write a day."""
    if published is None or published.value is None or published.precision in ("year", "month"):
        return
    from .language.dates import long_date

    day = published.value
    english = long_date(published, "en")
    name = english.split()[0]
    own = long_date(published, language or "en")
    for known in (english, own, own.replace("1er ", "1 ")):
        yield _plain(known)
    for month in (name, name[:3], f"{name[:3]}."):
        for number in (f"{day.day}", f"{day.day:02}"):
            yield _plain(f"{month} {number}, {day.year}")
            yield _plain(f"{number} {month} {day.year}")
    for numbers in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d"):
        yield f"{day:{numbers}}"
        yield f"{day:{numbers}}".replace("/0", "/").replace(".0", ".").lstrip("0")
