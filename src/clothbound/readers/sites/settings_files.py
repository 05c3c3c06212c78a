"""Reads the settings of sites: files in YAML, TOML or JSON, and the headers of Markdown files.

Whatever cannot be read is empty, since a site's own mistakes must not stop its posts from being read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any, TypeAlias

import msgspec

from ...limits import Limits
from ..front_matter import read_header

Settings: TypeAlias = Mapping[str, Any]
"""The fields of one file."""

PROGRAMS = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")
"""The extensions of programs in JavaScript and TypeScript, as configurations of generators are."""
LEKTOR_PROJECT = ".lektorproject"
"""The extension of the file at the root of a site of Lektor's, which has any name."""
_SETTINGS_ENDINGS = (".toml", ".yml", ".yaml", ".json", *PROGRAMS, ".py", LEKTOR_PROJECT)
QUARTO_FILES = ("_quarto.yml", "_quarto.yaml")
"""The configuration of a project of Quarto's; the first that exists counts."""
_TELLING_BEGINNINGS = tuple(
    ".eleventy. _config. _quarto. _site. _toc. astro.config. bridgetown.config. conf. config. docusaurus.config."
    " eleventy.config. gatsby-config. hugo. mkdocs. myst. pelican.conf. pelicanconf. quartz.config. zola.".split()
)
"""The beginnings of the names of files by which a generator may be told. Others, such as ``package.json``, only add to what
these say, and stand in folders of all kinds: for their sake no generator is loaded.
"""
_OF_WIKIS = ("home.", "_sidebar.", "_footer.", "_header.")
"""The beginnings of the names of pages by which a wiki of Gollum's may be told, which has no settings."""
_FOLDER_OF_DOCS = "docs"
_TELLING_IN_DOCS = (".vitepress", ".vuepress")
_SETTINGS_FOLDERS = frozenset({"config", ".foam", ".obsidian", "logseq", ".vitepress", ".vuepress"})
_MOST = 200_000
"""The most bytes of a file that are read."""
_MOST_DATA = 2_000_000
"""The most bytes of a file of data that are read."""
_MOST_PEOPLE = 5000
"""The most authors whose files are read."""
_PERSON = frozenset({".yml", ".yaml", ".json", ".toml", ".md"})
_NAMES = ("name", "display_name", "title")
"""The fields that may hold an author's name."""


def is_settings_file(name: str) -> bool:
    """Returns whether a path, relative to the root of a site, may be that of a file by which its generator is told, or that
    says more of the site.
    """
    top, slash, _ = name.partition("/")
    if slash:
        return top in _SETTINGS_FOLDERS
    return name.lower().endswith(_SETTINGS_ENDINGS) or name.lower().startswith(_OF_WIKIS)


class _Signs(msgspec.Struct, frozen=True):
    """What a folder has by which a generator may be told."""

    are_there: bool
    files: tuple[str, ...]
    is_repository: bool


_REPOSITORY = ".git"
"""The folder of a repository, or the file that names it, beside the files of a project."""


def may_have_settings(folder: str) -> bool:
    """Returns whether a folder has a file by which a generator may be told. One listing is faster than many questions."""
    return _signs_of(folder).are_there


def list_settings_files(folder: str) -> tuple[str, ...]:
    """Returns the files of a folder by which a generator may be told, and those in its folders of settings."""
    return _signs_of(folder).files


def is_repository(folder: str) -> bool:
    """Returns whether a folder is the root of a repository."""
    return _signs_of(folder).is_repository


def _signs_of(folder: str) -> _Signs:
    """Lists a folder only when an entry was added or removed, since each of its thousands of posts asks."""
    return _listing_of(folder).read()


def _time_of_change(place: str) -> int:
    try:
        return os.stat(place).st_mtime_ns  # noqa: PTH116 - a path takes longer
    except OSError:
        return -1


class _Listing:
    """The last listing of a folder, such as one that many programs write to and that is listed often."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._changes: dict[str, int] = {}
        """The times of the folder and of its folders of settings, before they were listed."""
        self._signs = _Signs(are_there=True, files=(), is_repository=False)

    def read(self) -> _Signs:
        """Lists the folder again unless all times are those of last time."""
        for place, moment in self._changes.items():
            if _time_of_change(place) != moment:
                break
        else:
            if self._changes:
                return self._signs
        self._list()
        return self._signs

    def _list(self) -> None:
        folder = self._folder
        changes = {folder: _time_of_change(folder)}
        found: list[str] = []
        are_there = is_repository = False
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name == _REPOSITORY:
                        is_repository = os.path.exists(entry.path)  # noqa: PTH110 - a path takes longer
                    elif entry.name in _SETTINGS_FOLDERS:
                        are_there = True
                        changes[entry.path] = _time_of_change(entry.path)
                        if entry.is_dir():
                            found += [file.path for file in os.scandir(entry.path)]
                    elif entry.name == _FOLDER_OF_DOCS:
                        changes[entry.path] = _time_of_change(entry.path)
                        places = (os.path.join(entry.path, name) for name in _TELLING_IN_DOCS)  # noqa: PTH118 - a path takes longer
                        are_there = are_there or any(map(os.path.isdir, places))
                    elif is_settings_file(entry.name):
                        name = entry.name.lower()
                        are_there = (
                            are_there
                            or name.startswith((*_TELLING_BEGINNINGS, *_OF_WIKIS))
                            or name.endswith(LEKTOR_PROJECT)
                        )
                        found.append(entry.path)
        except OSError:
            are_there = True
            is_repository = os.path.exists(os.path.join(folder, _REPOSITORY))  # noqa: PTH110, PTH118 - paths take longer
        self._signs = _Signs(are_there, tuple(sorted(found)), is_repository)
        self._changes = changes


_listing_of = lru_cache(maxsize=256)(_Listing)


def is_quarto_root(folder: str | Path) -> bool:
    """Returns whether a folder is the root of a project of Quarto's."""
    return any(os.path.isfile(os.path.join(folder, name)) for name in QUARTO_FILES)  # noqa: PTH113, PTH118 - paths take longer


def find_program(folder: Path, name: str) -> Path | None:
    """Returns the program of this name, whose extension is one of ``PROGRAMS``, in a folder; None if there is none."""
    files = (folder / f"{name}{extension}" for extension in PROGRAMS)
    return next((file for file in files if file.is_file()), None)


def read_settings(path: Path) -> Settings:
    """Returns the fields of a file by its extension, or of a Markdown file's header; empty if there are none."""
    text = read_text(path)
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
        case ".md" | ".meta":
            pass
        case _:
            return {}
    return read_header(text, Limits()).fields


def read_data(path: Path) -> Any:
    """Returns the content of a data file in YAML or JSON, a mapping or a list; None if it cannot be read."""
    text = read_text(path, _MOST_DATA)
    if path.suffix == ".json":
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return None
    # A header is a mapping, so the content becomes the value of a field.
    inner = "".join(f"  {line}\n" for line in text.removeprefix("---").splitlines())
    limits = msgspec.structs.replace(Limits(), header_bytes=2 * _MOST_DATA)
    return read_header(f"---\ndata:\n{inner}---\n", limits).fields.get("data")


def read_people(path: Path, key: str = "") -> dict[str, str]:
    """Returns the names of authors by their ids, from a data file or from a folder with a file for each.

    ``path`` has no extension, or its own. ``key`` is the field of the file that holds the authors, if it is not the whole file.
    """
    files = (
        path.with_name(path.name + extension)
        for extension in ("", ".yml", ".yaml", ".json", ".toml")
    )
    found = next((found for file in files if (found := read_settings(file))), {})
    if key and isinstance(found.get(key), Mapping):
        found = found[key]
    people = {}
    for name, fields in {**_files_of_people(path), **found}.items():
        given = [fields.get(one) for one in _NAMES] if isinstance(fields, Mapping) else []
        if written := next((n for n in given if isinstance(n, str) and n.strip()), ""):
            people[name] = " ".join(written.split())
    return people


def _files_of_people(folder: Path) -> dict[str, Settings]:
    """Returns the fields of each file of a folder, or of ``_index.md`` in each of its folders, by their names."""
    try:
        inner = sorted(islice(folder.iterdir(), _MOST_PEOPLE))
    except OSError:
        return {}
    return {
        one.stem if one.suffix in _PERSON else one.name: read_settings(
            one if one.suffix in _PERSON else one / "_index.md"
        )
        for one in inner
    }


def read_text(path: Path, most: int = _MOST) -> str:
    """Returns the beginning of a file's text, ``most`` bytes of it; empty if it cannot be read."""
    try:
        with path.open("rb") as stream:
            return stream.read(most).decode("utf-8-sig", "replace").replace("\r\n", "\n")
    except OSError:
        return ""


def list_mappings(value: object) -> list[Settings]:
    """Returns the mappings of a setting that holds one or several."""
    return [
        item
        for item in (value if isinstance(value, list) else [value])
        if isinstance(item, Mapping)
    ]


def list_texts(value: object) -> list[str]:
    """Returns the texts of a setting that holds one or several."""
    return [
        item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)
    ]


def is_within(path: PurePosixPath, pattern: str) -> bool:
    """Returns whether a path matches a pattern, or is below one that does."""
    wanted = pattern.strip("/").removeprefix("./")
    wanted = wanted.removesuffix("/**/*").removesuffix("/**").removesuffix("/*")
    places = (path, *path.parents[:-1])
    return any(
        fnmatchcase(place.as_posix(), wanted) or fnmatchcase(place.name, wanted) for place in places
    )
