"""Compares printed books before and after a change: pixels and words of each page, and the reports.

    python scripts/same_pages.py record FOLDER SOURCE...   (with the Python of either checkout)
    python scripts/same_pages.py compare BEFORE AFTER

``record`` sets each SOURCE by both engines and writes PDF and report to FOLDER. ``compare`` names the
pages that differ, and ends with 1 if there are any. Any two folders of PDFs can be compared.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pymupdf

import clothbound
from clothbound.errors import ClothboundError
from clothbound.writers.pdf import Pdf


def record(folder: Path, sources: list[Path]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for source in sources:
        for engine in ("weasyprint", "typst"):
            target = folder / f"{source.stem}.{engine}.pdf"
            book = clothbound.book(clothbound.read(source), title=source.stem)
            try:
                report = clothbound.write(book, Pdf(engine=engine)).save(target)
            except ClothboundError as error:
                print(f"{target.name}: {error}", file=sys.stderr)
                continue
            told = [[str(d.code), d.source, d.line, d.message] for d in report.diagnostics]
            target.with_suffix(".json").write_text(json.dumps(told, indent=0, ensure_ascii=False))


def compare(before: Path, after: Path) -> Iterator[str]:
    names = sorted({path.name for folder in (before, after) for path in folder.glob("*.pdf")})
    for name in names:
        old, new = before / name, after / name
        if not (old.exists() and new.exists()):
            yield f"{name}: only in {before if old.exists() else after}"
            continue
        first, second = pages(old), pages(new)
        if len(first) != len(second):
            yield f"{name}: {len(first)} pages before, {len(second)} after"
        for number, (one, other) in enumerate(zip(first, second, strict=False), 1):
            if one != other:
                yield f"{name}: page {number} differs in {'words' if one[1] != other[1] else 'pixels'}"
        reports = [path.with_suffix(".json") for path in (old, new)]
        lines = [
            set(path.read_text().split("\n],")) if path.exists() else set() for path in reports
        ]
        for sign, only in (("-", lines[0] - lines[1]), ("+", lines[1] - lines[0])):
            yield from (f"{name}: report {sign} {' '.join(line.split())}" for line in sorted(only))


def pages(path: Path) -> list[tuple[str, str]]:
    """The digest of the pixels and the words of each page."""
    with pymupdf.open(path) as document:
        return [
            (hashlib.sha256(page.get_pixmap(dpi=72).samples).hexdigest(), page.get_text())
            for page in document
        ]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("action", choices=("record", "compare"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("others", type=Path, nargs="+")
    arguments = parser.parse_args()
    if arguments.action == "record":
        record(arguments.folder, arguments.others)
        return 0
    found = list(compare(arguments.folder, arguments.others[0]))
    print("\n".join(found) or "the same pages, words and reports")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
