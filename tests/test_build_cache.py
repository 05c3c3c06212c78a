"""Parts of products that are kept between runs: the same product and report as without, whatever has changed."""

from __future__ import annotations

import base64
import datetime
import os
import stat
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from fontTools.ttLib import TTFont

import clothbound
from clothbound import run_cache
from clothbound.cli import main
from clothbound.covers import cover_picture
from clothbound.covers.drawing import draw_cover
from clothbound.media import own_fonts
from clothbound.model import Text
from clothbound.options import Epub, Html, Limits, Pdf, Site
from clothbound.part_digests import UnkeyableError, code_digest, digest_of
from clothbound.parts import kept_parts
from clothbound.parts.part_maker import PartMaker
from clothbound.run import Run
from made_folders import folder_of, kept_names, kept_names_in, made, same

WRITERS = (Site(url="https://letters.example"), Epub(), Html(), Pdf(engine="typst"))
NOW = datetime.datetime(2024, 6, 1, tzinfo=datetime.UTC)
POSTS = [[0], [1], [2, 5], [3, 4], [5], [6, 7], [8], [1, 4], *([[0, 2]] * 10)]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return folder_of(tmp_path / "posts", POSTS)


@pytest.fixture
def made_again(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The positions of the posts whose parts are made in this process."""
    positions: list[int] = []
    finish = PartMaker._finish

    def count(self: Any, position: int, loaded: Any) -> Any:
        positions.append(position)
        return finish(self, position, loaded)

    monkeypatch.setattr(PartMaker, "_finish", count)
    return positions


def run_of(cache: Path | None, **more: Any) -> Run:
    return Run(cache=cache, jobs=1, now=NOW, **more)


@pytest.mark.parametrize("options", WRITERS, ids=lambda one: str(one.format))
def test_an_unchanged_source_is_not_made_again(
    tmp_path: Path, source: Path, options: Any, made_again: list[int]
) -> None:
    without = made(source, options, run_of(None))
    first = made(source, options, run_of(tmp_path / "cache"))
    made_again.clear()
    second = made(source, options, run_of(tmp_path / "cache"))
    assert made_again == []
    assert same(without, first)
    assert same(without, second)


@pytest.fixture
def drawn_again(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of the covers that are drawn."""
    titles: list[str] = []

    def count(title: str, *arguments: Any) -> Any:
        titles.append(title)
        return draw_cover(title, *arguments)

    monkeypatch.setattr(cover_picture, "draw_cover", count)
    return titles


def test_a_cover_is_drawn_again_where_it_or_the_fonts_may_differ(
    tmp_path: Path, drawn_again: list[str]
) -> None:
    own, other = (folder_of(tmp_path / name, [[0]] * 3) for name in ("Letters 🎉", "手紙"))
    without = made(own, Epub(), run_of(None))
    for _ in range(2):
        assert same(without, made(own, Epub(), run_of(tmp_path / "cache")))
    edit("p0.md", "Plain words", "Plain words and more " * 9)(own)
    assert not same(without, made(own, Epub(), run_of(tmp_path / "cache")))
    assert drawn_again == [own.name] * 3
    # A font of the system that has the letters may come or go.
    twice = [made(other, Epub(), run_of(tmp_path / "cache")) for _ in range(2)]
    assert same(*twice)
    assert drawn_again[3:] == [other.name] * 2


def edit(name: str, old: str, new: str) -> Callable[[Path], dict[str, Any]]:
    def change(source: Path) -> dict[str, Any]:
        path = source / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        return {}

    return change


def new_picture(source: Path) -> dict[str, Any]:
    (source / "dot.png").write_bytes((source / "alpha.png").read_bytes())
    return {}


def picture_gone(source: Path) -> dict[str, Any]:
    (source / "dot.png").unlink()
    return {}


def missing_comes(source: Path) -> dict[str, Any]:
    (source / "gone.png").write_bytes((source / "dot.png").read_bytes())
    return {}


def linked_comes(source: Path) -> dict[str, Any]:
    (source / "nowhere.md").write_text("# Here\n\nNow it is there.\n", encoding="utf-8")
    return {}


def linked_goes(source: Path) -> dict[str, Any]:
    (source / "p2.md").unlink()
    return {}


def as_draft(source: Path) -> dict[str, Any]:
    return edit("p1.md", "tags:", "draft: true\ntags:")(source)


def with_filter(source: Path) -> dict[str, Any]:
    code = source.parent / "louder.py"
    text = "from clothbound.model import Text\n\ndef louder(text: Text) -> Text:\n    return Text(text.text + '!')\n"
    code.write_text(text, encoding="utf-8")
    return {"filters": [code]}


def with_limits(_: Path) -> dict[str, Any]:
    return {"limits": Limits(resource_bytes=60)}


def for_readers(_: Path) -> dict[str, Any]:
    return {"audiences": ["everyone"]}


CHANGES: dict[str, Callable[[Path], dict[str, Any]]] = {
    "a post": edit("p0.md", "Plain", "Simple"),
    "the title of a linked post": edit("p1.md", "title: Post 1", "title: Another"),
    "the day of a neighbour": edit("p9.md", "2024-01-10", "2024-01-30"),
    "the heading that a link names": edit("p2.md", "## Second", "## First"),
    "the tags": edit("p4.md", "[one, two]", "[three]"),
    "a picture": new_picture,
    "a picture that goes": picture_gone,
    "a missing picture that comes": missing_comes,
    "a post that is linked and comes": linked_comes,
    "a post that is linked and goes": linked_goes,
    "a post that becomes a draft": as_draft,
    "a filter": with_filter,
    "limits": with_limits,
    "an audience": for_readers,
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("options", WRITERS, ids=lambda one: str(one.format))
def test_after_a_change_all_is_as_without_a_cache(
    tmp_path: Path, source: Path, options: Any, name: str
) -> None:
    before = made(source, options, run_of(tmp_path / "cache"))
    more = CHANGES[name](source)
    without = made(source, options, run_of(None, **more))
    is_printed = options.format != "pdf" or name != "the tags"
    assert not is_printed or not same(before, without) or more.keys() & {"audiences"}
    assert same(without, made(source, options, run_of(tmp_path / "cache", **more)))


@pytest.mark.parametrize(
    ("options", "other"),
    [
        (Site(), Site(title="Other", url="https://other.example")),
        (Epub(), Epub(destination="kindle")),
        (Epub(), Epub(grayscale=True, toc_depth=2)),
        (Site(), Site(cover_pictures="all")),
        (Pdf(engine="typst"), Pdf(engine="typst", theme="manual")),
        (Pdf(engine="typst"), Pdf(engine="typst", page="A5", notes="chapter", dpi=72)),
        (Pdf(engine="typst"), Pdf(engine="typst", openers="run-on", page_references=False)),
    ],
)
def test_after_a_change_of_options_all_is_as_without_a_cache(
    tmp_path: Path, source: Path, options: Any, other: Any
) -> None:
    made(source, options, run_of(tmp_path / "cache"))
    without = made(source, other, run_of(None))
    assert same(without, made(source, other, run_of(tmp_path / "cache")))


@pytest.mark.parametrize("options", [Html(), Site(), Epub()], ids=lambda one: str(one.format))
def test_a_style_sheet_counts_with_its_bytes(tmp_path: Path, source: Path, options: Any) -> None:
    css = tmp_path / "own.css"
    own = msgspec.structs.replace(options, css=css)
    for rule in ("p { color: teal }", "p { color: navy }"):
        css.write_text(rule, encoding="utf-8")
        kept = made(source, own, run_of(tmp_path / "cache"))
        assert same(kept, made(source, own, run_of(None)))


def test_a_filter_counts_with_its_bytes(tmp_path: Path, source: Path) -> None:
    code = tmp_path / "own.py"
    for sign in "!?":
        code.write_text(
            "from clothbound.model import Text\n\n"
            f"def sign(text: Text) -> Text:\n    return Text(text.text + {sign!r})\n",
            encoding="utf-8",
        )
        kept = made(source, Site(), run_of(tmp_path / "cache", filters=[code]))
        assert same(kept, made(source, Site(), run_of(None, filters=[code])))


def test_a_filter_that_is_a_function_is_never_remembered(tmp_path: Path, source: Path) -> None:
    def sign(text: Text) -> Text:
        return Text(text.text + "!")

    made(source, Site(), run_of(tmp_path / "cache", filters=[sign]))
    assert not list((tmp_path / "cache").rglob("*.part"))


def test_a_new_version_makes_all_again(
    tmp_path: Path, source: Path, made_again: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    made(source, Site(), run_of(tmp_path / "cache"))
    monkeypatch.setattr(kept_parts, "code_digest", lambda: "another version")
    made_again.clear()
    made(source, Site(), run_of(tmp_path / "cache"))
    assert len(made_again) == len(POSTS)


@pytest.mark.parametrize("options", WRITERS, ids=lambda one: str(one.format))
def test_a_post_whose_moment_has_come_is_there(tmp_path: Path, source: Path, options: Any) -> None:
    edit("p2.md", "date: 2024-01-03", "publishDate: 2024-07-01")(source)
    for day in (NOW, NOW + datetime.timedelta(days=60), NOW):
        run = Run(cache=tmp_path / "cache", jobs=1, now=day)
        without = made(source, options, Run(jobs=1, now=day))
        assert same(without, made(source, options, run))


@pytest.mark.parametrize("options", WRITERS, ids=lambda one: str(one.format))
def test_of_one_changed_post_only_what_asks_for_it_is_made_again(
    tmp_path: Path, source: Path, options: Any, made_again: list[int]
) -> None:
    made(source, options, run_of(tmp_path / "cache"))
    edit("p9.md", "Plain words", "Other words")(source)
    made_again.clear()
    made(source, options, run_of(tmp_path / "cache"))
    assert made_again == [9]


def test_a_post_that_comes_or_goes_leaves_the_parts_of_the_others(
    tmp_path: Path, made_again: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_parts, "_BATCH", 4)
    source, cache = folder_of(tmp_path / "posts", [[0]] * 30), tmp_path / "cache"
    keys = [entry.metadata.key for entry in clothbound.read(source).index.entries]
    starts = [n for n, key in enumerate(keys) if n == 0 or kept_parts._begins_batch(key)]
    assert 3 < len(starts) < 15
    made(source, Html(), run_of(cache))
    assert len(list(cache.rglob("*.part"))) == len(starts)
    new = source / "p12a.md"
    new.write_text("---\ntitle: New\n---\nNew.\n", encoding="utf-8")
    for expected in ([13], []):
        without = made(source, Html(), run_of(None))
        made_again.clear()
        assert same(without, made(source, Html(), run_of(cache)))
        assert made_again == expected
        new.unlink(missing_ok=True)
    assert len(kept_names(cache)) == 31


def test_a_large_part_has_a_file_of_its_own(
    tmp_path: Path, source: Path, made_again: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_parts, "_LARGE", 100)
    cache = tmp_path / "cache"
    made(source, Html(), run_of(cache))
    batches = [path for path in cache.rglob("*.part") if kept_names_in(path)]
    own = [path for path in cache.rglob("*.part") if path not in batches]
    assert len(own) == len(POSTS)
    target = source / "p2.md"
    before = target.read_text(encoding="utf-8")
    # Posts that link to a heading of this one have other answers, and then the same as before.
    for text in (before.replace("## Second", "## Third"), before):
        target.write_text(text, encoding="utf-8")
        without = made(source, Html(), run_of(None))
        for _ in range(2):
            made_again.clear()
            assert same(without, made(source, Html(), run_of(cache)))
        assert made_again == []
    own[0].unlink()
    assert same(without, made(source, Html(), run_of(cache)))
    assert len(made_again) == 1


RESTRICTED = {
    "a draft": ("tags:", "draft: true\ntags:"),
    "a post for payers": ("tags:", "audience: only_paid\ntags:"),
    "a scheduled post": ("date: 2024-01-01", "publishDate: 2030-01-01"),
    "a post with a paywall": ("Plain words", "::: paywall\nPlain words\n:::\n\nmore"),
    "a post that is not listed": ("tags:", "visibility: unlisted\ntags:"),
}


@pytest.mark.parametrize("change", RESTRICTED.values(), ids=RESTRICTED)
@pytest.mark.parametrize("options", WRITERS, ids=lambda one: str(one.format))
def test_nothing_that_is_not_for_everyone_is_kept(
    tmp_path: Path, options: Any, change: tuple[str, str]
) -> None:
    source = folder_of(tmp_path / "posts", [[0], *([[2]] * 17)])
    edit("p0.md", *change)(source)
    for _ in range(2):
        made(source, options, run_of(tmp_path / "cache"))
    assert len(kept_names(tmp_path / "cache")) == 17
    kept = list((tmp_path / "cache").rglob("*.part"))
    assert all(b"Plain words" not in path.read_bytes() for path in kept)


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_files_are_for_their_owner_alone(tmp_path: Path, source: Path) -> None:
    old = os.umask(0)
    try:
        made(source, Epub(), run_of(tmp_path / "cache"))
    finally:
        os.umask(old)
    kept = list((tmp_path / "cache").rglob("*.part"))
    assert kept
    kept += (tmp_path / "cache").rglob("*.picture")
    assert len({path.suffix for path in kept}) == 2
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}
    assert stat.S_IMODE((tmp_path / "cache" / "parts").stat().st_mode) == 0o700


def test_a_post_that_changes_before_it_is_made_is_not_kept(tmp_path: Path, source: Path) -> None:
    post = source / "p9.md"
    before = post.read_bytes()

    def edit_last(progress: Any) -> None:
        if progress.done == 9:
            post.write_bytes(before.replace(b"Plain", b"Hasty"))

    edited = made(source, Site(), run_of(tmp_path / "cache", progress=edit_last))
    post.write_bytes(before)
    without = made(source, Site(), run_of(None))
    assert not same(without, edited)
    assert same(without, made(source, Site(), run_of(tmp_path / "cache")))


def test_a_post_that_changes_while_it_is_made_is_not_kept(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, finish = source / "p9.md", PartMaker._finish

    def finish_late(self: Any, position: int, loaded: Any) -> Any:
        part = finish(self, position, loaded)
        if position == 9:
            post.write_bytes(post.read_bytes().replace(b"Plain", b"Hasty"))
        return part

    with monkeypatch.context() as late:
        late.setattr(PartMaker, "_finish", finish_late)
        hasty = made(source, Site(), run_of(tmp_path / "cache"))
    without = made(source, Site(), run_of(None))
    assert not same(without, hasty)
    assert same(without, made(source, Site(), run_of(tmp_path / "cache")))


def test_the_bytes_of_a_picture_within_a_post_are_kept_once(tmp_path: Path, source: Path) -> None:
    data = base64.b64encode((source / "dot.png").read_bytes()).decode()
    edit("p9.md", "Plain", f"![dot](data:image/png;base64,{data}) Plain")(source)
    without = made(source, Site(), run_of(None))
    for _ in range(2):
        assert same(without, made(source, Site(), run_of(tmp_path / "cache")))
    kept = b"".join(path.read_bytes() for path in (tmp_path / "cache").rglob("*.part"))
    assert kept.count(data.encode()) == 1


def test_a_damaged_file_counts_as_missing(tmp_path: Path, source: Path) -> None:
    without = made(source, Epub(), run_of(tmp_path / "cache"))
    for number, path in enumerate(sorted((tmp_path / "cache").rglob("*.part"))):
        data = path.read_bytes()
        path.write_bytes((data[:40], b"", data[:-1] + b"x", data)[number % 4])
    assert same(without, made(source, Epub(), run_of(tmp_path / "cache")))


def test_pictures_that_were_cleared_are_converted_again(tmp_path: Path, source: Path) -> None:
    without = made(source, Epub(), run_of(tmp_path / "cache"))
    for path in (tmp_path / "cache").glob("*.picture"):
        path.unlink()
    assert same(without, made(source, Epub(), run_of(tmp_path / "cache")))


def test_runs_at_once_share_a_folder(tmp_path: Path, source: Path) -> None:
    without = made(source, Epub(), run_of(None))
    found = []

    def work() -> None:
        found.append(made(source, Epub(), run_of(tmp_path / "cache")))

    for _ in range(2):
        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(found) == 6
    assert all(same(without, one) for one in found)
    assert not list((tmp_path / "cache").rglob("*.new"))


def test_processes_and_a_cache_go_together(tmp_path: Path, source: Path) -> None:
    without = made(source, Epub(), run_of(None))
    for jobs in (2, 2, 1):
        assert same(without, made(source, Epub(), Run(cache=tmp_path / "c", jobs=jobs, now=NOW)))
    edit("p4.md", "Second", "Third")(source)
    edit("p7.md", "A link", "The link")(source)
    changed = made(source, Epub(), run_of(None))
    assert same(changed, made(source, Epub(), Run(cache=tmp_path / "c", jobs=2, now=NOW)))


def test_the_folder_is_bounded_and_cleared(tmp_path: Path) -> None:
    folder = run_cache.parts_folder(tmp_path)
    for number in range(10):
        run_cache.store(folder / f"{number}.part", bytes(1000))
        os.utime(folder / f"{number}.part", (number, number))
    run_cache.prune(folder, 5 * 1032)
    assert sorted(path.name for path in folder.iterdir()) == [f"{n}.part" for n in range(5, 10)]
    (tmp_path / "of another.txt").write_text("stays", encoding="utf-8")
    (tmp_path / "x.picture").write_bytes(b"")
    run_cache.clear(tmp_path)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["of another.txt"]


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are bytes on Linux alone")
@pytest.mark.parametrize("jobs", [1, 2])
def test_names_that_cannot_be_decoded_stop_nothing(
    tmp_path: Path, source: Path, jobs: int, made_again: list[int]
) -> None:
    odd = source / os.fsdecode(b"odd\xff.md")
    odd.write_text("---\ntitle: Odd\n---\nSee [none](nowhere.md).\n", encoding="utf-8")
    without = made(source, Site(), run_of(None))
    made_again.clear()
    for _ in range(2):
        run = Run(cache=tmp_path / "cache", jobs=jobs, now=NOW)
        assert same(without, made(source, Site(), run))
    # Two processes make all of them; the odd one is not kept.
    assert len(made_again) == {1: len(POSTS) + 2, 2: 1}[jobs]


def test_a_folder_for_reading_alone_is_used(tmp_path: Path) -> None:
    folder = run_cache.parts_folder(tmp_path)
    run_cache.store(folder / "a.part", b"kept")

    def refuse(*_: object) -> None:
        raise PermissionError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "utime", refuse)
        assert run_cache.load(folder / "a.part") == b"kept"


@pytest.mark.parametrize("made_of", ["a file", "files of others", "half of each file"])
def test_a_cache_that_is_broken_breaks_nothing(tmp_path: Path, source: Path, made_of: str) -> None:
    without, cache = made(source, Epub(), run_of(None)), tmp_path / "cache"
    if made_of == "a file":
        cache.write_bytes(b"no folder")
    else:
        made(source, Epub(), run_of(cache))
        for path in [*cache.rglob("*.part"), *cache.rglob("*.picture")]:
            data = path.read_bytes()
            path.unlink()
            path.mkdir() if made_of == "files of others" else path.write_bytes(data[: len(data) // 2])  # fmt: skip
    for _ in range(2):
        assert same(without, made(source, Epub(), run_of(cache)))


@pytest.mark.skipif(sys.platform != "linux", reason="has /dev/full")
def test_a_full_disk_costs_the_cache_alone(tmp_path: Path, source: Path) -> None:
    without = made(source, Epub(), run_of(None))
    with pytest.MonkeyPatch.context() as patch:
        opened = os.open
        patch.setattr(
            run_cache.os, "open", lambda path, *more: opened("/dev/full" if ".new" in os.fspath(path) else path, *more)
        )  # fmt: skip
        assert same(without, made(source, Epub(), run_of(tmp_path / "cache")))
    assert not list((tmp_path / "cache").rglob("*.part"))
    assert same(without, made(source, Epub(), run_of(tmp_path / "cache")))


def test_a_face_of_a_theme_counts_with_its_bytes(tmp_path: Path, source: Path) -> None:
    theme = tmp_path / "own.toml"
    theme.write_text("base = 'novel'\n[faces]\ntitles = ['own.ttf']", encoding="utf-8")
    long = "title: Words enough that a title takes two lines or more of its page"
    edit("p0.md", "title: Post 0", long)(source)
    own = Pdf(engine="typst", theme=theme)
    font = TTFont(own_fonts.MONO.path)
    for factor in (1, 2):
        widths = font["hmtx"].metrics
        font["hmtx"].metrics = {name: (w * factor, side) for name, (w, side) in widths.items()}
        font.save(tmp_path / "own.ttf")
        kept = made(source, own, run_of(tmp_path / "cache"))
        assert same(kept, made(source, own, run_of(None)))


@pytest.mark.parametrize("options", [Site(), Html(), Epub()], ids=lambda one: str(one.format))
def test_a_theme_counts_with_its_files(tmp_path: Path, source: Path, options: Any) -> None:
    theme = tmp_path / "own.toml"
    for color in ("teal", "navy"):
        theme.write_text('screen = "own.css"\n', encoding="utf-8")
        (tmp_path / "own.css").write_text(f"p {{ color: {color} }}", encoding="utf-8")
        own = msgspec.structs.replace(options, theme=str(theme))
        kept = made(source, own, run_of(tmp_path / "cache"))
        assert same(kept, made(source, own, run_of(None)))


def test_what_is_used_stays_longest(tmp_path: Path) -> None:
    folder = run_cache.parts_folder(tmp_path)
    for number, name in enumerate(("a", "b", "c")):
        run_cache.store(folder / f"{name}.part", b"kept")
        os.utime(folder / f"{name}.part", (number, number))
    assert run_cache.load(folder / "a.part") == b"kept"
    run_cache.prune(folder, 36)
    assert [path.name for path in folder.iterdir()] == ["a.part"]


def test_of_files_used_at_one_moment_the_first_names_go_first(tmp_path: Path) -> None:
    folder = run_cache.parts_folder(tmp_path)
    for number, name in ((1, "c"), (1, "b"), (1, "a"), (0, "d"), (2, "e")):
        run_cache.store(folder / f"{name}.part", b"kept")
        os.utime(folder / f"{name}.part", (number, number))
    run_cache.prune(folder, 2 * 36)
    assert sorted(path.name for path in folder.iterdir()) == ["c.part", "e.part"]


def test_what_others_left_and_cannot_be_removed_stops_nothing(tmp_path: Path) -> None:
    folder = run_cache.parts_folder(tmp_path)
    run_cache.store(folder / "a.part", b"kept")
    (folder / "b.1.2.part.new").mkdir()
    os.utime(folder / "b.1.2.part.new", (0, 0))
    run_cache.prune(folder)
    assert run_cache.load(folder / "a.part") == b"kept"


@pytest.mark.parametrize("name", ["out", "book.epub"])
def test_a_product_in_the_folder_of_its_site_is_no_source(
    tmp_path: Path, source: Path, made_again: list[int], name: str
) -> None:
    (source / "hugo.toml").write_text('title = "Letters"\n', encoding="utf-8")
    (source / "note.txt").touch()
    options: Any = Epub() if name.endswith(".epub") else Site()

    def save() -> list[int]:
        made_again.clear()
        posts = clothbound.read(source, "site")
        clothbound.write(posts, options, run=run_of(source / "cache")).save(source / name)
        return list(made_again)

    everything = list(range(len(POSTS)))
    assert save() == everything
    for unrelated in (".git/index", "node_modules/a/README"):
        (source / unrelated).parent.mkdir(parents=True)
        (source / unrelated).touch()
    assert save() == []
    edit("p9.md", "Plain words", "Other words")(source)
    assert save() == everything  # any post may include another file
    assert save() == []
    (source / "note.txt").write_text("changed", encoding="utf-8")
    assert save() == everything
    times = (source / "note.txt").stat()
    (source / "note.txt").write_text("CHANGED", encoding="utf-8")
    os.utime(source / "note.txt", ns=(times.st_atime_ns, times.st_mtime_ns))
    assert save() == everything


def test_few_posts_keep_nothing(tmp_path: Path) -> None:
    source = folder_of(tmp_path / "posts", [[0]] * 3)
    made(source, Site(), run_of(tmp_path / "cache"))
    assert not list(tmp_path.rglob("*.part"))


def test_the_command_keeps_leaves_and_clears(tmp_path: Path, source: Path) -> None:
    def run(*more: str) -> int:
        out = str(tmp_path / "out")
        cache = str(tmp_path / "cache")
        arguments = ["convert", str(source), "-t", "site", "-o", out, "--cache", cache, "-q"]
        with pytest.raises(SystemExit) as ended:
            main([*arguments, *more])
        assert not ended.value.code
        return len(kept_names(tmp_path / "cache"))

    assert run("--no-cache") == 0
    assert run() == len(POSTS)
    edit("p0.md", "Plain", "Simple")(source)
    assert run() == len(POSTS)
    assert run("-O", "url=https://other.example") == 2 * len(POSTS)
    assert run("--clear-cache") == len(POSTS)
    assert run("--clear-cache", "--no-cache") == 0


def test_a_function_has_no_digest() -> None:
    with pytest.raises(UnkeyableError):
        digest_of(print)
    assert digest_of({"b", "a"}) == digest_of({"a", "b"})


def test_the_code_of_plugins_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "own_plugin_of_a_test-1.0.dist-info").mkdir()
    (tmp_path / "own_plugin_of_a_test-1.0.dist-info" / "entry_points.txt").write_text(
        "[console_scripts]\nx = other:main\n\n[clothbound.transforms]\nown = own_plugin_of_a_test.a:T\n"
    )
    package = tmp_path / "own_plugin_of_a_test"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "a.py").write_text("T = 1\n")
    before = code_digest.__wrapped__()
    assert code_digest.__wrapped__() == before
    (package / "a.py").write_text("T = 1 + 1\n")
    assert code_digest.__wrapped__() != before


def test_any_data_has_a_digest() -> None:
    values = ({1: "a"}, {2: "a"}, {(1, 2): "a"}, "\udcff", "\udcfe", "\\udcff")
    assert len({digest_of(value) for value in values}) == len(values)


def test_a_book_of_a_selection_is_kept_too(
    tmp_path: Path, source: Path, made_again: list[int]
) -> None:
    def book(cache: Path | None) -> Any:
        posts = clothbound.read(source)
        chosen = clothbound.book(posts, title="Letters", texts={"foreword": source / "p0.md"})
        artifact = clothbound.write(chosen, Epub(), run=run_of(cache))
        return artifact.to_bytes(), artifact.report

    without, first = book(None), book(tmp_path / "cache")
    made_again.clear()
    second = book(tmp_path / "cache")
    assert same(without, first)
    assert same(without, second)
    assert made_again == [0]  # the foreword, whose file may be anywhere
