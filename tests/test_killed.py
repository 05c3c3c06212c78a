"""Commands that are killed at random moments: what was there before is whole, or what they make, and the next run sweeps."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from clothbound.doctor import has_pdf_engine
from killed_commands import COMMANDS, kill_often

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
QUICK = [name for name in COMMANDS if not name.startswith("PDF")]


@pytest.mark.parametrize("name", QUICK)
def test_five_kills_leave_old_or_new_and_nothing_else(tmp_path: Path, name: str) -> None:
    assert kill_often(tmp_path, COMMANDS[name], 5, seed=len(name)).total() == 5


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_twenty_kills_leave_old_or_new_and_nothing_else(tmp_path: Path, name: str) -> None:
    if "WeasyPrint" in name and not has_pdf_engine():
        pytest.skip("Pango is not installed")
    assert kill_often(tmp_path, COMMANDS[name], 20, seed=2).total() == 20
