"""What messages are made of: text of others that can do no harm, and numbers with their words."""

from __future__ import annotations

from collections.abc import Sequence

from .lazy_pattern import lazy_pattern

# White space that begins another line, or another place in this one.
_BREAKS = lazy_pattern("[\t\n\v\f\r\x85\u2028\u2029]+")
# Controls (ECMA-48, sections 5.2 to 5.4), marks that turn the direction of what follows (Unicode
# Annex 9, section 2), and halves of characters, as names of files that are no text hold them.
_UNSAFE = lazy_pattern("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


MESSAGE = 1000
"""The most characters that a message prints. Values of others stand in messages, and may have any length."""
_END = 300


def abridge(text: str) -> str:
    """Returns a message that is too long without its middle: its beginning says what it is about, its end what is wrong."""
    return text if len(text) <= MESSAGE else f"{text[: MESSAGE - _END]} … {text[-_END:]}"


def printable(text: str) -> str:
    r"""``text`` in one line; what is unsafe in it as Python writes it, ``\x1b``."""
    return _UNSAFE.sub(lambda found: repr(found[0])[1:-1], _BREAKS.sub(" ", text))


def agree(number: int, one: str, many: str) -> str:
    """The form of a word that goes with a number: "is" or "are", "it" or "them"."""
    return one if number == 1 else many


def format_count(number: int, one: str, many: str = "") -> str:
    """``1 word``, ``2,000 words``; ``many`` is given where an s behind ``one`` does not make it."""
    return f"{number:,} {agree(number, one, many or f'{one}s')}"


def list_some(names: Sequence[str], most: int = 3) -> str:
    """``a.md, b.md``; of more than ``most`` names the first: ``a.md, b.md, c.md ...``."""
    return ", ".join(names[:most]) + (" ..." if len(names) > most else "")


def list_and_count(names: Sequence[str], most: int) -> str:
    """``a.md, b.md``; of more than ``most`` names the first, and how many others there are: ``a.md and 2,000 more``."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more:,} more" if more > 0 else "")


def format_megabytes(size: int) -> str:
    """``1.5 MB`` for a number of bytes."""
    return f"{size / 1e6:.1f} MB"


def format_post_count(posts: int, texts: int) -> str:
    """``9 posts``, and what stands around them in a book: ``9 posts and 2 texts``."""
    return (
        f"{format_count(posts, 'post')} and {format_count(texts, 'text')}"
        if texts
        else format_count(posts, "post")
    )
