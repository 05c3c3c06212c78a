"""Reads what only Obsidian's notes have: marked text, tags in the text, sizes of pictures.

Source: Obsidian's help, "Basic formatting syntax", "Obsidian Flavored Markdown", "Tags", "Embed files".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, Literal

import msgspec
from mistune.core import InlineState

from ...console_text import format_count
from ...diagnostics import DiagnosticCode, LineDiagnostic
from ...lazy_pattern import lazy_pattern
from ...model import blocks as b
from ...model import inlines as i
from ...model.links import EMBEDDED
from ...model.plain_text import plain_text
from ...model.post import Metadata
from ...model.publication import Publication, Reason, merge_publications
from ..fences import with_code
from ..post_metadata import date_from_path
from . import roam
from .parser import PostInlineParser

COMPUTED = frozenset({"dataview", "dataviewjs", "query", "base"})
"""The languages of blocks that Obsidian replaces by what it finds in the vault."""
_TAG = lazy_pattern(r"(?<![\w/#&\[(])#(?=[\w/-]*[^\W\d_])([\w-]+(?:/[\w-]+)*)")
_CODE = lazy_pattern(r"`[^`\n]*`|\]\((?:[^)\n\]]|\](?!\())*+\)|<[^<>\n]*>|https?://\S+")
_LINK = lazy_pattern(r"\[\[(?:[^\[\]|\n]*\|)?([^\[\]|\n]+)\]\]")
_SIZED = lazy_pattern(r"(.*?)\|(\d{1,5})(?:x(\d{1,5}))?$", re.S)
_ADMONITION = lazy_pattern(
    r"^(?P<fence>`{3,})ad-(?P<kind>[\w-]+)[ \t]*\n(?P<inner>(?:(?!`{3})[^\n]*\n)*)(?P=fence)[ \t]*$",
    re.M,
)
_AD_OPTION = lazy_pattern(r"(title|collapse|icon|color)[ \t]*:[ \t]*(.*?)[ \t]*$")
_AUDIO = frozenset("3gp flac m4a mp3 ogg oga opus wav".split())
_VIDEO = frozenset("mkv mov mp4 ogv webm".split())
_FILES = frozenset("canvas base csv docx epub odt pdf pptx xlsx zip".split())
"""The endings of what a note may embed besides notes and pictures."""
_SIZE = lazy_pattern(r"\d{1,5}(?:x\d{1,5})?")
_COMPUTED_TEXT = {
    ("field of Dataview", "fields of Dataview"): lazy_pattern(
        r"[\[(][^\[\]()\n:`]{1,60}::[ \t][^\[\]()\n]*[\])]|^[ \t>*-]*[\w /-]{1,60}::(?:[ \t]|$)"
    ),
    ("value of Dataview", "values of Dataview"): lazy_pattern(r"`\$?=[^`\n]+`"),
    ("command of Templater", "commands of Templater"): lazy_pattern(r"<%[^%]*%>"),
    ("macro of Logseq", "macros of Logseq"): lazy_pattern(
        r"\{\{(?:embed|query|renderer)\b[^{}\n]*\}\}"
    ),
    ("reference to a block", "references to blocks"): lazy_pattern(
        rf"\(\([0-9a-f]{{8}}-[0-9a-f-]{{27}}\)\)|{roam.BLOCK}"
    ),
    ("macro of Roam", "macros of Roam"): lazy_pattern(roam.MACRO),
}
"""What plug-ins of Obsidian, Logseq and Roam replace by something else."""
_SECRET_TAGS = frozenset({"draft", "private"})
_MARK = r"(?<!=)==(?=[^\s=])"


def add_marks(inline: PostInlineParser) -> None:
    """Registers the rule for ``==marked text==``."""
    inline.register("mark", _MARK, parse_mark, before="link", start_chars="=")


def parse_mark(inline: PostInlineParser, m: re.Match[str], state: InlineState) -> int | None:
    """Parses marked text, which ends at the next ``==`` that no space precedes."""
    unclosed: set[str] = state.env["unclosed_marks"]
    if state.depth >= inline.max_nested_level or state.src in unclosed:
        return None
    close = state.src.find("==", m.end())
    while close > 0 and (state.src[close - 1].isspace() or state.src[close + 2 : close + 3] == "="):
        close = state.src.find("==", close + 2)
    if close < 0:
        unclosed.add(state.src)  # Nor does any later mark of this text end.
        return None
    child = state.copy()
    child.src = state.src[m.end() : close]
    state.append_token({"type": "highlight", "children": inline.render(child)})
    return close + 2


def admonitions_as_callouts(body: str) -> str:
    """Returns a text whose blocks of the plug-in Admonition (```` ```ad-note ````) are callouts, its lines kept."""
    if "```ad-" not in body:
        return body

    def callout(found: re.Match[str]) -> str:
        title = ""
        lines = [""]
        for line in found["inner"].split("\n")[:-1]:
            option = _AD_OPTION.match(line) if not any(lines) else None
            title = option[2] if option and option[1] == "title" else title
            lines.append("" if option else line)
        lines[0] = f"[!{found['kind']}] {title}".rstrip()
        return "\n".join(f"> {line}".rstrip() for line in [*lines, ""])

    return _ADMONITION.sub(callout, body)


def read_embedded_files(children: tuple[i.Inline, ...], line: int) -> tuple[b.Block, ...]:
    """Returns the recordings and files that a paragraph embeds; empty if it has anything else."""
    found: list[b.Block] = []
    for child in children:
        if isinstance(child, i.LineBreak) or (isinstance(child, i.Text) and not child.text.strip()):
            continue
        is_embedded = isinstance(child, i.Link) and EMBEDDED in child.classes
        file = (
            _read_embedded_file(child.href, plain_text(child), line + len(found))
            if isinstance(child, i.Link) and is_embedded
            else None
        )
        if file is None:
            return ()
        found.append(file)
    return tuple(found)


def _read_embedded_file(name: str, text: str, line: int) -> b.Block | None:
    """Returns a recording or a file that a note embeds; None for anything else, such as another note."""
    path, _, part = name.partition("#")
    ending = path.rpartition(".")[2].lower()
    src = path.replace(" ", "%20")
    last = path.rsplit("/", 1)[-1]
    said = "" if text.strip() in (last, f"{last} \u203a {part}") else text.strip()
    kind: Literal["audio", "video"] = "video" if ending in _VIDEO else "audio"
    if ending in _VIDEO or ending in _AUDIO:
        caption = (i.Text(said),) if said and not _SIZE.fullmatch(said) else ()
        return b.Media(kind, src, caption=caption, line=line)
    if ending not in _FILES:
        return None
    page = f" ({part.replace('=', ' ')})" if part.startswith("page=") else ""
    return b.FileDownload(src, said or f"{last}{page}", line=line)


def name_computed(body: str, first_line: int) -> Iterator[LineDiagnostic]:
    """Yields what plug-ins would compute in a note, each kind once: it is printed as it is written."""
    counts: dict[tuple[str, str], list[int]] = {}
    if not any(mark in body for mark in ("::", "<%", "`=", "`$=", "{{", "((")):
        return
    for number, (line, is_code) in enumerate(with_code(body.split("\n")), first_line):
        if not is_code:
            for what, pattern in _COMPUTED_TEXT.items():
                counts.setdefault(what, []).extend([number] * len(pattern.findall(line)))
    for what, lines in counts.items():
        if lines:
            one, many = what
            message = f"{format_count(len(lines), one, many)} kept as text"
            yield DiagnosticCode.SHORTCODE_KEPT, message, lines[0]


def title_of_note(source: str) -> str:
    """Returns the title that a note has by its file, as the vault shows it; empty where it is a slug, or a day."""
    stem = PurePosixPath(source).stem
    is_slug = stem.isascii() and stem == stem.lower() and " " not in stem
    if is_slug or date_from_path(source) is not None:
        return ""
    return unicodedata.normalize("NFC", stem)


def read_note_metadata(metadata: Metadata, body: str) -> Metadata:
    """Returns a note's metadata with the tags that are in its text; ``#draft`` and ``#private`` keep a
    note back.
    """
    tags = list(metadata.tags)
    if "#" in body:
        for line, is_code in with_code(body.split("\n")):
            if not is_code and "#" in line:
                tags += _TAG.findall(_CODE.sub(" ", line))
    tags = [tag.removeprefix("#") for tag in dict.fromkeys(tags)]
    publication = metadata.publication
    for tag in _SECRET_TAGS.intersection(tag.lower() for tag in tags):
        secret = Publication((Reason("secret", "draft", "tags", tag),))
        publication = merge_publications(publication, secret)
    return msgspec.structs.replace(
        metadata, tags=tuple(dict.fromkeys(tags)), publication=publication
    )


def without_links(value: Any) -> Any:
    """Returns a property whose ``[[links]]`` are replaced by their words."""
    if isinstance(value, str):
        return _LINK.sub(r"\1", value) if "[[" in value else value
    if isinstance(value, list):
        return [without_links(item) for item in value]
    return value


def split_size(alternative: str) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """Returns the text and the size in ``text|300`` or ``text|300x200``; None if there is no size."""
    found = _SIZED.fullmatch(alternative)
    if found is None:
        return None
    pairs = (("width", found[2]), ("height", found[3] or ""))
    return found[1].strip(), tuple((name, size) for name, size in pairs if size)
