"""Compiles a book of many posts a limited number of posts at a time, to bound memory.

A batch is told the number of its first page and the pages that its links into other batches lead to.
Pages behind the batch are guessed at first. Where a guess proves wrong the batch is compiled again, as
Typst itself does within a document.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .compiler import Compiler
from .literals import literal
from .merge_pdfs import SCHEME, CompiledBatch, LinkDestination, count_pages, merge

MOST = 3_000_000
"""The most characters of source in a batch. Typst takes about 280 bytes of memory for each."""
_UNKNOWN = 100
"""The page number taken for one that is not known yet: most have three digits."""
_ABOVE = 10
"""The points above a place that a link to it shows, as Typst's own links do."""
_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Batch:
    """A range of posts. ``main`` makes the root file from the number of the first page."""

    main: Callable[[int], str]
    chapters: tuple[str, ...]
    """The files of its posts."""
    far: tuple[str, ...]
    """The names of places in other batches that links of this one lead to."""
    own: tuple[str, ...]
    """The names of places in this batch that links of others lead to."""
    within_part: bool = False
    """Whether its first title is below level 1, so that a title that is removed later stands before it."""
    stubs: tuple[str, ...] = ()
    """Of the first batch: the names that its last pages stand for, which other batches have."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """The result of the last compilation of a batch."""

    digest: bytes
    """The digest of its sources."""
    path: Path
    values: Mapping[str, Any]
    warnings: Sequence[str]


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
    kept: dict[int, Compiled],
    *,
    timestamp: int,
) -> tuple[bytes, list[str], dict[str, Any]] | None:
    """Returns the book, Typst's warnings, and the value of ``<pages>`` in the whole; None where the numbers
    of pages do not settle. Raises CompileError, NoProcessError and WriteError.

    ``sources``: all files but ``main.typ`` and ``far.typ``. ``kept`` by position takes what was
    compiled, and gives it when the book is tried again.
    """
    compiler.put(sources)
    numbers = {name: n for n, name in enumerate(n for g in batches for n in g.own)}
    places: dict[str, LinkDestination] = {}
    pages: dict[str, int] = {}
    made: list[CompiledBatch | None] = [None] * len(batches)
    asked: list[object] = [None] * len(batches)
    warnings: dict[str, None] = {}
    told: list[dict[str, Any]] = [{} for _ in batches]
    for _ in range(_ROUNDS):
        start, settled = 1, True
        for position, batch in enumerate(batches):
            known = {name: pages.get(name, _UNKNOWN) for name in batch.far}
            if asked[position] != (start, known):
                asked[position] = (start, known)
                settled = False
                own = {
                    "main.typ": batch.main(start).encode(),
                    "far.typ": far_source(known, numbers).encode(),
                }
                compiler.put(own)
                texts = {name: sources[name] for name in ("settings.typ", *batch.chapters)}
                digest = _digest(own | texts, compiler.font_generation)
                made_before = kept.get(position)
                if made_before is None or made_before.digest != digest:
                    path, values, more = compiler.compile_in_worker(
                        f"{position}.pdf", timestamp=timestamp
                    )
                    kept[position] = Compiled(digest, path, values, more)
                last = kept[position]
                path, values = last.path, last.values
                warnings |= dict.fromkeys(last.warnings)
                told[position] = values["pages"]
                # A left-hand page has one before it, and a right-hand one two or none.
                blank = 1 if start % 2 == 0 else 2 * batch.within_part
                left_out = blank + len(batch.stubs)
                pages_left = count_pages(path) - left_out
                made[position] = CompiledBatch(path, blank, pages_left, batch.within_part)
                for name, (page, x, y) in zip(batch.own, values["places"], strict=True):
                    places[name] = LinkDestination(
                        position, page - 1 - blank, x, max(y - _ABOVE, 0)
                    )
                    pages[name] = start + page - 1 - blank
            start += _require_compiled(made[position]).pages
        if settled:
            whole = [_require_compiled(m) for m in made]
            named = {f"{SCHEME}{number}": places[name] for name, number in numbers.items()}
            stubs = [places[name] for name in batches[0].stubs]
            return merge(whole, named, stubs), [*warnings], _together(told, whole)
    return None


def _digest(sources: Mapping[str, bytes], font_generation: int) -> bytes:
    """Returns the digest of everything that a batch is made of."""
    digest = hashlib.sha256(b"%d" % font_generation)
    for name in sorted(sources):
        digest.update(b"%d %s " % (len(sources[name]), name.encode()))
        digest.update(sources[name])
    return digest.digest()


def _together(
    told: Sequence[Mapping[str, Any]], batches: Sequence[CompiledBatch]
) -> dict[str, Any]:
    """Merges what the batches say under ``<pages>``, with the numbers of the book's pages."""
    start = 0
    marks: list[list[Any]] = []
    parts: list[list[int]] = [[] for _ in told[-1]["parts"]]
    for found, batch in zip(told, batches, strict=True):
        before = start - batch.blank
        marks += [[page + before, *rest] for page, *rest in found["marks"]]
        for pages, more in zip(parts, found["parts"], strict=False):
            pages.extend(page + before for page in more)
        start += batch.pages
    return {"marks": marks, "count": start, "contents": told[0]["contents"], "parts": parts}


def begin_at(page: int, names: Iterable[str], *, within_part: bool = False) -> str:
    """Writes the line before the first chapter: its page number, and the names whose places are asked for."""
    array = "".join(f"{literal(name)}, " for name in names)
    return f"#begin-at({page}, ({array}), within-part: {'true' if within_part else 'false'})"


def far_source(pages: Mapping[str, int], numbers: Mapping[str, int]) -> str:
    """Writes ``far.typ``: the page and an address of each place in other batches."""
    entries = ", ".join(
        f'{literal(name)}: (page: "{page}", address: "{SCHEME}{numbers[name]}")'
        for name, page in pages.items()
    )
    return f"#let far = ({entries or ':'})\n"


def _require_compiled(made: CompiledBatch | None) -> CompiledBatch:
    assert made is not None
    return made
