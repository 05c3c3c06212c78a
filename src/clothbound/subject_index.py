r"""The index of a book: its terms in the order of the language, each with the places where it stands.

Terms come from the author's marks in posts and from the list of the plan. A mark is a span of class ``index``
(``[glue]{.index sub="of wheat" see-also="paste"}`` in Markdown), the index terms of EPUB (``epub:type="index-term"``)
and of HTMLBook and DocBook (``data-type="indexterm"``, class ``indexterm``), or LaTeX's ``\index{glue!of wheat}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

import msgspec

from .diagnostics import Diagnostic, DiagnosticCode
from .language.collation import Collation
from .language.writing_systems import has_letter_of_scripts
from .lazy_pattern import lazy_pattern
from .model import blocks as b
from .model import inlines as i
from .model.census import PostCensus
from .model.node import Node
from .model.plain_text import plain_text
from .model.post import Metadata, Post
from .model.subject_terms import SubjectTerm
from .model.walk import rewrite, with_blocks

_LATEX = lazy_pattern(r"\\index\{((?:[^{}]|\{[^{}]*\})*+)\}")
_CLASSES = frozenset({"index", "indexterm"})
_TERM_FIELDS = ("term", "primary")
_SUB_FIELDS = ("sub", "secondary")
_ALSO_FIELDS = ("see-also", "seealso")
_OWN_FIELDS = frozenset({*_TERM_FIELDS, *_SUB_FIELDS, *_ALSO_FIELDS, "see", "epub:type", "type"})
_MARKS: frozenset[type[Node]] = frozenset({i.Span, i.RawInline})
_VISITED = _MARKS | {i.Text}


class SubjectPlace(NamedTuple):
    """A place in the text: the key of a post, and the id of a node in it."""

    key: str
    anchor: str


@dataclass(slots=True)
class SubjectEntry:
    """A term with its places in the order of the book, and the terms below it."""

    term: str
    source: str = ""
    """The file of the first post that marks it."""
    places: list[SubjectPlace] = field(default_factory=list)
    see: dict[str, None] = field(default_factory=dict)
    see_also: dict[str, None] = field(default_factory=dict)
    below: dict[str, SubjectEntry] = field(default_factory=dict)


class SubjectGroup(NamedTuple):
    """The terms that begin with a letter, which is empty for those that begin with none."""

    letter: str
    entries: tuple[SubjectEntry, ...]


class _Mark(NamedTuple):
    term: str
    sub: str = ""
    see: str = ""
    see_also: str = ""


class FoundTerm(NamedTuple):
    """A mark in a post, and the id of its place there; one that only refers to another term has no place."""

    mark: _Mark
    anchor: str


class SubjectIndex:
    """Gathers the index of one book while its posts are written, in their order."""

    def __init__(self, terms: Sequence[SubjectTerm], language: str) -> None:
        self._found: list[FoundTerm] = []
        """What stands in the post that is marked."""
        self._terms = terms
        self._collation = Collation(language)
        self._names: dict[str, str] = {}
        """The term for each spelling, by its letters in lower case."""
        self._entries: dict[str, SubjectEntry] = {}
        for term in terms:
            for name in (term.term, *term.spellings):
                self._names.setdefault(_folded(name), term.term)
            if term.see or term.see_also:
                entry = self._entry(term.term, "")
                entry.see |= dict.fromkeys(filter(None, (term.see,)))
                entry.see_also |= dict.fromkeys(term.see_also)
        self._pattern = _pattern_of(
            [name for t in terms if not t.see for name in (t.term, *t.spellings)]
        )
        self._taken: set[str] = set()
        self._seen: set[str] = set()
        """The terms of the list that were found in the block."""

    def find(self, post: Post, census: PostCensus) -> tuple[Post, tuple[FoundTerm, ...]]:
        """Returns ``post`` with an id wherever a term of the index stands, and the places. ``census`` is the post's."""
        may_have_marks = not census.kinds.isdisjoint(_MARKS) or "\\index{" in census.text
        if self._pattern is None and not may_have_marks:
            return post, ()
        self._taken = set(census.ids)
        self._found = []
        return with_blocks(post, self._mark_blocks), tuple(self._found)

    def note(self, metadata: Metadata, found: Iterable[FoundTerm]) -> None:
        """Notes what stands in a post. Posts come in the order of the book."""
        for mark, anchor in found:
            entry = self._entry(mark.term, metadata.source)
            if mark.sub:
                entry = entry.below.setdefault(_folded(mark.sub), SubjectEntry(mark.sub))
            if mark.see_also:
                entry.see_also[mark.see_also] = None
            if mark.see:
                entry.see[mark.see] = None
            else:
                entry.places.append(SubjectPlace(metadata.key, anchor))

    def groups(self) -> tuple[SubjectGroup, ...]:
        """Returns the terms that stand in the book or refer to others, in the order of the language."""
        groups = groupby(
            self.sorted(self._entries), key=lambda entry: self._collation.head(entry.term)
        )
        return tuple(SubjectGroup(letter, tuple(entries)) for letter, entries in groups)

    def term(self, name: str) -> str:
        """Returns the term under which a spelling of it is listed."""
        known = self._names.get(_folded(name), name)
        entry = self._entries.get(_folded(known))
        return known if entry is None else entry.term

    def sorted(self, entries: dict[str, SubjectEntry]) -> list[SubjectEntry]:
        """Returns entries, or those below one, in the order of the language."""
        return sorted(entries.values(), key=lambda entry: self._collation.key(entry.term))

    def diagnostics(self) -> Iterator[Diagnostic]:
        """Yields what is wrong with the index once all posts are marked: terms and references that lead nowhere."""
        lines = {term.term: (term.source, term.line) for term in self._terms}
        for term in self._terms:
            entry = self._entries.get(_folded(term.term))
            if not term.see and (entry is None or not (entry.places or entry.below)):
                message = (
                    f"the term {term.term!r} of the index stands nowhere in the book. Hint: add other "
                    "spellings, or remove it"
                )
                yield Diagnostic(DiagnosticCode.INDEX_TERM, message, term.source, term.line)
        for entry in self._entries.values():
            for name in (*entry.see, *entry.see_also):
                if _folded(self.term(name)) not in self._entries:
                    source, line = lines.get(entry.term, (entry.source, 0))
                    message = f"the index refers from {entry.term!r} to {name!r}, which it lacks"
                    yield Diagnostic(DiagnosticCode.INDEX_TERM, message, source, line)

    # marks

    def _mark_blocks(self, blocks: tuple[b.Block, ...]) -> tuple[b.Block, ...]:
        changed: list[b.Block] = []
        for block in blocks:
            self._seen.clear()
            changed.extend(rewrite((block,), self._visit, _VISITED))
        is_same = all(new is old for new, old in zip(changed, blocks, strict=True))
        return blocks if is_same else tuple(changed)

    def _visit(self, node: Node) -> Node | Sequence[Node]:
        match node:
            case i.Text():
                return self._visit_text(node)
            case i.RawInline("tex" | "latex", text) if found := _LATEX.fullmatch(text.strip()):
                return self._note(_latex_mark(found[1]))
            case i.Span(children) if (mark := _mark_of(node)) is not None:
                kept = tuple(
                    (n, v) for n, v in node.attributes if n.removeprefix("data-") not in _OWN_FIELDS
                )
                classes = tuple(name for name in node.classes if name not in _CLASSES)
                anchor = self._note(mark, node.id)
                return msgspec.structs.replace(
                    node, children=children, id=anchor.id, classes=classes, attributes=kept
                )
        return node

    def _visit_text(self, node: i.Text) -> Node | Sequence[Node]:
        text = node.text
        if "\\index{" not in text and (self._pattern is None or not self._pattern.search(text)):
            return node
        parts: list[Node] = []
        begin = 0
        for found in _LATEX.finditer(text):
            parts += self._find_terms(text[begin : found.start()], node.line)
            parts.append(self._note(_latex_mark(found[1])))
            begin = found.end()
        return [*parts, *self._find_terms(text[begin:], node.line)]

    def _find_terms(self, text: str, line: int) -> list[Node]:
        parts: list[Node] = []
        begin = 0
        for found in self._pattern.finditer(text) if self._pattern is not None else ():
            term = self._names[_folded(found[0])]
            if term in self._seen:
                continue
            self._seen.add(term)
            if found.start() > begin:
                parts.append(i.Text(text[begin : found.start()], line=line))
            anchor = self._note(_Mark(term))
            parts.append(msgspec.structs.replace(anchor, children=(i.Text(found[0], line=line),)))
            begin = found.end()
        if begin < len(text):
            parts.append(i.Text(text[begin:], line=line))
        return parts

    def _note(self, mark: _Mark, name: str = "") -> i.Span:
        """Notes a place, and returns its anchor. A mark that only refers to another term has no place."""
        anchor = name if mark.see or name else self._new_id()
        self._found.append(FoundTerm(mark, anchor))
        return i.Span(id=anchor)

    def _new_id(self) -> str:
        number = len(self._taken) + 1
        while (name := f"index-{number}") in self._taken:
            number += 1
        self._taken.add(name)
        return name

    def _entry(self, name: str, source: str) -> SubjectEntry:
        term = self._names.get(_folded(name), name)
        return self._entries.setdefault(_folded(term), SubjectEntry(term, source))


def _mark_of(span: i.Span) -> _Mark | None:
    """Returns the mark that a span is; None for another span, and for one without a term."""
    given = {name.removeprefix("data-"): value for name, value in span.attributes}
    types = {given.get("epub:type"), given.get("type")}
    if not (_CLASSES.intersection(span.classes) or types & {"index-term", "indexterm"}):
        return None

    def first(names: Sequence[str]) -> str:
        return next((" ".join(given[name].split()) for name in names if given.get(name)), "")

    term = first(_TERM_FIELDS) or " ".join(plain_text(span).split())
    if not term:
        return None
    return _Mark(term, first(_SUB_FIELDS), first(("see",)), first(_ALSO_FIELDS))


def _latex_mark(text: str) -> _Mark:
    r"""Reads the argument of LaTeX's ``\index``: levels behind ``!``, the order before ``@``, references behind ``|``."""
    text, _, command = text.partition("|")
    term, _, sub = (level.rpartition("@")[2].strip() for level in text.partition("!"))
    name, _, target = command.partition("{")
    target = target.rstrip("} ")
    if name == "see":
        return _Mark(term, sub, see=target)
    return _Mark(term, sub, see_also=target if name == "seealso" else "")


def _folded(name: str) -> str:
    return " ".join(name.replace("\u2019", "'").split()).casefold()


def _pattern_of(names: Sequence[str]) -> re.Pattern[str] | None:
    """Returns a pattern that finds the names as whole words, the longest first; None without a name."""
    if not names:
        return None
    return re.compile("|".join(map(_name_pattern, sorted(set(names), key=len, reverse=True))))


def _name_pattern(name: str) -> str:
    words = [
        re.escape(word).replace("'", "['\u2019]") for word in name.replace("\u2019", "'").split()
    ]
    pattern = r"\s+".join(words)
    if not (name.isupper() and len(name) > 1):
        pattern = f"(?i:{pattern})"  # Only an acronym is known by its capitals.
    # Scripts that set no spaces between words have no bounds of words.
    if not has_letter_of_scripts(name):
        pattern = rf"(?<!\w){pattern}(?!\w)"
    return pattern
