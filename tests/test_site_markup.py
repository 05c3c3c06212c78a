"""What only one generator of sites understands in a text: tests/cases/site-markup has a site of each, and beside it the
nodes of its posts.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import clothbound
import notation
from clothbound.model.blocks import CodeBlock
from clothbound.model.plain_text import plain_text
from expected_files import expected_text

CASES = Path(__file__).parent / "cases" / "site-markup"
GENERATORS = sorted(path.name for path in CASES.iterdir() if path.is_dir())


def described(posts: clothbound.Collection) -> str:
    parts = []
    for post in posts.posts:
        said = [f"{found.line}: {found.message}" for found in post.diagnostics]
        parts += [f"# {post.metadata.source}", notation.write(post.body, post.footnotes), *said, ""]
    return "\n".join(parts)


@pytest.mark.parametrize("name", GENERATORS)
def test_the_marks_of_a_generator_are_read_as_the_file_beside_it_says(name: str) -> None:
    made = described(clothbound.read(CASES / name))
    assert made == expected_text(CASES / f"{name}.txt", made)


def test_marks_that_the_configuration_does_not_turn_on_are_text(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: T\n")
    (tmp_path / "docs" / "a.md").write_text("# A\n\nPress ++ctrl++ :smile: ==x==.\n")
    (post,) = clothbound.read(tmp_path).posts
    assert "++ctrl++ :smile: ==x==" in notation.write(post.body)


def test_a_part_that_a_snippet_lacks_and_a_file_to_be_appended_are_named(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: T\nmarkdown_extensions:\n"
        "  - pymdownx.snippets: {auto_append: [end.md, none.md]}\n"
    )
    (tmp_path / "end.md").write_text("Last words.\n")
    (tmp_path / "part.py").write_text("1\n# --8<-- [start:open]\n2\n3\n")
    (tmp_path / "docs" / "a.md").write_text(
        '# A\n\n```python\n--8<-- "part.py:open"\n```\n\n--8<-- "part.py:none"\n\nWords.\n'
    )
    (post,) = clothbound.read(tmp_path).posts
    code, named, *words = post.body
    assert isinstance(code, CodeBlock)
    assert (code.text, plain_text([named])) == ("2\n3", '--8<-- "part.py:none"')
    assert "Last words." in plain_text(words)
    assert [found.line for found in post.diagnostics] == [7, 0]
    assert [found.message.split(";")[0] for found in post.diagnostics] == [
        "the file 'part.py:none' could not be inserted: it has no such part",
        "the file 'none.md' could not be inserted",
    ]
    assert "`auto_append` of mkdocs.yml" in post.diagnostics[1].message


def test_the_dialect_of_github_sets_emoji(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\nA :tada: here, `:tada:` there.\n")
    read = clothbound.read(tmp_path, clothbound.MarkdownInput(dialect="gfm"))
    assert "\U0001f389 here" in notation.write(read.posts[0].body)
    assert ":tada: here" in notation.write(clothbound.read(tmp_path).posts[0].body)


@pytest.mark.parametrize(
    "unit", ["```{note}\n", ":::{tip}\n", "{% if x %}a\n", "{% for x in l %}\n"]
)
def test_what_is_nested_without_end_keeps_its_words(unit: str, tmp_path: Path) -> None:
    (tmp_path / "_config.yml").write_text("title: T\n")
    if "{%" not in unit:
        (tmp_path / "_toc.yml").write_text("root: a\n")
    (tmp_path / "_posts").mkdir()
    (tmp_path / "_posts" / "2024-01-02-a.md").write_text(
        f"---\ntitle: A\nl: [1]\n---\nFirst.\n\n{unit * 2000}\nLast words.\n"
    )
    (post,) = clothbound.read(tmp_path).posts
    made = notation.write(post.body)
    assert "First." in made and "Last words." in made


def test_a_label_of_myst_may_stand_before_the_title(tmp_path: Path) -> None:
    (tmp_path / "_toc.yml").write_text("root: a\n")
    (tmp_path / "a.md").write_text("(top-of-it)=\n# The tide\n\nWords.\n")
    (post,) = clothbound.read(tmp_path).posts
    assert post.metadata.title == "The tide"
    assert "#top-of-it" in notation.write(post.body)
