"""The words that a book itself says: whole, in their script, with the plurals of the CLDR, in every product."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter
from typing import Any, get_args

import msgspec
import pytest
from babel import Locale
from babel.localedata import exists

import clothbound
from clothbound.language.cldr import facts_of
from clothbound.language.direction import direction
from clothbound.language.plurals import counted, plural_form
from clothbound.language.wording import Wording
from clothbound.language.words import marks_of_own_words, own_language, wording, wordings
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.book_info import BookInfo, Series
from clothbound.model.collection import Role
from clothbound.model.post import Footnote, Metadata, Post, Timestamp
from clothbound.model.posts_at_hand import as_collection
from clothbound.options import Epub, Order, Pdf, Site
from epub_checker import epubcheck

LANGUAGES = (
    "en de fr es ar he fa ur hi th zh-Hans zh-Hant ja ko ru uk pl cs it pt pt-BR nl sv da nb fi el tr id vi hu ro ca bg sk"
).split()
TABLE = {words.language: words for words in wordings()}
ENGLISH = TABLE["en"]
ALIKE = {
    "Audio",
    "Video",
    "Code",
    "Post",
    "Note",
    "Notes",
    "Page",
    "Pages",
    "Publication",
    "Index",
    "Important",
    "Links",
    "Posts",
    "Tags",
    "Tip",
    "Introduction",
    "Colophon",
    "Letters",
    "Dedication",
    " (p.\u00a0{page})",
    "{name}, {number}",
    "Part {number}",
    ", ",
    "; ",
    ": ",
}
"""Words and forms that another language may have as English has them."""
SCRIPTS = {
    "ar": "ARABIC",
    "bg": "CYRILLIC",
    "el": "GREEK",
    "fa": "ARABIC",
    "he": "HEBREW",
    "hi": "DEVANAGARI",
    "ja": "CJK HIRAGANA KATAKANA",
    "ko": "HANGUL",
    "ru": "CYRILLIC",
    "th": "THAI",
    "uk": "CYRILLIC",
    "ur": "ARABIC",
    "zh-Hans": "CJK",
    "zh-Hant": "CJK",
}
NAMES = re.compile(r"clothbound\w*|MathML\w*|TeX\w*|\{\w+\}")
"""What is written in Latin letters in every language."""


def texts_of(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from texts_of(one, f"{path}.{key}" if path else key)
    elif isinstance(value, (list, tuple)):
        for number, one in enumerate(value):
            yield from texts_of(one, f"{path}.{number}")


def said(words: Wording) -> dict[str, str]:
    """Returns all that a language says, by the names of fields."""
    everything = msgspec.to_builtins(words)
    del everything["language"], everything["unreviewed"]
    return dict(texts_of(everything))


def babel_locale(language: str) -> Locale:
    # The "pt" of the CLDR is Portuguese of Brazil, and ours that of Portugal.
    return Locale.parse("pt_PT" if language == "pt" else language.replace("-", "_"))


def test_there_are_words_in_each_language() -> None:
    assert sorted(TABLE) == sorted(LANGUAGES)
    assert Wording.__struct_defaults__ == (), "a default would hide a gap from mypy"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_word(language: str) -> None:
    words = TABLE[language]
    assert wording(language) is words
    assert own_language(language) == language
    for path, text in said(words).items():
        assert text.strip(" ") or path in ("comma", "semicolon"), path
        assert unicodedata.normalize("NFC", text) == text, path
        assert "  " not in text, path
    assert set(words.roles) == set(get_args(Role))
    assert set(words.embeds) == set(ENGLISH.embeds)
    assert set(words.unreviewed) <= set(Wording.__struct_fields__)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_says_it_with_the_same_fields(language: str) -> None:
    words, fields = said(TABLE[language]), said(ENGLISH)
    for path, text in words.items():
        found = {name for _, name, _, _ in Formatter().parse(text) if name}
        root, _, form = path.partition(".")
        if root == "many_posts":
            assert "dates" in found or {"first", "last"} <= found, path
            assert "count" in found or form == "two", path
        elif root == "reading_time":
            assert found == {"count"} or form in ("one", "two"), path
        else:
            assert found == {n for _, n, _, _ in Formatter().parse(fields[path]) if n}, path
    assert words["on_page"].count("{page}") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_are_the_cldrs(language: str) -> None:
    locale = babel_locale(language)
    tag = "pt-PT" if language == "pt" else language
    for count in (*range(400), 1000, 1001, 10**6, 10**6 + 1, 2 * 10**6, 1_100_000):
        assert plural_form(count, tag) == locale.plural_form(count), count
    words = TABLE[language]
    asked = {locale.plural_form(count) for count in range(1, 100_000)}
    assert set(words.reading_time) == asked
    assert set(words.many_posts) == {locale.plural_form(count) for count in range(2, 100_000)}


def test_a_number_chooses_its_sentence() -> None:
    russian, arabic = wording("ru"), wording("ar-EG")
    dates = {"first": "1", "last": "2", "dates": "3"}
    assert counted(russian.reading_time, 21, "ru") == "21 минута чтения"
    assert counted(russian.reading_time, 3, "ru") == "3 минуты чтения"
    assert counted(russian.reading_time, 11, "ru") == "11 минут чтения"
    assert counted(arabic.many_posts, 2, "ar-EG", **dates) == "من مقالتين نُشرتا بين 1 و2."
    assert counted(ENGLISH.reading_time, 2, "tlh") == "2 minutes to read"


@pytest.mark.parametrize("language", [tag for tag in LANGUAGES if tag != "en"])
def test_no_english_is_left_over(language: str) -> None:
    ours = said(ENGLISH)
    same = {text for path, text in said(TABLE[language]).items() if ours.get(path) == text}
    assert same <= ALIKE


@pytest.mark.parametrize("language", SCRIPTS)
def test_words_are_in_the_script_of_their_language(language: str) -> None:
    names = tuple(SCRIPTS[language].split())
    for path, text in said(TABLE[language]).items():
        for letter in filter(str.isalpha, NAMES.sub("", text)):
            name = unicodedata.name(letter)
            # U+30FC and U+3005 belong to both kana or Han.
            assert name.startswith((*names, "KATAKANA-HIRAGANA", "IDEOGRAPHIC")), (path, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_are_separated_as_the_cldr_says(language: str) -> None:
    facts = facts_of("pt-PT" if language == "pt" else language)
    assert facts is not None
    separator = facts.list.removeprefix("{0}").removesuffix("{1}").replace("\u200f", "")
    # Arabic and Thai join names by a conjunction and by a space, which part no names of other scripts.
    expected = {"ar": "، ", "th": ", "}.get(language, separator)
    assert TABLE[language].comma == expected


@pytest.mark.parametrize(
    ("language", "words", "own"),
    [
        ("pt-AO", "pt", "pt-AO"),
        ("es-419", "es", "es-419"),
        ("zh-TW", "zh-Hant", "zh-TW"),
        ("zh-SG", "zh-Hans", "zh-SG"),
        ("no", "nb", "nb"),
        ("nn-NO", "nb", "nb"),
        ("de-AT", "de", "de-AT"),
        ("iw", "he", "iw"),
        ("sr-Latn", "en", "en"),
        ("ru-Latn", "en", "en"),
        ("yo", "en", "en"),
        ("", "en", "en"),
    ],
)
def test_regional_tags_fall_back_as_the_cldr_says(language: str, words: str, own: str) -> None:
    assert wording(language).language == words
    assert own_language(language) == own


def test_words_of_another_language_are_marked_with_it_and_its_direction() -> None:
    assert exists("ps") and "ps" not in LANGUAGES
    assert marks_of_own_words("ps") == (("lang", "en"), ("dir", "ltr"))
    assert marks_of_own_words("he-IL") == ()


# products


SITE = "https://letters.example/p"


def small_book(language: str) -> clothbound.Collection:
    """Returns a book in which everything that a book says itself is said; its texts are numbers."""
    blocks = (
        b.Paragraph((i.Text("1"), i.NoteRef("n"))),
        b.Paragraph((i.Link((i.Text("22"),), f"{SITE}/one"),)),
        b.List((b.ListItem((b.Paragraph((i.Text("3"),)),), checked=True),)),
        b.List((b.ListItem((b.Paragraph((i.Text("4"),)),), checked=False),)),
        b.Callout((b.Paragraph((i.Text("5"),)),), kind="tip"),
        b.Media("audio", "https://letters.example/6.mp3"),
        b.Media("video", "https://letters.example/7.mp4"),
        b.Embed("note", text="8"),
    )
    notes = (Footnote("n", (b.Paragraph((i.Text("9"),)),)),)
    posts = [
        Post(
            Metadata(
                key=key,
                title=title,
                language=language,
                canonical_url=f"{SITE}/{key}",
                published=Timestamp(day, datetime.fromisoformat(day).replace(tzinfo=UTC), "day"),
                tags=("10",),
                authors=("11", "12"),
            ),
            blocks,
            notes,
        )
        for key, title, day in (
            ("one", "100", "2023-05-01"),
            ("two", "", "2023-06-03"),
            ("six", "300", "2024-01-02"),
        )
    ]
    info = BookInfo(
        title="1000",
        authors=("11", "12"),
        editors=("13", "14"),
        language=language,
        series=Series("15", "16"),
    )
    texts = {role: Post(Metadata(), (b.Paragraph((i.Text("17"),)),)) for role in get_args(Role)}
    del texts["colophon"]
    return clothbound.book(
        as_collection(posts), info=info, order=Order(parts="months"), texts=texts
    )


OUR_ENGLISH = sorted(
    {
        part
        for path, text in said(ENGLISH).items()
        for part in (bit.strip(" .,:;()") for bit in re.split(r"\{\w+\}", text))
        if len(part) > 2
    }
    | {"January", "May", "June"}
)
SEEN = re.compile(r'>([^<>]+)<|(?:alt|title|aria-label|content)="([^"]*)"')


def english_in(markup: str, language: str) -> set[str]:
    """Returns what a product says in our English words where its language has others."""
    own = " ".join(said(TABLE[language]).values())
    shown = {" ".join(filter(None, found.groups())) for found in SEEN.finditer(markup)}
    return {
        word
        for word in OUR_ENGLISH
        if not re.search(rf"\b{re.escape(word)}\b", own, re.I)
        and any(re.search(rf"\b{re.escape(word)}\b", text) for text in shown)
    }


def markup_in(archive: bytes) -> str:
    files = zipfile.ZipFile(io.BytesIO(archive))
    names = (n for n in files.namelist() if n.endswith(("html", "opf", "ncx")))
    return "\n".join(files.read(name).decode() for name in names)


@pytest.mark.parametrize("language", [tag for tag in LANGUAGES if tag != "en"])
def test_books_and_sites_say_everything_in_their_language(language: str) -> None:
    book = small_book(language)
    words = TABLE[language]
    for options, said_here in ((Epub(), words.contents), (Site(mentions=True), words.back)):
        made = markup_in(clothbound.write(book, options).to_bytes())
        assert english_in(made, language) == set()
        assert said_here in made
        assert words.untitled in made
        assert f'aria-label="{words.done}"' in made
        assert f'dir="{direction(language)}"' in made or direction(language) == "ltr"
        # Titles that are ours are in the language of the book.
        assert 'lang="zh"' not in made


@pytest.mark.parametrize("options", [Epub(), Site(mentions=True)])
def test_english_words_in_a_book_without_words_are_marked(options: Any) -> None:
    made = markup_in(clothbound.write(small_book("ps"), options).to_bytes())
    assert 'dir="rtl"' in made
    for words in ("Tip", "Audio", "Contents" if isinstance(options, Epub) else "Next"):
        before = made[: made.rindex(f">{words}<")]
        tag = before[before.rindex("<") :]
        assert 'lang="en"' in tag and 'dir="ltr"' in tag, words
    assert "</span>: <a " in made, "the colon of a player is on the side of its line"
    if isinstance(options, Epub):
        line = re.search("<p([^>]*)>Made from 3 posts", made)
        page = made[: line.start()] if line else ""
        assert 'lang="en"' in page[page.rindex("<html") :]


def test_what_is_looked_for_is_found() -> None:
    made = markup_in(clothbound.write(small_book("en"), Epub()).to_bytes())
    found = english_in(made.replace("Untitled", "Ohne Titel"), "de")
    assert {"Contents", "About this book", "Tip", "May", "Foreword"} <= found


@pytest.mark.slow
def test_epubcheck_has_nothing_to_say(tmp_path: Path) -> None:
    for language in LANGUAGES:
        path = tmp_path / f"{language}.epub"
        clothbound.write(small_book(language), Epub()).save(path)
        assert epubcheck(path) == [], language


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
@pytest.mark.parametrize("language", [tag for tag in LANGUAGES if tag != "en"])
def test_printed_books_hold_no_english_of_ours(language: str, engine: Any) -> None:
    from pypdf import PdfReader

    data = clothbound.write(small_book(language), Pdf(engine=engine)).to_bytes()
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    assert english_in(f">{text}<", language) == set()
