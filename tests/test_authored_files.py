"""A file that its author may be saving is replaced only where it is still what was read."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from clothbound.authored_files import ChangedMeanwhileError, replace_file


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "there").write_bytes(b"old")
    return tmp_path


def test_a_file_that_is_as_it_was_is_replaced_and_keeps_its_mode(place: Path) -> None:
    (place / "there").chmod(0o640)
    replace_file(place / "there", b"new", place / "part", replaces=b"old")
    assert (place / "there").read_bytes() == b"new"
    assert stat.S_IMODE((place / "there").stat().st_mode) == 0o640
    assert not (place / "part").exists()


def test_a_new_file_is_written_where_none_is(place: Path) -> None:
    replace_file(place / "below" / "new", b"new", place / "part", replaces=None)
    assert (place / "below" / "new").read_bytes() == b"new"


@pytest.mark.parametrize(
    ("name", "replaces"), [("there", b"other"), ("there", None), ("not there", b"old")]
)
def test_what_changed_meanwhile_stays(place: Path, name: str, replaces: bytes | None) -> None:
    with pytest.raises(ChangedMeanwhileError):
        replace_file(place / name, b"new", place / "part", replaces=replaces)
    assert (place / "there").read_bytes() == b"old"
    assert not (place / "not there").exists()


def test_a_link_that_leads_nowhere_is_something_that_is_there(place: Path) -> None:
    (place / "link").symlink_to(place / "nowhere")
    with pytest.raises(ChangedMeanwhileError):
        replace_file(place / "link", b"new", place / "part", replaces=None)
    assert not (place / "nowhere").exists()


def test_what_is_announced_is_whole_and_not_yet_in_its_place(place: Path) -> None:
    seen = []

    def announce() -> None:
        seen.append(((place / "part").read_bytes(), (place / "there").read_bytes()))

    replace_file(place / "there", b"new", place / "part", replaces=b"old", announce=announce)
    assert seen == [(b"new", b"old")]
