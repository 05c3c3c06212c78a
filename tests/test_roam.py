"""Pages that Roam exports as Markdown: outlines with marks of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

import clothbound
from clothbound.diagnostics import DiagnosticCode
from clothbound.verify import compare_contents, read_product, read_sources

LOG = """\
- The log of [[Ropes]], see #[[knots and hitches]] and [the hemp]([[Ropes]])
    - A ^^highlighted *word*^^, __words in italics__, `__code__` and my__name__here
    - {{[[TODO]]}} Mend the net
    - {{[[DONE]]}} Tar the hull
- See ((9bZkYtR1x)) and [this block](((9bZkYtR1x)))
- {{[[embed]]: ((9bZkYtR1x))}}
- {{[[youtube]]: https://www.youtube.com/watch?v=abcdefghijk}}
- {{[[query]]: {and: [[TODO]] [[Ropes]]}}}
"""


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    folder = tmp_path / "graph"
    folder.mkdir()
    (folder / "The log.md").write_text(LOG, encoding="utf-8")
    (folder / "Ropes.md").write_text("- Ropes are of hemp.\n", encoding="utf-8")
    return folder


def test_the_marks_of_a_page_are_read(graph: Path) -> None:
    post = next(p for p in clothbound.read(graph).posts if p.metadata.title == "The log")
    lines = clothbound.write([post], "markdown").to_text().splitlines()
    assert [line.strip() for line in lines if line.strip()][3:] == [
        "-   The log of [Ropes](Ropes){.wikilink}, see #[knots and hitches](<knots and hitches>){.wikilink}"
        " and [the hemp](Ropes){.wikilink}",
        "-   A [highlighted *word*]{.mark}, *words in italics*, `__code__` and my\\_\\_name\\_\\_here",
        "-   [ ] Mend the net",
        "-   [x] Tar the hull",
        "-   See ((9bZkYtR1x)) and this block ((9bZkYtR1x))",
        "-   \\{\\{\\[\\[embed\\]\\]: ((9bZkYtR1x))}}",
        "-   <https://www.youtube.com/watch?v=abcdefghijk>",
        "-   \\{\\{\\[\\[query\\]\\]: \\{and: \\[\\[TODO\\]\\] \\[\\[Ropes\\]\\]}}}",
    ]
    told = [d.message for d in post.diagnostics if d.code is DiagnosticCode.SHORTCODE_KEPT]
    assert told == ["3 references to blocks kept as text", "2 macros of Roam kept as text"]


def test_pages_link_to_each_other_and_the_count_finds_every_word(
    graph: Path, tmp_path: Path
) -> None:
    posts = clothbound.read(graph)
    artifact = clothbound.write(clothbound.book(posts), "epub")
    artifact.save(tmp_path / "graph.epub")
    told = list(artifact.report.diagnostics)
    written = {m.source for m in posts.index}
    counted = compare_contents(
        read_sources(graph), read_product(tmp_path / "graph.epub"), lambda _: told, written
    )
    assert [str(found) for found in counted.missing] == []
    assert counted.counted.words > 40


@pytest.mark.parametrize(
    "text",
    [
        "- A list with __strong words__ and ((importance)) in it\n",
        "Prose with {{[[TODO]]}} in it, and __strong words__.\n",
        "- A list with __strong words__ and [[Ropes]]\n",
        *(
            f"- A list with __strong words__ and (({aside}))\n"
            for aside in ("see-later", "Important", "NOT-TODAY", "1999-2003", "in-May-68")
        ),
    ],
)
def test_other_texts_keep_their_marks(text: str) -> None:
    made = clothbound.write(clothbound.read(text.encode(), "markdown"), "markdown").to_text()
    assert "**strong words**" in made
