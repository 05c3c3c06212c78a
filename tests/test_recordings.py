"""A podcast's recording is in every product, and once in each; a feed has a post's cover."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest

import clothbound
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Metadata, Post
from clothbound.model.recordings import recording_of, with_recording, without_recording
from clothbound.model.walk import walk
from clothbound.writers.rss import Rss
from export_archive import export, row

ADDRESS = "https://api.far.example/feed/podcast/1.mp3?token=a&b=2"
HEADER = f"---\ntitle: On tides\ntype: podcast\npodcast_url: {ADDRESS}\n---\n\nLow water.\n"


def archive() -> bytes:
    rows = (
        row("1.tides", "On tides", type="podcast", podcast_url=ADDRESS),
        row("2.silent", "Without words", type="podcast", podcast_url=ADDRESS),
    )
    return export(*rows, p1_tides="<p>Low water.</p>")


def feed(*fields: str) -> bytes:
    text = "".join(fields)
    return (
        '<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>'
        f"<title>T</title><item><title>On tides</title>{text}<description>Low water.</description>"
        "</item></channel></rss>"
    ).encode()


ENCLOSURE = f'<enclosure type="audio/mpeg" url="{ADDRESS.replace("&", "&amp;")}" length="0"/>'
SOURCES = {
    "markdown": HEADER.encode(),
    "substack": archive(),
    "rss": feed(ENCLOSURE),
}


def all_text(data: bytes) -> str:
    if not data.startswith(b"PK"):
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        return "".join(found.read(name).decode("utf-8", "replace") for name in found.namelist())


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    "target",
    ["html", "html-fragment", "site", "epub", "text", "markdown", "json", "rss", "substack",
     "substack-editor", "substack-paste"],
)  # fmt: skip
def test_every_product_has_the_recording(source: str, target: str) -> None:
    first = clothbound.read(SOURCES[source], source).posts[0]
    assert first.body[0] == b.Media("audio", ADDRESS)
    made = all_text(clothbound.write(first, target).to_bytes(strict=True))
    assert ADDRESS in made.replace("&amp;", "&").replace("\\u0026", "&")


def test_the_text_of_a_post_without_a_file_is_its_recording() -> None:
    silent = next(p for p in clothbound.read(archive(), "substack") if p.metadata.slug == "silent")
    assert silent.body == (b.Media("audio", ADDRESS),)


def test_what_is_written_is_read_back_with_one_recording() -> None:
    (post,) = clothbound.read(HEADER.encode(), "markdown")
    made = clothbound.write(post, "markdown").to_bytes()
    assert made.count(ADDRESS.encode()) == 1
    assert clothbound.read(made, "markdown").posts[0].body == post.body
    data = clothbound.write(post, "substack").to_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        (name,) = [name for name in found.namelist() if name.endswith(".html")]
        assert ADDRESS not in found.read(name).decode()
        (record,) = csv.DictReader(io.StringIO(found.read("posts.csv").decode()))
        assert record["podcast_url"] == ADDRESS
    again = clothbound.read(data, "substack").posts[0]
    assert [n.src for n in walk(again) if isinstance(n, b.Media)] == [ADDRESS]
    data = clothbound.write(post, "rss").to_bytes()
    again = clothbound.read(data, "rss").posts[0]
    assert [n.src for n in walk(again) if isinstance(n, b.Media)] == [ADDRESS]


def test_without_a_header_the_recording_stands_in_the_text() -> None:
    (post,) = clothbound.read(HEADER.encode(), "markdown")
    options = clothbound.formats.writer("markdown").options_type(header=False)
    assert ADDRESS.encode() in clothbound.write(post, options).to_bytes()


def test_a_text_that_plays_its_recording_gets_no_other() -> None:
    player = b.Media("audio", ADDRESS, caption=(i.Text("Listen"),))
    post = Post(Metadata(extra={"podcast_url": ADDRESS}), (b.Quote((player,)),))
    assert with_recording(post) is post
    assert without_recording(post) is post
    for address in ("javascript:alert(1)", "", 7, None, "episode.mp3"):
        assert recording_of(Metadata(extra={"podcast_url": address})) == ""
    video = Post(Metadata(extra={"podcast_url": "https://a.example/A.MP4?x=1"}))
    assert with_recording(video).body == (b.Media("video", "https://a.example/A.MP4?x=1"),)


@pytest.mark.parametrize("extra", [{}, {"podcast_url": ADDRESS}])
def test_a_feed_keeps_the_cover_of_a_post(extra: dict[str, str], tmp_path: Path) -> None:
    cover = "https://far.example/a.png?w=1&h=2"
    post = with_recording(Post(Metadata(key="a", title="T", cover=cover, extra=extra)))
    data = clothbound.write(post, "rss").to_bytes(strict=True)
    (again,) = clothbound.read(data, "rss")
    assert again.metadata.cover == cover
    assert again.metadata.extra.get("podcast_url") == extra.get("podcast_url")
    own = Post(Metadata(key="a", title="T", cover="own.png"))
    options = Rss(image_base_url="https://cdn.example/x")
    data = clothbound.write(own, options).to_bytes(strict=True)
    assert clothbound.read(data, "rss").posts[0].metadata.cover == "https://cdn.example/x/own.png"
    artifact = clothbound.write(own, "rss")
    artifact.to_bytes()
    assert artifact.report.missing == 1
    site = clothbound.write(
        post, clothbound.formats.writer("site").options_type(url="https://l.example")
    )
    with zipfile.ZipFile(io.BytesIO(site.to_bytes())) as found:
        assert clothbound.read(found.read("feed.xml"), "rss").posts[0].metadata.cover == cover
