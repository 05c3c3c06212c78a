"""Compares archives by their tables and by the trees that a browser builds of their posts."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import html5lib
import msgspec

from clothbound import api
from clothbound.model.collection import Collection
from clothbound.model.node import Node, Origin
from clothbound.model.post import Post
from clothbound.model.walk import rewrite

HEADER = (
    "post_id,post_date,is_published,email_sent_at,inbox_sent_at,type,audience,title,subtitle,"
    "podcast_url\n"
)


def dom(markup: str) -> list[Any]:
    """The tree of a fragment: attributes without order, ``data-attrs`` as JSON values."""
    return _nodes(html5lib.parseFragment(markup, namespaceHTMLElements=False))


def _nodes(element: Any) -> list[Any]:
    result: list[Any] = [element.text] if element.text else []
    for child in element:
        if isinstance(child.tag, str):
            result.append((child.tag, _attributes(child.attrib), _nodes(child)))
        if child.tail:
            result.append(child.tail)
    return result


def _attributes(attributes: Mapping[Any, str]) -> dict[str, Any]:
    return {str(k): _json(v) if k == "data-attrs" else v for k, v in attributes.items()}


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def without_indents(nodes: list[Any]) -> list[Any]:
    """A tree without text that is white space alone, which Substack never writes."""
    result: list[Any] = []
    for node in nodes:
        if isinstance(node, tuple):
            result.append((node[0], node[1], without_indents(node[2])))
        elif node.strip():
            result.append(node)
    return result


def written(collection: Collection) -> dict[str, bytes]:
    """The files of the archive that is made of a collection."""
    data = api.write(collection, "substack").to_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".csv", ".html")
    }


def archive_of(bodies: Mapping[str, str], table: str = "") -> bytes:
    """An export whose posts have these texts, named by ``post_id``; ``table`` is its posts.csv."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        rows = "".join(f"{name},,false,,,newsletter,everyone,,,\n" for name in bodies)
        archive.writestr("posts.csv", table or HEADER + rows)
        for name, body in bodies.items():
            archive.writestr(f"posts/{name}.html", body)
    return stream.getvalue()


def without_markup(post: Post) -> Post:
    """``post`` by way of JSON, without the markup of any node that a component is known for."""
    again = msgspec.json.decode(msgspec.json.encode(post), type=Post)

    def visit(node: Node) -> Node:
        if node.origin is None or not node.origin.markup or _is_unlisted(node):
            return node
        origin: Origin | None = msgspec.structs.replace(node.origin, markup="")
        return msgspec.structs.replace(node, origin=origin)

    return msgspec.structs.replace(
        again,
        body=rewrite(again.body, visit),
        footnotes=tuple(rewrite(note, visit) for note in again.footnotes),
    )


def _is_unlisted(node: Node) -> bool:
    return any(name in ("attrs", "component-name") for name, _ in node.attributes)


def with_edges_out(nodes: list[Any]) -> list[Any]:
    """Moves blanks at the edges of marks out of them, and joins the texts."""
    result: list[Any] = []
    for node in nodes:
        parts = [node]
        if not isinstance(node, str) and node[0] in ("strong", "em", "s", "sub", "sup"):
            inner = with_edges_out(node[2])
            before = after = ""
            if inner and isinstance(inner[0], str):
                before = inner[0][: len(inner[0]) - len(inner[0].lstrip())]
                inner[0] = inner[0].lstrip()
            if inner and isinstance(inner[-1], str):
                after = inner[-1][len(inner[-1].rstrip()) :]
                inner[-1] = inner[-1].rstrip()
            inner = [child for child in inner if child != ""]
            parts = [before, *([(node[0], node[1], inner)] if inner else []), after]
        for part in parts:
            if isinstance(part, str) and result and isinstance(result[-1], str):
                result[-1] += part
            elif part != "":
                result.append(part)
    return result
