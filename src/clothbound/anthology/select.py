"""Selects the posts of a book.

Posts are parsed only for a minimum of words, because only their text tells how many words they have.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Collection as Several
from datetime import date, datetime, tzinfo
from typing import Annotated

import msgspec

from ..console_text import agree, format_count
from ..diagnostics import Diagnostic, DiagnosticCode, Severity
from ..errors import Hint, SecretPostsError, UsageError
from ..fields import Field, make_tuples
from ..model.census import tally
from ..model.collection import Collection, pick
from ..model.index import Index
from ..model.links import check_site
from ..model.post import Metadata
from ..model.publication import DRAFTS, Reason
from ..moment import moment_of_run
from .post_dates import (
    check_day,
    check_month,
    first_moment,
    is_before,
    moment_of,
    month_of,
    year_of,
    zone_of,
)
from .publishing import (
    check_states,
    doubts,
    drop_diagnostics_of,
    flag_of,
    secrets_told,
    selected,
    why_secret,
)
from .traits import TRAITS, unknown_word


def check_count(number: int) -> int:
    """Returns a number of words. Raises UsageError if it is negative."""
    if number < 0:
        raise UsageError(f"{number} is negative", hint="0 includes posts of any length")
    return number


class Select(msgspec.Struct, frozen=True, kw_only=True):
    """Selects posts of a collection, and says how their days and addresses are interpreted.

    An empty field restricts nothing. ``after`` and ``before`` are days, moments (without a time zone: of
    ``timezone``, or as the source writes them), or either as text of ISO 8601. A single text stands for several. ``sites`` does not select posts: it says which addresses belong to the posts
    of the publication.
    """

    year: Annotated[int | None, Field(flag="--year", toml="year", help="Posts of this year.")] = (
        None
    )
    month: Annotated[str, Field(help="Posts of this month: 2023-05.", check=check_month)] = ""
    after: Annotated[
        date | str | None,
        Field(
            flag="--after",
            toml="after",
            help="Posts from this day on: 2023-03-01.",
            check=check_day,
        ),
    ] = None
    before: Annotated[
        date | str | None,
        Field(
            flag="--before",
            toml="before",
            help="Posts before this day: 2023-03-01.",
            check=check_day,
        ),
    ] = None
    timezone: Annotated[
        tzinfo | str | None,
        Field(
            flag="--timezone",
            toml="timezone",
            help="The time zone that decides to which day and year a post belongs: Europe/Oslo, or UTC."
            " Without it, the day is as the source writes it.",
            check=zone_of,
        ),
    ] = None
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
            help="Posts for these readers: everyone, only_paid, only_free, founding ..., and of a post only what"
            " they may read. A site and a feed are for everyone without it.",
        ),
    ] = ()
    drafts: Annotated[
        bool, Field(flag="--drafts", toml="drafts", help="Also include drafts and scheduled posts.")
    ] = False
    states: Annotated[
        Several[str],
        Field(
            flag="--state",
            toml="states",
            help="Also include posts of this state: private, pending, expired, trash, password, secret,"
            " restricted ...",
        ),
    ] = ()
    now: Annotated[
        datetime | str | None,
        Field(
            flag="--now",
            help="The moment that decides which posts are public (YYYY-MM-DD). The default is"
            " SOURCE_DATE_EPOCH, if it is set, or the present time.",
            check=moment_of_run,
        ),
    ] = None
    min_words: Annotated[
        int,
        Field(
            flag="--min-words",
            toml="min-words",
            help="Posts with at least this many words.",
            check=check_count,
        ),
    ] = 0
    sites: Annotated[
        Several[str],
        Field(
            flag="--site",
            toml="sites",
            help="A host or address of the publication. Links to it lead to posts.",
            check=check_site,
        ),
    ] = ()

    def __post_init__(self) -> None:
        make_tuples(self, "tags", "kinds", "audiences", "states", "sites")

    @property
    def zone(self) -> tzinfo | None:
        """The time zone; None if each day is as the source writes it. Raises UsageError if there is none of its name."""
        return zone_of(self.timezone) if isinstance(self.timezone, str) else self.timezone


def asks_for(wanted: Select, name: str) -> bool:
    """Returns whether a field of ``wanted`` restricts anything. The year 0 does."""
    value = getattr(wanted, name)
    return bool(value) or (value == 0 and name == "year")


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """A ``Select`` with its moments and states looked up."""

    wanted: Select
    zone: tzinfo | None
    after: datetime | None
    """The first moment of the selection."""
    before: datetime | None
    """The first moment after it."""
    states: frozenset[str]
    """States of secret posts, and names of reasons, that were asked for."""
    now: datetime

    @classmethod
    def of(cls, wanted: Select, index: Iterable[Metadata]) -> Selection:
        """Raises UsageError for a time zone, a day or a state that does not exist."""
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
        """Returns the reason why a post is not selected, or an empty string.

        This checks neither its number of words nor whether it is secret.
        """
        for name, test in _TESTS.items():
            if asks_for(self.wanted, name) and not (at_any_time and name in _OF_TIME):
                reason = test(self, metadata)
                if reason:
                    return reason
        return ""

    def secret_in(self, metadata: Metadata) -> Reason | None:
        """Returns the reason why a post is secret, unless it was requested by name; None if the book may have it."""
        return metadata.verdict(self.now).withheld(self.states)

    @property
    def is_of_time(self) -> bool:
        """Whether the selection depends on a post's date."""
        return any(asks_for(self.wanted, name) for name in _OF_TIME)

    @property
    def words(self) -> tuple[str, ...]:
        """Descriptions of the filters."""
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
    return "earlier" if first is not None and (moment is None or is_before(moment, first)) else ""


def _before(selection: Selection, metadata: Metadata) -> str:
    moment, end = moment_of(metadata, selection.zone), selection.before
    return "later" if end is not None and (moment is None or not is_before(moment, end)) else ""


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
"""The check for each field of ``Select``, which returns the reason why it leaves a post out, or an empty string."""
_OF_TIME = frozenset({"year", "month", "after", "before"})
FILTERS = (*_TESTS, "min_words")
"""The fields of ``Select`` that leave posts out. Only ``min_words`` needs the text of a post."""


def refuse_unknown_words(selection: Selection, index: Index) -> None:
    """Raises UsageError for a tag, type or audience that no post has, apart from secret posts."""
    for trait in TRAITS:
        words = getattr(selection.wanted, trait)
        # Errors must not reveal a word that only secret posts have.
        named = (m for m in index.whole if selection.secret_in(m) is None)
        if words and (unknown := unknown_word(trait, words, named)):
            raise unknown


def without_secrets(collection: Collection, now: datetime) -> Collection:
    """Returns the posts that are not secret at the moment ``now``."""
    return pick(
        collection, [p for p, m in enumerate(collection.index) if not m.verdict(now).is_secret]
    )


def select(collection: Collection, selection: Selection) -> Collection:
    """Returns the selected posts in the order of the collection, and reports those that are left out."""
    positions = array("q")
    skipped = []
    left: list[Reason] = []
    whole = own = 0
    for position, metadata in enumerate(collection.index):
        if metadata.key in collection.roles:
            # A text of the book's own, such as a foreword, is not a post that is chosen.
            positions.append(position)
            own += 1
            continue
        secret = selection.secret_in(metadata)
        if secret is not None:
            if not selection.reason_against(metadata, at_any_time=True):
                left.append(secret)
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
    if len(positions) == own and len(left) == len(collection) - own:
        _refuse_secrets(left)
    chosen = pick(collection, positions)
    found = (
        *skipped,
        *secrets_told(left),
        *doubts(chosen.index, selection.now),
        *selected(len(positions) - own, len(collection) - own, selection.words, left, whole),
    )
    hidden = {metadata.source for metadata in collection.index if selection.secret_in(metadata)}
    known = drop_diagnostics_of(collection.diagnostics, hidden)
    return msgspec.structs.replace(
        chosen,
        states=selection.states,
        audiences=frozenset(selection.wanted.audiences),
        diagnostics=(*known, *found),
    )


def _too_few_words(collection: Collection, position: int, least: int) -> str | None:
    """Returns the number of a post's words as text, if they are too few; None otherwise."""
    if not least:
        return None
    words = tally(collection.posts[position]).words
    return format_count(words, "word") if words < least else None


def _refuse_secrets(left: Sequence[Reason]) -> None:
    """Raises SecretPostsError, which says which options include the posts."""
    if not left:
        return
    reasons = dict.fromkeys(reason.name for reason in left)
    command = " ".join(dict.fromkeys(flag_of(name) for name in reasons))
    states = tuple(name for name in reasons if name not in DRAFTS)
    fields = [f"states={states}"] if states else []
    fields += ["drafts=True"] if len(states) < len(reasons) else []
    them = agree(len(left), "it", "them")
    raise SecretPostsError(
        f"no post is left to make a book of: {why_secret(left)}",
        hint=Hint(f"Select({', '.join(fields)}) takes {them}", f"{command} takes {them}"),
    )


def _skip_diagnostic(metadata: Metadata, reason: str, severity: Severity) -> Diagnostic:
    return Diagnostic(
        DiagnosticCode.POST_SKIPPED, f"left out: {reason}", metadata.source, 0, severity
    )
