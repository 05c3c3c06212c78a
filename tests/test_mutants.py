"""``scripts/mutants.py``: what it changes, what its list covers, and that it finds what no test sees."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("mutants", ROOT / "scripts" / "mutants.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the script needs process groups")
mutants = _load() if sys.platform != "win32" else ModuleType("mutants")

SAMPLE = '''
"""A docstring stays."""
from __future__ import annotations
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import re
SIZES: dict[str, int] = {"a": 1, **MORE}
class Shelf(Struct, frozen=True):
    name: Annotated[str, Field(flag="--shelf")] = ""
def place(one: int | None, rest):
    """So does this one."""
    assert one
    if one > 1 and not rest:
        found.append(f"{one:>3} apart", key="two words")
    for each, _ in zip(sorted(rest), rest, strict=True):
        if each: continue
        each += 2
    match one:
        case A(): raise E
        case B(): return None
        case _: return cast("int", one)
'''

EXPECTED = """
'a': 1 in a dict => (left out)
**MORE in a dict => (left out)
'a' => ''
1 => 2
flag='--shelf' for Field => (left out)
'--shelf' => ''
'' => 'x'
one > 1 and (not rest) => not (one > 1 and (not rest))
one > 1 and (not rest) => one > 1 or not rest
one > 1 of one > 1 and (not rest) => (left out)
not rest of one > 1 and (not rest) => (left out)
one > 1 => one >= 1
1 => 2
not rest => rest
found.append(f'{one:>3} apart', key='two words') => (left out)
key='two words' for found.append => (left out)
sorted(rest) => list(rest)
each => not each
continue => (left out)
each += 2 => (left out)
2 => 3
case A() => never taken
raise E => (left out)
case B() => never taken
return cast('int', one) => return None
"""


def test_a_mutant_is_one_change_that_a_test_could_notice() -> None:
    made = [f"{one.before} => {one.after}" for one in mutants.mutants_of("sample", SAMPLE)]
    assert made == EXPECTED.strip().split("\n")


def test_every_mutant_of_a_module_is_another_module() -> None:
    source = mutants.source_of("transforms/links")
    plain = ast.dump(ast.parse(source))
    found = list(mutants.mutants_of("transforms/links", source))
    made = {ast.dump(ast.parse(mutants.changed(source, one))) for one in found[::10]}
    assert len(made) == len(found[::10])
    assert plain not in made
    assert len({one.name for one in found}) == len(found)


def test_the_same_mutants_are_drawn_though_another_place_changed() -> None:
    first = list(mutants.mutants_of("sample", SAMPLE))
    moved = list(mutants.mutants_of("sample", SAMPLE.replace('"a": 1', '"a": 1,\n"b": 3')))
    drawn = [one.name for one in mutants.drawn(first, 1, 0, len(first))]
    again = [one.name for one in mutants.drawn(moved, 1, 0, len(moved))]
    assert drawn == [name for name in again if name in set(drawn)]
    assert mutants.drawn(first, 1, 3, 2) == mutants.drawn(first, 1, 0, 5)[3:]
    assert drawn != [one.name for one in mutants.drawn(first, 2, 0, len(first))]


def test_every_module_of_these_rooms_has_its_tests() -> None:
    listed = mutants.read_list()
    here = {
        f"{room}/{path.stem}"
        for room in mutants.ROOMS
        for path in (ROOT / mutants.SOURCES / room).glob("*.py")
    }
    assert set(listed.tests) == here
    for module, names in listed.tests.items():
        assert names, module
        for name in names:
            assert (ROOT / "tests" / f"{name}.py").is_file(), (module, name)


def test_every_mutant_that_is_named_equivalent_is_there_and_has_its_reason() -> None:
    listed = mutants.read_list()
    there = {
        one.name
        for module in {name[0] for name in listed.equivalent}
        for one in mutants.mutants_of(module, mutants.source_of(module))
    }
    assert set(listed.equivalent) <= there
    assert all(reason.endswith(".") for reason in listed.equivalent.values())


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="the copy is made of what git knows")
def test_a_mutant_that_no_test_sees_is_named_and_one_that_is_seen_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    module = "transforms/footnotes"
    source = mutants.source_of(module)
    seen, unseen = (
        next(one for one in mutants.mutants_of(module, source) if one.before.startswith(words))
        for words in ("queue.extend(", "result == post.footnotes")
    )
    place = mutants.Copy(tmp_path)
    place.write("../../tests/test_some", "def test_x() -> None: assert True\n")
    tests = {module: ["test_transforms_footnotes"]}
    arguments = ({module: source}, mutants.Listed(tests, {}), place, 300)
    assert mutants.run([seen], *arguments) == 0
    assert capsys.readouterr().out == "noticed: 1\n"
    blind = mutants.Listed({module: ["test_some"]}, {})
    assert mutants.run([unseen], {module: source}, blind, place, 300) == 1
    assert str(unseen) in capsys.readouterr().out
    named = mutants.Listed(blind.tests, {unseen.name: "For the sake of this test."})
    assert mutants.run([unseen], {module: source}, named, place, 300) == 0
    assert capsys.readouterr().out == "named equivalent: 1\n"
