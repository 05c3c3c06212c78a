"""Finds front matter, reads it safely, and repairs broken headers.

python-frontmatter's handlers split and load the header (its ``parse`` strips the body, so it is not
used). A header is YAML between ``---`` and ``---`` or ``...``, TOML between ``+++``, or JSON
between braces or ``;;;``; after ``---``, a word may name the format (``---json``), as in Eleventy.
Headers without fences are read by ``header_lines``.
A YAML header of more than a few signs is scanned as events before it is loaded, since libyaml's loader crashes on deep
nesting and merge keys grow exponentially. The text is kept where YAML's types would change it
(``no``, ``1.10``, dates).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from ..diagnostics import DiagnosticCode, LineDiagnostic
from ..late_names import late_module
from ..lazy_pattern import compiled_late, lazy_pattern
from ..limits import Limits
from ..model.characters import text_alone
from ..repeated_head import UNFENCED_HEADER, title_and_tags

if TYPE_CHECKING:
    from . import foreign_headers, header_lines, header_repair
else:
    # What few posts need.
    foreign_headers = late_module("clothbound.readers.foreign_headers")
    header_lines = late_module("clothbound.readers.header_lines")
    header_repair = late_module("clothbound.readers.header_repair")

# Few headers need one of PyYAML's patterns, and libyaml none of those of PyYAML's own parser, which take as long as all
# others of a first post.
with compiled_late("yaml"):
    import yaml
    from frontmatter.default_handlers import BaseHandler, JSONHandler, YAMLHandler

try:
    from yaml import CLoader as EventLoader
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # PyYAML without libyaml is slower, with the same results
    from yaml import Loader as EventLoader  # type: ignore[assignment]
    from yaml import SafeLoader  # type: ignore[assignment]

_PARSER_ERRORS = (
    yaml.YAMLError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RecursionError,
    OverflowError,
)
"""What parsers raise at headers for which they are not made."""
_MERGE_KEYS = 4
_VALUES = 20_000
"""The most values to which aliases may expand a header."""

_TOML_DATE = r"^[ \t]*{}[ \t]*=[ \t]*([^\n#]+?)[ \t]*(?:#.*)?$"


class Header(msgspec.Struct):
    """The header of a text: its fields, its body, and the findings to report."""

    fields: dict[str, Any] = {}
    body: str = ""
    body_line: int = 1
    """The line of the file on which ``body`` begins."""
    findings: list[LineDiagnostic] = []
    written: str = ""
    """The header as written, from the first line of the file."""
    is_unsure: bool = False
    """Whether a field may be missing or misread: the header was repaired, or defines a field
    twice."""

    def line_of(self, name: str) -> int:
        """Returns the line of the file on which a field begins; 1 if it is not found."""
        found = re.search(rf"""^[ \t]*["']?{re.escape(name)}["']?[ \t]*[:=]""", self.written, re.M)
        return self.written.count("\n", 0, found.start()) + 1 if found else 1

    def report_duplicate(self, name: str, line: int, used: str = "last") -> None:
        """Reports a field that is defined twice."""
        self.is_unsure = True
        message = f"field {name!r} is defined twice; the {used} one is used"
        self.findings.append((DiagnosticCode.HEADER_VALUE, message, line))


_TEXT = "tag:yaml.org,2002:str"


def _is_text(node: yaml.Node) -> bool:
    return node.tag == _TEXT and isinstance(node, yaml.ScalarNode)


class _HeaderLoader(SafeLoader):
    """Loads a plain YAML scalar as a typed value only if writing it would give the same text."""

    repeated: list[tuple[str, int]]

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        are_texts = isinstance(node, yaml.MappingNode)
        if are_texts:
            seen = set()
            for key, _ in node.value:
                if not isinstance(key, yaml.ScalarNode) or key.tag == "tag:yaml.org,2002:merge":
                    are_texts = False
                    continue
                # A key is text, since as values 1 and true would be equal keys.
                key.tag = _TEXT
                if key.value in seen:
                    self.repeated.append((key.value, key.start_mark.line + 1))
                seen.add(key.value)
        result: dict[Any, Any]
        if are_texts:
            # PyYAML looks for the function that makes each text, and remembers the text for aliases.
            result = {
                key.value: value.value if _is_text(value) else self.construct_object(value, deep)
                for key, value in node.value
            }
        else:
            result = super().construct_mapping(node, deep=deep)
        return result

    def construct_number(self, node: Any) -> int | float | str:
        text: str = node.value
        try:
            number = int(text)
        except ValueError:
            value = float(text)
            return value if repr(value) == text else text
        return number if str(number) == text and len(text) < 16 else text

    def construct_plain(self, node: Any) -> Any:
        if isinstance(node, yaml.MappingNode):
            return self.construct_mapping(node, deep=True)
        if isinstance(node, yaml.SequenceNode):
            return self.construct_sequence(node, deep=True)
        return node.value


_CLOSED = lazy_pattern(
    r"(?P<fields>title:[ \t]+\S[^\n]*\n(?=---[ \t]*(?:\n|\Z))"
    r"|extends:[ \t][^\n]*\n(?:[ \t]*\n|(?!-{3})\S[^\n]*:(?:[ \t][^\n]*)?\n|[ \t]+\S[^\n]*\n|- [^\n]*\n)++"
    r"|[A-Za-z][\w -]*:[ \t\n][^\n]*\n(?:(?!-{3})\S[^\n]*:(?:[ \t][^\n]*)?\n|[ \t]+\S[^\n]*\n|- [^\n]*\n)++)"
    r"-{3,}[ \t]*(?:\n|\Z)"
)
"""Matches two lines of YAML at least, since one above ``---`` is a heading, apart from one with the title, which alone is
what new posts of Hexo have. Below the name of its template, a header of older Cobalt has a blank line.
"""
_NUMBER_SIGNS = lazy_pattern(r"###[ \t]*\n(?P<fields>(?:(?!###)[^\n]*\n)+)###[ \t]*(?:\n|\Z)")
_BLANK_LINES = lazy_pattern(r"(?:[ \t]*\n)+")
_NUMBER = lazy_pattern(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$")
_HeaderLoader.yaml_implicit_resolvers = {
    **{c: [("tag:yaml.org,2002:int", _NUMBER)] for c in "-0123456789"},
    **{c: [("tag:yaml.org,2002:bool", lazy_pattern(r"(?:true|false)$"))] for c in "tf"},
    **{c: [("tag:yaml.org,2002:null", lazy_pattern(r"(?:~|null|)$"))] for c in ("~", "n", "")},
    "<": [("tag:yaml.org,2002:merge", lazy_pattern(r"<<$"))],
}
_HeaderLoader.add_constructor("tag:yaml.org,2002:int", _HeaderLoader.construct_number)
_HeaderLoader.add_constructor("tag:yaml.org,2002:float", _HeaderLoader.construct_plain)
_HeaderLoader.add_constructor("tag:yaml.org,2002:timestamp", _HeaderLoader.construct_plain)
_HeaderLoader.add_constructor("tag:yaml.org,2002:binary", _HeaderLoader.construct_plain)
_HeaderLoader.add_constructor(None, _HeaderLoader.construct_plain)


class _Toml(BaseHandler):
    """Reads TOML with the standard library; python-frontmatter's own handler needs another
    package.
    """

    FM_BOUNDARY = lazy_pattern(r"^\+{3}[ \t]*$", re.M)

    def __init__(self, boundary: re.Pattern[str] = FM_BOUNDARY) -> None:
        super().__init__(boundary)

    def load(self, fm: str) -> dict[str, Any]:
        from ..toml_lines import load_toml  # few headers are TOML, and the module loads the parser

        fields = load_toml(fm, _toml_float)
        return _toml_dates_as_text(fields, fm)


class _JsonLine(JSONHandler):
    """Splits off an unfenced JSON object on the first line, as Hugo allows."""

    FM_BOUNDARY = lazy_pattern(r"\{[ \t]*\".*\}[ \t]*$", re.M)

    def split(self, text: str) -> tuple[str, str]:
        line, end, body = text.partition("\n")
        return line, end + body


_YAML = YAMLHandler(lazy_pattern(r"^(?:---|\.\.\.)[ \t]*$", re.M))
_TOML = _Toml()
_JSON = JSONHandler(lazy_pattern(r"^(?:\{|\})[ \t]*$", re.M))
_JSON_LINE = _JsonLine()
_JSON_FENCED = JSONHandler(lazy_pattern(r"^;{3}[ \t]*$", re.M))
_NAMED: dict[str, BaseHandler] = {
    "": YAMLHandler(lazy_pattern(r"^---(?:[ \t]*ya?ml)?[ \t]*$", re.M | re.I)),
    "toml": _Toml(lazy_pattern(r"^---(?:[ \t]*toml)?[ \t]*$", re.M | re.I)),
    "json": JSONHandler(lazy_pattern(r"^---(?:[ \t]*json)?[ \t]*$", re.M | re.I)),
}
"""The handlers, by the word after the fence."""


def read_header(text: str, limits: Limits) -> Header:
    r"""Returns the header of a text whose lines end in ``\n``. Never raises.

    Blank lines may precede it, as in Hugo. If there is no header, or only something that resembles
    one (a post that begins with a thematic break), the body is the whole text.
    """
    blank = _BLANK_LINES.match(text)
    if blank is None:
        # A header without fences begins on the first line, so that no later text is taken for one.
        unfenced = _read_unfenced(text, limits) if UNFENCED_HEADER.match(text) else None
        found = unfenced or _read_fenced(text, limits)
        return found if found.written else _read_bashblog(text) or found
    found = _read_fenced(text[blank.end() :], limits)
    if not found.written:
        return Header(body=text)
    above = blank[0].count("\n")
    found.written = blank[0] + found.written
    found.body_line += above
    found.findings = [(code, message, line + above) for code, message, line in found.findings]
    return found


def _read_bashblog(text: str) -> Header | None:
    """Reads the title in the first line, and the tags in the last one."""
    lines = title_and_tags(text)
    if lines is None:
        return None
    title, tags = lines
    fields = {"title": title["title"], "tags": tags["tags"].replace(",", " ").split()}
    body, written = text[title.end() : tags.start() + 1], title[0]
    return Header(fields, body, written.count("\n") + 1, written=written)


def _read_fenced(text: str, limits: Limits) -> Header:
    first = text[:3]
    if first == "---":
        named = _NAMED.get(text[3:7].lower(), _NAMED[""])
        return _read(text, named if text[3:4].isalpha() else _YAML, limits)
    if first == "+++":
        return _read(text, _TOML, limits)
    if first == ";;;":
        return _read(text, _JSON_FENCED, limits)
    if text[:1] == "{":
        return _read(text, _JSON_LINE if _JSON_LINE.detect(text) else _JSON, limits)
    return Header(body=text)


def _read_unfenced(text: str, limits: Limits) -> Header | None:
    foreign = foreign_headers.read_foreign_header(text)
    if foreign is not None:
        header = _header_above(text, foreign)
        if text.startswith("<!--"):
            shown = foreign_headers.show_marks(text, foreign)
            header.body = shown + header.body
            header.body_line -= shown.count("\n")
        return header
    if text.startswith(("..", "<!--")):
        lines = header_lines.read_dotted_lines(text)
        return _header_above(text, lines) if lines is not None else None
    if not text.startswith("%"):
        lines = header_lines.read_key_lines(text)
        if lines is None:
            return _read_closed(text, limits)
        header = _header_above(text, lines)
        header.body = header_lines.insert_values(header.body, header.fields)
        return header
    lines = header_lines.read_title_block(text)
    if lines is None:
        return None
    header = _header_above(text, lines)
    # Pandoc allows a YAML header below the title block, whose fields win.
    below = read_header(header.body, limits) if header.body.lstrip().startswith("---") else Header()
    if not below.written:
        return header
    below.fields = {**header.fields, **below.fields}
    above = header.body_line - 1
    below.written = header.written + below.written
    below.body_line += above
    below.findings = [(code, message, line + above) for code, message, line in below.findings]
    return below


def _read_closed(text: str, limits: Limits) -> Header | None:
    """Returns a header of YAML with a fence at its end alone (Statiq, older Cobalt), or between lines of ``###``
    (DocPad); None if the text has none.
    """
    found = _CLOSED.match(text) or _NUMBER_SIGNS.match(text)
    if found is None:
        return None
    header = _read(f"---\n{found['fields']}---\n", _YAML, limits)
    header.fields = {"".join(key.split()).lower(): value for key, value in header.fields.items()}
    if not header_lines.KNOWN.intersection(header.fields):
        return None
    header.body, header.written = text[found.end() :], found[0]
    header.body_line = found[0].count("\n") + 1
    return header


def _header_above(text: str, lines: header_lines.HeaderLines) -> Header:
    body = text.split("\n", lines.lines)[lines.lines] if text.count("\n") >= lines.lines else ""
    written = text[: len(text) - len(body)]
    return Header(lines.fields, body, written.count("\n") + 1, written=written)


def _read(text: str, handler: BaseHandler, limits: Limits) -> Header:
    whole = Header(body=text)
    if not handler.detect(text):
        return whole
    try:
        source, body = handler.split(text)
    except ValueError:
        return whole
    header = Header(body=body.removeprefix("\n"))
    header.written = text[: len(text) - len(header.body)]
    header.body_line = header.written.count("\n") + 1
    if handler in (_JSON_FENCED, _NAMED["json"]):
        source = source[1:-1]
    try:
        fields = _load(source, handler, header, limits)
    except _TooMuchError as error:
        message = f"the header was set aside: {error}"
        header.findings.append((DiagnosticCode.HEADER_IGNORED, message, 1))
        return header
    except _PARSER_ERRORS as error:
        return _repair(source, handler, header, whole, error, limits)
    if isinstance(fields, dict):
        header.fields = fields
        return header
    if fields is None and (not source.strip() or source.lstrip().startswith("#")):
        return header
    # A post that begins with a thematic break: ``---`` prose ``---``.
    return whole


class _TooMuchError(ValueError):
    """A header, or one of its fields, exceeds a limit, which the message names."""


def _load(source: str, handler: BaseHandler, header: Header, limits: Limits) -> Any:
    """Loads a header or one of its fields. Raises _TooMuchError before a parser reads too much."""
    if problem := _find_problem(source, handler, limits):
        raise _TooMuchError(problem)
    if isinstance(handler, YAMLHandler):
        loader = _HeaderLoader(source)
        loader.repeated = []
        try:
            fields = loader.get_single_data()
        finally:
            loader.dispose()
        for key, line in loader.repeated:
            header.report_duplicate(key, line)
    elif isinstance(handler, JSONHandler):
        fields = handler.load(source, object_pairs_hook=lambda pairs: _json_object(pairs, header))
    else:
        fields = handler.load(source)
    return _to_json(fields, [_VALUES]) if isinstance(fields, dict) else fields


def _json_object(pairs: list[tuple[str, Any]], header: Header) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        counted = Counter(key for key, _ in pairs)
        name = next(key for key, count in counted.items() if count > 1)
        header.report_duplicate(name, header.line_of(name))
    return fields


def _to_json(value: Any, budget: list[int]) -> Any:
    """Returns ``value`` with keys, and values that JSON lacks, converted to text.

    Raises ValueError if it expands to too many values.
    """
    budget[0] -= 1
    if budget[0] < 0:
        raise ValueError("the header expands to too many values")
    if isinstance(value, dict):
        return {str(key): _to_json(item, budget) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_to_json(item, budget) for item in value]
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    return str(value)


# Limits


def _find_problem(source: str, handler: BaseHandler, limits: Limits) -> str:
    """Returns the reason why a header is too large or too deep to be loaded; empty if it is not."""
    if len(source) > limits.header_bytes:
        return f"it is longer than {limits.header_bytes} bytes"
    if isinstance(handler, YAMLHandler):
        return _find_yaml_problem(source, limits)
    is_toml = isinstance(handler, _Toml)
    if _bracket_depth(source) > limits.header_depth or (is_toml and _has_deep_key(source)):
        return f"it is nested deeper than {limits.header_depth} levels"
    return ""


def _has_deep_key(source: str) -> bool:
    from ..toml_lines import DEEP_KEY  # as above

    return DEEP_KEY.search(source) is not None


def _is_small(source: str, limits: Limits) -> bool:
    """Returns whether YAML has too few signs to exceed a limit: each level has one of its own, as has each alias."""
    levels = sum(map(source.count, "-?:[{"))
    return levels <= limits.header_depth and "*" not in source and "<" not in source


def _find_yaml_problem(source: str, limits: Limits) -> str:
    if _is_small(source, limits):
        return ""
    depth = aliases = merges = 0
    try:
        for event in yaml.parse(source, Loader=EventLoader):
            if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                depth += 1
                if depth > limits.header_depth:
                    return f"it is nested deeper than {limits.header_depth} levels"
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                depth -= 1
            elif isinstance(event, yaml.AliasEvent):
                aliases += 1
                if aliases > limits.header_aliases:
                    return f"it has more than {limits.header_aliases} aliases"
            elif isinstance(event, yaml.ScalarEvent) and event.value == "<<":
                merges += 1
                if merges > _MERGE_KEYS:
                    return f"it has more than {_MERGE_KEYS} merge keys"
    except (yaml.YAMLError, ValueError, RecursionError):
        # It will not load either, and is then read line by line.
        return ""
    return ""


def _bracket_depth(source: str) -> int:
    depth = deepest = 0
    for char in re.findall(r"[\[\]{}]", source):
        depth += 1 if char in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


# TOML


def _toml_float(text: str) -> float | str:
    value = float(text)
    return value if repr(value) == text else text


def _toml_dates_as_text(fields: dict[str, Any], source: str) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in fields.items():
        if isinstance(value, (datetime, date, time)):
            written = re.search(_TOML_DATE.format(re.escape(key)), source, re.M)
            result[key] = written[1] if written else str(value)
        elif isinstance(value, dict):
            result[key] = _toml_dates_as_text(value, source)
        else:
            result[key] = value
    return result


# Repair


def _repair(
    source: str,
    handler: BaseHandler,
    header: Header,
    whole: Header,
    error: Exception,
    limits: Limits,
) -> Header:
    """Reads a broken header field by field; returns ``whole`` if it does not look like a header at
    all.
    """
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    header.is_unsure = True
    repaired: Iterable[header_repair.Repaired] = ()
    if isinstance(handler, YAMLHandler):
        if not header_repair.has_yaml_field(source):
            return whole
        repaired = header_repair.repair_yaml(source, partial(_try_group, limits=limits))
    elif isinstance(handler, _Toml):
        if not header_repair.has_toml_field(source):
            return whole
        load = partial(_load, handler=_TOML, header=header, limits=limits)
        repaired = header_repair.repair_toml(source, load)
    elif handler is _JSON_LINE:
        return whole
    for line, fields, finding in repaired:
        if finding is not None:
            header.findings.append((*finding, line))
        for key in (name for name in fields if name in header.fields):
            header.report_duplicate(key, line)
        header.fields.update(fields)
    if not header.fields:
        message = f"the header was set aside: {reason}"
        header.findings.append((DiagnosticCode.HEADER_IGNORED, message, 1))
    return header


def _try_group(source: str, limits: Limits) -> tuple[dict[str, Any] | None, str]:
    """Returns the fields in a text; None if there are none, with the limit that it exceeds, if
    any.
    """
    probe = Header()
    try:
        fields = _load(source, _YAML, probe, limits)
    except _TooMuchError as error:
        return None, str(error)
    except _PARSER_ERRORS:
        return None, ""
    return (fields if isinstance(fields, dict) else None), ""


def json_text(value: Any) -> str:
    """Returns a header's value as one text: lists joined, mappings as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return text_alone(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, list) and all(not isinstance(item, (list, dict)) for item in value):
        return ", ".join(json_text(item) for item in value)
    return json.dumps(value, ensure_ascii=False)
