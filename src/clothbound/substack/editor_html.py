"""Writes a document of the editor as HTML to paste into it.

The editor accepts plain elements and, as ProseMirror does, its own markup; so footnotes, boxes and
poems use Substack's markup. An element that the editor does not know still keeps its words.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..media.picture_addresses import file_name
from ..model.addresses import is_on_web
from ..web.addresses import is_data
from .component_markup import PAYWALL, data_attrs, text, write_attribute
from .data_attrs import Data, string
from .editor_nodes import plain_text_of

_MARKS = {
    "strong": "strong",
    "em": "em",
    "code": "code",
    "strikethrough": "s",
    "superscript": "sup",
    "subscript": "sub",
}
_SIMPLE = {
    "paragraph": "p",
    "blockquote": "blockquote",
    "bullet_list": "ul",
    "list_item": "li",
}


def is_upload(src: str) -> bool:
    """Whether the editor cannot fetch a picture, so that the author must upload it."""
    return not is_on_web(src)


def picture_file_name(src: str) -> str:
    """Returns the name of a picture's file; ``picture`` if its address has none."""
    return ("" if is_data(src) else file_name(src)) or "picture"


def document_html(document: Data) -> str:
    """Returns the content of a ``doc`` in the profile ``paste`` as HTML, without white space
    between blocks.
    """
    return _Html().all(document.get("content", ()))


def document_text(document: Data) -> str:
    """Returns the content of a ``doc`` as plain text, for editors that accept nothing else."""
    return "\n\n".join(filter(None, (_lines(node) for node in document.get("content", ())))) + "\n"


class _Html:
    def __init__(self) -> None:
        self.uploads = 0

    def all(self, nodes: Iterable[Data]) -> str:
        return "".join(map(self.one, nodes))

    def one(self, node: Data) -> str:
        """Returns a node as HTML."""
        kind = node["type"]
        attrs = node.get("attrs", {})
        match kind:
            case "text":
                return _wrap_in_marks(node)
            case "hard_break":
                return "<br>"
            case "horizontal_rule":
                return "<hr>"
            case "captionedImage":
                return self.image(node)
            case "footnoteAnchor":
                number = attrs["number"]
                return (
                    '<a class="footnote-anchor" data-component-name="FootnoteAnchorToDOM"'
                    f' id="footnote-anchor-{number}" href="#footnote-{number}" target="_self">{number}</a>'
                )
            case "paywall":
                return PAYWALL
        return _container(kind, attrs, self.all(node.get("content", ())))

    def image(self, node: Data) -> str:
        image, *captions = node["content"]
        attrs = image["attrs"]
        src = string(attrs.get("src"))
        caption = "".join(self.all(c.get("content", ())) for c in captions)
        if is_upload(src):
            # The attributes tell the page which picture to upload here, by its number in the list.
            self.uploads += 1
            place = text(f"[Picture {self.uploads}: {picture_file_name(src)}]")
            return f"<p>{place}</p>" + (f"<p>{caption}</p>" if caption else "")
        alt = string(attrs.get("alt"))
        picture = (
            f'<img{write_attribute("src", src)} alt=""'
            if not alt
            else f"<img{write_attribute('src', src)}{write_attribute('alt', alt)}"
        )
        picture += f"{write_attribute('title', string(attrs.get('title')))}>"
        href = string(attrs.get("href"))
        if href:
            picture = f"<a{write_attribute('href', href)}>{picture}</a>"
        legend = f'<figcaption class="image-caption">{caption}</figcaption>' if caption else ""
        return f'<div class="captioned-image-container"><figure>{picture}{legend}</figure></div>'


def _wrap_in_marks(node: Data) -> str:
    result = text(node["text"])
    for mark in reversed(node.get("marks", ())):
        if mark["type"] == "link":
            result = f"<a{write_attribute('href', mark['attrs']['href'])}>{result}</a>"
        else:
            name = _MARKS[mark["type"]]
            result = f"<{name}>{result}</{name}>"
    return result


def _lines(node: Data) -> str:
    """Returns a block as lines of plain text."""
    kind, content = node["type"], node.get("content", ())
    if kind in ("bullet_list", "ordered_list"):
        lines = []
        for number, item in enumerate(content, node.get("attrs", {}).get("start", 1)):
            sign = f"{number}." if kind == "ordered_list" else "-"
            inner = "\n".join(_lines(child) for child in item["content"])
            lines.append(f"{sign} " + inner.replace("\n", "\n" + " " * (len(sign) + 1)))
        return "\n".join(lines)
    if kind == "horizontal_rule":
        return "* * *"
    if kind == "button":
        return string(node["attrs"].get("text"))
    if kind == "captionedImage":
        attrs = content[0]["attrs"]
        name = string(attrs.get("alt")) or picture_file_name(string(attrs.get("src")))
        return "\n".join(filter(None, (f"[{name}]", *map(plain_text_of, content[1:]))))
    if kind == "footnote":
        return f"[{node['attrs']['number']}] " + "\n".join(map(plain_text_of, content))
    if any("content" in child for child in content):
        return "\n".join(map(_lines, content))
    return plain_text_of(node)


def _container(kind: str, attrs: Data, inner: str) -> str:
    """Returns a node around ``inner``, its content as HTML."""
    if kind in _SIMPLE:
        return f"<{_SIMPLE[kind]}>{inner}</{_SIMPLE[kind]}>"
    match kind:
        case "heading":
            return f"<h{attrs['level']}>{inner}</h{attrs['level']}>"
        case "ordered_list":
            start = f' start="{attrs["start"]}"' if attrs["start"] != 1 else ""
            return f"<ol{start}>{inner}</ol>"
        case "highlighted_code_block":
            language = write_attribute("class", f"language-{string(attrs.get('language'))}")
            return f"<pre><code{language}>{inner}</code></pre>"
        case "preformatted_text_block":
            return (
                '<div class="preformatted-block"'
                ' data-component-name="PreformattedTextBlockToDOM">'
                f'<pre class="text">{inner}</pre></div>'
            )
        case "pullquote":
            return f'<div class="pullquote">{inner}</div>'
        case "calloutBlock":
            return f'<div class="callout-block" data-callout="true">{inner}</div>'
        case "footnote":
            number = attrs["number"]
            return (
                '<div class="footnote" data-component-name="FootnoteToDOM">'
                f'<a id="footnote-{number}" href="#footnote-anchor-{number}"'
                f' class="footnote-number" contenteditable="false" target="_self">{number}</a>'
                f'<div class="footnote-content">{inner}</div></div>'
            )
        case "button":
            return (
                f'<p class="button-wrapper"{data_attrs(attrs)}'
                ' data-component-name="ButtonCreateButton"><a class="button primary"'
                f"{write_attribute('href', string(attrs.get('url')))}>"
                f"<span>{text(string(attrs.get('text')))}</span></a></p>"
            )
    raise AssertionError(f"the profile has no {kind}")
