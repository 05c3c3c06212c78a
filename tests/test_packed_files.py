"""Files of an EPUB that are compressed before they are written."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from clothbound.artifact import zip_entry
from clothbound.options import Epub
from clothbound.run import Run
from clothbound.writers.epub.packed_files import pack_text, write_packed
from made_folders import folder_of, kept_names, made

TEXTS = ("", "a", "<p>Grüße \N{SNOWMAN}</p>" * 5000)


def test_they_are_as_zipfile_writes_them() -> None:
    ours, theirs = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(ours, "w") as one, zipfile.ZipFile(theirs, "w") as other:
        for archive in (one, other):
            archive.writestr(zip_entry("mimetype"), "first", zipfile.ZIP_STORED)
        for number, text in enumerate(TEXTS):
            write_packed(one, zip_entry(f"{number}-ü"), pack_text(text))
            other.writestr(zip_entry(f"{number}-ü"), text, zipfile.ZIP_DEFLATED)
        for archive in (one, other):
            archive.writestr(zip_entry("last"), "last", zipfile.ZIP_DEFLATED)
    assert ours.getvalue() == theirs.getvalue()
    assert [pack_text(text).unpack().decode() for text in TEXTS] == list(TEXTS)
    with zipfile.ZipFile(ours) as read:
        assert read.testzip() is None
        assert [read.read(f"{n}-ü").decode() for n in range(len(TEXTS))] == list(TEXTS)


def test_another_library_packs_all_chapters_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = folder_of(tmp_path / "posts", [[0]] * 16)
    for version in ("1.3.1", "1.3.1.zlib-ng"):
        monkeypatch.setattr("clothbound.writers.epub.packed_files.LIBRARY", version)
        made(source, Epub(), Run(cache=tmp_path / "cache", jobs=1))
    assert len(kept_names(tmp_path / "cache")) == 32
