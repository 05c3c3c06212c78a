"""Pictures without a description, and where the links lead."""

from collections import Counter
from urllib.parse import urlsplit

import clothbound
from clothbound.model import Image, Link, walk

hosts: Counter[str] = Counter()
for post in clothbound.read("posts/"):
    for node in walk(post, Image, Link):
        if isinstance(node, Link):
            hosts[urlsplit(node.href).netloc] += 1
        elif not node.alt:
            print(f"{post.title}: {node.src} has no description")
print(hosts.most_common(3))
