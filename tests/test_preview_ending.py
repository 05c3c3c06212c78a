"""The end of a preview: a check that is still running in its thread leaves no file behind."""

from __future__ import annotations

import threading
from pathlib import Path

import clothbound
from clothbound.preview.library import Library
from clothbound.preview.shown_source import ShownPosts, ShownSource
from running_preview import LETTERS, LOFT


def library(converted: Path) -> Library:
    def read() -> ShownPosts:
        return ShownPosts(collection=clothbound.read(LETTERS))

    return Library(ShownSource(name="letters", read=read), converted)


def test_a_closed_library_renders_nothing(tmp_path: Path) -> None:
    made = library(tmp_path)
    assert made.show(LOFT) is not None
    assert made.check_next() is not None
    made.close()
    assert (made.show(LOFT), made.printable(LOFT), made.check_next()) == (None, None, None)


def test_closing_waits_for_the_check_that_is_running(tmp_path: Path) -> None:
    made = library(tmp_path)
    has_begun = threading.Event()

    def check() -> None:
        while made.check_next() is not None:
            has_begun.set()

    running = threading.Thread(target=check)
    running.start()
    has_begun.wait()
    made.close()
    files = set(tmp_path.rglob("*"))
    running.join()
    assert set(tmp_path.rglob("*")) == files
