"""What the site that a folder belongs to says of who may see its posts, beside the posts' own headers.

Sources: the documentation of Hugo (``cascade``, ``ignoreFiles``, ``buildFuture``), Jekyll (``defaults``,
``exclude``, ``future``), Eleventy (data files of directories and templates, ``.eleventyignore``), Quarto
(``_metadata.yml``, ``website.drafts``, ``project.render``) and Zola (drafts of sections). What a file of JavaScript says is not read.
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
"""Hugo's where they have a ``baseURL``, Zola's where it is a ``base_url``."""
_ABOVE = 4
"""Folders above the one that is read in which a site is looked for: content/posts/2024."""
_MOST = 200_000
_FUTURE = frozenset({"buildfuture", "future"})


class SiteFolder(msgspec.Struct, frozen=True):
    """A folder of posts as a part of a site; of none that is known, ``generator`` is empty."""

    folder: Path
    root: Path
    generator: Generator | Literal[""] = ""
    config: Mapping[str, Any] = {}
    _seen: dict[Path, Publication | None] = {}
    """The settings of a folder for everything in it."""

    @classmethod
    def of(cls, folder: Path) -> SiteFolder:
        """Returns the site that ``folder`` is, or is a part of."""
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
        # Categories of Jekyll have a folder of this name, too: the configuration goes before it.
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
        said = [
            *(Publication(public_from=moment) for moment in self._holding_back(moments)),
            *(
                self._said_in(self.root.joinpath(*path.parts[:depth]))
                for depth in range(len(path.parts))
            ),
            *self._said_of(PurePosixPath(path.as_posix())),
        ]
        known = merge_publications(metadata.publication, *said)
        return metadata if known is None else msgspec.structs.replace(metadata, publication=known)

    def _holding_back(self, moments: Iterator[Moment]) -> Iterator[Moment]:
        """Yields ``moments`` if the generator builds posts of a future date only on request."""
        builds = any(key.lower() in _FUTURE and value is True for key, value in self.config.items())
        if self.generator in ("hugo", "jekyll") and not builds:
            yield from moments

    def _said_in(self, folder: Path) -> Publication | None:
        """Yields the settings in a folder's files for all posts in it and below."""
        if folder not in self._seen:
            found = [
                _read_shared_fields(values, name) for name, values in self._shared_fields(folder)
            ]
            self._seen[folder] = merge_publications(*found)
        return self._seen[folder]

    def _shared_fields(self, folder: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
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

    def _said_of(self, path: PurePosixPath) -> Iterator[Publication | None]:
        """Yields the settings of the configuration for one file, whose path is relative to the
        site's root.
        """
        config = self.config
        match self.generator:
            case "hugo":
                patterns = config.get("ignoreFiles", config.get("ignorefiles"))
                inner = path.as_posix().removeprefix("content/")
                yield _hidden("ignoreFiles", any(_finds(p, inner) for p in _texts(patterns)))
                for values in _mappings(config.get("cascade")):
                    if _is_target(inner, values):
                        yield _read_shared_fields(values, "the configuration")
            case "jekyll":
                yield _hidden(
                    "exclude", any(_lies_in(path, p) for p in _texts(config.get("exclude")))
                )
                if "_drafts" in path.parts:
                    yield Publication((Reason("secret", "draft", "_drafts"),))
                for rule in _mappings(config.get("defaults")):
                    scope, defaults = rule.get("scope"), rule.get("values")
                    where = str(scope.get("path", "")) if isinstance(scope, Mapping) else ""
                    if isinstance(defaults, Mapping) and (not where or _lies_in(path, where)):
                        yield _read_shared_fields(defaults, "_config.yml")
            case "eleventy":
                lines = _text(self.root / ".eleventyignore").splitlines()
                patterns = [
                    line.strip() for line in lines if line.strip()[:1] not in ("", "#", "!")
                ]
                yield _hidden(".eleventyignore", any(_lies_in(path, p) for p in patterns))
                for ending in (".json", ".11tydata.json"):
                    beside = self.root / path.with_suffix(ending)
                    yield _read_shared_fields(_fields_of(beside), beside.name)
            case "quarto":
                yield _hidden("a name with _", any(part.startswith("_") for part in path.parts))
                project = config.get("project")
                rendered = project.get("render") if isinstance(project, Mapping) else ()
                left_out = [p[1:] for p in _texts(rendered) if p.startswith("!")]
                yield _hidden("project.render", any(_lies_in(path, p) for p in left_out))
                website = config.get("website")
                drafts = website.get("drafts") if isinstance(website, Mapping) else ()
                yield _hidden("website.drafts", any(_lies_in(path, p) for p in _texts(drafts)))
            case "zola":
                yield _hidden(
                    "ignored_content",
                    any(_lies_in(path, p) for p in _texts(config.get("ignored_content"))),
                )


def _hidden(field_name: str, is_hidden: bool) -> Publication | None:
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
    """Returns whether a cascade of Hugo's configuration is for a file; all but its path is taken
    for met.
    """
    target = values.get("target", values.get("_target"))
    pattern = target.get("path") if isinstance(target, Mapping) else None
    if not isinstance(pattern, str):
        return True
    # One star of the pattern's matches no slash in Hugo, and is taken to, rather too strict.
    return fnmatchcase("/" + path, pattern) or _lies_in(PurePosixPath(path), pattern)


def _texts(value: object) -> list[str]:
    return [
        item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)
    ]


def _finds(pattern: str, path: str) -> bool:
    try:
        return re.search(pattern, path) is not None
    except re.error:
        return False


def _lies_in(path: PurePosixPath, pattern: str) -> bool:
    """Returns whether a path is one of those that a pattern names, or lies below one."""
    wanted = pattern.strip("/").removeprefix("./")
    wanted = wanted.removesuffix("/**/*").removesuffix("/**").removesuffix("/*")
    places = (path, *path.parents[:-1])
    return any(
        fnmatchcase(place.as_posix(), wanted) or fnmatchcase(place.name, wanted) for place in places
    )


def _fields_of(path: Path) -> Mapping[str, Any]:
    """Returns the fields of a file of YAML, TOML or JSON, or of the header of a Markdown file;
    empty: none.
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
