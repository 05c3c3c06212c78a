"""Decides who may see a post at a given moment.

Readers record the statements of the source in ``Publication`` and in fields of ``Metadata``. ``verdict``
weighs all of them, and the strictest reason wins. ``readers/publication_state.py`` interprets the keys of a
header; this module interprets the words.

Sources of the words: WordPress (post statuses), Ghost (status, visibility), Blogger, Jekyll, Hugo,
Pelican, Substack (audience), as their documentation and real archives have them.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

State: TypeAlias = Literal["public", "unlisted", "restricted", "secret"]
"""An ``unlisted`` post is for everyone who has the address, a ``restricted`` one for members, payers or
holders of a password, a ``secret`` one for nobody (a draft, scheduled, private, in the trash ...)."""

STATES: tuple[State, ...] = ("public", "unlisted", "restricted", "secret")
"""The states, from the mildest to the strictest."""
DRAFTS = frozenset({"draft", "scheduled"})
"""The names of the reasons that ``--drafts`` allows."""
EVERYONE = "everyone"
PAYERS = "only_paid"
AUDIENCES = (EVERYONE, PAYERS, "only_free", "founding")
"""The audiences that Substack has."""

WORDS: Mapping[str, tuple[State, str]] = {
    **dict.fromkeys(("public", "publish", "published", "live", "confirmed"), ("public", "")),
    **dict.fromkeys(("visible", "listed"), ("public", "")),
    **dict.fromkeys(("everyone", "everybody", "all", "open", "free", "anyone"), ("public", "")),
    **dict.fromkeys(("unlisted", "hidden"), ("unlisted", "unlisted")),
    **dict.fromkeys(("draft", "drafts", "auto-draft", "autodraft", "wip"), ("secret", "draft")),
    **dict.fromkeys(("unpublished", "not-published"), ("secret", "draft")),
    **dict.fromkeys(("scheduled", "future", "embargoed"), ("secret", "scheduled")),
    **dict.fromkeys(("pending", "pending-review", "review", "in-review"), ("secret", "pending")),
    **dict.fromkeys(("private", "secret", "internal"), ("secret", "private")),
    **dict.fromkeys(("trash", "trashed", "soft-trashed", "deleted"), ("secret", "trash")),
    **dict.fromkeys(("skip", "inherit"), ("secret", "skip")),
    "expired": ("secret", "expired"),
    **dict.fromkeys(("password", "protected", "password-protected"), ("restricted", "password")),
    **dict.fromkeys(("members", "members-only", "member"), ("restricted", "members")),
    **dict.fromkeys(("paid", "premium", "paid-only"), ("restricted", "paid")),
    "sent": ("restricted", "sent"),
    **{word: ("restricted", word) for word in ("subscribers", "tiers", "only_paid", "founding")},
}
"""The state and the name of the reason that a word gives, in whatever field."""

NAMES = tuple(sorted({name for _, name in WORDS.values()} - {""} | {"unknown"}))
"""The names of reasons, without the audiences for which a publication has its own names."""
_TO_EVERYONE = frozenset({"", "public", "everyone", "everybody", "all"})


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """A reason why a post is not public."""

    state: State
    """The state that the reason gives the post."""
    name: str
    """The name by which a selection may allow it, such as ``draft``, ``scheduled`` or ``paid``."""
    field: str = ""
    """The name of the field in the source."""
    value: str = ""
    """The value of the field; empty if it is confidential, such as a password."""

    @property
    def in_copy(self) -> tuple[str, str]:
        """The field of a header, or of the head of a page, that says the same in a copy, and its value."""
        if self.state == "restricted":
            return "access", self.name
        return "status", self.name if known_word(self.name) else "private"

    def __str__(self) -> str:
        if not self.field:
            return self.name
        return f"{self.field}: {self.value}" if self.value else self.field


class Moment(msgspec.Struct, frozen=True):
    """A moment, and the field that names it."""

    value: datetime
    """The moment, with a time zone."""
    field: str
    """The name of the field in the source."""


class Publication(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the source says on who may see a post, besides ``is_draft``, ``visibility`` and
    ``audience``.
    """

    reasons: tuple[Reason, ...] = ()
    """The reasons that do not depend on the moment."""
    public_from: Moment | None = None
    """The moment before which the post is secret; None if there is none."""
    public_until: Moment | None = None
    """The moment from which the post is secret; None if there is none."""
    doubtful: tuple[str, ...] = ()
    """Unknown fields whose names suggest a statement on who may see the post."""


class Verdict(msgspec.Struct, frozen=True):
    """Who may see a post at one moment: every reason that restricts it, the strictest first."""

    reasons: tuple[Reason, ...] = ()

    @property
    def state(self) -> State:
        return self.reasons[0].state if self.reasons else "public"

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the reasons, each once, the mildest first."""
        return tuple(dict.fromkeys(reason.name for reason in reversed(self.reasons)))

    @property
    def is_secret(self) -> bool:
        return self.state == "secret"

    @property
    def is_unlisted(self) -> bool:
        """Whether lists and feeds omit the post."""
        return any(reason.state == "unlisted" for reason in self.reasons)

    @property
    def audiences(self) -> tuple[str, ...]:
        """The groups to all of which a reader must belong; ``everyone`` if there is no other."""
        names = (reason.name for reason in self.reasons if reason.state == "restricted")
        return tuple(dict.fromkeys(names)) or (EVERYONE,)

    @property
    def is_for_everyone(self) -> bool:
        return self.audiences == (EVERYONE,)

    def with_reason(self, reason: Reason) -> Verdict:
        """Returns the verdict with one more reason."""
        return _verdict_of([*self.reasons, reason])

    def withheld(self, states: Container[str] = ()) -> Reason | None:
        """Returns the reason to withhold the post; None if ``states`` names every such reason.

        ``states`` holds states and names of reasons.
        """
        if "secret" in states:
            return None
        secret = (reason for reason in self.reasons if reason.state == "secret")
        return next((reason for reason in secret if reason.name not in states), None)

    def refused(self, audiences: Container[str], states: Container[str] = ()) -> str:
        """Returns the group outside ``audiences`` to which the post is restricted; empty if there is none."""
        if self.is_for_everyone:
            return "" if EVERYONE in audiences else EVERYONE
        if "restricted" in states:
            return ""
        names = (name for name in self.audiences if name not in audiences and name not in states)
        return next(names, "")


def verdict(
    publication: Publication | None,
    *,
    draft: bool = False,
    visibility: str = "",
    audience: str = "",
    now: datetime,
) -> Verdict:
    """Returns the verdict on a post at the moment ``now``."""
    found: list[Reason] = []
    if draft:
        found.append(Reason("secret", "draft"))
    if visibility.strip().lower() not in _TO_EVERYONE:
        found.append(word_reason(visibility, "visibility"))
    if audience.strip().lower() not in _TO_EVERYONE:
        found.append(_audience_reason(audience.strip()))
    if publication is not None:
        found.extend(publication.reasons)
        start, end = publication.public_from, publication.public_until
        if start is not None and start.value > now:
            found.append(Reason("secret", "scheduled", start.field, start.value.isoformat()))
        if end is not None and end.value <= now:
            found.append(Reason("secret", "expired", end.field, end.value.isoformat()))
    return _verdict_of(found)


def _verdict_of(found: Iterable[Reason]) -> Verdict:
    reasons = [reason for reason in found if reason.state != "public"]
    reasons.sort(key=lambda reason: -STATES.index(reason.state))
    return Verdict(tuple(reasons))


def _audience_reason(audience: str) -> Reason:
    """Keeps the publication's own name of an audience: a selection asks for ``only_paid`` by this name."""
    state, name = known_word(audience) or ("restricted", audience)
    state = "restricted" if state == "public" else state
    return Reason(state, audience if state == "restricted" else name, "audience", audience[:60])


def known_word(text: str) -> tuple[State, str] | None:
    """Looks up a word, ignoring spaces, hyphens and case; None if it is unknown."""
    word = text.strip().lower()
    return WORDS.get(word) or WORDS.get(word.replace(" ", "-").replace("_", "-"))


def word_reason(text: str, field: str) -> Reason:
    """Returns the reason that a word for a group of readers gives; its name is the word if that is unknown."""
    state, name = known_word(text) or ("restricted", text.strip().lower()[:60])
    return Reason(state, name, field, text.strip()[:60])


def status_reason(text: str, field: str) -> Reason:
    """Returns the reason that a status field of a format gives; an unknown status makes the post secret."""
    state, name = known_word(text) or ("secret", "unknown")
    return Reason(state, name, field, text.strip()[:60])


def merge_publications(*statements: Publication | None) -> Publication | None:
    """Merges the statements of several places on one post; None if there are none."""
    publications = [one for one in statements if one is not None]
    starts = [one.public_from for one in publications if one.public_from is not None]
    ends = [one.public_until for one in publications if one.public_until is not None]
    merged = Publication(
        _once(reason for one in publications for reason in one.reasons),
        max(starts, key=lambda moment: moment.value, default=None),
        min(ends, key=lambda moment: moment.value, default=None),
        tuple(dict.fromkeys(key for one in publications for key in one.doubtful)),
    )
    return None if merged == Publication() else merged


def _once(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reason for reason in reasons if reason.state != "public"))
