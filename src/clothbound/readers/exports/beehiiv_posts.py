"""Reads the posts in beehiiv's table: their fields, and the text within the HTML of the e-mail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from bs4 import Tag

from ...console_text import format_count
from ...diagnostics import Diagnostic, DiagnosticCode, Severity
from ...formats import ArchiveFiles
from ...lazy_pattern import lazy_pattern
from ...model.book_info import BookInfo
from ...model.post import Metadata, Post
from ...model.publication import Publication, Reason, merge_publications, status_reason, word_reason
from ...web.addresses import hostname_of, last_segment
from ..csv_rows import read_rows
from ..entries import Entries, EntryText
from ..export_files import open_export
from ..html_post import post_of
from ..searched_html import (
    attribute,
    has_class,
    is_removed,
    markup_of,
    parse_html,
    remove,
    words_in,
)
from ..timestamps import read_timestamp
from .email_html import (
    clean_links,
    remove_fields,
    remove_unseen,
    unwrap_layout,
    without_conditions,
)

if TYPE_CHECKING:
    from ...formats import Source
    from ...limits import Limits
from ...model.collection import Collection

_DATES = ("published_at", "publish_date", "created_at")
_PAYING = lazy_pattern(r"premium|paid|tier")
_OPEN = lazy_pattern(r"free|everyone|anyone|public")
_MEDIA = lazy_pattern(r"https://[^\s\"'<>]{0,200}?(?=/uploads/)")
_SHARE = lazy_pattern(
    r"facebook\.com/shar|(?:twitter|x)\.com/(?:intent|share)|linkedin\.com/(?:share|cws|feed/\?share)"
    r"|threads\.net/intent|bsky\.app/intent|mailto:\?"
)
_AROUND = lazy_pattern(
    r"unsubscribe|read online|view in browser|update your (?:email )?preferences", 0
)
_CHROME = ".rec__content, [class*='recommendation'], [class*='poll'], [id*='poll'], [class*='unsubscribe']"
_SHORT = 12
"""The most words of a row that only leads to the service's own pages."""


def read_table(
    source: Source,
    limits: Limits,
    show_progress: Callable[[int], None],
    find_tables: Callable[[ArchiveFiles], list[str]],
) -> Collection:
    """Reads the table; see ``BeehiivReader.read``. ``find_tables`` returns the tables in an archive."""
    entries, found = Entries(), list[Diagnostic]()
    hosts: dict[str, None] = {}
    part, *_ = open_export(
        source, find_tables, "holds no table of beehiiv", limits, most=limits.archive_bytes
    ).parts
    name, has_status = part.name, True
    for row in read_rows(part, limits, "content_html", "is not beehiiv's table of posts", found):
        show_progress(len(entries))
        has_status = "status" in row.columns
        metadata = _metadata(row.fields, f"row-{len(entries) + 1}")
        hosts.setdefault(hostname_of(metadata.canonical_url))
        entries.add(metadata, EntryText(row.fields.get("content_html", "")))
    if not has_status:
        message = "the table has no column 'status', so drafts cannot be told from posts"
        found.append(Diagnostic(DiagnosticCode.PUBLICATION_STATE, message, name))
    return entries.collection(
        make_post, BookInfo(), own_hosts=[host for host in hosts if host], diagnostics=found
    )


def _metadata(fields: Mapping[str, str], source: str) -> Metadata:
    def field(*names: str) -> str:
        return next((text for name in names if (text := fields.get(name, "").strip())), "")

    address = field("url", "web_url")
    subtitle = field("web_subtitle")
    preview = field("email_preview_text", "meta_default_description")
    date = field(*_DATES)
    cover = field("thumbnail_url")
    if cover.startswith("uploads/"):
        media = _MEDIA.search(fields.get("content_html", ""))
        cover = f"{media[0]}/{cover}" if media else cover
    extra: dict[str, Any] = {"guid": field("id")} if field("id") else {}
    return Metadata(
        title=field("web_title", "email_subject_line"),
        subtitle=subtitle,
        slug=field("slug") or last_segment(address),
        published=read_timestamp(date) if date else None,
        authors=_listed(field("authors", "author")),
        tags=_listed(field("content_tags")),
        canonical_url=address,
        cover=cover,
        description=preview if preview != subtitle else "",
        publication=_publication(fields),
        source=address or field("id") or source,
        extra=extra,
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(str.strip, text.split(";")))))


def _publication(fields: Mapping[str, str]) -> Publication | None:
    reasons: list[Reason] = []
    if "status" in fields:
        reasons.append(status_reason(fields["status"], "status"))
    audience = fields.get("audience", "").strip()
    if audience:
        reasons.append(word_reason(audience, "audience"))
    for name in ("web_audiences", "web_audience"):
        sentence = fields.get(name, "").strip()
        if _PAYING.search(sentence.lower()):
            reasons.append(Reason("restricted", "paid", name, sentence[:60]))
        elif sentence and not _OPEN.search(sentence.lower()):
            reasons.append(word_reason(sentence, name))
    if fields.get("platform", "").strip().lower() == "email":
        reasons.append(Reason("restricted", "sent", "platform", "email"))
    return merge_publications(Publication(tuple(reasons)))


def make_post(text: EntryText, metadata: Metadata) -> Post:
    """Converts the HTML of an e-mail to the post in it."""
    written, conditional = without_conditions(text.content, metadata.source)
    page = parse_html(written)
    content = page.select_one("#content-blocks")
    body = content if content is not None else page
    before = len(words_in(page).split())
    remove_unseen(page)
    remove(body.select(_CHROME))
    _remove_opener(body, metadata)
    _remove_rows(body)
    left_out = before - len(words_in(body).split())
    found = [*text.findings, *conditional]
    if left_out > 0:
        message = f"{format_count(left_out, 'word')} of the e-mail around the post left out"
        found.append(
            Diagnostic(DiagnosticCode.NODE_CHROME, message, metadata.source, severity=Severity.INFO)
        )
    found += remove_fields(body, metadata.source)
    _write_buttons(body)
    unwrap_layout(body)
    clean_links(body)
    return post_of(markup_of(body), metadata, findings=tuple(found))


def _remove_opener(body: Tag, metadata: Metadata) -> None:
    """Removes the title and the subtitle at the top of the e-mail, which are metadata."""
    for words in (metadata.title, metadata.subtitle):
        first = body.find(["h1", "h2", "p"])
        if isinstance(first, Tag) and words and words_in(first) == " ".join(words.split()):
            first.decompose()


def _remove_rows(body: Tag) -> None:
    """Removes rows of buttons to share the post, and of links to the service's own pages."""
    for link in body.select("a"):
        if is_removed(link):
            continue
        row = link.find_parent(["tr", "p"]) or link
        shares = bool(_SHARE.search(attribute(link, "href").lower()))
        words = words_in(link).lower()
        leads_away = _AROUND.search(words) is not None
        if (shares and not words_in(row)) or (
            leads_away and len(words_in(row).split()) <= _SHORT and row.find("img") is None
        ):
            row.decompose()


def _write_buttons(body: Tag) -> None:
    for link in body.select("td > a[href], div > a[href]"):
        holder = link.parent
        if holder is None or link.find("img") is not None or words_in(holder) != words_in(link):
            continue
        style = f"{attribute(link, 'style')};{attribute(holder, 'style')}".lower()
        if "background" in style or has_class(link, "button") or attribute(holder, "bgcolor"):
            link.wrap(parse_html("<p class='button'></p>").p.extract())  # type: ignore[union-attr]
