"""Reads the content of exports of Medium, Blogger, Buttondown, beehiiv and Movable Type, and of ZIPs of Markdown. Those that
have all Markdown in one file are read by ``text_exports``.

Written from what the platforms say of their exports, and from their files: where the text of a post stands, and what
stands around it that no reader of the post saw.
"""

from __future__ import annotations

import csv
import io
import json
import posixpath
import re
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urljoin

from lxml import etree

from ..errors import ReadError
from ..lazy_pattern import lazy_pattern
from .content import Item, Kind, decode, in_utf8, words_of, words_of_title
from .feeds import is_json_feed, read_json_feed
from .file_forms import MARKDOWN, NOTEBOOK, PLAIN
from .left_out import content_of_element, without_elements
from .markdown import strip_markdown
from .markup import strip_html
from .text_exports import is_text_export, read_text_export

Posts = Iterator[tuple[str, list[Item]]]
Members = Mapping[str, Callable[[], bytes]]
ContentOf = Callable[[bytes, str], list[Item]]

_LARGEST = 1 << 28
_DEEPEST = 5
_MEDIUM = lazy_pattern(r"(?:[^/]+/)?posts/[^/]+\.html")
_STORY = lazy_pattern(r"<section\b[^<>]{0,200}\bclass=[\"'](?:[^\"'<>]{0,200}\s)?e-content[\"'\s]")
"""Matches the element of Medium's text: classes such as Substack's ``footnote-content`` end with the same letters."""
_BLOGGER = lazy_pattern(r"(?:[^/]+/){0,5}(?:feed\.atom|blog-[0-9-]+\.xml)")
_BLOGGER_MARK = lazy_pattern(
    rb"schemas\.google\.com/blogger/20\d\d|tag:blogger\.com,1999:blog-\d+\.archive"
)
_BUTTONDOWN = lazy_pattern(r"(?P<folder>(?:[^/]+/)?)emails/(?P<slug>[^/]+)\.(?:md|html)")
_MARKDOWN = MARKDOWN - PLAIN - {NOTEBOOK}
_OF_MACOS = lazy_pattern(r"(?:.*/)?(?:__MACOSX/.*|\.DS_Store|\._[^/]*)", re.S)
_COMPANION = lazy_pattern(r"(?:.*/)?(?:readme|_index)(?:[._-][^/]*)?", re.I)
_MOVABLE_TYPE = lazy_pattern(
    rb"(?:\xef\xbb\xbf)?\s*(?:[A-Z][A-Z _]+:[^\n]*\n\s*){2,60}-----\s*\nBODY:"
)
_END_OF_ENTRY = lazy_pattern(r"^--------[ \t]*\n\s*(?=[A-Z][A-Z _]+:|\Z)", re.M)
_END_OF_PART = lazy_pattern(
    r"^-----[ \t]*\n\s*(?=(?:(?:EXTENDED )?BODY|EXCERPT|KEYWORDS|COMMENT|PING):[ \t]*$|\Z)", re.M
)
_OF_NOTION = lazy_pattern(r".* [0-9a-f]{32}\.md")
_PART_OF_NOTION = lazy_pattern(r"(?:[^/]+/)?[^/]*Export(?:Block)?-[0-9a-f-]{36}[^/]*\.zip")
_PROPERTIES = lazy_pattern(
    rb"\A\s*(# [^\n]+\n\s*?\n)(?=(?:[^\n:]+:(?: [^\n]*)?\n)*(?:Status|Tags|Date|Publish|Published|Draft|Author|Authors|URL"
    rb"|Public|Private|Visibility|Language|Slug|Summary|Created|Category|Categories)\??:[ \n])"
    rb"(?:[^\n:]+:(?: [^\n]*)?\n)+\n"
)
"""Matches the title of a page of Notion and the properties below it, which are no words of its text."""
_MODE = lazy_pattern(r"\s*<!--\s*buttondown-editor-mode:\s*(\w+)\s*-->")
_CONDITION = lazy_pattern(
    r"\{%-?\s*(if|unless|case|comment)\b(?:(?!\{%-?\s*(?:if|unless|case|comment)\b).)*?(?:\{%-?\s*end\1\s*-?%\}|\Z)",
    re.S,
)
"""Matches a part for some readers with none of its like in it; one without an end goes to the end."""
_FIELD = lazy_pattern(r"\{\{[^{}\n]*\}\}|\{%[^{}\n]*%\}")
_CODE = lazy_pattern(
    r"(```|~~~).*?\1|`[^`\n]+`|<pre\b(?:(?!<pre\b).)*?</pre>|<code\b(?:(?!<code\b).)*?</code>", re.S
)
_LINKED_PICTURE = lazy_pattern(
    r"<a\b[^<>]*\bhref=[\"']([^\"']*)[\"'][^>]*>\s*(<img\b[^>]*\bsrc=[\"']([^\"']*)[\"'][^>]*>)\s*</a>",
    re.I,
)
_REPEATED_TITLE = lazy_pattern(r"<h[1-4]\b[^>]*graf--title[^>]*>.*?</h[1-4]>", re.S)
_FEED = lazy_pattern(r"(?:[^/]+/)?feed\.json")
_PAGE = lazy_pattern(r".*\.(?:html?|xhtml|md|markdown|mkd|mdx|qmd)", re.I)
_BESIDE_FEED = lazy_pattern(r"index\.html|(?:readme|license)\.\w+", re.I)
_TEXTS = (".json", ".csv")
"""The extensions of files in which platforms export the Markdown of their posts."""
_TUMBLR = lazy_pattern(r"(?:[^/]+/)?(?:posts/)?(?:[\w -]+/){0,2}\d{5,20}\.html")
_TIME_OF_NOTE = lazy_pattern(rb"\bid=[\"']timestamp[\"']")
_POSTS_OF_TUMBLR = lazy_pattern(r"((?:[^/]+/)?)posts\.zip")
_REPEATED_SUBTITLE = lazy_pattern(
    r"(?P<head><h[1-4]\b[^>]*graf--subtitle[^>]*>(?P<subtitle>.*?)</h[1-4]>(?:\s|</?(?:div|section)\b[^>]*>|<figure\b.*?</figure>)*)"
    r"<p\b[^>]*>(?P<text>.*?)</p>",
    re.S,
)
_CARD = lazy_pattern(r"<div\b[^>]*graf--mixtapeEmbed.*?</div>", re.S)
_MANGLED = lazy_pattern(r"https?://%28(https?://[^\"'<>]+?)%29(?=[\"'])")
_SIZE = lazy_pattern(r"/[swh]\d[\w-]*/(?=[^/\"'<>]*[\"'])|=[swh]\d[\w-]*(?=[\"'])")
_COUNTER = lazy_pattern(
    r"<img\b(?=[^>]*\bwidth=[\"']?[01][\"'\s])(?=[^>]*\bheight=[\"']?[01][\"'\s/>])[^>]*>", re.I
)
_MORE = lazy_pattern(r"<a\s+name=['\"]more['\"]\s*>\s*</a>|<a\s+name=['\"]more['\"]\s*/?>", re.I)
_COUNTRY = lazy_pattern(r"\.blogspot\.(?:com?\.)?[a-z]{2,3}(?=/)")
_TRACKED = lazy_pattern(r"(?:\?|&(?:amp;)?)(?:utm_\w+|last_resource_guid|_bhlid)=[^&\"'#]*")
_HIDDEN = lazy_pattern(r"""\bstyle=["'][^"']*display:\s*none""", re.I)
_CONTENT_BLOCKS = lazy_pattern(r"""\bid=["']content-blocks["']""")
_NO_WORDS_OF_POST = lazy_pattern(r"""\bclass=["'][^"']*(?:rec__content|poll)""")
_ATOM = "{http://www.w3.org/2005/Atom}"
_KIND = "http://schemas.google.com/g/2005#kind"


def read_platform(path: Path, content_of: ContentOf) -> list[tuple[str, list[Item]]] | None:
    """Returns the posts of an export, each with its name in reports; None for a source of another kind.

    ``content_of`` returns the content of a post's file from its bytes and its extension.
    """
    members = _members(path)
    if members is None:
        head = _head(path)
        if _BLOGGER_MARK.search(head) and b"<feed" in head:
            return list(_blogger(_read(path), path.name))
        first = head.partition(b"\n")[0]
        if b"web_title" in first and b"content_html" in first:
            return list(_beehiiv(_read(path)))
        if is_text_export(head):
            return list(read_text_export(_read(path)))
        if _MOVABLE_TYPE.match(head):
            return list(_movable_type(_read(path)))
        return None
    return _read_members(path, members, content_of)


def _read_members(
    path: Path, members: Members, content_of: ContentOf
) -> list[tuple[str, list[Item]]] | None:
    """Returns the posts of an export that has several files."""
    medium = [name for name in members if _MEDIUM.fullmatch(name)]
    if medium and any(_STORY.search(_text(members[name]())) for name in medium[:5]):
        return list(_medium(members, medium))
    notes = [name for name in members if _TUMBLR.fullmatch(name)]
    if notes and any(_TIME_OF_NOTE.search(members[name]()) for name in notes[:5]):
        return list(_tumblr(members, notes))
    blogs = [name for name in sorted(members) if _BLOGGER.fullmatch(name)]
    blogs = [name for name in blogs if _BLOGGER_MARK.search(members[name]()[:4096])]
    if blogs:
        return [post for name in blogs for post in _blogger(members[name](), name)]
    folders = {m["folder"] for name in members if (m := _BUTTONDOWN.fullmatch(name))}
    for folder in sorted(folders):
        for table in ("emails.json", "emails.csv"):
            if folder + table in members:
                return list(_buttondown(members, folder, members[folder + table](), table))
    for name in members:
        if (
            name.endswith(_TEXTS)
            and name.count("/") < 2
            and is_text_export(in_utf8(members[name]()[:4096]))
        ):
            return list(read_text_export(in_utf8(members[name]())))
    feed = _feed_of_archive(members)
    if feed:
        home = str(json.loads(_text(members[feed]())).get("home_page_url") or "")
        return [
            (entry.name, [_as_told(item, "", members, home) for item in entry.items])
            for entry in read_json_feed(members[feed](), feed, is_archive=True)
        ]
    if path.is_file() and not any(name.endswith("posts.csv") for name in members):
        texts = [name for name in members if posixpath.splitext(name)[1].lower() in _MARKDOWN]
        return list(_packed(members, texts, content_of)) if texts else None
    return None


def _feed_of_archive(members: Members) -> str:
    """Returns the name of the JSON Feed of a Blog Archive, beside which no page of a post is; empty for another kind."""
    feed = next((name for name in members if _FEED.fullmatch(name)), "")
    pages = [
        name
        for name in members
        if _PAGE.fullmatch(name)
        and not _BESIDE_FEED.fullmatch(name.removeprefix(feed.removesuffix("feed.json")))
    ]
    return feed if feed and not pages and is_json_feed(members[feed]()) else ""


def _members(path: Path) -> Members | None:
    """Returns the files of a folder or a ZIP by name; None for another file."""
    if path.is_dir():
        found = (p for p in path.rglob("*") if p.is_file())
        names = {p.relative_to(path).as_posix(): p for p in found}
        return {
            name: (lambda p=p: _read(p))  # type: ignore[misc]
            for name, p in sorted(names.items())
            if name.count("/") < _DEEPEST
        }
    if not zipfile.is_zipfile(path):
        return None
    packed = _packed_files(path)
    if packed and all(map(_PART_OF_NOTION.fullmatch, packed)):
        parts = [_packed_files(io.BytesIO(packed[name]())) for name in packed]
        # Of several files of one name the first counts.
        return {name: part[name] for part in reversed(parts) for name in part}
    for name in list(packed):
        if of_tumblr := _POSTS_OF_TUMBLR.fullmatch(name):
            pages = _packed_files(io.BytesIO(packed[name]()))
            packed = {**packed, **{f"{of_tumblr[1]}posts/{page}": pages[page] for page in pages}}
    return packed


def _packed_files(source: Path | io.BytesIO) -> Members:
    """Returns the files of a ZIP by name, without those that macOS packs beside a person's."""
    with zipfile.ZipFile(source) as archive:
        own = [
            i for i in archive.infolist() if not i.is_dir() and not _OF_MACOS.fullmatch(i.filename)
        ]
        # Of several files of one name the first counts.
        found_in_zip = {i.filename: i for i in reversed(own)}

    def read(info: zipfile.ZipInfo) -> bytes:
        with zipfile.ZipFile(source) as archive:
            if info.file_size > _LARGEST:
                raise ReadError("is too large to be compared", source=info.filename)
            return archive.read(info)

    return {name: (lambda i=i: read(i)) for name, i in reversed(found_in_zip.items())}  # type: ignore[misc]


def _read(path: Path) -> bytes:
    if path.stat().st_size > _LARGEST:
        raise ReadError("is too large to be compared", source=path.name)
    return in_utf8(path.read_bytes())


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return in_utf8(stream.read(4096))


def _text(data: bytes) -> str:
    return data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")


def _titled(title: str, subtitle: str, body: list[Item]) -> list[Item]:
    """Returns title, subtitle and text, each title once where the text begins with it."""
    rest = body
    for words in (title, subtitle):
        values = [item.value for item in words_of(words)]
        own = [n for n, item in enumerate(rest) if item.kind is Kind.WORD][: len(values)]
        if values and [rest[n].value for n in own] == values:
            rest = [item for n, item in enumerate(rest) if n not in own]
    return [*words_of_title(title, 1), *words_of_title(subtitle, 1), *rest]


def _plain(markup: str) -> str:
    return " ".join(re.sub(r"<[^<>]*>", " ", markup).split())


def _medium(members: Members, names: list[str]) -> Posts:
    """Medium's pages: ``h1.p-name``, ``section.p-summary``, ``section.e-content``, and a footer that is not the story's."""
    for name in names:
        page = _text(members[name]())
        story = _STORY.search(page)
        start = story.start() if story else -1
        body = page[page.find(">", start) + 1 : page.find("<footer", start)] if start >= 0 else ""
        body = _MANGLED.sub(r"\1", _REPEATED_TITLE.sub(_blank, _CARD.sub(_part, body)))
        body = _REPEATED_SUBTITLE.sub(_once, body, count=1)
        title = re.search(r"<h1[^>]*p-name[^>]*>(.*?)</h1>", page, re.S)
        line = page.count("\n", 0, max(start, 0)) + 1
        items = strip_html(body, line=line)
        yield name, _titled(_unescape(title[1]) if title else "", "", items)


def _once(found: re.Match[str]) -> str:
    """Returns a subtitle and the paragraph behind it, which is blank if its words are the same."""
    is_same = _unescape(found["subtitle"]).split() == _unescape(found["text"]).split()
    return found["head"] + _blank(found) if is_same else found[0]


def _blank(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _part(found: re.Match[str]) -> str:
    """Returns a card of a link with its parts, which it shows under each other, as words of their own."""
    # Behind title and text, Medium shows the host of the address.
    card = re.sub(r"(</em>|</strong>)[^<>]*(?=</a>)", r"\1", found[0])
    return re.sub(r"(</em>|</strong>|<br[^>]*>)", r"\1 ", card)


def _unescape(markup: str) -> str:
    import html

    return html.unescape(_plain(markup))


def _tumblr(members: Members, names: list[str]) -> Posts:
    """Tumblr's pages: the first ``h1`` is the title, and ``#footer`` has the time and the tags."""
    for name in names:
        page = _text(members[name]())
        start = re.search(r"<body[^>]*>", page, re.I)
        body = page[start.end() :] if start else page
        end = re.search(r"<(\w+)\b[^>]*\bid=[\"']footer[\"'][^>]*>", body)
        body = (body[: end.start()] if end else body).replace("[[MORE]]", "")
        body = re.sub(r"(src=[\"'])(?:\.\./)+", r"\1", body)
        title = re.search(r"<h1[^>]*>(.*?)</h1>", body, re.S)
        if title and "<a " not in title[1]:
            body = body.replace(title[0], "", 1)
        yield name, [*words_of_title(_unescape(title[1]) if title else "", 1), *strip_html(body)]


def _blogger(data: bytes, name: str) -> Posts:
    """Blogger's entries of the kinds post and page, by ``blogger:type`` or the category of kinds."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(data, parser)
    if root is None:
        raise ReadError("is not readable XML", source=name)
    for entry in root.iter(f"{_ATOM}entry"):
        kinds = (
            [e.text or "" for e in entry.iter("{*}type")][:1]
            if entry.find("{*}type") is not None
            else []
        )
        terms = [
            c.get("term", "") for c in entry.iter(f"{_ATOM}category") if c.get("scheme") == _KIND
        ]
        kind = ("".join(kinds) or "".join(terms).rpartition("#")[2]).lower()
        if kind not in ("", "post", "page"):
            continue
        line = int(entry.sourceline or 0)
        text = _MORE.sub("", entry.findtext(f"{_ATOM}content") or "")
        text = _LINKED_PICTURE.sub(_unlink, _COUNTER.sub("", _COUNTRY.sub(".blogspot.com", text)))
        text = re.sub(r"<img\b[^>]*>", lambda picture: _SIZE.sub(_whole, picture[0]), text)
        title = entry.findtext(f"{_ATOM}title") or ""
        yield (
            _blogger_name(entry),
            [*words_of_title(_unescape(title), line), *strip_html(text, line=line)],
        )


def _blogger_name(entry: Any) -> str:
    links = [e.get("href") for e in entry.iter(f"{_ATOM}link") if e.get("rel") == "alternate"]
    path = next((e.text for e in entry.iter("{*}filename") if e.text), "")
    return next(filter(None, links), "") or path or (entry.findtext(f"{_ATOM}id") or "").strip()


def _unlink(found: re.Match[str]) -> str:
    """Returns a picture without the link to its own file, in whatever size."""
    target, picture, source = found[1], found[2], found[3]
    names = [unquote(address.partition("?")[0].rsplit("/", 1)[-1]) for address in (target, source)]
    sized = [re.sub(r"=[swh]\d[\w-]*$", "", address) for address in (target, source)]
    same = names[0] == names[1] or sized[0] == sized[1]
    return picture.replace(source, target) if same else found[0]


def _whole(found: re.Match[str]) -> str:
    """Returns the part of a picture's address that names its size, for the size of Blogger's links to a whole one."""
    return "=s1600" if found[0].startswith("=") else "/s1600/"


def _rows(text: str) -> list[dict[str, str]]:
    csv.field_size_limit(_LARGEST)
    return [
        {k.strip().lower(): v or "" for k, v in row.items() if k}
        for row in csv.DictReader(io.StringIO(text, newline=""))
    ]


def _buttondown(members: Members, folder: str, data: bytes, table: str) -> Posts:
    """Buttondown's table with ``subject`` and ``slug``, and ``emails/<slug>.md``, whose first line names its form."""
    values = json.loads(_text(data)) if table.endswith(".json") else _rows(_text(data))
    titles = {str(row.get("slug")): str(row.get("subject") or "") for row in values}
    for name in members:
        found = _BUTTONDOWN.fullmatch(name)
        if found is None or found["folder"] != folder:
            continue
        text = _text(members[name]())
        mode = _MODE.match(text)
        body = _without_fields(_without_conditions(text[mode.end() :] if mode else text))
        body = _COUNTER.sub("", without_elements(body, _HIDDEN.search))
        is_html = mode is not None and mode[1] == "fancy"
        items = (
            strip_html(_untracked(_without_typed_marks(body))) if is_html else strip_markdown(body)
        )
        yield name, [*words_of_title(titles.get(found["slug"], ""), 1), *items]


def _without_typed_marks(page: str) -> str:
    """Returns a page without ``[1]``, ``[2]`` ..., if it ends with a rule and a list of as many notes."""
    end = re.search(r"<hr\s*/?>\s*<ol>((?:(?!<hr\b).)*)</ol>\s*\Z", page, re.S)
    if end is None:
        return page
    items, number = end[1], 1
    while number:  # Lists in the notes go.
        items, number = re.subn(r"<([ou]l)\b[^>]*>(?:(?!<[ou]l\b).)*?</\1>", "", items, flags=re.S)
    text = page[: end.start()]
    parts = re.split(r"(<(a|pre|code)\b.*?</\2\s*>)", text, flags=re.S)
    own = [number for part in parts[::3] for number in re.findall(r"\[([0-9]{1,3})\]", part)]
    if list(dict.fromkeys(own)) != [str(n) for n in range(1, items.count("<li") + 1)]:
        return page
    parts[::3] = [re.sub(r"\[[0-9]{1,3}\]", "", part) for part in parts[::3]]
    del parts[2::3]
    return "".join(parts) + page[end.start() :]


def _without_conditions(text: str) -> str:
    """Returns a text without the parts of its template that only some readers were sent, but for those in code."""
    code: list[str] = []

    def keep(found: re.Match[str]) -> str:
        code.append(found[0])
        return f"\0{len(code) - 1}\0"

    text, number = _CODE.sub(keep, text), 1
    while number:
        text, number = _CONDITION.subn("", text)
    return re.sub("\0(\\d+)\0", lambda found: code[int(found[1])], text)


def _without_fields(text: str) -> str:
    """Returns a text without the fields of a template, which are filled in for each reader, but for those in code."""
    made, end = [], 0
    for code in _CODE.finditer(text):
        made += [_FIELD.sub("", text[end : code.start()]), code[0]]
        end = code.end()
    return "".join([*made, _FIELD.sub("", text[end:])])


def _untracked(markup: str) -> str:
    """Returns a page whose addresses lack what tells from which e-mail a reader came."""
    kept = _TRACKED.sub(_first_sign, markup)
    return re.sub(r"\?(?:&amp;|&)", "?", re.sub(r"\?(?=[\"'#])", "", kept))


def _first_sign(found: re.Match[str]) -> str:
    return "?" if found[0].startswith("?") else ""


def _beehiiv(data: bytes) -> Posts:
    """Beehiiv's rows: ``content_html`` is the e-mail, in which ``#content-blocks`` is the post."""
    for number, row in enumerate(_rows(_text(data)), 1):
        page = _without_conditions(row.get("content_html", ""))
        body = content_of_element(page, _CONTENT_BLOCKS.search)
        body = _COUNTER.sub("", without_elements(body, _HIDDEN.search))
        body = without_elements(body, _NO_WORDS_OF_POST.search)
        items = strip_html(_untracked(_without_fields(body)))
        title = row.get("web_title", "") or row.get("email_subject_line", "")
        name = row.get("url", "") or row.get("id", "") or f"row-{number}"
        yield name, _titled(title, row.get("web_subtitle", ""), items)


def _movable_type(data: bytes) -> Posts:
    """Movable Type's entries: fields, and behind lines of five hyphens ``BODY`` and ``EXTENDED BODY``."""
    for number, entry in enumerate(_END_OF_ENTRY.split(decode(data)), 1):
        head, *parts = _END_OF_PART.split(entry)
        fields = dict(re.findall(r"^([A-Z][A-Z _]+):[ \t]*(.*)$", head, re.M))
        if fields.get("NO ENTRY") == "1" or not fields:
            continue
        texts = dict(part.partition(":\n")[::2] for part in parts)
        body = f"{texts.get('BODY', '')}\n\n{texts.get('EXTENDED BODY', '')}"
        is_markdown = fields.get("CONVERT BREAKS", "").lower().startswith("markdown")
        items = strip_markdown(body) if is_markdown else strip_html(body)
        name = fields.get("UNIQUE URL") or fields.get("BASENAME") or f"entry-{number}"
        yield name, [*words_of_title(_unescape(fields.get("TITLE", "")), 1), *items]


def _packed(members: Members, names: list[str], content_of: ContentOf) -> Posts:
    """The Markdown in a ZIP, named as it would be in the folder that was packed."""
    tops = {name.partition("/")[0] for name in members}
    outer = f"{tops.pop()}/" if len(tops) == 1 and all("/" in name for name in members) else ""
    for name in sorted(names):
        relative = name.removeprefix(outer)
        parts = relative.split("/")
        if _COMPANION.fullmatch(relative) or any(p.startswith(".") for p in parts):
            continue
        data = without_properties(members[name](), name)
        items = content_of(data, "." + name.rpartition(".")[2].lower())
        folder = posixpath.dirname(relative)
        inside = {one.removeprefix(outer) for one in members}
        yield relative, [_as_told(item, folder, inside, "") for item in items]


def _as_told(item: Item, folder: str, files: Collection[str], home: str) -> Item:
    """Returns a link or a picture with its address as a report has it: of a file as seen from the top of the archive, of
    what the archive lacks as seen from the site.
    """
    shown = item.shown or item.value
    if item.kind not in (Kind.LINK, Kind.PICTURE) or "://" in shown or shown.startswith(("#", "/")):
        return item
    path = posixpath.normpath(posixpath.join(folder, unquote(shown)))
    if path in files:
        return item._replace(shown=quote(path))
    return item._replace(shown=urljoin(home, shown)) if home and shown else item


def without_properties(data: bytes, name: str) -> bytes:
    """Returns the Markdown of a file; a page of Notion without the properties below its title, its lines kept."""
    if not _OF_NOTION.fullmatch(name):
        return data

    def title_of(found: re.Match[bytes]) -> bytes:
        return found[1] + b"\n" * found[0].count(b"\n", len(found[1]))

    return _PROPERTIES.sub(title_of, data.replace(b"\r\n", b"\n"), count=1)
