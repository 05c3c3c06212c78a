"""Graphs of Logseq: notes that are outlines, with the wikilinks of a vault.

Source: Logseq's documentation (folders of a graph, properties, block references, "Publishing").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from ...lazy_pattern import lazy_pattern
from ...model.post import Metadata
from ...model.publication import Moment, Publication
from .generator import SiteFacts, SiteFile, hide
from .settings_files import Settings

_NOT_PUBLIC = lazy_pattern(r"(?:[\w.-]+::[^\n]*\n)*public::[ \t]*false\b", re.I)
CONFIGURATION = "logseq/config.edn"


class Logseq:
    """See the module."""

    name = "Logseq"

    def settings_of_root(self, folder: Path) -> Settings | None:
        return {} if (folder / CONFIGURATION).is_file() else None

    def facts_of(self, root: Path, settings: Settings) -> SiteFacts:
        return SiteFacts(pictures=("assets",), content=("pages", "journals"))

    def why_left_out(self, root: Path, settings: Settings, file: SiteFile) -> str:
        return ""

    def path_on_site(self, root: Path, settings: Settings, facts: SiteFacts, file: SiteFile) -> str:
        return ""

    def list_shared_fields(self, folder: Path) -> Iterator[tuple[str, Settings]]:
        yield from ()

    def list_defaults(
        self, root: Path, settings: Settings, path: PurePosixPath
    ) -> Iterator[Settings]:
        yield from ()

    def list_restrictions(
        self,
        root: Path,
        settings: Settings,
        file: SiteFile,
    ) -> Iterator[Publication | None]:
        yield hide("public:: false", _NOT_PUBLIC.match(file.text) is not None)

    def list_moments(self, settings: Settings, metadata: Metadata) -> Iterator[Moment]:
        yield from ()


LOGSEQ = Logseq()
