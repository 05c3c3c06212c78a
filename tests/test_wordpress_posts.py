"""What is read of an export of WordPress: tests/cases/wordpress, with what is read of it beside it."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import clothbound
from clothbound.anthology.select import Select
from clothbound.diagnostics import DiagnosticCode
from clothbound.errors import ClothboundError, ReadError
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.plain_text import plain_text
from clothbound.model.walk import walk
from clothbound.testing import check_reader
from expected_files import expected_text
from line_counts import growth

CASE = Path(__file__).parent / "cases" / "wordpress"
EXPORT = CASE / "export.xml"
OTHER = Path(__file__).parents[2] / "shared" / "corpus" / "other"
DATA = EXPORT.read_bytes()
PUBLIC = Select(audiences=["everyone"])
SECRET = (
    "UNFINISHED-DRAFT SCHEDULED-POST PRIVATE-POST UNKNOWN-STATUS REUSABLE-DRAFT ACCOUNT-MAIL "
    "COMMENTER-NAME COMMENTER-MAIL COMMENT-WORDS SECRET-PASSWORD"
).split()
RESTRICTED = ["PASSWORD-POST", "PAID-POST"]


def export_of(body: str, *, form: str = "<wp:post_parent>0</wp:post_parent>") -> bytes:
    """Returns an export of one post."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>S</title><link>https://s.example</link>'
        f"<item><title>T</title><link>https://s.example/t/</link><content:encoded><![CDATA[{body}]]>"
        f"</content:encoded><wp:post_id>1</wp:post_id><wp:status>publish</wp:status>{form}"
        "<wp:post_type>post</wp:post_type></item></channel></rss>"
    ).encode()


def text_of(body: str, *, form: str = "<wp:post_parent>0</wp:post_parent>") -> str:
    return plain_text(clothbound.read(export_of(body, form=form))[0])


def test_comments_are_counted_and_not_read() -> None:
    comment = "<wp:comment><wp:comment_content>zqcomment</wp:comment_content></wp:comment>"
    posts = clothbound.read(export_of("<p>Body</p>", form=2 * comment))
    assert [str(d.message) for d in posts.diagnostics] == [
        "left out, since they are not posts: 2 comment"
    ]
    assert "zqcomment" not in clothbound.write(posts, "json").to_text()


@pytest.mark.parametrize("slug", ["ink", "blocks", "commented"])
def test_a_post_is_read_as_the_file_beside_the_export_says(slug: str) -> None:
    posts = clothbound.read(EXPORT)
    post = next(post for post in posts if post.metadata.slug == slug)
    made = clothbound.write([post], "markdown").to_text()
    assert made == expected_text(CASE / f"{slug}.md", made)


def test_the_book_is_named_and_its_language_known() -> None:
    info = clothbound.read(EXPORT).info
    assert (info.title, info.description) == ("Harbour & Press", "Letters from a small press")
    assert info.language == "en-GB"


def test_dates_have_the_offset_of_the_site_and_undated_drafts_their_local_time() -> None:
    found = {m.title: m.published for m in clothbound.read(EXPORT).index}
    dated, draft = found["Blocks"], found["Draft"]
    assert dated is not None
    assert dated.value is not None
    assert dated.value.isoformat() == "2024-03-04T07:06:07+02:00"
    assert draft is not None
    assert draft.text == "2024-03-04 07:06:07"


def test_the_featured_picture_is_the_cover() -> None:
    ink = next(m for m in clothbound.read(EXPORT).index if m.slug == "ink")
    assert ink.cover == "https://harbour.example/wp-content/uploads/2024/03/press.jpg"
    assert (ink.cover_alt, ink.cover_caption) == (
        "A hand press",
        "The press in March",
    )


@pytest.mark.parametrize(
    "href",
    [
        "https://harbour.example/?p=102",
        "http://www.harbour.example/?p=102&preview=true",
        "https://harbour.example/2024/03/blocks/",
        "https://harbour.example/2024/03/old-blocks/",
        "/2024/03/blocks/#rope",
    ],
)
def test_every_address_of_a_post_leads_to_it(href: str) -> None:
    index = clothbound.read(EXPORT).index
    found = index.resolve(href)
    assert found is not None
    assert index[found[0]].title == "Blocks"


def test_a_blog_below_its_host_knows_its_posts_by_number() -> None:
    index = clothbound.read(DATA.replace(b"harbour.example", b"harbour.example/blog")).index
    found = index.resolve("https://harbour.example/blog/?p=101")
    assert found is not None
    assert index[found[0]].slug == "ink"


@pytest.mark.parametrize("name", ["site", "rss", "epub", "html", "text"])
def test_what_is_private_goes_nowhere_public(name: str) -> None:
    book = clothbound.book(clothbound.read(EXPORT), PUBLIC, title="T")
    artifact = clothbound.write(book, name)
    data = artifact.to_bytes()
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            data = b"".join(n.encode() + packed.read(n) for n in packed.namelist())
    told = "\n".join(map(str, artifact.report.diagnostics))
    assert b"Words that stand in every letter" in data
    for word in (*SECRET, *RESTRICTED):
        assert word.encode() not in data, word
        assert word not in told, word


def test_server_blocks_reusable_blocks_and_plug_ins_are_named() -> None:
    posts = clothbound.read(EXPORT)
    told = [d.message for d in posts.diagnostics if d.code is DiagnosticCode.NODE_CHROME]
    assert told == [
        "blocks that a server fills when the page is shown were left out: 1 latest-posts",
        "blocks of plug-ins were read as the words in them: 1 acme/box",
    ]
    blocks = next(post for post in posts if post.metadata.slug == "blocks")
    (missing,) = (d for d in blocks.diagnostics if d.code is DiagnosticCode.TEXT_MISSING)
    assert missing.message == "the reusable block 302 is not public; its words are left out"


def test_unknown_shortcodes_are_named_with_their_words() -> None:
    ink = next(post for post in clothbound.read(EXPORT) if post.metadata.slug == "ink")
    found = [d.text for d in ink.diagnostics if d.code is DiagnosticCode.NODE_DROPPED]
    assert found == ['pull_box color="red"', 'subscribe_form title="Join our list"']


@pytest.mark.parametrize("name", ["epub", "site"])
def test_an_independent_count_finds_every_word(name: str, tmp_path: Path) -> None:
    artifact = clothbound.write(clothbound.book(clothbound.read(EXPORT), title="T"), name)
    product = tmp_path / ("book.epub" if name == "epub" else "site")
    artifact.save(product)
    compared = clothbound.compare(EXPORT, product, report=artifact.report)
    assert [str(d) for d in compared.missing] == []
    assert {
        "https://harbour.example/2024/03/ink/",
        "https://harbour.example/2024/03/blocks/",
    } <= set(compared.present)


def test_the_count_misses_a_word_that_is_not_there(tmp_path: Path) -> None:
    artifact = clothbound.write(clothbound.book(clothbound.read(EXPORT), title="T"), "epub")
    artifact.save(tmp_path / "book.epub")
    longer = tmp_path / "export.xml"
    longer.write_bytes(DATA.replace(b"Tar keeps.", b"Tar keeps marlinspikes."))
    compared = clothbound.compare(longer, tmp_path / "book.epub", report=artifact.report)
    assert ["marlinspikes" in d.message for d in compared.missing] == [True]


def test_it_goes_out_as_an_archive_of_substack_and_comes_back() -> None:
    posts = clothbound.book(clothbound.read(EXPORT), PUBLIC, title="T")
    archive = clothbound.write(posts, "substack").to_bytes()
    back = {m.title: plain_text(p) for p in clothbound.read(archive) for m in [p.metadata]}
    assert "The ink came late" in back["Ink & paper again"]
    assert "Words that stand in every letter" in back["Blocks"]


@pytest.mark.parametrize("form", ["files", "zip", "stream", "named zip"])
def test_parts_are_one_export(form: str, tmp_path: Path) -> None:
    head, _, rest = DATA.partition(b"\t<item>\n\t\t<title><![CDATA[Blocks")
    second = b"\t<item>\n\t\t<title><![CDATA[Blocks" + rest
    channel = DATA[: DATA.index(b"\t<item>")]
    parts = [head + b"</channel></rss>", channel + second]
    # A post that both parts have is read once.
    parts[0] = parts[0].replace(
        b"</channel>", second[: second.index(b"</item>") + 7] + b"</channel>"
    )
    names = [f"harbour.wordpress.2024-06-01.00{n}.xml" for n in (1, 2)]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in zip(names, parts, strict=True):
            (tmp_path / name).write_bytes(data)
            archive.writestr(f"site/{name}", data)
    source: object = tmp_path
    if form == "zip":
        source = packed.getvalue()
    elif form == "stream":
        source = io.BytesIO(packed.getvalue())
    elif form == "named zip":
        source = tmp_path / "export.zip"
        source.write_bytes(packed.getvalue())
    posts = clothbound.read(source, "wordpress" if form == "stream" else None)  # type: ignore[arg-type]
    assert [m.title for m in posts.index] == [m.title for m in clothbound.read(EXPORT).index]
    # The attachments stand in the second part.
    assert posts.index.entries[0].metadata.cover.endswith("press.jpg")
    assert any("read once: 1" in d.message for d in posts.diagnostics)


@pytest.mark.parametrize("folder", ["uploads", "wp-content/uploads"])
def test_pictures_beside_the_export_are_found(folder: str, tmp_path: Path) -> None:
    (tmp_path / "export.xml").write_bytes(DATA)
    files = tmp_path / folder / "2024" / "03"
    files.mkdir(parents=True)
    picture = next((Path(__file__).parent.parent / "examples").rglob("*.png"))
    (files / "press.jpg").write_bytes(picture.read_bytes())
    for source in (tmp_path / "export.xml", tmp_path):
        posts = clothbound.read(source)
        ink = next(post for post in posts if post.metadata.slug == "ink")
        found = [node.image.src for node in walk(ink) if isinstance(node, b.Figure)]
        assert any(
            not src.startswith("http") and src.endswith("2024/03/press.jpg") for src in found
        )
        artifact = clothbound.write([ink], "epub")
        with zipfile.ZipFile(io.BytesIO(artifact.to_bytes())) as packed:
            held = [packed.read(name) for name in packed.namelist()]
        assert picture.read_bytes() in held
        assert not any("press.jpg" in d.message for d in artifact.report.diagnostics)


def test_squarespace_is_read_without_paragraphs_of_its_lines() -> None:
    body = (
        '<div class="sqs-html-content"><p>One\nline.</p></div>'
        '<div class="image-block-outer-wrapper"><figure class="sqs-block-image-figure"><noscript>'
        '<img src="https://s.example/a.jpg"></noscript><img data-src="https://s.example/a.jpg" alt="A"></figure>'
        '<div class="image-caption-wrapper"><p>A caption</p></div></div><p>&nbsp;</p>'
        '<div class="sqs-block-button"><a class="sqs-block-button-element" href="https://s.example/b">Go</a></div>'
    )
    post = clothbound.read(export_of(body, form=""))[0]
    first, figure, button = post.body
    assert plain_text(first) == "One line."
    assert isinstance(figure, b.Figure)
    assert (figure.image.src, plain_text(figure.caption)) == (
        "https://s.example/a.jpg",
        "A caption",
    )
    assert isinstance(button, b.Button)


def test_captions_of_pages_that_were_copied_are_figures() -> None:
    dl = '<dl class="wp-caption"><dt class="wp-caption-dt">{}</dt>{}</dl>'
    picture = dl.format(
        '<img src="https://s.example/a.jpg" alt="A">', '<dd class="wp-caption-dd">C</dd>'
    )
    post = clothbound.read(export_of(picture + "\n\n" + dl.format("", "")))[0]
    (figure,) = post.body
    assert isinstance(figure, b.Figure)
    assert plain_text(figure.caption) == "C"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("a\nb\n\nc", "a\nb\n\nc"),
        ("a\r\n\r\n\r\nb", "a\n\nb"),
        ("<b>a</b> b\n\n<div>c\n\nd</div>\ne", "a b\n\nc\n\nd\n\ne"),
        ("<p>a</p>\n<p>b\n\nc</p>", "a\n\nb\n\nc"),
        ("[one][two]x[/two][/one] y", "x y"),
        ("[sic] [1] [a b] [...] [x: y]", "[sic] [1] [a b] [...] [x: y]"),
        ("[[caption]] and [[code]x[/code]]", "[caption] and [code]x[/code]"),
        ("[caption]no picture[/caption]", "no picture"),
        ("[code]a [b] &lt;c[/code]", "a [b] <c"),
        ('[unclosed x="1"] words', "words"),
    ],
)
def test_classic_text(body: str, text: str) -> None:
    assert text_of(body).strip() == text


@pytest.mark.parametrize(
    "start",
    [
        '<figure class="wp-block-gallery"><img src="https://s.example/a.jpg" alt="Nets">',
        '<ul class="blocks-gallery-grid"><li><img src="https://s.example/a.jpg" alt="Nets">',
        '<figure class="wp-block-table"><table><tr><td>Nets</td></tr></table>',
        '<figure class="wp-block-embed"><div>https://s.example/nets</div><figcaption>Nets</figcaption>',
        '<figure class="wp-block-embed"><a href="https://s.example/nets">Nets</a>',
        '<figure class="wp-block-embed"><figcaption>Nets</figcaption>',
        '<figure class="wp-block-pullquote"><blockquote><p>Nets</p></blockquote>',
        '<div class="wp-block-file"><a href="https://s.example/nets.pdf">Nets</a>',
        '<div class="wp-block-button"><a href="https://s.example/nets">Nets</a>',
    ],
)
def test_a_block_that_is_not_closed_keeps_what_follows(start: str) -> None:
    rest = '<p>Tarred <a href="https://s.example/rope">rope</a></p><p>and <img src="https://s.example/b.jpg" alt="Cork"></p>'
    made = clothbound.write(clothbound.read(export_of(start + rest)), "html").to_text()
    for word in ("Nets", "Tarred", 'href="https://s.example/rope"', "and", "b.jpg"):
        assert word in made, word


@pytest.mark.parametrize(
    "part",
    [
        '<figure class="wp-block-embed">https://a.example/1 ',
        '<figure class="wp-block-embed">https://a.example/1<figcaption>Words ',
        '<figure class="wp-block-embed"><div>\nhttps://a.example/1\n',
        '<td class="align-left">Words',
        '<figure><img src="https://a.example/b.png"></figure><p class="image-caption-wrapper">Words</p>',
    ],
)
def test_many_embeds_and_cells_take_no_more_time_each(part: str) -> None:
    assert growth(lambda size: lambda: text_of(part * size), 60) < 5


def test_embeds_without_an_end_are_cards_one_after_another() -> None:
    start = '<figure class="wp-block-embed">'
    body = f"{start}https://a.example/1 One <p>Two</p>{start}https://a.example/2{start}{start}Three"
    posts = clothbound.read(export_of(body), "wordpress")
    found = [
        node.href
        for post in posts
        for node in walk(post)
        if isinstance(node, i.Link) and node.href != "https://a.example/"
    ]
    assert found == ["https://a.example/1", "https://a.example/2"]
    words = " ".join(plain_text(post) for post in posts)
    assert [word for word in words.split() if word in ("One", "Two", "Three")] == [
        "One",
        "Two",
        "Three",
    ]


def test_a_quotation_in_one_that_holds_nothing_is_read() -> None:
    figure = '<figure class="wp-block-pullquote"><blockquote>'
    assert "Words" in text_of(f"{figure}Words</blockquote>{figure}</blockquote></figure></figure>")


def test_control_characters_cost_no_item() -> None:
    data = DATA.replace(b"The ink came", b"The\x08 ink\x0b came")
    posts = clothbound.read(data)
    assert len(posts) == len(clothbound.read(EXPORT))
    assert "The ink came" in plain_text(posts[0])
    (found,) = (d for d in posts.diagnostics if d.code is DiagnosticCode.ENCODING_REPAIRED)
    assert found.message.startswith("2 characters")


def test_bytes_of_another_encoding_cost_one_letter() -> None:
    posts = clothbound.read(DATA.replace(b"The ink came", b"The \xe9 ink came"))
    assert "ink came" in plain_text(posts[0])
    assert any(d.code is DiagnosticCode.ENCODING_REPAIRED for d in posts.diagnostics)


def test_names_of_characters_and_bare_ampersands_outside_of_cdata() -> None:
    data = export_of("x").replace(b"<title>T</title>", b"<title>A & B &mdash; C &amp; D</title>")
    assert clothbound.read(data)[0].title == "A & B \u2014 C & D"


@pytest.mark.parametrize("place", ["<wp:post_password>", "COMMENT-WORDS", "<wp:post_id>106"])
def test_a_file_that_was_cut_off_gives_its_whole_items_only(place: str) -> None:
    cut = DATA[: DATA.index(place.encode(), DATA.index(b"Locked") if "pass" in place else 0)]
    posts = clothbound.read(cut)
    whole = cut.count(b"</item>")
    assert 0 < len(posts) <= whole
    assert "Locked" not in [m.title for m in posts.index] or place == "COMMENT-WORDS"
    assert any(d.message.startswith("the file ends before its end") for d in posts.diagnostics)


@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        b'<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><item><title>&x;</title>'
        b"<wp:status>publish</wp:status></item></channel></rss>",
        b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
        b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">]><rss xmlns:wp="http://wordpress.org/export/1.2/"><channel>'
        b"<item><title>&c;</title><wp:status>publish</wp:status></item></channel></rss>",
        export_of("[a]" * 20_000 + "[/a]"),
        export_of("[code]" * 20_000),
        export_of("<pre>" * 5_000),
        export_of('<!-- wp:block {"ref":1} /-->' * 1_000),
        export_of("<!-- wp:group {" + "[" * 50_000),
        b'<rss xmlns:wp="http://wordpress.org/export/1.2/">' + b"<a>" * 5_000,
    ],
    ids=["file", "entities", "starts", "listings", "pre", "blocks", "json", "deep"],
)
def test_hostile_exports_get_an_answer(data: bytes) -> None:
    try:
        posts = clothbound.read(data, "wordpress")
        text = "".join(plain_text(post) + post.title for post in posts)
    except ClothboundError:
        return
    assert "root:" not in text
    assert len(text) < 500_000


def test_reusable_blocks_within_each_other_end() -> None:
    looped = DATA.replace(
        b"<p>Words that stand in every letter.</p>", b'<!-- wp:block {"ref":301} /-->'
    )
    blocks = next(post for post in clothbound.read(looped) if post.metadata.slug == "blocks")
    assert "The last strand" in plain_text(blocks)


def test_a_file_without_posts_and_one_that_is_no_export_are_errors() -> None:
    with pytest.raises(ReadError, match="not an export of WordPress"):
        clothbound.read(b"<html><body>x</body></html>", "wordpress")


def test_a_reader_keeps_its_contract() -> None:
    from clothbound.readers.exports.wordpress import READER

    check_reader(READER, [DATA], broken=[b"<rss", b"{}"])


def test_posts_cross_to_other_processes() -> None:
    import pickle

    posts = clothbound.read(EXPORT)
    copied = pickle.loads(pickle.dumps(posts))
    assert copied[1] == posts[1]


def test_other_archives_are_declined(tmp_path: Path) -> None:
    from clothbound.limits import Limits
    from clothbound.readers.export_files import open_files
    from clothbound.readers.exports.wordpress import READER

    (tmp_path / "feed.xml").write_text("<rss><channel><title>T</title></channel></rss>")
    (tmp_path / "sitemap.xml").write_text("<urlset></urlset>")
    assert not READER.accepts_files(open_files(tmp_path, Limits()))


@pytest.mark.slow
def test_five_thousand_posts_take_the_memory_of_a_hundred(tmp_path: Path) -> None:
    """The metadata of posts is kept, their texts are not: 4 900 posts of 20 kB may take 40 MB, not 100."""
    peaks = []
    item = export_of("words of a post\n\n" * 1_200)
    start, end = item.index(b"<item>"), item.index(b"</item>") + 7
    for count in (100, 5_000):
        path = tmp_path / f"{count}.xml"
        with path.open("wb") as stream:
            stream.write(item[:start])
            for n in range(count):
                one = item[start:end].replace(b"<wp:post_id>1<", b"<wp:post_id>%d<" % (n + 1))
                stream.write(one.replace(b"/t/", b"/t%d/" % n))
            stream.write(item[end:])
        code = (
            "import clothbound, resource, sys; posts = clothbound.read(sys.argv[1]); "
            "assert posts[len(posts) - 1].title and print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
            " is None"
        )
        run = subprocess.run(
            [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
        )
        peaks.append(int(run.stdout) / 1024)
    assert peaks[1] - peaks[0] < 40, peaks


@pytest.mark.corpus
@pytest.mark.skipif(not OTHER.exists(), reason="../shared is absent")
def test_real_exports_are_read_whole() -> None:
    files = [*sorted((OTHER / "wordpress").rglob("*.xml")), *(OTHER / "squarespace").glob("*.xml")]
    for file in files:
        data = file.read_bytes()
        if b"<item>" not in data:
            continue
        posts = clothbound.read(file, clothbound.WordPressInput(pages=True))
        wanted = sum(data.count(b"<wp:post_type>" + kind) for kind in (b"post<", b"page<"))
        wanted += sum(
            data.count(b"<wp:post_type><![CDATA[" + kind) for kind in (b"post]", b"page]")
        )
        assert len(posts) == wanted, file
        assert all(plain_text(post) is not None for post in posts)


def test_words_of_a_block_of_a_plug_in_are_plain_paragraphs() -> None:
    question = '<strong class="schema-faq-question">Which?</strong>'
    answer = '<p class="schema-faq-answer">That.</p>'
    section = f'<div class="schema-faq-section" id="q">{question} {answer}</div>'
    block = f'<!-- wp:yoast/faq-block --><div class="schema-faq">{section}</div><!-- /wp:yoast/faq-block -->'
    post = clothbound.read(export_of(block)).posts[0]
    assert clothbound.write([post], "markdown").to_text().endswith("---\n\n**Which?**\n\nThat.\n")
