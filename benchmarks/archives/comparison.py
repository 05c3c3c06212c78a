"""Compares what a source says of its posts with what clothbound reads of them, column by column."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import clothbound
from clothbound.errors import ResourceError
from clothbound.limits import Limits
from clothbound.media.resources import Resources
from clothbound.model.blocks import CodeBlock
from clothbound.model.index import hrefs_of
from clothbound.model.inlines import Image
from clothbound.model.links import WIKILINK
from clothbound.model.post import Post
from clothbound.model.walk import walk

from .facts import Fact, Source, same_code

NOW = datetime.now(UTC)
COLUMNS = (
    "posts",
    "title",
    "date",
    "authors",
    "tags",
    "language",
    "cover",
    "links inside",
    "pictures",
    "code whole",
    "kept back",
)


@dataclass
class Count:
    """How many of a column are in the source, how many were found, and which were not."""

    there: int = 0
    found: int = 0
    missing: list[str] = field(default_factory=list)

    def add(self, name: str, is_found: bool) -> None:
        self.there += 1
        self.found += is_found
        if not is_found:
            self.missing.append(name)


@dataclass(frozen=True)
class Archive:
    """An archive: its name in the table, its path, and the function that counts it."""

    name: str
    path: Path
    count: Callable[[Path], Source]
    expected: tuple[str, ...] = ()
    """What falls short, each as ``column: reason``."""
    renames: bool = False
    """Whether posts and pictures have other names in it than in what is counted."""


def compare(archive: Archive) -> dict[str, Count]:
    """Counts, for each column, what the source of an archive has and what was found in clothbound's posts."""
    comparison = Comparison(archive)
    for fact in comparison.source.posts:
        post = comparison.posts_of_facts.get(id(fact))
        comparison.counts["posts"].add(f"{fact.name} {fact.title!r}", post is not None)
        if post is not None:
            comparison.compare_header(fact, post)
            comparison.compare_text(fact, post)
    comparison.compare_whole()
    comparison.compare_private()
    return comparison.counts


class Comparison:
    """The counts of one archive."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.source = archive.count(archive.path)
        self.read = clothbound.read(archive.path)
        self.counts = {column: Count() for column in COLUMNS}
        self.resources = Resources(Limits())
        self.posts = list(self.read.posts)
        self._by_name: dict[str, Post] = {}
        self._by_source = {post.metadata.source: post for post in self.posts}
        for post in self.posts:
            m = post.metadata
            for name in (
                m.source,
                m.source.rpartition("/")[2],
                m.source.partition("#")[0],
                m.id,
                m.slug,
            ):
                self._by_name.setdefault(name, post)
        self._by_name.pop("", None)
        found = ((fact, self._find(fact)) for fact in self.source.posts)
        self.posts_of_facts = {id(fact): post for fact, post in found if post is not None}
        self._posts_by_name = {
            fact.name: self.posts_of_facts[id(fact)]
            for fact in self.source.posts
            if id(fact) in self.posts_of_facts
        }

    def _find(self, fact: Fact) -> Post | None:
        """The post that was read of a post of the source."""
        for name in sorted(fact.names):
            if name in self._by_source:
                return self._by_source[name]
        for name in (*sorted(fact.names), fact.name.partition("#")[0]):
            if name in self._by_name:
                return self._by_name[name]
        if not self.archive.renames:
            return None
        same = [p for p in self.posts if fact.title and _same(fact.title, p.metadata.title)]
        same = same or [p for p in self.posts if fact.date and _days(p)[1] == fact.date]
        return same[0] if len(same) == 1 else None

    def compare_header(self, fact: Fact, post: Post) -> None:
        name, m, counts = fact.name, post.metadata, self.counts
        if fact.title:
            counts["title"].add(
                f"{name}: {fact.title!r} is {m.title!r}", _same(fact.title, m.title)
            )
        if fact.date:
            days = _days(post)
            counts["date"].add(f"{name}: {fact.date} is {days[0]}", fact.date in days)
        for column, given, found in (
            ("authors", fact.authors, m.authors),
            ("tags", fact.tags, m.tags),
        ):
            for one in given:
                is_found = any(_same(one, other) for other in found)
                counts[column].add(f"{name}: {one!r} in {found}", is_found)
        language = (fact.language or self.source.language).replace("_", "-")
        if language:
            read = m.language or self.read.info.language
            counts["language"].add(f"{name}: {language} is {read!r}", _same(language, read))
        if fact.cover:
            is_found = _file_name(fact.cover) == _file_name(m.cover)
            counts["cover"].add(f"{name}: {fact.cover} is {m.cover}", is_found)

    def compare_text(self, fact: Fact, post: Post) -> None:
        led = self._targets(post)
        for target, times in Counter(fact.inner).items():
            there = self._posts_by_name.get(target)
            found = led[there.metadata.source] if there is not None else 0
            self._add("links inside", f"{fact.name}: to {target}", times, found)
        names, shown = self._pictures(fact, post)
        for picture, times in names.items():
            self._add("pictures", f"{fact.name}: {picture}", times, shown[picture])
        listings = {same_code(node.text) for node in walk(post) if isinstance(node, CodeBlock)}
        for code in map(same_code, fact.code):
            if code.strip():
                self.counts["code whole"].add(f"{fact.name}: {code[:70]!r}", code in listings)

    def _add(self, column: str, what: str, times: int, found: int) -> None:
        for number in range(times):
            self.counts[column].add(what, number < found)

    def _targets(self, post: Post) -> Counter[str]:
        """How often the links of a post lead to each post."""
        index = self.read.index
        led: Counter[str] = Counter()
        for node, href in hrefs_of(post):
            find = index.resolve_name if WIKILINK in node.classes else index.resolve
            found = find(href, post.metadata.source)
            if found is not None:
                led[index[found[0]].source] += 1
        return led

    def _pictures(self, fact: Fact, post: Post) -> tuple[Counter[str], Counter[str]]:
        """The pictures of a post by their names, and those of what was read.

        Where the archive holds files, only those that can be opened are found.
        """
        names, files = Counter(map(_file_name, fact.pictures)), self.source.picture_names
        if files:
            names = Counter({name: times for name, times in names.items() if name in files})
        if self.archive.renames:
            return Counter(picture=names.total()), Counter(picture=len(_addresses(post)))
        if files:
            return names, self._opened(post)
        return names, Counter(map(_file_name, [*_addresses(post), post.metadata.cover]))

    def _opened(self, post: Post) -> Counter[str]:
        opened: Counter[str] = Counter()
        for node in walk(post):
            if isinstance(node, Image):
                try:
                    self.resources.open(post, node.src)
                except ResourceError:
                    continue
                opened[_file_name(node.src)] += 1
        return opened

    def compare_whole(self) -> None:
        """Counts what the source says of all of its posts at once."""
        info = self.read.info
        for author in self.source.authors:
            is_found = any(_same(author, other) for other in info.authors)
            self.counts["authors"].add(f"{author!r} in {info.authors}", is_found)
        shown = [info.cover, *(a for p in self.posts for a in [*_addresses(p), p.metadata.cover])]
        names = set(map(_file_name, shown))
        for picture in self.source.pictures:
            self.counts["pictures"].add(picture, _file_name(picture) in names)

    def compare_private(self) -> None:
        """Counts the private posts that are known as such; a line of one in a public site is named."""
        count = self.counts["kept back"]
        facts = [fact for fact in self.source.posts if id(fact) in self.posts_of_facts]
        private = [fact for fact in facts if fact.is_private]
        for fact in private:
            verdict = self.posts_of_facts[id(fact)].metadata.verdict(NOW)
            count.add(fact.name, verdict.state not in ("public", "unlisted"))
        lines = _private_lines(facts)
        site = _site_text(self.read) if lines else ""
        for line in lines:
            if line in site:
                count.found -= 1
                count.missing.append(f"words in the site: {line}")


def _same(given: str, read: str) -> bool:
    """Whether two texts are equal but for quotation marks, marks of emphasis, spaces and case."""
    marks = r"[\s'\"\u2018\u2019\u201c\u201d`*_]+"
    return re.sub(marks, "", given).casefold() == re.sub(marks, "", read).casefold()


def _days(post: Post) -> tuple[str, str]:
    """The day of a post by its value, and as it is written."""
    stamp = post.metadata.published
    if stamp is None:
        return "", ""
    return stamp.value.date().isoformat() if stamp.value else "", stamp.text[:10]


def _file_name(address: str) -> str:
    """The name of a picture's file, without the marks of its sizes."""
    name = unquote(urlsplit(address.strip()).path).rstrip("/").rpartition("/")[2]
    return re.sub(r"(?:-\d+x\d+|-scaled|_o)(?=\.\w+$)|=[a-z0-9-]+$", "", name)


def _addresses(post: Post) -> list[str]:
    fields = ("src", "thumbnail", "poster")
    return [a for node in walk(post) for f in fields if (a := getattr(node, f, ""))]


def _private_lines(facts: list[Fact]) -> list[str]:
    """The letters of the lines of private posts that stand in no public one."""
    public = _letters(
        "\n".join("\n".join((fact.title, *fact.lines)) for fact in facts if not fact.is_private)
    )
    lines = (
        re.sub(r"[!\[\](){}<>*_`#|]", " ", line) for f in facts if f.is_private for line in f.lines
    )
    return [line[:60] for line in map(_letters, lines) if len(line) >= 12 and line not in public]


def _letters(text: str) -> str:
    return "".join(ch for ch in text.casefold() if ch.isalnum())


def _site_text(posts: clothbound.Collection) -> str:
    with tempfile.TemporaryDirectory() as work:
        clothbound.write(posts, "site").save(Path(work) / "site")
        texts = [
            re.sub(r"<[^>]+>", "", path.read_text("utf-8", errors="replace"))
            for path in Path(work).rglob("*")
            if path.suffix in (".html", ".xml", ".json", ".txt")
        ]
    return _letters("\n".join(texts))
