"""Print figures about the source code of one checkout, or of two beside each other.

    .venv/bin/python scripts/code_statistics.py .
    .venv/bin/python scripts/code_statistics.py ../before .
    .venv/bin/python scripts/code_statistics.py --names .

The figures show whether a change leaves the code simpler than it was. They are no target: no check
fails because of one. ``--names`` prints what was counted below the table.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

COMPLEXITY = 12
LONG_FUNCTION = 50
SMALL_MODULE = 130

# Counts the patterns that modules of clothbound compile while they are imported. It runs in the
# interpreter of this script with the sources of the checkout in front of everything else.
PROSE = """
import re, sys
counted = []
compile_pattern = re.compile
def counting(*arguments, **options):
    frame = sys._getframe(1)
    if frame.f_globals.get("__name__", "").startswith("clothbound") and (
        frame.f_code.co_name == "<module>"
    ):
        counted.append(f"{frame.f_globals['__name__']}:{frame.f_lineno}")
    return compile_pattern(*arguments, **options)
re.compile = counting
import tempfile, pathlib
import clothbound
with tempfile.TemporaryDirectory() as folder:
    post = pathlib.Path(folder, "post.md")
    post.write_text("---\\ntitle: A post\\n---\\n\\nSome *plain* prose, and a [link](https://a.example/).\\n")
    clothbound.convert(post, pathlib.Path(folder, "post.html"))
print("\\n".join(counted))
"""

Graph = dict[str, set[str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("checkouts", nargs="+", type=Path, metavar="CHECKOUT")
    parser.add_argument("--names", action="store_true", help="list what was counted")
    arguments = parser.parse_args()
    columns = [measure(checkout.resolve()) for checkout in arguments.checkouts]
    labels = list(columns[0])
    width = max(map(len, labels))
    for label in labels:
        figures = "".join(f"{len(column[label]):>10}" for column in columns)
        print(f"{label:<{width}}{figures}")
    if arguments.names:
        for label in labels[2:]:
            print(f"\n{label}:")
            for name in columns[-1][label]:
                print(f"  {name}")


def measure(checkout: Path) -> dict[str, list[str]]:
    """Return, for each figure, the names of what it counts."""
    root = checkout / "src" / "clothbound"
    trees = {
        module_name(path.relative_to(root.parent)): (path, ast.parse(path.read_bytes()))
        for path in sorted(root.rglob("*.py"))
    }
    graph = {name: imports(name, path, tree, set(trees)) for name, (path, tree) in trees.items()}
    return {
        "statements": [
            name
            for name, (_, tree) in trees.items()
            for node in ast.walk(tree)
            if isinstance(node, ast.stmt)
        ],
        "files": list(trees),
        f"functions over {LONG_FUNCTION} lines": [
            f"{name}:{function.name} ({lines})"
            for name, (_, tree) in trees.items()
            for function, lines in functions(tree)
            if lines > LONG_FUNCTION
        ],
        f"functions over complexity {COMPLEXITY}": complex_functions(root, marked=False),
        "  the same with marked match dispatch": complex_functions(root, marked=True),
        "import circles": [" ".join(circle) for circle in circles(graph)],
        "  modules in them": [name for circle in circles(graph) for name in circle],
        f"modules with one importer, under {SMALL_MODULE} lines": small_modules(trees, graph),
        "patterns compiled at import, in the source": [
            f"{name}:{node.lineno}"
            for name, (_, tree) in trees.items()
            for node in executed_at_import(tree)
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile"
        ],
        "  those on the way of a post of prose": compiled_for_prose(checkout),
    }


def module_name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(module: str, path: Path, tree: ast.Module, modules: set[str]) -> set[str]:
    """Return the modules that ``module`` imports anywhere, type-checking imports included."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join(parts) if node.level else ""
            base = ".".join(filter(None, [base, node.module]))
            for alias in node.names:
                submodule = f"{base}.{alias.name}"
                found.add(submodule if submodule in modules else base)
    return (found & modules) - {module}


def functions(tree: ast.Module) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node, (node.end_lineno or node.lineno) - node.lineno + 1


def executed_at_import(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a module that lie in no function body."""
    for child in ast.iter_child_nodes(tree):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from executed_at_import(child)


def complex_functions(root: Path, *, marked: bool) -> list[str]:
    """Return the functions that ruff finds too complex; ``marked`` counts those with a noqa too."""
    command = [
        *(sys.executable, "-m", "ruff", "check", "--isolated", "--select", "C901,PLR0912"),
        *("--config", f"lint.mccabe.max-complexity={COMPLEXITY}"),
        *("--config", f"lint.pylint.max-branches={COMPLEXITY}"),
        *("--output-format", "json", "--exit-zero", str(root)),
        *(["--ignore-noqa"] if marked else []),
    ]
    output = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    places = {(found["filename"], found["location"]["row"]) for found in json.loads(output)}
    return [f"{Path(file).relative_to(root)}:{line}" for file, line in sorted(places)]


def circles(graph: Graph) -> list[list[str]]:
    """Return the groups of modules that reach each other: strongly connected components."""
    reached = {module: reachable(graph, module) for module in graph}
    found: list[list[str]] = []
    seen: set[str] = set()
    for module in sorted(graph):
        if module not in seen and module in reached[module]:
            group = sorted(other for other in reached[module] if module in reached[other])
            seen.update(group)
            found.append(group)
    return found


def reachable(graph: Graph, start: str) -> set[str]:
    found: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting.extend(graph[module])
    return found


def small_modules(trees: dict[str, tuple[Path, ast.Module]], graph: Graph) -> list[str]:
    found = []
    for module, (path, _) in trees.items():
        lines = path.read_text(encoding="utf-8").count("\n")
        importers = [other for other, imported in graph.items() if module in imported]
        if lines < SMALL_MODULE and len(importers) == 1 and path.name != "__init__.py":
            found.append(f"{module} ({lines} lines, by {importers[0]})")
    return found


def compiled_for_prose(checkout: Path) -> list[str]:
    environment = {**os.environ, "PYTHONPATH": str(checkout / "src")}
    command = [sys.executable, "-c", PROSE]
    output = subprocess.run(command, capture_output=True, check=True, text=True, env=environment)
    return output.stdout.split()


if __name__ == "__main__":
    main()
