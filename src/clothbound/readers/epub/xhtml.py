"""Parses the documents of an EPUB, and asks their elements what they are.

A document is XHTML, so it is parsed as XML, in which ``<a id="x"/>`` ends where it begins. One that is not well-formed
is parsed as HTML and reported. Document types, and with them every entity that a book declares, are removed first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html.entities import html5
from typing import Any, TypeAlias

from lxml import etree

from ...lazy_pattern import lazy_pattern
from ...untrusted_xml import PARSER_OPTIONS
from ...web.html_elements import BLOCKS, VOID, XML_ATTRIBUTE, XML_NAME
from ..html_post import decode_html
from ..text_files import BadPostError

Element: TypeAlias = Any
"""An element of lxml, whose names have no namespace: ``epub:type`` is the attribute ``TYPE``."""

TYPE = "data-epub-type"
_NAMES = {
    "{http://www.idpf.org/2007/ops}type": TYPE,
    "epub:type": TYPE,
    "{http://www.w3.org/XML/1998/namespace}lang": "lang",
    "xml:lang": "lang",
    "{http://www.w3.org/XML/1998/namespace}id": "id",
    "{http://www.w3.org/1999/xlink}href": "href",
    "xlink:href": "href",
}
_DECLARED = lazy_pattern(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{2,40})")
_DECLARATION = lazy_pattern(r"(?<!\s)\s*+<\?xml[^<>]*\?>")
_DOCTYPE = lazy_pattern(r"<!DOCTYPE[^<>\[]*(?:\[[^\]]*(?:\](?!\s*>)[^\]]*)*\]\s*)?>", re.I)
_ENTITY = lazy_pattern(r"&([A-Za-z][A-Za-z0-9]{0,40});")
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_EMPTY = lazy_pattern(r"<([A-Za-z][\w:-]*)((?:\s[^<>]*?)?)/>")
_WORD = lazy_pattern(r"\w+")


def parse_document(data: bytes) -> tuple[Element, str]:
    """Returns the root element of a document, and a message about repairs, if any.

    Raises BadPostError for a document that is nested too deeply or is empty.
    """
    text, repaired = decode_markup(data)
    markup = text.encode("utf-8", "replace")
    options = {**PARSER_OPTIONS, "encoding": "utf-8", "remove_comments": True}
    parser = etree.XMLParser(**options)
    try:
        root = etree.fromstring(markup, parser)
    except etree.XMLSyntaxError as error:
        if {entry.domain_name for entry in parser.error_log} == {"NAMESPACE"}:
            # Programs forget to declare ``epub:`` and ``mbp:``; names are read without what they stand for.
            root = etree.fromstring(markup, etree.XMLParser(**options, recover=True))
        else:
            root = _parse_html(text)
            message = f"is not well-formed XHTML: {error.msg}"
            repaired = "; ".join(filter(None, (repaired, message)))
    _simplify_names(root)
    return root, repaired


def decode_markup(data: bytes) -> tuple[str, str]:
    """Returns the text of an XML file without its declaration and document type, and a message about repairs, if any.

    Entities of HTML, which books use without declaring them, are the characters that they name.
    """
    text, repaired = _decode(data)
    text = _DECLARATION.sub("", text, count=1)
    text = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    return _ENTITY.sub(_character, _DOCTYPE.sub("", text, count=1)), repaired


def _decode(data: bytes) -> tuple[str, str]:
    declared = _DECLARED.match(data)
    name = declared[1].decode() if declared else ""
    if name.lower() not in ("", "utf-8", "utf8"):
        try:
            return data.decode(name), ""
        except (LookupError, UnicodeError):
            pass
    return decode_html(data)


def _character(match: re.Match[str]) -> str:
    name = match[1]
    found = None if name in _OF_XML else html5.get(f"{name};")
    if found is None:
        return match[0] if name in _OF_XML else f"&amp;{name};"
    return found.replace("&", "&amp;").replace("<", "&lt;")


def _parse_html(text: str) -> Element:
    text = _EMPTY.sub(lambda m: m[0] if m[1].lower() in VOID else f"<{m[1]}{m[2]}></{m[1]}>", text)
    parser = etree.HTMLParser(no_network=True, remove_comments=True, encoding="utf-8")
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        raise BadPostError("is empty")
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise BadPostError("is nested too deeply")
    return root


def _simplify_names(root: Element) -> None:
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            remove_element(element)
            continue
        tag = element.tag.rpartition("}")[2]
        tag = tag if "svg" in element.tag else tag.rpartition(":")[2].lower()
        # A repaired tag may have names that XML cannot write, such as `p"`.
        element.tag = tag if XML_NAME.fullmatch(tag) else "span"
        given = element.attrib.items()
        if not all(XML_ATTRIBUTE.fullmatch(name) for name, _ in given):
            kept = {name: value for name, value in given if XML_ATTRIBUTE.fullmatch(name)}
            for name, value in given:
                if name in _NAMES:
                    kept.setdefault(_NAMES[name], value)
            # All at once, since lxml refuses to look up some names that its parser of HTML gives, such as `{a`.
            element.attrib.clear()
            element.attrib.update(kept)
    etree.cleanup_namespaces(root)


def body_of(root: Element) -> Element:
    """Returns the body of a document, or its root if it has none."""
    found = root.find("body")
    if found is None:
        found = next(root.iter("body"), None)
    return root if found is None else found


def parse_fragment(markup: str) -> Element:
    """Returns the element that ``markup_of`` wrote."""
    parser = etree.XMLParser(**PARSER_OPTIONS, encoding="utf-8")
    return etree.fromstring(markup.encode(), parser)


def store_fragment(element: Element) -> str:
    """Returns an element as text, from which ``parse_fragment`` makes it again."""
    text: str = etree.tostring(element, encoding="unicode", with_tail=False)
    return text


def html_of(element: Element) -> str:
    """Returns an element as HTML."""
    text: str = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    return text


def html_in(element: Element) -> str:
    """Returns the content of an element as HTML."""
    from ...escape import escape

    parts = [escape(element.text or "")]
    for child in element:
        parts.append(html_of(child))
        parts.append(escape(child.tail or ""))
    return "".join(parts)


def types_of(element: Element) -> frozenset[str]:
    """Returns the terms of ``epub:type`` and ARIA's roles of documents, without their prefix ``doc-``."""
    found = element.get(TYPE)
    role = element.get("role", "")
    if found is None and not role:
        return frozenset()
    names = (found or "").split()
    names += [name[4:] for name in role.split() if name.startswith("doc-")]
    return frozenset(name.rpartition(":")[2] for name in names)


def classes_of(element: Element) -> list[str]:
    """Returns the classes of an element."""
    found: str = element.get("class", "")
    return found.split()


def text_of(element: Element) -> str:
    """Returns the text of an element on one line."""
    return " ".join("".join(element.itertext()).split())


def words_of(element: Element) -> str:
    """Returns the text of an element on one line, with a space between its blocks."""
    pieces = []
    for event, part in etree.iterwalk(element, ("start", "end")):
        text = part.text if event == "start" else part.tail
        if is_block(part) or part.tag == "br":
            pieces.append(" ")
        if text and (event == "start" or part is not element):
            pieces.append(text)
    return " ".join("".join(pieces).split())


def count_words(text: str) -> int:
    """Returns the number of words of a text, about: those of scripts without spaces count as one."""
    return sum(1 for _ in _WORD.finditer(text))


def elements_by_id(top: Element) -> dict[str, Element]:
    """Returns the elements below ``top`` by their ids, in order; anchors of older books by their names too."""
    found: dict[str, Element] = {}
    for element in top.iter():
        for name in (element.get("id"), element.get("name") if element.tag == "a" else None):
            if name:
                found.setdefault(name, element)
    return found


def is_block(element: Element) -> bool:
    """Returns whether an element is a block of text."""
    return element.tag in BLOCKS


def begins_block(element: Element, block: Element) -> bool:
    """Returns whether no word of a block stands before an element in it."""
    for event, part in etree.iterwalk(block, ("start", "end")):
        if part is element:
            return True
        text = part.text if event == "start" else part.tail
        if text and any(map(str.isalnum, text)):
            return False
    return True


def ancestors_in(element: Element, top: Element) -> Iterator[Element]:
    """Yields the elements around ``element``, below ``top``."""
    parent = element.getparent()
    while parent is not None and parent is not top:
        yield parent
        parent = parent.getparent()


def remove_element(element: Element) -> None:
    """Removes an element with its content; the text after it stays."""
    parent = element.getparent()
    if parent is None:
        return
    _append_text(element, element.tail or "")
    element.tail = None
    parent.remove(element)


def unwrap_element(element: Element) -> None:
    """Replaces an element by its content."""
    parent = element.getparent()
    if parent is None:
        return
    _append_text(element, element.text or "")
    position = parent.index(element)
    children = list(element)
    tail = element.tail or ""
    parent.remove(element)
    for offset, child in enumerate(children):
        parent.insert(position + offset, child)
    if children:
        children[-1].tail = (children[-1].tail or "") + tail
    else:
        _insert_text(parent, position, tail)


def _append_text(element: Element, text: str) -> None:
    """Adds text before an element."""
    if not text:
        return
    previous, parent = element.getprevious(), element.getparent()
    if previous is not None:
        previous.tail = (previous.tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _insert_text(parent: Element, position: int, text: str) -> None:
    if not text:
        return
    if position:
        before = parent[position - 1]
        before.tail = (before.tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def has_content(element: Element) -> bool:
    """Returns whether an element shows anything: words, or a picture."""
    if any(text.strip() for text in element.itertext()):
        return True
    return (
        next(element.iter("img", "svg", "video", "audio", "math", "iframe", "hr"), None) is not None
    )


def remove_empty(element: Element, top: Element) -> None:
    """Removes an element without content, and those around it that are then without."""
    while element is not None and element is not top and not has_content(element):
        parent = element.getparent()
        remove_element(element)
        element = parent


def split_before(body: Element, element: Element) -> Element:
    """Moves ``element`` and everything after it to a new body, and returns that.

    The elements around it are doubled, without their ids.
    """
    while element.getparent() is not body and element.getparent() is not None:
        parent = element.getparent()
        twin = etree.Element(parent.tag, dict(parent.attrib))
        twin.attrib.pop("id", None)
        _move_from(parent, element, twin)
        parent.addnext(twin)
        # ``addnext`` moves the text after an element along with it.
        twin.tail, parent.tail = parent.tail, None
        element = twin
    new_body = etree.Element("body")
    _move_from(body, element, new_body)
    return new_body


def _move_from(parent: Element, first: Element, target: Element) -> None:
    position = parent.index(first)
    for child in list(parent)[position:]:
        target.append(child)


def iter_elements(element: Element, names: Iterable[str]) -> list[Element]:
    """Returns the elements of these names below ``element``, in order, as a list that may be changed."""
    return list(element.iter(*names))
