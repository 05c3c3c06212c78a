"""Parses reStructuredText by docutils, which opens no file, asks no address and reads no settings.

docutils registers the roles that a text defines for the whole program; here they last as long as its parsing.
"""

from __future__ import annotations

import threading
from typing import Any

_SETTINGS = {
    "_disable_config": True,
    "auto_id_prefix": "%",
    "character_level_inline_markup": False,
    "doctitle_xform": True,
    "docinfo_xform": True,
    "file_insertion_enabled": False,
    "halt_level": 5,
    "input_encoding": "unicode",
    "line_length_limit": 1 << 30,
    "raw_enabled": True,
    "report_level": 2,
    "sectsubtitle_xform": False,
    "smart_quotes": False,
    "strip_comments": True,
    "syntax_highlight": "none",
    "toc_backlinks": False,
    "traceback": False,
    "trim_footnote_reference_space": True,
    "warning_stream": "",
}
"""What the text is parsed with. ``file_insertion_enabled`` also governs tables and raw text from files and addresses;
raw HTML is sanitised where all HTML is.
"""
_ROLES = threading.Lock()


def parse_document(text: str) -> Any:
    """Returns the tree of a text in reStructuredText, with what docutils could not read as system messages.

    Raises what docutils raises for a text that it cannot parse at all, such as one with too many levels.
    """
    from docutils.core import publish_doctree
    from docutils.parsers.rst import roles

    with _ROLES:
        known = dict(roles._roles)
        try:
            return publish_doctree(text, settings_overrides=_SETTINGS)
        finally:
            roles._roles.clear()
            roles._roles.update(known)
