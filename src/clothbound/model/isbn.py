"""Checks International Standard Book Numbers of both lengths."""

from __future__ import annotations

import re

from ..lazy_pattern import lazy_pattern

_NOT_DIGITS = lazy_pattern(r"[\s\u00ad\u2010-\u2015-]+")


def isbn13(text: str) -> str:
    """Returns an ISBN of thirteen digits with its hyphens as given; converts one of ten digits.

    Raises ValueError with the reason if it is invalid.
    """
    bare = _NOT_DIGITS.sub("", text.removeprefix("ISBN").lstrip(": ")).upper()
    if re.fullmatch(r"\d{9}[\dX]", bare, re.ASCII):
        last = "0123456789X"[-_sum_weighted(bare[:9], range(10, 1, -1)) % 11]
        if last != bare[9]:
            raise ValueError(_wrong(text, last))
        return f"978{bare[:9]}{_last_of_13('978' + bare[:9])}"
    if not re.fullmatch(r"\d{13}", bare, re.ASCII):
        raise ValueError(f"{text!r} is not an ISBN: it has neither thirteen digits nor ten")
    if not bare.startswith(("978", "979")):
        raise ValueError(f"{text!r} is not an ISBN: it begins with neither 978 nor 979")
    last = _last_of_13(bare[:12])
    if last != bare[12]:
        raise ValueError(_wrong(text, last))
    return _NOT_DIGITS.sub("-", text.removeprefix("ISBN").strip(": "))


def _sum_weighted(digits: str, weights: range) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def _last_of_13(twelve: str) -> str:
    odd, even = twelve[::2], twelve[1::2]
    return str(-(sum(map(int, odd)) + 3 * sum(map(int, even))) % 10)


def _wrong(text: str, last: str) -> str:
    return f"{text!r} is not an ISBN: by its other digits, the last should be {last}"
