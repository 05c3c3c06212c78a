"""Reads what the directive ``post`` of ABlog, an extension of Sphinx, says of a post in reStructuredText or in MyST.

Source: ABlog's manual ("Posting and Listing"): a post without a date is a draft.
"""

from __future__ import annotations

from typing import Any

from ..lazy_pattern import lazy_pattern
from .front_matter import Header
from .header_lines import split_lists

_POST = lazy_pattern(
    r"(?m)^(?:\.\. post::|`{3,}\{post\}|:{3,}\{post\})(?P<date>[^\n]*+)\n?+(?P<options>(?:[ \t]*+:[a-z]+:[^\n]*+\n?+)*+)"
)
_OPTION = lazy_pattern(r"(?m)^[ \t]*:([a-z]+):[ \t]*([^\n]*)$")
_FIELDS = {"author": "authors", "category": "categories", "language": "language", "tags": "tags"}


def add_directive(header: Header, generator: str) -> None:
    """Adds to the header of a text in MyST the fields that the directive in its body sets."""
    if generator == "Jupyter Book" and "{post}" in header.body:
        header.fields = {**read_post_directive(header.body), **header.fields}


def read_post_directive(text: str) -> dict[str, Any]:
    """Returns the fields that the directive sets; none without such a directive."""
    found = _POST.search(text) if "post" in text else None
    if found is None:
        return {}
    date = found["date"].strip()
    fields: dict[str, Any] = {"date": date.replace(",", "")} if date else {"draft": True}
    for name, value in _OPTION.findall(found["options"]):
        if name in _FIELDS and value.strip():
            fields[_FIELDS[name]] = value.strip()
    return split_lists(fields)
