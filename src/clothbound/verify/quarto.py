"""What a post of Quarto's shows besides its own file: results that are kept, included files, values of the project.

Written from Quarto's documentation and that of nbformat, like all of this package without the readers' code.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ..lazy_pattern import lazy_pattern

RUN = frozenset({".qmd", ".rmd", ".rmarkdown"})
NOTEBOOK = ".ipynb"
_HEADER = lazy_pattern(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_INCLUDE = lazy_pattern(
    r"^[ \t]*\{\{<[ \t]*include[ \t]+[\"']?([^\"'\n]+?)[\"']?[ \t]*>\}\}[ \t]*$", re.M
)
_VALUE = lazy_pattern(
    r"(?<!`)(?<!\{)\{\{<[ \t]*(meta|var)[ \t]+[\"']?([\w.-]+)[\"']?[ \t]*>\}\}(?!`)"
)
_FENCED = lazy_pattern(
    r"^[ \t]*(`{3,}+|~{3,}+)[^\n]*\n(?:.*?^[ \t]*\1[`~]*[ \t]*$|.*\Z)", re.M | re.S
)
_INDENTED = lazy_pattern(
    r"^(`{3,})\{[a-z]+[^}\n]*\bindent[ \t]*=[ \t]*[\"'] +[\"'][^}\n]*\}[ \t]*\n(?:(?!^\1).*\n)*^\1[ \t]*$",
    re.M,
)
_DRAFT = lazy_pattern(r"^draft:[ \t]*[\"']?(?:true|yes|on)\b", re.M | re.I)
_SILENT = lazy_pattern(
    r"^execute:(?:[ \t]*\{[^}\n]*|[ \t]*\n(?:[ \t]+[^\n]*\n)*?[ \t]+)echo:[ \t]*(?:false|no)\b",
    re.M,
)
_FLAG = lazy_pattern(r"^[ \t]*#[ \t]*(hide|hide_input|hide_output)\b", re.M)
_NO_RESULT = lazy_pattern(
    r"^[ \t]*#\|[ \t]*(?:include|output)[ \t]*:[ \t]*(?:false|no)", re.M | re.I
)
_STYLE = lazy_pattern(r"<style\b(?:(?!<style\b).)*?</style\s*>", re.S | re.I)
_COLOUR = lazy_pattern(r"\x1b\[[0-9;?]*[A-Za-z]")
_MOST_INCLUDED = 9
_DIVISION = lazy_pattern(r":{3,}[ \t]*(?:(\{[^{}\n]*\})|[\w.-]+)[ \t]*:*[ \t]*$")
_DIVISION_END = lazy_pattern(r":{3,}[ \t]*$")
_FENCE = lazy_pattern(r"[ \t]*(`{3,}+|~{3,}+)([^\n]*)$")
_SPAN = lazy_pattern(
    r"\\.|(?<!`)(`+)(?!`)[^`]*(?<!`)\1(?!`)|(?P<end>\n[ \t]*\n)|(?P<open>\[)|(?P<close>\](?P<said>\{[^{}\n]*\})?)",
    re.S,
)
_HIDING = lazy_pattern(r"\.(content-visible|content-hidden|hidden)(?![\w-])")
_CONDITION = lazy_pattern(r"\b(when|unless)-(format|profile|meta)=[\"']?([^\s\"'}]*)")


def project_of(folder: Path) -> Path | None:
    """Returns the root of the project that a folder is in; None if there is none."""
    places = (folder, *folder.resolve().parents[:4])
    return next((place for place in places if (place / "_quarto.yml").is_file()), None)


def posts_of(names: Iterable[str], *, in_project: bool) -> list[str]:
    """Returns the files that are posts: not what a rendered text beside it shows, and in a project no part."""
    every = list(names)
    known = {os.path.splitext(name) for name in every}  # noqa: PTH122
    texts = {stem for stem, extension in known if extension.lower() in (".md", ".markdown")}
    return [
        name
        for name in every
        if not (_is_run(name) and os.path.splitext(name)[0] in texts)  # noqa: PTH122
        and not (in_project and any(part.startswith("_") for part in name.split("/")))
    ]


def _is_run(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in RUN | {NOTEBOOK}  # noqa: PTH122


def is_silent(path: Path, root: Path) -> bool:
    """Whether the settings above a post say that no code is shown."""
    places = [place for place in path.resolve().parents if place.is_relative_to(root.resolve())]
    files = (place / name for place in places for name in ("_quarto.yml", "_metadata.yml"))
    return any(_SILENT.search(_text(file)) for file in files if file.is_file())


def indent_chunks(text: str) -> str:
    """Indents the code whose option ``indent`` says that its results stand in a list."""
    return _INDENTED.sub(lambda found: "  " + found[0].replace("\n", "\n  "), text)


def shown_text(path: Path, text: str, root: Path) -> str:
    """Returns what a post shows: the text that is kept of its run, and the files and values that it names."""
    inner = Path(os.path.relpath(path, root)).with_suffix("")
    kept = root / "_freeze" / inner / "execute-results" / "html.json"
    if path.suffix.lower() in RUN and kept.is_file():
        try:
            result = json.loads(_text(kept))["result"]["markdown"]
        except (ValueError, KeyError, TypeError, RecursionError):
            result = ""
        if isinstance(result, str) and _has_prose_of(text, result):
            text = result
    text = _with_included(text, path.parent, root, (path.resolve(),))
    return _VALUE.sub(lambda found: _value(found, text, root), text)


def _has_prose_of(text: str, result: str) -> bool:
    prose = _FENCED.sub("", _HEADER.sub("", text))
    lines = {line.strip() for line in result.split("\n")}
    wanted = (line.strip() for line in prose.split("\n"))
    return all(
        not line or line in lines or "{{<" in line or re.search(r"`\{?\w+\}? ", line)
        for line in wanted
    )


def _with_included(text: str, folder: Path, root: Path, including: tuple[Path, ...]) -> str:
    def included(found: re.Match[str]) -> str:
        name = found[1]
        places = [root / name[1:]] if name.startswith("/") else [folder / name, root / name]
        file = next((place.resolve() for place in places if place.is_file()), None)
        if file is None or not file.is_relative_to(root.resolve()):
            return found[0]
        # A file that includes itself is named where it does.
        if file in including or len(including) > _MOST_INCLUDED:
            return ""
        inner = _text(file)
        header = _HEADER.match(inner)
        if header and _DRAFT.search(header[0]):
            return ""
        return _with_included(_HEADER.sub("", inner), file.parent, root, (*including, file))

    return _INCLUDE.sub(included, text)


def _value(found: re.Match[str], text: str, root: Path) -> str:
    """Returns the value of a simple line ``key: value``; what is nested is left to the conversion."""
    place = (
        _text(root / "_variables.yml") if found[1] == "var" else (_HEADER.match(text) or [""])[0]
    )
    line = re.search(rf"^{re.escape(found[2])}:[ \t]*(.+?)[ \t]*$", place, re.M)
    return line[1].strip("\"'") if line else ""


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig", "replace").replace("\r\n", "\n")
    except OSError:
        return ""


def without_hidden(text: str) -> str:
    """Returns a text without the divisions, code and spans that pages do not show, its lines kept.

    Neither is there what a profile or a field decides about, since that cannot be told from the text.
    """
    return _without_hidden_spans("\n".join(_shown_lines(text.split("\n"))))


def _shown_lines(lines: Iterable[str]) -> Iterator[str]:
    """Yields lines, empty ones for those of hidden divisions and blocks of code."""
    divisions: list[bool] = []
    fence, is_hidden = "", False
    for line in lines:
        found = _FENCE.match(line)
        if fence:
            yield "" if is_hidden or any(divisions) else line
            fence = "" if found and found[1].startswith(fence) and not found[2].strip() else fence
            continue
        if found:
            fence, is_hidden = found[1], _hides(found[2])
        elif opened := _DIVISION.match(line):
            divisions.append(_hides(opened[1] or ""))
        elif divisions and _DIVISION_END.match(line):
            yield "" if any(divisions) else line
            divisions.pop()
            continue
        yield "" if any(divisions) or (fence and is_hidden) else line


def _without_hidden_spans(text: str) -> str:
    opened: list[int] = []
    hidden: list[tuple[int, int]] = []
    for found in _SPAN.finditer(text) if _HIDING.search(text) else ():
        if found["open"]:
            opened.append(found.start())
        elif found["end"]:
            opened.clear()
        elif found["close"] and opened:
            start = opened.pop()
            if _hides(found["said"] or ""):
                while hidden and hidden[-1][0] > start:
                    hidden.pop()
                hidden.append((start, found.end()))
    done = 0
    parts: list[str] = []
    for start, end in hidden:
        parts += text[done:start], "\n" * text.count("\n", start, end)
        done = end
    return "".join(parts) + text[done:]


def _hides(attributes: str) -> bool:
    """Whether an element with these attributes may be missing in pages of HTML."""
    said = _HIDING.search(attributes)
    if said is None or said[1] == "hidden":
        return said is not None
    conditions = _CONDITION.findall(attributes)
    if any(asked != "format" for _, asked, _ in conditions):
        return True
    holds = all(
        value.lower().startswith(("html", "epub")) == (kind == "when")
        for kind, _, value in conditions
    )
    return holds == (said[1] == "content-hidden")


def notebook_text(data: bytes) -> str:
    """Returns a notebook as Markdown: its texts, the code that is shown, and what it printed. Empty if it is none."""
    try:
        cells = json.loads(data).get("cells", [])
    except (ValueError, AttributeError, RecursionError):
        return ""
    parts: list[str] = []
    for number, cell in enumerate(cells if isinstance(cells, list) else ()):
        if isinstance(cell, dict):
            parts.extend(_cell(cell, first=number == 0))
    return "\n\n".join(parts) + "\n"


def _cell(cell: dict[str, Any], *, first: bool) -> list[str]:
    source = _joined(cell.get("source"))
    tags = set((cell.get("metadata") or {}).get("tags") or ())
    if tags & {"remove-cell", "hide", "remove_cell"}:
        return []
    if cell.get("cell_type") == "raw":
        return [source] if first and source.startswith("---") else []
    if cell.get("cell_type") != "code":
        lines = source.strip().split("\n")
        if first and lines[0].startswith("# ") and len(lines) > 1:
            said = [line for line in lines[1:] if not re.match(r"[ \t]*[-*>][ \t]|[ \t]*$", line)]
            if not said:
                return [f"---\ntitle: {lines[0][2:]}\n---"]
        return [source]
    flags = {found[1] for found in _FLAG.finditer(source)}
    if "hide" in flags or not source.strip():
        return []
    shown: list[str] = []
    if not (tags & {"remove-input", "remove_input", "hide_input"} or "hide_input" in flags):
        shown.append(f"````{{python}}\n{_FLAG.sub('', source)}\n````")
    if not (
        _NO_RESULT.search(source)
        or tags & {"remove-output", "remove_output"}
        or "hide_output" in flags
    ):
        shown += [text for output in cell.get("outputs") or () if (text := _output(output))]
    return shown


def _output(output: dict[str, Any]) -> str:
    if output.get("output_type") == "stream":
        return f"````\n{_COLOUR.sub('', _joined(output.get('text')))}\n````"
    if output.get("output_type") == "error":
        return f"````\n{output.get('ename')}: {output.get('evalue')}\n````"
    data = output.get("data") or {}
    if any(kind.startswith("image/") for kind in data):
        kind = next(kind for kind in data if kind.startswith("image/"))
        return f"![](data:{kind})"
    if "text/html" in data:
        return _STYLE.sub("", _joined(data["text/html"]))
    if "text/markdown" in data or "text/latex" in data:
        return _joined(data.get("text/markdown") or data.get("text/latex"))
    return f"````\n{_joined(data.get('text/plain'))}\n````" if "text/plain" in data else ""


def _joined(value: Any) -> str:
    return "".join(value) if isinstance(value, list) else value if isinstance(value, str) else ""
