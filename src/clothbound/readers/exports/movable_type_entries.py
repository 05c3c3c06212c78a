"""Reads the entries of a text in Movable Type's import format: their fields, and the text in the form that they name."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from ...console_text import format_count
from ...diagnostics import Diagnostic, DiagnosticCode, Severity
from ...errors import LimitError, ReadError
from ...lazy_pattern import lazy_pattern
from ...model.addresses import is_on_web
from ...model.book_info import BookInfo
from ...model.post import Metadata, Post, Timestamp
from ...model.publication import Publication, merge_publications, status_reason
from ...substack.csv_records import read_records
from ...web.addresses import hostname_of
from ..author_names import is_author_name
from ..entries import Entries, EntryText
from ..feed_text import repeats_beginning, words_of
from ..html_post import decode_html, encoding_of, post_of
from ..markdown import make_markdown_post
from ..markdown.options import MarkdownInput
from ..source_bytes import open_file
from ..text_files import BadPostError, bad_post
from ..timestamps import read_timestamp
from .wordpress.paragraphs import mark_paragraphs

if TYPE_CHECKING:
    from ...formats import Source
    from ...limits import Limits
    from ...model.collection import Collection

_FIELD = lazy_pattern(r"([A-Z][A-Z _]{1,30}):[ \t]*(.*)")
_TEXT = lazy_pattern(r"(BODY|EXTENDED BODY|EXCERPT|KEYWORDS|COMMENT|PING):[ \t]*")
_ENTRY_END, _PART_END = "--------", "-----"
_COMMENTS = frozenset({"COMMENT", "PING"})
_AS_IT_IS = frozenset({"", "0", "richtext", "wysiwyg", "html", "none", "false"})
"""The values of ``CONVERT BREAKS`` of texts that have the tags of their paragraphs."""
_HTML, _LINES, _MARKDOWN = "html", "lines", "markdown"
_DATES = ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y")


class _Entry(msgspec.Struct):
    """An entry as the file has it."""

    fields: dict[str, list[str]] = {}
    texts: dict[str, str] = {}
    comments: int = 0

    def field(self, name: str) -> str:
        """Returns the first value of a field; empty if it is missing."""
        return next(iter(self.fields.get(name, ())), "")


def read_entries(
    source: Source, limits: Limits, show_progress: Callable[[int], None]
) -> Collection:
    """Reads all entries; see ``MovableTypeReader.read``."""
    entries = Entries()
    found: list[Diagnostic] = []
    hosts: dict[str, None] = {}
    authors: Counter[str] = Counter()
    comments = unknown = 0
    stream, name = _open(source, limits)
    with stream:
        split = _split(stream, limits, name, found)
        for number, lines in enumerate(_decoded(split, name, found), 1):
            entry = _parse(lines)
            comments += entry.comments
            if entry.field("NO ENTRY") == "1" or not entry.texts:
                continue
            show_progress(len(entries))
            unknown += not any(entry.fields.get("STATUS", ()))
            text = "\n\n".join(
                filter(None, (entry.texts.get("BODY", ""), entry.texts.get("EXTENDED BODY", "")))
            )
            metadata = _metadata(entry, text, f"entry-{number}")
            authors.update(metadata.authors)
            hosts.setdefault(hostname_of(metadata.canonical_url))
            entries.add(metadata, _entry_text(entry, text, metadata.source))
    if not entries:
        fault = "".join(f"; {finding.message}" for finding in found[:1])
        raise ReadError(f"holds no entries of Movable Type{fault}", source=name)
    if comments:
        message = f"{format_count(comments, 'comment')} and pings left out"
        found.append(Diagnostic(DiagnosticCode.ARCHIVE_ROW, message, name, 0, Severity.INFO))
    if unknown:
        message = f"a status is missing: {format_count(unknown, 'post')} counted as secret"
        found.append(Diagnostic(DiagnosticCode.PUBLICATION_STATE, message, name))
    info = BookInfo(authors=tuple(author for author, _ in authors.most_common(1)))
    own = [host for host in hosts if host]
    return entries.collection(partial(make_post, limits), info, own_hosts=own, diagnostics=found)


def _open(source: Source, limits: Limits) -> tuple[BinaryIO, str]:
    if isinstance(source, bytes):
        return io.BytesIO(source), "<bytes>"
    if isinstance(source, (str, Path)):
        return open_file(Path(source), limits.archive_bytes), Path(source).name
    return source, "<stdin>"


def _split(
    stream: BinaryIO, limits: Limits, name: str, found: list[Diagnostic]
) -> Iterator[tuple[int, bytes]]:
    """Yields the number of the first line of each entry, and its bytes. Hyphens that no field follows are the author's own."""
    kept: list[bytes] = []
    size = total = first = 0
    ended: list[bytes] = []
    for number, line in enumerate(stream, 1):
        total += len(line)
        if total > limits.archive_bytes:
            raise LimitError(f"is longer than {limits.archive_bytes} bytes", source=name)
        if ended and line.strip():
            if _FIELD.match(line.decode("utf-8", "replace")):
                yield from _joined(kept, size, first, limits, name, found)
                kept, size = [], 0
            else:
                kept += ended
            ended = []
        if ended or line.strip() == _ENTRY_END.encode():
            ended.append(line)
            continue
        first = number if not kept else first
        size += len(line)
        kept += [line] if size <= limits.post_bytes else []
    if not ended and any(line.strip() for line in kept):
        message = "the text ends within an entry, of which there may be more"
        found.append(Diagnostic(DiagnosticCode.TEXT_MISSING, message, name, first))
    yield from _joined(kept, size, first, limits, name, found)


def _joined(
    lines: list[bytes], size: int, first: int, limits: Limits, name: str, found: list[Diagnostic]
) -> Iterator[tuple[int, bytes]]:
    if size > limits.post_bytes:
        found.append(
            bad_post(name, BadPostError(f"is longer than {limits.post_bytes} bytes", first))
        )
    elif lines:
        yield first, b"".join(lines)


def _decoded(
    entries: Iterable[tuple[int, bytes]], name: str, found: list[Diagnostic]
) -> Iterator[list[str]]:
    """Yields the lines of each entry. An entry in an old encoding tells the encoding of those after it."""
    likely = ""
    for first, data in entries:
        text, repaired = decode_html(data, likely)
        if repaired:
            likely = encoding_of(data, likely)[0]
            found.append(Diagnostic(DiagnosticCode.ENCODING_REPAIRED, repaired, name, first))
        yield text.split("\n")


def _parse(lines: list[str]) -> _Entry:
    """Returns the entry of its lines: its fields, and the texts that follow them."""
    entry = _Entry()
    part = ""
    """The name of the text in which the lines stand; empty among the fields."""
    texts: dict[str, list[str]] = {}
    place = 0
    while place < len(lines):
        line = lines[place].rstrip("\r")
        following = _filled_line(lines, place + 1) if line.rstrip() == _PART_END else place
        named = _TEXT.fullmatch(lines[following].rstrip("\r")) if following < len(lines) else None
        if following > place and (named is not None or following == len(lines)):
            part = named[1] if named else part
            entry.comments += part in _COMMENTS and named is not None
            place = following
        elif part:
            texts.setdefault(part, []).append(line)
        elif field := _FIELD.fullmatch(line):
            entry.fields.setdefault(field[1], []).append(field[2].strip())
        place += 1
    entry.texts = {
        name: "\n".join(kept).strip() for name, kept in texts.items() if name not in _COMMENTS
    }
    return entry


def _filled_line(lines: list[str], start: int) -> int:
    """Returns the number of the first line from ``start`` that is not blank; that behind the last if there is none."""
    return next((n for n in range(start, len(lines)) if lines[n].strip()), len(lines))


def _metadata(entry: _Entry, text: str, source: str) -> Metadata:
    address = entry.field("UNIQUE URL")
    address = address if is_on_web(address) else ""
    slug = entry.field("BASENAME")
    author = entry.field("AUTHOR")
    description = words_of(entry.texts.get("EXCERPT", ""), is_html=True)
    return Metadata(
        title=words_of(entry.field("TITLE"), is_html=False),
        slug=slug.rpartition("/")[2],
        published=_date(entry.field("DATE")),
        authors=(author,) if is_author_name(author) else (),
        tags=_tags(entry),
        canonical_url=address,
        description="" if repeats_beginning(description, text) else description,
        publication=_publication(entry),
        source=address or slug or source,
    )


def _date(text: str) -> Timestamp | None:
    """Returns the day and the time, of no zone. A date that cannot be read stays as it is written."""
    if not text:
        return None
    for form in _DATES:
        try:
            value = datetime.strptime(text, form)
            return read_timestamp(str(value if " " in form else value.date()))
        except ValueError:
            continue
    return read_timestamp(text)


def _tags(entry: _Entry) -> tuple[str, ...]:
    """Returns tags, keywords and categories, each once."""
    listed = ",".join((*entry.fields.get("TAGS", ()), entry.texts.get("KEYWORDS", "")))
    tags = [tag.strip() for _, record in read_records(listed, ",") for tag in record]
    categories = [*entry.fields.get("PRIMARY CATEGORY", ()), *entry.fields.get("CATEGORY", ())]
    return tuple(dict.fromkeys(filter(None, (*tags, *categories))))


def _publication(entry: _Entry) -> Publication | None:
    statuses = entry.fields.get("STATUS") or [""]
    return merge_publications(
        Publication(tuple(status_reason(status, "STATUS") for status in statuses))
    )


def _entry_text(entry: _Entry, text: str, source: str) -> EntryText:
    breaks = entry.field("CONVERT BREAKS").lower()
    if breaks.startswith("markdown"):
        return EntryText(text, _MARKDOWN)
    if breaks in _AS_IT_IS:
        return EntryText(text, _HTML)
    findings: tuple[Diagnostic, ...] = ()
    if breaks.startswith("textile"):
        message = "the text is Textile, which is read as paragraphs; its marks stay in it"
        findings = (Diagnostic(DiagnosticCode.MARKUP_REPAIRED, message, source),)
    return EntryText(text, _LINES, findings=findings)


def make_post(limits: Limits, text: EntryText, metadata: Metadata) -> Post:
    """Converts the text of an entry."""
    if text.form == _MARKDOWN:
        return make_markdown_post(text.content, metadata, MarkdownInput(), limits)
    markup = mark_paragraphs(text.content) if text.form == _LINES else text.content
    return post_of(markup, metadata, findings=text.findings)
