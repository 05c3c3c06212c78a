"""Chooses the text on the back of a printed cover: a pull quote, the author's text, or else the description."""

from __future__ import annotations

from collections.abc import Iterator

from ..language.quotes import Typesetter
from ..model.blocks import PullQuote, Quote
from ..model.collection import Collection
from ..model.plain_text import plain_text
from ..model.walk import walk


def back_text(collection: Collection, language: str) -> tuple[str, list[str]]:
    """Returns the paragraphs on the back, and warnings: a quotation that the author named and no post has."""
    info = collection.info
    text = info.back_cover or info.description
    if not info.back_quote:
        return text, []
    words = " ".join(info.back_quote.rstrip("….").split()).casefold()
    for title, quotation in _quotations(collection):
        if quotation.casefold().startswith(words):
            typeset = Typesetter(language).plain
            quoted = typeset(f'"{quotation}"')
            return "\n\n".join(filter(None, (f"{quoted}\n\n— {typeset(title)}", text))), []
    return text, [
        f"no quotation in the posts begins with {info.back_quote!r}, so the back of the cover shows none."
        " Hint: copy its first words from the post"
    ]


def _quotations(collection: Collection) -> Iterator[tuple[str, str]]:
    """Yields the title of its post and the words of each quotation."""
    for post in collection.posts:
        for node in walk(post, PullQuote, Quote):
            yield post.metadata.title, " ".join(plain_text(node).split())
