"""The index of a book: terms from marks and lists, their order, and their places in both engines and in an EPUB."""

from __future__ import annotations

import re
from pathlib import Path

import pymupdf
import pytest
from lxml import etree
from msgspec.structs import replace

from clothbound import api
from clothbound.cli import main
from clothbound.errors import ManifestError
from clothbound.language.collation import Collation
from clothbound.model.book_info import BookInfo
from clothbound.model.census import take_census
from clothbound.model.collection import Collection
from clothbound.model.post import Metadata, Post
from clothbound.model.posts_at_hand import as_collection
from clothbound.model.subject_terms import SubjectTerm
from clothbound.plan.reading import parse_manifest
from clothbound.progress import PACKING
from clothbound.run import Run
from clothbound.subject_index import SubjectIndex
from clothbound.writers.epub import Epub
from clothbound.writers.pdf import Pdf
from clothbound.writers.pdf.engine_choice import Engine
from clothbound.writers.pdf.index_pages import join_pages
from epub_samples import opened
from sample_nodes import paragraph

XHTML = "{http://www.w3.org/1999/xhtml}"
EPUB = "{http://www.idpf.org/2007/ops}"
MARKS = r"""---
title: Marks
---

A [bone folder]{.index sub="care of"}, a [Press]{.index see-also="glue"}, [x]{.index term="Hidden"}.

\index{boards!mill}Boards, `\index{boards|see{card}}`{=latex} and
<span class="index" data-see="glue">paste</span>, <span epub:type="index-term">Card</span>,
<a data-type="indexterm" data-primary="fish" data-secondary="cod"></a> <span class="indexterm">Glue</span>.
"""


def lines(index: SubjectIndex) -> list[str]:
    """The index in one line for each term."""
    found = []
    for group in index.groups():
        for entry in group.entries:
            for one, indent in ((entry, ""), *((e, "  ") for e in index.sorted(entry.below))):
                refers = [*(f"see {n}" for n in one.see), *(f"also {n}" for n in one.see_also)]
                found.append(
                    " ".join((f"{indent}{group.letter}:{one.term}", str(len(one.places)), *refers))
                )
    return found


def mark(index: SubjectIndex, post: Post) -> Post:
    marked, found = index.find(post, take_census(post))
    index.note(post.metadata, found)
    return marked


def test_marks_of_markdown_html_and_latex(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text(MARKS, encoding="utf-8")
    index = SubjectIndex((), "en")
    post = mark(index, api.read(tmp_path / "one.md").posts[0])
    assert lines(index) == [
        "B:boards 0 see card",
        "  B:mill 1",
        "B:bone folder 0",
        "  B:care of 1",
        "C:Card 1",
        "F:fish 0",
        "  F:cod 1",
        "G:Glue 1",
        "H:Hidden 1",
        "P:paste 0 see glue",
        "P:Press 1 also glue",
    ]
    assert list(index.diagnostics()) == []
    assert "index{" not in repr(post.body)
    assert mark(index, Post(post.metadata, post.body)) is not None


@pytest.mark.parametrize(
    ("term", "text", "count"),
    [
        (SubjectTerm("tide", ("tides",)), "Tides, tide and tidal; untide.", 1),
        (SubjectTerm("IT"), "Take it to IT.", 1),
        (SubjectTerm("IT"), "Take it.", 0),
        (SubjectTerm("Tom's cat"), "This is Tom\u2019s  cat.", 1),
        (SubjectTerm("紙"), "和紙です。", 1),
        (SubjectTerm("C++"), "In C++, and C.", 1),
    ],
)
def test_a_term_of_the_list_is_found_as_a_whole_word(
    term: SubjectTerm, text: str, count: int
) -> None:
    index = SubjectIndex((term,), "en")
    mark(index, Post(Metadata(key="one"), (paragraph(text),)))
    found = [len(entry.places) for group in index.groups() for entry in group.entries]
    assert found == ([count] if count else [])


def test_what_leads_nowhere_is_named() -> None:
    terms = (
        SubjectTerm("unicorn", source="book.toml", line=7),
        SubjectTerm("glue", see_also=("size",), source="book.toml", line=8),
        SubjectTerm("paste", see="glue", source="book.toml", line=9),
    )
    index = SubjectIndex(terms, "en")
    mark(index, Post(Metadata(key="one"), (paragraph("Some glue."),)))
    told = [(d.source, d.line, d.message.partition(".")[0]) for d in index.diagnostics()]
    assert told == [
        ("book.toml", 7, "the term 'unicorn' of the index stands nowhere in the book"),
        ("book.toml", 8, "the index refers from 'glue' to 'size', which it lacks"),
    ]


@pytest.mark.parametrize(
    ("language", "words", "heads"),
    [
        ("en", "3D;æther;apple;Éclair;New York;Newark", ";A;A;E;N;N"),
        ("de", "ähnlich;Ofen;Öl;Strand;Straße;Zebra", "A;O;O;S;S;Z"),
        ("sv", "apa;zebra;ål;ärta;öl", "A;Z;Å;Ä;Ö"),
        ("nb", "zebra;ære;øre;år", "Z;Æ;Ø;Å"),
        ("cs", "cihla;čáp;hrad;chata;ibis", "C;Č;H;Ch;I"),
        ("sk", "cesta;čaj;hora;chata;ihla;oko;ôsmy", "C;Č;H;Ch;I;O;Ô"),
        ("es", "nube;ñandú;oso", "N;Ñ;O"),
        ("tr", "çay;ırmak;Istanbul;iğde", "Ç;I;I;İ"),
        ("hu", "cukor;csiga;gáz;gyár;orr;öl;őr;örvény;zebra;zsák", "C;Cs;G;Gy;O;Ö;Ö;Ö;Z;Zs"),
        ("ro", "ară;ăsta;înger;sare;șarpe;şase;țară", "A;Ă;Î;S;Ș;Ș;Ț"),
        ("vi", "anh;ăn;ấm;cá;đá;ế;om;ông;ở;ức", "A;Ă;Â;C;Đ;Ê;O;Ô;Ơ;Ư"),
        ("uk", "ґанок;дім;єнот;їжак", "Ґ;Д;Є;Ї"),
        ("he", "אבא;בית;שלום", "א;ב;ש"),
        ("fa", "آب;باد;پا;گل;ماه", "آ;ب;پ;گ;م"),
        ("ko", "가방;나무;하늘", "ㄱ;ㄴ;ㅎ"),
        ("ja", "あめ;カメラ;サクラ;漢字", "あ;か;さ;"),
        ("th", "กา;เกม;ขา", "ก;ก;ข"),
    ],
)
def test_terms_stand_in_the_order_of_the_language(language: str, words: str, heads: str) -> None:
    collation = Collation(language)
    expected = words.split(";")
    assert sorted(set(expected), key=collation.key) == expected
    assert [collation.head(word) for word in expected] == heads.split(";")


def test_pages_that_follow_each_other_are_one_range() -> None:
    assert join_pages([9, 4, 5, 5, 6, 1]) == [(1, 1), (4, 6), (9, 9)]


def book(posts: int = 12) -> Collection:
    """Posts of some pages with four terms, one in each of their paragraphs at most."""
    made = []
    for number in range(posts):
        body = [
            paragraph(
                f"Words of {number} and {place}, "
                + "and more of them to fill the line, " * 4
                + ("with quartz " if (number + place) % 7 == 0 else "")
                + ("with zinc " if place == 3 else "")
                + ("of Éire" if number == 2 else "")
                + "."
            )
            for place in range(14)
        ]
        made.append(Post(Metadata(key=f"post-{number}", title=f"Post {number}"), tuple(body)))
    terms = (
        SubjectTerm("quartz", see_also=("zinc",)),
        SubjectTerm("zinc"),
        SubjectTerm("crystal", see="quartz"),
        SubjectTerm("Éire"),
    )
    info = BookInfo(title="Minerals", language="en")
    return replace(as_collection(made), info=info, index_terms=terms)


def pages_in_index(text: str, term: str) -> set[int]:
    found = re.search(rf"{term}((?:,\s[\d–]+)+)", text)
    assert found is not None, (term, text)
    runs = [run.split("–") for run in re.findall(r"\d+(?:–\d+)?", found[1])]
    return {
        page for first, *last in runs for page in range(int(first), int((last or [first])[0]) + 1)
    }


def check_index(data: bytes) -> None:
    """Every page that has a term is in the index, and no other; the contents and the outline have the index."""
    with pymupdf.open(stream=data) as document:
        texts = [re.sub(r"\s+", " ", page.get_text()) for page in document]
        outline = document.get_toc()
        links = [link for link in document[len(texts) - 1].get_links() if "page" in link]
    last = texts[-1]
    assert "Index" in last
    assert outline[-1][1:] == ["Index", len(texts)]
    assert re.search(rf"Index[ .\u2002]+{len(texts)}\b", texts[4])
    for term in ("quartz", "zinc", "Éire"):
        stands = {n for n, text in enumerate(texts[:-1], 1) if f" {term}" in text}
        assert pages_in_index(last, term) == stands, term
    assert re.search("crystal, see quartz", last)
    assert re.search("zinc", last.partition("see also")[2])
    assert re.search(r"C crystal.* E Éire.* Q quartz.* Z zinc", last)
    assert {link["page"] + 1 for link in links} <= set(range(1, len(texts)))
    assert len(links) > 10


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_the_index_has_the_pages_on_which_terms_stand(engine: Engine) -> None:
    artifact = api.write(book(), Pdf(engine=engine, page="5x8"))
    check_index(artifact.to_bytes())
    assert artifact.pages is not None
    assert artifact.pages.starts[-1].place == "index"


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_see_is_not_bold_in_a_script_without_italics(engine: Engine) -> None:
    made = book(2)
    hebrew = replace(made, info=replace(made.info, language="he"))
    data = api.write(hebrew, Pdf(engine=engine)).to_bytes()
    with pymupdf.open(stream=data) as document:
        blocks = [block for page in document for block in page.get_text("dict")["blocks"]]
    spans = [s for block in blocks for line in block.get("lines", ()) for s in line["spans"]]
    bold = 16  # a bit of MuPDF's flags
    assert {span["flags"] & bold for span in spans if "ראו" in span["text"]} == {0}


@pytest.mark.parametrize("count", [17, 60, 300])
def test_the_columns_of_the_index_are_of_equal_height(count: int) -> None:
    words = [f"{letter}{number:03}" for number in range(count) for letter in "abcdefgh"[number % 8]]
    body = tuple(paragraph(f"Of {word} and others.") for word in words)
    posts = as_collection([Post(Metadata(key=key, title=key), body) for key in ("words", "more")])
    terms = tuple(SubjectTerm(word) for word in words)
    info = BookInfo(title="Words", language="en")
    made = replace(posts, info=info, index_terms=terms)
    data = api.write(made, Pdf(engine="typst")).to_bytes()
    with pymupdf.open(stream=data) as document:
        pages = [page for page in document if re.search(r"[a-h]\d{3},\s\d", page.get_text())]
        found = [
            (page.number, word[0], word[3])
            for page in pages
            for word in page.get_text("words")
            if re.fullmatch(r"[a-h]\d{3},", word[4])
        ]
        assert "Index" in pages[0].get_text()
    assert len(found) == count
    middle = (min(x for _, x, _ in found) + max(x for _, x, _ in found)) / 2
    for number in {n for n, _, _ in found}:
        feet = [
            max(y for n, x, y in found if n == number and (x > middle) is is_right)
            for is_right in (False, True)
        ]
        assert abs(feet[0] - feet[1]) < 40, number


def test_the_pages_are_right_in_a_book_that_is_compiled_in_batches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("clothbound.writers.pdf.typst.book.MOST", 5_000)
    told: list[str] = []
    run = Run(progress=lambda now: told.append(now.phase))
    check_index(api.write(book(), Pdf(engine="typst", page="5x8"), run=run).to_bytes())
    assert PACKING in told


def test_a_book_without_terms_has_no_index() -> None:
    plain = replace(book(2), index_terms=())
    assert "index_page.xhtml" not in opened(api.write(plain, Epub()).to_bytes())


def test_the_index_of_an_epub_leads_to_the_terms() -> None:
    files = opened(api.write(book(), Epub()).to_bytes())
    page = etree.fromstring(files["index_page.xhtml"])
    section = next(page.iter(f"{XHTML}section"))
    assert section.get(f"{EPUB}type") == "index"
    count = 0
    for entry in page.iter(f"{XHTML}li"):
        term = next(
            e.text for e in entry.iter(f"{XHTML}span") if e.get(f"{EPUB}type") == "index-term"
        )
        for link in entry.iter(f"{XHTML}a"):
            file, _, name = link.get("href", "").partition("#")
            if link.get(f"{EPUB}type") != "index-locator":
                assert page.xpath(f"//*[@id='{name}']")
                continue
            target = etree.fromstring(files[file]).xpath(f"//*[@id='{name}']")
            assert ["".join(one.itertext()) for one in target] == [term]
            count += 1
    assert count == sum(len(re.findall("quartz|zinc|Éire", repr(post.body))) for post in book())
    nav = files["contents_page.xhtml"].decode()
    assert nav.count('href="index_page.xhtml"') == 2
    assert 'epub:type="index"' in nav


def plan(text: str, folder: Path) -> str:
    (folder / "one.md").write_text("---\ntitle: One\n---\n\nSome glue.\n", encoding="utf-8")
    return f'[book]\ntitle = "T"\n[posts]\nsource = "."\n{text}'


def test_a_plan_names_terms(tmp_path: Path) -> None:
    text = '[index]\n"glue" = ["glues"]\npaste = { see = "glue" }\n'
    text += '"paper" = { spellings = ["papers"], see-also = ["glue"] }\n'
    found = parse_manifest(plan(text, tmp_path), tmp_path / "book.toml").index
    assert [(t.term, t.spellings, t.see, t.see_also, t.line) for t in found] == [
        ("glue", ("glues",), "", (), 6),
        ("paste", (), "glue", (), 7),
        ("paper", ("papers",), "", ("glue",), 8),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "glue = 3",
        "glue = [3]",
        'glue = { pages = "3" }',
        "glue = { see = ['a', 'b'] }",
        'glue = [""]',
    ],
)
def test_a_plan_with_a_wrong_line_names_it(line: str, tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="'glue' is a term of the index") as error:
        parse_manifest(plan(f"[index]\n{line}\n", tmp_path), tmp_path / "book.toml")
    assert error.value.line == 6


def called(*arguments: str) -> object:
    """Returns the exit code of the command."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return ended.value.code


def test_init_proposes_terms_and_book_makes_the_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for number in range(3):
        text = f"---\ntitle: Post {number}\n---\n\nThe [bone folder](https://example.org/{number}).\n\n## Paste\n\nIt.\n"
        Path(f"{number}.md").write_text(text, encoding="utf-8")
    assert called("init", ".", "-q", "--author", "Ada") == 0
    proposed = Path("book.toml").read_text(encoding="utf-8")
    assert '# "bone folder" = []  # in 3 posts\n# Paste = []  # in 3 posts\n' in proposed
    Path("book.toml").write_text(
        proposed.replace('# "bone', '"bone').replace("# Paste", "Pasta"), encoding="utf-8"
    )
    assert called("book", "book.toml", "-o", "x.epub") == 0
    assert re.search(
        r"book\.toml:\d+: warning: the term 'Pasta' of the index", capsys.readouterr().err
    )
    index = opened(Path("x.epub").read_bytes())["index_page.xhtml"].decode()
    assert index.count('epub:type="index-locator"') == 3
    back = api.read("x.epub")
    assert [post.metadata.title for post in back.posts] == ["Post 0", "Post 1", "Post 2"]
