"""An export that is one file, or a file of a folder or a ZIP, is opened within the bounds, however it is given."""

from __future__ import annotations

import io
import pickle
import zipfile
from pathlib import Path

import pytest

from clothbound.errors import LimitError, ReadError
from clothbound.limits import Limits
from clothbound.readers import export_files
from clothbound.readers.export_files import Files, OpenedExport, ZipFiles, open_export
from clothbound.readers.text_files import BadPostError

TEXT = b"Ten letters"


def _given(form: str, folder: Path) -> Path | bytes | io.BytesIO:
    (folder / "export.txt").write_bytes(TEXT)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("export.txt", TEXT)
    (folder / "export.zip").write_bytes(packed.getvalue())
    forms = {
        "file": folder / "export.txt",
        "bytes": TEXT,
        "stream": io.BytesIO(TEXT),
        "folder": folder,
        "ZIP": folder / "export.zip",
        "ZIP as bytes": packed.getvalue(),
        "ZIP as a stream": io.BytesIO(packed.getvalue()),
    }
    return forms[form]


def _parts(files: Files) -> list[str]:
    return [name for name in files.names if name == "export.txt"]


def _opened(form: str, folder: Path, limits: Limits, most: int) -> OpenedExport:
    return open_export(_given(form, folder), _parts, "holds no export", limits, most=most)


ALONE = ("file", "bytes", "stream")
PACKED = ("folder", "ZIP", "ZIP as bytes", "ZIP as a stream")


@pytest.mark.parametrize("form", [*ALONE, *PACKED])
def test_an_export_is_read_within_its_bounds(form: str, tmp_path: Path) -> None:
    # That of a post is none for a file with many posts.
    export = _opened(form, tmp_path, Limits(post_bytes=5), len(TEXT))
    (part,) = export.parts
    assert part.read(len(TEXT)) == TEXT
    with part.open() as stream:
        assert stream.read() == TEXT
    assert (export.files is None) is (form in ALONE)
    with pytest.raises((LimitError, ReadError), match="is longer than 5 bytes"):
        part.read(5)


def test_a_file_by_itself_has_the_bound_of_an_archive(tmp_path: Path) -> None:
    with pytest.raises(LimitError, match="is longer than 5 bytes"):
        _opened("bytes", tmp_path, Limits(archive_bytes=5), 100)
    (part,) = _opened("file", tmp_path, Limits(archive_bytes=5), 100).parts
    with pytest.raises(LimitError, match="is longer than 5 bytes"):
        part.open()


@pytest.mark.parametrize("form", PACKED)
def test_a_file_of_an_archive_has_the_bound_that_is_asked_for(form: str, tmp_path: Path) -> None:
    (part,) = _opened(form, tmp_path, Limits(), 5).parts
    with pytest.raises(BadPostError, match="is longer than 5 bytes"):
        part.open()


def test_an_archive_without_such_a_file_is_named(tmp_path: Path) -> None:
    _given("ZIP", tmp_path)
    (tmp_path / "export.txt").unlink()
    with pytest.raises(ReadError, match="holds no export") as caught:
        open_export(tmp_path, _parts, "holds no export", Limits(), most=9, hint="a hint")
    assert (caught.value.source, str(caught.value.hint)) == (str(tmp_path), "a hint")


def test_small_files_of_a_zip_are_unpacked_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "letters.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in "abc":
            archive.writestr(name, name * 40)
    unpacked: list[str] = []
    unpack = zipfile.ZipFile.open

    def count(self: zipfile.ZipFile, info: zipfile.ZipInfo) -> object:
        unpacked.append(info.filename)
        return unpack(self, info)

    monkeypatch.setattr(zipfile.ZipFile, "open", count)
    monkeypatch.setattr(export_files, "IN_MEMORY", 100)
    files = ZipFiles.open(str(path), path.name, Limits())
    for _ in range(2):
        assert [files.read(name) for name in "abc"] == [name.encode() * 40 for name in "abc"]
    assert unpacked == ["a", "b", "c", "c"]
    with pytest.raises(BadPostError, match="is longer than 39 bytes"):
        files.read("a", 39)
    assert pickle.loads(pickle.dumps(files)).read("a") == b"a" * 40
    assert unpacked[4:] == ["a"]
