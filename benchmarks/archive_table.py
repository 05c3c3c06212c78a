"""Counts what each archive holds without clothbound, beside what clothbound reads of it; prints a Markdown table.

    python benchmarks/archive_table.py                      # the fixtures of the tests
    python benchmarks/archive_table.py ../shared/corpus     # real archives

Exits with 1 if less is found than is there, and no reason is given here.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from archives import exports, folders
from archives.comparison import COLUMNS, Archive, Count, compare
from archives.facts import Source

import clothbound
from clothbound.errors import ClothboundError

TESTS = Path(__file__).resolve().parents[1] / "tests"
CASES = TESTS / "cases"
LETTERS = TESTS.parent / "examples" / "letters"


def _folder(*patterns: str, **options: bool) -> Callable[[Path], Source]:
    return partial(folders.folder, patterns=list(patterns), **options)


JEKYLL = _folder("**/_posts/**/*.m*", "**/_posts/**/*.html", "_drafts/*", jekyll=True)
HUGO = _folder("content/**/[!_]*.md", in_bundles=True)
ELEVENTY = _folder(
    "**/blog/**/*.md",
    "**/articles/**/*.md",
    "src/**/notes/*.md",
    "**/posts/**/*.md",
    "**/wip/*.md",
    "**/attic/*.md",
)
PELICAN = _folder("content/*.md", "content/[!p]*/*.md", "content/*.rst", "content/[!p]*/*.rst")
QUARTO = _folder("posts/**/[!_]*.qmd")
ASTRO = _folder("src/**/[!_]*.md", "src/**/[!_]*.mdx")
ZOLA = _folder("content/**/[!_]*.md", in_bundles=True)
OBSIDIAN = _folder("*.md", "folder/*.md", wikilinks=True)
MKDOCS = _folder("docs/**/*.md")
PLAIN = _folder("**/[!_]*.md", "**/[!_]*.qmd", "**/*.markdown", "**/*.html", "**/[!_]*.[Rr]md")


STRANGE = {"sigil": ("posts: pages of parts and the page of notes are no posts",)}
VERSE = "code whole: a preformatted block of Substack is a verse"


def fixtures(work: Path) -> list[Archive]:
    """The archives in ``tests/cases``, and those that are made of them in the folder ``work``."""
    book = work / "letters.epub"
    clothbound.write(clothbound.book(clothbound.read(LETTERS)), "epub").save(book)
    packed = work / "letters.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(LETTERS.rglob("*")):
            if path.is_file():
                archive.write(path, f"letters/{path.relative_to(LETTERS)}")
    sys.path.append(str(TESTS))
    import stranger_books

    strangers = []
    for name in ("sigil", "calibre", "gutenberg", "hebrew", "japanese"):
        path = work / f"{name}.epub"
        path.write_bytes(getattr(stranger_books, name)())
        strangers.append(Archive(f"EPUB as by {name}", path, folders.epub, STRANGE.get(name, ())))
    sites = CASES / "sites"
    notion = work / "notion.zip"
    _pack_parts(CASES / "notion", notion)
    return [
        Archive("WordPress", CASES / "wordpress" / "export.xml", exports.wordpress),
        Archive("Ghost", CASES / "ghost", exports.ghost),
        Archive("Medium", CASES / "medium", exports.medium),
        Archive("Blogger", CASES / "blogger" / "blog-06-01-2024.xml", exports.blogger),
        Archive("Blogger, Takeout", CASES / "blogger" / "Takeout", exports.blogger),
        Archive("beehiiv", CASES / "beehiiv" / "posts.csv", exports.beehiiv),
        Archive("Movable Type", CASES / "movable-type" / "typepad.txt", exports.movable_type),
        Archive("DEV", CASES / "devto" / "export" / "articles.json", exports.dev_to),
        Archive("Tumblr", CASES / "tumblr", exports.tumblr),
        Archive(
            "Micro.blog",
            CASES / "blog-archive" / "weir",
            exports.blog_archive,
            ("pictures: one is on another site, and the archive has one of its name",),
        ),
        Archive("Notion, ZIPs in a ZIP", notion, lambda _: exports.notion(CASES / "notion")),
        Archive("Buttondown", CASES / "buttondown", exports.buttondown),
        Archive("ZIP of Markdown", packed, lambda _: PLAIN(LETTERS), (VERSE,)),
        Archive(
            "own EPUB",
            book,
            lambda _: PLAIN(LETTERS),
            (VERSE, "posts: a book leaves a draft out"),
            renames=True,
        ),
        *strangers,
        Archive("Jekyll", sites / "jekyll", JEKYLL),
        Archive("Hugo", sites / "hugo", HUGO),
        Archive("Eleventy", sites / "eleventy", ELEVENTY),
        Archive("Pelican", sites / "pelican", PELICAN),
        Archive("Quarto", sites / "quarto", QUARTO),
        Archive("Astro", sites / "astro", ASTRO),
        Archive("Zola", sites / "zola", ZOLA),
        Archive("Obsidian", sites / "obsidian", OBSIDIAN),
        Archive("MkDocs", sites / "mkdocs", MKDOCS),
    ]


def _pack_parts(case: Path, target: Path) -> None:
    """Packs each part of an export of Notion, and the parts in another ZIP."""
    with zipfile.ZipFile(target, "w") as outer:
        for part in sorted(case.glob("part-*")):
            made = io.BytesIO()
            with zipfile.ZipFile(made, "w") as inner:
                for path in sorted(part.rglob("*")):
                    if path.is_file():
                        inner.write(path, path.relative_to(part).as_posix())
            number = "01234567-89ab-cdef-0123-456789abcdef"
            outer.writestr(f"ExportBlock-{number}-{part.name.title()}.zip", made.getvalue())


def real(corpus: Path, work: Path) -> list[Archive]:
    """The archives of others in the folder ``corpus``; ``work`` is a folder for what is made of them."""
    other, blogs = corpus / "other", corpus / "blogs"
    made = other / "constructed"
    wordpress = other / "wordpress"
    vault = work / "vault"
    shutil.copytree(
        other / "obsidian" / "obsidian-export" / "tests" / "testdata" / "input" / "main-samples",
        vault,
    )
    (vault / ".obsidian").mkdir()
    return [
        Archive(
            "WordPress, theme test",
            wordpress / "themeunittestdata.wordpress.xml",
            exports.wordpress,
        ),
        Archive("WordPress, sample", wordpress / "mg-wp-xml" / "sample.xml", exports.wordpress),
        Archive(
            "WordPress, co-authors",
            wordpress / "mg-wp-xml" / "co-authors-plus.xml",
            exports.wordpress,
        ),
        Archive(
            "WordPress, alt", wordpress / "mg-wp-xml" / "sample-with-alt.xml", exports.wordpress
        ),
        Archive("WordPress, parts", wordpress / "mg-wp-xml" / "multiple", exports.wordpress),
        Archive(
            "WordPress, importer",
            wordpress / "wordpress-importer" / "e2e" / "fixtures" / "wxr-comprehensive.xml",
            exports.wordpress,
        ),
        Archive("WordPress, statuses", made / "wxr-statuses.xml", exports.wordpress),
        Archive("Squarespace", other / "squarespace" / "sample.xml", exports.wordpress),
        Archive("Ghost 0.3", other / "ghost" / "version-003.json", exports.ghost),
        Archive("Ghost 4", other / "ghost" / "ghost.json", exports.ghost),
        Archive("Ghost, statuses", made / "ghost-5-statuses.json", exports.ghost),
        Archive("Medium, real", other / "medium" / "medium-export.zip", exports.medium),
        Archive("Blogger, real", other / "blogger" / "bloggerexport.xml", exports.blogger),
        Archive("Blogger, statuses", made / "blogger-takeout-feed.atom", exports.blogger),
        Archive("beehiiv, real", other / "beehiiv" / "posts.csv", exports.beehiiv),
        Archive("Buttondown, real", other / "buttondown", exports.buttondown),
        Archive("Jekyll, ruby-lang", other / "jekyll" / "ruby", JEKYLL),
        Archive(
            "Jekyll, posts alone",
            other / "jekyll" / "mg-jekyll-export",
            PLAIN,
            ("posts: a page of HTML among Markdown is named, not read",),
        ),
        Archive("Jekyll, statuses", made / "sites" / "jekyll", JEKYLL),
        Archive(
            "Hugo, its docs",
            other / "hugo" / "hugoDocs",
            HUGO,
            ("code whole: a listing within a line is code in a text",),
        ),
        Archive("Hugo, statuses", made / "sites" / "hugo", HUGO),
        Archive("Hugo, Arabic", blogs / "arabic-hugo", PLAIN),
        Archive(
            "Hugo, digital.gov",
            blogs / "digitalgov-hugo-yaml",
            PLAIN,
            (
                "links inside: one stands in a text that its indent makes a listing",
                "pictures: the tag of one has quotes in quotes, and is text",
            ),
        ),
        Archive("Eleventy, Chrome", other / "eleventy", ELEVENTY),
        Archive("Eleventy, statuses", made / "sites" / "eleventy", ELEVENTY),
        Archive(
            "Pelican, samples",
            other / "pelican" / "samples",
            PELICAN,
            (),
        ),
        Archive("Pelican, statuses", made / "sites" / "pelican", PELICAN),
        Archive("Quarto, Heiss", blogs / "heiss-quarto", PLAIN),
        Archive("Quarto, statuses", made / "sites" / "quarto", QUARTO),
        Archive("Astro, AstroWind", other / "astro" / "astrowind", ASTRO),
        Archive("Zola, test site", other / "zola" / "test_site", ZOLA),
        Archive("Zola, Rust", blogs / "rust-zola-toml", PLAIN),
        Archive("Obsidian, obsidian-export", vault, _folder("**/*.md", wikilinks=True)),
        Archive("Markdown, Data is Plural", blogs / "data-is-plural", PLAIN),
        Archive(
            "MultiMarkdown",
            other / "multimarkdown" / "tests" / "MMD6Tests" / "Metadata.text",
            PLAIN,
            ("title: a line of its header has no colon, so that it is text",),
        ),
        Archive(
            "pandoc's title block", other / "pandoc-title-block" / "test" / "testsuite.txt", PLAIN
        ),
        Archive("title block, made", made / "pandoc-title-block.md", PLAIN),
    ]


def shortfalls(archive: Archive, counts: dict[str, Count]) -> list[str]:
    """What an archive lacks and ``expected`` does not name."""
    named = {line.partition(":")[0] for line in archive.expected}
    return [
        f"{archive.name}, {column}: {found.found} of {found.there}: {'; '.join(found.missing)}"
        for column, found in counts.items()
        if found.missing and column not in named
    ]


def main(arguments: list[str]) -> int:
    short = []
    print(f"| source | {' | '.join(COLUMNS)} |\n|:--|{'--:|' * len(COLUMNS)}")
    with tempfile.TemporaryDirectory() as work:
        archives = real(Path(arguments[0]), Path(work)) if arguments else fixtures(Path(work))
        for archive in archives:
            if len(arguments) > 1 and arguments[1] not in archive.name:
                continue
            try:
                counts = compare(archive)
            except ClothboundError as error:
                print(f"| {archive.name} | {error} |")
                short += [] if archive.expected else [f"{archive.name}: {error}"]
                continue
            cells = [f"{c.found}/{c.there}" if c.there else "-" for c in counts.values()]
            print(f"| {archive.name} | {' | '.join(cells)} |", flush=True)
            short += shortfalls(archive, counts)
    for line in short:
        print(line, file=sys.stderr)
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
