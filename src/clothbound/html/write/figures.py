"""Renders pictures, figures and galleries, and the boxes in place of missing pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import structs

from ...diagnostics import DiagnosticCode
from ...escape import attribute, escape
from ...language.direction import direction
from ...language.writing_systems import main_language
from ...model.blocks import Figure, Gallery
from ...model.default_alts import lacks_words
from ...model.inlines import Image, Inline, LineBreak, Span
from ...model.plain_text import is_decorative, picture_words
from .missing_pictures import Placeholder, leads_to_picture, placeholder
from .picture_sizes import (
    filled_rows,
    gallery_rows,
    in_pixels,
    place_in_row,
    style_on_paper,
    wanted_width,
    width_class,
)
from .target import Page, Picture, Target


def render_figure(page: Page, node: Figure) -> str:
    """Returns a figure with its caption; empty if it would show nothing."""
    picture = page.target.picture(node.image)
    if picture is None:
        content = _without_picture(page, node)
    else:
        size = node.width, node.height
        content = _link_and_caption(
            page, node, _at_wanted_width(page, node.image, picture, *size, node.href)
        )
    return f"<figure{page.attributes(node)}>{content}</figure>" if content else ""


def render_gallery(page: Page, node: Gallery) -> str:
    """Returns the pictures of a gallery with their captions; empty if it would show nothing."""
    pictures = [(figure, page.target.picture(figure.image)) for figure in node.figures]
    shown = [
        (figure, picture, _without_picture(page, figure) if picture is None else "")
        for figure, picture in pictures
    ]
    shown = [each for each in shown if each[1] or each[2]]
    sizes = [
        (p.width, p.height) if p and p.width and p.height else (figure.width, figure.height)
        for figure, p, _ in shown
    ]
    styles = _row_styles(page.target, sizes)
    figures = ""
    for (figure, picture, instead), size, style in zip(shown, sizes, styles, strict=True):
        content = instead
        if picture is not None:
            image = figure.image
            if not image.line:
                image = structs.replace(image, line=figure.line or node.line)
            shown_picture = _picture_tag(page, image, picture, *size, leads_to=figure.href)
            content = _link_and_caption(page, figure, shown_picture)
        figures += f"<figure{page.attributes(figure)}{style}>{content}</figure>"
    caption = ""
    if node.caption:
        caption = f"<figcaption>{page.inlines(node.caption)}</figcaption>"
    if not figures and not caption:
        return ""
    return f"<figure{page.attributes(node, 'gallery')}>{figures}{caption}</figure>"


def _row_styles(target: Target, sizes: Sequence[tuple[int, int]]) -> list[str]:
    """Returns the attributes that place each picture of a gallery in its row."""
    if not target.rows:
        return [""] * len(sizes)
    shapes = [width / height if height else 0 for width, height in sizes]
    styles = [f' style="{place_in_row(*place)}"' for place in filled_rows(shapes)]
    if not target.on_paper:
        return styles
    rows = enumerate(gallery_rows(shapes))
    places = [f' data-row="{n}" data-width="{w}"' for n, row in rows for w in row]
    return [style + place for style, place in zip(styles, places, strict=True)]


def render_image(page: Page, node: Image, leads_to: str = "") -> str:
    """Returns an ``img``, or a placeholder if the picture is missing.

    A picture without a description gets the address to which it ``leads_to`` as its name, since a
    link must have one (WCAG 2.2, criteria 1.1.1 and 2.4.4).
    """
    picture = page.target.picture(node)
    if picture is None:
        return _missing_box(page, placeholder(node), leads_to=leads_to)
    return _at_wanted_width(page, node, picture, 0, 0, leads_to)


def _without_picture(page: Page, node: Figure) -> str:
    """Returns the content of a figure whose picture is missing; may be empty."""
    if all(type(child) is LineBreak for child in node.caption):
        # Without the picture, it would be a figure of nothing, which a tagged PDF must not hold.
        node = structs.replace(node, caption=())
    instead = placeholder(node.image, node.caption)
    box = _missing_box(page, instead, node.caption, leads_to=node.href)
    return _link_and_caption(page, node, box, has_caption=instead.is_caption)


def _link_and_caption(page: Page, node: Figure, picture: str, *, has_caption: bool = False) -> str:
    """Returns ``picture`` with the figure's link and, unless it ``has_caption`` already, its
    caption.
    """
    href = node.href and page.link_target(node.href)
    if href and picture and "<a " not in picture:
        picture = f'<a href="{attribute(href)}">{picture}</a>'
    caption = ""
    if node.caption and not has_caption:
        caption = f"<figcaption>{page.inlines(node.caption)}</figcaption>"
    return f"{picture}{caption}"


def _at_wanted_width(
    page: Page, node: Image, picture: Picture, width: int, height: int, leads_to: str
) -> str:
    """Returns a picture at the width that its post requests.

    ``width`` and ``height`` are the picture's own size as the post gives it.
    """
    wanted = wanted_width(node)
    if wanted is None:
        return _picture_tag(page, node, picture, width, height, leads_to=leads_to)
    if page.target.on_paper:
        return _picture_tag(page, node, picture, width, height, style_on_paper(wanted), leads_to)
    if pixels := in_pixels(wanted):
        if picture.width:
            width, height = picture.width, picture.height
        height = max(1, round(height * pixels / width)) if width and height else 0
        # A book that is read again tells it from the picture's own size by this.
        style = f' data-width="{pixels}px"' if page.target.xhtml else ""
        return _picture_tag(page, node, Picture(picture.src), pixels, height, style, leads_to)
    if page.target.rows:
        style = f' style="width: {"".join(wanted)}"'
        return _picture_tag(page, node, picture, width, height, style, leads_to)
    return _picture_tag(page, node, picture, width, height, "", leads_to, width_class(wanted))


def _picture_tag(
    page: Page,
    node: Image,
    picture: Picture,
    width: int,
    height: int,
    more: str = "",
    leads_to: str = "",
    kind: str = "",
) -> str:
    words = picture_words(node)
    is_mute = is_decorative(node)
    if lacks_words(node):
        default = f", only {words!r}" if words else ""
        page.context.warn(
            DiagnosticCode.ALT_MISSING,
            f"a picture has no alternative text{default}: {node.src[:120]}",
            page.post,
            node.line,
        )
    alt = words or page.name_of_target(leads_to)
    # A picture that leads somewhere is the name of its link.
    role = ' role="presentation"' if is_mute and not alt else ""
    return img_tag(
        page,
        picture.src,
        alt,
        picture.width or width,
        picture.height or height,
        node.title if node.alt.strip() else "",
        page.attributes(node, *((kind,) if kind else ())) + more + role,
    )


def _missing_box(
    page: Page, instead: Placeholder, caption: Iterable[Inline] = (), leads_to: str = ""
) -> str:
    """Returns the box in place of a missing picture; empty if it would tell readers nothing.

    On paper, where links cannot be followed, the name of a host is useless. If the picture
    ``leads_to`` a page, the box has no link of its own, since the caller adds that one.
    """
    label = page.inlines(caption) if instead.is_caption else escape(instead.words)
    language = main_language(instead.words, page.language())
    marks = (("lang", language), ("dir", direction(language))) if language else ()
    leads_on = bool(leads_to) and not leads_to_picture(leads_to)
    if not label and leads_on:
        label = escape(page.name_of_target(leads_to))
    if not label and not page.target.on_paper:
        label = escape(instead.host)
    if not label:
        return ""
    if instead.address and not leads_on and "<a " not in label:
        href = page.link_target(instead.address)
        label = f'<a href="{attribute(href)}">{label}</a>' if href else label
    return f"<span{page.attributes(Span(attributes=marks), 'missing-picture')}>{label}</span>"


def img_tag(
    page: Page, src: str, alt: str, width: int, height: int, title: str = "", more: str = ""
) -> str:
    """Returns an ``img``.

    ``width`` and ``height`` are pixels, 0 if unknown; ``more`` holds further attributes.
    """
    size = f' width="{width}"' if width else ""
    size += f' height="{height}"' if height and width else ""
    tip = f' title="{attribute(title)}"' if title else ""
    end = "/>" if page.target.xhtml else ">"
    return f'<img src="{attribute(src)}" alt="{attribute(alt)}"{tip}{size}{more}{end}'
