"""Posts of Quarto and R Markdown: which code is printed, and the figures that it made."""

from __future__ import annotations

from pathlib import Path

import pytest

import clothbound
from clothbound.diagnostics import DiagnosticCode
from clothbound.model.post import Post
from notation import write

CASES = Path(__file__).parent / "cases" / "quarto"


def read(folder: Path, text: str, name: str = "post.qmd") -> Post:
    made = folder / "post_files" / "figure-html"
    made.mkdir(parents=True)
    for figure in ("plot-1.png", "plot-2.png", "unnamed-chunk-2-1.svg"):
        (made / figure).write_bytes(b"x")
    (folder / name).write_text(text, "utf-8")
    return clothbound.read(folder / name).posts[0]


@pytest.mark.parametrize("path", sorted(CASES.glob("*.qmd")), ids=lambda path: str(path.stem))
def test_reads_the_document_as_the_tree_beside_it(path: Path, tmp_path: Path) -> None:
    post = read(tmp_path, path.read_text("utf-8"))
    lines = [write(post.body, post.footnotes)]
    lines += [f"! {found.line} {found.code}: {found.message}" for found in post.diagnostics]
    assert "\n".join(lines) + "\n" == path.with_suffix(".txt").read_text("utf-8")


def test_the_code_of_other_files_is_printed_as_it_is(tmp_path: Path) -> None:
    post = read(tmp_path, "```{r}\n#| echo: false\n1\n```\n", "post.md")
    assert write(post.body, ()) == '1 CodeBlock text="#| echo: false\\n1" language="r"'
    assert post.diagnostics == ()


@pytest.mark.parametrize(
    ("division", "is_shown"),
    [
        ('.content-visible when-format="html"', True),
        ('.content-visible when-format="pdf"', False),
        ('.content-visible unless-format="pdf"', True),
        ('.content-hidden when-format="html"', False),
        ('.content-hidden unless-format="html"', True),
        (".hidden", False),
    ],
)
def test_a_division_that_is_not_shown_is_named(
    division: str, is_shown: bool, tmp_path: Path
) -> None:
    post = read(tmp_path, f"Before.\n\n::: {{{division}}}\nInner.\n:::\n")
    assert ("Inner" in write(post.body, ())) == is_shown
    told = [(found.line, found.code) for found in post.diagnostics]
    assert told == ([] if is_shown else [(3, DiagnosticCode.NODE_DROPPED)])


def test_a_chunk_with_an_indent_stands_within_its_list(tmp_path: Path) -> None:
    text = """- One.

```{r tides, echo=FALSE, indent="  "}
plot(tides)
```

    See *more*.
"""
    shown = """1 List loose
  1 ListItem
    1 Paragraph
      "One."
    7 Paragraph
      "See " Emphasis("more") "."\
"""
    assert write(read(tmp_path / "closed", text).body, ()) == shown
