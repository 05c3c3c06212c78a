"""Feeds of strangers, tests/cases/feeds: what is read of each stands in the text beside it."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import msgspec
import pytest

import clothbound
from clothbound import format_detection
from clothbound.errors import ClothboundError, ReadError
from clothbound.formats import reader
from clothbound.limits import Limits
from clothbound.model.plain_text import plain_text
from clothbound.model.recordings import Episode, episode_of
from clothbound.run import Run
from clothbound.testing import check_reader
from clothbound.verify import compare_contents, read_product, read_sources
from expected_files import expected_text

CASES = Path(__file__).parent / "cases" / "feeds"
FEEDS = sorted(path for path in CASES.iterdir() if path.suffix != ".txt")
JSON = (CASES / "json-feed-1.1.json").read_bytes()


def as_text(posts: clothbound.Collection) -> str:
    """The data of a feed, what was reported of it, and each post as Markdown with its header."""
    info, parts = posts.info, []
    head = {
        "title": info.title,
        "description": info.description,
        "authors": list(info.authors),
        "language": info.language,
        "rights": info.rights,
        "sites": list(posts.index.sites),
        **posts.extra,
    }
    parts.append(json.dumps({k: v for k, v in head.items() if v}, ensure_ascii=False, indent=1))
    parts.append("\n".join(map(str, posts.diagnostics)))
    for post in posts:
        said = "\n".join(map(str, post.diagnostics))
        markdown = clothbound.write(post, "markdown").to_text()
        parts.append(f"{'=' * 40}\n{said}\n{markdown}" if said else f"{'=' * 40}\n{markdown}")
    return "\n\n".join(parts)


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.name)
def test_a_feed_is_read_as_the_text_beside_it_says(path: Path) -> None:
    made = as_text(clothbound.read(path, on_error="collect"))
    assert made == expected_text(path.with_name(f"{path.name}.txt"), made)


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.name)
def test_the_count_finds_nothing_missing_and_what_is_gone(path: Path, tmp_path: Path) -> None:
    posts = clothbound.read(path, on_error="collect")
    artifact = clothbound.write(posts, "epub")
    artifact.save(tmp_path / "book.epub")
    told = [*posts.diagnostics, *artifact.report.diagnostics]
    wanted = {metadata.source for metadata in posts.index}
    source = read_sources(path)
    assert {text.name for text in source} == wanted
    made = compare_contents(source, read_product(tmp_path / "book.epub"), lambda _: told, wanted)
    assert made.counted.words >= 5
    assert [str(diagnostic) for diagnostic in made.missing] == []
    longest = max(posts, key=lambda post: len(plain_text(post)))
    cut = [
        msgspec.structs.replace(post, body=()) if post.metadata == longest.metadata else post
        for post in posts
    ]
    artifact = clothbound.write(cut, "epub")
    artifact.save(tmp_path / "cut.epub")
    made = compare_contents(source, read_product(tmp_path / "cut.epub"), lambda _: told, wanted)
    assert made.missing


# JSON Feed


def test_a_json_feed_is_recognised_by_its_version_wherever_that_stands() -> None:
    old = (CASES / "json-feed-1.json").read_bytes()
    for data in (JSON, b"\xef\xbb\xbf" + JSON, old):
        assert format_detection.reader_for("feed.json", data[:4096]) == "jsonfeed"
        posts = clothbound.read(data, on_error="collect")
        again = clothbound.read(io.BytesIO(data), "jsonfeed", on_error="collect")
        assert len(posts) == len(again) > 1
    late = json.loads(JSON)
    late["items"] = [{**late["items"][0], "content_html": "<p>long</p>" * 1000}] * 3
    del late["version"]
    for last in ({"version": "https://jsonfeed.org/version/1.1"}, {}):
        data = json.dumps({"items": late.pop("items", late), **late, **last}).encode()
        late = json.loads(data)
        late.pop("version", None)
        head, start = data[:4096], data[:1_000_000]
        assert (
            format_detection.reader_for("a.json", head, read_start=lambda s=start: s) == "jsonfeed"
        )


@pytest.mark.parametrize(
    "text",
    [
        '{"clothbound": 1, "title": "{\\"version\\": \\"https://jsonfeed.org/version/1\\"}"}',
        '{"version": "https://example.com/version/1", "items": []}',
        '[{"version": "https://jsonfeed.org/version/1.1"}]',
        '{"items": [], "title": "no feed"}',
    ],
)
def test_other_json_is_no_feed(text: str) -> None:
    feeds = reader("jsonfeed")
    assert not feeds.accepts(text.encode(), "feed.json")


def test_the_reader_keeps_its_contract() -> None:
    broken = [JSON[:-400], b"{", b"[]", b'{"version": "https://jsonfeed.org/version/1.1"}']
    check_reader(reader("jsonfeed"), [JSON], broken=broken)


def test_a_feed_that_is_cut_off_says_where() -> None:
    with pytest.raises(ReadError, match=r"is cut off after 1,000 bytes"):
        clothbound.read(JSON[:1000], "jsonfeed")


def test_deep_json_and_a_large_feed_get_an_answer() -> None:
    deep = b'{"version":"https://jsonfeed.org/version/1.1","items":' + b"[" * 100_000
    with pytest.raises(ReadError):
        clothbound.read(deep, "jsonfeed")
    item = b'{"id": "a", "x": ' + b"[" * 5000 + b"]" * 5000 + b', "content_html": "<p>x</p>"}'
    feed = b'{"version":"https://jsonfeed.org/version/1.1","items":[' + item + b"]}"
    try:
        assert len(clothbound.read(feed, "jsonfeed")) in (0, 1)
    except ReadError as error:  # Python 3.11 counts what C calls as its own calls
        assert "nested too deeply" in str(error)
    with pytest.raises(ClothboundError, match="longer than 500 bytes"):
        clothbound.read(JSON, "jsonfeed", run=Run(limits=Limits(resource_bytes=500)))


def test_bytes_of_another_encoding_and_halves_of_pairs_are_repaired() -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Fjærland", "items": []}
    feed["items"] = [{"id": 1, "content_html": "<p>Blåbær</p>"}]
    data = json.dumps(feed, ensure_ascii=False).encode("cp1252")
    posts = clothbound.read(data, "jsonfeed")
    assert (posts.info.title, plain_text(posts[0])) == ("Fjærland", "Blåbær")
    assert posts.diagnostics[0].code.value == "encoding-repaired"
    half = data.decode("cp1252").replace("Blåbær", "Ebb \\ud83d!").encode()
    posts = clothbound.read(half, "jsonfeed")
    assert plain_text(posts[0]) == "Ebb \ufffd!"
    assert "halves of surrogate pairs" in posts.diagnostics[0].message


def test_no_address_of_an_author_is_read() -> None:
    posts = clothbound.read(JSON)
    assert "private.example" not in clothbound.write(posts, "json").to_text()


HEAD = '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>T</title><item><title>a</title>'
TAIL = "</item></channel></rss>"


@pytest.mark.parametrize(
    "text",
    [
        "<description>" + "<![CDATA[" * 50_000,
        "<description>" + "&amp;lt;p " * 50_000 + "</description>",
        "<description>&lt;div class='feedflare'" + " class='feedflare'" * 20_000 + "</description>",
        "<description>" + "&lt;div class='feedflare'&gt;" * 4_000 + "</description>",
        "<description>" + "&lt;img width=1 " * 50_000 + "</description>",
        '<enclosure url="https://a.example/1.mp3" length="9" type="audio/mpeg"/>' * 5_000,
        "<itunes:duration>" + "1:" * 100_000 + "</itunes:duration>",
        *(
            f"<content:encoded>a</content:encoded><description>{mark * 50_000}</description>"
            for mark in ("&lt;li&gt;", "&lt;!--", "&lt;script&gt;")
        ),
    ],
    ids=range(10),
)
def test_a_hostile_feed_gets_an_answer_in_time(text: str) -> None:
    posts = clothbound.read(f"{HEAD}{text}{TAIL}".encode(), "rss", on_error="collect")
    assert [metadata.title for metadata in posts.index] == ["a"]
    assert len(list(posts)) == 1


@pytest.mark.parametrize("before", [b"<!---->" * 500, b"<?xml a?>" * 400, b"<!-- a -->\n" * 300])
def test_comments_before_a_root_are_passed_over_in_time(before: bytes) -> None:
    assert reader("rss").accepts(before + b"<rss version='2.0'>", "")
    for name in ("rss", "blogger", "html"):
        assert not reader(name).accepts(before + b"<other>", "")


@pytest.mark.parametrize("target", ["epub", "rss", "jsonfeed", "site"])
@pytest.mark.parametrize(
    "text",
    [
        '<enclosure url="https://a.example/1.mp3" type="audio/mpeg"/>'
        f"<itunes:duration>{'9' * 400}</itunes:duration>",
        "<pubDate>0001-01-01T00:00:00+10:00</pubDate>",
        "<pubDate>Mon, 01 Jan 0001 00:00:00 +1000</pubDate>",
        "<pubDate>9999-12-31T23:59:59-10:00</pubDate>",
    ],
    ids=["duration", "year-1", "year-1-of-mail", "year-9999"],
)
def test_numbers_and_dates_out_of_range_stop_no_product(
    text: str, target: str, tmp_path: Path
) -> None:
    names = '<rss xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    feed = f"{HEAD}{text}<description>Words</description>{TAIL}".replace("<rss", names)
    posts = clothbound.read(feed.encode(), "rss")
    assert plain_text(posts[0]).endswith("Words")
    clothbound.write(posts, target).save(tmp_path / "product")
    assert (tmp_path / "product").exists()


def test_numbers_out_of_range_in_json_are_unknown() -> None:
    item = {"id": "1", "content_text": "a", "attachments": [{"url": "https://a.example/1.mp3"}]}
    text = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [item]})
    given = f'.mp3", "size_in_bytes": {"9" * 400}, "duration_in_seconds": 1e308'
    (post,) = clothbound.read(text.replace('.mp3"', given).encode(), "jsonfeed")
    assert episode_of(post.metadata) == Episode()


def test_a_link_by_the_number_of_a_post_leads_inside_the_book(tmp_path: Path) -> None:
    """WordPress names a post by ``?p=12`` in its guid, which FeedBurner passes on."""
    posts = clothbound.book(clothbound.read(CASES / "feedburner.xml"))
    clothbound.write(posts, "epub").save(tmp_path / "book.epub")
    with zipfile.ZipFile(tmp_path / "book.epub") as book:
        name = next(one for one in book.namelist() if "rye" in one)
        assert 'href="spelt.xhtml"' in book.read(name).decode()
