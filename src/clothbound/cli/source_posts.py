"""Reads the posts that a command was given, and adds the metadata of its options."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from .. import api, fields, formats
from ..diagnostics import Severity
from ..errors import ReadError, UsageError, did_you_mean, reason_of
from ..model.book_info import BookInfo
from ..model.collection import Collection
from ..protected_files import ProtectedFiles
from ..run import Run
from ..source import (
    IdentifiedSource,
    SourceKind,
    identify,
    is_address,
    refuse_address,
    refuse_empty,
    refuse_other,
)
from .messages import print_diagnostics, spare
from .progress import watching
from .selection import keys_of

if TYPE_CHECKING:
    from ..plan import Manifest

POSTS = frozenset({SourceKind.POSTS})
POSTS_OR_PLAN = frozenset({SourceKind.POSTS, SourceKind.PLAN})


def look(
    source: str,
    reader: str | None,
    takes: frozenset[SourceKind] = POSTS,
    *,
    quiet: bool = False,
) -> IdentifiedSource:
    """What SOURCE is. Raises UsageError where it is nothing that the command takes.

    ``reader`` (``-f``) says that it is posts, unless the command takes plans too: then it is the
    format of the posts that a plan names.
    """
    if is_address(source):
        if SourceKind.POSTS not in takes:
            refuse_address(source)
        named = formats.reader_and_options(reader)[0] if reader else ""
        from ..media.fetch import Fetcher

        with watching(source, quiet=quiet) as hear:
            # Whoever gives an address allows that it is fetched.
            found = identify(source, Run(fetch=Fetcher(), progress=hear), named)
    else:
        found = identify(_stdin() if source == "-" else source, Run())
    if reader and found.kind not in takes and SourceKind.POSTS in takes:
        return msgspec.structs.replace(found, kind=SourceKind.POSTS)
    refuse_other(found, takes)
    return found


def _stdin() -> bytes:
    try:
        return sys.stdin.buffer.read()
    except OSError as error:
        raise ReadError(f"cannot be read: {reason_of(error)}", source="stdin") from error


def posts_of(
    source: IdentifiedSource,
    reader: str | None,
    exclude: Sequence[str] = (),
    encoding: str = "",
    settings: Sequence[str] = (),
    *,
    quiet: bool = False,
) -> tuple[Manifest | None, Collection]:
    """Returns the posts of a source, and the plan if the source is one. ``settings`` are those of ``-I``.

    If there are no posts, prints the errors found in reading them, and raises ReadError with the first.
    """
    if source.kind is SourceKind.PLAN and source.path is not None:
        from ..plan import read_manifest, read_posts

        manifest = read_manifest(source.path)
        called = manifest.posts.source
        with watching(called, quiet=quiet) as hear:
            collection = read_posts(
                manifest,
                reader,
                exclude=exclude,
                encoding=encoding,
                settings=settings,
                run=Run(progress=hear),
            )
    else:
        manifest, called = None, source.called
        given = {"exclude": tuple(exclude), "encoding": encoding}
        format = formats.reader_options(reader or source.reader(), given, settings)
        with watching(called, quiet=quiet) as hear:
            collection = api.read(
                source.content, format, run=Run(progress=hear), on_error="collect"
            )
    if source.path is not None:
        spare(partial(find_files_read, source.path, manifest, collection))
    if not len(collection):
        errors = [d for d in collection.diagnostics if d.severity is Severity.ERROR]
        print_diagnostics(errors[1:], quiet=True, verbose=False)
    refuse_empty(collection, called)
    return manifest, collection


def find_files_read(
    source: str | Path,
    manifest: Manifest | None,
    collection: Collection,
    named: Iterable[str | None] = (),
) -> ProtectedFiles:
    """Returns the files that are read, which must not be overwritten; ``named`` holds files given in options."""
    further = [Path(name) for name in named if name]
    if manifest is None:
        return ProtectedFiles.of(source, collection, further)
    edits = manifest.beside(manifest.book.edits)
    further += [manifest.path, *manifest.texts.values(), edits, *edits.glob("*")]
    further += map(manifest.beside, manifest.book.filters)
    if manifest.book.info.cover:
        further.append(Path(manifest.book.info.cover))
    return ProtectedFiles.of(manifest.beside(manifest.posts.source), collection, further)


def with_metadata(collection: Collection, settings: Sequence[str]) -> Collection:
    """Returns the collection with the metadata of ``-M``; its authors follow those that are known."""
    values = metadata_of(settings)
    if not values:
        return collection
    known = fields.given(collection.info)
    if "authors" in values:
        values["authors"] = (*known.get("authors", ()), *values["authors"])
    return msgspec.structs.replace(
        collection, info=fields.make_struct(BookInfo, {**known, **values})
    )


def metadata_of(settings: Sequence[str]) -> dict[str, Any]:
    """What ``-M KEY=VALUE`` says, by the names of settings of ``BookInfo``. Raises UsageError."""
    known = {key: setting for setting in fields.settings(BookInfo) for key in keys_of(setting)}
    values: dict[str, Any] = {}
    for text in settings:
        key, equals, value = text.partition("=")
        setting = known.get(key)
        if not equals or setting is None:
            near = did_you_mean(key, known)
            raise UsageError(
                f"-M needs KEY=VALUE with a known key, not {text!r}{near}",
                hint=f"the keys are {', '.join(known)}",
            )
        if setting.is_many:
            values[setting.name] = (*values.get(setting.name, ()), value)
        else:
            values[setting.name] = value
    return values
