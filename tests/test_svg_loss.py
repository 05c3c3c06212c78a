"""Tests that the content of an SVG picture is shown, or reported as removed."""

from __future__ import annotations

import gzip
import re
from base64 import b64encode

import pytest
from lxml import etree

from clothbound import write
from clothbound.diagnostics import DiagnosticCode, Severity
from clothbound.errors import ResourceError
from clothbound.limits import Limits
from clothbound.media.conversion import convert_picture
from clothbound.media.converter import Converter
from clothbound.media.picture_limits import PictureRules
from clothbound.media.resources import Resource
from clothbound.media.sniffing import sniff
from clothbound.media.svg.cleaning import _ELEMENTS, clean_svg
from clothbound.media.svg.styles import in_light
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Asset, Metadata, Post

LIMITS = Limits()
NAMESPACE = "http://www.w3.org/2000/svg"
MERMAID = (
    '<style>svg{font-size:16px}</style><g transform="translate(20,10)"><rect width="90" height="48"/>'
    '<foreignObject width="90" height="48"><div xmlns="http://www.w3.org/1999/xhtml" style="display:'
    ' table-cell; color: #336699"><span class="nodeLabel"><p>Fish &amp; chips<br/>again</p></span></div>'
    "</foreignObject></g>"
)


def svg(content: str, attributes: str = 'viewBox="0 0 400 200"') -> bytes:
    return f'<svg xmlns="{NAMESPACE}" {attributes}>{content}</svg>'.encode()


def texts(data: bytes) -> list[str]:
    return ["".join(t.itertext()) for t in etree.fromstring(data).iter(f"{{{NAMESPACE}}}text")]


def drawio(fallback: str) -> bytes:
    return svg(
        '<switch><foreignObject width="100%" height="100%"><div xmlns="http://www.w3.org/1999/xhtml">'
        f"<div>std sources</div></div></foreignObject>{fallback}</switch>"
    )


def test_blocks_of_html_are_lines_and_the_cells_of_a_row_are_one() -> None:
    row = "<table><tbody><tr><td>c</td> <td>d</td></tr></tbody></table>"
    html = f'<div xmlns="http://www.w3.org/1999/xhtml">a<figure>b</figure>{row}</div>'
    data = clean_svg(svg(f'<foreignObject width="90" height="90">{html}</foreignObject>')).data
    spans = etree.fromstring(data).iter(f"{{{NAMESPACE}}}tspan")
    assert [span.text for span in spans] == ["a", "b", "c d"]


def test_words_in_a_namespace_that_lxml_refuses_stay() -> None:
    """Its parser takes such a name where a later one is no absolute address."""
    words = f'<p xmlns="{NAMESPACE}{{a}}b">Dry</p><p xmlns="land">land</p>'
    data = clean_svg(svg(f'<foreignObject width="90" height="40">{words}</foreignObject>')).data
    assert texts(data) == ["Dryland"]


def test_words_in_html_become_words_of_the_drawing_in_the_same_place() -> None:
    cleaned = clean_svg(svg(MERMAID))
    root = etree.fromstring(cleaned.data)
    lines = [(t.text, t.get("x")) for t in root.iter(f"{{{NAMESPACE}}}tspan")]
    assert lines == [("Fish & chips", "45"), ("again", "45")]
    (text,) = root.iter(f"{{{NAMESPACE}}}text")
    assert (text.get("text-anchor"), text.get("fill")) == ("middle", "#336699")
    first, second = (float(t.get("y")) for t in text)
    assert 10 < first < 24 < second < 45
    assert not cleaned.lost
    assert any("HTML" in change for change in cleaned.changes)
    assert clean_svg(cleaned.data).data == cleaned.data


def test_a_long_label_is_broken_where_its_place_ends() -> None:
    label = "a label of many words that no line of this width could ever hold"
    words = f'<foreignObject x="5" y="5" width="160" height="90"><p>{label}</p></foreignObject>'
    root = etree.fromstring(clean_svg(svg(words)).data)
    lines = [t.text for t in root.iter(f"{{{NAMESPACE}}}tspan")]
    assert 2 < len(lines) < 6
    assert " ".join(lines) == label


def test_what_stands_there_for_viewers_without_html_is_enough() -> None:
    cleaned = clean_svg(drawio("<text>std sources</text>"))
    assert (texts(cleaned.data), cleaned.lost) == (["std sources"], ())
    assert clean_svg(drawio('<image href="data:image/png;base64,iVBORw0K Ggo="/>')).lost == ()
    assert "std sources" in clean_svg(drawio("<text>std s...</text>")).lost[0]


def test_an_excuse_of_the_program_gives_way_to_the_words() -> None:
    excuse = "<text>[Not supported by viewer]</text>"
    sized = drawio(excuse).replace(b'"100%" height="100%"', b'"80" height="20"')
    cleaned = clean_svg(sized)
    assert (texts(cleaned.data), cleaned.lost) == (["std sources"], ())


@pytest.mark.parametrize(
    ("align", "anchor", "x"),
    [("unsafe center", "middle", "590"), ("unsafe flex-start", "start", "491")],
)
def test_words_of_a_box_with_margins_stand_where_it_does(align: str, anchor: str, x: str) -> None:
    box = f"justify-content: {align}; align-items: unsafe center; width: 198px; height: 1px;"
    style = f"<div style='display: flex; {box} padding-top: 280px; margin-left: 491px;'>"
    given = drawio("<text>std...</text>").replace(b"<div>", style.encode())
    cleaned = clean_svg(
        given.replace(
            b'<div xmlns="http://www.w3.org/1999/xhtml">' + style.encode(), style.encode()
        ).replace(b"</div></div>", b"</div>")
    )
    (text,) = etree.fromstring(cleaned.data).iter(f"{{{NAMESPACE}}}text")
    assert (text.get("text-anchor"), text[0].get("x"), cleaned.lost) == (anchor, x, ())
    assert 280 < float(text[0].get("y")) < 290


def test_colours_are_those_for_light_pages() -> None:
    both = svg(
        "<style>.a { fill: light-dark(rgb(1, 2, 3), var(--dark, #000)) }</style>"
        '<rect fill="light-dark(#fff, #000)" style="stroke: light-dark(#aaa, var(--d, rgb(0, 0, 0)))"/>'
    )
    cleaned = clean_svg(both)
    assert b"light-dark" not in cleaned.data
    for kept in (b"fill: rgb(1, 2, 3)", b'fill="#fff"', b'style="stroke: #aaa"'):
        assert kept in cleaned.data
    assert (cleaned.changes, cleaned.lost) == ((), ())


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            '<foreignObject width="100%" height="9"><p>a few words</p></foreignObject>',
            "a few words",
        ),
        ("<flowRoot><flowPara>a few words</flowPara></flowRoot>", "a few words"),
        ('<image href="https://a.example/map.png"/>', "https://a.example/map.png"),
        ('<use href="shapes.svg#ship"/>', "shapes.svg#ship"),
        ("<style>@import 'own.css'; a{fill:red}</style>", "own.css"),
        ("<style>rect { fill: url(wood.png); stroke: red }</style>", "wood.png"),
        ('<rect style="fill:url(wood.png); stroke: red"/>', "wood.png"),
        ('<rect fill="url(wood.png)"/>', "wood.png"),
    ],
)
def test_what_is_left_out_is_told(content: str, told: str) -> None:
    (lost,) = clean_svg(svg(content)).lost
    assert told in lost


@pytest.mark.parametrize(
    "content",
    [
        "<script>a()</script><metadata>made by hand</metadata><!-- words -->",
        '<namedview xmlns="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd">words</namedview>',
        '<rect onclick="a()" width="3"/>',
    ],
)
def test_what_shows_nothing_goes_without_a_word(content: str) -> None:
    cleaned = clean_svg(svg(content))
    assert (cleaned.changes, cleaned.lost) == ((), ())


def test_an_embedded_picture_is_one_by_its_bytes() -> None:
    within = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="/etc/hostname"/></svg>'
    for data, is_kept in (
        (within, False),
        (b"\x89PNG\r\n\x1a\n", True),
        (b"\xff\xd8\xff\xe0", True),
    ):
        address = f"data:image/png;base64,{b64encode(data).decode()}"
        cleaned = clean_svg(svg(f'<image href="{address}"/>'))
        assert (b"base64" in cleaned.data, not cleaned.lost) == (is_kept, is_kept)
    assert b"base64" not in clean_svg(svg('<image href="data:image/png;base64,A=="/>')).data


def test_a_sheet_loses_its_typeface_and_keeps_its_colours() -> None:
    sheet = (
        "<style>@font-face { font-family: 'Virgil'; src: url(data:font/woff2;base64,d09GMgAB) }"
        " .a { fill: #123456; cursor: url(data:image/png;base64,AAAA), pointer }"
        " @media (min-width: 3px) { .b { stroke: red; mask: url(#m) } .c { fill: url(c.png) } }</style>"
        '<text class="a">words</text>'
    )
    cleaned = clean_svg(svg(sheet))
    assert b"#123456" in cleaned.data
    assert b"stroke: red" in cleaned.data
    assert b"url(#m)" in cleaned.data
    assert not re.search(rb"font-face|data:|c\.png", cleaned.data)
    assert any("Virgil" in change for change in cleaned.changes)
    assert len(cleaned.lost) == 2
    assert max(map(len, cleaned.lost)) < 100
    assert clean_svg(cleaned.data).data == cleaned.data


def test_a_style_of_one_element_keeps_what_is_its_own() -> None:
    cleaned = clean_svg(svg('<rect style="fill: url(a.png); stroke: red; mask: url(#m)"/>'))
    assert b"stroke: red" in cleaned.data
    assert b"url(#m)" in cleaned.data
    assert b"a.png" not in cleaned.data


def test_a_character_that_xml_cannot_hold_goes_out_of_styles() -> None:
    """An escape of CSS spells it; the parser of CSS writes it as it is."""
    sheet = r'<style>a::before { content: "x\8 y" } text { fill: red }</style>'
    cleaned = clean_svg(svg(sheet + r'<rect style="stroke: red; --said: &quot;x\8 y&quot;"/>'))
    assert cleaned.data.count(b'"xy"') + cleaned.data.count(b"&quot;xy&quot;") == 2
    assert b"fill: red" in cleaned.data
    assert b"stroke: red" in cleaned.data


def test_an_animation_that_stands_still_is_said_to() -> None:
    moving = svg('<rect width="3"><animate attributeName="x" to="9"/></rect>')
    assert clean_svg(moving).changes == ("without its animation",)


@pytest.mark.parametrize("target", ["epub", "html"])
def test_the_report_names_the_post_the_line_and_the_words(target: str) -> None:
    content = '<foreignObject width="100%" height="9"><p>a few words</p></foreignObject>'
    figure = b.Figure(i.Image("a.svg", "a drawing", line=7))
    post = Post(
        Metadata(key="p", title="P", source="p.md"),
        (figure,),
        assets=(Asset("a.svg", svg(content)),),
    )
    made = write(post, target)
    made.to_bytes()
    (told,) = [d for d in made.report.diagnostics if d.code is DiagnosticCode.IMAGE_CUT]
    assert (told.source, told.line, told.severity) == ("p.md", 7, Severity.WARNING)
    assert "a few words" in told.message


def test_what_was_left_out_is_told_of_a_cached_picture_too(tmp_path: object) -> None:
    given = Resource(svg('<use href="shapes.svg#ship"/>'), "image/svg+xml")
    for _ in range(2):
        made = Converter(LIMITS, cache=tmp_path).convert(given, PictureRules())  # type: ignore[arg-type]
        assert "shapes.svg#ship" in made.lost[0]


# --- why a picture is none --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<svg>\n<rect>\n</svg>", r"not well-formed XML \(line 3\)"),
        (b"<svg><rect/></svg>", "without the namespace of SVG.* xmlns"),
        (svg("<g>" * 5000 + "</g>" * 5000), "too deep"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg("<text>&a;</text>"), "declares entities"),
        (b'<svg:svg xmlns:svg="http://a.example/"/>', "not an SVG picture"),
    ],
)
def test_why_an_svg_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(ResourceError) as caught:
        convert_picture(Resource(data, "image/svg+xml"), PictureRules(), LIMITS)
    assert re.search(said, str(caught.value))


def test_a_packed_svg_is_told_how_to_be_unpacked() -> None:
    packed = gzip.compress(svg("<rect/>"))
    with pytest.raises(ResourceError, match="gunzip"):
        convert_picture(Resource(packed, sniff(packed)), PictureRules(), LIMITS)


# --- filters that never end -------------------------------------------------------------------------


def filtered(primitive: str) -> Resource:
    content = (
        f'<filter id="f">{primitive}</filter><rect width="400" height="200" filter="url(#f)"/>'
    )
    return Resource(svg(content), "image/svg+xml")


def test_a_noise_of_a_million_octaves_becomes_one_that_looks_the_same() -> None:
    bomb = filtered('<feTurbulence baseFrequency="0.05" numOctaves="1000000"/>')
    made = convert_picture(bomb, PictureRules(), LIMITS)
    assert made.media_type == "image/svg+xml"
    (noise,) = etree.fromstring(made.data).iter(f"{{{NAMESPACE}}}feTurbulence")
    assert int(noise.get("numOctaves")) < 10
    few = filtered('<feTurbulence baseFrequency="0.05" numOctaves="3"/>')
    assert b'numOctaves="3"' in convert_picture(few, PictureRules(), LIMITS).data


@pytest.mark.parametrize(
    "primitive",
    [
        '<feMorphology radius="4000"/>',
        f'<feConvolveMatrix order="150" kernelMatrix="{"1 " * 150**2}"/>',
        '<feGaussianBlur stdDeviation="99"/>' * 2000,
    ],
)
def test_a_filter_that_never_ends_passes_nowhere(primitive: str) -> None:
    with pytest.raises(ResourceError, match="seconds to draw"):
        convert_picture(filtered(primitive), PictureRules(), Limits(svg_seconds=2))


def test_filters_in_filters_pass_nowhere() -> None:
    nested = '<g filter="url(#f)">' * 60 + '<rect width="400" height="200"/>' + "</g>" * 60
    content = f'<filter id="f"><feGaussianBlur stdDeviation="40"/></filter>{nested}'
    with pytest.raises(ResourceError, match="seconds to draw"):
        convert_picture(
            Resource(svg(content), "image/svg+xml"), PictureRules(), Limits(svg_seconds=2)
        )


@pytest.mark.parametrize(
    "again", ['<use href="#p{n}"/>' * 10, '<rect width="9" height="9" mask="url(#p{n})"/>' * 10]
)
def test_what_is_drawn_again_and_again_passes_nowhere(again: str) -> None:
    kind = "mask" if "mask" in again else "g"
    parts = [f'<{kind} id="p0"><rect width="4" height="4"/></{kind}>']
    parts += [f'<{kind} id="p{n}">{again.format(n=n - 1)}</{kind}>' for n in range(1, 10)]
    with pytest.raises(ResourceError, match="more than 100000 elements"):
        convert_picture(
            Resource(svg("".join(parts) + again.format(n=9)), "image/svg+xml"),
            PictureRules(),
            LIMITS,
        )


@pytest.mark.parametrize(
    "region", ['x="-1e6%" width="1e9%"', 'filterUnits="userSpaceOnUse" height="1e9"']
)
def test_a_filter_with_a_huge_region_gets_an_answer(region: str) -> None:
    content = f'<filter id="f" {region}><feFlood/></filter><rect width="400" height="200" filter="url(#f)"/>'
    assert convert_picture(Resource(svg(content), "image/svg+xml"), PictureRules(), LIMITS).data


def test_a_drawing_with_shadows_stays_as_it_is() -> None:
    shadow = filtered('<feGaussianBlur stdDeviation="4"/>')
    assert convert_picture(shadow, PictureRules(), LIMITS).data == clean_svg(shadow.data).data


HOSTILE = (
    'onload="alert(1)" OnClick="alert(2)" xml:base="https://evil.example/" href="https://evil.example/h"'
    ' xlink:href="https://evil.example/x" fill="url(https://evil.example/f)" e:on="x"'
    ' style="fill: red; background: url(https://evil.example/s)" xml:lang="de" id="i{n}"'
)


def test_every_element_that_is_kept_has_clean_attributes() -> None:
    """Whatever its name: each of the allow-list, and a link that gives way to a group."""
    names = [name for name in sorted(_ELEMENTS) if name not in ("svg", "image")]
    inner = "".join(
        f"<{name} {HOSTILE.format(n=n)}>{'path {fill: red}' if name == 'style' else ''}</{name}>"
        for n, name in enumerate([*names, "a"])
    )
    source = (
        f'<svg xmlns="{NAMESPACE}" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:e="urn:e"'
        f" {HOSTILE.format(n='root')}>{inner}</svg>"
    )
    made = clean_svg(source.encode())
    root = etree.fromstring(made.data)
    found = {etree.QName(element).localname: set(element.attrib) for element in root.iter()}
    assert set(found) == {*names, "svg", "g"}
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert set().union(*found.values()) == {"id", "style", lang}
    assert b"evil" not in made.data
    assert made.lost, "what led outside is told"


def test_a_link_leaves_its_content_where_it_put_it() -> None:
    source = (
        f'<svg xmlns="{NAMESPACE}"><a href="https://x.example" transform="translate(9)" fill="red">'
        '<path d="M0 0h9v9z"/></a></svg>'
    )
    (group,) = etree.fromstring(clean_svg(source.encode()).data)
    assert dict(group.attrib) == {"transform": "translate(9)", "fill": "red"}


def test_colours_for_dark_pages_are_looked_for_in_linear_time() -> None:
    row = " " * 1_000_000
    assert in_light(f"fill: light-dark({row}") == f"fill: light-dark({row}"
    assert in_light(f"fill: light-dark({row}red{row}, blue)") == "fill: red"
    assert in_light("light-dark(rgb(1, 2, 3), #000)") == "rgb(1, 2, 3)"
    many = "light-dark(a," * 50_000
    assert in_light(many) == many
