"""``as_markdown``: a page with the marks of its program as Markdown's, told by the text alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from ...diagnostics import LineDiagnostic
from ...late_names import late_module
from ...model.post import Metadata
from ...model.slugs import SUPERMD_FILE
from ...web.summary_end import SUMMARY_END

if TYPE_CHECKING:
    from . import erb, franklin, hakyll, roam, zine
else:
    # Each by its sign.
    erb = late_module("clothbound.readers.markdown.erb")
    franklin = late_module("clothbound.readers.markdown.franklin")
    hakyll = late_module("clothbound.readers.markdown.hakyll")
    roam = late_module("clothbound.readers.markdown.roam")
    zine = late_module("clothbound.readers.markdown.zine")


class MarkedPage(msgspec.Struct, frozen=True):
    """A page in the marks of Markdown."""

    text: str
    has_wikilinks: bool = False
    """Whether names in double brackets are links."""
    findings: tuple[LineDiagnostic, ...] = ()


def as_markdown(
    text: str, metadata: Metadata, first_line: int, *, is_note: bool = False
) -> MarkedPage:
    """Returns a page in the marks of Markdown, its lines kept; ``first_line`` is that of its file.

    The commands of Templater in a note of Obsidian (``is_note``) have the signs of ERB, and are left to ``obsidian``.
    """
    has_wikilinks = False
    findings: list[LineDiagnostic] = []
    if ("{{[[" in text or "((" in text) and roam.is_page(text):
        text, has_wikilinks = roam.as_markdown(text), True
    elif metadata.source.endswith(SUPERMD_FILE):
        text = zine.as_markdown(text)
    elif ("@@" in text or "\n\\" in text) and franklin.is_page(text):
        text, found = franklin.as_markdown(text, first_line)
        findings += found
    if not is_note and ("<%" in text or SUMMARY_END in text):
        text, found = erb.as_markdown(text, first_line)
        findings += found
    if "$" in text and hakyll.is_page(text):
        text, found = hakyll.as_markdown(text, metadata, first_line)
        findings += found
    return MarkedPage(text, has_wikilinks, tuple(findings))
