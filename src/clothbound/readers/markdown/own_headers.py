"""Reads the header of a post in Markdown from wherever its program writes it, and makes Markdown of what the program
writes in another way below it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...late_names import late_module
from ...limits import Limits
from ...model.slugs import LEKTOR_FILES, LITERATE_FILES, RUN_FILES
from ..front_matter import Header, read_header
from ..post_files import is_notion_page
from ..post_metadata import is_of_grav

if TYPE_CHECKING:
    from .. import ablog, header_lines, lektor_contents, notion_pages
    from . import grav, literate, outline, quarto_source
else:
    ablog = late_module("clothbound.readers.ablog")
    header_lines = late_module("clothbound.readers.header_lines")
    lektor_contents = late_module("clothbound.readers.lektor_contents")
    notion_pages = late_module("clothbound.readers.notion_pages")
    grav = late_module("clothbound.readers.markdown.grav")
    literate = late_module("clothbound.readers.markdown.literate")
    outline = late_module("clothbound.readers.markdown.outline")
    quarto_source = late_module("clothbound.readers.markdown.quarto_source")


def read_own_header(
    text: str, source: str, limits: Limits, generator: str, *, is_outline: bool
) -> Header:
    """Returns the fields of a post, and its body with the values that it names."""
    name = source.lower()
    header = _read_fields(text, source, limits)
    if generator == "Quarto" or name.endswith(RUN_FILES):
        header.fields = quarto_source.with_own_values(header.fields)
    if "{post}" in header.body:
        ablog.add_directive(header, generator)
    if is_outline:
        fields, body = outline.split_properties(header.body)
        header.fields = {**fields, **header.fields}
        header.body = outline.outline_text(body)
    if is_of_grav(header.fields):
        header.body = grav.as_markdown(header.body)
    if name.endswith(LITERATE_FILES):
        header.body = literate.as_markdown(header.body)
    if "[%" in header.body:
        header.body = header_lines.insert_values(header.body, header.fields)
    return header


def _read_fields(text: str, source: str, limits: Limits) -> Header:
    if source.lower().endswith(LEKTOR_FILES):
        return lektor_contents.read_contents(text, source)
    of_notion = notion_pages.read_properties(text) if is_notion_page(source) else None
    return of_notion or read_header(text, limits)
