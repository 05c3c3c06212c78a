"""A minimal renderer, to compare trees of the Markdown reader with HTML of the spec.

It writes what CommonMark's spec writes, knows only the nodes that the spec has, and raises at any
other. It stands apart from the package's own renderer, which does more than the spec asks for.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

import html5lib

from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.node import Node


def render(nodes: Iterable[Node], tight: bool = False) -> str:
    return "".join(_render(node, tight) for node in nodes)


def _render(node: Node, tight: bool) -> str:
    match node:
        case i.Text(text):
            return escape(text)
        case i.Emphasis(children):
            return f"<em>{render(children)}</em>"
        case i.Strong(children):
            return f"<strong>{render(children)}</strong>"
        case i.Strikethrough(children):
            return f"<del>{render(children)}</del>"
        case i.Code(text):
            return f"<code>{escape(text)}</code>"
        case i.LineBreak():
            return "<br>"
        case i.Link(children, href, title):
            return f'<a href="{escape(href)}"{_title(title)}>{render(children)}</a>'
        case i.Image(src, alt, title):
            return f'<img src="{escape(src)}" alt="{escape(alt)}"{_title(title)}>'
        case i.RawInline("html", text) | b.RawBlock("html", text):
            return text
        case b.Paragraph(children):
            return render(children) + "\n" if tight else f"<p>{render(children)}</p>"
        case b.Figure(image, _, href):
            inner = _render(image, False)
            inner = f'<a href="{escape(href)}">{inner}</a>' if href else inner
            return inner if tight else f"<p>{inner}</p>"
        case b.Heading(children, level):
            return f"<h{level}>{render(children)}</h{level}>"
        case b.Quote(children):
            return f"<blockquote>{render(children)}</blockquote>"
        case b.ThematicBreak():
            return "<hr>"
        case b.CodeBlock(text, language):
            name = f' class="language-{escape(language)}"' if language else ""
            text = text + "\n" if text else ""
            return f"<pre><code{name}>{escape(text)}</code></pre>"
        case b.List(items, ordered, start, is_tight):
            tag = "ol" if ordered else "ul"
            number = f' start="{start}"' if ordered and start != 1 else ""
            inner = "".join(f"<li>{_task(n)}{render(n.children, is_tight)}</li>" for n in items)
            return f"<{tag}{number}>{inner}</{tag}>"
        case b.Table(head, rows, alignments):
            return _table(head, rows, alignments)
    raise AssertionError(f"the spec has no {type(node).__name__}")


def _task(item: b.ListItem) -> str:
    if item.checked is None:
        return ""
    return f'<input {"checked" if item.checked else ""} disabled type="checkbox"> '


def _table(head: Any, rows: Any, alignments: Any) -> str:
    def row(cells: Any, tag: str) -> str:
        result = []
        for number, cell in enumerate(cells):
            align = alignments[number] if alignments else ""
            mark = f' align="{align}"' if align else ""
            result.append(f"<{tag}{mark}>{render(cell.children)}</{tag}>")
        return f"<tr>{''.join(result)}</tr>"

    top = "".join(row(cells, "th") for cells in head)
    body = "".join(row(cells, "td") for cells in rows)
    body = f"<tbody>{body}</tbody>" if body else ""
    return f"<table><thead>{top}</thead>{body}</table>"


def _title(title: str) -> str:
    return f' title="{escape(title)}"' if title else ""


_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "br",
        "code",
        "del",
        "em",
        "i",
        "img",
        "input",
        "kbd",
        "s",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "u",
    ]
)


def tree(html: str) -> Any:
    """Returns the tree of an HTML fragment without white space that browsers do not show."""
    return _simplify(
        html5lib.parseFragment(html.strip(), treebuilder="etree", namespaceHTMLElements=False)
    )


def _simplify(element: Any, is_pre: bool = False) -> Any:
    name = element.tag
    is_pre = is_pre or name in ("pre", "textarea", "script", "style")
    children: list[Any] = []

    def add(text: str | None) -> None:
        if text:
            if children and isinstance(children[-1], str):
                children[-1] += text
            else:
                children.append(text)

    add(element.text)
    for child in element:
        if isinstance(child.tag, str):
            children.append(_simplify(child, is_pre))
        add(child.tail)
    if not is_pre:
        children = [
            c if isinstance(c, tuple) else " ".join(f".{c}.".split())[1:-1] for c in children
        ]
        children = [
            _strip(c, position, children) if isinstance(c, str) else c
            for position, c in enumerate(children)
        ]
    elif name == "code" and children and isinstance(children[-1], str):
        children[-1] = children[-1].removesuffix("\n")
    children = [c for c in children if c != ""]
    return (str(name), tuple(sorted(element.attrib.items())), tuple(children))


def _strip(text: str, position: int, siblings: list[Any]) -> str:
    def is_block(index: int) -> bool:
        if not 0 <= index < len(siblings):
            return True
        other = siblings[index]
        return isinstance(other, tuple) and (other[0] not in _INLINE or other[0] == "br")

    if is_block(position - 1):
        text = text.lstrip(" \n")
    if is_block(position + 1):
        text = text.rstrip(" \n")
    return text
