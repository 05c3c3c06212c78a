"""Breaks titles into lines of about the same length, and cuts them to fit the running heads."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement

from ...lazy_pattern import lazy_pattern
from ...matter import ChapterHead, Matter
from .fonts import SERIF, SIGN, TITLE_SIZE, Measure
from .kept_words import KOREAN_WORD
from .page_format import PageFormat
from .theme import DisplayType, Theme
from .word_elements import LONG_WORD, find_long_words, mark_words

_TOGETHER = lazy_pattern(
    r"((?=\S{1,24}(?:\s|$))(?<!\S)\w[^\s-]*(?:-[^\s-]+)+|(?<!\S)[^\W\d_]{1,12}\.? \d{1,3}(?![\w.,]*\d)"
    rf"|{KOREAN_WORD})"
)
"""Matches what must not be broken: a compound with a hyphen, a word with its number (``Part 2``), and a Korean word."""
_UNBROKEN = str.maketrans("- ", "\u2010\xa0")
"""The hyphen and the space after which no piece ends; the measured fonts have both, as wide as the usual ones."""
_JOINED = str.maketrans({"-": "-\u2060", " ": "\xa0"})
"""The same for the page: the hyphen stays, and a word joiner behind it ends no line."""
_DIRECTED = frozenset(("R", "AL", "LRI", "RLI"))
"""The classes of letters that are read from the right, and of characters that isolate a run (Unicode Annex 9)."""
_SPARE = 1.02
"""The factor by which the engine's lines may be wider than measured."""
# Matches the pieces after which an engine may end a line without adding a hyphen.
_PIECE = lazy_pattern(r"[^ \u200b–—-]+[ \u200b–—-]*|[ \u200b–—-]+")
_HAN = "\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
_OPENING, _CLOSING = (
    "「『（《〈【“‘",
    "、。，．・：；！？」』）》〉】”’…ー々〜ぁぃぅぇぉっゃゅょァィゥェォッャュョ",
)
"""Marks of Chinese and Japanese that end no line, and those that begin none."""
_OF_HAN = lazy_pattern(f"[{_HAN}]")
# Matches a character with its marks, or what stands between such characters.
_HAN_PIECE = lazy_pattern(
    f"[{_OPENING}]*(?:[{_HAN}]|[^ \u200b{_HAN}{_OPENING}{_CLOSING}]+)[{_CLOSING}]*[ \u200b]*|[ \u200b{_CLOSING}]+|[{_OPENING}]+"
)
_AS_WIDE = str.maketrans("“”‘’…—·", "\u3000" * 7)
"""Marks that are as wide as letters beside such characters."""
_BESIDE_LATIN = 0.5
"""The em that Typst adds around Latin words among such characters."""
_COLON, _SHORTEST_LINE = ": ", 0.2
"""What parts a title from its subtitle, and the least share of the line that a title before it takes."""
_LINES_OF_TITLE = 3
"""The lines that a title of two may take when its lines end after its colons; a longer one takes no more."""
# Matches the end of a main title. A bracket is none: what it holds belongs to the title.
_MAIN_TITLE_END = lazy_pattern(r"[:;?!]\s|\s[–—]")
_WORD = lazy_pattern(r"[^\W\d_]{2,}")
_MOST_WORDS, _MOST_LOWER = 7, 3
"""Programs that check what a screen reader says take a head of more words, of which more are in lower case, for a
sentence that the text lacks."""
_SHORT_WORD = 3
"""The most letters of articles and prepositions, in which a head should not end."""
_AROUND_TITLE, _CLOSELY_AROUND_TITLE = 360, 260
"""The points that space, year, authors and publisher take of a title page, and those that they take at least."""
_SMALLER = (1, 0.9, 0.8, 0.7, 0.6, 0.5)
"""The sizes that are tried for a title too long for its page."""
_STEPS = 12
"""The number of steps of the search; the result is within a few thousandths of the line."""


_LONGEST_HELD = 24
"""The most characters of a word that is kept with the leaders, which the narrowest page has room for."""


class TitlePageFit(NamedTuple):
    """How the lines of a title page come to stand on one page."""

    scale: float = 1
    """The factor by which the title is set smaller."""
    is_close: bool = False
    """Whether the spaces around the title are small."""


def fit_title_page(
    title: tuple[Measure, str, float], subtitle: tuple[Measure, str, float], page: PageFormat
) -> TitlePageFit:
    """Returns what lets a title page's lines stand on one page.

    Title and subtitle are each a measure at the size of the page, the words, and the leading in points.
    """
    measure, words, leading = title
    if not measure.has(words):
        return TitlePageFit()
    pieces = _pieces(measure, words)
    below = 0.0
    if subtitle[1] and subtitle[0].has(subtitle[1]):
        lines = _lines(_pieces(subtitle[0], subtitle[1]), page.measure)
        below = 0 if math.isinf(lines) else lines * subtitle[2]
    if _lines(pieces, page.measure) * leading + below <= page.text_height - _AROUND_TITLE:
        return TitlePageFit()
    for scale in _SMALLER:
        high = _lines(pieces, page.measure / scale) * leading * scale
        if high + below <= page.text_height - _CLOSELY_AROUND_TITLE:
            return TitlePageFit(scale, is_close=high + below > page.text_height - _AROUND_TITLE)
    return TitlePageFit(_SMALLER[-1], is_close=True)


class TitleWidths:
    """Narrows titles of several lines, whose last line would often be a single word at full
    width.
    """

    def __init__(self, kinds: Mapping[str, DisplayType], size: float, room: float) -> None:
        """``kinds`` are the types of titles by class; ``size``, of a rem, and ``room``, the width of a line,
        are in points.
        """
        self._kinds = kinds
        self._size = size
        self._room = room
        self._measures = {
            kind.font: Measure(kind.font, TITLE_SIZE, drawn_for=TITLE_SIZE)
            for kind in kinds.values()
        }

    def fit_title_page(self, root: Element, way: str, page: PageFormat) -> None:
        """Sets the title of a title page smaller, and its spaces, where it would not fit. ``page`` is in the theme's type."""
        lines = {element.get("class", ""): element for element in root.iter()}
        title, subtitle = (self._line(name, lines) for name in ("book-title", "book-subtitle"))
        fit = fit_title_page(title, subtitle, page)
        if fit.is_close:
            root.set("class", f"{root.get('class', '')} close")
        self.narrow(root, way, fit.scale)
        if fit.scale < 1:
            kind, element = self._kinds["book-title"], lines["book-title"]
            size, leading = (fit.scale * each * self._size for each in (kind.size, kind.leading))
            style = f"font-size: {size:.2f}pt; line-height: {leading:.2f}pt"
            element.set("style", "; ".join(filter(None, (element.get("style", ""), style))))

    def _line(self, name: str, lines: Mapping[str, Element]) -> tuple[Measure, str, float]:
        kind = self._kinds[name]
        words = " ".join("".join(lines[name].itertext()).split()) if name in lines else ""
        measure = Measure(kind.font, kind.size * kind.spread * self._size, drawn_for=TITLE_SIZE)
        return measure, words, kind.leading * self._size

    def narrow(self, root: Element, way: str, title_scale: float = 1) -> None:
        """Writes the width of each such title below ``root`` into its ``style``. ``way`` is the direction of
        their lines, and ``title_scale`` the factor by which that of a title page is set smaller.
        """
        for element in root.iter():
            kind = self._kinds.get(element.get("class", ""))
            if kind is None:
                continue
            measure = self._measures[kind.font]
            scale = kind.size * kind.spread * self._size / TITLE_SIZE
            if element.get("class") == "book-title":
                scale *= title_scale
            title = " ".join("".join(element.itertext()).split())
            width, is_broken = lay_title(measure, title, self._room / scale)
            if is_broken:
                _break_after_colons(element)
            for line in (element, *element.iterfind("span[@class='line']")):
                keep_together(line, way)
                mark_words(line, partial(find_long_words, measure, self._room / scale), LONG_WORD)
            if width is not None and width * scale * _SPARE < self._room:
                element.set("style", f"max-width: {width * scale * _SPARE:.1f}pt")


def _break_after_colons(title: Element) -> None:
    """Puts what follows each colon in the text before a title's first element on a line of its own."""
    first, *rest = (title.text or "").split(_COLON)
    if not rest:
        return
    children = list(title)
    title[:] = []
    title.text = first + _COLON
    for words in rest:
        SubElement(title, "span", {"class": "line"}).text = words + _COLON
    title[-1].text = rest[-1]
    title[-1].extend(children)


def keep_together(title: Element, way: str) -> None:
    """Wraps the words of a title that belong together in elements whose lines are not broken."""
    first, *rest = split_unbroken(title.text or "", way)
    title.text = first
    for number, (words, after) in enumerate(zip(rest[::2], rest[1::2], strict=True)):
        unbroken = Element("span", {"class": "together"})
        unbroken.text, unbroken.tail = words, after
        title.insert(number, unbroken)


def hold_last_word(entry: Element, way: str) -> None:
    """Wraps all but the last word of an entry of the contents, so that the leaders can be kept with that word.

    Titles with words read from the right are left as they are, and so are all titles of a book that runs from there,
    since the engine orders an element apart.
    """
    whole = "".join(entry.itertext())
    if _may_reorder(whole, way):
        return
    held = Element("span", {"class": "entry-words"})
    if len(entry) and not entry[-1].tail:
        # The last word is an element already; a long one must break.
        if entry[-1].get("class") == LONG_WORD:
            return
        held.text, entry.text = entry.text, None
        held.extend(entry[:-1])
        entry[:-1] = [held]
        return
    words = entry[-1].tail if len(entry) else entry.text
    start, space, last = (words or "").rpartition(" ")
    if not space or not 0 < len(last) <= _LONGEST_HELD:
        return
    held.text, entry.text = entry.text, None
    held.extend(list(entry))
    entry[:] = [held]
    held.tail = last
    if len(held):
        held[-1].tail = start + space
    else:
        held.text = start + space


def split_unbroken(title: str, way: str) -> list[str]:
    """Splits a title into texts that lines may break and, at every second place, words that they must not.

    ``way`` is the direction of the line, ``ltr`` or ``rtl``. A title in a line from the right, or partly read so, stays
    one text, in which characters keep such words together: both engines order an element apart from the words beside it.
    """
    if _may_reorder(title, way):
        return [_TOGETHER.sub(lambda found: found[0].translate(_JOINED), title)]
    return _TOGETHER.split(title)


def _may_reorder(title: str, way: str) -> bool:
    """Returns whether words of a title may stand in another order than they are written."""
    return way == "rtl" or (
        not title.isascii() and any(unicodedata.bidirectional(c) in _DIRECTED for c in title)
    )


def lay_title(measure: Measure, title: str, room: float) -> tuple[float | None, bool]:
    """Returns the width of a title in points as ``balance_width`` does, and whether its lines end after its
    colons.
    """
    width = balance_width(measure, title, room)
    parts = _parts(title)
    if width is None or not _ends_well(measure, parts, room):
        return width, False
    most = max(_lines(_pieces(measure, title), room), _LINES_OF_TITLE)
    if sum(_lines(_pieces(measure, part), room) for part in parts) > most:
        return width, False
    return max(balance_width(measure, part, room) or measure.width(part) for part in parts), True


def _parts(title: str) -> list[str]:
    """Splits a title after its colons."""
    *heads, last = title.split(_COLON)
    return [*(f"{head}:" for head in heads), last]


def _ends_well(measure: Measure, parts: Sequence[str], room: float) -> bool:
    """Returns whether there are several parts, the first of which fills enough of a line."""
    return len(parts) > 1 and measure.width(parts[0]) >= room * _SHORTEST_LINE


class ContentsTitles:
    """Lays out the titles in the contents of one book."""

    def __init__(self, theme: Theme, page: PageFormat) -> None:
        """``page`` is in the theme's type."""
        numbers = float(theme.spaces["contents-numbers"].removesuffix("rem"))
        self._room = page.measure - numbers * page.size
        self._measure = Measure(theme.fonts.find(SERIF), page.size)

    def breaks_after_colons(self, title: str) -> bool:
        """Whether a title takes several lines, and no more if these end after its colons."""
        parts = _parts(title)
        if not _ends_well(self._measure, parts, self._room):
            return False
        lines = _lines(_pieces(self._measure, title), self._room)
        broken = sum(_lines(_pieces(self._measure, part), self._room) for part in parts)
        return 1 < broken <= lines

    def lay_out(self, entry: Element, way: str) -> None:
        """Says in the link of an entry where its lines may end, for WeasyPrint; ``way`` is the direction of the book."""
        heads: list[str] = []
        if entry.text and self.breaks_after_colons(entry.text):
            *heads, entry.text = _parts(entry.text)
        mark_words(entry, partial(find_long_words, self._measure, self._room), LONG_WORD)
        keep_together(entry, way)
        hold_last_word(entry, way)
        for head in reversed(heads):
            line, end = Element("span", {"class": "entry-words"}), Element("br")
            line.text = head
            keep_together(line, way)
            end.tail, entry.text = entry.text, None
            entry[:0] = (line, end)


def balance_width(measure: Measure, title: str, room: float) -> float | None:
    """Returns the least width in points at which ``title`` takes no more lines than at ``room``.

    Returns None if it takes one line, if the font lacks its script, or if a word is longer than a
    line.
    """
    if not _is_measurable(measure, title):
        return None
    pieces = _pieces(measure, title)
    lines = _lines(pieces, room)
    if lines == 1 or math.isinf(lines):
        return None
    low, high = 0.0, room
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _lines(pieces, middle) > lines:
            low = middle
        else:
            high = middle
    return high


def _is_measurable(measure: Measure, title: str) -> bool:
    """Whether the widths of a title's characters are known: letters of Han and kana are all as wide as they are high,
    and signs of mathematics have a face of their own.
    """
    return measure.has(SIGN.sub("", _OF_HAN.sub("", title)).replace("\u200b", ""))


def _pieces(measure: Measure, title: str) -> list[tuple[float, float]]:
    """Returns the pieces of a title that lines may part: the width of each, and without the space at its end."""
    if _OF_HAN.search(title):
        return [_han_piece(measure, piece) for piece in _HAN_PIECE.findall(title)]
    whole = _TOGETHER.sub(lambda words: words[0].translate(_UNBROKEN), title)
    return [
        (measure.width(piece), measure.width(piece.rstrip(" \u200b")))
        for piece in _PIECE.findall(whole)
    ]


def _han_piece(measure: Measure, piece: str) -> tuple[float, float]:
    room = 0.0 if _OF_HAN.search(piece) else _BESIDE_LATIN * measure.size
    wide = piece.translate(_AS_WIDE)
    return measure.width(wide) + room, measure.width(wide.rstrip(" \u200b")) + room


def _lines(pieces: list[tuple[float, float]], width: float) -> float:
    """Counts the lines that pieces fill; infinitely many if one is longer than a line.

    Each piece has its width, and its width without the space at its end.
    """
    count = 1
    used = 0.0
    for whole, bare in pieces:
        if bare > width:
            return math.inf
        if used + bare > width:
            count += 1
            used = 0.0
        used += whole
    return count


class RunningHeads:
    """Shortens titles to fit into the running heads of one book."""

    def __init__(self, matter: Matter, theme: Theme, page: PageFormat) -> None:
        """``page`` is in the theme's type."""
        self._theme = theme
        self._room = page.measure - theme.head_room
        self._right = Measure(theme.right_head.font, theme.right_head.size)
        left = Measure(theme.left_head.font, theme.left_head.size)
        self.book = _fit_head(
            left, matter.running_title, self._room, theme.left_head.small_caps_spacing
        )
        """The book's title on one line."""

    def fit_chapter(self, head: ChapterHead) -> str:
        """Returns the chapter's title, shortened to one line."""
        spacing = self._theme.right_head.small_caps_spacing
        return _fit_head(self._right, head.title, self._room, spacing)


def _fit_head(measure: Measure, title: str, room: float, spacing: float | None) -> str:
    """Returns a title, its part before a subtitle, or its first words and an ellipsis, whichever fits first."""
    ends = _MAIN_TITLE_END.finditer(title)
    end = next((one for one in ends if not _is_within_brackets(title[: one.start()])), None)
    main = "" if end is None else title[: end.start()] + (end[0][0] if end[0][0] in "?!" else "")
    for whole in (title, main):
        if not whole or _is_sentence(whole):
            continue
        if measure.cut(whole, room, small_caps_spacing=spacing) == whole:
            return whole
    cut = measure.cut(title, room, small_caps_spacing=spacing)
    words = cut.removesuffix("…").split()
    while _is_sentence(" ".join(words)):
        words.pop()
    while len(words) > 2 and len(words[-1].strip("(")) <= _SHORT_WORD and words[-1].islower():
        words.pop()
    return f"{' '.join(words).rstrip(',;:.-–—( ')}…" if len(words) > 1 else cut


def _is_within_brackets(before: str) -> bool:
    """Whether brackets are open behind a text, as before the second row of a matrix, ``(a, b; c, d)``."""
    return before.count("(") > before.count(")") or before.count("[") > before.count("]")


def _is_sentence(head: str) -> bool:
    words = _WORD.findall(head)
    lower = sum(word[0].islower() for word in words)
    return len(words) > _MOST_WORDS and lower > _MOST_LOWER
