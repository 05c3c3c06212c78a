"""Bytes for an href: from the post's own folder, archive or assets, and from nowhere else."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clothbound.errors import ResourceError
from clothbound.limits import Limits
from clothbound.media.resources import Resources
from clothbound.media.sniffing import sniff
from clothbound.model.post import Asset, Base, Post
from clothbound.web.addresses import is_remote

PNG = b"\x89PNG\r\n\x1a\n rest"
RESOURCES = Resources(Limits())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A post's folder, with secrets beside it."""
    own = tmp_path / "post"
    (own / "pictures").mkdir(parents=True)
    (own / "a.png").write_bytes(PNG)
    (own / "pictures" / "b c.png").write_bytes(PNG)
    (own / "100%.png").write_bytes(PNG)
    (tmp_path / "secret.txt").write_bytes(b"secret")
    (tmp_path / "post-secret.txt").write_bytes(b"secret")
    return own


def post_in(folder: Path, prefix: str = "") -> Post:
    return Post(base=Base("folder", str(folder), prefix))


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("kind", ["folder", "archive"])
def test_a_name_is_found_in_either_form_of_unicode(kind: str, form: str, tmp_path: Path) -> None:
    # Macs write é as e with an accent behind it, and other systems keep that when files are copied.
    stored = unicodedata.normalize(form, "fêtes/café.png")
    (tmp_path / stored).parent.mkdir()
    (tmp_path / stored).write_bytes(PNG)
    with zipfile.ZipFile(tmp_path / "posts.zip", "w") as packed:
        packed.write(tmp_path / stored, stored)
    base = (
        Base("folder", str(tmp_path))
        if kind == "folder"
        else Base("archive", str(tmp_path / "posts.zip"))
    )
    for href in (
        "fêtes/café.png",
        "f%C3%AAtes/caf%C3%A9.png",
        unicodedata.normalize("NFD", "fêtes/café.png"),
    ):
        assert RESOURCES.open(Post(base=base), href).data == PNG


@pytest.mark.parametrize(
    "href",
    [
        "a.png",
        "./a.png",
        "a.png?v=1",
        "a.png#x",
        "pictures/b%20c.png",
        "pictures/b c.png",
        "pictures\\b c.png",
        "pictures//b c.png",
        "100%25.png",
        "100%.png",
    ],
)
def test_a_file_of_the_posts_own_folder_is_read(folder: Path, href: str) -> None:
    found = RESOURCES.open(post_in(folder), href)
    assert (found.data, found.media_type) == (PNG, "image/png")


@pytest.mark.parametrize(
    "href",
    [
        "../secret.txt",
        "pictures/../../secret.txt",
        "pictures/../a.png",
        "..\\secret.txt",
        "%2e%2e/secret.txt",
        "%2E%2E%2Fsecret.txt",
        "%252e%252e/secret.txt",
        "%25252e%25252e/secret.txt",
        "..%5Csecret.txt",
        "..%00/secret.txt",
        "a.png%00.txt",
        "a.png\0",
        "{root}/secret.txt",
        "/etc/passwd",
        "//etc/passwd",
        "///etc/passwd",
        "\\\\server\\share\\secret.txt",
        "/\\server/secret.txt",
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "file:a.png",
        "f%69le:///etc/passwd",
        "%66ile:a.png",
        "http://example.org/a.png",
        "clothbound:a.png",
        "C:\\secret.txt",
        "c%3A/secret.txt",
        "/proc/self/environ",
        "%2Fetc%2Fpasswd",
        "~/secret.txt",
        "",
        ".",
        "..",
        "./",
        "#a",
        "?a",
        "pictures",
        "pictures/",
        "nowhere.png",
        "a.png/b.png",
        "x" * 5000,
        "\udcff.png",
    ],
)
def test_nothing_else_is_read(folder: Path, href: str) -> None:
    href = href.replace("{root}", str(folder.parent))
    with pytest.raises(ResourceError):
        RESOURCES.open(post_in(folder), href)


@given(st.text(max_size=40))
def test_no_href_at_all_leads_out_or_fails_otherwise(href: str) -> None:
    here = Path(__file__).resolve().parent
    try:
        found = RESOURCES.open(post_in(here, "cases"), href)
    except ResourceError:
        return
    assert any(
        found.data == path.read_bytes() for path in (here / "cases").rglob("*") if path.is_file()
    )


@pytest.mark.skipif(os.name != "posix", reason="links are Unix's")
def test_a_link_that_leads_out_is_refused_and_one_that_stays_is_not(folder: Path) -> None:
    (folder / "out.png").symlink_to(folder.parent / "secret.txt")
    (folder / "away").symlink_to(folder.parent)
    (folder / "sibling.png").symlink_to(folder.parent / "post-secret.txt")
    (folder / "in.png").symlink_to("a.png")
    (folder / "round").symlink_to("round")
    (folder / "device").symlink_to("/dev/zero")
    for href in (
        "out.png",
        "away/secret.txt",
        "away/post/a.png2",
        "sibling.png",
        "round",
        "device",
    ):
        with pytest.raises(ResourceError):
            RESOURCES.open(post_in(folder), href)
    assert RESOURCES.open(post_in(folder), "in.png").data == PNG


@pytest.mark.skipif(os.name != "posix", reason="links are Unix's")
def test_a_link_out_of_the_folder_of_one_post_into_anothers_is_refused(folder: Path) -> None:
    (folder / "pictures" / "up.png").symlink_to("../a.png")
    with pytest.raises(ResourceError):
        RESOURCES.open(post_in(folder, "pictures"), "up.png")
    assert RESOURCES.open(post_in(folder, "pictures"), "b c.png").data == PNG


@pytest.mark.skipif(os.name != "posix", reason="pipes are Unix's")
def test_a_pipe_does_not_stop_the_work(folder: Path) -> None:
    os.mkfifo(folder / "pipe.png")
    with pytest.raises(ResourceError, match="no such file"):
        RESOURCES.open(post_in(folder), "pipe.png")


def test_the_folder_may_be_reached_by_a_link(folder: Path) -> None:
    link = folder.parent / "link"
    try:
        link.symlink_to(folder)
    except OSError:
        pytest.skip("this system makes no links")
    assert RESOURCES.open(post_in(link), "a.png").data == PNG


def test_size_is_bounded(folder: Path) -> None:
    small = Resources(Limits(resource_bytes=5))
    for post, href in (
        (post_in(folder), "a.png"),
        (Post(), "data:image/png;base64," + base64.b64encode(PNG).decode()),
    ):
        with pytest.raises(ResourceError, match=r"larger|long"):
            small.open(post, href)


def test_a_post_without_a_folder_has_no_files() -> None:
    with pytest.raises(ResourceError, match="no folder"):
        RESOURCES.open(Post(), "a.png")


def test_assets_come_first_and_need_no_folder() -> None:
    post = Post(assets=(Asset("../odd name.png", PNG),))
    assert RESOURCES.open(post, "../odd name.png").media_type == "image/png"


@pytest.mark.parametrize(
    ("href", "data"),
    [
        ("data:text/plain,a%20b", b"a b"),
        ("data:text/plain;base64,YSBi", b"a b"),
        ("DATA:;BASE64,YSBi", b"a b"),
        ("data:;base64,YS%42i", b"a b"),
        ("data:;base64,YS\nBi", b"a b"),
        ("data:,", b""),
    ],
)
def test_data_urls_are_decoded(href: str, data: bytes) -> None:
    assert RESOURCES.open(Post(), href).data == data


@pytest.mark.parametrize("href", ["data:", "data:image/png;base64", "data:;base64,A"])
def test_broken_data_urls_are_refused(href: str) -> None:
    with pytest.raises(ResourceError, match="data: URL"):
        RESOURCES.open(Post(), href)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("posts/pictures/a.png", PNG)
        file.writestr("secret.txt", b"secret")
        file.writestr("posts/../secret.txt", b"secret")
        file.writestr("posts/bomb.png", bytes(30_000_000))
    return path


def test_a_file_of_the_posts_archive_is_read(archive: Path) -> None:
    post = Post(base=Base("archive", str(archive), "posts"))
    assert RESOURCES.open(post, "pictures/a.png").data == PNG
    whole = Post(base=Base("archive", str(archive)))
    assert RESOURCES.open(whole, "posts/pictures/a.png").data == PNG


@pytest.mark.parametrize("href", ["../secret.txt", "nowhere.png", "/secret.txt", "pictures"])
def test_nothing_else_of_an_archive_is_read(archive: Path, href: str) -> None:
    with pytest.raises(ResourceError):
        RESOURCES.open(Post(base=Base("archive", str(archive), "posts")), href)


def test_an_entry_that_unpacks_to_much_more_than_it_is_stays_packed(archive: Path) -> None:
    with pytest.raises(ResourceError, match="times"):
        RESOURCES.open(Post(base=Base("archive", str(archive), "posts")), "bomb.png")


def test_a_damaged_archive_is_no_traceback(archive: Path, tmp_path: Path) -> None:
    data = archive.read_bytes()
    broken = tmp_path / "broken.zip"
    for position in range(30, min(len(data) - 80, 120)):
        broken.write_bytes(data[:position] + b"\xff\x00" + data[position + 2 :])
        try:
            RESOURCES.open(Post(base=Base("archive", str(broken), "posts")), "pictures/a.png")
        except ResourceError:
            continue
    broken.write_bytes(b"no archive")
    with pytest.raises(ResourceError):
        RESOURCES.open(Post(base=Base("archive", str(broken))), "a.png")


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\0\0\0\0WAVE", "application/octet-stream"),
        (b"\0\0\0\x1cftypavif", "image/avif"),
        (b"\0\0\0\x1cftypmp42", "video/mp4"),
        (b"<svg xmlns='x'>", "image/svg+xml"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- a --><!-- <svg> -->\n<svg>", "image/svg+xml"),
        (b"<!DOCTYPE svg PUBLIC 'x' 'y'> <svg>", "image/svg+xml"),
        (b"<!DOCTYPE svg [<!ENTITY a 'b'> ]> <svg>", "image/svg+xml"),
        (b"<svgx>", "application/octet-stream"),
        (b"<html><svg>", "application/octet-stream"),
        (b"<!-- <svg> -->", "application/octet-stream"),
        (b"", "application/octet-stream"),
        (b"<!--", "application/octet-stream"),
    ],
)
def test_a_type_is_told_by_the_bytes(data: bytes, media_type: str) -> None:
    assert sniff(data) == media_type


def test_comments_before_no_picture_do_not_stop_the_work() -> None:
    # A pattern that tries all ways to group the comments would need 2 ** 500 steps.
    script = "from clothbound.media.sniffing import sniff; print(sniff(b'<!---->' * 500 + b'x'))"
    done = subprocess.run(
        [sys.executable, "-c", script], timeout=60, capture_output=True, check=True
    )
    assert done.stdout.strip() == b"application/octet-stream"


@pytest.mark.parametrize("href", ["http://a", "HTTPS://a", "//a"])
def test_what_is_remote(href: str) -> None:
    assert is_remote(href)
    assert not is_remote("a/http://b")
