"""Dates written out, directions and tags of languages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from clothbound.language.dates import long_date
from clothbound.language.tags import direction, language_tag
from clothbound.model.post import Precision, Timestamp


def at(text: str, precision: Precision = "day") -> Timestamp:
    return Timestamp(text, datetime.fromisoformat(text).replace(tzinfo=UTC), precision)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "June 1, 2023"),
        ("en-GB", "1 June 2023"),
        ("de-AT", "1. Juni 2023"),
        ("fr", "1 juin 2023"),
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
