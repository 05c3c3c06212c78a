"""Parses the XML files of a book that are not its documents, and resolves addresses within the archive."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree

from ...errors import ReadError
from ...untrusted_xml import PARSER_OPTIONS
from ..export_files import Files
from ..text_files import BadPostError


def join(folder: str, href: str) -> tuple[str, str]:
    """Returns the path in the archive and the fragment to which an address in ``folder`` leads.

    The path is empty for an address on the network, and for one that leads out of the archive.
    """
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return "", ""
    if parts.scheme or parts.netloc or parts.path.startswith("/"):
        return "", ""
    path = posixpath.normpath(posixpath.join(folder, unquote(parts.path))) if parts.path else ""
    if path.startswith("..") or path == ".":
        return "", ""
    return path, unquote(parts.fragment)


def local_name(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def elements(root: Any, *names: str) -> Iterator[Any]:
    return (element for element in root.iter() if local_name(element) in names)


def parse_xml(files: Files, name: str, called: str) -> Any:
    try:
        data = files.read(name)
        return etree.fromstring(data, etree.XMLParser(**PARSER_OPTIONS))
    except BadPostError as error:
        raise ReadError(f"{name} {error}", source=called) from error
    except etree.XMLSyntaxError as error:
        try:
            root = etree.fromstring(data, etree.XMLParser(**PARSER_OPTIONS, recover=True))
        except etree.XMLSyntaxError:
            root = None
        if root is None:
            raise ReadError(f"{name} is not readable XML: {error.msg}", source=called) from error
        return root
