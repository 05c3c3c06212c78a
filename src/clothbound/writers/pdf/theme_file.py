"""Reads a theme of one's own: a TOML file, and beside it a style sheet, fonts and pictures.

It changes a theme of ours. Nothing outside its folder is read, and nothing from the network, since a theme may come
from a stranger.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import msgspec

from ...errors import ManifestError, OptionError, did_you_mean, reason_of
from ...fields import Field, Setting, WrongTypeError, from_toml, settings
from ...lazy_pattern import lazy_pattern
from ...limits import Limits
from ...media.own_fonts import packaged_fonts
from ...media.sniffing import sniff
from ...toml_lines import Statement, statements
from ...web.addresses import is_data
from ...web.css_lengths import PIXELS, POINTS_PER_PIXEL
from .fonts import DISPLAY, MONO, SANS, SERIF, BookFonts, FontFile, Measure
from .page_format import PAGES, SMALLEST_TYPE, USUAL_PAGE, ThemeName
from .theme import THEMES, DisplayType, Theme, TypeSize
from .theme_fonts import FontFileError, missing_in_titles, read_font, set_fonts
from .theme_listing import FILE_NAME, URL, file_of_theme
from .theme_look import SLANTS, Look, contrast_with_white

_ADDRESS = "clothbound:theme/own/"
_COLOR = lazy_pattern(r"#(?:[0-9a-fA-F]{3}){1,2}")
_IMPORT = lazy_pattern(r"@import\b")
_UNITS = ("pt", "mm", "cm", "in")
"""The units of lengths on paper. Spaces may have others, too."""
_LENGTH = lazy_pattern(rf"(\d+(?:\.\d+)?)({'|'.join(_UNITS)}|rem|em|%)")
_OF_PAGE = {"type": "size"}
"""The fields of ``PageFormat`` whose keys have another name."""
_NUMBERS = {
    "quote-indent": "em", "list-indent": "em", "lead-spacing": "em", "caption-gap": "rem",
    "card-padding": "rem", "column-gap": "em", "wide-column-gap": "em",
}  # fmt: skip
"""The spaces that are fields of ``Theme``, with their unit."""
_LARGEST, _SMALLEST = 10.0, 0.5
"""The bounds of a size, as a multiple of the text's."""
_LEAST_MEASURE, _LEAST_LINES = 20, 12
"""The least width of a line in em, and the least lines of a page."""
_LEAST_CONTRAST = 4.5
"""The contrast with white paper that WCAG 2.2 asks for (1.4.3)."""
_SAMPLE = "the sea reached the harbour wall"


class ThemeKeys(msgspec.Struct, frozen=True, kw_only=True):
    """Above the first heading."""

    base: Annotated[
        ThemeName, Field(toml="base", help="The theme whose looks and numbers it changes.")
    ] = "essay"
    style: Annotated[
        str,
        Field(
            toml="style",
            help="A style sheet that follows those of the base. WeasyPrint alone reads it: Typst does not know CSS.",
        ),
    ] = ""
    screen: Annotated[
        str,
        Field(
            toml="screen",
            help="A style sheet for EPUB, pages and sites, which follows theirs where they are given the theme too.",
        ),
    ] = ""


class PageKeys(msgspec.Struct, frozen=True, kw_only=True):
    """Margins and type, in `pt`, `mm`, `cm` or `in`. The size of the page stays the option `page` of the book."""

    top: Annotated[
        str, Field(toml="top", help="The margin above the text; the running head is in it.")
    ] = ""
    foot: Annotated[
        str,
        Field(
            toml="foot",
            help="The margin below; it grows until the text is a whole number of lines high.",
        ),
    ] = ""
    inside: Annotated[str, Field(toml="inside", help="The margin at the spine.")] = ""
    outside: Annotated[str, Field(toml="outside", help="The margin at the other side.")] = ""
    type: Annotated[str, Field(toml="type", help="The size of the text.")] = ""
    leading: Annotated[str, Field(toml="leading", help="From one line to the next.")] = ""


class FaceKeys(msgspec.Struct, frozen=True, kw_only=True):
    """Faces. Each is files beside the theme, `["fonts/Name-Regular.ttf", "fonts/Name-Italic.ttf"]`, or the name of a
    family that a package `fontpkg-NAME` installs, `"Amiri"`, so that the page is the same on every machine.
    """

    text: Annotated[
        tuple[str, ...],
        Field(toml="text", help="The text, and the titles where they have no face."),
    ] = ()
    titles: Annotated[
        tuple[str, ...], Field(toml="titles", help="Titles of the book, of parts and chapters.")
    ] = ()
    headings: Annotated[
        tuple[str, ...], Field(toml="headings", help="Headings within a chapter, and small labels.")
    ] = ()
    code: Annotated[
        tuple[str, ...], Field(toml="code", help="Code. All letters must have one width.")
    ] = ()


class OpenerKeys(msgspec.Struct, frozen=True, kw_only=True):
    """How a chapter opens. Their spaces are `opener-space`, above, and `opener-gap`, below, of `[spaces]`."""

    align: Annotated[
        Literal["start", "center"],
        Field(toml="align", help="Where date, title and subtitle stand."),
    ] = "start"
    dates: Annotated[
        bool, Field(toml="dates", help="Whether chapters open with the dates of their posts.")
    ] = True
    lead: Annotated[
        Literal["line", "drop", "none"],
        Field(
            toml="lead",
            help="The first words: a line of small capitals, a large letter, or nothing.",
        ),
    ] = "line"
    rule: Annotated[str, Field(toml="rule", help="The width of a rule below the opener.")] = ""
    title_style: Annotated[
        Literal["roman", "italic"], Field(toml="title-style", help="The style of all titles.")
    ] = "roman"
    title_weight: Annotated[
        Literal["regular", "bold"],
        Field(
            toml="title-weight", help="The weight of all titles; `bold` needs a face for titles."
        ),
    ] = "regular"
    title_case: Annotated[
        Literal["as-written", "small-caps", "capitals"],
        Field(toml="title-case", help="The letters of all titles."),
    ] = "as-written"


class ColorKeys(msgspec.Struct, frozen=True, kw_only=True):
    """Colours, `#` and six digits."""

    titles: Annotated[str, Field(toml="titles", help="Titles, and the rule below openers.")] = ""
    headings: Annotated[str, Field(toml="headings", help="Headings within a chapter.")] = ""


class MarkKeys(msgspec.Struct, frozen=True, kw_only=True):
    """Signs."""

    section_break: Annotated[
        str,
        Field(
            toml="section-break",
            help="The characters between two sections of a chapter, such as ⁂.",
        ),
    ] = ""


HEADINGS: Mapping[str, type[msgspec.Struct]] = {
    "": ThemeKeys,
    "page": PageKeys,
    "faces": FaceKeys,
    "openers": OpenerKeys,
    "colors": ColorKeys,
    "marks": MarkKeys,
}
_LEAST_HEAD = 0.7
"""The least size of running heads and page numbers, in that of the text: books in large print need larger ones."""
SIZES, SPACES = "sizes", "spaces"
"""The headings whose keys are the numbers of the base."""


def read_theme(
    path: Path,
    limits: Limits = Limits(),  # noqa: B008 - it is frozen
    page: str = USUAL_PAGE,
) -> Theme:
    """Returns the theme in a file, or in ``theme.toml`` of a folder.

    Raises OptionError, which names the line, for what is not a theme, and for one that leaves no room on a ``page``.
    """
    return _ThemeFile(file_of_theme(path), limits).theme(page)


def read_screen_sheet(path: Path, limits: Limits = Limits()) -> str:  # noqa: B008 - it is frozen
    """Returns the style sheet of a theme for screens; the empty string if it has none. Raises OptionError."""
    return _ThemeFile(file_of_theme(path), limits).screen()


class _ThemeFile:
    """The keys of one file, checked one by one."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self._lines: dict[tuple[str, str], int] = {}
        self._values: dict[tuple[str, str], Any] = {}
        self._remarks: list[str] = []
        if path.suffix.lower() == ".css":
            message = "a theme is a file of TOML, and no style sheet"
            raise OptionError(message, source=str(path), hint=f"the option css takes {path.name}")
        text = self._decode(path, 0)
        try:
            found = statements(text, str(path))
        except ManifestError as error:
            raise OptionError(
                error.message, source=error.source, line=error.line, hint=error.hint
            ) from error
        for statement in found:
            self._take(statement)
        self._base = THEMES[self._get("", "base", "essay")]

    # reading

    def _fail(self, heading: str, key: str, message: str, hint: str = "") -> NoReturn:
        line = self._lines.get((heading, key), 0)
        raise OptionError(message, source=str(self._path), line=line, hint=hint)

    def _take(self, statement: Statement) -> None:
        heading = ".".join(statement.heading)
        known = [*filter(None, HEADINGS), SIZES, SPACES]
        at = (heading, statement.key)
        self._lines[at] = statement.line
        if heading and heading not in known:
            names = ", ".join(f"[{name}]" for name in known)
            message = f"there is no heading [{heading}]{did_you_mean(heading, known)}"
            self._fail(*at, message, f"the headings are {names}")
        if statement.value is None:
            return
        self._values[at] = statement.value
        if heading in (SIZES, SPACES):
            return
        keys = {setting.toml: setting for setting in settings(HEADINGS[heading])}
        if statement.key not in keys:
            message = f"there is no key {statement.key!r} here{did_you_mean(statement.key, keys)}"
            self._fail(*at, message, f"the keys are {', '.join(keys)}")
        self._values[at] = self._check_type(at, keys[statement.key], statement.value)

    def _check_type(self, at: tuple[str, str], setting: Setting, value: Any) -> Any:
        try:
            return from_toml(setting, value)
        except WrongTypeError as error:
            self._fail(*at, f"{at[1]!r} must be {error.wanted}", f"{at[1]} = {error.example}")
        except ValueError as error:
            self._fail(*at, f"{at[1]!r} {error}")

    def _get(self, heading: str, key: str, default: Any = "") -> Any:
        return self._values.get((heading, key), default)

    def _below(self, heading: str) -> dict[str, Any]:
        return {key: value for (above, key), value in self._values.items() if above == heading}

    # files

    def _decode(self, path: Path, line: int) -> str:
        try:
            return self._bytes(path, line).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise OptionError(
                "the file is not in UTF-8", source=str(path), hint="save it as UTF-8"
            ) from error

    def _bytes(self, path: Path, line: int) -> bytes:
        try:
            with path.open("rb") as file:
                data = file.read(self._limits.resource_bytes + 1)
        except OSError as error:
            raise OptionError(
                f"the theme cannot be read: {reason_of(error)}",
                source=str(self._path),
                line=line,
                hint=f"give a folder with a {FILE_NAME}, or the file itself",
            ) from error
        if len(data) > self._limits.resource_bytes:
            raise OptionError("the file is too large for a theme", source=str(path))
        return data

    def _beside(self, name: str, fail: Callable[[str, str], NoReturn]) -> Path:
        """Returns the path of a file that the theme names, which must be in the folder of the theme."""
        folder = self._path.parent.resolve()
        path = (folder / name).resolve()
        if ":" in name or "\\" in name or not path.is_relative_to(folder):
            fail(
                f"{name[:100]!r} is not in the folder of the theme",
                "put the file there, and name it relative to the theme",
            )
        if not path.is_file():
            fail(f"there is no file {name!r}", "the path is relative to the theme")
        if path.stat().st_size > self._limits.resource_bytes:
            fail(f"{name!r} is too large for a theme", "make it smaller")
        return path

    def _sheet(self, key: str) -> tuple[str, dict[str, tuple[bytes, str]]]:
        """Returns a style sheet with the addresses of files beside it, and these files."""
        name = self._get("", key)
        if not name:
            return "", {}
        path = self._beside(name, lambda message, hint: self._fail("", key, message, hint))
        css = self._decode(path, self._lines["", key])
        files: dict[str, tuple[bytes, str]] = {}

        def fail_at(start: int) -> Callable[[str, str], NoReturn]:
            def fail(message: str, hint: str) -> NoReturn:
                line = css.count("\n", 0, start) + 1
                raise OptionError(message, source=str(path), line=line, hint=hint)

            return fail

        if found := _IMPORT.search(css):
            fail_at(found.start())("@import is not read", "put all rules into one style sheet")

        def embed(match: Any) -> str:
            if key == "screen" and is_data(match[2]):
                return str(match[0])
            target = self._beside(match[2], fail_at(match.start()))
            address = _ADDRESS + target.relative_to(self._path.parent.resolve()).as_posix()
            data = self._bytes(target, 0)
            files[address] = (data, sniff(data) or "font/ttf")
            return f'url("{address}")'

        return URL.sub(embed, css), files

    def screen(self) -> str:
        """Returns the sheet for screens, with the pictures that it names in it, as products would not have their files."""
        css, files = self._sheet("screen")
        for address, (data, media_type) in files.items():
            if not media_type.startswith("image/"):
                name = address.removeprefix(_ADDRESS)
                self._fail(
                    "",
                    "screen",
                    f"the style sheet for screens names {name!r}, and products take no files but pictures from it",
                    "remove its url()",
                )
            css = css.replace(
                f'url("{address}")', f'url("data:{media_type};base64,{b64encode(data).decode()}")'
            )
        return css

    # the theme

    def theme(self, page: str) -> Theme:
        sheet, files = self._sheet("style")
        fonts = self._fonts()
        look = self._look()
        theme = replace(
            self._base,
            fonts=fonts,
            look=look,
            margins=self._margins(),
            own_sheet=sheet,
            own_files=files,
            dates=self._get("openers", "dates", self._base.dates),
            lead=self._get("openers", "lead", self._base.lead),
            left_head=self._head(self._base.left_head, fonts),
            right_head=self._head(self._base.right_head, fonts),
        )
        theme = self._with_sizes(self._with_spaces(theme))
        titles = {name: self._title(name, kind, theme) for name, kind in theme.titles.items()}
        theme = replace(theme, titles=titles)
        if self._get("faces", "titles"):
            slant = SLANTS.get(look.title_style, self._base.titles["chapter-title"].font.style)
            self._remarks += missing_in_titles(fonts, slant, look.title_case)
        self._check_page(theme, page)
        return replace(theme, remarks=tuple(self._remarks))

    def _head(self, head: Any, fonts: BookFonts) -> Any:
        size = max(head.size, _LEAST_HEAD * self._margins().get("size", 0.0))
        return replace(head, font=fonts.find(head.font.family, head.font.style), size=size)

    def _title(self, name: str, kind: DisplayType, theme: Theme) -> DisplayType:
        """Returns the type of a title with the face in which it is measured."""
        look, family = theme.look, kind.font.family
        is_ours = not any(file.family in (family, DISPLAY) for file in self._own_files)
        style = kind.font.style
        spread = kind.spread if is_ours else 1.0
        if name in ("book-title", "part-title", "chapter-title"):
            family = SANS if family == SANS else DISPLAY
            style = SLANTS.get(look.title_style, style)
            measure = Measure(theme.fonts.find(family, style), 20)
            plain = measure.width(_SAMPLE)
            if look.title_case == "capitals":
                spread *= measure.width(_SAMPLE.upper()) / plain + 0.16
            elif look.title_case == "small-caps":
                spread *= measure.small_caps_width(_SAMPLE, 0.05) / plain
            if look.title_weight == "bold":
                spread *= 1.06
        return replace(kind, font=theme.fonts.find(family, style), spread=spread)

    def _fonts(self) -> BookFonts:
        roles = {"text": SERIF, "titles": DISPLAY, "headings": SANS, "code": MONO}
        found: list[FontFile] = []
        for role, family in roles.items():
            names = self._get("faces", role, ())
            for path in self._font_paths(role, names):
                try:
                    found.append(read_font(path, family))
                except FontFileError as error:
                    self._fail(
                        "faces", role, f"{path.name} {error}", "give TrueType or OpenType files"
                    )
            self._check_styles(role, [file for file in found if file.family == family])
        self._own_files = found
        try:
            return set_fonts(found)
        except FontFileError as error:
            self._fail(
                "faces", "code", str(error), "choose a face for code whose letters have one width"
            )

    def _font_paths(self, role: str, names: tuple[str, ...]) -> list[Path]:
        paths = []
        for name in names:
            if name.lower().endswith((".ttf", ".otf")):
                paths.append(
                    self._beside(
                        name, lambda message, hint: self._fail("faces", role, message, hint)
                    )
                )
                continue
            found = packaged_fonts(name)
            if not found:
                package = "fontpkg-" + name.lower().replace(" ", "-")
                hint = f'pip install {package}, if there is such a package; or give font files beside the theme: ["fonts/{name}.ttf"]'
                self._fail("faces", role, f"the face {name!r} is not installed", hint)
            paths += found
        return paths

    def _check_styles(self, role: str, files: list[FontFile]) -> None:
        if not files or role not in ("text", "titles"):
            return
        name = files[0].file.name
        if all(file.style == "italic" for file in files):
            self._fail(
                "faces", role, f"{name} has no upright style", "add the file of the regular style"
            )
        if role == "text":
            if all(file.style == "normal" for file in files):
                self._remarks.append(
                    f"{name} has no italic: what is emphasized is slanted or looks like the rest"
                )
            if all(file.weight and file.weight < 500 for file in files):
                self._remarks.append(f"{name} has no bold: what is strong looks like the rest")

    def _look(self) -> Look:
        colors = {}
        for key in ("titles", "headings"):
            color = colors[key] = self._get("colors", key)
            if color and not _COLOR.fullmatch(color):
                self._fail("colors", key, f"{color!r} is not a colour", f'{key} = "#7a1f1f"')
            if color and contrast_with_white(color) < _LEAST_CONTRAST:
                self._remarks.append(f"{key} in {color} are hard to read on white")
        if self._get("openers", "title-weight") == "bold" and not self._get("faces", "titles"):
            self._fail(
                "openers",
                "title-weight",
                "bold titles need a face for titles",
                "[faces]: titles = ...",
            )
        rule = self._get("openers", "rule")
        return Look(
            align=self._get("openers", "align"),
            title_style=self._get("openers", "title-style"),
            title_weight=self._get("openers", "title-weight"),
            title_case=self._get("openers", "title-case"),
            # The titles of an engine are headings too, and keep their own colour.
            title_color=colors["titles"] or ("#000000" if colors["headings"] else ""),
            heading_color=colors["headings"],
            rule=f"{self._points('openers', 'rule', rule):g}pt" if rule else "",
            break_mark=self._get("marks", "section-break"),
        )

    def _margins(self) -> dict[str, float]:
        return {
            _OF_PAGE.get(key, key): self._points("page", key, value)
            for key, value in self._below("page").items()
        }

    def _points(self, heading: str, key: str, value: str) -> float:
        found = _LENGTH.fullmatch(value)
        if found is None or found[2] not in _UNITS:
            self._fail(
                heading,
                key,
                f"{value!r} is not a length",
                f'{key} = "18mm"; the units are pt, mm, cm and in',
            )
        return round(float(found[1]) * PIXELS[found[2]] * POINTS_PER_PIXEL, 3)

    def _check_page(self, theme: Theme, name: str) -> None:
        page = theme.page(PAGES[name])
        line = min((n for (heading, _), n in self._lines.items() if heading == "page"), default=0)
        if page.leading < page.size:
            raise OptionError(
                "the leading is less than the type", source=str(self._path), line=line
            )
        if (
            page.measure < _LEAST_MEASURE * page.size
            or page.text_height < _LEAST_LINES * page.leading
        ):
            raise OptionError(
                f"the margins leave {page.measure:.0f} x {page.text_height:.0f} pt of a page of {name} for text",
                source=str(self._path),
                line=line,
                hint=f"leave {_LEAST_MEASURE} em and {_LEAST_LINES} lines, or take a larger page",
            )

    def _with_sizes(self, theme: Theme) -> Theme:
        titles = dict(theme.titles)
        known = [*theme.types(PAGES["6x9"])]
        for key, value in self._below(SIZES).items():
            if key not in known:
                self._fail(
                    SIZES,
                    key,
                    f"there is no size {key!r}{did_you_mean(key, known)}",
                    f"the sizes are {', '.join(known)}",
                )
            size, leading = self._pair(key, value)
            if key in titles:
                titles[key] = replace(titles[key], size=size, leading=leading)
            else:
                changed: Any = {key.replace("-", "_"): TypeSize(size, leading)}
                theme = replace(theme, **changed)
            points = size * theme.page(PAGES["6x9"]).size
            if points < SMALLEST_TYPE:
                self._remarks.append(
                    f"{key} is set in {points:.1f} pt; printers take {SMALLEST_TYPE} pt and more"
                )
        return replace(theme, titles=titles)

    def _pair(self, key: str, value: Any) -> tuple[float, float]:
        is_pair = (
            isinstance(value, list)
            and len(value) == 2
            and all(type(n) in (int, float) for n in value)
        )
        if (
            not is_pair
            or not _SMALLEST <= value[0] <= _LARGEST
            or not value[0] <= value[1] <= 3 * value[0]
        ):
            self._fail(
                SIZES,
                key,
                f"{key!r} must be the size of the type and the distance of its lines, as multiples of the text's size",
                f"{key} = [2.2, 2.6]",
            )
        return float(value[0]), float(value[1])

    def _with_spaces(self, theme: Theme) -> Theme:
        known = theme.lengths()
        del known["smallest-type"]
        spaces = dict(theme.spaces)
        for key, value in self._below(SPACES).items():
            if key not in known:
                self._fail(
                    SPACES,
                    key,
                    f"there is no space {key!r} in {theme.name}{did_you_mean(key, known)}",
                )
            unit = known[key].lstrip("0123456789.-")
            units = _units_beside(unit)
            found = _LENGTH.fullmatch(value) if isinstance(value, str) else None
            if found is None or found[2] not in (_NUMBERS.get(key, "") or units):
                self._fail(
                    SPACES,
                    key,
                    f"{value!r} is not a length for {key!r}",
                    f'{key} = "{known[key]}"; the units are {", ".join(units)}',
                )
            if key in _NUMBERS:
                if found[2] != _NUMBERS[key]:
                    self._fail(
                        SPACES, key, f"{key!r} is in {_NUMBERS[key]}", f'{key} = "{known[key]}"'
                    )
                changed: Any = {key.replace("-", "_"): float(found[1])}
                theme = replace(theme, **changed)
            else:
                spaces[key] = value
        return replace(theme, spaces=spaces)


def _units_beside(unit: str) -> tuple[str, ...]:
    """Returns the units of a space. Engines compute with those in em of their own type."""
    if unit == "em":
        return ("em",)
    lengths = ("rem", *_UNITS)
    return (*lengths, "%") if unit == "%" else lengths
