"""Vaults of Obsidian. Source: Obsidian's help (configuration folder, templates, attachments)."""

from __future__ import annotations

from pathlib import Path

from .generator import SiteFacts, SiteFile, SiteGenerator
from .settings_files import Settings, read_settings
from .site_paths import first_text

FOLDER = ".obsidian"
"""The folder that marks a vault. It may stand inside another site, such as in Hugo's ``content``."""


class Obsidian(SiteGenerator):
    """See the module."""

    name = "Obsidian"

    def settings_of_root(self, folder: Path) -> Settings | None:
        if not (folder / FOLDER).is_dir():
            return None
        templates = read_settings(folder / FOLDER / "templates.json")
        return {**read_settings(folder / FOLDER / "app.json"), "templates": templates}

    def facts_of(self, root: Path, settings: Settings) -> SiteFacts:
        attachments = first_text(settings, "attachmentFolderPath").removeprefix("./").strip("/")
        return SiteFacts(
            pictures=(attachments,) if attachments else (),
            breaks_lines=settings.get("strictLineBreaks") is not True,
        )

    def why_left_out(self, root: Path, settings: Settings, file: SiteFile) -> str:
        folder = first_text(settings, "templates.folder").strip("/")
        if folder and file.path.is_relative_to(folder):
            return "template"
        return "drawing of Excalidraw" if "excalidraw-plugin" in file.metadata.extra else ""


OBSIDIAN_VAULT = Obsidian()


def vault_of(folder: Path, root: Path) -> Path | None:
    """Returns the vault that holds ``folder`` or lies just below it, within ``root``; None if there is none."""
    above = [place for place in (folder, *folder.parents) if place.is_relative_to(root)]
    below = sorted(place for place in folder.iterdir() if place.is_dir()) if folder.is_dir() else []
    return next((place for place in (*above, *below) if (place / FOLDER).is_dir()), None)
