"""Astro's sites. Source: Astro's documentation (configuration, content collections, pages).

The configuration is a program and is not run. The address of the site and its folder there are taken where they
are literals. The address of a page follows from its file. That of a post in a collection is known if one page of the
site has the post's name for a part of its own (``[...slug].astro``) and names the collection, or is the only such page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import msgspec

from ...lazy_pattern import lazy_pattern
from ...model.publication import Publication
from .asides import asides_as_callouts
from .generator import (
    OwnText,
    SiteFacts,
    SiteFile,
    SiteGenerator,
    has_hidden_part,
    hide_underscored,
)
from .settings_files import Settings, find_program, read_people, read_text
from .site_paths import slug_segment

_COLLECTIONS = ("src/content.config.ts", "src/content/config.ts", "src/content.config.mjs")
_TYPESCRIPT = ("tsconfig.json", "jsconfig.json")
_ALIAS = lazy_pattern(r"""["']([^"'*\s]+)/\*["']\s*:\s*\[\s*["']\.?/?([^"'*\s]*)/\*["']""")
_COLLECTION = lazy_pattern(
    r"""\b(\w+)\s*(?::[^=\n]{0,200})?=\s*defineCollection\((?:(?!defineCollection).){0,600}?\bbase\s*:\s*["']\.?/?([\w./-]+)["']""",
    re.S,
)
_EXPORTED = lazy_pattern(r"\bcollections\s*=\s*\{([^{}]*)\}")
_USED = lazy_pattern(r"""\bget(?:Collection|Entry|EntryBySlug)\(\s*["']([\w-]+)["']""")
_ROUTE = lazy_pattern(
    r"\[(?:\.\.\.)?(?!(?:author|category|lang|locale|page|tag|tags|year)\])[\w-]+\]"
)
"""Matches the part of a page's name that stands for the name of a post; others list posts."""
_AUTHORS = ("src/data/authors", "src/content/author", "src/content/authors")
"""The usual collections of people, to whose entries posts refer by their ids; a folder, or a file with an extension."""
_PAGES = "src/pages"
_MOST_PAGES = 500
_NAME = "*"
"""Stands for the name of the post in the pattern of an address."""
_SLASHES = lazy_pattern(r"/{2,}")
_BASE_URL = lazy_pattern(r"""["']baseUrl["']\s*:\s*["']([^"']+)["']""")
_SITE = lazy_pattern(r"""(?m)^[^\S\n]*site\s*:\s*["'](https?://[^"']+)["']""")
_PATH = lazy_pattern(r"""(?m)^[^\S\n]*base\s*:\s*["']([^"'$]+)["']""")
_FOLDER = lazy_pattern(r"""\bbase\s*:\s*["']\.?/?([\w./-]+)["']""")


class Astro(SiteGenerator):
    """See the module."""

    name = "Astro"

    def settings_of_root(self, folder: Path) -> Settings | None:
        program = find_program(folder, "astro.config")
        return None if program is None else {"program": read_text(program)}

    def facts_of(self, root: Path, settings: Settings) -> SiteFacts:
        program = settings["program"]
        collections = "".join(read_text(root / name) for name in _COLLECTIONS)
        site = _SITE.search(program)
        at = _PATH.search(program)
        path = at[1].strip("/") if at else ""
        named = [found.strip("/") for found in _FOLDER.findall(collections)]
        usual = ["src/content", "src/data", "src/pages", "content"]
        folders = [folder for folder in (*named, *usual) if (root / folder).is_dir()]
        return SiteFacts(
            address=f"{site[1].rstrip('/')}/{path}".rstrip("/") if site else "",
            content=tuple(dict.fromkeys(folders)),
            picture_aliases=_list_aliases(root),
            routes=_find_routes(root, collections),
            people={
                key: name for place in _AUTHORS for key, name in read_people(root / place).items()
            },
        )

    def why_left_out(self, root: Path, settings: Settings, file: SiteFile) -> str:
        if has_hidden_part(file.path):
            return "file whose name begins with _"
        is_person = any(file.path.is_relative_to(place) for place in _AUTHORS)
        return "page of an author" if is_person else ""

    def path_on_site(self, root: Path, settings: Settings, facts: SiteFacts, file: SiteFile) -> str:
        if file.path.is_relative_to(_PAGES):
            inner = file.path.relative_to(_PAGES).with_suffix("")
            return _path_of(inner)
        for folder, route in facts.routes.items():
            if file.path.is_relative_to(folder):
                inner = file.path.relative_to(folder).with_suffix("")
                name = file.metadata.slug.strip("/") or _path_of(
                    PurePosixPath(*map(slug_segment, inner.parts))
                )
                return _SLASHES.sub("/", f"{route.replace(_NAME, name)}/")
        return ""

    def as_markdown(
        self, root: Path, settings: Settings, facts: SiteFacts, post: OwnText
    ) -> OwnText:
        return msgspec.structs.replace(post, text=asides_as_callouts(post.text))

    def list_restrictions(
        self,
        root: Path,
        settings: Settings,
        file: SiteFile,
    ) -> Iterator[Publication | None]:
        yield hide_underscored(file.path)


def _path_of(inner: PurePosixPath) -> str:
    path = inner.parent if inner.name == "index" else inner
    return "/".join(("", *path.parts, "")) if path.parts else "/"


def _list_aliases(root: Path) -> tuple[tuple[str, str], ...]:
    """Returns the aliases of folders that the settings of TypeScript have (``paths``)."""
    text = "".join(read_text(root / name) for name in _TYPESCRIPT)
    base = _BASE_URL.search(text)
    folder = base[1].strip("./") if base is not None else ""
    found = _ALIAS.findall(text)
    return tuple(
        (alias, "/".join(filter(None, (folder, place.strip("/"))))) for alias, place in found
    )


def _find_routes(root: Path, collections: str) -> dict[str, str]:
    """Returns the pattern of addresses of each folder of posts, with ``_NAME`` for that of the post."""
    exported = _EXPORTED.search(collections)
    names = dict(_read_names(exported[1])) if exported is not None else {}
    folders = {
        names.get(variable, variable): place.strip("/")
        for variable, place in _COLLECTION.findall(collections)
    }
    usual = root / "src" / "content"
    if usual.is_dir():
        for place in sorted(usual.iterdir()):
            if place.is_dir() and not place.name.startswith(("_", ".")):
                folders.setdefault(place.name, f"src/content/{place.name}")
    routes = list(_list_routes(root))
    found = {}
    for name, folder in folders.items():
        own = [route for route, used in routes if name in used]
        if not own and len(folders) == 1 and len(routes) == 1:
            own = [route for route, used in routes if not used]
        if len(own) == 1:
            found[folder] = own[0]
    return found


def _list_routes(root: Path) -> Iterator[tuple[str, frozenset[str]]]:
    """Yields the pages that stand for many posts: the pattern of their addresses, and the collections that they name."""
    pages = root / _PAGES
    for file in sorted(pages.rglob("*.astro"))[:_MOST_PAGES]:
        path = file.relative_to(pages).with_suffix("").as_posix()
        if path.count("[") == 1 and _ROUTE.fullmatch(path.rpartition("/")[2]):
            yield f"/{_ROUTE.sub(_NAME, path)}", frozenset(_USED.findall(read_text(file)))


def _read_names(exported: str) -> Iterator[tuple[str, str]]:
    """Yields the variables of collections and the names under which they are exported."""
    for part in exported.split(","):
        name, colon, variable = part.partition(":")
        name = name.strip().strip("'\"")
        yield (variable.strip() if colon else name), name


ASTRO = Astro()
