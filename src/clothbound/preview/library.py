"""Keeps the posts of a preview as they were last read, and what is known of each."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from ..diagnostics import Diagnostic, DiagnosticCode, Severity
from ..errors import ClothboundError, reason_of
from ..language.dates import long_date
from ..language.detect import book_language
from ..model.collection import Collection, pick
from ..model.index import Index
from ..model.post import Metadata
from ..moment import moment_of_run
from ..naming import file_names
from ..run import Run
from ..writers.epub.content import chapter_file
from .documents import ShownPost, check_post, show_post
from .shown_source import ShownPosts, ShownSource

_KEPT = 8
"""The number of posts whose documents are kept in memory."""


class ListedPost(msgspec.Struct, frozen=True, kw_only=True):
    """A post in the list."""

    key: str
    title: str
    source: str
    date: str = ""
    state: str = ""
    """Why the post is not public, such as ``draft``; empty if it is."""
    error: str = ""
    """Why the post cannot be read; empty if it can."""
    files: tuple[str, ...] = ()
    """The names of the files in which links from other posts look for it."""


class ListedDiagnostic(msgspec.Struct, frozen=True):
    """A diagnostic as the page shows it."""

    severity: str
    code: str
    message: str
    line: int

    @classmethod
    def of(cls, found: Diagnostic) -> ListedDiagnostic:
        return cls(found.severity.value, found.code.value, _readable(found.message), found.line)


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """The posts as they were read at one moment."""

    revision: int
    shown: ShownPosts
    run: Run
    """What their products are made with."""
    posts: tuple[ListedPost, ...]
    positions: dict[str, int]
    error: str = ""
    """Why the source could not be read again; the posts are then those of the last time."""

    @property
    def collection(self) -> Collection:
        return self.shown.collection


class Library:
    """The posts of a source, which may be read again at any time. Every method may be called from any thread."""

    def __init__(self, source: ShownSource, converted: Path) -> None:
        """Reads the posts; ``converted`` is the folder that keeps converted pictures. Raises ClothboundError if there
        are none to read.
        """
        self._source = source
        self._converted = converted
        self._lock = threading.Lock()
        self._rendering = threading.Lock()
        self._is_closed = False
        self._keys: dict[str, str] = {}
        self._shown: OrderedDict[tuple[int, str], ShownPost] = OrderedDict()
        self._checks: dict[str, tuple[ListedDiagnostic, ...]] = {}
        self._unchecked: dict[str, None] = {}
        self._reading = self._list(self._read(), 1, None)
        self._unchecked.update(dict.fromkeys(self._reading.positions))

    @property
    def reading(self) -> Reading:
        return self._reading

    def close(self) -> None:
        """Renders nothing from now on, and waits for what is being rendered: the folder of pictures may then go.

        A task that is cancelled does not end the thread in which it renders.
        """
        self._is_closed = True
        with self._rendering:
            pass

    def read_again(self, changed: Iterable[Path]) -> Reading:
        """Reads the posts again after these files have changed. If that fails, the posts stay as they were."""
        before = self._reading
        revision = before.revision + 1
        try:
            reading = self._list(self._read(), revision, before)
        except Exception as error:  # A fault of ours or of a plug-in must not end the preview.
            reading = msgspec.structs.replace(before, revision=revision, error=explain(error))
        with self._lock:
            self._reading = reading
            for key in self._affected(before, reading, changed):
                self._unchecked[key] = None
            here = reading.positions
            self._checks = {key: found for key, found in self._checks.items() if key in here}
            self._unchecked = {key: None for key in self._unchecked if key in here}
        return reading

    def _read(self) -> ShownPosts:
        shown = self._source.read()
        settings = msgspec.structs.replace(shown.run_settings, converted=self._converted)
        return msgspec.structs.replace(shown, run_settings=settings)

    def _affected(self, before: Reading, after: Reading, changed: Iterable[Path]) -> Iterator[str]:
        """Yields the keys of posts whose check may have changed: of those files alone, or of all posts."""
        root = after.shown.root
        is_shown_alike = before.shown.formats == after.shown.formats and before.run is after.run
        if (
            root is not None
            and is_shown_alike
            and before.positions.keys() == after.positions.keys()
        ):
            paths = {path.resolve() for path in changed}
            keys = {(root / post.source).resolve(): post.key for post in after.posts}
            if paths <= keys.keys():
                yield from (keys[path] for path in paths)
                return
        yield from after.positions

    def _list(self, shown: ShownPosts, revision: int, before: Reading | None) -> Reading:
        # A fetcher remembers what it could not get, so a new one is made only for other settings.
        is_same = before is not None and before.shown.run_settings == shown.run_settings
        run = before.run if before is not None and is_same else shown.run_settings.run()
        collection = shown.collection
        index = collection.index
        pages = file_names(index)
        now = moment_of_run(run.now)
        language = book_language(collection)
        listed = [
            ListedPost(
                key=metadata.key,
                title=_readable(" ".join(metadata.title.split())),
                source=_readable(metadata.source),
                date=_date(metadata, language),
                state=_state(metadata, now),
                files=(f"{pages[metadata.key]}.html", chapter_file(metadata.key)),
            )
            for metadata in index
        ]
        unreadable = [
            found
            for found in collection.diagnostics
            if found.code is DiagnosticCode.POST_UNREADABLE
        ]
        readable = {metadata.source for metadata in index}
        for found in unreadable:
            if found.source not in readable:
                key = self._keys.get(found.source, f"unreadable:{found.source}")
                listed.append(_unreadable(key, found))
        self._keys.update({metadata.source: metadata.key for metadata in index})
        return Reading(
            revision=revision,
            shown=shown,
            run=run,
            posts=tuple(listed),
            positions={metadata.key: position for position, metadata in enumerate(index)},
        )

    def show(self, key: str) -> ShownPost | None:
        """Returns the documents of a post as it is now; None if there is no such post, or the library is closed.

        Raises ClothboundError.
        """
        reading = self._reading
        position = reading.positions.get(key)
        if position is None:
            return None
        place = reading.revision, key
        with self._rendering:
            if self._is_closed:
                return None
            shown = self._shown.get(place)
            if shown is None:
                formats = reading.shown.formats
                shown = show_post(reading.collection, position, formats, reading.run)
                self._shown[place] = shown
                while len(self._shown) > _KEPT:
                    self._shown.popitem(last=False)
        self._keep_check(reading, key, shown.diagnostics)
        return shown

    def printable(self, key: str) -> tuple[bytes, ShownPosts] | None:
        """Returns a post as a collection of its own, with how it is shown and a digest of all that its printed pages
        depend on; None if there is no such post.
        """
        shown = self.show(key)
        reading = self._reading
        position = reading.positions.get(key)
        if shown is None or position is None:
            return None
        one = pick(reading.collection, [position])
        whole = reading.shown
        looks = (one.info, whole.formats, whole.formats.style_states(), whole.run_settings)
        parts = (shown.page.digest, *(repr(look).encode() for look in looks))
        # Loaded here: a lazy post may not cross over to another process.
        post = one.posts[0]
        index = Index([one.index.entries[0]], sites=reading.collection.index.sites)
        alone = msgspec.structs.replace(
            one, posts=(post,), index=index, diagnostics=(), parts=(), extra={}
        )
        one_shown = msgspec.structs.replace(whole, collection=alone)
        return hashlib.sha256(b"\0".join(parts)).digest(), one_shown

    # checks

    def checks(self) -> dict[str, tuple[ListedDiagnostic, ...]]:
        """Returns what is known of each post so far."""
        with self._lock:
            return dict(self._checks)

    def check_next(self) -> tuple[str, tuple[ListedDiagnostic, ...]] | None:
        """Checks one post that was not checked since it changed; returns None if none is left, or the library is
        closed.
        """
        with self._lock:
            key = next(iter(self._unchecked), None)
            reading = self._reading
            if key is None:
                return None
            del self._unchecked[key]
        formats, position = reading.shown.formats, reading.positions[key]
        try:
            with self._rendering:
                if self._is_closed:
                    return None
                found = check_post(reading.collection, position, formats, reading.run)
        except Exception as error:  # as above
            found = (_failure(error),)
        return key, self._keep_check(reading, key, found)

    def _keep_check(
        self, reading: Reading, key: str, found: Iterable[Diagnostic]
    ) -> tuple[ListedDiagnostic, ...]:
        listed = tuple(map(ListedDiagnostic.of, found))
        with self._lock:
            if reading is self._reading:
                self._checks[key] = listed
                self._unchecked.pop(key, None)
        return listed


def explain(error: Exception) -> str:
    """Returns what went wrong as the page says it."""
    if isinstance(error, ClothboundError):
        return _readable(str(error))
    what = reason_of(error) if isinstance(error, OSError) else ""
    return _readable(what or f"this is a fault in clothbound: {type(error).__name__}: {error}")


def _failure(error: Exception) -> Diagnostic:
    return Diagnostic(DiagnosticCode.POST_UNREADABLE, explain(error), severity=Severity.ERROR)


def _unreadable(key: str, found: Diagnostic) -> ListedPost:
    source = _readable(found.source)
    return ListedPost(key=key, title="", source=source, error=_readable(found.message))


def _date(metadata: Metadata, language: str) -> str:
    return long_date(metadata.published, language) if metadata.published else ""


def _state(metadata: Metadata, now: datetime) -> str:
    reasons = metadata.verdict(now).reasons
    return reasons[0].name if reasons else ""


def _readable(text: str) -> str:
    """Returns ``text`` without lone surrogates, which JSON cannot have and file names may have."""
    return text.encode("utf-8", "backslashreplace").decode()
