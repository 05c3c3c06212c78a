"""Eleventy's sites. Source: Eleventy's documentation (data files of directories and templates, ``.eleventyignore``,
permalinks).

Files of JavaScript are not run. Of the configuration, the folder of the posts is taken where it is written as a
literal.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import msgspec

from ...lazy_pattern import lazy_pattern
from ...limits import Limits
from ...model.publication import Publication
from ...model.slugs import POST_FILES
from ..front_matter import read_header
from .generator import OwnText, SiteFacts, SiteFile, SiteGenerator, hide, read_shared_fields
from .liquid_template import fill_values, render
from .liquid_values import LiquidValues
from .settings_files import (
    Settings,
    find_program,
    is_within,
    read_people,
    read_settings,
    read_text,
)
from .site_paths import first_text, inner_path, names_in, without_date

_DATA_FILES = (".json", ".11tydata.json")
_TEMPLATES = tuple(".ejs .haml .hbs .liquid .mustache .njk .pug .vto .webc".split())
_PROGRAMS = (".11tydata.js", ".11tydata.cjs", ".11tydata.mjs")
_INPUT = lazy_pattern(r"""\binput\s*:\s*["']\.?/?([\w./-]+)["']""")
_PEOPLE = ("authors", "authorsData", "people")
"""The data files in which sites usually keep their authors."""
_LISTS = frozenset({"all", "blog", "nav", "page", "pages", "post", "posts"})
"""Tags that sites use for the names of their lists."""
_PARTS = frozenset({"_components", "_data", "_includes", "_layouts", "_partials", "_templates"})
_OF_LISTS = frozenset({"eleventyExcludeFromCollections", "pagination"})
_MOST_FOLDERS = 5_000
_MARKED = lazy_pattern(
    r"(?<=[\s\"'])(?P<computed>:)?@(?P<name>[a-z][\w-]*)(?:=\"(?:\$data\.(?P<field>[\w.]+)(?=\"))?)?"
)
"""Matches an attribute of WebC's that only the program sees, with the field of the post whose value it has."""
_COMPONENT = lazy_pattern(r"<[a-z][\w.]*-[\w.-]*\s[^<>]*>")


class Eleventy(SiteGenerator):
    """See the module."""

    name = "Eleventy"

    def settings_of_root(self, folder: Path) -> Settings | None:
        names = (".eleventy", "eleventy.config")
        program = next(filter(None, (find_program(folder, name) for name in names)), None)
        return None if program is None else {"program": read_text(program)}

    def facts_of(self, root: Path, settings: Settings) -> SiteFacts:
        found = _INPUT.search(settings["program"])
        folder = found[1].strip("/") if found and (root / found[1]).is_dir() else ""
        data = root / folder / "_data" if folder else _data_folder(root)
        names = ("site", "metadata", "meta")
        files = (read_settings(data / f"{name}.json") for name in names)
        known = next(filter(None, files), {})
        if not folder and data.parent != root:
            folder = data.parent.relative_to(root).as_posix()
        own = list(list_files_of_site(root, _PROGRAMS))
        return SiteFacts(
            title=first_text(known, "title", "name"),
            description=first_text(known, "description"),
            authors=names_in(known.get("author")),
            language=first_text(known, "language", "lang", "defaultLocale", "locale"),
            languages=_locales(known),
            address=first_text(known, "url", "baseUrl").rstrip("/"),
            content=(folder,) if folder else (),
            people=next(filter(None, (read_people(data / name) for name in _PEOPLE)), {}),
            silent_tags=_LISTS,
            unread=tuple(file for file in own if file.endswith(_PROGRAMS)),
            templates=tuple(list_template_posts(root, own)),
        )

    def why_left_out(self, root: Path, settings: Settings, file: SiteFile) -> str:
        return "part of a page" if _PARTS & set(file.path.parts[:-1]) else ""

    def path_on_site(self, root: Path, settings: Settings, facts: SiteFacts, file: SiteFile) -> str:
        folder = facts.content[0] if facts.content else ""
        inner = inner_path(file.path, folder)
        pattern = file.metadata.extra.get("permalink", file.defaults.get("permalink"))
        if pattern in (False, "false"):  # no page is written for it
            return ""
        if isinstance(pattern, str) and pattern:
            return _fill(pattern, file, inner, root / folder / "_data")
        parts = [*inner.parts[:-1], inner.stem]
        if parts[-1] == "index":
            parts.pop()
        if parts:
            parts[-1] = without_date(parts[-1])
        if facts.languages and parts and parts[0] == facts.language:
            parts = parts[1:]
        return "/".join(("", *parts, "")) if parts else "/"

    def as_markdown(
        self, root: Path, settings: Settings, facts: SiteFacts, post: OwnText
    ) -> OwnText:
        data = root / (facts.content[0] if facts.content else "") / "_data"
        if "@" in post.text and "<" in post.text:
            post = msgspec.structs.replace(post, text=_COMPONENT.sub(_without_marks, post.text))
        # Templates see the data files, and not the configuration.
        return fill_values(post, LiquidValues(self.name, {}, data, post.header, post.metadata))

    def list_shared_fields(self, folder: Path) -> Iterator[tuple[str, Settings]]:
        for extension in _DATA_FILES:
            yield folder.name + extension, read_settings(folder / f"{folder.name}{extension}")

    def list_restrictions(
        self,
        root: Path,
        settings: Settings,
        file: SiteFile,
    ) -> Iterator[Publication | None]:
        lines = (line.strip() for line in read_text(root / ".eleventyignore").splitlines())
        patterns = [line for line in lines if line[:1] not in ("", "#", "!")]
        yield hide(".eleventyignore", any(is_within(file.path, pattern) for pattern in patterns))
        for extension in _DATA_FILES:
            beside = root / file.path.with_suffix(extension)
            yield read_shared_fields(read_settings(beside), beside.name)


def _without_marks(component: re.Match[str]) -> str:
    """Returns the tag of a component of WebC's with plain attributes: ``:@slug="$data.id"`` has the value ``{{ id }}``."""

    def plain(found: re.Match[str]) -> str:
        field = f"{{{{ {found['field']} }}}}" if found["field"] else ""
        return found["name"] + ('="' if '="' in found[0] else "") + field

    return _MARKED.sub(plain, component[0])


def _data_folder(root: Path) -> Path:
    """Returns the folder of global data: that of the root, or of the folder of posts where the program names none."""
    places = (root, root / "src", root / "site", root / "content")
    return next((p / "_data" for p in places if (p / "_data").is_dir()), root / "_data")


def _locales(data: Settings) -> tuple[str, ...]:
    found = data.get("locales")
    return tuple(str(one) for one in found) if isinstance(found, list) else ()


def list_files_of_site(root: Path, programs: tuple[str, ...]) -> Iterator[str]:
    """Yields the ``programs`` with data, the templates and the posts of a site."""
    for count, (place, folders, files) in enumerate(os.walk(root)):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f != "node_modules")
        for name in sorted(files):
            if name.endswith((*programs, *_TEMPLATES, *POST_FILES)):
                yield (Path(place) / name).relative_to(root).as_posix()
        if count > _MOST_FOLDERS:
            return


def list_template_posts(root: Path, files: list[str]) -> Iterator[str]:
    """Yields the templates that are posts: they have a title, and either a day or a post beside them.

    The others make lists of posts, feeds, or parts of pages.
    """
    folders = {posixpath.dirname(file) for file in files if file.endswith(POST_FILES)}
    for file in files:
        path = PurePosixPath(file)
        if path.suffix not in _TEMPLATES or path.stem == "index" or _PARTS & set(path.parts[:-1]):
            continue
        header = read_header(read_text(root / file), Limits()).fields
        is_post = "date" in header or posixpath.dirname(file) in folders
        if is_post and "title" in header and not _OF_LISTS & header.keys():
            yield file


def _fill(pattern: str, file: SiteFile, inner: PurePosixPath, data: Path) -> str:
    """Fills a template of an address; empty if it has a value that is not known here."""
    metadata = file.metadata
    name = without_date(inner.parent.name if inner.stem == "index" else inner.stem)
    stem = (inner.parent / without_date(inner.stem)).as_posix()
    page: dict[str, object] = {"fileSlug": name, "filePathStem": f"/{stem}"}
    if metadata.published is not None and metadata.published.value is not None:
        page["date"] = metadata.published.value.isoformat()
    fields = {**file.defaults, **metadata.extra, "page": page}
    if metadata.slug:
        fields["slug"] = metadata.slug
    filled = render(pattern, LiquidValues("Eleventy", {}, data, fields, metadata)).text
    if "{" in filled or "<%" in filled or "#" in filled or "//" in filled:
        return ""
    path = PurePosixPath("/" + filled.lstrip("/")).as_posix()
    ending = "/" if filled.endswith("/") and path != "/" else ""
    return path.removesuffix("index.html") if path.endswith("/index.html") else path + ending


ELEVENTY = Eleventy()
