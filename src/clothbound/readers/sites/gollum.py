"""Wikis of Gollum, GitHub and GitLab. Source: Gollum's documentation (page names, tags, sub-pages).

A wiki has no configuration. It is told by its first page with a part of all pages beside it, or by the name of its folder.
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from ...lazy_pattern import lazy_pattern
from ...model.slugs import MARKDOWN_FILES
from ..fences import CODE_SPAN, with_code
from .generator import OwnText, SiteFacts, SiteGenerator
from .settings_files import Settings

_HOME = "Home"
_PARTS = ("_Sidebar", "_Footer", "_Header")
_FOLDER = ".wiki"
"""The end of the names of repositories in which GitHub and GitLab keep wikis."""
_TAG = lazy_pattern(
    rf"{CODE_SPAN}|(?<![\[!])(?P<escaped>')?\[\[(?P<first>[^\[\]|\n]+)(?:\|(?P<rest>[^\[\]\n]*))?\]\]"
)
_PICTURE = lazy_pattern(r"[^\n]+\.(?:avif|bmp|gif|jpe?g|png|svg|webp)", re.I)
_ADDRESS = lazy_pattern(r"(?:https?|ftp|mailto):\S+", re.I)
_CONTENTS = lazy_pattern(r"_TOC_", re.I)
_OPTION = lazy_pattern(
    r"(?:alt|align|float|frame|height|width)(?:[ \t]*=[ \t]*(?P<value>.*))?", re.I
)


class Gollum(SiteGenerator):
    """See the module."""

    name = "Gollum"
    knows_parts = False

    def settings_of_root(self, folder: Path) -> Settings | None:
        if not _has(folder, _HOME):
            return None
        is_wiki = folder.name.endswith(_FOLDER) or any(_has(folder, name) for name in _PARTS)
        return {} if is_wiki else None

    def facts_of(self, root: Path, settings: Settings) -> SiteFacts:
        return SiteFacts(has_wikilinks=True)

    def as_markdown(
        self, root: Path, settings: Settings, facts: SiteFacts, post: OwnText
    ) -> OwnText:
        if "[[" not in post.text:
            return post
        lines = with_code(post.text.split("\n"))
        text = "\n".join(line if is_code else _TAG.sub(_written, line) for line, is_code in lines)
        return msgspec.structs.replace(post, text=text)


def _has(folder: Path, name: str) -> bool:
    return any((folder / f"{name}{extension}").is_file() for extension in MARKDOWN_FILES)


def _written(found: re.Match[str]) -> str:
    """Returns a tag as Markdown's: words stand before the page in it."""
    if found["first"] is None:
        return found[0]
    if found["escaped"]:
        return found[0][1:].replace("[", "\\[")
    first, rest = found["first"].strip(), (found["rest"] or "").strip()
    if _CONTENTS.fullmatch(first):
        return ""
    if _PICTURE.fullmatch(first) and (not rest or _OPTION.match(rest)):
        return _picture(first, rest)
    words, target = (first, rest) if rest else ("", first)
    if _ADDRESS.fullmatch(target):
        return f"[{words}](<{target}>)" if words else f"<{target}>"
    return f"[[{target}|{words}]]" if words else f"[[{target}]]"


def _picture(file: str, options: str) -> str:
    said = [_OPTION.fullmatch(one.strip()) for one in options.split("|")]
    alternative = next((o["value"] for o in said if o and o[0].lower().startswith("alt")), None)
    return f"![{alternative or ''}](<{file}>)"


GOLLUM = Gollum()
