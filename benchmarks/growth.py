"""Repeats each of some 290 tokens in each form of text that is read, at n, 4n and 16n, and counts the lines of Python that run.

    python benchmarks/growth.py [--every N] [FORM...]

Prints each pair of a token and a form whose work grows faster than n log n between 4n and 16n, and ends with 1 if one of
them is not named below. Regular expressions and parsers in C run no lines: where the time of the processor grows so, it is
printed as a hint.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import NamedTuple

from repeated_tokens import GROUPS

import clothbound
from clothbound.errors import ClothboundError
from clothbound.html.write.sanitize import clean
from clothbound.limits import Limits
from clothbound.math.svg import to_svg
from clothbound.media.svg.cleaning import clean_svg
from clothbound.plan.reading import parse_manifest
from clothbound.readers.front_matter import read_header
from clothbound.substack import posts_csv
from clothbound.verify.markdown import strip_markdown

SMALLEST = 600
"""Bytes of the text of n tokens; that of 16n has 16 times as many."""
MOST = 5.5
"""Times as many lines for four times the tokens. n log n makes 4.9 of n between 400 and 1600, n squared 16."""
WRITERS = ("html", "epub", "markdown", "text", "substack-paste", "pandoc", "rss", "json")
_MANY_LINKS = "a paragraph of more than 1,000 links is parted, and 4n are fewer"
_IN_LINES = "a formula that is wider than the page is broken into lines, which sets it twice"
NAMED: Mapping[tuple[str, str], str] = {
    **{("gfm", token): _MANY_LINKS for token in ("http://a ", "a@b.c ", "www.a ")},
    **{("TeX", token): _IN_LINES for token in (r"\text{a}", r"\mathbb{R}", r"\hspace{1em}")},
}
"""Why a token in a form grows faster."""


def _posts(text: str, format: str) -> None:
    posts = list(clothbound.read(text.encode(), format, on_error="collect"))
    for post in posts[:1]:
        for writer in _writers:
            clothbound.write(post, writer).to_bytes()


_writers: tuple[str, ...] = ()


def _feed(text: str) -> str:
    return f"<rss><channel><item><title>A</title><description>{escape(text)}</description></item></channel></rss>"


def _in_feed(text: str) -> str:
    return f"<rss><channel><item><title>A</title>{text}</item></channel></rss>"


def _wordpress(text: str) -> str:
    return (
        '<rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        "<wp:wxr_version>1.2</wp:wxr_version><item><title>A</title><wp:post_type>post</wp:post_type><wp:status>publish"
        f"</wp:status><content:encoded>{escape(text)}</content:encoded></item></channel></rss>"
    )


def _svg(text: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg"><style>{escape(text)}</style></svg>'.encode()


FORMS: Mapping[str, Callable[[str], object]] = {
    "markdown": lambda text: _posts(text, "markdown"),
    "gfm": lambda text: _posts(text, "gfm"),
    "obsidian": lambda text: _posts(text, "obsidian"),
    "html": lambda text: _posts(text, "html"),
    "rss": lambda text: _posts(_feed(text), "rss"),
    "rss items": lambda text: _posts(_in_feed(text), "rss"),
    "wordpress": lambda text: _posts(_wordpress(text), "wordpress"),
    "movable-type": lambda text: _posts(f"TITLE: A\n-----\nBODY:\n{text}\n-----\n--------\n", "movable-type"),
    "header": lambda text: read_header(f"---\na: {text}\n---\n\nb\n", Limits()),
    "header's lines": lambda text: read_header(f"---\n{text}\n---\n\nb\n", Limits()),
    "posts.csv": lambda text: posts_csv.load(f"post_id,title\n{text}".encode(), most=100_000),
    "TeX": lambda text: to_svg(text, display=True, widest=300),
    "SVG's style": lambda text: clean_svg(_svg(text)),
    "book.toml": lambda text: parse_manifest(f"[book]\ntitle = {text}", Path("book.toml")),
    "cleaned": lambda text: clean(text, xhtml=True),
    "counted": strip_markdown,
}  # fmt: skip


class Growth(NamedTuple):
    """How the work of a token in a form grows."""

    form: str
    token: str
    lines: float
    """Times as many at 16n as at 4n."""
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


def measure(form: str, token: str, smallest: int = SMALLEST) -> Growth:
    """Returns how the work of one token grows from 4n to 16n."""
    run = FORMS[form]
    number = max(1, smallest // len(token))
    lines, seconds = [], []
    count_lines(lambda: run(token * number))  # loads and compiles what is needed
    for times in (4, 16):
        text = token * (number * times)
        start = time.process_time()
        lines.append(count_lines(lambda text=text: run(text)))  # type: ignore[misc]
        seconds.append(time.process_time() - start)
    if lines[1] > MOST * lines[0]:  # Loads and compiles what only the longest text needs.
        lines[1] = count_lines(lambda: run(token * (number * 16)))
    return Growth(form, token, lines[1] / lines[0], seconds[1] / max(seconds[0], 1e-3), seconds[1])


def tokens(every: int = 1) -> Iterator[str]:
    """Yields each token once, or every ``every``-th of them."""
    every_token = dict.fromkeys(token for group in GROUPS.values() for token in group)
    yield from list(every_token)[::every]


def main() -> int:
    global _writers  # noqa: PLW0603 - what is measured besides reading
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("forms", nargs="*", metavar="FORM", help="all without a name")
    parser.add_argument("--every", type=int, default=1, help="take each N-th token")
    parser.add_argument(
        "--writers", action="store_true", help="write what is read by every text writer"
    )
    given = parser.parse_args()
    _writers = WRITERS if given.writers else ()
    steep = count = 0
    for form in given.forms or FORMS:
        for token in tokens(given.every):
            growth = measure(form, token)
            count += 1
            reason = NAMED.get((form, token), "")
            if growth.is_steep or (growth.seconds > 8 and growth.longest > 0.3):
                print(growth, reason or ("" if growth.is_steep else "(in C)"), flush=True)
            steep += growth.is_steep and not reason
    print(f"{count} pairs, {steep} grow faster than n log n")
    return 1 if steep else 0


if __name__ == "__main__":
    sys.exit(main())
