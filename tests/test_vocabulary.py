"""Substack's vocabulary: documents in, nodes out, and components back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import clothbound
from clothbound.diagnostics import DiagnosticCode
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.check import problems
from clothbound.model.node import Origin
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Post
from clothbound.model.walk import rewrite, walk
from clothbound.substack import cdn
from clothbound.substack.component_element import Element
from clothbound.substack.component_lookup import ROWS, component_of
from clothbound.substack.components import type_nodes
from clothbound.substack.data_attrs import parse, stringify
from clothbound.substack.pictures import read_image
from clothbound.substack.tweets import tweet_date
from clothbound.substack.widgets import UPLOADS
from clothbound.web.markdown_addresses import encode_address
from expected_files import expected_text
from substack_cases import DOCUMENTS, as_json, read_case

_MENTION = r"""{.mention-wrap attrs="{\"name\":\"Ida\",\"id\":7,\"photo_url\":\"https://a.example/1.png\"}"}"""
_GALLERY = r"""::: {.image-gallery-embed attrs="{\"gallery\":{\"images\":[{\"src\":\"a.png\"},{\"src\":\"b.png\"}],\"caption\":\"Two knots.\"},\"isEditorNode\":true}"}"""
_WITH_DATA = f"Ask []{_MENTION}.\n\n{_GALLERY}\n:::\n"
_WITH_DATA_AND_WORDS = (
    f"Ask [Ida]{_MENTION}.\n\n{_GALLERY}\n"
    "![](a.png)\n\n![](b.png)\n\n::: gallery-caption\nTwo *knots*.\n:::\n\n:::\n"
)


def _read_markdown(text: str) -> Post:
    return clothbound.read(text.encode(), "markdown")[0]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_document(path: Path) -> None:
    post, findings = read_case(path)
    made = as_json(post, findings)
    assert made == expected_text(path.with_suffix(".json"), made)
    assert list(problems(post)) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_typing_again_changes_nothing(path: Path) -> None:
    post, _ = read_case(path)
    again = type_nodes(post.body, post.footnotes)
    assert (again.body, again.footnotes) == (post.body, post.footnotes)


def test_every_row_is_in_a_document() -> None:
    """A component that no document holds is a component that no test has seen."""
    text = "".join(path.read_text() for path in DOCUMENTS)
    missing = [
        row.name
        for row in ROWS
        if not any(f".{token}" in text or f" {token}" in text for token in row.classes)
    ]
    assert missing == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_the_data_come_back_whole_when_nothing_was_edited(path: Path) -> None:
    post, _ = read_case(path)
    checked = 0
    for node in walk(post):
        if (
            node.origin is not None
            and node.origin.data
            and not isinstance(node, i.Image | i.Superscript)
        ):
            component = component_of(node)
            assert component is not None
            assert component.data == parse(node.origin.data)
            checked += 1
    assert checked or path.stem in ("footnotes",)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_no_component_needs_its_markup_after_json(path: Path) -> None:
    post, _ = read_case(path)
    again = msgspec.json.decode(msgspec.json.encode(post), type=Post)
    assert again == post
    assert not any(node.origin is not None and node.origin.markup for node in walk(again))


def test_an_edited_field_wins_over_the_data() -> None:
    data = {"url": "https://a.example/1", "text": "Old", "action": None, "class": "wide"}
    node = b.Button("New", href="https://a.example/1", origin=Origin(data=stringify(data)))
    component = component_of(node)
    assert component is not None
    assert component.data == data | {"text": "New"}


def test_an_edited_tweet_leaves_no_trace_of_what_it_quoted() -> None:
    data = {
        "url": "https://x.com/a/status/1",
        "full_text": "See this",
        "username": "a",
        "name": "A",
        "date": "Thu Jul 16 02:38:38 +0000 2020",
        "photos": [],
        "quoted_tweet": {"full_text": "old words", "username": "b", "name": "B"},
        "expanded_url": {},
        "like_count": 7,
    }
    read = b.Embed("tweet", text="Only this", author="A (@a)", origin=Origin(data=stringify(data)))
    component = component_of(read)
    assert component is not None
    assert component.data is not None
    assert component.data["full_text"] == "Only this"
    assert component.data["quoted_tweet"] == {}
    assert component.data["like_count"] == 7


def test_the_data_of_a_tweet_that_was_not_read_from_substack() -> None:
    node = b.Embed(
        "tweet",
        "https://x.com/a/status/1",
        text="Salt & tar",
        author="Ann (@a)",
        date="May 2, 2021",
        thumbnail="https://i.example/p.jpg",
    )
    component = component_of(node)
    assert component is not None
    photo = {"img_url": "https://i.example/p.jpg", "link_url": "", "alt_text": None}
    assert component.data == {
        "url": "https://x.com/a/status/1",
        "full_text": "Salt &amp; tar",
        "username": "a",
        "name": "Ann",
        "profile_image_url": "",
        "date": "May 2, 2021",
        "photos": [photo],
        "quoted_tweet": {},
        "reply_count": 0,
        "retweet_count": 0,
        "like_count": 0,
        "impression_count": 0,
        "expanded_url": {},
        "video_url": None,
        "belowTheFold": False,
    }
    bare = component_of(msgspec.structs.replace(node, thumbnail=""))
    assert bare is not None
    assert bare.data is not None
    assert bare.data["photos"] == []


def test_a_picture_keeps_what_is_its_own_and_no_rendition() -> None:
    own = (("data-x", "1"), ("loading", "lazy"), ("width", "3"))
    read = read_image(
        {"alt": "Nets", "title": "In May"},
        i.Image("a.png", classes=("sizing-large", "mine"), attributes=own, id="n", line=3),
    )
    assert read == i.Image("a.png", "Nets", "In May", classes=("mine",), attributes=own[:1], id="n")
    assert read.line == 3
    assert read_image({"src": "b.png", "alt": "Nets"}, i.Image("", title="Nets")).title == ""


def test_what_a_component_cannot_say_is_named() -> None:
    node = b.Embed(
        "video", href="https://youtu.be/abcdefg", provider="YouTube", title="A long afternoon"
    )
    component = component_of(node)
    assert component is not None
    assert component.fields["title"] == "A long afternoon"


def test_a_site_generators_own_classes_are_left_alone() -> None:
    """``comment`` and ``tweet`` mean Substack's components only with data or a component's name."""
    group = b.Group((b.Paragraph((i.Text("A remark."),)),), classes=("comment",))
    assert type_nodes((group,)).body == (group,)
    image = b.Group((b.Paragraph((i.Image("a.png"), i.Text(" b"))),), classes=("image2",))
    assert type_nodes((image,)).body == (image,)


@pytest.mark.parametrize("kind", ["note", "tip", "important", "warning", "caution"])
def test_a_callout_of_quarto_has_its_kind_and_title(kind: str) -> None:
    words = (b.Paragraph((i.Text("Mind the step."),)),)
    group = b.Group(words, classes=(f"callout-{kind}",), attributes=(("title", "Ahead"),))
    (read,) = type_nodes((group,)).body
    assert read == b.Callout(words, title=(i.Text("Ahead"),), kind=kind)


def test_a_player_whose_data_are_broken_is_a_player() -> None:
    frame = b.Group(attributes=(("element", "iframe"), ("attrs", "{")))
    (read,) = type_nodes((b.Group((frame,), classes=("apple-podcast-container",)),)).body
    assert isinstance(read, b.Embed)
    assert read.provider == "Apple Podcasts"


def test_broken_data_of_a_player_are_named_and_its_words_stay() -> None:
    frame = b.Group(attributes=(("element", "iframe"), ("attrs", "{")))
    words = b.Paragraph((i.Text("Words of the author."),))
    group = b.Group((frame, words), classes=("apple-podcast-container",), line=4)
    typed = type_nodes((group,))
    assert "Words of the author." in plain_text(typed.body)
    message = "the data of a ApplePodcastToDom is not a JSON object; it was set aside"
    assert (DiagnosticCode.MARKUP_REPAIRED, message, 4) in typed.findings


GALLERY = {"images": [{"src": "https://i.example/1.png"}, {"src": "https://i.example/2.png"}]}


@pytest.mark.parametrize(
    ("gallery", "written", "expected"),
    [
        ({**GALLERY, "alt": "Two ropes"}, ("", ""), ["Two ropes", ""]),
        ({**GALLERY, "alt": "Two ropes"}, ("", "A rope"), ["", "A rope"]),
        (
            {"images": [{"src": "https://i.example/2.png", "alt": "Second"}]},
            ("", ""),
            ["", "Second"],
        ),
        (
            {"images": [{"src": "https://i.example/2.png", "alt": "Second"}]},
            ("", "A rope"),
            ["", "A rope"],
        ),
        ({"alt": "Two ropes"}, ("", ""), ["Two ropes", ""]),
    ],
)
def test_a_gallery_in_markup_has_the_descriptions_of_its_data(
    gallery: dict[str, object], written: tuple[str, str], expected: list[str]
) -> None:
    figures = tuple(
        b.Figure(i.Image(f"https://i.example/{number}.png", alt))
        for number, alt in enumerate(written, 1)
    )
    data = json.dumps({"gallery": gallery})
    group = b.Group(figures, classes=("image-gallery-embed",), attributes=(("attrs", data),))
    (read,) = type_nodes((group,)).body
    assert isinstance(read, b.Gallery)
    assert [figure.image.alt for figure in read.figures] == expected


def test_a_component_that_nobody_knows_is_named_where_it_shows_nothing() -> None:
    unknown = (("component-name", "NewToDOM"), ("attrs", '{"words":"of the author"}'))
    shown = (b.Paragraph((i.Text("x"),)),)
    for node, told in (
        (b.Group(attributes=unknown, line=7), 1),
        (b.Group(shown, attributes=unknown), 0),
        (b.Group(attributes=unknown[:1]), 0),
    ):
        findings = type_nodes((node,)).findings
        assert len(findings) == told
        assert all("'NewToDOM' is unknown" in message for _, message, _ in findings)


def test_html_forms_use_the_same_table() -> None:
    """What an HTML reader makes: elements named, ``data-`` prefixes kept or not."""
    frame = b.Group(
        classes=("spotify-wrap",),
        attributes=(
            ("element", "iframe"),
            ("data-attrs", '{"url":"https://open.spotify.com/track/1","title":"T"}'),
            ("src", "https://open.spotify.com/embed/track/1"),
        ),
    )
    caption = b.Group(
        (b.Paragraph((i.Text("Under it"),)),), attributes=(("element", "figcaption"),)
    )
    picture = b.Group(
        (
            b.Group((b.Paragraph((i.Image("https://a.example/b.png", "B"),)),)),
            caption,
        ),
        classes=("captioned-image-container",),
    )
    poem = b.Group(
        (
            b.Group((b.Paragraph((i.Text("A label"),)),), classes=("hide-text",)),
            b.Group(
                (b.Paragraph((i.Text("one"), i.LineBreak(), i.Text("  two"))),),
                classes=("text",),
                attributes=(("element", "pre"),),
            ),
        ),
        classes=("preformatted-block",),
    )
    track, figure, verse = type_nodes((frame, picture, poem)).body
    assert isinstance(track, b.Embed)
    assert (track.provider, track.title) == ("Spotify", "T")
    assert isinstance(figure, b.Figure)
    assert (figure.image.alt, plain_text(figure.caption)) == ("B", "Under it")
    assert verse == b.Verse((i.Text("one"), i.LineBreak(), i.Text("  two")))


@pytest.mark.parametrize("kind", ["audio", "video"])
def test_only_a_recording_on_substack_is_its_component(kind: str) -> None:
    component = component_of(b.Media(kind, UPLOADS.format(kind=kind, id="0c1f77e2")))
    assert component is not None
    assert component.data is not None
    assert component_of(b.Media(kind, "https://a.example/a.mp3")) is None


@pytest.mark.parametrize(
    "name", ["0c1f77e2", "0c1f\N{LATIN SMALL LETTER E WITH GRAVE}7e2", "0c1f 77e2"]
)
def test_the_address_of_a_recording_is_no_part_of_its_caption(name: str) -> None:
    """A name that is none of Substack's is not its identifier, since Markdown writes its address in another form."""
    source = Origin("native-audio-embed", data=stringify({"label": "Salt", "mediaUploadId": name}))
    for origin in (source, None):
        href = UPLOADS.format(kind="audio", id=name)
        media = b.Media("audio", href, caption=(i.Text("Salt"),), origin=origin)
        data = clothbound.write(Post(body=(media,)), "markdown").to_bytes()
        [again] = clothbound.read(data, "markdown")[0].body
        assert plain_text(again) == "Salt"
        assert encode_address(again.src) == encode_address(href)


@pytest.mark.parametrize(
    ("kind", "field"), [(i.Mention, "children"), (b.Gallery, "figures"), (b.Gallery, "caption")]
)
@pytest.mark.parametrize("shown", [False, True])
def test_what_a_filter_took_out_does_not_come_back_from_the_data(
    kind: type[Any], field: str, shown: bool
) -> None:
    post = _read_markdown(_WITH_DATA_AND_WORDS if shown else _WITH_DATA)
    emptied = rewrite(post, lambda node: msgspec.structs.replace(node, **{field: ()}), {kind})
    again = _read_markdown(clothbound.write(emptied, "markdown").to_bytes().decode())
    assert plain_text(again).split() == plain_text(emptied).split()
    assert emptied != post
    sources = [[n.src for n in walk(p) if isinstance(n, i.Image)] for p in (post, emptied, again)]
    assert sources[2] == sources[1] == ([] if field == "figures" else sources[0])


@pytest.mark.parametrize(
    "attributes",
    [
        '.digest-post-embed attrs="{"',
        '.embed fields="{\\"kind\\":\\"video\\",\\"href\\":\\"https://a.example/v\\"}"',
    ],
)
@pytest.mark.parametrize(
    "html",
    ["<p>A bowline</p>", '<p class="caption">A <b>bowline</b></p>', "<ol><li>A bowline</ol>"],
)
def test_html_within_a_component_of_markdown_is_read_first(attributes: str, html: str) -> None:
    post = _read_markdown(f"::: {{{attributes}}}\n{html}\n:::\n")
    assert plain_text(post).split() == ["A", "bowline"]
    again = _read_markdown(clothbound.write(post, "markdown").to_bytes().decode())
    assert plain_text(again).split() == plain_text(post).split()


def test_a_component_whose_data_are_broken_keeps_the_words_beside_a_shown_field() -> None:
    text = '::: {.community-post attrs="s"}\nwords\n\n[name](https://e.example/)\n:::\n'
    assert plain_text(_read_markdown(text)).split() == ["words", "name"]


@pytest.mark.parametrize(
    "attributes", ["youtube-wrap", '{.embed fields="{\\"kind\\":\\"video\\"}"}']
)
def test_the_address_of_an_embed_of_markdown_is_no_word(attributes: str) -> None:
    post = _read_markdown(f"::: {attributes}\n<https://www.youtube.com/watch?v=%C3%A4>\n:::\n")
    assert isinstance(post.body[0], b.Embed)


@pytest.mark.parametrize("data", ["", "{", '{"url":"a b","text":"Sign on"}'])
def test_a_button_stays_as_it_is_whatever_its_address(data: str) -> None:
    button = b.Button("Sign on", "a b \N{BLACK STAR}", origin=Origin(data=data) if data else None)
    again = _read_markdown(clothbound.write(Post(body=(button,)), "markdown").to_bytes().decode())
    (read,) = again.body
    assert isinstance(read, b.Button)
    assert (read.label, read.href) == (button.label, button.href)
    third = _read_markdown(clothbound.write(again, "markdown").to_bytes().decode())
    assert third.body == again.body


def test_a_button_that_cannot_be_read_keeps_its_attributes_once() -> None:
    text = '::: {.captioned-button-wrap attrs="{" component-name="CaptionedButtonToDOM"}\n- Words\n:::\n'
    post = _read_markdown(text)
    assert isinstance(post.body[0], b.Group)
    assert dict(post.body[0].attributes) == {"attrs": "{", "component-name": "CaptionedButtonToDOM"}
    assert _read_markdown(clothbound.write(post, "markdown").to_bytes().decode()).body == post.body


def test_an_embed_of_markdown_needs_no_data() -> None:
    """The words in Markdown are its fields, each of which it has a place for."""
    fields = '{"thumbnail": "https://a.example/1.png"}'
    for attributes in (".digest-post-embed", f".digest-post-embed fields={json.dumps(fields)}"):
        [embed] = _read_markdown(
            f"::: {{{attributes}}}\n[Knots](https://a.example/p/knots)\n\n\N{EM DASH} Ida Splice\n:::\n"
        ).body
        assert isinstance(embed, b.Embed)
        assert (embed.title, embed.author) == ("Knots", "Ida Splice")


def test_a_tweet_of_markdown_takes_no_word_away() -> None:
    text = "::: twitter-embed\n[Ida](https://x.com/ida/status/1)\n\n\N{EM DASH} Tom\n:::\n"
    assert plain_text(_read_markdown(text)).split() == ["Ida", "\N{EM DASH}", "Tom"]


def test_a_static_picture_is_read() -> None:
    for token in ("captioned-image-container", "captioned-image-container-static", "image3"):
        data = (("attrs", '{"src":"https://a.example/b.png","alt":"Nets"}'),)
        (read,) = type_nodes((b.Group(classes=(token,), attributes=data),)).body
        assert isinstance(read, b.Figure), token
        assert (read.image.src, read.image.alt, read.classes) == (
            "https://a.example/b.png",
            "Nets",
            (),
        )


def test_a_picture_keeps_no_class_of_the_link_around_it() -> None:
    classes = ("image-link", "image2", "is-viewable-img", "mine")
    data = (("attrs", '{"src":"https://a.example/b.png"}'),)
    (read,) = type_nodes((b.Group(classes=classes, attributes=data),)).body
    assert isinstance(read, b.Figure)
    assert read.classes == ("mine",)


def test_a_picture_that_its_author_did_not_describe_stays_so_by_way_of_markdown() -> None:
    figure = b.Figure(i.Image("https://a.example/b.png"), (i.Text("In May"),))
    made = clothbound.write(Post(body=(figure,)), "markdown").to_bytes()
    assert clothbound.read(made, "markdown")[0].body == (figure,)


def test_a_pictures_data_stand_on_it_or_on_what_is_around_it() -> None:
    data = (("attrs", '{"src":"https://a.example/b.png","alt":"Nets","width":800,"height":600}'),)
    image = i.Image("https://a.example/b.png")
    on_image = b.Figure(msgspec.structs.replace(image, attributes=data))
    around = b.Figure(image, attributes=data)
    first, second = type_nodes((on_image, around)).body
    assert isinstance(first, b.Figure)
    assert (first.image.alt, first.width, first.height) == ("Nets", 800, 600)
    assert second == first


def test_the_pictures_of_a_row_may_stand_in_its_markup_alone() -> None:
    data = (("attrs", '{"gallery":{"images":[],"alt":"Two nets","caption":"In May"}}'),)
    pictures = tuple(i.Image(f"https://a.example/{name}.png", name) for name in "ab")
    row = b.Group((b.Paragraph(pictures),), classes=("image-gallery-embed",), attributes=data)
    (read,) = type_nodes((row,)).body
    assert isinstance(read, b.Gallery)
    assert read.figures == tuple(b.Figure(one) for one in pictures)
    assert plain_text(read.caption) == "In May"


@pytest.mark.parametrize(
    ("attributes", "classes", "width"),
    [
        ((("component-name", "ImageGallery"),), (), 0),
        ((), ("pc-imageGallery-x1",), 0),
        ((), ("mine",), 800),
    ],
)
def test_a_row_of_the_web_page_keeps_no_size_of_a_rendition(
    attributes: tuple[tuple[str, str], ...], classes: tuple[str, ...], width: int
) -> None:
    figure = b.Figure(i.Image("https://a.example/b.png"), width=800, height=600)
    row = b.Gallery((figure,), classes=classes, attributes=attributes)
    (read,) = type_nodes((row,)).body
    assert isinstance(read, b.Gallery)
    assert [one.width for one in read.figures] == [width]


def test_the_readers_of_a_block_are_no_attributes_of_it() -> None:
    words = (b.Paragraph((i.Text("For some."),)),)
    attributes = (("dynamic-content", "true"), ("audiences", "only_paid"), ("mine", "x"))
    group = b.Group(words, classes=("dynamic-content-block",), attributes=attributes)
    (read,) = type_nodes((group,)).body
    assert read == b.Conditional(words, ("only_paid",), attributes=(("mine", "x"),))


MARK = i.Link(
    (i.Text("1"),), href="https://a.example/p/x#footnote-1-777", classes=("footnote-anchor",)
)
NUMBER = i.Link((i.Text("1"),), href="#footnote-anchor-1-777", classes=("footnote-number",))
NOTE = b.Group(
    (
        b.Paragraph((NUMBER,)),
        b.Group((b.Paragraph((i.Text("Note."),)),), classes=("footnote-content",)),
    ),
    id="footnote-1-777",
    classes=("footnote",),
)


def test_text_behind_the_notes_is_named_by_its_line() -> None:
    text = b.Paragraph((i.Text("text"), MARK), line=9)
    found = type_nodes((text, NOTE, text))
    moved = "text after the notes was moved before them"
    assert [(message, line) for _, message, line in found.findings] == [(moved, 9)]
    assert len(found.footnotes) == 1
    assert type_nodes((text, NOTE)).findings == ()


def test_marks_and_notes_with_the_post_id_in_their_names() -> None:
    typed = type_nodes((b.Paragraph((i.Text("a"), MARK)), NOTE))
    assert typed.body == (b.Paragraph((i.Text("a"), i.NoteRef("1"))),)
    assert [n.id for n in typed.footnotes] == ["1"]
    assert typed.findings == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KEYS = (
    "url title text videoId startTime name id gallery images src alt quoted_tweet photos "
    "bylines full_text comment duration mediaUploadId persistentExpression language symbol "
    "expanded_url innerHTML width date uri imageUrls username communityPost"
).split()
NAMED = st.recursive(
    JSON,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(KEYS), NAMED), st.sampled_from(ROWS))
@settings(max_examples=400)
def test_rows_read_any_data(data: dict[str, Any], row: Any) -> None:
    """Hostile data give a node or nothing, and the node can be written back."""
    node = row.read(Element(b.Group(), data=data))
    if node is not None:
        assert isinstance(node, row.kind)
        if row.data is not None:
            stringify(row.data(node))


@given(JSON)
def test_stringify_and_parse_are_inverse(value: Any) -> None:
    data = {"value": value}
    again = parse(stringify(data))
    assert stringify(again) == stringify(data)


def test_stringify_writes_numbers_as_javascript_does() -> None:
    data = {"a": 5.0, "b": 331.70285, "c": None, "d": "é\u2028\ud800", "e": 10**15}
    assert (
        stringify(data)
        == '{"a":5,"b":331.70285,"c":null,"d":"é\u2028\\ud800","e":1000000000000000}'
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [("{}", {}), ("{&quot;a&quot;:1}", {"a": 1}), ("[1]", None), ("{", None), ('{"a":NaN}', None)],
)
def test_parse(text: str, expected: Any) -> None:
    assert parse(text) == expected


def test_deeply_nested_data_are_set_aside() -> None:
    assert parse('{"a":' + "[" * 100_000) is None


def test_cdn_addresses() -> None:
    original = "https://substack-post-media.s3.amazonaws.com/public/images/a b_1x2.png"
    wrapped = cdn.wrap(original, "$s_!Ab1-!")
    assert wrapped == (
        "https://substackcdn.com/image/fetch/$s_!Ab1-!,f_auto,q_auto:good,"
        "fl_progressive:steep/https%3A%2F%2Fsubstack-post-media.s3.amazonaws.com%2Fpublic%2Fimages"
        "%2Fa%20b_1x2.png"
    )
    assert cdn.unwrap(wrapped) == (original, "$s_!Ab1-!")
    assert cdn.unwrap(cdn.wrap(original)) == (original, "")
    assert cdn.unwrap("https://a.example/b.png") == ("https://a.example/b.png", "")
    assert cdn.unwrap(cdn.wrap(wrapped)).original == original
    older = "https://bucketeer-e05b.s3.amazonaws.com/a.png"
    assert [cdn.is_stored(url) for url in (original, older)] == [True, True]
    others = ("https://bucketeer-e05b.example/a.png", "https://a.s3.amazonaws.com/a.png", "a.png")
    assert not any(map(cdn.is_stored, others))
    webp, srcset = cdn.srcsets(original, "$s_!Ab1-!")
    first = wrapped.replace("f_auto", "w_424,c_limit,f_auto") + " 424w, "
    assert srcset.startswith(first)
    assert webp == srcset.replace("f_auto", "f_webp")


@pytest.mark.parametrize(
    ("date", "shown"),
    [
        ("Thu Jul 16 00:05:38 +0000 2020", "12:05 AM ∙ Jul 16, 2020"),
        ("Thu Jul 16 11:59:38 +0000 2020", "11:59 AM ∙ Jul 16, 2020"),
        ("Thu Jul 16 23:05:38 +0000 2020", "11:05 PM ∙ Jul 16, 2020"),
        ("Thu Jul 16 12:05:38 +0000 2020", "12:05 PM ∙ Jul 16, 2020"),
        ("2024-05-06T07:08:09.000Z", "2024-05-06"),
        ("last week", "last week"),
    ],
)
def test_tweet_dates(date: str, shown: str) -> None:
    assert tweet_date(date) == shown


@pytest.mark.corpus
def test_the_archive_holds_no_component_that_stays_untyped(shared: Path) -> None:
    from clothbound.api import read

    known = {token for row in ROWS for token in (*row.classes, *row.components)}
    posts = read(shared / "corpus" / "interconnects", on_error="collect")
    notes = marks = 0
    for post in posts:
        for node in walk(post):
            if isinstance(node, b.Group | i.Span | i.Link):
                left = known.intersection(node.classes) - {"captioned-button-wrap"}
                assert not left, (post.metadata.source, node.line, left)
            assert "An error occurred" not in plain_text(node) or not isinstance(node, b.Heading)
            marks += isinstance(node, i.NoteRef)
        notes += len(post.footnotes)
    assert (notes, marks) == (67, 67)
