"""Reads the XML of feeds and of exports in the form of feeds, one entry after another, also where it is broken."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator
from html.entities import html5
from typing import Any, BinaryIO

from ..diagnostics import Diagnostic, DiagnosticCode
from ..errors import ReadError
from ..lazy_pattern import lazy_pattern
from ..model.characters import text_alone
from ..untrusted_xml import PARSER_OPTIONS
from .html_post import decode_html
from .repaired_xml import RepairedXml

ROOTS = frozenset({"rss", "feed", "RDF"})
"""The root elements of RSS 2.0, Atom and RSS 1.0."""
_LATIN = frozenset({"iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii"})
_ENTRIES = frozenset({"item", "entry"})
_ENTRY_END = lazy_pattern(r"</(?:[\w.-]{1,20}:)?entry\b")
_DECLARATION = lazy_pattern(r"<\?xml[^>]{0,300}\?>")
_ENCODING = lazy_pattern(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{2,40})["']""")
_ENTITY = lazy_pattern(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31};)")

_BARE_AMPERSAND = lazy_pattern(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?!#?\w{1,32};)", re.S)
"""Matches an ampersand that begins no reference, and sections, in which it may stand."""


class FeedEntries:
    """Iterates over the entries of a feed. Each is freed when the next one is asked for."""

    def __init__(self, data: bytes | BinaryIO, name: str, roots: Collection[str] = ROOTS) -> None:
        """``name`` is the file's name in messages; ``roots`` are the names that its root may have.

        A stream is read as far as the entries are asked for, and what it has of an entry without an end is left out:
        what would restrict who may see that entry may be missing.
        """
        self.root: Any = None
        """The root, as far as it was read: without the entries that were freed. None before the first."""
        self._name = name
        self._roots = roots
        self._repaired = ""
        self._stream: RepairedXml | None = None
        stream: RepairedXml | io.BytesIO
        if isinstance(data, bytes):
            text, self._repaired = decode_xml(data)
            stream = _repaired_text(text)
        else:
            stream = self._stream = RepairedXml(data, _ENTRY_END)
        self._events = _events(stream)
        self.cut_entries = 0
        """The number of entries that have no end."""
        self.long_entries: list[int] = []
        """The numbers of the entries of which a text is longer than a post may be; they are left out."""

    def __iter__(self) -> Iterator[Any]:
        """Yields the entries. Raises ReadError if the root is another, or nothing is readable."""
        from lxml import etree

        depth = count = 0
        try:
            for event, element in self._events:
                if event == "start":
                    self.root = element if self.root is None else self.root
                    depth += 1
                    if depth == 1 and local_name(element) not in self._roots:
                        break
                    continue
                depth -= 1
                if local_name(element) in _ENTRIES and depth <= 2:
                    count += 1
                    if self._stream is not None and count in self._stream.too_long:
                        self.long_entries.append(count)
                    elif self._stream is None or count <= self._stream.closed:
                        yield element
                    else:
                        self.cut_entries += 1
                    parent = element.getparent()
                    element.clear(keep_tail=False)
                    if parent is not None and len(parent) > 1:
                        parent.remove(element)
        except etree.XMLSyntaxError as error:
            if not count:
                raise ReadError(f"is not readable XML: {error}", source=self._name) from error
        if self.root is None or local_name(self.root) not in self._roots:
            raise ReadError("is not a feed: it is neither RSS nor Atom", source=self._name)

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """A repair of the encoding and the first fault of the XML, if there are any."""
        faults = list(self._events.error_log)[:1]
        repairs = self._repaired, self._stream.repair if self._stream is not None else ""
        encoding = [
            Diagnostic(DiagnosticCode.ENCODING_REPAIRED, message, self._name)
            for message in filter(None, repairs)
        ]
        return *encoding, *(
            Diagnostic(
                DiagnosticCode.MARKUP_REPAIRED,
                f"the feed is not well-formed: {fault.message}",
                self._name,
                fault.line,
            )
            for fault in faults
        )


def _repaired_text(text: str) -> io.BytesIO:
    text = _DECLARATION.sub("", text, count=1)
    # Feeds use HTML's named character references, which XML does not define.
    text = _ENTITY.sub(lambda found: html5.get(found[1], found[0]), text)
    text = _BARE_AMPERSAND.sub(lambda found: "&amp;" if found[0] == "&" else found[0], text)
    return io.BytesIO(text.encode("utf-8", "replace"))


def _events(stream: RepairedXml | io.BytesIO) -> Any:
    """Returns the events of a feed as lxml reads them."""
    from lxml import etree

    return etree.iterparse(
        stream,
        events=("start", "end"),
        encoding="utf-8",
        recover=True,
        remove_comments=True,
        remove_pis=True,
        strip_cdata=False,
        **PARSER_OPTIONS,
    )


def decode_xml(data: bytes) -> tuple[str, str]:
    """Returns the text of an XML file, in the encoding that it declares if that is true, and a message about repairs."""
    named = _ENCODING.match(data.removeprefix(b"\xef\xbb\xbf").lstrip()[:300])
    declared = named[1].decode().lower() if named else ""
    if declared and not data.startswith(b"\xef\xbb\xbf"):
        repaired = ""
        # As browsers read it: what is called Latin 1 is Windows-1252.
        encoding = "windows-1252" if declared in _LATIN else declared
        if encoding == "windows-1252" and _is_utf8(data):
            encoding, repaired = "utf-8", f"the feed says {declared} and is UTF-8"
        try:
            return text_alone(data.decode(encoding)), repaired
        except (LookupError, UnicodeError):
            pass
    text, repaired = decode_html(data)
    return text_alone(text), repaired


def _is_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8 and not ASCII alone, which no text in another encoding is by chance."""
    try:
        return not data.decode("utf-8").isascii()
    except UnicodeDecodeError:
        return False


def local_name(element: Any) -> str:
    """Returns the name of an element without its namespace; empty for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def text_in(element: Any) -> str:
    """Returns the text in an element, stripped; empty for None."""
    return "".join(element.itertext()).strip() if element is not None else ""
