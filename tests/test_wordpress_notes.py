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
from odd_exports import export, item


def read(text: str) -> Post:
    return clothbound.read(export(item(text)), "wordpress").posts[0]


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
        "Words in a box.",
    ]
    told = [d.message for d in post.diagnostics if d.code is DiagnosticCode.NODE_DROPPED]
    assert [message.partition(":")[0] for message in told] == [
        'the shortcode [su_box title="Hello"]',
        'the shortcode [contact-form-7 id="5" title="Contact"]',
    ]
