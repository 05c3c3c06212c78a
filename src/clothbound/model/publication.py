"""Who may see a post, and from when until when: the one place that decides it.

Readers write down what the source says (``Publication``, and the fields of ``Metadata`` that have a
name of their own); ``verdict`` weighs all of it at a given moment, and the strictest reason wins. What
the keys of a header mean stands in ``readers/publication_state.py``, what the words mean stands here.

Sources of the words: WordPress (post statuses), Ghost (status, visibility), Blogger, Jekyll, Hugo,
Pelican, Substack (audience), as their documentation and real archives have them.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

State: TypeAlias = Literal["public", "unlisted", "restricted", "secret"]
"""``unlisted``: for whoever has the address; ``restricted``: for members, payers or holders of a
password; ``secret``: for nobody (a draft, scheduled, private, in the trash ...)."""

STATES: tuple[State, ...] = ("public", "unlisted", "restricted", "secret")
"""From the mildest to the strictest."""
DRAFTS = frozenset({"draft", "scheduled"})
"""What ``--drafts`` takes: names of reasons."""
EVERYONE = "everyone"

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
"""What a word says of a post, whichever field it stands in: its state, and the name of the reason."""

NAMES = tuple(sorted({name for _, name in WORDS.values()} - {""} | {"unknown"}))
"""The reasons that may be named, beside the audiences that a publication calls its own way."""
_TO_EVERYONE = frozenset({"", "public", "everyone", "everybody", "all"})


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a post is not simply public."""

    state: State
    name: str
    """``draft``, ``scheduled``, ``paid`` ...: what may be asked for by name."""
    field: str = ""
    """The field that says so, as the source calls it."""
    value: str = ""
    """The value of the field; empty if it is confidential, such as a password."""

    def __str__(self) -> str:
        if not self.field:
            return self.name
        return f"{self.field}: {self.value}" if self.value else self.field


class Moment(msgspec.Struct, frozen=True):
    """A moment, and the field that names it."""

    value: datetime
    field: str


class Publication(msgspec.Struct, frozen=True, omit_defaults=True):
    """The source's statements on who may see a post, beside ``draft``, ``visibility`` and ``audience``."""

    reasons: tuple[Reason, ...] = ()
    public_from: Moment | None = None
    public_until: Moment | None = None
    doubtful: tuple[str, ...] = ()
    """Fields whose names sound as if they said something about it, which nobody knows."""


class Verdict(msgspec.Struct, frozen=True):
    """Who may see a post at one moment: every reason that restricts it, the strictest first."""

    reasons: tuple[Reason, ...] = ()

    @property
    def state(self) -> State:
        return self.reasons[0].state if self.reasons else "public"

    @property
    def is_secret(self) -> bool:
        return self.state == "secret"

    @property
    def is_unlisted(self) -> bool:
        """Whether lists and feeds leave the post out."""
        return any(reason.state == "unlisted" for reason in self.reasons)

    @property
    def audiences(self) -> tuple[str, ...]:
        """The groups to all of which a reader must belong; ``everyone`` where there is no other."""
        names = (reason.name for reason in self.reasons if reason.state == "restricted")
        return tuple(dict.fromkeys(names)) or (EVERYONE,)

    @property
    def is_for_everyone(self) -> bool:
        return self.audiences == (EVERYONE,)

    def withheld(self, states: Container[str] = ()) -> Reason | None:
        """The reason for which the post goes nowhere, unless ``states`` names each such reason.

        A name of ``states`` is a state or that of a reason.
        """
        if "secret" in states:
            return None
        secret = (reason for reason in self.reasons if reason.state == "secret")
        return next((reason for reason in secret if reason.name not in states), None)

    def refused(self, audiences: Container[str], states: Container[str] = ()) -> str:
        """The group of readers, not among ``audiences``, for which the post is; else empty."""
        if self.is_for_everyone:
            return "" if EVERYONE in audiences else EVERYONE
        if "restricted" in states:
            return ""
        names = (name for name in self.audiences if name not in audiences and name not in states)
        return next(names, "")


def verdict(
    said: Publication | None,
    *,
    draft: bool = False,
    visibility: str = "",
    audience: str = "",
    now: datetime,
) -> Verdict:
    """The verdict on a post at the moment ``now``."""
    found: list[Reason] = []
    if draft:
        found.append(Reason("secret", "draft"))
    if visibility.strip().lower() not in _TO_EVERYONE:
        found.append(word_reason(visibility, "visibility"))
    if audience.strip().lower() not in _TO_EVERYONE:
        found.append(_audience_reason(audience.strip()))
    if said is not None:
        found.extend(said.reasons)
        start, end = said.public_from, said.public_until
        if start is not None and start.value > now:
            found.append(Reason("secret", "scheduled", start.field, start.value.isoformat()))
        if end is not None and end.value <= now:
            found.append(Reason("secret", "expired", end.field, end.value.isoformat()))
    found = [reason for reason in found if reason.state != "public"]
    found.sort(key=lambda reason: -STATES.index(reason.state))
    return Verdict(tuple(found))


def _audience_reason(audience: str) -> Reason:
    """A publication has its own words for groups of its readers: ``only_paid`` is asked for as that."""
    state, name = known_word(audience) or ("restricted", audience)
    state = "restricted" if state == "public" else state
    return Reason(state, audience if state == "restricted" else name, "audience", audience[:60])


def known_word(text: str) -> tuple[State, str] | None:
    """Look up a word, ignoring spaces, hyphens and case; None if it is unknown."""
    word = text.strip().lower()
    return WORDS.get(word) or WORDS.get(word.replace(" ", "-").replace("_", "-"))


def word_reason(text: str, field: str) -> Reason:
    """The reason that a word is which a group of readers is named by; its own name where unknown."""
    state, name = known_word(text) or ("restricted", text.strip().lower()[:60])
    return Reason(state, name, field, text.strip()[:60])


def status_reason(text: str, field: str) -> Reason:
    """The same where the format defines the field: a status that is not known is a secret one."""
    state, name = known_word(text) or ("secret", "unknown")
    return Reason(state, name, field, text.strip()[:60])


def merge_publications(*said: Publication | None) -> Publication | None:
    """Merge the statements of several places on one post; None if there are none."""
    given = [one for one in said if one is not None]
    starts = [one.public_from for one in given if one.public_from is not None]
    ends = [one.public_until for one in given if one.public_until is not None]
    made = Publication(
        _once(reason for one in given for reason in one.reasons),
        max(starts, key=lambda moment: moment.value, default=None),
        min(ends, key=lambda moment: moment.value, default=None),
        tuple(dict.fromkeys(key for one in given for key in one.doubtful)),
    )
    return None if made == Publication() else made


def _once(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reason for reason in reasons if reason.state != "public"))
