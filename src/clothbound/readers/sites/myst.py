"""Reads what MyST adds to Markdown: directives between fences (```` ```{note} ````, ``:::{figure} a.png``) and roles
(``{ref}`words <name>` ``).

Sources: the documentation of MyST Markdown and of MyST-Parser ("Directives", "Roles", "Syntax guide"), sphinx-design.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePosixPath

import msgspec

from ...console_text import format_count
from ...diagnostics import DiagnosticCode, LineDiagnostic
from ...lazy_pattern import lazy_pattern
from ..sphinx_names import (
    BOXES,
    HIDDEN,
    NAMED_TARGET,
    PLAIN,
    ROLES_OF_CODE,
    ROLES_OF_REFERENCE,
    TITLED,
)
from .generator import OwnText, SiteTexts
from .inserted_files import FileInserter, NamedFile, Refusal
from .myst_labels import Label, labels_in, read_labels

Lines = list[tuple[str, int]]
"""Lines, each with its number in the file."""

_OPENING = lazy_pattern(
    r"(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,}|:{3,})[ \t]*(?:\{(?P<name>[\w:.-]+)\}[ \t]*(?P<said>.*)|(?P<info>[^`]*))"
)
_OPTION = lazy_pattern(r"[ \t]*:(?P<key>[\w-]+):[ \t]*(?P<value>.*)")
_ROLE = lazy_pattern(
    r"\{(?P<name>[a-z][\w:.-]*+)\}(?P<ticks>`++)(?P<said>.+?)(?<!`)(?P=ticks)(?!`)"
    r"|(?P<code>(?<!`)(?P<marks>`++).+?(?<!`)(?P=marks)(?!`))",
    re.S,
)
_LABEL = lazy_pattern(r"\((?P<name>[^()\s][^()]*)\)=[ \t]*")
_REFERENCE = lazy_pattern(
    r"(?P<code>(?<!`)(?P<ticks>`++).+?(?<!`)(?P=ticks)(?!`))"
    r"|(?<!!)\[(?P<words>[^\[\]\n]*)\]\((?:#(?P<label>[^()\s#]+)|(?P<bare>[A-Za-z][\w-]*))\)|<project:#(?P<project>[^<>\s]+)>"
)
_SHOWN_OPTIONS = frozenset({"language", "caption", "name", "linenos", "class"})
"""Options of an inserted file by which all of it is shown."""
_LABELLED_FORMULA = lazy_pattern(r"^(.*\$\$)[ \t]*\(([^()\s{}]+)\)[ \t]*$")
_HEADING = lazy_pattern(r"#{1,6}[ \t]")
_BREAK = lazy_pattern(r"\+\+\+.*|\^\^\^[ \t]*|%(?:[ \t].*|$)")
"""Matches breaks between cells and parts of cards, and comments."""
_ROW = lazy_pattern(r"[*-][ \t]+[*-](?:[ \t]+(?P<cell>.*))?|[ \t]+[*-](?:[ \t]+(?P<next>.*))?")
_CELL = lazy_pattern(r"(?:^|,)[ \t]*(?:\"((?:[^\"]|\"\")*)\"[ \t]*|([^,]*))")
_DEFINED = lazy_pattern(r"\S")
_KINDS = {
    **BOXES,
    "topic": "note",
    "sidebar": "note",
    "margin": "note",
    "aside": "note",
    "dropdown": "details",
    "details": "details",
    "exercise": "note",
    "solution": "note",
    "proof": "note",
}
"""The boxes that directives are, by name."""
_CODE = {
    "code": "",
    "code-block": "",
    "sourcecode": "",
    "code-cell": "",
    "parsed-literal": "text",
    "prompt": "bash",
    "mermaid": "mermaid",
    "eval-rst": "rst",
    "doctest": "python",
}
_DEEPEST = 20
"""The most directives within one another."""
_PROGRAMS = frozenset({"bash", "ipython3", "js", "julia", "ojs", "python", "r", "sql"})
"""The languages of the cells of a notebook, which have the form of directives."""
_QUOTES = frozenset({"epigraph", "pull-quote", "highlights", "blockquote"})
_MARKS = {
    "sub": "<sub>{}</sub>",
    "subscript": "<sub>{}</sub>",
    "sup": "<sup>{}</sup>",
    "superscript": "<sup>{}</sup>",
    "kbd": "<kbd>{}</kbd>",
    "keyboard": "<kbd>{}</kbd>",
    "del": "~~{}~~",
    "strike": "~~{}~~",
    "u": "<u>{}</u>",
    "underline": "<u>{}</u>",
    "strong": "**{}**",
    "guilabel": "**{}**",
    "menuselection": "**{}**",
    "emphasis": "*{}*",
    "math": "${}$",
    "term": "{}",
    "smallcaps": "[{}]{{.smallcaps}}",
    "sc": "[{}]{{.smallcaps}}",
    "eq": "({})",
}


class _Directive(msgspec.Struct, frozen=True):
    """A directive with its options and content."""

    name: str
    said: str
    options: dict[str, str]
    content: Lines
    line: int

    @property
    def label(self) -> str:
        return self.options.get("label") or self.options.get("name", "")


def myst_as_markdown(post: OwnText, root: Path, site: SiteTexts) -> OwnText:
    """Returns a text of MyST as Markdown. Content of directives that are not known is kept, and they are named."""
    if not any(mark in post.text for mark in ("{", ")=", "$$", "](", "<project:")):
        return post
    reader = _Reader(post, root, site)
    numbered = [(line, post.first_line + n) for n, line in enumerate(post.text.split("\n"))]
    lines = list(reader.read(numbered))
    return msgspec.structs.replace(
        post,
        text="\n".join(line for line, _ in lines),
        numbers=tuple(number for _, number in lines),
        findings=(*post.findings, *reader.findings()),
    )


class _Reader:
    """Reads the lines of one text."""

    def __init__(self, post: OwnText, root: Path, site: SiteTexts) -> None:
        self._root = root
        self._source = post.source
        self._site = site
        self._around: tuple[PurePosixPath, ...] = (post.path,)
        """The files in which the text stands: that of the post, and those that are inserted in it."""
        self._own_labels = {label for label, _, _ in labels_in(post.text)}
        is_shown = partial(post.source.is_shown, site)
        self._files = FileInserter(root, "", is_shown, lambda text: (text, lambda *_: None))
        self._depth = 0
        self._unknown: Counter[tuple[str, str]] = Counter()
        self._first: dict[tuple[str, str], int] = {}

    def findings(self) -> Iterator[LineDiagnostic]:
        for (kind, what), count in self._unknown.items():
            times = f" ({format_count(count, 'time')})" if count > 1 else ""
            yield DiagnosticCode.SHORTCODE_KEPT, f"{kind} {what}{times}", self._first[kind, what]

    def _tell(self, kind: str, what: str, line: int) -> None:
        self._unknown[kind, what] += 1
        self._first.setdefault((kind, what), line)

    def read(self, lines: Lines) -> Lines:
        """Returns the lines as Markdown. What is nested too deep stays as it is written."""
        if self._depth >= _DEEPEST:
            return lines
        self._depth += 1
        made = list(self._read(lines))
        self._depth -= 1
        return made

    def _read(self, lines: Lines) -> Iterator[tuple[str, int]]:
        position, label = 0, ""
        while position < len(lines):
            line, number = lines[position]
            opening = _OPENING.fullmatch(line)
            if opening is not None and (opening["name"] or opening["fence"][0] != ":"):
                end = _find_end(lines, position, opening["fence"])
                inner = lines[position + 1 : end]
                if opening["name"] and opening["name"] not in _PROGRAMS:
                    made = self._directive(_parse(opening, inner, number))
                    yield from ((opening["indent"] + text if text else "", n) for text, n in made)
                else:
                    yield from lines[position : end + 1]
                position = end + 1
                continue
            position += 1
            if (named := _LABEL.fullmatch(line)) is not None:
                label = named["name"]
            elif not _BREAK.fullmatch(line):
                if label and line.strip():
                    line = (
                        f"{line} {{#{label}}}" if _HEADING.match(line) else f"[]{{#{label}}}{line}"
                    )
                    label = ""
                line = _LABELLED_FORMULA.sub(r"\1 {#\2}", line)
                yield self._with_roles(line, number), number

    def _directive(self, given: _Directive) -> Lines:  # noqa: C901, PLR0912 - match dispatch
        line = given.line
        inner = given.content
        name = given.name.rpartition(":")[2] if given.name.startswith("prf:") else given.name
        if given.name.startswith("prf:") or name in _KINDS:
            return self._box(given, name)
        if name in _CODE:
            language = _CODE[name] or given.said.split(" ")[0].removeprefix("ipython3").strip("{}")
            fence = "`" * max(
                4, *(len(text) - len(text.lstrip("`")) + 1 for text, _ in inner or [("", 0)])
            )
            begin = f"{fence}{_with_caption(language, given)}"
            return [("", line), (begin, line), *inner, (fence, line), ("", line)]
        match name:
            case _ if name in HIDDEN:
                return [("", line)]
            case "math":
                given_line = [(given.said, line)] if given.said else []
                closing = f"$$ {{#{given.label}}}" if given.label else "$$"
                return [("", line), ("$$", line), *given_line, *inner, (closing, line), ("", line)]
            case "figure" | "image":
                return self._figure(given)
            case "list-table" | "csv-table":
                return [("", line), *_table(given), ("", line)]
            case "table":
                caption = [("", line), (f": {given.said}", line)] if given.said else []
                return [("", line), *self.read(inner), *caption, ("", line)]
            case "glossary":
                return [("", line), *_glossary(list(self.read(inner))), ("", line)]
            case "include" | "literalinclude" if (made := self._inserted(given)) is not None:
                return made
            case "include" | "literalinclude":
                self._tell("file", f"{given.said!r} is not inserted; its name was kept", line)
                return [("", line), (f"`{given.said}`", line), ("", line)]
            case "raw" if given.said.strip() == "html":
                return [("", line), *inner, ("", line)]
            case "iframe" | "video" | "youtube" if given.said.startswith("http"):
                return [
                    ("", line),
                    (f"<{given.said.strip()}>", line),
                    ("", line),
                    *self.read(inner),
                ]
        content = list(self.read(inner))
        if name in _QUOTES:
            return [("", line), *((f"> {text}".rstrip(), n) for text, n in content), ("", line)]
        if name not in PLAIN and name not in TITLED:
            what = "is not known; its words were kept" if content or given.said else "was left out"
            self._tell("directive", f"{name!r} {what}", line)
        title = given.said.strip() if name not in PLAIN else ""
        heading = [(f"**{title}**", line), ("", line)] if title else []
        return [("", line), *heading, *content, ("", line)]

    def _box(self, given: _Directive, name: str) -> Lines:
        kind = _KINDS.get(name, "note")
        classes = given.options.get("class", "").split()
        kind = next((_KINDS[one] for one in classes if one in _KINDS and one != "dropdown"), kind)
        title = given.said.strip()
        if name not in _KINDS or name in ("exercise", "solution", "proof"):
            title = " ".join(filter(None, (name.capitalize(), title)))
        told = title.replace("\\", "\\\\").replace('"', '\\"')
        label = f"#{given.label} " if given.label else ""
        said = f' title="{told}"' if told else ""
        line = given.line
        opening = f"::: {{{label}.callout-{kind}{said}}}"
        return [
            ("", line),
            (opening, line),
            ("", line),
            *self.read(given.content),
            ("", line),
            (":::", line),
            ("", line),
        ]

    def _figure(self, given: _Directive) -> Lines:
        line, content = given.line, list(self.read(given.content))
        end = next((n for n, (text, _) in enumerate(content) if not text.strip()), len(content))
        caption = " ".join(text.strip() for text, _ in content[:end])
        alternative = given.options.get("alt", "")
        pairs = []
        if given.label:
            pairs.append(f"#{given.label}")
        if given.name == "image" or not caption:
            caption = caption or alternative
        elif alternative:
            told = alternative.replace('"', '\\"')
            pairs.append(f'alt="{told}"')
        if width := given.options.get("width", "").strip():
            pairs.append(f"width={width}")
        attributes = f"{{{' '.join(pairs)}}}" if pairs else ""
        picture = f"![{caption}](<{given.said.strip()}>){attributes}"
        return [("", line), (picture, line), ("", line), *content[end:], ("", line)]

    def _inserted(self, given: _Directive) -> Lines | None:
        """Returns the lines of the file that a directive without options of a part inserts; None if it cannot."""
        line = given.line
        if given.options.keys() - _SHOWN_OPTIONS:
            return None
        path, text = self._files.read(
            NamedFile(given.said, language=None if given.name == "include" else ""), self._around
        )
        if isinstance(text, Refusal):
            return None
        lines = [(one, line) for one in text.split("\n")]
        if given.name == "literalinclude":
            fence = "````"
            while fence in text:
                fence += "`"
            language = given.options.get("language", path.suffix[1:])
            begin = f"{fence}{_with_caption(language, given)}"
            return [("", line), (begin, line), *lines, (fence, line), ("", line)]
        around, self._around = self._around, (*self._around, path)
        self._own_labels.update(label for label, _, _ in labels_in(text))
        made = self.read(lines)
        self._around = around
        return [("", line), *made, ("", line)]

    def _with_roles(self, text: str, line: int) -> str:
        if "](" in text or "<project:" in text:
            text = _REFERENCE.sub(self._reference, text)
        return _ROLE.sub(lambda found: self._role(found, line), text) if "`" in text else text

    def _reference(self, found: re.Match[str]) -> str:
        """Returns a link that names a label by itself, as one to the file that has it."""
        if found["code"] is not None:
            return found[0]
        label = (found["label"] or found["bare"] or found["project"]).strip()
        place = self._place_of(label)
        if place is None:
            return f"[](<#{label}>)" if found["project"] and label in self._own_labels else found[0]
        words = found["words"] if found["project"] is None else ""
        return f"[{words or place.title}](<{self._address_of(place, label)}>)"

    def _place_of(self, label: str) -> Label | None:
        """Returns the place in another file that a label names; None for one of this text, and for one that no file has."""
        if label in self._own_labels:
            return None
        place = self._source.ask_once(read_labels, self._root, self._site).get(label)
        return None if place is None or place.file == self._around[0] else place

    def _address_of(self, place: Label, label: str) -> str:
        path = os.path.relpath(place.file.as_posix(), self._around[0].parent.as_posix())
        return path.replace(os.sep, "/") + ("" if place.is_first else f"#{label}")

    def _role(self, found: re.Match[str], line: int) -> str:
        if found["name"] is None:
            return found[0]
        name, said = found["name"], found["said"]
        named = NAMED_TARGET.fullmatch(said)
        words, target = (named["words"], named["target"]) if named is not None else ("", said)
        if name in _MARKS:
            return _MARKS[name].format(words or said)
        if name in ROLES_OF_CODE or name.startswith("py:"):
            return f"`{said}`"
        if name in ROLES_OF_REFERENCE:
            words = words.replace("%s", "").replace("{number}", "").replace("{name}", "").strip()
            if name in ("doc", "post"):
                return f"[{words}](<{target.removesuffix('.md')}.md>)"
            if name != "download" and (place := self._place_of(target)) is not None:
                return f"[{words or place.title or target}](<{self._address_of(place, target)}>)"
            return (
                f"[{words}](<{target}>)"
                if name == "download"
                else f"[{words or target}](<#{target}>)"
            )
        if name == "abbr" and said.endswith(")"):
            short, _, long = said.rstrip(")").partition("(")
            return f'<abbr title="{long.strip()}">{short.strip()}</abbr>'
        if name.startswith("cite") or name == "footcite":
            self._tell("citation", f"{said!r} kept as written", line)
            return f"[{said}]"
        self._tell("role", f"{name!r} is not known; its words were kept", line)
        return words or said


def _find_end(lines: Lines, start: int, fence: str) -> int:
    """Returns the position of the line that closes a fence; the end of the lines if none does."""
    for position in range(start + 1, len(lines)):
        text = lines[position][0].strip()
        if text.startswith(fence) and not text.strip(fence[0]):
            return position
    return len(lines)


def _parse(opening: re.Match[str], lines: Lines, number: int) -> _Directive:
    """Returns a directive with the options at the beginning of its lines: ``:key: value``, or YAML between dashes."""
    width = len(opening["indent"])
    content = [(line[width:] if not line[:width].strip() else line, n) for line, n in lines]
    options: dict[str, str] = {}
    if content and content[0][0].strip() == "---":
        end = next((n for n, (line, _) in enumerate(content[1:], 1) if line.strip() == "---"), None)
        for line, _ in content[1:end] if end is not None else ():
            key, _, value = line.partition(":")
            options[key.strip()] = value.strip().strip("\"'")
        content = content[end + 1 :] if end is not None else content
    while content and (found := _OPTION.fullmatch(content[0][0])) is not None:
        options[found["key"]] = found["value"].strip()
        content = content[1:]
    while content and not content[0][0].strip():
        content = content[1:]
    return _Directive(opening["name"].lower(), opening["said"].strip(), options, content, number)


def _with_caption(language: str, given: _Directive) -> str:
    """Returns what follows a fence: the language of code, and the caption as its title."""
    caption = given.options.get("caption", "").replace('"', "'").replace("`", "'")
    return f'{language or "text"} title="{caption}"' if caption else language


def _table(given: _Directive) -> Lines:
    """Returns the table that a list of lists is, or lines of values with commas."""
    rows: list[list[str]] = []
    numbers: list[int] = []
    if given.name == "csv-table":
        given_lines = [given.options.get("header", ""), *(text for text, _ in given.content)]
        rows = [_cells(text) for text in given_lines if text.strip()]
    for text, number in given.content if given.name == "list-table" else ():
        found = _ROW.fullmatch(text)
        if found is not None and text[:1] in "*-":
            rows.append([found["cell"] or ""])
            numbers.append(number)
        elif found is not None and rows:
            rows[-1].append(found["next"] or "")
        elif rows and text.strip():
            rows[-1][-1] = f"{rows[-1][-1]} {text.strip()}".strip()
    if not rows:
        return given.content
    width = max(map(len, rows))
    has_head = given.options.get("header-rows", "0") != "0" or "header" in given.options
    if not has_head:
        rows.insert(0, [])
    lines = []
    for position, row in enumerate(rows):
        cells = [cell.replace("|", "\\|") for cell in (*row, *[""] * (width - len(row)))]
        at = numbers[min(position, len(numbers) - 1)] if numbers else given.line
        lines.append((f"| {' | '.join(cells)} |", at))
        if position == 0:
            lines.append((f"|{'---|' * width}", at))
    caption = [("", given.line), (f": {given.said}", given.line)] if given.said else []
    return [*lines, *caption]


def _cells(line: str) -> list[str]:
    """Returns the values of a line of a table whose cells have commas between them."""
    found = _CELL.findall(line)
    return [quoted.replace('""', '"') or plain.strip() for quoted, plain in found]


def _glossary(lines: Lines) -> Lines:
    """Returns terms and the indented lines below them as a list of definitions."""
    result: Lines = []
    is_below_term = False
    for text, number in lines:
        if text[:1] in " \t" and text.strip():
            result.append(
                (f":   {text.strip()}" if is_below_term else f"    {text.strip()}", number)
            )
            is_below_term = False
        else:
            is_below_term = _DEFINED.match(text) is not None and not text.startswith(":")
            result.append((text, number))
    return result
