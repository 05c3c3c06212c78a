"""Repairs the XML of exports on its way to the parser, so that a file of any size takes the memory of one item.

Real files hold control characters, bytes that are not of their encoding, and, outside of CDATA, HTML's named references
and bare ampersands. None of these costs an item.
"""

from __future__ import annotations

import codecs
import re
from html import escape
from html.entities import html5
from typing import BinaryIO

from ..console_text import format_count
from ..lazy_pattern import lazy_pattern
from ..model.characters import utf16_variant

_PIECE = 1 << 16
_ENCODING = lazy_pattern(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{2,40})["']""")
_DECLARATION = lazy_pattern(r"\s*<\?xml[^>]{0,300}\?>")
_AMPERSAND = lazy_pattern(r"&(?!(?:amp|lt|gt|quot|apos);|#)([A-Za-z][A-Za-z0-9]{1,31};)?")
_CHARACTER_SETS = lazy_pattern(
    r"iso|latin|windows|cp\d|cp-|ms|mac|koi8|big5|gb|euc|shift|sjis|hz|ks|tis|us-ascii|ascii|ibm|l\d|greek|cyrillic|arabic|hebrew|x-"
)
"""Matches names of encodings other than those of Unicode, in which a file is never read as if it had ASCII's bytes."""
_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
_LONGEST = 40
"""More characters than a reference, a mark or the end tag of an item has."""
_OPEN, _CLOSE = "<![CDATA[", "]]>"


class RepairedXml:
    """A stream of UTF-8 that a parser of XML can read, made of the bytes of a file."""

    def __init__(self, stream: BinaryIO, end: re.Pattern[str]) -> None:
        """``end`` matches the beginning of the tag that ends an item, and nothing longer than 40 characters."""
        self._stream = stream
        self._end = end
        head = stream.read(_PIECE)
        self._decoder = codecs.getincrementaldecoder(_encoding(head))("replace")
        text = self._decoder.decode(head)
        text = text.removeprefix("\ufeff")
        declared = _DECLARATION.match(text)
        text = text[declared.end() :] if declared else text
        self._held = text.translate(_CONTROLS)
        self._is_in_cdata = False
        self._is_over = False
        self.count = text.count("\ufffd")
        """The number of characters that were removed or replaced."""
        self.closed = 0
        """The number of items whose end was read."""
        self.tail = text[-400:]
        """The last characters that were read."""
        self.count += len(text) - len(self._held)

    @property
    def repair(self) -> str:
        """What was repaired, as a message; empty if nothing was."""
        if not self.count:
            return ""
        what = format_count(self.count, "character")
        return f"{what} that XML does not have or that are not of the file's encoding were removed or replaced"

    def read(self, size: int = -1) -> bytes:  # noqa: ARG002
        """Returns the next bytes; nothing at the end."""
        while not self._is_over:
            made = self._repair(self._held)
            if made:
                return made.encode("utf-8", "replace")
            piece = self._stream.read(_PIECE)
            text = self._decoder.decode(piece, final=not piece)
            kept = text.translate(_CONTROLS)
            self.count += len(text) - len(kept) + text.count("\ufffd")
            self._held += kept
            self.tail = (self.tail + kept)[-400:]
            if not piece:
                self._is_over = True
                return self._repair(self._held, is_last=True).encode("utf-8", "replace")
        return b""

    def _repair(self, text: str, *, is_last: bool = False) -> str:
        """Returns as much of ``text`` as can be judged, repaired, and keeps the rest."""
        parts = []
        while True:
            mark = _CLOSE if self._is_in_cdata else _OPEN
            end = text.find(mark)
            if end < 0:
                break
            end += len(mark)
            parts.append(self._mend(text[:end]))
            text = text[end:]
            self._is_in_cdata = not self._is_in_cdata
        # A mark, a reference or a tag may be cut in two.
        judged = len(text) if is_last else max(0, len(text) - _LONGEST)
        if not self._is_in_cdata and not is_last:
            at = max(text.rfind("&", 0, judged), text.rfind("<", 0, judged))
            judged = at if at >= 0 and judged - at < _LONGEST else judged
        parts.append(self._mend(text[:judged]))
        self._held = text[judged:]
        return "".join(parts)

    def _mend(self, text: str) -> str:
        if self._is_in_cdata:
            return text
        self.closed += len(self._end.findall(text))
        if "&" not in text:
            return text
        return _AMPERSAND.sub(_as_character, text)


def _as_character(found: re.Match[str]) -> str:
    """Returns what a named reference of HTML stands for, in XML: ``&LT;`` is no beginning of a tag."""
    name = found[1] or ""
    return escape(html5[name], quote=False) if name in html5 else f"&amp;{name}"


def _encoding(head: bytes) -> str:
    if variant := utf16_variant(head):
        return variant
    if head.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    named = _ENCODING.match(head.lstrip()[:300])
    name = named[1].decode().lower() if named else "utf-8"
    # What could be matched so is no UTF-16 or UTF-32. Python knows codecs that make no text of a file (hex, punycode).
    if not _CHARACTER_SETS.match(name):
        return "utf-8"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "utf-8"
