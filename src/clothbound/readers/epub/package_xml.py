"""Parses the XML files of a book that are not its documents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from lxml import etree

from ...errors import ReadError
from ...untrusted_xml import PARSER_OPTIONS
from ..export_files import Files
from ..text_files import BadPostError
from .xhtml import decode_markup


def local_name(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def elements(root: Any, *names: str) -> Iterator[Any]:
    return (element for element in root.iter() if local_name(element) in names)


def parse_xml(files: Files, name: str, called: str) -> Any:
    """Returns the root of an XML file, repaired if need be. Raises ReadError for one that cannot be read."""
    try:
        return recover_xml(files.read(name))
    except BadPostError as error:
        raise ReadError(f"{name} {error}", source=called) from error


def recover_xml(data: bytes) -> Any:
    """Returns the root of an XML file, repaired if need be. Raises BadPostError if nothing of it can be read."""
    markup = decode_markup(data)[0].encode("utf-8", "replace")
    try:
        return etree.fromstring(markup, etree.XMLParser(**PARSER_OPTIONS, encoding="utf-8"))
    except etree.XMLSyntaxError as error:
        root, reason = None, error.msg
    with suppress(etree.XMLSyntaxError):
        parser = etree.XMLParser(**PARSER_OPTIONS, encoding="utf-8", recover=True)
        root = etree.fromstring(markup, parser)
    if root is None:
        raise BadPostError(f"is not readable XML: {reason}")
    return root
