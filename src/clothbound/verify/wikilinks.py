"""Tells whether names in double brackets are links in a folder, by the settings of the site that it is in.

Written from the documentation of jekyll-wikilinks, of the plug-ins of MkDocs, of Python-Markdown, of Quartz and of Gollum.
"""

from __future__ import annotations

import re
from pathlib import Path

from ..lazy_pattern import lazy_pattern

_ABOVE = 6
_OF_JEKYLL = lazy_pattern(r"(?m)^[^#\n]*\bjekyll[-_]wiki(?:links|refs)\b")
_OF_MKDOCS = lazy_pattern(
    r"(?m)^[ \t]*(?:-[ \t]*)?[\"']?(?:roamlinks|ezlinks|obsidian-bridge|mdx_wikilink_plus|(?:markdown\.extensions\.)?wikilinks)"
    r"[\"']?[ \t]*(?::|#|$)"
)
_SIGNS = {
    **dict.fromkeys(("_config.yml", "_config.yaml", "_config.toml"), _OF_JEKYLL),
    **dict.fromkeys(("mkdocs.yml", "mkdocs.yaml"), _OF_MKDOCS),
}
"""What the settings of a site say that has such links, by the names of their files."""
_OFF = lazy_pattern(
    r"(?m)^[ \t]*(?:wikilinks:[ \t]*false\b|wiki(?:links|refs):[ \t]*\n(?P<indent>[ \t]+)(?:(?!enabled:)[^\n]*\n"
    r"(?:(?P=indent)[ \t]+[^\n]*\n)*(?P=indent)(?=\S))*enabled:[ \t]*false\b)"
)
_GARDEN = "_plugins/bidirectional_links_generator.rb"
_QUARTZ = "quartz.config.*"
_WIKI = ("_Sidebar.", "_Footer.", "_Header.")
_TAG = lazy_pattern(
    r"(`+)[^`\n]+\1|^(?:```|~~~).*?^(?:```|~~~)[^\n]*$|('?)\[\[([^\[\]|\n]+)(?:\|([^\[\]\n]*))?\]\]",
    re.M | re.S,
)
_PICTURE = lazy_pattern(r"[^\n]+\.(?:avif|bmp|gif|jpe?g|png|svg|webp)", re.I)
_ALTERNATIVE = lazy_pattern(r"\balt[ \t]*=[ \t]*([^|]*)")


def names_are_links(folder: Path) -> bool:
    """Returns whether the nearest site that holds a folder makes links of names in double brackets."""
    for place in (folder, *folder.resolve().parents[:_ABOVE]):
        for name, sign in _SIGNS.items():
            if (place / name).is_file():
                text = (place / name).read_text("utf-8", "replace")
                is_said = sign.search(text) is not None or (place / _GARDEN).is_file()
                return is_said and _OFF.search(text) is None
    return False


def is_garden_of_quartz(folder: Path) -> bool:
    """Returns whether a folder is in a site of Quartz, whose notes are those of a vault of Obsidian."""
    places = (folder, *folder.resolve().parents[:_ABOVE])
    return any(next(place.glob(_QUARTZ), None) is not None for place in places)


def is_in_wiki(folder: Path) -> bool:
    """Returns whether a folder is in a wiki of Gollum, which has a first page and parts of all pages."""
    for place in (folder, *folder.resolve().parents[:_ABOVE]):
        names = [path.name for path in place.glob("[H_]*.m*")]
        if any(name.startswith("Home.") for name in names):
            return place.name.endswith(".wiki") or any(name.startswith(_WIKI) for name in names)
    return False


def without_tags_of_wiki(text: str) -> str:
    """Returns a page of a wiki with the words of its tags alone: they stand before the page to which a tag leads."""
    return _TAG.sub(_shown, text)


def _shown(found: re.Match[str]) -> str:
    first, rest = (found[3] or "").strip(), found[4] or ""
    if not first or found[2]:
        return found[0].removeprefix("'")
    if first.upper() == "_TOC_":
        return ""
    if _PICTURE.fullmatch(first):
        alternative = _ALTERNATIVE.search(rest)
        return f"![{alternative[1] if alternative else ''}](<{first}>)"
    if "://" in (rest or first):
        return f"[{first}](<{rest.strip()}>)" if rest else f"<{first}>"
    return first
