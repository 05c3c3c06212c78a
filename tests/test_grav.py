"""Pages of Grav: the end of the summary, and notices."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import clothbound
import notation
from clothbound.readers.markdown.grav import as_markdown
from clothbound.verify.directives import without_directives
from line_counts import growth

HEADER = "---\ntitle: Malt\ntaxonomy:\n    tag: [oast]\n---\n\n"


def shown(text: str, header: str = HEADER) -> list[str]:
    (post,) = clothbound.read((header + text).encode(), "markdown").posts
    return notation.write(post.body).split("\n")


def test_the_end_of_the_summary_is_not_printed() -> None:
    text = "Short.\n\n===\n\nLong.\n\n===\n"
    assert shown(text)[1::2] == ['  "Short."', '  "Long."', '  "==="']


def test_a_heading_and_code_keep_their_signs() -> None:
    text = "Malt\n===\n\n```\n===\n! x\n```\n"
    assert as_markdown(text) == text


def test_notices_are_boxes() -> None:
    text = "! Hot,\n! very hot.\n\n!!! Dry *rye*.\n!! Burns.\n\nGo! Now.\n"
    assert shown(text) == [
        *('7 Callout kind="warning"', "  7 Paragraph", '    "Hot, very hot."'),
        *('10 Callout kind="tip"', "  10 Paragraph", '    "Dry " Emphasis("rye") "."'),
        *('11 Callout kind="warning"', "  11 Paragraph", '    "Burns."'),
        *("13 Paragraph", '  "Go! Now."'),
    ]


def test_pages_of_others_keep_these_signs() -> None:
    assert shown("Short.\n\n===\n\n! Long.\n", "---\ntitle: Malt\n---\n\n")[1::2] == [
        '  "Short."',
        '  "==="',
        '  "! Long."',
    ]


PLUGINS = """[ui-tabs position="top-left" active=0]
[ui-tab title="The kiln"]
Rye.
[/ui-tab]
[ui-tab title="The loft"]
Oats.
[/ui-tab]
[/ui-tabs]

[details="More of it"]
Hidden [color=blue]malt[/color].
[/details]

Press [kbd=Esc] or [kbd]Alt[/kbd][fa=fa-key /], [left](https://oast.example/), `[center]`.

[notice=warning]
Hot.
[/notice]

```
[center]x[/center]
```
"""


def test_marks_of_plugins_show_what_they_hold() -> None:
    assert shown(PLUGINS) == [
        *("8 Paragraph", '  Strong("The kiln")', "9 Paragraph", '  "Rye."'),
        *("11 Paragraph", '  Strong("The loft")', "12 Paragraph", '  "Oats."'),
        *('16 Callout kind="details"', "  17 Paragraph", '    "Hidden malt."'),
        *('  title: "More of it"', "20 Paragraph"),
        '  "Press " Code(text="Esc" .kbd) " or " Code(text="Alt" .kbd) ", "'
        ' Link("left" href="https://oast.example/") ", " Code(text="[center]") "."',
        *('22 Callout kind="warning"', "  23 Paragraph", '    "Hot."'),
        '26 CodeBlock text="[center]x[/center]"',
    ]


def test_the_count_knows_marks_of_plugins(tmp_path: Path) -> None:
    source = tmp_path / "item.md"
    source.write_text(HEADER + PLUGINS)
    book = clothbound.write(clothbound.book(clothbound.read(source)), "epub")
    report = book.save(tmp_path / "b.epub")
    told = clothbound.compare(source, tmp_path / "b.epub", report=report)
    assert [str(found) for found in told.missing] == []


@pytest.mark.parametrize(
    "text", ["[ui-tab ", "[color=", "[b][/b]", "[figure a=b c=", '[ui-tab a="']
)
def test_work_grows_as_the_text(text: str) -> None:
    def reading(size: int) -> Callable[[], object]:
        return lambda: (as_markdown(text * size), without_directives(text * size))

    assert growth(reading, 200) < 6
