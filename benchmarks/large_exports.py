"""Makes exports of many posts in each format, and measures the memory of reading all of them; prints Markdown.

    python benchmarks/large_exports.py          # 100 and 5,000 posts
    python benchmarks/large_exports.py 1000     # 100 and 1,000 posts

Memory is the peak of a process that reads the archive and makes each of its posts in turn.
"""

from __future__ import annotations

import csv
import io
import json
import os
import platform
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

FEW = 100
WORDS = "The press stands by the harbour and the paper comes by boat when the weather is fair. "
READ = """
import sys, clothbound
posts = clothbound.read(sys.argv[1])
print(sum(1 for post in posts.posts if post.body))
"""


def body(number: int) -> str:
    """The HTML of a post, of some 8 kB."""
    paragraph = f"<p>Post {number}. {WORDS * 15}</p>"
    return f'<h2>Part</h2>{paragraph * 6}<p><a href="/p/{number // 2}/">Before</a></p>'


def wordpress(count: int, path: Path) -> Path:
    names = " ".join(
        f'xmlns:{prefix}="{address}"'
        for prefix, address in (
            ("content", "http://purl.org/rss/1.0/modules/content/"),
            ("wp", "http://wordpress.org/export/1.2/"),
            ("dc", "http://purl.org/dc/elements/1.1/"),
        )
    )
    with (path / "export.xml").open("w") as file:
        file.write(
            f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {names}><channel><title>Press</title>'
            "<link>https://press.example</link><wp:wxr_version>1.2</wp:wxr_version>"
        )
        for n in range(count):
            file.write(
                f"<item><title>Post {n}</title><link>https://press.example/p/{n}/</link><dc:creator>marit</dc:creator>"
                f"<content:encoded><![CDATA[{body(n)}]]></content:encoded><wp:post_id>{n + 1}</wp:post_id>"
                "<wp:post_date_gmt>2024-03-04 05:06:07</wp:post_date_gmt><wp:status>publish</wp:status>"
                "<wp:post_type>post</wp:post_type></item>\n"
            )
        file.write("</channel></rss>")
    return path / "export.xml"


def ghost(count: int, path: Path) -> Path:
    posts = [
        {
            "id": str(n),
            "title": f"Post {n}",
            "slug": f"p{n}",
            "html": body(n),
            "status": "published",
            "visibility": "public",
            "type": "post",
            "published_at": "2024-03-04T05:06:07.000Z",
        }
        for n in range(count)
    ]
    data = {"posts": posts, "tags": [], "users": [], "posts_tags": [], "posts_authors": []}
    export = {"db": [{"meta": {"exported_on": 1, "version": "5.80.0"}, "data": data}]}
    (path / "press.ghost.2024-05-05.json").write_text(json.dumps(export))
    return path / "press.ghost.2024-05-05.json"


def medium(count: int, path: Path) -> Path:
    with zipfile.ZipFile(path / "medium.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.html", "<p>Medium export</p>")
        for n in range(count):
            archive.writestr(
                f"posts/2024-03-04_Post-{n}-{n:012x}.html",
                f'<!DOCTYPE html><html><head><title>Post {n}</title></head><body><article class="h-entry"><header>'
                f'<h1 class="p-name">Post {n}</h1></header><section data-field="body" class="e-content">{body(n)}'
                '</section><footer><p>By <a class="p-author h-card" href="https://medium.com/@m">Marit</a> on '
                f'<a href="https://medium.com/p/{n:012x}"><time class="dt-published" datetime="2024-03-04T05:06:07.000Z">'
                f'March 4, 2024</time></a>.</p><p><a class="p-canonical" href="https://medium.com/@m/post-{n:012x}">'
                "Canonical link</a></p><p>Exported from <a>Medium</a> on June 1, 2024.</p></footer></article></body></html>",
            )
    return path / "medium.zip"


def blogger(count: int, path: Path) -> Path:
    with (path / "feed.atom").open("w") as file:
        file.write(
            '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" '
            'xmlns:blogger="http://schemas.google.com/blogger/2018"><id>tag:blogger.com,1999:blog-1</id><title>Press</title>'
        )
        for n in range(count):
            file.write(
                f"<entry><id>tag:blogger.com,1999:blog-1.post-{n}</id><blogger:type>POST</blogger:type>"
                f"<blogger:status>LIVE</blogger:status><author><name>Marit</name></author><title>Post {n}</title>"
                f'<content type="html">{escape(body(n))}</content><published>2024-03-04T05:06:07Z</published>'
                f"<blogger:filename>/2024/03/p{n}.html</blogger:filename></entry>\n"
            )
        file.write("</feed>")
    return path / "feed.atom"


def beehiiv(count: int, path: Path) -> Path:
    columns = "id web_title status audience content_tags url web_subtitle content_html thumbnail_url created_at".split()
    with (path / "posts.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        for n in range(count):
            row = {"id": n, "web_title": f"Post {n}", "status": "confirmed", "audience": "free"}
            page = f'<html><body><div id="content-blocks">{body(n)}</div></body></html>'
            rest = {"url": f"https://p.beehiiv.com/p/{n}", "created_at": "2024-03-04 05:06:07"}
            writer.writerow(row | rest | {"content_html": page})
    return path / "posts.csv"


def buttondown(count: int, path: Path) -> Path:
    with zipfile.ZipFile(path / "emails.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        rows = [
            {
                "id": str(n),
                "subject": f"Post {n}",
                "slug": f"p{n}",
                "publish_date": "2024-03-04 05:06:07+00:00",
                "status": "sent",
                "email_type": "public",
            }
            for n in range(count)
        ]
        archive.writestr("emails.json", json.dumps(rows))
        for n in range(count):
            text = f"<!-- buttondown-editor-mode: fancy -->{body(n)}"
            archive.writestr(f"emails/p{n}.md", text)
    return path / "emails.zip"


def markdown_paragraph(number: int) -> str:
    return f"Post {number}. {WORDS * 15}\n\n"


def markdown_post(number: int) -> str:
    text = markdown_paragraph(number) * 6
    return f"---\ntitle: Post {number}\ndate: 2024-03-04\n---\n\n## Part\n\n{text}"


def markdown_zip(count: int, path: Path) -> Path:
    with zipfile.ZipFile(path / "posts.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(count):
            archive.writestr(f"posts/{n}.md", markdown_post(n))
    return path / "posts.zip"


def notion(count: int, path: Path) -> Path:
    with zipfile.ZipFile(path / "Export.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(count):
            text = f"# Post {n}\n\nDate: March 4, 2024\nStatus: Published\n\n## Part\n\n{markdown_paragraph(n) * 6}"
            archive.writestr(f"Private & Shared/Press/Post {n} {n:032x}.md", text)
    return path / "Export.zip"


def tumblr(count: int, path: Path) -> Path:
    with zipfile.ZipFile(path / "tumblr.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(count):
            number = 163_000_000_000 + n
            archive.writestr(
                f"posts/html/{number}.html",
                f"<!DOCTYPE HTML><html><head><title>{number}</title></head><body><h1>Post {n}</h1>{body(n)}"
                '<div id="footer"><span id="timestamp"> March 4th, 2024 5:06am </span><span class="tag">press</span></div>'
                "</body></html>",
            )
    return path / "tumblr.zip"


def blog_archive(count: int, path: Path) -> Path:
    items = [
        {
            "id": f"https://press.example/p/{n}/",
            "url": f"https://press.example/p/{n}/",
            "title": f"Post {n}",
            "content_html": body(n),
            "date_published": "2024-03-04T05:06:07Z",
        }
        for n in range(count)
    ]
    feed = {"version": "https://jsonfeed.org/version/1", "title": "Press", "items": items}
    with zipfile.ZipFile(path / "press.bar", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("feed.json", json.dumps(feed))
    return path / "press.bar"


def dev(count: int, path: Path) -> Path:
    articles = [
        {
            "body_markdown": f"## Part\n\n{markdown_paragraph(n) * 6}",
            "cached_user_name": "Marit",
            "created_at": "2024-03-04T05:06:07.000Z",
            "path": f"/marit/post-{n}",
            "published": True,
            "published_at": "2024-03-04T05:06:07.000Z",
            "slug": f"post-{n}",
            "title": f"Post {n}",
        }
        for n in range(count)
    ]
    with zipfile.ZipFile(path / "dev.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("articles.json", json.dumps(articles))
        archive.writestr("comments.json", "[]")
    return path / "dev.zip"


def movable_type(count: int, path: Path) -> Path:
    with (path / "export.txt").open("w") as file:
        for n in range(count):
            file.write(
                f"AUTHOR: Marit\nTITLE: Post {n}\nBASENAME: p{n}\nSTATUS: Publish\nDATE: 03/04/2024 05:06:07 AM\n"
                f"-----\nBODY:\n{body(n)}\n-----\n--------\n"
            )
    return path / "export.txt"


def own_epub(count: int, path: Path) -> Path:
    folder = path / "posts"
    folder.mkdir()
    for n in range(count):
        (folder / f"{n}.md").write_text(markdown_post(n))
    command = [sys.executable, "-m", "clothbound", "book", "--all", "-q", str(folder)]
    subprocess.run([*command, "-o", str(path / "book.epub")], check=True)
    return path / "book.epub"


FORMATS: dict[str, Callable[[int, Path], Path]] = {
    "WordPress": wordpress,
    "Ghost": ghost,
    "Medium": medium,
    "Blogger, Takeout": blogger,
    "beehiiv": beehiiv,
    "Buttondown": buttondown,
    "ZIP of Markdown": markdown_zip,
    "Notion": notion,
    "Tumblr": tumblr,
    "Blog Archive (.bar)": blog_archive,
    "DEV": dev,
    "Movable Type": movable_type,
    "own EPUB": own_epub,
}


def made(name: str, count: int, path: str) -> Path:
    """Makes an archive in a process of its own, since Linux counts a parent's memory into its children."""
    command = [sys.executable, __file__, "--make", name, str(count), path]
    return Path(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip())


def measure(archive: Path, count: int) -> tuple[float, float]:
    """Returns the user seconds and the peak memory in MB of reading an archive of ``count`` posts."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-c", READ, str(archive)], stdout=log, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        log.seek(0)
        said = io.TextIOWrapper(log, "utf-8", errors="replace").read().strip()
    if process.returncode or said != str(count):
        raise SystemExit(f"{archive.name}: {count} posts expected: {said[-2000:]}")
    scale = 1 if platform.system() == "Darwin" else 1024  # bytes there, kilobytes elsewhere
    return usage.ru_utime, usage.ru_maxrss * scale / 1e6


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--make"]:
        _, name, count, path = arguments
        print(FORMATS[name](int(count), Path(path)))
        return
    many = int(arguments[0]) if arguments else 5000
    print(
        f"| export | MB, {many:,} posts | CPU, s | MB of memory, {FEW} posts | {many:,} posts | ratio |\n"
        "|:--|--:|--:|--:|--:|--:|"
    )
    for name in FORMATS:
        with tempfile.TemporaryDirectory() as few, tempfile.TemporaryDirectory() as lot:
            _, small = measure(made(name, FEW, few), FEW)
            archive = made(name, many, lot)
            seconds, large = measure(archive, many)
            size = archive.stat().st_size / 1e6
            line = f"{name} | {size:.0f} | {seconds:.0f} | {small:.0f} | {large:.0f} | {large / small:.1f}"
            print(f"| {line} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
