"""Any post of what Substack can express, without an Origin, is the same after an archive."""

from __future__ import annotations

import io

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from clothbound import api
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Metadata, Post
from clothbound.readers.timestamps import read_timestamp

_WORD = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")),
    min_size=1,
    max_size=8,
).filter(lambda word: not any(c in word for c in "\u2028\u2029\ufeff\ufffe\uffff"))
_WORDS = st.lists(_WORD.filter(str.strip), min_size=1, max_size=4).map(" ".join)
_TEXT = _WORDS.map(i.Text)
_HREF = st.sampled_from(
    ["https://quay.example/a?b=1&c=2", "https://quay.example/p/salt", "mailto:a@quay.example"]
)


def _inlines(depth: int = 2, *, links: bool = True) -> st.SearchStrategy[tuple[i.Inline, ...]]:
    kinds: list[st.SearchStrategy[i.Inline]] = [_WORDS.map(i.Code), st.just(i.LineBreak())]
    if depth:
        inner = _inlines(depth - 1, links=links)
        kinds += [
            inner.map(mark)
            for mark in (
                i.Emphasis,
                i.Strong,
                i.Strikethrough,
                i.Underline,
                i.Superscript,
                i.Subscript,
            )
        ]
        if links:
            # No link stands in a link.
            content = _inlines(depth - 1, links=False)
            kinds.append(st.builds(lambda c, h: i.Link(c, h), content, _HREF))
    # A text between any two others: two texts side by side would be one.
    return st.lists(st.tuples(st.one_of(kinds), _TEXT), max_size=2).flatmap(
        lambda pairs: _TEXT.map(lambda first: (first, *(node for pair in pairs for node in pair)))
    )


_PARAGRAPH = _inlines().map(b.Paragraph)
_FIGURE = st.builds(
    lambda name, alt, width, height, caption: b.Figure(
        i.Image(f"https://quay.example/{name}.png", alt), caption, width=width, height=height
    ),
    st.sampled_from(["a", "b c", "d&e"]),
    st.one_of(st.just(""), _WORDS),
    st.integers(1, 1456),
    st.integers(1, 2000),
    st.one_of(st.just(()), _inlines(1)),
)
_ITEM = st.lists(_PARAGRAPH, min_size=1, max_size=2).map(lambda p: b.ListItem(tuple(p)))
_LIST = st.builds(
    lambda items, ordered, start: b.List(
        tuple(items), ordered, start if ordered else 1, tight=False
    ),
    st.lists(_ITEM, min_size=1, max_size=3),
    st.booleans(),
    st.integers(1, 9),
)
_BLOCK: st.SearchStrategy[b.Block] = st.one_of(
    _PARAGRAPH,
    st.builds(b.Heading, _inlines(1), st.integers(1, 6)),
    _LIST,
    st.lists(_PARAGRAPH, min_size=1, max_size=2).map(lambda p: b.Quote(tuple(p))),
    st.lists(_PARAGRAPH, min_size=1, max_size=2).map(lambda p: b.PullQuote(tuple(p))),
    _FIGURE,
    st.just(b.ThematicBreak()),
    st.builds(b.CodeBlock, _WORDS, st.sampled_from(["", "python", "c"])),
    _WORDS.map(b.MathBlock),
    st.sampled_from(["q1w2e3", "a-b_c"]).map(
        lambda v: b.Embed("video", href=f"https://www.youtube.com/watch?v={v}", provider="YouTube")
    ),
    st.builds(lambda t: b.Callout((b.Paragraph(t),)), _inlines(1)),
)
_POST = st.builds(
    lambda title, subtitle, audience, body: Post(
        Metadata(
            id="140000001.salt",
            slug="salt",
            title=title,
            subtitle=subtitle,
            kind="newsletter",
            audience=audience,
            published=read_timestamp("2024-03-02T09:15:00.120Z"),
        ),
        tuple(body),
    ),
    _WORDS,
    st.one_of(st.just(""), _WORDS),
    st.sampled_from(["everyone", "only_paid", "only_free", "founding"]),
    st.lists(_BLOCK, min_size=1, max_size=5),
)


@settings(max_examples=300)
@given(_POST)
def test_posts_are_the_same_after_an_archive(post: Post) -> None:
    data = api.write(post, "substack").to_bytes()
    again = api.read(io.BytesIO(data), "substack")[0]
    assert again.body == post.body
    assert again.footnotes == post.footnotes
    metadata = msgspec.structs.replace(again.metadata, key="", source="")
    assert metadata == msgspec.structs.replace(post.metadata, key="", source="")
