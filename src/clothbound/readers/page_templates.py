"""Takes the templates of services out of the text of a saved page: what its classes mark as a card, a layout or a sign.

Each service is told by a class that its editor or theme gives to texts. Cards become clothbound's own markup, layout is
unwrapped, and forms, signs for sharing and lists of other posts are left out and reported.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from ..diagnostics import Diagnostic, DiagnosticCode, Severity
from ..lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from bs4 import Tag

_BLOCK_TAG = lazy_pattern(
    r"</?(?!(?:a|abbr|b|cite|code|em|i|mark|q|s|small|span|strong|sub|sup|time|u)\b)\w[^<>]*>", re.I
)
_TAG = lazy_pattern(r"<[^<>]*>")


class CleanedText(NamedTuple):
    """The text of a page without the template of its service."""

    markup: str
    findings: tuple[Diagnostic, ...] = ()


class _Template(NamedTuple):
    """What a service puts into the text of its pages, as selectors of CSS."""

    sign: str
    """A part of the markup that shows the service."""
    left_out: str
    layout: str
    """Divisions that are unwrapped."""
    classes: tuple[str, ...]
    """The beginnings of the classes that say nothing."""
    change: Callable[[Tag, str], list[Diagnostic]]


def without_template(markup: str, source: str) -> CleanedText:
    """Returns the text of a page without the templates of the services that it shows."""
    templates = [template for template in _TEMPLATES if template.sign in markup]
    if not templates:
        return CleanedText(markup)
    from .searched_html import markup_of, parse_html

    body = parse_html(markup)
    found: list[Diagnostic] = []
    for template in templates:
        found += _leave_out(body.select(template.left_out), source)
        found += template.change(body, source)
        for division in body.select(template.layout):
            division.unwrap()
        _remove_classes(body, template.classes)
    return CleanedText(markup_of(body), tuple(found))


def _leave_out(elements: Iterable[Tag], source: str) -> list[Diagnostic]:
    from .searched_html import attribute, is_removed

    texts = []
    for element in list(elements):
        if not is_removed(element):
            texts.append(_shown_words(element))
            pictures = element.find_all("img")
            texts += [attribute(one, name) for one in pictures for name in ("alt", "src")]
            element.decompose()
    shown = "\n".join(filter(None, texts))
    message = "signs and lists that the site shows within its texts left out"
    if not shown:
        return []
    return [Diagnostic(DiagnosticCode.NODE_CHROME, message, source, 0, Severity.INFO, shown)]


def _shown_words(element: Tag) -> str:
    """Returns the words of an element; those of two blocks are apart."""
    from .searched_html import markup_of

    lines = _TAG.sub("", _BLOCK_TAG.sub(" ", markup_of(element)))
    return " ".join(html.unescape(lines).split())


def _remove_classes(body: Tag, beginnings: tuple[str, ...]) -> None:
    """Removes classes that say nothing; without any beginnings all, with the attributes that scripts read."""
    from .searched_html import attribute

    named = {attribute(link, "href")[1:] for link in body.select('a[href^="#"]')}
    for element in body.find_all(True):
        given = attribute(element, "class").split()
        kept = [name for name in given if beginnings and not name.startswith(beginnings)]
        if given != kept:
            del element["class"]
        if given != kept and kept:
            element["class"] = " ".join(kept)
        if not beginnings:
            for name in [n for n in element.attrs if n.startswith(("data-", "aria-", "role"))]:
                del element[name]
            if attribute(element, "id") not in named:
                del element["id"]


def _change_nothing(body: Tag, source: str) -> list[Diagnostic]:  # noqa: ARG001
    return []


def _write_medium(body: Tag, source: str) -> list[Diagnostic]:
    """Lowers the headings by one level, since Medium's own begin at the title's, and takes the hint off pictures."""
    for level in (3, 2, 1):
        for heading in body.select(f"h{level}"):
            heading.name = f"h{level + 1}"
    hints = [one for one in body.find_all("span") if one.get_text().strip() == _HINT]
    return _leave_out(hints, source)


def _write_webflow(body: Tag, source: str) -> list[Diagnostic]:  # noqa: ARG001
    for items in body.select("ul[role], ol[role]"):
        del items["role"]
    for holder in body.select("figure > div"):
        holder.unwrap()
    for paragraph in body.find_all("p"):
        if not paragraph.find(True) and not paragraph.get_text().strip(_UNSEEN):
            paragraph.decompose()
    return []


def _write_ghost(body: Tag, source: str) -> list[Diagnostic]:
    from .exports.ghost.html_cards import remove_classes, write_cards

    found = write_cards(body, source)
    for element in body.find_all(True):
        remove_classes(element)
    return found


def _write_wordpress(body: Tag, source: str) -> list[Diagnostic]:  # noqa: ARG001
    for figure in body.select("figure.wp-block-pullquote"):
        for quotation in figure.find_all("blockquote"):
            quotation["class"] = "pullquote"
        figure.unwrap()
    for figure in body.select("figure.wp-block-gallery"):
        figure["class"] = "gallery"
    for table in body.select("figure.wp-block-table, div.wp-block-embed__wrapper"):
        if table.find("figcaption") is None:
            table.unwrap()
    return []


_HINT = "Press enter or click to view image in full size"
_UNSEEN = " \t\n\u200b\u200d\u00a0\ufeff"
"""Characters that a reader does not see."""
_TEMPLATES = (
    _Template(
        "pw-post-body-paragraph",
        '.speechify-ignore, .pw-subtitle-paragraph, [data-testid="storyTitle"], button',
        "div, section",
        (),
        _write_medium,
    ),
    _Template("kg-card", "nothing", ".gh-content", ("gh-",), _write_ghost),
    _Template(
        "wp-block-",
        ".wp-block-jetpack-subscriptions, .wp-block-jetpack-related-posts, .wp-block-post-comments,"
        " .wp-block-jetpack-sharing-buttons, .wp-block-social-links",
        "div.wp-block-group, div.wp-block-group__inner-container, div.wp-block-columns, div.wp-block-column,"
        " div.wp-block-cover, div.wp-block-cover__inner-container, div.wp-block-image",
        ("wp-block-", "wp-element-", "is-layout-", "is-style-", "has-", "size-", "wp-image-", "align"),
        _write_wordpress,
    ),
    _Template(
        "jp-relatedposts",
        "#jp-relatedposts, .jp-relatedposts",
        "nothing",
        ("jp-",),
        _change_nothing,
    ),
    _Template(
        "sharedaddy", ".sharedaddy, .jetpack-likes-widget-wrapper", "nothing", ("sd-",), _change_nothing
    ),
    _Template(
        "w-richtext", ".w-form, .w-dyn-list", "div.w-richtext, div.w-embed", ("w-",), _write_webflow
    ),
)  # fmt: skip
