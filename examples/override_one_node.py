"""Render one kind of node in one's own way, without subclassing anything.

An override gets the node and returns markup, which is trusted: escape what comes from the post.
"""

import html
from pathlib import Path

import clothbound
from clothbound.model.blocks import PullQuote
from clothbound.model.plain_text import plain_text

LETTERS = Path(__file__).parent / "letters"


def pull_quote(node: PullQuote) -> str:
    return f'<p class="shout">“{html.escape(plain_text(node.children))}”</p>'


letters = clothbound.read(LETTERS / "2021" / "2021-09-10-what-the-tide-brings.md")
page = clothbound.write(
    letters, "html-fragment", run=clothbound.Run(overrides={PullQuote: pull_quote})
)
print(page.to_bytes().decode())
