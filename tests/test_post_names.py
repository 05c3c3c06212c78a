"""Tests which post the last segment of an address names."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import clothbound
from clothbound import formats
from clothbound.fields import settings
from clothbound.model.index import Index, IndexEntry, with_unique_keys
from clothbound.model.post import Metadata, Timestamp
from clothbound.model.slugs import HTML_FILES, MARKDOWN_FILES, POST_FILES, number_of_id
from clothbound.naming import file_names

FILES = {
    "content/blog/2023-01-06-harbour.md": {},
    "content/blog/2023-02-10-the-lamp.md": {"slug": "lamp"},
    "content/blog/tide/index.md": {},
    "content/blog/2022-05-01-oar/index.en.md": {},
    "content/blog/Größe.md": {},
    "content/blog/日本語.md": {},
    "content/blog/v1.0.md": {},
    "content/blog/1.keel.md": {},
    "content/blog/2023-03-11_mast.md": {},
    "content/blog/python.md": {},
    "content/notes/anchor.md": {"permalink": "/2021/03/an-anchor/"},
    "content/notes/2019-04-05-links.md": {},
    "content/notes/2020-04-05-links.md": {},
    "content/a-walk/post.md": {},
    "content/midsummer/post.md": {},
    "content/tar/pitch.md": {},
    "content/en/rope.md": {},
    "content/es/rope.md": {},
    "content/es/vela.md": {},
    "content/blog/sail.de.md": {},
    "content/blog/sail.md": {},
    "content/boats/twin.md": {},
    "content/shore/_index.md": {},
    "content/harbours/twin.md": {},
    "content/other.md": {"slug": "twin"},
    "content/shortcodes/glow.md": {},
    "content/2018-06-07-wake/post.md": {},
    "content/stern/galley.md": {"permalink": "/cooking/galley/"},
    "content/blog/remembered.md": {"canonical_url": "https://old.example/a/remembered-well"},
}
SOURCE = "content/blog/2023-01-06-harbour.md"


def index_of(files: dict[str, dict[str, str]], **more: object) -> Index:
    entries = []
    for source, fields in files.items():
        known = {name: fields[name] for name in ("slug", "canonical_url") if name in fields}
        extra = {name: value for name, value in fields.items() if name not in known}
        entries.append(IndexEntry(Metadata(source=source, extra=extra, **known)))  # type: ignore[arg-type]
    return Index(with_unique_keys(entries), sites=("own.example",), **more)  # type: ignore[arg-type]


INDEX = index_of(FILES)


def led_to(href: str, source: str = SOURCE, index: Index = INDEX) -> str:
    """The file of the post that an address leads to, without ``content/``; empty: of none."""
    found = index.resolve(href, source)
    return index[found[0]].source.removeprefix("content/") if found else ""


@pytest.mark.parametrize(
    ("identifier", "number"),
    [("12.a-tide", "12"), ("12.", "12"), ("12", "12"), ("12a", ""), ("\u0661.a", ""), ("", "")],
)
def test_an_id_of_substack_begins_with_its_number(identifier: str, number: str) -> None:
    assert number_of_id(identifier) == number


@pytest.mark.parametrize("name", formats.READERS)
def test_the_extensions_of_a_reader_of_folders_are_those_of_posts(name: str) -> None:
    if any(one.name == "exclude" for one in settings(formats.reader(name).options_type)):
        assert formats.post_extensions(name) <= set(POST_FILES)


def test_pages_and_texts_of_all_extensions_in_a_folder_are_posts(tmp_path: Path) -> None:
    pages = ("a.html", "b.htm", "c.xhtml")
    texts = ("a.md", "b.markdown", "c.mdown", "d.mdwn", "e.mkd", "f.mkdn", "g.mkdown", "h.qmd")
    for folder, names in (("html", pages), ("markdown", texts)):
        (tmp_path / folder).mkdir()
        for name in names:
            (tmp_path / folder / name).write_text("Words")
        found = {
            Path(post.source).name for post in clothbound.read(tmp_path / folder, folder).index
        }
        assert found == set(names)


@pytest.mark.parametrize("extension", sorted({*MARKDOWN_FILES, *HTML_FILES}))
def test_a_post_in_a_file_of_any_name_that_is_read_is_linked_to_and_named(extension: str) -> None:
    assert extension in formats.post_extensions(formats.READER_EXTENSIONS[extension])
    index = index_of({f"blog/oar{extension}": {}})
    (post,) = index
    for href in ("/blog/oar/", f"oar{extension}", f"@/blog/oar{extension}", "/posts/oar.html"):
        assert index.resolve(href, "blog/here.md") == (post.key, ""), href
    assert file_names(index) == {post.key: "oar"}


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        # the ways of generators
        ("/blog/harbour/", "blog/2023-01-06-harbour.md"),
        ("/posts/harbour", "blog/2023-01-06-harbour.md"),
        ("/blog/keel", "blog/1.keel.md"),
        ("/posts/mast/", "blog/2023-03-11_mast.md"),
        ("/harbour", "blog/2023-01-06-harbour.md"),
        ("/harbour.html", "blog/2023-01-06-harbour.md"),
        ("/blog/harbour/index.html", "blog/2023-01-06-harbour.md"),
        ("/blog/2023-01-06-harbour/", "blog/2023-01-06-harbour.md"),
        ("/2023/01/06/harbour.html", "blog/2023-01-06-harbour.md"),
        ("/cat/2023/1/6/harbour.html", "blog/2023-01-06-harbour.md"),
        ("/2023/01/harbour/", "blog/2023-01-06-harbour.md"),
        ("../harbour/", "blog/2023-01-06-harbour.md"),
        ("../../../../harbour/", "blog/2023-01-06-harbour.md"),
        ("./lamp", "blog/2023-02-10-the-lamp.md"),
        ("../lamp/", "blog/2023-02-10-the-lamp.md"),
        ("/the-lamp/", "blog/2023-02-10-the-lamp.md"),
        ("/project/posts/lamp/", "blog/2023-02-10-the-lamp.md"),
        ("https://own.example/project/posts/lamp/", "blog/2023-02-10-the-lamp.md"),
        ("//own.example/lamp", "blog/2023-02-10-the-lamp.md"),
        ("/posts/tide/", "blog/tide/index.md"),
        ("/shore/", "shore/_index.md"),
        ("@/blog/tide/index.md", "blog/tide/index.md"),
        ("/posts/oar/", "blog/2022-05-01-oar/index.en.md"),
        ("/en/posts/oar/", "blog/2022-05-01-oar/index.en.md"),
        ("/fr/posts/oar/", ""),
        ("/an-anchor", "notes/anchor.md"),
        ("/site/2021/03/an-anchor/", "notes/anchor.md"),
        ("/remembered-well", "blog/remembered.md"),
        # how links are spelt
        ("/blog/Harbour/?utm_source=x", "blog/2023-01-06-harbour.md"),
        ("/blog/gr%C3%B6%C3%9Fe/", "blog/Größe.md"),
        ("/blog/gro\u0308\u00dfe/", "blog/Größe.md"),
        ("/blog/%E6%97%A5%E6%9C%AC%E8%AA%9E/", "blog/日本語.md"),
        ("/blog/v1.0/", "blog/v1.0.md"),
        ("other/lamp.md", "blog/2023-02-10-the-lamp.md"),
        ("../../old/harbour.md", "blog/2023-01-06-harbour.md"),
        # folders that tell files of one name apart
        ("/a-walk/", "a-walk/post.md"),
        ("../midsummer/", "midsummer/post.md"),
        ("/pitch/", "tar/pitch.md"),
        # a date, a path or a language that tells posts of one name apart
        ("/2019/04/05/links/", "notes/2019-04-05-links.md"),
        ("/2020/links/", "notes/2020-04-05-links.md"),
        ("/boats/twin/", "boats/twin.md"),
        ("/x/boats/twin/", ""),
        ("/es/blog/rope/", "es/rope.md"),
        ("/en/rope", "en/rope.md"),
        ("/no-entry/vela/", "es/vela.md"),
        ("/en/blog/sail/", "blog/sail.md"),
        # folders that agree with those of the post, or say nothing
        ("/shortcodes/glow/", "shortcodes/glow.md"),
        ("/docs/en/shortcodes/glow/", "shortcodes/glow.md"),
        ("/blog/glow/", "shortcodes/glow.md"),
        ("/2019/05/glow/", "shortcodes/glow.md"),
        ("/walks/wake/", "2018-06-07-wake/post.md"),
        ("/kitchen/cooking/galley/", "stern/galley.md"),
        ("/stern/galley/", "stern/galley.md"),
        ("https://own.example/cooking/galley", "stern/galley.md"),
        # folders that are not those of the post
        ("/functions/transform/glow/", ""),
        ("../functions/glow.md", ""),
        ("https://own.example/functions/glow", ""),
        ("/shortcodes/functions/galley/", ""),
        ("/gardening/galley/", ""),
        # which names no post
        ("/tar/", ""),
        ("/links/", ""),
        ("/2021/04/05/links/", ""),
        ("/2023/03/06/harbour.html", ""),
        ("/twin/", ""),
        ("/blog/twin", ""),
        ("/post/", ""),
        ("/rope/", ""),
        ("/en/vela/", ""),
        ("/tags/python/", ""),
        ("/blog/category/python/", ""),
        ("/i/99/harbour", ""),
        ("/p/unknown/harbour", ""),
        ("https://other.example/blog/harbour/", ""),
        ("/blog/harbour.pdf", ""),
        ("harbour.jpg", ""),
        ("/blog/", ""),
        ("/index.html", ""),
        ("?harbour", ""),
        ("mailto:harbour", ""),
    ],
)
def test_the_last_segment_names_one_post(href: str, expected: str) -> None:
    assert led_to(href) == expected


def test_a_day_may_be_another_where_the_site_lies() -> None:
    posts = [
        IndexEntry(Metadata(slug="a", source="a.md", published=Timestamp("2023-01-06"))),
        IndexEntry(Metadata(slug="b", source="b.md", published=Timestamp("2023"))),
        IndexEntry(Metadata(slug="c", source="c.md", published=Timestamp("soon"))),
    ]
    index = Index(with_unique_keys(posts))
    dates = {
        "a": {"2023/01/07": True, "2023/01/05": True, "2023/01/08": False, "2022": False},
        "b": {"2023/12/31": True, "2022/12": False},
        "c": {"2022/12": True},
    }
    for name, expected in dates.items():
        for day, leads in expected.items():
            assert bool(index.resolve(f"/{day}/{name}/")) == leads, (day, name)


def test_posts_of_one_name_are_told_and_so_are_those_that_are_not_in_the_book() -> None:
    assert INDEX.find_namesakes("/links/", SOURCE) == (
        "content/notes/2019-04-05-links.md",
        "content/notes/2020-04-05-links.md",
    )
    assert INDEX.find_namesakes("/lamp/", SOURCE) == ()
    # A book of one of them is no reason to take it for the other.
    picked = INDEX.rebuilt([e for e in INDEX.entries if "2019" in e.metadata.source])
    assert picked.resolve("/links/") is None
    assert picked.find_namesakes("/links/") == INDEX.find_namesakes("/links/")
    assert picked.resolve("/2019/links/") is not None
    assert picked.resolve("/lamp/") is None
    assert picked.whole.resolve("/lamp/") is not None


def test_an_address_with_a_query_alone_is_not_the_home_page() -> None:
    index = index_of({"f": {"canonical_url": "https://blog.example/?p=12"}})
    assert index.resolve("https://blog.example/?p=12#x") is not None
    assert index.resolve("https://blog.example/") is None
    assert index.resolve("https://blog.example/?p=13") is None


def test_a_file_beside_the_posts_is_no_post(tmp_path: Path) -> None:
    for name in ("one/index.md", "chart.md", "demo.md", "plan.md", "plan/picture.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"---\ntitle: {name}\n---\nx\n")
    for name in ("one/chart.html", "one/demo/index.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("<p>x</p>")
    index = clothbound.read(tmp_path, "markdown").index
    assert led_to("chart.html", "one/index.md", index) == ""
    assert led_to("demo/", "one/index.md", index) == ""
    assert led_to("../x/chart.html", "one/index.md", index) == "chart.md"
    assert led_to("/x/plan/", "one/index.md", index) == "plan.md"
    assert led_to("../../../etc/chart\0", "one/index.md", index) == ""


NAMES = st.sampled_from(("a", "b", "2020-01-01-a", "2021-01-01-a", "index", "en/a", "es/b", "x/a"))


@given(st.lists(NAMES, unique=True, min_size=1), st.sampled_from(("/a/", "/x/a", "../b", "/en/a/")))
def test_only_one_post_is_named_whatever_the_order(names: list[str], href: str) -> None:
    files: dict[str, dict[str, str]] = {f"posts/{name}.md": {} for name in names}
    found = led_to(href, "posts/index.md", index_of(files))
    assert found == led_to(href, "posts/index.md", index_of(dict(reversed(files.items()))))
    alike = index_of(files).find_namesakes(href, "posts/index.md")
    assert not (found and alike)
    assert len(alike) != 1
