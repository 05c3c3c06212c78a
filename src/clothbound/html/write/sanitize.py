"""Sanitises raw HTML with nh3.

Only what an allow-list names is kept. The result does not run, loads nothing, and cannot imitate
parts of the page around it (no ``id``, no ``style``). SVG is cleaned by ``media.svg.cleaning``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from html import unescape
from typing import TYPE_CHECKING

from ...escape import SAFE_SCHEMES, escape, safe_href
from ...language.direction import DIRECTIONS
from ...lazy_pattern import lazy_pattern
from ...model.characters import text_alone
from ...untrusted_xml import PARSER_OPTIONS
from ...web.html_elements import VOID

if TYPE_CHECKING:
    import nh3
    from lxml.etree import _Element

# The elements of HTML that hold text (WHATWG HTML, sections 4.3 to 4.9), without obsolete ones,
# which checkers reject, and those that load, run or submit anything.
_ELEMENTS = frozenset(
    """
    a abbr article aside b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div
    dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li mark ol p pre q rp
    rt ruby s samp section small span strong sub summary sup table tbody td tfoot th thead time tr u ul
    var wbr
    """.split()
)
_WITH_CONTENT = frozenset(
    "applet embed frameset iframe noembed noframes object script style template title xmp".split()
)
"""Elements that are removed with their content, which is not the author's text."""
_ATTRIBUTES = {
    "*": {"class", "dir", "lang", "title"},
    "a": {"href"},
    "col": {"span"},
    "colgroup": {"span"},
    "img": {"src", "alt", "width", "height"},
    "li": {"value"},
    "ol": {"start", "reversed"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "details": {"open"},
}
_NUMBERS = frozenset({"colspan", "rowspan", "span", "width", "height", "value", "start"})
_USUAL_ROUNDS, _MOST_ROUNDS = 5, 50
"""How often a text is cleaned until it stays as it is: twice, but for elements that are nested in odd ways. Of a link
without an end, a parser takes the next link out of eight elements at a time (WHATWG HTML, section 13.2.6.4.7).
"""
_NUMBER = lazy_pattern(r"[0-9]{1,4}\Z")
_SCOPES = frozenset({"row", "col", "rowgroup", "colgroup"})
_REMOVED_FROM_URL = lazy_pattern(r"[\t\n\r]+")
"""Parsers of addresses leave these out (WHATWG URL, section 4.4), and XML would read them as spaces, with which an
address may be invalid."""
_LANGUAGE = lazy_pattern(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*\Z")
_DATA_PICTURE = lazy_pattern(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+\Z", re.I)

# nh3 serialises names in lower case and every value in double quotes (WHATWG HTML, section 13.3),
# so a regular expression can match tags here, and nowhere else.
_TAG = lazy_pattern(r'<(/?)([a-z][a-z0-9]*)((?:\s[^\s=>"]+="[^"]*")*)>')
_VALUE = lazy_pattern(r'\s([^\s=>"]+)="([^"]*)"')
_LEVELS = 250
"""How deep elements may lie in each other; a parser of XML without its option for huge files reads 256."""

_LEFT_OUT = lazy_pattern(
    rf"<!--(?:-?>|.*?(?:--!?>|\Z))|<({'|'.join(sorted(_WITH_CONTENT))})(?=[\s/>]).*?(?:</\1(?:[\s/][^>]*)?>|\Z)",
    re.I | re.S,
)
_SOURCE_TAG = lazy_pattern(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<(?P<end>/?)(?P<name>[a-z][^\s/>]*)(?:=\s*+(?:\"[^\"]*\"|'[^']*')|[^>])*+>?"
    r"|<[!?/][^>]*>?",
    re.I | re.S,
)
"""Matches a tag as people write it, or a comment."""
_ENDED_BY_OTHERS = frozenset(
    "body caption colgroup dd dt head html li optgroup option p rb rp rt rtc tbody td tfoot th thead tr".split()
)
"""Elements whose end tags may be left out (WHATWG HTML, section 13.1.2.4). They do not lie in each other but in lists,
tables and the like, which count."""
_SHAPES = frozenset("circle ellipse line path polygon polyline rect stop use".split())
"""Elements of drawings that end in their start tags."""
_UNCOUNTED = VOID | _ENDED_BY_OTHERS | _SHAPES
_WITHOUT_TAGS = frozenset(
    "iframe noembed noframes noscript script style textarea title xmp".split()
)
"""Elements in which an end tag is text, but for their own."""
_MARKS = frozenset("a b big code em font i nobr s small strike strong tt u".split())
"""Elements that a parser opens again in what follows, if something else ended them."""
_MOST_ALIKE = {"a": 1, "nobr": 1}
"""How many alike marks a parser opens again, where it is not three: another link ends the one before it."""
_NEAR = 8
"""How far up an end tag finds its element."""
_STEPS, _STEPS_OF_TAG = 4_000_000, 128
"""How many open elements a parser may look through, and for each tag besides. A step takes it some nanoseconds."""
_COPIES, _COPIES_OF_TAG = 16_000, 8
"""How many marks a parser may open again, and for each tag besides. Each becomes an element, and is cleaned again."""


def clean(html: str, *, xhtml: bool, report_text_alone: Callable[[], None] | None = None) -> str:
    """Keeps only the allowed elements, attributes and URL schemes of ``html``, a fragment.

    The text of other elements stays; that of scripts and frames does not. With ``xhtml``, the
    result is well-formed XML and a picture is replaced by its alternative text, since every picture
    of a book must be a part of its package. Of HTML that is too tangled or too deep only its text stays, which
    ``report_text_alone`` hears.
    """
    # Clean before, so that such characters do not split a word, and after, since references may
    # stand for them.
    cleaned, html = _settle(text_alone(html))
    if not cleaned:
        if report_text_alone is not None:
            report_text_alone()
        shown = _text_alone(html)
        # As the cleaner writes it, so that cleaned text stays as it is.
        return shown if xhtml else shown.replace("\u00a0", "&nbsp;")
    return _as_xml(html) if xhtml else html


def _settle(html: str) -> tuple[bool, str]:
    """Cleans ``html`` until that changes nothing more; returns whether it came to that, and what it came to."""
    if is_tangled(html):
        return False, html
    # What is left out may leave elements in places from which a parser moves them: a heading in a heading.
    for number in range(_MOST_ROUNDS):
        before, html = html, text_alone(_cleaner().clean(html))
        if html == before:
            return not is_tangled(html), html
        if number == _USUAL_ROUNDS and _levels(html) > _LEVELS:
            break
    return False, html


def is_tangled(html: str) -> bool:
    """Returns whether so many elements lie in each other, or lack their ends, that parsing takes the square of the time.
    ``clean`` keeps only the text of such HTML.

    A browser's parser looks through open elements at each tag, and opens again those that another one has ended (WHATWG HTML,
    sections 13.2.4.2 and 13.2.4.3), so what has no end counts as open for good.
    """
    opened: list[str] = []
    marks: list[tuple[str, str]] = []
    steps = copies = 0
    without_tags = ""
    for number, tag in enumerate(_SOURCE_TAG.finditer(html)):
        name = (tag["name"] or "").lower()
        if name and name not in _UNCOUNTED:
            if not tag["end"]:
                if name in _MOST_ALIKE:
                    _close(opened, marks, name)
                opened.append(name)
                if name in _MARKS:
                    _open_mark(marks, name, tag[0])
                if name in _WITHOUT_TAGS:
                    without_tags = without_tags or name
            elif without_tags in ("", name):
                without_tags = ""
                _close(opened, marks, name)
        steps += len(opened)
        copies += len(marks)
        if steps > _STEPS + number * _STEPS_OF_TAG or copies > _COPIES + number * _COPIES_OF_TAG:
            return True
    return False


def _open_mark(marks: list[tuple[str, str]], name: str, tag: str) -> None:
    mark = (name, "" if name in _MOST_ALIKE else tag)
    if marks.count(mark) < _MOST_ALIKE.get(name, 3):
        marks.append(mark)


def _close(opened: list[str], marks: list[tuple[str, str]], name: str) -> None:
    """Takes away the element that an end tag ends, over marks and spans that are still open in it."""
    for at in range(len(opened) - 1, max(len(opened) - _NEAR, 0) - 1, -1):
        if opened[at] == name:
            # What was opened in an element other than a mark ends with it.
            del opened[at : at + 1 if name in _MARKS else None]
            break
        if opened[at] not in _MARKS and opened[at] != "span":
            return
    else:
        return
    for at in range(len(marks) - 1, max(len(marks) - _NEAR, 0) - 1, -1):
        if marks[at][0] == name:
            del marks[at]
            return


@cache
def _cleaner() -> nh3.Cleaner:
    import nh3

    return nh3.Cleaner(
        tags=set(_ELEMENTS),
        clean_content_tags=set(_WITH_CONTENT),
        attributes={name: set(names) for name, names in _ATTRIBUTES.items()},
        attribute_filter=_filter,
        url_schemes={*SAFE_SCHEMES, "data"},
        link_rel=None,
        strip_comments=True,
    )


def _filter(_: str, name: str, value: str) -> str | None:
    if name == "href":
        return safe_href(_REMOVED_FROM_URL.sub("", value))
    if name == "src":
        value = _REMOVED_FROM_URL.sub("", value)
        return value if _DATA_PICTURE.match(value) else safe_href(value)
    if name in _NUMBERS:
        return value if _NUMBER.match(value) else None
    if name == "dir":
        return value.lower() if value.lower() in DIRECTIONS else None
    if name == "scope":
        return value.lower() if value.lower() in _SCOPES else None
    if name == "lang":
        return value if _LANGUAGE.match(value) else None
    return value


def _as_xml(html: str) -> str:
    from lxml import etree

    from .nesting import fit_flow

    html = _TAG.sub(_xml_tag, html).replace("&nbsp;", "\u00a0")
    if "<" not in html:
        return html
    try:
        root = etree.fromstring(f"<div>{html}</div>", etree.XMLParser(**PARSER_OPTIONS))
    except etree.XMLSyntaxError:
        return _text_alone(html)  # deeper than libxml2 reads
    fit_flow(root)
    if _depth(root) > _LEVELS:
        # Elements that were missing are there now, such as the item of a list in a list.
        return _text_alone(html)
    for element in root.iter():
        # Empty elements are written with both tags, for programs that parse the result as HTML.
        if element.text is None and len(element) == 0 and element.tag not in VOID:
            element.text = ""
        elif element.tag == "pre" and element.text:
            # A picture may have stood before it, and programs that parse HTML leave it out.
            element.text = element.text.lstrip("\n")
    parts = [escape(root.text or "")]
    parts.extend(etree.tostring(child, encoding="unicode") for child in root)
    return "".join(parts)


def _text_alone(html: str) -> str:
    """Returns the text of HTML, without what a parser would leave out."""
    shown = _LEFT_OUT.sub(" ", html)
    return escape(unescape(_SOURCE_TAG.sub(_space_for_tag, shown)))


def _space_for_tag(found: re.Match[str]) -> str:
    """Returns a space for a tag or a comment; the words behind a sign that begins neither stay."""
    return " " if found[0].endswith(">") or found[0].startswith("<!--") else found[0]


def _levels(html: str) -> int:
    """Returns how deep elements lie in each other in cleaned HTML."""
    depth = deepest = 0
    for found in _TAG.finditer(html):
        if found[2] not in VOID:
            depth += -1 if found[1] else 1
            deepest = max(deepest, depth)
    return deepest


def _depth(root: _Element) -> int:
    from lxml import etree

    depth = deepest = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _xml_tag(match: re.Match[str]) -> str:
    closing, name, attributes = match.groups()
    pairs = dict(_VALUE.findall(attributes))
    if name == "img":
        alternative = pairs.get("alt", "")
        return f"<span>{_xml_value(alternative)}</span>" if alternative else ""
    if closing:
        return "" if name in VOID else f"</{name}>"
    written = "".join(f' {key}="{_xml_value(value)}"' for key, value in pairs.items())
    return f"<{name}{written}/>" if name in VOID else f"<{name}{written}>"


def _xml_value(value: str) -> str:
    return value.replace("<", "&lt;").replace(">", "&gt;")
