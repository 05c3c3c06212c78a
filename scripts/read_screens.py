"""Looks at web pages, sites and EPUBs on screens of several sizes, in light and dark, as the proof-reader does at PDFs.

    .venv/bin/python scripts/read_screens.py book.epub site/ page.html --pictures faults/

Needs Chromium. Prints each finding with its page, screen and element; ends with 1 if one of them is an error.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from clothbound.proof import FindingKind
from devtools import running
from screen_reading import pages_of, read_pages, save_findings


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("products", nargs="+", type=Path)
    parser.add_argument("--pictures", type=Path, help="a folder for cut-outs and findings.json")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages = [
            page
            for number, product in enumerate(given.products)
            for page in pages_of(product.resolve(), folder / str(number))
        ]
        with running(folder / "profile") as browser:
            found = read_pages(browser, pages, cut_outs=given.pictures is not None)
    for one in found:
        print(
            f"{one.kind.value}: {one.page}, {one.look}: {one.message} ({one.check}) [{one.element}]"
        )
    errors = sum(one.kind is FindingKind.ERROR for one in found)
    print(f"{len(pages)} pages, {errors} errors, {len(found) - errors} advice")
    if given.pictures:
        save_findings(found, given.pictures)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
