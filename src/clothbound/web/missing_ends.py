"""Adds the end tags that HTML from strangers lacks, where a parser would take the rest of a post for what no page shows.

What stands in a frame, a player or a drawing is a substitute, or code, and its end is sought up to the end of the text. Where it
is missing, the element ends with its own parts, and what follows is the author's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..escape import attribute
from ..lazy_pattern import lazy_pattern
from .html_elements import BLOCKS

UNCLOSED_COMMENT = "unclosed-comment"
"""The element that stands for a comment without an end, with the beginning of its text as the attribute ``text``. Nothing of a
comment may be printed, so it goes to the end of the text, and is reported.
"""
UNCLOSED_TAG = "unclosed-tag"
"""The element that reports a tag without its ``>``, or whose value lacks its quotation mark, with what it says as ``text``."""
_FRAMES = frozenset({"iframe", "noembed", "noframes", "template"})
PLAYERS = frozenset({"audio", "video"})
PLAYER_PARTS = frozenset({"source", "track"})
_CODE = frozenset({"script", "style"})
_DRAWINGS = frozenset({"math", "svg"})
_LABELS = frozenset({"rp", "title"})
"""Elements that hold words alone."""
OPAQUE = _FRAMES | PLAYERS | _CODE | _DRAWINGS | _LABELS
"""Elements whose content is not read as HTML."""

_NAMES = "|".join(sorted(OPAQUE))
_SIGN = lazy_pattern(rf"<(?:!--|(?:{_NAMES})[\s/>])", re.I)
_ATTRIBUTES = r"(?:\"[^\"<]*+\"|'[^'<]*+'|[^<>\"'])*+"
_OTHER = r"<[A-Za-z](?:=\s*+(?:\"[^\"]*+\"|'[^']*+')|[^<>])*+"
"""Matches another start tag, in whose attributes nothing is sought: ``alt="the <video> tag"``."""
_TAG = lazy_pattern(
    r"<!--(?:-?>|(?P<comment>.*?)(?:--!?>|(?P<unclosed>\Z)))"
    rf"|<(?P<close>/?)(?P<name>{_NAMES})(?=[\s/>])(?P<attributes>{_ATTRIBUTES})>"
    rf"|{_OTHER}",
    re.I | re.S,
)
_SOURCE = lazy_pattern(r"\ssrc\s*=", re.I)
_PART = f"(?:{'|'.join(sorted(PLAYER_PARTS))})"
_BEHIND_PARTS = lazy_pattern(
    rf"(?:\s*+<{_PART}\b{_ATTRIBUTES}>(?:\s*+</{_PART}\s*>)?)*+",
    re.I,
)
_BEHIND_CODE = lazy_pattern(rf"(?=\n[ \t]*\n|<(?:{'|'.join(sorted(BLOCKS))}|a|img)[\s/>])|\Z", re.I)
_BEHIND_DRAWING = lazy_pattern(
    r"(?=\n[ \t]*\n|<(?:a|b|big|blockquote|body|br|center|code|dd|div|dl|dt|em|embed|font|h[1-6]|head|hr|i|iframe|img|li|listing"
    r"|menu|meta|nobr|ol|p|pre|ruby|s|small|span|strong|strike|sub|sup|table|tt|u|ul|var)[\s/>])|\Z",
    re.I,
)
"""Matches where a drawing or a formula ends without an end: mostly what ends one in a browser (WHATWG HTML, section 13.2.6.5)."""
_BEHIND_LABEL = lazy_pattern(r"(?=<|\n[ \t]*\n)|\Z")
_SHOWN = 200
"""The most characters of a comment that are kept for the report."""
_ANY_TAG = lazy_pattern(
    r"<!--.*?(?:-->|\Z)|<(?P<code>script|style|title)\b.*?(?:</(?P=code)\b|\Z)"
    r"|<[A-Za-z](?:=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))|[^>])*+(?P<end>>?)",
    re.I | re.S,
)
_VALUE = lazy_pattern(
    r"=\s*+(?:\"[^\"]*+\"|'[^']*+')(?:(?P<parted>(?=/?[\s>]))|(?P<named>(?=[\w-]{1,30}=)))?"
)
_OPEN_VALUE = lazy_pattern(r"=\s*+(?:\"[^\">]*+|'[^'>]*+)>")
_MOST_LOOKS = 20
"""The number of times the length of a text that tags without an end may be looked through. Behind that they are left out."""


def end_elements(html: str) -> str:
    """Returns HTML in which no element of ``OPAQUE`` goes on because its end is missing, nor a tag."""
    html = _end_tags(html)
    if _SIGN.search(html) is None:
        return html
    tags = list(_find_tags(html))
    end = len(html)
    comment = ""
    if tags and tags[-1]["unclosed"] is not None:
        last = tags.pop()
        end, said = last.start(), last["comment"].strip()[:_SHOWN]
        comment = f'<{UNCLOSED_COMMENT} text="{attribute(said)}"></{UNCLOSED_COMMENT}>'
    parts: list[str] = []
    done = 0
    for place, name in _find_ends(html[:end], tags):
        parts += (html[done:place], f"</{name}>")
        done = place
    return "".join((*parts, html[done:end], comment)) if parts or comment else html


def _end_tags(html: str) -> str:
    """Returns HTML without a tag that takes what follows it, since a ``>`` or a quotation mark is missing.

    A value ends at the first ``>``, so that what follows is read. The report has the tag itself.
    """
    if html.rfind("<") <= html.rfind(">") and _OPEN_VALUE.search(html) is None:
        return html
    parts: list[str] = []
    done = looked = 0
    while tag := next(filter(_lacks_end, _ANY_TAG.finditer(html, done)), None):
        start = tag.start()
        looked += tag.end() - start
        value = _open_value(tag)
        if value is None or looked > _MOST_LOOKS * len(html):
            return "".join((*parts, html[done:start], _told(html[start:])))
        place = html.index(">", value)
        mark = html[value + 1 : place].lstrip()[0]
        parts += (html[done:start], _told(html[start : place + 1]), html[start:place], f"{mark}>")
        done = place + 1
    return "".join((*parts, html[done:]))


def _lacks_end(tag: re.Match[str]) -> bool:
    return tag["end"] == "" or (tag["end"] is not None and _value_with_tags(tag) is not None)


def _open_value(tag: re.Match[str]) -> int | None:
    """Returns where the value begins that lacks its quotation mark; None if the tag has none."""
    found = _OPEN_VALUE.search(tag.string, tag.start(), tag.end()) if not tag["end"] else None
    return found.start() if found is not None else _value_with_tags(tag)


def _value_with_tags(tag: re.Match[str]) -> int | None:
    """Returns where a value begins that takes tags and ends at a mark that is not its own: at an apostrophe, or where
    the value of another tag begins.
    """
    for value in _VALUE.finditer(tag.string, tag.start(), tag.end()):
        said = value[0]
        takes_tags = value["parted"] is None and -1 < said.find(">") < said.rfind("<")
        takes_words = takes_tags and value["named"] is None and "</" in said
        if takes_words or (takes_tags and said[:-1].rstrip().endswith("=")):
            return value.start()
    return None


def _told(text: str) -> str:
    return f'<{UNCLOSED_TAG} text="{attribute(text.strip()[:_SHOWN])}"></{UNCLOSED_TAG}>'


def _find_tags(html: str) -> Iterator[re.Match[str]]:
    """Yields the tags of elements of ``OPAQUE``, and comments, but not those in code."""
    position = 0
    ends: dict[str, int] = {}
    while (tag := _TAG.search(html, position)) is not None:
        position = tag.end()
        name = (tag["name"] or "").lower()
        if name or tag["comment"] is not None:
            yield tag
        if (name in _CODE or name == "title") and not tag["close"]:
            if ends.get(name, 0) < position:
                end = re.compile(rf"</{name}[\s/>]", re.I).search(html, position)
                ends[name] = end.start() if end else len(html)
            if ends[name] < len(html) and not _is_loaded(tag):
                position = ends[name]


def _is_loaded(tag: re.Match[str]) -> bool:
    """Returns whether a tag begins a script that stands at another address, so that it holds no code."""
    return tag["name"].lower() == "script" and _SOURCE.search(tag["attributes"]) is not None


def _find_ends(html: str, tags: list[re.Match[str]]) -> Iterator[tuple[int, str]]:
    """Yields where an element ends whose end tag is missing, and its name, in the order of the text.

    Of two start tags before one end tag, the second is the one that it ends.
    """
    opened: dict[str, list[re.Match[str]]] = {}
    for tag in tags:
        name = (tag["name"] or "").lower()
        if name and not tag["close"]:
            opened.setdefault(name, []).append(tag)
        elif opened.get(name):
            opened[name].pop()
    done = 0
    found: dict[re.Pattern[str], int] = {}
    for tag in sorted((tag for left in opened.values() for tag in left), key=re.Match.start):
        name, place = tag["name"].lower(), tag.end()
        pattern = _pattern_behind(name, tag)
        if pattern is not None:
            # What was found behind one tag is also the next place behind those between.
            if found.get(pattern, -1) < place:
                ended = pattern.search(html, place)
                found[pattern] = ended.end() if ended else len(html)
            place = found[pattern]
        done = max(done, place)
        yield done, name


def _pattern_behind(name: str, tag: re.Match[str]) -> re.Pattern[str] | None:
    """Returns the pattern that matches behind the own parts of an element; None if it has none."""
    if name in PLAYERS:
        return _BEHIND_PARTS
    if name in _DRAWINGS:
        return _BEHIND_DRAWING
    if name in _LABELS:
        return _BEHIND_LABEL
    return _BEHIND_CODE if name in _CODE and not _is_loaded(tag) else None
