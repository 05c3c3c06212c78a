"""Tells which files hold texts, and reads those forms in which a program other than Markdown's decides what is text:
Lektor's pages and literate Haskell.

Written from the documentation of Lektor and the Haskell report.
"""

from __future__ import annotations

import re

from ..lazy_pattern import lazy_pattern
from .content import Item, words_of_title

LEKTOR = ".lr"
LITERATE = ".lhs"
NOTEBOOK = ".ipynb"
PLAIN = frozenset({".txt", ".text"})
MARKDOWN = PLAIN.union(
    ".md .markdown .mdwn .mdown .mkdn .mkd .mkdown .smd .mdx .qmd .rmd .rmarkdown .rst".split(),
    (LEKTOR, LITERATE, NOTEBOOK),
)
"""The extensions of texts with marks, those of reStructuredText among them."""
_NAMES = ("body", "content", "contents", "text", "article", "description")
_FIELD = lazy_pattern(r"(?m)^[ \t]*([^\n:]*?)[ \t]*:")
_BLOCK = lazy_pattern(r"(?m)^#{4,}[ \t]*[^#\n]*?[ \t]*#{4,}[ \t]*$")
_PICTURE = lazy_pattern(r"[^\s<>]+\.(?:avif|gif|jpe?g|png|svg|webp)", re.I)
_HEADING = frozenset("heading headline section_title subtitle title".split())
_SHOWN = _HEADING.union(_NAMES, "author caption cite code intro quote source".split())
_ENVIRONMENT = lazy_pattern(r"(?m)^\\(?:begin|end)\{(?:code|spec)\}[ \t]*$")
_TRACK = lazy_pattern(r"[<>](?: (.*)|[ \t]*)")


def fields_of_lektor(text: str) -> tuple[list[Item], str]:
    """Returns the words of the title of one of Lektor's pages, and its text as Markdown in the lines of the file."""
    parts: list[tuple[str, int, str]] = []
    line = 1
    for part in re.split(r"(?m)^---[ \t]*$", text):
        found = _FIELD.search(part)
        if found is not None:
            parts.append((found[1], line + part.count("\n", 0, found.start()), part[found.end() :]))
        line += part.count("\n")
    titles = [
        item
        for name, at, value in parts
        if name == "title"
        for item in words_of_title(value.strip(), at)
    ]
    rank = {name: place for place, name in enumerate(_NAMES)}
    named = sorted((part for part in parts if part[0] in rank), key=lambda part: rank[part[0]])
    longer = sorted(
        (part for part in parts if "\n\n" in part[2].strip()), key=lambda part: -len(part[2])
    )
    for _, at, value in (*named, *longer):
        shorter = re.sub(r"(?m)^([ \t]*)-(---+[ \t]*)$", r"\1\2", value)
        return titles, "\n" * (at - 1) + _without_blocks(shorter)
    return titles, ""


def _without_blocks(value: str) -> str:
    if _BLOCK.match(value.lstrip()) is None:
        return value
    shown = []
    for block in _BLOCK.split(value):
        for part in re.split(r"(?m)^---[ \t]*$", block):
            found = _FIELD.search(part)
            rest = part[found.end() :] if found else ""
            name, words = found[1] if found else "", rest.strip()
            above = "\n" * part.count("\n", 0, found.start()) if found else ""
            if _PICTURE.fullmatch(words):
                rest = rest.replace(words, f"![](<{words}>)")
            elif "\n" not in words and name not in _SHOWN:
                rest = re.sub(r"[^\n]", "", part) if not found else "\n" * rest.count("\n")
            shown.append(above + rest)
    return "".join(shown)


def fence_program(text: str) -> str:
    """Returns literate Haskell with its program between fences, which take the places of blank lines."""
    lines = _ENVIRONMENT.sub("```", text).split("\n")
    shown: list[str] = []
    is_program = False
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        found = _TRACK.fullmatch(line)
        if line.strip():
            is_program = is_program and found is not None
            shown.append((found[1] or "") if is_program and found else line)
        elif is_program != (_TRACK.fullmatch(after) is not None):
            is_program = not is_program
            shown.append("```")
        else:
            shown.append(line)
    return "\n".join(shown)
