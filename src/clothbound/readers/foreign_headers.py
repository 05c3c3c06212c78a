"""Reads headers in the notations of other programs' languages.

Sources: the documentation of JBake, Pico, HTMLy, Cryogen (EDN), Zine (Ziggy), NimblePublisher (Elixir), Franklin
(Julia), Frog, ikiwiki and Dropplets, and posts of each in public repositories.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from ..lazy_pattern import lazy_pattern
from ..model.addresses import is_on_web
from .header_lines import HeaderLines, read_key_lines

_KNOWN = frozenset({"title", "date", "layout", "tags", "author", "slug", "description", "type"})
"""The keys of which a header has at least one."""
_LONGEST = 20_000
_DEEPEST = 4
"""Maps within so many others are left out."""
_QUOTED = r"\"(?:[^\"\\]|\\.)*\""
_LITERAL = (
    rf"(?P<heredoc>\"{{3}}.*?\"{{3}})|(?P<text>{_QUOTED})|(?P<list>\[[^\[\]]*\]|#\{{[^{{}}]*\}})|(?P<map>[%.]?\{{)"
    r"|~[wW][(\[](?P<words>[^()\[\]]*)[)\]]a?|~[A-Za-z][(\[](?P<sigil>[^()\[\]]*)[)\]]"
    r"|(?:@\w+\(|#\w+\s+)\"(?P<tagged>[^\"]*)\"\)?"
    r"|Date(?:Time)?\((?P<year>\d{4}), *(?P<month>\d{1,2}), *(?P<day>\d{1,2})\)|(?P<word>:?[^\s,{}()\[\]\"]+)"
)
_ITEM = lazy_pattern(rf"({_QUOTED})|([^\s,\"\[\]{{}}#]+)")
_EDN = lazy_pattern(rf"(?<![\w/]):(?P<key>[a-z][\w-]*)\??\s+(?:{_LITERAL})|{_QUOTED}|;[^\n]*", re.S)
_ELIXIR = lazy_pattern(rf"(?<![\w:])(?P<key>[a-z]\w*):\s+(?:{_LITERAL})|{_QUOTED}|#[^\n]*", re.S)
_ZIGGY = lazy_pattern(rf"(?<!\w)\.(?P<key>[a-z]\w*)\s*=\s*(?:{_LITERAL})|{_QUOTED}|//[^\n]*", re.S)
_JULIA = lazy_pattern(rf"@def (?P<key>\w+)[ \t]*=[ \t]*(?:{_LITERAL})|{_QUOTED}", re.S)
_MAP_OF_ELIXIR = lazy_pattern(r"\s*\n---[ \t]*(?:\n|\Z)")
_BETWEEN_RULES = lazy_pattern(
    r"---[ \t]*\n(?P<fields>[ \t]*(?:\{[ \t]*\n[ \t]*)?\.[a-z]\w*[ \t]*=.*?)\n---[ \t]*(?:\n|\Z)",
    re.S,
)
_DEFINITIONS = lazy_pattern(
    r"(?:@def \w+[ \t]*=[^\n]*(?:\n|\Z)(?:[ \t]+\S[^\n]*(?:\n|\Z))*(?:[ \t]*\n)*)+"
)
"""Matches definitions with the lines that go on with them, which are indented."""
_EQUATIONS = lazy_pattern(
    r"(?P<fields>(?:[A-Za-z][\w.-]*=[^\n]*\n|[ \t]*\n|#[^\n]*\n)+)~{6}[ \t]*(?:\n|\Z)"
)
_COMMENT = lazy_pattern(r"/\*[ \t]*\n(?P<fields>.*?)\n?[ \t]*\*/[ \t]*(?:\n|\Z)", re.S)
_MARKS = lazy_pattern(r"(?:<!--(?P<name>[a-z]+) (?:(?!-->).)*? (?P=name)-->[ \t]*(?:\n|\Z))+", re.S)
_MARK = lazy_pattern(r"<!--(?P<name>[a-z]+) (?P<said>(?:(?!-->).)*?) (?P=name)-->", re.S)
_INDENTED = lazy_pattern(r"(?: {4}[A-Z][\w-]*:[^\n]*\n)+[ \t]*(?:\n|\Z)")
_DIRECTIVES = lazy_pattern(r"(?:\[\[!(?:meta|tag)[ \t]+[^\[\]]*\]\][ \t]*(?:\n|\Z))+")
_LIST = lazy_pattern(
    r"#[ \t]++(?P<title>[^\n]++)\n-[ \t]*(?P<author>[^\n]*)\n-[ \t]*(?P<twitter>[^\n]*)\n"
    r"-[ \t]*(?P<date>\d{4}[/-]\d{1,2}[/-]\d{1,2}(?:[ T]\d[^\n]*)?)[ \t]*\n-[ \t]*(?P<category>[^\n]*)\n"
    r"-[ \t]*(?P<status>(?i:published?|draft|private|hidden|unpublished|pending|scheduled))[ \t]*(?:\n|\Z)"
)
_META = lazy_pattern(
    rf"\[\[!meta[ \t]+(?P<key>\w+)=(?:\"{{3}}(?P<long>[^\[\]]*?)\"{{3}}|(?P<text>{_QUOTED})|(?P<word>[^\s\"\[\]]+))"
)
_TAGS = lazy_pattern(r"\[\[!tag[ \t]+([^\[\]]*)\]\]")
_OF_MARKS = {"t": "title", "d": "description", "tag": "tags", "image": "cover"}
_SHOWN_MARKS = frozenset({"audio", "link", "video"})


def read_foreign_header(text: str) -> HeaderLines | None:
    """Returns the header at the top of a text in one of these notations, or None."""
    read = _read_equations if text[:1].isalpha() else _READERS.get(text[:1])
    found = read(text) if read is not None else None
    return found if found is not None and _KNOWN.intersection(found.fields) else None


def show_marks(text: str, header: HeaderLines) -> str:
    """Returns the lines of a header of HTMLy with the addresses that it shows above the text, or none."""
    above = "\n".join(text.split("\n", header.lines)[: header.lines])
    addresses = (m["said"].strip() for m in _MARK.finditer(above) if m["name"] in _SHOWN_MARKS)
    return "".join(f"<{one}>\n\n" for one in addresses if is_on_web(one))


def _read_map(text: str) -> HeaderLines | None:
    """Reads a map of EDN (``{:title "..."}``), or of Elixir (``%{title: "..."}``) with a line of ``---`` below."""
    if text[0] == "{":
        fields, end = _read_pairs(text[:_LONGEST], 1, _EDN)
        is_alone = text[end : end + 1] in ("", "\n") and text[1:2] == ":"
        return HeaderLines(fields, _lines(text, end)) if end and is_alone else None
    fields, end = _read_pairs(text[:_LONGEST], 2, _ELIXIR)
    rule = _MAP_OF_ELIXIR.match(text, end) if end else None
    return HeaderLines(fields, _lines(text, rule.end())) if rule is not None else None


def _read_ziggy(text: str) -> HeaderLines | None:
    found = _BETWEEN_RULES.match(text, 0, _LONGEST)
    if found is None:
        return None
    fields, _ = _read_pairs(found["fields"].strip().removeprefix("{"), 0, _ZIGGY)
    return HeaderLines(fields, _lines(text, found.end()))


def _read_definitions(text: str) -> HeaderLines | None:
    found = _DEFINITIONS.match(text)
    if found is None:
        return None
    return HeaderLines(_read_pairs(found[0], 0, _JULIA)[0], _lines(text, found.end()))


def _read_equations(text: str) -> HeaderLines | None:
    """Reads ``key=value`` lines above a line of ``~~~~~~`` (JBake)."""
    found = _EQUATIONS.match(text, 0, _LONGEST)
    if found is None:
        return None
    lines = (line.partition("=") for line in found["fields"].split("\n") if "=" in line)
    fields: dict[str, Any] = {
        key.lower(): value.strip() for key, _, value in lines if key[0] != "#"
    }
    fields["tags"] = _items(fields.get("tags", ""))
    if fields.get("status") == "published-date":  # It is shown from its day on.
        fields.update(status="published", publishdate=fields.get("date", ""))
    return HeaderLines(fields, _lines(text, found.end()))


def _read_comment(text: str) -> HeaderLines | None:
    found = _COMMENT.match(text, 0, _LONGEST)
    header = read_key_lines(f"{found['fields']}\n\n") if found is not None else None
    if found is None or header is None or "title" not in header.fields:
        return None  # Code begins with such comments, too.
    return HeaderLines(header.fields, _lines(text, found.end()))


def _read_marks(text: str) -> HeaderLines | None:
    found = _MARKS.match(text, 0, _LONGEST)
    if found is None:
        return None
    fields: dict[str, Any] = {
        _OF_MARKS.get(mark["name"], mark["name"]): mark["said"].strip()
        for mark in _MARK.finditer(found[0])
    }
    fields["tags"] = [tag.strip() for tag in fields.get("tags", "").split(",") if tag.strip()]
    return HeaderLines(fields, _lines(text, found.end()))


def _read_indented(text: str) -> HeaderLines | None:
    """Reads ``Key: value`` lines that are indented (Frog), where the tag ``DRAFT`` keeps a post back."""
    found = _INDENTED.match(text, 0, _LONGEST)
    header = read_key_lines(re.sub(r"(?m)^ {4}", "", found[0])) if found is not None else None
    if header is None or "title" not in header.fields:
        return None  # A letter that is quoted as code has a date, too.
    fields = (
        {**header.fields, "draft": True}
        if "DRAFT" in header.fields.get("tags", ())
        else header.fields
    )
    return HeaderLines(fields, header.lines)


def _read_directives(text: str) -> HeaderLines | None:
    """Reads directives of ikiwiki: ``[[!meta title="..."]]``, ``[[!tag one two]]``."""
    found = _DIRECTIVES.match(text, 0, _LONGEST)
    if found is None:
        return None
    fields: dict[str, Any] = {one["key"].lower(): _said_of(one) for one in _META.finditer(found[0])}
    fields["tags"] = [tag for one in _TAGS.finditer(found[0]) for tag in one[1].split()]
    return HeaderLines(fields, _lines(text, found.end()))


def _said_of(meta: re.Match[str]) -> str:
    said: str = meta["long"] or meta["word"] or ""
    return " ".join(said.split()) or _text(meta["text"] or '""')


def _read_list(text: str) -> HeaderLines | None:
    """Reads a heading and a list of five items, each of which has its place (Dropplets)."""
    found = _LIST.match(text)
    if found is None:
        return None
    fields = {key: said.strip() for key, said in found.groupdict().items()}
    return HeaderLines(fields, _lines(text, found.end()))


def _read_pairs(text: str, place: int, notation: re.Pattern[str]) -> tuple[dict[str, Any], int]:
    """Returns the pairs from ``place`` to the brace that ends their map, with the maps in it, and the place behind that
    brace; 0 if there is none.
    """
    fields: dict[str, Any] = {}
    around = [("", fields)]
    while place < len(text):
        found = notation.match(text, place)
        sign, place = text[place], found.end() if found else place + 1
        if found and found["map"]:
            around.append((found["key"], {}))
        elif found and found["key"]:
            around[-1][1][found["key"]] = _value(found)
        elif sign == "{":
            around.append(("", {}))
        elif sign == "}":
            key, inner = around.pop()
            if not around:
                return fields, place
            if key and len(around) < _DEEPEST:
                around[-1][1][key] = inner
    return fields, 0


def _lines(text: str, end: int) -> int:
    return text.count("\n", 0, end) + (text[end - 1] != "\n")


def _value(pair: re.Match[str]) -> Any:
    if pair["year"]:
        return f"{pair['year']}-{int(pair['month']):02}-{int(pair['day']):02}"
    if pair["heredoc"]:
        return " ".join(pair["heredoc"].strip('"').split())
    if pair["list"]:
        return _items(pair["list"])
    if pair["words"] is not None:
        return pair["words"].split()
    if pair["text"]:
        return _text(pair["text"])
    for said in (pair["sigil"], pair["tagged"]):  # an empty one, too
        if said is not None:
            return said
    word: str = pair["word"].lstrip(":")
    return {"true": True, "false": False, "nil": None, "null": None}.get(word, word)


def _items(written: str) -> list[str]:
    """Returns the items of a list; where it has no brackets, they stand between commas."""
    if not written.startswith(("[", "#{")):
        return [item.strip() for item in written.split(",") if item.strip()]
    return [_text(item[1]) if item[1] else item[2].lstrip(":") for item in _ITEM.finditer(written)]


def _text(quoted: str) -> str:
    try:
        return msgspec.json.decode(quoted.replace("\n", " "), type=str)
    except msgspec.DecodeError:
        return quoted[1:-1]


_READERS: dict[str, Callable[[str], HeaderLines | None]] = {
    "{": _read_map,
    "%": _read_map,
    "-": _read_ziggy,
    "@": _read_definitions,
    "/": _read_comment,
    "<": _read_marks,
    " ": _read_indented,
    "[": _read_directives,
    "#": _read_list,
}
