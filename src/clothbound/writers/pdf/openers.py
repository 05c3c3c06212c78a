"""What stands at the opening of a chapter and at the head of its pages."""

from __future__ import annotations

from dataclasses import dataclass

from ...language.dates import long_date
from ...model.post import Metadata
from .book_names import BookNames
from .fonts import Measure
from .page import PageFormat
from .running_heads import shorter_title
from .theme import Theme


@dataclass(frozen=True, slots=True)
class Opener:
    """The words of one chapter; those that it does not have are empty."""

    title: str
    date: str
    subtitle: str
    byline: str
    head: str
    """The chapter's title as it stands at the head of its pages: on one line."""
    book: str
    """The book's, likewise."""


class Openers:
    """Finds the words for the chapters of one book."""

    def __init__(self, names: BookNames, theme: Theme, page: PageFormat) -> None:
        self._names = names
        self._theme = theme
        self._room = page.measure - theme.head_room
        self._right = Measure(theme.right_head.font, theme.right_head.size)
        left = Measure(theme.left_head.font, theme.left_head.size)
        self._book = left.cut(
            names.title, self._room, small_caps_spacing=theme.left_head.small_caps_spacing
        )

    def opener(self, metadata: Metadata, language: str, *, dated: bool) -> Opener:
        """``language``: of the post, a BCP 47 tag. ``dated``: whether its day is told, if it has one
        and the theme tells any.
        """
        title = self._names.title_of(metadata)
        published = metadata.published
        told = dated and self._theme.dates and published is not None and published.text
        return Opener(
            title=title,
            date=long_date(published, language) if published is not None and told else "",
            subtitle=self._names.subtitle_of(metadata) if metadata.subtitle else "",
            byline=self._names.authors_of(metadata),
            head=self._right.cut(
                shorter_title(title),
                self._room,
                small_caps_spacing=self._theme.right_head.small_caps_spacing,
            ),
            book=self._book,
        )
