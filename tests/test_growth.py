"""Work grows no faster than n log n with what is repeated, and bombs of strangers get an answer.

``benchmarks/growth.py`` measures every token in every form; the slow test here is that.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import clothbound
import stranger_books as strangers
from clothbound.diagnostics import DiagnosticCode
from clothbound.errors import ClothboundError
from clothbound.kdp.specs import TRIMS, WrapSize
from clothbound.kdp.wrap_text import back_label
from clothbound.limits import FORMULA_ELEMENTS, Limits
from clothbound.math.svg import to_svg
from clothbound.math.tex_to_mathml import to_mathml
from clothbound.media.svg.cleaning import clean_svg
from clothbound.model.plain_text import plain_text
from clothbound.plan.reading import parse_manifest
from clothbound.readers.front_matter import read_header
from clothbound.style_sheets import inline_style
from export_archive import export, row

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))
from growth import FORMS, MOST, NAMED, count_lines, measure, tokens

FAST = (
    "markdown",
    "html",
    "rss items",
    "header",
    "posts.csv",
    "TeX",
    "SVG's style",
    "cleaned",
    "counted",
)


@pytest.mark.parametrize("form", FAST)
def test_repeated_tokens(form: str) -> None:
    """Every eighteenth token, and little of it; which ones differs from form to form."""
    some = list(tokens())[FAST.index(form) :: 18]
    found = [measure(form, token, 200) for token in some]
    assert [str(one) for one in found if one.is_steep and (form, one.token) not in NAMED] == []


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_every_repeated_token(form: str) -> None:
    found = [measure(form, token) for token in tokens()]
    assert [str(one) for one in found if one.is_steep and (form, one.token) not in NAMED] == []


MANY: dict[str, Callable[[int], str]] = {
    "notes": lambda n: "".join(f"a[^{i}]\n\n" for i in range(n)) + "".join(f"[^{i}]: b\n" for i in range(n)),
    "notes that are undefined": lambda n: "".join(f"a[^{i}]\n\n" for i in range(n)),
    "notes in a paragraph": lambda n: "".join(f"a[^{i}]" for i in range(n)) + "\n\n" + "".join(f"[^{i}]: b\n" for i in range(n)),
    "links": lambda n: "".join(f"[a](https://a.example/{i})\n\n" for i in range(n)),
    "links in a paragraph": lambda n: "".join(f"[a](b{i}.md) " for i in range(n)),
    "definitions of links": lambda n: "".join(f"[a{i}]\n\n" for i in range(n)) + "".join(f"[a{i}]: b\n" for i in range(n)),
    "players that lead nowhere": lambda n: "<video src=b>" * n,
    "headings": lambda n: "".join(f"## Heading {i}\n\n" for i in range(n)),
    "equal headings": lambda n: "## Heading\n\n" * n,
    "columns": lambda n: "|" + "a|" * n + "\n|" + "-|" * n + "\n|" + "b|" * n + "\n",
    "columns of HTML": lambda n: "<table><tr>" + "<td>a" * n + "</table>",
    "cells that span": lambda n: "<table>" + "<tr><td rowspan=9 colspan=9>a" * n + "</table>",
}  # fmt: skip


def convert(text: str) -> None:
    post = clothbound.read(text.encode(), "markdown", on_error="collect")
    for writer in ("html", "epub", "markdown", "text", "substack-paste"):
        clothbound.write(post, writer).to_bytes()


@pytest.mark.parametrize("name", MANY)
def test_a_post_with_many(name: str) -> None:
    make = MANY[name]
    count_lines(lambda: convert(make(10)))
    few, many = (count_lines(lambda n=n: convert(make(n))) for n in (200, 800))  # type: ignore[misc]
    assert many / few < MOST


@pytest.mark.slow
@pytest.mark.parametrize("name", MANY)
def test_a_post_with_very_many_gets_an_answer(name: str) -> None:
    convert(MANY[name](10_000 if "columns" in name or "span" in name else 100_000))


def test_a_long_formula_is_not_drawn() -> None:
    assert to_svg("a" * (FORMULA_ELEMENTS // 3), display=True) is not None
    tex = "a" * FORMULA_ELEMENTS
    assert to_svg(tex, display=True) is None
    assert to_mathml(tex, display=True) is not None


LAUGHS = '<!DOCTYPE a [<!ENTITY a0 "ha">{}]>'.format(
    "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
)


def test_a_feed_with_a_billion_laughs() -> None:
    feed = "<rss><channel><item><title>A</title><description>&a9;Words.</description></item></channel></rss>"
    posts = clothbound.read((LAUGHS + feed).encode(), "rss", on_error="collect")
    assert len("".join(plain_text(post) for post in posts)) < 1000


def test_a_book_with_a_billion_laughs() -> None:
    page = f'<?xml version="1.0"?>{LAUGHS}<html xmlns="http://www.w3.org/1999/xhtml"><body><p>&a9;Words.</p></body></html>'
    book = strangers.bare_book({"a.xhtml": page.encode()}, "a.xhtml")
    posts = clothbound.read(book, "epub", on_error="collect")
    assert len("".join(plain_text(post) for post in posts)) < 1000


def test_a_picture_with_a_billion_laughs_or_deep_styles() -> None:
    with pytest.raises(ClothboundError, match=r"entities|not well-formed"):
        clean_svg(
            f'{LAUGHS}<svg xmlns="http://www.w3.org/2000/svg"><text>&a9;</text></svg>'.encode()
        )
    deep = "(" * 20_000
    sheet = f"a {{ b: {deep} }} @import 'c';"
    made = clean_svg(
        f'<svg xmlns="http://www.w3.org/2000/svg"><style>{sheet}</style><rect style="b: {deep} url(c)"/></svg>'.encode()
    )
    assert b"import" not in made.data and b"url" not in made.data
    assert made.lost


@pytest.mark.filterwarnings("error")
def test_archives_whose_files_overlap_get_an_answer() -> None:
    """All names lead to the same bytes, which would be unpacked again and again."""
    data = export(row("1.a"), row("2.b"), p1_a="<p>a", p2_b="<p>b")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        first, second = (info for info in archive.infolist() if info.filename.startswith("posts/"))
    at = data.rfind(second.filename.encode()) - 4
    start = second.header_offset.to_bytes(4, "little")
    assert data[at : at + 4] == start
    overlapping = data[:at] + first.header_offset.to_bytes(4, "little") + data[at + 4 :]
    try:
        posts = clothbound.read(overlapping, "substack", on_error="collect")
    except ClothboundError:
        return
    assert len(list(posts)) <= 1


@pytest.mark.filterwarnings("error")
def test_an_archive_that_lists_a_file_twice_is_read_without_a_warning() -> None:
    packed = io.BytesIO(export(row("1.a"), p1_a="<p>a"))
    with zipfile.ZipFile(packed, "a") as archive:
        archive.filelist.extend(archive.filelist[:])
        archive.writestr("b", "")
    posts = clothbound.read(packed.getvalue(), "substack", on_error="collect")
    assert [plain_text(post) for post in posts] == ["a"]


def test_archives_in_archives_are_not_unpacked_without_end() -> None:
    inner = export(row("1.a"), p1_a="<p>a")
    for _ in range(20):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("export.zip", inner)
        inner = packed.getvalue()
    with pytest.raises(ClothboundError):
        clothbound.read(inner)


@pytest.mark.parametrize(
    "text",
    ["[" * 20_000, "{a=" * 20_000, '"' * 20_000, "'''" + "a\n" * 20_000, "[[output]]\n" * 5_000, "a." * 20_000 + "b = 1"],
)  # fmt: skip
def test_a_plan_of_a_stranger_gets_an_answer(text: str) -> None:
    for line in (text, f"[book]\ntitle = {text}"):
        with pytest.raises(ClothboundError):
            parse_manifest(line, Path("book.toml"))


PLANS: dict[str, Callable[[int], str]] = {
    "chapters": lambda n: "[chapters]\n" + "".join(f'"a{i}" = ""\n' for i in range(n)),
    "parts": lambda n: "".join(f'[part."a{i}"]\n' for i in range(n)),
    "terms": lambda n: "[index]\n" + "".join(f'"a{i}" = ["b{i}"]\n' for i in range(n)),
    "repeated blocks": lambda n: "[repeated]\n" + "".join(f'"a{i}" = "keep"\n' for i in range(n)),
    "pictures": lambda n: "[pictures]\n" + "".join(f'"a{i}" = "b"\n' for i in range(n)),
    "outputs": lambda n: "".join(f'[[output]]\npath = "a{i}.epub"\n' for i in range(n)),
    "rules": lambda n: "".join(f'[[remove]]\ntext = "a{i}"\n' for i in range(n)),
    "authors": lambda n: "[book]\nauthors = [" + '"a",' * n + "]\n",
    "options": lambda n: "[posts.options]\n" + "".join(f"a{i} = 1\n" for i in range(n)),
    "comments": lambda n: "# a\n" * n,
}


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_with_many(name: str) -> None:
    """The work grows with their number, and is little for each."""

    def read(number: int) -> Callable[[], object]:
        return lambda: parse_manifest(PLANS[name](number), Path("book.toml"))

    count_lines(read(5))
    few, many = count_lines(read(100)), count_lines(read(400))
    assert many / few < MOST
    assert many / 400 < 6000


def test_a_description_that_does_not_fit_on_a_paperback_is_cut() -> None:
    size = WrapSize.of(TRIMS["6x9"], 0.5)

    def cut(number: int) -> Callable[[], object]:
        return lambda: back_label("\n\n".join(["Fog, and rope."] * number), size)

    count_lines(cut(5))
    few, many = count_lines(cut(200)), count_lines(cut(800))
    assert many / few < MOST
    text, is_cut = back_label("Fog, and rope. " * 400, size)
    assert is_cut
    assert re.search(r"(?:rope\.|Fog|and)…</p>(?:</div>)+$", text)


@pytest.mark.parametrize(
    "css", ["a{}</style><script>b()</script>", "a{}</STYLE >", "a{}<!--</style"]
)
def test_a_style_sheet_of_a_stranger_stays_in_its_element(css: str) -> None:
    assert inline_style(css).lower().count("</") == 1


def test_a_header_in_toml_with_a_deep_key_is_set_aside() -> None:
    header = read_header(f"+++\n{'a.' * 50_000}b = 1\n+++\n\nWords.\n", Limits())
    assert [code for code, _, _ in header.findings] == [DiagnosticCode.HEADER_IGNORED]
    assert header.body == "\nWords.\n"
    assert read_header(f"+++\n{'a.' * 19}b = 1\n+++\n", Limits()).fields
