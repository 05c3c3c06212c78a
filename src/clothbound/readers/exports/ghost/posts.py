"""Makes metadata and HTML of a post's row."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ....diagnostics import Diagnostic, DiagnosticCode, Severity
from ....model.addresses import is_on_web
from ....model.language_tags import language_tag
from ....model.post import Metadata, Timestamp
from ....model.publication import (
    Moment,
    Publication,
    Reason,
    known_word,
    merge_publications,
    status_reason,
)
from ...entries import EntryText
from ...feed_text import words_of
from ...publication_state import publication_of
from ...timestamps import read_timestamp
from .addresses import ExportPlaces
from .card_data import CardData
from .lexical import lexical_html
from .markdown_text import markdown_html, text_html
from .mobiledoc import mobiledoc_html
from .story import form_of
from .tables import Export, PostRow, text_of

PUBLIC = "public"
STATUSES = frozenset({"published", "draft", "scheduled", "sent"})
VISIBILITIES = frozenset({PUBLIC, "members", "paid", "tiers"})
_NO = frozenset({"", "0", "0.0", "false", "no", "off"})
_LONGEST = 300
"""The most characters of a standfirst."""


def is_yes(value: Any) -> bool:
    """Returns whether a column's value is true. A word that is not known counts as true, the safer error."""
    return text_of(value).lower() not in _NO


def is_page(row: PostRow) -> bool:
    """Returns whether a row is a page; old exports have a column for it."""
    return text_of(row.type) == "page" or is_yes(row.page)


def name_of(row: PostRow, number: int) -> str:
    """Returns the name by which messages call a post, which is the ``number``-th of its file."""
    return text_of(row.slug) or text_of(row.id) or f"post-{number}"


def metadata_of(row: PostRow, number: int, export: Export, places: ExportPlaces) -> Metadata:
    """Returns the metadata of a post."""
    meta = export.meta_of(row)
    slug = text_of(row.slug)
    published = timestamp_of(row.published_at)
    standfirst = words_of(text_of(row.custom_excerpt), is_html=False)
    summary = text_of(meta.meta_description) or text_of(meta.og_description)
    own = _own_address(row, slug, places)
    elsewhere = places.with_site(text_of(row.canonical_url))
    elsewhere = elsewhere if is_on_web(elsewhere) else ""
    aliases = [f"/p/{text_of(row.uuid)}/"] if text_of(row.uuid) else []
    if elsewhere and own and own != elsewhere:
        aliases.insert(0, own)
    tiers = [text_of(tier.name) for tier in export.tiers_of(row)]
    extra: dict[str, Any] = {
        "aliases": aliases,
        "tiers": tiers if text_of(row.visibility) == "tiers" else [],
    }
    cover = text_of(row.feature_image) or text_of(row.image)
    return Metadata(
        title=text_of(row.title),
        subtitle=standfirst if len(standfirst) <= _LONGEST else "",
        description=summary or (standfirst if len(standfirst) > _LONGEST else ""),
        id=text_of(row.id),
        slug=slug,
        published=published,
        updated=timestamp_of(row.updated_at),
        authors=tuple(text_of(author.name) for author in export.authors_of(row)),
        tags=tuple(text_of(tag.name) for tag in export.tags_of(row)),
        language=language_tag(text_of(row.locale)),
        kind="page" if is_page(row) else "",
        visibility=_visibility(row),
        is_draft=_status(row) == "draft",
        publication=_publication(row, published, export),
        canonical_url=elsewhere or own,
        cover=places.picture(cover) if cover else "",
        cover_alt=text_of(meta.feature_image_alt) if cover else "",
        cover_caption=words_of(text_of(meta.feature_image_caption), is_html=True) if cover else "",
        source=name_of(row, number),
        extra={key: value for key, value in extra.items() if value},
    )


def text_and_findings(row: PostRow, source: str, places: ExportPlaces) -> EntryText:
    """Returns the text of a post as HTML: Ghost's own, else that of its editors' data, else plain text."""
    data = CardData(source)
    findings: list[Diagnostic] = []
    html = ""
    for name in ("html", "lexical", "mobiledoc", "markdown", "plaintext"):
        given = getattr(row, name)
        if not isinstance(given, str) or not given.strip():
            continue
        try:
            html = _HTML[name](given, data)
        except ValueError as error:
            message = f"its text in {name} cannot be read: {error}"
            findings.append(Diagnostic(DiagnosticCode.POST_UNREADABLE, message, source))
            continue
        if name == "plaintext":
            message = "the export has only the plain text; headings, links and pictures are gone"
            findings.append(Diagnostic(DiagnosticCode.MARKUP_REPAIRED, message, source))
        break
    else:
        message = "the export has no text of this post"
        findings.append(Diagnostic(DiagnosticCode.TEXT_MISSING, message, source))
    form = form_of(is_restricted=_visibility(row) != "")
    content = places.with_site(html)
    return EntryText(content, form, findings=(*findings, *data.findings))


def timestamp_of(value: Any) -> Timestamp | None:
    """Returns a date: ISO 8601, or the milliseconds since 1970 that old exports have. None if there is none."""
    text = text_of(value)
    if not text or isinstance(value, bool):
        return None
    if text.lstrip("-").isdigit() and len(text) > len("20210101"):
        value = int(text)
    if isinstance(value, (int, float)):
        try:
            moment = datetime.fromtimestamp(value / 1000, UTC).replace(microsecond=0)
        except (OverflowError, ValueError, OSError):
            return Timestamp(text, None)
        return Timestamp(moment.isoformat().replace("+00:00", "Z"), moment)
    return read_timestamp(text)


def unknown_words(row: PostRow) -> list[str]:
    """Returns what a row says on who may see the post, as far as it is not known."""
    found = []
    status, visibility = _status(row), _visibility(row)
    if status not in STATUSES:
        found.append(f"status {status[:60]!r}")
    if visibility and visibility not in VISIBILITIES and ":" not in visibility:
        found.append(f"visibility {visibility[:60]!r}")
    return found


def _own_address(row: PostRow, slug: str, places: ExportPlaces) -> str:
    """Returns the post's address on the site; from its root if the site is unknown, and empty without a slug."""
    given = places.with_site(text_of(row.url))
    if is_on_web(given):
        return given
    return f"{places.site}/{slug}/" if slug and places.site else ""


def _status(row: PostRow) -> str:
    """Returns the status; one that is missing is Ghost's default."""
    return "draft" if row.status is None else (text_of(row.status) or "?")


def _visibility(row: PostRow) -> str:
    """Returns the word on who may read the post; empty if everybody may. Old exports say nothing."""
    if row.visibility is None:
        return ""
    word = text_of(row.visibility) or "?"
    return "" if word == PUBLIC else word


def _publication(row: PostRow, published: Timestamp | None, export: Export) -> Publication | None:
    status, visibility = _status(row), _visibility(row)
    found: list[Publication | None] = []
    if status == "scheduled" and published is not None and published.value is not None:
        found.append(Publication(public_from=Moment(published.value, "published_at")))
    elif status not in ("draft", "published"):
        reason = status_reason(status, "status")
        if reason.state == "public":  # Ghost has no such word.
            reason = Reason("secret", "unknown", "status", status[:60])
        found.append(Publication((reason,)))
    known = known_word(visibility) if visibility else None
    if known is not None and known[0] == "public":
        # Ghost has no such word, so it may be another's name for a group of readers.
        found.append(Publication((Reason("restricted", visibility, "visibility", visibility),)))
    if any(map(is_yes, export.email_only_of(row))):
        found.append(publication_of({"email_only": True}))
    private = export.settings.get("is_private") or export.settings.get("isPrivate") or ""
    if is_yes(private):
        found.append(Publication((Reason("restricted", "password", "is_private", "true"),)))
    return merge_publications(*found)


def _html_itself(text: str, data: CardData) -> str:  # noqa: ARG001
    return text


def _html_of_markdown(text: str, data: CardData) -> str:  # noqa: ARG001
    return markdown_html(text)


def _html_of_text(text: str, data: CardData) -> str:  # noqa: ARG001
    return text_html(text)


_HTML = {
    "html": _html_itself,
    "lexical": lexical_html,
    "mobiledoc": mobiledoc_html,
    "markdown": _html_of_markdown,
    "plaintext": _html_of_text,
}


def unreadable_row(number: int, name: str) -> Diagnostic:
    """Returns the diagnostic of a row that cannot be decoded."""
    message = f"post {number} left out: its row is not an object"
    return Diagnostic(DiagnosticCode.POST_UNREADABLE, message, name, 0, Severity.ERROR)


def site_of(row: PostRow) -> str:
    """Returns the site's address, which the Admin API shows in a post's own; empty if it does not."""
    address, slug = text_of(row.url).rstrip("/"), text_of(row.slug)
    is_own = is_on_web(address) and address.endswith(f"/{slug}")
    return address.removesuffix(f"/{slug}") if slug and is_own else ""
