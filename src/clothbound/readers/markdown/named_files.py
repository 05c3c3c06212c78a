"""Shows the files that texts of Docsify and Zine name: ``[words](part.md ':include')``, ``[words]($code.asset("a.zig"))``.

Sources: Docsify's documentation ("Embed Files"), and Zine's (the reference of its directives).
"""

from __future__ import annotations

from functools import partial
from pathlib import Path, PurePosixPath

import msgspec

from ...lazy_pattern import lazy_pattern
from ...model.post import Base
from ...model.slugs import MARKDOWN_FILES
from ..sites.generator import OwnText, SiteTexts
from ..sites.inserted_files import FileInserter, NamedFile

_OF_DOCSIFY = lazy_pattern(
    r"[ \t]*\[[^\[\]\n]*\]\((?P<file>[^\s()'\":]+)[ \t]+['\"]:include\b(?P<said>[^'\"\n]*)['\"]\)[ \t]*"
)
_TYPE = lazy_pattern(r":type=(?P<type>\w+)(?:[ \t]+(?P<language>\w+))?")
_OF_ZINE = lazy_pattern(
    r"[ \t]*\[(?P<words>[^\[\]\n]*)\]\(<?[ \t]*\$code\.(?P<place>asset|siteAsset)\([ \t]*[\"'](?P<file>[^\"'\n]+)[\"'][ \t]*\)"
    r"(?P<said>[^<>\n]*?)>?\)[ \t]*"
)
_LANGUAGE = lazy_pattern(r"\.language\([ \t]*[\"']([\w+#-]+)[\"']")
_ASSETS = "assets"
"""The folder of a site's files, unless Zine's configuration names another."""
_NO_CODE = frozenset({".html", ".htm", ".mp4", ".ogg", ".mp3", ".webm", ".pdf"})
"""The endings of files that Docsify shows by a frame or a player."""


def with_named_files(post: OwnText, base: Base, site: SiteTexts) -> OwnText:
    """Returns a text with the files that it names on lines of their own; ``base`` is the place of the post."""
    root = Path(base.root or base.path).resolve()
    name = PurePosixPath(post.metadata.source).name
    path = PurePosixPath((Path(base.path).resolve() / name).relative_to(root).as_posix())
    is_shown = partial(post.source.is_shown, site)
    inserter = FileInserter(root, "", is_shown, lambda text: (text, _named_file))
    made = inserter.insert(msgspec.structs.replace(post, path=path))
    return msgspec.structs.replace(made, path=post.path)


def _named_file(line: str, is_code: bool) -> NamedFile | None:
    if is_code or "](" not in line:
        return None
    if (found := _OF_ZINE.fullmatch(line)) is not None:
        language = _LANGUAGE.search(found["said"])
        info = language[1] if language else PurePosixPath(found["file"]).suffix[1:]
        title = f' title="{found["words"]}"' if found["words"].strip('"') else ""
        is_own = found["place"] == "asset"
        path = None if is_own else PurePosixPath(_ASSETS) / found["file"].lstrip("/")
        return NamedFile(found["file"], language=f"{info}{title}", path=path)
    if (found := _OF_DOCSIFY.fullmatch(line)) is None or ":fragment" in found["said"]:
        return None
    kind = _TYPE.search(found["said"])
    ending = PurePosixPath(found["file"]).suffix.lower()
    is_text = kind["type"] == "markdown" if kind else ending in MARKDOWN_FILES
    if is_text:
        return NamedFile(found["file"])
    is_code_file = kind["type"] == "code" if kind else ending not in _NO_CODE
    own = kind["language"] if kind is not None else None
    return NamedFile(found["file"], language=own or ending[1:]) if is_code_file else None
