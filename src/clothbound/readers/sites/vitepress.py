"""Sites of VitePress and VuePress. Source: their documentation (site config, frontmatter, Markdown extensions).

The configuration is a program and is not run: what it says in literals is taken from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import msgspec

from ...diagnostics import DiagnosticCode, LineDiagnostic
from ...lazy_pattern import lazy_pattern
from .asides import asides_as_callouts
from .emoji_names import with_emoji
from .generator import OwnText, SiteFacts, SiteFile, SiteGenerator
from .outside_code import rewrite_lines, rewrite_words
from .settings_files import Settings, find_program, read_text
from .site_paths import first_text

_FOLDERS = (".vitepress", ".vuepress", "docs/.vitepress", "docs/.vuepress")
_LITERAL = lazy_pattern(
    r"""(?m)^ {0,4}(title|description|lang|base|srcDir|cleanUrls)\s*:\s*(?:(["'`])([^"'`$\n]*)\2|(true))"""
)
_LISTS = frozenset({"home", "page"})
"""The layouts of pages that show no text of their own."""
_OF_HEADER = lazy_pattern(r"\{\{\s*\$(?:page\.)?frontmatter\.(?P<key>\w+)\s*\}\}")
_BADGE = lazy_pattern(r"<Badge\b[^<>\n]*?\btext=\"(?P<text>[^\"\n]*)\"[^<>\n]*?/>")
_CODE_FILE = lazy_pattern(
    r"[ \t]*<<<[ \t]*(?P<at>@/)?(?P<file>[^\s{#\[]+)(?:#[\w-]+)?[ \t]*(?:\{[^{}\n]*\})?[ \t]*(?:\[[^\[\]\n]*\])?[ \t]*"
)


class VitePress(SiteGenerator):
    """See the module."""

    name = "VitePress"

    def settings_of_root(self, folder: Path) -> Settings | None:
        programs = (find_program(folder / place, "config") for place in _FOLDERS)
        program = next(filter(None, programs), None)
        if program is None:
            return None
        found: dict[str, str] = {}
        for name, _, value, flag in _LITERAL.findall(read_text(program)):
            found.setdefault(name, value or flag)
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
        inner = file.path.relative_to(folder) if file.path.is_relative_to(folder) else file.path
        path = f"/{inner.with_suffix('').as_posix()}"
        if path.rpartition("/")[2].lower() in ("index", "readme"):
            return path.rpartition("/")[0] + "/"
        return path if settings.get("cleanUrls") else f"{path}.html"

    def as_markdown(
        self, root: Path, settings: Settings, facts: SiteFacts, post: OwnText
    ) -> OwnText:
        text = with_emoji(asides_as_callouts(post.text))
        if "{{" in text:
            text = rewrite_words(text, _OF_HEADER, partial(_value, post.header))
        if "<Badge" in text:
            text = _BADGE.sub(r"\g<text>", text)
        if "<<<" in text:
            text = rewrite_lines(text, _CODE_FILE, lambda found: f"`{found[0].strip()}`")
        findings = tuple(_name_files(text, post.first_line))
        return msgspec.structs.replace(post, text=text, findings=(*post.findings, *findings))


def _value(header: Mapping[str, object], found: re.Match[str]) -> str:
    value = header.get(found["key"])
    return str(value) if isinstance(value, (str, int, float)) else found[0]


def _name_files(text: str, first_line: int) -> Iterator[LineDiagnostic]:
    """Yields the lines that insert a file of code, of which the name is kept."""
    for number, line in enumerate(text.split("\n") if "`<<<" in text else (), first_line):
        if line.startswith("`<<<"):
            message = f"the file of code in {line.strip('`')!r} is not inserted; its name was kept"
            yield DiagnosticCode.SHORTCODE_KEPT, message, number


VITEPRESS = VitePress()
