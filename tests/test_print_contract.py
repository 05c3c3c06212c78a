"""The contract between a chapter's tree and the engines: classes that print.css styles, and HTML that
nobody foresaw.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from pathlib import Path
from typing import Literal

import pymupdf
import pytest

import clothbound
from clothbound.diagnostics import DiagnosticCode
from clothbound.filters import render
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.collection import Collection
from clothbound.model.index import Index
from clothbound.model.post import Metadata, Post
from clothbound.web.html_elements import MARK_KINDS
from clothbound.writers.pdf import Pdf
from clothbound.writers.pdf.typst.emit_blocks import CLASSES
from clothbound.writers.pdf.typst.emit_inlines import CODE, STYLES

SOURCE = Path(clothbound.__file__).parent
EMITTER = ("emit_blocks", "emit_code", "emit_inlines", "chapter")
FRONT = "index-columns index-gap index-letter index-sub also-in-series half-title series-head alone book-author book-publisher book-subtitle book-title book-year byline chapter chapter-title close contents date opener outline-1 outline-2 part part-title post run-on subtitle title-page imprint toc-after toc-part".split()
"""Pages and openers, which the Typst engine makes of the book's matter."""
LOOKS = {
    "between-marks": "the look of a raised comma, which is a ``sup``",
    "coded": "sets a QR code beside the lines of its card, and the emitter finds both",
    "numbered": "sets the number of an equation at the end of its line, and the emitter finds it",
    "together": "keeps words of a title on one line, by ``literals.title_content`` in Typst",
    "endnote": "found by its attribute",
    "entry-words": "keeps the leaders with the last word of a title, by Typst's own space",
    "endnotes": "found by its notes",
    "foot-note": "WeasyPrint's own notes",
    "line": "ends the lines of a title after its colons, by ``after-colons`` in Typst",
    "boxless": "a bullet of WeasyPrint's; the emitter finds items without a box itself",
    "long-word": "hyphenates a word of a title, by ``long-word`` in Typst",
    "level": "no more indent; the emitter counts levels itself",
    "long-numbers": "indents a list by its longest number, as Typst does by itself",
    "quiet": "WeasyPrint's own notes",
    "tall": "lets a high row break",
    "verse-line": "WeasyPrint's own lines of verse",
}
"""Classes that do not change what Typst is told."""


def css_classes() -> set[str]:
    sheets = [SOURCE / "themes" / name for name in ("print.css", "print-essay.css")]
    rules = re.sub(
        r"/\*.*?\*/|\{[^}]*\}|\"[^\"]*\"", "", "".join(s.read_text() for s in sheets), flags=re.S
    )
    return set(re.findall(r"\.([a-z][a-z0-9-]*)", rules))


def read_by_emitter() -> set[str]:
    """The strings of the emitter, the classes in its paths, and the strings that it names."""
    found: set[str] = set(CLASSES)
    for name in EMITTER:
        module = importlib.import_module(f"clothbound.writers.pdf.typst.{name}")
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            match node:
                case ast.Constant(value=str() as text):
                    found |= {text, *re.findall(r"@class='([a-z-]+)'", text)}
                case ast.Name(id=constant) if isinstance(text := vars(module).get(constant), str):
                    found.add(text)
    found.add("own-line")
    return found


def test_every_class_of_the_style_sheet_is_read_or_changes_looks_alone() -> None:
    unread = css_classes() - read_by_emitter()
    assert unread == unread & {*LOOKS, *FRONT}


STRANGE = (
    "alpha",
    "<x-odd>alpha</x-odd> beta <marquee>gamma</marquee>",
    "<ul>alpha<li>beta<p>gamma</ul><ol><div>delta</div></ol>",
    "<dl>alpha<div><dt>beta<dd>gamma</div></dl>",
    "<table><caption>alpha<tr><th>beta<td>gamma<tfoot><tr><td>delta</table>",
    "<figure>alpha<figcaption>beta</figcaption><pre>gamma</pre></figure>",
    '<figure class="gallery"><p>alpha</p><img src="x.png" alt="beta"></figure>',
    '<div class="verse">alpha<br>beta</div><p class="link-notes">gamma</p><p class="addresses">delta',
    '<p class="embed-thumbnail">alpha</p><div class="table">beta</div><ul class="embed"><li>gamma</ul>',
    '<h2 class="recipe">alpha</h2><pre class="verse">beta</pre><span><p>gamma</p>delta</span>',
    '<sup class="noteref">alpha</sup>, <sup class="noteref"><a href="#one--note--1">beta")</a></sup>',
    '<section class="endnotes">alpha <span class="task">beta</span></section><ol start="x"><li>gamma</ol>',
    '<figure><img src="x.png" width="50%" height="9e9" alt="alpha"></figure> <a href="javascript:x">beta</a>',
    "<blockquote><section><details><summary>alpha</summary>beta</details></section></blockquote>",
    '<p>alpha<!-- hidden --><?hidden?><script>hidden</script> <a href="#nowhere">beta</a> <a href="x">gamma</a>',
)


@pytest.mark.parametrize("element", MARK_KINDS)
def test_typst_has_a_style_for_every_mark(element: str) -> None:
    assert element in STYLES.keys() | CODE


@pytest.mark.parametrize("engine", ["typst", "weasyprint"])
@pytest.mark.parametrize("markup", STRANGE)
def test_words_of_html_that_nobody_foresaw_are_kept(
    markup: str, engine: Literal["typst", "weasyprint"]
) -> None:
    told = set(re.findall("alpha|beta|gamma|delta", markup))
    body = (b.Quote((b.Paragraph((i.Text("replaced"),)),)), b.Paragraph((i.Text("omega"),)))
    one = Post(Metadata(key="one", title="T"), body)
    collection = Collection(posts=(one,), index=Index.of((one,)))

    @render("pdf")
    def strange(_: b.Quote) -> str:
        return markup

    artifact = clothbound.write(collection, Pdf(engine=engine), filters=[strange])
    text = "".join(page.get_text() for page in pymupdf.open(stream=artifact.to_bytes()))
    assert set(re.findall(r"\w+", text)) >= {*told, "omega"}
    assert "hidden" not in text
    assert "replaced" not in text
    if engine == "typst":  # WeasyPrint tells of addresses that lead nowhere, and of far pictures
        assert not [d for d in artifact.report.diagnostics if d.code is DiagnosticCode.ENGINE]
