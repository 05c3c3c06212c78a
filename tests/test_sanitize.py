"""Tests sanitised HTML with a browser's parsing rules and with an XML parser."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

import clothbound
from clothbound.errors import ResourceError
from clothbound.escape import SAFE_SCHEMES
from clothbound.html.write import sanitize
from clothbound.html.write.sanitize import clean
from clothbound.media.svg.cleaning import clean_svg
from clothbound.model.blocks import RawBlock
from clothbound.model.losses import TANGLED_HTML
from clothbound.model.post import Metadata, Post
from clothbound.options import Markdown, WriterOptions

_RUNS = frozenset(
    "script style iframe object embed applet form input link meta base template svg math frame".split()
)
_XHTML = "http://www.w3.org/1999/xhtml"


def dangers(html: str) -> list[str]:
    """What in ``html``, as a browser parses it, runs, loads or takes part in the page around it."""
    found = []
    for element in html5lib.parseFragment(html, namespaceHTMLElements=False).iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag in _RUNS:
            found.append(element.tag)
        for name, value in element.attrib.items():
            scheme = re.match(r"([a-z][a-z0-9+.-]*):", re.sub(r"[\s\x00-\x20]", "", value.lower()))
            is_picture = element.tag == "img" and value.startswith("data:image/")
            if name.startswith("on") or name in (
                "style",
                "id",
                "name",
                "srcset",
                "target",
                "formaction",
            ):
                found.append(name)
            elif (
                name in ("href", "src")
                and scheme
                and scheme[1] not in SAFE_SCHEMES
                and not is_picture
            ):
                found.append(value)
    return found


DOCUMENTS = [
    ("<p>a <b>b</b><br>c</p>", "<p>a <b>b</b><br>c</p>", "<p>a <b>b</b><br/>c</p>"),
    ("a&nbsp;&lt;&amp;b", "a&nbsp;&lt;&amp;b", "a\u00a0&lt;&amp;b"),
    ('<p onclick="x()" style="a:b" id="c" class="d" lang="de">e</p>', '<p class="d" lang="de">e</p>', None),
    ('<a href="java&#10;script:a()">b</a>', "<a>b</a>", None),
    ('<a href="https://&#10;a.example/\tb">c</a>', '<a href="https://a.example/b">c</a>', None),
    ('<img src="https://a.exam&#13;\nple/b" alt="c">', '<img src="https://a.example/b" alt="c">', "<span>c</span>"),
    ('<a href="https://a.example/?b&c">d</a>', '<a href="https://a.example/?b&amp;c">d</a>', None),
    ("<script>a()</script><style>b</style><iframe>c</iframe>d", "d", None),
    ("<font color=red>a</font><center>b</center>", "ab", None),
    ('<td align="left" colspan="3000000">a', "a", None),
    ('<ol><li value="2">a<li value="x">b</ol>', '<ol><li value="2">a</li><li>b</li></ol>', None),
    (
        '<img src="https://a.example/b.png" alt="a &lt; b"><img src="data:text/html,x" alt="c">',
        '<img src="https://a.example/b.png" alt="a &lt; b"><img alt="c">',
        "<span>a &lt; b</span><span>c</span>",
    ),
    ('<p title="a&quot;b<c>">d', '<p title="a&quot;b&lt;c&gt;">d</p>', None),
    ("a<wbr>b<hr>", "a<wbr>b<hr>", "a<wbr/>b<hr/>"),
    ("<!-- a --><b>b", "<b>b</b>", None),
    ("a\x0bb\x00&#65534;", "a b", None),
    ("<h5>a<m><h6>b", "<h5>a</h5><h6>b</h6>", None),
    (
        "<ruby>a<rp>b</rp><rt><p>c</p></rt></ruby>",
        "<ruby>a<rp>b</rp><rt><p>c</p></rt></ruby>",
        "<div>a<span>b</span><div><p>c</p></div></div>",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("html", "as_html", "as_xhtml"), DOCUMENTS)
def test_documents(html: str, as_html: str, as_xhtml: str | None) -> None:
    assert clean(html, xhtml=False) == as_html
    assert clean(html, xhtml=True) == (as_html if as_xhtml is None else as_xhtml)


def safe(html: str) -> None:
    cleaned = clean(html, xhtml=False)
    assert not dangers(cleaned), cleaned
    written = clean(html, xhtml=True)
    assert not dangers(written), written
    etree.fromstring(f"<div>{written}</div>")


_PIECES = st.sampled_from(
    [
        "<script>", "</script>", "<style>", "</style>", "<svg>", "</svg>", "<math>", "<mi>", "<mtext>",
        "<table>", "<td>", "<p", " onclick=a", ' title="', '"', "'", ">", "<!--", "-->", "<![CDATA[", "]]>",
        "<noscript>", "</noscript>", "<textarea>", "<title>", "<img src=x onerror=a>", "<br>", "a", "&lt;",
        "<a href='javascript:a'>", "<a href=' data:x'>", "<form>", "<template>", "<foreignObject>", "</p>",
        "<annotation-xml encoding='text/html'>", "<mglyph>", "<xmp>", "<plaintext>", "\x00", "\u2028",
    ]
)  # fmt: skip


@given(st.text() | st.lists(_PIECES, max_size=25).map("".join))
def test_nothing_dangerous_comes_out(html: str) -> None:
    safe(html)


@given(st.lists(_PIECES, max_size=25).map("".join), st.booleans())
def test_what_is_clean_stays_as_it_is(html: str, xhtml: bool) -> None:
    once = clean(html, xhtml=xhtml)
    assert clean(once, xhtml=xhtml) == once


TANGLED = {
    "links around divisions": ("<a>" + "<div>" * 30) * 100,
    "divisions": "<div>" * 4000,
    "headings and items": "<h1><li>" * 2500,
    "marks that are opened again": "".join(f"<b title={n}><p>x" for n in range(1000)),
    "marks that paragraphs end": "".join(f"<p><b title={n}></p>x" for n in range(1000)),
    "marks around many paragraphs": "<p>" + "".join(f"<b title={n}>" for n in range(50)) + "<p>x" * 10_000,
    "ends in values": "".join(f"<b title={n}><p>x<i title='</b>'><i lang=\"</b>\">" for n in range(1000)),
    "ends in comments": "".join(f"<b title={n}><p>x<!-- </b> --!><! </b>" for n in range(1000)),
    "ends in code": "".join(f"<p><b title={n}><script></b></script></p>x" for n in range(1000)),
    "ends that end several": "".join(f"<b title={n}>{'<div>' * 9}</b>{'</div>' * 9}" for n in range(1000)),
}  # fmt: skip


@pytest.mark.parametrize("name", TANGLED)
def test_what_a_parser_takes_the_square_of_the_time_for_is_its_text(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parse() -> None:
        raise AssertionError("it was parsed")

    monkeypatch.setattr(sanitize, "_cleaner", parse)
    for xhtml in (False, True):
        cleaned = clean(f"Words.{TANGLED[name]}", xhtml=xhtml)
        assert cleaned.startswith("Words.")
        assert "<" not in cleaned


LONG = {
    "items without ends": "<ul>" + "<li>a <b>b</b>" * 2000 + "</ul>",
    "terms without ends": "<dl>" + "<dt>a<dd>b <i>c</i>" * 2000 + "</dl>",
    "readings without ends": "<p>" + "<ruby>a<rp>(<rt>b<rp>)</ruby>" * 2000 + "</p>",
    "paragraphs without ends": "<div><p>a<br>b <i>c</i>" * 3 + "<p>a<br>b <i>c</i>" * 2000,
    "a table without ends": "<table>" + "<tr><td>a<td><p>b" * 2000 + "</table>",
    "divisions beside each other": "<div><div><p>a</p></div></div>" * 2000,
    "a drawing": "<p>a</p><svg>" + "<path d='M0'/>" * 2000 + "</svg>",
    "tags in values and comments": "<p title='<div><div>'>a</p><!-- <div> -->" * 2000,
}


OF_OLD_PROGRAMS = {
    "names without ends": "<a name=n><h3>Head</h3>words\n" * 2000,
    "fonts without ends": "<p>Words <font size=2>small\n" * 2000,
    "ends in another order": "<p><b><font face=Arial>Words</b></font></p>\n" * 2000,
    "marks in another order": "<b><i>Words</b></i>\n" * 2000,
    "centers without ends": "<center>Words<br>\n" * 2000,
    "empty elements of XML": "<p><span id='a'/>Words <a name='b'/></p>\n" * 1000,
    "tables in tables": "<table><tbody><tr><td>" * 50
    + "<table><tbody><tr><td><a href='b.html'>c</a></table>" * 2000
    + "</td></tr></tbody></table>" * 50,
}


@pytest.mark.parametrize("name", OF_OLD_PROGRAMS)
def test_html_of_old_programs_is_not_tangled(name: str) -> None:
    html = OF_OLD_PROGRAMS[name]
    assert not sanitize.is_tangled(html)
    assert '<a href="https://oast.example/">' in clean(
        f"<a href='https://oast.example/'>x</a>{html[:5000]}", xhtml=True
    )


@pytest.mark.parametrize("form", ["html", "epub", "substack", Markdown(dialect="gfm")])
@pytest.mark.parametrize("tag", ["<div>", "<ul><h2>", "<b title=%d><p>"])
def test_html_that_is_left_as_text_is_reported_once(form: str | WriterOptions, tag: str) -> None:
    markup = "".join(tag.replace("%d", str(n)) for n in range(4000))
    post = Post(Metadata(title="Malt"), (RawBlock("html", f"Rye.{markup}"),))
    artifact = clothbound.write(post, form)
    artifact.to_bytes()
    told = [found.message for found in artifact.report.diagnostics]
    assert told.count(TANGLED_HTML) == 1


@pytest.mark.parametrize("xhtml", [False, True])
def test_the_text_of_tangled_html_stays_as_it_is(xhtml: bool) -> None:
    text = clean("<div>" * 4000 + "a&nbsp;b &amp; c", xhtml=xhtml)
    assert unescape(text).lstrip(" ") == "a\N{NO-BREAK SPACE}b & c"
    assert clean(text, xhtml=xhtml) == text


def test_the_text_of_tangled_html_has_nothing_hidden() -> None:
    hidden = (
        "<!-- a > draft --><style>a > b {}</style><script>if (a > b) c()</script><object>o</object>"
    )
    cleaned = clean(f"Malt &amp; rye, 3 <4, {hidden}&lt;dry&gt;{'<div>' * 4000}", xhtml=True)
    assert " ".join(cleaned.split()) == "Malt &amp; rye, 3 &lt;4, &lt;dry&gt;"


@pytest.mark.parametrize("xhtml", [False, True])
def test_what_is_tangled_once_it_is_complete_is_its_text(xhtml: bool) -> None:
    html = "<div>" * 2500
    assert clean(html, xhtml=xhtml).strip() == ""


@pytest.mark.parametrize("name", LONG)
def test_long_html_keeps_its_elements(name: str) -> None:
    html = LONG[name]
    for xhtml in (False, True):
        assert clean(html, xhtml=xhtml).count("<p") >= html.count("<p>") + html.count("<p title")
        assert clean(html, xhtml=xhtml).count("</") > 0


@pytest.mark.corpus
def test_hostile_html(shared: Path) -> None:
    hostile = shared / "hostile"
    texts = [path.read_text("utf-8") for path in (hostile / "bleach-xss").glob("*.test")]
    payloads = (hostile / "markdown-xss" / "Markdown-XSS-Payloads.txt").read_text("utf-8")
    texts += payloads.splitlines()
    texts += json.loads((hostile / "blns" / "blns.json").read_text("utf-8"))
    assert len(texts) > 300
    for text in texts:
        safe(text)


# --- SVG ------------------------------------------------------------------------------------------


def svg(content: str, attributes: str = "") -> bytes:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f"{attributes}>{content}</svg>"
    ).encode()


SVGS = {
    '<rect width="1"/>': '<rect width="1"/>',
    '<script>a()</script><rect onclick="a()" width="1"/>': '<rect width="1"/>',
    '<a xlink:href="javascript:a()"><text>b</text></a>': "<g><text>b</text></g>",
    '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">a</p></foreignObject>': "",
    '<image href="https://a.example/b.png"/><use href="#c"/>': '<use href="#c"/>',
    '<use xlink:href="other.svg#a"/>': "<use/>",
    '<image href="data:image/png;base64,iVBORw0KGgo="/>': '<image href="data:image/png;base64,iVBORw0KGgo="/>',
    '<image href="data:image/png;base64,AAAA"/>': "",
    '<image href="data:image/svg+xml;base64,AAAA"/>': "",
    "<style>@import 'a.css';</style><style>rect { fill: red }</style>": "<style>rect { fill: red }</style>",
    "<style>a { fill: u\\72l(b) }</style>": "",
    '<rect fill="url(#a)" style="fill: url(https://a.example)"/>': '<rect fill="url(#a)"/>',
    '<animate attributeName="href" to="javascript:a()"/><set/>': "",
    "<text>a<script>b</script>c<!-- d --></text>": "<text>ac</text>",
    '<g xml:base="https://a.example" xml:lang="de"/>': '<g xml:lang="de"/>',
}


@pytest.mark.parametrize("content", SVGS)
def test_svg(content: str) -> None:
    cleaned = clean_svg(svg(content, 'onload="a()" viewBox="0 0 1 1"')).data
    root = etree.fromstring(cleaned)
    assert dict(root.attrib) == {"viewBox": "0 0 1 1"}
    inside = re.sub(r"\A.*?<svg[^>]*?(?:/>|>)|</svg>\Z", "", cleaned.decode(), flags=re.S)
    assert re.sub(r'\sxmlns(?::\w+)?="[^"]*"', "", inside) == SVGS[content]


def test_prefixes_that_are_not_declared_cost_no_picture() -> None:
    # libxml2 forgets its complaint over that of a later namespace.
    later = '<foreignObject><p xmlns="relative">a</p></foreignObject>'
    cleaned = clean_svg(svg(f'<x:y>a</x:y><rect x:b="1" width="1"/>{later}')).data
    assert b'<rect width="1"/>' in cleaned
    assert b"x:" not in cleaned


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a picture",
        b"<svg><rect/></svg>",
        b'<html xmlns="http://www.w3.org/1999/xhtml"/>',
        b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + svg("<text>&a;</text>"),
        b'<!DOCTYPE svg [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;">]>' + svg("<text>&c;</text>"),
        b'<!DOCTYPE svg [<!ENTITY % a SYSTEM "http://127.0.0.1/x.dtd"> %a;]>' + svg(""),
        svg("<rect>"),
    ],
)
def test_what_cannot_be_made_safe_is_no_picture(data: bytes) -> None:
    with pytest.raises(ResourceError):
        clean_svg(data)


def test_a_document_type_without_entities_does_no_harm() -> None:
    doctype = (
        b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
        b'"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    )
    assert b"DOCTYPE" not in clean_svg(doctype + svg("<rect/>")).data


@pytest.mark.corpus
def test_hostile_svg(shared: Path) -> None:
    assets = shared / "hostile" / "assets"
    cleaned = clean_svg((assets / "script.svg").read_bytes()).data
    assert not re.search(rb"script|alert|127\.0\.0\.1|onload|foreignObject", cleaned)
    with pytest.raises(ResourceError, match="entities"):
        clean_svg((assets / "xxe.svg").read_bytes())


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<pre><dd>a", "<pre><span>a</span></pre>"),
        ("<pre><ul><li>a", "<pre><span><span>a</span></span></pre>"),
        ("<pre><img>\na", "<pre>a</pre>"),
        ("<pre><div><p>a", "<pre><span><span>a</span></span></pre>"),
    ],
)
def test_no_block_stays_in_preformatted_text_of_a_book(html: str, expected: str) -> None:
    assert clean(html, xhtml=True) == clean(expected, xhtml=True) == expected


@pytest.mark.parametrize("xhtml", [False, True])
@pytest.mark.parametrize("depth", [2, 30, 60, 120, 240])
def test_a_link_without_an_end_before_many_elements_holds_no_other(depth: int, xhtml: bool) -> None:
    html = f'<a href="/1">One {"<div>" * depth}<a href="/2">two</a> three.'
    once = clean(html, xhtml=xhtml)
    assert clean(once, xhtml=xhtml) == once
    assert " ".join(re.sub("<[^>]*>", "", once).split()) == "One two three."
    tree = html5lib.parseFragment(once, namespaceHTMLElements=False)
    assert {link.get("href") for link in tree.iter("a")} == {"/1", "/2"}
    assert [inner for link in tree.iter("a") for inner in link.iter("a") if inner is not link] == []


def test_what_never_stays_as_it_is_is_its_text() -> None:
    html = '<a href="/1">One ' + "<div>" * 1000 + '<a href="/2">two</a> three.'
    assert clean(html, xhtml=False).split() == ["One", "two", "three."]


_ODD = "a a a b i p div span h1 li ul table tr td caption button font x-y dd dt ruby rt pre".split()


@given(
    st.lists(
        st.tuples(st.sampled_from(_ODD), st.sampled_from(("<{}>", "</{}>", '<{} href="/x">w')), st.integers(1, 40)),
        max_size=12,
    )
)  # fmt: skip
def test_html_that_is_cleaned_stays_as_it_is(parts: list[tuple[str, str, int]]) -> None:
    html = "".join(form.format(name) * times for name, form, times in parts)
    for xhtml in (False, True):
        once = clean(html, xhtml=xhtml)
        assert clean(once, xhtml=xhtml) == once


def test_html_that_is_too_deep_once_it_is_complete_is_its_text() -> None:
    """Lists in lists get the items that they lack, and their depth doubles."""
    html = "<ul>" * 140 + "word"
    once = clean(html, xhtml=True)
    assert once.strip() == "word"
    assert clean(once, xhtml=True).split() == once.split()
    assert "<ul><li><ul><li>word" in clean("<ul><ul>word", xhtml=True)
