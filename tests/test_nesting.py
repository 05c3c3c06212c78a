"""Sanitised markup that HTML does not allow as it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from clothbound.html.write.nesting import as_phrasing
from clothbound.html.write.sanitize import clean


@pytest.mark.parametrize(
    ("given_html", "expected"),
    [
        ("<li>a</li><li value='3'>b</li>c", "<ul><li>a</li><li>b</li></ul>c"),
        ("<ul>x<li>a</li>y<p>b</p></ul>", None),
        ("<span><p>a</p></span>", "<div><p>a</p></div>"),
        ("<em><strong><ul><li>a</li></ul></strong></em>", None),
        ("<figcaption>a</figcaption>", "<div>a</div>"),
        ("<figure><p>a</p><figcaption>b</figcaption></figure>", None),
        ("<dt>a</dt><dd>b</dd>", "<div>a</div><div>b</div>"),
        ("<dl><dd>a</dd></dl>", "<div><div>a</div></div>"),
        ("<details open><summary>a</summary>b</details>", "<div><div>a</div>b</div>"),
        ("<time>soon</time>", "<span>soon</span>"),
        ("<p></p>", "<p></p>"),
        ("a<br>b", "a<br/>b"),
        ("<table><tr><th><h2>a</h2></th></tr></table>", None),
    ],
)
def test_words_stay_and_elements_fit(given_html: str, expected: str | None) -> None:
    result = clean(given_html, xhtml=True)
    if expected is not None:
        assert result == expected
    root = etree.fromstring(f"<div>{result}</div>")
    for element in root.iter("li"):
        assert element.getparent().tag in ("ul", "ol")
    for element in root.iter("span", "em", "strong", "p"):
        assert not {child.tag for child in element} & {"p", "ul", "div", "table"}
    for element in root.iter("ul", "ol"):
        assert {child.tag for child in element} <= {"li"}
        assert not (element.text or "").strip()


def test_blocks_in_a_line_become_spans() -> None:
    assert as_phrasing("<p>a</p><p class='x'>b</p><hr/>") == " <span>a</span> <span>b</span>"
    assert as_phrasing("<pre>a</pre><picture>") == " <span>a</span><picture>"


NAMES = "li ul ol p span em figure figcaption dl dt dd details summary table tr td a h2 pre time".split()
markup = st.recursive(
    st.text("ab ", min_size=1, max_size=3),
    lambda inner: st.builds(
        lambda name, parts: f"<{name}>{''.join(parts)}</{name}>",
        st.sampled_from(NAMES),
        st.lists(inner, max_size=3),
    ),
    max_leaves=12,
)


@given(st.lists(markup, max_size=3).map("".join))
def test_no_letter_is_lost(html: str) -> None:
    before = etree.HTML(f"<div>{html}</div>")
    result = etree.fromstring(f"<div>{clean(html, xhtml=True)}</div>")
    letters = "".join(before.itertext()) if before is not None else ""
    assert sorted("".join(result.itertext()).replace(" ", "")) == sorted(letters.replace(" ", ""))
