"""Converts the text of a post of WordPress: classic text with shortcodes, or the block editor's HTML."""

from __future__ import annotations

import re

import msgspec

from ....diagnostics import Diagnostic, DiagnosticCode, Severity
from ....lazy_pattern import lazy_pattern
from ....model.post import Metadata, Post
from ....web.addresses import is_remote
from ...entries import EntryText
from ...html_post import post_of
from ...searched_html import markup_of, parse_html
from .block_markup import change_markup
from .blocks import has_blocks, without_marks
from .known_shortcodes import KnownShortcodes, embed_of, formula
from .media import Attachments
from .paragraphs import mark_paragraphs
from .reusable_blocks import put_reusable
from .shortcodes import Shortcodes

SQUARESPACE = "squarespace"
"""The form of a text that is HTML as Squarespace writes it, with no line end that counts."""
_FORMULA = lazy_pattern(r"\$latex\s+([^$\n]{1,2000})\$")


class ExportLibrary:
    """What the texts of an export refer to: its attachments and its reusable blocks; picklable."""

    def __init__(self) -> None:
        self.media = Attachments()
        self.reusable: dict[str, str | None] = {}
        """The content of each reusable block by its number; None for one that is not public."""


def make_post(library: ExportLibrary, text: EntryText, metadata: Metadata) -> Post:
    """Converts the text of a post."""
    findings = list(text.findings)
    codes = Shortcodes(embed_of)
    known = KnownShortcodes(codes, library.media, metadata.id, findings)

    def tell(number: str, words: str) -> None:
        if words:
            message = f"words of the post for the reusable block {number} have no place in it"
        else:
            why = "is not in the export"
            if number in library.reusable:
                is_public = library.reusable[number] is not None
                why = "is shown within itself, or too often" if is_public else "is not public"
            message = f"the reusable block {number} {why}; its words are left out"
        findings.append(Diagnostic(DiagnosticCode.TEXT_MISSING, message, text=words))

    content = put_reusable(text.content, library.reusable.get, tell)
    content = _FORMULA.sub(_formula, content)
    if has_blocks(content):
        html = known.with_notes(codes.expand(without_marks(content, mark_paragraphs)))
    elif text.form == SQUARESPACE:
        html = known.with_notes(codes.expand(content))
    else:
        html = mark_paragraphs(known.with_notes(codes.expand(content)))
    body = parse_html(codes.restore(html))
    has_local_cover = bool(metadata.cover) and not is_remote(metadata.cover)
    is_local = change_markup(body, library.media, text.base) or has_local_cover
    for (code, message, line), words in zip(codes.findings, codes.texts, strict=True):
        findings.append(Diagnostic(code, message, "", line, Severity.WARNING, words))
    located = tuple(msgspec.structs.replace(one, source=metadata.source) for one in findings)
    post = post_of(markup_of(body), metadata, findings=located)
    files = library.media.uploads.files
    return files.give(post) if files is not None and is_local else post


def _formula(found: re.Match[str]) -> str:
    return formula(found[1]) or found[0]
