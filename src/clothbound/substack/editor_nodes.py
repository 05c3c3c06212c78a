"""Makes the JSON nodes of an editor's document, renames them for a profile, and reads them as
text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from ..lazy_pattern import lazy_pattern
from .data_attrs import Data, string
from .editor_profiles import Profile

Marks: TypeAlias = tuple[Data, ...]

LISTS = frozenset({"bullet_list", "ordered_list"})
_LINES = frozenset({"paragraph", "heading", "preformatted_text_block"})


def name_nodes(nodes: list[Data], profile: Profile) -> list[Data]:
    """Renames kinds and marks to the names that ``profile`` uses."""
    if not profile.names:
        return nodes
    names = profile.names
    result = []
    for node in nodes:
        renamed = node | {"type": names.get(node["type"], node["type"])}
        if "content" in node:
            renamed["content"] = name_nodes(node["content"], profile)
        if "marks" in node:
            renamed["marks"] = [
                mark | {"type": names.get(mark["type"], mark["type"])} for mark in node["marks"]
            ]
        result.append(renamed)
    return result


def make_node(kind: str, content: Sequence[Data] = (), attrs: Data | None = None) -> Data:
    """Makes a node with its attributes and content, if any."""
    node: Data = {"type": kind}
    if attrs is not None:
        node["attrs"] = attrs
    if content:
        node["content"] = list(content)
    return node


def text_nodes(words: str, marks: Marks = ()) -> list[Data]:
    """Returns a text node; none for an empty text, which ProseMirror rejects."""
    if not words:
        return []
    return [{"type": "text", "text": words} | ({"marks": list(marks)} if marks else {})]


def merge_texts(nodes: Iterable[Data]) -> list[Data]:
    """Merges neighbouring texts that have the same marks."""
    result: list[Data] = []
    for node in nodes:
        last = result[-1] if result else None
        if (
            last is not None
            and last["type"] == node["type"] == "text"
            and last.get("marks") == node.get("marks")
        ):
            result[-1] = last | {"text": last["text"] + node["text"]}
        else:
            result.append(node)
    return result


def add_mark(marks: Marks, mark: Data) -> Marks:
    """Adds ``mark`` to ``marks``, replacing one of the same type."""
    return marks if any(m["type"] == mark["type"] for m in marks) else (*marks, mark)


def line_nodes(text: str) -> list[Data]:
    """Splits a text into lines with hard breaks between them, leaving out empty lines."""
    result: list[Data] = []
    for line in filter(None, text.split("\n")):
        result += [make_node("hard_break")] if result else []
        result += text_nodes(line)
    return result


def split_into_paragraphs(node: Data, mark: str = "") -> Iterator[Data]:
    """Yields the text of any block as paragraphs."""
    kind, content = node["type"], node.get("content", [])
    if kind == "captionedImage":
        attrs = content[0]["attrs"]
        label, src = string(attrs.get("alt")) or "Picture", string(attrs.get("src"))
        far: Marks = ({"type": "link", "attrs": {"href": src}},)
        yield make_node("paragraph", text_nodes(label, far if src.startswith("http") else ()))
        if len(content) > 1:
            yield make_node("paragraph", content[1].get("content", []))
    elif kind in LISTS:
        for number, item in enumerate(content, node.get("attrs", {}).get("start", 1)):
            sign = "\N{BULLET} " if kind == "bullet_list" else f"{number}. "
            for position, inner in enumerate(item["content"]):
                yield from split_into_paragraphs(inner, sign if position == 0 else "")
    elif kind == "highlighted_code_block":
        lines = line_nodes(content[0]["text"]) if content else []
        yield make_node(
            "paragraph", [n | {"marks": [{"type": "code"}]} if "text" in n else n for n in lines]
        )
    elif kind in _LINES or any("text" in n for n in content) or not content:
        address = string(node.get("attrs", {}).get("url"))
        words = content or text_nodes(
            string(node.get("attrs", {}).get("persistentExpression")) or address
        )
        yield make_node("paragraph", merge_texts([*text_nodes(mark), *words]))
    else:
        for inner in content:
            yield from split_into_paragraphs(inner)


def plain_text_of(node: Data) -> str:
    """Returns the text of a document's node; note marks are numbers in brackets."""
    match node["type"]:
        case "text":
            return string(node["text"])
        case "hard_break":
            return "\n"
        case "footnoteAnchor":
            return f"[{node['attrs']['number']}]"
        case "substack_mention":
            return string(node["attrs"]["label"])
        case "inline_latex":
            return string(node["attrs"].get("persistentExpression"))
    return "".join(plain_text_of(child) for child in node.get("content", ()))


def kinds(document: Data) -> Iterator[str]:
    """Yields the types of all nodes and marks of a document."""
    yield document["type"]
    for mark in document.get("marks", ()):
        yield mark["type"]
    for child in document.get("content", ()):
        yield from kinds(child)


_ADDRESS_KEY = lazy_pattern(r"(?:url|href|src|link|image|photo|logo|icon|thumbnail)s?$", re.I)
"""Matches keys of ``data-attrs`` whose values are addresses."""


def safe_attrs(data: Data | None, address: Callable[[str], str]) -> Data:
    """Returns a component's data as attributes, with addresses made safe by ``address``, since the
    editor turns them into links and pictures.
    """
    return {key: _safe_value(key, value, address) for key, value in (data or {}).items()}


def _safe_value(key: str, value: Any, address: Callable[[str], str]) -> Any:
    match value:
        case dict():
            return safe_attrs(value, address)
        case list():
            return [_safe_value(key, item, address) for item in value]
        case str() if value and _ADDRESS_KEY.search(key) and not value.startswith("%%"):
            return address(value)
    return value
