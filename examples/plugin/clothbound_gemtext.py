"""Posts as gemtext, the line-based markup of the Gemini protocol: a plug-in for clothbound.

Copied from clothbound/writers/text.py and changed. A line of gemtext is a paragraph, a heading, an
item, a quotation or a link; nothing stands inside a line, so links are gathered and follow their
block. See the specification of text/gemini.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, ClassVar, assert_never

from clothbound.artifact import Artifact
from clothbound.context import Context
from clothbound.diagnostics import Outcome, fallback_message
from clothbound.fields import Field
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.collection import Collection
from clothbound.model.post import Post
from clothbound.naming import file_names
from clothbound.options import WriterOptions
from clothbound.post_pictures import leave_addresses


class Gemtext(WriterOptions, frozen=True, kw_only=True):
    """How a post becomes gemtext."""

    format: ClassVar[str] = "gemtext"
    links: Annotated[bool, Field(help="Write the addresses of links after each block.")] = True


class GemtextWriter:
    extension = ".gmi"
    media_type = "text/gemini"
    options_type = Gemtext
    produces = "page"
    public = True
    transforms = ("footnotes",)

    def write(self, collection: Collection, options: Gemtext, context: Context) -> Artifact:
        names = file_names(collection.index)
        return Artifact.of_pages(
            report=context.report,
            names={f"{names[m.key]}.gmi": m.source for m in collection.index},
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

    def account(self, outcome: Outcome, node: b.Block | i.Inline, message: str) -> None:
        self.context.account(outcome, self.post, node, message)

    def blocks(self, nodes: Iterable[b.Block]) -> str:
        return "\n\n".join(filter(None, map(self.block, nodes)))

    def block(self, node: b.Block) -> str:
        text = self.own_lines(node)
        links, self.links = self.links, []
        return "\n".join(filter(None, (text, *links)))

    def own_lines(self, node: b.Block) -> str:  # noqa: C901, PLR0912 - match dispatch
        match node:
            case b.Paragraph(children):
                return self.inlines(children)
            case b.Heading(children, level):
                return f"{'#' * min(level, 3)} {self.inlines(children)}"
            case b.List(items):
                return "\n".join(f"* {self.one_line(item.children)}" for item in items)
            case b.Quote(children) | b.PullQuote(children):
                return "\n".join(f"> {line}" for line in self.blocks(children).split("\n") if line)
            case b.CodeBlock(text, language):
                return f"```{language}\n{text}\n```"
            case b.MathBlock(text):
                return f"```TeX\n{text}\n```"
            case b.Verse(children):
                return f"```poem\n{self.inlines(children)}\n```"
            case b.Figure(image, caption):
                self.link(image.src, self.inlines(caption) or image.alt)
                return ""
            case b.Gallery(figures, caption):
                return "\n".join((*map(self.block, figures), self.inlines(caption))).strip()
            case b.Table(head, rows):
                self.account(Outcome.SIMPLIFIED, node, "a table was written as lines")
                lines = (" | ".join(self.inlines(c.children) for c in r) for r in (*head, *rows))
                return "```table\n" + "\n".join(lines) + "\n```"
            case b.DefinitionList(items):
                return "\n".join(
                    f"* {self.inlines(item.term)}: {self.one_line(d)}"
                    for item in items
                    for d in item.definitions
                )
            case b.ThematicBreak():
                return "* * *"
            case b.Callout(children, title):
                return "\n\n".join(filter(None, (self.inlines(title), self.blocks(children))))
            case b.Group(children) | b.Conditional(children):
                return self.blocks(children)
            case b.Embed(kind, href, provider, title, text):
                self.account(
                    Outcome.SIMPLIFIED, node, f"{kind} was written as its text and address"
                )
                self.link(href, title or provider or kind)
                return text
            case b.Media(kind, src):
                self.account(Outcome.SIMPLIFIED, node, f"{kind} was written as its address")
                self.link(src, kind)
                return ""
            case b.FileDownload(src, name):
                self.link(src, name)
                return ""
            case b.Button(label, href):
                self.link(href, label)
                return ""
            case b.SubscribeForm() | b.PaywallBreak():
                self.account(Outcome.CHROME, node, f"{type(node).__name__} was left out")
                return ""
            case b.Poll(question, options):
                self.account(Outcome.SIMPLIFIED, node, "a poll was written as a list")
                return "\n".join((question, *(f"* {option}" for option in options)))
            case b.Recipe(title, ingredients, steps):
                return "\n".join((title, *(f"* {part}" for part in ingredients), *steps))
            case b.RawBlock(form):
                self.account(Outcome.DROPPED, node, f"raw {form} was left out")
                return ""
            case b.Extension(name, _, fallback):
                self.account(Outcome.SIMPLIFIED, node, fallback_message(name))
                return self.blocks(fallback)
            case _:
                assert_never(node)

    def one_line(self, nodes: Iterable[b.Block]) -> str:
        return " ".join(self.blocks(nodes).split("\n"))

    def link(self, href: str, label: str) -> None:
        if href and self.options.links:
            self.links.append(f"=> {href.replace(' ', '%20')} {label}".rstrip())

    def inlines(self, nodes: Iterable[i.Inline]) -> str:
        return "".join(map(self.inline, nodes))

    def inline(self, node: i.Inline) -> str:
        match node:
            case i.Text(text) | i.Code(text) | i.Math(text):
                return text
            case i.Link(children, href):
                label = self.inlines(children)
                if not href.startswith("#"):
                    self.link(href, label)
                return label
            case i.Image(src, alt):
                self.link(src, alt)
                return alt
            case i.LineBreak():
                return "\n"
            case i.NoteRef(target):
                return f"[{self.numbers.get(target, target)}]"
            case i.RawInline(form):
                self.account(Outcome.DROPPED, node, f"raw {form} was left out")
                return ""
            case (
                i.Emphasis(children)
                | i.Strong(children)
                | i.Strikethrough(children)
                | i.Underline(children)
                | i.Superscript(children)
                | i.Subscript(children)
                | i.Highlight(children)
                | i.Span(children)
                | i.Mention(children)
            ):
                return self.inlines(children)
            case _:
                assert_never(node)


WRITER = GemtextWriter()
