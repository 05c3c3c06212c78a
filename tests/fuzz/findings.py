"""Keeps what a fuzzer finds: the first input of each kind of failure, beside its traceback."""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Callable
from pathlib import Path


def keep_findings(
    name: str, check: Callable[[bytes], None], folder: Path
) -> Callable[[bytes], None]:
    """Returns a check that writes to ``folder`` what ``check`` finds, and goes on."""
    seen: set[str] = set()

    def checked(data: bytes) -> None:
        try:
            check(data)
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            kind = f"{type(error).__name__} {place.filename}:{place.lineno}"
            if kind not in seen:
                seen.add(kind)
                path = folder / f"{name}-{hashlib.sha1(kind.encode()).hexdigest()[:10]}"
                path.write_bytes(data)
                told = "".join(traceback.format_exception(error))
                path.with_suffix(".txt").write_text(told, "utf-8", "replace")

    return checked


def findings_of(name: str, folder: Path, since: float) -> tuple[Path, ...]:
    """Returns the inputs that were written since a moment, or that libFuzzer left, which hang or take too much memory."""
    return tuple(
        path
        for path in sorted(folder.glob(f"{name}-*"))
        if path.suffix != ".txt" and path.stat().st_mtime >= since
    )
