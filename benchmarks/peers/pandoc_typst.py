"""Posts to PDF by pandoc and Typst's wheel: pandoc's writer, and one compilation."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pypandoc
import typst

posts, out = map(Path, sys.argv[1:3])
reader = Path(__file__).parent / "anthology.lua"
with tempfile.TemporaryDirectory() as name:
    source = Path(name, "book.typ")
    subprocess.run(
        [
            pypandoc.get_pandoc_path(), "-f", reader, "-s", "--toc", "-t", "typst",
            "-o", source, *sorted(posts.glob("*.md")),
        ],
        check=True,
    )  # fmt: skip
    # Pictures are named by their paths.
    typst.compile(source, output=out, root="/")
