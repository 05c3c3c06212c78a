"""Tests titles of code: the name of a file, or a caption, stands above the code in every product."""

from __future__ import annotations

from pathlib import Path

import pytest

import clothbound
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.plain_text import plain_text
from clothbound.verify.markdown import strip_markdown
from clothbound.writers.pdf import Pdf
from printed_books import words_of

NAMES = [
    ('js title="a/b.js"', "a/b.js", "js"),
    ("js title='The knot' showLineNumbers", "The knot", "js"),
    ('js filename="b.js" {1,3}', "b.js", "js"),
    ('js {title="b.js" linenos=true}', "b.js", "js"),
    ('{.python filename="run.py"}', "run.py", "python"),
    (":src/a.js", "src/a.js", ""),
    ("ts [config.ts]", "config.ts", "ts"),
    ("js {1,3} [a.js]", "a.js", "js"),
    ("js {file: src/a.js}", "src/a.js", "js"),
    ("js:src/a.js", "src/a.js", "js"),
    ("js:title=src/a.js", "src/a.js", "js"),
    ("rust,linenos,name=a.rs", "a.rs", "rust,linenos"),
    ("js src/a.js", "src/a.js", "js"),
    ('sh caption="Tie it"', "Tie it", "sh"),
    (r'js title="He said \"hi\"" {1}', 'He said "hi"', "js"),
    (r'js {title="He said \"hi\"" linenos=true}', 'He said "hi"', "js"),
]
UNTITLED = [
    "js",
    "js showLineNumbers",
    "rust,ignore",
    "js:line-numbers {1}",
    "c++",
    "js {1,3}",
    "js [!code]",
    "js [1-2|5]",
    "12:15:src/a.ts",
    r"c:\temp\a.c",
]


def body_of(text: str, name: str = "markdown") -> tuple[b.Block, ...]:
    (post,) = clothbound.read(text.encode(), name).posts
    return post.body


@pytest.mark.parametrize(("info", "title", "language"), NAMES)
def test_a_title_stands_above_its_code(info: str, title: str, language: str) -> None:
    above, code = body_of(f"```{info}\nknot()\n```\n")
    assert isinstance(above, b.Paragraph)
    assert isinstance(code, b.CodeBlock)
    assert (plain_text(above), above.classes, above.line) == (title, ("code-title",), 1)
    assert (code.text, code.language) == ("knot()", language)
    assert title not in str(code.attributes)
    assert isinstance(above.children[0], i.Text if " " in title else i.Code)


@pytest.mark.parametrize(
    "info",
    [
        "js:" + "." * 100_000 + "=",
        "js " + "a/a" * 50_000 + "=",
        'js title="' + "." * 100_000 + ' x"',
    ],
)
def test_code_below_a_long_line_is_read(info: str) -> None:
    code = body_of(f"```{info}\nknot()\n```\n")[-1]
    assert isinstance(code, b.CodeBlock)
    assert code.text == "knot()"


@pytest.mark.parametrize("info", UNTITLED)
def test_other_words_behind_a_fence_are_no_title(info: str) -> None:
    (code,) = body_of(f"```{info}\nknot()\n```\n")
    assert isinstance(code, b.CodeBlock)


def test_a_title_may_stand_below_the_fence_and_in_a_list() -> None:
    above, _ = body_of('```js\nknot()\n```\n{: file="a.js" }\n')
    assert plain_text(above) == "a.js"
    (made,) = body_of('- Tie:\n\n  ```js title="a.js"\n  knot()\n  ```\n')
    assert plain_text(made).split() == ["Tie:", "a.js", "knot()"]


@pytest.mark.parametrize("name", ["markdown", "html", "json", "epub", "pandoc"])
def test_a_title_survives_a_round_trip(name: str, tmp_path: Path) -> None:
    source = tmp_path / "post.md"
    source.write_text('---\ntitle: Knots\n---\n\nTie it.\n\n```js title="a.js"\nknot()\n```\n')
    product = tmp_path / "product"
    clothbound.convert(source, product, writer=name)
    (post,) = clothbound.read(product, name).posts
    above, code = post.body[-2:]
    assert (plain_text(above), plain_text(code)) == ("a.js", "knot()")
    assert above.classes == ("code-title",)


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_a_printed_title_stays_with_its_code(engine: str, tmp_path: Path) -> None:
    from pypdf import PdfReader

    pieces = [
        f'Filler {"words about ropes here. " * (n % 7 + 1)}\n\n```js title="name{n}.js"\ncode{n}()\n```'
        for n in range(60)
    ]
    source = tmp_path / "post.md"
    source.write_text("\n\n".join(pieces))
    clothbound.convert(source, tmp_path / "post.pdf", writer=Pdf(engine=engine))  # type: ignore[arg-type]
    pages = [page.extract_text() for page in PdfReader(tmp_path / "post.pdf").pages]
    for number in range(60):
        (page,) = (text for text in pages if f"name{number}.js" in text)
        assert f"code{number}()" in page, number


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
@pytest.mark.parametrize(
    "before", ["- Tie:\n\n  ", "97. Tie:\n\n    ", "> ", "Of.[^a]\n\n[^a]: Tie:\n\n    "]
)
def test_a_printed_title_begins_where_its_code_does(
    engine: str, before: str, tmp_path: Path
) -> None:
    """In lists and quotations, code goes back to the margin."""
    within = "> " if before == "> " else " " * len(before.rpartition("\n")[2])
    code = '```text title="Coil"\nknot()\n```'.replace("\n", f"\n{within}")
    source = tmp_path / "post.md"
    source.write_text(f"First.\n\n{before}{code}\n")
    clothbound.convert(source, tmp_path / "post.pdf", writer=Pdf(engine=engine))  # type: ignore[arg-type]
    places = {word[5]: word[1] for word in words_of((tmp_path / "post.pdf").read_bytes())}
    assert places["Coil"] == pytest.approx(places["knot()"], abs=1)


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_a_printed_title_stands_at_the_left_in_text_from_the_right(
    engine: str, tmp_path: Path
) -> None:
    source = tmp_path / "post.md"
    source.write_text(
        '---\nlang: he\n---\n\nקשר ועוד קשר.\n\n```js title="Coil"\nknot()\n```\n', "utf-8"
    )
    clothbound.convert(source, tmp_path / "post.pdf", writer=Pdf(engine=engine))  # type: ignore[arg-type]
    places = {word[5]: word[1] for word in words_of((tmp_path / "post.pdf").read_bytes())}
    assert places["Coil"] == pytest.approx(places["knot()"], abs=1)


def test_captions_of_restructured_text_and_chunks_are_titles(tmp_path: Path) -> None:
    (tmp_path / "post.rst").write_text(
        "Knots\n=====\n\nTie it.\n\n.. code-block:: python\n   :caption: a.py\n\n   knot()\n"
    )
    (post,) = clothbound.read(tmp_path / "post.rst").posts
    assert [block.classes for block in post.body if plain_text(block) == "a.py"] == [
        ("code-title",)
    ]
    (tmp_path / "post.qmd").write_text("Tie it.\n\n```{r}\n#| filename: a.R\nknot()\n```\n")
    (post,) = clothbound.read(tmp_path / "post.qmd").posts
    assert [block.classes for block in post.body if plain_text(block) == "a.R"] == [("code-title",)]


def test_check_counts_titles() -> None:
    words = [item.value for item in strip_markdown('```js title="The knot"\ntie()\n```\n')]
    assert words[:2] == ["the", "knot"]


def test_a_title_and_the_name_of_a_file_both_stand_above_their_code() -> None:
    text = '```js title="The knot" filename="src/knot.js"\nknot()\n```\n'
    *above, code = body_of(text)
    assert [plain_text(one) for one in above] == ["The knot", "src/knot.js"]
    assert isinstance(code, b.CodeBlock) and code.attributes == ()
    assert [item.value for item in strip_markdown(text)] == "the knot src knot js knot".split()
    *above, _ = body_of('```js title="a.js" filename="a.js"\nknot()\n```\n')
    assert [plain_text(one) for one in above] == ["a.js"]
