"""Hostile texts in exports: each has an answer in linear time. What would take minutes shows as a test that does not end."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import clothbound
from clothbound.errors import ReadError
from clothbound.readers.exports.email_html import unwrap_layout
from clothbound.readers.exports.ghost.html_cards import write_cards
from clothbound.readers.exports.wordpress.paragraphs import mark_paragraphs
from clothbound.readers.json_bytes import decode_json
from clothbound.readers.searched_html import parse_html
from export_archive import export as substack_export
from export_archive import row
from line_counts import growth, lines_run
from odd_exports import OPEN, SENT, export, item, letters

CASES = Path(__file__).parent / "cases"
MANY = 20_000
HIDDEN = '<!-- wp:group {"metadata":{"blockVisibility":false}} --><!-- /wp:group -->'


def markdown_of(data: bytes) -> str:
    return clothbound.write(clothbound.read(data), "markdown").to_text()


@pytest.mark.parametrize(
    "text",
    [
        "<!-- wp:a {" * MANY,
        "<!-- wp:group -->" * MANY + "<!-- /wp:x -->" * MANY,
        HIDDEN + "<!-- wp:group -->" * MANY + "<!-- /wp:x -->" * MANY,
        "[a " * MANY,
        '[a b="' * MANY,
        "<!--" * MANY,
        "[caption]" * MANY,
        " " * MANY * 5 + "x",
        "<br>" + "\t" * MANY * 5 + "x",
        "<a " + "\n" * MANY * 5 + "x",
    ],
)
def test_marks_without_an_end_in_a_post_of_wordpress(text: str) -> None:
    assert OPEN in markdown_of(export(item(f"<p>{OPEN}</p>{text}")))


@pytest.mark.parametrize(
    "name", ["hex", "zlib", "idna", "punycode", "undefined", "utf-16", "rot13"]
)
def test_an_encoding_that_is_not_that_of_the_file_costs_nothing(name: str) -> None:
    data = export(item(f"<p>{OPEN}</p>")).removeprefix(b'<?xml version="1.0" encoding="UTF-8"?>')
    declared = f'<?xml version="1.0" encoding="{name}"?>\n'.encode()
    assert OPEN in markdown_of(declared + data[data.index(b"<rss") :])


@pytest.mark.parametrize("blank", [" ", "\t", "\u00a0"])
def test_a_title_of_blanks_has_an_end(blank: str) -> None:
    title = f"A{blank * MANY * 5}b"
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{OPEN}</p></body></html>"
    assert OPEN in clothbound.write(clothbound.read(page.encode(), "html"), "markdown").to_text()
    letter = substack_export(row("1.a", title=title), p1_a=f"<p>{OPEN}</p>")
    assert OPEN in markdown_of(letter)


def test_named_references_make_no_markup() -> None:
    written = export(item(f"<p>{OPEN}</p>")).decode()
    assert "<channel>" in written
    data = written.replace("<channel>", "<channel><title>A &AMP; &LT;b&GT; &nvlt;</title>").encode()
    posts = clothbound.read(data)
    assert OPEN in clothbound.write(posts, "markdown").to_text()
    assert not [d for d in posts.diagnostics if "well-formed" in d.message]


def test_reusable_blocks_within_themselves_are_told_once() -> None:
    inner = '<!-- wp:block {"ref":9} /-->'
    data = export(item(inner), item(f"<p>{OPEN}</p>" + inner * 10, number=9, kind="wp_block"))
    assert markdown_of(data).count(OPEN) == 1
    messages = [d.message for d in clothbound.read(data).posts[0].diagnostics]
    assert messages == [
        "the reusable block 9 is shown within itself, or too often; its words are left out"
    ]


def test_reusable_blocks_that_hold_many_of_the_next_have_an_end() -> None:
    chain = [
        item(f'<!-- wp:block {{"ref":{n + 1}}} /-->' * 30, number=n, kind="wp_block")
        for n in range(9, 15)
    ]
    data = export(item(OPEN + '<!-- wp:block {"ref":9} /-->' * 30), *chain)
    assert OPEN in markdown_of(data)


@pytest.mark.parametrize(
    "text", ["{% if a %}" * MANY, "{% if " * MANY, "`" * 50_000 + "{% if a %}", "<pre>" * MANY]
)
def test_templates_without_an_end_in_a_letter(text: str) -> None:
    assert OPEN in markdown_of(letters([SENT], {"a": f"{OPEN}\n\n{text}\n\n{{% if a %}}"}))


def test_many_conditions_beside_much_code_in_a_letter() -> None:
    made = markdown_of(letters([SENT], {"a": OPEN + " `a` {% if a %}zqsecret{% endif %}" * 5000}))
    assert OPEN in made
    assert "zqsecret" not in made


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * MANY + "words",
        "<table><tr><td>" * 2000 + "words",
        '<table><tr><td class="has-text-align-left">' * 2000 + "words",
        '<div class="wp-block-image">' * 2000 + "words",
        '<figure class="wp-block-gallery">' * 2000 + '<img src="a.png" alt="words">',
    ],
)
def test_elements_that_nest_without_an_end_in_a_post_of_wordpress(text: str) -> None:
    made = markdown_of(export(item(f"<p>{OPEN}</p>{text}")))
    assert OPEN in made and "words" in made


@pytest.mark.parametrize(
    "text",
    [
        "<div>x</div>",
        "x<p>y</p>",
        '<noscript><img src="a.png"></noscript>',
        "<noscript>x</noscript>",
        '<div class="image-caption-wrapper">x</div>',
        "[row]",
    ],
)
def test_work_grows_as_the_text_of_a_post_of_wordpress(text: str) -> None:
    def reading(size: int) -> Callable[[], object]:
        data = export(item(f"<div>{text * size}</div>"))
        return lambda: list(clothbound.read(data, "wordpress"))

    assert growth(reading, 100) < 5


def test_elements_of_a_post_of_ghost_may_stand_within_one_another() -> None:
    def reading(size: int) -> Callable[[], object]:
        body = parse_html("<blockquote>" * size + "x")
        return lambda: write_cards(body, "a")

    assert growth(reading, 200) < 5


def test_layout_tables_of_a_letter_may_stand_within_one_another() -> None:
    def unwrapping(size: int) -> Callable[[], object]:
        body = parse_html("<table><tr><td>" * size + "x")
        return lambda: unwrap_layout(body)

    assert growth(unwrapping, 1_000) < 5


def test_prose_of_wordpress_is_searched_for_no_block_that_it_lacks() -> None:
    def lines(size: int) -> int:
        data = export(item(f"<p>{OPEN}</p>" + "<p>prose of a post</p>" * size))
        return lines_run(lambda: list(clothbound.read(data, "wordpress")))

    lines(1)
    # 3,442 for each paragraph, when each of 26 searches walked through it.
    assert (lines(300) - lines(100)) / 200 < 1200


def test_many_blocks_without_an_end_around_a_classic_text() -> None:
    text = "<figure><figcaption>x</figcaption>" * (5 * MANY)
    assert mark_paragraphs(text).count("x") == 5 * MANY


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
@pytest.mark.parametrize(
    "name",
    [
        "ghost/the-pier.ghost.2024-05-05-10-00-00.json",
        "feeds/json-feed-1.1.json",
        "devto/export/articles.json",
    ],
)
def test_json_in_another_encoding_is_read(name: str, encoding: str) -> None:
    data = (CASES / name).read_bytes()
    posts = clothbound.read(data, on_error="collect")
    others = clothbound.read(data.decode().encode(encoding), on_error="collect")
    assert [post.title for post in others] == [post.title for post in posts]
    assert [post.body for post in others] == [post.body for post in posts] != []


@pytest.mark.parametrize("text", [" " * 1_000_000, "<?xml " * 100_000])
def test_a_feed_without_a_declaration_that_ends_gets_an_answer(text: str) -> None:
    with pytest.raises(ReadError):
        clothbound.read(text.encode(), "rss")


def test_bytes_that_are_not_utf8_in_json_cost_nothing_else() -> None:
    name = "devto/export/articles.json"
    rows = json.loads((CASES / name).read_bytes())
    rows[0]["title"], rows[1]["title"] = "Caf@@ \u2014 kai", "\u00c5pning \U0001f6f6"
    data = json.dumps(rows, ensure_ascii=False).encode().replace(b"@@", b"\xe9")
    posts = clothbound.read(data, on_error="collect")
    assert {"Caf\u00e9 \u2014 kai", "\u00c5pning \U0001f6f6"} <= {post.title for post in posts}
    assert len(posts) == len(rows)
    assert [d.message for d in posts.diagnostics if d.code.value == "encoding-repaired"] == [
        "not UTF-8, and read as Windows-1252: 1 byte"
    ]


@pytest.mark.parametrize(
    ("data", "expected", "message"),
    [
        (
            b'["a\xed\xa0\xbdb\xc3\xa9"]',
            "a\ufffdb\u00e9",
            "halves of surrogate pairs were replaced",
        ),
        (b'["\x93a\x94 \x97 \x81"]', "\u201ca\u201d \u2014 \ufffd", "Windows-1252: 4 bytes"),
    ],
)
def test_what_json_holds_besides_utf8_is_repaired(data: bytes, expected: str, message: str) -> None:
    decoded = decode_json(data, list[str], "a.json", what="a list")
    assert decoded.value == [expected] and message in decoded.repairs[0]
