"""Quartz' sites of notes. Source: Quartz' documentation (configuration, private pages, Obsidian compatibility, paths).

The notes are those of a vault of Obsidian, whose own folder is seldom published with them. The configuration is a program and
is not run: what it says in literals is taken from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ...lazy_pattern import lazy_pattern
from ...model.publication import Publication
from .generator import SiteFacts, SiteFile, SiteGenerator, hide
from .settings_files import Settings, find_program, is_within, read_settings, read_text
from .site_paths import first_text, inner_path, own_path

_NAME = "quartz.config"
_CONTENT = "content"
_LITERAL = lazy_pattern(
    r"""(?m)^[ \t]*(pageTitle|baseUrl|locale)[ \t]*:[ \t]*(["'`])([^"'`$\n]*)\2"""
)
_IGNORED = lazy_pattern(r"\bignorePatterns[ \t]*:[ \t]*\[([^\[\]]*)\]")
_PATTERN = lazy_pattern(r"""(["'`])([^"'`\n]+)\1""")
_COMMENT = lazy_pattern(r"(?m)^[ \t]*//[^\n]*$")
_PLUGIN = lazy_pattern(r"\bPlugin\.(ExplicitPublish|HardLineBreaks)\b")
_IN_PATHS = (("&", "-and-"), ("%", "-percent"), ("?", ""), ("#", ""), (" ", "-"))
"""What Quartz writes for characters of the names of files in addresses, in its order."""


class Quartz(SiteGenerator):
    """See the module."""

    name = "Quartz"

    def settings_of_root(self, folder: Path) -> Settings | None:
        program = find_program(folder, _NAME)
        if program is None:
            found = read_settings(folder / f"{_NAME}.yaml")
            return found or None
        text = _COMMENT.sub("", read_text(program))
        said = {name: value for name, _, value in _LITERAL.findall(text)}
        ignored = _IGNORED.search(text)
        patterns = [one for _, one in _PATTERN.findall(ignored[1])] if ignored else []
        return {
            "configuration": {**said, "ignorePatterns": patterns},
            "used": _PLUGIN.findall(text),
        }

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
        path = inner_path(file.path, _CONTENT)
        patterns = settings.get("configuration", {}).get("ignorePatterns", ())
        wanted = [str(one).removeprefix("**/") for one in patterns if not str(one).startswith("!")]
        yield hide("ignorePatterns", any(is_within(path, pattern) for pattern in wanted))
        if "ExplicitPublish" in settings.get("used", ()):
            said = str(file.metadata.extra.get("publish", "")).lower()
            yield hide("no publish: true, for Quartz' ExplicitPublish", said != "true")


QUARTZ = Quartz()
