"""Sites of VitePress and VuePress. Source: their documentation (site config, frontmatter, Markdown extensions).

The configuration is a program and is not run: what it says in literals is taken from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from ...lazy_pattern import lazy_pattern
from ...model.publication import Publication
from .asides import asides_as_callouts
from .emoji_names import with_emoji
from .generator import OwnText, SiteFacts, SiteFile, SiteGenerator, SiteTexts, hide
from .inserted_files import FileInserter, NamedFile
from .outside_code import rewrite_words
from .program_literals import LITERAL, fits_any, list_patterns, text_of, without_comments
from .settings_files import Settings, find_program, list_texts, read_text
from .site_paths import first_text, inner_path

_FOLDERS = (".vitepress", ".vuepress", "docs/.vitepress", "docs/.vuepress")
_LITERAL = lazy_pattern(
    rf"(?m)^ {{0,4}}(title|description|lang|base|srcDir|cleanUrls)\s*:\s*(?:({LITERAL})|(true))"
)
_LISTS = frozenset({"home", "page"})
"""The layouts of pages that show no text of their own."""
_OF_HEADER = lazy_pattern(r"\{\{\s*\$(?:page\.)?frontmatter\.(?P<key>\w+)\s*\}\}")
_BADGE = lazy_pattern(r"<Badge\b[^<>\n]*?\btext=\"(?P<text>[^\"\n]*)\"[^<>\n]*?/>")
_INCLUDED = lazy_pattern(
    r"[ \t]*+<!--[ \t]*+@include:[ \t]*+(?P<file>[^\s{}#]+)(?:#(?P<region>[\w-]+))?[ \t]*+"
    r"(?:\{(?P<first>\d*+)[ \t]*+(?P<many>[,-]?)[ \t]*+(?P<last>\d*+)\})?[ \t]*+-->[ \t]*+"
)
_CODE_FILE = lazy_pattern(
    r"[ \t]*+<<<[ \t]*+(?P<file>[^\s{#\[]++)(?:#(?P<region>[\w-]++))?+[ \t]*+"
    r"(?:\{(?:[\d,-]*+[ \t]++)?+(?P<language>[A-Za-z][\w+-]*+)?+[^{}\n]*+\})?+[ \t]*+(?:\[[^\[\]\n]*+\])?+[ \t]*+"
)


class VitePress(SiteGenerator):
    """See the module."""

    name = "VitePress"

    def settings_of_root(self, folder: Path) -> Settings | None:
        programs = (find_program(folder / place, "config") for place in _FOLDERS)
        program = next(filter(None, programs), None)
        if program is None:
            return None
        found: dict[str, Any] = {}
        text = without_comments(read_text(program))
        for name, literal, flag in _LITERAL.findall(text):
            found.setdefault(name, text_of(literal) or flag)
        found["srcExclude"] = list_patterns(text, "srcExclude")
        folder_of_posts = program.parent.parent / found.get("srcDir", "").strip("./")
        if not folder_of_posts.is_relative_to(folder):
            return found
        return {**found, "folder": folder_of_posts.relative_to(folder).as_posix().strip(".")}

    def facts_of(self, root: Path, settings: Settings) -> SiteFacts:
        base = first_text(settings, "base").strip("/")
        folder = first_text(settings, "folder")
        return SiteFacts(
            title=first_text(settings, "title"),
            description=first_text(settings, "description"),
            language=first_text(settings, "lang"),
            path=f"/{base}" if base else "",
            content=(folder,) if folder and (root / folder).is_dir() else (),
            pictures=(f"{folder}/public".strip("/"), f"{folder}/.vuepress/public".strip("/")),
        )

    def why_left_out(self, root: Path, settings: Settings, file: SiteFile) -> str:
        is_list = (
            file.metadata.extra.get("layout") in _LISTS or file.metadata.extra.get("home") is True
        )
        return "page that lists others" if is_list else ""

    def path_on_site(self, root: Path, settings: Settings, facts: SiteFacts, file: SiteFile) -> str:
        folder = first_text(settings, "folder")
        inner = inner_path(file.path, folder)
        path = f"/{inner.with_suffix('').as_posix()}"
        if path.rpartition("/")[2].lower() in ("index", "readme"):
            return path.rpartition("/")[0] + "/"
        return path if settings.get("cleanUrls") else f"{path}.html"

    def as_markdown(
        self, root: Path, settings: Settings, facts: SiteFacts, post: OwnText
    ) -> OwnText:
        if "<<<" in post.text or "@include" in post.text:
            folder = first_text(settings, "folder")
            is_shown = partial(post.source.is_shown, SiteTexts(self.name))
            inserter = FileInserter(root, folder, is_shown, lambda text: (text, _named_file))
            post = inserter.insert(post)
        text = with_emoji(asides_as_callouts(post.text))
        if "{{" in text:
            text = rewrite_words(text, _OF_HEADER, partial(_value, post.header))
        if "<Badge" in text:
            text = _BADGE.sub(r"\g<text>", text)
        return msgspec.structs.replace(post, text=text)

    def list_restrictions(
        self, root: Path, settings: Settings, file: SiteFile
    ) -> Iterator[Publication | None]:
        folder = first_text(settings, "folder")
        inner = inner_path(file.path, folder)
        yield hide("srcExclude", fits_any(inner.as_posix(), list_texts(settings.get("srcExclude"))))


def _value(header: Mapping[str, object], found: re.Match[str]) -> str:
    value = header.get(found["key"])
    return str(value) if isinstance(value, (str, int, float)) else found[0]


def _named_file(line: str, is_code: bool) -> NamedFile | None:
    """Returns the file that a line inserts: ``<!--@include: ./part.md{2,5}-->``, ``<<< @/code.js#region``."""
    if is_code:
        return None
    if "@include" in line and (found := _INCLUDED.fullmatch(line)) is not None:
        first = int(found["first"] or 1)
        last = int(found["last"]) if found["last"] else None if found["many"] else first
        return NamedFile(
            found["file"],
            first,
            last if found["many"] or found["first"] else None,
            found["region"] or "",
        )
    if "<<<" in line and (found := _CODE_FILE.fullmatch(line)) is not None:
        language = found["language"] or PurePosixPath(found["file"]).suffix[1:]
        return NamedFile(found["file"], region=found["region"] or "", language=language)
    return None


VITEPRESS = VitePress()
