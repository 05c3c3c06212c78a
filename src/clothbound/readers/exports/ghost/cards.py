"""Writes the cards of Ghost in clothbound's own markup, whether HTML or an editor's data had them.

Arguments that end in ``html`` are markup, all others are text.
"""

from __future__ import annotations

from ....escape import attribute as escape_attribute
from ....escape import escape
from ....model.blocks import Embed
from ...searched_html import embed_markup

_STARS = 5


def paragraph(text: str, kind: str = "") -> str:
    """Returns a paragraph, with the class ``kind`` if there is one; empty without words."""
    named = f' class="{kind}"' if kind else ""
    return f"<p{named}>{text}</p>" if text.strip() else ""


def picture(src: str, *, alt: str = "", caption_html: str = "", href: str = "") -> str:
    """Returns a figure; empty without a picture."""
    if not src:
        return paragraph(caption_html)
    image = f'<img src="{escape_attribute(src)}" alt="{escape_attribute(alt)}"/>'
    if href:
        image = f'<a href="{escape_attribute(href)}">{image}</a>'
    return figure(image, caption_html)


def figure(content_html: str, caption_html: str = "", kind: str = "") -> str:
    """Returns a figure around any content."""
    named = f' class="{kind}"' if kind else ""
    caption = f"<figcaption>{caption_html}</figcaption>" if caption_html.strip() else ""
    return f"<figure{named}>{content_html}{caption}</figure>"


def gallery(figures_html: str, caption_html: str = "") -> str:
    """Returns a row of pictures, each of which is a figure."""
    return figure(figures_html, caption_html, "gallery")


def bookmark(
    href: str,
    title: str,
    text: str,
    author: str,
    publisher: str,
    thumbnail: str,
    caption_html: str = "",
) -> str:
    """Returns the card of a page elsewhere."""
    if not href:
        words = filter(None, (title, text, author, publisher))
        return "".join(paragraph(escape(each)) for each in words) + paragraph(caption_html)
    by = ", ".join(filter(None, (author, publisher)))
    card = embed_markup(Embed("page", href, title=title, text=text, author=by, thumbnail=thumbnail))
    return card + paragraph(caption_html)


def callout(emoji: str, content_html: str) -> str:
    """Returns a box; the emoji stands before its words."""
    mark = f"{escape(emoji)} " if emoji else ""
    if content_html.lstrip().startswith("<p"):
        opening = content_html.index(">") + 1
        return f"<aside>{content_html[:opening]}{mark}{content_html[opening:]}</aside>"
    return f"<aside><p>{mark}{content_html}</p></aside>"


def toggle(heading_html: str, content_html: str) -> str:
    """Returns a part that opens below its heading."""
    return f"<details><summary>{heading_html}</summary>{content_html}</details>"


def code(text: str, language: str, caption_html: str = "") -> str:
    """Returns a listing."""
    named = f' class="language-{escape_attribute(language)}"' if language else ""
    listing = f"<pre><code{named}>{escape(text)}</code></pre>"
    return figure(listing, caption_html) if caption_html.strip() else listing


def button(label: str, href: str) -> str:
    """Returns a button; empty without words."""
    if not href:
        return paragraph(escape(label))
    link = f'<a href="{escape_attribute(href)}">{escape(label)}</a>'
    return paragraph(link, "button") if label else ""


def file(src: str, title: str, name: str, size: str, caption_html: str = "") -> str:
    """Returns a file that readers can load."""
    shown = " · ".join(filter(None, (name if title else "", size)))
    link = f'<a href="{escape_attribute(src)}">{escape(title or name or src)}</a>'
    described = f' <span class="size">{escape(shown)}</span>' if shown else ""
    return paragraph(link + described, "file") + paragraph(caption_html)


def player(kind: str, src: str, title_html: str, poster: str = "", seconds: float = 0) -> str:
    """Returns a recording, whose ``kind`` is ``audio`` or ``video``, as a card."""
    parts = []
    if poster:
        image = f'<img src="{escape_attribute(poster)}" alt=""/>'
        parts.append(paragraph(image, "embed-thumbnail"))
    parts.append(paragraph(title_html, "embed-title"))
    minutes, rest = divmod(round(seconds), 60)
    length = f" ({minutes}:{rest:02})" if 0 < seconds < 600_000 else ""
    link = f'<a href="{escape_attribute(src)}">{escape(src)}</a>'
    label = f"{kind.title()}{length}: {link}"
    parts.append(paragraph(label, "embed-source"))
    return f'<div class="embed embed-{kind}">{"".join(parts)}</div>'


def header(heading_html: str, text_html: str, button_html: str, picture_html: str) -> str:
    """Returns a heading with the line below it; the picture behind it comes first."""
    heading = f"<h2>{heading_html}</h2>" if heading_html.strip() else ""
    return picture_html + heading + paragraph(text_html) + button_html


def product(
    picture_html: str, title_html: str, text_html: str, button_html: str, stars: int = 0
) -> str:
    """Returns a product with the number of its stars, 0 if it has none."""
    title = f"<h4>{title_html}</h4>" if title_html.strip() else ""
    rating = "★" * stars + "☆" * (_STARS - stars) if 0 < stars <= _STARS else ""
    return picture_html + title + paragraph(rating) + block(text_html) + button_html


def call_to_action(label_html: str, picture_html: str, text_html: str, button_html: str) -> str:
    """Returns a box that asks for something, with the word that marks it as an advertisement."""
    content = block(label_html) + picture_html + block(text_html) + button_html
    return f"<aside>{content}</aside>" if content else ""


def block(content_html: str) -> str:
    """Returns markup that may be words alone as a block."""
    if not content_html.strip():
        return ""
    is_block = (
        content_html.lstrip()
        .lower()
        .startswith(("<p", "<div", "<ul", "<ol", "<h", "<blockquote", "<figure"))
    )
    return content_html if is_block else paragraph(content_html)
