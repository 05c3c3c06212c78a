"""Options of EPUB books."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar

from ...destinations import DestinationName
from ...fields import Field
from ...formats import WriterOptions
from ...page_list import PrintedPages
from ..screen_style import ScreenTheme
from ..shared_options import (
    CoverPictures,
    LeaveOutRepeated,
    ListOfLinks,
    Mentions,
    shared_transforms,
)


class Epub(WriterOptions, frozen=True, kw_only=True):
    """Options of EPUB books."""

    format: ClassVar[str] = "epub"
    theme: ScreenTheme = None
    css: Annotated[
        Path | None,
        Field(
            help="A style sheet that follows the book's own, so that its rules take precedence. Files that it loads are left out."
        ),
    ] = None
    cover: Annotated[
        Path | bytes | None,
        Field(
            help="A picture for the cover, converted to JPEG or PNG if necessary; without one, a cover is drawn."
        ),
    ] = None
    mentions: Mentions = False
    list_of_links: ListOfLinks = False
    leave_out_repeated: LeaveOutRepeated = False
    cover_pictures: CoverPictures = "described"
    toc_depth: Annotated[
        int,
        Field(
            help="Levels of the contents within a part: 1 has the posts, 2 their headings too, "
            "up to 6."
        ),
    ] = 1
    destination: Annotated[
        DestinationName,
        Field(
            help="Whose rules are kept; ``safe``: what all of them take, formulas and wide "
            "tables as they are."
        ),
    ] = "safe"
    grayscale: Annotated[
        bool,
        Field(
            help="Show pictures in shades of gray, for screens of electronic ink; the "
            "cover keeps its colours."
        ),
    ] = False
    pages: PrintedPages | None = None
    """The places where pages of the printed edition begin (``Artifact.pages`` of its PDF), which
    are marked and listed. The command sets it if it makes an EPUB together with a PDF."""

    @property
    def transforms(self) -> tuple[str, ...]:
        """The transforms that these options add to those of every EPUB."""
        return shared_transforms(self, mentions=self.mentions)
