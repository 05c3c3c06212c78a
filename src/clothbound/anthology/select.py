"""Which posts a book is made of.

Nothing is parsed here but for a minimum of words, which only a post's text can tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Collection as Several
from datetime import UTC, date, datetime, tzinfo
from typing import Annotated

import msgspec

from ..console_text import format_count
from ..diagnostics import Diagnostic, DiagnosticCode, Severity
from ..errors import UsageError
from ..fields import Field
from ..model.collection import Collection, LazyPosts
from ..model.index import Index
from ..model.links import check_site
from ..model.plain_text import tally
from ..model.post import Metadata
from ..model.publication import DRAFTS, Reason
from ..moment import moment_of_run
from .post_dates import check_day, first_moment, moment_of, month_of, year_of, zone_of
from .publishing import (
    Left,
    check_states,
    doubts,
    drop_diagnostics_of,
    lone,
    secrets_told,
    selected,
)
from .traits import TRAITS, unknown_word


class NoPostsError(UsageError):
    """A selection lets no post through."""


class SecretPostsError(NoPostsError):
    """All posts are secret, and none was asked for by name."""


def check_count(number: int) -> int:
    """A number of words. Raises UsageError for one below 0."""
    if number < 0:
        raise UsageError(f"{number} is below 0", hint="0 takes posts of any length")
    return number


class Select(msgspec.Struct, frozen=True, kw_only=True):
    """Which posts of a collection, and how their days and addresses are understood.

    An empty field restricts nothing. ``sites`` chooses no posts: it says which addresses are those of
    the posts that there are to choose from.
    """

    year: Annotated[int | None, Field(flag="--year", toml="year", help="Posts of this year.")] = (
        None
    )
    month: Annotated[str, Field(help="Posts of this month: 2023-05.")] = ""
    after: Annotated[
        date | datetime | None,
        Field(
            flag="--after",
            toml="after",
            help="Posts from this day on: 2023-03-01.",
            check=check_day,
        ),
    ] = None
    before: Annotated[
        date | datetime | None,
        Field(
            flag="--before",
            toml="before",
            help="Posts before this day: 2023-03-01.",
            check=check_day,
        ),
    ] = None
    timezone: Annotated[
        tzinfo | str,
        Field(
            flag="--timezone",
            toml="timezone",
            help="The time zone that decides to which day and year a post belongs: Europe/Oslo. It is"
            " UTC by default.",
            check=zone_of,
        ),
    ] = UTC
    tags: Annotated[
        Several[str],
        Field(
            flag="--tag",
            toml="tags",
            help="Posts with this tag. A tag that no post has is an error.",
        ),
    ] = ()
    kinds: Annotated[
        Several[str],
        Field(
            flag="--type",
            toml="types",
            help="Posts of this type: newsletter, podcast, page, thread ...",
        ),
    ] = ()
    audiences: Annotated[
        Several[str],
        Field(
            flag="--audience",
            toml="audiences",
            help="Posts for these readers: everyone, only_paid, only_free, founding ... A site and a feed"
            " hold theirs, too.",
        ),
    ] = ()
    drafts: Annotated[
        bool, Field(flag="--drafts", toml="drafts", help="Drafts and scheduled posts, too.")
    ] = False
    states: Annotated[
        Several[str],
        Field(
            flag="--state",
            toml="states",
            help="Posts of this state, too: private, pending, expired, trash, password, secret,"
            " restricted ...",
        ),
    ] = ()
    now: Annotated[
        datetime | None,
        Field(
            flag="--now",
            help="The moment at which it is decided what is public (YYYY-MM-DD). It is"
            " SOURCE_DATE_EPOCH by default, if that is set, or that of the clock.",
            check=moment_of_run,
        ),
    ] = None
    min_words: Annotated[
        int,
        Field(
            flag="--min-words",
            toml="min-words",
            help="Posts with as many words or more.",
            check=check_count,
        ),
    ] = 0
    sites: Annotated[
        Several[str],
        Field(
            flag="--site",
            toml="sites",
            help="A host of the publication's own, or its address. Links to it lead to posts.",
            check=check_site,
        ),
    ] = ()

    @property
    def zone(self) -> tzinfo:
        """The time zone. Raises UsageError where there is none of its name."""
        return zone_of(self.timezone) if isinstance(self.timezone, str) else self.timezone


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """A ``Select`` with its moments and states looked up."""

    wanted: Select
    zone: tzinfo
    after: datetime | None
    """The first moment of the selection."""
    before: datetime | None
    """The first moment after it."""
    states: frozenset[str]
    """States of secret posts, and names of reasons, that were asked for."""
    now: datetime

    @classmethod
    def of(cls, wanted: Select, index: Iterable[Metadata]) -> Selection:
        """Raises UsageError for a time zone, a day or a state that there is not."""
        now = moment_of_run(wanted.now)
        zone = wanted.zone
        drafts = DRAFTS if wanted.drafts else frozenset()
        return cls(
            wanted=wanted,
            zone=zone,
            after=None if wanted.after is None else first_moment(wanted.after, zone),
            before=None if wanted.before is None else first_moment(wanted.before, zone),
            states=check_states(wanted.states, index, now) | drafts,
            now=now,
        )

    def reason_against(self, metadata: Metadata, *, at_any_time: bool = False) -> str:
        """Why a post is not selected, in words, its own words not counted; empty if it is, unless it is
        secret.
        """
        for name, test in _TESTS.items():
            if self.asks_for(name) and not (at_any_time and name in _OF_TIME):
                reason = test(self, metadata)
                if reason:
                    return reason
        return ""

    def secret_in(self, metadata: Metadata) -> Reason | None:
        """Why a post is secret that was not asked for by name; None: it may be in the book."""
        return metadata.verdict(self.now).withheld(self.states)

    def asks_for(self, name: str) -> bool:
        """Whether a field of ``Select`` restricts anything."""
        value = getattr(self.wanted, name)
        return bool(value) or (value == 0 and name == "year")

    @property
    def is_of_time(self) -> bool:
        """Whether it depends on a post's date."""
        return any(map(self.asks_for, _OF_TIME))

    @property
    def words(self) -> tuple[str, ...]:
        """What it chooses by, in words."""
        wanted = self.wanted
        found = [f"{wanted.year} only"] if wanted.year is not None else []
        found += [f"{wanted.month} only"] if wanted.month else []
        found += [f"from {self.after:%Y-%m-%d} on"] if self.after else []
        found += [f"before {self.before:%Y-%m-%d}"] if self.before else []
        for name, words in (("tag", wanted.tags), ("type", wanted.kinds)):
            found += [f"{name} {' or '.join(sorted(words))}"] if words else []
        found += [f"for {' or '.join(sorted(wanted.audiences))}"] if wanted.audiences else []
        found += (
            [f"of {format_count(wanted.min_words, 'word')} or more"] if wanted.min_words else []
        )
        return tuple(found)


def _year(selection: Selection, metadata: Metadata) -> str:
    year = selection.wanted.year
    return "" if year_of(metadata, selection.zone) == year else f"not of {year}"


def _month(selection: Selection, metadata: Metadata) -> str:
    month = selection.wanted.month
    return "" if month_of(metadata, selection.zone) == month else f"not of {month}"


def _after(selection: Selection, metadata: Metadata) -> str:
    moment, first = moment_of(metadata, selection.zone), selection.after
    return "earlier" if first is not None and (moment is None or moment < first) else ""


def _before(selection: Selection, metadata: Metadata) -> str:
    moment, end = moment_of(metadata, selection.zone), selection.before
    return "later" if end is not None and (moment is None or moment >= end) else ""


def _tags(selection: Selection, metadata: Metadata) -> str:
    return "" if set(selection.wanted.tags) & set(metadata.tags) else "without such a tag"


def _kinds(selection: Selection, metadata: Metadata) -> str:
    is_wanted = metadata.kind in selection.wanted.kinds
    return "" if is_wanted else f"a {metadata.kind or 'post of no type'}"


def _audiences(selection: Selection, metadata: Metadata) -> str:
    is_wanted = set(selection.wanted.audiences).issuperset(metadata.audiences)
    return "" if is_wanted else f"for {' and '.join(metadata.audiences)}"


_TESTS: Mapping[str, Callable[[Selection, Metadata], str]] = {
    "year": _year,
    "month": _month,
    "after": _after,
    "before": _before,
    "tags": _tags,
    "kinds": _kinds,
    "audiences": _audiences,
}
"""By the field of ``Select`` that restricts: why it does not let a post through; empty: it does."""
_OF_TIME = frozenset({"year", "month", "after", "before"})
FILTERS = (*_TESTS, "min_words")
"""The fields of ``Select`` that leave posts out. All of them but ``min_words`` need no post's text."""


def refuse_unknown_words(selection: Selection, index: Index) -> None:
    """Raises UsageError for a tag, type or audience that no post has which may be named."""
    for trait in TRAITS:
        words = getattr(selection.wanted, trait)
        # A word that secret posts alone have is told to nobody.
        named = (m for m in index.whole if selection.secret_in(m) is None)
        if words and (unknown := unknown_word(trait, words, named)):
            raise unknown


def pick(collection: Collection, positions: Sequence[int]) -> Collection:
    """The posts at these positions, in this order, with an index of them alone.

    The publication's own hosts stay those of the whole collection, and links to its other posts are
    known for what they are.
    """
    whole = collection.index
    entries = [whole.entries[p] for p in positions]
    posts = LazyPosts(collection.posts.__getitem__, tuple(positions))
    index = whole.rebuilt(entries, load=posts.__getitem__)
    return msgspec.structs.replace(collection, posts=posts, index=index)


def without_secrets(collection: Collection, now: datetime) -> Collection:
    """The posts that are not secret at the moment ``now``."""
    return pick(
        collection, [p for p, m in enumerate(collection.index) if not m.verdict(now).is_secret]
    )


def select(collection: Collection, selection: Selection) -> Collection:
    """The selected posts, in the order in which they stand; what is left out is reported."""
    positions = []
    skipped = []
    left = []
    whole = 0
    for position, metadata in enumerate(collection.index):
        secret = selection.secret_in(metadata)
        if secret is not None:
            if not selection.reason_against(metadata, at_any_time=True):
                left.append((metadata, secret))
            continue
        whole += not selection.reason_against(metadata, at_any_time=True)
        if not selection.reason_against(metadata):
            few = _too_few_words(collection, position, selection.wanted.min_words)
            if few is None:
                positions.append(position)
            else:
                skipped.append(_skip_diagnostic(metadata, f"it has {few}", Severity.INFO))
        elif moment_of(metadata) is None and selection.is_of_time:
            skipped.append(_skip_diagnostic(metadata, "it has no date", Severity.WARNING))
    if not positions and len(left) == len(collection):
        _refuse_secrets(left)
    chosen = pick(collection, positions)
    found = (
        *skipped,
        *secrets_told(left),
        *doubts(chosen.index, selection.now),
        *selected(len(positions), len(collection), selection.words, left, whole),
    )
    hidden = {metadata.source for metadata in collection.index if selection.secret_in(metadata)}
    known = drop_diagnostics_of(collection.diagnostics, hidden)
    return msgspec.structs.replace(chosen, states=selection.states, diagnostics=(*known, *found))


def _too_few_words(collection: Collection, position: int, least: int) -> str | None:
    """How many words a post has, where these are too few."""
    if not least:
        return None
    words = tally(collection.posts[position]).words
    return format_count(words, "word") if words < least else None


def _refuse_secrets(left: Sequence[Left]) -> None:
    """Raises SecretPostsError, which says how the posts are taken."""
    if not left:
        return
    if len(left) == 1:
        message = lone(left[0][1])
    else:
        message = "; ".join(told.message for told in secrets_told(left))
    raise SecretPostsError(f"no post is left to make a book of: {message}")


def _skip_diagnostic(metadata: Metadata, reason: str, severity: Severity) -> Diagnostic:
    return Diagnostic(
        DiagnosticCode.POST_SKIPPED, f"left out: {reason}", metadata.source, 0, severity
    )
