"""Shortcodes in the HTML of a Markdown text."""

from __future__ import annotations

from pathlib import Path

import pytest

import clothbound
from clothbound.model.blocks import Figure
from clothbound.model.check import problems
from clothbound.model.post import Post
from posts_in_markdown import read, shown


def kept(post: Post) -> list[str]:
    return [d.message for d in post.diagnostics if d.code == "shortcode-kept"]


def test_a_picture_in_a_figure_has_its_caption(tmp_path: Path) -> None:
    text = (
        '<figure>{% Img src="i/a.jpg", alt="The \\"kite\\"", width="600" %} '
        "<figcaption>Up 'there'.</figcaption></figure>\n\n"
        '<figure>\n    {% Video src="i/a.mp4", loop="true" %}\n    <figcaption>Wind</figcaption>\n</figure>\n'
    )
    post = read(tmp_path, text)
    assert shown(tmp_path, text).splitlines() == [
        'Figure Image(src="i/a.jpg" alt="The \\"kite\\"")',
        "  caption: \"Up 'there'.\"",
        'Media kind="video" src="i/a.mp4" duration=0.0',
        '  caption: "Wind"',
    ]
    assert kept(post) == []


def test_a_picture_alone_in_a_paragraph_is_a_figure(tmp_path: Path) -> None:
    one, *_ = read(tmp_path, '<p>{% image "./a.png", "A kite" %}</p>\n').body
    assert isinstance(one, Figure)
    assert one.caption == ()


def test_a_shortcode_in_a_line_stays_in_it(tmp_path: Path) -> None:
    text = '<p>Tie {% Img src="i/b.png", alt="B" %} and wait.</p>\n'
    assert shown(tmp_path, text) == 'Paragraph\n  "Tie " Image(src="i/b.png" alt="B") " and wait."'
    text = '<table><tr><td>{% Img src="c.png", alt="C" %}</td><td>{% mark %}x{% endmark %}</td></tr></table>\n'
    assert shown(tmp_path, text) == 'Table\n  rows: Image(src="c.png" alt="C") | Highlight("x")'


@pytest.mark.parametrize(
    "text",
    [
        '<div>\n{% frob "it\'s" %}\n</div>\n',
        '<p>{% frob "it\'s" %} words</p>\n',
        '<div>{% frob "it\'s" %} {% frob "it\'s" %}</div>\n',
        '<div class="x">{{< frob "it\'s" >}} {{< frob "it\'s" >}}</div>\n',
    ],
)
def test_an_unknown_one_is_named_and_kept_as_code(tmp_path: Path, text: str) -> None:
    post = read(tmp_path, text)
    (message,) = kept(post)
    assert "shortcode 'frob' was kept as text" in message
    tree = shown(tmp_path, text)
    assert 'frob \\"it\'s\\"' in tree and "Code(" in tree and "within-html" not in tree


def test_values_are_named(tmp_path: Path) -> None:
    text = "<p>{{ page.title }} {{ 'it' | upcase }}</p>\n"
    messages = kept(read(tmp_path, text))
    assert [message.split(" is ")[0] for message in messages] == [
        "shortcode 'page.title'",
        "shortcode \"'it'\"",
    ]


def test_words_between_two_tags_that_leave_the_html(tmp_path: Path) -> None:
    text = '<div class="x">\n{% Aside %}\n\nTie it **twice**.\n\n{% endAside %}\n</div>\n\nWait.\n'
    assert shown(tmp_path, text) == (
        'Group .x\n  Callout kind="note"\n    Paragraph\n      "Tie it " Strong("twice") "."\n'
        'Paragraph\n  "Wait."'
    )


def test_logic_goes_and_its_words_stay(tmp_path: Path) -> None:
    text = '<div class="x">\n{% if draft %}\n<p>Tie it.</p>\n{% endif %}\n</div>\n'
    assert shown(tmp_path, text) == 'Group .x\n  Paragraph\n    "Tie it."'


@pytest.mark.parametrize("name", ["pre", "script", "style"])
def test_what_is_not_read_as_html_stays(tmp_path: Path, name: str) -> None:
    post = read(tmp_path, f'<{name}>\n{{% Img src="a.png" %}}\n</{name}>\n')
    assert kept(post) == []
    assert "Image" not in str(post.body)


def test_attributes_and_comments_stay(tmp_path: Path) -> None:
    text = '<!-- {% Img src="a.png" %} -->\n<p class="{% x %}" title="a > {% y %}">Tie.</p>\n'
    post = read(tmp_path, text)
    assert kept(post) == []
    assert shown(tmp_path, text).endswith('"Tie."')


def test_many_tags_without_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "many.md"
    path.write_text("<div>\n" + '{% Aside %} <b> {{ "\n' * 5000, "utf-8")
    (post,) = clothbound.read(path)
    assert not list(problems(post))


@pytest.mark.parametrize(
    "before",
    [
        "<b>Sails</b>",
        "<br>",
        "<hr>",
        "<b/>",
        "</b>",
        '<a href="x"><b>Sails</a>',
    ],
)
def test_a_picture_behind_elements_that_have_ended_is_a_figure(before: str, tmp_path: Path) -> None:
    """One within an element of a line stays in the line."""
    picture = '{% Img src="i/a.jpg", alt="A kite" %}'
    assert "Figure" in shown(tmp_path, f"<div>{before}\n{picture}\n</div>\n")
    inside = shown(tmp_path, f"<div>{before}<b>\n{picture}\n</b></div>\n")
    assert "Figure" not in inside
    assert 'Image(src="i/a.jpg" alt="A kite")' in inside
