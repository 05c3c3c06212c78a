"""What must hold of any input: the properties that the harnesses check.

A ClothboundError is an answer; any other exception is a finding, and so is a broken property, which is an
AssertionError.
"""

from __future__ import annotations

import io
import os
import time
import zipfile
import zlib
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

from lxml import etree

import clothbound
from clothbound import formats
from clothbound.context import Context
from clothbound.errors import ClothboundError
from clothbound.html.write.sanitize import clean
from clothbound.media.svg.cleaning import clean_svg
from clothbound.model.check import problems
from clothbound.model.inlines import Link
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Post
from clothbound.model.walk import rewrite, walk
from clothbound.readers.markdown import READER as MARKDOWN
from clothbound.readers.markdown.options import MarkdownInput
from clothbound.substack.loose_marks import is_loose_mark, missing_note
from clothbound.writers.epub import Epub

POSTS = 3
"""How many posts of a source are written; more make an input slow, not different."""
# PDF and the kit are made by engines that are not ours.
WRITERS = tuple(name for name in formats.WRITERS if name not in ("markdown", "pdf", "kdp"))
# Drawing a cover takes longer than all else.
OPTIONS = {
    "epub": Epub(
        cover=Path(__file__).parents[1] / "cases" / "golden" / "posts" / "pictures" / "wheel.png"
    )
}
_XML = (".xhtml", ".opf", ".ncx", ".xml", ".svg")
PATIENCE = "CLOTHBOUND_FUZZ_PATIENCE"
"""The variable that says how many times as long as here a step may take."""


def keep_time(size: int, step: Callable[[], None]) -> None:
    """Runs ``step``, which may take a second of the processor, and one more for each 100 kB.

    What the first input loads does not count: a step that took too long is run once more. The variable ``PATIENCE``
    lengthens both, for a run that must not depend on the machine.
    """
    most = (1 + size / 100_000) * float(os.environ.get(PATIENCE, "1"))
    if _seconds(step) > most:
        taken = _seconds(step)
        assert taken <= most, f"{taken:.1f} s for {size} bytes"


def _seconds(step: Callable[[], None]) -> float:
    start = time.process_time()
    step()
    return time.process_time() - start


def check_source(data: bytes, format: str | formats.ReaderOptions) -> None:
    """Reads a source, and writes its first posts as Markdown, and by the writer that the bytes choose."""
    posts: list[Post] = []
    keep_time(len(data), lambda: _read(data, format, posts))
    for post in posts:
        assert list(problems(post)) == []
        keep_time(len(data), lambda post=post: check_markdown(post))  # type: ignore[misc]
    if posts:
        writer = WRITERS[zlib.crc32(data) % len(WRITERS)]
        keep_time(len(data), lambda: check_product(posts, writer))


def _read(data: bytes, format: str | formats.ReaderOptions, posts: list[Post]) -> None:
    posts.clear()
    try:
        posts.extend(islice(clothbound.read(data, format, on_error="collect"), POSTS))
    except ClothboundError:
        posts.clear()


def as_markdown(post: Post) -> bytes:
    """Returns the file of a post in our own dialect."""
    return clothbound.write(post, "markdown").to_bytes()


def from_markdown(data: bytes) -> Post:
    """Returns the post of such a file."""
    return MARKDOWN.read(data, MarkdownInput(), Context())[0]


def check_markdown(post: Post) -> None:
    """Holds that Markdown keeps the words of a post, and that the post that is read of it stays as it is."""
    again = from_markdown(as_markdown(post))
    assert _embeds_others(post) or _words(again) == _words(post)
    third = from_markdown(as_markdown(again))
    assert (third.body, third.footnotes) == (again.body, again.footnotes)


def _embeds_others(post: Post) -> bool:
    """Whether a product shows other posts within this one, as vaults have them."""
    return any("embedded" in node.classes for node in walk(post) if isinstance(node, Link))


def _words(post: Post) -> str:
    """Returns the words without their blanks. A mark whose lost note is there after all shows its number as other marks
    do, whose numbers are not words.
    """
    notes = {note.id for note in post.footnotes}
    post = rewrite(
        post, lambda mark: None if is_loose_mark(mark) and missing_note(mark) in notes else mark
    )
    return "".join(plain_text(post).split())


def check_product(posts: list[Post], writer: str) -> None:
    """Holds that a product is made or refused, that its XML is well-formed, and that our JSON comes back."""
    try:
        data = clothbound.write(posts, OPTIONS.get(writer, writer)).to_bytes()
    except ClothboundError:
        return
    if writer == "rss":
        parse_xml(data)
    elif writer in ("json", "jsonl") and not any(map(_embeds_others, posts)):
        again = clothbound.read(data, "json")
        assert [(post.body, post.footnotes) for post in again] == [
            (post.body, post.footnotes) for post in posts
        ]
    elif data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                if name.endswith(_XML):
                    parse_xml(archive.read(name))


def parse_xml(data: bytes) -> Any:
    """Returns the root. Raises XMLSyntaxError for what is not well-formed."""
    return etree.fromstring(
        data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    )


def _canonical(data: bytes) -> bytes:
    """XML has two ways to write an element without content."""
    return etree.tostring(parse_xml(data), method="c14n")


def check_sanitised(data: bytes) -> None:
    """Holds that cleaned HTML stays as it is, and is well-formed XML where it has to be."""
    html = data.decode("utf-8", "replace")
    for xhtml in (False, True):
        once = clean(html, xhtml=xhtml)
        assert clean(once, xhtml=xhtml) == once
    parse_xml(f"<div>{once}</div>".encode())


def check_svg(data: bytes) -> None:
    """Holds that a cleaned picture stays as it is."""
    try:
        once = clean_svg(data).data
    except ClothboundError:
        return
    assert _canonical(clean_svg(once).data) == _canonical(once)
