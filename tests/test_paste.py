"""The pages to paste from: what they hold, and, in a real browser, the click and the paste.

The screenshots are left in pytest's temporary folder, for people to look at.
"""

from __future__ import annotations

import io
import re
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import html5lib
import pytest
from hypothesis import given

import clothbound
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Asset, Footnote, Metadata, Post
from clothbound.testing import check_writer, every_node
from clothbound.writers.substack.paste import WRITER, SubstackPaste
from devtools import Page, running
from epub_samples import picture
from sample_nodes import paragraph
from strategies import posts

EXAMPLES = Path(__file__).parents[1] / "examples" / "letters"
HTML = "{http://www.w3.org/1999/xhtml}"
# What the editor is known to keep, and the boxes that it writes itself.
KEPT = frozenset(
    "p h1 h2 h3 h4 h5 h6 strong em s code sup sub a br ul ol li blockquote hr pre img figure "
    "figcaption div span".split()
)


def made(post: Post, folder: Path, options: SubstackPaste | None = None) -> str:
    clothbound.write(post, options or "substack-paste").save(folder)
    (page,) = (path for path in folder.glob("*.html") if path.name != "index.html")
    return page.read_bytes().decode()


def pasted(page: str) -> str:
    found = re.search(r'<article class="post"[^>]*>(.*)</article>', page, re.S)
    assert found is not None
    return found[1]


def changes(page: str) -> list[str]:
    tree = html5lib.parse(page)
    found = tree.find(f".//{HTML}ul[@class='changes']")
    return ["".join(li.itertext()) for li in found] if found is not None else []


def test_contract() -> None:
    check_writer(WRITER)


SAMPLE = Post(
    Metadata(
        key="k", slug="a-slug", title="A <title>", subtitle="Sub & title", tags=("one", "two")
    ),
    (
        b.Heading((i.Text("Head"),), 2, id="head"),
        paragraph("Some ", i.Strong((i.Emphasis((i.Text("words"),)),)), i.NoteRef("n"), "."),
        b.List(
            (
                b.ListItem(
                    (paragraph("item"), b.List((b.ListItem((paragraph("inner"),)),))),
                ),
            ),
            True,
            3,
        ),
        b.Figure(i.Image("https://far.example/a.png", 'Al"t'), (i.Text("Caption"),)),
        b.ThematicBreak(),
    ),
    (Footnote("n", (paragraph("A note."), paragraph("More."))),),
)
SAMPLE_HTML = (
    "<h2>Head</h2><p>Some <strong><em>words</em></strong>"
    '<a class="footnote-anchor" data-component-name="FootnoteAnchorToDOM" id="footnote-anchor-1"'
    ' href="#footnote-1" target="_self">1</a>.</p>'
    '<ol start="3"><li><p>item</p><ul><li><p>inner</p></li></ul></li></ol>'
    '<div class="captioned-image-container"><figure>'
    '<img src="https://far.example/a.png" alt="Al&quot;t">'
    '<figcaption class="image-caption">Caption</figcaption></figure></div><hr>'
    '<div class="footnote" data-component-name="FootnoteToDOM"><a id="footnote-1"'
    ' href="#footnote-anchor-1" class="footnote-number" contenteditable="false"'
    ' target="_self">1</a><div class="footnote-content"><p>A note.</p><p>More.</p></div></div>'
)


def test_a_post_as_it_is_pasted(tmp_path: Path) -> None:
    page = made(SAMPLE, tmp_path / "out")
    assert pasted(page) == SAMPLE_HTML
    for name, value in (
        ("title", "A &lt;title&gt;"),
        ("subtitle", "Sub &amp; title"),
        ("slug", "a-slug"),
        ("tags", "one, two"),
    ):
        assert f'<dd id="field-{name}">{value}</dd>' in page
    assert changes(page) == [
        "Footnotes are in Substack's own markup: check that they became notes.",
        "1 picture is fetched by Substack when pasted: check that each is there.",
    ]


def test_a_title_is_text_alone(tmp_path: Path) -> None:
    """Substack shows the backticks of code and the dollar signs of a formula in a title as they are."""
    post = Post(
        Metadata(key="k", title="`async` and $x^2$", subtitle="Of `await`"), (paragraph("x"),)
    )
    page = made(post, tmp_path / "out")
    index = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert '<dd id="field-title">async and x²</dd>' in page
    assert '<dd id="field-subtitle">Of await</dd>' in page
    assert "`" not in index + page.split("<script>")[0]


def test_the_policy_lets_one_script_run(tmp_path: Path) -> None:
    page = made(SAMPLE, tmp_path / "out")
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.S)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in page
    assert "unsafe" not in page


def test_only_what_the_editor_keeps_and_the_rest_is_named(tmp_path: Path) -> None:
    artifact = clothbound.write(every_node(), "substack-paste")
    artifact.save(tmp_path / "out")
    page = (tmp_path / "out" / "every-node.html").read_text("utf-8")
    tree = html5lib.parseFragment(pasted(page))
    names = {element.tag.removeprefix(HTML) for element in tree.iter()} - {"DOCUMENT_FRAGMENT"}
    assert names <= KEPT
    told = " ".join(changes(page)).lower()
    for word in (
        "table",
        "formula",
        "mention",
        "audio",
        "file",
        "poll",
        "paywall",
        "button",
        "subscribe form",
        "only_paid",
        "raw tex",
        "callout",
        "task",
        "underlined",
    ):
        assert word in told, word


@given(posts())
def test_of_any_post_only_what_the_editor_keeps(post: Post) -> None:
    product = clothbound.write(post, "substack-paste").to_bytes()
    with zipfile.ZipFile(io.BytesIO(product)) as archive:
        pages = [n for n in archive.namelist() if n.endswith(".html") and n != "index.html"]
        page = archive.read(pages[0]).decode()
    tree = html5lib.parseFragment(pasted(page))
    names = {element.tag.removeprefix(HTML) for element in tree.iter()} - {"DOCUMENT_FRAGMENT"}
    assert names <= KEPT


def test_local_pictures_are_marked_listed_and_beside_the_page(tmp_path: Path) -> None:
    data = picture("PNG")
    post = Post(
        Metadata(key="k", slug="s"),
        (
            b.Figure(i.Image("pictures/a%20b.png", "First"), (i.Text("Cap"),)),
            b.Figure(i.Image("gone.png", "Gone")),
            b.Figure(i.Image("https://far.example/c.png", "Far")),
        ),
        assets=(Asset("pictures/a%20b.png", data),),
    )
    page = made(post, tmp_path / "out")
    assert pasted(page).startswith(
        "<p>[Picture 1: a b.png]</p><p>Cap</p><p>[Picture 2: gone.png]</p>"
    )
    (name,) = re.findall(r'href="(pictures/[0-9a-f]+\.png)" download="a b.png"', page)
    assert (tmp_path / "out" / name).read_bytes() == data
    assert "Picture 2: gone.png" in page
    told = SubstackPaste(image_base_url="https://cdn.example/")
    page = made(post, tmp_path / "second", told)
    assert '<img src="https://cdn.example/pictures/a%20b.png" alt="First">' in pasted(page)
    assert "Pictures to upload" not in page


def test_embeds_are_addresses_of_their_own(tmp_path: Path) -> None:
    video = b.Embed("video", "https://www.youtube.com/watch?v=abcdefghijk", "YouTube", "Title")
    page = made(Post(Metadata(key="k", slug="s"), (video,)), tmp_path / "out")
    url = "https://www.youtube.com/watch?v=abcdefghijk"
    assert pasted(page) == f'<p><a href="{url}">{url}</a></p>'
    assert "YouTube: the editor makes a card or player" in changes(page)[0]


def test_changes_of_one_kind_stand_together(tmp_path: Path) -> None:
    post = Post(
        Metadata(key="k", slug="s"),
        (
            paragraph(i.Math("x"), i.Math("y"), i.Math("x")),
            paragraph(i.Link((i.Text("there"),), "#nowhere"), i.Math("z")),
        ),
    )
    assert changes(made(post, tmp_path / "out")) == [
        "A formula in a line became its TeX. x y z",
        "A link that leads nowhere from Substack became text. #nowhere",
    ]


def test_hostile_text_runs_nowhere(tmp_path: Path) -> None:
    evil = "</pre></article><script>alert(1)</script><img src=x onerror=alert(1)>"
    post = Post(
        Metadata(key="k", slug="s", title=evil, subtitle=evil, tags=(evil,)),
        (
            paragraph(evil, i.Link((i.Text(evil),), "javascript:alert(1)")),
            b.CodeBlock(evil, evil),
            b.RawBlock("html", evil),
            b.Table(rows=((b.Cell((i.Text(evil),)),),)),
            b.Figure(i.Image(evil, evil)),
        ),
    )
    tree = html5lib.parse(made(post, tmp_path / "out"))
    assert len(list(tree.iter(f"{HTML}script"))) == 1
    for element in tree.iter():
        for name, value in element.attrib.items():
            assert not str(name).startswith("on")
            assert "javascript:" not in value


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("paste")


@pytest.fixture(scope="module")
def chromium(folder: Path) -> Iterator[Page]:
    with running(folder / "profile") as page:
        page.send("Browser.grantPermissions", permissions=["clipboardReadWrite"])
        yield page


READ = """(async () => {
  const [item] = await navigator.clipboard.read({unsanitized: ['text/html']});
  const text = async (type) => await (await item.getType(type)).text();
  return [await text('text/html'), await text('text/plain')];
})()"""
EDITOR = """<!DOCTYPE html><title>An editor</title><div id="editor" contenteditable></div>
<script>addEventListener("paste", (e) => { window.got = e.clipboardData.getData("text/html"); }, true);</script>
"""


def test_click_clipboard_and_paste(chromium: Page, folder: Path) -> None:
    made(SAMPLE, folder / "sample")
    chromium.console.clear()
    chromium.open((folder / "sample" / "a-slug.html").as_uri())
    chromium.click(".copy-post")
    chromium.wait_for("document.getElementById('status').textContent.startsWith('The post is on')")
    html, text = chromium.run(READ)
    assert html == SAMPLE_HTML
    assert (
        text
        == 'Head\n\nSome words[1].\n\n3. item\n   - inner\n\n[Al"t]\nCaption\n\n* * *\n\n[1] A note.\nMore.\n'
    )
    # The one picture that is remote cannot be had here; nothing else is said, nothing else fetched.
    assert [line for line in chromium.console if "ERR_NAME_NOT_RESOLVED" not in line] == []
    assert {url for url in chromium.asked if not url.startswith("file:")} == {
        "https://far.example/a.png"
    }
    (folder / "editor.html").write_text(EDITOR, "utf-8")
    chromium.open((folder / "editor.html").as_uri())
    chromium.run("document.getElementById('editor').focus()")
    chromium.press("v", "paste")
    chromium.wait_for("window.got && document.getElementById('editor').textContent")
    assert chromium.run("window.got") == SAMPLE_HTML
    inside = chromium.run("document.getElementById('editor').innerHTML")
    for part in ("<h2>Head</h2>", "footnote-anchor", "https://far.example/a.png", "A note."):
        assert part in inside


def test_fields_by_keyboard(chromium: Page, folder: Path) -> None:
    made(SAMPLE, folder / "keys")
    chromium.open((folder / "keys" / "a-slug.html").as_uri())
    names = []
    for _ in range(9):
        chromium.press("Tab")
        names.append(
            chromium.run("document.activeElement.ariaLabel || document.activeElement.textContent")
        )
        if names[-1] == "Copy subtitle":
            chromium.press("Enter")
            chromium.wait_for(
                "document.getElementById('status').textContent === 'Subtitle copied.'"
            )
            break
    assert names == ["All posts", "What to do", "Copy rich text", "Copy title", "Copy subtitle"]
    assert chromium.run("navigator.clipboard.readText()") == "Sub & title"


def test_a_screen_reader_hears_what_it_needs(chromium: Page, folder: Path) -> None:
    made(SAMPLE, folder / "reader")
    chromium.open((folder / "reader" / "a-slug.html").as_uri())
    chromium.send("Accessibility.enable")
    nodes = chromium.send("Accessibility.getFullAXTree")["nodes"]
    heard = {
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if not node.get("ignored") and "role" in node
    }
    assert {
        ("button", "Copy rich text"),
        ("button", "Copy title"),
        ("article", "The post as it will be pasted"),
        ("heading", "What changes in the editor"),
        ("link", "All posts"),
        ("status", ""),
    } <= heard


def test_pages_fit_the_window(chromium: Page, folder: Path) -> None:
    letters = folder / "letters"
    clothbound.write(clothbound.read(EXAMPLES, on_error="collect"), "substack-paste").save(letters)
    for name in ("the-storm", "letter-to-a-mathematician", "risala-min-samir", "index"):
        chromium.console.clear()
        chromium.open((letters / f"{name}.html").as_uri())
        for width in (1280, 390):
            chromium.screenshot(folder / f"{name}-{width}.png", width, 1400)
            assert chromium.run("document.documentElement.scrollWidth") <= width
        assert chromium.console == []
    chromium.send("Emulation.clearDeviceMetricsOverride")


def test_a_link_that_leads_nowhere_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# T\n\nWords.\n\nA [way](#nowhere).\n", encoding="utf-8")
    artifact = clothbound.write(clothbound.read(tmp_path), "substack-paste")
    artifact.to_bytes()
    told = [d for d in artifact.report.diagnostics if "from Substack" in d.message]
    assert [(d.source, d.line) for d in told] == [("a.md", 5)]
