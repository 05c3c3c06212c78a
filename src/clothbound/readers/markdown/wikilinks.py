"""Parses wikilinks: ``[[Post]]``, ``[[Post#Heading|text]]``, ``![[picture.png|300]]``; and
``^name`` at the end of a block, the target of ``[[Post#^name]]``.

Source: Obsidian's help, "Internal links" and "Embed files". A link keeps the name as its address
and gets the class ``wikilink``, as pandoc's extension of that name does; which post it names is
known only when all posts are read; then an embedded post is put in the place of the link to it.
"""

from __future__ import annotations

import re

from mistune.core import InlineState

from ...lazy_pattern import lazy_pattern
from .attributes import NONE, AttributeBlock
from .parser import PostInlineParser
from .smart import ESCAPED

# In a table, the bar is escaped; it may have been replaced by its stand-in before.
_BAR = ESCAPED["|"]
_WIKILINK = (
    rf"!?\[\[(?P<wiki_name>[^\[\]\n|\\{_BAR}]+)"
    rf"(?:(?:\\?\||{_BAR})(?P<wiki_text>[^\[\]\n]*))?\]\]"
)
_PICTURE = lazy_pattern(r".*\.(?:avif|bmp|gif|jpe?g|png|svg|tiff?|webp)", re.I)
_BLOCK_ID = r"(?<!\S)\^[A-Za-z0-9-]+(?=\s*\Z)"
_MARKS = lazy_pattern(r"[*_`~=$<\\]")
"""Matches what may be a mark of Markdown in the text of a link."""
_SIZE = lazy_pattern(r"(\d{1,5})(?:x(\d{1,5}))?")


def add_wikilinks(inline: PostInlineParser) -> None:
    """Registers the rules with an inline parser."""
    inline.register("wikilink", _WIKILINK, parse_wikilink, before="link", start_chars=("[", "!"))
    inline.register("block_id", _BLOCK_ID, parse_block_id, before="link", start_chars="^")


def parse_wikilink(inline: PostInlineParser, m: re.Match[str], state: InlineState) -> int | None:
    """Appends a ``wikilink`` token (name, text), or mistune's own for a picture."""
    name = m["wiki_name"].strip()
    text = (m["wiki_text"] or "").strip()
    if not name or state.in_link:
        return None
    if m[0].startswith("!") and _PICTURE.fullmatch(name):
        text, _, last = text.replace(_BAR, "|").rpartition("|")
        size = _SIZE.fullmatch(last.strip())
        text = (text if size else f"{text}|{last}" if text else last).strip()
        pairs = zip(("width", "height"), size.groups() if size else (), strict=False)
        attributes = AttributeBlock(pairs=tuple((key, value) for key, value in pairs if value))
        state.append_token(
            {
                "type": "image",
                "children": [{"type": "text", "raw": text}] if text else [],
                "attrs": {"url": name.replace(" ", "%20")},
                "attributes": attributes if size else NONE,
            }
        )
        return m.end()
    is_embedded = m[0].startswith("!")
    shown = text or _label(name)
    if not shown:  # ``[[#]]`` names nothing
        return None
    token = {
        "type": "wikilink",
        "name": name,
        "text": shown,
        "embedded": is_embedded,
    }
    if text and not is_embedded and _MARKS.search(text):
        child = state.copy()
        child.src, child.in_link = text, True
        token["children"] = inline.render(child)
    state.append_token(token)
    return m.end()


def parse_block_id(inline: PostInlineParser, m: re.Match[str], state: InlineState) -> int:
    """Replaces a block id, which Obsidian does not show, by an empty ``span`` with that id."""
    if state.tokens and state.tokens[-1]["type"] == "text":
        state.tokens[-1]["raw"] = state.tokens[-1]["raw"].rstrip()
    attributes = AttributeBlock(id=m[0][1:])
    state.append_token({"type": "span", "children": [], "attributes": attributes})
    return m.end()


def _label(name: str) -> str:
    """Returns the text of a wikilink that gives none: the name of the file or the heading, without
    folders.
    """
    post, _, heading = name.partition("#")
    post = post.strip().removesuffix(".md")
    if heading.startswith("^"):
        return post.rsplit("/", 1)[-1].strip() or heading[1:]
    return " \u203a ".join(filter(None, (post.rsplit("/", 1)[-1].strip(), heading.strip())))
