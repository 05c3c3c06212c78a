"""The names of files: one for each post, whoever writes it and whatever goes with it."""

from __future__ import annotations

import ast
import io
import os
import unicodedata
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

import clothbound
from clothbound import api, formats
from clothbound.anthology import select
from clothbound.model.collection import Collection
from clothbound.model.index import Index
from clothbound.model.post import Metadata, Post
from clothbound.model.posts_at_hand import as_collection
from clothbound.model.slugs import file_name, slug_of
from clothbound.naming import file_names, free_name, is_file_name, tag_names

SOURCE = Path(clothbound.__file__).parent


def names(*posts: Metadata, own_first: bool = False) -> list[str]:
    collection = as_collection([Post(metadata) for metadata in posts])
    return list(file_names(collection.index, own_first=own_first).values())


def fits(name: str) -> bool:
    """Whether Windows, macOS and Linux take a name, with an extension, as it is."""
    return (
        bool(name)
        and not set(name) & set('<>:"/\\|?*')
        and all(unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp") for c in name)
        and all(unicodedata.bidirectional(c) not in BIDI for c in name)
        and name == unicodedata.normalize("NFC", name)
        and name.strip(" .") == name
        and len(name.encode()) <= 240
        and name.split(".", maxsplit=1)[0].strip().casefold()
        not in ("con", "prn", "aux", "nul", "com1", "lpt9")
    )


BIDI = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")

TEXTS = st.one_of(
    st.text(max_size=40),
    st.text(st.sampled_from("ab .-_/\\:\u202e\u200f\u0301é日ß\0\ud800"), max_size=300),
    st.sampled_from(["con", "NUL.x", "a/b", "..", " . ", "index", "日本" * 100, "COM1", "lpt9"]),
)


@example("A\u200e\u0300")  # an invisible character between a letter and its accent
@given(TEXTS)
def test_any_text_makes_a_name_that_every_system_takes(text: str) -> None:
    assert fits(file_name(text))
    assert is_file_name(file_name(text))
    assert not slug_of(text) or fits(slug_of(text))
    assert slug_of(slug_of(text)) == slug_of(text)


POSTS = st.builds(
    Metadata,
    slug=TEXTS,
    title=TEXTS,
    source=st.one_of(
        st.just(""), st.builds(lambda a, b: f"{a}/{b}.md", TEXTS, TEXTS), st.just("feed.xml")
    ),
    is_draft=st.booleans(),
)


@given(st.lists(POSTS, max_size=6), st.booleans())
def test_any_posts_get_names_of_their_own_whatever_the_order(
    posts: list[Metadata], own_first: bool
) -> None:
    collection = as_collection([Post(metadata) for metadata in posts])
    given = file_names(collection.index, own_first=own_first)
    assert len(given) == len(posts)
    assert all(map(fits, given.values()))
    folded = {unicodedata.normalize("NFC", name).casefold() for name in given.values()}
    assert len(folded) == len(posts)
    backwards = Index(reversed(collection.index.entries))
    assert file_names(backwards, own_first=own_first) == given


@given(st.lists(POSTS, max_size=6), st.data())
def test_a_post_has_one_name_however_many_go_with_it(
    posts: list[Metadata], data: st.DataObject
) -> None:
    collection = as_collection([Post(metadata) for metadata in posts])
    every = file_names(collection.index)
    chosen = data.draw(st.sets(st.integers(0, len(posts) - 1)) if posts else st.just(set()))
    picked = select.pick(collection, sorted(chosen))
    assert file_names(picked.index) == {m.key: every[m.key] for m in picked.index}


@pytest.mark.parametrize(
    ("posts", "expected"),
    [
        # A folder for each post.
        (["a-walk/post.md", "midsummer/post.md"], ["a-walk", "midsummer"]),
        (["a-walk/post.md"], ["a-walk"]),
        (["a-walk/index.md", "two.md"], ["a-walk", "two"]),
        (["a/draft.md", "b/draft.md"], ["a", "b"]),
        (["2023/post.md", "2024/post.md"], ["t0", "t1"]),
        (["x/a-walk/post.md", "y/a-walk/post.md"], ["t0", "t1"]),
        # The name in another case, or in another composition, is the same file somewhere.
        (["Note.md", "other/note.md"], ["t0", "other"]),
        (["index.md", "two.md"], ["t0", "two"]),
        (["con.md", "two.md"], ["con_", "two"]),
        (["日記.md", "Straße.md", "Café.md"], ["日記", "straße", "cafe"]),
        (["हिन्दी कविता.md"], ["हिन्दी-कविता"]),
        (["a\u202egpj.md"], ["agpj"]),
    ],
)
def test_a_file_or_its_folder_names_a_post(posts: list[str], expected: list[str]) -> None:
    made = [Metadata(source=source, title=f"T{n}") for n, source in enumerate(posts)]
    assert names(*made) == expected


def test_the_slug_goes_before_the_file_and_the_file_before_the_title() -> None:
    assert names(Metadata(slug="Tide", source="a/7.md", title="T")) == ["tide"]
    assert names(Metadata(source="a/7 b.md", title="T")) == ["7-b"]
    assert names(Metadata(source="feed.xml", title="The tide")) == ["the-tide"]
    assert names(Metadata(id="12", source="<stdin>")) == ["12"]


def test_links_from_file_to_file_find_their_files_in_markdown() -> None:
    one = Metadata(slug="tide", source="My note.md")
    assert names(one, own_first=True) == ["My note"]
    assert names(one, Metadata(source="x/Post.md"), own_first=True) == ["My note", "x"]


def test_a_post_that_is_not_public_takes_no_name_from_one_that_is() -> None:
    public = Metadata(id="1", slug="walk", title="A walk")
    secret = Metadata(id="2", slug="walk", title="A walk", is_draft=True)
    paid = Metadata(id="3", slug="walk", audience="only_paid")
    assert names(public, secret, paid)[0] == "walk"


def test_tags_in_any_script_have_pages() -> None:
    made = tag_names(["Sea", "sea!", "日本", "?"])
    assert (made["Sea"], made["日本"]) == ("sea", "日本")
    assert made["sea!"].startswith("sea-")
    assert len(set(tag_names(["Sea", "sea!", "SEA", "日本", "?", "!"]).values())) == 6


def test_a_name_that_is_taken_is_given_to_nobody_else() -> None:
    taken: set[str] = set()
    assert free_name("Tide", taken, "1") == "Tide"
    assert free_name("tide", taken, "2") not in ("tide", "Tide")
    assert len({free_name("", taken, "same") for _ in range(3)}) == 3


# --- every writer ---------------------------------------------------------------------------------


def stems(collection: Collection | Sequence[Post], format: str) -> set[str]:
    artifact = api.write(collection, format)
    if artifact.only_page:
        return {PurePosixPath(artifact.only_page).stem}
    with zipfile.ZipFile(io.BytesIO(artifact.to_bytes())) as archive:
        return {PurePosixPath(n).stem for n in archive.namelist() if "/" not in n} - {
            "index",
            "style",
        }


@pytest.mark.parametrize(
    "format",
    sorted(
        n for n in formats.WRITERS if formats.writer(n).produces in ("page", "tree") and n != "kdp"
    ),
)
def test_every_writer_names_a_post_alike(format: str, tmp_path: Path) -> None:
    sources = ("a-walk/post.md", "midsummer/post.md", "日記.md", "plain.md")
    for source in sources:
        path = tmp_path / source
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"---\ntitle: T {source}\n---\n\nWords.\n")
    collection = api.read(tmp_path)
    expected = {"a-walk", "midsummer", "日記", "plain"}
    assert stems(collection, format) == expected
    assert stems(select.pick(collection, [0]), format) <= expected


@pytest.mark.parametrize("format", ["html", "text", "markdown"])
def test_one_bad_name_stops_no_post(format: str, tmp_path: Path) -> None:
    posts = [
        Post(Metadata(id="1", slug="a/b", title="One")),
        Post(Metadata(id="2", slug="../..", title="Two")),
        Post(Metadata(id="3", slug="c:\\d\0", title="Three")),
        Post(Metadata(id="4", slug="?*", title="")),
    ]
    api.write(posts, format).save(tmp_path / "out")
    assert len(list((tmp_path / "out").glob("[!.]*"))) == 4


@pytest.mark.skipif(os.name != "posix", reason="names are bytes on Unix")
@pytest.mark.parametrize("format", ["html", "text", "markdown", "site"])
def test_a_file_whose_name_is_no_text_is_a_post_too(format: str, tmp_path: Path) -> None:
    folder = tmp_path / "posts"
    folder.mkdir()
    for name in (b"caf\xe9.md", b"b.md"):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text("# T\n\nWords.\n")
    api.write(api.read(folder), format).save(tmp_path / "out")
    made = {path.stem for path in (tmp_path / "out").glob("[!.]*")}
    assert {"b", "caf"} <= made


def test_links_between_pages_lead_to_files_in_any_script(tmp_path: Path) -> None:
    for name, other in (("春", "秋"), ("秋", "春")):
        (tmp_path / f"{name}.md").write_text(f"# {name}\n\n[to]({other}.md)\n", encoding="utf-8")
    for format in ("site", "html"):
        api.write(api.read(tmp_path), format).save(tmp_path / format)
        page = (tmp_path / format / "春.html").read_text(encoding="utf-8")
        assert 'href="%E7%A7%8B.html"' in page


def test_one_post_in_a_folder_has_the_name_that_it_has_among_others(tmp_path: Path) -> None:
    from clothbound.cli.outputs import OutputTarget, plan_outputs
    from clothbound.protected_files import ProtectedFiles
    from clothbound.run import Run

    for name in "ab":
        (tmp_path / f"{name}.md").write_text("---\ntitle: T\n---\n\nWords.\n")
    collection = api.read(tmp_path)
    out = tmp_path / "out"
    out.mkdir()
    for format, ending in (("html", "html"), ("epub", "epub"), ("json", "json")):
        only = select.pick(collection, [0])
        job = (
            replace(only, info=replace(only.info, title="T")),
            OutputTarget.of(str(out), format, (), None),
        )
        ((made, target),) = plan_outputs([job], ProtectedFiles(), Run())
        assert api.write(made, format).only_page in ("a.html", "")
        assert target.path in (str(out), str(out / f"a.{ending}"))


# --- one place -----------------------------------------------------------------------------------

SLUGGERS = {
    "naming.py": "files",
    "model/slugs.py": "files and addresses",
    "model/index.py": "keys and anchors",
    "readers/epub/reading.py": "keys of chapters, by their files",
    "transforms/links.py": "headings that a link means",
    "substack/posts_csv.py": "slugs as Substack cuts them",
    "readers/sites/site_paths.py": "segments of addresses",
    "writers/epub/matter_pages.py": "ids of parts",
    "writers/markdown/plain_blocks.py": "the kind of a callout",
}
"""Who makes a slug, and of what."""


def test_no_other_module_makes_names_of_files() -> None:
    """Only one module chooses names, and only that of slugs knows Windows' reserved names and the
    characters that file names exclude.
    """
    for path in SOURCE.rglob("*.py"):
        module = path.relative_to(SOURCE).as_posix()
        if module == "model/slugs.py":
            continue
        text = path.read_text(encoding="utf-8")
        if module not in SLUGGERS:
            called = {
                node.func.id
                for node in ast.walk(ast.parse(text))
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            }
            assert not called & {"ascii_slug", "slug_of"}, module
        assert "prn" not in text.lower().split("|"), module
        for forbidden in ('<>:"/\\', "/\\\\:*?", "com|lpt"):
            assert forbidden not in text, (module, forbidden)
