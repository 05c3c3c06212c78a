"""Compiles a book of many posts a limited number of posts at a time, to bound memory.

A batch gets the number of its first page and the pages of link targets in other batches. Pages
after the batch are guessed at first. A batch with a wrong guess is compiled again, as Typst itself
does within a document.

While the PDF of one batch is written, the next one is laid out, by as many threads as there are cores. It is not laid
out before its first page is known: Typst's threads leave no core idle, and a right first page makes it lay a fifth of a
batch out once more, or two fifths if left-hand pages become right-hand ones. Meanwhile this process copies batches that are
written to the book (`merge_pdfs.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from functools import partial
from typing import Any

from ....progress import PACKING, PAGES
from .batch_pool import BatchPool, Values, Written
from .compiler import Compiler
from .literals import literal
from .make_up import MakeUp
from .merge_pdfs import BATCH_SCHEME, BookMerge, CompiledBatch, LinkDestination

MOST = 1_500_000
"""The most characters of source in a batch. Typst takes about 600 bytes of memory for each."""
_UNKNOWN = 100
"""The page number assumed for an unknown one, since most have three digits."""
_ABOVE = 10
"""The points above a link's target that become visible, as with Typst's own links."""
_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Batch:
    """A range of posts. ``main`` makes the root file from the number of the first page."""

    main: Callable[[int], str]
    chapters: tuple[str, ...]
    """The files of its posts."""
    far: tuple[str, ...]
    """The names of places in other batches to which links of this one lead."""
    own: tuple[str, ...]
    """The names of places in this batch to which links of others lead."""
    within_part: bool = False
    """Whether its first title is below level 1 and therefore needs a title before it, which is
    removed later."""
    stubs: tuple[str, ...] = ()
    """In the first batch, the names of places in other batches that its last pages represent."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """The last compilation of a batch. Where Typst refuses it, both results raise CompileError."""

    digest: bytes
    """The digest of all its sources."""
    values: Future[Values]
    written: Future[Written]


def divide(sizes: Sequence[int], most: int) -> list[range]:
    """Splits consecutive items into ranges of similar total size, at most ``most`` each unless one item
    alone exceeds it.
    """
    count = -(-sum(sizes) // most)
    share = sum(sizes) / max(count, 1)
    ranges: list[range] = []
    start, used = 0, 0
    for number, size in enumerate(sizes):
        if number > start and (used + size > most or used + size / 2 > share):
            ranges.append(range(start, number))
            start, used = number, 0
        used += size
    return [*ranges, range(start, len(sizes))]


def compile_batches(
    batches: Sequence[Batch],
    compiler: Compiler,
    sources: Mapping[str, bytes],
    earlier: dict[int, Compiled],
    *,
    timestamp: int,
    jobs: int,
    new_make_up: Callable[[], MakeUp],
    show_progress: Callable[[str, int], None],
) -> tuple[bytes, list[str], dict[str, Any]] | None:
    """Compiles all batches until page numbers settle, and merges them.

    Returns the book, Typst's warnings, and the value of ``<pages>`` for the whole book; None if
    page numbers do not settle. ``sources`` are all files except those of batches.
    ``earlier`` maps positions to earlier results, which are reused when the book is compiled again.
    ``jobs`` is the number of processes at the same time.
    ``new_make_up`` makes what decides the pages of one compilation.
    ``show_progress`` hears of the pages that are set, and then that the batches are merged.
    Raises CompileError, NoProcessError and WriteError.
    """
    with BatchPool(compiler, timestamp, new_make_up, jobs=jobs) as pool:
        compiler.put(sources)
        compilation = _Compilation(
            batches, pool, compiler.font_generation, sources, earlier, partial(show_progress, PAGES)
        )
        for _ in range(_ROUNDS):
            if compilation.compile_changed():
                show_progress(PACKING, 0)
                return compilation.merge()
    return None


class _Compilation:
    """Compiles the batches of one book until the numbers of their pages settle."""

    def __init__(
        self,
        batches: Sequence[Batch],
        pool: BatchPool,
        font_generation: int,
        sources: Mapping[str, bytes],
        earlier: dict[int, Compiled],
        show_pages: Callable[[int], None],
    ) -> None:
        self._batches = batches
        self._pool = pool
        self._font_generation = font_generation
        self._sources = sources
        self._earlier = earlier
        self._show_pages = show_pages
        self._numbers = {name: n for n, name in enumerate(n for b in batches for n in b.own)}
        self._places: dict[str, LinkDestination] = {}
        self._pages: dict[str, int] = {}
        """The number of the page on which each place stood when its batch was last compiled."""
        self._asked: dict[int, tuple[int, Mapping[str, int]]] = {}
        """The page numbers that each batch was last compiled for."""
        self._lengths: dict[int, tuple[int, int]] = {}
        """The blank pages before each batch, and its pages."""
        self._reported: dict[int, Mapping[str, Any]] = {}
        """What each batch says under ``<pages>``."""
        self._book = BookMerge()

    def compile_changed(self) -> bool:
        """Compiles each batch for which a page number has changed; returns whether there was none."""
        settled = True
        for position in range(len(self._batches)):
            numbers = self._numbers_for(position)
            if self._asked.get(position) != numbers:
                self._asked[position] = numbers
                settled = False
                values = self._compile(position)
                self._copy_meanwhile(position, values)
                self._note(position, numbers[0], values.result())
            self._show_pages(self._first_page(position + 1) - 1)
        return settled

    def _first_page(self, position: int) -> int:
        """Returns the number of the page on which a batch begins."""
        return 1 + sum(self._lengths[before][1] for before in range(position))

    def _numbers_for(self, position: int) -> tuple[int, Mapping[str, int]]:
        """Returns the number of a batch's first page, and the pages of the places in others to which it links."""
        far = self._batches[position].far
        return self._first_page(position), {name: self._pages.get(name, _UNKNOWN) for name in far}

    def _compile(self, position: int) -> Future[Values]:
        """Compiles a batch, unless it was compiled last from the same sources."""
        own = self._own_files(position, *self._asked[position])
        names = ("settings.typ", *self._batches[position].chapters)
        texts = {name: self._sources[name] for name in names}
        digest = _digest(own | texts, b"%d" % self._font_generation)
        last = self._earlier.get(position)
        if last is not None and last.digest == digest:
            return last.values
        if last is not None:
            wait([last.written])  # Its PDF is about to be replaced.
        if 0 < position <= self._book.copied:
            self._book = BookMerge()
        compiled = self._earlier[position] = Compiled(digest, *self._pool.compile(position, own))
        return compiled.values

    def _copy_meanwhile(self, position: int, values: Future[Values]) -> None:
        """Copies batches that are written to the book, until the batch at ``position`` is laid out."""
        while self._next_is_settled(position) and not values.done():
            written = self._earlier[self._book.copied + 1].written
            either: list[Future[Any]] = [values, written]
            wait(either, return_when=FIRST_COMPLETED)
            if not written.done() or written.exception() is not None:
                return
            self._copy_next()

    def _next_is_settled(self, position: int) -> bool:
        """Whether the next batch to be copied will hardly be compiled again, while the one at ``position`` is laid out."""
        following = self._book.copied + 1
        if following == position or following not in self._lengths:
            return False
        is_known = self._pages.keys() >= {*self._batches[following].far}
        return is_known and self._asked[following] == self._numbers_for(following)

    def _copy_next(self) -> None:
        position = self._book.copied + 1
        self._book.append(self._compiled_batch(position))

    def _compiled_batch(self, position: int) -> CompiledBatch:
        path, _ = self._earlier[position].written.result()
        is_within_part = self._batches[position].within_part
        return CompiledBatch(path, *self._lengths[position], is_within_part)

    def _own_files(self, position: int, start: int, known: Mapping[str, int]) -> dict[str, bytes]:
        """Returns the files of a batch that depend on other batches."""
        return {
            "main.typ": self._batches[position].main(start).encode(),
            "far.typ": far_source(known, self._numbers).encode(),
        }

    def _note(self, position: int, start: int, values: Values) -> None:
        """Notes the pages and places of a batch that begins on page ``start``."""
        batch = self._batches[position]
        self._reported[position] = values["pages"]
        # A left-hand page has one page before it, a right-hand one two or none.
        blank = 1 if start % 2 == 0 else 2 * batch.within_part
        pages = values["pages"]["count"] - start + 1 - len(batch.stubs)
        self._lengths[position] = (blank, pages)
        for name, (page, x, y) in zip(batch.own, values["places"], strict=True):
            self._places[name] = LinkDestination(position, page - 1 - blank, x, max(y - _ABOVE, 0))
            self._pages[name] = start + page - 1 - blank

    def merge(self) -> tuple[bytes, list[str], dict[str, Any]]:
        """Returns the book, Typst's warnings, and the value of ``<pages>`` for the whole book."""
        while self._book.copied < len(self._batches) - 1:
            self._copy_next()
        compiled = [self._compiled_batch(position) for position in range(len(self._batches))]
        warnings = [w for n in range(len(compiled)) for w in self._earlier[n].written.result()[1]]
        named = {f"{BATCH_SCHEME}{n}": self._places[name] for name, n in self._numbers.items()}
        stubs = [self._places[name] for name in self._batches[0].stubs]
        reported = _merge_page_marks([self._reported[n] for n in range(len(compiled))], compiled)
        book = self._book.finish(compiled[0], named, stubs)
        return book, [*dict.fromkeys(warnings)], reported


def _digest(sources: Mapping[str, bytes], more: bytes) -> bytes:
    """Returns the digest of sources by their names, and of ``more``."""
    digest = hashlib.sha256(more)
    for name in sorted(sources):
        digest.update(b"%d %s " % (len(sources[name]), name.encode()))
        digest.update(sources[name])
    return digest.digest()


def _merge_page_marks(
    reported: Sequence[Mapping[str, Any]], batches: Sequence[CompiledBatch]
) -> dict[str, Any]:
    """Merges the values of ``<pages>`` of all batches, with the page numbers of the book."""
    start = 0
    marks: list[list[Any]] = []
    parts: list[list[int]] = [[] for _ in reported[-1]["parts"]]
    for found, batch in zip(reported, batches, strict=True):
        before = start - batch.blank
        marks += [[page + before, *rest] for page, *rest in found["marks"]]
        for pages, more in zip(parts, found["parts"], strict=False):
            pages.extend(page + before for page in more)
        start += batch.pages
    return {"marks": marks, "count": start, "contents": reported[0]["contents"], "parts": parts}


def begin_at(page: int, names: Iterable[str], *, within_part: bool = False) -> str:
    """Writes the line before the first chapter: its page number, and the names whose places are
    reported.
    """
    array = "".join(f"{literal(name)}, " for name in names)
    return f"#begin-at({page}, ({array}), within-part: {'true' if within_part else 'false'})"


def far_source(pages: Mapping[str, int], numbers: Mapping[str, int]) -> str:
    """Writes ``far.typ``: the page and an address of each place in other batches."""
    entries = ", ".join(
        f'{literal(name)}: (page: "{page}", address: "{BATCH_SCHEME}{numbers[name]}")'
        for name, page in pages.items()
    )
    return f"#let far = ({entries or ':'})\n"
