"""Tests how posts become a book: selection, order, parts, titles."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

import clothbound
from clothbound.anthology import post_dates
from clothbound.anthology.order import Order
from clothbound.anthology.select import Select, without_secrets
from clothbound.diagnostics import DiagnosticCode, Severity
from clothbound.errors import UsageError
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.book_info import BookInfo, Series
from clothbound.model.collection import Collection, Part, Role
from clothbound.model.post import Metadata, Post, Timestamp
from clothbound.model.posts_at_hand import as_collection

NEW_YORK = ZoneInfo("America/New_York")
TOKYO = ZoneInfo("Asia/Tokyo")


def stamp(text: str) -> Timestamp:
    precision = {4: "year", 7: "month", 10: "day"}.get(len(text), "second")
    value = datetime.fromisoformat(text + "-01-01"[: max(0, 10 - len(text))])
    return Timestamp(text, value if value.tzinfo else value.replace(tzinfo=UTC), precision)  # type: ignore[arg-type]


def post(name: str, date: str = "", **fields: object) -> Post:
    published = stamp(date) if date else None
    return Post(Metadata(slug=name, source=f"{name}.md", published=published, **fields))  # type: ignore[arg-type]


def collection(*posts: Post) -> Collection:
    return as_collection(posts)


def slugs(made: Collection) -> list[str]:
    assert [p.metadata.slug for p in made] == [m.slug for m in made.index]
    assert [p.metadata.key for p in made] == [m.key for m in made.index]
    return [m.slug for m in made.index]


POSTS = collection(
    post("c", "2023-03-01", tags=("sea",), kind="newsletter"),
    post("undated"),
    post("a", "2022-12-31T23:30:00+00:00", audience="only_paid"),
    post("b", "2023-01-01", tags=("sea", "land"), kind="podcast"),
    post("draft", "2023-02-01", is_draft=True),
)


def test_posts_stand_by_date_and_undated_ones_last() -> None:
    assert slugs(clothbound.book(POSTS)) == ["a", "b", "c", "undated"]
    assert slugs(clothbound.book(POSTS, order=Order(reverse=True))) == ["c", "b", "a", "undated"]


def test_a_selection() -> None:
    def chosen(**selection: object) -> list[str]:
        return slugs(clothbound.book(POSTS, Select(**selection)))  # type: ignore[arg-type]

    day = datetime(2023, 1, 1, tzinfo=UTC)
    assert chosen(year=2023) == ["b", "c"]
    assert chosen(after=day) == ["b", "c"]
    assert chosen(before=day) == ["a"]
    assert chosen(tags=["land"]) == ["b"]
    assert chosen(tags=["land", "sea"]) == ["b", "c"]
    assert chosen(kinds=["podcast"]) == ["b"]
    assert chosen(audiences=["only_paid"]) == ["a"]
    assert chosen(audiences=["everyone"]) == ["b", "c", "undated"]
    assert chosen(drafts=True, year=2023) == ["b", "draft", "c"]


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (Select(tags=["land", "See"]), "no post has the tag 'See'; did you mean 'sea'?"),
        (Select(tags=["air"]), "no post has the tag 'air'. Hint: the posts have land, sea"),
        (
            Select(kinds=["podcast", "newsleter"]),
            "the type 'newsleter'; did you mean 'newsletter'?",
        ),
        (
            Select(audiences=["everyone", "payd"]),
            "no post has the audience 'payd'; did you mean 'paid'?",
        ),
        (Select(audiences=["Only_Paid"]), "did you mean 'only_paid'?"),
        (BookInfo(series=Series("S", "two")), "'two' is not a number. Hint: write 3, or 2.5"),
        (
            Select(sites=["https://x.example/?a=b"]),
            "'https://x.example/?a=b' has a query or a fragment",
        ),
        (
            Select(sites=["x.example", "ftp://x.example"]),
            "'ftp://x.example' is not the address of a site",
        ),
        (Select(sites=["https://a:b@x.example/"]), "is not the address of a site"),
        (Select(sites=["x example"]), "'x example' is not the address of a site"),
        (BookInfo(series=Series(position="2")), "has the number 2, and is in no series"),
    ],
)
def test_a_word_that_would_leave_posts_out_is_refused(wanted: Select | BookInfo, says: str) -> None:
    posts = collection(*POSTS, post("m", "2020-01-01", audience="paid"))
    with pytest.raises(UsageError) as raised:
        if isinstance(wanted, Select):
            clothbound.book(posts, wanted)
        else:
            clothbound.book(posts, info=wanted)
    assert says in str(raised.value)


@pytest.mark.parametrize(
    "site",
    ["x.example", "https://x.example/", "//x.example:8000/blog", "HTTP://x.example", "localhost"],
)
def test_a_site_is_a_host_or_an_address(site: str) -> None:
    host = site.lower().partition("//")[2] or site
    assert clothbound.book(POSTS, Select(sites=[site])).index.sites == (host.split("/")[0],)


def test_a_usual_word_may_be_asked_for_before_a_post_has_it() -> None:
    assert slugs(clothbound.book(POSTS, Select(audiences=["everyone", "founding"]))) == [
        "b",
        "c",
        "undated",
    ]
    # Nor is it wrong to ask a year's posts for a tag that those of another year have.
    of_2023 = clothbound.book(collection(*POSTS, post("m", "2020-01-01", tags=("air",))), year=2023)
    assert slugs(clothbound.book(of_2023, Select(tags=["land", "air"]))) == ["b"]


def test_the_year_is_that_of_a_reader_in_the_time_zone() -> None:
    assert slugs(clothbound.book(POSTS, Select(year=2023, timezone=TOKYO))) == ["a", "b", "c"]
    # A day without a time is that day everywhere.
    assert slugs(clothbound.book(POSTS, Select(year=2023, timezone=NEW_YORK))) == ["b", "c"]
    first = datetime(2023, 1, 1, tzinfo=NEW_YORK)
    assert slugs(clothbound.book(POSTS, Select(after=first, timezone=NEW_YORK))) == ["b", "c"]


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00"])
def test_dates_at_the_ends_of_the_calendar_stop_nothing(date: str) -> None:
    posts = collection(post("a", date))
    for zone in (TOKYO, NEW_YORK):
        for parts in ("none", "months", "years"):
            made = clothbound.book(posts, Select(timezone=zone), order=Order(parts=parts))
            assert slugs(made) == ["a"]
        assert post_dates.newest_full_year(posts, zone) in (1, 9999)


def test_an_empty_selection_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="no post"):
        clothbound.book(POSTS, year=1999)


def test_undated_posts_are_named_drafts_are_counted_and_others_are_neither() -> None:
    def skipped(made: Collection) -> list[tuple[str, Severity]]:
        return [
            (d.source, d.severity)
            for d in made.diagnostics
            if d.code is DiagnosticCode.POST_SKIPPED
        ]

    assert skipped(clothbound.book(POSTS)) == [("", Severity.INFO)]
    assert skipped(clothbound.book(POSTS, year=2023)) == [
        ("undated.md", Severity.WARNING),
        ("", Severity.INFO),
    ]


@pytest.mark.parametrize(
    ("dates", "year"),
    [
        (["2021-05-01", "2022-12-01"], 2022),
        (["2021-05-01", "2022-11-30"], 2021),
        (["2021-05-01", "2022-06-01", "2023-01-01"], 2022),
        (["2022-03-01"], 2022),
        ([], None),
        (["2021-05-01", "2022-11-30T23:30:00-05:00"], 2021),
    ],
)
def test_the_newest_full_year(dates: list[str], year: int | None) -> None:
    posts = collection(*(post(f"p{n}", date) for n, date in enumerate(dates)))
    assert post_dates.newest_full_year(posts) == year
    with_draft = collection(*posts, post("d", "2030-12-01", is_draft=True))
    shown = without_secrets(with_draft, datetime(2024, 1, 1, tzinfo=UTC))
    assert post_dates.newest_full_year(shown) == year


def test_december_is_that_of_the_time_zone() -> None:
    posts = collection(post("a", "2021-01-01"), post("b", "2022-12-01T01:00:00+00:00"))
    assert post_dates.newest_full_year(posts, NEW_YORK) == 2021
    assert post_dates.newest_full_year(posts, TOKYO) == 2022


def test_what_is_not_given_is_inferred_and_reported() -> None:
    posts = collection(
        post("a", "2022-01-01", authors=("Ann",), language="de"),
        post("b", "2023-01-01", authors=("Ben",), language="de"),
        post("c", "2023-02-01", authors=("Ben",), audience="only_paid"),
    )
    made = clothbound.book(posts)
    assert (made.info.title, made.info.authors, made.info.language) == (
        "Briefe 2022–2023",
        ("Ben", "Ann"),
        "de",
    )
    told = [d.message for d in made.diagnostics if d.code is DiagnosticCode.INFERRED]
    assert [m.split(":")[0] for m in told[:3]] == ["title", "author", "language"]
    assert "1 of 3 posts" in told[-1]


def test_what_is_given_wins_and_is_not_reported() -> None:
    made = clothbound.book(
        POSTS, info=BookInfo(title="T", authors=("A",), language="fr", cover="c.png")
    )
    assert (made.info.title, made.info.authors, made.info.language, made.info.cover) == (
        "T",
        ("A",),
        "fr",
        "c.png",
    )
    assert not any("--title" in d.message for d in made.diagnostics)


def test_parts_hold_every_key_in_order() -> None:
    for parts, titles in (
        ("months", ["December 2022", "January 2023", "March 2023", "Undated"]),
        ("years", ["2022", "2023", "Undated"]),
        ("none", []),
    ):
        made = clothbound.book(POSTS, order=Order(parts=parts))
        assert [part.title for part in made.parts] == titles
        if titles:
            assert [k for part in made.parts for k in part.keys] == [m.key for m in made.index]


def test_a_month_and_a_minimum_of_words() -> None:
    assert slugs(clothbound.book(POSTS, Select(month="2023-01"))) == ["b"]
    assert slugs(clothbound.book(POSTS, Select(month="2023-01", timezone=TOKYO))) == ["a", "b"]
    long = Post(Metadata(slug="long"), (b.Paragraph((i.Text("three short words"),)),))
    posts = collection(long, Post(Metadata(slug="short"), (b.Paragraph((i.Text("two words"),)),)))
    made = clothbound.book(posts, Select(min_words=3))
    assert slugs(made) == ["long"]
    assert [d.message for d in made.diagnostics if d.code is DiagnosticCode.POST_SKIPPED] == [
        "left out: it has 2 words"
    ]


def test_posts_by_title_and_as_they_were_found() -> None:
    posts = collection(
        post("1", "2023-01-01", title="Émile"),
        post("2", "2022-01-01", title="“Eat!”"),
        post("3", "2021-01-01", title="fog"),
    )
    assert slugs(clothbound.book(posts, order=Order(by="title"))) == ["2", "1", "3"]
    assert slugs(clothbound.book(posts, order=Order(by="title", reverse=True))) == ["3", "1", "2"]
    assert slugs(clothbound.book(posts, order=Order(by="source"))) == ["1", "2", "3"]
    assert slugs(clothbound.book(posts, order=Order(by="source", reverse=True))) == ["3", "2", "1"]


def test_the_posts_of_a_part_stand_together_whatever_the_order() -> None:
    made = clothbound.book(POSTS, Select(audiences=["everyone"]), order=Order(parts="tags"))
    assert [(p.title, len(p.keys)) for p in made.parts] == [("sea", 2), ("Other", 1)]
    posts = collection(
        post("b", "2023-01-01", title="B"),
        post("a", "2022-01-01", title="A"),
        post("c", "2022-02-01", title="C"),
    )
    made = clothbound.book(posts, order=Order(parts="years", by="title"))
    assert slugs(made) == ["a", "c", "b"]
    assert [p.title for p in made.parts] == ["2022", "2023"]


def test_parts_by_tags_are_few() -> None:
    posts = collection(
        post("1", "2021-01-01", tags=("a", "x")),
        post("2", "2021-01-02", tags=("b", "a", "y")),
        post("3", "2021-01-03", tags=("b", "a")),
        post("4", "2021-01-04", tags=("b", "z")),
        post("5", "2021-01-05", tags=("z",)),
        post("6", "2021-01-06", tags=("alone",)),
        post("7", "2021-01-07"),
    )
    made = clothbound.book(posts, order=Order(parts="tags"))
    assert [(p.title, len(p.keys)) for p in made.parts] == [("a", 3), ("z", 2), ("Other", 2)]


@pytest.mark.parametrize(
    ("keyword", "select", "info"),
    [
        ({"year": 2023}, Select(year=2022), None),
        ({"title": "T"}, None, BookInfo(title="U")),
        ({"authors": ["A"]}, None, BookInfo(authors=("A",))),
    ],
)
def test_what_is_given_twice_is_an_error(
    keyword: dict[str, Any], select: Select | None, info: BookInfo | None
) -> None:
    with pytest.raises(TypeError, match=f"{next(iter(keyword))} is given twice"):
        clothbound.book(POSTS, select, info, **keyword)
    assert len(clothbound.book(POSTS, Select(), BookInfo(), **keyword)) > 1


def test_fields_of_the_collection_stand_where_none_are_given() -> None:
    known = msgspec.structs.replace(
        POSTS, info=BookInfo(publisher="Net Loft", series=Series("Letters", "2"), language="nb")
    )
    made = clothbound.book(known, info=BookInfo(series=Series(position="3"), language="de"))
    assert made.info.publisher == "Net Loft"
    assert made.info.series == Series("Letters", "3")
    assert made.info.language == "de"


def test_chapters_by_hand() -> None:
    chapters: list[str | Part] = ["c", Part("Winter", ("b", "a")), "undated"]
    made = clothbound.book(POSTS, order=Order(chapters=chapters, titles={"b": "Ice"}))
    assert slugs(made) == ["c", "b", "a", "undated"]
    assert made.parts == (Part("Winter", ("b", "a")),)
    assert made.index["b"].title == "Ice"
    assert made[1].metadata.title == "Ice"
    assert slugs(clothbound.book(POSTS, year=2023, order=Order(chapters=chapters))) == ["c", "b"]
    assert clothbound.book(POSTS, Select(tags=["sea"]), order=Order(chapters=chapters)).parts == (
        Part("Winter", ("b",)),
    )
    with pytest.raises(UsageError, match="did you mean 'undated'"):
        clothbound.book(POSTS, order=Order(chapters=["undatd"]))
    with pytest.raises(UsageError, match="is given twice"):
        clothbound.book(POSTS, order=Order(chapters=["a", Part("Winter", ("a",))]))


def test_texts_that_are_no_chapters(tmp_path: Path) -> None:
    (tmp_path / "words.md").write_text("# Before all this\n\nWords.\n")
    texts: dict[Role, Post | Path] = {
        "colophon": Post(Metadata(slug="end", published=stamp("2023-01-01"))),
        "foreword": tmp_path / "words.md",
        "dedication": Post(),
    }
    made = clothbound.book(POSTS, order=Order(parts="years"), texts=texts)
    assert made.roles == {
        "text-colophon": "colophon",
        "text-foreword": "foreword",
        "text-dedication": "dedication",
    }
    assert [m.key for m in made.index][:2] == ["text-dedication", "text-foreword"]
    assert [m.key for m in made.index][-1] == "text-colophon"
    assert [p.metadata for p in made] == list(made.index)
    assert [m.title for m in made.index if m.key in made.roles] == [
        "Dedication",
        "Before all this",
        "Colophon",
    ]
    assert not any(m.published for m in made.index if m.key in made.roles)
    assert not any(key in made.roles for part in made.parts for key in part.keys)
    with pytest.raises(UsageError, match="did you mean 'foreword'"):
        clothbound.book(POSTS, texts={"forword": Post()})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("978-3-16-148410-0", "978-3-16-148410-0"),
        ("ISBN 978 3 16 148410 0", "978-3-16-148410-0"),
        ("0-306-40615-2", "9780306406157"),
        ("080442957X", "9780804429573"),
    ],
)
def test_an_isbn(given: str, made: str) -> None:
    assert clothbound.book(POSTS, info=BookInfo(isbn=given)).info.isbn == made


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("978-3-16-148410-1", "the last should be 0"),
        ("0-306-40615-3", "the last should be 2"),
        ("978", "thirteen digits"),
        ("٩٧٨٣١٦١٤٨٤١٠٠", "thirteen digits"),
        ("1234567890128", "978 nor 979"),
    ],
)
def test_what_is_no_isbn(given: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        clothbound.book(POSTS, info=BookInfo(isbn=given))


def test_own_hosts_are_those_of_the_whole_archive_or_given() -> None:
    assert clothbound.book(POSTS, Select(sites=["https://Letters.example/"])).index.sites == (
        "letters.example",
    )


def test_slices_and_iteration_agree() -> None:
    made = clothbound.book(POSTS)
    assert [p.metadata.slug for p in made[1:3]] == ["b", "c"]
    assert made[-1].metadata.slug == "undated"
    assert len(made) == 4
    assert list(made) == list(made)


def test_a_link_from_one_years_book_to_another_leads_to_the_network(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ndate: 2023-01-01\n---\n[next](b.md)\n")
    (tmp_path / "b.md").write_text("---\ndate: 2024-01-01\nslug: next-one\n---\nb\n")
    posts = clothbound.read(tmp_path)
    book = clothbound.book(posts, Select(year=2023, sites=["letters.example"]))
    artifact = clothbound.write(book, "html")
    assert 'href="https://letters.example/p/next-one"' in artifact.to_bytes().decode()


def test_the_day_of_a_post_is_the_one_that_its_source_writes(tmp_path: Path) -> None:
    for name, date in (
        ("old", "2022-12-31T20:00:00-05:00"),  # in UTC it is the latest of the three
        ("new", "2023-01-01T00:30:00+00:00"),
        ("last", "2023-12-30T12:00:00+00:00"),
    ):
        (tmp_path / f"{name}.md").write_text(
            f"---\ntitle: {name}\nslug: {name}\ndate: {date}\n---\n\nWords.\n"
        )
    posts = clothbound.read(tmp_path)

    def titles(year: int, **zone: str) -> list[str]:
        return [m.title for m in clothbound.book(posts, Select(year=year, **zone)).index]

    assert (titles(2022), titles(2023)) == (["old"], ["new", "last"])
    assert titles(2023, timezone="UTC") == ["new", "old", "last"]
    assert titles(2022, timezone="America/New_York") == ["new", "old"]
    after = [Select(after="2023-01-01"), Select(after="2023-01-01T00:00:00")]
    assert [len(clothbound.book(posts, one)) for one in after] == [2, 2]
    assert len(clothbound.book(posts, Select(before="2023-01-01"))) == 1
    for zone, shown, parts in (
        ({}, ["2022-12-31", "2023-01-01", "2023-12-30"], ["2022", "2023"]),
        ({"timezone": "UTC"}, ["2023-01-01", "2023-01-01", "2023-12-30"], ["2023"]),
    ):
        book = clothbound.book(posts, Select(**zone), order=Order(parts="years"))
        assert [part.title for part in book.parts] == parts
        days = [m.published.day if m.published else "" for m in book.index]
        assert days == shown
        with zipfile.ZipFile(io.BytesIO(clothbound.write(book, "epub").to_bytes())) as archive:
            chapters = [archive.read(f"EPUB/{m.key}.xhtml").decode() for m in book.index]
        assert all(f'datetime="{day}"' in text for day, text in zip(days, chapters, strict=True))
        with zipfile.ZipFile(io.BytesIO(clothbound.write(book, "site").to_bytes())) as archive:
            found = archive.read("index.html").decode()
        assert re.findall(r"<h2>(\d{4})</h2>", found) == parts


def test_posts_that_share_no_tag_are_the_last_part_though_they_are_the_oldest() -> None:
    posts = collection(
        post("1", "2021-01-01", tags=("alone",)),
        post("2", "2021-01-02", tags=("z",)),
        post("3", "2021-01-03", tags=("z",)),
        post("4", "2021-01-04", tags=("a",)),
        post("5", "2021-01-05", tags=("a",)),
        post("6", "2021-01-06", tags=("a",)),
    )
    made = clothbound.book(posts, order=Order(parts="tags"))
    assert [(p.title, len(p.keys)) for p in made.parts] == [("z", 2), ("a", 3), ("Other", 1)]
    assert slugs(made) == ["2", "3", "4", "5", "6", "1"]
    made = clothbound.book(posts, order=Order(parts="tags", reverse=True))
    assert [p.title for p in made.parts] == ["a", "z", "Other"]
