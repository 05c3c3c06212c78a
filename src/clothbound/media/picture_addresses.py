"""The addresses of a picture, by the rules of the platform that published it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from urllib.parse import unquote

import msgspec

from ..model.addresses import without_query
from ..model.post import Post
from ..web.addresses import web_address


def candidates(*urls: str) -> Iterator[str]:
    """Yields the HTTP addresses among ``urls``, each once, in the form for requests."""
    seen = set()
    for url in urls:
        absolute = web_address(url)
        if absolute and absolute not in seen:
            seen.add(absolute)
            yield absolute


def file_name(url: str) -> str:
    """Returns the last part of a URL's path, decoded, which is the picture's name in a folder."""
    return unquote(without_query(url).rpartition("/")[2])


def _none(*_: object) -> Iterable[str]:
    return ()


class AddressRules(msgspec.Struct, frozen=True, kw_only=True):
    """The rules of a platform for addresses of pictures. The defaults hold for other sites."""

    others: Callable[[Post, str], Iterable[str]] = _none
    """Returns further addresses of a picture in a post."""
    candidates: Callable[..., Iterable[str]] = candidates
    """Returns the URLs to try, in order, for a picture with the given ones."""
    transcodings: Callable[..., Iterable[str]] = _none
    """Returns the URLs of the same picture in an encoding that every machine can read."""
    file_name: Callable[[str], str] = file_name
    """Returns the name of the picture of a URL in a folder of downloads."""


class Address(str):
    """A picture's URL with the rules of its platform."""

    __slots__ = ("others", "rules")

    others: Callable[[], Iterable[str]]
    """Returns the other addresses of the same picture."""
    rules: AddressRules

    @classmethod
    def of(cls, post: Post, url: str, rules: AddressRules) -> Address:
        """Returns the address of a picture that ``post`` shows."""
        address = cls(url)
        address.rules = rules
        address.others = lambda: rules.others(post, url)
        return address
