"""Converts HTML to a post, for the readers of archives, pages and feeds.

Every reader is asked whether it accepts a source, even a folder of Markdown. So modules that parse
HTML are imported only when there is HTML.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from ..diagnostics import Diagnostic, locate
from ..lazy_pattern import lazy_pattern
from ..model import characters
from ..model.check import consistent
from ..model.post import Base, Metadata, Post
from ..model.recordings import with_recording

if TYPE_CHECKING:
    from ..html.read.parse import Parsed

_CHARSET = lazy_pattern(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:-]{2,40})""", re.I)


def post_of(
    html: str,
    metadata: Metadata,
    *,
    exact: bool = False,
    base: Base | None = None,
    findings: tuple[Diagnostic, ...] = (),
) -> Post:
    """Returns the post whose text is ``html``, with Substack's components as typed nodes.

    ``exact`` means that spaces and empty paragraphs are intended. ``findings`` are reported before
    those of the HTML.
    """
    from ..html.read.parse import parse_fragment
    from ..substack.components import ICONS

    parsed = parse_fragment(html, line=1, source=metadata.source, exact=exact, skip=ICONS)
    return make_post(parsed, metadata, base=base, findings=findings)


def make_post(
    parsed: Parsed,
    metadata: Metadata,
    *,
    base: Base | None = None,
    findings: tuple[Diagnostic, ...] = (),
) -> Post:
    """Returns the post made from a parsed page."""
    from ..html.read.block_links import put_links_into_blocks
    from ..html.read.own_markup import type_own_markup
    from ..html.read.web_footnotes import Noted, take_notes
    from ..substack.components import type_nodes
    from ..substack.loose_marks import unmark

    # An exact source is Substack's own, in which notes are components.
    noted = Noted(parsed.blocks)
    if not parsed.events:
        noted = take_notes(type_own_markup(parsed.blocks), metadata.source)
    typed = type_nodes(noted.blocks, noted.footnotes, events=parsed.events)
    body = put_links_into_blocks(typed.body, unmark)
    found = [*findings, *parsed.findings, *noted.findings]
    canonical = consistent(Post(metadata, body, typed.footnotes))
    found.extend(locate((*typed.findings, *canonical.findings), metadata.source))
    post = msgspec.structs.replace(canonical.post, diagnostics=tuple(found), base=base)
    return with_recording(post)


def encoding_of(data: bytes, likely: str = "") -> tuple[str, str]:
    """Returns the encoding of an HTML file, and a message if nothing in it says so.

    It is found as browsers find it (HTML, section 13.2.3.2): by a byte order mark, else UTF-8 if it is
    valid, else by a ``charset`` in the first 1024 bytes, else by its bytes: a Japanese one, ``likely``
    first, or Windows-1252. ``likely`` is the encoding of other texts of the same source.
    """
    encoding = characters.utf16_variant(data) or "utf-8-sig"
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        named = _CHARSET.search(data[:1024])
        if named is None:
            guessed = characters.guess_encoding(data, likely)
            return guessed, f"byte {error.start} is not UTF-8; it was read as {guessed}"
        encoding = named[1].decode().lower()
        if encoding in ("utf-8", "utf8", "iso-8859-1", "latin1", "us-ascii"):
            encoding = "windows-1252"
    return encoding, ""


def decode_html(data: bytes, likely: str = "") -> tuple[str, str]:
    """Returns the text of an HTML file, and a message about repairs, if any; for ``likely``, see ``encoding_of``."""
    repaired, text = "", _decode_utf8(data)
    is_utf8 = text is not None
    if text is None:
        encoding, repaired = encoding_of(data, likely)
        try:
            text = data.decode(characters.CODECS.get(encoding, encoding), "replace")
        except (LookupError, UnicodeError):
            text = data.decode("windows-1252", "replace")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text, removed = characters.repair_text(text, data if is_utf8 else None)
    return characters.without_references(text), "; ".join(filter(None, (repaired, removed)))


def _decode_utf8(data: bytes) -> str | None:
    """Returns the text of bytes that ``encoding_of`` takes for UTF-8 with nothing to repair; None for others."""
    if characters.utf16_variant(data):
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
