"""Writes the calls that set titles: of the book, of its parts and of its chapters."""

from __future__ import annotations

from ....language.direction import direction
from ....matter import ChapterHead, ChapterPlace, Matter
from ..fonts import Measure
from ..matter_pages import part_id
from ..page_format import PageFormat
from ..theme import Theme
from ..titles import ContentsTitles, RunningHeads, fit_title_page, lay_title
from .faces import DISPLAY_SIZE
from .literals import breakable_title, literal, name_in, title_content


class Openings:
    """Writes the titles of one book, several lines of which are about equally long."""

    def __init__(
        self, matter: Matter, page: PageFormat, theme: Theme, heads: RunningHeads, level: int
    ) -> None:
        """``level`` is that of the titles of posts."""
        self._matter = matter
        self._way = direction(matter.language)
        self._page = page
        self._theme = theme
        self._heads = heads
        self._contents = ContentsTitles(theme, page)
        self._level = level
        self._titles = {
            name: Measure(
                kind.font,
                # A subtitle is measured as it is drawn.
                kind.size * page.size * (1 if name == "subtitle" else kind.spread),
                drawn_for=page.size if name == "subtitle" else DISPLAY_SIZE,
            )
            for name, kind in theme.titles.items()
        }

    def title_page(self) -> str:
        """Writes the title page."""
        page = self._matter.title_page
        lines = {
            "year": page.years,
            "subtitle": page.subtitle,
            "authors": self._matter.words.comma.join(page.authors),
            "publisher": page.publisher,
        }
        named = [
            f"{name}: {title_content(breakable_title(line), self._way)}"
            for name, line in lines.items()
            if line
        ]
        title = breakable_title(page.title)
        subtitle = breakable_title(page.subtitle)
        kinds = self._theme.titles
        fit = fit_title_page(
            (self._titles["book-title"], title, kinds["book-title"].leading * self._page.size),
            (
                self._titles["book-subtitle"],
                subtitle,
                kinds["book-subtitle"].leading * self._page.size,
            ),
            self._page,
        )
        widths = self._balance("title", "book-title", title, fit.scale)
        widths += self._balance("subtitle", "book-subtitle", subtitle)
        if fit.scale < 1:
            widths += f", title-scale: {fit.scale}"
        if fit.is_close:
            widths += ", close: true"
        return f"#title-page({', '.join([title_content(title, self._way), *named])}{widths})"

    def part(self, key: str, title: str) -> str:
        """Writes the page before the part that begins with the post ``key``."""
        width = self._balance("title", "part-title", title)
        return f"#part({literal(part_id(key))}, {title_content(title, self._way)}{width})"

    def chapter(
        self, place: ChapterPlace, head: ChapterHead, number: int
    ) -> tuple[str, tuple[int, str, str]]:
        """Returns the call of ``chapter`` up to the text, and level, kind and words of the
        title. ``number`` is that before the title, or 0.
        """
        level = 1 if place.role else self._level
        title = name_in(head.title) or place.key
        title = breakable_title(title)
        subtitle = breakable_title(name_in(head.subtitle))
        # The contents have the same words in the direction of the book.
        way = "rtl" if direction(head.language) == "rtl" else self._way
        words = title_content(title, way)
        arguments = [
            f"key: {literal(place.key)}",
            f"title: {words}{self._balance('title', 'chapter-title', title)}",
            f"head: {literal(self._heads.fit_chapter(head))}",
            f"book: {literal(self._heads.book)}",
            f"level: {level}",
        ]
        if head.date and self._theme.dates:
            arguments.append(f"date: {literal(head.date)}")
        if self._is_long(title):
            arguments.append("is-long: true")
        kind = f'kind("{"after" if place.follows_part else "chapter"}"'
        kind += f', number: "{number}"' if number else ""
        kind += ", breaks: true)" if self._contents.breaks_after_colons(title) else ")"
        arguments.append(f"kind: {kind}")
        if subtitle:
            width = self._balance("subtitle", "subtitle", subtitle)
            arguments.append(f"subtitle: {title_content(subtitle, way)}{width}")
        if head.byline:
            arguments.append(f"byline: {literal(breakable_title(head.byline))}")
        return f"chapter({', '.join(arguments)}", (level, kind, words)

    def _is_long(self, title: str) -> bool:
        """Returns whether a chapter's title takes more than half a page."""
        lines = self._titles["chapter-title"].width(title) / self._page.measure
        leading = self._theme.titles["chapter-title"].leading * self._page.size
        return lines * leading > self._page.text_height / 2

    def _balance(self, name: str, kind: str, title: str, scale: float = 1) -> str:
        """Writes the arguments of ``name``: the width of a title on several lines, and whether they end
        after its colons; empty for other titles. ``scale`` is the factor by which the title is set smaller.
        """
        width, is_broken = lay_title(self._titles[kind], title, self._page.measure / scale)
        # Half a point of slack over the measured width.
        argument = f", {name}-width: {width * scale + 0.5:.1f}pt" if width is not None else ""
        return argument + (f", {name}-breaks: true" if is_broken else "")
