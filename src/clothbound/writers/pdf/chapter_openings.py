"""Sets the first words of chapters apart: a drop cap, or an opening line of small capitals."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from ...lazy_pattern import lazy_pattern
from .fonts import Measure

# What may stand in a line of small capitals: the italic has none.
_ROMAN = frozenset(("a", "strong"))
# A letter, with the quotation mark before it, and the words after it up to the first sign.
_FIRST_WORDS = lazy_pattern(r"([“‘«„¿¡]?[^\W\d_])((?:[^\W\d_’'-]*)(?: [^\W\d_]+){0,3})(?![^\W\d_])")


def set_drop_cap(first: Element, measure: Measure, width: float, lines: int) -> None:
    """Puts the first letter of a chapter's first paragraph into a ``span.drop``, and the rest of its
    first words into small capitals. ``lines``: how many stand beside the letter.

    A paragraph that would not reach round the letter has the small capitals only, and one that does
    not begin with a letter has neither.
    """
    if first.tag != "p" or first.get("class", "ragged") != "ragged":
        return
    text = (first.text or "").lstrip()
    match = _FIRST_WORDS.match(text)
    if match is None or not measure.has(match[0]):
        return
    reaches = measure.width("".join(first.itertext())) > width * (lines + 0.2)
    drop = Element("span", {"class": "drop" if reaches else "drop-words"})
    drop.text = match[1]
    words = Element("span", {"class": "drop-words"})
    words.text = match[2]
    words.tail = text[match.end() :]
    first.text = None
    first.insert(0, drop)
    first.insert(1, words)


def set_opening_line(first: Element, measure: Measure, width: float, spacing: float) -> None:
    """Puts as many words of a chapter's first paragraph as fill a line into a ``span.lead``; where a
    long word follows, so that they would be far apart, into a ``span.lead-words``, after which text goes
    on in the line.

    It is left out where ``opening_line`` says so, or the paragraph begins in italics or with a picture.
    """
    if first.tag != "p" or first.get("class", "ragged") != "ragged":
        return
    text, complete = _roman_text(first)
    opening = opening_line(text, measure, width, spacing, complete=complete)
    if opening is None:
        return
    length, fills = opening
    lead = Element("span", {"class": "lead" if fills else "lead-words"})
    _split(first, length, lead)
    first.insert(0, lead)


def _roman_text(paragraph: Element) -> tuple[str, bool]:
    """Returns the roman text that the paragraph begins with, and whether that is all of it."""
    parts = [paragraph.text or ""]
    for child in paragraph:
        # A link within the book may get the number of a page set after it.
        if child.tag not in _ROMAN or len(child) or child.get("href", "").startswith("#"):
            return "".join(parts), False
        parts.append(child.text or "")
        parts.append(child.tail or "")
    return "".join(parts), True


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


# Words that fill less of the line than this share are not set as its opening.
_SHORTEST = 0.4
# Each space between words of the opening line may grow by so many em to fill it.
_WIDEST_GAP = 0.5


def opening_line(
    text: str, measure: Measure, width: float, spacing: float, *, complete: bool
) -> tuple[int, bool] | None:
    """Returns how many characters of ``text`` stand on a line of ``width`` points, and whether they fill
    it well when it is justified. Returns None if the paragraph is shorter than that line, if a long word
    leaves most of it empty, or if characters have no small capitals.

    ``spacing`` is the letter-spacing of the line in em. ``text`` is the roman text that a paragraph
    begins with; ``complete`` says whether that is all of it. If not, its last word may go on in what
    follows.
    """
    length, used = 0, 0.0
    while length < len(text):
        space = text.find(" ", length)
        if space < 0 and not complete:
            return None
        stop = len(text) if space < 0 else space + 1
        more = measure.small_caps_width(text[length:stop], spacing)
        if used + more > width:
            break
        used += more
        length = stop
    else:
        return None
    opening = text[:length]
    if used < width * _SHORTEST or not measure.has(opening) or not any(map(str.islower, opening)):
        return None
    fills = width - used <= _WIDEST_GAP * measure.size * opening.strip().count(" ")
    return length, fills
