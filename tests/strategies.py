"""Hypothesis strategies for posts in canonical form: every node, every field, and nothing that a
reader would have changed (adjacent Texts, empty Texts, doubled ids, marks without notes).

Trees are built from a string of bytes, of which each decides one thing, and not from nested
strategies, which need a hundred times as long for posts of this size. A byte of 0, and every one
after the end, is the simplest choice; so Hypothesis shrinks to small posts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, TypeVar

import msgspec
from hypothesis import strategies as st

from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.characters import text_alone
from clothbound.model.check import canonical, canonical_inlines
from clothbound.model.node import Node, Origin
from clothbound.model.post import Asset, Footnote, Metadata, Post, Timestamp
from clothbound.model.walk import rewrite

T = TypeVar("T")

WORDS = [
    "alpha",
    "beta",
    "gamma",
    "letter",
    "harbour",
    "—",
    "…",
    "“quoted”",
    "'single'",
    "<b>",
    "&",
    "&amp;",
    "]]>",
    "*star*",
    "_under_",
    "`tick`",
    "$5",
    "$x$",
    "1.",
    "2)",
    "#",
    "-",
    "+",
    ">",
    "naïve",
    "Ελληνικά",
    "русский",
    "العربية",
    "日本語",
    "👩\u200d👩\u200d👧",
    "é",
    "\xa0",
    "[x]",
    "(y)",
    "[^1]",
    "~",
    "^",
    "|",
    "\\",
    "{.c}",
    ":::",
    "",
    ":::",
    "http://example.org",
    "a@b.org",
    "---",
    "''",
    '"q"',
    ":",
]
_PLAIN = ("alpha", "beta", "gamma", "letter", "harbour", "naïve", "日本語", "العربية")
_LENGTH = 200

WRAPPERS: tuple[Any, ...] = tuple(
    sorted(i.INLINE_CONTAINERS - {i.Link, i.Mention}, key=lambda kind: kind.__name__)
)
"""Inlines that have nothing but their children, so that a new one is tried at once."""


class _Choices:
    """A string of bytes, used up one decision at a time."""

    def __init__(self, data: bytes, *, plain: bool, as_read: bool = False) -> None:
        self._data = data
        self._position = 0
        self.plain = plain
        self.as_read = as_read

    def below(self, limit: int) -> int:
        if self._position >= len(self._data):
            return 0
        self._position += 1
        return self._data[self._position - 1] % limit

    def of(self, options: Sequence[T]) -> T:
        return options[self.below(len(options))]

    def several(self, make: Callable[[], T], minimum: int, maximum: int) -> tuple[T, ...]:
        return tuple(make() for _ in range(minimum + self.below(maximum - minimum + 1)))

    # texts

    def name(self) -> str:
        return self.of(("a", "b", "cd", "note", "x-1", "wide"))

    def text(self, minimum: int = 1) -> str:
        return " ".join(self.several(self._word, minimum, 3))

    def _word(self) -> str:
        if self.plain:
            return self.of(_PLAIN)
        if self.below(8) == 7:
            character = chr(self.below(256) * 256 + self.below(256))
            word = character.encode("utf-8", "replace").decode()
            return (text_alone(word) or "alpha") if self.as_read else word
        return self.of(WORDS) or "alpha"

    def href(self) -> str:
        return self.of(
            (
                "https://example.org/a",
                "https://letters.example/p/harbour",
                "letter.md#part",
                "mailto:a@example.org",
                "https://example.org/?a=1&b=[2] 3",
                "javascript:alert(1)",
            )
        )

    def src(self) -> str:
        return self.of(("a.png", "pictures/b c.jpg", "https://example.org/c.png"))

    # nodes

    def finish(self, node: Any) -> Any:
        """``node``, sometimes with what every node may carry."""
        if self.plain or self.below(5) != 4:
            return node
        return msgspec.structs.replace(
            node,
            id=self.of(("", "an-id", "other")),
            classes=self.of(((), ("first",), ("first", "second"))),
            attributes=self.of(((), (("lang", "de"),), (("dir", "rtl"), ("key", 'a "value"')))),
            origin=self.of(
                (None, None, Origin("Thing", "2020", '{"a":1}', "$s_!x!", "<div>x</div>"))
            ),
            line=self.below(200),
        )

    def inline(self, depth: int = 0) -> i.Inline:
        kind = self.below(20 if depth < 3 else 9)
        match kind:
            case 0 | 1 | 2:
                made: Any = i.Text(self.text())
            case 3:
                made = i.Code(self.text())
            case 4:
                made = i.Math(self.of(("x^2", r"\frac{a}{b}", r"\broken{")))
            case 5:
                made = i.LineBreak()
            case 6:
                made = i.Image(self.src(), self.text(0), self.of(("", "A title")))
            case 7:
                made = i.NoteRef(self.of(("1", "2")))
            case 8:
                made = i.RawInline(self.of(("html", "tex")), "<i>raw</i>")
            case 9 | 10:
                made = i.Link(self.run(depth), self.href(), self.of(("", "A title")))
            case 11:
                made = i.Mention(self.run(depth), self.href())
            case _:
                made = self.of(WRAPPERS)(self.run(depth))
        return self.finish(made)  # type: ignore[no-any-return]

    def run(self, depth: int = 0, minimum: int = 1) -> tuple[i.Inline, ...]:
        return canonical_inlines(self.several(lambda: self.inline(depth + 1), minimum, 4))

    def figure(self) -> b.Figure:
        image = self.finish(i.Image(self.src(), self.text(0)))
        href = self.of(("", "https://example.org/large.png"))
        made = b.Figure(image, self.run(minimum=0), href, self.below(250), self.below(250))
        return self.finish(made)  # type: ignore[no-any-return]

    def row(self) -> tuple[b.Cell, ...]:
        def cell() -> b.Cell:
            made = b.Cell(self.run(minimum=0), 1 + self.below(2), 1 + self.below(2))
            return self.finish(made)  # type: ignore[no-any-return]

        return self.several(cell, 1, 3)

    def texts(self) -> tuple[str, ...]:
        return self.several(self.text, 0, 2)

    def content(self, depth: int) -> tuple[b.Block, ...]:
        return self.several(lambda: self.block(depth + 1), 1, 2)

    def item(self, depth: int) -> b.ListItem:
        made = b.ListItem(self.content(depth), self.of((None, None, None, True, False)))
        return self.finish(made)  # type: ignore[no-any-return]

    def definition(self, depth: int) -> b.DefinitionItem:
        term = self.run(minimum=0)
        made = b.DefinitionItem(term, self.several(lambda: self.content(depth), 1, 2))
        return self.finish(made)  # type: ignore[no-any-return]

    def block(self, depth: int = 0) -> b.Block:
        kind = self.below(30 if depth < 3 else 20)
        match kind:
            case 0 | 1 | 2:
                made: Any = b.Paragraph(self.run())
            case 3:
                made = b.Heading(self.run(), 1 + self.below(6))
            case 4:
                made = b.CodeBlock(self.text(), self.of(("", "python", "no-such")))
            case 5:
                made = b.MathBlock(self.of(("e = mc^2", r"\int_0^1 x\,dx", r"\broken{")))
            case 6:
                lines = self.several(lambda: (*self.run(minimum=0), i.LineBreak()), 0, 3)
                made = b.Verse(
                    canonical_inlines((*(n for line in lines for n in line), *self.run()))
                )
            case 7:
                made = self.figure()
            case 8:
                made = b.Gallery(self.several(self.figure, 1, 2), self.run(minimum=0))
            case 9:
                made = b.Table(
                    self.several(self.row, 0, 1),
                    self.several(self.row, 1, 2),
                    self.of(((), ("left",), ("", "center", "right"))),
                    self.run(minimum=0),
                )
            case 10:
                made = b.ThematicBreak()
            case 11:
                kinds = ("tweet", "video", "post", "gist", "other")
                made = b.Embed(
                    self.of(kinds),
                    self.href(),
                    self.of(("", "YouTube", "Twitter")),
                    *(self.text(0) for _ in range(4)),
                    thumbnail=self.of(("", "https://example.org/t.png")),
                )
            case 12:
                made = b.Media(
                    self.of(("audio", "video")),
                    self.href(),
                    self.of(("", "poster.png")),
                    self.run(minimum=0),
                    self.of((0.0, 61.5)),
                )
            case 13:
                made = b.FileDownload(self.href(), self.text(), self.text(0))
            case 14:
                actions = ("", "subscribe", "share", "comment")
                made = b.Button(self.text(), self.href(), self.of(actions))
            case 15:
                made = b.SubscribeForm(self.text(0), self.text(0))
            case 16:
                made = b.PaywallBreak()
            case 17:
                made = b.Poll(self.text(0), self.texts(), self.of(("", "https://example.org/poll")))
            case 18:
                made = b.Recipe(self.text(0), self.texts(), self.texts(), self.of(("", "x.md")))
            case 19:
                made = b.RawBlock(self.of(("html", "tex")), "<p>raw block</p>")
            case 20 | 21:
                made = b.Quote(self.content(depth))
            case 22:
                made = b.PullQuote(self.content(depth))
            case 23 | 24:
                items = self.several(lambda: self.item(depth), 1, 3)
                made = b.List(items, self.below(2) == 1, self.of((1, 0, 7)), self.below(2) == 0)
            case 25:
                made = b.DefinitionList(self.several(lambda: self.definition(depth), 1, 2))
            case 26:
                made = b.Callout(
                    self.content(depth), self.run(minimum=0), self.of(("", "note", "a b"))
                )
            case 27:
                made = b.Group(self.content(depth))
            case 28:
                made = b.Conditional(self.content(depth), self.of(((), ("only_paid",))))
            case _:
                made = b.Extension(self.name(), {"a": [1, "b", None]}, self.content(depth))
        return self.finish(made)  # type: ignore[no-any-return]

    def post(self) -> tuple[tuple[b.Block, ...], tuple[Footnote, ...]]:
        body = self.several(self.block, 0, 7)
        return body, tuple(Footnote(name, (self.block(2),)) for name in ("1", "2"))


def _data() -> st.SearchStrategy[bytes]:
    # Hypothesis prefers short strings, of which few make a tree; what is left over does no harm.
    return st.binary(min_size=_LENGTH, max_size=_LENGTH)


def inlines(*, plain: bool = False) -> st.SearchStrategy[i.Inline]:
    """One inline node, with whatever stands in it."""
    return _data().map(lambda data: _Choices(data, plain=plain).inline())


def runs(*, plain: bool = False) -> st.SearchStrategy[tuple[i.Inline, ...]]:
    """The content of a paragraph."""
    return _data().map(lambda data: _Choices(data, plain=plain).run())


def blocks(*, plain: bool = False) -> st.SearchStrategy[b.Block]:
    """One block, with whatever stands in it."""
    return _data().map(lambda data: _Choices(data, plain=plain).block())


def timestamps() -> st.SearchStrategy[Timestamp]:
    zones = st.sampled_from((UTC, timezone(timedelta(hours=-8)), timezone(timedelta(hours=9))))
    moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=zones)
    return moments.map(lambda m: m.replace(microsecond=0)).map(
        lambda m: Timestamp(m.isoformat(), m, "second")
    )


_NAMES = st.sampled_from(("alpha", "beta-2", "gamma", "long-slug-of-words"))
_TITLES = st.lists(st.sampled_from([w for w in WORDS if w.strip()]), max_size=3).map(" ".join)


def metadata() -> st.SearchStrategy[Metadata]:
    return st.builds(
        Metadata,
        title=_TITLES,
        subtitle=_TITLES,
        slug=st.one_of(st.just(""), _NAMES),
        id=st.one_of(st.just(""), st.integers(1, 10**9).map(str)),
        published=st.one_of(st.none(), timestamps()),
        authors=st.lists(_NAMES, max_size=2).map(tuple),
        language=st.sampled_from(("", "en", "de", "ar")),
        tags=st.lists(_NAMES, max_size=2).map(tuple),
        kind=st.sampled_from(("", "newsletter", "podcast")),
        audience=st.sampled_from(("", "everyone", "only_paid")),
        is_draft=st.booleans(),
        canonical_url=st.one_of(st.just(""), _NAMES.map("https://letters.example/p/{}".format)),
        description=_TITLES,
        source=_NAMES.map("{}.md".format),
        extra=st.sampled_from(({}, {"layout": "post", "n": 3, "deep": {"a": [True, None, 1.5]}})),
    )


_ASSETS = st.sampled_from(((), (Asset("a.bin", b"\x00\xff", "application/x"),)))


def posts(*, plain: bool = False, as_read: bool = False) -> st.SearchStrategy[Post]:
    """A post in canonical form. ``plain``: plain words, no ids, classes, attributes, origins. ``as_read``: without the
    characters that readers remove from texts.
    """

    def make(data: bytes, head: Metadata, assets: tuple[Asset, ...]) -> Post:
        body, notes = _Choices(data, plain=plain, as_read=as_read).post()
        result: Post = canonical(Post(head, body, notes, assets))
        return result

    return st.builds(make, _data(), metadata(), _ASSETS)


def without_lines(post: Post) -> Post:
    """``post`` with every line number taken away."""

    def visit(node: Node) -> Node:
        return msgspec.structs.replace(node, line=0) if node.line else node

    result: Post = rewrite(post, visit)
    return result
