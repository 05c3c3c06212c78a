"""Links that a newsletter service counts lose what it counts them by."""

from urllib.parse import urlsplit, urlunsplit

import clothbound
from clothbound.model import Link, Node, rewrite


def without_query(node: Node) -> Node:
    if isinstance(node, Link):
        parts = urlsplit(node.target)
        return node.replace(target=urlunsplit(parts._replace(query="")))
    return node


post = clothbound.read("A [ferry](https://ferry.example/times?utm_source=letter).", "markdown")[0]
print(clothbound.write(rewrite(post, without_query), "markdown").to_text())
