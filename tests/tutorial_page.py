"""What a reader of the tutorial reads and types."""

from __future__ import annotations

import re

from docs_pages import blocks, page_named

TUTORIAL = page_named("tutorial.md")


def commands() -> list[str]:
    """Returns the commands that stand in blocks, fenced or indented, in the order of the page."""
    fenced = [line for block in blocks(TUTORIAL) for line in block.text.splitlines()]
    indented = re.findall(r"^ {8}(\S.*)$", TUTORIAL, re.M)
    return sorted((line.strip() for line in {*fenced, *indented}), key=TUTORIAL.index)


def words() -> list[str]:
    """Returns the words that a reader sees: no addresses of links, no descriptions of pictures."""
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", TUTORIAL)
    text = re.sub(r"\]\([^)]*\)|^ *```\w*$", " ", text, flags=re.M)
    return [word for word in text.split() if re.search(r"\w", word)]
