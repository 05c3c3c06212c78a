"""Marks text in another script than the post's with its language and direction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from ..context import Context
from ..language.detect import post_language
from ..language.direction import direction
from ..language.writing_systems import (
    LATIN,
    has_kana,
    has_letter_of_scripts,
    is_latin,
    main_language,
    pieces,
    script_rules,
)
from ..late_names import late_function
from ..model import blocks as b
from ..model import inlines as i
from ..model.node import Node
from ..model.plain_text import plain_text, prose_sample
from ..model.post import Post
from ..model.walk import CHILD_FIELDS, walk, with_blocks

if TYPE_CHECKING:
    from ..language.bidirectional import direction_of_code
else:
    # What code asks for.
    direction_of_code = late_function("clothbound.language.bidirectional", "direction_of_code")

_LEFT_TO_RIGHT = ("dir", "ltr")
_LATIN = ("lang", LATIN)


def name_language(post: Post, context: Context) -> Post:
    """Sets the language of ``post`` to the inferred one, if it names none and its text is not in
    the book's language.

    Direction, fonts, hyphenation and dates follow from it.
    """
    if post.metadata.language:
        return post
    language = post_language(post.metadata, prose_sample(post), context.language)
    if language == context.language:
        return post
    metadata = msgspec.structs.replace(post.metadata, language=language)
    return msgspec.structs.replace(post, metadata=metadata)


def mark_scripts(post: Post, context: Context) -> Post:
    """Marks blocks and runs of text in another script with ``lang`` and ``dir``.

    Fonts, voices and line breaks depend on the language, the side on which a line begins on the
    direction. The author's own marks are kept. In a right-to-left post, blocks of code and of Latin
    letters alone run from left to right; code within a line runs as its first letter does. Where
    emphasis is bold or has dots, Latin words that are emphasised have a language of their own, by
    which they are in italics. ``name_language`` sets the post's language first.
    """
    post = name_language(post, context)
    language = post.metadata.language or context.language
    text = context.census(post).text
    if script_rules(language) is None and not has_letter_of_scripts(text):
        return post
    japanese = has_kana(text)
    return with_blocks(post, lambda blocks: _mark(blocks, language, japanese))


def _mark(nodes: tuple[Any, ...], language: str, japanese: bool) -> tuple[Any, ...]:
    """Marks runs in another script than ``language`` in nodes or in tuples of nodes."""
    result: list[Any] = []
    for node in nodes:
        if isinstance(node, tuple):
            result.append(_mark(node, language, japanese))
        elif type(node) is i.Text:
            result.extend(_runs(node, language, japanese))
        elif type(node) is i.Code:
            result.append(_mark_code(node, language))
        else:
            result.append(_mark_node(node, language, japanese))
    return tuple(result)


def _mark_node(node: Node, language: str, japanese: bool) -> Node:
    given = dict(node.attributes)
    added: tuple[tuple[str, str], ...] = ()
    if "lang" in given:
        language = given["lang"]
    elif "dir" in given:
        # The language is unknown, but it is written in another direction than the text around it.
        language = language if direction(language) == given["dir"] else "en"
    elif type(node) in _BLOCKS:
        text = plain_text(node)
        other = main_language(text, language)
        if other:
            added = (("lang", other), ("dir", direction(other)))
            language = other
        elif direction(language) == "rtl" and _runs_from_left(node, text):
            added = (_LEFT_TO_RIGHT,) if isinstance(node, b.CodeBlock) else (_LATIN, _LEFT_TO_RIGHT)
            language = LATIN
    elif isinstance(node, i.Emphasis) and script_rules(language) and is_latin(plain_text(node)):
        added = (_LATIN,)
        language = LATIN
    changes: dict[str, Any] = {}
    for name in CHILD_FIELDS[type(node)]:
        value = getattr(node, name)
        if isinstance(value, tuple):
            changes[name] = _mark(value, language, japanese)
    if added:
        changes["attributes"] = (*node.attributes, *added)
    differing = {name: new for name, new in changes.items() if getattr(node, name) != new}
    return msgspec.structs.replace(node, **differing) if differing else node


def _runs_from_left(block: Node, text: str) -> bool:
    """Whether a block of a right-to-left post begins on the left: code, or Latin letters that are not all code in its lines."""
    if isinstance(block, b.CodeBlock):
        return True
    if not is_latin(text):
        return False
    has_code = next(walk(block, i.Code), None) is not None
    return not has_code or any(is_latin(words.text) for words in walk(block, i.Text))


def _runs(node: i.Text, language: str, japanese: bool) -> list[i.Inline]:
    if not has_letter_of_scripts(node.text) or node.id or node.classes or node.attributes:
        return [node]
    found = pieces(node.text, language, japanese=japanese)
    if len(found) == 1 and not found[0].language:
        return [node]
    return [
        i.Span(
            (i.Text(piece.text, line=node.line),),
            attributes=(("lang", piece.language), ("dir", direction(piece.language))),
            line=node.line,
        )
        if piece.language
        else i.Text(piece.text, line=node.line)
        for piece in found
    ]


def _mark_code(node: i.Code, language: str) -> i.Code:
    way = direction_of_code(node.text, language)
    if not way or "dir" in dict(node.attributes):
        return node
    return msgspec.structs.replace(node, attributes=(*node.attributes, ("dir", way)))


# Blocks that contain text and whose attributes are written. A callout is not among them: its title may be the book's own
# word, so its blocks are marked one by one.
_BLOCKS = frozenset(
    {
        b.Paragraph,
        b.Heading,
        b.Quote,
        b.PullQuote,
        b.List,
        b.DefinitionList,
        b.CodeBlock,
        b.Verse,
        b.Figure,
        b.Gallery,
        b.Table,
        b.Embed,
        b.Group,
    }
)
