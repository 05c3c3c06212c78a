"""Reads pandoc's inlines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, assert_never

from ...diagnostics import DiagnosticCode, LineDiagnostic, dangling_mark_message
from ...lazy_pattern import lazy_pattern
from ...model import blocks as b
from ...model import inlines as i
from ...model.check import canonical_inlines
from ...model.node import Node
from ...model.post import Footnote, Metadata, Post
from ...model.walk import rewrite
from ...pandoc import ast as p
from ...pandoc.vocabulary import FOOTNOTE, LABEL, NOTE, in_quotes, mark_of, values_of

LEVELS = 20
"""The most levels of inlines within a block; deeper ones are read as their text."""

_MARKS: dict[type[p.Inline], Callable[[tuple[i.Inline, ...]], i.Inline]] = {
    p.Emph: i.Emphasis,
    p.Strong: i.Strong,
    p.Strikeout: i.Strikethrough,
    p.Underline: i.Underline,
    p.Superscript: i.Superscript,
    p.Subscript: i.Subscript,
}
_MARK_SPANS: dict[tuple[str, ...], Callable[[tuple[i.Inline, ...]], i.Inline]] = {
    ("mark",): i.Highlight,
    ("underline",): i.Underline,
    ("ul",): i.Underline,
}
_AUTOLINKS = frozenset({"uri", "email"})
"""Classes that pandoc gives to links whose text is their address."""
_HTML = lazy_pattern(r"html[45]?")
_NOT_IN_LABEL = lazy_pattern(r"[\s\[\]]+")
_NOTE_ID = "note-"


class PostState:
    """What is collected while the nodes of one post are made."""

    def __init__(self, prefix: str, resolve: Callable[[str], str], taken: Iterable[str]) -> None:
        """``prefix`` is removed from ids; ``resolve`` converts fragments of other posts; ``taken``
        holds the ids of notes that the document names.
        """
        self.prefix = prefix
        self.resolve = resolve
        self.footnotes: list[Footnote] = []
        self.findings: list[LineDiagnostic] = []
        self._taken = set(taken)
        self._number = 0
        self._marks: dict[str, str] = {}
        """The words of the first link to each note, by the note's id."""

    def note_id(self) -> str:
        """Returns a free id for a note that has none."""
        self._number += 1
        while str(self._number) in self._taken:
            self._number += 1
        return str(self._number)

    def add_mark(self, name: str, words: str) -> i.NoteRef:
        """Returns the mark of a note that stands elsewhere."""
        self._marks.setdefault(name, words)
        return i.NoteRef(name)

    def as_post(self, metadata: Metadata, body: tuple[b.Block, ...]) -> Post:
        """Returns the post with the notes. A mark whose note is not there, such as a filter removed, is a superscript."""
        notes = tuple(self.footnotes)
        dangling = self._marks.keys() - {note.id for note in notes}
        if not dangling:
            return Post(metadata, body, notes)

        def visit(node: Node) -> Node:
            if isinstance(node, i.NoteRef) and node.target in dangling:
                return i.Superscript((i.Text(self._marks[node.target] or node.target),))
            return node

        for name in sorted(dangling):
            message = dangling_mark_message(self._marks[name])
            self.report(DiagnosticCode.FOOTNOTE_UNDEFINED, message)
        return Post(metadata, rewrite(body, visit), tuple(rewrite(note, visit) for note in notes))

    def report(self, code: DiagnosticCode, message: str) -> None:
        """Reports what a post has, once."""
        if (code, message, 0) not in self.findings:
            self.findings.append((code, message, 0))

    def flatten(self) -> None:
        self.report(
            DiagnosticCode.MARKUP_REPAIRED, "nested too deeply; the levels below are flattened"
        )

    def id(self, name: str) -> str:
        return name.removeprefix(self.prefix) if self.prefix else name

    def note_of(self, anchor: str) -> str:
        """Returns the id of the note that an anchor names."""
        return _note_name(anchor.removeprefix("#"), self.prefix)


def named_notes(root: object, prefix: str) -> set[str]:
    """Returns the ids of the notes that a document names."""
    found = set()
    for element in p.elements(root):
        if isinstance(element, (p.Span, p.Div)) and mark_of(element.c[0]) in (NOTE, FOOTNOTE):
            found.add(_note_name(element.c[0][0], prefix))
    return found


def _note_name(identifier: str, prefix: str) -> str:
    """Returns the id of a note, which is a label in Markdown and has no white space or bracket there."""
    return _NOT_IN_LABEL.sub("-", identifier.removeprefix(prefix).removeprefix(_NOTE_ID))


class InlineReader:
    """Reads the inlines of one post."""

    def __init__(
        self,
        state: PostState,
        read_blocks: Callable[[tuple[p.Block, ...]], tuple[b.Block, ...]],
    ) -> None:
        self._state = state
        self._read_blocks = read_blocks
        self._level = 0

    def inlines(self, nodes: tuple[p.Inline, ...]) -> tuple[i.Inline, ...]:
        if self._level >= LEVELS:
            self._state.flatten()
            return canonical_inlines((i.Text(p.words_of(nodes)),))
        self._level += 1
        result: list[i.Inline] = []
        for node in nodes:
            self._add(node, result)
        self._level -= 1
        return canonical_inlines(result)

    def _add(self, node: p.Inline, result: list[i.Inline]) -> None:  # noqa: C901, PLR0912 - match dispatch
        match node:
            case p.Str(c=text):
                result.append(i.Text(text))
            case p.Space() | p.SoftBreak():
                result.append(i.Text(" "))
            case p.LineBreak():
                result.append(i.LineBreak())
            case (
                p.Emph(c=inner)
                | p.Strong(c=inner)
                | p.Strikeout(c=inner)
                | p.Underline(c=inner)
                | p.Superscript(c=inner)
                | p.Subscript(c=inner)
            ):
                result.append(_MARKS[type(node)](self.inlines(inner)))
            case p.SmallCaps(c=inner):
                result.append(i.Span(self.inlines(inner), classes=("smallcaps",)))
            case p.Quoted(c=(kind, inner)):
                first, _, last = in_quotes(kind, "")
                result += [i.Text(first), *self.inlines(inner), i.Text(last)]
            case p.Cite(c=(citations, inner)):
                keys = " ".join(citation.citationId for citation in citations)
                children = self.inlines(inner)
                result.append(
                    i.Span(children, classes=("citation",), attributes=(("cites", keys),))
                )
            case p.Code(c=(attr, text)):
                result.append(i.Code(text, **self.common(attr)))
            case p.Math(c=(kind, tex)):
                classes = ("display",) if kind.t == "DisplayMath" else ()
                result.append(i.Math(tex, classes=classes))
            case p.RawInline(c=(form, text)):
                result.append(i.RawInline(raw_format(form), text))
            case p.Link():
                result.extend(self._link(node))
            case p.Image(c=(attr, alt, (src, title))):
                result.append(i.Image(src, p.words_of(alt), _title(title), **self.common(attr)))
            case p.Note(c=blocks):
                result.append(self._note(blocks, self._state.note_id()))
            case p.Span(c=(attr, inner)):
                result.extend(self._span(attr, inner))
            case _:
                assert_never(node)

    def common(self, attr: p.Attr) -> dict[str, Any]:
        """Returns the fields that all nodes have."""
        name, classes, pairs = attr
        return {"id": self._state.id(name), "classes": classes, "attributes": pairs}

    def _link(self, node: p.Link) -> tuple[i.Inline, ...]:
        attr, inner, (href, title) = node.c
        if mark_of(attr) == NOTE:
            return (self._state.add_mark(self._state.note_of(href), p.words_of(inner)),)
        if mark_of(attr) == i.Mention.__name__:
            children = self.inlines(inner)
            return (i.Mention(children, href, **self._values(i.Mention, attr)),)
        classes = tuple(name for name in attr[1] if name not in _AUTOLINKS)
        if href.startswith("#"):
            href = self._state.resolve(href[1:])
        common = self.common((attr[0], classes, attr[2]))
        return (i.Link(self.inlines(inner), href, _title(title), **common),)

    def _values(self, kind: type[i.Inline], attr: p.Attr) -> dict[str, Any]:
        values = values_of(kind, attr)
        return {**values, "id": self._state.id(attr[0])}

    def _span(self, attr: p.Attr, inner: tuple[p.Inline, ...]) -> tuple[i.Inline, ...]:
        mark = mark_of(attr)
        if mark == LABEL:
            return ()
        if mark == NOTE:
            name = self._state.note_of(attr[0])
            match inner:
                case (p.Note(c=blocks),):
                    return (self._note(blocks, name),)
        if mark == i.Mention.__name__:
            return (i.Mention(self.inlines(inner), **self._values(i.Mention, attr)),)
        children = self.inlines(inner)
        name, classes, pairs = attr
        if mark:
            pairs = tuple(pair for pair in pairs if pair[1] != mark)
        if not name and not pairs and classes in _MARK_SPANS:
            return (_MARK_SPANS[classes](children),)
        if not (name or classes or pairs):
            return children
        return (i.Span(children, **self.common((name, classes, pairs))),)

    def _note(self, blocks: tuple[p.Block, ...], name: str) -> i.NoteRef:
        level, self._level = self._level, 0
        # A note within a note follows the one that it is in.
        position = len(self._state.footnotes)
        children = self._read_blocks(blocks)
        self._state.footnotes.insert(position, Footnote(name, children))
        self._level = level
        return i.NoteRef(name)


def raw_format(form: str) -> str:
    """Returns the name of a raw format as our other readers have it."""
    return "html" if _HTML.fullmatch(form) else form


def _title(title: str) -> str:
    """Returns a link's or picture's title without the mark that older versions of pandoc put before
    that of a figure.
    """
    return title.removeprefix("fig:")
