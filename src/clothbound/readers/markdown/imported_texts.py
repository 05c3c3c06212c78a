"""Shows the texts that a text of MDX imports as components: ``import Part from "./_part.mdx"``, ``<Part />``.

Sources: the documentation of MDX ("Using MDX"), of Docusaurus ("Importing Markdown") and of Gatsby.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import msgspec

from ...lazy_pattern import lazy_pattern
from ..sites.generator import OwnText, SiteTexts
from ..sites.inserted_files import FileInserter, Find, NamedFile
from .mdx_script import Script, take_statements

if TYPE_CHECKING:
    from ..sites.site_folder import SiteFolder

_SHOWN = lazy_pattern(r"[ \t]*<(?P<name>[A-Z]\w*)(?:\s[^<>]*)?/>[ \t]*")
_TEXTS = (".md", ".mdx")


def with_imported_texts(post: OwnText, script: Script, site: SiteFolder) -> OwnText:
    """Returns a text, whose statements are taken out, with those that it imports and shows on lines of their own."""
    aliases = site.facts.picture_aliases
    files = _texts_of(script.files, aliases)
    if not files:
        return post
    name = PurePosixPath(post.metadata.source).name
    path = site.file_of(name, post.metadata, post.text).path
    opened = partial(_open, post.text, files, aliases)
    is_shown = partial(post.source.is_shown, SiteTexts(site.generator_name, True))
    inserter = FileInserter(site.root, "", is_shown, opened)
    made = inserter.insert(msgspec.structs.replace(post, path=path))
    return msgspec.structs.replace(made, path=post.path)


def _open(
    own: str, files: Mapping[str, str], aliases: Sequence[tuple[str, str]], text: str
) -> tuple[str, Find]:
    """Returns a text without its statements, and what finds the texts that it shows; of the post, ``own``, these are known."""
    if text != own:
        text, script = take_statements(text)
        files = _texts_of(script.files, aliases)

    def find(line: str, is_code: bool) -> NamedFile | None:
        shown = _SHOWN.fullmatch(line) if not is_code and "<" in line else None
        name = files.get(shown["name"]) if shown is not None else None
        return NamedFile(name) if name is not None else None

    return text, find


def _texts_of(files: Mapping[str, str], aliases: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Returns the files of Markdown among those that are imported, with folders in the place of their aliases."""
    found = {}
    for name, file in files.items():
        if file.lower().endswith(_TEXTS):
            alias = next((one for one in aliases if file.startswith(f"{one[0]}/")), ("", ""))
            path = f"/{alias[1]}{file.removeprefix(alias[0])}" if alias[0] else file
            if path.startswith((".", "/")):
                found[name] = path
    return found
