"""``import`` under random edits of both sides, round after round.

scripts/test.sh tries a few dozen sequences, scripts/slow.sh many.
"""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clothbound.manuscript import Change, import_archive
from clothbound.manuscript.merging import merge
from imported_exports import Row, export, tree
from random_manuscript import WORD, Exported, Words, edit_file, parts, resolve, unlike
from seeds import seeds

POSTS = 6
"""Posts of an archive; each is edited for itself."""


@pytest.mark.parametrize("seed", seeds(POSTS))
def test_no_word_is_lost_and_nothing_is_overwritten_unsaid(tmp_path: Path, seed: int) -> None:
    chance, words = random.Random(seed), Words()
    exports = {f"{n}.post": Exported(chance, words) for n in range(1, POSTS + 1)}
    folder = tmp_path / "posts"

    def archive() -> Path:
        rows = [Row(key, "T", (f"<!---->{post.body()}",)) for key, post in exports.items()]
        return export(tmp_path / "export.zip", *rows)

    import_archive(archive(), folder)
    for turn in range(4):
        files = {key: folder / f"{key}.md" for key in exports}
        for path in files.values():
            resolve(path, chance)
            edit_file(path, chance, words)
        ours = {key: path.read_text() for key, path in files.items()}
        bases = {key: (folder / f".clothbound/base/{key}.md").read_text() for key in exports}
        for post in exports.values():
            post.edit()
        report = import_archive(archive(), folder)
        for key, path in files.items():
            place = (seed, turn, key)
            text = path.read_text()
            theirs = (folder / f".clothbound/base/{key}.md").read_text()
            mine, base, new = (set(WORD.findall(t)) for t in (ours[key], bases[key], theirs))
            merged = set(WORD.findall(text))
            assert mine - base <= merged, place
            assert new - base <= merged, place
            assert (mine & new) <= merged, place
            assert merged <= mine | new | base, place
            assert unlike(text)[0] <= unlike(ours[key])[0] | unlike(theirs)[0], place
            if report.changes[path.name] is not Change.CONFLICT:
                assert unlike(text)[1] <= unlike(ours[key])[1], place
            told = [d for d in report.diagnostics if d.source == path.name]
            assert ("<<<<<<< yours" in text) == (report.changes[path.name] is Change.CONFLICT)
            stands = [block for block in parts(text)[1] if WORD.search(block)]
            for block in {b for b in stands if stands.count(b) > 1}:
                if parts(ours[key])[1].count(block) < 2 and "<<<<<<<" not in text:
                    assert any(d.code == "merge-moved" for d in told), place
        before = tree(folder)
        import_archive(tmp_path / "export.zip", folder)
        assert tree(folder) == before, (seed, turn)


BLOCKS = (
    "One {n} came in. Two went out. Three stayed.",
    "Yes.",
    "* * *",
    "The tide {n} rose\nover the bar. Nobody\nsaw it.",
    "A line {n},\\\nand another.",
    "- one {n}\n- two\n- three",
    "1.  first {n}\n2.  second",
    "```\ncode = {n}\n\nmore = 2\n```",
    "> He said so {n}. She did not.",
    "| a {n} | b |\n|:--|:--|\n| c | d |",
    "潮が来た{n}。船は出た。誰も見ない。",
    "## A heading {n}",
)
"""Most blocks of a post are unlike each other; dividers and short words are not."""


@st.composite
def states(draw: st.DrawFn) -> tuple[list[str], list[str], list[str], list[str]]:
    """Base, ours, theirs and both together, where no block and no place between blocks has two
    editors.
    """
    drawn = draw(st.lists(st.sampled_from(BLOCKS), max_size=7))
    base = [block.format(n=n) for n, block in enumerate(drawn)]
    ours, theirs, both = list[str](), list[str](), list[str]()
    editors = st.sampled_from((None, None, None, ours, theirs))
    for number, block in enumerate([*base, ""]):
        editor = draw(editors)
        if editor is not None:
            new = f"Put in by {'us' if editor is ours else 'them'} at {number}."
            editor.append(new)
            both.append(new)
        if not block:
            break
        # Of equal ones, nobody can say which an editor took out.
        editor = draw(editors) if base.count(block) == 1 else None
        edited = block
        if editor is not None:
            edited = draw(st.sampled_from(("", block.replace(f" {number}", f" {number} indeed"))))
        for state in (ours, theirs, both):
            if text := edited if state is both or state is editor else block:
                state.append(text)
    return base, ours, theirs, both


@given(states())
def test_edits_of_different_blocks_never_conflict(
    texts: tuple[list[str], list[str], list[str], list[str]],
) -> None:
    base, ours, theirs, both = texts
    head = "---\ntitle: T\n---\n\n"
    merged = merge(*(head + "\n\n".join(state) for state in (base, ours, theirs)))
    assert merged.conflicts == ()
    # Where all around them went, the order of what both put in is nobody's.
    assert Counter(parts(f"{merged.text}\n\n")[1]) == Counter(parts(head + "\n\n".join(both))[1])
    kept = [block for block in base if block in both and base.count(block) == 1]
    assert sorted(kept, key=merged.text.index) == kept


@pytest.mark.parametrize("editor", ["ours", "theirs"])
@pytest.mark.parametrize("place", range(20))
def test_a_word_mended_anywhere_and_a_postscript_at_the_end(editor: str, place: int) -> None:
    blocks = [f"Paragraph {n} says this and that of the sea." for n in range(20)]
    mended = [b.replace("sea", "ocean") if n == place else b for n, b in enumerate(blocks)]
    texts = ["\n\n".join(text) + "\n" for text in (blocks, mended, [*blocks, "PS. More."])]
    base, one, other = texts if editor == "ours" else (texts[0], texts[2], texts[1])
    merged = merge(base, one, other)
    assert merged.text == "\n\n".join([*mended, "PS. More."]) + "\n"
