"""A book a year as EPUB, and what each of them could not hold as it was."""

import sys
from pathlib import Path

import clothbound

LETTERS = Path(__file__).parent / "letters"
out = Path(sys.argv[1] if len(sys.argv) > 1 else "out")
out.mkdir(parents=True, exist_ok=True)

letters = clothbound.read(LETTERS)
for year in (2021, 2022, 2023):
    book = clothbound.book(
        letters, year=year, title=f"Letters from the Net Loft, {year}", authors=["Marit Sande"]
    )
    report = clothbound.write(book, "epub").save(out / f"{year}.epub")
    words = sum(account.written.words for account in report.accounts.values())
    print(f"{year}.epub: {len(book.posts)} letters, {words} words, {report.dropped} dropped")
    for diagnostic in report.diagnostics:
        if diagnostic.severity is not clothbound.Severity.INFO:
            print(f"  {diagnostic}")
