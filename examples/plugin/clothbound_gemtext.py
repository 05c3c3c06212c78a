"""Posts as gemtext, the line-based markup of the Gemini protocol: a plug-in for clothbound.

Copied from clothbound/writers/text.py and changed. A line of gemtext is a paragraph, a heading, an
item, a quotation or a link; nothing stands inside a line, so links are gathered and follow their
block. See the specification of text/gemini.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, ClassVar, assert_never

import clothbound.model as m
from clothbound import Artifact
from clothbound.model import Collection, Outcome, Post
from clothbound.options import Field, WriterOptions
from clothbound.plugins import file_names, leave_addresses
from clothbound.testing import Context, Produces


class Gemtext(WriterOptions, frozen=True, kw_only=True):
    """How a post becomes gemtext."""

    format: ClassVar[str] = "gemtext"
    links: Annotated[bool, Field(help="Write the addresses of links after each block.")] = True


class GemtextWriter:
    extension = ".gmi"
    media_type = "text/gemini"
    options_type = Gemtext
    produces: Produces = "page"
    public = True
    transforms = ("footnotes",)

    def write(self, collection: Collection, options: Gemtext, context: Context) -> Artifact:
        names = file_names(collection.index)
        return Artifact.of_pages(
            report=context.report,
            names={f"{names[one.key]}.gmi": one.source for one in collection.index},
            make=lambda position: _page(collection[position], options, context),
        )


def _page(post: Post, options: Gemtext, context: Context) -> bytes:
    leave_addresses(post, context, "gemtext holds no files: a link leads to where it should lie")
    page = _Page(post, options, context)
    metadata = post.metadata
    parts = [f"# {metadata.title}", metadata.subtitle, page.blocks(post.body)]
    if post.footnotes:
        parts.append("## Notes")
        parts += [f"{n}. {page.blocks(f.children)}" for n, f in enumerate(post.footnotes, 1)]
    return ("\n\n".join(filter(None, parts)) + "\n").encode("utf-8", "replace")


class _Page:
    def __init__(self, post: Post, options: Gemtext, context: Context) -> None:
        self.post = post
        self.options = options
        self.context = context
        self.numbers = {note.id: n for n, note in enumerate(post.footnotes, 1)}
        self.links: list[str] = []

    def account(self, outcome: Outcome, node: m.Block | m.Inline, message: str) -> None:
        self.context.account(outcome, self.post, node, message)

    def blocks(self, nodes: Iterable[m.Block]) -> str:
        return "\n\n".join(filter(None, map(self.block, nodes)))

    def block(self, node: m.Block) -> str:
        text = self.own_lines(node)
        links, self.links = self.links, []
        return "\n".join(filter(None, (text, *links)))

    def own_lines(self, node: m.Block) -> str:  # noqa: C901, PLR0912 - match dispatch
        match node:
            case m.Paragraph(children):
                return self.inlines(children)
            case m.Heading(children, level):
                return f"{'#' * min(level, 3)} {self.inlines(children)}"
            case m.List(items):
                return "\n".join(f"* {self.one_line(item.children)}" for item in items)
            case m.Quote(children) | m.PullQuote(children):
                return "\n".join(f"> {line}" for line in self.blocks(children).split("\n") if line)
            case m.CodeBlock(text, language):
                return f"```{language}\n{text}\n```"
            case m.MathBlock(text):
                return f"```TeX\n{text}\n```"
            case m.Verse(children):
                return f"```poem\n{self.inlines(children)}\n```"
            case m.Figure(image, caption):
                self.link(image.src, self.inlines(caption) or image.alt)
                return ""
            case m.Gallery(figures, caption):
                return "\n".join((*map(self.block, figures), self.inlines(caption))).strip()
            case m.Table(head, rows):
                self.account(Outcome.SIMPLIFIED, node, "a table was written as lines")
                lines = (" | ".join(self.inlines(c.children) for c in r) for r in (*head, *rows))
                return "```table\n" + "\n".join(lines) + "\n```"
            case m.DefinitionList(items):
                return "\n".join(
                    f"* {self.inlines(item.term)}: {self.one_line(d)}"
                    for item in items
                    for d in item.definitions
                )
            case m.ThematicBreak():
                return "* * *"
            case m.Callout(children, title):
                return "\n\n".join(filter(None, (self.inlines(title), self.blocks(children))))
            case m.Group(children) | m.Conditional(children):
                return self.blocks(children)
            case m.Embed(kind, href, provider, title, text):
                self.account(
                    Outcome.SIMPLIFIED, node, f"{kind} was written as its text and address"
                )
                self.link(href, title or provider or kind)
                return text
            case m.Media(kind, src):
                self.account(Outcome.SIMPLIFIED, node, f"{kind} was written as its address")
                self.link(src, kind)
                return ""
            case m.FileDownload(src, name):
                self.link(src, name)
                return ""
            case m.Button(label, href):
                self.link(href, label)
                return ""
            case m.SubscribeForm() | m.PaywallBreak():
                self.account(Outcome.CHROME, node, f"{type(node).__name__} was left out")
                return ""
            case m.Poll(question, options):
                self.account(Outcome.SIMPLIFIED, node, "a poll was written as a list")
                return "\n".join((question, *(f"* {option}" for option in options)))
            case m.Recipe(title, ingredients, steps):
                return "\n".join((title, *(f"* {part}" for part in ingredients), *steps))
            case m.RawBlock(form):
                self.account(Outcome.DROPPED, node, f"raw {form} was left out")
                return ""
            case m.Extension(name, _, fallback):
                self.account(
                    Outcome.SIMPLIFIED, node, f"extension {name!r} was written as its fallback"
                )
                return self.blocks(fallback)
            case _:
                assert_never(node)

    def one_line(self, nodes: Iterable[m.Block]) -> str:
        return " ".join(self.blocks(nodes).split("\n"))

    def link(self, href: str, label: str) -> None:
        if href and self.options.links:
            self.links.append(f"=> {href.replace(' ', '%20')} {label}".rstrip())

    def inlines(self, nodes: Iterable[m.Inline]) -> str:
        return "".join(map(self.inline, nodes))

    def inline(self, node: m.Inline) -> str:
        match node:
            case m.Text(text) | m.Code(text) | m.Math(text):
                return text
            case m.Link(children, href):
                label = self.inlines(children)
                if not href.startswith("#"):
                    self.link(href, label)
                return label
            case m.Image(src, alt):
                self.link(src, alt)
                return alt
            case m.LineBreak():
                return "\n"
            case m.NoteRef(target):
                return f"[{self.numbers.get(target, target)}]"
            case m.RawInline(form):
                self.account(Outcome.DROPPED, node, f"raw {form} was left out")
                return ""
            case (
                m.Emphasis(children)
                | m.Strong(children)
                | m.Strikethrough(children)
                | m.Underline(children)
                | m.Superscript(children)
                | m.Subscript(children)
                | m.Highlight(children)
                | m.Span(children)
                | m.Mention(children)
            ):
                return self.inlines(children)
            case _:
                assert_never(node)


WRITER = GemtextWriter()
