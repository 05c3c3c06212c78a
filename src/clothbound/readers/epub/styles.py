"""Reads what the style sheets of a book say of emphasis, alignment and the direction of lines.

Books that word processors export have ``<span class="c4">`` for italics, and only the style sheet says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from ...diagnostics import Diagnostic, DiagnosticCode, Severity
from ...lazy_pattern import lazy_pattern
from ..export_files import Files
from ..text_files import BadPostError
from .archive_paths import ArchivePaths
from .xhtml import Element, classes_of, types_of

Marks: TypeAlias = dict[str, str]
"""What declarations mean: ``{"em": "1", "align": "center"}``."""
_MOST_BYTES = 1_000_000
"""The size of the style sheets of a book that are read, in bytes."""
_BOLD = dict.fromkeys(("bold", "bolder", "600", "700", "800", "900"), ("strong", "1"))
_VERTICAL = dict.fromkeys(("vertical-rl", "vertical-lr", "tb", "tb-rl", "tb-lr"), ("vertical", "1"))
_MARKS = {
    "writing-mode": _VERTICAL,
    "-epub-writing-mode": _VERTICAL,
    "-webkit-writing-mode": _VERTICAL,
    "font-style": {"italic": ("em", "1"), "oblique": ("em", "1")},
    "font-weight": _BOLD,
    "font": {"italic": ("em", "1"), "oblique": ("em", "1"), **_BOLD},
    "vertical-align": {"super": ("sup", "1"), "sub": ("sub", "1")},
    "text-decoration": {"underline": ("u", "1"), "line-through": ("s", "1")},
    "text-decoration-line": {"underline": ("u", "1"), "line-through": ("s", "1")},
    "font-variant": {"small-caps": ("smallcaps", "1")},
    "font-variant-caps": {"small-caps": ("smallcaps", "1")},
    "text-align": {"center": ("align", "center"), "right": ("align", "right")},
    "display": {"none": ("hidden", "1"), "block": ("line", "1")},
}
"""The marks of properties, by the words of their values."""
_FRAMES = ("html", "body", ":root")
"""The selectors of elements around the text that are kept, for the direction of its lines."""
_SEVERAL_WORDS = ("font", "text-decoration", "text-decoration-line")
"""Properties whose value may have several words, each with its own meaning."""
_OF_TERM = lazy_pattern(r"""([\w-]*)\[epub\|type\s*~?=\s*["']?([\w:-]+)["']?\]""")
"""Matches the selector of elements with a term of ``epub:type``."""


class DocumentStyles:
    """The styles of one document: those of its sheets, and those of its elements' own attributes."""

    def __init__(self, rules: Mapping[str, Marks], own: dict[str, Marks]) -> None:
        """``rules`` are by selectors: ``.c4``, ``span.c4``, and ``[title]`` for a term of ``epub:type``.

        ``own`` keeps the marks of attributes that were parsed.
        """
        self._rules = rules
        self._own = own

    def marks_of(self, element: Element) -> Marks:
        """Returns the marks that an element has by its classes, its terms and its attribute ``style``."""
        found: Marks = {}
        names = [f".{name}" for name in classes_of(element)]
        names += [f"[{term}]" for term in sorted(types_of(element))]
        for name in names:
            found.update(self._rules.get(name, {}))
            found.update(self._rules.get(f"{element.tag}{name}", {}))
        found.pop("hidden", None)  # rules for some reading systems show again what others hide
        return found | self.own_marks(element)

    def run_down(self, frames: Iterable[str]) -> bool:
        """Returns whether lines run from top to bottom in the elements around a text that have these selectors."""
        return any("vertical" in self._rules.get(selector, {}) for selector in frames)

    def own_marks(self, element: Element) -> Marks:
        """Returns the marks that the attribute ``style`` of an element gives it."""
        style = element.get("style")
        if not style:
            return {}
        if style not in self._own:
            self._own[style] = _marks(style)
        return self._own[style]


class StyleSheets:
    """The style sheets of a book, each read once."""

    def __init__(self, files: Files, paths: ArchivePaths) -> None:
        self._files = files
        self._paths = paths
        self._sheets: dict[str, dict[str, Marks]] = {}
        self._documents: dict[tuple[tuple[str, ...], str], DocumentStyles] = {}
        self._own: dict[str, Marks] = {}
        self._bytes = 0
        self.findings: list[Diagnostic] = []

    def of_document(self, sheets: tuple[str, ...], text: str, document: str) -> DocumentStyles:
        """Returns the styles of a document that names these sheets, and has ``text`` as a sheet of its own."""
        key = (sheets, text)
        if key not in self._documents:
            rules: dict[str, Marks] = {}
            for sheet in sheets:
                _add(rules, self._read(sheet))
            if text:
                _add(rules, self._parse(text.encode(), document))
            self._documents[key] = DocumentStyles(rules, self._own)
        return self._documents[key]

    def _read(self, name: str) -> dict[str, Marks]:
        if name not in self._sheets:
            self._sheets[name] = {}  # ends a circle of imports
            if name not in self._paths.names:
                return {}
            try:
                data = self._files.read(name)
            except BadPostError as error:
                self._report(name, f"not read: {error}")
                return {}
            self._bytes += len(data)
            if self._bytes > _MOST_BYTES:
                self._report(name, f"not read: style sheets of more than {_MOST_BYTES} bytes")
            else:
                self._sheets[name] = self._parse(data, name)
        return self._sheets[name]

    def _report(self, name: str, message: str) -> None:
        code = DiagnosticCode.ARCHIVE_FILE
        self.findings.append(Diagnostic(code, message, name, severity=Severity.INFO))

    def _parse(self, data: bytes, name: str) -> dict[str, Marks]:
        import tinycss2

        found: dict[str, Marks] = {}
        rules, _ = tinycss2.parse_stylesheet_bytes(data, skip_comments=True, skip_whitespace=True)
        for rule in rules:
            if rule.type == "at-rule" and rule.lower_at_keyword == "import":
                address = _address(rule.prelude)
                imported = self._paths.resolve(address, name)[0]
                _add(found, self._read(imported) if imported else {})
            marks = _marks(rule.content) if rule.type == "qualified-rule" else {}
            for selector in tinycss2.serialize(rule.prelude).split(",") if marks else ():
                written = selector.strip()
                if of_term := _OF_TERM.fullmatch(written):
                    term = of_term[2].rpartition(":")[2]
                    found.setdefault(f"{of_term[1]}[{term}]", {}).update(marks)
                elif "." in written and not set(written) & set(" >+~:[#*"):
                    found.setdefault(written, {}).update(marks)
                elif written.lower() in _FRAMES and "vertical" in marks:
                    found[written.lower()] = {"vertical": marks["vertical"]}
        return found


def _add(rules: dict[str, Marks], others: Mapping[str, Marks]) -> None:
    for selector, marks in others.items():
        rules[selector] = rules.get(selector, {}) | marks


def _address(prelude: list[Any]) -> str:
    """Returns the address in what stands behind ``@import``."""
    for token in prelude:
        if token.type in ("string", "url"):
            return str(token.value)
        if token.type == "function" and token.lower_name == "url":
            return _address(token.arguments)
    return ""


def _marks(content: Any) -> Marks:
    """Returns the marks of declarations, which are given as text or as tokens."""
    import tinycss2

    marks: Marks = {}
    for declaration in tinycss2.parse_declaration_list(
        content, skip_comments=True, skip_whitespace=True
    ):
        if declaration.type != "declaration" or declaration.lower_name not in _MARKS:
            continue
        name = declaration.lower_name
        value = tinycss2.serialize(declaration.value).strip().lower()
        for word in value.split() if name in _SEVERAL_WORDS else (value,):
            if mark := _MARKS[name].get(word):
                marks[mark[0]] = mark[1]
    return marks
