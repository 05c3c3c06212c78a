"""Hugo's sites. Source: Hugo's documentation (configuration, ``cascade``, ``ignoreFiles``, ``buildFuture``, URLs)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

import msgspec

from ...model.post import Metadata
from ...model.publication import Moment, Publication
from ...model.slugs import CHUNK_FILES
from ..publication_state import published_moments
from .emoji_names import with_emoji
from .generator import (
    OwnText,
    SiteFacts,
    SiteFile,
    SiteGenerator,
    first_settings,
    hide,
    is_set,
    read_shared_fields,
    settings_with_key,
)
from .settings_files import (
    Settings,
    is_within,
    list_mappings,
    list_texts,
    read_people,
    read_settings,
)
from .site_paths import (
    as_segment,
    date_parts,
    fill_colons,
    first_text,
    names_in,
    own_path,
    slug_or_title,
    stem_of,
)

_CONFIGURATIONS = (
    *(f"hugo.{extension}" for extension in ("toml", "yaml", "yml", "json")),
    *(
        f"config/_default/{name}"
        for name in ("hugo.toml", "hugo.yaml", "config.toml", "config.yaml")
    ),
)
_SPLIT = ("languages", "permalinks", "params")
"""Settings that may have files of their own beside the configuration in a folder."""
_SHOWN = {"draft": "builddrafts", "scheduled": "buildfuture", "expired": "buildexpired"}
"""The settings that show posts which are kept back otherwise, by the reason."""


class Hugo(SiteGenerator):
    """See the module."""

    name = "Hugo"

    def settings_of_root(self, folder: Path) -> Settings | None:
        settings = first_settings(folder, _CONFIGURATIONS)
        if settings is not None:
            return {**settings, **self._split(folder)}
        return settings_with_key(folder, "baseurl")

    def _split(self, folder: Path) -> dict[str, Settings]:
        place = folder / "config" / "_default"
        names = ((key, place / f"{key}.{kind}") for key in _SPLIT for kind in ("toml", "yaml"))
        return {key: found for key, file in names if (found := read_settings(file))}

    def facts_of(self, root: Path, settings: Settings) -> SiteFacts:
        languages = _languages(settings)
        own_folders = {
            folder.strip("/"): code
            for code, one in languages.items()
            if (folder := first_text(one, "contentDir"))
        }
        default = first_text(settings, "defaultContentLanguage") or next(iter(languages), "")
        own = languages.get(default, {})
        folders = [first_text(settings, "contentDir") or "content"]
        folders += own_folders
        return SiteFacts(
            title=first_text(own, "title") or first_text(settings, "title"),
            description=first_text(settings, "params.description"),
            authors=names_in(
                next(
                    filter(None, (settings.get("author"), _author(settings.get("params")))),
                    None,
                )
            ),
            language=first_text(own, "locale", "languageCode", "languagecode")
            or first_text(settings, "locale", "languageCode")
            or default,
            languages=tuple(languages),
            zone=first_text(settings, "timeZone"),
            people={
                **read_people(root / folders[0] / "authors"),
                **read_people(root / "data" / "authors"),
            },
            address=first_text(settings, "baseURL").rstrip("/"),
            content=tuple(dict.fromkeys(folder.strip("/") for folder in folders)),
            folder_languages=own_folders,
            shown={reason: "public" for reason, name in _SHOWN.items() if is_set(settings, name)},
            pictures=tuple(list_texts(settings.get("staticDir", settings.get("staticdir")))),
        )

    def why_left_out(self, root: Path, settings: Settings, file: SiteFile) -> str:
        # Of a folder with index.md, the other files are resources of that one post.
        folder = root / file.path.parent
        names = ("index.md", *(f"index.{code}.md" for code in _languages(settings)))
        if not file.path.name.startswith("index.") and _is_bundle(root, folder, names):
            return "resource of a page bundle"
        return ""

    def path_on_site(self, root: Path, settings: Settings, facts: SiteFacts, file: SiteFile) -> str:
        language, inner = _within_content(file.path, facts)
        default = first_text(settings, "defaultContentLanguage") or next(iter(facts.languages), "")
        in_folder = settings.get("defaultContentLanguageInSubdir") is True
        prefix = f"/{language}" if language and (language != default or in_folder) else ""
        name = as_segment(stem_of(inner, facts.languages))
        written = inner.stem.split(".")[0] if inner.stem != "index" else inner.parent.name
        sections = [as_segment(part) for part in inner.parts[:-1]]
        if inner.stem.split(".")[0] == "index" and sections:
            sections.pop()
        pattern = _pattern(settings, inner.parts[0] if len(inner.parts) > 1 else "")
        if own := own_path(file.metadata, "url"):
            # What begins with a slash is seen from the root of the site, in any language.
            is_absolute = any(
                isinstance(value, str) and value.lstrip().startswith("/")
                for key, value in file.metadata.extra.items()
                if key.lower() == "url"
            )
            prefix, pattern = ("" if is_absolute else prefix), own
            if "/:" not in own:
                return prefix + own
        if pattern:
            values = date_parts(file.metadata) | {
                "section": lambda: sections[0] if sections else "",
                "sections": lambda: "/".join(sections),
                "title": lambda: as_segment(file.metadata.title),
                "slug": lambda: slug_or_title(file.metadata),
                "filename": lambda: as_segment(written),
                "contentbasename": lambda: as_segment(written),
                "slugorfilename": lambda: file.metadata.slug or as_segment(written),
                "slugorcontentbasename": lambda: file.metadata.slug or as_segment(written),
            }
            return prefix + fill_colons(pattern, values)
        name = file.metadata.slug or as_segment(written) or name
        path = "/".join(("", *sections, name))
        ugly = any(key.lower() == "uglyurls" and value is True for key, value in settings.items())
        return f"{prefix}{path}.html" if ugly else f"{prefix}{path}/"

    def as_markdown(
        self, root: Path, settings: Settings, facts: SiteFacts, post: OwnText
    ) -> OwnText:
        if not is_set(settings, "enableemoji"):
            return post
        return msgspec.structs.replace(post, text=with_emoji(post.text))

    def list_shared_fields(self, folder: Path) -> Iterator[tuple[str, Settings]]:
        for fields in list_mappings(read_settings(folder / "_index.md").get("cascade")):
            yield "_index.md", fields

    def list_defaults(
        self, root: Path, settings: Settings, path: PurePosixPath
    ) -> Iterator[Settings]:
        inner = path.as_posix().removeprefix("content/")
        yield from (one for one in list_mappings(settings.get("cascade")) if _is_target(inner, one))

    def list_restrictions(
        self,
        root: Path,
        settings: Settings,
        file: SiteFile,
    ) -> Iterator[Publication | None]:
        patterns = settings.get("ignoreFiles", settings.get("ignorefiles"))
        inner = file.path.as_posix().removeprefix("content/")
        # R Markdown is ignored for the sake of the page that blogdown made of it.
        is_source = file.path.name.lower().endswith(CHUNK_FILES) and any(
            (root / file.path.with_suffix(made)).is_file() for made in (".html", ".md", ".markdown")
        )
        is_ignored = any(_matches(p, inner) for p in list_texts(patterns))
        yield hide("ignoreFiles", is_ignored and not is_source)
        for fields in list_mappings(settings.get("cascade")):
            if _is_target(inner, fields):
                yield read_shared_fields(fields, "the configuration")

    def list_moments(self, settings: Settings, metadata: Metadata) -> Iterator[Moment]:
        if not is_set(settings, "buildfuture"):
            yield from published_moments(metadata, every_name=True)


def _languages(settings: Settings) -> dict[str, Settings]:
    found = settings.get("languages")
    if not isinstance(found, Mapping):
        return {}
    return {str(code).lower(): one for code, one in found.items() if isinstance(one, Mapping)}


def _author(params: object) -> object:
    return params.get("author") if isinstance(params, Mapping) else None


def _within_content(path: PurePosixPath, facts: SiteFacts) -> tuple[str, PurePosixPath]:
    """Returns the language that a path names, and the path within the folder of its language."""
    parts = list(path.parts)
    for folder in sorted(facts.content, key=len, reverse=True):
        depth = len(PurePosixPath(folder).parts)
        if PurePosixPath(*parts[:depth]) == PurePosixPath(folder):
            named = facts.folder_languages.get(folder, folder.rpartition("/")[2].lower())
            parts = parts[depth:]
            if named in facts.languages:
                return named, PurePosixPath(*parts)
            break
    suffix = PurePosixPath(parts[-1]).stem.rpartition(".")[2].lower() if parts else ""
    if suffix in facts.languages:
        return suffix, PurePosixPath(*parts)
    return "", PurePosixPath(*parts)


def _pattern(settings: Settings, section: str) -> str:
    """Returns the pattern of addresses that the configuration has for a section; empty without one."""
    permalinks = settings.get("permalinks")
    if not isinstance(permalinks, Mapping):
        return ""
    pages = permalinks.get("page")
    found = pages if isinstance(pages, Mapping) else permalinks
    pattern = found.get(section, found.get("/", ""))
    return pattern if isinstance(pattern, str) else ""


def _is_bundle(root: Path, folder: Path, names: Iterable[str]) -> bool:
    """Whether a folder, or one above it within the site, holds the one post of a page bundle: a file of these names."""
    places = (folder, *folder.parents)
    within = (place for place in places if place.is_relative_to(root) and place != root)
    return any((place / name).is_file() for place in within for name in names)


def _is_target(path: str, fields: Settings) -> bool:
    """Whether a cascade of the configuration applies to a file; conditions other than the path are assumed to be
    met.
    """
    target = fields.get("target", fields.get("_target"))
    pattern = target.get("path") if isinstance(target, Mapping) else None
    if not isinstance(pattern, str):
        return True
    # In Hugo, one star does not match a slash; here it does, since too strict is the safer error.
    return fnmatchcase("/" + path, pattern) or is_within(PurePosixPath(path), pattern)


def _matches(pattern: str, path: str) -> bool:
    try:
        return re.search(pattern, path) is not None
    except re.error:
        return False


HUGO = Hugo()
