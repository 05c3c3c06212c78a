"""The pages in a browser: nothing runs, nothing is refused, nothing is fetched, and they look right.

The screenshots are left in pytest's temporary folder, for people to look at.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

import clothbound
from chromium_browser import FLAGS, browser
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Footnote, Metadata, Post
from clothbound.style_sheets import theme_file
from epub_samples import every_node

EXAMPLES = Path(__file__).parents[1] / "examples" / "letters"
# A browser talks to its maker, whatever is asked of it.
OF_THE_BROWSER = re.compile(r"https?://[\w.-]*\.(google|googleapis|gstatic|gvt1)\.com/")


class Visit:
    """One page opened: console lines, addresses asked for, a picture of it, its printed form."""

    def __init__(self, page: Path, folder: Path, size: str = "1000,1400", *more: str) -> None:
        folder.mkdir()
        log = folder / "net.json"
        self.shot = folder / "shot.png"
        self.run = subprocess.run(
            [
                browser(),
                *FLAGS,
                *more,
                f"--user-data-dir={folder / 'profile'}",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                f"--log-net-log={log}",
                f"--window-size={size}",
                f"--screenshot={self.shot}",
                page.as_uri(),
            ],
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        self.console = [line for line in self.run.stderr.splitlines() if ":CONSOLE:" in line]
        asked = set(re.findall(r'"url":"(https?:[^"]*)"', log.read_text("utf-8", "replace")))
        self.asked = sorted(url for url in asked if not OF_THE_BROWSER.match(url))

    def picture(self) -> Image.Image:
        return Image.open(self.shot).convert("RGB")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("letters") / "site"
    clothbound.write(clothbound.read(EXAMPLES, on_error="collect"), "site").save(folder)
    return folder


def test_the_browser_tells_what_it_refuses_and_fetches(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<!DOCTYPE html><meta http-equiv='Content-Security-Policy' content=\"default-src 'none';"
        " img-src https:\"><title>x</title><script>1</script><img src='https://a.example/b.png'>",
        "utf-8",
    )
    visit = Visit(page, tmp_path / "visit")
    assert "Content Security Policy" in "".join(visit.console)
    assert visit.asked == ["https://a.example/b.png"]


def test_page_of_every_node(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    clothbound.write(every_node(), "html").save(page)
    visit = Visit(page, tmp_path / "visit")
    # The one picture that is remote in the source cannot be had here, which the console says.
    assert [line for line in visit.console if "ERR_NAME_NOT_RESOLVED" not in line] == []
    assert visit.asked == ["https://example.org/far.png"]


def colours(picture: Image.Image) -> Iterator[tuple[int, tuple[int, int, int]]]:
    return iter(sorted(picture.getcolors(1 << 24), reverse=True))


@pytest.mark.parametrize(
    ("look", "size", "more"),
    [
        ("desktop", "1200,1600", ()),
        ("phone", "390,1600", ()),
        ("dark", "1200,1600", ("--blink-settings=preferredColorScheme=0",)),
    ],
)
@pytest.mark.parametrize("name", ["index", "what-the-tide-brings", "kanazawa-kara"])
def test_site(
    site: Path, tmp_path: Path, name: str, look: str, size: str, more: tuple[str, ...]
) -> None:
    visit = Visit(site / f"{name}.html", tmp_path / "visit", size, *more)
    assert visit.console == []
    assert visit.asked == []
    picture = visit.picture()
    _, paper = next(colours(picture))
    assert (sum(paper) < 150) == (look == "dark")
    # Nothing reaches the edges: the column fits the window.
    width, height = picture.size
    for x in (2, width - 3):
        edge = picture.crop((x, 0, x + 1, height)).getcolors()
        assert edge == [(height, paper)]


def print_page(page: Path, folder: Path) -> Path:
    """Prints a page as the browser does on paper, and returns the PDF."""
    target = folder / "print.pdf"
    profile = f"--user-data-dir={folder / 'profile'}"
    command = [browser(), *FLAGS, profile, "--no-pdf-header-footer", f"--print-to-pdf={target}"]
    subprocess.run([*command, page.as_uri()], capture_output=True, timeout=120, check=True)
    return target


def test_print(site: Path, tmp_path: Path) -> None:
    from pypdf import PdfReader

    target = print_page(site / "footnotes-from-the-second-year.html", tmp_path)
    text = "".join(page.extract_text() for page in PdfReader(target).pages)
    assert "Footnotes from" in text
    # The way round the site has no use on paper.
    assert "Previous" not in text.replace("\n", "")


def test_no_column_of_a_wide_table_is_cut_off_on_paper(tmp_path: Path) -> None:
    import pymupdf

    days = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
    times = "Morning Afternoon Evening Midnight Harbour Lighthouse Boathouse".split()
    source = tmp_path / "post.md"
    narrow = "| Day | Wind |\n|---|---|\n| Wednesday | A rather long sentence about the wind. |\n"
    wide = "\n".join(
        f"| {' | '.join(cells)} |" for cells in ([*days, *times], ["---"] * 14, ["northern"] * 14)
    )
    source.write_text(f"{wide}\n\n{narrow}", encoding="utf-8")
    clothbound.convert(source, tmp_path / "page.html")
    with pymupdf.open(print_page(tmp_path / "page.html", tmp_path)) as document:
        page = document[0]
        inside = [w for w in page.get_text("words") if w[0] > 0 and w[2] < page.rect.width - 20]
        assert len(inside) == len(page.get_text("words"))
        # As many letters as all cells have: words may be parted.
        letters = sum(len(w[4].strip("-\u2010")) for w in inside)
        assert letters == len("".join([*days, *times, "northern" * 14])) + sum(
            len(word)
            for word in "post Day Wind Wednesday A rather long sentence about the wind.".split()
        )
        assert "Wednesday" in [w[4] for w in inside]


@pytest.mark.parametrize("divider", ["---", "--:"])
def test_figures_of_twelve_months_are_whole_on_paper(tmp_path: Path, divider: str) -> None:
    import pymupdf

    months = "Place Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    figures = [f"{n}1,9{n}3" for n in range(1, 10)] + ["703.55"] * 3
    places = ("Gothenburg", "Marseille")
    lines = [months, [divider] * 13, *([place, *figures] for place in places)]
    source = tmp_path / "post.md"
    source.write_text("\n".join(f"| {' | '.join(cells)} |" for cells in lines), encoding="utf-8")
    clothbound.convert(source, tmp_path / "page.html")
    with pymupdf.open(print_page(tmp_path / "page.html", tmp_path)) as document:
        words = document[0].get_text("words")
        width = document[0].rect.width
    table = [word[4] for word in words]
    assert table[table.index("Place") :] == [*months, *(w for p in places for w in (p, *figures))]
    assert min(word[0] for word in words) > 40
    assert max(word[2] for word in words) < width - 40


def test_no_row_of_a_table_is_parted_on_paper(tmp_path: Path) -> None:
    import pymupdf

    source = tmp_path / "post.md"
    rows = "\n".join(f"| begin{n} | {'word ' * 60} end{n} |" for n in range(30))
    source.write_text(f"| Step | What |\n|---|---|\n{rows}\n", encoding="utf-8")
    clothbound.convert(source, tmp_path / "page.html")
    with pymupdf.open(print_page(tmp_path / "page.html", tmp_path)) as document:
        texts = [page.get_text().split() for page in document]
    assert len(texts) > 1
    assert all((f"begin{n}" in text) == (f"end{n}" in text) for n in range(30) for text in texts)


def test_dark_colours_do_not_reach_the_paper() -> None:
    """Not every browser prints in the light colours; what the dark ones change the print style sets again."""
    css = theme_file("page.css")
    dark = css[css.index("prefers-color-scheme: dark") : css.index("* { box-sizing")]
    paper = css[css.index("@media print") :]
    changed = set(re.findall(r"(--[\w-]+):", dark))
    assert len(changed) > 9
    assert changed <= set(re.findall(r"(--[\w-]+):", paper))
    assert "img { background: none; }" in paper


def test_a_note_comes_to_the_foot_of_the_window_when_its_mark_is_focused(tmp_path: Path) -> None:
    """The preview is CSS alone; it must not move the page."""
    words = tuple(b.Paragraph((i.Text("word " * 200),)) for _ in range(12))
    first = b.Paragraph((i.Text("A"), i.NoteRef("n")))
    note = Footnote("n", (b.Paragraph((i.Text("The note."),)),))
    clothbound.write(Post(Metadata(key="k"), (first, *words), (note,)), "html").save(
        tmp_path / "page.html"
    )
    page = (tmp_path / "page.html").read_text("utf-8")
    # Focus that is asked for by markup, since no script may run in the page.
    focused = page.replace('<a class="mark"', '<a autofocus class="mark"', 1)
    (tmp_path / "focused.html").write_text(focused, "utf-8")
    # Without a screen there is no mouse either, and the preview is for those who have one.
    mouse = "--blink-settings=primaryHoverType=2,availableHoverTypes=2"
    plain = Visit(tmp_path / "page.html", tmp_path / "plain", "800,800", mouse).picture()
    shown = Visit(tmp_path / "focused.html", tmp_path / "shown", "800,800", mouse).picture()
    assert plain.crop((0, 200, 800, 600)).tobytes() == shown.crop((0, 200, 800, 600)).tobytes()
    assert plain.crop((250, 740, 750, 800)).tobytes() != shown.crop((250, 740, 750, 800)).tobytes()


def test_nothing_in_a_chapter_runs_off_a_small_page(tmp_path: Path) -> None:
    """What a paged reader puts outside of its page cannot be reached."""
    word = "Unbroken" * 13
    tex = "x = " + " + ".join(f"a_{{{n}}} b^{{{n}}}" for n in range(40))
    post = Post(
        Metadata(key="k", title=word, subtitle=word),
        (
            b.Paragraph((i.Text(f"A {word} in a line, https://example.org/{word}/{word} and "),)),
            b.Paragraph((i.Code(word), i.Link((i.Text(word),), f"https://example.org/{word}"))),
            b.Heading((i.Text(word),), 2),
            b.List((b.ListItem((b.Paragraph((i.Text(word),)),)),)),
            b.DefinitionList(
                (b.DefinitionItem((i.Text(word),), ((b.Paragraph((i.Text(word),)),),)),)
            ),
            b.MathBlock(tex),
            b.Paragraph((i.Text("Within a line "), i.Math(tex), i.Text(" more."))),
        ),
    )
    clothbound.write(post, "epub").save(tmp_path / "book.epub")
    shutil.unpack_archive(tmp_path / "book.epub", tmp_path / "book", "zip")
    for name in ("k", "contents_page", "title_page"):
        page = tmp_path / "book" / "EPUB" / f"{name}.xhtml"
        shown = Visit(page, tmp_path / name, "400,1600").picture()
        width, height = shown.size
        assert shown.crop((width - 4, 0, width, height)).getcolors() == [
            (4 * height, (255, 255, 255))
        ], name


@pytest.mark.parametrize("rtl", [False, True])
def test_an_item_in_another_script_stands_beside_its_bullet(rtl: bool, tmp_path: Path) -> None:
    arabic, english = (b.Paragraph((i.Text(t),)) for t in ("رسالة من", "A letter"))
    others = (arabic, english) if rtl else (english, arabic)
    items = tuple(b.ListItem((p,)) for p in (others[0], others[0], others[0], others[1]))
    post = Post(Metadata(key="k", language="ar" if rtl else "en"), (b.List(items),))
    clothbound.write(post, "epub").save(tmp_path / "book.epub")
    shutil.unpack_archive(tmp_path / "book.epub", tmp_path / "book", "zip")
    visit = Visit(tmp_path / "book" / "EPUB" / "k.xhtml", tmp_path / "visit", "600,800")
    width, height = visit.picture().size
    far = (0, 100, width // 2, height) if rtl else (width // 2, 100, width, height)
    near = (width // 2, 100, width, height) if rtl else (0, 100, width // 2, height)
    white = ((255, 255, 255),)
    blank = (width // 2) * (height - 100)
    assert visit.picture().crop(far).getcolors() == [(blank, *white)]
    assert visit.picture().crop(near).getcolors() != [(blank, *white)]


def test_a_list_in_latin_script_stands_within_an_arabic_page(tmp_path: Path) -> None:
    items = tuple(b.ListItem((b.Paragraph((i.Text(t),)),)) for t in ("ctrl+x", "enter"))
    arabic = b.Paragraph((i.Text("ثم احفظ الملف من خلال الضغط على"),))
    post = Post(Metadata(key="k", language="ar"), (arabic, b.List(items)))
    clothbound.write(post, "epub").save(tmp_path / "book.epub")
    shutil.unpack_archive(tmp_path / "book.epub", tmp_path / "book", "zip")
    shown = Visit(tmp_path / "book" / "EPUB" / "k.xhtml", tmp_path / "visit", "600,800").picture()
    height = shown.size[1]
    # The bullets stand left of these columns, and the words right of them.
    assert shown.crop((24, 0, 33, height)).getcolors() == [(9 * height, (255, 255, 255))]
    assert len(shown.crop((0, 0, 24, height)).getcolors() or ()) > 1
