"""Compares the content of sources with that of a product, and names by file and line what the product lacks.

Each post is sought in the parts of the product that hold its runs of words. There every item of the source needs one of
its own in the product: first in long runs, then in shorter ones, then alone. So a word that the source has twice is in
the product twice, wherever it went, and what is left over has its place in the source.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import TypeAlias

import msgspec

from ..diagnostics import Diagnostic, DiagnosticCode, Severity
from .content import Item, Kind, is_right_to_left, shown_words
from .explain import exchange_links, exchange_pictures, explained_by, pictures_of_others
from .matching import Matching
from .numbered import NumberedTexts
from .presence import Anchors, posts_with_all_words, shares_of_own_words, shares_of_posts
from .products import ProductContent
from .sources import SourceText

_PRESENT = 0.2
"""A post with at least this share of its words in the product is meant to be in it."""
_NEAR = 8
"""Missing items with fewer others between them are told together."""
_ALONE = 2
"""So few words from right to left, of a text whose letters a PDF tells badly, may be in it."""
_ADDRESS = 80
"""Characters of an address that a message shows."""
_SHOWN = 160
"""Characters of missing text that a message shows; the diagnostic has all."""


class ContentCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How much the posts have that are compared."""

    words: int = 0
    notes: int = 0
    pictures: int = 0
    links: int = 0


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What a product has of its source."""

    format: str
    """The format of the product, by the name of its writer."""
    counted: ContentCounts
    """The content of the posts that are compared."""
    present: tuple[str, ...]
    """The names of the posts that are compared."""
    left_out: tuple[str, ...]
    """The names of the other posts of the source."""
    explained: int
    """The number of words, notes, pictures and links that the product lacks and the report names."""
    missing: tuple[Diagnostic, ...]
    """What else the product lacks, one diagnostic for each place, with the words as its text.

    It is a warning for a word or two from right to left, alone, in a PDF that does not tell the letters of others either.
    """
    by_letters: int
    """The number of words from right to left that a PDF has only by their letters, whose order it does not tell."""


Report: TypeAlias = Callable[[Sequence[str]], Iterable[Diagnostic]]
"""Returns what the conversion reported of the posts with these names."""
Entries: TypeAlias = Mapping[str, Sequence[Diagnostic]]
"""What the conversion reported, by the names of the posts."""


def compare_contents(
    sources: Sequence[SourceText],
    product: ProductContent,
    report: Report = lambda _: (),
    expected: Collection[str] | None = None,
) -> Comparison:
    """Counts what the product lacks of the posts that it is meant to have.

    ``expected`` are the names of these posts; without it, they are those of which the product has a good part.
    ``report`` is asked only if something is missing. An entry of the same post explains the words that it names.
    """
    texts = NumberedTexts(sources, product)
    anchors = Anchors(texts)
    shares = shares_of_posts(texts, anchors)
    chosen = [
        n
        for n, source in enumerate(sources)
        if (shares[n] >= _PRESENT if expected is None else source.name in expected)
    ]
    there = frozenset(chosen)
    present = tuple(sources[n].name for n in chosen)
    entries = cache(lambda: _by_post(report(present), frozenset(s.name for s in sources)))
    hardly = _hardly_there(texts, shares, chosen, by_name=expected is not None)
    absent = [n for n in hardly if not _is_told(sources[n], entries().get(sources[n].name, ()))]
    matching = Matching(texts, anchors, [n for n in chosen if n not in absent])
    counted: Counter[Kind] = Counter()
    explained = 0
    unexplained = [_absent(sources[n]) for n in absent]
    for number, lacking in _missing_items(matching, sources, entries).items():
        source = sources[number]
        counted.update(item.kind for item in source.items)
        if lacking:
            own = entries().get(source.name, ())
            asked, rest = _without_explained(source.items, lacking, own, product)
            explained += asked - len(rest)
            is_garbled = matching.letters_taken[number] > 0
            unexplained += _diagnostics(source, rest, is_garbled=is_garbled)
    return Comparison(
        format=product.format,
        counted=ContentCounts(
            words=counted[Kind.WORD],
            notes=counted[Kind.NOTE],
            pictures=counted[Kind.PICTURE],
            links=counted[Kind.LINK],
        ),
        present=present,
        left_out=tuple(s.name for n, s in enumerate(sources) if n not in there),
        explained=explained,
        missing=tuple(unexplained),
        by_letters=sum(matching.letters_taken.values()),
    )


def _hardly_there(
    texts: NumberedTexts, shares: Sequence[float], chosen: Sequence[int], *, by_name: bool
) -> list[int]:
    """Returns the posts that are meant to be there and of which the product has hardly a part.

    ``by_name`` says that the caller named them: then the product may have all words of one in another order.
    """
    few = [n for n in chosen if shares[n] < _PRESENT]
    if not few:
        return few
    # Of a post that is meant to be there, its words tell, though links and captions part them otherwise.
    in_words = shares_of_own_words(texts, few)
    complete = posts_with_all_words(texts, few) if by_name else frozenset()
    return [n for n in few if in_words[n] < _PRESENT and n not in complete]


def _missing_items(
    matching: Matching, sources: Sequence[SourceText], entries: Callable[[], Entries]
) -> dict[int, list[int]]:
    """Returns what each post lacks, once those whose pictures are others' have handed them over."""
    missing = matching.missing()
    if not _lack_pictures(sources, missing):
        return missing
    spare = {
        n: pictures_of_others(entries().get(sources[n].name, ()), sources[n].items, lacking)
        for n, lacking in missing.items()
    }
    matching.hand_over({number: items for number, items in spare.items() if items})
    return matching.missing()


def _without_explained(
    items: Sequence[Item],
    lacking: Sequence[int],
    entries: Sequence[Diagnostic],
    product: ProductContent,
) -> tuple[int, list[int]]:
    """Returns how many items a post lacks, and those of them that no entry of its report names."""
    if product.is_paged:
        lacking = exchange_links(entries, items, list(_without_set_notes(items, lacking)))
    lacking = exchange_pictures(entries, items, lacking)
    return len(lacking), explained_by(entries, items, lacking)


def _lack_pictures(sources: Sequence[SourceText], missing: Mapping[int, Sequence[int]]) -> bool:
    """Returns whether a post lacks a picture."""
    return any(
        sources[number].items[n].kind is Kind.PICTURE
        for number, lacking in missing.items()
        for n in lacking
    )


def _by_post(entries: Iterable[Diagnostic], names: Collection[str]) -> dict[str, list[Diagnostic]]:
    """Returns the entries by the names of their posts. A chapter that begins within a file is called ``file#id``."""
    found: dict[str, list[Diagnostic]] = {}
    for entry in entries:
        name = entry.source if entry.source in names else entry.source.partition("#")[0]
        found.setdefault(name, []).append(entry)
    return found


def _is_told(source: SourceText, entries: Sequence[Diagnostic]) -> bool:
    """Returns whether the report names enough of the words of a post for the product to have only the others."""
    words = [n for n, item in enumerate(source.items) if item.kind is Kind.WORD]
    rest = explained_by(entries, source.items, words)
    return bool(entries) and len(rest) <= (1 - _PRESENT) * len(words)


def _absent(source: SourceText) -> Diagnostic:
    words = sum(item.kind is Kind.WORD for item in source.items)
    return Diagnostic(
        DiagnosticCode.CONTENT_MISSING,
        f"the post is not in the product, or hardly a part of its {_count(words, 'word')}",
        source.name,
        severity=Severity.ERROR,
    )


def _without_set_notes(items: Sequence[Item], missing: Sequence[int]) -> Iterator[int]:
    """Yields the missing items, but for notes whose first words are not missing."""
    gone = set(missing)
    for n in missing:
        begins = n + 1 < len(items) and n + 1 not in gone
        if items[n].kind is not Kind.NOTE or not begins:
            yield n


def _diagnostics(
    source: SourceText, missing: Sequence[int], *, is_garbled: bool
) -> Iterator[Diagnostic]:
    for run in _runs(missing):
        items = [source.items[n] for n in run]
        in_doubt = is_garbled and len(run) <= _ALONE and all(map(is_right_to_left, items))
        kinds = Counter(item.kind for item in items)
        parts = [_count(kinds[kind], kind.value) for kind in Kind if kinds[kind]]
        # Words between the missing ones are shown too: a product may have their like elsewhere.
        text = " ".join(_shown(source.items[run[0] : run[-1] + 1]))
        quoted = text if len(text) <= _SHOWN else f"{text[:_SHOWN].rsplit(' ', 1)[0]} ..."
        line = next((item.line for item in items if item.line), 0)
        verb = "is" if len(items) == 1 else "are"
        yield Diagnostic(
            DiagnosticCode.CONTENT_MISSING,
            f"{' and '.join(parts)} {verb} not in the product: {quoted}",
            source.name,
            line,
            Severity.WARNING if in_doubt else Severity.ERROR,
            text,
        )


def _runs(missing: Sequence[int]) -> Iterator[list[int]]:
    run: list[int] = []
    for number in missing:
        if run and number - run[-1] > _NEAR:
            yield run
            run = []
        run.append(number)
    if run:
        yield run


def _count(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


def _shown(items: Sequence[Item]) -> Iterator[str]:
    """Yields what a message shows of items: words as they are written, and the addresses of pictures and links."""
    for is_words, run in groupby(items, key=lambda item: item.kind is Kind.WORD):
        if is_words:
            yield from shown_words(run)
        else:
            for item in run:
                address = (item.value or item.shown)[:_ADDRESS]
                yield f"[{item.kind.value} {address}]" if address else f"[{item.kind.value}]"
