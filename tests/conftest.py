"""Fixtures that several test modules use."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[1].parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of corpora and hostile files beside the checkout; tests skip where it is not."""
    if not SHARED.is_dir():
        pytest.skip("the corpora are not here: there is no folder 'shared' beside the checkout")
    return SHARED
