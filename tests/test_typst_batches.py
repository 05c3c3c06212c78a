"""Tests that a book compiled in batches and merged equals the one compiled at once."""

from __future__ import annotations

import io
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, cast

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from pypdf import PdfReader

from clothbound import api
from clothbound.diagnostics import DiagnosticCode
from clothbound.errors import WriteError
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.book_info import BookInfo
from clothbound.model.collection import Collection, Part, Role
from clothbound.model.index import Index
from clothbound.model.post import Asset, Footnote, Metadata, Post
from clothbound.proof import proof_read
from clothbound.run import Run
from clothbound.writers.pdf import Pdf
from clothbound.writers.pdf.typst import book as book_module
from clothbound.writers.pdf.typst import compiler as compiler_module
from clothbound.writers.pdf.typst.batch_pool import BatchPool
from clothbound.writers.pdf.typst.batches import divide
from printed_books import (
    NOTHING,
    TYPST,
    WORDS,
    accessibility_errors,
    engine_messages,
    needs_poppler,
    outline,
    p,
    pages,
)

POSTS = 9


def link(words: str, target: str) -> i.Link:
    return i.Link((i.Text(words),), target)


def letter(number: int) -> Post:
    before, after = f"l{(number - 1) % POSTS}", f"l{(number + 4) % POSTS}"
    table = b.Table(((b.Cell((i.Text("Pot"),)), b.Cell((i.Text("Water"),))),),
                    ((b.Cell((i.Text("a"),)), b.Cell((i.Text(str(number)),))),))  # fmt: skip
    return Post(
        Metadata(key=f"l{number}", title=f"Letter {number}", slug=f"l{number}", source=f"l{number}.md"),
        (
            p(WORDS * (3 + number % 4), i.NoteRef("n")),
            b.Heading((i.Text("Below"),), 2, id="below"),
            p("As ", link("the one before", f"{before}.md"), " and ",
              link("part of one later", f"{after}.md#below"), " say."),
            table,
            *[p(WORDS * 5) for _ in range(1 + number % 3)],
        ),
        footnotes=(note(number),),
    )  # fmt: skip


def note(number: int) -> Footnote:
    return Footnote("n", (p(f"Note of letter {number}."),))


def letters() -> Collection:
    roles: dict[str, Role] = {"ded": "dedication"}
    posts = (
        Post(Metadata(key="ded", title="Dedication", source="ded.md"), (p("To the readers."),)),
        *map(letter, range(POSTS)),
    )
    parts = (
        Part("Spring", ("l0", "l1", "l2", "l3")),
        Part("Autumn", tuple(f"l{n}" for n in range(4, POSTS))),
    )
    return Collection(
        posts=posts,
        index=Index.of(posts),
        info=BookInfo(title="Letters", language="en"),
        roles=roles,
        parts=parts,
    )


@pytest.fixture(scope="module", params=["essay", "manual"])
def options(request: pytest.FixtureRequest) -> Pdf:
    """The contents of a manual list sections."""
    return structs.replace(TYPST, theme=request.param)


@pytest.fixture(scope="module")
def printed(options: Pdf) -> tuple[bytes, bytes, object, object]:
    """The PDF compiled at once and the one in batches, and where their pages begin."""
    first = api.write(letters(), options)
    whole = first.to_bytes()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(book_module, "MOST", 9000)
        second = api.write(letters(), options)
        joined = second.to_bytes()
    assert not engine_messages(second.report)
    return whole, joined, first.pages, second.pages


@pytest.fixture(scope="module")
def both(printed: tuple[bytes, bytes, object, object]) -> tuple[bytes, bytes]:
    return printed[:2]


def links(data: bytes) -> list[object]:
    reader = PdfReader(io.BytesIO(data))
    places = {page.indirect_reference.idnum: n for n, page in enumerate(reader.pages)}
    found: list[object] = []
    for number, page in enumerate(reader.pages):
        for annotation in (a.get_object() for a in page.get("/Annots", ())):
            target = annotation["/Dest"]
            if not isinstance(target, list):
                target = reader.named_destinations[target].dest_array
            where = [round(float(x)) for x in target[2:4]]
            box = [round(float(x)) for x in annotation["/Rect"]]
            found.append((number, box, places[target[0].idnum], where))
    return sorted(found, key=str)


@needs_poppler
def test_every_page_is_the_same(both: tuple[bytes, bytes]) -> None:
    whole, joined = both
    assert pages(joined) == pages(whole)
    assert any(
        re.search(r"part of one later \(p\.\s*\d+\)", " ".join(t.split())) for t in pages(joined)
    )


def test_links_and_outline_lead_to_the_same_places(both: tuple[bytes, bytes]) -> None:
    whole, joined = both
    assert len(links(whole)) > 3 * POSTS
    assert links(joined) == links(whole)
    titles = [list(outline(PdfReader(io.BytesIO(data)))) for data in (joined, whole)]
    assert titles[0] == titles[1] != []


def told_pages(data: bytes) -> list[str]:
    """Returns the accessible names of links within the book, without the words for their kind."""
    return [
        str(annotation.get_object().get("/Contents", "")).rpartition(", ")[2]
        for page in PdfReader(io.BytesIO(data)).pages
        for annotation in page.get("/Annots", ())
    ]


def test_links_are_called_by_the_same_pages(both: tuple[bytes, bytes]) -> None:
    whole, joined = both
    assert told_pages(joined) == told_pages(whole)
    assert "page 26" in told_pages(joined)


def test_the_number_of_pages_is_told_of_the_whole_book(both: tuple[bytes, bytes]) -> None:
    for data in both:
        reader = PdfReader(io.BytesIO(data))
        metadata = reader.trailer["/Root"]["/Metadata"].get_object().get_data()
        assert f"<xmpTPg:NPages>{len(reader.pages)}<".encode() in metadata


def test_pages_begin_where_they_do(printed: tuple[bytes, bytes, object, object]) -> None:
    assert printed[2] == printed[3] is not None


def test_it_was_made_in_several_batches(both: tuple[bytes, bytes]) -> None:
    tree = PdfReader(io.BytesIO(both[1])).trailer["/Root"]["/StructTreeRoot"]
    document = tree["/K"][0] if isinstance(tree["/K"], list) else tree["/K"]
    kinds = [kid.get_object()["/S"] for kid in document.get_object()["/K"]]
    assert kinds.count("/Part") > 2


def test_checkers_find_no_error(both: tuple[bytes, bytes], tmp_path: Path) -> None:
    path = tmp_path / "joined.pdf"
    path.write_bytes(both[1])
    assert accessibility_errors(path) == []


def test_names_of_elements_are_one_element_s(both: tuple[bytes, bytes]) -> None:
    reader = PdfReader(io.BytesIO(both[1]))
    tree = reader.trailer["/Root"]["/StructTreeRoot"]
    names = tree["/IDTree"]["/Names"][::2]
    assert len(names) == len(set(names)) >= 3 * POSTS
    heads = [
        attributes["/Headers"]
        for element in _elements(tree["/K"])
        for attributes in element.get("/A", ())
        if "/Headers" in attributes
    ]
    assert {str(name) for wanted in heads for name in wanted} <= set(map(str, names))


def test_the_proof_reader_reads_both_alike(both: tuple[bytes, bytes]) -> None:
    """The merged file keeps its objects in streams, and its links have places in place of names."""
    whole, joined = (proof_read(data)[0] for data in both)
    assert joined == whole
    assert both[1].count(b"/ObjStm") > 1
    assert not any(one.check == "false link" for one in joined)
    # The outline of the merged file is read too: one title leads to the first page.
    with pikepdf.open(io.BytesIO(both[1])) as pdf:
        with pdf.open_outline() as titles:
            title = next(item for item in titles.root if item.children).children[0]
            title.destination = pikepdf.Array([pdf.pages[0].obj, pikepdf.Name.Fit])
        changed = io.BytesIO()
        pdf.save(changed, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert any(one.check == "false link" for one in proof_read(changed.getvalue())[0])


def _elements(kids: object) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    waiting = [kids]
    while waiting:
        item = getattr(waiting.pop(), "get_object", lambda: None)()
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, dict) and "/S" in item:
            found.append(item)
            waiting.append(item.get("/K"))
    return found


# the processes that compile batches


@pytest.mark.parametrize("jobs", [1, 3])
def test_any_number_of_processes_makes_the_same_book(
    monkeypatch: pytest.MonkeyPatch,
    printed: tuple[bytes, bytes, object, object],
    options: Pdf,
    jobs: int,
) -> None:
    monkeypatch.setattr(book_module, "MOST", 9000)
    artifact = api.write(letters(), options, run=Run(jobs=jobs))
    assert artifact.to_bytes() == printed[1]
    assert artifact.pages == printed[3]


def test_the_process_of_a_batch_has_started_before_its_turn(
    monkeypatch: pytest.MonkeyPatch, printed: tuple[bytes, bytes, object, object], options: Pdf
) -> None:
    monkeypatch.setattr(book_module, "MOST", 9000)
    monkeypatch.setattr(compiler_module, "Worker", None)
    assert api.write(letters(), options, run=Run(jobs=2)).to_bytes() == printed[1]


class _Batches:
    """Stands for a compiler whose batches take until they may ``go_on``."""

    def __init__(self) -> None:
        self.opened = threading.Semaphore(0)
        self.go_on = threading.Event()
        self.open: list[str] = []

    def put(self, files: object) -> None:
        self.opened.release()
        assert self.go_on.wait(60)

    @contextmanager
    def open_batch(self, name: str, waiting: object) -> Iterator[_Batches]:
        yield self
        self.open.remove(name)

    def settle(self, make_up: object) -> dict[str, object]:
        return {}

    def write(self, timestamp: int) -> tuple[Path, list[str]]:
        return Path(), []


def test_a_batch_whose_turn_never_comes_has_no_process() -> None:
    compiler = _Batches()
    open_batch = compiler.open_batch

    def note(name: str, waiting: object) -> AbstractContextManager[_Batches]:
        compiler.open.append(name)
        return open_batch(name, waiting)

    compiler.open_batch = note  # type: ignore[method-assign, assignment]
    with BatchPool(compiler, 0, cast(Any, object), jobs=2) as pool:  # type: ignore[arg-type]
        for position in range(3):
            pool.compile(position, {})
        for _ in range(2):
            assert compiler.opened.acquire(timeout=60)
        threading.Timer(0.2, compiler.go_on.set).start()
        # The one that waits is given up, as when another is refused.
    assert compiler.open == []


def test_a_batch_that_is_refused_is_told_by_any_number_of_processes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A block that Typst refuses is set as plain text, with any number of processes."""
    monkeypatch.setattr(book_module, "MOST", 2500)
    figure = b.Figure(i.Image("a.svg", "nothing"), line=5)
    posts = [
        Post(
            Metadata(key=f"l{number}", title=f"Letter {number}", source=f"l{number}.md"),
            (p(WORDS * 10), *([figure] if number in (2, 4) else [])),
            assets=(Asset("a.svg", NOTHING.data, NOTHING.media_type),),
        )
        for number in range(8)
    ]
    made = []
    for jobs in (1, 2):
        artifact = api.write(
            Collection(posts=posts, index=Index.of(posts), info=BookInfo(title="T", language="en")),
            TYPST,
            run=Run(jobs=jobs),
        )
        data = artifact.to_bytes()
        made.append((data, [d.source for d in artifact.report.diagnostics]))
    assert made[0] == made[1]
    assert made[0][1] == ["l2.md", "l4.md"]


def test_it_finds_what_its_caller_finds(
    monkeypatch: pytest.MonkeyPatch, both: tuple[bytes, bytes], options: Pdf
) -> None:
    monkeypatch.setattr(sys, "executable", getattr(sys, "_base_executable", sys.executable))
    monkeypatch.setattr(book_module, "MOST", 9000)
    assert api.write(letters(), options).to_bytes() == both[1]


@pytest.mark.parametrize("executable", ["", "/nowhere/python"])
def test_where_none_can_start_the_book_is_compiled_at_once(
    monkeypatch: pytest.MonkeyPatch, both: tuple[bytes, bytes], options: Pdf, executable: str
) -> None:
    monkeypatch.setattr(sys, "executable", executable)
    monkeypatch.setattr(book_module, "MOST", 9000)
    assert api.write(letters(), options).to_bytes() == both[0]


@pytest.mark.skipif(sys.platform == "win32", reason="a script stands for Python")
def test_one_that_is_killed_is_named_with_what_it_may_have_lacked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    killed = tmp_path / "python"
    killed.write_text("#!/bin/sh\nkill -9 $$\n")
    killed.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(killed))
    monkeypatch.setattr(book_module, "MOST", 9000)
    with pytest.raises(WriteError, match=r"(?s)killed by SIGKILL.*memory"):
        api.write(letters(), TYPST).to_bytes()


@pytest.mark.skipif(sys.platform == "win32", reason="a script stands for Python")
def test_gatherings_are_not_compiled_again_for_a_block_that_is_refused_in_another(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    counting, log = tmp_path / "python", tmp_path / "log"
    counting.write_text(f'#!/bin/sh\necho run >> "{log}"\nexec "{sys.executable}" "$@"\n')
    counting.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(counting))
    monkeypatch.setattr(book_module, "MOST", 2500)

    def runs(bad: tuple[int, ...]) -> tuple[int, list[str]]:
        log.write_text("")
        posts = []
        for number in range(8):
            figure = b.Figure(i.Image("a.svg", "nothing"), line=5)
            body = (p(WORDS * 10), *([figure] if number in bad else []))
            metadata = Metadata(key=f"l{number}", title=f"Letter {number}", source=f"l{number}.md")
            drawing = Asset(
                "a.svg",
                NOTHING.data.replace(b'height="0"', b'height="%d"' % number),
                NOTHING.media_type,
            )
            posts.append(Post(metadata, body, assets=(drawing,)))
        artifact = api.write(
            Collection(posts=posts, index=Index.of(posts), info=BookInfo(title="T", language="en")),
            TYPST,
            run=Run(jobs=1),  # Others would have begun the next batch, and begin it again.
        )
        artifact.to_bytes()
        refused = [d.source for d in artifact.report.diagnostics if d.code is DiagnosticCode.ENGINE]
        return len(log.read_text().split()), refused

    good, none = runs(())
    with_bad, named = runs((2, 4, 7))
    assert good > 8
    assert not none
    assert named == ["l2.md", "l4.md", "l7.md"]
    assert with_bad == good + 3


@needs_poppler
def test_a_title_higher_than_a_page_leads_to_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    long = "A title that does not end " * 40
    posts = [
        Post(
            Metadata(key=f"l{n}", title=long if n == 2 else f"Letter {n}", source=f"l{n}.md"),
            (p("As ", link("another", f"l{(n + 3) % 6}.md"), " says."), *[p(WORDS * 8)] * 3),
        )
        for n in range(6)
    ]
    collection = Collection(
        posts=posts, index=Index.of(posts), info=BookInfo(title="Letters", language="en"), roles={}
    )
    whole = api.write(collection, TYPST).to_bytes()
    monkeypatch.setattr(book_module, "MOST", 5000)
    joined = api.write(collection, TYPST).to_bytes()
    assert pages(joined) == pages(whole)
    assert links(joined) == links(whole)


@needs_poppler
def test_one_post_has_no_pages_before_its_text_however_large(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = Post(Metadata(key="l", title="Letter", source="l.md"), (p(WORDS * 8),) * 5)
    collection = Collection(
        posts=(one,), index=Index.of([one]), info=BookInfo(title="Letters", language="en")
    )
    first = api.write(collection, TYPST)
    whole = first.to_bytes()
    monkeypatch.setattr(book_module, "MOST", 2000)
    second = api.write(collection, TYPST)
    assert pages(second.to_bytes()) == pages(whole)
    assert second.pages == first.pages is not None


@given(st.lists(st.integers(0, 50), max_size=30), st.integers(1, 100))
def test_all_are_divide_in_order_and_none_is_too_large(sizes: list[int], most: int) -> None:
    ranges = divide(sizes, most)
    assert [n for r in ranges for n in r] == list(range(len(sizes)))
    assert all(len(r) == 1 or sum(sizes[n] for n in r) <= most for r in ranges if len(r))
