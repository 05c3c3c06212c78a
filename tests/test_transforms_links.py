"""Links between the posts of a book."""

from __future__ import annotations

import pytest
from hypothesis import given

from clothbound.context import Context
from clothbound.diagnostics import DiagnosticCode, LossReport
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.index import Index, IndexEntry, with_unique_keys
from clothbound.model.post import Metadata, Post
from clothbound.model.walk import walk
from clothbound.transforms.links import resolve_links
from strategies import posts

ENTRIES = with_unique_keys(
    [
        IndexEntry(Metadata(id="1", slug="here", source="2023/here.md")),
        IndexEntry(Metadata(id="2", slug="there", source="2023/there.md")),
    ]
)
TARGET = Post(ENTRIES[1].metadata, (b.Paragraph((i.Text("x"),), id="part"),))


def resolve(
    href: str, *, sites: tuple[str, ...] = ("letters.example",), address: str = ""
) -> tuple[str, list[str]]:
    """The link as it is resolved, and what is reported."""
    metadata = Metadata(key="1", source="2023/here.md", canonical_url=address)
    link = i.Link((i.Text("text"),), href, line=4)
    post = Post(metadata, (b.Paragraph((link,), id="own"),))
    index = Index(ENTRIES, load=lambda _: TARGET, sites=sites)
    context = Context(report=LossReport("test"), index=index)
    made = resolve_links(post, context)
    assert all(
        d.code is DiagnosticCode.LINK_UNRESOLVED and d.line == 4 for d in context.diagnostics
    )
    (found,) = (node.href for node in walk(made) if isinstance(node, i.Link))
    return found, [d.message for d in context.diagnostics]


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("https://letters.example/p/there", "clothbound:2"),
        ("https://letters.example/p/there?utm=1#part", "clothbound:2#part"),
        ("/p/there#part", "clothbound:2#part"),
        ("there.md#part", "clothbound:2#part"),
        ("#own", "clothbound:1#own"),
        ("#", "clothbound:1"),
        ("#top", "clothbound:1"),
        ("#TOP", "clothbound:1"),
        ("here.md#top", "clothbound:1"),
        ("/p/there#top", "clothbound:2"),
        ("here.md#own", "clothbound:1#own"),
        ("here.md", "clothbound:1"),
        ("/p/there#§part", "clothbound:2#part"),
        ("/p/there#%C2%A7part", "clothbound:2#part"),
        ("#%C2%A7own", "clothbound:1#own"),
        ("https://example.org/p/there", "https://example.org/p/there"),
        ("//example.org/a", "https://example.org/a"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        (" https://example.org/a%20b ", "https://example.org/a%20b"),
        ("%5Bhttp://example.org/a/%5D", "http://example.org/a/"),
        ("<www.example.org>", "https://www.example.org"),
        ("[https://letters.example/p/there]", "clothbound:2"),
        ("https://example.org/a%20[b]%20", "https://example.org/a%20[b]%20"),
        ("/about", "https://letters.example/about"),
        ("javascript:alert(1)", "javascript:alert(1)"),  # refused where it would be written
    ],
)
def test_a_link_that_leads_somewhere(href: str, expected: str) -> None:
    assert resolve(href) == (expected, [])


@pytest.mark.parametrize(
    ("fragment", "ids", "expected"),
    [
        ("Two-Boats", ("two-boats", "boats"), "two-boats"),
        ("boats-and-nets", ("1-boats-nets", "nets"), "1-boats-nets"),
        ("\u00a71boats-nets", ("boats-and-nets",), "boats-and-nets"),
        ("boats", ("boats-1", "boats-2"), ""),
        ("\u65e5", ("\u6708",), ""),
        ("--", ("1", "and"), ""),
    ],
)
def test_a_fragment_names_the_one_id_of_the_same_words(
    fragment: str, ids: tuple[str, ...], expected: str
) -> None:
    link = i.Link((i.Text("text"),), f"#{fragment}")
    places = tuple(b.Paragraph((i.Text("x"),), id=name) for name in ids)
    post = Post(Metadata(key="1", source="here.md"), (b.Paragraph((link,)), *places))
    made = resolve_links(post, Context(report=LossReport("test"), index=Index.of([post])))
    (found,) = (node.href for node in walk(made) if isinstance(node, i.Link))
    assert found == (f"clothbound:1#{expected}" if expected else "")


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("https://letters.example/p/there#gone", "clothbound:2"),
        ("#gone", ""),
        ("unknown.md", ""),
        ("2024: unknown.md", ""),
        ("../../../nowhere.md", ""),
        ("?x", ""),
        # only the transform itself may promise that a target is there
        ("clothbound:2", ""),
        ("clothbound:no-such-key#x", ""),
        (" Cloth\tbound:2", ""),
    ],
)
def test_a_link_that_leads_nowhere_is_reported(href: str, expected: str) -> None:
    found, messages = resolve(href)
    assert found == expected
    assert len(messages) == 1


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("other", "https://mine.example/p/other"),
        ("../about?x#y", "https://mine.example/about?x#y"),
        ("/about", "https://mine.example/about"),
        # An address within another says nothing of where that leads.
        ("/go?to=https://a.example", "https://mine.example/go?to=https://a.example"),
        ("go?to=mailto:a", "https://mine.example/p/go?to=mailto:a"),
        ("12:30", "https://mine.example/p/12:30"),
    ],
)
def test_a_relative_link_leads_from_the_address_of_its_post(href: str, expected: str) -> None:
    assert resolve(href, sites=(), address="https://mine.example/p/here") == (expected, [])
    assert resolve(href, sites=(), address="javascript:alert(1)")[0] == ""


WHOLE = Index(
    with_unique_keys(
        [
            *ENTRIES,
            IndexEntry(Metadata(id="3", slug="later", source="2024/later.md")),
            IndexEntry(
                Metadata(id="4", source="2024/own.md", canonical_url="https://old.example/own#x")
            ),
            IndexEntry(Metadata(source="2024/nameless.md")),
        ]
    ),
    sites=("letters.example",),
)


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("../2024/later.md", "https://letters.example/p/later"),
        ("../2024/later.md#a%20b", "https://letters.example/p/later#a%20b"),
        ("/p/later?x#part", "https://letters.example/p/later#part"),
        ("https://letters.example/p/later?x", "https://letters.example/p/later?x"),
        ("../2024/own.md", "https://old.example/own"),
        ("../2024/own.md#y", "https://old.example/own#y"),
        ("there.md", "clothbound:2"),
        ("../2024/nameless.md", ""),
        ("../2024/none.md", ""),
    ],
)
def test_a_link_to_a_post_that_was_not_picked_leads_to_the_network(
    href: str, expected: str
) -> None:
    link = b.Paragraph((i.Link((i.Text("text"),), href),))
    post = Post(ENTRIES[0].metadata, (link,))
    index = Index(ENTRIES, load=lambda _: TARGET, sites=WHOLE.sites, whole=WHOLE)
    context = Context(report=LossReport("test"), index=index)
    (found,) = (n.href for n in walk(resolve_links(post, context)) if isinstance(n, i.Link))
    assert found == expected
    assert len(list(context.diagnostics)) == (not expected)


def test_a_diagnostic_names_the_setting_that_would_give_a_post_its_address() -> None:
    for href, setting in (("../2024/nameless.md", "sites"), ("unknown.md", "")):
        post = Post(ENTRIES[0].metadata, (b.Paragraph((i.Link((i.Text("text"),), href),)),))
        context = Context(report=LossReport("test"), index=Index(ENTRIES, whole=WHOLE))
        resolve_links(post, context)
        assert [d.setting for d in context.diagnostics] == [setting]


def test_every_kind_of_link_is_resolved() -> None:
    body = (
        b.Paragraph((i.Mention((i.Text("a"),), "/p/there"),)),
        b.Figure(i.Image("a.png"), (), "/p/there"),
        b.Embed("post", "/p/there"),
        b.Button("a", "/p/there"),
    )
    context = Context(report=LossReport("test"), index=Index(ENTRIES))
    made = resolve_links(Post(ENTRIES[0].metadata, body), context)
    kinds = (i.Mention, b.Figure, b.Embed, b.Button)
    assert [n.href for n in walk(made) if isinstance(n, kinds)] == ["clothbound:2"] * 4


@given(posts())
def test_only_addresses_change(post: Post) -> None:
    context = Context(report=LossReport("test"), index=Index.of([post]))
    made = resolve_links(post, context)
    assert [type(n) for n in walk(made)] == [type(n) for n in walk(post)]
