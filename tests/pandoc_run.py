"""Runs pandoc on its own JSON, and reads the words of what it makes."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pypandoc
from lxml import etree

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"


def run_pandoc(data: bytes, source: str, target: str, *more: str) -> bytes:
    """Returns what pandoc makes of ``data``. Raises CalledProcessError with pandoc's message."""
    done = subprocess.run(
        [pypandoc.get_pandoc_path(), "-f", source, "-t", target, "-o", "-", *more],
        input=data,
        capture_output=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def docx_text(data: bytes) -> str:
    """Returns the words of a DOCX, notes and formulas included."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = ("word/document.xml", "word/footnotes.xml")
        return "".join(
            text
            for name in parts
            if name in archive.namelist()
            for text in _runs(etree.fromstring(archive.read(name), _HUGE))
        )


_HUGE = etree.XMLParser(huge_tree=True)


def _runs(root: Any) -> Iterator[str]:
    for element in root.iter():
        if element.tag in (f"{_WORD}t", f"{_MATH}t"):
            yield element.text or ""
        elif element.tag in (f"{_WORD}p", f"{_WORD}br", f"{_WORD}tab", f"{_WORD}tc"):
            yield "\n"
        elif element.tag in (f"{_WORD}footnoteReference",):
            yield ""
