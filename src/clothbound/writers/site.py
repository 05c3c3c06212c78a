"""Posts as a site: a page each, an index by year, one style sheet, pictures once each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ..artifact import Artifact
from ..context import Context
from ..formats import Produces
from ..html.escape import attribute, escape
from ..html.language import direction
from ..html.page import (
    article,
    document,
    file_names,
    first_words,
    image_sources,
    policy,
    post_head,
    post_language,
    post_target,
    post_title,
    remote_picture,
    style_sheet,
    time_element,
)
from ..html.pictures import EXTENSIONS, web_picture
from ..html.render import Renderer
from ..html.target import Picture
from ..html.wording import wording
from ..model.inlines import Image
from ..model.post import Collection, Metadata, Post
from ..resources import is_remote

STYLE = "style.css"
INDEX = "index.html"
_HASH = 16
_TITLE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteOptions:
    """Options of ``site``."""

    title: str = ""
    """The site's name; empty: the collection's title."""
    css: Path | None = None
    """A style sheet that follows ours in ``style.css``, so that its rules win."""


class _SiteWriter:
    """A folder to put on a server or to open from a disk. For the public: paid parts are cut."""

    extension = ""
    media_type = "text/html"
    options_type = SiteOptions
    produces: Produces = "tree"
    public = True
    transforms = ("paywall", "widgets", "footnotes", "headings", "links")

    def write(self, collection: Collection, options: SiteOptions, context: Context) -> Artifact:
        style = style_sheet("page.css", "site.css", css=options.css)

        def tree() -> Iterator[tuple[str, bytes]]:
            yield STYLE, style.encode()
            site = _Site(collection, options.title or collection.title, context)
            for post in collection:
                yield from site.page(post)
            yield INDEX, site.index().encode()

        return Artifact(report=context.report, tree=tree)


class _Site:
    """What the pages have in common, and which pictures were written."""

    def __init__(self, collection: Collection, title: str, context: Context) -> None:
        self._collection = collection
        self._context = context
        self._title = " ".join(title.split())
        names = file_names(collection.index)
        self._pages = {key: f"{name}.html" for key, name in names.items()}
        self._order = sorted(collection.index, key=_day)
        self._position = {m.key: n for n, m in enumerate(self._order)}
        self._language = post_language(Metadata(), collection.language)
        self._written: set[str] = set()

    def page(self, post: Post) -> Iterator[tuple[str, bytes]]:
        """A post's page, and before it the pictures that no page before had."""
        collection = self._collection
        metadata = post.metadata
        language = post_language(metadata, collection.language, first_words(post))
        files: list[tuple[str, bytes]] = []
        renderer = self._renderer(post, files)
        content = article(renderer, language, collection.authors)
        yield from files
        head = post_head(post, language, site=self._title, authors=collection.authors)
        page = document(
            language=language,
            head=f'{head}<link rel="stylesheet" href="{STYLE}">\n',
            body=f"{self._home()}<main>\n<article>\n{content}</article>\n"
            f"{self._neighbours(metadata.key, language)}</main>\n",
            content_policy=policy("'self'", image_sources(content, "'self'")),
        )
        yield self._pages[metadata.key], page.encode()

    def index(self) -> str:
        """The page of all posts, newest year first."""
        title = self._title or "Posts"
        years: dict[str, list[Metadata]] = {}
        for metadata in reversed(self._order):
            value = metadata.published.value if metadata.published else None
            years.setdefault(str(value.year) if value else "", []).append(metadata)
        parts = []
        for year, posts in years.items():
            items = "".join(self._entry(metadata) for metadata in posts)
            heading = f"<h2>{year}</h2>\n" if year else ""
            parts.append(f"<section>\n{heading}<ol>\n{items}</ol>\n</section>\n")
        subtitle = self._collection.subtitle or self._collection.description
        lines = [f"<h1>{escape(title)}</h1>"]
        if subtitle:
            lines.append(f'<p class="subtitle">{escape(" ".join(subtitle.split()))}</p>')
        if self._collection.authors:
            lines.append(f'<p class="byline">{escape(", ".join(self._collection.authors))}</p>')
        head = f"<title>{escape(title)}</title>\n"
        if subtitle:
            head += f'<meta name="description" content="{attribute(" ".join(subtitle.split()))}">\n'
        return document(
            language=self._language,
            head=f'{head}<link rel="stylesheet" href="{STYLE}">\n',
            body='<main class="index">\n<header class="opener">\n{}\n</header>\n{}</main>\n'.format(
                "\n".join(lines), "".join(parts)
            ),
            content_policy=policy("'self'", ""),
        )

    def _entry(self, metadata: Metadata) -> str:
        own = self._language_of(metadata, self._language)
        link = f'<a href="{self._pages[metadata.key]}"{own}>{escape(post_title(metadata))}</a>'
        date = f" {time_element(metadata.published, self._language)}" if metadata.published else ""
        subtitle = ""
        if metadata.subtitle:
            subtitle = f"<p{own}>{escape(' '.join(metadata.subtitle.split()))}</p>"
        return f"<li>{link}{date}{subtitle}</li>\n"

    def _home(self) -> str:
        name = escape(self._title or "Posts")
        return f'<header class="site"><a href="{INDEX}">{name}</a></header>\n'

    def _neighbours(self, key: str, language: str) -> str:
        position = self._position[key]
        words = wording(language)
        # We have the words in few languages; a page in another says whose they are.
        own = "" if language.startswith(words.language) else f' lang="{words.language}"'
        links = []
        if position > 0:
            label = f"<span{own}>{escape(words.previous)}</span>"
            links.append(self._neighbour(self._order[position - 1], "prev", label, language))
        if position + 1 < len(self._order):
            label = f"<span{own}>{escape(words.next)}</span>"
            links.append(self._neighbour(self._order[position + 1], "next", label, language))
        if not links:
            return ""
        name = attribute(words.posts)
        return f'<nav class="pager" aria-label="{name}">{"".join(links)}</nav>\n'

    def _neighbour(self, metadata: Metadata, relation: str, label: str, language: str) -> str:
        own = self._language_of(metadata, language)
        title = f"<b{own}>{escape(_shortened(post_title(metadata)))}</b>"
        return f'<a rel="{relation}" href="{self._pages[metadata.key]}">{label} {title}</a>'

    def _language_of(self, metadata: Metadata, page: str) -> str:
        """The attributes of a post's title on a page of this language."""
        language = post_language(metadata, self._collection.language)
        if language == page:
            return ""
        return f' lang="{attribute(language)}" dir="{direction(language)}"'

    def _renderer(self, post: Post, files: list[tuple[str, bytes]]) -> Renderer:
        context = self._context

        def picture(where: Post, image: Image) -> Picture | None:
            if context.resources.leaves(image.src):
                return remote_picture(where, image, context)
            found = web_picture(where, image, context)
            if found is None:
                return remote_picture(where, image, context) if is_remote(image.src) else None
            digest = hashlib.sha256(found.data).hexdigest()[:_HASH]
            name = f"pictures/{digest}.{EXTENSIONS[found.media_type]}"
            if name not in self._written:
                self._written.add(name)
                files.append((name, found.data))
            return Picture(name, found.width, found.height)

        target = post_target(post, context, picture=picture, page_of=self._pages.get)
        return Renderer(post, target, context)


def _shortened(title: str) -> str:
    """A title cut at a word: the whole stands on its own page."""
    return title if len(title) <= _TITLE else title[:_TITLE].rsplit(" ", 1)[0] + " …"


def _day(metadata: Metadata) -> datetime:
    """For sorting, which is stable; posts without a date come first, that is, last in the index."""
    value = metadata.published.value if metadata.published else None
    return value or datetime.min.replace(tzinfo=UTC)


WRITER = _SiteWriter()
