"""Posts of Quarto and R Markdown: which code is printed, and the figures that it made."""

from __future__ import annotations

from pathlib import Path

import pytest

import clothbound
from clothbound.diagnostics import DiagnosticCode
from clothbound.model.post import Post
from clothbound.readers.markdown.chunks import find_evaluated, indent_chunks
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


CONDITIONS = pytest.mark.parametrize(
    ("condition", "is_shown"),
    [
        ('.content-visible when-format="html"', True),
        ('.content-visible when-format="pdf"', False),
        ('.content-visible unless-format="pdf"', True),
        ('.content-hidden when-format="html"', False),
        ('.content-hidden unless-format="html"', True),
        ('.content-visible unless-format="html"', False),
        ('.content-visible when-format="html" when-profile="draft"', False),
        ('.content-visible when-profile="reader"', True),
        ('.content-visible unless-profile="reader"', False),
        ('.content-hidden when-profile="draft"', True),
        ('.content-visible when-meta="tide.high"', True),
        ('.content-visible when-meta="tide.low"', False),
        ('.content-hidden unless-meta="tide.none"', False),
        (".hidden", False),
    ],
)
HEADER = "---\nprofile:\n  group: [[reader, writer]]\ntide: {high: true, low: false}\n---\n"


@CONDITIONS
def test_a_division_that_is_not_shown_is_named(
    condition: str, is_shown: bool, tmp_path: Path
) -> None:
    post = read(tmp_path, f"{HEADER}Before.\n\n::: {{{condition}}}\nInner.\n:::\n")
    assert write(post.body, ()).split("\n") == [
        "6 Paragraph",
        '  "Before."',
        *(["9 Paragraph", '  "Inner."'] if is_shown else []),
    ]
    told = [(found.line, found.code) for found in post.diagnostics]
    assert told == ([] if is_shown else [(8, DiagnosticCode.NODE_DROPPED)])


@CONDITIONS
def test_a_span_that_is_not_shown_is_named(condition: str, is_shown: bool, tmp_path: Path) -> None:
    post = read(tmp_path, f"{HEADER}Before\n[the *inner*]{{{condition}}} words.\n")
    shown = '"Before the " Emphasis("inner") " words."' if is_shown else '"Before  words."'
    assert write(post.body, ()).split("\n") == ["6 Paragraph", f"  {shown}"]
    told = [(found.line, found.code) for found in post.diagnostics]
    assert told == ([] if is_shown else [(7, DiagnosticCode.NODE_DROPPED)])


@CONDITIONS
def test_code_that_is_not_shown_is_named(condition: str, is_shown: bool, tmp_path: Path) -> None:
    post = read(tmp_path, f"{HEADER}Before.\n\n``` {{.sh {condition}}}\ninner\n```\n")
    code = ['8 CodeBlock text="inner" language="sh"'] if is_shown else []
    assert write(post.body, ()).split("\n") == ["6 Paragraph", '  "Before."', *code]
    told = [(found.line, found.code) for found in post.diagnostics]
    assert told == ([] if is_shown else [(8, DiagnosticCode.NODE_DROPPED)])


def test_conditions_are_of_quarto_alone(tmp_path: Path) -> None:
    post = read(tmp_path, 'Some [inner]{.content-visible when-format="pdf"} words.\n', "post.md")
    assert "inner" in write(post.body, ())
    assert post.diagnostics == ()


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


def test_a_chunk_that_others_show_has_no_indent_of_its_own(tmp_path: Path) -> None:
    chunk = '```{r, indent="    "}\nplot(tides)\n```\n'
    assert indent_chunks(chunk).startswith("    ```{r")
    shown = f'````{{r, indent="  "}}\n{chunk}````\n'
    indented = "".join(f"  {line}\n" for line in shown.splitlines())
    assert indent_chunks(shown) == indented


def test_code_that_shows_how_values_are_written_is_not_counted_as_such(tmp_path: Path) -> None:
    shown = "The sea rose `r tide` m.\n\n```md\nThe sea rose `r tide` m.\n```\n"
    assert find_evaluated(shown, 1) == (1, "`r tide`", 1)
