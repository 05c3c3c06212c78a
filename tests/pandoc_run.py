"""Runs pandoc on its own JSON, reads the words of what it makes, and has Markdown read by it."""

from __future__ import annotations

import json
import subprocess
import zipfile
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
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


def read_markdown(text: str) -> list[Any]:
    """Returns the blocks of a text without a header, as pandoc's JSON has them."""
    blocks: list[Any] = json.loads(_tree(text))["blocks"]
    return blocks


@cache  # several modules ask for the posts of one archive
def _tree(text: str) -> bytes:
    data = text.encode()
    process = _reader()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"%d\n%b" % (len(data), data))
    process.stdin.flush()
    tree = process.stdout.readline()
    assert tree, "pandoc ended"
    return tree


@cache
def _reader() -> subprocess.Popen[bytes]:
    """The pandoc that reads for this process, since its start takes longer than most posts. It ends with its input."""
    program = Path(__file__).with_name("pandoc_reads.lua")
    return subprocess.Popen(
        [pypandoc.get_pandoc_path(), "lua", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


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
