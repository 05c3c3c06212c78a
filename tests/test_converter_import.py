"""Tests that formulas load no HTTP client, and that whoever asks for one after them gets it."""

from __future__ import annotations

import subprocess
import sys

import pytest

BEGINNING = (
    "import sys\n"
    "from clothbound.math.tex_to_mathml import to_mathml\n"
    "assert '<mi>x</mi>' in to_mathml('x', False)\n"
)


def run_after_a_formula(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", BEGINNING + program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_formulas_load_no_client() -> None:
    unused = ("ssl", "socket", "http.client", "email", "importlib.metadata")
    assert run_after_a_formula(f"print([m for m in {unused} if m in sys.modules])") == "[]"


@pytest.mark.parametrize(
    "program",
    [
        "import urllib.request; print(urllib.request.Request.__module__)",
        "from urllib.request import Request; print(Request.__module__)",
        "import urllib.request as client; print(client.Request.__module__)",
        "import urllib.request as a; a.Request\n"
        "import urllib.request as b; b.urlopen; print(a.Request.__module__, a.Request is b.Request)",
    ],
)
def test_the_client_is_there_for_others(program: str) -> None:
    assert run_after_a_formula(program) in ("urllib.request", "urllib.request True")


def test_the_module_that_needs_the_client_still_works() -> None:
    program = (
        "import pathlib, tempfile, xml.sax.saxutils as s\n"
        "path = pathlib.Path(tempfile.mkdtemp(), 'a b.xml'); path.write_text('<a/>')\n"
        "print(s.prepare_input_source(path.as_uri()).getByteStream().read())\n"
    )
    assert run_after_a_formula(program) == "b'<a/>'"


def test_the_version_of_the_converter_is_known() -> None:
    program = "import latex2mathml, importlib.metadata as m\nprint(latex2mathml.__version__ == m.version('latex2mathml'))"
    assert run_after_a_formula(program) == "True"


def test_a_client_that_was_there_before_stays() -> None:
    program = (
        "import urllib.request, latex2mathml, sys\n"
        "before = urllib.request, latex2mathml\n"
        "from clothbound.math.converter_import import import_converter\n"
        "import_converter()\n"
        "print(before == (sys.modules['urllib.request'], sys.modules['latex2mathml']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "True"
