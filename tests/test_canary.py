"""Pages, chapters and pages to paste that are made of hostile text, in a browser: nothing runs, and nothing is asked for but
the remote pictures that a post names, with the Content-Security-Policy and without it.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import threading
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

import clothbound
from canary_vectors import IN_HEADERS, IN_MARKDOWN, RUN, VECTORS, Vector
from clothbound.model.post import Post
from devtools import Page, running

HOSTILE = Path(__file__).resolve().parents[1].parent / "shared" / "hostile"
PRODUCTS = ("html", "site", "epub", "substack-paste")
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')

# Scripts in hostile texts of others show a box; here it is a signal, since a box would stop the browser.
WATCH = "for (const box of ['alert', 'confirm', 'prompt', 'print', 'open']) window[box] = () => fetch('SIGNAL')"
# Does what a reader may do but follow a link to another page.
PROVOKE = """(() => {
  const kinds = 'click dblclick mouseover mouseenter mousedown pointerenter pointerover focus focusin blur toggle scroll ' +
    'wheel keydown input change submit error load begin animationstart transitionend copy drag touchstart';
  for (const element of document.querySelectorAll('*'))
    for (const kind of kinds.split(' ')) element.dispatchEvent(new Event(kind));
  for (const link of document.querySelectorAll('a, area, button, summary, [href]')) {
    const address = link.getAttribute('href') ?? link.getAttributeNS('http://www.w3.org/1999/xlink', 'href') ?? '#';
    const leads = /^\\s*(https?|mailto|tel|file):/i.test(address) || !/^\\s*#|:/.test(address);
    if (!leads) link.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}));
  }
  for (const form of document.querySelectorAll('form:not(:has(button))')) form.requestSubmit();
  return [...document.querySelectorAll('img')].flatMap((i) => [i.src, i.currentSrc]);
})()"""
# Comes back when what was begun has been handed to the network.
SETTLE = "new Promise((done) => setTimeout(done, {milliseconds}))"


class Listener:
    """Hears every connection to a port of this machine, and which address it asks for."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            connection.settimeout(10)
            try:
                said = connection.recv(4096).decode("latin-1")
                connection.sendall(
                    b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                )
            except OSError:
                said = ""
        self.heard.append(self.address + (said.split(" ")[1] if " " in said else "/connected"))

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(scope="module")
def browser_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with running(tmp_path_factory.mktemp("browser") / "profile") as made:
        yield made


@pytest.fixture
def listener() -> Iterator[Listener]:
    """One for each test: a browser may connect once more where it was answered."""
    made = Listener()
    yield made
    made.close()


@pytest.fixture
def page(browser_page: Page, listener: Listener) -> Page:
    watch = WATCH.replace("SIGNAL", f"{listener.address}/box")
    browser_page.send("Page.addScriptToEvaluateOnNewDocument", source=watch)
    return browser_page


def visit(page: Page, path: Path, *, milliseconds: int = 15) -> tuple[list[str], set[str]]:
    """Opens a page and does what readers do; the addresses that were asked for, and those of its pictures."""
    page.asked.clear()
    page.send("Page.navigate", url=path.as_uri())
    page.wait_for("document.readyState === 'complete' && location.href !== 'about:blank'")
    pictures = set(page.run(PROVOKE))
    page.run(SETTLE.format(milliseconds=milliseconds))
    asked = [url for url in page.asked if not url.startswith(("file:", "data:", "about:", "blob:"))]
    return asked, pictures


def made_of(vector: Vector, listener: Listener, number: int) -> str:
    return vector.html.replace("RUN", RUN).replace("SIGNAL", f"{listener.address}/{number}")


# --- what is made of hostile text -----------------------------------------------------------------


def in_pages(vectors: Sequence[Vector], listener: Listener, folder: Path) -> Iterator[Post]:
    """A post for each piece, read from a page with the number of the piece as its name."""
    for number, vector in enumerate(vectors):
        path = folder / f"post-{number}.html"
        piece = made_of(vector, listener, number)
        path.write_text(
            f"<!DOCTYPE html><title>{number}</title><h1>{number}</h1><p>Words.</p>\n{piece}",
            "utf-8",
        )
        yield from clothbound.read(path)


def in_markdown(vectors: Sequence[Vector], listener: Listener, folder: Path) -> Iterator[Post]:
    """The same within Markdown; pieces of SVG once more, as the files of pictures."""
    for number, vector in enumerate(vectors):
        path = folder / f"post-{number}.md"
        piece = made_of(vector, listener, number)
        picture = ""
        if vector.html.startswith("<svg xmlns"):
            picture = f"![A picture](picture-{number}.svg)\n\n"
            (folder / f"picture-{number}.svg").write_text(piece, "utf-8")
        path.write_text(f"# {number}\n\nWords.\n\n{picture}{piece}\n\nMore *words*.\n", "utf-8")
        yield from clothbound.read(path)


def in_headers(listener: Listener, folder: Path) -> Iterator[Post]:
    """A post with each field of a header, and one with all."""
    fields = {
        name: [
            made_of(Vector(name, one), listener, number)
            for one in ([value] if isinstance(value, str) else value)
        ]
        for number, (name, value) in enumerate(IN_HEADERS.items())
    }
    each = [{name: values} for name, values in fields.items()]
    for number, some in enumerate([*each, fields]):
        path = folder / f"header-{number}.md"
        lines = [f"{name}: {json.dumps(v if len(v) > 1 else v[0])}" for name, v in some.items()]
        path.write_text("\n".join(("---", *lines, "---", "", "Words.", "")), "utf-8")
        yield from clothbound.read(path)


def pages_of(posts: Iterable[Post], product: str, folder: Path) -> list[Path]:
    """Writes a product, and returns its pages and pictures in SVG; those of an EPUB are unpacked."""
    if product == "epub":
        clothbound.write(posts, "epub").save(folder / "book.epub")
        with zipfile.ZipFile(folder / "book.epub") as book:
            book.extractall(folder / "epub")
    elif product == "html":
        for number, post in enumerate(posts):
            clothbound.write(post, "html").save(folder / f"{number}.html")
    else:
        clothbound.write(posts, product).save(folder / product)
    return sorted(path for path in folder.rglob("*") if path.suffix in (".html", ".xhtml", ".svg"))


def without_policy(pages: Iterable[Path]) -> list[Path]:
    """Takes the policy out of each page; an EPUB has none."""
    found = []
    for path in pages:
        text, count = POLICY.subn("", path.read_text("utf-8"))
        assert count or path.suffix != ".html", path
        path.write_text(text, "utf-8")
        found.append(path)
    return found


def signals(page: Page, pages: Iterable[Path], listener: Listener) -> list[str]:
    """Opens pages, and returns what they asked for that is not a picture in them."""
    found = []
    allowed: set[str] = set()
    for path in pages:
        asked, pictures = visit(page, path)
        allowed |= pictures
        found += [f"{path.name}: {url}" for url in asked if url not in pictures]
    page.run(SETTLE.format(milliseconds=300))
    if any(url.startswith(listener.address) for url in allowed):
        allowed.add(
            f"{listener.address}/connected"
        )  # browsers connect ahead where they ask for pictures
    return found + [f"heard: {url}" for url in listener.heard if url not in allowed]


def test_each_piece_sends_its_signal_where_nothing_cleans_it(
    page: Page, listener: Listener, tmp_path: Path
) -> None:
    """So the silence of products means something."""
    for number, vector in enumerate(VECTORS):
        path = tmp_path / f"{number}.html"
        path.write_text(
            f"<!DOCTYPE html><title>a</title><body>{made_of(vector, listener, number)}", "utf-8"
        )
        with contextlib.suppress(
            AssertionError
        ):  # A piece may lead the page away while it is asked.
            visit(page, path)
    page.run(SETTLE.format(milliseconds=500))
    heard = {url.removeprefix(f"{listener.address}/").split("/")[0] for url in listener.heard}
    silent = [v.name for n, v in enumerate(VECTORS) if v.fires and str(n) not in heard]
    assert silent == []
    assert sum(vector.fires for vector in VECTORS) > 80


def test_a_remote_picture_is_asked_for_and_nothing_else(
    page: Page, listener: Listener, tmp_path: Path
) -> None:
    source = tmp_path / "post.md"
    source.write_text(f"# A\n\n![A picture]({listener.address}/a.png)\n", "utf-8")
    (tmp_path / "site").mkdir()
    pages = pages_of(clothbound.read(source), "site", tmp_path / "site")
    asked, pictures = zip(*(visit(page, path) for path in pages), strict=True)
    assert {url for urls in asked for url in urls} == {f"{listener.address}/a.png"}
    assert f"{listener.address}/a.png" in set().union(*pictures)


def test_pages_of_hostile_pages_are_silent(page: Page, listener: Listener, tmp_path: Path) -> None:
    made = pages_of(in_pages(VECTORS, listener, tmp_path), "site", folder_for(tmp_path))
    assert len(made) > len(VECTORS)
    assert signals(page, without_policy(made), listener) == []


def test_chapters_of_hostile_markdown_are_silent(
    page: Page, listener: Listener, tmp_path: Path
) -> None:
    posts = in_markdown((*VECTORS, *IN_MARKDOWN), listener, tmp_path)
    made = pages_of(posts, "epub", folder_for(tmp_path))
    assert len(made) > len(VECTORS) + len(IN_MARKDOWN)
    assert signals(page, made, listener) == []


@pytest.mark.parametrize("product", ["html", "substack-paste"])
def test_hostile_headers_and_marks_are_silent(
    page: Page, listener: Listener, tmp_path: Path, product: str
) -> None:
    posts = [*in_headers(listener, tmp_path), *in_markdown(IN_MARKDOWN, listener, tmp_path)]
    made = pages_of(posts, product, folder_for(tmp_path))
    assert len(made) >= len(posts)
    assert signals(page, without_policy(made), listener) == []


@pytest.mark.slow
@pytest.mark.parametrize("policy", [True, False], ids=["policy", "no policy"])
@pytest.mark.parametrize("product", PRODUCTS)
def test_all_that_is_hostile_is_silent_in_every_product(
    page: Page, listener: Listener, tmp_path: Path, product: str, policy: bool
) -> None:
    posts = [
        *in_headers(listener, tmp_path),
        *in_pages(VECTORS, listener, tmp_path),
        *in_markdown((*VECTORS, *IN_MARKDOWN), listener, tmp_path),
    ]
    made = pages_of(posts, product, folder_for(tmp_path))
    assert len(made) >= len(posts)
    assert signals(page, made if policy else without_policy(made), listener) == []


@pytest.mark.slow
@pytest.mark.corpus
@pytest.mark.parametrize("product", PRODUCTS)
def test_hostile_files_of_others_are_silent(
    page: Page, listener: Listener, tmp_path: Path, product: str, shared: Path
) -> None:
    files = [
        path
        for path in sorted(HOSTILE.rglob("*"))
        if path.suffix in (".md", ".test", ".txt", ".html")
    ]
    posts = []
    for format in ("markdown", "html"):
        for path in files:
            try:
                posts += clothbound.read(path, format)
            except clothbound.ClothboundError:
                continue  # a file that no post can be made of
    assert len(posts) > len(files)
    made = pages_of(posts, product, folder_for(tmp_path))
    assert signals(page, without_policy(made), listener) == []


def folder_for(place: Path) -> Path:
    folder = place / "made"
    folder.mkdir()
    return folder
