"""Makes the nodes that shortcodes show: what carries words becomes the nodes of those words, a player
becomes a card, and what readers do not see is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from mistune.util import escape_url

from ...lazy_pattern import lazy_pattern
from ...model import blocks as b
from ...model import inlines as i
from ...model.characters import BACKSLASH_ESCAPE
from ...model.check import canonical_inlines
from ...model.plain_text import plain_text
from ...model.walk import children as child_nodes
from ...model.walk import walk
from ...web.html_elements import MARK_KINDS
from ..code_titles import CODE_TITLE
from .parser import Token
from .shortcode_embeds import WHOLE_ADDRESS, address_of, embed_of
from .shortcode_report import COMPUTED, HIDDEN, KEPT_AS_TEXT, UNKNOWN, ShortcodeReport
from .shortcode_rules import tag_shows
from .shortcode_table import CALLOUT_KINDS
from .shortcodes import Shortcode

Blocks = tuple[b.Block, ...]
Inlines = tuple[i.Inline, ...]

KEPT = "shortcode"
"""The class of code that is a shortcode which was kept as it was written."""
_KIND_WORD = lazy_pattern(r"[a-z]+(?:-[a-z]+)?")
_PATH = lazy_pattern(r"[^\s]*[/.][^\s]*$")
_SETTING_OF_CODE = lazy_pattern(r"[a-z_]+:(?!//)\S*|[\d-]+")
"""Matches an option of Hexo's ``codeblock``, such as ``lang:js``."""
_NO_WORD = lazy_pattern(r"fa[bsr]?(?:-[a-z0-9-]+)?|/\S*|[\d.]+(?:px|%)?")
"""Matches the name of an icon, a path and a size among the arguments of a tag."""
_SIZES = lazy_pattern(r"\d(?:vw|em|px)\b|\d%")
"""Matches how wide a picture is on screens."""
_SOURCES = ("src", "image_path", "path", "url", "image", "file", "filename", "img", "link", "name")
_CAPTIONS = ("caption", "title", "text", "description", "content")
_SPOKEN = (
    "title",
    "caption",
    "text",
    "content",
    "label",
    "summary",
    "header",
    "heading",
    "intro",
    "body",
    "cite",
    "author",
    "attr",
    "alt",
    "dt",
    "term",
    "subtitle",
    "question",
    "answer",
)
_TOLD = ("title", "tip", "tooltip", "definition")
"""The arguments that screens show when a word is pointed at."""
_LANGUAGES = ("lang", "language", "syntax")
_SETTINGS = frozenset("true false open closed left right center small large".split())
"""Words among the arguments of a tag that say how it looks."""
_MARK_NAMES = {"hl": "mark", "highlight-text": "mark", "underline": "u"}
"""Names of marks that are not those of HTML's elements."""


class ShortcodeBuilder:
    """Makes the nodes of one post's shortcodes."""

    def __init__(
        self,
        read: Callable[[str, int], Inlines],
        blocks: Callable[[list[Token], int], Blocks],
        report: ShortcodeReport,
    ) -> None:
        self._read = read
        self._blocks = blocks
        self._report = report

    def block(  # noqa: C901, PLR0912 - match dispatch
        self, token: Token, depth: int
    ) -> Blocks:
        """Returns the blocks of a shortcode that has whole lines."""
        tag: Shortcode = token["tag"]
        line: int = token["line"]
        shows = tag_shows(tag)
        if tag.is_closing and shows != "computed":
            return (b.Paragraph(self.kept(tag, line), line=line),)
        if shows == "include":
            tag, shows = _of_include(tag)
        content: str | None = token["content"]
        match shows:
            case "code" if content is not None:
                return (*self._title_of_code(tag, line), _code(tag, content, line))
            case "formula" if content is not None:
                return self._formula(content, line)
            case "callout" | "details" | "quote":
                return self._box(tag, shows, token, depth)
            case "tab":
                title = tag.get("title", "name", "label", "header", "tabname") or " ".join(
                    tag.plain
                )
                heading = (
                    (b.Paragraph((i.Strong(self._read(title, line)),), line=line),) if title else ()
                )
                return (*heading, *self._blocks(token["children"], depth))
            case "title":
                inner = self._blocks(token["children"], depth)
                if len(inner) == 1 and isinstance(inner[0], b.Paragraph):
                    only = inner[0]
                    return (b.Paragraph((i.Strong(only.children),), line=only.line),)
                return (*self._words_of(tag, line, ()), *inner) or self._unknown_block(
                    tag, token, depth, known=True
                )
            case "gallery" if content is not None:
                return self._gallery(tag, token, depth)
            case "raw" | "content" if content is not None:
                return (*self._words_of(tag, line, ()), *self._blocks(token["children"], depth))
            case "nothing" | "formula" | "hidden" if content is None or shows == "hidden":
                self._tell_left_out(tag, line)
                return ()
            case "computed":
                if not tag.is_closing:
                    self._report.add_tag(tag, COMPUTED, line)
                return self._blocks(token["children"], depth)
            case "link" | "button" if content is not None:
                return self._linked(tag, token, depth)
            case "words" if content is None and tag.name == "kbd":
                return (b.Paragraph(self.inline(tag, None, (), line), line=line),)
            case "rule" if content is None:
                return (b.ThematicBreak(line=line),)
        has_card = content is None or shows in ("figure", "video", "post", "gist")
        if has_card and (node := self._card(tag, shows, line)) is not None:
            return (node, *self._blocks(token["children"], depth))
        return self._unknown_block(tag, token, depth, known=shows is not None)

    def inline(  # noqa: C901, PLR0912 - match dispatch
        self, tag: Shortcode, content: str | None, children: Inlines, line: int
    ) -> Inlines:
        """Returns the inlines of a shortcode within a paragraph; ``children`` is what is between its
        tags.
        """
        shows = tag_shows(tag)
        if tag.is_closing and shows != "computed":
            return self.kept(tag, line)
        if shows == "include":
            tag, shows = _of_include(tag)
        match shows:
            case "raw" | "code" if content is not None:
                return (i.Text(content),) if shows == "raw" else (i.Code(content.strip()),)
            case "formula" if content is not None:
                tex = _tex_of(content)
                return (i.Math(tex),) if tex else self._read(content, line)
            case "nothing" | "formula" | "hidden" if content is None or shows == "hidden":
                self._tell_left_out(tag, line)
                return ()
            case "words" if content is None and tag.name == "kbd" and tag.plain:
                return (i.Code(" ".join(tag.plain)),)
            case "words" if content is not None:
                kind = MARK_KINDS.get(_MARK_NAMES.get(tag.name, tag.name))
                if said := tag.get(*_TOLD):
                    return (i.Span(children, attributes=(("title", said),), line=line),)
                return (kind(children),) if kind else children
            case "title" if content is not None:
                return (i.Strong(children),)
            case "computed":
                if not tag.is_closing:
                    self._report.add_tag(tag, COMPUTED, line)
                return children
            case "link" | "button" if children and (address := address_of(tag, shows, line)):
                return (i.Link(children, address, line=line),)
            case "figure" if source := _source_of(tag):
                alt = _alternative_of(tag) or _unescaped(tag.get("caption", "title"))
                caption = self._caption(tag, line)
                # A picture within a line has no caption; its words follow it.
                words_beside = (
                    (i.Text(" "), *caption) if plain_text(caption) not in ("", alt) else ()
                )
                return (i.Image(source, alt, line=line), *words_beside, *children)
        if content is None and (address := address_of(tag, shows, line)):
            label = self._label(tag) or (i.Text(address),)
            return (i.Link(label, address, line=line),)
        if _lacks_picture(tag) and not children:
            return self.kept(tag, line)
        if words := self._spoken(tag, line):
            if shows is None:
                self._report.add_tag(tag, UNKNOWN, line)
            return (*words, i.Text(" "), *children) if children else words
        if children:
            if shows is None:
                self._report.add_tag(tag, UNKNOWN, line)
            words = self._read(_unquoted_words(tag), line)
            return (*words, i.Text(" "), *children) if words else children
        return self.kept(tag, line)

    def _tell_left_out(self, tag: Shortcode, line: int) -> None:
        """Reports the words of a comment, or the label of a sign, which no page shows."""
        if tag_shows(tag) == "hidden":
            self._report.add_tag(tag, HIDDEN, line)
        elif label := plain_text(self._spoken(tag, line)):
            self._report.add_tag(tag, f"shows no words; its label {label!r} was left out", line)

    def kept(self, tag: Shortcode, line: int) -> Inlines:
        """Returns a shortcode as it is written, in code, so that no rule changes its letters."""
        if tag.is_closing and not tag.written:
            name = ("/" if tag.form == "hugo" else "end") + tag.name
            self._report.add(name, KEPT_AS_TEXT, line)
        else:
            self._report.add_tag(tag, KEPT_AS_TEXT, line)
        return (i.Code(tag.text, classes=(KEPT,)),)

    def value(self, text: str, path: str, line: int) -> Inlines:
        """Returns a value of a template, which only the site knows, as it is written."""
        self._report.add(path, "is a value of the site; it was kept as text", line)
        return (i.Code(text, classes=(KEPT,)),)

    # Blocks

    def _box(
        self,
        tag: Shortcode,
        shows: Literal["callout", "details", "quote"],
        token: Token,
        depth: int,
    ) -> Blocks:
        """Returns a box or a quotation; one without words, which are in a file of the site, stays as it is written."""
        match shows:
            case "callout":
                made: Blocks = (self._callout(tag, token, depth),)
            case "details":
                made = (self._details(tag, token, depth),)
            case "quote":
                made = self._quote(tag, token, depth)
        if any(next(child_nodes(node), None) is not None for node in made):
            return made
        return self._unknown_block(tag, token, depth, known=True)

    def _unknown_block(self, tag: Shortcode, token: Token, depth: int, *, known: bool) -> Blocks:
        line: int = token["line"]
        children = self._blocks(token["children"], depth)
        said = () if _lacks_picture(tag) else self._words_of(tag, line, ())
        if not said and children and not known and (words := _unquoted_words(tag)):
            said = (b.Paragraph(self._read(words, line), line=line),)
        address = next((a for a in (*tag.named.values(), *tag.plain) if WHOLE_ADDRESS.match(a)), "")
        if not (children or said or address):
            kept = self.kept(tag, line)
            if tag.written and "\n" in tag.text:
                return (b.CodeBlock(tag.text, line=line, classes=(KEPT,)),)
            return (b.Paragraph(kept, line=line),) if kept else ()
        if not known:
            self._report.add_tag(tag, UNKNOWN, line)
        if address and not any(
            isinstance(node, i.Link) and node.href == address for node in walk(children)
        ):
            link = i.Link((i.Text(address),), address, line=line)
            return (*said, *children, b.Paragraph((link,), line=line))
        return (*said, *children)

    def _linked(self, tag: Shortcode, token: Token, depth: int) -> Blocks:
        """Returns the words between two tags as a link to the address that the first one gives."""
        line: int = token["line"]
        children = self._blocks(token["children"], depth)
        address = address_of(tag, tag_shows(tag), line)
        if not address:
            return (*self._words_of(tag, line, ()), *children)
        if len(children) == 1 and isinstance(children[0], b.Paragraph):
            return (b.Paragraph((i.Link(children[0].children, address, line=line),), line=line),)
        label = self._label(tag) or (i.Text(address),)
        return (*children, b.Paragraph((i.Link(label, address, line=line),), line=line))

    def _words_of(self, tag: Shortcode, line: int, without: tuple[str, ...]) -> Blocks:
        words = self._spoken(tag, line, without)
        return (b.Paragraph(words, line=line),) if words else ()

    def _spoken(self, tag: Shortcode, line: int, without: tuple[str, ...] = ()) -> Inlines:
        """Returns the words in the arguments: those that are named as words, and quoted text with a
        space.
        """
        said = [
            value
            for name, value in tag.named.items()
            if name not in without
            and (name in _SPOKEN or (value in tag.quoted and " " in value.strip()))
            and name not in ("class", "style", "sizes", "srcset", "attrs", "id")
            and not WHOLE_ADDRESS.match(value)
        ]
        said += [value for value in tag.plain if value in tag.quoted and " " in value.strip()]
        words: list[i.Inline] = []
        for text in dict.fromkeys(value.strip() for value in said if value.strip()):
            if words:
                words.append(i.Text(" "))
            words.extend(self._read(text, line))
        return canonical_inlines(words)

    def _title_of_code(self, tag: Shortcode, line: int) -> Blocks:
        """Returns what Hexo shows above the code of its ``codeblock``: a title, and a link with its words."""
        if tag.name != "codeblock":
            return ()
        said = [p for p in tag.plain if not _SETTING_OF_CODE.fullmatch(p)]
        address = next((p for p in said if WHOLE_ADDRESS.match(p)), "")
        place = said.index(address) if address else len(said)
        title, label = " ".join(said[:place]), " ".join(said[place + 1 :])
        words = list(self._read(title, line)) if title else []
        if address:
            words += [i.Text(" ")] if words else []
            words.append(i.Link(self._read(label or address, line), address, line=line))
        said_above = b.Paragraph(canonical_inlines(words), classes=(CODE_TITLE,), line=line)
        return (said_above,) if words else ()

    def _formula(self, content: str, line: int) -> Blocks:
        """Returns a formula; a text with several, as newer themes of Hugo have it, as a paragraph."""
        tex = _tex_of(content)
        made = b.MathBlock(tex, line=line) if tex else None
        return (made or b.Paragraph(self._read(content.strip(), line), line=line),)

    def _callout(self, tag: Shortcode, token: Token, depth: int) -> b.Block:
        line: int = token["line"]
        children = self._blocks(token["children"], depth + 1)
        names = (
            tag.name,
            tag.get("type", "kind", "level", "variant"),
            *(p.lower() for p in tag.plain),
        )
        kind = next((n.lower() for n in names[1:] if n.lower() in CALLOUT_KINDS), "")
        kind = kind or (tag.name if tag.name in CALLOUT_KINDS else "note")
        title = tag.get("title", "header", "heading", "label")
        rest = [
            p for p in tag.plain if p.lower() not in (kind, "closed", "open") and not _is_setting(p)
        ]
        if not title and rest and (token["content"] is not None or len(rest) > 1):
            title = rest.pop(0)
            # A single word without a capital, as 'gotchas' or 'key-term', is a kind of the theme's.
            if _KIND_WORD.fullmatch(title):
                title = title.replace("-", " ").capitalize()
        body = " ".join(filter(None, (tag.get("content", "text", "body", "message"), *rest)))
        if body:
            children = (b.Paragraph(self._read(body, line), line=line), *children)
        return b.Callout(children, self._read(title, line) if title else (), kind, line=line)

    def _details(self, tag: Shortcode, token: Token, depth: int) -> b.Block:
        """Returns the words behind a summary as a box, whose title is the summary."""
        line: int = token["line"]
        children = self._blocks(token["children"], depth + 1)
        summary = tag.get("summary", "title", "header", "heading", "label", "name")
        named = summary or " ".join(p for p in tag.plain if not _is_setting(p))
        named = ": ".join(dict.fromkeys(filter(None, (tag.get("kicker"), named))))
        title = self._read(named, line) if named else ()
        first = children[0] if children else None
        if not title and isinstance(first, b.Paragraph) and len(first.children) == 1:
            only = first.children[0]
            if isinstance(only, i.Strong):
                title, children = only.children, children[1:]
        return b.Callout(children, title, "details", line=line)

    def _quote(self, tag: Shortcode, token: Token, depth: int) -> Blocks:
        line: int = token["line"]
        children = self._blocks(token["children"], depth + 1)
        if text := tag.get("text", "quote", "content") or ("" if token["content"] else tag.first):
            children = (b.Paragraph(self._read(text, line), line=line), *children)
        cite = ", ".join(
            filter(None, (tag.get("author", "cite", "by", "attr"), tag.get("source", "title")))
        )
        if not cite and token["content"] is not None:
            cite = _source_of_quote(tag)
        if cite:
            children = (
                *children,
                b.Paragraph(
                    canonical_inlines([i.Text("\u2014 "), *self._read(cite, line)]), line=line
                ),
            )
        return (b.Quote(children, line=line),)

    def _gallery(self, tag: Shortcode, token: Token, depth: int) -> Blocks:
        children = self._blocks(token["children"], depth + 1)
        figures: list[b.Figure] = []
        for child in children:
            if isinstance(child, b.Figure):
                figures.append(child)
            elif isinstance(child, b.Paragraph) and all(
                isinstance(n, i.Image) or (isinstance(n, i.Text) and not n.text.strip())
                for n in child.children
            ):
                figures.extend(
                    b.Figure(n, line=child.line) for n in child.children if isinstance(n, i.Image)
                )
            else:
                return (*self._words_of(tag, token["line"], ()), *children)
        caption = tag.get("caption", "title")
        shown = self._read(caption, token["line"]) if caption else ()
        return (b.Gallery(tuple(figures), shown, line=token["line"]),) if figures else ()

    def _card(self, tag: Shortcode, shows: str | None, line: int) -> b.Block | None:
        match shows:
            case "figure" if source := _source_of(tag):
                caption = self._caption(tag, line)
                image = i.Image(source, _alternative_of(tag), line=line)
                return b.Figure(
                    image, caption, tag.get("link") if tag.get("link") != source else "", line=line
                )
            case "video" | "post" | "gist" | "media":
                return embed_of(tag, shows, line)
            case "link" | "button" | "file":
                address = address_of(tag, shows, line)
                if not address:
                    return None
                if shows == "file" and not WHOLE_ADDRESS.match(address):
                    name = tag.get("title", "name", "text", "label") or " ".join(tag.plain[1:])
                    return b.FileDownload(address, name, line=line)
                label = self._label(tag) or (i.Text(address),)
                return b.Paragraph((i.Link(label, address, line=line),), line=line)
        return None

    def _caption(self, tag: Shortcode, line: int) -> Inlines:
        # Hugo shows the title as a heading above the caption.
        parts = [_with_sign(tag.get("title")), tag.get("caption", "text", "description")]
        if parts[1] in ("", tag.get("title")):
            parts = [tag.get("title")]
        if tag.name in ("asset_img", "img") and tag.form == "liquid":
            # Hexo's and Octopress's: words behind the file and its sizes
            place = next((n for n, p in enumerate(tag.plain, 1) if _PATH.match(p)), 1)
            parts.append(" ".join(word for word in tag.plain[place:] if not word.isdecimal()))
        else:
            parts += _quoted_captions(tag)
        said = [self._read(part, line) for part in dict.fromkeys(filter(None, parts))]
        if attribution := tag.get("attr", "credit", "author"):
            words = self._read(attribution, line)
            link = tag.get("attrlink")
            said.append((i.Link(words, link, line=line),) if link else words)
        result: list[i.Inline] = []
        for part in said:
            result += [i.Text(" ")] if result else []
            result += part
        return canonical_inlines(result)

    def _label(self, tag: Shortcode) -> Inlines:
        label = tag.get("title", "text", "label", "caption", "name", "alt", "button-text")
        label = label or next((p for p in tag.plain if " " in p), "") or _unquoted_words(tag)
        return self._read(label, 0) if label else ()


def _unquoted_words(tag: Shortcode) -> str:
    """Returns the arguments of a tag that has no quotation marks, as the themes of Hexo write words; empty if it has some."""
    if tag.form != "liquid" or tag.quoted or tag.named:
        return ""
    words = (p for p in tag.plain if not (WHOLE_ADDRESS.match(p) or _NO_WORD.fullmatch(p)))
    return " ".join(word for word in words if not _is_setting(word))


def _tex_of(content: str) -> str:
    """Returns the TeX of a formula without the marks around it; empty if it is a text with several formulas."""
    text = content.strip()
    for opened, closed in (("$$", "$$"), ("$", "$"), ("\\[", "\\]"), ("\\(", "\\)")):
        if text.startswith(opened) and text.endswith(closed) and len(text) > len(opened + closed):
            text = text[len(opened) : -len(closed)].strip()
            break
    return "" if "$" in text.replace("\\$", "") else text


def _lacks_picture(tag: Shortcode) -> bool:
    """Whether this is a component of a picture that only the site knows, so that all of it is kept."""
    return bool(tag.written) and tag_shows(tag) == "figure" and not _source_of(tag)


def _with_sign(title: str) -> str:
    """Returns a title with a sign that parts it from the words behind it."""
    return title if not title or title[-1] in ".:!?…" else f"{title}:"


def _is_setting(text: str) -> bool:
    return text.lower() in _SETTINGS


def _of_include(tag: Shortcode) -> tuple[Shortcode, Any]:
    """Returns an ``include`` as the shortcode that its file is named for, and what it shows."""
    name = tag.first.rsplit("/", 1)[-1].rsplit(".", 1)[0].strip("_").lower()
    inner = tag._replace(name=name, plain=tag.plain[1:])
    shows = tag_shows(inner)
    return (
        (inner, shows)
        if shows not in (None, "include", "computed")
        else (tag._replace(plain=tag.plain[1:]), None)
    )


def _code(tag: Shortcode, content: str, line: int) -> b.Block:
    plain = [p for p in tag.plain if p.lower() not in ("linenos", "linenos=table")]
    language = tag.get(*_LANGUAGES) or next(
        (p.partition(":")[2] for p in plain if p.startswith("lang:")), ""
    )
    if not language and tag.name != "codeblock":  # Hexo's begins with a title
        language = plain[0] if plain else ""
    if tag.name in ("mermaid", "chart", "plotly"):
        language = tag.name
    elif tag.name == "runkit":  # Its arguments are code that is not shown.
        language = "js"
    lines = content.strip(" \t").removeprefix("\n").rstrip().split("\n")
    return b.CodeBlock(
        "\n".join(line.rstrip("\r") for line in lines),
        language if " " not in language else "",
        line=line,
    )


def _source_of(tag: Shortcode) -> str:
    """Returns the address of a picture, in the form that Markdown's own addresses have."""
    source = tag.get(*_SOURCES)
    places = (*filter(_PATH.match, tag.plain), *(p for p in tag.plain if " " not in p))
    source = source or next(iter(places), "")
    return escape_url(_unescaped(source))


def _alternative_of(tag: Shortcode) -> str:
    """Returns the words for a picture that cannot be seen; those of Eleventy's ``image`` follow its file."""
    is_plain = tag.name == "image" and tag.form == "liquid" and "," in tag.text and not tag.named
    words = tag.plain[1] if is_plain and len(tag.plain) > 1 else ""
    return _unescaped(tag.get("alt") or (words if words in tag.quoted else ""))


def _quoted_captions(tag: Shortcode) -> list[str]:
    """Returns the words behind the file of a picture that stand in quotation marks, without names: no class, no size."""
    alternative = _alternative_of(tag)
    named = {_unescaped(value) for value in (tag.get(*_SOURCES), alternative)}
    return [
        word
        for word in (_unescaped(p) for p in tag.plain if p in tag.quoted)
        if word not in named
        and not WHOLE_ADDRESS.match(word)
        and not (_PATH.match(word) or _NO_WORD.fullmatch(word) or _KIND_WORD.fullmatch(word))
        and not _SIZES.search(word)
    ]


def _source_of_quote(tag: Shortcode) -> str:
    """Returns the plain arguments of a quotation in Markdown: author, source, and the source's address and title."""
    address = next((one for one in tag.plain if WHOLE_ADDRESS.match(one)), "")
    if tag.form != "liquid":
        return " ".join(tag.plain)
    if all(map(_is_setting, tag.plain)):
        return ""
    said = tag.text.removeprefix("{%").removesuffix("%}").strip("- \n").partition(" ")[2]
    before, _, after = said.partition(address) if address else (said, "", "")
    before, after = (part.strip().strip("\"'").strip() for part in (before, after))
    return f"{before} [{after or address}](<{address}>)".strip() if address else before


def _unescaped(text: str) -> str:
    """Returns an argument without the backslashes by which it was kept from Markdown."""
    return BACKSLASH_ESCAPE.sub(r"\1", text)
