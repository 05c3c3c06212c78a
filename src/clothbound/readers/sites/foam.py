"""Folders of notes of Foam. Source: Foam's documentation (wikilinks, the folder ``.foam``)."""

from __future__ import annotations

from pathlib import Path

from .generator import SiteFacts, SiteGenerator
from .settings_files import Settings


class Foam(SiteGenerator):
    """See the module."""

    name = "Foam"

    def settings_of_root(self, folder: Path) -> Settings | None:
        return {} if (folder / ".foam").is_dir() else None

    def facts_of(self, root: Path, settings: Settings) -> SiteFacts:
        return SiteFacts()


FOAM = Foam()
