"""The addresses at which a picture may be had, by the rules of the platform that published it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from urllib.parse import unquote

import msgspec

from ..model.post import Post
from ..web.addresses import absolute_url


def candidates(*urls: str) -> Iterator[str]:
    """The addresses of HTTP among ``urls``, in the form in which they are asked for, each once."""
    seen = set()
    for url in urls:
        absolute = absolute_url(f"https:{url}" if url.startswith("//") else url)
        if absolute and absolute.startswith(("http:", "https:")) and absolute not in seen:
            seen.add(absolute)
            yield absolute


def file_name(url: str) -> str:
    """The last part of a URL's path, decoded: the name that the picture has in a folder."""
    return unquote(url.partition("#")[0].partition("?")[0].rpartition("/")[2])


def _none(*_: object) -> Iterable[str]:
    return ()


class AddressRules(msgspec.Struct, frozen=True, kw_only=True):
    """What a platform knows of the addresses of pictures. The defaults hold for the web at large."""

    others: Callable[[Post, str], Iterable[str]] = _none
    """Further addresses at which a post has the picture of an address."""
    candidates: Callable[..., Iterable[str]] = candidates
    """The URLs to try, in this order, for a picture that is said to be at the given ones."""
    transcodings: Callable[..., Iterable[str]] = _none
    """The URLs of the same picture in an encoding that every machine can read."""
    file_name: Callable[[str], str] = file_name
    """The name that the picture of a URL has in a folder of downloads."""


class Address(str):
    """A picture's URL with what its platform knows of it."""

    __slots__ = ("others", "rules")

    others: Callable[[], Iterable[str]]
    """The other addresses of the same picture."""
    rules: AddressRules

    @classmethod
    def of(cls, post: Post, url: str, rules: AddressRules) -> Address:
        """The address of a picture that ``post`` shows."""
        address = cls(url)
        address.rules = rules
        address.others = lambda: rules.others(post, url)
        return address
