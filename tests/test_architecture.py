"""Tests that docs/architecture.md names the place of each rule, and that no other module has a
copy.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import msgspec
import pytest

import clothbound
from clothbound.anthology.order import Order
from clothbound.anthology.select import Select
from clothbound.fields import settings
from clothbound.language.words import wordings
from clothbound.model.book_info import BookInfo

PACKAGE = Path(clothbound.__file__).parent
TESTS = Path(__file__).parent
SOURCES = {
    path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted(PACKAGE.rglob("*.py"))
}


PAGE = (TESTS.parent / "docs" / "architecture.md").read_text(encoding="utf-8")


def rows() -> list[list[str]]:
    section = PAGE.split("## Where each rule stands\n", 1)[1].split("\n\nThe last column", 1)[0]
    lines = [line for line in section.split("\n") if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def test_the_table_names_what_there_is() -> None:
    assert len(rows()) > 10
    for fact, places, _, tests in rows():
        named = re.findall(r"`([\w/]+):(\w+)`", places)
        assert named, fact
        for module, name in named:
            assert hasattr(import_module(f"clothbound.{module.replace('/', '.')}"), name), fact
        found = re.findall(r"`(\w+)::(\w+)`", tests)
        assert found, fact
        for file, name in found:
            assert f"\ndef {name}(" in (TESTS / f"{file}.py").read_text(encoding="utf-8"), name


def test_every_name_of_a_module_on_the_page_is_there() -> None:
    found = re.findall(r"`([a-z_]+(?:/\w+)*):(\w+)`", PAGE)
    assert len(found) > 60
    for module, name in found:
        path = module if (PACKAGE / module).is_dir() or f"{module}.py" in SOURCES else ""
        if not path:
            assert f"writers/pdf/{module}.py" in SOURCES, module
            path = f"writers/pdf/{module}"
        assert hasattr(import_module(f"clothbound.{path.replace('/', '.')}"), name), (module, name)


def test_the_table_of_layers_is_that_of_import_linter() -> None:
    table = PAGE.split("| layer, from the bottom |", 1)[1].split("\n\n", 1)[0]
    lines = [line for line in table.split("\n") if line.startswith("| `")]
    written = [set(re.findall(r"`(\w+)/?`", line.split("|")[1])) for line in lines]
    settings = tomllib.loads((TESTS.parent / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    held = [set(re.findall(r"clothbound\.(\w+)", layer)) for layer in reversed(layers)]
    assert written == held
    modules = {path.split("/")[0].removesuffix(".py") for path in SOURCES}
    assert set.union(*held) == {name for name in modules if not name.startswith("__")}


def test_verify_is_forbidden_whatever_it_does_not_need() -> None:
    settings = tomllib.loads((TESTS.parent / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (forbidden,) = (c["forbidden_modules"] for c in contracts if c["type"] == "forbidden")
    modules = {path.split("/")[0].removesuffix(".py") for path in SOURCES}
    needed = {"errors", "diagnostics", "lazy_pattern", "verify"}
    assert {name.removeprefix("clothbound.") for name in forbidden} == {
        name for name in modules - needed if not name.startswith("__")
    }


def test_the_table_of_changes_names_what_there_is() -> None:
    root = TESTS.parent
    section = PAGE.split("## Eight changes", 1)[1].split("\n## ", 1)[0]
    paths = re.findall(r"`([\w/-]+\.(?:py|md))", section)
    assert len(paths) > 15
    for path in paths:
        assert (PACKAGE / path).is_file() or (root / path).is_file(), path
    for name in re.findall(r"`(test_\w+)`", section):
        assert (TESTS / f"{name}.py").is_file(), name


@pytest.mark.parametrize(
    ("written", "where"),
    [
        # What a source is; beside it, the format of a target and the settings of a site
        (
            r"""["']\.(toml|epub)["']""",
            {
                "source.py",
                "formats.py",
                "writers/epub/package.py",
                "readers/sites/settings_files.py",
            },
        ),
        (r"""Path\(exists=True\)""", set()),
        # Which language a text is in
        (r"\bSTOP_WORDS\b", {"language/detect.py", "language/stop_words.py"}),
        (r"\bindex\.language\b|\bdetect_language\(", {"language/detect.py"}),
        # The extensions of posts' files
        (r"\.(mdown|qmd)\b", {"model/slugs.py"}),
        # The number in an id of Substack's
        (r"\b_ID_NUMBER = |\(\?:\\\.\|(\\Z|\$)\)", {"model/slugs.py"}),
        # Which encodings a posts.csv may have
        (r"\bkoi8-r\b", {"substack/csv_encoding.py"}),
        # What Python calls an encoding of the Web
        (r"\bcp(932|874|1252)\b", {"model/characters.py"}),
        # How a CSV file is split into records (Python's own reader takes no long field), and written
        (r"\(\?:\[\^\"\]\+\+\||\bcsv\.(reader|DictReader)\b", {"substack/csv_records.py"}),
        (r"\bimport csv\b|\bfrom csv import\b", {"substack/posts_csv.py"}),
        # Where YAML is loaded
        (r"get_single_data", {"readers/front_matter.py"}),
        # The moment of a run
        (
            r"""["']SOURCE_DATE_EPOCH["']|\b(now|today|utcnow)\(|\btime\.(time|localtime|gmtime)\("""
            r"""|\bfrom time import""",
            {"moment.py"},
        ),
        # How many columns an attribute of HTML claims: they ask ``cell_span``
        (
            r"""get\(["']colspan["']""",
            {
                "html/read/list_table_builders.py",
                "preflight/documents.py",
                "writers/pdf/tables.py",
            },
        ),
        # Which files posts name: looked at ahead for converting, and copied by ``import``
        (
            r"\bresources\.open\(",
            {
                "post_pictures.py",
                "html/write/shown_pictures.py",
                "manuscript/local_pictures.py",
                "questions.py",
                "proof/turned_pictures.py",
            },
        ),
        # Where a picture may be had; the fetcher knows no platform
        (r"\bAddressRules\(\n", {"substack/picture_addresses.py"}),
        (r"\bAddress\.of\(", {"media/resources.py"}),
        # Which elements marks of text are, and which have no end
        (
            r"Superscript: .sup\W|.sup.: i\.Superscript|.mark.: .highlight|\bmeta param source\b",
            {"web/html_elements.py"},
        ),
        # Which elements of HTML are blocks; beside it, which ones a sanitised page may hold
        (
            r"\b(dt figcaption|figcaption legend) |\bfigcaption\s+figure\s+footer\b|\bblockquote (caption|dd|section)\b|\btbody\s+td\b",
            {"html/write/sanitize.py", "web/html_elements.py"},
        ),
        # How long a unit of CSS is
        (r"96 / (2\.54|25\.4|72)|72 / (2\.54|25\.4|96)|\b4 / 3\b", {"web/css_lengths.py"}),
        # Which operators have limits
        (
            r"""\b(min["']?,? ["']?sup|sup["']?,? ["']?inf)\b|∑["']?,? ?["']?∏""",
            {"math/operators.py"},
        ),
        # How large a printed page is
        (r"\(8\.5, 11\b|\(5\.25, 8\b|\b595\.28\b|\b5\.827\b", {"page_sizes.py"}),
        (r"""["']5\.25x8["'], ["']""", {"page_sizes.py"}),
        # What a backslash escapes
        (r"!-/:-@", {"model/characters.py"}),
        # How severe a finding of a reader is
        (
            r"\bis DiagnosticCode\.FOOTNOTE_UNUSED\b|\btuple\[DiagnosticCode, str, int\]",
            {"diagnostics.py"},
        ),
        # Which size a cover has at best
        (r"\b2560\b", {"destinations.py"}),
        # Which addresses hold the bytes of their file
        (r"""(==|startswith\()\s*["']data:""", {"web/addresses.py"}),
        # How an entry of a ZIP archive is the same at any time and on any machine
        (r"\bZipInfo\(|\bexternal_attr =", {"artifact.py"}),
        # The fonts that clothbound brings along
        (r"""["']fontpkg_""", {"media/own_fonts.py"}),
        # What an extension says of a picture or a recording
        (r"""["'](png|mp3)["']: ["'](image|audio)/""", {"media/sniffing.py"}),
        # Whether a date has a time of day
        (r'"minute", "second"|"year", "month", "day"\)', {"model/post.py"}),
        # How a PDF is opened by pdfium, for one thread at a time
        (r"\bPdfDocument\(", {"opened_pdf.py"}),
        # What print changes in a chapter
        (
            r"\bbreak_long_words\(",
            {
                "writers/pdf/book_html.py",
                "writers/pdf/chapter_tree.py",
                "writers/pdf/chapters.py",
            },
        ),
        # What a book has around its posts
        (r"\.(many_posts|one_post|undated|paid|set_by)\b|\bedited_by\.format", {"matter.py"}),
        (r"\btitle_and_years\(", {"matter.py", "model/years.py"}),
        (r"""["']dedication["'], ["']epigraph["']\}""", {"matter.py"}),
        # Where a cover comes from: nobody else reads one, and no product is unpacked for it
        (r"(the cover|name)\}? cannot be used", {"covers/cover_picture.py"}),
        (r"\bdraw_cover\(", {"covers/drawing.py", "covers/cover_picture.py"}),
        (r"/images/cover\.|\bcover\)?\.read_bytes", set()),
        # Names and paths as they are compared
        (r"def \w*fold_name\(", {"model/post_names.py"}),
        # Where a title on a cover breaks, and how large it is
        (r"def \w*(split_title|break_evenly|break_greedily)\(", {"covers/title_fit.py"}),
        # Our own style sheets, scripts and drawings
        (r"clothbound\.themes|themes/\{", {"style_sheets.py"}),
        # A style sheet of the user's
        (r"\"the style sheet.* cannot be read|\bcss\.read_text", {"style_sheets.py"}),
        # What a post may cost
        (r"\blimits\.(links|containers|nodes)\b", {"model/bounds.py"}),
        (r"\bwithin_bounds\(", {"model/bounds.py", "api.py", "transforms/filters.py"}),
        # Which nodes are inlines, and what is left of blocks where only inlines may stand
        (r"__module__ ==|\bget_args\((i\.)?Inline\b", {"model/inlines.py"}),
        (r"\bget_args\((b\.)?Block\b", {"model/blocks.py"}),
        (r"def \w*(inlines_of|flatten_blocks)\(", {"model/flatten.py"}),
        # Which services pages embed; beside them the markup and the icons of Substack's own cards
        (
            r"youtu\.?be\.|youtu\.be|vimeo\.com|spotify\.com|soundcloud\.com|tiktok\.com|bsky\.app/"
            r"""|["'](YouTube|Vimeo|Spotify|SoundCloud|TikTok|Instagram|Twitter|Bluesky)["']""",
            {"web/providers.py"},
        ),
        (r"instagram\.com|\btwitter\.com", {"web/providers.py", "substack/tweets.py"}),
        # Components of Substack by their classes: a row, and what importers make of them
        (
            r"youtube-wrap|spotify-wrap|vimeo-wrap|datawrapper-wrap|\b(youtube|spotify|twitter)2\b.*:",
            {"substack/embeds.py", "writers/substack/importers.py"},
        ),
        # Which fields of nodes hold addresses, and those of pictures
        (r'"src", "poster", "thumbnail"', {"readers/relative_addresses.py"}),
        # Which picture an attribute "style" shows; beside it, what a drawing refers to
        (r'lazy_pattern\(r"url\\\(', {"media/svg/cycles.py", "media/svg/styles.py"}),
        # The name at the beginning of a requirement
        (r're\.split\(r"\[\^\\w\.-\]"', {"installer.py"}),
        # Which files generators of sites leave out by their names
        (r'"a name that begins with _"', {"readers/sites/generator.py"}),
        # Where a relative address leads, and what of an address is its path
        (r"\burljoin\(", {"web/addresses.py"}),
        (r"\bunquote\(urlsplit\(", {"model/post_names.py"}),
        # Which addresses lead to the web, and where the path of one ends
        (
            r"""startswith\(\(["']https?:(//)?["'], ["']https?:(//)?["']\)\)""",
            {"model/addresses.py"},
        ),
        (
            r"""(split|partition)\("[?#]"(, 1)?\)\[0\]\.(split|partition)\("[?#]\"""",
            {"model/addresses.py"},
        ),
        # Which address is relative; beside it, addresses of sources and of stores, which have two slashes
        (
            r"\[A-Za-z0-9\+\.-\]\*\)?:(?!//)|\bdef \w*(has|is)_(scheme|relative)\(",
            {"model/addresses.py"},
        ),
        # Which language a tag names
        (
            r"""\b(language|tag|expected)(\.lower\(\))?\.(split|partition)\("-"(, maxsplit=1)?\)\[0\]""",
            {"model/language_tags.py"},
        ),
        # By what titles and words are compared
        (r"""sub\("", .*\.casefold\(\)""", {"model/plain_text.py", "readers/feed_text.py"}),
        # Which words begin with an apostrophe
        (r"\btwas\b", {"language/quotes.py"}),
        # The attributes of a tag, and the files of an archive by their names and first bytes
        (r"\[\^\\s\\?\"'=<>`\]\+\)\)\)\?", {"web/html_elements.py"}),
        (r"\.names if .*begins_as\(", {"readers/file_beginnings.py"}),
        # Whether a picture moves
        (r"\bis_animated\"", {"media/animation.py"}),
        # Where a file lies within the folder of a site's posts
        (r"relative_to\((\w+)\) if .*is_relative_to\(\1\) else", {"readers/sites/site_paths.py"}),
        # What ends a summary
        (r"READMORE(?!``)", {"web/summary_end.py"}),
        # Whether an element was removed from a page
        (r"\.decomposed\b", set()),
        # Which part of a line is code
        (r"\(`\+\)\(\?!`\)(\[\^`|\.\*)", set()),
        ("__MACOSX", {"media/zip_parts.py"}),
        # Which bytes begin a ZIP; beside it, records within one, and the first file of an export and of an EPUB
        (
            r"""b["']PK""",
            {
                "media/sniffing.py",
                "media/zip_parts.py",
                "readers/epub/__init__.py",
                "readers/substack.py",
            },
        ),
        # How a host is compared
        (r"""removeprefix\(["']www\.["']\)""", {"model/links.py", "web/addresses.py"}),
        # Options that several ask for: what sets a PDF, where the addresses of links stand on paper
        (
            r'"weasyprint", "typst"|\bLiteral\["footnotes", "endnotes"',
            {"writers/pdf/__init__.py", "writers/pdf/engine_choice.py"},
        ),
        # Substack's audiences; beside them, those that Ghost's importer knows
        (
            r'(?:PAYERS|"only_paid"), "only_free"',
            {"model/publication.py", "writers/substack/importers.py"},
        ),
        # Elements of code and headings, directions of text
        (
            r'"kbd", "samp", "tt"|"h1", "h2", "h3", "h4"|\babbr b bdi\b',
            {"web/html_elements.py"},
        ),
        (r'"rtl", "auto"', {"language/direction.py"}),
        # Sizes in messages, sizes in attributes, and whether a picture may be transparent
        (r"/ 1e6:\.1f", {"console_text.py"}),
        # The first of many names; beside it, words of a sentence, and names that have commas
        (
            r"""" \.\.\." if len|f" and \{more""",
            {"console_text.py", "manuscript/import_run.py", "readers/epub/book_metadata.py"},
        ),
        (r"\{1,5\}\)\(\?:px\)\?\"", {"web/css_lengths.py"}),
        (r'"LA", "PA"', {"media/colour.py"}),
        # How the address of a post within a book is written; beside it, the files of a printed book
        (
            r"""["'f]clothbound:(["'{]|KEY)|\[:?11\]""",
            {"model/book_links.py", "writers/pdf/typst/merge_pdfs.py"},
        ),
        # What an EPUB of our own calls its fields, pages and classes
        (r"dcterms\.(abstract|accessRights)|clothbound[.:](id|slug|cover)\b", {"epub_names.py"}),
        (r"(title|imprint|colophon)_page\.xhtml|[\"']pictured[\"']", {"epub_names.py"}),
        # Links within links
        (r"\bsplit_nested_links\(", {"model/split_links.py", "model/check.py"}),
        (r"\bis_link\b", {"model/split_links.py"}),
        (r"\.accepts\(", {"format_detection.py", "testing.py"}),
        (r"\bentry_points\(", {"plugin_code.py"}),
    ],
)
def test_a_fact_stands_in_one_place(written: str, where: set[str]) -> None:
    # The independent count of verify/ knows by itself what it judges others by.
    judged = {name: text for name, text in SOURCES.items() if not name.startswith("verify/")}
    assert {name for name, text in judged.items() if re.search(written, text)} == where


def test_a_field_that_a_person_sets_is_declared_once() -> None:
    """No other module contains the option as a string, since options, keys and docs are made from
    the field.
    """
    declared = {
        "anthology/select.py": Select,
        "anthology/order.py": Order,
        "model/book_info.py": BookInfo,
    }
    others = {"--drafts": "anthology/publishing.py"}  # names in messages what takes drafts
    for file, kind in declared.items():
        for flag in (setting.flag for setting in settings(kind) if setting.flag):
            quoted = re.compile(rf"""["']{flag}["']""")
            found = {name for name, text in SOURCES.items() if quoted.search(text)}
            assert found - {"fields.py", others.get(flag, "")} == {file}
    names = re.compile(r"\bseries_position\b")
    assert {name for name, text in SOURCES.items() if names.search(text)} == {
        "fields.py",  # an example
        "model/book_info.py",
        "readers/json.py",  # as older documents have it
    }


NAMESAKES = {
    "__init__.py": {"Post"},  # names of classes
    "model/__init__.py": {"Code", "Index", "Post", "Publication"},  # names of classes
    "pandoc/vocabulary.py": {"Post"},  # the class of a post in pandoc's tree
    "kdp/sheet.py": {"Cover", "Pages"},  # rows of the sheet for the author
    "proof/printed_pages.py": {"Code", "Note"},  # tags of PDF
    "writers/pdf/pdf_finish.py": {"Contents"},  # a key of PDF
    "writers/substack/paste.py": {"Tags"},  # the page for the author
}
"""What is no word of a book, though it is written like one."""


def test_no_other_module_has_words_that_a_book_says_itself() -> None:
    words = {word for wording in wordings() for word in texts_of(msgspec.to_builtins(wording))}
    words = {word for word in words if word[:1].isupper() and len(word) > 2}
    found: dict[str, set[str]] = {}
    for name, text in SOURCES.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Constant) and node.value in words:
                found.setdefault(name, set()).add(node.value)
    own = {name for name in found if name.startswith("language/wordings/")}
    assert set().union(*(found.pop(name) for name in own)) == words
    assert found == NAMESAKES


def texts_of(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list, tuple)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts_of(one)


def test_no_other_module_removes_files() -> None:
    """The old pages of a product, what a run leaves when it is killed, and what ``import`` and the
    cache of pictures made for themselves.
    """
    removing = re.compile(
        r"\.unlink\((missing_ok=True)?\)|\brmtree\(|\.rmdir\(|\bos\.(remove|unlink)\("
    )
    found = {name for name, text in SOURCES.items() if removing.search(text)}
    assert found == {
        "product_files.py",
        "staging.py",
        "manuscript/folder.py",
        "run_cache.py",
    }


def test_no_test_module_imports_another() -> None:
    """Helpers of several test modules are in a module named for them."""
    found = {
        f"{path.stem} imports {module}"
        for path in sorted(TESTS.glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for module in imported(node)
        if module.startswith("test_")
    }
    assert found == set()


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def test_no_two_classes_have_one_name() -> None:
    """A name says one thing. Names that begin with an underscore are known in their module alone."""
    places: dict[str, list[str]] = {}
    for name, text in SOURCES.items():
        if name == "pandoc/ast.py":  # Its constructors have pandoc's names.
            continue
        for node in ast.parse(text).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(name)
    assert len(places) > 300
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_losses_of_the_same_kind_have_the_same_words() -> None:
    from clothbound.model import losses

    said = [text for name, text in vars(losses).items() if name.isupper()]
    said.append(losses.written_for_all(["x"]).rpartition("x")[2])
    assert len(said) == 7
    files = [(path.name, path.read_text("utf-8")) for path in PACKAGE.rglob("*.py")]
    for text in said:
        assert [name for name, code in files if f'{text}"' in code] == ["losses.py"], text
