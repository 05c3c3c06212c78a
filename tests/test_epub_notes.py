"""Tests what is a note in books of other programs, and that no word of a mark or of a note is lost."""

from __future__ import annotations

import pytest

import clothbound
from clothbound.model import inlines as i
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Post
from clothbound.model.walk import walk
from stranger_books import bare_book
from stranger_books import page as page_of

FLAX = "<p>Flax grows blue by the water and is pulled, not cut"


def read(body: str, title: str = "<h1>Flax</h1>") -> Post:
    return clothbound.read(bare_book({"a.xhtml": title + body}, "a.xhtml"))[0]


def notes(post: Post) -> list[str]:
    return [" / ".join(plain_text(block) for block in note.children) for note in post.footnotes]


def marks(post: Post) -> int:
    return sum(isinstance(node, i.NoteRef) for block in post.body for node in walk(block))


@pytest.mark.parametrize(
    "note",
    [
        '<dl><dt><a id="n" href="#r">1</a></dt><dd><p>In June.</p></dd></dl>',
        '<dl><dt id="n"><a href="#r">[1]</a></dt><dd>In June.</dd></dl>',
        '<table><tr><td><a id="n" href="#r">1</a></td><td>In June.</td></tr></table>',
        '<table><tr id="n"><td><a href="#r">1.</a></td><td>In June.</td></tr></table>',
        '<p id="n">1. In June. [<a href="#r">back</a>]</p>',
        '<p id="n">In June. <a href="#r">Return to text</a></p>',
        '<p id="n">In June. (<a href="#r">zurück zum Text</a>)</p>',
        '<div class="footnotes"><p id="n">1 In June.</p></div>',
        '<p class="footnote" id="n">1. In June.</p>',
        '<ol class="footnotes"><li id="n">In June.</li></ol>',
        '<p class="footnote" id="n">1. <i xmlns=" ">In June.<p></p>',
    ],
)
def test_a_note_is_found_wherever_it_stands(note: str) -> None:
    post = read(f'{FLAX}<a id="r" href="#n">1</a>.</p>{note}')
    assert notes(post) == ["In June."]
    assert marks(post) == 1
    assert len(post.body) == 1


def test_notes_are_those_of_a_list_by_its_own_numbers() -> None:
    items = '<li id="a">Eight.</li><li id="b">Nine.</li>'
    post = read(
        f'{FLAX}<sup><a href="#b">9</a></sup>, <sup><a href="#b">3</a></sup>.</p><ol start="8">{items}</ol>'
    )
    assert notes(post) == ["Nine."]


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ('<a epub:type="noteref" href="#n">kelp</a>', "kelp"),
        ('<a epub:type="noteref" href="#n">see <i>there</i></a>', "see there"),
        ('<a epub:type="noteref" href="#n">note 12</a>', ""),
        ('<a epub:type="noteref" href="#n">[注1]</a>', ""),
        ('<sup><a epub:type="noteref" href="#n">nb</a></sup>', ""),
        ('<a epub:type="noteref" href="#n"><img src="n.gif" alt="note"/></a>', ""),
        ('<a class="duokan-footnote" href="#n"><img src="n.gif" alt="note"/></a>', ""),
    ],
)
def test_words_of_a_mark_stay_before_it(link: str, words: str) -> None:
    post = read(f'{FLAX} {link}.</p><ol><li class="duokan-footnote-item" id="n">In June.</li></ol>')
    assert notes(post) == ["In June."]
    assert marks(post) == 1
    text = plain_text(post.body[0])
    assert text.startswith(f"Flax grows blue by the water and is pulled, not cut {words}")
    told = [d.message for d in post.diagnostics]
    assert told == (["1 picture that marked notes left out: products number them"] if "<img" in link else [])  # fmt: skip


def test_a_link_to_a_note_of_another_chapter_keeps_its_words() -> None:
    data = bare_book(
        {
            "a.xhtml": f'<h1>A</h1>{FLAX}<a id="r" href="#n">1</a>.</p><p id="n"><a href="#r">1</a> In June.</p>',
            "b.xhtml": '<h1>B</h1><p>As <a href="a.xhtml#n">the note on flax</a> says.</p>',
        },
        "a.xhtml b.xhtml",
    )
    post = clothbound.read(data)[1]
    assert (plain_text(post.body[0]), notes(post)) == ("As the note on flax says.", ["In June."])


@pytest.mark.parametrize("mark", ['<a id="r" href="#n">*</a>', '<sup><a id="r" href="#n">1</a></sup>'])  # fmt: skip
def test_the_note_of_a_title_stands_at_the_beginning_of_the_text(mark: str) -> None:
    post = read(f'{FLAX}.</p><p id="n"><a href="#r">1</a> First told in June.</p>', f"<header><h1>Flax{mark}</h1></header>")  # fmt: skip
    assert post.title == "Flax"
    assert notes(post) == ["First told in June."]
    assert isinstance(post.body[0].children[0], i.NoteRef)  # type: ignore[union-attr]


def test_a_map_and_the_page_that_shows_it_larger_are_not_a_note() -> None:
    post = read(
        '<p><a id="m" href="#big"><img src="m.gif" alt="The bay"/></a> and more.</p>'
        '<p id="big"><a href="#m"><img src="b.gif" alt="The bay, larger"/></a></p>'
    )
    assert not post.footnotes
    assert [n.alt for n in walk(post) if isinstance(n, i.Image)] == ["The bay", "The bay, larger"]


def test_two_ids_of_a_note_are_one_note_and_its_words_count_once() -> None:
    note = '<p id="n"><a id="m" href="a.xhtml#r">1</a> In June, by the river, before it is quite ripe.</p>'
    data = bare_book(
        {
            "a.xhtml": f'<h1>A</h1>{FLAX}<a id="r" href="b.xhtml#n">1</a>, <sup><a href="b.xhtml#m">1</a></sup>.</p>',
            "b.xhtml": f"<p>All of these were told to me by the same man.</p>{note}",
        },
        "a.xhtml b.xhtml",
    )
    first, second = clothbound.read(data)
    assert (len(first.footnotes), marks(first)) == (1, 2)
    assert plain_text(second) == "All of these were told to me by the same man."


def test_the_sign_before_several_ways_back_goes_with_them() -> None:
    note = (
        '<ol class="references"><li id="n"><span class="mw-cite-backlink">^ <sup><a href="#r">a</a></sup>'
        ' <sup><a href="#s">b</a></sup></span> In June.</li></ol>'
    )
    post = read(
        f'{FLAX}<sup id="r"><a href="#n">[1]</a></sup>, then<sup id="s"><a href="#n">[1]</a></sup>.</p>{note}'
    )
    assert notes(post) == ["In June."]
    assert marks(post) == 2


@pytest.mark.parametrize(
    "heading", ["<p><b>Notes</b></p>", "<div><p><strong>Notes</strong></p></div>"]
)
def test_a_page_of_notes_with_a_bold_heading_is_no_chapter(heading: str) -> None:
    pages = {
        "a.xhtml": f'<h1>Flax</h1>{FLAX}<a id="r" href="n.xhtml#n">1</a>.</p>',
        "n.xhtml": f'{heading}<p id="n"><a href="a.xhtml#r">1</a> In June.</p>',
    }
    posts = clothbound.read(bare_book(pages, "a.xhtml n.xhtml"))
    assert [notes(post) for post in posts] == [["In June."]]
    told = [d.text for d in posts.diagnostics]
    assert "Notes" in told


def test_a_direction_that_no_product_has_is_named_once() -> None:
    book = bare_book({"a.xhtml": f"<h1>Flax</h1>{FLAX}.</p>"}, "a.xhtml")
    assert not [d for d in clothbound.read(book).diagnostics if "horizontal" in d.message]
    vertical = bare_book(
        {"a.xhtml": f"<h1>Flax</h1>{FLAX}.</p>"},
        "a.xhtml",
        meta='<meta name="primary-writing-mode" content="vertical-rl"/>',
    )
    (told,) = (d for d in clothbound.read(vertical).diagnostics if "horizontal" in d.message)
    assert "lines run from top to bottom" in told.message


@pytest.mark.parametrize(
    ("sheet", "is_vertical"),
    [
        ("body { -epub-writing-mode: vertical-rl }", True),
        ("html { writing-mode: vertical-rl; }", True),
        (".flax { writing-mode: horizontal-tb }", False),
        ("p.side { writing-mode: vertical-rl }", False),
    ],
)
def test_lines_that_a_style_sheet_turns_are_named_once(sheet: str, is_vertical: bool) -> None:
    head = f"<style>{sheet}</style>"
    page = page_of(f'<h1>Flax</h1>{FLAX}.</p><p class="side">Side.</p>')
    pages = {name: page.replace("<head>", f"<head>{head}") for name in ("a.xhtml", "b.xhtml")}
    assert head in pages["a.xhtml"]
    book = bare_book({name: data.encode() for name, data in pages.items()}, "a.xhtml b.xhtml")
    told = [d.message for d in clothbound.read(book).diagnostics if "horizontal" in d.message]
    assert len(told) == is_vertical
