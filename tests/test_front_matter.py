"""Headers: what is found, what is kept as text, what is repaired, what is refused."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import clothbound
from clothbound.diagnostics import DiagnosticCode
from clothbound.limits import Limits
from clothbound.model.post import Metadata, Timestamp
from clothbound.readers.front_matter import Header, read_header
from clothbound.readers.post_metadata import read_metadata, report_invalid
from clothbound.readers.timestamps import read_timestamp


def header(text: str, **limits: int) -> Header:
    return read_header(textwrap.dedent(text), Limits(**limits))


def fields(text: str) -> dict[str, Any]:
    return header(f"---\n{textwrap.dedent(text)}\n---\nbody\n").fields


def metadata(text: str) -> Metadata:
    found = header(f"---\n{textwrap.dedent(text)}\n---\n")
    return read_metadata(found, "posts/2023-01-02-a-file.md", "")


def codes(found: Header) -> list[tuple[DiagnosticCode, int]]:
    return [(code, line) for code, _, line in found.findings]


class TestFinding:
    @pytest.mark.parametrize(
        ("text", "expected", "body", "line"),
        [
            ("---\ntitle: x\n---\nbody\n", {"title": "x"}, "body\n", 4),
            ("---\ntitle: x\n...\nbody", {"title": "x"}, "body", 4),
            ("---  \ntitle: x\n--- \t\n\n    code\n", {"title": "x"}, "\n    code\n", 4),
            ("---yaml\ntitle: x\n---\nbody", {"title": "x"}, "body", 4),
            ('---json\n{"title": "x"}\n---\nbody', {"title": "x"}, "body", 4),
            ("---toml\ntitle = 'x'\n---\nbody", {"title": "x"}, "body", 4),
            ('{"title": "x"}\nbody', {"title": "x"}, "body", 2),
            ("\n \t\n---\ntitle: x\n---\nbody", {"title": "x"}, "body", 6),
            ("\n---\n\nprose\n---\n", {}, "\n---\n\nprose\n---\n", 1),
            ("---\n---\nbody", {}, "body", 3),
            ("---\n# nothing here\n---\nbody", {}, "body", 4),
            ("---\ntitle: x\n---", {"title": "x"}, "", 3),
            ('+++\ntitle = "x"\n+++\nbody', {"title": "x"}, "body", 4),
            ('{\n  "title": "x"\n}\n\nbody', {"title": "x"}, "\nbody", 4),
            (';;;\n{"title": "x"}\n;;;\nbody', {"title": "x"}, "body", 4),
            ("---\ncontent: c\nhandler: h\n---\nbody", {"content": "c", "handler": "h"}, "body", 5),
        ],
    )
    def test_delimiters(self, text: str, expected: dict[str, Any], body: str, line: int) -> None:
        found = read_header(text, Limits())
        assert (found.fields, found.body, found.body_line) == (expected, body, line)
        assert found.findings == []

    @pytest.mark.parametrize(
        "text",
        [
            "no header\n\n---\n",
            "---\n\nhello\n\n---\n\nmore",
            "---\n- a\n- list\n---\nmore",
            "---\ntitle: never closed\n\nbody",
            "----\ntitle: x\n----\n",
            "+++\njust prose\n+++\n",
            "{{< shortcode >}}\n\n}\n",
            "",
        ],
    )
    def test_a_post_without_a_header_is_all_body(self, text: str) -> None:
        assert read_header(text, Limits()) == Header(body=text)


class TestTypes:
    def test_only_what_would_be_written_the_same_has_a_type(self) -> None:
        assert fields(
            """
            a: 12
            b: 1.5
            c: true
            d: no
            e: 1.10
            f: 12:30:00
            g: 0123
            h: 2023-02-30
            i: ~
            j: "12"
            k: 1e3
            l: 12345678901234567890
            m: [yes, 0x1F, .5]
            """
        ) == {
            "a": 12,
            "b": 1.5,
            "c": True,
            "d": "no",
            "e": "1.10",
            "f": "12:30:00",
            "g": "0123",
            "h": "2023-02-30",
            "i": None,
            "j": "12",
            "k": "1e3",
            "l": "12345678901234567890",
            "m": ["yes", "0x1F", ".5"],
        }

    def test_keys_are_text_and_unknown_tags_are_ignored(self) -> None:
        expected = {"1": "a", "true": "b", "~": "c", "x": "2", "y": ["z"]}
        assert fields("1: a\ntrue: b\n~: c\nx: !money 2\ny: !!python/tuple [z]") == expected

    def test_aliases_are_the_texts_that_they_name(self) -> None:
        assert fields("a: &x one\nb: *x\n*x : c") == {"a": "one", "b": "one", "one": "c"}

    def test_a_mapping_called_a_text_is_kept_as_written(self) -> None:
        assert fields("t: !!str {a: b}\nu: v") == {"t": "!!str {a: b}", "u": "v"}

    def test_toml_dates_keep_their_text(self) -> None:
        found = header(
            "+++\nd = 2024-01-02T03:04:05Z\ne = 1.10\n[extra]\nf = 07:32:00 # noon\n+++\n"
        )
        expected = {"d": "2024-01-02T03:04:05Z", "e": "1.10", "extra": {"f": "07:32:00"}}
        assert found.fields == expected


class TestRepair:
    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ('title: ""Quoted" and more"', '"Quoted" and more'),
            ('title: ""All quoted""', '"All quoted"'),
            ('title: "Half" quoted', '"Half" quoted'),
            ("title: One: two", "One: two"),
            ("title: @name says", "@name says"),
            ("title: `code` first", "`code` first"),
            ("title: %x", "%x"),
            ("title: {{date}}", "{{date}}"),
            ("title: 'It's'", "It's"),
            ("title:\ttabbed: twice", "tabbed: twice"),
            ("title: [unclosed", "[unclosed"),
            ("title: *star", "*star"),
        ],
    )
    def test_a_broken_line_is_mended_and_named(self, line: str, expected: str) -> None:
        found = header(f"---\nbefore: 1\n{line}\nafter: [a, b]\n---\nbody")
        assert found.fields == {"before": 1, "title": expected, "after": ["a", "b"]}
        assert codes(found) == [(DiagnosticCode.HEADER_REPAIRED, 3)]
        assert "title" in found.findings[0][1]
        assert (found.body, found.body_line) == ("body", 6)

    def test_lists_and_nested_fields(self) -> None:
        found = header(
            '---\ntags:\n  - a: b: c\n  - fine\nby:\n\tname: "A" B\ntext: |\n  two\n  lines\n---\n'
        )
        assert found.fields == {
            "tags": [{"a": "b: c"}, "fine"],
            "by": {"name": '"A" B'},
            "text": "two\nlines\n",
        }
        assert codes(found) == [
            (DiagnosticCode.HEADER_REPAIRED, 2),
            (DiagnosticCode.HEADER_REPAIRED, 5),
        ]

    def test_a_line_that_is_no_field_is_left_out(self) -> None:
        found = header("---\ntitle: a\n<<<<<<< HEAD\ntags: [x]\n---\n")
        assert found.fields == {"title": "a", "tags": ["x"]}
        assert codes(found) == [(DiagnosticCode.HEADER_IGNORED, 3)]

    def test_toml(self) -> None:
        found = header('+++\ntitle = "a "b" c"\ndraft = true\n+++\nbody')
        assert found.fields == {"title": 'a "b" c', "draft": True}
        assert codes(found) == [(DiagnosticCode.HEADER_REPAIRED, 2)]

    def test_json_that_is_broken_is_set_aside(self) -> None:
        found = header('{\n"title": x\n}\nbody')
        assert (found.fields, found.body) == ({}, "body")
        assert codes(found) == [(DiagnosticCode.HEADER_IGNORED, 1)]

    def test_a_field_that_stands_twice(self) -> None:
        found = header("---\ntitle: one\nx: 1\ntitle: two\n---\n")
        assert found.fields == {"title": "two", "x": 1}
        assert codes(found) == [(DiagnosticCode.HEADER_VALUE, 4)]


class TestGuard:
    @pytest.mark.parametrize(
        "source",
        [
            "a: " + "[" * 25_000 + "]" * 25_000,
            "- " * 30_000,
            "".join(f"{' ' * n}a:\n" for n in range(200)),
            "a: &a [x]\nb: [" + "*a," * 100 + "]",
            "a0: &a0 {x: 1}\n"
            + "".join(f"a{n}: &a{n}\n  <<: [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 25)),
            "a0: &a0 [x,x,x,x,x,x,x,x]\n"
            + "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 6)}]\n" for n in range(1, 9)),
            "title: " + "x" * 200_001,
        ],
        ids=["flow", "block", "mappings", "aliases", "merge", "expansion", "size"],
    )
    def test_a_bomb_is_set_aside(self, source: str) -> None:
        found = read_header(f"---\n{source}\n---\nbody", Limits())
        assert found.body == "body"
        assert DiagnosticCode.HEADER_IGNORED in [c for c, _ in codes(found)] or found.fields
        assert len(repr(found.fields)) < 1_000_000

    def test_toml_and_json_are_guarded_too(self) -> None:
        for text in ("+++\na = " + "[" * 5000 + "\n+++\nb", '{\n"a": ' + "[" * 5000 + "\n}\nb"):
            assert codes(read_header(text, Limits())) == [(DiagnosticCode.HEADER_IGNORED, 1)]

    @pytest.mark.parametrize(("opening", "end"), [("+++", "+++"), ("---toml", "---")])
    def test_a_key_of_toml_is_no_deeper_whatever_the_fence(self, opening: str, end: str) -> None:
        found = read_header(f"{opening}\n{'a.' * 500}a = 1\n{end}\nbody", Limits())
        assert codes(found) == [(DiagnosticCode.HEADER_IGNORED, 1)]
        assert (found.fields, found.body) == ({}, "body")

    @given(st.text(alphabet=st.sampled_from("-+.;{}[]:\n \t\"'#&*!|>%@ab1=,<"), max_size=60))
    def test_no_header_raises(self, text: str) -> None:
        for fence in ("---", "+++", ";;;", "---toml", "---json"):
            read_header(f"{fence}\n{text}\n{fence[:3]}\nbody", Limits())
        read_header("{\n" + text + "\n}\n", Limits())
        read_header(text, Limits())

    @pytest.mark.corpus
    def test_the_yaml_test_suite(self, shared: Path) -> None:
        count = 0
        for path in sorted((shared / "hostile/yaml-test-suite/src").glob("*.yaml")):
            for case in yaml.safe_load(path.read_text("utf-8")):
                count += 1
                text = case.get("yaml", "").replace("␣", " ").replace("∎", "")
                found = read_header(f"---\n{text}\n---\nbody", Limits())
                assert "body" in found.body
        assert count > 50


class TestMetadata:
    @pytest.mark.parametrize("more", ["", "date: 2023-06-14", "date: ''", "params: {by: A}"])
    def test_a_field_without_a_name_is_kept(self, more: str) -> None:
        assert metadata(f"title: A\n'': a word\n{more}").extra[""] == "a word"

    def test_fields(self) -> None:
        found = metadata(
            r"""
            title: "It\\'s \\*here\\*"
            subtitle: Sub
            slug: a-slug
            post_id: 12.a-slug
            date: 2023-06-14
            lastmod: 2023-07-01T10:00:00+02:00
            author: [A, {name: B, url: x}]
            lang: de
            tags: one, two
            categories: [two, three]
            type: newsletter
            audience: only_paid
            visibility: public
            draft: "true"
            canonical: https://a.example/x
            cover: {image: c.png, alt: C}
            summary: Short
            email_sent_at: 2023-06-14T14:00:28.980Z
            weight: 3
            """
        )
        assert (found.title, found.subtitle, found.slug, found.id) == (
            "It's *here*",
            "Sub",
            "a-slug",
            "12.a-slug",
        )
        assert (found.authors, found.tags) == (("A", "B"), ("one", "two", "three"))
        assert (found.language, found.kind, found.audience) == ("de", "newsletter", "only_paid")
        assert (found.visibility, found.is_draft, found.cover) == ("public", True, "c.png")
        assert (found.canonical_url, found.description) == ("https://a.example/x", "Short")
        assert found.published is not None
        assert (found.published.text, found.published.precision) == ("2023-06-14", "day")
        assert found.updated is not None
        assert found.updated.value is not None
        assert found.updated.value.isoformat() == "2023-07-01T10:00:00+02:00"
        assert found.extra == {"email_sent_at": "2023-06-14T14:00:28.980Z", "weight": 3}

    def test_what_is_empty_is_filled_in(self) -> None:
        found = metadata("title:\ndate: ~\ntags: null\nslug: ''")
        assert found.title == "A file"
        assert found.published is not None
        assert found.published.day == "2023-01-02"
        assert found.extra == {}

    @pytest.mark.parametrize(
        "text",
        [
            "heroImage: a.png",
            "hero: a.png",
            "thumbnail: a.png",
            "images: [a.png, b.png]",
            "image: {src: a.png, alt: A}",
            "params: {images: [a.png]}",
            "featureImage: a.png\nthumbnail: b.png",
        ],
    )
    def test_covers_of_generators_and_themes(self, text: str) -> None:
        assert metadata(text).cover == "a.png"

    def test_words_of_pages_are_not_a_language(self) -> None:
        words = {"title-block-modified": "Updated"}
        found = metadata("language:\n  title-block-modified: Updated\nlang: nb")
        assert (found.language, found.extra) == ("nb", {"language": words})

    def test_a_date_that_is_none_is_named(self) -> None:
        header_found = header("---\ndate: 2023-02-30\n---\n")
        found = read_metadata(header_found, "x.md", "")
        assert found.published is not None
        assert (found.published.text, found.published.value) == ("2023-02-30", None)
        assert codes(header_found) == [(DiagnosticCode.HEADER_VALUE, 2)]

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("---\ntitle: date\n# x\nDate: soon\n---\n", 4),
            ('+++\ntitle = "x"\n"date" = "soon"\n+++\n', 3),
            ('{\n"title": "x",\n  "pubDate": "soon"\n}\n', 3),
            ("---\ntitle: x\nlang: klingonisch hier\n---\n", 3),
        ],
    )
    def test_what_is_wrong_with_a_field_is_told_with_its_line(self, text: str, line: int) -> None:
        found = read_header(text, Limits())
        read_metadata(found, "x.md", "")
        assert codes(found) == [(DiagnosticCode.HEADER_VALUE, line)]

    @pytest.mark.parametrize("number", ["0x" + "f" * 9000, "9" * 30, "9" * 5000])
    def test_a_number_of_toml_that_is_too_large_is_text(self, number: str) -> None:
        found = read_header(f"+++\na = {number}\nb = 9223372036854775807\n+++\n", Limits())
        assert found.fields == {"a": number, "b": 9223372036854775807}
        assert codes(found) == [(DiagnosticCode.HEADER_REPAIRED, 2)]
        post = clothbound.read(found.written.encode(), "markdown")
        assert number in clothbound.write(post, "json").to_bytes().decode()

    def test_zola_taxonomies(self) -> None:
        text = '+++\ntitle = "x"\npath = "2024/02/19/x"\n[taxonomies]\ntags = ["a"]\n+++\n'
        found = read_header(text, Limits())
        result = read_metadata(found, "x.md", "")
        assert result.tags == ("a",)
        assert result.published is not None
        assert result.published.day == "2024-02-19"


@pytest.mark.parametrize(
    ("text", "iso", "precision"),
    [
        ("2023", "2023-01-01T00:00:00+00:00", "year"),
        ("2023-06", "2023-06-01T00:00:00+00:00", "month"),
        ("2023-6-4", "2023-06-04T00:00:00+00:00", "day"),
        ("2023/06/04 10:30", "2023-06-04T10:30:00+00:00", "minute"),
        ("2023-06-04T10:30:05.25Z", "2023-06-04T10:30:05.250000+00:00", "second"),
        ("2011-11-28 8:32:24 -0400", "2011-11-28T08:32:24-04:00", "second"),
        ("2023-06-04 10:30:05 +5", "2023-06-04T10:30:05+05:00", "second"),
        ("June 3rd, 2023", "2023-06-03T00:00:00+00:00", "day"),
        ("Sat, 3 Jun 2023", "2023-06-03T00:00:00+00:00", "day"),
        ("yesterday", None, "day"),
        ("2023-13-01", None, "day"),
        ("2023-06-04 25:00", None, "minute"),
        ("2023-06-04 10:00 +99:00", None, "minute"),
    ],
)
def test_timestamps(text: str, iso: str | None, precision: str) -> None:
    stamp = read_timestamp(text)
    assert stamp.text == text
    assert (stamp.value.isoformat() if stamp.value else None) == iso
    assert stamp.precision == precision


@pytest.mark.parametrize(
    ("text", "iso", "precision"),
    [
        ("20230604", "2023-06-04T00:00:00+00:00", "day"),
        ("20230604T103005Z", "2023-06-04T10:30:05+00:00", "second"),
        ("20230604103005", "2023-06-04T10:30:05+00:00", "second"),
        ("1685874605", "2023-06-04T10:30:05+00:00", "second"),
        ("1685874605123", "2023-06-04T10:30:05+00:00", "second"),
        ("2023\u5e746\u67084\u65e5", "2023-06-04T00:00:00+00:00", "day"),
        ("2023\ub144 6\uc6d4 4\uc77c 10:30", "2023-06-04T10:30:00+00:00", "second"),
        ("2023-06-04T10:30:05+02:00[Europe/Paris]", "2023-06-04T10:30:05+02:00", "second"),
        ("Sun, 4 Jun 2023 10:30:05 EST", "2023-06-04T10:30:05-05:00", "second"),
    ],
)
def test_rarer_forms_of_dates(text: str, iso: str, precision: str) -> None:
    stamp = read_timestamp(text)
    assert stamp.value is not None
    assert (stamp.value.isoformat(), stamp.precision) == (iso, precision)
    assert read_timestamp(stamp.text) == stamp


@pytest.mark.parametrize("text", ["20235678", "2023061", "9999999999", "168587460512"])
def test_other_numbers_are_no_dates(text: str) -> None:
    assert read_timestamp(text) == Timestamp(text, None, "day")


def test_the_first_moment_of_all_is_no_date() -> None:
    header = read_header("---\ndate: 0001-01-01T00:00:00Z\n---\n", Limits())
    result = read_metadata(header, "2023-06-04-a.md", "")
    assert result.published is not None
    assert result.published.text == "2023-06-04"
    assert header.findings == []


@pytest.mark.parametrize(
    "header",
    [
        f"---\ntitle: a: b\nx: {'[' * 500}{']' * 500}\n---\n",
        f"---\ntitle: a: b\nx:\n{''.join('  ' * n + '-' + chr(10) for n in range(1, 300))}---\n",
        f"---\ntitle: a: b\n{'x: &a [*a, *a]' + chr(10)}y: [{', '.join(['*a'] * 400)}]\n---\n",
        f"---\ntitle: a: b\nx: {'{a: ' * 400}1{'}' * 400}\n---\n",
    ],
    ids=["brackets", "lists", "aliases", "braces"],
)
def test_bounds_hold_also_where_a_broken_header_is_read_field_by_field(header: str) -> None:
    found = read_header(f"{header}\nText.\n", Limits())
    assert found.fields["title"] == "a: b"
    assert all(isinstance(value, str) for value in found.fields.values())
    assert any("field 'x'" in message or "field 'y'" in message for _, message, _ in found.findings)
    (post,) = clothbound.read(f"{header}\nText.\n".encode(), "markdown").posts
    assert clothbound.write(post, "json").to_bytes()
    assert clothbound.write(post, "markdown").to_bytes()


@given(
    st.dictionaries(
        st.sampled_from(
            "lang Language locale date updated params title cover published type url draft".split()
        ),
        st.recursive(
            st.sampled_from(["", "now", "x", "2024-01-02", "31.2.2024", "de", "true", None, False]),
            lambda one: st.dictionaries(st.sampled_from(["lang", "date", "created", "a"]), one),
        ),
    ),
    st.sampled_from(["", "Quarto"]),
)
def test_a_post_whose_metadata_is_known_reports_the_same(
    found: dict[str, Any], generator: str
) -> None:
    first, again = Header(fields=found), Header(fields=found)
    read_metadata(first, "2024/01/02/a.md", "", generator)
    report_invalid(again, "2024/01/02/a.md", generator)
    assert again.findings == first.findings


@pytest.mark.parametrize(
    ("fields", "tags", "authors"),
    [
        ({"note_hashtags": "#rye  #malt"}, ("rye", "malt"), ()),
        ({"tags": "#rye, #old"}, ("rye", "old"), ()),
        ({"tags": "C#, #1 bread"}, ("C#", "#1 bread"), ()),
        ({"tags": [":rye", ":a b", ":)"]}, ("rye", ":a b", ":)"), ()),
        ({"author": ":ida_lund"}, (), ("ida_lund",)),
        ({"author": "Ida: Lund"}, (), ("Ida: Lund",)),
    ],
)
def test_marks_before_tags_and_names_are_not_shown(
    fields: dict[str, Any], tags: tuple[str, ...], authors: tuple[str, ...]
) -> None:
    metadata = read_metadata(Header(fields, written=""), "a.md", "")
    assert (metadata.tags, metadata.authors) == (tags, authors)
