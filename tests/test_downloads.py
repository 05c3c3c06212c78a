"""Sources that are addresses: what is there, from where it is seen, and what is not asked."""

from __future__ import annotations

import gzip
import json
import pickle
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest

import clothbound
from clothbound.cli import main
from clothbound.diagnostics import DiagnosticCode
from clothbound.errors import ReadError, ResourceError, UsageError
from clothbound.limits import Limits
from clothbound.media import fetch as fetching
from clothbound.media.fetch import Download, Fetcher
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.collection import Collection
from clothbound.model.plain_text import plain_text
from clothbound.model.walk import walk
from clothbound.run import Run
from epub_samples import picture
from export_archive import export, row
from local_server import Server, send, status

BLOG = "https://blog.example"
PAGE = """<!doctype html><html lang="en"><head><title>The harbour</title>{head}</head><body>
<nav><a href="/">Home</a></nav>
<article><h1>The harbour</h1><p>Boats <a href="../about">came</a> in<a href="#low">*</a>, see
<a href="?page=2">more</a>. <img src="map.png" alt="A map"></p>
<video src="/film.mp4" poster="film.jpg"></video><p id="low">Low tide.</p></article></body></html>"""
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Tides</title>{link}
<item><title>One</title><link>{one}</link><pubDate>Mon, 01 May 2023 10:00:00 GMT</pubDate>
<description>&lt;p&gt;&lt;a href="x"&gt;Words&lt;/a&gt; of one.&lt;/p&gt;</description></item>
<item><title>Two</title><link>https://blog.example/p/two</link><description>Two words.</description></item>
</channel></rss>"""
ALTERNATE = '<link rel="alternate" type="application/rss+xml" title="Tides" href="{}">'
COMMENTS = (
    '<link rel="alternate" type="application/rss+xml" title="Comments" href="comments/feed/">'
)
FULL_FEED = FEED.format(link=f"<link>{BLOG}/</link>", one=f"{BLOG}/p/one")


class Web:
    """What lies at which address; remembers what was asked for."""

    def __init__(self, **pages: str | bytes) -> None:
        self.pages: dict[str, str | bytes] = {}
        self.asked: list[str] = []

    def __call__(self, url: str) -> bytes:
        self.asked.append(url)
        if url not in self.pages:
            raise ResourceError(f"the server answered 404: {url}")
        page = self.pages[url]
        return page.encode() if isinstance(page, str) else page


class TypedWeb(Web):
    """One that tells media types and final addresses, as ``Fetcher`` does."""

    types: dict[str, str]
    moved: dict[str, str]

    def download(self, url: str) -> Download:
        url = getattr(self, "moved", {}).get(url, url)
        return Download(self(url), url, self.types.get(url, ""))


def read(web: Web, address: str, format: str | None = None) -> Collection:
    return clothbound.read(address, format, run=Run(fetch=web))


def addresses(collection: Collection) -> list[str]:
    found = []
    for post in collection:
        for node in walk(post):
            match node:
                case i.Link(_, href):
                    found.append(href)
                case i.Image(src):
                    found.append(src)
                case b.Media(_, src, poster):
                    found += [src, poster]
    return found


@pytest.mark.parametrize(
    ("head", "base"),
    [
        ("", f"{BLOG}/2023/"),
        ('<base href="https://cdn.example/x/">', "https://cdn.example/x/"),
        ('<base target="_top"><base href="/x/y">', f"{BLOG}/x/"),
    ],
)
def test_what_is_relative_on_a_page_is_seen_from_its_address(head: str, base: str) -> None:
    web = Web()
    web.pages[f"{BLOG}/2023/harbour"] = PAGE.format(head=head)
    posts = read(web, f"{BLOG}/2023/harbour")
    found = addresses(posts)
    root = base.split("/", 3)[:3]
    assert found[1] == "#low"
    assert f"{base}map.png" in found
    assert f"{'/'.join(root)}/film.mp4" in found
    assert f"{base}film.jpg" in found
    assert found[2].endswith("?page=2")
    assert found[2].startswith(base.rpartition("/")[0])
    assert all(address.startswith(("#", "https://")) for address in found)
    (metadata,) = posts.index
    assert metadata == posts[0].metadata
    assert metadata.title == "The harbour"
    assert metadata.source == metadata.canonical_url == f"{BLOG}/2023/harbour"
    assert (metadata.slug, metadata.key) == ("harbour", "harbour")
    assert pickle.loads(pickle.dumps(posts.posts))[0] == posts[0]


def test_a_page_that_names_its_address_keeps_it() -> None:
    web = Web()
    head = '<link rel="canonical" href="/p/harbour"><meta property="og:image" content="/cover.jpg">'
    web.pages[f"{BLOG}/harbour?ref=x"] = PAGE.format(head=head)
    (metadata,) = read(web, f"{BLOG}/harbour?ref=x").index
    assert metadata.canonical_url == f"{BLOG}/p/harbour"
    assert metadata.cover == f"{BLOG}/cover.jpg"


def test_posts_of_a_feed_keep_their_own_addresses() -> None:
    web = Web()
    web.pages[f"{BLOG}/feed"] = FULL_FEED
    posts = read(web, f"{BLOG}/feed")
    assert [m.source for m in posts.index] == [f"{BLOG}/p/one", f"{BLOG}/p/two"]
    assert addresses(posts) == [f"{BLOG}/p/x"]
    assert posts.info.title == "Tides"
    # A feed that does not say where its site is, is seen from where it was found.
    web.pages[f"{BLOG}/feed"] = FEED.format(link="", one="")
    assert addresses(read(web, f"{BLOG}/feed")) == [f"{BLOG}/x"]


@pytest.mark.parametrize(
    ("address", "feed"),
    [
        (f"{BLOG}/", "/feed"),
        (BLOG, "feed.xml"),
        (f"{BLOG}/", "https://feeds.example/tides"),
        (f"{BLOG}/notes/", "index.xml"),
        (f"{BLOG}/notes", "/notes/feed/"),
    ],
)
def test_of_a_front_page_the_feed_is_read(address: str, feed: str) -> None:
    web = Web()
    web.pages[address] = PAGE.format(head=COMMENTS + ALTERNATE.format(feed))
    place = feed if "://" in feed else urljoin(address, feed)
    web.pages[place] = FULL_FEED
    posts = read(web, address)
    assert len(posts) == 2
    (told,) = [d for d in posts.diagnostics if d.code is DiagnosticCode.INFERRED]
    assert f"feed, {place}," in told.message
    assert "-f html" in told.message
    assert read(web, address, "html")[0].metadata.title == "The harbour"
    web.pages[place] = PAGE
    assert len(read(web, address)) == 1, "no feed follows from a feed"


@pytest.mark.parametrize(
    ("address", "head"),
    [
        (f"{BLOG}/p/harbour", ALTERNATE.format("/feed")),
        (f"{BLOG}/2023/harbour/", ALTERNATE.format("/feed") + COMMENTS),
        (f"{BLOG}/?p=12", ALTERNATE.format("/feed")),
        (f"{BLOG}/", COMMENTS),
        (f"{BLOG}/", '<link rel="alternate" hreflang="de" href="/de/">'),
        (f"{BLOG}/", '<link rel="alternate" type="application/rss+xml">'),
        (f"{BLOG}/", ALTERNATE.format("http://[")),
    ],
)
def test_a_post_is_read_itself_whatever_feed_it_names(address: str, head: str) -> None:
    web = Web()
    web.pages[address] = PAGE.format(head=head)
    assert [m.title for m in read(web, address).index] == ["The harbour"]
    assert web.asked == [address]


def test_the_feed_of_any_page_is_read_when_a_feed_is_asked_for() -> None:
    web = Web()
    web.pages[f"{BLOG}/p/harbour"] = PAGE.format(head=ALTERNATE.format("/feed"))
    web.pages[f"{BLOG}/feed"] = FULL_FEED
    assert len(read(web, f"{BLOG}/p/harbour", "rss")) == 2


JSON_FEED = """{"version": "https://jsonfeed.org/version/1.1", "title": "Tides", "feed_url": "https://blog.example/feed.json",
"items": [{"id": "1", "url": "https://blog.example/p/one", "title": "One", "content_html": "<p><a href='x'>Words</a></p>"},
{"id": "2", "content_html": "<p><a href='/y'>Two words</a></p>"}]}"""
IN_JSON = '<link rel="alternate" type="application/feed+json" href="{}">'


def test_a_json_feed_is_read_at_an_address_and_of_a_page_that_names_it() -> None:
    web = TypedWeb()
    web.types = {f"{BLOG}/feed.json": "application/feed+json", f"{BLOG}/feed": "text/xml"}
    web.pages[f"{BLOG}/feed.json"] = JSON_FEED
    web.pages[f"{BLOG}/feed"] = FULL_FEED
    web.pages[f"{BLOG}/"] = PAGE.format(head=IN_JSON.format("feed.json"))
    both = ALTERNATE.format("/feed") + IN_JSON.format("/feed.json")
    web.pages[f"{BLOG}/p/harbour"] = PAGE.format(head=both)
    for address, reader in (
        (f"{BLOG}/feed.json", None),
        (f"{BLOG}/", None),
        (f"{BLOG}/p/harbour", "jsonfeed"),
    ):
        first, second = read(web, address, reader)
        assert first.metadata.canonical_url == f"{BLOG}/p/one"
        assert "href='https://blog.example/p/x'" in repr(first.body)
        assert "href='https://blog.example/y'" in repr(second.body)
    assert read(web, f"{BLOG}/p/harbour", "rss").info.title == "Tides"
    assert web.asked[-1] == f"{BLOG}/feed"


@pytest.mark.parametrize(
    ("address", "media_type", "data", "expected"),
    [
        ("/README.md", "text/html; charset=utf-8", PAGE, "The harbour"),
        ("/README.md", "", PAGE, "The harbour"),
        ("/README.md", "text/plain", "# Read me\n\nWords.", "Read me"),
        ("/notes", "text/markdown", "<!doctype html>\n\nWords.", "Notes"),
        ("/notes", "text/plain", "# Notes\n\nWords.", "Notes"),
        ("/post.php", "text/html", "<p>A fragment", "Post"),
        ("/feed", "text/xml", FULL_FEED, "One"),
        ("/x", "application/atom+xml; charset=utf-8", FULL_FEED, "One"),
        ("/", "text/html", "<p>A fragment", "Blog example"),
    ],
)
def test_the_media_type_tells_what_a_name_does_not(
    address: str, media_type: str, data: str, expected: str
) -> None:
    web = TypedWeb()
    web.pages, web.types = {BLOG + address: data}, {BLOG + address: media_type}
    assert next(iter(read(web, BLOG + address).index)).title == expected


@pytest.mark.parametrize("declared", ["", '<meta charset="utf-8">'])
def test_an_encoding_that_only_the_server_names(declared: str) -> None:
    web = TypedWeb()
    page = PAGE.format(head=declared).replace("Low tide", "Отлив")
    web.pages = {
        BLOG + "/a": page.encode("windows-1251"),
        BLOG + "/f": FULL_FEED.replace("Two words", "Отлив").encode("koi8-r"),
    }
    web.types = {
        BLOG + "/a": "text/html; charset=windows-1251",
        BLOG + "/f": "text/xml; charset=KOI8-R",
    }
    for address in web.pages:
        assert "Отлив" in "".join(map(plain_text, read(web, address)))


def test_an_archive_is_read_from_its_address() -> None:
    web = Web()
    web.pages[f"{BLOG}/export.zip"] = export(row("1.harbour"), p1_harbour="<p>Some words.</p>")
    posts = read(web, f"{BLOG}/export.zip")
    assert plain_text(posts[0]) == "Some words."
    assert posts[0].metadata.id == "1.harbour"


def test_relative_addresses_are_seen_from_where_a_redirect_led() -> None:
    web = TypedWeb()
    web.pages = {f"{BLOG}/2023/harbour": PAGE.format(head="")}
    web.types, web.moved = {}, {"https://short.example/h": f"{BLOG}/2023/harbour"}
    posts = read(web, "https://short.example/h")
    assert f"{BLOG}/2023/map.png" in addresses(posts)
    assert posts[0].metadata.source == f"{BLOG}/2023/harbour"


def test_what_must_be_paid_for_is_not_public() -> None:
    web = Web()
    data = {"@type": "NewsArticle", "headline": "Paid", "isAccessibleForFree": False}
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    web.pages[f"{BLOG}/p/paid"] = PAGE.format(head=script)
    posts = read(web, f"{BLOG}/p/paid")
    assert not posts[0].metadata.is_for_everyone


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("ftp://blog.example/a", "is an address that is not fetched"),
        ("file:///etc/passwd", "is an address that is not fetched"),
        ("https://me:word@blog.example/", "a name or password in it is not fetched"),
    ],
)
def test_other_addresses_are_refused(address: str, says: str) -> None:
    web = Web()
    with pytest.raises(UsageError, match=says) as raised:
        read(web, address)
    assert "word" not in str(raised.value).replace("password", "")
    assert web.asked == []


def test_what_only_looks_like_an_address_is_named() -> None:
    with pytest.raises(ReadError, match="no address to fetch from"):
        clothbound.read("http://[", run=Run(fetch=Fetcher()))


def test_nothing_is_fetched_unless_the_caller_allows_it() -> None:
    with pytest.raises(UsageError, match="nothing may fetch it") as raised:
        clothbound.read(f"{BLOG}/feed")
    assert "Run(fetch=Fetcher())" in raised.value.hint
    with pytest.raises(ReadError, match="not fetched"):
        clothbound.read(f"{BLOG}/feed", run=Run(fetch=Fetcher(network=False)))


def test_the_library_converts_an_address(tmp_path: Path) -> None:
    web = Web()
    web.pages |= {f"{BLOG}/a/harbour": PAGE.format(head=""), f"{BLOG}/a/map.png": picture("PNG")}
    clothbound.convert(f"{BLOG}/a/harbour", tmp_path / "a.epub", run=Run(fetch=web))
    with zipfile.ZipFile(tmp_path / "a.epub") as book:
        assert any(name.endswith(".png") for name in book.namelist())
    (made,) = clothbound.convert_many(
        [f"{BLOG}/a/harbour"], to="text", folder=tmp_path, run=Run(fetch=web)
    )
    assert made.error is None
    assert "Low tide." in (tmp_path / "harbour.txt").read_text()


# a server, and the command


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    running.answers["/a/harbour"] = [send(PAGE.format(head="").encode(), Content_Type="text/html")]
    running.answers["/a/map.png"] = [send(picture("PNG"))]
    running.answers["/feed"] = [send(FULL_FEED.encode(), Content_Type="application/rss+xml")]
    running.answers["/"] = [send(PAGE.format(head=ALTERNATE.format("/feed")).encode())]
    running.answers["/moved"] = [status(301, Location="/a/harbour")]
    yield running
    running.close()


def on(server: Server, path: str, **bounds: object) -> Collection:
    fetch = Fetcher(allow_private=True, pause=lambda _: None, limits=Limits(**bounds))  # type: ignore[arg-type]
    return clothbound.read(server.url + path, run=Run(fetch=fetch))


def test_a_page_of_a_server(server: Server) -> None:
    assert f"{server.url}/a/map.png" in addresses(on(server, "/moved"))
    assert server.asked == ["/moved", "/a/harbour"]
    assert len(on(server, "/")) == 2


def test_a_document_is_not_kept_in_the_cache(server: Server, tmp_path: Path) -> None:
    fetch = Fetcher(allow_private=True, cache=tmp_path / "cache")
    for _ in range(2):
        clothbound.read(f"{server.url}/feed", run=Run(fetch=fetch))
    assert server.asked == ["/feed", "/feed"]
    assert not (tmp_path / "cache").exists()


def test_an_answer_that_is_compressed_all_the_same(server: Server) -> None:
    page = PAGE.format(head="").encode()
    server.answers["/z"] = [send(gzip.compress(page), Content_Encoding="gzip")]
    assert "Low tide." in plain_text(on(server, "/z")[0])
    server.answers["/bomb"] = [send(gzip.compress(bytes(9_000)), Content_Encoding="gzip")]
    server.answers["/bad"] = [send(page, Content_Encoding="gzip")]
    server.answers["/cut"] = [send(gzip.compress(page)[:-20], Content_Encoding="gzip")]
    for path, says in (("/bomb", "larger"), ("/bad", "decompressed"), ("/cut", "cut off")):
        with pytest.raises(ReadError, match=says):
            on(server, path, resource_bytes=8_000)


@pytest.mark.parametrize(
    ("path", "bounds", "says"),
    [
        ("/gone", {}, "the server answered 404"),
        ("/a/harbour", {"resource_bytes": 100}, "larger than 100 bytes"),
        ("/round", {}, "more than 5 redirects"),
        ("/file", {}, "no address"),
    ],
)
def test_the_bounds_of_pictures_are_those_of_documents(
    server: Server, path: str, bounds: dict[str, int], says: str
) -> None:
    server.answers["/round"] = [status(301, Location="/round")]
    server.answers["/file"] = [status(301, Location="file:///etc/passwd")]
    with pytest.raises(ReadError, match=says) as raised:
        on(server, path, **bounds)
    assert raised.value.source == server.url + path


def test_a_private_address_is_refused(
    server: Server, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["convert", f"{server.url}/a/harbour", "-o", str(tmp_path / "a.html")])
    assert left.value.code == 1
    assert "private network" in capfd.readouterr().err
    assert server.asked == []


Call = Callable[..., tuple[object, str]]


@pytest.fixture
def run(
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Call:
    monkeypatch.setattr(fetching, "_is_public", lambda address: address == "127.0.0.1")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def call(name: str, path: str, *more: str) -> tuple[object, str]:
        server.asked.clear()
        with pytest.raises(SystemExit) as left:
            main([name, server.url + path, *more])
        return left.value.code or 0, capfd.readouterr().err

    return call


def test_to_give_an_address_is_to_ask_for_it_and_its_pictures(
    server: Server, run: Call, tmp_path: Path
) -> None:
    _, told = run("convert", "/a/harbour", "-o", "a.epub")
    assert server.asked[:1] == ["/a/harbour"]
    assert "/a/map.png" in server.asked
    with zipfile.ZipFile("a.epub") as book:
        assert any(name.endswith(".png") for name in book.namelist()), told
    _, told = run("convert", "/a/harbour", "-o", "b.epub", "--no-fetch")
    assert server.asked == ["/a/harbour"]
    assert "not fetched" in told


def test_each_command_takes_an_address_or_says_what_does(
    server: Server, run: Call, tmp_path: Path
) -> None:
    assert run("book", "/feed", "--all", "-o", "b.json", "--title", "Tides")[0] == 0
    assert "of one." in Path("b.json").read_text()
    code, told = run("convert", "/", "-t", "markdown", "-o", "posts/")
    assert code == 0
    assert "front page" in told
    assert sorted(p.name for p in Path("posts").glob("*.md")) == ["one.md", "two.md"]
    assert run("import", "/feed", "kept")[0] == 0
    assert len(list(Path("kept").glob("*.md"))) == 2
    assert "2 posts" in run("check", "/feed")[1]
    for name in ("init", "update"):
        _, told = run(name, "/feed")
        assert server.asked == []
        assert f"clothbound import {server.url}/feed posts/" in told
    book = clothbound.write(on(server, "/feed"), "epub").to_bytes()
    server.answers["/x.epub"] = [send(book, Content_Type="application/epub+zip")]
    assert run("convert", "/x.epub", "-o", "x.json")[0] == 0
    assert "of one." in Path("x.json").read_text()
    assert "checked as a file" in run("check", "/x.epub")[1]
    server.answers["/book.toml"] = [send(b'[book]\ntitle = "T"\n')]
    assert "give it as a file" in run("book", "/book.toml")[1]
