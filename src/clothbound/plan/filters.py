"""Why a selection leaves posts out: words that no post has; each filter, where it stands, and what it lets
through.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Container, Mapping, Sequence
from typing import Any

from ..anthology.arrange import NoPostsError, SecretPostsError, Selection
from ..anthology.post_dates import year_of
from ..anthology.publishing import checked_states
from ..anthology.traits import Trait, unknown_word
from ..console_text import counted
from ..errors import ManifestError, UsageError
from ..model.index import Index
from ..model.post import Metadata
from ..model.publication import DRAFTS
from ..moment import moment_of_run
from .schema import Manifest
from .toml_lines import statements

_FILTERS = {
    "year": ("year", "--year"),
    "month": ("", "--by-month"),
    "after": ("after", "--after"),
    "before": ("before", "--before"),
    "tags": ("tags", "--tag"),
    "kinds": ("types", "--type"),
    "audiences": ("audiences", "--audience"),
    "min_words": ("min-words", "--min-words"),
}
"""By the argument of ``api.book``: the key under ``[posts]``, and the option."""


def refuse_unknown(manifest: Manifest, index: Index) -> None:
    """Raises ManifestError for a tag, type, audience or state in the file that no post has."""
    posts = manifest.posts
    try:
        now = moment_of_run()
        asked = checked_states(posts.states, index, now)
    except UsageError as error:
        raise ManifestError(
            f"'states': {error.message}",
            source=manifest.name,
            line=_lines(manifest)["states"],
            hint=error.hint,
        ) from error
    asked |= DRAFTS if posts.drafts or manifest.parts else frozenset()
    traits: dict[Trait, tuple[str, ...]]
    traits = {"tags": posts.tags, "kinds": posts.types, "audiences": posts.audiences}
    for trait, words in traits.items():
        named = (m for m in index if m.verdict(now).withheld(asked) is None)
        if words and (unknown := unknown_word(trait, words, named)):
            key = _FILTERS[trait][0]
            raise ManifestError(
                f"{key!r}: {unknown.message}",
                source=manifest.name,
                line=_lines(manifest)[key],
                hint=unknown.hint,
            )


def nothing_left(
    manifest: Manifest | None, index: Index, arguments: Mapping[str, Any], given: Container[str]
) -> UsageError | None:
    """The error for a selection that leaves no post: it names each filter. None: there is none.

    ``arguments`` are those of ``api.book``; ``given`` are the names of those that the file does not
    decide. A minimum of words is named and not counted, for which posts would be parsed.
    """
    fields = {field.name for field in dataclasses.fields(Selection)}
    sets = {"tags", "kinds", "audiences", "states"}
    values: dict[str, Any] = {
        name: frozenset(value) if name in sets else value
        for name, value in arguments.items()
        if name in fields and value not in (None, "", (), [], 0)
    }
    filters = [name for name in _FILTERS if name in values]
    if arguments.get("drafts"):
        values["states"] = values.get("states", frozenset()) | DRAFTS
    always = {
        name: value for name, value in values.items() if name in ("states", "now", "timezone")
    }
    selection = Selection(**always)
    posts = [m for m in index if selection.secret_in(m) is None]
    if not filters or not posts:
        return None
    lines = _lines(manifest) if manifest else {}
    told = []
    places = []
    for name in filters:
        key, option = _FILTERS[name]
        line = 0 if name in given else lines.get(key, 0)
        shown = f"{key!r}" if line else option
        if name == "min_words":
            told.append(f"{shown} asks for {counted(arguments[name], 'word')}")
            places.append((1, line))
            continue
        count = _count(posts, {**always, name: values[name]})
        near = _years(posts, values) if name == "year" else ""
        where = f" (line {line})" if line else ""
        told.append(f"{shown}{where} lets {count} of {len(posts)} through{near}")
        places.append((count, line))
    line = min(places, key=lambda place: place[0])[1]
    message = f"no post is left to make a book of: {'; '.join(told)}"
    hint = "widen the selection"
    if manifest is None:
        return UsageError(message, hint=hint)
    return ManifestError(message, source=manifest.name, line=line, hint=hint)


def nothing_there(manifest: Manifest, error: NoPostsError) -> ManifestError:
    """The error for a file that leaves no post, though it filters none."""
    if isinstance(error, SecretPostsError):
        return ManifestError(
            error.message,
            source=manifest.name,
            line=manifest.parts[0].line if manifest.parts else _lines(manifest).get("source", 0),
            hint='or, under [posts], drafts = true or states = ["private"]',
        )
    if manifest.parts:
        message = "the list names none: what follows a # is ignored"
        if any(part.chapters for part in manifest.parts):
            message = "none of the list could be read"
        line, hint = (
            manifest.parts[0].line,
            "remove the # before the posts that the book is to have",
        )
    else:
        message = f"every file in {manifest.posts.source} is a text or an edit of the book"
        line, hint = _lines(manifest).get("source", 0), "name the folder of the posts"
    return ManifestError(
        f"no post is left to make a book of: {message}", source=manifest.name, line=line, hint=hint
    )


def _lines(manifest: Manifest) -> dict[str, int]:
    """The lines of the keys under ``[posts]``."""
    return {
        statement.key: statement.line
        for statement in statements(manifest.text, manifest.name)
        if statement.heading == ("posts",) and statement.value is not None
    }


def _count(posts: Sequence[Metadata], values: Mapping[str, Any]) -> int:
    selection = Selection(**values)
    return sum(not selection.reason_against(metadata) for metadata in posts)


def _years(posts: Sequence[Metadata], values: Mapping[str, Any]) -> str:
    """The years that may have been meant, of those that there are."""
    zone = {"timezone": values["timezone"]} if "timezone" in values else {}
    known = sorted({year for m in posts if (year := year_of(m, **zone)) is not None})
    return f" (there are posts of {', '.join(map(str, known))})" if known else ""
