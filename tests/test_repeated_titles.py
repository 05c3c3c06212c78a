"""What the beginning of a text repeats of its header is read once."""

from __future__ import annotations

import pytest

import clothbound
from clothbound.diagnostics import DiagnosticCode
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Post

HEADER = '---\ntitle: A walk\nsubtitle: "It\'s *far* to go"\n---\n'
FULL = (
    '---\ntitle: "The Tide\'s Turn: A Day"\nsubtitle: "What the sea \\"says\\" -- at night"\ndate: 2023-03-05\n'
    "author: Marit Sande\nurl: https://netloft.example/p/tide\n---\n"
)
TITLE = "# The Tide\u2019s Turn: A Day\n\n"


def read(text: str, header: str = HEADER) -> Post:
    return clothbound.read((header + text).encode(), "markdown").posts[0]


@pytest.mark.parametrize(
    "repeated",
    [
        "# A walk\n\n### It\u2019s *far* to go\n\n",
        "## A walk\n\n",
        "*It's \\*far\\* to go*\n\n",
        "A walk\n\nIt's *far*\nto go\n\n",
        "\n\n**A walk**\n\n",
    ],
)
def test_repeated_matter_is_taken_out_once(repeated: str) -> None:
    post = read(repeated + "Text.\n")
    assert plain_text(post.body) == "Text."
    assert post.body[0].line == 5 + repeated.count("\n")
    assert not post.diagnostics


@pytest.mark.parametrize(
    "repeated",
    [
        TITLE,
        "The Tide's Turn: A Day\n====\n\n",
        "# **The Tide's Turn: A Day**\n\n",
        '# The Tide\\\'s Turn: A Day\n\n### What the sea \\"says\\" \u2014 at night\n\n',
        "# The Tide&#39;s Turn: A Day\n\n",
        "# The Tide's Turn: A Day\n## What the sea \u201csays\u201d \u2014 at night\n",
        "*What the sea \u201csays\u201d \u2013 at night*\n\n" + TITLE,
        TITLE + "> What the sea \u00absays\u00bb -- at night\n\n",
        TITLE + '*What the sea "says" -- at night*\n\n---\n\n',
        "<h1>The Tide's Turn: A Day</h1>\n\n",
    ],
)
def test_title_and_subtitle_in_every_form_of_scrapers(repeated: str) -> None:
    post = read(repeated + "Text.\n", FULL)
    assert plain_text(post.body) == "Text."
    assert not post.diagnostics


@pytest.mark.parametrize(
    ("repeated", "words"),
    [
        ("# [The Tide's Turn: A Day](https://a.example)\n\n", "The Tide\u2019s Turn: A Day"),
        ("# The Tide's Turn: A Day | The Net Loft\n\n", "The Tide\u2019s Turn: A Day | The Net Loft"),
        ("# The Tide's Turn: A Day - Netloft\n\n", "The Tide\u2019s Turn: A Day - Netloft"),
        (TITLE + "Mar 05, 2023\n\n", "Mar 05, 2023"),
        (TITLE + "**Published on 5 March 2023**\n\n", "Published on 5 March 2023"),
        (TITLE + "2023-03-05\n\n", "2023-03-05"),
        (TITLE + "5.3.2023\n\n", "5.3.2023"),
        (TITLE + "By Marit Sande | March 5, 2023\n\n", "By Marit Sande | March 5, 2023"),
        (TITLE + "[Marit Sande](https://a.example/m)\\\n3/5/2023\n\n", "Marit Sande\n3/5/2023"),
    ],
)  # fmt: skip
def test_what_goes_besides_is_named(repeated: str, words: str) -> None:
    post = read(repeated + "Text.\n", FULL)
    assert plain_text(post.body) == "Text."
    told = [d.text for d in post.diagnostics if d.code is DiagnosticCode.NODE_CHROME]
    assert told == [words]
    assert all(d.line for d in post.diagnostics)


def test_a_date_in_the_language_of_the_post() -> None:
    header = "---\ntitle: Ein Gang\ndate: 2023-03-05\nlang: de\n---\n"
    post = read("# Ein Gang\n\n*5. M\u00e4rz 2023*\n\nText.\n", header)
    assert plain_text(post.body) == "Text."


@pytest.mark.parametrize(
    "text",
    [
        "March 5, 2023\n\nDear friend,",
        "By Marit Sande\n\nText.",
        TITLE + "March 6, 2023",
        TITLE + "By Jo",
        "# The Tide's Turn: A Day - and a night\n\nText.",
        "## The Tide's Turn: A Day | The Net Loft\n\nText.",
        "Text.\n\n" + TITLE,
        "![](a.png)\n\n![](b.png)\n\n" + TITLE,
    ],
)
def test_a_text_that_says_more_stays(text: str) -> None:
    body = plain_text(read(text + "\n", FULL).body)
    rest = text.removeprefix(TITLE).replace("# ", "").replace("#", "").replace("'", "\u2019")
    assert body == plain_text(read(rest, "").body) or body.startswith(rest.split("\n")[0])
    assert body


def test_a_cover_above_the_title_stays() -> None:
    post = read("![](cover.jpg)\n\n" + TITLE + "Text.\n", FULL)
    assert [type(node).__name__ for node in post.body] == ["Figure", "Paragraph"]


@pytest.mark.parametrize(
    "text",
    [
        TITLE + '![The sea](sea.jpg)\n\n*What the sea "says" -- at night*\n\n',
        TITLE + "### What the sea says\n\n" + "![The sea](sea.jpg)\n\n![](b.jpg)\n\n",
        "![The sea](sea.jpg)\n\n"
        + TITLE
        + '*What the sea "says" -- at night*\n\nMarch 5, 2023\n\n',
    ],
)
def test_a_picture_may_stand_between(text: str) -> None:
    post = read(text + "Text.\n", FULL)
    assert [type(node).__name__ for node in post.body if type(node).__name__ != "Figure"] == (
        ["Paragraph"] if "sea says" not in text else ["Heading", "Paragraph"]
    )
    assert any(type(node).__name__ == "Figure" for node in post.body)


@pytest.mark.parametrize(
    "text",
    [
        "A walk with a friend.",
        "> A walk",
        "Text.\n\nA walk",
        "    A walk",
        "[A walk](b.md)",
    ],
)
def test_other_text_stays(text: str) -> None:
    post = read(text + "\n")
    assert "A walk" in plain_text(post.body)
    assert post.metadata.title == "A walk"


def test_the_third_time_is_text() -> None:
    post = read("# A walk\n\n## A walk\n\n## A walk\n")
    assert plain_text(post.body) == "A walk"


def test_a_text_without_a_header_keeps_its_subtitle() -> None:
    post = read("# A walk\n\nA walk\n", "")
    assert (post.title, plain_text(post.body)) == ("A walk", "A walk")


@pytest.mark.parametrize("line", ["Marit Sande |\\\n| 2023-03-05", "Marit Sande | | 2023-03-05"])
def test_signs_between_author_and_date_may_stand_twice(line: str) -> None:
    post = read(f"{TITLE}{line}\n\nText.\n", FULL)
    assert plain_text(post.body) == "Text."
