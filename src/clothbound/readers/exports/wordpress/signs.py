"""Tells exports of WordPress from feeds, by their first bytes. Imports nothing heavy: it is asked for every source."""

from __future__ import annotations

from ....lazy_pattern import lazy_pattern

_SIGN = lazy_pattern(
    rb"://(?:www\.)?wordpress\.org/export/|\sxmlns:wp\s*=|<wp:|<[\w.-]{1,40}:wxr_version>"
)
_NAMESPACE = lazy_pattern(r"https?://(?:www\.)?wordpress\.org/export/[0-9.]+/?")


def is_export(head: bytes) -> bool:
    """Whether the first bytes of a feed show the vocabulary of WordPress's export."""
    return _SIGN.search(head.replace(b"\0", b"")) is not None


def is_namespace(namespace: str) -> bool:
    """Whether this is the namespace of the elements of an export, of any version."""
    return _NAMESPACE.fullmatch(namespace) is not None
