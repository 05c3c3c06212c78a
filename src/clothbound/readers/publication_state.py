"""What the fields of a post's header say of who may see it: the one table of their keys.

Sources: the documentation of Hugo, Jekyll, Eleventy, Pelican, Quarto, Zola, Obsidian Publish, Ghost and
WordPress, and the habits of themes as real archives have them. A key is looked up without regard to
case, hyphens and underscores. What a word like ``pending`` says stands in ``model/publication.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from ..model.post import Metadata
from ..model.publication import (
    Moment,
    Publication,
    Reason,
    State,
    known_word,
    merged,
    status_reason,
    word_reason,
)
from .front_matter import json_text

_TRUE = frozenset({"true", "yes", "on", "1", "y", "t"})
_FALSE = frozenset(
    {"", "false", "no", "off", "0", "n", "f", "never", "none", "null", "~", "not yet"}
)


class _Rule(NamedTuple):
    """What a key says. ``when`` is the kind of value at which it says that."""

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
    # Nothing is written for the post: Eleventy, Hugo, Zola.
    **_keys(_Rule("no", "secret", "skip"), "permalink render"),
    **_keys(_Rule("true", "secret", "skip"), "headless"),
    **_keys(_Rule("true", "unlisted", "unlisted"), "hidden ishidden unlisted isunlisted noindex"),
    **_keys(_Rule("true", "unlisted", "unlisted"), "eleventyexcludefromcollections"),
    **_keys(_Rule("false", "unlisted", "unlisted"), "listed islisted visible isvisible"),
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
    # They hold a word of the list below, and say nothing of this.
    **_keys(_Rule("nothing"), "publisher publishers publishedat publishedon publisheddate"),
    **_keys(_Rule("nothing"), "publishedtime publishedby publishedin datepublished firstpublished"),
    **_keys(_Rule("nothing"), "originallypublished accessibility accessed accessdate lastaccessed"),
}
TYPED = frozenset({"draft", "isdraft", "visibility", "audience"})
"""Keys that have fields of their own in ``Metadata``, where they stand at the top of a header."""
_HUGO_DATES = frozenset({"published", "pubdate"})
"""What Hugo calls a ``publishDate`` too; elsewhere they are dates like others."""
_WORDS = re.compile(
    r"draft|priv|publish|visib|hidden|secret|access|password|member|paid|embargo|expir|unlist"
)
"""A key that holds one of these, and is not in the table, may say what nobody here understands."""
_INNER = frozenset({"params", "extra", "metadata", "meta", "robots", "build", "sitemap"})
"""Mappings in a header whose keys count as the header's own: Hugo's ``params``, Zola's ``extra`` ..."""
_DEEPEST = 3
_TOP = 100_000
"""Characters in which a header is looked for that was not read."""
_FENCES = {"---": "---", "+++": "+++", ";;;": ";;;", "{": "}"}
_LINE = re.compile(r"""[ \t]{0,8}["']?([A-Za-z][\w .-]{1,40}?)["']?[ \t]*[:=][ \t]*(.*?),?[ \t]*""")
_BARE_KEYS = frozenset("title date author authors category tags slug summary lang modified".split())
"""One of these at least begins a line of a header without fences; else it is text."""
_SEPARATORS = str.maketrans("", "", "-_ .:")


def publication_of(
    fields: Mapping[str, Any], *, defines_status: bool = False, with_typed: bool = False
) -> Publication | None:
    """What ``fields`` say of who may see a post, beside those of ``TYPED``; None: nothing.

    ``defines_status``: the format gives ``status`` a meaning, so that a strange one is a secret.
    ``with_typed``: those of ``TYPED`` count too.
    """
    found = [
        _said(key, name, value, defines_status=defines_status)
        for key, name, value, is_typed in _flat(fields)
        if with_typed or not is_typed
    ]
    return merged(*found)


def publication_of_unread(text: str) -> Publication | None:
    """What the top of a text says of who may see it, where no header was read there: it is not closed,
    was set aside as too large or broken, does not begin on the first line, or has no fences, as
    Pelican's and MultiMarkdown's have none.
    """
    lines = text[:_TOP].lstrip("\ufeff \t\n").split("\n")
    fence = _FENCES.get(lines[0].strip()[:3])
    if fence is not None:
        lines = lines[1:]
        ends = [n for n, line in enumerate(lines) if line.strip() == fence]
        blank = (n for n, line in enumerate(lines) if not line.strip())
        lines = lines[: ends[0] if ends else next(blank, len(lines))]
    else:
        lines = lines[: next((n for n, line in enumerate(lines) if not line.strip()), len(lines))]
    found = [found for line in lines if (found := _LINE.fullmatch(line)) is not None]
    if fence is None and (
        len(found) < len(lines)
        or all(plain_key(line[1]) not in _BARE_KEYS for line in found)
        or any(line[2].startswith("//") for line in found)
    ):
        return None
    return publication_of({line[1]: line[2].strip("\"' ") for line in found}, with_typed=True)


def is_draft(fields: Mapping[str, Any]) -> bool:
    """Whether a field for drafts alone says that the post is one."""
    said = [
        _truth(TABLE["draft"], key, value)[0]
        for key, value in fields.items()
        if plain_key(key) in ("draft", "isdraft")
    ]
    return any(reason is not None and reason.state == "secret" for reason in said)


def is_moment(key: str) -> bool:
    """Whether a field says from when on a post is public: what becomes its date stays there too."""
    rule = TABLE.get(plain_key(key))
    return rule is not None and rule.when == "from"


def is_word(value: Any) -> bool:
    """Whether a value is a truth or a status, and so no date: ``published: false``."""
    if isinstance(value, bool):
        return True
    text = json_text(value).strip().lower()
    return text in _TRUE or text in _FALSE or known_word(text) is not None


def published_moments(metadata: Metadata, *, every_name: bool) -> Iterator[Moment]:
    """The dates of a post that keep it back while they are to come, where its site has it so.

    ``every_name``: Hugo's further names of ``publishDate`` among them.
    """
    stamp = metadata.published
    if stamp is not None and stamp.value is not None:
        yield Moment(stamp.value, "date")
    for key, value in metadata.extra.items() if every_name else ():
        if plain_key(key) in _HUGO_DATES and (moment := _moment(value, key)) is not None:
            yield moment


def plain_key(key: str) -> str:
    """A key as the table has it."""
    return key.lower().translate(_SEPARATORS)


def _flat(
    fields: Mapping[str, Any], path: str = "", depth: int = 1
) -> Iterator[tuple[str, str, Any, bool]]:
    """Each field's plain key, its name for people, its value, and whether ``Metadata`` has it."""
    for written, value in fields.items():
        key = plain_key(written)
        name = f"{path}{written}"
        if isinstance(value, Mapping) and key in _INNER:
            if depth < _DEEPEST:
                yield from _flat(value, f"{name}.", depth + 1)
            continue
        if path and (within := _within(path, key, value)) is not None:
            yield within[0], name, within[1], False
            continue
        yield key, name[:60], value, depth == 1 and key in TYPED


def _within(path: str, key: str, value: Any) -> tuple[str, Any] | None:
    """Keys that mean something inside one mapping alone, as others that mean it everywhere."""
    outer = plain_key(path.rstrip(".").rpartition(".")[2])
    text = json_text(value).strip().lower()
    if outer == "build" and key == "render":  # Hugo: always, never, link
        return ("headless", text not in ("always", "true", ""))
    if outer == "build" and key == "list":  # Hugo: always, never, local
        return ("unlisted", text not in ("always", "true", ""))
    if outer == "robots" and key == "index":
        return ("listed", value)
    if outer == "sitemap":
        return ("unlisted", key in ("exclude", "disable") and _is_yes(value))
    return None


def _said(key: str, name: str, value: Any, *, defines_status: bool) -> Publication | None:
    rule = TABLE.get(key)
    if rule is None:
        doubtful = _WORDS.search(key) is not None and json_text(value).strip() != ""
        return Publication(doubtful=(name,)) if doubtful else None
    if (rule.when == "from" or rule.name == "scheduled") and (moment := _moment(value, name)):
        return Publication(public_from=moment)
    if (rule.when == "until" or rule.name == "expired") and (moment := _moment(value, name)):
        return Publication(public_until=moment)
    reason, is_clear = _reason(rule, name, value, defines_status=defines_status)
    if reason is not None:
        return Publication((reason,))
    return None if is_clear else Publication(doubtful=(name,))


def _reason(
    rule: _Rule, name: str, value: Any, *, defines_status: bool
) -> tuple[Reason | None, bool]:
    """The reason in a value, and whether the value is understood where there is none."""
    text = json_text(value).strip()
    word = text.lower()
    match rule.when:
        case "nothing":
            return None, True
        case "set":
            # The value is a password, and goes nowhere.
            is_set = word not in _FALSE
            return (Reason(rule.state, rule.name, name) if is_set else None), True
        case "noindex":
            holds = "noindex" in word or word == "none"
            return (Reason(rule.state, rule.name, name, text[:60]) if holds else None), True
        case "status" | "word":
            if defines_status and text and rule.when == "status":
                return status_reason(text, name), True
            return (status_reason(text, name) if known_word(text) else None), True
        case "group":
            return (word_reason(text, name) if word else None), True
        case "no":
            is_no = value is False or word in ("false", "no", "off")
            return (Reason(rule.state, rule.name, name, text[:60]) if is_no else None), True
        case "true" | "false":
            return _truth(rule, name, value)
        case "from" | "until":
            return _unclear_moment(rule.when, name, text)


def _truth(rule: _Rule, name: str, value: Any) -> tuple[Reason | None, bool]:
    text = json_text(value).strip()
    word = text.lower()
    reason = Reason(rule.state, rule.name, name, text[:60])
    if rule.when == "false":
        if word in _FALSE:
            return (reason if word else None), True
        if known_word(text):
            return status_reason(text, name), True
        return None, word in _TRUE or _moment(value, name) is not None
    if known_word(text):
        return status_reason(text, name), True
    if isinstance(value, bool) or word in _TRUE or word in _FALSE:
        return (reason if _is_yes(value) else None), True
    # Words of the author's own, ``draft: nearly done``: rather too strict.
    is_words = isinstance(value, str) or name.lower().startswith("eleventy")
    return (reason if is_words else None), False


def _unclear_moment(when: str, name: str, text: str) -> tuple[Reason | None, bool]:
    """What a field says that should name a moment, and names none."""
    word = text.lower()
    if not text or word in _TRUE or (when == "until" and word in _FALSE):
        return None, True
    if known_word(text):
        return status_reason(text, name), True
    if when == "from":
        return Reason("secret", "unknown", name, text[:60]), True
    return None, False


def _is_yes(value: Any) -> bool:
    """``draft:`` without a value is no; a word that is no truth counts as one, rather too strict."""
    return json_text(value).strip().lower() not in _FALSE


def _moment(value: Any, name: str) -> Moment | None:
    from .post_metadata import read_timestamp

    text = json_text(value).strip()
    if not re.search(r"\d{4}", text):
        return None
    stamp = read_timestamp(text)
    return Moment(stamp.value, name) if stamp.value is not None else None
