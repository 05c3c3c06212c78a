"""Dates written out, directions and tags of languages."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import get_args

import pytest

import clothbound
from clothbound.anthology.order import Order
from clothbound.language.dates import long_date
from clothbound.language.direction import direction
from clothbound.language.words import wording
from clothbound.model.blocks import List, ListItem
from clothbound.model.book_info import BookInfo
from clothbound.model.collection import Role
from clothbound.model.language_tags import language_tag, primary_language
from clothbound.model.post import Metadata, Post, Precision, Timestamp
from clothbound.model.posts_at_hand import as_collection


def at(text: str, precision: Precision = "day") -> Timestamp:
    return Timestamp(text, datetime.fromisoformat(text).replace(tzinfo=UTC), precision)


@pytest.mark.parametrize(
    ("tag", "language"), [("pt-BR", "pt"), ("ZH-Hant-TW", "zh"), ("de", "de"), ("", "")]
)
def test_a_tag_names_its_language_first(tag: str, language: str) -> None:
    assert primary_language(tag) == language


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "June 1, 2023"),
        ("en-GB", "1 June 2023"),
        ("de-AT", "1. Juni 2023"),
        ("fr", "1er juin 2023"),
        ("fr-CA", "1er juin 2023"),
        ("es-MX", "1 de junio de 2023"),
        ("ca", "1 de juny del 2023"),
        ("nn", "1. juni 2023"),
        ("ja", "2023年6月1日"),
        ("ar", "1 يونيو 2023"),
        ("tlh", "2023-06-01"),
    ],
)
def test_a_day_is_written_out_in_the_language(language: str, expected: str) -> None:
    assert long_date(at("2023-06-01"), language) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "June 2023"),
        ("es", "junio de 2023"),
        ("ja", "2023年6月"),
        ("ru", "июнь 2023\u202fг."),
    ],
)
def test_a_month_is_written_out_in_the_language(language: str, expected: str) -> None:
    assert long_date(at("2023-06-01", "month"), language) == expected


def test_an_unreadable_date_is_written_as_it_came() -> None:
    assert long_date(Timestamp("last spring"), "en") == "last spring"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("ar", "rtl"), ("he-IL", "rtl"), ("az-Arab", "rtl"), ("ar-Latn", "ltr"), ("en", "ltr")],
)
def test_the_direction_of_a_language(language: str, expected: str) -> None:
    assert direction(language) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en_US", "en-US"), ("zh-Hant-TW", "zh-Hant-TW"), ("C", "en"), ("English (US)", "en")],
)
def test_a_tag_is_well_formed_or_the_default(language: str, expected: str) -> None:
    assert language_tag(language, "en") == expected


def test_the_words_of_a_book_are_in_its_language() -> None:
    posts = [
        Post(Metadata(title="Der Hafen", source="a.md", tags=("Meer",), key="a")),
        Post(Metadata(title="Der Sturm", source="b.md", tags=("Meer",), key="b")),
        Post(Metadata(source="c.md", key="c"), (List(items=(ListItem((), checked=True),)),)),
    ]
    texts = {role: Post(Metadata(source=f"{role}.md")) for role in get_args(Role)}
    made = clothbound.book(
        as_collection(posts), info=BookInfo(language="de"), order=Order(parts="tags"), texts=texts
    )
    assert [part.title for part in made.parts] == ["Meer", "Weiteres"]
    assert {m.title for m in made.index if m.key in made.roles} == set(wording("de").roles.values())
    assert made.info.title == "Briefe"
    dated = clothbound.book(
        as_collection(posts), info=BookInfo(language="fr"), order=Order(parts="years")
    )
    assert [part.title for part in dated.parts] == ["Sans date"]
    page = clothbound.write(made, "site").to_bytes()
    book = clothbound.write(made, "epub").to_bytes()
    for product in (page, book):
        files = zipfile.ZipFile(io.BytesIO(product))
        text = "".join(files.read(name).decode() for name in files.namelist() if "html" in name)
        assert "Ohne Titel" in text
        assert 'aria-label="erledigt"' in text
        for english in ("Untitled", ">Other<", "Afterword", 'aria-label="done"', "Undated"):
            assert english not in text
