"""Reads a ZIP of Markdown as the folder that was packed: a backup, a vault, a site, an export of Notion.

Texts and settings are unpacked to a temporary folder, which lives as long as the posts do, so that whatever holds for a
folder holds for a ZIP. Pictures stay in the archive: of them the folder has only the names.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import msgspec

from ..diagnostics import Diagnostic, DiagnosticCode
from ..errors import ReadError, reason_of
from ..lazy_pattern import lazy_pattern
from ..media.resources import ALIAS, paths_of_alias, paths_of_root
from ..model.addresses import without_query
from ..model.collection import Collection, LazyPosts
from ..model.index import Index
from ..model.post import Base, Post
from ..model.post_names import forms_of_name
from ..model.slugs import WRITTEN_FILES
from ..run import Run
from ..staging import TemporaryFolder
from ..web.addresses import is_data, is_remote
from .export_files import SUBSCRIBER_LIST, Files, ZipFiles, open_files
from .notion_pages import title_of_export
from .packed_files import with_packed_files
from .post_files import is_notion_page
from .relative_addresses import replace_addresses, replace_cover
from .sites.picture_folders import USUAL
from .sites.settings_files import LEKTOR_PROJECT, is_settings_file
from .sites.site_folder import SiteFolder
from .source_bytes import source_bytes
from .text_files import BadPostError, bad_post

if TYPE_CHECKING:
    from ..formats import ArchiveFiles, Source
    from ..limits import Limits

ReadFolder = Callable[[Path, Run], Collection]
"""Reads a folder; picklable."""

_TEXTS = frozenset(
    ".astro .toml .yaml .yml .json .txt .meta .html .htm .xml .csv .bib .css .js .cjs .mjs .ts .mts .py .org .adoc".split()
).union(WRITTEN_FILES, (LEKTOR_PROJECT,))
"""The extensions of files whose content counts; of others the name does."""
_OF_GITHUB = lazy_pattern(r"(?<=.)-(?:main|master|[0-9a-f]{40})$")
"""Matches what GitHub adds to the name of a repository whose files it packs."""
_MOST_SETTINGS = 200_000
"""The most bytes that are unpacked of one of them."""


def read_zip(source: Source, read_folder: ReadFolder, run: Run) -> Collection:
    """Returns the posts of a ZIP. Raises ReadError if it holds none, LimitError if it is too large."""
    limits = run.limits
    if not isinstance(source, (str, Path, bytes)):
        source, _ = source_bytes(source, limits.archive_bytes)
    files = open_files(source, limits)
    if not any(name.lower().endswith(WRITTEN_FILES) for name in files.names):
        name = files.name if isinstance(files, ZipFiles) else str(source)[:200]
        raise ReadError("holds no Markdown", source=name)
    unpacked = _Unpacked(files, read_folder, limits)
    unpacked.run = run
    collection = unpacked.collection
    info = collection.info
    if unpacked.is_unnamed and collection.named_by_source:
        info = msgspec.structs.replace(info, title="")
    load = partial(_load, unpacked)
    index = Index(
        collection.index.entries,
        load=load,
        sites=collection.index.sites,
        is_file=unpacked.is_file,
    )
    return msgspec.structs.replace(
        collection,
        posts=LazyPosts(load, range(len(index))),
        index=index,
        info=info,
        diagnostics=(*files.findings, *unpacked.findings, *collection.diagnostics),
    )


def holds_site(files: ArchiveFiles) -> bool:
    """Returns whether a ZIP is the folder of a site. Only the settings at its top are unpacked."""
    prefix = _outer_folder(files.names)
    place = TemporaryFolder()
    try:
        folder = place.path / "site"
        folder.mkdir()
        for stored in files.names:
            name = stored.removeprefix(prefix)
            if not (stored.startswith(prefix) and is_settings_file(name)):
                continue
            try:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(files.read_start(stored, _MOST_SETTINGS))
            except (BadPostError, OSError):
                continue
        return SiteFolder.of(folder).is_configured
    finally:
        place.cleanup()


def _load(unpacked: _Unpacked, position: int) -> Post:
    return unpacked.place_pictures(unpacked.collection.posts[position])


class _Unpacked:
    """The texts of a ZIP in a temporary folder, and the posts that are read from them.

    In another process they are unpacked again.
    """

    def __init__(self, files: Files, read_folder: ReadFolder, limits: Limits) -> None:
        self.findings: list[Diagnostic] = []
        self.run = Run(limits=limits)
        self._files = files
        self._read_folder = read_folder
        self._limits = limits
        self._prefix = _outer_folder(files.names)
        self._inside = {
            name.removeprefix(self._prefix): name
            for name in files.names
            if name.startswith(self._prefix)
        }
        self._by_name: dict[str, list[str]] = {}
        for name in sorted(self._inside):
            self._by_name.setdefault(name.rpartition("/")[2].casefold(), []).append(name)
        stem = Path(files.name).stem if isinstance(files, ZipFiles) else ""
        outer = _OF_GITHUB.sub("", self._prefix.rstrip("/"))
        if any(map(is_notion_page, self._inside)):
            outer = title_of_export(files.names)
        self.is_unnamed = not outer and stem in ("", "<bytes>", "<stdin>")
        self.name = outer or (stem if not self.is_unnamed else "posts")

    def __reduce__(self) -> tuple[type[_Unpacked], tuple[Files, ReadFolder, Limits]]:
        return _Unpacked, (self._files, self._read_folder, self._limits)

    @cached_property
    def _place(self) -> TemporaryFolder:
        """The temporary folder, which goes with this object."""
        place = TemporaryFolder()
        folder = place.path / self.name
        folder.mkdir()
        for name, stored in self._inside.items():
            suffix = PurePosixPath(name).suffix.lower()
            counts = suffix in _TEXTS or PurePosixPath(name).name.startswith(".")
            try:
                is_kept = counts and not SUBSCRIBER_LIST.search(stored)
                content = self._files.read(stored) if is_kept else b""
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            except BadPostError as error:
                self.findings.append(bad_post(name, error))
            except OSError as error:
                message = f"not read: {reason_of(error)}"
                self.findings.append(Diagnostic(DiagnosticCode.ARCHIVE_FILE, message, name[:200]))
        return place

    @cached_property
    def collection(self) -> Collection:
        return self._read_folder(self._place.path / self.name, self.run)

    def is_file(self, path: str) -> bool:
        return path in self._inside or f"{path}/index.html".lstrip("/") in self._inside

    def place_pictures(self, post: Post) -> Post:
        """Returns ``post`` with the addresses of the files in the archive as seen from its top."""
        base = self._files.base(self._prefix.rstrip("/"))
        places = post.base or Base("folder", "", places=USUAL)
        folder = post.metadata.source.rpartition("/")[0]

        def find(address: str) -> str:
            return self._find(address, folder, places) or address

        placed = replace_cover(replace_addresses(post, find), find)
        if base is not None:
            base = msgspec.structs.replace(base, places=places.places)
        placed = msgspec.structs.replace(placed, base=base)
        return with_packed_files(placed, self._files, self._prefix.rstrip("/"), self._limits)

    def _find(self, address: str, folder: str, places: Base) -> str:
        """Returns the place in the archive of the file that an address names; empty if it names none, or a post."""
        if is_remote(address) or is_data(address) or address.startswith(("#", "//", "mailto:")):
            return ""
        path = unquote(without_query(address))
        if not path or path.lower().endswith(WRITTEN_FILES):
            return ""
        aliased = ALIAS.match(path)
        inner = path[aliased.end() :] if aliased is not None else path.lstrip("/")
        of_root = aliased is not None or path.startswith("/")
        tried = [_joined("", p) for p in paths_of_root(places, inner, of_root=of_root)]
        if not of_root:
            tried = [*(_joined(place, path) for place in (folder, *places.beside)), path, *tried]
        tried = [*(_joined("", p) for p in paths_of_alias(places, path)), *tried]
        spelled = (form for name in tried for form in forms_of_name(name))
        found = next((name for name in spelled if name in self._inside), "")
        if not found and "/" not in path.strip("/"):
            same = self._by_name.get(path.strip("/").casefold(), [])
            found = same[0] if len(same) == 1 else ""
        return quote(found)


def _outer_folder(names: tuple[str, ...]) -> str:
    """Returns the folder with its slash in which all files are; empty if there is none."""
    tops = {name.partition("/")[0] for name in names}
    if len(tops) == 1 and all("/" in name for name in names):
        return f"{tops.pop()}/"
    return ""


def _joined(folder: str, path: str) -> str:
    parts = folder.split("/") if folder else []
    for part in path.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
