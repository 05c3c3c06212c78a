"""Tests elements of strangers' texts whose end is missing: what follows them is the author's."""

from __future__ import annotations

from typing import Any

import pytest

import clothbound
from clothbound.diagnostics import DiagnosticCode
from clothbound.model import blocks as b
from clothbound.model.walk import walk
from clothbound.verify.content import Kind
from clothbound.verify.markdown import strip_markdown
from clothbound.verify.markup import strip_html, without_open_frames
from clothbound.web.missing_ends import end_elements

REST = (
    '<p>Tarred <a href="https://n.example/rope">rope</a>.</p><h2>Knots</h2><ul><li>bowline</li></ul>'
    '<p><img src="https://n.example/a.jpg" alt="a coil"></p><p>Belay it.</p>'
)
IN_MARKDOWN = (
    "Tarred [rope](https://n.example/rope).\n\n## Knots\n\n- bowline\n\n![a coil](https://n.example/a.jpg)\n\n"
    "Belay it.\n"
)
KEPT = ("Tarred", "n.example/rope", "Knots", "bowline", "a.jpg", "Belay it.")
TAGS = [
    "<iframe>",
    '<iframe src="https://n.example/frame">',
    '<iframe src="https://n.example/frame" />',
    '<video src="https://n.example/v.mp4">',
    '<video controls><source src="https://n.example/v.mp4"><track src="v.vtt">',
    '<audio src="https://n.example/a.mp3">',
    '<script src="https://n.example/s.js" />',
    "<script>let knot = 1;\n",
    "<style>p { color: red }\n",
    "<template>",
    "<noembed>",
    "<noframes>",
    "<ruby>x<rp>",
    '<svg width="90" height="90"><text>drawn</text>',
    "<math><mi>x</mi>",
]


def body_of(source: str, name: str) -> tuple[str, Any]:
    (post,) = clothbound.read(source.encode(), name).posts
    return clothbound.write(post, "html").to_text(), post


@pytest.mark.parametrize("tag", TAGS)
def test_what_follows_an_element_without_an_end_stays(tag: str) -> None:
    made, _ = body_of(f"<p>First.</p>{tag}{REST}", "html")
    assert [word for word in KEPT if word not in made] == []
    assert "color: red" not in made.partition("</head>")[2]


@pytest.mark.parametrize("tag", TAGS)
def test_in_markdown_too(tag: str) -> None:
    for text in (f"First.\n\n{tag}\n\n{IN_MARKDOWN}", f"First. {tag} {IN_MARKDOWN}"):
        made, _ = body_of(text, "markdown")
        assert [word for word in KEPT if word not in made] == []


@pytest.mark.parametrize(
    "text",
    [
        '<video src="v.mp4"><p>No video.</p></video><p>Knots</p>',
        "<script>write('<script src=\"a\"><iframe>')</script><p>Knots</p>",
        "<style><!-- p { color: red }</style><p>Knots</p>",
        "<svg><svg></svg></svg><template><template></template></template>",
        "<title><!-- a title</title><p>Knots</p><!-- closed --><!--> <!---> <!-- so --!>",
        "<p>3 < 4 and iframe</p>",
        '<p><img alt="what <!-- begins" src="a.png"> <a title=\'a <video> tag\' href="b">Knots</a></p>',
        '<p data-x = "<iframe>" data-y="</svg><svg>">Knots</p>',
        """<p title="<b>a</b>"class='b' data-x='<a href="c">d</a>'>Knots</p>""",
    ],
)
def test_html_with_all_ends_is_not_changed(text: str) -> None:
    assert end_elements(text) == text


def test_a_sign_in_an_attribute_hides_nothing() -> None:
    """A comment was seen there, which took the rest of the post with it."""
    made, post = body_of(
        f'<p><img src="https://n.example/b.jpg" alt="what <!-- begins"></p>{REST}', "html"
    )
    assert [word for word in (*KEPT, "what &lt;!-- begins") if word not in made] == []
    assert not any("comment" in each.message for each in post.diagnostics)


def test_what_begins_in_code_without_an_end_ends_with_it() -> None:
    assert end_elements("<style>p {} <video>\n\nWords") == (
        "<style>p {} <video></style></video>\n\nWords"
    )


def test_of_two_frames_with_one_end_the_second_has_it() -> None:
    made = end_elements('<iframe src="a"><p>Knots</p><iframe src="b">No frames.</iframe>')
    assert made == '<iframe src="a"></iframe><p>Knots</p><iframe src="b">No frames.</iframe>'


def test_a_recording_named_behind_its_player_is_kept() -> None:
    """A line that begins with an element of HTML ends a paragraph, and with it the player in it."""
    text = 'Listen: <audio controls>\n<source src="https://n.example/a.mp3">\n</audio>\n\nKnots\n'
    _, post = body_of(text, "markdown")
    (recording,) = walk(post.body, b.Media)
    assert (recording.kind, recording.src) == ("audio", "https://n.example/a.mp3")


@pytest.mark.parametrize(
    ("text", "name", "line"),
    [
        ("First.\n\n<!-- hidden\n\nsecret\n", "markdown", 3),
        ("<p>First.</p><!-- hidden <p>secret</p>", "html", 1),
    ],
)
def test_a_comment_without_an_end_hides_the_rest_and_is_reported(
    text: str, name: str, line: int
) -> None:
    made, post = body_of(text, name)
    assert "secret" not in made
    (finding,) = post.diagnostics
    assert (finding.code, finding.line) == (DiagnosticCode.MARKUP_REPAIRED, line)
    assert "is not closed" in finding.message
    assert "hidden" in finding.text


@pytest.mark.parametrize("mark", ["<?php", "<![CDATA[", "<!ELEMENT"])
def test_an_instruction_without_an_end_is_text(mark: str) -> None:
    made, _ = body_of(f"First.\n\n{mark}\n\n{IN_MARKDOWN}\n> Heave.\n", "markdown")
    assert [word for word in (*KEPT, "Heave") if word not in made] == []


COMPONENTS = [
    ("youtube-wrap", "videoId", "61B175Ckm2o"),
    ("subscription-widget-wrap", "text", "Subscribe"),
    ("poll-embed", "id", "12"),
    ("file-embed-wrapper", "url", "https://n.example/f"),
    ("install-substack-app-embed", "url", "https://n.example/f"),
    ("paywall-jump", "", ""),
]


@pytest.mark.parametrize(("token", "key", "value"), COMPONENTS)
@pytest.mark.parametrize("name", ["div", "p"])
def test_what_follows_a_component_without_an_end_stays(
    token: str, key: str, value: str, name: str
) -> None:
    data = f' data-attrs="{{&quot;{key}&quot;:&quot;{value}&quot;}}"' if key else ""
    opening = f'<{name} class="{token}"{data}>'
    for text, reader in (
        (f"<p>First.</p>{opening}{REST}", "html"),
        (f"First.\n\n{opening}\n\n{IN_MARKDOWN}", "markdown"),
        (f"First. {opening} {IN_MARKDOWN}", "markdown"),
    ):
        made, _ = body_of(text, reader)
        assert [word for word in KEPT if word not in made] == []


def test_check_counts_words_behind_a_frame_without_an_end() -> None:
    frame = '<iframe src="https://n.example/frame">'
    for items in (strip_html(f"{frame}<p>Knots</p>"), strip_markdown(f"{frame}\n\nKnots\n")):
        assert [item.value for item in items] == ["knots"]
    assert strip_html(f"{frame}No frames.</iframe>") == []
    assert len(strip_html(f"{frame}\nKnots\n" * 2)) == 2
    assert without_open_frames(f"{frame}\n" * 120_000) == "\n" * 120_000
    assert strip_markdown("<!-- hidden\n\nsecret\n") == []


def test_check_counts_links_and_words_behind_a_value_without_its_mark() -> None:
    items = strip_html(
        '<p>One <a href="https://n.example/x>two</a> and <a href="https://n.example/y">three</a>.</p>'
    )
    assert [str(item.value) for item in items if item.kind is Kind.LINK] == [
        "n.example/x",
        "n.example/y",
    ]
    assert [item.value for item in items if item.kind is Kind.WORD] == [
        "one",
        "two",
        "and",
        "three",
    ]


def test_many_declarations_without_an_end_are_kept() -> None:
    made, _ = body_of("<!KNOT\n" * 30_000, "markdown")
    assert made.count("&lt;!KNOT") >= 30_000


def test_the_label_of_preformatted_text_stays_the_sites_own() -> None:
    label = "Text within this block will maintain its original spacing when published"
    text = f"::: preformatted-block\n{label}\n\n``` text\nHeave,\n   ho\n```\n:::\n"
    made, _ = body_of(text, "markdown")
    assert label not in made
    assert "Heave," in made


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('<a href="https://n.example/x>', '<a href="https://n.example/x>'),
        ("<em class='x>", "<em class='x>"),
        ('<b title="a" id="c>', '<b title="a" id="c>'),
    ],
)
def test_a_value_without_its_quotation_mark_ends_with_its_tag(written: str, said: str) -> None:
    """It went on to the end of the text, which was lost without a word."""
    made, post = body_of(f"<p>First {written}word{REST}", "html")
    assert [word for word in ("First", "word", *KEPT) if word not in made] == []
    assert [d.text for d in post.diagnostics if "lacks its end" in d.message] == [said]


@pytest.mark.parametrize("count", [2, 41])
def test_each_of_many_values_without_its_quotation_mark_ends_with_its_tag(count: int) -> None:
    """Two had an even number of marks, and took each other's words; of many, the last stayed open."""
    html = "".join(f'<p>First{n} <a href="/{n}>word{n}</a> last{n}.</p>' for n in range(count))
    made, post = body_of(html, "html")
    words = [f"{word}{n}" for n in range(count) for word in ("First", "word", "last")]
    assert [word for word in words if word not in made] == []
    assert len([d for d in post.diagnostics if "lacks its end" in d.message]) == count
    assert [item.value for item in strip_html(html) if item.kind is Kind.WORD] == [
        word.lower() for word in words
    ]


def test_a_value_that_an_apostrophe_ends_takes_no_words() -> None:
    made, _ = body_of("<p><a href='/x>word</a> and it's last</p>", "html")
    assert [word for word in ("word", "and it", "last") if word not in made] == []


@pytest.mark.parametrize(
    "written", ['<object data="https://n.example/x"', "<em more", '<img alt="a']
)
def test_a_tag_without_its_end_is_reported_with_what_it_says(written: str) -> None:
    made, post = body_of(f"{REST}<p>Last {written}", "html")
    assert [word for word in ("Last", *KEPT) if word not in made] == []
    assert [d.text for d in post.diagnostics if "lacks its end" in d.message] == [written]


@pytest.mark.parametrize(
    "text",
    [
        '<p>5" of rain, a < b</p>',
        'a <3 b"',
        "<script>if (a <b && c == '\"')</script>",
        "<p>a</p> <!-- <b -->",
    ],
)
def test_signs_in_words_and_in_code_are_no_tags(text: str) -> None:
    _, post = body_of(text, "html")
    assert not any("lacks its end" in d.message for d in post.diagnostics)
