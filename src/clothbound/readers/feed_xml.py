"""Reads the XML of feeds and of exports in the form of feeds, one entry after another, also where it is broken."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import Any, BinaryIO, NamedTuple

from ..diagnostics import Diagnostic, DiagnosticCode, Severity
from ..errors import ReadError
from ..lazy_pattern import lazy_pattern
from ..model.characters import text_alone
from ..untrusted_xml import PARSER_OPTIONS
from .html_post import decode_html
from .repaired_xml import RepairedXml, declared_encoding

ROOTS = frozenset({"rss", "feed", "RDF"})
"""The root elements of RSS 2.0, Atom and RSS 1.0."""
_LATIN = frozenset({"iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii"})
_ENTRIES = frozenset({"item", "entry"})
_ENTRY_END = lazy_pattern(r"</(?:[\w.-]{1,20}:)?(?:entry|item)(?=[\s>])")
_ENTRY_START = lazy_pattern(rb"<(?:[\w.-]{1,20}:)?(?:entry|item)[\s>]")
_LAST_TAG = lazy_pattern(rb"</[^<>]{1,60}>\Z")
_DEEPEST = 2
"""The most elements around an entry."""
_UNCLOSED = 5
"""The most elements of an entry without their ends."""
_PIECES = 32
"""The most pieces of the file, of 65,536 characters, that are read a second time."""
_DECLARATION = lazy_pattern(r"<\?xml[^>]{0,300}\?>")


class FeedEntries:
    """Iterates over the entries of a feed. Each is freed when the next one is asked for.

    An entry in which the parser stops, or of which it does not see the end, is left out and named. The next entry gets a
    new parser.
    """

    def __init__(
        self,
        data: bytes | BinaryIO,
        name: str,
        roots: Collection[str] = ROOTS,
        *,
        what: str = "a feed: it is neither RSS nor Atom",
    ) -> None:
        """``name`` is the file's name in messages; ``roots`` are the names that its root may have, of which a file that is
        ``what`` has one.

        A stream is read as far as the entries are asked for, and what it has of an entry without an end is left out:
        what would restrict who may see that entry may be missing.
        """
        self._is_public = isinstance(data, bytes)
        self._repaired = ""
        if isinstance(data, bytes):
            text, self._repaired = decode_xml(data)
            data = io.BytesIO(_DECLARATION.sub("", text, count=1).encode("utf-8", "replace"))
        self._stream = RepairedXml(data, _ENTRY_END)
        self._name = name
        self._roots = roots
        self._events = _EntryParser(self._is_public)
        self._what = what
        self.left_out: dict[int, str] = {}
        """Why entries were left out, by their numbers from 1."""
        self.cut_entries = 0
        """The number of entries that have no end."""

    @property
    def root(self) -> Any:
        """The root, as far as it was read: without the entries that were freed. None before the first."""
        return self._events.root

    def __iter__(self) -> Iterator[Any]:
        """Yields the entries. Raises ReadError if the root is another, or nothing is readable."""
        number = 1
        pieces: list[bytes] = []
        for piece, is_end in self._stream.pieces():
            pieces.append(piece)
            found = self._events.feed(piece)
            if self.root is not None and local_name(self.root) not in self._roots:
                break
            if not is_end:
                # Entries without anything in them have no end tag.
                yield from self._given(found)
                # The pieces of an entry are kept for a second parser, but not those of an endless one.
                pieces = pieces if len(pieces) <= _PIECES else []
                continue
            if not self._events.is_at_end:
                found += self._events.feed_again(pieces)
            if number in self._stream.too_long:
                self.left_out[number] = "its text is longer than a post may be"
            elif not self._events.is_at_end or (
                number in self._stream.unended and not self._is_public
            ):
                self.left_out[number] = "its XML is broken"
            yield from self._given(found, is_kept=number not in self.left_out)
            number += 1
            pieces = []
        else:
            rest = self._events.close()
            is_cut = bool(rest) or _ENTRY_START.search(b"".join(pieces)) is not None
            if self._is_public:
                yield from rest
            else:
                self.cut_entries = len(rest) or int(is_cut)
        if self.root is None:
            fault = self._events.fault
            raise ReadError(
                f"is not readable XML: {fault.message if fault else 'it is empty'}",
                source=self._name,
            )
        if local_name(self.root) not in self._roots:
            raise ReadError(f"is not {self._what}", source=self._name)

    @staticmethod
    def _given(found: list[Any], *, is_kept: bool = True) -> Iterator[Any]:
        for element in found:
            if is_kept and _level(element) <= _DEEPEST:
                yield element
            _free(element)

    @property
    def repair(self) -> str:
        """What was repaired in the characters of the file; empty if nothing was."""
        return "; ".join(filter(None, (self._repaired, self._stream.repair)))

    @property
    def fault(self) -> XmlFault | None:
        """The first fault of the XML."""
        return self._events.fault

    @property
    def tail(self) -> str:
        """The last characters that were read."""
        return self._stream.tail

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """A repair of the encoding, the first fault of the XML, and the entries that were left out, if there are any."""
        found = [
            Diagnostic(DiagnosticCode.ENCODING_REPAIRED, message, self._name)
            for message in filter(None, (self._repaired, self._stream.repair))
        ]
        fault = self._events.fault
        if fault is not None:
            message = f"the feed is not well-formed: {fault.message}"
            found.append(
                Diagnostic(DiagnosticCode.MARKUP_REPAIRED, message, self._name, fault.line)
            )
        return *found, *(
            Diagnostic(
                DiagnosticCode.POST_UNREADABLE,
                f"entry {number} left out: {reason}",
                self._name,
                0,
                Severity.ERROR,
            )
            for number, reason in self.left_out.items()
        )


class XmlFault(NamedTuple):
    """What is wrong with the XML of a file, and in which line."""

    message: str
    line: int


class _EntryParser:
    """Parses a feed in pieces, each of which ends where an entry ends."""

    def __init__(self, is_public: bool) -> None:
        """Ends elements that have no end with their entry if the feed is public: nothing in it hides an entry."""
        self.root: Any = None
        self.fault: XmlFault | None = None
        """The first fault of the XML."""
        self.is_at_end = False
        """Whether the last tag that was read is the end of an entry."""
        self._is_public = is_public
        self._parent: Any = None
        """What holds the entries for a second parser: the root, or the channel in it. None for the first parser."""
        self._parser = _parser()
        self._lines = self._lines_before = 0

    def feed(self, piece: bytes) -> list[Any]:
        """Returns the entries that end in a piece."""
        self._parser.feed(piece)
        self._lines += piece.count(b"\n")
        return self._ended()

    def feed_again(self, pieces: list[bytes]) -> list[Any]:
        """Returns the entry that a new parser finds in ``pieces``, and leaves one that can read the next entry."""
        self._note_fault()
        joined = b"".join(pieces)
        start = _ENTRY_START.search(joined)
        entry = joined[start.start() :] if start is not None else joined
        if not self._start(entry):
            return []
        self._parser.feed(entry)
        found = self._ended()
        end = _LAST_TAG.search(entry[-100:])
        if self._is_public and end is not None:
            for _ in range(_UNCLOSED):
                if not found:
                    self._parser.feed(end[0])
                    found = self._ended()
        if not found:
            self._note_fault()
            self._start(b"")
        return found

    def close(self) -> list[Any]:
        """Returns the entries that are open at the end of the file."""
        from lxml import etree

        try:
            self._parser.close()
        except etree.XMLSyntaxError as error:
            self.fault = self.fault or XmlFault(str(error.msg or error), error.lineno or 0)
        found = self._ended()
        self._note_fault()
        return found

    def _start(self, entry: bytes) -> bool:
        """Replaces the parser by one that stands before ``entry``, in the element that holds the entries."""
        from lxml import etree

        if self.root is None:
            return False
        if self._parent is None:
            channel = [e for e in self.root if local_name(e) == "channel"]
            self._parent = channel[-1] if channel and local_name(self.root) == "rss" else self.root
        self._lines_before = self._lines - entry.count(b"\n")
        self._parser = _parser()
        top = _copy(self.root)
        if self._parent is not self.root:
            top.append(_copy(self._parent))
        self._parser.feed(etree.tostring(top).rpartition(b"/>")[0] + b">")
        for _ in self._parser.read_events():
            self.is_at_end = False
        return True

    def _ended(self) -> list[Any]:
        found = []
        self.is_at_end = False
        for event, element in self._parser.read_events():
            self.root = element if self.root is None else self.root
            self.is_at_end = event == "end" and local_name(element) in _ENTRIES
            if self.is_at_end:
                if self._parent is not None and _level(element) <= _DEEPEST:
                    self._parent.append(element)
                found.append(element)
        return found

    def _note_fault(self) -> None:
        for entry in list(self._parser.feed_error_log)[:1]:
            fault = XmlFault(entry.message, entry.line + self._lines_before)
            self.fault = self.fault or fault


def _level(element: Any) -> int:
    return sum(1 for _ in element.iterancestors())


def _free(element: Any) -> None:
    parent = element.getparent()
    element.clear(keep_tail=False)
    if parent is not None and len(parent) > 1:
        parent.remove(element)


def _copy(element: Any) -> Any:
    """Returns an element with the name, namespaces and attributes of another, without its content.

    A repaired root may have names and addresses that lxml refuses; it is copied without them.
    """
    from lxml import etree

    spaces = {prefix: uri for prefix, uri in element.nsmap.items() if _is_accepted(uri)}
    uri, _, name = element.tag.rpartition("}")
    copy = etree.Element(element.tag if not uri or _is_accepted(uri[1:]) else name, nsmap=spaces)
    for key, value in element.attrib.items():
        with suppress(ValueError):
            copy.set(key, value)
    return copy


def _is_accepted(uri: str) -> bool:
    from lxml import etree

    try:
        etree.Element("a", nsmap={"a": uri})
    except ValueError:
        return False
    return True


def _parser() -> Any:
    """Returns a parser of a feed that is fed in pieces."""
    from lxml import etree

    return etree.XMLPullParser(
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
    declared = declared_encoding(data.removeprefix(b"\xef\xbb\xbf"))
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
