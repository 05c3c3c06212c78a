"""A book's matter: every line that stands around the posts, as one document for each edition."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec
import pytest
import yaml
from msgspec.structs import replace

from book_info import with_info
from clothbound.matter import Edition, chapter_head, fill_matter
from clothbound.model.book_info import BookInfo, Series
from clothbound.model.collection import Collection, Part, Role
from clothbound.model.post import Metadata, Post, Timestamp
from clothbound.model.posts_at_hand import as_collection
from sample_nodes import day

CASES = Path(__file__).parent / "cases" / "matter"


def book() -> Collection:
    posts = [
        Metadata(key="for", title="For Ada"),
        Metadata(key="fore", title="Before we begin", authors=("Ruth Bergset",)),
        Metadata(
            key="glue",
            title='On "glue" and other things that hold a book together: a letter',
            subtitle="What holds, and what doesn't",
            published=day("2022-03-01"),
            authors=("Ada Quill",),
        ),
        Metadata(key="untitled", slug="a-short-note", published=day("2022-11-15")),
        Metadata(
            key="leim",
            title='Der "Leim"',
            language="de",
            published=day("2023-01-31"),
            authors=("Tobias Lind",),
            audience="only_paid",
        ),
        Metadata(key="after", title="Afterword"),
    ]
    roles: dict[str, Role] = {"for": "dedication", "fore": "foreword", "after": "afterword"}
    return replace(
        as_collection([Post(metadata) for metadata in posts]),
        info=BookInfo(
            title="The Bookbinder's Letters, 2022–2023",
            subtitle="",
            authors=("Ada Quill",),
            editors=("Tobias Lind", "Ruth Bergset"),
            language="en-GB",
            publisher="Net Loft",
            rights="© 2023 Ada Quill\nAll rights reserved.",
            isbn="978-3-16-148410-0",
            series=Series("The Year's Letters", "3"),
            also_in_series=('The First "Letters"',),
            identifier="urn:isbn:9783161484100",
        ),
        parts=(Part("2022", ("glue", "untitled")), Part("2023", ("leim",))),
        roles=roles,
    )


@pytest.mark.parametrize("edition", ["ebook", "print"])
def test_the_matter_of_a_book_is_a_document(edition: Edition) -> None:
    """The documents are for people to read, whole: tests/cases/matter/*.yaml."""
    made = book()
    matter = fill_matter(made, edition)
    document = {
        "matter": msgspec.to_builtins(matter),
        "heads": [msgspec.to_builtins(chapter_head(m, matter)) for m in made.index],
    }
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=200)
    assert text == (CASES / f"{edition}.yaml").read_text(encoding="utf-8")


def test_a_subtitle_keeps_the_years_in_the_title_of_a_cover() -> None:
    cover = fill_matter(with_info(book(), subtitle="Collected"), "print").cover
    assert (cover.title, cover.subtitle) == ("The Bookbinder’s Letters, 2022–2023", "Collected")


def test_a_book_without_a_name_takes_its_posts_words() -> None:
    bare = with_info(replace(book(), roles={}, parts=()), title="", authors=())
    printed, electronic = fill_matter(bare, "print"), fill_matter(bare, "ebook")
    assert printed.title == "For Ada"
    assert printed.authors == ("Ruth Bergset", "Ada Quill", "Tobias Lind")
    assert (electronic.title, electronic.authors) == ("Untitled", ())


def test_a_text_of_the_books_own_takes_the_place_of_the_colophon() -> None:
    assert fill_matter(book(), "ebook").colophon is not None
    roles: dict[str, Role] = {"after": "colophon"}
    assert fill_matter(replace(book(), roles=roles), "ebook").colophon is None


def test_what_a_language_lacks_is_said_in_english_and_marked_so() -> None:
    matter = fill_matter(with_info(book(), language="gd"), "ebook")
    assert matter.colophon is not None
    assert (matter.language, matter.colophon.language) == ("gd", "en")
    assert matter.colophon.sources[0].startswith(
        "Made from 3 posts, published between March 1, 2022"
    )


def test_newest_is_the_latest_moment_and_not_the_latest_text() -> None:
    early = Timestamp(
        "2022-01-02T00:00:00+09:00", datetime.fromisoformat("2022-01-01T15:00:00+00:00")
    )
    late = Timestamp("2022-01-01T20:00:00Z", datetime.fromisoformat("2022-01-01T20:00:00+00:00"))
    posts = [Post(Metadata(key="a", published=late)), Post(Metadata(key="b", published=early))]
    assert fill_matter(as_collection(posts), "print").newest is late
