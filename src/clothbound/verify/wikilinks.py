"""Tells whether names in double brackets are links in a folder, by the settings of the site that it is in.

Written from the documentation of jekyll-wikilinks, of the plug-ins of MkDocs and of Python-Markdown.
"""

from __future__ import annotations

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
    r"(?m)^[ \t]*(?:wikilinks:[ \t]*false|wiki(?:links|refs):[ \t]*\n[ \t]+enabled:[ \t]*false)\b"
)
_GARDEN = "_plugins/bidirectional_links_generator.rb"


def names_are_links(folder: Path) -> bool:
    """Returns whether the nearest site that holds a folder makes links of names in double brackets."""
    for place in (folder, *folder.resolve().parents[:_ABOVE]):
        for name, sign in _SIGNS.items():
            if (place / name).is_file():
                text = (place / name).read_text("utf-8", "replace")
                is_said = sign.search(text) is not None or (place / _GARDEN).is_file()
                return is_said and _OFF.search(text) is None
    return False
