"""Regular expressions compile at their first use, and behave as compiled ones from then on."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

import pytest

import clothbound
from clothbound.lazy_pattern import ATTRIBUTES, METHODS, compiled_late, lazy_pattern

PACKAGE = Path(clothbound.__file__).parent

# Converts a post of prose with a ``re.compile`` that refuses to run while a module of clothbound is
# being imported. Modules of others compile what they like.
CONVERT = """
import re, sys
compile_pattern = re.compile
def refuse(*arguments, **options):
    frame = sys._getframe(1)
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith("clothbound"):
            assert frame.f_code.co_name != "<module>", (module, frame.f_lineno)
        if frame.f_code.co_name == "<module>":
            break
        frame = frame.f_back
    return compile_pattern(*arguments, **options)
re.compile = refuse
import clothbound
post = clothbound.read(sys.argv[1])[0]
assert "<em>plain</em>" in clothbound.to_html(post)
clothbound.convert(sys.argv[1], sys.argv[2])
"""

# Imports every module and compiles every pattern that was made.
COMPILE_ALL = """
import gc, importlib, pkgutil, re
import clothbound
from clothbound.lazy_pattern import _Uncompiled
for module in pkgutil.walk_packages(clothbound.__path__, "clothbound."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
patterns = [found for found in gc.get_objects() if type(found) is _Uncompiled]
for found in patterns:
    re.compile(found._pattern, found._flags)
print(len(patterns))
"""


def run(program: str, *arguments: str) -> str:
    command = [sys.executable, "-W", "error", "-c", program, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_importing_compiles_no_pattern(tmp_path: Path) -> None:
    post = tmp_path / "post.md"
    post.write_text(
        "---\ntitle: A post\n---\n\nSome *plain* prose, and a [link](https://a.example/).\n"
    )
    run(CONVERT, str(post), str(tmp_path / "post.html"))


def test_no_module_calls_compile_outside_a_function() -> None:
    found = []
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_bytes())
        inner = {
            id(node)
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef | ast.Lambda)
            for node in ast.walk(function)
        }
        found += [
            f"{path.relative_to(PACKAGE)}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and ast.unparse(node.func) == "re.compile"
            and id(node) not in inner
        ]
    assert found == []


def test_every_pattern_compiles() -> None:
    assert int(run(COMPILE_ALL)) > 300


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("match", ("a1b22",)),
        ("match", ("a1b22", 3)),
        ("fullmatch", ("a1",)),
        ("search", ("--b22",)),
        ("sub", (r"<\1>", "a1b22")),
        ("subn", ("", "a1b22", 1)),
        ("split", ("a1-b22-",)),
        ("findall", ("a1b22",)),
        ("finditer", ("a1b22",)),
    ],
)
def test_each_method_does_what_it_does_on_a_compiled_pattern(
    method: str, arguments: tuple[object, ...]
) -> None:
    def shown(result: object) -> object:
        if isinstance(result, re.Match):
            return result.span(), result.groups()
        return [shown(one) for one in result] if method == "finditer" else result  # type: ignore[attr-defined]

    compiled, lazy = (made("([A-B])([0-9]+)", re.I) for made in (re.compile, lazy_pattern))
    for _ in range(2):
        assert shown(getattr(lazy, method)(*arguments)) == shown(
            getattr(compiled, method)(*arguments)
        )


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_each_attribute_is_that_of_a_compiled_pattern(name: str) -> None:
    lazy = lazy_pattern("(?P<first>[A-B])([0-9]+)", re.I)
    for _ in range(2):
        assert getattr(lazy, name) == getattr(re.compile("(?P<first>[A-B])([0-9]+)", re.I), name)


def test_all_methods_are_tested_and_nothing_else_is_there() -> None:
    assert {*METHODS, *ATTRIBUTES} < set(dir(re.compile("")))
    for name in ("scanner", "__deepcopy__"):
        with pytest.raises(AttributeError):
            getattr(lazy_pattern("a"), name)


def test_bytes_have_patterns_too() -> None:
    assert lazy_pattern(rb"\d+").findall(b"1 22") == [b"1", b"22"]


def test_a_fault_is_raised_at_each_call() -> None:
    broken = lazy_pattern("(")
    for _ in range(2):
        with pytest.raises(re.error):
            broken.match("a")


def test_threads_may_meet_at_the_first_use() -> None:
    with ThreadPoolExecutor(16) as threads:
        for number in range(100):
            lazy = lazy_pattern(f"x{{{number}}}y")
            text = "x" * number + "y"
            found = threads.map(lambda _, p=lazy, t=text: p.fullmatch(t) is not None, range(32))
            assert all(found)


def test_patterns_of_a_package_alone_are_compiled_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("late_one", "early_one"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("from .inner import WORD\n", "utf-8")
        (tmp_path / name / "inner.py").write_text("import re\nWORD = re.compile('[A-Z]+', re.I)\n")
    compile_now = re.compile
    with compiled_late("late_one"):
        early_one, late_one = map(import_module, ("early_one", "late_one"))
    assert re.compile is compile_now
    assert type(early_one.WORD) is re.Pattern
    assert type(late_one.WORD) is not re.Pattern
    assert late_one.WORD.fullmatch("aB")
    assert not late_one.WORD.fullmatch("1")


def test_an_import_that_fails_changes_nothing() -> None:
    compile_now = re.compile
    with pytest.raises(ImportError), compiled_late("not_there"):
        import_module("not_there")
    assert re.compile is compile_now


YAML = """
import sys, yaml
if sys.argv[1] == "first":
    import clothbound.readers.front_matter
from clothbound.readers.front_matter import yaml as read
text = "a: 2024-05-06 07:08:09Z\\nb: [1, 0x1F, 1.5, yes, ~, 12:30:00]\\n? <<\\n: {c: !!binary aGk=}\\n"
print(read.load(text, read.SafeLoader), read.safe_dump(read.load(text, read.CSafeLoader)))
try:
    read.load("a: \\x01", read.SafeLoader)
except read.YAMLError as error:
    print(error)
"""


def test_yaml_reads_alike_whoever_imports_it_first() -> None:
    program = YAML.replace("import sys, yaml", "import sys", 1)
    ours, theirs = run(program, "first"), run(YAML, "")
    assert ours == theirs
    assert "datetime.datetime(2024" in ours
    assert "special characters are not allowed" in ours
    reader = "import clothbound.readers.front_matter, yaml; print(type(yaml.reader.Reader.NON_PRINTABLE))"
    assert "_Uncompiled" in run(reader)
