"""What people ask of programs that make books of posts, a test for each wish, by its number.

The numbers are those of our list of users' wishes: 1 to 12 are what breaks a book, 26 to 39 what makes
a real one (``docs/explanation/wishes.md``). Other modules test each of them in depth; here stands what was asked for.
"""

from __future__ import annotations

import io
import json
import re
import uuid
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image
from pypdf import PdfReader

import clothbound
from clothbound.anthology.order import Order
from clothbound.anthology.select import Select
from clothbound.cli import main
from clothbound.diagnostics import DiagnosticCode
from clothbound.media.fetch import Fetcher
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.book_info import BookInfo, Series
from clothbound.model.post import Asset, Metadata, Post
from clothbound.run import Run
from clothbound.substack.cdn import wrap
from clothbound.substack.picture_addresses import candidates
from clothbound.writers.epub.options import Epub
from epub_checker import epubcheck
from epub_samples import every_node, letters, opened, picture, second

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
    book = clothbound.write(posts, Epub(**options))  # type: ignore[arg-type]
    return {
        Path(name).name: data.decode()
        for name, data in opened(book.to_bytes()).items()
        if name.endswith((".xhtml", ".opf", ".ncx", ".css"))
    }


def pictured(data: bytes, name: str = "p.png") -> Post:
    """A post with one picture."""
    figure = b.Figure(i.Image(name, "A boat"))
    return Post(Metadata(key="a", slug="a", title="A"), (figure,), assets=(Asset(name, data),))


def shown_pictures(book: bytes) -> list[bytes]:
    """The pictures in an EPUB but for its cover."""
    return [
        data
        for name, data in opened(book).items()
        if name.endswith((".jpg", ".png")) and "cover" not in name
    ]


def printed(*posts: Post) -> str:
    """The words of a PDF."""
    pages = PdfReader(io.BytesIO(clothbound.write(posts, "pdf").to_bytes())).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def deepest(element: etree._Element, name: str) -> int:
    """How many elements of this name lie in each other."""
    own = etree.QName(element).localname == name
    return own + max((deepest(child, name) for child in element), default=0)


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
        assert len(marks) == (2 if name == "one.xhtml" else 1)  # each with an id of its own
        assert {mark.get("href") for mark in marks} == {f"#{notes[0].get('id')}"}
        back = [a.get("href", "") for a in notes[0].iter(f"{XHTML}a")]
        assert back
        assert all(href.removeprefix("#") in ids for href in back)
    # Nor in print, where all posts are one document.
    text = printed(one, two)
    assert text.count("Of the first.") == 1
    assert text.count("Of the second.") == 1


def test_wish_02_what_makes_send_to_kindle_fail_is_named_with_its_post(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "p.md").write_text("---\ntitle: P\n---\n\n![](a.png)\n")
    (tmp_path / "a.png").write_bytes(picture("PNG"))
    run("check", tmp_path, "--for", "kindle")
    told = capsys.readouterr().err
    assert "p.md:5" in told
    assert "alternative text" in told
    # What is known to be refused is not in a book for Kindle, whatever the post holds.
    figure = b.Figure(i.Image("p.webp", ""))
    tex = b.Paragraph((i.Math("a+b"), i.RawInline("html", "<!-- a -- b --><style>p{}</style>")))
    webp = Asset("p.webp", picture("WEBP", size=(5000, 50)))
    bad = Post(Metadata(key="a", slug="a", title="A"), (figure, tex), assets=(webp,))
    (tmp_path / "a.epub").write_bytes(clothbound.write(bad, Epub(destination="kindle")).to_bytes())
    files = opened((tmp_path / "a.epub").read_bytes())
    pages = "".join(d.decode() for n, d in files.items() if n.endswith((".xhtml", ".opf", ".css")))
    assert re.search(r"<dc:language>en</dc:language>", pages)
    assert not re.search(r"<!--|<math|<style|webp|var\(|alt=\"\"", pages)
    assert not [d for d in files.values() if d[8:12] == b"WEBP"]
    assert run("check", tmp_path / "a.epub", "--for", "kindle") == 0
    assert "0 errors" in capsys.readouterr().err


def test_wish_03_notes_pop_up() -> None:
    page = epub(post("One.[^1]\n\n[^1]: First paragraph.\n\n    Second."))["a.xhtml"]
    assert re.search(
        r'<sup><a [^>]*epub:type="noteref"[^>]*role="doc-noteref"[^>]*>1</a></sup>', page
    )
    note = page[page.index("<aside") :]
    # The way back stands first: at the end Kindle runs notes together.
    assert re.match(r'<aside [^>]*epub:type="footnote"[^>]*>\s*<p>\s*<a [^>]*doc-backlink', note)
    assert 'xmlns:epub="http://www.idpf.org/2007/ops"' in page


def test_wish_04_links_between_posts_are_links_in_the_book(tmp_path: Path) -> None:
    links = {
        "own": "https://own.example/p/two?utm_source=x",
        "slug": "/p/two",
        "part": "/p/two#deep",
        "file": "two.md",
        "id": "https://own.example/i/77",
        "alias": "https://own.example/old-address",
    }
    body = " ".join(f"[{name}]({href})" for name, href in links.items())
    gone = "[gone](https://own.example/p/three) [other](https://other.example/)"
    for name, text in (
        ("one", f"canonical_url: https://own.example/p/one\n---\n\n{body} {gone}"),
        ("two", "post_id: 77\naliases: [/old-address]\n---\n\nx\n\n## Deep {#deep}"),
        ("three", "---\n\nLeft out."),
    ):
        (tmp_path / f"{name}.md").write_text(f"---\ntitle: {name}\nslug: {name}\n{text}\n")
    posts = clothbound.read(tmp_path)
    keys = {metadata.slug: metadata.key for metadata in posts.index}
    chapters = [keys["one"], keys["two"]]
    made = clothbound.book(
        posts,
        Select(sites=["own.example"]),
        title="T",
        authors=["A"],
        order=Order(chapters=chapters),
    )
    artifact = clothbound.write(made, "epub")
    files = opened(artifact.to_bytes())
    page = next(d.decode() for n, d in files.items() if n.endswith(f"{keys['one']}.xhtml"))
    found = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(\w+)<', page)
    hrefs = {text: href for href, text in found}
    two = f"{keys['two']}.xhtml"
    assert {name: hrefs[name].partition("#")[0] for name in links} == dict.fromkeys(links, two)
    assert hrefs["part"].endswith("#deep") or "deep" in hrefs["part"].partition("#")[2]
    assert hrefs["gone"] == "https://own.example/p/three"
    assert hrefs["other"] == "https://other.example/"
    account = artifact.report.accounts[keys["one"]]
    assert len(account.links_inside) == len(links)
    assert [link for link in account.links_left_out if "three" in str(link)]
    assert len(account.links_left_out) == 1


def test_wish_04_so_are_names_in_brackets(tmp_path: Path) -> None:
    (tmp_path / "One.md").write_text("See [[Two|the other]] and [[Nowhere]].\n")
    (tmp_path / "Two.md").write_text("x\n")
    artifact = clothbound.write(clothbound.read(tmp_path, "obsidian"), "epub")
    pages = "".join(
        d.decode() for n, d in opened(artifact.to_bytes()).items() if n.endswith("xhtml")
    )
    assert re.search(r'<a [^>]*href="[^"#]+\.xhtml"[^>]*>the other</a>', pages)
    assert "Nowhere" in pages
    assert "[[" not in pages
    assert any("Nowhere" in d.message for d in artifact.report.diagnostics)


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
    book = opened(clothbound.write(linked, "epub", run=Run(fetch=folder)).to_bytes())
    page = next(data.decode() for name, data in book.items() if name.endswith("a.xhtml"))
    assert re.search(r'<img src="images/\w+\.png" alt="A boat"', page)
    # A link from a picture to itself is the web page's magnifying glass.
    assert "substackcdn.com" not in page
    # What is not to be had is named, with its post and line, and its place is kept.
    artifact = clothbound.write(
        post(f"![A buoy]({original}.gone.png)"), "epub", run=Run(fetch=folder)
    )
    page = next(d.decode() for n, d in opened(artifact.to_bytes()).items() if n.endswith("a.xhtml"))
    assert "A buoy" in page
    lost = [d for d in artifact.report.diagnostics if "gone.png" in d.message]
    assert [d.line for d in lost] == [6]


def test_wish_07_webp_and_huge_pictures_become_what_devices_show() -> None:
    for form in ("WEBP", "AVIF"):
        data = picture(form, size=(3000, 1000))
        artifact = clothbound.write(pictured(data, "named-wrongly.jpg"), "epub")
        (shown,) = shown_pictures(artifact.to_bytes())
        with Image.open(io.BytesIO(shown)) as image:
            assert image.format in ("JPEG", "PNG")
            assert max(image.size) <= 2000
        told = [d.message for d in artifact.report.diagnostics if "named-wrongly" in d.message]
        assert any("3000 x 1000 pixels made 2000 x 66" in message for message in told), told


def test_wish_08_no_css_that_readers_choke_on() -> None:
    files = epub(every_node(), second())
    style = next(text for name, text in files.items() if name.endswith(".css"))
    rules = re.sub(r"/\*.*?\*/", "", style, flags=re.S)
    assert not re.search(r"flex|grid|var\(|--\w|(?<![-\w])position\s*:|@", rules)
    assert not [name for name, text in files.items() if "<style" in text]
    inline = {one for text in files.values() for one in re.findall(r' style="([^"]*)"', text)}
    assert not [one for one in inline if re.search(r"flex|grid|var\(|position|colou?r", one)]


def test_wish_09_no_comment_with_two_hyphens() -> None:
    files = epub(
        post("a <!-- in -- line --> b\n\n<!-- one -- two -->\n\n<div><!-- -- --->c</div>\x07")
    )
    for name, text in files.items():
        assert "<!--" not in text, name
        if not name.endswith(".css"):
            etree.fromstring(text.encode())
    words = re.sub(r"<[^>]*>", " ", files["a.xhtml"].partition("<body")[2])
    assert {"a", "b", "c"} <= set(words.split())


def test_wish_10_nothing_is_lost_in_silence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    poll = '::: {.poll-embed attrs="{\\"id\\":1}"}\n:::'
    (tmp_path / "p.md").write_text(f"---\ntitle: P\n---\n\nWords.\n\n{poll}\n")
    assert run("convert", tmp_path / "p.md", "-o", tmp_path / "p.epub", "--strict") == 3
    assert "p.md:7: warning: a poll was left out" in capsys.readouterr().err
    assert not (tmp_path / "p.epub").exists()
    # As many posts and words come out as went in, and the report says so of each.
    report = tmp_path / "report.json"
    assert run("convert", LETTERS / "2023", "-o", tmp_path / "l.epub", "--report", report) == 0
    (account,) = json.loads(report.read_text())
    sources = {post["source"] for post in account["posts"]}
    assert sources == {path.name for path in (LETTERS / "2023").glob("*.md")}
    for one in account["posts"]:
        missing = one["read"]["words"] - one["left_out"]["words"] - one["written"]["words"]
        assert missing <= 0, one["source"]


def test_wish_11_money_is_no_formula() -> None:
    made = clothbound.to_html(post("It costs $5 and then $6 more, not $7."))
    assert "It costs $5 and then $6 more, not $7." in made
    for text in ("$20,000 and $30,000 a day", "US$5–$7", "from $1.50 to $2", "*$3* or **$4**"):
        assert "<math" not in clothbound.to_html(post(text)), text
    assert "<math" in clothbound.to_html(post("But $a+b$ is one."))
    assert 'display="block"' in clothbound.to_html(post("$$\na+b\n$$"))


def test_wish_12_the_language_is_never_the_machines(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANG", "C")
    monkeypatch.setenv("LC_ALL", "tlh_KX.UTF-8")
    assert "<dc:language>en</dc:language>" in epub(post("x"))["content.opf"]
    assert "<dc:language>de</dc:language>" in epub(post("x", lang="de"))["content.opf"]
    assert "<dc:language>en</dc:language>" in epub(post("x", lang="klingonisch"))["content.opf"]
    (tmp_path / "p.md").write_text("x")
    assert run("book", tmp_path / "p.md", "--all", "-o", tmp_path / "p.epub") == 0
    assert "language: unknown from the posts" in capsys.readouterr().err
    said = ("book", tmp_path / "p.md", "--all", "-o", tmp_path / "p.epub", "--lang")
    assert run(*said, "pt_BR") == 0
    package = opened((tmp_path / "p.epub").read_bytes())
    assert any(b"<dc:language>pt-BR</dc:language>" in data for data in package.values())
    assert run(*said, "C") == 2


# --- what makes a real book ---------------------------------------------------------------------------


def test_wish_26_a_book_is_chosen_by_hand(tmp_path: Path) -> None:
    for name, date in (("one", "2023-01-01"), ("two", "2023-01-02"), ("three", "2023-02-01")):
        text = f"---\ntitle: {name}\nslug: {name}\ndate: {date}\ntags: [sea]\n---\n\nSome words.\n"
        (tmp_path / f"{name}.md").write_text(text)
    plan = tmp_path / "book.toml"
    assert run("init", tmp_path, "-o", plan, "--parts", "none") == 0
    head, _, listed = plan.read_text().partition("[chapters]\n")
    lines = {line.split(" = ")[0]: line for line in listed.splitlines()}
    assert "# 2023-01-02; 2 words; sea" in lines["two"]
    parts = (
        f'[part."Last things"]\n{lines["three"].replace(chr(34) + "three", chr(34) + "The third")}\n'
        f'# {lines["two"]}\n[part."First things"]\n{lines["one"]}\n'
    )
    plan.write_text(head + parts)
    assert run("book", plan, "-o", tmp_path / "b.epub") == 0
    files = opened((tmp_path / "b.epub").read_bytes())
    nav = next(
        data.decode() for name, data in files.items() if name.endswith("contents_page.xhtml")
    )
    contents = re.sub(r"<[^>]*>", "\n", nav.partition('epub:type="toc"')[2].partition("</nav>")[0])
    shown = [line for line in map(str.strip, contents.split("\n")) if line]
    wanted = ["Last things", "The third", "First things", "one"]
    assert [line for line in shown if line in (*wanted, "two", "three")] == wanted


def test_wish_27_a_book_for_each_year(tmp_path: Path) -> None:
    pattern = tmp_path / "{title}.epub"
    series = ("--series", "The letters", "--number", "{year}", "--parts", "months")
    words = ("--title", "Letters", "--subtitle", "Of {year}", *series)
    assert run("book", LETTERS, "--by-year", "-o", pattern, *words) in (0, 4)
    for year in ("2021", "2022", "2023"):
        files = opened((tmp_path / f"Letters {year}.epub").read_bytes())
        package = next(data.decode() for name, data in files.items() if name.endswith(".opf"))
        assert f"Of {year}" in package
        assert re.search(rf'property="group-position"[^>]*>{year}<', package)
        nav = next(
            data.decode() for name, data in files.items() if name.endswith("contents_page.xhtml")
        )
        assert f"December {year}" in nav
        other = str(int(year) - 1)
        assert f"December {other}" not in nav
    assert len(list(tmp_path.glob("*.epub"))) == 3


def test_wish_28_every_format_from_one_source_without_latex_and_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    one = post("Plain *words*.")
    for name, begins in (
        ("a.html", b"<!DOCTYPE"),
        ("a.epub", b"PK"),
        ("a.pdf", b"%PDF"),
        ("a.md", b"---"),
    ):
        kind = {"md": "markdown"}.get(name[2:], name[2:])
        clothbound.write(one, kind).save(tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(begins)
    assert "Plain words." in printed(one)
    assert "Plain *words*." in (tmp_path / "a.md").read_text()


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
    small = clothbound.write(post("x"), Epub(cover=picture("PNG", size=(300, 480))))
    small.to_bytes()
    (told,) = [d.message for d in small.report.diagnostics if d.code is DiagnosticCode.STORE_RULE]
    assert "the cover is 300 x 480 pixels" in told


def test_wish_30_series_for_kobo_and_for_calibre() -> None:
    made = clothbound.book(
        letters(post("x"), post("y", "b")),
        info=BookInfo(title="T", authors=("A",), series=Series("Letters", "3")),
    )
    package = next(
        d.decode()
        for name, d in opened(clothbound.write(made, "epub").to_bytes()).items()
        if name.endswith(".opf")
    )
    assert re.search(r'property="belongs-to-collection"[^>]*>Letters<', package)
    assert re.search(r'property="collection-type"[^>]*>series<', package)
    assert re.search(r'property="group-position"[^>]*>3<', package)
    assert re.search(r'name="calibre:series" content="Letters"', package)
    assert re.search(r'name="calibre:series_index" content="3', package)


def test_wish_31_code_wraps() -> None:
    files = epub(post("```\nx\n```"))
    style = next(text for name, text in files.items() if name.endswith(".css"))
    rule = re.search(r"^pre[^{]*\{([^}]*)\}", style, re.M)
    assert rule
    assert "white-space: pre-wrap" in rule[1]
    assert "overflow-wrap: break-word" in rule[1]
    assert not re.search(r"overflow(-[xy])?: *(hidden|auto|scroll|clip)|[; ](max-)?height", rule[1])
    # A block longer than a page may be parted: one that may not is cut off, or leaves a page blank.
    assert not re.search(r"break-inside: *avoid", rule[1])


def test_wish_32_highlighting_is_legible_without_colour() -> None:
    files = epub(post('```python\ndef f():  # note\n    return "x"\n```'))
    style = next(text for name, text in files.items() if name.endswith(".css"))
    marked = dict(re.findall(r'<span class="(\w+)">([^<]+)<', files["a.xhtml"]))
    assert {"return", "# note"} <= {text.strip() for text in marked.values()}
    rules = re.findall(r"^([^{}]*)\{([^}]*)\}", re.sub(r"/\*.*?\*/", "", style, flags=re.S), re.M)
    of = {
        kind: " ".join(rule for names, rule in rules if re.search(rf"\.{kind}\b", names))
        for kind in marked
    }
    for kind, text in marked.items():
        assert "color" not in of[kind], kind
        if text.strip() in ("return", "# note"):
            assert re.search("font-weight: bold|font-style: italic", of[kind]), kind
    assert not [rule for names, rule in rules if "pre" in names and "background" in rule]


def test_wish_33_formulas_are_pictures_on_kindle() -> None:
    files = epub(post("So $a+b$."), destination="kindle")
    assert "<math" not in files["a.xhtml"]
    (source,) = re.findall(
        r'<img [^>]*src="([^"]*)"[^>]*alt="a\+b"', files["a.xhtml"]
    ) or re.findall(r'<img [^>]*alt="a\+b"[^>]*src="([^"]*)"', files["a.xhtml"])
    assert source in files["content.opf"]
    assert "<math" in epub(post("So $a+b$."))["a.xhtml"]


def test_wish_34_wide_tables_become_lists_where_they_do_not_fit() -> None:
    columns = [f"c{n}" for n in range(9)]
    table = "\n".join(
        f"| {' | '.join(row)} |" for row in (columns, ["--"] * 9, [f"v{n}" for n in range(9)])
    )
    made = epub(post(table), destination="kindle")["a.xhtml"]
    assert "<table" not in made
    assert all(f"v{n}" in made for n in range(9))
    assert all(made.index(f"c{n}") < made.index(f"v{n}") for n in range(9))  # each beside its head
    small = "| a | b |\n| -- | -- |\n| 1 | 2 |"
    assert "<table" in epub(post(small), destination="kindle")["a.xhtml"]


def test_wish_35_quotes_are_those_of_the_language_and_never_in_code() -> None:
    english = epub(post('"So" -- `"no"`.'))["a.xhtml"]
    assert "“So” –" in english
    assert '<code>"no"</code>' in english or "<code>&quot;no&quot;</code>" in english
    assert "„So“" in epub(post('"So".', lang="de"))["a.xhtml"]
    linked = epub(post('[it\'s](https://a.example/x--y?q="z")'))["a.xhtml"]
    assert re.search(r'href="https://a\.example/x--y\?q=(%22|&quot;)z(%22|&quot;)"', linked)
    assert "it’s" in linked


def test_wish_36_contents_have_the_titles_of_posts() -> None:
    files = epub(post("x", "a", title="'On [links](x) & more'"), post("y", "b"))
    nav = next(text for name, text in files.items() if "nav" in name or "contents" in name)
    ncx = next(text for name, text in files.items() if name.endswith(".ncx"))
    for text in (nav, ncx):
        assert "On [links](x) &amp; more" in text
        assert "ch001" not in text
    # A heading that is a link itself is one that KDP does not find.
    page = epub(post("## A [linked](https://a.example/) head\n\nx"))["a.xhtml"]
    assert not [h for h in re.findall(r"<h1.*?</h1>", page, re.S) if "<a" in h]
    deep = letters(post("## One\n\n### Two\n\n#### Three", "a"), post("y", "b"))
    levels = clothbound.book(deep, title="T", authors=["A"], order=Order(parts="years"))
    text = next(
        d.decode()
        for n, d in opened(clothbound.write(levels, "epub").to_bytes()).items()
        if n.endswith(".ncx")
    )
    assert deepest(etree.fromstring(text.encode()), "navPoint") <= 2
    assert "<title>" in files["a.xhtml"]
    assert "a.xhtml</title>" not in files["a.xhtml"]


def test_wish_37_colours_stay_unless_asked() -> None:
    data = picture("PNG", "teal")

    def colours(**options: bool) -> bool:
        book = clothbound.write(pictured(data), Epub(**options)).to_bytes()
        shown = next(
            d for n, d in opened(book).items() if n.endswith((".jpg", ".png")) and "cover" not in n
        )
        with Image.open(io.BytesIO(shown)) as image:
            red, green, blue = image.convert("RGB").getpixel((5, 5))  # type: ignore[misc]
            return not (red == green == blue)

    assert colours()
    assert not colours(grayscale=True)
    # Nor is a picture that any device shows compressed again.
    jpeg = picture("JPEG", size=(900, 600))
    (kept,) = shown_pictures(clothbound.write(pictured(jpeg, "p.jpg"), "epub").to_bytes())
    assert kept[kept.index(b"\xff\xda") :] == jpeg[jpeg.index(b"\xff\xda") :]


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
    assert DiagnosticCode.ALT_MISSING in {d.code for d in artifact.report.diagnostics}


def test_wish_39_the_same_posts_make_the_same_bytes() -> None:
    posts = (post("One.[^1]\n\n[^1]: n"), post("Two", "b"))
    data = clothbound.write(posts, "epub").to_bytes()
    assert data == clothbound.write(posts, "epub").to_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert {info.date_time for info in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    package = next(d.decode() for n, d in opened(data).items() if n.endswith(".opf"))
    identifier = re.search(r"<dc:identifier[^>]*>urn:uuid:([0-9a-f-]{36})<", package)
    assert identifier
    assert uuid.UUID(identifier[1]).version == 5
    # Another post in the book moves no address of the others.
    more = opened(clothbound.write((post("Zero", "z"), *posts), "epub").to_bytes())
    assert {n for n in opened(data) if n.endswith(("a.xhtml", "b.xhtml"))} <= more.keys()
