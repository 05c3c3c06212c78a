"""Tests that the folder for caches is that of platformdirs, which takes longer to say so."""

from __future__ import annotations

import platformdirs
import pytest

from clothbound.user_folders import user_cache


@pytest.mark.parametrize("given", [None, "", "/c", "/c/ d/", "c", "~/c", " /c"])
@pytest.mark.parametrize("home", ["/home/a", "/home/a/", "a", ""])
def test_the_folder_for_caches_is_that_of_platformdirs(
    monkeypatch: pytest.MonkeyPatch, given: str | None, home: str
) -> None:
    monkeypatch.setenv("HOME", home)
    if given is None:
        monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    else:
        monkeypatch.setenv("XDG_CACHE_HOME", given)
    assert user_cache() == platformdirs.user_cache_path("clothbound")
