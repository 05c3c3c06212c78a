"""Formulas in titles: as characters wherever a title is shown, and as TeX where it is kept."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import msgspec
import pymupdf
import pytest
from pypdf import PdfReader

import clothbound
from clothbound.cli import main
from clothbound.math.plain_formula import to_plain
from clothbound.model.book_info import BookInfo
from clothbound.title_text import plain_title, title_parts, typeset_title
from clothbound.writers.pdf.fonts import OWN_FONTS, SERIF, Measure
from clothbound.writers.pdf.page_format import ThemeName
from clothbound.writers.pdf.titles import _fit_head
from printed_books import Engine, outline

TITLE = 'The "weight" of $E = mc^2$ and `a_b`'
SHOWN = "The “weight” of E = mc² and a_b"
POST = f"""---
title: {TITLE!r}
subtitle: Half of $\\sqrt{{2}}$
date: 2024-01-02
---

## Of $\\alpha_1$

Text.

## Another

Text.
"""


def book_in(folder: Path) -> clothbound.Collection:
    """Returns a book of two posts, since one alone has no contents."""
    (folder / "one.md").write_text(POST, "utf-8")
    (folder / "two.md").write_text("---\ntitle: Two\ndate: 2024-02-02\n---\n\nWords.\n", "utf-8")
    info = BookInfo(title="All of $x^2$", subtitle="And $y^2$")
    return clothbound.book(msgspec.structs.replace(clothbound.read(folder), info=info))


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        ("E = mc^2", "E = mc²"),
        (r"\frac{a}{b}", "a/b"),
        (r"\left(\frac{1}{2}\right)^n", "(1/2)ⁿ"),
        (r"\frac{a+b}{2}", "(a + b)/2"),
        (r"e^{i\pi} + 1 = 0", "e^(iπ) + 1 = 0"),
        (r"10^{-3}", "10^(−3)"),
        (r"-x + y", "−x + y"),
        (r"E = \frac{1}{2}mv^2", "E = (1/2)mv²"),
        (r"2\frac{1}{2}", "2(1/2)"),
        (r"\frac{1}{2}\frac{3}{4}", "(1/2)(3/4)"),
        (r"\tfrac12(a+b)", "(1/2)(a + b)"),
        (r"x + \frac12 = y", "x + 1/2 = y"),
        (r"\sum_{i=1}^n \frac{1}{i}", "∑_(i=1)ⁿ 1/i"),
        (r"\sin\frac{x}{2}", "sin x/2"),
        (r"\frac{f(x)}{(a)(b)}", "f(x)/((a)(b))"),
        (r"{2^3}^4", "(2³)⁴"),
        (r"{-x}^2", "(−x)²"),
        (r"\sqrt{2}3\sqrt{5}", "√2·3√5"),
        (r"x\sqrt[n]{y}", "x·ⁿ√y"),
        (r"\sqrt{2}", "√2"),
        (r"\sqrt[3]{x+1}", "∛(x + 1)"),
        (r"\int_0^\infty \frac{\sin x}{x}\,dx", "∫₀^∞(sin x)/x dx"),
        (r"\lim_{n \to \infty} a_n", "lim_(n→∞) a_n"),
        (r"O(n \log n)", "O(n log n)"),
        (r"f\colon A\to B", "f: A → B"),
        (r"\hat{a}", "â"),
        ("x'", "x′"),
        (r"\text{max} f", "max f"),
        (r"\frac{1}{2x}", "1/(2x)"),
        (r"\frac{1}{2\pi}", "1/(2π)"),
        (r"\frac{a}{n(n+1)}", "a/(n(n + 1))"),
        (r"\frac{2x}{3}", "2x/3"),
        (r"\frac{1}{f(x)}", "1/(f(x))"),
        (r"\frac{1}{n!}", "1/n!"),
        (r"\frac{1}{n!k}", "1/(n!k)"),
        (r"\frac{1}{x^2}", "1/x²"),
        (r"\frac{dy}{dx}", "dy/dx"),
        (r"\frac{\partial f}{\partial x}", "∂f/∂x"),
        (r"\frac{d^2y}{dx^2}", "d²y/dx²"),
        (r"\frac{1}{-x}", "1/(−x)"),
        (r"\begin{pmatrix}a&b\\c&d\end{pmatrix}", "(a, b; c, d)"),
        (r"A = \begin{bmatrix}1\\-1\end{bmatrix}", "A = [1; −1]"),
        (r"\begin{vmatrix}\cos t&-\sin t\end{vmatrix}", "|cos t, −sin t|"),
        (r"\begin{cases}x^2&x\ge0\\-x&\text{else}\end{cases}", "{x², x ≥ 0; −x, else"),
        (r"\begin{aligned}a&=b\\c&=d\end{aligned}", "a = b; c = d"),
        (r"\binom{n}{k} \le 2^n", "C(n, k) ≤ 2ⁿ"),
        (r"2\binom{n+1}{k}", "2C(n + 1, k)"),
        (r"{n \choose k}", "C(n, k)"),
        (r"\frac{\binom{n}{k}}{2}", "(C(n, k))/2"),
        (r"{}^{14}C", "¹⁴C"),
        (r"{}_2F_1", "₂F₁"),
        (r"\frac{1}{\sin x}", "1/(sin x)"),
        (r"\frac{}{}", "/"),
        (r"\frac{1}{(a)(b)}", "1/((a)(b))"),
    ],
)
def test_a_formula_as_text(tex: str, text: str) -> None:
    assert to_plain(tex) == text


@pytest.mark.parametrize(
    "tex",
    [
        r"\unknown{",
        r"\widehat{ab}",
        r"\underline{x}",
    ],
)
def test_what_one_line_cannot_show_is_refused(tex: str) -> None:
    assert to_plain(tex) is None
    assert plain_title(f"On ${tex}$") == f"On ${tex}$"


@pytest.mark.parametrize(
    "title",
    [
        "From $5 to $10",
        "$5 and 10$ bills",
        "Ke$ha_1 and A$AP_2",
        "US$5=4€, CA$7=5€",
        "Prices in $: up",
        "What $this_is and $that_is cost",
        r"\$x\$",
        "$5$",
        "$ x $",
    ],
)
def test_prices_and_names_stay(title: str) -> None:
    assert plain_title(title) == title


def test_letters_and_relations_are_formulas() -> None:
    assert plain_title("$x$, $f(x)$ and $a<b$") == "x, f(x) and a < b"
    assert plain_title("The $n$th of the $k$s, the $n$this") == "The nth of the ks, the $n$this"
    assert plain_title("`$x$` is code") == "$x$ is code"
    assert typeset_title(TITLE, "en") == SHOWN
    assert title_parts(TITLE, "en")[-1] == ("a_b", True)


def test_a_number_between_dollar_signs_in_a_heading_is_a_number() -> None:
    (post,) = clothbound.read(b"# On $5$ of the $n$th\n\nText.\n", "markdown").posts
    assert post.metadata.title == "On 5 of the $n$th"
    assert "<h1>On 5 of the nth</h1>" in clothbound.write(post, "html").to_text()


def test_pages_feeds_and_sites_show_characters(tmp_path: Path) -> None:
    post = clothbound.read(POST)
    page = clothbound.write(post, "html").to_text()
    assert "<h1>The “weight” of E = mc² and <code>a_b</code></h1>" in page
    assert '<p class="subtitle">Half of √2</p>' in page
    book = msgspec.structs.replace(
        post, info=msgspec.structs.replace(post.info, title="All of $x^2$", subtitle="And $y^2$")
    )
    clothbound.write(book, clothbound.Site(url="https://n.example")).save(tmp_path / "site")
    for file in (f for f in (tmp_path / "site").rglob("*") if f.suffix in (".html", ".xml")):
        assert [
            tex for tex in ("mc^2", "sqrt", "x^2", "y^2") if tex in file.read_text("utf-8")
        ] == []
    assert "mc^2" not in clothbound.write(post, "text").to_text()
    clothbound.write(post, "markdown").save(tmp_path / "kept.md")
    assert "mc^2" in (tmp_path / "kept.md").read_text("utf-8")


def test_an_e_book_shows_characters_and_keeps_the_title(tmp_path: Path) -> None:
    folder = tmp_path / "posts"
    folder.mkdir()
    clothbound.write(book_in(folder), clothbound.Epub(toc_depth=2)).save(tmp_path / "a.epub")
    with zipfile.ZipFile(tmp_path / "a.epub") as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(("html", "ncx", "opf"))}  # fmt: skip
    shown = "".join(
        text.rpartition("<body")[2] if "<body" in text else text for text in texts.values()
    )
    assert "mc^2" not in shown
    assert "x^2" not in shown
    assert "All of x²" in shown
    for words in ("Of α₁", "Half of √2"):
        assert words in shown
    assert 'id="subtitle">And y²<' in texts["EPUB/content.opf"]
    again, _ = clothbound.read(tmp_path / "a.epub").posts
    assert again.metadata.title == TITLE


@pytest.mark.parametrize("target", ["a.html", "a.epub", "a.txt"])
def test_the_count_misses_no_word_of_a_formula_in_a_title(tmp_path: Path, target: str) -> None:
    source = tmp_path / "post.md"
    source.write_text(
        '---\ntitle: "Of $\\\\frac{a}{b}$ and $\\\\nabla_1$"\nsubtitle: On $\\sqrt{2}$\n---\n\nText.\n',
        "utf-8",
    )
    clothbound.convert(source, tmp_path / target)
    with pytest.raises(SystemExit) as ended:
        main(["check", str(source), str(tmp_path / target)])
    assert ended.value.code == 0


def test_contents_heads_and_bookmarks_show_characters(engine: Engine, tmp_path: Path) -> None:
    book = book_in(tmp_path)
    for theme in ("essay", "manual"):
        data = clothbound.write(book, clothbound.Pdf(engine=engine, theme=theme)).to_bytes()  # type: ignore[arg-type]
        reader = PdfReader(io.BytesIO(data))
        text = " ".join(page.extract_text() for page in reader.pages)
        assert "$" not in text
        assert "\\alpha" not in text
        titles = [title for _, title, _ in outline(reader)]
        assert any(SHOWN in title for title in titles)
        # Typst sets the heading itself in the contents, with its formula.
        listed = text.count("Of α₁") + text.count("Of 𝛼1  .")
        assert listed == (theme == "manual")
        assert not any("$" in title for title in titles)


def test_a_heading_that_is_the_title_keeps_its_formulas(tmp_path: Path) -> None:
    (post,) = clothbound.read("# On $\\frac{a}{b}$\n\nText.\n").posts
    assert post.metadata.title == "On $\\frac{a}{b}$"
    page = clothbound.write(post, "html").to_text()
    assert "<h1>On a/b</h1>" in page
    assert "frac" not in page
    clothbound.write(post, "markdown").save(tmp_path / "again.md")
    (again,) = clothbound.read(tmp_path / "again.md").posts
    assert (again.metadata.title, again.body) == (post.metadata.title, post.body)


def test_signs_of_a_title_need_no_font_of_the_system(tmp_path: Path) -> None:
    text = '---\ntitle: "Why $x \\\\in \\\\mathbb{R}$ and A ∩ ∅ ⊗ ∇"\ndate: 2024-01-02\n---\n\n*All ∀ of ℕ* ∃.\n'
    (tmp_path / "one.md").write_text(text, "utf-8")
    (tmp_path / "two.md").write_text("# Two\n\nWords.\n", "utf-8")
    themes: tuple[ThemeName, ...] = ("essay", "novel", "manual")
    for theme in themes:
        posts = clothbound.book(clothbound.read(tmp_path))
        data = clothbound.write(posts, clothbound.Pdf(theme=theme, engine="weasyprint")).to_bytes()
        with pymupdf.open(stream=data) as document:
            faces = {font[3].partition("+")[2] for page in document for font in page.get_fonts()}
            texts = "".join(page.get_text() for page in document)
        assert any("Signs" in face for face in faces)
        assert [face for face in faces if not face.startswith("Clothbound-")] == []
        assert all(sign in texts for sign in "∈ℝ∩∅⊗∇∀ℕ∃")


def test_a_backslash_in_a_formula_of_a_header_is_one_of_tex() -> None:
    title = r"Of $\{1\}$, \\$5 and $\begin{pmatrix}a\\b\end{pmatrix}$, \[so\]"
    (post,) = clothbound.read(f"---\ntitle: '{title}'\n---\n\nText.\n".encode(), "markdown").posts
    kept = r"Of $\{1\}$, \$5 and $\begin{pmatrix}a\\b\end{pmatrix}$, [so]"
    assert post.metadata.title == kept
    assert plain_title(kept) == r"Of {1}, \$5 and (a; b), [so]"
    again = clothbound.read(clothbound.write(post, "markdown").to_bytes(), "markdown")
    assert again.posts[0].metadata.title == kept


def test_a_running_head_does_not_end_within_a_matrix() -> None:
    title = "The tide as a map with entries (a, b; c, d): what the pilots of the outer harbour made of it"
    measure = Measure(OWN_FONTS.find(SERIF), 10.0)
    assert _fit_head(measure, title, 230.0, None) == "The tide as a map with entries (a, b; c, d)"
