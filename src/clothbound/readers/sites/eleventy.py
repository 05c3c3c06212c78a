"""Eleventy's sites. Source: Eleventy's documentation (data files of directories and templates, ``.eleventyignore``).

Files of JavaScript are not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from ...model.post import Metadata
from ...model.publication import Moment, Publication
from .generator import hide, read_shared_fields
from .settings_files import Settings, is_within, read_settings, read_text

_CONFIGURATIONS = (
    ".eleventy.js",
    "eleventy.config.js",
    "eleventy.config.mjs",
    "eleventy.config.cjs",
)
_DATA_FILES = (".json", ".11tydata.json")


class Eleventy:
    """See the module."""

    name = "Eleventy"

    def settings_of_root(self, folder: Path) -> Settings | None:
        return {} if any((folder / name).is_file() for name in _CONFIGURATIONS) else None

    def list_shared_fields(self, folder: Path) -> Iterator[tuple[str, Settings]]:
        for extension in _DATA_FILES:
            yield folder.name + extension, read_settings(folder / f"{folder.name}{extension}")

    def list_restrictions(
        self,
        root: Path,
        settings: Settings,
        path: PurePosixPath,
    ) -> Iterator[Publication | None]:
        lines = (line.strip() for line in read_text(root / ".eleventyignore").splitlines())
        patterns = [line for line in lines if line[:1] not in ("", "#", "!")]
        yield hide(".eleventyignore", any(is_within(path, pattern) for pattern in patterns))
        for extension in _DATA_FILES:
            beside = root / path.with_suffix(extension)
            yield read_shared_fields(read_settings(beside), beside.name)

    def list_moments(self, settings: Settings, metadata: Metadata) -> Iterator[Moment]:
        yield from ()


ELEVENTY = Eleventy()
