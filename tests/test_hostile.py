"""Writes bad input in every format: each ends within a minute, and no product runs or loads
anything.
"""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import html5lib
import pypdfium2
import pytest

pytestmark = pytest.mark.corpus

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
SOURCES = (
    "assets/refs.md",
    "blns/*.txt",
    "bleach-xss/*.test",
    "encodings/*.txt",
    "front-matter/*.md",
    "markdown-xss/*",
    "nesting/*",
    "post-encodings/*.md",
)
FILES = sorted(p for pattern in SOURCES for p in (SHARED / "hostile").glob(pattern) if p.is_file())
RUNS = {
    "script",
    "iframe",
    "object",
    "embed",
    "form",
    "applet",
    "base",
    "frame",
    "frameset",
    "meta-refresh",
}
ADDRESSES = {
    "href",
    "src",
    "action",
    "formaction",
    "data",
    "poster",
    "xlink:href",
    "srcset",
    "background",
}
UNSAFE = ("javascript:", "vbscript:", "data:text", "data:application", "file:", "livescript:")
# The one script that we write, in the pages to paste from; a policy lets no other run.
OURS = (pkgutil.get_data("clothbound", "themes/paste.js") or b"-").decode()
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
SECRET = (b"root:x:0:0", b"/bin/bash", b"/sbin/nologin")


class Writers:
    """A process that runs every writer, until a source ends it; then the next source has another."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._process: subprocess.Popen[str] | None = None

    def answers(self, source: Path, folder: Path) -> dict[str, float | str]:
        if self._process is None or self._process.poll() is not None:
            with self._log.open("wb") as log:
                self._process = subprocess.Popen(
                    [sys.executable, str(Path(__file__).parent / "run_writers.py")],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    encoding="utf-8",
                )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{source}\t{folder}\n")
        self._process.stdin.flush()
        if answer := self._process.stdout.readline():
            found: dict[str, float | str] = json.loads(answer)
            return found
        self.close()
        pytest.fail(self._log.read_text("utf-8", errors="replace")[-3000:])

    def close(self) -> None:
        if self._process is not None:
            self._process.communicate()


@pytest.fixture(scope="module")
def writers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writers]:
    made = Writers(tmp_path_factory.mktemp("hostile") / "log.txt")
    yield made
    made.close()


def test_a_source_that_ends_the_process_fails_alone(writers: Writers, tmp_path: Path) -> None:
    source = tmp_path / "a.md"
    source.write_text("Words.\n", "utf-8")
    with pytest.raises(pytest.fail.Exception, match="TypeError"):
        writers.answers(source, tmp_path / "not\tone")
    assert "text" in writers.answers(source, tmp_path / "free")


@pytest.mark.parametrize(
    "source", FILES, ids=[str(p.relative_to(SHARED / "hostile")) for p in FILES]
)
def test_every_writer_answers_safely(
    shared: Path, source: Path, tmp_path: Path, writers: Writers
) -> None:
    answers = writers.answers(source, tmp_path)
    assert [v for v in answers.values() if isinstance(v, str)] == []
    files = list(_files(tmp_path))
    for name, page in _pages(files):
        assert list(_dangers(page)) == [], name
    for name, data in files:
        for secret in SECRET:
            if secret in data:
                assert secret in source.read_bytes(), f"{name} holds bytes of another file"


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        data = path.read_bytes()
        if data[:2] == b"PK":
            with ZipFile(path) as archive:
                for name in archive.namelist():
                    yield f"{path.name}/{name}", archive.read(name)
        elif data[:5] == b"%PDF-":
            with pypdfium2.PdfDocument(path) as book:
                assert not book.count_attachments()
                texts = [page.get_textpage().get_text_bounded() for page in book]
            yield path.name, "\n".join(texts).encode()
        else:
            yield str(path.relative_to(folder)), data


def _pages(files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    for name, data in files:
        head = data[:200].lstrip().lower()
        is_page = name.endswith((".xhtml", ".html")) or head.startswith((b"<!doctype", b"<html"))
        if is_page or name in ("html", "html-fragment"):
            yield name, data
        if name == "rss":
            for item in ElementTree.fromstring(data).iter(CONTENT):
                yield name, (item.text or "").encode()


def _dangers(page: bytes) -> Iterator[str]:
    tree = html5lib.parse(page, namespaceHTMLElements=False, transport_encoding="utf-8")
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        tag = element.tag.rsplit("}", 1)[-1].lower()
        if tag == "script" and element.get("type") == "application/ld+json":
            continue
        if tag == "script" and element.text == OURS:
            continue
        if tag in RUNS:
            yield f"<{tag}>"
        for name, value in element.attrib.items():
            plain = str(name).rsplit("}", 1)[-1].lower()
            if plain.startswith("on"):
                yield f"<{tag} {plain}>"
            address = "".join(c for c in value if c > " ").lower()
            if plain in ADDRESSES and address.startswith(UNSAFE):
                yield f"<{tag} {plain}={value[:60]!r}>"
