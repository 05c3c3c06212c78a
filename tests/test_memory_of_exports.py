"""Five thousand posts of each export take flat memory; that of Ghost is measured in ``test_ghost.py``."""

from __future__ import annotations

import csv
import html
import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

POSTS = 5000
MOST = 60
"""The megabytes above those of an import of the library: metadata, the index and the texts that are kept in memory."""
TEXT = "<p>The tide came and went, and <em>nobody</em> saw it.</p>" * 100
_READ = """
import re, sys
from pathlib import Path
import clothbound
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
before = peak()
posts = clothbound.read(sys.argv[1]).posts
for post in posts[:100]:
    pass
print(len(posts), peak() - before)
"""


def wordpress(folder: Path) -> Path:
    path = folder / "blog.xml"
    head = (
        '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">'
        "<channel><link>https://s.example</link>"
    )
    with path.open("w") as file:
        file.write(head)
        for n in range(1, POSTS + 1):
            file.write(
                f"<item><title>{n}</title><link>https://s.example/{n}/</link><wp:post_id>{n}</wp:post_id>"
                "<wp:status>publish</wp:status><wp:post_type>post</wp:post_type>"
                f"<content:encoded><![CDATA[{TEXT}]]></content:encoded></item>"
            )
        file.write("</channel></rss>")
    return path


def blogger(folder: Path) -> Path:
    path = folder / "feed.atom"
    text = html.escape(TEXT)
    with path.open("w") as file:
        file.write(
            '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:blogger="http://schemas.google.com/blogger/2018">'
        )
        for n in range(POSTS):
            file.write(
                f"<entry><id>{n}</id><blogger:type>POST</blogger:type><blogger:status>LIVE</blogger:status>"
                f"<title>{n}</title><content type='html'>{text}</content></entry>"
            )
        file.write("</feed>")
    return path


def beehiiv(folder: Path) -> Path:
    path = folder / "posts.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["web_title", "content_html", "status", "audience"])
        rows.writerows((n, TEXT, "confirmed", "free") for n in range(POSTS))
    return path


def medium(folder: Path) -> Path:
    path = folder / "medium.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for n in range(POSTS):
            page = f'<article class="h-entry"><section class="e-content">{TEXT}</section></article>'
            packed.writestr(f"posts/2020-01-02_Story-{n:012x}.html", page)
    return path


def buttondown(folder: Path) -> Path:
    path = folder / "letters.zip"
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(["subject", "slug", "publish_date", "status"])
    rows.writerows((n, n, "2020-01-01T00:00:00Z", "sent") for n in range(POSTS))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("emails.csv", table.getvalue())
        for n in range(POSTS):
            packed.writestr(f"emails/{n}.md", "The tide came and went. " * 200)
    return path


def movable_type(folder: Path) -> Path:
    path = folder / "blog.txt"
    with path.open("w") as file:
        for n in range(POSTS):
            fields = f"TITLE: {n}\nSTATUS: Publish\nDATE: 03/04/2005 05:06:07 PM\n"
            file.write(f"{fields}-----\nBODY:\n{TEXT}\n-----\n--------\n")
    return path


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")
@pytest.mark.parametrize("make", [wordpress, blogger, beehiiv, medium, buttondown, movable_type])
def test_five_thousand_posts_take_flat_memory(make: Callable[[Path], Path], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _READ, str(make(tmp_path))],
        capture_output=True,
        text=True,
        check=True,
    )
    count, taken = map(int, re.findall(r"\d+", done.stdout))
    assert count == POSTS
    assert taken < MOST
