"""``update`` under random edits of book.toml and of the posts, round after round.

scripts/test.sh tries a few dozen sequences, scripts/slow.sh many.
"""

from __future__ import annotations

import calendar
import random
from collections import Counter
from pathlib import Path

import pytest

from clothbound.errors import ManifestError
from clothbound.plan.chapter_names import Names
from clothbound.plan.reading import parse_manifest
from clothbound.plan.updating import update
from planned_posts import first_draft, read, write_post
from seeds import seeds

TITLES = ("Open thread", "Notes", "日本", 'It\'s "so"', "A # B", "Été")


class Posts:
    """A folder of posts that come, go, and change their names, titles and days."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder, self.chance = folder, chance
        self.count = 0
        self.there: dict[str, tuple[str, str]] = {}
        for _ in range(chance.randint(2, 9)):
            self.come()

    def come(self) -> None:
        chance = self.chance
        day = f"{chance.choice((2022, 2023))}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        title = chance.choice(TITLES) if chance.random() < 0.4 else f"Title {self.count}"
        self.put(title, day)

    def put(self, title: str, day: str) -> None:
        slug = f"p{self.count}"
        self.count += 1
        self.there[slug] = (title, day)
        quoted = "'" + title.replace("'", "''") + "'"
        write_post(self.folder, slug, day, title=quoted, tags=self.chance.choice(("a", "b", "")))

    def go(self) -> tuple[str, str]:
        slug = self.chance.choice(sorted(self.there))
        (self.folder / f"{slug}.md").unlink()
        return self.there.pop(slug)

    def change(self) -> None:
        for _ in range(self.chance.randint(0, 4)):
            kind = self.chance.choice(("come", "come", "go", "rename"))
            if kind == "come":
                self.come()
            elif len(self.there) > 2:
                title, day = self.go()
                if kind == "rename":
                    self.put(title, day)


def edited(text: str, chance: random.Random) -> str:
    """What an author does with the list: lines moved, left out, taken out, named anew; parts too."""
    lines = text.split("\n")
    first = next(n for n, line in enumerate(lines) if line.startswith(("[part", "[chapters")))
    for number in range(chance.randint(0, 5)):
        rows = [n for n in range(first + 1, len(lines)) if lines[n].lstrip("# ").startswith("p")]
        heads = [n for n in range(first + 1, len(lines)) if lines[n].startswith("[part")]
        kind = chance.choice(("out", "in", "move", "name", "delete", "part", "heads", "remark"))
        if kind == "part":
            place = chance.randint(first, len(lines) - 1)
            lines[place:place] = ["", f'[part."{chance.choice("ABCDEF")}{number} {place}"]']
        elif kind == "remark":
            lines.insert(chance.randint(first, len(lines)), "# a note, = of mine")
        elif kind == "heads" and heads:
            one = chance.choice(heads)
            lines[one] = chance.choice(("# ", "")) + lines[one]
        elif not rows or kind == "heads":
            continue
        elif kind == "move":
            line = lines.pop(chance.choice(rows))
            lines.insert(chance.randint(first + 1, len(lines)), line)
        elif kind == "delete":
            del lines[chance.choice(rows)]
        else:
            row = chance.choice(rows)
            bare = lines[row].lstrip("# ")
            if kind == "name":
                bare = bare.partition(" =")[0] + f' = "Another {number}"'
            lines[row] = f"# {bare}" if kind == "out" else bare
    return "\n".join(lines)


@pytest.mark.parametrize("seed", seeds(10))
def test_no_line_changes_and_every_new_post_is_listed_once(tmp_path: Path, seed: int) -> None:
    for one in range(seed, seed + 10):
        check(tmp_path / str(one), random.Random(one), one)


def check(root: Path, chance: random.Random, seed: int) -> None:
    root.mkdir()
    posts = Posts(root / "posts", chance)
    parts = chance.choice(("none", "months", "years", "tags"))
    path = root / "book.toml"
    text = first_draft(posts.folder, parts=parts, reverse=chance.random() < 0.3)
    for turn in range(4):
        place = (seed, turn)
        posts.change()
        changed = edited(text, chance)
        try:
            before = parse_manifest(changed, path)
        except ManifestError:  # a slip of the author's, such as the same post twice
            before = parse_manifest(text, path)
            changed = text
        if not before.parts:
            return
        collection = read(posts.folder)
        names = Names(collection.index)
        result = update(before, collection)
        rest = iter(result.text.split("\n"))
        assert all(line in rest for line in changed.rstrip("\n").split("\n")), place
        after = parse_manifest(result.text, path)
        assert update(after, collection).text == result.text, place
        old = Counter(c.post for p in before.parts for c in p.chapters)
        now = Counter(c.post for p in after.parts for c in p.chapters)
        assert old <= now, place
        assert max(now.values(), default=1) == 1, place
        new = {names[name] for name in now - old}
        assert len(new) == len(now - old) == len(result.added), place
        listed = {names[name] for name in now if name in names}
        # What is not listed was left out by its author, or had another name before.
        for metadata in collection.index:
            if metadata.key in listed:
                continue
            left_out = any(
                line.startswith("#") and line.lstrip("# ").startswith(f"{metadata.slug} =")
                for line in changed.split("\n")
            )
            held = sum(f"write '{metadata.slug}' there" in str(fault) for fault in result.faults)
            assert left_out or held == 1, (*place, metadata.slug)
        text = result.text


@pytest.mark.parametrize("parts", ["months", "years"])
@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("seed", seeds(20))
def test_parts_of_months_and_years_stay_in_order(
    tmp_path: Path, seed: int, parts: str, reverse: bool
) -> None:
    """Also where the posts of one have gone, were left out, or moved to a part of the author's own."""
    for one in range(seed, seed + 5):
        chance = random.Random(one)
        root = tmp_path / str(one)
        root.mkdir()
        posts = Posts(root / "posts", chance)
        text = first_draft(posts.folder, parts=parts, reverse=reverse)
        days = {f'[part."{label}"]': day for label, day in labels(parts).items()}
        for turn in range(3):
            lines = text.split("\n")
            first = next(n for n, line in enumerate(lines) if line.startswith("[part."))
            rows = [n for n in range(first, len(lines)) if lines[n].startswith("p")]
            own = [lines[n] for n in chance.sample(rows, len(rows) // 3)]
            lines = [line for line in lines if line not in own]
            lines[first:first] = [f'[part."Own {turn}"]', *own, ""]
            posts.change()
            posts.come()
            text = update(
                parse_manifest("\n".join(lines), root / "book.toml"), read(posts.folder)
            ).text
            found = [days[line] for line in text.split("\n") if line in days]
            assert found == sorted(found, reverse=reverse), (one, turn)


def labels(parts: str) -> dict[str, str]:
    """The title of each part that a post may be in, and its time."""
    if parts == "years":
        return {str(year): str(year) for year in (2022, 2023)}
    return {
        f"{calendar.month_name[month]} {year}": f"{year}-{month:02}"
        for year in (2022, 2023)
        for month in range(1, 13)
    }
