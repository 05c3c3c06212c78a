"""Players of web components, which programs of a page fill in: their elements alone say what they show."""

from __future__ import annotations

from pathlib import Path

import pytest

import clothbound
from clothbound.model.blocks import Embed
from clothbound.model.plain_text import plain_text
from clothbound.model.walk import walk

TALK = "https://www.youtube.com/watch?v=aM24L2g0peA"


def players(post: clothbound.Post) -> list[tuple[str, str, str]]:
    return [(n.provider, n.href, n.title) for n in walk(post) if isinstance(n, Embed)]


@pytest.mark.parametrize(
    ("element", "player"),
    [
        ('<lite-youtube videoid="aM24L2g0peA" playlabel="A talk"></lite-youtube>', ("YouTube", TALK, "A talk")),
        ('<div><lite-youtube videoid="aM24L2g0peA"></lite-youtube></div>', ("YouTube", TALK, "")),
        (f'<youtube-video src="{TALK}" controls></youtube-video>', ("YouTube", TALK, "")),
        (f'<youtube-video src="{TALK.removeprefix("https:")}"></youtube-video>', ("YouTube", TALK, "")),
        ('<lite-vimeo videoid="1234567" videotitle="Tide"></lite-vimeo>', ("Vimeo", "https://vimeo.com/1234567", "Tide")),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["markdown", "html"])
def test_a_component_shows_its_player(
    element: str, player: tuple[str, str, str], form: str
) -> None:
    source = f"<p>One.</p>\n\n{element}\n\n<p>Last.</p>\n"
    (post,) = clothbound.read(source.encode(), form)
    assert players(post) == [player]
    assert [
        word in plain_text(post.body[0]) + plain_text(post.body[-1]) for word in ("One.", "Last.")
    ] == [True, True]


def test_words_within_stay_and_what_names_no_recording_is_told() -> None:
    (post,) = clothbound.read(
        b'<lite-youtube videoid="aM24L2g0peA"><a href="https://quay.test/">Watch it</a></lite-youtube>\n\n'
        b"<lite-youtube></lite-youtube>\n\nLast.\n",
        "markdown",
    )
    assert players(post) == [("YouTube", TALK, "")]
    assert "Watch it" in "".join(map(plain_text, post.body))
    assert ["has no id" in d.message for d in post.diagnostics] == [True]


@pytest.mark.parametrize("form", ["markdown", "html"])
@pytest.mark.parametrize(
    ("html", "told"),
    [
        ('<my-chart data="tides.csv"></my-chart>', ["<my-chart> was left out"]),
        ('<p>One <tide-now place="quay"> </tide-now> two.</p>', ["<tide-now> was left out"]),
        ("<my-box><p>Words.</p></my-box>", []),
        ("<p>A <my-word>word</my-word>.</p>", []),
        ('<my-box><img src="a.png" alt="Quay"></my-box>', []),
    ],
)
def test_a_component_without_content_is_reported(html: str, told: list[str], form: str) -> None:
    (post,) = clothbound.read(f"<p>First.</p>\n\n{html}\n\n<p>Last.</p>\n".encode(), form)
    found = [d.message.partition(":")[0] for d in post.diagnostics if d.code == "raw-dropped"]
    assert found == told


def test_a_name_in_angle_brackets_is_text_with_a_hyphen_too() -> None:
    (post,) = clothbound.read(
        b"Give <your-name> and <yourname>, then see <tide-list/> and <tide-now /> or <a-b>c</a-b>.\n",
        "markdown",
    )
    (paragraph,) = post.body
    assert plain_text(paragraph) == "Give <your-name> and <yourname>, then see  and  or c."
    messages = [d.message for d in post.diagnostics]
    for name in ("<your-name>", "<yourname>", "<tide-list>", "<tide-now>"):
        assert [name in message for message in messages].count(True) == 1


def test_attributes_of_webc_have_the_values_of_the_post(tmp_path: Path) -> None:
    (tmp_path / "eleventy.config.js").write_text("module.exports = {};\n")
    (tmp_path / "a.md").write_text(
        "---\ntitle: A talk\nmetadata:\n  clip: aM24L2g0peA\n---\nMail a@quay.test.\n\n"
        '{% renderTemplate "webc" %}<div><youtube-lite-player :@slug="$data.metadata.clip" :@label="$data.title" @jsapi>'
        "</youtube-lite-player></div>{% endrenderTemplate %}\n\n"
        '<youtube-lite-player @slug="{{ metadata.clip }}" @label="Again"></youtube-lite-player>\n'
    )
    (post,) = clothbound.read(tmp_path)
    assert players(post) == [("YouTube", TALK, "A talk"), ("YouTube", TALK, "Again")]
    assert plain_text(post.body[0]) == "Mail a@quay.test."
    assert not [d for d in post.diagnostics if "rendertemplate" in d.message]
