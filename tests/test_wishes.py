"""What people ask of programs that make books of posts, a test for each wish, by its number.

The numbers are those of our list of users' wishes: 1 to 12 are what breaks a book, 26 to 39 what makes
a real one. Other modules test each of them in depth; here stands what was asked for.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

import clothbound
from clothbound.cli import main
from clothbound.diagnostics import Code
from clothbound.fetching import Fetcher, candidates
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Asset, Metadata, Post
from clothbound.substack.cdn import wrap
from clothbound.writers.epub.package import EpubOptions
from epub_samples import letters, opened, picture
from product_text import epubcheck

LETTERS = Path(__file__).parents[1] / "examples" / "letters"
XHTML = "{http://www.w3.org/1999/xhtml}"
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"


def post(markdown: str, name: str = "a", **fields: str) -> Post:
    """A post in Markdown, by its key and title ``name``."""
    header = "".join(f"{key}: {value}\n" for key, value in {"slug": name, **fields}.items())
    title = "" if "title" in fields else f"title: {name.title()}\n"
    source = f"---\n{title}{header}---\n\n{markdown}\n"
    return clothbound.read(source.encode(), "markdown")[0]


def run(*arguments: str | Path) -> int:
    """The exit code of the command."""
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    code = left.value.code
    return code if isinstance(code, int) else 0


def epub(*posts: Post, **options: object) -> dict[str, str]:
    """The text files of an EPUB, by the last part of their names."""
    book = clothbound.write(posts, "epub", EpubOptions(**options))  # type: ignore[arg-type]
    return {
        Path(name).name: data.decode()
        for name, data in opened(book.to_bytes()).items()
        if name.endswith((".xhtml", ".opf", ".ncx", ".css"))
    }


def pictured(data: bytes, name: str = "p.png") -> Post:
    """A post with one picture."""
    figure = b.Figure(i.Image(name, "A boat"))
    return Post(Metadata(key="a", slug="a", title="A"), (figure,), assets=(Asset(name, data),))


# --- what breaks a book -----------------------------------------------------------------------------


def test_wish_01_notes_of_several_posts_do_not_collide() -> None:
    one = post("One.[^1] Again.[^1]\n\n[^1]: Of the first.", "one")
    two = post("Two.[^1]\n\n[^1]: Of the second.", "two")
    files = epub(one, two)
    for name, words in (("one.xhtml", "Of the first."), ("two.xhtml", "Of the second.")):
        page = etree.fromstring(files[name].encode())
        ids = [element.get("id") for element in page.iter() if element.get("id")]
        assert len(ids) == len(set(ids))
        notes = [a for a in page.iter(f"{XHTML}aside") if a.get(EPUB_TYPE) == "footnote"]
        assert len(notes) == 1
        assert words in "".join(notes[0].itertext())
        marks = [a for a in page.iter(f"{XHTML}a") if a.get(EPUB_TYPE) == "noteref"]
        assert {mark.get("href") for mark in marks} == {f"#{notes[0].get('id')}"}


def test_wish_02_what_makes_send_to_kindle_fail_is_named_with_its_post(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "p.md").write_text("---\ntitle: P\n---\n\n![](a.png)\n")
    (tmp_path / "a.png").write_bytes(picture("PNG"))
    run("check", tmp_path, "--for", "kindle")
    told = capsys.readouterr().err
    assert "p.md:5" in told
    assert "alternative text" in told


def test_wish_03_notes_pop_up() -> None:
    page = epub(post("One.[^1]\n\n[^1]: First paragraph.\n\n    Second."))["a.xhtml"]
    assert re.search(
        r'<sup><a [^>]*epub:type="noteref"[^>]*role="doc-noteref"[^>]*>1</a></sup>', page
    )
    note = page[page.index("<aside") :]
    # The way back stands first: at the end Kindle runs notes together.
    assert re.match(r'<aside [^>]*epub:type="footnote"[^>]*>\s*<p>\s*<a [^>]*doc-backlink', note)
    assert 'xmlns:epub="http://www.idpf.org/2007/ops"' in page


def test_wish_04_links_between_posts_are_links_in_the_book() -> None:
    fields = {"canonical_url": "https://own.example/p/two"}
    links = "[a](https://own.example/p/two?utm_source=x) [b](/p/two) [c](two.md) [d](/p/three)"
    files = epub(
        post(links, "one", canonical_url="https://own.example/p/one"), post("x", "two", **fields)
    )
    hrefs = re.findall(r'<a [^>]*href="([^"]*)"', files["one.xhtml"])
    assert hrefs[:2] == ["two.xhtml"] * 2
    assert "https://own.example/p/three" in hrefs


@pytest.mark.slow
def test_wish_05_epubcheck_has_nothing_to_say(tmp_path: Path) -> None:
    nasty = post("# H\n\n### Deep\n\n<div><p>a<p>b</div>\n\n<b>x <i>y</b></i>\n\n[gone](gone.md)\n")
    clothbound.write((nasty, post("x", "b")), "epub").save(tmp_path / "a.epub")
    assert epubcheck(tmp_path / "a.epub") == []


def test_wish_06_pictures_behind_a_cdn_are_had_by_their_originals(tmp_path: Path) -> None:
    original = "https://substack-post-media.s3.amazonaws.com/public/images/a%20b_1x2.png"
    wrapped = wrap(original)
    assert next(candidates(wrapped)) == original
    (tmp_path / "a b_1x2.png").write_bytes(picture("PNG"))
    folder = Fetcher(network=False, images=tmp_path)
    linked = post(f"[![A boat](<{wrapped}>)](<{wrapped}>)")
    book = opened(clothbound.write(linked, "epub", fetch=folder).to_bytes())
    page = next(data.decode() for name, data in book.items() if name.endswith("a.xhtml"))
    assert re.search(r'<img src="images/\w+\.png" alt="A boat"', page)
    # A link from a picture to itself is the web page's magnifying glass.
    assert "substackcdn.com" not in page


def test_wish_07_webp_and_huge_pictures_become_what_devices_show() -> None:
    data = picture("WEBP", size=(3000, 1000))
    book = clothbound.write(pictured(data, "p.webp"), "epub").to_bytes()
    shown = [
        d
        for name, d in opened(book).items()
        if name.endswith((".jpg", ".png")) and "cover" not in name
    ]
    assert len(shown) == 1
    with Image.open(io.BytesIO(shown[0])) as image:
        assert image.format in ("JPEG", "PNG")
        assert max(image.size) <= 2000


def test_wish_08_no_css_that_readers_choke_on() -> None:
    files = epub(post("x"))
    style = next(text for name, text in files.items() if name.endswith(".css"))
    rules = re.sub(r"/\*.*?\*/", "", style, flags=re.S)
    assert not re.search(r"flex|grid|var\(|--\w|position\s*:|@import", rules)
    assert not [name for name, text in files.items() if "<style" in text]


def test_wish_09_no_comment_with_two_hyphens() -> None:
    files = epub(post("a\n\n<!-- one -- two -->\n\nb\x07c"))
    assert "<!--" not in files["a.xhtml"]
    etree.fromstring(files["a.xhtml"].encode())


def test_wish_10_nothing_is_lost_in_silence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    poll = '::: {.poll-embed attrs="{\\"id\\":1}"}\n:::'
    (tmp_path / "p.md").write_text(f"---\ntitle: P\n---\n\nWords.\n\n{poll}\n")
    assert run("convert", tmp_path / "p.md", "-o", tmp_path / "p.epub", "--strict") == 3
    assert "p.md:7: warning: poll left out" in capsys.readouterr().err
    assert not (tmp_path / "p.epub").exists()


def test_wish_11_money_is_no_formula() -> None:
    made = clothbound.to_html(post("It costs $5 and then $6 more, not $7."))
    assert "It costs $5 and then $6 more, not $7." in made
    assert "<math" in clothbound.to_html(post("But $a+b$ is one."))


def test_wish_12_the_language_is_never_the_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "C")
    monkeypatch.setenv("LC_ALL", "tlh_KX.UTF-8")
    assert "<dc:language>en</dc:language>" in epub(post("x"))["content.opf"]
    assert "<dc:language>de</dc:language>" in epub(post("x", lang="de"))["content.opf"]
    assert "<dc:language>en</dc:language>" in epub(post("x", lang="klingonisch"))["content.opf"]


# --- what makes a real book ---------------------------------------------------------------------------


def test_wish_26_a_book_is_chosen_by_hand(tmp_path: Path) -> None:
    for name, date in (("one", "2023-01-01"), ("two", "2023-01-02"), ("three", "2023-02-01")):
        text = f"---\ntitle: {name}\nslug: {name}\ndate: {date}\n---\n\nx\n"
        (tmp_path / f"{name}.md").write_text(text)
    plan = tmp_path / "book.toml"
    assert run("init", tmp_path, "-o", plan) == 0
    lines = plan.read_text().splitlines(keepends=True)
    plan.write_text("".join(f"# {line}" if line.startswith("two") else line for line in lines))
    assert run("book", plan, "-o", tmp_path / "b.epub") == 0
    with zipfile.ZipFile(tmp_path / "b.epub") as book:
        names = {Path(name).stem for name in book.namelist()}
    assert {"one", "three"} <= names
    assert "two" not in names


def test_wish_27_a_book_for_each_year(tmp_path: Path) -> None:
    pattern = tmp_path / "{title}.epub"
    assert run("book", LETTERS, "--by-year", "-o", pattern, "--title", "Letters") in (0, 4)
    assert sorted(path.name for path in tmp_path.glob("*.epub")) == [
        "Letters 2021.epub",
        "Letters 2022.epub",
        "Letters 2023.epub",
    ]


def test_wish_28_every_format_from_one_source_without_latex_and_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    for name in ("a.html", "a.epub", "a.pdf", "a.md"):
        clothbound.write(post("x"), {"md": "markdown"}.get(name[2:], name[2:])).save(
            tmp_path / name
        )
        assert (tmp_path / name).stat().st_size > 0


def test_wish_29_there_is_a_cover_that_everybody_recognises() -> None:
    book = clothbound.write(letters(post("x"), post("y", "b")), "epub").to_bytes()
    files = opened(book)
    package = next(d.decode() for name, d in files.items() if name.endswith(".opf"))
    item = re.search(r'<item [^>]*properties="cover-image"[^>]*>', package)
    assert item
    name = re.search(r'id="([^"]*)"', item[0])
    assert name
    assert re.search(rf'<meta [^>]*name="cover"[^>]*content="{name[1]}"', package) or re.search(
        rf'<meta [^>]*content="{name[1]}"[^>]*name="cover"', package
    )
    cover = next(d for n, d in files.items() if "cover" in n and n.endswith((".jpg", ".png")))
    with Image.open(io.BytesIO(cover)) as image:
        assert image.size == (1600, 2560)


def test_wish_30_series_for_kobo_and_for_calibre() -> None:
    made = clothbound.book(
        letters(post("x"), post("y", "b")),
        title="T",
        authors=["A"],
        series="Letters",
        series_position="3",
    )
    package = next(
        d.decode()
        for name, d in opened(clothbound.write(made, "epub").to_bytes()).items()
        if name.endswith(".opf")
    )
    assert re.search(r'property="belongs-to-collection"[^>]*>Letters<', package)
    assert re.search(r'property="group-position"[^>]*>3<', package)
    assert re.search(r'name="calibre:series" content="Letters"', package)
    assert re.search(r'name="calibre:series_index" content="3', package)


def test_wish_31_code_wraps() -> None:
    files = epub(post("```\nx\n```"))
    style = next(text for name, text in files.items() if name.endswith(".css"))
    rule = re.search(r"^pre[^{]*\{([^}]*)\}", style, re.M)
    assert rule
    assert "white-space: pre-wrap" in rule[1]
    assert "overflow-wrap" in rule[1]


def test_wish_32_highlighting_is_legible_without_colour() -> None:
    files = epub(post('```python\ndef f():  # note\n    return "x"\n```'))
    style = next(text for name, text in files.items() if name.endswith(".css"))
    assert re.search(r"<(?:b|i|strong|em|span class)", files["a.xhtml"])
    for rule in re.findall(r"pre[^{]*\{([^}]*)\}", style):
        assert "background" not in rule


def test_wish_33_formulas_are_pictures_on_kindle() -> None:
    files = epub(post("So $a+b$."), destination="kindle")
    assert "<math" not in files["a.xhtml"]
    assert re.search(r'<img [^>]*alt="a\+b"', files["a.xhtml"])
    assert "<math" in epub(post("So $a+b$."))["a.xhtml"]


def test_wish_34_wide_tables_become_lists_where_they_do_not_fit() -> None:
    columns = [f"c{n}" for n in range(9)]
    table = "\n".join(
        f"| {' | '.join(row)} |" for row in (columns, ["--"] * 9, [f"v{n}" for n in range(9)])
    )
    made = epub(post(table), destination="kindle")["a.xhtml"]
    assert "<table" not in made
    assert all(f"v{n}" in made for n in range(9))
    small = "| a | b |\n| -- | -- |\n| 1 | 2 |"
    assert "<table" in epub(post(small), destination="kindle")["a.xhtml"]


def test_wish_35_quotes_are_those_of_the_language_and_never_in_code() -> None:
    english = epub(post('"So" -- `"no"`.'))["a.xhtml"]
    assert "“So” –" in english
    assert '<code>"no"</code>' in english or "<code>&quot;no&quot;</code>" in english
    assert "„So“" in epub(post('"So".', lang="de"))["a.xhtml"]


def test_wish_36_contents_have_the_titles_of_posts() -> None:
    files = epub(post("x", "a", title="'On [links](x) & more'"), post("y", "b"))
    nav = next(text for name, text in files.items() if "nav" in name or "contents" in name)
    ncx = next(text for name, text in files.items() if name.endswith(".ncx"))
    for text in (nav, ncx):
        assert "&amp; more" in text
        assert "ch001" not in text
    assert "<title>" in files["a.xhtml"]
    assert "a.xhtml</title>" not in files["a.xhtml"]


def test_wish_37_colours_stay_unless_asked() -> None:
    data = picture("PNG", "teal")

    def colours(**options: bool) -> bool:
        book = clothbound.write(pictured(data), "epub", EpubOptions(**options)).to_bytes()
        shown = next(
            d for n, d in opened(book).items() if n.endswith((".jpg", ".png")) and "cover" not in n
        )
        with Image.open(io.BytesIO(shown)) as image:
            red, green, blue = image.convert("RGB").getpixel((5, 5))  # type: ignore[misc]
            return not (red == green == blue)

    assert colours()
    assert not colours(grayscale=True)


def test_wish_38_accessibility_is_said_as_it_is() -> None:
    described = clothbound.write(pictured(picture("PNG")), "epub").to_bytes()
    bare = Post(
        Metadata(key="a", slug="a", title="A"),
        (b.Figure(i.Image("p.png")),),
        assets=(Asset("p.png", picture("PNG")),),
    )
    artifact = clothbound.write(bare, "epub")

    def features(book: bytes) -> list[str]:
        package = next(d.decode() for n, d in opened(book).items() if n.endswith(".opf"))
        return re.findall(r'property="schema:accessibilityFeature"[^>]*>([^<]*)<', package)

    assert "alternativeText" in features(described)
    assert "alternativeText" not in features(artifact.to_bytes())
    assert Code.ALT_MISSING in {d.code for d in artifact.report.diagnostics}


def test_wish_39_the_same_posts_make_the_same_bytes() -> None:
    posts = (post("One.[^1]\n\n[^1]: n"), post("Two", "b"))
    assert clothbound.write(posts, "epub").to_bytes() == clothbound.write(posts, "epub").to_bytes()
