"""Seeds of random tests: a few for every run, many for ``scripts/slow.sh``."""

from __future__ import annotations

from typing import Any

import pytest

FEW = 40
MANY = 1000


def seeds(step: int) -> list[Any]:
    """Every ``step``-th seed; those from ``FEW`` on are marked slow."""
    later = range(-(-FEW // step) * step, MANY, step)
    return [*range(0, FEW, step), *(pytest.param(s, marks=pytest.mark.slow) for s in later)]
