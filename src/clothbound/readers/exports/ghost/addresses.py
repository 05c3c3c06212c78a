"""Resolves the addresses in an export, which writes ``__GHOST_URL__`` for the site, and finds the pictures beside it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, unquote

import msgspec

from ....lazy_pattern import lazy_pattern
from ...packed_files import FilesOfPosts

_SITE = lazy_pattern(r"__GHOST_URL__(/?)")
# The tail of an address of a file that Ghost keeps, without the parts that ask for a smaller copy.
_KEPT = lazy_pattern(
    r"(?:(?P<site>https?://[^/]+(?:/[^/?#]+)*?))?/content/(?P<kind>images|media|files)/"
    r"(?:size/w\d+(?:h\d+)?/)?(?:format/\w+/)?(?P<path>[^?#]+)(?:[?#].*)?"
)
_SIZED = lazy_pattern(r"(?<=/content/images/)size/w\d+(?:h\d+)?/(?:format/\w+/)?")


class ExportPlaces(msgspec.Struct, frozen=True):
    """Where the site and the files of the export are."""

    site: str = ""
    """The address of the site, without a final slash; empty if unknown."""
    files: FilesOfPosts | None = None
    """The files beside the export; None if there are none."""
    names: frozenset[str] = frozenset()
    """The files of an archive, as seen from the export; those of a folder are looked for when they are needed."""

    def with_site(self, text: str) -> str:
        """Returns a text with the site's address, or addresses from its root, for Ghost's mark."""
        return _SITE.sub(f"{self.site}/", text) if "__GHOST_URL__" in text else text

    def picture(self, src: str) -> str:
        """Returns the address of a picture: of a file beside the export, else of the whole picture on the site."""
        src = self.with_site(src.strip())
        found = _KEPT.fullmatch(src)
        if found is None or (found["site"] and self.site and found["site"] != self.site):
            return src
        file = self._file(unquote(f"{found['kind']}/{found['path']}"))
        if file:
            return quote(file)
        src = _SIZED.sub("", src)
        return src if found["site"] else f"{self.site}{src}"

    def _file(self, path: str) -> str:
        if self.files is None or ".." in path:
            return ""
        stem, dot, suffix = path.rpartition(".")
        names = (path, f"{stem}_o{dot}{suffix}") if dot else (path,)
        candidates = [f"{root}{name}" for name in names for root in ("content/", "")]
        return next(filter(self._is_there, candidates), "")

    def _is_there(self, name: str) -> bool:
        base = self.files.files.base(self.files.folder) if self.files is not None else None
        if base is None or base.kind == "archive":
            return name in self.names
        return (Path(base.path) / base.prefix / name).is_file()
