"""The printed book: its structure, its words, its links, by both engines."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import textwrap
import time
import unicodedata
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

import clothbound
from book_info import with_info
from clothbound import api
from clothbound.anthology.order import Order
from clothbound.diagnostics import DiagnosticCode
from clothbound.doctor import has_pdf_engine
from clothbound.errors import OptionError
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.book_info import BookInfo, Series
from clothbound.model.collection import Collection, Part, Role
from clothbound.model.index import Index
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Asset, Metadata, Post
from clothbound.writers.pdf.fonts import SERIF_ROMAN, Measure
from clothbound.writers.pdf.page_format import PAGES
from pandoc_words import missing, pandoc_text
from pandoc_words import words as pandoc_counts
from printed_books import (
    LONG_TITLE,
    PAGE,
    TYPST,
    WORDS,
    Engine,
    accessibility_errors,
    book,
    by,
    engine_messages,
    everything,
    make,
    needs_poppler,
    outline,
    p,
    pages,
    post,
    printed,
    sample,
    spans,
    structure_tags,
    words,
    words_of,
)
from product_text import pdf_text
from strategies import posts


@dataclass(frozen=True, slots=True)
class Facts:
    """How the PDFs of an engine differ by design."""

    creator: str
    names_places: bool
    """Whether links lead to named destinations, not to places on pages."""


FACTS: dict[Engine, Facts] = {
    "weasyprint": Facts("clothbound", True),
    "typst": Facts("Typst", False),
}


@needs_poppler
def test_contents_tell_the_true_pages(engine: Engine) -> None:
    texts = pages(sample(engine)[0])
    contents = next(t for t in texts if t.lstrip().startswith("Contents"))
    for title in ("A beginning", "cat in one breath"):
        number = int(re.search(rf"{title}[\s.]*?(\d+)\n", contents)[1])
        assert title.split()[-1] in texts[number - 1]
        assert re.search(r"^\s*[A-Z][a-z]+ \d+, 2023", texts[number - 1])
        # Its number stands at the foot of the page that a chapter opens on.
        assert texts[number - 1].strip().endswith(str(number))


@needs_poppler
def test_running_heads_are_one_line(engine: Engine) -> None:
    texts = pages(sample(engine)[0])
    heads = [t.lstrip("\n").split("\n")[0].strip() for t in texts]
    right = next(h for h in heads if h.startswith("On the many things"))
    assert re.fullmatch(r"On the many things .*\w…\s+\d+", right)
    words = right.rsplit("…", 1)[0]
    assert LONG_TITLE.startswith(words)
    assert LONG_TITLE[len(words)] in " ,"
    assert any(re.fullmatch(r"\d+\s+LETTERS 2023|\d+\s+Letters 2023", h) for h in heads)


def test_outline_has_parts_and_chapters(engine: Engine) -> None:
    entries = list(outline(PdfReader(io.BytesIO(sample(engine)[0]))))
    assert [(level, title) for level, title, _ in entries] == [
        (1, "January"), (2, "A beginning"), (1, "February"), (2, LONG_TITLE),
    ]  # fmt: skip


def test_metadata_and_tags(engine: Engine) -> None:
    reader = PdfReader(io.BytesIO(sample(engine)[0]))
    info = reader.metadata
    assert (info.title, info.author) == ("Letters 2023", "A. Writer")
    assert info.creator.partition(" ")[0] == FACTS[engine].creator
    assert info.creation_date.year == info.modification_date.year == 2023
    catalog = reader.trailer["/Root"]
    assert catalog["/Lang"].split("-")[0] == "en"
    assert catalog["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in catalog["/Metadata"].get_object().get_data()
    box = reader.pages[0].mediabox
    assert (float(box.width), float(box.height)) == (432, 648)


@needs_poppler
def test_every_font_is_embedded(engine: Engine) -> None:
    listing = subprocess.run(
        ["pdffonts", "-"], input=sample(engine)[0], capture_output=True, check=True
    ).stdout.decode()
    fonts = [line.split() for line in listing.split("\n")[2:] if line]
    assert any("Clothbound-Serif" in font[0] for font in fonts)
    assert all(font[-5] == "yes" for font in fonts)


@needs_poppler
def test_links_lead_where_they_should(engine: Engine) -> None:
    reader = PdfReader(io.BytesIO(sample(engine)[0]))
    uris, internal = [], []
    for page in reader.pages:
        for annotation in page.get("/Annots", ()):
            found = annotation.get_object()
            action = found.get("/A", {})
            if "/URI" in action:
                uris.append(action["/URI"])
            else:
                internal.append(found["/Dest"] if "/Dest" in found else action["/D"])
    assert uris == ["https://elsewhere.example/"]
    assert len(internal) > 6
    if FACTS[engine].names_places:
        assert "one--a-heading" in internal
        assert internal.count("two--note--2") == 1
        assert set(internal) <= set(reader.named_destinations)


@needs_poppler
@pytest.mark.parametrize("page", ["A5", "A4", "letter"])
def test_other_sizes_and_page_references(engine: Engine, page: str) -> None:
    link = p(i.Link((i.Text("see there"),), "two.md"), " for more.")
    data, _ = make(
        book(post("one", "One", link), post("two", "Two", p(WORDS))),
        engine,
        page=page,
        page_references=True,
    )
    texts = pages(data)
    number = next(n for n, t in enumerate(texts, 1) if re.search(r"^\s*Two\s*$", t, re.M))
    assert f"see there (p. {number}) for more" in unicodedata.normalize("NFKC", "".join(texts))


@needs_poppler
def test_only_words_that_lead_to_another_post_get_its_page(engine: Engine) -> None:
    body = (
        p("Go ", i.Link((i.Text("down here"),), "#here"), ".", i.Superscript((i.Link((i.Text("7"),), "two.md"),))),
        p("See ", i.Link((i.Text("the other"),), "two.md"), "."),
        b.Embed("post", "two.md", "Letters", "A card"),
        b.Paragraph((i.Text("Here."),), id="here"),
    )  # fmt: skip
    text = " ".join(
        pages(
            make(
                book(post("one", "One", *body), post("two", "Two", p("x"))),
                engine,
                page_references=True,
            )[0]
        )
    )
    assert re.findall(r"(\w+) \(p\.", " ".join(text.split())) == ["other", "Letters"]


@needs_poppler
def test_the_page_of_another_post_does_not_part_a_word(engine: Engine) -> None:
    """The letters right behind a link end its last word; a script without spaces has no words to end."""
    links = [
        p(i.Link((i.Text("Ann"),), "two.md"), "\u2019s book."),
        p(i.Link((i.Emphasis((i.Text("block"),)),), "two.md"), "s-like things."),
        p(i.Link((i.Text("end."),), "two.md"), "And on."),
    ]
    data, _ = make(
        book(post("one", "One", *links), post("two", "Two", p(WORDS))),
        engine,
        page_references=True,
    )
    text = " ".join(unicodedata.normalize("NFKC", " ".join(pages(data))).split())
    for shown in ("Ann\u2019s (p. {}) book.", "blocks-like (p. {}) things.", "end. (p. {})And on."):
        assert re.search(re.escape(shown).replace(r"\{\}", r"\d+"), text), text[:600]


@needs_poppler
@pytest.mark.parametrize("size", [(60, 40), (300, 140)])
def test_a_picture_that_leads_to_another_post_names_it_and_its_page(
    engine: Engine, size: tuple[int, int]
) -> None:
    stream = io.BytesIO()
    Image.new("RGB", size, "teal").save(stream, "PNG")
    assets = (Asset("x.png", stream.getvalue(), "image/png"),)
    picture = i.Image("x.png", "teal")
    one = post(
        "one", "One",
        b.Figure(picture, href="two.md"),
        p("Within ", i.Link((picture,), "two.md"), " the line."),
    )  # fmt: skip
    one = msgspec.structs.replace(one, assets=assets)
    data, report = make(book(one, post("two", "The Second", p("x"))), engine, page_references=True)
    text = " ".join(" ".join(pages(data)).split())
    assert "clothbound:" not in text
    assert len(re.findall(r"The Second \(p\. \d\)", text)) == 2
    assert text.count("(p. ") == 2
    assert not engine_messages(report)


@needs_poppler
@pytest.mark.parametrize("recto", [False, True])
def test_a_part_s_other_side_is_blank_only_before_a_right_hand_page(
    engine: Engine, recto: bool
) -> None:
    parts = (Part("January", ("one",)), Part("February", ("two",)))
    posts = (post("one", "First", p("alpha")), post("two", "Second", p("beta")))
    texts = pages(make(book(*posts, parts=parts), engine, recto=recto)[0])
    for title, word in (("January", "alpha"), ("February", "beta")):
        chapter = next(n for n, text in enumerate(texts, 1) if word in text)
        part = chapter - (2 if recto else 1)
        assert part % 2 == 1
        assert texts[part - 1].split() == [title]
        assert not recto or not texts[part].strip()


def test_one_post_has_no_front_matter(engine: Engine) -> None:
    data, _ = make(book(post("one", "Alone", p("Just this."))), engine)
    reader = PdfReader(io.BytesIO(data))
    assert len(reader.pages) == 1
    assert "Alone" in reader.pages[0].extract_text()


def test_matter_and_recto(engine: Engine) -> None:
    roles: dict[str, Role] = {"ded": "dedication", "fore": "foreword"}
    texts = (
        post("ded", "Dedication", p("For the cat")),
        post("fore", "Foreword", p("Before all")),
        post("one", "One", p(WORDS)),
        post("two", "Two", p(WORDS)),
    )
    collection = Collection(posts=texts, index=Index.of(texts), roles=roles, parts=(Part("Spring", ("one", "two")),), info=BookInfo(title="Letters", language="en", isbn="978-3-16-148410-0"))  # fmt: skip
    data, report = make(collection, engine, recto=True)
    entries = list(outline(PdfReader(io.BytesIO(data))))
    assert [title for _, title, _ in entries] == ["Foreword", "Spring", "One", "Two"]
    assert all(number % 2 for _, _, number in entries)
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    assert text.index("For the cat") < text.index("Contents") < text.index("Before all")
    assert "978-3-16-148410-0" in text
    assert not engine_messages(report)


@needs_poppler
@pytest.mark.skipif(not has_pdf_engine(), reason="Pango is not installed")
def test_the_first_pages_have_the_words_of_the_other_engine(engine: Engine) -> None:
    roles: dict[str, Role] = {"fore": "foreword"}
    texts = (
        post("fore", "Foreword", p("x")),
        post("one", "One", p("x")),
        post("two", "Two", p("x")),
    )
    collection = Collection(posts=texts, index=Index.of(texts), roles=roles, info=BookInfo(title="Letters 2023", subtitle="Of all sorts", authors=("A. Writer", "B. Writer"), editors=("E. Ditor",), publisher="The Press", rights="© 2023 A. Writer\nAll rights reserved", isbn="978-3-16-148410-0", language="en", identifier="urn:isbn:9783161484100", series=Series("The series", "2")))  # fmt: skip
    ours, theirs = (
        [words(page) for page in pages(make(collection, engine)[0])[:4]]
        for engine in ("weasyprint", "typst")
    )
    # The colophon names the engine.
    assert ours[3] - theirs[3] == {"weasyprint": 1}
    assert theirs[3] - ours[3] == {"typst": 1}
    assert ours[:3] == theirs[:3]


def matter() -> Collection:
    roles: dict[str, Role] = {"fore": "foreword", "after": "afterword"}
    posts = (
        post("fore", "Foreword", p("x")),
        post("one", "One", p("x")),
        post("two", "Two", p("x")),
        post("after", "Afterword", p("x")),
    )
    return Collection(posts=posts, index=Index.of(posts), roles=roles, parts=(Part("Spring", ("one", "two")),), info=BookInfo(title="Letters", language="en"))  # fmt: skip


def test_front_and_back_matter_are_no_parts_in_the_contents(engine: Engine) -> None:
    measure = Measure(SERIF_ROMAN, PAGE.size)
    listed = {
        word[5]: (word[3] - word[1], word[2])
        for word in words_of(make(matter(), engine)[0])
        if word[0] == 4
    }
    for title in ("Foreword", "One", "Two", "Afterword"):
        assert listed[title][0] == pytest.approx(measure.width(title), rel=0.03)
    assert listed["Spring"][0] != pytest.approx(measure.width("Spring"), rel=0.03)
    # What follows the parts stands apart, as the part itself does.
    step = listed["Two"][1] - listed["One"][1]
    assert listed["Afterword"][1] - listed["Two"][1] > step * 1.2
    assert listed["Spring"][1] - listed["Foreword"][1] > step * 1.2


def test_a_cover_that_is_not_shown_is_named(engine: Engine) -> None:
    plain = book(post("one", "One", p("Words.")))
    covered = with_info(plain, cover="covers/sea.jpg")
    told = [
        d.message
        for d in make(covered, engine)[1].diagnostics
        if d.code is DiagnosticCode.COVER_UNUSED
    ]
    assert len(told) == 1
    assert "covers/sea.jpg" in told[0]
    assert all(
        d.code is not DiagnosticCode.COVER_UNUSED for d in make(plain, engine)[1].diagnostics
    )


@needs_poppler
def test_no_word_is_lost(engine: Engine) -> None:
    source = everything()
    data, report = make(book(source, post("two", "Two", p("end"))), engine)
    told = words(plain_text(source))
    # The script and the tags of the raw block; formulas that are drawn.
    told -= words("p b words b script evil script p" + r"\frac{a}{b} x^2")
    text = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()
    text = re.sub(r"\b(mark|note)[12]\b", r"\1", text)  # superior figures
    joined = re.sub(r"[-\u2010]\n", "", text)
    printed = words(text) | words(joined) | words(re.sub(r"\n» ", "", text))
    assert not {word for word in told - printed if len(word) < 200}
    assert "y" * 300 in re.sub(r"\n» ?", "", text)
    for phrase in ("a gone picture", "a far picture", "twitter.com/a/status/1", r"\nosuchcommand"):
        assert phrase in " ".join(text.split())
    assert "evil" not in text
    codes = {d.code for d in report.diagnostics}
    assert {DiagnosticCode.IMAGE_MISSING, DiagnosticCode.IMAGE_REMOTE} <= codes
    assert DiagnosticCode.ENGINE not in codes


# Without shrinking: each attempt sets a book, and the post that the report names says enough.
@settings(
    max_examples=10,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)  # fmt: skip
@given(st.lists(posts(), min_size=1, max_size=8, unique_by=lambda one: one.metadata.key))
def test_every_post_is_set_by_typst(some: list[Post]) -> None:
    artifact = api.write(some, TYPST)
    artifact.to_bytes()
    assert not engine_messages(artifact.report)


def test_what_lies_deep_is_set(engine: Engine) -> None:
    def nested(wrap: type[b.Quote] | type[b.Callout], depth: int) -> b.Block:
        block: b.Block = p("deepest")
        for _ in range(depth):
            block = wrap((block,))
        return block

    items: b.Block = b.List((b.ListItem((p("leaf"),)),))
    inline: i.Inline = i.Text("inmost")
    for _ in range(90):
        items = b.List((b.ListItem((p("item"), items)),), ordered=True)
        inline = i.Emphasis((inline,))
    source = post("one", "One", nested(b.Quote, 95), nested(b.Callout, 95), items, p(inline))
    # A thread of its own, since Python 3.11 counts pytest's frames too; those of a command are few.
    with ThreadPoolExecutor(1) as thread:
        data, report = thread.submit(make, book(source), engine).result()
    assert not engine_messages(report)
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    assert text.count("item") == 90
    assert {"deepest", "leaf", "inmost"} <= set(text.split())


NOTHING_SEEN = ("\x01\x02", "\ufeff", "\u200b \u00a0", "\ufffe\U000e0001", "")


@pytest.mark.parametrize("text", NOTHING_SEEN)
def test_names_that_hold_nothing_to_be_seen(engine: Engine, text: str) -> None:
    body = (
        p(i.Text(text or " "), i.Math(text), i.Image("x.png", text), "words"),
        b.Heading((i.Text(text or " "),), 2),
        b.MathBlock(text),
        b.Figure(i.Image("a.png", text)),
    )  # fmt: skip
    stream = io.BytesIO()
    Image.new("RGB", (9, 9)).save(stream, "PNG")
    assets = (Asset("a.png", stream.getvalue(), "image/png"),)
    posts = (
        Post(Metadata(key="one", title=text, subtitle=text, authors=(text,)), body, assets=assets),
        post("two", "Two", p("x")),
    )
    collection = Collection(posts=posts, index=Index.of(posts), parts=(Part(text, ("one", "two")),), info=BookInfo(title=text, subtitle=text, publisher=text, rights=text, description=text, subjects=(text,)))  # fmt: skip
    data, report = make(collection, engine)
    assert not engine_messages(report)
    assert printed(data).count("words") >= 1


@needs_poppler
def test_a_list_begins_with_its_number(engine: Engine) -> None:
    items = tuple(b.ListItem((p(f"item {n}"),)) for n in range(2))
    one = post("one", "T", b.List(items, ordered=True, start=7), b.List(items, ordered=True))
    data, _ = make(book(one), engine)
    numbers = re.findall(r"(\d+)\.\s+item", pages(data)[0])
    assert numbers == ["7", "8", "1", "2"]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("start", [98, 998, 99999])
def test_long_numbers_of_lists_stand_within_the_text(
    start: int, language: str, engine: Engine
) -> None:
    # Typst outdents code in lists by the indent of short numbers.
    code = (b.CodeBlock("x" * 200),) if engine == "weasyprint" else ()
    items = tuple(b.ListItem((p("item"), *code)) for _ in range(3))
    one = post("one", "T", p("first"), b.List(items, ordered=True, start=start))
    data, _ = make(with_info(book(one), language=language), engine)
    words = [word for word in words_of(data) if word[0] == 0]
    assert any(str(start) in word[5] for word in words)
    left = PAGE.inside if language == "en" else PAGE.outside
    for word in words:
        assert left - 1 < word[1], word
        assert word[3] < left + PAGE.measure + 1, word


@needs_poppler
def test_a_link_without_words_is_none(engine: Engine, tmp_path: Path) -> None:
    """A hard break in a link of its own, as an editor's cards have it, was a tag without a name."""
    first = i.Link((i.Strong((i.Text("A talk on boats"),)),), "https://talks.example/boats")
    rest = i.Link((i.Emphasis((i.Text("by one who sails"),)),), "https://talks.example/boats")
    alone = i.Link((i.LineBreak(),), "https://alone.example/")
    broken = i.Link((i.LineBreak(),), "https://talks.example/boats")
    letter = post(
        "one", "A beginning", p(WORDS), p(first, broken, rest), p("Here: ", alone, "End.")
    )
    data, report = make(book(letter), engine)
    path = tmp_path / "book.pdf"
    path.write_bytes(data)
    told = tmp_path / "report.json"
    tool = Path(sys.executable).parent / "outloud"
    subprocess.run([tool, path, "--json", told], capture_output=True, check=False)
    assert '"severity": "error"' not in told.read_text()
    assert "alone.example" in "".join(pages(data))
    codes = [d.code for d in report.diagnostics]
    assert codes == [DiagnosticCode.NODE_CHROME, DiagnosticCode.NODE_SIMPLIFIED]


@needs_poppler
def test_a_card_says_where_it_comes_from_once(engine: Engine) -> None:
    card = b.Embed("publication", "https://museum.example/", title="The County Museum")
    data, _ = make(book(post("one", "One", card)), engine)
    assert "".join(pages(data)).count("museum.example") == 1


@needs_poppler
def test_cards_have_the_day_as_their_reader_writes_it(engine: Engine) -> None:
    card = b.Embed("tweet", "https://x.example/1", "X", "A card", author="Ada", date="2023-05-01")
    german = msgspec.structs.replace(post("de", "Zwei", card).metadata, language="de")
    source = book(post("en", "One", card), Post(german, (card,)))
    text = " ".join(" ".join(pages(make(source, engine)[0])).split())
    assert "Ada · May 1, 2023" in text
    assert "Ada · 1. Mai 2023" in text


def test_a_character_that_no_font_has_is_reported(engine: Engine) -> None:
    source = Post(
        Metadata(key="odd", title="Odd", source="odd.md"),
        (p("plain"), b.Paragraph((i.Text("odd \U000f1234"),), line=7)),
    )
    _, report = make(book(source), engine)
    found = [d for d in report.diagnostics if d.code is DiagnosticCode.GLYPH_MISSING]
    assert [(d.source, d.line) for d in found] == [("odd.md", 7)]
    assert "U+F1234" in found[0].message


def test_nothing_outside_is_read(engine: Engine, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("TOPSECRET")
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
        f'<image href="{secret.as_uri()}" width="9" height="9"/></svg>'
    )
    source = Post(
        Metadata(key="evil", title="Evil"),
        (
            b.RawBlock("html", f'<img src="{secret.as_uri()}"><link rel=attachment href="{secret.as_uri()}">'),
            b.RawBlock("typst", f'#read("{secret}")'),
            b.Figure(i.Image(secret.as_uri(), "file")),
            b.Figure(i.Image("a.svg", "svg")),
        ),
        assets=(Asset("a.svg", svg.encode(), "image/svg+xml"),),
    )  # fmt: skip
    data, _ = make(book(source), engine)
    assert b"TOPSECRET" not in data
    assert "TOPSECRET" not in printed(data)
    assert not PdfReader(io.BytesIO(data)).attachments


@by("weasyprint")
def test_a_style_sheet_reads_nothing_outside(engine: Engine, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("TOPSECRET")
    css = tmp_path / "own.css"
    css.write_text(f'@import "{secret.as_uri()}"; p {{ background: url("{secret.as_uri()}") }}')
    data, report = make(book(post("one", "One", p("x"))), engine, css=css)
    assert b"TOPSECRET" not in data
    assert any("not a file of this book" in message for message in engine_messages(report))


@by("weasyprint")
def test_own_style_sheet(engine: Engine, tmp_path: Path) -> None:
    css = tmp_path / "own.css"
    css.write_text("@page { size: 300pt 400pt }")
    data, _ = make(book(post("one", "One", p("x"))), engine, css=css)
    assert float(PdfReader(io.BytesIO(data)).pages[0].mediabox.width) == 300
    with pytest.raises(OptionError):
        make(book(post("one", "One", p("x"))), engine, css=tmp_path / "none.css")


def test_same_input_same_bytes(engine: Engine) -> None:
    source = book(everything(), post("two", "Two", p(WORDS * 3)))
    first, _ = make(source, engine)
    time.sleep(2.1)  # the stamps in question count seconds
    second, _ = make(source, engine)
    assert first == second


PROGRAM = textwrap.dedent(
    """
    import sys
    import cffi.api
    real = cffi.api.FFI.dlopen
    def dlopen(self, name, flags=0):
        if "pango" in str(name):
            raise OSError(f"cannot load library {name!r}")
        return real(self, name, flags)
    cffi.api.FFI.dlopen = dlopen
    if "no-typst" in sys.argv:
        sys.modules["typst"] = None

    import clothbound.api as api
    from clothbound.errors import ClothboundError
    from clothbound.model.post import Metadata, Post
    from clothbound.writers.pdf import Pdf
    artifact = api.write(Post(Metadata(title="x")), Pdf(engine=sys.argv[1]))
    try:
        data = artifact.to_bytes()
    except ClothboundError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    print(data[:5].decode(), *artifact.report.diagnostics, sep="\\n")
    """
)


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["auto"], 0, "the PDF is set by Typst"),
        (["typst"], 0, "%PDF-"),
        (["weasyprint"], 5, "Pango"),
        (["auto", "no-typst"], 5, "Pango"),
        (["typst", "no-typst"], 5, "pip install"),
    ],
)
def test_without_pango(arguments: list[str], code: int, told: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert told in done.stdout + done.stderr


@needs_poppler
def test_formulas_too_wide_are_broken_or_made_smaller(engine: Engine) -> None:
    terms = " + ".join(rf"a_{{{n}}} x^{{{n}}}" for n in range(40))
    body = (
        b.MathBlock(rf"S = {terms}", line=3),
        b.MathBlock(rf"\frac{{{terms}}}{{2}}", line=5),
        b.MathBlock(rf"\left|{terms}\right|", line=7),
        b.MathBlock("x = y", line=9),
    )
    data, report = make(book(post("one", "One", *body)), engine)
    boxes = [span["bbox"] for _, span in spans(data)]
    assert min(box[0] for box in boxes) > 30
    assert max(box[2] for box in boxes) < PAGES["6x9"].width - 30
    told = [d.line for d in report.diagnostics if "formula was set in type of" in d.message]
    assert told == [5, 7]
    assert not engine_messages(report)


def test_notes_contents_and_formulas_are_tagged_as_such(engine: Engine) -> None:
    one = post("one", "One", p("x", i.NoteRef("n"), i.Math("x")), notes={"n": "a note"})
    data, _ = make(book(one, post("two", "Two", p("x"))), engine)
    tags = structure_tags(data)
    assert tags["/Note"] == 1
    assert (tags["/TOC"], tags["/TOCI"]) == (1, 2)
    assert tags["/Formula"] == 1


EXAMPLES = Path(__file__).resolve().parents[1] / "examples" / "letters"


@pytest.mark.parametrize("year", [2021, 2022, 2023])
def test_checkers_find_no_error(year: int, tmp_path: Path) -> None:
    letters = clothbound.book(clothbound.read(EXAMPLES), year=year, order=Order(parts="months"))
    report = clothbound.write(letters, TYPST).save(tmp_path / "letters.pdf")
    assert not engine_messages(report)
    assert accessibility_errors(tmp_path / "letters.pdf") == []


_HEADER = re.compile(r"\A---\n.*?\n---\n", re.S)


@needs_poppler
@pytest.mark.corpus
@pytest.mark.parametrize("year", [2022, pytest.param(2023, marks=pytest.mark.slow)])
def test_an_archive_is_whole_and_accessible(shared: Path, tmp_path: Path, year: int) -> None:
    folder = shared / "corpus" / "interconnects"
    letters = clothbound.book(clothbound.read(folder), year=year)
    report = clothbound.write(letters, TYPST).save(tmp_path / "book.pdf")
    assert report.dropped == 0
    assert not engine_messages(report)
    wanted: Counter[str] = Counter()
    for metadata in letters.index:
        body = _HEADER.sub("", (folder / metadata.source).read_text(encoding="utf-8"))
        wanted += pandoc_counts("".join(pandoc_text(body).text))
    # Long words have places to break at, which are no spaces.
    text = pdf_text(tmp_path / "book.pdf").replace("\u200b", "")
    assert missing(wanted, pandoc_counts(text), hyphenated=True) == {}
    assert accessibility_errors(tmp_path / "book.pdf") == []


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("engine", "name"),
    [
        *(
            (engine, name)
            for engine in ("weasyprint", "typst")
            for name in ("assets", "markdown-xss", "front-matter")
        ),
        ("typst", "nesting"),  # WeasyPrint takes half a minute
    ],
)
def test_hostile_folders(engine: Engine, shared: Path, name: str) -> None:
    hostile = clothbound.read(shared / "hostile" / name, "markdown", on_error="collect")
    _, report = make(hostile, engine)
    assert not engine_messages(report)
