"""Reads the exports of platforms by their documentation, with the standard library and lxml alone."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from lxml import etree, html

from .facts import Fact, Source, bare, read_html, read_markdown, resolve

CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
NOT_OF_LOGIN = re.compile(r"[^A-Za-z0-9 _.@-]")
"""Matches what WordPress's ``sanitize_user`` removes of a login."""
ATOM = "{http://www.w3.org/2005/Atom}"
BLOGGER = "{http://schemas.google.com/blogger/2018}"


def plain(markup: str) -> str:
    """A title without markup, on one line."""
    return " ".join(unescape(re.sub(r"</?[A-Za-z][^>]*>", "", markup)).split())


def _repaired(path: Path) -> Any:
    """The root of a file of XML, without the characters that XML does not have."""
    named = partial(
        re.sub,
        rb"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z]+;",
        lambda m: unescape(m[0].decode()).encode(),
    )
    alone = partial(re.sub, rb"&(?!#?\w+;)(?![^<]*\]\]>)", b"&amp;")
    text = re.sub(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", b"", alone(named(path.read_bytes())))
    return etree.fromstring(
        text,
        etree.XMLParser(recover=True, resolve_entities=False, strip_cdata=False, huge_tree=True),
    )


def _wordpress(element: ElementTree.Element, name: str) -> str:
    for child in element:
        if isinstance(child.tag, str) and re.fullmatch(
            rf"\{{https?://wordpress\.org/export/[^}}]*\}}{name}", child.tag
        ):
            return (child.text or "").strip()
    return ""


def wordpress(path: Path) -> Source:
    """WXR of WordPress and of Squarespace."""
    files = [path] if path.is_file() else sorted(path.glob("*.xml"))
    channels = [_repaired(file).find("channel") for file in files]
    channels = [channel for channel in channels if channel is not None]
    items = [item for channel in channels for item in channel.findall("item")]
    names = {
        _wordpress(author, "author_login"): _wordpress(author, "author_display_name")
        for channel in channels
        for author in channel
        if str(author.tag).endswith("}author")
    }
    attached = {
        _wordpress(item, "post_id"): _wordpress(item, "attachment_url")
        for item in items
        if _wordpress(item, "post_type") == "attachment"
    }
    posts, addresses = [], {}
    for item in items:
        if _wordpress(item, "post_type") != "post":
            continue
        meta = {
            _wordpress(child, "meta_key"): _wordpress(child, "meta_value")
            for child in item
            if str(child.tag).endswith("}postmeta")
        }
        number = _wordpress(item, "post_id")
        link = (item.findtext("link") or "").strip()
        fact = Fact({number}, plain(item.findtext("title") or ""))
        day = _wordpress(item, "post_date") or _wordpress(item, "post_date_gmt")
        if not day.startswith("0000") and day:
            fact.date = day[:10]
        categories = [
            (c.get("domain"), c.get("nicename") or "", c.text or "")
            for c in item.findall("category")
        ]
        login = (item.findtext(CREATOR) or "").strip()
        several = [
            names.get(unescape(text)) or unescape(text)
            for domain, _, text in categories
            if domain == "author"
        ]
        known = names.get(login) or names.get(NOT_OF_LOGIN.sub("", login))
        fact.authors = several or ([known or login] if login else [])
        fact.tags = [
            plain(text)
            for domain, slug, text in categories
            if domain in ("category", "post_tag", None) and slug != "uncategorized" and text
        ]
        fact.language = next((slug for domain, slug, _ in categories if domain == "language"), "")
        fact.cover = attached.get(meta.get("_thumbnail_id", ""), "")
        fact.is_private = (
            _wordpress(item, "status") != "publish"
            or bool(_wordpress(item, "post_password"))
            or meta.get("_jetpack_newsletter_access", "everybody") != "everybody"
        )
        body = item.findtext(CONTENT) or ""
        for match in re.finditer(
            r"\[(?:source)?code\b[^\]]*\](.*?)\[/(?:source)?code\]", body, re.S
        ):
            fact.code.append(match[1])
        read_html(
            fact,
            re.sub(r"\[(?:source)?code\b[^\]]*\].*?\[/(?:source)?code\]", "", body, flags=re.S),
        )
        for ids in re.findall(r"\[gallery\b[^\]]*\bids=\"([\d, ]+)\"", body):
            fact.pictures += [attached[n.strip()] for n in ids.split(",") if n.strip() in attached]
        posts.append(fact)
        for address in {link, urlpath(link), (item.findtext("guid") or ""), f"?p={number}"} | (
            {v for k, v in meta.items() if k == "_wp_old_slug"}
        ):
            if bare(address) and bare(address).strip("/") not in hosts_of(channels):
                addresses[bare(address)] = fact
    resolve(posts, addresses)
    return Source(posts, language=(channels[0].findtext("language") or "").strip())


def hosts_of(channels: list[ElementTree.Element]) -> set[str]:
    return {bare(channel.findtext("link") or "").strip("/") for channel in channels} | {""}


def urlpath(address: str) -> str:
    return re.sub(r"^https?://[^/]+", "", address)


def ghost(path: Path) -> Source:
    if path.is_dir():
        path = next(p for p in sorted(path.rglob("*.json")) if '"posts"' in p.read_text("utf-8"))
    whole = json.loads(path.read_text("utf-8"))
    db = whole.get("db", [whole])
    data = (db[0] if isinstance(db, list) else db).get("data", whole)

    def rows(name: str) -> list[dict[str, Any]]:
        return data.get(name) or []

    users = {str(u["id"]): u["name"] for u in rows("users")}
    tags = {str(t["id"]): t for t in rows("tags")}
    settings = {s["key"]: s.get("value") for s in rows("settings")}
    posts, addresses = [], {}
    for row in rows("posts"):
        if row.get("type") == "page" or row.get("page") in (1, True):
            continue
        number = str(row["id"])
        fact = Fact({number, row.get("slug") or number}, plain(row.get("title") or ""))
        fact.date = _ghost_day(row.get("published_at") or "")
        own = sorted((r for r in rows("posts_authors") if str(r["post_id"]) == number), key=_order)
        fact.authors = [users[str(r["author_id"])] for r in own if str(r["author_id"]) in users]
        if not own and str(row.get("author_id")) in users:
            fact.authors = [users[str(row["author_id"])]]
        used = [
            tags.get(str(r["tag_id"])) for r in rows("posts_tags") if str(r["post_id"]) == number
        ]
        fact.tags = [t["name"] for t in used if t and not t["name"].startswith("#")]
        fact.language = row.get("locale") or ""
        fact.cover = row.get("feature_image") or row.get("image") or ""
        fact.is_private = (
            row.get("status") != "published" or (row.get("visibility") or "public") != "public"
        )
        _ghost_text(fact, row)
        posts.append(fact)
        for address in (f"/{row.get('slug')}/", f"__GHOST_URL__/{row.get('slug')}/"):
            addresses[bare(address)] = fact
    site = (settings.get("url") or "").rstrip("/")
    addresses |= {bare(site + name): fact for name, fact in list(addresses.items()) if site}
    resolve(posts, addresses)
    return Source(posts, language=settings.get("locale") or settings.get("lang") or "")


def _order(row: Mapping[str, Any]) -> Any:
    return row.get("sort_order") or 0


def _ghost_day(value: object) -> str:
    if isinstance(value, int):
        return datetime.fromtimestamp(value / 1000, UTC).date().isoformat()
    return str(value)[:10]


def _ghost_text(fact: Fact, row: Mapping[str, Any]) -> None:
    if row.get("html"):
        read_html(fact, row["html"])
    elif row.get("lexical"):
        for node in _objects(json.loads(row["lexical"])):
            fact.links += (
                [node["url"]]
                if node.get("type") in ("link", "autolink") and node.get("url")
                else []
            )
            fact.pictures += (
                [node["src"]] if node.get("type") == "image" and node.get("src") else []
            )
            fact.code += [node["code"]] if node.get("type") == "codeblock" else []
            fact.lines += [node["text"]] if isinstance(node.get("text"), str) else []
    elif row.get("mobiledoc"):
        document = json.loads(row["mobiledoc"])
        for name, *attributes in document.get("markups", []):
            fact.links += attributes[0][1:2] if name == "a" else []
        for name, card in document.get("cards", []):
            fact.pictures += [card["src"]] if name == "image" and card.get("src") else []
            fact.code += [card["code"]] if name == "code" else []
            if name in ("card-markdown", "markdown"):
                read_markdown(fact, card["markdown"])
            if name == "html":
                read_html(fact, card["html"])
    elif row.get("markdown"):
        read_markdown(fact, row["markdown"])


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _objects(item)


def medium(path: Path) -> Source:
    if path.is_dir():
        pages = {p.name: p.read_text("utf-8") for p in (path / "posts").glob("*.html")}
    else:
        with zipfile.ZipFile(path) as archive:
            pages = {
                name.rpartition("/")[2]: archive.read(name).decode()
                for name in archive.namelist()
                if "posts/" in name and name.endswith(".html")
            }
    posts, addresses = [], {}
    for name, text in sorted(pages.items()):
        page = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))

        def first(path: str, page: Any = page) -> str:
            found = page.xpath(path)
            return str(found if isinstance(found, str) else found[0] if found else "")

        fact = Fact(
            {name},
            plain(first("string(//h1[contains(@class, 'p-name')])") or first("string(//title)")),
        )
        fact.date = first("//time[contains(@class, 'dt-published')]/@datetime")[:10]
        fact.date = fact.date or (name[:10] if re.match(r"\d{4}-\d\d-\d\d_", name) else "")
        author = first("string(//a[contains(@class, 'p-author')])").strip()
        fact.authors = [author] if author else []
        fact.tags = [
            t.text_content().strip() for t in page.xpath("//*[contains(@class, 'p-tags')]//a")
        ]
        fact.cover = first("//img[@data-is-featured='true']/@src")
        fact.is_private = name.startswith("draft_")
        for body in page.xpath("//section[contains(@class, 'e-content')]"):
            read_html(fact, html.tostring(body, encoding="unicode"))
        fact.code = _joined_listings(page)
        posts.append(fact)
        number = re.search(r"([0-9a-f]{8,})\.html$", name)
        for address in (
            first("//a[contains(@class, 'p-canonical')]/@href"),
            f"https://medium.com/p/{number[1]}" if number else "",
        ):
            if address:
                addresses[bare(address)] = fact
    resolve(posts, addresses)
    return Source(posts)


def _joined_listings(page: Any) -> list[str]:
    """Neighbouring ``pre`` are one listing."""
    listings: list[str] = []
    last = None
    for pre in page.iter("pre"):
        for line in pre.iter("br"):
            line.tail = f"\n{line.tail or ''}"
        if last is not None and pre.getprevious() is last:
            listings[-1] += f"\n{pre.text_content()}"
        else:
            listings.append(pre.text_content())
        last = pre
    return listings


def blogger(path: Path) -> Source:
    if path.is_dir():
        path = next(path.rglob("feed.atom"))
    feed = _repaired(path)
    language = ""
    posts, addresses = [], {}
    host = next(
        (
            bare(link.get("href") or "").split("/")[0]
            for link in feed.findall(f"{ATOM}link")
            if link.get("rel") == "alternate"
        ),
        "",
    )
    for entry in feed.findall(f"{ATOM}entry"):
        kinds = [
            c.get("term") or ""
            for c in entry.findall(f"{ATOM}category")
            if (c.get("scheme") or "").endswith("#kind")
        ]
        kind = (entry.findtext(f"{BLOGGER}type") or "".join(kinds).rpartition("#")[2]).lower()
        if (entry.findtext(f"{ATOM}id") or "").endswith("BLOG_LOCALE"):
            language = (entry.findtext(f"{ATOM}content") or "").replace("_", "-")
        if kind not in ("post", "page"):
            continue
        link = next(
            (
                n.get("href") or ""
                for n in entry.findall(f"{ATOM}link")
                if n.get("rel") == "alternate"
            ),
            "",
        )
        link = link or entry.findtext(f"{BLOGGER}filename") or ""
        name = link or entry.findtext(f"{ATOM}id") or ""
        fact = Fact({name}, plain(entry.findtext(f"{ATOM}title") or ""))
        drafts = [n.text for n in entry.iter() if n.tag.endswith("}draft")]
        status = entry.findtext(f"{BLOGGER}status") or "LIVE"
        fact.is_private = (
            "yes" in drafts or status != "LIVE" or bool(entry.findtext(f"{BLOGGER}trashed"))
        )
        fact.date = "" if fact.is_private else (entry.findtext(f"{ATOM}published") or "")[:10]
        fact.is_private = fact.is_private or fact.date > datetime.now(UTC).date().isoformat()
        author = entry.findtext(f"{ATOM}author/{ATOM}name") or ""
        fact.authors = [author] if author else []
        fact.tags = [
            c.get("term") or ""
            for c in entry.findall(f"{ATOM}category")
            if not (c.get("scheme") or "").endswith("#kind")
        ]
        read_html(fact, entry.findtext(f"{ATOM}content") or "")
        posts.append(fact)
        addresses |= {bare(a): fact for a in (link, urlpath(link), host + urlpath(link)) if bare(a)}
    resolve(posts, addresses)
    return Source(posts, language=language)


def beehiiv(path: Path) -> Source:
    csv.field_size_limit(2**30)
    posts, addresses = [], {}
    for row in csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")):
        fact = Fact({row["url"]}, plain(row["web_title"]), row["created_at"][:10])
        fact.tags = [
            tag.strip() for tag in (row.get("content_tags") or "").split(";") if tag.strip()
        ]
        fact.cover = row.get("thumbnail_url") or ""
        audiences = f"{row.get('audience') or ''} {row.get('web_audiences') or ''}".lower()
        fact.is_private = row["status"] != "confirmed" or bool(
            re.search(r"premium|paid|both", audiences)
        )
        page = html.document_fromstring(row["content_html"] or "<p></p>")
        for hidden in page.xpath("//*[contains(translate(@style, ' ', ''), 'display:none')]"):
            hidden.drop_tree()
        blocks = page.xpath("//*[@id='content-blocks']")
        read_html(
            fact, html.tostring(blocks[0], encoding="unicode") if blocks else row["content_html"]
        )
        posts.append(fact)
        addresses[bare(row["url"])] = fact
    resolve(posts, addresses)
    return Source(posts)


def buttondown(path: Path) -> Source:
    if (path / "emails.json").exists():
        rows: list[dict[str, Any]] = json.loads((path / "emails.json").read_text("utf-8"))
    else:
        rows = list(csv.DictReader((path / "emails.csv").open(encoding="utf-8", newline="")))
    posts, addresses = [], {}
    for row in rows:
        file = path / "emails" / f"{row['slug']}.md"
        if not file.exists():
            continue
        fact = Fact(
            {f"emails/{row['slug']}.md"},
            plain(row["subject"]),
            str(row.get("publish_date") or "")[:10],
        )
        fact.tags = list(row.get("tags") or [])
        fact.cover = row.get("image") or ""
        status, kind = row.get("status") or "sent", row.get("email_type") or "public"
        fact.is_private = status not in ("sent", "imported") or kind != "public"
        text = file.read_text("utf-8")
        (read_html if "editor-mode: fancy" in text[:80] else read_markdown)(fact, text)
        posts.append(fact)
        for address in (row.get("absolute_url"), row.get("canonical_url")):
            if address:
                addresses[bare(address)] = fact
    resolve(posts, addresses)
    return Source(posts)


def movable_type(path: Path) -> Source:
    """Movable Type's import format; a text of Textile or of lines is counted as its HTML."""
    posts, addresses = [], {}
    entries = re.split(r"^--------\n(?=[A-Z]+:|\Z)", path.read_text("utf-8-sig"), flags=re.M)
    for number, entry in enumerate(entries, 1):
        end = r"^-----\n(?=(?:EXTENDED )?(?:BODY|EXCERPT|KEYWORDS|COMMENT|PING):$|\Z)"
        head, *parts = re.split(end, entry, flags=re.M)
        texts = dict(part.partition(":\n")[::2] for part in parts)
        pairs = re.findall(r"^([A-Z ]+): *(.*)$", head, re.M)
        fields = dict(reversed(pairs))
        if "BODY" not in texts:
            continue
        name = fields.get("UNIQUE URL") or fields.get("BASENAME") or f"entry-{number}"
        month, day, year = fields["DATE"].partition(" ")[0].split("/")
        fact = Fact({name}, plain(fields["TITLE"]), f"{year}-{month}-{day}")
        author = fields.get("AUTHOR", "")
        fact.authors = [author] if author and "@" not in author else []
        listed = ",".join((fields.get("TAGS", ""), texts.get("KEYWORDS", "")))
        categories = [value for key, value in pairs if key.endswith("CATEGORY")]
        named = [tag.strip() for row in csv.reader(listed.splitlines()) for tag in row]
        fact.tags = [tag for tag in dict.fromkeys((*named, *categories)) if tag]
        fact.is_private = fields.get("STATUS") != "Publish"
        read = read_markdown if fields.get("CONVERT BREAKS", "").startswith("mark") else read_html
        read(fact, f"{texts['BODY']}\n\n{texts.get('EXTENDED BODY', '')}")
        posts.append(fact)
        addresses[bare(name)] = fact
    resolve(posts, addresses)
    return Source(posts)


def tumblr(path: Path) -> Source:
    """The pages of Tumblr's archive, in its folder."""
    posts, addresses = [], {}
    files = sorted(path.glob("posts/**/[0-9]*.html"))
    for file in files:
        page = html.fromstring(file.read_text("utf-8"))
        body, footer = page.find("body"), page.get_element_by_id("footer")
        month, day, year = (footer.xpath("string(*[@id='timestamp'])").split())[:3]
        written = f"{month} {day.strip('stndrh,')} {year}"
        moment = datetime.strptime(written, "%B %d %Y")
        fact = Fact({file.stem}, date=f"{moment:%Y-%m-%d}")
        fact.tags = [tag.text_content().strip() for tag in footer.find_class("tag")]
        fact.is_private = "drafts" in file.parts or "private" in footer.text_content()
        footer.drop_tree()
        heading = body.find("h1")
        if heading is not None:
            fact.title = plain(heading.text_content())
            if heading.find("a") is None:
                heading.drop_tree()
        markup = "".join(etree.tostring(child, encoding="unicode", method="html") for child in body)
        read_html(fact, markup.replace("[[MORE]]", ""))
        posts.append(fact)
    known = {file.stem: fact for file, fact in zip(files, posts, strict=True)}
    for fact in posts:
        for link in fact.links:
            number = re.search(r"tumblr\.com/(?:post|[\w-]+)/(\d{5,})", link)
            if number and number[1] in known:
                addresses[bare(link)] = known[number[1]]
    resolve(posts, addresses)
    return Source(posts, picture_names={file.name for file in path.glob("media/*")})


def dev_to(path: Path) -> Source:
    """The articles of DEV: ``body_markdown`` has a header of its own."""
    posts, addresses = [], {}
    for row in json.loads(path.read_text("utf-8")):
        head, text = re.match(r"(---\n.*?\n---\n)?(.*)", row["body_markdown"], re.S).groups()
        fact = Fact({row["slug"]}, row["title"], (row["published_at"] or "")[:10])
        fact.authors, fact.language = [row["cached_user_name"]], row["language"]
        fact.tags, fact.cover = row["cached_tag_list"].split(", "), row["main_image"] or ""
        fact.is_private = (
            not row["published"]
            or "published: false" in (head or "")
            or row["published_at"] > f"{datetime.now(UTC):%Y-%m-%d}"
        )
        read_markdown(fact, text)
        posts.append(fact)
        addresses[bare(f"https://dev.to{row['path']}")] = fact
    resolve(posts, addresses)
    return Source(posts)


def blog_archive(path: Path) -> Source:
    """The JSON Feed of a Blog Archive, in its folder."""
    feed = json.loads((path / "feed.json").read_text("utf-8"))
    posts, addresses = [], {}
    for item in feed["items"]:
        fact = Fact({item["url"]}, item.get("title", ""), item["date_published"][:10])
        fact.authors, fact.tags = [feed["author"]["name"]], item.get("tags", [])
        fact.is_private = bool(item.get("_microblog") or item.get("post-status"))
        text = item.get("content_html")
        (read_html if text else read_markdown)(fact, text or item["content_text"])
        posts.append(fact)
        addresses[bare(item["url"])] = fact
        addresses[bare(item["url"].removeprefix(feed["home_page_url"].rstrip("/")))] = fact
    resolve(posts, addresses)
    names = {file.name for file in path.glob("uploads/**/*.png")}
    return Source(posts, picture_names=names)


def notion(path: Path) -> Source:
    """The pages of Notion in the folders to which the parts of an export unpack; ``path`` is the folder of all of them."""
    posts: list[Fact] = []
    addresses: dict[str, Fact] = {}
    for file in sorted(path.glob("part-*/**/* ????????????????????????????????.md")):
        heading, _, rest = file.read_text("utf-8").partition("\n\n")
        fields, _, body = rest.partition("\n\n")
        said = dict(line.partition(": ")[::2] for line in fields.split("\n"))
        fact = Fact({file.name}, heading.removeprefix("# "))
        if "Date" in said:
            day = datetime.strptime(said["Date"], "%B %d, %Y")
            fact.date = f"{day:%Y-%m-%d}"
        fact.tags = said["Tags"].split(", ") if "Tags" in said else []
        fact.is_private = said.get("Status") == "Draft"
        read_markdown(fact, body)
        posts.append(fact)
        addresses[bare(file.name)] = fact
    resolve(posts, addresses)
    return Source(posts, picture_names={file.name for file in path.glob("part-*/**/*.png")})
