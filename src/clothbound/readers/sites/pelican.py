"""Pelican's sites. Source: Pelican's documentation (settings, statuses, ``DEFAULT_METADATA``, URLs).

The settings are a program in Python. They are parsed, never run: of it, the values that are literals count.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from ...lazy_pattern import lazy_pattern
from ...model.post import Metadata
from ...model.publication import Moment, Publication, status_reason
from ...model.slugs import RST_FILES
from ..publication_state import published_moments
from ..rst_header import read_rst_header
from .generator import SiteFacts, SiteFile, SiteGenerator, hide
from .settings_files import Settings, list_mappings, list_texts, read_text
from .site_paths import fill_braces, first_text, inner_path, own_path, slug_segment, without_date

_CONFIGURATIONS = ("pelicanconf.py", "pelican.conf.py")
_PUBLISHED = "publishconf.py"
_STATUS_LINE = lazy_pattern(r"(?im)^:?status[ \t]*:[ \t]*(.+?)[ \t]*$")
_TOP = 4000


class Pelican(SiteGenerator):
    """See the module."""

    name = "Pelican"

    def settings_of_root(self, folder: Path) -> Settings | None:
        names = [name for name in _CONFIGURATIONS if (folder / name).is_file()]
        if not names:
            return None
        return read_literals(folder / names[0]) | read_literals(folder / _PUBLISHED)

    def facts_of(self, root: Path, settings: Settings) -> SiteFacts:
        folder = first_text(settings, "PATH").strip("/")
        folder = folder if folder and (root / folder).is_dir() else "content"
        author = first_text(settings, "AUTHOR")
        return SiteFacts(
            title=first_text(settings, "SITENAME"),
            description=first_text(settings, "SITESUBTITLE"),
            authors=(author,) if author else (),
            language=first_text(settings, "DEFAULT_LANG"),
            zone=first_text(settings, "TIMEZONE"),
            address=first_text(settings, "SITEURL").rstrip("/"),
            content=(folder,) if (root / folder).is_dir() else (),
            pictures=(folder,),
        )

    def why_left_out(self, root: Path, settings: Settings, file: SiteFile) -> str:
        inner = _inner(self.facts_of(root, settings), file.path)
        pages = list_texts(settings.get("PAGE_PATHS", ["pages"]))
        return "page" if any(inner.is_relative_to(page.strip("/")) for page in pages) else ""

    def path_on_site(self, root: Path, settings: Settings, facts: SiteFacts, file: SiteFile) -> str:
        if own := own_path(file.metadata, "save_as", "url"):
            return own
        metadata = file.metadata
        language = metadata.language
        is_translated = bool(language) and language != facts.language
        setting = "ARTICLE_LANG_URL" if is_translated else "ARTICLE_URL"
        usual = "{slug}-{lang}.html" if is_translated else "{slug}.html"
        inner = _inner(facts, file.path)
        by_name = first_text(settings, "SLUGIFY_SOURCE") == "basename"
        name = without_date(file.path.stem) if by_name else metadata.title
        category = metadata.extra.get("category") or metadata.extra.get("Category")
        category = category if isinstance(category, str) else inner.parent.name or "misc"
        values = {
            "slug": metadata.slug or slug_segment(name),
            "lang": language or facts.language,
            "category": slug_segment(category),
            "author": slug_segment(metadata.authors[0]) if metadata.authors else "",
        }
        moment = metadata.published.value if metadata.published is not None else None
        return fill_braces(first_text(settings, setting) or usual, values, moment)

    def list_defaults(
        self, root: Path, settings: Settings, path: PurePosixPath
    ) -> Iterator[Settings]:
        yield from list_mappings(settings.get("DEFAULT_METADATA"))

    def list_restrictions(
        self,
        root: Path,
        settings: Settings,
        file: SiteFile,
    ) -> Iterator[Publication | None]:
        status = _written_status(file)
        if status:
            yield Publication((status_reason(status, "status"),))
        else:
            default = settings.get("DEFAULT_METADATA")
            usual = default.get("status") if isinstance(default, Mapping) else None
            if isinstance(usual, str):
                yield Publication((status_reason(usual, "DEFAULT_METADATA.status"),))
        ignored = list_texts(settings.get("IGNORE_FILES"))
        yield hide("IGNORE_FILES", any(file.path.match(pattern) for pattern in ignored))

    def list_moments(self, settings: Settings, metadata: Metadata) -> Iterator[Moment]:
        if settings.get("WITH_FUTURE_DATES") is False:
            yield from published_moments(metadata, every_name=False)


def _written_status(file: SiteFile) -> str:
    if file.path.name.lower().endswith(RST_FILES):
        return str(read_rst_header(file.text).fields.get("status", "") or "").strip()
    header = file.text[:_TOP].split("\n\n", 1)[0]
    return next((found[1].strip() for found in _STATUS_LINE.finditer(header)), "")


def read_literals(file: Path) -> dict[str, Any]:
    """Returns the names to which a program in Python assigns literals, without running it."""
    try:
        program = ast.parse(read_text(file))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found: dict[str, Any] = {}
    for statement in program.body:
        if not isinstance(statement, ast.Assign):
            continue
        try:
            value = ast.literal_eval(statement.value)
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            continue
        value = list(value) if isinstance(value, tuple) else value
        found.update((name.id, value) for name in statement.targets if isinstance(name, ast.Name))
    return found


def _inner(facts: SiteFacts, path: PurePosixPath) -> PurePosixPath:
    return inner_path(path, facts.content[0] if facts.content else "")


PELICAN = Pelican()
