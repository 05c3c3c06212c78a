"""The contract checks that plug-ins are given: they pass what is right and fail what is not."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Annotated, Any, BinaryIO, ClassVar

import msgspec
import pypdf
import pytest

import clothbound
from clothbound import api, formats
from clothbound.artifact import Artifact
from clothbound.context import Context
from clothbound.errors import UnknownFormatError, WriteError
from clothbound.fields import Field
from clothbound.model import inlines as i
from clothbound.model.check import problems
from clothbound.model.collection import Collection
from clothbound.model.index import Index
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Metadata, Post
from clothbound.model.posts_at_hand import as_collection
from clothbound.model.walk import CHILD_FIELDS, rewrite, walk
from clothbound.testing import check_reader, check_transform, check_writer, every_node

MARKDOWN = [
    b"---\ntitle: A\n---\n\n# B\n\nWords[^1] *of* [links](x.md).\n\n[^1]: A note.\n",
    b"x\n",
]


def test_the_sample_has_every_node_and_is_canonical() -> None:
    post = every_node()
    assert {type(node) for node in walk(post)} == set(CHILD_FIELDS)
    assert list(problems(post)) == []
    words = re.findall(r"w\d\d\d", plain_text(post))
    assert len(words) == len(set(words)) > 60


def pdf_words(data: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return "\n".join(page.extract_text() for page in pages)


def kit_words(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as kit:
        return pdf_words(kit.read("interior.pdf"))


WORDS = {"pdf": pdf_words, "kdp": kit_words}


@pytest.mark.parametrize("name", sorted(formats.WRITERS))
def test_built_in_writers_keep_the_contract(name: str) -> None:
    check_writer(formats.writer(name), words=WORDS.get(name))


@pytest.mark.parametrize("name", sorted(formats.TRANSFORMS))
def test_built_in_transforms_keep_the_contract(name: str) -> None:
    check_transform(formats.transform(name))


def test_built_in_readers_keep_the_contract() -> None:
    check_reader(formats.reader("markdown"), MARKDOWN, broken=[b"\xff\xff", b"\x80"])
    document = clothbound.write([every_node(), Post()], "json").to_bytes()
    check_reader(formats.reader("json"), [document], broken=[b"{}", document[:-20], b"[]"])


# Writers with one fault each.


class Options(formats.WriterOptions, frozen=True, kw_only=True):
    format: ClassVar[str] = "test"
    loud: Annotated[bool, Field(help="Shout louder.")] = False


class Input(formats.ReaderOptions, frozen=True, kw_only=True):
    format: ClassVar[str] = "test"


class Unrelated(msgspec.Struct, frozen=True, kw_only=True):
    format: ClassVar[str] = "test"


class Nameless(msgspec.Struct, frozen=True):
    pass


class Positional(msgspec.Struct, frozen=True):
    format: ClassVar[str] = "test"
    loud: Annotated[bool, Field(help="Shout louder.")] = False


@dataclasses.dataclass(frozen=True)
class Plain:
    format: ClassVar[str] = "test"


class Good:
    extension = ".txt"
    media_type = "text/plain"
    options_type: type[Any] = Options
    produces: formats.Produces = "file"
    public = False
    transforms: tuple[str, ...] = ()

    def write(self, collection: Collection, options: Options, context: Context) -> Artifact:
        def file(stream: BinaryIO) -> None:
            for post in collection:
                stream.write(self.text(post).encode())

        return Artifact.of_file(report=context.report, make=file)

    def text(self, post: Post) -> str:
        return plain_text(post)


class Forgetful(Good):
    def text(self, post: Post) -> str:
        return plain_text(rewrite(post, lambda n: None if isinstance(n, i.Strong) else n))


class Leaking(Good):
    public = True

    def text(self, post: Post) -> str:
        return plain_text(every_node())


class Restless(Good):
    count = 0

    def text(self, post: Post) -> str:
        self.count += 1
        return f"{self.count} {plain_text(post)}"


class Deaf(Good):
    def write(self, collection: Collection, options: Options, context: Context) -> Artifact:
        return Artifact.of_file(report=context.report, make=lambda stream: None)


class ByPost(Good):
    """A file for each post, by a name that is not its alone."""

    produces: formats.Produces = "page"

    def name(self, metadata: Metadata) -> str:
        return metadata.slug

    def write(self, collection: Collection, options: Options, context: Context) -> Artifact:
        return Artifact.of_pages(
            report=context.report,
            names={f"{self.name(m)}.txt": m.source for m in collection.index},
            make=lambda position: self.text(collection[position]).encode(),
        )


class ByTitle(ByPost):
    def name(self, metadata: Metadata) -> str:
        return metadata.title


class FolderBySlug(Good):
    extension = ""
    produces: formats.Produces = "tree"

    def write(self, collection: Collection, options: Options, context: Context) -> Artifact:
        return Artifact.of_tree(
            report=context.report,
            make=lambda: ((f"{p.slug}.txt", self.text(p).encode()) for p in collection),
        )


class ByKey(ByPost):
    def name(self, metadata: Metadata) -> str:
        return metadata.key


class Tree(Good):
    def write(self, collection: Collection, options: Options, context: Context) -> Artifact:
        def tree() -> Iterator[tuple[str, bytes]]:
            for post in collection:
                yield f"{post.metadata.key}.txt", self.text(post).encode()

        return Artifact.of_tree(report=context.report, make=tree)


class Dotless(Good):
    extension = "txt"


class Bag(Good):
    options_type = dict


class Unnamed(Good):
    options_type = Nameless


class Stranger(Good):
    options_type = Unrelated


class Ordered(Good):
    options_type = Positional


class Unlisted(Good):
    options_type = Plain


class Vague(Good):
    holds_files = "yes"


class Adding(formats.WriterOptions, frozen=True, kw_only=True):
    format: ClassVar[str] = "test"

    @property
    def transforms(self) -> tuple[str, ...]:
        return ("no-such-transform",)


class Extended(Good):
    options_type = Adding


def test_a_transform_that_options_add_exists() -> None:
    with pytest.raises(UnknownFormatError, match="no-such-transform"):
        check_writer(Extended())


def test_a_good_writer_passes() -> None:
    check_writer(Good())
    check_writer(ByKey())


def test_a_product_with_fewer_files_than_posts_is_refused() -> None:
    posts = [Post(Metadata(slug="tide", source=f"{n}.md")) for n in range(6)]
    collection = as_collection(posts)
    with pytest.raises(WriteError) as caught:
        api.write_with(ByPost(), "pages", collection, Options())
    assert caught.value.message == (
        "the writer 'pages' names 1 file for 6 posts; none is for 0.md, 1.md, 2.md and 2 more"
    )
    assert "file_names" in caught.value.hint
    assert len(api.write_with(ByKey(), "pages", collection, Options()).to_bytes()) > 0


@pytest.mark.parametrize(
    ("writer", "says"),
    [
        (Forgetful(), "lost without a word"),
        (Leaking(), "paying readers"),
        (Restless(), "second time"),
        (Deaf(), "account for each post"),
        (Tree(), "produces and the artifact differ"),
        (ByPost(), r"names 1 file for 3 posts; none is for 4-twin\.md, twin\.md"),
        (ByTitle(), "names 1 file for 3 posts"),
        (FolderBySlug(), r"made the file name 'twin\.txt' twice"),
        (Unnamed(), "options know their format"),
        (Unlisted(), "frozen keyword msgspec.Structs, and 'Plain' is not one"),
        (Stranger(), "options inherit from clothbound.options.WriterOptions"),
        (Ordered(), "frozen keyword msgspec.Structs, and 'Positional' is not one"),
        (Dotless(), "dot"),
        (Vague(), "holds_files is True or False"),
        (Bag(), "frozen keyword msgspec.Structs, and 'dict' is not one"),
    ],
)
def test_a_writer_with_a_fault_fails(writer: Any, says: str) -> None:
    with pytest.raises(AssertionError, match=says):
        check_writer(writer)


class Reader:
    """A post is a line, a word a Text."""

    extensions: Any = (".lines",)
    options_type: type[Any] = Input

    def accepts(self, head: bytes, name: str) -> bool:
        return name.endswith(".lines")

    def read(self, source: formats.Source, options: Options, context: Context) -> Collection:
        data = source if isinstance(source, bytes) else source.read()  # type: ignore[union-attr]
        posts = self.posts(data.decode("utf-8", "replace"))
        index = Index.of(posts)
        keyed = tuple(Post(m, post.body) for m, post in zip(index, posts, strict=True))
        return Collection(posts=self.keep(keyed), index=Index.of(keyed))

    def posts(self, text: str) -> tuple[Post, ...]:
        from clothbound.model.blocks import Paragraph

        return tuple(
            Post(Metadata(source=f"{n}"), (Paragraph((i.Text(line),)),))
            for n, line in enumerate(text.split("\n"))
            if line
        )

    def keep(self, posts: tuple[Post, ...]) -> Any:
        return posts


class EmptyTexts(Reader):
    def posts(self, text: str) -> tuple[Post, ...]:
        from clothbound.model.blocks import Paragraph

        return (Post(Metadata(), (Paragraph((i.Text(""),)),)),)


class OnceOnly(Reader):
    def keep(self, posts: tuple[Post, ...]) -> Any:
        class Once(list[Post]):
            def __iter__(self) -> Iterator[Post]:
                while self:
                    yield self.pop()

        return Once(posts)


class Fragile(Reader):
    def posts(self, text: str) -> tuple[Post, ...]:
        return super().posts(text) if text[0] != "[" else ()


class Declining(Reader):
    def accepts(self, head: bytes, name: str) -> bool:
        return False


class Greedy(Reader):
    def accepts(self, head: bytes, name: str) -> bool:
        return True


class Vague(Reader):
    def accepts(self, head: bytes, name: str) -> Any:
        return head


class OneExtension(Reader):
    extensions = ".lines"


class WithoutDot(Reader):
    extensions = ("lines",)


class Capital(Reader):
    extensions = (".LINES",)


class WithoutExtensions(Reader):
    @property
    def extensions(self) -> Any:
        raise AttributeError


def test_a_good_reader_passes() -> None:
    check_reader(Reader(), [b"one\ntwo"])


@pytest.mark.parametrize(
    ("reader", "says"),
    [
        (EmptyTexts(), "canonical"),
        (OnceOnly(), "again"),
        (Fragile(), "traceback"),
        (Declining(), "declines"),
        (Greedy(), "takes Markdown"),
        (Vague(), "True or False"),
        (OneExtension(), "a tuple"),
        (WithoutExtensions(), "a tuple"),
        (WithoutDot(), "dot"),
        (Capital(), "lower case"),
    ],
)
def test_a_reader_with_a_fault_fails(reader: Any, says: str) -> None:
    with pytest.raises(AssertionError, match=says):
        check_reader(reader, [b"one\ntwo"])


def test_a_reader_that_takes_what_is_broken_fails() -> None:
    with pytest.raises(AssertionError, match="nothing says so"):
        check_reader(Reader(), [b"one"], broken=[b"two"])


def lose(kind: type[Any]) -> Callable[[Post, Context], Post]:
    return lambda post, _: rewrite(post, lambda n: None if isinstance(n, kind) else n)


def test_a_transform_with_a_fault_fails() -> None:
    check_transform(lambda post, _: post)
    with pytest.raises(AssertionError, match="lost without a word"):
        check_transform(lose(i.Strong))
    with pytest.raises(AssertionError, match="canonical"):
        check_transform(lambda post, _: Post(post.metadata, post.body))
    with pytest.raises(AssertionError, match="returns a post"):
        check_transform(lambda post, _: None)  # type: ignore[arg-type, return-value]
