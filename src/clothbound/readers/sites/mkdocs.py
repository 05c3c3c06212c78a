"""MkDocs' sites. Source: MkDocs' documentation (configuration, writing your docs)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ...model.post import Metadata
from ...model.publication import Moment, Publication
from .generator import SiteFacts, SiteFile, first_settings, hide
from .settings_files import Settings, is_within
from .site_paths import first_text


class MkDocs:
    """See the module."""

    name = "MkDocs"

    def settings_of_root(self, folder: Path) -> Settings | None:
        return first_settings(folder, ("mkdocs.yml", "mkdocs.yaml"))

    def facts_of(self, root: Path, settings: Settings) -> SiteFacts:
        folder = first_text(settings, "docs_dir").strip("/") or "docs"
        author = first_text(settings, "site_author")
        return SiteFacts(
            title=first_text(settings, "site_name"),
            description=first_text(settings, "site_description"),
            authors=(author,) if author else (),
            language=first_text(settings, "theme.language", "theme.locale"),
            address=first_text(settings, "site_url").rstrip("/"),
            content=(folder,) if (root / folder).is_dir() else (),
            pictures=(folder,),
        )

    def why_left_out(self, root: Path, settings: Settings, file: SiteFile) -> str:
        return ""

    def path_on_site(self, root: Path, settings: Settings, facts: SiteFacts, file: SiteFile) -> str:
        folder = facts.content[0] if facts.content else ""
        inner = file.path.relative_to(folder) if file.path.is_relative_to(folder) else file.path
        path = "/" + inner.with_suffix("").as_posix()
        if path.endswith("/index"):
            return path.removesuffix("index")
        return f"{path}.html" if settings.get("use_directory_urls") is False else f"{path}/"

    def list_shared_fields(self, folder: Path) -> Iterator[tuple[str, Settings]]:
        yield from ()

    def list_restrictions(
        self,
        root: Path,
        settings: Settings,
        file: SiteFile,
    ) -> Iterator[Publication | None]:
        for setting in ("exclude_docs", "draft_docs"):
            lines = [line.strip() for line in str(settings.get(setting) or "").splitlines()]
            patterns = [line for line in lines if line[:1] not in ("", "#", "!")]
            inner = file.path.relative_to("docs") if file.path.is_relative_to("docs") else file.path
            yield hide(setting, any(is_within(inner, pattern) for pattern in patterns))

    def list_moments(self, settings: Settings, metadata: Metadata) -> Iterator[Moment]:
        yield from ()


MKDOCS = MkDocs()
