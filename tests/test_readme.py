"""README, sentence by sentence: what each promises, and the test that holds it.

Every word of README's prose stands in ``PROMISES`` or ``NO_PROMISES`` and every line of its commands in
``COMMANDS``, so that no sentence changes without its test.
"""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from html import unescape
from pathlib import Path

import msgspec
import pytest
from pypdf import PdfReader

import clothbound
import planted_faults
from clothbound.diagnostics import DiagnosticCode
from clothbound.limits import Limits
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.node import Node
from clothbound.model.post import Metadata, Post
from epub_samples import opened, picture

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LETTERS = ROOT / "examples" / "letters"

HERE = "test_readme.py::"
PROMISES: dict[str, tuple[str, ...]] = {
    "Clothbound turns newsletter and blog posts into books.": (
        "test_wishes.py::test_wish_28_every_format_from_one_source_without_latex_and_browser",
        "test_examples.py::test_yearly_anthology",
    ),
    "It reads the archives of Substack, WordPress, Ghost, Medium, Blogger, TypePad, Buttondown, beehiiv, Tumblr, "
    "Notion, Micro.blog and DEV, sites of Hugo, Jekyll and other generators, folders of Markdown and reStructuredText, "
    "HTML pages, feeds and EPUBs, and writes EPUB, PDF, HTML, web sites, feeds, and archives in Substack's own layout.": (
        f"{HERE}test_each_source_becomes_each_product",
        "test_restructured_text.py::test_a_post_is_read_as_the_file_beside_it_says",
        "test_wordpress.py::test_an_export_is_recognised_and_no_feed",
        "test_ghost.py::test_an_export_is_recognised_in_every_form",
        "test_medium.py::test_an_archive_is_recognised_in_every_form",
        "test_blogger.py::test_an_export_is_recognised_in_every_form",
        "test_buttondown.py::test_an_export_is_read_as_the_file_beside_it_says",
        "test_beehiiv.py::test_a_table_is_recognised_in_every_form",
        "test_movable_type.py::test_the_form_is_recognised_by_its_first_lines",
        "test_tumblr.py::test_posts_are_read_as_the_files_beside_them_say",
        "test_parted_zip.py::test_parts_are_read_as_one_archive",
        "test_blog_archive.py::test_an_archive_is_recognised_and_read_as_the_files_beside_it_say",
        "test_dev_to.py::test_each_form_is_recognised_and_says_who_may_see_an_article",
        "test_sites.py::test_a_site_is_read_as_the_file_beside_it_says",
        "test_epub_reader.py::test_a_book_of_another_program_is_read_as_the_file_says",
        "test_testing.py::test_built_in_writers_keep_the_contract",
        "test_testing.py::test_built_in_readers_keep_the_contract",
    ),
    "sets everything up (on Debian, Ubuntu or macOS with Homebrew; Python 3.11 or newer must be there) and "
    "makes, out of the letters of a bindery by a harbour in `examples/letters`, one page, a site, a book for "
    "each year, a PDF and a Substack archive, and a book of a blog's export from WordPress.": (
        f"{HERE}test_the_demo_makes_one_of_everything",
        f"{HERE}test_the_set_up_knows_these_systems_and_this_python",
    ),
    "[The tutorial](docs/tutorial.md) leads from Substack's export to a book in five minutes.": (
        "test_tutorial.py::test_at_most_three_commands_are_typed_to_the_first_book",
        "test_wheel.py::test_the_tutorial_followed_literally",
    ),
    "[The how-tos](docs/how-to/index.md) go on from there, one task a page; [the gallery](docs/gallery/README.md) "
    "shows pages.": (f"{HERE}test_every_link_leads_to_a_file",),
    "**Real archives.** A title with quotation marks in it, a picture that is missing, a date that is not one: "
    "each is repaired or left aside, and named with its file and line;": (
        f"{HERE}test_what_real_archives_bring_is_repaired_or_left_aside_and_named",
    ),
    "a picture with the wrong extension is taken for what it is.": (
        f"{HERE}test_what_real_archives_bring_is_repaired_or_left_aside_and_named",
        "test_resources.py::test_a_type_is_told_by_the_bytes",
    ),
    "One bad post does not stop the other two hundred.": (
        "test_cli.py::test_299_of_300_posts_are_converted_and_the_bad_one_is_named",
        "test_batch.py::test_each_source_is_converted_and_bad_ones_stop_no_other",
    ),
    "**Nothing is lost silently.** Every element that a target does not hold as it was is counted and named: "
    "simplified, left out as chrome, missing (a picture), or dropped.": (
        "test_testing.py::test_built_in_writers_keep_the_contract",
        "test_testing.py::test_built_in_transforms_keep_the_contract",
        "test_wishes.py::test_wish_10_nothing_is_lost_in_silence",
        "test_examples.py::test_no_word_of_a_letter_is_lost",
        "test_missing_pictures.py::test_a_picture_that_a_book_lacks_is_missing",
    ),
    "`--strict` refuses a book in which anything is missing or dropped;": (
        "test_missing_pictures.py::test_the_command_refuses_a_book_without_its_pictures",
        "test_cli.py::test_a_loss_under_strict_leaves_with_3_and_still_reports",
        "test_wishes.py::test_wish_10_nothing_is_lost_in_silence",
    ),
    "`--report` writes the account as JSON.": (
        "test_wishes.py::test_wish_10_nothing_is_lost_in_silence",
        "test_links_report.py::test_both_lists_are_printed_and_written",
    ),
    "**Substack's elements are elements**: footnotes are footnotes, at the foot of the page in print and as "
    "pop-ups in an EPUB;": (
        "test_substack_reader.py::test_no_word_of_the_real_export_is_lost",
        "test_pdf_notes.py::test_notes_stand_at_the_foot_or_at_the_end",
        "test_wishes.py::test_wish_03_notes_pop_up",
    ),
    "tweets and videos are cards with a link;": (
        f"{HERE}test_tweets_and_videos_are_cards_with_a_link",
    ),
    "what is behind a paywall stays out of public sites.": (
        "test_site.py::test_what_is_private_stays_so",
        "test_transforms_paywall.py::test_nothing_private_is_left_and_the_account_is_right",
    ),
    "**What is private stays private.** `draft: true`, `published: false`, `status: private`, a `publishDate` "
    "in the future, `password`, `audience` ... are one table: what is secret is in no book, site or feed, nor is a link "
    "to it, a card of it or its title, unless `--drafts` or `--state` asks for it by name.": (
        "test_publication_state.py::test_what_a_header_says",
        "test_private_posts.py::test_no_secret_post_leaves_by_a_book",
        "test_private_posts.py::test_no_secret_post_leaves_by_a_public_product",
        "test_private_posts.py::test_a_card_of_a_secret_post_is_left_out_and_its_title_with_it",
        "test_private_posts.py::test_a_secret_post_is_taken_when_it_is_asked_for_by_name",
        "test_private_posts.py::test_drafts_are_drafts_and_scheduled_posts_and_no_other",
        "test_private_posts.py::test_no_other_module_decides_who_may_see_a_post",
    ),
    "A site made again loses the page of a post that became private.": (
        "test_product_files.py::test_a_site_made_again_has_no_page_of_a_post_that_became_paid",
    ),
    "**Links between posts** lead inside the book.": (
        "test_wishes.py::test_wish_04_links_between_posts_are_links_in_the_book",
        "test_post_names.py::test_the_last_segment_names_one_post",
        "test_pdf.py::test_links_lead_where_they_should",
    ),
    "**A page is a page.** An EPUB that is made together with the print edition knows its pages.": (
        "test_page_list.py::test_the_command_gives_the_pages_of_the_pdf_to_the_epub_of_the_same_book",
        "test_page_list.py::test_each_page_begins_with_the_same_word_in_print_and_in_the_book",
    ),
    "**Seen while you write.** `clothbound preview posts/` shows a post as web page, e-book and printed pages side "
    "by side, and again whenever you save it.": (
        "test_preview_browser.py::test_a_saved_file_is_shown_in_all_panes_at_the_same_place",
        "test_preview.py::test_page_and_chapter_are_those_of_the_products",
    ),
    "**Books that pass inspection.** EPUB 3.3 with contents, landmarks and accessibility metadata, checked "
    "with epubcheck and DAISY Ace;": (
        f"{HERE}test_a_book_has_contents_landmarks_and_says_how_accessible_it_is",
        "test_epubcheck.py::test_the_letters",
        "test_epub_ace.py::test_the_letters",
    ),
    "PDF/UA-1 by two engines, checked with pdfua and outloud;": (
        "test_pdf_themes.py::test_pdf_ua_by_two_checkers",
        "test_pdf.py::test_checkers_find_no_error",
    ),
    "HTML in which no script runs, checked with the Nu checker and axe-core;": (
        "test_chromium.py::test_page_of_every_node",
        "test_hostile.py::test_every_writer_answers_safely",
        "test_nu.py::test_page_and_site_of_every_node",
        "test_axe.py::test_a_page_with_every_kind_of_node",
    ),
    "the rules of stores as data.": (
        "test_check_stores.py::test_our_own_books_keep_the_rules_that_they_are_made_for",
        f"{HERE}test_the_rules_of_stores_are_data",
    ),
    "**A book by hand.** `book.toml` has a line for each post: comment out, reorder, rename, group;": (
        "test_wishes.py::test_wish_26_a_book_is_chosen_by_hand",
    ),
    "a foreword, edits for the book alone;": (
        "test_manifest_command.py::test_an_edit_of_one_post",
        "test_own_texts.py::test_every_product_has_all_own_texts",
    ),
    "newer posts are added without touching what you did.": (
        "test_manifest_update.py::test_whatever_was_commented_out_moved_and_renamed_survives",
        "test_manifest_update.py::test_hand_made_order_comments_and_names_stay",
    ),
    "**Hostile input is expected.** Raw HTML goes through an allow-list, files outside a post's folder are not "
    "read, and every size and depth has a bound.": (
        "test_sanitize.py::test_nothing_dangerous_comes_out",
        "test_resources.py::test_no_href_at_all_leads_out_or_fails_otherwise",
        "test_hostile_folder.py::test_nothing_outside_is_read_and_nothing_stops_the_work",
        "test_hostile.py::test_every_writer_answers_safely",
        "test_hostile_zip.py::test_limits_of_entries_and_size",
        f"{HERE}test_every_bound_is_asked_for",
    ),
    "**Same input, same bytes**, so that a book can be kept under version control.": (
        "test_determinism.py::test_nothing_but_the_posts_is_in_the_bytes",
        "test_wishes.py::test_wish_39_the_same_posts_make_the_same_bytes",
        "test_pdf.py::test_same_input_same_bytes",
    ),
    "Which posts are public yet depends on the day; `--now` fixes it.": (
        "test_private_posts.py::test_far_in_the_future_scheduled_posts_appear_and_expired_ones_do_not",
    ),
    "The model is typed and made to be matched on;": (
        f"{HERE}test_the_model_is_made_to_be_matched_on",
        "test_public_api.py::test_the_package_says_that_it_is_typed",
    ),
    "readers, writers and transforms are plain objects that a package of your own can add.": (
        "test_formats.py::test_a_plug_in_is_found_by_its_name",
        "test_examples.py::test_a_plugin_is_a_format_once_it_is_installed",
        "test_testing.py::test_a_good_reader_passes",
        "test_testing.py::test_a_good_writer_passes",
    ),
    "A [filter](docs/how-to/filter.md) of three lines changes posts on their way.": (
        "test_filters_page.py::test_there_are_eleven",
        "test_filters_command.py::test_a_file_of_three_lines_on_the_command_line",
    ),
    "See [examples](examples), [the architecture](docs/architecture.md), and [the "
    "diagnostics](docs/reference/diagnostics.md); [what people ask for](docs/explanation/wishes.md) says what became of it.": (
        f"{HERE}test_every_link_leads_to_a_file",
        "test_docs.py::test_each_wish_has_a_test_of_its_number",
        "test_docs.py::test_diagnostics_page_has_every_code",
    ),
    "Clothbound's own code and texts are under the [MIT licence](LICENSE).": (
        f"{HERE}test_every_link_leads_to_a_file",
        "test_doctor.py::test_the_licences_of_the_table_are_those_of_what_is_installed",
    ),
    "EbookLib, which packs EPUB files, is under the AGPL:": (
        "test_doctor.py::test_the_licences_of_the_table_are_those_of_what_is_installed",
    ),
    "[The page on licences](docs/explanation/licences.md) says what follows.": (
        f"{HERE}test_every_link_leads_to_a_file",
    ),
    "A source may also be an address (`https://...`): of a post, of a feed, of an archive, or of a blog's front page, "
    "whose feed is read.": (
        "test_downloads.py::test_the_library_converts_an_address",
        "test_downloads.py::test_posts_of_a_feed_keep_their_own_addresses",
        "test_downloads.py::test_an_archive_is_read_from_its_address",
        "test_downloads.py::test_of_a_front_page_the_feed_is_read",
    ),
    "Its pictures are fetched with it.": (
        "test_downloads.py::test_to_give_an_address_is_to_ask_for_it_and_its_pictures",
    ),
}
NO_PROMISES = (
    # what it is
    "A clothbound book is the edition that one keeps.",
    "In a checkout,",
    "Then, with `.venv/bin` in the path:",
    # what licences of others mean
    "this matters if you run clothbound as a service or pass on a bundle, and not for the books that you make.",
    # what is not there
    "Readers' comments: where an export has them, they are left out.",
    "Nothing here was tried on a live Substack account, uploaded to a store or read on a device other than a "
    "browser.",
)
COMMANDS: dict[str, str] = {
    "one file, pictures and style inside": "test_one_file_has_pictures_and_style_inside",
    "a page for each post, an index by year": "test_the_site_has_a_page_for_each_post_and_an_index_by_year",
    "posts.csv and posts/*.html": "test_the_archive_has_posts_csv_and_posts",
    "a book for each year": "test_there_is_a_book_for_each_year",
    "out of the archive that Substack gives you": "test_the_archive_becomes_a_book",
    "book.toml, to choose, order and rename posts in": "test_the_plan_has_a_line_for_each_post",
    "what that book holds; without -n it is made": "test_a_dry_run_makes_nothing",
    "that archive as Markdown, to keep and edit": "test_the_archive_becomes_markdown",
    "a paperback's inside and cover, a Kindle book, a sheet": "test_the_kit_is_whole",
    "what would be repaired or lost, what a store would refuse": "test_a_check_names_what_a_store_would_refuse",
    "whether anything on its pages overlaps, is cut off or in the margin": "test_wrong_pages_are_told",
    "whether a word, note, picture or link is missing from it": "test_whether_a_word_is_missing_is_told",
    "a path, bytes, a stream, a text": "test_a_path_bytes_a_stream_and_a_text_can_be_read",
    "selected, ordered, titled": "test_a_book_is_selected_ordered_and_titled",
}

FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


def prose(page: str) -> str:
    """The sentences of a page on one line: no code, headings and pictures, no marks of a list."""
    page = FENCED.sub("", page)
    page = re.sub(r"^(?: {4}\S.*|#.*)$", "", page, flags=re.M)
    page = re.sub(r"!\[.*?\]\([^)]*\)", "", page, flags=re.S)
    return " ".join(re.sub(r"^- ", "", page, flags=re.M).split())


def test_every_sentence_has_its_test() -> None:
    left = prose(README)
    for sentence in (*PROMISES, *NO_PROMISES):
        assert sentence in left, f"no longer in README, or twice here: {sentence}"
        left = left.replace(sentence, " ", 1)
    assert left.split() == [], "sentences of README that no test here holds"


def test_the_front_page_of_the_documentation_promises_no_more() -> None:
    front = prose((ROOT / "docs" / "index.md").read_text(encoding="utf-8"))
    first, _, rest = front.partition(" What a format cannot hold ")
    own = next(promise for promise in PROMISES if promise.startswith("It reads the archives"))
    known = {word.strip(",.") for word in f"{own} {next(iter(PROMISES))}".split()}
    assert [word for word in first.split() if word.strip(",.") not in known] == []
    # As README says: nothing is lost silently, what is private stays private, same input, same bytes.
    assert rest.startswith(
        "is counted and named, what is private stays private, and the same posts give the same bytes. "
    )


def test_every_comment_of_a_command_has_its_test() -> None:
    code = "\n".join(text for _, text in FENCED.findall(README))
    comments = re.findall(r"^[^#\n]*\S\s+# (.*)$", code, re.M)
    assert sorted(comments) == sorted(COMMANDS)
    assert set(COMMANDS.values()) <= globals().keys()


def test_the_tests_that_are_named_are_collected(request: pytest.FixtureRequest) -> None:
    named = {name for names in PROMISES.values() for name in names}
    collected = {_name(item.nodeid) for item in request.session.items}
    # In a run of a few files the others are looked up.
    files = sorted({n.partition("::")[0] for n in named - collected})
    if files:
        command = (sys.executable, "-m", "pytest")
        listing = subprocess.run(
            [*command, "--collect-only", "-q", "-o", "addopts=", *files],
            cwd=ROOT / "tests",
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        collected |= {_name(line) for line in listing.stdout.splitlines() if "::" in line}
    assert named - collected == set()


def _name(node_id: str) -> str:
    return node_id.partition("[")[0].removeprefix("tests/")


def test_every_link_leads_to_a_file() -> None:
    hrefs = re.findall(r"\]\(([^)]*)\)", README)
    assert len(hrefs) > 5
    assert [href for href in hrefs if not (ROOT / href).exists()] == []


# what it reads and writes

HEAD = "post_id,post_date,is_published,email_sent_at,inbox_sent_at,type,audience,title,subtitle,podcast_url"
ARCHIVE = {
    "posts.csv": f"{HEAD}\n7.one,2023-05-01T10:00:00.000Z,true,,,newsletter,everyone,Harbour,,\n",
    "posts/7.one.html": "<p>The tide.</p>",
}
FEED = (
    '<rss version="2.0"><channel><title>F</title><item><title>Harbour</title>'
    "<link>https://a.example/one</link><description>&lt;p&gt;The tide.&lt;/p&gt;</description></item>"
    "</channel></rss>"
)
PAGE = "<!DOCTYPE html><title>Harbour</title><article><h1>Harbour</h1><p>The tide.</p></article>"


def source_of(name: str, folder: Path) -> Path:
    """Something of each kind that README says is read, with one post: Harbour."""
    files = {
        "export.zip": ARCHIVE,
        "folder": {"one.md": "# Harbour\n\nThe tide.\n"},
        "page.html": {"page.html": PAGE},
        "feed.xml": {"feed.xml": FEED},
    }[name]
    if name.endswith(".zip"):
        with zipfile.ZipFile(folder / name, "w") as archive:
            for file, text in files.items():
                archive.writestr(file, text)
        return folder / name
    (folder / "folder").mkdir()
    for file, text in files.items():
        (folder / "folder" / file).write_text(text, encoding="utf-8")
    return folder / "folder" if name == "folder" else folder / "folder" / name


def words_in(data: bytes) -> str:
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return " ".join(words_in(archive.read(name)) for name in archive.namelist())
    if data.startswith(b"%PDF"):
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    return data.decode("utf-8", "replace")


@pytest.mark.parametrize("source", ["export.zip", "folder", "page.html", "feed.xml"])
def test_each_source_becomes_each_product(source: str, tmp_path: Path) -> None:
    posts = clothbound.read(source_of(source, tmp_path))
    assert [metadata.title for metadata in posts.index] == ["Harbour"]
    for writer in ("epub", "pdf", "html", "site", "rss", "substack"):
        found = words_in(clothbound.write(posts, writer).to_bytes())
        assert "Harbour" in found, writer
        assert "The tide." in found, writer
    archive = zipfile.ZipFile(io.BytesIO(clothbound.write(posts, "substack").to_bytes()))
    assert archive.read("posts.csv").decode().splitlines()[0] == HEAD
    assert [n for n in archive.namelist() if re.fullmatch(r"posts/\d+\.\w+\.html", n)]


def test_the_set_up_knows_these_systems_and_this_python() -> None:
    """That it works there is asked by whoever runs scripts/test.sh, which begins with it."""
    script = (ROOT / "scripts" / "setup.sh").read_text(encoding="utf-8")
    assert "apt-get install" in script
    assert "brew install" in script
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == ">=3.11"
    assert re.search(r"\(3, 11\)|3\.11", script)
    for name in ("demo.sh", "test.sh", "slow.sh"):
        assert ". scripts/setup.sh" in (ROOT / "scripts" / name).read_text(encoding="utf-8")


def test_the_demo_makes_one_of_everything(tmp_path: Path) -> None:
    """The script as it stands, over four letters, in an environment that is there already: what sets one
    up is asked by scripts/test.sh too.
    """
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "demo.sh", tmp_path / "scripts")
    said = "say() { :; }\nenvironment() { :; }\npango() { :; }\n"
    (tmp_path / "scripts" / "setup.sh").write_text(said, encoding="utf-8")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "clothbound").symlink_to(
        Path(sys.executable).parent / "clothbound"
    )
    for year in ("2021", "2022", "2023"):
        letters = sorted((LETTERS / year).glob("*.md"))
        (tmp_path / "examples" / "letters" / year).mkdir(parents=True)
        for letter in (letters[0], *(n for n in letters if "the-book-of-the-letters" in n.name)):
            shutil.copy(letter, tmp_path / "examples" / "letters" / year)
    shutil.copytree(LETTERS.parent / "wordpress", tmp_path / "examples" / "wordpress")
    done = subprocess.run(
        ["sh", "scripts/demo.sh"], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    out = tmp_path / "out" / "demo"
    assert "<article>" in (out / "letter.html").read_text("utf-8")
    assert len(list((out / "site").glob("*.html"))) > 4
    for year in ("2021", "2022", "2023"):
        assert zipfile.is_zipfile(out / f"{year}.epub")
    assert zipfile.is_zipfile(out / "ferry.epub")
    assert (out / "2023.pdf").read_bytes().startswith(b"%PDF")
    assert "posts.csv" in zipfile.ZipFile(out / "substack.zip").namelist()
    told = re.findall(r"^ *\S*/out/demo/(\S+)", done.stdout, re.M)
    assert told
    assert [name for name in told if not (out / name).exists()] == []


# what it cares about


def test_what_real_archives_bring_is_repaired_or_left_aside_and_named(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        '---\ntitle: "She said "no" twice"\nauthor: A\ndate: 2023-02-30\n---\n\nWords.\n\n'
        "![A boat](gone.png)\n\n![A lamp](lamp.png)\n",
        encoding="utf-8",
    )
    (tmp_path / "lamp.png").write_bytes(picture("JPEG"))
    artifact = clothbound.write(clothbound.read(tmp_path), "epub")
    book = opened(artifact.to_bytes())
    pages = "".join(data.decode() for name, data in book.items() if name.endswith(".xhtml"))
    assert "She said “no” twice" in pages
    told = {(d.code, d.source, d.line) for d in artifact.report.diagnostics}
    assert {
        (DiagnosticCode.HEADER_REPAIRED, "a.md", 2),
        (DiagnosticCode.HEADER_VALUE, "a.md", 4),
        (DiagnosticCode.IMAGE_MISSING, "a.md", 9),
    } <= told
    (lamp,) = (name for name in book if name.endswith((".png", ".jpg")) and "cover" not in name)
    assert lamp.endswith(".jpg")
    assert 'media-type="image/jpeg"' in next(
        line
        for name, data in book.items()
        if name.endswith(".opf")
        for line in data.decode().split("<item ")
        if Path(lamp).name in line
    )


@pytest.mark.parametrize("writer", ["html", "site", "epub", "pdf"])
def test_tweets_and_videos_are_cards_with_a_link(writer: str) -> None:
    tweet = "https://twitter.com/ada/status/12"
    video = "https://www.youtube.com/watch?v=abcdefghijk"
    body = (
        b.Embed("tweet", tweet, "Twitter", text="Low water at six.", author="Ada"),
        b.Embed("video", video, "YouTube", "The tide, filmed"),
    )
    data = clothbound.write(Post(Metadata(key="a", title="A"), body), writer).to_bytes()
    words = " ".join(words_in(data).split())
    assert "Low water at six." in words
    if writer == "pdf":
        notes = (n for page in PdfReader(io.BytesIO(data)).pages for n in page.get("/Annots", ()))
        hrefs = {note.get_object().get("/A", {}).get("/URI") for note in notes}
    else:
        hrefs = set(re.findall(r'<a [^>]*href="([^"]*)"', words))
        assert "<script src" not in words
        assert "<iframe" not in words
    assert {tweet, video} <= hrefs


def test_a_book_has_contents_landmarks_and_says_how_accessible_it_is() -> None:
    posts = [Post(Metadata(key=k, title=k.title()), (b.Paragraph((i.Text("x"),)),)) for k in "ab"]
    files = {
        name: data.decode("utf-8", "replace")
        for name, data in opened(clothbound.write(posts, "epub").to_bytes()).items()
    }
    package = next(text for name, text in files.items() if name.endswith(".opf"))
    assert re.search(r'<package [^>]*version="3.0"', package)  # what EPUB 3.3 wants there
    contents = "".join(text for text in files.values() if 'epub:type="toc"' in text)
    assert 'epub:type="landmarks"' in contents
    for wanted in (
        "accessMode",
        "accessibilityFeature",
        "accessibilityHazard",
        "accessibilitySummary",
    ):
        assert f'property="schema:{wanted}"' in package


def test_the_rules_of_stores_are_data() -> None:
    from clothbound.destinations import DESTINATIONS

    assert {"kindle", "apple", "kobo"} <= set(DESTINATIONS)
    for rules in DESTINATIONS.values():
        assert isinstance(rules, msgspec.Struct)
        assert not any(callable(value) for value in msgspec.structs.asdict(rules).values())


def test_every_bound_is_asked_for() -> None:
    """No bound stands in ``Limits`` for looks; what each does is tested beside what keeps it."""
    package = Path(clothbound.__file__).parent
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in package.rglob("*.py")
        if path.name != "limits.py"
    )
    unused = [name for name in Limits.__struct_fields__ if not re.search(rf"\.{name}\b", code)]
    assert unused == []


def test_the_model_is_made_to_be_matched_on() -> None:
    def shown(node: Node) -> str:
        match node:
            case b.Heading((i.Text(text),), level):
                return f"{level} {text}"
            case b.Paragraph((i.Link((i.Text(text),), href), *_)):
                return f"{text} ({href})"
        return ""

    text = "## Two\n\n[a](https://a.example/) b\n"
    (post,) = clothbound.read(text.encode(), "markdown").posts
    assert [shown(node) for node in post.body] == ["2 Two", "a (https://a.example/)"]


# the library


def test_a_path_bytes_a_stream_and_a_text_can_be_read(tmp_path: Path) -> None:
    path = source_of("folder", tmp_path) / "one.md"
    text = path.read_text(encoding="utf-8")
    sources = (
        path, str(path), path.read_bytes(), path.open("rb"), io.StringIO(text)
    )  # fmt: skip
    assert {clothbound.read(source, "markdown")[0].metadata.title for source in sources} == {
        "Harbour"
    }


def test_a_book_is_selected_ordered_and_titled(tmp_path: Path) -> None:
    for name, day in (("c", "2023-03-01"), ("a", "2023-09-01"), ("b", "2022-01-01")):
        (tmp_path / f"{name}.md").write_text(f"---\ntitle: {name}\ndate: {day}\n---\nx\n")
    book = clothbound.book(clothbound.read(tmp_path), year=2023, title="Letters")
    assert [metadata.title for metadata in book.index] == ["c", "a"]
    assert "Letters" in book.info.title


# what the commands make, in the order in which README has them


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which README's commands ran, and its Python as one program."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(LETTERS, folder / "posts")
    shutil.copy(next((folder / "posts" / "2023").glob("2023-01-*.md")), folder / "post.md")
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    blocks = FENCED.findall(README)
    shell = [text for language, text in blocks if language == "sh"]
    python = "".join(text for language, text in blocks if language == "python")
    assert shell
    assert python
    for program, text in [*((["sh", "-eux"], t) for t in shell), ([sys.executable, "-"], python)]:
        done = subprocess.run(
            program,
            input=text,
            cwd=folder,
            env={**os.environ, "PATH": path, "PYTHONIOENCODING": "utf-8"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, f"{text}\n{done.stdout}"
        with (folder / "said.txt").open("a", encoding="utf-8") as said:
            said.write(done.stdout)
    return folder


def said_by(made: Path, command: str) -> str:
    """What the command that begins so wrote."""
    said = (made / "said.txt").read_text(encoding="utf-8")
    return said.partition(f"+ {command}")[2].partition("\n+ ")[0]


def titles(folder: Path) -> list[str]:
    return [metadata.title for metadata in clothbound.read(folder).index]


def test_one_file_has_pictures_and_style_inside(made: Path) -> None:
    page = (made / "post.html").read_text(encoding="utf-8")
    assert "<style>" in page
    assert '<link rel="stylesheet"' not in page
    assert not re.findall(r'src="(?!data:|https?:)[^"]*"', page)


def test_the_site_has_a_page_for_each_post_and_an_index_by_year(made: Path) -> None:
    index = (made / "public" / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<h2[^>]*>(\d{4})</h2>", index) == ["2023", "2022", "2021"]
    posts = [m for m in clothbound.read(made / "posts").index if not m.is_draft]
    linked = set(re.findall(r'<a href="([^"/#]*\.html)"', index))
    assert len(posts) > 30
    assert len(linked) > 30
    assert [page for page in linked if not (made / "public" / page).exists()] == []


def test_the_archive_has_posts_csv_and_posts(made: Path) -> None:
    with zipfile.ZipFile(made / "export.zip") as archive:
        names = archive.namelist()
        rows = list(csv.DictReader(archive.read("posts.csv").decode().splitlines()))
    pages = {name for name in names if re.fullmatch(r"posts/[^/]*\.html", name)}
    assert {f"posts/{row['post_id']}.html" for row in rows} <= pages
    assert len(rows) == len(titles(made / "posts"))


def test_there_is_a_book_for_each_year(made: Path) -> None:
    assert sorted(path.name for path in (made / "books").glob("*.epub")) == [
        "2021.epub",
        "2022.epub",
        "2023.epub",
    ]
    assert zipfile.is_zipfile(made / "2023.epub")
    assert (made / "2023.pdf").read_bytes().startswith(b"%PDF")


def test_the_archive_becomes_a_book(made: Path) -> None:
    book = words_in((made / "letters.epub").read_bytes())
    posts = [m.title for m in clothbound.read(made / "export.zip").index if not m.is_draft]
    assert len(posts) > 30
    shown = re.sub(r"\W", "", unescape(book))
    assert [title for title in posts if re.sub(r"\W", "", title) not in shown] == []


def test_the_plan_has_a_line_for_each_post(made: Path) -> None:
    plan = (made / "book.toml").read_text(encoding="utf-8")
    listed = re.findall(r'^(?:# ?)?[\w-]+ = "', plan.partition("[chapters]")[2] or plan, re.M)
    assert len(listed) >= len(titles(made / "posts"))


def test_a_dry_run_makes_nothing(made: Path) -> None:
    told = said_by(made, "clothbound book book.toml -n")
    listed = [title for title in titles(made / "posts") if title in told]
    assert len(listed) > 30
    planned = re.findall(
        r"[^:,]+\.(?:epub|pdf)", told.partition("would write:")[2].partition("\n")[0]
    )
    assert len(planned) == 2
    assert [name for name in planned if (made / name.strip()).exists()] == []


def test_the_archive_becomes_markdown(made: Path) -> None:
    assert len(list((made / "letters").glob("*.md"))) == len(titles(made / "posts"))
    assert sorted(titles(made / "letters")) == sorted(titles(made / "export.zip"))


def test_the_kit_is_whole(made: Path) -> None:
    names = sorted(path.name for path in (made / "kit").glob("[!.]*"))
    assert names == ["cover.pdf", "ebook-cover.jpg", "ebook.epub", "interior.pdf", "sheet.html"]


def test_a_check_names_what_a_store_would_refuse(made: Path) -> None:
    told = said_by(made, "clothbound check posts/ --for kindle")
    for code in (
        DiagnosticCode.HEADER_REPAIRED,
        DiagnosticCode.NODE_DROPPED,
        DiagnosticCode.ALT_MISSING,
    ):
        assert re.search(rf"\.md:\d+: warning: .*\[{code.value}\]", told), code
    assert re.search(r"^\d+ posts: \d+ errors, \d+ warnings", told, re.M)


def test_whether_a_word_is_missing_is_told(made: Path) -> None:
    told = said_by(made, "clothbound check posts/ 2023.epub")
    assert re.search(r"\d words, .*: nothing is missing", told)


def test_wrong_pages_are_told(made: Path, tmp_path: Path) -> None:
    told = said_by(made, "clothbound check 2023.pdf")
    assert re.search(r"2023\.pdf: \d+ pages, 0 errors", told)
    fault = next(one for one in planted_faults.PLANTED if one.check == "outside the text block")
    (tmp_path / "faulty.pdf").write_bytes(
        planted_faults.set_book(planted_faults.source_of(fault, is_faulty=True))[0]
    )
    done = subprocess.run(
        [sys.executable, "-m", "clothbound", "check", "faulty.pdf"],
        cwd=tmp_path, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "in the margin (outside the text block)" in done.stdout + done.stderr
