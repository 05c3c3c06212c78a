"""Runs other converters on the tests' exports of WordPress and Ghost, counts what each keeps, and prints Markdown tables.

    python benchmarks/peer_converters.py

A converter is run if its command is on the PATH; otherwise the script says how to install it. What is counted is read from
the exports by the standard library and lxml, and looked for in the files that a converter writes; none of clothbound's code
is asked. Posts that are not public count for the last two rows alone.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

import pypandoc
from lxml import etree, html

CASES = Path(__file__).resolve().parents[1] / "tests" / "cases"
WXR = CASES / "wordpress" / "export.xml"
GHOST = next((CASES / "ghost").glob("*.ghost.*.json"))
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
WP = "{http://wordpress.org/export/1.2/}"
INSTALL = {
    "wordpress-export-to-markdown": "npm install -g wordpress-export-to-markdown@2.2",
    "pelican-import": "pip install pelican beautifulsoup4 lxml feedparser",
    "ghost2md": "pip install ghost2md==0.1",
    "markdownify": "pip install markdownify==1.2",
}
SHORTCODE = re.compile(
    r"\\?\[/?(?:caption|gallery|embed|audio|video|playlist|sourcecode|row|column|youtube|tweet|pull_box"
    r"|subscribe_form|ref|footnote)(?![\w-])(?!\\?\]\()"
)
LISTING = re.compile(r"\[(?:source)?code\b[^\]]*\]\n?(.*?)\[/(?:source)?code\]", re.S)
EMBED = re.compile(
    r"(?:youtube\.com/watch\?v=|youtube\.com/embed/|youtu\.be/|vimeo\.com/|/status/)([\w-]+)"
)
CODE = re.compile(r"```.*?```|`[^`\n]*`|^(?: {4}|\t).*?$|<(pre|code)\b.*?</\1>", re.S | re.M)
MARKER = re.compile(r"\b[A-Z]{3,}(?:-[A-Z]{2,})+\b")


@dataclass
class Wanted:
    """What the public posts of an export hold, and the marker words of what is not public."""

    words: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    """Addresses on other hosts; those of the blog itself may become paths."""
    pictures: list[str] = field(default_factory=list)
    """Names of files, once for each time that a picture is shown, also in a gallery."""
    notes: set[str] = field(default_factory=set)
    embeds: set[str] = field(default_factory=set)
    code: set[str] = field(default_factory=set)
    markers: set[str] = field(default_factory=set)


def words(text: str) -> set[str]:
    """The words of four letters or more, in lower case."""
    return {word.lower() for word in re.findall(r"[^\W\d_]{4,}", text)}


def squeezed(text: str) -> str:
    """A text without spaces and without the backslashes of Markdown."""
    return re.sub(r"[\s\\]+", "", unescape(text).replace("’", "'"))


def lines(text: str) -> str:
    """The lines of a listing without indents, which its place in a text may change."""
    return "\n".join(line.strip() for line in unescape(text).splitlines() if line.strip())


def read_body(wanted: Wanted, markup: str, own_host: str) -> None:
    """Adds what a public post's HTML holds."""
    wanted.code |= {lines(code) for code in LISTING.findall(markup)}
    body = html.fromstring(f"<div>{LISTING.sub('', markup)}</div>")
    for element in body.iter("a"):
        address = element.get("href", "")
        if address.startswith("http") and own_host not in address:
            wanted.links.add(address)
    for element in body.iter("img"):
        if (source := element.get("src", "")) and "icon" not in (element.get("class") or ""):
            wanted.pictures.append(stem(source))
    wanted.code |= {
        lines(str(pre.text_content()))
        for pre in body.iter("pre")
        if "verse" not in (pre.get("class") or "")
    }
    wanted.embeds |= set(EMBED.findall(markup))
    wanted.words |= words(re.sub(r"\[[^\]]*\]|https?://\S+", " ", spaced(body)))


def spaced(element: Any) -> str:
    """The text of an element, with a space between those of two elements."""
    return " ".join(
        text
        for text in element.xpath(
            ".//text()[not(ancestor::script or ancestor::style or ancestor::form or ancestor::svg)]"
        )
    )


def stem(address: str) -> str:
    """The name of a picture's file, without the size that WordPress adds to copies."""
    return re.sub(r"-\d+x\d+(?=\.)", "", address.rsplit("/", 1)[-1].partition("?")[0])


def read_wxr() -> Wanted:
    """Reads the export of WordPress."""
    wanted = Wanted()
    items = list(etree.parse(WXR).iter("item"))
    files = {i.findtext(f"{WP}post_id"): i.findtext(f"{WP}attachment_url") or "" for i in items}
    for item in items:
        if item.findtext(f"{WP}post_type") != "post":
            continue
        body = item.findtext(CONTENT) or ""
        meta = {m.findtext(f"{WP}meta_key"): m.findtext(f"{WP}meta_value") or "" for m in item}
        is_public = (
            item.findtext(f"{WP}status") == "publish"
            and not item.findtext(f"{WP}post_password")
            and meta.get("_jetpack_newsletter_access", "everybody") == "everybody"
        )
        if not is_public:
            wanted.markers |= set(MARKER.findall(body))
            continue
        read_body(wanted, body, "harbour.example")
        for ids in re.findall(r"\[gallery ids=\"([\d,]+)\"", body):
            wanted.pictures += [stem(files[n]) for n in ids.split(",") if n in files]
        for note in json.loads(meta.get("footnotes") or "[]"):
            wanted.notes.add(squeezed(re.sub(r"<[^>]+>", "", note["content"])))
    return wanted


def texts(node: Any) -> Iterator[str]:
    """Yields the texts of a document of Lexical or Mobiledoc."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("text", "markdown", "code", "caption", "heading") and isinstance(value, str):
                yield value
            else:
                yield from texts(value)
    elif isinstance(node, list):
        if len(node) == 4 and isinstance(node[0], int) and isinstance(node[3], str):
            yield node[3]
        for value in node:
            yield from texts(value)


def read_ghost() -> Wanted:
    """Reads the export of Ghost."""
    wanted = Wanted()
    for post in json.loads(GHOST.read_text())["db"][0]["data"]["posts"]:
        if post.get("type") == "page":
            continue
        markup = post.get("html") or ""
        is_public = (
            post["status"] == "published" and post.get("visibility") in ("public", None)
            and not post.get("email_only")
        )  # fmt: skip
        wanted.markers |= set(MARKER.findall(json.dumps(post)))
        if not is_public:
            continue
        if markup:
            read_body(wanted, markup.replace("__GHOST_URL__", "https://own.example"), "own.example")
        for form in ("lexical", "mobiledoc"):
            for text in texts(json.loads(post.get(form) or "{}")):
                wanted.words |= words(re.sub(r"<[^>]+>|https?://\S+|\]\([^)]*\)", " ", text))
    wanted.words -= {word for marker in wanted.markers for word in words(marker)}
    return wanted


def run(*command: str | Path) -> None:
    """Runs a converter; one that stops may have written something."""
    environment = os.environ | {
        "PATH": f"{os.environ['PATH']}{os.pathsep}{Path(pypandoc.get_pandoc_path()).parent}"
    }
    done = subprocess.run(
        [str(part) for part in command],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        print(f"{command[0]} stopped: {said[-1] if said else done.returncode}", file=sys.stderr)


def clothbound(form: str) -> Callable[[Path, Path], None]:
    """Converts by clothbound's command."""

    def convert(source: Path, folder: Path) -> None:
        run(sys.executable, "-m", "clothbound", "convert", source, "-t", form, "-o", folder)

    return convert


def by_npm(source: Path, folder: Path) -> None:
    """``wordpress-export-to-markdown`` without downloading pictures."""
    flags = ("--save-attached-images", "false", "--save-scraped-images", "false")
    run("wordpress-export-to-markdown", "--wizard", "false", "--input", source, "--output", folder, *flags)  # fmt: skip


def by_pelican(source: Path, folder: Path) -> None:
    """Pelican's importer, which needs pandoc."""
    folder.mkdir()
    run("pelican-import", "--wpfile", "-m", "markdown", "-o", folder, source)


def by_ghost2md(source: Path, folder: Path) -> None:
    """``ghost2md``, which wants its folder to exist."""
    folder.mkdir()
    run("ghost2md", "--json", source, "--output", folder)


def by_markdownify(source: Path, folder: Path) -> None:
    """``markdownify`` for the column ``html`` of each post, as scripts do it."""
    folder.mkdir()
    for number, post in enumerate(json.loads(source.read_text())["db"][0]["data"]["posts"]):
        if post.get("type") == "page" or not post.get("html"):
            continue
        page = folder / f"{number}.in"
        page.write_text(post["html"])
        made = subprocess.run(["markdownify", page], capture_output=True, text=True, check=True)
        page.unlink()
        (folder / f"{number}.md").write_text(made.stdout)


def count(wanted: Wanted, folder: Path) -> list[str]:
    """Returns how much of each kind stands in the files that a converter has written."""
    files = [f for f in sorted(folder.rglob("*")) if f.suffix in (".md", ".html", ".markdown")]
    raw = "\n".join(unescape(file.read_text(errors="replace")) for file in files)
    shown = "\n".join(
        spaced(html.fromstring(f.read_bytes())) if f.suffix == ".html" else f.read_text()
        for f in files
        if f.read_bytes().strip()
    )
    flat = raw.replace("\\", "")
    code_shown = "\n".join(
        lines(
            str(html.fromstring(f.read_bytes()).text_content())
            if f.suffix == ".html"
            else f.read_text()
        )
        for f in files
        if f.read_bytes().strip()
    )
    images = [stem(a or b) for a, b in re.findall(r"!\[[^\]]*\]\(<?([^)\s>]+)|<img[^>]*?\ssrc=\"([^\"]+)\"", flat)]  # fmt: skip
    # A site names pictures by their bytes, so that only their number can be compared.
    pictures = min(len(images), len(wanted.pictures))
    plain = squeezed(re.sub(r"(?m)^ *> ?|[*_]", "", shown))
    return [
        part(len(wanted.words & words(shown)), wanted.words),
        part(sum(link in flat or link.rstrip("/") in flat for link in wanted.links), wanted.links),
        part(pictures, wanted.pictures),
        part(sum(note in plain for note in wanted.notes), wanted.notes),
        part(sum(embed in flat for embed in wanted.embeds), wanted.embeds),
        part(sum(code in code_shown for code in wanted.code), wanted.code),
        str(len(SHORTCODE.findall(CODE.sub("", raw))) + flat.count("__GHOST_URL__")),
        part(sum(marker in flat for marker in wanted.markers), wanted.markers),
    ]


def part(found: int, of: set[str] | list[str]) -> str:
    """A part of a whole, or a dash where there is nothing."""
    return f"{found}/{len(of)}" if of else "-"


KINDS = (
    "words of public posts", "links to other hosts", "pictures, galleries included", "notes", "embeds, by address",
    "listings whole", "shortcodes and `__GHOST_URL__` in the text", "marker words of what is not public",
)  # fmt: skip


def table(
    title: str, source: Path, wanted: Wanted, peers: dict[str, Callable[[Path, Path], None]]
) -> None:
    """Prints the table of an export; runs those of ``peers`` that are installed."""
    columns: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory() as work:
        for name, convert in peers.items():
            command = name.partition(",")[0]
            if command in INSTALL and shutil.which(command) is None:
                print(f"{name} is not installed: {INSTALL[command]}", file=sys.stderr)
                continue
            folder = Path(work) / name
            convert(source, folder)
            columns[name] = count(wanted, folder)
    print(f"\n{title}\n\n| what | {' | '.join(columns)} |\n|:--|{'--:|' * len(columns)}")
    for number, kind in enumerate(KINDS):
        print(f"| {kind} | {' | '.join(column[number] for column in columns.values())} |")


def main() -> None:
    """Prints both tables."""
    ours = {"clothbound, site": clothbound("site"), "clothbound, Markdown": clothbound("markdown")}
    table(
        "WordPress",
        WXR,
        read_wxr(),
        ours | {"wordpress-export-to-markdown": by_npm, "pelican-import": by_pelican},
    )
    table(
        "Ghost",
        GHOST,
        read_ghost(),
        ours | {"ghost2md": by_ghost2md, "markdownify": by_markdownify},
    )


if __name__ == "__main__":
    main()
