"""Changes the markup of other programs into the one that ``html/read`` understands: pictures, verse, marks, anchors."""

from __future__ import annotations

from ...escape import attribute
from ...lazy_pattern import lazy_pattern
from ...model.plain_text import letters_and_digits
from ...web.html_elements import HEADINGS
from .styles import DocumentStyles
from .xhtml import (
    Element,
    ancestors_in,
    classes_of,
    has_content,
    is_block,
    iter_elements,
    parse_fragment,
    remove_element,
    text_of,
    types_of,
    unwrap_element,
    words_of,
)

KEPT_ATTRIBUTES = frozenset(
    "id href src alt title lang dir start type value colspan rowspan span align width height cite datetime poster open "
    "scope alttext display class style xmlns viewBox controls checked reversed".split()
)
_KEPT_CLASSES = lazy_pattern(
    r"poem|verse|poetry|small-?caps|sc|smallcaps|footnote-ref|pullquote|callout[\w-]*", 2
)
_CODE_CLASSES = lazy_pattern(
    r"(?!(?:calibre\d*|sourcecode\d+|programlisting|literallayout|screen|listing|src|pre\d*|code\d*)$).*",
    2,
)
_LANGUAGE_ATTRIBUTES = ("data-code-language", "data-language", "data-lang")
_ORG_LANGUAGE = lazy_pattern(r"src-([\w+#-]+)")
"""Matches the class with which Org names the language of code."""
_VERSES = lazy_pattern(r"poem|poetry|verse|line-?block|lg|linegroup", 2)
_TERMS_OF_VERSE = frozenset({"poem", "verse", "song", "hymn", "lyrics"})
_LINES = lazy_pattern(r"(?:verse|verse-?line|line|l|i\d{1,2}|indent\d{1,2})", 2)
_FIGURES = lazy_pattern(
    r"(?:fig(?:ure|center|left|right)?|float|image|img|illus(?:tration)?|photo|pic(?:ture)?)(?:[-_]?\w*)?",
    2,
)
_CAPTIONS = lazy_pattern(
    r"(?:image-?|fig(?:ure)?-?)?(?:caption|capt)(?:[-_]?\w*)?|(?:fig(?:ure)?-?)?title", 2
)
_ORNAMENT = lazy_pattern(r"(?:[*•·⁂❦❧※~#◆◇⸻—–-]\s*){1,9}")
_CALLOUTS = frozenset({"note", "tip", "warning", "important", "caution"})
"""The classes and data types of DocBook and HTMLBook for passages that are set off."""
_SIZED = frozenset("img video audio object svg table col colgroup td th canvas source".split())
"""Elements whose width and height mean something."""
_SHAPED = ("section", "article", "main", "header", "hgroup", "body", "html")


def shape(body: Element, styles: DocumentStyles) -> None:
    """Gives verse, figures and breaks between scenes their own elements, and anchors a place in a block."""
    for element in iter_elements(body, ("div", "blockquote")):
        names = classes_of(element)
        if _TERMS_OF_VERSE & types_of(element) or any(map(_VERSES.fullmatch, names)):
            _write_verse(element)
        elif element.tag == "div" and any(map(_FIGURES.fullmatch, names)):
            _write_figure(element)
    for element in iter_elements(body, ("div", "aside", "section")):
        _write_callout(element)
    for element in iter_elements(body, ("p", "div")):
        if not any(map(is_block, element)):
            _shape_line(element, styles)


def _write_callout(element: Element) -> None:
    """Makes a callout of a passage that is called one and begins with a heading."""
    names = {element.get("data-type", ""), *classes_of(element)}
    kind = next(iter(sorted(names & _CALLOUTS)), "")
    if not kind or not len(element) or element[0].tag not in HEADINGS:
        return
    element.tag = "div"
    element.set("class", f"callout callout-{kind}")
    element[0].tag = "p"
    element[0].set("class", "callout-title")


def _shape_line(element: Element, styles: DocumentStyles) -> None:
    """Makes a break of a line of ornaments, and removes one that is empty; its ids go to the next block."""
    text = text_of(element)
    if text and _ORNAMENT.fullmatch(text) and not _has_links(element):
        is_dash = len(text) == 1 and text in "-–—~#"
        is_cell = any(parent.tag in ("td", "th", "li") for parent in element.iterancestors())
        if not is_cell and (not is_dash or _is_centred(element, styles)):
            tail, name = element.tail, element.get("id")
            element.clear()
            element.tag, element.tail = "hr", tail
            if name:
                element.set("id", name)
        return
    if text.strip("\N{NO-BREAK SPACE} ") or (has_content(element) and not _is_blank(element)):
        return
    names = [e.get("id") or e.get("name") for e in element.iter() if e.get("id") or e.get("name")]
    following = element.getnext()
    if names and (following is None or following.get("id") or len(names) > 1):
        return
    if names:
        following.set("id", names[0])
    remove_element(element)


def _is_blank(element: Element) -> bool:
    """Returns whether an element has nothing but spaces."""
    return not any(
        e.tag
        in ("img", "svg", "video", "audio", "math", "iframe", "hr", "object", "input", "image")
        for e in element.iter()
    ) and not text_of(element).strip("\N{NO-BREAK SPACE} ")


def _has_links(element: Element) -> bool:
    """Returns whether a link is in an element."""
    return any(e.get("href") for e in element.iter("a"))


def _is_centred(element: Element, styles: DocumentStyles) -> bool:
    """Returns whether an element is centred by its own attributes, or by its classes."""
    return element.get("align") == "center" or styles.marks_of(element).get("align") == "center"


def _write_verse(division: Element) -> None:
    """Makes one division of verse, whose paragraphs are stanzas with a break after each line."""
    if any(parent.get("class") == "verse" for parent in division.iterancestors("div")):
        return
    stanzas: list[Element] = []
    if not any(map(is_block, division)):
        stanza = parse_fragment("<p/>")
        stanza.text, division.text = division.text, None
        stanza.extend(list(division))
        stanzas = [stanza]
    else:
        found = _stanzas_of(division)
        if found is None:
            return
        stanzas = found
    tail, name = division.tail, division.get("id")
    division.clear()
    division.tag, division.tail = "div", tail
    division.set("class", "verse")
    if name:
        division.set("id", name)
    for stanza in stanzas:
        for attribute_name in list(stanza.attrib):
            del stanza.attrib[attribute_name]
        stanza.tail = None
        division.append(stanza)


def _stanzas_of(division: Element) -> list[Element] | None:
    """Returns the stanzas of verse, one paragraph each; None if it has other blocks than lines and stanzas."""
    if (division.text or "").strip() or any((e.tail or "").strip() for e in division):
        return None
    if all(e.tag in ("p", "div") and not any(map(is_block, e)) for e in division):
        is_lines = all(
            any(map(_LINES.fullmatch, classes_of(e))) and e.find("br") is None for e in division
        )
        if is_lines:
            return [_join_lines(list(division))]
        if all(e.tag == "p" for e in division):
            return list(division)
        return None
    stanzas: list[Element] = []
    for part in division:
        inner = _stanzas_of(part) if any(map(is_block, part)) else None
        if part.tag not in ("div", "p") or inner is None:
            return None
        stanzas += inner
    return stanzas


def _join_lines(lines: list[Element]) -> Element:
    stanza = parse_fragment("<p/>")
    for number, line in enumerate(lines):
        if number:
            stanza.append(parse_fragment("<br/>"))
            stanza[-1].tail = line.text
        else:
            stanza.text = line.text
        stanza.extend(list(line))
    return stanza


def _write_figure(division: Element) -> None:
    """Makes a figure of a division that has one picture, and a caption that is called so."""
    pictures = list(division.iter("img"))
    captions = [
        e for e in division.iter("p", "div", "span") if any(map(_CAPTIONS.fullmatch, classes_of(e)))
    ]
    captions = captions or list(division.iter(*HEADINGS))
    if (
        len(pictures) != 1
        or len(captions) != 1
        or any(captions[0] in p.iterancestors() for p in pictures)
    ):
        return
    caption = captions[0]
    if text_of(division) != text_of(caption):
        return
    picture = pictures[0]
    link = next(
        (e for e in ancestors_in(picture, division) if e.tag == "a" and e.get("href")), None
    )
    tail, name = division.tail, division.get("id")
    shown = link if link is not None else picture
    caption.tail = shown.tail = None
    division.clear()
    division.tag, division.tail = "figure", tail
    if name:
        division.set("id", name)
    caption.tag = "figcaption"
    division.extend([shown, caption])


# attributes


def clean(element: Element, styles: DocumentStyles) -> None:
    """Leaves an element the attributes that mean something, with the marks that its classes have."""
    if element.tag in _SHAPED:
        element.tag = "div"
    if is_drawing(element):
        return
    _apply_styles(element, styles)
    if element.tag in ("pre", "code"):
        _name_language(element)
    title = element.get("title", "") if element.tag == "div" else ""
    if title and letters_and_digits(title) in letters_and_digits(text_of(element)):
        del element.attrib["title"]  # DocBook repeats the heading of a section
    for name in list(element.attrib):
        is_size = name in ("width", "height") and element.tag not in _SIZED
        if is_size or name not in KEPT_ATTRIBUTES:
            del element.attrib[name]
    wanted = _CODE_CLASSES if element.tag in ("pre", "code") else _KEPT_CLASSES
    kept = [name for name in classes_of(element) if wanted.fullmatch(name)]
    if kept:
        element.set("class", " ".join(kept))
    elif "class" in element.attrib:
        del element.attrib["class"]
    if element.tag in ("span", "font") and not element.attrib:
        unwrap_element(element)


def is_drawing(element: Element) -> bool:
    """Returns whether an element is part of a drawing or a formula, whose attributes mean something."""
    return element.tag in ("svg", "math") or any(
        parent.tag in ("svg", "math") for parent in element.iterancestors()
    )


def _apply_styles(element: Element, styles: DocumentStyles) -> None:
    """Gives an element the marks that its classes mean in the book's style sheets."""
    found = styles.marks_of(element)
    is_plain = _says_plain(element)
    element.attrib.pop("style", None)
    if is_plain:
        element.tag = "span"
    if not found:
        return
    if element.tag == "span":
        if found.get("line"):
            _break_around(element)
        marks = [mark for mark in ("em", "strong", "sup", "sub", "u", "s") if found.get(mark)]
        for mark in marks:
            if element.tag == "span":
                element.tag = mark
            else:
                _wrap_content(element, mark)
        if found.get("smallcaps") and element.tag == "span":
            element.set("class", "smallcaps")
    elif is_block(element) and element.tag in ("p", "div") and not any(map(is_block, element)):
        for mark in ("em", "strong"):
            if found.get(mark) and has_content(element):
                _wrap_content(element, mark)
    if (align := found.get("align")) and is_block(element):
        element.set("style", f"text-align: {align}")


def _break_around(span: Element) -> None:
    """Puts a break before and behind the words of a line, where other words stand there."""
    before = span.getprevious()
    text = span.getparent().text if before is None else before.tail
    if (text or "").strip() or (before is not None and before.tag != "br" and not is_block(before)):
        span.addprevious(parse_fragment("<br/>"))
    behind = span.getnext()
    if (span.tail or "").strip() or (
        behind is not None and behind.tag != "br" and not is_block(behind)
    ):
        line_break = parse_fragment("<br/>")
        line_break.tail, span.tail = span.tail, None
        span.addnext(line_break)


def _name_language(code: Element) -> None:
    """Gives code the class of its language, which programs name in attributes and classes of their own."""
    if language := _language_of(code):
        code.set("class", f"language-{language}")


def _language_of(code: Element) -> str:
    named = [value for name in _LANGUAGE_ATTRIBUTES if (value := code.get(name))]
    named += [found[1] for name in classes_of(code) if (found := _ORG_LANGUAGE.fullmatch(name))]
    return named[0].strip().lower() if named else ""


def _says_plain(element: Element) -> bool:
    """Returns whether an element for emphasis says that its words are set as others, as Google Docs writes it."""
    style = element.get("style", "").replace(" ", "")
    is_bold = element.tag in ("b", "strong") and "font-weight:normal" in style
    return is_bold or (element.tag in ("i", "em") and "font-style:normal" in style)


def remove_hidden(body: Element, styles: DocumentStyles) -> str:
    """Removes what no reading system shows, and returns its words."""
    words = []
    for element in list(body.iter()):
        is_hidden = element.get("hidden") is not None or "hidden" in styles.own_marks(element)
        if is_hidden and element is not body and not is_drawing(element):
            words.append(words_of(element))
            remove_element(element)
    return " ".join(filter(None, words))


def _wrap_content(element: Element, name: str) -> None:
    holder = parse_fragment(f"<{name}/>")
    holder.text, element.text = element.text, None
    for child in list(element):
        holder.append(child)
    element.append(holder)


def flatten_code(body: Element) -> tuple[list[str], list[str]]:
    """Writes pictures in code as their words, and links as theirs, since code is text alone.

    Returns the addresses of the pictures and of the links. Preformatted text that is not called code may be verse.
    """
    pictures, links = [], []
    for code in iter_elements(body, ("pre",)):
        if not _language_of(code) and code.find("code") is None:
            continue
        for picture in iter_elements(code, ("img",)):
            words = picture.get("alt", "")
            pictures.append(picture.get("src", ""))
            picture.tail = (f"({words})" if words else "") + (picture.tail or "")
            remove_element(picture)
        for link in iter_elements(code, ("a",)):
            if link.get("href"):
                links.append(link.get("href"))
                del link.attrib["href"]
    return pictures, links


# pictures, and what reading systems choose


def resolve_switch(element: Element) -> None:
    """Replaces ``epub:switch`` by its MathML, else by what it has for every reading system."""
    math = next(element.iter("math"), None)
    default = next((child for child in element if child.tag == "default"), None)
    for child in list(element):
        keeps = child is default if math is None or default is None else math in child.iter()
        if keeps:
            unwrap_element(child)
        else:
            element.remove(child)
    unwrap_element(element)


def resolve_drawing(drawing: Element) -> None:
    """Replaces a drawing that only shows pictures, with words or without, by these pictures and words."""
    pictures = [e for e in drawing.iter("image") if e.get("href")]
    lines = [text_of(e) for e in drawing.iter("text") if text_of(e)]
    shapes = ("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "use")
    if not pictures or (len(pictures) > 1 and not lines):
        return
    if lines and next(drawing.iter(*shapes), None) is not None:
        return
    called = "" if lines else text_of(drawing) or drawing.get("aria-label", "")
    holder = parse_fragment("<div/>")
    for picture in pictures:
        holder.append(_picture(picture.get("href"), called))
    for line in lines:
        paragraph = parse_fragment("<p/>")
        paragraph.text = line
        holder.append(paragraph)
    holder.tail = drawing.tail
    drawing.getparent().replace(drawing, holder)
    if not lines:
        unwrap_element(holder)


def replace_by_picture(element: Element, src: str, words: str) -> None:
    """Replaces an element by a picture."""
    picture = _picture(src, words)
    picture.tail = element.tail
    element.getparent().replace(element, picture)


def _picture(src: str, words: str) -> Element:
    return parse_fragment(f'<img src="{attribute(src)}" alt="{attribute(words)}"/>')
