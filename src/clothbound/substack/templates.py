"""Templates of Substack's components, with Substack's order of attributes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from ..lazy_pattern import lazy_pattern
from ..model import blocks as b
from ..model import inlines as i
from ..model.addresses import is_on_web
from ..model.node import Node, Origin
from . import cdn
from .component_lookup import component_of
from .component_markup import (
    FOR_SOME_READERS,
    data_attrs,
    in_value,
    opening,
    stamp,
    text,
    variant_of,
    write_attribute,
)
from .component_spec import Component
from .data_attrs import Data, parse, string, whole_number
from .loose_marks import missing_note

_EXPAND = (
    '<div class="image-link-expand"><div class="pencraft pc-display-flex pc-gap-8 pc-reset">'
    '<div class="pencraft pc-reset icon-container restack-image">'
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" viewBox="0 0 24 24" fill="none"'
    ' stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
    ' class="lucide lucide-refresh-cw">'
    '<path d="M3 12a9 9 0 0 1 9-9 9.75 9.75 0 0 1 6.74 2.74L21 8"></path>'
    '<path d="M21 3v5h-5"></path>'
    '<path d="M21 12a9 9 0 0 1-9 9 9.75 9.75 0 0 1-6.74-2.74L3 16"></path>'
    '<path d="M8 16H3v5"></path></svg></div>'
    '<div class="pencraft pc-reset icon-container view-image">'
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" viewBox="0 0 24 24" fill="none"'
    ' stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
    ' class="lucide lucide-maximize2">'
    '<polyline points="15 3 21 3 21 9"></polyline><polyline points="9 21 3 21 3 15"></polyline>'
    '<line x1="21" x2="14" y1="3" y2="10"></line><line x1="3" x2="10" y1="21" y2="14"></line>'
    "</svg></div></div></div>"
)


def element(name: str, content: str, node: Node) -> str:
    """Writes an element around ``content``, with the node's id, classes and attributes."""
    return f"<{name}{others(node)}>{content}</{name}>"


def others(node: Node) -> str:
    """Writes id, classes and inactive attributes, which no field holds."""
    if not (node.id or node.classes or node.attributes):
        return ""
    parts = [write_attribute("id", node.id), write_attribute("class", " ".join(node.classes))]
    for name, value in node.attributes:
        if name == "element" or not _NAME.fullmatch(name):
            continue
        full = name if name in _HTML or name.startswith(("data-", "aria-")) else f"data-{name}"
        parts.append(f' {full}="{in_value(value)}"')
    return "".join(parts)


_NAME = lazy_pattern(r"[A-Za-z][\w.-]*")
_HTML = frozenset(
    "contenteditable dir lang native rel role start tabindex target title translate type value".split()
)
"""Attributes that HTML defines; ``data-`` is put before all others."""


def component_for(node: Node) -> Component:
    """Returns the component of a node. Raises TypeError if no row covers it."""
    component = component_of(node)
    if component is None:
        raise TypeError(f"no component holds this {type(node).__name__}")
    return component


def write_empty(node: Node, name: str = "div") -> str:
    """Writes a component whose content is only in its data."""
    return f"{opening(component_for(node), name)}</{name}>"


def code(node: b.CodeBlock) -> str:
    """Writes a block of code."""
    component = component_for(node)
    variants = variant_of(node)
    for plain in ("pre code code", "pre code", "pre"):
        if plain in variants:
            names = plain.split()
            tags = "".join(f"<{name}>" for name in names)
            return tags + text(node.text) + "".join(f"</{name}>" for name in reversed(names))
    language = string((component.data or {}).get("language")) or "plaintext"
    return (
        f'{opening(component)}<pre class="shiki"><code{write_attribute("class", f"language-{language}")}>'
        f"{text(node.text)}</code></pre></div>"
    )


_VERSE_LABEL = (
    '<label class="hide-text" contenteditable="false">'
    "Text within this block will maintain its original spacing when published</label>"
)


def verse(node: b.Verse, content: str) -> str:
    """Writes a poem."""
    component = component_for(node)
    return (
        f'<div class="preformatted-block"{stamp(component)}>'
        f"{'' if 'unlabelled' in variant_of(node) else _VERSE_LABEL}"
        f'<pre class="text">{content}</pre></div>'
    )


def figure(node: b.Figure, source: str, href: str, caption: str) -> str:
    """Writes a captioned image. A relative address has no renditions on the CDN."""
    component = component_for(node)
    variants = variant_of(node)
    for plain in ("p img", "figure img", "img"):
        if plain in variants:
            return _plain_picture(node, source, href, caption, plain)
    data = dict(component.data or {})
    data["src"] = source
    if "image3" in variants:
        return f'<div class="image3"{data_attrs(data)}></div>'
    signature = node.origin.signature if node.origin else ""
    remote = is_on_web(source)
    picture = _picture(node, data, signature, variants, remote=remote)
    legend = f'<figcaption class="image-caption">{caption}</figcaption>' if caption else ""
    start = '<div class="captioned-image-container"><figure>'
    link = href or (cdn.wrap(source, signature) if remote else source)
    width, height = whole_number(data.get("width")), whole_number(data.get("height"))
    if "2020" in variants:
        # The first generation kept the size of a picture in a style sheet, under this class name.
        name = f"image2-{height}-{width}"
        style = _SIZES.format(name=name, part=_ratio(height, width), width=width, height=height)
        return (
            f'{start}<a class="image-link image2 {name}" target="_blank"'
            f"{write_attribute('href', link)}>{picture}<style>{style}</style></a>{legend}</figure></div>"
        )
    viewable = not node.href and remote and min(width, height) >= _VIEWABLE
    if "still" in variants:
        viewable = False
    classes = "image-link image2 is-viewable-img" if viewable else "image-link image2"
    if "2023" in variants:
        classes, after = classes.replace("image2 is-viewable-img", "is-viewable-img image2"), ""
    else:
        after = _EXPAND if viewable else "<div></div>"
    inset = f'<div class="image2-inset">{picture}{after}</div>'
    if "div" in variants:
        return (
            f'{start}<div class="{classes}"{stamp(component)}>{inset}</div>{legend}</figure></div>'
        )
    return (
        f'{start}<a class="{classes}" target="_blank"{write_attribute("href", link)}'
        f"{stamp(component)}>{inset}</a>{legend}</figure></div>"
    )


_VIEWABLE = 250
"""Pixels of the shorter side from which a click enlarges a picture."""
_SIZES = (
    "a.image2.image-link.{name} {{ padding-bottom: {part}%; padding-bottom: min({part}%, {height}px);"
    " width: 100%; height: 0; }} a.image2.image-link.{name} img "
    "{{ max-width: {width}px; max-height: {height}px; }}"
)


def _plain_picture(node: b.Figure, source: str, href: str, caption: str, variant: str) -> str:
    """Writes a picture in plain HTML."""
    picture = (
        f"<img{write_attribute('src', source)}{write_attribute('alt', node.image.alt)}"
        f"{write_attribute('title', node.image.title)}>"
    )
    if href:
        picture = f"<a{write_attribute('href', href)}>{picture}</a>"
    legend = f"<figcaption>{caption}</figcaption>" if caption else ""
    wrapper = variant.partition(" ")[0] if " " in variant else ""
    return f"<{wrapper}>{picture}{legend}</{wrapper}>" if wrapper else picture


def _ratio(height: int, width: int) -> str:
    return f"{100 * height / width:.14g}" if width else "0"


def _picture(
    node: b.Figure, data: Data, signature: str, variants: frozenset[str], *, remote: bool
) -> str:
    source = string(data["src"])
    title = data.get("title")
    title = data.get("alt") if title is None else title
    named = "" if title is None else f' title="{in_value(string(title))}"'
    start = f"<img{write_attribute('src', source)}"
    alt = f' alt="{in_value(node.image.alt)}"'
    if "2020" in variants:
        return f"{start}{data_attrs(data)}{alt}>"
    width = string(data.get("resizeWidth") or data.get("width"))
    width = width and write_attribute("width", width)
    height = string(data.get("height"))
    if height and data.get("resizeWidth"):
        height = _scale_height(data)
    height = height and write_attribute("height", height)
    sizes = ' sizes="100vw"'
    loading = ' loading="lazy"' if data.get("belowTheFold") else ""
    if data.get("topImage"):
        loading = ' fetchpriority="high"'
    size = string(data.get("imageSize")) or "normal"
    webp, srcset = cdn.srcsets(source, signature) if remote else ("", "")
    picture = (
        f"{start}{width}{height}{data_attrs(data)}"
        f"{write_attribute('class', f'sizing-{size}')}{alt}{named}"
        f"{write_attribute('srcset', srcset) + sizes if remote else ''}{loading}>"
    )
    if remote:
        webp = write_attribute("srcset", webp)
        picture = f'<picture><source type="image/webp"{webp}{sizes}>{picture}</picture>'
    return picture


def _scale_height(data: Data) -> str:
    """Scales the height to ``resizeWidth``, with the digits that JavaScript writes."""
    width, height = whole_number(data.get("width")), whole_number(data.get("height"))
    resized = whole_number(data.get("resizeWidth"))
    return repr(height * resized / width).removesuffix(".0") if width else string(height)


def gallery(node: b.Gallery, picture: Callable[[str], str]) -> str:
    """Writes a gallery, with the addresses of its pictures made absolute."""
    figures = tuple(
        msgspec.structs.replace(f, image=msgspec.structs.replace(f.image, src=picture(f.image.src)))
        for f in node.figures
    )
    return write_empty(
        node if figures == node.figures else msgspec.structs.replace(node, figures=figures)
    )


def image(node: i.Image, source: str) -> str:
    """Writes an inline picture as the first generation of the editor did."""
    origin = node.origin
    data = data_attrs(parse(origin.data)) if origin is not None and origin.data else ""
    stamp = write_attribute("data-component-name", origin.component if origin is not None else "")
    return (
        f'<img{write_attribute("src", source)}{data} alt="{in_value(node.alt)}"'
        f"{write_attribute('title', node.title)}{stamp}>"
    )


def button(node: b.Button, href: str) -> str:
    """Writes a button as its component does."""
    component = component_for(node)
    if component.row.classes[0] != "button-wrapper":
        # The data name the recipient of a message, so the label is empty.
        label = "" if component.data is not None else text(node.label)
        return f"{opening(component)}{label}</div>"
    kind = string((component.data or {}).get("class"))
    return (
        f"{opening(component, 'p')}<a{write_attribute('class', f'button primary {kind}'.strip())}"
        f"{write_attribute('href', href)}><span>{text(node.label)}</span></a></p>"
    )


def captioned_button(node: b.Group, content: str) -> str:
    """Writes a button with the sentence above it."""
    preamble, mark, rest = content.partition('<p class="button-wrapper"')
    caption = preamble.replace("<p>", '<p class="cta-caption">')
    return f'{opening(component_for(node))}<div class="preamble">{caption}</div>{mark}{rest}</div>'


def loose_mark(node: Node, content: str) -> str:
    """Writes a footnote mark whose note was cut off, as behind a paywall."""
    origin = node.origin or Origin()
    note = missing_note(node)
    name = write_attribute("data-component-name", "" if origin.generation else origin.component)
    target = "" if origin.generation else ' target="_self"'
    return (
        f'<a class="footnote-anchor"{name}{write_attribute("id", f"footnote-anchor-{note}")}'
        f"{write_attribute('href', f'#footnote-{note}')}{target}>{content}</a>"
    )


def form(node: b.SubscribeForm) -> str:
    """Writes a subscribe form."""
    if "short" in variant_of(node):
        return (
            f'{opening(component_for(node))}<div class="subscription-widget show-subscribe">'
            '<form class="subscription-widget-subscribe"><input type="submit" class="button primary"'
            f"{write_attribute('value', node.label or 'Subscribe')}></form></div></div>"
        )
    caption = f'<p class="cta-caption">{text(node.text)}</p>' if node.text else ""
    return (
        f'{opening(component_for(node))}<div class="subscription-widget show-subscribe">'
        f'<div class="preamble">{caption}</div>'
        '<form class="subscription-widget-subscribe">'
        '<input type="email" class="email-input" name="email" placeholder="Type your email…"'
        ' tabindex="-1"><input type="submit" class="button primary"'
        f'{write_attribute("value", node.label or "Subscribe")}><div class="fake-input-wrapper">'
        '<div class="fake-input"></div><div class="fake-button"></div></div></form></div></div>'
    )


def conditional(audiences: Iterable[str], content: str) -> str:
    """Writes content that only some audiences see."""
    return (
        f'<div class="{FOR_SOME_READERS}" data-dynamic-content="true" data-attrs="{{}}"'
        f"{write_attribute('data-dynamic-audiences', ','.join(audiences))}>"
        '<div class="dynamic-content-match" data-dynamic-content-match="true">'
        f"{content}</div></div>"
    )


def embed(
    node: b.Embed, component: Component, address: Callable[[str], str], clean: Callable[[str], str]
) -> str:
    """Writes an embed by its component's row.

    A frame is active markup: rows write one only with an https address on a host of the embed's
    provider.
    """
    row = component.row
    if row.markup is not None:
        return row.markup(node, component, address, clean)
    inner = row.inner(node, component.data or {}) if row.inner is not None else ""
    return f"{opening(component)}{inner}</div>"


def file(node: b.FileDownload, href: str) -> str:
    """Writes a card for a file to download."""
    component = component_for(node)
    variants = variant_of(node)
    link = write_attribute("href", href)
    size = f'<div class="file-embed-details-h2">{text(node.size)}</div>' if node.size else ""
    label = '<span class="file-embed-button-text">Download</span>'
    return (
        f'<div class="file-embed-wrapper"{stamp(component)}>'
        '<div class="file-embed-container-reader"><div class="file-embed-container-top">'
        f"{_FILE_ICON if 'icon' in variants else ''}"
        '<div class="file-embed-details">'
        f'<div class="file-embed-details-h1">{text(node.name)}</div>{size}</div>'
        f'<a class="file-embed-button wide"{link}>{label}</a></div>'
        f'<a class="file-embed-button narrow"{link}>{label}</a></div></div>'
    )


_FILE_ICON = (
    '<img class="file-embed-thumbnail-default" src="https://substack.com/img/attachment_icon.svg">'
)


def list_items(title: str, lists: Iterable[tuple[str, ...]], href: str) -> str:
    """Writes a poll or recipe as plain blocks."""
    heading = text(title)
    if href:
        heading = f"<a{write_attribute('href', href)}>{heading or text(href)}</a>"
    parts = [f"<p><strong>{heading}</strong></p>"] if heading else []
    for items in lists:
        if items:
            lines = "".join(f"<li><p>{text(item)}</p></li>" for item in items)
            parts.append(f"<ul>{lines}</ul>")
    return "".join(parts)


def card(node: b.Embed, href: str) -> str:
    """Writes an embed without a component as a link, with its captured text as a quote."""
    label = text(node.title or node.provider or href or node.kind)
    by = text(", ".join(filter(None, (node.author, node.date))))
    parts = [f"<p><a{write_attribute('href', href)}>{label}</a></p>" if href else f"<p>{label}</p>"]
    quoted = "".join(f"<p>{text(p)}</p>" for p in (*node.text.split("\n\n"), by) if p)
    if quoted:
        parts.append(f"<blockquote>{quoted}</blockquote>")
    return "".join(parts)
