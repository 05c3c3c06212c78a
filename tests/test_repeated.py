"""Blocks that begin or end many posts are found, proposed by a plan, and left out where the author says so."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import clothbound
from clothbound.cli import command
from clothbound.diagnostics import Diagnostic, DiagnosticCode
from clothbound.errors import ManifestError
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.edge_blocks import EdgeBlocks, RepeatedBlock, cut_blocks
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Footnote, Metadata, Post
from clothbound.options import Epub
from clothbound.plan import make_book, read_manifest, read_posts
from strategies import posts as any_posts

FOOTER = "If you liked letter {}, tell a friend about it: https://letters.example/{}"


def text_of(number: int) -> str:
    """Returns five paragraphs of words that no other post has."""
    letters = str.maketrans("0123456789", "abcdefghij")
    return "\n\n".join(
        " ".join(f"{number}q{line}q{n}".translate(letters) for n in range(9)) for line in range(5)
    )


def read(texts: Sequence[str]) -> list[Post]:
    return [clothbound.read(text.encode(), "markdown").posts[0] for text in texts]


def with_footer(count: int, of: int, footer: str = FOOTER) -> list[str]:
    return [
        text_of(n) + ("\n\n---\n\n" + footer.format(n, n) if n < count else "") for n in range(of)
    ]


def found_in(texts: Sequence[str]) -> list[tuple[str, str, int]]:
    return [(one.place, one.text, one.posts) for one in EdgeBlocks(read(texts)).repeated()]


@pytest.mark.parametrize(("count", "of", "is_found"), [(3, 8, True), (3, 9, False), (2, 2, False)])
def test_more_than_a_third_of_the_posts_have_it(count: int, of: int, is_found: bool) -> None:
    found = found_in(with_footer(count, of))
    assert [posts for _, _, posts in found] == ([count] if is_found else [])


def test_numbers_and_addresses_make_no_difference() -> None:
    shown = "If you liked letter 0, tell a friend about it \u2026"
    assert found_in(with_footer(4, 6)) == [("end", shown, 4)]


def test_a_footer_that_changed_over_the_months_is_one() -> None:
    first = "**Referrals:** you get a free month if a friend of yours signs up with your link."
    second = "**Referrals:** you get a free letter if a friend of yours signs up by your own link."
    third = f"{first} **Students:** ask for the smaller price on the page about me."
    texts = [
        text_of(n) + "\n\n- " + footer
        for n, footer in enumerate([first, first, second, second, third])
    ]
    found = EdgeBlocks(read(texts)).repeated()
    assert [(one.posts, len(one.forms)) for one in found] == [(5, 3)]


def test_both_ends_are_looked_at_and_the_middle_is_not() -> None:
    line = "You read the letters of the net loft."
    middle = "\n\n".join(text_of(9).split("\n\n") * 4)
    texts = [
        f"{line}\n\n{text_of(n)}\n\n{middle}\n\n{text_of(n + 20)}\n\n{text_of(n + 30)}"
        for n in range(3)
    ]
    assert found_in(texts) == [("beginning", line, 3)]


def test_a_heading_over_other_words_each_time_is_not_repeated() -> None:
    texts = [f"{text_of(n)}\n\n## Elsewhere\n\n- {text_of(n + 30)[:60]}" for n in range(4)]
    assert found_in(texts) == []
    texts = [f"{text}\n\nHousekeeping:\n\n- Students pay half of the price." for text in texts]
    assert [text for _, text, _ in found_in(texts)] == [
        "Housekeeping:",
        "Students pay half of the price.",
    ]


def test_a_picture_without_words_is_known_by_its_address() -> None:
    texts = [f"{text_of(n)}\n\n![](pictures/seal.png)" for n in range(3)]
    edges = EdgeBlocks(read(texts))
    assert [one.text for one in edges.repeated()] == ["seal.png"]
    assert edges.beginning_with("seal.png") == edges.repeated()


def test_texts_without_spaces_are_compared() -> None:
    line = "このニュースレターは毎週月曜日に届きます。第{}号でした。"
    assert [posts for _, _, posts in found_in(with_footer(3, 4, line))] == [3]


def test_buttons_and_forms_are_not_proposed() -> None:
    body = (b.Button("Subscribe", "https://a.example", "subscribe"),)
    assert EdgeBlocks([Post(body=body)] * 5).repeated() == ()


def test_a_block_goes_with_its_rule_and_its_note() -> None:
    post = Post(
        body=(
            b.Paragraph((i.Text("Text."),)),
            b.ThematicBreak(),
            b.Paragraph((i.Text("Tell a friend of yours."), i.NoteRef("1"))),
        ),
        footnotes=(Footnote("1", (b.Paragraph((i.Text("Or two."),)),)),),
    )
    block = RepeatedBlock("", True, 3, frozenset({("tell", "a", "friend", "of", "yours")}))
    told: list[str] = []
    left = cut_blocks(post, [block], lambda _, nodes: told.append(plain_text(nodes)))
    assert (left.body, left.footnotes) == (post.body[:1], ())
    assert told == ["Tell a friend of yours.", "Or two."]


@given(st.lists(any_posts(), max_size=5))
def test_what_is_cut_is_told_and_nothing_else_goes(found: list[Post]) -> None:
    repeated = EdgeBlocks(found).repeated()
    for post in found:
        told: list[b.Block] = []
        left = cut_blocks(post, repeated, lambda _, nodes, told=told: told.extend(nodes))
        if left is post:
            assert not told
        else:
            assert told
            gone = {id(node) for node in told}
            solid = [node for node in post.body if not isinstance(node, b.ThematicBreak)]
            rest = [node for node in solid if id(node) not in gone]
            assert [n for n in left.body if not isinstance(n, b.ThematicBreak)] == rest


def folder_of(folder: Path, texts: Sequence[str]) -> Path:
    posts = folder / "posts"
    posts.mkdir()
    for n, text in enumerate(texts):
        header = f"---\ntitle: Letter {n}\ndate: 2023-01-{n + 1:02}\n---\n\n"
        (posts / f"letter-{n}.md").write_text(header + text, "utf-8")
    return posts


def test_every_format_of_books_can_leave_them_out(tmp_path: Path) -> None:
    posts = folder_of(tmp_path, with_footer(4, 6))
    collection = clothbound.read(posts)
    artifact = clothbound.write(collection, Epub(leave_out_repeated=True))
    artifact.to_bytes()
    said = [d for d in artifact.report.diagnostics if d.code is DiagnosticCode.REPEATED]
    assert [d.message.partition(":")[0] for d in said] == ["left out of 4 of 6 posts, at the end"]
    accounts = artifact.report.accounts.values()
    assert [account.filtered for account in accounts] == [1, 1, 1, 1, 0, 0]
    words = [d.text for d in artifact.report.diagnostics if d.code is DiagnosticCode.NODE_FILTERED]
    assert words[2] == "If you liked letter 2, tell a friend about it: https://letters.example/2"
    plain = clothbound.write(collection, Epub())
    plain.to_bytes()
    assert sum(a.written.words for a in accounts) < sum(
        a.written.words for a in plain.report.accounts.values()
    )
    for target in ("kdp", "pdf", "site"):
        assert (
            "repeated"
            in clothbound.formats.make_options(
                clothbound.formats.writer(target).options_type, {"leave_out_repeated": "true"}
            ).transforms
        )


def planned(tmp_path: Path, texts: Sequence[str]) -> tuple[Path, str]:
    posts = folder_of(tmp_path, texts)
    path = tmp_path / "book.toml"
    made = CliRunner().invoke(command, ["init", str(posts), "-o", str(path)])
    assert made.exit_code == 0, made.output
    return path, made.output


def test_a_plan_proposes_them_and_keeps_them(tmp_path: Path) -> None:
    path, output = planned(tmp_path, with_footer(4, 6))
    assert "1 block begins or ends more than a third of the posts; [repeated] lists them" in output
    text = path.read_text("utf-8")
    assert list(tomllib.loads(text)["repeated"].values()) == ["keep"]
    assert re.search(r'^".*" = "keep"  # at the end of 4 of 6 posts$', text, re.M)
    manifest = read_manifest(path)
    book = make_book(manifest, read_posts(manifest))
    assert [post.body for post in book.posts] == [post.body for post in read_posts(manifest).posts]
    # The lines are not taken for posts that are commented out.
    again = CliRunner().invoke(command, ["update", str(path)])
    assert again.exit_code == 0, again.output
    assert path.read_text("utf-8") == text


def changed(path: Path, old: str, new: str) -> tuple[list[str], list[Diagnostic]]:
    text = path.read_text("utf-8")
    path.write_text(text.replace(old, new), "utf-8")
    manifest = read_manifest(path)
    book = make_book(manifest, read_posts(manifest))
    told = [*book.diagnostics, *(d for post in book.posts for d in post.diagnostics)]
    return [plain_text(post.body) for post in book.posts], told


def test_a_plan_leaves_out_what_its_author_says(tmp_path: Path) -> None:
    path, _ = planned(tmp_path, with_footer(4, 6))
    texts, told = changed(path, '"keep"', '"leave out"')
    assert not any("tell a friend" in text for text in texts)
    line = read_manifest(path).repeated[0].line
    said = [d for d in told if d.code is DiagnosticCode.REPEATED]
    assert [(d.source, d.line) for d in said] == [("book.toml", line)]
    assert "left out of 4 of 6 posts" in said[0].message
    removed = [d for d in told if d.code is DiagnosticCode.EDITED]
    assert [d.message for d in removed] == [f"11 words removed by book.toml:{line}"] * 4
    assert removed[0].text.startswith("If you liked letter 0")


def test_words_that_no_block_begins_with_are_reported(tmp_path: Path) -> None:
    path, _ = planned(tmp_path, with_footer(4, 6))
    head = read_manifest(path).repeated[0].words
    _, told = changed(path, f'"{head}" = "keep"', '"If you disliked ..." = "leave out"')
    stale = [d for d in told if d.code is DiagnosticCode.EDIT_STALE]
    assert [d.message.partition(". Hint")[0] for d in stale] == [
        "no post begins or ends with a block 'If you disliked ...'"
    ]
    texts, _ = changed(path, "disliked ...", "liked letter ...")
    assert not any("tell a friend" in text for text in texts)


def test_another_value_is_an_error_with_its_line(tmp_path: Path) -> None:
    path, _ = planned(tmp_path, with_footer(4, 6))
    with pytest.raises(ManifestError) as caught:
        changed(path, '"keep"', "true")
    assert "its value is 'keep' or 'leave out'" in str(caught.value)
    assert caught.value.line > 0


def test_blocks_that_begin_with_the_same_words_have_one_line(tmp_path: Path) -> None:
    start = "You read the letters of the net loft, which come each Sunday morning by boat"
    texts = [f"{start} and bicycle.\n\n{text_of(n)}\n\n{start} and tide." for n in range(4)]
    path, _ = planned(tmp_path, texts)
    assert len(read_manifest(path).repeated) == 1
    texts, _ = changed(path, '"keep"', '"leave out"')
    assert not any("net loft" in text for text in texts)


def test_a_text_of_the_book_itself_stays(tmp_path: Path) -> None:
    path, _ = planned(tmp_path, with_footer(4, 6))
    (tmp_path / "foreword.md").write_text("Before.\n\n" + FOOTER.format(0, 0), "utf-8")
    texts, _ = changed(path, "# foreword", "foreword")
    texts, _ = changed(path, '"keep"', '"leave out"')
    assert [text for text in texts if "tell a friend" in text] == [
        "Before.\n\n" + FOOTER.format(0, 0)
    ]


def test_a_post_is_alone(tmp_path: Path) -> None:
    post = Post(Metadata(key="a", title="A"), (b.Paragraph((i.Text("Text."),)),))
    artifact = clothbound.write(post, Epub(leave_out_repeated=True))
    artifact.to_bytes()
    assert not [d for d in artifact.report.diagnostics if d.code is DiagnosticCode.REPEATED]
