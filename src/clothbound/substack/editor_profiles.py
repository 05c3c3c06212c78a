"""Describes what Substack's editor accepts, by profile: the kinds of nodes and marks, and their
names.

The editor is ProseMirror, lately TipTap, and has no published schema. These facts come from drafts
and from other clients, which disagree on names. ``classic`` has the names that most of them use,
``tiptap`` those of the latest; ``paste`` has what is likely to survive the clipboard.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .component_lookup import ROWS

_TEXT = frozenset(
    "paragraph heading blockquote bullet_list ordered_list list_item highlighted_code_block "
    "horizontal_rule captionedImage image2 caption footnote footnoteAnchor pullquote calloutBlock "
    "preformatted_text_block paywall button hard_break".split()
)
_COMPONENTS = frozenset(
    "image_gallery latex_block inline_latex subscribeWidget ctaCaption audio video directMessage "
    "poll recipe substack_mention".split()
).union(row.editor for row in ROWS if row.editor)
_MARKS = frozenset({"strong", "em", "code", "strikethrough", "link"})
_SCRIPTS = frozenset({"superscript", "subscript"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One way into the editor. Kinds have the names of ``classic``."""

    nodes: frozenset[str]
    marks: frozenset[str]
    names: Mapping[str, str] = field(default_factory=dict)
    """The names of the kinds that differ from those of ``classic``."""
    lone_addresses: bool = False
    """Whether an address alone in a paragraph becomes a player or card."""


CLASSIC = Profile(nodes=_TEXT | _COMPONENTS, marks=_MARKS | _SCRIPTS)
TIPTAP = Profile(
    nodes=_TEXT | _COMPONENTS,
    marks=_MARKS,
    names={
        "bullet_list": "bulletList",
        "ordered_list": "orderedList",
        "list_item": "listItem",
        "hard_break": "hardBreak",
        "horizontal_rule": "horizontalRule",
        "latex_block": "latexBlock",
        "strong": "bold",
        "em": "italic",
        "strikethrough": "strike",
    },
)
PASTE = Profile(nodes=_TEXT, marks=_MARKS | _SCRIPTS, lone_addresses=True)
