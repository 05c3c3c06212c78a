"""Names the directives and roles of docutils and Sphinx, which MyST writes in Markdown and other posts in reStructuredText.

Sources: docutils' "reStructuredText Directives", Sphinx's documentation ("Directives", "Roles"), sphinx-design's.
"""

from __future__ import annotations

import re

from ..lazy_pattern import lazy_pattern

NAMED_TARGET = lazy_pattern(r"(?P<words>(?:.*\S)?)\s*<(?P<target>[^<>]+)>", re.S)
"""Matches the text of a role that has words of its own before its target."""
BOXES = {
    "note": "note",
    "seealso": "note",
    "todo": "note",
    "admonition": "note",
    "versionadded": "note",
    "versionchanged": "note",
    "versionremoved": "warning",
    "deprecated": "warning",
    "tip": "tip",
    "hint": "hint",
    "important": "important",
    "warning": "warning",
    "attention": "attention",
    "caution": "caution",
    "danger": "danger",
    "error": "error",
}
"""The kinds of callouts that directives are, by name."""
HIDDEN = frozenset(
    "bibliography codeauthor contents currentmodule default-domain footbibliography highlight highlightlang index meta"
    " module post postlist py:currentmodule py:module sectionauthor tableofcontents tabularcolumns toctree".split()
)
"""Directives whose results only the program knows, and which carry no words of their own."""
PLAIN = frozenset(
    "card-carousel container div glossary grid hlist only panels rst-class tab-set tabbed tabs testcleanup".split()
)
"""Directives of which only the content counts: their argument is a setting."""
TITLED = frozenset("card centered grid-item grid-item-card rubric tab tab-item".split())
"""Directives of which the words count, those of the argument too."""
ROLES_OF_CODE = frozenset(
    "attr class code command data envvar file func literal makevar meth mimetype mod option program regexp samp".split()
)
"""Roles whose words are code; so are those of a domain, such as ``py:func``."""
ROLES_OF_REFERENCE = frozenset({"any", "doc", "download", "eq", "numref", "post", "ref"})
