r"""Reads literate Haskell (``.lhs``): Markdown in which lines that begin with ``>``, or stand between ``\begin{code}`` and
``\end{code}``, are the program.

Source: the Haskell 2010 report (10.4), and pandoc's guide ("Literate Haskell support"), by which ``<`` marks code that is no
part of the program.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from ...lazy_pattern import lazy_pattern
from ..fences import with_code

_FENCE = "```"
_OPENED = f"{_FENCE}haskell"
_BEGIN = lazy_pattern(r"\\begin\{(?:code|spec)\}[ \t]*")
_END = lazy_pattern(r"\\end\{(?:code|spec)\}[ \t]*")
_TRACK = lazy_pattern(r"[<>](?: (?P<code>.*)|[ \t]*)")


def as_markdown(text: str) -> str:
    """Returns a text with its program as blocks of code, its lines kept: a fence takes the place of a blank line."""
    pairs = list(with_code(_with_fences(text.split("\n"))))
    tracks = [not is_code and _TRACK.fullmatch(line) is not None for line, is_code in pairs]
    shown = [line for line, _ in pairs]
    for begin, end in _find_runs(shown, tracks):
        is_apart = begin == 0 or not shown[begin - 1].strip()
        if not is_apart or (end < len(shown) and shown[end].strip()):
            continue
        indent = "" if begin else "    "
        for place in range(begin, end):
            found = _TRACK.fullmatch(shown[place])
            shown[place] = indent + (found["code"] or "" if found else "")
        if begin:
            shown[begin - 1] = _OPENED
            shown[end : end + 1] = [_FENCE]
    return "\n".join(shown)


def _with_fences(lines: list[str]) -> Iterator[str]:
    is_within = False
    for line in lines:
        if not is_within and _BEGIN.fullmatch(line):
            is_within = True
            yield _OPENED
        elif is_within and _END.fullmatch(line):
            is_within = False
            yield _FENCE
        else:
            yield line


def _find_runs(lines: list[str], tracks: list[bool]) -> Iterator[tuple[int, int]]:
    """Yields where each part of the program begins and ends; blank lines between its parts belong to it."""
    begin = end = -1
    for is_track, group in groupby(range(len(lines)), tracks.__getitem__):
        places = list(group)
        if is_track:
            begin = places[0] if begin < 0 else begin
            end = places[-1] + 1
        elif begin >= 0 and any(lines[place].strip() for place in places):
            yield begin, end
            begin = -1
    if begin >= 0:
        yield begin, end
