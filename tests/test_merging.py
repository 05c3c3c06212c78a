"""Three states of a post merged: notes, numbers, paragraphs, sentences, front matter."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from clothbound.manuscript.comparable import comparable
from clothbound.manuscript.merging import Conflict, merge
from clothbound.readers.conflict_marks import find_unresolved


def merged_text(base: str, ours: str, theirs: str) -> str:
    """The text of a merge without conflicts."""
    header = "---\ntitle: T\n---\n\n"
    made = merge(header + base, header + ours, header + theirs)
    assert made.conflicts == ()
    return made.text.removeprefix(header)


def test_a_note_that_is_cited_again_is_the_same_note_behind_a_new_one() -> None:
    base = "One.[^1]\n\nEnd.\n\n[^1]: note one\n"
    ours = "One.[^1]\n\nEnd.[^1]\n\n[^1]: note one\n"
    theirs = "Zero.[^1]\n\nOne.[^2]\n\nEnd.\n\n[^1]: new\n\n[^2]: note one\n"
    assert merged_text(base, ours, theirs) == (
        "Zero.[^1]\n\nOne.[^2]\n\nEnd.[^2]\n\n[^1]: new\n\n[^2]: note one\n"
    )


def test_both_sides_add_a_note_of_the_same_number() -> None:
    base = "One.\n\nTwo.\n\nThree.\n"
    ours = "One.[^1]\n\nTwo.\n\nThree.\n\n[^1]: MINE\n"
    theirs = "One.\n\nTwo.\n\nThree.[^1]\n\n[^1]: THEIRS\n"
    # The notes stand in an order that nobody chose; their marks count.
    assert merged_text(base, ours, theirs) == (
        "One.[^1]\n\nTwo.\n\nThree.[^2]\n\n[^2]: THEIRS\n\n[^1]: MINE\n"
    )


def test_the_words_of_a_note_are_edited_while_another_is_put_in_front() -> None:
    base = "One.[^1]\n\n[^1]: the note about fog\n"
    ours = "One.[^1]\n\n[^1]: the note about thick fog\n"
    theirs = "Zero.[^1]\n\nOne.[^2]\n\n[^1]: first\n\n[^2]: the note about fog\n"
    assert merged_text(base, ours, theirs) == (
        "Zero.[^1]\n\nOne.[^2]\n\n[^1]: first\n\n[^2]: the note about thick fog\n"
    )


def test_both_change_one_note() -> None:
    header = "---\ntitle: T\n---\n\n"
    texts = [f"{header}One.[^1]\n\n[^1]: note {x}\n" for x in ("base", "ours", "theirs")]
    made = merge(*texts)
    assert len(made.conflicts) == 1
    assert "[^1]: note ours\n=======\n[^1]: note theirs" in made.text


def test_notes_that_the_author_named_keep_their_names() -> None:
    base = "One.[^fog]\n\n[^fog]: note\n"
    ours = "One, I say.[^fog]\n\n[^fog]: note\n"
    theirs = "Zero.[^1]\n\nOne.[^2]\n\n[^1]: z\n\n[^2]: note\n"
    assert merged_text(base, ours, theirs) == (
        "Zero.[^1]\n\nOne, I say.[^fog]\n\n[^1]: z\n\n[^fog]: note\n"
    )


PIECES = (
    "One.[^1]",
    "Two[^2] and `[^1]` and \\\\[^1].",
    "[^1]: a note",
    "[^2]: another",
    "    more of it",
    "1.  a",
    "2.  b",
    "3.  c",
    "10. j",
    "    1)  deep",
    "    2)  deeper",
    "```",
    "---",
    "",
)


@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_what_was_made_comparable_is_itself_again(lines: list[str]) -> None:
    texts, restored = comparable(lines, lines, lines)
    assert restored(texts[1]) == lines


def test_numbers_in_code_are_no_notes_and_no_items() -> None:
    code = "```\n[^1]\n1. a\n2. b\n```\n\n`[^1]`"
    base = f"x\n\n{code}\n\nOne.[^1]\n\n[^1]: n\n"
    ours = f"x me\n\n{code}\n\nOne.[^1]\n\n[^1]: n\n"
    theirs = f"x\n\n{code}\n\nNew[^1] One.[^2]\n\n[^1]: p\n\n[^2]: n\n"
    assert merged_text(base, ours, theirs) == (
        f"x me\n\n{code}\n\nNew[^1] One.[^2]\n\n[^1]: p\n\n[^2]: n\n"
    )


def test_items_behind_a_new_one_are_no_conflict() -> None:
    base = "1.  a\n2.  b\n3.  c\n"
    ours = "1.  a\n2.  b\n3.  c mine\n"
    theirs = "1.  new\n2.  a\n3.  b\n4.  c\n"
    assert merged_text(base, ours, theirs) == "1.  new\n2.  a\n3.  b\n4.  c mine\n"


def test_the_end_of_the_last_line_is_no_change() -> None:
    ours = "One mine.\n\nTwo."
    assert merged_text("One.\n\nTwo.\n", ours, "One.\n\nTwo theirs.\n") == (
        "One mine.\n\nTwo theirs."
    )


LINES = st.lists(st.sampled_from(["a", "b", "c", "d", "", "e f. G h."]), max_size=8)


HEADERS = st.dictionaries(
    st.sampled_from("abcd"), st.sampled_from(["1", "2", "3\n- x"]), max_size=4
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    header = "".join(f"{key}: {value}\n" for key, value in draw(HEADERS).items())
    return f"---\n{header}---\n" + "\n".join(draw(LINES))


@given(texts(), texts())
def test_a_change_on_one_side_is_taken_whole(base: str, changed: str) -> None:
    assert sorted_header(merge(base, changed, base).text) == sorted_header(changed)
    assert sorted_header(merge(base, base, changed).text) == sorted_header(changed)
    assert sorted_header(merge(base, changed, changed).text) == sorted_header(changed)


def sorted_header(text: str) -> tuple[list[str], str]:
    """Order counts for nothing in a header."""
    _, header, body = text.split("---\n", 2)
    return sorted(re.split(r"^(?=\w)", header, flags=re.M)), body


@given(texts(), texts(), texts())
def test_a_merge_loses_no_line_that_a_side_wrote(base: str, ours: str, theirs: str) -> None:
    merged = merge(base, ours, theirs)
    for line in {*ours.split("\n"), *theirs.split("\n")} - {*base.split("\n")}:
        words = line.split()
        assert all(word in merged.text for word in words)
    assert bool(merged.conflicts) == bool(find_unresolved(merged.text))
    lines = merged.text.split("\n")
    assert all(lines[c.line - 1] == "<<<<<<< yours" for c in merged.conflicts)


def test_new_fields_stand_where_the_export_has_them() -> None:
    base = "---\ntitle: A\ndate: 1\n---\n"
    ours = "---\ndate: 1\ntitle: A\nmood: calm\n---\n"
    theirs = "---\ntitle: A\nsubtitle: B\ndate: 1\n---\n"
    merged = "---\ndate: 1\ntitle: A\nsubtitle: B\nmood: calm\n---\n"
    assert merge(base, ours, theirs).text == merged


def test_a_note_whose_mark_survives_keeps_its_definition() -> None:
    base = "One stands.[^1]\n\nTwo.\n\nEnd.\n\n[^1]: note one\n"
    dropped = "One stands.\n\nTwo.\n\nEnd.\n"
    # The author cites the note again; the export drops it.
    ours = base.replace("End.", "End.[^1]")
    assert merged_text(base, ours, dropped) == (
        "One stands.\n\nTwo.\n\nEnd.[^1]\n\n[^1]: note one\n"
    )
    # The author moves its paragraph.
    ours = "Two.\n\nOne stands.[^1]\n\nEnd.\n\n[^1]: note one\n"
    assert "[^1]: note one\n" in merge(base, ours, dropped).text
    # Both change the sentence, and the mark stands in the conflict.
    ours = base.replace("One stands.", "One falls.")
    merged = merge(base, ours, dropped)
    assert "<<<<<<< yours\nOne falls.[^1]\n=======" in merged.text
    assert merged.text.endswith("\n\n[^1]: note one\n")


def test_a_note_in_a_note_that_survives_keeps_its_definition() -> None:
    base = "One.[^1]\n\nEnd.\n\n[^1]: see below[^2]\n\n[^2]: the second\n"
    ours = base.replace("End.", "End.[^1]")
    assert merged_text(base, ours, "One.\n\nEnd.\n").endswith(
        "End.[^1]\n\n[^1]: see below[^2]\n\n[^2]: the second\n"
    )


def test_a_definition_that_the_author_put_elsewhere_stands_once() -> None:
    base = "One.[^1]\n\nEnd.\n\n[^1]: note\n"
    ours = "One.[^1]\n\n[^1]: note\n\nEnd.\n"
    theirs = base.replace("End.", "The end.")
    assert merged_text(base, ours, theirs) == "One.[^1]\n\n[^1]: note\n\nThe end.\n"


def test_where_a_label_stands_twice_no_definition_is_lost_or_doubled() -> None:
    base = "One.[^1]\n\nTwo.[^2]\n\n[^1]: first\n\n[^2]: second\n"
    ours = "One.[^1]\n\nTwo more.[^2]\n\n[^1]: first\n\nMine.\n\n[^2]: second\n\n[^2]: twice\n"
    theirs = f"Zero.\n\n{base}"
    assert merged_text(base, ours, theirs) == f"Zero.\n\n{ours}"
    # The export drops a note that the author cites again.
    theirs = "One.\n\nTwo.[^2]\n\n[^2]: second\n"
    assert merge(base, ours.replace("Mine.", "Mine.[^1]"), theirs).text.count("[^1]: first") == 1


def test_a_definition_that_goes_on_without_an_indent_is_one() -> None:
    base = "One.[^1]\n\n[^1]: a note that is long\n"
    ours = "One.[^1]\n\n[^1]: a note\nthat is long\n"
    theirs = "Zero.[^1]\n\nOne.[^2]\n\n[^1]: new\n\n[^2]: a note that is long\n"
    assert merged_text(base, ours, theirs) == (
        "Zero.[^1]\n\nOne.[^2]\n\n[^1]: new\n\n[^2]: a note\nthat is long\n"
    )


def test_sentences_are_merged_where_a_paragraph_holds_line_breaks() -> None:
    base = "One came.\\\nTwo went. Three stayed.\n"
    ours = base.replace("came", "came late")
    theirs = base.replace("stayed", "left")
    assert merged_text(base, ours, theirs) == "One came late.\\\nTwo went. Three left.\n"


def test_a_paragraph_that_an_editor_wrapped_is_merged() -> None:
    base = "One came in the night. Two went out. Three stayed where they were.\n"
    ours = "One came in\nthe night. Two\nwent out. Three stayed\nwhere they were.\n"
    theirs = base.replace("went out", "went in")
    merged = merged_text(base, ours, theirs)
    assert merged == ours.replace("Two\nwent out.", "Two went in.")


def test_sentences_without_spaces_between_them_are_merged() -> None:
    base = "潮が来た。船は出た。誰も見ない。\n"
    ours = base.replace("潮が", "高い潮が")
    theirs = base.replace("誰も見ない。", "皆が見た。雨だ。")
    assert merged_text(base, ours, theirs) == "高い潮が来た。船は出た。皆が見た。雨だ。\n"


def test_marks_never_stand_within_a_fence() -> None:
    base = "```\na = 1\n\nb = 2\n```\n"
    merged = merge(base, base.replace("2", "3"), base.replace("2", "4"))
    assert merged.text.startswith("<<<<<<< yours\n```\na = 1\n\nb = 3\n```\n=======\n```\n")
    assert find_unresolved(merged.text) == 1
    both = merge(base, base.replace("2", "3"), base.replace("1", "0"))
    assert both.text == "```\na = 0\n\nb = 3\n```\n"


def test_items_of_one_list_are_merged_line_by_line() -> None:
    base = "---\ntags:\n- a\n- b\n- c\n---\n"
    ours = base.replace("- a\n", "- mine\n- a\n")
    theirs = base.replace("- c\n", "- c\n- theirs\n")
    merged = "---\ntags:\n- mine\n- a\n- b\n- c\n- theirs\n---\n"
    assert merge(base, ours, theirs).text == merged


def test_a_conflict_holds_only_what_differs() -> None:
    base, ours, theirs = "a\nb\nc", "a\nsame\nmine\nc", "a\nsame\ntheirs\nc"
    merged = merge(base, ours, theirs)
    assert merged.text == ("a\nsame\n<<<<<<< yours\nmine\n=======\ntheirs\n>>>>>>> export\nc")
    assert merged.conflicts == (Conflict(3),)


def test_a_text_that_is_too_long_to_compare_is_one_conflict() -> None:
    base = "\n".join(str(n % 50) for n in range(20_000))
    merged = merge(base, f"mine\n{base}", f"theirs\n{base}")
    assert merged.text == f"<<<<<<< yours\nmine\n=======\ntheirs\n>>>>>>> export\n{base}"


def test_marks_of_another_program_are_text() -> None:
    assert find_unresolved("a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> topic\n") == 0
