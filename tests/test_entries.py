"""Tests the entries of files that hold many posts: laziness, memory, threads, processes and pickling."""

from __future__ import annotations

import gc
import io
import multiprocessing
import os
import pickle
import sys
import threading
import tracemalloc
from collections.abc import Sequence

import pytest

from clothbound.model import BookInfo, Metadata, Paragraph, Post, Text
from clothbound.readers import entries as module
from clothbound.readers.entries import Entries, EntryText, StoredTexts


def _make(text: EntryText, metadata: Metadata) -> Post:
    return Post(metadata, (Paragraph((Text(text.content),)),))


def _keep(text: EntryText, metadata: Metadata) -> Post:
    post = _make(text, metadata)
    return Post(metadata, post.body, diagnostics=text.findings)


def _words(posts: Sequence[Post]) -> list[str]:
    return [post.body[0].children[0].text for post in posts]  # type: ignore[union-attr]


@pytest.fixture(params=[0, 1_000_000], ids=["in a file", "in memory"])
def many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Entries:
    monkeypatch.setattr(module, "_IN_MEMORY", request.param)
    entries = Entries()
    for number in range(300):
        entries.add(Metadata(title=f"Letter {number}"), EntryText(f"ñ{number} {'x' * number}"))
    return entries


def _expected() -> list[str]:
    return [f"ñ{number} {'x' * number}" for number in range(300)]


def test_posts_are_made_when_asked_for_in_any_order(many: Entries) -> None:
    posts = many.collection(_make, BookInfo())
    assert len(posts) == 300
    assert _words(posts.posts) == _expected()
    assert _words([posts[299], posts[0]]) == [_expected()[299], _expected()[0]]


def test_posts_survive_pickling(many: Entries) -> None:
    posts = pickle.loads(pickle.dumps(many.collection(_make, BookInfo()).posts))
    assert _words(posts) == _expected()
    assert _words(pickle.loads(pickle.dumps(posts))) == _expected()


def test_threads_read_at_the_same_time(many: Entries) -> None:
    posts = many.collection(_make, BookInfo()).posts
    found: list[list[str]] = []
    threads = [threading.Thread(target=lambda: found.append(_words(posts))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [_expected()] * 6


@pytest.mark.skipif(sys.platform == "win32", reason="processes are not forked there")
def test_forked_processes_do_not_move_each_others_place(many: Entries) -> None:
    posts = many.collection(_make, BookInfo()).posts
    fork = multiprocessing.get_context("fork")

    def read() -> None:
        os._exit(0 if all(_words(posts) == _expected() for _ in range(5)) else 1)

    processes = [fork.Process(target=read) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 4


def test_metadata_can_be_changed_after_all_were_read(many: Entries) -> None:
    many.change(lambda metadata: Metadata(title=metadata.title.upper()))
    assert many.collection(_make, BookInfo())[3].title == "LETTER 3"


def test_characters_that_are_no_text_are_removed_and_named() -> None:
    entries = Entries()
    entries.add(Metadata(source="a.json"), EntryText("half \ud800a pair\x00"))
    (text,) = entries.collection(_keep, BookInfo()).posts
    assert _words([text]) == ["half a pair"]
    assert [d.message for d in text.diagnostics] == ["2 control characters were removed"]


def test_characters_that_are_no_text_are_removed_from_fields_and_named() -> None:
    entries = Entries()
    fields = Metadata(
        source="a.json", title="A \x08letter", tags=("x\x7f",), extra={"guid": ["\uffff\ud8001"]}
    )
    entries.add(fields, EntryText("words", base="https://\x7fa.example/"))
    collection = entries.collection(_keep, BookInfo(title="Let\x01ters"))
    (post,) = collection.posts
    assert (post.title, post.metadata.tags, post.metadata.extra) == (
        "A letter",
        ("x",),
        {"guid": ["1"]},
    )
    assert collection.info.title == "Letters"
    assert [d.message for d in post.diagnostics] == [
        "control characters were removed from its metadata"
    ]


def test_large_texts_take_no_memory() -> None:
    texts = StoredTexts()
    tracemalloc.start()
    for _ in range(60):
        texts.add(b"x" * 1_000_000)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 10_000_000
    assert texts[59] == b"x" * 1_000_000


def test_the_file_of_large_texts_is_closed_with_them() -> None:
    texts = StoredTexts()
    for _ in range(40):
        texts.add(b"x" * 1_000_000)
    file = texts._file
    assert not isinstance(file, io.BytesIO)
    del texts
    gc.collect()
    assert file.closed
