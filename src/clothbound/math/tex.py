r"""Rewrites TeX as people write it into TeX that latex2mathml understands.

latex2mathml knows ``align*`` but not ``aligned``, sets the ``[4pt]`` after ``\\`` as text, ends
``\text`` at the first brace, and numbers unnumbered equations. This module expresses such
constructs in commands that latex2mathml handles, and refuses formulas with unclosed braces.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ..lazy_pattern import lazy_pattern

_DEEPEST = 8
_TOKEN = lazy_pattern(
    r"\\(?P<edge>begin|end)\s*\{(?P<name>[A-Za-z]+\*?)\}|\\[A-Za-z]+|\\.|%[^\n]*|.", re.DOTALL
)
_BRACE = lazy_pattern(r"\\.|[{}]", re.DOTALL)
_PLACE = lazy_pattern(r"\s*\[[tbc]\]")
_COLUMNS = lazy_pattern(r"\s*\{\s*\d+\s*\}")
_LINE_SKIP = lazy_pattern(r"\*?(?:\s*\[\s*-?(?:\d++(?:\.\d*)?|\.\d+)\s*[a-z]{2}\s*\])?")
_SPACE = lazy_pattern(r"\\[,;:! ]|~|\s+")

# The begin and the end that replace those of each environment; an equation is replaced by its content.
# latex2mathml looks for columns after the begin. The empty braces keep it from taking a ``{c}`` or a
# ``[`` of the formula as such.
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
    """The braces of a formula are not closed, or its text holds a command that text cannot hold."""


def readable(tex: str) -> str:
    """Returns ``tex`` in commands that latex2mathml understands. Raises UnreadableError."""
    return _in_lines(_rewrite(tex, 0)) if any(sign in tex for sign in _REWRITTEN) else tex


def _rewrite(tex: str, depth: int) -> str:
    if depth > _DEEPEST:
        raise UnreadableError
    parts: list[str] = []
    position = 0
    while match := _TOKEN.match(tex, position):
        written, position = _rewrite_token(match, tex, depth)
        parts.append(written)
    return "".join(parts)


def _rewrite_token(match: re.Match[str], tex: str, depth: int) -> tuple[str, int]:
    """Returns the replacement of a token, and the position after it and its arguments."""
    piece, position = match[0], match.end()
    if match["edge"]:
        return _edge(match, tex, position)
    if piece in _TEXTS and _opens(tex, position):
        content, position = _argument(tex, position)
        return _text(_TEXTS[piece], content, depth + 1), position
    if piece in _OPERATORS:
        is_starred = tex[position : position + 1] == "*"
        content, position = _argument(tex, position + is_starred)
        limits = is_starred or piece != r"\operatorname"
        return _operator(content, limits, depth + 1), position
    if rewrite := _COMMANDS.get(piece):
        return rewrite(piece, tex, position)
    return "" if piece[0] == "%" or piece in _UNSEEN else piece, position


def _line_end(piece: str, tex: str, position: int) -> tuple[str, int]:
    skip = _LINE_SKIP.match(tex, position)
    return rf"{piece} ", skip.end() if skip else position


def _label(piece: str, tex: str, position: int) -> tuple[str, int]:
    return ("", _argument(tex, position)[1]) if _opens(tex, position) else (piece, position)


def _color(piece: str, tex: str, position: int) -> tuple[str, int]:
    if not _opens(tex, position):
        return piece, position
    color, position = _argument(tex, position)
    # Before braces, the writer means only their content, as in MathJax.
    name = r"\textcolor" if tex[position : position + 1] == "{" else piece
    return f"{name}{{{color}}}", position


def _tag(piece: str, tex: str, position: int) -> tuple[str, int]:  # noqa: ARG001 - one signature
    return rf"\qquad{piece}", position


def _negation(piece: str, tex: str, position: int) -> tuple[str, int]:
    following = _TOKEN.match(tex, position)
    sign = _NOT.get(following[0]) if following else None
    return (sign, following.end()) if sign and following else (piece, position)


def _colon(piece: str, tex: str, position: int) -> tuple[str, int]:  # noqa: ARG001 - one signature
    # The colon of a function (f: X to Y) has less space before it than that of a ratio.
    return r"{:}\;", position


def _style(piece: str, tex: str, position: int) -> tuple[str, int]:
    if not _opens(tex, position):
        return piece, position
    content, position = _argument(tex, position)
    # latex2mathml ignores the style of a single letter, but for a space before it.
    space = " " if len(content.strip()) == 1 else ""
    return f"{piece}{{{space}{_rewrite(content, 1)}}}", position


def _space(piece: str, tex: str, position: int) -> tuple[str, int]:
    return piece, position + (tex[position : position + 1] == "*")


_COMMANDS: dict[str, Callable[[str, str, int], tuple[str, int]]] = {
    "\\\\": _line_end,
    r"\label": _label,
    r"\color": _color,
    r"\tag": _tag,
    r"\not": _negation,
    r"\colon": _colon,
    r"\mathrm": _style,
    r"\hspace": _space,
    r"\hskip": _space,
}
"""The handler of each command. It takes the command, the formula, and the position after the
command, and returns the replacement and the position after the arguments."""
_REWRITTEN = ("%", "&", r"\begin", r"\end", *_TEXTS, *_OPERATORS, *_UNSEEN, *_COMMANDS)
"""What a formula has in it if anything of it is rewritten."""


def _edge(match: re.Match[str], tex: str, position: int) -> tuple[str, int]:
    """Returns what replaces the begin or end of an environment, and the position after its options."""
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
    """Returns the content of the braces at ``position``, and the position after them."""
    start = tex.find("{", position)
    if start < 0 or tex[position:start].strip():
        raise UnreadableError
    level = 0
    for match in _BRACE.finditer(tex, start):
        level += {"{": 1, "}": -1}.get(match[0], 0)
        if level == 0:
            return tex[start + 1 : match.start()], match.end()
    raise UnreadableError


class _TextPieces:
    """The pieces to which the argument of a text command is rewritten."""

    def __init__(self, command: str) -> None:
        self.command = command
        self.words = ""
        self.pieces: list[str] = []

    def add(self, pieces: list[str]) -> None:
        """Adds formulas and commands after the words that were read so far."""
        self.flush()
        self.pieces += pieces

    def flush(self) -> None:
        if self.words.startswith("%"):
            # latex2mathml would take it as the start of a comment.
            self.pieces.append(r"\%")
            self.words = self.words[1:]
        if self.words:
            self.pieces.append(f"{self.command}{{{self.words}}}")
        self.words = ""


def _text(command: str, content: str, depth: int) -> str:
    """Rewrites text with the formulas, escaped signs, styles and commands in it."""
    if depth > _DEEPEST:
        raise UnreadableError
    content_pieces = _TextPieces(command)
    position = 0
    while match := _TOKEN.match(content, position):
        piece, position = match[0], match.end()
        if piece[0] == "%":
            content_pieces.words += "%"
            position = match.start() + 1
        elif piece in _ESCAPED:
            content_pieces.words += _ESCAPED[piece]
        elif piece == "$":
            end = content.find("$", position)
            if end < 0:
                raise UnreadableError
            content_pieces.add([f"{{{_rewrite(content[position:end], depth + 1)}}}"])
            position = end + 1
        elif piece[0] == "\\":
            pieces, position = _command_in_text(match, content, command, depth)
            content_pieces.add(pieces)
        elif piece not in "{}":
            content_pieces.words += piece
    content_pieces.flush()
    return (
        content_pieces.pieces[0]
        if len(content_pieces.pieces) == 1
        else f"{{{''.join(content_pieces.pieces)}}}"
    )


def _command_in_text(
    match: re.Match[str], content: str, around: str, depth: int
) -> tuple[list[str], int]:
    """Rewrites a command within the argument of the text command ``around``."""
    piece, position = match[0], match.end()
    has_argument = _opens(content, position)
    if piece in _TEXTS and has_argument:
        inner, position = _argument(content, position)
        return [_text(_TEXTS[piece], inner, depth + 1)], position
    if not (piece[1:].isalpha() or piece[1:] in ("{", "}", ",", ";", ":", "!")):
        raise UnreadableError
    if not has_argument:
        return [f"{piece} "], position
    inner, position = _argument(content, position)
    return [f"{piece} ", f"{{{_text(around, inner, depth + 1)}}}"], position


def _operator(content: str, limits: bool, depth: int) -> str:
    name = _SPACE.sub(" ", content).strip()
    plain = name.replace(" ", "")
    if plain in ("argmax", "argmin") and " " in name:
        return rf"\{plain} "
    if plain.isascii() and plain.isalpha() and not re.search(r"\\|~", content):
        return rf"\operatorname{'*' if limits else ''}{{{plain}}}"
    if limits:
        return rf"\mathop{{\mathrm{{{_rewrite(content, depth)}}}}}"
    if not re.search(r"[\\{}^_$]", name):
        return _text(r"\text", name, depth)
    return rf"{{\mathrm{{{_rewrite(content, depth)}}}}}"


def _without_last_line_ends(tex: str) -> str:
    """Takes line ends, starred or not, from the end of a formula.

    A regular expression would look for its end from each space.
    """
    rest = tex.rstrip()
    while True:
        bare = rest.removesuffix("*")
        if not bare.endswith("\\\\") or bare.endswith("\\\\\\"):
            return rest if len(rest) < len(tex.rstrip()) else tex
        rest = bare[:-2].rstrip()


def _in_lines(tex: str) -> str:
    """Wraps a formula that has line breaks, but no environment for them, in one."""
    tex = _without_last_line_ends(tex)
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
