"""Tells an export of Ghost by its first bytes: by the names of the first members, wherever they are cut off."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from json import JSONDecoder

from ....lazy_pattern import lazy_pattern
from ....xml_beginning import as_utf8

_decode_next = JSONDecoder(strict=False).raw_decode
_SPACE = lazy_pattern(r"[\s,:]*")
_PLAIN = lazy_pattern(r"[-+.\w]+")
_DEEPEST = 8
_TABLES = frozenset(
    "posts posts_authors posts_meta posts_products posts_tags tags users settings members newsletters products "
    "benefits custom_theme_settings roles roles_users permissions snippets offers recommendations".split()
)
_OF_POSTS = frozenset(
    "uuid slug html mobiledoc lexical markdown comment_id feature_image codeinjection_head codeinjection_foot "
    "custom_excerpt email_recipient_filter published_at reading_time".split()
)
_ENOUGH = 3
"""The number of Ghost's columns in one post, or of its tables, by which they are told from another program's."""


def is_ghost(head: bytes) -> bool:
    """Returns whether the beginning of a file shows an export of Ghost.

    Its members may be in any order. So a beginning that is too short shows nothing, and a longer one is needed.
    """
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(as_utf8(head))
    if not text.lstrip().startswith("{"):
        return False
    tables: set[str] = set()
    columns: set[str] = set()
    for path in _paths(text):
        match path[1:] if path[:1] == ("db",) else path:
            case ("meta", "exported_on"):
                return True
            case ("data", table, *rest):
                if table in _TABLES:
                    tables.add(table)
                if table == "posts" and len(rest) == 1:
                    columns.add(rest[0])
            case ("posts" | "pages", column):
                columns.add(column)
            case _:
                pass
        if len(tables) >= _ENOUGH or ("slug" in columns and len(columns & _OF_POSTS) >= _ENOUGH):
            return True
    return False


def _paths(text: str) -> Iterator[tuple[str, ...]]:
    """Yields the path of each member's name in a text of JSON that may be cut off; items of lists have no step."""
    position = 0
    steps: list[str | None] = []
    """The name under which each open object or list is found; None for an item of a list."""
    name: str | None = None
    opened: list[str] = []
    expects_name = False
    while position < len(text):
        position = _end_of_blanks(text, position)
        sign = text[position : position + 1]
        if sign == '"':
            try:
                value, position = _decode_next(text, position)
            except ValueError:
                return
            if expects_name and opened and opened[-1] == "{":
                name, expects_name = value, False
                yield (*(step for step in steps if step is not None), name)
            else:
                name, expects_name = None, True
        elif sign in ("{", "["):
            if len(opened) > _DEEPEST:
                return
            steps.append(name)
            opened.append(sign)
            name, expects_name = None, sign == "{"
        elif sign in ("}", "]"):
            if not opened:
                return
            opened.pop()
            steps.pop()
            name, expects_name = None, True
        else:
            found = _PLAIN.match(text, position)
            if found is None:
                return
            position = found.end()
            name, expects_name = None, True
            continue
        if sign != '"':
            position += 1


def _end_of_blanks(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found is not None else position
