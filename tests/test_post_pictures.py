"""Pictures of posts in a product: each file once, beside each other, kept between runs, weighed."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

import clothbound
from clothbound import Limits, run_cache, write
from clothbound.context import Context
from clothbound.diagnostics import DiagnosticCode
from clothbound.errors import ResourceError
from clothbound.html.write.shown_pictures import (
    PostPictures,
    begin_pictures,
    web_picture,
    weigh_pictures,
)
from clothbound.html.write.target import Picture
from clothbound.media import conversion
from clothbound.media.converter import Converter
from clothbound.media.picture_limits import Converted, PictureRules
from clothbound.media.resources import Resource, Resources
from clothbound.media.sniffing import sniff
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Asset, Metadata, Post
from clothbound.progress import Progress
from clothbound.run import Run
from clothbound.writers.epub import Epub

RULES = PictureRules(longest_side=40)
LIMITS = Limits()


def noise(size: int = 80, form: str = "PNG", shift: int = 0, **more: object) -> bytes:
    bands = [Pillow.effect_noise((size, size), 90 + shift) for _ in range(3)]
    stream = io.BytesIO()
    Pillow.merge("RGB", bands).save(stream, form, **more)  # type: ignore[arg-type]
    return stream.getvalue()


def post(key: str, *files: tuple[str, bytes]) -> Post:
    body = tuple(
        b.Figure(i.Image(name, "a picture", line=3 + n)) for n, (name, _) in enumerate(files)
    )
    assets = tuple(Asset(name, data) for name, data in files)
    metadata = Metadata(key=key, title=key, source=f"{key}.md")
    return Post(metadata=metadata, body=body, assets=assets)


def images(of: Post) -> list[i.Image]:
    return [figure.image for figure in of.body if isinstance(figure, b.Figure)]


class Shelf:
    """A product that keeps pictures in the order in which they come."""

    def __init__(self, rules: PictureRules = RULES, **more: object) -> None:
        self.files: list[bytes] = []
        self.context = Context(Run(**more))  # type: ignore[arg-type]
        self.pictures = PostPictures(self.context, rules, self._store)

    def _store(self, made: Converted) -> str:
        self.files.append(made.data)
        return f"{len(self.files)}"

    def show(self, *posts: Post) -> list[str]:
        shown = [self.pictures.show(one, image) for one in posts for image in images(one)]
        return [picture.src if picture else "" for picture in shown]

    def said(self) -> list[tuple[DiagnosticCode, str, int]]:
        return [(d.code, d.source, d.line) for d in self.context.diagnostics]


def test_each_file_is_stored_once_and_in_the_order_of_the_text() -> None:
    first, second = noise(), noise(shift=1)
    one = post("one", ("a.png", first), ("b.png", second), ("a.png", first))
    two = post("two", ("same.png", first), ("none.png", b"no picture"), ("b.png", second))
    shelf = Shelf()
    assert shelf.show(one, two) == ["1", "2", "1", "1", "", "2"]
    alone = [Shelf().show(post("x", ("x", data))) for data in (first, second)]
    assert alone == [["1"], ["1"]]
    assert [sniff(data) for data in shelf.files] == ["image/jpeg"] * 2
    assert shelf.said() == [
        (DiagnosticCode.IMAGE_CONVERTED, "one.md", 3),
        (DiagnosticCode.IMAGE_CONVERTED, "one.md", 4),
        (DiagnosticCode.IMAGE_UNREADABLE, "two.md", 4),
    ]


def test_a_picture_of_the_network_is_asked_for_once() -> None:
    asked = []

    def fetch(url: str) -> bytes:
        asked.append(str(url))
        if url.endswith("gone.png"):
            raise ResourceError("not to be had")
        return noise()

    far = [f"https://x.example/{name}.png" for name in ("a", "b", "gone")]
    body = tuple(b.Paragraph((i.Image(src, "far"), i.Image(src, "far"))) for src in far)
    far_post = Post(metadata=Metadata(key="far", source="far.md"), body=body)
    shelf = Shelf(fetch=fetch)
    for src in far:
        for _ in range(2):
            shelf.pictures.show(far_post, i.Image(src, "far"))
    assert asked.count(far[0]) == asked.count(far[1]) == 1
    assert {code for code, _, _ in shelf.said()} == {
        DiagnosticCode.IMAGE_CONVERTED,
        DiagnosticCode.IMAGE_MISSING,
    }


@pytest.mark.parametrize(
    "executor",
    [
        lambda: ThreadPoolExecutor(3),
        lambda: ProcessPoolExecutor(2, mp_context=get_context("spawn")),
    ],
)
def test_an_executor_changes_nothing(executor: Callable[[], Executor]) -> None:
    many = post("one", *((f"{n}.png", noise(30 + n)) for n in range(9)), ("bad", b"\xff\xd8\xff"))
    alone = Shelf()
    expected = alone.show(many)
    with executor() as given:
        shelf = Shelf(executor=given)
        assert shelf.show(many) == expected
    assert shelf.files == alone.files
    assert list(shelf.context.diagnostics) == list(alone.context.diagnostics)


def test_a_rule_that_a_picture_cannot_obey_is_named_with_post_and_line() -> None:
    shelf = Shelf(PictureRules(max_bytes=200))
    assert shelf.show(post("one", ("a.png", noise()))) == ["1"]
    assert (DiagnosticCode.IMAGE_HEAVY, "one.md", 3) in shelf.said()


def test_too_heavy_a_book_names_its_heaviest_pictures() -> None:
    posts = [post(f"p{n}", (f"pictures/{n}.png", noise(20 * n))) for n in range(1, 9)]
    shelf = Shelf(PictureRules())
    shelf.show(*posts)
    total = sum(len(data) for data in shelf.files)
    shown = shelf.pictures.stored.values()
    weigh_pictures(shown, total, "the store", shelf.context)
    weigh_pictures(shown, 0, "the store", shelf.context)
    assert not list(shelf.context.diagnostics)
    weigh_pictures(shown, total - 1, "the store", shelf.context)
    (found,) = shelf.context.diagnostics
    assert found.code is DiagnosticCode.IMAGE_HEAVY
    places = [found.message.find(f"p{n}.md: pictures/{n}.png") for n in (8, 7, 6, 5, 4)]
    assert places == sorted(places)
    assert places[0] > 0
    assert "p3.md" not in found.message


# --- between runs -----------------------------------------------------------------------------------


def resource(form: str = "PNG", shift: int = 0) -> Resource:
    data = noise(form=form, shift=shift)
    return Resource(data, sniff(data))


def test_who_interrupts_a_run_does_not_wait_for_all_pictures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, convert = [], conversion.convert_picture

    def convert_slowly(*given: Any) -> Converted:
        made.append(given)
        time.sleep(0.05)
        return convert(*given)

    def interrupt(told: Progress) -> None:
        if told.done:
            raise KeyboardInterrupt

    monkeypatch.setattr(conversion, "convert_picture", convert_slowly)
    given = [resource(shift=shift) for shift in range(60)]
    with pytest.raises(KeyboardInterrupt):
        Converter(LIMITS, hear=interrupt).convert_all(given, RULES)
    assert len(made) < 30


def test_what_was_made_once_is_taken_from_the_cache(tmp_path: Path) -> None:
    converter = Converter(LIMITS, cache=tmp_path / "pictures")
    given = resource()
    made = converter.convert(given, RULES)
    (file,) = (tmp_path / "pictures").iterdir()
    # Proof that it is read: what lies there is what comes out.
    other = converter.convert(resource(shift=5), RULES)
    newest = max((tmp_path / "pictures").iterdir(), key=lambda path: path.stat().st_mtime_ns)
    file.write_bytes(newest.read_bytes())
    assert converter.convert(given, RULES) == other != made


@pytest.mark.parametrize(
    "rules", [PictureRules(longest_side=41), PictureRules(longest_side=40, grayscale=True)]
)
def test_other_rules_or_limits_are_another_picture(tmp_path: Path, rules: PictureRules) -> None:
    given = resource()
    Converter(LIMITS, cache=tmp_path).convert(given, RULES)
    assert Converter(LIMITS, cache=tmp_path).convert(given, rules).data != (
        Converter(LIMITS).convert(given, RULES).data
    )
    with pytest.raises(ResourceError, match="exceeds the limit"):
        Converter(Limits(pixels=100), cache=tmp_path).convert(given, RULES)


def test_a_picture_that_stays_as_it_is_takes_no_room_in_the_cache(tmp_path: Path) -> None:
    given = resource("JPEG")
    for _ in range(2):
        made = Converter(LIMITS, cache=tmp_path).convert(given, PictureRules())
        assert made.data is given.data
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 300


def damaged(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


@pytest.mark.parametrize("damage", [damaged, lambda path: path.write_bytes(b"{}\nx")])
def test_a_damaged_file_of_the_cache_is_made_again(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    given = resource()
    made = Converter(LIMITS, cache=tmp_path).convert(given, RULES)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    damage(file)
    assert Converter(LIMITS, cache=tmp_path).convert(given, RULES) == made
    assert file.read_bytes() == whole


def test_a_cache_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    given = resource()
    made = Converter(LIMITS, cache=tmp_path / "file").convert(given, RULES)
    assert made == Converter(LIMITS).convert(given, RULES)
    run_cache.prune(tmp_path / "nowhere")


def test_the_cache_is_bounded_and_keeps_what_was_used_last(tmp_path: Path) -> None:
    given = [resource(shift=n) for n in range(4)]
    converter = Converter(LIMITS, cache=tmp_path)
    for age, one in enumerate(given):
        before = set(tmp_path.iterdir())
        converter.convert(one, RULES)
        (new,) = set(tmp_path.iterdir()) - before
        os.utime(new, (1_000 + age, 1_000 + age))
    converter.convert(given[0], RULES)  # used, so no longer the oldest
    (tmp_path / "notes.txt").write_text("not ours")
    sizes = sorted(path.stat().st_size for path in tmp_path.glob("*.picture"))
    run_cache.prune(tmp_path, sizes[-1] + sizes[-2])
    left = set(tmp_path.glob("*.picture"))
    assert len(left) == 2
    converter.convert(given[0], RULES)
    converter.convert(given[3], RULES)
    assert set(tmp_path.glob("*.picture")) == left
    assert (tmp_path / "notes.txt").exists()


# --- products ---------------------------------------------------------------------------------------


def test_a_page_of_the_web_tells_no_place_and_keeps_the_encoding() -> None:
    exif = Pillow.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010E] = "where I live"
    bands = Pillow.effect_noise((50, 40), 90).convert("RGB")
    files = []
    for more in ({"exif": exif}, {}):
        stream = io.BytesIO()
        bands.save(stream, "JPEG", **more)
        files.append(stream.getvalue())
    one = post("one", ("a.jpg", files[0]))
    found: list[bytes] = []

    def put(made: Converted) -> str:
        found.append(made.data)
        return "a.jpg"

    assert web_picture(one, images(one)[0], Context(), put) == Picture("a.jpg", 50, 40)
    assert found == files[1:]
    for target in ("html", "site", "epub", "pdf"):
        try:
            made = write(one, target).to_bytes()
        except Exception as error:
            pytest.skip(str(error))
        assert b"where I live" not in made, target


def test_an_epub_in_shades_of_gray_and_its_pictures_weighed() -> None:
    import zipfile

    one = post("one", ("a.png", noise()))
    artifact = write(one, Epub(grayscale=True))
    with zipfile.ZipFile(io.BytesIO(artifact.to_bytes())) as archive:
        names = [n for n in archive.namelist() if "/images/" in n and "cover" not in n]
        pictures = [Pillow.open(io.BytesIO(archive.read(name))) for name in names]
    assert [picture.mode for picture in pictures] == ["L"]


# --- memory -----------------------------------------------------------------------------------------


def test_threads_have_no_more_pixels_at_work_than_they_may(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Each waits until another comes, as long as another may: so they meet wherever they can.
    from clothbound.media import conversion as module

    real, at_work = module.convert_picture, [0]
    most: list[int] = []
    lock, meeting = threading.Lock(), threading.Event()

    def watched(resource: Resource, rules: PictureRules, limits: Limits) -> Converted:
        with lock:
            at_work[0] += 1
            most.append(at_work[0])
        if at_work[0] > 1:
            meeting.set()
        meeting.wait(0.3)
        try:
            return real(resource, rules, limits)
        finally:
            with lock:
                at_work[0] -= 1

    monkeypatch.setattr(module, "convert_picture", watched)
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    given = [Resource(noise(shift=n), "image/png") for n in range(4)]
    one = Converter(Limits(pixels_at_once=80 * 80 + 1)).convert_all(given, RULES)
    assert max(most) == 1
    most.clear()
    # One that is larger than the bound has its turn too.
    assert Converter(Limits(pixels_at_once=1)).convert_all(given, RULES) == one
    assert max(most) == 1
    most.clear()
    assert Converter(Limits(pixels_at_once=2 * 80 * 80)).convert_all(given, RULES) == one
    assert max(most) == 2


def test_pictures_of_later_posts_are_converted_beside_the_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from clothbound.media import conversion as module

    real, meeting = module.convert_picture, threading.Event()
    at_work, most = [0], [0]
    lock = threading.Lock()

    def watched(resource: Resource, rules: PictureRules, limits: Limits) -> Converted:
        with lock:
            at_work[0] += 1
            most[0] = max(most[0], at_work[0])
        if at_work[0] > 1:
            meeting.set()
        meeting.wait(0.3)
        try:
            return real(resource, rules, limits)
        finally:
            with lock:
                at_work[0] -= 1

    files = [noise(shift=n, form="WEBP") for n in range(3)]
    posts = [
        post("one", ("a.webp", files[0])),
        post("two", ("b.webp", files[1]), ("none.webp", b"no picture")),
        post("three", ("again.webp", files[0]), ("gone.webp", b"")),
        post("four", ("c.webp", files[2])),
    ]
    said = []
    for name, cores in (("one", 1), ("many", 2)):
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        if cores > 1:
            monkeypatch.setattr(module, "convert_picture", watched)
        report = write(posts, Epub()).save(tmp_path / f"{name}.epub")
        said.append([*report.diagnostics])
    # No post has two pictures that are converted, so they met across posts.
    assert most[0] == 2
    assert said[0] == said[1]
    assert [d.source for d in said[1]] == ["one.md", "two.md", "two.md", "three.md", "four.md"]
    assert (tmp_path / "one.epub").read_bytes() == (tmp_path / "many.epub").read_bytes()


def test_each_picture_of_a_post_is_read_and_hashed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"{number}.png" for number in range(3)]
    for name in names:
        (tmp_path / name).write_bytes(noise())
    for day in (1, 2):
        pictures = "\n\n".join(f"![Tide]({name})" for name in names)
        (tmp_path / f"{day}.md").write_text(
            f"---\ntitle: A\ndate: 2024-01-0{day}\n---\n\n{pictures}\n"
        )
    files = {(tmp_path / name).read_bytes(): name for name in names}
    read, hashed, read_file, digest = (
        Counter[str](),
        Counter[str](),
        Resources._read,
        hashlib.sha256,
    )

    def reading(self: Resources, path: Path) -> bytes:
        read[path.name] += 1
        return read_file(self, path)

    def hashing(data: Any = b"", **options: Any) -> Any:
        if bytes(data) in files:
            hashed[files[bytes(data)]] += 1
        return digest(data, **options)

    monkeypatch.setattr(Resources, "_read", reading)
    monkeypatch.setattr(hashlib, "sha256", hashing)
    write(clothbound.read(tmp_path), "epub", run=Run(jobs=1)).to_bytes()
    # Each for two posts, and once more where its bytes are those that the book holds.
    assert read == dict.fromkeys(names, 2)
    assert hashed == dict.fromkeys(names, 3)


def test_few_files_are_kept_until_the_turn_of_their_post() -> None:
    files = [(f"{number}.png", bytes([number]) * 2_000_000) for number in range(4)]
    known = {hashlib.sha256(data).hexdigest() for _, data in files}
    context = Context()
    assert begin_pictures(post("a", *files), context, RULES, known) == []
    assert list(context.opened) == ["0.png", "1.png"]


def test_conversions_that_nobody_asks_for_are_forgotten() -> None:
    given = [Resource(noise(shift=n), "image/png") for n in range(3)]
    converter = Converter(LIMITS)
    keys = [converter.begin(each, RULES) for each in (*given, given[0])]
    assert keys[0] == keys[-1]
    assert len({*keys}) == 3
    alone = Converter(LIMITS)
    assert converter.convert(given[1], RULES) == alone.convert(given[1], RULES)
    assert converter.convert_all(given, RULES) == alone.convert_all(given, RULES)
    large = Resource(bytes(30_000_000), "image/png")
    assert converter.begins_more
    key = converter.begin(large, RULES)
    assert not converter.begins_more
    converter.forget([key])
    assert converter.begins_more
    with pytest.raises(ResourceError):
        converter.convert(large, RULES)
    converter.begin(given[0], RULES)
    converter.end()
    assert not [each for each in threading.enumerate() if "ThreadPool" in each.name]


@pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere peaks of memory are counted otherwise"
)
def test_a_large_picture_takes_few_copies_of_itself() -> None:
    script = """
import io, resource
from PIL import Image
from clothbound.limits import Limits
from clothbound.media.picture_limits import PictureRules
from clothbound.media.conversion import convert_picture
from clothbound.media.resources import Resource, Resources

def given(side):
    stream = io.BytesIO()
    Image.new("RGBA", (side, side), (10, 200, 30, 128)).save(stream, "PNG", compress_level=1)
    return Resource(stream.getvalue(), "image/png")

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

small, large = given(100), None
convert_picture(small, PictureRules(alpha=False, longest_side=1000), Limits())
large = given(5000)
"""
    measured = """
before = peak()
convert_picture(large, PictureRules(alpha=False, longest_side=1000), Limits())
print((peak() - before) / 5000**2)
"""
    done = subprocess.run(
        [sys.executable, "-c", script + measured], capture_output=True, check=True, timeout=120
    )
    # Four bytes as it is read, of which the first were there before, and four as it is written.
    assert float(done.stdout) < 8
