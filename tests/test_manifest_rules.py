"""Tests the changes that a book makes to its posts: rules and edited texts."""

from __future__ import annotations

import pickle
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import clothbound
from clothbound.anthology.wishes import Wishes
from clothbound.context import Context
from clothbound.diagnostics import DiagnosticCode, Severity
from clothbound.errors import ClothboundError, UsageError
from clothbound.limits import Limits
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.check import problems
from clothbound.model.collection import Collection
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Post
from clothbound.model.walk import walk
from clothbound.plan import PostFields, make_book
from clothbound.plan.drafting import draft
from clothbound.plan.edits import digest
from clothbound.plan.reading import parse_manifest
from clothbound.plan.rules import apply, pattern_of
from clothbound.plan.schema import Removal, Replacement
from clothbound.plan.updating import add_edit, update
from clothbound.progress import Progress
from clothbound.readers.markdown.text_nodes import parse_markdown
from clothbound.run import Run
from clothbound.writers.markdown import Markdown, page
from sample_nodes import paragraph
from strategies import posts as any_post

POST = """\
---
title: One
slug: one
date: 2023-01-01
---
Read *last week's letter* first.[^1]

Thanks for reading The Net Loft! Subscribe.

> Thanks for reading too.

[^1]: A note of its own.
"""


def post_of(text: str) -> Post:
    body, notes, _ = parse_markdown(text)
    return Post(body=body, footnotes=notes)


def after(text: str, rule: Removal) -> str:
    outcome = apply(rule, post_of(text))
    assert not list(problems(outcome.post))
    made: Post = outcome.post
    written = page(made, Markdown(header=False), Context())
    return written.decode().strip()


@pytest.mark.parametrize(
    ("text", "rule", "made"),
    [
        ("One.\n\nThanks *for* reading!\n\nTwo.", Removal(paragraph="Thanks for*"), "One.\n\nTwo."),
        ("Thanks for all.", Removal(paragraph="Thanks"), "Thanks for all."),
        ("> Bye *all*\n\nOn.", Removal(paragraph="Bye all"), "On."),
        ("- one\n- two\n- three", Removal(paragraph="two"), "-   one\n-   three"),
        ("# Gone\n\nStays.", Removal(paragraph="Gone"), "Stays."),
        ("It's \"here\" -- now...", Removal(paragraph="It's \"here\" - now..."), ""),
        ("A\nline\u00a0broken", Removal(paragraph="A line broken"), ""),
        ("Words in the middle.", Removal(text="in the"), "Words middle."),
        ("Read *last week's* letter now.", Removal(text="last week's letter "), "Read now."),
        ("Read *last week's* letter.", Replacement(text="week", replacement="year"), "Read *last year’s* letter."),
        ("a b a b a", Replacement(text="a", replacement="x"), "x b x b x"),
        ("*ab*cd", Replacement(text="bc", replacement="X"), "*aX*d"),
        ("Read last week's letter, then.", Removal(text="last week's letter"), "Read, then."),
        ("See this (p. 3), and *that here*.", Removal(text="(p. 3)"), "See this, and *that here*."),
        ("See *that here*.", Removal(text="here"), "See *that*."),
        ("See (foo bar) and (bar foo).", Removal(text="foo"), "See (bar) and (bar)."),
        ("Say \"hello there\" now.", Removal(text="there"), "Say “hello” now."),
        ("Use the `foo`, please.", Removal(text="the"), "Use `foo`, please."),
        ("Le monde entier !", Removal(text="entier"), "Le monde \\!"),
        ("```\nThanks\n```\n\nThanks", Removal(paragraph="Thanks*"), "```\nThanks\n```"),
        ("**gone** stays", Removal(text="gone"), "stays"),
        ("1.5 (or more) * 2", Removal(text="(or more) *"), "1.5 2"),
        ("Old.\n\nNext.", Replacement(paragraph="Old.", replacement="New *words*.\n\nMore."), "New *words*.\n\nMore.\n\nNext."),
        ("| a | b |\n|---|---|\n| x | y |", Removal(text="x"), "|  a  |  b  |\n"),
    ],
)  # fmt: skip
def test_a_rule(text: str, rule: Removal, made: str) -> None:
    written = after(text, rule)
    if text.startswith("|"):  # a cell is emptied, not taken out of its row
        assert "x" not in written
        assert "y" in written
    else:
        assert written == made


EVERYWHERE = """\
![An alt SECRET](a.png "A title SECRET")

|  a  |
|-----|
| one |

Table: A table SECRET.

A term SECRET
:   What it means.

<details><summary>More SECRET</summary>

Hidden.

</details>

[words](b.md "A link SECRET")

![Alone](a.png)
"""


def test_a_rule_for_words_reaches_captions_terms_summaries_and_alternative_texts() -> None:
    figure = b.Figure(i.Image("c.png", "An alt SECRET"), (i.Text("A caption SECRET."),))
    shown = (
        figure,
        b.Gallery((figure,), (i.Text("A row SECRET"),)),
        b.Media("audio", "a.mp3", caption=(i.Text("A voice SECRET"),)),
        b.Callout((), (i.Text("A tip SECRET"),)),
    )
    post = clothbound.read(EVERYWHERE.encode(), "markdown")[0]
    post = Post(body=(*post.body, *shown), footnotes=post.footnotes)
    outcome = apply(Replacement(text="SECRET", replacement="word"), post)
    assert "SECRET" not in repr(outcome.post)
    assert len(outcome.taken) == repr(post).count("SECRET")
    assert not outcome.left
    outcome = apply(Removal(text=" SECRET"), post)
    assert "SECRET" not in repr(outcome.post)
    assert not list(problems(outcome.post))


@pytest.mark.parametrize(
    ("node", "place"),
    [
        (paragraph(i.Code("SECRET")), "code"),
        (b.CodeBlock("a SECRET"), "code"),
        (paragraph(i.RawInline("html", "<SECRET>")), "markup"),
        (b.RawBlock("html", "<SECRET>"), "markup"),
        (b.Embed("note", title="SECRET"), "a card"),
        (b.Embed("note", text="SECRET"), "a card"),
        (b.Embed("note", author="SECRET"), "a card"),
        (b.Button("SECRET"), "a button"),
        (b.SubscribeForm("SECRET"), "a form"),
        (b.SubscribeForm(label="SECRET"), "a form"),
        (b.FileDownload("a.pdf", "SECRET"), "a file's name"),
        (b.Poll("SECRET"), "a poll"),
        (b.Poll(options=("a", "SECRET")), "a poll"),
        (b.Recipe("SECRET"), "a recipe"),
        (b.Recipe(ingredients=("a", "SECRET")), "a recipe"),
        (b.Recipe(steps=("a", "SECRET")), "a recipe"),
    ],
)
def test_a_rule_for_words_names_each_place_that_it_leaves(node: b.Block, place: str) -> None:
    post = Post(body=(msgspec.structs.replace(node, line=7),))
    outcome = apply(Replacement(text="SECRET", replacement="word"), post)
    assert (outcome.post, outcome.left) == (post, [(place, 7)])


def test_what_a_rule_for_words_leaves_is_named(posts: Path) -> None:
    text = POST.replace("title: One", "title: One first").replace("Read", "`first` Read")
    (posts / "one.md").write_text(text)
    rule = '[[replace]]\npost = "one"\ntext = "first"\nwith = "last"\n'
    plan = '[posts]\nsource = "posts"\n'
    manifest = parse_manifest(plan + rule, posts.parent / "book.toml")
    book = make_book(manifest, clothbound.read(posts))
    told = [str(d) for d in book[0].diagnostics if "left" in d.message]
    assert len(told) == 1
    assert "one.md:6: warning: book.toml:3 left 'first' in code, in the title" in told[0]


@pytest.mark.parametrize("rule", [Removal(paragraph="Thanks*"), Replacement(paragraph="Thanks*")])
def test_a_rule_for_a_paragraph_takes_a_caption_a_term_and_a_title(rule: Removal) -> None:
    text = (i.Text("Thanks for reading"),)
    post = Post(
        body=(
            b.Figure(i.Image("c.png", "Alt"), text),
            b.Table(((b.Cell((i.Text("a"),)),),), ((b.Cell(),),), ("",), text),
            b.DefinitionList((b.DefinitionItem(text, ((b.Paragraph((i.Text("d"),)),),)),)),
            b.Callout((b.Paragraph((i.Text("d"),)),), text),
        )
    )
    outcome = apply(rule, post)
    assert len(outcome.taken) == 4
    assert "Thanks" not in repr(outcome.post)
    assert len(outcome.post.body) == 4
    shown = apply(Replacement(paragraph="Thanks*", replacement="See *here*"), post).post
    assert repr(shown).count("Emphasis") == 4
    assert not list(problems(shown))
    two = apply(Replacement(paragraph="Thanks*", replacement="See *here*\n\nand there"), post).post
    assert repr(two).count("LineBreak(), Text(text='and there')") == 4
    assert not list(problems(two))


def test_a_note_goes_with_its_mark() -> None:
    outcome = apply(Removal(paragraph="Read*"), post_of(POST.split("---\n")[2]))
    assert not outcome.post.footnotes
    assert [text for text, _ in outcome.taken] == [
        "Read last week’s letter first.",
        "A note of its own.",
    ]


def test_so_does_a_note_on_that_note_and_a_mark_without_its_note() -> None:
    text = "Gone.[^1]\n\nStays.[^3]\n\n[^1]: One.[^2]\n\n[^2]: Two.\n\n[^3]: Three.\n"
    outcome = apply(Removal(paragraph="Gone."), post_of(text))
    assert [plain_text(note) for note in outcome.post.footnotes] == ["Three."]
    assert [text for text, _ in outcome.taken] == ["Gone.", "One.", "Two."]
    outcome = apply(Removal(paragraph="Three."), post_of(text))
    assert [note.id for note in outcome.post.footnotes] == ["1", "2"]
    assert after(text, Removal(paragraph="Three.")).startswith("Gone.[^1]\n\nStays.\n")


def test_a_place_to_link_to_stays() -> None:
    assert apply(Removal(text="here"), post_of("[here]{#place}")).post.body


@settings(max_examples=150)
@given(any_post(), st.integers(0, 1000))
def test_every_word_is_in_the_post_or_among_what_was_taken(post: Post, number: int) -> None:
    kinds = (b.Paragraph, b.Heading, b.Button, b.Embed)
    texts = [plain_text(node) for node in walk(post) if isinstance(node, kinds)]
    texts = [text for text in texts if text.replace("*", "").strip()]
    if not texts:
        return
    outcome = apply(Removal(paragraph=texts[number % len(texts)].replace("*", "**")), post)
    left = Counter(plain_text(outcome.post).split())
    for text, _ in outcome.taken:
        left.update(text.split())
    assert outcome.taken
    assert left == Counter(plain_text(post).split())
    assert not list(problems(outcome.post))


@settings(max_examples=100)
@given(any_post())
def test_a_word_that_is_removed_is_gone(post: Post) -> None:
    words = [n.text.split() for n in walk(post) if isinstance(n, i.Text)]
    word = next((w for found in words for w in found if w.isalpha()), "")
    if word:
        outcome = apply(Removal(text=word), post)
        left = [
            n
            for n in walk(outcome.post)
            if isinstance(n, (b.Paragraph, b.Heading, b.Verse, b.Cell))
        ]
        assert not any(
            word in plain_text(n) for n in left if not any(isinstance(x, i.Code) for x in walk(n))
        )
        assert not list(problems(outcome.post))


@given(st.text(min_size=1))
def test_a_text_matches_itself(text: str) -> None:
    if text.strip():
        assert pattern_of(text, stars=False).search(text)
        assert pattern_of(text, stars=True).fullmatch(text.strip())


# in a book


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    folder = tmp_path / "posts"
    folder.mkdir()
    (folder / "one.md").write_text(POST)
    two = POST.replace("one", "two").replace("One", "Two").replace("2023-01-01", "2023-02-01")
    (folder / "two.md").write_text(two)
    return folder


LIST = '[posts]\nsource = "posts"\n\n[chapters]\none = "One"\ntwo = "Two"\n\n'


def made(posts: Path, text: str) -> Collection:
    manifest = parse_manifest(LIST + text, posts.parent / "book.toml")
    return make_book(manifest, clothbound.read(posts))


def errors(book: Collection) -> list[str]:
    found = [d for post in book for d in post.diagnostics] + list(book.diagnostics)
    return [str(d) for d in found if d.severity is Severity.ERROR]


def test_rules_change_the_book_and_say_what_they_took(posts: Path) -> None:
    rules = '[[remove]]\nparagraph = "Thanks for reading*"\n\n[[replace]]\npost = "two"\n'
    book = made(posts, rules + 'text = "last week\'s letter"\nwith = "the chapter before"\n')
    one, two = book
    assert plain_text(one.body) == "Read last week’s letter first."
    assert plain_text(two.body) == "Read the chapter before first."
    assert not errors(book)
    report = clothbound.write(book, "text").to_bytes() and None
    artifact = clothbound.write(book, "epub")
    artifact.to_bytes()
    report = artifact.report
    taken = [d for d in report.diagnostics if d.code is DiagnosticCode.EDITED]
    assert [(d.source, d.line) for d in taken] == [
        ("one.md", 8),
        ("one.md", 10),
        ("two.md", 8),
        ("two.md", 10),
        ("two.md", 6),
    ]
    assert taken[0].text == "Thanks for reading The Net Loft! Subscribe."
    assert "7 words removed by book.toml:8" in taken[0].message
    assert report.accounts["two"].read.words == 10


def test_the_bounds_of_a_run_hold_for_an_edited_text(posts: Path) -> None:
    edits = posts.parent / "edits"
    edits.mkdir()
    (edits / "one.md").write_text("> > > > > > Deep.\n")
    manifest = parse_manifest(LIST, posts.parent / "book.toml")

    def levels(run: Run | None) -> int:
        book = make_book(manifest, clothbound.read(posts), run=run)
        loaded = pickle.loads(pickle.dumps(book.posts))[0]
        assert plain_text(loaded) == plain_text(book[0]) == "Deep."
        return sum(isinstance(node, b.Quote) for node in walk(loaded.body))

    assert levels(None) == 6
    assert levels(Run(limits=Limits(depth=4))) < 4


def test_the_moment_of_a_run_decides_which_posts_are_out(posts: Path) -> None:
    manifest = parse_manifest('[posts]\nsource = "posts"\n', posts.parent / "book.toml")
    two = (posts / "two.md").read_text()
    (posts / "two.md").write_text(two.replace("---\n", "---\npublishDate: 2023-02-01\n", 1))
    run = Run(now=datetime(2023, 1, 15, tzinfo=UTC))
    everything = clothbound.read(posts)
    assert [m.key for m in make_book(manifest, everything, run=run).index] == ["one"]
    later = Wishes(select={"now": datetime(2023, 3, 1, tzinfo=UTC)})
    assert len(make_book(manifest, everything, later, run=run)) == 2
    told: list[Progress] = []
    run = Run(now=run.now, progress=told.append)
    wishes = PostFields(source=str(posts))
    text, _ = draft(everything, posts.parent / "book.toml", wishes, run=run)
    assert told == [Progress("counting words", 0, 1)]
    planned = parse_manifest(text, posts.parent / "book.toml")
    assert not update(planned, everything, run=run).added
    assert [title for _, title in update(planned, everything).added] == ["Two"]


def test_a_book_with_rules_goes_through_processes(posts: Path) -> None:
    book = made(posts, '[[remove]]\nparagraph = "Thanks*"\n')
    assert [plain_text(p) for p in pickle.loads(pickle.dumps(book.posts))] == [
        plain_text(p) for p in book
    ]
    assert book[0] == book[0]
    assert len(book[0:1]) == 1


def test_a_rule_that_finds_nothing_is_named(posts: Path) -> None:
    rules = (
        '[[remove]]\nparagraph = "Never said"\n\n'
        '[[remove]]\npost = ["one", "two"]\ntext = "a note of its own"\n\n'
        '[[remove]]\npost = "tow"\ntext = "x"\n'
    )
    first, second, third, fourth = errors(made(posts, rules))
    assert "book.toml:15: error: there is no post 'tow'; did you mean 'two'?" in first
    assert "book.toml:8: error: this rule finds nothing in any post" in second
    assert "book.toml:11: error: this rule finds nothing in one.md" in third
    assert "book.toml:11: error: this rule finds nothing in two.md" in fourth


def test_a_rule_for_a_post_that_changed_is_named_and_not_applied(posts: Path) -> None:
    path = posts.parent / "book.toml"
    text = LIST + '[[remove]]\npost = "one"\ntext = "first"\n# why: it is old\n'
    result = update(parse_manifest(text, path), clothbound.read(posts))
    assert result.tied == 1
    state = digest(clothbound.read(posts)[0])
    assert result.text == text.replace('"first"\n', f'"first"\nmade-for = "{state}"\n')
    book = make_book(parse_manifest(result.text, path), clothbound.read(posts))
    assert not errors(book)
    assert "first" not in plain_text(book[0])
    (posts / "one.md").write_text(POST.replace("Subscribe", "Or do not"))
    book = make_book(parse_manifest(result.text, path), clothbound.read(posts))
    (error,) = errors(book)
    assert "book.toml:8: error: not applied: one.md has changed" in error
    assert "first" in plain_text(book[0])
    # Looked at, and tied anew.
    again = update(parse_manifest(text, path), clothbound.read(posts))
    assert not errors(make_book(parse_manifest(again.text, path), clothbound.read(posts)))


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Words *and*\nmore ![a](b.png) [c](d)", "Words _and_ more ![a](b.png)\n[c](d)"),
        ("One[^1] *two*\n\n[^1]: N\n    more", "One[^a]  _two_\n\n[^a]:  N more"),
        ("# Head\n\nText\nhere", "Head\n====\n\n\n\nText here"),
        ("- one\n- two", "* one\n\n* two"),
    ],
)
def test_a_digest_is_the_same_however_a_text_is_written(text: str, same: str) -> None:
    assert digest(post_of(text)) == digest(post_of(same))


def test_a_digest_is_the_same_from_version_to_version() -> None:
    assert digest(post_of("## One\n\ntwo *three*[^1] ![a](b.png)\n\n[^1]: N")) == "21c826c2cfe6"


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Words ![a](b.png) [c](d)", "Words ![x](b.png) [c](d)"),
        ("Words ![a](b.png) [c](d)", "Words ![a](b.png) [c](e)"),
        ("Words and more", "Words"),
        ("# Head\n\nText", "Head\n\nText"),
        ("# Head\n\nText", "## Head\n\nText"),
        ("One\n\ntwo", "One two"),
        ("- one\n- two", "1. one\n2. two"),
        ("> Said", "Said"),
        ("One *two*", "One **two**"),
        ("One *two* three", "One two *three*"),
        ("*a*[b](c)", "*a[b](c)*"),
        ("One ~~two~~", "One two"),
        ("H^2^O", "H~2~O"),
        ("- [ ] do", "- [x] do"),
        ("- [ ] do", "- do"),
        ("3. one", "4. one"),
        ("One[^1] two\n\n[^1]: N", "One two[^1]\n\n[^1]: N"),
        ("One two\n\nthree", "One\n\ntwo three"),
        ("One\\\ntwo", "One\ntwo"),
        ("```python\na\n```", "```ruby\na\n```"),
        ("```\na b\n```", "```\na  b\n```"),
        ("[one]{lang=de}", "[one]{lang=nl}"),
    ],
)
def test_a_digest_is_another_when_the_post_is(text: str, other: str) -> None:
    assert digest(post_of(text)) != digest(post_of(other))


def test_an_edited_text_takes_a_posts_place_until_the_post_changes(posts: Path) -> None:
    path = posts.parent / "book.toml"
    picture = posts / "images" / "a.png"
    picture.parent.mkdir()
    picture.write_bytes(
        bytes.fromhex(
            "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
            "0000000c4944415408d763f8ffff3f0005fe02fea135a4e60000000049454e44ae426082"
        )
    )
    (posts / "one.md").write_text(POST + "\n![A dot](images/a.png)\n")
    manifest = parse_manifest(LIST, path)
    edit = add_edit(manifest, clothbound.read(posts), "one")
    assert edit == posts.parent / "edits" / "one.md"
    assert [p.body for p in make_book(manifest, clothbound.read(posts))] == [
        p.body for p in clothbound.read(posts)
    ]
    edit.write_text(edit.read_text().replace("Read *last", "For the book, read *last"))
    book = make_book(manifest, clothbound.read(posts))
    assert plain_text(book[0]).startswith("For the book")
    assert book[0].metadata.title == "One"
    assert not errors(book)
    artifact = clothbound.write(book, "epub")
    artifact.to_bytes()
    told = [str(d) for d in artifact.report.diagnostics]
    assert not any("image-missing" in one for one in told)  # pictures are still the post's own
    assert any("edits/one.md replaces it: 26 words for 23" in one for one in told)
    (posts / "one.md").write_text(POST)
    book = make_book(manifest, clothbound.read(posts))
    (error,) = errors(book)
    assert error.startswith("edits/one.md:2: error: one.md has changed since this text was edited")
    assert plain_text(book[0]).startswith("Read")


def test_an_edit_made_by_hand_is_tied_by_update(posts: Path) -> None:
    path = posts.parent / "book.toml"
    edits = posts.parent / "edits"
    edits.mkdir()
    (edits / "one.md").write_bytes(b"New words.\r\n")
    (edits / "two.md").write_text("---\nnote: mine\n---\nNew, too.\n")
    (edits / "gone.md").write_text("x")
    manifest = parse_manifest(LIST, path)
    book = make_book(manifest, clothbound.read(posts))
    assert [plain_text(p) for p in book] == ["New words.", "New, too."]
    (error,) = errors(book)
    assert error.startswith("edits/gone.md:1: error: there is no post 'gone'")
    result = update(manifest, clothbound.read(posts))
    assert result.tied == 2
    state = [digest(p) for p in clothbound.read(posts)]
    assert {path: after.decode() for path, (_, after) in result.edits.items()} == {
        edits / "one.md": f'---\r\nmade-for: "{state[0]}"\r\n---\r\nNew words.\r\n',
        edits / "two.md": f'---\nmade-for: "{state[1]}"\nnote: mine\n---\nNew, too.\n',
    }


def test_what_an_edit_says_beside_its_text_is_named(posts: Path) -> None:
    (posts.parent / "edits").mkdir()
    text = "---\ntitle: Another\nsubtitle: New\n---\nEdited.\n"
    (posts.parent / "edits" / "one.md").write_text(text)
    book = made(posts, "")
    assert (book[0].metadata.title, plain_text(book[0].body)) == ("One", "Edited.")
    told = [str(d) for d in book[0].diagnostics if d.severity is Severity.WARNING]
    assert len(told) == 1
    assert (
        "edits/one.md:1: warning: 'title', 'subtitle' not used: the book takes these from the post"
        in told[0]
    )
    assert not errors(book)


@pytest.mark.parametrize("text", ["", "\n\n", "---\ntitle: T\n---\n"])
def test_an_empty_edit_empties_no_chapter(posts: Path, text: str) -> None:
    (posts.parent / "edits").mkdir()
    (posts.parent / "edits" / "one.md").write_text(text)
    book = made(posts, "")
    assert "Read last week" in plain_text(book[0].body)
    assert ["edits/one.md:1: error: not used: it is empty" in e for e in errors(book)] == [True]


def test_an_edit_that_is_not_taken_is_named(posts: Path) -> None:
    (posts / "one.md").write_text(POST.replace("slug: one", "slug: one\npost_id: 7"))
    edits = posts.parent / "edits"
    (edits / "old").mkdir(parents=True)
    for name in ("7.md", "one.md", "two.mkd", "old/two.md"):
        (edits / name).write_text(f"Of {name}.")
    book = made(posts, "")
    assert [plain_text(p)[:4] for p in book] == ["Of 7", "Read"]
    doubled, deep, other = errors(book)
    assert doubled.startswith("edits/one.md:1: error: not used: edits/7.md is for the same post")
    assert deep.startswith("edits/old/two.md:1: error: not used: an edit is a file POST.md")
    assert other.startswith("edits/two.mkd:1: error: not used: an edit is a file POST.md")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("Text.".encode("utf-16"), r"one\.md: is UTF-16. Hint: save the file as UTF-8"),
        (b"Caf\xe9.", r"one\.md: is not UTF-8: byte 3 is 0xe9. Hint: save the file as UTF-8"),
        (b"a" * (Limits().post_bytes + 1), r"one\.md: is longer than 20000000 bytes"),
    ],
    ids=["UTF-16", "Latin-1", "too long"],
)
def test_an_edit_that_is_no_text_is_refused(posts: Path, data: bytes, says: str) -> None:
    edits = posts.parent / "edits"
    edits.mkdir()
    (edits / "one.md").write_bytes(data)
    with pytest.raises(ClothboundError, match=says):
        made(posts, "")


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_an_edit_is_no_link_out_of_its_folder(posts: Path) -> None:
    edits = posts.parent / "edits"
    edits.mkdir()
    (posts.parent / "private.txt").write_text("A secret.")
    (edits / "one.md").symlink_to(posts.parent / "private.txt")
    book = made(posts, "")
    assert plain_text(book[0]).startswith("Read")
    (error,) = errors(book)
    assert error.startswith("edits/one.md:1: error: not used: it is a link to a file outside")


def test_words_taken_out_are_counted(posts: Path) -> None:
    book = made(posts, '[[remove]]\ntext = "Subscribe."\n')
    told = [d.message for post in book for d in post.diagnostics if d.code is DiagnosticCode.EDITED]
    assert told == ["1 word removed by book.toml:8"] * 2


def test_a_second_edit_of_a_post_is_not_begun(posts: Path) -> None:
    (posts / "one.md").write_text(POST.replace("slug: one", "slug: one\npost_id: 7"))
    edits = posts.parent / "edits"
    edits.mkdir()
    (edits / "one.md").write_text("By hand.")
    manifest = parse_manifest(LIST, posts.parent / "book.toml")
    with pytest.raises(UsageError, match=r"one\.md exists already"):
        add_edit(manifest, clothbound.read(posts), "7")


def test_a_rule_that_finds_something_in_another_edition_is_not_idle(posts: Path) -> None:
    other = POST.replace("2023-01-01", "2022-01-01").replace("Read", "In 2022, read")
    (posts / "old.md").write_text(other.replace("one", "old").replace("One", "Old"))
    plan = '[posts]\nsource = "posts"\n[[remove]]\ntext = "In 2022, "\n[[remove]]\ntext = "Never"\n'
    manifest = parse_manifest(plan, posts.parent / "book.toml")
    for year, count in ((2022, 1), (2023, 2)):
        book = make_book(manifest, clothbound.read(posts), Wishes(select={"year": year}))
        assert len(book) == count
        assert ["book.toml:5" in error for error in errors(book)] == [True]
    book = make_book(
        manifest, clothbound.read(posts), Wishes(select={"year": 2023}, order={"by": "title"})
    )
    assert len(errors(book)) == 1
