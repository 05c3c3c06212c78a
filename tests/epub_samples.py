"""Posts made by hand for the tests of the EPUB writer."""

from __future__ import annotations

import io
import zipfile

from msgspec.structs import replace
from PIL import Image as PillowImage

from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.book_info import BookInfo, Series
from clothbound.model.collection import Collection, Part, Role
from clothbound.model.post import Asset, Footnote, Metadata, Post
from clothbound.model.posts_at_hand import as_collection
from sample_nodes import day

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30" onload="alert(1)">'
    b"<script>alert(2)</script><rect width='40' height='30' fill='navy'/>"
    b'<image href="https://example.org/x.png" width="4" height="4"/>'
    b"<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>out</p></foreignObject></svg>"
)

LONG_SUM = " + ".join(f"a_{{{n}}}" for n in range(40))


def picture(form: str, colour: str = "teal", size: tuple[int, int] = (60, 40)) -> bytes:
    stream = io.BytesIO()
    PillowImage.new("RGB", size, colour).save(stream, form)
    return stream.getvalue()


def text(*words: str) -> tuple[b.Block, ...]:
    return tuple(b.Paragraph((i.Text(word),)) for word in words)


def every_node() -> Post:
    """Returns a post with each kind of block and inline, in which every word has a number (w01, w02
    ...).
    """
    inline = b.Paragraph(
        (
            i.Text("w01 plain & <angled> "),
            i.Emphasis((i.Text("w02"),)),
            i.Strong((i.Text("w03"),)),
            i.Strikethrough((i.Text("w04"),)),
            i.Underline((i.Text("w05"),)),
            i.Superscript((i.Text("w06"),)),
            i.Subscript((i.Text("w07"),)),
            i.Highlight((i.Text("w08"),)),
            i.Code("w09 <code>"),
            i.Math("w_{10}"),
            i.LineBreak(),
            i.Link((i.Text("w11"),), "https://example.org/a b?x=1&y=[2]#f", "A title"),
            i.Image("dot.png", "w12"),
            i.Mention((i.Text("w13"),), "https://example.org/@w13"),
            i.NoteRef("1"),
            i.Text(" and again "),
            i.NoteRef("1"),
            i.NoteRef("two words"),
            i.Span((i.Text("w14"),), attributes=(("lang", "de"), ("dir", "sideways")), id="span 1"),
            i.RawInline("html", "<kbd>w15</kbd>"),
            i.RawInline("tex", "\\w16"),
        ),
        id="1",
    )
    figure = b.Figure(
        i.Image("photo.webp", "w17"), (i.Text("w18"),), "https://example.org/", 60, 40
    )
    blocks = (
        inline,
        b.Heading((i.Text("w19 "), i.Emphasis((i.Text("heading"),))), 3),
        b.Quote(text("w20", "w21")),
        b.PullQuote(text("w22")),
        b.List(
            (
                b.ListItem(text("w23")),
                b.ListItem((*text("w24"), b.List((b.ListItem(text("w25")),), tight=False))),
            ),
            ordered=True,
            start=3,
        ),
        b.List((b.ListItem(text("w26"), checked=True), b.ListItem(text("w27"), checked=False))),
        b.DefinitionList((b.DefinitionItem((i.Text("w28"),), (text("w29"), text("w30", "w31"))),)),
        b.CodeBlock("def w32():\n    return 'ok'  # note", "python"),
        b.CodeBlock("w33 <plain>\n", ""),
        b.MathBlock("\\frac{w_{34}}{2}"),
        b.MathBlock(LONG_SUM),
        b.Paragraph((i.Math(LONG_SUM),)),
        b.Verse((i.Text("w35"), i.LineBreak(), i.Text("  w36"), i.LineBreak(), i.LineBreak())),
        figure,
        b.Gallery((figure, b.Figure(i.Image("drawing.svg", "w37")))),
        b.Table(
            ((b.Cell((i.Text("w38"),)), b.Cell((i.Text("w39"),))),),
            (
                (b.Cell((i.Text("w40"),)), b.Cell((i.Text("w41"),))),
                (b.Cell((i.Text("w42"),), colspan=2),),
            ),
            ("left", "right"),
            (i.Text("w43"),),
        ),
        b.ThematicBreak(),
        b.Callout(text("w44"), (i.Text("w45"),), "note"),
        b.Embed("tweet", "https://example.org/t/1", "Twitter", "", "w46", "w47", "1 May 2023"),
        b.Embed("video", "https://example.org/v", "YouTube", "w48", thumbnail="dot.png"),
        b.Media("audio", "https://example.org/a.mp3", caption=(i.Text("w49"),), duration=61.0),
        b.FileDownload("https://example.org/f.pdf", "w50", "31 kB"),
        b.FileDownload("files/own.pdf", "w51"),
        b.Button("w52", "https://example.org/b"),
        b.Poll("w53", ("w54", "w55"), "https://example.org/p"),
        b.Recipe("w56", ("w57",), ("w58",), ""),
        b.Conditional(text("w59"), ("only_paid",)),
        b.Group(text("w60"), classes=("aside",)),
        b.RawBlock("html", "<details><summary>w61</summary><p onclick='x()'>w62</p></details>"),
        b.Extension("chess", {"move": 1}, text("w63")),
        b.Paragraph((i.Link((i.Text("w64"),), "javascript:alert(1)"),)),
        b.Paragraph((i.Image("gone.png", "w65"), i.Image("https://example.org/far.png", "w66"))),
        b.Paragraph((i.Link((i.Text("w67"),), "https://letters.example/p/second#a-place"),)),
    )
    notes = (
        Footnote("1", (*text("w68"), b.List((b.ListItem(text("w69")),)))),
        Footnote("two words", (b.CodeBlock("w70"), *text("w71"))),
        Footnote("unused", text("w72")),
    )
    return Post(
        Metadata(
            key="100",
            title='w73 "quoted" & <b>bold</b>',
            subtitle="w74",
            published=day("2023-05-01"),
            authors=("w75",),
            audience="only_paid",
            source="every.md",
        ),
        blocks,
        notes,
        (
            Asset("dot.png", picture("PNG")),
            Asset("photo.webp", picture("WEBP", "maroon")),
            Asset("drawing.svg", SVG),
        ),
    )


def second() -> Post:
    """A short one in Arabic, with the same picture under another name, and a link back."""
    return Post(
        Metadata(
            key="second",
            title="رسالة",
            slug="second",
            language="ar",
            published=day("2023-06-02"),
            canonical_url="https://letters.example/p/second",
            source="second.md",
        ),
        (
            b.Heading((i.Text("A place"),), 2),
            b.Paragraph((i.Text("نص "), i.NoteRef("1"))),
            b.Paragraph((i.Image("same.jpg", "a teal field"),)),
        ),
        (Footnote("1", text("حاشية")),),
        (Asset("same.jpg", picture("PNG")),),
    )


def letters(*posts: Post, parts: bool = True) -> Collection:
    from clothbound.model.posts_at_hand import as_collection

    collection = as_collection(posts or (every_node(), second()))
    keys = [metadata.key for metadata in collection.index]
    return Collection(
        posts=collection.posts,
        index=collection.index,
        info=BookInfo(
            title="Letters 2023",
            authors=("Ada Quill", "Samir"),
            language="en-GB",
            rights="© 2023 Ada Quill",
        ),
        parts=(Part("May 2023", tuple(keys[:1])), Part("June 2023", tuple(keys[1:])))
        if parts
        else (),
    )


def opened(book: bytes) -> dict[str, bytes]:
    """Returns the files of a book by their names within its folder."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return {name.removeprefix("EPUB/"): archive.read(name) for name in archive.namelist()}


ROLES: dict[str, Role] = {
    "ded": "dedication",
    "epi": "epigraph",
    "fore": "foreword",
    "pre": "preface",
    "intro": "introduction",
    "after": "afterword",
    "ack": "acknowledgments",
    "about": "about-the-author",
    "colo": "colophon",
}


def matter(roles: dict[str, Role]) -> Collection:
    """Returns a book of two parts with a text for each of ``roles``, and a chapter outside the
    parts.
    """
    front = [key for key in roles if key in ("ded", "epi", "fore", "pre", "intro")]
    keys = [*front, "one", "two", "alone", *(key for key in roles if key not in front)]
    posts = [
        Post(
            Metadata(
                key=key,
                title=f"Title of {key}",
                published=day("2023-03-01") if key not in roles else None,
                source=f"{key}.md",
            ),
            text(f"text of {key}"),
        )
        for key in keys
    ]
    return replace(
        as_collection(posts),
        info=BookInfo(
            title="A Book",
            subtitle="Of Letters",
            authors=("Ada Quill",),
            editors=("Tobias Lind", "Ruth Bergset"),
            language="en",
            publisher="Net Loft",
            isbn="978-3-16-148410-0",
            series=Series("The Year's Letters", "3"),
            subjects=("Essays", "Bookbinding"),
            description="What it is about.",
        ),
        parts=(Part("First", ("one",)), Part("Second", ("two",))),
        roles=roles,
    )
