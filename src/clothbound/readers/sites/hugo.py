"""Hugo's sites. Source: Hugo's documentation (configuration, ``cascade``, ``ignoreFiles``, ``buildFuture``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from ...model.post import Metadata
from ...model.publication import Moment, Publication
from ..publication_state import published_moments
from .generator import builds_future, first_settings, hide, read_shared_fields
from .settings_files import Settings, is_within, list_mappings, list_texts, read_settings

_CONFIGURATIONS = (
    *(f"hugo.{extension}" for extension in ("toml", "yaml", "yml", "json")),
    *(
        f"config/_default/{name}"
        for name in ("hugo.toml", "hugo.yaml", "config.toml", "config.yaml")
    ),
)
_OLDER_CONFIGURATIONS = ("config.toml", "config.yaml", "config.yml", "config.json")
"""Zola has the first of these too, and sets ``base_url`` in it."""


class Hugo:
    """See the module."""

    name = "Hugo"

    def settings_of_root(self, folder: Path) -> Settings | None:
        settings = first_settings(folder, _CONFIGURATIONS)
        if settings is not None:
            return settings
        older = (read_settings(folder / name) for name in _OLDER_CONFIGURATIONS)
        return next((s for s in older if any(key.lower() == "baseurl" for key in s)), None)

    def list_shared_fields(self, folder: Path) -> Iterator[tuple[str, Settings]]:
        for fields in list_mappings(read_settings(folder / "_index.md").get("cascade")):
            yield "_index.md", fields

    def list_restrictions(
        self,
        root: Path,
        settings: Settings,
        path: PurePosixPath,
    ) -> Iterator[Publication | None]:
        patterns = settings.get("ignoreFiles", settings.get("ignorefiles"))
        inner = path.as_posix().removeprefix("content/")
        yield hide("ignoreFiles", any(_matches(p, inner) for p in list_texts(patterns)))
        for fields in list_mappings(settings.get("cascade")):
            if _is_target(inner, fields):
                yield read_shared_fields(fields, "the configuration")

    def list_moments(self, settings: Settings, metadata: Metadata) -> Iterator[Moment]:
        if not builds_future(settings, "buildfuture"):
            yield from published_moments(metadata, every_name=True)


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
