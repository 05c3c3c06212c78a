"""Parses directives that docutils does not know, those of Sphinx and Nikola and any other, as parts of the text around
them: their content names its targets, notes and substitutions, and its lines have their numbers.

docutils is imported with this module, so ``document`` imports it where there is a text to parse.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.parsers.rst import directives as registry
from docutils.parsers.rst.directives import images

from ....lazy_pattern import lazy_pattern
from ...sphinx_names import PLAIN
from . import directives

_NAME = lazy_pattern(r"\.\.[ ]+(?:\|[^|\n]+\|[ ]+)?(?P<name>[A-Za-z][\w:+.-]{0,100})[ ]?::(?=\s|$)")
_CODE_BLOCKS = frozenset({"code", "code-block", "sourcecode"})


class foreign(nodes.container):  # type: ignore[misc] # noqa: N801 - docutils calls its nodes by these names
    """A directive of another program, with what it holds as children."""


class AnyOption(dict[str, Any]):
    """The options that a directive takes: those of docutils, and any other, whose value is text."""

    def __missing__(self, name: str) -> Any:
        return registry.unchanged


class ForeignDirective(Directive):  # type: ignore[misc]
    """Parses a directive of any name."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = AnyOption({"class": registry.unchanged})

    def run(self) -> list[Any]:
        said = self.arguments[0] if self.arguments else ""
        name = self.name.lower()
        node = foreign(self.block_text)
        node.line = self.lineno
        node["directive"] = directives.Directive(
            name,
            " ".join(said.split()),
            {key.lower(): value or "" for key, value in self.options.items()},
            "\n".join(self.content),
            self.block_text,
        )
        if name in directives.WITHOUT_TEXT:
            return [node]
        if said and name not in PLAIN:
            words, messages = self.state.inline_text(said, self.lineno)
            paragraph = nodes.paragraph(said, "", *words)
            paragraph.line = self.lineno
            node += [paragraph, *messages]
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


class DayOfPrint(Directive):  # type: ignore[misc]
    """Leaves out the day on which a text is printed, on which no book may depend; ``markup`` reports it."""

    has_content = True

    def run(self) -> list[Any]:
        return [nodes.Text("")]


def directives_for(text: str, kept: list[str]) -> Iterator[tuple[str, type[Any]]]:
    """Yields the directives with which ``text`` is parsed, beside docutils' own.

    ``kept`` are the texts that ``directives.KEPT_LINES`` stands for.
    """

    class KeptLines(Directive):  # type: ignore[misc]
        required_arguments = 1

        def run(self) -> list[Any]:
            number = self.arguments[0]
            code = kept[int(number)] if number.isdigit() and int(number) < len(kept) else ""
            node = nodes.literal_block(code, code)
            node.line = self.lineno
            return [node]

    yield directives.KEPT_LINES, KeptLines
    yield "date", DayOfPrint
    names = {found["name"].lower() for found in _NAME.finditer(text)}
    for name in sorted(names - {"date", directives.KEPT_LINES}):
        known = registry._directive_registry.get(name)
        if name == "thumbnail":
            yield name, _with_any_option(images.Figure)
        elif known is None or name in _CODE_BLOCKS:
            yield name, ForeignDirective
        else:
            module = import_module(f"docutils.parsers.rst.directives.{known[0]}")
            made = getattr(module, known[1])
            if isinstance(made, type) and isinstance(getattr(made, "option_spec", None), dict):
                yield name, _with_any_option(made)


def _with_any_option(known: type[Any]) -> type[Any]:
    return type(known.__name__, (known,), {"option_spec": AnyOption(known.option_spec)})
