"""Output-specific hooks of the renderer: one class per kind of product, one object per post.

``Page`` is the renderer as the modules see it that render single kinds of nodes for it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar, Protocol

import msgspec

from ...context import Context
from ...model.blocks import MathBlock
from ...model.inlines import Image, Inline, Math
from ...model.node import Node
from ...model.post import Footnote, Post

if TYPE_CHECKING:
    from ...filters import Override

EQUATION_NUMBER = "equation-number"
"""The class of the number beside a displayed formula."""
FOLLOWED_MARK = "followed"
"""The class of a note's mark that is followed by another. The style sheets put a comma behind it."""
UNSET_FORMULA = "a formula was written as TeX, since it cannot be typeset"
"""What the report says of a formula that a product does not set."""


def unsafe_link_message(href: str) -> str:
    """Returns what the report says of a link whose address is not safe."""
    return f"a link with an unsafe address was left out: {href[:120]}"


class Picture(msgspec.Struct, frozen=True):
    """A picture that the target can show. Width and height are pixels, 0 if unknown."""

    src: str
    width: int = 0
    height: int = 0


class MathMarkup(msgspec.Struct, frozen=True):
    """Markup of a formula for the target; ``markup`` is None if the TeX cannot be typeset."""

    markup: str | None
    simplified: str = ""
    """The loss to report if the formula was simplified; else empty."""


class Target(ABC):
    """Determines addresses of pictures, the form of links and notes, and the syntax of one post in
    one product.
    """

    xhtml: ClassVar[bool] = False
    """Whether the syntax is XML: void elements are closed, and ``xml:lang`` accompanies
    ``lang``."""
    scrolls: ClassVar[bool] = False
    """Whether code, tables and formulas too wide for the screen scroll in boxes of their own, which
    a keyboard must reach (WCAG 2.2, criterion 2.1.1)."""
    on_paper: ClassVar[bool] = False
    """Whether the product is printed. Links cannot be followed, so cards spell out the address, and
    the tree carries information that the engines' style sheets cannot derive."""
    rows: ClassVar[bool] = False
    """Whether galleries are set in rows of equal height by ``style``, which the policy of a web
    page forbids."""

    @abstractmethod
    def picture(self, image: Image) -> Picture | None:
        """Returns the picture's place in the product; None if it is missing, which is then already
        reported.
        """

    @abstractmethod
    def href(self, address: str) -> str | None:
        """Returns an address as the product writes it; None if the text stays without a link.

        The scheme of ``address`` is safe; ``clothbound:KEY#anchor`` is a post of the book.
        """

    @abstractmethod
    def anchor(self, name: str) -> str:
        """Returns the id in the product of a node or note of the post."""

    @abstractmethod
    def note_mark(self, note: Footnote, number: int, nth: int, is_followed: bool) -> str:
        """Returns the mark of a note as markup.

        ``nth`` counts the note's marks, from 1. One that another mark follows is parted from it by a comma, so that
        notes 1 and 2 do not look like note 12.
        """

    @abstractmethod
    def math(self, node: Math | MathBlock) -> MathMarkup:
        """Returns a formula as markup, displayed if it is a block."""

    def code_to_scan(self, kind: str, address: str) -> str:  # noqa: ARG002 - for print alone
        """Returns the address of a QR code for an embed of this kind; empty if there is none."""
        return ""

    @abstractmethod
    def code(self, code: str, language: str) -> str | None:
        """Returns highlighted code as markup; None if it is not highlighted."""

    @abstractmethod
    def raw(self, markup: str, report_text_alone: Callable[[], None]) -> str:
        """Returns raw HTML, sanitised by ``sanitize.clean`` and in the product's syntax."""


class Page(Protocol):
    """The part of the renderer that cards, figures and functions of the user need."""

    post: Post
    target: Target
    context: Context

    def inlines(self, nodes: Iterable[Inline]) -> str: ...
    def attributes(self, node: Node, *classes: str) -> str: ...
    def link(self, href: str, content: str) -> str: ...
    def link_target(self, href: str) -> str | None: ...
    def name_of_target(self, href: str) -> str: ...
    def language(self) -> str: ...
    def report_simplified(self, node: Node, message: str) -> None: ...
    def render_nodes(self, nodes: Iterable[Node]) -> str: ...
    def render_default(self, node: Node, overrides: tuple[Override, ...]) -> str: ...
