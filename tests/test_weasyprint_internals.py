"""What clothbound uses of WeasyPrint beyond its documentation: each name is there, and means the same.

A failure names the attribute or function that a new version of WeasyPrint has changed.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import io
import itertools
import re
import subprocess
import sys
import typing
import zlib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image

import clothbound
from clothbound.context import Context
from clothbound.diagnostics import DiagnosticCode
from clothbound.doctor import has_pdf_engine
from clothbound.media.png_chunks import deflated_pixels
from clothbound.progress import PAGES
from clothbound.run import Run
from clothbound.writers.pdf import weasyprint, weasyprint_internals
from clothbound.writers.pdf.pdf_finish import complete_tags
from clothbound.writers.pdf.weasyprint_internals import (
    boxes,
    faster,
    kept_sheets,
    layout,
    tags,
    writing,
)
from epub_samples import picture
from line_counts import growth

pytestmark = pytest.mark.skipif(not has_pdf_engine(), reason="Pango is not installed")

PACKAGE = Path(clothbound.__file__).parent
INTERNALS = sorted(Path(weasyprint_internals.__file__).parent.glob("*.py"))
PICTURE = "clothbound:file/picture"
TREE = f"""
<html lang="en"><body>
  <h1 id="top">Head</h1>
  <p>Words <a href="#top">to <b>the</b> top</a>.<span class="note" id="n1">Note.</span></p>
  <img src="{PICTURE}" alt="A square" class="formula" />
  <ol><li>One<ul class="bare"><li>Two</li></ul></li></ol>
  <dl><dt>Term</dt><dd>Meaning</dd></dl>
  <table><caption>Table</caption><thead><tr><th scope="row">H</th></tr></thead>
    <tbody><tr><td>C</td></tr></tbody></table>
  <p class="away">Away</p>
</body></html>
"""
STYLE = """
@page { size: 300px; margin: 40px; @top-center { content: "Running head" } }
.note { float: footnote } img { display: block } .bare { list-style: none }
.away { position: absolute; top: 0 } h1::after { content: leader('.') "1" }
"""


class Seen:
    """A document laid out and written once, with one object of each kind that a protocol describes."""

    def __init__(self) -> None:
        tree = ElementTree.fromstring(TREE)
        self.heights: list[tuple[Any, float, float]] = []
        self.layouts: list[Any] = []
        files = {PICTURE: (picture("PNG", size=(40, 40)), "image/png")}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(weasyprint, "fit_height", self._height)
            self.document = weasyprint.lay_out(tree, [STYLE], files, Context(), variant="pdf/ua-1")
        self.tags: set[tuple[str | None, str]] = set()
        self.document.write_pdf(None, finisher=self._finish, pdf_variant="pdf/ua-1")
        self.page = self.document.pages[0]
        self.boxes = [
            box
            for page in self.document.pages
            for box in page._page_box.descendants(placeholders=True)
        ]

    def _height(self, box: Any, most: float, page_bottom: float) -> float:
        self.heights.append((box, most, page_bottom))
        return 10.0

    def _finish(self, document: Any, pdf: Any) -> None:
        self.tags = {
            (None if box is None else box.element_tag, element["S"])
            for box, element in tags.find_tagged_boxes(document, pdf)
        }
        self.is_complete = complete_tags(document, pdf)

    def named(self, name: str) -> Any:
        return next(box for box in self.boxes if box.element_tag == name)

    def kinds(self) -> dict[str, Any]:
        boxes = import_module("weasyprint.formatting_structure.boxes")
        absolute = import_module("weasyprint.layout.absolute")
        picture = self.heights[0][0]
        wrapper = next(box for box in self.boxes if getattr(box, "is_table_wrapper", False))
        return {
            "Box": self.named("p"),
            "TextBox": next(b for b in self.boxes if isinstance(b, boxes.TextBox)),
            "LinkBox": self.page.links[0][3],
            "RowGroupBox": self.named("thead"),
            "TableWrapperBox": wrapper,
            "TableBox": wrapper.get_wrapped_table(),
            "ReplacedContent": picture.replacement,
            "PictureBox": picture,
            "PlaceholderBox": next(
                child
                for box in self.boxes
                for child in getattr(box, "children", ())
                if isinstance(child, absolute.AbsolutePlaceholder)
            ),
            "LaidOutPage": self.page,
            "LayoutState": layout_context(),
            "Reference": import_module("weasyprint.css.targets").CounterLookupItem(None, [], {}),
            "Font": next(iter(self.document.fonts.values())),
        }


def layout_context() -> Any:
    layout = import_module("weasyprint.layout")
    return layout.LayoutContext(None, lambda *_, **__: None, None, None, None)


@pytest.fixture(scope="module")
def seen() -> Seen:
    return Seen()


def protocols() -> dict[str, type]:
    return {
        name: value
        for name, value in vars(boxes).items()
        if isinstance(value, type)
        and value.__module__ == boxes.__name__
        and getattr(value, "_is_protocol", False)
    }


def attributes() -> list[tuple[str, str]]:
    """Each protocol with each attribute that it adds, methods too."""
    return [
        (name, attribute)
        for name, protocol in protocols().items()
        for attribute in (*protocol.__annotations__, *vars(protocol))
        if attribute in ("_box", "_page_box") or not attribute.startswith("_")
    ]


def test_every_protocol_is_tried(seen: Seen) -> None:
    assert set(seen.kinds()) == set(protocols())


@pytest.mark.parametrize(("protocol", "attribute"), attributes())
def test_an_object_of_weasyprint_has(protocol: str, attribute: str, seen: Seen) -> None:
    assert hasattr(seen.kinds()[protocol], attribute)


@pytest.mark.parametrize("name", list(boxes.Style.__annotations__))
def test_a_style_has(name: str, seen: Seen) -> None:
    assert seen.kinds()["Box"].style[name] is not None


def imported() -> list[tuple[str, str]]:
    """Each name that the package takes from WeasyPrint, and those that it reads of these."""
    return [
        (node.module or "", alias.name)
        for path in INTERNALS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("weasyprint")
        for alias in node.names
    ]


@pytest.mark.parametrize(
    ("module", "name"),
    [
        *dict.fromkeys(imported()),
        ("weasyprint.formatting_structure.boxes", "PageBox"),
        ("weasyprint.formatting_structure.boxes", "MarginBox"),
        ("weasyprint.formatting_structure.boxes", "LineBox"),
        ("weasyprint.document", "Document._build_layout_context"),
        ("weasyprint.pdf.tags", "_build_box_tree"),
    ],
)
def test_weasyprint_has(module: str, name: str) -> None:
    found: Any = import_module(module)
    for part in name.split("."):
        assert hasattr(found, part) or import_module(f"{module}.{part}")
        found = getattr(found, part)


def test_no_other_module_uses_what_is_not_documented() -> None:
    documented = {"weasyprint", "weasyprint.text.fonts", "weasyprint.urls"}
    private = re.compile(r"\._(page_box|html|box)\b|\bfonts\.values\(\)|\.link_annotation\b")
    for path in sorted(PACKAGE.rglob("*.py")):
        if path in INTERNALS:
            continue
        text = path.read_text(encoding="utf-8")
        modules = set(re.findall(r"(?:from|import) (weasyprint[\w.]*)", text))
        assert modules <= documented, path.name
        if path.parent.name == "pdf":
            assert not private.search(text), path.name


def test_pictures_ask_for_their_height_where_they_stand(seen: Seen) -> None:
    box, most, page_bottom = seen.heights[-1]
    assert page_bottom == 260
    assert 40 < box.position_y < 260
    assert most > 1000
    assert seen.named("img").height == 10
    assert seen.named("img").width == 10


def test_every_box_is_matched_to_its_tag(seen: Seen) -> None:
    assert seen.is_complete
    assert seen.tags >= {
        ("h1", "/H1"),
        ("p", "/P"),
        ("a", "/Link"),
        ("img", "/Figure"),
        ("li::marker", "/Lbl"),
        ("dt", "/LI"),
        ("dd", "/LBody"),
        ("th", "/TH"),
        ("td", "/TD"),
        ("table", "/Table"),
        ("caption", "/Caption"),
        (None, "/NonStruct"),
    }


def test_a_page_begins_with_the_notes_that_the_page_before_it_put_off() -> None:
    begun: list[int] = []
    state = layout._keep_put_off_notes(layout_context(), begun.append)
    for page in range(1, 5):
        state.current_page = page
        assert state.reported_footnotes == ([] if page == 1 else [f"of {page - 1}"])
        state.reported_footnotes[:] = [f"of {page}"]
    # Page 2 is laid out again, then page 4, whose predecessor stays as it was.
    state.current_page = 2
    assert state.reported_footnotes == ["of 1"]
    state.reported_footnotes[:] = ["of 2, again"]
    state.current_page = 4
    assert state.reported_footnotes == ["of 3"]
    assert begun == [1, 2, 3, 4, 2, 4]


REFERENCES = """
<html lang="en"><body>
  <p>One <a href="#three">forward</a></p> <h1 id="two">Two</h1>
  <h1 id="three">Three</h1> <p>here <a href="#three">above</a></p>
  <h1>Four</h1> <p><a href="#two">back</a> and <a href="#three">back</a>, <a href="#six">forward</a></p>
  <h1>Five</h1> <p><a href="#two">back</a> <b>here</b></p> <h1 id="six">Six</h1>
</body></html>
"""
REFERENCE_STYLE = """
@page { size: 700px 300px; @bottom-center { content: counter(page) " of " counter(pages) } }
h1 { break-before: page } a::after { content: " p. " target-counter(attr(href), page) }
b::after { content: " on " counter(page) " " target-counter(attr(title), page) }
"""


def test_only_pages_on_which_a_number_has_changed_are_laid_out_again() -> None:
    begun: list[int] = []
    run = Run(progress=lambda told: begun.append(told.done + 1) if told.phase == PAGES else None)
    tree = ElementTree.fromstring(REFERENCES.replace("<b>", '<b title="#two">'))
    document = weasyprint.lay_out(tree, [REFERENCE_STYLE], {}, Context(run))
    texts = [
        "".join(box.text for box in boxes.text_area(page).descendants() if boxes.is_text(box))
        for page in document.pages
    ]
    assert texts == [
        "One forward p. 3",
        "Two",
        "Threehere above p. 3",
        "Fourback p. 2 and back p. 3, forward p. 6",
        "Fiveback p. 2 here on 5 2",
        "Six",
    ]
    # First comes the beginning, then the six pages. Those that refer to a later page or to their own follow, and
    # that with a number of its own. At last all get their margins.
    assert begun == [1, *range(1, 7), 1, 3, 4, 5, 5, *range(1, 7)]


def test_a_list_of_all_pages_is_not_made_for_each_tag(seen: Seen) -> None:
    lists: list[Any] = []

    def finish(document: Any, pdf: Any) -> None:
        lists.extend((pdf.page_references, pdf.page_references))
        pdf.add_page(pdf.pages)
        lists.append(pdf.page_references)
        pdf.pages["Kids"][-3:] = []
        pdf.pages["Count"] -= 1

    written = writing.write_document(
        seen.document, None, finisher=finish, pdf_variant="pdf/ua-1", pdf_identifier=b"same"
    )
    assert lists[0] is lists[1]
    count = len(seen.document.pages)
    assert [len(each) for each in lists] == [count, count, count + 1]
    assert written is not None
    assert written.startswith(b"%PDF")


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "1", "I;16"])
def test_a_png_goes_into_the_pdf_as_it_is_where_pdf_knows_its_form(mode: str) -> None:
    gradient = Image.radial_gradient("L").resize((40, 40))
    square = Image.new(mode, (40, 40), 999) if mode == "I;16" else gradient.convert(mode)
    stream = io.BytesIO()
    square.save(stream, "PNG", compress_level=1)
    data = stream.getvalue()
    tree = ElementTree.fromstring(
        f'<html lang="en"><body><img src="{PICTURE}" alt="x"/></body></html>'
    )
    document = weasyprint.lay_out(tree, [], {PICTURE: (data, "image/png")}, Context())
    found: list[bytes] = []

    def finish(document: Any, pdf: Any) -> None:
        pictures = [o for o in pdf.objects if getattr(o, "extra", {}).get("Subtype") == "/Image"]
        found.extend(part.data for picture in pictures for part in picture.stream)

    writing.write_document(document, None, finisher=finish)
    pixels = deflated_pixels(data, mode)
    assert (pixels in found) is (mode in ("L", "RGB"))
    assert found


def test_nothing_that_is_written_is_made_twice(seen: Seen, monkeypatch: pytest.MonkeyPatch) -> None:
    import pydyf

    made: list[Any] = []

    class Counted(pydyf.Dictionary):  # type: ignore[misc]
        @property
        def data(self) -> Any:
            made.append(self)
            return super().data

    def finish(_document: Any, pdf: Any) -> None:
        pdf.add_object(Counted({"Type": "/Counted"}))

    monkeypatch.delattr(zlib, "compressobj")  # by which pydyf compresses, twice
    written = writing.write_document(seen.document, None, finisher=finish, pdf_identifier=b"same")
    assert len(made) == 1
    assert written is not None
    assert b"/FlateDecode" in written[written.index(b"/ObjStm") :]


def test_links_within_a_link_go(seen: Seen) -> None:
    before = len(seen.page.links)
    boxes.keep_outermost_links(seen.page)
    assert (before, len(seen.page.links)) == (2, 1)


DIGESTS = {
    "Layout.setup": "fb227a55094f41d4",
    "Layout.reactivate": "0b89ee097104b713",
    "strut": "b57885b70dd08efe",
    "draw_first_line": "1bb8eae6d88e71b1",
    "add_word_spacing": "879516e71f1b80fa",
    "set_page_type_computed_styles": "4e68b396b35c4a06",
    "resolve_percentages": "71673078096fcf87",
    "ComputedStyle.__missing__": "b318d8efc8ac79d7",
}
"""The sources of the functions of WeasyPrint 70.0 that are replaced, or whose results are kept."""


@pytest.mark.parametrize(("module", "name", "make"), faster.REPLACED)
def test_a_function_that_is_replaced_is_what_it_was(module: str, name: str, make: Any) -> None:
    assert name in DIGESTS
    assert make.__module__.startswith(weasyprint_internals.__name__)
    weasyprint.load()
    found: Any = import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    source = inspect.getsource(found.__wrapped__)
    assert hashlib.sha256(source.encode()).hexdigest()[:16] == DIGESTS[name]


@pytest.mark.parametrize(("version", "is_replaced"), [("70.0", True), ("70.1", False)])
def test_functions_of_other_versions_stay(
    version: str, is_replaced: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    import weasyprint as program

    weasyprint.load()
    line_break: Any = import_module("weasyprint.text.line_break")
    own = line_break.strut.__wrapped__
    monkeypatch.setattr(line_break, "strut", own)
    monkeypatch.setattr(program, "__version__", version)
    faster.make_faster()
    assert (line_break.strut is not own) is is_replaced


def test_every_module_has_the_function_that_replaces_another() -> None:
    weasyprint.load()
    from weasyprint.css import computed_values, units
    from weasyprint.layout import block, inline, table
    from weasyprint.text import line_break

    assert computed_values.strut is units.strut is inline.strut is line_break.strut
    assert block.resolve_percentages is table.resolve_percentages
    assert hasattr(line_break.strut, "__wrapped__")
    before = line_break.strut, block.resolve_percentages
    faster.make_faster()
    assert (line_break.strut, block.resolve_percentages) == before


ALL_KINDS = """
<html lang="en" dir="ltr"><head><style>
@page { size: 300px 200px; margin: 20px; @top-center { content: "Head " counter(page) } }
body { font-size: 12px; text-align: justify; hyphens: auto; font-variant-numeric: oldstyle-nums }
h2 { font-kerning: none; margin-block-start: 5%; text-indent: calc(10% + 1em); letter-spacing: 1px }
.apart { box-sizing: border-box; padding: 1em; width: 80%; border: 3px solid; min-height: 10%; height: 50px }
.spaced { word-spacing: 2px } .tall { height: 50%; max-height: calc(20px + 1em) }
.capitals { font-variant-caps: small-caps; font-feature-settings: "ss01" 1, "liga" 0 }
.turkish { font-language-override: "TRK" } table { border-collapse: collapse } td { border: 2px solid }
u { text-decoration: underline overline } s { text-decoration: line-through } pre { tab-size: 3 }
.rtl { direction: rtl; margin-inline-start: 30px; --own: 4px; padding: var(--own) } .big { line-height: 2.5 }
</style></head><body>
<h2>Head of a chapter with <u>lines below, in the middle of words,</u> and <s>through</s></h2>
<p>Extraordinarily characteristic responsibilities, <b>misunderstandings</b> and <i>counterrevolutionaries</i> fill
lines of fifty words &#160; with <code>code</code> and <sup>1</sup>, of <span class="capitals">small ones</span>.</p>
<p>A snowman \u2603, a face \U0001f600, a private \ue000 sign, e\u0301\u0323, AVATAR To.</p><p class="apart">A box of borders.</p> <p class="spaced">Words <u>apart</u> from each other, and more of them too.</p>
<div style="height: 90px"><div class="tall">Half</div></div> <p class="turkish big">fish, filled</p>
<div class="rtl" lang="he">\u05e9\u05dc\u05d5\u05dd one</div> <pre>a\tb\nc</pre>
<table><tr><td>One</td><td>Two cells of <b>words</b></td></tr></table>
<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20"><text x="2" y="15" font-family="serif">Text</text></svg>
</body></html>
"""
WRITE = """
import sys
{before}
from weasyprint import HTML
document = HTML(string=sys.stdin.buffer.read().decode()).render()
sys.stdout.buffer.write(document.write_pdf(pdf_identifier=b"same", uncompressed_pdf=True))
"""


def test_what_is_replaced_changes_no_page() -> None:
    def write(before: str) -> bytes:
        code = WRITE.format(before=before)
        page = ALL_KINDS.encode().decode("unicode_escape").encode()
        command = [sys.executable, "-W", "ignore", "-c", code]
        return subprocess.run(command, input=page, capture_output=True, check=True).stdout

    package = weasyprint_internals.__name__
    ours = write(f"from {package}.loading import import_weasyprint; import_weasyprint()")
    theirs = write("")
    assert ours == theirs
    assert len(theirs) > 10_000
    assert ours.count(b"/Type /Page/") > 2


def test_the_style_of_a_page_costs_the_same_in_a_long_document() -> None:
    weasyprint.load()
    page = import_module("weasyprint.layout.page")
    css = import_module("weasyprint.css")
    html = import_module("weasyprint").HTML(string="<p>x</p>")
    sheet = import_module("weasyprint").CSS(string="@page { @top-left { content: 'x' } }")

    def make(size: int) -> Any:
        styles = css.StyleFor(html, [(sheet, "author", None)], False, None, None)
        styles.get_cascaded_styles().update({(number, "before"): {} for number in range(size)})
        page_type = page.PageType("right", False, "", 1, ())
        return lambda: page.set_page_type_computed_styles(page_type, html, styles)

    assert growth(make, 100) == 1


def sheet_of(css: str, *, messages: Iterator[int] | None = None) -> Any:
    weasyprint.load()
    heard = messages or itertools.repeat(0)
    return kept_sheets.read_sheet(css, None, None, lambda: next(heard))


def test_a_sheet_is_read_once_for_all_books() -> None:
    sheet = "@page { margin: 7px } p { color: #123456 } @media print { q { margin: 0 } }"
    assert sheet_of(sheet) is sheet_of(sheet)
    assert sheet_of(sheet) is not sheet_of(sheet.replace("7px", "8px"))


@pytest.mark.parametrize(
    "css",
    [
        "@font-face { font-family: A; src: url(data:,x) }",
        "@FONT-FACE { font-family: A; src: url(data:,x) }",
        r"@\66 ont-face { font-family: A; src: url(data:,x) }",
        r"@font-fac\65 { font-family: A; src: url(data:,x) }",
        "@import 'data:text/css,p{margin:0}';",
        "@color-profile --a { src: url(data:,x) }",
        "/* long */" * 20_001,
    ],
)
def test_a_sheet_that_gives_a_book_more_than_rules_is_read_for_each(css: str) -> None:
    assert sheet_of(css) is not sheet_of(css)


def test_a_sheet_about_which_the_engine_says_something_is_read_for_each() -> None:
    css = "p { margin: 3px }"
    assert sheet_of(css, messages=iter((4, 5))) is not sheet_of(css, messages=iter((5, 6)))
    told = []
    for _ in range(3):
        context = Context()
        tree = ElementTree.fromstring("<html lang='en'><body><p>Words.</p></body></html>")
        weasyprint.lay_out(tree, ["p { colour: red }"], {}, context)
        told.append([d for d in context.diagnostics if d.code is DiagnosticCode.ENGINE])
    assert [len(messages) for messages in told] == [1, 1, 1]


def test_sheets_are_kept_for_the_last_books_alone() -> None:
    first = sheet_of("p { margin: 0px }")
    for number in range(1, 100):
        sheet_of(f"p {{ margin: {number}px }}")
    assert len(kept_sheets._kept) == 32
    assert sheet_of("p { margin: 99px }") is sheet_of("p { margin: 99px }")
    assert sheet_of("p { margin: 0px }") is not first


def test_a_book_with_sheets_of_another_has_the_bytes_of_the_first(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# One\n\nWords[^1], *more*.\n\n> Said\n\n[^1]: A note.\n")
    made = []
    kept_sheets._kept.clear()
    for number, theme in enumerate(("novel", "manual", "novel")):
        target = tmp_path / f"{number}.pdf"
        clothbound.write(clothbound.read(tmp_path / "a.md"), clothbound.Pdf(theme=theme)).save(
            target
        )
        made.append(target.read_bytes())
    assert kept_sheets._kept
    assert made[0] == made[2] != made[1]


PATHS = ("M0 0h5v5z", "M1 1L50% 1", "M2 2a3 3 0 0 1 4 4", "M0 0h5v5z")


def test_a_path_is_read_once_and_drawn_in_each_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    svg = import_module("weasyprint.svg")
    read: list[str] = []
    draw = svg.TAGS["path"]

    def count(picture: Any, node: Any, font_size: Any) -> None:
        read.append(node.get("d"))
        draw(picture, node, font_size)

    def write() -> bytes:
        paths = "".join(f'<path d="{path}" marker-start="url(#m)"/>' for path in PATHS)
        marker = '<marker id="m" markerWidth="2" markerHeight="2"><path d="M0 0h2"/></marker>'
        files = {
            f"{PICTURE}{width}": (
                f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="9">{marker}{paths}</svg>'.encode(),
                "image/svg+xml",
            )
            for width in (20, 30)
        }
        images = "".join(f'<img src="{address}" alt="x"/>' for address in files)
        tree = ElementTree.fromstring(f'<html lang="en"><body>{images}</body></html>')
        document = weasyprint.lay_out(tree, [], files, Context())
        return bytes(writing.write_document(document, None, pdf_identifier=b"same") or b"")

    monkeypatch.setitem(svg.TAGS, "path", count)
    ours = write()
    assert sorted(set(read)) == sorted({*PATHS, "M0 0h2"})
    assert len(read) == len(set(read)) + 1  # that with a share of the picture's size
    monkeypatch.setattr(layout, "read_paths_once", lambda _pictures: None)
    assert write() == ours
    assert len(read) > 15


def test_no_process_is_started_to_find_a_library(tmp_path: Path) -> None:
    code = (
        "import sys; from clothbound.writers.pdf import weasyprint; asked = []\n"
        "sys.addaudithook(lambda event, given: asked.append(event)); weasyprint.load()\n"
        "import cffi.api; assert cffi.api._load_backend_lib.__module__ == 'cffi.api'\n"
        "assert 'import' in asked; print(asked.count('subprocess.Popen'))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    assert sys.platform != "linux" or shown == "0\n"


def test_types_are_known() -> None:
    """Each protocol's annotations can be resolved, so that a misspelt type is found."""
    for protocol in protocols().values():
        typing.get_type_hints(protocol)
