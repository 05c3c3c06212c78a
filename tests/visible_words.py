"""Finds the words that an author sees in a Markdown file: all except its header and attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator

_HEADER = re.compile(r"\A---\n.*?\n---\n", re.S)
_FENCE = re.compile(r"^[ >]*(`{3,}|~{3,})[^\n]*\n(.*?)^[ >]*\1[ ]*$", re.M | re.S)
_SAID = re.compile(r' alt="((?:[^"\\]|\\.)*)"|\]\([^()\s]*? "([^"]*)"\)')
"""Attributes that are shown or read aloud."""
_HIDDEN = re.compile(
    r"^[ >]*:{3,}.*$"
    r"|\]\((?:<[^<>\n]*>|[^()\s]*)(?: \"[^\"]*\")?\)"
    r"|\{(?:[^{}\"]|\"(?:[^\"\\]|\\.)*\")*\}"
    r"|\[\^[^\]]*\]"
    r"|</?[A-Za-z!][^<>]*>",
    re.M,
)
_WORD = re.compile(r"[A-Za-z]{2,}")


def visible_words(text: str) -> Iterator[tuple[int, int]]:
    """Where each word begins and ends, in order."""
    header = _HEADER.match(text)
    shown = bytearray(b"\x01" * len(text))
    shown[: header.end() if header else 0] = bytes(header.end() if header else 0)
    for found in _HIDDEN.finditer(text):
        shown[found.start() : found.end()] = bytes(len(found[0]))
    for found in _SAID.finditer(text):
        group = 1 if found[1] is not None else 2
        shown[found.start(group) : found.end(group)] = b"\x01" * len(found[group])
    for found in _FENCE.finditer(text):
        shown[found.start() : found.end()] = bytes(len(found[0]))
        shown[found.start(2) : found.end(2)] = b"\x01" * len(found[2])
    for found in _WORD.finditer(text):
        if all(shown[found.start() : found.end()]):
            yield found.span()


def with_new_words(text: str) -> tuple[str, dict[str, str]]:
    """``text`` with another word in the place of each, and what each new one stands for."""
    parts, names, end = [], {}, 0
    for number, (start, stop) in enumerate(visible_words(text)):
        name = f"Zq{number}q"
        names[name] = text[start:stop]
        parts += [text[end:start], name]
        end = stop
    return "".join([*parts, text[end:]]), names
