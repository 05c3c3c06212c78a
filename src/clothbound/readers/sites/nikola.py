"""Nikola's sites. Source: Nikola's handbook (settings, metadata of posts, ``.meta`` files, drafts).

The settings are a program in Python. They are parsed, never run: of it, the values that are literals count.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from ...model.post import Metadata
from ...model.publication import Moment, Publication, status_reason
from ..publication_state import published_moments
from .generator import SiteFacts, SiteFile, SiteGenerator, read_shared_fields
from .pelican import read_literals
from .settings_files import Settings, read_settings
from .site_paths import first_text, slug_segment

_SETTINGS = "conf.py"
_OWN = frozenset({"BLOG_TITLE", "POSTS"})
"""Settings that Nikola has and other programs with a ``conf.py`` lack."""
_USUAL = (("posts/*.md", "posts"),)
_STATUSES = frozenset({"draft", "private"})
"""Tags that make a post one that nobody sees."""


class Nikola(SiteGenerator):
    """See the module."""

    name = "Nikola"

    def settings_of_root(self, folder: Path) -> Settings | None:
        if not (folder / _SETTINGS).is_file():
            return None
        found = read_literals(folder / _SETTINGS)
        return found if _OWN & found.keys() else None

    def facts_of(self, root: Path, settings: Settings) -> SiteFacts:
        author = first_text(settings, "BLOG_AUTHOR")
        places = (*_places(settings, "POSTS"), *_places(settings, "PAGES"))
        return SiteFacts(
            title=first_text(settings, "BLOG_TITLE"),
            description=first_text(settings, "BLOG_DESCRIPTION"),
            authors=(author,) if author else (),
            language=first_text(settings, "DEFAULT_LANG"),
            zone=first_text(settings, "TIMEZONE"),
            address=first_text(settings, "SITE_URL", "BASE_URL").rstrip("/"),
            content=tuple(dict.fromkeys(f for f, _ in places if f and (root / f).is_dir())),
            pictures=("files",),
            silent_tags=_STATUSES | {"mathjax"},
        )

    def why_left_out(self, root: Path, settings: Settings, file: SiteFile) -> str:
        return "" if _place_of(settings, file.path) is not None else "page"

    def path_on_site(self, root: Path, settings: Settings, facts: SiteFacts, file: SiteFile) -> str:
        place = _place_of(settings, file.path)
        if place is None:
            return ""
        inner = file.path.relative_to(place[0]).parent.as_posix().strip(".")
        slug = file.metadata.slug or slug_segment(file.path.stem)
        path = "/".join(filter(None, ("", place[1], inner, slug)))
        return f"/{path}.html" if settings.get("PRETTY_URLS") is False else f"/{path}/"

    def list_defaults(
        self, root: Path, settings: Settings, path: PurePosixPath
    ) -> Iterator[Settings]:
        yield read_settings(root / path.with_suffix(".meta"))

    def list_restrictions(
        self, root: Path, settings: Settings, file: SiteFile
    ) -> Iterator[Publication | None]:
        beside = file.path.with_suffix(".meta")
        fields = read_settings(root / beside)
        yield read_shared_fields(fields, beside.name)
        written = fields.get("tags", ())
        tags = {*file.metadata.tags, *(written if isinstance(written, list) else ())}
        for tag in sorted(_STATUSES.intersection(one.lower() for one in tags)):
            yield Publication((status_reason(tag, "tags"),))

    def list_moments(self, settings: Settings, metadata: Metadata) -> Iterator[Moment]:
        if settings.get("FUTURE_IS_NOW") is not True:
            yield from published_moments(metadata, every_name=False)


def _places(settings: Settings, name: str) -> list[tuple[str, str]]:
    """Returns the folders of posts or pages, each with the folder of the site in which they are shown."""
    written = settings.get(name, _USUAL if name == "POSTS" else ())
    rows = written if isinstance(written, (list, tuple)) else ()
    found = []
    for row in rows:
        if (
            isinstance(row, (list, tuple))
            and len(row) > 1
            and all(isinstance(s, str) for s in row[:2])
        ):
            folder = PurePosixPath(row[0]).parent.as_posix()
            found.append(("" if folder == "." else folder, row[1].strip("/")))
    return found


def _place_of(settings: Settings, path: PurePosixPath) -> tuple[str, str] | None:
    """Returns the folder of posts that holds a file, and where the site shows them; None if it is a page."""
    places = (place for place in _places(settings, "POSTS") if path.is_relative_to(place[0]))
    return next(places, None)


NIKOLA = Nikola()
