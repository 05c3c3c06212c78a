"""Reads directives that docutils does not know, from what its messages quote of them, and roles of Sphinx and Nikola.

Sources: Sphinx's documentation ("Directives", "Roles"), Nikola's handbook ("Extra plugins", "Extra directives").
"""

from __future__ import annotations

import re
import textwrap
from urllib.parse import quote

import msgspec

from ....lazy_pattern import lazy_pattern
from ....model import blocks as b
from ...sphinx_names import HIDDEN, NAMED_TARGET
from ..shortcode_embeds import embed_of
from ..shortcodes import Shortcode

_HEAD = lazy_pattern(
    r"\.\.[ ]+(?:\|[^|\n]+\|[ ]+)?(?P<name>[A-Za-z][\w:+.-]*)[ ]?::(?:[ ]+(?P<said>.*))?$"
)
_OPTION = lazy_pattern(r"[ \t]*:(?P<name>[\w-]+):(?:[ ]+(?P<value>.*))?$")
_ROLE = lazy_pattern(
    r":(?P<name>[\w.+-]+(?::[\w.+-]+)*):`(?P<text>.*)`|`(?P<before>.*)`:(?P<after>[\w.+:-]+):", re.S
)

KEPT_LINES = "clothbound-kept-lines"
"""The directive by which ``bounds`` marks lines that are kept as code."""
CODE = frozenset(
    "code code-block sourcecode highlight-block ipython prompt doctest testcode testsetup testoutput mermaid graphviz"
    " plantuml productionlist".split()
)
"""Directives of which the content is code; it has the language that they name, or their own name for one."""
OWN_LANGUAGE = frozenset({"mermaid", "graphviz", "plantuml"})
PICTURES = "slides"
"""Nikola's directive, whose lines name pictures."""
_EMBEDS = {
    "youtube": "video",
    "vimeo": "video",
    "gist": "gist",
    "soundcloud": "media",
    "media": "media",
    "twitter": "post",
    "tweet": "post",
    "audio": "media",
    "video": "media",
}
WITHOUT_TEXT = HIDDEN | CODE | {PICTURES} | frozenset(_EMBEDS)
"""Directives whose content is not parsed as text."""
SIGNATURES = lazy_pattern(
    r"(?:(?:py|c|cpp|js|rst|std):)?(?:function|method|classmethod|staticmethod|attribute|data|exception|macro|type|option"
    r"|envvar|decorator|property|confval|py:class|js:class|cpp:class)$"
)
"""Matches directives of Sphinx whose argument is code: the name of a function, an option ..."""
ROLES_OF_WEIGHT = frozenset({"dfn", "guilabel", "menuselection"})


class Directive(msgspec.Struct, frozen=True):
    """A directive with its argument, options and content."""

    name: str
    said: str
    options: dict[str, str]
    content: str
    written: str


class Role(msgspec.Struct, frozen=True):
    """A role with its words; ``target`` is empty unless it is written behind them."""

    name: str
    words: str
    target: str = ""


def read_directive(written: str) -> Directive | None:
    """Returns the directive that a message quotes, or None if it quotes something else."""
    lines = written.split("\n")
    head = _HEAD.match(lines[0])
    if head is None:
        return None
    said, options = [head["said"] or ""], dict[str, str]()
    position = 1
    while position < len(lines) and lines[position].strip():
        found = _OPTION.match(lines[position])
        if found is None and options:
            break
        if found is None:
            said.append(lines[position].strip())
        else:
            options[found["name"].lower()] = (found["value"] or "").strip()
        position += 1
    content = textwrap.dedent("\n".join(lines[position:])).strip("\n")
    return Directive(head["name"].lower(), " ".join(said).strip(), options, content, written)


def read_role(written: str) -> Role | None:
    """Returns the role that is written as ``:name:`words``` or ```words <target>`:name:``; None for anything else."""
    found = _ROLE.fullmatch(written)
    if found is None:
        return None
    name = (found["name"] or found["after"]).lower()
    text = found["text"] if found["name"] else found["before"]
    named = NAMED_TARGET.fullmatch(text)
    if named is None or not named["words"]:
        return Role(name, text.lstrip("~!"))
    return Role(name, named["words"], named["target"])


def card_of(directive: Directive) -> b.Embed | b.Media | None:
    """Returns the card of a player or of a post elsewhere, or a recording; None for any other directive."""
    shows = _EMBEDS.get(directive.name)
    if shows is None or not directive.said:
        return None
    plain = directive.said.split()
    if directive.name == "gist" and "/" not in directive.said:
        href = f"https://gist.github.com/{quote(plain[0], safe='')}"
        return b.Embed("gist", href, "GitHub")
    tag = Shortcode(directive.name, directive.written, "rst", {}, plain)
    made = embed_of(tag, shows, 0)
    return made if isinstance(made, (b.Embed, b.Media)) else None
