"""Finds notes whose marks were typed as ``[1]`` above a rule and a numbered list at the end of a text.

An editor for HTML without notes leaves nothing else to its writers. Such a list is taken for the notes only if the
text has a mark for each of its numbers, in their order, and none besides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import Tag
from bs4.element import NavigableString

from ...lazy_pattern import lazy_pattern
from ..searched_html import new_tag

_MARK = lazy_pattern(r"\[(\d{1,3})\]", re.A)
_VERBATIM = ("a", "pre", "code", "script", "style")
_NAME = "fn:"


def mark_typed_notes(body: Tag) -> None:
    """Makes links of the typed marks, and the list to which they lead a list of footnotes."""
    found = _notes_at_end(body)
    if found is None:
        return
    rule, notes = found
    items = notes.find_all("li", recursive=False)
    texts = list(_texts_with_marks(body, notes))
    numbers = dict.fromkeys(mark[1] for text in texts for mark in _MARK.finditer(text))
    if list(numbers) != [str(number) for number in range(1, len(items) + 1)]:
        return
    for text in texts:
        text.replace_with(*_with_links(str(text)))
    for number, item in enumerate(items, 1):
        item["id"] = f"{_NAME}{number}"
    notes["class"] = "footnotes"
    rule.decompose()


def _notes_at_end(body: Tag) -> tuple[Tag, Tag] | None:
    """Returns a rule and the numbered list below it, with which the text ends."""
    last = [e for e in body.contents if isinstance(e, Tag) or str(e).strip()][-2:]
    match last:
        case [Tag(name="hr") as rule, Tag(name="ol") as notes] if not notes.get("start"):
            return rule, notes
        case _:
            return None


def _texts_with_marks(body: Tag, notes: Tag) -> Iterator[NavigableString]:
    for text in body.find_all(string=lambda s: bool(s and _MARK.search(s))):
        if isinstance(text, NavigableString) and not any(
            parent is notes or parent.name in _VERBATIM for parent in text.parents
        ):
            yield text


def _with_links(text: str) -> Iterator[Tag | NavigableString]:
    place = 0
    for mark in _MARK.finditer(text):
        yield NavigableString(text[place : mark.start()])
        link = new_tag("a")
        link["href"] = f"#{_NAME}{mark[1]}"
        link.string = mark[1]
        sign = new_tag("sup")
        sign.append(link)
        yield sign
        place = mark.end()
    yield NavigableString(text[place:])
