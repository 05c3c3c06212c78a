"""Docusaurus' sites. Source: Docusaurus' documentation (blog, docs, markdown features, configuration).

The configuration is a program and is not run: what it says in literals is taken from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import msgspec

from ...lazy_pattern import lazy_pattern
from ...model.publication import Publication
from .asides import asides_as_callouts
from .emoji_names import with_emoji
from .generator import (
    OwnText,
    SiteFacts,
    SiteFile,
    SiteGenerator,
    has_hidden_part,
    hide_underscored,
)
from .program_literals import LITERAL, text_of, without_comments
from .settings_files import Settings, find_program, read_people, read_text
from .site_paths import as_segment

_TEXT = lazy_pattern(rf"""(?m)^  ["']?(title|tagline|url|baseUrl)["']?\s*:\s*({LITERAL})""", re.S)
_LOCALE = lazy_pattern(r"""\bdefaultLocale\s*:\s*["']([\w-]+)["']""")
_FORMAT = lazy_pattern(r"""\bmarkdown\s*:\s*\{[^{}]*?\bformat\s*:\s*["'](md|mdx|detect)["']""")
_DATED = lazy_pattern(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[-/]?(.*)")
_NUMBERED = lazy_pattern(r"\A(?!\d+[-_.]\d)\d+\s*+[-_.]++\s*+(?=\S)")
"""Matches a number that orders files. A name that begins as a date or a version has none (``numberPrefix.ts``)."""
_BLOG, _DOCS, _PAGES = "blog", "docs", "pages"
_USUAL = {_BLOG: ("blog", "blog"), _DOCS: ("docs", "docs"), _PAGES: ("src/pages", "")}
"""The folder and the route of each kind of content if the configuration names none."""
_MARK = lazy_pattern(
    rf"(?P<brace>[{{}}])|\b(?P<key>path|routeBasePath)\s*:\s*(?P<text>{LITERAL})|{LITERAL}", re.S
)
"""Matches braces and options of a program, and what has no braces that count: texts."""
_KIND = lazy_pattern(
    rf"""(?:(?<![\w.])|plugin-content-)(?P<kind>{_BLOG}|{_DOCS}|{_PAGES})(?:["']?\s*:|["']\s*,)\s*\Z"""
)
"""Matches what stands before the options of a kind of content, in a preset or of a plug-in."""
_LONGEST_KIND = 80


class _Content(msgspec.Struct, frozen=True):
    """A folder of posts, and where the site shows them."""

    kind: str
    folder: str
    route: str
    """The path of its pages below that of the site, without slashes at its ends."""


class Docusaurus(SiteGenerator):
    """See the module."""

    name = "Docusaurus"

    def settings_of_root(self, folder: Path) -> Settings | None:
        program = find_program(folder, "docusaurus.config")
        if program is None:
            return None
        text = without_comments(read_text(program))
        found: dict[str, object] = {"contents": _list_contents(text)}
        for name, literal in _TEXT.findall(text):
            found.setdefault(name, text_of(literal))
        for name, pattern in (("locale", _LOCALE), ("format", _FORMAT)):
            if (written := pattern.search(text)) is not None:
                found[name] = written[1]
        return found

    def facts_of(self, root: Path, settings: Settings) -> SiteFacts:
        address = str(settings.get("url", "")).rstrip("/")
        path = str(settings.get("baseUrl", "")).strip("/")
        contents: list[_Content] = settings["contents"]
        blog = next(one.folder for one in contents if one.kind == _BLOG)
        return SiteFacts(
            title=str(settings.get("title", "")),
            description=str(settings.get("tagline", "")),
            language=str(settings.get("locale", "")),
            address=f"{address}/{path}".rstrip("/") if address else "",
            content=tuple(one.folder for one in contents if (root / one.folder).is_dir()),
            people=read_people(root / blog / "authors"),
            picture_aliases=(("@site", ""),),
            is_mdx=settings.get("format", "mdx") == "mdx",
        )

    def why_left_out(self, root: Path, settings: Settings, file: SiteFile) -> str:
        if has_hidden_part(file.path):
            return "part whose name begins with _"
        content = _content_of(file.path, settings)
        return "" if content is not None and content.kind == _BLOG else "page"

    def path_on_site(self, root: Path, settings: Settings, facts: SiteFacts, file: SiteFile) -> str:
        content = _content_of(file.path, settings)
        if content is None:
            return ""
        base = f"/{content.route}" if content.route else ""
        inner = file.path.relative_to(content.folder).with_suffix("")
        if slug := file.metadata.slug:
            parent = (
                ""
                if content.kind == _BLOG or slug.startswith("/")
                else _numbered_path(inner.parent)
            )
            return "/".join((base, *filter(None, (parent.strip("/"), slug.strip("/")))))
        if inner.name in ("index", "README") and inner.parent.parts:
            inner = inner.parent
        if content.kind == _BLOG:
            dated = _DATED.fullmatch(inner.as_posix())
            parts = (dated[1], dated[2].zfill(2), dated[3].zfill(2), dated[4]) if dated else ()
            return "/".join((base, *filter(None, parts or inner.parts)))
        return f"{base}{_numbered_path(inner)}" or "/"

    def as_markdown(
        self, root: Path, settings: Settings, facts: SiteFacts, post: OwnText
    ) -> OwnText:
        return msgspec.structs.replace(post, text=with_emoji(asides_as_callouts(post.text)))

    def list_restrictions(
        self, root: Path, settings: Settings, file: SiteFile
    ) -> Iterator[Publication | None]:
        yield hide_underscored(file.path)


def _list_contents(program: str) -> list[_Content]:
    """Returns the folders of posts that a configuration names, or the usual ones of kinds for which it names none."""
    found = []
    for before, options in _list_options(program):
        if (named := _KIND.search(before)) is not None:
            folder, route = _USUAL[named["kind"]]
            folder = options.get("path", folder).removeprefix("./").strip("/")
            route = options.get("routeBasePath", route).strip("/")
            found.append(_Content(named["kind"], folder, route))
    kinds = {one.kind for one in found}
    return found + [_Content(kind, *usual) for kind, usual in _USUAL.items() if kind not in kinds]


def _list_options(program: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yields the options ``path`` and ``routeBasePath`` of each object that has one, and what stands before it."""
    opened: list[tuple[int, dict[str, str]]] = []
    for mark in _MARK.finditer(program):
        if mark["brace"] == "{":
            opened.append((mark.start(), {}))
        elif mark["brace"] and opened:
            start, options = opened.pop()
            if options:
                yield program[max(0, start - _LONGEST_KIND) : start], options
        elif mark["key"] and opened:
            opened[-1][1].setdefault(mark["key"], text_of(mark["text"]))


def _content_of(path: PurePosixPath, settings: Settings) -> _Content | None:
    """Returns the folder of posts in which a file is; the innermost if one is within another."""
    contents: list[_Content] = settings["contents"]
    around = (one for one in contents if path.is_relative_to(one.folder))
    return max(around, key=lambda one: len(one.folder), default=None)


def _numbered_path(path: PurePosixPath) -> str:
    """Returns a path of documentation without the numbers that order its files."""
    return "".join(f"/{as_segment(_NUMBERED.sub('', part, count=1))}" for part in path.parts)


DOCUSAURUS = Docusaurus()
