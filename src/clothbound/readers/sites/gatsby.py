"""Gatsby's sites. Sources: Gatsby's documentation (``gatsby-config``, ``gatsby-source-filesystem``), and the readmes of
``gatsby-remark-embed-video``, ``gatsby-remark-embed-gist``, ``gatsby-remark-embed-snippet`` and ``gatsby-remark-oembed``.

The configuration is a program and is not run: what it says in literals is taken from it. The address of a post is made
by a program, too, so only that which a header names is known.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path, PurePosixPath

import msgspec

from ...lazy_pattern import lazy_pattern
from .generator import OwnText, SiteFacts, SiteFile, SiteGenerator, SiteTexts
from .inserted_files import FileInserter, NamedFile
from .outside_code import rewrite_lines
from .program_literals import LITERAL, text_of, without_comments
from .settings_files import Settings, find_program, read_text
from .site_paths import first_text, own_path

_METADATA = lazy_pattern(r"\bsiteMetadata\s*:\s*\{(?P<inner>(?:[^{}]|\{[^{}]*\})*)\}")
_TEXT = lazy_pattern(
    rf"""(?<!\w)(title|description|siteUrl|author|name|language|lang)["']?\s*:\s*({LITERAL})""",
    re.S,
)
_FOLDER = lazy_pattern(r"""\bpath\s*:\s*["'`](?:\$\{__dirname\}/|\./)?([\w./-]+?)/?["'`]""")
_EMBED = lazy_pattern(
    r"[ \t]*`(?P<name>youtube|vimeo|video|oembed|gist|twitch|twitchlive|videopress|bilibili):[ \t]*(?P<said>[^\s`]+)`[ \t]*"
)
"""Matches a player as ``gatsby-remark-embed-video`` has it, and what its like have: code alone in its line."""
_SNIPPET = lazy_pattern(r"[ \t]*`embed:(?P<file>[^\s`{}]+)(?:\{[^{}`\n]*\})?`[ \t]*")
_SNIPPETS = lazy_pattern(r"""\bdirectory\s*:\s*["'`](?:\$\{__dirname\}/|\./)?([\w./-]+?)/?["'`]""")
_UNTOLD = frozenset({"images", "assets", "img", "static", "media"})
"""Folders that hold no posts."""


class Gatsby(SiteGenerator):
    """See the module."""

    name = "Gatsby"
    knows_parts = False

    def settings_of_root(self, folder: Path) -> Settings | None:
        program = find_program(folder, "gatsby-config")
        if program is None:
            return None
        text = without_comments(read_text(program))
        found: dict[str, object] = {"folders": _FOLDER.findall(text)}
        if (snippets := _SNIPPETS.search(text)) is not None:
            found["snippets"] = snippets[1]
        metadata = _METADATA.search(text)
        for name, literal in _TEXT.findall(metadata["inner"]) if metadata is not None else ():
            found.setdefault(name, text_of(literal))
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

    def as_markdown(
        self, root: Path, settings: Settings, facts: SiteFacts, post: OwnText
    ) -> OwnText:
        if "embed:" in post.text:
            is_shown = partial(post.source.is_shown, SiteTexts(self.name))
            find = partial(_named_code, first_text(settings, "snippets"))
            inserter = FileInserter(root, "", is_shown, lambda text: (text, find))
            post = inserter.insert(post)
        text = rewrite_lines(post.text, _EMBED, _player)
        return post if text == post.text else msgspec.structs.replace(post, text=text)

    def path_on_site(self, root: Path, settings: Settings, facts: SiteFacts, file: SiteFile) -> str:
        return own_path(file.metadata, "path", "permalink")


def _named_code(folder: str, line: str, is_code: bool) -> NamedFile | None:
    """Returns the file of ``embed:part.js``, which stands in code alone in its line. It lies beside the post, unless the
    configuration names a folder.
    """
    found = None if is_code else _SNIPPET.fullmatch(line)
    if found is None:
        return None
    name = found["file"].lstrip("/")
    path = PurePosixPath(folder) / name if folder else None
    return NamedFile(name, language=PurePosixPath(name).suffix[1:], path=path)


def _player(found: re.Match[str]) -> str:
    """Returns a player, a card or a snippet as the shortcode of its service."""
    name, said = found["name"].lower(), found["said"]
    is_named = name in ("gist", "video", "vimeo", "youtube") or "://" not in said
    return (
        f"{{{{< {'embed' if name == 'oembed' else name} {said} >}}}}" if is_named else f"<{said}>"
    )


GATSBY = Gatsby()
