"""What each plain dialect of Markdown can say. A dialect is a row; the emitters ask its fields.

Sources: CommonMark 0.31.2; the GitHub Flavored Markdown spec 0.29 and GitHub's pages on footnotes and
mathematics; kramdown's "Syntax" page; Hugo's "Configure markup" page; Obsidian's help on its flavour of
Markdown. Read in November 2026.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec
from msgspec import structs

DialectName: TypeAlias = Literal["pandoc", "gfm", "commonmark", "obsidian"]


class Dialect(msgspec.Struct, frozen=True, kw_only=True):
    """A dialect without fenced divisions and attributes in braces."""

    bare_links: bool = True
    """Whether a bare address in a text is a link."""
    footnotes: bool = True
    """Whether it has ``[^1]``."""
    tables: bool = True
    """Whether it has pipe tables."""
    strikethrough: bool = True
    """Whether it has ``~~``."""
    tasks: bool = True
    """Whether it has ``[x]`` in lists."""
    math: Literal["", "dollars", "double-dollars"] = "dollars"
    """How a formula in a line is delimited; empty if there are no formulas."""
    definitions: bool = False
    """Whether it has lists of terms with ``: definition``."""
    wikilinks: bool = False
    """Whether it has ``[[Note]]``, ``![[picture.png]]``, ``> [!note]`` and ``==highlight==``."""
    hash_tags: bool = False
    """Whether ``#word`` in a text is a tag, and ``%%`` hides a comment."""
    is_kramdown: bool = False
    """Whether a pipe makes a table anywhere, ``{:`` begins attributes, two spaces break a line, and
    Markdown within HTML needs ``markdown="1"``."""
    curls: bool = False
    """Whether a generator makes dashes of hyphens, which would change ``--option``."""
    templates: Literal["", "hugo", "liquid"] = ""
    """The language of templates that a generator runs on a text before it reads the Markdown."""


GFM = Dialect()
COMMONMARK = Dialect(
    bare_links=False, footnotes=False, tables=False, strikethrough=False, tasks=False, math=""
)
OBSIDIAN = Dialect(wikilinks=True, hash_tags=True)

PLAIN: dict[str, Dialect] = {"gfm": GFM, "commonmark": COMMONMARK, "obsidian": OBSIDIAN}


def for_generator(dialect: Dialect, generator: Dialect) -> Dialect:
    """Returns a dialect with what a generator adds to GitHub's, if ``dialect`` has it at all."""
    if dialect is COMMONMARK:
        kept = {"is_kramdown", "curls", "templates", "hash_tags"}
    else:
        kept = {"definitions", "math", "is_kramdown", "curls", "templates", "hash_tags"}
    return structs.replace(dialect, **{name: getattr(generator, name) for name in kept})
