"""``update``: new posts go where they belong, and nothing that an author did is lost."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import clothbound
from clothbound.errors import LimitError, ManifestError
from clothbound.limits import Limits
from clothbound.model.plain_text import plain_text
from clothbound.plan import make_book
from clothbound.plan.reading import parse_manifest
from clothbound.plan.updating import add_edit, update
from clothbound.run import Run
from planned_posts import POST, first_draft, read, write_post


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    folder = tmp_path / "posts"
    for slug, date in (
        ("ash", "2023-01-05"),
        ("birch", "2023-01-20"),
        ("cedar", "2023-02-03"),
        ("elm", "2023-04-01"),
        ("fir", "2023-04-09"),
    ):
        write_post(folder, slug, date)
    return folder


def updated(text: str, posts: Path) -> str:
    return update(parse_manifest(text, posts.parent / "book.toml"), read(posts)).text


def body(text: str) -> str:
    """The file from its first list of chapters on."""
    starts = [place for mark in ("[part.", "[chapters]") if (place := text.find(f"\n{mark}")) >= 0]
    return text[min(starts) + 1 :]


HEAD = '[posts]\nsource = "posts/"\nparts = "months"\n\n'
BY_HAND = (
    HEAD
    + """\
[part."Beginnings"]  # was January
birch = "Birch, renamed"     # moved up
# ash = "Ash"
## the next one is for spring

# what the sea brought
[part."The sea"]
cedar = "Cedar"
"""
)


def test_a_post_goes_behind_the_one_before_it_and_all_else_stays(posts: Path) -> None:
    text = first_draft(posts)
    write_post(posts, "beech", "2023-01-10")
    ash = text[text.index("ash =") :].partition("\n")[0]
    new = ash.replace('ash = "Ash"    ', 'beech = "Beech"').replace("01-05", "01-10")
    assert updated(text, posts) == text.replace(ash, f"{ash}\n{new}")


def test_hand_made_order_comments_and_names_stay(posts: Path) -> None:
    made = updated(BY_HAND, posts)
    assert (
        made
        == HEAD
        + """\
[part."Beginnings"]  # was January
birch = "Birch, renamed"     # moved up
# ash = "Ash"
## the next one is for spring

# what the sea brought
[part."The sea"]
cedar = "Cedar"

[part."April 2023"]
elm = "Elm"  # 2023-04-01; 3 words
fir = "Fir"  # 2023-04-09; 3 words
"""
    )
    assert updated(made, posts) == made


def test_a_new_part_goes_above_the_comments_of_the_part_after_it(posts: Path) -> None:
    behind = '# [part."Left out"]\n# ash = "Ash"\n'
    sea = '# what the sea brought\n# and took\n[part."February 2023"]\ncedar = "Cedar"\n'
    april = '[part."April 2023"]\nelm = "Elm"\nfir = "Fir"\n'
    new = '[part."January 2023"]\nbirch = "Birch"  # 2023-01-20; 3 words\n\n'
    made = updated(HEAD + behind + sea + april, posts)
    assert made == HEAD + behind + new + sea + april
    # a heading that is commented out does not belong to the heading below it
    closed = '# ash = "Ash"\n# [part."Never written"]\n'
    assert updated(HEAD + closed + sea + april, posts) == HEAD + closed + new + sea + april


def test_a_new_part_goes_below_the_comments_that_end_the_part_before_it(posts: Path) -> None:
    january = '[part."January 2023"]\nash = "Ash"\nbirch = "Birch"\n# more in spring\n# or not\n'
    april = '\n# of rivers\n[part."April 2023"]\nelm = "Elm"\nfir = "Fir"\n'
    new = '\n[part."February 2023"]\ncedar = "Cedar"  # 2023-02-03; 3 words\n'
    assert updated(HEAD + january + april, posts) == HEAD + january + new + april


def test_new_posts_among_old_ones(posts: Path) -> None:
    write_post(posts, "alder", "2023-01-07")
    write_post(posts, "aspen", "2023-01-01")
    write_post(posts, "dogwood", "2023-03-15")
    write_post(posts, "elder", "2023-04-05")
    write_post(posts, "zelkova", "2022-12-31")
    made = updated(BY_HAND, posts)
    assert (
        made
        == HEAD
        + """\
[part."December 2022"]
zelkova = "Zelkova"  # 2022-12-31; 3 words

[part."Beginnings"]  # was January
birch = "Birch, renamed"     # moved up
aspen = "Aspen"  # 2023-01-01; 3 words
# ash = "Ash"
alder = "Alder"  # 2023-01-07; 3 words
## the next one is for spring

# what the sea brought
[part."The sea"]
cedar = "Cedar"

[part."March 2023"]
dogwood = "Dogwood"  # 2023-03-15; 3 words

[part."April 2023"]
elm = "Elm"  # 2023-04-01; 3 words
elder = "Elder"  # 2023-04-05; 3 words
fir = "Fir"  # 2023-04-09; 3 words
"""
    )


def test_the_newest_first_stays_the_newest_first(posts: Path) -> None:
    text = first_draft(posts, reverse=True)
    write_post(posts, "beech", "2023-01-10")
    write_post(posts, "gum", "2023-05-01")
    write_post(posts, "dogwood", "2023-03-15")
    assert [line.split()[0] for line in body(updated(text, posts)).splitlines() if line] == [
        '[part."May',
        "gum",
        '[part."April',
        "fir",
        "elm",
        '[part."March',
        "dogwood",
        '[part."February',
        "cedar",
        '[part."January',
        "birch",
        "beech",
        "ash",
    ]


def test_a_list_without_parts_and_one_by_tags(posts: Path) -> None:
    text = first_draft(posts, parts="none")
    write_post(posts, "beech", "2023-01-10")
    names = [line.split()[0] for line in body(updated(text, posts)).splitlines()]
    assert names == ["[chapters]", "ash", "beech", "birch", "cedar", "elm", "fir"]
    for slug, tag in (("ash", "wet"), ("birch", "dry"), ("cedar", "dry"), ("fir", "wet")):
        write_post(posts, slug, "2023-01-01", tags=tag)
    text = first_draft(posts, parts="tags")
    write_post(posts, "oak", "2023-06-01", tags="wet")
    write_post(posts, "yew", "2023-06-02", tags="evergreen")
    made = body(updated(text, posts))
    assert '[part."wet"]\nash = "Ash"' in made
    assert made.index("ash =") < made.index("oak =") < made.index('[part."Other"]')
    assert made.index('[part."Other"]') < made.index("yew =")
    write_post(posts, "holly", "2023-07-01", tags="evergreen")
    made = body(updated(text, posts))
    assert (
        '\n\n[part."evergreen"]\nyew = "Yew"      # 2023-06-02; 3 words; evergreen\nholly' in made
    )


def test_only_what_the_file_lets_through_is_added(posts: Path) -> None:
    text = first_draft(posts, year=2023, min_words=3)
    write_post(posts, "gum", "2024-01-01")
    (posts / "note.md").write_text("---\ndate: 2023-05-01\n---\nTwo words\n")
    assert updated(text, posts) == text


def test_lists_that_other_headings_follow(posts: Path) -> None:
    text = BY_HAND + '\n# fir = "Fir"\n\n[[remove]]\ntext = "x"\n# elm = "Elm"\n'
    made = updated(text, posts)
    assert made == text  # both are commented out, wherever the lines went
    (posts / "gum.md").write_text(POST.format(title="G", date="2023-02-20", slug="gum", tags=""))
    assert 'cedar = "Cedar"\ngum = "G"  # 2023-02-20; 3 words\n' in updated(text, posts)


def test_line_ends_and_last_lines(posts: Path) -> None:
    text = BY_HAND.replace("\n", "\r\n").removesuffix("\r\n")
    made = updated(text, posts)
    assert made.startswith(text)
    assert made.count("\n") == made.count("\r\n")
    assert made.replace("\r\n", "\n") == updated(BY_HAND, posts)


def test_posts_that_vanished_or_changed_their_key_are_named(posts: Path) -> None:
    text = first_draft(posts)
    (posts / "ash.md").unlink()
    write_post(posts, "silver-birch", "2023-01-20", title="Birch")
    (posts / "birch.md").unlink()
    result = update(parse_manifest(text, posts.parent / "book.toml"), read(posts))
    ash, birch = (str(error) for error in result.faults)
    line = text[: text.index("ash =")].count("\n") + 1
    assert ash.startswith(f"book.toml:{line}: there is no post 'ash' any more in posts/")
    assert birch.startswith(f"book.toml:{line + 1}: there is no post 'birch' any more")
    assert "write 'silver-birch' there" in birch
    assert result.text == text
    # Left out under its old name, it does not come back under the new one.
    text = text.replace("birch = ", "# birch = ")
    result = update(parse_manifest(text, posts.parent / "book.toml"), read(posts))
    assert result.text == text
    assert "silver-birch" in str(result.faults[-1])


def test_a_title_that_comes_again_and_again_holds_back_one_post(posts: Path) -> None:
    write_post(posts, "thread-1", "2023-05-01", title="Open thread")
    text = first_draft(posts)
    (posts / "thread-1.md").unlink()
    for number in (2, 3, 4):
        write_post(posts, f"thread-{number}", f"2023-05-0{number}", title="Open thread")
    result = update(parse_manifest(text, posts.parent / "book.toml"), read(posts))
    (fault,) = result.faults
    assert "write 'thread-2' there: that post has the same title" in str(fault)
    assert [title for _, title in result.added] == ["Open thread", "Open thread"]
    assert "thread-3 =" in result.text
    assert "thread-4 =" in result.text
    # Left out, its title alone keeps no other from coming.
    text = text.replace("thread-1 =", "# thread-1 =")
    result = update(parse_manifest(text, posts.parent / "book.toml"), read(posts))
    assert (len(result.added), result.faults) == (3, ())


def test_the_post_that_had_another_name_is_that_of_the_same_day(posts: Path) -> None:
    write_post(posts, "thread-1", "2023-05-03", title="Open thread")
    text = first_draft(posts)
    (posts / "thread-1.md").unlink()
    for day in (2, 3, 4):
        write_post(posts, f"new-{day}", f"2023-05-0{day}", title="Open thread")
    (fault,) = update(parse_manifest(text, posts.parent / "book.toml"), read(posts)).faults
    assert "write 'new-3' there" in str(fault)


@pytest.mark.parametrize("reverse", [False, True])
def test_a_single_year_has_the_direction_that_the_plan_says(posts: Path, reverse: bool) -> None:
    """Posts that an author moved to a part of their own say nothing of it."""
    write_post(posts, "oak", "2022-06-01")
    own = ['fir = "Fir"', 'elm = "Elm"', 'birch = "Birch"']
    own = own[::-1] if reverse else own
    direction = "reverse = true\n" if reverse else ""
    head = HEAD.replace("months", "years").replace("\n\n", f"\n{direction}\n")
    rows = ['[part."The best"]', *own, "", '[part."2023"]', 'ash = "Ash"', ""]
    made = [line for line in body(updated(head + "\n".join(rows), posts)).splitlines() if line]
    years = [line for line in made if line.startswith('[part."20')]
    assert years == sorted(years, reverse=reverse)


def test_a_single_year_whose_posts_fall_goes_on_so(posts: Path) -> None:
    """The plan says nothing of a direction, and the posts show it."""
    head = HEAD.replace("months", "years")
    rows = ['[part."2023"]', 'fir = "Fir"', 'elm = "Elm"', 'cedar = "Cedar"', 'ash = "Ash"', ""]
    made = body(updated(head + "\n".join(rows), posts)).splitlines()
    assert [line.split()[0] for line in made[1:]] == ["fir", "elm", "cedar", "birch", "ash"]


@pytest.mark.parametrize("reverse", [False, True])
def test_a_part_without_posts_has_its_place_by_its_title(posts: Path, reverse: bool) -> None:
    """An author moved January's posts to the top, or wrote the headings ahead."""
    write_post(posts, "dogwood", "2023-02-20")
    months = ["January 2023", "March 2023"]
    rows = ['ash = "Ash"', 'birch = "Birch"', 'elm = "Elm"', 'fir = "Fir"']
    empty = [f'[part."{title}"]' for title in (months[::-1] if reverse else months)]
    own = '[part."The best"]'
    direction = "reverse = true\n" if reverse else ""
    rows = rows[::-1] if reverse else rows
    text = "\n".join([HEAD.replace("\n\n", f"\n{direction}"), own, *rows, "", *empty, ""])
    made = [line for line in body(updated(text, posts)).splitlines() if line.startswith("[")]
    february = '[part."February 2023"]'
    assert made == [own, empty[0], february, empty[1]]


def test_a_title_that_is_no_month_is_no_place(posts: Path) -> None:
    text = HEAD + '[part."Winter 1999"]\n\n[part."Own"]\nash = "Ash"\nbirch = "Birch"\n'
    assert body(updated(text, posts)).startswith('[part."Winter 1999"]\n\n[part."Own"]\nash')


def test_a_title_that_toml_cannot_hold_bare(posts: Path) -> None:
    text = first_draft(posts)
    for slug, title in (
        ("q1", "'\"Both\" and ''single'''"),
        ("q2", "'A \\ and # [x]'"),
        ("q3", '"\\u0085 \\e \\U0001F333"'),
    ):
        (posts / f"{slug}.md").write_text(
            f"---\ntitle: {title}\ndate: 2023-01-09\nslug: {slug}\n---\nw\n", encoding="utf-8"
        )
    made = updated(text, posts)
    titles = {
        m.slug: m.title
        for m in make_book(parse_manifest(made, posts.parent / "b.toml"), read(posts)).index
    }
    assert titles == {m.slug: m.title for m in read(posts).index}


def test_posts_that_are_called_as_the_file_calls_other_things(posts: Path) -> None:
    text = first_draft(posts)
    write_post(posts, "cover", "2023-01-06")
    made = updated(text, posts)
    assert 'cover = "Cover"' in made
    text = made.replace("\ncover = ", "\n# cover = ")
    assert updated(text, posts) == text


def test_texts_and_edits_that_lie_among_the_posts_are_no_posts(posts: Path) -> None:
    text = first_draft(posts)
    path = posts / "book.toml"
    text = text.replace('source = "posts/"', 'source = "."').replace("# foreword", "foreword")
    (posts / "foreword.md").write_text("# Before\n\nWords.\n")
    (posts / "edits").mkdir()
    (posts / "edits" / "ash.md").write_text("Other words.\n")
    manifest = parse_manifest(text, path)
    result = update(manifest, read(posts))
    assert (result.text, result.faults, result.tied) == (text, (), 1)
    book = make_book(manifest, read(posts))
    assert len(book) == 6
    assert plain_text(book[1].body) == "Other words."
    listless = parse_manifest('[posts]\n[texts]\nforeword = "foreword.md"\n', path)
    assert len(make_book(listless, read(posts))) == 6


def test_a_file_without_a_list_has_nothing_to_add_to(posts: Path) -> None:
    with pytest.raises(ManifestError, match="has no list of chapters"):
        updated(HEAD, posts)


def test_the_whole_way(posts: Path) -> None:
    """Init, leave a third out, group, rename, write a foreword and rules; then posts come and change."""
    path = posts.parent / "book.toml"
    (posts.parent / "foreword.md").write_text("# Before\n\nWords.\n")
    text = first_draft(posts)
    text = text.replace("birch =", "# birch =").replace("fir =", "#fir =")
    text = text.replace('[part."February 2023"]\n', "")
    text = text.replace('"January 2023"', '"Winter"').replace('"April 2023"', '"Spring"')
    text = text.replace('"Cedar"', '"Cedars in snow"')
    text = text.replace("# foreword", "foreword")
    rule = '\n[[replace]]\npost = "ash"\ntext = "Words of ash"\nwith = "Ashes"\n'
    text = text.replace("\n[part.", rule + "\n[part.", 1)
    manifest = parse_manifest(text, path)
    book = make_book(manifest, read(posts))
    assert [m.title for m in book.index] == ["Before", "Ash", "Cedars in snow", "Elm"]
    assert [(p.title, p.keys) for p in book.parts] == [
        ("Winter", ("ash", "cedar")),
        ("Spring", ("elm",)),
    ]
    write_post(posts, "beech", "2023-01-22")
    write_post(posts, "elm", "2023-04-01", title="The elm, corrected")
    result = update(manifest, read(posts))
    old, new = text.splitlines(), result.text.splitlines()
    added = [line for line in new if line not in old]
    assert [line.split(" ")[0] for line in added] == ["made-for", "beech"]
    rest = iter(new)
    assert all(line in rest for line in old)  # each, and in this order
    book = make_book(parse_manifest(result.text, path), read(posts))
    assert [m.title for m in book.index] == ["Before", "Ash", "Beech", "Cedars in snow", "Elm"]
    assert not [d for d in book.diagnostics if d.severity is clothbound.Severity.ERROR]


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32), parts=st.sampled_from(["none", "months", "years", "tags"]))
def test_whatever_was_commented_out_moved_and_renamed_survives(
    seed: int, parts: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    chance = random.Random(seed)
    root = tmp_path_factory.mktemp("update")
    posts = root / "posts"
    days = [
        f"{chance.choice((2022, 2023))}-{chance.randint(1, 12):02}-0{chance.randint(1, 9)}"
        for _ in range(16)
    ]
    for number, day in enumerate(days[:10]):
        write_post(posts, f"p{number}", day, tags=chance.choice(("a", "b", "")))
    lines = first_draft(posts, parts=parts, reverse=chance.random() < 0.3).splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith(("[part", "[chapters")))
    rows = [n for n in range(first, len(lines)) if lines[n].startswith("p")]
    for row in rows:
        if chance.random() < 0.3:
            lines[row] = chance.choice(("#", "# ", "  ## ")) + lines[row]
        elif chance.random() < 0.3:
            lines[row] = lines[row].replace('"P', f'"{chance.choice(("É", "日本", "x # y = "))}')
    for _ in range(4):
        one, other = chance.sample(rows, 2)
        lines[one], lines[other] = lines[other], lines[one]
    lines.insert(chance.randint(first, len(lines)), "# a note = of mine")
    lines.insert(chance.randint(first + 1, len(lines)), '[[remove]]\ntext = "gone"\n\n[part."Own"]')
    text = "\n".join(lines) + "\n" * chance.randint(0, 2)
    path = root / "book.toml"
    before = parse_manifest(text, path)
    left_out = {
        n for n in range(10) if f"p{n}" not in {c.post for p in before.parts for c in p.chapters}
    }
    for number, day in enumerate(days[10:], 10):
        write_post(posts, f"p{number}", day, tags=chance.choice(("a", "b", "c")))
    result = update(before, read(posts))
    rest = iter(result.text.split("\n"))
    assert all(line in rest for line in text.rstrip("\n").split("\n"))
    after = parse_manifest(result.text, path)
    old = [(p.title, [c.post for c in p.chapters]) for p in before.parts]
    kept = dict(old)
    now = [(p.title, [c.post for c in p.chapters]) for p in after.parts]
    listed = [name for _, names in now for name in names]
    assert sorted(listed) == sorted(f"p{n}" for n in range(16) if n not in left_out)
    assert [t for t, _ in now if t in kept] == [t for t, _ in old]
    for title, names in now:
        if title in kept:
            assert [name for name in names if int(name[1:]) < 10] == kept[title]
    again = update(after, read(posts))
    assert again.text == result.text
    assert [line for line, _ in result.added] == sorted(line for line, _ in result.added)


def test_a_part_behind_a_mark_takes_no_new_post_and_is_no_part_of_the_one_above(
    posts: Path,
) -> None:
    write_post(posts, "dogwood", "2023-02-20")
    closed = '# [part."February 2023"]\n# cedar = "Cedar"\n'
    text = f'{HEAD}[part."January 2023"]\nash = "Ash"\nbirch = "Birch"\n{closed}\n'
    later = '[part."April 2023"]\nelm = "Elm"\nfir = "Fir"\n'
    new = '\n[part."February 2023"]\ndogwood = "Dogwood"  # 2023-02-20; 3 words\n'
    assert updated(text + later, posts) == text.replace(closed, new + closed) + later


def test_a_heading_alone_behind_a_mark_joins_its_posts_to_the_part_above(posts: Path) -> None:
    write_post(posts, "dogwood", "2023-02-20")
    text = (
        f'{HEAD}[part."Winter"]\nash = "Ash"\nbirch = "Birch"\n# [part."February 2023"]\n'
        'cedar = "Cedar"\n[part."April 2023"]\nelm = "Elm"\nfir = "Fir"\n'
    )
    new = 'cedar = "Cedar"\ndogwood = "Dogwood"  # 2023-02-20; 3 words\n'
    assert updated(text, posts) == text.replace('cedar = "Cedar"\n', new)


@pytest.mark.parametrize("year", ["2032", "0"])
def test_a_selection_that_lets_no_post_through_is_named(posts: Path, year: str) -> None:
    text = first_draft(posts, year=2023).replace("year = 2023", f"year = {year}")
    result = update(parse_manifest(text, posts.parent / "book.toml"), read(posts))
    assert result.text == text
    (fault,) = result.faults
    line = text.split("\n").index(f"year = {year}") + 1
    assert str(fault) == (
        f"book.toml:{line}: no post is left to make a book of: 'year' (line {line}) keeps 0 of 5 "
        "(there are posts of 2023). Hint: widen the selection"
    )


def test_an_empty_list_takes_all_posts_in_order(posts: Path) -> None:
    empty = HEAD + "[chapters]  # none yet\n"
    names = [line.split()[0] for line in body(updated(empty, posts)).splitlines()]
    assert names == ["[chapters]", "ash", "birch", "cedar", "elm", "fir"]


def test_an_edit_is_added_within_the_bounds_of_the_run(posts: Path) -> None:
    manifest = parse_manifest(BY_HAND, posts.parent / "book.toml")
    written = add_edit(manifest, read(posts), "cedar")
    assert written.is_file()
    with pytest.raises(LimitError):
        add_edit(manifest, read(posts), "birch", run=Run(limits=Limits(post_bytes=9)))
    assert add_edit(manifest, read(posts), "birch", run=Run()).is_file()


def test_a_misspelt_tag_stops_an_update(posts: Path) -> None:
    write_post(posts, "oak", "2023-06-01", tags="evergreen")
    text = first_draft(posts, tags=("evergreen",)).replace('["evergreen"]', '["evergren"]')
    with pytest.raises(ManifestError, match="did you mean 'evergreen'"):
        updated(text, posts)


@pytest.mark.parametrize(
    ("select", "later"),
    [
        ("", 0),
        ("year = 2022\n", 3),
        ("before = 2023-02-01\n", 1),
        ('year = 2022\ntags = ["a"]\n', 1),
    ],
)
def test_later_posts_that_the_selection_leaves_out_are_counted(
    posts: Path, select: str, later: int
) -> None:
    """Beside the post that the file lists are older ones, a later draft, and two with another tag."""
    for path in posts.iterdir():
        path.unlink()
    for name, day, header in (
        ("ash", "2022-01-05", "tags: [a]"),
        ("birch", "2023-01-20", "tags: [b]"),
        ("cedar", "2023-02-03", "tags: [a]"),
        ("draft", "2023-03-03", "draft: true"),
        ("fir", "2023-01-19", "tags: [b]"),
        ("old", "2021-01-05", "tags: [a]"),
    ):
        text = f"---\ntitle: {name}\ndate: {day}\n{header}\n---\n\nWords.\n"
        (posts / f"{name}.md").write_text(text)
    text = f'[posts]\nsource = "posts/"\n{select}\n[chapters]\nash = "Ash"\n'
    made = update(parse_manifest(text, posts.parent / "book.toml"), read(posts))
    assert made.later == later
