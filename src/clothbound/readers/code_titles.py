"""Shows the title of code, which is most often the name of a file, as a paragraph above it.

Sources: the documentation of Docusaurus, Material for MkDocs and Expressive Code (``title="a.js"``), Quarto and Nextra
(``filename="a.js"``), Chirpy (``{: file="a.js" }``), VitePress (``[a.js]``), Zola (``js,name=a.js``), Gatsby
(``js:title=a.js``), Zenn (``js:a.js``) and Mintlify (``js a.js``).
"""

from __future__ import annotations

import msgspec

from ..lazy_pattern import lazy_pattern
from ..model import blocks as b
from ..model import inlines as i
from ..model.post import Post
from ..model.walk import rewrite

CODE_TITLE = "code-title"
"""The class of the paragraph above code that is its title."""
_NAMES = ("title", "filename", "file", "caption", "lst-cap")
_SAID = lazy_pattern(
    rf"(?<![\w-])[\"']?(?:{'|'.join(_NAMES)})[\"']?\s*[=:]\s*"
    # The backslash before a quotation mark within is gone, as in all words behind a fence.
    r"(?:\"(?P<double>(?:[^\"]|\"(?![\s},]|\Z))*)\"|'(?P<single>(?:[^']|'(?![\s},]|\Z))*)'|(?P<bare>[^\s\"'{},]+))"
)
_BRACKETED = lazy_pattern(r"(?:^|(?<=\s))\[(?=[^\[\]]*[^\W\d_])(?P<name>[^\[\]{}\"=!]+)\](?=\s|$)")
# What a name must have is looked for ahead, where nothing is tried again.
_FILE = lazy_pattern(
    r"(?P<name>(?=[^\s=:{}\[\]\"']*[^\s=:{}\[\]\"'.][./][A-Za-z])[^\s=:{}\[\]\"']+)"
)
_IN_LANGUAGE = lazy_pattern(
    r"(?P<language>(?:[A-Za-z][\w+#.-]*)?)(?:(?P<options>,[^\s]*?),?(?<=,)name=(?P<named>[^,\s]+)(?P<more>\S*)"
    r"|:(?:title=)?(?P<file>(?!\\)(?=[^\s=]*[./])[^\s=]+))"
)
_EMPTY = lazy_pattern(r"\{[\s,]*\}")
_IS_FILE = lazy_pattern(r"(?=\S*[./\\])\S+")


def show_code_titles(post: Post) -> Post:
    """Returns a post in which the title of code stands above it."""
    return rewrite(post, _with_title, _KINDS)


_KINDS = frozenset({b.CodeBlock})


def _with_title(node: b.CodeBlock) -> b.CodeBlock | tuple[b.Block, ...]:
    titles: dict[str, None] = {}
    for take in (_take_from_attributes, _take_from_attributes, _take_from_language):
        title, node = take(node)
        titles.setdefault(title)
    shown = tuple(_title(title, node.line) for title in titles if title)
    return (*shown, node) if shown else node


def _title(title: str, line: int) -> b.Paragraph:
    name: i.Inline = i.Code(title) if _IS_FILE.fullmatch(title) else i.Text(title)
    return b.Paragraph((name,), classes=(CODE_TITLE,), line=line)


def _take_from_attributes(node: b.CodeBlock) -> tuple[str, b.CodeBlock]:
    """Returns the title that stands behind the fence or among the attributes, and the code without it."""
    for pair in node.attributes:
        name, value = pair
        title, rest = value.strip(), ""
        if name == "info":
            title, rest = _take_from_info(value)
        elif name not in _NAMES:
            continue
        if title:
            kept = tuple(
                (other, rest) if other == "info" and name == "info" else (other, said)
                for other, said in node.attributes
                if (other, said) != pair or rest
            )
            return title, msgspec.structs.replace(node, attributes=kept)
    return "", node


def _take_from_info(info: str) -> tuple[str, str]:
    """Returns the title in the words behind a fence, and the other words."""
    found = _SAID.search(info) or _BRACKETED.search(info) or _FILE.fullmatch(info.strip())
    if found is None:
        return "", info
    title = next(part for part in found.groups() if part is not None).strip()
    rest = f"{info[: found.start()]} {info[found.end() :]}"
    return title, " ".join(_EMPTY.sub("", rest).split())


def _take_from_language(node: b.CodeBlock) -> tuple[str, b.CodeBlock]:
    """Returns the title that stands beside the language, and the code with the language alone."""
    found = _IN_LANGUAGE.fullmatch(node.language)
    if found is None:
        return "", node
    language = f"{found['language']}{found['options'] or ''}{found['more'] or ''}"
    return found["named"] or found["file"], msgspec.structs.replace(node, language=language)
