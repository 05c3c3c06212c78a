"""Medium's archive, as a ZIP and unpacked: tests/cases/medium, with what is read of it beside each story."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from pathlib import Path

import pytest

import clothbound
from clothbound.diagnostics import DiagnosticCode
from clothbound.errors import ClothboundError
from clothbound.model.plain_text import plain_text
from clothbound.testing import check_reader
from expected_files import expected_text

CASE = Path(__file__).parent / "cases" / "medium"
STORIES = sorted((CASE / "posts").glob("*.html"))
PRESS, GLUE = "0a1b2c3d4e5f", "f00dfacecafe"


@pytest.fixture(scope="module")
def archive() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.html", "<!DOCTYPE html><p>Archive for Marit Sande</p>")
        for file in sorted(CASE.rglob("*.html")):
            archive.write(file, file.relative_to(CASE).as_posix())
    return packed.getvalue()


@pytest.mark.parametrize("story", STORIES, ids=lambda path: path.stem[:20])
def test_a_story_is_read_as_the_file_beside_it_says(story: Path, tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    shutil.copy(story, tmp_path / "posts")
    posts = clothbound.read(tmp_path)
    made = clothbound.write(posts, "markdown").to_text()
    assert made == expected_text(story.with_suffix(".md"), made)


@pytest.mark.parametrize("form", ["zip", "stream", "path", "folder", "folder of the folder"])
def test_an_archive_is_recognised_in_every_form(form: str, archive: bytes, tmp_path: Path) -> None:
    source: object = {"zip": archive, "stream": io.BytesIO(archive)}.get(form)
    if form == "path":
        source = tmp_path / "medium-export.zip"
        source.write_bytes(archive)
    elif source is None:
        source = tmp_path / "export"
        shutil.copytree(CASE, source / "medium-export" if form.endswith("the folder") else source)
    named = "medium" if form == "stream" else None
    posts = clothbound.read(source, named)  # type: ignore[arg-type]
    assert [m.title for m in posts.index] == [
        "On glue",
        "The slow press",
        "Lovely, thank you.",
        "Thread for spring",
    ]
    assert posts.info.authors == ("Marit Sande",)


def test_only_the_draft_is_private_and_the_account_is_not_read(archive: bytes) -> None:
    posts = clothbound.read(archive)
    assert [m.is_draft for m in posts.index] == [False, False, False, True]
    book = clothbound.write(clothbound.book(posts), "jsonl").to_text()
    assert "slow press" in book
    assert "UNFINISHED-THREAD" not in book
    assert "ACCOUNT-ADDRESS" not in book + str(posts.diagnostics)
    (private,) = (d for d in posts.diagnostics if d.code is DiagnosticCode.PRIVATE_FILE)
    assert private.message == "2 files about the account found; neither read nor copied"


def test_a_possible_response_is_named_and_kept(archive: bytes) -> None:
    (found,) = (d for d in clothbound.read(archive).diagnostics if "responses" in d.message)
    assert "2022-01-05_Lovely--thank-you-abcdefabcdef.html" in found.message
    assert found.message.startswith("1 story may be")


def test_a_response_of_one_sentence_is_printed_once(tmp_path: Path) -> None:
    page = (CASE / "posts" / "2022-01-05_Lovely--thank-you-abcdefabcdef.html").read_text("utf-8")
    start, end = page.index("<p "), page.rindex("</p>", 0, page.index("<footer")) + 4
    page = page[:start] + '<p class="graf graf--p">Lovely, thank you.</p>' + page[end:]
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "2022-01-05_Lovely--thank-you-abcdefabcdef.html").write_text(page)
    shown = clothbound.write(clothbound.read(tmp_path), "html").to_text()
    assert shown.count("<h1") == 1
    assert shown.partition("<body")[2].count("Lovely, thank you.") == 1


def test_listings_are_joined_as_their_editor_means_them(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    page = (CASE / "posts" / STORIES[-1].name).read_text(encoding="utf-8")
    old, new = (
        '<pre class="graf graf--pre">',
        'spellcheck="false" class="graf graf--pre graf--preV2">',
    )
    listings = (
        f'<pre data-code-block-mode="2" data-code-block-lang="bash" {new}ls</pre>{old}a</pre>{old}b</pre>'
        f'<pre data-code-block-mode="1" {new}c</pre><pre data-code-block-mode="1" {new}d</pre>'
    )
    before, mark, after = page.partition('<section data-field="body"')
    start, end, rest = after.partition("</section>")
    story = f"{before}{mark}{start}{listings}{end}{rest}"
    (tmp_path / "posts" / STORIES[-1].name).write_text(story, encoding="utf-8")
    made = clothbound.write(clothbound.read(tmp_path), "markdown").to_text()
    assert "```bash\nls\n```\n\n```\na\nb\n```\n\n```\nc\n```\n\n```\nd\n```" in made


def test_links_in_listings_are_named(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    page = (CASE / "posts" / STORIES[-1].name).read_text(encoding="utf-8")
    before, mark, after = page.partition('<section data-field="body"')
    start, end, rest = after.partition("</section>")
    older = '<pre class="graf graf--pre">'
    listings = f'{older}<a href="https://n.example/nets">nets</a></pre>{older}a <a href="https://n.example/rope">rope</a></pre>'
    story = f"{before}{mark}{start}{listings}{end}{rest}"
    (tmp_path / "posts" / STORIES[-1].name).write_text(story, encoding="utf-8")
    (post,) = clothbound.read(tmp_path)
    assert "```\nnets\na rope\n```" in clothbound.write(post, "markdown").to_text()
    named = [d.message for d in post.diagnostics if d.code == DiagnosticCode.LINK_UNRESOLVED]
    assert [message.rpartition(" ")[2] for message in named] == [
        "https://n.example/nets",
        "https://n.example/rope",
    ]


def test_links_between_stories_lead_inside_the_book(archive: bytes) -> None:
    posts = clothbound.read(archive)
    for href in (
        f"https://medium.com/@marit/on-glue-{GLUE}",
        f"https://medium.com/p/{GLUE}",
        f"https://medium.com/@marit/on-glue-{GLUE}?source=friends_link&sk=1",
    ):
        found = posts.index.resolve(href)
        assert found is not None, href
        assert posts.index[found[0]].title == "On glue"


def test_a_subtitle_that_is_the_beginning_of_the_text_is_none(archive: bytes) -> None:
    metadata = clothbound.read(archive).index.entries[0].metadata
    assert (metadata.subtitle, metadata.description) == ("", "")


def test_a_subtitle_repeated_behind_a_picture_is_read_once(tmp_path: Path) -> None:
    page = (CASE / "posts" / "2021-03-14_The-slow-press-0a1b2c3d4e5f.html").read_text("utf-8")
    subtitle = re.search(r'graf--subtitle">(.*?)</h4>', page)
    assert subtitle is not None
    picture = '<figure class="graf"><img src="https://example.com/a.jpg"><figcaption>Low</figcaption></figure>'
    again = f'{subtitle[0]}{picture}<p class="graf"><em>{subtitle[1]}</em></p>'
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "2021-03-14_The-slow-press-0a1b2c3d4e5f.html").write_text(
        page.replace(subtitle[0], again), "utf-8"
    )
    (post,) = clothbound.read(tmp_path)
    (plain,) = clothbound.read(CASE).posts[1:2]
    assert post.metadata.subtitle == plain.metadata.subtitle
    assert plain_text(post.body).strip() == f"Low\n\n{plain_text(plain.body)}"


def test_no_word_of_a_story_is_lost(archive: bytes) -> None:
    text = plain_text(clothbound.read(archive)[1])
    for words in ("before the snow", "First paragraph", "And its second.", "How the press turns"):
        assert words in text
    assert text.count("The slow press") == 0
    assert "harbour.example/tools%29" not in clothbound.to_html(clothbound.read(archive)[1])


def test_a_reader_keeps_its_contract(archive: bytes) -> None:
    from clothbound.readers.exports.medium import READER

    check_reader(READER, [archive], broken=[archive[:2000]])


@pytest.mark.parametrize("cut", [40, 3000])
def test_an_archive_that_was_cut_off_says_so(archive: bytes, cut: int) -> None:
    with pytest.raises(ClothboundError, match=r"ZIP|cut off|posts\.csv"):
        clothbound.read(archive[:cut])


def test_other_archives_are_declined(tmp_path: Path) -> None:
    from clothbound.limits import Limits
    from clothbound.readers.export_files import open_files
    from clothbound.readers.exports.medium import READER

    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "1.a.html").write_text("<p>Substack's</p>")
    (tmp_path / "posts" / "a.html").write_text('<article class="h-entry">a blog\'s</article>')
    assert not READER.accepts_files(open_files(tmp_path, Limits()))


def test_another_export_beside_this_one_is_named_and_not_read(tmp_path: Path) -> None:
    shutil.copytree(CASE, tmp_path / "medium")
    (tmp_path / "other" / "posts").mkdir(parents=True)
    (tmp_path / "other" / "posts.csv").write_text("post_id,title,is_published\n1.a,A,true\n")
    (tmp_path / "other" / "posts" / "1.a.html").write_text("<p>Elsewhere.</p>")
    posts = clothbound.read(tmp_path)
    assert [m.source for m in posts.index if not m.source.startswith("medium/")] == []
    told = [d.message for d in posts.diagnostics if "not read" in d.message]
    assert [m for m in told if "an export that the reader substack takes" in m]
    assert len(told) == 1


@pytest.mark.parametrize(
    ("body", "cover"),
    [
        (
            '<h3>Title</h3><img src="https://m.example/a.jpg"><p>Words.</p>',
            "https://m.example/a.jpg",
        ),
        ('<p>Words.</p><img src="https://m.example/a.jpg">', ""),
        (
            '<img src="https://m.example/a.jpg"><p>Words.</p><img data-is-featured="true" src="https://m.example/b.jpg">',
            "https://m.example/b.jpg",
        ),
    ],
)
def test_the_cover_is_the_chosen_picture_or_the_one_above_the_text(
    body: str, cover: str, tmp_path: Path
) -> None:
    page = (CASE / "posts" / STORIES[-1].name).read_text(encoding="utf-8")
    before, mark, after = page.partition('<section data-field="body"')
    start, _, rest = after.partition(">")
    story = f"{before}{mark}{start}>{body}</section>{rest.partition('</section>')[2]}"
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / STORIES[-1].name).write_text(story, encoding="utf-8")
    (post,) = clothbound.read(tmp_path)
    assert post.metadata.cover == cover
