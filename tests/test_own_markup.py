"""Tests that HTML of our own writer is read as the nodes of which it was made, and only such HTML."""

from __future__ import annotations

import pytest

import clothbound
from clothbound.model import (
    Button,
    Callout,
    Embed,
    FileDownload,
    Group,
    Link,
    List,
    ListItem,
    Media,
    Paragraph,
    Poll,
    Post,
    Recipe,
    Text,
)
from clothbound.model.blocks import Block
from clothbound.model.plain_text import plain_text
from clothbound.testing import every_node

# Pages show these as something else, and other tests say as what.
NOT_WRITTEN = {
    "Button",  # that for subscribers, below
    "Conditional",
    "Extension",
    "Figure",
    "Gallery",
    "PaywallBreak",
    "RawBlock",
    "SubscribeForm",
}
MORE: tuple[Block, ...] = (
    Embed("tweet", "https://x.com/a/status/1", "Twitter", text="One line\nand two", author="A"),
    Embed("page", "https://example.org/", title="No text", thumbnail="https://example.org/a.png"),
    Embed("video", "https://www.youtube.com/watch?v=abc", "YouTube"),
    Media("video", "https://example.org/a.mp4", "https://example.org/a.png"),
    Media("audio", "https://example.org/a.mp3"),
    FileDownload("https://example.org/a.pdf", "A file"),
    Button("Read", "https://example.org/"),
    Poll("Which?", ("One", "Two")),
    Recipe("Bread", steps=("Bake",)),
    Callout((Paragraph((Text("Words"),)),), (Text("Title"),), "warning", id="box"),
    List((ListItem((Paragraph((Text("Words"),)),)),), ordered=True, start=1986),
)


def _read(markup: str) -> tuple[Block, ...]:
    return tuple(clothbound.read(markup.encode(), "html")[0].body)


def _samples() -> list[Block]:
    sampled = [block for block in every_node().body if type(block).__name__ not in NOT_WRITTEN]
    return [*sampled, *MORE]


@pytest.mark.parametrize("block", _samples(), ids=lambda block: type(block).__name__)
def test_a_block_comes_back_as_it_was(block: Block) -> None:
    if isinstance(block, Paragraph):
        # Of these inlines, a page shows words alone.
        kinds = ("Image", "Mention", "NoteRef", "RawInline")
        kept = tuple(c for c in block.children if type(c).__name__ not in kinds)
        block = Paragraph(kept)
    made = clothbound.to_html(Post(body=(block,)), title=False)
    assert _read(made) == (block,)


@pytest.mark.parametrize(
    "markup",
    [
        '<div class="embed embed-video"><p>Words of a stranger.</p></div>',
        '<div class="embed embed-page"><p class="embed-title">A</p></div>',
        '<div class="embed embed-page"><p class="embed-source"><a href="/a">b <em>c</em></a></p></div>',
        '<div class="embed embed-page"><p class="embed-title"><a href="/a">A</a></p>'
        '<p class="embed-source"><a href="/b">B</a></p></div>',
        '<p class="button"><a href="/a">Press</a> or read on</p>',
        '<p class="button"><a href="/a">Press <em>me</em></a></p>',
        '<p class="file"><a href="/a">A file</a> with words</p>',
        '<div class="poll"><p>A word on polls.</p><p>And another.</p></div>',
        '<div class="recipe"><p>Bread.</p><ul><li>Flour</li></ul></div>',
        '<div class="recipe"><p class="recipe-title">Bread</p><ol><li>Bake</li></ol><ul><li>Flour</li></ul></div>',
        '<div class="verse"><p>Words</p><ul><li>in a list</li></ul></div>',
        '<div class="table"><p>A table of oak.</p></div>',
        '<div class="math"><p>Sums.</p></div>',
        '<ul class="tasks"><li>Words</li></ul>',
    ],
)
def test_what_strangers_write_under_these_names_keeps_its_words_and_links(markup: str) -> None:
    body = _read(markup)
    plain = _read(markup.replace("class=", "title="))
    assert plain_text(Post(body=body)) == plain_text(Post(body=plain))
    assert all(isinstance(block, Group | Paragraph) or "tasks" in markup for block in body)
    assert markup.count("<a ") == sum(
        isinstance(node, Link) for node in clothbound.model.walk(body)
    )
