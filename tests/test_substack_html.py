"""Every block of Substack's HTML: its nodes, its Markdown, its page and its page in a book."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from clothbound import api
from clothbound.model.blocks import Group, PaywallBreak
from clothbound.model.check import problems
from clothbound.model.node import Node
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Metadata, Post
from clothbound.model.walk import rewrite, walk
from clothbound.readers.html_post import post_of
from clothbound.substack.component_lookup import ROWS
from notation import write

CASES = Path(__file__).parent / "cases" / "substack-html"
_BODY = re.compile(r"</header>\n(.*)</section>", re.S)


class Case(NamedTuple):
    name: str
    source: str
    expected: dict[str, str]


def read_cases(path: Path) -> list[Case]:
    """``%% name``, HTML, and behind ``%%=> product`` each of its products."""
    cases = []
    for part in re.split(r"^%% ", path.read_text("utf-8"), flags=re.M)[1:]:
        name, _, rest = part.partition("\n")
        source, *products = re.split(r"^%%=> ", rest, flags=re.M)
        expected = {
            kind: text.rstrip("\n")
            for kind, _, text in (product.partition("\n") for product in products)
        }
        cases.append(Case(f"{path.stem}: {name}", source.rstrip("\n"), expected))
    return cases


def read_post(source: str) -> Post:
    return post_of(source, Metadata(key="case", title="A case"), exact=True)


def products(source: str) -> dict[str, str]:
    post = read_post(source)
    told = [f"! {d.severity} {d.code}: {d.message}" for d in post.diagnostics]
    text = api.write(post, "markdown").to_bytes().decode()
    page = api.write(post, "html-fragment").to_bytes().decode()
    book = zipfile.ZipFile(io.BytesIO(api.write(post, "epub").to_bytes()))
    chapter = next(name for name in book.namelist() if name.endswith("case.xhtml"))
    return {
        # What a node was read from is the round trip's matter; see test_vocabulary.py.
        "nodes": "\n".join([write(*_without_origins(post)), *told]),
        "markdown": text.partition("\n---\n")[2].strip("\n"),
        "page": page.partition("</header>\n")[2].strip("\n"),
        "book": _BODY.findall(book.read(chapter).decode())[0].strip("\n"),
    }


def _without_origins(post: Post) -> tuple[Any, Any]:
    def visit(node: Node) -> Node:
        return msgspec.structs.replace(node, origin=None) if node.origin else node

    bare = rewrite(post, visit)
    return bare.body, bare.footnotes


DOCUMENTS = [case for path in sorted(CASES.glob("*.txt")) for case in read_cases(path)]


@pytest.mark.parametrize("case", DOCUMENTS, ids=[case.name for case in DOCUMENTS])
def test_document(case: Case) -> None:
    assert products(case.source) == case.expected


@pytest.mark.parametrize("case", DOCUMENTS, ids=[case.name for case in DOCUMENTS])
def test_nothing_stays_a_group(case: Case) -> None:
    post = read_post(case.source)
    assert list(problems(post)) == []
    groups = [n for n in walk(post) if isinstance(n, Group)]
    assert all("captioned-button-wrap" in group.classes for group in groups)


CHROME = (
    "svg",
    "<button",
    "<input",
    "pencraft",
    "maintain its original spacing",
    "<script",
    "Likes",
)


@pytest.mark.parametrize("case", DOCUMENTS, ids=[case.name for case in DOCUMENTS])
def test_chrome_reaches_no_reader(case: Case) -> None:
    """Markdown may keep an element's own markup, for the way back; it is not read."""
    made = products(case.source)
    for product in (made["nodes"], made["page"], made["book"]):
        assert not [word for word in CHROME if word in product]


def test_a_caption_that_repeats_the_alternative_text_stands_once_for_a_missing_picture() -> None:
    source = (
        '<div class="captioned-image-container"><figure><a class="image-link image2" '
        'href="https://x.example/a.png" data-component-name="Image2ToDOM">'
        '<div class="image2-inset"><img src="https://x.example/a.png" alt="A quay"></div></a>'
        '<figcaption class="image-caption">A quay</figcaption></figure></div>'
    )
    assert "<figcaption>A quay</figcaption>" in products(source)["page"]
    assert products(source)["book"].count(">A quay<") == 1


CLASSES = sorted({name for row in ROWS if row.kind is not PaywallBreak for name in row.classes})
STRANGE = (
    '<div class="{}">Long words. <a href="https://n.example/p/x?action=share">first</a></div>',
    '<p class="{}">Long words. <a href="https://n.example/p/x?action=share">first</a></p>',
    '<div class="{}"><ul><li>Long words.</li></ul><p>first</p></div>',
    '<div class="{}"><h2>Long words.</h2><p>first</p></div>',
    '<div class="{}"><p>Long words.</p><table><tr><td>first</td></tr></table></div>',
    '<div class="{}"><p>Long words.</p><pre><code>Long words. first</code></pre></div>',
    '<div class="{}"><p>Long words.</p><p class="caption">first</p></div>',
    '<div class="{}"><p>Long words.</p><figure><img src="a.png"><figcaption>first</figcaption></figure></div>',
    '<div class="{}"><blockquote><p>Long words.</p></blockquote><p>first</p></div>',
)


@pytest.mark.parametrize("html", STRANGE)
@pytest.mark.parametrize("name", CLASSES)
def test_a_class_alone_takes_no_words_away(name: str, html: str) -> None:
    """Themes of others name elements so, too: ``twitter-embed`` around a quotation, ``community-chat`` around a talk."""
    post = read_post(html.format(name))
    assert {"Long", "words.", "first"} <= set(plain_text(post).split())
    again = api.read(api.write(post, "markdown").to_bytes(), "markdown")[0]
    assert {"Long", "words.", "first"} <= set(plain_text(again).split())


NAMES = sorted({name for row in ROWS if row.kind is not PaywallBreak for name in row.components})


@pytest.mark.parametrize("html", STRANGE)
@pytest.mark.parametrize("name", NAMES)
def test_a_component_without_its_data_takes_no_words_away(name: str, html: str) -> None:
    """It may have been cut, or not been closed, and then holds what follows."""
    post = read_post(html.replace('class="{}"', f'data-component-name="{name}"'))
    assert {"Long", "words.", "first"} <= set(plain_text(post).split())


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_alone_takes_no_link_away(name: str) -> None:
    html = f'<div class="{name}"><p>Long <a href="https://e.example/a">words</a>, first.</p></div>'
    addresses = {getattr(node, "href", "") for node in walk(read_post(html))}
    assert "https://e.example/a" in addresses


@pytest.mark.parametrize("name", ["image-link-expand", "header-anchor-parent"])
def test_icons_that_were_not_closed_hide_nothing_that_follows(name: str) -> None:
    icons = f'<div class="{name}"><div><button><svg><path d="M0 0"></path></svg></button>'
    closed = read_post(f"<p>Before.</p>{icons}</div></div><p>After.</p>")
    assert not [node for node in walk(closed) if node.classes]
    for rest in ("<p>After.</p>", '<p><img src="a.png" alt="After."></p>'):
        post = read_post(f"<p>Before.</p>{icons}{rest}")
        assert "After." in str(post.body)


def test_a_figure_known_by_its_class_has_a_mark_of_a_note_in_its_caption() -> None:
    mark = '<a class="footnote-anchor" id="footnote-anchor-1" href="#footnote-1">1</a>'
    post = read_post(
        '<div class="captioned-image-container"><figure><a class="image-link image2" '
        'href="https://x.example/a.png"><img src="https://x.example/a.png"></a>'
        f'<figcaption class="image-caption">By Ida{mark}</figcaption></figure></div>'
        '<div class="footnote"><a id="footnote-1" href="#footnote-anchor-1" class="footnote-number">'
        '1</a><div class="footnote-content"><p>A note.</p></div></div>'
    )
    assert [type(node).__name__ for node in post.body] == ["Figure"]
