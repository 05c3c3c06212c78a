"""The forms of text in which ``growth.py`` repeats a token: every reader, every language of posts, and parts of sources."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from html import escape
from pathlib import Path

import clothbound
from clothbound.html.write.sanitize import clean
from clothbound.limits import Limits
from clothbound.math.svg import to_svg
from clothbound.media.svg.cleaning import clean_svg
from clothbound.model.post import Post
from clothbound.plan.reading import parse_manifest
from clothbound.readers.front_matter import read_header
from clothbound.substack import posts_csv
from clothbound.verify.markdown import strip_markdown

_DAY = "2024-01-02T03:04:05Z"


def _posts(source: str | bytes, format: str) -> list[Post]:
    data = source.encode() if isinstance(source, str) else source
    return list(clothbound.read(data, format, on_error="collect"))


def _folder(files: Mapping[str, str], format: str) -> list[Post]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 2, 3, 4, 6)), text)
    return _posts(packed.getvalue(), format)


def _feed(text: str) -> str:
    return f"<rss><channel><item><title>A</title><description>{escape(text)}</description></item></channel></rss>"


def _in_feed(text: str) -> str:
    return f"<rss><channel><item><title>A</title>{text}</item></channel></rss>"


def _atom(text: str) -> str:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><entry><id>a</id><title>A</title>'
        f'<published>{_DAY}</published><content type="html">{escape(text)}</content></entry></feed>'
    )


def _wordpress(text: str) -> str:
    return (
        '<rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        "<wp:wxr_version>1.2</wp:wxr_version><item><title>A</title><wp:post_type>post</wp:post_type><wp:status>publish"
        f"</wp:status><content:encoded>{escape(text)}</content:encoded></item></channel></rss>"
    )


def _blogger(text: str) -> str:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:blogger="http://schemas.google.com/blogger/2018"><title>A</title>'
        "<generator>Blogger</generator><entry><id>tag:blogger.com,1999:blog-1.post-2</id><blogger:type>POST</blogger:type>"
        f"<blogger:status>LIVE</blogger:status><title>A</title><published>{_DAY}</published>"
        f'<content type="html">{escape(text)}</content></entry></feed>'
    )


def _table(**fields: str) -> str:
    written = io.StringIO()
    rows = csv.DictWriter(written, list(fields))
    rows.writeheader()
    rows.writerow(fields)
    return written.getvalue()


def _bear_blog(text: str) -> str:
    return _table(
        **{"uid": "a", "title": "A", "slug": "a", "published date": _DAY, "all tags": "[]", "publish": "True"},
        **{"is page": "False", "content": text},
    )  # fmt: skip


def _beehiiv(text: str) -> str:
    return _table(
        id="a", web_title="A", status="confirmed", audience="free", url="https://a.beehiiv.com/p/a",
        content_html=text, created_at=_DAY,
    )  # fmt: skip


def _ghost(**body: str) -> str:
    post = {
        "id": "a",
        "title": "A",
        "slug": "a",
        "type": "post",
        "status": "published",
        "visibility": "public",
    }
    return json.dumps({"db": [{"meta": {"version": "5.0"}, "data": {"posts": [post | {"published_at": _DAY} | body]}}]})  # fmt: skip


def _ghost_card(text: str) -> str:
    return _ghost(
        mobiledoc=json.dumps(
            {"version": "0.3.1", "cards": [["markdown", {"markdown": text}]], "sections": [[10, 0]]}
        )
    )


def _json_feed(text: str) -> str:
    item = {"id": "a", "title": "A", "content_html": text, "date_published": _DAY}
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "A", "items": [item]}
    )


def _dev_to(text: str) -> str:
    article = {"title": "A", "slug": "a", "published": True, "published_at": _DAY}
    return json.dumps([article | {"body_markdown": text, "body_html": None}])


def _write_as(text: str) -> str:
    post = {"id": "a", "slug": "a", "title": "A", "created": _DAY, "updated": _DAY, "body": text}
    return json.dumps({"username": "a", "collections": [{"alias": "a", "posts": [post]}]})


def _buttondown(text: str) -> Mapping[str, str]:
    email = {"id": "a", "subject": "A", "status": "sent", "publish_date": _DAY, "email_type": "public"}  # fmt: skip
    return {"emails.json": json.dumps([email]), "emails/a.md": text}


def _medium(text: str) -> Mapping[str, str]:
    page = (
        "<!DOCTYPE html><html><head><title>A</title></head><body><article class='h-entry'><h1 class='p-name'>A</h1>"
        f"<section data-field='body' class='e-content'>{text}</section><footer><a href='https://medium.com/p/a1b2c3'"
        f" class='p-canonical'>a</a><time class='dt-published' datetime='{_DAY}'>a</time></footer></article></body></html>"
    )
    return {"profile/profile.html": "<html></html>", "posts/2024-01-02_A-a1b2c3.html": page}


def _substack(text: str) -> Mapping[str, str]:
    row = _table(
        post_id="1.a", post_date=_DAY, is_published="true", audience="everyone", title="A", type="newsletter"
    )  # fmt: skip
    return {"posts.csv": row, "posts/1.a.html": text}


def _tumblr(text: str) -> Mapping[str, str]:
    page = f"<!DOCTYPE html><html><body><h1>A</h1>{text}<div id='footer'><span id='timestamp'>January 2nd, 2024 3:04am</span></div></body></html>"
    return {"posts_index.html": "<html></html>", "posts/html/163000000001.html": page}


def _notebook(text: str) -> str:
    cells = [
        {"cell_type": kind, "metadata": {}, "source": source.splitlines(keepends=True)}
        for kind, source in (("raw", _DATED), ("markdown", text))
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


def _pandoc(text: str) -> str:
    paragraph = {"t": "Para", "c": [{"t": "Str", "c": text}]}
    raw = {"t": "RawBlock", "c": ["html", text]}
    return json.dumps({"pandoc-api-version": [1, 23], "meta": {}, "blocks": [paragraph, raw]})


_DATED = "---\ntitle: A\ndate: 2024-01-02\n---\n\n"
_RST_HEAD = "A\n=\n\n"
_SITES: Mapping[str, tuple[str, str, str]] = {
    "Astro": ("astro.config.mjs", "export default {}\n", "src/content/blog/a.md"),
    "Astro's MDX": ("astro.config.mjs", "export default {}\n", "src/content/blog/a.mdx"),
    "Bridgetown": ("bridgetown.config.yml", "url: https://a.example\n", "src/_posts/2024-01-02-a.md"),
    "Docusaurus": ("docusaurus.config.js", "module.exports = {}\n", "blog/2024-01-02-a.md"),
    "Eleventy": ("eleventy.config.js", "module.exports = {}\n", "posts/a.md"),
    "Gatsby": ("gatsby-config.js", "module.exports = {}\n", "content/blog/a/index.md"),
    "Hexo": ("_config.yml", "title: A\ntheme: landscape\nsource_dir: source\n", "source/_posts/a.md"),
    "Hugo": ("hugo.toml", 'baseURL = "https://a.example"\n', "content/posts/a.md"),
    "Jekyll": ("_config.yml", "title: A\nplugins: []\n", "_posts/2024-01-02-a.md"),
    "Jupyter Book": ("_config.yml", "title: A\nsphinx: {}\nexecute: {}\n", "a.md"),
    "Logseq": ("logseq/config.edn", "{}\n", "pages/A.md"),
    "MkDocs": ("mkdocs.yml", "site_name: A\n", "docs/a.md"),
    "Nikola": ("conf.py", 'BLOG_TITLE = "A"\nPOSTS = ()\n', "posts/a.md"),
    "Pelican": ("pelicanconf.py", 'SITENAME = "A"\n', "content/a.md"),
    "Quarto": ("_quarto.yml", "project:\n  type: website\n", "posts/a.qmd"),
    "VitePress": (".vitepress/config.js", "export default {}\n", "posts/a.md"),
    "Zola": ("config.toml", 'base_url = "https://a.example"\n[markdown]\n', "content/a.md"),
}  # fmt: skip


def _site(name: str, text: str) -> list[Post]:
    settings, setting, path = _SITES[name]
    return _folder({settings: setting, path: _DATED + text}, "site")


def _svg(text: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg"><style>{escape(text)}</style></svg>'.encode()


READERS: Mapping[str, Callable[[str], list[Post]]] = {
    "markdown": lambda text: _posts(text, "markdown"),
    "commonmark": lambda text: _posts(text, "commonmark"),
    "gfm": lambda text: _posts(text, "gfm"),
    "obsidian": lambda text: _posts(text, "obsidian"),
    "MDX": lambda text: _folder({"a.mdx": text}, "markdown"),
    "Quarto's file": lambda text: _folder({"a.qmd": text}, "markdown"),
    "reStructuredText": lambda text: _folder({"a.rst": _RST_HEAD + text}, "markdown"),
    "notebook": lambda text: _folder({"a.ipynb": _notebook(text)}, "markdown"),
    "Zine": lambda text: _folder({"a.smd": f'---\n.title = "A",\n---\n{text}'}, "markdown"),
    "plain text": lambda text: _folder({"a.txt": _DATED + text}, "markdown"),
    "html": lambda text: _posts(text, "html"),
    "pandoc": lambda text: _posts(_pandoc(text), "pandoc"),
    "rss": lambda text: _posts(_feed(text), "rss"),
    "rss items": lambda text: _posts(_in_feed(text), "rss"),
    "atom": lambda text: _posts(_atom(text), "rss"),
    "jsonfeed": lambda text: _posts(_json_feed(text), "jsonfeed"),
    "substack": lambda text: _folder(_substack(text), "substack"),
    "wordpress": lambda text: _posts(_wordpress(text), "wordpress"),
    "ghost": lambda text: _posts(_ghost(html=text), "ghost"),
    "ghost's card": lambda text: _posts(_ghost_card(text), "ghost"),
    "medium": lambda text: _folder(_medium(text), "medium"),
    "blogger": lambda text: _posts(_blogger(text), "blogger"),
    "buttondown": lambda text: _folder(_buttondown(text), "buttondown"),
    "beehiiv": lambda text: _posts(_beehiiv(text), "beehiiv"),
    "bear-blog": lambda text: _posts(_bear_blog(text), "bear-blog"),
    "devto": lambda text: _posts(_dev_to(text), "devto"),
    "write-as": lambda text: _posts(_write_as(text), "write-as"),
    "tumblr": lambda text: _folder(_tumblr(text), "tumblr"),
    "movable-type": lambda text: _posts(
        f"TITLE: A\n-----\nBODY:\n{text}\n-----\n--------\n", "movable-type"
    ),
    **{name: partial(_site, name) for name in _SITES},
}
"""What reads posts whose text is repeated tokens."""

PARTS: Mapping[str, Callable[[str], object]] = {
    "header": lambda text: read_header(f"---\na: {text}\n---\n\nb\n", Limits()),
    "header's lines": lambda text: read_header(f"---\n{text}\n---\n\nb\n", Limits()),
    "posts.csv": lambda text: posts_csv.load(f"post_id,title\n{text}".encode(), most=100_000),
    "TeX": lambda text: to_svg(text, display=True, widest=300),
    "SVG's style": lambda text: clean_svg(_svg(text)),
    "book.toml": lambda text: parse_manifest(f"[book]\ntitle = {text}", Path("book.toml")),
    "cleaned": lambda text: clean(text, xhtml=True),
    "counted": strip_markdown,
}
"""What reads a part of a source or an option."""
