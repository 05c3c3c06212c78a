"""What a text's language decides in a page: its tag, its direction, the form of its dates."""

from __future__ import annotations

import re

from ..model.post import Timestamp

# Language, script, region, variants, private use: the well-formed tags that occur (RFC 5646, 2.1).
_TAG = re.compile(
    r"(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})(?:-[A-Za-z]{4})?"
    r"(?:-(?:[A-Za-z]{2}|\d{3}))?(?:-(?:[A-Za-z0-9]{5,8}|\d[A-Za-z0-9]{3}))*"
    r"(?:-x(?:-[A-Za-z0-9]{1,8})+)?"
)
_RTL_LANGUAGES = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"}
)
_RTL_SCRIPTS = frozenset({"arab", "hebr", "syrc", "thaa", "nkoo", "adlm", "rohg"})

# How a day is written out, and the months, after the Unicode CLDR's "long" formats.
_DAYS = {
    "ar": "{d} {m} {y}",
    "ca": "{d} {m} del {y}",
    "cs": "{d}. {m} {y}",
    "da": "{d}. {m} {y}",
    "de": "{d}. {m} {y}",
    "en": "{m} {d}, {y}",
    "es": "{d} de {m} de {y}",
    "fi": "{d}. {m} {y}",
    "fr": "{d} {m} {y}",
    "he": "{d} ב{m} {y}",
    "id": "{d} {m} {y}",
    "it": "{d} {m} {y}",
    "ja": "{y}年{n}月{d}日",
    "ko": "{y}년 {n}월 {d}일",
    "nb": "{d}. {m} {y}",
    "nl": "{d} {m} {y}",
    "pl": "{d} {m} {y}",
    "pt": "{d} de {m} de {y}",
    "ru": "{d} {m} {y} г.",
    "sv": "{d} {m} {y}",
    "tr": "{d} {m} {y}",
    "uk": "{d} {m} {y} р.",
    "zh": "{y}年{n}月{d}日",
}
_MONTHS = {
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "ca": "de\u00a0gener de\u00a0febrer de\u00a0març d’abril de\u00a0maig de\u00a0juny de\u00a0juliol "
    "d’agost de\u00a0setembre d’octubre de\u00a0novembre de\u00a0desembre",
    "cs": "ledna února března dubna května června července srpna září října listopadu prosince",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta "
    "syyskuuta lokakuuta marraskuuta joulukuuta",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "he": "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    "dicembre",
    "nb": "januar februar mars april mai juni juli august september oktober november desember",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października "
    "listopada grudnia",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
}
_MONTH_AND_YEAR = {
    "es": "{m} de {y}",
    "ja": "{y}年{n}月",
    "ko": "{y}년 {n}월",
    "pt": "{m} de {y}",
    "zh": "{y}年{n}月",
}
# Here a month without a day has another form than in a date.
_INFLECTED = frozenset({"ca", "cs", "fi", "pl", "ru", "uk"})
_ALIASES = {"no": "nb", "nn": "nb", "iw": "he", "in": "id"}
_DAY_FIRST_ENGLISH = frozenset({"gb", "ie", "au", "nz", "in", "za"})


def language_tag(language: str, default: str = "") -> str:
    """``language`` if it is a well-formed BCP 47 tag (underscores are mended), else ``default``."""
    tag = language.strip().replace("_", "-")
    return tag if _TAG.fullmatch(tag) else default


def direction(language: str) -> str:
    """``rtl`` for a language that is written from right to left, else ``ltr``."""
    primary, *rest = language.lower().split("-")
    script = next((part for part in rest if len(part) == 4 and part.isalpha()), "")
    if script:
        return "rtl" if script in _RTL_SCRIPTS else "ltr"
    return "rtl" if primary in _RTL_LANGUAGES else "ltr"


def long_date(timestamp: Timestamp, language: str) -> str:
    """A date as a reader of ``language`` would write it out; ISO 8601 where we do not know how."""
    value = timestamp.value
    primary, *rest = language.lower().split("-")
    primary = _ALIASES.get(primary, primary)
    form = _DAYS.get(primary)
    if value is None or timestamp.precision == "year" or form is None:
        return timestamp.day
    names = _MONTHS[primary].split(" ") if primary in _MONTHS else []
    name = names[value.month - 1] if names else ""
    if timestamp.precision == "month":
        if primary in _INFLECTED:
            return timestamp.day
        form = _MONTH_AND_YEAR.get(primary, "{m} {y}")
        return form.format(m=name, n=value.month, y=value.year)
    if primary == "en" and _DAY_FIRST_ENGLISH.intersection(rest):
        form = "{d} {m} {y}"
    day = "1er" if primary == "fr" and value.day == 1 else str(value.day)
    return form.format(d=day, m=name, n=value.month, y=value.year)
