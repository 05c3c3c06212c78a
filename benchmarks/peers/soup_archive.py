"""The measure: BeautifulSoup over lxml, the same HTML and nothing else. EXPORT OUT (an empty file)."""

from __future__ import annotations

import sys
from pathlib import Path
from zipfile import ZipFile

from bs4 import BeautifulSoup

with ZipFile(sys.argv[1]) as archive:
    for name in archive.namelist():
        if name.endswith(".html"):
            BeautifulSoup(archive.read(name), "lxml")
Path(sys.argv[2]).touch()
