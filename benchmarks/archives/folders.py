"""Reads folders of Markdown and reStructuredText as static site generators lay them out, and EPUB books, without clothbound."""

from __future__ import annotations

import json
import posixpath
import re
import tomllib
import zipfile
from datetime import date, datetime
from html import unescape
from pathlib import Path, PurePosixPath
from textwrap import dedent
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import yaml

from .facts import Fact, Source, read_html, read_markdown

MARKDOWN = (".md", ".markdown", ".mkd", ".mdx", ".qmd", ".rmd", ".text", ".txt")
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif")
MARKER = re.compile(r"\b[A-Z]+(?:-[A-Z]+)*-SECRET\b")
_LANGUAGE = re.compile(
    r"^\s*(?:languageCode|default_language|DEFAULT_LANG|lang|locale|language)\s*[:=]\s*['\"]?"
    r"([A-Za-z]{2,3}(?:[-_][A-Za-z]+)?)\b", re.M)  # fmt: skip
_TAGS = ("tags", "tag", "categories", "category", "topics")


def files_of(root: Path, patterns: list[str]) -> list[Path]:
    found = {path for pattern in patterns for path in root.glob(pattern) if path.is_file()}
    return sorted(found)


def header_of(text: str) -> tuple[dict[str, Any], str]:
    """The header of a post, in YAML, TOML, JSON, ``Key: value`` lines or pandoc's title block, and the rest."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if match := re.match(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$\n?", text, re.S | re.M):
        try:
            found = yaml.load(match[1], yaml.BaseLoader)
        except yaml.YAMLError:
            found = None
        if isinstance(found, dict):
            return {str(k).lower(): v for k, v in found.items()}, text[match.end() :]
        return {}, text[match.end() :]
    if match := re.match(r"\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*$\n?", text, re.S | re.M):
        return {k.lower(): v for k, v in tomllib.loads(match[1]).items()}, text[match.end() :]
    if text.startswith("{\n"):
        found, end = json.JSONDecoder().raw_decode(text)
        return {k.lower(): v for k, v in found.items()}, text[end:]
    if text.startswith("% "):
        head, _, rest = text.partition("\n\n")
        fields = [" ".join(f.split()) for f in re.split(r"^%", head, flags=re.M)[1:]]
        return dict(zip(("title", "author", "date"), fields, strict=False)), rest
    head, _, rest = text.partition("\n\n")
    lines = re.findall(r"^([A-Za-z][\w -]*):[ \t]*((?:.*)(?:\n[ \t]+\S.*)*)$", head, re.M)
    if lines and {key.lower() for key, _ in lines} & {"title", "date", "author", "slug"}:
        return {key.lower(): " ".join(value.split()) for key, value in lines}, rest
    return {}, text


def rst_header(text: str) -> tuple[dict[str, Any], str]:
    """Title and fields of reStructuredText."""
    title = re.match(r"\s*(?:[#=*~-]+\n)?(\S.*)\n[#=*~-]{3,}\n", text)
    fields = {k.lower(): v.strip() for k, v in re.findall(r"^:(\w+):[ \t]*(.*)$", text, re.M)}
    return ({"title": title[1].strip()} if title else {}) | fields, text


def read_rst(fact: Fact, text: str) -> None:
    """Adds links, pictures and listings of a text in reStructuredText to a post."""
    fact.pictures += re.findall(r"^[ ]*\.\. (?:image|figure|thumbnail):: (\S+)", text, re.M)
    fact.links += re.findall(r"`[^`<>]*<([^<>]+[^_<>])>`__?", text)
    code = r"^\.\. (?:code|code-block|sourcecode)::.*\n(?:[ ]+:.*\n)*\n+((?:[ ]+\S.*\n?|[ ]*\n)+)"
    fact.code += [dedent(found).strip("\n") for found in re.findall(code, text, re.M)]


def _texts(value: Any, comma: bool) -> list[str]:
    if isinstance(value, dict):
        value = value.get("name") or ""
    if isinstance(value, list):
        return [text for item in value for text in _texts(item, comma=False)]
    text = str(value or "").strip()
    if comma:
        return [part.strip() for part in text.split(";" if ";" in text else ",") if part.strip()]
    return [text] if text else []


def _day(value: Any) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()[:10]
    text = str(value or "").strip()
    if match := re.match(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", text):
        return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"
    return ""


def _truth(value: Any) -> bool | None:
    text = str(value).strip().lower()
    return (
        True
        if text in ("true", "yes", "on", "1")
        else False
        if text in ("false", "no", "off", "0")
        else None
    )


def folder(
    root: Path,
    patterns: list[str],
    *,
    wikilinks: bool = False,
    jekyll: bool = False,
    in_bundles: bool = False,
) -> Source:
    """Reads the posts at ``patterns``.

    ``jekyll``: tags in one text are parted by spaces, and a file without a header, or one that only
    forwards, is not a post. ``in_bundles``: a file beside ``index.md`` belongs to that page.
    """
    base = root if root.is_dir() else root.parent
    paths = files_of(root, patterns) if root.is_dir() else [root]
    posts: list[Fact] = []
    for path in paths:
        name = path.relative_to(base).as_posix()
        bundle = any(path.parent.glob("index*.md")) and not path.name.startswith("index")
        if bundle and in_bundles:
            continue
        text = path.read_text("utf-8", errors="replace")
        is_rst, is_html = path.suffix == ".rst", path.suffix == ".html"
        head, body = rst_header(text) if is_rst else header_of(text)
        if is_html and not head:
            metas = re.findall(r"<meta name=\"(\w+)\" content=\"([^\"]*)\"", text)
            title = re.search(r"<title>(.*?)</title>", text, re.S)
            head = {k.lower(): v for k, v in metas} | ({"title": title[1]} if title else {})
        if jekyll and (not head or "redirect_to" in head):
            continue
        fact = Fact({name}, body=body)
        lines = path.suffix == ".rst" or not text.lstrip().startswith(("---", "+++", "{"))
        title = head.get("title") or ""
        fact.title = " ".join(unescape(title).split()) if isinstance(title, str) else ""
        dates = ("date", "pubdate", "publishdate", "publish_date", "published", "created")
        fact.date = next((day for key in dates if (day := _day(head.get(key)))), "")
        for place in (name, str(head.get("path") or "")):
            found = re.search(r"(?:^|/)(\d{4}[-/]\d{1,2}[-/]\d{1,2})(?:[-_/]|$)", place)
            fact.date = fact.date or (_day(found[1]) if found else "")
        fact.authors = _texts(head.get("authors") or head.get("author"), comma=lines)
        for key in _TAGS:
            value = head.get(key)
            if jekyll and isinstance(value, str) and key in ("tags", "categories"):
                value = value.split()
            fact.tags += _texts(value, comma=lines)
        taxonomies = head.get("taxonomies") or {}
        fact.tags += (
            [tag for values in taxonomies.values() for tag in values]
            if isinstance(taxonomies, dict)
            else []
        )
        suffix = re.search(r"\.([a-z]{2}(?:-[a-z]{2})?)\.[a-z]+$", name)
        named = [
            head[key] for key in ("lang", "language", "locale") if isinstance(head.get(key), str)
        ]
        fact.language = named[0] if named else suffix[1] if suffix else ""
        image = next(
            (
                head[k]
                for k in ("image", "cover", "featured_image", "heroimage", "hero", "thumbnail")
                if head.get(k)
            ),
            "",
        )
        image = (
            (image.get("src") or image.get("url") or image.get("image"))
            if isinstance(image, dict)
            else image
        )
        fact.cover = image if isinstance(image, str) and re.search(r"\.\w{3,4}$", image) else ""
        status = str(head.get("status") or "").lower()
        fact.is_private = (
            _truth(head.get("draft")) is True
            or _truth(head.get("published")) is False
            or status in ("draft", "skip", "private", "pending")
            or "_drafts/" in name
            or bool(MARKER.search(text))
        )
        if is_html:
            read_html(fact, body)
        elif is_rst:
            read_rst(fact, body)
        else:
            read_markdown(fact, body, has_wikilinks=wikilinks)
        fact.pictures = [
            p
            for p in fact.pictures
            if wikilinks
            or not (p.startswith("..") or "/" not in p)
            or (path.parent / unquote(p)).exists()
        ]
        posts.append(fact)
    _lead(posts, wikilinks=wikilinks)
    pictures = {p.name for p in base.rglob("*") if p.suffix.lower() in PICTURES}
    settings = [
        p
        for p in base.glob("*")
        if p.suffix in (".toml", ".yml", ".yaml", ".py", ".json") and p.is_file()
    ]
    found_language = [
        m[1] for p in settings if (m := _LANGUAGE.search(p.read_text("utf-8", errors="replace")))
    ]
    return Source(
        posts, language=found_language[0] if found_language else "", picture_names=pictures
    )


_CALL = re.compile(
    r"\{[{%][<%]?-?\s*(?:post_url|link|relref|ref)\s+(?:path=)?[\"']?([^\"'%}\s>]+)[\"']?.*?[}%]\}",
    re.S,
)


def _stem(name: str) -> str:
    """The part of a path by which generators know a post: ``2024-01-02-name.md`` and ``name/index.md`` are ``name``."""
    path = PurePosixPath(name)
    stem = re.sub(r"\.[a-z]{2}(-[a-z]{2})?$", "", re.sub(r"\.\w+$", "", path.name))
    if stem.lower() == "index" and path.parent.name:
        stem = path.parent.name
    return re.sub(r"^\d{4}-\d{1,2}-\d{1,2}[-_]", "", stem).lower()


def _lead(posts: list[Fact], *, wikilinks: bool) -> None:
    """Follows links by path, or by the last part of an address where only one post has that name."""
    by_path = {next(iter(f.names)): f for f in posts}
    by_stem: dict[str, list[Fact]] = {}
    for name, fact in by_path.items():
        by_stem.setdefault(_stem(name), []).append(fact)
    for name, fact in by_path.items():
        for link in fact.links:
            if re.match(r"[a-z]+:", link) or link.startswith(("#", "//")):
                continue
            call = _CALL.match(link)
            address = unquote((call[1] if call else link).split("#")[0].split("?")[0]).strip("{}")
            address = re.sub(r"^(?:\{?(?:filename|relref|ref)\}?|\|filename\||@)", "", address)
            if not address or address.lower().endswith(PICTURES):
                continue
            target = None
            for start in (posixpath.dirname(name), "", "content", "src", "docs", "src/data/post"):
                path = posixpath.normpath(
                    posixpath.join(
                        start, address.lstrip("/") if start != posixpath.dirname(name) else address
                    )
                )
                target = target or next(
                    (
                        by_path[p]
                        for p in (path, f"{path}.md", f"{path}/index.md", f"{path}/index.qmd")
                        if p in by_path
                    ),
                    None,
                )
            if target is None and (
                call or wikilinks or not address.lower().endswith((*MARKDOWN, ".html"))
            ):
                same = by_stem.get(_stem(f"{address.rstrip('/')}.x"), [])
                whole = [
                    p
                    for p in same
                    if address.strip("/").rpartition("/")[0] == ""
                    or call
                    or wikilinks
                    or _below(p, address)
                ]
                target = whole[0] if len(whole) == 1 else None
            if target is not None:
                target = by_path.get(_in_language(name, next(iter(target.names))), target)
            if target is not None and target is not fact:
                fact.inner.append(next(iter(target.names)))


def _in_language(name: str, target: str) -> str:
    """The path of the same post in the language of the file that links to it: ``index.fr.md``."""
    suffix = re.search(r"(\.[a-z]{2}(?:-[a-z]{2})?)\.\w+$", name)
    return re.sub(r"(\.\w+)$", rf"{suffix[1]}\1", target) if suffix else target


def _below(fact: Fact, address: str) -> bool:
    """Whether the last two folders of an address stand in the path of a post."""
    return PurePosixPath(address.strip("/")).parent.name in next(iter(fact.names)).split("/")


def epub(path: Path) -> Source:
    """An EPUB by its package document and its navigation: a post for each document that the contents name.

    Links, pictures and listings are those of the whole book, since readers may part and join its documents.
    """
    with zipfile.ZipFile(path) as archive:
        container = ElementTree.fromstring(archive.read("META-INF/container.xml"))
        package_name = next(
            e.get("full-path") or "" for e in container.iter() if e.tag.endswith("}rootfile")
        )
        package = ElementTree.fromstring(archive.read(package_name))
        base = posixpath.dirname(package_name)
        items = {e.get("id"): e for e in package.iter() if e.tag.endswith("}item")}
        language = next((e.text or "" for e in package.iter() if e.tag.endswith("}language")), "")
        creators = [e for e in package.iter() if e.tag.endswith("}creator")]
        roles = {
            (e.get("refines") or "")[1:]: e.text
            for e in package.iter()
            if e.get("property") == "role"
        }
        authors = [
            e.text or ""
            for e in creators
            if (
                roles.get(e.get("id") or "") or e.get("{http://www.idpf.org/2007/opf}role") or "aut"
            )
            == "aut"
        ]
        labels: dict[str, str] = {}
        for item in items.values():
            name = posixpath.normpath(posixpath.join(base, unquote(item.get("href") or "")))
            kind = item.get("media-type") or ""
            if "ncx" not in kind and "nav" not in (item.get("properties") or ""):
                continue
            page = ElementTree.fromstring(re.sub(rb"<!DOCTYPE[^>]*>", b"", archive.read(name)))
            for label, target in _lines(page):
                labels.setdefault(
                    posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(target))),
                    label,
                )
        pictures = {
            posixpath.basename(n) for n in archive.namelist() if n.lower().endswith(PICTURES)
        }
        shown = [
            posixpath.basename(unquote(source))
            for e in items.values()
            if (e.get("media-type") or "").endswith(("html", "html+xml"))
            and "nav" not in (e.get("properties") or "")
            for source in re.findall(
                r"<img\b[^>]*src=\"([^\"]+)\"",
                archive.read(
                    posixpath.normpath(posixpath.join(base, unquote(e.get("href") or "")))
                ).decode("utf-8", "replace"),
            )
        ]
    posts = [Fact({name}, title=label, language=language) for name, label in labels.items()]
    return Source(posts, language=language, picture_names=pictures, authors=authors, pictures=shown)


def _lines(page: ElementTree.Element) -> list[tuple[str, str]]:
    """The labels of a table of contents with their targets."""
    found = []
    for point in page.iter():
        if point.tag.endswith("}navPoint"):
            label = next((e for e in point.iter() if e.tag.endswith("}text")), None)
            content = next((e for e in point if e.tag.endswith("}content")), None)
            if label is not None and content is not None:
                found.append((label.text or "", content.get("src") or ""))
    for nav in page.iter():
        if nav.tag.endswith("}nav") and any(v == "toc" for v in nav.attrib.values()):
            found += [
                ("".join(a.itertext()), a.get("href") or "")
                for a in nav.iter()
                if a.tag.endswith("}a")
            ]
    return found
