"""Writes posts as a web site: a page for each, indexes by year and by tag, a feed, a style sheet,
pictures.
"""

from __future__ import annotations

from array import array
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import chain, groupby
from pathlib import Path
from sys import intern
from typing import Annotated, ClassVar
from urllib.parse import quote, urlsplit

import msgspec
from msgspec import structs

from ..artifact import Artifact, FileContent, made_of
from ..context import Context, followed
from ..errors import OptionError
from ..escape import attribute, escape
from ..fields import Field
from ..formats import Produces, WriterOptions
from ..html.write import json_feed
from ..html.write.feed import (
    FEED_END,
    choose_newest,
    select_listed,
    write_feed_item,
    write_feed_start,
)
from ..html.write.podcast import ShowSettings, is_podcast, show_of_feed
from ..html.write.shown_pictures import WEB_RULES, PagePictures, PictureFiles, SourcesOfFiles
from ..html.write.target import Picture
from ..html.write.web_addresses import canonical_url
from ..html.write.web_page import (
    DOCUMENT_END,
    SHEETS,
    PageTarget,
    article,
    document,
    document_start,
    html_id,
    image_sources,
    policy,
    post_head,
    restriction_tags,
    style_sheet,
    time_element,
    typeset_line,
)
from ..language.detect import post_language
from ..language.direction import direction
from ..language.words import marks_of_own_words, wording
from ..matter import index_head, series_line
from ..model.collection import FRONT_ROLES, Collection
from ..model.inlines import Image
from ..model.plain_text import cut_at_word, prose_sample
from ..model.post import Metadata, Post
from ..naming import file_names, tag_names
from ..parts.part_maker import PartMaker
from ..parts.post_parts import PartFacts, ShownFile
from ..progress import PACKING
from ..title_text import plain_title
from ..web.addresses import absolute_url, web_address
from .screen_style import ScreenTheme, screen_style
from .shared_options import CoverPictures, LeaveOutRepeated, shared_transforms

STYLE = "style.css"
INDEX = "index.html"
NOT_FOUND = "404.html"
"""The page that GitHub Pages, Netlify, Cloudflare Pages and others send for an address that leads nowhere."""
_NEWEST_THERE = 10
FEED = "feed.xml"
JSON_FEED = "feed.json"
TAGS = "tags/"
_MOMENTS = 10**18
"""More than there are microseconds in all years of a date."""
_FIRST_MOMENT = datetime.min.replace(tzinfo=UTC)
_TITLE = 80
"""The most characters of a title in a link to another post, whose page has the whole title."""


class Site(WriterOptions, frozen=True, kw_only=True):
    """Options for writing web sites."""

    format: ClassVar[str] = "site"
    title: Annotated[str, Field(help="The site's name; empty: the collection's title.")] = ""
    url: Annotated[
        str,
        Field(
            help="Where the site will lie, https://letters.example/archive say. With it there "
            "is a feed, which needs whole addresses, and each page names its own."
        ),
    ] = ""
    feed: Annotated[
        int, Field(help="The number of posts in the feed, the newest first; 0 makes no feed.")
    ] = 20
    mentions: Annotated[
        bool, Field(help="At the end of each page, name the other posts that link to it.")
    ] = False
    leave_out_repeated: LeaveOutRepeated = False
    cover_pictures: CoverPictures = "described"
    theme: ScreenTheme = None
    css: Annotated[
        Path | None,
        Field(
            help="A style sheet that follows ours in ``style.css``, so that its rules take precedence."
        ),
    ] = None

    @property
    def transforms(self) -> tuple[str, ...]:
        """The transforms that these options add to those of every site."""
        return shared_transforms(self, mentions=self.mentions)


class _SiteWriter:
    """Writes a folder for a server or a local disk. It is for the public, so paid parts are cut."""

    extension = ""
    media_type = "text/html"
    options_type = Site
    produces: Produces = "tree"
    public = True
    transforms = (
        "widgets",
        "footnotes",
        "headings",
        "equations",
        "links-of-page",
        "link-words",
        "scripts",
    )

    def write(self, collection: Collection, options: Site, context: Context) -> Artifact:
        own = screen_style(options.theme, options.css, context.run.limits)
        style = style_sheet(*SHEETS, "site.css", css=own)
        sources = SourcesOfFiles()
        site_of = cache(lambda: _Site(collection, options, context, sources, own))

        def make(post: Post, own: Context) -> SitePage:
            return site_of().make(post, own)

        facts = PartFacts(
            shared=lambda: site_of().shared_facts(),
            own=lambda metadata: (metadata.key in site_of().in_feeds,),
            answers=lambda: {"page": site_of().page_of},
            rules=lambda: WEB_RULES,
        )
        parts = PartMaker(collection, context, make, SitePage, facts)

        def tree() -> Iterator[tuple[str, FileContent]]:
            yield STYLE, style.encode()
            site = site_of()
            for page in parts:
                yield from site.page(page)
            context.show_progress(PACKING)
            yield INDEX, map(str.encode, site.index())
            for tag in site.tags:
                yield site.tags[tag], map(str.encode, site.tag_page(tag))
            if site.root:
                yield NOT_FOUND, map(str.encode, site.not_found_page())
            if site.has_feed:
                yield FEED, site.feed().encode("utf-8", "replace")
                yield JSON_FEED, site.json_feed().encode("utf-8", "replace")

        made = Artifact.of_tree(report=context.report, make=tree, sources=sources)
        return made_of(made, parts)


class SitePage(msgspec.Struct, frozen=True):
    """The page of a post without what it shows of other posts."""

    key: str
    language: str
    head: str
    """The elements that describe the post."""
    content: str
    """The content of the page's ``article``."""
    files: tuple[ShownFile, ...]
    """The pictures that it shows."""
    in_rss: str = ""
    """The post as an item of the feed, if it is in the feeds."""
    in_json: str = ""


class _Site:
    """The data that all pages share, and the pictures written so far."""

    def __init__(
        self,
        collection: Collection,
        options: Site,
        context: Context,
        sources: SourcesOfFiles,
        own_style: str,
    ) -> None:
        """Fills ``sources`` with the sources of the posts from which each file is made, by file.

        ``own_style`` is the style sheet of the user's own.
        """
        self._own_style = own_style
        self._collection = collection
        self._options = options
        self._context = context
        self._sources = sources
        self._url = _check_url(options.url)
        self.root = urlsplit(self._url).path
        """The site's own place on its host, from which addresses lead anywhere in it; empty if that is not known."""
        roles = collection.roles
        index = collection.index
        self._entries_of_index = index.entries
        shown = select_listed(index, context)
        """The positions of the posts that lists, the feed and other pages name; the others have only a page."""
        with_date = (m for m in map(self._at, shown) if m.key not in roles)
        newest = choose_newest(with_date, options.feed) if self._url else []
        self._items: dict[str, tuple[str, str]] = {metadata.key: ("", "") for metadata in newest}
        """The items of the feeds, RSS and JSON, by key. An item is made together with the post's page, so
        that a post is parsed once."""
        self._names = file_names(index)
        own = {key: index.position(key) for key in roles if key in index}
        """The book's own texts, which are placed around the posts here too."""
        self._front = array("q", sorted(n for k, n in own.items() if roles[k] in FRONT_ROLES))
        self._back = array("q", sorted(n for k, n in own.items() if roles[k] not in FRONT_ROLES))
        texts = set(own.values())
        posts = [n for n in shown if n not in texts]
        if not collection.parts:
            posts.sort(key=lambda position: _day_as_number(self._at(position)))
        self._posts = array("q", posts)
        """The positions of the posts, in the book's order if it has parts, else by date."""
        self._order = array("q", (*self._front, *self._posts, *self._back))
        self._place_in_order = array("q", [-1]) * len(index)
        """The place in the order of the post at each position; -1 for those that no list names."""
        for place, position in enumerate(self._order):
            self._place_in_order[position] = place
        self._languages: list[str | None] = [None] * len(index)
        """The language of the title of each post that was named, by position."""
        self._language = context.language
        self._words = wording(self._language)
        self._head = index_head(collection, self._language, options.title)
        self._heading = typeset_line(self._head.heading, self._language)
        self._pictures = PictureFiles(sources)
        self._tagged: dict[str, array[int]] = {}
        """The positions of the posts with each tag, in their order."""
        for position in self._order:
            for tag in filter(str.strip, dict.fromkeys(self._at(position).tags)):
                self._tagged.setdefault(tag, array("q")).append(position)
        in_order = sorted(self._tagged, key=lambda tag: (tag.casefold(), tag))
        self.tags = {tag: f"{TAGS}{name}.html" for tag, name in tag_names(in_order).items()}
        """The name of each tag's page, in alphabetical order of the tags."""

    def _at(self, position: int) -> Metadata:
        return self._entries_of_index[position].metadata

    def _file(self, key: str) -> str:
        """Returns the name of a post's page."""
        return f"{self._names[key]}.html"

    def _page(self, key: str) -> str:
        """Returns the address of a post's page, relative to the site's root."""
        return quote(self._file(key))

    @property
    def has_feed(self) -> bool:
        return bool(self._items)

    @property
    def in_feeds(self) -> Container[str]:
        """The keys of the posts in the feeds."""
        return self._items

    def page_of(self, key: str) -> str | None:
        """Returns the address of a post's page, relative to the site's root."""
        return self._page(key) if key in self._names else None

    def shared_facts(self) -> tuple[object, ...]:
        """Returns what every page depends on."""
        return (self._options, self._collection.info, self._head.title, self._url)

    def make(self, post: Post, context: Context) -> SitePage:
        """Makes the page of a post, and its items of the feeds."""
        metadata = post.metadata
        language = post_language(metadata, prose_sample(post), context.language)
        is_text = metadata.key in self._collection.roles
        # A text written for the book does not get the book's authors if it names none.
        authors = () if is_text else self._collection.info.authors
        pictures = PagePictures(post, context)
        page_of = followed(context, "page", self.page_of)
        target = PageTarget(post, context, show=pictures.show, page_of=page_of)
        content = article(post, target, context, language, authors)
        items = ("", "")
        if metadata.key in self._items:
            items = self._item(post, language, pictures, context)
        kind = "Article" if is_text else "BlogPosting"
        head = post_head(post, language, site=self._head.title, authors=authors, kind=kind)
        head += restriction_tags(context.verdict_of_copy(post))
        shown = tuple(pictures.files.values())
        return SitePage(metadata.key, language, head, content, shown, *items)

    def page(self, page: SitePage) -> Iterator[tuple[str, bytes]]:
        """Yields a post's page, preceded by the pictures that no earlier page has."""
        metadata = self._collection.index[page.key]
        if page.key in self._items:
            self._items[page.key] = (page.in_rss, page.in_json)
        yield from self._pictures.new(page.files, metadata.source)
        head = page.head
        if self._url and 'rel="canonical"' not in head:
            head += f'<link rel="canonical" href="{self._url}{self._page(page.key)}">\n'
        whole = document(
            language=page.language,
            head=head + self._links(),
            body=f"{self._home()}<main>\n<article>\n{page.content}"
            f"{self._tag_list(metadata, page.language)}"
            f"</article>\n{self._neighbours(page.key, page.language)}</main>\n",
            content_policy=policy("'self'", image_sources(page.content, "'self'", self._own_style)),
        )
        name = self._file(page.key)
        self._sources.add(name, metadata.source)
        yield name, whole.encode()

    def _item(
        self, post: Post, language: str, pictures: PagePictures, context: Context
    ) -> tuple[str, str]:
        """Returns a post as an item of both feeds: its page's content with absolute addresses."""
        # The page already reports the post's losses.
        aside = context.aside()

        def show(image: Image) -> Picture | None:
            found = pictures.show(image)
            if found is None or absolute_url(found.src):
                return found
            return structs.replace(found, src=self._url + found.src)

        named = followed(context, "page", self.page_of)

        def page_of(key: str) -> str | None:
            name = named(key)
            return f"{self._url}{name}" if name else None

        target = PageTarget(
            post,
            aside,
            show=show,
            page_of=page_of,
            # A feed reader may show many posts on one page, and each has a first note.
            id_of=lambda name: f"{post.metadata.key}--{html_id(name)}",
        )
        content = article(post, target, aside, language, title=False)
        url = canonical_url(post.metadata) or f"{self._url}{named(post.metadata.key)}"
        cover = web_address(post.metadata.cover)
        in_rss, in_json = (
            write(self._collection, post, url=url, content=content, cover=cover)
            for write in (write_feed_item, json_feed.write_feed_item)
        )
        return in_rss, in_json

    def json_feed(self) -> str:
        """Returns the JSON Feed with the same posts."""
        start = json_feed.write_feed_start(
            self._collection, self._head, site=self._url, address=f"{self._url}{JSON_FEED}"
        )
        items = ",\n".join(item for _, item in self._items.values())
        return f"{start}{items}{json_feed.FEED_END}"

    def feed(self) -> str:
        """Returns the feed with the newest posts in full. All pages must have been made."""
        posts = [self._collection.index[key] for key in self._items]
        address = f"{self._url}{FEED}"
        start = write_feed_start(
            self._collection,
            posts,
            self._head,
            site=self._url,
            address=address,
            show=show_of_feed(self._collection, ShowSettings())
            if is_podcast(self._collection, posts)
            else None,
        )
        return "".join([start, *(item for item, _ in self._items.values()), FEED_END])

    def index(self) -> Iterator[str]:
        """Yields the page of all posts, the newest year first, and of the tags, in pieces."""
        lines = [f"<h1>{escape(self._heading)}</h1>"]
        head = f"<title>{escape(self._heading)}</title>\n"
        if self._head.subtitle:
            subtitle = typeset_line(self._head.subtitle, self._language)
            lines.append(f'<p class="subtitle">{escape(subtitle)}</p>')
        if self._head.description:
            head += f'<meta name="description" content="{attribute(self._head.description)}">\n'
        if self._head.byline:
            lines.append(f'<p class="byline">{escape(self._head.byline)}</p>')
        if series := series_line(self._collection, self._language):
            lines.append(f'<p class="byline">{escape(series)}</p>')
        tags = ""
        if self.tags:
            items = "".join(self._tag_link(tag) for tag in self.tags)
            own = _own_words(self._language)
            tags = (
                f'<nav class="tags" aria-labelledby="tags"><h2 id="tags"{own}>'
                f"{escape(self._words.tags)}</h2>\n<ul>\n{items}</ul>\n</nav>\n"
            )
        posts = self._by_part() if self._collection.parts else self._by_year(self._posts)
        front, back = self._entries(self._front), self._entries(self._back)
        return self._list_page(head, "\n".join(lines), chain(front, posts, back, (tags,)))

    def tag_page(self, tag: str) -> Iterator[str]:
        """Yields the page of the posts with a tag, the newest year first, in pieces."""
        heading = escape(" ".join(tag.split()))
        name = f" · {escape(self._head.title)}" if self._head.title else ""
        tagged = self._tagged[tag]
        posts = sorted(tagged, key=lambda position: _day_as_number(self._at(position)))
        head = f"<title>{heading}{name}</title>\n"
        root = "../"
        return self._list_page(head, f"<h1>{heading}</h1>", self._by_year(posts, root), root)

    def not_found_page(self) -> Iterator[str]:
        """Yields the page for an address that leads nowhere, in pieces: the newest posts, from wherever it is sent."""
        newest = sorted(self._posts, key=lambda position: _day_as_number(self._at(position)))
        entries = self._entries(newest[: -_NEWEST_THERE - 1 : -1], self.root)
        own = _own_words(self._language)
        heading = escape(self._words.not_found)
        head = f"<title>{heading} · {escape(self._heading)}</title>\n"
        home = f'<p{own}><a href="{self.root}{INDEX}">{escape(self._words.posts)}</a></p>\n'
        return self._list_page(head, f"<h1{own}>{heading}</h1>", chain(entries, (home,)), self.root)

    def _by_year(self, posts: Sequence[int], root: str = "") -> Iterator[str]:
        """Lists posts, sorted by date, under their years, the newest year first.

        ``api.book`` has moved the dates to the book's time zone.
        """
        years: dict[str, array[int]] = {}
        for position in reversed(posts):
            published = self._at(position).published
            value = published.value if published else None
            years.setdefault(str(value.year) if value else "", array("q")).append(position)
        if list(years) == [""]:  # a heading would be useless
            yield from self._entries(years[""], root)
            return
        undated = f"<h2{_own_words(self._language)}>{escape(self._words.without_date)}</h2>"
        yield self._list_of_years([year for year in years if year])
        for year, entries in years.items():
            heading = f'<h2 id="y{year}">{year}</h2>' if year else undated
            yield from _section(heading, self._entries(entries, root))

    def _list_of_years(self, years: list[str]) -> str:
        """Returns links to the years of a page, if there are several."""
        if len(years) < 2:
            return ""
        items = "".join(f'<li><a href="#y{year}">{year}</a></li>\n' for year in years)
        name = attribute(self._words.posts)
        return f'<nav class="years" aria-label="{name}">\n<ul>\n{items}</ul>\n</nav>\n'

    def _by_part(self) -> Iterator[str]:
        """Lists posts in the book's order, those of a part under its title."""
        part_of = {key: part for part in self._collection.parts for key in part.keys}
        for part, posts in groupby(self._posts, lambda n: part_of.get(self._at(n).key)):
            entries = self._entries(list(posts))
            yield from (
                _section(f"<h2>{escape(plain_title(part.title))}</h2>", entries)
                if part
                else entries
            )

    def _entries(self, posts: Sequence[int], root: str = "") -> Iterator[str]:
        if posts:
            yield "<ol>\n"
            for position in posts:
                yield self._entry(position, root)
            yield "</ol>\n"

    def _list_page(
        self, head: str, opener: str, lists: Iterable[str], root: str = ""
    ) -> Iterator[str]:
        home = self._home(root) if root else ""
        yield document_start(
            language=self._language,
            head=head + self._links(root),
            content_policy=policy("'self'", image_sources("", "", self._own_style)),
        )
        yield f'{home}<main class="index">\n<header class="opener">\n{opener}\n</header>\n'
        yield from lists
        yield f"</main>\n{DOCUMENT_END}"

    def _links(self, root: str = "") -> str:
        links = f'<link rel="stylesheet" href="{root}{STYLE}">\n'
        if self.has_feed:
            title = attribute(self._heading)
            for kind, name in (("application/rss+xml", FEED), (json_feed.MEDIA_TYPE, JSON_FEED)):
                links += (
                    f'<link rel="alternate" type="{kind}" title="{title}" href="{root}{name}">\n'
                )
        return links

    def _tag_link(self, tag: str) -> str:
        return f'<li><a href="{quote(self.tags[tag])}">{escape(" ".join(tag.split()))}</a></li>\n'

    def _tag_list(self, metadata: Metadata, language: str) -> str:
        tags = [tag for tag in dict.fromkeys(metadata.tags) if tag in self.tags]
        items = "".join(map(self._tag_link, tags))
        if not items:
            return ""
        name = attribute(wording(language).tags)
        return f'<nav class="tags" aria-label="{name}">\n<ul>\n{items}</ul>\n</nav>\n'

    def _entry(self, position: int, root: str) -> str:
        metadata = self._at(position)
        own = self._language_of(position, self._language)
        page = f"{root}{self._page(metadata.key)}"
        link = f'<a href="{page}"{own}>{escape(self._title_of(position, metadata))}</a>'
        date = f" {time_element(metadata.published, self._language)}" if metadata.published else ""
        subtitle = ""
        if metadata.subtitle:
            language = self._own_language_of(position)
            subtitle = f"<p{own}>{escape(typeset_line(metadata.subtitle, language))}</p>"
        return f"<li>{link}{date}{subtitle}</li>\n"

    def _home(self, root: str = "") -> str:
        name = escape(self._heading)
        return f'<header class="site"><a href="{root}{INDEX}">{name}</a></header>\n'

    def _neighbours(self, key: str, language: str) -> str:
        position = self._place_in_order[self._collection.index.position(key)]
        if position < 0:  # no list or other page names it
            return ""
        words = wording(language)
        own = _own_words(language)
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

    def _neighbour(self, position: int, relation: str, label: str, language: str) -> str:
        metadata = self._at(position)
        own = self._language_of(position, language)
        title = f"<b{own}>{escape(cut_at_word(self._title_of(position, metadata), _TITLE))}</b>"
        return f'<a rel="{relation}" href="{self._page(metadata.key)}">{label} {title}</a>'

    def _own_language_of(self, position: int) -> str:
        found = self._languages[position]
        if found is None:
            found = intern(post_language(self._at(position), "", self._context.language))
            self._languages[position] = found
        return found

    def _title_of(self, position: int, metadata: Metadata) -> str:
        """Returns the title of a post as lists show it; that of an untitled one is in the site's words."""
        title = typeset_line(metadata.title, self._own_language_of(position))
        return title or self._words.untitled

    def _language_of(self, position: int, page: str) -> str:
        """Returns the language attributes of a post's title on a page in another language."""
        language = self._own_language_of(position)
        if language == page:
            return ""
        return f' lang="{attribute(language)}" dir="{direction(language)}"'


def _own_words(language: str) -> str:
    """Returns the attributes of the site's own words on a page in a language without translation."""
    return "".join(f' {name}="{value}"' for name, value in marks_of_own_words(language))


def _day_as_number(metadata: Metadata) -> int:
    """Returns a number that sorts posts as ``sort_day`` does, and takes a quarter of its memory."""
    day, moment = metadata.sort_day
    return day.toordinal() * _MOMENTS + (moment - _FIRST_MOMENT) // timedelta(microseconds=1)


def _check_url(url: str) -> str:
    """Returns the site's address with a trailing slash. Raises OptionError if it is not an
    address.
    """
    if not url:
        return ""
    whole = web_address(url)
    if not whole:
        raise OptionError(
            f"{url!r} is not the address of a site", hint="for example https://letters.example"
        )
    return f"{whole.rstrip('/')}/"


def _section(heading: str, entries: Iterator[str]) -> Iterator[str]:
    yield f"<section>\n{heading}\n"
    yield from entries
    yield "</section>\n"


WRITER = _SiteWriter()
