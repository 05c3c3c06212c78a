"""What components hold that are made of nodes which were not read from Substack, and small templates."""

from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec
import pytest

import clothbound
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.node import Node, Origin
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Post
from clothbound.model.walk import rewrite, walk
from clothbound.substack.component_lookup import ROWS, component_of
from clothbound.substack.component_markup import in_value, text
from clothbound.substack.components import type_nodes
from clothbound.substack.pictures import keep_address, restore_addresses
from clothbound.substack.templates import image, others
from expected_files import expected_text
from substack_cases import DOCUMENTS, archive_body, read_case

MADE = Path(__file__).parent / "cases" / "substack-made"


def without_origin(node: Node) -> Node:
    return msgspec.structs.replace(node, origin=None) if node.origin else node


def components(path: Path) -> list[dict[str, object]]:
    """The components of a document of the vocabulary, made as if nothing had been read."""
    found = []
    for node in walk(rewrite(read_case(path)[0], without_origin)):
        component = component_of(node)
        if component is not None:
            name = component.row.classes[0]
            found.append({"class": name, "data": component.data, "fields": component.fields})
    return found


@pytest.mark.parametrize("path", DOCUMENTS, ids=[path.stem for path in DOCUMENTS])
def test_components_that_are_made_anew(path: Path) -> None:
    """``CLOTHBOUND_UPDATE=1`` writes the files anew: read the difference before you commit it."""
    made = json.dumps(components(path), indent=1, ensure_ascii=False) + "\n"
    assert made == expected_text(MADE / f"{path.stem}.json", made)


def test_every_row_with_data_is_made_anew_in_a_document() -> None:
    made = {found["class"] for path in DOCUMENTS for found in components(path)}
    assert {row.classes[0] for row in ROWS if row.data is not None} <= made


def test_a_publication_is_found_by_either_of_its_addresses() -> None:
    for data in ('{"base_url":"https://a.example","name":"A"}', '{"url":"https://a.example"}'):
        card = b.Group(classes=("embedded-publication-wrap",), attributes=(("attrs", data),))
        (read,) = type_nodes((card,)).body
        assert isinstance(read, b.Embed)
        assert (read.kind, read.href) == ("publication", "https://a.example")


def test_attributes_that_no_field_holds() -> None:
    attributes = (("k", "a<b"), ("title", "t"), ("aria-x", "1"), ("element", "pre"), ("1x", "n"))
    node = b.Group(id="x", classes=("a", "b"), attributes=attributes)
    assert others(node) == ' id="x" class="a b" data-k="a&lt;b" title="t" aria-x="1"'
    assert others(b.Group(classes=("a",))) == ' class="a"'
    assert others(b.Group()) == ""


def test_a_picture_without_a_size_has_the_normal_one() -> None:
    figure = b.Figure(i.Image("https://a.example/b.png"))
    assert 'class="sizing-normal"' in archive_body(Post(body=(figure,)))
    large = msgspec.structs.replace(
        figure, origin=Origin(data='{"src":"https://a.example/b.png","imageSize":"large"}')
    )
    assert 'class="sizing-large"' in archive_body(Post(body=(large,)))


@pytest.mark.parametrize("source", ["https://a.example/b.png", "http://a.example/b.png", "b.png"])
def test_only_a_picture_on_the_network_has_renditions(source: str) -> None:
    made = archive_body(Post(body=(b.Figure(i.Image(source)),)))
    assert ("srcset" in made) is (source != "b.png")


def test_text_and_values_in_markup() -> None:
    assert text('a\0&<b>\u00a0c"') == 'a&amp;&lt;b&gt;&nbsp;c"'
    assert in_value('\0"\u00a0') == "&quot;&nbsp;"
    assert in_value("it's plain") == text("it's plain") == "it's plain"


def test_a_picture_in_a_line_of_text() -> None:
    origin = Origin(data='{"src":"a.png"}', component="ImageToDOM")
    node = i.Image("a.png", 'A "net"', "T", origin=origin)
    assert image(node, "b.png") == (
        '<img src="b.png" data-attrs="{&quot;src&quot;:&quot;a.png&quot;}" '
        'alt="A &quot;net&quot;" title="T" data-component-name="ImageToDOM">'
    )
    assert image(i.Image("a.png"), "b.png") == '<img src="b.png" alt="">'


def test_a_picture_that_was_put_beside_its_post_gets_its_address_back() -> None:
    address, local = "https://a.example/b.png", f"images/{'0123456789' * 2}.png"
    kept = keep_address(address)
    own = msgspec.structs.replace(kept, component="ImageToDOM")

    def body(src: str, *origins: Origin | None) -> Post:
        pictures = tuple(i.Image(src, origin=origin) for origin in origins)
        return Post(body=(b.Paragraph(pictures), b.Figure(i.Image(src), origin=kept)))

    assert restore_addresses(body(local, kept, own)) == body(address, None, own)
    chosen = body("images/another.png", kept, own)
    assert restore_addresses(chosen) is chosen


@pytest.mark.parametrize(
    ("likes", "comments", "shown"),
    [
        (0, 0, "May 5 · Ann"),
        (1, 0, "May 5 · 1 like · Ann"),
        (2, 1, "May 5 · 2 likes · 1 comment · Ann"),
        (0, 2, "May 5 · 2 comments · Ann"),
    ],
)
def test_an_embedded_post_shows_the_counts_that_it_has(
    likes: int, comments: int, shown: str
) -> None:
    data = json.dumps({"like_count": likes, "comment_count": comments})
    card = b.Embed("post", "https://a.example/p/x", author="Ann", date="May 5")
    made = archive_body(Post(body=(msgspec.structs.replace(card, origin=Origin(data=data)),)))
    assert f'<div class="embedded-post-meta">{shown}</div>' in made


@pytest.mark.parametrize(("size", "shown"), [("2 MB", ["2 MB"]), ("", [])])
def test_a_file_shows_its_name_and_its_size_if_known(size: str, shown: list[str]) -> None:
    made = archive_body(Post(body=(b.FileDownload("https://a.example/t.pdf", "Tides", size),)))
    found = re.findall(r">([^<]+)<", made)
    assert found == ["Tides", *shown, "Download", "Download"]


@pytest.mark.parametrize(
    ("embed", "label"),
    [
        (b.Embed("chart", "https://a.example/c", "Maker", "Tides"), "Tides"),
        (b.Embed("chart", "https://a.example/c", "Maker"), "Maker"),
        (b.Embed("chart", "https://a.example/c"), "https://a.example/c"),
    ],
)
def test_an_embed_that_substack_has_not_is_a_link(embed: b.Embed, label: str) -> None:
    made = archive_body(Post(body=(embed,)))
    assert made == f'<p><a href="https://a.example/c">{label}</a></p>'


def test_an_embed_without_an_address_is_named_and_quoted() -> None:
    embed = b.Embed("chart", text="Low.\n\nHigh.", author="Ann", date="May 5")
    quoted = "<blockquote><p>Low.</p><p>High.</p><p>Ann, May 5</p></blockquote>"
    assert archive_body(Post(body=(embed,))) == f"<p>chart</p>{quoted}"


@pytest.mark.parametrize("thumbnail", ["", "https://a.example/net.png"])
def test_a_post_on_bluesky_has_the_picture_that_is_known(thumbnail: str) -> None:
    href = "https://bsky.app/profile/ann.example/post/3kabc"
    component = component_of(b.Embed("note", href, "Bluesky", thumbnail=thumbnail))
    assert component is not None
    assert component.data is not None
    assert component.data["imageUrls"] == ([thumbnail] if thumbnail else [])
    attributes = (("attrs", json.dumps(component.data)),)
    (read,) = type_nodes((b.Group(classes=("bluesky-wrap",), attributes=attributes),)).body
    assert isinstance(read, b.Embed)
    assert read.thumbnail == thumbnail


def test_a_post_without_text_has_an_empty_paragraph() -> None:
    """Importers take no empty body."""
    assert archive_body(Post()) == "<p></p>"


def test_a_cell_names_the_columns_and_rows_that_it_spans() -> None:
    wide = b.Cell((i.Text("a"),), colspan=2)
    tall = b.Cell((i.Text("b"),), rowspan=2)
    table = b.Table((), ((wide,), (tall, b.Cell((i.Text("c"),))), (b.Cell((i.Text("d"),)),)))
    made = archive_body(Post(body=(table,)))
    assert '<tr><td colspan="2">a</td></tr><tr><td rowspan="2">b</td><td>c</td></tr>' in made


@pytest.mark.parametrize("generation", ["", "short"])
@pytest.mark.parametrize(("label", "shown"), [("", "Subscribe"), ("Come aboard", "Come aboard")])
def test_a_form_has_the_words_of_its_button(label: str, shown: str, generation: str) -> None:
    form = b.SubscribeForm("New posts", label, origin=Origin(generation=generation))
    made = archive_body(Post(body=(form,)))
    assert f'value="{shown}"' in made


@pytest.mark.parametrize(
    ("title", "shown"),
    [((), ""), ((i.Text("Ahead"),), "<p><strong>Ahead</strong></p>")],
)
def test_a_callouts_title_stands_above_its_text(title: tuple[i.Inline, ...], shown: str) -> None:
    callout = b.Callout((b.Paragraph((i.Text("Mind the step."),)),), title=title)
    assert f"{shown}<p>Mind the step.</p></div>" in archive_body(Post(body=(callout,)))


def test_a_component_that_is_not_closed_keeps_what_follows() -> None:
    data = "{&quot;videoId&quot;:&quot;61B175Ckm2o&quot;,&quot;startTime&quot;:null,&quot;endTime&quot;:null}"
    player = f'<div class="youtube-wrap" data-attrs="{data}" data-component-name="Youtube2ToDOM"><div class="youtube-inner">'
    frame = '<iframe src="https://www.youtube-nocookie.com/embed/61B175Ckm2o"></iframe></div>'
    rest = '<p>Tarred <a href="https://n.example/rope">rope</a>.</p><h2>Knots</h2><p><img src="https://n.example/a.jpg"></p>'
    (post,) = clothbound.read(f"{player}{frame}{rest}".encode(), "html").posts
    assert [type(block).__name__ for block in post.body][:3] == ["Embed", "Paragraph", "Heading"]
    assert clothbound.write(post, "html").to_text().count("a.jpg") == 1
    for target in ("html", "markdown"):
        made = clothbound.write(post, target).to_text()
        assert made.count("Tarred") == made.count("Knots") == 1


def test_what_is_marked_as_a_caption_in_that_of_a_picture_is_not_the_gallery_s() -> None:
    marked = "::: image-gallery-embed\n![a [rope]{.caption}](a.png)\n\n![](b.png){alt=B}\n\n%s:::\n"
    own = "::: gallery-caption\nTwo ropes.\n:::\n"
    for text_of_gallery, caption in (("", ""), (own, "Two ropes.")):
        (post,) = clothbound.read((marked % text_of_gallery).encode(), "markdown")
        (gallery,) = post.body
        assert isinstance(gallery, b.Gallery)
        assert plain_text(gallery.figures[0].caption) == "a rope"
        assert plain_text(gallery.caption) == caption


def test_what_is_marked_as_a_caption_within_that_of_a_picture_is_a_part_of_it() -> None:
    """The rest of the caption was taken for what stands beside the picture, over and over."""
    text = '![The quay,\\\n[Film]{.caption}\\\nThe end.](a.png){alt="The quay" fields="{}" loading="lazy"}\n'
    (post,) = clothbound.read(text.encode(), "markdown")
    (figure,) = post.body
    assert isinstance(figure, b.Figure)
    assert plain_text(figure.caption).split() == ["The", "quay,", "Film", "The", "end."]
