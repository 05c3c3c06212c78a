"""Every post of an export, read by clothbound. EXPORT OUT (an empty file)."""

from __future__ import annotations

import sys
from pathlib import Path

import clothbound

for post in clothbound.read(sys.argv[1], "substack"):
    assert post.metadata.key
Path(sys.argv[2]).touch()
