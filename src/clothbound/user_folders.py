"""The folder of a user's system in which clothbound keeps what can be made again."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_NAME = "clothbound"


def user_cache() -> Path:
    """Returns clothbound's folder for caches.

    platformdirs knows the rules of all systems, and loads what makes temporary files and archives for it: 5 ms, the time
    of a page. The rule of Linux (XDG Base Directory Specification) is short where the variables hold whole paths.
    """
    if sys.platform == "linux" and "ANDROID_ROOT" not in os.environ:
        given, home = os.environ.get("XDG_CACHE_HOME", ""), os.environ.get("HOME", "")
        if given.startswith("/"):
            return Path(given) / _NAME
        if home.startswith("/"):
            return Path(home) / ".cache" / _NAME
    import platformdirs

    return platformdirs.user_cache_path(_NAME)
