"""Interprets the fields of a post's header that say who may see it; ``TABLE`` lists their keys.

Sources: the documentation of Hugo, Jekyll, Eleventy, Pelican, Quarto, Zola, Obsidian Publish, Ghost
and WordPress, and the habits of themes as real archives have them. A key is looked up without
regard to case, hyphens and underscores. ``model/publication.py`` interprets words such as
``pending``.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

import msgspec

from ..lazy_pattern import lazy_pattern
from ..model.post import Metadata
from ..model.publication import (
    STATES,
    Moment,
    Publication,
    Reason,
    State,
    known_word,
    merge_publications,
    status_reason,
    word_reason,
)
from ..model.years import years_in
from .front_matter import json_text
from .timestamps import read_timestamp

_DRAFT_FOLDER = lazy_pattern(
    r"(?:^|/)_?drafts/"
    r"|(?:^|/)(?:draft|scheduled)/\d{4}(?:-\d\d){5}_[^/]*_[^/]*\Z|(?:^|/)content/static/(?:[^/]+/)?draft/",
    re.I,
)
"""Matches folders of drafts. HTMLy's have plainer names, so those of its files or of the folders around them count, too."""
_TRUE = frozenset({"true", "yes", "on", "1", "y", "t"})
_FALSE = frozenset(
    {"", "false", "no", "off", "0", "n", "f", "never", "none", "null", "~", "not yet"}
)


class _Rule(msgspec.Struct, frozen=True):
    """The meaning of a key; ``when`` tells which values make it apply."""

    when: Literal[
        "true",
        "false",
        "no",
        "set",
        "noindex",
        "group",
        "status",
        "word",
        "from",
        "until",
        "dated",
        "nothing",
    ]
    state: State = "public"
    name: str = ""


def _keys(rule: _Rule, keys: str) -> dict[str, _Rule]:
    return dict.fromkeys(keys.split(), rule)


TABLE: Mapping[str, _Rule] = {
    **_keys(_Rule("true", "secret", "draft"), "draft isdraft wip unpublished isunpublished"),
    **_keys(_Rule("false", "secret", "draft"), "published publish ispublished dgpublish"),
    **_keys(_Rule("true", "secret", "private"), "private isprivate secret issecret"),
    **_keys(_Rule("false", "secret", "private"), "public ispublic"),
    **_keys(_Rule("true", "secret", "trash"), "trash trashed deleted isdeleted"),
    **_keys(_Rule("true", "secret", "scheduled"), "scheduled isscheduled embargo embargoed"),
    **_keys(_Rule("true", "secret", "expired"), "expired isexpired"),
    # Eleventy, Hugo and Zola, Statiq, DocPad and Grav then write no page for the post; Qiita's command publishes none.
    **_keys(_Rule("no", "secret", "skip"), "permalink render"),
    **_keys(_Rule("true", "secret", "skip"), "headless excluded ignored ignorepublish"),
    **_keys(_Rule("false", "secret", "skip"), "routable"),
    **_keys(_Rule("true", "unlisted", "unlisted"), "hidden ishidden unlisted isunlisted noindex"),
    **_keys(_Rule("true", "unlisted", "unlisted"), "eleventyexcludefromcollections"),
    **_keys(
        _Rule("false", "unlisted", "unlisted"), "listed islisted visible isvisible discoverable"
    ),
    **_keys(_Rule("no", "unlisted", "unlisted"), "sitemap"),
    **_keys(_Rule("noindex", "unlisted", "unlisted"), "robots metarobots"),
    **_keys(_Rule("set", "restricted", "password"), "password postpassword passphrase passwd"),
    **_keys(_Rule("true", "restricted", "password"), "protected passwordprotected encrypted"),
    **_keys(_Rule("true", "restricted", "members"), "members membersonly memberonly"),
    **_keys(_Rule("true", "restricted", "members"), "subscribersonly subscriberonly loginrequired"),
    **_keys(_Rule("true", "restricted", "paid"), "paid ispaid paidonly premium ispremium"),
    **_keys(_Rule("true", "restricted", "paid"), "paywall paywalled"),
    **_keys(_Rule("false", "restricted", "paid"), "isaccessibleforfree"),
    **_keys(_Rule("true", "restricted", "sent"), "emailonly"),
    **_keys(_Rule("group"), "visibility audience access accesslevel postaccess postvisibility"),
    **_keys(_Rule("status"), "status poststatus publicationstatus publishstatus publishingstatus"),
    **_keys(_Rule("word"), "state"),
    **_keys(_Rule("from"), "publishdate publishon publishat publishafter publishfrom"),
    **_keys(_Rule("from"), "embargountil embargoeduntil embargodate scheduledat scheduledfor"),
    **_keys(_Rule("until"), "expirydate expiry expires expireson expiresat expiredate"),
    **_keys(_Rule("until"), "expirationdate expiration unpublishdate unpublishat unpublishon"),
    # A moment at which Zenn, DEV or Hashnode publishes; another value is no reason to keep a post back.
    **_keys(_Rule("dated"), "publishedat"),
    # These keys contain a word of ``_WORDS``, but say nothing about who may see the post.
    **_keys(_Rule("nothing"), "publisher publishers publishedon publisheddate"),
    **_keys(_Rule("nothing"), "publishedtime publishedby publishedin datepublished firstpublished"),
    **_keys(_Rule("nothing"), "originallypublished accessibility accessed accessdate lastaccessed"),
}
TYPED = frozenset({"draft", "isdraft", "visibility", "audience"})
"""Keys at the top of a header that have fields of their own in ``Metadata``."""
_HUGO_DATES = frozenset({"published", "pubdate"})
"""Names that Hugo also accepts for ``publishDate``; elsewhere they are ordinary dates."""
_FROM_DATES = _HUGO_DATES | {"date", "publishdate"}
_UNTIL_DATES = frozenset({"expirydate", "unpublishdate"})
"""The dates that the settings ``buildFuture`` and ``buildExpired`` of Hugo are about."""
_WORDS = lazy_pattern(
    r"draft|priv|publish|visib|hidden|secret|access|password|member|paid|embargo|expir|unlist"
)
"""Matches keys outside the table that may restrict who can see the post."""
_INNER = frozenset({"params", "extra", "metadata", "meta", "robots", "build", "sitemap"})
"""Mappings in a header whose keys count as the header's own, such as Hugo's ``params`` and Zola's
``extra``."""
_DEEPEST = 3
_TOP = 100_000
"""The number of characters in which an unread header is searched for."""
_FENCES = {"---": "---", "+++": "+++", ";;;": ";;;"}
_BRACE = lazy_pattern(r"\{[ \t]*(?:\n|[\"'}])")
_CONTINUED = lazy_pattern(r"(?: {4}|\t)(?!.*:\s)")
"""Matches a line that continues the value above it, in a header without fences."""
_COMMENT = lazy_pattern(r"<!--(.*?)-->", re.S)
_TABLE_LINE = lazy_pattern(r"[ \t]*\[+(?:[\w-]+\.)*([\w-]+)\]+[ \t]*")
_FLOW = lazy_pattern(r"[{},]")
_LINE = lazy_pattern(
    r"""([ \t]{0,8})(?:- |\.\. )?["']?([A-Za-z][\w .?-]{1,40}?)["']?[ \t]*[:=]\s*(.*?),?\s*"""
)
_BARE_KEYS = frozenset("title date author authors category tags slug summary lang modified".split())
"""A header without fences must contain a line that begins with one of these keys; otherwise it is
text."""
_DAY = lazy_pattern(r"-(\d\d)-(\d\d)(?!\d)")
"""Matches month and day after the year of a date."""
_ZONES = timedelta(hours=14)
"""The greatest offset of a time zone from UTC."""
_LISTED = lazy_pattern(r"[,;/|]")
_SEPARATORS = lazy_pattern(r"[\W_]+")


def publication_of(
    fields: Mapping[str, Any], *, defines_status: bool = False, with_typed: bool = False
) -> Publication | None:
    """Reads from ``fields`` who may see a post, without those in ``TYPED``; None if they do not
    say.

    ``defines_status`` means that the format defines ``status``, so that an unknown value makes a
    post secret. ``with_typed`` includes the fields in ``TYPED``.
    """
    found = [
        _as_written(_read_field(key, name, value, defines_status=defines_status), written)
        for key, name, value, written, is_typed in _flatten(fields)
        if with_typed or not is_typed
    ]
    return merge_publications(*found)


def _as_written(found: Publication | None, written: str) -> Publication | None:
    """Returns what a field says, with the value as its header writes it; ``written`` is empty if it was not translated."""
    if found is None or not written:
        return found
    reasons = (msgspec.structs.replace(reason, value=written) for reason in found.reasons)
    return msgspec.structs.replace(found, reasons=tuple(reasons))


def apply_unread_restrictions(metadata: Metadata, text: str) -> Metadata:
    """Returns ``metadata`` with the restrictions in header lines that were not read as fields.

    Of a field that occurs twice, the strictest value counts, so that writers pass it on.
    """
    unread = publication_of_written(text)
    own = metadata.publication or Publication()
    strict = merge_publications(own, unread)
    if strict is None or strict == own:
        return metadata
    values = {r.field: r.value or "true" for r in strict.reasons if r not in own.reasons}
    if strict.public_from is not None and strict.public_from != own.public_from:
        values[strict.public_from.field] = strict.public_from.value.isoformat()
    if strict.public_until is not None and strict.public_until != own.public_until:
        values[strict.public_until.field] = strict.public_until.value.isoformat()
    extra = {key: values.get(key, value) for key, value in metadata.extra.items()}
    return msgspec.structs.replace(metadata, publication=strict, extra=extra)


def is_among_drafts(source: str) -> bool:
    """Returns whether a post's file is in a folder of drafts: ``_drafts`` of Jekyll, Hexo and Kirby, ``Drafts`` of Blot,
    ``draft`` and ``scheduled`` of HTMLy.
    """
    return _DRAFT_FOLDER.search(source) is not None


def show_withheld(metadata: Metadata, shown: Mapping[str, State]) -> Metadata:
    """Returns ``metadata`` as a site shows them whose configuration asks for posts that are kept back otherwise.

    ``shown`` has the state that such posts get by the name of the reason: ``draft``, ``scheduled``, ``expired``. Other
    fields, such as ``private``, keep a post back all the same, and so does a folder of drafts.
    """
    own = metadata.publication or Publication()
    start, end, reasons = own.public_from, own.public_until, list(own.reasons)
    is_draft = metadata.is_draft
    if "draft" in shown and not is_among_drafts(metadata.source):
        marked = [r for r in reasons if r.name == "draft" and _is_of(r.field, TYPED)]
        reasons = [reason for reason in reasons if reason not in marked]
        if shown["draft"] != "public" and (is_draft or marked):
            reasons.append(Reason(shown["draft"], "unlisted", "draft", "true"))
        is_draft = False
    if "scheduled" in shown and start is not None and _is_of(start.field, _FROM_DATES):
        start = None
    if "expired" in shown and end is not None and _is_of(end.field, _UNTIL_DATES):
        end = None
    merged = merge_publications(Publication(tuple(reasons), start, end, own.doubtful))
    return (
        msgspec.structs.replace(metadata, is_draft=is_draft, publication=merged)
        if shown
        else metadata
    )


def _is_of(field: str, keys: Container[str]) -> bool:
    """Whether a field, perhaps with the place where it stands, has one of these keys."""
    return plain_key(field.partition(" in ")[0]) in keys


def publication_of_written(text: str) -> Publication | None:
    """Reads line by line who may see a post whose header was not read, or only in part.

    Such a header is not closed, was set aside as too large or broken, contains a line that is not a
    field or a field twice, does not begin on the first line, or has no fences, as in Pelican,
    Nikola and MultiMarkdown.
    """
    top = text[:_TOP].lstrip("\ufeff \t\n")
    comment = _COMMENT.match(top)
    if comment is not None:
        after = top[comment.end() :].lstrip(" \t\n")
        top = after if after[:3] in _FENCES else comment[1].strip() + "\n\n"
    lines = top.split("\n")
    fence = "}" if _BRACE.match(top) else _FENCES.get(lines[0].strip()[:3])
    if fence is not None:
        lines = lines if lines[0].startswith("{") else lines[1:]
        ends = [n for n, line in enumerate(lines) if line.strip() == fence]
        blank = (n for n, line in enumerate(lines) if not line.strip())
        lines = lines[: ends[0] if ends else next(blank, len(lines))]
    else:
        lines = lines[: next((n for n, line in enumerate(lines) if not line.strip()), len(lines))]
        found = [found for line in lines if (found := _LINE.fullmatch(line)) is not None]
        if (
            len(found) < sum(not _CONTINUED.match(line) for line in lines)
            or _BARE_KEYS.isdisjoint(plain_key(line[2]) for line in found)
            or any(line[3].startswith("//") for line in found)
        ):
            return None
    return merge_publications(
        *(publication_of(field, with_typed=True) for field in _written_fields(lines))
    )


def _written_fields(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yields the fields in lines of YAML, TOML or JSON, and those of mappings in them.

    Fields in a line with braces (JSON, JavaScript) count at any depth.
    """
    table = outer = ""
    base = -1
    for line in lines:
        if (found := _TABLE_LINE.fullmatch(line)) is not None:
            table = found[1]
        is_flow = line.lstrip().startswith("{")
        for part in _FLOW.split(line) if is_flow else (line,):
            if (found := _LINE.fullmatch(part)) is None:
                continue
            indent, key, value = len(found[1]), found[2], found[3].strip("\"' ")
            base = indent if base < 0 else base
            if is_flow or (indent <= base and not table):
                outer = key
                yield {key: value}
            else:
                yield {table or outer: {key: value}}


def is_draft(fields: Mapping[str, Any]) -> bool:
    """Whether one of the fields that mark drafts marks the post as one."""
    reasons = [
        _read_truth(TABLE["draft"], key, value)[0]
        for key, value in fields.items()
        if plain_key(key) in ("draft", "isdraft")
    ]
    return any(reason is not None and reason.state == "secret" for reason in reasons)


def is_moment(key: str) -> bool:
    """Whether a field gives the time of publication; such a field is kept even if it is also used
    as the date.
    """
    rule = TABLE.get(plain_key(key))
    return rule is not None and rule.when == "from"


def is_word(value: Any) -> bool:
    """Whether a value is a truth value or a status instead of a date, as in ``published:
    false``.
    """
    if isinstance(value, bool):
        return True
    text = json_text(value).strip().lower()
    return text in _TRUE or text in _FALSE or known_word(text) is not None


def published_moments(metadata: Metadata, *, every_name: bool) -> Iterator[Moment]:
    """Yields the dates of a post that, while in the future, keep it unpublished on sites that work
    so.

    ``every_name`` includes Hugo's other names of ``publishDate``.
    """
    stamp = metadata.published
    if stamp is not None and stamp.value is not None:
        yield Moment(stamp.value, "date")
    for key, value in metadata.extra.items() if every_name else ():
        if plain_key(key) in _HUGO_DATES and (moment := _read_moment(value, key)) is not None:
            yield moment


@lru_cache(maxsize=256)
def plain_key(key: str) -> str:
    """Returns a key as the table spells it. The posts of an archive have the same few keys."""
    return _SEPARATORS.sub("", key.lower())


def _flatten(
    fields: Mapping[str, Any], path: str = "", depth: int = 1
) -> Iterator[tuple[str, str, Any, str, bool]]:
    """Yields for each field its key in the table, its name in messages, its value, the text of a value that was
    translated, and whether ``Metadata`` has a field for it.
    """
    for written, value in fields.items():
        key = plain_key(written)
        name = f"{path}{written}"
        if key in _INNER and isinstance(value, Mapping):
            if depth < _DEEPEST:
                yield from _flatten(value, f"{name}.", depth + 1)
            continue
        if path and (within := _translate_inner_key(path, key, value)) is not None:
            yield within[0], name, within[1], json_text(value).strip()[:60], False
            continue
        yield key, name[:60], value, "", depth == 1 and key in TYPED


def _translate_inner_key(path: str, key: str, value: Any) -> tuple[str, Any] | None:
    """Translates a key that has a meaning only inside one mapping to a general key and its
    value.
    """
    outer = plain_key(path.rstrip(".").rpartition(".")[2])
    text = json_text(value).strip().lower()
    if outer == "build" and key == "render":  # Hugo allows always, never, link
        return ("headless", text not in ("always", "true", ""))
    if outer == "build" and key == "list":  # Hugo allows always, never, local
        return ("unlisted", text not in ("always", "true", ""))
    if outer == "robots" and key == "index":
        return ("listed", value)
    if outer == "sitemap":
        return ("unlisted", key in ("exclude", "disable") and _is_yes(value))
    return None


def _read_field(key: str, name: str, value: Any, *, defines_status: bool) -> Publication | None:
    rule = TABLE.get(key)
    if rule is None:
        doubtful = _WORDS.search(key) is not None and json_text(value).strip() != ""
        return Publication(doubtful=(name,)) if doubtful else None
    starts = rule.when in ("from", "dated") or rule.name == "scheduled"
    ends = rule.when == "until" or rule.name == "expired"
    if (starts or ends) and (
        moment := _read_moment(value, name) or _read_rough_moment(value, name, latest=starts)
    ):
        return Publication(public_from=moment) if starts else Publication(public_until=moment)
    reason, is_clear = _read_reason(rule, name, value, defines_status=defines_status)
    if reason is not None:
        return Publication((reason,))
    return None if is_clear else Publication(doubtful=(name,))


def _read_reason(
    rule: _Rule, name: str, value: Any, *, defines_status: bool
) -> tuple[Reason | None, bool]:
    """Returns the reason that a value gives; if it gives none, whether the value is understood."""
    text = json_text(value).strip()
    word = text.lower()
    match rule.when:
        case "nothing" | "dated":
            return None, True
        case "set":
            # The value is a password, so it must not appear anywhere.
            is_set = word not in _FALSE
            return (Reason(rule.state, rule.name, name) if is_set else None), True
        case "noindex":
            holds = "noindex" in word or word == "none"
            return (Reason(rule.state, rule.name, name, text[:60]) if holds else None), True
        case "status" | "word":
            if defines_status and text and rule.when == "status":
                return status_reason(text, name), True
            known = [status_reason(part, name) for part in _parts(text) if known_word(part)]
            return max(known, key=lambda reason: STATES.index(reason.state), default=None), True
        case "group":
            # A date is the day of a visit, as in a source's ``access``.
            says_none = not word or word in ("true", "yes", "on") or _read_moment(value, name)
            return (None if says_none else word_reason(text, name)), True
        case "no":
            is_no = value is False or word in ("false", "no", "off")
            return (Reason(rule.state, rule.name, name, text[:60]) if is_no else None), True
        case "true" | "false":
            return _read_truth(rule, name, value)
        case "from" | "until":
            return _read_unclear_moment(rule.when, name, text)


def _read_truth(rule: _Rule, name: str, value: Any) -> tuple[Reason | None, bool]:
    text = json_text(value).strip()
    word = text.lower()
    reason = Reason(rule.state, rule.name, name, text[:60])
    if rule.when == "false":
        if word in _FALSE:
            return (reason if word else None), True
        if known_word(text):
            return status_reason(text, name), True
        return None, word in _TRUE or _read_moment(value, name) is not None
    if known_word(text):
        return status_reason(text, name), True
    if isinstance(value, bool) or word in _TRUE or word in _FALSE:
        return (reason if _is_yes(value) else None), True
    # Other words and numbers of the author (``draft: nearly done``); too strict is the safer error.
    is_strict = isinstance(value, str) or rule.state in ("secret", "unlisted")
    return (reason if is_strict else None), False


def _parts(text: str) -> tuple[str, ...]:
    """Returns a text and the items that it lists, as in ``evergreen, draft``."""
    return (text, *_LISTED.split(text))


def _read_unclear_moment(when: str, name: str, text: str) -> tuple[Reason | None, bool]:
    """Interprets a field that should hold a date but does not."""
    word = text.lower()
    if not text or word in _TRUE or (when == "until" and word in _FALSE):
        return None, True
    if known_word(text):
        return status_reason(text, name), True
    if when == "from":
        return Reason("secret", "unknown", name, text[:60]), True
    return None, False


def _is_yes(value: Any) -> bool:
    """Returns False for ``draft:`` without a value; any unknown word counts as yes, the safer
    error.
    """
    return json_text(value).strip().lower() not in _FALSE


def _read_moment(value: Any, name: str) -> Moment | None:
    text = json_text(value).strip()
    if not re.search(r"\d{4}", text):
        return None
    stamp = read_timestamp(text)
    return Moment(stamp.value, name) if stamp.value is not None else None


def _read_rough_moment(value: Any, name: str, *, latest: bool) -> Moment | None:
    """Returns the latest or the earliest moment that an ambiguous date can mean; None if it has no
    year.

    Only its day or its year is understood: ``05/06/2021``, or a day with a named time zone.
    """
    text = json_text(value)
    year = next(years_in(text), None)
    if year is None:
        return None
    named = _DAY.match(text, text.index(str(year)) + 4)
    try:
        if named is not None:
            start = datetime(year, int(named[1]), int(named[2]), tzinfo=UTC)
            end = start + timedelta(days=1)
        else:
            start, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    except ValueError:
        return None
    return Moment(end + _ZONES if latest else start - _ZONES, name)
