"""Graphs of Logseq: notes that are outlines, with the wikilinks of a vault.

Source: Logseq's documentation (folders of a graph, properties, block references, "Publishing").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ...lazy_pattern import lazy_pattern
from ...model.publication import Publication
from .generator import SiteFacts, SiteFile, SiteGenerator, hide
from .settings_files import Settings

_NOT_PUBLIC = lazy_pattern(r"(?:[\w.-]+::[^\n]*\n)*public::[ \t]*false\b", re.I)
CONFIGURATION = "logseq/config.edn"


class Logseq(SiteGenerator):
    """See the module."""

    name = "Logseq"

    def settings_of_root(self, folder: Path) -> Settings | None:
        return {} if (folder / CONFIGURATION).is_file() else None

    def facts_of(self, root: Path, settings: Settings) -> SiteFacts:
        return SiteFacts(pictures=("assets",), content=("pages", "journals"))

    def list_restrictions(
        self,
        root: Path,
        settings: Settings,
        file: SiteFile,
    ) -> Iterator[Publication | None]:
        yield hide("public:: false", _NOT_PUBLIC.match(file.text) is not None)


LOGSEQ = Logseq()
