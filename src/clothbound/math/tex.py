r"""TeX as writers have it, in the TeX that latex2mathml reads.

latex2mathml knows ``align*`` and not ``aligned``, sets the ``[4pt]`` after ``\\`` as text, ends
``\text`` at the first brace, and numbers equations that nobody numbered. What it does not know is
said here in what it knows; a formula whose braces are not closed is refused.
"""

from __future__ import annotations

import re

from ..lazy_pattern import lazy_pattern

_DEEPEST = 8
_TOKEN = lazy_pattern(
    r"\\(?P<edge>begin|end)\s*\{(?P<name>[A-Za-z]+\*?)\}|\\[A-Za-z]+|\\.|%[^\n]*|.", re.DOTALL
)
_BRACE = lazy_pattern(r"\\.|[{}]", re.DOTALL)
_PLACE = lazy_pattern(r"\s*\[[tbc]\]")
_COLUMNS = lazy_pattern(r"\s*\{\s*\d+\s*\}")
_LINE_SKIP = lazy_pattern(r"\*?(?:\s*\[\s*-?(?:\d+\.?\d*|\.\d+)\s*[a-z]{2}\s*\])?")
_LAST_LINE_END = lazy_pattern(r"(?:\s*(?<!\\)\\\\\*?)+\s*$")
_SPACE = lazy_pattern(r"\\[,;:! ]|~|\s+")

# Environments, and what stands for their two edges. An equation is what it holds. The empty braces
# stand where latex2mathml looks for columns: it would take ``{c}`` or ``[`` of the formula for them.
_ALIGNED = (r"\begin{align*}{}", r"\end{align*}")
_CENTRED = (r"\begin{displaylines}{}", r"\end{displaylines}")
_CASES = (r"\begin{cases}{}", r"\end{cases}")
_RIGHT_CASES = (r"\left.\begin{array}{l}", r"\end{array}\right\}")
_IN_THREE = (r"\begin{array}{rcl}", r"\end{array}")
_ENVIRONMENTS = {
    **dict.fromkeys(("align", "aligned", "alignat", "alignedat", "flalign"), _ALIGNED),
    **dict.fromkeys(("gather", "gathered", "multline", "multlined"), _CENTRED),
    **dict.fromkeys(("cases", "dcases"), _CASES),
    **dict.fromkeys(("rcases", "drcases"), _RIGHT_CASES),
    **dict.fromkeys(("equation", "math", "displaymath"), ("", "")),
    "eqnarray": _IN_THREE,
}
_WITHOUT_COLUMNS = frozenset(
    ("matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "split")
)
_COUNTED = frozenset(("alignat", "alignedat"))
_TEXTS = {
    rf"\{name}": rf"\{name}"
    for name in ("text", "textbf", "textit", "textmd", "textnormal", "textrm", "textsf", "texttt",
                 "textup", "emph")
} | {r"\mbox": r"\text", r"\hbox": r"\text"}  # fmt: skip
_ESCAPED = {rf"\{sign}": sign for sign in "_%#&$"} | {r"\ ": " ", "~": " "}
_OPERATORS = frozenset((r"\operatorname", r"\operatornamewithlimits"))
_UNSEEN = frozenset((r"\nonumber", r"\notag"))
_NOT = {"=": r"\neq ", "<": r"\nless ", ">": r"\ngtr "}


class UnreadableError(Exception):
    """A formula whose braces are not closed, or whose text has what is not text."""


def readable(tex: str) -> str:
    """``tex`` for latex2mathml. Raises UnreadableError."""
    return _in_lines(_rewritten(tex, 0))


def _rewritten(tex: str, depth: int) -> str:
    if depth > _DEEPEST:
        raise UnreadableError
    parts: list[str] = []
    position = 0
    while match := _TOKEN.match(tex, position):
        piece, position = match[0], match.end()
        if match["edge"]:
            written, position = _edge(match, tex, position)
            parts.append(written)
        elif piece == r"\\":
            if skip := _LINE_SKIP.match(tex, position):
                position = skip.end()
            parts.append(r"\\ ")
        elif piece in _TEXTS and _opens(tex, position):
            content, position = _argument(tex, position)
            parts.append(_text(_TEXTS[piece], content, depth + 1))
        elif piece in _OPERATORS:
            limits = piece != r"\operatorname" or tex[position : position + 1] == "*"
            position += tex[position : position + 1] == "*"
            content, position = _argument(tex, position)
            parts.append(_operator(content, limits, depth + 1))
        elif piece == r"\label" and _opens(tex, position):
            _, position = _argument(tex, position)
        elif piece == r"\color" and _opens(tex, position):
            colour, position = _argument(tex, position)
            # Who writes braces after it means what they hold, as MathJax does.
            name = r"\textcolor" if tex[position : position + 1] == "{" else piece
            parts.append(f"{name}{{{colour}}}")
        elif piece == r"\tag":
            parts.append(r"\qquad\tag")
        elif piece == r"\not" and (following := _TOKEN.match(tex, position)):
            sign = _NOT.get(following[0])
            parts.append(sign or piece)
            position = following.end() if sign else position
        elif piece in (r"\hspace", r"\hskip"):
            position += tex[position : position + 1] == "*"
            parts.append(piece)
        elif piece[0] != "%" and piece not in _UNSEEN:
            parts.append(piece)
    return "".join(parts)


def _edge(match: re.Match[str], tex: str, position: int) -> tuple[str, int]:
    """What stands for the begin or end of an environment, and where its options are over."""
    name = match["name"].removesuffix("*")
    begins = match["edge"] == "begin"
    if begins:
        for option in (_PLACE, *((_COLUMNS,) if name in _COUNTED else ())):
            if taken := option.match(tex, position):
                position = taken.end()
    edges = _ENVIRONMENTS.get(name)
    if edges is None:
        return match[0] + "{}" * (begins and match["name"] in _WITHOUT_COLUMNS), position
    return edges[0] if begins else edges[1], position


def _opens(tex: str, position: int) -> bool:
    return tex[position:].lstrip()[:1] == "{"


def _argument(tex: str, position: int) -> tuple[str, int]:
    """What stands within the braces at ``position``, and where they are over."""
    start = tex.find("{", position)
    if start < 0 or tex[position:start].strip():
        raise UnreadableError
    level = 0
    for match in _BRACE.finditer(tex, start):
        level += {"{": 1, "}": -1}.get(match[0], 0)
        if level == 0:
            return tex[start + 1 : match.start()], match.end()
    raise UnreadableError


def _text(command: str, content: str, depth: int) -> str:
    """Text with what it holds beside words: formulas, escaped signs, other styles, commands."""
    if depth > _DEEPEST:
        raise UnreadableError
    pieces: list[str] = []
    words = ""

    def flush() -> None:
        nonlocal words
        if words.startswith("%"):  # would be a comment
            pieces.append(r"\%")
            words = words[1:]
        if words:
            pieces.append(f"{command}{{{words}}}")
        words = ""

    position = 0
    while match := _TOKEN.match(content, position):
        piece, position = match[0], match.end()
        if piece[0] == "%":
            words += "%"
            position = match.start() + 1
        elif piece in _ESCAPED:
            words += _ESCAPED[piece]
        elif piece == "$":
            end = content.find("$", position)
            if end < 0:
                raise UnreadableError
            flush()
            pieces.append(f"{{{_rewritten(content[position:end], depth + 1)}}}")
            position = end + 1
        elif piece in _TEXTS and _opens(content, position):
            flush()
            inner, position = _argument(content, position)
            pieces.append(_text(_TEXTS[piece], inner, depth + 1))
        elif piece[0] == "\\":
            flush()
            if not (piece[1:].isalpha() or piece[1:] in ("{", "}", ",", ";", ":", "!")):
                raise UnreadableError
            pieces.append(f"{piece} ")
            if _opens(content, position):
                inner, position = _argument(content, position)
                pieces.append(f"{{{_text(command, inner, depth + 1)}}}")
        elif piece not in "{}":
            words += piece
    flush()
    return pieces[0] if len(pieces) == 1 else f"{{{''.join(pieces)}}}"


def _operator(content: str, limits: bool, depth: int) -> str:
    name = _SPACE.sub(" ", content).strip()
    plain = name.replace(" ", "")
    if plain in ("argmax", "argmin") and " " in name:
        return rf"\{plain} "
    if plain.isascii() and plain.isalpha() and not re.search(r"\\|~", content):
        return rf"\operatorname{'*' if limits else ''}{{{plain}}}"
    if limits:
        return rf"\mathop{{\mathrm{{{_rewritten(content, depth)}}}}}"
    if not re.search(r"[\\{}^_$]", name):
        return _text(r"\text", name, depth)
    return rf"{{\mathrm{{{_rewritten(content, depth)}}}}}"


def _in_lines(tex: str) -> str:
    """A formula that has lines and no environment for them gets one."""
    tex = _LAST_LINE_END.sub("", tex)
    level = 0
    found = set()
    for match in _TOKEN.finditer(tex):
        piece = match[0]
        if piece == "{" or match["edge"] == "begin":
            level += 1
        elif piece == "}" or match["edge"] == "end":
            level -= 1
        elif level == 0:
            found.add(piece)
    if "&" in found:
        begin, end = _ALIGNED
    elif r"\\" in found:
        begin, end = _CENTRED
    else:
        return tex
    return f"{begin}{tex}{end}"
