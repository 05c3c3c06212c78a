"""Write docs/reference/languages.md from the words of the languages."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from babel import Locale

from clothbound.language.dates import date_range, long_date
from clothbound.language.direction import direction
from clothbound.language.plurals import counted
from clothbound.language.quotes import marks_of
from clothbound.language.wording import Wording
from clothbound.language.words import wordings
from clothbound.model.post import Timestamp

PAGE = Path(__file__).parent / "reference" / "languages.md"
INTRODUCTION = """\
# Languages of books

Posts may be in any language. What a book says itself (contents, notes, title pages, the colophon, boxes, cards, dates,
landmarks, descriptions for screen readers) it says in the language of the book: of `language` in `book.toml`, of `-M
language=...`, or as [the posts are](../how-to/many-posts.md). These languages have words of their own:

"""
FALLBACK = """
A tag with a region or a script has the words of the language from which it inherits in the Unicode CLDR: `pt-AO` those of
`pt`, `es-419` those of `es`, `zh-TW` and `zh-HK` those of `zh-Hant`, `no` and `nn` those of `nb`. `zh` is `zh-Hans`. In any
other language the words are English, and marked with `lang="en" dir="ltr"`, so that a screen reader reads them as
English and a page from right to left shows them in order. Dates, the forms of nouns after numbers ("3 записи",
"5 записей") and the direction of writing are the CLDR's, of every language that it knows.

Digits are European in all languages, as page numbers are. Print in Hebrew, Arabic, Devanagari and Thai needs fonts of
these scripts, which the extra `scripts` brings ([Print](../how-to/print.md)); the report of a book names the letters that
no font has, script by script.

## What nobody has reviewed

The other words were compared with those of pandoc and LaTeX's babel, of Material for MkDocs, of docutils and of pages on the
parts of books in the language, as the heading of each module of `src/clothbound/language/wordings/` says. The following
had no such source, and no native speaker has looked at them yet. Corrections are welcome.

"""


def page() -> str:
    """Returns the whole page."""
    table = wordings()
    lines = [
        "| tag | language | direction | contents | a date | quotation marks | colophon |",
        "|:--|:--|:--|:--|:--|:--|:--|",
        *map(_row, table),
    ]
    doubtful: dict[tuple[str, ...], list[str]] = {}
    for words in table:
        if words.unreviewed:
            doubtful.setdefault(words.unreviewed, []).append(words.language)
    unreviewed = [
        f"- {', '.join(f'`{tag}`' for tag in tags)}: {', '.join(f'`{name}`' for name in fields)}"
        for fields, tags in doubtful.items()
    ]
    return f"{INTRODUCTION}{_joined(lines)}{FALLBACK}{_joined(unreviewed)}"


def _row(words: Wording) -> str:
    tag = words.language
    first, last = (datetime(2023, month, day, tzinfo=UTC) for month, day in ((5, 1), (6, 14)))
    stamps = [Timestamp("", value, "day") for value in (first, last)]
    begins, ends = (long_date(stamp, tag) for stamp in stamps)
    made = counted(
        words.many_posts, 3, tag, first=begins, last=ends, dates=date_range(*stamps, tag)
    )
    marks = " ".join(marks_of(tag)) or "as given"
    name = Locale.parse(tag.replace("-", "_")).get_display_name("en")
    cells = (f"`{tag}`", name, direction(tag), words.contents, begins, marks, made)
    return f"| {' | '.join(map(str, cells))} |"


def _joined(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
