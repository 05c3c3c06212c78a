"""Finds the shortcodes of site generators: ``{{< youtube id >}}`` and ``{{% note %}}`` of Hugo and
Quarto, ``{{ image(src="x") }}`` and ``{% note(x="y") %}`` of Zola, ``{% include x.html %}`` and ``{% highlight %}``
of Jekyll and Eleventy.

``shortcode_table`` has what each shows, ``shortcode_rules`` parses them, ``shortcode_nodes`` makes their nodes.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ...lazy_pattern import lazy_pattern
from ...web.markdown_addresses import as_target
from ..fences import code_places, with_code
from .smart import ESCAPED

SHORTCODE = lazy_pattern(
    # No alternative contains the beginning of another, since an unclosed one would otherwise be
    # searched to the end.
    r"\{\{(?P<mark>[<%])\s*+(?P<name>/?\s*+[\w/.:-]++)(?P<rest>(?:(?![>%]\}\}|\{\{[<%]).)*+)[>%]\}\}"
    r"|\{\{\s*+(?P<call>[\w.:]++)\((?P<given>[^{}]*)\)\s*\}\}"
    r"|\{%[-+]?\s*+(?P<tag>\w++)(?P<said>(?:(?!%\}|\{%).)*+)%\}",
    re.S,
)
VALUE = lazy_pattern(
    r"\{\{-?\s*(?P<path>[A-Za-z_$]\w*(?:\.[\w-]+)+|(?<=\s)[A-Za-z_]\w*(?=\s+(?:\||-?\}\}))|\"[^\"{}\n]*\"(?=\s*\|)|'[^'{}\n]*'(?=\s*\|))[^{}\n]*\}\}"
)
"""Matches a value of a template: a field, or words that a filter changes."""
_OTHER_REFERENCE = lazy_pattern(
    r"\]\(\s*\{\{[<%]\s*([\w/.-]+)\s+(?:(?:path|src|url|href|file)\s*=\s*)?[\"']([^\"'<>\n]*)[\"']\s*[>%]\}\}([^)\s]*)"
)
_ARGUMENT = lazy_pattern(
    r"""(?:([\w:-]+)\s*(?:=|:(?=\s))\s*)?(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`([^`]*)`|\{([^{}]*)\}|([^\s"'`,{}]+))"""
)
_TEMPLATE = lazy_pattern(r"\{\{-?\s*(?:[\"']([^\"']*)[\"'])?[^{}]*\}\}")
_BRACE = lazy_pattern(r"`[^`\n]*`|\{(?=[{%])")
_ESCAPE = lazy_pattern(r"\\([\"'\\])")


class Shortcode(NamedTuple):
    """One tag of a shortcode."""

    name: str
    """In lower case, without ``end`` and ``/``."""
    text: str
    """As written."""
    form: str
    """``hugo``, ``liquid``, ``zola``, ``jsx``, ``mkdocs`` or ``directive``."""
    named: dict[str, str]
    """The arguments that have names, in lower case."""
    plain: list[str]
    """The other arguments."""
    is_closing: bool = False
    is_single: bool = False
    """Whether the tag closes itself."""
    quoted: tuple[str, ...] = ()
    """The arguments in quotation marks."""
    written: str = ""
    """The name of a component of MDX, as written; empty for a shortcode."""

    def get(self, *names: str) -> str:
        """Returns the first of these arguments that is given; empty if none is."""
        return next((self.named[name] for name in names if self.named.get(name)), "")

    @property
    def first(self) -> str:
        return self.plain[0] if self.plain else ""


def take_other_references(text: str) -> tuple[str, list[str]]:
    """Replaces link targets that other shortcodes name by the address they are given; returns their
    names, too.
    """
    names: list[str] = []

    def target(found: re.Match[str]) -> str:
        names.append(found[1])
        return f"]({as_target(found[2])}{found[3]}"

    return _OTHER_REFERENCE.sub(target, text), names


def read_tag(found: re.Match[str]) -> Shortcode:
    """Returns the tag in a match of ``SHORTCODE``."""
    text = found[0]
    if found["mark"]:
        name, said, form = found["name"].replace(" ", ""), found["rest"], "hugo"
    elif found["call"]:
        name, said, form = found["call"], found["given"], "zola"
    else:
        name, said, form = found["tag"], found["said"].rstrip("-+ \n"), "liquid"
        if said.lstrip().startswith("(") and said.rstrip().endswith(")"):
            said, form = said.strip()[1:-1], "zola"
    is_single = form == "hugo" and said.rstrip().endswith("/")
    if is_single:
        said = said.rstrip()[:-1]
    is_closing = form == "hugo" and name.startswith("/")
    name = name.removeprefix("/").lower()
    if form == "liquid" and name.startswith("end"):
        is_closing, name = True, name[3:]
    named, plain, quoted = read_arguments(said)
    return Shortcode(name, text, form, named, plain, is_closing, is_single, quoted)


def read_arguments(said: str) -> tuple[dict[str, str], list[str], tuple[str, ...]]:
    """Returns the arguments of a tag: those with names, which are in lower case, the others, and all in quotation marks."""
    named: dict[str, str] = {}
    plain: list[str] = []
    quoted: list[str] = []
    for key, double, single, raw, code, bare in _ARGUMENT.findall(said):
        value = _ESCAPE.sub(r"\1", double or single) or raw or code or bare
        value = _TEMPLATE.sub(r"\1", value) if "{{" in value else value
        if double or single or raw:
            quoted.append(value)
        if key:
            named[key.lower()] = value
        elif value:
            plain.append(value)
    return named, plain, tuple(quoted)


def pair_tags(text: str) -> dict[int, tuple[int, int]]:
    """Returns for the beginning of each opening tag, where its closing tag begins and ends.

    Tags in fenced code belong to the code.
    """
    pairs: dict[int, tuple[int, int]] = {}
    opened: dict[tuple[str, str], list[int]] = {}
    code = code_places(text)
    position = 0
    for found in SHORTCODE.finditer(text):
        start = found.start()
        while position < len(code) and code[position][1] <= start:
            position += 1
        if position < len(code) and code[position][0] <= start:
            continue
        tag = read_name(found)
        if tag is None:
            continue
        form, name, is_closing = tag
        if not is_closing:
            opened.setdefault((form, name), []).append(start)
        elif starts := opened.get((form, name)):
            pairs[starts.pop()] = (start, found.end())
    return pairs


def read_name(found: re.Match[str]) -> tuple[str, str, bool] | None:
    """Returns by what a tag is paired (its form and name), and whether it closes; None if it is single."""
    if found["call"]:
        return None
    if found["mark"]:
        name = found["name"].replace(" ", "").lower()
        if found["rest"].rstrip().endswith("/"):
            return None
        return "hugo", name.removeprefix("/"), name.startswith("/")
    name = found["tag"].lower()
    if name == "end":
        return "zola", "", True
    if found["said"].lstrip().startswith("("):
        return "zola", "", False
    return "liquid", name.removeprefix("end"), name.startswith("end")


def protect(text: str) -> str:
    """Hides braces outside code from the rules of shortcodes; ``smart.unescape`` shows them again."""
    lines = with_code(text.splitlines(keepends=True))
    return "".join(line if is_code else _BRACE.sub(_hidden, line) for line, is_code in lines)


def _hidden(found: re.Match[str]) -> str:
    return found[0] if found[0].startswith("`") else ESCAPED["{"]
