"""Quartz' sites of notes. Source: Quartz' documentation (configuration, private pages, Obsidian compatibility, paths).

The notes are those of a vault of Obsidian, whose own folder is seldom published with them. The configuration is a program, which
is not run: what it says in literals is taken from it. Since Quartz 5 it is a file of data, beside which there may be a program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ...lazy_pattern import lazy_pattern
from ...model.publication import Publication
from .generator import SiteFacts, SiteFile, SiteGenerator, hide
from .program_literals import LITERAL, fits_any, list_patterns, text_of, without_comments
from .settings_files import (
    Settings,
    find_program,
    list_mappings,
    list_texts,
    read_settings,
    read_text,
)
from .site_paths import first_text, inner_path, own_path

_NAME = "quartz.config"
_CONTENT = "content"
_IGNORED = "ignorePatterns"
_SAID = lazy_pattern(rf"(?<![\w$.])(pageTitle|baseUrl|locale)[\"']?\s*:\s*({LITERAL})", re.S)
_USED = lazy_pattern(r"\b(ExplicitPublish|HardLineBreaks)[ \t]*\(")
_PLUGINS = {"explicit-publish": "ExplicitPublish", "hard-line-breaks": "HardLineBreaks"}
"""The names of plug-ins in a configuration of data, the last part of where they are from."""
_IN_PATHS = (("&", "-and-"), ("%", "-percent"), ("?", ""), ("#", ""), (" ", "-"))
"""What Quartz writes for characters of the names of files in addresses, in its order."""


class Quartz(SiteGenerator):
    """See the module."""

    name = "Quartz"

    def settings_of_root(self, folder: Path) -> Settings | None:
        data = read_settings(folder / f"{_NAME}.yaml")
        program = find_program(folder, _NAME)
        if program is None and not data:
            return None
        text = without_comments(read_text(program)) if program is not None else ""
        written = data.get("configuration")
        configuration = dict(written) if isinstance(written, dict) else {}
        configuration |= {name: text_of(literal) for name, literal in _SAID.findall(text)}
        patterns = list_texts(configuration.get(_IGNORED)) + list_patterns(text, _IGNORED)
        used = [*_USED.findall(text), *_list_used(data)]
        return {"configuration": {**configuration, _IGNORED: patterns}, "used": used}

    def facts_of(self, root: Path, settings: Settings) -> SiteFacts:
        place = first_text(settings, "configuration.baseUrl").strip("/")
        return SiteFacts(
            title=first_text(settings, "configuration.pageTitle"),
            language=first_text(settings, "configuration.locale"),
            address=f"https://{place}" if place else "",
            content=(_CONTENT,) if (root / _CONTENT).is_dir() else (),
            is_vault=True,
            breaks_lines="HardLineBreaks" in settings.get("used", ()),
        )

    def why_left_out(self, root: Path, settings: Settings, file: SiteFile) -> str:
        return "page" if file.path.stem == "index" else ""

    def path_on_site(self, root: Path, settings: Settings, facts: SiteFacts, file: SiteFile) -> str:
        if own := own_path(file.metadata, "permalink"):
            return own
        path = inner_path(file.path, _CONTENT).with_suffix("").as_posix()
        for sign, written in _IN_PATHS:
            path = path.replace(sign, written)
        return f"/{path}".removesuffix("index")

    def list_restrictions(
        self, root: Path, settings: Settings, file: SiteFile
    ) -> Iterator[Publication | None]:
        path = inner_path(file.path, _CONTENT).as_posix()
        yield hide(_IGNORED, fits_any(path, settings["configuration"][_IGNORED]))
        if "ExplicitPublish" in settings.get("used", ()):
            said = str(file.metadata.extra.get("publish", "")).lower()
            yield hide("no publish: true, for Quartz' ExplicitPublish", said != "true")


def _list_used(data: Settings) -> Iterator[str]:
    """Yields the plug-ins that a configuration of data uses and that decide about posts."""
    for one in list_mappings(data.get("plugins")):
        name = str(one.get("source", "")).partition("#")[0].removesuffix(".git").rpartition("/")[2]
        if name in _PLUGINS and one.get("enabled") is not False:
            yield _PLUGINS[name]


QUARTZ = Quartz()
