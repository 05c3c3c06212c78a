"""Reads the chunks of code of Quarto and R Markdown: which of them are printed, and the figures that they
made.

Sources: Quarto's reference ("Cell options"), and knitr's documentation ("Chunk options").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from ...console_text import format_count
from ...diagnostics import DiagnosticCode, LineDiagnostic
from ...lazy_pattern import lazy_pattern
from ..fences import with_code
from .quarto_conditions import Conditions

_OPTION_LINE = lazy_pattern(r"[ \t]*(?:#|//|%%|--)\|[ \t]?(.*)$")
_OPTION = lazy_pattern(r"([\w.-]+)[ \t]*:[ \t]*(.*)$")
_HEAD_OPTION = lazy_pattern(
    r"""([\w.-]+)\s*=\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^,"']+)|([^\s,=]+)"""
)
_INDENTED = lazy_pattern(
    r"(`{3,})\{[A-Za-z]\w*[^}\n]*\bindent[ \t]*=[ \t]*[\"']( +)[\"'][^}\n]*\}[ \t]*$"
)
_DEFAULT_ECHO = lazy_pattern(r"opts_chunk\$set\([^)]*\becho\s*=\s*(\w+)")
_GRAPHICS = lazy_pattern(r"\binclude_graphics\(\s*[\"']([^\"'\n]+)[\"']")
_FALSE = frozenset({"false", "f", "no", "off"})
_UNPRINTED = frozenset({"css", "=html", "js"})
_REFERENCE = lazy_pattern(r"(?<![\w@.\\/-])-?@[A-Za-z][\w:.-]*\w")
_EVALUATED = lazy_pattern(r"(?<!`)`(?:r|\{(?:r|python|julia|ojs)\})[ \t]+[^`\n]+`(?!`)")
_CODE = lazy_pattern(r"`[^`\n]*`|https?://\S+|<[^<>\n]*>|\([^()\s@]*@[^()\s]*\)")


class ChunkFigure(msgspec.Struct, frozen=True):
    """A figure that a chunk made, beside the post."""

    src: str
    caption: str = ""
    alternative: str = ""


class Chunk(msgspec.Struct, frozen=True):
    """One chunk: the code that is printed, and its figures."""

    code: str
    is_printed: bool
    figures: tuple[ChunkFigure, ...] = ()
    title: str = ""
    """What stands above the code: the name of its file, or its caption."""


class Chunks:
    """The chunks of one post, in order."""

    def __init__(
        self,
        fields: Mapping[str, Any],
        files: tuple[str, ...] = (),
        *,
        runs: bool = True,
        has_results: bool = False,
    ) -> None:
        """``files``: the figures beside the post, as paths relative to it; ``runs``: whether the code in braces is
        run, which that of a Markdown file of a project is not; ``has_results``: whether the text has its results.
        """
        self.runs = runs
        self.conditions = Conditions(fields)
        self._has_results = has_results
        execute = fields.get("execute")
        settings = execute if isinstance(execute, dict) else {}
        self._echoes = not _is_false(settings.get("echo"))
        self._includes = not _is_false(settings.get("include"))
        self._files = files
        self._unnamed = 0
        self.without_results: list[int] = []
        """The lines of the chunks that may have results which are not in the source."""

    def read(self, language: str, head: str, text: str, line: int) -> Chunk:
        """Returns the chunk of a block of code; ``head`` is what follows the language in the braces."""
        options = _head_options(head)
        lines = text.split("\n")
        count = 0
        while count < len(lines) and (found := _OPTION_LINE.match(lines[count])):
            if option := _OPTION.match(found[1].strip()):
                options[option[1].replace(".", "-").lower()] = option[2].strip().strip("\"'")
            count += 1
        code = "\n".join(lines[count:]).strip("\n")
        if default := _DEFAULT_ECHO.search(code):
            self._echoes = not _is_false(default[1])
        is_included = (
            not _is_false(options.get("include")) if "include" in options else self._includes
        )
        echoes = not _is_false(options.get("echo")) if "echo" in options else self._echoes
        label = options.get("label", "")
        if not label:
            self._unnamed += 1
            label = f"unnamed-chunk-{self._unnamed}"
        figures = tuple(self._figures(label, options, code)) if is_included else ()
        is_run = not (self._has_results or _is_false(options.get("eval"))) and is_included
        if is_run and not figures and language not in _UNPRINTED:
            self.without_results.append(line)
        is_printed = is_included and echoes and language not in _UNPRINTED and bool(code)
        title = options.get("filename") or options.get("lst-cap", "")
        return Chunk(code, is_printed, figures, title)

    def _figures(self, label: str, options: dict[str, str], code: str) -> Iterator[ChunkFigure]:
        caption, alternative = options.get("fig-cap", ""), options.get("fig-alt", "")
        for found in _GRAPHICS.finditer(code):
            yield ChunkFigure(found[1], caption, alternative)
        made = re.compile(rf"{re.escape(label)}-\d+\.\w+")
        for file in self._files:
            if made.fullmatch(PurePosixPath(file).name):
                yield ChunkFigure(file, caption, alternative)


def _head_options(head: str) -> dict[str, str]:
    options: dict[str, str] = {}
    for number, found in enumerate(_HEAD_OPTION.finditer(head)):
        if found[1]:
            options[found[1].replace(".", "-").lower()] = found[2].strip().strip("\"'")
        elif number == 0:
            options["label"] = found[3].removeprefix("#")
    return options


def _is_false(value: Any) -> bool:
    return value is False or (isinstance(value, str) and value.strip().lower() in _FALSE)


def indent_chunks(body: str) -> str:
    """Returns a text whose chunks with the option ``indent`` stand as far in as their results do: within a list."""
    if "indent" not in body:
        return body
    lines: list[str] = []
    fence = indent = ""
    for line in body.split("\n"):
        is_end = line.rstrip() == fence
        if not fence and (found := _INDENTED.match(line)):
            fence, indent = found[1], found[2]
        lines.append(f"{indent}{line}" if fence else line)
        if is_end:
            fence = ""
    return body if fence else "\n".join(lines)


def find_figures(folder: Path | None, source: str) -> tuple[str, ...]:
    """Returns the figures that were rendered beside a post, as paths relative to it."""
    if folder is None:
        return ()
    made = folder / f"{PurePosixPath(source).stem}_files"
    try:
        files = sorted(file for file in made.glob("figure-*/*") if file.is_file())
    except OSError:
        return ()
    # A post that was rendered for several formats has each figure several times.
    first = {file.stem: file for file in reversed(files)}
    return tuple(f.relative_to(folder).as_posix() for f in sorted(first.values()))


def find_references(body: str, first_line: int) -> tuple[int, str, int]:
    """Returns how many cross-references and citations (``@fig-x``, ``@key``) a text has, the first one
    and its line.
    """
    count, first, at = 0, "", 0
    for number, (line, is_code) in enumerate(with_code(body.split("\n")), first_line):
        if is_code or "@" not in line:
            continue
        for found in _REFERENCE.finditer(_CODE.sub(" ", line)):
            count += 1
            if not first:
                first, at = found[0], number
    return count, first, at


def find_evaluated(body: str, first_line: int) -> tuple[int, str, int]:
    """Returns how many pieces of code a text has within its lines whose value takes their place (`` `r x` ``), the
    first one and its line.
    """
    count, first, at = 0, "", 0
    for number, (line, is_code) in enumerate(with_code(body.split("\n")), first_line):
        for found in () if is_code else _EVALUATED.finditer(line):
            count += 1
            if not first:
                first, at = found[0], number
    return count, first, at


def list_unread(chunks: Chunks, text: str, first_line: int) -> list[LineDiagnostic]:
    """Returns what of a post of Quarto's or R Markdown's only a run of its code would show."""
    findings: list[LineDiagnostic] = []
    if lines := chunks.without_results:
        message = (
            f"the results of {format_count(len(lines), 'chunk')} of code are not in the source"
        )
        findings.append((DiagnosticCode.SHORTCODE_KEPT, message, lines[0]))
    count, first, line = find_evaluated(text, first_line) if chunks.runs else (0, "", 0)
    if count:
        many = format_count(count, "value", "values")
        message = f"{many} that code in the text would show kept as code, such as {first}"
        findings.append((DiagnosticCode.SHORTCODE_KEPT, message, line))
    count, first, line = find_references(text, first_line)
    if count:
        many = format_count(count, "reference or citation", "references and citations")
        message = f"{many} kept as written, such as {first}"
        findings.append((DiagnosticCode.SHORTCODE_KEPT, message, line))
    return findings
