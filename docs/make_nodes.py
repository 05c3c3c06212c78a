"""Write docs/reference/nodes.md: each node of the model as Markdown, and as every format writes it.

    python docs/make_nodes.py
    python docs/make_nodes.py --pictures [HEADING...]

The second makes the pictures of the printed pages too, all or those below some headings, and needs ``pdftoppm``.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from PIL import Image as Picture
from PIL import ImageChops

import clothbound
from clothbound.model import Asset, Image, Metadata, Post, replace, walk

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
LIGHTHOUSE = ROOT / "examples/letters/2021/images/31001006.the-light_lighthouse.png"
QUIRE = ROOT / "examples/letters/2021/images/31001002.a-cat-called-quire_quire.png"
ASSETS = (
    Asset("lighthouse.png", LIGHTHOUSE.read_bytes(), "image/png"),
    Asset("quire.png", QUIRE.read_bytes(), "image/png"),
)
GAP = 16
"""Rows without ink between two parts of a printed page, at least."""
ENGINES = ("weasyprint", "typst")
INTRODUCTION = """\
# Nodes

Each kind of node of the model: how one writes it in Markdown, and what every format makes of it. Formats that
write the same stand together. Where the look of a printed page matters, a picture shows it, set by WeasyPrint on the left and by
Typst on the right. What a format cannot hold as it is stands in the report of a conversion; the lines below "reported"
are those lines. The classes are described [with the library](api.md).

"""
BLOCKS: tuple[tuple[str, str], ...] = (
    ("Paragraph", "The boats came in before the fog did."),
    ("Heading", "## Low water {#low}"),
    (
        "List, ListItem",
        "1. Fold the sheet.\n2. Press it:\n\n    - by hand,\n    - or under the bricks.\n",
    ),
    ("Quote", "> We mended nets all winter.\n>\n> Then we mended books.\n"),
    ("ThematicBreak", "Before.\n\n* * *\n\nAfter.\n"),
    ("CodeBlock", '```python\nfor sheet in signature:\n    fold(sheet, "in half")\n```\n'),
    ("MathBlock", "$$\n\\frac{a}{b} = \\sqrt{2}\n$$\n"),
    ("Verse", "| The tide goes out\n|    and takes the day with it,\n| the gulls stay.\n"),
    (
        "Table, Cell",
        "| thread | weight |\n|:--|--:|\n| linen | 18/3 |\n| silk | 12/2 |\n\nTable: What is in the drawer\n",
    ),
    ("DefinitionList, DefinitionItem", "Quire\n:   A gathering of sheets.\n:   A cat.\n"),
    ("Figure", '![The light at dusk.](lighthouse.png){alt="A lighthouse"}'),
    (
        "Gallery",
        '::: image-gallery-embed\n![](lighthouse.png){alt="A lighthouse"}\n![](quire.png){alt="A cat"}\n:::\n',
    ),
    ("PullQuote", "::: pullquote\nA book is a boat for words.\n:::\n"),
    ("Callout", "> [!WARNING]\n> Glue sets in a minute.\n"),
    ("Button", "[Read the letters](https://letters.example/archive){.button .primary}"),
    (
        "SubscribeForm",
        '::: {.subscription-widget-wrap-editor attrs="{\\"text\\":\\"Subscribe\\"}" component-name="SubscribeWidgetToDOM"}\n'
        "A letter each month.\n:::\n",
    ),
    (
        "Embed",
        '::: {.embed fields="{\\"kind\\":\\"video\\",\\"provider\\":\\"YouTube\\"}"}\n\n'
        "[The tide, filmed](https://www.youtube.com/watch?v=abcdefghijk)\n\n:::\n",
    ),
    (
        "Media",
        '::: {.media fields="{\\"kind\\":\\"audio\\",\\"duration\\":61}"}\n\n'
        "<https://letters.example/harbour.mp3>\n\nThe harbour at night\n\n:::\n",
    ),
    (
        "FileDownload",
        '::: {.file-embed-wrapper component-name="FileToDOM"}\n\n'
        "[A template for a box](https://letters.example/box.pdf)\n\n120 kB\n\n:::\n",
    ),
    (
        "Poll",
        '::: {.poll-embed attrs="{\\"id\\":null}" component-name="PollToDOM" '
        'fields="{\\"question\\":\\"Linen or silk?\\",\\"options\\":[\\"Linen\\",\\"Silk\\"]}"}\n:::\n',
    ),
    (
        "Recipe",
        '::: {.recipe-embed attrs="{\\"id\\":null}" component-name="RecipeToDOM" '
        'fields="{\\"title\\":\\"Paste\\",\\"ingredients\\":[\\"Flour\\",\\"Water\\"],\\"steps\\":[\\"Stir.\\",\\"Boil.\\"]}"}\n:::\n',
    ),
    ("Group", "::: aside\nA word beside the text.\n:::\n"),
    (
        "Conditional",
        '::: {.dynamic-content-block dynamic-audiences="only_paid"}\nThank you for paying.\n:::\n',
    ),
    (
        "PaywallBreak",
        'For everyone.\n\n::: {.paywall-jump component-name="PaywallToDOM"}\n:::\n\nFor those who pay.\n',
    ),
    ("RawBlock", "```{=tex}\n\\clearpage\n```\n"),
)
INLINES: tuple[tuple[str, str], ...] = (
    ("Text", "“Plain” text — with an en dash: 1–2."),
    ("Emphasis, Strong", "*By hand*, and **by heart**."),
    ("Strikethrough, Underline, Highlight", "~~Glue~~ [paste]{.underline} [now]{.mark}."),
    ("Superscript, Subscript", "E = mc^2^, and H~2~O."),
    ("Code", "Call `fold()` twice."),
    ("Math", "It holds that $e^{i\\pi} + 1 = 0$."),
    ("LineBreak", "One line,\\\nand the next."),
    ("Link", "[The net loft](https://letters.example/p/the-net-loft)"),
    ("Image", 'A lamp ![a lighthouse](lighthouse.png){width="40"} in a line.'),
    ("NoteRef, Footnote", "It floats[^1].\n\n[^1]: In salt water.\n"),
    ("Span", '[Der Einband]{lang="de"} is the binding.'),
    (
        "Mention",
        '[Marit]{.mention-wrap attrs="{\\"name\\":\\"Marit\\",\\"id\\":7,\\"type\\":\\"pub\\",'
        '\\"url\\":\\"https://letters.example\\"}" component-name="MentionToDOM"} wrote back.',
    ),
    ("RawInline", "Set by `\\TeX{}`{=tex}."),
)
LOOKED_AT = (
    "List, ListItem", "Quote", "CodeBlock", "MathBlock", "Verse", "Table, Cell",
    "DefinitionList, DefinitionItem", "Figure", "Gallery", "PullQuote", "Callout", "Button", "Embed", "Media",
    "FileDownload", "Poll", "Recipe", "Group", "Math", "NoteRef, Footnote",
)  # fmt: skip
NO_SOURCE = {
    "Extension": "[A filter](../how-to/filter.md#make-a-node-of-your-own) or plug-in of your own makes it; formats"
    " write its fallback.",
}


def page() -> str:
    """Returns the whole page."""
    return INTRODUCTION + "".join(_parts())


def _parts() -> Iterator[str]:
    for title, examples in (("Blocks", BLOCKS), ("In a line", INLINES)):
        yield f"## {title}\n\n"
        for names, source in examples:
            yield f"### {names}\n\n{_fenced('markdown', source.rstrip())}\n"
            if names in LOOKED_AT:
                yield f"![{names} in print, by both engines](nodes/{_stem(names)}.png)\n\n"
            yield from _renderings(post_of(names, source))
    yield "## Without Markdown of its own\n\n"
    yield "".join(f"- `{name}`: {about}\n" for name, about in NO_SOURCE.items())


def post_of(names: str, source: str) -> Post:
    """Returns the post that the source of an example is; it has the nodes that its heading names."""
    post = clothbound.read(source.encode(), "markdown")[0]
    held = {type(node).__name__ for node in walk(post)} | {type(n).__name__ for n in post.footnotes}
    missing = set(names.split(", ")) - held
    if missing:
        raise SystemExit(f"{names}: {source!r} has no {missing}")
    named = Metadata(key="example", slug="example", title="Example", id="1.example")
    used = {node.src for node in walk(post) if isinstance(node, Image)}
    return replace(post, metadata=named, assets=tuple(a for a in ASSETS if a.href in used))


def _renderings(post: Post) -> Iterator[str]:
    """Yields what each format makes of a post; formats that write the same share a block."""
    texts: dict[tuple[str, str], list[str]] = {}
    said: dict[tuple[str, ...], list[str]] = {}
    for name, language, text, reported in renderings(post):
        key = next(
            (k for k in texts if k[0] == language and k[1].split() == text.split()),
            (language, text.strip("\n")),
        )
        texts.setdefault(key, []).append(name)
        said.setdefault(reported, []).append(name)
    for (language, text), names in texts.items():
        yield f'<details markdown="1"><summary>{", ".join(names)}</summary>\n\n'
        yield f"{_fenced(language, text)}\n</details>\n\n"
    lines = [(line, names) for reported, names in said.items() for line in reported]
    yield "".join(f"- reported by {', '.join(names)}: {line}\n" for line, names in lines)
    yield "\n" if lines else ""


def _fenced(language: str, text: str) -> str:
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`{3,}", text))])
    return f"{fence}{language}\n{text}\n{fence}\n"


def renderings(post: Post) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """Yields format, language of its text, text, and what was reported, for each format."""
    page = clothbound.write(post, clothbound.HtmlFragment(title=False, pictures="link"))
    yield "HTML", "html", page.to_bytes().decode(), _reported(page)
    book = clothbound.write(post, "epub")
    yield "EPUB", "html", _chapter(book.to_bytes()), _reported(book)
    for name, options in (
        ("pandoc's Markdown", clothbound.Markdown(header=False)),
        ("GitHub's", clothbound.Markdown(dialect="gfm", header=False)),
        ("CommonMark", clothbound.Markdown(dialect="commonmark", header=False)),
        ("Obsidian's", clothbound.Markdown(dialect="obsidian", header=False)),
    ):
        file = clothbound.write(post, options)
        yield name, "markdown", _markdown(file), _reported(file)
    archive = clothbound.write(post, "substack")
    yield "Substack", "html", _archived(archive.to_bytes()), _reported(archive)
    text = clothbound.write(post, "text")
    yield "plain text", "text", text.to_bytes().decode().partition("\n")[2], _reported(text)


def _reported(artifact: clothbound.Artifact) -> tuple[str, ...]:
    found = artifact.report.diagnostics
    return tuple(
        dict.fromkeys(f"{d.message} [{d.code.value}]" for d in found if d.code.value != "inferred")
    )


def _chapter(epub: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(epub)) as archive:
        text = archive.read("EPUB/example.xhtml").decode()
    return text.partition("</header>\n")[2].partition("</section>\n</body>")[0]


def _markdown(artifact: clothbound.Artifact) -> str:
    data = artifact.to_bytes()
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return data.decode()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return next(archive.read(n).decode() for n in archive.namelist() if n.endswith(".md"))


def _archived(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return next(archive.read(n).decode() for n in archive.namelist() if n.endswith(".html"))


def _stem(names: str) -> str:
    return names.partition(",")[0].lower()


def make_pictures(*chosen: str) -> None:
    """Makes the picture of each example whose look matters, or of some, by both engines beside each other."""
    sources = dict((*BLOCKS, *INLINES))
    for names in chosen or LOOKED_AT:
        post = post_of(names, sources[names])
        shown = [_printed(post, engine) for engine in ENGINES]
        height = max(one.height for one in shown)
        sheet = Picture.new("RGB", (sum(o.width for o in shown) + 24, height), "#d8d4cc")
        sheet.paste(shown[0], (0, 0))
        sheet.paste(shown[1], (shown[0].width + 24, 0))
        sheet.quantize(64).save(REFERENCE / "nodes" / f"{_stem(names)}.png", optimize=True)


def _printed(post: Post, engine: str) -> Picture.Image:
    """Returns the first page of a post, cut to its width and to what stands on it below the title."""
    with tempfile.TemporaryDirectory() as name:
        pdf = Path(name) / "post.pdf"
        clothbound.write(post, clothbound.Pdf(page="A5", engine=engine)).save(pdf)
        command = [
            "pdftoppm",
            "-png",
            "-r",
            "110",
            "-f",
            "1",
            "-l",
            "1",
            "-singlefile",
            pdf,
            f"{name}/page",
        ]
        subprocess.run(command, check=True)
        page = Picture.open(f"{name}/page.png").convert("RGB")
    return _cut(page)


def _cut(page: Picture.Image) -> Picture.Image:
    """Leaves out the title, the number of the page, and empty rows where there are many."""
    white = Picture.new("RGB", (page.width, 1), "white")
    rows = [page.crop((0, y, page.width, y + 1)) for y in range(page.height)]
    inked = [n for n, row in enumerate(rows) if ImageChops.difference(row, white).getbbox()]
    gaps = [(before, after) for before, after in pairwise(inked) if after - before > GAP]
    begins, ends = gaps[0][1] - GAP, gaps[-1][0] + GAP
    dropped = {n for before, after in gaps for n in range(before + 3 * GAP, after - 3 * GAP)}
    kept = [n for n in range(begins, ends) if n not in dropped]
    cut = Picture.new("RGB", (page.width - 60, len(kept)), "white")
    for place, number in enumerate(kept):
        cut.paste(rows[number], (-30, place))
    return cut


if __name__ == "__main__":
    (REFERENCE / "nodes.md").write_text(page(), encoding="utf-8")
    if "--pictures" in sys.argv:
        make_pictures(*sys.argv[2:])
