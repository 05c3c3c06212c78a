"""Makes the text of a post of Quarto's whole before it is parsed: results that were frozen, files that it
includes, and values of its header and its project.

Sources: Quarto's documentation, "Managing execution" (freeze), "Includes", "Variables". Nothing is run.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from ...diagnostics import DiagnosticCode, LineDiagnostic
from ...lazy_pattern import lazy_pattern
from ...limits import Limits
from ...model.node import Node
from ...model.post import Base, Post
from ...model.walk import rewrite
from ..fences import CODE_SPAN, with_code
from ..front_matter import read_header
from ..json_bytes import UNDECODABLE
from ..sites.generator import OwnText, SiteTexts, TextsOfSource
from ..sites.inserted_files import FileInserter, NamedFile
from ..sites.settings_files import QUARTO_FILES, Settings, read_settings

_INCLUDE = lazy_pattern(r"[ \t]*\{\{<[ \t]*include[ \t]+([\"']?)([^\"'\n]+?)\1[ \t]*>\}\}[ \t]*$")
_VALUE = lazy_pattern(
    rf"(?P<code>{CODE_SPAN})"
    r"|(?P<example>\{\{\{<[^\n]*?>\}\}\})"
    r"|\{\{<[ \t]*(?P<kind>meta|var)[ \t]+[\"']?(?P<path>[\w.-]+)[\"']?[ \t]*>\}\}"
)
_CELL_OPTION = lazy_pattern(r"[ \t]*(?:#|//|%%)\|")
_EVALUATED = lazy_pattern(r"`\{?[A-Za-z]+\}? |\{\{<")


class _Result(msgspec.Struct):
    markdown: str


class _FrozenFile(msgspec.Struct):
    """What Quarto keeps of a post that it has run (``execute-results/html.json``)."""

    result: _Result
    hash: str = ""


class QuartoSource:
    """The file of one post, and the project that it is of."""

    def __init__(
        self, base: Base | None, source: str, limits: Limits, texts: TextsOfSource
    ) -> None:
        self._limits = limits
        self._texts = texts
        self._folder = Path(base.path) if base is not None and base.kind == "folder" else None
        self._root = Path(base.root) if base is not None and base.root else self._folder
        self._file = self._folder / PurePosixPath(source).name if self._folder else None
        self.findings: list[LineDiagnostic] = []

    def fields_above(self) -> Settings:
        """Returns the fields that the files of the project set for the post; those of near folders count first."""
        fields: dict[str, Any] = {}
        for place in self._folders():
            for name in (*QUARTO_FILES, "_metadata.yml"):
                fields = merge_fields(fields, read_settings(place / name))
        return fields

    def _folders(self) -> Iterator[Path]:
        """Yields the folders from the root of the project to that of the post."""
        if self._folder is None or self._root is None:
            return
        inner = PurePosixPath(os.path.relpath(self._folder, self._root)).parts
        if ".." not in inner:
            for depth in range(len(inner) + 1):
                yield self._root.joinpath(*inner[:depth])

    # Frozen results

    def read_frozen(self, text: str) -> str:
        """Returns the text of the post with the results of its code as Quarto keeps it; empty if there is none, or
        an older one.
        """
        place = self._frozen_folder()
        if place is None:
            return ""
        data = self._read_inside(place / "execute-results" / "html.json")
        if data is None:
            return ""
        try:
            found = msgspec.json.decode(data, type=_FrozenFile)
        except UNDECODABLE as error:
            message = f"the frozen results of the post cannot be read: {error}"
            self.findings.append((DiagnosticCode.MARKUP_REPAIRED, message, 0))
            return ""
        markdown = found.result.markdown.replace("\r\n", "\n")
        digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
        if found.hash != digest and (count := _count_missing(text, markdown)):
            message = (
                f"the frozen results of the post are of an older text, which lacks {count} of its lines;"
                " they were not used"
            )
            self.findings.append((DiagnosticCode.SHORTCODE_KEPT, message, 0))
            return ""
        return self._with_frozen_figures(markdown, place)

    def _frozen_folder(self) -> Path | None:
        if self._file is None or self._root is None or not (self._root / "_freeze").is_dir():
            return None
        inner = PurePosixPath(os.path.relpath(self._file, self._root))
        return None if ".." in inner.parts else self._root / "_freeze" / inner.with_suffix("")

    def _with_frozen_figures(self, markdown: str, place: Path) -> str:
        """Returns a text whose figures are those that are kept beside the results."""
        assert self._file is not None and self._folder is not None
        made = f"{self._file.stem}_files/"
        kept = Path(os.path.relpath(place, self._folder)).as_posix()
        target = re.compile(rf"(\]\(<?|\bsrc=[\"'])(?:\./)?{re.escape(made)}(figure-)")
        return target.sub(
            lambda found: f"{found[1]}{kept.replace(' ', '%20')}/{found[2]}", markdown
        )

    def _read_inside(self, path: Path) -> bytes | None:
        """Returns a file of the project; None if it does not exist, leads out or is too large."""
        try:
            real = path.resolve()
            assert self._root is not None
            if not real.is_relative_to(self._root.resolve()) or not real.is_file():
                return None
            if real.stat().st_size > self._limits.post_bytes:
                return None
            return real.read_bytes()
        except (OSError, ValueError, RuntimeError):
            return None

    # Included files

    def include(self, post: OwnText) -> OwnText:
        """Returns the text with the files that it includes, and for each of its lines that of the source."""
        if "include" not in post.text or self._file is None or self._root is None:
            return post
        inserter = FileInserter(
            self._root,
            "",
            partial(self._texts.is_shown, SiteTexts("Quarto")),
            lambda text: (text, self._find_included),
            max(0, self._limits.post_bytes - len(post.text)),
        )
        path = PurePosixPath(os.path.relpath(self._file, self._root))
        return inserter.insert(msgspec.structs.replace(post, path=path))

    def _find_included(self, line: str, is_code: bool) -> NamedFile | None:
        """Returns the file that a line includes, also in code: Quarto reads no Markdown before."""
        found = _INCLUDE.match(line) if "include" in line else None
        if found is None:
            return None
        assert self._folder is not None and self._root is not None
        beside = PurePosixPath(os.path.relpath(self._folder, self._root)) / found[2]
        elsewhere = (PurePosixPath(os.path.normpath(p)) for p in (beside, found[2]))
        return NamedFile(
            found[2],
            is_part=True,
            elsewhere=() if found[2].startswith("/") else tuple(elsewhere),
        )

    # Values

    def fill(self, text: str, fields: Settings, above: Settings) -> str:
        """Returns the text with the values of ``{{< meta x >}}`` and ``{{< var x >}}``; unknown ones stay."""
        if "{{<" not in text:
            return text
        variables = read_settings(self._root / "_variables.yml") if self._root else {}

        def value(found: re.Match[str]) -> str:
            if not found["kind"]:
                return found[0]
            places = (variables,) if found["kind"] == "var" else (fields, above)
            values = (_value_at(place, found["path"]) for place in places)
            return next((one for one in values if one is not None), found[0])

        lines = with_code(text.split("\n"))
        return "\n".join(line if is_code else _VALUE.sub(value, line) for line, is_code in lines)


def with_own_values(fields: dict[str, Any]) -> dict[str, Any]:
    """Returns the fields of a header in which texts have the values of other fields (``{{< meta x >}}``)."""

    def value(found: re.Match[str]) -> str:
        own = _value_at(fields, found["path"]) if found["kind"] == "meta" else None
        return found[0] if own is None or "{{<" in own else own

    return {
        name: _VALUE.sub(value, text) if isinstance(text, str) and "{{<" in text else text
        for name, text in fields.items()
    }


def with_lines_of_source(post: Post, numbers: list[int], first_line: int) -> Post:
    """Returns a post whose nodes and diagnostics have the lines of the source; ``numbers`` has one for each line of
    the text that was parsed. A line that is not among them is unknown.
    """

    def line_of(line: int) -> int:
        position = line - first_line
        return numbers[position] if line and 0 <= position < len(numbers) else 0

    def visit(node: Node) -> Node:
        return msgspec.structs.replace(node, line=line_of(node.line)) if node.line else node

    moved = rewrite(post, visit)
    diagnostics = tuple(
        msgspec.structs.replace(found, line=line_of(found.line)) for found in post.diagnostics
    )
    return msgspec.structs.replace(moved, diagnostics=diagnostics)


def merge_fields(above: Settings, own: Settings) -> dict[str, Any]:
    """Returns fields with those of the folders above; mappings are merged key by key."""
    fields = dict(above)
    for name, value in own.items():
        known = fields.get(name)
        if isinstance(known, Mapping) and isinstance(value, Mapping):
            fields[name] = {**known, **value}
        else:
            fields[name] = value
    return fields


def _value_at(fields: Settings, path: str) -> str | None:
    """Returns the text at a path such as ``author.1.name``; None if there is none."""
    value: Any = fields
    for part in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list) and part.isdigit() and 0 < int(part) <= len(value):
            value = value[int(part) - 1]
        else:
            return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (str, int, float)):
        return str(value)
    if isinstance(value, list) and value and all(isinstance(one, (str, int)) for one in value):
        return ", ".join(map(str, value))
    return None


def _count_missing(text: str, frozen: str) -> int:
    """Returns how many lines of prose a frozen text lacks that the post has."""
    kept = {line.strip() for line in frozen.split("\n")}
    body = read_header(text, Limits()).body
    return sum(
        bool(line.strip()) and line.strip() not in kept
        for line, is_code in with_code(body.split("\n"))
        if not is_code and not _CELL_OPTION.match(line) and not _EVALUATED.search(line)
    )
