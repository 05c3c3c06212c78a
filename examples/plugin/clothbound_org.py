"""Reads Org, the markup of Emacs: the reader of a plug-in for clothbound.

It takes headings, paragraphs, lists, tables, blocks, notes, links and marks of text. What it does not know stays
as text. Drawers, comments, planning lines and the tags of headings are not text and are left out. See the syntax of Org, orgmode.org.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, ClassVar

import clothbound.model as m
from clothbound.model import Collection, Footnote, Metadata, Post, canonical
from clothbound.options import Field, Limits, ReaderOptions, Source
from clothbound.plugins import DecodedText, TextFormat, decode, metadata_of, read_text_files
from clothbound.testing import Context

_KEYWORD = re.compile(r"#\+(\w+):[ \t]*(.*)")
_DATE = re.compile(r"[<\[](\d{4}-\d\d-\d\d)[^\d>\]]*(\d\d:\d\d)?[^>\]]*[>\]]")
_HEADING = re.compile(r"(\*{1,60})[ \t]+(.*)")
_TAGS = re.compile(r"[ \t]+:[\w@#%:]+:[ \t]*$")
_DRAWER = re.compile(r"[ \t]*:[\w-]+:[ \t]*$")
_PLANNING = re.compile(r"[ \t]*(?:CLOSED|DEADLINE|SCHEDULED):")
_BLOCK = re.compile(r"[ \t]*#\+begin_(\w+)(?:[ \t]+(\S+))?.*", re.I)
_ITEM = re.compile(r"([ \t]*)(?:([-+])|(\d{1,9})[.)])(?:[ \t]+(?:\[([ Xx-])\][ \t]+)?(.*)|$)")
_TERM = re.compile(r"(.*?)[ \t]+::(?:[ \t]+(.*)|$)")
_RULE = re.compile(r"[ \t]*-{5,}[ \t]*$")
_NOTE = re.compile(r"\[fn:([\w-]+)\][ \t]*(.*)")
_PICTURE = re.compile(r"(?:file:)?(\S+\.(?:png|jpe?g|gif|svg|webp))$", re.I)
_MARKS: dict[str, Any] = {
    "*": m.Strong,
    "/": m.Emphasis,
    "_": m.Underline,
    "+": m.Strikethrough,
}
_INLINE = re.compile(
    r"\[\[(?P<href>[^\]\n]{1,2000})\](?:\[(?P<words>[^\]\n]{1,2000})\])?\]"
    r"|\[fn:(?P<note>[\w-]*)(?::(?P<inside>[^\]\n]*))?\]"
    r"|(?P<address>https?://[^\s<>\[\]]*[^\s<>\[\].,;:!?)])"
    r"|(?P<line>\\\\(?:\n|$))"
    r"|(?:(?<=[\s({\"'\-])|^)(?P<mark>[*/_+=~])(?P<marked>\S(?:[^\n]{0,1000}?\S)??)(?P=mark)(?=[\s)}\"'\-.,;:!?]|$)",
    re.M,
)


class OrgInput(ReaderOptions, frozen=True, kw_only=True):
    """Options for reading Org."""

    format: ClassVar[str] = "org"
    exclude: Annotated[
        tuple[str, ...], Field(help="Patterns of files and folders to leave out of a folder.")
    ] = ()


class OrgReader:
    extensions = (".org",)
    options_type = OrgInput

    def accepts(self, head: bytes, name: str) -> bool:
        """Accepts a file by its name, or a text that begins with a keyword of Org, such as ``#+TITLE:``."""
        is_text = bool(head) and b"\0" not in head
        return is_text and (name.lower().endswith(".org") or head.lstrip().startswith(b"#+"))

    def read(self, source: Source, options: OrgInput, context: Context) -> Collection:
        """Reads a file, bytes, a stream, or the files of a folder, each when it is asked for."""
        return read_text_files(source, _ORG, options, context.run, options.exclude)


def _metadata(text: str, source: str, options: OrgInput, limits: Limits) -> Metadata:  # noqa: ARG001
    """Returns what the keywords above the text say, by the names that headers of Markdown have too."""
    fields: dict[str, Any] = {}
    for line in text.split("\n"):
        found = _KEYWORD.fullmatch(line.strip())
        if found is None and line.strip() and not line.startswith("#"):
            break
        if found is not None:
            fields[found[1].lower()] = _value(found[2].strip())
    if "filetags" in fields:
        fields["tags"] = [tag for tag in fields.pop("filetags").split(":") if tag.strip()]
    heading = next((h[2] for line in text.split("\n") if (h := _HEADING.fullmatch(line))), "")
    return metadata_of(fields, source, _TAGS.sub("", heading))


def _value(text: str) -> str:
    date = _DATE.fullmatch(text)
    if date is not None:
        return " ".join(filter(None, date.groups()))
    return {"t": "true", "nil": "false"}.get(text, text)


def _post(text: DecodedText, metadata: Metadata, options: OrgInput, limits: Limits) -> Post:  # noqa: ARG001
    parser = _Parser(limits)
    body = parser.blocks(text.content.split("\n"), 1)
    if body and isinstance(body[0], m.Heading) and body[0].children == (m.Text(metadata.title),):
        body = body[1:]
    return canonical(Post(metadata, body, parser.footnotes(), base=text.base))


class _Parser:
    """Makes nodes of lines. ``depth`` bounds what stands within another."""

    def __init__(self, limits: Limits) -> None:
        self.most = limits.depth // 4
        self.delimiters = limits.delimiters
        self.depth = 0
        self.notes: dict[str, tuple[m.Block, ...]] = {}
        self.marks: set[str] = set()

    def footnotes(self) -> tuple[Footnote, ...]:
        """Returns the notes; a mark whose note is missing gets an empty one."""
        for name in sorted(self.marks - self.notes.keys()):
            self.notes[name] = ()
        return tuple(Footnote(name, blocks) for name, blocks in self.notes.items())

    def blocks(self, lines: Sequence[str], first: int) -> tuple[m.Block, ...]:
        self.depth += 1
        try:
            return tuple(self._blocks(lines, first))
        finally:
            self.depth -= 1

    def _blocks(self, lines: Sequence[str], first: int) -> Iterator[m.Block]:
        at = 0
        while at < len(lines):
            line, number = lines[at], first + at
            if not line.strip() or self._is_silent(line):
                at += 1
            elif found := _HEADING.fullmatch(line):
                title = _TAGS.sub("", found[2])
                yield m.Heading(self.inlines(title), min(len(found[1]), 6), line=number)
                at += 1
            elif _DRAWER.match(line) and (end := _find(lines, at, r"[ \t]*:end:[ \t]*")):
                at = end + 1
            elif (found := _BLOCK.fullmatch(line)) and (
                end := _find(lines, at, rf"[ \t]*#\+end_{found[1]}[ \t]*")
            ):
                if found[1].lower() != "comment":
                    inside = lines[at + 1 : end]
                    yield self._block(found[1].lower(), found[2] or "", inside, number)
                at = end + 1
            elif _RULE.match(line):
                yield m.ThematicBreak(line=number)
                at += 1
            elif found := _NOTE.fullmatch(line):
                end = _until(lines, at, lambda text: not text.strip() or bool(_NOTE.match(text)))
                self.notes.setdefault(
                    found[1], self.blocks([found[2], *lines[at + 1 : end]], number)
                )
                at = end
            elif _ITEM.fullmatch(line) and self.depth < self.most:
                end = _end_of_list(lines, at)
                yield self._list(lines[at:end], number)
                at = end
            elif line.lstrip().startswith("|"):
                end = _until(lines, at, lambda text: not text.lstrip().startswith("|"))
                yield self._table(lines[at:end], number)
                at = end
            elif line.lstrip().startswith(": "):
                end = _until(lines, at, lambda text: not text.lstrip().startswith(": "))
                text = "\n".join(line.lstrip()[2:] for line in lines[at:end])
                yield m.CodeBlock(text, line=number)
                at = end
            else:
                end = _until(lines, at, self._ends_paragraph)
                yield self._paragraph([line.strip() for line in lines[at:end]], number)
                at = end

    def _is_silent(self, line: str) -> bool:
        start = line.lstrip()
        is_comment = start == "#" or start.startswith("# ")
        return is_comment or bool(_KEYWORD.fullmatch(start)) or bool(_PLANNING.match(line))

    def _ends_paragraph(self, line: str) -> bool:
        starts = (_HEADING, _ITEM, _RULE, _BLOCK)
        return not line.strip() or self._is_silent(line) or any(s.fullmatch(line) for s in starts)

    def _paragraph(self, lines: Sequence[str], number: int) -> m.Block:
        link = re.fullmatch(r"\[\[([^\]]+)\]\]", lines[0]) if len(lines) == 1 else None
        if link and (picture := _PICTURE.fullmatch(link[1])):
            return m.Figure(m.Image(picture[1]), line=number)
        return m.Paragraph(self.inlines("\n".join(lines)), line=number)

    def _block(self, kind: str, argument: str, lines: Sequence[str], number: int) -> m.Block:
        if kind in ("src", "example", "export"):
            text = "\n".join(re.sub(r"^(\s*),([*#])", r"\1\2", line) for line in lines)
            if kind == "export":
                return m.RawBlock(argument or "text", text, line=number)
            return m.CodeBlock(text, argument if kind == "src" else "", line=number)
        if kind == "verse":
            return m.Verse(self._verse(lines), line=number)
        if self.depth >= self.most:
            return m.CodeBlock("\n".join(lines), line=number)
        inside = self.blocks(lines, number + 1)
        if kind == "quote":
            return m.Quote(inside, line=number)
        return m.Group(inside, classes=(kind,), line=number)

    def _verse(self, lines: Sequence[str]) -> tuple[m.Inline, ...]:
        found: list[m.Inline] = []
        for line in lines:
            found += [m.LineBreak()] if found else []
            found += self.inlines(line.strip())
        return tuple(found)

    def _list(self, lines: Sequence[str], number: int) -> m.Block:
        """Returns the list whose items begin at the indent of the first line."""
        first = _ITEM.fullmatch(lines[0])
        assert first is not None
        starts = [n for n, line in enumerate(lines) if _is_item(line, len(first[1]))]
        items: list[m.ListItem] = []
        terms: list[m.DefinitionItem] = []
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            found = _ITEM.fullmatch(lines[start])
            assert found is not None
            text, rest = found[5] or "", [line.strip("\n") for line in lines[start + 1 : end]]
            term = _TERM.fullmatch(text) if found[2] else None  # All items are of one kind.
            inside = self.blocks(
                [(term[2] or "") if term else text, *_dedented(rest)], number + start
            )
            if term is not None:
                terms.append(m.DefinitionItem(self.inlines(term[1]), (inside,)))
            else:
                checked = {"x": True, " ": False, "-": False}.get((found[4] or "").lower())
                items.append(m.ListItem(inside, checked, line=number + start))
        if terms:
            return m.DefinitionList(tuple(terms), line=number)
        return m.List(tuple(items), bool(first[3]), int(first[3] or 1), line=number)

    def _table(self, lines: Sequence[str], number: int) -> m.Block:
        rows: list[tuple[m.Cell, ...]] = []
        head = 0
        for line in lines:
            if line.lstrip().startswith("|-"):
                head = head or len(rows)
                continue
            cells = line.strip().strip("|").split("|")
            rows.append(tuple(m.Cell(self.inlines(cell.strip())) for cell in cells))
        width = max(map(len, rows), default=0)
        full = tuple(row + (m.Cell(),) * (width - len(row)) for row in rows)
        return m.Table(full[:head], full[head:], line=number)

    def inlines(self, text: str) -> tuple[m.Inline, ...]:
        self.depth += 1
        found: list[m.Inline] = []
        at = 0
        # The time to find a mark without an end grows with the length of the text.
        is_text = self.depth >= self.most or sum(map(text.count, "[*/_+=~")) > self.delimiters
        for match in () if is_text else _INLINE.finditer(text):
            found.append(m.Text(_one_line(text[at : match.start()])))
            found.append(self._inline(match))
            at = match.end()
        self.depth -= 1
        found.append(m.Text(_one_line(text[at:])))
        return _merged(found)

    def _inline(self, found: re.Match[str]) -> m.Inline:
        if href := found["href"]:
            picture = _PICTURE.fullmatch(href)
            if picture and not found["words"]:
                return m.Image(picture[1])
            return m.Link(self.inlines(found["words"] or href), href.removeprefix("file:"))
        if found["note"] is not None:
            return self._note(found["note"], found["inside"])
        if address := found["address"]:
            return m.Link((m.Text(address),), address)
        if found["line"] is not None:
            return m.LineBreak()
        if found["mark"] in "=~":
            return m.Code(found["marked"])
        made: m.Inline = _MARKS[found["mark"]](self.inlines(found["marked"]))
        return made

    def _note(self, name: str, inside: str | None) -> m.NoteRef:
        name = name or f"inline-{len(self.notes) + 1}"
        if inside is not None:
            self.notes.setdefault(name, (m.Paragraph(self.inlines(inside.strip())),))
        self.marks.add(name)
        return m.NoteRef(name)


def _one_line(text: str) -> str:
    return text.replace("\n", " ")


def _merged(nodes: Sequence[m.Inline]) -> tuple[m.Inline, ...]:
    return tuple(node for node in nodes if not isinstance(node, m.Text) or node.text)


def _find(lines: Sequence[str], at: int, pattern: str) -> int:
    """Returns the place of the next line that matches; 0 if there is none."""
    matching = (n for n in range(at + 1, len(lines)) if re.fullmatch(pattern, lines[n], re.I))
    return next(matching, 0)


def _until(lines: Sequence[str], at: int, ends: Any) -> int:
    """Returns the place after ``at`` of the first line at which something ends."""
    return next((n for n in range(at + 1, len(lines)) if ends(lines[n])), len(lines))


def _is_item(line: str, indent: int) -> bool:
    found = _ITEM.fullmatch(line)
    return found is not None and len(found[1]) <= indent


def _kind_of_item(line: str) -> str:
    found = _ITEM.fullmatch(line)
    if found is None:
        return ""
    if found[3]:
        return "ordered"
    return "term" if _TERM.fullmatch(found[5] or "") else "bullet"


def _end_of_list(lines: Sequence[str], at: int) -> int:
    """Returns the place of the first line that belongs to no item: one that is indented no more than they are."""
    found = _ITEM.fullmatch(lines[at])
    indent = len(found[1]) if found else 0
    kind = _kind_of_item(lines[at])
    end = at + 1
    while end < len(lines):
        line = lines[end]
        if not line.strip():
            if not any(map(str.strip, lines[end : end + 2])):
                break  # Two blank lines end a list.
        elif len(line) - len(line.lstrip()) <= indent and _kind_of_item(line) != kind:
            break
        end += 1
    return end


def _dedented(lines: Sequence[str]) -> list[str]:
    indents = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    return [line[min(indents, default=0) :] for line in lines]


_ORG = TextFormat(frozenset(OrgReader.extensions), decode, _metadata, _post)
READER = OrgReader()
