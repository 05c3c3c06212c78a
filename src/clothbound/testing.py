"""The contracts of readers, writers and transforms, as checks for a plug-in's own tests.

::

    from clothbound.testing import check_writer

    def test_my_writer_keeps_the_contract():
        check_writer(MyWriter())

Each check raises AssertionError that says which promise is broken. No test framework is needed.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import pickle
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from . import api, formats
from .artifact import Artifact
from .context import Context
from .diagnostics import DiagnosticCode, LossReport
from .errors import ClothboundError, OptionError, WriteError
from .formats import (
    AddsTransforms,
    ArchiveFiles,
    HoldsFiles,
    ListsLinks,
    MarksPages,
    Produces,
    Reader,
    ReaderOptions,
    ReadsArchives,
    Transform,
    Writer,
    WriterOptions,
)
from .lazy_pattern import lazy_pattern
from .media.sniffing import begins_zip
from .model import blocks as b
from .model import inlines as i
from .model.census import tally
from .model.check import problems
from .model.collection import Collection
from .model.plain_text import plain_text
from .model.post import Asset, Footnote, Metadata, Post, Timestamp
from .model.posts_at_hand import as_collection
from .model.publication import EVERYONE
from .transforms.paywall import cut_at_paywall

__all__ = [
    "AddsTransforms",
    "ArchiveFiles",
    "Context",
    "HoldsFiles",
    "ListsLinks",
    "MarksPages",
    "Produces",
    "Reader",
    "ReadsArchives",
    "Transform",
    "Writer",
    "check_reader",
    "check_transform",
    "check_writer",
    "every_node",
]

_LOSSES = frozenset(
    {
        DiagnosticCode.NODE_SIMPLIFIED,
        DiagnosticCode.NODE_CHROME,
        DiagnosticCode.NODE_DROPPED,
        DiagnosticCode.RAW_DROPPED,
    }
)
_WORD = lazy_pattern(r"w\d\d\d")
_PICTURE = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
    b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
_MARKDOWN = b"# A title\n\nSome *words* of a letter.\n"
_NOISE = (
    b"",
    b"\n",
    b"\x00" * 64,
    b"\xff\xfe\x00\xd8",
    b"\xef\xbb\xbf",
    b"[" * 5000,
    b"<" * 5000,
    b"> " * 2000 + b"x",
    b"---\n" * 100,
)


_LINK = "https://example.org/page"


class _NumberedWords:
    """Makes words of which each is one of a kind (``w001``)."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def word(self) -> str:
        return f"w{next(self._numbers):03}"

    def text(self) -> tuple[i.Inline, ...]:
        return (i.Text(self.word()),)

    def block(self) -> tuple[b.Block, ...]:
        return (b.Paragraph(self.text()),)


def every_node() -> Post:
    """A canonical post that holds each kind of node. Each of its words is one of a kind (``w001``)."""
    words = _NumberedWords()
    body: tuple[b.Block, ...] = (
        b.Heading(words.text(), 2, id="first"),
        b.Paragraph(_every_inline(words)),
        *_every_other_block(words),
        *words.block(),
    )
    notes = (Footnote("a", (*words.block(), *words.block())), Footnote("b", words.block()))
    metadata = Metadata(
        title="Every node",
        subtitle="Of the model",
        slug="every-node",
        id="1",
        authors=("A. Writer",),
        language="en",
        source="every-node.md",
        published=Timestamp("2023-06-01T12:00:00+00:00", _noon(1), "second"),
    )
    return Post(metadata, body, notes, (Asset("picture.gif", _PICTURE, "image/gif"),))


def _every_inline(words: _NumberedWords) -> tuple[i.Inline, ...]:
    """Returns each kind of inline, some more than once."""
    return (
        *words.text(),
        i.Emphasis(words.text()),
        i.Strong(words.text()),
        i.Strikethrough(words.text()),
        i.Underline(words.text()),
        i.Superscript(words.text()),
        i.Subscript(words.text()),
        i.Highlight(words.text()),
        i.Code(words.word()),
        i.Math("x^2"),
        i.LineBreak(),
        i.Link(words.text(), _LINK, "A title"),
        i.Image("picture.gif", "A picture"),
        i.Mention(words.text(), _LINK),
        i.NoteRef("a"),
        i.Span(words.text(), attributes=(("lang", "de"),)),
        i.RawInline("html", f"<kbd>{words.word()}</kbd>"),
        i.NoteRef("b"),
        i.NoteRef("a"),
    )


def _every_other_block(words: _NumberedWords) -> tuple[b.Block, ...]:
    """Returns each kind of block but headings and paragraphs, some more than once."""
    return (
        b.Quote(words.block()),
        b.PullQuote(words.block()),
        b.List((b.ListItem(words.block()), b.ListItem(words.block(), True)), True, 3),
        b.List((b.ListItem((*words.block(), b.List((b.ListItem(words.block()),)))),), tight=False),
        b.DefinitionList((b.DefinitionItem(words.text(), (words.block(), words.block())),)),
        b.CodeBlock(f"print({words.word()})\n\n    <&>", "python"),
        b.MathBlock("e = mc^2"),
        b.Verse((*words.text(), i.LineBreak(), i.LineBreak(), *words.text())),
        b.Figure(i.Image("picture.gif", "A picture"), words.text(), _LINK),
        b.Gallery((b.Figure(i.Image("picture.gif", "A picture"), words.text()),), words.text()),
        b.Table(
            ((b.Cell(words.text()), b.Cell(words.text())),),
            ((b.Cell(words.text(), 2),), (b.Cell(words.text()), b.Cell(()))),
            ("left", "right"),
            words.text(),
        ),
        b.ThematicBreak(),
        b.Callout(words.block(), words.text(), "note"),
        b.Embed("video", _LINK, "Films", words.word(), words.word(), words.word(), words.word()),
        b.Media("audio", _LINK, "", words.text(), 61.0),
        b.FileDownload(_LINK, words.word(), "3 kB"),
        b.Button(words.word(), _LINK),
        b.Button(words.word(), _LINK, "subscribe"),
        b.SubscribeForm(words.word(), words.word()),
        b.Poll(words.word(), (words.word(), words.word()), _LINK),
        b.Recipe(words.word(), (words.word(),), (words.word(),), _LINK),
        b.Group(words.block(), classes=("aside",)),
        b.RawBlock("html", f"<p>{words.word()}</p>"),
        b.RawBlock("tex", rf"\begin{{center}}{words.word()}\end{{center}}"),
        b.Extension("a-plug-in", {"key": [1, None]}, words.block()),
        b.Conditional(words.block(), ("only_paid",)),
        b.PaywallBreak(),
    )


def check_writer(
    writer: Writer[Any],
    *,
    options: Any = None,
    words: Callable[[bytes], str] | None = None,
) -> None:
    """Holds a writer to its contract. Raises AssertionError.

    ``words`` gives the text of a product; without it the product is UTF-8, or a ZIP of such files.
    """
    _check_data(writer)
    samples: tuple[tuple[Post, ...], ...] = (
        (every_node(),),
        (every_node(), _plain("second", 2)),
        (_plain("only", 3),),
        # Slugs and titles repeat, and each post is a file of its own all the same.
        (_plain("twin", 4), _plain("twin", 5, "twin.md"), _plain("twin", 6, "2023/twin.md")),
        (Post(Metadata(slug="empty", source="empty.md")),),
    )
    for posts in samples:
        _check_product(writer, posts, options, words or _text_of)
    with contextlib.suppress(ClothboundError):  # a format may refuse to be empty, in words
        api.write_with(writer, "test", as_collection(()), options).to_bytes()


def check_reader(
    reader: Reader[Any],
    samples: Sequence[bytes],
    *,
    broken: Sequence[bytes] = (),
    options: Any = None,
) -> None:
    """Holds a reader to its contract, on sources that it can read and on ones that it cannot.

    A sample is accepted by its bytes, under a name with one of the reader's extensions, or, if it is a ZIP, by the
    files in it. Raises AssertionError.
    """
    assert samples, "a reader is checked on at least one sample"
    _check_options(reader.options_type, ReaderOptions)
    extensions = _check_extensions(reader)
    for sample in samples:
        heard = [reader.accepts(sample[:4096], name) for name in ("", *extensions)]
        is_accepted = any(answer is True for answer in heard) or _accepts_files(reader, sample)
        assert is_accepted, "accepts() declines a sample"
        posts = _read(reader, sample, options)
        _check_collection(posts)
        again = _read(reader, io.BytesIO(sample), options)
        assert [p.body for p in again] == [p.body for p in posts], "a stream is read otherwise"
    for source in (*broken, *_NOISE):
        try:
            posts = _read(reader, source, options)
            found = list(posts)
        except ClothboundError:
            continue
        except Exception as error:
            raise AssertionError(f"{source[:20]!r} is a traceback: {error!r}") from error
        named = any(d.code is DiagnosticCode.POST_UNREADABLE for d in posts.diagnostics)
        assert source not in broken or named or any(post.diagnostics for post in found), (
            f"{source[:20]!r} is broken, and nothing says so"
        )


def _accepts_files(reader: Reader[Any], sample: bytes) -> bool:
    if not isinstance(reader, ReadsArchives):
        return False
    from .limits import Limits
    from .readers.export_files import open_files

    try:
        return reader.accepts_files(open_files(sample, Limits()))
    except ClothboundError:
        return False


def check_transform(transform: Transform) -> None:
    """Holds a transform to its contract: a canonical post comes back, with an account of what went.

    Raises AssertionError.
    """
    post = every_node()
    results = []
    for _ in range(2):
        context = Context(report=LossReport("test"))
        context.open_account(post)
        made = transform(post, context)
        assert isinstance(made, Post), f"a transform returns a post, not {type(made).__name__}"
        _check_canonical(made)
        gone = _words(plain_text(post)) - _words(plain_text(made))
        told = _words(" ".join(d.text for d in context.diagnostics if d.code in _LOSSES))
        assert gone <= told, f"lost without a word: {', '.join(sorted(gone - told))}"
        (account,) = context.report.accounts.values()
        assert account.written.words == tally(made).words or not gone, "the account does not add up"
        results.append(made)
    assert results[0] == results[1], "the same post gives another result the second time"


def _check_extensions(reader: Reader[Any]) -> list[str]:
    """Returns a file name for each extension of a reader."""
    extensions = getattr(reader, "extensions", None)
    assert isinstance(extensions, tuple), "a reader has extensions, a tuple of texts"
    for extension in extensions:
        assert extension[:1] == "." and extension == extension.lower(), (
            f"an extension begins with its dot and is in lower case, unlike {extension!r}"
        )
    for head in (*_NOISE, _MARKDOWN):
        answer = reader.accepts(head[:4096], "")
        assert isinstance(answer, bool), "accepts() returns True or False"
        # Readers of plug-ins are asked before Markdown, which takes any text.
        assert not answer or head != _MARKDOWN or ".md" in extensions, (
            "accepts() takes Markdown: a text that no bytes mark is told by its name"
        )
    return [f"sample{extension}" for extension in extensions]


def _check_data(writer: Writer[Any]) -> None:
    for name in ("extension", "media_type", "options_type", "produces", "public", "transforms"):
        assert hasattr(writer, name), f"a writer has {name}"
    assert writer.produces in ("file", "tree", "page"), f"produces is {writer.produces!r}"
    assert (writer.extension == "") == (writer.produces == "tree"), "a tree alone has no extension"
    assert writer.extension[:1] in ("", "."), "an extension begins with its dot"
    assert isinstance(writer.public, bool), "public is True or False"
    if isinstance(writer, formats.HoldsFiles):
        assert isinstance(writer.holds_files, bool), "holds_files is True or False"
    for name in writer.transforms:
        formats.transform(name)
    _check_options(writer.options_type, WriterOptions)


def _check_options(options_type: type[Any], base: type[ReaderOptions | WriterOptions]) -> None:
    try:
        formats.check_options_type(options_type)
    except OptionError as error:
        raise AssertionError(error.message) from error
    assert isinstance(getattr(options_type, "format", None), str), (
        "options know their format: ClassVar[str]"
    )
    assert issubclass(options_type, base), (
        f"options inherit from clothbound.options.{base.__name__}"
    )
    defaults = options_type()
    if isinstance(defaults, formats.AddsTransforms):
        for name in defaults.transforms:
            formats.transform(name)
    if isinstance(defaults, formats.ListsLinks):
        assert isinstance(defaults.list_of_links, bool), "list_of_links is True or False"
    assert defaults == options_type(), "options have an equality"
    assert pickle.loads(pickle.dumps(defaults)) == defaults, "options cross to other processes"  # noqa: S301


def _check_product(
    writer: Writer[Any],
    posts: Sequence[Post],
    options: Any,
    words: Callable[[bytes], str],
) -> None:
    collection = as_collection(posts)
    try:
        artifact = api.write_with(writer, "test", collection, options)
        assert isinstance(artifact, Artifact), "write() returns an Artifact"
        data = artifact.to_bytes()
    except WriteError as error:
        raise AssertionError(error.message) from error
    if writer.produces == "page":
        assert artifact.is_tree == (len(posts) != 1), "one post is a file, several are a tree"
    else:
        assert artifact.is_tree == (writer.produces == "tree"), "produces and the artifact differ"
    report = artifact.report
    second = api.write_with(writer, "test", collection, options).to_bytes()
    assert data == second, "the same posts give other bytes the second time"
    if writer.public:
        text = words(data)
        hidden = _words(plain_text(posts[0])) - _words(_public_text(posts[0]))
        assert not hidden & _words(text), "what is for paying readers is in a public product"
    assert set(report.accounts) == {m.key for m in collection.index}, "an account for each post"
    written = _words(words(data))
    told = _words(" ".join(d.text for d in report.diagnostics if d.code in _LOSSES))
    lost = set().union(*(_words(plain_text(post)) for post in posts)) - written - told
    assert not lost, f"lost without a word: {', '.join(sorted(lost))}"


def _check_collection(posts: Collection) -> None:
    assert isinstance(posts, Collection), "read() returns a Collection"
    assert len(posts) == len(posts.index), "the index has an entry for each post"
    first, second = list(posts), list(posts)
    assert first == second, "posts can be gone through again"
    for post, metadata in zip(first, posts.index, strict=True):
        assert post.metadata.key == metadata.key != "", "a post has the key that the index says"
        _check_canonical(post)
    if first:
        assert posts[-1] == first[-1], "positions may be counted from the end"
        assert list(posts[:1]) == first[:1], "a slice is a sequence of posts"
    try:
        posts[len(first)]
    except IndexError:
        pass
    else:
        raise AssertionError("a position beyond the end raises IndexError")
    assert list(pickle.loads(pickle.dumps(posts.posts))) == first, "posts cross to other processes"  # noqa: S301


def _check_canonical(post: Post) -> None:
    found = list(problems(post))
    assert not found, f"not in canonical form: {found[0]}"


def _read(reader: Reader[Any], source: formats.Source, options: Any) -> Collection:
    context = Context(report=LossReport("test"))
    return reader.read(source, reader.options_type() if options is None else options, context)


def _noon(day: int) -> datetime:
    return datetime(2023, 6, day, 12, tzinfo=UTC)


def _plain(slug: str, number: int, source: str = "") -> Post:
    metadata = Metadata(
        slug=slug,
        title=f"Post {slug}",
        id=str(number),
        source=source or f"{number}-{slug}.md",
        published=Timestamp("2023-06-02T12:00:00+00:00", _noon(number), "second"),
    )
    return Post(metadata, (b.Paragraph((i.Text(f"w99{number}"),)),))


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text))


def _public_text(post: Post) -> str:
    context = Context(report=LossReport("test"), product_audiences=frozenset({EVERYONE}))
    return plain_text(cut_at_paywall(post, context))


def _text_of(product: bytes) -> str:
    if begins_zip(product):
        return "\n".join(_entries(product))
    return product.decode("utf-8", "replace")


def _entries(product: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(product)) as archive:
        for name in archive.namelist():
            yield archive.read(name).decode("utf-8", "replace")
