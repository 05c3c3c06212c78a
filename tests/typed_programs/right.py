"""What type checkers are told: nothing here is an error, and each type is the one that is asserted."""

import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import assert_type

import clothbound
from clothbound import model, options, plan
from clothbound.model import (
    Block,
    CodeBlock,
    Footnote,
    Heading,
    Image,
    Link,
    Math,
    Node,
    Post,
    Table,
    replace,
    rewrite,
    walk,
)


def found(post: Post) -> None:
    assert_type(walk(post), Iterator[Node])
    assert_type(walk(post, Link), Iterator[Link])
    assert_type(walk(post, Image, Link), Iterator[Image | Link])
    assert_type(walk(post.body, Image, Link, Math), Iterator[Image | Link | Math])
    assert_type(walk(post, Image, Link, Math, Table), Iterator[Image | Link | Math | Table])
    assert_type(walk(post, Image, Link, Math, Table, CodeBlock), Iterator[Node])
    assert_type([image.alt for image in walk(post, Image)], list[str])


def without_links(node: Node) -> Node | tuple[Node, ...]:
    return node.children if isinstance(node, Link) else node


def with_id(heading: Heading) -> Heading:
    return replace(heading, id="first")


def changed(post: Post, note: Footnote, table: Table) -> None:
    assert_type(rewrite(post, without_links), Post)
    assert_type(rewrite(post, with_id, {Heading}), Post)
    assert_type(rewrite(note, without_links), Footnote)
    assert_type(rewrite(table, lambda node: None, {Link}), Table)
    assert_type(rewrite(post.body, without_links), tuple[Block, ...])
    assert_type(replace(post.metadata, title="T"), model.Metadata)


def taken(day: date, moment: datetime) -> None:
    posts = clothbound.read("posts/", options.MarkdownInput(dialect="gfm"))
    assert_type(posts["slug"], Post)
    assert_type(posts[0].date, datetime | None)
    assert_type(posts[:2], Sequence[Post])
    clothbound.read(io.StringIO("words"), "markdown")
    select = clothbound.Select(after=day, before=moment, tags=["harbour"])
    book = clothbound.book(posts, select, authors="Marit", order=options.Order(parts="months"))
    clothbound.book(posts, options.Select(after="2021-03-01"), authors=["Marit", "Odile"])
    clothbound.write(book, clothbound.Epub(toc_depth=2)).save(io.BytesIO())
    assert_type(clothbound.write(posts[:2], "html").to_text(), str)
    clothbound.to_html(
        posts[0], title=False, pictures=lambda image: image.src, css="p { margin: 0 }"
    )
    for result in clothbound.convert_many(
        ["a.md"], writer=options.Html(), folder="out", strict=True
    ):
        assert_type(result.error, clothbound.ClothboundError | None)


def planned() -> None:
    manifest = plan.read_manifest("best.toml")
    assert_type(manifest, plan.Manifest)
    best = plan.make_book(manifest, plan.read_posts(manifest), plan.Wishes(info={"title": "T"}))
    estimate = plan.estimate_book(best)
    assert_type(estimate.rows[0].words, int)
    assert_type(list(plan.estimate_lines(estimate)), list[str])
