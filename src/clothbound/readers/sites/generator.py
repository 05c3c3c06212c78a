"""``SiteGenerator``: what is known of one generator of sites, and what their modules share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar, Protocol, TypeVar

import msgspec

from ...diagnostics import LineDiagnostic
from ...model.post import Metadata
from ...model.publication import Moment, Publication, Reason, State
from ...web.addresses import path_of
from ..publication_state import publication_of
from .settings_files import Settings, read_settings

Found = TypeVar("Found")
IsShown = Callable[[str, str], bool]
"""Returns whether everyone may see a text of the site, by its file's path relative to the root."""

POSTS = "_posts"
"""The folder of posts in Jekyll and Hexo."""


class SiteFacts(msgspec.Struct, frozen=True):
    """What the configuration of a site says of it; an empty field is unknown."""

    title: str = ""
    description: str = ""
    authors: tuple[str, ...] = ()
    """The authors of posts that name none."""
    language: str = ""
    """The language of posts that name none (BCP 47)."""
    languages: tuple[str, ...] = ()
    """The languages of the site, as its files and folders name them."""
    zone: str = ""
    """The name of the time zone in which dates without one are."""
    address: str = ""
    """The address of the site on the network."""
    path: str = ""
    """The path of the site's root on its host, such as ``/blog``, where it is known without the host."""
    content: tuple[str, ...] = ()
    """The folders that hold the posts, relative to the site's root; empty for all."""
    pictures: tuple[str, ...] = ()
    """Folders of pictures besides the usual ones, relative to the site's root."""
    picture_aliases: tuple[tuple[str, str], ...] = ()
    """The beginnings of addresses that stand for folders: ``("@site", "")``."""
    has_asset_folders: bool = False
    """Whether the files of a post are in a folder beside it that has its name."""
    folder_languages: Mapping[str, str] = {}
    """The language of each folder of posts that has one of its own, as in ``languages``."""
    shown: Mapping[str, State] = {}
    """How the site shows posts that it usually keeps back, by the names of the reasons: ``draft``, ``scheduled``,
    ``expired``.
    """
    routes: Mapping[str, str] = {}
    """The pattern of addresses of the posts in a folder, with ``*`` for the name of the post."""
    people: Mapping[str, str] = {}
    """The names of authors by the words that headers have for them, from a data file of the site."""
    silent_tags: frozenset[str] = frozenset()
    """Tags that only sort files into lists, such as ``posts``."""
    has_wikilinks: bool = False
    """Whether a plug-in makes links of names in double brackets."""
    is_vault: bool = False
    """Whether its texts are notes as a vault of Obsidian has them."""
    breaks_lines: bool = False
    """Whether the end of a line is a break, as in a vault whose settings do not say otherwise."""
    is_mdx: bool = False
    """Whether every file of Markdown is MDX, whatever its extension."""
    unread: tuple[str, ...] = ()
    """Configuration files that are programs, and hold data of posts that is not read."""
    templates: tuple[str, ...] = ()
    """Posts that are written as templates, which no reader takes."""


class SiteFile(msgspec.Struct, frozen=True):
    """The file of a post in a site."""

    path: PurePosixPath
    """Its path, relative to the site's root."""
    metadata: Metadata
    text: str
    defaults: Settings = {}
    """Fields that the site gives posts whose headers lack them."""


class SiteTexts(msgspec.Struct, frozen=True):
    """What a site says of its texts."""

    generator: str = ""
    """The name of the generator; empty if it is unknown."""
    are_mdx: bool = False
    """Whether its files of Markdown are MDX, as those of Docusaurus are."""


class TextsOfSource:
    """What the texts of one source share that name other files of their sites."""

    def __init__(
        self, metadata_of: Callable[[str, str, SiteTexts], Metadata], now: datetime
    ) -> None:
        """``metadata_of`` returns the metadata of a text as those of a post of the source, by the name of its file; ``now``
        is the moment of the run.
        """
        self.metadata_of = metadata_of
        self._now = now
        self._found: dict[tuple[Callable[..., Any], Path], Any] = {}
        self._last: tuple[Path | None, Any] = (None, None)
        """The folder of the last text, and what was found of it."""

    def __getstate__(self) -> dict[str, object]:
        """Leaves out what another process finds again."""
        return {**self.__dict__, "_last": (None, None)}

    def ask_for_folder(self, find: Callable[[Path], Found], folder: Path) -> Found:
        """Returns what ``find``, the same function for all texts, finds of a folder; the texts of one folder ask once."""
        last, found = self._last
        if last != folder:
            found = find(folder)
            self._last = folder, found
        return found  # type: ignore[no-any-return]

    def is_shown(self, site: SiteTexts, text: str, file: str) -> bool:
        """Returns whether everyone may see a file by now, by its header and its folder, as if it were a post of the source."""
        return self.is_out(self.metadata_of(text, file, site))

    def title_of(self, text: str, file: str, site: SiteTexts) -> str:
        """Returns the title of a file that everyone may see by now; empty for others."""
        metadata = self.metadata_of(text, file, site)
        return metadata.title if self.is_out(metadata) else ""

    def is_out(self, metadata: Metadata) -> bool:
        """Returns whether everyone may see a file with these metadata by now."""
        return metadata.verdict(self._now).state in ("public", "unlisted")

    def ask_once(
        self, read: Callable[[Path, IsShown], Found], root: Path, site: SiteTexts
    ) -> Found:
        """Returns what ``read``, a function of a module, finds in the site at ``root``; it is called for the first text
        that asks.
        """
        if (read, root) not in self._found:
            self._found[read, root] = read(root, partial(self.is_shown, site))
        found: Found = self._found[read, root]
        return found


class OwnText(msgspec.Struct, frozen=True):
    """The text of a post below its header."""

    text: str
    header: Settings
    metadata: Metadata
    source: TextsOfSource
    first_line: int = 1
    """The line of the file at which the text begins."""
    path: PurePosixPath = PurePosixPath()
    """The path of the file, relative to the site's root; empty while it is not asked of a site."""
    numbers: tuple[int, ...] = ()
    """The line of the file from which each line comes; empty if no line has moved."""
    findings: tuple[LineDiagnostic, ...] = ()


_SHARED_CONFIGURATIONS = ("config.toml", "config.yaml", "config.yml", "config.json")


class SiteGenerator(Protocol):
    """What is known of one generator. Each has a module of this room; ``site_folder:GENERATORS`` lists them.

    A generator defines what its sites have. Without a definition, every file is a post that nothing restricts, with an
    address that is unknown.
    """

    name: str
    """The name of the generator, as messages show it."""
    has_outlines: ClassVar[bool] = False
    """Whether its posts are outlines."""
    has_notebooks: ClassVar[bool] = False
    """Whether it shows notebooks as pages."""
    knows_parts: ClassVar[bool] = True
    """Whether ``why_left_out`` says which files are parts of pages, rather than the names that such files have
    anywhere.
    """

    @abstractmethod
    def settings_of_root(self, folder: Path) -> Settings | None:
        """Returns the settings of the site whose root is ``folder``; None if it is not the root of such a site."""
        ...

    @abstractmethod
    def facts_of(self, root: Path, settings: Settings) -> SiteFacts:
        """Returns what the settings say of the site."""
        ...

    def why_left_out(self, root: Path, settings: Settings, file: SiteFile) -> str:
        """Returns what a file is, in the singular, that the site does not show as a post; empty for a post."""
        return ""

    def path_on_site(self, root: Path, settings: Settings, facts: SiteFacts, file: SiteFile) -> str:
        """Returns the path at which the site shows a post; empty if it cannot be known."""
        return ""

    def as_markdown(
        self, root: Path, settings: Settings, facts: SiteFacts, post: OwnText
    ) -> OwnText:
        """Returns the text of a post with what only this generator understands in the words of Markdown."""
        return post

    def list_shared_fields(self, folder: Path) -> Iterator[tuple[str, Settings]]:
        """Yields the files in ``folder`` that set fields for the posts in and below it: name and fields. ``is_shared_with``
        says for which.
        """
        yield from ()

    def is_shared_with(
        self, settings: Settings, path: PurePosixPath, name: str, fields: Settings
    ) -> bool:
        """Returns whether fields that the file ``name`` sets in a folder above ``path`` count for the post there."""
        return True

    def list_defaults(
        self, root: Path, settings: Settings, path: PurePosixPath
    ) -> Iterator[Settings]:
        """Yields fields that the configuration, or a file beside it, gives the post at ``path`` if its header lacks
        them, the nearest first. Those of files in folders are ``list_shared_fields``.
        """
        yield from ()

    def list_restrictions(
        self, root: Path, settings: Settings, file: SiteFile
    ) -> Iterator[Publication | None]:
        """Yields what the settings of the site say on who may see one post."""
        yield from ()

    def list_moments(self, settings: Settings, metadata: Metadata) -> Iterator[Moment]:
        """Yields the dates of a post before which the site does not show it."""
        yield from ()


def first_settings(folder: Path, names: tuple[str, ...]) -> Settings | None:
    """Returns the settings in the first of the files ``names`` that exists; None if none does."""
    found = next((folder / name for name in names if (folder / name).is_file()), None)
    return None if found is None else read_settings(found)


def settings_with_key(folder: Path, key: str) -> Settings | None:
    """Returns the settings in the first ``config`` file that sets ``key``, in any case; None if none does.

    Hugo and Zola share the names of these files: Hugo sets ``baseURL`` in them, Zola ``base_url``.
    """
    every = (read_settings(folder / name) for name in _SHARED_CONFIGURATIONS)
    return next((s for s in every if any(name.lower() == key for name in s)), None)


def root_path(facts: SiteFacts) -> str:
    """Returns the path of the site's root on its host, such as ``/blog``; empty for the root of the host."""
    return facts.path or path_of(facts.address).rstrip("/")


def has_hidden_part(path: PurePosixPath) -> bool:
    """Returns whether a file or a folder of a path has a name that begins with ``_``, by which generators leave it out."""
    return any(part.startswith("_") for part in path.parts)


def hide_underscored(path: PurePosixPath) -> Publication | None:
    """Returns that a post is not built because of its name; None if it is built."""
    return hide("a name that begins with _", has_hidden_part(path))


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


def is_set(settings: Settings, name: str) -> bool:
    """Returns whether the setting ``name``, in any case, is true, such as ``buildFuture``."""
    return any(key.lower() == name and value is True for key, value in settings.items())
