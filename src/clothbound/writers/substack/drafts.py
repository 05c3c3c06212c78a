"""Makes the document of Substack's editor for a post, with its losses, for drafts and pasted
pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, TypeAlias

from ...context import Context
from ...diagnostics import DiagnosticCode, Outcome
from ...escape import safe_href
from ...fields import Field
from ...html.read.raw_html import resolve_raw
from ...html.write.web_addresses import Web
from ...model.node import Node
from ...model.plain_text import plain_text
from ...model.post import Footnote, Post
from ...model.walk import lines_of_addresses, with_blocks
from ...post_pictures import leave_addresses
from ...substack.data_attrs import Data
from ...substack.editor_document import EditorHooks, editor_document
from ...substack.editor_profiles import Profile
from ...substack.pictures import restore_addresses
from ...web.addresses import is_data

PublicationSite: TypeAlias = Annotated[
    str, Field(help="The publication's address; if empty, it is inferred from the posts' links.")
]
ImageBaseUrl: TypeAlias = Annotated[
    str,
    Field(
        help="The web address of the posts' own pictures; without it, they must be "
        "uploaded by hand."
    ),
]
SUBTITLE = 256
"""The longest subtitle in characters; the drafts API is said to answer longer ones with an
error."""


def without_raw(post: Post) -> Post:
    """Replaces raw HTML by nodes, since the editor has no raw HTML."""
    source = post.metadata.source
    return with_blocks(post, lambda blocks: resolve_raw(blocks, source=source).blocks)


def document_of(
    post: Post,
    profile: Profile,
    web: Web,
    context: Context,
    *,
    on_loss: Callable[[str, str], None] = lambda _, __: None,
    missing: str = "",
) -> Data:
    """Returns the document of a post.

    ``on_loss`` is called for each loss, in addition to the report, with the message and the words
    concerned. ``missing`` tells why the post's own pictures are not available to the editor; empty
    if they are.
    """

    def report(outcome: Outcome, node: Node | Footnote, message: str) -> None:
        context.account(outcome, post, node, message)
        on_loss(message, " ".join(plain_text(node).split()))

    @cache
    def lines() -> Mapping[str, int]:
        return lines_of_addresses(post)

    def address(href: str) -> str:
        if not href:
            return ""
        safe = safe_href(href)
        url = web.link(post, safe) if safe else None
        if not url or url.startswith("#"):
            context.warn(
                DiagnosticCode.LINK_UNRESOLVED,
                f"a link to {href[:120]!r} leads nowhere from Substack; its text is kept",
                post,
                lines().get(href, 0),
            )
            on_loss("a link that leads nowhere from Substack became text", href[:120])
            return ""
        return url

    def picture(src: str) -> str:
        return web.picture(post, src) or ("" if is_data(src) else src)

    hooks = EditorHooks(report=report, address=address, picture=picture)
    if len(post.metadata.subtitle) > SUBTITLE:
        message = f"the subtitle has more than {SUBTITLE} characters, which Substack may refuse"
        context.warn(DiagnosticCode.HEADER_VALUE, message, post)
    post = without_raw(restore_addresses(post))
    leave_addresses(post, context, missing)
    return editor_document(post, profile, hooks)
