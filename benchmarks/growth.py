"""Repeats each of some 390 tokens in each form of text that is read, at n, 4n and 16n, and counts the lines of Python that run.

    python benchmarks/growth.py [--every N] [FORM...]

Prints each pair of a token and a form whose work grows faster than n log n between 4n and 16n, and ends with 1 if one of
them is not named below. Regular expressions and parsers in C run no lines: where the time of the processor grows so, it is
printed as a hint.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from growth_forms import PARTS, READERS
from repeated_tokens import GROUPS

import clothbound
from clothbound.errors import ClothboundError

SMALLEST = 600
"""Bytes of the text of n tokens; that of 16n has 16 times as many."""
MOST = 5.5
"""Times as many lines for four times the tokens. n log n makes 4.9 of n between 400 and 1600, n squared 16."""
WRITERS = ("html", "epub", "markdown", "text", "substack-paste", "pandoc", "rss", "json")
NAMED: Mapping[tuple[str, str], str] = {}
"""Why a token in a form grows faster."""


FORMS = (*READERS, *PARTS)


class Growth(NamedTuple):
    """How the work of a token in a form grows."""

    form: str
    token: str
    lines: float
    """Times as many at 16n as at 4n, or at 64n as at 16n if those are steep."""
    seconds: float
    """The same of the time of the processor."""
    longest: float
    """Seconds of 16n."""

    @property
    def is_steep(self) -> bool:
        return self.lines > MOST

    def __str__(self) -> str:
        return f"{self.form:16}{self.token!r:32} lines x{self.lines:.1f}, time x{self.seconds:.1f} ({self.longest:.2f} s)"


def count_lines(action: Callable[[], object]) -> int:
    """Returns how many lines of Python run in ``action``; an error of ours is an answer."""
    monitoring = sys.monitoring
    tool, count = monitoring.PROFILER_ID, 0

    def line(*_: object) -> None:
        nonlocal count
        count += 1

    monitoring.use_tool_id(tool, "growth")
    monitoring.register_callback(tool, monitoring.events.LINE, line)
    monitoring.set_events(tool, monitoring.events.LINE)
    try:
        action()
    except ClothboundError:
        pass
    finally:
        monitoring.set_events(tool, 0)
        monitoring.free_tool_id(tool)
    return count


def measure(form: str, token: str, smallest: int = SMALLEST, writers: Sequence[str] = ()) -> Growth:
    """Returns how the work of one token grows from 4n to 16n, which each of ``writers`` writes too."""

    def run(number: int) -> None:
        text = token * number
        if form in PARTS:
            PARTS[form](text)
            return
        for post in READERS[form](text)[:1]:
            for writer in writers:
                clothbound.write(post, writer).to_bytes()

    number = max(1, smallest // len(token))
    lines, seconds = [], []
    count_lines(lambda: run(number))  # loads and compiles what is needed
    for times in (4, 16):
        start = time.process_time()
        lines.append(count_lines(lambda times=times: run(number * times)))  # type: ignore[misc]
        seconds.append(time.process_time() - start)
    # What only a longer text needs is loaded once, and other ways of reading begin at some size: neither goes on.
    if lines[1] > MOST * lines[0]:
        lines = [count_lines(lambda times=times: run(number * times)) for times in (16, 64)]  # type: ignore[misc]
    return Growth(form, token, lines[1] / lines[0], seconds[1] / max(seconds[0], 1e-3), seconds[1])


def tokens(every: int = 1) -> Iterator[str]:
    """Yields each token once, or every ``every``-th of them."""
    every_token = dict.fromkeys(token for group in GROUPS.values() for token in group)
    yield from list(every_token)[::every]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "forms", nargs="*", metavar="FORM", choices=[*FORMS, []], help="all without a name"
    )
    parser.add_argument("--every", type=int, default=1, help="take each N-th token")
    parser.add_argument(
        "--writers", action="store_true", help="write what is read by every text writer"
    )
    given = parser.parse_args()
    writers = WRITERS if given.writers else ()
    steep = count = 0
    for form in given.forms or FORMS:
        for token in tokens(given.every):
            growth = measure(form, token, writers=writers)
            count += 1
            reason = NAMED.get((form, token), "")
            if growth.is_steep or (growth.seconds > 8 and growth.longest > 0.3):
                print(growth, reason or ("" if growth.is_steep else "(in C)"), flush=True)
            steep += growth.is_steep and not reason
    print(f"{count} pairs, {steep} grow faster than n log n")
    return 1 if steep else 0


if __name__ == "__main__":
    sys.exit(main())
