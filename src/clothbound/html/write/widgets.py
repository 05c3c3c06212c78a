"""What stands for the widgets of a page: cards for embeds and players, polls and recipes as lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...diagnostics import Outcome
from ...escape import escape
from ...model.blocks import Embed, Media, Poll, Recipe
from ...model.inlines import Image
from ...web.addresses import brief, spoken
from .cards import byline, player_label, source_label

if TYPE_CHECKING:
    from .render import Renderer


def embed_card(page: Renderer, node: Embed) -> str:
    """A card: what was captured, and a link. The page that was embedded is not loaded."""
    page.simplified(node, f"{node.provider or node.kind} embed written as a card with a link")
    parts = [_thumbnail(page, node.thumbnail, node.line)]
    if node.title:
        parts.append(f'<p class="embed-title">{page.link(node.href, escape(node.title))}</p>')
    for paragraph in node.text.split("\n"):
        if paragraph.strip():
            parts.append(f'<p class="embed-text">{escape(paragraph)}</p>')
    told_by = byline(node, page.language())
    if told_by:
        parts.append(f'<p class="embed-byline">{escape(told_by)}</p>')
    label = source_label(node)
    told = bool(node.title or node.text)
    if (told and not page.target.on_paper) or node.href.startswith("clothbound:"):
        source = page.link(node.href, escape(label))
    elif label == spoken(node.href):
        source = _address(page, node.href)
    else:
        source = f"{escape(label)}: {_address(page, node.href)}"
    parts.append(f'<p class="embed-source">{source}</p>')
    kind = node.kind if node.kind.isalnum() else "other"
    return f"<div{page.attributes(node, 'embed', f'embed-{kind}')}>{''.join(parts)}</div>"


def player_card(page: Renderer, node: Media) -> str:
    """A card in the place of a player: its picture, caption, length, and where to hear or see it."""
    page.simplified(node, f"{node.kind} written as a link")
    parts = [_thumbnail(page, node.poster, node.line)]
    if node.caption:
        parts.append(f'<p class="embed-title">{page.inlines(node.caption)}</p>')
    address = _address(page, node.src) if node.src else ""
    separator = ": " if address else ""
    parts.append(
        f'<p class="embed-source">{player_label(node, page.language())}{separator}{address}</p>'
    )
    return f"<div{page.attributes(node, 'embed', f'embed-{node.kind}')}>{''.join(parts)}</div>"


def _thumbnail(page: Renderer, src: str, line: int) -> str:
    picture = page.target.picture(Image(src, line=line)) if src else None
    if picture is None:
        return ""
    image = page.img(picture.src, "", picture.width, picture.height)
    return f'<p class="embed-thumbnail">{image}</p>'


def _address(page: Renderer, href: str) -> str:
    """An address by itself: in short, since the link knows it all; as it is on paper."""
    shown = spoken(href) if page.target.on_paper else brief(href)
    return page.link(href, escape(shown))


def poll(page: Renderer, node: Poll) -> str:
    """The question and its answers as a list; nothing where an export left them out."""
    if not node.question and not node.options:
        page.context.account(
            Outcome.DROPPED,
            page.post,
            node,
            "poll left out: its question is only on the web site",
        )
        return ""
    page.simplified(node, "poll written as a list")
    options = "".join(f"<li>{escape(option)}</li>" for option in node.options)
    question = f"<p>{page.link(node.href, escape(node.question))}</p>"
    return f"<div{page.attributes(node, 'poll')}>{question}{f'<ul>{options}</ul>' if options else ''}</div>"


def recipe(page: Renderer, node: Recipe) -> str:
    """What to take and what to do as lists; nothing where an export left them out."""
    if not (node.title or node.ingredients or node.steps):
        page.context.account(
            Outcome.DROPPED,
            page.post,
            node,
            "recipe left out: its text is only on the web site",
        )
        return ""
    title = f'<p class="recipe-title">{page.link(node.href, escape(node.title))}</p>'
    lists = ""
    if node.ingredients:
        lists += f"<ul>{''.join(f'<li>{escape(x)}</li>' for x in node.ingredients)}</ul>"
    if node.steps:
        lists += f"<ol>{''.join(f'<li>{escape(x)}</li>' for x in node.steps)}</ol>"
    return f"<div{page.attributes(node, 'recipe')}>{title}{lists}</div>"
