"""The modules of the package that are public."""

from __future__ import annotations

MODULES = (
    "clothbound",
    "clothbound.model",
    "clothbound.options",
    "clothbound.errors",
    "clothbound.filters",
    "clothbound.plan",
    "clothbound.plugins",
    "clothbound.testing",
)
