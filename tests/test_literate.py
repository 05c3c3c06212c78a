"""Literate Haskell: posts in which the program stands between the words."""

from __future__ import annotations

from pathlib import Path

import pytest

import clothbound
import notation
from clothbound.readers.markdown.literate import as_markdown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Malt:\n\n> rye :: Int\n> rye = 1\n\nDone.", "Malt:\n```haskell\nrye :: Int\nrye = 1\n```\nDone."),
        ("a\n\n> x\n\n> y\n\nb", "a\n```haskell\nx\n\ny\n```\nb"),
        ("a\n\n< no part\n\nb", "a\n```haskell\nno part\n```\nb"),
        ("a\n\n>\n>   x\n", "a\n```haskell\n\n  x\n```"),
        ("\\begin{code}\nx > 1\n\\end{code}\nb", "```haskell\nx > 1\n```\nb"),
        ("> top = 1\n\nb", "    top = 1\n\nb"),
        ("a\n\n> last", "a\n```haskell\nlast\n```"),
        ("a\n> close by\n\nb", "a\n> close by\n\nb"),
        ("```\n\n> fenced\n\n```\n", "```\n\n> fenced\n\n```\n"),
        ("a\n\n > quoted\n\n<b>c</b>", "a\n\n > quoted\n\n<b>c</b>"),
    ],
)  # fmt: skip
def test_the_program_becomes_code_in_its_lines(text: str, shown: str) -> None:
    assert as_markdown(text) == shown


def test_a_folder_of_literate_posts_is_read_and_counted(tmp_path: Path) -> None:
    folder = tmp_path / "posts"
    folder.mkdir()
    (folder / "2024-05-01-rye.lhs").write_text(
        "---\ntitle: Rye\n---\n\nSee:\n\n> rye_malt_of x *y* = 1\n\n\\begin{code}\nmain = [a](b)\n\\end{code}\n"
    )
    (post,) = (posts := clothbound.read(folder)).posts
    assert (post.title, post.metadata.published and post.metadata.published.day) == (
        "Rye",
        "2024-05-01",
    )
    assert [line.strip() for line in notation.write(post.body).split("\n")] == [
        *("5 Paragraph", '"See:"'),
        '6 CodeBlock text="rye_malt_of x *y* = 1" language="haskell"',
        '9 CodeBlock text="main = [a](b)" language="haskell"',
    ]
    report = clothbound.write(posts, "epub").save(tmp_path / "b.epub")
    told = clothbound.compare(folder, tmp_path / "b.epub", report=report)
    assert [str(found) for found in told.missing] == []
