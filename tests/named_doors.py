"""Which modules may open files, sockets, processes and libraries, as the page on safety names them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

PAGE = Path(__file__).parents[1] / "docs" / "explanation" / "safety.md"
PACKAGE = Path(__file__).parents[1] / "src" / "clothbound"
KINDS = ("read", "write", "connect", "listen", "process", "library", "code")

HOW_TO_NAME = (
    "Only modules that the table 'What may go out' in docs/explanation/safety.md names may do this. Use one of those, "
    "or, if this module has a reason of its own, add it to the row of that reason, or add a row: "
    "| `kind` | why | `folder/module` |, without '.py'; a path that ends in '/' names a whole folder."
)


class Opened(NamedTuple):
    """What a module opened, as ``audit_hook`` wrote it down."""

    kind: str
    module: str
    line: int
    event: str
    what: str

    @classmethod
    def of(cls, line: str) -> Opened:
        kind, file, number, event, what = line.split("\t", 4)
        return cls(kind, module_of(file), int(number), event, what)

    def __str__(self) -> str:
        return (
            f"src/clothbound/{self.module}: line {self.line}: {self.kind}: {self.event} {self.what}"
        )


def module_of(file: str) -> str:
    """``writers/pdf`` for ``writers/pdf/__init__.py``."""
    return file.replace("\\", "/").removesuffix(".py").removesuffix("/__init__")


@cache
def named() -> dict[str, tuple[str, ...]]:
    """The modules and folders that the page names for each kind."""
    section = PAGE.read_text("utf-8").split("## What may go out\n", 1)[1].split("\n## ", 1)[0]
    found: dict[str, tuple[str, ...]] = dict.fromkeys(KINDS, ())
    for line in re.findall(r"^\| `.*$", section, re.M):
        kind, _, modules = (cell.strip() for cell in line.strip("| ").split(" | "))
        found[kind.strip("`")] += tuple(re.findall(r"`([\w/]+)`", modules))
    return found


def is_named(kind: str, module: str) -> bool:
    names = named()["connect"] + named()["listen"] if kind == SOCKET else named()[kind]
    return any(
        module == name or (name.endswith("/") and f"{module}/".startswith(name)) for name in names
    )


def unnamed(opened: Iterable[Opened]) -> list[Opened]:
    """What was opened by a module that is not named for it, each module and kind once."""
    by_place = {(one.module, one.kind): one for one in opened}
    return [one for (module, kind), one in sorted(by_place.items()) if not is_named(kind, module)]


def unknown_names() -> list[str]:
    """What the page names that is neither a module nor a folder of modules."""
    return [
        name
        for names in named().values()
        for name in names
        if not (PACKAGE / name).is_dir() and not (PACKAGE / f"{name}.py").is_file()
    ]


# --- what the text of a module says ---------------------------------------------------------------

_MODULES = {
    **dict.fromkeys("http ssl urllib.request ftplib smtplib requests urllib3 httpx aiohttp".split(), "connect"),
    "uvicorn": "listen",
    **dict.fromkeys("subprocess multiprocessing pty concurrent.futures.process concurrent.futures.ProcessPoolExecutor webbrowser".split(), "process"),
    **dict.fromkeys("ctypes cffi _ctypes".split(), "library"),
    **dict.fromkeys("pickle marshal shelve runpy code importlib imp".split(), "code"),
}  # fmt: skip
"""Modules whose import makes a kind possible."""
_SAFE = (
    "importlib.abc",
    "importlib.machinery",
    "importlib.metadata",
    "importlib.resources",
    "importlib.util",
)
"""Parts of those that run nothing."""
SOCKET = "socket"
"""Stands for connecting and for listening: the import does not tell which."""
_BUILTINS = {"exec": "code", "eval": "code", "compile": "code", "__import__": "code"}
_OF_OS = {
    **dict.fromkeys("system popen fork forkpty kill killpg startfile posix_spawn posix_spawnp".split(), "process"),
    **dict.fromkeys(
        "remove unlink rename replace renames rmdir removedirs mkdir makedirs mkfifo link symlink truncate chmod chown "
        "utime".split(), "write"),
}  # fmt: skip
_OF_SHUTIL = frozenset(
    "rmtree move copy copy2 copyfile copytree copymode copystat make_archive unpack_archive chown".split()
)
_OF_PATHS = frozenset(
    "write_bytes write_text unlink mkdir rmdir touch symlink_to hardlink_to chmod rename".split()
)


def possible() -> Iterator[tuple[str, str, int]]:
    """Each kind that the text of a module makes possible, the module and the line."""
    for path in sorted(PACKAGE.rglob("*.py")):
        module = module_of(path.relative_to(PACKAGE).as_posix())
        for node in ast.walk(ast.parse(path.read_bytes())):
            for kind in kinds_of(node):
                yield kind, module, getattr(node, "lineno", 0)


def kinds_of(node: ast.AST) -> Iterator[str]:
    """The kinds that a node of a program makes possible."""
    match node:
        case ast.Import(names):
            for name in names:
                yield from _of_import(name.name)
        case ast.ImportFrom(module=str(module), names=names, level=0):
            for name in names:
                whole = f"{module}.{name.name}"
                yield from _of_import(whole if whole in _MODULES else module)
        case ast.Call(ast.Name(name)) if name in _BUILTINS:
            yield _BUILTINS[name]
        case ast.Call(ast.Name("open") | ast.Attribute(attr="open"), arguments, keywords):
            modes = [*arguments, *(word.value for word in keywords if word.arg == "mode")]
            texts = [str(mode.value) for mode in modes if isinstance(mode, ast.Constant)]
            if any(re.fullmatch(r"[rbt]*[wax+][rwaxbt+]*", text) for text in texts):
                yield "write"
        case ast.Attribute(ast.Name("os"), name):
            if name.startswith(("exec", "spawn")):
                yield "process"
            elif name in _OF_OS:
                yield _OF_OS[name]
        case ast.Attribute(ast.Name("shutil"), name) if name in _OF_SHUTIL:
            yield "write"
        case ast.Call(ast.Attribute(attr=name)) if name in _OF_PATHS:
            yield "write"


def _of_import(name: str) -> Iterator[str]:
    if name.partition(".")[0] == "socket":
        yield SOCKET
    if name.startswith(_SAFE):
        return
    for known, kind in _MODULES.items():
        if name == known or name.startswith(f"{known}."):
            yield kind
