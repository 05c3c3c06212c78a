"""Strips Markdown, in the dialects of pandoc (as Substack archives become), GitHub, CommonMark and site generators.

It knows just enough to tell words from markup, not what the markup means: fences, notes, links, pictures, elements,
attributes, shortcodes. What it does not know counts as words.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right

from ..lazy_pattern import lazy_pattern
from .content import Item, shown_words
from .markup import Stripper, feed_html

_FENCE = lazy_pattern(r"[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?(`{3,}|~{3,})([^`\n]*)$")
_DIV = lazy_pattern(r"[ \t>]*:{3,}(.*)$")
_DEFINITION = lazy_pattern(
    r"[ >]{0,6}\[(?!\^)((?:[^\[\]\\]|\\.)+)\]:[ \t]*(<[^<>]*>|https?://\S+|(?:\{\{[^{}\n]*\}\}|\{%[^{}\n]*%\})?\S*(?<![\s:]))"
    r"[ \t]*(?:\"[^\"]*\"|'[^']*'|\([^()]*\))?[ \t]*$"
)
_TEXT = lazy_pattern(r"[ \t>]*(?![ \t>#:`~<]|-->|\|)\S")
"""A line that may be of a paragraph, which no definition interrupts."""
_BEGUN = lazy_pattern(r"[ >]{0,6}\[(?!\^)((?:[^\[\]\\]|\\.)+)\]:[ \t]*$")
_GOES_ON = lazy_pattern(
    r"[ \t>]*(<[^<>]*>|[^\s\[]\S*)[ \t]*(?:\"[^\"]*\"|'[^']*'|\([^()]*\))?[ \t]*$"
)
_NOTE = lazy_pattern(r"([ >]{0,6})\[\^([^\]\s]+)\]:")
_HEADING = lazy_pattern(r"[ >]*#{1,6}(?:[ \t]|$)")
_COMMENT = lazy_pattern(r"[ \t>]*<!--")
_VERBATIM = lazy_pattern(r"[ \t>]*<(pre|script|style|textarea)\b", re.I)
_ITEM = lazy_pattern(r"([ \t>]*)(?:[-*+]|\(?(?:\d{1,9}|[A-Za-z]|[ivxlcdm]+|#)[.)])(?=[ \t]|$)")
_DEFINED = lazy_pattern(r"[ ]{0,3}[:~](?=[ \t])")
_TASK = lazy_pattern(r"[ \t]*\[[ xX]\](?=[ \t])")
_HEADING_ATTRIBUTES = lazy_pattern(r"[ \t]\{[#.\w-][^{}]*\}[ \t]*#*[ \t]*$")
_CALLOUT = lazy_pattern(r"([ \t]*>[ \t>]*)\[![\w-]+\][-+]?")
_BLANK = lazy_pattern(r"[ \t>]*$")
_ATTRIBUTES = lazy_pattern(r'\{(?:[^{}"\n]|"(?:[^"\\]|\\.)*"|\n(?!\n))*\}')
_PAIR = lazy_pattern(r'([\w:-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|\'([^\']*)\'|([^\s"\'>}]+))')
_DESTINATION = lazy_pattern(
    r"\(\s*(<[^<>\n]*>|\{\{[<%][^{}\n]*[%>]\}\}|(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.|\([^\s()]*\))*\))*)"
    r"(?:\s+(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))?\s*\)"
)
_SPACED = lazy_pattern(
    r"\(((?:https?://|\.{0,2}/)[^()<>\s\"']+(?:[ ]+[^()<>\s\"']+)+|[^()<>\s\"']+(?:[ ][^()<>\s\"']+)+\.[A-Za-z]{2,4})"
    r"(?:[ ]+\"[^\"\n]*\")?\)"
)
"""Matches a destination with spaces, which pandoc allows: it begins as an address, or names a file."""
_REFERENCE = lazy_pattern(r"[ ]?\n?\[((?:[^\[\]\\]|\\.)*)\]")
_TAG = lazy_pattern(
    r"</?[A-Za-z][\w:-]*"
    r"(?:\s+[A-Za-z_:@][\w.:@-]*"
    r"(?:\s*=\s*(?:\"(?:\{\{[<%].*?[%>]\}\}|[^\"])*\"|'(?:\{\{[<%].*?[%>]\}\}|[^'])*'|[^\s\"'=<>`]+))?)*"
    r"\s*/?>"
)
_BLOCK_TAG = lazy_pattern(
    r"[ \t>]*</?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div"
    r"|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main"
    r"|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr"
    r"|track|ul)(?:\s|/?>|$)",
    re.I,
)
_INLINE = lazy_pattern(
    r"(?P<escape>\\[\s\S])"
    r"|(?P<comment><!--[\s\S]*?-->)"
    r"|(?P<code>(?<!`)(?P<ticks>`+)(?!`)(?P<coded>(?:[^`]|(?!(?<!`)(?P=ticks)(?!`))`)+?)(?<!`)(?P=ticks)(?!`))"
    r"|(?P<math>(?<!\$)\$\$(?P<display>[^$]+)\$\$|(?<!\$)\$(?=[^\s$])(?P<formula>(?:[^$\\]|\\.)*?[^\s$\\])\$(?![\d$]))"
    r"|(?P<subscript>(?<!~)~[^~\s]+~(?!~))"
    r"|(?P<auto><(?:https?://|mailto:)[^<>\s]+>|<[^<>\s@/]+@[^<>\s]+>)"
    r"|(?P<tag></?[A-Za-z])"
    r"|(?P<shortcode>\{\{[<%]|\{[%]|\{\{\s*[\w.:]+\(|\{#\s)"
    r"|(?P<entity>&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
    r"|(?P<wiki>!?\[\[(?P<target>[^\[\]|\n]+)(?:\|(?P<label>[^\[\]\n]*))?\]\](?!\())"
    r"|(?P<noteref>\[\^[^\]\s]+\])"
    r"|(?P<inlinenote>\^\[)"
    r"|(?P<picture>!\[(?!\^))"
    r"|(?P<bracket>\[)"
)
_BLOCK_NAME = lazy_pattern(r"#\^[\w-]+\s*$")
_PICTURE_FILE = lazy_pattern(r"\.(?:avif|bmp|gif|jpe?g|png|svg|tiff?|webp)\s*$", re.I)
_ENTITY = lazy_pattern(r"&(?:#\w{1,7}|[A-Za-z]\w{1,31});")
_SHORTCODE = lazy_pattern(
    r"\{\{[<%][\s\S]*?[%>]\}\}|\{%[\s\S]*?%\}|\{\{\s*[\w.:]+\([^{}]*\)\s*\}\}"
)
_IN_ATTRIBUTE = lazy_pattern(r"([\"'])(\{\{[<%][^{}]*[%>]\}\})\1")
# Where an address stands, whatever a shortcode is called names it.
_LEADS_TO = lazy_pattern(r"\{[{%][<%]?\s*[\w-]+\s+[\"'`]([^\"'`]+)[\"'`]\s*[%>]")
_QUOTATION = lazy_pattern(r"^(?:[ \t]*>)+")
_SPOKEN = frozenset(
    "alt attr author caption cite content header heading intro label source summary text title".split()
)
"""The arguments of shortcodes whose names say that they are words. Others are if they are quoted and have a space."""
_UNSPOKEN = frozenset("attrs class command id match options params rel sizes srcset style".split())
_QUOTED_ARGUMENT = lazy_pattern(
    r"(?:([\w:-]+)\s*(?:=|:(?=\s))\s*)?(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
)
_VERBATIM_TAG = lazy_pattern(
    r"[ \t>]*(?:\{%-?\s*(highlight|raw|comment|capture)\b[^%\n]*%\}|\{\{[<%]\s*(highlight|code|code-toggle|mermaid)\b[^\n]*?[>%]\}\})",
    re.I,
)
_NOT_SHOWN = frozenset({"comment", "capture"})
_HIDDEN_SPAN = lazy_pattern(
    r"\{%-?\s*comment\s*-?%\}[\s\S]*?\{%-?\s*endcomment\s*-?%\}|\{#\s[^\n{}]*?\s#\}"
)
_SPOKEN_BY_NONE = lazy_pattern(
    r"\{%-?\s*(?:assign|set|if|elsif|elif|for|unless|case|when|capture|include(?:_\w+)?\s+\S+\s*%)"
)
_OF_OPTIONS = lazy_pattern(r"\{\{[<%]\s*highlight\s")
"""Matches Hugo's shortcode for code, whose arguments are a language and options (its documentation)."""
_IS_ADDRESS = lazy_pattern(r"(?:https?:)?//\S+$|\{\{")
_KRAMDOWN_CONTENTS = lazy_pattern(r"^(?:[*+-]|\d+\.)[ \t]+[^\n]*\n(?=\{:[^}\n]*\btoc\b)", re.M)
_KRAMDOWN = lazy_pattern(
    r"(?P<code>`+[^`]+`+)|^ {0,3}\{:(?!:)[^{}\n]*\}[ \t]*$|\{:(?![:/])[^{}\n]*[#.=][^{}\n]*\}|\{:[:/](?:options|nomarkdown|comment)?[^{}\n]*\}"
)
_ABBREVIATION = lazy_pattern(
    r"^ {0,3}(?:\*\[[^\]\n]+\]|\[>[^\]\n]+\]):[^\n]*$"
    r"|^[ \t]*(?:\[toc\]|\[\[_?toc_?\]\]|\{\{[ \t]*toc(?::[\d-]+)?[ \t]*\}\})[ \t]*$",
    re.M | re.I,
)
_ADMONITION = lazy_pattern(
    r"^ {0,3}(?:!!!|\?\?\?\+?|===[!+]?)[ \t]+(?:[A-Za-z][^\n\"]*)?(?:\"(?P<title>[^\n]*)\")?[ \t]*\n"
    r"(?P<inner>(?:[ \t]*\n)*(?: {4}|\t)[^\n]*(?:\n(?:(?: {4}|\t)[^\n]*|[ \t]*(?=\n)))*)",
    re.M,
)
_DEFINED_AS = r"^( {0,3}\[(?!\^)[^\[\]\n]+\]:[ \t]*)"
_SIZED_DEFINITION = lazy_pattern(
    _DEFINED_AS
    + r"(\S+)(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'))?(?:[ \t]+[A-Za-z][\w-]*=(?:\"[^\"\n]*\"|[^\s\"]+))+[ \t]*$",
    re.M,
)
_SPACED_DEFINITION = lazy_pattern(
    _DEFINED_AS + r"([^\s<>\"]+(?:[ ][^\s<>\"]+)+\.[A-Za-z0-9]{2,4})(?:[ \t]+\"[^\"\n]*\")?[ \t]*$",
    re.M,
)
_NAMED_HEADING = lazy_pattern(
    r"^ {0,3}#{1,6}[ \t]+([^\n]*?)(?:[ \t]*\[([^\[\]\n]+)\])?[ \t]*(?:\{[^{}\n]*\}[ \t]*)?#*[ \t]*$",
    re.M,
)
_LINKED_HEADING = lazy_pattern(r"(\[[^\[\]\n]*\])\[([^\[\]\n]+)\]")
_RAW = lazy_pattern(r"(?P<name>script|style)\b", re.I)
_NAMED_VALUE = r"\{\{-?\s*[A-Za-z_][\w-]*(?:\.[\w-]+|\[[^\]{}\n]+\])*\s*(?:\|[^{}%\n]*)?-?\}\}"
_VALUE = lazy_pattern(_NAMED_VALUE)
"""Matches what a site's configuration, data or header says: ``{{ site.title }}``. Its words stand elsewhere."""
_ADDRESS_CALL = (
    r"\{\{-?\s*(?:\"[^\"\n]*\"|'[^'\n]*')\s*\|[^{}\n]*\}\}|\{%-?\s*(?:post_url|link)\s[^%\n]*%\}"
)
_LINK_WITH_VALUE = lazy_pattern(
    rf"!?\[((?:[^\[\]\n])*)\]\([^()\n]*?(?:{_NAMED_VALUE}|{_ADDRESS_CALL})[^()\n]*\)"
)
"""Matches a link or a picture whose address Liquid makes: ``({% post_url 2021-01-10-loaf %}#water)``."""


def strip_markdown(
    text: str, line: int = 1, *, is_product: bool = False, has_wikilinks: bool = False
) -> list[Item]:
    """Returns the content of a Markdown text without a header, whose first line is ``line``."""
    if not is_product and ("{{" in text or ("](" in text and "{%" in text)):
        text = _VALUE.sub("", _LINK_WITH_VALUE.sub(r"\1", text))
    if "{:" in text:
        text = _without_lists(text)
    while _ADMONITION.search(text):
        text = _ADMONITION.sub(_shown_box, text)
    if "[" in text:
        text = _without_definitions(text)
    stripper = Stripper(is_product=is_product, has_wikilinks=has_wikilinks)
    return _Markdown(text, line, stripper).items()


def _shown_box(found: re.Match[str]) -> str:
    """Returns the title and the content of a box or a tab of MkDocs, which has an indent."""
    inner = re.sub(r"^(?: {4}|\t)", "", found["inner"], flags=re.M)
    return f"{found['title'] or ''}\n{inner}"


def _without_definitions(text: str) -> str:
    """Returns a text without what MultiMarkdown only defines: abbreviations, contents, attributes of links, labels of
    headings.
    """
    text = _ABBREVIATION.sub("", text)
    text = _SPACED_DEFINITION.sub(r"\1<\2>", _SIZED_DEFINITION.sub(r"\1\2", text))
    headings = {_label(found[1]): found[2] or "" for found in _NAMED_HEADING.finditer(text)}
    labels = {_label(label) for label in headings.values() if label}
    if not headings or "][" not in text:
        return text

    def linked(found: re.Match[str]) -> str:
        if _label(found[2]) not in headings and _label(found[2]) not in labels:
            return found[0]
        return found[1] if found[1] != "[]" else f"[{found[2]}]"

    def headed(found: re.Match[str]) -> str:
        return (
            found[0].replace(f"[{found[2]}]", "")
            if found[2] and f"][{found[2]}]" in text
            else found[0]
        )

    return _NAMED_HEADING.sub(headed, _LINKED_HEADING.sub(linked, text))


def _without_lists(text: str) -> str:
    """Returns a text without kramdown's lists of attributes, its options, and its own contents; lines are kept."""
    lines = _KRAMDOWN_CONTENTS.sub("\n", text).split("\n")
    fence = ""
    for number, line in enumerate(lines):
        found = _FENCE.match(line)
        if fence:
            fence = "" if found and found[1].startswith(fence) else fence
        elif found:
            fence = found[1]
        elif "{:" in line:
            lines[number] = _KRAMDOWN.sub(lambda m: m[0] if m["code"] else "", line)
    return "\n".join(lines)


class _Markdown:
    def __init__(self, text: str, line: int, stripper: Stripper) -> None:
        self._lines = text.split("\n")
        self._first = line
        self._stripper = stripper
        self._definitions: dict[str, str] = {}
        self._definition_lines: set[int] = set()
        self._chunk: list[str] = []
        self._chunk_line = line
        self._divs: list[str] = []
        self._columns: list[int] = []
        """The columns at which the content of the open list items begins."""

    def items(self) -> list[Item]:
        self._define()
        self._blocks()
        self._end_chunk()
        self._stripper.flush()
        return self._stripper.items

    def _define(self) -> None:
        """Collects the addresses of links by reference, which stand on the label's line or the next one."""
        for number, text in enumerate(self._lines):
            before = self._lines[number - 1] if number else ""
            is_free = number - 1 in self._definition_lines or not _TEXT.match(before)
            found = _DEFINITION.match(text)
            if not is_free:
                continue
            if found:
                self._definitions.setdefault(_label(found[1]), found[2].strip("<>"))
                self._definition_lines.add(number)
                continue
            begun = _BEGUN.match(text)
            rest = (
                _GOES_ON.match(self._lines[number + 1])
                if begun and number + 1 < len(self._lines)
                else None
            )
            if begun and rest:
                self._definitions.setdefault(_label(begun[1]), rest[1].strip("<>"))
                self._definition_lines |= {number, number + 1}

    def _blocks(self) -> None:
        number = 0
        was_blank = True
        while number < len(self._lines):
            text = self._lines[number]
            line = self._first + number
            fence = _FENCE.match(text)
            if fence:
                if was_blank:
                    self._leave_lists(_indent(text))
                number = self._fenced(number, fence[1], fence[2])
                was_blank = False
                continue
            if was_blank and text.strip():
                self._leave_lists(_indent(text))
            is_code = was_blank and _indent(text) >= 4 + (self._columns[-1] if self._columns else 0)
            if _BLANK.match(text):
                self._end_chunk()
                was_blank = True
            elif is_code and not self._stripper.is_within("pre"):
                number = self._indented(number)
                continue
            elif (after := self._markup_block(number)) > number:
                number = after
                was_blank = False
                continue
            elif _BLOCK_TAG.match(text):
                number = self._element(number)
                continue
            elif self._is_markup_line(number):
                was_blank = False
            else:
                self._take_text(text, line)
                was_blank = False
            number += 1

    def _take_text(self, text: str, line: int) -> None:
        """Adds a line of text, without the sign of a list item or a heading's attributes."""
        item = _ITEM.match(text)
        heading = None if item else _HEADING.match(text)
        if item:
            self._enter_item(item.end(), text)
            self._end_chunk()
            text = item[1] + _TASK.sub("", text[item.end() :], count=1)
        elif heading:
            self._end_chunk()
            text = _HEADING_ATTRIBUTES.sub("", text)
        elif defined := _DEFINED.match(text):
            self._enter_item(defined.end(), text)
        self._add(_CALLOUT.sub(r"\1", text), line)
        if heading:
            self._end_chunk()

    def _leave_lists(self, indent: int) -> None:
        """Ends the list items to which a line with this indent behind a blank one does not belong."""
        while self._columns and self._columns[-1] > indent:
            self._columns.pop()

    def _enter_item(self, end: int, text: str) -> None:
        """Begins a list item whose sign ends at ``end``."""
        if ">" in text[:end]:
            return
        self._leave_lists(_indent(text))
        content = text[end:]
        spaces = _indent(content)
        self._columns.append(
            len(text[:end].expandtabs(4)) + (spaces if 0 < spaces < 5 and content.strip() else 1)
        )

    def _markup_block(self, number: int) -> int:
        """Takes a comment or an element whose content is no Markdown, and returns the line behind it.

        Both go over blank lines. Returns the same number if the line begins none that ends.
        """
        text = self._lines[number]
        element = _VERBATIM.match(text)
        if tag := _VERBATIM_TAG.match(text):
            return self._verbatim_tag(number, (tag[1] or tag[2]).lower(), tag.end(), bool(tag[1]))
        if not element and not _COMMENT.match(text):
            return number
        end = f"</{element[1].lower()}" if element else "-->"
        last = next(
            (n for n in range(number, len(self._lines)) if end in self._lines[n].lower()), -1
        )
        if last < 0:
            return number
        self._feed(number, last + 1)
        return last + 1

    def _verbatim_tag(self, number: int, name: str, begin: int, is_liquid: bool) -> int:
        """Takes what stands between two tags of a template, of which nothing is Markdown: code, or what is not shown.

        What is raw is left to the next line, since only its braces are no template's. Returns the same number if
        nothing closes the tag.
        """
        if name == "raw":
            return number
        close = re.compile(
            rf"\{{%-?\s*end{name}\b[^%]*%\}}"
            if is_liquid
            else rf"\{{\{{[<%]\s*/\s*{name}\s*[>%]\}}\}}",
            re.I,
        )
        for last in range(number, len(self._lines)):
            found = close.search(self._lines[last], begin if last == number else 0)
            if found is None:
                continue
            if self._lines[last][found.end() :].strip():
                return number
            self._end_chunk()
            if name not in _NOT_SHOWN:
                lines = [*self._lines[number:last], self._lines[last][: found.start()]]
                lines[0] = lines[0][begin:]
                self._stripper.text("\n".join(lines), self._first + number)
                self._stripper.flush()
            return last + 1
        return number

    def _feed(self, number: int, end: int) -> None:
        """Takes lines as HTML."""
        self._end_chunk()
        lines = (_QUOTATION.sub("", text) for text in self._lines[number:end])
        feed_html(_without_shortcodes("\n".join(lines)), self._stripper, self._first + number)

    def _element(self, number: int) -> int:
        """Takes an element that begins or ends with this line, and what stands with it up to a blank line, as HTML."""
        last = number
        while last < len(self._lines) and not _BLANK.match(self._lines[last]):
            last += 1
        self._feed(number, last)
        return last

    def _is_markup_line(self, number: int) -> bool:
        """Takes a line that begins or ends a div, defines a link, or begins a note."""
        text, line = self._lines[number], self._first + number
        div = _DIV.match(text)
        if div:
            self._end_chunk()
            self._div(div[1].strip(), line)
            return True
        if number in self._definition_lines and not self._chunk:
            return True
        note = _NOTE.match(text)
        if note:
            self._end_chunk()
            self._columns = [4]
            self._stripper.note(line)
            self._add(text[note.end() :], line)
            return True
        return False

    def _div(self, said: str, line: int) -> None:
        said = said.strip(": ") if not said.endswith("}") else said.strip()
        if not said:
            if self._divs:
                self._stripper.end(self._divs.pop())
            return
        attributes = _attributes(said) if said.startswith("{") else {"class": said}
        self._stripper.start("div", attributes, line)
        if title := attributes.get("title"):  # A box shows it above its words.
            self._stripper.text(title, line)
            self._stripper.flush()
        self._divs.append("div")

    def _fenced(self, number: int, mark: str, info: str) -> int:
        self._end_chunk()
        self._stripper.flush()
        end = re.compile(rf"[ \t>]*{re.escape(mark[0])}{{{len(mark)},}}[ \t]*$")
        last = number + 1
        while last < len(self._lines) and not end.match(self._lines[last]):
            last += 1
        content = "\n".join(self._lines[number + 1 : last])
        if info.strip() in ("{=html}", "{=html5}"):
            feed_html(content, self._stripper, self._first + number + 1)
        else:
            self._stripper.text(content, self._first + number + 1)
        self._stripper.flush()
        return last + 1

    def _indented(self, number: int) -> int:
        self._end_chunk()
        last = number
        while last < len(self._lines) and (
            _indent(self._lines[last]) >= 4 or not self._lines[last].strip()
        ):
            last += 1
        self._stripper.text("\n".join(self._lines[number:last]), self._first + number)
        self._stripper.flush()
        return last

    def _add(self, text: str, line: int) -> None:
        if not self._chunk:
            self._chunk_line = line
        self._chunk.extend([""] * (line - self._chunk_line - len(self._chunk)))
        self._chunk.append(text)

    def _end_chunk(self) -> None:
        if self._chunk:
            text = "\n".join(self._chunk)
            self._chunk.clear()
            _Inline(text, self._chunk_line, self._stripper, self._definitions).run()
        self._stripper.flush()


class _Inline:
    """Strips the markup of one run of lines."""

    def __init__(
        self, text: str, line: int, stripper: Stripper, definitions: dict[str, str]
    ) -> None:
        self._text = text
        self._breaks = [found.start() for found in re.finditer("\n", text)]
        self._first = line
        self._stripper = stripper
        self._definitions = definitions

    def run(self) -> None:
        self._strip(0, len(self._text))

    def _line(self, at: int) -> int:
        return self._first + bisect_right(self._breaks, at - 1)

    def _say(self, text: str, at: int) -> None:
        self._stripper.text(text, self._line(at))

    def _strip(self, at: int, end: int) -> None:
        while at < end:
            found = _INLINE.search(self._text, at, end)
            if found is None:
                self._say(self._text[at:end], at)
                return
            self._say(self._text[at : found.start()], at)
            at = max(getattr(self, f"_{_kind(found)}")(found, end), found.start() + 1)

    def _escape(self, found: re.Match[str], end: int) -> int:
        character = found[0][1]
        self._say(f"\\{character}" if character.isalnum() else character, found.start())
        return found.end()

    def _comment(self, found: re.Match[str], end: int) -> int:
        return found.end()

    def _code(self, found: re.Match[str], end: int) -> int:
        after = _ATTRIBUTES.match(self._text, found.end(), end)
        if after and after[0].startswith("{="):
            if after[0] in ("{=html}", "{=html5}"):
                feed_html(found["coded"], self._stripper, self._line(found.start()))
            return after.end()
        self._say(found["coded"], found.start())
        return after.end() if after else found.end()

    def _math(self, found: re.Match[str], end: int) -> int:
        self._say(found["display"] or found["formula"], found.start())
        return found.end()

    def _subscript(self, found: re.Match[str], end: int) -> int:
        # As in pandoc, a link that begins within a subscript ends within it.
        self._strip(found.start() + 1, found.end() - 1)
        return found.end()

    def _auto(self, found: re.Match[str], end: int) -> int:
        address = found[0][1:-1]
        self._link(address if ":" in address else f"mailto:{address}", found.start())
        self._say(address, found.start())
        self._stripper.end("a")
        return found.end()

    def _tag(self, found: re.Match[str], end: int) -> int:
        tag = _TAG.match(self._text, found.start(), end)
        if tag is None:
            self._say("<", found.start())
            return found.start() + 1
        if _RAW.match(tag[0], 1):
            close = self._text.lower().find(
                f"</{tag[0][1:].lower().split('>')[0].split()[0]}", tag.end()
            )
            last = self._text.find(">", close) + 1 if close >= 0 else end
            return last or end
        feed_html(_without_shortcodes(tag[0]), self._stripper, self._line(found.start()))
        return tag.end()

    def _shortcode(self, found: re.Match[str], end: int) -> int:
        hidden = _HIDDEN_SPAN.match(self._text, found.start(), end)
        if hidden:
            return hidden.end()
        code = _SHORTCODE.match(self._text, found.start(), end)
        if code is None:
            self._say(found[0], found.start())
            return found.end()
        if not _SPOKEN_BY_NONE.match(code[0]) and not _OF_OPTIONS.match(code[0]):
            arguments = list(_QUOTED_ARGUMENT.finditer(code[0]))
            captions = {a[2][1:-1] for a in arguments if (a[1] or "").lower() == "caption"}
            for argument in arguments:
                name, value = (argument[1] or "").lower(), argument[2][1:-1]
                if name == "alt" and any(_says_the_same(value, caption) for caption in captions):
                    continue  # In place of a missing picture both would stand there once.
                is_spoken = name in _SPOKEN or " " in value.strip()
                if is_spoken and name not in _UNSPOKEN and not _IS_ADDRESS.match(value):
                    inner = re.sub(r"\\([\"'])", r"\1", value)
                    _Inline(
                        f" {inner} ", self._line(found.start()), self._stripper, self._definitions
                    ).run()
        return code.end()

    def _entity(self, found: re.Match[str], end: int) -> int:
        self._say(html.unescape(found[0]), found.start())
        return found.end()

    def _wiki(self, found: re.Match[str], end: int) -> int:
        line = self._line(found.start())
        address = self._definitions.get(_label(found["target"]), "")
        if not self._stripper.has_wikilinks and not address:
            self._say(found[0], found.start())
        elif found[0].startswith("!"):
            # Another note that is shown here has its own words, and is counted by its file.
            if _PICTURE_FILE.search(found["target"]):
                self._stripper.start("img", {"src": found["target"]}, line)
        else:
            self._stripper.start("a", {"href": address or found["target"]}, line)
            # A link shows neither the name of a block nor the folder and the ending of a file.
            name, mark, part = _BLOCK_NAME.sub("", found["target"]).partition("#")
            shown = name.rpartition("/")[2].removesuffix(".md") + mark + part
            self._say(found["label"] or (found["target"] if address else shown), found.start())
            self._stripper.end("a")
        return found.end()

    def _noteref(self, found: re.Match[str], end: int) -> int:
        return found.end()

    def _inlinenote(self, found: re.Match[str], end: int) -> int:
        close = _closing(self._text, found.end(), end)
        if close < 0:
            return found.end()
        self._stripper.note(self._line(found.start()))
        self._strip(found.end(), close)
        self._stripper.flush()
        return close + 1

    def _picture(self, found: re.Match[str], end: int) -> int:
        close = _closing(self._text, found.end(), end)
        address, after = self._destination(found.end(), close, end)
        if address is None:
            self._say("![", found.start())
            return found.end()
        inner = Stripper()
        _Inline(self._text[found.end() : close], 1, inner, self._definitions).run()
        inner.flush()
        alternative = " ".join(shown_words(inner.items))
        line = self._line(found.start())
        attributes = _ATTRIBUTES.match(self._text, after, end)
        said = _attributes(attributes[0]) if attributes else {}
        # The words in the brackets are the caption of a picture whose alternative text stands in braces.
        said["alt"] = " ".join(filter(None, (alternative, said.get("alt", ""))))
        self._stripper.start("img", {**said, "src": address}, line)
        self._stripper.take_links(inner, line)
        return attributes.end() if attributes else after

    def _bracket(self, found: re.Match[str], end: int) -> int:
        close = _closing(self._text, found.end(), end)
        address, after = self._destination(found.end(), close, end)
        if address is not None:
            attributes = _ATTRIBUTES.match(self._text, after, end)
            classes = _attributes(attributes[0]).get("class", "") if attributes else ""
            self._link(address, found.start(), classes)
            self._strip(found.end(), close)
            self._stripper.end("a")
            return attributes.end() if attributes else after
        attributes = _ATTRIBUTES.match(self._text, close + 1, end) if close >= 0 else None
        if attributes:
            line = self._line(found.start())
            self._stripper.start("span", _attributes(attributes[0]), line)
            self._strip(found.end(), close)
            self._stripper.end("span")
            return attributes.end()
        self._say("[", found.start())
        return found.end()

    def _link(self, address: str, at: int, classes: str = "") -> None:
        self._stripper.start("a", {"href": address, "class": classes}, self._line(at))

    def _destination(self, begin: int, close: int, end: int) -> tuple[str | None, int]:
        """Returns the address behind a bracketed text, or None, and where it ends."""
        if close < 0:
            return None, begin
        inline = _DESTINATION.match(self._text, close + 1, end) or _SPACED.match(
            self._text, close + 1, end
        )
        destination = _named_by(inline[1]) if inline else None
        if inline and destination is not None:
            address = re.sub(r"\\([^\w\s])", r"\1", destination.strip("<>"))
            return _ENTITY.sub(lambda found: html.unescape(found[0]), address), inline.end()
        reference = _REFERENCE.match(self._text, close + 1, end)
        label = _label((reference and reference[1]) or self._text[begin:close])
        if label in self._definitions:
            return self._definitions[label], reference.end() if reference else close + 1
        return None, begin


def _without_shortcodes(markup: str) -> str:
    """Returns markup without shortcodes, which have quotation marks of their own: an attribute has the address that one names."""
    named = _IN_ATTRIBUTE.sub(
        lambda found: found[1] + (_named_by(found[2]) or "") + found[1], markup
    )
    return _SHORTCODE.sub(" ", named)


def _says_the_same(alternative: str, caption: str) -> bool:
    """Returns whether a caption has the words of an alternative text, perhaps with a link in it."""
    shown = re.sub(r"\]\([^()]*\)|[\[*_`]", "", caption)
    return " ".join(alternative.split()).rstrip(".") == " ".join(shown.split()).rstrip(".")


def _named_by(address: str) -> str | None:
    """Returns an address, or the one that a shortcode stands for; None for a shortcode that stands for something else."""
    if not _SHORTCODE.fullmatch(address):
        return address
    named = _LEADS_TO.match(address)
    return named[1] if named else None


_KINDS = (
    "escape comment code math subscript auto tag shortcode entity wiki noteref inlinenote picture bracket"
).split()


def _kind(found: re.Match[str]) -> str:
    return next(kind for kind in _KINDS if found[kind] is not None)


def _closing(text: str, at: int, end: int) -> int:
    """Returns where the bracket closes that is open at ``at``, or -1. Code and escapes close none."""
    depth = 1
    for found in _STEP.finditer(text, at, end):
        step = found[0]
        if step == "[":
            depth += 1
        elif step == "]":
            depth -= 1
            if not depth:
                return found.start()
    return -1


_STEP = lazy_pattern(r"\\[\s\S]|(?<!`)(`+)(?!`)[^`]*(?<!`)\1(?!`)|[\[\]]")


def _label(text: str) -> str:
    return " ".join(text.split()).casefold()


def _indent(text: str) -> int:
    spaces = text[: len(text) - len(text.lstrip(" \t"))]
    return len(spaces.expandtabs(4))


def _attributes(text: str) -> dict[str, str]:
    """Returns the attributes in braces, the classes as one."""
    inside = text.strip().removeprefix("{").removesuffix("}")
    values = {
        pair[1]: re.sub(r"\\(.)", r"\1", pair[2]) if pair[2] is not None else pair[3] or pair[4]
        for pair in _PAIR.finditer(inside)
    }
    bare = _PAIR.sub(" ", inside)
    classes = [word[1:] for word in bare.split() if word.startswith(".")]
    values["id"] = next((word[1:] for word in bare.split() if word.startswith("#")), "")
    values["class"] = " ".join([values.get("class", ""), *classes]).strip()
    return values
