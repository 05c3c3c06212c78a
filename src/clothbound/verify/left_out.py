"""Leaves elements of HTML out of a page, with all that is in them, in a time that grows with the page."""

from __future__ import annotations

from collections.abc import Callable

from ..lazy_pattern import lazy_pattern

_TAG = lazy_pattern(r"<(?P<close>/?)(?P<name>[A-Za-z][\w-]*)\b[^<>]*>")


def without_elements(page: str, is_unwanted: Callable[[str], object]) -> str:
    """Returns a page without the elements whose start tags are unwanted. One without an end stays."""
    unwanted = [
        tag.start() for tag in _TAG.finditer(page) if not tag["close"] and is_unwanted(tag[0])
    ]
    if not unwanted:
        return page
    ends = _find_ends(page)
    parts: list[str] = []
    done = 0
    for start in unwanted:
        if start >= done and start in ends:
            parts.append(page[done:start])
            done = ends[start]
    return "".join(parts) + page[done:]


def content_of_element(page: str, is_wanted: Callable[[str], object]) -> str:
    """Returns what stands in the first element whose start tag is wanted; the whole page if it has none."""
    for tag in _TAG.finditer(page):
        if not tag["close"] and is_wanted(tag[0]):
            return page[tag.end() : _find_ends(page).get(tag.start(), len(page))]
    return page


def _find_ends(page: str) -> dict[int, int]:
    """Returns where elements end, by where they start: each at the end tag that closes it."""
    opened: dict[str, list[int]] = {}
    ends: dict[int, int] = {}
    for tag in _TAG.finditer(page):
        starts = opened.setdefault(tag["name"].lower(), [])
        if not tag["close"]:
            starts.append(tag.start())
        elif starts:
            ends[starts.pop()] = tag.start()
    return ends
