"""Links to secret posts, cut one by one. That none is left in any product: test_private_posts."""

from __future__ import annotations

import pytest

from clothbound.context import Context
from clothbound.diagnostics import LossReport, PostLink
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.index import Index, IndexEntry, with_unique_keys
from clothbound.model.node import Node
from clothbound.model.post import Metadata, Post
from clothbound.transforms.withheld import cut_ways

ENTRIES = with_unique_keys(
    [
        IndexEntry(Metadata(id="1", slug="here", source="here.md")),
        IndexEntry(Metadata(id="2", slug="secret", source="secret.md")),
    ]
)
PICTURE = i.Image("a.png")
WORDS = (i.Text("words"),)
ELSEWHERE = "https://a.example/"


def cut(*body: b.Block) -> tuple[tuple[b.Block, ...], Context]:
    whole = Index(ENTRIES)
    index = Index(ENTRIES[:1], whole=whole)
    context = Context(report=LossReport("test"), index=index, withheld=frozenset({"2"}))
    post = Post(ENTRIES[0].metadata, body)
    context.open_account(post)
    return cut_ways(post, context).body, context


@pytest.mark.parametrize(
    ("node", "made"),
    [
        (i.Link(WORDS, "secret.md"), WORDS),
        (i.Link(WORDS, "secret.md", id="x"), (i.Span(WORDS, id="x"),)),
        (i.Link((i.Text("secret.md"),), "secret.md"), (i.Text("[...]"),)),
        (i.Mention(WORDS, "secret.md"), (i.Mention(WORDS, ""),)),
        (b.Figure(PICTURE, WORDS, "secret.md"), (b.Figure(PICTURE, WORDS),)),
        (b.Embed("post", "secret.md", title="A title"), ()),
        (b.Button("Read", "secret.md"), ()),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_way_is_cut(node: Node, made: tuple[Node, ...]) -> None:
    block = node if type(node) in b.BLOCK else b.Paragraph((node,))  # type: ignore[arg-type]
    found, context = cut(block)
    assert found == (made if type(node) in b.BLOCK else (b.Paragraph(made),))  # type: ignore[arg-type]
    assert context.report.accounts["1"].links_left_out == [PostLink("", 0, "")]
    assert all("secret" not in d.message for d in context.diagnostics)


def test_a_way_elsewhere_stays() -> None:
    block = b.Paragraph((i.Link(WORDS, ELSEWHERE), i.Link(WORDS, "here.md")))
    found, context = cut(block, b.Figure(PICTURE, (), ELSEWHERE))
    assert found == (block, b.Figure(PICTURE, (), ELSEWHERE))
    assert not list(context.diagnostics)


def test_a_link_that_may_name_a_secret_post_is_cut() -> None:
    """Two posts have the same name in two folders, and one of them is secret."""
    entries = with_unique_keys(
        [
            IndexEntry(Metadata(id="1", source="here.md")),
            IndexEntry(Metadata(id="2", slug="rye", source="a/rye.md")),
            IndexEntry(Metadata(id="3", slug="rye", source="b/rye.md")),
        ]
    )
    index = Index(entries[:2], whole=Index(entries))
    for secret, is_cut in (("3", True), ("1", False)):
        context = Context(report=LossReport("test"), index=index, withheld=frozenset({secret}))
        link = i.Link(WORDS, "/c/rye.md")
        post = Post(entries[0].metadata, (b.Paragraph((link,)),))
        context.open_account(post)
        made = cut_ways(post, context).body
        assert made == (b.Paragraph(WORDS if is_cut else (link,)),), secret
