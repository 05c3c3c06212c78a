"""Checks the links of the built documentation and of the Markdown beside it. Asks no network.

    python scripts/check_docs.py build/docs

In the site each link to a file or a heading leads somewhere, and no page loads anything from another
host. In the Markdown of the project each relative link leads to a file, and each anchor to a heading,
as a code host shows them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parents[1]
MARKDOWN = ("*.md", "docs/**/*.md", "examples/*.md", "examples/plugin/**/*.md", "benchmarks/*.md")
LOADED = {"script", "img", "iframe", "source", "video", "audio", "object", "embed"}
FENCED = re.compile(r"^( *)(```+|~~~+).*?^\1\2[ \t]*$", re.M | re.S)
LINK = re.compile(r"\]\(<?([^()\s<>]+(?:\([^()\s]*\)[^()\s]*)*)>?(?:\s+\"[^\"]*\")?\)")


class Page(HTMLParser):
    """What a page links to, what it loads, and the names of places in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.names: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.names |= {found[name] for name in ("id", "name") if name in found}
        if tag in {"a", "area"} and "href" in found:
            self.links.append(found["href"])
        elif tag == "link" and found.get("rel") not in {"canonical", "prev", "next"}:
            self.loaded.append(found.get("href", ""))
        elif tag in LOADED:
            self.loaded += [found[name] for name in ("src", "data", "poster") if name in found]
            self.loaded += [part.split()[0] for part in found.get("srcset", "").split(",") if part]


def faults_of_site(site: Path) -> Iterator[str]:
    """Yields what is wrong with the links of the pages below a folder."""
    for path in sorted(site.rglob("*.html")):
        shown = path.relative_to(site).as_posix()
        if shown == "404.html":
            continue  # its addresses begin at the root of a host
        page = _page(path)
        for address in (*page.links, *page.loaded):
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                if address in page.loaded and parts.scheme != "data":
                    yield f"{shown} loads {address}"
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.is_file():
                yield f"{shown} links to {address}, which does not exist"
            elif (
                target.suffix == ".html"
                and parts.fragment
                and unquote(parts.fragment) not in _page(target).names
            ):
                yield f"{shown} links to {address}, which has no such place"
    for path in sorted(site.rglob("*.css")):
        for address in re.findall(
            r"(?:url\(|@import)\s*[\"']?([^\"')\s]+)", path.read_text("utf-8")
        ):
            if urlsplit(address).netloc:
                yield f"{path.relative_to(site).as_posix()} loads {address}"


@cache
def _page(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


def faults_of_markdown(root: Path = ROOT) -> Iterator[str]:
    """Yields what is wrong with the relative links of the project's Markdown."""
    for path in sorted({path for pattern in MARKDOWN for path in root.glob(pattern)}):
        text = re.sub(r"`[^`\n]*`", "", FENCED.sub("", path.read_text(encoding="utf-8")))
        for address in LINK.findall(text):
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            shown = path.relative_to(root).as_posix()
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.exists() or not target.is_relative_to(root):
                yield f"{shown} links to {address}, which does not exist"
            elif (
                target.suffix == ".md"
                and parts.fragment
                and unquote(parts.fragment) not in _headings(target)
            ):
                yield f"{shown} links to {address}, which has no such heading"


@cache
def _headings(path: Path) -> set[str]:
    """Returns the anchors that a code host gives to the headings of a file."""
    text = FENCED.sub("", path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for title in re.findall(r"^#{1,6} +(.*?)[ #]*$", text, re.M):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title).lower()
        anchor = re.sub(r"[^\w\- ]", "", words).strip().replace(" ", "-")
        number = 0
        while (name := f"{anchor}-{number}" if number else anchor) in found:
            number += 1
        found.add(name)
    return found | set(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", text))


def main() -> None:
    site = Path(sys.argv[1])
    faults = [*faults_of_site(site), *faults_of_markdown()]
    for fault in faults:
        print(fault)
    pages = len(list(site.rglob("*.html")))
    print(f"{pages} pages, {len(faults)} faults")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
