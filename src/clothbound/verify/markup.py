"""Strips HTML and XHTML: reads the words that a page shows, its pictures, notes and links.

Both sides use it: a page that is a source, a product that has pages, and, for the elements in Markdown, the stripper of
Markdown. It stands on the standard library's parser, so it shares none with the readers.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

from ..lazy_pattern import lazy_pattern
from .content import Item, Kind, address_of, words_of

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q s samp small span "
    "strike strong sub sup time tt u var wbr math".split()
)
_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr image".split()
)
_UNSEEN = frozenset(
    "script style template head nav noscript iframe button select textarea svg title".split()
)
_NOTE_MARKS = frozenset("doc-noteref doc-backlink noteref backlink".split())
_MARK_CLASSES = frozenset(
    "footnote-anchor footnote-number footnote-ref footnote-back footnote-backref data-footnote-backref "
    "footnote-backlink footnote-return".split()
)
_NOTES = frozenset("doc-footnote footnote".split())
_LISTS_OF_NOTES = frozenset("doc-endnotes footnotes".split())

_SAYS_PICTURE = frozenset(
    "alt attrs data-attrs data-lazy-src data-src data-srcset fields href src srcset xlink:href".split()
)
"""Attributes by one of which an element is a picture: without, a page shows nothing."""

_HOLDS_ICONS = frozenset({"image-link-expand"})
"""Classes of what holds the buttons on a picture. Words in it are of what follows, where it was not closed."""

# Parts of a newsletter's web page that a reader of the post does not count as its text.
CHROME = {
    "player-unavailable": "what a video player shows where it cannot play",
    "crawler_player": "the same of another player",
    "embed-loader": "a picture that turns while an embed loads",
    "tweet-ufi": "counts of likes and retweets",
    "tweet-link-bottom": "a second link to the tweet, around its moment and its counts",
    "tweet-date": "the moment of a tweet in the page's form; its data has it in another",
    "tweet-header-avatar": "a face, whose only text is Image",
    "quote-tweet-header-avatar": "the same",
    "tweet-photo": "the same",
    "embedded-post-publication-logo": "a logo",
    "logo": "the same",
    "embedded-post-title-icon": "an icon",
    "embedded-post-cta-icon": "the same",
    "embedded-post-cta": "Read more",
    "file-embed-button": "Download",
    "hide-text": "what a preformatted block says of itself in the editor",
    "embedded-post-meta": "age and counts of an embedded post on the day of the export",
    "kg-audio-player": "the controls of Ghost's player",
    "kg-audio-thumbnail": "the picture of a recording, which its card may lack",
    "kg-bookmark-icon": "a logo",
    "kg-bookmark-thumbnail": "the preview of a page, which its card may lack",
    "kg-signup-card": "a form to subscribe",
    "kg-video-overlay": "the controls of a player",
    "kg-video-player-container": "the same",
}
# The same in a conversion to Markdown, which has lost the class.
_LABEL = "Text within this block will maintain its original spacing when published"
_RUNS_ON = lazy_pattern(r"=\"([^\"<>]*)>(?=[^\"]*(?:<[^\"<>]*=[ ]?\"(?!/?[\s>]|\")|\Z))")
"""Matches a tag's end in a value without its mark, which goes on to the next value's, or to the end."""
_SAME_CAPTION = lazy_pattern(
    r"(<img\b[^<>]*) alt=\"([^\"]+)\"([^<>]*>(?:</a>)?\s*<(figcaption|p|div)\b[^<>]*>\2</\4>)"
)
"""Matches a picture whose alternative text is its caption, so that the words stand there twice."""
_FRAME = lazy_pattern(r"<(/?)(iframe|template)\b[^<>]*>", re.I)
_RUN = lazy_pattern(r"\S+")
_SIGNS = "*_~^`="
_BREAK = lazy_pattern(r"\n")
_MANY = 1 << 60
_LAST: tuple[int, Item | None] = (_MANY, None)
# Spans that the page sets as blocks, and the words in place of a picture, which is no word's part.
_BLOCKS = frozenset(
    "missing-picture expanded-link-domain expanded-link-title expanded-link-description "
    "kg-bookmark-author kg-bookmark-publisher".split()
)
_FILE_NAME = lazy_pattern(r"\S*\.(?:png|jpe?g|gif|tiff?|webp|svg|avif|heic)(?: \[\w+\])?", re.I)
"""An alternative text that an editor made of the name of the picture's file."""
_ENLARGED = lazy_pattern(
    r"substackcdn\.com/image|substack-post-media|bucketeer-|\.(?:png|jpe?g|gif|tiff?|webp|svg|avif|heic)(?:[?#]|$)",
    re.I,
)
_ADDRESS = lazy_pattern(r"https?://[^\s\"'<>]+")
_FILE_LED_TO = lazy_pattern(r"\"href\":\s*\"(?!https?:)([^\"]+)\"")
"""Matches the file to which a picture leads, in the data that a product keeps of it."""
_SPOKEN_DATA = "persistentExpression"


class Stripper:
    """Collects the content of a text whose markup is told by ``start``, ``end`` and ``text``.

    A product (``is_product``) has whatever an element's data hold; a source asks only for what its readers see.
    ``has_wikilinks`` says that names in double brackets are links, as in a vault of Obsidian.
    """

    def __init__(self, *, is_product: bool = False, has_wikilinks: bool = False) -> None:
        self.items: list[Item] = []
        self.has_wikilinks = has_wikilinks
        self._is_product = is_product
        self._open: list[tuple[str, bool, bool, bool]] = []
        self._hidden = 0
        self._note_lists = 0
        self._pieces: list[str] = []
        self._lines: list[tuple[int, int]] = []
        self._marks: list[tuple[int, Item]] = []
        self._length = 0
        self._is_link_empty = False
        self._switch_has_formula = False
        self._icons: list[int] = []
        """How many elements are open around, and with, each that holds icons."""

    def start(self, name: str, attributes: Mapping[str, str], line: int) -> None:
        """Begins an element."""
        classes = frozenset(attributes.get("class", "").split())
        is_block = name not in _INLINE or bool(_BLOCKS & classes)
        if is_block:
            self.flush()
        if name == "a" and self._is_link_empty:
            self._marks.pop()  # A link that has no words but another's is not seen.
            self._is_link_empty = False
        types = frozenset(f"{attributes.get('role', '')} {attributes.get('epub:type', '')}".split())
        is_list = bool(_LISTS_OF_NOTES & (types | classes))
        hides = self._hides(name, attributes, classes, types)
        if not hides and not self._hidden:
            self._take(name, attributes, classes, types, line)
        if name in _VOID:
            return
        self._open.append((name, hides, is_list, is_block))
        if not _HOLDS_ICONS.isdisjoint(classes):
            self._icons.append(len(self._open))
        self._hidden += hides
        self._note_lists += is_list

    def _hides(
        self,
        name: str,
        attributes: Mapping[str, str],
        classes: frozenset[str],
        types: frozenset[str],
    ) -> bool:
        if name in _UNSEEN:
            return True
        # An EPUB's switch shows either the formula or what takes its place.
        if name == "epub:switch":
            self._switch_has_formula = False
        elif name == "math":
            self._switch_has_formula = True
        elif name == "epub:default" and self._switch_has_formula:
            return True
        parts = classes | {attributes.get("id", "")}
        if _NOTE_MARKS & types or _MARK_CLASSES & classes or CHROME.keys() & parts:
            return True
        if name == "math" and "alttext" in attributes:
            self._mark_words(attributes["alttext"], 0)
            return True
        return False

    def _take(
        self,
        name: str,
        attributes: Mapping[str, str],
        classes: frozenset[str],
        types: frozenset[str],
        line: int,
    ) -> None:
        is_note = _NOTES & types or "footnote" in classes or (name == "li" and self._in_note_list)
        if is_note and name not in ("a", "sup", "span"):
            self._mark(Item(Kind.NOTE, "", line))
        is_picture = name in ("img", "image") and not _SAYS_PICTURE.isdisjoint(attributes)
        if is_picture and not self._icons:
            if self._is_product and (way := _FILE_LED_TO.search(attributes.get("fields", ""))):
                self._mark(Item(Kind.LINK, "", line, way[1]))
            source = (
                attributes.get("src") or attributes.get("xlink:href") or attributes.get("href", "")
            )
            self._mark(Item(Kind.PICTURE, source, line))
            alternative = attributes.get("alt", "")
            if not _FILE_NAME.fullmatch(alternative.strip()):
                self._mark_words(alternative, line)
        elif name == "a" and _leads_on(attributes.get("href", ""), classes):
            href = attributes["href"]
            self._mark(Item(Kind.LINK, address_of(href), line, href))
            self._is_link_empty = True
        fields = attributes.get("fields", "")
        data = attributes.get("data-attrs") or attributes.get("attrs") or fields
        if data:
            is_shown = (name in ("img", "a") or "image-link" in classes) and data != fields
            is_led = name == "img" and "attrs" in attributes
            self._take_data(data, line, is_shown=is_shown, is_led=is_led)

    @property
    def _in_note_list(self) -> bool:
        if not self._note_lists:
            return False
        lists = [name for name, _, _, _ in self._open if name in ("ol", "ul")]
        return len(lists) == 1

    def _take_data(self, data: str, line: int, *, is_shown: bool, is_led: bool) -> None:
        """Takes what an element's data hold: of a source its formula, of a product all.

        ``is_shown``: the element is a picture or link itself, and its data repeat its address. ``is_led``: where a
        picture leads is in its data alone.
        """
        try:
            values = json.loads(data)
        except (ValueError, RecursionError):
            return
        if not self._is_product:
            formula = values.get(_SPOKEN_DATA) if isinstance(values, dict) else None
            self._mark_words(formula if isinstance(formula, str) else "", line)
            return
        for key, text in _strings(values):
            if key == "href" and not _ADDRESS.search(text):
                continue  # A way to a file has no words.
            self._mark_words(text, line)
            if not is_shown and key == "image":
                self._mark(Item(Kind.PICTURE, text, line))
            if not is_shown or (is_led and key == "href"):
                for address in _ADDRESS.findall(text):
                    self._mark(Item(Kind.LINK, address_of(address), line))

    def is_within(self, name: str) -> bool:
        """Returns whether an element of this name is open."""
        return any(opened == name for opened, _, _, _ in self._open)

    def end(self, name: str) -> None:
        """Ends an element, and those in it that were not ended."""
        if self._is_link_empty and (name == "a" or self._ends_link(name)):
            self._marks.pop()  # A link without words or a picture is not seen.
            self._is_link_empty = False
        if next(
            (block for opened, *_, block in reversed(self._open) if opened == name),
            name not in _INLINE,
        ):
            self.flush()
        if all(name != opened for opened, _, _, _ in self._open):
            return
        while True:
            if self._icons and self._icons[-1] == len(self._open):
                self._icons.pop()
            opened, hides, is_list, _ = self._open.pop()
            self._hidden -= hides
            self._note_lists -= is_list
            if opened == name:
                return

    def _ends_link(self, name: str) -> bool:
        names = [opened for opened, _, _, _ in self._open]
        return name in names and "a" in names[len(names) - names[::-1].index(name) :]

    def text(self, text: str, line: int) -> None:
        """Adds text that is shown as it is."""
        if self._hidden or not text:
            return
        if not self._is_product:
            text = text.replace(_LABEL, "")
        if not text.isspace():
            self._is_link_empty = False
        self._lines.append((self._length, line))
        for count, found in enumerate(_BREAK.finditer(text), 1):
            self._lines.append((self._length + found.end(), line + count))
        self._pieces.append(text)
        self._length += len(text)

    def note(self, line: int) -> None:
        """Adds a note, whose text follows."""
        self.flush()
        self._mark(Item(Kind.NOTE, "", line))

    def take_links(self, caption: Stripper, line: int) -> None:
        """Takes over the links of a caption whose words are those of its picture, and pictures in that of a product."""
        kinds = (Kind.LINK, Kind.PICTURE) if self._is_product else (Kind.LINK,)
        for item in caption.items:
            if item.kind in kinds:
                self._mark(item._replace(line=line))

    def _mark(self, item: Item) -> None:
        self._is_link_empty = False
        self._marks.append((self._length, item))

    def _mark_words(self, text: str, line: int) -> None:
        if not self._hidden:
            for item in words_of(text, line):
                self._mark(item)

    def flush(self) -> None:
        """Ends a run of text: no word goes on behind this place."""
        marks = iter(self._marks)
        at, mark = next(marks, _LAST)
        for run in _RUN.finditer("".join(self._pieces)):
            # A link within emphasis begins behind the signs of Markdown: ***[words](...)***.
            start = run.start() + len(run[0]) - len(run[0].lstrip(_SIGNS))
            while mark is not None and at <= start:
                self.items.append(mark)
                at, mark = next(marks, _LAST)
            line = self._lines[bisect_right(self._lines, (run.start(), _MANY)) - 1][1]
            self.items.extend(words_of(run[0], line))
        while mark is not None:
            self.items.append(mark)
            at, mark = next(marks, _LAST)
        self._pieces.clear()
        self._lines.clear()
        self._marks.clear()
        self._length = 0
        self._is_link_empty = False


def _leads_on(href: str, classes: frozenset[str]) -> bool:
    """Returns whether a link leads somewhere: a picture of a newsletter only leads to its own file."""
    is_of_picture = bool({"image-link", "image2"} & classes)
    return bool(href) and not (is_of_picture and _ENLARGED.search(href))


def _strings(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Yields each text of data with the key that it has."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _strings(one, name)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one, key)


class _Page(HTMLParser):
    def __init__(self, stripper: Stripper, line: int) -> None:
        super().__init__(convert_charrefs=True)
        self._stripper = stripper
        self._before = line - 1

    def _line(self) -> int:
        return self._before + self.getpos()[0]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._stripper.start(tag, {name: value or "" for name, value in attrs}, self._line())

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._stripper.end(tag)

    def handle_endtag(self, tag: str) -> None:
        self._stripper.end(tag)

    def handle_data(self, data: str) -> None:
        self._stripper.text(data, self._line())


def strip_html(markup: str, *, is_product: bool = False, line: int = 1) -> list[Item]:
    """Returns the content of a page or a fragment whose first line is ``line``."""
    stripper = Stripper(is_product=is_product)
    feed_html(without_open_frames(markup), stripper, line)
    stripper.flush()
    return stripper.items


def without_open_frames(text: str) -> str:
    """Returns a text without the tags of frames that nothing closes: the words behind them are the author's."""
    opened: dict[str, list[re.Match[str]]] = {}
    for tag in _FRAME.finditer(text):
        if not tag[1]:
            opened.setdefault(tag[2].lower(), []).append(tag)
        elif starts := opened.get(tag[2].lower()):
            starts.pop()
    parts: list[str] = []
    done = 0
    for tag in sorted((t for left in opened.values() for t in left), key=re.Match.start):
        parts += (text[done : tag.start()], "\n" * tag[0].count("\n"))
        done = tag.end()
    return "".join((*parts, text[done:]))


def feed_html(markup: str, stripper: Stripper, line: int) -> None:
    """Tells a stripper of HTML that stands within another text."""
    markup = _RUNS_ON.sub(r'="\1">', markup)
    page = _Page(stripper, line)
    page.feed(_SAME_CAPTION.sub(r"\1\3", markup))
    page.close()
