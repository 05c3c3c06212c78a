"""The table of harnesses: what each asks of its input, the inputs that it begins with, and the words of its language."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial, reduce
from operator import getitem
from pathlib import Path
from typing import NamedTuple

import named_files
import properties
from lxml import etree

import clothbound
import stranger_books
from clothbound.errors import ClothboundError
from clothbound.limits import Limits
from clothbound.math.mathml_to_tex import to_tex
from clothbound.math.svg import to_svg
from clothbound.math.tex_to_mathml import to_mathml
from clothbound.media.picture_metadata import strip_metadata
from clothbound.media.png_damage import png_damage
from clothbound.media.sniffing import sniff
from clothbound.media.svg.rasterising import drawn_elements
from clothbound.model.post import Metadata
from clothbound.plan.reading import parse_manifest
from clothbound.proof import proof_read
from clothbound.readers.front_matter import read_header
from clothbound.readers.markdown.options import MarkdownInput
from clothbound.readers.sites.liquid_template import render
from clothbound.readers.sites.liquid_values import LiquidValues
from clothbound.style_sheets import inline_style
from clothbound.substack import posts_csv
from clothbound.untrusted_xml import PARSER_OPTIONS
from epub_samples import SVG, picture

TESTS = Path(__file__).resolve().parents[1]
CASES = TESTS / "cases"
EXAMPLES = TESTS.parent / "examples"
LIMITS = Limits()


class Harness(NamedTuple):
    """One target of the fuzzer."""

    check: Callable[[bytes], None]
    """Raises whatever is a finding."""
    seeds: Callable[[], Iterable[bytes]]
    words: str = ""
    """Words of the language apart by blanks, beside those of the seeds."""


def _sections(*patterns: str) -> Iterator[bytes]:
    """Yields the inputs of files of test cases, whose expected outputs stand below them."""
    for path in _paths(*patterns):
        for section in re.split(r"^%% .*\n", path.read_text("utf-8"), flags=re.M)[1:]:
            yield section.partition("%%=>")[0].encode()


def _paths(*patterns: str) -> list[Path]:
    return [path for pattern in patterns for path in sorted(TESTS.parent.glob(pattern))]


def _files(*patterns: str) -> Iterator[bytes]:
    """Yields files of test cases that are short enough for a fuzzer."""
    for path in _paths(*patterns):
        data = path.read_bytes()
        if len(data) <= 3 * named_files.MOST_BYTES:
            yield data


def _single_elements(name: bytes, *patterns: str) -> Iterator[bytes]:
    """Yields XML files with one of their elements ``name`` at a time.

    A harness writes the first posts of a source alone, and a short input is changed and read more often.
    """
    for path in _paths(*patterns):
        parts = re.split(rb"(<%b\b.*?</%b>\s*)" % (name, name), path.read_bytes(), flags=re.S)
        head, *outside = parts[::2]
        for element in parts[1::2]:
            yield b"".join((head, element, *outside))


def _single_posts(list_of: tuple[str | int, ...], *patterns: str) -> Iterator[bytes]:
    """Yields JSON files with one at a time of the objects in the list to which the keys ``list_of`` lead."""
    for path in _paths(*patterns):
        whole = json.loads(path.read_text("utf-8"))
        if not list_of:
            yield from (_as_json([post]) for post in whole)
            continue
        holder = reduce(getitem, list_of[:-1], whole)
        posts = holder[list_of[-1]]
        for post in posts:
            holder[list_of[-1]] = [post]
            yield _as_json(whole)


def _as_json(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()


def _single_rows(*patterns: str) -> Iterator[bytes]:
    """Yields CSV files with one row at a time below their head."""
    for path in _paths(*patterns):
        head, *rows = csv.reader(path.read_text("utf-8").splitlines(keepends=True))
        for row in rows:
            made = io.StringIO()
            csv.writer(made, lineterminator="\n").writerows((head, row))
            yield made.getvalue().encode()


def _fences(language: str, *patterns: str) -> Iterator[bytes]:
    """Yields the code in a language that our own pages show."""
    for path in _paths(*patterns):
        yield from re.findall(
            rb"^```%b\n(.*?)^```" % language.encode(), path.read_bytes(), flags=re.S | re.M
        )


def _folders(*patterns: str, always: str = "") -> Iterator[bytes]:
    for path in _paths(*patterns):
        if path.is_dir():
            yield from named_files.seeds_of(named_files.files_of(path), always)


def _products(writer: str) -> Iterator[bytes]:
    """Yields what a writer makes of some of our own posts."""
    for path in _paths("tests/cases/vocabulary/*.md", "examples/letters/**/*.md"):
        yield clothbound.write(clothbound.read(path), writer).to_bytes()


def _books() -> Iterator[bytes]:
    names = "sigil calibre gutenberg hebrew japanese".split()
    for make in (getattr(stranger_books, name) for name in names):
        yield from named_files.seeds_of(
            named_files.unpacked(make()), r"\.opf$|\.ncx$|container\.xml|mimetype|nav"
        )
    own = clothbound.write(
        clothbound.read(_paths("examples/letters/**/*.md")[0]), "epub"
    ).to_bytes()
    files = {n: d for n, d in named_files.unpacked(own).items() if not n.endswith((".css", ".svg"))}
    yield from named_files.seeds_of(files, r"\.opf$|\.ncx$|container\.xml|mimetype|nav")


def _file(
    format: str,
    *patterns: str,
    single: Callable[..., Iterator[bytes]] | None = None,
    words: str = "",
) -> Harness:
    """Returns the harness of a reader of single files. ``single`` makes of them files of one post."""

    def seeds() -> Iterator[bytes]:
        yield from _files(*patterns)
        if single is not None:
            yield from single(*patterns)

    return Harness(partial(properties.check_source, format=format), seeds, words)


def _folder(format: str, *patterns: str, always: str = "", words: str = "") -> Harness:
    """Returns the harness of a reader of archives."""
    return Harness(
        lambda text: properties.check_source(named_files.as_zip(text), format),
        lambda: _folders(*patterns, always=always),
        words,
    )


def _check_markdown(data: bytes) -> None:
    dialects = ("pandoc", "pandoc", "pandoc", "gfm", "commonmark")
    dialect = dialects[len(data) % len(dialects)]
    properties.check_source(
        data,
        MarkdownInput(dialect=dialect, wikilinks=len(data) % 2 == 0),  # type: ignore[arg-type]
    )


def _check_header(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    properties.keep_time(len(data), lambda: _of_none(read_header(text, LIMITS)))


def _of_none(_: object) -> None: ...


def _check_table(data: bytes) -> None:
    def step() -> None:
        try:
            posts_csv.load(data, most=1000)
        except ClothboundError:
            return

    properties.keep_time(len(data), step)


def _check_tex(data: bytes) -> None:
    tex = data.decode("utf-8", "replace")

    def step() -> None:
        mathml = to_mathml(tex, display=True)
        if mathml is not None:
            properties.parse_xml(mathml.encode())
        to_svg(tex, display=True, widest=300)

    properties.keep_time(len(data), step)


def _check_mathml(data: bytes) -> None:
    try:
        tree = etree.fromstring(data, etree.XMLParser(**PARSER_OPTIONS))
    except (etree.XMLSyntaxError, ValueError):
        return
    properties.keep_time(len(data), lambda: _of_none(to_tex(tree)))


def _mathml() -> Iterator[bytes]:
    for tex in _formulas():
        if (mathml := to_mathml(tex.decode(), display=True)) is not None:
            yield mathml.encode()


def _formulas() -> Iterator[bytes]:
    text = (CASES / "formulas" / "sixty.md").read_text("utf-8")
    for found in re.findall(r"\$\$(.+?)\$\$|\$(.+?)\$", text, re.S):
        yield "".join(found).strip().encode()


def _check_manifest(data: bytes) -> None:
    def step() -> None:
        try:
            parse_manifest(data.decode("utf-8", "replace"), Path("book.toml"))
        except ClothboundError:
            return

    properties.keep_time(len(data), step)


def _check_style(data: bytes) -> None:
    """A style sheet of a stranger neither ends its element on a page nor breaks a picture."""
    style = inline_style(data.decode("utf-8", "replace") + "{}")
    assert style.count("</") == 1
    properties.check_svg(SVG_WITH_STYLE % data)


SVG_WITH_STYLE = b'<svg xmlns="http://www.w3.org/2000/svg"><style><![CDATA[%s]]></style></svg>'


def _check_svg(data: bytes) -> None:
    def step() -> None:
        properties.check_svg(data)
        try:
            drawn_elements(data)
        except (ClothboundError, etree.XMLSyntaxError):
            return

    properties.keep_time(len(data), step)


def _check_liquid(data: bytes) -> None:
    header = {"tags": ["b", "c"], "n": 3}
    values = LiquidValues("Jekyll", {"title": "B"}, CASES, header, Metadata(title="A"))
    text = data.decode("utf-8", "replace")
    properties.keep_time(len(data), lambda: _of_none(render(text, values)))


def _check_pages(data: bytes) -> None:
    def step() -> None:
        try:
            proof_read(data)
        except ClothboundError:
            return

    properties.keep_time(len(data), step)


def _pages() -> Iterator[bytes]:
    """Yields finished pages whose objects are not compressed, so that a change of a byte is one of what they say."""
    import pikepdf
    import typst

    for passage in _PASSAGES:
        source = f"#set page(width: 200pt, height: 160pt)\n{passage}".encode()
        with pikepdf.open(io.BytesIO(typst.compile(source, format="pdf"))) as book:
            made = io.BytesIO()
            book.save(made, qdf=True, static_id=True)
            yield made.getvalue()


_PASSAGES = (
    '#text(font: "DejaVu Sans Mono", fallback: false)[Oil. #link(<end>)[See below.] #pagebreak() = End <end>]',
    "#figure(rect(fill: red, width: 40pt, height: 20pt), caption: [A lamp])",
    "$ a/b = sqrt(c) $",
    "#table(columns: 2, [1], [2], [3], [4]) #box(width: 20pt, clip: true)[cut off words]",
)


def _check_picture(data: bytes) -> None:
    def step() -> None:
        media_type = sniff(data)
        if media_type == "image/png":
            png_damage(data)
        strip_metadata(data, media_type, keep_profile=True)

    properties.keep_time(len(data), step)


def _pictures() -> Iterator[bytes]:
    for form in ("png", "jpeg", "gif", "webp"):
        yield picture(form)


_HTML = "<b> </b> <i> <a href= <p> <div> <span> <br> <table> <tr> <td> <ul> <li> <dl> <dt> <dd> <pre> <code> <figure> <img src= <blockquote> &amp; &nbsp; <!-- --> <script> <style> <math> <svg> data-attrs= class= id= style= <details> <summary> <sup> <iframe>"
_MARKDOWN = "** __ ~~ ``` ::: [^1] [^1]: ![ ]( [[ ]] {. {# --- === > - + 1. | || \\ $$ ${ <!-- --> {% %} {{ }} {{< >}} : ~ ^ == !!! [x] @ &# \t"
_YAML = "--- +++ ... : - & * ! | > % @ ` {} [] ? << !!python &a *a title: date: tags: draft: true"

HARNESSES: Mapping[str, Harness] = {
    # readers, in the order of formats.READERS
    "json": Harness(
        partial(properties.check_source, format="json"), lambda: _products("json"), '"type": "kind"'
    ),
    "jsonfeed": _file("jsonfeed", "tests/cases/feeds/*.json", "tests/cases/blog-archive/*/*.json", single=partial(_single_posts, ("items",))),
    "pandoc": Harness(
        partial(properties.check_source, format="pandoc"), lambda: _products("pandoc")
    ),
    "substack": _folder("substack", "tests/cases/substack-archive", always=r"posts\.csv", words=_HTML),
    "epub": Harness(
        lambda text: properties.check_source(named_files.as_zip(text), "epub"), _books, _HTML
    ),
    "medium": _folder("medium", "tests/cases/medium", always="profile", words=_HTML),
    "blogger": _file("blogger", "tests/cases/blogger/*.xml", "tests/cases/blogger/*/*/*/*/*.atom", single=partial(_single_elements, b"entry")),
    "wordpress": _file("wordpress", "tests/cases/wordpress/*.xml", single=partial(_single_elements, b"item"), words="<!-- wp: --> [caption]"),
    "buttondown": _folder("buttondown", "tests/cases/buttondown", always=r"emails\.json"),
    "beehiiv": _file("beehiiv", "tests/cases/beehiiv/*.csv", single=_single_rows, words=_HTML),
    "bear-blog": _file("bear-blog", "tests/cases/bear-blog/*.csv", single=_single_rows, words="{{ posts }} =="),
    "devto": _file("devto", "tests/cases/devto/export/articles.json", single=partial(_single_posts, ()), words="{% %}"),
    "write-as": _file("write-as", "tests/cases/write-as/*.json"),
    "tumblr": _folder("tumblr", "tests/cases/tumblr", always=r"payload|posts_index"),
    "movable-type": _file("movable-type", "tests/cases/movable-type/*.txt"),
    "ghost": _file("ghost", "tests/cases/ghost/*.json", single=partial(_single_posts, ("db", 0, "data", "posts"))),
    "html": Harness(
        partial(properties.check_source, format="html"),
        lambda: [
            *_sections("tests/cases/html/*.txt", "tests/cases/html-notes/*.txt"),
            *_files("tests/cases/pages/*.html", "tests/cases/substack/*.html"),
        ],
        _HTML,
    ),
    "rss": _file(
        "rss", *(f"tests/cases/feeds/*.{kind}" for kind in ("xml", "rss", "rdf", "atom")), words=_HTML
    ),
    "site": _folder("site", "tests/cases/sites/*", "tests/cases/quarto-project", words=_MARKDOWN),
    "obsidian": _folder("obsidian", "tests/cases/vault", words=_MARKDOWN),
    "markdown": Harness(
        _check_markdown,
        lambda: [
            *_sections("tests/cases/markdown/*.txt"),
            *_files("tests/cases/vocabulary/*.md", "tests/cases/formulas/*.md", "tests/cases/pages/*.md"),
        ],
        _MARKDOWN + " " + _HTML,
    ),
    "markdown-files": Harness(
        lambda text: properties.check_source(named_files.as_zip(text), "markdown"),
        lambda: [
            named_files.as_text({path.name: path.read_bytes()})
            for path in _paths(
                "tests/cases/restructured_text/*.rst",
                "tests/cases/org/*.org",
                "tests/cases/quarto/*.qmd",
                "tests/cases/quarto-project/notes/*.ipynb",
                "tests/cases/site-markup/**/*.md",
            )
        ],
        _MARKDOWN + " .. :: |sub| :role:` === post.mdx === post.rst === post.ipynb",
    ),
    # parts of sources and options that strangers write
    "header": Harness(_check_header, lambda: _sections("tests/cases/headers/*.txt"), _YAML),
    "posts-csv": Harness(_check_table, lambda: _files("tests/cases/*/posts.csv"), '"" ; , "\r\n'),
    "svg": Harness(
        _check_svg,
        lambda: [SVG, *_files("src/clothbound/themes/*.svg", "docs/pictures/*.svg")],
        "<use xlink:href= <style> url(# <foreignObject> <![CDATA[ <!ENTITY <filter> <image href=",
    ),
    "style-sheet": Harness(
        _check_style, lambda: _files("src/clothbound/themes/*.css"), "@import url( </style> <!-- ]]> \\"
    ),
    "tex": Harness(
        _check_tex, lambda: [*_formulas(), b" " * 20_000], r"\frac \left( \right) \begin{aligned} \end{aligned} & \\ ^ _ { } \text{ \sqrt"
    ),
    "mathml": Harness(_check_mathml, _mathml, "<mrow> <mi> <mo> <mfrac> <mtable> <munder>"),
    "manifest": Harness(_check_manifest, lambda: [*_files("**/book*.toml"), *_fences("toml", "docs/**/*.md")], "[book] [[output]] \"\"\" '''"),
    "sanitised": Harness(
        properties.check_sanitised,
        lambda: _sections("tests/cases/html/*.txt", "tests/cases/substack-html/*.txt"),
        _HTML,
    ),
    "liquid": Harness(
        _check_liquid,
        lambda: [
            b"{% case n %}{% when 1, 3 %}odd{% when 2 %}even{% else %}{{ n }}{% endcase %}",
            b"{% assign all = tags | sort | reverse %}{% for a in all limit: 1 offset: 1 %}{{ forloop.index }}{{ a }}{% break %}{% endfor %}",
            b"{% capture x %}{{ page.title | default: 'none' | append: '!' }}{% endcapture %}{{ x | split: ' ' | first | escape }}",
            b"{% comment %} {{ n }} {% endcomment %}{% raw %}{{ n }}{% endraw %}{%- unless site.title == 'C' or n <= 3 -%} x {%- endunless -%}",
            b"{% include note.md title=page.title %}{% link _posts/2024-1-2-a.md %}{% post_url 2024-1-2-a %}{{ '/a' | relative_url }}",
            b"{% for a in tags %}{{ a | upcase }}{% endfor %}{{ n | plus: 1 }}", b"{% if n > 2 %}x{% else %}y{% endif %}"],
        "{% %} {{ }} | for endfor if endif unless case when assign in == != contains",
    ),
    "pages": Harness(_check_pages, _pages, "/Type /Page /Kids /Contents /Resources /Font /StructTreeRoot /MediaBox obj endobj stream endstream BT ET Tf Tm Tj re W n Do cm q Q BDC EMC << >> [ ] R"),
    "picture": Harness(_check_picture, _pictures, "IHDR IDAT eXIf Exif ICC_PROFILE RIFF VP8X GIF89a"),
}  # fmt: skip
