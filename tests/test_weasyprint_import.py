"""Tests the import of WeasyPrint beside other threads: their output is kept, its own advice is not
printed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from clothbound.doctor import has_pdf_engine

pytestmark = pytest.mark.skipif(not has_pdf_engine(), reason="Pango is not installed")


def run(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        env={**os.environ, **environment},
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip


def test_no_line_of_another_thread_is_swallowed() -> None:
    done = run(
        """
        import gc, sys, threading, warnings
        warnings.simplefilter("always")
        import clothbound
        from clothbound.model.post import Metadata, Post

        stop = threading.Event()
        told = []
        def talk():
            while not stop.is_set():
                told.append(len(told))
                print("line", told[-1])
                warnings.warn(f"warning {told[-1]}", stacklevel=1)
                told_of_collector.add(gc.isenabled())
                stop.wait(0.002)

        told_of_collector = set()
        thread = threading.Thread(target=talk)
        thread.start()
        clothbound.write(Post(Metadata(title="x")), "pdf").to_bytes()
        stop.set()
        thread.join()
        assert told_of_collector == {True}, told_of_collector
        assert len(told) > 20
        print("told", len(told))
        """
    )
    lines = done.stdout.splitlines()
    count = int(lines.pop().removeprefix("told "))
    assert lines == [f"line {n}" for n in range(count)]
    assert all(f"UserWarning: warning {n}\n" in done.stderr for n in range(count))


def test_a_system_without_fonts_is_told_of_as_a_diagnostic(tmp_path: Path) -> None:
    (tmp_path / "fonts.conf").write_text(
        f"<fontconfig><dir>{tmp_path}/none</dir><cachedir>{tmp_path}/c</cachedir></fontconfig>"
    )
    done = run(
        """
        import clothbound
        from clothbound.model.post import Metadata, Post
        artifact = clothbound.write(Post(Metadata(title="x")), "pdf")
        artifact.to_bytes()
        for found in artifact.report.diagnostics:
            print(found.code, found.message)
        """,
        FONTCONFIG_FILE=str(tmp_path / "fonts.conf"),
    )
    assert done.stderr == ""
    assert done.stdout.count("no fonts are installed") == 1
