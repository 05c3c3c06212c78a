"""``SiteFolder``: the site to which a folder of posts belongs, and what its settings say of the posts."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import msgspec

from ...model.post import Metadata
from ...model.publication import Publication, merge_publications
from .eleventy import ELEVENTY
from .generator import SiteGenerator, read_shared_fields
from .hugo import HUGO
from .jekyll import JEKYLL, POSTS
from .quarto import QUARTO
from .settings_files import Settings
from .zola import ZOLA

GENERATORS: tuple[SiteGenerator, ...] = (HUGO, ZOLA, JEKYLL, QUARTO, ELEVENTY)
"""The known generators. A site that was moved from Jekyll to Hugo often has the settings of both, so Hugo comes
first.
"""
_ABOVE = 4
"""The number of parent folders in which a site is searched for, as above content/posts/2024."""


class SiteFolder(msgspec.Struct, frozen=True):
    """A folder of posts as a part of a site; ``generator`` is None if the site is unknown."""

    folder: Path
    root: Path
    generator: SiteGenerator | None = None
    settings: Settings = {}
    _shared: dict[Path, Publication | None] = {}
    """Cached settings of folders, each for all posts in and below it."""

    @classmethod
    def of(cls, folder: Path) -> SiteFolder:
        """Returns the site whose root is ``folder`` or contains it."""
        folder = folder.resolve()
        for place in (folder, *folder.parents[:_ABOVE]):
            for generator in GENERATORS:
                settings = generator.settings_of_root(place)
                if settings is not None:
                    return cls(folder, place, generator, settings)
        # A category of Jekyll has a folder of this name too, so its settings are searched for first.
        if (folder / POSTS).is_dir() or folder.name == POSTS:
            return cls(folder, folder, JEKYLL)
        return cls(folder, folder)

    def of_post(self, metadata: Metadata, file: str) -> Metadata:
        """Returns ``metadata`` of a post with the site's settings. ``file`` is relative to the folder."""
        generator = self.generator
        if generator is None:
            return metadata
        path = PurePosixPath((self.folder / file).relative_to(self.root).as_posix())
        moments = generator.list_moments(self.settings, metadata)
        known = merge_publications(
            metadata.publication,
            *(Publication(public_from=moment) for moment in moments),
            *(
                self._read_folder(generator, self.root.joinpath(*path.parts[:depth]))
                for depth in range(len(path.parts))
            ),
            *generator.list_restrictions(self.root, self.settings, path),
        )
        return metadata if known is None else msgspec.structs.replace(metadata, publication=known)

    def _read_folder(self, generator: SiteGenerator, folder: Path) -> Publication | None:
        """Returns the settings in a folder's files, which apply to all posts in and below it."""
        if folder not in self._shared:
            fields = generator.list_shared_fields(folder)
            found = [read_shared_fields(values, name) for name, values in fields]
            self._shared[folder] = merge_publications(*found)
        return self._shared[folder]
