"""What a tree says: its words as plain text, and how many words a text has."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..lazy_pattern import lazy_pattern
from . import blocks as b
from . import inlines as i
from .characters import has_byte_of
from .node import Node
from .post import Footnote, Post
from .walk import CHILD_FIELDS, walk


def plain_text(
    root: Post | Footnote | Node | Iterable[Node], *, formula: Callable[[str], str] = str
) -> str:
    """Returns the words of a tree, with a blank line between blocks and a line ending for a hard break.

    ``formula`` writes the TeX of a formula within a line, which stays as it is without it.

    Captured text of embeds, labels and names are included; alternative texts, addresses and note marks are
    not.
    """
    parts: list[str] = []
    for node in walk(root):
        kind = type(node)
        # Three nodes in four are Texts, so they are handled first.
        if kind is i.Text:
            parts.append(node.text)  # type: ignore[attr-defined]
            continue
        if kind is i.Math:
            parts.append(formula(own_text(node)))
            continue
        if kind not in i.INLINE and parts and parts[-1] != "\n\n":
            parts.append("\n\n")
        parts.append("" if kind in WORDLESS else own_text(node))
    return "".join(parts).strip()


_SAMPLE = 400
"""Characters of a sample."""


def prose_sample(post: Post) -> str:
    """Returns the beginning of a post's text, without code, formulas and addresses."""
    parts: list[str] = []
    length = 0
    for node in walk(post.body):
        if type(node) is i.Text:
            parts.append(node.text)
            length += len(node.text)
            if length >= _SAMPLE:
                break
        elif type(node) not in i.INLINE:
            parts.append("\n")
    return "".join(parts)[:_SAMPLE].strip()


def picture_words(image: i.Image) -> str:
    """Returns a picture's description: its alternative text, else its title; may be empty."""
    return image.alt.strip() or image.title.strip()


def is_decorative(image: i.Image) -> bool:
    """Whether a picture says of itself that it shows nothing a listener would miss: it has no words, and the role
    ``presentation`` or ``none`` of ARIA.
    """
    role = next((value for name, value in image.attributes if name == "role"), "")
    return role in ("presentation", "none") and not picture_words(image)


def own_text(node: Node) -> str:
    """Returns the words of a node itself, without its children."""
    match node:
        case i.Text(text) | i.Code(text) | b.CodeBlock(text):
            return text
        case i.LineBreak():
            return "\n"
        case i.Math(tex) | b.MathBlock(tex):
            return tex
        case b.Embed():
            return "\n".join(filter(None, (node.title, node.text, node.author, node.date)))
        case b.Button(label):
            return label
        case b.SubscribeForm(text, label):
            return "\n".join(filter(None, (text, label)))
        case b.FileDownload(_, name, size):
            return "\n".join(filter(None, (name, size)))
        case b.Poll(question, options):
            return "\n".join(filter(None, (question, *options)))
        case b.Recipe(title, ingredients, steps):
            return "\n".join(filter(None, (title, *ingredients, *steps)))
        case b.RawBlock(_, text) | i.RawInline(_, text):
            return text
    return ""


def is_bold_heading(nodes: Iterable[i.Inline]) -> bool:
    """Whether a paragraph of ``nodes`` is bold from end to end: many authors write their headings so."""
    only = [n for n in nodes if not (type(n) is i.Text and not n.text.strip())]
    if len(only) != 1 or not isinstance(only[0], i.Strong):
        return False
    text = plain_text(only[0]).strip()
    return is_heading_text(text) and "\n" not in text


def is_heading_text(text: str) -> bool:
    """Whether a text in bold is a heading: it is short, and does not end as a sentence or a clause does.

    A question may be longer, since interviews have such headings.
    """
    if _QUESTION.search(text):
        return len(text) < _LONGEST_QUESTION
    return 0 < len(text) < 100 and text[-1] not in _ENDS_OF_CLAUSES


_QUESTION = lazy_pattern(r"(?:[?？؟⁇⁈]|[\u0370-\u03ff\u1f00-\u1fff][;\u037e])[”’»“」』\"')）]*\Z")
"""Matches the end of a question; a question in Greek ends with a semicolon."""
_LONGEST_QUESTION = 300
_ENDS_OF_CLAUSES = ".,;。，、；।۔،؛"


def count_words(text: str) -> int:
    """Counts the words of a text. In scripts without spaces, two characters count as one word."""
    if text.isascii() or not has_byte_of(text.encode("utf-8", "surrogatepass"), _BEYOND):
        return len(text.split())
    rest, _ = _UNSPACED.subn(" ", text)
    return len(rest.split()) + sum((len(run) + 1) // 2 for run in _UNSPACED.findall(text))


def letters_and_digits(text: str) -> str:
    """Returns the letters and digits of a text, whose case does not count: by them titles and words are compared that
    are written with other signs.
    """
    return _SIGNS.sub("", text).casefold()


def cut_at_word(text: str, most: int) -> str:
    """Returns a text of at most ``most`` characters; of a longer one, the whole words within them and an ellipsis."""
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0].rstrip(",;:-") + " …"


_SIGNS = lazy_pattern(r"[\W_]+")
_UNSPACED = lazy_pattern(
    "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
"""Matches runs of kana and Chinese characters."""
_BEYOND = bytes(range(0xE3, 0x100))
"""The first bytes, in UTF-8, of U+3000 and all beyond. Most texts need no expression for these, which takes long to compile."""

WORDLESS = frozenset(
    kind for kind, fields in CHILD_FIELDS.items() if fields in (("children",), ("items",))
)
"""The kinds that have no words but those of their children."""
