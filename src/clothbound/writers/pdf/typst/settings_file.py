"""Writes ``settings.typ``, the file of a Typst project that the theme reads: page, type, faces and words of a book."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass

from ....language.writing_systems import LETTER_SPACE, languages_with_rules, script_rules
from ....matter import Matter
from ....model.book_info import BookInfo
from ..fonts import DISPLAY, MONO, SANS, SERIF, cjk_families, own_families, own_marks
from ..page_format import PageFormat
from ..theme import HEAD_GAP, NOTES_RULE, Theme
from ..theme_look import SLANTS, WEIGHTS, Look
from .literals import collapse_spaces, language_arguments, literal, name_in

_SERIFS = ("Noto Serif", "Noto Naskh Arabic", "Noto Serif Hebrew", "Noto Sans Hebrew")


@dataclass(frozen=True, slots=True, kw_only=True)
class BookSettings:
    """What the settings of one book are made from."""

    matter: Matter
    info: BookInfo
    page: PageFormat
    theme: Theme
    page_references: bool
    recto: bool
    level: int
    """The level of the titles of posts."""


def write_settings(book: BookSettings, available: Container[str], *, links: bool) -> str:
    """Writes ``settings.typ``. ``available`` are the families that the compiler knows, in lower case."""
    page, matter = book.page, book.matter
    language, words = matter.language, matter.words
    cjk = cjk_families(language)

    serifs = (*book.theme.fonts.others, *_SERIFS)

    of_script = frozenset(own_families(language))
    marks = own_marks(language) if any(n.lower() in available for n in of_script) else ""

    def stack(face: str, *others: str, without: str = marks) -> str:
        names = [face, *(n for n in others if n.lower() in available)]
        return _array([_face(n, "" if n in of_script else without) for n in names])

    authors = ", ".join(map(literal, matter.authors))
    subjects = ", ".join(map(literal, book.info.subjects))
    run = language_arguments(language) or 'lang: "en"'
    before, after = words.on_page.split("{page}")
    return (
        "\n".join(
            (
                f"#let size = {page.size:.4g}pt",
                f"#let leading = {page.leading:.4g}pt",
                f"#let drop-size = {book.theme.drop_size(page):.2f}pt",
                f"#let theme = {_dictionary(book.theme, page, language)}",
                f"#let own = {_own_look(book.theme.look)}",
                f"#let page-size = (width: {page.width}pt, height: {page.height}pt, top: {page.top}pt, "
                f"foot: {page.foot}pt, inside: {page.inside}pt, outside: {page.outside}pt)",
                f"#let text-faces = {stack(SERIF, *serifs, cjk['serif'], cjk['sans'])}",
                f"#let title-faces = {stack(DISPLAY, *serifs, cjk['serif'], cjk['sans'])}",
                f"#let heading-faces = {stack(SANS, *serifs, cjk['sans'], cjk['serif'])}",
                f"#let code-faces = {stack(MONO, cjk['mono'], cjk['sans'], cjk['serif'], 'DejaVu Sans Mono', *serifs, without='')}",
                f"#let wide-marks = {_boolean(bool(marks))}",
                f"#let letter-space = {LETTER_SPACE}em",
                f"#let scripts = {_scripts(book.theme, page)}",
                f"#let links = {_boolean(links)}",
                f"#let page-references = {_boolean(book.page_references)}",
                f"#let recto = {_boolean(book.recto)}",
                f"#let sub-level = {book.level + 1}",
                f"#let words = (before-page: {literal(before)}, after-page: {literal(after)})",
                f"#let meta = (title: {literal(name_in(matter.title) or words.posts)}, authors: ({authors}{',' if authors else ''}), "
                f"description: {_description(book.info)}, keywords: ({subjects}{',' if subjects else ''}), "
                f"run: ({run}))",
            )
        )
        + "\n"
    )


def _description(info: BookInfo) -> str:
    text = collapse_spaces(info.description).strip()
    return literal(text) if text else "none"


def _dictionary(theme: Theme, page: PageFormat, language: str) -> str:
    """Writes the numbers of a theme as a dictionary of lengths. Only letters like Latin ones are spaced."""
    lengths = theme.lengths()
    is_spaced = script_rules(language) is None
    if not is_spaced:
        lengths |= {name: "0em" for name in lengths if name.endswith("-spacing")}
    entries = [
        f"{name}: (size: {kind.size} * size, leading: {kind.leading} * size)"
        for name, kind in theme.types(page).items()
    ]
    entries += [f"{name}: {_length(value, page)}" for name, value in lengths.items()]
    entries.append(f"head-gap: {HEAD_GAP}, notes-space: {theme.notes_space} * size")
    entries.append(f"quote-sides: {theme.indented_sides}")
    entries.append(f"notes-rule: {NOTES_RULE}")
    spacing = (theme.left_head.small_caps_spacing or 0) if is_spaced else 0
    entries.append(f"head: (size: {theme.left_head.size}pt, book-spacing: {spacing}em)")
    return f"({', '.join(entries)})"


def _own_look(look: Look) -> str:
    """Writes what a theme of one's own changes in the looks of its base; ``none`` is what it leaves."""
    entries = {
        "title": _type_arguments(look.title_style, look.title_weight, look.title_color),
        "heading": _type_arguments("", "", look.heading_color),
        "side": look.align or "none",
        "case": literal(look.title_case) if look.title_case else "none",
        "rule": look.rule or "none",
        "break-mark": literal(look.break_mark) if look.break_mark else "none",
    }
    return f"({', '.join(f'{name}: {value}' for name, value in entries.items())})"


def _type_arguments(style: str, weight: str, color: str) -> str:
    entries = [f'style: "{SLANTS[style]}"'] if style else []
    entries += [f"weight: {WEIGHTS[weight]}"] if weight else []
    entries += [f"fill: rgb({literal(color)})"] if color else []
    return f"({', '.join(entries) or ':'}{',' if entries else ''})"


def _scripts(theme: Theme, page: PageFormat) -> str:
    """Writes the rules of writing systems that are not like Latin, by the language of a text."""
    has_indents = theme.indents_paragraphs
    entries = (
        f"{name}: (indent: {f'{rules.indent}em' if rules.indent and has_indents else '0pt'}, "
        f"leading: {max(page.leading, rules.leading * page.size):.4g}pt, "
        f"ruby: {max(page.leading, rules.ruby_leading * page.size):.4g}pt, "
        f"letter-space: {rules.letter_space}em, emphasis: {literal(rules.emphasis)})"
        for name, rules in languages_with_rules().items()
    )
    return f"({', '.join(entries)})"


def _length(value: str, page: PageFormat) -> str:
    """Writes a length of a style sheet; a percentage is one of the line's width."""
    if value.endswith("%"):
        return f"{float(value[:-1]) / 100 * page.measure:.4g}pt"
    return value.replace("rem", " * size")


def _face(name: str, without: str) -> str:
    """Writes a family; ``without`` are the characters that another one has."""
    if not without:
        return literal(name)
    return f"(name: {literal(name)}, covers: regex({literal(f'[^{without}]')}))"


def _array(entries: Iterable[str]) -> str:
    return f"({', '.join(entries)},)"


def _boolean(value: bool) -> str:
    return "true" if value else "false"
