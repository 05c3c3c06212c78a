"""Tests what a report says of characters that no font has."""

from __future__ import annotations

import pytest

from clothbound.context import Context
from clothbound.model.blocks import Paragraph
from clothbound.model.inlines import Text
from clothbound.model.post import Metadata, Post
from clothbound.writers.pdf.missing_glyphs import MissingGlyphs, find_lacking


def told_of(missing: str, *posts: Post) -> list[tuple[str, int, str]]:
    context = Context()
    glyphs = MissingGlyphs()
    for post in posts:
        glyphs.note(post.metadata.source, find_lacking(post, [missing], range(128)))
    glyphs.report(frozenset(missing), context)
    return [
        (found.source, found.line, found.message.partition(".")[0]) for found in context.diagnostics
    ]


def post(name: str, *lines: str) -> Post:
    body = tuple(Paragraph((Text(text),), line=n) for n, text in enumerate(lines, 3))
    return Post(Metadata(key=name, source=f"{name}.md"), body)


def test_the_letters_of_a_script_are_one_line_for_each_post() -> None:
    river = post("river", "plain", "নদী", "থেকে")
    assert told_of("নদীথেক", river, post("sea", "নদীথেক")) == [
        ("river.md", 4, "no font has 'ক' (U+0995) and 5 other signs of Bengali"),
        ("sea.md", 3, "no font has 'ক' (U+0995) and 5 other signs of Bengali"),
    ]


def test_a_sign_of_no_script_is_named_alone() -> None:
    assert sorted(told_of("☂☃ა", post("weather", "☂", "☃", "ა"))) == [
        ("weather.md", 3, "no font has '☂' (U+2602)"),
        ("weather.md", 4, "no font has '☃' (U+2603)"),
        ("weather.md", 5, "no font has 'ა' (U+10D0)"),
    ]


@pytest.mark.parametrize(
    ("letter", "font"),
    [
        ("ஆ", "Noto Serif Tamil"),
        ("ሁ", "Noto Serif Ethiopic"),
        ("Ꭰ", "Noto Sans Cherokee"),
        ("ᐁ", "Noto Sans Canadian Aboriginal"),
        ("한", "Noto Serif CJK"),
        ("☂", "one of the Noto fonts"),
    ],
)
def test_a_font_is_named_that_has_the_letter(letter: str, font: str) -> None:
    context = Context()
    MissingGlyphs().report(frozenset(letter), context)
    (found,) = context.diagnostics
    assert found.message.endswith(f"such as {font}")


def test_what_no_text_of_a_post_has_is_of_no_line() -> None:
    assert told_of("ა") == [("", 0, "no font has 'ა' (U+10D0)")]
