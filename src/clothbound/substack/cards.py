"""Substack's own in a post: other posts, publications, notes, chats."""

from __future__ import annotations

import html

from ..lazy_pattern import lazy_pattern
from ..model.blocks import Embed
from .component_element import Element
from .component_spec import Places, Row
from .data_attrs import Data, record, string
from .texts import bylines_of, day, names_of


def _read_post(e: Element) -> Embed:
    data = e.data
    return Embed(
        "post",
        href=string(data.get("url")) or e.href("embedded-post"),
        provider=string(data.get("publication_name")) or e.text("embedded-post-publication-name"),
        title=string(data.get("title")) or e.text("embedded-post-title"),
        text=string(data.get("truncated_body_text")) or e.text("embedded-post-body"),
        author=names_of(data.get("bylines")) or _author_in(e.text("embedded-post-meta")),
        date=day(string(data.get("date"))),
    )


def _author_in(meta: str) -> str:
    """The author at the end of ``2 years ago · 8 likes · 3 comments · Name``, where data lack it."""
    before, _, last = meta.rpartition("·")
    return last.strip() if before.count("·") >= 2 else ""


def _post_data(node: Embed) -> Data:
    origin = node.origin
    # The first generation named its authors in the markup alone.
    old = origin is not None and "2020" in origin.generation.split("/")
    bylines = {} if old else {"bylines": bylines_of(node.author)}
    return bylines | {
        "id": None,
        "url": node.href,
        "publication_id": None,
        "publication_name": node.provider,
        "publication_logo_url": None,
        "title": node.title,
        "truncated_body_text": node.text,
        "date": node.date,
        "like_count": 0,
        "comment_count": 0,
        "utm_campaign": None,
        "belowTheFold": False,
        "type": "newsletter",
        "language": "en",
    }


def _read_digest(e: Element) -> Embed:
    data = e.data
    return Embed(
        "post",
        href=string(data.get("canonical_url")),
        provider=string(data.get("publication_name")),
        title=string(data.get("title")),
        text=string(data.get("caption")),
        author=names_of(data.get("publishedBylines")),
        date=day(string(data.get("post_date"))),
        thumbnail=string(data.get("cover_image")),
    )


def _digest_data(node: Embed) -> Data:
    # Ghost's importer stops at a digest without publishedBylines.
    return {
        "nodeId": "",
        "caption": node.text,
        "cta": None,
        "showBylines": True,
        "size": "lg",
        "isEditorNode": True,
        "title": node.title,
        "publishedBylines": bylines_of(node.author),
        "post_date": node.date,
        "cover_image": node.thumbnail or None,
        "cover_image_alt": None,
        "canonical_url": node.href,
        "section_name": None,
        "id": None,
        "type": "newsletter",
        "reaction_count": 0,
        "comment_count": 0,
        "publication_name": node.provider,
        "publication_logo_url": "",
        "belowTheFold": False,
    }


def _read_publication(e: Element) -> Embed:
    data = e.data
    return Embed(
        "publication",
        href=string(data.get("url")) or string(data.get("base_url")) or e.href(),
        title=string(data.get("name")) or e.text("embedded-publication-name"),
        text=string(data.get("hero_text")) or e.text("embedded-publication-hero-text"),
        author=string(data.get("author_name")),
        thumbnail=string(data.get("logo_url")),
    )


def _publication_data(node: Embed) -> Data:
    data: Data = {
        "url": node.href,
        "publication_id": None,
        "name": node.title,
        "hero_text": node.text,
        "author_name": node.author,
        "show_subscribe": True,
        "language": "en",
    }
    return data | {"logo_url": node.thumbnail} if node.thumbnail else data


def _read_comment(e: Element) -> Embed:
    comment = record(e.data.get("comment"))
    return Embed(
        "note",
        href=string(e.data.get("url")) or e.href(),
        provider="Substack",
        text=string(comment.get("body")),
        author=string(comment.get("name")),
        date=day(string(comment.get("date"))),
    )


def _comment_data(node: Embed) -> Data:
    return {
        "url": node.href,
        "commentId": None,
        "comment": {
            "id": None,
            "date": node.date,
            "body": node.text,
            "name": node.author,
            "user_id": None,
        },
    }


def _read_community_post(e: Element) -> Embed:
    post = record(e.data.get("communityPost"))
    return Embed(
        "chat",
        href=string(e.data.get("url")) or e.href(),
        provider="Substack",
        text=string(post.get("body")),
        author=string(post.get("name")),
        date=day(string(post.get("created_at"))),
    )


def _community_post_data(node: Embed) -> Data:
    post: Data = {"id": None, "publication_id": None, "body": node.text}
    if node.author:
        post["name"] = node.author
    if node.date:
        post["created_at"] = node.date
    return {"url": node.href, "postId": None, "communityPost": post}


def _read_chat(e: Element) -> Embed:
    return Embed("chat", href=string(e.data.get("url")) or e.href(), provider="Substack")


def _chat_data(node: Embed) -> Data:
    return {"url": node.href, "subdomain": ""}


def _read_sponsorship(e: Element) -> Embed:
    sponsor = html.unescape(string(record(e.data.get("pub")).get("name")))
    return Embed("sponsorship", provider=sponsor or "Substack", text=string(e.data.get("logline")))


def _sponsorship_data(node: Embed) -> Data:
    pub = {"name": node.provider} if node.provider not in ("", "Substack") else None
    data: Data = {"id": None, "campaignPostId": None, "pub": pub}
    return data | {"logline": node.text} if node.text else data


_BY_AUTHOR = Places(label="author", href="href", text="text")

CARDS = (
    Row(
        classes=("embedded-post-wrap",),
        components=("EmbeddedPostToDOM",),
        kind=Embed,
        read=_read_post,
        data=_post_data,
        covers=lambda node: node.kind == "post" and not node.thumbnail,
        variants=("empty", "2020"),
        aside=lazy_pattern(r'<div class="embedded-post-meta">([^<·/]*) · '),
    ),
    Row(
        classes=("digest-post-embed",),
        kind=Embed,
        read=_read_digest,
        data=_digest_data,
        covers=lambda node: node.kind == "post",
    ),
    Row(
        classes=("embedded-publication-wrap", "embedded-publication"),
        components=(
            "EmbeddedPublicationToDOMWithSubscribe",
            "EmbeddedPublicationToDOM",
        ),
        kind=Embed,
        read=_read_publication,
        data=_publication_data,
        covers=lambda node: node.kind == "publication",
    ),
    Row(
        classes=("comment",),
        components=("CommentPlaceholder",),
        kind=Embed,
        read=_read_comment,
        data=_comment_data,
        covers=lambda node: node.kind == "note",
        shown=_BY_AUTHOR,
    ),
    Row(
        classes=("community-post",),
        components=("CommunityPostPlaceholder",),
        kind=Embed,
        read=_read_community_post,
        data=_community_post_data,
        covers=lambda node: node.kind == "chat" and node.text != "",
        shown=_BY_AUTHOR,
    ),
    Row(
        classes=("community-chat",),
        components=("CommunityChatRenderPlaceholder",),
        kind=Embed,
        read=_read_chat,
        data=_chat_data,
        covers=lambda node: node.kind == "chat",
    ),
    Row(
        classes=("sponsorship-campaign-embed",),
        components=("SponsorshipCampaignToDOM",),
        kind=Embed,
        read=_read_sponsorship,
        data=_sponsorship_data,
        covers=lambda node: node.kind == "sponsorship",
        shown=Places(label="provider", href="href", text="text"),
    ),
)
