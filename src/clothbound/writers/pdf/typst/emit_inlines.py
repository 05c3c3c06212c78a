"""Writes the inline elements of a chapter's tree as Typst source: expressions that a code block
joins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from xml.etree.ElementTree import Element

import msgspec
from msgspec.structs import replace

from ....context import Context
from ....diagnostics import DiagnosticCode, Outcome, Severity
from ....escape import safe_href
from ....html.write.missing_pictures import leads_to_picture
from ....html.write.target import unsafe_link_message
from ....language.bidirectional import first_strong
from ....language.direction import direction, isolating
from ....language.words import wording
from ....language.writing_systems import is_han
from ....lazy_pattern import lazy_pattern
from ....media.sniffing import WEB_EXTENSIONS
from ....model.blocks import MathBlock
from ....model.inlines import Math
from ....web.addresses import absolute_url, trim_address
from ....web.css_lengths import PIXELS, POINTS_PER_PIXEL
from ....web.html_elements import BLOCKS, CODE
from ..chapter_openings import BESIDE
from ..chapter_tree import LINKED_KEY, NAMED, OWN_LINE, is_decorative, number_of, pixels_of
from ..chapters import PrintChapter
from ..footnotes import cited_note_id
from ..latin_words import OF_WORDS
from ..page_format import PageFormat
from ..print_target import FILE_SCHEME, PrintFiles
from ..theme import Theme
from .literals import (
    collapse_spaces,
    content,
    in_one_line,
    language_arguments,
    literal,
    name_in,
)
from .mathematics import set_formula
from .picture_fit import FittablePicture

STYLES = {
    "em": "emph", "i": "emph", "cite": "emph", "dfn": "emph", "var": "emph", "u": "emph",
    "ins": "emph", "mark": "emph", "strong": "strong", "b": "strong", "s": "strike",
    "del": "strike", "strike": "strike", "sup": "super", "sub": "sub",
}  # fmt: skip
_TASKS = {"☑": "true", "☐": "false"}
_SILENT = frozenset(("script", "style", "template"))
_DEEPEST = 12
"""The most levels of elements that keep their style. Typst refuses about sixty levels."""
_LONGEST_URL = 4000
_LONGEST_READING = 24
"""The most letters of a reading: lines part none."""
ENLARGES = "would only enlarge the picture"
_LINE, _OWN_LINE = "linebreak()", "[#linebreak()]"
"""A line break, and the line break before and after a picture on its own line."""
_LENGTH = lazy_pattern(rf"([0-9.]+)(%|{'|'.join(PIXELS)}|em)")
_POINTS = {unit: pixels * POINTS_PER_PIXEL for unit, pixels in PIXELS.items()}

Item = str | Element


class EmitterState(msgspec.Struct, frozen=True):
    """The surroundings of what is being written."""

    room: float
    """The width of the line in points."""
    level: int = 0
    """The number of blocks around the content that are set apart."""
    depth: int = 0
    """The number of inline elements around the content."""
    in_item: bool = False
    head_cell: str = ""
    """The function that sets the cells of a table's head; empty outside heads. Later pages repeat a head, so a tagged
    PDF allows no links there."""
    in_cell: bool = False
    in_note: bool = False
    keeps_spaces: bool = False
    sets_readings: bool = False
    """Whether readings stand above their letters, for which only the lines of running text leave room."""


class InlineEmitter:
    """Writes the inline elements of one chapter."""

    def __init__(
        self,
        chapter: PrintChapter,
        context: Context,
        page: PageFormat,
        theme: Theme,
        files: PrintFiles,
    ) -> None:
        self.chapter = chapter
        self.post = chapter.post
        self.key = chapter.post.metadata.key
        self.context = context
        self.page = page
        self.theme = theme
        self._indents = theme.indents()
        self.size = page.size
        """The size of the text in points, for lengths in em."""
        self._files = files
        self.anchors: dict[str, None] = {}
        """The names of link targets written so far, in order."""
        self.targets: dict[str, str] = {}
        """The names to which links lead, with the key of the post that contains each."""
        self.note_names: frozenset[str] = frozenset()
        """The names of the chapter's notes."""
        self.line = 0
        """The line of the block being written."""
        self._after_space = True
        self.has_readings = False
        """Whether readings were set above their letters."""
        self.sections: dict[str, str] = {}
        """Level, kind and words of the headings that the contents list, by name."""
        self._section_names = {name for name, _ in chapter.sections}
        """The names of those that are not yet written."""
        self.pictures: dict[str, FittablePicture] = {}
        """The pictures that may be shrunk, by name."""

    def note(self, number: str, name: str) -> str:
        """Writes the mark of a note, and the note itself if it is set at the page's foot.

        ``number`` is a literal.
        """
        raise NotImplementedError

    def paragraph(self, items: Iterable[Item], state: EmitterState) -> list[str]:
        """Writes the content of a paragraph from its beginning."""
        self._after_space = True
        parts: list[str] = []
        for part in self.inlines(items, state):
            # A picture on a line of its own does not begin or end an empty line.
            if part == _OWN_LINE and (not parts or parts[-1] in (_OWN_LINE, _LINE)):
                continue
            if part == _LINE and parts and parts[-1] == _OWN_LINE:
                continue
            parts.append(part)
        if parts and parts[-1] == _OWN_LINE:
            parts.pop()
        return parts

    def inlines(self, items: Iterable[Item], state: EmitterState) -> list[str]:
        parts: list[str] = []
        for item in items:
            if not isinstance(item, str):
                parts.extend(self._inline(item, state))
            elif text := self.text(item, state):
                parts.append(text)
        return parts

    def text(self, text: str, state: EmitterState) -> str:
        """Writes a string literal; empty for a space after a space."""
        if state.keeps_spaces:
            return literal(text.replace("\t", "    "))
        text = collapse_spaces(text)
        if self._after_space and text[:1] == " ":
            text = text[1:]
        if not text:
            return ""
        self._after_space = text[-1] == " "
        return literal(text)

    def _inline(self, element: Element, state: EmitterState) -> list[str]:
        tag = element.tag
        classes = element.get("class", "").split()
        if not isinstance(tag, str) or tag in _SILENT:
            return []  # a comment has a function as its tag
        if tag == "br":
            self._after_space = True
            beside = element.get(BESIDE)
            return [_LINE if beside is None else f"beside({beside}pt)"]
        if "noteref" in classes and (name := cited_note_id(element)) in self.note_names:
            number = literal("".join(element.itertext()))
            mark = f"super({number})" if state.head_cell else self.note(number, name)
            self._after_space = False
            if direction(self.chapter.head.language) == "rtl":
                begin, end = isolating("ltr")
                return [literal(begin), mark, literal(end)]
            return [mark]
        if tag == "img":
            self._after_space = False
            if "formula" in classes:
                return [self._formula(element, state)]
            return self.attributed(element, self._picture(element, classes, state))
        if tag in CODE:
            self._after_space = False
            return self.attributed(element, list(_code(element)))
        if "task" in classes and element.text in _TASKS:
            self._after_space = True
            return [f"task({_TASKS[element.text]})"]
        if tag in BLOCKS:
            # Blocks within a line come from foreign HTML; spaces keep their words apart.
            return self.inlines([" ", *items(element), " "], state)
        if tag == "ruby" and state.sets_readings and (parts := self._ruby(element)):
            self._after_space = False
            self.has_readings = True
            return self.attributed(element, parts)
        parts = self._style(element, tag, classes, state)
        return self.attributed(element, parts)

    def _ruby(self, element: Element) -> list[str]:
        """Writes letters with their readings above them; nothing if they stand better in brackets behind."""
        parts = []
        letters = element.text or ""
        for child in element:
            if child.tag == "rt":
                reading = "".join(child.itertext())
                if not is_han(letters) or not 0 < len(reading) <= _LONGEST_READING:
                    return []
                parts.append(f"ruby({literal(letters)}, {literal(reading)})")
                letters = ""
            elif child.get("class") == "word":
                letters += "".join(child.itertext())
            elif child.tag != "rp":
                return []
            letters += child.tail or ""
        return [] if letters.strip() else parts

    def _style(
        self, element: Element, tag: str, classes: list[str], state: EmitterState
    ) -> list[str]:
        parts = self._nest(element, state)
        if tag == "a":
            if parts and "address" in classes:
                parts = [f"address({content(parts)})"]
            return self.link(element, parts, state)
        if not parts:
            return parts
        if "missing-picture" in classes:
            return [f"missing({content(parts)})"]
        if "word" in classes:
            return [f"word({content(parts)})"]
        if OF_WORDS in classes:
            return [f"of-words({content(parts)})"]
        if "lead" in classes:
            return [f"lead({content(_strip_end(parts))})"]
        if "lead-words" in classes:
            return [f"lead-words({content(_strip_end(parts))})", '" "']
        if "drop" in classes:
            return [f"drop({element.get(BESIDE)}pt, {content(parts)})"]
        if "drop-words" in classes:
            return [f"lead-words({content(parts)})"]
        style = _style_of(element, state)
        if not style or state.depth >= _DEEPEST:
            return parts
        parts = [f"{style}({content(parts)})"]
        # The number of an address must not begin a line.
        return ["sym.wj", *parts] if tag == "sup" and "mark" in classes else parts

    def _nest(self, element: Element, state: EmitterState) -> list[str]:
        return self.inlines(items(element), replace(state, depth=state.depth + 1))

    # what all elements share

    def anchor(self, element: Element) -> list[str]:
        """Writes the target for links to ``element``, if it has a name."""
        name = in_one_line(element.get("id", ""))
        if not name or name in self.anchors:
            return []
        self.anchors[name] = None
        return [f"at({literal(name)})"]

    def run_arguments(self, element: Element) -> str:
        """Returns Typst's arguments for the language and direction of an element."""
        # The direction of HTML's elements comes of their own "dir" alone, never of their language.
        arguments = language_arguments(element.get("lang", "")).rpartition(", dir")[0]
        way = element.get("dir", "")
        if way == "auto":
            way = first_strong("".join(element.itertext()))
        if way in ("ltr", "rtl"):
            arguments += (", " if arguments else "") + f"dir: {way}"
        return arguments

    def attributed(self, element: Element, parts: list[str]) -> list[str]:
        arguments = self.run_arguments(element)
        if arguments and parts:
            language, has_way, way = arguments.rpartition("dir: ")
            if has_way and way != direction(self.chapter.head.language):
                # Typst embeds such a run, which draws neutral signs beside it to its side; HTML isolates it.
                language = language.removesuffix(", ")
                begin, end = isolating(way)
                inner = [f"text({language}, {content(parts)})"] if language else parts
                parts = [literal(begin), *inner, literal(end)]
            else:
                parts = [f"text({arguments}, {content(parts)})"]
        return [*self.anchor(element), *parts]

    # notes and links

    def link(self, element: Element, parts: list[str], state: EmitterState) -> list[str]:
        """Writes ``parts`` as a link with the target of ``element``."""
        href = element.get("href", "")
        key = element.get(LINKED_KEY, "")
        target = ""
        if key or href[:1] == "#":
            target = href[1:] if key else f"{self.key}--{href[1:]}"
        has_page = "reference" in element.get("class", "").split()
        if not has_page and not any(text.strip() for text in element.itertext()):
            has_page = key not in ("", self.key)  # the link gets the text of its target
        if not href or href == "#" or element.get(NAMED) is not None:
            return parts
        if target:
            target = in_one_line(target)
            self.targets[target] = key or self.key
        if state.head_cell and parts:
            return self._in_head(element, parts, target if has_page else "")
        if any(part.startswith(("link(", "to(", "within(")) for part in parts):
            return parts
        if parts and all(part.startswith("inline-picture(") for part in parts):
            if leads_to_picture(href):
                self.report_unlinked(element, ENLARGES, Severity.INFO)
                return parts
            if self.leads_away(element):
                name = [literal(" "), self._name_of(href, key)]
                return [*parts, *self.link(element, name, state)]
        parts = parts or [self._name_of(href, key)]
        if target:
            call = "to" if has_page else "within"
            return [f"{call}({literal(target)}, {content(parts)})"]
        return self._web_link(element, href, parts)

    def _web_link(self, element: Element, href: str, parts: list[str]) -> list[str]:
        if safe_href(href) is None:
            # Only HTML that a caller's override wrote can contain one.
            message = unsafe_link_message(href)
            self.context.warn(DiagnosticCode.RAW_DROPPED, message, self.post, self.line)
            return parts
        url = absolute_url(href)
        if url is None or not 0 < len(url) <= _LONGEST_URL:
            self.report_unlinked(
                element, "leads nowhere from a PDF" if not url else "is too long for a PDF"
            )
            return parts
        return [f"link({literal(url)}, {content(parts)})"]

    def leads_away(self, link: Element) -> bool:
        """Whether a link leads to another post of the book: the number of its page stands behind words."""
        return link.get(LINKED_KEY, "") not in ("", self.key)

    def _in_head(self, link: Element, parts: list[str], target: str) -> list[str]:
        """Writes the text of a link in the head of a table, with the page of its ``target`` if there is one."""
        if target:
            return [*parts, f"page-reference({literal(target)})"]
        self.report_unlinked(link, "is in the head of a table, which pages repeat")
        return parts

    def report_unlinked(
        self, link: Element, reason: str, severity: Severity = Severity.WARNING
    ) -> None:
        """Says that a link was left out of the PDF, and that what it contains was not."""
        kept = "its text is kept" if "".join(link.itertext()).strip() else "its picture is kept"
        # The name of a place in the book begins with the key of its post, which no author wrote.
        href = link.get("href", "").replace(f"#{self.key}--", "#", 1)
        message = f"a link to {href[:120]!r} {reason}; {kept}"
        text = " ".join("".join(link.itertext()).split())
        code = DiagnosticCode.LINK_UNRESOLVED
        self.context.warn(code, message, self.post, self.line, severity, text=text)

    def _name_of(self, href: str, key: str) -> str:
        """Writes the text of a link that has none."""
        if key:
            return literal(name_in(self.context.index[key].title) or key)
        return f"address({literal(trim_address(href))})"

    # pictures

    def file_of(self, picture: Element) -> str:
        """Returns the path of a picture's file as a literal; empty if it is not a file of the
        book.
        """
        src = picture.get("src", "")
        if src not in self._files.files:
            return ""
        return literal(path_of(src, self._files.files[src][1]))

    def _picture(self, element: Element, classes: list[str], state: EmitterState) -> list[str]:
        name = self.file_of(element)
        if not name:
            words = name_in(element.get("alt", ""))
            return [f"missing({literal(words)})"] if words else []
        width = width_on_page(element, state.room, self.page, self.theme)
        wide, high = pixels_of(element)
        height = width * high / wide if wide else self.theme.low_picture * self.size
        drawn = self.draw(name, element, f"height: {height:.1f}pt")
        shown = f"inline-picture({drawn})"
        if OWN_LINE in classes:
            self._after_space = True
            return [_OWN_LINE, shown, _OWN_LINE]
        return [shown]

    def draw(self, name: str, picture: Element, size: str) -> str:
        """Returns the call that draws a picture, as an artifact if it is decorative."""
        if is_decorative(picture):
            return f"pdf.artifact(image({name}, {size}))"
        return f"image({name}, alt: {self._alternative(picture)}, {size})"

    def _alternative(self, picture: Element) -> str:
        """Returns the description of a picture as a literal."""
        # A tagged PDF must not contain a picture without a description, so a general one is used.
        words = name_in(picture.get("alt", ""))
        return literal(words or wording(self.chapter.head.language).undescribed)

    def _formula(self, element: Element, state: EmitterState) -> str:
        tex, is_displayed = element.get("alt", ""), element.get("data-display") is not None
        room = state.room
        found = set_formula(tex, self.size, room, is_displayed=is_displayed)
        if found.simplified:
            kind = MathBlock if is_displayed else Math
            node = kind(tex, line=number_of(element, "data-line"))
            self.context.account(Outcome.SIMPLIFIED, self.post, node, found.simplified, self.line)
        return found.source


def _style_of(element: Element, state: EmitterState) -> str:
    """Returns the function that sets an element which only marks its words; empty for others."""
    style = STYLES.get(element.tag, "")
    if style == "emph" and state.sets_readings and element.find(".//ruby") is not None:
        return "strong"  # dots of emphasis and readings would stand in each other's place
    return style


def _code(element: Element) -> Iterator[str]:
    """Yields the calls that set code within a line, whose words of the class ``word`` are not broken.

    Such a word is a box, which has no part in the isolation of the code around it.
    """
    begin, end = map(literal, isolating(way)) if (way := element.get("dir")) else ("", "")
    for item in items(element):
        if isinstance(item, str):
            yield f"raw({literal(item)})"
        elif words := "".join(item.itertext()):
            code = f"raw({literal(words)})"
            is_whole = item.get("class") == "word"
            yield f"word({' + '.join(filter(None, (begin, code, end)))})" if is_whole else code


def items(element: Element) -> Iterator[Item]:
    """Yields the texts and elements in ``element``, in order."""
    if element.text:
        yield element.text
    for child in element:
        yield child
        if child.tail:
            yield child.tail


def _strip_end(parts: Sequence[str]) -> list[str]:
    """Returns ``parts`` without the space at their end."""
    *rest, last = parts
    for end in ('"', '"})'):
        if last.endswith(f" {end}"):
            last = f"{last[: -len(end) - 1]}{end}"
    return [*rest, last]


def path_of(address: str, media_type: str) -> str:
    """Returns the path in the project of a file of the book."""
    return f"/files/{address.removeprefix(FILE_SCHEME)}.{WEB_EXTENSIONS[media_type]}"


def width_on_page(picture: Element, room: float, page: PageFormat, theme: Theme) -> float:
    """Returns the width in points of a picture that stands alone on a line of ``room`` points."""
    width, height = pixels_of(picture)
    points = min(width * 72 / theme.picture_resolution, room) if width else room
    wanted = _LENGTH.fullmatch(picture.get("data-width", ""))
    if wanted and float(wanted[1]):
        units = {**_POINTS, "%": room / 100, "em": page.size}
        points = min(float(wanted[1]) * units[wanted[2]], room)
    if not width:
        return points
    highest = page.highest_picture
    if "low" in picture.get("class", "").split():
        highest = theme.low_picture * page.size
    return min(points, highest * width / height)
