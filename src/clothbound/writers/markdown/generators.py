"""The generators of sites for which posts are written: folders, names, front matter.

Each has a row in ``GENERATORS``. Sources, read in November 2026: Hugo's pages "Front matter", "Page bundles",
"URL management", "Build options" and "Configure markup"; Jekyll's pages "Posts", "Front Matter" and
"Permalinks", and those of the plug-ins jekyll-seo-tag and jekyll-sitemap; Astro's pages "Markdown in Astro",
"Content collections" and the schema of its blog template; Obsidian's pages "Properties" and "Tags".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import structs

from ...lazy_pattern import lazy_pattern
from ...model.post import Metadata, Timestamp
from ...web.addresses import split_url
from ..restrictions import restrictions_of
from .dialects import GFM, Dialect
from .yaml_header import Date, as_date

OWN_CATEGORIES = ("categories", "category")
"""Fields of a source that name categories."""
_NOT_IN_TAGS = lazy_pattern(r"[^\w/-]+")


class PostFacts(msgspec.Struct, frozen=True):
    """What front matter says of a post beside its metadata."""

    name: str
    """The name of its file."""
    is_open: bool
    """Whether everybody may read all of it."""
    is_unfinished: bool
    """Whether it is not finished or not out."""
    is_unlisted: bool
    readers: str
    """For whom it is, as the source names them; empty for everybody."""
    cover: str
    """The address of its picture in the product; empty if it has none."""
    address: str
    """The address that it has had on the network; empty if it is unknown."""


class Generator(msgspec.Struct, frozen=True, kw_only=True):
    """A program that makes a site of Markdown files."""

    title: str
    dialect: Dialect
    """What its Markdown can say, beside GitHub's."""
    post_file: Callable[[Metadata, PostFacts], str]
    """Returns the file of a post."""
    picture_file: str
    """The file of a picture, with ``{name}`` of the post's file and ``{file}``."""
    picture_address: str
    """The address of a picture from its post, with the same."""
    post_path: Callable[[Metadata, PostFacts], str]
    """Returns the path of a post on the site."""
    needs_pictures: bool = False
    """Whether a site cannot be made while a picture is missing."""
    has_relative_links: bool = False
    """Whether posts link to each other from path to path, for sites that lie in a folder of a host."""
    fields: Callable[[Metadata, PostFacts], dict[str, Any]]
    """Returns the front matter."""
    reserved: frozenset[str] = frozenset()
    """Keys that mean something to the generator, so that fields of the source must not have them."""
    required: tuple[str, ...] = ()
    """Keys that must be there, if with empty text."""
    html_note: str = ""
    """What its users must do so that HTML in Markdown is shown; empty if nothing."""
    math_note: str = ""
    """What its users must do so that formulas are set."""
    names_by_title: bool = False
    """Whether files are named by titles rather than slugs."""
    draft_note: str = "are written as drafts, because {title} shows every other page to everybody"
    """What the report says of posts that are not for everybody."""
    redirects: str = ""
    """The file in which old addresses lead to new ones; empty where front matter does so."""


def is_page(metadata: Metadata) -> bool:
    """Whether a post is a page of the site, such as "About", that stands outside the list of posts."""
    return metadata.kind.lower() == "page"


def old_path(address: str) -> str:
    """Returns the path of an address on the network; empty for one that no generator can serve."""
    parts = split_url(address)
    path = parts.path.rstrip("/")
    usual = parts.scheme in ("http", "https") and re.fullmatch(r"(?:/[\w.~%-]+)+", path)
    return path if usual and not path.endswith((".html", ".htm", ".php")) else ""


def _description(metadata: Metadata) -> str:
    return metadata.description or metadata.subtitle


def _categories(metadata: Metadata) -> list[str]:
    """Returns the post's own categories, and its kind if it is more than a post."""
    given: Any = next(filter(None, map(metadata.extra.get, OWN_CATEGORIES)), [])
    own = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    kind = metadata.kind.strip()
    special = [kind] if kind.lower() not in ("", "newsletter", "post", "article", "page") else []
    return list(dict.fromkeys([*map(str, own), *special]))


def _authors(metadata: Metadata) -> str | list[str]:
    return metadata.authors[0] if len(metadata.authors) == 1 else list(metadata.authors)


def _original(metadata: Metadata, facts: PostFacts) -> dict[str, Any]:
    return {"original_url": facts.address, "post_id": metadata.id}


def _date(timestamp: Timestamp | None, separator: str = "T", zone: str = "%:z") -> Any:
    """Returns a date in the form of a generator: a day, or a moment with ``zone``."""
    if timestamp is None or timestamp.value is None:
        return ""
    value = timestamp.value
    if not timestamp.has_time:
        return Date(f"{value:%Y-%m-%d}")
    text = f"{value:%Y-%m-%d}{separator}{value:%H:%M:%S}{_zone(value, zone)}"
    # Ruby's YAML reads Jekyll's form as a date, and Python's reads it as a text.
    return text if separator == " " else Date(text)


def _zone(value: datetime, zone: str) -> str:
    offset = f"{value:%z}"[:5]
    if zone == "%:z":
        return "Z" if offset == "+0000" else f"{offset[:3]}:{offset[3:]}"
    return f" {offset}" if zone else ""


# --- Hugo -------------------------------------------------------------------------------------------


def _hugo_file(metadata: Metadata, facts: PostFacts) -> str:
    section = "content" if is_page(metadata) else "content/posts"
    return f"{section}/{facts.name}/index.md"


def _hugo(metadata: Metadata, facts: PostFacts) -> dict[str, Any]:
    given = metadata.extra | restrictions_of(metadata, metadata.extra)
    path = old_path(facts.address)
    own = {"subtitle": metadata.subtitle, "author": _authors(metadata)}
    own |= {"images": [facts.cover] if facts.cover else [], "language": metadata.language}
    if facts.cover:
        own |= {"cover_alt": metadata.cover_alt, "cover_caption": metadata.cover_caption}
    return {
        "title": metadata.title,
        "date": _date(metadata.published),
        "lastmod": _date(metadata.updated),
        "publishDate": as_date(given.get("publishDate", "")),
        "expiryDate": as_date(given.get("expiryDate", "")),
        "draft": not facts.is_open,
        "description": _description(metadata),
        "aliases": [path] if path else [],
        "build": {"list": "never"} if facts.is_unlisted else {},
        "categories": _categories(metadata),
        "tags": list(metadata.tags),
        "params": own | _original(metadata, facts),
    }


# --- Jekyll -----------------------------------------------------------------------------------------


def _jekyll_file(metadata: Metadata, facts: PostFacts) -> str:
    if is_page(metadata):
        return f"{facts.name}.md"
    moment = metadata.published or metadata.updated
    if facts.is_unfinished or moment is None or moment.value is None:
        return f"_drafts/{facts.name}.md"
    return f"_posts/{moment.value:%Y-%m-%d}-{facts.name}.md"


def _permalink(_: Metadata, facts: PostFacts) -> str:
    """Returns the path of a post: the one that it has had on the network, so that old links lead to it."""
    return f"{old_path(facts.address) or '/' + facts.name}/"


def _jekyll(metadata: Metadata, facts: PostFacts) -> dict[str, Any]:
    many = len(metadata.authors) > 1
    shown = facts.is_open and not facts.is_unlisted
    return {
        "layout": "page" if is_page(metadata) else "post",
        "title": metadata.title,
        "date": _date(metadata.published, " ", "%z"),
        "last_modified_at": _date(metadata.updated, " ", "%z"),
        **({} if shown else {"published": False}),
        "subtitle": metadata.subtitle,
        "description": _description(metadata),
        "authors" if many else "author": _authors(metadata),
        "permalink": _permalink(metadata, facts),
        "image": facts.cover,
        "image_alt": metadata.cover_alt if facts.cover else "",
        "image_caption": metadata.cover_caption if facts.cover else "",
        "lang": metadata.language,
        "categories": _categories(metadata),
        "tags": list(metadata.tags),
        **_original(metadata, facts),
    }


# --- Astro ------------------------------------------------------------------------------------------


def _astro_file(metadata: Metadata, facts: PostFacts) -> str:
    section = "pages" if is_page(metadata) else "blog"
    return f"src/content/{section}/{facts.name}/index.md"


def _astro(metadata: Metadata, facts: PostFacts) -> dict[str, Any]:
    many = len(metadata.authors) > 1
    return {
        "title": metadata.title,
        "subtitle": metadata.subtitle,
        "pubDate": _date(metadata.published),
        "updatedDate": _date(metadata.updated),
        "draft": not facts.is_open or facts.is_unlisted,
        "authors" if many else "author": _authors(metadata),
        "heroImage": facts.cover,
        "heroImageAlt": metadata.cover_alt if facts.cover else "",
        "heroImageCaption": metadata.cover_caption if facts.cover else "",
        "lang": metadata.language,
        "categories": _categories(metadata),
        "tags": list(metadata.tags),
        **_original(metadata, facts),
        "description": _description(metadata),
    }


# --- Obsidian ---------------------------------------------------------------------------------------


def _obsidian(metadata: Metadata, facts: PostFacts) -> dict[str, Any]:
    return {
        "title": metadata.title,
        "subtitle": metadata.subtitle,
        "date": _date(metadata.published, zone=""),
        "updated": _date(metadata.updated, zone=""),
        "author": list(metadata.authors),
        "description": metadata.description,
        "tags": [tag for tag in map(_obsidian_tag, metadata.tags) if tag],
        "aliases": [metadata.title] if metadata.title not in ("", facts.name) else [],
        "categories": _categories(metadata),
        "image": facts.cover,
        "lang": metadata.language,
        "source": facts.address,
        "post_id": metadata.id,
        "draft": facts.is_unfinished or "",
        "audience": facts.readers,
        **({} if facts.is_open else {"publish": False}),
    }


def _obsidian_tag(tag: str) -> str:
    """Returns a tag without the characters that tags of Obsidian cannot have."""
    found = _NOT_IN_TAGS.sub("-", tag.strip()).strip("-")
    return f"y{found}" if found.isdigit() else found


_JEKYLL_OWN = frozenset(
    """
    categories category collection content date excerpt excerpt_separator ext id layout lang next output path
    permalink previous published redirect_from redirect_to relative_path render_with_liquid slug tags title url
    """.split()
)
_ASTRO_OWN = frozenset("draft layout slug".split())
_OBSIDIAN_OWN = frozenset("aliases alias cssclasses cssclass publish permalink tags tag".split())

GENERATORS: Mapping[str, Generator] = {
    "hugo": Generator(
        title="Hugo",
        dialect=structs.replace(GFM, definitions=True, curls=True, templates="hugo"),
        post_file=_hugo_file,
        picture_file="{folder}/{file}",
        picture_address="{file}",
        post_path=lambda m, f: f"/{f.name}/" if is_page(m) else f"/posts/{f.name}/",
        has_relative_links=True,
        fields=_hugo,
        html_note="Hugo leaves HTML in Markdown out unless hugo.toml has markup.goldmark.renderer.unsafe = true",
        math_note="Hugo needs the extension passthrough and a script such as KaTeX to set formulas",
    ),
    "jekyll": Generator(
        title="Jekyll",
        dialect=structs.replace(
            GFM,
            definitions=True,
            is_kramdown=True,
            curls=True,
            math="double-dollars",
            templates="liquid",
        ),
        post_file=_jekyll_file,
        picture_file="assets/images/{name}/{file}",
        picture_address="/assets/images/{name}/{file}",
        post_path=_permalink,
        fields=_jekyll,
        reserved=_JEKYLL_OWN,
        math_note="Jekyll needs a script such as MathJax in its layout to set formulas",
        draft_note="are written with published: false, because Jekyll shows every other page to everybody",
    ),
    "astro": Generator(
        title="Astro",
        dialect=structs.replace(GFM, curls=True),
        post_file=_astro_file,
        picture_file="{folder}/{file}",
        picture_address="./{file}",
        post_path=lambda m, f: f"/{f.name}/" if is_page(m) else f"/blog/{f.name}/",
        fields=_astro,
        reserved=_ASTRO_OWN,
        required=("title", "description"),
        needs_pictures=True,
        math_note="Astro needs remark-math and rehype-katex to set formulas",
        redirects="public/_redirects",
    ),
    "obsidian": Generator(
        title="Obsidian",
        dialect=structs.replace(GFM, hash_tags=True),
        post_file=lambda _, facts: f"{facts.name}.md",
        picture_file="attachments/{file}",
        picture_address="attachments/{file}",
        post_path=lambda _, facts: f"{facts.name}.md",
        fields=_obsidian,
        reserved=_OBSIDIAN_OWN,
        draft_note="are written with publish: false, which Obsidian Publish leaves out",
        names_by_title=True,
    ),
}
