"""Tests lists and tables with an item for each post: in memory or in a file, they hold and say the same."""

import os
import pickle
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from clothbound import stored_items
from clothbound.diagnostics import Diagnostic, DiagnosticCode, LossReport, PostAccount, Tally
from clothbound.stored_items import (
    PickedItems,
    StoredList,
    StoredNames,
    StoredTable,
    dump_shared,
    load_shared,
)

SIZES = (3, 1000)
"""The most items that stay in memory: fewer than these tests have, and more."""


class Item(msgspec.Struct, frozen=True):
    title: str
    extra: dict[str, Any] = {}


def items() -> list[Item]:
    found = [Item(f"Letter {n}", {"n": n}) for n in range(450)]
    # What no bytes of msgspec hold as it is: an undecodable name of a file, a tuple, a value of a plug-in's.
    found[7] = Item("\udcff.md")
    found[8] = Item("b", {"pair": (1, 2), "set": {3}})
    return found


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    most: int = request.param
    monkeypatch.setattr(stored_items, "MOST_IN_MEMORY", most)
    return most


def test_a_list_holds_its_items_in_order(size: int) -> None:
    expected = items()
    made = StoredList(Item, expected)
    assert list(made) == expected
    assert len(made) == 450
    assert made[0] == expected[0]
    assert made[-1] == expected[-1]
    assert made[8].extra["pair"] == (1, 2)
    assert list(made[2:300:7]) == expected[2:300:7]
    with pytest.raises(IndexError):
        made[450]


def test_a_list_may_grow_while_it_is_read(size: int) -> None:
    made = StoredList(int, range(250))
    for number in made:
        if number < 250:
            made.append(number + 250)
    assert list(made) == list(range(500))


def test_picked_items_are_in_an_order_of_their_own(size: int) -> None:
    picked = PickedItems(StoredList(Item, items()), [5, 2, 400])
    assert [item.title for item in picked] == ["Letter 5", "Letter 2", "Letter 400"]
    assert [item.title for item in picked[1:]] == ["Letter 2", "Letter 400"]
    assert picked[2].title == "Letter 400"


def test_a_table_is_a_dictionary(size: int) -> None:
    table: StoredTable[Item] = StoredTable(Item)
    expected: dict[str, Item] = {}
    for item in items():
        table[item.title] = expected[item.title] = item
    table["b"] = expected["b"] = Item("another")
    table["Letter 9"] = expected["Letter 9"] = Item("9", {"pair": (3,)})
    del table["Letter 3"], expected["Letter 3"]
    assert table == expected
    assert list(table) == list(expected)
    assert list(table.items()) == list(expected.items())
    assert list(table.values()) == list(expected.values())
    assert list(table.sorted_items()) == [
        (name, expected[name]) for name in sorted(expected, key=os.fsencode)
    ]
    assert len(table) == len(expected)
    assert "b" in table
    assert "Letter 3" not in table
    assert 3 not in table
    assert table.setdefault("b", Item("no")) == Item("another")
    for wrong in (table.__getitem__, table.__delitem__):
        with pytest.raises(KeyError):
            wrong("Letter 3")


def test_names_are_a_set_in_the_order_of_adding(size: int) -> None:
    names = StoredNames()
    added = [f"{n}.md" for n in (3, 1, 2, 10, 3, 1)]
    for name in added:
        names.add(name)
    names.discard("2.md")
    names.discard("none.md")
    assert list(names) == ["3.md", "1.md", "10.md"]
    assert list(names.in_order()) == ["1.md", "10.md", "3.md"]
    assert names == {"1.md", "3.md", "10.md"}
    assert "2.md" not in names


def test_counters_stay_counters(size: int) -> None:
    table: StoredTable[PostAccount] = StoredTable(PostAccount)
    for number in range(10):
        table[str(number)] = PostAccount(str(number), "a.md", Tally(), remote=Counter({"a": 2}))
    assert table["3"].remote == Counter({"a": 2})
    assert isinstance(table["3"].remote, Counter)


def test_they_cross_to_other_processes_with_their_items(size: int) -> None:
    table: StoredTable[Item] = StoredTable(Item)
    table.update({item.title: item for item in items()})
    for made in (table, StoredList(Item, items())):
        read = pickle.loads(pickle.dumps(made))
        assert list(read) == list(made)
        assert len(read) == len(made)
    assert pickle.loads(pickle.dumps(table)) == table


def test_a_process_reads_the_file_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_items, "MOST_IN_MEMORY", 3)
    table: StoredTable[Item] = StoredTable(Item)
    table.update({item.title: item for item in items()})
    own = StoredList(Item, items())
    data = dump_shared((table, own))
    assert len(data) < 1000
    read, listed = load_shared(data)
    assert read == table
    assert list(listed) == list(own)
    for change in (table, read):
        with pytest.raises(RuntimeError, match="not changed"):
            change["c"] = Item("c")


PROGRAM = """
import os, sys
from clothbound import stored_items
stored_items.MOST_IN_MEMORY = 3
made = stored_items.StoredList(int, range(10))
print(made._file.place, flush=True)
if sys.argv[1] == "killed":
    os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no signals there")
@pytest.mark.parametrize("end", ["ended", "killed"])
def test_the_file_goes_with_its_process(
    end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, end],
        env=places,
        capture_output=True,
        text=True,
        check=False,
    )
    place = Path(done.stdout.strip())
    assert place.parent.parent == tmp_path
    if end == "killed":
        assert place.stat().st_mode & 0o077 == 0 or place.parent.stat().st_mode & 0o077 == 0
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        monkeypatch.setattr(stored_items, "MOST_IN_MEMORY", 3)
        made = StoredList(int, range(10))
        assert len(list(tmp_path.iterdir())) == 1
        del made
    assert list(tmp_path.iterdir()) == []


def test_reports_are_the_same_in_a_file(size: int) -> None:
    report = LossReport("test")
    found = [Diagnostic(DiagnosticCode.ENGINE, f"message {n % 40}") for n in range(90)]
    report.diagnostics.extend(found)
    report.diagnostics.extend(report.diagnostics)
    assert list(report.diagnostics) == found[:40]
    assert len(report.diagnostics) == 40
    for number in range(10):
        key = str(number)
        report.accounts[key] = PostAccount(key, "a.md", Tally(words=number))
        report.accounts[key].missing += 1
        if number < 8:
            report.finish(report.accounts[key])
    assert list(report.accounts) == [str(n) for n in range(10)]
    assert [a.read.words for a in report.accounts.values()] == list(range(10))
    assert report.missing == 10
    assert len(report.accounts) == 10
    del report.accounts["2"], report.accounts["9"]
    assert "2" not in report.accounts
    report.accounts["3"] = PostAccount("3", "b.md", Tally())
    assert [a.source for a in report.accounts.values()].count("b.md") == 1
    read = pickle.loads(pickle.dumps(report))
    assert read.accounts == report.accounts
    assert list(read.diagnostics) == found[:40]
