"""The beginning of a file of XML, or of another text, by which its format is told, in any encoding. It is asked for
every source, so it imports nothing heavy and takes linear time.
"""

from __future__ import annotations

from .lazy_pattern import lazy_pattern
from .model.characters import utf16_variant

_SPACE = b" \t\r\n"
_SIGN = lazy_pattern(rb"""["'\[\]>]|<!--""")


def as_utf8(head: bytes) -> bytes:
    """Returns the first bytes of a text as UTF-8 without a byte order mark, from UTF-16 too."""
    variant = utf16_variant(head)
    if variant:
        text = head[: len(head) // 2 * 2].decode(variant, "replace")
        return text.removeprefix("\ufeff").encode("utf-8", "replace")
    return head.removeprefix(b"\xef\xbb\xbf")


def from_root(head: bytes) -> bytes | None:
    """Returns the first bytes of a file, as UTF-8, from the tag of its root: behind the declaration, comments, instructions
    and the type of document.

    Returns nothing if they end before it, and None if the file is not XML.
    """
    text = as_utf8(head)
    at = 0
    while True:
        while text[at : at + 1] in _SPACE and at < len(text):
            at += 1
        if at >= len(text):
            return b""
        if text.startswith(b"<!--", at):
            at = _behind(text, b"-->", at + 4)
        elif text.startswith(b"<?", at):
            at = _behind(text, b"?>", at + 2)
        elif text[at : at + 9].lower() == b"<!doctype":
            at = _behind_doctype(text, at + 9)
        elif text.startswith(b"<!", at) or text[at:] == b"<":
            return b""
        else:
            return text[at:] if text[at : at + 1] == b"<" else None


def _behind(text: bytes, mark: bytes, at: int) -> int:
    found = text.find(mark, at)
    return len(text) if found < 0 else found + len(mark)


def _behind_doctype(text: bytes, at: int) -> int:
    """Returns the place behind a type of document, which may declare entities in brackets."""
    is_inside = False
    while (found := _SIGN.search(text, at)) is not None:
        at = found.end()
        sign = found[0]
        if sign == b">" and not is_inside:
            return at
        if sign in (b"[", b"]"):
            is_inside = sign == b"["
        elif sign == b"<!--":
            at = _behind(text, b"-->", at)
        elif sign in (b'"', b"'"):
            at = _behind(text, sign, at)
    return len(text)
