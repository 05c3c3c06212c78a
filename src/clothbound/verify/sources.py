"""Reads the content of a source's posts from its bytes: Markdown, reStructuredText, HTML, an export of Substack, an EPUB, a feed, or a
folder.

A post has the name that the conversion's report has for it: a file's path in its folder or archive, an entry's address.
"""

from __future__ import annotations

import csv
import html
import io
import os
import posixpath
import re
import unicodedata
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from lxml import etree

from ..errors import ReadError, UsageError, reason_of
from ..lazy_pattern import lazy_pattern
from .content import Item, Kind, decode, without_commands, words_of, words_of_title
from .feeds import is_json_feed, read_feed, read_json_feed
from .file_forms import LEKTOR, LITERATE, MARKDOWN, PLAIN, fence_program, fields_of_lektor
from .generators import without_marks_of_logseq
from .ghost import ghost_file, read_ghost
from .headers import foreign_header
from .ikiwiki import is_page_of_ikiwiki, without_marks_of_ikiwiki
from .markdown import strip_markdown
from .markup import strip_html
from .mdx import is_docusaurus, without_script
from .own_products import without_copies
from .platforms import read_platform, without_properties
from .quarto import (
    NOTEBOOK,
    RUN,
    indent_chunks,
    is_silent,
    notebook_text,
    posts_of,
    project_of,
    shown_text,
    without_hidden,
)
from .restructured_text import strip_rst
from .wikilinks import is_garden_of_quartz, is_in_wiki, names_are_links, without_tags_of_wiki
from .wordpress import read_wordpress, wordpress_files

_RST = ".rst"
HTML = frozenset(".html .htm .xhtml".split())
_FEED = frozenset(".xml .rss .atom .rdf".split())
_LARGEST = 1 << 28
"""No file of a source or product may be larger, in bytes."""
_GRAPH = "logseq/config.edn"
_OF_GRAPH = ("pages/", "journals/")
"""The folders of a graph of Logseq that hold its pages."""
_NO_POST = lazy_pattern(r"(?:readme|_index|license|changelog|contributing)(?:[._-].*)?$", re.I)
_AROUND_PAGES = lazy_pattern(
    r"(?:.*/)?(?:_(?:sidebar|navbar|coverpage|header|footer)\.md|_[^/]*\.mdx)", re.I
)
_UNSEARCHED = frozenset({"node_modules", "_includes", "_layouts", "_sass", "_site", "themes"})
_YAML = lazy_pattern(r"\s*---[a-z]*[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|$)", re.S)
_TOML = lazy_pattern(r"\s*\+\+\+[ \t]*\n(.*?\n)?\+\+\+[ \t]*(?:\n|$)", re.S)
_TABLES = lazy_pattern(r"^\[\[[^\n]*\]\][ \t]*\n(?:(?!\[)[^\n]*\n?)*", re.M)
"""Matches a table of TOML that is one of several, such as a file of a bundle; its title is not the post's."""
_TITLE = lazy_pattern(r"^(?:title|subtitle)[ \t]*[:=][ \t]*(.*)$", re.M | re.I)
_QUOTED = lazy_pattern(
    r"\"{3}(?:[^\"\\]|\\.|\"(?!\"\"))*\"{3}|'{3}(?:[^']|'(?!''))*'{3}|\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'"
)
_BLOCK_SCALAR = lazy_pattern(r"[|>][-+]?\d?[ \t]*(?:#.*)?$")
_COMMENT = lazy_pattern(rb"(?<!`)%%(?!`).*?(?:%%|\Z)", re.S)
_QUERY = lazy_pattern(rb"^```(?:dataview(?:js)?|query|base)[ \t]*\n.*?^```[ \t]*$", re.M | re.S)
_ADMONITION = lazy_pattern(rb"^(```ad-[\w-]+[ \t]*\n)title[ \t]*:", re.M)
_BLOCK_NAME = lazy_pattern(rb"(?:(?<=\s)|^)\^[A-Za-z0-9-]+[ \t]*$", re.M)
"""Matches the name of a block, which Obsidian does not show."""
_CHUNK = lazy_pattern(
    r"^(?P<fence>[ \t]*`{3,})\{(?P<head>\w[^}\n]*)\}[ \t]*\n(?P<options>(?:[ \t]*(?:#|//|%%|--)\|[^\n]*\n)*)"
    r"(?P<code>(?:(?![ \t]*```)[^\n]*\n)*)(?P<end>[ \t]*`{3,}[ \t]*$)",
    re.M,
)
_ECHO = lazy_pattern(r"\becho\s*[:=]\s*[\"']?(\w+)")
_INCLUDE = lazy_pattern(r"\binclude\s*[:=]\s*[\"']?(\w+)")
_SILENT = lazy_pattern(
    r"^execute:[ \t]*\n(?:[ \t]+[^\n]*\n)*?[ \t]+echo:[ \t]*(?:false|no)\b|opts_chunk\$set\([^)]*\becho\s*=\s*F",
    re.M,
)
_NO = frozenset({"false", "f", "no"})
_CONTAINER = "META-INF/container.xml"
_OPENER_LINE = lazy_pattern(r"<p class=\"(?:date|byline)\">.*?</p>", re.S)
"""Matches the day and the authors above a chapter, which a post has as metadata."""
_HREF = lazy_pattern(r"<(?:a|iframe)\b[^<>]*\b(?:href|src)\s*=\s*[\"']([^\"'#:]+)")
_LINK = lazy_pattern(r"<a\b[^<>]*\bhref\s*=\s*[\"']([^\"'#:]+)[^<>]*>((?:[^<]+|<(?!/?a\b))*)</a>")
_TAG = lazy_pattern(r"<[^<>]*>")
_FEW_LINKS = 3
_OF_CONTENTS = 0.6
"""The share of the words of a page that are links, from which on it is a table of contents."""
_PAGES = (".xhtml", ".html", ".htm")
_MATTER = lazy_pattern(r"epub:type=\"[^\"]*\b(?:cover|titlepage|copyright-page|toc)\b")
"""Matches what says of a document that it is a page around the text, which every book has anew."""
_NOTE_MARK = lazy_pattern(
    r"<a\b(?=[^<>]*\shref=\"(?!https?:)[^\"]*#)[^<>]*>(?:\s|<[^<>]*>)*(?:[\[(]?(?:\d{1,4}|[*†‡§¶↩^]{1,3})[\])]?|[\[(][a-z][\])])\.?(?:\s|</?(?:sup|span|b|i)\b[^<>]*>)*</a>"
)
"""Matches a link within the book whose text is a number or a sign: the mark of a note, or one back to it."""
_PAGE_MARK = lazy_pattern(
    r"<(span|div|a)\b[^<>]*\b(?:epub:type|role)=\"[^\"]*\bpagebreak\b[^<>]*>[^<>]*</\1>"
)
"""Matches the mark of a printed page, whose number is no word of the text."""
_NOTE_NUMBER = lazy_pattern(
    r"(<(?:p|div|dd)\b[^<>]*\sid=\"[^\"]*\"[^<>]*>\s*(?:<p\b[^<>]*>\s*)?)[\[(]?\d{1,3}[\])]?[.:]?\s(?=\s*[^\s<])"
)
"""Matches the number with which a block that has an id begins, as notes do: a product has its own."""
_SCHEME = lazy_pattern(r"[a-z][a-z0-9+.-]*:|//|$", re.I)
_CARD_SOURCE = lazy_pattern(
    r"(<p class=\"embed-title\"><a .*?</p>(?:<p class=\"embed-(?:text|byline)\">.*?</p>)*)<p class=\"embed-source\">.*?</p>"
)
"""Matches a card whose last line repeats the address of its title."""
_FORMULA = lazy_pattern(
    r"<math\b(?![^<>]*\salttext)(?:(?!</?math\b).)*?<annotation\b[^<>]*x-tex[^<>]*>(.*?)</annotation>.*?</math>",
    re.S,
)
"""Matches a formula of MathML that has its TeX beside it."""
_PANDOC_TITLE = lazy_pattern(
    r"%[ \t]*([^\n]*(?:\n[ \t]+\S[^\n]*)*)\n(?:%[^\n]*\n(?:[ \t]+\S[^\n]*\n)*){0,2}"
)
_KEY_LINES = lazy_pattern(
    r"((?:[A-Za-z0-9][\w \t-]*:(?![ \t]*//)(?:[ \t][^\n]*)?\n(?:[ \t]+\S[^\n]*\n)*)+)"
    r"(?:(?:[ \t]*\n)*___[ \t]*(?:\n|$)|[ \t]*(?:\n|$))"
)
"""Matches lines of ``Key: value``, also with the line that ends them in a post of Bear Blog."""
_DOTTED_LINES = lazy_pattern(
    r"(?:<!--[ \t]*\n)?((?:\.\. [A-Za-z][\w-]*:[^\n]*\n)+)(?:-->[ \t]*(?:\n|$)|[ \t]*(?:\n|$))"
)
"""Matches the header of Nikola: lines of ``.. key: value``, perhaps in a comment (its handbook)."""
_BASHBLOG = lazy_pattern(
    r"[^\W_](?:[^\n]{0,148}[^\s.,:;])?[ \t]*\n[ \t]*\n(?:.*\n)?Tags:[ \t]+[^\s,#\[\]]+(?:,[ \t]*[^\s,#\[\]]+)*\s*\Z",
    re.S,
)
"""Matches a post of Bashblog: a title, a blank line, the text, and tags without spaces in the last line."""
_KEYS_OF_HEADERS = frozenset(
    "author authors baseheaderlevel category css date keywords lang language modified saveas slug status subtitle"
    " summary tags template title url".split()
)
"""Lines of ``Key: value`` are a header if one of these is among the keys (Pelican's and MultiMarkdown's guides)."""


class SourceText(NamedTuple):
    """The content of one post."""

    name: str
    items: tuple[Item, ...]


def read_sources(path: Path, wanted: Collection[str] | None = None) -> list[SourceText]:
    """Returns the posts of a file, a folder or an archive. Raises ReadError, and UsageError for another kind of file.

    ``wanted`` are the names of the posts whose content is asked for. The other files of a folder are not read, and have
    none.
    """
    try:
        # Of a folder with several exports, the readers take that of Ghost last.
        is_folder = path.is_dir()
        ghost = None if is_folder else ghost_file(path)
        if ghost is not None:
            return [SourceText(name, items) for name, items in read_ghost(ghost)]
        exported = read_platform(path, content_of)
        if exported is not None:
            return [SourceText(name, tuple(items)) for name, items in exported]
        wordpress = wordpress_files(path)
        if wordpress:
            return [SourceText(*post) for post in read_wordpress(wordpress, path.name)]
        if is_folder and (ghost := ghost_file(path)) is not None:
            return [SourceText(name, items) for name, items in read_ghost(ghost)]
        if is_folder:
            return list(_folder(path, wanted))
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                if _container(archive):
                    return list(_book(archive))
                return list(_archive(archive))
        if path.suffix.lower() in _FEED:
            return [SourceText(*entry) for entry in read_feed(path.read_bytes(), path.name)]
        if path.suffix.lower() == ".json" and is_json_feed(data := path.read_bytes()):
            return [SourceText(*entry) for entry in read_json_feed(data, path.name)]
        if path.suffix.lower() not in MARKDOWN | HTML:
            raise UsageError(
                f"{path.suffix or 'a file without an extension'} is no source whose words can be counted",
                source=str(path),
                hint="it takes Markdown, reStructuredText, HTML, feeds, exports of platforms, EPUB, and folders and ZIPs of these",
            )
        return [SourceText(path.name, tuple(_file(path, path.name)))]
    except (OSError, zipfile.BadZipFile, RuntimeError) as error:
        reason = reason_of(error)
        raise ReadError(f"cannot be read: {reason}", source=str(path)) from error


def _folder(path: Path, wanted: Collection[str] | None) -> Iterator[SourceText]:
    if (path / _CONTAINER).is_file():
        yield from _book(_packed(path))
        return
    export = path / "posts.csv"
    if export.is_file() and (path / "posts").is_dir():
        yield from _export(path)
        return
    found = list(_post_files(path, MARKDOWN - PLAIN)) or list(_post_files(path, HTML))
    found = without_copies(path, _without_parts(path, found))
    is_vault = (path / ".obsidian").is_dir() or is_garden_of_quartz(path)
    if (path / _GRAPH).is_file():
        found = [name for name in found if name.startswith(_OF_GRAPH)]
    for name in posts_of(found, in_project=project_of(path) is not None):
        is_wanted = wanted is None or name in wanted
        yield SourceText(name, tuple(_file(path / name, name, is_vault)) if is_wanted else ())


def _post_files(folder: Path, extensions: Collection[str]) -> Iterator[str]:
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in _UNSEARCHED)
        for name in sorted(files):
            path = Path(root) / name
            if (
                path.suffix.lower() in extensions
                and not name.startswith(".")
                and not _NO_POST.match(name)
            ):
                yield path.relative_to(folder).as_posix()


def _without_parts(folder: Path, names: list[str]) -> list[str]:
    """Returns the names of files without those of parts of pages, and of settings of Franklin; all if there are no others."""
    return [name for name in names if not _is_part(folder / name, name)] or names


def _is_part(path: Path, name: str) -> bool:
    if path.name == "config.md":
        return (path.parent / "_layout").is_dir()
    return _AROUND_PAGES.fullmatch(name) is not None


def _file(path: Path, name: str, is_vault: bool = False) -> list[Item]:
    if path.stat().st_size > _LARGEST:
        raise ReadError("is too large to be compared", source=name)
    data = without_properties(path.read_bytes(), name)
    extension = path.suffix.lower()
    project = project_of(path.parent)
    if extension == NOTEBOOK:
        extension, data = ".qmd", notebook_text(data).encode()
    elif project is not None and extension in MARKDOWN:
        data = shown_text(path, decode(data), project).encode()
    if extension in MARKDOWN - {_RST} and is_docusaurus(path.parent):
        extension = ".mdx"
    if any((place / _GRAPH).is_file() for place in path.parents[:2]):
        data = without_marks_of_logseq(decode(data)).encode()
    if extension in MARKDOWN and b"[[" in data and is_page_of_ikiwiki(decode(data), extension):
        data = without_marks_of_ikiwiki(decode(data)).encode()
    if extension in MARKDOWN and b"[[" in data and is_in_wiki(path.parent):
        data = without_tags_of_wiki(decode(data)).encode()
    if is_vault:
        # Obsidian shows no comments; one that is not closed goes to the end.
        data = _ADMONITION.sub(rb"\1", data)
        for pattern in (_COMMENT, _QUERY, _BLOCK_NAME):
            data = pattern.sub(lambda found: b"\n" * found[0].count(b"\n"), data)
    is_quiet = project is not None and is_silent(path, project)
    has_wikilinks = is_vault or (b"[[" in data and names_are_links(path.parent))
    return content_of(data, extension, is_quiet=is_quiet, has_wikilinks=has_wikilinks)


def content_of(
    data: bytes,
    extension: str,
    *,
    is_product: bool = False,
    is_quiet: bool = False,
    has_wikilinks: bool = False,
) -> list[Item]:
    """Returns the content of a post's file: its title and subtitle, and its text.

    ``is_quiet`` says that code which is run is not shown unless it says so itself, ``has_wikilinks`` that names in double
    brackets are links.
    """
    text = decode(data)
    if extension in HTML:
        return strip_html(_main_part(text), is_product=is_product)
    if extension == _RST:
        return _once(*strip_rst(text))
    if extension in RUN:
        text = _without_hidden_code(indent_chunks(text), is_quiet=is_quiet)
    if extension == ".mdx":
        above = _YAML.match(text) or _TOML.match(text)
        begin = above.end() if above else 0
        text = text[:begin] + without_script(text[begin:])
    if extension == LEKTOR:
        said, inner = fields_of_lektor(text)
        return _once(said, strip_markdown(inner))
    text = fence_program(text) if extension == LITERATE else text
    above_text, end = foreign_header(text)
    if end:
        line = 1 + text.count("\n", 0, end)
        return _once(above_text, strip_markdown(text[end:], line, has_wikilinks=has_wikilinks))
    header = _YAML.match(text) or _TOML.match(text) or _PANDOC_TITLE.match(text) or _key_lines(text)
    if header is None and (dotted := _DOTTED_LINES.match(text)) is not None:
        titles = re.findall(r"(?m)^\.\. (?:sub)?title:(.*)$", dotted[1])
        words = [word for title in titles for word in words_of_title(title, 1)]
        return words + strip_markdown(text[dotted.end() :], dotted[0].count("\n") + 1)
    if header is None:
        if _BASHBLOG.match(text):
            text = text[: text.rfind("\nTags:") + 1]
        return strip_markdown(text, is_product=is_product, has_wikilinks=has_wikilinks)
    lines = header[0].count("\n")
    if header[0].startswith("%"):
        below = _YAML.match(text, header.end())
        title = _TITLE.search(below[1] or "") if below else None
        end = below.end() if below else header.end()
        words = [] if title else words_of_title(header[1], 1)
        titles = list(_titles(below[1] or "", lines + 2)) if below else []
        return words + titles + strip_markdown(text[end:], text.count("\n", 0, end) + 1)
    first = 1 + text[: header.start(1)].count("\n") if header[1] else 1
    fields = header[1] or ""
    if header[0].lstrip().startswith("+++"):
        fields = _TABLES.sub(lambda found: "\n" * found[0].count("\n"), fields)
    titles = list(_titles(fields, first))
    is_whole = text[header.end() :].lstrip().startswith("[]{}")  # Nothing below repeats the header.
    body = strip_markdown(
        text[header.end() :], lines + 1, is_product=is_product, has_wikilinks=has_wikilinks
    )
    return titles + body if is_product or is_whole else _once(titles, body)


def _without_hidden_code(text: str, *, is_quiet: bool) -> str:
    """Returns a text of Quarto or R Markdown without the code and divisions that are not shown, its lines kept."""
    silent = is_quiet or bool(_SILENT.search(text))

    def shown(found: re.Match[str]) -> str:
        said = f"{found['head']}\n{found['options']}"
        echo = _ECHO.search(said)
        is_hidden = (echo[1].lower() in _NO) if echo else silent
        include = _INCLUDE.search(said)
        is_hidden = (
            is_hidden
            or bool(include and include[1].lower() in _NO)
            or found["head"].startswith("css")
        )
        kept = "\n" * found["options"].count("\n") + found["code"]
        content = "\n" * kept.count("\n") if is_hidden else kept
        return f"{found['fence']}\n{content}{found['end']}"

    return _CHUNK.sub(shown, without_hidden(text))


def _key_lines(text: str) -> re.Match[str] | None:
    """Returns the header of ``Key: value`` lines at the top of a text, if it has a key of headers."""
    found = _KEY_LINES.match(text)
    lines = re.findall(r"^([^\s:][^:\n]*):(.*(?:\n[ \t].*)*)", found[1], re.M) if found else ()
    said = {"".join(key.split()).lower(): value.strip() for key, value in lines}
    is_date = {key: not said[key] or re.search(r"\d", said[key]) for key in said}
    known = {
        key
        for key in _KEYS_OF_HEADERS.intersection(said)
        if key not in ("date", "modified") or is_date[key]
    }
    # An author and another person may speak in turn.
    is_talk = known <= {"author", "authors"} and any(
        re.search(r"\s\S+[.?!\u2026][\"\u201d\u2019]?\Z", said[key]) for key in said.keys() - known
    )
    return found if known and not is_talk else None


def _once(titles: list[Item], body: list[Item]) -> list[Item]:
    """Returns a post's items with its title and its subtitle once, where its text begins with the same words.

    They may stand there in either order, and below a picture.
    """
    first = next((n for n, item in enumerate(body) if item.kind is not Kind.PICTURE), len(body))
    pictures, rest = body[:first], body[first:]
    pending = [
        [item.value for item in titles if item.line == line]
        for line in dict.fromkeys(item.line for item in titles)
    ]
    while found := next(
        (words for words in pending if words == [item.value for item in rest[: len(words)]]), None
    ):
        pending.remove(found)
        rest = rest[len(found) :]
    return titles + pictures + rest


def _titles(header: str, first: int) -> Iterator[Item]:
    for found in _TITLE.finditer(header):
        value = found[1].strip()
        line = first + header.count("\n", 0, found.start())
        if _BLOCK_SCALAR.match(value) or not value:
            block = re.match(r"(?:\n?[ \t]+[^\n]*|\n)+", header[found.end() :])
            value = block[0] if block else ""
        elif value[0] in "\"'":
            close = _QUOTED.match(header, found.start(1))
            value = close[0] if close else value
            if value.startswith("'") and not value.startswith("'''"):
                value = value[1:-1].replace("''", "'")
        escaped = re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), value)
        escaped = without_commands(escaped)
        shown = re.sub(r"<[^<>]*>|\\[nrt]", " ", escaped).replace("\\&", "&amp;")
        yield from words_of(html.unescape(shown), line)


def _main_part(markup: str) -> str:
    """Returns the page with all outside its only article or main part blanked, the lines kept."""
    for name in ("article", "main"):
        parts = list(re.finditer(rf"<{name}\b[^>]*>.*</{name}\s*>", markup, re.S | re.I))
        if len(parts) == 1:
            return "\n" * markup.count("\n", 0, parts[0].start()) + parts[0][0]
    return markup


def _export(folder: Path) -> Iterator[SourceText]:
    rows = _rows((folder / "posts.csv").read_bytes())
    for path in sorted((folder / "posts").glob("*.html")):
        yield _exported(f"posts/{path.name}", path.read_bytes(), rows)


def _archive(archive: zipfile.ZipFile) -> Iterator[SourceText]:
    names = [n for n in archive.namelist() if n.endswith(".html") and "/." not in n]
    lists = [n for n in archive.namelist() if n.rpartition("/")[2] == "posts.csv"]
    root = lists[0].rpartition("/")[0] if lists else ""
    rows = _rows(read_member(archive, lists[0])) if lists else {}
    for name in sorted(names):
        relative = name.removeprefix(f"{root}/") if root else name
        yield _exported(relative, read_member(archive, name), rows)


def _book(archive: zipfile.ZipFile) -> Iterator[SourceText]:
    """Yields the documents of an EPUB, without pages around the text, and without the lines above a title.

    Documents outside the reading order count if a link leads to them.
    """
    folder = posixpath.dirname(_package_name(archive))
    files = _BookFiles(archive)
    names = [name for name in map(files.find, epub_documents(archive)) if name]
    seen = set(names)
    for name in names:
        markup = decode(read_member(archive, name))
        for href in _HREF.findall(markup):
            other = files.find(_path_from(name, href))
            if other.lower().endswith(_PAGES) and other in files.manifest and other not in seen:
                seen.add(other)
                names.append(other)
        markup = _OPENER_LINE.sub("", markup)
        if _MATTER.search(markup) or _is_contents(markup):
            continue
        markup = _PAGE_MARK.sub("", markup)
        markup = _NOTE_MARK.sub("", _FORMULA.sub(r"\1", _NOTE_NUMBER.sub(r"\1", markup)))
        markup = _CARD_SOURCE.sub(r"\1", markup)
        items = strip_html(markup, is_product=False)
        placed = (_with_path(item, name, folder, files) for item in items)
        yield SourceText(name, tuple(placed))


def _is_contents(markup: str) -> bool:
    """Returns whether a page is a table of contents by its look: most of its words lead to other documents."""
    links = _LINK.findall(markup.partition("<body")[2])
    linked = sum(len(words_of(_TAG.sub(" ", text))) for _, text in links)
    words = len(words_of(_TAG.sub(" ", markup.partition("<body")[2])))
    return len({href for href, _ in links}) >= _FEW_LINKS and linked >= _OF_CONTENTS * words


def _packed(folder: Path) -> zipfile.ZipFile:
    """Returns an EPUB that was unpacked to a folder as an archive; of other files than XML, the names alone."""
    archive = zipfile.ZipFile(io.BytesIO(), "w")
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            is_text = path.suffix.lower() in (*_PAGES, ".opf", ".xml", ".ncx", ".svg")
            name = path.relative_to(folder).as_posix()
            archive.writestr(name, path.read_bytes() if is_text else b"")
    return archive


class _BookFiles:
    """The files of an EPUB, found by their names in any case and Unicode form, and those of its manifest."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._names = {_folded_path(name): name for name in reversed(archive.namelist())}
        self.manifest = frozenset(map(self.find, _manifest(archive).values()))

    def find(self, path: str) -> str:
        """Returns the name of a file; empty if there is none."""
        return self._names.get(_folded_path(path), "")


def _folded_path(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


def _path_from(document: str, href: str) -> str:
    address = unquote(href.partition("#")[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(document), address))


def _with_path(item: Item, document: str, folder: str, files: _BookFiles) -> Item:
    """Returns a picture with its path from the folder of the package document, a link to a document with its path.

    So the report of a conversion names them; other items are as they are.
    """
    address = item.value if item.kind is Kind.PICTURE else item.shown.partition("#")[0]
    if item.kind not in (Kind.PICTURE, Kind.LINK) or _SCHEME.match(address):
        return item
    path = _path_from(document, address)
    path = files.find(path) or path
    if item.kind is Kind.LINK:
        return item._replace(shown=path)
    return item._replace(value=posixpath.relpath(path, folder or "."))


def epub_documents(archive: zipfile.ZipFile) -> list[str]:
    """Returns the documents of an EPUB in reading order (EPUB 3.3, sections 4.2.6.3.1, 5.6 and 5.7), each once."""
    package = etree.fromstring(read_member(archive, _package_name(archive)), _xml_parser())
    files = _manifest(archive)
    wanted = (reference.get("idref") for reference in package.iter("{*}itemref"))
    return list(dict.fromkeys(files[name] for name in wanted if name in files))


def _manifest(archive: zipfile.ZipFile) -> dict[str, str]:
    """Returns the paths of the files of an EPUB by their ids in the manifest."""
    name = _package_name(archive)
    package = etree.fromstring(read_member(archive, name), _xml_parser())
    return {
        item.get("id", ""): _path_from(name, item.get("href", ""))
        for item in package.iter("{*}item")
    }


def _container(archive: zipfile.ZipFile) -> str:
    """Returns the name of the container document, at the top or in a folder that was packed; empty without one."""
    names = archive.namelist()
    inner = (
        n
        for n in names
        if n.endswith(f"/{_CONTAINER}") and n.count("/") == _CONTAINER.count("/") + 1
    )
    return _CONTAINER if _CONTAINER in names else next(inner, "")


def _package_name(archive: zipfile.ZipFile) -> str:
    name = _container(archive)
    container = etree.fromstring(read_member(archive, name), _xml_parser())
    path = unquote(next(container.iter("{*}rootfile")).get("full-path", ""))
    return name.removesuffix(_CONTAINER) + path


def _xml_parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, recover=True)


def read_member(archive: zipfile.ZipFile, name: str) -> bytes:
    """Returns a file of an archive. Raises ReadError if it is too large."""
    if archive.getinfo(name).file_size > _LARGEST:
        raise ReadError("is too large to be compared", source=name)
    return archive.read(name)


def _rows(data: bytes) -> dict[str, str]:
    """Returns the title and subtitle of each post of a posts.csv by its number."""
    csv.field_size_limit(_LARGEST)
    reader = csv.DictReader(io.StringIO(decode(data)))
    return {
        (row.get("post_id") or "").partition(".")[
            0
        ]: f"{row.get('title') or ''}\n{row.get('subtitle') or ''}"
        for row in reader
    }


def _exported(name: str, data: bytes, rows: dict[str, str]) -> SourceText:
    number = name.rpartition("/")[2].partition(".")[0]
    titles = words_of_title(rows.get(number, ""), 1)
    return SourceText(name, (*titles, *strip_html(decode(data), is_product=False)))


def archived_posts(archive: zipfile.ZipFile) -> Iterator[tuple[str, list[Item]]]:
    """Yields the posts of an archive that is a product: also what the data of their elements hold."""
    names = archive.namelist()
    lists = [n for n in names if n.rpartition("/")[2] == "posts.csv"]
    rows = _rows(read_member(archive, lists[0])) if lists else {}
    for name in sorted(n for n in names if n.endswith(".html")):
        number = name.rpartition("/")[2].partition(".")[0]
        page = strip_html(decode(read_member(archive, name)), is_product=True)
        yield name, [*words_of_title(rows.get(number, "")), *page]
