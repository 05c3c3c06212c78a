"""Knows what stands beside the text in a bundle: the folder ``name.textbundle`` that Bear, Ulysses and iA Writer write.

Source: textbundle.org (``info.json``, whose entries named for a program are that program's), and Bear's backups.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from ..model.post import Metadata
from ..model.publication import Publication, Reason, merge_publications
from ..model.slugs import BUNDLE
from .sites.settings_files import read_settings
from .timestamps import read_timestamp

_INFORMATION = "info.json"
_TRASHED = "trashed"
_CREATED = "creationDate"


def complete_from_bundle(folder: Path, name: str, metadata: Metadata) -> Metadata:
    """Returns the metadata of a post with what its bundle says: when it was written, and that it lies in the trash.

    ``name`` is the path of its file in ``folder``; a file outside of a bundle keeps its metadata.
    """
    place = (folder / name).parent
    if place.suffix.lower() != BUNDLE:
        return metadata
    own = read_settings(place / _INFORMATION).values()
    programs = [one for one in own if isinstance(one, Mapping)]
    if any(one.get(_TRASHED) in (1, True) for one in programs):
        trashed = Publication((Reason("secret", "trash", _TRASHED, "true"),))
        known = merge_publications(metadata.publication, trashed)
        metadata = msgspec.structs.replace(metadata, publication=known)
    written = next((str(one[_CREATED]) for one in programs if one.get(_CREATED)), "")
    if metadata.published is None and read_timestamp(written).value is not None:
        metadata = msgspec.structs.replace(metadata, published=read_timestamp(written))
    return metadata
