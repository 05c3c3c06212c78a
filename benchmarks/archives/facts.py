"""What a source says about each of its posts, and small parsers of HTML and Markdown that find it.

Nothing here imports clothbound: what these modules count is compared with what clothbound has read.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import unquote, urlsplit

from lxml import html


@dataclass
class Fact:
    """One post as its source has it. What is empty, the source does not say."""

    names: set[str]
    """Paths, ids, slugs or addresses by which the post is found among those that were read."""
    title: str = ""
    date: str = ""
    """``YYYY-MM-DD`` as the source writes it; several are possible where a zone moves the day."""
    authors: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    language: str = ""
    cover: str = ""
    body: str = ""
    links: list[str] = field(default_factory=list)
    """Addresses in the text."""
    pictures: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    is_private: bool = False
    inner: list[str] = field(default_factory=list)
    """Names of the posts that its links lead to, one for each link."""
    lines: list[str] = field(default_factory=list)
    """Its visible text, in lines."""

    @property
    def name(self) -> str:
        """The first of its names, which stands for the post."""
        return min(self.names)


@dataclass
class Source:
    """A source and its posts."""

    posts: list[Fact]
    language: str = ""
    picture_names: set[str] = field(default_factory=set)
    """Names of picture files that the archive holds; empty if pictures are only addresses."""
    authors: list[str] = field(default_factory=list)
    """Authors of the whole, where posts have none of their own."""
    pictures: list[str] = field(default_factory=list)
    """Pictures of the whole, where it is not known to which post they belong."""


_ICONS = ("kg-bookmark-icon",)
_SKIPPED = ("script", "style", "noscript", "template")


def bare(address: str) -> str:
    """An address without what differs between two ways to write it."""
    if address.startswith(("mailto:", "#", "data:", "javascript:")):
        return ""
    parts = urlsplit(unescape(address).strip())
    host = parts.netloc.lower().removeprefix("www.")
    number = re.search(r"(?:^|&)(p|page_id)=(\d+)", parts.query)
    path = unquote(parts.path).removesuffix("index.html").rstrip("/")
    return f"{host}{path}{f'?p={number[2]}' if number else ''}"


def read_html(fact: Fact, markup: str) -> None:
    """Adds links, pictures, listings and lines of a piece of HTML to a post."""
    if not markup.strip():
        return
    body = html.fragment_fromstring(f"<div>{_without_controls(markup)}</div>", create_parent="body")
    for element in list(body.iter(*_SKIPPED)):
        element.drop_tree()
    for element in body.iter("a"):
        if element.get("href"):
            fact.links.append(element.get("href"))
    for element in body.iter("img"):
        source = element.get("data-src") or element.get("src") or element.get("data-image")
        is_seen = element.get("width") != "1" and element.get("class") not in _ICONS
        if source and is_seen and not source.startswith("data:"):
            fact.pictures.append(source)
    for element in body.iter("pre"):
        # What has marks of text in it is a verse.
        if "verse" in (element.get("class") or "") or element.find(".//cite") is not None:
            continue
        for line in element.iter("br"):
            line.tail = f"\n{line.tail or ''}"
        fact.code.append(element.text_content())
    fact.lines += body.text_content().split("\n")


def _without_controls(text: str) -> str:
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)


_FENCE = re.compile(
    r"^(?P<before>[ \t>]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?)(?P<mark>`{3,}|~{3,})(?P<info>.*)$"
)


def split_code(text: str) -> tuple[str, list[tuple[str, str]]]:
    """A Markdown text without its fenced listings, and these as pairs of info string and text."""
    kept: list[str] = []
    listings: list[tuple[str, str]] = []
    opened: re.Match[str] | None = None
    inside: list[str] = []
    is_comment = False
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if opened is None and (is_comment or re.match(r"[ \t]*<!--(?!.*-->)", line)):
            is_comment = "-->" not in line
            continue
        if opened is None:
            if found and not (found["mark"][0] == "`" and "`" in found["info"]):
                opened, inside = found, []
            else:
                kept.append(line)
            continue
        rest = line.lstrip(" \t>")
        if (
            rest.rstrip()
            and set(rest.rstrip()) == {opened["mark"][0]}
            and len(rest.rstrip()) >= len(opened["mark"])
        ):
            listings.append((opened["info"].strip(), "\n".join(inside)))
            opened = None
            continue
        inside.append(_unindented(line, opened["before"]))
    if opened is not None:
        listings.append((opened["info"].strip(), "\n".join(inside)))
    return "\n".join(kept), listings


def _unindented(line: str, before: str) -> str:
    """A line of a listing without the marks of quotations and the indent that stand before its fence."""
    for _ in range(before.count(">")):
        before, line = (re.sub(r"^ {0,3}>[ ]?", "", part) for part in (before, line))
    indent = len(before.expandtabs(4))
    return re.sub(rf"^ {{0,{indent}}}", "", line.expandtabs(4))


def same_code(text: str) -> str:
    """A listing without the spaces that its place costs it."""
    lines = [
        line.rstrip().expandtabs(4) for line in unescape(text).replace("\u00a0", " ").split("\n")
    ]
    return textwrap.dedent("\n".join(lines)).strip("\n")


_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.S)
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_PICTURE = re.compile(r"!\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*(<[^>\n]+>|(?:[^()\s]|\([^()\s]*\))+)")
_LINK = re.compile(
    r"(?<!!)\[(?:[^\[\]]|!?\[[^\[\]]*\](?:\([^)]*\))?)*\]\(\s*(<[^>\n]+>|(?:\{[{%].*?[}%]\}|[^()\s]|\([^()\s]*\))+)",
    re.S,
)
_DEFINED = re.compile(r"^ {0,3}\[([^\]^][^\]]*)\]:\s*(\{[{%].*?[}%]\}|\S+)", re.M)
_ATTRIBUTE = re.compile(r"<(a|img)\b[^>]*?\b(?:href|src)=(\"[^\"]*\"|'[^']*'|[^\s>]+)", re.I | re.S)
_WIKILINK = re.compile(r"(!?)\[\[([^\]|\n]+)(?:\|[^\]\n]*)?\]\]")
_HIGHLIGHT = re.compile(
    r"\{%-?\s*highlight\s+(?:\S+).*?-?%\}\n?(.*?)\{%-?\s*endhighlight\s*-?%\}"
    r"|\{\{[<%]\s*highlight\s+\w.*?[>%]\}\}\n?(.*?)\{\{[<%]\s*/highlight\s*[>%]\}\}", re.S)  # fmt: skip


def read_markdown(fact: Fact, text: str, *, has_wikilinks: bool = False) -> None:
    """Adds links, pictures, listings and lines of a Markdown text to a post."""
    text = text.replace("\r\n", "\n")
    text, listings = split_code(text)
    text = _COMMENT.sub("", text)
    for match in _HIGHLIGHT.finditer(text):
        listings.append(("", match[1] if match[1] is not None else match[2]))
    text = _HIGHLIGHT.sub("", text)
    is_hidden = bool(
        re.search(r"opts_chunk\$set\([^)]*\becho\s*=\s*FALSE", "".join(c for _, c in listings))
    )
    for info, code in listings:
        shown = _as_printed(info, code)
        if shown is not None and not (is_hidden and info.startswith("{")):
            fact.code.append(
                re.sub(r"(\{\{[<%])/\*(.*?)\*/([>%]\}\})", r"\1\2\3", shown, flags=re.S)
            )
    text = _SPAN.sub("", text)
    if has_wikilinks:
        for embeds, target in _WIKILINK.findall(text):
            name = target.strip()
            picture = re.search(r"\.(png|jpe?g|gif|svg|webp)$", name.split("#")[0], re.I)
            (fact.pictures if embeds and picture else fact.links).append(name)
    fact.pictures += [found.strip("<>") for found in _PICTURE.findall(text)]
    fact.links += [found.strip("<>") for found in _LINK.findall(text)]
    for label, address in _DEFINED.findall(text):
        uses = len(re.findall(rf"(?<!\!)\[{re.escape(label)}\](?![:(])", text, re.I))
        fact.links += [address.strip("<>")] * uses
    for tag, value in _ATTRIBUTE.findall(text):
        (fact.links if tag.lower() == "a" else fact.pictures).append(unescape(value.strip("\"'")))
    fact.lines += text.split("\n")


def _as_printed(info: str, code: str) -> str | None:
    """A listing as its page shows it: a chunk of Quarto without its options, or None if it is hidden."""
    chunk = re.match(r"\{([a-z]+)[ ,}]", info)
    if not chunk:
        return None if re.match(r"\{?=html", info) else code
    options = info + "\n" + "\n".join(re.findall(r"^(?:#|//|%%)\|(.*)$", code, re.M))
    if re.search(r"\b(echo|include)\s*[:=]\s*(false|FALSE|F)\b", options) or chunk[1] in (
        "css",
        "ojs",
        "mermaid",
        "dot",
    ):
        return None
    shown = re.sub(r"^(?:#|//|%%)\|.*\n?", "", code, flags=re.M)
    return shown if shown.strip() else None


def resolve(posts: Iterable[Fact], addresses: dict[str, Fact]) -> None:
    """Sets ``inner`` of each post: the posts that its links lead to, itself excepted."""
    for fact in posts:
        for link in fact.links:
            target = addresses.get(bare(link))
            if target is not None and target is not fact:
                fact.inner.append(min(target.names))
