"""Reads the marks of PyMdown's extensions that the configuration of MkDocs turns on.

Source: the documentation of PyMdown Extensions (Caret, Critic, Emoji, Keys, Mark, Snippets).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import msgspec

from ...diagnostics import DiagnosticCode, LineDiagnostic
from ...lazy_pattern import lazy_pattern
from ...model.post_names import is_post_file
from ..fences import with_code
from .emoji_names import with_emoji, without_icons
from .generator import OwnText, SiteTexts, TextsOfSource
from .inserted_files import find_within
from .outside_code import rewrite_words
from .settings_files import Settings, list_texts, read_text

# No alternative looks further than this, and none contains its own end, since many may be unclosed.
_INSERTED = lazy_pattern(r"\^\^(?=[^\s^])((?:(?!\^\^)[^\n]){1,400})(?<!\s)\^\^(?!\^)")
_MARKED = lazy_pattern(r"(?<![=\w{])==(?=[^\s=])((?:(?!==)[^\n]){1,400})(?<!\s)==(?![=}])")
_KEYS = lazy_pattern(
    r"(?<![\w+])\+\+(?=[\w\"'])((?:[\w-]+|\"[^\"\n]+\"|'[^'\n]+')(?:\+(?:[\w-]+|\"[^\"\n]+\"|'[^'\n]+'))*)\+\+(?!\+)"
)
_KEY = lazy_pattern(r"[\w-]+|\"[^\"]+\"|'[^']+'")
_CRITIC = lazy_pattern(
    r"\{\+\+(?P<added>(?:(?!\+\+\})[^\n]){0,400})\+\+\}|\{--(?P<gone>(?:(?!--\})[^\n]){0,400})--\}"
    r"|\{~~(?P<old>(?:(?!~>|~~\})[^\n]){0,400})~>(?P<new>(?:(?!~~\})[^\n]){0,400})~~\}"
    r"|\{==(?P<marked>(?:(?!==\})[^\n]){0,400})==\}|\{>>(?P<said>(?:(?!<<\})[^\n]){0,400})<<\}"
)
_SNIPPET = lazy_pattern(
    r"(?P<indent>[ \t]*)-{1,}8<-{1,}[ \t]+(?P<quote>[\"'])(?P<name>[^\"'\n]+)(?P=quote)[ \t]*"
)
_EDGE = lazy_pattern(r"[ \t]*-{1,}8<-{1,}[ \t]*")
_PART = lazy_pattern(
    r"(?P<file>.+?):(?:(?P<first>\d*):(?P<last>\d*)|(?P<first_only>\d+)|(?P<section>[A-Za-z][\w-]*))"
)
_KEY_NAMES = {
    "ctrl": "Ctrl",
    "cmd": "Cmd",
    "del": "Del",
    "ins": "Ins",
    "esc": "Esc",
    "win": "Win",
    "alt": "Alt",
    "pg-up": "Page Up",
    "page-up": "Page Up",
    "pg-dn": "Page Down",
    "page-down": "Page Down",
    "prtscn": "Print Screen",
    "arrow-up": "Up",
    "arrow-down": "Down",
    "arrow-left": "Left",
    "arrow-right": "Right",
    "plus": "+",
}
_DEEPEST = 8
"""The most files that are inserted within one another."""
_MOST = 1_000_000
"""The most characters of a text with the files in it."""


def options_of(settings: Settings) -> dict[str, Settings]:
    """Returns the extensions of Python-Markdown that the configuration turns on, with their options."""
    listed = settings.get("markdown_extensions")
    rows = [listed] if isinstance(listed, Mapping) else listed if isinstance(listed, list) else []
    found: dict[str, Settings] = {}
    for row in rows:
        named = row if isinstance(row, Mapping) else {row: None}
        for name, options in named.items():
            found[str(name)] = options if isinstance(options, Mapping) else {}
    return found


def as_markdown(post: OwnText, root: Path, extensions: Mapping[str, Settings]) -> OwnText:
    """Returns the text of a post with the marks of the extensions in the words of Markdown and HTML."""
    if "pymdownx.snippets" in extensions:
        post = _Snippets(root, extensions["pymdownx.snippets"], post.source).insert(post)
    text = post.text
    if "pymdownx.critic" in extensions and "{" in text:
        text = rewrite_words(text, _CRITIC, _edited)
    if "pymdownx.caret" in extensions and "^^" in text:
        text = rewrite_words(text, _INSERTED, lambda found: f"<ins>{found[1]}</ins>")
    if "pymdownx.mark" in extensions and "==" in text:
        text = rewrite_words(text, _MARKED, lambda found: f"<mark>{found[1]}</mark>")
    if "pymdownx.keys" in extensions and "++" in text:
        text = rewrite_words(text, _KEYS, _keys)
    if "pymdownx.emoji" in extensions:
        text = with_emoji(without_icons(text))
    return msgspec.structs.replace(post, text=text)


def _edited(found: re.Match[str]) -> str:
    """Returns an edit as what it adds and takes away; a comment on it is not shown."""
    if found["added"] is not None:
        return f"<ins>{found['added']}</ins>"
    if found["gone"] is not None:
        return f"<del>{found['gone']}</del>"
    if found["old"] is not None:
        return f"<del>{found['old']}</del><ins>{found['new']}</ins>"
    return f"<mark>{found['marked']}</mark>" if found["marked"] is not None else ""


def _keys(found: re.Match[str]) -> str:
    return "+".join(f"<kbd>{_key_name(key)}</kbd>" for key in _KEY.findall(found[1]))


def _key_name(key: str) -> str:
    if key[0] in "\"'":
        return key[1:-1]
    return _KEY_NAMES.get(key.lower()) or key.replace("-", " ").title()


class _Snippets:
    """Inserts the files that a text names: ``--8<-- "file.md"``."""

    def __init__(self, root: Path, options: Settings, source: TextsOfSource) -> None:
        self._is_shown = partial(source.is_shown, SiteTexts("MkDocs"))
        self._root = root.resolve()
        self._places = list_texts(options.get("base_path")) or ["."]
        self._appended = list_texts(options.get("auto_append"))
        self._left = _MOST
        self._findings: list[LineDiagnostic] = []

    def insert(self, post: OwnText) -> OwnText:
        """Returns a text with the files in it; one that cannot be read stays named, in code."""
        lines = list(self._lines(post.text, post.first_line, ()))
        for name in self._appended:
            content = self._read(name)
            lines += [(line, 0) for line in (content or "").split("\n")]
        if [line for line, _ in lines] == post.text.split("\n"):
            return post
        return msgspec.structs.replace(
            post,
            text="\n".join(line for line, _ in lines),
            numbers=tuple(number for _, number in lines),
            findings=(*post.findings, *self._findings),
        )

    def _lines(
        self, text: str, first_line: int, around: tuple[str, ...]
    ) -> Iterator[tuple[str, int]]:
        """Yields the lines of a text with those of the files in it, each with its line in the source.

        ``around`` has the files in which the text stands. As in the extension, none is inserted into itself.
        """
        in_block = False
        for number, (line, is_code) in enumerate(with_code(text.split("\n"))):
            at = first_line if around else first_line + number
            if not is_code and _EDGE.fullmatch(line):
                in_block = not in_block
                continue
            found = _SNIPPET.fullmatch(line)
            indent = (
                found["indent"] if found is not None else line[: len(line) - len(line.lstrip())]
            )
            name = found["name"] if found is not None else line.strip() if in_block else ""
            if not name:
                yield line, at
                continue
            content = self._read(name) if len(around) < _DEEPEST else None
            if name in around:
                continue
            if content is None:
                message = f"the file {name!r} could not be inserted; its name was kept"
                self._findings.append((DiagnosticCode.SHORTCODE_KEPT, message, at))
                yield (line if is_code else f"{indent}`{line.strip()}`"), at
                continue
            for inner, _ in self._lines(content, at, (*around, name)):
                yield indent + inner if inner else inner, at

    def _read(self, name: str) -> str | None:
        """Returns a file of the site, or a part of one; None if there is none, or it is elsewhere."""
        part = None if self._find(name) is not None else _PART.fullmatch(name)
        file = self._find(part["file"] if part is not None else name)
        if file is None:
            return None
        text = read_text(file)
        path = file.relative_to(self._root).as_posix()
        if not text or (is_post_file(file.name) and not self._is_shown(text, path)):
            return None
        lines = text.rstrip("\n").split("\n")
        if part is not None and part["section"]:
            marks = (f"[start:{part['section']}]", f"[end:{part['section']}]")
            ends = [
                next((n for n, line in enumerate(lines) if mark in line), None) for mark in marks
            ]
            lines = lines[(ends[0] + 1) : ends[1]] if ends[0] is not None else []
        elif part is not None:
            first = int(part["first"] or part["first_only"] or 1)
            lines = lines[max(0, first - 1) : int(part["last"]) if part["last"] else None]
        content = "\n".join(lines)
        self._left -= len(content)
        return content if self._left >= 0 else None

    def _find(self, name: str) -> Path | None:
        for place in self._places:
            base = self._root / place
            within = find_within(base, name)
            if within is not None and base.resolve().is_relative_to(self._root):
                return within
        return None
