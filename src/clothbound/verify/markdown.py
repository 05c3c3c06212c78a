"""Strips Markdown, in the dialects of pandoc (as Substack archives become), GitHub, CommonMark and site generators.

It knows just enough to tell words from markup, not what the markup means: fences, notes, links, pictures, elements,
attributes, shortcodes. What it does not know counts as words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from unicodedata import category

from ..lazy_pattern import lazy_pattern
from .content import Item
from .directives import without_directives
from .generators import without_marks_of_generators
from .markdown_inlines import InlineStripper, fold_label, read_attributes, without_shortcodes
from .markup import Stripper, feed_html, without_open_frames
from .template_marks import without_template_marks

_CODE_TITLE = lazy_pattern(
    r"\b(?:title|filename|file|caption)\b\s*[=:]\s*(?:([\"'])(.*?)\1(?=[\s},]|\Z)|([^\s\"'{},]+))|(?<=\s)\[(?=[^\[\]]*[^\W\d_])([^\[\]{}=!\"]+)\]"
)
"""Matches what stands above code as its title."""
_FENCE = lazy_pattern(r"[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?(`{3,}|~{3,})([^`\n]*)$")
_DIV = lazy_pattern(r"[ \t>]*:{3,}(.*)$")
_DEFINITION = lazy_pattern(
    r"[ >]{0,6}(?:(?:[-*+]|\d{1,9}[.)])[ ]{1,4})?\[(?!\^)((?:[^\[\]\\]|\\.)+)\]:[ \t]*(<[^<>]*>|https?://\S+|(?:\{\{[^{}\n]*\}\}|\{%[^{}\n]*%\})?\S*(?<![\s:]))"
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
_LEAST_OF_CODE = 3
"""A line with more spaces before it is code where no item holds it."""
_DEFINED_BLOCK = lazy_pattern(r"[ ]{0,3}[:~](?=[ \t]+(?:[:`~]{3}|<))")
"""Matches the sign of a definition that begins with another block than a paragraph."""
_TASK = lazy_pattern(r"(?<![ \t])[ \t]*\[[ xX]\](?=[ \t])")
_LABELLED = lazy_pattern(r"(?:^[ \t]*(?:Table)?:[ \t].*|\$\$[ \t]*)\{[#.][^{}]*\}[ \t]*$")
"""Matches a caption of a table and the end of a formula with their attributes."""
# Matches the word before a caption below or above a table.
_CAPTION = lazy_pattern(
    r"^[ \t>]*\|[^\n]*\n(?:[ \t>]*\n)?[ \t>]*Table:(?=[ \t])"
    r"|^[ \t>]*Table:(?=[ \t][^\n]*\n[ \t>]*\n[ \t>]*[|+])",
    re.M,
)
_EQUATION_TAG = lazy_pattern(r"\\tag\*?\{")
_HEADING_ATTRIBUTES = lazy_pattern(r"[ \t]\{[#.\w-][^{}]*\}[ \t]*#*[ \t]*$")
_CALLOUT = lazy_pattern(r"(?<![ \t>])([ \t]*>[ \t>]*)\[![\w-]+\][-+]?")
_BLANK = lazy_pattern(r"[ \t>]*$")
_BLOCK_TAG = lazy_pattern(
    r"[ \t>]*</?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div"
    r"|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main"
    r"|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr"
    r"|track|ul)(?:\s|/?>|$)",
    re.I,
)
_AROUND_MARKDOWN = lazy_pattern(
    r"[ \t]*<[a-z][\w-]*+(?=[^<>]*+>[ \t]*$)[^<>]*?\smarkdown(?:\s*=\s*[\"']?(?:1|block|span)\b[\"']?)?(?=[\s>])",
    re.I,
)
"""Matches a line that begins an element whose content is Markdown, as kramdown, PHP Markdown Extra and Python mark it."""
_CALLOUT_OF_NOTION = lazy_pattern(r" {0,3}<aside>[ \t]*$")
_QUOTATION = lazy_pattern(r"^(?:[ \t]*>)+")
_VERBATIM_TAG = lazy_pattern(
    r"[ \t>]*(?:\{%-?\s*(highlight|raw|comment)\b[^%\n]*%\}|\{\{[<%]\s*(highlight|code|code-toggle|comment|mermaid)\b[^\n]*?[>%]\}\})",
    re.I,
)
_RAW_TAG = lazy_pattern(r"\{%-?\s*(?:end)?raw\s*-?%\}")
"""Matches a tag around braces that no template fills, which a page does not show."""
_NOT_SHOWN = frozenset({"comment"})
_KRAMDOWN_CONTENTS = lazy_pattern(r"^(?:[*+-]|\d+\.)[ \t]++[^\n]*\n(?=\{:[^}\n]*\btoc\b)", re.M)
_KRAMDOWN = lazy_pattern(
    r"(?P<code>(?<!`)`++[^`]++`+)|^ {0,3}\{:(?!:)[^{}\n]*\}[ \t]*$|\{:(?![:/])[^{}\n]*[#.=][^{}\n]*\}|\{:[:/](?:options|nomarkdown|comment)?[^{}\n]*\}"
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
_LABEL = lazy_pattern(r"^ {0,3}\[(?!\^)([^\[\]\n]+)\]:", re.M)
_HEADING_LINE = lazy_pattern(r"^ {0,3}#{1,6}[ \t]+(?=\S)([^\n]*)$", re.M)
_ATTRIBUTES_BEHIND = lazy_pattern(r"\{[^{}]*\}\Z")
_LABEL_BEHIND = lazy_pattern(r"\[([^\[\]]+)\]\Z")
_REFERRED = lazy_pattern(r"\]\[([^\[\]\n]+)\]")
_LINKED_HEADING = lazy_pattern(r"(\[[^\[\]\n]*\])\[([^\[\]\n]+)\]")
_NAMED_VALUE = r"\{\{-?\s*\$?[A-Za-z_][\w-]*(?:\.[\w-]+|\[[^\]{}\n]+\])*\s*(?:\|[^{}%\n]*)?-?\}\}"
_VALUE = lazy_pattern(_NAMED_VALUE)
"""Matches what a site's configuration, data or header says: ``{{ site.title }}``. Its words stand elsewhere."""
_ADDRESS_CALL = (
    r"\{\{-?\s*(?:\"[^\"\n]*\"|'[^'\n]*')\s*\|[^{}\n]*\}\}|\{%-?\s*(?:post_url|link)\s[^%\n]*%\}"
)
_LINK_WITH_VALUE = lazy_pattern(
    rf"!?\[((?:[^\[\]\n])*)\]\((?=[^()\n]*\))[^()\n]*?(?:{_NAMED_VALUE}|{_ADDRESS_CALL})[^()\n]*\)"
)
"""Matches a link or a picture whose address Liquid makes: ``({% post_url 2021-01-10-loaf %}#water)``."""

_CONDITION = lazy_pattern(
    r"\{%-?\s*(if|unless)\b(?:(?!\{%-?\s*(?:if|unless|raw)\b).)*?\{%-?\s*end\1\s*-?%\}", re.S
)
"""Matches a condition of Liquid with none of its like in it: which of its words a page shows, the site says."""


def strip_markdown(
    text: str, line: int = 1, *, is_product: bool = False, has_wikilinks: bool = False
) -> list[Item]:
    """Returns the content of a Markdown text without a header, whose first line is ``line``."""
    if not is_product and ("{{" in text or ("](" in text and "{%" in text)):
        text = _VALUE.sub("", _LINK_WITH_VALUE.sub(r"\1", text))
    while not is_product and _CONDITION.search(text):
        text = _CONDITION.sub(lambda found: "\n" * found[0].count("\n"), text)
    if not is_product:
        text = without_template_marks(without_directives(without_marks_of_generators(text)))
        text = (
            _CAPTION.sub(lambda found: found[0].removesuffix("Table:"), text)
            if "Table:" in text
            else text
        )
        text = _EQUATION_TAG.sub("{", text) if "\\tag" in text else text
    if "{:" in text:
        text = _without_lists(text)
    while _ADMONITION.search(text):
        text = _ADMONITION.sub(_shown_box, text)
    if "[" in text:
        text = _without_definitions(text)
    if "<" in text:
        text = without_open_frames(text)
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
    named = map(_parted_heading, _HEADING_LINE.finditer(text))
    headings = {fold_label(name): label for name, label in named}
    labels = {fold_label(label) for label in headings.values() if label}
    if not headings or "][" not in text:
        return text

    # A link has the address that is defined for its label before the heading of that name.
    defined = {fold_label(found[1]) for found in _LABEL.finditer(text)}
    referred = set(_REFERRED.findall(text))

    def linked(found: re.Match[str]) -> str:
        label = fold_label(found[2])
        if label in defined or (label not in headings and label not in labels):
            return found[0]
        return found[1] if found[1] != "[]" else f"[{found[2]}]"

    def headed(found: re.Match[str]) -> str:
        label = _parted_heading(found)[1]
        return found[0].replace(f"[{label}]", "") if label in referred else found[0]

    return _HEADING_LINE.sub(headed, _LINKED_HEADING.sub(linked, text))


def _parted_heading(found: re.Match[str]) -> tuple[str, str]:
    """Returns the name of a heading, and the label behind it; an empty one without any."""
    said = found[1].rstrip(" \t").rstrip("#").rstrip(" \t")
    said = _ATTRIBUTES_BEHIND.sub("", said).rstrip(" \t")
    label = _LABEL_BEHIND.search(said)
    return (said[: label.start()].rstrip(" \t"), label[1]) if label else (said, "")


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
        self._ends: dict[str, int] = {}
        """The line of the next end of each element or tag that was sought; the number of lines if there is none."""

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
            if note := _NOTE.match(text):
                self._definitions.setdefault(f"^{note[2]}", "")
            begun = None if found else _BEGUN.match(text)
            if not is_free or not (found or begun):
                continue
            if _indent(text) > _LEAST_OF_CODE and not self._is_in_item(number):
                continue
            if found:
                self._definitions.setdefault(fold_label(found[1]), found[2].strip("<>"))
                self._definition_lines.add(number)
                continue
            rest = (
                _GOES_ON.match(self._lines[number + 1])
                if begun and number + 1 < len(self._lines)
                else None
            )
            if begun and rest:
                self._definitions.setdefault(fold_label(begun[1]), rest[1].strip("<>"))
                self._definition_lines |= {number, number + 1}

    def _is_in_item(self, number: int) -> bool:
        """Returns whether the last line before this one with less indent begins an item or a note."""
        above = (text for text in reversed(self._lines[:number]) if text.strip())
        outer = next((text for text in above if _indent(text) <= _LEAST_OF_CODE), "")
        return bool(_ITEM.match(outer) or _NOTE.match(outer) or _DEFINED.match(outer))

    def _blocks(self) -> None:
        number = 0
        was_blank = True
        while number < len(self._lines):
            if defined := _DEFINED_BLOCK.match(self._lines[number]):
                self._end_chunk()
                self._enter_item(defined.end(), self._lines[number])
                self._lines[number] = " " * defined.end() + self._lines[number][defined.end() :]
                was_blank = False
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
            if div := _DIV.match(text):
                self._div(div[1].strip(), line)
                return
        elif heading:
            self._end_chunk()
            text = _HEADING_ATTRIBUTES.sub("", text)
        elif defined := _DEFINED.match(text):
            self._enter_item(defined.end(), text)
        if _LABELLED.search(text):
            text = _HEADING_ATTRIBUTES.sub("", text)
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

        Both go over blank lines. A comment without an end hides the rest. Returns the same number if the line begins an element
        without one.
        """
        text = self._lines[number]
        element = _VERBATIM.match(text)
        if tag := _VERBATIM_TAG.match(text):
            return self._verbatim_tag(number, (tag[1] or tag[2]).lower(), tag.end(), bool(tag[1]))
        if not element and not _COMMENT.match(text):
            return number
        end = f"</{element[1].lower()}" if element else "-->"
        last = self._find_end(end, number, lambda line: end in line.lower())
        if last == len(self._lines):
            if element:
                return number
            last -= 1
        self._feed(number, last + 1)
        return last + 1

    def _find_end(self, end: str, number: int, is_end: Callable[[str], object]) -> int:
        """Returns the first line from ``number`` on that is an end; the number of lines if there is none."""
        if self._ends.get(end, -1) < number:
            rest = range(number, len(self._lines))
            self._ends[end] = next((n for n in rest if is_end(self._lines[n])), len(self._lines))
        return self._ends[end]

    def _verbatim_tag(self, number: int, name: str, begin: int, is_liquid: bool) -> int:
        """Takes what stands between two tags of a template, of which nothing is Markdown: code, or what is not shown.

        What is raw is left to the next line, since only its braces are no template's. Returns the same number if
        nothing closes the tag.
        """
        if name == "raw":
            return number
        close: re.Pattern[str] = re.compile(
            rf"\{{%-?\s*end{name}\b[^%]*%\}}"
            if is_liquid
            else rf"\{{\{{[<%]\s*/\s*{name}\s*[>%]\}}\}}",
            re.I,
        )
        last, found = number, close.search(self._lines[number], begin)
        if found is None:
            last = self._find_end(close.pattern, number + 1, close.search)
            found = close.search(self._lines[last]) if last < len(self._lines) else None
        if found is None or self._lines[last][found.end() :].strip():
            return number
        self._end_chunk()
        if name not in _NOT_SHOWN:
            lines = [*self._lines[number:last], self._lines[last][: found.start()]]
            lines[0] = lines[0][begin:]
            self._stripper.text("\n".join(lines), self._first + number)
            self._stripper.flush()
        return last + 1

    def _feed(self, number: int, end: int) -> None:
        """Takes lines as HTML."""
        self._end_chunk()
        lines = (_QUOTATION.sub("", text) for text in self._lines[number:end])
        feed_html(without_shortcodes("\n".join(lines)), self._stripper, self._first + number)

    def _element(self, number: int) -> int:
        """Takes an element that begins or ends with this line, and what stands with it up to a blank line, as HTML."""
        if self._holds_markdown(number):
            self._feed(number, number + 1)
            return number + 1
        last = number
        while last < len(self._lines) and not _BLANK.match(self._lines[last]):
            last += 1
        self._feed(number, last)
        return last

    def _holds_markdown(self, number: int) -> bool:
        """Returns whether Markdown follows the tag that is this line: it says so, or an emoji begins a callout of Notion."""
        text = self._lines[number]
        if _AROUND_MARKDOWN.match(text):
            return True
        if not _CALLOUT_OF_NOTION.match(text) or number + 1 == len(self._lines):
            return False
        sign = self._lines[number + 1].strip()[:2]
        return bool(sign) and (category(sign[0]) == "So" or sign[1:] == "\N{VARIATION SELECTOR-16}")

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
        attributes = read_attributes(said) if said.startswith("{") else {"class": said}
        self._stripper.start("div", attributes, line)
        if title := attributes.get("title"):  # A box shows it above its words, as Markdown.
            self._add(title, line)
            self._end_chunk()
        self._divs.append("div")

    def _fenced(self, number: int, mark: str, info: str) -> int:
        self._end_chunk()
        self._stripper.flush()
        last, after = self._code_end(number, mark)
        content = "\n".join(self._lines[number + 1 : last])
        if info.strip() in ("{=html}", "{=html5}"):
            feed_html(content, self._stripper, self._first + number + 1)
        else:
            for title in _CODE_TITLE.finditer(re.sub(r"\\([\"'])", r"\1", info)):
                self._stripper.text(title[2] or title[3] or title[4] or "", self._first + number)
                self._stripper.flush()
            if "endraw" in content:
                content = _RAW_TAG.sub("", content)
            self._stripper.text(content, self._first + number + 1)
        self._stripper.flush()
        return after

    def _code_end(self, number: int, mark: str) -> tuple[int, int]:
        """Returns the line after a fence's code, and the one that goes on: code ends with the item or the quotation in which
        it began, too.
        """
        first = self._lines[number]
        item = _ITEM.match(first)
        column = self._columns[-1] if self._columns and _indent(first) >= self._columns[-1] else 0
        if item and ">" not in item[0]:
            column = item.end() + 1
        is_quoted = bool(_QUOTATION.match(first))
        end = re.compile(rf"[ \t>]*{re.escape(mark[0])}{{{len(mark)},}}[ \t]*$")
        for last in range(number + 1, len(self._lines)):
            text = self._lines[last]
            if end.match(text):
                return last, last + 1
            is_left = text.strip() and _indent(text) < column
            if is_left or (is_quoted and not _QUOTATION.match(text)):
                return last, last
        return len(self._lines), len(self._lines)

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
            InlineStripper(text, self._chunk_line, self._stripper, self._definitions).run()
        self._stripper.flush()


def _indent(text: str) -> int:
    spaces = text[: len(text) - len(text.lstrip(" \t"))]
    return len(spaces.expandtabs(4))
