"""Finds marks and addresses within a paragraph of reStructuredText in linear time.

docutils is imported with this module, so ``document`` imports it where there is a text to parse.
"""

from __future__ import annotations

from docutils import nodes
from docutils.parsers.rst import states

from ....lazy_pattern import lazy_pattern

_NAME = r"(?:(?!_)\w)+(?:[-._+:](?:(?!_)\w)+){0,60}"
"""The pattern of the name of a target, whose parts docutils does not count: at each mark it reads on to the last one."""
_LONG_WORD = lazy_pattern(r"((?<!\S)(?=\S*?[-_!~*'{|}/#?^`&=+$%a-zA-Z0-9.\x00]{2001})\S+)")
"""Matches a word with more characters that an address of e-mail may have than any such address has."""
_OPENING = '<(["'
"""The signs that may stand before an address of the web, of those that are no part of an address of e-mail."""
# docutils fills its patterns from the fields of the very class that it is given.
_Inliner = type("_Inliner", (states.Inliner,), {**vars(states.Inliner), "simplename": _NAME})


def make_inliner() -> states.Inliner:
    """Returns what reads the text of a paragraph; in it, long words that do not begin with an address are text.

    docutils looks for an address of e-mail at each mark of punctuation and reads on to the end of the word each time
    (measured: a second for 10 kB of ``a{``).
    """
    inliner = _Inliner()
    find_addresses = inliner.implicit_inline

    def find_in_words(text: str, line: int) -> list[nodes.Node]:
        found: list[nodes.Node] = []
        for number, part in enumerate(_LONG_WORD.split(text)):
            if number % 2 == 0 or inliner.patterns.uri.match(part.lstrip(_OPENING)):
                found += find_addresses(part, line)
            else:
                found.append(nodes.Text(part))
        return found

    inliner.implicit_inline = find_in_words
    return inliner
