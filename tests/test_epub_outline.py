"""Tests what becomes a chapter and what a part, by the navigation and by what documents say that they are."""

from __future__ import annotations

from collections.abc import Mapping

import clothbound
from clothbound.model.collection import Collection
from stranger_books import bare_book


def line(href: str, title: str, *below: str) -> str:
    inner = f"<ol>{''.join(below)}</ol>" if below else ""
    return f'<li><a href="{href}.xhtml">{title}</a>{inner}</li>'


def read(documents: Mapping[str, str], *lines: str) -> Collection:
    """Returns what is read of documents in this order, with these lines of the navigation."""
    files = {f"{name}.xhtml": body for name, body in documents.items()}
    files["nav.xhtml"] = f'<nav epub:type="toc"><ol>{"".join(lines)}</ol></nav>'
    spine = " ".join(name for name in files if name != "nav.xhtml")
    return clothbound.read(bare_book(files, spine, properties={"nav.xhtml": "nav"}))


def chapter(title: str, kind: str = "section") -> str:
    return f'<section epub:type="{kind}" class="{kind}"><h1>{title}</h1><p>Of {title} and more.</p></section>'


def shape(posts: Collection) -> list[tuple[str, list[str]]]:
    """Returns the parts with the titles of their chapters; the chapters outside parts stand in one without a title."""
    titles = {m.key: m.title for m in posts.index}
    parts = [(part.title, [titles.pop(key) for key in part.keys]) for part in posts.parts]
    return [("", list(titles.values())), *parts]


def test_a_chapter_whose_sections_have_their_own_files_is_one_chapter() -> None:
    documents = {"a": chapter("Ropes", "chapter"), "b": chapter("Hemp"), "c": chapter("Flax"), "d": chapter("Knots", "chapter")}  # fmt: skip
    posts = read(documents, line("a", "Ropes", line("b", "Hemp"), line("c", "Flax")), line("d", "Knots"))  # fmt: skip
    assert shape(posts) == [("", ["Ropes", "Knots"])]
    assert "Of Flax" in clothbound.to_html(posts[0])


def test_a_section_that_begins_in_the_middle_of_a_file_makes_no_part() -> None:
    documents = {"a": "<h1>Ropes</h1><p>Hemp.</p>", "b": '<p>More.</p><h2 id="late">Late</h2><p>Late.</p>'}  # fmt: skip
    late = line("b", "Late").replace(".xhtml", ".xhtml#late")
    posts = read(documents, line("a", "Ropes", late), line("a", "Nothing").replace("a.x", "z.x"))
    assert shape(posts) == [("", ["Ropes"])]
    assert "Late." in clothbound.to_html(posts[0])


def test_parts_within_a_part_keep_their_chapters() -> None:
    documents = {"one": "<h1>Book One</h1>", "i": "<h1>Part I</h1>", "a": chapter("Gulls"), "b": chapter("Terns"), "ii": "<h1>The north</h1>", "c": chapter("Skuas"), "d": chapter("Auks"), "e": chapter("Eider")}  # fmt: skip
    posts = read(
        documents,
        line(
            "one",
            "Book One",
            line("i", "Part I", line("a", "Gulls"), line("b", "Terns")),
            line("ii", "The north", line("c", "Skuas")),
            line("d", "Auks", line("e", "Eider")),
        ),
        line("x", "Gone"),
    )
    assert shape(posts) == [
        ("", []),
        ("Book One: Part I", ["Gulls", "Terns"]),
        ("Book One: The north", ["Skuas"]),
        ("Book One", ["Auks"]),
    ]


def test_the_page_of_a_part_with_a_word_of_its_own_is_a_chapter() -> None:
    documents = {"p": "<h1>Ink</h1><p>Preliminaries.</p>", "a": chapter("Soot"), "q": "<p>1</p><h1>Paper</h1>", "b": chapter("Rag")}  # fmt: skip
    posts = read(documents, line("p", "Ink", line("a", "Soot")), line("q", "Paper", line("b", "Rag")))  # fmt: skip
    assert shape(posts) == [("", []), ("Ink", ["Ink", "Soot"]), ("Paper", ["Rag"])]
    assert [d.source for d in posts.diagnostics] == ["OPS/q.xhtml"]


def test_the_mark_of_a_page_above_the_title_of_a_part_is_no_word_of_it() -> None:
    def page(number: int) -> str:
        return f'<div><span epub:type="pagebreak" id="p{number}">{number}</span></div>'

    documents = {
        "all": f'<section id="one">{page(169)}<h2>Section IV <span>Salt</span></h2>'
        f'<section id="a">{page(170)}<h3>Brine</h3><p>It dries.</p></section>'
        f'<section id="b">{page(171)}<h3>Pans</h3><p>They are flat.</p></section></section>',
        "empty": page(172),
    }
    inner = [line("all", title).replace("l.xhtml", f"l.xhtml#{name}") for title, name in (("Brine", "a"), ("Pans", "b"))]  # fmt: skip
    posts = read(documents, line("all", "Section IV Salt", *inner).replace("l.xhtml", "l.xhtml#one", 1))  # fmt: skip
    assert shape(posts) == [("", []), ("Section IV Salt", ["Brine", "Pans"])]
    assert [(d.source, d.message) for d in posts.diagnostics] == [
        ("OPS/empty.xhtml", "a page without words left out"),
        ("OPS/all.xhtml", "the title of a part before its first chapter left out"),
    ]
