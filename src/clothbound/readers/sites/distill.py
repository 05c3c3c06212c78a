"""Sites of Distill for R Markdown. Source: its documentation ("Creating a blog", ``_site.yml``)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from .generator import SiteFacts, SiteFile, SiteGenerator, first_settings
from .settings_files import Settings
from .site_paths import first_text


class Distill(SiteGenerator):
    """See the module."""

    name = "Distill"

    def settings_of_root(self, folder: Path) -> Settings | None:
        settings = first_settings(folder, ("_site.yml",))
        output = settings.get("output") if settings is not None else None
        kinds = list(output) if isinstance(output, Mapping) else [output]
        is_distill = any(isinstance(kind, str) and kind.startswith("distill::") for kind in kinds)
        return settings if is_distill else None

    def facts_of(self, root: Path, settings: Settings) -> SiteFacts:
        return SiteFacts(
            title=first_text(settings, "title", "name"),
            description=first_text(settings, "description"),
            address=first_text(settings, "base_url").rstrip("/"),
            content=("_posts",),
        )

    def path_on_site(self, root: Path, settings: Settings, facts: SiteFacts, file: SiteFile) -> str:
        folder = file.path.parent
        return f"/posts/{folder.relative_to('_posts')}/" if folder.is_relative_to("_posts") else ""


DISTILL = Distill()
