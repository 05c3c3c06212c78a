"""What the blocks of Divi 5 show: their words stand in the JSON of their marks alone.

Source: exports of sites made with Divi 5. A block has parts such as ``title``, ``content``, ``image`` and ``button``; what
one shows is its ``innerContent``, with a value for each kind of device, of which that for computers is read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ....escape import attribute as escape_attribute
from ....escape import escape
from ....web.html_elements import HEADINGS

NAMES = "divi/"
"""The beginning of the names of these blocks."""
_FORMS = ("contact-", "signup", "login", "search", "menu", "sidebar", "comments", "post-title")
"""What asks for something, or stands on every page."""
_DYNAMIC = "$variable("
"""How a value begins that a server fills."""
_TITLE = "title"
_DEVICES = ("desktop", "tablet", "phone")


def divi_markup(name: str, data: dict[str, Any], embed: Callable[[str], str]) -> str:
    """Returns the HTML of a block by its data; ``embed`` makes the card of an address."""
    if name.removeprefix(NAMES).startswith(_FORMS):
        return ""
    shown = []
    for part, fields in data.items():
        value = _at(fields, "innerContent", "desktop", "value")
        level = _at(fields, "decoration", "font", "font", "desktop", "value", "headingLevel")
        if isinstance(value, str):
            shown.append(_words(part, value, level))
        elif isinstance(value, dict):
            shown.append(_thing(part, value, level, embed))
    return "\n".join(filter(None, shown))


def is_hidden(data: dict[str, Any]) -> bool:
    """Returns whether a block is shown on no device."""
    places = (_at(data, "module", "decoration", "disabledOn", one, "value") for one in _DEVICES)
    return all(value == "on" for value in places)


def is_for_some(data: dict[str, Any]) -> bool:
    """Returns whether conditions decide who sees a block."""
    rules = _at(data, "module", "decoration", "conditions", "desktop", "value")
    named = [_at(rule, "conditionName") for rule in rules] if isinstance(rules, list) else []
    return bool({"loggedInStatus", "userRole"}.intersection(n for n in named if isinstance(n, str)))


def _words(part: str, value: str, level: object) -> str:
    if not value.strip() or value.startswith(_DYNAMIC):
        return ""
    is_level = isinstance(level, str) and level in HEADINGS
    if part == _TITLE or is_level:
        element = level if is_level else "h4"
        return f"<{element}>{value}</{element}>"
    return value if part == "content" else f"<p>{value}</p>"


def _thing(part: str, value: dict[str, Any], level: object, embed: Callable[[str], str]) -> str:
    """Returns a picture, a player, a button, or a title with more fields than its words."""
    text, source = _text(value, "text"), _text(value, "src")
    address = _text(value, "linkUrl")
    if part == "video" and source:
        return embed(source)
    if part == "audio" and source:
        return f'<audio src="{escape_attribute(source)}"></audio>'
    if source:
        words = escape_attribute(_text(value, "alt"))
        return f'<figure><img src="{escape_attribute(source)}" alt="{words}"/></figure>'
    if text and address:
        return f'<p class="button"><a href="{escape_attribute(address)}">{escape(text)}</a></p>'
    return _words(part, text, level)


def _text(value: dict[str, Any], name: str) -> str:
    found = value.get(name)
    return found if isinstance(found, str) and not found.startswith(_DYNAMIC) else ""


def _at(value: object, *names: str) -> Any:
    """Returns what stands at a path of names; None if there is nothing."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value
