"""Holds products against their sources with the independent count, and cuts them to see that it notices."""

from __future__ import annotations

import ast
import json
import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from pypdf import PdfReader

import clothbound
from clothbound.cli import main
from clothbound.diagnostics import Diagnostic
from clothbound.model.slugs import WRITTEN_FILES
from clothbound.run import Run
from clothbound.verify import Comparison, compare_contents, read_product, read_sources
from clothbound.verify.content import Item, Kind, address_of, words_of
from clothbound.verify.markdown import strip_markdown
from clothbound.verify.markup import strip_html
from clothbound.verify.products import ProductContent, ProductPart
from clothbound.verify.sources import SourceText, content_of
from line_counts import lines_run

ROOT = Path(__file__).parents[1]
LETTERS = ROOT / "examples" / "letters"
EVERYONE = Run(audiences=("everyone", "only_paid", "only_free", "founding"))

# A few letters with notes, pictures, formulas, tables, embeds, and right-to-left and unspaced writing.
CHOSEN = "net-loft folding four-pots waterproof risala footnotes kanazawa 1998 storm".split()


def run(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as stopped:
        main([str(argument) for argument in arguments])
    return int(stopped.value.code or 0)


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("letters")
    for path in sorted(LETTERS.rglob("*.md")):
        if any(name in path.name for name in CHOSEN):
            (folder / path.name).write_bytes(path.read_bytes())
    (folder / "images").mkdir()
    for picture in LETTERS.glob("*/images/*"):
        (folder / "images" / picture.name).write_bytes(picture.read_bytes())
    return folder


def made(source: Path, product: Path, format: str) -> tuple[Diagnostic, ...]:
    posts = clothbound.read(source)
    return tuple(clothbound.write(posts, format, run=EVERYONE).save(product).diagnostics)


def compared(source: Path, product: Path, report: tuple[Diagnostic, ...] = ()) -> Comparison:
    return compare_contents(read_sources(source), read_product(product), lambda _: report)


NAMES = {"epub": "b.epub", "html": "b.html.d", "site": "site", "substack": "b.zip", "pdf": "b.pdf"}


@pytest.mark.parametrize("format", NAMES)
def test_nothing_is_missing_from_a_product(letters: Path, tmp_path: Path, format: str) -> None:
    report = made(letters, tmp_path / NAMES[format], format)
    result = compared(letters, tmp_path / NAMES[format], report)
    assert [str(d) for d in result.missing] == []
    assert len(result.present) == len(CHOSEN)
    assert result.left_out == ()
    assert result.counted.notes == 10
    assert result.counted.pictures == 3
    assert result.by_letters == 0


def rewritten(product: Path, change: Callable[[str], str]) -> None:
    """Changes the texts of a ZIP file."""
    with zipfile.ZipFile(product) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(product, "w") as archive:
        for name, data in files.items():
            text = name.endswith((".html", ".xhtml"))
            archive.writestr(name, change(data.decode()).encode() if text else data)


def cut(pattern: str) -> Callable[[str], str]:
    return lambda text: re.sub(pattern, "", text, flags=re.S)


PARAGRAPH = r"<p>My name is Marit Sande\..*?</p>"
NOTE_OF = {
    "epub": r"<aside(?:(?!</aside>).)*HADDOCK.*?</aside>",
    "site": r'<li id="fn:1"(?:(?!</li>).)*HADDOCK.*?</li>',
    "substack": r'<div class="footnote"(?:(?!</div>).)*HADDOCK.*?</div></div>',
}
PICTURE_OF = {
    "epub": r'<img[^>]*alt="A print of a small harbour[^>]*>',
    "site": r'<img[^>]*alt="A print of a small harbour[^>]*>',
    "substack": r'<img[^>]*alt="A print of a small harbour[^>]*>',
}


@pytest.mark.parametrize("format", NOTE_OF)
def test_what_a_script_cuts_out_is_named(letters: Path, tmp_path: Path, format: str) -> None:
    product = tmp_path / NAMES[format]
    report = made(letters, product, format)
    cuts = {
        "paragraph": (PARAGRAPH, "2021-01-08-the-net-loft.md:26", "Marit Sande. I bind books"),
        "note": (NOTE_OF[format], "2021-02-05-folding-a-sheet.md:", "[note] The back of the old"),
        "picture": (PICTURE_OF[format], "2021-01-08-the-net-loft.md:", "1 picture"),
    }
    if format == "substack":
        # The report says that an archive holds no pictures, but not that it lacks their descriptions.
        cuts["picture"] = (PICTURE_OF[format], "2021-01-08-the-net-loft.md:", "A print of a small")
    for what, (pattern, place, words) in cuts.items():
        before = product.read_bytes() if product.is_file() else b""
        changed = Counter[str]()

        def change(text: str, pattern: str = pattern, changed: Counter[str] = changed) -> str:
            new, count = re.subn(pattern, "", text, flags=re.S)
            changed["places"] += count
            return new

        pages = {p: p.read_text() for p in product.rglob("*.html")} if product.is_dir() else {}
        for page, text in pages.items():
            page.write_text(change(text))
        if not pages:
            rewritten(product, change)
        assert changed["places"] == 1, what
        (found,) = compared(letters, product, report).missing
        assert str(found).startswith(place), what
        assert words in found.message, what
        for page, text in pages.items():
            page.write_text(text)
        if not pages:
            product.write_bytes(before)


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_what_a_pdf_was_made_without_is_named(letters: Path, tmp_path: Path, engine: str) -> None:
    full = tmp_path / "full"
    full.mkdir()
    for name in ("2021-01-08-the-net-loft.md", "2021-02-05-folding-a-sheet.md"):
        (full / name).write_bytes((letters / name).read_bytes())
    shutil.copytree(letters / "images", full / "images")
    less = tmp_path / "less"
    less.mkdir()
    shutil.copytree(letters / "images", less / "images")
    loft = (full / "2021-01-08-the-net-loft.md").read_text()
    loft = re.sub(r"My name is Marit Sande\.[^\n]*", "", loft)
    loft = re.sub(r"<img [^>]*/>|<a href=.images.*?</a>", "", loft)
    (less / "2021-01-08-the-net-loft.md").write_text(loft)
    fold = (full / "2021-02-05-folding-a-sheet.md").read_text()
    fold = re.sub(r"\nThe back of the old fish-price board\.[^\n]*\n", "\n", fold)
    (less / "2021-02-05-folding-a-sheet.md").write_text(fold)
    options = clothbound.Pdf(engine=engine)
    product = tmp_path / "less.pdf"
    clothbound.write(clothbound.read(full), options).save(tmp_path / "full.pdf")
    report = tuple(clothbound.write(clothbound.read(less), options).save(product).diagnostics)
    assert compared(full, tmp_path / "full.pdf", report).missing == ()
    told = [str(d) for d in compared(full, product, report).missing]
    assert len(told) == 3
    assert "1 picture" in told[0]
    assert "Marit Sande. I bind books" in told[1]
    assert "The back of the old fish-price board" in told[2]


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_words_from_right_to_left_that_a_pdf_lacks_are_named(tmp_path: Path, engine: str) -> None:
    arabic = [
        "السلام عليكم ورحمة الله وبركاته. هذا نص عربي طويل يحتوي على كلمات مثل لا وإلى والأرض.",
        "كَتَبَ الطالبُ الدرسَ في المدرسةِ، ثم ذهب إلى الـ Raspberry Pi 5 مع ١٢٣ و456.",
        "وبناءً على ذلك شكرًا لجميع القراء الذين قرؤوا هذه الرسالة.",
    ]
    hebrew = "בְּרֵאשִׁית בָּרָא אֱלֹהִים אֵת הַשָּׁמַיִם וְאֵת הָאָרֶץ. זהו טקסט בעברית like these words 123."
    head = "---\ntitle: رسالة\nlang: ar\ndate: 2021-01-01\n---\n"
    source = tmp_path / "a.md"
    product = tmp_path / "a.pdf"

    def lacks(*paragraphs: str) -> Comparison:
        source.write_text(head + "\n\n".join(paragraphs))
        clothbound.write(clothbound.read(source), clothbound.Pdf(engine=engine)).save(product)
        source.write_text(head + "\n\n".join((*arabic, hebrew)))
        return compared(source, product)

    assert lacks(*arabic, hebrew).missing == ()
    (found,) = lacks(arabic[0], arabic[1], hebrew).missing
    assert found.line == 10
    assert found.text == arabic[2]
    (found,) = lacks(arabic[0].replace("طويل ", ""), *arabic[1:], hebrew).missing
    assert found.text == "طويل"


def test_hyphens_of_a_pdf_are_told_from_those_that_divide_words(tmp_path: Path) -> None:
    """Where a line ends within a word before the first hyphen of a text, Typst gives both the text of a soft hyphen."""
    source, product = tmp_path / "a.md", tmp_path / "a.pdf"
    words = "Incomprehensibilities notwithstanding internationalization characteristically misrepresents"
    source.write_text(
        f"---\nlang: en\n---\n\n{words}.\n\nWe mend $\\mu$-based and $\\phi$-free nets.\n"
    )
    clothbound.write(clothbound.read(source), clothbound.Pdf(engine="typst", page="5x8")).save(
        product
    )
    assert "\N{SOFT HYPHEN}based" in PdfReader(product).pages[0].extract_text()
    assert compared(source, product).missing == ()


def test_values_between_words_are_of_the_chapter_that_has_them(tmp_path: Path) -> None:
    """A post that has as text what another has by values of a template is not sought in the other's chapter."""
    old, new, product = tmp_path / "old.md", tmp_path / "new.md", tmp_path / "site"
    words = "net {} of the old loft by the north quay was mended by {} hands on a day in {} before the storm of {}"
    seasons = ("May", "June", "July", "August", "September", "October")
    text = " ".join(words.format("one", "her", month, n) for n, month in enumerate(seasons))
    size = "https cache example org pub nets {} size {} sum {}"
    sizes = " ".join(size.format(n, n + 40, n + 60) for n in (1, 2))
    new_text = " ".join(words.format("two", "his", month, n) for n, month in enumerate(seasons))
    old.write_text(f"{text} {sizes} {text[:60]}\n")
    new.write_text(
        f"{new_text} size {{{{ s.a }}}} sum {{{{ s.b }}}} size {{{{ s.c }}}} sum {{{{ s.d }}}} Then.\n"
    )
    product.mkdir()
    (product / "index.html").write_text("<html><body><h1>Nets</h1></body></html>")
    (product / "old.html").write_text(f"<p>{old.read_text()}</p>")
    for shown, lost in ((sizes, []), (sizes.replace("sum", "", 1), ["sum"])):
        (product / "new.html").write_text(f"<p>{new_text} {shown} Then.</p>")
        missing = compared(tmp_path, product).missing
        assert [(one.source, one.text) for one in missing] == [("new.md", w) for w in lost]


def test_a_caption_that_repeats_the_description_of_its_picture_counts_once(tmp_path: Path) -> None:
    """The second copy of its words hides no loss of theirs elsewhere."""
    source, product = tmp_path / "a.md", tmp_path / "b.epub"
    _write_picture(tmp_path / "a.png", (200, 30, 30))
    source.write_text(f"{LONG} nmcli device show.\n\n![Output of nmcli device show](a.png)\n")
    made(source, product, "epub")
    assert not compared(source, product).missing
    rewritten(product, cut(r" nmcli device show(?=\.)"))
    (lost,) = compared(source, product).missing
    assert lost.text == "nmcli device show."


def test_a_product_of_other_posts_is_not_complete(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, words in (
        ("own", "The ferry waits for nobody."),
        ("other", "Bread wants time alone."),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.md").write_text(f"---\ntitle: {name}\n---\n{words * 20}\n")
    product = tmp_path / "other.epub"
    clothbound.write(clothbound.read(tmp_path / "other"), "epub").save(product)
    assert run("check", tmp_path / "own", product) == 3
    said = capsys.readouterr().err
    assert "no post of the source is in it" in said
    assert "nothing is missing" not in said


def test_a_chapter_is_in_one_piece() -> None:
    """A post gets by values of a template what another has as text; that does not end its chapter in a PDF."""
    begin, end, between = ([f"{letter}{n}" for n in range(20)] for letter in "abc")
    formula = "cache example org pub nets two six"
    pieces = [f"size {n} sum {n + 60}" for n in range(12)]
    new = [*begin, *("size sum " * 4).split(), *end]
    old = [
        word
        for piece, own in zip(pieces, between, strict=False)
        for word in f"{formula} {own} {piece}".split()
    ]
    sources = [SourceText("new.md", tuple(words_of(" ".join(new))))]
    sources.append(SourceText("old.md", tuple(words_of(" ".join(old)))))
    values = " ".join(f"{formula} xz size {n} sum {n}" for n in range(70, 74))
    for shown, lost in ((values, []), (values.replace("sum", "", 1), ["sum"])):
        text = " ".join((*begin, shown, *end, *old))
        content = ProductContent("pdf", [ProductPart("", words_of(text))], is_paged=True)
        missing = compare_contents(sources, content).missing
        assert [(one.source, one.text) for one in missing] == [("new.md", word) for word in lost]


PAGE = (
    "/Span <</MCID 0>> BDC BT /F0 12 Tf 1 0 0 1 50 700 Tm (Loaded {words} proces) Tj ET EMC"
    " /Span <</MCID 1>> BDC BT /F0 12 Tf 1 0 0 1 250 700 Tm (\\255) Tj ET EMC"
    " /Artifact BMC BT /F0 9 Tf 1 0 0 1 50 20 Tm (7) Tj ET EMC q BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q"
)
"""A page whose last word goes on behind it, with a picture after its words."""


def test_a_word_that_goes_on_behind_a_page_is_whole(tmp_path: Path) -> None:
    words = "one two three four five six seven eight nine ten eleven twelve"
    source, product = tmp_path / "a.md", tmp_path / "a.pdf"
    source.write_text(f"Loaded {words} processed at last.\n")
    for second, lost in (("sed at last.", None), ("at last.", "processed")):
        pages = PAGE.replace("{words}", words), f"BT /F0 12 Tf 50 700 Td ({second}) Tj ET"
        _write_pdf(product, pages)
        missing = compared(source, product).missing
        assert [one.text for one in missing] == ([lost] if lost else [])


def test_words_that_a_hyphen_joins_and_a_page_divides_are_whole() -> None:
    """A line and a page end in "once-ubiquitous": both hyphens seem to be those of a divided word."""
    begin, end = (" ".join(f"{letter}{n}" for n in range(20)) for letter in "ab")
    link = Item(Kind.LINK, "a.example", 2)
    source = [*words_of(f"{begin} a once-ubiquitous style {end}"), link]
    for second, lost in (("tous", []), ("tious", ["once-ubiquitous"])):
        page = words_of(f"{begin} a once\u00adubiqui\u00ad")
        product = [*page, link, *words_of(f"{second} style {end}")]
        content = ProductContent("pdf", [ProductPart("", product)], is_paged=True)
        missing = compare_contents([SourceText("a.md", tuple(source))], content).missing
        assert [one.text for one in missing] == lost


def test_a_word_without_a_hyphen_that_goes_on_behind_a_page_is_whole(tmp_path: Path) -> None:
    """Code is divided without hyphens, and notes may stand between the halves; a half elsewhere is no half of it."""
    words = "one two three four five six seven eight nine ten eleven twelve"
    source, product = tmp_path / "a.md", tmp_path / "a.pdf"
    source.write_text(f"Loaded {words} periscope at last.[^1]\n\n[^1]: A note.\n")
    begin, end = f"Loaded {words} pe", "riscope at last."
    for first, second, is_lost in (
        (f"{begin} 1. A note.", end, False),
        (f"{begin} 1. A note.", "at last.", True),
        (f"Loaded {words} 1. A note.", end, True),
        (f"{begin} 1. A note.", f"But {end}", True),
        (f"{begin} 1. A note. {end}", "", True),
    ):
        texts = [f"BT /F0 12 Tf 50 700 Td ({text}) Tj ET" for text in (first, second)]
        _write_pdf(product, tuple(texts))
        missing = compared(source, product).missing
        assert [one.text for one in missing] == (["periscope"] if is_lost else [])


def test_what_stands_beside_its_neighbour_is_sought_there_first() -> None:
    """Three passages have words in common, between which a PDF has no links, and the product joins some of them."""
    passages = [" ".join(f"{letter}{n}" for n in range(12)) for letter in "abcd"]
    link = Item(Kind.LINK, "a.example", 1)
    goals = "rust lang rust project goals"
    items = words_of(passages[0])
    for number, passage in enumerate(passages[1:]):
        items += [link, *words_of(f"{goals} {number}91 {passage}")]
    shown = iter(("rustlang rust projectgoals", goals, "rustlangrust project goals"))
    whole = passages[0]
    for number, passage in enumerate(passages[1:]):
        whole += f" {next(shown)} {number}91 {passage}"
    for text, lost in (
        (whole, 0),
        (whole.replace("rust projectgoals", "rust goals"), 1),
        (whole.replace("lang rust project goals 191", "lang project goals 191"), 1),
    ):
        part = ProductPart("", [*words_of(text), link, link, link])
        product = ProductContent("pdf", [part], is_paged=True)
        found = compare_contents([SourceText("a.md", tuple(items))], product).missing
        assert len(found) == lost, [one.text for one in found]


def test_a_run_of_words_ends_with_its_document() -> None:
    """The last words of a chapter and the first ones of the next are no run of a post."""
    begin, end = (" ".join(f"{w}{n}" for n in range(20)) for w in ("a", "b"))
    tail = "by just calling it the standard within the project"
    sources = [
        SourceText("a.md", tuple(words_of(f"{tail} the members {begin}"))),
        SourceText("b.md", tuple(words_of(f"the next {end}"))),
    ]
    for first, lost in (("the members", []), ("members", ["a.md"])):
        parts = [
            ProductPart("a", words_of(f"{first} {begin} {tail}")),
            ProductPart("b", words_of(f"the next {end}")),
        ]
        missing = compare_contents(sources, ProductContent("markdown", parts)).missing
        assert [one.source for one in missing] == lost


def test_a_word_that_another_post_need_not_have_taken_is_found() -> None:
    """Where two posts meet, the first takes words of the second's in a row, since its own stand in another order."""
    first, middle, second = (" ".join(f"{letter}{n}" for n in range(20)) for letter in "abc")
    sources = [
        SourceText("a.md", tuple(words_of(f"{first} edit compose without {middle}"))),
        SourceText("b.md", tuple(words_of(f"docker compose now without box {second}"))),
    ]
    for own, lost in (("edit without compose", []), ("edit without", ["compose"])):
        text = f"{first} {own} {middle} docker now compose without box {second}"
        part = ProductPart("", words_of(text))
        found = compare_contents(sources, ProductContent("pdf", [part], is_paged=True)).missing
        assert [one.text for one in found] == lost  # of which of the two is not told


def _write_pdf(product: Path, contents: tuple[str, ...]) -> None:
    """Writes a PDF with pages of these contents, whose font F0 is Helvetica."""
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = PdfWriter()
    names = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    names["/Encoding"] = "/WinAnsiEncoding"
    font = DictionaryObject({NameObject(k): NameObject(v) for k, v in names.items()})
    fonts = DictionaryObject({NameObject("/F0"): font})
    for content in contents:
        page = writer.add_blank_page(width=600, height=800)
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        stream = DecodedStreamObject()
        stream.set_data(content.encode())
        page[NameObject("/Contents")] = writer._add_object(stream)
    writer.write(product)


def test_links_of_a_page_are_those_of_its_posts() -> None:
    """A page has its links behind its words; the next post takes none of them for one of its own."""
    words = "one two three four five six seven eight nine ten eleven twelve".split()
    own, other = Item(Kind.LINK, "a.example/1", 3), Item(Kind.LINK, "b.example/2", 0)
    first = words_of(" ".join(words))
    second = [*words_of(" ".join(f"{word}b" for word in words)), Item(Kind.LINK, "", 3)]
    sources = [SourceText("b.md", tuple(second)), SourceText("a.md", (own, *first))]
    whole = [*first, own, *second[:-1], other]
    for gone, lost in ((None, ()), (own, ("a.md",)), (other, ("b.md",))):
        page = [item for item in whole if item is not gone]
        product = ProductContent("pdf", [ProductPart("", page)], is_paged=True)
        missing = compare_contents(sources, product).missing
        assert tuple(one.source for one in missing) == lost


def test_a_link_of_a_pdf_is_sought_near_the_page_of_its_words() -> None:
    """A line of the contents, and a link to the same address on another page, hide no loss."""
    pages = [[f"{letter}{n}" for n in range(30)] for letter in "abcdef"]
    address, inside = Item(Kind.LINK, "a.example/1", 3), Item(Kind.LINK, "", 3)
    for link, others in ((address, [address]), (address, [inside]), (inside, [inside, address])):
        items = [item for words in pages for item in words_of(" ".join(words))]
        source = SourceText("a.md", (*items[:95], link, *items[95:]))
        for page, lost in ((1, 1), (2, 1), (3, 0), (4, 0), (5, 0), (6, 1)):
            for other in others:
                product: list[Item] = []
                for number, words in enumerate(pages, 1):
                    product += words_of(" ".join(words), number)
                    product += [other._replace(line=number)] * (number == page)
                content = ProductContent("pdf", [ProductPart("", product)], is_paged=True)
                assert len(compare_contents([source], content).missing) == lost, (link, other, page)


def test_a_picture_is_not_that_of_a_twin_which_was_made_without_it() -> None:
    """Of two posts with the same words, the second takes the picture of the first, unless the report says it has none."""
    words = words_of(" ".join(f"word{n}" for n in range(40)))
    picture = Item(Kind.PICTURE, "white.png", 3)
    sources = [SourceText(name, (*words, picture)) for name in ("a.md", "b.md")]
    code = clothbound.diagnostics.DiagnosticCode.IMAGE_MISSING
    told = Diagnostic(code, "picture white.png: no such file", "b.md", 3)
    for pictures, report, lost in (
        ([picture], (told,), []),
        ([], (told,), ["a.md"]),
        ([picture], (), ["a.md"]),
    ):
        pages = [*words, *words, *pictures]
        product = ProductContent("pdf", [ProductPart("", pages)], is_paged=True)
        names = {source.name for source in sources}
        found = compare_contents(sources, product, lambda _: report, names).missing  # noqa: B023
        assert [one.source for one in found] == lost


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_a_figure_that_draws_nothing_is_no_picture(tmp_path: Path, engine: str) -> None:
    """A script takes the picture out of the page and leaves its tag; another drawing takes not its place."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import ContentStream, NameObject

    _write_picture(tmp_path / "one.png", (90, 20, 60))
    source, product = tmp_path / "a.md", tmp_path / "a.pdf"
    source.write_text("---\ntitle: Boats\n---\nBefore it.\n\n![Harbour](one.png)\n\nBehind it.\n")
    clothbound.write(clothbound.read(source), clothbound.Pdf(engine=engine)).save(product)
    assert compared(source, product).missing == ()
    writer = PdfWriter(clone_from=PdfReader(product))
    for page in writer.pages:
        contents = page.get_contents()
        assert isinstance(contents, ContentStream)
        drawn = [(operands, sign) for operands, sign in contents.operations if sign == b"Do"]
        contents.operations = [one for one in contents.operations if one[1] != b"Do"]
        contents.operations += [([], b"q"), *drawn, ([], b"Q")]
        page[NameObject("/Contents")] = writer._add_object(contents)
    writer.write(product)
    (found,) = compared(source, product).missing
    assert "1 picture is not in the product: [picture one.png]" in found.message


def _write_picture(path: Path, colour: tuple[int, int, int]) -> None:
    from PIL import Image

    Image.new("RGB", (240, 160), colour).save(path)


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_a_picture_is_not_taken_for_another(tmp_path: Path, engine: str) -> None:
    """Pictures of other pages, and pictures that the report names, do not stand in for one that is cut out."""
    source, less = tmp_path / "full", tmp_path / "less"
    source.mkdir()
    less.mkdir()
    for folder in (source, less):
        for number in range(3):
            _write_picture(folder / f"{number}.png", (80 * number, 20, 60))
    words = "\n\n".join(
        f"Paragraph {n} tells of boats and of harbour number {n}." for n in range(60)
    )
    head = "---\ntitle: Boats\ndate: 2021-01-01\n---\n"
    pictures = [f"![Boat {n}]({n}.png)" for n in range(3)]
    text = f"{head}![Gone](gone.png)\n\n{words}\n\n{pictures[0]}\n\n{words}\n\n{pictures[1]}\n\n"
    text += f"{words}\n\n{pictures[2]}\n\nThe end of it.\n"
    (source / "boats.md").write_text(text)
    (less / "boats.md").write_text(text.replace(pictures[1], ""))
    options = clothbound.Pdf(engine=engine)
    for folder in (source, less):
        product = tmp_path / f"{folder.name}.pdf"
        report = clothbound.write(clothbound.read(folder), options).save(product).diagnostics
        assert len([d for d in report if d.code.value == "image-missing"]) == 1
        result = compared(source, product, tuple(report))
        told = [str(d) for d in result.missing]
        if folder == source:
            assert told == []
            assert result.explained == 1
        else:
            assert len(told) == 1
            assert "1 picture" in told[0]


@pytest.mark.parametrize("engine", ["typst", "weasyprint"])
def test_what_the_engine_of_a_pdf_left_out_is_not_missing(
    engine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Typst repeats the head of a table without its links."""
    source, product = tmp_path / "a.md", tmp_path / "a.pdf"
    source.write_text("# A\n\n| [far](https://far.example/) |\n|---|\n| 1 |\n\nWords here.\n")
    assert run("convert", source, "-t", "pdf", "-O", f"engine={engine}", "-o", product, "-q") == 0
    assert run("check", source, product) == 0, capsys.readouterr().err


def test_the_command_names_what_is_missing(
    letters: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    product, report = tmp_path / "b.epub", tmp_path / "report.json"
    assert run("convert", letters, "-o", product, "--report", report, "-q") == 0
    assert run("check", letters, product) == 0
    assert "nothing is missing" in capsys.readouterr().err
    rewritten(product, cut(PARAGRAPH))
    for more in ((), ("--explained-by", report)):
        assert run("check", letters, product, *more) == 3
        told = capsys.readouterr().err
        assert ("--explained-by takes the file" in told) == (not more)
        (line,) = (line for line in told.split("\n") if "content-missing" in line)
        assert line.startswith("2021-01-08-the-net-loft.md:26: error: ")
        assert "words are not in the product: My name is Marit Sande. I bind books: " in line
        assert "something is missing at 1 place" in told
    assert run("check", letters, product, "--report", tmp_path / "lost.json", "-q") == 3
    (lost,) = json.loads((tmp_path / "lost.json").read_text())
    assert [d["code"] for d in lost["diagnostics"]] == ["content-missing"]


def test_a_report_says_which_posts_the_product_has(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "posts"
    folder.mkdir()
    head = "---\ntitle: {}\ndate: 2023-01-01\n---\n"
    (folder / "long.md").write_text(head.format("Long") + "The page of the net loft is long.\n")
    (folder / "short.md").write_text(head.format("Page") + "(the net loft)\n")
    product, report = tmp_path / "b.epub", tmp_path / "report.json"
    assert run("convert", folder / "long.md", "-o", product, "--report", report, "-q") == 0
    # By its words alone the short one seems to be in the product, of which the long one needs all.
    assert run("check", folder, product) == 3
    assert "words are not in the product" in capsys.readouterr().err
    assert run("check", folder, product, "--explained-by", report) == 0
    assert "1 post of the source left out: short.md" in capsys.readouterr().err


def test_posts_that_are_kept_back_are_counted_by_their_reasons(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "posts"
    folder.mkdir()
    (folder / "hugo.toml").write_text('baseURL = "https://harbour.example/"\n')
    states = ("", "expiryDate: 2021-01-01", "expiryDate: 2022-01-01", "draft: true")
    content = folder / "content"
    content.mkdir()
    for n, state in enumerate(states):
        head = f"---\ntitle: Post {n}\ndate: 2020-01-01\n{state}\n---\n"
        (content / f"post-{n}.md").write_text(
            f"{head}{' '.join('abcd'[n] * k for k in range(2, 22))}\n"
        )
    product, report = tmp_path / "b.epub", tmp_path / "report.json"
    assert run("book", folder, "--all", "-o", product, "--report", report, "-q") == 0
    assert run("check", folder, product, "--explained-by", report) == 0
    told = capsys.readouterr().err
    assert "3 posts of the source left out: 2 posts (expired), 1 post (draft)" in told


def test_a_feed_leads_links_to_parts_of_its_posts_to_their_addresses(tmp_path: Path) -> None:
    """The feed gives a post one address, which may be on another host than those by which the posts call it."""
    head = "---\ntitle: {}\ndate: 2023-01-01\nurl: https://new.example/{}\n---\n"
    old = head.replace("---\ntitle", "---\naliases: [https://old.example/a]\ntitle", 1).format(
        "A", "a"
    )
    (tmp_path / "a.md").write_text(f"{old}{LONG}\n\n## Part\n\nOf a.\n")
    link = "[the part](https://old.example/a#part)"
    (tmp_path / "b.md").write_text(f"{head.format('B', 'b')}Other {LONG} {link} of it.\n")
    for target, lost in (("new.example/a#part", 0), ("new.example/nowhere#part", 1)):
        product = tmp_path.parent / "feed.xml"
        made(tmp_path, product, "rss")
        written = product.read_text()
        assert "https://new.example/a#part" in written
        product.write_text(written.replace("new.example/a#part", target))
        assert len(compared(tmp_path, product).missing) == lost


def test_only_the_files_of_expected_posts_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, report = tmp_path / "posts", tmp_path / "report.json"
    folder.mkdir()
    head = "---\ntitle: {}\ndate: 2023-01-01\n---\n"
    for name in ("one", "two"):
        (folder / f"{name}.md").write_text(head.format(name) + f"{LONG} of {name}.\n")
    product = tmp_path / "one.epub"
    run("convert", folder / "one.md", "-o", product, "--report", report, "-q")
    assert run("check", folder, product, "--explained-by", report) == 0
    assert "1 post of the source left out: two.md" in capsys.readouterr().err
    rewritten(product, lambda text: text.replace("eleven", "", 1))
    assert run("check", folder, product, "--explained-by", report) == 3
    assert "1 word is not in the product: eleven" in capsys.readouterr().err
    # A report of another source tells nothing of this one.
    report.write_bytes(report.read_bytes().replace(b"one.md", b"other.md"))
    assert run("check", folder, product, "--explained-by", report) == 3
    (folder / "gone.md").symlink_to(folder / "nowhere.md")
    with pytest.raises(clothbound.errors.ReadError):
        read_sources(folder)
    read = {text.name: len(text.items) > 20 for text in read_sources(folder, {"one.md"})}
    assert read == {"gone.md": False, "one.md": True, "two.md": False}


def test_galleries_without_their_pictures_are_told_apart(tmp_path: Path) -> None:
    captions = (
        "Sunburst over the river in spring",
        "Orange iris",
        "A log",
        "Boats at the old pier",
    )
    pictures = "\n\n".join(f"![{c}](https://a.example/{n}.jpg)" for n, c in enumerate(captions))
    for name, times in (("one", 3), ("two", 1), ("three", 2)):
        title = f"---\ntitle: The gallery of {name}\ndate: 2023-01-0{times}\n---\n"
        words = f"This is a test for the gallery of {name}, and it has {times} of them here.\n\n"
        text = "\n\nBetween.\n\n".join([pictures] * times)
        (tmp_path / f"{name}.md").write_text(f"{title}{words}{text}\n")
    product = tmp_path / "b.epub"
    report = made(tmp_path, product, "epub")
    assert not compared(tmp_path, product, report).missing


def test_posts_that_the_product_was_not_made_of_are_left_out(
    letters: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    product = tmp_path / "2022.epub"
    assert run("book", letters, "--year", "2022", "-o", product, "-q") == 0
    assert run("check", letters, product) == 0
    told = capsys.readouterr().err
    assert "6 posts of the source left out: 2021-01-08-the-net-loft.md" in told
    assert "3 posts, " in told
    # The options say which posts the book is to have.
    assert run("check", letters, product, "--year", "2022") == 0
    assert run("check", letters, product, "--year", "2021") == 3
    assert "the post is not in the product" in capsys.readouterr().err


def test_a_word_lost_from_a_short_post_is_found(tmp_path: Path) -> None:
    source, product = tmp_path / "posts", tmp_path / "a.html"
    source.mkdir()
    words = "One two three four five six seven eight nine ten eleven twelve thirteen."
    posts = {"a": words, "b": "Herring at the quay", "c": "Calm", "d": "Two copper kettles"}
    for name, text in posts.items():
        (source / f"{name}.md").write_text(f"{text}\n")
    product.write_text(f"<p>{words}</p><p>Herring at the quay</p>")
    whole = compared(source, product)
    assert (whole.present, whole.left_out) == (("a.md", "b.md"), ("c.md", "d.md"))
    assert not whole.missing
    product.write_text(f"<p>{words}</p><p>Herring at quay</p>")
    (found,) = compared(source, product).missing
    assert (found.source, found.text) == ("b.md", "the")
    product.write_text(f"<p>{words}</p><p>Copper kettles</p>")
    lost = compared(source, product)
    assert lost.left_out == ("b.md", "c.md")
    assert [(one.source, one.text) for one in lost.missing] == [("d.md", "Two")]
    product.write_text(f"<p>{words}</p><p>Kettles of copper</p>")
    assert compared(source, product).left_out == ("b.md", "c.md", "d.md")


def test_an_entry_that_names_no_address_is_of_one_link(tmp_path: Path) -> None:
    source, product = tmp_path / "a.md", tmp_path / "a.html"
    words = "One two three four five six seven eight nine ten eleven twelve thirteen. " * 2
    source.write_text(f"{words}\n\n[Two](https://a.example/?p=2) [three](https://a.example/3)\n")
    product.write_text(f"<p>{words}</p><p>Two three</p>")
    code = clothbound.diagnostics.DiagnosticCode.LINK_UNRESOLVED
    # The reader of an export counts the lines of its HTML, so the entry is of another one.
    entry = Diagnostic(code, "a link to a post that is not public was removed", "a.md", 1)
    (found,) = compared(source, product, (entry,)).missing
    assert found.message == "1 link is not in the product: [link a.example/3]"
    assert not compared(source, product, (entry, entry)).missing
    other = msgspec.structs.replace(entry, message="link to '#a': its target has no '#a'")
    (found,) = compared(source, product, (other,)).missing
    assert found.message.startswith("2 links are")


def test_links_into_a_pdf_are_those_that_the_report_does_not_name() -> None:
    words = words_of("one two three four five six seven eight nine ten eleven twelve")
    links = [Item(Kind.LINK, "", n, f"#part-{n}") for n in (1, 2, 3)]
    items = [item for pair in zip(links, words, strict=False) for item in pair]
    source = SourceText("a.md", (*items, *words[3:]))
    code = clothbound.diagnostics.DiagnosticCode.LINK_UNRESOLVED
    entry = Diagnostic(code, "link to '#part%2D1', which is not in the post", "a.md", 1)
    kept = Diagnostic(code, "link to '#part-1': it leads to the post", "a.md", 1)
    for count, report, lost in ((2, entry, ()), (1, entry, (3,)), (2, kept, (3,))):
        part = ProductPart("", [*words, *[Item(Kind.LINK, "", 0)] * count])
        product = ProductContent("pdf", [part], is_paged=True)
        missing = compare_contents([source], product, lambda _, report=report: (report,)).missing
        assert tuple(one.line for one in missing) == lost


def test_typst_names_the_links_that_a_pdf_cannot_have(tmp_path: Path) -> None:
    source, product = tmp_path / "a.md", tmp_path / "a.pdf"
    words = "One two three four five six seven eight nine ten eleven twelve thirteen."
    long = f"https://a.example/{'a' * 5000}"
    source.write_text(f"{words} <http://[2001:db8::]/path> [long]({long}).\n")
    options = clothbound.Pdf(engine="typst")
    report = tuple(clothbound.write(clothbound.read(source), options).save(product).diagnostics)
    assert not compared(source, product, report).missing
    (told,) = [d for d in report if d.code is clothbound.diagnostics.DiagnosticCode.LINK_UNRESOLVED]
    assert "too long for a PDF" in told.message
    (missing,) = compared(source, product).missing
    assert missing.message.startswith("1 link is not in the product: [link a.example/aaa")


def test_a_plan_says_which_posts_the_product_is_to_have(
    letters: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan, product = tmp_path / "book.toml", tmp_path / "b.epub"
    plan.write_text(f'[book]\ntitle = "T"\n[posts]\nsource = "{letters}"\nyear = 2021\n')
    assert run("book", plan, "-o", product, "-q") == 0
    assert run("check", plan, product) == 0
    assert "5 posts, " in capsys.readouterr().err
    assert run("book", letters, "--year", "2022", "-o", product, "-q") == 0
    assert run("check", plan, product) == 3


def test_a_plan_says_what_the_product_was_made_without(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The output of a plan leaves out what ends many posts; another output of its format does not."""
    folder = tmp_path / "posts"
    folder.mkdir()
    for n in range(6):
        words = " ".join("abcdef"[n] * (k + 2) for k in range(20))
        text = f"---\ntitle: Post {n}\ndate: 2023-01-0{n + 1}\n---\n{words}.\n\nThanks for reading the Harbour.\n"
        (folder / f"{n}.md").write_text(text)
    plan = tmp_path / "book.toml"
    plan.write_text(
        '[book]\ntitle = "T"\n[posts]\nsource = "posts"\n'
        '[[output]]\npath = "whole.epub"\n'
        '[[output]]\npath = "b.epub"\noptions = { leave_out_repeated = true }\n'
    )
    assert run("book", plan, "-q") == 0
    assert run("check", plan, tmp_path / "whole.epub") == 0
    assert run("check", plan, tmp_path / "b.epub") == 0
    assert "nothing is missing, 30 left out as the report says" in capsys.readouterr().err
    rewritten(tmp_path / "b.epub", cut("dddd(?!d)"))
    assert run("check", plan, tmp_path / "b.epub") == 3


def test_a_report_explains_only_the_words_that_it_names(tmp_path: Path) -> None:
    source, product = tmp_path / "a.md", tmp_path / "a.html"
    words = "One two three four five six seven eight nine ten eleven twelve thirteen. " * 2
    source.write_text(f"{words}\n\nGone are these words.\n\nAnd these too.\n")
    product.write_text(f"<p>{words}</p>")
    code = clothbound.diagnostics.DiagnosticCode.NODE_DROPPED
    entry = Diagnostic(code, "left out", "a.md", 3, text="Gone are these words.")
    (found,) = compared(source, product, (entry,)).missing
    assert (found.line, found.text) == (5, "And these too.")
    other = msgspec.structs.replace(entry, source="b.md")
    assert len(compared(source, product, (other,)).missing) == 1
    assert compared(source, product, (other,)).missing[0].line == 3


LONG = "One two three four five six seven eight nine ten eleven twelve thirteen. " * 2


@pytest.mark.parametrize(
    ("code", "message", "text"),
    [
        ("link-unresolved", "link to '/one', which is not a post", ""),
        ("node-dropped", "a button was left out", "/one"),
        ("link-unresolved", "a link to a post that is not public was removed", "First"),
        ("node-simplified", "links are kept as words: /one", ""),
        ("node-chrome", "a form was left out", "First"),
        ("image-missing", "picture one.png: it is not there", ""),
    ],
)
def test_an_entry_explains_what_it_is_about_alone(
    tmp_path: Path, code: str, message: str, text: str
) -> None:
    """Another link and another picture on the same line, with an address that begins alike, are missing."""
    source, product = tmp_path / "a.md", tmp_path / "a.html"
    source.write_text(
        f"{LONG}\n\n[First](/one) goes on [second](/one-more) ![](one.png)![](one.png.png) at last.\n"
    )
    gone = "First" if code == "node-chrome" else ""
    product.write_text(f"<p>{LONG}</p><p>First goes on second at last.</p>".replace(gone, ""))
    entry = Diagnostic(clothbound.diagnostics.DiagnosticCode(code), message, "a.md", 3, text=text)
    result = compared(source, product, (entry,))
    told = " ".join(one.text for one in result.missing)
    assert result.explained == (2 if gone else 1)
    assert "/one-more" in told
    assert "one.png.png" in told
    assert ("[link /one]" in told) == (code == "image-missing")


def test_an_entry_is_of_what_its_line_has_twice() -> None:
    """A page of a site has a word of a form that was left out twice, elsewhere."""
    form = "The Net Loft is for readers, so consider to become a subscriber. Subscribe"
    source = SourceText("a.html", tuple(words_of(f"{LONG} {form} more {form}", 1)))
    kind = clothbound.diagnostics.DiagnosticCode.NODE_CHROME
    entry = Diagnostic(kind, "a subscribe form was left out", "a.html", 1, text=form)
    for kept, lost in (("Subscribe", 0), ("The Net Loft consider", 1)):
        part = ProductPart("a.html", words_of(f"{LONG} more {kept}"))
        product = ProductContent("site", [part])
        assert len(compare_contents([source], product, lambda _: [entry]).missing) == lost


def test_a_tweet_of_a_page_is_one_link() -> None:
    tweet = (
        '<div class="tweet"><a class="tweet-link-top" href="https://x.example/1">Salt</a>'
        '<a class="tweet-link-bottom" href="https://x.example/1"><div class="tweet-footer">'
        '<span class="tweet-date">3:40 PM</span></div></a></div>'
    )
    assert [(i.kind.value, i.value) for i in strip_html(tweet)] == [
        ("link", "x.example/1"),
        ("word", "salt"),
    ]


def test_a_link_to_a_hidden_post_is_told_by_its_length(tmp_path: Path) -> None:
    source, product = tmp_path / "posts", tmp_path / "a.epub"
    source.mkdir()
    head = "---\ntitle: {}\ndate: 2023-01-01\n{}---\n"
    line = "See [hidden.md](hidden.md) and go on from there."
    (source / "open.md").write_text(head.format("Open", "") + f"{LONG}\n\n{line}\n")
    (source / "hidden.md").write_text(head.format("Hidden", "draft: true\n") + "Nobody sees it.\n")
    book = clothbound.book(clothbound.read(source))
    artifact = clothbound.write(book, "epub")
    artifact.save(product)
    report = tuple(artifact.report.diagnostics)
    (entry,) = [one for one in report if one.code.value == "node-dropped"]
    assert entry.text == "\N{FULL BLOCK}"
    assert "hidden" not in entry.message
    result = compared(source, product, report)
    assert [str(one) for one in result.missing] == []
    rewritten(product, cut(" and go on"))
    (found,) = compared(source, product, report).missing
    assert found.text == "and go on"


def test_a_picture_that_a_server_fetches_is_named_by_its_own_address() -> None:
    own = "https://post-media.example/public/images/a_{}.jpeg"
    fetched = "https://substackcdn.com/image/fetch/w_474,c_limit,q_auto:good/https%3A%2F%2Fpost-media.example%2Fpublic%2Fimages%2Fa_1.jpeg"
    source = SourceText("a.html", (*words_of(LONG), Item(Kind.PICTURE, fetched, 9)))
    content = ProductContent("epub", [ProductPart("a", words_of(LONG))])
    code = clothbound.diagnostics.DiagnosticCode.IMAGE_REMOTE
    for number, lost in ((1, 0), (2, 1)):
        message = f"picture {own.format(number)}: it is on the network, and was not fetched"
        entry = Diagnostic(code, message, "a.html", 3)
        report = (entry,)
        found = compare_contents([source], content, lambda _, report=report: report).missing
        assert len(found) == lost


def test_what_has_no_words_is_named_by_its_address() -> None:
    from clothbound.context import Context
    from clothbound.diagnostics import Outcome
    from clothbound.model import blocks as b
    from clothbound.model import inlines as i

    post = clothbound.Post()
    context = Context()
    context.open_account(post)
    figure = b.Figure(i.Image("boat.png"), href="https://a.example/boat")
    context.account(Outcome.DROPPED, post, figure, "a picture was left out")
    (entry,) = context.diagnostics
    assert entry.text.split() == ["https://a.example/boat", "boat.png"]


def test_links_between_pictures_that_are_missing_are_found(tmp_path: Path) -> None:
    """All pictures of a passage are missing, and the links around them are not."""
    source, product = tmp_path / "a.md", tmp_path / "a.html"
    links = [f"https://a.example/{n}" for n in range(4)]
    pictures = "\n\n".join(f"[![]({n}.png)]({link})" for n, link in enumerate(links))
    source.write_text(f"{LONG}\n\n{pictures}\n")
    shown_links = "".join(
        f'<p><a href="{link}">a.example/{n}</a></p>' for n, link in enumerate(links)
    )
    product.write_text(f"<p>{LONG}</p>{shown_links}")
    (found,) = compared(source, product).missing
    assert found.message.startswith("4 pictures are not in the product")


def shown(text: str, *, has_wikilinks: bool = True) -> str:
    return " ".join(
        item.value or "-" if item.kind is Kind.WORD else f"{item.kind.value}={item.value}"
        for item in strip_markdown(text, has_wikilinks=has_wikilinks)
    )


@pytest.mark.parametrize(
    ("markdown", "content"),
    [
        ("**Q**uire *and* `code_x`", "quire and code x"),
        (
            '[Calls]({{< tmp "events/call.md" >}} "The calls of May"), then',
            "link= calls then",
        ),
        (
            '{{< img src="a" alt="A quay." caption="A [quay](https://a.example)" >}}',
            "a link=a.example quay",
        ),
        ('say {{< highlight go "inline=true, x=no" >}}a b{{< /highlight >}} c', "say a b c"),
        ('{{< img src="a" alt="A pier" caption="A quay" >}}', "a pier a quay"),
        (
            '![Look at [it](https://a.example "T")](b.png)',
            "picture=b.png look at it link=a.example",
        ),
        ('[a b](https://www.x.org/y "t") c', "link=x.org/y a b c"),
        ("[a][r]\n\n[r]: https://x.org", "link=x.org a"),
        ("[a](https://x.org/b /c) d", "link=x.org/b/c a d"),
        ("[a](see b or c) d", "a see b or c d"),
        ("[a][r]\n\n[r]: https://x.org/a#b:", "link=x.org/a#b: a"),
        ("![alt *text*](p.png){.c}", "picture=p.png alt text"),
        ("word[^1] on\n\n[^1]: The *note*.", "word on note= the note"),
        ("in^[A note.] line", "in note= a note line"),
        ('::: {.x a="b c"}\ninside\n:::', "inside"),
        ("[1](#footnote-1){#footnote-anchor-1 .footnote-anchor} after", "after"),
        (": A caption {#tbl-a .striped}", "a caption"),
        ("$$\na\n$$ {#eq-a}", "a"),
        ("```python\nx = `a` [b](c)\n```", "x a b c"),
        ("    code [b](c)", "code b c"),
        ("- [x] done\n- next", "done next"),
        ("1.  one\n2.  two", "one two"),
        ("H~2~O x^2^", "h2o x2"),
        ("$\\frac{a}{b}$ costs $5 and $6", "frac a b costs 5 and 6"),
        ("a &amp; b &eacute;", "a b é"),
        ("<span class='x'>in</span> <!-- not\nthis --> <b>bold</b>", "in bold"),
        ("<script>no()</script> yes", "yes"),
        ('{{< figure src="a.png" caption="Shown" >}}', "shown"),
        ("[[Page|label]] ![[p.png]]", "link= label picture=p.png"),
        ("[[Bug #1]](https://x.org) b", "link=x.org bug 1 b"),
        ("[a][1] b\n\n[1]: {{ site.url }}/c", "link= a b"),
        ("[a]({% post_url 2021-01-10-loaf %}#b) c", "a c"),
        ("[a]({{ '/b.png' | relative_url }}) ![c]({{ \"/d.png\" | absolute_url }})", "a c"),
        ("It isn\\'t \\*so\\*", "it isnt so"),
        (
            "<!-- not\n\nthis -->\n[a][r] b\n<!-- nor --> <!-- this -->\n[r]: https://x.org",
            "link=x.org a b",
        ),
        ("<pre>\nx `a &lt;b&gt;`\n\n[c](d)\n</pre>\nend", "x a b c d end"),
        ("[a][r]\n\n[r]:\n  https://x.org", "link=x.org a"),
        ("[the\n#5](https://x.org)", "link=x.org the 5"),
        (
            "types![^1]\n\n[^1]: A note.\n\n    [b](https://x.org) c",
            "types note= a note link=x.org b c",
        ),
        (
            '[a]({{< ref "b.md" >}} "C") <a href="{{< ref "b.md" >}}" rel="d">e</a>',
            "link= a link= e",
        ),
        ("  1. one\n\n    [a](https://x.org)", "one a https x org"),
        ("1. one\n\n    [a](https://x.org)", "one link=x.org a"),
        ("青い波", "青 い 波"),
    ],
)
def test_markdown_without_its_markup(markdown: str, content: str) -> None:
    assert shown(markdown) == content


def test_a_box_has_its_title_as_markdown_and_a_definition_begins_with_blocks() -> None:
    assert shown('::: {.callout-note title="[One](https://a.example) two"}\nthree\n:::') == (
        "link=a.example one two three"
    )
    text = "Term\n:   ::: {.file}\n\n    [Chart](chart.pdf)\n\n    :::\n\n:   ```x\n    code\n    ```\n"
    assert shown(text) == "term link= chart code"


def test_a_post_of_two_words_that_is_meant_to_be_there_is_there() -> None:
    sources = [SourceText("a.md", tuple(words_of("About Page"))), SourceText("b.md", ())]
    for page, lost in (("About by Ada Page", 0), ("About by Ada", 1)):
        product = ProductContent("site", [ProductPart("a.html", words_of(page))])
        assert len(compare_contents(sources, product, expected={"a.md"}).missing) == lost


def test_an_indented_definition_is_code_outside_of_items() -> None:
    assert shown("See [once][] [not][].\n\n   [once]: /a\n    [not]: /b\n") == (
        "see link= once not not b"
    )
    assert shown("- See [it][].\n\n    [it]: /a\n") == "see link= it"


def test_what_two_posts_share_may_have_been_taken_from_either() -> None:
    """Two posts of a PDF hardly differ, and the marks of notes part other words in each."""
    words = [f"{LONG} harbour {n} lamp ex eap commodo. {LONG} quay".split() for n in "ab"]
    sources = [SourceText(f"{n}.md", tuple(words_of(" ".join(w)))) for n, w in enumerate(words)]
    first, second = (" ".join(w) for w in words)
    second = second.replace("ex eap", "ex[1] eap[2]")
    for gone, lost in ((False, 0), (True, 1)):
        text = f"{first} {second.replace('lamp ', '') if gone else second}"
        product = ProductContent("pdf", [ProductPart("", words_of(text))], is_paged=True)
        assert len(compare_contents(sources, product).missing) == lost


def test_a_number_behind_a_hyphen_at_the_end_of_a_line_is_no_mark_of_a_note() -> None:
    source = SourceText("a.md", tuple(words_of(f"{LONG} of COVID-19 and more of it")))
    for written, lost in (("COVID19", 0), ("COVID", 1), ("COVID-18", 1)):
        part = ProductPart("", words_of(f"{LONG} of {written} and more of it"))
        product = ProductContent("pdf", [part], is_paged=True)
        assert len(compare_contents([source], product).missing) == lost


def test_the_name_of_no_note_is_the_text_of_a_link() -> None:
    assert shown("[^ab12](b.md#ab12) stays") == "link= ab12 stays"
    assert shown("[^ab12](b.md#ab12) stays\n\n[^ab12]: Note.") == "b md ab12 stays note= note"


def test_an_address_has_spaces_and_escaped_brackets() -> None:
    assert (
        shown("[us](mailto:a@b.org?subject=The Data)_.") == "link=mailto:a@b.org?subject=thedata us"
    )
    links = strip_markdown(r"[a](<https://x.org/b/\>>) [c](<d e.md>)", is_product=True)
    assert [item.shown for item in links if item.kind is Kind.LINK] == [
        "https://x.org/b/>",
        "d e.md",
    ]


def test_a_definition_comes_before_a_heading_of_its_name() -> None:
    text = "[templates][nesting]\n\n# Nesting\n\n[nesting]: /b/#nesting\n[templates]: /a/\n"
    assert [item.shown for item in strip_markdown(text) if item.kind is Kind.LINK] == [
        "/b/#nesting"
    ]


def test_double_brackets_are_links_in_a_vault_alone() -> None:
    assert shown("[[Bug 1]] ![[p.png]]", has_wikilinks=False) == "bug 1 p png"
    defined = "[[bug]]\n\n[bug]: https://x.org"
    assert shown(defined, has_wikilinks=False) == "link=x.org bug"


def test_a_picture_of_a_product_has_the_address_to_which_it_leads() -> None:
    leads = strip_markdown('![](a.jpg){fields="{\\"href\\":\\"b.jpg\\"}"}', is_product=True)
    assert [item.kind for item in leads] == [Kind.LINK, Kind.PICTURE]
    assert [i.kind for i in strip_markdown("![](a.jpg)", is_product=True)] == [Kind.PICTURE]


def test_lines_are_those_of_the_source() -> None:
    items = strip_markdown("one\n\n[two\nthree](x)\n\n<p>\nfour\n</p>\n\n```\nfive\n```\n", line=10)
    assert [(i.value, i.line) for i in items if i.kind is Kind.WORD] == [
        ("one", 10), ("two", 12), ("three", 13), ("four", 16), ("five", 20),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "title"),
    [
        ("---\ntitle: 'It''s \"so\"'\n---\n", "its so"),
        ("---\ntitle: 'A&#8217;s'\n---\n", "as"),
        ("+++\ntitle = '''The \"b\" isn't'''\n+++\n", "the b isnt"),
        ("---\ntitle: >-\n  Two\n  lines\nsubtitle: Three\n---\n", "two lines three"),
    ],
)
def test_titles_of_headers(header: str, title: str) -> None:
    found = content_of(f"{header}end\n".encode(), ".md")
    assert " ".join(item.value for item in found) == f"{title} end"


def test_a_title_that_a_text_repeats_counts_once_but_where_an_empty_span_keeps_it() -> None:
    header = "---\ntitle: A walk\n---\n\n"
    scraped, own = (
        [item.value for item in content_of(f"{header}{mark}# A walk\n\nEnd\n".encode(), ".md")]
        for mark in ("", "[]{}\n\n")
    )
    assert scraped == ["a", "walk", "end"]
    assert own == ["a", "walk", "a", "walk", "end"]


def test_html_without_its_markup() -> None:
    page = (
        "<nav>no</nav><p>W<b>or</b>d<sup><a href='#n' role='doc-noteref'>1</a></sup></p><p>next"
        "<a href='https://x.org'></a><img src='p.png' alt='A b'></p>"
        "<section role='doc-endnotes'><ol><li>The note <a role='doc-backlink'>b</a></li></ol></section>"
    )
    assert [(i.kind.value, i.value) for i in strip_html(page)] == [
        ("word", "word"), ("word", "next"), ("picture", "p.png"), ("word", "a"), ("word", "b"),
        ("note", ""), ("word", "the"), ("word", "note"),
    ]  # fmt: skip


def test_words_are_letters_without_case_and_signs() -> None:
    assert [i.value for i in words_of("It’s ﬁne, co\u00adoperate — Ça")] == [
        "its", "fine", "cooperate", "ça",
    ]  # fmt: skip
    assert address_of("%20https://WWW.X.org/a/%0A") == address_of("http://x.org/a")
    assert address_of("../other.md") == ""


def test_a_feed_and_a_page_are_sources(tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    text = " ".join(f"word{n}" for n in range(40))
    feed.write_text(
        "<rss version='2.0'><channel><title>T</title><item><title>First</title>"
        f"<link>https://x.org/1</link><description>&lt;p&gt;{text}&lt;/p&gt;</description>"
        # libxml2 takes the first of these names, which is no address, because of the second; lxml refuses it then.
        "<a xmlns='http://a/{a}b'/><a xmlns='b'/></item></channel></rss>"
    )
    page = tmp_path / "page.html"
    page.write_text(f"<html><body><article><p>First {text}</p></article></body></html>")
    for source in (feed, page):
        made(source, tmp_path / "b.epub", "epub")
        result = compared(source, tmp_path / "b.epub")
        assert result.missing == ()
        assert len(result.present) == 1
        assert result.counted.words >= 41


@pytest.mark.parametrize("name", ["a.html", "a.xml"])
def test_cyrillic_without_its_encoding_is_read_as_the_readers_do(name: str, tmp_path: Path) -> None:
    words = "Это запись о море и о ветре, и её читают все, кто хочет."
    page = f"<html><body><article><h1>Ветер</h1><p>{words}</p></article></body></html>"
    item = f"<item><title>Ветер</title><description>{words}</description></item>"
    feed = f"<?xml version='1.0' encoding='UTF-8'?><rss><channel>{item}</channel></rss>"
    source = tmp_path / name
    source.write_bytes((page if name == "a.html" else feed).encode("windows-1251"))
    made(source, tmp_path / "b.epub", "epub")
    result = compared(source, tmp_path / "b.epub")
    assert (result.missing, len(result.present)) == ((), 1)


def test_pages_of_a_folder_and_in_another_encoding_are_sources(tmp_path: Path) -> None:
    folder, product = tmp_path / "pages", tmp_path / "both.html"
    folder.mkdir()
    russian = "Слова первой страницы стоят здесь, и их довольно много для одной страницы."
    german = "Wörter der zweiten Seite stehen hier, und es sind genug für eine Seite."
    head = "<meta charset='windows-1251'>"
    (folder / "one.html").write_text(f"{head}<p>{russian}</p>", encoding="windows-1251")
    (folder / "two.htm").write_text(f"<p>{german}</p>", encoding="cp1252")
    product.write_text(f"<p>{russian}</p><p>{german}</p>")
    result = clothbound.compare(folder, product)
    assert (result.missing, result.present) == ((), ("one.html", "two.htm"))
    product.write_text(f"<p>{russian}</p><p>{german.replace('genug', '')}</p>")
    assert [str(d) for d in clothbound.compare(folder, product, posts=["two.htm"]).missing] == [
        "two.htm:1: error: 1 word is not in the product: genug [content-missing]"
    ]


@pytest.mark.parametrize("extension", WRITTEN_FILES)
def test_every_file_that_readers_take_for_a_post_is_counted(extension: str, tmp_path: Path) -> None:
    name = f"boats{extension}"
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / name).write_text("Words of boats.\n")
    with zipfile.ZipFile(tmp_path / "posts.zip", "w") as packed:
        packed.write(tmp_path / "posts" / name, name)
    for source in (tmp_path / "posts", tmp_path / "posts.zip"):
        assert [one.name for one in read_sources(source)] == [name]


def test_the_count_imports_nothing_of_what_it_judges() -> None:
    for path in (ROOT / "src" / "clothbound" / "verify").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.level == 2:
                assert node.module in ("errors", "diagnostics", "lazy_pattern"), path.name
            elif isinstance(node, ast.ImportFrom | ast.Import):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                names += [alias.name for alias in getattr(node, "names", ())]
                assert not any(name.startswith("clothbound") for name in names), path.name


def test_lists_of_attributes_are_no_words() -> None:
    text = '* TOC\n{:toc}\n\nOne\n{: .a #b}\n\n*two*{:.c} `{:.d}` and {: not}\n\n```\n{: .e}\n```\n\n{::options x="y" /}\n'
    assert shown(text) == "one two d and not e"


def test_what_is_only_defined_is_no_word() -> None:
    text = (
        "# One two [own]\n\n[TOC]\n\nSee [][One two], [it][one two], [that][own] and HTML ![p][q].\n\n"
        '*[HTML]: Hyper Text\n[q]: a b.png\n[r]: c.png "T" width=40px\n'
    )
    assert shown(text) == "one two see one two it that and html picture=a b.png p"


def test_boxes_of_mkdocs_are_their_words() -> None:
    text = '!!! note "A title"\n\n    One [two](x.md)\n\n    ??? tip\n        Three\n\n=== "Tab"\n\n    Four\n\nFive\n'
    assert shown(text) == "a title one link= two three tab four five"


def test_titles_of_files_in_a_bundle_are_not_those_of_the_post() -> None:
    text = '+++\ntitle = "A"\n[[resources]]\nsrc = "a.jpg"\ntitle = "Of a file"\n[extra]\nsubtitle = "B"\n+++\n\nText.\n'
    words = [item.value for item in content_of(text.encode(), ".md")]
    assert words == ["a", "b", "text"]


def _short_posts(count: int) -> tuple[list[SourceText], ProductContent]:
    """Returns posts without a run of words of their own, beside long ones, and a product that lacks a word of each."""
    sources, parts = [], []
    for n in range(count):
        long = words_of(" ".join(f"w{n}x{k} of the" for k in range(40)))
        short = words_of(f"the note{n} by hand{n} and gone{n}")
        for name, items in ((f"{n}.md", long), (f"s{n}.md", short)):
            sources.append(SourceText(name, tuple(items)))
            lacking = [item for item in items if not item.value.startswith("gone")]
            parts.append(ProductPart(name, lacking))
    # Pages that no post is of, such as lists of all posts.
    parts += [ProductPart("list", words_of(f"note by {n} and the")) for n in range(10 * count)]
    return sources, ProductContent("site", parts)


def _lines_of_comparison(count: int) -> int:
    """Returns how many lines run when so many posts are compared."""
    sources, product = _short_posts(count)
    found = []

    def compare() -> None:
        expected = {source.name for source in sources}
        found.extend(compare_contents(sources, product, expected=expected).missing)

    lines = lines_run(compare)
    assert [one.text for one in found] == [f"gone{n}" for n in range(count)]
    return lines


def test_the_work_of_a_comparison_grows_with_the_posts_alone() -> None:
    few, many = _lines_of_comparison(20), _lines_of_comparison(60)
    assert many < 3.3 * few


def test_a_number_behind_a_hyphen_is_no_mark_of_a_note() -> None:
    words = "one two three four five six seven eight nine ten"
    source = words_of(f"{words} GPT-4 and more")
    source.insert(10, Item(Kind.LINK, "a.example", 1))
    product = [*words_of(f"{words} GPT4 and more"), Item(Kind.LINK, "a.example", 0)]
    content = ProductContent("pdf", [ProductPart("", product)], is_paged=True)
    assert compare_contents([SourceText("a.md", tuple(source))], content).missing == ()


def test_words_where_two_posts_meet_are_of_the_post_that_they_stand_in() -> None:
    """The first post has its words in another order, as a line from right to left has them."""
    begin = " ".join(f"first{n}" for n in range(20))
    end = " ".join(f"last{n}" for n in range(20))
    other = " ".join(f"other{n}" for n in range(20))
    texts = f"{begin} docker compose {end}", f"gap docker compose {other}"
    sources = [SourceText(f"{n}.md", tuple(words_of(text))) for n, text in enumerate(texts)]
    for own, lost in (("compose docker", []), ("docker", [("0.md", "compose")])):
        page = words_of(f"{begin} {own} {end} gap docker compose 7 {other}")
        content = ProductContent("pdf", [ProductPart("", page)], is_paged=True)
        missing = compare_contents(sources, content).missing
        assert [(one.source, one.text) for one in missing] == lost


def test_a_run_that_a_product_has_more_often_than_its_post_tells_nothing() -> None:
    """A template fills in addresses that only another post spells out."""
    address = "https cache a org pub two tar gz"
    first, second, third = (" ".join(f"{letter}{n}" for n in range(40)) for letter in "abc")
    sizes = " ".join("size sum" for _ in range(3))
    sources = [
        SourceText("a.md", tuple(words_of(f"{first} {address} {address}"))),
        SourceText("b.md", tuple(words_of(f"{second} {sizes}"))),
        SourceText("c.md", tuple(words_of(third))),
    ]
    filled = " ".join(f"{address} size {n} sum x{n}" for n in range(3))
    for own, lost in ((filled, []), (filled.replace("sum x2", ""), [("b.md", "sum")])):
        text = f"{first} {address} {address} {second} {own} {third}"
        product = ProductContent("pdf", [ProductPart("", words_of(text))], is_paged=True)
        missing = compare_contents(sources, product).missing
        assert [(one.source, one.text) for one in missing] == lost


def test_the_words_of_a_formula_stand_apart() -> None:
    assert [item.value for item in content_of(rb"each of the $\tau$s here", ".md")] == (
        ["each", "of", "the", "tau", "s", "here"]
    )


@pytest.mark.parametrize(
    "text",
    [
        "| a |\n|---|\n| b |\n\nTable: c d\n",
        "| a |\n|---|\n| b |\nTable: c d\n",
        "> | a |\n> |---|\n> | b |\n>\n> Table: c d\n",
    ],
)
def test_the_word_before_a_caption_is_none_of_the_text(text: str) -> None:
    assert [item.value for item in strip_markdown(text)] == ["a", "b", "c", "d"]
    above = "Table: c d\n\n| a |\n|---|\n| b |\n"
    assert [item.value for item in strip_markdown(above)] == ["c", "d", "a", "b"]
    words = "Table: for two.\n\nWords.\n"
    assert [item.value for item in strip_markdown(words)] == ["table", "for", "two", "words"]


def test_the_command_before_the_number_of_a_formula_is_none_of_the_text() -> None:
    values = [item.value for item in strip_markdown("$$\nx = 1 \\tag{7}\n$$\n")]
    assert values == ["x", "1", "7"]


@pytest.mark.parametrize(
    ("begin", "after"),
    [("- ```", "[w](https://e.example/) on"), ("> ```\n> code", "[w](https://e.example/) on")],
)
def test_code_ends_with_the_item_or_the_quotation_that_holds_it(begin: str, after: str) -> None:
    for gap in ("\n", "\n\n"):
        items = strip_markdown(f"{begin}{gap}{after}\n")
        assert [i.shown for i in items if i.kind is Kind.LINK] == ["https://e.example/"]
    held = f"{begin}\n{begin[:2].replace('-', ' ')}[w](https://e.example/)\n"
    assert not [item for item in strip_markdown(held) if item.kind is Kind.LINK]


@pytest.mark.parametrize(
    "html",
    [
        "<p>Words.<img></p>",
        '<p>Words.<img class="wide" loading="lazy"></p>',
        '<blockquote>Words.<figure><a href="https://e.example/"></blockquote>',
    ],
)
def test_what_no_reader_sees_is_not_counted(html: str) -> None:
    assert {item.kind for item in strip_html(html)} == {Kind.WORD}


@pytest.mark.parametrize("name", ["image-link-expand", "header-anchor-parent"])
def test_words_behind_icons_that_were_not_closed_are_counted(name: str) -> None:
    assert [item.value for item in strip_html(f'<div class="{name}"><p>After</p>')] == ["after"]


def test_definitions_of_links_in_an_item_are_no_words() -> None:
    items = strip_markdown("- [a]: https://e.example/\n- [b]: c.png\n\nA [a] word.\n")
    assert [item.value for item in items if item.kind is Kind.WORD] == ["a", "a", "word"]
    assert [item.shown for item in items if item.kind is Kind.LINK] == ["https://e.example/"]


def test_code_within_an_item_ends_with_it() -> None:
    items = strip_markdown("- A\n\n  ```\n  b\n\n[w](https://e.example/)\n")
    assert [item.shown for item in items if item.kind is Kind.LINK] == ["https://e.example/"]


@pytest.mark.parametrize(
    "tag", ["<aside>\n💡 ", '<div class="a" markdown="1">\n', "<div markdown>\n"]
)
def test_markdown_within_an_element_that_holds_it_is_read(tag: str) -> None:
    items = strip_markdown(
        f"{tag}Tie **it** to [nets](https://e.example/)\n{tag[:4].strip('>')}>\n"
    )
    assert [item.shown for item in items if item.kind is Kind.LINK] == ["https://e.example/"]
    words = [item.value for item in items if item.kind is Kind.WORD and item.value.isalpha()]
    assert words == ["tie", "it", "to", "nets"]


def test_the_name_of_a_note_in_a_table_has_no_backslash() -> None:
    items = strip_markdown(r"| [[Nets\|the nets]] | ![[a.png\|300]] |", has_wikilinks=True)
    others = [item.shown for item in items if item.kind is not Kind.WORD]
    assert [others[0], items[-1].value] == ["Nets", "a.png"]


def test_a_header_of_bear_blog_is_no_text() -> None:
    items = content_of(b"title: A walk\nlink: a-walk\n___\n\nTo the sea.\n", ".md")
    assert [item.value for item in items] == ["a", "walk", "to", "the", "sea"]


def test_a_word_is_found_though_posts_have_each_others(tmp_path: Path) -> None:
    """The product has the last word of each post before its text, so that each post takes the next one's."""
    texts = [" ".join(f"{letter}{n}" for n in range(60)) for letter in "abc"]
    posts = tmp_path / "posts"
    posts.mkdir()
    for name, text in zip("abc", texts, strict=True):
        (posts / f"{name}.md").write_text(f"{text} quay\n")
    product = tmp_path / "page.html"
    product.write_text("".join(f"<p>quay {text}</p>" for text in texts))
    assert compared(posts, product).missing == ()
    product.write_text("".join(f"<p>quay {text}</p>" for text in texts[:2]) + f"<p>{texts[2]}</p>")
    (found,) = compared(posts, product).missing
    assert found.text == "quay"
