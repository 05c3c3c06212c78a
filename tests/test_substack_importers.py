"""Archives as the importers of Ghost and WordPress need them."""

from __future__ import annotations

import csv
import html
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import html5lib
import pytest

from clothbound import api
from clothbound.diagnostics import DiagnosticCode
from clothbound.model.collection import Collection
from clothbound.substack.data_attrs import parse
from clothbound.writers.substack.archive import SubstackArchive
from clothbound.writers.substack.importers import Importer

FIXTURE = Path(__file__).parent / "cases" / "substack-archive"
IMPORTERS: tuple[Importer, ...] = ("ghost", "wordpress")


def archive(source: bytes | Path, destination: Importer) -> zipfile.ZipFile:
    artifact = api.write(api.read(source), SubstackArchive(destination=destination))
    return zipfile.ZipFile(io.BytesIO(artifact.to_bytes()))


def bodies(made: zipfile.ZipFile) -> str:
    return "".join(made.read(name).decode() for name in made.namelist() if name.endswith(".html"))


def rows(made: zipfile.ZipFile) -> dict[str, dict[str, str]]:
    text = made.read("posts.csv").decode()
    return {row["post_id"]: row for row in csv.DictReader(io.StringIO(text))}


def source(fields: str, body: str = "<p>x</p>") -> bytes:
    header = (
        "post_id,post_date,is_published,email_sent_at,inbox_sent_at,type,audience,title,subtitle,"
        "podcast_url\n"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("posts.csv", header + fields)
        made.writestr("posts/1.a.html", body)
    return stream.getvalue()


@pytest.mark.parametrize("destination", IMPORTERS)
def test_every_row_is_one_line(destination: Importer) -> None:
    data = source('1.a,,true,,,newsletter,everyone,"Two\nlines","and\r\nthree",\n')
    lines = archive(data, destination).read("posts.csv").decode().splitlines()
    assert lines[1:] == ["1.a,,true,,,newsletter,everyone,Two lines,and three,"]


def test_line_breaks_in_fields_stay_for_substack() -> None:
    data = source('1.a,,true,,,newsletter,everyone,"Two\nlines",,\n')
    assert rows(archive(data, "substack"))["1.a"]["title"] == "Two\nlines"


@pytest.mark.parametrize("destination", IMPORTERS)
def test_poems_have_no_hidden_label(destination: Importer) -> None:
    assert "hide-text" in bodies(archive(FIXTURE, "substack"))
    assert "hide-text" not in bodies(archive(FIXTURE, destination))


@pytest.mark.parametrize("destination", IMPORTERS)
def test_tweets_have_their_words_in_the_markup(destination: Importer) -> None:
    made = bodies(archive(FIXTURE, destination))
    assert 'class="twitter-embed"' not in made
    assert made.count('<div class="tweet-text">') == 3


@pytest.mark.parametrize("destination", IMPORTERS)
def test_every_picture_has_its_data(destination: Importer) -> None:
    tree = html5lib.parseFragment(
        bodies(archive(FIXTURE, destination)), namespaceHTMLElements=False
    )
    pictures = [
        image
        for container in tree.iter("div")
        if container.attrib.get("class") == "captioned-image-container"
        for image in container.iter("img")
    ]
    assert len(pictures) == {"ghost": 10, "wordpress": 12}[destination]
    for image in pictures:
        data = parse(image.attrib["data-attrs"])
        assert data is not None
        assert {"src", "alt", "resizeWidth"} <= data.keys()


@pytest.mark.parametrize("destination", IMPORTERS)
def test_data_that_stop_an_importer_are_written_anew(destination: Importer) -> None:
    digests = (
        '<div class="digest-post-embed" data-attrs="{&quot;no"></div>'
        '<div class="digest-post-embed" data-attrs="{&quot;title&quot;:&quot;T&quot;,'
        "&quot;publication_logo_url&quot;:null,&quot;canonical_url&quot;:&quot;https://e.example/p/t"
        '&quot;}"></div>'
    )
    data = source("1.a,,true,,,newsletter,everyone,T,,\n", digests)
    made = bodies(archive(data, destination))
    if destination == "wordpress":
        # Its plug-in reads no digest: what stands in the data alone is written out.
        assert made == '<blockquote><p><a href="https://e.example/p/t">T</a></p></blockquote>'
        return
    tree = html5lib.parseFragment(made, namespaceHTMLElements=False)
    found = [parse(e.attrib["data-attrs"]) for e in tree.iter("div") if "data-attrs" in e.attrib]
    assert len(found) == 1
    assert all(item is not None and item["publishedBylines"] == [] for item in found)
    assert all(item is not None and item["publication_logo_url"] == "" for item in found)


def test_ghost_makes_no_post_public_whose_audience_it_does_not_know() -> None:
    made = rows(archive(FIXTURE, "ghost"))
    assert made["140372193.c4f"]["audience"] == "only_paid"
    assert rows(archive(FIXTURE, "substack"))["140372193.c4f"]["audience"] == "founding"


def test_wordpress_publishes_no_post_that_is_not_for_everyone() -> None:
    collection: Collection = api.read(FIXTURE)
    artifact = api.write(collection, SubstackArchive(destination="wordpress"))
    with zipfile.ZipFile(io.BytesIO(artifact.to_bytes())) as made:
        written = rows(made)
    public = {name for name, row in written.items() if row["is_published"] == "true"}
    assert {written[name]["audience"] for name in public} == {"everyone"}
    said = [d for d in artifact.report.diagnostics if "WordPress would publish" in d.message]
    assert len(said) == 3
    assert all(d.code is DiagnosticCode.NODE_SIMPLIFIED for d in said)


def test_wordpress_reads_subtitles_as_html() -> None:
    data = source("1.a,,true,,,newsletter,everyone,T,C & D < E,\n")
    assert rows(archive(data, "wordpress"))["1.a"]["subtitle"] == "C & D &lt; E"
    assert rows(archive(data, "ghost"))["1.a"]["subtitle"] == "C & D < E"


def report_of(data: bytes, destination: Importer) -> list[str]:
    artifact = api.write(api.read(data), SubstackArchive(destination=destination))
    artifact.to_bytes()
    return [d.message for d in artifact.report.diagnostics]


GALLERY = (
    '<div class="image-gallery-embed" data-attrs="{&quot;gallery&quot;:{&quot;images&quot;:'
    '[{&quot;src&quot;:&quot;https://e.example/a.png&quot;}]}}"></div>'
)


@pytest.mark.parametrize("bad", ["", ' data-attrs="{bad"', ' data-attrs="{}"'])
def test_ghost_gets_no_gallery_that_stops_it(bad: str) -> None:
    body = f'<blockquote><div class="image-gallery-embed"{bad}></div></blockquote>{GALLERY}'
    data = source("1.a,,true,,,newsletter,everyone,T,,\n", body)
    tree = html5lib.parseFragment(bodies(archive(data, "ghost")), namespaceHTMLElements=False)
    found = [e for e in tree.iter("div") if "image-gallery-embed" in e.attrib.get("class", "")]
    assert len(found) == 1
    gallery = parse(found[0].attrib["data-attrs"])
    assert gallery is not None
    assert gallery["gallery"]["images"][0]["src"] == "https://e.example/a.png"
    assert any("gallery" in message for message in report_of(data, "ghost"))


def test_null_bylines_are_none() -> None:
    digest = attributes({"canonical_url": "https://e.example/p/t", "publishedBylines": None})
    body = f'<div class="digest-post-embed"{digest}></div>'
    data = source("1.a,,true,,,newsletter,everyone,T,,\n", body)
    assert "&quot;publishedBylines&quot;:[]" in bodies(archive(data, "ghost"))


@pytest.mark.parametrize("destination", IMPORTERS)
def test_what_the_importer_loses_is_said(destination: Importer) -> None:
    artifact = api.write(api.read(FIXTURE), SubstackArchive(destination=destination))
    artifact.to_bytes()
    said = {d.message for d in artifact.report.diagnostics if "'s importer" in d.message}
    wanted = {"ghost": "Ghost's importer leaves polls out", "wordpress": "keeps polls"}
    assert any(wanted[destination] in message for message in said)
    assert not [m for m in report_of(source("1.a,,,,,newsletter,,T,,\n"), destination) if "'s" in m]


@pytest.mark.parametrize("destination", IMPORTERS)
def test_buttons_for_substacks_mailer_alone_are_left_out_and_named(
    destination: Importer,
) -> None:
    button = (
        '<p class="button-wrapper" data-attrs="{&quot;url&quot;:&quot;%%checkout_url%%&quot;,'
        '&quot;text&quot;:&quot;Sign on&quot;}" data-component-name="ButtonCreateButton"></p>'
    )
    data = source("1.a,,true,,,newsletter,everyone,T,,\n", f"<p>x</p>{button}")
    assert "%%" in bodies(archive(data, "substack"))
    assert "%%" not in bodies(archive(data, destination))
    assert any("'Sign on'" in message for message in report_of(data, destination))


def test_wordpress_gets_a_whole_pull_quote_and_no_empty_post() -> None:
    quote = '<div class="pullquote"><p>one</p><p>two</p></div>'
    data = source("1.a,,true,,,newsletter,everyone,T,,\n", quote)
    assert '<div class="pullquote"><p>one two</p></div>' in bodies(archive(data, "wordpress"))
    for empty in ("", "<p></p>"):
        data = source("1.a,,true,,,newsletter,everyone,T,,\n", empty)
        assert bodies(archive(data, "wordpress")) == "<p>&nbsp;</p>"


def test_what_an_importer_decodes_is_what_the_author_wrote() -> None:
    title = "A & B &lt; C"
    data = source(f"1.a,,true,,,newsletter,everyone,{title},{title} < D,\n")
    ghost = rows(archive(data, "ghost"))["1.a"]
    assert ghost["title"] == "A & B &amp;lt; C"
    assert html.unescape(ghost["subtitle"]) == f"{title} < D"
    wordpress = rows(archive(data, "wordpress"))["1.a"]
    assert html5lib.parseFragment(wordpress["subtitle"]).text == f"{title} < D"
    assert wordpress["title"] == title


# --- what runs of Ghost's migration tool and of WordPress's plug-in showed -----------------------------


def attributes(data: Mapping[str, object]) -> str:
    return f' data-attrs="{html.escape(json.dumps(data))}"'


def written(body: str, destination: Importer) -> str:
    data = source("1.a,,true,,,newsletter,everyone,T,,\n", body)
    return bodies(archive(data, destination))


TWEET = {
    "url": "https://twitter.com/u/status/1",
    "full_text": "Fog, says the pilot",
    "username": "u",
    "name": "The pilot",
}


@pytest.mark.parametrize(
    "body",
    [
        '<p><a>one</a> <a href="">two</a> <a href="javascript:x">three</a></p>',
        f'<p class="button-wrapper"{attributes({"text": "Go"})}><a class="button">Go</a></p>',
        '<a class="image-link image2"><img src="https://e.example/a.png"></a>',
        '<div class="embedded-post-wrap" data-attrs="{bad"></div>',
        f'<div class="tweet"{attributes({**TWEET, "url": "javascript:x"})}></div>',
    ],
)
def test_ghost_gets_no_link_without_an_address(body: str) -> None:
    tree = html5lib.parseFragment(written(body, "ghost"), namespaceHTMLElements=False)
    assert [a.attrib for a in tree.iter("a") if "href" not in a.attrib] == []
    assert not [e for e in tree.iter("span") if e.attrib.get("class") == "image-link image2"]


@pytest.mark.parametrize("destination", IMPORTERS)
@pytest.mark.parametrize("name", ["tweet", "image3", "footnote", "youtube-wrap"])
def test_what_has_lost_its_data_has_no_class_that_asks_for_them(
    name: str, destination: Importer
) -> None:
    made = written(f'<div class="{name}"><p>words</p></div>', destination)
    assert name not in made
    assert "<p>words</p>" in made


@pytest.mark.parametrize("destination", IMPORTERS)
def test_a_tweet_without_an_address_is_its_words(destination: Importer) -> None:
    made = written(f'<div class="tweet"{attributes({"full_text": "Fog"})}></div>', destination)
    assert "<blockquote><p>Fog</p>" in made


def test_a_post_in_a_post_stands_two_decodings_of_its_data() -> None:
    post = {
        "url": "https://e.example/p?a=1&copy=2",
        "publication_name": "Salt & Rope",
        "title": 'On &quot; and "quotes"',
        "truncated_body_text": "a < b &amp;quot;",
    }
    made = written(f'<div class="embedded-post-wrap"{attributes(post)}></div>', "ghost")
    tree = html5lib.parseFragment(made, namespaceHTMLElements=False)
    given = next(e.attrib["data-attrs"] for e in tree.iter("div") if "data-attrs" in e.attrib)
    read = json.loads(html.unescape(html.unescape(given)))
    # What it reads there it puts into HTML as it is.
    assert {key: html.unescape(read[key]) for key in post} == post


PAYWALL = '<div class="paywall-jump" data-component-name="PaywallToDOM"></div>'


@pytest.mark.parametrize(
    "first",
    [
        f'<div class="tweet"{attributes(TWEET)}></div>',
        '<p>Words <img src="https://e.example/a.png"></p>',
        '<blockquote><p>Words</p><p><img alt="no address"></p></blockquote>',
        f'<div class="instagram"{attributes({"instagram_id": "abc"})}></div>',
    ],
)
def test_ghost_takes_no_block_for_a_cover_that_is_more_than_a_picture(first: str) -> None:
    assert written(f"{first}<p>x</p>", "ghost").startswith("<div></div>")
    assert not written(f"<p>x</p>{first}", "ghost").startswith("<div></div>")


@pytest.mark.parametrize("blank", ["<p></p>", "<p> </p><p>\u00a0</p>", "<p>&nbsp;</p>", PAYWALL])
def test_what_ghost_takes_away_before_it_looks_for_the_first_block_hides_none(blank: str) -> None:
    first = "<blockquote><p>Many words</p><p><img src='https://e.example/a.png'></p></blockquote>"
    assert written(f"{blank}{first}", "ghost").startswith("<div></div>")
    assert not written(f"{blank}<p>x</p>{first}", "ghost").startswith("<div></div>")
    assert not written(f"{blank}{first}", "wordpress").startswith("<div></div>")


def test_a_picture_that_a_post_begins_with_becomes_ghosts_cover_and_that_is_said() -> None:
    picture = (
        '<div class="captioned-image-container"><figure><img src="https://e.example/a.png"></figure>'
        "</div>"
    )
    data = source("1.a,,true,,,newsletter,everyone,T,,\n", f"{picture}<p>x</p>")
    assert bodies(archive(data, "ghost")).startswith('<div class="captioned-image-container">')
    assert any("cover" in message for message in report_of(data, "ghost"))


def test_the_importers_code_blocks() -> None:
    plain, current = "<pre><code>a</code></pre>", "highlighted_code_block"
    named = (
        f'<div class="{current}"{attributes({"language": "python"})}><pre class="shiki">'
        '<code class="language-python">b</code></pre></div>'
    )
    # WordPress's knows no other form; Ghost's reads both, and a language that nobody gave.
    assert (
        written(plain + named, "wordpress") == "<pre><code>a</code></pre><pre><code>b</code></pre>"
    )
    ghost = written(plain + named, "ghost")
    assert ghost.startswith(plain)
    assert current in ghost


@pytest.mark.parametrize("destination", IMPORTERS)
def test_what_stands_in_data_alone_is_written_out(destination: Importer) -> None:
    mention = attributes({"name": "Ada Pier", "url": "https://substack.com/@ada"})
    note = {"url": "https://substack.com/@u/note/c-1", "comment": {"body": "A short note"}}
    formula = attributes({"persistentExpression": "a < b"})
    body = (
        f'<p><span class="mention-wrap"{mention}></span></p><div class="comment"{attributes(note)}>'
        f'</div><div class="latex-rendered"{formula}></div>'
    )
    made = written(body, destination)
    assert ">Ada Pier</a>" in made
    assert "<p>A short note</p>" in made
    assert "<p>$$a &lt; b$$</p>" in made


def test_a_picture_without_a_link_has_none() -> None:
    picture = (
        '<figure><a class="image-link image2"><img src="https://e.example/a.png"></a></figure>'
    )
    body = f'<p>x</p><div class="captioned-image-container">{picture}</div>'
    assert 'href="#"' not in written(body, "ghost")


def test_wordpress_gets_the_pictures_of_a_gallery() -> None:
    made = written(GALLERY, "wordpress")
    assert made.startswith('<div class="captioned-image-container">')
    assert "image-gallery-embed" not in made


def test_wordpress_finds_the_address_of_every_embed_in_its_data() -> None:
    data = {
        "author_url": "https://soundcloud.com/peal",
        "targetUrl": "https://soundcloud.com/peal/fog",
    }
    made = written(f'<div class="soundcloud-wrap"{attributes(data)}></div>', "wordpress")
    assert "&quot;url&quot;:&quot;https://soundcloud.com/peal/fog&quot;" in made


@pytest.mark.parametrize("destination", IMPORTERS)
def test_the_title_of_an_old_picture_is_its_description(destination: Importer) -> None:
    data = {"src": "https://e.example/a.png", "title": "A chart"}
    made = written(f'<p>x</p><div class="image3"{attributes(data)}></div>', destination)
    assert "&quot;alt&quot;:&quot;A chart&quot;" in made


@pytest.mark.parametrize("destination", IMPORTERS)
def test_what_is_for_some_readers_in_a_public_post_is_not_made_public(
    destination: Importer,
) -> None:
    row = "1.a,,true,,,newsletter,everyone,T,,\n"
    wall = source(row, '<p>a</p><div class="paywall-jump"></div><p>b</p>')
    for_some = source(row, '<div class="dynamic-content-block"><p>b</p></div>')
    hidden = rows(archive(wall, destination))["1.a"]
    if destination == "ghost":
        assert (hidden["audience"], hidden["is_published"]) == ("only_paid", "true")
    else:
        assert hidden["is_published"] == "false"
    assert rows(archive(for_some, destination))["1.a"]["is_published"] == "false"
    assert any("draft" in message for message in report_of(for_some, destination))


def test_ghost_gets_no_mark_that_would_take_the_spaces_around_it() -> None:
    assert written("<p>to <mark>remember</mark> us</p>", "ghost") == "<p>to remember us</p>"
