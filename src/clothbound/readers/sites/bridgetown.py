"""Bridgetown's sites, which are like Jekyll's. Source: Bridgetown's documentation (configuration, resources, permalinks)."""

from __future__ import annotations

from pathlib import Path

from .generator import first_settings
from .jekyll import Jekyll
from .settings_files import Settings, read_settings

_CONFIGURATIONS = ("bridgetown.config.yml", "bridgetown.config.yaml")
_PROGRAM = "config/initializers.rb"
_METADATA = ("src/_data/site_metadata.yml", "src/_data/site_metadata.yaml")


class Bridgetown(Jekyll):
    """See the module."""

    name = "Bridgetown"

    def settings_of_root(self, folder: Path) -> Settings | None:
        settings = first_settings(folder, _CONFIGURATIONS)
        metadata = next(filter(None, (read_settings(folder / name) for name in _METADATA)), {})
        if settings is None and not (metadata and (folder / _PROGRAM).is_file()):
            return None
        usual = {"source": "src", "permalink": "pretty", "description": metadata.get("tagline", "")}
        return {**usual, **metadata, **(settings or {}), "metadata": metadata}


BRIDGETOWN = Bridgetown()
