"""Links that a newsletter service counts lose what it counts them by."""

from io import StringIO
from urllib.parse import urlsplit, urlunsplit

import clothbound
from clothbound.model import Link, Node, replace, rewrite


def without_query(node: Node) -> Node:
    if isinstance(node, Link):
        parts = urlsplit(node.href)
        return replace(node, href=urlunsplit(parts._replace(query="")))
    return node


text = "A [ferry](https://ferry.example/times?utm_source=letter)."
post = clothbound.read(StringIO(text), "markdown")[0]
print(clothbound.write(rewrite(post, without_query), "markdown").to_text())
