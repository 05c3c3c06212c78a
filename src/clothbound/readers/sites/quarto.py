"""Quarto's sites. Source: Quarto's documentation (``_metadata.yml``, ``website.drafts``, ``project.render``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from ...model.post import Metadata
from ...model.publication import Moment, Publication
from .generator import first_settings, hide
from .settings_files import Settings, is_within, list_texts, read_settings


class Quarto:
    """See the module."""

    name = "Quarto"

    def settings_of_root(self, folder: Path) -> Settings | None:
        return first_settings(folder, ("_quarto.yml",))

    def list_shared_fields(self, folder: Path) -> Iterator[tuple[str, Settings]]:
        yield "_metadata.yml", read_settings(folder / "_metadata.yml")

    def list_restrictions(
        self,
        root: Path,
        settings: Settings,
        path: PurePosixPath,
    ) -> Iterator[Publication | None]:
        yield hide("a name that begins with _", any(part.startswith("_") for part in path.parts))
        project, website = settings.get("project"), settings.get("website")
        rendered = project.get("render") if isinstance(project, Mapping) else ()
        left_out = [p[1:] for p in list_texts(rendered) if p.startswith("!")]
        yield hide("project.render", any(is_within(path, p) for p in left_out))
        drafts = website.get("drafts") if isinstance(website, Mapping) else ()
        yield hide("website.drafts", any(is_within(path, p) for p in list_texts(drafts)))

    def list_moments(self, settings: Settings, metadata: Metadata) -> Iterator[Moment]:
        yield from ()


QUARTO = Quarto()
