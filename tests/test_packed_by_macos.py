"""A ZIP that macOS has packed, with its own files beside those of a person, reads like any other."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import pytest

import clothbound
from clothbound.verify import read_sources

CASES = Path(__file__).parent / "cases"
APPLE_DOUBLE = b"\0\5\x16\7\0\2\0\0Mac OS X"


def packed(folder: Path, *, by_macos: bool) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        if by_macos:
            archive.writestr(".DS_Store", b"\0\0\0\1Bud1")
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = path.relative_to(folder)
            archive.writestr(name.as_posix(), path.read_bytes())
            if by_macos:
                beside = Path("__MACOSX") / name.with_name(f"._{name.name}")
                archive.writestr(beside.as_posix(), APPLE_DOUBLE)
    return made.getvalue()


@pytest.mark.parametrize(
    "case",
    [
        "blog-archive",
        "buttondown",
        "medium",
        "notion/part-1",
        "sites/eleventy",
        "substack-archive",
        "tumblr",
    ],
)
def test_what_macos_packs_beside_the_files_is_not_there(case: str) -> None:
    plain, other = (
        clothbound.read(packed(CASES / case, by_macos=by_macos)) for by_macos in (False, True)
    )
    assert len(plain) > 0
    assert list(other.index) == list(plain.index)
    assert other.diagnostics == plain.diagnostics
    assert other.info == plain.info


@pytest.mark.parametrize("case", ["buttondown", "medium", "notion/part-1", "sites/eleventy"])
def test_check_counts_none_of_it(case: str, tmp_path: Path) -> None:
    plain, other = tmp_path / "plain.zip", tmp_path / "other.zip"
    plain.write_bytes(packed(CASES / case, by_macos=False))
    other.write_bytes(packed(CASES / case, by_macos=True))
    assert len(read_sources(plain)) > 0
    assert read_sources(other) == read_sources(plain)


def test_an_unpacked_export_is_found_beside_it(tmp_path: Path) -> None:
    shutil.copytree(CASES / "substack-archive", tmp_path / "export")
    (tmp_path / "__MACOSX" / "export").mkdir(parents=True)
    (tmp_path / "__MACOSX" / "export" / "._posts.csv").write_bytes(APPLE_DOUBLE)
    assert len(clothbound.read(tmp_path)) == len(clothbound.read(CASES / "substack-archive"))
