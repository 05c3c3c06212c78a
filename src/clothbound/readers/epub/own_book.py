"""Undoes what the writer of EPUB does to a chapter, and reads the metadata in its head.

The writer prefixes each id with the key of the post; it marks lines, long words and bold paragraphs for its style
sheet, and puts pictures in place of formulas for some stores. What it calls them stands in ``epub_names``.
"""

from __future__ import annotations

from collections.abc import Mapping

from ... import epub_names as names
from ...lazy_pattern import lazy_pattern
from ...web.addresses import host_of
from ..timestamps import read_timestamp
from .xhtml import (
    TYPE,
    Element,
    classes_of,
    is_block,
    iter_elements,
    remove_element,
    text_of,
    unwrap_element,
)

_SHARE = lazy_pattern(r"(?:^|;)\s*width:\s*([\d.]+%)")
"""Matches the width of a picture as a share of the page."""
_FOR_LOOKS = frozenset({names.PICTURED, names.BOLD_HEADING, names.LINES, names.WIDE})
"""Classes that the writer gives blocks for its style sheet."""
_MARKERS = frozenset({names.LINE, names.LONG})
"""Classes of the spans that the writer puts around lines and long words."""


def clean(element: Element, file_key: str) -> None:
    """Removes the attributes that the writer adds, and the key of the chapter from the id."""
    for name in (TYPE, "aria-labelledby", "aria-label"):
        element.attrib.pop(name, None)
    if element.get("role") != "note":
        element.attrib.pop("role", None)
    if element.get("id"):
        element.set("id", names.node_id_of(file_key, element.get("id")))


def undo(body: Element) -> None:
    """Removes what the writer adds to the text of a post."""
    _undo_opener(body)
    for division in iter_elements(body, ("div",)):
        if names.MENTIONED_IN in classes_of(division):
            remove_element(division)
    for element in list(body.iter()):
        if element is not body and element.getparent() is not None:
            _undo_element(element, classes_of(element))
    for section in iter_elements(body, ("section",)):
        unwrap_element(section)
    for items in iter_elements(body, ("ul", "ol")):
        _tighten(items)
    for division in iter_elements(body, ("div",)):
        if classes_of(division)[:1] == ["verse"]:
            _write_verse(division)


def _undo_opener(body: Element) -> None:
    for header in iter_elements(body, ("header",)):
        if names.OPENER in classes_of(header):
            for line in list(header):
                if names.SUBTITLE not in classes_of(line) and line.tag != "h1":
                    remove_element(line)
            unwrap_element(header)


def _undo_element(element: Element, classes: list[str]) -> None:
    match element.tag:
        case "span" if element.get("role") == "math":
            _replace_by_formula(element, element.get("aria-label", ""))
        case "span" if len(classes) == 1 and classes[0] in _MARKERS:
            unwrap_element(element)
        case "span" if classes == ["missing-picture"]:
            _restore_missing(element)
        case "div" if classes == [names.LONG]:
            unwrap_element(element)
        case "img" if names.FORMULA in classes:
            _replace_by_formula(element, element.get("alt", ""))
        case "img":
            _restore_width(element)
        case _ if not _FOR_LOOKS.isdisjoint(classes):
            rest = [each for each in classes if each not in _FOR_LOOKS]
            element.attrib.pop("class")
            if rest:
                element.set("class", " ".join(rest))


def _tighten(items: Element) -> None:
    """Unwraps the paragraphs of a list whose items are set without space, which the writer marks with a direction.

    One item without a paragraph shows that the list is of this kind.
    """
    paragraphs = [item[0] for item in items if len(item) and not (item.text or "").strip()]
    paragraphs = [e for e in paragraphs if e.tag == "p" and list(e.attrib) == ["dir"]]
    if any(len(i) == 0 or (i.text or "").strip() or not is_block(i[0]) for i in items):
        for paragraph in paragraphs:
            unwrap_element(paragraph)


def _restore_width(picture: Element) -> None:
    """Leaves a picture the width that its post asks for; its own size is known from its file."""
    share = _SHARE.search(picture.get("style", ""))
    wanted = picture.attrib.pop("data-width", "") or (share[1] if share else "")
    for name in ("width", "height"):
        picture.attrib.pop(name, None)
    if wanted:
        picture.set("width", wanted)


def _restore_missing(element: Element) -> None:
    """Makes a picture again of the words that stand in place of a missing one."""
    links = [child for child in element if child.tag == "a"]
    words = text_of(element)
    if len(element) > len(links) or len(links) > 1 or any(len(link) for link in links):
        # Only a caption has markup.
        figure = element.getparent()
        if figure.tag == "figure" and len(figure) == 1:
            element.tag = "figcaption"
            element.attrib.clear()
            figure.insert(0, figure.makeelement("img", {"src": "", "alt": words}))
        return
    address = links[0].get("href", "") if links else ""
    if address and host_of(address) == words:
        words = ""
    tail = element.tail
    element.clear()
    element.tag, element.tail = "img", tail
    element.set("src", address)
    element.set("alt", words)


def _write_verse(division: Element) -> None:
    """Writes verse as preformatted text, in which the spaces at the beginnings of lines are kept."""
    if any(stanza.tag != "p" or stanza.attrib for stanza in division):
        return
    division.tag = "pre"
    for line_end in iter_elements(division, ("br",)):
        line_end.tail = f"\n{line_end.tail or ''}"
        remove_element(line_end)
    stanzas = list(division)
    for number, stanza in enumerate(stanzas):
        # The line feed after the tag is no part of the text.
        stanza.text = f"{chr(10) * 2 if number else chr(10)}{stanza.text or ''}"
        unwrap_element(stanza)


def _replace_by_formula(element: Element, tex: str) -> None:
    """Makes a formula of an element that stands for one."""
    tail = element.tail
    parent = element.getparent()
    element.clear()
    element.tag, element.tail = "math", tail
    element.set("alttext", tex)
    if parent is not None and "math" in classes_of(parent):
        element.set("display", "block")


def read_metadata(named: Mapping[str, list[str]]) -> dict[str, object]:
    """Returns the fields of ``Metadata`` that the head of a chapter names."""
    texts = names.TEXT_FIELDS | {names.TITLE: "title", names.ALTERNATIVE: "subtitle"}
    found: dict[str, object] = {
        field: named[name][0] for name, field in texts.items() if name in named
    }
    found |= {field: tuple(named[name]) for name, field in _LISTS.items() if name in named}
    found |= {
        field: read_timestamp(named[name][0]) for name, field in _DATES.items() if name in named
    }
    rights = named.get(names.ACCESS_RIGHTS, [])
    if names.DRAFT in rights:
        found["is_draft"] = True
    elif rights:
        audiences = [one for one in rights if one != names.UNLISTED]
        unlisted = [one for one in rights if one == names.UNLISTED]
        found["audience"] = next(iter(audiences), "")
        found["visibility"] = next(iter((*audiences[1:], *unlisted)), "")
    return found


_LISTS = {names.CREATOR: "authors", names.SUBJECT: "tags"}
_DATES = {names.ISSUED: "published", names.MODIFIED: "updated"}
