"""Inserts the files of a site that the texts of its posts name on lines of their own.

None is inserted that lies outside the site. One that is not for everyone is left out, and another that cannot be inserted
stays named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from itertools import pairwise
from pathlib import Path, PurePosixPath

import msgspec

from ...diagnostics import DiagnosticCode, LineDiagnostic
from ...limits import Limits
from ...model.post_names import is_post_file
from ..fences import with_code
from ..front_matter import read_header
from .generator import IsShown, OwnText
from .settings_files import read_text

_DEEPEST = 8
"""The most files that are inserted within one another."""
_MOST = 1_000_000
"""The most characters of the files that are inserted in a text."""
_MOST_BYTES = 4 * (_MOST + 1)


class NamedFile(msgspec.Struct, frozen=True):
    """A file that a line names, to be inserted in its place."""

    name: str
    """Its path, relative to the file that names it, or with ``/`` or ``@/`` before it to the folder of the site's posts."""
    first: int = 1
    """The first of its lines that is inserted."""
    last: int | None = None
    region: str = ""
    """The name of the part between ``#region`` and ``#endregion``; empty for all."""
    language: str | None = None
    """The language of a file of code; None for Markdown."""
    path: PurePosixPath | None = None
    """Its path, relative to the root of the site; None if ``name`` says it."""
    is_raw: bool = False
    """Whether its lines stand as they are, with their header and no line around them. Within itself, none stands."""
    is_part: bool = False
    """Whether its lines stand as if they were written there: no line around them, and no indent before them."""
    elsewhere: tuple[PurePosixPath, ...] = ()
    """Its paths, relative to the root of the site, where the first one leads to no file."""


NOTHING = NamedFile("")
"""Stands for a line that names no file and is not shown."""


class Refusal(Enum):
    """Why a file is not inserted."""

    NOT_THERE = "it is not in the folder of the posts, or is empty"
    NO_PART = "it has no such part"
    IN_ITSELF = "it includes itself"
    TOO_LONG = "it makes the post too long"
    NOT_FOR_ALL = "it is not for everyone to see"


Find = Callable[[str, bool], NamedFile | None]
"""Returns the file that a line names, which may be one of code."""
Open = Callable[[str], tuple[str, Find]]
"""Returns what is shown of a text, line by line, and what finds the files that its lines name."""


class FileInserter:
    """Inserts files into the text of a post."""

    def __init__(
        self,
        root: Path,
        folder: str,
        is_shown: IsShown,
        open_text: Open,
        most: int = _MOST,
    ) -> None:
        """``folder`` is that of the site's posts, relative to ``root``; ``open_text`` is called for each text; the files
        that are inserted may have ``most`` characters.
        """
        self._root = root.resolve()
        self._folder = folder
        self._is_shown = is_shown
        self._open_text = open_text
        self._left = most
        self._findings: list[LineDiagnostic] = []

    def insert(self, post: OwnText) -> OwnText:
        """Returns a text with the files in it; one that cannot be inserted stays named, in code."""
        lines = list(self._lines(post.text, post.first_line, (post.path,)))
        if not self._findings and [line for line, _ in lines] == post.text.split("\n"):
            return post
        return msgspec.structs.replace(
            post,
            text="\n".join(line for line, _ in lines),
            numbers=tuple(number for _, number in lines),
            findings=(*post.findings, *self._findings),
        )

    def _lines(
        self, text: str, first_line: int, around: tuple[PurePosixPath, ...]
    ) -> Iterator[tuple[str, int]]:
        """Yields the lines of a text with those of the files in it, each with its line in the post's file.

        ``around`` has the files in which the text stands.
        """
        text, find = self._open_text(text)
        for number, (line, is_code) in enumerate(with_code(text.split("\n"))):
            at = first_line if len(around) > 1 else first_line + number
            named = find(line, is_code)
            if named is None:
                yield line, at
                continue
            if named is NOTHING:
                continue
            path, content = self.read(named, around)
            if named.is_raw and path in around:
                continue
            if content is Refusal.NOT_FOR_ALL:
                message = f"the file {named.name!r} was left out: {content.value}"
                self._findings.append((DiagnosticCode.NODE_DROPPED, message, at))
                continue
            indent = "" if named.is_part else line[: len(line) - len(line.lstrip())]
            if isinstance(content, Refusal):
                message = f"the file {named.name!r} could not be inserted: {content.value}; its name was kept"
                self._findings.append((DiagnosticCode.SHORTCODE_KEPT, message, at))
                yield line if is_code else f"{indent}`{line.strip()}`", at
                continue
            for inner in self._shown(named, content, at, (*around, path)):
                yield indent + inner if inner else inner, at

    def _shown(
        self, named: NamedFile, content: str, at: int, around: tuple[PurePosixPath, ...]
    ) -> Iterator[str]:
        """Yields the lines that stand in the place of a file's name."""
        if named.language is not None:
            runs = (len(run) for run in content.split() if run.startswith("```"))
            fence = "`" * (3 + max(runs, default=0))
            yield from ("", fence + named.language, *content.split("\n"), fence, "")
            return
        inner = (line for line, _ in self._lines(content, at, around))
        yield from inner if named.is_raw or named.is_part else ("", *inner, "")

    def read(
        self, named: NamedFile, around: tuple[PurePosixPath, ...]
    ) -> tuple[PurePosixPath, str | Refusal]:
        """Returns the path of a file, relative to the site's root, and its text, or why it must not be inserted.

        ``around`` has the files within one another that lead to the name, the last of which holds it.
        """
        tried = [self._path_of(named, around[-1]), *named.elsewhere]
        there = (path for path in tried if find_within(self._root, path.as_posix()))
        path = next(there, tried[0])
        if len(around) > _DEEPEST or path in around:
            return path, Refusal.IN_ITSELF
        return path, self._read(named, path)

    def _path_of(self, named: NamedFile, within: PurePosixPath) -> PurePosixPath:
        """Returns the path of a file, relative to the root of the site."""
        if named.path is not None:
            return named.path
        if named.name.startswith(("/", "@/")):
            return PurePosixPath(self._folder) / named.name.lstrip("@/")
        parts: list[str] = []
        for part in (within.parent / named.name).parts:
            if part == ".." and parts and parts[-1] != "..":
                parts.pop()
            elif part != ".":
                parts.append(part)
        return PurePosixPath(*parts)

    def _read(self, named: NamedFile, path: PurePosixPath) -> str | Refusal:
        """Returns a file, or the part of it that is named, or why it must not be inserted."""
        file = find_within(self._root, path.as_posix())
        # None is cut off: one with more characters than may be inserted is refused below.
        text = read_text(file, _MOST_BYTES) if file is not None else ""
        if not text:
            return Refusal.NOT_THERE
        is_post = is_post_file(path.name)
        if (is_post or named.is_part) and not self._is_shown(text, path.as_posix()):
            return Refusal.NOT_FOR_ALL
        lines = text.rstrip("\n").split("\n")
        if named.region:
            begins = _find_mark(lines, named.region, "region", "start")
            if begins is None:
                return Refusal.NO_PART
            lines = lines[begins + 1 :]
            lines = lines[: _find_mark(lines, named.region, "endregion", "end")]
        content = "\n".join(lines[max(0, named.first - 1) : named.last])
        is_text = is_post and named.language is None and not named.is_raw
        if is_text and not named.region and named.first <= 1:
            content = read_header(content, Limits()).body.strip("\n")
        self._left -= len(content)
        return content if self._left >= 0 else Refusal.TOO_LONG


def find_within(root: Path, name: str) -> Path | None:
    """Returns the file of this name in a folder, or in one below it; None if there is none, or it lies elsewhere."""
    try:
        base = root.resolve()
        file = (base / name).resolve()
        return file if file.is_relative_to(base) and file.is_file() else None
    except (OSError, ValueError):
        return None


def _find_mark(lines: Sequence[str], region: str, word: str, short: str) -> int | None:
    """Returns the place of the line that marks an end of a part: ``#region name``, or ``[start:name]``; None without it."""
    for place, line in enumerate(lines):
        words = line.replace("-->", " ").replace("*/", " ").split()
        if f"[{short}:{region}]" in line or any(
            one.lstrip("#/<!-*").lower() == word and two == region for one, two in pairwise(words)
        ):
            return place
    return None
