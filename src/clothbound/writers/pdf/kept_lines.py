"""Marks verse that stands in paragraphs, and what pages do not part.

They do not part verses and quotations of few lines, nor a paragraph from what it announces.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from ...lazy_pattern import lazy_pattern
from ...model.verse import find_verse, has_lines_of_verse
from ...web.html_elements import BLOCKS, HEADINGS
from .chapter_tree import BOLD_HEADING, HANGING, is_note
from .code_lines import CODE_TITLE
from .fonts import Measure
from .page_format import PageFormat
from .theme import Theme

LINES, PARTED = "lines", "parted"
"""The classes of a paragraph of verse, and of a paragraph that a blank line parts from the one before it."""
WHOLE = "whole"
"""The class of such a text."""
LEADS_IN, FOLLOWS = "leads-in", "data-follows"
"""The class of a paragraph that stays with what it announces, and the attribute of a paragraph below another where the
upper or the lower one stays with what follows."""
_MOST_LINES = 6
_MOST_LEADING_IN = 3
"""The most lines of a paragraph that a page may lack at its end, so that it stays with what it announces."""
_RUNNING = frozenset(("p", "hr", *HEADINGS))
_COLONS = (":", "\uff1a")
_SENTENCE_ENDS = (".", "!", "?", "\u2026", "\u3002", "\uff01", "\uff1f", "\u0964", "\u061f")
_QUESTIONS = ("?", "\uff1f", "\u061f", "\u037e")
_EMPHASIS = frozenset(("strong", "b", "em", "i"))
_SPEAKER = lazy_pattern(r"[^\s:\uff1a.?!]{1,20}(?: [^\s:\uff1a?!]{1,20}){0,3} ?[:\uff1a]")
"""Who speaks, before what is said: ``Q:``, or a name."""
_CLOSING = "\"'\u201d\u2019)"
_LOOSE = 1.03
"""The factor by which lines are longer than measured, since few are filled to their end."""


def mark_verse(chapter: Element) -> None:
    """Marks paragraphs of verse: an indent would move their first lines alone, and the turned part of a line hangs.

    A blank line parts stanzas, and verse from prose, but for the name behind a quotation.
    """
    if next(chapter.iter("br"), None) is None:
        return
    for parent in chapter.iter():
        if parent.tag in ("td", "th") or parent.find("p//br") is None:
            continue
        if "verse" in parent.get("class", "").split():
            for stanza in parent.iter("p"):
                _lift_breaks(stanza)
            continue
        blocks = list(parent)
        is_quoted = parent.tag == "blockquote"
        lines = list(map(_broken_lines, blocks))
        verse = find_verse(lines, is_quoted=is_quoted)
        for place, block in enumerate(blocks):
            before = place > 0 and blocks[place - 1].tag == block.tag == "p"
            kinds = [verse[place - 1], verse[place]] if before else []
            if verse[place]:
                _add_class(block, LINES)
                if has_lines_of_verse(lines[place]):  # a quotation may break prose, too
                    _add_class(block, HANGING)
                    _lift_breaks(block)
            if any(kinds) and not (is_quoted and _names_source(block)):
                _add_class(block, PARTED)


def _lift_breaks(element: Element) -> None:
    """Ends the elements within a line where it ends and begins them again, so that each line is apart."""
    for place, child in reversed(list(enumerate(element))):
        if child.tag == "ruby" or is_note(child):
            continue
        _lift_breaks(child)
        if child.find("br") is not None:
            element[place : place + 1] = _parts_between_breaks(child)


def _parts_between_breaks(element: Element) -> list[Element]:
    part = Element(element.tag, element.attrib)
    part.text = element.text
    parts = [part]
    following = {name: value for name, value in element.attrib.items() if name != "id"}
    for child in element:
        if child.tag != "br":
            part.append(child)
            continue
        part = Element(element.tag, following)
        part.text, child.tail = child.tail, None
        parts += [child, part]
    part.tail = element.tail
    return parts


def _names_source(block: Element) -> bool:
    """Whether a paragraph behind a quotation says whose it is."""
    return "".join(block.itertext()).lstrip()[:1] in ("—", "–", "―", "-", "~")


def _broken_lines(block: Element) -> tuple[str, ...]:
    """Returns the lines of a paragraph, as ``find_verse`` takes them."""
    if block.tag != "p" or block.find(".//br") is None or block.find(".//img") is not None:
        return ()
    return tuple(line for line in "".join(_texts(block)).split("\n") if line.strip())


def mark_kept_lines(chapter: Element, measure: Measure, page: PageFormat, theme: Theme) -> None:
    """Marks each verse, each stanza and each quotation of up to six lines, which are counted by their width.

    ``measure`` measures running text, and ``page`` is in the theme's type. A quotation with a list, a table or a
    picture stays unmarked.
    """
    verse_indent = float(theme.spaces["verse-indent"].removesuffix("em")) * page.size
    # Letters of a quotation are smaller than those that are measured.
    quote_room = page.measure / theme.quote.size - theme.indents()["blockquote"] * page.size
    for element in chapter.iter():
        classes = element.get("class", "").split()
        if element.tag == "blockquote" and "pullquote" not in classes:
            texts = [child for child in element if child.tag in BLOCKS or child.tag == "img"]
            if all(child.tag == "p" for child in texts):
                _mark(element, sum(_lines(text, measure, quote_room) for text in texts))
        elif HANGING in classes:
            _mark(element, _lines(element, measure, page.measure))
        elif "verse" in classes:
            stanzas = list(element.iter("p"))
            counts = [_lines(one, measure, page.measure - 2 * verse_indent) for one in stanzas]
            for stanza, lines in zip(stanzas, counts, strict=True):
                _mark(stanza, lines)
            _mark(element, sum(counts))


def _mark(element: Element, lines: int) -> None:
    if 0 < lines <= _MOST_LINES:
        _add_class(element, WHOLE)


def mark_lead_ins(chapter: Element, measure: Measure, page: PageFormat) -> None:
    """Marks each short paragraph that announces the code, the list, the table or the like below it.

    It ends with a colon, is a line above a table without the end of a sentence, or asks what the paragraph below answers.
    """
    for parent in chapter.iter():
        if is_note(parent):
            continue
        blocks = list(parent)
        for before, block, below in zip([None, *blocks], blocks, blocks[1:], strict=False):
            most = _lines_that_announce(block, below)
            if most and _lines(block, measure, page.measure) <= most:
                _add_class(block, LEADS_IN)
                if before is not None and before.tag == "p":
                    block.set(FOLLOWS, "p")
                if below.tag == "p":
                    below.set(FOLLOWS, "p")


def _lines_that_announce(block: Element, below: Element) -> int:
    """Returns the most lines with which a paragraph announces the block below it; 0 if its words do not."""
    classes = block.get("class", "").split()
    if block.tag != "p" or {LINES, PARTED, BOLD_HEADING}.intersection(classes):
        return 0
    words = "".join(_texts(block)).strip()
    is_code_title = below.get("class") == CODE_TITLE
    if below.tag == "p" and not is_code_title:
        return _MOST_LEADING_IN if _asks(block, words) else 0
    is_apart = below.tag not in _RUNNING or is_code_title
    if is_apart and words.endswith(_COLONS):
        return _MOST_LEADING_IN
    is_label = "table" in below.get("class", "").split() and bool(words)
    return int(is_label and not words.rstrip(_CLOSING).endswith(_SENTENCE_ENDS))


def _asks(block: Element, words: str) -> bool:
    """Whether a paragraph is a question of an interview: emphasized from its beginning, or behind the name of who asks."""
    begins_emphasized = (
        not (block.text or "").strip() and len(block) > 0 and block[0].tag in _EMPHASIS
    )
    is_question = words.rstrip(_CLOSING).endswith(_QUESTIONS)
    return is_question and (begins_emphasized or _SPEAKER.match(words) is not None)


def _add_class(element: Element, name: str) -> None:
    element.set("class", f"{element.get('class', '')} {name}".strip())


def _lines(paragraph: Element, measure: Measure, room: float) -> int:
    """Counts the lines of a paragraph, which end where they are full and where the author broke them."""
    lines = "".join(_texts(paragraph)).split("\n")
    return sum(max(1, math.ceil(measure.width(line.strip()) * _LOOSE / room)) for line in lines)


def _texts(element: Element) -> Iterator[str]:
    """Yields the texts of an element without its notes; only what the author broke has an end of a line."""
    if is_note(element):
        return
    if element.tag == "br":
        yield "\n"
    yield " ".join((element.text or "").splitlines())
    for child in element:
        yield from _texts(child)
        yield " ".join((child.tail or "").splitlines())
