"""Notes of plug-ins, and addresses alone on a line, in the classic texts and the blocks of WordPress."""

from __future__ import annotations

import pytest

import clothbound
from clothbound.diagnostics import DiagnosticCode
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Post
from clothbound.model.walk import walk
from clothbound.web.providers import player_of_page
from odd_exports import export, field, item


def read(text: str, *, more: str = "") -> Post:
    return clothbound.read(export(item(text), more), "wordpress").posts[0]


@pytest.mark.parametrize(
    "written",
    [
        "[ref]The note, with <em>marks</em>.[/ref]",
        "[footnote]The note, with <em>marks</em>.[/footnote]",
        "[fn]The note, with <em>marks</em>.[/fn]",
        "[efn_note]The note, with <em>marks</em>.[/efn_note]",
        "[mfn]The note, with <em>marks</em>.[/mfn]",
        "((The note, with <em>marks</em>.))",
        " ((The note, with <em>marks</em>.))",
    ],
)
@pytest.mark.parametrize("form", ["{}", "<!-- wp:paragraph --><p>{}</p><!-- /wp:paragraph -->"])
def test_a_note_of_a_plug_in_is_a_note(written: str, form: str) -> None:
    post = read(form.replace("{}", f"The words{written} go on.") + "\n\n[references /]")
    assert len(post.body) == 1
    assert [type(node) for node in post.body[0].children] == [i.Text, i.NoteRef, i.Text]  # type: ignore[union-attr]
    assert plain_text(post.body) == "The words go on."
    assert [plain_text(note) for note in post.footnotes] == ["The note, with marks."]
    assert any(isinstance(node, i.Emphasis) for node in walk(post.footnotes[0]))
    assert not [d for d in post.diagnostics if d.code is DiagnosticCode.NODE_DROPPED]


def test_several_notes_lead_to_their_own() -> None:
    post = read("One[ref]First.[/ref] two ((the second)) three[footnote]Third (3).[/footnote].")
    notes = {note.id: plain_text(note) for note in post.footnotes}
    marks = [node.target for node in walk(post.body, i.NoteRef)]
    assert [notes[mark] for mark in marks] == ["First.", "the second", "Third (3)."]


@pytest.mark.parametrize(
    "text",
    ["f((x)) is a call.", "<code>echo $((1 + 2 + 3))</code>", "((Begins with brackets so.))"],
)
def test_other_brackets_are_text(text: str) -> None:
    post = read(text)
    assert not post.footnotes
    assert "((" in plain_text(post.body)


@pytest.mark.parametrize(
    ("address", "kind", "provider"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "video", "YouTube"),
        ("https://youtu.be/dQw4w9WgXcQ", "video", "YouTube"),
        ("https://vimeo.com/76979871", "video", "Vimeo"),
        ("https://twitter.com/jo/status/123", "tweet", "Twitter"),
        ("https://x.com/jo/status/123?s=20", "tweet", "Twitter"),
        ("https://soundcloud.com/jo/a-song", "audio", "SoundCloud"),
        ("https://open.spotify.com/track/1", "audio", "Spotify"),
        ("https://www.instagram.com/p/Bpm", "post", "Instagram"),
        ("https://wordpress.tv/2018/10/14/a-talk/", "video", "WordPress.tv"),
        ("https://www.flickr.com/photos/jo/123456/", "post", "Flickr"),
        ("https://flic.kr/p/2abc", "post", "Flickr"),
        ("https://www.reddit.com/r/books/comments/1/a/", "post", "Reddit"),
        ("https://www.slideshare.net/jo/slides", "page", "SlideShare"),
        ("https://bsky.app/profile/jo.example/post/3k", "note", "Bluesky"),
    ],
)
@pytest.mark.parametrize(
    "form",
    [
        "Before.\n\n{}\n\nAfter.",
        "Before.\n\n[embed]{}[/embed]\n\nAfter.",
        "<p>Before.</p>\n<!-- wp:embed {} -->\n<figure class=\"wp-block-embed\"><div class=\"wp-block-embed__wrapper\">"
        "\n{}\n</div></figure>\n<!-- /wp:embed -->\n<p>After.</p>",
    ],
)  # fmt: skip
def test_an_address_alone_is_an_embed(address: str, kind: str, provider: str, form: str) -> None:
    (embed,) = walk(read(form.replace("{}", address)).body, b.Embed)
    assert (embed.kind, embed.provider) == (kind, provider)


@pytest.mark.parametrize(
    "address",
    [
        "https://twitter.com/jo",
        "https://x.com/",
        "https://soundcloud.com/jo",
        "https://notx.com/jo/status/1",
        "https://example.org/page",
    ],
)
def test_another_address_alone_is_a_link(address: str) -> None:
    assert not player_of_page(address).provider
    body = read(f"Before.\n\n{address}\n\nAfter.").body
    assert not list(walk(body, b.Embed))
    assert [link.href for link in walk(body, i.Link)] == [address]


def test_what_only_looks_like_an_address_alone_is_text() -> None:
    assert not player_of_page("https://[youtu.be/1").provider
    body = read("Before.\n\nhttps://[youtu.be/1\n\nAfter.").body
    assert "https://[youtu.be/1" in plain_text(body[1])


def test_builders_keep_their_words_and_forms_are_named() -> None:
    post = read(
        '[vc_row][vc_column width="1/2"]Column words.[/vc_column][/vc_row]\n\n[et_pb_section][et_pb_text admin_label="x"]'
        'Divi words.[/et_pb_text][/et_pb_section]\n\n[su_box title="Hello"]Words in a box.[/su_box]\n\n'
        '[contact-form-7 id="5" title="Contact"]'
    )
    assert [plain_text(node) for node in post.body] == [
        "Column words.",
        "Divi words.",
        "Hello",
        "Words in a box.",
    ]
    told = [d.message for d in post.diagnostics if d.code is DiagnosticCode.NODE_DROPPED]
    assert [message.partition(":")[0] for message in told] == [
        'the shortcode [su_box title="Hello"]',
        'the shortcode [contact-form-7 id="5" title="Contact"]',
    ]


ATTACHED = (
    "<item><title>A</title><wp:post_id>7</wp:post_id><wp:post_type>attachment</wp:post_type>"
    "<wp:status>inherit</wp:status><wp:attachment_url>https://s.example/seven.png</wp:attachment_url></item>"
)


def test_builders_keep_the_words_and_pictures_of_their_attributes() -> None:
    post = read(
        '[et_pb_section][et_pb_row][et_pb_column][et_pb_toggle title="Say %22yes%22" open="on"]Answer.[/et_pb_toggle]'
        '[et_pb_cta title="Come" button_text="Now" button_url="https://c.example/"]Soon.[/et_pb_cta]'
        '[et_pb_image src="https://s.example/one.png" alt="A boat"][/et_pb_image]'
        '[et_pb_post_title title="on"][/et_pb_post_title]'
        '[et_pb_testimonial author="Ada" job_title="Binder"]Good glue.[/et_pb_testimonial]'
        "[/et_pb_column][/et_pb_row][/et_pb_section]\n\n"
        '[vc_row][vc_column][vc_custom_heading text="Under a heading"][vc_single_image image="7"]'
        '[vc_btn title="Read on" link="url:https%3A%2F%2Fr.example%2F|title:x"]'
        "[vc_raw_html]JTNDcCUzRVJhdyUyMHdvcmRzJTNDJTJGcCUzRQ==[/vc_raw_html][/vc_column][/vc_row]",
        more=ATTACHED,
    )
    assert list(filter(None, map(plain_text, post.body))) == [
        'Say "yes"',
        "Answer.",
        "Come",
        "Soon.",
        "Now",
        "Good glue.",
        "Ada",
        "Binder",
        "Under a heading",
        "Read on",
        "Raw words",
    ]
    shown = [(one.src, one.alt) for one in walk(post.body, i.Image)]
    assert shown == [("https://s.example/one.png", "A boat"), ("https://s.example/seven.png", "")]
    assert {link.href for link in walk(post.body, i.Link)} | {
        button.href for button in walk(post.body, b.Button)
    } == {"https://c.example/", "https://r.example/"}


def divi(name: str, data: str) -> str:
    return f"<!-- wp:divi/{name} {data} /-->"


def in_divi(value: str, more: str = "") -> str:
    return f'{{"innerContent":{{"desktop":{{"value":{value}}}}}{more}}}'


def test_the_blocks_of_divi_5_show_what_their_marks_say() -> None:
    level = ',"decoration":{"font":{"font":{"desktop":{"value":{"headingLevel":"h2"}}}}}'
    heading, said = (
        in_divi('"Under a heading"', level),
        r'"\u003cp\u003eWords \u003cem\u003eof\u003c/em\u003e it.\u003c/p\u003e"',
    )
    pressed = in_divi('{"text":"Read on","linkUrl":"https://r.example/"}')
    picture = in_divi('{"src":"https://s.example/one.png","alt":"A boat"}')
    asked, titled = in_divi('"Your name"'), in_divi('{"text":"A blurb"}')
    filled = in_divi('"$variable({})$"')
    post = read(
        "<!-- wp:divi/section {} --><!-- wp:divi/row {} -->"
        + divi("heading", f'{{"title":{heading}}}')
        + divi("text", f'{{"content":{in_divi(said)}}}')
        + divi("blurb", f'{{"title":{titled},"content":{in_divi(said)}}}')
        + divi("image", f'{{"image":{picture}}}')
        + divi("button", f'{{"button":{pressed}}}')
        + divi("contact-field", f'{{"fieldItem":{asked}}}')
        + divi("text", f'{{"content":{filled}}}')
        + "<!-- /wp:divi/row --><!-- /wp:divi/section -->"
    )
    words = ["Under a heading", "Words of it.", "A blurb", "Words of it.", "Read on"]
    assert list(filter(None, map(plain_text, post.body))) == words
    assert [node.level for node in walk(post.body, b.Heading)] == [2, 4]
    assert [(one.src, one.alt) for one in walk(post.body, i.Image)] == [
        ("https://s.example/one.png", "A boat")
    ]
    assert [button.href for button in walk(post.body, b.Button)] == ["https://r.example/"]


def test_the_report_names_the_blocks_of_divi_5_that_a_server_fills() -> None:
    text = divi("text", f'{{"content":{in_divi(chr(34) + "Words." + chr(34))}}}') + divi(
        "blog", "{}"
    )
    told = [d.message for d in clothbound.read(export(item(text)), "wordpress").diagnostics]
    assert told == ["blocks that a server fills when the page is shown were left out: 1 divi/blog"]


def test_a_tab_has_its_name() -> None:
    tab = '<!-- wp:tab {"label":"First"} --><section><p>Words.</p></section><!-- /wp:tab -->'
    post = read(f"<!-- wp:tabs --><div>{tab}</div><!-- /wp:tabs -->")
    assert plain_text(post).split() == ["First", "Words."]


@pytest.mark.parametrize(
    "key", ["_bricks_page_content_2", "_elementor_data", "ct_builder_shortcodes"]
)
def test_the_report_names_a_text_that_only_a_page_builder_has(key: str) -> None:
    fields = "<wp:status>publish</wp:status>" + field(key, '[{"name":"text"}]')
    for text, count in (("", 1), ("<p>Words.</p>", 0)):
        post = clothbound.read(export(item(text, fields)), "wordpress").posts[0]
        assert [d.code for d in post.diagnostics] == [DiagnosticCode.TEXT_MISSING] * count
        assert all(f"`{key}`" in d.message for d in post.diagnostics)


def test_the_background_of_a_cover_may_have_brackets_in_its_name() -> None:
    style = "background-image:url('https://a.example/tide(1).jpg')"
    body = read(f'<div class="wp-block-cover" style="{style}"><p>High water.</p></div>').body
    assert [picture.src for picture in walk(body, i.Image)] == ["https://a.example/tide(1).jpg"]
