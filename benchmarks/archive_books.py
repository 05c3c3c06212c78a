"""Makes a book, a site, Markdown and PDFs of each real archive, and counts what they lack; prints a Markdown table.

    python benchmarks/archive_books.py ../shared/corpus [NAME]

NAME is a part of an archive's name. Larger archives than the table can wait for are left out, unless they are named. Exits
with 1 if epubcheck has a message, or a product lacks something that its report does not name.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from archive_table import TESTS, real

import clothbound
from clothbound.diagnostics import LossReport, Severity, everything_told
from clothbound.errors import ClothboundError
from clothbound.verify import Comparison, compare_contents, read_product, read_sources
from clothbound.writers.pdf import Pdf

sys.path.append(str(TESTS))
from epub_checker import epubcheck

PRODUCTS: dict[str, tuple[str, str | Pdf]] = {
    "EPUB": ("book.epub", "epub"),
    "site": ("site/", "site"),
    "Markdown": ("texts/", "markdown"),
    "Typst": ("typst.pdf", Pdf(engine="typst")),
    "WeasyPrint": ("weasyprint.pdf", Pdf(engine="weasyprint")),
}
LARGE = ("digital.gov", "Rust", "Data is Plural")
"""Parts of the names of archives whose PDFs take minutes."""


class Product(NamedTuple):
    """A finished product: its path, the report of its making, and what it lacks."""

    path: Path
    report: LossReport
    comparison: Comparison

    @property
    def lacking(self) -> int:
        """The number of places where it lacks something; what is in doubt does not count."""
        return sum(one.severity is Severity.ERROR for one in self.comparison.missing)


def make(archive: Path, name: str, work: Path) -> Product:
    """Makes a product of the posts that a book holds without being asked, and compares those that it is to have.

    Raises:
        ClothboundError: The archive holds no such post.

    """
    file, options = PRODUCTS[name]
    book = clothbound.book(clothbound.read(archive))
    report = clothbound.write(book, options).save(f"{work}/{file}")
    expected = {account.source for account in report.accounts.values()}
    comparison = compare_contents(
        read_sources(archive, expected),
        read_product(work / file),
        lambda _: everything_told(report),
        expected,
    )
    return Product(work / file, report, comparison)


def real_archives(corpus: Path, work: Path) -> Iterator[tuple[str, Path]]:
    """Yields the name and the path of each real archive; ``work`` is a folder for what is made of them."""
    yield from ((archive.name, archive.path) for archive in real(corpus, work))
    yield "Substack", corpus / "substack-export" / "inturious"


def row(name: str, path: Path, work: Path) -> tuple[list[str], list[str]]:
    """Returns the cells of an archive, and a line for each message of epubcheck and each thing that is missing."""
    made = {product: make(path, product, work) for product in PRODUCTS}
    epub = made["EPUB"]
    counted = epub.comparison.counted
    messages = epubcheck(epub.path)
    missing = [
        f"{name}, {kind}: {one}"
        for kind, product in made.items()
        for one in product.comparison.missing
    ]
    cells = [
        name,
        str(len(epub.comparison.present)),
        f"{counted.words:,}",
        str(counted.pictures),
        str(sum(account.written.pictures for account in epub.report.accounts.values())),
        str(epub.comparison.explained),
        str(len(messages)),
        *(str(product.lacking) for product in made.values()),
    ]
    return cells, [f"{name}, epubcheck: {message}" for message in messages] + missing


def main(arguments: Sequence[str]) -> int:
    """Prints the table, and below it what is wrong."""
    corpus, *parts = arguments
    columns = ["archive", "posts", "words", "pictures", "there", "named as left out", "epubcheck"]
    print(f"| {' | '.join([*columns, *PRODUCTS])} |")
    print(f"|:--|{'--:|' * (len(columns) + len(PRODUCTS) - 1)}")
    wrong = []
    with tempfile.TemporaryDirectory() as work:
        for number, (name, path) in enumerate(real_archives(Path(corpus), Path(work))):
            is_wanted = parts[0] in name if parts else not any(part in name for part in LARGE)
            if not is_wanted:
                continue
            folder = Path(work) / str(number)
            folder.mkdir()
            try:
                cells, lines = row(name, path, folder)
            except ClothboundError as error:
                cells, lines = [name, str(error)], [f"{name}: {error}"]
            print(f"| {' | '.join(cells)} |", flush=True)
            wrong += lines
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
