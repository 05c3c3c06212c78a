"""A plugin of pytest: watches what opens files, sockets, processes and libraries, in the tests and in every Python that they
start, and fails a run in which a module of clothbound did that the page on safety does not name for it.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import pytest

from named_doors import HOW_TO_NAME, Opened, unnamed

FOLDER = Path(__file__).parent / "watched_python"
LOG = "CLOTHBOUND_AUDIT_LOG"  # as audit_hook names it
_found: list[Opened] = []


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")  # of pytest-xdist


def pytest_configure(config: pytest.Config) -> None:
    if not _is_worker(config):  # which has these from the process that started it
        file, log = tempfile.mkstemp(prefix="clothbound-audit-", suffix=".txt")
        os.close(file)
        os.environ[LOG] = log
        path = os.environ.get("PYTHONPATH", "")
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(FOLDER), path)))
    if "audit_hook" not in sys.modules:
        sys.path.append(str(FOLDER))
        import audit_hook  # noqa: F401 - it watches from here on


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if _is_worker(session.config):
        return
    log = Path(os.environ[LOG])
    _found.extend(unnamed(map(Opened.of, log.read_text("utf-8").splitlines())))
    log.unlink()
    if _found and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _found:
        terminalreporter.section("opened by a module that is not named for it", red=True)
        for one in _found:
            terminalreporter.line(str(one))
        terminalreporter.line(HOW_TO_NAME)
