"""Keys, and where a link leads."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clothbound.model import blocks as b
from clothbound.model import index as model_index
from clothbound.model import inlines as i
from clothbound.model.index import (
    Index,
    IndexEntry,
    doubtful_sites,
    infer_sites,
    make_key,
    post_links,
    with_unique_keys,
)
from clothbound.model.post import Metadata, Post


def entry(**fields: str) -> IndexEntry:
    return IndexEntry(Metadata(**fields))  # type: ignore[arg-type]


def keys(*entries: IndexEntry) -> list[str]:
    return [e.metadata.key for e in with_unique_keys(entries)]


@pytest.mark.parametrize(
    ("metadata", "key"),
    [
        (Metadata(id="116456.some-words", slug="other"), "116456"),
        (Metadata(id="116456"), "116456"),
        (Metadata(slug="The Harbour Lights"), "the-harbour-lights"),
        (Metadata(slug="naïve-café"), "naive-cafe"),
        (Metadata(slug="../../etc/passwd"), "etc-passwd"),
        (Metadata(slug="x" * 500), "x" * 60),
        (Metadata(id="not-a-number", slug="a"), "a"),
        (Metadata(id="٣٤", slug="a"), "a"),
    ],
)
def test_a_key_is_the_number_else_the_slug(metadata: Metadata, key: str) -> None:
    assert make_key(metadata) == key


def test_a_post_without_number_and_ascii_slug_has_the_uuid_of_its_path() -> None:
    first, second = (
        make_key(Metadata(source="a.md", slug="日本")),
        make_key(Metadata(source="b.md")),
    )
    assert re.fullmatch(r"[0-9a-f-]{36}", first)
    assert first != second
    assert first == make_key(Metadata(source="a.md"))


def test_colliding_keys_all_get_a_suffix_that_does_not_depend_on_order() -> None:
    entries = [entry(slug="same", source=f"{n}.md") for n in range(5)] + [entry(slug="other")]
    expected = dict(zip([e.metadata.source for e in entries], keys(*entries), strict=True))
    assert all(re.fullmatch(r"same-[0-9a-f]{8}", expected[f"{n}.md"]) for n in range(5))
    assert expected[""] == "other"
    for seed in range(5):
        random.Random(seed).shuffle(entries)
        found = dict(zip([e.metadata.source for e in entries], keys(*entries), strict=True))
        assert found == expected


def test_keys_are_the_same_from_version_to_version() -> None:
    same = entry(slug="same", source="a.md")
    assert keys(same, same, same) == ["same-7e4662e6", "same-e291aa89", "same-f29db1c4"]


def test_a_new_post_moves_no_key_but_of_the_one_that_it_collides_with() -> None:
    old = [entry(slug="a", source="a.md"), entry(slug="b", source="b.md")]
    before = keys(*old)
    assert keys(entry(slug="c", source="c.md"), *old)[1:] == before
    assert keys(entry(slug="a", source="z.md"), *old)[2] == before[1]


def test_sites_that_are_told_later_are_those_of_all_posts() -> None:
    whole = Index(with_unique_keys([entry(slug="a"), entry(slug="b")]))
    picked = whole.rebuilt(whole.entries[:1], sites=("https://own.example/",))
    assert [index.sites for index in (whole, picked, picked.whole)] == [
        (),
        ("own.example",),
        ("own.example",),
    ]
    assert picked.whole.resolve("https://own.example/p/b", "") == ("b", "")
    assert picked.rebuilt(sites=("own.example",)).whole is picked.whole


def test_keys_are_unique_even_where_nothing_tells_posts_apart() -> None:
    found = keys(*[entry(slug="same")] * 20_000)
    assert len(set(found)) == 20_000


@given(st.lists(st.builds(Metadata, key=st.text(max_size=12), slug=st.text(max_size=12))))
def test_keys_are_unique_and_safe_as_names_of_files(given_metadata: list[Metadata]) -> None:
    found = keys(*map(IndexEntry, given_metadata))
    assert len(set(found)) == len(found)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,110}", key) for key in found)


def test_a_key_that_was_given_stays_if_it_is_safe() -> None:
    assert keys(entry(key="Mine_1", slug="x")) == ["Mine_1"]
    assert keys(entry(key="../../evil", slug="x")) == ["x"]


def test_keys_made_once_stay() -> None:
    once = with_unique_keys([entry(slug="same", source="a"), entry(slug="same", source="b")])
    assert with_unique_keys(once) == once


ENTRIES = with_unique_keys(
    [
        IndexEntry(
            Metadata(
                id="11.harbour",
                source="2023/harbour.md",
                canonical_url="https://www.letters.example/p/harbour",
            ),
            (
                ("letters.example", "lamp"),
                ("letters.example", "lamp"),
                ("letters.example", "tide"),
                ("elsewhere.example", "lamp"),
            ),
        ),
        IndexEntry(Metadata(id="12", slug="Lamp", source="2023/lamp.md")),
        IndexEntry(Metadata(id="13", slug="tide", source="tide.markdown")),
        IndexEntry(Metadata(id="14", slug="essay", source="essays/deep/essay.qmd")),
    ]
)
INDEX = Index(ENTRIES)


@pytest.mark.parametrize(
    ("href", "source", "expected"),
    [
        ("https://letters.example/p/lamp", "", ("12", "")),
        ("http://letters.example/p/lamp/", "", ("12", "")),
        ("https://LETTERS.example/p/LAMP?utm_source=x#part", "", ("12", "part")),
        ("//letters.example/p/lamp", "", ("12", "")),
        ("/p/lamp#%C3%BCber", "", ("12", "über")),
        ("/p/harbour", "", ("11", "")),
        ("https://www.letters.example/p/harbour?s=w", "", ("11", "")),
        ("http://www.letters.example/p/harbour/#a", "", ("11", "a")),
        ("lamp.md", "2023/harbour.md", ("12", "")),
        ("./lamp.md#part", "2023/harbour.md", ("12", "part")),
        ("../tide.markdown", "2023/harbour.md", ("13", "")),
        ("../essays/./deep/x/../essay.qmd", "2023/harbour.md", ("14", "")),
        ("lamp%2Emd", "2023/harbour.md", ("12", "")),
        ("tide.markdown", "", ("13", "")),
        ("lamp.md", "", ("12", "")),
        # no such file or permalink: the last segment tells
        ("https://letters.example/lamp", "", ("12", "")),
        ("lamp", "", ("12", "")),
        ("../lamp.md", "2023/harbour.md", ("12", "")),
        ("../../../../2023/lamp.md", "2023/harbour.md", ("12", "")),
        # what leads to no post of ours
        ("https://elsewhere.example/p/lamp", "", None),
        ("https://letters.example/p/unknown", "", None),
        ("https://letters.example/p/lamp/comments", "", None),
        ("https://elsewhere.example/lamp", "", None),
        ("lamp/comments", "", None),
        ("mailto:lamp.md", "2023/harbour.md", None),
        ("javascript:/p/lamp", "", None),
        ("http://[::1/p/lamp", "", None),
        ("#part", "2023/lamp.md", None),
        ("", "2023/lamp.md", None),
        ("?x=lamp.md", "2023/harbour.md", None),
    ],
)
def test_a_link_is_resolved(href: str, source: str, expected: tuple[str, str] | None) -> None:
    assert INDEX.resolve(href, source) == expected


@given(st.text(), st.text())
def test_no_link_makes_the_index_fail(href: str, source: str) -> None:
    INDEX.resolve(href, source)
    INDEX.resolve("https://letters.example/" + href, source)


def sites(slugs: str, links: str, *more: Metadata) -> tuple[str, ...]:
    """The hosts of posts with these slugs, the first of which has these links (``host/slug``)."""
    pairs = tuple((host, slug) for host, _, slug in (link.partition("/") for link in links.split()))
    first, *others = (Metadata(slug=slug) for slug in slugs.split())
    return infer_sites([IndexEntry(first, pairs), *map(IndexEntry, (*others, *more))])


def test_a_host_is_ours_from_the_second_post_on() -> None:
    assert infer_sites(ENTRIES) == ("letters.example",)
    assert INDEX.sites == ("letters.example",)
    assert sites("lamp tide", "a.example/lamp a.example/tide b.example/lamp") == ("a.example",)


def test_a_name_that_a_stranger_has_too_makes_no_host_ours() -> None:
    links = "o.example/coming-soon " * 2
    assert sites("coming-soon tide", links) == ()
    assert sites("coming-soon tide", links + "o.example/a o.example/b a.example/tide") == ()
    many = "".join(f"o.example/{n} " for n in range(9))
    assert sites("coming-soon welcome", many + "o.example/coming-soon o.example/welcome") == ()


def test_a_part_of_an_archive_is_enough() -> None:
    assert sites("a b", "m.example/a m.example/b" + "".join(f" m.example/{n}" for n in range(6)))


def test_a_posts_own_address_speaks_for_a_host() -> None:
    own = Metadata(slug="oar", canonical_url="https://www.m.example/p/oar?x")
    assert sites("lamp", "m.example/lamp", own) == ("m.example",)
    assert sites("lamp", "m.example/other", own) == ()


def test_a_host_that_one_post_alone_speaks_for_is_doubtful() -> None:
    own = Metadata(slug="oar", canonical_url="https://www.oar.example/p/oar")
    links = (("m.example", "lamp"), ("www.m.example", "lamp"), ("x.example", "y"))
    entries = [IndexEntry(Metadata(slug="lamp"), links), IndexEntry(own)]
    assert doubtful_sites(entries) == (("m.example", "lamp"),)
    assert doubtful_sites(ENTRIES) == (("elsewhere.example", "lamp"),)


def test_the_host_with_the_most_links_comes_first() -> None:
    links = "a.example/lamp a.example/tide b.example/lamp b.example/tide b.example/lamp"
    assert sites("lamp tide", links) == ("b.example", "a.example")


def test_hosts_that_are_given_win_however_they_are_written() -> None:
    index = Index(ENTRIES, sites=["https://Mine.example/", "www.other.example"])
    assert index.sites == ("mine.example", "www.other.example")
    assert index.resolve("https://mine.example/p/lamp") == ("12", "")
    assert index.resolve("https://letters.example/p/lamp") is None


def test_post_links_are_found_in_any_text() -> None:
    text = "[a](https://A.example/p/One?x=1) <http://b.example/p/two> https://c.example/q/three"
    assert post_links(text) == (("a.example", "one"), ("b.example", "two"))


def test_anchors_parse_a_post_once_and_only_when_asked() -> None:
    asked: list[int] = []

    def load(position: int) -> Post:
        asked.append(position)
        return Post(body=(b.Paragraph((i.Span((), id="inner"),), id="outer"),))

    index = Index(ENTRIES, load=load)
    index.resolve("/p/lamp#inner")
    assert asked == []
    assert index.anchors("12") == index.anchors("12") == {"inner", "outer"}
    assert asked == [1]
    with pytest.raises(KeyError):
        index.anchors("no such key")


def test_anchors_of_the_last_posts_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_index, "_MOST_ANCHORS", 2)
    asked: list[int] = []

    def load(position: int) -> Post:
        asked.append(position)
        return Post(body=(b.Paragraph((), id=str(position)),))

    index = Index(ENTRIES, load=load)
    for key in ("11", "12", "12", "13", "12", "13", "11"):
        assert index.anchors(key) == {str(int(key) - 11)}
    assert asked == [0, 1, 2, 0]


def test_an_index_is_a_collection_of_metadata() -> None:
    assert len(INDEX) == 4
    assert [metadata.key for metadata in INDEX] == ["11", "12", "13", "14"]
    assert "13" in INDEX
    assert "15" not in INDEX
    assert INDEX["12"].slug == "Lamp"


def test_an_index_of_the_same_posts_has_the_same_tables() -> None:
    posts = [Post(Metadata(slug=name, source=f"{name}.md")) for name in ("one", "two", "three")]
    whole = Index.of(posts)
    assert whole.rebuilt()._finder is whole._finder
    some = whole.rebuilt(whole.entries[:2])
    assert some.resolve("one.md") == ("one", "")
    assert some.resolve("three.md") is None
    other = whole.rebuilt(sites=("letters.example",))
    assert other.resolve("https://letters.example/p/three") == ("three", "")
    assert whole.resolve("https://letters.example/p/three") is None
