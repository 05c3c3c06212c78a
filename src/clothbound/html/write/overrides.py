"""Renders nodes by functions of the user, and cleans the markup that they return."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from ...lazy_pattern import lazy_pattern
from ...model.inlines import is_inline
from ...model.losses import TANGLED_HTML
from ...model.node import Node
from ...model.plain_text import plain_text
from ...web.html_elements import BLOCKS
from .nesting import as_phrasing
from .target import Page, Target

if TYPE_CHECKING:
    from ...filters import Override

_TAG = lazy_pattern(r"<(/?)([A-Za-z][A-Za-z0-9]*)[^>]*>|<!--.*?-->", re.S)
_SHORT = 3
"""Words of so many characters are a part of many others."""


def medium_of(target: Target) -> str:
    """Returns the medium of a product, as ``@render`` names it."""
    if target.on_paper:
        return "pdf"
    return "epub" if target.xhtml else "web"


def render_by(overrides: tuple[Override, ...], page: Page, node: Node) -> str:
    """Returns the markup of ``node`` by the last of ``overrides``, whose default are the others.

    The markup is cleaned like raw HTML, apart from what the default returned. Words of the node that it lacks are
    reported as filtered. Raises FilterError if the function raises an error or returns no text.
    """
    override = overrides[-1]
    function = override.function
    place = f"{type(node).__name__} in {page.post.metadata.source or 'the post'}"
    kept = _Kept(overrides[:-1], page, node)
    try:
        markup = function.call(node, kept) if override.takes_default else function.call(node)
    except Exception as error:
        raise function.raised(error, f"a {place}") from error
    if not isinstance(markup, str):
        raise function.failed(
            f"returned {markup!r:.60} for a {place}, and not markup as text",
            "@render functions return a str; a filter without @render returns nodes",
        )
    if not kept.is_whole_in(markup):
        lost = _lost_words(node, markup)
        if lost:
            message = f"rendered by {function.name!r} without these words"
            page.context.report_filtered(page.post, (node,), " ".join(lost), message)
    cleaned = kept.cleaned(markup)
    if cleaned is None:
        raise function.failed(
            f"put what default() returned where markup cannot stand, for a {place}",
            "put it between tags, not into an attribute",
        )
    return cleaned


class _Kept:
    """The second argument of the functions: renders as if they were not there, and remembers what it returned."""

    def __init__(self, others: tuple[Override, ...], page: Page, node: Node) -> None:
        self._others = others
        self._page = page
        self._node = node
        self._fragments: list[str] = []
        self._whole: list[str] = []
        """The fragments that are the node itself."""

    def __call__(self, content: Node | Iterable[Node], /) -> str:
        if isinstance(content, Node):
            if type(content) is type(self._node):
                markup = self._page.render_default(content, self._others)
                self._whole.extend([markup] if content is self._node else [])
            else:
                markup = self._page.render_nodes((content,))
        else:
            markup = self._page.render_nodes(tuple(content))
        self._fragments.append(markup)
        return markup

    def is_whole_in(self, markup: str) -> bool:
        return any(whole and whole in markup for whole in self._whole)

    def cleaned(self, markup: str) -> str | None:
        """Returns ``markup`` cleaned, with the fragments as they are; None if one has no place in it."""
        is_phrase = is_inline(self._node)
        name = "span" if is_phrase else "div"
        number = 0
        places: dict[str, str] = {}
        # The longest first, since a fragment may be a part of another.
        for fragment in sorted(set(self._fragments), key=len, reverse=True):
            if not fragment.strip() or fragment not in markup:
                continue
            while (sign := f"clothbound-kept-{number}") in markup:
                number += 1
            places[sign] = fragment
            tag = name if is_phrase or _is_flow(fragment) else "span"
            markup = markup.replace(fragment, f'<{tag} class="{sign}"></{tag}>')
        tell = partial(self._page.report_simplified, self._node, TANGLED_HTML)
        cleaned = self._page.target.raw(markup, tell)
        if is_phrase:
            cleaned = as_phrasing(cleaned)
        for sign, fragment in reversed(places.items()):
            pattern = re.compile(rf'<(\w+) class="{sign}">\s*</\1>')
            found = pattern.search(cleaned)
            if found is None:
                return None
            cleaned = pattern.sub(lambda _, put=fragment: put, cleaned)  # type: ignore[misc]
            if sign in cleaned:
                return None
        return cleaned


def _is_flow(markup: str) -> bool:
    """Whether markup holds a block, and so must not stand in a paragraph."""
    return any(tag[2] and tag[2].lower() in BLOCKS for tag in _TAG.finditer(markup))


def _lost_words(node: Node, markup: str) -> list[str]:
    """Returns the words of a node that a reader of the markup does not see."""
    tight = html.unescape(_TAG.sub(_gap, markup))
    seen = {*tight.split(), *html.unescape(_TAG.sub(" ", markup)).split()}
    # The mark of a note, for example, joins a word.
    return [
        word
        for word in plain_text(node).split()
        if word not in seen and not (len(word) > _SHORT and word in tight)
    ]


def _gap(tag: re.Match[str]) -> str:
    return " " if tag[2] and tag[2].lower() in BLOCKS | {"br"} else ""
