"""Strips exports of WordPress: reads the words that the pages of a blog show from what its export has of them.

Written from WordPress's documentation of its export, of shortcodes and of the block editor. A bracket is a shortcode if its
name is one of WordPress's own, if it has an end tag, or if an attribute is quoted.
"""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from ..errors import ReadError
from ..lazy_pattern import lazy_pattern
from .content import Item, in_utf8, part_name
from .markup import strip_html

_FEED = frozenset(".xml .rss .atom".split())
_MARK = b"wordpress.org/export/"
_HEAD = 8192
_LARGEST = 1 << 28
_NOT_XML = bytes(n for n in range(32) if n not in (9, 10, 13))
_ENTITY = lazy_pattern(rb"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]{1,31};")
_REUSED = lazy_pattern(r'<!-- wp:block \{[^>]*?"ref":\s*"?(\d+)[^>]*?/-->')
_NAMED_BLOCK = lazy_pattern(
    r'(<!-- wp:[\w/-]+ \{[^>]*?"name":"([^"]+)"[^>]*?-->\s*<(\w+)[^>]*>).*?(?=</\3>\s*<!-- /wp:)',
    re.S,
)
_BLOCK = lazy_pattern(r"<!-- wp:([\w/-]+) (\{[^<>]*?)(/?)-->")
_HIDES = lazy_pattern(r'"(?:blockVisibility":\s*false|hideBlock":\s*true)')
_NOTE_MARK = lazy_pattern(r"<sup data-fn=[^>]*>")
_PART = lazy_pattern(
    r"""\[(\[?)(/?)([A-Za-z][\w-]*)((?:[\s=](?:"[^"]*"|'[^']*'|[^\]"'])*)?)\](\]?)"""
)
_NOTE = lazy_pattern(r"(?<!\[)\[(ref|footnote|fn|efn_note|mfn)\b[^\]]*\](.*?)\[/\1\]", re.S)
"""Matches the notes of plug-ins."""
_LISTING = lazy_pattern(r"(?<!\[)\[(code|sourcecode)([^\]]*)\](.*?)\[/\1\]", re.S)
_PREFORMATTED = lazy_pattern(r"<(pre|code|script|style)\b(?:(?!<\1\b).)*?</\1>", re.S)
_QUOTED = lazy_pattern(r"""\s[\w-]+\s*=\s*["']""")
_PAIR = lazy_pattern(r"""(?<![\w-])([\w-]++)\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))""")
_ADDRESS = lazy_pattern(r"https?://[^\s\"'<>\]]+")
_ALONE = lazy_pattern(r"(?:^|(?<=[>\n]))([ \t]*)(https?://[^\s<>\"']+)(?=\s*(?:$|[<\n]))")
_IMAGE = lazy_pattern(r"<img\b[^>]*>", re.I)
_SOURCE = lazy_pattern(r"""(?<![-\w])src\s*=\s*["']([^"']*)["']""", re.I)
_LAZY = lazy_pattern(r"""\bdata-(?:src|image)\s*=\s*["']([^"']*)["']""", re.I)
_CAPTIONED = lazy_pattern(
    r"""(<img\b[^>]*?)\balt=["']([^"']+)["']([^>]*>(?:\s*</a>)?\s*<figcaption[^>]*>\s*\2\s*</figcaption>)""",
    re.I,
)
_SHORT = lazy_pattern(r"https?://youtu\.be/([\w-]+)(?:\?si=[\w-]+)?(\?t=\w+)?$")
_PHOTO = lazy_pattern(r"https?://(?:www\.)?instagram\.com/(?:p|reel)/")
_NUMBER = lazy_pattern(r"\bwp-image-(\d+)|\bdata-id=[\"'](\d+)")
_COPY = lazy_pattern(r"-\d+x\d+(?=\.\w{3,4}$)")
_LINKED = lazy_pattern(r"<a\b[^<>]*href=[\"']([^\"']*)[\"'][^>]*>(\s*<img\b[^>]*>\s*)</a>", re.I)
_PICTURE = lazy_pattern(r"\.(?:png|jpe?g|gif|webp)$", re.I)
_DOWNLOAD = lazy_pattern(r"<a\b[^>]*wp-block-file__button[^>]*>.*?</a>", re.S)
_LAYOUT = lazy_pattern(r"(?:vc|et_pb|fusion|av)_\w+|row|column|columns|one_\w+|two_\w+|three_\w+")
_EMBEDS = frozenset(
    "embed youtube vimeo tweet twitter facebook instagram soundcloud spotify".split()
)
_PLAYERS = frozenset("audio video playlist".split())
_OWN = _EMBEDS | _PLAYERS | {"caption", "wp_caption", "gallery", "latex"}


_PAGE = lazy_pattern(r"(?<=href=[\"'])[^\"']*?\?attachment_id=(\d+)(?=[\"'])")


class _File(NamedTuple):
    url: str
    caption: str
    parent: str
    page: str


class Exported(NamedTuple):
    """The content of one item of an export."""

    name: str
    items: tuple[Item, ...]


def wordpress_files(path: Path) -> list[bytes]:
    """Returns the files of an export of WordPress, if ``path`` is one or holds them; else none."""
    if path.is_dir():
        exported = [file for file in sorted(path.glob("*.xml")) if _begins_export(file)]
        files = [in_utf8(file.read_bytes()) for file in exported]
    elif path.suffix.lower() in _FEED:
        files = [in_utf8(path.read_bytes())] if _begins_export(path) else []
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            infos = [i for i in archive.infolist() if i.filename.endswith(".xml")]
            small = (i for i in infos if i.file_size <= _LARGEST)
            files = [archive.read(info) for info in small]
        files = [data for data in files if _MARK in data[:_HEAD]]
    else:
        files = []
    return files


def _begins_export(file: Path) -> bool:
    with file.open("rb") as stream:
        return _MARK in in_utf8(stream.read(_HEAD)) and file.stat().st_size <= _LARGEST


def read_wordpress(files: list[bytes], name: str) -> Iterator[Exported]:
    """Yields the posts and pages of an export. Raises ReadError if it is not XML."""
    entries = [entry for data in files for entry in _entries(data, name)]
    attachments: dict[str, _File] = {}
    reused: dict[str, str] = {}
    for entry in entries:
        kind, number = entry.get("post_type", ""), entry.get("post_id", "")
        if kind == "attachment":
            url = html.unescape(entry.get("attachment_url", ""))
            attachments[number] = _File(
                url, entry["excerpt"], entry.get("post_parent", ""), entry["link"].rstrip("/")
            )
        elif kind == "wp_block" and entry.get("status") == "publish":
            reused[number] = entry["content"]
    public = {
        entry.get("post_id", "")
        for entry in entries
        if entry.get("status") == "publish" and not entry.get("post_password", "").strip()
    }
    seen: set[str] = set()
    for entry in entries:
        number = entry.get("post_id", "")
        if entry.get("post_type", "post") not in ("post", "page") or number in seen:
            continue
        if number:
            seen.add(number)
        body = _Body(attachments, number, public).stripped(
            without_hidden(_with_reused(entry["content"], reused)), entry["footnotes"]
        )
        title = strip_html(entry["title"])
        shown = entry["link"] or entry["guid"] or f"item {number}"
        yield Exported(shown, (*title, *body))


def _with_reused(text: str, reused: dict[str, str]) -> str:
    """Returns a text with the words of reusable blocks, in which the post's own may stand."""

    def put(found: re.Match[str]) -> str:
        data = re.search(r"\{.*\}", found[0], re.S)
        try:
            own = json.loads(data[0]).get("content") if data else None
        except ValueError:
            own = None
        words = {key: value.get("content") for key, value in (own or {}).items()}
        return _NAMED_BLOCK.sub(
            lambda block: block[1] + words[block[2]] if words.get(block[2]) else block[0],
            reused.get(found[1], ""),
        )

    return _REUSED.sub(put, text)


def without_hidden(text: str) -> str:
    """Returns a text without the blocks that nobody sees. One without an end goes to the end of the text."""
    parts: list[str] = []
    done = 0
    for mark in _BLOCK.finditer(text):
        if mark.start() >= done and _HIDES.search(mark[2]):
            parts.append(text[done : mark.start()])
            done = mark.end() if mark[3] else _end_of_block(text, mark[1], mark.end())
    return "".join(parts) + text[done:]


def _end_of_block(text: str, name: str, start: int) -> int:
    depth = 1
    for mark in re.compile(rf"<!-- (/?)wp:{re.escape(name)}\b[^<>]*?(/?)-->").finditer(text, start):
        if not mark[2]:
            depth += -1 if mark[1] else 1
        if not depth:
            return mark.end()
    return len(text)


def _entries(data: bytes, name: str) -> Iterator[dict[str, str]]:
    data = data.translate(None, _NOT_XML)
    # XML does not know HTML's names of characters; within CDATA, where HTML stands, either form is the same.
    data = _ENTITY.sub(lambda found: html.unescape(found[0].decode()).encode(), data)
    site = ""
    try:
        events = etree.iterparse(
            io.BytesIO(data), events=("end",), recover=True, resolve_entities=False, no_network=True
        )
        for _, element in events:
            tag = part_name(element.tag)[1] if isinstance(element.tag, str) else ""
            if tag == "base_blog_url" or (tag == "link" and not site):
                site = (element.text or "").strip()
            if tag == "item":
                yield _entry(element, site)
                element.clear()
    except etree.XMLSyntaxError as error:
        raise ReadError(f"is not readable XML: {error}", source=name) from error


def _entry(element: Any, site: str) -> dict[str, str]:
    fields = {"title": "", "link": "", "guid": "", "content": "", "excerpt": "", "footnotes": ""}
    for child in element:
        if not isinstance(child.tag, str):
            continue
        namespace, name = part_name(child.tag)
        text = "".join(child.itertext())
        if name == "encoded":
            fields["content" if "content" in namespace else "excerpt"] = text
        elif name == "postmeta":
            key, value, *_ = [*("".join(part.itertext()) for part in child), "", ""]
            if key.strip() == "footnotes":
                fields["footnotes"] = value
        else:
            fields[name] = text.strip()
    if fields["link"].startswith("/"):
        fields["link"] = site.rstrip("/") + fields["link"]
    return fields


class _Body:
    """Strips the text of one post."""

    def __init__(self, files: dict[str, _File], number: str, public: set[str]) -> None:
        self._files = files
        self._number = number
        self._public = public
        self._tails = {_tail(file.url): file for file in files.values() if _tail(file.url)}
        self._pages = {file.page for file in files.values() if file.page}
        self._kept: list[str] = []

    def stripped(self, text: str, footnotes: str) -> list[Item]:
        """Returns the content of a text and of its notes."""
        text = text.replace("\r\n", "\n")
        text = _DOWNLOAD.sub("", text).replace("$latex ", "$")
        text = _LISTING.sub(self._listing, text)
        text = _PREFORMATTED.sub(lambda found: self._keep(found[0]), text)
        by_plugins = [found[2] for found in _NOTE.finditer(text)]
        text = self._expanded(_NOTE.sub("", text))
        text = _ALONE.sub(lambda found: found[1] + _link(found[2]), text)
        text = _IMAGE.sub(self._original, text)
        # A description that repeats the caption says nothing more.
        text = _CAPTIONED.sub(r"\1\3", text)
        text = _LINKED.sub(self._enlarged, text)
        text = _PAGE.sub(self._address_of_file, text)
        text = _NOTE_MARK.sub('<sup class="footnote-ref">', text)
        try:
            notes = json.loads(footnotes) if footnotes.strip() else []
        except ValueError:
            notes = []
        written = [*by_plugins, *(note.get("content", "") for note in notes)]
        listed = "".join(f"<li>{note}</li>" for note in written)
        if listed:
            text += f'<div class="footnotes"><ol>{listed}</ol></div>'
        return strip_html(re.sub(r"\x00(\d+)\x00", lambda found: self._kept[int(found[1])], text))

    def _keep(self, markup: str) -> str:
        self._kept.append(markup)
        return f"\0{len(self._kept) - 1}\0"

    def _listing(self, found: re.Match[str]) -> str:
        code = html.escape(html.unescape(found[3]))
        return self._keep(f"<pre>{code}</pre>")

    def _enlarged(self, found: re.Match[str]) -> str:
        """Returns a picture without the link to its own file or page."""
        is_own = _PICTURE.search(found[1]) or found[1].rstrip("/") in self._pages
        return found[2] if is_own else found[0]

    def _address_of_file(self, found: re.Match[str]) -> str:
        file = self._files.get(found[1])
        return html.escape(file.url) if file else found[0]

    def _original(self, found: re.Match[str]) -> str:
        tag = found[0]
        source, number = _SOURCE.search(tag), _NUMBER.search(tag)
        lazy = _LAZY.search(tag)
        if source is None:
            return f'<img src="{lazy[1]}"{tag[4:]}' if lazy else tag
        file = self._files.get(number[1] or number[2]) if number else None
        tail = _tail(source[1])
        file = file or self._tails.get(tail) or self._tails.get(_COPY.sub("", tail))
        url = file.url if file else _COPY.sub("", source[1]) if tail else source[1]
        return tag[: source.start(1)] + html.escape(url) + tag[source.end(1) :]

    def _expanded(self, text: str) -> str:
        parts = list(_PART.finditer(text))
        ends = {p[3].lower() for p in parts if p[2]}
        starts = {p[3].lower() for p in parts if not p[2]}
        made: list[str] = []
        place = 0
        for part in parts:
            name = part[3].lower()
            if part.start() < place or (part[1] and part[5]):
                continue
            is_paired = name in (starts if part[2] else ends)
            is_own = name in _OWN and not part[2]
            if not (is_paired or is_own or _LAYOUT.fullmatch(name) or _QUOTED.match(part[4])):
                continue
            made.append(text[place : part.start()] + "[" * bool(part[1]))
            place = part.end() - bool(part[5])
            if name in _EMBEDS and not part[2]:
                end = text.find(f"[/{part[3]}]", place) if name in ends else -1
                written = text[place:end] if end >= 0 else part[4]
                place = end if end >= 0 else place
                found = _ADDRESS.search(written)
                # The size of a player is no part of its address.
                address = re.sub(r"&(?:amp;)?[wh]=.*", "", found[0]) if found else ""
                made.append(_link(address) if address else _words_shown(written))
            elif not part[2]:
                made.append(self._shown(name, part[3], part[4]))
        return "".join((*made, text[place:]))

    def _shown(self, name: str, written: str, attributes: str) -> str:
        pairs = {key: a or b or c for key, a, b, c in _PAIR.findall(attributes)}
        if name in ("caption", "wp_caption"):
            return f" {pairs.get('caption', '')} "
        if name == "gallery":
            return " ".join(self._pictures(pairs))
        if name in _PLAYERS or name == "latex" or _LAYOUT.fullmatch(name):
            return " "
        return f" {_words_shown(f'{written} {attributes}')} "

    def _pictures(self, pairs: dict[str, str]) -> Iterator[str]:
        numbers = re.findall(r"\d+", pairs.get("ids", pairs.get("include", "")))
        if not numbers:
            owner = pairs.get("id", self._number)
            # The pictures of a post that others may not see are shown where each is named.
            is_shown = owner == self._number or owner in self._public
            numbers = [
                n
                for n, f in self._files.items()
                if is_shown and f.parent == owner and _is_picture(f.url)
            ]
        for number in numbers:
            if number in self._files and number not in re.findall(r"\d+", pairs.get("exclude", "")):
                file = self._files[number]
                yield f'<p><img src="{html.escape(file.url)}"></p><p>{file.caption}</p>'


def _words_shown(text: str) -> str:
    """Returns the words of a text as HTML."""
    return html.escape(html.unescape(text))


def _link(address: str) -> str:
    """Returns a link to what an address alone embeds: the page of a short one, without what tells who sent it."""
    address = html.unescape(address)
    address = _SHORT.sub(r"https://www.youtube.com/watch?v=\1\2", address)
    if _PHOTO.match(address):
        address = address.partition("?")[0]
    return f'<p><a href="{html.escape(address)}">.</a></p>'


def _tail(url: str) -> str:
    return url.partition("?")[0].partition("/uploads/")[2]


def _is_picture(url: str) -> bool:
    return url.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg"))
