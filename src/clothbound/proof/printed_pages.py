"""What pypdfium2 tells of a finished page: its glyphs, pictures, paths, boxes, tags, and its ink.

Places are in points from the upper left corner of the page as it is shown (the crop box), y downwards.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from ..errors import ReadError
from ..lazy_pattern import lazy_pattern
from ..opened_pdf import opened_pdf
from .clip_paths import IDENTITY, Matrix, apply, clip_of, clipped, multiply
from .face_files import Box, FaceFile

if TYPE_CHECKING:
    from PIL.Image import Image

NAMELESS = "a face without a name"
"""Programs draw letters of some faces themselves (Type 3), and name none: Chromium those of collections."""
_SUBSET = lazy_pattern(r"[A-Z]{6}\+")
_MONO = lazy_pattern(r"(?i)mono|courier|consol|typewriter|menlo|fixed|cmtt|cmvtt|fira ?code|inconsolata|sourcecode|lmtt|ectt|fantasque|hack\b|terminal")  # fmt: skip
_FIXED_PITCH, _NO_MAP = 1, ("\0", "\ufffd", "\ufffe", "\uffff")
_INVISIBLE = 3
_SOFT_HYPHEN = 2
"""What pdfium says of a hyphen at the end of a line."""
_SPACES = frozenset((9, 10, 13, 32, 160, 0x2002, 0x2003, 0x2009, 0x200A, 0x202F, 0x3000))
_ROLES = {
    "Code": "code", "Formula": "formula", "Figure": "figure", "Caption": "caption", "Note": "note", "FENote": "note",
    "H": "heading", "H1": "heading", "H2": "heading", "H3": "heading", "H4": "heading", "H5": "heading",
    "H6": "heading", "Title": "heading", "TH": "table head", "TD": "table", "TOCI": "contents", "TOC": "contents",
    "LI": "list", "BlockQuote": "quote", "P": "text",
}  # fmt: skip
_STRONG = frozenset(
    (
        "code",
        "formula",
        "figure",
        "caption",
        "note",
        "heading",
        "table head",
        "table",
        "contents",
        "list",
    )
)
"""Roles that what stands inside them keeps: a paragraph in a note is of the note."""
_DEEPEST = 60
_MADE_AGAIN = "the file may have been cut off or damaged; make it again"


class PrintedFace(NamedTuple):
    """A font of the file, as it names itself."""

    name: str
    is_mono: bool
    is_italic: bool
    is_embedded: bool
    box_of_none: Box | None = None
    """The ink of the sign that stands in for a missing character, in em from its origin, y upwards; None where the
    file of the face does not tell it."""
    characters: frozenset[int] = frozenset()
    """The characters that the file of the face says it has."""


class TextRun:
    """A text object of the page: glyphs of one face and size."""

    __slots__ = (
        "angle",
        "clip",
        "face",
        "handle",
        "is_artifact",
        "is_visible",
        "role",
        "size",
        "slant",
        "tag",
    )

    def __init__(self, face: PrintedFace, size: float, handle: Any) -> None:
        self.face = face
        self.size = size
        """The size of the type as printed, in points."""
        self.handle = handle
        self.angle = 0.0
        """The direction of the line in degrees, 0 for upright text."""
        self.slant = 0.0
        """The tangent of the slant that was added to an upright face."""
        self.clip: Box | None = None
        """The box beyond which nothing of it is printed; None where nothing clips it."""
        self.is_visible = True
        self.is_artifact = False
        self.tag = -1
        self.role = ""


class Glyph(msgspec.Struct, gc=False):
    """One printed character. The box is that of its ink."""

    char: str
    x0: float
    top: float
    x1: float
    bottom: float
    x: float
    """The place of its origin on the base line."""
    base: float
    run: TextRun
    is_unmapped: bool = False
    follows_space: bool = False
    """Whether the character before it, in the order of the file, is a space or the end of a line."""
    before_space: bool = False
    has_space_right: bool = False
    """Whether a space is printed on its right; told of lines from right to left alone."""

    @property
    def box(self) -> Box:
        return (self.x0, self.top, self.x1, self.bottom)


class PrintedPicture(NamedTuple):
    """A picture made of pixels."""

    box: Box
    pixels: tuple[int, int]
    matrix: tuple[float, float, float, float]
    handle: Any
    role: str
    is_artifact: bool

    @property
    def dots_per_inch(self) -> float:
        """Returns the lower of the resolutions across and down."""
        a, b, c, d = self.matrix
        across, down = math.hypot(a, b), math.hypot(c, d)
        if not across or not down:
            return 0.0
        return min(self.pixels[0] / across, self.pixels[1] / down) * 72

    @property
    def is_upside_down(self) -> bool:
        _, _, _, d = self.matrix
        return d < 0

    @property
    def is_on_its_side(self) -> bool:
        """Whether it is turned by a quarter of a circle, or nearly so."""
        a, b, _, _ = self.matrix
        return abs(b) > abs(a)

    @property
    def is_mirrored(self) -> bool:
        a, b, c, d = self.matrix
        return a * d - b * c < 0


class Shape(NamedTuple):
    """A path: a rule, a box, or a letter that is drawn as an outline."""

    box: Box
    is_filled: bool
    handle: Any
    role: str
    is_artifact: bool


class OutlineEntry(NamedTuple):
    """An entry of the outline of the file."""

    title: str
    page: int
    level: int


class OpenedPage:
    """One page. It holds handles of the file, so it is used before the next page is opened."""

    def __init__(self, book: PrintedBook, index: int) -> None:
        self.index = index
        self.label = book.label(index)
        self._page = book.document[index]
        # A crop box may be larger than its page.
        left, bottom, right, top = self._page.get_bbox()
        self._left, self._top = left, top
        self.width: float = right - left
        self.height: float = top - bottom
        self.trim = self._flip(self._page.get_trimbox())
        self.bleed = self._flip(self._page.get_bleedbox())
        self.runs: list[TextRun] = []
        self.pictures: list[PrintedPicture] = []
        self.shapes: list[Shape] = []
        self._roles = dict(_read_roles(self._page))
        self._faces = book.faces
        self._objects: dict[int, TextRun] = {}
        self._text = self._page.get_textpage()
        self.glyphs = list(self._read_glyphs())
        self._read_objects()

    def close(self) -> None:
        self._text.close()
        self._page.close()

    # --- what is printed ------------------------------------------------------------------------

    def _flip(self, box: tuple[float, float, float, float]) -> Box:
        left, bottom, right, top = box
        return (left - self._left, self._top - top, right - self._left, self._top - bottom)

    def _read_glyphs(self) -> Iterator[Glyph]:
        from pypdfium2 import raw

        text, left, top = self._text.raw, self._left, self._top
        x0, x1, y0, y1 = (ctypes.c_double() for _ in range(4))
        x, y = ctypes.c_double(), ctypes.c_double()
        high = 0
        last: Glyph | None = None
        for number in range(raw.FPDFText_CountChars(text)):
            code = raw.FPDFText_GetUnicode(text, number)
            if code in _SPACES:
                if last is not None:
                    last.before_space = True
                last = None
            if raw.FPDFText_IsGenerated(text, number) == 1:
                continue
            if 0xD800 <= code < 0xDC00:
                high = code
                continue
            if high and 0xDC00 <= code < 0xE000:
                code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
            high = 0
            run = self._run_of(raw.FPDFText_GetTextObject(text, number), number)
            if run is None:
                continue
            raw.FPDFText_GetCharBox(text, number, x0, x1, y0, y1)
            raw.FPDFText_GetCharOrigin(text, number, x, y)
            char = "-" if code == _SOFT_HYPHEN else chr(code)
            glyph = Glyph(
                char, x0.value - left, top - y1.value, x1.value - left, top - y0.value, x.value - left, top - y.value,
                run, char in _NO_MAP or raw.FPDFText_HasUnicodeMapError(text, number) == 1, last is None,
            )  # fmt: skip
            last = None if code in _SPACES else glyph
            yield glyph

    def _run_of(self, handle: Any, number: int) -> TextRun | None:
        address = ctypes.cast(handle, ctypes.c_void_p).value
        if address is None:
            return None
        run = self._objects.get(address)
        if run is None:
            run = self._objects[address] = self._make_run(handle, number)
            self.runs.append(run)
        return run

    def _make_run(self, handle: Any, number: int) -> TextRun:
        from pypdfium2 import raw

        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(self._text.raw, number, matrix)
        a, b, c, d = matrix.a, matrix.b, matrix.c, matrix.d
        size = raw.FPDFText_GetFontSize(self._text.raw, number) * math.hypot(c, d)
        run = TextRun(self._face_of(raw.FPDFTextObj_GetFont(handle)), size, handle)
        run.angle = math.degrees(math.atan2(b, a))
        across = math.hypot(a, b)
        if across and a * d - b * c:
            run.slant = (a * c + b * d) / (a * d - b * c)
        run.is_visible = raw.FPDFTextObj_GetTextRenderMode(handle) != _INVISIBLE
        run.tag, run.is_artifact = self._mark_of(handle)
        run.role = self._roles.get(run.tag, "")
        return run

    def _face_of(self, font: Any) -> PrintedFace:
        from pypdfium2 import raw

        address = ctypes.cast(font, ctypes.c_void_p).value or 0
        if address not in self._faces:
            buffer = ctypes.create_string_buffer(256)
            raw.FPDFFont_GetBaseFontName(font, buffer, 256)
            name = _SUBSET.sub("", buffer.value.decode("utf-8", "replace"))
            flags, angle = raw.FPDFFont_GetFlags(font), ctypes.c_int()
            raw.FPDFFont_GetItalicAngle(font, angle)
            file = FaceFile(font)
            self._faces[address] = PrintedFace(
                name or NAMELESS,
                (flags > 0 and bool(flags & _FIXED_PITCH)) or bool(_MONO.search(name)),
                angle.value != 0 or file.is_slanted(name),
                file.is_embedded,
                file.box_of_none(),
                file.characters(),
            )
        return self._faces[address]

    def _mark_of(self, handle: Any) -> tuple[int, bool]:
        from pypdfium2 import raw

        buffer, length = (ctypes.c_ushort * 32)(), ctypes.c_ulong()
        for number in range(raw.FPDFPageObj_CountMarks(handle)):
            mark = raw.FPDFPageObj_GetMark(handle, number)
            raw.FPDFPageObjMark_GetName(mark, buffer, 64, length)
            if length.value == 18 and bytes(buffer)[:16].decode("utf-16-le") == "Artifact":
                return -1, True
        return raw.FPDFPageObj_GetMarkedContentID(handle), False

    def _read_objects(self) -> None:
        from pypdfium2 import raw

        for number in range(raw.FPDFPage_CountObjects(self._page.raw)):
            self._read_object(raw.FPDFPage_GetObject(self._page.raw, number), IDENTITY, -1, 0)

    def _read_object(self, handle: Any, outer: Matrix, tag: int, depth: int) -> None:
        from pypdfium2 import raw

        kind = raw.FPDFPageObj_GetType(handle)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            run = self._objects.get(ctypes.cast(handle, ctypes.c_void_p).value or 0)
            clip = clip_of(handle, outer) if run is not None else None
            if run is not None and clip is not None:
                run.clip = self._flip(clip)
            return
        own, is_artifact = self._mark_of(handle)
        tag = own if own >= 0 else tag
        role = self._roles.get(tag, "")
        matrix = raw.FS_MATRIX()
        raw.FPDFPageObj_GetMatrix(handle, matrix)
        if kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            inner = multiply((matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f), outer)
            for number in range(raw.FPDFFormObj_CountObjects(handle)):
                self._read_object(raw.FPDFFormObj_GetObject(handle, number), inner, tag, depth + 1)
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            wide, high = ctypes.c_uint(), ctypes.c_uint()
            raw.FPDFImageObj_GetImagePixelSize(handle, wide, high)
            whole = multiply((matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f), outer)
            box = self._box_of(handle, outer)
            self.pictures.append(
                PrintedPicture(box, (wide.value, high.value), whole[:4], handle, role, is_artifact)
            )
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            self._read_path(handle, outer, role, is_artifact=is_artifact)

    def _read_path(self, handle: Any, outer: Matrix, role: str, *, is_artifact: bool) -> None:
        from pypdfium2 import raw

        fill, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(handle, fill, stroke)
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        is_filled = False
        if fill.value:
            raw.FPDFPageObj_GetFillColor(handle, red, green, blue, alpha)
            is_filled = alpha.value > 8 and min(red.value, green.value, blue.value) < 250
        is_stroked = False
        if stroke.value:
            raw.FPDFPageObj_GetStrokeColor(handle, red, green, blue, alpha)
            is_stroked = alpha.value > 8 and min(red.value, green.value, blue.value) < 250
        if is_filled or is_stroked:
            box = self._box_of(handle, outer)
            self.shapes.append(Shape(box, is_filled, handle, role, is_artifact))

    def _box_of(self, handle: Any, outer: Matrix) -> Box:
        from pypdfium2 import raw

        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        raw.FPDFPageObj_GetBounds(handle, left, bottom, right, top)
        corners = [
            apply(outer, x, y) for x in (left.value, right.value) for y in (bottom.value, top.value)
        ]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        box = (min(xs), min(ys), max(xs), max(ys))
        return self._flip(clipped(box, clip_of(handle, outer)))

    # --- what is looked at when a check asks ----------------------------------------------------

    def ink(self, box: Box | None = None, scale: float = 1.0) -> Image:
        """Draws the page, or what lies in ``box``, in shades of grey; ``scale`` is pixels to the point. A box off the
        page, or without a pixel, is a white one.
        """
        from PIL.Image import new

        crop = (0.0, 0.0, 0.0, 0.0)
        if box is not None:
            left, top, right, bottom = box
            crop = (
                max(left, 0.0), max(self.height - bottom, 0.0), max(self.width - right, 0.0), max(top, 0.0),
            )  # fmt: skip
        cut = [math.ceil(side * scale) for side in crop]
        wide, high = math.ceil(self.width * scale), math.ceil(self.height * scale)
        if wide - cut[0] - cut[2] < 1 or high - cut[1] - cut[3] < 1:
            return new("L", (1, 1), 255)
        turned = self._page.render(
            scale=scale, rotation=-self._page.get_rotation() % 360, grayscale=True, crop=crop
        )
        image: Image = turned.to_pil()
        return image.convert("L")

    def ink_of(self, handles: list[Any], box: Box, scale: float) -> Image:
        """Draws what lies in ``box`` of these objects alone."""
        from pypdfium2 import raw

        kept = {ctypes.cast(handle, ctypes.c_void_p).value for handle in handles}
        hidden = [
            other
            for other in self._leaves()
            if ctypes.cast(other, ctypes.c_void_p).value not in kept
        ]
        for other in hidden:
            raw.FPDFPageObj_SetIsActive(other, False)
        try:
            return self.ink(box, scale)
        finally:
            for other in hidden:
                raw.FPDFPageObj_SetIsActive(other, True)

    def _leaves(self) -> list[Any]:
        handles = [run.handle for run in self.runs]
        return handles + [one.handle for one in self.pictures] + [one.handle for one in self.shapes]

    def picture_pixels(self, picture: PrintedPicture) -> Image | None:
        """Returns the pixels of a picture; None where pdfium cannot read them."""
        from pypdfium2 import PdfBitmap, PdfiumError, raw

        bitmap = raw.FPDFImageObj_GetBitmap(picture.handle)
        if not bitmap:
            return None
        try:
            # ``PdfBitmap`` frees the bitmap with its buffer; to free it here too breaks the memory of the process.
            image: Image = PdfBitmap.from_raw(bitmap).to_pil()
        except PdfiumError:
            raw.FPDFBitmap_Destroy(bitmap)
            return None
        return image.copy()

    def is_equals_sign(self, shape: Shape) -> bool:
        """Returns whether a drawn outline is that of the sign: two level bars, about half as high as wide."""
        from pypdfium2 import raw

        wide, high = shape.box[2] - shape.box[0], shape.box[3] - shape.box[1]
        if not 1.6 * high < wide < 3.2 * high:
            return False
        kinds = []
        for number in range(raw.FPDFPath_CountSegments(shape.handle)):
            segment = raw.FPDFPath_GetPathSegment(shape.handle, number)
            kinds.append(raw.FPDFPathSegment_GetType(segment))
        return kinds.count(raw.FPDF_SEGMENT_MOVETO) == 2 and raw.FPDF_SEGMENT_BEZIERTO not in kinds

    def link_at(self, x: float, y: float) -> int | None:
        """Returns the index of the page that a link at this place leads to."""
        from pypdfium2 import raw

        link = raw.FPDFLink_GetLinkAtPoint(self._page.raw, x + self._left, self._top - y)
        if not link:
            return None
        document = self._page.pdf.raw
        place = raw.FPDFLink_GetDest(document, link)
        if not place:
            action = raw.FPDFLink_GetAction(link)
            place = raw.FPDFAction_GetDest(document, action) if action else None
        if not place:
            return None
        index = raw.FPDFDest_GetDestPageIndex(document, place)
        return index if index >= 0 else None


class PrintedBook:
    """A finished PDF, opened. Close it after use."""

    def __init__(self, source: Path | bytes, called: str = "") -> None:
        """Raises ReadError for a file that is not a PDF or needs a password."""
        self._name = called or (str(source) if isinstance(source, Path) else "")
        self._opened = ExitStack()
        self.document = self._opened.enter_context(opened_pdf(source, self._name))
        self.faces: dict[int, PrintedFace] = {}
        """The faces of the pages so far by the addresses of their fonts, which pdfium keeps until it closes the file."""

    def __len__(self) -> int:
        return len(self.document)

    def __enter__(self) -> PrintedBook:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def label(self, index: int) -> str:
        """Returns the number of a page as viewers show it."""
        return self.document.get_page_label(index) or str(index + 1)

    @property
    def creator(self) -> str:
        """Returns the names of the programs that made the file."""
        told = self.document.get_metadata_dict()
        return f"{told.get('Creator', '')} {told.get('Producer', '')}"

    def pages(self) -> Iterator[OpenedPage]:
        """Yields the pages in order; each is closed before the next is opened.

        Raises ReadError for a page that is damaged.
        """
        from pypdfium2 import PdfiumError

        for index in range(len(self)):
            try:
                page = OpenedPage(self, index)
            except PdfiumError as error:
                message = f"page {index + 1} of {len(self)} cannot be read: {error}"
                raise ReadError(message, source=self._name, hint=_MADE_AGAIN) from error
            try:
                yield page
            finally:
                page.close()

    def outline(self) -> list[OutlineEntry]:
        """Returns the entries of the outline that lead to pages."""
        found = []
        for entry in self.document.get_toc():
            target = entry.get_dest()
            index = target.get_index() if target else None
            if index is not None:
                found.append(OutlineEntry(entry.get_title(), index, entry.level))
        return found


def _read_roles(page: Any) -> Iterator[tuple[int, str]]:
    """Yields the roles that the tags of a page give to its marked contents."""
    from pypdfium2 import raw

    tree = raw.FPDF_StructTree_GetForPage(page.raw)
    if not tree:
        return
    try:
        for number in range(raw.FPDF_StructTree_CountChildren(tree)):
            yield from _roles_below(raw.FPDF_StructTree_GetChildAtIndex(tree, number), "", 0)
    finally:
        raw.FPDF_StructTree_Close(tree)


def _roles_below(element: Any, role: str, depth: int) -> Iterator[tuple[int, str]]:
    from pypdfium2 import raw

    if not element or depth > _DEEPEST:
        return
    buffer = (ctypes.c_ushort * 32)()
    raw.FPDF_StructElement_GetType(element, buffer, 64)
    own = _ROLES.get(bytes(buffer).decode("utf-16-le", "replace").split("\0", 1)[0], "")
    if own and (role not in _STRONG or own in ("formula", "figure", "code", "caption")):
        role = own
    for number in range(raw.FPDF_StructElement_CountChildren(element)):
        # Marks of other pages, which have the same numbers, are -1 here.
        mark = raw.FPDF_StructElement_GetChildMarkedContentID(element, number)
        if mark >= 0:
            yield mark, role
            continue
        yield from _roles_below(
            raw.FPDF_StructElement_GetChildAtIndex(element, number), role, depth + 1
        )
