"""Reads titles, descriptions and subtitles of entries as plain text, without repetition.

Feeds hold HTML where the specifications expect text, escaped once or twice (RSS 2.0 does not say
which; RFC 4287 does, section 3.1). So tags of inline elements are always taken as markup.
"""

from __future__ import annotations

import html
import re
from typing import Any

from ..lazy_pattern import lazy_pattern
from ..web.addresses import resolve_url
from ..web.html_elements import PHRASING

_TAG = lazy_pattern(r"</?[A-Za-z][^<>]*>")
_COMMENT = lazy_pattern(r"<!--.*?(?:-->|\Z)", re.S)
_REFERENCE = lazy_pattern(r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.I)
_HIDDEN = lazy_pattern(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.S | re.I)
_WITHIN_LINES = "|".join(
    sorted(PHRASING.union("a big del font ins strike time tt".split()), key=len, reverse=True)
)
_ELEMENT = lazy_pattern(
    rf"<(/?)({_WITHIN_LINES}|blockquote|div|figure|h[1-6]|li|ol|p|table|ul)\b[^<>]*>", re.I
)
_EMPTY_ELEMENT = lazy_pattern(r"<(?:br|hr|img|p)\b[^<>]*/?>", re.I)
_WITHIN_WORDS = lazy_pattern(rf"</?(?:{_WITHIN_LINES})\b[^<>]*>", re.I)
_SPACES = lazy_pattern(r"\s+")
_BUTTONS = lazy_pattern(
    r"<div\s[^<>]{0,100}\bclass=[\"']feedflare[\"'][^<>]{0,100}>.{0,5000}?</div>", re.S
)
_COUNTER = lazy_pattern(
    r"<img\b(?=[^<>]*\swidth=[\"']?[01](?:px)?[\"'\s/>])(?=[^<>]*\sheight=[\"']?[01](?:px)?[\"'\s/>])[^<>]*>",
    re.I,
)
_BLANK_LINE = lazy_pattern(r"\n[ \t\r]*\n\s*")
_NO_LETTER = lazy_pattern(r"[\W\d_]+")
_LONGEST = 300
"""The most characters of a subtitle; a longer text is a description."""
_COMPARED = 40
"""The number of letters by which the beginning of a text is recognized."""
_SURE = 30
"""So many equal letters cannot be chance, so a caption may precede them."""
_HEAD = 6000
"""The number of characters of an entry's HTML in which its beginning is searched for."""


def words_of(text: str, *, is_html: bool) -> str:
    """Returns a text that may contain markup as plain text on one line.

    ``is_html`` means that the feed declares the text as HTML. Otherwise only unmistakable markup is
    taken as such.
    """
    if is_html or _REFERENCE.search(text) or _has_markup(text):
        text = html.unescape(_without_tags(text))
        # The text was escaped twice.
        if _has_markup(text):
            text = html.unescape(_without_tags(text))
    return _SPACES.sub(" ", text).strip()


def _has_markup(text: str) -> bool:
    """Whether a text has closed or empty elements. The tag in "Why <div> is bad" is not markup."""
    if "<" not in text:
        return False
    begun: set[str] = set()
    for found in _ELEMENT.finditer(text):
        name = found[2].lower()
        if not found[1]:
            begun.add(name)
        elif name in begun:
            return True
    return _EMPTY_ELEMENT.search(text) is not None


def _without_tags(markup: str) -> str:
    if "<" not in markup:
        return markup
    markup = _HIDDEN.sub(" ", _COMMENT.sub("", markup))
    return _TAG.sub(" ", _WITHIN_WORDS.sub("", markup))


def without_counters(markup: str) -> tuple[str, int]:
    """Removes the pictures of one pixel that count readers, and FeedBurner's buttons; returns their number too."""
    markup, buttons = _BUTTONS.subn("", markup) if "feedflare" in markup else (markup, 0)
    markup, counters = _COUNTER.subn("", markup)
    return markup, buttons + counters


def markup_of_text(text: str) -> str:
    """Returns a plain text as HTML: a paragraph between blank lines, its lines as they are."""
    paragraphs = (part.strip() for part in _BLANK_LINE.split(text.strip()))
    return "".join(
        f"<p>{'<br>'.join(html.escape(line.strip(), quote=False) for line in part.split(chr(10)))}</p>"
        for part in paragraphs
        if part
    )


def repeats_beginning(words: str, markup: str) -> bool:
    """Whether ``words`` begin like the text of ``markup``, ignoring a caption."""
    letters = _letters(words)
    beginning = letters[:_COMPARED]
    head = _letters(words_of(markup[:_HEAD], is_html=True))
    return (
        head.startswith(beginning)
        or (len(beginning) >= _SURE and beginning in head)
        # WordPress adds "The post X appeared first on Y", even to short texts.
        or (bool(head) and letters.startswith(head))
    )


def subtitle_or_description(words: str, markup: str) -> tuple[str, str]:
    """Decides whether a description beside the full text is a subtitle, as Substack's are, or a
    summary.

    Returns (subtitle, description); both are empty if the text repeats its own beginning or is cut
    off.
    """
    cut = words.endswith(("...", "\u2026", "[\u2026]", "[...]"))
    if not words or cut or repeats_beginning(words, markup):
        return "", ""
    return (words, "") if len(words) <= _LONGEST else ("", words)


def base_of(element: Any, link: str) -> str:
    """Returns the base of relative addresses in an element: ``xml:base``, else ``link``."""
    return resolve_url(link, str(element.base or "")) or link


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", text).casefold()
