"""From an archive to posts and back: the same table, and of each post the same tree.

Judged by html5lib, not by the parser that reads the posts.
"""

from __future__ import annotations

import html
from pathlib import Path

import msgspec
import pytest

from clothbound import api
from clothbound.model.collection import Collection
from clothbound.model.inlines import NoteRef
from clothbound.model.plain_text import plain_text
from clothbound.model.walk import walk
from clothbound.substack import cdn
from substack_dom import (
    archive_of,
    dom,
    files_of,
    without_indents,
    without_markup,
    written,
)

FIXTURE = Path(__file__).parent / "cases" / "substack-archive"
POSTS = sorted(path.name for path in (FIXTURE / "posts").glob("*.html"))


@pytest.fixture(scope="module")
def fixture() -> Collection:
    return api.read(FIXTURE)


@pytest.fixture(scope="module")
def again(fixture: Collection) -> dict[str, bytes]:
    return written(fixture)


@pytest.fixture(scope="module")
def again_without_markup(fixture: Collection) -> dict[str, bytes]:
    posts = [without_markup(post) for post in fixture.posts]
    return written(msgspec.structs.replace(fixture, posts=posts))


@pytest.mark.parametrize("name", POSTS)
def test_every_block_in_each_of_its_generations(name: str, again: dict[str, bytes]) -> None:
    source = (FIXTURE / "posts" / name).read_text()
    assert dom(again[f"posts/{name}"].decode()) == dom(source)


@pytest.mark.parametrize("name", POSTS)
def test_it_is_no_echo(name: str, again_without_markup: dict[str, bytes]) -> None:
    source = (FIXTURE / "posts" / name).read_text()
    assert dom(again_without_markup[f"posts/{name}"].decode()) == dom(source)


def test_the_table_is_the_same_to_the_byte(again: dict[str, bytes]) -> None:
    assert again["posts.csv"] == (FIXTURE / "posts.csv").read_bytes()
    assert again.keys() == files_of(FIXTURE).keys()


def test_components_need_no_markup(fixture: Collection) -> None:
    kept = [
        node.origin.markup
        for post in fixture.posts
        for node in walk(post)
        if node.origin is not None and node.origin.markup
    ]
    # The fixture's one component that nobody knows.
    assert [markup[:28] for markup in kept] == ['<div class="tide-gauge-embed']


@pytest.mark.parametrize(
    "said", ['data-component-name="NewToDOM"', 'data-attrs="{&quot;a&quot;:1}"']
)
def test_a_component_that_nobody_knows_keeps_its_markup(said: str) -> None:
    body = f'<div class="new-wrap" {said}><p>Words.</p></div>'
    collection = api.read(archive_of({"1.p": body}))
    (kept,) = [n.origin.markup for post in collection for n in walk(post) if n.origin]
    assert kept == body
    assert written(collection)["posts/1.p.html"].decode() == body


@pytest.mark.parametrize("form", ["pre", "pre code", "pre code code"])
def test_code_outside_a_box_needs_no_markup(form: str) -> None:
    names = form.split()
    opening = "".join(f"<{name}>" for name in names)
    body = f"{opening}one\n  two{''.join(f'</{name}>' for name in reversed(names))}"
    collection = api.read(archive_of({"1.p": body}))
    assert not any(n.origin and n.origin.markup for post in collection for n in walk(post))
    assert written(collection)["posts/1.p.html"].decode() == body


def _note(name: str, number: str) -> str:
    return (
        '<div class="footnote" data-component-name="FootnoteToDOM">'
        f'<a id="footnote-{name}" href="#footnote-anchor-{name}" class="footnote-number" '
        f'contenteditable="false" target="_self">{number}</a>'
        f'<div class="footnote-content"><p>Note {name}.</p></div></div>'
    )


def _mark(name: str, number: str) -> str:
    return (
        '<a class="footnote-anchor" data-component-name="FootnoteAnchorToDOM" '
        f'id="footnote-anchor-{name}" href="#footnote-{name}" target="_self">{number}</a>'
    )


@pytest.mark.parametrize(
    "names", [("1", "2"), ("7", "9"), ("2", "1"), ("1-777", "2-777"), ("a", "b")]
)
def test_notes_keep_their_names(names: tuple[str, str]) -> None:
    numbers = [name.partition("-")[0] for name in names]
    pairs = list(zip(names, numbers, strict=True))
    marks = "".join(_mark(*pair) for pair in pairs)
    body = f"<p>text{marks}</p>{''.join(_note(*pair) for pair in pairs)}"
    assert written(api.read(archive_of({"1.p": body})))["posts/1.p.html"].decode() == body


@pytest.mark.parametrize("name", ["footnote-1", "footnote-7-777"])
def test_a_note_without_an_id_is_found_by_where_its_number_leads(name: str) -> None:
    back = name.replace("footnote-", "footnote-anchor-")
    number = f'<a href="#{back}" class="footnote-number">1</a>'
    note = f'<div class="footnote">{number}<div class="footnote-content"><p>Words.</p></div></div>'
    mark = _mark(name.removeprefix("footnote-"), "1")
    (post,) = api.read(archive_of({"1.p": f"<p>text{mark}</p>{note}"})).posts
    (made,) = post.footnotes
    assert [node.target for node in walk(post) if isinstance(node, NoteRef)] == [made.id]


@pytest.mark.parametrize("name", ["footnote-1", "footnote-7-777"])
def test_a_note_without_its_number_is_found_by_its_id(name: str) -> None:
    note = (
        f'<div class="footnote" id="{name}"><div class="footnote-content"><p>Words.</p></div></div>'
    )
    mark = _mark(name.removeprefix("footnote-"), "1")
    (post,) = api.read(archive_of({"1.p": f"<p>text{mark}</p>{note}"})).posts
    (made,) = post.footnotes
    assert [node.target for node in walk(post) if isinstance(node, NoteRef)] == [made.id]


def test_a_note_whose_words_stand_beside_its_number_keeps_them() -> None:
    number = '<a id="footnote-1" href="#footnote-anchor-1" class="footnote-number">1</a>'
    note = f'<div class="footnote"><p>{number} Words.</p></div>'
    (post,) = api.read(archive_of({"1.p": f"<p>text{_mark('1', '1')}</p>{note}"})).posts
    assert [plain_text(made).strip() for made in post.footnotes] == ["Words."]


@pytest.mark.parametrize("mark", ["1", "x", "*"])
def test_a_note_without_its_number_is_a_note(mark: str) -> None:
    note = '<div class="footnote"><div class="footnote-content"><p>Words.</p></div></div>'
    collection = api.read(archive_of({"1.p": f"<p>text{_mark('1', mark)}</p>{note}"}))
    (post,) = collection.posts
    assert [plain_text(one) for one in post.footnotes] == ["Words."]
    made = written(collection)["posts/1.p.html"].decode()
    assert (
        f'<p>text<a class="footnote-anchor" id="footnote-anchor-1" href="#footnote-1">{mark}</a>'
        in made
    )
    assert "Words." in made


@pytest.mark.parametrize(
    "link",
    [
        '<a class="card" href="https://example.org/"><p>Word{mark} on</p></a>',
        '<p><a href="https://example.org/">Word<span>{mark}</span> on</a></p>',
    ],
    ids=["around blocks", "in a line"],
)
def test_a_mark_without_a_note_within_a_link_is_a_superscript(link: str) -> None:
    """As a mark it would be a link within a link, which Markdown shows as its source."""
    body = link.format(mark=_mark("9", "9"))
    (post,) = api.read(archive_of({"1.p": body})).posts
    made = api.write(post, "markdown").to_bytes().decode()
    assert "[Word^9^ on](https://example.org/)" in made
    (again,) = api.read(made.encode(), "markdown").posts
    assert plain_text(again) == "Word9 on"


def test_a_resized_picture_needs_no_markup() -> None:
    """Its height goes with its new width, with all the digits that JavaScript writes."""
    src = "https://substack-post-media.s3.amazonaws.com/public/images/a_1456x1039.png"
    data = html.escape(
        f'{{"src":"{src}","fullscreen":false,"imageSize":"large","height":1039,"width":1456,'
        '"resizeWidth":1200,"bytes":1,"alt":null,"title":null,"type":"image/png","href":null}'
    )
    webp, auto = cdn.srcsets(src)
    body = (
        '<div class="captioned-image-container"><figure><a class="image-link is-viewable-img '
        f'image2" target="_blank" href="{cdn.wrap(src)}" data-component-name="Image2ToDOM">'
        f'<div class="image2-inset"><picture><source type="image/webp" srcset="{webp}" '
        f'sizes="100vw"><img src="{src}" width="1200" height="856.3186813186813" '
        f'data-attrs="{data}" class="sizing-large" alt="" srcset="{auto}" sizes="100vw"></picture>'
        "</div></a></figure></div>"
    )
    collection = api.read(archive_of({"1.p": body}))
    assert not any(n.origin and n.origin.markup for post in collection for n in walk(post))
    assert written(collection)["posts/1.p.html"].decode() == body


def test_what_is_canonical_comes_back_to_the_byte(again: dict[str, bytes]) -> None:
    source = files_of(FIXTURE)
    equal = sum(again[name] == data for name, data in source.items())
    print(f"the same bytes: {equal} of {len(source)} files of the fixture")
    assert equal >= 13


@pytest.mark.corpus
def test_a_real_export(shared: Path) -> None:
    folder = shared / "corpus" / "substack-export" / "inturious"
    source = files_of(folder)
    again = written(api.read(folder))
    assert again["posts.csv"] == source["posts.csv"]
    assert again.keys() == source.keys()
    equal = 0
    for name, data in source.items():
        equal += again[name] == data
        if name != "posts.csv":
            assert dom(again[name].decode()) == dom(data.decode()), name
    print(f"the same bytes: {equal} of {len(source)} files of a real export")
    assert equal >= 40


@pytest.mark.corpus
def test_a_real_export_without_markup(shared: Path) -> None:
    folder = shared / "corpus" / "substack-export" / "inturious"
    collection = api.read(folder)
    posts = [without_markup(post) for post in collection.posts]
    again = written(msgspec.structs.replace(collection, posts=posts))
    for name, data in files_of(folder).items():
        if name != "posts.csv":
            assert dom(again[name].decode()) == dom(data.decode()), name


@pytest.mark.corpus
def test_the_snippets_of_an_importer(shared: Path) -> None:
    """They are indented, as Substack's own posts are not; the indents between blocks go."""
    paths = sorted((shared / "corpus" / "substack-export" / "snippets-ghost").glob("*.html"))
    bodies = {f"{9000 - n}.p": path.read_text() for n, path in enumerate(paths)}
    assert len(bodies) == 30
    again = written(api.read(archive_of(bodies)))
    for (name, body), path in zip(bodies.items(), paths, strict=True):
        tree = dom(again[f"posts/{name}.html"].decode())
        assert without_indents(tree) == without_indents(dom(body)), path.name
