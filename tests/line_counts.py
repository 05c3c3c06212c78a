"""Counts the lines of Python that run, so that a test can tell how work grows without a clock."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def lines_run(action: Callable[[], object]) -> int:
    """Returns how many lines run in ``action``, in all modules. A loop inside C counts as one."""
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        action()
    finally:
        sys.settrace(before)
    return count


def growth(make: Callable[[int], Callable[[], object]], size: int) -> float:
    """Returns how many times as many lines run for four times the size; ``make`` prepares an action of a size."""
    # What is made once, such as a pattern, does not count; answers to the same text again would be kept ones.
    make(size + 1)()
    return lines_run(make(4 * size)) / lines_run(make(size))
