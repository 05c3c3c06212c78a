"""Pages of ikiwiki: directives and links, in books and in the count of ``check``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import clothbound
import notation
from clothbound.model.post import Post
from clothbound.readers.markdown.ikiwiki import as_markdown, is_page
from clothbound.verify.ikiwiki import without_marks_of_ikiwiki
from line_counts import growth


def read(text: str, folder: Path, name: str = "page.mdwn") -> Post:
    (folder / name).write_text(text, "utf-8")
    (post,) = clothbound.read(folder / name).posts
    return post


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("See [[the kiln|oast/kiln]].", '"See " Link("the kiln" href="oast/kiln" .wikilink) "."'),
        ("[[!wikipedia Malt_house]]", '"Malt house"'),
        ("[[!taglink rye]]", '"rye"'),
        (r"Write \[[kiln]] so.", '"Write [[kiln]] so."'),
        ("`[[!toc]]` stays[[!toc levels=2]]", 'Code(text="[[!toc]]") " stays"'),
        ("[[!summary of it all]]", 'Code(text="[[!summary of it all]]")'),
    ],
)
def test_marks_within_a_line_are_read(text: str, shown: str, tmp_path: Path) -> None:
    (_, line) = notation.write(read(f"{text}\n", tmp_path).body).split("\n")
    assert line.strip() == shown


def test_a_picture_has_its_words_and_its_width(tmp_path: Path) -> None:
    text = '[[!img kiln.png size="300x200" caption="The kiln" alt="Bricks"]]\n'
    assert notation.write(read(text, tmp_path).body).split("\n") == [
        '1 Figure Image(src="kiln.png" alt="Bricks" width:"300") width=300',
        '  caption: "The kiln"',
    ]


def test_what_long_arguments_hold_is_text(tmp_path: Path) -> None:
    text = (
        '[[!toggle id=a text="Open"]]\n\n[[!toggleable id=a text="""\nInner *words*, [[x|kiln]].\n"""]]\n\n'
        '[[!more linktext="on" text="""\nThe rest.\n"""]]\n\n[[!format c """\nint malt;\n"""]]\n\nLast.\n'
    )
    assert notation.write(read(text, tmp_path).body).split("\n") == [
        *("1 Paragraph", '  "Open"', "4 Paragraph"),
        '  "Inner " Emphasis("words") ", " Link("x" href="kiln" .wikilink) "."',
        *("8 Paragraph", '  "The rest."'),
        *('11 CodeBlock text="int malt;" language="c"', "15 Paragraph", '  "Last."'),
    ]


@pytest.mark.parametrize(
    ("argument", "data", "rows"),
    [
        ("", "Malt | Days\nRye | 4", ['head: "Malt" | "Days"', 'rows: "Rye" | "4"']),
        ("header=no", "Rye, 4", ['rows: "Rye" | "4"']),
        ('delimiter="\\t"', "Malt\tDays\nRye\t4", ['head: "Malt" | "Days"', 'rows: "Rye" | "4"']),
    ],
)
def test_data_is_a_table(argument: str, data: str, rows: list[str], tmp_path: Path) -> None:
    text = f'[[!table {argument} data="""\n{data}\n"""]]\n'
    (_, *made) = notation.write(read(text, tmp_path).body).split("\n")
    assert [line.strip() for line in made] == rows


def test_a_page_is_told_by_its_name_or_a_directive() -> None:
    assert is_page("[[a|b]]", "a.mdwn") and is_page("x [[!toc]]", "a.md")
    assert not is_page("[[a|b]]", "a.md")
    assert not is_page("`[[!toc]]`\n\n```\n[[!toc]]\n```\n[[ ! -f x ]]", "a.md")


TEXT = """[[!meta title="Malt"]]
[[!tag oast]]

First [[the kiln|oast/kiln]] and [[oast/rye]], [[!wikipedia Yeast]], `[[!toc]]`.

[[!img kiln.png caption="The kiln in May"]]

[[!table header=no data=\"\"\"
Rye | 4
\"\"\"]]

[[!toggleable id=a text=\"\"\"
Inner words.
\"\"\"]]

[[!inline pages="blog/*"]]

```
[[!img code.png]]
```

Last.
"""


def test_the_count_finds_each_word_in_the_book(tmp_path: Path) -> None:
    source = tmp_path / "page.mdwn"
    source.write_text(TEXT)
    book = clothbound.write(clothbound.book(clothbound.read(source)), "epub")
    report = book.save(tmp_path / "b.epub")
    told = clothbound.compare(source, tmp_path / "b.epub", report=report)
    assert [str(found) for found in told.missing] == []


def test_the_count_finds_a_word_that_a_book_lacks(tmp_path: Path) -> None:
    source = tmp_path / "page.mdwn"
    source.write_text(TEXT)
    book = clothbound.write(clothbound.book(clothbound.read(source)), "epub")
    report = book.save(tmp_path / "b.epub")
    source.write_text(TEXT.replace("Inner words.", "Inner lost words."))
    told = clothbound.compare(source, tmp_path / "b.epub", report=report)
    assert [found.line for found in told.missing] == [13]


@pytest.mark.parametrize(
    "text",
    ['[[!a """', '[[!a "', "[[!a b=c ", "[[a", "[[a|", "[[!a]]", '[[!img a alt="b"]]\n', "`[["],
)
def test_work_grows_as_the_text(text: str) -> None:
    def reading(size: int) -> Callable[[], object]:
        return lambda: (as_markdown(text * size), without_marks_of_ikiwiki(text * size))

    assert growth(reading, 200) < 6


def test_many_arguments_without_an_end_are_given_up_at_once() -> None:
    text = "[[!a" + " b=c" * 5000
    assert as_markdown(text) == text
    assert without_marks_of_ikiwiki(text) == text


def test_directives_at_the_top_alone_tell_a_page_of_ikiwiki(tmp_path: Path) -> None:
    post = read('[[!meta title="Malt"]]\n\nSee [[the kiln|oast/kiln]].\n', tmp_path, "page.md")
    (_, line) = notation.write(post.body).split("\n")
    assert line.strip() == '"See " Link("the kiln" href="oast/kiln" .wikilink) "."'


def test_a_directive_in_a_vault_leaves_its_links(tmp_path: Path) -> None:
    (tmp_path / "note.md").write_text("# Malt\n\nSee [[kiln|the words]], [[!toc levels=2]].\n")
    (post,) = clothbound.read(tmp_path / "note.md", "obsidian").posts
    assert 'Link("the words" href="kiln" .wikilink)' in notation.write(post.body)
