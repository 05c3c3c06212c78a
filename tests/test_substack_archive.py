"""The archive of Substack's export: its markup, its CSV dialect, its files."""

from __future__ import annotations

import csv
import io
import re
import time
import zipfile
from pathlib import Path

import html5lib
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

import clothbound
from clothbound import api
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.index import make_key
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Footnote, Metadata, Post, Timestamp
from clothbound.readers.timestamps import read_timestamp
from clothbound.substack.data_attrs import parse
from clothbound.substack.posts_csv import COLUMNS, cut_slug, dump, iso, post_id_of
from clothbound.writers.substack.archive import SubstackArchive
from expected_files import expected_text
from sample_nodes import paragraph
from strategies import posts
from substack_cases import CASES, DOCUMENTS, archive_body, read_case


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_document(path: Path) -> None:
    """The fragment of a post, kept with line ends between the blocks for the sake of the reader."""
    post, _ = read_case(path)
    reported: list[tuple[str, str]] = []
    made = _folded(archive_body(post, reported))
    assert made == expected_text(CASES / "substack" / f"{path.stem}.html", made)
    assert reported == []


def _folded(markup: str) -> str:
    return markup.replace("</div><", "</div>\n<").replace("</p><", "</p>\n<") + "\n"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_markup_is_a_fragment_with_readable_data(path: Path) -> None:
    post, _ = read_case(path)
    markup = archive_body(post)
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parseFragment(markup)
    allowed = {"unexpected-end-tag-implies-table-voodoo"}
    assert {code for _, code, _ in parser.errors} <= allowed
    data = [e.attrib["data-attrs"] for e in tree.iter() if "data-attrs" in e.attrib]
    assert all(parse(text) is not None for text in data)


def write(*given_posts: Post, **options: str) -> zipfile.ZipFile:
    artifact = api.write(list(given_posts), SubstackArchive(**options))
    return zipfile.ZipFile(io.BytesIO(artifact.to_bytes()))


def body_of(*blocks: b.Block, notes: tuple[Footnote, ...] = ()) -> str:
    archive = write(Post(Metadata(id="1.x", title="T"), blocks, notes))
    return archive.read("posts/1.x.html").decode()


def test_posts_csv_has_the_dialect_that_importers_agree_on() -> None:
    archive = write(
        Post(
            Metadata(
                id="12.the-tide",
                title='She said "no",\nonce',
                subtitle="Fish & chips < peas",
                published=read_timestamp("2023-06-01T14:25:14.153Z"),
                audience="only_paid",
                kind="podcast",
                extra={"podcast_url": "https://a.example/1.mp3", "email_sent_at": "2023-06-01"},
            ),
            (paragraph("Text."),),
        ),
        Post(Metadata(id="13.b68", is_draft=True), (paragraph("A draft."),)),
    )
    data = archive.read("posts.csv")
    assert data == (
        b"post_id,post_date,is_published,email_sent_at,inbox_sent_at,type,audience,title,subtitle,"
        b"podcast_url\n"
        b"13.b68,,false,,,newsletter,everyone,,,\n"
        b"12.the-tide,2023-06-01T14:25:14.153Z,true,2023-06-01,,podcast,only_paid,"
        b'"She said ""no"", once",Fish & chips < peas,https://a.example/1.mp3\n'
    )


def test_every_row_has_its_file_and_no_file_is_empty() -> None:
    made = [Post(Metadata(source=f"{n}.md", slug="same"), ()) for n in range(3)]
    archive = write(*made)
    rows = list(csv.DictReader(io.StringIO(archive.read("posts.csv").decode())))
    names = {f"posts/{row['post_id']}.html" for row in rows}
    assert len(names) == 3
    assert names | {"posts.csv"} == set(archive.namelist())
    assert {archive.read(name) for name in names} == {b"<p></p>"}


def test_rows_are_newest_first_with_undated_ones_before() -> None:
    dates = ["2021-01-01", "2023-01-01", None, "2022-01-01"]
    made = [
        Post(Metadata(title=f"P{n}", published=read_timestamp(d) if d else None))
        for n, d in enumerate(dates, 1)
    ]
    rows = csv.DictReader(io.StringIO(write(*made).read("posts.csv").decode()))
    assert [row["title"] for row in rows] == ["P3", "P2", "P4", "P1"]


def test_rows_with_substacks_own_numbers_follow_them() -> None:
    made = [Post(Metadata(id=f"{n}.p")) for n in (9, 100, 20)]
    rows = csv.DictReader(io.StringIO(write(*made).read("posts.csv").decode()))
    assert [row["post_id"] for row in rows] == ["100.p", "20.p", "9.p"]


def test_private_posts_and_drafts_are_in_the_authors_own_archive() -> None:
    made = [
        Post(
            Metadata(id="1.a", audience="founding", title="F"), (b.PaywallBreak(), paragraph("s"))
        ),
        Post(Metadata(id="2.b", audience="only_paid", is_draft=True, title="D"), (paragraph("d"),)),
    ]
    archive = write(*made)
    rows = {
        r["post_id"]: r for r in csv.DictReader(io.StringIO(archive.read("posts.csv").decode()))
    }
    assert rows["1.a"]["audience"] == "founding"
    assert rows["2.b"]["is_published"] == "false"
    assert archive.read("posts/1.a.html").endswith(b"<p>s</p>")


def test_same_posts_same_bytes() -> None:
    post = Post(Metadata(id="1.a", title="T"), (paragraph("x"),))
    first = api.write(post, "substack").to_bytes()
    time.sleep(2.1)
    assert api.write(post, "substack").to_bytes() == first


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        (Metadata(id="164530038.photowalk-how"), "164530038.photowalk-how"),
        (Metadata(id="161437705.003"), "161437705.003"),
        (Metadata(id="77", title="Nets & Lines"), "77.nets-lines"),
        (Metadata(id="7.", slug="given"), "7.given"),
    ],
)
def test_post_ids(metadata: Metadata, expected: str) -> None:
    assert post_id_of(metadata) == expected


def test_a_post_id_is_made_of_the_key_and_nine_digits_long() -> None:
    metadata = Metadata(source="posts/a.md", title="Café à la carte")
    metadata = msgspec.structs.replace(metadata, key=make_key(metadata))
    digits, _, slug = post_id_of(metadata).partition(".")
    assert len(digits) == 9
    assert slug == "cafe-a-la-carte"
    # Ghost does not know more than ten digits for an id.
    assert len(post_id_of(Metadata(id="12345678901.a", key="k")).partition(".")[0]) == 9
    assert post_id_of(Metadata(key="k", title="日本語")).partition(".")[2].isdigit()


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("How We're Reading the Weather", "how-were-reading-the-weather"),
        ("One two three four five six seven eight nine", "one-two-three-four-five-six-seven-eight"),
        ("a" * 60, "a" * 40),
        ("", ""),
    ],
)
def test_slugs_are_cut_at_a_word(title: str, slug: str) -> None:
    assert cut_slug(title) == slug


def test_dates_are_utc_with_milliseconds() -> None:
    assert iso(read_timestamp("2023-06-01 10:00:00 -0400")) == "2023-06-01T14:00:00.000Z"
    assert iso(Timestamp("some day")) == "some day"
    assert iso(None) == ""


def test_dump_writes_only_the_columns() -> None:
    text = dump([{"post_id": "1.a", "likes": "3"}])
    assert text == ",".join(COLUMNS) + "\n1.a" + "," * (len(COLUMNS) - 1) + "\n"


def test_a_note_that_is_cited_twice_stands_twice_and_unmarked_ones_follow() -> None:
    body = body_of(
        b.Paragraph((i.Text("a"), i.NoteRef("x"), i.Text("b"), i.NoteRef("x"))),
        notes=(
            Footnote("x", (b.Paragraph((i.Text("X"), i.NoteRef("x"))),)),
            Footnote("y", (paragraph("Y"),)),
        ),
    )
    # Substack has a note for each mark; one within a note leads to where it stands.
    assert body.count('class="footnote"') == 3
    assert body.count('id="footnote-anchor-1"') == body.count('id="footnote-anchor-2"') == 1
    assert body.count('href="#footnote-1"') == 1
    assert body.count('href="#footnote-2"') == 3
    assert body.index("X<a") < body.index("<p>Y</p>")


def test_lists_hold_paragraphs() -> None:
    tight = b.List((b.ListItem((paragraph("a"),)), b.ListItem()), ordered=True, start=3)
    assert body_of(tight) == '<ol start="3"><li><p>a</p></li><li><p></p></li></ol>'


def test_nothing_is_simplified_in_silence() -> None:
    post = Post(
        Metadata(id="1.a"),
        (
            b.Table(rows=((b.Cell((i.Text("c"),)),),)),
            b.DefinitionList((b.DefinitionItem((i.Text("t"),), ((paragraph("d"),),)),)),
            b.Embed("map", href="https://a.example", text="A map"),
            b.Media("video", "film.mp4"),
            b.Poll("Which?", ("A", "B")),
            b.Paragraph((i.Math("x"),)),
            b.Extension("plugin", fallback=(paragraph("instead"),)),
            b.PaywallBreak(),
            b.PaywallBreak(),
            b.RawBlock("latex", r"\clearpage"),
        ),
    )
    artifact = api.write(post, "substack")
    artifact.to_bytes()
    account = artifact.report.accounts["1"]
    assert (account.simplified, account.dropped) == (7, 2)
    assert sum(bool(d.message) for d in artifact.report.diagnostics) == 9


HOSTILE = (
    b.Paragraph((i.Link((i.Text("l"),), "javascript:alert(1)"),)),
    b.Figure(i.Image("javascript:alert(1)", '"><script>alert(1)</script>'), href="javascript:x"),
    b.Embed("video", href='https://youtu.be/"onload="alert(1)', provider="YouTube"),
    b.Embed("audio", href="https://evil.example/spotify.com/", provider="Spotify"),
    b.Embed("audio", href="javascript:alert(1)//podcasts.apple.com", provider="Apple Podcasts"),
    b.Button("b", "javascript:alert(1)"),
    b.FileDownload("data:text/html,<script>", "<script>"),
    b.RawBlock(
        "html", "<p onclick=x()>raw<script>alert(1)</script><iframe src=//evil></iframe></p>"
    ),
    b.Group((paragraph("g"),), classes=('"><script>',), id='"><script>'),
    b.CodeBlock("</code><script>", '"><script>'),
    b.Verse((i.Text("</pre><script>"),)),
    b.Conditional((paragraph("c"),), ('"><script>',)),
)


def test_what_the_input_brings_is_escaped() -> None:
    tree = html5lib.parseFragment(body_of(*HOSTILE), namespaceHTMLElements=False)
    assert not list(tree.iter("script"))
    for node in tree.iter():
        if not isinstance(node.tag, str):
            continue
        for name, value in node.attrib.items():
            assert not name.startswith("on"), (node.tag, name)
            assert not (name in ("href", "src") and value.startswith(("javascript:", "data:")))
    for frame in tree.iter("iframe"):
        hosts = ("https://www.youtube-nocookie.com/embed/", "")
        assert frame.attrib.get("src", "").startswith(hosts[0]) or "src" not in frame.attrib


def test_pictures_get_the_address_that_the_author_gives() -> None:
    figure = b.Figure(i.Image("images/a b.png", "A"))
    archive = write(
        Post(Metadata(id="1.a"), (figure,)), image_base_url="https://pictures.example/2023/"
    )
    body = archive.read("posts/1.a.html").decode()
    assert '<img src="https://pictures.example/2023/images/a%20b.png"' in body
    artifact = api.write(Post(Metadata(id="1.a"), (figure,)), "substack")
    artifact.to_bytes()
    assert "image_base_url" in str(list(artifact.report.diagnostics)[-1])


@given(posts())
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_any_post_gives_a_fragment_with_its_words(post: Post) -> None:
    markup = archive_body(post)
    assert markup
    tree = html5lib.parseFragment(markup, namespaceHTMLElements=False)
    text = "".join(tree.itertext())
    for node in post.body:
        if isinstance(node, b.Paragraph) and all(isinstance(c, i.Text) for c in node.children):
            assert plain_text(node).replace("\r", "\n") in text.replace("\r", "\n")


@pytest.mark.corpus
def test_the_archive_of_the_corpus_holds_every_post(shared: Path) -> None:
    collection = api.read(shared / "corpus" / "interconnects", on_error="collect")
    artifact = api.write(collection, "substack")
    archive = zipfile.ZipFile(io.BytesIO(artifact.to_bytes()))
    rows = list(csv.DictReader(io.StringIO(archive.read("posts.csv").decode())))
    assert len(rows) == len(collection) == 94
    assert {row["post_id"] for row in rows} == {m.id for m in collection.index}
    assert artifact.report.dropped == 0


def test_a_note_with_many_marks_does_not_stand_at_each() -> None:
    marks = tuple(i.NoteRef("x") for _ in range(500))
    body = body_of(b.Paragraph(marks), notes=(Footnote("x", (paragraph("long " * 100),)),))
    assert body.count('class="footnote"') == 20
    assert body.count('class="footnote-anchor"') == 500


def test_what_the_table_has_no_column_for_is_said_once() -> None:
    made = [
        Post(Metadata(title="A", authors=("Ada",), tags=("sea",))),
        Post(Metadata(title="B", authors=("Ada",), cover="c.png")),
    ]
    artifact = api.write(made, "substack")
    artifact.to_bytes()
    said = [d.message for d in artifact.report.diagnostics]
    assert said == [
        "an export has no place for these fields (with the number of posts): authors (2), tags (1), a cover (1)"
    ]


def test_pictures_get_the_address_where_they_will_lie() -> None:
    post = Post(Metadata(id="1.a"), (b.Figure(i.Image("pictures/a b.png"), width=800, height=600),))
    archive = write(post, image_base_url="https://quay.example/media/")
    body = archive.read("posts/1.a.html").decode()
    assert 'src="https://quay.example/media/pictures/a%20b.png"' in body
    assert "https%3A%2F%2Fquay.example%2Fmedia%2Fpictures%2Fa%2520b.png" in body


def test_links_between_posts_have_the_form_of_substack_and_resolve_when_read_back(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "posts"
    folder.mkdir()
    (folder / "2023-01-13-threads.md").write_text(
        "---\ntitle: Threads and needles\n---\n\n[a](2023-02-01-other.md#second) [b](./b%20c.md) [[Other things]] "
        "[c](https://own.example/p/x) [d](#h) [e](missing.md) [f](/p/other-things)\n\n# H\n"
    )
    (folder / "2023-02-01-other.md").write_text("---\ntitle: Other things\n---\n\n## Second\n")
    (folder / "b c.md").write_text("---\nslug: long-way\n---\n\n![[Threads and needles]]\n")
    posts = clothbound.read(folder, clothbound.MarkdownInput(wikilinks=True))
    archive = tmp_path / "a.zip"
    clothbound.write(posts, "substack").save(archive)
    with zipfile.ZipFile(archive) as product:
        texts = [product.read(n).decode() for n in product.namelist() if n.endswith(".html")]
    above = ["/p/other-things#second", "/p/long-way", "/p/other-things", "https://own.example/p/x"]
    below = ["missing.md", "/p/other-things"]
    # The third note shows the first one in its place; its heading is only in the post of its own.
    embedded = ["/p/threads-and-needles", *above, "/p/threads-and-needles#h", *below]
    assert [h for text in texts for h in re.findall(r'href="([^"]*)"', text)] == [
        *above,
        "#h",
        *below,
        *embedded,
    ]
    again = clothbound.read(archive)
    titles = {m.key: m.title or m.slug for m in again.index}
    links = {
        titles[key]: [titles.get(k, "") for _, k in found]
        for key, found in again.index.links().items()
    }
    assert links["Threads and needles"][:3] == ["Other things", "b c", "Other things"]
    first, second, third = "Threads and needles", "Other things", "b c"
    assert links[third] == [first, second, third, second, "", first, "", second]


def test_a_button_whose_data_are_broken_is_a_plain_division() -> None:
    """Only its class says what it was."""
    broken = '<div class="captioned-button-wrap" data-attrs="broken"><p>Read on.</p>'
    button = '<div class="directMessage button" data-attrs="{}">Message me</div></div>'
    (post,) = api.read(f"<article>{broken}{button}</article>".encode(), "html").posts
    assert "<p>Read on.</p>" in archive_body(post, [])
