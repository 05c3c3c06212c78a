"""``SiteFolder``: the site to which a folder of posts belongs, and what its settings say of the posts."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from functools import cache, lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import msgspec

from ...late_names import late_module, load_name
from ...lazy_pattern import lazy_pattern
from ...model.book_info import BookInfo
from ...model.language_tags import language_tag
from ...model.post import Metadata, Timestamp
from ...model.post_names import aliases, language_of_file, permalinks
from ...model.publication import Publication, merge_publications
from ...web.addresses import hostname_of
from ..front_matter import Header, json_text
from ..post_metadata import read_metadata, title_from_path
from ..publication_state import show_withheld
from ..timestamps import read_timestamp
from .generator import (
    POSTS,
    OwnText,
    SiteFacts,
    SiteFile,
    SiteGenerator,
    SiteTexts,
    read_shared_fields,
    root_path,
)
from .picture_folders import USUAL, PictureFolders
from .settings_files import Settings, is_repository, list_settings_files, may_have_settings

if TYPE_CHECKING:
    from . import jekyll, obsidian
else:
    jekyll = late_module("clothbound.readers.sites.jekyll")
    obsidian = late_module("clothbound.readers.sites.obsidian")

GENERATORS = (
    "hugo:HUGO",
    "zola:ZOLA",
    "hexo:HEXO",
    "jekyll:JEKYLL",
    "bridgetown:BRIDGETOWN",
    "quarto:QUARTO",
    "jupyter_book:JUPYTER_BOOK",
    "eleventy:ELEVENTY",
    "lume:LUME",
    "pelican:PELICAN",
    "nikola:NIKOLA",
    "lektor:LEKTOR",
    "astro:ASTRO",
    "docusaurus:DOCUSAURUS",
    "mkdocs:MKDOCS",
    "vitepress:VITEPRESS",
    "gatsby:GATSBY",
    "distill:DISTILL",
    "quartz:QUARTZ",
    "gollum:GOLLUM",
)
"""The known generators, each with its module, which is imported where a folder has a file by which one may be told.

A site that was moved from Jekyll to Hugo often has the settings of both, so Hugo comes first. The configuration of
Hexo has the name of Jekyll's, and says more.
"""
_VAULTS = ("logseq:LOGSEQ", "obsidian:OBSIDIAN_VAULT", "foam:FOAM")
"""What keeps notes that name each other, likewise. A graph of Logseq may be opened as a vault, too."""
_KINDS = {"Obsidian": "vault", "Logseq": "graph", "Foam": "folder of notes", "Gollum": "wiki"}
_ABOVE = 8
"""The number of parent folders in which a site is searched for, as above content/en/blog/posts/2024/05/name."""
_PLACEHOLDER = lazy_pattern(
    r"(?:.+\.)?(?:example(?:\.(?:com|org|net))?|localhost|replace-this-with-your-url\.com)"
)
"""Matches hosts that generators write into a new site."""
_WITH_ZONE = lazy_pattern(r".*(?:[A-Za-z]|[+-]\d{2}:?\d{2}|:\d{2}(?:\.\d+)?[ ]*[+-]\d{1,2})\s*")
PAGE = "page"


class _SharedFields(msgspec.Struct, frozen=True):
    """What one file of a folder says of posts in and below it."""

    name: str
    """The name of the file."""
    fields: Settings
    publication: Publication | None
    """Who may see the posts, by these fields."""


class SiteFolder(msgspec.Struct, frozen=True):
    """A folder of posts as a part of a site; ``generator`` is None if the site is unknown."""

    folder: Path
    root: Path
    generator: SiteGenerator | None = None
    settings: Settings = {}
    facts: SiteFacts = SiteFacts()
    is_configured: bool = False
    """Whether a configuration says which generator it is."""
    vault: Path | None = None
    """The vault of Obsidian that the folder is in, or holds; None if there is none."""
    _shared: dict[Path, tuple[_SharedFields, ...]] = {}
    """What the files of folders say of the posts in and below them; cached."""

    @classmethod
    def of(cls, folder: Path) -> SiteFolder:
        """Returns the site whose root is ``folder`` or contains it."""
        folder = folder.resolve()
        places = [Path(place) for place in _places_with_settings(str(folder))]
        for place in places:
            for generator in _load_generators(GENERATORS):
                settings = generator.settings_of_root(place)
                if settings is None:
                    continue
                facts = generator.facts_of(place, settings)
                if _is_part(folder, place, facts.content):
                    vault = place if facts.is_vault else obsidian.vault_of(folder, place)
                    return cls(folder, place, generator, settings, facts, True, vault)
        # A category of Jekyll has a folder of this name too, so its settings are searched for first.
        if (folder / POSTS).is_dir() or folder.name == POSTS:
            return cls(folder, folder, jekyll.JEKYLL)
        for place in places:
            for notes in _load_generators(_VAULTS):
                settings = notes.settings_of_root(place)
                if settings is not None:
                    facts = notes.facts_of(place, settings)
                    return cls(folder, place, notes, settings, facts, True, place)
        return cls(folder, folder)

    @property
    def description(self) -> str:
        """What the folder is, in words: ``a Hugo site``."""
        name = self.generator_name
        article = "an" if name[:1] in "AEO" else "a"
        kind = _KINDS.get(name, "site")
        return f"a {kind} of {name}" if " " in kind else f"{article} {name} {kind}"

    @property
    def is_outline(self) -> bool:
        """Whether the posts are outlines."""
        return self.generator is not None and self.generator.has_outlines

    @property
    def has_notebooks(self) -> bool:
        """Whether the site shows notebooks as pages."""
        return self.generator is not None and self.generator.has_notebooks

    @property
    def knows_parts(self) -> bool:
        """Whether the generator says which files are parts of pages."""
        return self.generator is not None and self.generator.knows_parts

    @property
    def info(self) -> BookInfo:
        """What the configuration says of the whole."""
        facts = self.facts
        return BookInfo(
            title=facts.title,
            description=facts.description,
            language=language_tag(facts.language),
        )

    @property
    def host(self) -> str:
        """The host of the site; empty if it is unknown, or one that only stands for a host."""
        host = hostname_of(self.facts.address)
        return "" if "." not in host or _PLACEHOLDER.fullmatch(host) else host

    def host_of(self, posts: Sequence[Metadata]) -> str:
        """Returns the host of the site if one of these posts has an address there; else empty."""
        return self.host if any(metadata.canonical_url for metadata in posts) else ""

    @property
    def generator_name(self) -> str:
        """The name of the site's generator; empty if it is unknown."""
        return self.generator.name if self.generator is not None else ""

    @property
    def texts(self) -> SiteTexts:
        """What the site says of its texts."""
        return SiteTexts(self.generator_name, self.facts.is_mdx)

    @property
    def pictures(self) -> PictureFolders:
        """Where the pictures of the posts are looked for."""
        own = self.folder.relative_to(self.root).as_posix()
        places = ("" if own == "." else own, *USUAL, *self.facts.pictures)
        return PictureFolders(
            str(self.folder),
            str(self.root),
            tuple(dict.fromkeys(places)),
            self.facts.languages,
            self.vault is not None or self.facts.has_wikilinks,
            self.facts.address or root_path(self.facts),
            self.facts.picture_aliases,
            self.facts.has_asset_folders,
        )

    def holds(self, name: str) -> bool:
        """Returns whether a file, whose name is relative to the folder, is in the folders of the site's posts."""
        own = self.folder.relative_to(self.root)
        return not self.facts.content or _is_below(own / name, self.facts.content)

    def within_content(self, names: Sequence[str]) -> list[str]:
        """Returns the files that are in the folders of the site's posts; all if none is."""
        return [name for name in names if self.holds(name)] or list(names)

    def file_of(self, name: str, metadata: Metadata, text: str) -> SiteFile:
        """Returns a post's file; ``name`` is relative to the folder."""
        path = PurePosixPath((self.folder / name).relative_to(self.root).as_posix())
        return SiteFile(path, metadata, text)

    def why_left_out(self, file: SiteFile) -> str:
        """Returns what a file is that the site does not show as a post, such as ``page``; empty for a post."""
        if self.generator is None:
            return ""
        return self.generator.why_left_out(self.root, self.settings, file)

    def complete(self, file: SiteFile) -> Metadata:
        """Returns the metadata of a post with what the site says of all: authors, language, time zone, address."""
        facts, metadata = self.facts, file.metadata
        values: dict[str, object] = {}
        defaults = self._defaults_of(file)
        given = read_metadata(Header(fields=dict(defaults)), "", "", self.generator_name)
        for field in ("published", "updated"):
            stamp = getattr(metadata, field) or getattr(given, field)
            if stamp is not None:
                values[field] = _in_zone(stamp, zone_of_site(facts.zone))
        if given.title and metadata.title == title_from_path(metadata.source):
            values["title"] = given.title
        values["slug"] = metadata.slug or given.slug
        authors = metadata.authors or given.authors or facts.authors
        values["authors"] = tuple(facts.people.get(author, author) for author in authors)
        values["tags"] = metadata.tags or given.tags
        if not metadata.language:
            values["language"] = given.language or self._language_of(file)
        completed = msgspec.structs.replace(metadata, **values)
        file = msgspec.structs.replace(file, metadata=completed, defaults=defaults)
        return self._with_address(file)

    def _defaults_of(self, file: SiteFile) -> Settings:
        """Returns the fields that the site gives a post whose header lacks them; the nearest file counts."""
        generator = self.generator
        if generator is None:
            return {}
        layers = [shared.fields for shared in self._shared_with(generator, file)]
        layers += generator.list_defaults(self.root, self.settings, file.path)
        return {key: value for layer in reversed(layers) for key, value in layer.items()}

    def _shared_with(self, generator: SiteGenerator, file: SiteFile) -> Iterator[_SharedFields]:
        """Yields what files of folders say of a post, the nearest folder first."""
        for place in file.path.parents:
            for one in self._list_shared(generator, self.root / place):
                if generator.is_shared_with(self.settings, file.path, one.name, one.fields):
                    yield one

    def _list_shared(self, generator: SiteGenerator, folder: Path) -> tuple[_SharedFields, ...]:
        if folder not in self._shared:
            self._shared[folder] = tuple(
                _SharedFields(name, fields, read_shared_fields(fields, name))
                for name, fields in generator.list_shared_fields(folder)
            )
        return self._shared[folder]

    def _language_of(self, file: SiteFile) -> str:
        """Returns the language that a path names, if the site has several; else empty."""
        languages = {one.lower() for one in self.facts.languages}
        for folder, language in self.facts.folder_languages.items():
            if file.path.is_relative_to(folder):
                return language_tag(language)
        named = language_of_file(file.path.as_posix())
        suffix = PurePosixPath(file.path.stem).suffix[1:].lower()
        if named and (named in languages or named == suffix):
            return language_tag(named)
        return language_tag(self.facts.language) if languages else ""

    def _with_address(self, file: SiteFile) -> Metadata:
        metadata = file.metadata
        if self.generator is None:
            return metadata
        path = self.generator.path_on_site(self.root, self.settings, self.facts, file)
        base = urlsplit(self.facts.address) if self.host else None
        added, own = [], root_path(self.facts)
        if path and base is not None and not metadata.canonical_url:
            address = f"{base.scheme}://{base.netloc}{own}{quote(path, safe='/%:@!$&()*+,;=~')}"
            metadata = msgspec.structs.replace(metadata, canonical_url=address)
        elif path and path not in permalinks(metadata):
            added.append(path)
        if own:
            # Headers name addresses from the root of the site, links from the root of its host.
            known = (*permalinks(metadata), *aliases(metadata), *added)
            added += [own + one for one in known if one.startswith("/") and one != own]
        if not added:
            return metadata
        given = metadata.extra.get("aliases")
        every = [*(given if isinstance(given, list) else [given] if given else []), *added]
        extra = metadata.extra | {"aliases": list(dict.fromkeys(every))}
        return msgspec.structs.replace(metadata, extra=extra)

    def as_markdown(self, post: OwnText) -> OwnText:
        """Returns the text of a post in this very folder with what only its generator understands in the words of Markdown."""
        if self.generator is None:
            return post
        name = PurePosixPath(post.metadata.source).name
        own = msgspec.structs.replace(post, path=self.file_of(name, post.metadata, post.text).path)
        return self.generator.as_markdown(self.root, self.settings, self.facts, own)

    def restrict(self, file: SiteFile) -> Metadata:
        """Returns the metadata of a post with what the settings say on who may see it, and without the tags by which
        they say so.
        """
        generator, metadata = self.generator, file.metadata
        if generator is None:
            return metadata
        moments = generator.list_moments(self.settings, metadata)
        shared_fields = [*self._shared_with(generator, file)][::-1]
        known = merge_publications(
            metadata.publication,
            *(Publication(public_from=moment) for moment in moments),
            *(shared.publication for shared in shared_fields),
            *generator.list_restrictions(self.root, self.settings, file),
        )
        if known is not None:
            known = self._in_zone_of_site(known, metadata)
            metadata = msgspec.structs.replace(metadata, publication=known)
        tags = tuple(tag for tag in metadata.tags if tag.lower() not in self.facts.silent_tags)
        metadata = msgspec.structs.replace(metadata, tags=tags)
        return show_withheld(metadata, self.facts.shown)

    def _in_zone_of_site(self, publication: Publication, metadata: Metadata) -> Publication:
        """Returns the moments of a header that have no time zone in that of the site."""
        zone, moments = zone_of_site(self.facts.zone), {}
        for name in ("public_from", "public_until"):
            moment = getattr(publication, name)
            written = json_text(metadata.extra.get(moment.field)) if moment is not None else ""
            stamp = read_timestamp(written)
            if zone is None or stamp.value is None or stamp.value != moment.value:
                continue
            if not _WITH_ZONE.fullmatch(written):
                value = stamp.value.replace(tzinfo=zone)
                moments[name] = msgspec.structs.replace(moment, value=value)
        return msgspec.structs.replace(publication, **moments) if moments else publication


def site_of_post(folder: Path) -> SiteFolder:
    """Returns the site of a post's folder. It is read again only when its settings have changed."""
    # Each of thousands of posts asks, and paths take longer than texts.
    return _site_of(folder, tuple(_list_changes(os.path.realpath(folder))))


@lru_cache(maxsize=64)
def _site_of(folder: Path, changes: tuple[tuple[str, int, int], ...]) -> SiteFolder:
    return SiteFolder.of(folder)


def _list_changes(folder: str) -> Iterator[tuple[str, int, int]]:
    """Yields the files by which the site of a folder is told, each with its time and size."""
    for place in _places_with_settings(folder):
        for file in list_settings_files(place):
            try:
                status = os.stat(file)  # noqa: PTH116 - a path takes longer
            except OSError:
                continue
            yield file, status.st_mtime_ns, status.st_size


@cache
def zone_of_site(name: str) -> tzinfo | None:
    """Returns the time zone of this name; None if it is empty or unknown."""
    if not name:
        return None
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def _in_zone(stamp: Timestamp, zone: tzinfo | None) -> Timestamp:
    """Returns a local time in the site's time zone; a day, and a time with a zone, as they are."""
    if zone is None or stamp.value is None or not stamp.has_time:
        return stamp
    if _WITH_ZONE.fullmatch(stamp.text):
        return stamp
    return msgspec.structs.replace(stamp, value=stamp.value.replace(tzinfo=zone))


@cache
def _load_generators(places: Sequence[str]) -> tuple[SiteGenerator, ...]:
    pairs = (place.split(":") for place in places)
    return tuple(load_name(f"{__package__}.{module}", name) for module, name in pairs)


def _places_with_settings(folder: str) -> Iterator[str]:
    """Yields a folder and those above it that may have the configuration of its site: none above the folder of a
    repository, and none that many projects share.
    """
    if may_have_settings(folder):
        yield folder
    home = os.path.realpath(os.path.expanduser("~"))  # noqa: PTH111 - a path takes longer
    passed = [folder]
    while not is_repository(passed[-1]) and len(passed) <= _ABOVE:
        place = os.path.dirname(passed[-1])  # noqa: PTH120 - a path takes longer
        if place in (home, os.path.dirname(place)):  # noqa: PTH120 - likewise
            return
        passed.append(place)
        if may_have_settings(place):
            if _folder_of_temporary_files() in passed[1:]:
                return
            yield place


def _folder_of_temporary_files() -> str:
    # Few posts have files above them that ask for this, and the module brings archives and compression.
    import tempfile

    try:
        return os.path.realpath(tempfile.gettempdir())
    except FileNotFoundError:  # it can be written to nowhere, which is no matter here
        return ""


def _is_part(folder: Path, root: Path, content: Sequence[str]) -> bool:
    """Whether a folder is a site's root, in a folder of its posts, or holds one."""
    if folder == root or not content:
        return True
    own = folder.relative_to(root)
    return _is_below(own, content) or any(Path(one).is_relative_to(own) for one in content)


def _is_below(path: Path, folders: Sequence[str]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)
