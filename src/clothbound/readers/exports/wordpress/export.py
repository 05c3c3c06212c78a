"""Makes a collection of the items of an export."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import unquote

import msgspec

from ....console_text import format_count, list_some
from ....diagnostics import Diagnostic, DiagnosticCode, Severity
from ....errors import ReadError
from ....lazy_pattern import lazy_pattern
from ....model.addresses import is_on_web
from ....model.book_info import BookInfo
from ....model.collection import Collection
from ....model.language_tags import language_tag
from ....model.post import Metadata, Timestamp
from ....model.publication import Publication, Reason, known_word, merge_publications, status_reason
from ....web.addresses import hostname_of
from ...author_names import is_author_name
from ...entries import Entries, EntryText
from ...feed_text import repeats_beginning, words_of
from ...relative_addresses import join_address
from ...timestamps import read_timestamp
from .blocks import count_blocks, put_footnotes
from .body import SQUARESPACE, ExportLibrary, make_post
from .hidden_blocks import shown_blocks
from .items import Channel, ExportItem, read_items
from .media import Uploads

if TYPE_CHECKING:
    from ...export_files import ExportPart
    from . import WordPressInput

_NO_POSTS = frozenset(
    "attachment nav_menu_item revision wp_block wp_navigation wp_template wp_template_part wp_global_styles custom_css "
    "customize_changeset oembed_cache user_request wp_font_family wp_font_face comment".split()
)
"""Types of WordPress's own that are not posts, and what is counted beside them."""
_GATE = lazy_pattern(
    r"<!--\s*wp:(?:jetpack/paywall|premium-content/|(?!jetpack/)[\w-]{0,60}/?[\w-]{0,60}"
    r"(?:restrict|paywall|protected|members?-only|membership|logged-in))",
    re.I,
)
"""Matches the blocks that show a part of a post to some readers only."""
_ACCESS = "_jetpack_newsletter_access"
_LOCKS = ("_members_access_role", "rcp_subscription_level", "_is_paid")
"""Fields by which the plug-ins Members and Restrict Content Pro restrict a post to groups of readers."""
_RESTRICTS = lazy_pattern(r"member|restrict|paywall|premium|subscri|protect|access|private", re.I)
"""Matches keys of fields in which plug-ins may say who sees a post."""
_NOTHING = frozenset(
    {"", "0", "no", "false", "off", "none", "everyone", "everybody", "public", "a:0:{}"}
)
_DESCRIPTIONS = ("_yoast_wpseo_metadesc", "rank_math_description", "_aioseo_description")
_CANONICAL = ("_yoast_wpseo_canonical", "rank_math_canonical_url", "_aioseo_canonical_url")
_NOT_OF_LOGIN = lazy_pattern(r"[^\w .@-]")
_UNDATED = lazy_pattern(r"0000-|-0001|\s*$")
_TIME = "%Y-%m-%d %H:%M:%S"
_FARTHEST = timedelta(hours=15)
_QUARTER = timedelta(minutes=15)
_OF_BUILDER = lazy_pattern(
    r"_elementor_data|_bricks_page_content\w*|_?ct_builder_(?:json|shortcodes)|_?(?:breakdance|oxygen)_data|_fl_builder_data"
    r"|_themify_builder_settings_json|brizy"
)
"""Matches the fields in which page builders keep texts."""
_SHOWN = 8


def read_export(
    parts: Sequence[ExportPart],
    uploads: Uploads,
    options: WordPressInput,
    show_progress: Callable[[int], None],
    found: Iterable[Diagnostic] = (),
) -> Collection:
    """Returns the posts of all parts, each once. Raises ReadError if none of them is an export."""
    export = _Export(options, show_progress)
    export.findings += found
    for part in parts:
        export.read(part)
    export.library.media.uploads = uploads
    return export.collection(parts[0].name)


class _Export:
    """Collects the posts of an export and what they refer to."""

    def __init__(self, options: WordPressInput, show_progress: Callable[[int], None]) -> None:
        self.types = {"post", *(("page",) if options.pages else ()), *options.types}
        self.show_progress = show_progress
        self.library = ExportLibrary()
        self.entries = Entries()
        self.findings: list[Diagnostic] = []
        self.authors: dict[str, str] = {}
        self.channel = Channel()
        self.covers: dict[str, str] = {}
        """The number of the attachment that is the cover of each post, by the post's number."""
        self.other_types: Counter[str] = Counter()
        self.blocks: Counter[str] = Counter()
        self.plugin_blocks: Counter[str] = Counter()
        self.statuses: Counter[str] = Counter()
        self.seen: dict[str, str] = {}
        """The file in which each item was found, by its number."""
        self.repeated = 0
        self.hosts: set[str] = set()

    def read(self, part: ExportPart) -> None:
        """Reads a file of the export."""
        channel = Channel({}, {})
        with part.open() as stream:
            for item in read_items(stream, part.name, channel):
                # The authors stand before the items.
                self.authors |= channel.authors
                if not self.channel.texts:
                    self.channel.texts = channel.texts
                self._read_item(item, part.name)
        if not self.channel.texts:
            self.channel.texts = channel.texts
        self.authors |= channel.authors
        self._report_file(channel, part.name)

    def _report_file(self, channel: Channel, name: str) -> None:
        if channel.repair:
            self._tell(DiagnosticCode.ENCODING_REPAIRED, channel.repair, name)
        if not channel.is_whole:
            last = (
                f"; {format_count(channel.cut_items, 'item')} without its end was left out"
                * bool(channel.cut_items)
            )
            message = f"the file ends before its end: {format_count(len(self.seen), 'item')} could be read{last}"
            self._tell(DiagnosticCode.TEXT_MISSING, message, name)
        elif channel.cut_items:
            message = f"items without their end were left out: {channel.cut_items}"
            self._tell(DiagnosticCode.TEXT_MISSING, message, name)
        for number, reason in channel.left_out.items():
            message = f"item {number} left out: {reason}"
            self._tell(DiagnosticCode.POST_UNREADABLE, message, name, Severity.ERROR)
        if channel.fault and channel.is_whole:
            message = f"the export is not well-formed: {channel.fault}"
            self.findings.append(
                Diagnostic(DiagnosticCode.MARKUP_REPAIRED, message, name, channel.line)
            )

    def _tell(
        self, code: DiagnosticCode, message: str, name: str, severity: Severity = Severity.WARNING
    ) -> None:
        self.findings.append(Diagnostic(code, message, name, 0, severity))

    def _read_item(self, item: ExportItem, file: str) -> None:
        number = item.text("wp:post_id")
        if number:
            if self.seen.get(number, file) != file:
                self.repeated += 1
                return
            self.seen[number] = file
        if item.comments:
            self.other_types["comment"] += item.comments
        kind = item.text("wp:post_type").lower() or "post"
        if kind == "attachment":
            self.library.media.add(number, item, self.site)
            publication = None
        else:
            publication = _publication(item)
            if number and (publication is None or not publication.reasons):
                self.library.media.public_posts.add(number)
        if kind == "wp_block":
            is_published = set(item.every("wp:status")) == {"publish"}
            is_public = is_published and not any(item.every("wp:post_password"))
            text, _ = shown_blocks(item.texts.get("content:encoded", ""))
            self.library.reusable[number] = text if is_public else None
        if kind in self.types:
            self.show_progress(len(self.entries))
            self._add(item, kind, number, publication)
        else:
            self.other_types[kind] += 1

    @property
    def site(self) -> str:
        """The address of the site."""
        texts = self.channel.texts
        named = (texts.get(n, "").strip() for n in ("wp:base_blog_url", "link", "wp:base_site_url"))
        return next(filter(None, named), "")

    def _add(
        self, item: ExportItem, kind: str, number: str, publication: Publication | None
    ) -> None:
        text, hidden = shown_blocks(item.texts.get("content:encoded", ""))
        count_blocks(text, self.blocks, self.plugin_blocks)
        # The note of a hidden mark is as hidden as the mark.
        footnotes = item.meta.get("footnotes", "")
        text, lost_notes = put_footnotes(text, footnotes, only_marked=hidden > 0)
        link = item.text("link")
        link = join_address(self.site, html.unescape(link)) if link else ""
        canonical = next((item.meta[k].strip() for k in _CANONICAL if item.meta.get(k)), "")
        canonical = canonical if is_on_web(canonical) else ""
        status = item.text("wp:status")
        if known_word(status) is None:
            self.statuses[status[:60]] += 1
        metadata = Metadata(
            title=words_of(item.texts.get("title", ""), is_html=False),
            # Squarespace writes a path here.
            slug=unquote(item.text("wp:post_name")).removesuffix(".html").rpartition("/")[2],
            id=number,
            published=_published(item),
            updated=_moment(item, "wp:post_modified"),
            authors=self._authors(item),
            tags=_terms(item),
            language=_language(item),
            kind="" if kind == "post" else kind,
            canonical_url=canonical or link,
            description=_description(item, text),
            publication=publication,
            source=link or item.text("guid") or f"item {number or len(self.entries) + 1}",
            extra=_extra(item, number, link if canonical else "", canonical or link, self.site),
        )
        if cover := item.meta.get("_thumbnail_id", "").strip():
            self.covers[number] = cover
        self.hosts.add(hostname_of(link))
        is_classic = "wp:post_parent" in item.texts and "sqs-" not in text
        form = "" if is_classic else SQUARESPACE
        findings = _findings_of_text(metadata.source, hidden, lost_notes)
        if key := _field_of_builder(item, text):
            message = (
                f"the post has no text; that of its page builder is in the field `{key}`, which is not read. "
                "A feed or saved pages of the site have it"
            )
            lost = Diagnostic(DiagnosticCode.TEXT_MISSING, message, metadata.source)
            findings = (*findings, lost)
        self.entries.add(metadata, EntryText(text, form, link or self.site, findings))

    def _authors(self, item: ExportItem) -> tuple[str, ...]:
        """Returns the names of an item's authors: those that a plug-in names, else the one of WordPress itself."""
        several = [c for c in item.categories if c.domain == "author"]
        names = [
            self.authors.get(c.nicename.removeprefix("cap-").lower())
            or self.authors.get(c.name.lower(), c.name)
            for c in several
        ]
        if not names:
            login = item.text("dc:creator")
            # WordPress removes these characters of a login when it imports one.
            known = _NOT_OF_LOGIN.sub("", login).lower()
            names = [self.authors.get(login.lower()) or self.authors.get(known, login)]
        # Who never chose a name shows his mail address.
        return tuple(dict.fromkeys(name for name in names if is_author_name(name)))

    def collection(self, name: str) -> Collection:
        """Returns the posts that were collected."""
        self.entries.change(partial(_with_cover, self.covers, self.library))
        self._report(name)
        texts = self.channel.texts
        if not self.entries and not self.seen and not texts:
            raise ReadError("holds no items of WordPress", source=name)
        info = BookInfo(
            title=words_of(texts.get("title", ""), is_html=False),
            description=words_of(texts.get("description", ""), is_html=False),
            language=language_tag(texts.get("language", "").strip()),
        )
        own = {hostname_of(texts.get(n, "").strip()) for n in ("link", "wp:base_blog_url")}
        hosts = {host for host in own if host}
        make = partial(make_post, self.library)
        return self.entries.collection(make, info, own_hosts=hosts, diagnostics=self.findings)

    def _report(self, name: str) -> None:
        for is_own in (True, False):
            kinds = [
                f"{count} {kind[:60]}"
                for kind, count in sorted(self.other_types.items())
                if (kind in _NO_POSTS) is is_own and kind != "page"
            ]
            if kinds and is_own:
                message = f"left out, since they are not posts: {', '.join(kinds)}"
                self._tell(DiagnosticCode.ARCHIVE_ROW, message, name, Severity.INFO)
            elif kinds:
                types = ",".join(
                    k for k in sorted(self.other_types) if k not in {*_NO_POSTS, "page"}
                )
                message = (
                    f"left out, since their types are of plug-ins: {', '.join(kinds)}; "
                    f"-I types={types[:200]} reads them"
                )
                self._tell(DiagnosticCode.ARCHIVE_ROW, message, name)
        if pages := self.other_types["page"]:
            message = f"not posts: {format_count(pages, 'page')}; -I pages=true reads pages too"
            self._tell(DiagnosticCode.FILES_PASSED_OVER, message, name, Severity.INFO)
        if self.repeated:
            message = (
                f"items that another file of the export has too were read once: {self.repeated}"
            )
            self._tell(DiagnosticCode.ARCHIVE_ROW, message, name, Severity.INFO)
        for status, count in sorted(self.statuses.items()):
            what = f"the status {status!r} is not known" if status else "a status is missing"
            message = f"{what}: {format_count(count, 'post')} counted as secret"
            self._tell(DiagnosticCode.PUBLICATION_STATE, message, name)
        for blocks, what in (
            (self.blocks, "blocks that a server fills when the page is shown were left out"),
            (self.plugin_blocks, "blocks of plug-ins were read as the words in them"),
        ):
            if blocks:
                named = [f"{count} {block[:60]}" for block, count in blocks.most_common()]
                message = f"{what}: {list_some(named, _SHOWN)}"
                self._tell(DiagnosticCode.NODE_CHROME, message, name, Severity.INFO)


def _field_of_builder(item: ExportItem, text: str) -> str:
    """Returns the field in which a page builder keeps the text of a post that has none; empty for other posts."""
    if words_of(text, is_html=True):
        return ""
    return next((k for k, v in item.meta.items() if _OF_BUILDER.fullmatch(k) and v.strip()), "")


def _findings_of_text(source: str, hidden: int, lost_notes: int) -> tuple[Diagnostic, ...]:
    """Returns what is reported of the blocks that the author hid, and of marks whose notes are missing."""
    found = []
    if hidden:
        message = f"{format_count(hidden, 'block')} that the site hides left out"
        found.append(Diagnostic(DiagnosticCode.NODE_DROPPED, message, source))
    if lost_notes:
        message = (
            f"the words of {format_count(lost_notes, 'note')} cannot be read from the field "
            "`footnotes`; only their marks are in the text"
        )
        found.append(Diagnostic(DiagnosticCode.TEXT_MISSING, message, source))
    return tuple(found)


def _with_cover(covers: dict[str, str], library: ExportLibrary, metadata: Metadata) -> Metadata:
    attachment = library.media.find(covers.get(metadata.id, ""))
    if attachment is None:
        return metadata
    return msgspec.structs.replace(
        metadata,
        cover=library.media.uploads.find(attachment.url) or attachment.url,
        cover_alt=attachment.alternative,
        cover_caption=words_of(attachment.caption, is_html=True),
    )


def _extra(item: ExportItem, number: str, link: str, address: str, site: str) -> dict[str, object]:
    """Returns the other addresses by which a post is known."""
    aliases = [link, html.unescape(item.text("guid"))]
    if number and site:
        key = "page_id" if item.text("wp:post_type") == "page" else "p"
        aliases += [f"{site.rstrip('/')}/?{key}={number}"]
    head = address.rstrip("/").rpartition("/")[0]
    aliases += [f"{head}/{slug}/" for slug in item.old_slugs if head.count("/") > 1]
    found = [a for a in dict.fromkeys(aliases) if is_on_web(a) and a != address]
    return {"aliases": found} if found else {}


def _published(item: ExportItem) -> Timestamp | None:
    found = _moment(item, "wp:post_date")
    if found is not None:
        return found
    text = item.text("pubDate")
    try:
        value = parsedate_to_datetime(text) if text else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if value is None or (value.year, value.month, value.day) <= (1970, 1, 1):
        return None
    return Timestamp(text, value if value.tzinfo else value.replace(tzinfo=UTC))


def _moment(item: ExportItem, name: str) -> Timestamp | None:
    """Returns a moment with the offset of the site, which is the difference of its two forms; None if it is undated."""
    local, universal = item.text(name), item.text(f"{name}_gmt")
    is_local, is_universal = not _UNDATED.match(local), not _UNDATED.match(universal)
    if is_local and is_universal:
        try:
            here = datetime.strptime(local, _TIME)
            there = datetime.strptime(universal, _TIME)
        except ValueError:
            return read_timestamp(universal)
        offset = round((here - there) / _QUARTER) * _QUARTER
        if abs(offset) < _FARTHEST:
            value = there.replace(tzinfo=UTC).astimezone(timezone(offset))
            return Timestamp(value.isoformat(), value)
    if is_universal:
        return read_timestamp(universal)
    return read_timestamp(local) if is_local else None


def _terms(item: ExportItem) -> tuple[str, ...]:
    """Returns the tags and categories, without the one for posts that have none."""
    tags = [c.name for c in item.categories if c.domain in ("post_tag", "tag")]
    categories = [
        c.name
        for c in item.categories
        if c.domain in ("category", "") and c.name.lower() != "uncategorized"
    ]
    return tuple(dict.fromkeys(filter(None, (*tags, *categories))))


def _language(item: ExportItem) -> str:
    named = (c.nicename or c.name for c in item.categories if c.domain == "language")
    return language_tag(next(named, ""))


def _description(item: ExportItem, text: str) -> str:
    """Returns the summary that the author wrote, or the one for search engines, unless it is the text's beginning."""
    for written in (item.text("excerpt:encoded"), *(item.meta.get(k, "") for k in _DESCRIPTIONS)):
        words = words_of(written, is_html=True)
        if words and "%%" not in words and not repeats_beginning(words, text):
            return words
    return ""


def _publication(item: ExportItem) -> Publication | None:
    reasons = [status_reason(one, "wp:status") for one in item.every("wp:status") or [""]]
    if any(item.every("wp:post_password")):
        reasons.append(Reason("restricted", "password", "wp:post_password"))
    for access in item.every(_ACCESS):
        if access not in ("", "everybody"):
            name = "paid" if "paid" in access else "subscribers"
            reasons.append(Reason("restricted", name, _ACCESS, access[:60]))
    for key in _LOCKS:
        if any(value.lower() not in _NOTHING for value in item.every(key)):
            reasons.append(Reason("restricted", "members", key))
    if _GATE.search(item.texts.get("content:encoded", "")):
        reasons.append(Reason("restricted", "paid", "a paywall in its text"))
    doubtful = tuple(
        key[:60]
        for key, value in item.meta.items()
        if key not in (_ACCESS, *_LOCKS)
        and _RESTRICTS.search(key)
        and value.strip().lower() not in _NOTHING
    )
    return merge_publications(Publication(tuple(reasons), doubtful=doubtful))
