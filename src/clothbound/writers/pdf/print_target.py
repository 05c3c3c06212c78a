"""The renderer's target for a printed book, and the files that its chapters name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ...context import Context
from ...escape import attribute
from ...html.write.highlight import highlight
from ...html.write.sanitize import clean
from ...html.write.shown_pictures import PostPictures, StoredPicture
from ...html.write.target import MathMarkup, Picture, Target
from ...math.svg import to_svg
from ...media.picture_limits import Converted, PictureRules
from ...media.qr_code import draw_code, is_for_everybody
from ...model.blocks import MathBlock
from ...model.book_links import split_book_address
from ...model.inlines import Image, Math
from ...model.post import Footnote, Post
from ...parts.post_parts import ShownFile
from ..shared_options import CodesOnPaper
from .page_format import SMALL_FORMULA, PageFormat

FILE_SCHEME = "clothbound:file/"
"""What the addresses of files that a printed book brings along begin with."""
BETWEEN_MARKS = "between-marks"
"""The class of the comma between the marks of two notes."""
_DRAWING = "image/svg+xml"


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """One use of a picture."""

    src: str
    """The address that the post gives."""
    source: str
    line: int
    width: int
    """The width in pixels; 0 for a drawing (SVG), which is sharp at any width."""


class PrintFiles:
    """The pictures of a book, or of one of its chapters, as they are named there, each file once."""

    def __init__(
        self,
        context: Context,
        rules: PictureRules,
        resolution: int,
        codes: CodesOnPaper,
        known: dict[str, StoredPicture],
    ) -> None:
        """``resolution`` is that of pictures in pixels per inch; ``codes`` says which cards get a QR code.

        ``known`` are pictures whose bytes another chapter has, by hash of the file before conversion.
        """
        self._resolution = resolution
        self._codes = codes
        self._pictures = PostPictures(context, rules, self._store, known)
        self.files: dict[str, tuple[bytes, str]] = {}
        """The bytes and the media type of each file, by address. The bytes are empty if another chapter has them."""
        self.shown: dict[str, list[ShownPicture]] = {}
        """The pictures of posts, by the address of their file here."""

    def show(self, post: Post, image: Image) -> Picture | None:
        """Returns a picture's place; None if it is missing, which is reported.

        A drawing's pixels are those of CSS, 96 to the inch, and are counted in those of the book's pictures.
        """
        picture = self._pictures.show(post, image)
        if picture is None:
            return None
        if picture.src not in self.files:
            self.files[picture.src] = (b"", self._media_type_of(picture.src))
        is_drawing = self.files[picture.src][1] == _DRAWING
        dots = 0 if is_drawing else picture.width
        use = ShownPicture(image.src, post.metadata.source, image.line, dots)
        self.shown.setdefault(picture.src, []).append(use)
        if not is_drawing:
            return picture
        width, height = (round(n * self._resolution / 96) for n in (picture.width, picture.height))
        return Picture(picture.src, width, height)

    @property
    def stored(self) -> Mapping[str, StoredPicture]:
        """The pictures, by hash of the file before conversion."""
        return self._pictures.stored

    def shown_files(self) -> tuple[ShownFile, ...]:
        """Returns the files as a part of the book has them."""
        sources = {one.picture.src: one.src for one in self.stored.values()}
        return tuple(
            ShownFile(address, media_type, data, sources.get(address, ""))
            for address, (data, media_type) in self.files.items()
        )

    def _media_type_of(self, address: str) -> str:
        return next(
            one.made.media_type for one in self.stored.values() if one.picture.src == address
        )

    def keep(self, data: bytes, media_type: str) -> str:
        """Adds a file and returns its address."""
        address = FILE_SCHEME + hashlib.sha256(data).hexdigest()[:32]
        self.files[address] = (data, media_type)
        return address

    def keep_code(self, kind: str, address: str) -> str:
        """Adds the QR code for an embed and returns its address; empty if it gets none."""
        is_wanted = self._codes == "all" or (self._codes == "videos" and kind == "video")
        if not is_wanted or not is_for_everybody(address):
            return ""
        return self.keep(draw_code(address), _DRAWING)

    def _store(self, converted: Converted) -> str:
        return self.keep(converted.data, converted.media_type)


class PrintTarget(Target):
    """The target of a chapter for WeasyPrint, in which formulas are drawn."""

    xhtml = True
    on_paper = True
    rows = True

    def __init__(self, post: Post, files: PrintFiles, page: PageFormat, context: Context) -> None:
        """``page`` is in the theme's type."""
        self._post = post
        self._files = files
        self._page = page
        self._context = context
        self.marked: list[Footnote] = []
        """The notes in the order of their first marks; ``write_notes`` empties it."""
        self.linked: dict[str, str] = {}
        """The keys of the posts to which links lead, by the address in the tree."""

    def picture(self, image: Image) -> Picture | None:
        return self._files.show(self._post, image)

    def href(self, address: str) -> str | None:
        place = split_book_address(address)
        if place is None:
            return address
        key, fragment = place
        if key not in self._context.index:
            return None
        target = f"#{key}--{fragment}" if fragment else f"#{key}"
        self.linked[target] = key
        return target

    def anchor(self, name: str) -> str:
        return f"{self._post.metadata.key}--{name}"

    def note_mark(self, note: Footnote, number: int, nth: int, is_followed: bool) -> str:
        if nth == 1:
            self.marked.append(note)
        target = attribute(self.note_id(number))
        comma = f'<sup class="{BETWEEN_MARKS}">,</sup>' if is_followed else ""
        return f'<sup class="noteref"><a href="#{target}">{number}</a></sup>{comma}'

    def note_id(self, number: int) -> str:
        return self.anchor(f"note--{number}")

    def math(self, node: Math | MathBlock) -> MathMarkup:
        display = type(node) is MathBlock
        widest = self._page.measure / self._page.size
        formula = to_svg(node.tex, display, widest)
        if formula is None:
            return MathMarkup(None)
        src = self._files.keep(formula.svg.encode(), _DRAWING)
        style = f"width:{formula.width:.3f}em;height:{formula.height:.3f}em"
        if not display and formula.lines > 1:
            style += ";display:block;margin:.4em auto"
        elif not display:
            style += f";vertical-align:-{formula.depth:.3f}em"
        points = self._page.size * widest / formula.width
        simplified = ""
        if points < SMALL_FORMULA:
            simplified = f"a formula was set in type of {points:.1f} points, as wide as the page"
        return MathMarkup(
            f'<img class="formula" src="{src}" alt="{attribute(node.tex.strip())}" '
            f'style="{style}" />',
            simplified,
        )

    def code_to_scan(self, kind: str, address: str) -> str:
        return self._files.keep_code(kind, address)

    def code(self, code: str, language: str) -> str | None:
        return highlight(code, language)

    def raw(self, markup: str, report_text_alone: Callable[[], None]) -> str:
        return clean(markup, xhtml=True, report_text_alone=report_text_alone)
