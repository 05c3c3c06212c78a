"""Finds third-party content in posts, for which the author of a book may need permission."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from ..model.blocks import Embed, Media
from ..model.inlines import Image
from ..model.post import Post
from ..model.walk import walk
from ..substack import cdn
from ..web.addresses import hostname_of, is_remote


class ThirdPartyContent(msgspec.Struct, frozen=True):
    """A work of another author that a post shows or plays."""

    kind: str
    who: str
    """The author, title or host, as far as the post names one."""
    href: str


def third_party_content(post: Post, sites: Sequence[str]) -> Iterator[ThirdPartyContent]:
    for node in walk(post):
        if isinstance(node, Embed):
            yield ThirdPartyContent(
                node.kind, node.author or node.title or node.provider, node.href
            )
        elif isinstance(node, Media):
            yield ThirdPartyContent(node.kind, "", node.src)
        elif isinstance(node, Image) and is_remote(node.src):
            original = cdn.unwrap(node.src).original
            host = hostname_of(original)
            own = any(host == site or host.endswith(f".{site}") for site in sites)
            if not own and not cdn.is_stored(original):
                yield ThirdPartyContent("picture", host, original)
