"""Says which divisions, spans and blocks of code Quarto shows in pages of text.

Source: Quarto's documentation, "Conditional content": all conditions of an element have to hold. Pages count as HTML,
and the profiles are those that a project names as its default ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from .attributes import AttributeBlock

_CLASSES = ("content-visible", "content-hidden")
_KEYS = (
    "when-format",
    "unless-format",
    "when-profile",
    "unless-profile",
    "when-meta",
    "unless-meta",
)


class Conditions(msgspec.Struct, frozen=True):
    """What decides for one post: the fields of its header and of the settings above it."""

    fields: Mapping[str, Any]

    def show(self, attributes: AttributeBlock) -> bool:
        """Whether an element with these attributes is shown."""
        if "hidden" in attributes.classes:
            return False
        if "content-hidden" in attributes.classes:
            return not self._hold(attributes)
        return "content-visible" not in attributes.classes or self._hold(attributes)

    def _hold(self, attributes: AttributeBlock) -> bool:
        return all(self._holds(name, value) for name, value in attributes.pairs if name in _KEYS)

    def _holds(self, name: str, value: str) -> bool:
        kind, _, asked = name.partition("-")
        if asked == "format":
            is_met = value.lower().startswith(("html", "epub"))
        elif asked == "profile":
            is_met = value in _default_profiles(self.fields.get("profile"))
        else:
            is_met = _is_set(self.fields, value)
        return is_met if kind == "when" else not is_met


def without_conditions(attributes: AttributeBlock) -> AttributeBlock:
    """Returns the attributes of an element that is shown, without what decided about it."""
    if not any(name in attributes.classes for name in _CLASSES):
        return attributes
    classes = tuple(name for name in attributes.classes if name not in _CLASSES)
    return msgspec.structs.replace(attributes.without(*_KEYS), classes=classes)


def _default_profiles(settings: Any) -> Iterator[str]:
    """Yields the profiles that are active unless others are named: the default ones, or the first of each group."""
    if not isinstance(settings, Mapping):
        return
    default, groups = settings.get("default"), settings.get("group")
    yield from map(str, default if isinstance(default, list) else [default])
    groups = groups if isinstance(groups, list) else []
    of_many = all(isinstance(group, list) for group in groups)
    for group in groups if of_many else [groups]:
        yield from map(str, group[:1])


def _is_set(fields: Mapping[str, Any], path: str) -> bool:
    value: Any = fields
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return bool(value)
