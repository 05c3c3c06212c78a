"""Hugo's sites. Source: Hugo's documentation (configuration, ``cascade``, ``ignoreFiles``, ``buildFuture``, URLs)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

import msgspec

from ...lazy_pattern import lazy_pattern
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
_BRACES = lazy_pattern(r"\{([^{}]*)\}")
"""Matches the innermost alternatives of a pattern."""
_MOST_BRACES = 50
"""The most alternatives that are told apart in a pattern."""
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
        folders = _content_folders(settings)
        default = _default_language(settings)
        own = languages.get(default, {})
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
                **read_people(root / next(iter(folders)) / "authors"),
                **read_people(root / "data" / "authors"),
            },
            address=first_text(settings, "baseURL").rstrip("/"),
            content=tuple(folders),
            folder_languages={folder: code for folder, code in folders.items() if code},
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
        language, inner = _within_content(file.path, settings)
        default = _default_language(settings)
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
        # The translation of a list has a file of its own, such as _index.de.md.
        for file in sorted(folder.glob("_index*.md")):
            if file.name.split(".")[0] == "_index":
                for fields in list_mappings(read_settings(file).get("cascade")):
                    yield file.name, fields

    def is_shared_with(
        self, settings: Settings, path: PurePosixPath, name: str, fields: Settings
    ) -> bool:
        language, inner = _within_content(path, settings)
        language = language or _default_language(settings)
        named = PurePosixPath(PurePosixPath(name).stem).suffix[1:].lower()
        if named in _languages(settings) and named != language:
            return False
        return _is_target(inner, language, fields)

    def list_defaults(
        self, root: Path, settings: Settings, path: PurePosixPath
    ) -> Iterator[Settings]:
        cascades = list_mappings(settings.get("cascade"))
        yield from (one for one in cascades if self.is_shared_with(settings, path, "", one))

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
        language, _ = _within_content(file.path, settings)
        yield hide("disabled language", language in _disabled_languages(settings))
        for fields in list_mappings(settings.get("cascade")):
            if self.is_shared_with(settings, file.path, "", fields):
                yield read_shared_fields(fields, "the configuration")

    def list_moments(self, settings: Settings, metadata: Metadata) -> Iterator[Moment]:
        if not is_set(settings, "buildfuture"):
            yield from published_moments(metadata, every_name=True)


def _languages(settings: Settings) -> dict[str, Settings]:
    found = settings.get("languages")
    if not isinstance(found, Mapping):
        return {}
    return {str(code).lower(): one for code, one in found.items() if isinstance(one, Mapping)}


def _disabled_languages(settings: Settings) -> set[str]:
    """Returns the languages whose posts the site does not have."""
    named = settings.get("disableLanguages", settings.get("disablelanguages"))
    switched_off = (code for code, one in _languages(settings).items() if is_set(one, "disabled"))
    return {*map(str.lower, list_texts(named)), *switched_off}


def _author(params: object) -> object:
    return params.get("author") if isinstance(params, Mapping) else None


def _default_language(settings: Settings) -> str:
    named = first_text(settings, "defaultContentLanguage").lower()
    return named or next(iter(_languages(settings)), "")


def _content_folders(settings: Settings) -> dict[str, str]:
    """Returns the folders of posts, each with the language that the configuration gives it; the main one comes first."""
    main = first_text(settings, "contentDir") or "content"
    found = {main.strip("/"): ""}
    for code, one in _languages(settings).items():
        if folder := first_text(one, "contentDir"):
            found[folder.strip("/")] = code
    return found


def _within_content(path: PurePosixPath, settings: Settings) -> tuple[str, PurePosixPath]:
    """Returns the language that a path names, and the path within the folder of its language."""
    parts, languages = list(path.parts), _languages(settings)
    folders = _content_folders(settings)
    for folder in sorted(folders, key=len, reverse=True):
        depth = len(PurePosixPath(folder).parts)
        if PurePosixPath(*parts[:depth]) == PurePosixPath(folder):
            named = folders[folder] or folder.rpartition("/")[2].lower()
            parts = parts[depth:]
            if named in languages:
                return named, PurePosixPath(*parts)
            break
    suffix = PurePosixPath(parts[-1]).stem.rpartition(".")[2].lower() if parts else ""
    if suffix in languages:
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


def _is_target(path: PurePosixPath, language: str, fields: Settings) -> bool:
    """Whether a cascade applies to a post, which is a page of a site that is built for its readers. A condition that is
    not known is assumed to be met.
    """
    target = fields.get("target", fields.get("_target"))
    if not isinstance(target, Mapping):
        return True
    sites = target.get("sites")
    matrix = sites.get("matrix") if isinstance(sites, Mapping) else None
    languages = matrix.get("languages") if isinstance(matrix, Mapping) else None
    actual = {"kind": "page", "environment": "production", "lang": language}
    conditions = [(list_texts(target.get(name)), value) for name, value in actual.items()]
    conditions.append((list_texts(languages), language))
    if any(patterns and value and not _is_one(value, patterns) for patterns, value in conditions):
        return False
    pattern = target.get("path")
    return not isinstance(pattern, str) or any(
        # In Hugo, one star does not match a slash; here it does, since too strict is the safer error.
        fnmatchcase(f"/{place}".lower(), one.lower()) or is_within(path, one)
        for one in _alternatives(pattern)
        for place in (path, path.with_suffix(""), path.parent)
    )


def _is_one(value: str, patterns: Iterable[str]) -> bool:
    """Whether a value matches one of the patterns of a condition; of one that begins with ``!``, it must not."""
    wanted = [one for pattern in patterns for one in _alternatives(pattern.lower())]
    denied = [one[1:].strip() for one in wanted if one.startswith("!")]
    allowed = [one for one in wanted if not one.startswith("!")] or ["*"]
    return not any(fnmatchcase(value, one) for one in denied) and any(
        fnmatchcase(value, one) for one in allowed
    )


def _alternatives(pattern: str) -> list[str]:
    """Returns the patterns that one with alternatives in braces stands for: /b and /c for /{b,c}."""
    found = [pattern]
    for _ in range(_MOST_BRACES):
        braced = next(((one, match) for one in found if (match := _BRACES.search(one))), None)
        if braced is None:
            break
        one, match = braced
        found.remove(one)
        found += [one[: match.start()] + part + one[match.end() :] for part in match[1].split(",")]
    return found


def _matches(pattern: str, path: str) -> bool:
    try:
        return re.search(pattern, path) is not None
    except re.error:
        return False


HUGO = Hugo()
