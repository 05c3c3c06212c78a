"""Tests which addresses lead to a post."""

from __future__ import annotations

import pytest

from clothbound.errors import UsageError
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.index import Index, IndexEntry, infer_sites, post_links, with_unique_keys
from clothbound.model.links import check_site
from clothbound.model.post import Metadata, Post, Timestamp

ENTRIES = with_unique_keys(
    [
        IndexEntry(
            Metadata(
                id="1.harbour",
                title="The Harbour: a Letter",
                source="2023/2023-01-06-harbour.md",
                published=Timestamp("2023-01-06"),
                extra={"aliases": ["The quay", "/old/quay.html"], "permalink": "/2023/harbour/"},
            )
        ),
        IndexEntry(
            Metadata(
                id="22.lamp",
                source="2023/the lamp.md",
                extra={
                    "redirect_from": "https://old.example/lamp/?x",
                    "permalink": "/:year/:title/",
                    "Aliases": ["lamp-oil", 7, ""],
                },
            )
        ),
        IndexEntry(
            Metadata(id="333.tide", source="tide/index.md", canonical_url="http://c.example/t")
        ),
        IndexEntry(
            Metadata(
                id="4.paddle",
                source="boats/oar.md",
                extra={"path": "2024/an-oar", "alias": "/sculls/one/"},
                published=Timestamp("2024-05-06T10:00:00Z"),
            )
        ),
        IndexEntry(Metadata(id="5.a", source="boats/twin.md")),
        IndexEntry(Metadata(id="6.b", source="harbour/twin.md")),
    ]
)
INDEX = Index(ENTRIES, sites=("www.letters.example", "harbour.substack.com"))
HARBOUR, LAMP, TIDE, OAR = ("1", ""), ("22", ""), ("333", ""), ("4", "")


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        # own hosts, with and without www, both schemes, any query
        ("https://letters.example/p/lamp", LAMP),
        ("http://www.letters.example/p/lamp/?utm_source=x#a", ("22", "a")),
        ("https://harbour.substack.com/p/lamp", LAMP),
        ("//letters.example/p/lamp", LAMP),
        # Substack's forms
        ("https://letters.example/i/22/heading-of-it", ("22", "heading-of-it")),
        ("https://letters.example/i/22", LAMP),
        ("/i/22/heading", ("22", "heading")),
        ("https://letters.example/p/22", LAMP),
        ("https://open.substack.com/pub/harbour/p/lamp?r=1&utm_medium=ios", LAMP),
        ("https://open.substack.com/pub/Harbour/p/lamp#x", ("22", "x")),
        ("https://substack.com/home/post/p-22", LAMP),
        ("https://substack.com/home/post/p-22?source=queue", LAMP),
        ("https://substack.com/@writer/p-22", LAMP),
        ("https://substack.com/inbox/post/22", LAMP),
        ("https://open.substack.com/home/post/p-22", LAMP),
        ("https://substack.com/app-link/post?publication_id=5&post_id=22", LAMP),
        # aliases
        ("/old/quay.html", HARBOUR),
        ("/old/quay", HARBOUR),
        ("https://letters.example/2023/harbour", HARBOUR),
        ("https://letters.example/2023/Harbour/index.html", HARBOUR),
        ("https://www.old.example/lamp", LAMP),
        ("/p/lamp-oil", LAMP),
        ("/sculls/one", OAR),
        ("https://www.c.example/t/", TIDE),
        # files, seen from 2023/
        ("the%20lamp.md#x", ("22", "x")),
        ("the lamp", LAMP),
        ("the%20lamp.html", LAMP),
        ("../2023/./the%20lamp.md", LAMP),
        ("/2023/the%20lamp.md", LAMP),
        ("https://letters.example/2023/the%20lamp/", LAMP),
        ("https://www.letters.example/2023/the%20lamp.html#x", ("22", "x")),
        ("//letters.example/tide/?y", TIDE),
        # files, seen from the folder of all
        ("@/2023/the%20lamp.md#x", ("22", "x")),
        ("@/tide/index.md", TIDE),
        ("tide/index.md", TIDE),
        # a file's name, if there is one such file
        ("oar.md", OAR),
        # what a header calls its address
        ("/2024/an-oar", OAR),
        ("https://letters.example/2024/an-oar/", OAR),
        # a post's day and its slug, or its file without the day
        ("/2024/05/06/paddle/", OAR),
        ("https://letters.example/2024/05/06/Paddle.html", OAR),
        ("/2023/01/06/harbour/", HARBOUR),
        ("../tide/", TIDE),
        ("../tide", TIDE),
        ("../tide/index.html", TIDE),
        # as programs on Windows write paths
        ("..\\boats\\oar.md", OAR),
        ("..%5Cboats%5Coar.md", OAR),
    ],
)
def test_an_address_leads_to_a_post(href: str, expected: tuple[str, str]) -> None:
    assert INDEX.resolve(href, "2023/2023-01-06-harbour.md") == expected


@pytest.mark.parametrize(
    "href",
    [
        "https://open.substack.com/pub/other/p/lamp",
        "https://substack.com/home/post/p-23",
        "https://substack.com/p/lamp",
        "https://substack.com/app-link/post?publication_id=22",
        "https://letters.example/i/22/a/b/c",
        "https://letters.example/i/lamp",
        "https://letters.example/p/lamp/comments",
        "https://notletters.example/p/lamp",
        "https://notletters.example/2023/the%20lamp/",
        "/2024/05/09/paddle/",
        "/2021/paddle/",
        "twin.md",
        "//example.org/p/lamp",
        "@/",
        "/:year/:title/",
        "../tide/index.md/x",
        "?the lamp.md",
        "mailto:lamp",
        "/",
        "",
    ],
)
def test_an_address_leads_to_no_post(href: str) -> None:
    assert INDEX.resolve(href, "2023/2023-01-06-harbour.md") is None


@pytest.mark.parametrize(("source", "key"), [("boats/oar.md", "5"), ("harbour/pier.md", "6")])
def test_a_file_beside_a_post_is_meant_where_several_have_its_name(source: str, key: str) -> None:
    assert INDEX.resolve("twin.md#part", source) == (key, "part")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("The Harbour: a Letter", HARBOUR),
        ("the  harbour: A letter", HARBOUR),
        ("harbour", HARBOUR),
        ("2023-01-06-harbour", HARBOUR),
        ("The quay", HARBOUR),
        ("the lamp#Of oil", ("22", "Of oil")),
        ("2023/the lamp", LAMP),
        ("/2023/the lamp.md", LAMP),
        ("../tide", TIDE),
        ("lamp-oil", LAMP),
        ("nothing", None),
        ("", None),
        ("#part", None),
    ],
)
def test_a_name_leads_to_a_post(name: str, expected: tuple[str, str] | None) -> None:
    assert INDEX.resolve_name(name, "2023/2023-01-06-harbour.md") == expected


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("https://letters.example/p/unknown?x", True),
        ("https://letters.example/i/99/x", True),
        ("https://open.substack.com/pub/harbour/p/unknown", True),
        ("/p/unknown", True),
        ("https://open.substack.com/pub/other/p/unknown", False),
        ("https://letters.example/about", False),
        ("https://letters.example/p/unknown/comments", False),
        ("p/unknown", False),
        ("ftp://letters.example/p/unknown", False),
        ("http://[::1/p/x", False),
    ],
)
def test_the_form_of_a_post_of_the_site(href: str, expected: bool) -> None:
    assert INDEX.is_post_of_site(href) == expected


def test_links_of_all_of_substacks_forms_make_a_host_ours() -> None:
    text = "https://a.example/i/22/x https://open.substack.com/pub/harbour/p/lamp?r=1"
    assert post_links(text) == (("a.example", "22"), ("harbour.substack.com", "lamp"))
    more = "https://a.example/i/1 https://open.substack.com/pub/Harbour/p/harbour"
    links = (*post_links(f"{text} {more}"), ("www.b.example", "lamp"), ("b.example", "harbour"))
    entries = [IndexEntry(entry.metadata, links) for entry in ENTRIES[:2]]
    assert infer_sites(entries) == ("a.example", "b.example", "harbour.substack.com")


def test_hosts_are_found_in_posts_at_hand() -> None:
    hrefs = ("https://mine.example/p/lamp", "https://mine.example/i/23/wick")
    links = tuple(i.Link((i.Text("x"),), href) for href in hrefs)
    posts = [Post(Metadata(id="22.lamp"), (b.Paragraph(links),)), Post(Metadata(id="23.oil"))]
    assert Index.of(posts).sites == ("mine.example",)


def test_who_mentions_whom_is_found_with_one_look_at_each_post() -> None:
    def post(key: str, *hrefs: str) -> Post:
        links = tuple(i.Link((i.Text("x"),), href) for href in hrefs)
        return Post(Metadata(key=key, slug=key, source=f"{key}.md"), (b.Paragraph(links),))

    posts = [
        post("a", "b.md", "/p/b", "a.md"),
        post("b", "https://x.example/"),
        post("c", "b.md#x"),
    ]
    asked: list[int] = []

    def load(position: int) -> Post:
        asked.append(position)
        return posts[position]

    index = Index([IndexEntry(p.metadata) for p in posts], load=load)
    assert [index.mentions(key) for key in "abc"] == [(), ("a", "c"), ()]
    assert asked == [0, 1, 2]


@pytest.mark.parametrize(
    ("site", "says"),
    [
        ("letters.example?x", "has a query or a fragment"),
        ("https://letters.example/#c", "has a query or a fragment"),
        ("two words", "is not the address of a site"),
        ("", "is not the address of a site"),
    ],
)
def test_what_is_not_the_address_of_a_site_is_refused(site: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        check_site(site)
    assert check_site("letters.example") == "letters.example"
    assert check_site("https://letters.example/a") == "https://letters.example/a"
