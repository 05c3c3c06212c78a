"""Graphs of Logseq: notes that are outlines, with the wikilinks of a vault.

Source: Logseq's documentation (folders of a graph, properties, block references, "Publishing").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from ...lazy_pattern import lazy_pattern
from ...model.publication import Publication
from ..fences import with_code
from .generator import OwnText, SiteFacts, SiteFile, SiteGenerator, hide
from .settings_files import Settings

_NOT_PUBLIC = lazy_pattern(r"(?:[\w.-]+::[^\n]*\n)*public::[ \t]*false\b", re.I)
_PLAYER = lazy_pattern(
    r"\{\{(?:video|youtube|vimeo|bilibili|tweet|twitter)[ \t]+(?P<address>https?://[^\s{}]+)[ \t]*\}\}",
    re.I,
)
CONFIGURATION = "logseq/config.edn"


class Logseq(SiteGenerator):
    """See the module."""

    name = "Logseq"
    has_outlines = True

    def settings_of_root(self, folder: Path) -> Settings | None:
        return {} if (folder / CONFIGURATION).is_file() else None

    def facts_of(self, root: Path, settings: Settings) -> SiteFacts:
        return SiteFacts(pictures=("assets",), content=("pages", "journals"))

    def as_markdown(
        self, root: Path, settings: Settings, facts: SiteFacts, post: OwnText
    ) -> OwnText:
        lines = with_code(post.text.split("\n")) if "{{" in post.text else ()
        text = "\n".join(
            line if is_code else _PLAYER.sub(_address, line) for line, is_code in lines
        )
        return msgspec.structs.replace(post, text=text) if text else post

    def list_restrictions(
        self,
        root: Path,
        settings: Settings,
        file: SiteFile,
    ) -> Iterator[Publication | None]:
        yield hide("public:: false", _NOT_PUBLIC.match(file.text) is not None)


def _address(found: re.Match[str]) -> str:
    return f"<{found['address']}>"


LOGSEQ = Logseq()
