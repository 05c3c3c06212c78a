"""Parses reStructuredText by docutils, which opens no file, asks no address and reads no settings.

docutils registers roles and directives for the whole program; here those of a text last as long as its parsing.
"""

from __future__ import annotations

import threading
from typing import Any

from .bounds import BoundedText

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
    "traceback": True,
    "trim_footnote_reference_space": True,
    "warning_stream": "",
}
"""What the text is parsed with. ``file_insertion_enabled`` also governs tables and raw text from files and addresses;
raw HTML is sanitised where all HTML is.
"""
_REGISTRIES = threading.Lock()


def parse_document(text: BoundedText, *, promotes: bool = True) -> Any:
    """Returns the tree of a text in reStructuredText, with what docutils could not read as system messages.

    ``promotes`` says that a lone section is the title of the document. Raises what docutils raises for a text that it
    cannot parse at all, such as one with too many levels.
    """
    from docutils.core import publish_doctree
    from docutils.parsers.rst import Parser, directives, roles

    from .foreign_directives import directives_for
    from .inliner import make_inliner

    settings = _SETTINGS | {"doctitle_xform": promotes}
    with _REGISTRIES:
        known_roles, known_directives = dict(roles._roles), dict(directives._directives)
        try:
            for name, made in directives_for(text.text, text.kept):
                directives.register_directive(name, made)
            parser = Parser(inliner=make_inliner())
            return publish_doctree(text.text, parser=parser, settings_overrides=settings)
        finally:
            for registry, known in (
                (roles._roles, known_roles),
                (directives._directives, known_directives),
            ):
                registry.clear()
                registry.update(known)
