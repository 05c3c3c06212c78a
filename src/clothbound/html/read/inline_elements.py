"""Begins inline elements: marks, code, links, pictures, fields of forms."""

from __future__ import annotations

import re

from ...diagnostics import DiagnosticCode, Severity
from ...media.sniffing import type_of_address
from ...model import inlines as i
from ...web.addresses import is_data
from ...web.html_elements import MARK_KINDS, MARKS
from .block_builders import (
    PLAIN,
    Attributes,
    common_of,
    is_component,
    language_of_code,
    with_common,
    with_id_of_name,
)
from .builder import FragmentBuilder
from .opaque_elements import OpaqueElement

_NAMED = 200
"""How many characters of an address a message has."""
_CANONICAL_MARKS = frozenset(MARKS.values())
_LINK_FIELDS = frozenset({"href", "title"})
_IMAGE_FIELDS = frozenset({"src", "alt", "title", "data-src", "data-srcset", "data-lazy-src"})
_FONT_FIELDS = frozenset({"color", "face", "size", "style"})


def start_mark(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    if build.verbatim and _in_code_block(build):
        build.passes(name)
    elif name == "b" and "font-weight:normal" in attrs.get("style", "").replace(" ", ""):
        # Google Docs wraps all copied content in this element.
        build.passes(name)
    else:
        # A round trip needs the name, since no template writes a b.
        element = name if build.is_faithful and name not in _CANONICAL_MARKS else ""
        common = common_of(attrs, typed=_FONT_FIELDS, element=element)
        build.push_inline(name, MARK_KINDS[name], common)


def _in_code_block(build: FragmentBuilder) -> bool:
    frame = build.around("pre")
    return frame is not None and frame.data is not None


def start_code(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    if build.verbatim:
        frame = build.around("pre")
        if frame is not None and name != "kbd":
            frame.data = language_of_code(attrs) or frame.data or ""
        build.passes(name)
        return
    common = common_of(attrs)
    if name in ("kbd", "samp"):
        common = common._replace(classes=(name, *common.classes))
    build.code.append(common)
    build.top.run.append("")
    build.passes(name, _leave_code)


def _leave_code(build: FragmentBuilder) -> None:
    build.code.pop()


def start_span(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    if build.verbatim:
        build.passes(name)
        return
    if "katex" in attrs.get("class", ""):
        # KaTeX writes each formula twice; the part for machines contains the TeX.
        if "katex-html" in attrs["class"]:
            build.push_opaque(name, OpaqueElement("katex", attrs))
        else:
            build.passes(name)
        return
    common = common_of(attrs, typed=_FONT_FIELDS, element="" if name == "span" else name)
    if name in ("small", "bdo", "bdi", "abbr", "time"):
        worth = name == "small" or any(key != "element" for key, _ in common.attributes)
    elif name == "span":
        worth = common != PLAIN or build.is_faithful
    else:
        worth = bool(common.id or common.classes)
    if name == "button" and not build.components and not is_component(attrs):
        build.find(
            DiagnosticCode.RAW_DROPPED, "a button was written as its text", "", Severity.INFO
        )
    if worth:
        # The words of a component may be in its data, and the space behind them counts.
        at_end = FragmentBuilder.keep_space if is_component(attrs) else None
        build.push_inline(name, i.Span, common, at_end=at_end)
    else:
        build.passes(name)


def start_link(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    if build.verbatim and _in_code_block(build):
        report_link_in_code(build, attrs.get("href", ""))
        build.passes(name)
    elif "href" in attrs:
        title = attrs.get("title", "")
        link = i.Link((), attrs["href"].strip(), title)
        # An empty title has no meaning but is kept.
        typed = _LINK_FIELDS - {"title"} if build.is_faithful and not title else _LINK_FIELDS
        build.push_inline(name, i.Link, common_of(with_id_of_name(attrs), typed=typed), link)
    else:
        common = common_of(with_id_of_name(attrs))
        if common == PLAIN:
            build.passes(name)
        else:
            build.push_inline(name, i.Span, common)


def report_link_in_code(build: FragmentBuilder, href: str) -> None:
    """Reports a link that code, which is text alone, cannot hold. Numbers of lines lead to themselves (``#L1``)."""
    if href and not href.startswith("#"):
        message = f"a link in code left out; its text is kept: {href[:_NAMED]}"
        build.find(DiagnosticCode.LINK_UNRESOLVED, message, severity=Severity.INFO)


def report_picture_in_code(build: FragmentBuilder, picture: i.Image) -> None:
    """Reports a picture that code, which is text alone, cannot hold."""
    message = f"the picture {picture.src[:_NAMED]} in code was written as its words"
    build.find(DiagnosticCode.NODE_SIMPLIFIED, message, severity=Severity.INFO)


def start_break(build: FragmentBuilder, name: str, _: Attributes) -> None:
    if build.verbatim:
        build.top.run.append("\n")
    else:
        run = build.top.run
        if run and type(run[-1]) is str and not build.exact:
            run[-1] = run[-1].rstrip(" ")
        build.append(i.LineBreak(), space=True)
    build.passes(name)


def start_image(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    build.passes(name)
    source = attrs.get("src", "") or next(iter(build.sources), "")
    if not source or (is_data(source) and "data-src" in attrs):
        # Pages with lazy loading keep the address in another attribute.
        late = attrs.get("data-src") or attrs.get("data-lazy-src")
        source = late or _largest(attrs.get("srcset") or attrs.get("data-srcset", "")) or source
    if not source and not attrs.get("alt") and not is_component(attrs):
        return
    typed = _IMAGE_FIELDS if is_component(attrs) else _IMAGE_FIELDS | {"srcset", "sizes"}
    image = i.Image(source.strip(), attrs.get("alt", ""), attrs.get("title", ""), line=build.line)
    build.append(with_common(image, common_of(attrs, typed=typed)))
    build.sources.clear()


def start_picture(build: FragmentBuilder, name: str, _: Attributes) -> None:
    build.sources.clear()
    build.passes(name, _end_picture)


def start_source(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    srcset = attrs.get("srcset") or attrs.get("data-srcset", "")
    if not build.is_open("picture"):
        _keep_lone_recording(build, name, attrs)
    elif srcset.strip():
        build.sources.append(_largest(srcset) or srcset.split()[0].strip(","))
    build.passes(name)


def _keep_lone_recording(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    """Keeps the recording of a player that ended before it names one."""
    source = attrs.get("src", "")
    media_type = attrs.get("type", "") or type_of_address(source)
    if source and not media_type.startswith("image/"):
        player = "audio" if media_type.startswith("audio/") else "video"
        build.push_opaque(name, OpaqueElement(player, attrs))
        build.end(name)


def _end_picture(build: FragmentBuilder) -> None:
    """Ends a ``picture``. Without an ``img``, it becomes the first picture that it offers."""
    if build.sources:
        build.append(i.Image(build.sources[0], line=build.line))
        build.sources.clear()


def start_area(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    """Writes an area of an image map as a link after the picture."""
    build.passes(name)
    href, words = attrs.get("href", "").strip(), attrs.get("alt", "") or attrs.get("title", "")
    if not href:
        return
    build.find(
        DiagnosticCode.NODE_SIMPLIFIED,
        f"an area of an image map that leads to {href[:120]} was written as a link",
        words,
        Severity.INFO,
    )
    build.literal(" ")
    build.append(i.Link((i.Text(words or href),), href, line=build.line))


def _largest(srcset: str) -> str:
    """Returns the address of the widest candidate.

    Candidates are split at spaces, since Substack's addresses contain commas.
    """
    candidates = re.findall(r"(\S+)\s+([0-9.]+)[wx]", srcset)
    return max(candidates, key=lambda c: float(c[1].strip(".") or 0), default=("", ""))[0].strip(
        ","
    )


def start_input(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    build.passes(name)
    kind = attrs.get("type", "").lower()
    item = build.within("li", "p")
    if item is not None and item.kind == "p":
        item = build.around("li")
    if kind == "checkbox" and item is not None and not item.blocks:
        item.data = "checked" in attrs
    elif not build.components and kind != "hidden":
        words = attrs.get("value") or attrs.get("placeholder", "")
        build.find(DiagnosticCode.RAW_DROPPED, "a form field was left out", words, Severity.INFO)


def start_ruby(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    if build.verbatim:
        build.passes(name)
    else:
        build.push_inline(name, i.Span, common_of(attrs, element=name))


def start_reading(build: FragmentBuilder, name: str, _: Attributes) -> None:
    # The brackets are for products without ruby.
    if not build.verbatim and build.is_open("ruby"):
        build.push_inline(name, i.Span, common_of({}, element=name), at_end=_close_bracket)
        build.literal("(")
    else:
        build.literal("(")
        build.passes(name, _close_bracket)


def _close_bracket(build: FragmentBuilder) -> None:
    build.literal(")")


def start_quotation(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    if cite := attrs.get("cite", "").strip():
        message = f"the address of a quotation was left out: {cite[:200]}"
        build.find(DiagnosticCode.NODE_SIMPLIFIED, message, "", Severity.INFO)
    build.literal("“")
    build.passes(name, lambda build: build.literal("”"))
