"""Writes a post as a document of Substack's editor: ProseMirror's JSON, with the nodes it is known
to accept.

The editor cannot open a draft with an unknown node, so content without a node of its own is written
in plain ones: a table as a list, an embed as a link with its captured text. A block that may not be
nested in another is written after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never

from ..diagnostics import Outcome, fallback_message, raw_message
from ..model import blocks as b
from ..model import inlines as i
from ..model.node import Node
from ..model.plain_text import plain_text
from ..model.post import Footnote, Post
from ..model.walk import walk
from . import losses
from .component_lookup import component_of
from .data_attrs import Data, string
from .editor_nodes import (
    LISTS,
    Marks,
    add_mark,
    line_nodes,
    make_node,
    merge_texts,
    name_nodes,
    plain_text_of,
    safe_attrs,
    split_into_paragraphs,
    text_nodes,
)
from .editor_profiles import Profile
from .tables import table_as_list

_MARKS: dict[type[Node], str] = {
    i.Emphasis: "em",
    i.Strong: "strong",
    i.Strikethrough: "strikethrough",
    i.Superscript: "superscript",
    i.Subscript: "subscript",
}
_NAMES = {"superscript": "raised text", "subscript": "lowered text"}
_ON_SUBSTACK = frozenset({"digestPostEmbed", "embeddedPublication"})
"""Nodes that are useless without the id that Substack gave them."""
_IN_ITEMS = LISTS | {"paragraph"}
_IN_CALLOUTS = LISTS | {"paragraph", "heading", "blockquote", "captionedImage"}


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorHooks:
    """Callbacks from the document to the writer that makes it."""

    report: Callable[[Outcome, Node | Footnote, str], None]
    """Reports a node that is not written as it is."""
    address: Callable[[str], str]
    """Returns a link's address in absolute form; empty if it leads nowhere."""
    picture: Callable[[str], str]
    """Returns a picture's address, absolute if possible."""


def editor_document(post: Post, profile: Profile, hooks: EditorHooks) -> Data:
    """Returns the ``doc`` node of a post without raw HTML, with kinds and marks named as in
    ``profile``.
    """
    builder = _Builder(post, profile, hooks)
    content = builder.blocks(post.body)
    content += builder.footnotes(post.footnotes)
    return {"type": "doc", "content": name_nodes(content or [make_node("paragraph")], profile)}


class _Builder:
    def __init__(self, post: Post, profile: Profile, hooks: EditorHooks) -> None:
        self.profile = profile
        self.hooks = hooks
        self.report = hooks.report
        self.notes = {note.id: note for note in post.footnotes}
        self.cited: list[str] = []
        self.pictures: list[Data] = []
        """Pictures found in a line of text, which are written after it."""
        self.in_note = False
        self.paywalled = False

    # --- notes ----------------------------------------------------------------------------------

    def mark(self, node: i.NoteRef, marks: Marks) -> list[Data]:
        """Writes the mark of a note. The editor has one note per mark, so a note cited twice is
        written twice.
        """
        again = node.target in self.cited
        if node.target not in self.notes or (again and self.in_note):
            # A note cited again by another note becomes a number, since notes that cite each other
            # would never end.
            number = self.cited.index(node.target) + 1 if again else node.target
            return text_nodes(f"[{number}]", marks)
        if again:
            self.report(Outcome.SIMPLIFIED, node, "a note that is cited again was written again")
        self.cited.append(node.target)
        return [make_node("footnoteAnchor", attrs={"number": len(self.cited)})]

    def footnotes(self, notes: Sequence[Footnote]) -> list[Data]:
        self.in_note = True
        written: list[Data] = []
        loose: list[Data] = []
        self.write_cited(written)
        for note in notes:
            if note.id not in self.cited:
                self.report(Outcome.SIMPLIFIED, note, "a note without a mark became text")
                loose += self.blocks(note.children)
                self.write_cited(written)
        return loose + written

    def write_cited(self, written: list[Data]) -> None:
        """Writes the cited notes to ``written``."""
        # Notes may cite notes, so the list grows during the loop.
        while len(written) < len(self.cited):
            content = self.paragraphs(self.notes[self.cited[len(written)]])
            written.append(make_node("footnote", content, {"number": len(written) + 1}))

    def paragraphs(self, note: Footnote) -> list[Data]:
        """Returns the content of a note, which may hold only paragraphs."""
        content = self.blocks(note.children)
        if any(node["type"] != "paragraph" for node in content):
            message = (
                "a note holds paragraphs only: its lists, quotes and pictures became paragraphs"
            )
            self.report(Outcome.SIMPLIFIED, note, message)
            content = [p for node in content for p in split_into_paragraphs(node)]
        return content or [make_node("paragraph")]

    # --- blocks ---------------------------------------------------------------------------------

    def blocks(self, nodes: Iterable[b.Block]) -> list[Data]:
        return [made for node in nodes for made in self.block(node)]

    def block(self, node: b.Block) -> list[Data]:  # noqa: C901, PLR0912 - match dispatch
        match node:
            case b.Paragraph(children):
                return self.line(children)
            case b.Heading(children, level):
                return self.line(children, "heading", {"level": min(max(level, 1), 6)})
            case b.List():
                return self.list_blocks(node)
            case b.Quote(children):
                return self.wrap(node, "blockquote", self.blocks(children), _IN_ITEMS)
            case b.PullQuote(children):
                attrs = {"align": None, "color": None}
                paragraph = frozenset({"paragraph"})
                return self.wrap(node, "pullquote", self.blocks(children), paragraph, attrs)
            case b.Figure():
                return [self.figure(node)]
            case b.Gallery():
                return self.gallery(node)
            case b.ThematicBreak():
                return [make_node("horizontal_rule")]
            case b.CodeBlock(text):
                data = self.data(node)
                return [make_node("highlighted_code_block", text_nodes(text), data)]
            case b.MathBlock(tex):
                if "latex_block" in self.profile.nodes:
                    return [make_node("latex_block", attrs=self.data(node))]
                message = "a formula became its TeX: insert a LaTeX block and move the text there"
                self.report(Outcome.SIMPLIFIED, node, message)
                return [make_node("paragraph", text_nodes(tex))]
            case b.Verse(children):
                return [make_node("preformatted_text_block", self.inlines(children, newline="\n"))]
            case b.Table():
                return self.table(node)
            case b.DefinitionList():
                return self.definitions(node)
            case b.Callout():
                return self.callout(node)
            case b.Group(children):
                if node.classes and component_of(node) is None:
                    self.report(Outcome.SIMPLIFIED, node, "a division became its content")
                return self.blocks(children)
            case b.Embed():
                return self.embed(node)
            case b.Media(kind, src, _, caption):
                component = component_of(node)
                if component is not None and node.origin and kind in self.profile.nodes:
                    return [make_node(kind, attrs=component.data)]
                message = f"{kind} became a link to its file: upload it in the editor"
                self.report(Outcome.SIMPLIFIED, node, message)
                label = plain_text(caption) or kind.capitalize()
                return [make_node("paragraph", self.link(label, src))]
            case b.FileDownload(src, name, size):
                message = "a file became a link: upload it in the editor"
                self.report(Outcome.SIMPLIFIED, node, message)
                label = f"{name or src.rpartition('/')[2]}{f' ({size})' if size else ''}"
                return [make_node("paragraph", self.link(label, src))]
            case b.Button():
                return self.button(node)
            case b.SubscribeForm():
                return self.form(node)
            case b.PaywallBreak():
                return self.paywall(node)
            case b.Poll() | b.Recipe():
                return self.remote(node)
            case b.Conditional(_, audiences):
                # In plain text it would be visible to every reader.
                who = ", ".join(audiences) or "some readers"
                message = f"block for {who} only was left out: insert it by hand"
                self.report(Outcome.DROPPED, node, message)
                return []
            case b.RawBlock(form):
                self.report(Outcome.DROPPED, node, raw_message(form))
                return []
            case b.Extension(name, _, fallback):
                self.report(Outcome.SIMPLIFIED, node, fallback_message(name))
                return self.blocks(fallback)
            case _:
                assert_never(node)

    def data(self, node: Node) -> Data:
        component = component_of(node)
        return dict(component.data or {}) if component is not None else {}

    def line(
        self, children: Iterable[i.Inline], kind: str = "paragraph", attrs: Data | None = None
    ) -> list[Data]:
        """Returns a block of text, followed by the pictures that it contained."""
        block = make_node(kind, self.inlines(children), attrs)
        pictures, self.pictures = self.pictures, []
        if pictures and not plain_text_of(block).strip():
            return pictures
        return [block, *pictures]

    def wrap(
        self,
        node: Node,
        kind: str,
        content: list[Data],
        allowed: frozenset[str],
        attrs: Data | None = None,
    ) -> list[Data]:
        """Wraps ``content`` in blocks of ``kind``; blocks that these may not contain are placed
        between them.
        """
        result: list[Data] = []
        run: list[Data] = []
        for container in content:
            if container["type"] in allowed:
                run.append(container)
                continue
            if run:
                result.append(make_node(kind, run, attrs))
                run = []
            result.append(container)
        if run or not result:
            result.append(make_node(kind, run or [make_node("paragraph")], attrs))
        if len(result) > 1 or result[0]["type"] != kind:
            message = "blocks that the editor does not allow in a quote or box were moved out of it"
            self.report(Outcome.SIMPLIFIED, node, message)
        return result

    def list_blocks(self, node: b.List) -> list[Data]:
        """Returns a list, split around items' content other than text and lists."""
        kind = "ordered_list" if node.ordered else "bullet_list"
        result: list[Data] = []
        items: list[Data] = []
        first = node.start

        def close() -> None:
            if items:
                attrs = {"start": first, "order": first} if node.ordered else None
                result.append(make_node(kind, items, attrs))
                items.clear()

        for number, item in enumerate(node.items, node.start):
            content = self.blocks(item.children)
            if box := losses.task_box(item, self.report):
                if not content or content[0]["type"] != "paragraph":
                    content.insert(0, make_node("paragraph"))
                inner = merge_texts([*text_nodes(f"{box} "), *content[0].get("content", ())])
                content[0] = make_node("paragraph", inner)
            cut = next((n for n, c in enumerate(content) if c["type"] not in _IN_ITEMS), None)
            inside, after = content[:cut], content[cut:] if cut is not None else []
            if not inside or inside[0]["type"] != "paragraph":
                inside.insert(0, make_node("paragraph"))
            if not items:
                first = number
            items.append(make_node("list_item", inside))
            if after:
                message = (
                    "blocks that the editor does not allow in a list were moved after their item"
                )
                self.report(Outcome.SIMPLIFIED, item, message)
                close()
                result += after
        close()
        return result

    def figure(self, node: b.Figure) -> Data:
        attrs = self.data(node)
        attrs["src"] = self.hooks.picture(node.image.src)
        attrs["href"] = self.hooks.address(node.href) or None if node.href else None
        attrs["imageSize"] = attrs.get("imageSize") or "normal"
        # The enclosing line's pictures are set aside, so that they are written after that line.
        waiting, self.pictures = self.pictures, []
        caption = self.inlines(node.caption)
        for picture in walk(node.caption):
            if isinstance(picture, i.Image):
                self.report(Outcome.DROPPED, picture, "a picture in a caption was left out")
        self.pictures = waiting
        content = [make_node("image2", attrs=attrs)]
        if caption:
            content.append(make_node("caption", caption))
        return make_node("captionedImage", content)

    def gallery(self, node: b.Gallery) -> list[Data]:
        if "image_gallery" not in self.profile.nodes:
            message = "a gallery became single pictures: make one of them in the editor"
            self.report(Outcome.SIMPLIFIED, node, message)
            caption = self.line(node.caption) if node.caption else []
            return [*(self.figure(figure) for figure in node.figures), *caption]
        node = losses.fit_gallery(node, self.report)
        attrs = self.data(node)
        gallery = dict(attrs.get("gallery") or {})
        images = [
            dict(image) | {"src": self.hooks.picture(string(image.get("src")))}
            for image in gallery.get("images", ())
        ]
        gallery["images"] = images
        whole = gallery.get("staticGalleryImage")
        if isinstance(whole, dict) and whole.get("src"):
            gallery["staticGalleryImage"] = whole | {
                "src": self.hooks.picture(string(whole["src"]))
            }
        return [make_node("image_gallery", attrs=attrs | {"gallery": gallery})]

    def table(self, node: b.Table) -> list[Data]:
        message = "a table became a list, since the editor has none: use a picture or a chart of it"
        self.report(Outcome.SIMPLIFIED, node, message)
        return self.blocks(table_as_list(node))

    def definitions(self, node: b.DefinitionList) -> list[Data]:
        self.report(Outcome.SIMPLIFIED, node, "a definition list became paragraphs and quotes")
        result = []
        for item in node.items:
            result += self.line((i.Strong(item.term),))
            for definition in item.definitions:
                result += self.wrap(item, "blockquote", self.blocks(definition), _IN_ITEMS)
        return result

    def callout(self, node: b.Callout) -> list[Data]:
        title = losses.callout_title(node, self.report)
        content = self.line((i.Strong(title),)) if title else []
        content += self.blocks(node.children)
        return self.wrap(node, "calloutBlock", content, _IN_CALLOUTS)

    # --- components -----------------------------------------------------------------------------

    def embed(self, node: b.Embed) -> list[Data]:
        address = self.hooks.address(node.href) if node.href else ""
        component = component_of(node)
        kind = component.row.editor if component is not None else ""
        name = node.provider or node.kind
        if self.profile.lone_addresses and address and kind:
            message = f"{name}: the editor makes a card or player of the address that stands alone"
            self.report(Outcome.SIMPLIFIED, node, message)
            return [make_node("paragraph", self.link(address, address))]
        if kind in self.profile.nodes and (node.origin is not None or kind not in _ON_SUBSTACK):
            assert component is not None
            return [make_node(kind, attrs=safe_attrs(component.data, self.hooks.address))]
        self.report(Outcome.SIMPLIFIED, node, f"{name} became a link and what was captured of it")
        label = node.title or node.provider or address or node.kind
        result = [make_node("paragraph", self.link(label, node.href))]
        by = ", ".join(filter(None, (node.author, node.date)))
        quoted = [part.strip() for part in (*node.text.split("\n\n"), by)]
        inner = [make_node("paragraph", line_nodes(part)) for part in quoted if part]
        return [*result, make_node("blockquote", inner)] if inner else result

    def button(self, node: b.Button) -> list[Data]:
        component = component_of(node)
        address = self.hooks.address(node.href) if node.href else ""
        kind = component.row.classes[0] if component is not None else ""
        if kind == "button-wrapper" and component is not None and (address or not node.href):
            return [
                make_node(
                    "button",
                    attrs=safe_attrs(component.data, self.hooks.address) | {"url": address},
                )
            ]
        if kind == "directMessage" and node.origin and kind in self.profile.nodes:
            assert component is not None
            return [make_node(kind, attrs=safe_attrs(component.data, self.hooks.address))]
        message = f"{node.action or 'plain'} button was left out: insert it in the editor"
        self.report(Outcome.CHROME, node, message)
        return []

    def form(self, node: b.SubscribeForm) -> list[Data]:
        if "subscribeWidget" not in self.profile.nodes:
            self.report(
                Outcome.CHROME, node, "a subscribe form was left out: insert it in the editor"
            )
            return []
        data = self.data(node)
        attrs = {
            "url": "%%checkout_url%%",
            "text": node.label or "Subscribe",
            "language": string(data.get("language")) or "en",
        }
        caption = [make_node("ctaCaption", line_nodes(node.text))] if node.text else []
        return [make_node("subscribeWidget", caption, attrs)]

    def paywall(self, node: b.PaywallBreak) -> list[Data]:
        if self.paywalled:
            losses.report_later_paywall(node, self.report)
            return []
        self.paywalled = True
        return [make_node("paywall")]

    def remote(self, node: b.Poll | b.Recipe) -> list[Data]:
        """Writes a poll or recipe; as plain blocks if it has no id on Substack."""
        kind = "poll" if isinstance(node, b.Poll) else "recipe"
        if node.origin is not None and node.origin.data and kind in self.profile.nodes:
            return [make_node(kind, attrs=self.data(node))]
        self.report(Outcome.SIMPLIFIED, node, f"a {kind} became a list: create it in the editor")
        if isinstance(node, b.Poll):
            title, lists = node.question, [node.options]
        else:
            title, lists = node.title, [node.ingredients, node.steps]
        result = [make_node("paragraph", self.link(title or kind.capitalize(), node.href))]
        for lines in lists:
            items = [
                make_node("list_item", [make_node("paragraph", text_nodes(line))]) for line in lines
            ]
            if items:
                result.append(make_node("bullet_list", items))
        return result

    def link(self, label: str, href: str) -> list[Data]:
        address = self.hooks.address(href) if href else ""
        marks: Marks = ({"type": "link", "attrs": {"href": address}},) if address else ()
        return text_nodes(label, marks)

    # --- inlines --------------------------------------------------------------------------------

    def inlines(
        self, nodes: Iterable[i.Inline], marks: Marks = (), newline: str = ""
    ) -> list[Data]:
        return merge_texts(piece for node in nodes for piece in self.inline(node, marks, newline))

    def inline(self, node: i.Inline, marks: Marks, newline: str) -> list[Data]:  # noqa: C901, PLR0912 - match dispatch
        match node:
            case i.Text(words):
                return text_nodes(words, marks)
            case (
                i.Emphasis(children)
                | i.Strong(children)
                | i.Strikethrough(children)
                | i.Superscript(children)
                | i.Subscript(children)
            ):
                name = _MARKS[type(node)]
                if name not in self.profile.marks:
                    message = f"{_NAMES.get(name, name)} became plain text"
                    self.report(Outcome.SIMPLIFIED, node, message)
                    return self.inlines(children, marks, newline)
                return self.inlines(children, add_mark(marks, {"type": name}), newline)
            case i.Underline(children) | i.Highlight(children):
                what = "underlined" if isinstance(node, i.Underline) else "highlighted"
                self.report(Outcome.SIMPLIFIED, node, f"{what} text became plain text")
                return self.inlines(children, marks, newline)
            case i.Link(children, href):
                address = self.hooks.address(href)
                mark = {"type": "link", "attrs": {"href": address}}
                inner = add_mark(marks, mark) if address else marks
                return self.inlines(children or (i.Text(address),), inner, newline)
            case i.Code(words):
                return text_nodes(words, add_mark(marks, {"type": "code"}))
            case i.LineBreak():
                return text_nodes(newline, marks) if newline else [make_node("hard_break")]
            case i.NoteRef():
                return self.mark(node, marks)
            case i.Image():
                self.report(Outcome.SIMPLIFIED, node, "a picture in a line was moved after it")
                self.pictures.append(self.figure(b.Figure(node)))
                return []
            case i.Span(children):
                return self.inlines(children, marks, newline)
            case i.Math(tex):
                if "inline_latex" in self.profile.nodes:
                    return [make_node("inline_latex", attrs=self.data(node))]
                self.report(Outcome.SIMPLIFIED, node, "a formula in a line became its TeX")
                return text_nodes(f"${tex}$", marks)
            case i.Mention():
                return self.mention(node, marks)
            case i.RawInline(form):
                self.report(Outcome.DROPPED, node, raw_message(form))
                return []
            case _:
                assert_never(node)

    def mention(self, node: i.Mention, marks: Marks) -> list[Data]:
        data = self.data(node)
        name = plain_text(node.children)
        if data.get("id") and "substack_mention" in self.profile.nodes:
            attrs = {"id": data["id"], "label": name, "mentionType": "user"}
            attrs["url"] = safe_attrs(data, self.hooks.address).get("url")
            return [make_node("substack_mention", attrs=attrs)]
        if node.href:
            self.report(Outcome.SIMPLIFIED, node, "a mention became a link: type @ and the name")
        return self.inlines((i.Link(node.children, node.href),), marks)
