"""Checks that the packages of the extra ``preview`` are installed."""

from __future__ import annotations

import importlib

from ..errors import MissingEngineError
from ..installer import command_to_add

_PACKAGES = ("pypdfium2", "starlette", "uvicorn", "watchfiles")
"""The packages of the extra; each has one module, of the same name."""


def require() -> None:
    """Raises MissingEngineError if a package of the extra is missing."""
    for module in _PACKAGES:
        try:
            importlib.import_module(module)
        except ImportError as error:
            raise MissingEngineError(
                f"the preview needs the package {module}, which is not installed",
                hint=f"{command_to_add(*_PACKAGES)} (the extra 'preview' of clothbound)",
            ) from error
