"""From an archive to Markdown, an edit there, and back: only what was edited differs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from clothbound import api
from substack_dom import dom, files_of, written
from visible_words import visible_words, with_new_words

_BLOCKS = frozenset("blockquote div figcaption h1 h2 h3 h4 h5 h6 li p".split())


def seen(nodes: list[Any], *, verbatim: bool = False) -> list[Any]:
    """A tree without what no reader sees and Markdown has no form for: space at the ends of a
    block, a second space, a paragraph with nothing in it.
    """
    result: list[Any] = []
    for node in nodes:
        if isinstance(node, str):
            result.append(node if verbatim else re.sub(r"[ \n]+", " ", node))
            continue
        name, attributes, children = node
        inner = seen(children, verbatim=verbatim or name == "pre")
        if name in _BLOCKS and not verbatim:
            inner = _trimmed(inner)
        if inner or attributes or name != "p":
            result.append((name, attributes, inner))
    return result


def _trimmed(nodes: list[Any]) -> list[Any]:
    nodes = list(nodes)
    for end, strip in ((-1, str.rstrip), (0, str.lstrip)):
        while nodes and isinstance(nodes[end], str):
            nodes[end] = strip(nodes[end], " ")
            if nodes[end]:
                break
            nodes.pop(end)
    return nodes


def differing(source: dict[str, bytes], again: dict[str, bytes]) -> dict[str, tuple[Any, Any]]:
    pairs = {
        name: (seen(dom(data.decode())), seen(dom(again[name].decode())))
        for name, data in source.items()
        if name != "posts.csv"
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@pytest.mark.corpus
def test_an_edited_title_and_paragraph_are_all_that_differs(shared: Path, tmp_path: Path) -> None:
    folder = shared / "corpus" / "substack-export" / "inturious"
    source = files_of(folder)
    api.write(api.read(folder), "markdown").save(tmp_path / "posts")
    before = written(api.read(tmp_path / "posts"))
    unedited = differing(source, before)

    path = next((tmp_path / "posts").glob("*icp-ai-agent-twitter-spaces-panel.md"))
    text = path.read_text()
    title = re.search(r"^title: .*$", text, re.M)
    assert title is not None
    text = text.replace(title[0], "title: Another title", 1)
    paragraph = next(p for p in text.split("\n\n")[1:] if re.match(r"[A-Za-z ,]{40}", p))
    path.write_text(text.replace(paragraph, "Words of another day.", 1))
    after = written(api.read(tmp_path / "posts"))

    name = next(n for n in after if "icp-ai-agent-twitter-spaces-panel" in n)
    assert {n for n in after if after[n] != before[n]} == {name, "posts.csv"}
    rows = zip(before["posts.csv"].splitlines(), after["posts.csv"].splitlines(), strict=True)
    changed = [(old, new) for old, new in rows if old != new]
    assert len(changed) == 1
    assert b"Another title" in changed[0][1]
    old, new = seen(dom(before[name].decode())), seen(dom(after[name].decode()))
    assert len(old) == len(new)
    blocks = [(one, two) for one, two in zip(old, new, strict=True) if one != two]
    assert [two for _, two in blocks] == [("p", {}, ["Words of another day."])]
    # An empty paragraph in an item of a list is the one thing that this export loses by the way.
    assert len(unedited) <= 1


FIXTURE = Path(__file__).parent / "cases" / "substack-archive"


@pytest.fixture(scope="module")
def in_markdown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("fixture") / "posts"
    api.write(api.read(FIXTURE), "markdown").save(folder)
    return {path.stem: path.read_text() for path in sorted(folder.glob("*.md"))}


@pytest.mark.parametrize("name", sorted(path.stem for path in (FIXTURE / "posts").glob("*.html")))
def test_every_word_of_every_block_can_be_edited(name: str, in_markdown: dict[str, str]) -> None:
    edited, new = with_new_words(in_markdown[name])
    again = written(api.read(edited.encode(), format="markdown"))
    body = again[f"posts/{name}.html"].decode()
    assert [(word, was) for word, was in new.items() if word not in body] == []


def test_no_attribute_repeats_what_the_text_says(in_markdown: dict[str, str]) -> None:
    """Where it did, the attribute would win over an edit of the text."""
    for name, text in in_markdown.items():
        shown = " ".join(text[start:end] for start, end in visible_words(text))
        for fields in re.findall(r' fields="((?:[^"\\]|\\.)*)"', text):
            values = json.loads(fields.replace('\\"', '"').replace("\\\\", "\\")).values()
            words = re.findall(r"[A-Za-z]{2,}", " ".join(v for v in values if isinstance(v, str)))
            assert not words or " ".join(words) not in shown, (name, fields)
