"""Fields that are read without a parser of YAML are those that the parser would read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clothbound.readers.front_matter import Header, _load_yaml
from clothbound.readers.plain_yaml import read_plain_fields

SIGNS = "ab1.0-_:/ \"'\\#,[]{}&*!|>%@`?~<=tn\t\xa0é—\u2028\x85"


@pytest.mark.parametrize(
    "source",
    [
        "date: 2003-01-06",
        "\ntitle: \"Letter: 1 # one\"\n\ntags: 'a, b'\n",
        "a: 1\nb: 1.10\nc: 0012\nd: 12345678901234567890\ne: 1.5\nf: 1e5",
        "a: true\nb: True\nc: null\nd:\ne:   \nf: no\ng: truer",
        "url: https://a.example/?a=b#c\ntime: 10:20:30  ",
        "title: My post, part 2 (the end)! a-b - c [d] {e} & f * g",
        "title: Ärger 字\nt_x-y: a:b",
    ],
)
def test_plain_fields_are_read(source: str) -> None:
    fields = read_plain_fields(source)
    assert fields is not None
    assert repr(fields) == repr(_load_yaml(source, Header()))


@pytest.mark.parametrize(
    "source",
    [
        "",
        "a: 1\na: 2",
        "a: b: c",
        "a: b #c",
        "a: b:",
        "a: |\n  b",
        "a: [b]",
        "a: *b",
        'a: "\\n"',
        "a: 'it''s'",
        'a: "b" c',
        "a:b",
        "a b: c",
        "a: b\n c",
        "- a",
        "a: -1",
        "a:\tb",
        "a: b\u2028c: d",
        "<<: a",
    ],
)
def test_others_are_left_to_the_parser(source: str) -> None:
    assert read_plain_fields(source) is None


@given(st.lists(st.tuples(st.sampled_from(["a", "b_c", "D-1"]), st.text(SIGNS, max_size=8))))
def test_the_parser_reads_the_same(lines: list[tuple[str, str]]) -> None:
    source = "\n".join(f"{key}: {value}" for key, value in lines)
    fields = read_plain_fields(source)
    if fields is not None:
        header = Header()
        assert repr(fields) == repr(_load_yaml(source, header))
        assert not header.findings
