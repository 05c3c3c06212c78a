"""Lektor's sites. Source: Lektor's documentation (project file, alternatives, system fields, URLs).

Each page is a folder with a file ``contents.lr``, and with one such as ``contents+de.lr`` for each further language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from configparser import ConfigParser, Error
from pathlib import Path

from ...model.publication import Publication
from ...model.slugs import LEKTOR_FILES
from ..lektor_contents import read_contents
from .generator import SiteFacts, SiteFile, SiteGenerator, hide
from .settings_files import LEKTOR_PROJECT, Settings, read_text
from .site_paths import first_text

_CONTENT = "content"
_PAGE = f"contents{LEKTOR_FILES[0]}"
_ALTERNATIVES = "alternatives."
_YES = frozenset({"1", "true", "yes"})


class Lektor(SiteGenerator):
    """See the module."""

    name = "Lektor"

    def settings_of_root(self, folder: Path) -> Settings | None:
        project = next(iter(sorted(folder.glob(f"*{LEKTOR_PROJECT}"))), None)
        return None if project is None else _read_project(project)

    def facts_of(self, root: Path, settings: Settings) -> SiteFacts:
        names = [key.removeprefix(_ALTERNATIVES) for key, _ in _alternatives(settings)]
        primary = next(_primary_languages(settings), "")
        return SiteFacts(
            title=first_text(settings, "project.name"),
            language=primary or first_text(settings, "project.locale"),
            languages=tuple(names),
            address=first_text(settings, "project.url").rstrip("/"),
            content=(_CONTENT,) if (root / _CONTENT).is_dir() else (),
        )

    def why_left_out(self, root: Path, settings: Settings, file: SiteFile) -> str:
        has_own_pages = next((root / file.path.parent).glob(f"*/{_PAGE}"), None) is not None
        return "page" if has_own_pages or file.metadata.published is None else ""

    def path_on_site(self, root: Path, settings: Settings, facts: SiteFacts, file: SiteFile) -> str:
        if not file.path.is_relative_to(_CONTENT):
            return ""
        parts = [*file.path.parent.relative_to(_CONTENT).parts]
        if parts and file.metadata.slug:
            parts[-1] = file.metadata.slug
        language = file.path.stem.partition("+")[2]
        values = dict(_alternatives(settings)).get(_ALTERNATIVES + language, {})
        prefix = values.get("url_prefix", "").strip("/")
        return "/".join(("", *filter(None, (prefix, *parts)), ""))

    def list_restrictions(
        self, root: Path, settings: Settings, file: SiteFile
    ) -> Iterator[Publication | None]:
        names = dict.fromkeys((file.path.name, *_primary_pages(settings), _PAGE))
        for place in file.path.parents:
            # Pages around a page count in its own language, or else in the one that all pages have.
            name = next((name for name in names if (root / place / name).is_file()), _PAGE)
            fields = read_contents(read_text(root / place / name), name).fields
            if written := str(fields.get("_hidden", "")).lower():
                where = f"_hidden in {(place / name).as_posix()}"
                yield hide(where, written in _YES)
                return


def _primary_languages(settings: Settings) -> Iterator[str]:
    for name, value in _alternatives(settings):
        if value.get("primary", "").lower() in _YES:
            yield name.removeprefix(_ALTERNATIVES)


def _primary_pages(settings: Settings) -> Iterator[str]:
    for language in _primary_languages(settings):
        yield _PAGE.replace(".", f"+{language}.")


def _read_project(file: Path) -> Settings:
    parser = ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(read_text(file))
    except Error:
        return {}
    return {name: dict(parser[name]) for name in parser.sections()}


def _alternatives(settings: Settings) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yields the languages of a site, each with its settings, by the names of their sections."""
    for name, value in settings.items():
        if name.startswith(_ALTERNATIVES) and isinstance(value, Mapping):
            yield name, value


LEKTOR = Lektor()
