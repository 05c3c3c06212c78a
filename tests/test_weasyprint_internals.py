"""What clothbound uses of WeasyPrint beyond its documentation: each name is there, and means the same.

A failure names the attribute or function that a new version of WeasyPrint has changed.
"""

from __future__ import annotations

import ast
import re
import typing
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import clothbound
from clothbound.context import Context
from clothbound.doctor import has_pdf_engine
from clothbound.writers.pdf import weasyprint, weasyprint_internals
from clothbound.writers.pdf.pdf_finish import complete_tags
from epub_samples import picture

pytestmark = pytest.mark.skipif(not has_pdf_engine(), reason="Pango is not installed")

PACKAGE = Path(clothbound.__file__).parent
INTERNALS = Path(weasyprint_internals.__file__)
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
            for box, element in weasyprint_internals.find_tagged_boxes(document, pdf)
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
        for name, value in vars(weasyprint_internals).items()
        if isinstance(value, type)
        and value.__module__ == weasyprint_internals.__name__
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


@pytest.mark.parametrize("name", list(weasyprint_internals.Style.__annotations__))
def test_a_style_has(name: str, seen: Seen) -> None:
    assert seen.kinds()["Box"].style[name] is not None


def imported() -> list[tuple[str, str]]:
    """Each name that the module takes from WeasyPrint, and those that it reads of these."""
    tree = ast.parse(INTERNALS.read_text(encoding="utf-8"))
    return [
        (node.module or "", alias.name)
        for node in ast.walk(tree)
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
        if path == INTERNALS:
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
    layout = weasyprint_internals._keep_put_off_notes(layout_context(), begun.append)
    for page in range(1, 5):
        layout.current_page = page
        assert layout.reported_footnotes == ([] if page == 1 else [f"of {page - 1}"])
        layout.reported_footnotes[:] = [f"of {page}"]
    # Page 2 is laid out again, then page 4, whose predecessor stays as it was.
    layout.current_page = 2
    assert layout.reported_footnotes == ["of 1"]
    layout.reported_footnotes[:] = ["of 2, again"]
    layout.current_page = 4
    assert layout.reported_footnotes == ["of 3"]
    assert begun == [1, 2, 3, 4, 2, 4]


def test_links_within_a_link_go(seen: Seen) -> None:
    before = len(seen.page.links)
    weasyprint_internals.keep_outermost_links(seen.page)
    assert (before, len(seen.page.links)) == (2, 1)


def test_types_are_known() -> None:
    """Each protocol's annotations can be resolved, so that a misspelt type is found."""
    for protocol in protocols().values():
        typing.get_type_hints(protocol)
