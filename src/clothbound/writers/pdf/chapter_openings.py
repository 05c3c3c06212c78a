"""Sets the first words of chapters apart: a drop cap, or an opening line of small capitals."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from ...lazy_pattern import lazy_pattern
from ...web.addresses import is_address
from .fonts import DISPLAY, SERIF, TITLE_SIZE, BookFonts, Measure
from .page_format import PageFormat

# Elements that a line of small capitals may contain. Italics are excluded, since they have no small
# capitals.
_ROMAN = frozenset(("a", "strong"))
# Matches a letter, with the quotation mark before it, and the words after it up to the first
# punctuation. Addresses are excluded, whose capitals may count.
_FIRST_WORDS = lazy_pattern(
    r"([“‘«„¿¡]?[^\W\d_])((?:[^\W\d_’'-]*)(?: [^\W\d_]+){0,3})(?![^\W\d_]|[:./@]\S)"
)


def set_drop_cap(first: Element, measure: Measure, width: float, lines: int) -> None:
    """Puts the first letter of a chapter into a ``span.drop``, and the rest of its first words into
    small capitals.

    ``lines`` is the number of lines beside the letter. A paragraph too short to wrap around the
    letter gets only the small capitals; one that does not begin with a letter gets neither.
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
    """Puts the words that fill the first line of a chapter into a ``span.lead``.

    If a long word follows, so that justification would spread them, they go into a
    ``span.lead-words``, after which the text continues on the line. Nothing is done if
    ``opening_line`` returns None, or if the paragraph begins in italics or with a picture.
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
    """Returns the roman text at the beginning of a paragraph, and whether it is the whole
    paragraph.
    """
    parts = [paragraph.text or ""]
    for child in paragraph:
        # A page number may be added after a link within the book.
        if child.tag not in _ROMAN or len(child) or child.get("href", "").startswith("#"):
            return "".join(parts), False
        parts.append(child.text or "")
        parts.append(child.tail or "")
    return "".join(parts), True


def _split(paragraph: Element, length: int, lead: Element) -> None:
    """Moves the first ``length`` characters of ``paragraph``, with the elements around them, to
    ``lead``.
    """
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


# The least share of the line that words must fill to be set as its opening.
_SHORTEST = 0.4
# The most em by which each space between words of the opening line may grow.
_WIDEST_GAP = 0.5


def opening_line(
    text: str, measure: Measure, width: float, spacing: float, *, complete: bool
) -> tuple[int, bool] | None:
    """Returns the number of characters of ``text`` that fit on a line, and whether they fill it
    well when justified.

    The line is ``width`` points wide; ``spacing`` is its letter-spacing in em. ``text`` is the
    roman text at the beginning of a paragraph; ``complete`` tells whether it is the whole
    paragraph. If not, its last word may continue in the next element. Returns None if the paragraph
    is shorter than the line, if a long word leaves most of the line empty, or if characters have no
    small capitals.
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
    if any(map(is_address, opening.split())):
        return None
    if used < width * _SHORTEST or not measure.has(opening) or not any(map(str.islower, opening)):
        return None
    fills = width - used <= _WIDEST_GAP * measure.size * opening.strip().count(" ")
    return length, fills


# The attribute with the width in points of a large first letter, on the letter and on the break after the
# first line beside it.
BESIDE = "data-beside"
# Elements whose text is as wide as the measure says, or nearly.
_TEXT = frozenset(("a", "b", "cite", "em", "i", "span", "strong"))


def break_beside_drop(
    chapter: Element, page: PageFormat, fonts: BookFonts, size: float, gap: float, spacing: float
) -> None:
    """Ends the first line beside a large first letter, for an engine that has no floats.

    The type of the letter is ``size`` points; ``gap`` is the space after it in em, and ``spacing`` the
    letter-spacing in em of the small capitals that follow. Where the line cannot be filled well, the letter becomes the first of the small capitals.
    """
    paragraph = next((p for p in chapter.iter("p") if len(p) and p[0].get("class") == "drop"), None)
    if paragraph is None:
        return
    drop = paragraph[0]
    letter = Measure(fonts.find(DISPLAY), size, drawn_for=TITLE_SIZE)
    width = letter.width(drop.text or "") + gap * size
    text = Measure(fonts.find(SERIF), page.size)
    place = _end_of_line(paragraph, text, page.measure - width, spacing)
    if place is None:
        drop.set("class", "drop-words")
        return
    mark = f"{width:.2f}"
    drop.set(BESIDE, mark)
    owner, is_tail, length = place
    line_end = Element("br", {BESIDE: mark})
    if is_tail is None:
        words = owner.text or ""
        owner.text, line_end.tail = words[:length].rstrip(), words[length:]
        owner.insert(0, line_end)
    else:
        words = owner.tail or ""
        owner.tail, line_end.tail = words[:length].rstrip(), words[length:]
        is_tail.insert(list(is_tail).index(owner) + 1, line_end)


def _end_of_line(
    paragraph: Element, text: Measure, room: float, spacing: float
) -> tuple[Element, Element | None, int] | None:
    """Returns where the first line of ``paragraph`` ends: the element in whose text or tail it does, the
    parent of a tail, and the number of characters before the end; None if it ends in no good place.
    """
    used, spaces = 0.0, 0
    best: tuple[Element, Element | None, int] | None = None
    best_used = 0.0
    for owner, parent, words, is_small in _texts(paragraph):
        if words is None:
            return None
        for position, character in enumerate(words):
            if character == " ":
                best, best_used, spaces = (owner, parent, position + 1), used, spaces + 1
            if is_small:
                used += text.small_caps_width(character, spacing)
            else:
                used += text.width(character)
            if used > room and character != " ":
                slack = room - best_used
                fills = best is not None and slack <= _WIDEST_GAP * text.size * max(spaces - 1, 0)
                return best if fills else None
    return None


def _texts(
    element: Element, *, is_small: bool = False
) -> Iterator[tuple[Element, Element | None, str | None, bool]]:
    """Yields the texts below ``element`` but for the first letter: the element that has each as its text, or
    as its tail together with that element's parent; whether it is in small capitals. Yields None as the text
    of what has no known width.
    """
    yield element, None, element.text or "", is_small
    for child in list(element):
        kind = child.get("class", "")
        if kind != "drop":
            # A page number may be added after a link within the book.
            has_page = child.get("href", "").startswith("#")
            if child.tag not in _TEXT or has_page or "noteref" in kind.split():
                yield child, None, None, False
                return
            yield from _texts(child, is_small=kind == "drop-words")
        yield child, element, child.tail or "", is_small
