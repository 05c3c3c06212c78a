"""What differs between the HTML of a page, of an EPUB chapter and of a printed book."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...model.inlines import Image
from ...model.post import Footnote, Post

if TYPE_CHECKING:
    from .render import Renderer


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that the target can show. Width and height are pixels, 0 unknown."""

    src: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Math:
    """Mathematics as markup for the target; ``markup`` is None where the TeX cannot be set."""

    markup: str | None
    simplified: str = ""
    """What a reader should know of how it is set; empty: it is set as it was meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The seams of the renderer. A writer makes one and hands it to ``Renderer``."""

    picture: Callable[[Post, Image], Picture | None]
    """Where the picture lies in the product; None: not to be had (already reported), a placeholder
    is written."""
    href: Callable[[str], str | None]
    """An address as the product writes it; None: the text stays, the link does not. It is asked
    after the scheme was found safe, and gets ``clothbound:KEY#anchor`` for a post of the book."""
    anchor: Callable[[Post, str], str]
    """The id in the product of a node or note of a post."""
    note_mark: Callable[[Renderer, Footnote, int, int], str]
    """The mark of a note: (renderer, note, its number, which of its marks this is, from 1)."""
    math: Callable[[str, bool], Math]
    """(TeX, whether it stands alone) as markup."""
    code: Callable[[str, str], str | None]
    """(code, language) as highlighted markup, or None."""
    raw: Callable[[str], str]
    """Raw HTML, made safe and fit for the product's syntax."""
    xhtml: bool = False
    """XML syntax: void elements closed, ``xml:lang`` beside ``lang``."""
    scrolls: bool = False
    """Code, tables and formulas too wide for the screen scroll in boxes of their own, which a
    keyboard must reach (WCAG 2.2, criterion 2.1.1)."""
    on_paper: bool = False
    """Links cannot be followed, so the address of what a card stands for is written out."""
    rows: bool = False
    """Galleries stand in rows of one height, by ``style``, which the policy of a web page forbids."""
    block_end: str = "\n"
    """Written after each block; empty where white space would show."""
