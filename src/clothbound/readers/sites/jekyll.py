"""Jekyll's sites. Source: Jekyll's documentation (``defaults``, ``exclude``, ``future``, drafts)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from ...model.post import Metadata
from ...model.publication import Moment, Publication, Reason
from ..publication_state import published_moments
from .generator import builds_future, first_settings, hide, read_shared_fields
from .settings_files import Settings, is_within, list_mappings, list_texts

POSTS = "_posts"


class Jekyll:
    """See the module."""

    name = "Jekyll"

    def settings_of_root(self, folder: Path) -> Settings | None:
        return first_settings(folder, ("_config.yml",))

    def list_shared_fields(self, folder: Path) -> Iterator[tuple[str, Settings]]:
        yield from ()

    def list_restrictions(
        self,
        root: Path,
        settings: Settings,
        path: PurePosixPath,
    ) -> Iterator[Publication | None]:
        yield hide("exclude", any(is_within(path, p) for p in list_texts(settings.get("exclude"))))
        if "_drafts" in path.parts:
            yield Publication((Reason("secret", "draft", "_drafts"),))
        for rule in list_mappings(settings.get("defaults")):
            scope, fields = rule.get("scope"), rule.get("values")
            where = str(scope.get("path", "")) if isinstance(scope, Mapping) else ""
            if isinstance(fields, Mapping) and (not where or is_within(path, where)):
                yield read_shared_fields(fields, "_config.yml")

    def list_moments(self, settings: Settings, metadata: Metadata) -> Iterator[Moment]:
        if not builds_future(settings, "future"):
            yield from published_moments(metadata, every_name=False)


JEKYLL = Jekyll()
