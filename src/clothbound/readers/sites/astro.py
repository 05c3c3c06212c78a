"""Astro's sites. Source: Astro's documentation (configuration, content collections, pages).

The configuration is a program and is not run. The address of the site and its folder there are taken where they
are literals. Which address a post has is code, so none is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from ...lazy_pattern import lazy_pattern
from ...model.post import Metadata
from ...model.publication import Moment, Publication
from .generator import SiteFacts, SiteFile, hide
from .settings_files import Settings, read_text

_CONFIGURATIONS = tuple(f"astro.config.{kind}" for kind in ("mjs", "ts", "js", "cjs", "mts"))
_COLLECTIONS = ("src/content.config.ts", "src/content/config.ts", "src/content.config.mjs")
_SITE = lazy_pattern(r"""(?m)^\s*site\s*:\s*["'](https?://[^"']+)["']""")
_FOLDER = lazy_pattern(r"""\bbase\s*:\s*["']\.?/?([\w./-]+)["']""")


class Astro:
    """See the module."""

    name = "Astro"

    def settings_of_root(self, folder: Path) -> Settings | None:
        return {} if any((folder / name).is_file() for name in _CONFIGURATIONS) else None

    def facts_of(self, root: Path, settings: Settings) -> SiteFacts:
        program = "".join(read_text(root / name) for name in _CONFIGURATIONS)
        collections = "".join(read_text(root / name) for name in _COLLECTIONS)
        site = _SITE.search(program)
        named = [found.strip("/") for found in _FOLDER.findall(collections)]
        usual = ["src/content", "src/data", "src/pages", "content"]
        folders = [folder for folder in (*named, *usual) if (root / folder).is_dir()]
        return SiteFacts(
            address=site[1].rstrip("/") if site else "", content=tuple(dict.fromkeys(folders))
        )

    def why_left_out(self, root: Path, settings: Settings, file: SiteFile) -> str:
        hidden = any(part.startswith("_") for part in file.path.parts)
        return "file whose name begins with _" if hidden else ""

    def path_on_site(self, root: Path, settings: Settings, facts: SiteFacts, file: SiteFile) -> str:
        return ""

    def list_shared_fields(self, folder: Path) -> Iterator[tuple[str, Settings]]:
        yield from ()

    def list_defaults(self, settings: Settings, path: PurePosixPath) -> Iterator[Settings]:
        yield from ()

    def list_restrictions(
        self,
        root: Path,
        settings: Settings,
        file: SiteFile,
    ) -> Iterator[Publication | None]:
        hidden = any(part.startswith("_") for part in file.path.parts)
        yield hide("a name that begins with _", hidden)

    def list_moments(self, settings: Settings, metadata: Metadata) -> Iterator[Moment]:
        yield from ()


ASTRO = Astro()
