"""Proposes terms for the index of a book: what several posts link to or have as headings.

A list of words cannot know what a reader looks up, so ``init`` writes the lines as comments, and an author keeps the
good ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ..console_text import format_count
from ..language.collation import Collation
from ..lazy_pattern import lazy_pattern
from ..model.blocks import Heading
from ..model.inlines import Link
from ..model.plain_text import plain_text
from ..model.post import Post
from ..model.walk import walk
from ..toml_lines import name

INDEX_HEADING = (
    "# The index of the book. Remove the # before a term to list it with its pages; add your own, with other",
    '# spellings of a term in the square brackets. A term may refer to another: adhesive = { see = "paste" }',
    "[index]",
)
"""The heading with its comment, as ``init`` writes it."""

_MOST = 60
_MOST_WORDS = 3
_FEWEST_POSTS = 2
_FEWEST_LETTERS = 3
_TERM = lazy_pattern(r"[^\W\d_][\w\u2019'. -]*\w")
"""Matches words without signs that titles and sentences have."""


class IndexList:
    """Gathers the words of links and the headings of posts."""

    def __init__(self) -> None:
        self._posts: dict[str, set[str]] = defaultdict(set)
        self._written: dict[str, str] = {}

    def add(self, post: Post) -> None:
        for node in walk(post, Link, Heading):
            words = " ".join(plain_text(node).split())
            if len(words) < _FEWEST_LETTERS or len(words.split()) > _MOST_WORDS:
                continue
            if _TERM.fullmatch(words) is None:
                continue
            folded = words.casefold()
            self._written.setdefault(folded, words)
            self._posts[folded].add(post.metadata.key)

    def lines(self, language: str) -> Iterator[str]:
        """Yields a line, as a comment, for each term of several posts: the most frequent ones, in the order of the language."""
        found = [(len(posts), folded) for folded, posts in self._posts.items()]
        frequent = sorted(
            (one for one in found if one[0] >= _FEWEST_POSTS), key=lambda one: (-one[0], one[1])
        )
        collation = Collation(language)
        for count, folded in sorted(
            frequent[:_MOST], key=lambda one: collation.key(self._written[one[1]])
        ):
            term = self._written[folded]
            yield f"# {name(term)} = []  # in {format_count(count, 'post')}"
