"""Takes real posts through pandoc to DOCX and LaTeX; no word and no note may be missing."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

import clothbound
from clothbound.anthology.select import Select
from clothbound.model.census import tally
from clothbound.model.plain_text import plain_text
from clothbound.writers.pandoc import Pandoc
from pandoc_run import docx_text, run_pandoc
from pandoc_words import PandocText, _texts, missing, pandoc_text, words
from sampled_posts import in_each_blog, sampled

pytestmark = pytest.mark.corpus

_HEADER = re.compile(r"\A---\n.*?\n---\n", re.S)
_ADDRESSES = Pandoc(pictures="address")
"""With these, pandoc looks for no picture on the network."""


@pytest.fixture(scope="module")
def archive(shared: Path) -> clothbound.Collection:
    return clothbound.read(shared / "corpus" / "interconnects")


@pytest.fixture(scope="module")
def expected(shared: Path, archive: clothbound.Collection) -> Counter[str]:
    """The words of the posts' sources, as pandoc reads them."""
    folder = shared / "corpus" / "interconnects"
    count: Counter[str] = Counter()
    for metadata in archive.index:
        source = (folder / metadata.source).read_text(encoding="utf-8")
        count += words("".join(pandoc_text(_HEADER.sub("", source)).text))
    return count


@pytest.fixture(scope="module")
def tree(archive: clothbound.Collection) -> bytes:
    artifact = clothbound.write(archive, _ADDRESSES)
    data = artifact.to_bytes()
    assert artifact.report.dropped == 0
    return re.sub(rb'\["https?://[^"]*\.(?:png|jpe?g|gif|webp)[^"]*",', b'["",', data)


def test_words_of_the_docx(tree: bytes, expected: Counter[str]) -> None:
    docx = run_pandoc(tree, "json", "docx")
    assert missing(expected, words(docx_text(docx))) == {}


def test_words_and_notes_of_the_latex(tree: bytes, expected: Counter[str]) -> None:
    latex = run_pandoc(tree, "json", "latex")
    assert latex.count(b"\\footnote{") == 67
    found = PandocText()
    for block in json.loads(run_pandoc(latex, "latex", "json"))["blocks"]:
        found.text.extend((*_texts(block, found), "\n"))
    assert missing(expected, words("".join((*found.text, *found.alts)))) == {}


def test_what_is_read_back(archive: clothbound.Collection, tree: bytes) -> None:
    again = clothbound.read(tree)
    assert [m.key for m in again.index] == [m.key for m in archive.index]
    assert [m.title for m in again.index] == [m.title for m in archive.index]
    read, back = ([tally(post) for post in posts] for posts in (archive, again))
    assert [t.notes for t in back] == [t.notes for t in read]
    assert [t.pictures for t in back] == [t.pictures for t in read]


@in_each_blog
def test_blogs(shared: Path, blog: str, every: int, tmp_path: Path) -> None:
    """Pandoc has the tree as it is written, and we read every word of it that is not reported."""
    posts = clothbound.read(sampled(shared / "corpus" / "blogs" / blog, every, tmp_path))
    book = clothbound.book(posts, Select(states=["secret"]))
    artifact = clothbound.write(book, _ADDRESSES)
    tree = artifact.to_bytes()
    assert artifact.report.dropped == 0
    told: dict[str, Counter[str]] = {}
    for diagnostic in artifact.report.diagnostics:
        told.setdefault(diagnostic.source, Counter()).update(words(diagnostic.text))
    theirs = json.loads(run_pandoc(tree, "json", "json"))
    assert theirs["blocks"] == json.loads(tree)["blocks"]
    again = clothbound.read(tree)
    assert len(again) == len(book)
    lost = {}
    for one, other in zip(book, again, strict=True):
        source = one.metadata.source
        gone = missing(words(_text(one)), words(_text(other)) + told.get(source, Counter()))
        if gone:
            lost[source] = gone
    assert lost == {}


def _text(post: clothbound.Post) -> str:
    return "\n\n".join(map(plain_text, (post, *post.footnotes)))
