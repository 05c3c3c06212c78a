"""Says which of the missing items the report of the conversion names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from ..diagnostics import Diagnostic, DiagnosticCode, Severity
from ..lazy_pattern import lazy_pattern
from .content import Item, Kind, words_of

_OF_PICTURES = frozenset(
    {
        DiagnosticCode.IMAGE_MISSING,
        DiagnosticCode.IMAGE_REMOTE,
        DiagnosticCode.IMAGE_UNREADABLE,
    }
)
_LEFT_OUT = frozenset(
    {
        DiagnosticCode.LINK_UNRESOLVED,
        DiagnosticCode.NODE_DROPPED,
        DiagnosticCode.NODE_CHROME,
        DiagnosticCode.NODE_FILTERED,
        DiagnosticCode.RAW_DROPPED,
    }
)
_PICTURE_FILES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif")
_AROUND = 3
"""A link, picture or note is of an element whose words are named, if one of so many items on either side is."""

_NAMES = lazy_pattern(r"['\"]|\[\[|://")
"""Matches what a message has around an address or a name."""

_STILL_LEADS = "it leads to the post"
"""A message that ends so is of a link that stays, though not to its place."""

_NAMED = 80
"""The characters of an address that a message has at least."""


def explained_by(
    entries: Sequence[Diagnostic], items: Sequence[Item], missing: Sequence[int]
) -> list[int]:
    """Returns the missing items, by their numbers in ``items``, that no entry of their post's report names.

    Each word of an entry explains one missing word, the first behind the entry's line. A picture or link is explained by
    an entry that has its address, by one of its line that has no words, or with the words beside it.
    """
    rest = list(missing)
    named: set[int] = set()
    for entry in entries:
        if entry.code is DiagnosticCode.NODE_SIMPLIFIED:
            # Its words are kept, and not excused; links and pictures among them may be gone.
            named |= _reach_of(entry, items)
        elif entry.text:
            first = found = _words_named(entry, items, rest)
            while found:
                named |= found
                rest = [n for n in rest if n not in found]
                # A report says of a line once what may be left out of it twice.
                here = [n for n in rest if items[n].line == entry.line]
                found = _words_named(entry, items, here)
                found = found if len(found) == len(first) else set()
    rest = [
        n for n in rest if items[n].kind is Kind.WORD or not _is_named(n, items, named, entries)
    ]
    return _without_unnamed(entries, items, missing, rest)


def _without_unnamed(
    entries: Sequence[Diagnostic], items: Sequence[Item], missing: Sequence[int], rest: list[int]
) -> list[int]:
    """Returns the rest without one link for each entry that says only that a link was left out.

    A report does not name what leads to a post that is not public, and of an export's post it may count the lines
    otherwise. An entry with a missing link in its own line is of that one.
    """
    of_lines = {items[n].line for n in missing if items[n].kind is Kind.LINK}
    links = [n for n in rest if items[n].kind is Kind.LINK]
    count = sum(
        entry.code is DiagnosticCode.LINK_UNRESOLVED
        and not entry.text
        and not _NAMES.search(entry.message)
        and entry.line not in of_lines
        for entry in entries
    )
    excused = set(links[:count])
    return [n for n in rest if n not in excused]


def exchange_pictures(
    entries: Sequence[Diagnostic], items: Sequence[Item], missing: Sequence[int]
) -> list[int]:
    """Returns the missing items with as many pictures, but with those first whose addresses entries say are missing.

    Pictures of a product cannot be told apart. So one that the product lacks may have been taken for one that it has.
    """
    pictures = [n for n, item in enumerate(items) if item.kind is Kind.PICTURE]
    return _exchanged(missing, pictures, lambda n: _is_named_missing(items[n], entries))


def exchange_links(
    entries: Sequence[Diagnostic], items: Sequence[Item], missing: Sequence[int]
) -> list[int]:
    """Returns the missing items with as many links into the book, but with those first that entries say were left out.

    A PDF does not tell these links apart, since they stand behind the words of their page.
    """
    links = [n for n, i in enumerate(items) if i.kind is Kind.LINK and not i.value]
    return _exchanged(missing, links, lambda n: _is_named_left_out(items[n], entries))


def _exchanged(
    missing: Sequence[int], alike: Sequence[int], is_named: Callable[[int], bool]
) -> list[int]:
    gone = set(missing)
    if gone.isdisjoint(alike):
        return list(missing)
    named = {n for n in alike if is_named(n)}
    absent = [n for n in alike if n not in gone and n in named]
    present = [n for n in alike if n in gone and n not in named]
    for instead, taken in zip(absent, present, strict=False):
        gone.remove(taken)
        gone.add(instead)
    return sorted(gone)


def _is_named_left_out(link: Item, entries: Sequence[Diagnostic]) -> bool:
    address = link.shown[:_NAMED]
    return bool(address) and any(
        entry.code is DiagnosticCode.LINK_UNRESOLVED
        and entry.line == link.line
        and f"'{address}" in entry.message
        and not entry.message.endswith(_STILL_LEADS)
        for entry in entries
    )


def _is_named_missing(picture: Item, entries: Sequence[Diagnostic]) -> bool:
    address = (picture.shown or picture.value)[:_NAMED]
    return bool(address) and any(
        entry.code is DiagnosticCode.IMAGE_MISSING
        and entry.line in (0, picture.line)
        and address in entry.message
        for entry in entries
    )


def _words_named(entry: Diagnostic, items: Sequence[Item], missing: Sequence[int]) -> set[int]:
    by_word: dict[str, list[int]] = {}
    for n in missing:
        if items[n].kind is Kind.WORD:
            by_word.setdefault(items[n].value, []).append(n)
    found = set()
    for word in words_of(entry.text):
        places = by_word.get(word.value)
        if places:
            n = next((n for n in places if items[n].line >= entry.line), places[0])
            places.remove(n)
            found.add(n)
    return found


def _reach_of(entry: Diagnostic, items: Sequence[Item]) -> set[int]:
    """Returns the items from an entry's line on, as far as its words go."""
    words = Counter(word.value for word in words_of(entry.text))
    reached: set[int] = set()
    between: set[int] = set()
    first = next((n for n, item in enumerate(items) if item.line >= entry.line > 0), len(items))
    for n in range(first, min(len(items), first + 4 * words.total())):
        between.add(n)
        if items[n].kind is Kind.WORD and words[items[n].value]:
            words[items[n].value] -= 1
            reached |= between
            between.clear()
    return reached


def _is_around_picture(n: int, items: Sequence[Item]) -> bool:
    """Returns whether an item is a link from a picture to a larger one: it is lost with the picture."""
    return (
        items[n].kind is Kind.LINK
        and n + 1 < len(items)
        and items[n + 1].kind is Kind.PICTURE
        and items[n].value.lower().endswith(_PICTURE_FILES)
    )


def _is_of_picture(entry: Diagnostic, picture: Item) -> bool:
    address = picture.value[:_NAMED]
    is_named = entry.line == picture.line or (bool(address) and address in entry.message)
    return entry.code in _OF_PICTURES and is_named


def _is_named(
    n: int, items: Sequence[Item], named: set[int], entries: Sequence[Diagnostic]
) -> bool:
    item = items[n]
    if not named.isdisjoint(range(n - _AROUND, n + _AROUND + 1)):
        return True
    address = item.shown or item.value
    enlarges = _is_around_picture(n, items)
    for entry in entries:
        if entry.code is DiagnosticCode.NODE_SIMPLIFIED:
            if item.kind is Kind.LINK and address and address[:_NAMED] in entry.message:
                return True
            continue
        if entry.code is DiagnosticCode.SHORTCODE_KEPT and item.kind is Kind.LINK:
            # A shortcode in place of an address makes no link; its line is kept as text.
            if entry.line == item.line:
                return True
            continue
        if enlarges and _is_of_picture(entry, items[n + 1]):
            return True
        if entry.code not in _LEFT_OUT and entry.code not in _OF_PICTURES:
            continue
        if entry.code is DiagnosticCode.IMAGE_REMOTE and entry.severity is Severity.INFO:
            continue  # It stays in the product, and on the network.
        if address and address[:_NAMED] in entry.message:
            return True
        is_of_kind = item.kind is Kind.PICTURE or entry.code in _LEFT_OUT
        if is_of_kind and entry.line == item.line and not entry.text:
            return True
    return False
