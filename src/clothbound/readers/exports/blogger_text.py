"""Reads the text of one post of Blogger as HTML without what its editors made around pictures and lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import unquote, urlsplit

import msgspec
from bs4 import Tag
from bs4.element import Comment, NavigableString, PageElement

from ...lazy_pattern import lazy_pattern
from ...model.post import Metadata, Post
from ...web.addresses import hostname_of, last_segment
from ...web.html_elements import BLOCKS
from ..entries import EntryText
from ..html_post import post_of
from ..packed_files import FilesOfPosts
from ..searched_html import attribute, has_class, markup_of, new_tag, parse_html, remove, words_in

_BLOGSPOT = lazy_pattern(r"(?:www\.)?([a-z0-9-]+)\.blogspot\.(?:com?\.)?[a-z]{2,3}")
_PICTURE_HOST = lazy_pattern(
    r"(?:[0-9]\.bp\.blogspot\.com|blogger\.googleusercontent\.com|bp[0-9]\.blogger\.com"
    r"|lh[0-9]\.(?:googleusercontent|ggpht)\.com|photos[0-9]\.blogger\.com)"
)
_SIZE = lazy_pattern(r"/(?:[swh][0-9]{1,4}(?:-[a-z0-9]{1,6})*)/(?=[^/]*$)")
_SIZE_AT_END = lazy_pattern(r"=(?:[swh][0-9]{1,4}(?:-[a-z0-9]{1,6})*)$")
_LARGEST = "s1600"
"""The size that Blogger's own links to a whole picture have."""
_BLOCKS = BLOCKS | {"iframe", "video", "audio", "object", "center"}
_HOLDERS = ("div", "blockquote", "center", "td", "li")
_MANY = 2
"""The least line breaks in a row that part two paragraphs."""


class Blog(msgspec.Struct, frozen=True):
    """What the texts of all posts of a blog need."""

    names: tuple[str, ...] = ()
    """The blog's names on Blogger's hosts: ``name`` of ``name.blogspot.com`` and ``name.blogspot.de``."""
    pictures: dict[str, str] = {}
    """The places of pictures in the archive by the names of their files."""
    files: FilesOfPosts | None = None
    """Those of the archive; None for a file alone."""


def blog_of_host(host: str) -> str:
    """Returns the name of a blog on one of Blogger's hosts, whatever its country; empty for another host."""
    found = _BLOGSPOT.fullmatch(host.lower())
    return found[1] if found else ""


def make_post(blog: Blog, text: EntryText, metadata: Metadata) -> Post:
    """Converts the text of a post."""
    body = parse_html(text.content)
    parts_lines = metadata.extra.get("line_breaks") is not False
    _remove_marks(body)
    _write_figures(body)
    uses_archive = _write_pictures(body, blog.pictures)
    _write_links(body, blog.names, hostname_of(metadata.canonical_url))
    _write_players(body)
    _unwrap_layout(body)
    if parts_lines:
        _write_paragraphs(body)
    extra = {key: value for key, value in metadata.extra.items() if key != "line_breaks"}
    metadata = msgspec.structs.replace(metadata, extra=extra)
    post = post_of(markup_of(body), metadata, findings=text.findings)
    return blog.files.give(post) if blog.files is not None and uses_archive else post


def _remove_marks(body: Tag) -> None:
    """Removes what prints nothing: the mark of the cut, counters of visits, empty divisions."""
    for mark in body.select('a[name="more"]'):
        mark.unwrap()
    remove(body.select(".blogger-post-footer"))
    remove(img for img in body.select("img") if "/tracker/" in attribute(img, "src"))
    for division in body.select("div"):
        if not words_in(division) and all(tag.name == "br" for tag in division.find_all(True)):
            division.decompose()


def _write_figures(body: Tag) -> None:
    """Makes figures of the tables in which Blogger lays out a picture and its caption."""
    for table in body.select("table.tr-caption-container"):
        caption = table.select_one("td.tr-caption")
        pictures = table.select("img")
        if caption is None or not pictures or table.find("table") is not None:
            continue
        shown = words_in(table) == words_in(caption)
        if not shown:
            continue
        caption.name = "figcaption"
        caption.attrs = {}
        caption.extract()
        held = [
            picture.parent if _is_link_of(picture.parent, picture) else picture
            for picture in pictures
            if picture.find_parent("figcaption") is None
        ]
        table.name = "figure"
        table.attrs = {}
        kept = [one.extract() for one in held if one is not None]
        table.clear()
        for part in (*kept, caption):
            table.append(part)


def _is_link_of(element: Tag | None, picture: Tag) -> bool:
    return element is not None and element.name == "a" and element.find("img") is picture


def _write_pictures(body: Tag, pictures: Mapping[str, str]) -> bool:
    """Gives pictures their largest size, or their place in the archive; returns whether one has such a place.

    A link to the same picture, or to its file, goes: the book shows it.
    """
    in_archive = False
    for picture in body.select("img[src]"):
        source = attribute(picture, "src")
        link = picture.parent
        if _is_link_of(link, picture) and link is not None and not words_in(link):
            target = attribute(link, "href")
            if _is_stored(target) and _same(target, source):
                source = target
                link.unwrap()
        if _is_stored(source):
            source = _whole(source)
            for name in (
                "width",
                "height",
                "border",
                "data-original-width",
                "data-original-height",
            ):
                del picture[name]
        place = pictures.get(_file_name(source))
        if place is not None:
            in_archive = True
            source = place
        picture["src"] = source
    return in_archive


def _is_stored(address: str) -> bool:
    """Returns whether a picture lies on Blogger's hosts of pictures."""
    return _PICTURE_HOST.fullmatch(hostname_of(address)) is not None


def _same(one: str, other: str) -> bool:
    return _sizeless(one) == _sizeless(other) or (
        bool(_file_name(one)) and _file_name(one) == _file_name(other)
    )


def _sizeless(address: str) -> str:
    rest = _SIZE_AT_END.sub("", _SIZE.sub("/", address.partition("?")[0]))
    return rest.partition("//")[2]


def _whole(address: str) -> str:
    return _SIZE_AT_END.sub(f"={_LARGEST}", _SIZE.sub(f"/{_LARGEST}/", address))


def _file_name(address: str) -> str:
    name = unquote(last_segment(address).replace("+", " "))
    return name if "." in name else ""


def _write_links(body: Tag, names: Iterable[str], host: str) -> None:
    """Gives links to the blog's hosts of other countries its own host."""
    own = set(names)
    if not own or not host:
        return
    for link in body.select("a[href]"):
        address = attribute(link, "href")
        there = hostname_of(address)
        if there != host and blog_of_host(there) in own:
            parts = urlsplit(address)
            link["href"] = parts._replace(scheme="https", netloc=host).geturl()


def _write_players(body: Tag) -> None:
    """Makes frames of players in the form of Flash, whose address names the video."""
    for player in body.select("object"):
        inner = player.find("embed")
        address = attribute(inner, "src") if isinstance(inner, Tag) else ""
        if address and not words_in(player):
            frame = new_tag("iframe")
            frame["src"] = address
            player.replace_with(frame)


def _unwrap_layout(body: Tag) -> None:
    """Removes the divisions and spans around pictures and texts that only set their place."""
    for division in body.select("div.separator"):
        if any(child.name in _BLOCKS for child in division.find_all(True)):
            division.unwrap()
        else:
            division.name = "p"
            division.attrs = {}
    for division in body.select("div[trbidi]"):
        del division["trbidi"]
        if attribute(division, "dir") != "rtl":
            division.unwrap()
    for wrapper in body.select("span, font"):
        if wrapper.find("br") is not None or any(
            child.name in _BLOCKS for child in wrapper.find_all(True)
        ):
            wrapper.unwrap()
    for unknown in body.find_all(lambda tag: ":" in tag.name):
        unknown.unwrap()
    for paragraph in body.select("p[class]"):
        if has_class(paragraph, "MsoNormal"):
            del paragraph["class"]


def _write_paragraphs(body: Tag) -> None:
    """Makes paragraphs of texts that two line breaks part, between blocks too."""
    for holder in [body, *body.find_all(_HOLDERS)]:
        if holder.find("br", recursive=False) is not None:
            _part(holder)


def _part(holder: Tag) -> None:
    made: list[PageElement] = []
    line: list[PageElement] = []
    breaks: list[PageElement] = []

    def end() -> None:
        nonlocal line
        if any(isinstance(part, Tag) or str(part).strip() for part in line):
            paragraph = new_tag("p")
            for part in line:
                paragraph.append(part)
            made.append(paragraph)
        line = []
        breaks.clear()

    for child in list(holder.children):
        child.extract()
        is_text = isinstance(child, NavigableString)
        if isinstance(child, Comment):
            continue
        if isinstance(child, Tag) and child.name == "br":
            breaks.append(child)
        elif is_text and not str(child).strip():
            (breaks if breaks else line).append(child)
        elif isinstance(child, Tag) and child.name in _BLOCKS:
            end()
            made.append(child)
        else:
            if sum(isinstance(part, Tag) for part in breaks) >= _MANY:
                end()
            if line:
                line += breaks
            breaks.clear()
            line.append(child)
    end()
    for part in made:
        holder.append(part)
