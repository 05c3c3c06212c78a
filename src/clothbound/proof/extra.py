"""Checks that the package of the extra ``proof`` is installed."""

from __future__ import annotations

from ..errors import MissingEngineError
from ..installer import command_to_add


def require() -> None:
    """Raises MissingEngineError if pypdfium2, which shows what a finished page holds, is missing."""
    try:
        import pypdfium2  # noqa: F401
    except ImportError as error:
        raise MissingEngineError(
            "reading the pages of a PDF needs the package pypdfium2, which is not installed",
            hint=f"{command_to_add('pypdfium2')} (the extra 'proof' of clothbound)",
        ) from error
