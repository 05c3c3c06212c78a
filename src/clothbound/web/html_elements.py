"""Elements of HTML that several formats read or write."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias, Union, get_args

from ..lazy_pattern import lazy_pattern
from ..model import inlines as i
from ..model.characters import text_alone
from ..model.node import Node

ATTRIBUTE_NAME = lazy_pattern(r"[A-Za-z_:][\w:.-]*", re.ASCII)
"""Names of attributes that HTML, XML, and tags and attribute blocks of Markdown can have (CommonMark, section 6.6)."""

_ATTRIBUTE = lazy_pattern(
    r"""([A-Za-z_:][\w.:-]*)(?:\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""", re.ASCII
)
XML_NAME = lazy_pattern(r"[A-Za-z_][\w.-]*", re.ASCII)
"""Names of XML without a prefix, in ASCII."""
XML_ATTRIBUTE = lazy_pattern(r"(?!xmlns$)[A-Za-z_][\w.-]*", re.ASCII)
"""Those of attributes. A parser of HTML keeps ``xmlns`` as one, which XML would take for a declaration."""

Mark: TypeAlias = Union[
    i.Emphasis, i.Strong, i.Strikethrough, i.Underline, i.Superscript, i.Subscript, i.Highlight
]
"""An inline that only marks its children."""
MARKS: Mapping[type[Node], str] = {
    i.Emphasis: "em",
    i.Strong: "strong",
    i.Strikethrough: "s",
    i.Underline: "u",
    i.Superscript: "sup",
    i.Subscript: "sub",
    i.Highlight: "mark",
}
"""The element as which each kind of mark is written."""
MARK_KINDS: Mapping[str, type[Mark]] = {
    **{MARKS[kind]: kind for kind in get_args(Mark)},
    **dict.fromkeys(("i", "cite", "dfn", "var"), i.Emphasis),
    "b": i.Strong,
    **dict.fromkeys(("strike", "del"), i.Strikethrough),
    "ins": i.Underline,
}
"""The kind of mark as which each element is read."""
CODE = ("code", "kbd", "samp", "tt")
"""Elements whose text is code."""
LANGUAGE_OF_CODE = r"[\w+#.-]+"
"""The names of languages that a class can hold (``language-c++``)."""
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
BLOCKS = frozenset(
    """
    address article aside blockquote caption center dd details dialog dir div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li listing main menu nav ol p plaintext
    pre search section summary table tbody td tfoot th thead tr ul xmp
    """.split()
)
"""Elements that browsers show as blocks, list items or parts of tables (WHATWG HTML, section 15.3).

The page itself, and columns, which hold no text, are left out.
"""
LINES = frozenset(("caption", "dt", "figcaption", "legend", "p", "summary", *HEADINGS))
"""Blocks that hold a line of words, and no blocks, as people write them."""
CELLS_AND_ITEMS = frozenset({"dd", "li", "td", "th"})
"""Parts of tables and lists that hold a line of words or blocks."""
PHRASING = frozenset(
    "abbr b bdi bdo cite code dfn em i kbd mark q rp rt ruby s samp small span strong sub sup u var".split()
)
"""Inline elements that contain only inline ones, apart from links and changes (``a``, ``del``,
``ins``)."""
VOID = frozenset(
    "area base br col embed frame hr img input link meta param source track wbr".split()
)
"""Elements that have no content and no end tag (WHATWG HTML, sections 13.1.2 and 16.2)."""
SHORT_NUMBER = 2
"""The most digits of a number for which the indent of any list has room."""
LONG_NUMBERS = ("digits-3", "digits-4", "digits-5", "digits-6")
"""The classes of our lists with a number of more digits; the last is also for more of them."""
QUARTO_CALLOUT = lazy_pattern(r"callout-(?!(?:block|title)\Z)([A-Za-z0-9_-]+)")
"""Matches the class of one of Quarto's callouts, and its kind. Substack's box is a ``callout-block``."""


def tag_attributes(text: str) -> dict[str, str]:
    """Returns the attributes that stand in a tag, behind its name, with their names in lower case. Of several with one
    name the first counts, as in browsers.
    """
    from html import unescape

    attributes: dict[str, str] = {}
    for key, double, single, bare in _ATTRIBUTE.findall(text):
        attributes.setdefault(key.lower(), text_alone(unescape(double or single or bare)))
    return attributes
