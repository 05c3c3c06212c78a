"""Gatsby's sites. Source: Gatsby's documentation (``gatsby-config``, ``gatsby-source-filesystem``).

The configuration is a program and is not run: what it says in literals is taken from it. The address of a post is made
by a program, too, so only that which a header names is known.
"""

from __future__ import annotations

from pathlib import Path

from ...lazy_pattern import lazy_pattern
from .generator import SiteFacts, SiteFile, SiteGenerator
from .settings_files import Settings, find_program, read_text
from .site_paths import first_text, own_path

_METADATA = lazy_pattern(r"\bsiteMetadata\s*:\s*\{(?P<inner>(?:[^{}]|\{[^{}]*\})*)\}")
_LITERAL = lazy_pattern(
    r"""(?<!\w)(title|description|siteUrl|author|name|language|lang)\s*:\s*(["'`])([^"'`$\n]+)\2"""
)
_FOLDER = lazy_pattern(r"""\bpath\s*:\s*["'`](?:\$\{__dirname\}/|\./)?([\w./-]+?)/?["'`]""")
_UNTOLD = frozenset({"images", "assets", "img", "static", "media"})
"""Folders that hold no posts."""


class Gatsby(SiteGenerator):
    """See the module."""

    name = "Gatsby"

    def settings_of_root(self, folder: Path) -> Settings | None:
        program = find_program(folder, "gatsby-config")
        if program is None:
            return None
        text = read_text(program)
        found: dict[str, object] = {"folders": _FOLDER.findall(text)}
        metadata = _METADATA.search(text)
        for name, _, value in _LITERAL.findall(metadata["inner"]) if metadata is not None else ():
            found.setdefault(name, value)
        return found

    def facts_of(self, root: Path, settings: Settings) -> SiteFacts:
        author = first_text(settings, "author", "name")
        listed = settings.get("folders")
        named = [str(one) for one in listed] if isinstance(listed, list) else []
        folders = [one for one in named if Path(one).name not in _UNTOLD and (root / one).is_dir()]
        return SiteFacts(
            title=first_text(settings, "title"),
            description=first_text(settings, "description"),
            authors=(author,) if author else (),
            language=first_text(settings, "language", "lang"),
            address=first_text(settings, "siteUrl").rstrip("/"),
            content=tuple(dict.fromkeys(folders)),
            pictures=("static",),
        )

    def path_on_site(self, root: Path, settings: Settings, facts: SiteFacts, file: SiteFile) -> str:
        return own_path(file.metadata, "path", "permalink")


GATSBY = Gatsby()
