"""Explains why a selection leaves no post: filter values that no post has, and how many posts each filter keeps."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

import msgspec

from ..anthology.post_dates import year_of
from ..anthology.publishing import check_states
from ..anthology.select import FILTERS, Select, Selection, asks_for, refuse_unknown_words
from ..anthology.traits import TRAITS
from ..console_text import format_count
from ..errors import Hint, ManifestError, NoPostsError, SecretPostsError, UsageError
from ..fields import Setting, settings
from ..model.index import Index
from ..model.post import Metadata
from ..moment import moment_of_run
from ..toml_lines import statements
from .schema import Manifest


def refuse_unknown(manifest: Manifest, index: Index) -> None:
    """Raises ManifestError for a tag, type, audience or state in the file that no post has."""
    wanted = manifest.posts.select
    try:
        check_states(wanted.states, index, moment_of_run())
    except UsageError as error:
        raise _error_at_key(manifest, "states", error) from error
    # A list of chapters names its posts by hand and may name drafts.
    wanted = msgspec.structs.replace(wanted, drafts=wanted.drafts or bool(manifest.parts))
    for name in (trait for trait in TRAITS if getattr(wanted, trait)):
        alone = Select(drafts=wanted.drafts, states=wanted.states)
        alone = msgspec.structs.replace(alone, **{name: getattr(wanted, name)})
        try:
            refuse_unknown_words(Selection.of(alone, index), index)
        except UsageError as error:
            raise _error_at_key(manifest, _filter_settings()[name].toml, error) from error


def _error_at_key(manifest: Manifest, key: str, error: UsageError) -> ManifestError:
    """Returns the error for a key under ``[posts]``, with its line."""
    message, line = f"{key!r}: {error.message}", _find_key_lines(manifest)[key]
    return ManifestError(message, source=manifest.name, line=line, hint=error.hint)


def _filter_settings() -> dict[str, Setting]:
    """Returns the settings that leave posts out, by name."""
    known = {setting.name: setting for setting in settings(Select)}
    return {name: known[name] for name in FILTERS}


def nothing_left(
    manifest: Manifest | None, index: Index, wanted: Select, given: Container[str]
) -> UsageError | None:
    """Returns the error for a selection that leaves no post, naming each filter; None if no filter is to blame.

    ``given`` holds the names of the filters that were not set in the file. The error names a minimum of words
    without counting its posts, because counting would parse every post.
    """
    filters = [name for name in FILTERS if asks_for(wanted, name)]
    unfiltered = Select(
        **{name: getattr(wanted, name) for name in wanted.__struct_fields__ if name not in FILTERS}
    )
    selection = Selection.of(unfiltered, index.whole)
    posts = [m for m in index if selection.secret_in(m) is None]
    if not filters or not posts:
        return None
    lines = _find_key_lines(manifest) if manifest else {}
    effects = []
    places = []
    for name, setting in _filter_settings().items():
        if name not in filters:
            continue
        line = 0 if name in given else lines.get(setting.toml, 0)
        shown = f"{setting.toml!r}" if line else setting.flag or _FLAGS[name]
        if name == "min_words":
            effects.append(f"{shown} asks for {format_count(wanted.min_words, 'word')}")
            places.append((1, line))
            continue
        value = getattr(wanted, name)
        count = _count_kept(posts, msgspec.structs.replace(unfiltered, **{name: value}))
        near = _list_years(posts, selection) if name == "year" else ""
        where = f" (line {line})" if line else ""
        effects.append(f"{shown}{where} keeps {count} of {len(posts)}{near}")
        places.append((count, line))
    line = min(places, key=lambda place: place[0])[1]
    message = f"no post is left to make a book of: {'; '.join(effects)}"
    hint = "widen the selection"
    if manifest is None:
        return UsageError(message, hint=hint)
    return ManifestError(message, source=manifest.name, line=line, hint=hint)


def _command(hint: str) -> str:
    return hint.command if isinstance(hint, Hint) else hint


_FLAGS: Mapping[str, str] = {"month": "--by-month"}
"""The option that sets a filter without an option of its own."""


def nothing_there(manifest: Manifest, error: NoPostsError) -> ManifestError:
    """Returns the error for a file that leaves no post although no filter removes one."""
    if isinstance(error, SecretPostsError):
        return ManifestError(
            error.message,
            source=manifest.name,
            line=manifest.parts[0].line
            if manifest.parts
            else _find_key_lines(manifest).get("source", 0),
            hint=f'{_command(error.hint)}, or set drafts = true or states = ["private"] under [posts]',
        )
    if manifest.parts:
        message = "the list of chapters is empty: lines that begin with # are ignored"
        if any(part.chapters for part in manifest.parts):
            message = "no post in the list of chapters could be read"
        line, hint = (
            manifest.parts[0].line,
            "remove the # before the posts that the book should have",
        )
    else:
        message = f"every file in {manifest.posts.source} is a text or an edit of the book"
        line, hint = _find_key_lines(manifest).get("source", 0), "name the folder of the posts"
    return ManifestError(
        f"no post is left to make a book of: {message}", source=manifest.name, line=line, hint=hint
    )


def _find_key_lines(manifest: Manifest) -> dict[str, int]:
    """Returns the lines of the keys under ``[posts]``."""
    return {
        statement.key: statement.line
        for statement in statements(manifest.text, manifest.name)
        if statement.heading == ("posts",) and statement.value is not None
    }


def _count_kept(posts: Sequence[Metadata], wanted: Select) -> int:
    selection = Selection.of(wanted, posts)
    return sum(not selection.reason_against(metadata) for metadata in posts)


def _list_years(posts: Sequence[Metadata], selection: Selection) -> str:
    """Returns the years of the posts, for an author who asked for a year without posts."""
    known = sorted({year for m in posts if (year := year_of(m, selection.zone)) is not None})
    return f" (there are posts of {', '.join(map(str, known))})" if known else ""
