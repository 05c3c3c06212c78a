"""Lume's sites. Source: Lume's documentation (configuration, shared data, drafts, the date in a file name, URLs).

The configuration is a program, which is not run: the folder of the posts and the address are taken where they are literals.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ...lazy_pattern import lazy_pattern
from ...model.publication import Publication
from .eleventy import list_files_of_site, list_template_posts
from .generator import SiteFacts, SiteFile, SiteGenerator, hide_underscored
from .settings_files import Settings, find_program, read_settings, read_text
from .site_paths import inner_path, own_path

_OF_LUME = lazy_pattern(r"""["'](?:npm:|jsr:@)?(?:lume/|https?://deno\.land/x/lume\b)[^"']*["']""")
_SOURCE = lazy_pattern(r"""\bsrc\s*:\s*["']\.?/?([\w./-]+)["']""")
_LOCATION = lazy_pattern(r"""\blocation\s*:\s*new\s+URL\(\s*["']([^"']+)["']""")
_DAY = lazy_pattern(r"^\d{4}-\d\d-\d\d(?:-\d\d-\d\d(?:-\d\d)?)?_")
_DATA = "_data"
_FORMATS = tuple(".yml .yaml .json .toml".split())
_PROGRAMS = ("_data.js", "_data.ts", "_data.mjs")
"""Shared data that a program computes, which is not read."""


class Lume(SiteGenerator):
    """See the module."""

    name = "Lume"

    def settings_of_root(self, folder: Path) -> Settings | None:
        program = find_program(folder, "_config")
        text = read_text(program) if program is not None else ""
        return {"program": text} if _OF_LUME.search(text) else None

    def facts_of(self, root: Path, settings: Settings) -> SiteFacts:
        source, location = (one.search(settings["program"]) for one in (_SOURCE, _LOCATION))
        folder = source[1].strip("/.") if source and (root / source[1]).is_dir() else ""
        own = list(list_files_of_site(root, _PROGRAMS))
        return SiteFacts(
            address=location[1].rstrip("/") if location else "",
            content=(folder,) if folder else (),
            unread=tuple(file for file in own if file.endswith(_PROGRAMS)),
            templates=tuple(list_template_posts(root, own)),
        )

    def path_on_site(self, root: Path, settings: Settings, facts: SiteFacts, file: SiteFile) -> str:
        if own := own_path(file.metadata, "url"):
            return own
        folder = facts.content[0] if facts.content else ""
        inner = inner_path(file.path, folder)
        name = "" if inner.stem == "index" else _DAY.sub("", inner.stem)
        return "/".join(("", *inner.parts[:-1], *filter(None, (name,)), ""))

    def list_shared_fields(self, folder: Path) -> Iterator[tuple[str, Settings]]:
        for extension in _FORMATS:
            yield _DATA + extension, read_settings(folder / f"{_DATA}{extension}")

    def list_restrictions(
        self, root: Path, settings: Settings, file: SiteFile
    ) -> Iterator[Publication | None]:
        yield hide_underscored(file.path)


LUME = Lume()
