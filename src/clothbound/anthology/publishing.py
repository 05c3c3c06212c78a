"""Decides which posts a book or a product may contain, and reports those that it leaves out.

The verdict on a post is the model's (``Metadata.verdict``). Messages only count secret posts: they contain
neither their titles nor their file names.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection as Words
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from ..console_text import agree, format_count
from ..diagnostics import Diagnostic, DiagnosticCode, Severity
from ..errors import Hint, NoPostsError, UsageError, did_you_mean
from ..model.collection import Collection
from ..model.index import Index
from ..model.post import Metadata
from ..model.publication import DRAFTS, EVERYONE, NAMES, STATES, Reason


def check_states(states: Iterable[str], index: Iterable[Metadata], now: datetime) -> frozenset[str]:
    """Returns the states and names of reasons that may be requested. Raises UsageError for any other word."""
    wanted = frozenset(states)
    if not wanted:
        return wanted
    known = {*STATES, *NAMES, *(r.name for m in index for r in m.verdict(now).reasons)}
    for word in sorted(wanted - known):
        raise UsageError(
            f"there is no state {word!r}{did_you_mean(word, known)}",
            hint=f"the states are {', '.join(sorted(known))}",
        )
    return wanted


def withheld_keys(index: Index, now: datetime) -> frozenset[str]:
    """Returns the keys of secret posts that were read and are not in ``index``."""
    if index.entries is index.whole.entries:
        return frozenset()
    return frozenset(
        metadata.key
        for metadata in index.whole
        if metadata.key not in index and metadata.verdict(now).is_secret
    )


def drop_diagnostics_of(found: Iterable[Diagnostic], sources: Words[str]) -> tuple[Diagnostic, ...]:
    """Removes the diagnostics about the files of ``sources``, which must not be revealed."""
    return tuple(d for d in found if not d.source or d.source not in sources)


def drop_extra_of(extra: Mapping[str, Any], ids: Words[str]) -> dict[str, Any]:
    """Removes ids from the lists in a collection's extra data, such as the order of an export's posts."""
    return {
        name: [one for one in value if not (isinstance(one, str) and one in ids)]
        if isinstance(value, list)
        else value
        for name, value in extra.items()
    }


def for_audiences(
    target: str,
    collection: Collection,
    audiences: frozenset[str],
    states: Words[str],
    now: datetime,
    *,
    public: bool,
) -> tuple[Sequence[int], list[Diagnostic]]:
    """Returns the positions of the posts that a product for ``audiences`` may contain, and diagnostics about the others.

    A ``public`` product contains no secret posts either, apart from those that ``states`` names. The book's own texts
    are for all who read it. Raises NoPostsError for a product that is not public and to which no post is left.
    """
    place = "left out of a public target: " if public else "left out: "
    # Of a large archive, no more is kept in memory than the places of the posts.
    positions = array("q")
    left: list[Reason] = []
    reported: list[Diagnostic] = []
    doubtful: list[Diagnostic] = []
    for position, metadata in enumerate(collection.index):
        found = metadata.verdict(now)
        secret = found.withheld(states) if public else None
        group = found.refused(audiences, states)
        if group == EVERYONE and metadata.key in collection.roles:
            group = ""
        if secret is not None:
            left.append(secret)
        elif group:
            reason = next((r for r in found.reasons if r.name == group), Reason("public", EVERYONE))
            left.append(reason)
            why = str(reason) if reason.field not in ("", "audience") else f"it is only for {group}"
            reported.append(_skip_diagnostic(f"{place}{why}", metadata.source))
        else:
            positions.append(position)
            doubtful.extend(doubts((metadata,), now, public=True) if public else ())
    if left and not positions and not public:
        wanted = " or ".join(sorted(audiences)) or "no audience"
        groups = ", ".join(sorted({reason.name for reason in left}))
        raise NoPostsError(
            f"no post is left to make {target} of: it is for {wanted}, and the posts are for {groups}",
            hint=Hint("name those in audiences, too", "name those with --audience, too"),
        )
    reported.extend(secrets_told(left))
    reported.extend(doubtful)
    taken = len(positions)
    reported.extend(selected(taken, taken + len(left), (), left, target=target))
    return positions, reported


def secrets_told(left: Iterable[Reason]) -> Iterator[Diagnostic]:
    """Reports how many secret posts were left out, for each reason, without naming a post.

    ``left`` has the reason of each post that was left out.
    """
    count = Counter((str(reason), reason.name) for reason in left if reason.state == "secret")
    for (said, name), number in count.items():
        them = agree(number, "it", "them")
        message = f"left out: {format_count(number, 'post')} ({said}); {flag_of(name)} takes {them}"
        yield _skip_diagnostic(message)


def selected(
    taken: int,
    of: int,
    only: Sequence[str],
    left: Iterable[Reason],
    whole: int = 0,
    target: str = "",
) -> Iterator[Diagnostic]:
    """Yields one diagnostic about the posts that a selection left out, or none if it left out none.

    ``only`` describes the filters, ``left`` the reasons of the posts that only their state left out, ``whole`` is the number
    of posts without filters by time, and ``target`` is the product for which they were selected.
    """
    if taken == of:
        return
    left = list(left)
    place = f"not in {target}: " if of == 1 and target else f"{target}: " if target else ""
    if of == 1 and left:
        yield _line(f"{place}{lone(left[0])}")
        return
    more = Counter(flag_of(reason.name) for reason in left)
    flags = [f"--all takes {whole}"] if whole > taken else []
    flags += [f"{flag} {count} more" for flag, count in sorted(more.items())]
    parts = f"{place}{taken} of {format_count(of, 'post')}"
    if only:
        parts += f": {', '.join(only)}"
    yield _line(parts + (f" ({'; '.join(flags)})" if flags else ""))


def lone(reason: Reason) -> str:
    """Explains why the only post is left out, and which option includes it."""
    return f"{_why_lone(reason)}: {flag_of(reason.name)} takes it"


def _why_lone(reason: Reason) -> str:
    what = "a draft" if reason.name == "draft" else reason.name
    said = f" ({reason})" if reason.field else ""
    return f"it is {what}{said}"


def why_secret(left: Sequence[Reason]) -> str:
    """Says why posts are secret, in the words of the library and of the command alike, and names no post."""
    if len(left) == 1:
        return _why_lone(left[0])
    count = Counter(map(str, left))
    return ", ".join(f"{format_count(n, 'post')} ({said})" for said, n in count.items())


def doubts(
    posts: Iterable[Metadata], now: datetime, *, public: bool = False
) -> Iterator[Diagnostic]:
    """Warns about included posts that may not be meant for readers yet: those with a future date and, in a
    ``public`` product, those with unknown fields about their visibility.
    """
    for metadata in posts:
        published = metadata.published
        if published is not None and published.value is not None and published.value > now:
            message = (
                f"its date, {published.day}, is in the future. Hint: publishDate in its header withholds "
                "it until then"
            )
            yield Diagnostic(DiagnosticCode.PUBLICATION_STATE, message, metadata.source)
        for field in metadata.doubtful_fields if public else ():
            message = (
                f"the field {field!r} has an unknown value about who may see the post, and the post is "
                "in a public target. Hint: draft: true withholds it"
            )
            yield Diagnostic(DiagnosticCode.PUBLICATION_STATE, message, metadata.source)


def secrets_held(posts: Iterable[Metadata], states: Words[str], now: datetime) -> str:
    """Describes the secret posts in a product that were not requested by name: ``2 drafts, 1 post (status: private)``."""
    found = [reason for m in posts if (reason := m.verdict(now).withheld(states)) is not None]
    count = Counter("draft" if reason.name == "draft" else str(reason) for reason in found)
    if len(found) == 1 == sum(1 for _ in posts):
        return lone(found[0]).partition(":")[0]
    return ", ".join(
        format_count(number, "draft")
        if said == "draft"
        else f"{format_count(number, 'post')} ({said})"
        for said, number in count.items()
    )


def flag_of(name: str) -> str:
    """Returns the option that takes posts which this reason keeps back."""
    return "--drafts" if name in DRAFTS else f"--state {name}"


def _line(message: str) -> Diagnostic:
    return Diagnostic(DiagnosticCode.SELECTED, message, severity=Severity.INFO)


def _skip_diagnostic(message: str, source: str = "") -> Diagnostic:
    return Diagnostic(DiagnosticCode.POST_SKIPPED, message, source, severity=Severity.INFO)
