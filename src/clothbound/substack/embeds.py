"""Embeds: things of other places, and Substack's own posts, notes and publications in a post."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urlsplit

from ..model.blocks import Embed
from ..model.walk import walk
from .data_attrs import Data, record, records, string
from .element import Element, attribute
from .row import Row

_TAG = re.compile(r"<(?:br\s*/?|/p|/div|/li|/tr)>", re.I)
_ANY_TAG = re.compile(r"<[^<>]*>")
_DAY = re.compile(r"^\d{4}-\d\d-\d\dT")
_TWITTER_DATE = re.compile(r"^\w{3} (\w{3}) (\d\d) (\d\d):(\d\d):\d\d \+0000 (\d{4})$")


def strip_tags(markup: str) -> str:
    """The text of a fragment of HTML that stands in JSON."""
    text = _ANY_TAG.sub("", _TAG.sub("\n", markup)) if "<" in markup else markup
    return html.unescape(text).strip() if "&" in text else text.strip()


def day(date: str) -> str:
    """The day of an ISO time stamp; any other text is kept."""
    return date[:10] if _DAY.match(date) else date


def tweet_date(date: str) -> str:
    """Twitter's own date as the card shows it: ``2:38 AM ∙ Jul 16, 2020``."""
    match = _TWITTER_DATE.match(date)
    if match is None:
        return day(date)
    month, day_of_month, hour, minute, year = match.groups()
    half = "AM" if int(hour) < 12 else "PM"
    return f"{int(hour) % 12 or 12}:{minute} {half} ∙ {month} {int(day_of_month)}, {year}"


def _names(bylines: object) -> str:
    return ", ".join(filter(None, (string(byline.get("name")) for byline in records(bylines))))


def _bylines(author: str) -> list[Data]:
    return [{"name": name} for name in author.split(", ")] if author else []


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


# --- tweets -------------------------------------------------------------------------------------


def _author(name: str, handle: str) -> str:
    name, handle = name.strip(), handle.strip().lstrip("@")
    if not handle:
        return name
    return f"{name} (@{handle})" if name else f"@{handle}"


def _split_author(author: str) -> tuple[str, str]:
    match = re.fullmatch(r"(?:(.*) \(@([^()@\s]+)\))|@([^()@\s]+)", author)
    if match is None:
        return author, ""
    return match[1] or "", match[2] or match[3]


def _read_tweet(e: Element) -> Embed:
    data = e.data
    quoted, card = record(data.get("quoted_tweet")), record(data.get("expanded_url"))
    photos = records(data.get("photos"))
    if data:
        quote = _paragraphs(
            _author(string(quoted.get("name")), string(quoted.get("username"))),
            strip_tags(string(quoted.get("full_text"))),
        )
        words = _paragraphs(
            strip_tags(string(data.get("full_text"))),
            quote.replace("\n\n", ": ", 1),
            "\n".join(
                strip_tags(text)
                for key in ("title", "description", "domain", "displayUrl", "display_url")
                if (text := string(card.get(key)))
            ),
        )
        author = _author(string(data.get("name")), string(data.get("username")))
        date = tweet_date(string(data.get("date")))
    else:
        words = _paragraphs(
            e.text("tweet-text"), e.text("quote-tweet"), e.text("expanded-link-bottom")
        )
        author = _author(e.text("tweet-author-name"), e.text("tweet-author-handle"))
        date = e.text("tweet-date")
    pictures = [string(photo.get("img_url")) for photo in photos] + [string(card.get("image"))]
    return Embed(
        "tweet",
        href=string(data.get("url")) or e.href("tweet-link-top", "tweet-link-bottom"),
        provider="Twitter",
        text=words,
        author=author,
        date=date,
        thumbnail=next(filter(None, pictures), ""),
    )


def _tweet_data(node: Embed) -> Data:
    name, handle = _split_author(node.author)
    photos = [{"img_url": node.thumbnail, "link_url": "", "alt_text": None}]
    return {
        "url": node.href,
        "full_text": html.escape(node.text, quote=False),
        "username": handle,
        "name": name,
        "profile_image_url": "",
        "date": node.date,
        "photos": photos if node.thumbnail else [],
        "quoted_tweet": {},
        "reply_count": 0,
        "retweet_count": 0,
        "like_count": 0,
        "impression_count": 0,
        "expanded_url": {},
        "video_url": None,
        "belowTheFold": False,
    }


def _read_bluesky(e: Element) -> Embed:
    data = e.data
    pictures = data.get("imageUrls")
    uri = string(data.get("uri"))
    match = re.fullmatch(r"at://([^/]+)/app\.bsky\.feed\.post/([^/]+)", uri)
    return Embed(
        "note",
        href=f"https://bsky.app/profile/{match[1]}/post/{match[2]}" if match else uri,
        provider="Bluesky",
        text=string(data.get("text")),
        author=_author(string(data.get("authorName")), string(data.get("authorHandle"))),
        date=day(string(data.get("createdAt"))),
        thumbnail=string(pictures[0]) if isinstance(pictures, list) and pictures else "",
    )


def _bluesky_data(node: Embed) -> Data:
    name, handle = _split_author(node.author)
    match = re.fullmatch(r"https://bsky\.app/profile/([^/]+)/post/([^/]+)", node.href)
    return {
        "authorName": name,
        "authorHandle": handle,
        "authorAvatarUrl": "",
        "text": node.text,
        "createdAt": node.date,
        "uri": f"at://{match[1]}/app.bsky.feed.post/{match[2]}" if match else node.href,
        "imageUrls": [node.thumbnail] if node.thumbnail else [],
    }


# --- players ------------------------------------------------------------------------------------


def _read_youtube(e: Element) -> Embed | None:
    video = string(e.data.get("videoId"))
    start = string(e.data.get("startTime"))
    if not video:
        found = re.search(r"(?:embed/|[?&]v=|youtu\.be/)([\w-]{5,})", e.href() or _frame(e))
        video = found[1] if found else ""
    if not video:
        return None
    time = f"&t={start}" if start else ""
    return Embed("video", href=f"https://www.youtube.com/watch?v={video}{time}", provider="YouTube")


def youtube_video(node: Embed) -> tuple[str, str]:
    """The id and the start time in a link to YouTube; empty if it is no such link."""
    try:
        parts = urlsplit(node.href)
        query = parse_qs(parts.query)
    except ValueError:
        return "", ""
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    if host == "youtu.be":
        video = parts.path.strip("/")
    elif host in ("youtube.com", "youtube-nocookie.com"):
        video = query.get("v", [""])[0] or parts.path.rpartition("/")[2]
    else:
        return "", ""
    return video, query.get("t", query.get("start", [""]))[0]


def _youtube_data(node: Embed) -> Data:
    video, start = youtube_video(node)
    return {"videoId": video, "startTime": start or None, "endTime": None}


def vimeo_video(node: Embed) -> tuple[str, str]:
    """The id and the key in a link to Vimeo; empty if it is no such link."""
    match = re.match(
        r"https?://(?:www\.|player\.)?vimeo\.com/(?:video/)?(\d+)(?:/(\w+))?", node.href
    )
    return (match[1], match[2] or "") if match else ("", "")


def _read_vimeo(e: Element) -> Embed | None:
    video, key = string(e.data.get("videoId")), string(e.data.get("videoKey"))
    if not video:
        video = vimeo_video(Embed("video", href=e.href() or _frame(e)))[0]
    if not video:
        return None
    href = f"https://vimeo.com/{video}" + (f"/{key}" if key else "")
    return Embed("video", href=href, provider="Vimeo")


def _vimeo_data(node: Embed) -> Data:
    video, key = vimeo_video(node)
    return {"videoId": video, "videoKey": key, "belowTheFold": False}


def _frame(e: Element) -> str:
    """The address of the frame in which a player stood."""
    if e.attribute("element") == "iframe":
        return e.attribute("src")
    for node in walk(getattr(e.node, "children", ())):
        if attribute(node, "element") == "iframe":
            return attribute(node, "src")
    return ""


def _read_spotify(e: Element) -> Embed:
    data = e.data
    return Embed(
        "audio",
        href=string(data.get("url")) or e.href() or _frame(e),
        provider="Spotify",
        title=string(data.get("title")),
        author=string(data.get("subtitle")),
        text=string(data.get("description")),
        thumbnail=string(data.get("image")),
    )


def _spotify_data(node: Embed) -> Data:
    return {
        "image": node.thumbnail,
        "title": node.title,
        "subtitle": node.author,
        "description": node.text,
        "url": node.href,
        "belowTheFold": False,
        "noScroll": False,
    }


def _read_soundcloud(e: Element) -> Embed:
    data = e.data
    return Embed(
        "audio",
        href=string(data.get("targetUrl")) or string(data.get("url")) or e.href() or _frame(e),
        provider="SoundCloud",
        title=html.unescape(string(data.get("title"))),
        author=string(data.get("author_name")),
        text=string(data.get("description")),
        thumbnail=string(data.get("thumbnail_url")),
    )


def _soundcloud_data(node: Embed) -> Data:
    return {
        "url": node.href,
        "title": node.title,
        "description": node.text,
        "thumbnail_url": node.thumbnail,
        "author_name": node.author,
        "author_url": "",
        "targetUrl": "",
    }


def _read_apple(e: Element) -> Embed:
    data = e.data
    by = (string(data.get("podcastTitle")), string(data.get("podcastByline")))
    return Embed(
        "audio",
        href=string(data.get("targetUrl")) or string(data.get("url")) or e.href() or _frame(e),
        provider="Apple Podcasts",
        title=string(data.get("title")),
        author=", ".join(filter(None, by)),
        date=day(string(data.get("releaseDate"))),
        thumbnail=string(data.get("imageUrl")),
    )


def _apple_data(node: Embed) -> Data:
    return {
        "url": node.href,
        "isEpisode": True,
        "imageUrl": node.thumbnail,
        "title": node.title,
        "podcastTitle": node.author,
        "podcastByline": "",
        "duration": 0,
        "numEpisodes": "",
        "targetUrl": node.href,
        "releaseDate": node.date,
    }


def _read_bandcamp(e: Element) -> Embed:
    data = e.data
    return Embed(
        "audio",
        href=string(data.get("url")) or e.href() or _frame(e),
        provider="Bandcamp",
        title=string(data.get("title")),
        author=string(data.get("author")),
        text=string(data.get("description")),
        thumbnail=string(data.get("thumbnail_url")),
    )


def _bandcamp_data(node: Embed) -> Data:
    return {
        "url": node.href,
        "title": node.title,
        "description": node.text,
        "thumbnail_url": node.thumbnail,
        "author": node.author,
        "embed_url": "",
        "is_album": "/album/" in node.href,
    }


def _read_tiktok(e: Element) -> Embed:
    data = e.data
    return Embed(
        "video",
        href=string(data.get("url")) or e.href() or _frame(e),
        provider="TikTok",
        title=string(data.get("title")),
        author=string(data.get("author")),
        thumbnail=string(data.get("thumbnail_url")),
    )


def _tiktok_data(node: Embed) -> Data:
    return {
        "url": node.href,
        "title": node.title,
        "thumbnail_url": node.thumbnail,
        "author": node.author,
        "embed_url": "",
        "author_url": "",
        "belowTheFold": False,
    }


def _read_instagram(e: Element) -> Embed:
    data = e.data
    photo = string(data.get("instagram_id"))
    return Embed(
        "photo",
        href=f"https://www.instagram.com/p/{photo}" if photo else e.href(),
        provider="Instagram",
        title=string(data.get("title")),
        author=string(data.get("author_name")),
        date=day(string(data.get("timestamp"))),
        thumbnail=string(data.get("thumbnail_url")),
    )


def _instagram_data(node: Embed) -> Data:
    match = re.match(r"https?://(?:www\.)?instagram\.com/(?:p|reel)/([\w-]+)", node.href)
    return {
        "instagram_id": match[1] if match else "",
        "title": node.title,
        "author_name": node.author,
        "thumbnail_url": node.thumbnail,
        "timestamp": node.date or None,
    }


# --- documents ----------------------------------------------------------------------------------


def _read_gist(e: Element) -> Embed:
    inner = string(e.data.get("innerHTML"))
    link = re.search(r'href="(https://gist\.github\.com/[^"#]+)', inner)
    return Embed(
        "gist",
        href=html.unescape(link[1]) if link else e.href(),
        provider="GitHub",
        text=strip_tags(inner) if inner else e.text("gist", "gist-file"),
    )


def _gist_data(node: Embed) -> Data:
    link = f'<a href="{html.escape(node.href)}"></a>' if node.href else ""
    code = "".join(f"<div>{html.escape(line)}</div>" for line in node.text.split("\n"))
    return {"innerHTML": code + link, "stylesheet": ""}


def _read_chart(e: Element) -> Embed:
    data = e.data
    return Embed(
        "chart",
        href=string(data.get("url")) or _frame(e) or e.href(),
        provider="Datawrapper",
        title=string(data.get("title")),
        text=string(data.get("description")),
        thumbnail=string(data.get("thumbnail_url_full")) or string(data.get("thumbnail_url")),
    )


def _chart_data(node: Embed) -> Data:
    return {
        "url": node.href,
        "thumbnail_url": node.thumbnail,
        "thumbnail_url_full": node.thumbnail,
        "height": 0,
        "title": node.title,
        "description": node.text,
        "belowTheFold": False,
    }


def _read_market(e: Element) -> Embed:
    data = e.data
    return Embed(
        "market",
        href=string(data.get("url")) or _frame(e) or e.href(),
        thumbnail=string(data.get("thumbnail_url")),
    )


def _market_data(node: Embed) -> Data:
    return {"url": node.href, "thumbnail_url": node.thumbnail}


def _read_polymarket(e: Element) -> Embed:
    event = string(e.data.get("eventSlug"))
    href = f"https://polymarket.com/event/{event}" if event else ""
    return Embed(
        "market",
        href=href or string(e.data.get("fullEmbedUrl")),
        provider="Polymarket",
        author=string(e.data.get("profileName")),
    )


def _polymarket_data(node: Embed) -> Data:
    return {
        "eventSlug": node.href.removeprefix("https://polymarket.com/event/"),
        "marketSlug": None,
        "profileName": node.author or None,
        "belowTheFold": False,
        "fullEmbedUrl": "",
        "isGraphMode": False,
    }


def _read_code(e: Element) -> Embed:
    return Embed("code", title=string(e.data.get("caption")), text=string(e.data.get("alt")))


def _code_data(node: Embed) -> Data:
    return {
        "uuid": "",
        "content_hash": "",
        "post_id": None,
        "width": None,
        "caption": node.title or None,
        "alt": node.text or None,
    }


# --- Substack's own -----------------------------------------------------------------------------


def _read_post(e: Element) -> Embed:
    data = e.data
    return Embed(
        "post",
        href=string(data.get("url")) or e.href("embedded-post"),
        provider=string(data.get("publication_name")) or e.text("embedded-post-publication-name"),
        title=string(data.get("title")) or e.text("embedded-post-title"),
        text=string(data.get("truncated_body_text")) or e.text("embedded-post-body"),
        author=_names(data.get("bylines")),
        date=day(string(data.get("date"))),
    )


def _post_data(node: Embed) -> Data:
    return {
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
        "bylines": _bylines(node.author),
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
        author=_names(data.get("publishedBylines")),
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
        "publishedBylines": _bylines(node.author),
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
    return Embed("sponsorship", provider="Substack", text=string(e.data.get("logline")))


def _sponsorship_data(node: Embed) -> Data:
    data: Data = {"id": None, "campaignPostId": None, "pub": None}
    return data | {"logline": node.text} if node.text else data


EMBEDS = (
    Row(
        classes=("youtube-wrap",),
        components=("Youtube2ToDOM", "YoutubeToDOM"),
        kind=Embed,
        read=_read_youtube,
        data=_youtube_data,
        covers=lambda node: youtube_video(node)[0] != "",
        id=lambda node: f"youtube2-{youtube_video(node)[0]}",
    ),
    Row(
        classes=("vimeo-wrap",),
        components=("VimeoToDOM",),
        kind=Embed,
        read=_read_vimeo,
        data=_vimeo_data,
        covers=lambda node: vimeo_video(node)[0] != "",
        id=lambda node: f"vimeo-{vimeo_video(node)[0]}",
    ),
    Row(
        classes=("twitter-embed", "tweet"),
        components=("Twitter2ToDOM", "TwitterToDOM"),
        kind=Embed,
        read=_read_tweet,
        data=_tweet_data,
        covers=lambda node: node.kind == "tweet",
        together=(("full_text", ("quoted_tweet", "expanded_url")),),
    ),
    Row(
        classes=("embedded-post-wrap",),
        components=("EmbeddedPostToDOM",),
        kind=Embed,
        read=_read_post,
        data=_post_data,
        covers=lambda node: node.kind == "post" and not node.thumbnail,
    ),
    Row(
        classes=("digest-post-embed",),
        kind=Embed,
        read=_read_digest,
        data=_digest_data,
        covers=lambda node: node.kind == "post",
    ),
    Row(
        classes=("spotify-wrap",),
        components=("Spotify2ToDOM", "SpotifyToDOM"),
        kind=Embed,
        read=_read_spotify,
        data=_spotify_data,
        covers=lambda node: node.provider == "Spotify",
    ),
    Row(
        classes=("soundcloud-wrap",),
        components=("SoundcloudToDOM",),
        kind=Embed,
        read=_read_soundcloud,
        data=_soundcloud_data,
        covers=lambda node: node.provider == "SoundCloud",
    ),
    Row(
        classes=("apple-podcast-container",),
        components=("ApplePodcastToDom",),
        kind=Embed,
        read=_read_apple,
        data=_apple_data,
        covers=lambda node: node.provider == "Apple Podcasts",
    ),
    Row(
        classes=("bandcamp-wrap",),
        components=("BandcampToDOM",),
        kind=Embed,
        read=_read_bandcamp,
        data=_bandcamp_data,
        covers=lambda node: node.provider == "Bandcamp",
    ),
    Row(
        classes=("tiktok-wrap",),
        components=("TikTokCreateTikTokEmbed", "TikTokCreateStaticTikTokEmbed"),
        kind=Embed,
        read=_read_tiktok,
        data=_tiktok_data,
        covers=lambda node: node.provider == "TikTok",
    ),
    Row(
        classes=("instagram",),
        components=("InstagramToDOM",),
        kind=Embed,
        read=_read_instagram,
        data=_instagram_data,
        covers=lambda node: node.provider == "Instagram",
    ),
    Row(
        classes=("bluesky-wrap",),
        components=("BlueskyCreateBlueskyEmbed",),
        kind=Embed,
        read=_read_bluesky,
        data=_bluesky_data,
        covers=lambda node: node.provider == "Bluesky",
        extra=("outer",),
    ),
    Row(
        classes=("github-gist",),
        components=("GitgistToDOM",),
        kind=Embed,
        read=_read_gist,
        data=_gist_data,
        covers=lambda node: node.kind == "gist",
    ),
    Row(
        classes=("datawrapper-wrap",),
        components=("DatawrapperToDOM",),
        kind=Embed,
        read=_read_chart,
        data=_chart_data,
        covers=lambda node: node.provider == "Datawrapper",
        id=lambda _: "datawrapper-iframe",
        extra=("outer",),
    ),
    Row(
        classes=("polymarket-embed",),
        components=("PolymarketToDOM",),
        kind=Embed,
        read=_read_polymarket,
        data=_polymarket_data,
        covers=lambda node: node.provider == "Polymarket",
    ),
    Row(
        classes=("prediction-market-wrap",),
        components=("PredictionMarketToDOM",),
        kind=Embed,
        read=_read_market,
        data=_market_data,
        covers=lambda node: node.kind == "market",
        id=lambda _: "prediction-market-iframe",
        extra=("outer",),
    ),
    Row(
        classes=("code-embed",),
        components=("CodeEmbedToDOM",),
        kind=Embed,
        read=_read_code,
        data=_code_data,
        covers=lambda node: node.kind == "code",
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
    ),
    Row(
        classes=("community-post",),
        components=("CommunityPostPlaceholder",),
        kind=Embed,
        read=_read_community_post,
        data=_community_post_data,
        covers=lambda node: node.kind == "chat" and node.text != "",
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
    ),
)
