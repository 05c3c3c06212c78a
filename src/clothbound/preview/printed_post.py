"""Sets a post as printed pages, in a process beside the preview, and draws the pages as pictures."""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import partial

import msgspec

from .. import api
from ..errors import ClothboundError, MissingEngineError
from ..isolated import JobError, JobFailedError, NoProcessError, Worker
from ..model.collection import Collection
from ..opened_pdf import opened_pdf
from ..writers.pdf import Pdf, fastest_engine
from .shown_source import RunSettings, ShownPosts

_KEPT = 12
"""The number of posts whose pages are kept in memory."""


class PrintedPage(msgspec.Struct, frozen=True):
    """A page and the place in the post's text where it begins."""

    label: str
    """Its number as printed."""
    begins: float | None
    """The number of a block of the post's body, with the share of it that stands on earlier pages; negative is the
    opening. None for a page that begins in a note or has no text."""


class PrintedPost(msgspec.Struct, frozen=True):
    """The printed pages of a post."""

    pdf: bytes
    first: int
    """The number of leading pages that the preview leaves out: title page, contents and others."""
    pages: tuple[PrintedPage, ...]
    width: float
    """The width of a page in points."""
    height: float
    engine: str


class SupersededError(Exception):
    """Another post was asked for while this one was being set."""


class PrintShop:
    """Sets posts one at a time. A newer request ends the one that is being served."""

    def __init__(self) -> None:
        self._press = Worker()
        self._painter = Worker()
        self._pressing = threading.Lock()
        self._painting = threading.Lock()
        self._choosing = threading.Lock()
        self._newest = 0
        self._current: bytes | None = None
        self._done: OrderedDict[bytes, PrintedPost] = OrderedDict()

    def warm_up(self, options: Pdf) -> None:
        """Starts both processes, and loads what they need for these options."""
        with self._painting:
            _quietly(self._painter, load_painter)
        with self._pressing:
            _quietly(self._press, partial(load_press, options))

    def stop(self) -> None:
        """Ends both processes, with whatever they are doing."""
        self.ask()
        self._press.kill()
        self._painter.kill()

    def close(self) -> None:
        """Stops, and waits until both processes are gone."""
        self.stop()
        with self._pressing:
            self._press.__exit__()
        with self._painting:
            self._painter.__exit__()

    def find(self, digest: bytes) -> PrintedPost | None:
        """Returns the pages that were set for this digest; None if there are none, or no longer."""
        with self._choosing:
            return self._done.get(digest)

    def ask(self) -> int:
        """Returns the number of a new request, which supersedes those before it."""
        with self._choosing:
            self._newest += 1
            return self._newest

    def set(self, request: int, digest: bytes, shown: ShownPosts) -> PrintedPost:
        """Sets the only post of a collection; ``digest`` stands for it and all that its look depends on.

        Raises ClothboundError if it cannot be set, and SupersededError if there is a newer request.
        """
        with self._choosing:
            if request < self._newest:
                raise SupersededError
            if digest in self._done:
                self._done.move_to_end(digest)
                return self._done[digest]
            if self._current not in (None, digest):
                self._press.kill()
        with self._pressing:
            with self._choosing:
                if digest in self._done:
                    return self._done[digest]
                if request < self._newest:
                    raise SupersededError
                self._current = digest
            try:
                made = self._set(request, shown)
            finally:
                with self._choosing:
                    self._current = None
            with self._choosing:
                self._done[digest] = made
                while len(self._done) > _KEPT:
                    self._done.popitem(last=False)
            return made

    def _set(self, request: int, shown: ShownPosts) -> PrintedPost:
        job = partial(set_pages, shown.collection, shown.formats.print, shown.run_settings)
        for attempt in range(2):
            try:
                return self._press.run(job)
            except NoProcessError:
                return job()
            except JobFailedError as error:
                is_missing = error.kind == MissingEngineError.__name__
                kind = MissingEngineError if is_missing else ClothboundError
                raise kind(error.reason) from error
            except JobError as error:
                with self._choosing:
                    if request < self._newest:
                        raise SupersededError from error
                # The first time, the process may have been ended for the job before this one.
                if attempt:
                    raise ClothboundError(f"the pages cannot be set: {error.reason}") from error
        raise AssertionError

    def draw(self, digest: bytes, number: int, pixels: int) -> bytes | None:
        """Returns page ``number`` (from 0) as PNG, ``pixels`` wide; None if there is no such page."""
        post = self.find(digest)
        if post is None or not 0 <= number < len(post.pages):
            return None
        job = partial(draw_page, post.pdf, post.first + number, pixels)
        with self._painting:
            try:
                return self._painter.run(job)
            except NoProcessError:
                return job()
            except JobError:
                return None


def _quietly(worker: Worker, job: Callable[[], None]) -> None:
    try:
        worker.run(job)
    except (NoProcessError, JobError):
        return  # The first job that matters tells why.


# --- what runs in the other processes -------------------------------------------------------------


def load_painter() -> None:
    """Loads what draws pages."""
    import pypdfium2  # noqa: F401
    from PIL import Image  # noqa: F401


def load_press(options: Pdf) -> None:
    """Loads the engine that sets pages."""
    fastest_engine(options)


def set_pages(collection: Collection, options: Pdf, run_settings: RunSettings) -> PrintedPost:
    """Sets the only post of a collection. Raises ClothboundError."""
    engine = fastest_engine(options)
    artifact = api.write(
        collection, msgspec.structs.replace(options, engine=engine), run=run_settings.run()
    )
    data = artifact.to_bytes()
    key = collection.index.entries[0].metadata.key
    places = {}
    first_label = None
    for start in artifact.pages.starts if artifact.pages else ():
        if start.place == "post" and start.key == key:
            first_label = start.label if first_label is None else first_label
            if not start.note:
                places[start.label] = start.block + start.share
    with opened_pdf(data) as document:
        labels = [document.get_page_label(n) or str(n + 1) for n in range(len(document))]
        first = labels.index(first_label) if first_label in labels else 0
        width, height = document.get_page_size(first)
    pages = tuple(PrintedPage(label, places.get(label)) for label in labels[first:])
    return PrintedPost(data, first, pages, width, height, engine)


def draw_page(pdf: bytes, number: int, pixels: int) -> bytes:
    """Draws a page of a PDF as PNG, ``pixels`` wide."""
    with opened_pdf(pdf) as document:
        page = document[number]
        picture = page.render(scale=pixels / page.get_width()).to_pil()
    stream = io.BytesIO()
    picture.save(stream, "PNG", compress_level=1)
    return stream.getvalue()
