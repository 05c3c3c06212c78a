"""Changes a chapter's tree for print: marks links and headings, and keeps words and pictures within
the page.

The tree is ``xml.etree``'s. CSS has no selectors for these cases.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from xml.etree.ElementTree import Element, SubElement

from ...lazy_pattern import lazy_pattern
from ...model.plain_text import is_heading_text
from ...title_text import plain_title
from ...web.addresses import is_address
from ...web.html_elements import BLOCKS, SHORT_NUMBER
from .fonts import Measure
from .page_format import PageFormat
from .print_target import BETWEEN_MARKS

LINKED_KEY = "data-key"
"""The attribute of links into the book that holds the key of the target post."""
NAMED = "data-named"
"""The attribute of links on pictures that words beside the picture repeat."""
OWN_LINE = "own-line"
"""The class of pictures in a paragraph that are set on lines of their own."""
BOLD_HEADING = "bold-heading"
"""The class of a paragraph in bold that is a heading for its author."""
HANGING = "hanging"
"""The class of a paragraph of verse in which the turned part of a line is indented."""

_INDENTING = frozenset(("blockquote", "ul", "ol", "dd"))
_DEEPEST_INDENT = 6
_LONGEST_WORD = 24
_LONGEST_IN_CELL = 12
# Excludes scripts written without spaces, which have line-breaking rules of their own.
SPACED = r"[^\s\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]"
_LONG_WORD = lazy_pattern(f"{SPACED}{{{_LONGEST_WORD + 1},}}")
_LONG_IN_CELL = lazy_pattern(f"{SPACED}{{{_LONGEST_IN_CELL + 1},}}")
_SHORTER_THAN_HALF = 35
# Beside such a word few others fit on a line; justification would spread them.
_HALF_A_LINE = lazy_pattern(f"{SPACED}{{{_SHORTER_THAN_HALF + 1},}}")
# Matches the parts of an address or file name after which a line may end, up to a length.
_WORD_PIECE = lazy_pattern(r"[^/._?&=:,;~%+#-]{1,30}[/._?&=:,;~%+#-]*|[/._?&=:,;~%+#-]+")
_LETTERS = 60
_MARKS_AROUND = lazy_pattern(r"^[^\w]+|[^\w]+$")
_TASK_BOXES = ("span[@class='task']", "p/span[@class='task']")
FOOT_NOTE = "foot-note"
"""The class of a note that WeasyPrint sets at the foot of a page; an author's own ``note`` is another."""
_NOTES = frozenset((FOOT_NOTE, "noteref", "mark", BETWEEN_MARKS))
"""The classes of notes within the text, of their marks, and of the numbers of addresses."""
_REST_OF_WORD = lazy_pattern(rf"(?:[-'\u2019\u2010\u2011]?(?:(?={SPACED})\w)+)+")
"""Matches the letters right behind a link that end its last word, as in a possessive."""
_FEW_LINES = 2.5
_THREAD = 20
"""A picture this many times as high as wide is treated as a thread."""


def name_links(chapter: Element, keys: Mapping[str, str]) -> None:
    """Adds the key of the target post to links into the book, since the link's id does not always
    reveal it.

    ``keys`` are the keys by the links' addresses.
    """
    for link in chapter.iter("a"):
        key = keys.get(link.get("href", ""))
        if key is not None:
            link.set(LINKED_KEY, key)


def name_picture_links(chapter: Element, title_of: Callable[[str], str]) -> None:
    """Gives pictures that lead to other posts of the book words that lead there too, which can show a page
    number: their caption, or the other post's title, which ``title_of`` returns by its key.

    Cards have the title of what they lead to.
    """
    own_key = chapter.get("id")
    for parent in [
        e for e in chapter.iter() if "embed-thumbnail" not in e.get("class", "").split()
    ]:
        for link in list(parent):
            key = link.get(LINKED_KEY, "")
            leads_away = link.tag == "a" and key not in ("", own_key)
            if not leads_away or link.find(".//img") is None or "".join(link.itertext()).strip():
                continue
            link.set(NAMED, "")
            named = Element("a", {"href": link.get("href", ""), LINKED_KEY: key})
            named.text = title_of(key)
            if parent.tag == "figure":
                _name_in_caption(parent, named)
            else:
                named.tail, link.tail = link.tail, " "
                parent.insert(list(parent).index(link) + 1, named)


def _name_in_caption(figure: Element, named: Element) -> None:
    """Makes ``named`` the caption, or a link of the caption that there is."""
    caption = figure.find("figcaption")
    if caption is None:
        caption = SubElement(figure, "figcaption")
    elif caption.find(".//a") is not None:
        return
    else:
        named.text, caption.text = caption.text, None
        named.extend(list(caption))
        del caption[:]
    caption.append(named)


def mark_references(chapter: Element) -> None:
    """Adds the class ``reference`` to links with text that lead to other posts of the book.

    Titles of cards are excluded, since the line with the card's source is marked, and so are raised
    marks.
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
                _end_word(link)


def _end_word(link: Element) -> None:
    """Takes into a link the letters behind it that end its last word, so that the page number does not part the word."""
    rest = _REST_OF_WORD.match(link.tail or "")
    if rest is None or not "".join(link.itertext())[-1:].isalnum():
        return
    link.tail = (link.tail or "")[rest.end() :]
    if len(link):
        link[-1].tail = (link[-1].tail or "") + rest[0]
    else:
        link.text = (link.text or "") + rest[0]


def _goes_on(parent: Element, position: int) -> bool:
    """Whether a link is only interrupted by a note mark and continues after it."""
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
    """Adds the class ``level`` to elements indented too deeply, which are then not indented
    further.

    Otherwise no room would remain, and the engine would try to break a line of no width at every
    letter.
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
    """Marks links whose text is their address, so that it is not hyphenated.

    A reader who copies or types it would take the hyphen as a part of it.
    """
    for link in chapter.iter("a"):
        if is_address("".join(link.itertext())):
            link.set("class", f"{link.get('class', '')} address".strip())


def break_long_words(chapter: Element) -> None:
    """Allows breaks after signs in long words, and anywhere in very long ones.

    A line must not run into the margin, and the engine's time is quadratic in the length of a word.
    The limits are lower in tables, and in the names of missing pictures, which may stand in a row. Lines of code are already cut, and break characters would only
    be copied with them.
    """
    for element in chapter.iter():
        if element.tag == "table" or "missing-picture" in element.get("class", "").split():
            _break_words(element, _LONG_IN_CELL, _LONGEST_IN_CELL)
    for paragraph in chapter.iter("p"):
        text = "".join(words_without_notes(paragraph))
        if not _has_word_over(text, _SHORTER_THAN_HALF):
            continue
        if not all(map(_is_hyphenated, _HALF_A_LINE.findall(text))):
            paragraph.set("class", f"{paragraph.get('class', '')} ragged".strip())
    _break_words(chapter, _LONG_WORD, _LONGEST_WORD)


def _break_words(root: Element, long: re.Pattern[str], longest: int) -> None:
    stack = [root]
    while stack:
        element = stack.pop()
        if element.text and _has_word_over(element.text, longest):
            element.text = long.sub(_with_breaks, element.text)
        for child in element:
            if child.tail and _has_word_over(child.tail, longest):
                child.tail = long.sub(_with_breaks, child.tail)
            if child.tag != "pre":
                stack.append(child)


def break_words(text: str) -> str:
    """Returns ``text`` with break characters in its long words, as ``break_long_words`` inserts
    them.
    """
    return _LONG_WORD.sub(_with_breaks, text) if _has_word_over(text, _LONGEST_WORD) else text


def _has_word_over(text: str, length: int) -> bool:
    """Whether white space leaves a word of more than ``length`` characters in ``text``.

    Few texts have one, and the patterns of long words try each letter of a text.
    """
    return len(text) > length and max(map(len, text.split()), default=0) > length


def _is_hyphenated(word: str) -> bool:
    """Whether a word is one of letters, perhaps beside marks, at whose hyphens lines end."""
    return len(word) <= _LETTERS and _MARKS_AROUND.sub("", word).isalpha()


def _with_breaks(match: re.Match[str]) -> str:
    word = match[0]
    if word.isalpha() and len(word) <= _LETTERS:
        # A word of letters is hyphenated instead.
        return word
    if len(word) <= _LONGEST_WORD and not any(letter.isalpha() for letter in word):
        return word  # a number
    return "\u200b".join(_WORD_PIECE.findall(word))


def strip_note_spaces(chapter: Element) -> None:
    """Removes the white space between the blocks of footnotes, which WeasyPrint would set as
    lines.
    """
    for note in chapter.iter("span"):
        if FOOT_NOTE not in note.get("class", "").split():
            continue
        for element in note.iter():
            if len(element) and element[0].tag in BLOCKS and not (element.text or "").strip():
                element.text = None
            if element.tag in BLOCKS and not (element.tail or "").strip():
                element.tail = None


def number_lists(chapter: Element, measure: Measure, least_indent: float) -> None:
    """Makes numbered lists begin with their own number, and makes room for long numbers.

    WeasyPrint honours ``start`` only together with the picture sizes in HTML attributes, and sets numbers beside the
    list, however long they are. ``least_indent`` is that of any list in em.
    """
    for numbered in chapter.iter("ol"):
        first = first_number(numbered)
        styles = [f"counter-reset: list-item {first - 1}"] if numbered.get("start") else []
        last = first + len(numbered.findall("li")) - 1
        longest = max(str(first), str(last), key=len)
        if len(longest) > SHORT_NUMBER:
            indent = max(measure.width(f"{longest}. ") / measure.size, least_indent)
            styles.append(f"--number-indent: {indent:.2f}em; --list-outdent: -{indent:.2f}rem")
            numbered.set("class", f"{numbered.get('class', '')} long-numbers".strip())
        if styles:
            numbered.set("style", "; ".join(styles))


def divide_verses(chapter: Element) -> None:
    """Makes a block of each line of verse, for WeasyPrint: CSS indents the turned part of a block alone."""
    for element in chapter.iter():
        classes = element.get("class", "").split()
        is_verse = element.tag == "div" and "verse" in classes
        stanzas = element.iter("p") if is_verse else [element] if HANGING in classes else []
        for stanza in stanzas:
            line = Element("span", {"class": "verse-line"})
            line.text, stanza.text = stanza.text, None
            lines = [line]
            for child in list(stanza):
                stanza.remove(child)
                if child.tag == "br":
                    line = Element("span", {"class": "verse-line"})
                    line.text = child.tail
                    lines.append(line)
                else:
                    line.append(child)
            stanza.extend(lines)


def is_task(item: Element) -> bool:
    """Whether an item of a list begins with the box of a task."""
    return any(item.find(path) is not None for path in _TASK_BOXES)


def hang_tasks(chapter: Element) -> None:
    """Moves the space after the box of a task into it, for WeasyPrint: the box is as wide as the indent. Items without one
    get a class, since the engine does not know ``:has(> p > .task)``.
    """
    for tasks in chapter.iter("ul"):
        if "tasks" in tasks.get("class", "").split():
            for item in tasks.iterfind("li"):
                if not is_task(item):
                    item.set("class", f"{item.get('class', '')} boxless".strip())
    for box in chapter.iter("span"):
        if box.get("class") == "task" and (box.tail or "").startswith(" "):
            box.text, box.tail = f"{box.text} ", (box.tail or "")[1:]


def first_number(numbered: Element) -> int:
    """Returns the first number of a numbered list."""
    start = numbered.get("start", "")
    return int(start) if re.fullmatch(r"-?[0-9]{1,9}", start) else 1


def number_of(element: Element, name: str) -> int:
    """Returns the value of an attribute that is a whole number; 0 if it is anything else."""
    value = element.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() else 0


def pixels_of(picture: Element) -> tuple[int, int]:
    """Returns width and height in pixels; (0, 0) if either is unknown."""
    width, height = (number_of(picture, name) for name in ("width", "height"))
    return (width, height) if width and height else (0, 0)


def mark_bold_headings(chapter: Element) -> None:
    """Adds the class ``BOLD_HEADING`` to paragraphs that are bold throughout, as many authors write
    headings.

    Paragraphs in lists are excluded, since these are items in bold.
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
            paragraph.set("class", BOLD_HEADING)


def classify_pictures(chapter: Element, page: PageFormat, resolution: int) -> None:
    """Classifies pictures within text that are higher than a few lines, and pictures as thin as a
    thread.

    Pictures wide enough to be significant get the class ``own-line``, others ``low``.
    ``resolution`` is used for pictures whose post gives no width, in pixels per inch.
    """
    alone = {id(picture) for figure in chapter.iter("figure") for picture in figure.iter("img")}
    for whole in (e for name in ("p", "td", "th") for e in chapter.iter(name)):
        if "embed-thumbnail" in whole.get("class", "") or not _has_words(whole):
            alone.update(id(picture) for picture in whole.iter("img"))
    for picture in chapter.iter("img"):
        width, height = pixels_of(picture)
        if not width or "formula" in picture.get("class", ""):
            continue
        wide = min(width * 72 / resolution, page.measure)
        if height > width * _THREAD:
            name = "low"
        elif (
            id(picture) in alone
            or picture.get("style")
            or wide * height / width <= page.leading * _FEW_LINES
        ):
            continue
        else:
            name = OWN_LINE if wide > page.measure / 4 else "low"
        picture.set("class", f"{picture.get('class', '')} {name}".strip())


def mark_picture_paragraphs(chapter: Element) -> None:
    """Adds the class ``pictures`` to paragraphs that contain only pictures, which are not set as
    lines of text.
    """
    for paragraph in chapter.iter("p"):
        if paragraph.get("class") or _has_words(paragraph):
            continue
        shown = list(paragraph.iter("img"))
        if shown and not any("formula" in picture.get("class", "") for picture in shown):
            paragraph.set("class", "pictures")


def _has_words(paragraph: Element) -> bool:
    return any(text.strip() for text in paragraph.itertext())


def describe_pictures(chapter: Element, undescribed: str) -> None:
    """Gives pictures without alternative text a text that says so.

    Screen readers skip a picture without one, and PDF/UA forbids it. A decorative one is no part of the text that
    they read, and gets none.
    """
    for picture in chapter.iter("img"):
        if not picture.get("alt", "").strip() and not is_decorative(picture):
            picture.set("alt", undescribed)


def is_decorative(picture: Element) -> bool:
    """Whether a picture of a chapter says that it is decorative."""
    return picture.get("role") == "presentation"


def list_sections(chapter: Element, key: str, level: str) -> list[tuple[str, str]]:
    """Returns the ids and titles of a chapter's headings of one level; headings without an id get
    one.
    """
    found = []
    for number, heading in enumerate(chapter.iter(level), 1):
        words = "".join(words_without_notes(heading, with_formulas=True))
        title = plain_title(" ".join(words.split())).removesuffix(":")
        if title and heading.get("class") != "endnotes-title":
            name = heading.get("id") or f"{key}--section--{number}"
            heading.set("id", name)
            found.append((name, title))
    return found


def is_note(element: Element) -> bool:
    """Whether an element is a note within the text, the mark of one, or the number of an address."""
    return not _NOTES.isdisjoint(element.get("class", "").split())


def words_without_notes(element: Element, *, with_formulas: bool = False) -> Iterator[str]:
    """Yields the text of an element without the notes within it and their marks, or also the TeX of its formulas,
    between dollar signs.
    """
    if is_note(element):
        return
    if with_formulas and element.get("class") == "formula":
        yield f"${element.get('alt', '')}$"
    yield element.text or ""
    for child in element:
        yield from words_without_notes(child, with_formulas=with_formulas)
        yield child.tail or ""
