"""Lexers for code in ASCII: the same tokens as Pygments' own give."""

from __future__ import annotations

import re
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pygments.lexers import find_lexer_class_by_name

from clothbound.html.write.ascii_lexers import for_ascii, join_patterns, without_others
from clothbound.html.write.highlight import highlight

LANGUAGES = "python csharp haskell js ts kotlin scala groovy html pycon xpp".split()
MANY = "".join(map(chr, range(0x100, 0x180)))
CODE = """
@decorate(key_1=0x1F, _x=None) # a comment
class Kelvin<T> : Base { private val x1 = "$name ${y + 1}"; /* c */ }
def f(self, *args): return [k for k in args if not isinstance(k, str)] // d
where let = \\x -> x `div` 2 ; const s = `a ${b}`; public void m() throws E {}
"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_code_has_the_same_tokens(language: str) -> None:
    theirs = find_lexer_class_by_name(language)
    ours = for_ascii(theirs)
    for code in (CODE, "".join(map(chr, range(1, 127)))):
        assert list(ours().get_tokens(code)) == list(theirs().get_tokens(code))


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(max_codepoint=126), max_size=120), st.sampled_from(LANGUAGES[:5]))
def test_any_text_has_the_same_tokens(code: str, language: str) -> None:
    theirs = find_lexer_class_by_name(language)
    assert list(for_ascii(theirs)().get_tokens(code)) == list(theirs().get_tokens(code))


@pytest.mark.parametrize("language", LANGUAGES)
def test_long_code_has_the_same_tokens(language: str) -> None:
    """The rules of a state that is used often are joined to one pattern."""
    theirs = find_lexer_class_by_name(language)
    ours = for_ascii(theirs)
    for code in (CODE * 60, "".join(map(chr, range(1, 127))) * 60):
        assert list(ours().get_tokens(code)) == list(theirs().get_tokens(code))


def test_threads_may_use_a_lexer_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first that reaches a state makes its rules ready, and others wait for it."""
    theirs = find_lexer_class_by_name("kotlin")
    ours, expected = for_ascii(theirs), list(theirs().get_tokens(CODE))
    begins, goes_on = threading.Event(), threading.Event()
    compile_now = re.compile

    def compile_slowly(pattern: str, flags: int = 0) -> re.Pattern[str]:
        if threading.current_thread() is first:
            begins.set()
            goes_on.wait(10)
        return compile_now(pattern, flags)

    lexer = ours()
    first = threading.Thread(target=lambda: list(lexer.get_tokens(CODE)))
    monkeypatch.setattr(re, "compile", compile_slowly)
    first.start()
    try:
        assert begins.wait(10)
        assert list(lexer.get_tokens(CODE)) == expected
    finally:
        goes_on.set()
        first.join()


def test_joined_patterns_find_the_first_that_matches() -> None:
    patterns = ["a+b", "(?i)(A)(?P<x>b)?", r"\((?P<x>[](]|[^](])", r"(?<=x)[\](]\(", "", "a"]
    joined = join_patterns(patterns, re.MULTILINE)
    assert joined is not None
    assert not joined.groupindex.keys() - {f"_{number}" for number in range(len(patterns))}
    for text, number in {"aab": 0, "A": 1, "aB": 1, "((": 2, "(a": 2, "(": 4, "c": 4}.items():
        found = joined.match(text)
        assert found is not None
        assert found.lastgroup == f"_{number}"


@pytest.mark.parametrize(
    ("patterns", "flags"),
    [
        ([r"(a)\1"], 0),
        (["(a)?(?(1)b|c)"], 0),
        (["(?P<x>a)(?P=x)"], 0),
        (["a # )"], re.VERBOSE),
        (["(?x)a # b"], 0),
    ],
)
def test_patterns_that_might_find_something_else_are_not_joined(
    patterns: list[str], flags: int
) -> None:
    assert join_patterns(patterns, flags) is None


def test_letters_of_other_scripts_are_names_still() -> None:
    assert highlight("def größe(): pass", "python") == (
        '<span class="k">def</span> <span class="nf">größe</span>(): <span class="k">pass</span>'
    )


def test_a_class_of_many_letters_becomes_short() -> None:
    assert without_others(f"[A-Z{MANY}][0-9{MANY}]*", 0) == "[A-Z][0-9]*"
    assert without_others(rf"[^\{MANY}0-9]", 0) == f"[^\\{MANY[0]}0-9]"
    theirs = find_lexer_class_by_name("python")
    assert not theirs.uni_name.isascii()
    assert without_others(theirs.uni_name, 0).isascii()


@pytest.mark.parametrize(
    ("pattern", "flags"),
    [
        ("[a-zé]", 0),
        (f"[{MANY}]", 0),
        (f"[^{MANY}]", 0),
        (f"[a-{MANY}]", 0),
        (f"[a{MANY}-]", 0),
        (f"[a{MANY}]", re.IGNORECASE),
        (f"(?mi)[a{MANY}]", 0),
        ("[a-z]", 0),
    ],
)
def test_a_pattern_that_might_find_something_else_stays(pattern: str, flags: int) -> None:
    assert without_others(pattern, flags) == pattern


def test_a_lexer_without_patterns_is_itself() -> None:
    theirs = find_lexer_class_by_name("json")
    assert for_ascii(theirs) is theirs
