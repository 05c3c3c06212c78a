"""Reads notebooks of Jupyter as Markdown: their text as it is, their code as chunks, and the results below them.

Sources: nbformat's description of version 4, and what Quarto, Jupyter Book and fastpages read in cells. Nothing
is run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from ...lazy_pattern import lazy_pattern
from ..json_bytes import UNDECODABLE

NOTEBOOK = lazy_pattern(rb"\s*\{[\s\S]{0,4000}\"(?:cells|nbformat|worksheets)\"\s*:")
_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/svg+xml")
_TEXTS = ("text/markdown", "text/html", "text/latex", "text/plain")
_OPTION = lazy_pattern(r"(?:#|//|%%)\|[ \t]*([\w-]+)[ \t]*:[ \t]*(.*?)[ \t]*$", re.M)
_FLAG = lazy_pattern(
    r"^#[ \t]*(hide|hide_input|hide_output|collapse(?:[-_]\w+)?|export)[ \t]*(?:\n|\Z)", re.M
)
"""Matches a flag of fastpages and nbdev. A comment in the code, such as ``# hide the legend``, has further words."""
_MAGIC = lazy_pattern(r"[ \t]*%%(bash|html|javascript|js|R|sh|sql)\b[^\n]*\n")
_COLOUR = lazy_pattern(r"\x1b\[[0-9;?]*[A-Za-z]")
_ATTACHMENT = lazy_pattern(r"attachment:([^)\s\"'>]+)")
_HEADING = lazy_pattern(r"\s*#[ \t]++(?P<title>[^\n]+)\n+(?:>[ \t]*(?P<summary>[^\n]+)\n+)?")
_FIELD = lazy_pattern(r"[ \t]*[-*][ \t]+[A-Za-z][\w-]*:[ \t]")
_STYLE = lazy_pattern(r"<style\b(?:(?!<style\b).)*?</style\s*>", re.S | re.I)
"""Matches the style that pandas gives its tables."""
_BACKTICKS = lazy_pattern(r"`{3,}")
_HIDES_CELL = frozenset({"remove-cell", "remove_cell", "hide"})
_HIDES_CODE = frozenset({"remove-input", "remove_input", "hide_input"})
_HIDES_RESULTS = frozenset({"remove-output", "remove_output", "hide_output"})


class NotebookError(ValueError):
    """A file is not a notebook that can be read; the message says why."""


class _Cell(msgspec.Struct):
    cell_type: str = ""
    source: str | list[str] = ""
    metadata: dict[str, Any] = {}
    outputs: list[dict[str, Any]] = []
    attachments: dict[str, dict[str, Any]] = {}
    input: str | list[str] = ""
    """The code of a cell in version 3."""


class _Sheet(msgspec.Struct):
    cells: list[_Cell] = []


class _Notebook(msgspec.Struct):
    cells: list[_Cell] = []
    metadata: dict[str, Any] = {}
    worksheets: list[_Sheet] = []


def is_notebook(data: bytes) -> bool:
    """Whether a file looks like a notebook. Posts in Markdown may begin with JSON too."""
    return data[:200].lstrip()[:1] == b"{" and (
        NOTEBOOK.match(data) is not None or b'"nbformat"' in data[-4000:]
    )


def notebook_text(data: bytes) -> str:
    """Returns a notebook as Markdown of Quarto's. Raises NotebookError."""
    try:
        book = msgspec.json.decode(data, type=_Notebook)
    except UNDECODABLE as error:
        raise NotebookError(f"is not a notebook that can be read: {error}") from error
    cells = book.cells or [cell for sheet in book.worksheets for cell in sheet.cells]
    if not cells:
        raise NotebookError("is a notebook without a cell")
    language = _language_of(book.metadata)
    parts = [_header(cells[0])] if cells[0].cell_type in ("markdown", "raw") else [""]
    for cell in cells[1:] if parts[0] else cells:
        parts.extend(_cell_parts(cell, language))
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"


def _header(cell: _Cell) -> str:
    """Returns the header in the first cell: between fences, or as fastpages has it; empty if there is none."""
    text = _joined(cell.source).strip()
    if text.startswith("---"):
        return text
    found = _HEADING.match(text + "\n")
    rest = text[found.end() :].strip() if found else ""
    lines = rest.split("\n")
    if found is None or not rest or not all(map(_FIELD.match, lines)):
        return ""
    fields = [("title", found["title"]), ("description", found["summary"] or "")]
    said = [
        f"{name}: {json.dumps(value.strip().strip(chr(34)))}" for name, value in fields if value
    ]
    said += [line.strip()[1:].strip() for line in lines]
    return "\n".join(("---", *said, "---"))


def _language_of(metadata: dict[str, Any]) -> str:
    places = (metadata.get("language_info"), metadata.get("kernelspec"))
    names = (
        place.get(key)
        for place in places
        if isinstance(place, dict)
        for key in ("name", "language")
        if (place is places[0]) == (key == "name")
    )
    name = next((name for name in names if isinstance(name, str) and name.isidentifier()), "python")
    return "python" if name.startswith(("python", "ipython")) else name.lower()


def _cell_parts(cell: _Cell, language: str) -> Iterator[str]:
    source = _joined(cell.source or cell.input)
    given = cell.metadata.get("tags")
    tags = {tag for tag in given if isinstance(tag, str)} if isinstance(given, list) else set()
    if tags & _HIDES_CELL:
        return
    match cell.cell_type:
        case "markdown" | "heading":
            yield _with_attachments(source, cell.attachments)
        case "raw" if source.strip():
            yield _raw(
                source, str(cell.metadata.get("format", cell.metadata.get("raw_mimetype", "")))
            )
        case "code" if source.strip():
            yield from _code_parts(source, tags, cell.outputs, language)


def _raw(text: str, kind: str) -> str:
    """Returns a cell that is passed on as it is: in HTML, in Markdown, or else as it is written."""
    if kind == "text/html":
        fence = _fence_for(text)
        return f"{fence}{{=html}}\n{text.strip()}\n{fence}"
    return text if kind in ("", "text/markdown") else _verbatim(text)


def _code_parts(
    source: str, tags: set[str], outputs: list[dict[str, Any]], language: str
) -> Iterator[str]:
    flags = {found[1].replace("-", "_") for found in _FLAG.finditer(source)}
    if "hide" in flags:
        return
    source = _FLAG.sub("", source)
    options = dict(_OPTION.findall(source))
    if magic := _MAGIC.match(source):
        language = magic[1].lower()
    is_hidden = bool(tags & _HIDES_CODE) or "hide_input" in flags
    fence = _fence_for(source)
    echo = "#| echo: false\n" if is_hidden else ""
    yield f"{fence}{{{language}}}\n{echo}{source.strip(chr(10))}\n{fence}"
    shows = not (tags & _HIDES_RESULTS or "hide_output" in flags)
    if shows and not any(_is_no(options.get(name, "")) for name in ("include", "output")):
        for output in outputs:
            yield from _output_parts(output, options)


def _output_parts(output: dict[str, Any], options: dict[str, str]) -> Iterator[str]:
    match output.get("output_type"):
        case "stream":
            is_warning = output.get("name") == "stderr"
            if not (is_warning and _is_no(options.get("warning", ""))):
                yield _verbatim(_joined(output.get("text")))
        case "error" | "pyerr":
            yield _verbatim(f"{_joined(output.get('ename'))}: {_joined(output.get('evalue'))}")
        case "display_data" | "execute_result" | "pyout":
            data = output.get("data")
            if isinstance(data, dict):
                yield _shown(data, options)


def _shown(data: dict[str, Any], options: dict[str, str]) -> str:
    """Returns the best of the forms that a result has."""
    for kind in _PICTURES:
        if kind in data:
            return _picture(kind, _joined(data[kind]), options)
    kind = next((kind for kind in _TEXTS if kind in data), "")
    text = _joined(data.get(kind))
    match kind:
        case "text/html":
            text = _STYLE.sub("", text)
            fence = _fence_for(text)
            return f"{fence}{{=html}}\n{text.strip()}\n{fence}"
        case "text/markdown":
            return text
        case "text/latex":
            inner = text.strip().strip("$").strip()
            return f"$$\n{inner}\n$$"
    return _verbatim(text)


def _picture(kind: str, data: str, options: dict[str, str]) -> str:
    if kind == "image/svg+xml" and "<svg" in data:
        from base64 import b64encode

        data = b64encode(data.encode()).decode()
    caption = options.get("fig-cap", "").strip("\"'")
    alternative = options.get("fig-alt", "").strip("\"'").replace('"', "'")
    label = options.get("label", "").strip("\"'")
    name = f"#{label}" if label.startswith("fig-") else ""
    said = f'fig-alt="{alternative}"' if alternative else ""
    attributes = " ".join(filter(None, (name, said)))
    address = f"data:{kind};base64,{''.join(data.split())}"
    return f"![{caption}]({address})" + (f"{{{attributes}}}" if attributes else "")


def _with_attachments(text: str, attachments: dict[str, dict[str, Any]]) -> str:
    def address(found: re.Match[str]) -> str:
        data = attachments.get(found[1]) or attachments.get(found[1].replace("%20", " ")) or {}
        kind = next((kind for kind in _PICTURES if kind in data), "")
        return f"data:{kind};base64,{''.join(_joined(data[kind]).split())}" if kind else found[0]

    return _ATTACHMENT.sub(address, text) if attachments else text


def _verbatim(text: str) -> str:
    text = _COLOUR.sub("", text).strip("\n")
    fence = _fence_for(text)
    return f"{fence}\n{text}\n{fence}" if text.strip() else ""


def _fence_for(text: str) -> str:
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=2)
    return "`" * (longest + 1)


def _joined(value: Any) -> str:
    if isinstance(value, list):
        return "".join(item for item in value if isinstance(item, str))
    return value if isinstance(value, str) else ""


def _is_no(value: str) -> bool:
    return value.strip("\"' ").lower() in ("false", "no", "f")
