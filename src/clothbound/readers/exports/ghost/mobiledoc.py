"""Writes the HTML of a post from Mobiledoc, the JSON of Ghost's editor from version 1 to 4.

Source: https://github.com/bustle/mobiledoc-kit/blob/main/MOBILEDOC.md. A document of version 0.3 has four lists:
markups, atoms, cards and sections; the sections name the others by their positions. In 0.1 and 0.2 ``sections`` has two
lists, markups and sections: a card stands in its section, there are no atoms, and a marker does not say that it is text.
"""

from __future__ import annotations

from typing import Any

from ....escape import attribute as escape_attribute
from ....escape import escape
from ....web.html_elements import HEADINGS
from .card_data import CardData
from .tables import object_of, text_of

_MARKUP, _IMAGE, _LIST, _CARD = 1, 2, 3, 10
"""The types of sections."""
_TEXT, _ATOM = 0, 1
"""The types of markers; one of another type is text."""
_SECTIONS = frozenset({"p", "blockquote", *HEADINGS})
_PULLED = frozenset({"aside", "pull-quote"})
_MARKUPS = frozenset("a b strong i em code s strike del sub sup u mark".split())


def mobiledoc_html(text: str, data: CardData) -> str:
    """Returns the HTML of a document. Raises ValueError if its version is not known."""
    document = object_of(text)
    version = text_of(document.get("version"))
    if version.startswith(("0.1", "0.2")):
        document = _as_third(document)
    elif not version.startswith("0.3"):
        raise ValueError(f"its version is {version[:20]!r}")
    return _Document(document, data).html()


def _as_third(document: dict[str, Any]) -> dict[str, Any]:
    """Returns a document of version 0.1 or 0.2 in the form of 0.3."""
    parts = _list(document.get("sections"))
    cards: list[list[Any]] = []
    sections: list[list[Any]] = []
    for section in map(_list, _list(_item(parts, 1))):
        kind, value, content = (_item(section, n) for n in range(3))
        if kind == _CARD:
            sections.append([_CARD, len(cards)])
            cards.append([value, content])
        elif kind == _MARKUP:
            sections.append([kind, value, _typed(content)])
        elif kind == _LIST:
            sections.append([kind, value, [_typed(item) for item in _list(content)]])
        else:
            sections.append(section)
    return {"markups": _item(parts, 0), "cards": cards, "sections": sections}


def _typed(markers: Any) -> list[list[Any]]:
    """Returns markers that say that they are text."""
    return [[_TEXT, *_list(marker)] for marker in _list(markers)]


class _Document:
    def __init__(self, document: dict[str, Any], data: CardData) -> None:
        self._data = data
        self._markups = _list(document.get("markups"))
        self._atoms = _list(document.get("atoms"))
        self._cards = _list(document.get("cards"))
        self._sections = _list(document.get("sections"))

    def html(self) -> str:
        return "".join(self._section(_list(section)) for section in self._sections)

    def _section(self, section: list[Any]) -> str:
        kind, value = _item(section, 0), _item(section, 1)
        if kind == _MARKUP:
            markup = self._markers(_item(section, 2))
            tag = text_of(value).lower()
            if tag in _PULLED:
                return f'<blockquote class="pullquote">{markup}</blockquote>'
            tag = tag if tag in _SECTIONS else "p"
            return f"<{tag}>{markup}</{tag}>"
        if kind == _IMAGE:
            return f'<figure><img src="{escape_attribute(text_of(value))}" alt=""/></figure>'
        if kind == _LIST:
            tag = "ol" if text_of(value).lower() == "ol" else "ul"
            items = (self._markers(item) for item in _list(_item(section, 2)))
            return f"<{tag}>{''.join(f'<li>{item}</li>' for item in items)}</{tag}>"
        return self._card(value) if kind == _CARD else ""

    def _card(self, position: Any) -> str:
        card = _list(_item(self._cards, position))
        kind, payload = text_of(_item(card, 0)), _item(card, 1)
        return self._data.markup(kind, payload if isinstance(payload, dict) else {})

    def _markers(self, markers: Any) -> str:
        parts: list[str] = []
        opened: list[str] = []
        for marker in map(_list, _list(markers)):
            for position in _list(_item(marker, 1)):
                markup = _list(_item(self._markups, position))
                tag = text_of(_item(markup, 0)).lower()
                # What is unknown is opened too, since its end is counted.
                opened.append(tag if tag in _MARKUPS else "span")
                parts.append(f"<{opened[-1]}{_attributes(tag, _item(markup, 1))}>")
            value = _item(marker, 3)
            if _item(marker, 0) == _ATOM:
                parts.append(self._atom(value))
            else:
                parts.append(escape(value) if isinstance(value, str) else "")
            closed = _item(marker, 2)
            for _ in range(min(closed, len(opened)) if type(closed) is int else 0):
                parts.append(f"</{opened.pop()}>")
        parts += [f"</{tag}>" for tag in reversed(opened)]
        return "".join(parts)

    def _atom(self, position: Any) -> str:
        atom = _list(_item(self._atoms, position))
        if text_of(_item(atom, 0)) == "soft-return":
            return "<br/>"
        return escape(text_of(_item(atom, 1)))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _item(values: list[Any], position: Any) -> Any:
    """Returns an item of a list; None if there is none at this position."""
    is_there = type(position) is int and 0 <= position < len(values)
    return values[position] if is_there else None


def _attributes(tag: str, pairs: Any) -> str:
    """Returns the address of a link, whose attributes are a list of names and values by turns."""
    values = _list(pairs)
    named = dict(zip(map(text_of, values[::2]), map(text_of, values[1::2]), strict=False))
    return f' href="{escape_attribute(named["href"])}"' if tag == "a" and "href" in named else ""
