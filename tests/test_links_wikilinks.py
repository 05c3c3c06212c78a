"""Wikilinks: read where they are asked for, resolved by name, named where they lead nowhere."""

from __future__ import annotations

import io
from pathlib import Path
from urllib.parse import unquote
from zipfile import ZipFile

import pytest

import clothbound
from clothbound.anthology.select import Select
from clothbound.diagnostics import DiagnosticCode
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.plain_text import plain_text
from clothbound.model.walk import walk
from clothbound.readers.markdown.text_nodes import parse_markdown


def inlines(text: str) -> tuple[i.Inline, ...]:
    ((paragraph,), _, _) = parse_markdown(text, wikilinks=True)
    assert isinstance(paragraph, b.Paragraph)
    return paragraph.children


def wikilink(text: str, name: str, *classes: str) -> i.Link:
    return i.Link((i.Text(text),), name, classes=classes or ("wikilink",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[[The harbour]]", wikilink("The harbour", "The harbour")),
        ("[[harbour|at sea]]", wikilink("at sea", "harbour")),
        ("[[2023/harbour.md | at sea ]]", wikilink("at sea", "2023/harbour.md")),
        ("[[2023/harbour]]", wikilink("harbour", "2023/harbour")),
        ("[[Harbour#The quay]]", wikilink("Harbour › The quay", "Harbour#The quay")),
        ("[[#The quay]]", wikilink("The quay", "#The quay")),
        ("![[Harbour]]", wikilink("Harbour", "Harbour", "wikilink", "embedded")),
        ("[[R&amp;D]]", wikilink("R&D", "R&D")),
    ],
)
def test_a_wikilink_keeps_its_name(text: str, expected: i.Link) -> None:
    assert inlines(f"See {text}.") == (i.Text("See "), expected, i.Text("."))


@pytest.mark.parametrize(
    "text", ["[[]]", "[[ ]]", "[[a]", "[[a\nb]]", "`[[a]]`", r"\[[a]]", "[x](y)"]
)
def test_what_is_no_wikilink(text: str) -> None:
    links = [n for n in walk(inlines(f"See {text}.")) if isinstance(n, i.Link)]
    assert not any(link.classes for link in links)


def test_in_a_table_the_bar_is_escaped() -> None:
    body, _, _ = parse_markdown("| a |\n|---|\n| [[b\\|c]] |\n", "gfm", wikilinks=True)
    (link,) = (n for n in walk(body) if isinstance(n, i.Link))
    assert link == wikilink("c", "b")


def test_pictures_are_embedded() -> None:
    body, _, _ = parse_markdown("![[my cat.png|300]]\n\n![[a.JPG|A cat]]", wikilinks=True)
    first, second = body
    assert isinstance(first, b.Figure)
    assert (first.image.src, first.image.alt, first.width) == ("my%20cat.png", "", 300)
    assert isinstance(second, b.Figure)
    assert (second.image.src, second.image.alt) == ("a.JPG", "A cat")


def test_without_being_asked_for_they_are_text() -> None:
    body, _, _ = parse_markdown("See [[The harbour]].")
    assert plain_text(body) == "See [[The harbour]]."


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    texts = {
        "2022/old.md": "---\ntitle: An old one\ncanonical_url: https://x.example/old\n---\nOld.",
        "2023/harbour.md": "---\ntitle: The harbour\naliases: [Quay]\n---\n## The cranes\n\nHigh.",
        "2023/post.md": "---\ntitle: Post\n---\nSee [[the harbour#The cranes|cranes]], [[Quay]], "
        "[[An old one]],\n[[nowhere|elsewhere]] and [[#Here]].\n\n## Here\n",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_wikilinks_lead_where_their_names_do(vault: Path) -> None:
    collection = clothbound.read(vault, "obsidian")
    picked = clothbound.book(collection, Select(tags=()))
    artifact = clothbound.write(picked, "epub")
    artifact.to_bytes()
    assert [
        (d.message, d.line)
        for d in artifact.report.diagnostics
        if d.code is DiagnosticCode.LINK_UNRESOLVED
    ] == [("wikilink [[nowhere]], which names no post of this collection", 5)]
    (account,) = (a for a in artifact.report.accounts.values() if a.source.endswith("post.md"))
    keys = {m.source: m.key for m in picked.index}
    assert [(link.href, link.key) for link in account.links_inside] == [
        ("the harbour#The cranes", keys["2023/harbour.md"]),
        ("Quay", keys["2023/harbour.md"]),
        ("An old one", keys["2022/old.md"]),
    ]


def test_a_wikilink_to_a_post_left_out_leads_to_its_address(vault: Path) -> None:
    from clothbound.model.collection import pick

    picked = pick(clothbound.read(vault, "obsidian"), [2])
    artifact = clothbound.write(picked, "html-fragment")
    page = artifact.to_bytes().decode()
    assert '<a href="https://x.example/old" class="wikilink">An old one</a>' in page
    assert "[[" not in page
    assert "elsewhere" in page
    (account,) = artifact.report.accounts.values()
    assert [link.href for link in account.links_left_out] == [
        "the harbour#The cranes",
        "Quay",
        "An old one",
    ]
    assert [link.address for link in account.links_left_out] == ["", "", "https://x.example/old"]


def test_markdown_has_them_as_links_with_their_class(vault: Path) -> None:
    collection = clothbound.read(vault / "2023/post.md", "obsidian")
    text = clothbound.write(collection, "markdown").to_bytes().decode()
    (post,) = clothbound.read(text.encode(), "markdown")
    links = [n for n in walk(post) if isinstance(n, i.Link) and "wikilink" in n.classes]
    assert [unquote(link.href) for link in links] == [
        "the harbour#The cranes",
        "Quay",
        "An old one",
        "nowhere",
        "#Here",
    ]
    found = clothbound.read(vault).index.resolve_name(links[0].href)
    assert found is not None
    assert found[1] == "The cranes"


def test_names_of_blocks_are_places_that_links_lead_to(vault: Path) -> None:
    texts = {
        "lamp.md": "---\ntitle: Lamp\n---\nIt burns. ^burn-1\n\n- one\n- two ^two\n\n"
        "> said\n\n^all\n\n[go ^up](https://x.example/) *so ^it* x^2^ and 2 ^3\nnot ^this one\n",
        "bold.md": "---\ntitle: Bold\n---\n**Sail.**\n^bold\n",
        "way.md": "---\ntitle: Way\n---\n[[Lamp#^burn-1]], [[Lamp#^two|2]], [[Lamp#^all|a]],\n"
        "[[#^here]] ^here\n",
    }
    for name, text in texts.items():
        (vault / name).write_text(text, encoding="utf-8")
    collection = clothbound.read(vault, "obsidian")
    lamp, way = (post for post in collection if post.metadata.title in ("Lamp", "Way"))
    assert plain_text(lamp.body[0]) == "It burns."
    assert plain_text(way.body[0]) == "Lamp, 2, a, here"
    quotation = next(block for block in lamp.body if isinstance(block, b.Quote))
    assert quotation.id == "all"
    assert "go ^up so ^it x2 and 2 ^3 not ^this one" in plain_text(lamp.body[-1])
    artifact = clothbound.write(clothbound.book(collection, title="T"), "epub")
    with ZipFile(io.BytesIO(artifact.to_bytes())) as archive:
        pages = "".join(archive.read(n).decode() for n in archive.namelist() if n.endswith("xhtml"))
    assert all(f'#{name}"' in pages or f'--{name}"' in pages for name in ("burn-1", "two", "all"))
    told = {
        d.source for d in artifact.report.diagnostics if d.code is DiagnosticCode.LINK_UNRESOLVED
    }
    assert told == {"2023/post.md"}


def test_an_embedded_post_is_a_link_until_all_posts_are_known(vault: Path) -> None:
    (vault / "a.md").write_text("Look:\n\n![[The harbour]] ![[no.png]]\n", encoding="utf-8")
    post = next(p for p in clothbound.read(vault, "obsidian") if p.metadata.source == "a.md")
    assert [node.href for node in walk(post, i.Link)] == ["The harbour"]
    assert post.diagnostics == ()


@pytest.mark.parametrize(
    ("files", "folder", "are_links"),
    [
        ({"_config.yml": "plugins:\n  - jekyll-wikilinks\n"}, "_posts", True),
        ({"_config.yml": "gems: [jekyll_wikirefs]\n"}, "_posts", True),
        (
            {"_config.yml": "plugins: [jekyll-wikilinks]\nwikilinks:\n  enabled: false\n"},
            "_posts",
            False,
        ),
        (
            {"_config.yml": "title: G\n", "_plugins/bidirectional_links_generator.rb": ""},
            "_posts",
            True,
        ),
        ({"_config.yml": "plugins: [jekyll-feed]\n"}, "_posts", False),
        ({"mkdocs.yml": "plugins:\n  - search\n  - roamlinks\n"}, "docs", True),
        ({"mkdocs.yml": "plugins:\n  - ezlinks:\n      warn_ambiguities: true\n"}, "docs", True),
        ({"mkdocs.yml": "plugins:\n  - ezlinks:\n      wikilinks: false\n"}, "docs", False),
        ({"mkdocs.yml": "markdown_extensions:\n  - wikilinks\n"}, "docs", True),
        ({"mkdocs.yml": "plugins:\n  - search\n"}, "docs", False),
        ({"mkdocs.yaml": "plugins:\n  search: {}\n  roamlinks: {}\n"}, "docs", True),
        ({"_config.yaml": "plugins: [jekyll-wikilinks]\n"}, "_posts", True),
        ({"_config.toml": 'plugins = ["jekyll-wikilinks"]\n'}, "_posts", True),
    ],
)
def test_a_site_whose_plug_in_reads_wikilinks_has_them(
    tmp_path: Path, files: dict[str, str], folder: str, are_links: bool
) -> None:
    quay = "---\ntitle: Quay\n---\nSee [[2020-01-02-pier]] or [[2020-01-02-pier|the pier]], not `[[x]]`.\n"
    for name, text in {
        **files,
        f"{folder}/2020-01-01-quay.md": quay,
        f"{folder}/2020-01-02-pier.md": "---\ntitle: Pier\n---\n100 %% wood %%.\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    collection = clothbound.read(tmp_path)
    pages = {post.metadata.title: plain_text(post.body[0]) for post in collection}
    raw = "See [[2020-01-02-pier]] or [[2020-01-02-pier|the pier]], not [[x]]."
    linked = "See 2020-01-02-pier or the pier, not [[x]]."
    assert pages == {"Quay": linked if are_links else raw, "Pier": "100 %% wood %%."}
    product = tmp_path / "made.epub"
    artifact = clothbound.write(clothbound.book(collection, title="T"), "epub")
    product.write_bytes(artifact.to_bytes())
    assert not [d for d in artifact.report.diagnostics if d.code is DiagnosticCode.LINK_UNRESOLVED]
    assert clothbound.compare(tmp_path, product).missing == ()


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("The long pier", "_posts/2020-01-02-the-long-pier.md"),
        ("the-long-pier", "_posts/2020-01-02-the-long-pier.md"),
        ("Mole and wall", "_posts/2020-01-03-the-mole.md"),
        ("The mole", "_posts/2020-01-03-the-mole.md"),
        ("The groyne", ""),
    ],
)
def test_names_have_spaces_for_the_hyphens_of_files(tmp_path: Path, name: str, source: str) -> None:
    (tmp_path / "_config.yml").write_text("plugins: [jekyll-wikilinks]\n")
    (tmp_path / "_posts").mkdir()
    for file, title in (
        ("2020-01-01-quay", "Quay"),
        ("2020-01-02-the-long-pier", "Wood on water"),
        ("2020-01-03-the-mole", "Mole and wall"),
    ):
        text = f"---\ntitle: {title}\n---\nWords.\n"
        (tmp_path / "_posts" / f"{file}.md").write_text(text)
    index = clothbound.read(tmp_path).index
    found = index.resolve_name(name, "_posts/2020-01-01-quay.md")
    assert (index[found[0]].source if found else "") == source
