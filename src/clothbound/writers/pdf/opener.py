"""What is done to a chapter's tree before it is set: the opening line, headings in bold, tables.

The tree is ``xml.etree``'s. CSS has no selector for any of this, and WeasyPrint no ``::first-line``.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from .fonts import Measure

LEAD_SPACING = 0.06
"""Letter-spacing of the opening line, in em; print.css has the same."""

# Roman type in a line of small capitals; the italic has none.
_ROMAN = frozenset(("a", "strong"))
_MANY_COLUMNS = 6


def mark_bold_headings(chapter: Element) -> None:
    """Gives paragraphs that are bold from end to end the class ``bold-heading``: many authors write
    their headings so.
    """
    for paragraph in chapter.iter("p"):
        if paragraph.get("class") or (paragraph.text or "").strip() or len(paragraph) != 1:
            continue
        child = paragraph[0]
        if child.tag == "strong" and not (child.tail or "").strip():
            text = "".join(child.itertext()).strip()
            if text and len(text) < 100 and text[-1] not in ".,;":
                paragraph.set("class", "bold-heading")


def mark_wide_tables(chapter: Element) -> None:
    """Gives tables of many columns a class, for smaller type."""
    for table in chapter.iter("table"):
        columns = max((len(row) for row in table.iter("tr")), default=0)
        if columns > _MANY_COLUMNS:
            table.set("class", f"{table.get('class', '')} wide".strip())


def set_opening_line(first: Element, measure: Measure, width: float) -> None:
    """Puts as many words of a chapter's first paragraph as fill a line into a ``span.lead``.

    It is left out where the paragraph is shorter than that line, begins in italics or with a
    picture, or has characters without small capitals.
    """
    if first.tag != "p" or first.get("class"):
        return
    words = _opening_words(first)
    length = 0
    used = 0.0
    for word in words:
        more = measure.small_caps_width(word, LEAD_SPACING)
        if used + more > width:
            break
        used += more
        length += len(word)
    else:
        return
    text = "".join(words)[:length]
    if used < width * 0.72 or not measure.has(text) or not any(c.islower() for c in text):
        return
    lead = Element("span", {"class": "lead"})
    _split(first, length, lead)
    first.insert(0, lead)


def _opening_words(paragraph: Element) -> list[str]:
    """The words that the paragraph begins with, each with the space after it, as far as they are
    roman.
    """
    parts = [paragraph.text or ""]
    complete = True
    for child in paragraph:
        # A link within the book may get the number of a page set after it.
        if child.tag not in _ROMAN or len(child) or child.get("href", "").startswith("#"):
            complete = False
            break
        parts.append(child.text or "")
        parts.append(child.tail or "")
    text = "".join(parts)
    words: list[str] = []
    start = 0
    while start < len(text):
        end = text.find(" ", start)
        end = len(text) if end < 0 else end + 1
        words.append(text[start:end])
        start = end
    # A last word without a space may go on in an element that was not looked at.
    if not complete and words and not words[-1].endswith(" "):
        words.pop()
    return words


def _split(paragraph: Element, length: int, lead: Element) -> None:
    """Moves the first ``length`` characters of ``paragraph``, and what they stand in, to ``lead``."""
    text = paragraph.text or ""
    paragraph.text = None
    lead.text, lead.tail = text[:length], text[length:]
    rest = length - len(text)
    while rest > 0:
        child = paragraph[0]
        inner = child.text or ""
        if len(inner) > rest:
            head = Element(child.tag, dict(child.attrib))
            head.text, child.text = inner[:rest], inner[rest:]
            child.attrib.pop("id", None)
            lead.append(head)
            return
        paragraph.remove(child)
        tail = child.tail or ""
        rest -= len(inner)
        lead.append(child)
        child.tail, lead.tail = tail[:rest], tail[rest:]
        rest -= len(tail)
