"""Repairs the XML of exports on its way to the parser, so that a file of any size takes the memory of one item.

Real files hold control characters, bytes that are not of their encoding, and, outside of CDATA, HTML's named references,
bare ampersands and signs of less, and posts with pictures as text, which are longer than libxml2 lets a text be. None of
these costs an item. Comments are left out.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import partial
from html import escape
from html.entities import html5
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

from ..console_text import format_count
from ..lazy_pattern import lazy_pattern
from ..limits import Limits
from ..model.characters import utf16_variant

_PIECE = 1 << 16
_ENCODING = lazy_pattern(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{2,40})["']""")
_DECLARATION = lazy_pattern(r"\s*<\?xml[^>]{0,300}\?>")
_CHARACTER = lazy_pattern(
    r"&(?!(?:amp|lt|gt|quot|apos);|#)([A-Za-z][A-Za-z0-9]{1,31};)?|<(?=[\s\d=<])"
)
"""Matches an ampersand or a sign of less that XML has no use for, and the name of a reference."""
_CHARACTER_SETS = lazy_pattern(
    r"iso|latin|windows|cp\d|cp-|ms|mac|koi8|big5|gb|euc|shift|sjis|hz|ks|tis|us-ascii|ascii|ibm|l\d|greek|cyrillic|arabic|hebrew|x-"
)
"""Matches names of encodings other than those of Unicode, in which a file is never read as if it had ASCII's bytes."""
_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
_LONGEST = 40
"""More characters than a reference, a mark or the end tag of an item has."""
_OPEN, _CLOSE = "<![CDATA[", "]]>"
_SECTION = lazy_pattern(r"<!\[CDATA\[|<!--")
_COMMENT_END = "-->"
_ON_DISK = 8_000_000
"""The bytes of a section with the end of an item, of which no more are held in memory."""
_MARK = "\0"
"""Stands behind the end of an item. XML does not have the character, so no text has it."""
_AT_ONCE = 2_000_000
"""The characters after which a text is broken by the end of CDATA. libxml2 stops the file at 10 MB of a text."""


class RepairedXml:
    """A stream of UTF-8 that a parser of XML can read, made of the bytes of a file."""

    def __init__(
        self, stream: BinaryIO, end: re.Pattern[str], most: int = Limits().post_bytes
    ) -> None:
        """``end`` matches the beginning of the tag that ends an item, and nothing longer than 40 characters.

        ``most`` is the most characters of one text. The parser must keep CDATA apart (``strip_cdata=False``).
        """
        self._stream: BinaryIO | SpooledTemporaryFile[bytes] = stream
        self._end = end
        self._is_marked = False
        self._section_end = ""
        """What ends the section of CDATA or the comment in which the stream is; empty outside of both."""
        self._waiting: SpooledTemporaryFile[bytes] | None = None
        """The rest of a section from the end of an item in it, until the section's end shows that it is text."""
        self._endless: set[str] = set()
        """The ends of sections of which the rest of the file has none."""
        head = stream.read(_PIECE)
        self._decoder = codecs.getincrementaldecoder(_encoding(head))("replace")
        text = self._decoder.decode(head)
        text = text.removeprefix("\ufeff")
        declared = _DECLARATION.match(text)
        text = text[declared.end() :] if declared else text
        self._held = text.translate(_CONTROLS)
        self._is_over = False
        self.count = text.count("\ufffd")
        """The number of characters that were removed or replaced."""
        self.closed = 0
        """The number of items whose end was read."""
        self.too_long: set[int] = set()
        """The numbers, from 1, of the items of which a text is longer than ``most``; what is beyond is not here."""
        self.unended: set[int] = set()
        """The numbers of the items with a comment or CDATA that has no end and therefore ends where the item does."""
        self._most = most
        self._run = self._length = 0
        self._is_in_text = False
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
        return self._next().encode("utf-8", "replace")

    def pieces(self) -> Iterator[tuple[bytes, bool]]:
        """Yields the bytes, and whether they end with the end of an item.

        Comments and CDATA without an end are ended here, which ``read`` leaves to the parser.
        """
        self._is_marked = True
        while text := self._next():
            *ended, rest = text.split(_MARK)
            for piece in ended:
                yield piece.encode("utf-8", "replace"), True
            if rest:
                yield rest.encode("utf-8", "replace"), False

    def _next(self) -> str:
        while not self._is_over:
            made = self._repair(self._held)
            if made:
                return made
            piece = self._stream.read(_PIECE)
            text = self._decoder.decode(piece, final=not piece)
            kept = text.translate(_CONTROLS)
            if not self._endless:
                self.count += len(text) - len(kept) + text.count("\ufffd")
            self._held += kept
            self.tail = (self.tail + kept)[-400:]
            if not piece:
                made = self._repair(self._held, is_last=True)
                if self._waiting is not None:
                    made += self._read_again(self._waiting)
                else:
                    self._is_over = True
                    if self._endless:
                        self._stream.close()
                if made:
                    return made
        return ""

    def _read_again(self, waiting: SpooledTemporaryFile[bytes]) -> str:
        """Ends a section that has no end at the end of its item. What is behind becomes the rest of the file."""
        end = self._section_end
        self._endless.add(end)
        self.unended.add(self.closed + 1)
        self._section_end, self._waiting, self._held = "", None, ""
        if len(self._endless) > 1:
            self._stream.close()
        waiting.seek(0)
        self._stream = waiting
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        return _CLOSE if end == _CLOSE else ""

    def _repair(self, text: str, *, is_last: bool = False) -> str:
        """Returns as much of ``text`` as can be judged, repaired, and keeps the rest."""
        parts = []
        while True:
            if not self._section_end:
                opened = _SECTION.search(text)
                if opened is None:
                    break
                is_comment = opened[0] != _OPEN
                before = text[: opened.start() if is_comment else opened.end()]
                parts.append(self._mend(before))
                text = text[opened.end() :]
                self._section_end = _COMMENT_END if is_comment else _CLOSE
                if not is_comment:
                    self._is_in_text, self._run = False, 0
                continue
            end = text.find(self._section_end)
            ended = self._end.search(text) if self._section_end in self._endless else None
            if end < 0 and ended is None:
                break
            at = ended.start() if ended is not None else end
            if ended is not None:
                self.unended.add(self.closed + 1)
            parts.append(self._section(text[:at], is_end=True))
            text = text[at if ended is not None else end + len(self._section_end) :]
            self._is_in_text = self._section_end == _CLOSE or self._is_in_text
            self._section_end, self._run = "", 0
        # A mark, a reference or a tag may be cut in two.
        judged = len(text) if is_last else max(0, len(text) - _LONGEST)
        if not is_last:
            at = max(text.rfind(sign, 0, judged) for sign in ("<" if self._section_end else "<&"))
            judged = at if at >= 0 and judged - at < _LONGEST else judged
        part = self._section if self._section_end else self._mend
        parts.append(part(text[:judged]))
        self._held = text[judged:]
        return "".join(parts)

    def _section(self, text: str, *, is_end: bool = False) -> str:
        """Returns a part of CDATA, and the lines of a comment, which are counted in messages."""
        close = _CLOSE if is_end and self._section_end == _CLOSE else ""
        if self._waiting is None:
            found = None if is_end else self._end.search(text)
            if found is None or not self._is_marked or self._section_end in self._endless:
                return self._inside(text) + close
            self._waiting = SpooledTemporaryFile(_ON_DISK)  # noqa: SIM115 - it is read over several calls
            made = self._inside(text[: found.start()])
            self._waiting.write(text[found.start() :].encode("utf-8", "replace"))
            return made
        self._waiting.write(text.encode("utf-8", "replace"))
        if not is_end:
            return ""
        self._waiting.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        pieces = iter(partial(self._waiting.read, _PIECE), b"")
        made = "".join([self._inside(decoder.decode(piece)) for piece in pieces])
        self._waiting.close()
        self._waiting = None
        return made + close

    def _inside(self, text: str) -> str:
        if self._section_end == _COMMENT_END:
            return "\n" * text.count("\n")
        return self._broken(text, _CLOSE + _OPEN)

    def _mend(self, text: str) -> str:
        tag = max(text.rfind("<"), text.rfind(">"))
        if tag < 0 and self._is_in_text:
            return self._broken(_CHARACTER.sub(_as_character, text), _OPEN + _CLOSE)
        if not text.endswith(_OPEN) or len(text) > len(_OPEN):
            self._run = self._length = 0
        self._is_in_text = tag >= 0 and text[tag] == ">"
        self.closed += len(self._end.findall(text))
        text = _CHARACTER.sub(_as_character, text)
        return self._with_marks(text) if self._is_marked else text

    def _with_marks(self, text: str) -> str:
        parts: list[str] = []
        done = 0
        for found in self._end.finditer(text):
            at = text.find(">", found.end()) + 1
            if at > done:
                parts += text[done:at], _MARK
                done = at
        return "".join([*parts, text[done:]])

    def _broken(self, text: str, between: str) -> str:
        """Returns a part of a text, with ``between`` before it if too much of the text is there already."""
        self._length += len(text)
        if self._length > self._most:
            self.too_long.add(self.closed + 1)
            return ""
        self._run += len(text)
        if self._run <= _AT_ONCE:
            return text
        self._run = len(text)
        return between + text


def _as_character(found: re.Match[str]) -> str:
    """Returns what a named reference of HTML stands for, in XML: ``&LT;`` is no beginning of a tag."""
    if found[0] == "<":
        return "&lt;"
    name = found[1] or ""
    return escape(html5[name], quote=False) if name in html5 else f"&amp;{name}"


def declared_encoding(head: bytes) -> str:
    """Returns the encoding that the declaration of a file of XML names, in lower case; empty if it names none."""
    named = _ENCODING.match(head.lstrip()[:300])
    return named[1].decode().lower() if named else ""


def _encoding(head: bytes) -> str:
    if variant := utf16_variant(head):
        return variant
    if head.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    name = declared_encoding(head) or "utf-8"
    # What could be matched so is no UTF-16 or UTF-32. Python knows codecs that make no text of a file (hex, punycode).
    if not _CHARACTER_SETS.match(name):
        return "utf-8"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "utf-8"
