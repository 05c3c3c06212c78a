"""Fixtures that several test modules use."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from clothbound.doctor import has_pdf_engine
from clothbound.isolated import Worker
from stopped_work import Killer

pytest_plugins = ["audited_run"]

# PyMuPDF imports its analysis of layouts wherever that is installed: a second for what no test asks.
sys.modules["pymupdf.layout"] = None  # type: ignore[assignment]

SHARED = Path(__file__).resolve().parents[1].parent / "shared"

# No test may fail because the machine is slow.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("many", settings.get_profile("untimed"), max_examples=1000)
settings.load_profile("untimed")


_left_out: set[str] = set()
"""Slow tests that ``-m "not slow"`` left out, by their ids."""


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    for item in items:
        if item.config.option.markexpr == "not slow" and item.get_closest_marker("slow"):
            _left_out.add(item.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):  # in a process of pytest-xdist
        session.config.workeroutput["slow_left_out"] = sorted(_left_out)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    _left_out.update(getattr(node, "workeroutput", {}).get("slow_left_out", ()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if number := len(_left_out):
        tests, them = ("test is", "it") if number == 1 else ("tests are", "them")
        terminalreporter.line(f"{number} slow {tests} left out; scripts/slow.sh runs {them}")


@pytest.fixture(scope="session", autouse=True)
def _own_caches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Puts the command's caches into a folder of the tests, on systems where that can be set."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("caches")))
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """Returns the folder of corpora and hostile files beside the checkout; skips the test if it is
    missing.
    """
    if not SHARED.is_dir():
        pytest.skip("the corpora are not here: there is no folder 'shared' beside the checkout")
    return SHARED


@pytest.fixture(params=["weasyprint", "typst"])
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine of printed books; a test with this parameter runs with both."""
    if request.param == "weasyprint" and not has_pdf_engine():
        pytest.skip("Pango is not installed")
    return str(request.param)


@pytest.fixture(scope="module")
def killer() -> Iterator[Killer]:
    if not hasattr(os, "fork"):
        pytest.skip("needs fork and SIGKILL")
    with Worker() as worker:
        yield Killer(worker)
