"""Searches repeated tokens with each regular expression of the package, and names those whose time grows with the square.

    python benchmarks/pattern_growth.py [--every N] [MODULE...]

``growth.py`` counts the lines of Python that run, and a regular expression runs none. Here each pattern that a module
holds is tried as the module uses it (``match``, ``fullmatch``, or any search) on tokens behind some beginnings, at n and at
4n. Prints the worst pair of each steep pattern and ends with 1 if one of them is not named below. The whole takes about ten
minutes of the processor.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from repeated_tokens import GROUPS

import clothbound

SHORTEST = 2_000
"""Characters of the text that a pattern searches first; it is then tried on four times as many."""
LEAST = 0.01
"""Seconds below which the time of a search says nothing: a linear one takes a thousandth."""
MOST = 8.0
"""Times as long for four times the text. n log n makes 4.9, n squared 16."""
BEGINNINGS = (
    "",
    "\n",
    "a",
    "{",
    "<a ",
    "[",
    "| ",
    "{{< ",
    ".. ",
    "![a](",
    "# ",
    "a: ",
    "- ",
    "---\n",
    "<!--",
)
BLANKS = (" ", "\t", "\u00a0", " \n", "\n ", "a", "a ", "a\n", "1", "1.", "-", "=", ".", "/", ",", "a.", "a-", "a_", "a:", "é")  # fmt: skip
BOUNDED = "the text is a line or a field of bounded length"
OWN = "the text is our own"
NAMED: Mapping[str, str] = {
    "html.write.ascii_lexers:_GROUP": OWN,
    "html.write.overrides:_TAG": OWN,
    "readers.exports.wordpress.reusable_blocks:_WORDS": "the first one is sought, and the last end",
    "readers.html_metadata:_HEADINGS": BOUNDED,
    "readers.html_metadata:_TAG": BOUNDED,
    "readers.rss:_READ_MORE": BOUNDED,
    "readers.rst_header:_MARK": "a mark reaches over at most 500 characters",
    "readers.sites.pymdown:_CRITIC": "a mark reaches over at most 400 characters",
    "writers.epub.page_breaks:_TOKEN": OWN,
    "writers.pdf.code_lines:_PIECE": OWN,
    "writers.pdf.theme_file:URL": OWN,
    "writers.pdf.theme_listing:URL": OWN,
}
"""Why a pattern may be steep."""


class Steep(NamedTuple):
    """A pattern whose time grows faster than its text."""

    name: str
    seconds: float
    times: float
    text: str

    def __str__(self) -> str:
        return f"{self.name:60}{self.text!r:30} time x{self.times:.0f} ({self.seconds:.2f} s)"


def patterns(modules: list[str]) -> Iterator[tuple[str, re.Pattern[str], list[str]]]:
    """Yields the name of each pattern of the package, the pattern, and the methods by which its module uses it."""
    files = Path(clothbound.__path__[0]).rglob("*.py")
    whole = "\n".join(path.read_text(encoding="utf-8") for path in files)
    for found in pkgutil.walk_packages(clothbound.__path__, "clothbound."):
        short = found.name.removeprefix("clothbound.")
        if short.endswith("__main__") or (modules and short not in modules):
            continue
        try:
            module = importlib.import_module(found.name)
        except ImportError:  # an extra that is not installed
            continue
        own = Path(str(module.__file__)).read_text(encoding="utf-8")
        for name, value in list(vars(module).items()):
            if isinstance(value, type) or not isinstance(getattr(value, "pattern", None), str):
                continue
            source = own if name.startswith("_") else whole
            used = set(re.findall(rf"\b{re.escape(name)}\.(\w+)\(", source))
            if used:
                yield f"{short}:{name}", value, _methods(used)


def _methods(used: set[str]) -> list[str]:
    anchored = [name for name in ("match", "fullmatch") if name in used]
    return anchored if used and used <= {"match", "fullmatch"} else [*anchored, "finditer"]


def _seconds(action: Callable[[str], object], text: str) -> float:
    start = time.thread_time()
    found = action(text)
    if isinstance(found, Iterator):
        for _ in found:
            pass
    return time.thread_time() - start


def steepest(name: str, pattern: re.Pattern[str], methods: list[str], tokens: list[str]) -> Steep | None:  # fmt: skip
    """Returns the worst of the texts for which a pattern is steep; the first one that takes a second ends the search."""
    worst: Steep | None = None
    for method in methods:
        action = getattr(pattern, method)
        for beginning in BEGINNINGS:
            for token in tokens:
                short = beginning + token * (SHORTEST // len(token))
                seconds = _seconds(action, short)
                if seconds < LEAST / 8:
                    continue
                longer = _seconds(action, beginning + token * (4 * SHORTEST // len(token)))
                again = _seconds(action, short)
                times = longer / max(min(seconds, again), 1e-5)
                if longer > LEAST and times > MOST and (worst is None or longer > worst.seconds):
                    worst = Steep(name, longer, times, beginning + token)
                    if longer > 1:
                        return worst
    return worst


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "modules", nargs="*", metavar="MODULE", help="such as readers.html_metadata"
    )
    parser.add_argument("--every", type=int, default=1, help="take each N-th token")
    given = parser.parse_args()
    tokens = list(dict.fromkeys([*BLANKS, *(one for group in GROUPS.values() for one in group)]))
    count = steep = 0
    for name, pattern, methods in patterns(given.modules):
        count += 1
        found = steepest(name, pattern, methods, tokens[:: given.every])
        if found is not None:
            reason = NAMED.get(name, "")
            print(found, reason, flush=True)
            steep += not reason
    print(f"{count} patterns, {steep} grow with the square of the text")
    return 1 if steep else 0


if __name__ == "__main__":
    sys.exit(main())
