"""Pages of Grav: the end of the summary, and notices."""

from __future__ import annotations

import clothbound
import notation
from clothbound.readers.markdown.grav import as_markdown

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
