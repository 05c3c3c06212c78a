"""What the posts of a book say that its pages cannot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from ..language.bidirectional import first_strong
from ..language.dates import long_date
from ..language.direction import DIRECTIONS, direction, isolating
from ..limits import Limits
from ..media.resources import Resources
from ..model import inlines as i
from ..model.blocks import Cell, CodeBlock, Heading, Paragraph
from ..model.node import Node
from ..model.post import Post
from ..model.walk import walk
from .reading_order import SourceLine, SourceTexts
from .scripts import RIGHT_TO_LEFT, script_of
from .turned_pictures import TurnedPicture, turned_pictures

_LIMITS = Limits()
_CODE = ("\ue000", "\ue001")
"""Characters that stand in a text for the beginning and the end of code."""


class Expected(msgspec.Struct, frozen=True):
    """What the pages of a book are to show."""

    code: frozenset[str] = frozenset()
    """The lines of its code, without spaces."""
    backward: SourceTexts = SourceTexts(())
    """Its texts with letters of a script from right to left."""
    turned: tuple[TurnedPicture, ...] = ()
    """Its pictures whose files say that their pixels are to be turned."""


def expected_of(posts: Iterable[Post], limits: Limits = _LIMITS) -> Expected:
    """Returns what the pages of these posts are to show. Pictures on the network are not asked for."""
    code: set[str] = set()
    backward: list[SourceLine] = []
    turned: list[TurnedPicture] = []
    resources = Resources(limits)
    for post in posts:
        turned += turned_pictures(post, resources, limits)
        for block in walk(post, CodeBlock):
            code.update("".join(line.split()) for line in block.text.splitlines())
        backward += _backward_lines(post)
    lines = frozenset(line for line in code if len(line) > 3)
    return Expected(lines, SourceTexts(tuple(backward)), tuple(turned))


def _backward_lines(post: Post) -> Iterator[SourceLine]:
    """Yields the texts of a post that have letters of a script from right to left."""
    metadata, language = post.metadata, post.metadata.language
    date = long_date(metadata.published, language) if metadata.published else ""
    for text in (metadata.title, metadata.subtitle, date, *metadata.authors):
        yield from _lines_of(text, _way_of((), text, language))
    for block in walk(post, Paragraph, Heading, Cell):
        if any(True for _ in walk(block, i.Math, i.RawInline)):
            continue
        text = "".join(_words(block))
        yield from _lines_of(text, _way_of(block.attributes, text, language))


def _lines_of(text: str, way: str) -> Iterator[SourceLine]:
    """Yields the lines of a text. Engines may isolate code, or order it as other words."""
    for line in text.split("\n"):
        if any(script_of(char) in RIGHT_TO_LEFT for char in line):
            plain, isolated = (
                line.replace(_CODE[0], begin).replace(_CODE[1], end)
                for begin, end in (("", ""), isolating("auto"))
            )
            yield SourceLine((plain,) if plain == line else (plain, isolated), way)


def _way_of(attributes: tuple[tuple[str, str], ...], text: str, language: str) -> str:
    """Returns the direction of a block; empty where its language is unknown, or is written in the other one."""
    told = dict(attributes)
    way = told.get("dir", "")
    if way in ("rtl", "ltr"):
        return way
    language = told.get("lang", "") or language
    way = first_strong(text)
    return way if language and way == direction(language) else ""


def _words(node: Node) -> Iterator[str]:
    """Yields the texts within a block, and around runs with a direction of their own what isolates them."""
    match node:
        case i.Text():
            yield node.text
            return
        case i.Code():
            yield f"{_CODE[0]}{node.text}{_CODE[1]}"
            return
        case i.LineBreak():
            yield "\n"
            return
        case i.NoteRef() | i.Image():
            return
    # As in HTML, a run has a direction of its own by "dir" alone, and never by its language.
    way = dict(node.attributes).get("dir", "") if type(node) in i.INLINE else ""
    begin, end = isolating(way) if way in DIRECTIONS else ("", "")
    yield begin
    for child in getattr(node, "children", ()):
        yield from _words(child)
    yield end
