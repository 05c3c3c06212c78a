"""Highlighted code: the classes that the style sheets know, and every character of the source."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from clothbound.html.write.highlight import highlight


def test_python() -> None:
    assert highlight('def f(x):\n    return "<b>"  # hi', "python") == (
        '<span class="k">def</span> <span class="nf">f</span>(x):\n'
        '    <span class="k">return</span> <span class="s2">"&lt;b&gt;"</span>  '
        '<span class="c1"># hi</span>'
    )


def test_words_after_the_language_are_no_part_of_it() -> None:
    assert highlight("x = 1", "python title=a.py") == highlight("x = 1", "Python")


@pytest.mark.parametrize("language", ["", "  ", "nonsense", "<script>"])
def test_unknown_language(language: str) -> None:
    assert highlight("x", language) is None


@pytest.mark.parametrize("language", ["console", "pycon", "doscon", "ps1con", "tcshcon"])
@pytest.mark.parametrize("code", ["$ one step", ">>> one\n1\n>>> step", "one\n$ step\n"])
def test_the_last_line_of_a_session_is_kept(language: str, code: str) -> None:
    """Pygments' lexers drop it where it has no end."""
    result = highlight(code, language)
    assert "".join(etree.fromstring(f"<pre>{result}</pre>").itertext()) == code


@given(
    st.text(
        st.characters(blacklist_categories=["Cs", "Cc"]) | st.sampled_from("\n\t"), max_size=80
    ),
    st.sampled_from(
        ["python", "js", "c", "html", "bash", "yaml", "latex", "rust", "diff", "console", "pycon"]
    ),
)
def test_no_character_is_lost_or_active(code: str, language: str) -> None:
    result = highlight(code, language)
    assert result is not None
    root = etree.fromstring(f"<pre>{result}</pre>")
    plain = code.replace("\ufffe", "").replace("\uffff", "").replace("\ufeff", "")
    assert "".join(root.itertext()).replace("\ufeff", "") == plain
    assert {element.tag for element in root} <= {"span"}
