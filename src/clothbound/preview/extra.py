"""Checks that the packages of the extra ``preview`` are installed."""

from __future__ import annotations

import importlib

from ..errors import MissingEngineError
from ..installer import command_to_add

_MODULES = ("pypdfium2", "starlette", "uvicorn", "watchfiles")
_EXTRA = ("pypdfium2>=4.30", "starlette>=0.46", "uvicorn>=0.34", "watchfiles>=1.0.4")


def require() -> None:
    """Raises MissingEngineError if a package of the extra is missing."""
    for module in _MODULES:
        try:
            importlib.import_module(module)
        except ImportError as error:
            raise MissingEngineError(
                f"the preview needs the package {module}, which is not installed",
                hint=f"{command_to_add(*_EXTRA)} (the extra 'preview' of clothbound)",
            ) from error
