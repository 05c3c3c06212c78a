"""The characters that texts of the model must not contain.

They are control characters, except tabs and line ends, and noncharacters of Unicode, some of which
represent escaped characters while Markdown is read. They have no meaning in a text, and XML 1.0 (section
2.2) forbids most of them. Readers remove them from sources and character references; writers do so again,
since a tree may be made by hand.
"""

from __future__ import annotations

import re

from ..lazy_pattern import lazy_pattern

NO_TEXT = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufdd0-\ufdef\ufeff\ufffe\uffff\ud800-\udfff"
"""The set, in the form of a character class of regular expressions."""

ASCII_PUNCTUATION = r"[!-/:-@\[-`{-~]"
"""The characters that a backslash escapes in Markdown, as a character class of regular expressions."""

BACKSLASH_ESCAPE = lazy_pattern(rf"\\({ASCII_PUNCTUATION})")
"""A backslash and the ASCII punctuation that it escapes in Markdown (CommonMark, section 2.4)."""

_HEADER_ESCAPE = lazy_pattern(
    r"(?P<formula>(?<![\\$\w])\$(?=\S)[^$\n]{1,200}(?<=[^\s\\])\$(?![$\d]))|"
    rf"\\{ASCII_PUNCTUATION}|&(?:#[0-9]{{1,7}}|#[xX][0-9A-Fa-f]{{1,6}}|[A-Za-z][A-Za-z0-9]{{1,31}});"
)
"""What stands for another character in a text of a header, which is Markdown (pandoc's manual, "Metadata blocks"): a
backslash escape, or a character reference (CommonMark, section 2.5). In a formula, a backslash is one of TeX."""

_NO_TEXT = lazy_pattern(f"[{NO_TEXT}]")
_FIRST_BYTES = bytes((*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, 0xED, 0xEF))
"""The first byte, in UTF-8, of each such character, and of others. Most texts have none of them."""
_REFERENCE = lazy_pattern(r"&#(?:[xX]([0-9A-Fa-f]{1,8})|([0-9]{1,9}));?")
_PARTING = "\x0b\x0c"
"""Characters that separate words."""


def is_hebrew(character: str) -> bool:
    """Whether a character is a letter or a point of Hebrew, beside which a quotation mark may be a part of the word."""
    return "\u0591" <= character <= "\u05f4"


def has_byte_of(data: bytes, wanted: bytes) -> bool:
    """Whether a text in UTF-8 has one of the bytes. To find none takes a third of a search with an expression."""
    return len(data.translate(None, wanted)) < len(data)


def text_alone(text: str) -> str:
    """Removes such characters; those that separate words become a space."""
    return _NO_TEXT.sub(_replace_character, text) if _NO_TEXT.search(text) else text


def repair_text(text: str, data: bytes | None = None) -> tuple[str, str]:
    """Removes such characters; returns the text and a message, empty if nothing was removed.

    ``data`` is the text in UTF-8, where it is known.
    """
    if data is None:
        data = text.encode("utf-8", "surrogatepass")
    if not has_byte_of(data, _FIRST_BYTES) or not _NO_TEXT.search(text):
        return text, ""
    text, count = _NO_TEXT.subn(_replace_character, text)
    if count == 1:
        return text, "1 control character was removed"
    return text, f"{count} control characters were removed"


def without_references(markup: str) -> str:
    """Removes HTML references to such characters."""
    return _REFERENCE.sub(_resolve_reference, markup) if "&#" in markup else markup


def decode_header(text: str) -> str:
    """Replaces the escapes in a text of a header by the characters that they stand for."""
    return _HEADER_ESCAPE.sub(_decode_escape, text) if "\\" in text or "&" in text else text


def encode_header(text: str) -> str:
    """Returns a text of which ``decode_header`` makes ``text``."""
    return _HEADER_ESCAPE.sub(lambda found: found["formula"] or f"\\{found[0]}", text)


def _decode_escape(escape: re.Match[str]) -> str:
    if escape["formula"]:
        return escape[0]
    if escape[0][0] == "\\":
        return escape[0][1:]
    import html.entities

    if escape[0][1] == "#":
        return text_alone(html.unescape(escape[0]))
    return html.entities.html5.get(escape[0][1:], escape[0])


def _replace_character(found: re.Match[str]) -> str:
    return " " if found[0] in _PARTING else ""


def _resolve_reference(found: re.Match[str]) -> str:
    number = int(found[1], 16) if found[1] else int(found[2])
    # Parsers handle numbers that are not characters.
    if not 0 < number <= 0x10FFFF:
        return found[0]
    character = chr(number)
    return text_alone(character) if _NO_TEXT.match(character) else found[0]


CODECS = {"shift_jis": "cp932", "windows-874": "cp874", "macintosh": "mac_roman"}
"""Python's names of encodings that the Web knows by others (WHATWG Encoding), or in a larger form."""
_KANA = lazy_pattern(r"[\u3041-\u30ff]")
_KANA_SHARE = 10
"""Of Japanese, at least one in this many characters is kana."""

_FOREIGN = lazy_pattern(rb"[\xc0-\xff]")
_FOREIGN_WORD = lazy_pattern(rb"[\xc0-\xff]{3,}")
_FREQUENT_CYRILLIC = lazy_pattern("[оеаинт]".encode("windows-1251"))
_CYRILLIC_SHARE = 0.3
"""Of the letters of a Cyrillic text, at least so many are one of the six most frequent ones. Of Greek, it is a sixth."""
_CYRILLIC_CAPITAL = lazy_pattern(rb"[\xc0-\xdf]")
"""Matches what Hebrew, whose letters are among the small Cyrillic ones, does not have."""
_IN_WORDS = 0.8
"""Of the letters of a text without Latin ones, at least so many stand beside two others."""


def guess_encoding(data: bytes, likely: str = "") -> str:
    """Returns the encoding of bytes that neither are UTF-8 nor say what they are: ``euc-jp``, ``shift_jis``,
    ``windows-1251`` or ``windows-1252``.

    They are Japanese if all of them are valid in that encoding and many kana are among them, which other texts do not
    give. If ``likely``, the encoding of another text of the same source, is Japanese, it is enough that they are valid.
    They are Cyrillic if their letters beyond ASCII stand together, as words, and are those that are frequent there.
    """
    for name in sorted(("euc-jp", "shift_jis"), key=lambda name: name != likely):
        try:
            text = data.decode(CODECS.get(name, name))
        except UnicodeDecodeError:
            continue
        foreign = len(text) - len(text.encode("ascii", "ignore"))
        if name == likely or len(_KANA.findall(text)) * _KANA_SHARE > foreign:
            return name
    return "windows-1251" if likely == "windows-1251" or _is_cyrillic(data) else "windows-1252"


def _is_cyrillic(data: bytes) -> bool:
    letters = len(_FOREIGN.findall(data))
    in_words = sum(map(len, _FOREIGN_WORD.findall(data)))
    frequent = len(_FREQUENT_CYRILLIC.findall(data))
    return (
        _CYRILLIC_CAPITAL.search(data) is not None
        and in_words >= letters * _IN_WORDS
        and frequent >= letters * _CYRILLIC_SHARE
    )


def utf16_variant(data: bytes) -> str:
    """Returns the variant of UTF-16 that a byte order mark, or zeros in every other of the first eight bytes, show; else
    an empty string.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    zeros = [byte == 0 for byte in data[:8]]
    if zeros == [False, True] * 4:
        return "utf-16-le"
    return "utf-16-be" if zeros == [True, False] * 4 else ""
