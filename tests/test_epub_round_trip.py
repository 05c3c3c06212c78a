"""Tests that the posts of a book that clothbound made are those that it was made from, fact by fact."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

import clothbound
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.collection import Collection
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Post
from clothbound.model.walk import rewrite, walk
from clothbound.options import Epub

LETTERS = Path(__file__).parents[1] / "examples" / "letters"
METADATA = (
    "key title subtitle slug id published updated authors language tags kind canonical_url cover description audiences "
    "is_draft"
).split()
TYPOGRAPHY = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "."})
NODES = {"Mention": "Link"}
COUNTED = (
    "Heading Quote PullQuote List ListItem CodeBlock MathBlock Verse Figure Gallery Table Callout Embed Media FileDownload "
    "Conditional Emphasis Strong Strikethrough Superscript Subscript Code Math Image NoteRef Link"
).split()


def is_left_out(block: b.Block) -> bool:
    """Returns whether the report of a book names a block as left out: forms, and buttons of the web page."""
    return isinstance(block, b.SubscribeForm) or (
        isinstance(block, b.Button) and bool(block.action)
    )


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.translate(TYPOGRAPHY))


def links(post: Post, posts: Collection) -> Counter[str]:
    found: Counter[str] = Counter()
    for node in walk(post):
        if isinstance(node, i.Link | i.Mention) and not node.href.startswith("javascript:"):
            here = (post.metadata.key, node.href[1:]) if node.href.startswith("#") else None
            place = here or posts.index.resolve(node.href, post.metadata.source)
            found["#".join(place) if place else node.href.removesuffix("%20")] += 1
    return found


def facts(post: Post, posts: Collection) -> dict[str, Any]:
    nodes = Counter(NODES.get(type(n).__name__, type(n).__name__) for n in walk(post))
    body = rewrite(post.body, lambda node: () if is_left_out(node) else node)
    notes = {note.id: words(" ".join(map(plain_text, note.children))) for note in post.footnotes}
    return {
        **{name: getattr(post.metadata, name) for name in METADATA},
        "words": words(" ".join(map(plain_text, body))),
        "notes": notes,
        "links": links(post, posts),
        "alternative texts": [words(node.alt) for node in walk(post) if isinstance(node, i.Image)],
        "captions": [
            words(plain_text(b.Paragraph(node.caption)))
            for node in walk(post)
            if isinstance(node, b.Figure)
        ],
        "nodes": {name: nodes[name] for name in COUNTED},
    }


def read_again(book: Collection, folder: Path, options: Epub | None = None) -> Collection:
    path = folder / "book.epub"
    clothbound.write(book, options or Epub()).save(path)
    return clothbound.read(path)


def differences(book: Collection, again: Collection) -> dict[tuple[str, str], Any]:
    """Returns the facts that differ, by the key of the post and the fact, each with both sides."""
    assert [m.key for m in book.index] == [m.key for m in again.index]
    found = {}
    for post, other in zip(book, again, strict=True):
        before, after = facts(post, book), facts(other, again)
        for name, value in before.items():
            if after[name] != value:
                found[post.metadata.key, name] = (value, after[name])
    return found


def test_the_letters_come_back_as_the_posts_that_they_were(tmp_path: Path) -> None:
    book = clothbound.book(clothbound.read(LETTERS))
    again = read_again(book, tmp_path)
    assert msgspec.structs.replace(again.info, identifier="") == book.info
    assert (again.parts, again.roles) == (book.parts, book.roles)
    assert len({m.published for m in again.index}) > 30
    found = differences(book, again)
    # The caption of a picture that is missing is read as its alternative text.
    captions = {name: found.pop(("31001007", name)) for name in ("captions", "words")}
    assert [words_ for words_ in captions["captions"][1] if words_] == []
    # Days of tweets are written in full.
    for key in ("31001005", "31002001", "31002005"):
        before, after = found.pop((key, "words"))
        assert len(Counter(before) - Counter(after)) == 1
        assert len(after) == len(before)
    # A link to a script is none in a book, and a table too wide for a page is set as lists, as the report says.
    assert found.pop(("31003002", "nodes"))[0]["Link"] == 1
    before, after = found.pop(("31001012", "words"))
    assert set(before) - set(after) <= {"01", "08"}
    assert found.pop(("31001012", "nodes"))[1]["Table"] == 0
    assert not found


@pytest.mark.parametrize(
    "options",
    [
        Epub(destination="kindle"),
        Epub(list_of_links=True, mentions=True),
        Epub(grayscale=True, toc_depth=1),
    ],
    ids=["kindle", "links", "grayscale"],
)
def test_posts_come_back_whatever_the_book_adds(options: Epub, tmp_path: Path) -> None:
    book = clothbound.book(clothbound.read(LETTERS), year=2023)
    found = differences(book, read_again(book, tmp_path, options))
    # Links to posts that are not in the book lead to their addresses on the network.
    assert set(found) == {("31003002", "nodes"), ("31003005", "links")}


@pytest.mark.slow
@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "select"),
    [
        ("interconnects", {"year": 2022}),
        ("blogs/arabic-hugo", {}),
        ("blogs/data-is-plural", {"year": 2023}),
        ("blogs/rust-zola-toml", {"year": 2023}),
    ],
)
def test_real_posts_come_back(
    name: str, select: dict[str, Any], shared: Path, tmp_path: Path
) -> None:
    book = clothbound.book(clothbound.read(shared / "corpus" / name), **select)
    assert len(book.posts) > 5
    again = read_again(book, tmp_path)
    found = differences(book, again)
    allowed = {"alternative texts", "captions", "words", "cover", "nodes"}
    assert {fact for _, fact in found} <= allowed
    for (key, fact), (before, after) in found.items():
        if fact == "words":
            lost = Counter(before) - Counter(after)
            other = next(p for p in again if p.metadata.key == key)
            alts = [w for n in walk(other) if isinstance(n, i.Image) for w in words(n.alt)]
            assert not lost - Counter(alts), key
    made = tmp_path / "again.epub"
    clothbound.write(again, Epub()).save(made)
    differ = _differing(tmp_path / "book.epub", made)
    assert not differ, sorted(differ)


def _differing(first: Path, second: Path) -> set[str]:
    """Returns the files of two books that differ in more than the spaces between words and before the end of code."""
    with zipfile.ZipFile(first) as one, zipfile.ZipFile(second) as two:
        assert set(one.namelist()) == set(two.namelist())
        return {
            name
            for name in one.namelist()
            if one.read(name) != two.read(name)
            and (not name.endswith(".xhtml") or _folded(one.read(name)) != _folded(two.read(name)))
        }


def _folded(markup: bytes) -> str:
    return re.sub(r"\s+(</code>)?", r" \1", markup.decode()).replace(" </code>", "</code>")
