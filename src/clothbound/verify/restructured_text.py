"""Strips reStructuredText, as Pelican, Nikola and Sphinx read it.

Written from the reStructuredText specification, its directives and its roles. It knows just enough to tell words from
markup: explicit markup, literal blocks, tables, roles, references. Titles have no words in their lines of signs, and
signs of emphasis are none of a word, so neither is looked for. What it does not know counts as words.
"""

from __future__ import annotations

import csv
import re
import textwrap
from typing import NamedTuple

from ..lazy_pattern import lazy_pattern
from .content import Item
from .markup import Stripper, feed_html

_DIRECTIVE = lazy_pattern(
    r"\.\.[ ]+(?:\|(?P<sub>[^|]+)\|[ ]+)?(?P<name>[A-Za-z][\w:+.-]*)[ ]?::(?:[ ]+(?P<said>.*))?$"
)
_TARGET = lazy_pattern(
    r"\.\.[ ]+_(?P<name>`[^`]*`|(?:[^:\\]|\\.|:(?! |$))*):(?:[ ]+(?P<href>.*))?$"
)
_ANONYMOUS = lazy_pattern(r"(?:\.\.[ ]+__:|__)[ ]+(?P<href>.*)$")
_NOTE = lazy_pattern(r"\.\.[ ]+\[(?P<label>\d+|#[\w.-]*|\*)\](?:[ ]+(?P<said>.*))?$")
_CITATION = lazy_pattern(r"\.\.[ ]+\[(?P<label>[A-Za-z][\w.-]*)\](?:[ ]+(?P<said>.*))?$")
_OPTION = lazy_pattern(r"[ ]*:(?P<name>[\w-]+):(?:[ ]+(?P<value>.*))?$")
_FIELD = lazy_pattern(r":(?P<name>[^:\s](?:[^:\\]|\\.|:(?! |$))*):(?:[ ]+(?P<value>.*))?$")
_DOTTED = lazy_pattern(r"\.\. (?P<name>[A-Za-z][\w-]*):(?: (?P<value>.*))?$")
_ITEM = lazy_pattern(
    r"(?:[-*+\u2022\u2023\u2043]|\(?(?:\d{1,9}|[A-Za-z]|[ivxlcdm]+|[IVXLCDM]+|#)[.)])(?:[ ]+|$)"
)
_SIGNS = lazy_pattern(r"(?P<sign>[^\w\s]|_)(?P=sign)*$")
_GRID_RULE = lazy_pattern(r"\+(?:[-=]+\+)+$")
_SIMPLE_RULE = lazy_pattern(r"=+(?:[ ]+=+)+$")
_INLINE = lazy_pattern(
    r"\\(?P<escaped>.|\n)|``(?P<code>.+?)``(?!`)"
    r"|(?::(?P<role>[A-Za-z][\w.+:-]{0,60}):)?`(?P<words>(?:[^`\\]|\\.)+)`(?::(?P<after>[A-Za-z][\w.+:-]*):|(?P<refers>__?))?"
    r"|\[(?:\d+|#[\w.-]*|\*)\]_|\[(?P<cited>[A-Za-z][\w.-]*)\]_"
    r"|\|(?P<sub>[^|\s](?:[^|]*[^|\s])?)\|(?:__?)?"
    r"|(?P<uri>https?://[^\s<>`]*[^\s<>`.,;:!?)\]}'\"]|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?<![\w.])(?P<name>[A-Za-z0-9](?:[\w.+-]{0,200}[A-Za-z0-9])?)(?P<mark>__?)(?![\w_])",
    re.S,
)
_LED = lazy_pattern(r"(?P<words>(?:.*\S)?)\s*<(?P<href>[^<>]+)>$", re.S)
_CODE = frozenset(
    "code code-block sourcecode highlight-block ipython prompt doctest testcode testsetup testoutput mermaid graphviz"
    " plantuml productionlist".split()
)
_UNSEEN = frozenset(
    "contents class role default-role meta index toctree highlight sectnum section-numbering target-notes title header footer"
    " youtube vimeo gist soundcloud media twitter tweet audio video currentmodule module py:currentmodule py:module"
    " sectionauthor codeauthor tabularcolumns default-domain highlightlang date post postlist".split()
)
_SILENT_ARGUMENT = frozenset(
    "only rst-class container div glossary hlist tabs tab-set list-table compound".split()
)
_PICTURES = frozenset({"image", "figure", "thumbnail"})
_CLOSED = frozenset({"include", "listing"})
"""Directives that show another file, which no reader opens: it keeps them as they are written."""
_DEEPEST = 60
"""The most levels of blocks whose marks are told from words. Those of a stranger may be nested by thousands."""
_SPOKEN_OPTIONS = frozenset({"subtitle", "caption", "header"})


class _Line(NamedTuple):
    number: int
    text: str

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip(" "))


def strip_rst(text: str) -> tuple[list[Item], list[Item]]:
    """Returns the titles that stand in fields of a text's header, and the content of its text."""
    lines = [
        _Line(number, line.rstrip())
        for number, line in enumerate(text.expandtabs(8).split("\n"), start=1)
    ]
    titles, begin = _header(lines)
    source = _RestructuredText(lines)
    source.blocks(lines[begin:])
    source.stripper.flush()
    above = _RestructuredText(lines)
    for line in titles:
        above.say(line.text, line.number)
        above.stripper.flush()
    return above.stripper.items, source.stripper.items


def _header(lines: list[_Line]) -> tuple[list[_Line], int]:
    """Returns the titles in fields of a header, and blanks the fields of the header."""
    titles: list[_Line] = []
    place = 0
    is_dotted = False
    while place < len(lines) and not lines[place].text:
        place += 1
    while place < len(lines) and (found := _DOTTED.match(lines[place].text)):
        is_dotted = True
        if found["name"].lower() in ("title", "subtitle"):
            titles.append(_Line(lines[place].number, found["value"] or ""))
        place += 1
    begin = place if is_dotted else 0
    place = begin
    while place < len(lines):
        text = lines[place].text
        if not text or _SIGNS.match(text):
            place += 1
        elif text.startswith("..") and not _DIRECTIVE.match(text):
            place = _end_of_indented(lines, place + 1, 0)
        elif place + 1 < len(lines) and _is_title(lines[place].text.strip(), lines[place + 1].text):
            place += 2
        else:
            break
    while place < len(lines) and (field := _FIELD.match(lines[place].text)):
        end = _end_of_indented(lines, place + 1, 0)
        if field["name"].lower() in ("title", "subtitle"):
            titles.append(_Line(lines[place].number, field["value"] or ""))
        for at in range(place, end):
            lines[at] = lines[at]._replace(text="")
        place = end
    return titles, begin


def _is_title(text: str, below: str) -> bool:
    return bool(_SIGNS.match(below)) and len(below) >= min(4, len(text))


def _end_of_indented(lines: list[_Line], place: int, indent: int) -> int:
    """Returns the place behind the lines that have more indent, and the blank ones between them."""
    end = place
    while place < len(lines) and (not lines[place].text or lines[place].indent > indent):
        place += 1
        if lines[place - 1].text:
            end = place
    return end


def _fold(name: str) -> str:
    return " ".join(re.sub(r"\\(.)", r"\1", name.strip("`")).split()).casefold()


class _RestructuredText:
    def __init__(self, lines: list[_Line]) -> None:
        self.stripper = Stripper()
        self._targets: dict[str, str] = {}
        self._anonymous: list[str] = []
        self._substitutions: dict[str, tuple[str, str, dict[str, str]]] = {}
        self._raw_roles: set[str] = set()
        self._open: set[str] = set()
        self._depth = 0
        self._define(lines)

    def _define(self, lines: list[_Line]) -> None:
        """Collects what the text names elsewhere: addresses, substitutions, roles of raw HTML."""
        waiting: list[str] = []
        for place, line in enumerate(lines):
            text = line.text.strip()
            if found := _TARGET.match(text):
                end = _end_of_indented(lines, place + 1, line.indent)
                more = "".join(one.text.strip() for one in lines[place + 1 : end] if one.text)
                href = (found["href"] or "").strip() + more
                waiting.append(_fold(found["name"]))
                if href:
                    self._targets.update((name, href) for name in waiting)
            elif found := _ANONYMOUS.match(text):
                self._anonymous.append(found["href"])
            elif (found := _DIRECTIVE.match(text)) and found["sub"]:
                body = lines[place + 1 : _end_of_indented(lines, place + 1, line.indent)]
                options = {
                    o["name"]: o["value"] or "" for one in body if (o := _OPTION.match(one.text))
                }
                more = " ".join(one.text.strip() for one in body if not _OPTION.match(one.text))
                said = f"{found['said'] or ''} {more}".strip()
                self._substitutions[_fold(found["sub"])] = (found["name"].lower(), said, options)
            elif found and found["name"] == "role" and "(raw)" in (found["said"] or ""):
                self._raw_roles.add((found["said"] or "").partition("(")[0].strip())
            if text and not _TARGET.match(text):
                waiting.clear()

    def blocks(self, lines: list[_Line]) -> None:
        """Strips lines that are blocks. What is nested too deeply counts as it is written."""
        self._depth += 1
        if self._depth > _DEEPEST:
            self._verbatim(lines)
        else:
            self._blocks(lines)
        self._depth -= 1

    def _blocks(self, lines: list[_Line]) -> None:
        place = 0
        paragraph: list[_Line] = []
        indent, is_list = 0, False
        while place < len(lines):
            line = lines[place]
            text = line.text.strip()
            if not text:
                place = self._end(paragraph, indent, lines, place + 1)
                is_list = False
                continue
            if not paragraph or is_list:
                column = line.indent
                while (item := _ITEM.match(text)) and not _SIGNS.match(text):
                    self._end(paragraph, indent, [], 0)
                    is_list = True
                    column, text = column + item.end(), text[item.end() :]
                if not paragraph:
                    indent = column
                    line = _Line(line.number, " " * column + text)
            if not paragraph:
                if text.startswith(".. ") or text == ".." or _ANONYMOUS.match(text):
                    end = _end_of_indented(lines, place + 1, lines[place].indent)
                    self._explicit(line._replace(text=text), lines[place + 1 : end])
                    place = end
                    continue
                if text.startswith(">>> "):
                    end = next(
                        (n for n in range(place, len(lines)) if not lines[n].text), len(lines)
                    )
                    self._verbatim(lines[place:end])
                    place = end
                    continue
                if _GRID_RULE.match(text) or _SIMPLE_RULE.match(text):
                    place = self._table(lines, place, is_grid=text.startswith("+"))
                    continue
            if re.match(r"\|(?: |$)", text):
                text = text[1:]
                self.stripper.flush()
                self.say(text, line.number)
                self.stripper.flush()
            else:
                paragraph.append(_Line(line.number, text))
            place += 1
        self._end(paragraph, indent, [], 0)

    def _end(self, paragraph: list[_Line], indent: int, lines: list[_Line], place: int) -> int:
        """Ends a paragraph; what it announces by two colons is taken as it is. Returns the place behind that."""
        if not paragraph:
            return place
        is_announced = paragraph[-1].text.endswith("::")
        self.stripper.flush()
        self.say("\n".join(line.text for line in paragraph), paragraph[0].number)
        self.stripper.flush()
        paragraph.clear()
        if not is_announced:
            return place
        while place < len(lines) and not lines[place].text:
            place += 1
        end = _end_of_indented(lines, place, indent)
        if end == place and place < len(lines) and _SIGNS.match(lines[place].text[:1] or "a"):
            sign = lines[place].text[0]
            while end < len(lines) and lines[end].text.startswith(sign):
                end += 1
        self._verbatim(lines[place:end])
        return end

    def _verbatim(self, lines: list[_Line]) -> None:
        self.stripper.flush()
        for line in lines:
            self.stripper.text(f"{line.text}\n", line.number)
        self.stripper.flush()

    def _explicit(self, first: _Line, body: list[_Line]) -> None:
        if found := _NOTE.match(first.text):
            self.stripper.note(first.number)
            self.blocks([_Line(first.number, f"   {found['said'] or ''}"), *body])
        elif found := _CITATION.match(first.text):
            self.say(found["label"], first.number)
            self.blocks([_Line(first.number, f"   {found['said'] or ''}"), *body])
        elif (found := _DIRECTIVE.match(first.text)) and not found["sub"]:
            self._directive(found["name"].lower(), (found["said"] or "").strip(), first, body)

    def _directive(  # noqa: C901, PLR0912 - match dispatch
        self, name: str, said: str, first: _Line, body: list[_Line]
    ) -> None:
        blank = next((n for n, line in enumerate(body) if not line.text), len(body))
        begin = next((n for n, line in enumerate(body[:blank]) if _OPTION.match(line.text)), blank)
        options = {
            o["name"]: o["value"] or ""
            for line in body[begin:blank]
            if (o := _OPTION.match(line.text))
        }
        content = body[blank:]
        argument = [
            _Line(first.number, said),
            *(one._replace(text=one.text.strip()) for one in body[:begin]),
        ]
        if name in _UNSEEN:
            return
        if name in _CLOSED or "file" in options or "url" in options:
            self._verbatim([first, *body])
        elif name in _CODE:
            self.say(options.get("caption", ""), first.number)
            self._verbatim(content)
        elif name == "math":
            self._verbatim([*argument, *content])
        elif name == "raw":
            if "html" in said.split():
                self._html(body[begin:] if not options else content)
        elif name in _PICTURES:
            self._picture("".join(one.text for one in argument), options, first.number)
            self.blocks(content)
        elif name == "slides":
            for line in filter(lambda one: one.text, content):
                self._picture(line.text.strip(), {}, line.number)
        elif name == "csv-table":
            self.blocks(argument)
            self._commas(options.get("header", ""), first.number)
            written = textwrap.dedent("\n".join(line.text for line in content))
            self._commas(written.strip("\n"), first.number)
        else:
            if name not in _SILENT_ARGUMENT or name == "list-table":
                self.blocks(argument)
            for key in _SPOKEN_OPTIONS.intersection(options):
                self.say(options[key], first.number)
            self.stripper.flush()
            self.blocks(content)

    def _html(self, lines: list[_Line]) -> None:
        self.stripper.flush()
        if lines:
            markup = "\n".join(line.text for line in lines)
            feed_html(markup, self.stripper, lines[0].number)
        self.stripper.flush()

    def _picture(self, address: str, options: dict[str, str], number: int) -> None:
        target = options.get("target", "")
        href = self._address(target.strip("`")[:-2] if target.endswith("`_") else target)
        if href:
            self.stripper.start("a", {"href": href}, number)
        self.stripper.start("img", {"src": address, "alt": options.get("alt", "")}, number)
        if href:
            self.stripper.end("a")

    def _address(self, target: str) -> str:
        """Returns the address that a target names; empty if it is a place of the text."""
        name = _fold(target.strip().strip("`").removesuffix("_").strip("`"))
        seen: set[str] = set()
        while name in self._targets and name not in seen:
            seen.add(name)
            href = self._targets[name]
            if not href.endswith("_"):
                return href
            name = _fold(href[:-1])
        is_address = re.match(r"[a-z][a-z0-9+.-]*:|[{|/]|[^\s]*\.\w+$", target.strip(), re.I)
        return "".join(target.split()) if is_address and not seen else ""

    def _commas(self, written: str, number: int) -> None:
        for row in csv.reader(written.split("\n"), skipinitialspace=True):
            for cell in row:
                self.blocks([_Line(number, line) for line in cell.split("\n")])

    def _table(self, lines: list[_Line], place: int, *, is_grid: bool) -> int:
        """Strips a table cell by cell. Returns the place behind it."""
        end = place
        indent = len(lines[place].text) - len(lines[place].text.lstrip())
        if is_grid:
            while (
                end < len(lines) and lines[end].text.lstrip()[:1] in ("+", "|") and lines[end].text
            ):
                end += 1
            self._grid([line._replace(text=line.text[indent:]) for line in lines[place:end]])
            return end
        rules = 0
        while end < len(lines):
            if _SIMPLE_RULE.match(lines[end].text.strip()) or re.fullmatch(
                r"=+", lines[end].text.strip()
            ):
                rules += 1
                is_last = end + 1 == len(lines) or not lines[end + 1].text
                if rules > 1 and is_last:
                    end += 1
                    break
            end += 1
        self._simple([line._replace(text=line.text[indent:]) for line in lines[place:end]])
        return end

    def _grid(self, lines: list[_Line]) -> None:
        row: list[_Line] = []
        for line in lines:
            if not _GRID_RULE.match(line.text):
                row.append(line)
                continue
            if row:
                bars = [n for n, sign in enumerate(row[0].text) if sign in "|+"]
                self._cells(row, [bar + 1 for bar in bars[:-1]], 1)
            row = []

    def _simple(self, lines: list[_Line]) -> None:
        starts = [found.start() for found in re.finditer(r"=+", lines[0].text)]
        row: list[_Line] = []
        for line in lines:
            is_rule = bool(re.fullmatch(r"[=-]+(?:[ ]+[=-]+)*", line.text.strip()))
            goes_on = bool(row) and not line.text[: starts[1] if len(starts) > 1 else None].strip()
            if is_rule or not goes_on:
                self._cells(row, starts, 0)
                row = []
            if not is_rule and line.text:
                row.append(line)
        self._cells(row, starts, 0)

    def _cells(self, row: list[_Line], starts: list[int], rule: int) -> None:
        """Strips the cells of a row, whose text goes over several lines. ``rule`` is the width of what parts them."""
        if not row:
            return
        kept = [starts[0]] if starts else []
        for start in starts[1:]:
            before = [line.text[start - 1 : start] for line in row]
            if all(sign in (("|", "+", "-", "") if rule else (" ", "")) for sign in before):
                kept.append(start)
        for start, end in zip(kept, [*kept[1:], None], strict=True):
            last = end - rule if end is not None else None
            cell = [
                _Line(line.number, line.text[start:last].rstrip(" |" if rule else " "))
                for line in row
            ]
            least = min((line.indent for line in cell if line.text.strip()), default=0)
            self.blocks([line._replace(text=line.text[least:]) for line in cell])

    def say(self, text: str, number: int) -> None:
        """Strips a text that has marks within its lines."""
        at = 0
        for found in _INLINE.finditer(text):
            line = number + text.count("\n", 0, found.start())
            self.stripper.text(text[at : found.start()], line)
            self._mark(found, line)
            at = found.end()
        self.stripper.text(text[at:], number + text.count("\n", 0, at))

    def _mark(self, found: re.Match[str], line: int) -> None:
        if found["escaped"] is not None:
            self.stripper.text("" if found["escaped"].isspace() else found["escaped"], line)
        elif found["code"] is not None:
            self.stripper.text(found["code"], line)
        elif found["words"] is not None:
            self._interpreted(found, line)
        elif found["cited"] is not None:
            self.stripper.text(found["cited"], line)
        elif found["sub"] is not None:
            self._substitute(found, line)
        elif found["uri"] is not None:
            uri = found["uri"]
            self._link(uri if ":" in uri else f"mailto:{uri}", uri, line)
        elif found["name"] is not None:
            href = self._next() if found["mark"] == "__" else self._address(f"`{found['name']}`")
            known = href if _fold(found["name"]) in self._targets or found["mark"] == "__" else ""
            self._link(known, found["name"], line)

    def _next(self) -> str:
        return self._anonymous.pop(0) if self._anonymous else ""

    def _link(self, href: str, words: str, line: int) -> None:
        if href:
            self.stripper.start("a", {"href": href}, line)
        self.stripper.text(re.sub(r"\\(\s?)", "", words), line)
        if href:
            self.stripper.end("a")

    def _interpreted(self, found: re.Match[str], line: int) -> None:
        role = (found["role"] or found["after"] or "").lower()
        words = found["words"]
        led = _LED.match(words)
        if role in self._raw_roles:
            feed_html(words, self.stripper, line)
        elif role == "math":
            self.stripper.text(f" {words} ", line)
        elif role:
            shown = led["words"] if led and led["words"] else words
            is_bare = not (led and led["words"]) and role in ("ref", "doc", "numref", "eq")
            self.stripper.text("" if is_bare else shown.lstrip("~!"), line)
        elif found["refers"] and led:
            self._link(self._address(led["href"]), led["words"] or led["href"], line)
        elif found["refers"]:
            href = self._next() if found["refers"] == "__" else self._targets.get(_fold(words), "")
            self._link(self._address(f"`{words}`") if href.endswith("_") else href, words, line)
        else:
            self._link("", words, line)

    def _substitute(self, found: re.Match[str], line: int) -> None:
        name = _fold(found["sub"])
        defined = self._substitutions.get(name)
        if defined is None:
            self.stripper.text(found[0], line)
            return
        kind, said, options = defined
        if kind == "image":
            self._picture(said, options, line)
        elif kind == "replace" and name not in self._open:
            self._open.add(name)
            self.say(said, line)
            self._open.discard(name)
        elif kind == "unicode":
            codes = re.findall(
                r"(?:0x|x|\\x|U\+|u|\\u)([0-9A-Fa-f]{2,6})|(\S+)", said.partition(" .. ")[0]
            )
            self.stripper.text(
                "".join(chr(int(code, 16)) if code else word for code, word in codes), line
            )
