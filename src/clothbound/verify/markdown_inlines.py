"""Strips the markup within paragraphs of Markdown: links, pictures, code, notes, elements, shortcodes."""

from __future__ import annotations

import html
import re
from bisect import bisect_right

from ..lazy_pattern import lazy_pattern
from .content import shown_words
from .markup import Stripper, feed_html

_ATTRIBUTES = lazy_pattern(r'\{(?:[^{}"\n]|"(?:[^"\\]|\\.)*"|\n(?!\n))*\}')
_PAIR = lazy_pattern(
    r'(?<![\w:-])([\w:-]++)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|\'([^\']*)\'|([^\s"\'>}]+))'
)
_DESTINATION = lazy_pattern(
    r"\(\s*(<(?:[^<>\\\n]|\\.)*>|\{\{[<%][^{}\n]*[%>]\}\}|(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.|\([^\s()]*\))*\))*)"
    r"(?:\s+(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))?\s*\)"
)
_SPACED = lazy_pattern(
    r"\(((?:https?://|mailto:|\.{0,2}/)[^()<>\s\"']+(?:[ ]+[^()<>\s\"']+)+|[^()<>\s\"']+(?:[ ][^()<>\s\"']+)+\.[A-Za-z]{2,4})"
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
_INLINE = lazy_pattern(
    r"(?P<escape>\\[\s\S])"
    r"|(?P<comment><!--)"
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
    r"\{\{[<%](?:[^{%>]++|\{(?!\{[<%])|[%>](?!\}\}))*+[%>]\}\}"
    r"|\{%(?:[^{%]++|\{(?!%)|%(?!\}))*+%\}|\{\{\s*[\w.:]+\([^{}]*\)\s*\}\}"
)
"""Matches a shortcode, within which no other of its form begins: so each sign without an end costs what is before the next."""
_IN_ATTRIBUTE = lazy_pattern(r"([\"'])(\{\{[<%][^{}]*[%>]\}\})\1")
# Where an address stands, whatever a shortcode is called names it.
_LEADS_TO = lazy_pattern(r"\{[{%][<%]?\s*[\w-]+\s+[\"'`]([^\"'`]+)[\"'`]\s*[%>]")
_SPOKEN = frozenset(
    "alt attr author caption cite content header heading intro label source summary text title".split()
)
"""The arguments of shortcodes whose names say that they are words. Others are if they are quoted and have a space."""
_UNSPOKEN = frozenset("attrs class command id match options params rel sizes srcset style".split())
_QUOTED_ARGUMENT = lazy_pattern(
    r"(?:(?<![\w:-])([\w:-]+)\s*(?:=|:(?=\s))\s*)?(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
)
_REMARK = lazy_pattern(r"\{#\s[^\n{}]*?[\s\u200b]#\}")
_COMMENTS = (
    (
        lazy_pattern(r"\{%-?\s*comment\s*-?%\}"),
        lazy_pattern(r"\{%-?\s*endcomment\s*-?%\}"),
    ),
    (
        lazy_pattern(r"\{\{[<%]\s*comment\s*[>%]\}\}"),
        lazy_pattern(r"\{\{[<%]\s*/\s*comment\s*[>%]\}\}"),
    ),
)
"""Match where comments of Liquid and of Hugo begin, and where they end."""
_END_OF_HTML = lazy_pattern("-->")
_SPOKEN_BY_NONE = lazy_pattern(
    r"\{%-?\s*(?:assign|set|if|elsif|elif|for|unless|case|when|capture|include(?:_\w+)?\s+\S+\s*%)"
    r"|\{\{[<%]\s*(?:fa[brs]?|feather|fontawesome|icons?)\s"
)
_OF_OPTIONS = lazy_pattern(r"\{\{[<%]\s*highlight\s")
"""Matches Hugo's shortcode for code, whose arguments are a language and options (its documentation)."""
_IN_NEW_TAB = lazy_pattern(r"tab:(?=https?://|/)")
"""Matches what Bear Blog writes before an address that opens in another tab."""
_IS_ADDRESS = lazy_pattern(r"(?:https?:)?//\S+$|\{\{")
_IS_SIZE = lazy_pattern(r"\d(?:vw|em|px)\b")
"""Matches how wide a picture is on screens."""
_RAW = lazy_pattern(r"(?P<name>script|style)\b", re.I)
_STEP = lazy_pattern(r"\\[\s\S]|(?<!`)(`+)(?!`)[^`]*(?<!`)\1(?!`)|[\[\]]")
"""Matches a bracket, and what is skipped on the way to the one that closes it: an escape, code."""
_DEEPEST = 60
"""The most brackets around a text whose own are sought. Those of a stranger may be nested by thousands."""
_LONGEST_LABEL = 999
"""The most characters of a link's label (CommonMark 0.31.2, section 4.7)."""


class InlineStripper:
    """Strips the markup of one run of lines."""

    def __init__(
        self,
        text: str,
        line: int,
        stripper: Stripper,
        definitions: dict[str, str],
        level: int = 0,
    ) -> None:
        """``level`` says how many brackets are open around the text."""
        self._text = text
        self._breaks = [found.start() for found in re.finditer("\n", text)]
        self._first = line
        self._stripper = stripper
        self._definitions = definitions
        self._level = level
        self._closings: dict[int, int] = {}
        """Where the brackets close whose content begins at these places; -1 for those that do not."""
        self._endless: set[tuple[str, int]] = set()
        """The patterns of ends of comments that match nothing more before a place."""

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

    def _strip_within(self, at: int, end: int) -> None:
        """Strips what stands between two brackets."""
        self._level += 1
        self._strip(at, end)
        self._level -= 1

    def _closing(self, at: int, end: int) -> int:
        """Returns where the bracket closes that is open at ``at``; -1 if it does not, or if too many are open around it.

        Code and escapes close none. What is found of the brackets within is kept, so that each is looked for once.
        """
        if self._level == _DEEPEST:
            return -1
        if at not in self._closings:
            self._find_closings(at, end)
        close = self._closings[at]
        return close if close < end else -1

    def _find_closings(self, at: int, end: int) -> None:
        opened = [at]
        for found in _STEP.finditer(self._text, at, end):
            if found[0] == "[":
                opened.append(found.end())
            elif found[0] == "]":
                self._closings[opened.pop()] = found.start()
                if not opened:
                    return
        self._closings.update(dict.fromkeys(opened, -1))

    def _escape(self, found: re.Match[str], end: int) -> int:
        character = found[0][1]
        self._say(f"\\{character}" if character.isalnum() else character, found.start())
        return found.end()

    def _comment(self, found: re.Match[str], end: int) -> int:
        after = self._end_behind(found.end(), end, _END_OF_HTML)
        if not after:
            self._say(found[0], found.start())
        return after or found.end()

    def _end_behind(self, at: int, end: int, pattern: re.Pattern[str]) -> int:
        """Returns the end of the first match of ``pattern`` from ``at`` on; 0 without any, as for all places behind it."""
        key = (pattern.pattern, end)
        found = None if key in self._endless else pattern.search(self._text, at, end)
        if found is None:
            self._endless.add(key)
        return found.end() if found else 0

    def _code(self, found: re.Match[str], end: int) -> int:
        after = _ATTRIBUTES.match(self._text, found.end(), end)
        if after and after[0].startswith("{="):
            if after[0] in ("{=html}", "{=html5}"):
                feed_html(found["coded"], self._stripper, self._line(found.start()))
            return after.end()
        self._say(found["coded"], found.start())
        return after.end() if after else found.end()

    def _math(self, found: re.Match[str], end: int) -> int:
        # A PDF has a formula's words apart from the letters that touch it.
        self._say(f" {found['display'] or found['formula']} ", found.start())
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
        feed_html(without_shortcodes(tag[0]), self._stripper, self._line(found.start()))
        return tag.end()

    def _shortcode(self, found: re.Match[str], end: int) -> int:
        remark = _REMARK.match(self._text, found.start(), end)
        hidden_end = remark.end() if remark else self._end_of_comment(found.start(), end)
        if hidden_end:
            return hidden_end
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
                is_size = not name and _IS_SIZE.search(value) is not None
                is_spoken = is_spoken and not is_size and name not in _UNSPOKEN
                if is_spoken and not _IS_ADDRESS.match(value):
                    inner = re.sub(r"\\([\"'])", r"\1", value)
                    InlineStripper(
                        f" {inner} ", self._line(found.start()), self._stripper, self._definitions
                    ).run()
        return code.end()

    def _end_of_comment(self, at: int, end: int) -> int:
        """Returns where a comment of a template ends that begins at ``at``; 0 if none does, or if nothing ends it."""
        for begin, close in _COMMENTS:
            if begun := begin.match(self._text, at, end):
                return self._end_behind(begun.end(), end, close)
        return 0

    def _entity(self, found: re.Match[str], end: int) -> int:
        self._say(html.unescape(found[0]), found.start())
        return found.end()

    def _wiki(self, found: re.Match[str], end: int) -> int:
        line = self._line(found.start())
        # In a table, a backslash stands before the sign that parts the words from the name.
        target = found["target"].removesuffix("\\")
        address = self._definitions.get(fold_label(target), "")
        if not self._stripper.has_wikilinks and not address:
            self._say(found[0], found.start())
        elif found[0].startswith("!"):
            # Another note that is shown here has its own words, and is counted by its file.
            if _PICTURE_FILE.search(target):
                self._stripper.start("img", {"src": target}, line)
        else:
            self._stripper.start("a", {"href": address or target}, line)
            # A link shows neither the name of a block nor the folder and the ending of a file.
            name, mark, part = _BLOCK_NAME.sub("", target).partition("#")
            shown = name.rpartition("/")[2].removesuffix(".md") + mark + part
            self._say(found["label"] or (target if address else shown), found.start())
            self._stripper.end("a")
        return found.end()

    def _noteref(self, found: re.Match[str], end: int) -> int:
        is_before_address = self._text.startswith("(", found.end(), end)
        if is_before_address and found[0][1:-1] not in self._definitions:
            return self._bracket(found, end)  # No note has this name.
        return found.end()

    def _inlinenote(self, found: re.Match[str], end: int) -> int:
        close = self._closing(found.end(), end)
        if close < 0:
            return found.end()
        self._stripper.note(self._line(found.start()))
        self._strip_within(found.end(), close)
        self._stripper.flush()
        return close + 1

    def _picture(self, found: re.Match[str], end: int) -> int:
        close = self._closing(found.end(), end)
        address, after = self._destination(found.end(), close, end)
        if address is None:
            self._say("![", found.start())
            return found.end()
        inner = Stripper()
        InlineStripper(
            self._text[found.end() : close], 1, inner, self._definitions, self._level + 1
        ).run()
        inner.flush()
        alternative = " ".join(shown_words(inner.items))
        line = self._line(found.start())
        attributes = _ATTRIBUTES.match(self._text, after, end)
        said = read_attributes(attributes[0]) if attributes else {}
        # The words in the brackets are the caption of a picture whose alternative text stands in braces.
        said["alt"] = " ".join(filter(None, (alternative, said.get("alt", ""))))
        self._stripper.start("img", {**said, "src": address}, line)
        self._stripper.take_links(inner, line)
        return attributes.end() if attributes else after

    def _bracket(self, found: re.Match[str], end: int) -> int:
        begin = found.start() + 1
        close = self._closing(begin, end)
        address, after = self._destination(begin, close, end)
        if address is not None:
            attributes = _ATTRIBUTES.match(self._text, after, end)
            classes = read_attributes(attributes[0]).get("class", "") if attributes else ""
            self._link(address, found.start(), classes)
            self._strip_within(begin, close)
            self._stripper.end("a")
            return attributes.end() if attributes else after
        attributes = _ATTRIBUTES.match(self._text, close + 1, end) if close >= 0 else None
        if attributes:
            line = self._line(found.start())
            self._stripper.start("span", read_attributes(attributes[0]), line)
            self._strip_within(begin, close)
            self._stripper.end("span")
            return attributes.end()
        self._say("[", found.start())
        return begin

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
            is_bracketed = destination.startswith("<") and destination.endswith(">")
            bare = destination[1:-1] if is_bracketed else destination
            address = re.sub(r"\\([^\w\s])", r"\1", _IN_NEW_TAB.sub("", bare))
            return _ENTITY.sub(lambda found: html.unescape(found[0]), address), inline.end()
        reference = _REFERENCE.match(self._text, close + 1, end)
        own = self._text[begin:close] if close - begin <= _LONGEST_LABEL else ""
        label = fold_label((reference and reference[1]) or own)
        if label in self._definitions:
            return self._definitions[label], reference.end() if reference else close + 1
        return None, begin


def without_shortcodes(markup: str) -> str:
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


def fold_label(text: str) -> str:
    """Returns the label of a link as it is compared: in lower case, with single spaces."""
    return " ".join(text.split()).casefold()


def read_attributes(text: str) -> dict[str, str]:
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
