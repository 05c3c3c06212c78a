"""How XML from strangers is parsed: no entity is expanded, no file or address is opened."""

from __future__ import annotations

PARSER_OPTIONS = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
}
"""For lxml's ``XMLParser`` and ``iterparse``. ``huge_tree`` would lift libxml2's bounds on depth and size."""
