"""Files beside the tests that say what is expected of a document."""

from __future__ import annotations

import os
from pathlib import Path


def expected_text(path: Path, made: str) -> str:
    """Returns the expected text in a file; ``CLOTHBOUND_UPDATE=1`` writes ``made`` to it first: read the difference before
    you commit it.
    """
    if os.environ.get("CLOTHBOUND_UPDATE"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(made, encoding="utf-8")
    return path.read_text(encoding="utf-8")
