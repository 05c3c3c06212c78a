"""Zola's sites. Source: Zola's documentation (configuration, sections)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from ...model.post import Metadata
from ...model.publication import Moment, Publication
from .generator import first_settings, hide
from .settings_files import Settings, is_within, list_texts, read_settings

_OLDER_CONFIGURATIONS = ("config.toml", "config.yaml", "config.yml", "config.json")
"""Hugo has these too, and sets ``baseURL`` in them."""


class Zola:
    """See the module."""

    name = "Zola"

    def settings_of_root(self, folder: Path) -> Settings | None:
        settings = first_settings(folder, ("zola.toml",))
        if settings is not None:
            return settings
        older = (read_settings(folder / name) for name in _OLDER_CONFIGURATIONS)
        return next((settings for settings in older if "base_url" in settings), None)

    def list_shared_fields(self, folder: Path) -> Iterator[tuple[str, Settings]]:
        yield "_index.md", {"draft": read_settings(folder / "_index.md").get("draft")}

    def list_restrictions(
        self,
        root: Path,
        settings: Settings,
        path: PurePosixPath,
    ) -> Iterator[Publication | None]:
        patterns = list_texts(settings.get("ignored_content"))
        yield hide("ignored_content", any(is_within(path, pattern) for pattern in patterns))

    def list_moments(self, settings: Settings, metadata: Metadata) -> Iterator[Moment]:
        yield from ()


ZOLA = Zola()
