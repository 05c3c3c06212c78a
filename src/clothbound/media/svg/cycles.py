"""Finds the references within an SVG picture and removes those by which an element would draw itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...lazy_pattern import lazy_pattern

HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
_REFERENCE = lazy_pattern(r"url\(\s*['\"]?#([^'\")\s]+)['\"]?\s*\)?")


def references(element: Any) -> list[str]:
    """Returns the ids that an element's attributes name."""
    names = []
    for name, value in element.attrib.items():
        if name in HREFS:
            names.append(value.removeprefix("#"))
        else:
            names.extend(_REFERENCE.findall(value))
    return names


def cut_cycles(root: Any) -> None:
    """Removes the references that lead back to their own element.

    They draw nothing (SVG 2, section 5.6), and an engine that follows them may draw nothing of the
    whole picture.
    """
    by_name: dict[str, list[Any]] = {}
    for element in root.iter():
        if element.get("id") is not None:
            by_name.setdefault(element.get("id"), []).append(element)
    parts = {
        element: [
            *element,
            *(part for name in references(element) for part in by_name.get(name, ())),
        ]
        for element in root.iter()
    }
    numbers = _number_components(parts)

    for element in parts:

        def leads_back(name: str, number: int = numbers[element]) -> bool:
            return any(numbers[part] == number for part in by_name.get(name, ()))

        for name, value in element.attrib.items():
            if name not in HREFS:
                cut = _REFERENCE.sub(lambda r: "none" if leads_back(r[1]) else r[0], value)
                element.set(name, cut)
            elif leads_back(value.removeprefix("#")):
                del element.attrib[name]


def _number_components(parts: Mapping[Any, list[Any]]) -> dict[Any, int]:
    """Numbers the strongly connected components with Kosaraju's algorithm.

    Elements that lead to each other get the same number. ``parts`` lists the elements to which each
    one leads.
    """
    left: list[Any] = []
    seen: set[Any] = set()
    # Use explicit stacks, since nested uses may exceed Python's recursion limit.
    waiting = [(element, False) for element in parts]
    while waiting:
        element, is_left = waiting.pop()
        if is_left:
            left.append(element)
        elif element not in seen:
            seen.add(element)
            waiting.append((element, True))
            waiting.extend((part, False) for part in parts[element] if part not in seen)
    users: dict[Any, list[Any]] = {element: [] for element in parts}
    for element, its_parts in parts.items():
        for part in its_parts:
            users[part].append(element)
    numbers: dict[Any, int] = {}
    for number, last in enumerate(reversed(left)):
        stack = [last]
        while stack:
            element = stack.pop()
            if element not in numbers:
                numbers[element] = number
                stack.extend(users[element])
    return numbers
