"""Tests that the page on safety names what may open files, sockets and processes, and that the watch over this run works.

That no other module opens any is held by the run itself, which ``audited_run.py`` watches.
"""

from __future__ import annotations

import ast
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from audit_hook import KINDS as EVENTS
from audit_hook import LOG, PACKAGE

from named_doors import (
    HOW_TO_NAME,
    KINDS,
    PAGE,
    Opened,
    is_named,
    kinds_of,
    named,
    possible,
    unknown_names,
    unnamed,
)

TESTS = Path(__file__).parent


def test_what_the_source_makes_possible_is_named() -> None:
    found = [f"{m}:{line}: {kind}" for kind, m, line in possible() if not is_named(kind, m)]
    assert found == [], HOW_TO_NAME


def test_the_page_names_modules_that_are_there_and_kinds_that_are_watched() -> None:
    assert unknown_names() == []
    assert set(named()) == set(KINDS)
    assert all(named().values())
    assert set(EVENTS.values()) == set(KINDS) - {"code"}  # which no event tells from an import


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("import socket", "socket"),
        ("from socket import create_connection", "socket"),
        ("import http.client", "connect"),
        ("from urllib.request import urlopen", "connect"),
        ("import urllib.request as web", "connect"),
        ("from urllib import request", "connect"),
        ("import subprocess", "process"),
        ("from multiprocessing import Pool", "process"),
        ("from concurrent.futures.process import ProcessPoolExecutor", "process"),
        ("from concurrent.futures import ProcessPoolExecutor", "process"),
        ("os.execv(a, b)", "process"),
        ("os.posix_spawn(a, b, c)", "process"),
        ("os.kill(a, 9)", "process"),
        ("import webbrowser", "process"),
        ("import ctypes", "library"),
        ("import pickle", "code"),
        ("exec(text)", "code"),
        ("from importlib import import_module", "code"),
        ("open(path, 'w')", "write"),
        ("open(path, mode='ab')", "write"),
        ("path.open('xb')", "write"),
        ("path.write_text(text)", "write"),
        ("os.replace(a, b)", "write"),
        ("shutil.rmtree(a)", "write"),
        ("from urllib.parse import quote", None),
        ("from concurrent.futures import ThreadPoolExecutor", None),
        ("path.open('rb')", None),
        ("text.replace(a, b)", None),
        ("from importlib.metadata import version", None),
    ],
)
def test_the_source_is_read_for(line: str, kind: str | None) -> None:
    assert {found for node in ast.walk(ast.parse(line)) for found in kinds_of(node)} == {kind} - {
        None
    }


PLANTED = """
import os, socket, subprocess, sys
from importlib import import_module

def planted(line, program):
    exec(compile("\\n" * (line - 1) + program, os.path.join({package!r}, "model", "planted.py"), "exec"))

planted(1, "open('new.txt', 'w').close()")
planted(2, "import os; os.rename('new.txt', 'newer.txt')")
planted(3, "open('newer.txt').close()")
planted(4, "import subprocess, sys; subprocess.run([sys.executable, '-c', ''], check=True)")
planted(5, "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(); a = s.getsockname()\\n"
           "socket.create_connection(a).close()")
planted(7, "import ctypes; ctypes.CDLL(None)")
"""
NEEDED = {"write": 1, "read": 3, "process": 4, "listen": 5, "connect": 6, "library": 7}


@pytest.mark.skipif(os.name != "posix", reason="loads its own program as a library")
def test_the_watch_sees_each_kind_in_any_python_that_a_test_starts(tmp_path: Path) -> None:
    (tmp_path / "log.txt").touch()
    subprocess.run(
        [sys.executable, "-c", PLANTED.format(package=PACKAGE)],
        env={**os.environ, LOG: str(tmp_path / "log.txt")},
        cwd=tmp_path,
        check=True,
    )
    found = unnamed(map(Opened.of, (tmp_path / "log.txt").read_text("utf-8").splitlines()))
    assert {one.kind: one.line for one in found} == NEEDED
    assert {one.module for one in found} == {"model/planted"}


def test_a_run_in_which_a_module_opens_what_it_may_not_fails_and_says_how_to_name_it(
    tmp_path: Path,
) -> None:
    test = tmp_path / "test_planted.py"
    program = f"open({str(tmp_path / 'new.txt')!r}, 'w').close()"
    file = f"{PACKAGE}model/planted.py"
    test.write_text(
        f"def test_open():\n    exec(compile({program!r}, {file!r}, 'exec'))\n", "utf-8"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "audited_run",
            str(test),
            "--rootdir",
            str(tmp_path),
        ],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout + done.stderr
    assert "1 passed" in done.stdout
    assert "src/clothbound/model/planted: line 1: write: open " in done.stdout
    assert HOW_TO_NAME in done.stdout


def test_the_table_of_bounds_is_up_to_date() -> None:
    made = runpy.run_path(str(TESTS.parent / "docs" / "make_limits.py"))
    assert PAGE.read_text("utf-8") == made["page"](), "run: python docs/make_limits.py"
