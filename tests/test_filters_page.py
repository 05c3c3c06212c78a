"""Each filter that docs/how-to/filter.md shows is run as a file of its own."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

import clothbound
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Metadata, Post

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "how-to" / "filter.md").read_text(
    encoding="utf-8"
)
LETTERS = Path(__file__).resolve().parents[1] / "examples" / "letters" / "2021"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)
FIRST, *EXAMPLES = BLOCK.findall(PAGE)


def named(code: str) -> str:
    return re.findall(r"^def (\w+)", code, re.M)[-1]


def paragraph(*children: i.Inline | str) -> b.Paragraph:
    return b.Paragraph(tuple(i.Text(c) if isinstance(c, str) else c for c in children))


POST = Post(
    Metadata(title="Letter 12: The pier", key="pier"),
    (
        paragraph("NATO -> ", i.Link((i.Text("a link"),), "https://example.org/")),
        b.Poll("Tea?", ("Yes", "No")),
        b.Button("Share"),
        b.Figure(i.Image("a.gif", "a dance")),
        b.Figure(i.Image("a.png", "a pier"), (i.Text("The pier"),)),
        b.Embed("video", "https://example.org/v", title="A film"),
        b.PullQuote((paragraph("Said ", i.Emphasis((i.Text("aloud"),))),)),
        b.CodeBlock("06:10 high\n12:25 low", "tides"),
        paragraph("Thanks for reading this letter!"),
        paragraph("The end"),
    ),
)
HOLDS: dict[str, Callable[[Post, str, str], bool]] = {
    "no_polls": lambda post, text, _: "Tea?" not in text,
    "no_widgets": lambda post, text, _: "Tea?" not in text and "Share" not in text,
    "no_links": lambda post, text, html: "a link" in text and 'https://example.org/"' not in html,
    "no_animations": lambda post, _, html: "a dance" not in html and "a pier" in html,
    "arrows": lambda post, text, _: "NATO → a link" in text,
    "plain_link": lambda post, _, html: '<p><a href="https://example.org/v">A film</a></p>' in html,
    "small_caps": lambda post, _, html: '<span class="caps">NATO</span> -&gt;' in html,
    "short_title": lambda post, _, html: "<h1>The pier</h1>" in html,
    "no_farewell": lambda post, text, _: (
        "aloud" in text and "Thanks" not in text and "The end" not in text
    ),
    "numbered": lambda post, text, _: "Figure 1." in text and "Figure 2. The pier" in text,
    "tide_table": lambda post, text, html: "12:25 low" in text and "<td>12:25 low</td>" in html,
    "pull_quote": lambda post, _, html: '<div class="shout"><p>Said <em>aloud</em></p>' in html,
}


def test_there_are_eleven() -> None:
    section = PAGE.split("## Eleven filters", 1)[1].split("\n## ", 1)[0]
    assert BLOCK.findall(section) == EXAMPLES
    assert len(EXAMPLES) == 11
    assert {named(code) for code in (FIRST, *EXAMPLES)} == HOLDS.keys()
    assert len(FIRST.splitlines()) == 3


@pytest.mark.parametrize("code", [FIRST, *EXAMPLES], ids=named)
def test_a_filter_does_what_its_heading_says(code: str, tmp_path: Path) -> None:
    holds = HOLDS[named(code)]
    post = written(POST)
    assert not holds(post, plain_text(post), clothbound.to_html(POST))
    file = tmp_path / f"{named(code)}.py"
    file.write_text(code, encoding="utf-8")
    with warnings.catch_warnings(action="error"):
        post = written(POST, file)
        html = clothbound.to_html(POST, filters=[file])
    assert holds(post, plain_text(post), html)
    clothbound.write(clothbound.read(LETTERS), "epub", filters=[file]).to_bytes()


def written(post: Post, *filters: Path) -> Post:
    return clothbound.read(clothbound.write(post, "json", filters=filters).to_bytes(), "json")[0]
