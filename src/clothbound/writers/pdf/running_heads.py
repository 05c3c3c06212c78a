"""Running heads, cut to the room that the head of a page has for them."""

from __future__ import annotations

from ...matter import ChapterHead, Matter
from .fonts import Measure
from .page import PageFormat
from .theme import Theme


class RunningHeads:
    """Fits the running heads of one book."""

    def __init__(self, matter: Matter, theme: Theme, page: PageFormat) -> None:
        """``page`` is in the theme's type."""
        self._theme = theme
        self._room = page.measure - theme.head_room
        self._right = Measure(theme.right_head.font, theme.right_head.size)
        left = Measure(theme.left_head.font, theme.left_head.size)
        self.book = left.cut(
            matter.running_title,
            self._room,
            small_caps_spacing=theme.left_head.small_caps_spacing,
        )
        """The book's title on one line."""

    def fit_chapter(self, head: ChapterHead) -> str:
        """The chapter's title on one line."""
        spacing = self._theme.right_head.small_caps_spacing
        return self._right.cut(head.running_head, self._room, small_caps_spacing=spacing)
