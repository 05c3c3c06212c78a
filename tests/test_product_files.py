"""Tests making a folder again: files of removed posts go, and foreign files stay."""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from clothbound import api, product_files, stored_items
from clothbound.artifact import Artifact
from clothbound.cli import main
from clothbound.diagnostics import (
    Diagnostic,
    DiagnosticCode,
    LossReport,
    PostAccount,
    Severity,
    Tally,
)
from clothbound.errors import LossError, WriteError
from clothbound.model.post import Metadata, Post
from clothbound.product_files import LIST

unix = pytest.mark.skipif(os.name != "posix", reason="links are Unix's")


def of_tree(target: str = "test", report: LossReport | None = None, **files: str) -> Artifact:
    """A tree; ``__`` is a slash and ``_`` a dot."""
    named = {n.replace("__", "/").replace("_", "."): text.encode() for n, text in files.items()}
    return Artifact(report=report or LossReport(target), tree=lambda: iter(named.items()))


def names_in(folder: Path) -> set[str]:
    return {
        p.relative_to(folder).as_posix()
        for p in folder.rglob("*")
        if p.is_file() and p.name != LIST
    }


def listed(folder: Path) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = json.loads((folder / LIST).read_bytes())["products"]
    return found


def told(report: LossReport) -> list[str]:
    return [str(found) for found in report.diagnostics]


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert isinstance(left.value.code, int)
    return left.value.code


@pytest.fixture
def posts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three posts, of which b has a picture and a tag of its own; the working folder is theirs."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "posts"
    folder.mkdir()
    for name in "abc":
        (folder / f"{name}.md").write_text(f"---\ntitle: The {name}\n---\n\nWords of {name}.\n")
    (folder / "p.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    )
    (folder / "b.md").write_text(
        "---\ntitle: The b\ntags: [own]\n---\n\nPaid.\n\n![A square](p.svg)\n"
    )
    return folder


def make_paid(post: Path) -> None:
    post.write_text(post.read_text().replace("---\n", "---\naudience: only_paid\n", 1))


# --- the command --------------------------------------------------------------------------------


def test_a_site_made_again_has_no_page_of_a_post_that_became_paid(
    posts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = tmp_path / "public"
    assert run("convert", "posts", "-t", "site", "-o", "public") == 0
    assert "b.html" in names_in(site)
    assert {n for n in names_in(site) if n.startswith(("pictures/", "tags/"))}
    make_paid(posts / "b.md")
    capsys.readouterr()
    assert run("convert", "posts", "-t", "site", "-o", "public") == 0
    assert names_in(site) == {"a.html", "c.html", "index.html", "style.css"}
    assert [p.name for p in site.iterdir() if p.is_dir()] == []
    assert "3 files of an earlier run removed" in capsys.readouterr().err
    assert not any("b." in str(v) for v in listed(site).values())


@pytest.mark.parametrize(
    "format", ["html", "text", "markdown", "substack-editor", "substack-paste"]
)
def test_a_page_of_a_post_that_went_away_goes(posts: Path, tmp_path: Path, format: str) -> None:
    ending = {"text": "txt", "markdown": "md", "substack-editor": "json"}.get(format, "html")
    assert run("convert", "posts", "-t", format, "-o", "pages/") == 0
    assert f"b.{ending}" in names_in(tmp_path / "pages")
    (posts / "b.md").unlink()
    assert run("convert", "posts", "-t", format, "-o", "pages/") == 0
    pages = {"a", "c"} | ({"index"} if format == "substack-paste" else set())
    assert names_in(tmp_path / "pages") == {f"{name}.{ending}" for name in pages}


def test_the_last_page_but_one_goes_too(posts: Path, tmp_path: Path) -> None:
    """A single page into a folder is still the folder's product."""
    assert run("convert", "posts", "-t", "html", "-o", "pages/") == 0
    (posts / "b.md").unlink()
    (posts / "c.md").unlink()
    assert run("convert", "posts", "-t", "html", "-o", "pages/") == 0
    assert names_in(tmp_path / "pages") == {"a.html"}


def test_products_of_two_formats_and_of_two_sources_share_a_folder(
    posts: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "x.md").write_text("# X\n\nWords.\n")
    for source, format in (("posts", "html"), ("posts", "text"), ("other", "html")):
        assert run("convert", source, "-t", format, "-o", "out/") == 0
    pages = {f"{name}.{ending}" for name in "abc" for ending in ("html", "txt")} | {"x.html"}
    assert names_in(tmp_path / "out") == pages
    (posts / "b.md").unlink()
    assert run("convert", "posts", "-t", "html", "-o", "out/") == 0
    assert names_in(tmp_path / "out") == pages - {"b.html"}


def test_pages_of_a_source_that_is_not_known_add_to_those_that_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Posts that come by stdin one after another, or from a program."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "out").mkdir()
    for name in "ab":
        text = f"# {name}\n\nWords.\n".encode()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
        assert run("convert", "-", "-f", "markdown", "-t", "html", "-o", "out/") == 0
    assert names_in(tmp_path / "out") == {"a.html", "b.html"}
    for title in ("One", "Two"):
        posts = [Post(Metadata(slug=f"{title}-{n}", title=title)) for n in range(2)]
        api.write(posts, "text").save(tmp_path / "out")
    assert len(names_in(tmp_path / "out")) == 6


def test_another_checkout_of_both_folders_is_the_same_product(
    posts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("convert", "posts", "-t", "html", "-o", "out/") == 0
    moved = tmp_path / "moved"
    moved.mkdir()
    shutil.move(posts, moved / "posts")
    shutil.move(tmp_path / "out", moved / "out")
    (moved / "posts" / "b.md").unlink()
    monkeypatch.chdir(moved)
    assert run("convert", "posts", "-t", "html", "-o", "out/") == 0
    assert names_in(moved / "out") == {"a.html", "c.html"}


def test_the_page_of_a_post_that_cannot_be_read_stays_whole(
    posts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = tmp_path / "public"
    assert run("convert", "posts", "-t", "site", "-o", "public") == 0
    page = (site / "b.html").read_bytes()
    (posts / "b.md").write_bytes(b"\xff\xfe\x00broken \xff")
    make_paid(posts / "c.md")
    assert run("convert", "posts", "-t", "site", "-o", "public") == 4
    assert (site / "b.html").read_bytes() == page
    assert "could not be read this time" in capsys.readouterr().err
    assert len([n for n in names_in(site) if n.startswith("pictures/")]) == 1
    assert "c.html" not in names_in(site)
    (posts / "b.md").unlink()
    assert run("convert", "posts", "-t", "site", "-o", "public") == 0
    assert names_in(site) == {"a.html", "index.html", "style.css"}


def test_nothing_goes_when_strict_refuses(posts: Path, tmp_path: Path) -> None:
    site = tmp_path / "public"
    assert run("convert", "posts", "-t", "site", "-o", "public") == 0
    before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    make_paid(posts / "b.md")
    (posts / "a.md").write_text("---\ntitle: The a\n---\n\n```{=latex}\n\\lost\n```\n")
    assert run("convert", "posts", "-t", "site", "-o", "public", "--strict") == 3
    assert {path: path.read_bytes() for path in site.rglob("*") if path.is_file()} == before


def test_the_list_names_no_post_that_is_not_there(posts: Path, tmp_path: Path) -> None:
    (posts / "hush-hush.md").write_text("---\ntitle: Hush\ndraft: true\n---\n\nSecret.\n")
    make_paid(posts / "b.md")
    assert run("convert", "posts", "-t", "site", "-o", "public") == 0
    text = (tmp_path / "public" / LIST).read_text()
    assert "hush" not in text
    assert "b.html" not in text
    assert str(tmp_path) not in text
    assert ".md" not in text


# --- one folder, run after run -------------------------------------------------------------------


def test_edited_and_foreign_files_stay_and_are_named(tmp_path: Path) -> None:
    of_tree(a_html="1", b_html="2", c_html="3").save(tmp_path / "site")
    (tmp_path / "site" / "b.html").write_text("mine now")
    (tmp_path / "site" / "about.html").write_text("mine")
    (tmp_path / "site" / "CNAME").write_text("letters.example")
    report = of_tree(a_html="1").save(tmp_path / "site")
    assert names_in(tmp_path / "site") == {"a.html", "b.html", "about.html", "CNAME"}
    assert report.removed == 1
    found = "\n".join(told(report))
    assert "b.html: warning: kept" in found
    assert "1 file kept that no known run has written: about.html" in found
    assert "CNAME" not in found
    again = of_tree(a_html="1").save(tmp_path / "site")
    assert "b.html: warning: kept" in "\n".join(told(again))
    (tmp_path / "site" / "b.html").write_text("2")
    assert of_tree(a_html="1").save(tmp_path / "site").removed == 1


def test_a_folder_of_an_older_version_keeps_its_files_and_names_those_like_ours(
    tmp_path: Path,
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    for name in ("old.html", "robots.txt", "a.html"):
        (site / name).write_text("old")
    report = of_tree(a_html="new").save(site)
    assert names_in(site) == {"old.html", "robots.txt", "a.html"}
    assert [found.source for found in report.diagnostics] == [str(site)]
    assert "old.html" in told(report)[0]


def test_a_file_that_was_renamed_is_the_users(tmp_path: Path) -> None:
    site = tmp_path / "site"
    of_tree(a_html="1", b_html="2").save(site)
    (site / "b.html").rename(site / "kept.html")
    report = of_tree(a_html="1").save(site)
    assert names_in(site) == {"a.html", "kept.html"}
    assert report.removed == 0


def test_a_name_in_another_case_removes_no_new_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a file system that does not tell cases apart: both names lead to the same file."""
    site = tmp_path / "site"
    of_tree(Note_html="same").save(site)
    real = Path.lstat

    def lstat(path: Path) -> os.stat_result:
        return real(path.with_name(path.name.lower()) if path.name == "Note.html" else path)

    (site / "Note.html").rename(site / "note.html")
    monkeypatch.setattr(Path, "lstat", lstat)
    report = of_tree(note_html="same").save(site)
    assert (site / "note.html").read_text() == "same"
    assert report.removed == 0


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        b'{"clothbound-files": 2, "products": {}}',
        b'{"clothbound-files": 1, "products": {"test": {"b.html": 1}}}',
    ],
)
def test_nothing_goes_by_a_list_that_is_damaged(tmp_path: Path, damage: bytes) -> None:
    site = tmp_path / "site"
    of_tree(a_html="1", b_html="2").save(site)
    (site / LIST).write_bytes(damage)
    report = of_tree(a_html="1").save(site)
    assert names_in(site) == {"a.html", "b.html"}
    assert "cannot be read" in told(report)[0]
    assert set(listed(site)["test"]) == {"a.html"}


@unix
@pytest.mark.parametrize(
    "name", ["../secret", "{tmp}/secret", "a/../../secret", "out/secret", "link", "", ".", "C:x"]
)
def test_a_list_that_is_hostile_removes_nothing_outside(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_text("mine")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret").write_text("mine")
    site = tmp_path / "site"
    of_tree(a_html="1", b_html="mine").save(site)
    (site / "out").symlink_to(tmp_path / "elsewhere")
    (site / "link").symlink_to(tmp_path / "secret")
    records = json.loads((site / LIST).read_bytes())
    records["products"]["test"][name.format(tmp=tmp_path)] = records["products"]["test"]["b.html"]
    (site / LIST).write_text(json.dumps(records))
    of_tree(a_html="1").save(site)
    assert (tmp_path / "secret").read_text() == "mine"
    assert (tmp_path / "elsewhere" / "secret").read_text() == "mine"
    assert (site / "link").is_symlink()
    assert not (site / "b.html").exists()


def test_a_run_that_ends_before_the_old_files_go_is_made_good_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    of_tree(a_html="1", b_html="2").save(site)
    with monkeypatch.context() as patched:

        def sweep(*_: object) -> None:
            raise KeyboardInterrupt

        patched.setattr(product_files.ProductFiles, "sweep", sweep)
        with pytest.raises(KeyboardInterrupt):
            of_tree(a_html="one", c_html="3").save(site)
    assert names_in(site) == {"a.html", "b.html", "c.html"}
    assert of_tree(d_html="4").save(site).removed == 3
    assert names_in(site) == {"d.html"}


def test_a_list_counts_for_its_folder_even_when_a_run_ends_in_the_middle(tmp_path: Path) -> None:
    """A run of which only some files took their places: either bytes of a file are its own."""
    site = tmp_path / "site"
    of_tree(a_html="1", b_html="2").save(site)
    (site / "b.html").unlink()
    (site / "b.html").mkdir()
    (site / "b.html" / "in the way").write_text("")
    with pytest.raises(WriteError):
        of_tree(a_html="one", b_html="two").save(site)
    assert (site / "a.html").read_text() == "one"
    shutil.rmtree(site / "b.html")
    assert of_tree(c_html="3").save(site).removed == 1
    assert names_in(site) == {"c.html"}


def test_strict_removes_nothing(tmp_path: Path) -> None:
    site = tmp_path / "site"
    of_tree(a_html="1", b_html="2").save(site)
    before = (site / LIST).read_bytes()
    lossy = LossReport("test", {"a": PostAccount("a", "a.md", Tally(words=3), dropped=1)})
    with pytest.raises(LossError):
        of_tree(report=lossy, a_html="new").save(site, strict=True)
    assert names_in(site) == {"a.html", "b.html"}
    assert (site / LIST).read_bytes() == before


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may remove everything")
def test_a_file_that_cannot_be_removed_is_named(tmp_path: Path) -> None:
    site = tmp_path / "site"
    of_tree(sub__a_html="1", b_html="2").save(site)
    (site / "sub").chmod(0o555)
    report = of_tree(b_html="2").save(site)
    (site / "sub").chmod(0o755)
    assert "cannot be removed" in "\n".join(told(report))
    assert of_tree(b_html="2").save(site).removed == 1


@unix
@unix
@pytest.mark.parametrize("is_there", [True, False])
def test_nothing_is_written_through_a_link_that_leads_out(tmp_path: Path, is_there: bool) -> None:
    folder, outside = tmp_path / "site", tmp_path / "outside"
    folder.mkdir()
    if is_there:
        outside.mkdir()
    (folder / "pictures").symlink_to(outside)
    with pytest.raises(WriteError, match=r"pictures.*: leads out of the folder 'site'"):
        of_tree(index_html="New", pictures__big__a_png="A").save(folder)
    assert [path.name for path in folder.iterdir()] == ["pictures"]
    assert not outside.exists() or not list(outside.iterdir())


@unix
def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    (folder / "images").mkdir(parents=True)
    (folder / "pictures").symlink_to("images")
    of_tree(pictures__a_png="A").save(folder)
    assert (folder / "images" / "a.png").read_text() == "A"


def test_a_read_only_file_of_ours_goes(tmp_path: Path) -> None:
    site = tmp_path / "site"
    of_tree(a_html="1", b_html="2").save(site)
    (site / "b.html").chmod(0o444)
    assert of_tree(a_html="1").save(site).removed == 1


def test_the_list_is_no_name_for_a_writer(tmp_path: Path) -> None:
    artifact = Artifact(report=LossReport("test"), tree=lambda: iter([(LIST.upper(), b"")]))
    with pytest.raises(WriteError, match="not allowed"):
        artifact.save(tmp_path / "site")


def test_the_same_product_has_the_same_list(tmp_path: Path) -> None:
    for name in ("one", "two"):
        of_tree(b_html="2", a_html="1").save(tmp_path / name)
        of_tree(b_html="2", a_html="1").save(tmp_path / name)
    assert (tmp_path / "one" / LIST).read_bytes() == (tmp_path / "two" / LIST).read_bytes()


def test_a_picture_of_a_page_that_stays_is_not_that_of_one_that_goes(tmp_path: Path) -> None:
    def product(*names: str, bad: str = "") -> Artifact:
        def tree() -> Iterator[tuple[str, bytes]]:
            for name in names:
                yield f"{name}.html", name.encode()
                yield f"{name}.png", name.encode()

        report = LossReport("test")
        if bad:
            code = DiagnosticCode.POST_UNREADABLE
            report.diagnostics.add(Diagnostic(code, "broken", bad, severity=Severity.ERROR))
        sources = {f"{n}.{end}": {f"{n}.md"} for n in names for end in ("html", "png")}
        return Artifact(report=report, tree=tree, sources=sources)

    site = tmp_path / "site"
    product("a", "b", "c").save(site)
    assert product("a", bad="b.md").save(site).removed == 2
    assert names_in(site) == {"a.html", "a.png", "b.html", "b.png"}


def test_the_list_is_written_as_one_value_would_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names are sorted as text, and need escapes; the list holds two products and, at first, earlier files."""
    monkeypatch.setattr(stored_items, "MOST_IN_MEMORY", 2)
    site = tmp_path / "site"
    of_tree("other", z_html="z", ü_html="ü").save(site)
    of_tree(**{"b_html": "1", 'a"_html': "2", "𝒜_html": "3", "ﬀ_html": "4"}).save(site)
    of_tree(**{"b_html": "2", "c_html": "5", "𝒜_html": "3"}).save(site)
    data = (site / LIST).read_bytes()
    assert data == msgspec.json.format(data, indent=1) + b"\n"
    assert {product: list(files) for product, files in listed(site).items()} == {
        "other": ["z.html", "ü.html"],
        "test": ["b.html", "c.html", "𝒜.html"],
    }
    of_tree("test").save(site)
    of_tree("other").save(site)
    assert (site / LIST).read_bytes() == b'{\n "clothbound-files": 1,\n "products": {}\n}\n'
