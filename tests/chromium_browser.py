"""Finds an installed Chromium and starts it."""

from __future__ import annotations

import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
FLAGS = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking "
    "--disable-sync --disable-component-update --disable-default-apps --hide-scrollbars "
    "--force-device-scale-factor=1 --enable-logging=stderr"
).split()


def browser() -> str:
    for name in (*NAMES, *MAC):
        found = shutil.which(name)
        if found:
            return found
    pytest.skip("no Chromium or Chrome to look at pages with")
