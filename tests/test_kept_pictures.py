"""Tests keeping the pictures of an edition beside it, and making it again without the network."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest
from click.testing import CliRunner, Result

import clothbound
from clothbound.cli import command
from clothbound.cli import fetching as asked
from clothbound.diagnostics import DiagnosticCode
from clothbound.errors import ResourceError, WriteError
from clothbound.media import fetch as fetching
from clothbound.media.fetch import Fetcher
from clothbound.media.kept_pictures import INDEX, KeptPictures
from clothbound.media.picture_addresses import Address
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Metadata, Post
from clothbound.run import Run
from clothbound.substack.cdn import wrap
from clothbound.substack.picture_addresses import RULES
from epub_samples import picture
from local_server import Server, send

PNG, JPEG = picture("PNG"), picture("JPEG")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server on this machine, which the command may ask too."""
    running = Server()
    running.answers["/a.png"] = [send(PNG)]
    running.answers["/b.jpg"] = [send(JPEG)]
    monkeypatch.setattr(fetching, "_is_public", lambda _: True)
    monkeypatch.setattr(fetching, "_PAUSE", 0.0)
    yield running
    running.close()


def letters(folder: Path, server: Server) -> Path:
    posts = folder / "posts"
    posts.mkdir()
    for day, name in ((1, "a.png"), (2, "b.jpg")):
        (posts / f"{day}.md").write_text(
            f"---\ntitle: Letter {day}\ndate: 2023-01-0{day}\n---\n\n![Seen]({server.url}/{name})\n",
            "utf-8",
        )
    (posts / "secret.md").write_text(
        f"---\ntitle: Secret\ndate: 2023-01-03\ndraft: true\n---\n\n![S]({server.url}/secret.png)\n",
        "utf-8",
    )
    return posts


def showing(address: str) -> Post:
    return Post(Metadata(key="k", slug="s", title="T"), (b.Figure(i.Image(address, "A")),))


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(command, [str(a) for a in arguments], standalone_mode=False)
    assert result.exception is None, result.exception
    return result


def book(source: Path, target: Path, *more: str | Path) -> Result:
    # The cache for downloads is a new one for each run, so that it can give nothing.
    cache = target.parent / f"cache-{len(list(target.parent.iterdir()))}"
    return run("book", source, "-o", target, "--keep-pictures", "--cache", cache, *more)


def test_a_book_is_made_again_from_its_kept_pictures_byte_by_byte(
    server: Server, tmp_path: Path
) -> None:
    posts = letters(tmp_path, server)
    said = book(posts, tmp_path / "a.epub", "--fetch").stderr
    assert "pictures on the network: 2 downloaded\n" in said
    assert sorted(server.asked) == ["/a.png", "/b.jpg"]
    kept = tmp_path / "kept-pictures"
    lines = [json.loads(line) for line in (kept / INDEX).read_text("utf-8").splitlines()]
    assert {line["address"]: (line["sha256"], line["type"], line["size"]) for line in lines} == {
        f"{server.url}/a.png": (hashlib.sha256(PNG).hexdigest(), "image/png", len(PNG)),
        f"{server.url}/b.jpg": (hashlib.sha256(JPEG).hexdigest(), "image/jpeg", len(JPEG)),
    }
    # Nothing else is in the folder: no picture of the draft, no file of the run.
    files = {path.name: path.read_bytes() for path in kept.iterdir()}
    del files[INDEX]
    assert files == {
        f"{hashlib.sha256(PNG).hexdigest()}.png": PNG,
        f"{hashlib.sha256(JPEG).hexdigest()}.jpg": JPEG,
    }
    server.close()
    first = (tmp_path / "a.epub").read_bytes()
    for more in ((), ("--fetch",)):
        (tmp_path / "a.epub").unlink()
        said = book(posts, tmp_path / "a.epub", *more).stderr
        assert "pictures on the network: 2 kept before\n" in said
        assert (tmp_path / "a.epub").read_bytes() == first
    assert len(server.asked) == 2


def test_a_plan_keeps_pictures_and_the_command_line_has_the_last_word(
    server: Server, tmp_path: Path
) -> None:
    posts = letters(tmp_path, server)
    plan = tmp_path / "book.toml"
    plan.write_text(
        "[book]\nfetch = true\nkeep-pictures = true\n[posts]\nsource = 'posts'\n"
        "[[output]]\npath = 'out/a.epub'\n",
        "utf-8",
    )
    cache = ("--cache", tmp_path / "cache")
    run("book", plan, "--no-keep-pictures", *cache)
    assert not (tmp_path / "out/kept-pictures").exists()
    run("book", plan, *cache)
    assert (tmp_path / "out/kept-pictures" / INDEX).is_file()
    assert posts.is_dir()


def test_what_was_not_kept_is_named_and_not_asked_for(server: Server, tmp_path: Path) -> None:
    result = book(letters(tmp_path, server), tmp_path / "a.epub", "--strict")
    assert "2 not kept before" in result.stderr
    assert "2 pictures are missing" in result.stderr
    assert server.asked == []


def test_a_damaged_picture_is_named_and_fetched_again_where_it_may(
    server: Server, tmp_path: Path
) -> None:
    posts = letters(tmp_path, server)
    book(posts, tmp_path / "a.epub", "--fetch")
    first = (tmp_path / "a.epub").read_bytes()
    file = tmp_path / "kept-pictures" / f"{hashlib.sha256(PNG).hexdigest()}.png"
    for damage in (PNG[:-1], PNG + b"x", PNG[:-1] + b"x", None):
        file.unlink() if damage is None else file.write_bytes(damage)
        said = book(posts, tmp_path / "b.epub", "-v").stderr
        assert f"kept-pictures/{file.name} " in said
        assert "1 kept before, 1 not kept before" in said
        said = book(posts, tmp_path / "a.epub", "--fetch").stderr
        assert "1 downloaded, 1 kept before" in said
        assert f"kept-pictures/{file.name} " in said
        assert file.read_bytes() == PNG
        assert (tmp_path / "a.epub").read_bytes() == first
    assert server.asked.count("/a.png") == 5
    lines = (tmp_path / "kept-pictures" / INDEX).read_text("utf-8").splitlines()
    assert len(lines) == 2


def test_a_damaged_picture_that_is_gone_from_the_network_says_both(
    server: Server, tmp_path: Path
) -> None:
    url = f"{server.url}/a.png"
    fetch = Fetcher(keep=tmp_path)
    fetch(url)
    server.answers.clear()
    (tmp_path / f"{hashlib.sha256(PNG).hexdigest()}.png").write_bytes(JPEG)
    with pytest.raises(ResourceError, match=r"is damaged: .*; the server answered 404"):
        Fetcher(keep=tmp_path)(url)


def test_two_editions_share_the_folder_and_each_names_what_it_does_not_show(
    server: Server, tmp_path: Path
) -> None:
    posts = letters(tmp_path, server)
    said = book(posts / "1.md", tmp_path / "one.epub", "--all", "--fetch").stderr
    assert "left in" not in said
    said = book(posts / "2.md", tmp_path / "two.epub", "--all", "--fetch").stderr
    assert f"1 other picture is left in {tmp_path}/kept-pictures: {server.url}/a.png" in said
    server.close()
    said = book(posts, tmp_path / "both.epub").stderr
    assert "2 kept before" in said
    assert "left in" not in said


def test_runs_that_keep_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    def keep(number: int) -> None:
        kept = KeptPictures(tmp_path)
        for each in range(40):
            kept.keep(f"https://far.example/{number}/{each}.png", PNG + bytes([number, each]))
            kept.keep(f"https://far.example/{each}.jpg", JPEG)

    runs = [threading.Thread(target=keep, args=(number,)) for number in range(3)]
    for one in runs:
        one.start()
    for one in runs:
        one.join()
    kept = KeptPictures(tmp_path)
    for number in range(3):
        for each in range(40):
            data = PNG + bytes([number, each])
            assert kept.find(f"https://far.example/{number}/{each}.png") == data
    assert len(kept.unused()) == 1  # the JPEG, which this run did not ask for


class _StoppedError(BaseException):
    pass


def stopped_at(step: int, keep: KeptPictures) -> bool:
    """Keeps a picture and stops before the ``step``-th call of a function that is not Python's; whether there was one."""
    left = step

    def watch(frame: FrameType, event: str, _: object) -> None:
        nonlocal left
        name = str(frame.f_globals.get("__name__", ""))
        if event == "c_call" and name.startswith(("clothbound.media.kept", "clothbound.staging")):
            left -= 1
            if not left:
                raise _StoppedError

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        keep.keep("https://far.example/b.jpg", JPEG)
    except _StoppedError:
        return True
    finally:
        sys.setprofile(before)
    return False


def test_a_run_that_is_stopped_anywhere_leaves_what_was_kept(tmp_path: Path) -> None:
    step = 0
    while True:
        step += 1
        folder = tmp_path / str(step)
        KeptPictures(folder).keep("https://far.example/a.png", PNG)
        stopped = stopped_at(step, KeptPictures(folder))
        after = KeptPictures(folder)
        assert after.find("https://far.example/a.png") == PNG
        assert after.find("https://far.example/b.jpg") in (None, JPEG)
        after.keep("https://far.example/b.jpg", JPEG)
        assert KeptPictures(folder).find("https://far.example/b.jpg") == JPEG
        assert list(folder.glob(".*")) == []
        if not stopped:
            break
    assert step > 10


@pytest.mark.parametrize("cut", [1, 20, 100])
def test_a_line_that_was_cut_off_spoils_no_other(tmp_path: Path, cut: int) -> None:
    kept = KeptPictures(tmp_path)
    kept.keep("https://far.example/a.png", PNG)
    kept.keep("https://far.example/b.jpg", JPEG)
    index = tmp_path / INDEX
    index.write_bytes(index.read_bytes()[:-cut])
    KeptPictures(tmp_path).keep("https://far.example/c.jpg", JPEG)
    again = KeptPictures(tmp_path)
    assert again.find("https://far.example/a.png") == PNG
    assert again.find("https://far.example/c.jpg") == JPEG
    assert ("https://far.example/b.jpg" in again) == (cut == 1)


@pytest.mark.parametrize("digest", ["../" * 3 + "etc/passwd", "A" * 64, "a" * 63, ""])
def test_an_index_leads_nowhere_else(tmp_path: Path, digest: str) -> None:
    line = {"address": "https://far.example/a.png", "sha256": digest, "type": "", "size": 1}
    (tmp_path / INDEX).write_text(json.dumps(line), "utf-8")
    assert KeptPictures(tmp_path).find("https://far.example/a.png") is None


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="links are not told from files there")
def test_an_index_that_is_a_link_is_not_written(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    (tmp_path / "mine").write_text("mine\n", "utf-8")
    (folder / INDEX).symlink_to(tmp_path / "mine")
    with pytest.raises(WriteError, match="pictures cannot be kept"):
        KeptPictures(folder).keep("https://far.example/a.png", PNG)
    assert (tmp_path / "mine").read_text("utf-8") == "mine\n"


def test_a_place_that_cannot_be_written_is_an_error(server: Server, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file", "utf-8")
    post = showing(f"{server.url}/a.png")
    with pytest.raises(WriteError, match="pictures cannot be kept"):
        clothbound.write(post, "epub", run=Run(fetch=Fetcher(keep=tmp_path / "kept"))).to_bytes()


def test_a_picture_is_kept_under_the_address_of_its_original(tmp_path: Path) -> None:
    original = "https://substack-post-media.s3.amazonaws.com/public/images/a_1x2.png"
    images = tmp_path / "images"
    images.mkdir()
    (images / "a_1x2.png").write_bytes(PNG)
    named = Address.of(Post(), original, RULES)
    Fetcher(keep=tmp_path, images=images, network=False)(named)
    post = Post(Metadata(key="k", slug="s", title="T"))
    fetch = Fetcher(keep=tmp_path, network=False)
    assert fetch(Address.of(post, wrap(original), RULES)) == PNG
    assert fetch.holds(Address.of(post, original, RULES))
    assert (fetch.stats.kept, fetch.stats.failed) == (1, 0)


def test_a_file_of_its_hash_that_is_no_picture_is_not_shown(tmp_path: Path) -> None:
    KeptPictures(tmp_path).keep("https://far.example/a.png", b"words")
    with pytest.raises(ResourceError, match="not a picture"):
        Fetcher(keep=tmp_path, network=False)("https://far.example/a.png")


def test_who_is_asked_is_asked_about_what_is_not_kept(server: Server, tmp_path: Path) -> None:
    KeptPictures(tmp_path).keep(f"{server.url}/a.png", PNG)
    posts = clothbound.read(letters(tmp_path, server))
    assert sum(asked.remote_in([posts]).values()) == 3
    assert sum(asked.remote_in([posts], keep=tmp_path).values()) == 2


@pytest.mark.parametrize(
    ("products", "place"),
    [
        (["a.epub"], "kept-pictures"),
        (["-", "out/a.epub", "b.pdf"], "out/kept-pictures"),
        (["site/"], "kept-pictures"),
    ],
)
def test_the_folder_is_beside_the_first_product(products: list[str], place: str) -> None:
    assert asked.kept_beside(products) == Path(place)


@pytest.mark.parametrize("products", [["-"], ["kept-pictures"], ["a.epub", "kept-pictures/b.pdf"]])
def test_a_folder_that_is_none_is_refused(products: list[str]) -> None:
    with pytest.raises(clothbound.errors.UsageError, match=r"kept|keep"):
        asked.kept_beside(products)


def test_a_picture_that_cannot_be_had_is_missing_and_not_kept(
    server: Server, tmp_path: Path
) -> None:
    post = showing(f"{server.url}/gone.png")
    made = clothbound.write(post, "epub", run=Run(fetch=Fetcher(keep=tmp_path)))
    made.to_bytes()
    assert DiagnosticCode.IMAGE_MISSING in {d.code for d in made.report.diagnostics}
    assert not (tmp_path / INDEX).exists()
