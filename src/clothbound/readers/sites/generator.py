"""``SiteGenerator``: what is known of one generator of sites, and what their modules share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Protocol

import msgspec

from ...model.post import Metadata
from ...model.publication import Moment, Publication, Reason
from ..publication_state import publication_of
from .settings_files import Settings, read_settings


class SiteGenerator(Protocol):
    """What is known of one generator. Each has a module of this room; ``site_folder:GENERATORS`` lists them."""

    name: str
    """The name of the generator, as messages show it."""

    def settings_of_root(self, folder: Path) -> Settings | None:
        """Returns the settings of the site whose root is ``folder``; None if it is not the root of such a site."""
        ...

    def list_shared_fields(self, folder: Path) -> Iterator[tuple[str, Settings]]:
        """Yields the files in ``folder`` that set fields for all posts in and below it: name and fields."""
        ...

    def list_restrictions(
        self, root: Path, settings: Settings, path: PurePosixPath
    ) -> Iterator[Publication | None]:
        """Yields what the settings of the site say on who may see one post.

        ``path`` is that of the post's file, relative to ``root``.
        """
        ...

    def list_moments(self, settings: Settings, metadata: Metadata) -> Iterator[Moment]:
        """Yields the dates of a post before which the site does not show it."""
        ...


def first_settings(folder: Path, names: tuple[str, ...]) -> Settings | None:
    """Returns the settings in the first of the files ``names`` that exists; None if none does."""
    found = next((folder / name for name in names if (folder / name).is_file()), None)
    return None if found is None else read_settings(found)


def hide(setting: str, is_hidden: bool) -> Publication | None:
    """Returns that a post is not built because of a setting; None if it is built."""
    return Publication((Reason("secret", "skip", setting),)) if is_hidden else None


def read_shared_fields(fields: Settings, place: str) -> Publication | None:
    """Reads fields that many posts share. Unknown fields are reported for single posts only."""
    found = publication_of(fields, with_typed=True)
    if found is None:
        return None
    reasons = (msgspec.structs.replace(r, field=f"{r.field} in {place}") for r in found.reasons)
    return msgspec.structs.replace(found, reasons=tuple(reasons), doubtful=())


def builds_future(settings: Settings, name: str) -> bool:
    """Returns whether the setting ``name``, in any case, asks for posts of a future date."""
    return any(key.lower() == name and value is True for key, value in settings.items())
