"""Removing and replacing paragraphs and words of a post, for one book.

The words of a rule need not match the post to the letter: quotation marks and dashes match in any form, and
any space matches any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import msgspec

from ..lazy_pattern import lazy_pattern
from ..model import blocks as b
from ..model import inlines as i
from ..model.check import canonical, canonical_inlines
from ..model.flatten import flatten_blocks
from ..model.node import Node
from ..model.notes import settle_notes
from ..model.plain_text import plain_text
from ..model.post import Post
from ..model.walk import rewrite, walk, walk_lines
from ..readers.markdown.text_nodes import parse_markdown
from .schema import Removal, Replacement

_FORMS = {
    '"': '["“”„‟«»]',
    "'": "['‘’‚‛]",
    "-": "[-‐‑–—]",
    "…": r"(?:…|\.\.\.)",
}
_CLOSING = frozenset(".,;:!?…)]}’”")
_OPENING = frozenset("([{“‘")
_PIECES = lazy_pattern(r"\s+|\.\.\.|-{2,3}|.", re.S)
_WITH_TEXT: frozenset[type[Node]] = frozenset(
    {b.Paragraph, b.Heading, b.Verse, b.Button, b.SubscribeForm, b.Embed, b.Poll}
)
"""The nodes that a rule for a paragraph matches. Code is not among them, whatever words it has."""
_INLINES: dict[type[Node], str] = {
    b.Paragraph: "children",
    b.Heading: "children",
    b.Verse: "children",
    b.Cell: "children",
    b.Figure: "caption",
    b.Gallery: "caption",
    b.Media: "caption",
    b.Table: "caption",
    b.Callout: "title",
    b.DefinitionItem: "term",
}
"""The field of inlines that holds a node's own words."""
_CAPTIONED = frozenset(kind for kind, name in _INLINES.items() if name != "children")
_STRINGS: dict[type[Node], tuple[str, ...]] = {i.Image: ("alt", "title"), i.Link: ("title",)}
"""String fields with words of the author's, which a rule for words also changes."""
_LEFT: dict[type[Node], tuple[str, tuple[str, ...]]] = {
    i.Code: ("code", ("text",)),
    b.CodeBlock: ("code", ("text",)),
    i.RawInline: ("markup", ("text",)),
    b.RawBlock: ("markup", ("text",)),
    b.Embed: ("a card", ("title", "text", "author")),
    b.Button: ("a button", ("label",)),
    b.SubscribeForm: ("a form", ("text", "label")),
    b.FileDownload: ("a file's name", ("name",)),
    b.Poll: ("a poll", ("question", "options")),
    b.Recipe: ("a recipe", ("title", "ingredients", "steps")),
}
"""Nodes that a rule for words does not change: how messages call them, and their fields."""
_SHELLS: frozenset[type[Node]] = (i.INLINE_CONTAINERS - {i.Mention}) | {
    b.Quote,
    b.PullQuote,
    b.Group,
    b.Callout,
    b.Conditional,
    b.List,
    b.ListItem,
}


@dataclass(slots=True)
class RuleResult:
    """A post after a rule was applied. ``taken`` lists the texts that the rule removed or replaced."""

    post: Post
    taken: list[tuple[str, int]] = field(default_factory=list)
    """Each with its line."""
    left: list[tuple[str, int]] = field(default_factory=list)
    """The places where the rule's words occur and are not changed, each with its line."""


def pattern_of(text: str, *, stars: bool) -> re.Pattern[str]:
    """Compiles the text of a rule to a pattern; with ``stars``, ``*`` matches any words."""
    parts = []
    for piece in _PIECES.findall(text.strip()):
        if piece.isspace():
            parts.append(r"\s+")
        elif piece == "*" and stars:
            parts.append(r".*")
        elif piece == "...":
            parts.append(_FORMS["…"])
        elif piece.startswith("--"):
            parts.append(f"(?:{piece}|[–—])")
        else:
            form = next((f for f in _FORMS.values() if re.fullmatch(f, piece)), "")
            parts.append(form or re.escape(piece))
    return re.compile("".join(parts), re.S)


def apply(rule: Removal, post: Post) -> RuleResult:
    """Removes or replaces the matches of a rule in a post and its notes.

    A note is removed with its last mark.
    """
    outcome = RuleResult(post)
    if rule.paragraph:
        changed = _change_paragraphs(rule, post, outcome)
    else:
        changed = _change_words(rule, post, outcome)
    if outcome.taken:
        settled, gone = settle_notes(post, changed)
        outcome.taken.extend((plain_text(note), 0) for note in gone)
        outcome.post = canonical(settled)
    return outcome


def _change_paragraphs(rule: Removal, post: Post, outcome: RuleResult) -> Post:
    pattern = pattern_of(rule.paragraph, stars=True)
    instead: tuple[b.Block, ...] = ()
    if isinstance(rule, Replacement):
        instead = parse_markdown(rule.replacement)[0]

    def visit(node: Node) -> Any:
        if type(node) in _CAPTIONED:
            return captioned(node)
        if type(node) in _SHELLS:
            return _drop_if_empty(node)
        text = plain_text(node)
        # To a reader of the page, the sentence above a form is a paragraph.
        alone = node.text if isinstance(node, b.SubscribeForm) else text
        if not any(pattern.fullmatch(one.strip()) for one in (text, alone)):
            return node
        outcome.taken.append((text, node.line))
        return instead

    def captioned(node: Node) -> Any:
        name = _INLINES[type(node)]
        text = plain_text(getattr(node, name))
        if text.strip() and pattern.fullmatch(text.strip()):
            outcome.taken.append((text, node.line))
            node = msgspec.structs.replace(node, **{name: flatten_blocks(instead)})
        return _drop_if_empty(node) if type(node) in _SHELLS else node

    rewritten: Post = rewrite(post, visit, _WITH_TEXT | _SHELLS | _CAPTIONED)
    return rewritten


def _change_words(rule: Removal, post: Post, outcome: RuleResult) -> Post:
    pattern = pattern_of(rule.text, stars=False)
    instead = rule.replacement if isinstance(rule, Replacement) else ""
    lines = cache(lambda: {id(node): line for node, line in walk_lines(post)})

    def line_of(node: Node) -> int:
        return node.line or lines().get(id(node), 0)

    def visit(node: Node) -> Any:
        if type(node) in _STRINGS:
            return in_strings(node)
        name = _INLINES[type(node)]
        inlines = getattr(node, name)
        whole, solid = _read_words(inlines)
        found = [m.span() for m in pattern.finditer(whole) if m[0]]
        if not found:
            return node
        outcome.taken.extend((whole[start:end], line_of(node)) for start, end in found)
        if not instead:
            found = [_close_up(whole, solid, start, end) for start, end in found]
        cut = _replace_spans(inlines, found, instead, is_verse=type(node) is b.Verse)
        is_gone = name == "children" and not cut and type(node) is not b.Cell
        return None if is_gone else msgspec.structs.replace(node, **{name: cut})

    def in_strings(node: Node) -> Node:
        changed = {}
        for name in _STRINGS[type(node)]:
            whole = getattr(node, name)
            found = [m.span() for m in pattern.finditer(whole) if m[0]]
            if not found:
                continue
            outcome.taken.extend((whole[start:end], line_of(node)) for start, end in found)
            if not instead:
                found = [_close_up(whole, frozenset(), start, end) for start, end in found]
            for start, end in reversed(found):
                whole = whole[:start] + instead + whole[end:]
            changed[name] = " ".join(whole.split())
        return msgspec.structs.replace(node, **changed) if changed else node

    outcome.left.extend(_find_left(pattern, post))
    kinds = _INLINES.keys() | _STRINGS.keys()
    rewritten: Post = rewrite(rewrite(post, visit, kinds), _drop_if_empty, _SHELLS)
    return rewritten


def _find_left(pattern: re.Pattern[str], post: Post) -> Iterator[tuple[str, int]]:
    """Yields the places where a rule's words occur and are not changed, each with its line."""
    for node, line in walk_lines(post):
        if type(node) not in _LEFT:
            continue
        place, names = _LEFT[type(node)]
        for name in names:
            value = getattr(node, name)
            texts = (value,) if isinstance(value, str) else value
            if any(pattern.search(text) for text in texts):
                yield place, line
    for name in ("title", "subtitle"):
        if pattern.search(getattr(post.metadata, name)):
            yield f"the {name}", 0


def _read_words(inlines: tuple[i.Inline, ...]) -> tuple[str, frozenset[int]]:
    """Returns the text of inlines, and the positions in it of nodes that are not text, such as code or a picture."""
    whole = ""
    solid = set()
    for leaf in walk(inlines):
        if isinstance(leaf, (i.Text, i.LineBreak)):
            whole += leaf.text if isinstance(leaf, i.Text) else "\n"
        elif isinstance(leaf, (i.Code, i.Math, i.Image, i.NoteRef, i.RawInline)):
            solid.add(len(whole))
    return whole, frozenset(solid)


def _close_up(whole: str, solid: frozenset[int], start: int, end: int) -> tuple[int, int]:
    """Extends a span to be removed by the space that would remain before a full stop or after a bracket."""
    if end not in solid and whole[end : end + 1] in _CLOSING:
        while start and start not in solid and whole[start - 1] == " ":
            start -= 1
    if start not in solid and whole[start - 1 : start] in _OPENING:
        while end not in solid and whole[end : end + 1] == " ":
            end += 1
    return start, end


def _replace_spans(
    inlines: tuple[i.Inline, ...], spans: list[tuple[int, int]], instead: str, *, is_verse: bool
) -> tuple[i.Inline, ...]:
    """Replaces spans of the text of inlines with other words.

    The new words take the formatting of the first words that they replace, such as italics.
    """
    position = 0

    def visit(leaf: Node) -> Any:
        nonlocal position
        text = leaf.text if isinstance(leaf, i.Text) else "\n"
        begin, position = position, position + len(text)
        pieces, at = [], 0
        for start, end in spans:
            if end <= begin or start >= position:
                continue
            pieces.append(text[at : max(start - begin, 0)])
            if start >= begin:
                pieces.append(instead)
            at = min(end - begin, len(text))
        if not pieces:
            return leaf
        left = "".join((*pieces, text[at:]))
        if isinstance(leaf, i.Text):
            return msgspec.structs.replace(leaf, text=left) if left else None
        return i.Text(left) if left else None

    rewritten = rewrite(inlines, visit, frozenset({i.Text, i.LineBreak}))
    return _tidy(rewrite(rewritten, _drop_if_empty, _SHELLS), is_verse=is_verse)


def _tidy(children: tuple[i.Inline, ...], *, is_verse: bool) -> tuple[i.Inline, ...]:
    """Removes the spaces that a removal left at the ends of the text or next to another space."""
    inlines = list(canonical_inlines(children))
    for place, text in enumerate(inlines):
        if isinstance(text, i.Text):
            words = re.sub(r" {2,}", " ", text.text) if not is_verse else text.text
            words = words.lstrip(" ") if place == 0 else words
            words = words.rstrip(" ") if place == len(inlines) - 1 else words
            inlines[place] = msgspec.structs.replace(text, text=words)
    return tuple(n for n in inlines if not (isinstance(n, i.Text) and not n.text))


def _drop_if_empty(node: Node) -> Node | None:
    """Returns a container node, or None if it is empty. The target of a link is kept even if it is empty."""
    return None if _is_empty(node) and not node.id else node


def _is_empty(node: Node) -> bool:
    if isinstance(node, b.Callout) and node.title:
        return False
    return not (node.items if isinstance(node, b.List) else node.children)  # type: ignore[attr-defined]
