"""Render one kind of node in one's own way, without subclassing anything.

The function gets the node, and what renders nodes by default. The markup that it returns is cleaned, like raw HTML of
a post, apart from what the default returned.
"""

from pathlib import Path

import clothbound
from clothbound.filters import Default, render
from clothbound.model import PullQuote

LETTERS = Path(__file__).parent / "letters"


@render("html")
def pull_quote(node: PullQuote, default: Default) -> str:
    return f'<div class="shout">{default(node.children)}</div>'


letters = clothbound.read(LETTERS / "2021" / "2021-09-10-what-the-tide-brings.md")
page = clothbound.write(letters, "html-fragment", filters=[pull_quote])
print(page.to_bytes().decode())
