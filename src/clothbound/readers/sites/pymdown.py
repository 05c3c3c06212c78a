"""Reads the marks of PyMdown's extensions that the configuration of MkDocs turns on.

Source: the documentation of PyMdown Extensions (Caret, Critic, Emoji, Keys, Mark, Snippets).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path, PurePosixPath

import msgspec

from ...diagnostics import DiagnosticCode
from ...lazy_pattern import lazy_pattern
from .emoji_names import with_emoji, without_icons
from .generator import OwnText, SiteTexts
from .inserted_files import NOTHING, FileInserter, Find, NamedFile, Refusal, find_within
from .outside_code import rewrite_words
from .settings_files import Settings, list_texts

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
_NOWHERE = PurePosixPath("..")
"""The path of a snippet that no folder of snippets has: out of the site, where no file is inserted."""
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


def options_of(settings: Settings, kind: str = "markdown_extensions") -> dict[str, Settings]:
    """Returns what the configuration turns on, extensions of Python-Markdown or ``plugins``, with the options of each."""
    listed = settings.get(kind)
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
        post = _with_snippets(post, root, extensions["pymdownx.snippets"])
    text = post.text
    if "pymdownx.critic" in extensions and "{" in text:
        text = rewrite_words(text, _CRITIC, _edited)
    if "pymdownx.caret" in extensions and "^^" in text:
        text = rewrite_words(text, _INSERTED, lambda found: f"<ins>{found[1]}</ins>")
    if "pymdownx.mark" in extensions and "==" in text:
        text = mark_words(text)
    if "pymdownx.keys" in extensions and "++" in text:
        text = rewrite_words(text, _KEYS, _keys)
    if "pymdownx.emoji" in extensions:
        text = with_emoji(without_icons(text))
    return msgspec.structs.replace(post, text=text)


def mark_words(text: str) -> str:
    """Returns a text with the words between ``==`` as marked ones."""
    return rewrite_words(text, _MARKED, lambda found: f"<mark>{found[1]}</mark>")


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


def _with_snippets(post: OwnText, root: Path, options: Settings) -> OwnText:
    """Returns a text with the files in it that lines of its own name: ``--8<-- "file.md"``."""
    places = list_texts(options.get("base_path")) or ["."]
    is_shown = partial(post.source.is_shown, SiteTexts("MkDocs"))
    inserter = FileInserter(root, "", is_shown, partial(_open, root, places))
    made = inserter.insert(post)
    for name in list_texts(options.get("auto_append")):
        _, content = inserter.read(_named_snippet(root, places, name), (post.path,))
        if not isinstance(content, Refusal):
            made = _with_end(made, content)
        else:
            message = (
                f"the file {name!r} could not be inserted; `auto_append` of mkdocs.yml names it: make the file in a"
                " folder of `base_path`, or take the name out"
            )
            finding = (DiagnosticCode.SHORTCODE_KEPT, message, 0)
            made = msgspec.structs.replace(made, findings=(*made.findings, finding))
    return made


def _with_end(post: OwnText, content: str) -> OwnText:
    """Returns a text with lines below it that are not of its file."""
    count = post.text.count("\n") + 1
    numbers = post.numbers or range(post.first_line, post.first_line + count)
    return msgspec.structs.replace(
        post,
        text=f"{post.text}\n{content}",
        numbers=(*numbers, *[0] * (content.count("\n") + 1)),
    )


def _open(root: Path, places: Sequence[str], text: str) -> tuple[str, Find]:
    """Returns a text, and what finds the files that its lines name: one by one, or as a block between two marks."""
    is_in_block = False

    def find(line: str, is_code: bool) -> NamedFile | None:
        nonlocal is_in_block
        if not is_code and _EDGE.fullmatch(line):
            is_in_block = not is_in_block
            return NOTHING
        found = _SNIPPET.fullmatch(line)
        name = found["name"] if found is not None else line.strip() if is_in_block else ""
        return _named_snippet(root, places, name) if name else None

    return text, find


def _named_snippet(root: Path, places: Sequence[str], name: str) -> NamedFile:
    """Returns the file, or the part of one, that a name stands for; the first place counts that has it."""
    path = _find_snippet(root, places, name)
    part = _PART.fullmatch(name) if path is None else None
    if part is None:
        return NamedFile(name, path=path or _NOWHERE, is_raw=True)
    return NamedFile(
        name,
        first=int(part["first"] or part["first_only"] or 1),
        last=int(part["last"]) if part["last"] else None,
        region=part["section"] or "",
        path=_find_snippet(root, places, part["file"]) or _NOWHERE,
        is_raw=True,
    )


def _find_snippet(root: Path, places: Sequence[str], name: str) -> PurePosixPath | None:
    """Returns the path of a file in one of the folders of snippets, relative to the root of the site."""
    top = root.resolve()
    for place in places:
        file = find_within(root / place, name)
        if file is not None and file.is_relative_to(top):
            return PurePosixPath(file.relative_to(top).as_posix())
    return None
