"""Reads the e-mails of Buttondown's export: their fields, and the text of each in the form that its first line names."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import msgspec

from ...diagnostics import Diagnostic, DiagnosticCode
from ...errors import ReadError
from ...formats import ArchiveFiles
from ...lazy_pattern import lazy_pattern
from ...limits import Limits
from ...model.book_info import BookInfo
from ...model.post import Metadata, Post, Timestamp
from ...model.publication import (
    Moment,
    Publication,
    Reason,
    merge_publications,
    status_reason,
    word_reason,
)
from ...progress import READING, counted
from ...substack.csv_records import read_records
from ...web.addresses import hostname_of
from ..entries import Entries, EntryText
from ..export_files import Files, open_files
from ..html_post import decode_html, post_of
from ..markdown import make_markdown_post
from ..markdown.options import MarkdownInput
from ..packed_files import FilesOfPosts
from ..post_metadata import title_from_path
from ..searched_html import markup_of, parse_html
from ..text_files import BadPostError, bad_post
from ..timestamps import read_timestamp
from .email_html import (
    FIELD,
    clean_links,
    code_spans,
    remove_fields,
    remove_unseen,
    report_fields,
    take_fields,
    without_conditions,
)
from .typed_notes import mark_typed_notes

if TYPE_CHECKING:
    from ...formats import Source
    from ...model.collection import Collection
    from ...run import Run

_MODE = lazy_pattern(r"\s*<!--\s*buttondown-editor-mode:\s*(\w+)\s*-->")
_PAGE = lazy_pattern(r"\s*<(?:!doctype|html|head|body|table)\b", 0)
_SENT = frozenset({"sent", "imported"})
_SUBSCRIBE = lazy_pattern(r"\{\{\s*subscribe_form\s*\}\}")
_LINK_TO_FIELD = lazy_pattern(
    r"(?<!!)\[(?P<words>[^\[\]\n]*)\]\(\s*(?P<field>\{\{[^{}\n]*\}\})[^()\s]*\s*\)"
)
_MARKDOWN, _HTML = "markdown", "html"
_TEXTS = (".md", ".html")


def read_emails(
    source: Source, run: Run, find_tables: Callable[[ArchiveFiles], list[str]]
) -> Collection:
    """Reads an archive; see ``ButtondownReader.read``. ``find_tables`` returns the tables in it."""
    files = open_files(source, run.limits)
    tables = find_tables(files)
    if not tables:
        raise ReadError(
            "holds no export of Buttondown",
            source=files.name,
            hint="the export has emails.csv or emails.json, and the texts in emails/",
        )
    found = list(files.findings)
    table, rows = _first_readable(files, tables, found)
    folder = table.rpartition("/")[0]
    texts = _texts(files, f"{folder}/emails/".lstrip("/"))
    entries = Entries()
    has_status = any("status" in row for row in rows)
    hosts = {host for row in rows if (host := hostname_of(_field(row, "canonical_url")))}
    for row in counted(sorted(rows, key=_date), READING, run.progress):
        slug = _field(row, "slug")
        name = texts.pop(slug, "") or texts.pop(_field(row, "id"), "")
        text = _field(row, "body")
        if name:
            try:
                text = decode_html(files.read(name))[0]
            except BadPostError as error:
                found.append(bad_post(name, error))
                continue
        elif not text:
            message = "the table names an e-mail that has no text in the export"
            found.append(Diagnostic(DiagnosticCode.TEXT_MISSING, message, slug or table))
        source_name = name or f"emails/{slug}"
        metadata = _metadata(row, source_name, PurePosixPath(source_name).stem, has_status)
        entries.add(metadata, _entry(text))
    for name in texts.values():
        # It may be a draft: nothing says that it was ever sent.
        found.append(_add_unlisted(entries, files, name))
    if rows and not has_status:
        message = (
            "the export does not say which e-mails were sent: those without a date, or with one to come, count as "
            "drafts, all others as public"
        )
        found.append(Diagnostic(DiagnosticCode.PUBLICATION_STATE, message, table))
    make = partial(make_post, files, folder, run.limits)
    return entries.collection(make, BookInfo(), own_hosts=hosts, diagnostics=found)


def _texts(files: Files, folder: str) -> dict[str, str]:
    """Returns the files of the texts by the names of the e-mails."""
    return {
        name.removeprefix(folder).rpartition(".")[0]: name
        for name in files.names
        if name.startswith(folder)
        and name.endswith(_TEXTS)
        and "/" not in name.removeprefix(folder)
    }


def _first_readable(
    files: Files, tables: list[str], found: list[Diagnostic]
) -> tuple[str, list[dict[str, Any]]]:
    """Returns the first table that can be read, and its rows. Raises ReadError if there is none."""
    for table in tables[:-1]:
        try:
            return table, _rows(files, table, found)
        except ReadError as error:
            message = f"{error.message}; {tables[-1]} is read in its place"
            found.append(Diagnostic(DiagnosticCode.ARCHIVE_FILE, message, table))
    return tables[-1], _rows(files, tables[-1], found)


def _rows(files: Files, table: str, found: list[Diagnostic]) -> list[dict[str, Any]]:
    try:
        text = decode_html(files.read(table))[0]
        if table.endswith(".json"):
            values = json.loads(text)
            return (
                [row for row in values if isinstance(row, dict)] if isinstance(values, list) else []
            )
    except BadPostError as error:
        found.append(bad_post(table, error))
        return []
    except (ValueError, RecursionError) as error:
        raise ReadError(f"is not readable JSON: {error}", source=table) from error
    records = [fields for _, fields in read_records(text, ",") if any(fields)]
    columns = [column.strip().lower() for column in records[0]] if records else []
    return [dict(zip(columns, fields, strict=False)) for fields in records[1:]]


def _field(row: Mapping[str, Any], *names: str) -> str:
    for name in names:
        value = row.get(name)
        if isinstance(value, (str, int)) and str(value).strip():
            return str(value).strip()
    return ""


def _date(row: Mapping[str, Any]) -> tuple[bool, str]:
    date = _field(row, "publish_date")
    return not date, date


def _add_unlisted(entries: Entries, files: Files, name: str) -> Diagnostic:
    try:
        text = decode_html(files.read(name))[0]
    except BadPostError as error:
        return bad_post(name, error)
    reasons = (Reason("secret", "draft", "emails", "not in the table"),)
    stem = PurePosixPath(name).stem
    metadata = Metadata(
        title=title_from_path(name), slug=stem, publication=Publication(reasons), source=name
    )
    entries.add(metadata, _entry(text))
    message = "a text that the table does not name; it counts as a draft"
    return Diagnostic(DiagnosticCode.ARCHIVE_FILE, message, name)


def _entry(text: str) -> EntryText:
    mode = _MODE.match(text)
    body = text[mode.end() :] if mode else text
    is_html = mode is not None and mode[1] == "fancy"
    return EntryText(body, form=_HTML if is_html or _PAGE.match(body.lower()) else _MARKDOWN)


def _metadata(row: Mapping[str, Any], source: str, slug: str, has_status: bool) -> Metadata:
    date = _field(row, "publish_date")
    stamp = read_timestamp(date) if date else None
    number = _field(row, "id")
    return Metadata(
        title=_field(row, "subject"),
        slug=_field(row, "slug") or slug,
        published=stamp,
        tags=_tags(row.get("tags")),
        canonical_url=_field(row, "canonical_url", "absolute_url"),
        cover=_field(row, "image"),
        description=_field(row, "description"),
        publication=_publication(row, stamp, has_status=has_status),
        source=source,
        extra={"guid": number} if number else {},
    )


def _tags(value: Any) -> tuple[str, ...]:
    if isinstance(value, str) and value.lstrip().startswith("["):
        # A table of the service's API has a list in JSON.
        with suppress(ValueError, RecursionError):
            value = json.loads(value)
    items = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    names = (item.get("name", "") if isinstance(item, dict) else item for item in items)
    return tuple(dict.fromkeys(n.strip() for n in names if isinstance(n, str) and n.strip()))


def _publication(
    row: Mapping[str, Any], published: Timestamp | None, *, has_status: bool
) -> Publication | None:
    """``has_status`` says whether the table has a status at all; one that a row then lacks is not known."""
    reasons: list[Reason] = []
    if has_status:
        status = _field(row, "status")
        if status.lower() not in _SENT:
            reasons.append(status_reason(status, "status"))
    elif published is None:
        reasons.append(Reason("secret", "draft", "publish_date"))
    kind = _field(row, "email_type")
    if kind and kind.lower() != "public":
        reason = word_reason(kind, "email_type")
        if reason.state == "public":  # An e-mail for those who do not pay is not for everyone.
            reason = Reason("restricted", "subscribers", "email_type", kind[:60])
        reasons.append(reason)
    schedule = None
    if not has_status and published is not None and published.value is not None:
        schedule = Publication(public_from=Moment(published.value, "publish_date"))
    return merge_publications(schedule, Publication(tuple(reasons)))


def make_post(
    files: Files, folder: str, limits: Limits, text: EntryText, metadata: Metadata
) -> Post:
    """Converts the text of an e-mail, whose pictures are in ``files``."""
    return FilesOfPosts(files, folder, limits).give(_converted(limits, text, metadata))


def _converted(limits: Limits, text: EntryText, metadata: Metadata) -> Post:
    content, findings = without_conditions(_SUBSCRIBE.sub("", text.content), metadata.source)
    findings = (*text.findings, *findings)
    if text.form == _HTML:
        body = parse_html(content)
        remove_unseen(body)
        found = remove_fields(body, metadata.source)
        clean_links(body)
        mark_typed_notes(body)
        return post_of(markup_of(body), metadata, findings=(*findings, *found))
    if FIELD.search(content):
        taken: Counter[str] = Counter()
        content = _take_from_markdown(content, taken)
        findings = (*findings, *report_fields(taken, metadata.source))
    post = make_markdown_post(content, metadata, MarkdownInput(), limits)
    return msgspec.structs.replace(post, diagnostics=(*findings, *post.diagnostics))


def _take_from_markdown(text: str, taken: Counter[str]) -> str:
    """Returns Markdown without fields of a template, which stay in code; a link to one becomes its words."""
    made, end = [], 0
    for start, after in code_spans(text):
        made += [_take(text[end:start], taken), text[start:after]]
        end = after
    return "".join([*made, _take(text[end:], taken)])


def _take(text: str, taken: Counter[str]) -> str:
    def unlink(found: re.Match[str]) -> str:
        taken[found["field"]] += 1
        return found["words"]

    return take_fields(_LINK_TO_FIELD.sub(unlink, text), taken)
