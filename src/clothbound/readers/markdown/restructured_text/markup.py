"""Writes the tree of a text in reStructuredText as HTML, which ``html/read`` makes the nodes of a post of.

Each block begins on the line of HTML that has the number of its line in the source, so that messages name that line.
Source: docutils' document tree ("The Docutils Document Tree") and directives ("reStructuredText Directives").
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ....diagnostics import DiagnosticCode, LineDiagnostic
from ....escape import attribute, escape
from ....lazy_pattern import lazy_pattern
from ....model import blocks as b
from ...code_titles import CODE_TITLE
from ...searched_html import embed_markup
from ...sites.link_targets import resolve_filename
from ...sites.rst_labels import DOCUMENT, FindPlace
from ...sphinx_names import BOXES, HIDDEN, PLAIN, ROLES_OF_CODE, ROLES_OF_REFERENCE, TITLED
from . import directives

_FIRST_PROBLEM = 2
"""The level of docutils' messages from which on they are reported; below are its own notes."""
_DAY = lazy_pattern(r"\s*\.\.\s+\|[^|]+\|\s+date::")
_INDENT = lazy_pattern(r"^ +")
_WORD = lazy_pattern(r"[\w#+.-]+$")
_INLINE_TAGS = {
    "emphasis": "em",
    "strong": "strong",
    "superscript": "sup",
    "subscript": "sub",
    "title_reference": "cite",
    "abbreviation": "abbr",
    "acronym": "abbr",
}
_ADMONITIONS = frozenset(
    "note tip warning important danger caution hint attention error admonition".split()
)
_SILENT = frozenset("comment substitution_definition docinfo label meta pending".split())
_LISTS = {"arabic": "1", "loweralpha": "a", "upperalpha": "A", "lowerroman": "i", "upperroman": "I"}

_KNOWN = PLAIN | TITLED | {"details"}
"""Directives that are not reported where their words are kept."""


class MarkupOfDocument:
    """Writes one document, and collects what could not be read of it."""

    def __init__(self, title: str, subtitle: str, find_place: FindPlace) -> None:
        self._find_place = find_place
        self.findings: list[LineDiagnostic] = []
        self._titles = {_folded(title), _folded(subtitle)}
        self._level = 1
        self._parts: list[str] = []
        self._lines = 1
        self._notes: list[Any] = []
        self._labels: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def write(self, document: Any) -> str:
        """Returns the HTML of a document without its header; its notes come last."""
        self._labels = {name: ids for name, ids in document.nameids.items() if ids}
        self._names = _titles_by_id(document)
        self._blocks(document.children)
        if self._notes:
            self._put('<div class="footnotes"><ol>')
            for note in self._notes:
                self._put(f'<li id="{attribute(self._id(note))}">')
                self._blocks(note.children)
                self._put("</li>")
            self._put("</ol></div>")
        return "".join(self._parts)

    def _put(self, markup: str, node: Any = None) -> None:
        """Adds markup, which begins on the line of ``node`` if the lines before have not passed it."""
        wanted = _line_of(node)
        if wanted > self._lines:
            self._parts.append("\n" * (wanted - self._lines))
            self._lines = wanted
        self._parts.append(markup)
        self._lines += markup.count("\n")

    def _tell(self, code: DiagnosticCode, message: str, line: int) -> None:
        finding = (code, message, line)
        if not self.findings or self.findings[-1] != finding:
            self.findings.append(finding)

    def _id(self, node: Any) -> str:
        ids = node.get("ids") or [""]
        return str(ids[0])

    def _blocks(self, nodes: Iterable[Any]) -> None:
        for node in nodes:
            self._block(node)

    def _wrap(self, tag: str, node: Any, children: Iterable[Any], **attributes: str) -> None:
        written = "".join(f' {name}="{attribute(value)}"' for name, value in attributes.items())
        self._put(f"<{tag}{written}>", node)
        self._blocks(children)
        self._put(f"</{tag}>")

    def _block(self, node: Any) -> None:  # noqa: C901, PLR0912 - match dispatch
        kind = type(node).__name__
        match kind:
            case "paragraph":
                self._put(f"<p>{self._inline(node)}</p>", node)
            case "title":
                self._document_title(node)
            case "subtitle":
                self._document_title(node, 1)
            case "section":
                self._section(node)
            case "rubric":
                self._heading(node, self._level + 2)
            case "literal_block" | "doctest_block":
                self._code(node)
            case "bullet_list":
                self._wrap("ul", node, node.children)
            case "enumerated_list":
                self._numbered(node)
            case "list_item":
                self._wrap("li", node, node.children)
            case "definition_list":
                self._definitions(node)
            case "field_list" | "option_list":
                self._fields(node)
            case "block_quote" | "epigraph" | "pull_quote" | "highlights":
                self._quote(node)
            case "line_block":
                self._poem(node)
            case "table":
                self._table(node)
            case "image" | "reference":
                self._put(f"<p>{self._inline_node(node)}</p>", node)
            case "foreign":
                self._foreign(node, node["directive"])
            case "figure":
                self._figure(node)
            case "math_block":
                self._formula(node)
            case "transition":
                self._put("<hr/>", node)
            case "raw":
                self._raw(node)
            case "footnote":
                self._notes.append(node)
            case "citation":
                self._citation(node)
            case "topic" | "sidebar":
                self._topic(node)
            case "compound" | "container" | "legend" | "inline":
                self._blocks(node.children)
            case "attribution":
                self._put(f"<p>— {self._inline(node)}</p>", node)
            case "system_message":
                self._message(node)
            case "substitution_definition" if _DAY.match(node.rawsource):
                self._leave_out(node, "the day on which a text is printed ('date') was left out")
            case "decoration":
                self._leave_out(node, "lines for the top or the foot of pages were left out")
            case _ if kind in _ADMONITIONS:
                self._admonition(node, kind)
            case "target":
                self._put("" if node.get("refuri") else self._anchors(node))
            case _ if kind in _SILENT:
                pass
            case _:
                self._put(f"<p>{self._inline(node)}</p>", node)

    def _leave_out(self, node: Any, message: str) -> None:
        self._tell(DiagnosticCode.MARKUP_REPAIRED, message, _line_of(node))

    def _poem(self, node: Any) -> None:
        verse = "<br/>".join(self._verse(node, 0))
        self._put(f'<div class="verse"><p>{verse}</p></div>', node)

    def _formula(self, node: Any) -> None:
        tex = escape(node.astext())
        formula = f'<script type="math/tex; mode=display">{tex}</script>'
        self._put(self._anchors(node) + formula, node)

    def _raw(self, node: Any) -> None:
        if "html" in node.get("format", "").split():
            self._put(f"<div>{node.astext()}</div>", node)

    def _document_title(self, node: Any, below: int = 0) -> None:
        """Writes a title of the text, unless the header has it."""
        if _folded(node.astext()) not in self._titles:
            self._heading(node, self._level + below)

    def _heading(self, node: Any, level: int, ids: str = "") -> None:
        tag = f"h{min(level, 6)}"
        self._put(f"<{tag}{ids}>{self._inline(node)}</{tag}>", node)

    def _section(self, node: Any) -> None:
        if "system-messages" in node.get("classes", ()):
            self._blocks(one for one in node.children if type(one).__name__ == "system_message")
            return
        self._level += 1
        ids = [*node.get("ids", ())]
        for child in node.children:
            if type(child).__name__ == "title":
                # A target above a section gives it another name; the first is that of its title.
                self._put("".join(f'<a id="{attribute(one)}"></a>' for one in ids[1:]))
                self._heading(child, self._level, f' id="{attribute(ids[0])}"' if ids else "")
            else:
                self._block(child)
        self._level -= 1

    def _code(self, node: Any) -> None:
        if any(
            type(one).__name__ not in ("Text", "inline", "system_message") for one in node.children
        ):
            lines = self._inline(node).split("\n")
            kept = (_INDENT.sub(lambda m: "\N{NO-BREAK SPACE}" * len(m[0]), line) for line in lines)
            self._put(f'<div class="verse"><p>{"<br/>".join(kept)}</p></div>', node)
            return
        classes = [one for one in node.get("classes", ()) if one not in ("code", "literal-block")]
        language = next((one for one in classes if _WORD.match(one)), "")
        if type(node).__name__ == "doctest_block":
            language = "python"
        named = f' class="language-{attribute(language)}"' if language else ""
        self._put(f"<pre><code{named}>{escape(_without_numbers(node))}\n</code></pre>", node)

    def _numbered(self, node: Any) -> None:
        attributes = {}
        kind = _LISTS.get(node.get("enumtype", ""), "1")
        if kind != "1":
            attributes["type"] = kind
        if node.get("start", 1) != 1:
            attributes["start"] = str(node["start"])
        self._wrap("ol", node, node.children, **attributes)

    def _definitions(self, node: Any) -> None:
        self._put("<dl>", node)
        for item in node.children:
            terms = [one for one in item.children if type(one).__name__ in ("term", "classifier")]
            words = " : ".join(self._inline(one) for one in terms)
            anchors = "".join(self._anchors(one) for one in terms)
            self._put(f"<dt>{anchors}{words}</dt>", item)
            for one in item.children:
                if type(one).__name__ == "definition":
                    self._wrap("dd", one, one.children)
        self._put("</dl>")

    def _fields(self, node: Any) -> None:
        """Writes fields and options of commands, whose names are terms."""
        self._put("<dl>", node)
        for item in node.children:
            name, body = item.children[0], item.children[-1]
            words = self._inline(name)
            if type(name).__name__ == "option_group":
                words = ", ".join(
                    f"<code>{escape(option.astext())}</code>" for option in name.children
                )
            self._put(f"<dt>{words}</dt>", item)
            self._wrap("dd", body, body.children)
        self._put("</dl>")

    def _quote(self, node: Any) -> None:
        self._wrap("blockquote", node, node.children)

    def _verse(self, node: Any, depth: int) -> list[str]:
        lines = []
        for one in node.children:
            if type(one).__name__ == "line_block":
                lines += self._verse(one, depth + 1)
            else:
                lines.append("\N{NO-BREAK SPACE}" * (4 * depth) + self._inline(one))
        return lines

    def _table(self, node: Any) -> None:
        self._put(f"{self._anchors(node)}<table>", node)
        for child in node.children:
            match type(child).__name__:
                case "title":
                    self._put(f"<caption>{self._inline(child)}</caption>")
                case "tgroup":
                    self._rows(child)
        self._put("</table>")

    def _rows(self, group: Any) -> None:
        is_stub = [one.get("stub") for one in group.children if type(one).__name__ == "colspec"]
        for part in group.children:
            name = type(part).__name__
            if name not in ("thead", "tbody"):
                continue
            self._put(f"<{name}>")
            for row in part.children:
                self._put("<tr>", row)
                for column, cell in enumerate(row.children):
                    is_head = name == "thead" or (column < len(is_stub) and is_stub[column])
                    self._cell(cell, "th" if is_head else "td")
                self._put("</tr>")
            self._put(f"</{name}>")

    def _cell(self, cell: Any, tag: str) -> None:
        spans = "".join(
            f' {name}="{cell[given] + 1}"'
            for name, given in (("colspan", "morecols"), ("rowspan", "morerows"))
            if cell.get(given)
        )
        self._put(f"<{tag}{spans}>", cell)
        if len(cell.children) == 1 and type(cell.children[0]).__name__ == "paragraph":
            self._put(self._inline(cell.children[0]))
        else:
            self._blocks(cell.children)
        self._put(f"</{tag}>")

    def _figure(self, node: Any) -> None:
        self._put(f"{self._anchors(node)}<figure>", node)
        legend = []
        for child in node.children:
            match type(child).__name__:
                case "caption":
                    self._put(f"<figcaption>{self._inline(child)}</figcaption>")
                case "legend":
                    legend = child.children
                case "image" | "reference":
                    self._put(self._inline_node(child))
                case _:
                    self._block(child)
        self._put("</figure>")
        self._blocks(legend)

    def _topic(self, node: Any) -> None:
        if "contents" in node.get("classes", ()):
            return
        self._put("<aside>", node)
        for child in node.children:
            if type(child).__name__ in ("title", "subtitle"):
                self._put(f"<p><strong>{self._inline(child)}</strong></p>", child)
            else:
                self._block(child)
        self._put("</aside>")

    def _admonition(self, node: Any, kind: str) -> None:
        self._box(BOXES[kind], "", node, node.children)

    def _box(self, kind: str, title: str, node: Any, children: Iterable[Any]) -> None:
        children = list(children)
        if children and type(children[0]).__name__ == "title":
            title, children = self._inline(children[0]), children[1:]
        self._put(f'<div class="callout callout-{kind}">', node)
        if title:
            self._put(f'<p class="callout-title">{title}</p>')
        self._blocks(children)
        self._put("</div>")

    def _citation(self, node: Any) -> None:
        label = next((one.astext() for one in node.children if type(one).__name__ == "label"), "")
        self._put(f'<dl><dt id="{attribute(self._id(node))}">[{escape(label)}]</dt>', node)
        self._wrap("dd", node, node.children)
        self._put("</dl>")

    def _message(self, node: Any) -> None:
        """Writes what docutils could not read: a directive by its name, anything else as it is written."""
        level, line = int(node.get("level", 0)), int(node.get("line", 0) or 0)
        quoted = next((one for one in node.children if type(one).__name__ == "literal_block"), None)
        said = node.children[0].astext() if node.children else ""
        if level < _FIRST_PROBLEM or said.startswith(
            ("Unknown interpreted text role", "No role entry")
        ):
            return
        directive = directives.read_directive(quoted.astext()) if quoted is not None else None
        if directive is not None:
            self._keep(directive, _first(said), line)
            return
        self._tell(DiagnosticCode.MARKUP_REPAIRED, " ".join(said.split()), line)
        if quoted is not None and not said.startswith(("Title", "Duplicate", "Block quote")):
            self._put(f"<pre><code>{escape(quoted.astext())}\n</code></pre>")

    def _keep(self, directive: directives.Directive, said: str, line: int) -> None:
        """Writes a directive as it is written, and says why."""
        message = f"directive {directive.name!r} kept as written: {said}"
        self._tell(DiagnosticCode.SHORTCODE_KEPT, message, line)
        self._put(f"<pre><code>{escape(directive.written)}\n</code></pre>")

    def _foreign(self, node: Any, directive: directives.Directive) -> None:
        """Writes a directive that docutils does not know."""
        name = directive.name
        card = directives.card_of(directive)
        self._put("", node)
        if isinstance(card, b.Embed):
            self._put(embed_markup(card))
        elif card is not None:
            self._put(f'<{card.kind} controls="" src="{attribute(card.src)}"></{card.kind}>')
        elif name in HIDDEN:
            pass
        elif name in directives.CODE and directive.content:
            self._foreign_code(directive)
        elif name == directives.PICTURES and directive.content:
            for line in filter(str.strip, directive.content.split("\n")):
                uri = attribute(resolve_filename(line.strip()))
                self._put(f'<figure><img src="{uri}" alt=""/></figure>')
        elif name in BOXES:
            self._box(BOXES[name], "", node, node.children)
        elif directives.SIGNATURES.match(name) and directive.said:
            self._put(f"<dl><dt><code>{escape(directive.said)}</code></dt>")
            self._wrap("dd", node, node.children[1:])
            self._put("</dl>")
        elif not node.children and name not in _KNOWN:
            self._keep(directive, "no program that reads posts knows it", _line_of(node))
        else:
            if name not in _KNOWN:
                message = f"unknown directive {name!r}, of which the content is kept"
                self._tell(DiagnosticCode.SHORTCODE_KEPT, message, _line_of(node))
            self._blocks(node.children)

    def _foreign_code(self, directive: directives.Directive) -> None:
        said = directive.said.split()
        language = next(iter(said), "")
        if directive.name in directives.OWN_LANGUAGE:
            language = directive.name
        named = f' class="language-{attribute(language)}"' if _WORD.match(language) else ""
        if caption := directive.options.get("caption", ""):
            self._put(f'<p class="{CODE_TITLE}">{escape(caption)}</p>')
        self._put(f"<pre><code{named}>{escape(directive.content)}\n</code></pre>")

    def _anchors(self, node: Any) -> str:
        return "".join(f'<a id="{attribute(one)}"></a>' for one in node.get("ids", ()))

    def _inline(self, node: Any) -> str:
        return (
            "".join(map(self._inline_node, node.children))
            if node.children
            else escape(node.astext())
        )

    def _inline_node(self, node: Any) -> str:  # noqa: C901, PLR0912 - match dispatch
        kind = type(node).__name__
        if kind in _INLINE_TAGS:
            tag = _INLINE_TAGS[kind]
            return f"<{tag}>{self._inline(node)}</{tag}>"
        match kind:
            case "Text":
                return escape(node.astext())
            case "literal":
                return f"<code>{escape(node.astext())}</code>"
            case "math":
                return f'<script type="math/tex">{escape(node.astext())}</script>'
            case "reference":
                return self._reference(node)
            case "footnote_reference":
                return f'<sup><a href="#{attribute(node.get("refid", ""))}">{escape(node.astext())}</a></sup>'
            case "citation_reference":
                return (
                    f'<a href="#{attribute(node.get("refid", ""))}">[{escape(node.astext())}]</a>'
                )
            case "image":
                return self._picture(node)
            case "target":
                # One without words gives the link before it a name, by which other links lead to its address.
                return self._anchors(node) + self._inline(node) if node.children else ""
            case "raw":
                return node.astext() if "html" in node.get("format", "").split() else ""
            case "problematic":
                return self._problematic(node)
            case "generated" | "comment" | "system_message" | "substitution_definition":
                return ""
            case "inline" if "code" in node.get("classes", ()):
                return f"<code>{escape(node.astext())}</code>"
            case _:
                return self._inline(node)

    def _reference(self, node: Any) -> str:
        href = node.get("refuri") or (f"#{node['refid']}" if node.get("refid") else "")
        return f'<a href="{attribute(resolve_filename(href))}">{self._inline(node)}</a>'

    def _picture(self, node: Any) -> str:
        sizes = "".join(
            f' {name}="{node[name].removesuffix("px").strip()}"'
            for name in ("width", "height")
            if str(node.get(name, "")).removesuffix("px").strip().isdigit()
        )
        uri, alt = resolve_filename(node.get("uri", "")), node.get("alt", "")
        alt = "" if alt == node.get("uri") else alt
        return f'{self._anchors(node)}<img src="{attribute(uri)}" alt="{attribute(alt)}"{sizes}/>'

    def _problematic(self, node: Any) -> str:
        """Writes a role that docutils does not know by its words, and other words as they are written."""
        written = node.astext()
        role = directives.read_role(written)
        if role is None:
            return escape(written)
        words = escape(role.words)
        if role.name in ROLES_OF_REFERENCE:
            return self._role_of_reference(role, words)
        if role.name in directives.ROLES_OF_WEIGHT:
            return f"<strong>{words}</strong>"
        if role.name == "kbd":
            return f"<kbd>{words}</kbd>"
        if role.name in ROLES_OF_CODE or ":" in role.name:
            return f"<code>{words}</code>"
        return words

    def _role_of_reference(self, role: directives.Role, words: str) -> str:
        target = role.target or role.words
        if role.name in ("doc", "post", "download"):
            ending = (
                ".rst" if role.name == DOCUMENT and "." not in target.rpartition("/")[2] else ""
            )
            if role.name == DOCUMENT and not role.target:
                place = self._find_place(DOCUMENT, target + ending)
                words = (escape(place.title) if place is not None else "") or words
            return f'<a href="{attribute(target + ending)}">{words}</a>'
        label = " ".join(target.lower().split())
        found = self._labels.get(label)
        if not found:
            place = self._find_place("ref", label)
            if place is None:
                return words
            words = words if role.target else escape(place.title) or words
            return f'<a href="{attribute(place.href)}">{words}</a>'
        if not role.target:
            words = escape(self._names.get(found, role.words))
        return f'<a href="#{attribute(found)}">{words}</a>'


def _line_of(node: Any) -> int:
    line = getattr(node, "line", None) if node is not None else None
    return int(line) if line else 0


def _folded(title: str) -> str:
    return " ".join(title.replace("`", "").split())


def _titles_by_id(document: Any) -> dict[str, str]:
    """Returns the titles of sections and the captions of figures and tables by their ids, as ``:ref:`` prints them."""
    titles: dict[str, str] = {}
    for node in document.findall():
        kind = type(node).__name__
        if kind in ("title", "caption") and node.parent is not None:
            titles.update(
                dict.fromkeys(node.parent.get("ids", ()), " ".join(node.astext().split()))
            )
    return titles


def _first(said: str) -> str:
    return " ".join(said.split("\n", maxsplit=1)[0].split())


def _without_numbers(node: Any) -> str:
    """Returns the text of code without the numbers of its lines, which ``:number-lines:`` adds."""
    return "".join(
        one.astext()
        for one in node.children
        if not (type(one).__name__ == "inline" and "ln" in one.get("classes", ()))
    )
