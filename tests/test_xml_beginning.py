"""The beginning of XML tells a feed from an export with drafts, whatever stands before its root, in any encoding."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

import clothbound
from clothbound.xml_beginning import from_root
from odd_exports import export, item

WXR = export(
    item("Open words ö"), item("zqdraft", "<wp:status>draft</wp:status>", number=2)
).decode()
_KIND = '<category scheme="http://schemas.google.com/g/2005#kind" term="http://schemas.google.com/blogger/2008/kind#post"/>'
_ENTRY = (
    "<entry><id>tag:blogger.com,1999:blog-1.post-{}</id>{}" + _KIND + "<title>A</title>"
    '<published>2024-01-01T00:00:00Z</published><content type="html">{}</content></entry>'
)
BLOGGER = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:app="http://purl.org/atom/app#">'
    "<id>tag:blogger.com,1999:blog-1.archive</id><title>b</title>"
    + _ENTRY.format(1, "", "Open words ö")
    + _ENTRY.format(2, "<app:control><app:draft>yes</app:draft></app:control>", "zqdraft")
    + "</feed>"
)
DECLARED = '<?xml version="1.0" encoding="UTF-8"?>\n'
BEFORE = {
    "nothing": "",
    "declaration": DECLARED,
    "long comment": DECLARED + f"<!-- {'long words ' * 9000}-->\n",
    "many comments": DECLARED + "<!-- made -- x -->\n" * 20_000,
    "blank lines": DECLARED + "\n" * 6000,
    "type": DECLARED + "<!DOCTYPE rss>\n",
    "type elsewhere": DECLARED + '<!DOCTYPE rss SYSTEM "http://x.example/a.dtd>">\n',
    "entities": DECLARED
    + '<!DOCTYPE rss [\n<!ENTITY a "aaaaaaaaaa">\n<!-- ]> -->\n<!ENTITY b "&a;&a;">\n]>\n',
}


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("data", [WXR, BLOGGER], ids=["WXR", "Blogger"])
def test_an_export_is_known_behind_whatever_xml_allows(
    data: str, before: str, tmp_path: Path
) -> None:
    path = tmp_path / "export.xml"
    path.write_bytes((BEFORE[before] + data).encode())
    check(path)
    check(path.read_bytes())


@pytest.mark.parametrize("mark", ["with a mark", "without a mark"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("data", [WXR, BLOGGER], ids=["WXR", "Blogger"])
def test_an_export_in_utf_16_is_read(data: str, encoding: str, mark: str) -> None:
    begin = "\ufeff" if mark == "with a mark" else ""
    written = begin + '<?xml version="1.0" encoding="UTF-16"?>\n' + data
    check(written.encode(encoding))


def check(source: Path | bytes) -> None:
    posts = clothbound.read(source)
    assert "Open words ö" in str(posts.posts[0].body)
    assert "zqdraft" not in clothbound.write(posts, "rss").to_bytes().decode()


def test_a_bomb_of_entities_costs_nothing() -> None:
    kinds = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(30))
    before = f'{DECLARED}<!DOCTYPE rss [<!ENTITY e0 "ha">{kinds}]>'
    data = (before + WXR.replace("<title>Post", "<title>&e30;Post")).encode()
    assert len(clothbound.read(data).posts[0].metadata.title) < 20


@pytest.mark.parametrize(
    "head", [b"<!-- x -->" * 400 + b"<!-", b"<?xml", b"<!DOCTYPE a [<!ENTITY", b"<", b"\n\n"]
)
def test_a_beginning_that_ends_before_the_root_shows_nothing(head: bytes) -> None:
    assert from_root(head) == b""


@pytest.mark.parametrize("head", [b"# Words", b"<!", b'{"a": 1}'])
def test_another_text_has_no_root(head: bytes) -> None:
    assert not from_root(head)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_table_in_utf_16_is_known_by_its_columns(encoding: str) -> None:
    table = "web_title,status,content_html\nÖffnen,published,<p>Words ö.</p>\nZwei,draft,zqdraft\n"
    posts = clothbound.read(table.encode(encoding))
    assert [m.title for m in posts.index] == ["Öffnen", "Zwei"]
    assert "zqdraft" not in clothbound.write(posts, "rss").to_bytes().decode()
    assert len(clothbound.read(io.BytesIO(table.encode(encoding)), "beehiiv")) == 2
