"""Component rows of Substack's own cards: posts, publications, notes, chats and others."""

from __future__ import annotations

import html
import re

from ..console_text import agree
from ..lazy_pattern import lazy_pattern
from ..model.blocks import Embed
from ..web.providers import Provider
from .component_element import Element
from .component_markup import ASIDE, opening, text, variant_of, write_attribute
from .component_spec import Clean, Component, ShownFields, embed_row
from .data_attrs import Data, record, string, whole_number
from .field_map import FieldMap, Key, text_or_null, write_data
from .texts import bylines_of, day, names_of


def _author_in(meta: str) -> str:
    """Finds the author at the end of ``2 years ago · 8 likes · 3 comments · Name``."""
    before, _, last = meta.rpartition("·")
    return last.strip() if before.count("·") >= 2 else ""


def _read_author(e: Element) -> dict[str, str]:
    author = names_of(e.data.get("bylines")) or _author_in(e.text("embedded-post-meta"))
    return {"author": author}


_POST: FieldMap = {
    "bylines": lambda node: bylines_of(node.author),
    "id": None,
    "url": Key("href"),
    "publication_id": None,
    "publication_name": Key("provider", words=("embedded-post-publication-name",)),
    "publication_logo_url": None,
    "title": Key("title", words=("embedded-post-title",)),
    "truncated_body_text": Key("text", words=("embedded-post-body",)),
    "date": Key("date", day),
    "like_count": 0,
    "comment_count": 0,
    "utm_campaign": None,
    "belowTheFold": False,
    "type": "newsletter",
    "language": "en",
}


def _post_data(node: Embed) -> Data:
    data = write_data(_POST, node)
    if "2020" in variant_of(node):
        # The first generation has no ``bylines`` in its data; its markup alone names the authors.
        del data["bylines"]
    return data


def _write_post(node: Embed, component: Component, address: Clean, _clean: Clean) -> str:
    data = component.data or {}
    variants = variant_of(node)
    if "empty" in variants:
        return f"{opening(component)}</div>"
    age = next((word.removeprefix(ASIDE) for word in variants if word.startswith(ASIDE)), "")
    logo = address(string(data.get("publication_logo_url")))
    picture = (
        f'<img class="embedded-post-publication-logo"{write_attribute("src", logo)}>'
        if logo
        else ""
    )
    title = f'<div class="embedded-post-title">{text(node.title)}</div>'
    more = '<span class="embedded-post-read-more">Read more</span>'
    if "2020" not in variants:
        title = f'<div class="embedded-post-title-wrapper">{title}</div>'
        more = (
            '<div class="embedded-post-cta-wrapper"><span class="embedded-post-cta">Read more</span>'
            "</div>"
        )
    likes, comments = whole_number(data.get("like_count")), whole_number(data.get("comment_count"))
    counts = (
        f"{likes} {agree(likes, 'like', 'likes')}" if likes else "",
        f"{comments} {agree(comments, 'comment', 'comments')}" if comments else "",
    )
    about = " · ".join(filter(None, (age or node.date, *counts, node.author)))
    href = address(node.href)
    if href and "?" not in href:
        href += "?utm_source=substack&utm_campaign=post_embed&utm_medium=web"
    return (
        f'{opening(component)}<a class="embedded-post" native="true"{write_attribute("href", href)}>'
        f'<div class="embedded-post-header">{picture}'
        f'<span class="embedded-post-publication-name">{text(node.provider)}</span></div>'
        f'{title}<div class="embedded-post-body">{text(node.text)}</div>{more}'
        f'<div class="embedded-post-meta">{text(about)}</div></a></div>'
    )


def _write_publication(node: Embed, data: Data) -> str:
    base = _web_address(string(data.get("base_url")) or node.href)
    link = f"{base}?utm_source=substack&utm_campaign=publication_embed&utm_medium=web"
    logo = _web_address(node.thumbnail)
    picture = (
        f'<img class="embedded-publication-logo"{write_attribute("src", logo)} width="56" height="56">'
        if logo
        else ""
    )
    author = f"By {node.author}" if node.author else ""
    subscribe = (
        '<form class="embedded-publication-subscribe" method="GET"'
        f"{write_attribute('action', f'{base}/subscribe?')}>"
        '<input type="hidden" name="source" value="publication-embed">'
        '<input type="hidden" name="autoSubmit" value="true">'
        '<input type="email" class="email-input" name="email" placeholder="Type your email...">'
        '<input type="submit" class="button primary" value="Subscribe"></form>'
    )
    shown = bool(data.get("show_subscribe")) and base != ""
    return (
        f'<div class="embedded-publication{" show-subscribe" if shown else ""}">'
        f'<a class="embedded-publication-link-part" native="true"{write_attribute("href", link)}>'
        f'{picture}<span class="embedded-publication-name">{text(node.title)}</span>'
        f'<div class="embedded-publication-hero-text">{text(node.text)}</div>'
        f'<div class="embedded-publication-author-name">{text(author)}</div></a>'
        f"{subscribe if shown else ''}</div>"
    )


def _web_address(url: str) -> str:
    """Returns ``url`` if it is an address of the web, else an empty string."""
    return url if re.match(r"https?://[^\s/]", url) else ""


def _read_sponsor(e: Element) -> dict[str, str]:
    sponsor = html.unescape(string(record(e.data.get("pub")).get("name")))
    return {"provider": sponsor or "Substack"}


def _sponsor_of(node: Embed) -> Data | None:
    return {"name": node.provider} if node.provider not in ("", "Substack") else None


_BY_AUTHOR = ShownFields(label="author", href="href", text="text")
_SUBSTACK = Provider("Substack", "note", ("substack.com",))

CARDS = (
    embed_row(
        classes=("embedded-post-wrap",),
        components=("EmbeddedPostToDOM",),
        shows="post",
        keys=_POST,
        href=lambda e: e.href("embedded-post"),
        more=_read_author,
        data=_post_data,
        covers=lambda node: node.kind == "post" and not node.thumbnail,
        variants=("empty", "2020"),
        aside=lazy_pattern(r'<div class="embedded-post-meta">([^<·/]*) · '),
        markup=_write_post,
    ),
    embed_row(
        classes=("digest-post-embed",),
        shows="post",
        keys={
            "nodeId": "",
            "caption": Key("text"),
            "cta": None,
            "showBylines": True,
            "size": "lg",
            "isEditorNode": True,
            "title": Key("title"),
            # Ghost's importer fails on a digest without publishedBylines.
            "publishedBylines": Key("author", names_of, bylines_of),
            "post_date": Key("date", day),
            "cover_image": Key("thumbnail", write=text_or_null),
            "cover_image_alt": None,
            "canonical_url": Key("href"),
            "section_name": None,
            "id": None,
            "type": "newsletter",
            "reaction_count": 0,
            "comment_count": 0,
            "publication_name": Key("provider"),
            "publication_logo_url": "",
            "belowTheFold": False,
        },
        href=lambda _: "",
        covers=lambda node: node.kind == "post",
        editor="digestPostEmbed",
    ),
    embed_row(
        classes=("embedded-publication-wrap", "embedded-publication"),
        components=("EmbeddedPublicationToDOMWithSubscribe", "EmbeddedPublicationToDOM"),
        shows="publication",
        keys={
            "base_url": Key("href", write=None),
            "url": Key("href"),
            "publication_id": None,
            "name": Key("title", words=("embedded-publication-name",)),
            "hero_text": Key("text", words=("embedded-publication-hero-text",)),
            "author_name": Key("author"),
            "show_subscribe": True,
            "language": "en",
            "logo_url": Key("thumbnail", optional=True),
        },
        covers=lambda node: node.kind == "publication",
        inner=_write_publication,
        editor="embeddedPublication",
    ),
    embed_row(
        classes=("comment",),
        components=("CommentPlaceholder",),
        provider=_SUBSTACK,
        keys={
            "url": Key("href"),
            "commentId": None,
            "comment": {
                "id": None,
                "date": Key("date", day),
                "body": Key("text"),
                "name": Key("author"),
                "user_id": None,
            },
        },
        covers=lambda node: node.kind == "note",
        shown=_BY_AUTHOR,
    ),
    embed_row(
        classes=("community-post",),
        components=("CommunityPostPlaceholder",),
        provider=_SUBSTACK,
        shows="chat",
        keys={
            "url": Key("href"),
            "postId": None,
            "communityPost": {
                "id": None,
                "publication_id": None,
                "body": Key("text"),
                "name": Key("author", optional=True),
                "created_at": Key("date", day, optional=True),
            },
        },
        covers=lambda node: node.kind == "chat" and node.text != "",
        shown=_BY_AUTHOR,
    ),
    embed_row(
        classes=("community-chat",),
        components=("CommunityChatRenderPlaceholder",),
        provider=_SUBSTACK,
        shows="chat",
        keys={"url": Key("href"), "subdomain": ""},
        covers=lambda node: node.kind == "chat",
    ),
    embed_row(
        classes=("sponsorship-campaign-embed",),
        components=("SponsorshipCampaignToDOM",),
        shows="sponsorship",
        keys={
            "id": None,
            "campaignPostId": None,
            "pub": _sponsor_of,
            "logline": Key("text", optional=True),
        },
        href=lambda _: "",
        more=_read_sponsor,
        covers=lambda node: node.kind == "sponsorship",
        shown=ShownFields(label="provider", href="href", text="text"),
    ),
)
