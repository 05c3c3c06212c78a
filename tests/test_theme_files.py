"""Tests themes of one's own: a TOML file and what stands beside it."""

from __future__ import annotations

import io
import re
import zipfile
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pymupdf
import pytest
from fontTools.ttLib import TTFont

import clothbound
from clothbound import api
from clothbound.cli import main
from clothbound.diagnostics import DiagnosticCode
from clothbound.errors import OptionError
from clothbound.limits import Limits
from clothbound.media import own_fonts
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model import replace
from clothbound.model.book_info import BookInfo
from clothbound.model.collection import Collection
from clothbound.model.index import Index
from clothbound.model.post import Metadata, Post, Timestamp
from clothbound.model.posts_at_hand import as_collection
from clothbound.writers.epub import Epub
from clothbound.writers.html import Html
from clothbound.writers.pdf import Pdf
from clothbound.writers.pdf.fonts import DISPLAY, MONO, OWN_FONTS, RESERVE, SERIF
from clothbound.writers.pdf.page_format import PAGES, ThemeName
from clothbound.writers.pdf.theme import THEMES
from clothbound.writers.pdf.theme_choice import find_theme
from clothbound.writers.pdf.theme_file import HEADINGS, read_theme
from clothbound.writers.pdf.theme_look import UNCHANGED
from clothbound.writers.site import Site

ROOT = Path(__file__).resolve().parents[1]
HARBOUR = ROOT / "examples" / "themes" / "harbour"
RED = 0x7A1F1F
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
MM = 72 / 25.4
in_each_engine = pytest.mark.parametrize("engine", ["weasyprint", "typst"])

needs_scripts = pytest.mark.skipif(
    not (own_fonts.ARABIC.is_installed and own_fonts.HEBREW.is_installed),
    reason="the extra 'scripts' is missing",
)


def words(*texts: str) -> b.Paragraph:
    return b.Paragraph(tuple(i.Text(text) for text in texts))


def letters() -> Collection:
    prose = "The pilot boat wants a logbook that can be dropped overboard and read again. " * 6
    posts = tuple(
        Post(
            Metadata(slug=slug, title=title, subtitle="A letter", language="en"),
            (
                words(prose),
                b.Heading((i.Text("Of tides"),), 2),
                words(prose + "Ж"),
                b.ThematicBreak(),
                words(prose),
                b.CodeBlock("bind(book)"),
            ),
        )
        for slug, title in (("one", "The first of all"), ("two", "Élan of the café"))
    )
    return Collection(
        posts=posts, index=Index.of(posts), info=BookInfo(title="Letters", language="en")
    )


def run(*words: str) -> object:
    """Returns the exit code of a command."""
    with pytest.raises(SystemExit) as left:
        main([*words])
    return left.value.code


def theme_file(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "theme.toml").write_text(text, encoding="utf-8")
    return folder


def refused(folder: Path, text: str) -> str:
    with pytest.raises(OptionError) as caught:
        read_theme(theme_file(folder, text))
    return str(caught.value)


@cache
def harbour(engine: str) -> tuple[bytes, tuple[Any, ...]]:
    artifact = api.write(letters(), Pdf(theme=HARBOUR, engine=engine, page="5.5x8.5"))  # type: ignore[arg-type]
    return artifact.to_bytes(), tuple(artifact.report.diagnostics)


def spans(data: bytes) -> list[tuple[int, Any]]:
    with pymupdf.open(stream=data) as document:
        return [
            (page.number, span)
            for page in document
            for block in page.get_text("dict")["blocks"]
            for line in block.get("lines", ())
            for span in line["spans"]
        ]


# --- the example ---


@needs_scripts
@in_each_engine
def test_both_engines_set_the_example_as_its_file_says(engine: str) -> None:
    data, diagnostics = harbour(engine)
    found = spans(data)
    number, title = next((n, s) for n, s in found if s["text"].strip() == "THE FIRST OF ALL")
    assert title["color"] == RED
    assert title["size"] == pytest.approx(11 * 1.5, abs=0.1)
    assert "Display" in title["font"]
    width = PAGES["5.5x8.5"].width
    # A right-hand page has its inner margin on the left.
    sides = (22 * MM, 18 * MM) if number % 2 == 0 else (18 * MM, 22 * MM)
    middle = (sides[0] + width - sides[1]) / 2
    assert (title["bbox"][0] + title["bbox"][2]) / 2 == pytest.approx(middle, abs=2)
    texts = [s for n, s in found if n == number and "logbook" in s["text"]]
    assert {round(s["size"], 1) for s in texts} == {11}
    assert min(s["bbox"][0] for s in texts) == pytest.approx(sides[0], abs=25)
    # Capitals that no post has are in the fonts too.
    assert any("ÉLAN OF THE CAFÉ" in s["text"] and "Display" in s["font"] for _, s in found)
    heading = next(s for _, s in found if s["text"].strip() == "Of tides")
    assert heading["color"] == RED
    assert "···" in "".join("".join(s["text"].split()) for _, s in found)
    assert not [d for d in diagnostics if d.code is DiagnosticCode.FACE]


@needs_scripts
@in_each_engine
def test_the_faces_of_a_theme_replace_ours_and_lack_no_character(engine: str) -> None:
    found = spans(harbour(engine)[0])
    faces = {s["font"] for _, s in found}
    assert faces <= {f for f in faces if "Clothbound" in f}
    assert any("Reserve" in s["font"] for _, s in found if "Ж" in s["text"])
    with pymupdf.open(stream=harbour(engine)[0]) as document:
        files = {
            font[3]: document.extract_font(font[0])[3]
            for page in document
            for font in page.get_fonts()
        }
    text = next(
        data for name, data in files.items() if re.search(r"Clothbound-Serif(-Regular)?$", name)
    )
    whole = TTFont(own_fonts.ARABIC.path)
    assert TTFont(io.BytesIO(text))["head"].unitsPerEm == whole["head"].unitsPerEm
    assert (
        OWN_FONTS.find(SERIF).file.name
        != find_theme(HARBOUR).fonts.find(SERIF).file.name
        == "Amiri"
    )


@needs_scripts
@in_each_engine
def test_a_rule_stands_below_the_opener(engine: str) -> None:
    with pymupdf.open(stream=harbour(engine)[0]) as document:
        page = next(
            page
            for page in document
            if "THE FIRST OF ALL" in page.get_text() and "logbook" in page.get_text()
        )
        subtitle = page.search_for("A letter")[0]
        text = page.search_for("logbook")[0]
        # WeasyPrint draws the border of the whole opener.
        feet = [d["rect"].y1 for d in page.get_drawings() if d["rect"].width > 200]
        assert any(subtitle.y1 < foot < text.y0 for foot in feet)


@needs_scripts
def test_the_style_sheet_is_read_by_weasyprint_alone_and_the_report_says_so() -> None:
    def feet(engine: str) -> list[str]:
        return [s["text"].strip() for _, s in spans(harbour(engine)[0])]

    assert any(re.fullmatch(r"–\s*\d+\s*–", text) for text in feet("weasyprint"))
    assert not any("–" in text for text in feet("typst"))
    said = [d.message for d in harbour("typst")[1] if d.code is DiagnosticCode.ENGINE]
    assert [m for m in said if "Typst does not read the style sheet" in m]
    assert not [d for d in harbour("weasyprint")[1] if d.code is DiagnosticCode.ENGINE]


@needs_scripts
def test_one_option_gives_print_and_screens_their_style(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "post.md"
    source.write_text("# A post\n\nText.\n", encoding="utf-8")
    outputs = [str(tmp_path / name) for name in ("a.epub", "a.html", "a.txt")]
    options = [word for path in outputs for word in ("-o", path)]
    assert run("convert", str(source), *options, "--theme", str(HARBOUR)) == 0
    with zipfile.ZipFile(outputs[0]) as book:
        style = next(book.read(n).decode() for n in book.namelist() if n.endswith(".css"))
    assert "#7a1f1f" in style
    assert "#7a1f1f" in Path(outputs[1]).read_text(encoding="utf-8")
    assert "#7a1f1f" not in api.write(api.read(source), Html()).to_bytes().decode()
    assert run("convert", str(source), "-o", outputs[0], "--theme", "novel") == 2
    assert "--theme novel applies to a PDF" in capsys.readouterr().err


def test_pictures_of_the_style_for_screens_are_in_each_product(tmp_path: Path) -> None:
    theme = theme_file(tmp_path / "quay", 'screen = "screen.css"\n')
    (tmp_path / "quay" / "logo.png").write_bytes(PNG)
    sheet = tmp_path / "quay" / "screen.css"
    held = f"data:image/png;base64,{b64encode(PNG).decode()}"
    (tmp_path / "post.md").write_text("# A post\n\nText.\n", encoding="utf-8")
    posts = api.read(tmp_path / "post.md")
    for address in ("logo.png", held):
        sheet.write_text(f"h1::before {{ content: url({address}) }}\n", encoding="utf-8")
        page = api.write(posts, Html(theme=theme)).to_bytes().decode()
        assert held in page
        assert "img-src data:" in page
        api.write(posts, Site(theme=theme)).save(tmp_path / "site")
        files = {
            path.name: path.read_text("utf-8") for path in (tmp_path / "site").rglob("*.[hc]*")
        }
        assert held in files["style.css"]
        pages = [text for name, text in files.items() if name.endswith(".html")]
        assert len(pages) == 2
        assert all("img-src data:" in page for page in pages)
        with zipfile.ZipFile(io.BytesIO(api.write(posts, Epub(theme=theme)).to_bytes())) as book:
            assert any(held.encode() in book.read(n) for n in book.namelist() if n.endswith("css"))
    assert "img-src" not in api.write(posts, Html()).to_bytes().decode()
    (tmp_path / "quay" / "face.ttf").write_bytes(b"\0\1\0\0")
    sheet.write_text("@font-face { src: url(face.ttf) }\n", encoding="utf-8")
    with pytest.raises(OptionError, match="names 'face\\.ttf', and products take"):
        api.write(posts, Html(theme=theme)).to_bytes()


@pytest.mark.parametrize("base", get_args(ThemeName))
@in_each_engine
def test_first_words_and_dates_are_set_as_a_theme_asks_whatever_its_base(
    base: ThemeName, engine: str, tmp_path: Path
) -> None:
    def baselines(lead: str) -> dict[str, float]:
        """Returns the baseline of each text on the first page of the first post."""
        keys = f"[openers]\nlead = '{lead}'\ndates = true\n"
        theme = theme_file(tmp_path / lead, f"base = '{base}'\n{keys}")
        published = Timestamp.of("2021-04-01")
        dated = [
            replace(post, metadata=replace(post.metadata, published=published))
            for post in letters().posts
        ]
        data = api.write(dated, Pdf(theme=theme, engine=engine)).to_bytes()  # type: ignore[arg-type]
        found = spans(data)
        page = next(page for page, span in found if span["text"] == "April 1, 2021")
        return {s["text"].strip(): s["origin"][1] for number, s in found if number == page}

    dropped = baselines("drop")
    first = next(text for text in dropped if text.startswith("he pilot boat wants"))
    after = min(line for line in dropped.values() if line > dropped[first] + 5)
    assert dropped["T"] == pytest.approx(after, abs=0.6)  # the letter stands on the second line

    def opening(lead: str) -> str:
        return next(text for text in baselines(lead) if text.startswith("The pilot boat"))

    assert len(opening("line")) < len(opening("none"))  # small capitals are wider


def test_titles_whose_face_lacks_what_a_theme_asks_are_named(tmp_path: Path) -> None:
    (tmp_path / "mono.ttf").write_bytes(Path(own_fonts.MONO.path).read_bytes())
    (tmp_path / "serif.ttf").write_bytes(Path(own_fonts.SERIF.path).read_bytes())

    def remarks(titles: str, keys: str) -> list[str]:
        text = f"[faces]\ntitles = ['{titles}.ttf']\n[openers]\n{keys}"
        return [*read_theme(theme_file(tmp_path, text)).remarks]

    assert remarks("serif", "title-case = 'small-caps'") == []
    (lacks,) = remarks("mono", "title-case = 'small-caps'")
    assert "JetBrains Mono, the face of titles, has no small capitals" in lacks
    (lacks,) = remarks("serif", "title-style = 'italic'")
    assert "the face of titles, has no italic" in lacks
    novel = theme_file(tmp_path, "base = 'novel'\n[faces]\ntitles = ['serif.ttf']")
    assert "has no italic" in str(read_theme(novel).remarks)


def test_a_plan_names_a_theme_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theme_file(tmp_path / "quay", '[page]\ntype = "12.5pt"\n')
    (tmp_path / "post.md").write_text(
        "---\ntitle: A post\n---\n\nText of the post.\n", encoding="utf-8"
    )
    (tmp_path / "book.toml").write_text(
        '[book]\ntitle = "T"\nauthors = "A"\nlanguage = "en"\n[[output]]\npath = "t.pdf"\n'
        'options = { theme = "quay", engine = "typst" }\n',
        encoding="utf-8",
    )
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert run("book", "../book.toml") == 0
    found = spans((tmp_path / "t.pdf").read_bytes())
    assert any(
        s["size"] == pytest.approx(12.5, abs=0.05) for _, s in found if "Text of" in s["text"]
    )


# --- the file ---


@pytest.mark.parametrize("base", get_args(ThemeName))
def test_the_numbers_of_our_themes_can_be_written_in_a_file(
    base: ThemeName, tmp_path: Path
) -> None:
    ours = THEMES[base]
    types = {
        name: f"[{kind.size}, {kind.leading}]" for name, kind in ours.types(PAGES["6x9"]).items()
    }
    types["wide-table"] = f"[{ours.wide_table.size}, {ours.wide_table.leading}]"
    spaces = {
        name: f'"{value}"' for name, value in ours.lengths().items() if name != "smallest-type"
    }
    lines = [f'base = "{base}"', "[sizes]", *(f"{n} = {v}" for n, v in types.items())]
    lines += ["[spaces]", *(f"{n} = {v}" for n, v in spaces.items())]
    found = read_theme(theme_file(tmp_path, "\n".join(lines)))
    remarks = found.remarks  # the type of wide tables is enlarged where it is used
    assert all(remark.startswith("wide-table") for remark in remarks)
    assert structs_equal(found, ours)


def structs_equal(one: Any, other: Any) -> bool:
    names = [name for name in type(one).__slots__ if name != "remarks"]
    return {n: getattr(one, n) for n in names} == {n: getattr(other, n) for n in names}


def test_an_empty_file_is_the_theme_that_it_stands_on(tmp_path: Path) -> None:
    found = read_theme(theme_file(tmp_path, ""))
    assert structs_equal(found, THEMES["essay"])
    assert found.look == UNCHANGED
    assert found.fonts == OWN_FONTS


def test_every_key_changes_the_theme(tmp_path: Path) -> None:
    font = Path(own_fonts.MONO.path)
    (tmp_path / "mono.ttf").write_bytes(font.read_bytes())
    (tmp_path / "own.css").write_text("p { color: red }", encoding="utf-8")
    values = {
        "base": '"novel"', "style": '"own.css"', "top": '"30mm"', "foot": '"30mm"', "inside": '"1in"',
        "outside": '"2cm"', "type": '"12pt"', "leading": '"15pt"', "text": '["mono.ttf"]',
        "titles": '["mono.ttf"]', "headings": '["mono.ttf"]', "code": '["mono.ttf"]',
        "align": '"center"', "dates": "false", "lead": '"drop"', "rule": '"1pt"',
        "title-style": '"italic"', "title-case": '"capitals"', "section-break": '"x"',
    }  # fmt: skip
    plain = read_theme(theme_file(tmp_path, ""))
    for heading, kind in HEADINGS.items():
        for setting in clothbound_settings(kind):
            if setting.toml in ("screen", "title-weight"):
                continue
            value = values[setting.toml] if heading != "colors" else '"#123456"'
            above = f"[{heading}]\n" if heading else ""
            text = f"{above}{setting.toml} = {value}\n"
            assert not structs_equal(read_theme(theme_file(tmp_path, text)), plain), text
    bold = '[faces]\ntitles = ["mono.ttf"]\n[openers]\ntitle-weight = "bold"\n'
    assert read_theme(theme_file(tmp_path, bold)).look.title_weight == "bold"


def clothbound_settings(kind: type) -> Any:
    from clothbound.fields import settings

    return settings(kind)


def test_the_room_for_text_is_that_of_the_page_in_question(tmp_path: Path) -> None:
    large = theme_file(
        tmp_path, "[page]\ntype = '18pt'\nleading = '23pt'\ninside = '22mm'\noutside = '18mm'"
    )
    with pytest.raises(OptionError, match="of a page of 6x9 for text") as raised:
        read_theme(large)
    assert "or take a larger page" in (raised.value.hint or "")
    theme = read_theme(large, page="7x10")
    assert theme.page(PAGES["7x10"]).size == 18
    assert theme.left_head.size == theme.right_head.size == pytest.approx(12.6)
    assert read_theme(theme_file(tmp_path / "b", "[page]\ntype = '11pt'")).left_head.size == 9
    post = clothbound.read("# T\n\nText.\n")
    clothbound.write(post, clothbound.Pdf(theme=large, page="7x10")).to_bytes()
    wide = theme_file(tmp_path, "[page]\ninside = '1.4in'\noutside = '1.2in'")
    assert read_theme(wide)
    with pytest.raises(OptionError, match="of a page of 5x8 for text"):
        clothbound.write(post, clothbound.Pdf(theme=wide, page="5x8")).to_bytes()


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("base = 'esay'", 1, "'base' must be one of essay, novel, manual, not 'esay'; did you mean 'essay'?"),
        ("\n[pge]\ntop = '1in'", 2, "there is no heading [pge]; did you mean 'page'?"),
        ("[page]\ntopp = '1in'", 2, "there is no key 'topp' here; did you mean 'top'?"),
        ("[page]\n\ntop = '1 inch'", 3, "'1 inch' is not a length"),
        ("[page]\ntop = 'x", 2, "cannot be read"),
        ("[page]\ninside = '3in'\noutside = '2in'", 1, "the margins leave 72 x"),
        ("[page]\ntype = '14pt'\nleading = '9pt'", 1, "the leading is less than the type"),
        ("[faces]\ntext = 'Goudy Nowhere'", 2, "the face 'Goudy Nowhere' is not installed"),
        ("[faces]\ntext = ['none.ttf']", 2, "there is no file 'none.ttf'"),
        ("[faces]\ntext = ['bad.ttf']", 2, "bad.ttf is not a font"),
        ("[faces]\ncode = ['serif.ttf']", 2, "is not monospaced"),
        ("[openers]\ntitle-weight = 'bold'", 2, "bold titles need a face for titles"),
        ("[colors]\ntitles = 'red'", 2, "'red' is not a colour"),
        ("[sizes]\ntitel = [1, 2]", 2, "there is no size 'titel'"),
        ("[sizes]\nnote = 0.8", 2, "'note' must be the size of the type and the distance of its lines"),
        ("[spaces]\nlist-space = '2em'", 2, "'2em' is not a length for 'list-space'"),
        ("[spaces]\nornament-space = '2pt'", 2, "there is no space 'ornament-space' in essay"),
        ("style = 'none.css'", 1, "there is no file 'none.css'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(
    text: str, line: int, message: str, tmp_path: Path
) -> None:
    (tmp_path / "bad.ttf").write_bytes(b"no font")
    (tmp_path / "serif.ttf").write_bytes(Path(own_fonts.SERIF.path).read_bytes())
    said = refused(tmp_path, text)
    assert f"theme.toml:{line}: " in said
    assert message in said


@pytest.mark.parametrize("name", ["../secret.css", "/etc/hostname", "C:\\secret.css", "link.css"])
def test_a_theme_names_no_file_outside_its_folder(name: str, tmp_path: Path) -> None:
    (tmp_path / "secret.css").write_text("p {}", encoding="utf-8")
    folder = tmp_path / "theme"
    folder.mkdir()
    (folder / "link.css").symlink_to(tmp_path / "secret.css")
    assert "is not in the folder of the theme" in refused(folder, f"style = '{name}'")
    assert (
        "is not in the folder of the theme" in refused(folder, f"[faces]\ntext = ['{name}.ttf']")
        or name == "link.css"
    )


@pytest.mark.parametrize(
    ("css", "message"),
    [
        ("p {}\nq { background: url(../a.png) }", "own.css:2: '../a.png' is not in the folder"),
        ("q { background: url('http://a.example/a.png') }", "own.css:1: 'http://a.example/a.png' is not in the folder"),
        ("q { background: url(file:///etc/hostname) }", "is not in the folder"),
        ("\n\n@import 'b.css';", "own.css:3: @import is not read"),
    ],
)  # fmt: skip
def test_its_style_sheet_names_none_either(css: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "own.css").write_text(css, encoding="utf-8")
    assert message in refused(tmp_path, "style = 'own.css'")


def test_what_gets_past_the_look_at_the_style_sheet_is_refused_by_the_engine(
    tmp_path: Path,
) -> None:
    (tmp_path / "secret.svg").write_text(
        "<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8"
    )
    folder = theme_file(tmp_path / "theme", "style = 'own.css'")
    css = f".opener {{ background: u\\72l('file://{tmp_path}/secret.svg') }}"
    (folder / "own.css").write_text(css, encoding="utf-8")
    artifact = api.write(letters(), Pdf(theme=folder, engine="weasyprint"))
    artifact.to_bytes()
    said = [d.message for d in artifact.report.diagnostics if d.code is DiagnosticCode.ENGINE]
    assert [m for m in said if "not a file of this book" in m]


def test_a_style_sheet_has_pictures_from_the_folder(tmp_path: Path) -> None:
    folder = theme_file(tmp_path, "style = 'own.css'")
    (folder / "mark.svg").write_text(
        "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='40'><rect width='40' height='40' fill='#0a0'/></svg>",
        encoding="utf-8",
    )
    (folder / "own.css").write_text(".opener::after { content: url(mark.svg) }", encoding="utf-8")
    artifact = api.write(letters(), Pdf(theme=folder, engine="weasyprint"))
    with pymupdf.open(stream=artifact.to_bytes()) as document:
        fills = [d.get("fill") for page in document for d in page.get_drawings()]
    assert any(fill == pytest.approx((0, 2 / 3, 0), abs=0.01) for fill in fills if fill)
    assert not [d for d in artifact.report.diagnostics if d.code is DiagnosticCode.ENGINE]


def test_faces_of_files_take_their_role_in_both_engines(tmp_path: Path) -> None:
    for name, font in (("code.ttf", own_fonts.MONO), ("text.ttf", own_fonts.SANS)):
        (tmp_path / name).write_bytes(Path(font.path).read_bytes())
    theme = read_theme(theme_file(tmp_path, "[faces]\ncode = ['code.ttf']\ntext = ['text.ttf']\n"))
    assert theme.fonts.mono_advance == pytest.approx(0.6)
    assert theme.fonts.find(DISPLAY).file.name == "Source Sans 3"
    assert {f.family for f in theme.fonts.faces()} >= {SERIF, DISPLAY, MONO, RESERVE}
    assert [r for r in theme.remarks if "no italic" in r]
    assert not [r for r in theme.remarks if "no bold" in r]
    assert theme.fonts.capitals == pytest.approx(0.66, abs=0.02)


def test_a_pale_colour_is_reported(tmp_path: Path) -> None:
    said = read_theme(theme_file(tmp_path, "[colors]\ntitles = '#aaa'")).remarks
    assert said == ("titles in #aaa are hard to read on white",)


def test_small_type_is_reported(tmp_path: Path) -> None:
    assert (
        "note is set in 6.2 pt"
        in read_theme(theme_file(tmp_path, "[sizes]\nnote = [0.6, 0.8]")).remarks[0]
    )


def test_a_name_that_is_no_theme_gets_the_names_and_a_path_is_looked_for(tmp_path: Path) -> None:
    collection = as_collection(Post(Metadata(slug="a", title="A"), (words("Text."),)))
    with pytest.raises(OptionError, match=r"cannot be 'esay'; did you mean 'essay'\?.*or a path"):
        clothbound.write(collection, Pdf(theme="esay"))  # type: ignore[arg-type]
    with pytest.raises(
        OptionError, match=r"the theme cannot be read: No such file or directory\. Hint"
    ):
        clothbound.write(collection, Pdf(theme=tmp_path / "none"))
    (tmp_path / "looks.css").write_text("body { color: red }")
    with pytest.raises(OptionError, match=r"no style sheet.*the option css takes looks\.css"):
        clothbound.write(collection, Pdf(theme=tmp_path / "looks.css"))


def test_a_file_of_a_theme_is_bounded(tmp_path: Path) -> None:
    (tmp_path / "big.ttf").write_bytes(b"x" * 2000)
    folder = theme_file(tmp_path, "[faces]\ntext = ['big.ttf']")
    with pytest.raises(OptionError, match=r"theme.toml:2: 'big.ttf' is too large"):
        read_theme(folder, Limits(resource_bytes=1000))
