"""Headers of posts and, below each, the metadata and the text that are read."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import clothbound
from clothbound.limits import Limits
from clothbound.model.blocks import Heading, Paragraph
from clothbound.model.inlines import Text
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Metadata
from clothbound.readers.front_matter import Header, read_header
from clothbound.readers.post_metadata import read_metadata
from clothbound.verify.content import Kind, words_of
from clothbound.verify.sources import content_of

CASES = Path(__file__).parent / "cases" / "headers" / "headers.txt"
_NAME = re.compile(r"(.*?)(?: \(([\w.-]+\.md)(?: in (\w+))?\))?$")


def shown(text: str, name: str) -> str:
    """Returns the metadata that differs from that of an empty post, and the body."""
    found = _NAME.fullmatch(name)
    assert found is not None
    header = read_header(text, Limits())
    metadata = read_metadata(header, found[2] or "post.md", "", found[3] or "")
    lines = []
    empty = Metadata(title="Post", source=found[2] or "post.md")
    for field in metadata.__struct_fields__:
        value = getattr(metadata, field)
        if value != getattr(empty, field):
            shown_value = value
            if field in ("published", "updated"):
                shown_value = f"{value.text} = {value.value} ({value.precision})"
            lines.append(f"{field}: {shown_value}")
    lines += [f"! {line} {code}: {message}" for code, message, line in header.findings]
    return "\n".join([*lines, f"{header.body_line} |{header.body}"]).rstrip("\n")


def read_cases() -> list[str]:
    return re.split(r"^%% ", CASES.read_text("utf-8"), flags=re.M)[1:]


if os.environ.get("CLOTHBOUND_UPDATE"):
    written = []
    for one in read_cases():
        title, _, below = one.partition("\n")
        written.append(
            f"%% {one.partition('%%=>')[0]}%%=>\n{shown(below.partition('%%=>')[0], title)}\n"
        )
    CASES.write_text("".join(written), "utf-8")


@pytest.mark.parametrize("case", read_cases(), ids=lambda case: str(case).partition("\n")[0])
def test_reads_the_header_as_written_below_it(case: str) -> None:
    name, _, rest = case.partition("\n")
    source, _, expected = rest.partition("%%=>\n")
    assert shown(source, name) == expected.rstrip("\n")


WORDS = st.text("abc DEf,.'", min_size=1, max_size=40)


@given(first=st.sampled_from(["Note", "Update", "PS", "Warning", "Q", "Edit"]), words=WORDS)
def test_prose_with_a_colon_stays_text(first: str, words: str) -> None:
    text = f"{first}: {words}\n\nMore.\n"
    assert read_header(text, Limits()) == Header(body=text)


@given(lines=st.lists(WORDS, min_size=1, max_size=4), rest=WORDS)
def test_text_above_which_no_key_is_known_stays_text(lines: list[str], rest: str) -> None:
    text = "\n".join([*(f"Q{n}: {line}" for n, line in enumerate(lines)), "", rest])
    assert read_header(text, Limits()) == Header(body=text)


@given(
    fields=st.dictionaries(st.sampled_from(["Title", "Date", "Cover", "X y"]), WORDS, min_size=1),
    body=st.text("ab\n:%", max_size=20),
)
def test_nothing_of_a_post_is_lost_between_header_and_body(
    fields: dict[str, str], body: str
) -> None:
    text = "".join(f"{key}: {value}\n" for key, value in fields.items()) + "\n" + body
    found = read_header(text, Limits())
    assert found.written + found.body == text
    assert found.body_line == found.written.count("\n") + 1
    # Without a digit, what stands behind Date is no date.
    has_date = "Date" in fields and not fields["Date"].strip()
    assert bool(found.fields) == ("Title" in fields or has_date)


def test_the_base_level_moves_headings(tmp_path: Path) -> None:
    for header in (
        "Title: A\nBase Header Level: 3\n\n",
        "---\ntitle: A\nbaseheaderlevel: 3\n---\n\n",
    ):
        path = tmp_path / "a.md"
        path.write_text(f"{header}# One\n\n##### Two\n\n[%Title] and [%none]\n", "utf-8")
        (post,) = clothbound.read(path)
        assert [block.level for block in post.body if isinstance(block, Heading)] == [3, 6]
        assert plain_text(post.body[-1]) == "A and [%none]"


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Q&amp;A", "Q&A"),
        ("one&#58; two &#x2B; three", "one: two + three"),
        ("caf&eacute;&nbsp;bar&#10;", "caf\u00e9 bar"),
        ("AT&T, R&D; &foo; &copy 2024", "AT&T, R&D; &foo; &copy 2024"),
        (r"\&amp; and \*", "&amp; and *"),
        ("a&#0;b&#xFFFF;c", "a\ufffdbc"),
    ],
)
def test_a_header_says_characters_as_markdown_does(written: str, title: str) -> None:
    header = f"---\ntitle: '{written}'\ncover_alt: '{written}'\n---\n"
    posts = clothbound.read(header.encode())
    for read in (posts, clothbound.read(clothbound.write(posts, "markdown").to_bytes())):
        (post,) = read.posts
        assert (post.title, post.metadata.cover_alt) == (title, title)


@pytest.mark.parametrize(
    ("written", "subtitle"),
    [
        ("**What we found** in _2019_, and [more](/news/more)", "What we found in 2019, and more"),
        ("A *short* and a __long__ one", "A short and a long one"),
        ("2 * 3 * 4 and **kwargs, snake_case_name", "2 * 3 * 4 and **kwargs, snake_case_name"),
        ("*args and **kwargs", "*args and **kwargs"),
    ],
)
def test_a_subtitle_has_no_marks_of_markdown(written: str, subtitle: str) -> None:
    header = read_header(f"---\ndeck: '{written}'\n---\nWords.\n", Limits())
    assert read_metadata(header, "post.md", "").subtitle == subtitle


NOTATIONS = [
    case.partition("\n")[2].partition("%%=>")[0]
    for case in read_cases()
    if re.search(r"(?m)^title: The", case.partition("%%=>")[2]) and "slip" in case
]


@pytest.mark.parametrize("text", NOTATIONS)
def test_the_count_knows_headers_in_the_notations_of_other_programs(text: str) -> None:
    said = [item.value for item in content_of(text.encode(), ".md") if item.kind is Kind.WORD]
    title = read_metadata(read_header(text, Limits()), "post.md", "", "").title
    assert said == [item.value for item in words_of(f"{title} Text")]


BASHBLOG = "The slip at dawn?\n\nText.\n\nTags: boats, low-tide\n"


def test_the_count_knows_the_tags_of_bashblog() -> None:
    said = [item.value for item in content_of(BASHBLOG.encode(), ".md") if item.kind is Kind.WORD]
    assert said == ["the", "slip", "at", "dawn", "text"]


def test_a_text_that_looks_like_bashblogs_survives_our_markdown_without_a_header() -> None:
    paragraphs = tuple(Paragraph((Text(part),)) for part in BASHBLOG.strip().split("\n\n"))
    post = clothbound.Post(Metadata(title=""), paragraphs)
    made = clothbound.write([post], clothbound.Markdown(header=False)).to_text()
    (read,) = clothbound.read(made.encode(), "markdown").posts
    assert " ".join(plain_text(read).split()) == " ".join(BASHBLOG.split())


def test_the_count_takes_what_an_author_says_for_words() -> None:
    text = b"Author: You came at last.\nReader: I was held up.\n\nThey went in.\n"
    said = [item.value for item in content_of(text, ".md") if item.kind is Kind.WORD]
    assert " ".join(said) == "author you came at last reader i was held up they went in"


@pytest.mark.parametrize("text", NOTATIONS)
def test_a_text_that_looks_like_such_a_header_survives_our_markdown(text: str) -> None:
    post = clothbound.Post(Metadata(title=""), (Paragraph((Text(text.strip()),)),))
    made = clothbound.write([post], "markdown").to_text()
    (read,) = clothbound.read(made.encode(), "markdown").posts
    assert " ".join(plain_text(read).split()) == " ".join(text.split())


def test_an_empty_sigil_in_a_map_of_elixir_is_an_empty_value() -> None:
    (post,) = clothbound.read(
        b'%{\n  title: "The slip",\n  date: ~D[]\n}\n---\nWords.\n', "markdown"
    )
    assert post.metadata.title == "The slip"
    assert post.metadata.published is None
    assert plain_text(post) == "Words."


def test_tags_among_the_data_of_a_header_of_cobalt_are_the_posts() -> None:
    text = b"extends: default.liquid\ntitle: Weir\ndata:\n  tags: [sea, salt]\n---\nWords.\n"
    assert clothbound.read(text, "markdown")[0].metadata.tags == ("sea", "salt")


def test_the_count_knows_an_older_header_of_cobalt() -> None:
    text = b"extends: post.liquid\n\ntitle:   Hemp and rope\ndate:    01 Jan 2016\n---\nTwist it.\n"
    values = [item.value for item in content_of(text, ".md") if item.kind is Kind.WORD]
    assert values == ["hemp", "and", "rope", "twist", "it"]
