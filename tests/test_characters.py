"""Tests that control characters and noncharacters get into no tree and no product."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import clothbound
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.characters import (
    _FIRST_BYTES,
    NO_TEXT,
    repair_text,
    text_alone,
    without_references,
)
from clothbound.model.post import Metadata, Post
from clothbound.model.walk import walk
from clothbound.readers.html_post import decode_html
from clothbound.readers.text_files import decode

SOURCES = Path(clothbound.__file__).parent
NUMBERS = (1, 8, 11, 12, 14, 31, 127, 0xFDD0, 0xFDEF, 0xFEFF, 0xFFFE, 0xFFFF)
REFERENCES = "".join(f"w&#{n};&#x{n:x};w " for n in NUMBERS)
DOCUMENTS = {
    "markdown": f'# {REFERENCES}\n\n[l](/x "t{REFERENCES}") ![a{REFERENCES}](p.png)\n\n``` a&#12;b\n```\n',
    "html in markdown": f'<p title="{REFERENCES}">{REFERENCES}</p>\n\na <b title="{REFERENCES}">x</b>',
    "front matter": '---\ntitle: "a\\x01\\uFDD0b"\ntags: ["\\x02c"]\n---\nx',
    "html": f"<!doctype html><title>{REFERENCES}</title><article><h1>{REFERENCES}</h1><p>{REFERENCES}</p>"
    f'<p><a href="/x" title="{REFERENCES}">y</a></p></article>',
    "feed": '<rss version="2.0"><channel><title>t</title><item><title>a</title><description>'
    f"<![CDATA[<p>{REFERENCES}</p>]]></description></item></channel></rss>",
}


@pytest.mark.parametrize("source", DOCUMENTS.values(), ids=DOCUMENTS)
def test_no_reference_brings_one_into_a_tree(source: str) -> None:
    post = clothbound.read(source.encode())[0]
    texts = [repr(node) for node in walk(post)] + [post.metadata.title, *post.metadata.tags]
    held = re.compile(f"[{NO_TEXT}]")
    written = re.compile(r"\\x(?:0[1-8bce-f]|1[0-9a-f]|7f)|\\u(?:fd[de][0-9a-f]|feff|fff[ef])")
    assert [text for text in texts if held.search(text) or written.search(text)] == []


@pytest.mark.parametrize("read", [decode, decode_html])
@given(text=st.text(st.sampled_from("aé\r\n\x01\x7f\ud7ff\ufdd0\ufeff\uffff😀")))
def test_a_text_is_repaired_alike_in_every_encoding(
    read: Callable[[bytes], tuple[str, str]], text: str
) -> None:
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for encoding in ("utf-8-sig", "utf-16"):
        assert read(lines.encode(encoding)) == repair_text(lines)
    assert read(text.encode()) == repair_text(lines)


def test_words_are_parted_where_a_page_ends() -> None:
    assert repair_text("one\x0ctwo\x01") == ("one two", "2 control characters were removed")
    assert without_references("&#12;a&#xB;&#1;&#65;&#0;&#99999999;") == " a &#65;&#0;&#99999999;"
    assert text_alone("plain") == "plain"


def test_a_tree_made_by_hand_is_written_without_them() -> None:
    post = Post(Metadata(key="k", title="T\x01"), (b.Paragraph((i.Text("a\x0b\x7fb\ufdd0"),)),))
    assert "<p>a b</p>" in clothbound.to_html(post)


def test_the_set_stands_in_one_place() -> None:
    found = set()
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else ""
            if isinstance(text, str) and re.search(r"\x08\x0b|\\x08\\x0b", text):
                found.add(path.relative_to(SOURCES).as_posix())
    assert found == {"model/characters.py"}


def test_the_first_look_for_them_misses_none() -> None:
    held = re.findall(f"[{NO_TEXT}]", "".join(map(chr, range(sys.maxunicode + 1))))
    assert len(held) > 2000
    assert all(one.encode("utf-8", "surrogatepass")[0] in _FIRST_BYTES for one in held)
