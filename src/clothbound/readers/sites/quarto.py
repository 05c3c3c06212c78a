"""Quarto's sites. Source: Quarto's documentation (``_metadata.yml``, ``website.drafts``, ``project.render``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ...lazy_pattern import lazy_pattern
from ...limits import Limits
from ...model.publication import Publication, State
from ...model.slugs import MARKDOWN_FILES
from ..front_matter import read_header
from .generator import (
    SiteFacts,
    SiteFile,
    SiteGenerator,
    first_settings,
    has_hidden_part,
    hide,
    hide_underscored,
)
from .settings_files import (
    QUARTO_FILES,
    Settings,
    is_within,
    list_mappings,
    list_texts,
    read_settings,
    read_text,
)
from .site_paths import first_text, names_in

_SHOWN: Mapping[str, Mapping[str, State]] = {
    "visible": {"draft": "public"},
    "unlinked": {"draft": "unlisted"},
}
"""What the site makes of drafts, by ``draft-mode``."""


_LISTED = "clothbound-listed"
"""The setting under which the folders of the listed posts are kept."""
_WITHIN = lazy_pattern(r"(?:^|/)(?:[^/]*\*[^/]*|[^/]+\.\w+)(?:/.*)?$")
"""Matches the end of a path that names the files in a folder."""


class Quarto(SiteGenerator):
    """See the module."""

    name = "Quarto"
    has_notebooks = True

    def settings_of_root(self, folder: Path) -> Settings | None:
        settings = first_settings(folder, QUARTO_FILES)
        return None if settings is None else {**settings, _LISTED: _listed_folders(folder)}

    def facts_of(self, root: Path, settings: Settings) -> SiteFacts:
        return SiteFacts(
            title=first_text(settings, "website.title", "book.title", "title"),
            description=first_text(settings, "website.description", "book.description"),
            authors=names_in(settings.get("author") or _book(settings).get("author")),
            language=first_text(settings, "lang"),
            address=first_text(settings, "website.site-url", "book.site-url").rstrip("/"),
            shown=_SHOWN.get(first_text(settings, "website.draft-mode", "draft-mode"), {}),
        )

    def why_left_out(self, root: Path, settings: Settings, file: SiteFile) -> str:
        if has_hidden_part(file.path):
            return "part whose name begins with _"
        if "listing" in file.metadata.extra:
            return "page that lists others"
        listed = settings.get(_LISTED) or ()
        is_listed = any(file.path.is_relative_to(place) for place in listed)
        return "" if is_listed or not listed else "page"

    def path_on_site(self, root: Path, settings: Settings, facts: SiteFacts, file: SiteFile) -> str:
        path = "/" + file.path.with_suffix("").as_posix()
        return path.removesuffix("index") if path.endswith("/index") else f"{path}.html"

    def list_shared_fields(self, folder: Path) -> Iterator[tuple[str, Settings]]:
        yield "_metadata.yml", read_settings(folder / "_metadata.yml")

    def list_restrictions(
        self,
        root: Path,
        settings: Settings,
        file: SiteFile,
    ) -> Iterator[Publication | None]:
        path = file.path
        yield hide_underscored(path)
        project, website = settings.get("project"), settings.get("website")
        rendered = project.get("render") if isinstance(project, Mapping) else ()
        left_out = [p[1:] for p in list_texts(rendered) if p.startswith("!")]
        yield hide("project.render", any(is_within(path, p) for p in left_out))
        drafts = website.get("drafts") if isinstance(website, Mapping) else ()
        yield hide("website.drafts", any(is_within(path, p) for p in list_texts(drafts)))


def _listed_folders(root: Path) -> tuple[str, ...]:
    """Returns the folders that the pages in the root and just below list as posts; empty if one lists all, or more
    than folders.
    """
    folders: list[str] = []
    pages = (*root.glob("*.*"), *root.glob("*/index.*"))
    for page in sorted(p for p in pages if p.name.lower().endswith(MARKDOWN_FILES)):
        place = page.parent.relative_to(root)
        for listing in _listings(read_header(read_text(page), Limits()).fields):
            for content in list_texts(listing.get("contents")) or [""]:
                folder = _WITHIN.sub("", content).strip("/")
                path = Path(folder) if content.startswith("/") else place / folder
                if not (root / path).is_dir() or path == Path():
                    return ()
                folders.append(path.as_posix())
    return tuple(dict.fromkeys(folders))


def _listings(fields: Settings) -> list[Settings]:
    """Returns the listings of a page; one that only asks for a listing has no settings."""
    if "listing" not in fields or fields["listing"] is False:
        return []
    return list_mappings(fields["listing"]) or [{}]


def _book(settings: Settings) -> Settings:
    found = settings.get("book")
    return found if isinstance(found, Mapping) else {}


QUARTO = Quarto()
