"""Says which of the missing items the report of the conversion names.

An entry explains only what it is about: words by its text, a picture or a link by its address, what has no address by
the words beside it. What else its line has must be in the product.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import unquote

from ..diagnostics import REDACTED, Diagnostic, DiagnosticCode, Severity
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
        DiagnosticCode.NODE_SIMPLIFIED,
        DiagnosticCode.RAW_DROPPED,
    }
)
_OF_ADDRESSES = _OF_PICTURES | {DiagnosticCode.LINK_UNRESOLVED}
"""Entries of these codes are of an address, not of one element."""
_WORDS_KEPT = frozenset({DiagnosticCode.NODE_SIMPLIFIED, DiagnosticCode.LINK_UNRESOLVED})
"""Entries of these codes name the words of an element or a link, and the product has the words."""

_PICTURE_FILES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif")

_NAMES = lazy_pattern(r"['\"]|\[\[|://")
"""Matches what a message has around an address or a name."""

_WHOLE = lazy_pattern(r"(?<=\w)_o(?=\.\w{3,4}:)")
"""Matches what Ghost adds to the name of a picture that it keeps whole."""
_PLACE = lazy_pattern(r"^(?:[|{](?:filename|static|attach)[|}]|__GHOST_URL__)")
"""Matches what Pelican and Ghost have before the way to a file of their own."""

_FETCHED = lazy_pattern(
    r"https://[\w.-]*substack\w*\.com/image/fetch/\S*?/?(?=https?(?:%3A|:))", re.I
)
"""Matches what the server of Substack's pictures has before the address of the picture that it fetches."""

_STILL_LEADS = "it leads to the post"
"""A message that ends so is of a link that stays, though not to its place."""

_NAMED = 80
"""The characters of an address that a message has at least."""
_WHOLE_SHARE = 0.9
"""An entry explains what its line has a second time if this share of its words is missing again."""
_NEAR = 4
"""Words of one element that nobody may read have at most so many items between them."""
_BEFORE = " '\"[(<"
_BEHIND = " '\"])>:;,"
"""An address in a message has one of these signs, or nothing, on either side."""


def explained_by(
    entries: Sequence[Diagnostic], items: Sequence[Item], missing: Sequence[int]
) -> list[int]:
    """Returns the missing items, by their numbers in ``items``, that no entry of their post's report names.

    Each word of an entry explains one missing word, the first behind the entry's line. A picture or link is explained by
    an entry that has its address, and, as a note, by the words beside it.
    """
    told = [entry for entry in entries if not _is_still_there(entry)]
    rest = list(missing)
    named: set[int] = set()
    for entry in told:
        if entry.code is DiagnosticCode.NODE_SIMPLIFIED:
            # Its words are kept, and not excused; links and pictures among them may be gone.
            named |= _reach_of(entry, items)
        elif entry.text and entry.code not in _WORDS_KEPT:
            first = found = _words_named(entry, items, rest)
            while found:
                named |= found
                rest = [n for n in rest if n not in found]
                if REDACTED in entry.text:
                    break
                # A report says of a line once what may be left out of it twice, and a word or two of that may be
                # elsewhere in the product.
                here = [n for n in rest if items[n].line == entry.line]
                found = _words_named(entry, items, here)
                found = found if len(found) >= _WHOLE_SHARE * len(first) else set()
    beside = named | set(_beside(named, items))
    others = [n for n in rest if items[n].kind is not Kind.WORD and n not in beside]
    others = _without_addressed(told, items, others)
    others = _without_unnamed(told, items, others)
    gone = set(others)
    return [n for n in rest if items[n].kind is Kind.WORD or n in gone]


def _is_still_there(entry: Diagnostic) -> bool:
    """Returns whether an entry is of what the product has: on the network, or elsewhere than it was."""
    stays = entry.code is DiagnosticCode.IMAGE_REMOTE and entry.severity is Severity.INFO
    return stays or entry.message.endswith(_STILL_LEADS)


def _beside(named: set[int], items: Sequence[Item]) -> Iterator[int]:
    """Yields the links, pictures and notes with no other word between them and a named one.

    A link and a note begin before their words, so theirs are those behind them.
    """
    for n in named:
        before = n - 1
        while before >= 0 and items[before].kind is not Kind.WORD:
            yield before
            before -= 1
        behind = n + 1
        while behind < len(items) and items[behind].kind is Kind.PICTURE:
            yield behind
            behind += 1


def _without_addressed(
    entries: Sequence[Diagnostic], items: Sequence[Item], missing: Sequence[int]
) -> list[int]:
    """Returns the missing links, pictures and notes without those whose address an entry has.

    What keeps a picture or a link out is the same wherever the post has its address. Of an element that was left out,
    an entry has what its own line has, since it says once what a line has twice; if nothing of that line is missing, one
    of each address, since a reader may count the lines of an export otherwise.
    """
    gone = set(missing)
    for entry in entries:
        if entry.code not in _LEFT_OUT and entry.code not in _OF_PICTURES:
            continue
        alike = [n for n in missing if _has_address(entry, items[n])]
        if entry.line and entry.code not in _OF_ADDRESSES:
            own = [n for n in alike if items[n].line == entry.line]
            alike = own or list({items[n].key: n for n in reversed(alike) if n in gone}.values())
        gone.difference_update(alike)
    # A link from a picture to a larger one is lost with it.
    pictures = set(missing) - gone
    gone = {n for n in gone if not (n + 1 in pictures and _is_around_picture(n, items))}
    return sorted(gone)


def _has_address(entry: Diagnostic, item: Item) -> bool:
    if item.kind is Kind.NOTE or (entry.code in _OF_PICTURES and item.kind is not Kind.PICTURE):
        return False
    address = _PLACE.sub("", item.shown or item.value)
    if fetched := _FETCHED.match(address):
        address = unquote(address[fetched.end() :])
    return any(
        _names(told, one) or ("%" in told and _names(unquote(told), unquote(one)))
        for told in (_WHOLE.sub("", entry.message), entry.text)
        # A file of a site is named from its root, or from the folder of its files.
        for one in (address, f"/{address}")
    )


def _names(told: str, address: str) -> bool:
    """Returns whether a message has an address, and not only as a part of another one."""
    short = address[:_NAMED]
    at = told.find(short) if short else -1
    while at >= 0:
        end = at + len(short)
        is_whole = len(address) > _NAMED or told[end : end + 1].strip() in _BEHIND
        if is_whole and (at == 0 or told[at - 1].strip() in _BEFORE):
            return True
        at = told.find(short, at + 1)
    return False


def _without_unnamed(
    entries: Sequence[Diagnostic], items: Sequence[Item], missing: Sequence[int]
) -> list[int]:
    """Returns the missing items without one for each entry that has no address of it.

    A report does not name what leads to a post that is not public, but has the words of a link. A picture may have
    other addresses than the source shows. Of an export's post, the report may count the lines otherwise.
    """
    rest = list(missing)
    pictures = [item for item in items if item.kind is Kind.PICTURE] if rest else []
    for entry in entries if rest else ():
        if entry.code in _OF_PICTURES and any(_has_address(entry, one) for one in pictures):
            continue
        fit = list(_fitting(entry, items, rest))
        if fit:
            rest.remove(next((n for n in fit if items[n].line == entry.line), fit[0]))
    return rest


def _fitting(entry: Diagnostic, items: Sequence[Item], missing: Sequence[int]) -> Iterator[int]:
    """Yields the missing items of which an entry without their address may be."""
    words = [word.value for word in words_of(entry.text)]
    for n in missing:
        item = items[n]
        if entry.code is DiagnosticCode.LINK_UNRESOLVED and item.kind is Kind.LINK:
            if words:
                behind = (i.value for i in items[n + 1 :] if i.kind is Kind.WORD)
                if all(word == next(behind, "") for word in words):
                    yield n
            elif not _NAMES.search(entry.message):
                yield n
        elif entry.line == item.line and (
            # A shortcode in place of an address makes no link; its line is kept as text.
            (entry.code is DiagnosticCode.SHORTCODE_KEPT and item.kind is Kind.LINK)
            or (entry.code in _OF_PICTURES and item.kind is Kind.PICTURE)
        ):
            yield n


def exchange_pictures(
    entries: Sequence[Diagnostic], items: Sequence[Item], missing: Sequence[int]
) -> list[int]:
    """Returns the missing items with as many pictures, but with those first whose addresses entries say are missing.

    Pictures of a product cannot be told apart. So one that the product lacks may have been taken for one that it has.
    """
    pictures = [n for n, item in enumerate(items) if item.kind is Kind.PICTURE]
    return _exchanged(missing, pictures, lambda n: _is_named_missing(items[n], entries))


def pictures_of_others(
    entries: Sequence[Diagnostic], items: Sequence[Item], missing: Sequence[int]
) -> list[int]:
    """Returns the pictures that are not missing though entries say so: the product has them of another post."""
    gone = set(exchange_pictures(entries, items, missing))
    pictures = (n for n, item in enumerate(items) if item.kind is Kind.PICTURE and n not in gone)
    return [n for n in pictures if _is_named_missing(items[n], entries)]


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
    return any(
        entry.code is DiagnosticCode.LINK_UNRESOLVED
        and entry.line == link.line
        and _has_address(entry, link)
        and not _is_still_there(entry)
        for entry in entries
    )


def _is_named_missing(picture: Item, entries: Sequence[Diagnostic]) -> bool:
    return any(
        entry.code is DiagnosticCode.IMAGE_MISSING
        and entry.line in (0, picture.line)
        and _has_address(entry, picture)
        for entry in entries
    )


def _words_named(entry: Diagnostic, items: Sequence[Item], missing: Sequence[int]) -> set[int]:
    words = [n for n in missing if items[n].kind is Kind.WORD]
    # Of what nobody may read, a report has a sign for each word.
    if hidden := entry.text.split().count(REDACTED):
        behind = [n for n in words if items[n].line >= entry.line]
        return set(_written_words(items, behind, hidden))
    by_word: dict[str, list[int]] = {}
    for n in words:
        by_word.setdefault(items[n].value, []).append(n)
    found = set()
    for word in words_of(entry.text):
        places = by_word.get(word.value)
        if places:
            n = next((n for n in places if items[n].line >= entry.line), places[0])
            places.remove(n)
            found.add(n)
    return found


def _written_words(items: Sequence[Item], numbers: Sequence[int], most: int) -> Iterator[int]:
    """Yields the items of so many words as they are written, up to one that is not near the one before it."""
    before = -1
    for n in numbers:
        if before >= 0 and n - before > _NEAR:
            return
        most -= before < 0 or items[n].shown is not items[before].shown
        if most < 0:
            return
        yield n
        before = n


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
        and (items[n].value or items[n].shown).lower().endswith(_PICTURE_FILES)
    )
