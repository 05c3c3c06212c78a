"""Resolves links between posts of one book."""

from __future__ import annotations

import functools
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING
from urllib.parse import unquote

import msgspec

from ..context import Context
from ..diagnostics import DiagnosticCode, PostLink
from ..late_names import late_module
from ..lazy_pattern import lazy_pattern
from ..model.addresses import is_on_web, is_relative
from ..model.blocks import LINKING, Button, Embed, Figure, Poll, Recipe
from ..model.book_links import book_address, claims_book_scheme
from ..model.index import anchors_of
from ..model.inlines import Image, Link, Mention
from ..model.links import WIKILINK, leads_to_start, repair_address
from ..model.node import Node
from ..model.post import Post
from ..model.post_names import is_post_file
from ..model.slugs import ascii_slug
from ..web.addresses import resolve_url

if TYPE_CHECKING:
    from ..substack import cdn
else:
    # What few posts need.
    cdn = late_module("clothbound.substack.cdn")


_DIGITS = lazy_pattern("[0-9]+")


def resolve_links(post: Post, context: Context) -> Post:
    """Resolves the links of ``post``: those to posts of the book become ``clothbound:KEY#anchor``.

    A relative link to another post becomes absolute if that post's address is known; any other
    becomes absolute if the address of ``post`` is. A link that leads nowhere is reported and
    removed, since EPUB refuses it; so is a fragment that its target lacks. Links to posts of the
    publication that the book does not hold are accounted for.
    """
    return _resolve_all(post, context, _drop)


def resolve_links_of_page(post: Post, context: Context) -> Post:
    """Resolves links like ``resolve_links``, but keeps relative links that lead nowhere, since the
    page may be put where they work.
    """
    return _resolve_all(post, context, _keep)


def _drop(_: str) -> str:
    return ""


def _keep(href: str) -> str:
    return href


def _resolve_all(post: Post, context: Context, nowhere: Callable[[str], str]) -> Post:
    """Resolves the links of a post. ``nowhere`` converts relative addresses that lead nowhere."""
    own = functools.cache(lambda: frozenset(anchors_of(post)))

    def visit(node: Node) -> Node:
        assert isinstance(node, (Link, Mention, Figure, Embed, Button, Poll, Recipe))
        if not node.href:
            return node
        if (picture := _picture_address(node)) and cdn.unwrap(node.href).original == cdn.unwrap(
            picture
        ).original:
            # On the web page, the link enlarges the picture, so it has the picture's own address.
            return msgspec.structs.replace(node, href="")
        if WIKILINK in node.classes:
            href = _resolve_name(node.href, post, node, own, context)
        else:
            found = _resolve(node.href, post, node, own, context)
            href = nowhere(node.href) if found is None else found
        return node if href == node.href else msgspec.structs.replace(node, href=href)

    return context.rewrite(post, visit, LINKING)


def _picture_address(node: Node) -> str:
    """Returns the address of the picture that fills a link; empty if the link contains anything
    else.
    """
    match node:
        case Figure(image):
            return image.src
        case Link((Image(src),)):
            return src
    return ""


def _resolve(
    href: str, post: Post, node: Node, own: Callable[[], AbstractSet[str]], context: Context
) -> str | None:
    """Returns the address in the book or on the network; None for a relative address that leads
    nowhere, and an empty string for one that must not be written.
    """
    if claims_book_scheme(href):
        context.warn(
            DiagnosticCode.LINK_UNRESOLVED,
            f"a link has a scheme that is not allowed: {href[:80]!r}",
            post,
            node.line,
        )
        return ""
    written, href = href, repair_address(href)
    if href.startswith("#"):
        anchor = _find_anchor(href[1:], own()) or _find_anchor(unquote(href[1:]), own())
        if anchor:
            return book_address(post.metadata.key, anchor)
        if leads_to_start(href[1:]):
            return book_address(post.metadata.key)
        context.warn(
            DiagnosticCode.LINK_UNRESOLVED,
            f"link to {href[:80]!r}, which is not in the post",
            post,
            node.line,
        )
        return None
    found = context.index.resolve(href, post.metadata.source)
    if found is not None:
        return _link_inside(written, *found, post, node, own, context)
    address = _find_address(href, post, node, context)
    left_out = context.index.whole.resolve(href, post.metadata.source)
    if left_out is not None or context.index.is_post_of_site(href):
        _report_left_out(
            written, left_out[0] if left_out else "", address or "", post, node, context
        )
    return address


def _resolve_name(
    name: str, post: Post, node: Node, own: Callable[[], AbstractSet[str]], context: Context
) -> str:
    """Returns the target of a wikilink, which gives a post's title, slug, alias or file, and
    perhaps a heading.
    """
    source = post.metadata.source
    if name.startswith("#"):
        return _link_inside(
            name, post.metadata.key, name[1:], post, node, own, context, own_part=True
        )
    found = context.index.resolve_name(name, source)
    if found is not None:
        return _link_inside(name, *found, post, node, own, context)
    left_out = context.index.whole.resolve_name(name, source)
    if left_out is None:
        message = f"wikilink [[{name[:120]}]], which names no post of this collection"
        context.warn(DiagnosticCode.LINK_UNRESOLVED, message, post, node.line)
        return ""
    address = context.index.address_of(left_out[0])
    if not address:
        message = f"wikilink [[{name[:120]}]] to {_LEFT_OUT}"
        context.warn(DiagnosticCode.LINK_UNRESOLVED, message, post, node.line, setting="sites")
    _report_left_out(name, left_out[0], address, post, node, context)
    return address


def _link_inside(
    written: str,
    key: str,
    fragment: str,
    post: Post,
    node: Node,
    own: Callable[[], AbstractSet[str]],
    context: Context,
    *,
    own_part: bool = False,
) -> str:
    """Returns the address of a target in the book.

    ``own_part`` means that the link names no post, only a part of this one.
    """
    here = key == post.metadata.key
    anchor = fragment and _find_anchor(fragment, own() if here else context.index.anchors(key))
    if not (anchor or leads_to_start(fragment)):
        message = (
            f"link to {written[:120]!r}: its target has no {'#' + fragment!r}; it leads to the post"
        )
        context.warn(DiagnosticCode.LINK_UNRESOLVED, message, post, node.line)
    account = context.report.accounts.get(post.metadata.key)
    if account is not None and not own_part:
        account.links_inside.append(PostLink(written, node.line, key))
    return book_address(key, anchor)


def _report_left_out(
    written: str, key: str, address: str, post: Post, node: Node, context: Context
) -> None:
    account = context.report.accounts.get(post.metadata.key)
    if account is not None:
        account.links_left_out.append(PostLink(written, node.line, key, address))


def _find_address(href: str, post: Post, node: Node, context: Context) -> str | None:
    """Returns the absolute address of a target outside the book; None, with a diagnostic, if it is
    unknown.
    """
    source = post.metadata.source
    index = context.index
    found = index.whole.resolve(href, source)
    if not is_relative(href):
        return f"https:{href}" if href.startswith("//") else href
    # The post was read, but is not in this book.
    if found and (address := index.address_of(*found)):
        return address
    # The file of a post that was not read has no such address.
    is_file = is_post_file(href.partition("#")[0])
    if href.startswith("/") and index.sites and not is_file:
        return f"https://{index.sites[0]}{href}"
    absolute = "" if is_file else _on_the_network(href, post.metadata.canonical_url)
    if absolute:
        return absolute
    what = "is not a post of this collection"
    if found:
        what = f"is {_LEFT_OUT}"
    elif index.is_post_of_site(href):
        what = f"is a post that was not read, {_UNKNOWN_ADDRESS}"
    elif alike := index.find_namesakes(href, source):
        what = f"may mean any of {len(alike)} posts of that name: {', '.join(alike[:_LISTED])}"
        what += ", ..." if len(alike) > _LISTED else ""
    setting = "sites" if _UNKNOWN_ADDRESS in what else ""
    message = f"link to {href[:120]!r}, which {what}"
    context.warn(DiagnosticCode.LINK_UNRESOLVED, message, post, node.line, setting=setting)
    return None


_LISTED = 3
_UNKNOWN_ADDRESS = "whose address is not known"
_LEFT_OUT = f"a post left out, {_UNKNOWN_ADDRESS}"


def _find_anchor(fragment: str, anchors: AbstractSet[str]) -> str:
    """Returns the id that a fragment names; empty if no node has it."""
    if fragment in anchors:
        return fragment
    # Substack's anchors of headings consist of a section sign and the words.
    words = fragment.removeprefix("\u00a7")
    if words in anchors:
        return words
    # Sites derive ids of headings in different ways, but from the same words. Substack's have no
    # digits, and "and" for "&".
    for reduced in (ascii_slug, _letters):
        wanted = reduced(words)
        alike = [anchor for anchor in anchors if wanted and reduced(anchor) == wanted]
        if len(alike) == 1:
            return alike[0]
    return ""


def _letters(text: str) -> str:
    parts = (_DIGITS.sub("", part) for part in ascii_slug(text).split("-"))
    return "-".join(part for part in parts if part not in ("", "and"))


def _on_the_network(href: str, address: str) -> str:
    """Resolves a relative ``href`` against the post's own address; empty if that is unknown."""
    if not href or not is_on_web(address):
        return ""
    return resolve_url(address, href) or ""
