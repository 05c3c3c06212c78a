"""Change the code in small ways and name each change that no test beside the module notices.

    .venv/bin/python scripts/mutants.py
    .venv/bin/python scripts/mutants.py --skip 100 --number 100
    .venv/bin/python scripts/mutants.py model/walk --number 30

A mutant is one module with one change: a condition negated, an operand or an argument left out, a
statement removed, a number or a text altered. Of all mutants of the modules that
``tests/mutants.toml`` lists, the same ones are drawn each time. Each runs in a copy of the checkout
against the test files that stand beside its module in that file, and counts as noticed when they
fail or do not end in time. Mutants that mean the same as the original are named there, with the
reason. The exit code is 1 if any other mutant lives.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import hashlib
import importlib.util
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

ROOMS = ("model", "transforms", "plan", "substack")
ROOT = Path(__file__).resolve().parents[1]
SOURCES = Path("src/clothbound")
LEFT_OUT = "(left out)"
# An endless loop may fill the memory before its time is over. A reader reserves 2 GB for a while.
MEMORY = 8 * 2**30

# Examples that are the same each time, and no search for the smallest one: failing is enough.
PROFILE = """
from hypothesis import HealthCheck, Phase, settings
settings.register_profile(
    "mutants", derandomize=True, database=None, deadline=None,
    phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
)
"""

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
NAMES = {
    "any": "all",
    "all": "any",
    "min": "max",
    "max": "min",
    "sorted": "list",
    "startswith": "endswith",
    "endswith": "startswith",
    "lstrip": "rstrip",
    "rstrip": "lstrip",
}
# What only type checkers read.
UNTOUCHED = (ast.Import, ast.ImportFrom, ast.Assert)
UNTOUCHED_CALLS = {"cast", "TypeVar", "assert_never", "NewType"}


Name: TypeAlias = tuple[str, str, str, str, int]
"""A module, a scope, the words before and after, and how many of the same precede it there."""


@dataclass(frozen=True, slots=True)
class Change:
    """A node in a tree, and what takes its place."""

    parent: ast.AST
    field: str
    position: int | None
    """Its place in the field, where that holds several."""
    replacement: ast.AST
    line: int
    scope: str
    """The function or class around it; empty at the top of the module."""
    before: str
    after: str

    def applied_to(self, tree: ast.Module) -> str:
        """The source of ``tree``, which holds the parent, with this change."""
        held = getattr(self.parent, self.field)
        changed: object = self.replacement
        if self.position is not None:
            changed = [*held]
            changed[self.position] = self.replacement
        setattr(self.parent, self.field, changed)
        try:
            return ast.unparse(ast.fix_missing_locations(tree))
        finally:
            setattr(self.parent, self.field, held)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one module, by what identifies it when lines have moved."""

    module: str
    scope: str
    before: str
    after: str
    again: int
    """How many mutants of the same words precede it in this scope."""
    line: int
    number: int
    """Its place among the changes of the module."""

    @property
    def name(self) -> Name:
        """How ``tests/mutants.toml`` names it."""
        return self.module, self.scope, self.before, self.after, self.again

    def rank(self, seed: int) -> bytes:
        """Where it stands in the draw. A change elsewhere in the code moves no other mutant."""
        return hashlib.sha256(repr((seed, *self.name)).encode()).digest()

    def __str__(self) -> str:
        scope = f" in {self.scope}" if self.scope else ""
        scope += f", number {self.again} of these" if self.again else ""
        place = f"{path_of(self.module)}:{self.line}{scope}"
        return f"{place}\n    before: {self.before}\n    after:  {self.after}"


def path_of(module: str) -> Path:
    return SOURCES / f"{module}.py"


def changes_below(
    node: ast.AST, scope: str = "", *, in_annotation: bool = False
) -> Iterator[Change]:
    """Every change of a tree, in the order of its text."""
    for field, value in ast.iter_fields(node):
        if field in ("bases", "keywords", "decorator_list") and not isinstance(node, ast.Call):
            continue
        for position, child in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(child, ast.AST) or _is_untouched(child):
                continue
            # Annotations are for type checkers, but a call in one, as Field(...) is, holds facts.
            quiet = in_annotation or field in ("annotation", "returns")
            quiet = quiet and not isinstance(child, ast.Call)
            inner = scope
            if isinstance(child, (ast.FunctionDef, ast.ClassDef)):
                inner = f"{scope}.{child.name}" if scope else child.name
            # The texts of an f-string are words for people.
            if not quiet and not isinstance(node, ast.JoinedStr):
                place = position if isinstance(value, list) else None
                line = getattr(
                    child.pattern if isinstance(child, ast.match_case) else child, "lineno", 0
                )
                for before, after, new in _variants(child, field):
                    yield Change(node, field, place, new, line, inner, before, after)
            yield from changes_below(child, inner, in_annotation=quiet)


def _is_untouched(node: ast.AST) -> bool:
    match node:
        case ast.Expr(ast.Constant(str())):
            return True  # a docstring
        case ast.Call(ast.Name(name)) | ast.Expr(ast.Call(ast.Name(name))):
            return name in UNTOUCHED_CALLS
        case ast.keyword("strict", ast.Constant(True)):
            return True  # zip asserts that the lengths are equal
        case ast.If(ast.Name("TYPE_CHECKING")) | ast.AnnAssign(annotation=ast.Name("TypeAlias")):
            return True
    return isinstance(node, UNTOUCHED)


def _variants(node: ast.AST, field: str) -> Iterator[tuple[str, str, ast.AST]]:
    """What may take a node's place: the words before and after, and the new node."""
    for new in _replacements(node, field):
        yield ast.unparse(node), ast.unparse(new), new
    yield from _shortened(node)
    match node:
        case ast.Expr() | ast.AugAssign() | ast.Raise() | ast.Continue() | ast.Break():
            yield ast.unparse(node), LEFT_OUT, ast.Pass()
        case ast.Return(ast.expr() as value) if ast.unparse(value) != "None":
            yield ast.unparse(node), "return None", ast.Return(ast.Constant(None))
        case ast.match_case(pattern, _, body) if not isinstance(pattern, ast.MatchAs):
            never = ast.match_case(pattern, ast.Constant(False), body)
            yield f"case {ast.unparse(pattern)}", "never taken", never


def _replacements(node: ast.AST, field: str) -> Iterator[ast.expr]:
    """Expressions that may take the place of an expression."""
    match node:
        case ast.Compare(left, [operator], rest):
            yield ast.Compare(left, [COMPARISONS[type(operator)]()], rest)
        case ast.UnaryOp(ast.Not() | ast.USub(), operand):
            yield operand
        case ast.expr() if field in ("test", "ifs", "guard"):
            yield ast.UnaryOp(ast.Not(), node)
    yield from _other_operators(node)
    yield from _other_values(node)


def _other_operators(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.BoolOp(ast.And(), values):
            yield ast.BoolOp(ast.Or(), values)
        case ast.BoolOp(ast.Or(), values):
            yield ast.BoolOp(ast.And(), values)
        case ast.BinOp(left, operator, right) if type(operator) in OPERATORS:
            yield ast.BinOp(left, OPERATORS[type(operator)](), right)
        case ast.IfExp(_, body, orelse):
            yield from (body, orelse)


def _other_values(node: ast.AST) -> Iterator[ast.expr]:
    """Another constant, or the function that is nearest to being another."""
    match node:
        case ast.Constant(bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(int(value)):
            yield ast.Constant(value + 1)
        case ast.Constant(str(text)) if " " not in text.strip():  # several words are a message
            yield ast.Constant("" if text else "x")
        case ast.Call(ast.Name(name) as function, arguments, keywords) if name in NAMES:
            yield ast.Call(ast.Name(NAMES[name], function.ctx), arguments, keywords)
        case ast.Call(ast.Attribute(owner, name, context), arguments, keywords) if name in NAMES:
            yield ast.Call(ast.Attribute(owner, NAMES[name], context), arguments, keywords)


def _shortened(node: ast.AST) -> Iterator[tuple[str, str, ast.AST]]:
    """A node with one of its operands, elements or named arguments left out."""
    match node:
        case ast.BoolOp(operator, values):
            for position, value in enumerate(values):
                rest = values[:position] + values[position + 1 :]
                new = rest[0] if len(rest) == 1 else ast.BoolOp(operator, rest)
                yield f"{ast.unparse(value)} of {ast.unparse(node)}", LEFT_OUT, new
        case ast.Tuple(elements, ast.Load()) | ast.List(elements, ast.Load()) | ast.Set(elements):
            for position, element in enumerate(elements):
                if len(elements) > 1:
                    new = type(node)(elements[:position] + elements[position + 1 :])  # type: ignore[call-arg]
                    yield f"{ast.unparse(element)} in a {_kind(node)}", LEFT_OUT, new
        case ast.Dict(keys, values):
            for position, (key, value) in enumerate(zip(keys, values, strict=True)):
                row = (
                    f"{ast.unparse(key)}: {ast.unparse(value)}"
                    if key
                    else f"**{ast.unparse(value)}"
                )
                new = ast.Dict(
                    keys[:position] + keys[position + 1 :],
                    values[:position] + values[position + 1 :],
                )
                yield f"{row} in a dict", LEFT_OUT, new
        case ast.Call(function, arguments, keywords):
            for position, keyword in enumerate(keywords):
                if _is_untouched(keyword):
                    continue
                new = ast.Call(function, arguments, keywords[:position] + keywords[position + 1 :])
                yield f"{ast.unparse(keyword)} for {ast.unparse(function)}", LEFT_OUT, new


def _kind(node: ast.AST) -> str:
    return type(node).__name__.lower()


def mutants_of(module: str, source: str) -> Iterator[Mutant]:
    """Every mutant of a module."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for number, change in enumerate(changes_below(ast.parse(source))):
        words = (change.scope, change.before, change.after)
        yield Mutant(module, *words, seen[words], change.line, number)
        seen[words] += 1


def changed(source: str, mutant: Mutant) -> str:
    """The source of the mutant's module with its change."""
    tree = ast.parse(source)
    change = next(c for n, c in enumerate(changes_below(tree)) if n == mutant.number)
    return change.applied_to(tree)


def source_of(module: str) -> str:
    return (ROOT / path_of(module)).read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Listed:
    """What ``tests/mutants.toml`` says."""

    tests: dict[str, list[str]]
    """The test files that stand beside each module."""
    equivalent: dict[Name, str]
    """The reason for which each of these mutants cannot be noticed."""


def read_list() -> Listed:
    found = tomllib.loads((ROOT / "tests/mutants.toml").read_text("utf-8"))
    named = {
        (one["module"], one["scope"], one["before"], one["after"], one.get("again", 0)): one[
            "reason"
        ]
        for one in found.get("equivalent", [])
    }
    return Listed(found["tests"], named)


class Copy:
    """A copy of the checkout in which tests run against changed modules."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "checkout"
        self.output = folder / "output"
        """What the last tests printed."""
        self._temporary = folder / "temporary"
        listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True).stdout
        for name in filter(None, os.fsdecode(names).split("\0")):
            if (ROOT / name).is_file():
                target = self.root / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, target)
        (self.root / "mutants_profile.py").write_text(PROFILE, encoding="utf-8")

    def write(self, module: str, source: str) -> None:
        path = self.root / path_of(module)
        path.write_text(source, encoding="utf-8")
        # Bytecode counts as current where the time, in seconds, and the size are the same.
        Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)

    def passes(self, tests: Sequence[str], bound: float) -> bool | None:
        """Whether these test files pass; None where they do not end in time."""
        shutil.rmtree(self._temporary, ignore_errors=True)
        self._temporary.mkdir()
        # Without bytecode each run would compile all of clothbound.
        inherited = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        own = {"PYTHONPATH": str(self.root / "src"), "TMPDIR": str(self._temporary)}
        pytest = "pytest -x -q -p no:cacheprovider -p mutants_profile".split()
        chosen = ["--hypothesis-profile=mutants", "-m", "not corpus and not slow"]
        files = [f"tests/{name}.py" for name in tests]
        with (
            self.output.open("wb") as output,
            subprocess.Popen(
                [sys.executable, "-m", *pytest, *chosen, *files],
                cwd=self.root,
                env={**inherited, **own},
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=_bound_memory,  # noqa: PLW1509 - no threads run here
            ) as running,
        ):
            try:
                return running.wait(bound) == 0
            except subprocess.TimeoutExpired:
                return None
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(running.pid, signal.SIGKILL)


def _bound_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def drawn(mutants: Sequence[Mutant], seed: int, skip: int, number: int) -> list[Mutant]:
    return sorted(mutants, key=lambda one: one.rank(seed))[skip : skip + number]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("modules", nargs="*", help="such as model/walk; else all that are listed")
    parser.add_argument("--number", type=int, default=400, help="how many are drawn (400)")
    parser.add_argument("--skip", type=int, default=0, help="leave out so many of the draw first")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bound", type=float, default=180, help="seconds for one mutant (180)")
    parser.add_argument("--list", action="store_true", help="print the mutants, run none")
    arguments = parser.parse_args()
    listed = read_list()
    modules = arguments.modules or list(listed.tests)
    # Read once: whoever goes on working in the checkout changes nothing here.
    sources = {module: source_of(module) for module in modules}
    every = [mutant for module in modules for mutant in mutants_of(module, sources[module])]
    chosen = drawn(every, arguments.seed, arguments.skip, arguments.number)
    print(f"{len(chosen)} of {len(every)} mutants", flush=True)
    if arguments.list:
        print("\n".join(map(str, chosen)))
        return 0
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        return run(chosen, sources, listed, Copy(Path(folder)), arguments.bound)


def run(
    chosen: Sequence[Mutant],
    sources: Mapping[str, str],
    listed: Listed,
    place: Copy,
    bound: float,
) -> int:
    """Run the tests against each mutant, and print those that live. Return the exit code."""
    files = sorted({name for mutant in chosen for name in listed.tests[mutant.module]})
    for module in {mutant.module for mutant in chosen}:
        place.write(module, ast.unparse(ast.parse(sources[module])))
    if not place.passes(files, bound * len(files)):
        print(place.output.read_text("utf-8", "replace"))
        print("without any change these tests fail already, or take too long")
        return 2
    counts: Counter[str] = Counter()
    for number, mutant in enumerate(chosen, 1):
        if mutant.name in listed.equivalent:
            counts["named equivalent"] += 1
            continue
        place.write(mutant.module, changed(sources[mutant.module], mutant))
        passed = place.passes(listed.tests[mutant.module], bound)
        place.write(mutant.module, sources[mutant.module])
        counts["lives" if passed else "not in time" if passed is None else "noticed"] += 1
        if passed:
            print(f"{number}: {mutant}", flush=True)
    print(", ".join(f"{what}: {count}" for what, count in sorted(counts.items())))
    return 1 if counts["lives"] else 0


if __name__ == "__main__":
    sys.exit(main())
