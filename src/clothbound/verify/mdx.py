"""Takes out of a text of MDX what is no Markdown: statements, comments, and tags whose attributes are expressions.

It knows the documentation of MDX ("What is MDX?"), and just enough of it to tell words from what is run. The words of
attributes that are said to be words stay in the place of a component's tag. Lines keep their numbers.
"""

from __future__ import annotations

import re
from pathlib import Path

from ..lazy_pattern import lazy_pattern

_ABOVE = 8
_KINDS = ("js", "ts", "mjs", "cjs", "mts")
_PLAIN = lazy_pattern(r"""\bmarkdown\s*:\s*\{[^{}]*?\bformat\s*:\s*["'](?:md|detect)["']""")
_VALUE = lazy_pattern(
    r"^export\s+(?:const|let|var)\s+([\w$]+)\s*=\s*(\"[^\"\n]*\"|'[^'\n]*'|`[^`$]*`|[\d.]+);?[ \t]*$",
    re.M,
)
_ESCAPED = lazy_pattern(r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|.)")
_NAMED = lazy_pattern(r"\{([\w$]+)\}")
_FENCE = lazy_pattern(r"[ \t]*(?:[-*+>][ \t]+)*(`{3,}|~{3,})")
_STATEMENT = lazy_pattern(
    r"(?:import\b(?=\s*[\"'{*]|\s+type\s|\s+[\w$]+\s*(?:,|from\b))"
    r"|export\b(?=\s*[{*]|\s+(?:default|const|let|var|class|type|interface|enum|function|async)\b))"
)
_COMMENT = lazy_pattern(r"\{\s*/\*(?:(?!\*/).)*\*/\s*\}", re.S)
_CODE = lazy_pattern(r"(?<![`\\])(`+)(?!`)(?:(?!\n\s*\n).)*?(?<!`)\1(?!`)", re.S)
_OPEN = lazy_pattern(r"<(/?)([A-Za-z_$][\w$.:-]*|)(?=[\s/>])")
_HIDDEN = lazy_pattern(r"<(head|script|style)\b[^<>]*>(?:(?!<\1\b).)*?</\1\s*>", re.I | re.S)
_STRING = lazy_pattern(
    r"(?<![\w-])([\w-]++)\s*=\s*(?:\{\s*)?(?:\"([^\"]*)\"|'([^']*)'|\{?`([^`$]*)`)"
)
_ADDRESS = lazy_pattern(r"(?:https?:)?//\S+$")
_SPOKEN = frozenset("answer caption dt heading label question subtitle summary term title".split())
_MOST_ENDLESS = 100
"""The tags without an end after which no more are sought, since each is sought to the end of the text."""
_TABS = frozenset("codetab tab tabitem tabpanel step".split())


def is_docusaurus(folder: Path) -> bool:
    """Returns whether a folder is in a site of Docusaurus, for which files of Markdown are MDX."""
    places = (folder, *folder.resolve().parents[:_ABOVE])
    found = (place / f"docusaurus.config.{kind}" for place in places for kind in _KINDS)
    program = next((one for one in found if one.is_file()), None)
    return program is not None and not _PLAIN.search(program.read_text("utf-8", "replace"))


def without_script(text: str) -> str:
    """Returns a text of MDX as Markdown with elements of HTML."""
    values = {found[1]: _said(found[2].strip("\"'`")) for found in _VALUE.finditer(text)}

    def shown(found: re.Match[str]) -> str:
        return values.get(found[1], found[0])

    return "".join(
        piece if is_code else _NAMED.sub(shown, _strip(piece)) for piece, is_code in _pieces(text)
    )


def _said(written: str) -> str:
    """Returns the words of a text within quotation marks, whose escapes are JavaScript's."""

    def letter(found: re.Match[str]) -> str:
        number = next(filter(None, found.groups()), None)
        return found[0][1:] if number is None else chr(min(int(number, 16), 0x10FFFF))

    said = _ESCAPED.sub(letter, written)
    return said.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _pieces(text: str) -> list[tuple[str, bool]]:
    """Parts a text at its fences."""
    pieces: list[tuple[str, bool]] = []
    fence = ""
    for line in text.splitlines(keepends=True):
        found = _FENCE.match(line)
        is_fence = bool(found and (not fence or found[1].startswith(fence)))
        is_code = bool(fence) or is_fence
        if found and is_fence:
            fence = "" if fence else found[1]
        kept = line.lstrip(" \t") if is_fence else line
        if pieces and pieces[-1][1] == is_code:
            pieces[-1] = (pieces[-1][0] + kept, is_code)
        else:
            pieces.append((kept, is_code))
    return pieces


def _strip(text: str) -> str:
    text = _HIDDEN.sub(_lines_of, _COMMENT.sub(_lines_of, text))
    text = _without_statements(text)
    parts: list[str] = []
    position, endless = 0, 0
    while position < len(text):
        found = re.compile(r"[`<]").search(text, position)
        if found is None:
            break
        parts.append(text[position : found.start()])
        position = found.start()
        code = _CODE.match(text, position)
        tag = _OPEN.match(text, position) if endless < _MOST_ENDLESS else None
        end = _end_of_tag(text, tag.end()) if tag else -1
        if code:
            parts.append(code[0])
            position = code.end()
        elif tag and end > 0:
            parts.append(_shown(tag[2], text[position:end]))
            position = end
        else:
            endless += end == 0
            parts.append(text[position])
            position += 1
    parts.append(text[position:])
    # No line of MDX is code because of its indent.
    return re.sub(r"^[ \t]+(?=\S)", "", "".join(parts), flags=re.M)


def _without_statements(text: str) -> str:
    lines = text.split("\n")
    number, is_free = 0, True
    while number < len(lines):
        if is_free and _STATEMENT.match(lines[number]):
            depth = 0
            while number < len(lines):
                bare = re.sub(r"\"[^\"]*\"|(?<!\w)'[^']*'|`[^`]*`", "", lines[number])
                depth += sum(map(bare.count, "{([")) - sum(map(bare.count, "})]"))
                goes_on = depth > 0 or bare.rstrip().endswith(("=", ",", "=>"))
                lines[number] = ""
                number += 1
                if not goes_on:
                    break
            continue
        is_free = not lines[number].strip()
        number += 1
    return "\n".join(lines)


def _end_of_tag(text: str, position: int) -> int:
    """Returns where a tag ends; 0 if the text does before, -1 if another tag begins."""
    depth, quote = 0, ""
    while position < len(text):
        character = text[position]
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'`" and (depth or character != "`"):
            quote = character
        elif character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
        elif character == ">" and depth <= 0:
            return position + 1
        elif character == "<" and depth <= 0:
            return -1
        position += 1
    return 0


def _shown(name: str, tag: str) -> str:
    """Returns what takes the place of a tag: an element of HTML without expressions, or the words of a component."""
    lines = "\n" * tag.count("\n")
    values = [(found[1], found[2] or found[3] or found[4] or "") for found in _STRING.finditer(tag)]
    if name[:1].islower() and "." not in name:
        if tag.startswith("</"):
            return tag
        kept = " ".join(f'{key}="{value}"' for key, value in values if key != "style")
        return f"<{name} {kept}>{lines}"
    spoken = _SPOKEN - {"title"} if name.lower() in _TABS and "label=" in tag else _SPOKEN
    words = [value for key, value in values if key.lower() in spoken and not _ADDRESS.match(value)]
    return f" {' '.join(words)} {lines}"


def _lines_of(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")
