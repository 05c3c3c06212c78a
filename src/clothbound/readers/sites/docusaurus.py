"""Docusaurus' sites. Source: Docusaurus' documentation (blog, docs, markdown features, configuration).

The configuration is a program and is not run: what it says in literals is taken from it.
"""

from __future__ import annotations

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
from .settings_files import Settings, read_people, read_text
from .site_paths import as_segment

_CONFIGURATIONS = tuple(f"docusaurus.config.{kind}" for kind in ("js", "ts", "mjs", "cjs", "mts"))
_LITERAL = lazy_pattern(r"""(?m)^  (title|tagline|url|baseUrl)\s*:\s*(["'`])([^"'`$]*)\2""")
_LOCALE = lazy_pattern(r"""\bdefaultLocale\s*:\s*["']([\w-]+)["']""")
_FORMAT = lazy_pattern(r"""\bmarkdown\s*:\s*\{[^{}]*?\bformat\s*:\s*["'](md|mdx|detect)["']""")
_DATED = lazy_pattern(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[-/]?(.*)")
_NUMBERED = lazy_pattern(r"\d+[-_.]+(?=\D)|\d+\s*[-_.]\s*(?=\D)")
_BLOG, _DOCS, _PAGES = "blog", "docs", "src/pages"


class Docusaurus(SiteGenerator):
    """See the module."""

    name = "Docusaurus"

    def settings_of_root(self, folder: Path) -> Settings | None:
        program = next((n for n in _CONFIGURATIONS if (folder / n).is_file()), None)
        if program is None:
            return None
        text = read_text(folder / program)
        found: dict[str, str] = {}
        for name, _, value in _LITERAL.findall(text):
            found.setdefault(name, value)
        for name, pattern in (("locale", _LOCALE), ("format", _FORMAT)):
            if (written := pattern.search(text)) is not None:
                found[name] = written[1]
        return found

    def facts_of(self, root: Path, settings: Settings) -> SiteFacts:
        address = str(settings.get("url", "")).rstrip("/")
        path = str(settings.get("baseUrl", "")).strip("/")
        folders = (_BLOG, _DOCS, _PAGES)
        return SiteFacts(
            title=str(settings.get("title", "")),
            description=str(settings.get("tagline", "")),
            language=str(settings.get("locale", "")),
            address=f"{address}/{path}".rstrip("/") if address else "",
            content=tuple(folder for folder in folders if (root / folder).is_dir()),
            people=read_people(root / _BLOG / "authors"),
            picture_aliases=(("@site", ""),),
            is_mdx=settings.get("format", "mdx") == "mdx",
        )

    def why_left_out(self, root: Path, settings: Settings, file: SiteFile) -> str:
        if has_hidden_part(file.path):
            return "part whose name begins with _"
        return "" if file.path.is_relative_to(_BLOG) else "page"

    def path_on_site(self, root: Path, settings: Settings, facts: SiteFacts, file: SiteFile) -> str:
        folder = next((f for f in (_BLOG, _DOCS, _PAGES) if file.path.is_relative_to(f)), None)
        if folder is None:
            return ""
        base = "" if folder == _PAGES else f"/{folder}"
        inner = file.path.relative_to(folder).with_suffix("")
        if slug := file.metadata.slug:
            parent = "" if folder == _BLOG or slug.startswith("/") else _numbered_path(inner.parent)
            return "/".join(filter(None, (base, parent.strip("/"), slug.strip("/"))))
        if inner.name in ("index", "README") and inner.parent.parts:
            inner = inner.parent
        if folder == _BLOG:
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


def _numbered_path(path: PurePosixPath) -> str:
    """Returns a path of documentation without the numbers that order its files."""
    return "".join(f"/{as_segment(_NUMBERED.sub('', part, count=1))}" for part in path.parts)


DOCUSAURUS = Docusaurus()
