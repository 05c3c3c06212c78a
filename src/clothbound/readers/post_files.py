"""Finds the posts in a folder, and reports the files that are not posts."""

from __future__ import annotations

import fnmatch
import os
import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated, TypeAlias

import msgspec

from ..console_text import format_count, list_some
from ..diagnostics import Diagnostic, DiagnosticCode, Severity
from ..fields import Field
from ..formats import READER_EXTENSIONS, post_extensions
from ..late_names import late_module
from ..lazy_pattern import lazy_pattern
from ..model.slugs import HTML_FILES, NOTEBOOK_FILES, POST_FILES, RUN_FILES, TEXT_FILES
from ..product_files import LIST, files_made_of, listed_files
from ..stored_items import repeated

if TYPE_CHECKING:
    from .. import unread_formats
else:
    # A post that is read alone asks for none of it.
    unread_formats = late_module("clothbound.unread_formats")

Exclude: TypeAlias = Annotated[
    tuple[str, ...],
    Field(help="Patterns of files and folders to leave out of a folder: ``drafts``, ``2019/*``."),
]
"""The option ``exclude`` of every reader of folders."""

_DIGITS = lazy_pattern(r"(\d+)")
"""The most files of one format that a message names."""
# Files that accompany a site or a program, such as README.
_TOOL_TEXT = lazy_pattern(
    r"(?:ads|cmakelists|humans|licen[cs]e|llms|requirements[\w-]*|robots|security)\.txt", re.I
)
_README = lazy_pattern(r"readme|README[._-][A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?")
_SECTION = lazy_pattern(r"_index(?:\.[A-Za-z-]{2,10})?")
"""Matches Hugo's page of a section, with or without a language."""
_BESIDE_PAGE = lazy_pattern(
    r"(.+)(?:_files|-files|-Dateien|-filer|_fichiers|_archivos|_arquivos|_ficheiros|_file|_bestanden|_pliki)",
    re.S,
)
"""Matches what Chrome, Edge and Firefox call the folder beside a page that they save whole, in some languages."""
_PART = lazy_pattern(r"_(?:sidebar|navbar|coverpage|header|footer)\.md|_.*\.mdx", re.I)
"""Matches the parts of all pages of Docsify and of wikis (GitHub, GitLab), and a component of MDX, which pages import."""
_FRANKLIN = "config.md"
TEMPLATE_FILE = ".md.erb"
"""The extension of posts of Middleman whose templates are run before their Markdown is read."""
_OF_ERB = (".md", ".markdown")
_NOTION_PAGE = lazy_pattern(r"(?:[^/]+/)*[^/]+ [0-9a-f]{32}\.md")
PACKAGES = frozenset({"node_modules", "bower_components", "jspm_packages", "site-packages"})
# Jekyll's own folders, which contain parts of pages and generated files.
_THEME_PARTS = frozenset({"_includes", "_layouts", "_sass", "_site"})
_THEME_FILES = ("theme.toml", "theme.yaml", "theme.yml", "layouts", "_layouts", "templates")
_SITE_FILES = tuple(
    f"{name}.{ending}" for name in ("hugo", "config") for ending in ("toml", "yaml", "yml", "json")
)


class PostFiles(msgspec.Struct):
    """The files of a folder, as relative POSIX paths."""

    posts: list[str] = []
    """Files with a requested extension, in natural order."""
    other_formats: dict[str, list[str]] = {}
    """Files that may be posts in another format, by extension."""
    readmes: int = 0
    sections: int = 0
    parts: list[str] = []
    """Files whose text stands around pages or within them, and settings of a site in a file of Markdown."""
    packages: list[str] = []
    """Folders with installed packages. Like themes, they are not searched."""
    themes: list[str] = []
    frames: list[str] = []
    """Folders that a browser saved beside a page, with pages in them. They are not searched."""
    made: list[str] = []
    """Files that clothbound has made: of these posts, or in other formats."""
    excluded_files: int = 0
    excluded_folders: int = 0
    sources: list[str] = []
    """Files whose code was run, and made another post of the same name."""
    pages: int = 0
    """Pages that were made of posts."""
    unused_patterns: tuple[str, ...] = ()
    """Patterns that exclude nothing."""

    def set_aside(self, *, notebooks: bool) -> None:
        """Sets aside the file that another post was made of, and the page that was made of a post.

        ``notebooks`` says that a notebook is a post like others; else it is one only in a folder without another.
        """
        several = repeated(lambda: map(_stem, self.posts))
        namesakes = [path for path in self.posts if _stem(path) in several]
        stems: dict[str, str] = {}
        for path in sorted(namesakes, key=_rank):
            stems.setdefault(_stem(path), path)
        self.sources = [path for path in namesakes if stems[_stem(path)] != path]
        replaced = set(self.sources)
        kept = [path for path in self.posts if path not in replaced]
        texts = {posixpath.dirname(p) for p in kept if not p.lower().endswith(NOTEBOOK_FILES)}
        self.posts = [
            path
            for path in kept
            if notebooks
            or posixpath.dirname(path) not in texts
            or not path.lower().endswith(NOTEBOOK_FILES)
        ]
        left = frozenset(self.posts)
        for path in kept if len(left) < len(kept) else ():
            if path not in left:
                self.other_formats.setdefault(NOTEBOOK_FILES[0], []).append(path)
        run = {_stem(path) for path in self.posts if path.lower().endswith(RUN_FILES)}
        for extension in set(HTML_FILES) & self.other_formats.keys() if run else ():
            names = self.other_formats.pop(extension)
            others = [name for name in names if name.split(".", 1)[0] not in run]
            self.pages += len(names) - len(others)
            if others:
                self.other_formats[extension] = others

    def set_parts_aside(self, folder: Path) -> None:
        """Sets aside the files that, in sites without settings that are read, are parts of pages; a folder of them alone
        was named for their sake.
        """
        parts = [path for path in self.posts if _is_part(folder, path)]
        if len(parts) < len(self.posts):
            self.parts = parts
            left_out = frozenset(parts)
            self.posts = [path for path in self.posts if path not in left_out]

    def findings(self) -> Iterator[Diagnostic]:
        """Yields the messages about files that were skipped."""
        many = sum(map(len, self.other_formats.values()))
        if many:
            kinds = ", ".join(
                f"{len(names)} {extension} ({list_some(names)})"
                for extension, names in sorted(self.other_formats.items())
            )
            hint = "convert them to Markdown, or exclude them"
            if not self.other_formats.keys().isdisjoint(TEXT_FILES):
                hint = f"a {TEXT_FILES[0]} that is a post is read under a name in .md; {hint}"
            if TEMPLATE_FILE in self.other_formats:
                hint = f"a copy of a {TEMPLATE_FILE} whose name ends with .md is read, and what its code shows is named; {hint}"
            for reader in sorted({READER_EXTENSIONS.get(e, "") for e in self.other_formats}):
                if named := sorted(post_extensions(reader) & self.other_formats.keys()):
                    hint = (
                        f"the reader {reader} (-f {reader}) reads {', '.join(named)} alone; {hint}"
                    )
            message = (
                f"{format_count(many, 'file')} skipped, since they are of other formats: {kinds}"
            )
            yield Diagnostic(DiagnosticCode.FILES_PASSED_OVER, f"{message}. Hint: {hint}")
        counts = [
            format_count(self.readmes, "README file") if self.readmes else "",
            _count_sources(self.sources),
            format_count(self.pages, "page made of a post", "pages made of posts")
            if self.pages
            else "",
            _count_made(self.made),
            _count_section_pages(self.sections),
            _count_parts(self.parts),
            _count_folders(self.packages, "packages"),
            _count_folders(self.themes, "themes"),
            _count_folders(self.frames, "parts of saved pages"),
            _count_excluded(self.excluded_files, self.excluded_folders),
        ]
        if any(counts):
            message = f"not read as posts: {', '.join(filter(None, counts))}"
            yield Diagnostic(DiagnosticCode.FILES_PASSED_OVER, message, severity=Severity.INFO)
        for pattern in self.unused_patterns:
            yield Diagnostic(DiagnosticCode.FILES_PASSED_OVER, f"{pattern!r} excludes no file here")


def find_post_files(
    folder: Path, extensions: frozenset[str], exclude: Sequence[str] = ()
) -> PostFiles:
    """Finds the posts below ``folder`` by their extensions, and records the files that were
    skipped.

    Hidden files and folders are ignored, and links to folders are not followed. A pattern of
    ``exclude`` without a slash matches the name of a file or folder; one with a slash matches its
    path.
    """
    found = PostFiles()
    patterns = [(pattern, _compile(pattern)) for pattern in exclude]
    used: set[str] = set()

    def is_excluded(path: str) -> bool:
        matching = [pattern for pattern, expression in patterns if expression.fullmatch(path)]
        used.update(matching)
        return bool(matching)

    products: list[str] = []
    for root, folders, files in os.walk(folder, followlinks=False):
        beginning = path_beginning(Path(root), folder)
        if beginning and LIST in files:
            products.append(beginning)
        searched = _searched_folders(found, root, folders, files, beginning, is_excluded)
        folders[:] = searched
        for name in files:
            if not name.startswith("."):
                _classify(found, beginning + name, extensions, is_excluded)
    _set_products_aside(found, folder, products)
    for names in (found.posts, found.made, *found.other_formats.values()):
        sort_naturally(names)
    found.unused_patterns = tuple(pattern for pattern, _ in patterns if pattern not in used)
    return found


def walk_files(folder: Path, extensions: frozenset[str]) -> list[str]:
    """Returns all files below ``folder`` with one of these extensions, posts or not, as relative
    POSIX paths.

    Hidden files and folders are left out, and links to folders are not followed.
    """
    found: list[str] = []
    for root, folders, files in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        beginning = path_beginning(Path(root), folder)
        found += [
            beginning + name
            for name in files
            if not name.startswith(".") and _parts(name)[1] in extensions
        ]
    sort_naturally(found)
    return found


def path_beginning(place: Path, folder: Path) -> str:
    """Returns the beginning of the paths, relative to ``folder``, of all files in ``place``, which is it or lies below."""
    return "" if place == folder else f"{place.relative_to(folder).as_posix()}/"


def sort_naturally(paths: list[str]) -> None:
    """Sorts paths so that ``9.md`` comes before ``10.md``."""
    # A key of both together would take more memory than all paths.
    paths.sort()
    paths.sort(key=natural)


def natural(path: str) -> str:
    """Returns a sort key that orders ``9.md`` before ``10.md``.

    A number is less than any text, and a shorter one than a longer one; no name of a file has the character that
    begins a number and ends a text.
    """
    key = ""
    for part in filter(None, _DIGITS.split(path)):
        if part.isdigit() and part.isascii():
            digits = part.lstrip("0")
            key += f"\0{chr(len(digits))}{digits}"
        else:
            key += f"\1{part.casefold()}\0"
    return key


def _is_beside_page(folder: str, files: Sequence[str]) -> bool:
    """Returns whether a browser saved a folder beside one of ``files``, for the pictures, styles and frames of that page."""
    saved = _BESIDE_PAGE.fullmatch(folder)
    return saved is not None and any(f"{saved[1]}{ending}" in files for ending in HTML_FILES)


def is_notion_page(name: str) -> bool:
    """Returns whether a file has the name of a page of Notion's export."""
    return _NOTION_PAGE.fullmatch(name) is not None


def is_readme(path: str) -> bool:
    """Returns whether a file is a README, in whatever language."""
    stem = PurePosixPath(path).stem
    return stem.lower() == "readme" or _README.fullmatch(stem) is not None


def _classify(
    found: PostFiles, path: str, extensions: frozenset[str], is_excluded: Callable[[str], bool]
) -> None:
    """Adds a file to the list in ``found`` to which it belongs."""
    name = path.rpartition("/")[2]
    stem, extension = _parts(name)
    if extension not in extensions and extension not in _post_formats():
        is_excluded(path)  # mark the pattern as used, since it may be meant for pictures
        return
    if is_excluded(path):
        found.excluded_files += 1
    elif is_readme(path):
        found.readmes += 1
    elif extension not in extensions:
        if not _TOOL_TEXT.fullmatch(name):
            found.other_formats.setdefault(extension, []).append(path)
    elif _SECTION.fullmatch(stem):
        found.sections += 1
    else:
        found.posts.append(path)


@cache
def _post_formats() -> frozenset[str]:
    """Returns the extensions of the formats in which people keep posts, read by this reader of folders or not."""
    others = (".base", ".canvas", ".lr", TEMPLATE_FILE, *TEXT_FILES)
    return unread_formats.POST_EXTENSIONS.union(others, POST_FILES)


def _searched_folders(
    found: PostFiles,
    root: str,
    folders: Sequence[str],
    files: Sequence[str],
    beginning: str,
    is_excluded: Callable[[str], bool],
) -> list[str]:
    """Returns the folders in ``root`` that may hold posts, and adds the others to ``found``."""
    searched = []
    for name in sorted(name for name in folders if not name.startswith(".")):
        path, place = beginning + name, Path(root, name)
        if is_excluded(path):
            found.excluded_folders += 1
        elif _holds_packages(place):
            found.packages.append(path)
        elif _is_theme_part(place):
            found.themes.append(path)
        elif _is_beside_page(name, files):
            if any(_parts(below.name)[1] in HTML_FILES for below in place.iterdir()):
                found.frames.append(path)
        else:
            searched.append(name)
    return searched


def _set_products_aside(found: PostFiles, folder: Path, products: Sequence[str]) -> None:
    """Sets aside the files that clothbound has made in folders below that of the posts: those in other formats, and those
    that were made of other posts in the folder. The rest may be the only ones that there are.
    """
    made: set[str] = set()
    for place in products:
        others = [path for path in found.posts if not path.startswith(place)]
        if len(others) < len(found.posts):
            made.update(place + name for name in files_made_of(folder / place, others))
        listed = {place + name for name in listed_files(folder / place)}
        made.update(n for names in found.other_formats.values() for n in names if n in listed)
    if made:
        every = (found.posts, *found.other_formats.values())
        found.made = [name for names in every for name in names if name in made]
        found.posts = [path for path in found.posts if path not in made]
        formats = {
            e: [n for n in found.other_formats[e] if n not in made] for e in found.other_formats
        }
        found.other_formats = {extension: names for extension, names in formats.items() if names}


def _rank(path: str) -> int:
    """Returns the place of a post's file among those of the same name, from what was rendered to a notebook."""
    name = path.lower()
    return 2 if name.endswith(NOTEBOOK_FILES) else 1 if name.endswith(RUN_FILES) else 0


def _stem(path: str) -> str:
    return os.path.splitext(path)[0]  # noqa: PTH122 - a Path takes longer


def _is_part(folder: Path, path: str) -> bool:
    """Returns whether a file is a part of pages: of Docsify or of MDX, or the settings of Franklin."""
    place, _, name = path.rpartition("/")
    if name == _FRANKLIN:
        return (folder / place / "_layout").is_dir()
    return _PART.fullmatch(name) is not None


def _parts(name: str) -> tuple[str, str]:
    stem, extension = os.path.splitext(name)  # noqa: PTH122 - a Path takes longer
    if extension == ".erb" and stem.endswith(_OF_ERB):
        return stem.removesuffix(_OF_ERB[0]), TEMPLATE_FILE
    return stem, extension.lower()


def _compile(pattern: str) -> re.Pattern[str]:
    glob = pattern.replace(os.sep, "/").removeprefix("./").strip("/")
    while glob.startswith("**/"):
        glob = glob[3:]
    path = fnmatch.translate(glob)
    # An excluded folder is not searched, so a pattern that ends in /** must match the folder itself
    # too.
    path = f"(?:{path}|{fnmatch.translate(glob[:-3])})" if glob.endswith("/**") else path
    return re.compile(path if "/" in glob.removesuffix("/**") else rf"(?:.*/)?(?:{path})", re.S)


def _holds_packages(folder: Path) -> bool:
    """Whether a folder contains packages installed by a tool of Node, Python, Ruby (Jekyll) or
    PHP.
    """
    name = folder.name
    if name == "vendor":
        return (folder / "bundle").is_dir() or (folder / "autoload.php").is_file()
    return name in PACKAGES or (folder / "pyvenv.cfg").is_file()


def _is_theme_part(folder: Path) -> bool:
    """Whether a folder is a theme, or holds a site generator's page parts or post templates."""
    name = folder.name
    if name in ("theme", "themes"):
        inside = [folder, *(child for child in folder.iterdir() if child.is_dir())]
        return any((place / mark).exists() for place in inside for mark in _THEME_FILES)
    if name == "archetypes":
        return any((folder.parent / mark).is_file() for mark in _SITE_FILES)
    return name in _THEME_PARTS


def _count_section_pages(count: int) -> str:
    return format_count(count, "page of a section", "pages of sections") if count else ""


def _count_sources(names: Sequence[str]) -> str:
    if not names:
        return ""
    what = ("file whose code was run", "files whose code was run")
    return f"{format_count(len(names), *what)}, since the rendered text is beside it ({list_some(names)})"


def _count_made(names: Sequence[str]) -> str:
    if not names:
        return ""
    what = ("file that clothbound has made", "files that clothbound has made")
    return f"{format_count(len(names), *what)} ({list_some(names)})"


def _count_parts(names: Sequence[str]) -> str:
    if not names:
        return ""
    count = format_count(len(names), "part of pages or settings", "parts of pages or settings")
    return f"{count} ({list_some(names)}; one that is a post is read if it is named alone)"


def _count_folders(names: Sequence[str], what: str) -> str:
    return f"{format_count(len(names), 'folder')} of {what} ({list_some(names)})" if names else ""


def _count_excluded(files: int, folders: int) -> str:
    parts = [format_count(n, what) for n, what in ((files, "file"), (folders, "folder")) if n]
    return f"{' and '.join(parts)} excluded" if parts else ""
