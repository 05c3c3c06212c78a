"""How XML from strangers is parsed: no entity is expanded, no file or address is opened; and the parts of its names."""

from __future__ import annotations

PARSER_OPTIONS = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
}
"""For lxml's ``XMLParser`` and ``iterparse``. ``huge_tree`` would lift libxml2's bounds on depth and size."""


def part_name(name: str) -> tuple[str, str]:
    """Returns the namespace, empty if there is none, and the local name of ``{namespace}name``, as lxml writes names.

    ``lxml.etree.QName`` refuses some that lxml's own parser gives, such as those of a namespace with a brace in it.
    """
    if not name.startswith("{"):
        return "", name
    namespace, _, local = name[1:].rpartition("}")
    return namespace, local
