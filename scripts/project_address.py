"""Writes the project's address, once there is one, into what a package index shows.

Hatchling calls this when it builds. The address is one field of pyproject.toml:
``[tool.hatch.metadata.hooks.custom] address``. While it is empty, the metadata name no address and
README stands as it is in the checkout. Afterwards README's links to files of the checkout, which lead
nowhere on an index, lead to the files of the version at that address.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_RELATIVE_LINK = re.compile(r"(!?)(\[[^\]]*\])\((?!https?:|#)([^)\s]+)\)")


class ProjectAddress(MetadataHookInterface):
    """Sets ``urls`` and ``readme``, which pyproject.toml names as dynamic."""

    def update(self, metadata: dict[str, Any]) -> None:
        address = self.config["address"].rstrip("/")
        readme = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        if address:
            readme = complete_links(readme, address, f"v{metadata['version']}")
            metadata["urls"] = {"Homepage": address, "Issues": f"{address}/issues"}
        metadata["readme"] = {"content-type": "text/markdown", "text": readme}


def complete_links(readme: str, address: str, tag: str) -> str:
    """Returns ``readme`` with links to files at ``tag``; pictures are linked as bare files."""

    def complete(found: re.Match[str]) -> str:
        mark, words, path = found.groups()
        return f"{mark}{words}({address}/{'raw' if mark else 'blob'}/{tag}/{path})"

    return _RELATIVE_LINK.sub(complete, readme)
