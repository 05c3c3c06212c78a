"""Reads who may see posts from the settings of the site to which their folder belongs.

Sources: the documentation of Hugo (``cascade``, ``ignoreFiles``, ``buildFuture``), Jekyll
(``defaults``, ``exclude``, ``future``), Eleventy (data files of directories and templates,
``.eleventyignore``), Quarto (``_metadata.yml``, ``website.drafts``, ``project.render``) and Zola
(drafts of sections). Files of JavaScript are not read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any, Literal, TypeAlias

import msgspec

from ..limits import Limits
from ..model.post import Metadata
from ..model.publication import Moment, Publication, Reason, merge_publications
from .front_matter import read_header
from .publication_state import publication_of, published_moments

Generator: TypeAlias = Literal["hugo", "jekyll", "eleventy", "quarto", "zola"]

_CONFIGS: tuple[tuple[Generator, str], ...] = (
    *(("hugo", f"hugo.{ending}") for ending in ("toml", "yaml", "yml", "json")),
    *(
        ("hugo", f"config/_default/{name}")
        for name in ("hugo.toml", "hugo.yaml", "config.toml", "config.yaml")
    ),
    ("zola", "zola.toml"),
    ("jekyll", "_config.yml"),
    ("quarto", "_quarto.yml"),
    *(
        ("eleventy", name)
        for name in (
            ".eleventy.js",
            "eleventy.config.js",
            "eleventy.config.mjs",
            "eleventy.config.cjs",
        )
    ),
)
_EITHER = ("config.toml", "config.yaml", "config.yml", "config.json")
"""Files that belong to Hugo if they set ``baseURL``, to Zola if they set ``base_url``."""
_ABOVE = 4
"""The number of parent folders in which a site is searched for, as above content/posts/2024."""
_MOST = 200_000
_FUTURE = frozenset({"buildfuture", "future"})


class SiteFolder(msgspec.Struct, frozen=True):
    """A folder of posts as a part of a site; ``generator`` is empty if the site is unknown."""

    folder: Path
    root: Path
    generator: Generator | Literal[""] = ""
    config: Mapping[str, Any] = {}
    _settings: dict[Path, Publication | None] = {}
    """Cached settings of folders, each for all posts in and below it."""

    @classmethod
    def of(cls, folder: Path) -> SiteFolder:
        """Returns the site whose root is ``folder`` or contains it."""
        folder = folder.resolve()
        for place in (folder, *folder.parents[:_ABOVE]):
            for generator, name in _CONFIGS:
                if (place / name).is_file():
                    return cls(folder, place, generator, _fields_of(place / name))
            for name in _EITHER:
                keys = _fields_of(place / name)
                if "base_url" in keys:
                    return cls(folder, place, "zola", keys)
                if any(key.lower() == "baseurl" for key in keys):
                    return cls(folder, place, "hugo", keys)
        # A category of Jekyll has a folder of this name too, so the configuration is searched for
        # first.
        if (folder / "_posts").is_dir() or folder.name == "_posts":
            return cls(folder, folder, "jekyll")
        return cls(folder, folder)

    def of_post(self, metadata: Metadata, file: str) -> Metadata:
        """Returns ``metadata`` of a post with the site's settings. ``file`` is relative to the
        folder.
        """
        if not self.generator:
            return metadata
        path = (self.folder / file).relative_to(self.root)
        moments = published_moments(metadata, every_name=self.generator == "hugo")
        settings = [
            *(Publication(public_from=moment) for moment in self._select_withholding(moments)),
            *(
                self._read_folder_settings(self.root.joinpath(*path.parts[:depth]))
                for depth in range(len(path.parts))
            ),
            *self._read_file_settings(PurePosixPath(path.as_posix())),
        ]
        known = merge_publications(metadata.publication, *settings)
        return metadata if known is None else msgspec.structs.replace(metadata, publication=known)

    def _select_withholding(self, moments: Iterator[Moment]) -> Iterator[Moment]:
        """Yields ``moments`` if the generator builds posts of a future date only on request."""
        builds = any(key.lower() in _FUTURE and value is True for key, value in self.config.items())
        if self.generator in ("hugo", "jekyll") and not builds:
            yield from moments

    def _read_folder_settings(self, folder: Path) -> Publication | None:
        """Returns the settings in a folder's files, which apply to all posts in and below it."""
        if folder not in self._settings:
            found = [
                _read_shared_fields(values, name)
                for name, values in self._list_shared_fields(folder)
            ]
            self._settings[folder] = merge_publications(*found)
        return self._settings[folder]

    def _list_shared_fields(self, folder: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
        match self.generator:
            case "hugo":
                for values in _mappings(_fields_of(folder / "_index.md").get("cascade")):
                    yield "_index.md", values
            case "zola":
                yield "_index.md", {"draft": _fields_of(folder / "_index.md").get("draft")}
            case "eleventy":
                for ending in (".json", ".11tydata.json"):
                    yield folder.name + ending, _fields_of(folder / f"{folder.name}{ending}")
            case "quarto":
                yield "_metadata.yml", _fields_of(folder / "_metadata.yml")

    def _read_file_settings(self, path: PurePosixPath) -> Iterator[Publication | None]:
        """Yields the settings of the configuration for one file, whose path is relative to the
        site's root.
        """
        config = self.config
        match self.generator:
            case "hugo":
                patterns = config.get("ignoreFiles", config.get("ignorefiles"))
                inner = path.as_posix().removeprefix("content/")
                yield _hide("ignoreFiles", any(_matches(p, inner) for p in _texts(patterns)))
                for values in _mappings(config.get("cascade")):
                    if _is_target(inner, values):
                        yield _read_shared_fields(values, "the configuration")
            case "jekyll":
                yield _hide(
                    "exclude", any(_is_within(path, p) for p in _texts(config.get("exclude")))
                )
                if "_drafts" in path.parts:
                    yield Publication((Reason("secret", "draft", "_drafts"),))
                for rule in _mappings(config.get("defaults")):
                    scope, defaults = rule.get("scope"), rule.get("values")
                    where = str(scope.get("path", "")) if isinstance(scope, Mapping) else ""
                    if isinstance(defaults, Mapping) and (not where or _is_within(path, where)):
                        yield _read_shared_fields(defaults, "_config.yml")
            case "eleventy":
                lines = _text(self.root / ".eleventyignore").splitlines()
                patterns = [
                    line.strip() for line in lines if line.strip()[:1] not in ("", "#", "!")
                ]
                yield _hide(".eleventyignore", any(_is_within(path, p) for p in patterns))
                for ending in (".json", ".11tydata.json"):
                    beside = self.root / path.with_suffix(ending)
                    yield _read_shared_fields(_fields_of(beside), beside.name)
            case "quarto":
                yield _hide(
                    "a name that begins with _", any(part.startswith("_") for part in path.parts)
                )
                project = config.get("project")
                rendered = project.get("render") if isinstance(project, Mapping) else ()
                left_out = [p[1:] for p in _texts(rendered) if p.startswith("!")]
                yield _hide("project.render", any(_is_within(path, p) for p in left_out))
                website = config.get("website")
                drafts = website.get("drafts") if isinstance(website, Mapping) else ()
                yield _hide("website.drafts", any(_is_within(path, p) for p in _texts(drafts)))
            case "zola":
                yield _hide(
                    "ignored_content",
                    any(_is_within(path, p) for p in _texts(config.get("ignored_content"))),
                )


def _hide(field_name: str, is_hidden: bool) -> Publication | None:
    return Publication((Reason("secret", "skip", field_name),)) if is_hidden else None


def _read_shared_fields(values: Mapping[str, Any], place: str) -> Publication | None:
    """Reads fields that many posts share. Unknown fields are reported for single posts only."""
    found = publication_of(values, with_typed=True)
    if found is None:
        return None
    reasons = (msgspec.structs.replace(r, field=f"{r.field} in {place}") for r in found.reasons)
    return msgspec.structs.replace(found, reasons=tuple(reasons), doubtful=())


def _mappings(value: object) -> list[Mapping[str, Any]]:
    return [
        item
        for item in (value if isinstance(value, list) else [value])
        if isinstance(item, Mapping)
    ]


def _is_target(path: str, values: Mapping[str, Any]) -> bool:
    """Whether a cascade of Hugo's configuration applies to a file; conditions other than the path
    are assumed to be met.
    """
    target = values.get("target", values.get("_target"))
    pattern = target.get("path") if isinstance(target, Mapping) else None
    if not isinstance(pattern, str):
        return True
    # In Hugo, one star does not match a slash; here it does, since too strict is the safer error.
    return fnmatchcase("/" + path, pattern) or _is_within(PurePosixPath(path), pattern)


def _texts(value: object) -> list[str]:
    return [
        item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)
    ]


def _matches(pattern: str, path: str) -> bool:
    try:
        return re.search(pattern, path) is not None
    except re.error:
        return False


def _is_within(path: PurePosixPath, pattern: str) -> bool:
    """Whether a path matches a pattern, or is below one that does."""
    wanted = pattern.strip("/").removeprefix("./")
    wanted = wanted.removesuffix("/**/*").removesuffix("/**").removesuffix("/*")
    places = (path, *path.parents[:-1])
    return any(
        fnmatchcase(place.as_posix(), wanted) or fnmatchcase(place.name, wanted) for place in places
    )


def _fields_of(path: Path) -> Mapping[str, Any]:
    """Returns the fields of a YAML, TOML or JSON file, or of the header of a Markdown file; empty
    if there are none.
    """
    text = _text(path)
    if not text.strip():
        return {}
    match path.suffix:
        case ".json":
            try:
                found = json.loads(text)
            except (ValueError, RecursionError):
                return {}
            return found if isinstance(found, dict) else {}
        case ".toml":
            text = f"+++\n{text}\n+++\n"
        case ".yml" | ".yaml":
            text = f"---\n{text.removeprefix('---')}\n---\n"
        case ".md":
            pass
        case _:
            return {}
    return read_header(text, Limits()).fields


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return stream.read(_MOST).decode("utf-8", "replace")
    except OSError:
        return ""
