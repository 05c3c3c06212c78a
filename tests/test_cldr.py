"""What is used of the Unicode CLDR: held equal to Babel's data, with the locales from which languages inherit."""

from __future__ import annotations

import importlib.util
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest
from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.localedata import locale_identifiers

from clothbound.language.cldr import facts_of, locales_of
from clothbound.language.dates import date_range, long_date, long_month
from clothbound.language.direction import direction
from clothbound.model.post import Precision, Timestamp

SCRIPT = Path(__file__).parent.parent / "scripts" / "make_cldr.py"
VARIANTS = {"be_TARASK", "en_US_POSIX", "ca_ES_VALENCIA", "el_POLYTON"}
"""Locales that differ from their language by more than script and region, which no post names."""


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_cldr", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def at(text: str, precision: Precision = "day") -> Timestamp:
    return Timestamp(text, datetime.fromisoformat(text).replace(tzinfo=UTC), precision)


def test_the_file_is_what_the_script_makes_of_babels_data(script: ModuleType) -> None:
    assert script.TARGET.read_text(encoding="utf-8") == script.write()


def test_dates_and_directions_of_every_locale_are_babels() -> None:
    names = sorted(set(locale_identifiers()) - VARIANTS)
    assert len(names) > 1000
    for name in names:
        tag = name.replace("_", "-")
        locale = Locale.parse(name)
        # Mongolian in columns is written from the left; no page of ours has columns.
        assert (direction(tag) == "rtl") == (locale.text_direction == "rtl"), name
        for month in (1, 6, 12):
            day = datetime(2023, month, month + 1, tzinfo=UTC)
            stamp = Timestamp("", day, "day")
            # A day of one digit that is written out has no zero before it in a book.
            pattern = locale.date_formats["long"].pattern.replace("dd", "d")
            assert long_date(stamp, tag) == format_date(day, pattern, locale=locale), name
            assert long_month(day, tag) == format_skeleton("yMMMM", day, locale=locale), name


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh", ["zh"]),
        ("zh-Hans-CN", ["zh_CN", "zh"]),
        ("zh-TW", ["zh_Hant_TW", "zh_Hant"]),
        ("zh-HK", ["zh_Hant_HK", "zh_Hant"]),
        ("pt-AO", ["pt_AO", "pt_PT", "pt"]),
        ("es-MX", ["es_MX", "es_419", "es"]),
        ("es-419", ["es_419", "es"]),
        ("nb-NO", ["nb_NO", "nb", "no"]),
        ("sr-Latn", ["sr_Latn"]),
        ("sr-ME", ["sr_Latn_ME", "sr_Latn"]),
        ("iw", ["he"]),
        ("de-x-private", ["de"]),
        ("not a tag", []),
    ],
)
def test_a_language_inherits_as_the_cldr_says(language: str, expected: list[str]) -> None:
    assert list(locales_of(language)) == expected


def test_a_language_that_the_cldr_lacks_has_no_facts() -> None:
    assert facts_of("tlh") is None


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "June 1, 2023\u2009–\u2009July 2, 2023"),
        ("fr", "1er juin 2023\u2009–\u20092 juillet 2023"),
        ("ja", "2023年6月1日～2023年7月2日"),
        ("fa", "1 ژوئن 2023 تا 2 ژوئیه 2023"),
        ("tlh", "2023-06-01 – 2023-07-02"),
    ],
)
def test_two_days_are_a_range(language: str, expected: str) -> None:
    first, last = at("2023-06-01"), at("2023-07-02")
    assert date_range(first, last, language) == expected
    assert date_range(first, first, language) == long_date(first, language)
