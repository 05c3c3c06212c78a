"""Exports of WordPress: which items are posts, who may see them, and what is read of each."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

import clothbound
from clothbound import formats
from clothbound.anthology.select import Select
from clothbound.diagnostics import DiagnosticCode
from clothbound.errors import ReadError
from clothbound.run import Run

NOW = datetime(2024, 6, 1, tzinfo=UTC)
CHANNEL = (
    '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:wp="{}">'
    "<channel><title>Site</title><link>https://site.example</link>"
    "<wp:author><wp:author_email>mail@private.example</wp:author_email></wp:author>{}</channel></rss>"
)
WP = "http://wordpress.org/export/1.2/"


def item(name: str, status: str, *, kind: str = "post", password: str = "", more: str = "") -> str:
    shown = f"<wp:status><![CDATA[{status}]]></wp:status>" if status else ""
    return (
        f"<item><title>Title {name}</title><link>https://site.example/{name}/</link>"
        f"<guid>https://site.example/?p={name}</guid><pubDate>Mon, 04 Mar 2024 05:06:07 +0000</pubDate>"
        f"<content:encoded><![CDATA[<p>Body {name}. <a href='https://site.example/zqdraft/'>see</a></p>"
        f"{more if more.startswith('<!--') else ''}]]></content:encoded>"
        f"{shown}<wp:post_type>{kind}</wp:post_type><wp:post_password>{password}</wp:post_password>"
        f"{more if not more.startswith('<!--') else ''}</item>"
    )


def meta(key: str, value: str) -> str:
    return (
        f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>{value}</wp:meta_value>"
        "</wp:postmeta>"
    )


ITEMS = [
    item("open", "publish"),
    item("page", "publish", kind="page"),
    item("zqfuture", "future"),
    item("zqdraft", "draft"),
    item("zqpending", "pending"),
    item("zqprivate", "private"),
    item("zqtrash", "trash"),
    item("zqauto", "auto-draft"),
    item("zqodd", "wc-completed"),
    item("zqnone", ""),
    item("zqpassword", "publish", password="hunter2"),
    item("zqpaid", "publish", more=meta("_jetpack_newsletter_access", "paid_subscribers")),
    item("all", "publish", more=meta("_jetpack_newsletter_access", "everybody")),
    item("zqgate", "publish", more="<!-- wp:jetpack/paywall /-->"),
    item("zqmenu", "publish", kind="nav_menu_item"),
    item("zqfile", "inherit", kind="attachment"),
    item("zqblock", "publish", kind="wp_block"),
    item("zqorder", "publish", kind="shop_order"),
]
EXPORT = CHANNEL.format(WP, "".join(ITEMS)).encode()
STATES = {
    "open": "public",
    "all": "public",
    "zqfuture": "scheduled",
    "zqdraft": "draft",
    "zqpending": "pending",
    "zqprivate": "private",
    "zqtrash": "trash",
    "zqauto": "draft",
    "zqodd": "unknown",
    "zqnone": "unknown",
    "zqpassword": "password",
    "zqpaid": "paid",
    "zqgate": "paid",
}


def states(data: bytes) -> dict[str, str]:
    collection = clothbound.read(data)
    found = {}
    for metadata in collection.index:
        names = [reason.name for reason in metadata.verdict(NOW).reasons]
        found[metadata.title.removeprefix("Title ")] = names[0] if names else "public"
    return found


def files(data: bytes) -> bytes:
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return b"\n".join(name.encode() + packed.read(name) for name in packed.namelist())


def test_status_password_access_and_paywall_decide_in_an_export_of_wordpress() -> None:
    assert states(EXPORT) == STATES


@pytest.mark.parametrize(
    "namespace",
    ["http://wordpress.org/export/1.0/", "https://wordpress.org/export/1.3/", "urn:something"],
)
def test_every_version_is_known_and_a_strange_one_by_its_prefix(namespace: str) -> None:
    assert states(EXPORT.replace(WP.encode(), namespace.encode())) == STATES


def test_a_namespace_that_is_not_declared_is_no_way_round() -> None:
    assert states(EXPORT.replace(f' xmlns:wp="{WP}"'.encode(), b"")) == STATES


@pytest.mark.parametrize("name", ["site", "rss", "epub", "json", "markdown"])
def test_nothing_secret_of_an_export_goes_out(name: str) -> None:
    collection = clothbound.read(EXPORT)
    book = clothbound.book(collection, Select(now=NOW, audiences=["everyone"]), title="T")
    sources = [collection] if formats.writer(name).public else []
    for posts in (book, *sources):
        artifact = clothbound.write(posts, name, run=Run(now=NOW))
        data = files(artifact.to_bytes())
        assert b"Body open" in data
        marks = [word for word in STATES if word.startswith("zq")]
        for mark in (*marks, "zqmenu", "zqfile", "zqblock", "hunter2", "mail@private"):
            assert mark.encode() not in data, mark
        told = "\n".join(map(str, artifact.report.diagnostics))
        secret = [w for w in marks if STATES[w] not in ("paid", "password")]
        assert [word for word in secret if word in told] == []


def test_what_is_no_post_is_counted_by_its_type() -> None:
    codes = (DiagnosticCode.ARCHIVE_ROW, DiagnosticCode.FILES_PASSED_OVER)
    told = [d for d in clothbound.read(EXPORT).diagnostics if d.code in codes]
    assert [(d.message, d.severity.value) for d in told] == [
        ("left out, since they are not posts: 1 attachment, 1 nav_menu_item, 1 wp_block", "info"),
        (
            "left out, since their types are of plug-ins: 1 shop_order; -I types=shop_order reads them",
            "warning",
        ),
        ("not posts: 1 page; -I pages=true reads pages too", "info"),
    ]


def test_pages_and_types_of_plug_ins_are_read_on_request() -> None:
    options = clothbound.WordPressInput(pages=True, types=("shop_order",))
    posts = clothbound.read(EXPORT, options)
    kinds = {m.title: m.kind for m in posts.index}
    assert (kinds["Title page"], kinds["Title zqorder"], kinds["Title open"]) == (
        "page",
        "shop_order",
        "",
    )
    assert len(posts) == len(STATES) + 2


def test_a_status_that_is_not_known_is_named() -> None:
    found = clothbound.read(EXPORT).diagnostics
    told = [d.message for d in found if d.code is DiagnosticCode.PUBLICATION_STATE]
    assert told == [
        "a status is missing: 1 post counted as secret",
        "the status 'wc-completed' is not known: 1 post counted as secret",
    ]


@pytest.mark.parametrize("name", ["export.xml", "export.rss", "export"])
def test_an_export_is_recognised_and_no_feed(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(EXPORT)
    assert len(clothbound.read(path)) == len(STATES)
    with pytest.raises(ReadError, match="an export of WordPress, not a feed"):
        clothbound.read(path, "rss")


def test_an_author_is_found_by_the_login_that_wordpress_would_keep() -> None:
    author = "<wp:author_login>board</wp:author_login><wp:author_display_name>The Board</wp:author_display_name>"
    posts = "".join(
        item(name, "publish", more=f"<dc:creator>{login}</dc:creator>")
        for name, login in (("a", "&gt;board"), ("b", "board"), ("c", "Ünal"))
    )
    export = CHANNEL.replace("<wp:author>", f"<wp:author>{author}", 1)
    export = export.replace("<rss ", '<rss xmlns:dc="http://purl.org/dc/elements/1.1/" ')
    collection = clothbound.read(export.format(WP, posts).encode())
    authors = {post.metadata.title: post.metadata.authors for post in collection}
    assert authors == {"Title a": ("The Board",), "Title b": ("The Board",), "Title c": ("Ünal",)}
