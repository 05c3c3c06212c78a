"""The reader against CommonMark's and GFM's own examples, compared as trees of html5lib."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from clothbound.readers.markdown.text_nodes import parse_markdown
from plain_html import render, tree

pytestmark = pytest.mark.corpus

KNOWN = {
    148: "raw HTML opens a <pre> that a paragraph goes on in: a line ending there is a space to us",
}

GFM_OTHERWISE = {
    "spec.txt 204": "cells over the number of the head's are dropped; we keep their words",
    "extensions.txt 8": "cells over the number of the head's are dropped; we keep their words",
    "spec.txt 653": "the tag filter: we sanitise when writing",
    "extensions.txt 22": "the tag filter: we sanitise when writing",
    "extensions.txt 20": "the example has no expected output",
    "extensions.txt 23": "notes are no part of the tree but of the post; see cases/markdown/notes",
}


def matches(source: str, html: str, dialect: str) -> bool:
    body, _, _ = parse_markdown(source, dialect)  # type: ignore[arg-type]
    return bool(tree(render(body)) == tree(html))


def test_commonmark(shared: Path) -> None:
    cases = json.loads((shared / "corpus/specs/commonmark/spec.json").read_text("utf-8"))
    missed = [c["example"] for c in cases if not matches(c["markdown"], c["html"], "commonmark")]
    assert len(cases) == 655
    assert missed == list(KNOWN)


def test_gfm_extensions(shared: Path) -> None:
    pattern = re.compile(r"^`{32} example([^\n]*)\n(.*?)^\.\n(.*?)^`{32}$", re.M | re.S)
    missed = []
    count = 0
    for name in ("spec.txt", "extensions.txt"):
        text = (shared / "corpus/specs/gfm/test" / name).read_text("utf-8")
        for number, found in enumerate(pattern.finditer(text), 1):
            extension, source, html = (part.replace("→", "\t") for part in found.groups())
            label = f"{name} {number}"
            if name == "spec.txt" and not extension.strip():
                continue
            count += 1
            if label == "extensions.txt 23" or not matches(source, html, "gfm"):
                missed.append(label)
    assert count > 45
    assert sorted(missed) == sorted(GFM_OTHERWISE)
