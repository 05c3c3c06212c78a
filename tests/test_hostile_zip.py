"""Reads hostile archives: each gives a clear message, writes nothing and needs little memory."""

from __future__ import annotations

import io
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from clothbound import api
from clothbound.errors import ClothboundError, LimitError, ReadError
from clothbound.limits import Limits
from clothbound.media.resources import Resources
from clothbound.run import Run
from clothbound.verify.sources import read_sources
from export_archive import HEAD, archive, export, row

SCRIPT = """
import pathlib, re, resource, sys
from clothbound import api
from clothbound.errors import ClothboundError
try:
    posts = api.read(sys.argv[1], "substack", on_error="collect")
    api.write(posts, "html-fragment").save(sys.argv[2])
    print("read", len(posts), *posts.diagnostics, sep="\\n")
except ClothboundError as error:
    print("error", error)
# On Linux ru_maxrss begins with what the process that started this one held.
status = pathlib.Path("/proc/self/status")
peak = re.search(r"VmHWM:\\s+(\\d+)", status.read_text()) if status.exists() else None
print((int(peak[1]) if peak else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) // 1024)
"""
# What each of the files beside the checkout gives: posts, or a part of the message.
ANSWERS: dict[str, int | str] = {
    "bad-crc": "cannot be unpacked",
    "bomb-64mb": 1,
    "case-clash": 1,
    "device-names": 6,
    "empty-archive": "no posts.csv",
    "long-name": 2,
    "no-central-directory": "is not a ZIP archive",
    "no-posts-csv": "no posts.csv",
    "nul-in-name": 1,
    "ok-like-substack-streamed": 1,
    "ok-minimal": 1,
    "prefixed-garbage": 1,
    "slip-dotdot": 1,
    "slip-drive": 1,
    "symlink-dir-then-file": 1,
    "symlink-out": 1,
    "unknown-method": "cannot be unpacked",
    "zip-in-zip": 1,
}


@pytest.mark.corpus
@pytest.mark.parametrize("name", ANSWERS)
def test_every_archive_has_an_answer(name: str, shared: Path, tmp_path: Path) -> None:
    target = tmp_path / "made" / "out"
    target.parent.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, shared / "hostile" / "zip" / f"{name}.zip", target],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=tmp_path,
    )
    *lines, memory = done.stdout.splitlines()
    answer = ANSWERS[name]
    if isinstance(answer, int):
        assert lines[:2] == ["read", str(answer)]
    else:
        assert lines[0].startswith("error")
        assert answer in lines[0]
    assert int(memory) < 300
    assert {p.name for p in tmp_path.iterdir()} == {"made"}
    assert {p.name for p in target.parent.iterdir()} <= {"out"}


def test_all_files_beside_the_checkout_are_known(shared: Path) -> None:
    assert {p.stem for p in (shared / "hostile" / "zip").glob("*.zip")} == set(ANSWERS)


@pytest.mark.corpus
def test_every_list_of_posts_has_an_answer(shared: Path) -> None:
    answers = {}
    for path in sorted((shared / "hostile" / "csv").glob("*.csv")):
        data = archive({"posts.csv": path.read_bytes(), "posts/100001.hello.html": "<p>x</p>"})
        try:
            answers[path.stem] = len(api.read(data, on_error="collect"))
        except ClothboundError as error:
            answers[path.stem] = str(error)[:30]
    assert answers == {
        "bom": 1,
        "bool-variants": 7,
        "empty": "posts.csv: has no column post_",
        "header-only": 1,
        "id-variants": 9,
        "latin1": "posts.csv: is neither UTF-8 no",
        "no-header": 1,
        "quoted-newline": 1,
        "semicolon": 1,
    }


def test_an_export_is_known_by_its_posts_where_its_table_is_damaged(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    (folder / "posts").mkdir(parents=True)
    (folder / "posts" / "1.a.html").write_text("<p>x</p>")
    (folder / "posts.csv").write_text("")
    with pytest.raises(ReadError, match="no column post_id"):
        api.read(folder)
    (folder / "posts.csv").write_text(row("1.a") + "\n")
    (post,) = api.read(folder)
    assert post.metadata.title == "T"


def test_a_table_alone_is_no_post(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text(f"{HEAD}\n{row('1.a')}\n")
    for source in (path, path.read_bytes()):
        with pytest.raises(ReadError, match=r"without the posts.*ZIP of the export"):
            api.read(source)


def test_names_that_lead_out_are_not_read() -> None:
    info = zipfile.ZipInfo("posts/2.b.html")
    info.external_attr = 0o120777 << 16
    stream = io.BytesIO(export(row("1.a"), p1_a="<p>x</p>"))
    with zipfile.ZipFile(stream, "a") as made:
        made.writestr("../3.c.html", "<p>out</p>")
        made.writestr("/4.d.html", "<p>out</p>")
        made.writestr(info, "/etc/hostname")
    collection = api.read(stream.getvalue())
    assert len(collection) == 1
    assert len(collection.diagnostics) == 3


def test_a_link_out_of_a_folder_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    (folder / "posts").mkdir(parents=True)
    (tmp_path / "secret").write_text("<p>secret</p>")
    (folder / "posts.csv").write_text(
        zipfile.ZipFile(io.BytesIO(export(row("1.a")))).read("posts.csv").decode()
    )
    (folder / "posts" / "1.a.html").symlink_to(tmp_path / "secret")
    with pytest.raises(ReadError, match="leads out"):
        api.read(folder)


def test_limits_of_entries_and_size() -> None:
    data = export(
        *(row(f"{n}.a") for n in range(1, 40)),
        **{f"p{n}_a": "<p>" + "x" * 2000 for n in range(1, 40)},
    )
    with pytest.raises(LimitError, match="more than 2 files"):
        api.read(data, run=Run(limits=Limits(entries=2)))
    # The 40 entries take fewer bytes in the directory than 20 of long names.
    assert len(api.read(data, run=Run(limits=Limits(entries=40)))) == 39
    with pytest.raises(LimitError, match="more than 39 files"):
        api.read(data, run=Run(limits=Limits(entries=39)))
    with pytest.raises(LimitError, match="unpacks to more"):
        api.read(data, run=Run(limits=Limits(archive_bytes=len(data))))
    bomb = export(row("1.a"), p1_a="<p>" + "x" * 3_000_000)
    with pytest.raises(ReadError, match="200 times"):
        api.read(bomb)


@pytest.mark.parametrize("cut", [4, 30, 200, -30, -10])
def test_an_archive_that_was_cut_off(cut: int) -> None:
    data = export(row("1.a"), p1_a="<p>x</p>")
    with pytest.raises(ReadError):
        api.read(data[:cut], "substack")


@pytest.mark.parametrize("format", [None, "substack", "markdown", "epub"])
def test_an_archive_with_a_password_is_named_as_one(format: str | None, tmp_path: Path) -> None:
    (tmp_path / "export.zip").write_bytes(encrypted(export(row("1.a"), p1_a="<p>One.</p>")))
    with pytest.raises(ReadError, match="is encrypted, so that only its password opens it") as told:
        api.read(tmp_path / "export.zip", format)
    assert "give the folder" in str(told.value)


def test_of_several_files_those_with_a_password_are_named(tmp_path: Path) -> None:
    plain = export(row("1.a"), row("2.b"), p1_a="<p>One.</p>", p2_b="<p>Two.</p>")
    (tmp_path / "export.zip").write_bytes(encrypted(plain, "posts/2.b.html"))
    told = api.read(tmp_path / "export.zip").diagnostics
    assert ("not read: it is encrypted", "posts/2.b.html") in [(d.message, d.source) for d in told]


def encrypted(data: bytes, *names: str) -> bytes:
    """Returns a ZIP whose files are marked as encrypted (APPNOTE 4.4.4), all unless some are named."""
    marked = bytearray(data)
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        entry = opened.start_dir
        for info in opened.infolist():
            if not names or info.filename in names:
                marked[info.header_offset + 6] |= 1
                marked[entry + 8] |= 1
            entry = data.find(b"PK\x01\x02", entry + 4)
    return bytes(marked)


def test_of_two_files_of_one_name_the_first_is_read(tmp_path: Path) -> None:
    """Unpackers keep the last one, scanners see the first; one of them is read, and the other is named."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed, pytest.warns(UserWarning, match="Duplicate"):
        for words, picture in (("First words.", b"GIF89a first"), ("Last words.", b"GIF89a last")):
            packed.writestr("a.md", f"# Post\n\n{words}\n\n![](a.gif)\n")
            packed.writestr("a.gif", picture)
    path = tmp_path / "export.zip"
    path.write_bytes(made.getvalue())
    posts = pickle.loads(pickle.dumps(api.read(path)))
    assert "First words" in str(posts.posts[0].body)
    assert [d.source for d in posts.diagnostics] == ["a.md", "a.gif"]
    loaded = Resources(Limits()).open(posts.posts[0], "a.gif")
    assert loaded.data == b"GIF89a first"
    (counted,) = read_sources(path)
    assert "First" in str(counted.items)
