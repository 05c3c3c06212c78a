"""What makes a book of posts: select, order, group and title them. Nothing is parsed here."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Literal, TypeAlias

from .diagnostics import Code, Diagnostic, Severity
from .errors import UsageError
from .html.language import long_month
from .model.index import Index
from .model.lazy import LazyPosts
from .model.post import Collection, Metadata, Part

Parts: TypeAlias = Literal["none", "months", "years"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which posts of a collection. Empty or None: no restriction."""

    year: int | None = None
    after: datetime | None = None
    """The first moment of the selection."""
    before: datetime | None = None
    """The first moment after it."""
    tags: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    audiences: frozenset[str] = frozenset()
    drafts: bool = False
    timezone: tzinfo = UTC
    """In which a post's year is reckoned."""

    @property
    def is_of_time(self) -> bool:
        """Whether it depends on a post's date."""
        return self.year is not None or self.after is not None or self.before is not None

    def __contains__(self, metadata: Metadata) -> bool:
        return not self.reason_against(metadata)

    def reason_against(self, metadata: Metadata) -> str:
        """Why a post is not selected, in words; empty if it is."""
        moment = moment_of(metadata, self.timezone)
        if metadata.is_draft and not self.drafts:
            return "a draft"
        if self.year is not None and year_of(metadata, self.timezone) != self.year:
            return f"not of {self.year}"
        if self.after and (moment is None or moment < self.after):
            return "earlier"
        if self.before and (moment is None or moment >= self.before):
            return "later"
        if self.tags and not self.tags & set(metadata.tags):
            return "without such a tag"
        if self.kinds and metadata.kind not in self.kinds:
            return f"a {metadata.kind or 'post of no type'}"
        if self.audiences and (metadata.audience or "everyone") not in self.audiences:
            return f"for {metadata.audience or 'everyone'}"
        return ""


def pick(collection: Collection, positions: Sequence[int]) -> Collection:
    """The posts at these positions, in this order, with an index of them alone.

    The publication's own hosts stay those of the whole collection, and links to its other posts are
    known for what they are.
    """
    whole = collection.index
    entries = [whole.entries[p] for p in positions]
    posts = LazyPosts(collection.posts.__getitem__, tuple(positions))
    index = Index(entries, load=posts.__getitem__, sites=whole.sites, whole=whole.whole)
    return dataclasses.replace(collection, posts=posts, index=index)


def select(collection: Collection, selection: Selection) -> Collection:
    """The selected posts, in the order in which they stand; what is left out is reported."""
    positions = []
    skipped = []
    for position, metadata in enumerate(collection.index):
        reason = selection.reason_against(metadata)
        if not reason:
            positions.append(position)
        elif metadata.is_draft and not selection.drafts:
            skipped.append(_skipped(metadata, reason, Severity.INFO))
        elif moment_of(metadata) is None and selection.is_of_time:
            skipped.append(_skipped(metadata, "it has no date", Severity.WARNING))
    chosen = pick(collection, positions)
    return dataclasses.replace(chosen, diagnostics=(*collection.diagnostics, *skipped))


def _skipped(metadata: Metadata, reason: str, severity: Severity) -> Diagnostic:
    return Diagnostic(Code.POST_SKIPPED, f"left out: {reason}", metadata.source, 0, severity)


def arrange(
    collection: Collection,
    *,
    title: str = "",
    parts: Parts = "none",
    timezone: tzinfo = UTC,
    reverse: bool = False,
) -> Collection:
    """The posts by date, oldest first (undated ones last), in parts, with what was not given inferred.

    Raises UsageError if there is no post.
    """
    if not len(collection):
        raise UsageError("no post is left to make a book of", hint="widen the selection")
    metadata = list(collection.index)
    order = sorted(range(len(metadata)), key=lambda p: _date_key(metadata[p]), reverse=reverse)
    order.sort(key=lambda p: moment_of(metadata[p]) is None)
    book = pick(collection, order)
    years = sorted({y for m in book.index if (y := year_of(m, timezone))})
    found: list[Diagnostic] = []

    def inferred(what: str, value: str, flag: str) -> str:
        text = f"{what}: {value} (inferred; override it with {flag})"
        found.append(Diagnostic(Code.INFERRED, text, severity=Severity.INFO))
        return value

    if not title:
        title = _with_years(collection.title or "Letters", years)
        inferred("title", title, "--title")
    authors = collection.authors
    if not authors:
        count = Counter(a for m in book.index for a in m.authors)
        authors = tuple(name for name, _ in count.most_common(3))
        inferred("author", ", ".join(authors) or "none is known", "--author")
    language = collection.language
    if not language:
        language = book.index.language or "en"
        inferred("language", language, "--lang")
    if book.index.sites:
        inferred("own hosts", ", ".join(book.index.sites), "--site")
    paid = sum(m.audience not in ("", "everyone") for m in book.index)
    if paid:
        note = f"{paid} of {len(book)} posts are not for everyone (only paying readers, say)"
        found.append(Diagnostic(Code.INFERRED, note, severity=Severity.INFO))
    return dataclasses.replace(
        book,
        title=title,
        authors=authors,
        language=language,
        parts=_make_parts(book, parts, timezone, language),
        diagnostics=(*collection.diagnostics, *found),
    )


def moment_of(metadata: Metadata, timezone: tzinfo = UTC) -> datetime | None:
    """When a post was published, as a reader in ``timezone`` saw it; None: unknown.

    A date without a time is nobody's midnight: it is that day everywhere.
    """
    stamp = metadata.published
    if stamp is None or stamp.value is None:
        return None
    if stamp.precision in ("year", "month", "day"):
        return stamp.value.replace(tzinfo=timezone)
    try:
        return stamp.value.astimezone(timezone)
    except OverflowError:  # the first and last days that there are, moved out of the calendar
        return stamp.value


def year_of(metadata: Metadata, timezone: tzinfo = UTC) -> int | None:
    """The year in which a post was published, as a reader in ``timezone`` saw it; None: unknown."""
    moment = moment_of(metadata, timezone)
    return None if moment is None else moment.year


def years(collection: Collection, timezone: tzinfo = UTC) -> tuple[int, ...]:
    """The years that have a published post, in order."""
    found = {year_of(m, timezone) for m in collection.index if not m.is_draft}
    return tuple(sorted(y for y in found if y is not None))


def newest_full_year(collection: Collection, timezone: tzinfo = UTC) -> int | None:
    """The latest year with a post in December or a later year's post; else the only year there is.

    The clock is not asked: the same posts make the same book on any day.
    """
    known = years(collection, timezone)
    if len(known) < 2:
        return known[0] if known else None
    newest = known[-1]
    published = [m for m in collection.index if not m.is_draft]
    moments = [moment for m in published if (moment := moment_of(m, timezone))]
    full = any(moment.year == newest and moment.month == 12 for moment in moments)
    return newest if full else known[-2]


def _date_key(metadata: Metadata) -> tuple[datetime, str]:
    value = metadata.published.value if metadata.published else None
    return (value or datetime.min.replace(tzinfo=UTC), metadata.source)


def _with_years(title: str, found: Sequence[int]) -> str:
    if not found:
        return title
    span = str(found[0]) if found[0] == found[-1] else f"{found[0]}–{found[-1]}"
    return title if title.endswith(span) else f"{title} {span}"


def _make_parts(
    book: Collection, parts: Parts, timezone: tzinfo, language: str
) -> tuple[Part, ...]:
    if parts == "none":
        return ()
    groups: dict[str, list[str]] = {}
    for metadata in book.index:
        day = moment_of(metadata, timezone)
        if day is None:
            label = "Undated"
        else:
            label = str(day.year) if parts == "years" else long_month(day, language)
        groups.setdefault(label, []).append(metadata.key)
    return tuple(Part(title, tuple(keys)) for title, keys in groups.items())
