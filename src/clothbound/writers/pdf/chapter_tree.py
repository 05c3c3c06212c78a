"""What is done to a chapter's tree before it is set: the opening line, headings in bold, tables,
and what would keep the engine busy for ever.

The tree is ``xml.etree``'s. CSS has no selector for any of this, and WeasyPrint no ``::first-line``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from ...html.read.block_builders import cell_span
from ...lazy_pattern import lazy_pattern
from ...model.walk import is_heading_text
from ...web.addresses import is_address
from .fonts import Measure
from .opening_line import opening_line
from .table_widths import MANY_COLUMNS

LINKED_KEY = "data-key"
"""The attribute of links into the book with the key of the post that they lead to."""
OWN_LINE = "own-line"
"""The class of pictures in a paragraph that stand on lines of their own."""

# Roman type in a line of small capitals; the italic has none.
_ROMAN = frozenset(("a", "strong"))
_SHORT_LINES, _TABLE_LINE = 10, 85
"""Lines of a table that stays on one page, and letters across all columns of one, about."""
_INDENTING = frozenset(("blockquote", "ul", "ol", "dd"))
_BLOCKS = frozenset(
    """
    blockquote caption dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre section table
    tbody td th thead tr ul
    """.split()
)
_DEEPEST_INDENT = 6
_LONGEST_WORD = 24
_LONGEST_IN_CELL = 12
# Not of the scripts that are written without spaces, which break by rules of their own.
SPACED = r"[^\s\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]"
_LONG_WORD = lazy_pattern(f"{SPACED}{{{_LONGEST_WORD + 1},}}")
_LONG_IN_CELL = lazy_pattern(f"{SPACED}{{{_LONGEST_IN_CELL + 1},}}")
# Beside it few other words stand in a line; justified, they would stand far apart.
_HALF_A_LINE = lazy_pattern(f"{SPACED}{{36,}}")
# Where an address or a file name may end a line, and how much of it may stand together.
_WORD_PIECE = lazy_pattern(r"[^/._?&=:,;~%+#-]{1,30}[/._?&=:,;~%+#-]*|[/._?&=:,;~%+#-]+")
_LETTERS = 60
_TALL_ROW = 20
"""Lines of a row that may be parted between pages: about half of the smallest."""
_NOTES = frozenset(("note", "noteref", "mark"))
"""The classes of notes that stand within the text, of their marks, and of the numbers of addresses."""
_POINTS = 72 / 200
"""Of a pixel of a picture at the resolution of print.css."""
_FEW_LINES = 2.5
_THREAD = 20
"""A picture so many times as high as it is wide shows nothing."""
# A letter, with the quotation mark before it, and the words after it up to the first sign.
_FIRST_WORDS = lazy_pattern(r"([“‘«„¿¡]?[^\W\d_])((?:[^\W\d_’'-]*)(?: [^\W\d_]+){0,3})(?![^\W\d_])")


def name_links(chapter: Element, keys: Mapping[str, str]) -> None:
    """Gives the links into the book the key of the post that they lead to: a key is not always to be
    told from the id behind it. ``keys``: by the links' addresses.
    """
    for link in chapter.iter("a"):
        key = keys.get(link.get("href", ""))
        if key is not None:
            link.set(LINKED_KEY, key)


def mark_references(chapter: Element) -> None:
    """Gives the links to other posts of the book, as far as they have words, the class ``reference``.

    The title of a card has none, as the line with its source has one, nor has a raised mark.
    """
    own_key = chapter.get("id")
    silent = {
        id(link)
        for element in chapter.iter()
        if element.tag == "sup" or "embed-title" in element.get("class", "").split()
        for link in element.iter("a")
    }
    for parent in chapter.iter():
        for position, link in enumerate(parent):
            leads_away = link.tag == "a" and link.get(LINKED_KEY, own_key) != own_key
            if not leads_away or id(link) in silent or not "".join(link.itertext()).strip():
                continue
            if not _goes_on(parent, position):
                link.set("class", f"{link.get('class', '')} reference".strip())


def _goes_on(parent: Element, position: int) -> bool:
    """Whether a link ends only for the mark of a note, and goes on after it."""
    link = parent[position]
    if link.tail:
        return False
    for following in parent[position + 1 :]:
        if following.tag == "a":
            return following.get("href") == link.get("href")
        if not _NOTES & set(following.get("class", "").split()) or (following.tail or "").strip():
            return False
    return False


def stop_indenting(chapter: Element) -> None:
    """Gives what is indented more than a few levels the class ``level``: no room would be left, and
    the engine tries to break lines of no width at every letter.
    """
    stack = [(chapter, 0)]
    while stack:
        element, depth = stack.pop()
        if element.tag in _INDENTING:
            depth += 1
            if depth > _DEEPEST_INDENT:
                element.set("class", f"{element.get('class', '')} level".strip())
        stack.extend((child, depth) for child in element)


def mark_addresses(chapter: Element) -> None:
    """Marks links that show their address: who copies or types it would take a hyphen for a part."""
    for link in chapter.iter("a"):
        if is_address("".join(link.itertext())):
            link.set("class", f"{link.get('class', '')} address".strip())


def break_long_words(chapter: Element) -> None:
    """Lets long words break after signs, and very long ones anywhere: a line must not run into the
    margin, and the engine's time is quadratic in the length of a word. In tables words are long sooner.
    Lines of code are cut to the columns that there are, so that places to break would only be copied.
    """
    for table in chapter.iter("table"):
        _break_words(table, _LONG_IN_CELL, _LONGEST_IN_CELL)
    for paragraph in chapter.iter("p"):
        if _HALF_A_LINE.search("".join(words_without_notes(paragraph))):
            paragraph.set("class", f"{paragraph.get('class', '')} ragged".strip())
    _break_words(chapter, _LONG_WORD, _LONGEST_WORD)


def _break_words(root: Element, long: re.Pattern[str], longest: int) -> None:
    stack = [root]
    while stack:
        element = stack.pop()
        if element.text and len(element.text) > longest:
            element.text = long.sub(_with_breaks, element.text)
        for child in element:
            if child.tail and len(child.tail) > longest:
                child.tail = long.sub(_with_breaks, child.tail)
            if child.tag != "pre":
                stack.append(child)


def break_words(text: str) -> str:
    """``text`` with places to break in its long words, as ``break_long_words`` makes them."""
    return _LONG_WORD.sub(_with_breaks, text) if len(text) > _LONGEST_WORD else text


def _with_breaks(match: re.Match[str]) -> str:
    word = match[0]
    if word.isalpha() and len(word) <= _LETTERS:
        # Of letters alone: hyphenation knows better.
        return word
    if len(word) <= _LONGEST_WORD and not any(letter.isalpha() for letter in word):
        return word  # a number
    return "\u200b".join(_WORD_PIECE.findall(word))


def close_up_notes(chapter: Element) -> None:
    """Takes the white space between the blocks of notes at the foot: WeasyPrint makes lines of it there."""
    for note in chapter.iter("span"):
        if "note" not in note.get("class", "").split():
            continue
        for element in note.iter():
            if len(element) and element[0].tag in _BLOCKS and not (element.text or "").strip():
                element.text = None
            if element.tag in _BLOCKS and not (element.tail or "").strip():
                element.tail = None


def number_lists(chapter: Element) -> None:
    """Lets a numbered list begin with its own number: WeasyPrint reads ``start`` only together with
    the sizes that HTML gives pictures.
    """
    for numbered in chapter.iter("ol"):
        if numbered.get("start"):
            numbered.set("style", f"counter-reset: list-item {first_number(numbered) - 1}")


def first_number(numbered: Element) -> int:
    """The number that a numbered list begins with."""
    start = numbered.get("start", "")
    return int(start) if re.fullmatch(r"-?[0-9]{1,9}", start) else 1


def number_of(element: Element, name: str) -> int:
    """The value of an attribute that is a whole number; 0 where it is none."""
    value = element.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() else 0


def pixels_of(picture: Element) -> tuple[int, int]:
    """Width and height; 0 and 0 where one is not known."""
    width, height = (number_of(picture, name) for name in ("width", "height"))
    return (width, height) if width and height else (0, 0)


def mark_bold_headings(chapter: Element) -> None:
    """Gives paragraphs that are bold from end to end the class ``bold-heading``: many authors write
    their headings so. One in a list is an item in bold.
    """
    items = {id(p) for name in ("li", "dd") for item in chapter.iter(name) for p in item.iter("p")}
    for paragraph in chapter.iter("p"):
        if (
            id(paragraph) in items
            or paragraph.get("class")
            or (paragraph.text or "").strip()
            or len(paragraph) != 1
        ):
            continue
        child = paragraph[0]
        is_alone = child.tag == "strong" and not (child.tail or "").strip()
        if is_alone and is_heading_text("".join(child.itertext()).strip()):
            paragraph.set("class", "bold-heading")


def mark_tables(chapter: Element) -> None:
    """Gives tables of many columns a class, for smaller type, and those that are short one by which
    they stay on one page. Rows that may be higher than a page have the class ``tall``.
    """
    for table in chapter.iter("table"):
        rows = list(table.iter("tr"))
        columns = max(
            (sum(cell_span(cell.get("colspan", "")) for cell in row) for row in rows), default=0
        )
        classes = [table.get("class", "")]
        if columns > MANY_COLUMNS:
            classes.append("wide")
        if columns and sum(_lines(row, _TABLE_LINE // columns) for row in rows) <= _SHORT_LINES:
            classes.append("short")
        for row in rows:
            if columns and _lines(row, _TABLE_LINE // columns) > _TALL_ROW:
                row.set("class", f"{row.get('class', '')} tall".strip())
        if named := " ".join(filter(None, classes)):
            table.set("class", named)


def _lines(row: Element, letters: int) -> int:
    """The lines that a row takes, about, where a column holds so many ``letters``."""
    return max((1 + len("".join(cell.itertext())) // (letters + 1) for cell in row), default=0)


def tame_pictures(chapter: Element, measure: float, leading: float) -> None:
    """Gives pictures among words that are higher than a few lines a class: ``own-line`` to those that
    are pictures in their own right, ``low`` to others, and to whatever is a thread.

    ``measure`` and ``leading``: points of a line, and from one to the next.
    """
    alone = {id(picture) for figure in chapter.iter("figure") for picture in figure.iter("img")}
    for whole in (e for name in ("p", "td", "th") for e in chapter.iter(name)):
        if "embed-thumbnail" in whole.get("class", "") or not _has_words(whole):
            alone.update(id(picture) for picture in whole.iter("img"))
    for picture in chapter.iter("img"):
        width, height = pixels_of(picture)
        if not width or "formula" in picture.get("class", ""):
            continue
        wide = min(width * _POINTS, measure)
        if height > width * _THREAD:
            name = "low"
        elif (
            id(picture) in alone
            or picture.get("style")
            or wide * height / width <= leading * _FEW_LINES
        ):
            continue
        else:
            name = OWN_LINE if wide > measure / 4 else "low"
        picture.set("class", f"{picture.get('class', '')} {name}".strip())


def mark_picture_paragraphs(chapter: Element) -> None:
    """Gives paragraphs of pictures alone the class ``pictures``: they are set as no line of words is."""
    for paragraph in chapter.iter("p"):
        if paragraph.get("class") or _has_words(paragraph):
            continue
        shown = list(paragraph.iter("img"))
        if shown and not any("formula" in picture.get("class", "") for picture in shown):
            paragraph.set("class", "pictures")


def _has_words(paragraph: Element) -> bool:
    return any(text.strip() for text in paragraph.itertext())


def describe_pictures(chapter: Element, undescribed: str) -> None:
    """Gives pictures without alternative text one that says so: a picture without any is left out by
    screen readers, and no PDF/UA file may have it.
    """
    for picture in chapter.iter("img"):
        if not picture.get("alt", "").strip():
            picture.set("alt", undescribed)


def list_sections(chapter: Element, key: str, level: str) -> list[tuple[str, str]]:
    """The ids and titles of a chapter's headings of one level; those without an id get one."""
    found = []
    for number, heading in enumerate(chapter.iter(level), 1):
        title = " ".join("".join(words_without_notes(heading)).split()).removesuffix(":")
        if title and heading.get("class") != "endnotes-title":
            name = heading.get("id") or f"{key}--section--{number}"
            heading.set("id", name)
            found.append((name, title))
    return found


def words_without_notes(element: Element) -> Iterator[str]:
    """The text of an element without notes, which stand within it, and their marks."""
    if _NOTES & set(element.get("class", "").split()):
        return
    yield element.text or ""
    for child in element:
        yield from words_without_notes(child)
        yield child.tail or ""


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


def set_opening_line(first: Element, measure: Measure, width: float) -> None:
    """Puts as many words of a chapter's first paragraph as fill a line into a ``span.lead``; where a
    long word follows, so that they would be far apart, into a ``span.lead-words``, after which text goes
    on in the line.

    It is left out where ``opening_line`` says so, or the paragraph begins in italics or with a picture.
    """
    if first.tag != "p" or first.get("class", "ragged") != "ragged":
        return
    text, complete = _roman_text(first)
    opening = opening_line(text, measure, width, complete=complete)
    if opening is None:
        return
    length, fills = opening
    lead = Element("span", {"class": "lead" if fills else "lead-words"})
    _split(first, length, lead)
    first.insert(0, lead)


def _roman_text(paragraph: Element) -> tuple[str, bool]:
    """The text that the paragraph begins with, as far as it is roman, and whether that is all."""
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
