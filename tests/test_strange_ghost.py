"""Ghost's export in forms that its documentation does not show: what is private stays so, and no word goes unsaid."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import clothbound
from clothbound.cli import main
from clothbound.diagnostics import DiagnosticCode
from clothbound.model.post import Post

NOBODY = {"web": {"nonMember": False, "memberSegment": ""}}
MEMBERS = {"web": {"nonMember": False, "memberSegment": "status:free"}}


def row(**columns: Any) -> dict[str, Any]:
    known = {"id": "1", "uuid": "u", "slug": "a", "title": "A", "status": "published"}
    return {**known, "visibility": "public", **columns}


def export(*rows: Any, **tables: Any) -> bytes:
    data = {"posts": rows, **tables}
    return json.dumps({"db": [{"meta": {"exported_on": 1}, "data": data}]}).encode()


def lexical(*nodes: dict[str, Any]) -> str:
    return json.dumps({"root": {"type": "root", "children": nodes}})


def text(words: str) -> dict[str, Any]:
    return {"type": "extended-text", "text": words}


def paragraph(*nodes: dict[str, Any]) -> dict[str, Any]:
    return {"type": "paragraph", "children": nodes}


def feed_of(data: bytes) -> str:
    return clothbound.write(clothbound.read(data), "rss").to_bytes().decode()


def post_of(data: bytes) -> Post:
    return clothbound.read(data).posts[0]


def markdown_of(data: bytes) -> str:
    return clothbound.write(clothbound.read(data), "markdown").to_text()


@pytest.mark.parametrize("visibility", [NOBODY, MEMBERS, {"showOnWeb": False}])
@pytest.mark.parametrize("kind", ["callout", "newcard"])
def test_a_card_that_is_not_known_is_as_private_as_one_that_is(
    kind: str, visibility: dict[str, Any]
) -> None:
    card = {"type": kind, "visibility": visibility, "calloutText": "Words zqsecret"}
    made = feed_of(export(row(lexical=lexical(paragraph(text("Open words")), card))))
    assert "Open words" in made
    assert "zqsecret" not in made


@pytest.mark.parametrize(
    "html",
    [
        '<p>Open words</p><div class="kg-card kg-email-card"><p>zqsecret</p></div><p>More</p>',
        "<p>Open words</p><!--kg-card-begin: email--><p>zqsecret</p><p>zqsecret</p><!--kg-card-end: email--><p>More</p>",
        "<p>Open words</p><p>More</p><!--kg-card-begin: email--><p>zqsecret</p>",
    ],
)
def test_html_for_e_mails_is_left_out(html: str) -> None:
    made = feed_of(export(row(html=html)))
    assert "Open words" in made
    assert "More" in made
    assert "zqsecret" not in made


@pytest.mark.parametrize("values", [(1, 0), (0, 1), (1, None)])
def test_of_two_rows_on_e_mail_only_the_strictest_counts(values: tuple[Any, Any]) -> None:
    meta = [{"post_id": "1", "email_only": value} for value in values]
    assert "zqsecret" not in feed_of(export(row(html="<p>zqsecret</p>"), posts_meta=meta))


def test_a_byte_that_is_not_utf_8_costs_neither_the_post_nor_who_may_see_it() -> None:
    meta = [{"post_id": "2", "email_only": 1, "meta_title": "\x7f"}]
    mailed = row(id="2", slug="b", html="<p>zqsecret</p>")
    data = export(row(html="<p>Open \x7f words</p>"), mailed, posts_meta=meta)
    data = data.replace(b"\\u007f", b"\x7f").replace(b"\x7f", b"\xff")
    made = feed_of(data)
    assert "Open ÿ words" in made  # byte 255 in Windows-1252
    assert "zqsecret" not in made
    codes = [d.code for d in clothbound.read(data).diagnostics]
    assert DiagnosticCode.ENCODING_REPAIRED in codes


def test_one_database_need_not_be_in_a_list() -> None:
    data = json.loads(export(row(html="<p>Words</p>")))
    data["db"] = data["db"][0]
    assert "Words" in feed_of(json.dumps(data).encode())


def test_words_pictures_and_addresses_of_strange_nodes_in_a_line_stay() -> None:
    picture = {"type": "image", "src": "https://x.example/pier.png", "alt": "The pier"}
    mention = {"type": "mention", "mentionName": "Wilma", "url": "https://x.example/wilma"}
    data = export(row(lexical=lexical(paragraph(text("Before"), picture, mention, text("after")))))
    made = markdown_of(data)
    for words in ("Before", "pier.png", "The pier", "Wilma", "https://x.example/wilma", "after"):
        assert words in made
    assert ["'mention'" in d.message for d in post_of(data).diagnostics] == [True]


def test_words_in_any_depth_of_a_strange_card_stay() -> None:
    card = {
        "type": "faq",
        "version": 1,
        "items": [{"q": "Which question?", "a": "That answer."}, {"title": "Single"}],
        "style": "color: red; x",
    }
    made = markdown_of(export(row(lexical=lexical(card))))
    assert [w in made for w in ("Which question?", "That answer.", "Single", "color")] == [
        *(True, True, True),
        False,
    ]


def test_blocks_within_quotations_and_items_stay_blocks_in_their_order() -> None:
    inner = {"type": "list", "listType": "bullet", "children": [item(text("Inner"))]}
    quotation = {"type": "quote", "children": [paragraph(text("One")), paragraph(text("Two"))]}
    outer = {"type": "list", "listType": "number"}
    outer["children"] = [item(text("Before"), inner, text("behind"))]  # type: ignore[assignment]
    made = markdown_of(export(row(lexical=lexical(quotation, outer))))
    assert "> One\n>\n> Two" in made
    assert made.index("Before") < made.index("Inner") < made.index("behind")


def item(*nodes: dict[str, Any]) -> dict[str, Any]:
    return {"type": "listitem", "children": nodes}


def test_pictures_that_are_not_beside_an_export_are_named_and_known_to_be_missing(
    tmp_path: Path,
) -> None:
    pictures = [
        {"type": "image", "src": f"__GHOST_URL__/content/images/{name}.png", "alt": f"The {name}"}
        for name in ("pier", "lamp")
    ]
    source, product = tmp_path / "export", tmp_path / "book.epub"
    source.mkdir()
    (source / "ghost.json").write_bytes(
        export(row(lexical=lexical(paragraph(text("Words.")), *pictures)))
    )
    artifact = clothbound.write(clothbound.read(source), "epub")
    artifact.save(product)
    found = artifact.report.diagnostics
    told = [d.message for d in found if d.code is DiagnosticCode.IMAGE_MISSING]
    why = "is named from the root of a site, whose files are not here"
    assert told == [f"picture /content/images/{name}.png: {why}" for name in ("pier", "lamp")]
    with pytest.raises(SystemExit) as ended:
        main(["check", str(source), str(product)])
    assert ended.value.code == 0
